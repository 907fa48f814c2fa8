"""The catalogues: complete in both languages, set as each language is set, and each key spoken by some code."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from shipped import PLAN

import layouts
from layouts.facts.view import FORMS
from layouts.words import browser_words
from targets import catalogue
from targets.catalogue import phrases
from targets.speech import Speech

ROOT = Path(layouts.__file__).parents[1]
SAYING = [path for room in ("layouts", "callbacks", "targets") for path in (ROOT / room).rglob("*.py")]
SOURCES = [ROOT / "app.py", ROOT / "serving.py", *SAYING]
OF_PLAN = set(PLAN.said["zh"])
WORDS = phrases()
SPEECHES = Speech.of("zh"), Speech.of("en")
SCRIPTS = sorted((ROOT / "assets" / "js").rglob("*.js"))
HAN = r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]"
# ASCII marks that Chinese type has its own form of, between or right beside Chinese characters.
ASCII_MARKS = re.compile(rf"{HAN}[,:;!?()]|[,:;!?()]{HAN}|{HAN}\.(?!\d)")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def speaks_of_plan(key: str) -> bool:
    return not OF_PLAN.isdisjoint(fields(WORDS[key].zh) | fields(WORDS[key].en))


def pattern(node: ast.expr) -> str | None:
    """Return the keys that an argument of word() can name, as a regular expression; None for a variable."""
    if isinstance(node, ast.Constant):
        return re.escape(str(node.value))
    if isinstance(node, ast.JoinedStr):
        return "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in node.values)
    if isinstance(node, ast.IfExp):
        return f"({pattern(node.body)}|{pattern(node.orelse)})"
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "ERRORS.get":
        return pattern(node.args[1])
    return None


def asks(function: ast.expr) -> bool:
    """Whether a call of it says a row of the catalogues."""
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("word", "_in_both")


@cache
def calls() -> list[tuple[str, str, set[str | None]]]:
    """Return each word() call whose key can be read: where, its key as a pattern, the values it gives."""
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and asks(node.func) and node.args:
                key = pattern(node.args[0])
                if key is not None:
                    # None: values that are handed on by ``**``.
                    given = {keyword.arg for keyword in node.keywords}
                    found.append((f"{path.name}:{node.lineno}", key, given))
    return found


@cache
def constants() -> set[str]:
    """Return the strings that may reach word() through a variable.

    Those that stand in calls, lists and dicts, or are chosen between, named or returned.
    """
    found: set[str] = set()
    for path in SOURCES:
        if path.parent.name == "words":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            held = []
            if isinstance(node, ast.Call):
                held = [*node.args, *(keyword.value for keyword in node.keywords)]
            elif isinstance(node, ast.Tuple | ast.List):
                held = node.elts
            elif isinstance(node, ast.Dict):
                held = node.values
            elif isinstance(node, ast.IfExp):
                held = [node.body, node.orelse]
            elif isinstance(node, ast.Assign | ast.Return):
                held = [node.value]
            found |= {str(value.value) for value in held if isinstance(value, ast.Constant)}
    return found


def inside(text: str, start: int) -> str:
    """Return what stands between a bracket, just before `start`, and the one that closes it."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if not depth:
            return text[start:at]
    raise AssertionError(f"not closed: {text[start : start + 60]}")


@cache
def spoken() -> list[tuple[str, str, str]]:
    """Return what the scripts speak: where, the key as a pattern (without js_), the values given."""
    found = []
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r"(?<![\w.])word\(", text):
            first, _, values = inside(text, match.end()).partition(", {")
            keys = [re.escape(key) for key in re.findall(r'"(\w+)"', first.split("===")[-1])]
            keys += [re.sub(r"\\\$\\\{.*?\\\}", r"\\w+", re.escape(key)) for key in re.findall(r"`([^`]+)`", first)]
            assert keys, f"{path.name}: {first}"
            found += [(f"{path.name}: {first}", key, values) for key in keys if key not in ("light", "dark")]
        for match in re.finditer(r"words\[[^\]]+\]\[`([^`]+)`\]", text):
            found.append((path.name, re.sub(r"\$\{[^}]*\}", r"\\w+", match[1]), "{"))
    return found


def test_both_languages_say_it_with_the_same_fields():
    assert not [key for key, phrase in WORDS.items() if not phrase.zh.strip(" ") or not phrase.en.strip(" ")]
    given = {key: (fields(one.zh) - OF_PLAN, fields(one.en) - OF_PLAN) for key, one in WORDS.items()}
    assert not {key: pair for key, pair in given.items() if pair[0] != pair[1]}


