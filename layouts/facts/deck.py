"""A deck: the scenes of a meeting in their order, each a view with a title, a note and what is to be highlighted.

A deck travels as one small YAML file that can be read and changed by hand; JSON, being YAML, reads too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

import yaml

from layouts.facts.atlas import Atlas
from layouts.facts.pages import PAGES, read_page
from layouts.facts.view import PERIOD, Known, View, read_view
from layouts.words import word
from targets.periods import canonical

READY = "ready"  # the last part of the address of the deck that is made of what is known
MOST_SCENES = 200
MOST_BYTES = 1_000_000
DEEPEST = 8  # a deck needs four: the file, its scenes, one scene, its highlight
DECK_KEYS = ("deck", "period", "scenes")
SCENE_KEYS = ("title", "view", "note", "highlight")
KINDS = {"county": ("县", "county"), "prefecture": ("市州", "prefecture")}  # of places that an address ends in
# Written first in each file, for who opens it in an editor.
HEAD = "# 会议文件：每个场景有标题、页面（网址中主机名之后的部分）和讲稿 / A deck: title, view and note of each scene\n"
# Control characters and halves of characters: no screen, slide or sheet can show them.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


@dataclass(frozen=True)
class Scene:
    """One scene.

    Attributes
    ----------
    title : str
        What the scene finds, in one line.
    path : str
        The page's path, as ``/progress`` or ``/county/<adcode>``.
    view : View
        All else that the page shows; its language and theme are those of the presentation.
    note : str
        For the presenter, not on the screen.
    highlight : tuple of str
        Adcodes of counties to be ringed on a map.
    """

    title: str
    path: str
    view: View
    note: str = ""
    highlight: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The scene's address: path and query."""
        query = self.view.query()
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True)
class Deck:
    """Scenes in order, with a title, and the period for which it was made."""

    title: str
    scenes: tuple[Scene, ...]
    period: str | None = None


@dataclass(frozen=True, slots=True)
class DeckProblem:
    """One thing that is wrong in a deck's file: its line (the first is 1), and what it is and how to mend it."""

    line: int
    zh: str
    en: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.zh} | line {self.line}: {self.en}"


class DeckError(ValueError):
    """A deck's file is not as it must be. The message names every fault; `problems` holds them one by one."""

    def __init__(self, problems: Iterable[DeckProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: p.line))
        n = len(self.problems)
        head = f"会议文件有{n}处不合要求 | {n} problem{'' if n == 1 else 's'} in the deck"
        super().__init__("\n".join([head, *map(str, self.problems)]))


# ---- what stands on every scene -------------------------------------------------------------------------------------


def as_of(atlas: Atlas) -> str:
    """Return the day on which the atlas speaks, as ``2026-11-30``."""
    today: date = getattr(atlas, "today", None) or date.today()
    return today.isoformat()


def stamp(atlas: Atlas, lang: str) -> list[str]:
    """Return what every scene, slide and sheet of a meeting carries: its day, the approval number, who convenes it.

    That there is no approval number is for the presenter alone (`unapproved`): the room need not read it 35 times.
    """
    approval = word("approval", lang) + atlas.approval if atlas.approval else ""
    return [said for said in (word("deck_as_of", lang, day=as_of(atlas)), approval, atlas.office) if said]


def unapproved(atlas: Atlas, lang: str) -> str:
    """Return what the presenter is told at the opening where no map approval number is set; else an empty text."""
    return "" if atlas.approval else word("deck_unapproved", lang)


# ---- reading --------------------------------------------------------------------------------------------------------


def read_deck(text: str, known: Known) -> Deck:
    """Read a deck's file and check all of it.

    Parameters
    ----------
    text : str
        YAML or JSON: ``deck`` (the title), ``scenes``, and if wished ``period``. A scene has ``title``, ``view`` (path
        and query as in the address), and if wished ``note`` and ``highlight`` (adcodes).
    known : Known
        The option ids and adcodes that exist.

    Raises
    ------
    DeckError
        Naming every fault with its line. Where the text is no YAML, or uses what no deck needs (anchors, aliases,
        tags, other depths), only that is named.

    Examples
    --------
    >>> from layouts.facts.view import Known
    >>> read_deck("deck: 三季度\\nscenes: [{title: 进度, view: /progress}]", Known({}, ())).scenes[0].path
    '/progress'
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        zh = f"文件{size:,}字节，超过{MOST_BYTES:,}字节，请分成几个文件"
        raise DeckError([DeckProblem(1, zh, f"{size:,} bytes, more than {MOST_BYTES:,}; split it into several files")])
    if unusable := [
        DeckProblem(
            text.count("\n", 0, found.start()) + 1,
            f"有不能显示的字符 U+{ord(found[0]):04X}，请删去",
            f"the character U+{ord(found[0]):04X} cannot be shown; take it out",
        )
        for found, _ in zip(_UNUSABLE.finditer(text), range(20), strict=False)
    ]:
        raise DeckError(unusable)
    return _Reader(known).deck(_compose(_plain_json(text.removeprefix("\ufeff"))))


def _plain_json(text: str) -> str:
    """Return JSON with what YAML reads otherwise put right, line for line: tabs, and characters as two halves."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    # In JSON a tab stands between values only, and these breaks, which end a line in YAML, only inside a string.
    spaced = text.replace("\t", " ")
    for mark in "\x85\u2028\u2029":
        spaced = spaced.replace(mark, f"\\u{ord(mark):04x}")
    return _PAIR.sub(
        lambda m: m[1] + (bytes.fromhex(m[2]) + bytes.fromhex(m[3])).decode("utf-16-be", "replace"), spaced
    )


