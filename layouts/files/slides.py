"""A deck as PowerPoint slides: native and editable, one scene after another, drawn from what the pages say.

County shapes are freeforms in groups, charts and tables are PowerPoint's own. What does not fit one slide goes on, and
says so in the title.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import shapely
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_PATTERN_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Emu, Pt

from layouts.facts.atlas import Atlas
from layouts.facts.deck import Deck, stamp, unapproved
from layouts.facts.scene import SceneFacts, StandingOf, Told, call_title, measured_title, scenes_of, standing_title
from layouts.files.slide_parts import (
    FALLBACK,
    FONT,
    LEADING,
    PATTERNS,
    ROAD_PATTERN,
    Box,
    Numbers,
    Table,
    cut_out,
    emu,
    fill_xml,
    fonts_xml,
    freeform,
    group,
    high,
    line_xml,
    outline,
    paragraphs,
    plain,
    polygon,
    put,
    run_properties,
    table_xml,
    width,
    words,
    wrap,
)
from layouts.pages import progress as progress_page
from layouts.parts import figures
from layouts.parts.colours import Fill, colour, county_fill
from layouts.parts.county_map import accessible_name, data_lines, park_marks
from layouts.words import word
from targets import outcomes, progress, speech
from targets.cells import clean, harmless

WIDE, HIGH, MARGIN = 13.333, 7.5, 0.5
ROOM = WIDE - 2 * MARGIN
TITLE_TOP, FOOT_TOP = 0.36, 6.86
TITLES = (28, 26, 24)  # the largest in which the title is one line; else the last
TITLE, SMALL_TITLE, BODY, SMALL = TITLES[0], TITLES[-1], 16, 12
TEXT = 14
GAP = 0.16
CHART_ROWS = 12  # counties to one chart: more could not be read from the back row
LEGEND_WIDE = 3.8
LABEL_LEADING = 1.2
WITHIN = 0.84  # part of a name that must lie inside its county: no halo parts it from a border
WITHIN_STRONG = 0.92
WITHIN_INSET = 0.55  # the same in the inset, which is there for the names
LADDER_FILLS = {2: ("line", "r5"), 3: ("line", "r3", "r5")}  # listed, then the observed years, the latest dark
SPARE = 0.2  # inches left free below a table
SMALL_COUNTY = 420  # map units: a county this small gets a dot on a small map


Bounds = tuple[float, float, float, float]
Place = Callable[[float, float], tuple[float, float]]


def slides(
    deck: Deck, atlas: Atlas, standing_of: StandingOf, lang: str, now: datetime, told: Told = lambda scene, of: None
) -> bytes:
    """Return the deck as a PowerPoint file.

    Parameters
    ----------
    deck : Deck
    atlas : Atlas
    standing_of : callable
        From a view to the `Standing` of its period.
    lang : str
        Of the file, whatever the scenes' own.
    now : datetime
        Time of export, kept with the file.
    told : callable, optional
        Told which scene is begun, of how many.
    """
    shown = _blank(deck, lang, now)
    names: dict[tuple[str, str, str], str] = {}
    for number, facts in enumerate(scenes_of(deck, atlas, standing_of, lang), start=1):
        told(number, len(deck.scenes))
        _Scene(shown, facts, names).draw()
    _name_notes_master(shown)
    stream = io.BytesIO()
    shown.save(stream)
    return stream.getvalue()


# ---- the empty presentation -----------------------------------------------------------------------------------------


def _blank(deck: Deck, lang: str, now: datetime) -> Any:
    """Return an empty 16:9 presentation in the atlas's colours and fonts, with one layout: a title, and room."""
    shown = Presentation()
    shown.slide_width, shown.slide_height = Emu(emu(WIDE)), Emu(emu(HIGH))
    master = shown.slide_master
    keep = shown.slide_layouts[5]
    for layout in list(shown.slide_layouts):
        if layout is not keep:
            shown.slide_layouts.remove(layout)
    for holder in (master, keep):
        for shape in list(holder.placeholders):
            kind = shape.element.xpath(".//p:nvPr/p:ph/@type")
            place = {
                "title": Box(MARGIN, TITLE_TOP, ROOM, 0.6),
                "body": Box(MARGIN, 1.3, ROOM, 5.3),
                "sldNum": Box(WIDE - MARGIN - 0.8, FOOT_TOP, 0.8, 0.3),
            }.get(kind[0] if kind else "body")
            if place is None:
                shape.element.getparent().remove(shape.element)
                continue
            shape.left, shape.top, shape.width, shape.height = map(emu, (place.x, place.y, place.wide, place.high))
    _style(master)
    _theme(master)
    # The template's own picture shows no slide of this deck.
    for id in [id for id, one in shown.part.package._rels.items() if one.reltype == RT.THUMBNAIL]:
        shown.part.package._rels.pop(id)
    about = shown.core_properties
    about.title, about.author, about.last_modified_by = clean(deck.title), word("brand", lang), word("brand", lang)
    about.created = about.modified = now
    about.language = "zh-CN" if lang == "zh" else "en-US"
    about.comments = about.subject = word("brand_sub", lang)
    return shown


def _name_notes_master(shown: Any) -> None:
    """List the notes' master where the standard wants it: python-pptx only relates it."""
    for id, related in shown.part.rels.items():
        if related.reltype == RT.NOTES_MASTER:
            listed = f'<p:notesMasterIdLst {nsdecls("p", "r")}><p:notesMasterId r:id="{id}"/></p:notesMasterIdLst>'
            shown.element.find(qn("p:sldMasterIdLst")).addnext(parse_xml(listed))


def _style(master: Any) -> None:
    """Left-aligned titles in ink, no automatic bullets."""
    size, ink = TITLE * 100, fill_xml(colour("ink"))
    for level in master.element.xpath(".//p:titleStyle/a:lvl1pPr"):
        level.set("algn", "l")
        for run in level.findall(qn("a:defRPr")):
            run.set("sz", str(size))
            run.set("b", "1")
            for old in list(run):
                run.remove(old)
            for new in parse_xml(f"<a:x {nsdecls('a')}>{ink}{fonts_xml()}</a:x>"):
                run.append(new)


def _theme(master: Any) -> None:
    """Write fonts and colours into the theme, so that what a user adds looks alike."""
    part = master.part.part_related_by(RT.THEME)
    theme = parse_xml(part.blob)
    for scheme in theme.xpath(".//*[local-name()='majorFont' or local-name()='minorFont']"):
        for old in list(scheme):
            scheme.remove(old)
        fonts = (
            f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/><a:cs typeface=""/>'
            f'<a:font script="Hans" typeface="{FALLBACK}"/><a:font script="Hant" typeface="{FALLBACK}"/>'
        )
        for new in parse_xml(f"<a:x {nsdecls('a')}>{fonts}</a:x>"):
            scheme.append(new)
    names = {
        **{"dk1": "ink", "lt1": "panel", "dk2": "quiet", "lt2": "paper"},
        **{"accent1": "r5", "accent2": "r3", "accent3": "late", "accent4": "C2", "accent5": "C3", "accent6": "C1"},
        **{"hlink": "r5", "folHlink": "C1"},
    }
    for name, variable in names.items():
        for slot in theme.xpath(f".//*[local-name()='clrScheme']/*[local-name()='{name}']"):
            for old in list(slot):
                slot.remove(old)
            slot.append(parse_xml(f'<a:srgbClr {nsdecls("a")} val="{colour(variable)}"/>'))
    part._blob = serialize_part_xml(theme)


