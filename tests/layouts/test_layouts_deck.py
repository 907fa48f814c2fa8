"""The deck's file: it reads back as it was written, and every fault is named with its line and a mend."""

from __future__ import annotations

import json
import re
import time
from datetime import date
from functools import partial
from types import SimpleNamespace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import PLAN

from layouts.facts import deck as deck_file
from layouts.facts.deck import (
    MOST_BYTES,
    MOST_SCENES,
    Deck,
    DeckError,
    Scene,
    as_of,
    read_deck,
    stamp,
    unapproved,
    write_deck,
)
from layouts.facts.layers import LAYERS
from layouts.facts.view import FORMS, Known, View
from targets.selection import Filter

CODES = [*PLAN.counties["adcode"], "620200"]
KNOWN = Known(options=PLAN.option_ids, adcodes=frozenset(CODES))
EVERY = KNOWN.every_option


def faults(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(DeckError) as refused:
        read_deck(text, KNOWN)
    problems = refused.value.problems
    said = str(refused.value).splitlines()
    assert said[0].startswith(f"会议文件有{len(problems)}处不合要求 | {len(problems)} problem")
    assert all(
        f"第{p.line}行" in line and f"line {p.line}:" in line for p, line in zip(problems, said[1:], strict=True)
    )
    assert list(problems) == sorted(problems, key=lambda p: p.line)
    return [(p.line, p.zh, p.en) for p in problems]


def one(text: str) -> tuple[int, str, str]:
    (found,) = faults(text)
    return found


# ---- reading back ---------------------------------------------------------------------------------------------------

# What people type, and what YAML might take for something else.
awkward = st.sampled_from(
    ["- ", ": ", "#", " #", "'", '"', "\n", "\n\n", " ", "|", ">", "&a", "*a", "!!x", "%", "@", "`", "{", "}", "[", "]"]
    + [
        "?",
        "---",
        "...",
        "~",
        "null",
        "true",
        "2025",
        "1e3",
        "0x1F",
        "<<",
        "=",
        "，",
        "：",
        "😀",
        "\t",
        "\u2028",
        "\x85",
    ]
)
letters = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12)
written = st.lists(st.one_of(awkward, letters), max_size=8).map("".join)
titles = written.filter(lambda text: text.strip())
ids = st.lists(st.sampled_from(CODES), max_size=4, unique=True).map(tuple)


def some(group: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(KNOWN.options[group]), max_size=3, unique=True).map(tuple)


filters = st.builds(
    partial(Filter.of, PLAN.option_ids),
    band=some("band"),
    cluster=some("cluster"),
    energy=some("energy"),
    road=some("road"),
    prefecture=some("prefecture"),
    exclude=st.lists(st.sampled_from(EVERY), max_size=2, unique=True).map(tuple),
    cluster_op=st.sampled_from(["any", "all"]),
    energy_op=st.sampled_from(["any", "all"]),
)
periods = st.sampled_from([None, "2023", "2025Q3", "2025-08"])
views = st.builds(
    View,
    layer=st.sampled_from(list(LAYERS)),
    filter=filters,
    county=st.none() | st.sampled_from(CODES),
    form=st.sampled_from(FORMS),
    period=periods,
    lang=st.sampled_from(["zh", "en"]),
    theme=st.sampled_from(["light", "dark"]),
    compare=ids,
)
paths = st.sampled_from(["/", "/progress", "/overlap", "/compare", "/county/620922", "/prefecture/620200"])
scenes = st.builds(Scene, title=titles, path=paths, view=views, note=written, highlight=ids)
decks = st.builds(Deck, title=titles, scenes=st.lists(scenes, min_size=1, max_size=4).map(tuple), period=periods)


@settings(max_examples=100, deadline=None)
@given(decks)
def test_what_is_written_reads_back(deck):
    text = write_deck(deck)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert read_deck(text, KNOWN) == deck
    # Also by one who does not know the format: plain data, no tags, no anchors.
    assert [scene["title"] for scene in yaml.safe_load(text)["scenes"]] == [scene.title for scene in deck.scenes]


@settings(max_examples=25, deadline=None)
@given(decks)
def test_the_slow_parser_reads_the_same(deck):
    text = write_deck(deck)
    fast = deck_file._LOADER
    try:
        deck_file._LOADER = yaml.SafeLoader
        assert read_deck(text, KNOWN) == deck
    finally:
        deck_file._LOADER = fast