@dataclass(frozen=True, slots=True)
class _Node:
    """A value of the file with its line: text, a list, or pairs of key and value."""

    line: int
    value: str | list[_Node] | list[tuple[_Node, _Node]]
    kind: str  # text, list, pairs, nothing

    @property
    def text(self) -> str | None:
        return self.value if self.kind == "text" and isinstance(self.value, str) else None


# The C parser is some ten times as fast; either finds the same.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _compose(text: str) -> _Node:
    """Return the file as nodes with lines; anything that no deck needs is refused before it can grow."""
    refused: list[DeckProblem] = []
    try:
        events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        next(events)  # the stream begins
        event = next(events)
        if isinstance(event, yaml.StreamEndEvent):
            raise DeckError([_EMPTY])
        root = _node(events, next(events), refused, 1)
        next(events)  # the document ends
        event = next(events)
        if not isinstance(event, yaml.StreamEndEvent):
            zh, en = "文件里又开始了一份（---），请只留一份", "a second document begins (---); keep one"
            refused.append(DeckProblem(event.start_mark.line + 1, zh, en))
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = str(getattr(error, "problem", None) or error).splitlines()[0]
        line = mark.line + 1 if mark else 1
        zh = f"不是合格的YAML（{said}），请看这一行和上一行的缩进、引号、冒号"
        en = f"not valid YAML ({said}); look at indents, quotes and colons of this line and the one before"
        raise DeckError([*refused, DeckProblem(line, zh, en)]) from error
    if refused:
        raise DeckError(refused)
    return root


def _node(events: Iterator[Any], event: Any, refused: list[DeckProblem], depth: int) -> _Node:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent):
        zh, en = f"不收引用 *{event.anchor}，请把内容写出来", f"the alias *{event.anchor} is refused; write it out"
        refused.append(DeckProblem(line, zh, en))
        return _Node(line, "", "nothing")
    if event.anchor is not None:
        zh, en = f"不收锚点 &{event.anchor}，请删去", f"the anchor &{event.anchor} is refused; take it out"
        refused.append(DeckProblem(line, zh, en))
    if event.tag is not None:
        zh, en = f"不收标签 {event.tag}，请删去", f"the tag {event.tag} is refused; take it out"
        refused.append(DeckProblem(line, zh, en))
    if depth > DEEPEST:
        zh, en = f"嵌套超过{DEEPEST}层，会议文件用不到", f"nested more than {DEEPEST} deep, which no deck is"
        raise DeckError([*refused, DeckProblem(line, zh, en)])
    if isinstance(event, yaml.ScalarEvent):
        # A number or a date is taken as it is written: 620922, 2025-09.
        bare = not event.style and event.value in ("", "~", "null", "Null", "NULL")
        return _Node(line, event.value, "nothing" if bare else "text")
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            items.append(_node(events, inner, refused, depth + 1))
        return _Node(line, items, "list")
    pairs = []
    while not isinstance(inner := next(events), yaml.MappingEndEvent):
        key = _node(events, inner, refused, depth + 1)
        pairs.append((key, _node(events, next(events), refused, depth + 1)))
    return _Node(line, pairs, "pairs")


_EMPTY = DeckProblem(
    1, "文件是空的，请写上 deck（标题）和 scenes（场景）", "the file is empty; write deck (the title) and scenes"
)