def test_no_key_stands_twice(tmp_path, monkeypatch):
    """In whichever catalogue: each is said in one place."""
    (tmp_path / "a.csv").write_text("key,zh,en,en_one\none,一,one,\n", encoding="utf-8")
    monkeypatch.setattr(catalogue, "_FOLDERS", [tmp_path])
    assert phrases.__wrapped__() == {"one": catalogue.Phrase("一", "one")}
    (tmp_path / "b.csv").write_text("key,zh,en,en_one\none,一个,a one,\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"b\.csv: key 'one'"):
        phrases.__wrapped__()


def test_of_one_it_is_said_in_the_singular():
    """The count is the first field that the singular leaves out, and no sentence of one names another field."""
    ones = {key: phrase for key, phrase in WORDS.items() if phrase.en_one}
    assert ones
    for key, phrase in ones.items():
        assert phrase.count in fields(phrase.en) - fields(phrase.en_one), key
        assert fields(phrase.en_one) < fields(phrase.en), key
        assert phrase.text("en", {phrase.count: 1}) == phrase.text("en", {phrase.count: "1"}) == phrase.en_one
        assert phrase.text("en", {phrase.count: 11}) == phrase.text("en", {}) == phrase.en
        assert phrase.text("zh", {phrase.count: 1}) == phrase.zh
    plural = re.compile(r"\{\w+\} (counties|years|values|rows|errors|parks|sources|minutes|results|are|have)\b")
    assert {key for key, phrase in WORDS.items() if plural.search(phrase.en) and not phrase.en_one} == ALWAYS_MANY


# What is never said of one: numbers of the plan, of the whole region, and those that are said of the first of many.
ALWAYS_MANY = {
    *("js_compare_cut", "coverage_title", "template_which", "deck_province", "deck_first", "deck_behind_first"),
    *(
        "deck_short_first",
        "deck_no_part",
        "plan_finding",
        "brand_sub",
        "js_headline_many",
        "js_headline_counts_several",
        "ladder_text",
        "overlap_most_each",
        "opened_whole",
    ),
    *("opened_whole_year", "opened_whole_ahead", "class_by_latest", "class_in_year"),
}


def test_what_speaks_of_the_plan_is_filled_in_from_it_and_from_nothing_else():
    assert set(PLAN.said["zh"]) == set(PLAN.said["en"])
    assert all(isinstance(text, str | int) and str(text) for said in PLAN.said.values() for text in said.values())
    for key in filter(speaks_of_plan, WORDS):
        phrase = WORDS[key]
        speech = SPEECHES[0 if fields(phrase.zh) & OF_PLAN else 1]
        with pytest.raises(ValueError, match=key):
            speech.word(key, **dict.fromkeys(fields(phrase.zh + phrase.en) - OF_PLAN, "7"))


def test_each_language_is_set_in_its_own_characters():
    said = {key: phrase for key, phrase in WORDS.items() if key != "other_language"}
    assert not {key: one.zh for key, one in said.items() if ASCII_MARKS.search(re.sub(r"\{\w*\}", "", one.zh))}
    assert not {key: one for key, one in said.items() if re.search(HAN, one.en + one.en_one)}


def test_the_fields_can_be_filled():
    for key, phrase in WORDS.items():
        for n in ("7", "1"):
            values = dict.fromkeys(fields(phrase.zh + phrase.en) - OF_PLAN, n)
            for speech in SPEECHES:
                assert "{" not in speech.word(key, PLAN, **values), key


def test_no_chinese_message_in_the_code_has_western_punctuation():
    """What stands outside layouts/words too, as the command line's messages do."""
    wrong = []
    # What `targets` reads is full of marks as offices set them.
    for path in (path for path in SOURCES if "targets" not in path.parts):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docs:
                wrong += [f"{path.name}:{node.lineno} {node.value}"] if ASCII_MARKS.search(node.value) else []
    assert wrong == []


def test_every_key_that_code_asks_for_exists_and_gets_its_fields():
    wrong = []
    for where, key, given in calls():
        named = [name for name in WORDS if re.fullmatch(key, name)]
        wrong += [f"{where} {key}"] if not named else []
        if len(named) == 1 and None not in given and fields(WORDS[named[0]].en) - OF_PLAN != given - OF_PLAN:
            wrong.append(f"{where} {key}: {given}")
    assert len(calls()) > 60
    assert wrong == []


def said_of_many(said: str | dict[str, str]) -> str:
    return said if isinstance(said, str) else said["many"]


def test_what_the_scripts_say_of_one_comes_with_its_count():
    assert browser_words("en", PLAN)["search_count"] == {"many": "{n} results", "one": "1 result", "count": "n"}
    assert browser_words("zh", PLAN)["search_count"] == "{n} 个结果"


def test_every_key_that_the_scripts_ask_for_exists_and_gets_its_fields():
    keys = browser_words("zh", PLAN)
    wrong = []
    for where, key, given in spoken():
        named = [name for name in keys if re.fullmatch(key, name)]
        wrong += [where] if not named else []
        if len(named) == 1 and {f for f in fields(said_of_many(keys[named[0]])) if f not in given}:
            wrong.append(f"{where}: {keys[named[0]]}")
    assert len(spoken()) > 30
    assert wrong == []


def test_forms_and_charts_have_their_words():
    needed = [f"form_{form}" for form in FORMS] + [f"form_{form}_tip" for form in FORMS]
    needed += [f"js_spread_{group}" for group in ("band", "cluster", "energy", "prefecture")]
    assert [key for key in needed if key not in WORDS] == []


def test_every_key_is_spoken_somewhere():
    patterns = [key for _, key, _ in calls()] + [f"js_{key}" for _, key, _ in spoken()]
    dead = [key for key in WORDS if key not in constants() and not any(re.fullmatch(p, key) for p in patterns)]
    assert dead == [], dead
