"""The slides of one scene: their frame, and what is written on them. Charts and maps have files of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide

from layouts.facts.deck import stamp, unapproved
from layouts.facts.scene import SceneFacts
from layouts.facts.sources import data_lines
from layouts.parts.colours import colour
from layouts.parts.slide_parts import (
    Box,
    Numbers,
    Table,
    emu,
    high,
    paragraphs,
    put,
    run_properties,
    table_xml,
    words,
    wrap,
)
from layouts.words import word

WIDE, HIGH, MARGIN = 13.333, 7.5, 0.5
ROOM = WIDE - 2 * MARGIN
TITLE_TOP, FOOT_TOP = 0.36, 6.86
TITLES = (28, 26, 24)  # the largest in which the title is one line; else the last
TITLE, SMALL_TITLE, BODY, SMALL = TITLES[0], TITLES[-1], 16, 12
TEXT = 14
GAP = 0.16
FEW_IMPORTS = 2  # more are counted under a slide, not named
SPARE = 0.2  # inches left free below a table


class SceneSlides:
    """The slides of one scene, which its page draws one after another."""

    def __init__(self, shown: Any, facts: SceneFacts, names: dict[tuple[str, str, str], str]) -> None:
        self.shown, self.facts, self.names = shown, facts, names
        self.atlas, self.lang, self.view = facts.atlas, facts.lang, facts.view
        self.shapes = self.atlas.shapes
        self.speech = facts.speech
        self.count = 0
        self.title = " ".join(facts.scene.title.split())
        self.slide: Slide
        self.top = 0.0

    def begin(self, finding: str = "") -> None:
        """Begin a slide: title, source line, number, and on the scene's first slide the note.

        Its title is its own finding; without one it goes on from the slide before.
        """
        lang = self.lang
        self.slide = self.shown.slides.add_slide(self.shown.slide_layouts[0])
        self.title = finding or self.title
        title = self.title + (word("slide_more", lang) if self.count and not finding else "")
        size = next((size for size in TITLES if len(wrap(title, ROOM, size, True)) == 1), SMALL_TITLE)
        tall = max(high(title, ROOM, size, True), 0.5)
        holder: Any = self.slide.shapes.title
        holder.left, holder.top, holder.width, holder.height = map(emu, (MARGIN, TITLE_TOP, ROOM, tall))
        body = holder._element.txBody
        for old in body.xpath("a:p|a:bodyPr"):
            body.remove(old)
        box = '<a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:normAutofit/></a:bodyPr>'
        said = paragraphs(title, size, ink=colour("ink"), lang=lang, bold=True)
        first, *rest = parse_xml(f"<a:x {nsdecls('a')}>{box}{said}</a:x>")
        body.insert(0, first)
        body.extend(rest)
        self.top = TITLE_TOP + tall + 0.12
        imports = self.facts.imports
        if len(imports) > FEW_IMPORTS:  # the note names each
            imports = [word("imports_many", lang, n=len(imports))]
        cited, room = [*stamp(self.atlas, lang), *data_lines(self.atlas, lang), *imports], ROOM - 1.0
        # On one line, else on two that each hold whole sources.
        splits = range(len(cited) - 1, 0, -1)
        divided = ["　".join(cited), *("　".join(cited[:n]) + "\n" + "　".join(cited[n:]) for n in splits)]
        line = next((text for text in divided if len(wrap(text, room, SMALL)) == text.count("\n") + 1), divided[0])
        put(
            self.slide,
            lambda number: words(
                number(),
                word("slide_source", lang),
                Box(MARGIN, FOOT_TOP, room, high(line, room, SMALL)),
                paragraphs(line, SMALL, ink=colour("quiet"), lang=lang),
            ),
        )
        put(self.slide, self._number)
        self._note()
        self.count += 1

    def finding(self, title: str) -> None:
        """Begin a slide under its own finding, or go on where that is the title already."""
        self.begin("" if title == self.title else title)

    def _number(self, number: Numbers) -> str:
        run = run_properties(SMALL, colour("quiet"), False, self.lang)
        at = len(self.shown.slides)
        return (
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number()}" name="{word("slide_number", self.lang)}"/><p:cNvSpPr>'
            f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldNum" sz="quarter" idx="12"/></p:nvPr></p:nvSpPr>'
            f"<p:spPr>{Box(WIDE - MARGIN - 0.8, FOOT_TOP, 0.8, 0.25).xfrm()}</p:spPr><p:txBody>"
            f'<a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"/><a:lstStyle/><a:p><a:pPr algn="r"/>'
            f'<a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">{run}<a:t>{at}</a:t></a:fld>'
            f"</a:p></p:txBody></p:sp>"
        )

    def _note(self) -> None:
        """Write the presenter's note, then where the figures of the scene come from."""
        facts, lang = self.facts, self.lang
        parts = [facts.scene.note.strip()] if not self.count else []
        if len(self.shown.slides) == 1:
            parts.insert(0, unapproved(self.atlas, lang))
        # A note that names its sources itself need not be told them again.
        cited = (
            [line for line in facts.cited() if line.split("，")[0] not in facts.scene.note] if not self.count else []
        )
        if cited:
            parts.append("\n".join([word("slide_cited", lang), *cited]))
        text = "\n\n".join(part for part in parts if part)
        if not text:
            return
        frame: Any = self.slide.notes_slide.notes_text_frame
        body = frame._txBody
        for old in body.xpath("a:p"):
            body.remove(old)
        body.extend(parse_xml(f"<a:x {nsdecls('a')}>{paragraphs(text, SMALL, ink='000000', lang=lang)}</a:x>"))

    def say(self, text: str, *, name: str = "", size: float = BODY, bold: bool = False, ink: str = "ink") -> None:
        """Write a text over the whole width, below what is there."""
        self._say_in(text, MARGIN, ROOM, name=name, size=size, bold=bold, ink=ink)

    def _say_in(
        self,
        text: str,
        x: float,
        room: float,
        *,
        name: str = "",
        size: float = BODY,
        bold: bool = False,
        ink: str = "ink",
    ) -> None:
        tall = high(text, room, size, bold)
        said = paragraphs(text, size, ink=colour(ink), lang=self.lang, bold=bold)
        label = name or word("slide_finding", self.lang)
        put(self.slide, lambda number: words(number(), label, Box(x, self.top, room, tall), said))
        self.top += tall + 0.06

    def table(self, table: Table, x: float = MARGIN, name: str = "", below: float = 0) -> None:
        """Draw a table, leaving so much free below it; what does not fit goes on, on further slides."""
        label = name or word("slide_table", self.lang)
        further = FOOT_TOP - GAP - SPARE - TITLE_TOP - max(high(self._more(), ROOM, SMALL_TITLE, True), 0.5) - 0.12
        # A line more than reckoned, with a font that stands in, must not reach the sources.
        room = FOOT_TOP - GAP - SPARE - self.top - below
        table = table.aired(room)
        first, *rest = table.pages(room, further)
        if first or not table.rows:
            put(self.slide, self._table_at(label, table, first, x, self.top))
        if rest and x > MARGIN:
            # What stood beside it is not there any more.
            left = [row for rows in rest for row in rows]
            table = Table.fitted(table.heads, left, ROOM, table.numbers, table.size).aired(further)
            rest = table.pages(further, further)
        for rows in rest:
            self.begin()
            put(self.slide, self._table_at(label, table, rows, MARGIN, self.top))

    def _table_at(
        self, name: str, table: Table, rows: Sequence[Sequence[str]], x: float, y: float
    ) -> Callable[[Numbers], str]:
        return lambda number: table_xml(number(), name, table, rows, x, y, self.lang)

    def rest(self, most: float = HIGH) -> Box:
        """Return the room below what is there, no higher than `most` inches."""
        return Box(MARGIN, self.top, ROOM, min(FOOT_TOP - GAP - self.top, most))

    def _more(self) -> str:
        return self.title + word("slide_more", self.lang)