# ---- one scene ------------------------------------------------------------------------------------------------------


class _Scene:
    """Draws the slides of one scene."""

    def __init__(self, shown: Any, facts: SceneFacts, names: dict[tuple[str, str, str], str]) -> None:
        self.shown, self.facts, self.names = shown, facts, names
        self.atlas, self.lang, self.view = facts.atlas, facts.lang, facts.view
        self.shapes = self.atlas.shapes
        self.zh = self.lang == "zh"
        self.count = 0
        self.called = False  # whether it is said whom to call
        self.title = " ".join(facts.scene.title.split())
        self.slide: Slide
        self.top = 0.0

    def draw(self) -> None:
        """Draw the scene by its page."""
        facts = self.facts
        known = bool(facts.inside) if facts.page in ("county", "prefecture") else True
        way: dict[str, Callable[[], None]] = {
            "map": self._map_page,
            "progress": self._progress_page,
            "prefecture": self._prefecture_page,
            "county": self._county_page,
            "overlap": self._overlap_page,
            "compare": self._compare_page,
        }
        way.get(facts.page if known else "", self._other_page)()

    # ---- the frame of every slide

    def _begin(self, finding: str = "") -> None:
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
        cited, room = [*stamp(self.atlas, lang), *data_lines(self.atlas, lang)], ROOM - 1.0
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

    def _say(self, text: str, *, name: str = "", size: float = BODY, bold: bool = False, ink: str = "ink") -> None:
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

    def _table(self, table: Table, x: float = MARGIN, name: str = "", below: float = 0) -> None:
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
            self._begin()
            put(self.slide, self._table_at(label, table, rows, MARGIN, self.top))

    def _table_at(
        self, name: str, table: Table, rows: Sequence[Sequence[str]], x: float, y: float
    ) -> Callable[[Numbers], str]:
        return lambda number: table_xml(number(), name, table, rows, x, y, self.lang)

    def _more(self) -> str:
        return self.title + word("slide_more", self.lang)

    # ---- the map

    def _map_page(self) -> None:
        self._begin()
        said = self.facts.findings
        self._say(said[0], size=TEXT, ink="quiet")
        self.top += 0.06
        if self.view.form == "panels":
            self._panels()
            return
        room = Box(MARGIN, self.top, ROOM - LEGEND_WIDE - 0.2, FOOT_TOP - GAP - self.top)
        if self.view.form == "tile":
            self._tiles(room)
        else:
            self._map(room, list(self.atlas.counties.index))
        self._legend(WIDE - MARGIN - LEGEND_WIDE, self.top)

    def _fit(
        self, room: Box, bounds: tuple[float, float, float, float]
    ) -> Callable[[float, float], tuple[float, float]]:
        """Return how a point of the map comes onto the slide: bounds in the middle of the room, as large as can be."""
        x0, y0, x1, y1 = bounds
        scale = min(room.wide / (x1 - x0), room.high / (y1 - y0))
        left = room.x + (room.wide - (x1 - x0) * scale) / 2
        upper = room.y + (room.high - (y1 - y0) * scale) / 2
        return lambda x, y: (left + (x - x0) * scale, upper + (y - y0) * scale)

    def _fill(self, adcode: str) -> Fill:
        facts = self.facts
        return county_fill(
            facts.classes[adcode],
            matched=adcode in facts.kept,
            unknown_road=self.view.layer == "road" and adcode in facts.kept and adcode in facts.unknown_roads,
        )

    def _about(self, adcode: str) -> str:
        """Return what a screen reader says of a county."""
        state = self.facts.classes[adcode] if self.view.layer == "progress" else ""
        key = (adcode, self.lang, state)
        if key not in self.names:
            self.names[key] = accessible_name(self.facts.counties[adcode], self.atlas, self.lang, state)
        return self.names[key]

    def _edge(self, fill: Fill, adcode: str) -> str:
        pale = adcode not in self.facts.kept and self.facts.classes[adcode] != "na"
        return line_xml(colour("unmatched-edge" if pale else "strong-edge" if fill.is_strong else "edge"), 0.75)

    def _map(
        self,
        room: Box,
        adcodes: list[str],
        *,
        coarse: bool = False,
        fill: Callable[[str], Fill] | None = None,
        name: str = "",
        labels: bool = True,
        rings: Sequence[str] = (),
    ) -> None:
        """Draw counties, in one group a prefecture, all in one group; then borders, rings and labels."""
        shapes, facts = self.shapes, self.facts
        paths, scale = (shapes.coarse, shapes.coarse_scale) if coarse else (shapes.paths, 1)
        boxes = [outline(paths[adcode])[:4] for adcode in adcodes]
        x0, y0 = (scale * min(box[at] for box in boxes) for at in (0, 1))
        x1, y1 = (scale * max(box[at] for box in boxes) for at in (2, 3))
        whole = len(adcodes) == len(self.atlas.counties) and not coarse
        if whole:
            # The frame of the screen's map, with room for the inset.
            x0, y0, x1, y1 = 0, 0, shapes.width, shapes.height
        place = self._fit(room, (x0, y0, x1, y1))

        def put_at(box: Bounds) -> Box:
            left, upper = place(box[0] * scale, box[1] * scale)
            right, lower = place(box[2] * scale, box[3] * scale)
            return Box(left, upper, right - left, lower - upper)

        def county(number: int, adcode: str) -> str:
            *box, path = outline(paths[adcode])
            how = (fill or self._fill)(adcode)
            edge = self._edge(how, adcode) if fill is None else line_xml(colour("unmatched-edge"), 0.5)
            said = f"{adcode} {facts.name(adcode)}"
            about = self._about(adcode) if fill is None else ""
            return freeform(number, said, put_at(tuple(box)), path, fill_xml(how), edge, about)  # type: ignore[arg-type]

        def line(number: int, called: str, data: str) -> str:
            *box, path = outline(data, False)
            around = put_at((box[0], box[1], box[2], box[3]))
            return freeform(number, called, around, path, fill_xml(None), line_xml(colour("border"), 1.75))

        def write(number: Numbers) -> str:
            own_number = number()
            parts = []
            for code in dict.fromkeys(self.atlas.counties.loc[adcodes, "prefecture_code"]):
                mine = [a for a in adcodes if facts.counties[a].prefecture_code == code]
                own = number()
                inner = [outline(paths[a])[:4] for a in mine]
                around = put_at(
                    (
                        min(b[0] for b in inner),
                        min(b[1] for b in inner),
                        max(b[2] for b in inner),
                        max(b[3] for b in inner),
                    )
                )
                option = self.atlas.plan.option(code)
                called = f"{code} {option.zh if self.zh else option.en}"
                parts.append(group(own, called, around, [county(number(), a) for a in mine]))
            if whole:
                for key, lines in (("slide_borders", shapes.borders), ("slide_outline", shapes.outline)):
                    parts.append(line(number(), word(key, self.lang), lines))
            for adcode in dict.fromkeys(rings):
                if adcode in adcodes:
                    *box, path = outline(paths[adcode])
                    ring = line_xml(colour("accent"), 3 if not coarse else 2)
                    called = word("slide_ring", self.lang, name=f"{adcode} {facts.name(adcode)}")
                    parts.append(freeform(number(), called, put_at(tuple(box)), path, fill_xml(None), ring))  # type: ignore[arg-type]
            corner, opposite = place(x0, y0), place(x1, y1)
            around = Box(*corner, opposite[0] - corner[0], opposite[1] - corner[1])
            return group(own_number, name or word("slide_map", self.lang), around, parts, facts.scene.title)

        if not rings and not coarse:
            rings = [*facts.scene.highlight, *([self.view.county] if self.view.county else [])]
        put(self.slide, write)
        if not labels:
            return
        if not whole:
            self._labels(adcodes, place, rings)
            return
        # What the inset shows larger is named there.
        left, upper, right, lower = shapes.inset
        outside = [
            a for a in adcodes if not (left < shapes.labels[a][0] < right and upper < shapes.labels[a][1] < lower)
        ]
        self._labels(outside, place, rings, self._parks(place))
        self._inset(place, rings)

    def _inset(self, place: Place, rings: Sequence[str]) -> None:
        """Draw the core of Lanzhou and Linxia larger, in the free corner, as on the screen."""
        shapes, facts, lang = self.shapes, self.facts, self.lang
        x, y, wide, tall = self.atlas.inset_at
        x0, y0, x1, _ = shapes.inset
        scale = wide / (x1 - x0)

        def inside(u: float, v: float) -> tuple[float, float]:
            return place(x + (u - x0) * scale, y + (v - y0) * scale)

        def put_at(box: Bounds) -> Box:
            (left, upper), (right, lower) = inside(box[0], box[1]), inside(box[2], box[3])
            return Box(left, upper, right - left, lower - upper)

        frame = put_at(shapes.inset)
        title = word("js_inset", lang)
        head = Box(frame.x, frame.y - SMALL * LABEL_LEADING / 72, frame.wide, SMALL * LABEL_LEADING / 72)

        def write(number: Numbers) -> str:
            own_number = number()
            said = paragraphs(title, SMALL, ink=colour("quiet"), lang=lang, bold=True)
            parts = [
                words(number(), title, head, said, wraps=False),
                plain(number(), word("slide_inset_ground", lang), frame, fill_xml(colour("paper")), line_xml(None)),
            ]
            for adcode in shapes.inset_adcodes:
                if cut := cut_out(shapes.paths[adcode], shapes.inset):
                    fill = self._fill(adcode)
                    called = f"{adcode} {facts.name(adcode)}"
                    edge, about = self._edge(fill, adcode), self._about(adcode)
                    parts.append(freeform(number(), called, put_at(cut[:4]), cut[4], fill_xml(fill), edge, about))
            if cut := cut_out(shapes.borders, shapes.inset, False):
                called = word("slide_borders", lang)
                edge = line_xml(colour("border"), 1.75)
                parts.append(freeform(number(), called, put_at(cut[:4]), cut[4], fill_xml(None), edge))
            for adcode in dict.fromkeys(rings):
                if adcode in shapes.inset_adcodes and (cut := cut_out(shapes.paths[adcode], shapes.inset)):
                    called = word("slide_ring", lang, name=f"{adcode} {facts.name(adcode)}")
                    edge = line_xml(colour("accent"), 3)
                    parts.append(freeform(number(), called, put_at(cut[:4]), cut[4], fill_xml(None), edge))
            edge = line_xml(colour("control"), 1)
            parts.append(plain(number(), word("slide_inset_frame", lang), frame, fill_xml(None), edge))
            around = Box(frame.x, head.y, frame.wide, frame.high + head.high)
            return group(own_number, word("slide_inset", lang), around, parts, title)

        put(self.slide, write)
        self._labels(shapes.inset_adcodes, inside, rings, within=frame)

    def _parks(self, place: Place) -> list[Bounds]:
        """Mark the parks as the screen does, on the layer of target bands; return where."""
        if self.view.layer != "band":
            return []
        marks, half = park_marks(self.atlas), 0.065
        spots = []
        for mark in marks:
            x, y = place(*mark["at"])
            upper = y - SMALL * 1.05 / 72
            spots.append((x - half, upper - half, x + half, upper + half))

        def write(number: Numbers) -> str:
            own_number, parts = number(), []
            for mark, spot in zip(marks, spots, strict=True):
                edge, box = line_xml(colour("panel"), 0.75), Box(spot[0], spot[1], 2 * half, 2 * half)
                parts.append(plain(number(), mark[self.lang], box, fill_xml(colour("accent")), edge, kind="diamond"))
            x0, y0 = min(s[0] for s in spots), min(s[1] for s in spots)
            x1, y1 = max(s[2] for s in spots), max(s[3] for s in spots)
            return group(own_number, word("card_parks", self.lang), Box(x0, y0, x1 - x0, y1 - y0), parts)

        put(self.slide, write)
        return spots

    def _labels(
        self,
        adcodes: Sequence[str],
        place: Place,
        first: Sequence[str] = (),
        taken: Sequence[Bounds] = (),
        within: Box | None = None,
    ) -> None:
        """Name the counties where the names fit without touching one another, the roomiest and the ringed first."""
        facts, at = self.facts, self.shapes.labels
        order = sorted(adcodes, key=lambda a: (a not in first, a not in facts.kept, -at[a][2]))
        held = list(taken)
        found: list[tuple[str, str, Box]] = []
        tall = SMALL * LABEL_LEADING / 72
        # From inches on the slide back to map units.
        x0, y0 = place(0, 0)
        unit = place(1_000, 0)[0] - x0

        def roomy(adcode: str, box: Bounds) -> bool:
            corners = [1_000 * (side - zero) / unit for side, zero in zip(box, (x0, y0, x0, y0), strict=True)]
            ground = shapely.box(*corners)
            inside = shapely.intersection(polygon(self.shapes.paths[adcode]), ground)
            # Light letters cannot be read beside a dark county.
            least = WITHIN_STRONG if self._fill(adcode).is_strong else WITHIN_INSET if within else WITHIN
            return bool(shapely.area(inside) >= least * shapely.area(ground))

        for adcode in order:
            x, y = place(*at[adcode][:2])
            for text in dict.fromkeys((facts.short(adcode), self._stem(adcode))):
                wide = width(text, SMALL)
                box = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
                if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in held):
                    continue
                if within and not (
                    within.x < box[0]
                    and box[2] < within.x + within.wide
                    and within.y < box[1]
                    and box[3] < within.y + within.high
                ):
                    continue
                if adcode in first or roomy(adcode, (box[0], box[1] + 0.03, box[2], box[3] - 0.03)):
                    held.append(box)
                    found.append((adcode, text, Box(box[0], box[1], wide, tall)))
                    break

        def write(number: Numbers) -> str:
            whole, parts = number(), []
            for adcode, text, box in found:
                strong = self._fill(adcode).is_strong
                pale = adcode not in facts.kept
                ink = colour("strong-ink" if strong else "quiet" if pale else "map-ink")
                said = paragraphs(text, SMALL, ink=ink, lang=self.lang, align="ctr")
                called = word("slide_label", self.lang, name=facts.short(adcode))
                parts.append(words(number(), called, box, said, anchor="ctr", wraps=False))
            x0, y0 = min(b.x for _, _, b in found), min(b.y for _, _, b in found)
            x1, y1 = max(b.x + b.wide for _, _, b in found), max(b.y + b.high for _, _, b in found)
            return group(whole, word("slide_labels", self.lang), Box(x0, y0, x1 - x0, y1 - y0), parts)

        if found:
            put(self.slide, write)

    def _stem(self, adcode: str) -> str:
        """Return 瓜州 for 瓜州县; the name as it is where that would be one character, or two counties'."""
        if not self.zh:
            return self.facts.short(adcode)
        stems = [str(county.name_short)[:-1] for county in self.facts.counties.values()]
        stem = self.facts.short(adcode)[:-1]
        return stem if len(stem) > 1 and stems.count(stem) == 1 else self.facts.short(adcode)

    def _tiles(self, room: Box) -> None:
        """Draw the equal-tile map: one square a county."""
        tiles, facts = self.atlas.tiles, self.facts
        columns, rows = (1 + max(tile[at] for tile in tiles.values()) for at in (0, 1))
        cell = min(room.wide / columns, room.high / rows)
        left, upper = room.x + (room.wide - columns * cell) / 2, room.y + (room.high - rows * cell) / 2
        rings = [*facts.scene.highlight, *([self.view.county] if self.view.county else [])]

        def square(number: int, adcode: str) -> str:
            column, row = tiles[adcode]
            fill = self._fill(adcode)
            text = self._stem(adcode)
            if width(text, SMALL) > cell * 0.98:
                # Three characters on two lines; a long English name stays in the shape's own name.
                text = f"{text[:2]}\n{text[2:]}" if self.zh else ""
            ink = colour("strong-ink" if fill.is_strong else "map-ink")
            said = paragraphs(text, SMALL, ink=ink, lang=self.lang, align="ctr", leading=1.0) if text else ""
            edge = line_xml(colour("accent"), 3) if adcode in rings else self._edge(fill, adcode)
            box = Box(left + column * cell + 0.02, upper + row * cell + 0.02, cell - 0.04, cell - 0.04)
            called = f"{adcode} {facts.name(adcode)}"
            return plain(number, called, box, fill_xml(fill), edge, said, descr=self._about(adcode))

        def write(number: Numbers) -> str:
            whole, parts = number(), []
            counties = self.atlas.counties
            for code in dict.fromkeys(counties["prefecture_code"]):
                mine = [str(a) for a in counties.index[counties["prefecture_code"] == code]]
                at = [tiles[adcode] for adcode in mine]
                x0, y0 = min(c for c, _ in at), min(r for _, r in at)
                x1, y1 = max(c for c, _ in at) + 1, max(r for _, r in at) + 1
                box = Box(left + x0 * cell, upper + y0 * cell, (x1 - x0) * cell, (y1 - y0) * cell)
                option = self.atlas.plan.option(code)
                called = f"{code} {option.zh if self.zh else option.en}"
                parts.append(group(number(), called, box, [square(number(), adcode) for adcode in mine]))
            box = Box(left, upper, columns * cell, rows * cell)
            return group(whole, word("slide_map", self.lang), box, parts, facts.scene.title)

        put(self.slide, write)

    def _panels(self) -> None:
        """Draw one small map a class, each with its name and number of counties."""
        facts = self.facts
        panels = facts.panels
        columns = 2 if len(panels) <= 4 else 3 if len(panels) <= 6 else 4
        rows = -(-len(panels) // columns)
        wide, tall = ROOM / columns, (FOOT_TOP - GAP - self.top) / rows
        head = BODY * LABEL_LEADING / 72 + 0.03
        held_fill, pale, light = Fill(colour("r5")), Fill(colour("unmatched")), Fill(colour("r1"))
        upper = self.top
        for at, (id, title, held) in enumerate(panels):
            x, y = MARGIN + at % columns * wide, upper + at // columns * tall
            within = sum(adcode in facts.kept for adcode in held)
            shown = str(len(held)) if within == len(held) else f"{within}/{len(held)}"
            text = word("slide_panel", self.lang, name=title, n=shown)
            said = paragraphs(text, BODY, ink=colour("ink"), lang=self.lang, bold=True)
            room = Box(x, y, wide - 0.15, head)
            put(self.slide, _words_at(text, room, said))
            inside = set(held)

            def fill(adcode: str, inside: set[str] = inside) -> Fill:
                if adcode not in inside:
                    return pale
                return held_fill if adcode in facts.kept else light

            room = Box(x, y + head, wide - 0.15, tall - head - 0.08)
            self._map(room, list(self.atlas.counties.index), coarse=True, fill=fill, name=f"{id} {title}", labels=False)
            self._dots(room, [a for a in held if a in facts.kept], id)

    def _dots(self, room: Box, held: list[str], id: str) -> None:
        """Put a dot on each county that would be too small to see."""
        shapes = self.shapes
        boxes = [outline(path)[:4] for path in shapes.coarse.values()]
        scale = shapes.coarse_scale
        bounds = (
            min(b[0] for b in boxes) * scale,
            min(b[1] for b in boxes) * scale,
            max(b[2] for b in boxes) * scale,
            max(b[3] for b in boxes) * scale,
        )
        place = self._fit(room, bounds)
        small = [
            a
            for a in held
            if max(shapes.bounds[a][2] - shapes.bounds[a][0], shapes.bounds[a][3] - shapes.bounds[a][1]) <= SMALL_COUNTY
        ]
        if not small:
            return

        def write(number: Numbers) -> str:
            whole, parts, spots = number(), [], []
            for adcode in small:
                x, y = place(*shapes.labels[adcode][:2])
                box = Box(x - 0.05, y - 0.05, 0.1, 0.1)
                spots.append(box)
                called = word("slide_dot", self.lang, name=f"{adcode} {self.facts.name(adcode)}")
                edge = line_xml(colour("panel"), 0.5)
                parts.append(plain(number(), called, box, fill_xml(colour("r5")), edge, kind="ellipse"))
            x0, y0 = min(b.x for b in spots), min(b.y for b in spots)
            x1, y1 = max(b.x for b in spots) + 0.1, max(b.y for b in spots) + 0.1
            return group(whole, word("slide_dots", self.lang, id=id), Box(x0, y0, x1 - x0, y1 - y0), parts)

        put(self.slide, write)

    def _legend(self, x: float, y: float) -> None:
        """Draw the legend: swatch, name and number of counties of each class, then what else needs a word."""
        facts, lang, layer = self.facts, self.lang, self.view.layer
        # What the filter asks for, every county that it leaves has.
        impossible = {"n0", "none"} if getattr(self.view.filter, layer, ()) and layer != "band" else set()
        rows: list[tuple[Fill | str | None, str, str]] = [
            (county_fill(row.id), row.label, str(row.count)) for row in facts.legend if row.id not in impossible
        ]
        marks = []
        if layer in ("cluster", "energy"):
            for id in self.atlas.plan.option_ids[layer]:
                n = sum(adcode in facts.kept for adcode in self.atlas.members[id])
                marks.append((id, facts.option(id), str(n)))
        notes: list[tuple[Fill, str]] = []
        if layer == "road":
            notes = [
                (county_fill("2023"), word("js_legend_road_opened", lang)),
                (county_fill("2023", unknown_road=True), word("js_legend_road_unknown", lang)),
            ]
        parks = word("js_legend_parks", lang, n=len(self.atlas.plan.parks))
        if layer == "band" and self.view.form == "true":
            notes.append((Fill(colour("accent")), parks))
        if len(facts.matched) < int(self.atlas.counties["is_county"].sum()):
            notes.append((county_fill("none", matched=False), word("js_legend_unmatched", lang)))
        notes.append((county_fill("na"), word("js_legend_na", lang)))
        head = word(f"js_layer_{layer}", lang)
        if layer == "population":
            head += f" {word('js_legend_unit_population', lang)}"
        label_room = LEGEND_WIDE - 0.5 - 0.55

        def write(number: Numbers) -> str:
            whole, parts, top = number(), [], y

            def text(said: str, box: Box, size: float = TEXT, bold: bool = False, align: str = "l") -> None:
                body = paragraphs(said, size, ink=colour("ink"), lang=lang, bold=bold, align=align)
                parts.append(words(number(), said, box, body))

            text(head, Box(x, top, LEGEND_WIDE, high(head, LEGEND_WIDE, TEXT, True)), bold=True)
            top += high(head, LEGEND_WIDE, TEXT, True) + 0.08
            lines: list[tuple[Any, str, str, str]] = [(fill, label, n, "swatch") for fill, label, n in rows]
            lines += [(None, word("slide_legend_roles", lang), "", "head")] if marks else []
            lines += [(id, label, n, "mark") for id, label, n in marks]
            lines += [(None, "", "", "gap")]
            lines += [(fill, label, "", "park" if label == parks else "swatch") for fill, label in notes]
            for what, label, n, kind in lines:
                if kind == "gap":
                    top += 0.1
                    continue
                if kind == "head":
                    top += 0.1
                    tall = high(label, LEGEND_WIDE, TEXT, True)
                    text(label, Box(x, top, LEGEND_WIDE, tall), bold=True)
                    top += tall + 0.07
                    continue
                size = TEXT if n else SMALL
                room = label_room if n else LEGEND_WIDE - 0.5
                tall = high(label, room, size)
                box = Box(x, top + 0.02, 0.36, 0.21)
                if kind == "mark":
                    option = self.atlas.plan.option(what)
                    said = paragraphs(option.mark, SMALL, ink=colour("panel"), lang="zh", bold=True, align="ctr")
                    square = Box(x + 0.06, top + 0.01, 0.23, 0.23)
                    parts.append(plain(number(), what, square, fill_xml(colour(what)), line_xml(None), said))
                elif kind == "park":
                    spot = Box(x + 0.1, top + 0.03, 0.16, 0.16)
                    parts.append(plain(number(), label, spot, fill_xml(what), line_xml(None), kind="diamond"))
                else:
                    parts.append(plain(number(), label, box, fill_xml(what), line_xml(colour("control"), 0.75)))
                text(label, Box(x + 0.5, top, room, tall), size)
                if n:
                    text(n, Box(x + LEGEND_WIDE - 0.5, top, 0.5, tall), align="r")
                top += tall + 0.07
            return group(whole, word("js_legend", lang), Box(x, y, LEGEND_WIDE, top - y), parts)

        put(self.slide, write)

    # ---- progress

    def _progress_page(self) -> None:
        facts, lang = self.facts, self.lang
        rules, calls = facts.standing.rules, facts.calls
        call = call_title(sum(len(mine) for _, mine in calls), rules, lang) if calls else ""
        self._begin()
        if self.title == call:
            # What the title promises stands under it; how all stand follows.
            self._calls()
            if facts.matched:
                rows = facts.standing.assessment
                self._begin(standing_title(rows[rows.index.isin(facts.matched)], rules, lang))
        period = facts.view.period
        if period and not any(say(period, lang) in self.title for say in (speech.say_period, speech.say_span)):
            self._say(speech.say_period(period, lang), size=TEXT, ink="quiet")
        first, *rest = facts.findings
        self._say(first, bold=True)
        for text in rest:
            self._say(text, size=TEXT, ink="quiet")
        if facts.matched:
            self._states()
        self._quarter()
        if facts.again:
            # All the rest stands on the slides of an earlier scene.
            return
        if calls and not self.called:
            self._begin(call)
            self._calls()
        self._bullets()
        self._short()
        self._ladder()
        self._roads()
        self._targets()
        self._all_parks()

    def _finding(self, title: str) -> None:
        """Begin a slide under its own finding, or go on where that is the title already."""
        self._begin("" if title == self.title else title)

    def _states(self) -> None:
        """Draw how many counties are in each state."""
        facts, lang = self.facts, self.lang
        counts = facts.state_counts()
        self.top += 0.1
        data = CategoryChartData(number_format="General")
        data.categories = [facts.state(state) for state in counts]
        data.add_series(word("slide_states", lang), list(counts.values()))
        room = Box(MARGIN, self.top, ROOM, min(FOOT_TOP - GAP - self.top, 0.56 * len(counts)))
        chart = self._chart(XL_CHART_TYPE.BAR_CLUSTERED, data, room, word("slide_states", lang), legend=False)
        chart.plots[0].gap_width = 40
        chart.category_axis.tick_labels.font.size = chart.plots[0].data_labels.font.size = Pt(BODY)
        (bars,) = chart.plots[0].series
        for at, state in enumerate(counts):
            _paint(bars.points[at].format, county_fill(state))

    def _bullets(self) -> None:
        """Draw observed values against the lower bounds, so many counties a slide as can be read."""
        facts, lang = self.facts, self.lang
        measured = facts.measured
        if measured.empty:
            return
        title = measured_title(measured, lang)
        parts = -(-len(measured) // CHART_ROWS)
        each = -(-len(measured) // parts)
        for start in range(0, len(measured), each):
            rows = measured.iloc[start : start + each]
            self._finding(title)
            said = word("slide_bullets", lang, n=len(measured), first=start + 1, last=start + len(rows))
            self._say(said, size=TEXT, ink="quiet")
            self._bounds(rows)

    def _ladder(self) -> None:
        """Draw how many counties stand in each band: listed by the plan, and observed."""
        facts, lang = self.facts, self.lang
        self._begin(figures.ladder_title(facts.ladder, lang))
        self._say(figures.ladder_text(facts.ladder, lang), size=TEXT, ink="quiet")
        names, series = facts.ladder_bars
        data = CategoryChartData(number_format="General")
        data.categories = list(map(_category, names))
        for name, values in series:
            data.add_series(name, values)
        room = Box(MARGIN, self.top, ROOM, FOOT_TOP - GAP - self.top)
        chart = self._chart(XL_CHART_TYPE.COLUMN_CLUSTERED, data, room, word("slide_chart", lang), legend=True)
        for bars, fill in zip(chart.plots[0].series, LADDER_FILLS[len(series)], strict=True):
            _paint(bars.format, Fill(colour(fill)))

    def _roads(self) -> None:
        """Draw the counties planned to be connected against those known to have been, summed up year by year."""
        facts, lang = self.facts, self.lang
        steps = facts.road_steps
        self._begin(steps.title)
        for text in facts.roads.sentences(lang):
            self._say(text, size=TEXT, ink="quiet")
        data = CategoryChartData(number_format="General")
        data.categories = [str(year) for year in steps.years]
        for name, values in steps.series:
            data.add_series(name, values)
        room = Box(MARGIN, self.top, ROOM, FOOT_TOP - GAP - self.top)
        chart = self._chart(XL_CHART_TYPE.COLUMN_CLUSTERED, data, room, word("slide_chart", lang), legend=True)
        for bars, fill in zip(chart.plots[0].series, ("line", "r5"), strict=True):
            _paint(bars.format, Fill(colour(fill)))

    def _targets(self) -> None:
        """List the provincial targets of which something is known; the others stand in the annex."""
        facts, lang = self.facts, self.lang
        known = [row for row in facts.targets if row[f"known_{lang}"]]
        self._begin(word("slide_targets", lang, n=len(facts.targets), known=len(known)))
        rest = word("slide_targets_rest", lang, n=len(facts.targets) - len(known))
        self._say(word("targets_text", lang) + ("" if self.zh else " ") + rest, size=TEXT, ink="quiet")
        if not known:
            return
        rows = [
            (
                progress_page.target_name(row, lang),
                progress_page.target_value(row, lang),
                str(row["deadline" if self.zh else "deadline_en"]),
                progress_page.where(row, lang),
                str(row[f"known_{lang}"]),
                str(row["known_source"]) or "—",
            )
            for row in known
        ]
        keys = ("target", "value", "deadline", "clause", "known_of", "source")
        self._table(Table.fitted([word(f"head_{key}", lang) for key in keys], rows, ROOM))

    def _all_parks(self) -> None:
        """List the twelve parks, target and observed."""
        facts, lang = self.facts, self.lang
        self._begin(word("parks_title", lang))
        self._say(word("parks_text", lang), size=TEXT, ink="quiet")
        keys = ("park", "value", "park_observed", "year", "park_gap", "clause")
        rows = [facts.park_cells(row) for row in facts.parks]
        self._table(Table.fitted([word(f"head_{key}", lang) for key in keys], rows, ROOM, {1, 2, 4}))

    def _bounds(self, rows: pd.DataFrame) -> None:
        """Draw observed values beside the lower bounds as a native bar chart."""
        lang = self.lang
        room = Box(MARGIN, self.top, ROOM, min(FOOT_TOP - GAP - self.top, 0.6 + 0.7 * len(rows)))
        data = CategoryChartData(number_format="General")
        data.categories = [_category(self._bar(row)) for _, row in rows.iterrows()]
        # As published, every digit.
        observed = [float(speech.exact(value) * (1 if self.zh else Decimal("0.1"))) for value in rows["observed"]]
        data.add_series(word("head_observed", lang), observed)
        data.add_series(word("head_lower", lang), [shown_number(lower, lang, whole=True) for lower in rows["lower"]])
        chart = self._chart(XL_CHART_TYPE.BAR_CLUSTERED, data, room, word("slide_chart", lang), legend=True)
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 45, -5
        bars, bounds = plot.series
        for at, state in enumerate(rows["state"]):
            _paint(bars.points[at].format, county_fill(str(state)))
        _paint(bars.format, county_fill("reached"))
        _paint(bounds.format, Fill(colour("line")))
        for series, digits in ((bars, "#,##0.######"), (bounds, "General")):
            # A series with a format of its own needs the rest said again.
            labels = series.data_labels
            labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
            labels.number_format, labels.number_format_is_linked = digits, False
            labels.font.size = Pt(SMALL)
        for at, (_, row) in enumerate(rows.iterrows()):
            # 约, 万元 and a last nought are of the print, which a number alone does not show.
            printed = progress.say_figure(row, lang, "", "observed", row["lower"])
            if printed.removesuffix("亿元" if self.zh else " bn yuan") != f"{observed[at]:,.10g}":
                label = bars.points[at].data_label
                label.text_frame.text = printed
                label.text_frame.paragraphs[0].runs[0].font.size = Pt(SMALL)
                label.position = XL_LABEL_POSITION.OUTSIDE_END

    def _bar(self, row: pd.Series) -> str:
        """Return a bar's name: county, year of its figure and how firm that is, state."""
        name = self.facts.short(str(row.name))
        when, how = speech.say_period(str(row["period"]), self.lang), speech.say_status(row["status"], self.lang)
        when += f"（{how}）" if self.zh else f" ({how})"
        return (" " if self.zh else ", ").join((name, when, self.facts.state(str(row["state"]))))

    def _chart(self, kind: Any, data: CategoryChartData, room: Box, name: str, *, legend: bool) -> Any:
        shapes: Any = self.slide.shapes
        frame = shapes.add_chart(kind, *map(emu, (room.x, room.y, room.wide, room.high)), data)
        frame.name = name
        chart = frame.chart
        chart.has_title = False
        chart.font.size, chart.font.name = Pt(SMALL), FONT
        chart.font.color.rgb = RGBColor.from_string(colour("ink"))
        for run in chart._chartSpace.xpath("./c:txPr//a:defRPr"):
            run.append(parse_xml(f'<a:ea {nsdecls("a")} typeface="{FONT}"/>'))
        chart.has_legend = legend
        if legend:
            chart.legend.position = XL_LEGEND_POSITION.TOP
            chart.legend.include_in_layout = False
            chart.legend.font.size = Pt(TEXT)
        names, values = chart.category_axis, chart.value_axis
        names.reverse_order = kind == XL_CHART_TYPE.BAR_CLUSTERED  # the first on top
        names.tick_labels.font.size = Pt(SMALL)
        names.format.line.color.rgb = RGBColor.from_string(colour("control"))
        names.has_major_gridlines = False
        values.has_major_gridlines = False
        values.visible = False
        values.minimum_scale = 0
        values.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 60, -5
        plot.vary_by_categories = False
        plot.has_data_labels = True
        plot.data_labels.show_value = True
        plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "General", False
        plot.data_labels.font.size = Pt(SMALL if kind == XL_CHART_TYPE.BAR_CLUSTERED else TEXT)
        return chart

    def _calls(self) -> None:
        """List whom to call for the target year's figure, a row a prefecture."""
        facts, lang = self.facts, self.lang
        self.called = True
        between = "、" if self.zh else ", "
        rows = [
            (facts.option(code), str(len(mine)), between.join(map(facts.short, mine))) for code, mine in facts.calls
        ]
        heads = [word(f"slide_head_{key}", lang) for key in ("prefecture", "n", "names")]
        self._table(Table.fitted(heads, rows, ROOM, {1}, TEXT))

    def _short(self) -> None:
        """List who is behind, or after the term has not reached the bound; no slide for nobody."""
        facts, lang = self.facts, self.lang
        rows, rules = facts.short_of, facts.standing.rules
        if rows.empty:
            return
        self._begin(word("slide_short" if rules.closed else "behind_title", lang, n=len(rows)))
        heads = {
            "lower": word("slide_head_lower", lang),
            "latest": word("slide_head_latest", lang),
            **{key: word(f"head_{key}", lang) for key in ("year", "status", "share")},
            "gap": word("slide_head_gap", lang),
            **({} if rules.closed else {"growth": word("head_growth", lang)}),
            "source": word("head_source", lang),
        }
        cells = []
        for adcode, row in rows.iterrows():
            growth = row["required_growth"]
            said = {
                "lower": speech.say_money(row["lower"], lang, whole=True),
                "latest": progress.say_figure(row, lang, "", "observed", row["lower"]),
                "year": str(row["year"]),
                "status": speech.say_status(row["status"], lang),
                "share": speech.percent(speech.say_share(row["observed"], row["lower"]), lang),
                "gap": progress.say_distance(row, lang),
                "growth": "—" if pd.isna(growth) else speech.percent(speech.say_percent(growth, rules.pace), lang),
                "source": str(row["source"]),
            }
            cells.append((facts.short(str(adcode)), *(said[key] for key in heads)))
        numbers = {
            at for at, key in enumerate(heads, start=1) if key in ("lower", "latest", "year", "share", "gap", "growth")
        }
        size = BODY if len(cells) <= 8 else TEXT
        self._table(Table.fitted([word("slide_head_county", lang), *heads.values()], cells, ROOM, numbers, size))

    def _quarter(self) -> None:
        """Draw the figures of the part of a year that the scene is about."""
        facts, lang = self.facts, self.lang
        part = facts.part
        if part is None:
            return
        kept = part.over(facts.matched)
        when = speech.say_span(part.period, lang)
        self._begin(word("quarter_title", lang, when=when, n=len(kept)))
        asked = int(facts.standing.assessment.index.isin(facts.matched).sum())
        self._say(part.sentence(facts.matched, asked, lang), size=TEXT)
        self._say(word("quarter_text", lang), size=TEXT, ink="quiet")
        # As on the page: what no county has, or the province has not, gets no column.
        apart, industry = part.province is not None, bool(part.counties["industry"].notna().any())
        if part.province is None:
            self._say(word("quarter_alone", lang), size=TEXT, ink="quiet")
        else:
            rate, source = f"{speech.exact(part.province['value']):f}", part.province["source"]
            self._say(word("quarter_province", lang, rate=rate, source=source), size=TEXT, ink="quiet")

        def rate_of(row: Any, what: str) -> str:
            return "—" if pd.isna(row[what]) else progress.say_rate(row, what, lang)

        rows = []
        for adcode in part.order("growth"):
            if adcode not in kept.index:
                continue
            row = kept.loc[adcode]
            known = [what for what in ("level", "growth") if not pd.isna(row[what])]
            rows.append(
                (
                    facts.short(adcode),
                    "—" if pd.isna(row["level"]) else progress.say_figure(row, lang, "level_", "level"),
                    rate_of(row, "growth"),
                    *(["—" if pd.isna(row["apart"]) else f"{speech.exact(row['apart']):+f}"] if apart else []),
                    *([rate_of(row, "industry")] if industry else []),
                    facts.state(str(row["state"])),
                    "\n".join(dict.fromkeys(str(row[f"{what}_source"]) for what in known)),
                )
            )
        keys = ["part", "rate", *(["apart"] if apart else []), *(["industry"] if industry else [])]
        heads = [
            word("slide_head_county", lang),
            word("slide_head_part", lang),
            *(word(f"head_{key}", lang) for key in (*keys[1:], "full_year", "source")),
        ]
        self._table(Table.fitted(heads, rows, ROOM, range(1, len(keys) + 1)))

    # ---- a prefecture, a county

    def _prefecture_page(self) -> None:
        facts, lang = self.facts, self.lang
        self._begin()
        # What the title says already is not said again.
        stop = "。" if self.zh else ". "
        said = [part for text in facts.findings for part in text.split(stop) if part.rstrip(".") not in self.title]
        more = [stop.join(part.rstrip(".") for part in said if part) + stop.strip()] if said else []
        if facts.view.period:
            more.insert(0, speech.say_period(facts.view.period, lang))
        self._say(("　" if self.zh else " · ").join(more), size=TEXT, ink="quiet")
        self.top += 0.06
        # Few counties leave room for a larger map.
        few = 2 if len(facts.inside) < 4 else 1 if len(facts.inside) < 6 else 0
        upper, left = self.top, (2.3, 2.8, 4.2)[few] if self.zh else (2.0, 2.3, 3.0)[few]
        held = {id for adcode in facts.inside for id in self._roles(adcode)}
        plan = self.atlas.plan
        ids = [id for id in (*plan.option_ids["cluster"], *plan.option_ids["energy"]) if id in held]
        key = "　".join(f"{plan.option(id).mark} {facts.option(id)}" for id in ids)
        below = 0.0
        if key:
            below = high(key, ROOM, SMALL) + 0.06
            self.top = FOOT_TOP - GAP - below + 0.06
            self._say(key, name=word("slide_marks", lang), size=SMALL, ink="quiet")
        lower = FOOT_TOP - GAP - below
        rows = self._classes_inside()
        line = SMALL * LEADING / 72 + 0.05
        room = Box(MARGIN, upper, left, lower - upper - line * len(rows) - 0.4)
        self._map(room, list(facts.inside))
        self._swatches(rows, MARGIN, lower - line * len(rows) - 0.3, left, line)
        self.top = upper
        heads = ["county", "band", "roles", "road", "people", "latest", "share", "state"]
        cells = [list(self._county_row(adcode)) for adcode in facts.inside]
        # As on the screen, without residents; without roads where Box 5 lists none, as the words above say.
        without = {"people"} if len(cells) > 1 else set()
        without |= {"road"} if all(row[3] == "—" for row in cells) else set()
        for at in sorted(map(heads.index, without), reverse=True):
            for row in (heads, *cells):
                del row[at]
        for size in (TEXT, SMALL):
            table = Table.fitted(
                [word(f"slide_head_{key}", lang) for key in heads],
                cells,
                ROOM - left - 0.25,
                {heads.index("share")},
                size,
            )
            if table.fits(FOOT_TOP - GAP - SPARE - self.top - below):
                break
        self._table(table, MARGIN + left + 0.25, below=below)

    def _classes_inside(self) -> list[tuple[Fill, str]]:
        """Return the legend of the counties that the scene is about: only the classes that they are in."""
        facts = self.facts
        there = {facts.classes[adcode] for adcode in facts.inside}
        rows = [(county_fill(row.id), row.label) for row in facts.legend if row.id in there]
        return [*rows, (county_fill("na"), word("js_legend_na", self.lang))] if "na" in there else rows

    def _swatches(self, rows: Sequence[tuple[Fill, str]], x: float, y: float, wide: float, line: float) -> None:
        """Draw a small map's legend: what its colours are of, then each class."""
        lang = self.lang

        def write(number: Numbers) -> str:
            own_number, top = number(), y + line + 0.05
            head = word(f"js_layer_{self.view.layer}", lang)
            said = paragraphs(head, SMALL, ink=colour("ink"), lang=lang, bold=True)
            parts = [words(number(), head, Box(x, y, wide, line), said)]
            for fill, label in rows:
                edge = line_xml(colour("control"), 0.75)
                parts.append(plain(number(), label, Box(x, top + 0.02, 0.32, 0.17), fill_xml(fill), edge))
                said = paragraphs(label, SMALL, ink=colour("ink"), lang=lang)
                parts.append(words(number(), label, Box(x + 0.42, top, wide - 0.42, line), said))
                top += line
            return group(own_number, word("js_legend", lang), Box(x, y, wide, top - y), parts)

        put(self.slide, write)

    def _roles(self, adcode: str) -> tuple[str, ...]:
        county = self.facts.counties[adcode]
        return (*county.clusters, *county.energy)

    def _county_row(self, adcode: str) -> tuple[str, ...]:
        """Return a county's row of its prefecture's table, as the page says it."""
        facts, lang = self.facts, self.lang
        cells = facts.columns[adcode].cells

        def said(key: str) -> str:
            return "\n".join(line.text for line in cells.get(key, ())) or "—"

        marks = " ".join(self.atlas.plan.option(id).mark for id in self._roles(adcode)) or "—"
        road = "—"
        known = facts.roads.counties
        if adcode in known.index:
            row = known.loc[adcode]
            outcome = outcomes.OUTCOMES[str(row["outcome"])][0 if self.zh else 1]
            road = word("turn_planned", lang, year=str(row["planned_year"])) + "\n"
            opened = word("turn_opened", lang, date=outcomes.say_when(str(row["when"]), lang), outcome=outcome)
            road += outcome if row["outcome"] == outcomes.UNKNOWN else opened
        # Totals of a part of the year have a table of their own: here they would stand beside a full-year bound.
        known_lines = cells["gdp"]
        if adcode in facts.assessed and not pd.isna(facts.assessed[adcode]["part_year"]) and len(known_lines) > 1:
            known_lines = known_lines[:-1]
        latest = "\n".join(line.text + (f"\n{line.label}" if line.label else "") for line in known_lines)
        return (
            facts.short(adcode),
            said("band"),
            marks,
            road,
            said("population"),
            latest,
            said("attainment"),
            said("state"),
        )

    def _county_page(self) -> None:
        facts, lang = self.facts, self.lang
        self._begin()
        for text in facts.findings:
            self._say(text)
        left = 8.6
        self._where(Box(MARGIN + left + 0.3, self.top, ROOM - left - 0.3, 3.2))
        rows = []
        column = facts.columns[facts.code]
        for key, row in facts.heads.items():
            lines = column.cells.get(key, ())
            if not lines:
                continue
            text = "\n".join(f"{line.text}" for line in lines)
            cited = [line.source or row.source for line in lines]
            stands = "\n".join(
                dict.fromkeys(
                    " ".join(part for part in (one.clause or one.source, one.status, one.period) if part)
                    for one in cited
                    if one is not None
                )
            )
            rows.append((row.head, text, stands or row.note))
        heads = tuple(word(f"slide_head_{key}", lang) for key in ("item", "value", "stands"))
        self._table(Table.fitted(heads, rows, left))

    def _where(self, room: Box) -> None:
        """Draw where the county lies: a small map of the province with it in colour."""
        code = self.facts.code
        here = self.facts.counties[code].prefecture_code

        def fill(adcode: str) -> Fill:
            if adcode == code:
                return Fill(colour("accent"))
            same = self.facts.counties[adcode].prefecture_code == here
            return Fill(colour("r1" if same else "unmatched"))

        name = word("slide_where", self.lang, name=self.facts.name(code))
        self._map(room, list(self.atlas.counties.index), coarse=True, fill=fill, name=name, labels=False, rings=(code,))

    # ---- overlap, compare, anything else

    def _overlap_page(self) -> None:
        facts, lang = self.facts, self.lang
        self._begin()
        for at, text in enumerate(facts.findings):
            self._say(text, size=TEXT, ink="quiet" if at else "ink", bold=not at)
        found = facts.overlap.combinations
        # Combinations that one county alone holds stand in the table.
        several = [one for one in found if len(one.adcodes) > 1][:CHART_ROWS]
        if several:
            if FOOT_TOP - self.top < 1.2 + 0.2 * len(several):
                self._begin()
            self._say(word("slide_combinations", lang, n=len(several)), size=TEXT, bold=True)
            data = CategoryChartData(number_format="General")
            data.categories = [_category(facts.combination(one.sets)) for one in several]
            data.add_series(word("js_overlap_size", lang), [len(one.adcodes) for one in several])
            room = Box(MARGIN, self.top, ROOM, FOOT_TOP - GAP - self.top)
            chart = self._chart(XL_CHART_TYPE.BAR_CLUSTERED, data, room, word("slide_chart", lang), legend=False)
            chart.plots[0].gap_width = 45
            _paint(chart.plots[0].series[0].format, Fill(colour("r5")))
        self._begin()
        between = "、" if self.zh else ", "
        rows = tuple(
            (facts.combination(one.sets), str(len(one.adcodes)), between.join(map(facts.short, one.adcodes)))
            for one in found
        )
        heads = (word("slide_head_combination", lang), word("js_overlap_size", lang), word("js_overlap_names", lang))
        self._table(Table.fitted(heads, rows, ROOM, {1}))

    def _compare_page(self) -> None:
        facts, lang = self.facts, self.lang
        self._begin()
        chosen = facts.inside
        if not chosen:
            self._say(word("compare_nobody", lang))
            return
        rows = facts.standing.assessment
        rows = rows.loc[[adcode for adcode in chosen if adcode in rows.index]]
        rows = rows[rows["attainment"].notna()]
        if len(rows):
            self._say(word("slide_compared", lang, n=len(chosen), known=len(rows)), size=TEXT, bold=True)
            self._bounds(rows)
            self._begin()
        columns = [facts.columns[adcode] for adcode in chosen]
        first = 1.9
        wide = (ROOM - first) / len(columns)
        made = []
        for key, row in facts.heads.items():
            if not any(key in column.cells for column in columns):
                continue
            cells = [
                "\n".join(line.said(lang) for line in column.cells.get(key, ())) or row.blank for column in columns
            ]
            made.append((row.head, *cells))
        heads = (word("slide_head_item", lang), *(column.name for column in columns))
        self._table(Table(heads, tuple(made), (first, *[wide] * len(columns))))

    def _other_page(self) -> None:
        self._begin()
        self._say(word("slide_no_picture", self.lang, path=self.facts.scene.path))


def _category(text: str) -> str:
    """Return a bar's name as the chart's own workbook can hold it: no formula, no control character."""
    return str(harmless(clean(text)))


def _words_at(name: str, room: Box, said: str) -> Callable[[Numbers], str]:
    """Return what writes a text box."""
    return lambda number: words(number(), name, room, said)


def shown_number(amount: Any, lang: str, *apart: Any, whole: bool = False) -> float:
    """Return a number as the pages show it, for a chart's own data sheet."""
    return float(speech.say_number(amount, lang, *apart, whole=whole).replace(",", ""))


def _paint(form: Any, fill: Fill) -> None:
    """Fill bars like the counties of a class; an edge keeps a pale one from the ground."""
    form.line.color.rgb = RGBColor.from_string(fill.line or colour("quiet"))
    form.line.width = Pt(0.75)
    if not fill.pattern:
        form.fill.solid()
        form.fill.fore_color.rgb = RGBColor.from_string(fill.ground)
        return
    form.fill.patterned()
    form.fill.pattern = MSO_PATTERN_TYPE.from_xml(PATTERNS.get(fill.pattern, ROAD_PATTERN))
    form.fill.fore_color.rgb = RGBColor.from_string(fill.line)
    form.fill.back_color.rgb = RGBColor.from_string(fill.ground)