class _Reader:
    """Reads nodes into a deck, and gathers what is wrong."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.problems: list[DeckProblem] = []

    def wrong(self, line: int, zh: str, en: str) -> None:
        self.problems.append(DeckProblem(line, zh, en))

    def deck(self, root: _Node) -> Deck:
        if root.kind == "nothing":
            raise DeckError([_EMPTY])
        if root.kind != "pairs":
            zh, en = "最外层应是 deck、period、scenes 三项", "the top must hold deck, period and scenes"
            raise DeckError([DeckProblem(root.line, zh, en)])
        held = self.pairs(root, DECK_KEYS)
        title = self.text(held, "deck", root.line, "写上会议的标题", "write the meeting's title")
        period = self.period(held.get("period"))
        scenes: list[Scene] = []
        given = held.get("scenes")
        if given is None or given.kind == "nothing":
            line = given.line if given else root.line
            self.wrong(line, "缺少 scenes，请列出场景", "scenes is missing; list the scenes")
        elif given.kind != "list":
            zh, en = "scenes 应是列表，每个场景以“- ”开头", 'scenes must be a list, each scene begun with "- "'
            self.wrong(given.line, zh, en)
        elif not given.value:
            self.wrong(given.line, "scenes 是空的，请至少写一个场景", "scenes is empty; write one scene at least")
        else:
            nodes = _items(given)
            if len(nodes) > MOST_SCENES:
                zh = f"有{len(nodes)}个场景，最多{MOST_SCENES}个，请从这里起另存一份"
                en = f"{len(nodes)} scenes, at most {MOST_SCENES}; put those from here on into another file"
                self.wrong(nodes[MOST_SCENES].line, zh, en)
            scenes = [self.scene(node) for node in nodes[:MOST_SCENES]]
        if self.problems:
            raise DeckError(self.problems)
        return Deck(title, tuple(scenes), period)

    def pairs(self, node: _Node, allowed: tuple[str, ...]) -> dict[str, _Node]:
        """Return the values by key; unknown and repeated keys are faults."""
        held: dict[str, _Node] = {}
        for key, value in _pairs(node):
            name = key.text if key.text is not None else "…"
            if name not in allowed:
                near = get_close_matches(name.lower(), allowed, 1)
                list_zh, list_en = "、".join(allowed), ", ".join(allowed)
                zh = f"是否应为 {near[0]}" if near else f"可用的只有 {list_zh}"
                en = f"did you mean {near[0]}" if near else f"only {list_en} may stand here"
                self.wrong(key.line, f"不认识的项“{name}”，{zh}", f"unknown key {name!r}; {en}")
            elif name in held:
                zh, en = (
                    f"{name} 写了两次（前一次在第{held[name].line}行），请删去一个",
                    f"{name} is given twice; keep one",
                )
                self.wrong(key.line, zh, en)
            else:
                held[name] = value
        return held

    def text(self, held: dict[str, _Node], key: str, line: int, mend_zh: str, mend_en: str) -> str:
        """Return a text that must be there."""
        node = held.get(key)
        if node is None or node.kind == "nothing" or (node.text is not None and not node.text.strip()):
            self.wrong(node.line if node else line, f"缺少 {key}，请{mend_zh}", f"{key} is missing; {mend_en}")
            return ""
        return self.free(node, key)

    def free(self, node: _Node | None, key: str) -> str:
        """Return a text that may be empty or absent."""
        if node is None or node.kind == "nothing":
            return ""
        if node.text is None:
            said = ("列表", "a list") if node.kind == "list" else ("一组项", "a group of keys")
            self.wrong(
                node.line,
                f"{key} 应是文字，现在是{said[0]}；有冒号的文字请加引号",
                f"{key} must be text, not {said[1]}; put text with a colon in quotes",
            )
            return ""
        # Escapes may bring in what the file itself may not hold.
        if found := _UNUSABLE.search(node.text):
            code = f"U+{ord(found[0]):04X}"
            zh, en = f"{key} 有不能显示的字符 {code}，请删去", f"{key} holds {code}, which cannot be shown; take it out"
            self.wrong(node.line, zh, en)
        return node.text.replace("\r\n", "\n").replace("\r", "\n")

    def period(self, node: _Node | None) -> str | None:
        text = self.free(node, "period")
        if node is None or not text:
            return None
        if not PERIOD.fullmatch(text):
            zh, en = f"period“{text}”应写成 2024、2025Q3 或 2025-09", f"period {text!r}: write 2024, 2025Q3 or 2025-09"
            self.wrong(node.line, zh, en)
        return canonical(text)

    def scene(self, node: _Node) -> Scene:
        if node.kind != "pairs":
            zh, en = "场景应有 title 和 view 两项", "a scene must hold title and view"
            self.wrong(node.line, zh, en)
            return Scene("", "/", View())
        held = self.pairs(node, SCENE_KEYS)
        title = self.text(held, "title", node.line, "写一句这个场景的发现", "say what this scene finds")
        address = self.text(held, "view", node.line, "写上页面，如 /progress", "write the page, as /progress")
        path, view = self.view(held["view"].line, address) if address else ("/", View())
        return Scene(title, path, view, self.free(held.get("note"), "note"), self.highlight(held.get("highlight")))

    def view(self, line: int, address: str) -> tuple[str, View]:
        path, _, query = address.strip().partition("?")
        id, code = read_page(path) or ("", "")
        page = PAGES.get(id)
        if page is None or page.slide is None:
            zh, en = (mark.join(_addresses(code)) for mark, code in (("、", "代码"), (", ", "<code>")))
            zh, en = f"页面有 {zh}，从网址中主机名之后抄起", f"copy the address after the host: {en}"
            self.wrong(line, f"view 的页面“{path}”不能放进会议；{zh}", f"view: {path!r} is no page for a meeting; {en}")
        elif (codes := page.codes(self.known)) is not None and code not in codes:
            zh, en = KINDS[page.code]
            zh, en = f"没有代码为“{code}”的{zh}，请核对", f"there is no {en} {code!r}; check the code"
            self.wrong(line, f"view：{zh}", f"view: {en}")
        view, ignored = read_view(query, self.known)
        for part in ignored:
            zh, en = (
                f"view 中的“{part}”不认识或重复，请改正或删去",
                f"view: {part!r} is unknown or repeated; mend or drop it",
            )
            self.wrong(line, zh, en)
        return path, view

    def highlight(self, node: _Node | None) -> tuple[str, ...]:
        if node is None or node.kind == "nothing":
            return ()
        if node.kind != "list":
            zh, en = "highlight 应是代码的列表，如 [620922]", "highlight must be a list of codes, as [620922]"
            self.wrong(node.line, zh, en)
            return ()
        codes = []
        for item in _items(node):
            code = self.free(item, "highlight")
            if item.kind in ("text", "nothing") and code not in self.known.adcodes:
                zh, en = f"highlight：没有代码为“{code}”的县，请核对", f"highlight: no county {code!r}; check the code"
                self.wrong(item.line, zh, en)
            codes.append(code)
        return tuple(codes)


def _addresses(code: str) -> list[str]:
    """Return the addresses of the pages that a scene may show."""
    return [page.path if page.name else f"{page.path}/{code}" for page in PAGES.values() if page.slide]


def _items(node: _Node) -> list[_Node]:
    return [item for item in node.value if isinstance(item, _Node)]


def _pairs(node: _Node) -> list[tuple[_Node, _Node]]:
    return [pair for pair in node.value if isinstance(pair, tuple)]


# ---- writing --------------------------------------------------------------------------------------------------------


class _Note(str):
    """Text to be written as a literal block."""


class _Codes(list[str]):
    """Codes to be written on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes text as a person would."""


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if re.search("[\n\x85\u2028\u2029]", text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


def _write_note(dumper: yaml.SafeDumper, text: _Note) -> yaml.ScalarNode:
    # A block would change space at either end; quotes keep it.
    plain = text == text.strip() and not re.search("[\t\r\x85\u2028\u2029]|[^\\S\n]\n", text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|" if plain else '"')


def _write_codes(dumper: yaml.SafeDumper, codes: _Codes) -> yaml.SequenceNode:
    nodes = [
        dumper.represent_scalar("tag:yaml.org,2002:int", code)
        if re.fullmatch("[1-9][0-9]{5}", code)
        else _write_text(dumper, code)
        for code in codes
    ]
    return yaml.SequenceNode("tag:yaml.org,2002:seq", nodes, flow_style=True)


_Dumper.add_representer(str, _write_text)
_Dumper.add_representer(_Note, _write_note)
_Dumper.add_representer(_Codes, _write_codes)


def _dumped(value: Any) -> str:
    return str(
        yaml.dump(
            value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False, width=float("inf")
        )
    )


def write_deck(deck: Deck) -> str:
    """Write a deck as YAML that reads back as the same deck, and reads well by hand.

    Text that no screen can show (control characters) would be refused when it is read back.
    """
    head: dict[str, Any] = {"deck": deck.title} | ({"period": deck.period} if deck.period else {})
    parts = []
    for scene in deck.scenes:
        held: dict[str, Any] = {"title": scene.title, "view": scene.address}
        held |= {"note": _Note(scene.note)} if scene.note else {}
        held |= {"highlight": _Codes(scene.highlight)} if scene.highlight else {}
        parts.append(_dumped([held]))
    scenes = "scenes:\n" + "\n".join(parts) if parts else "scenes: []\n"
    return f"{HEAD}{_dumped(head)}\n{scenes}"