@settings(max_examples=50, deadline=None)
@given(decks, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_json_reads_too(deck, indent, ascii_only):
    data = {
        "deck": deck.title,
        "period": deck.period,
        "scenes": [
            {"title": s.title, "view": s.address, "note": s.note, "highlight": list(s.highlight)} for s in deck.scenes
        ],
    }
    assert read_deck(json.dumps(data, indent=indent, ensure_ascii=ascii_only), KNOWN) == deck


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_no_text_does_more_than_name_its_faults(text):
    try:
        read_deck(text, KNOWN)
    except DeckError as error:
        assert error.problems
        assert all(1 <= p.line <= text.count("\n") + text.count("\r") + 2 for p in error.problems if p.line)


def test_a_file_looks_as_if_written_by_hand():
    view = View(layer="road", filter=Filter(road=("2022", "2023")))
    first = Scene("高速公路：到2023年", "/", view, "先说结果。\n\n出处：专栏五。", ("620922", "621222"))
    second = Scene("甘肃 100% - “图”", "/progress", View(period="2025Q3"))
    deck = Deck("三季度观摩", (first, second), "2025Q3")
    assert write_deck(deck).split("\n", 1)[1] == (
        "deck: 三季度观摩\n"
        "period: 2025Q3\n"
        "\n"
        "scenes:\n"
        "- title: 高速公路：到2023年\n"
        "  view: /?layer=road&road=2022,2023\n"
        "  note: |-\n"
        "    先说结果。\n"
        "\n"
        "    出处：专栏五。\n"
        "  highlight: [620922, 621222]\n"
        "\n"
        "- title: 甘肃 100% - “图”\n"
        "  view: /progress?period=2025Q3\n"
    )


def test_a_file_by_hand_may_leave_out_quotes():
    text = "\ufeffdeck: 2025\nperiod: 2025\nscenes:\n- title: 36\n  view: /county/620922\n"
    text += "  highlight: [620922, '620102']\n"
    deck = read_deck(text.replace("\n", "\r\n"), KNOWN)
    assert (deck.title, deck.period) == ("2025", "2025")
    assert deck.scenes == (Scene("36", "/county/620922", View(), "", ("620922", "620102")),)


# ---- faults ---------------------------------------------------------------------------------------------------------

GOOD = "deck: 会\nscenes:\n- title: 图\n  view: /\n"


@pytest.mark.parametrize(
    ("text", "line", "zh", "en"),
    [
        ("", 1, "文件是空的", "write deck"),
        ("# 只有注释\n", 1, "文件是空的", "the file is empty"),
        ("~\n", 1, "文件是空的", "the file is empty"),
        ("- a\n", 1, "最外层应是 deck、period、scenes", "the top must hold"),
        ("scenes:\n- title: 图\n  view: /\n", 1, "缺少 deck，请写上会议的标题", "deck is missing"),
        ("deck: 会\n", 1, "缺少 scenes", "scenes is missing"),
        ("deck: 会\nscenes:\n", 2, "缺少 scenes", "scenes is missing"),
        ("deck: 会\nscenes: []\n", 2, "scenes 是空的", "scenes is empty"),
        ("deck: 会\nscenes: 三个\n", 2, "scenes 应是列表", "must be a list"),
        ("deck: 会\nscenes:\n  title: 图\n  view: /\n", 3, "scenes 应是列表", "must be a list"),
        (GOOD + "- 图\n", 5, "场景应有 title 和 view", "must hold title and view"),
        (GOOD + "- view: /\n", 5, "缺少 title，请写一句", "title is missing"),
        (GOOD + "- title: ' '\n  view: /\n", 5, "缺少 title", "title is missing"),
        (GOOD + "- title: 图\n", 5, "缺少 view，请写上页面", "view is missing"),
        (GOOD + "  titel: 图\n", 5, "不认识的项“titel”，是否应为 title", "did you mean title"),
        (GOOD + "  颜色: 红\n", 5, "可用的只有 title、view、note、highlight", "only title, view, note, highlight"),
        (GOOD + "  view: /progress\n", 5, "view 写了两次（前一次在第4行）", "given twice"),
        (GOOD + "deck: 又一个\n", 5, "deck 写了两次（前一次在第1行）", "given twice"),
        (GOOD + "period: 三季度\n", 5, "应写成 2024、2025Q3 或 2025-09", "write 2024, 2025Q3 or 2025-09"),
        (GOOD + "period: [2025]\n", 5, "period 应是文字，现在是列表", "must be text, not a list"),
        (GOOD + "  note:\n    a: b\n", 6, "note 应是文字，现在是一组项", "not a group of keys"),
        (GOOD + "  highlight: 620922\n", 5, "highlight 应是代码的列表，如 [620922]", "must be a list of codes"),
        (GOOD + "  highlight:\n  - 620922\n  - 110101\n", 7, "没有代码为“110101”的县", "no county '110101'"),
        (GOOD + "  highlight: [[620922]]\n", 5, "highlight 应是文字", "must be text"),
        (GOOD.replace("view: /", "view: /data"), 4, "“/data”不能放进会议", "'/data' is no page for a meeting"),
        (GOOD.replace("view: /", "view: /meeting/d1"), 4, "不能放进会议", "no page for a meeting"),
        (GOOD.replace("view: /", "view: http://h/progress"), 4, "从网址中主机名之后抄起", "the address after the host"),
        (GOOD.replace("view: /", "view: /county/110101"), 4, "没有代码为“110101”的县", "no county '110101'"),
        (GOOD.replace("view: /", "view: /prefecture/620922"), 4, "没有代码为“620922”的市州", "no prefecture '620922'"),
        (GOOD.replace("view: /", "view: /?band=B1,B9"), 4, "“band=B9”不认识或重复", "'band=B9' is unknown"),
        (GOOD.replace("view: /", "view: /?layer=road&layer=band"), 4, "“layer=band”不认识或重复", "repeated"),
        (GOOD.replace("view: /", "view: /?period=2025Q9"), 4, "“period=2025Q9”", "'period=2025Q9'"),
        (GOOD + "- title: a: b\n  view: /\n", 5, "不是合格的YAML", "not valid YAML"),
        (GOOD + '- title: "a\n', 6, "不是合格的YAML", "not valid YAML"),
        (GOOD + "\t- title: a\n", 5, "不是合格的YAML", "not valid YAML"),
        (GOOD + '- title: "\\ud83d"\n  view: /\n', 5, "不是合格的YAML", "not valid YAML"),
        (GOOD + '- title: "\\x07"\n  view: /\n', 5, "title 有不能显示的字符 U+0007", "U+0007"),
        (GOOD + "  note: a\x07b\n", 5, "有不能显示的字符 U+0007", "U+0007"),
        (GOOD + "  note: a\ud83d\n", 5, "有不能显示的字符 U+D83D", "U+D83D"),
        (GOOD + "---\ndeck: 又一份\n", 5, "又开始了一份", "a second document"),
    ],
)
def test_each_fault_has_its_line_and_a_mend(text, line, zh, en):
    found = one(text)
    assert found[0] == line
    assert zh in found[1]
    assert en in found[2]


def test_all_faults_are_named_at_once():
    text = "deck:\nscenes:\n- titel: 图\n  view: /nowhere?x=1&band=B9\n- 3\n- title: [a]\n  view: /\n"
    text += "  highlight: [1, 2]\nperiod: x\n"
    assert [line for line, _, _ in faults(text)] == [1, 3, 3, 4, 4, 4, 5, 6, 8, 8, 9]


def test_no_more_than_so_many_bytes():
    for text in ("x" * (MOST_BYTES + 1), "字" * (MOST_BYTES // 3 + 1)):
        line, zh, en = one(text)
        assert line == 1
        assert "超过1,000,000字节" in zh
        assert "more than 1,000,000" in en


def test_no_more_than_so_many_scenes():
    scene = "- {title: 图, view: /}\n"
    head = "deck: 会\nscenes:\n"
    assert len(read_deck(head + scene * MOST_SCENES, KNOWN).scenes) == MOST_SCENES
    line, zh, en = one(head + scene * (MOST_SCENES + 2))
    assert line == MOST_SCENES + 3
    assert f"有{MOST_SCENES + 2}个场景" in zh
    assert f"at most {MOST_SCENES}" in en


def test_anchors_aliases_and_tags_are_refused_each_by_its_line():
    text = "deck: &a 会\nscenes:\n- title: *a\n  view: !!str /\n- !!python/object/apply:os.system [x]\n"
    said = faults(text)
    assert [line for line, _, _ in said] == [1, 3, 4, 5]
    assert re.findall("锚点|引用|标签", "".join(zh for _, zh, _ in said)) == ["锚点", "引用", "标签", "标签"]


@pytest.mark.parametrize("loader", [deck_file._LOADER, yaml.SafeLoader])
def test_a_bomb_is_refused_at_once(loader, monkeypatch):
    monkeypatch.setattr(deck_file, "_LOADER", loader)
    laughs = "a: &a [x]\n" + "".join(f"{chr(n + 1)}: &{chr(n + 1)} [{f'*{chr(n)},' * 9}]\n" for n in range(97, 122))
    begun = time.perf_counter()
    assert len(faults(laughs)) > 200
    assert "嵌套超过" in one("[" * 20_000)[1]
    assert "嵌套超过" in one("- " * 20_000)[1]
    assert "嵌套超过" in one('{"a":' * 20_000)[1]
    faults("&a [*a]")
    assert time.perf_counter() - begun < 5


# ---- what stands on every scene -------------------------------------------------------------------------------------


def test_the_stamp_names_the_day_then_what_is_set(atlas):
    bare = SimpleNamespace(today=date(2026, 11, 30), approval="", office="")
    assert stamp(bare, "zh") == ["截至2026-11-30"]
    assert stamp(bare, "en") == ["As of 2026-11-30"]
    assert "审图号" in unapproved(bare, "zh")
    full = SimpleNamespace(today=date(2026, 11, 30), approval="GS(2026)0001号", office="某某办公室")
    assert stamp(full, "zh") == ["截至2026-11-30", "审图号：GS(2026)0001号", "某某办公室"]
    assert unapproved(full, "zh") == unapproved(full, "en") == ""
    assert date.fromisoformat(as_of(atlas))
