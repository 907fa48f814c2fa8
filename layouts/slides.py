"""A deck as PowerPoint slides: native and editable, one scene after another, drawn from what the pages say.

County shapes are freeforms in groups, charts and tables are PowerPoint's own. What does not fit one slide goes on, and
says so in the title.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
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

from layouts.atlas import Atlas
from layouts.colours import Fill, colour, county_fill
from layouts.county_map import accessible_name, source_lines
from layouts.deck import Deck
from layouts.documents import harmless
from layouts.scene_facts import SceneFacts, StandingOf, scenes_of
from layouts.slide_parts import (
    FALLBACK,
    FONT,
    Box,
    Numbers,
    Table,
    clean,
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
    put,
    run_properties,
    table_xml,
    width,
    words,
    wrap,
)
from layouts.wording import word
from targets import outcomes, progress

WIDE, HIGH, MARGIN = 13.333, 7.5, 0.5
ROOM = WIDE - 2 * MARGIN
TITLE_TOP, FOOT_TOP = 0.36, 6.86
TITLE, SMALL_TITLE, BODY, SMALL = 28, 24, 16, 12
TEXT = 14
GAP = 0.16
CHART_ROWS = 15  # counties to one chart: more could not be read from the back row
LEGEND_WIDE = 3.45
LABEL_LEADING = 1.2
BAR = 0.26  # inches that a county needs in a chart
SMALL_COUNTY = 420  # map units: a county this small gets a dot on a small map


Bounds = tuple[float, float, float, float]
Place = Callable[[float, float], tuple[float, float]]


def slides(deck: Deck, atlas: Atlas, standing_of: StandingOf, lang: str, now: datetime) -> bytes:
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
    """
    shown = _blank(deck, lang, now)
    names: dict[tuple[str, str, str], str] = {}
    for facts in scenes_of(deck, atlas, standing_of, lang):
        _Scene(shown, facts, names).draw()
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
    about = shown.core_properties
    about.title, about.author, about.last_modified_by = clean(deck.title), word("brand", lang), word("brand", lang)
    about.created = about.modified = now
    about.language = "zh-CN" if lang == "zh" else "en-US"
    about.comments = about.subject = word("brand_sub", lang)
    return shown


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

    def _begin(self, source: str = "") -> None:
        """Begin a slide: title, source line, number, and on the scene's first slide the note."""
        scene, lang = self.facts.scene, self.lang
        self.slide = self.shown.slides.add_slide(self.shown.slide_layouts[0])
        title = " ".join(scene.title.split()) + (word("slide_more", lang) if self.count else "")
        size = TITLE if len(wrap(title, ROOM, TITLE, True)) == 1 else SMALL_TITLE
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
        line = "　".join([*source_lines(self.atlas, lang), *([source] if source else [])])
        room = ROOM - 1.0
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

    def _table(self, table: Table, x: float = MARGIN, name: str = "") -> None:
        """Draw a table; what does not fit goes on, over the whole width of further slides."""
        label = name or word("slide_table", self.lang)
        further = FOOT_TOP - GAP - TITLE_TOP - max(high(self._more(), ROOM, SMALL_TITLE, True), 0.5) - 0.12
        for at, rows in enumerate(table.pages(FOOT_TOP - GAP - self.top, further)):
            if at:
                self._begin()
                x = MARGIN
            if rows or not table.rows:
                put(self.slide, self._table_at(label, table, rows, x, self.top))

    def _table_at(
        self, name: str, table: Table, rows: Sequence[Sequence[str]], x: float, y: float
    ) -> Callable[[Numbers], str]:
        return lambda number: table_xml(number(), name, table, rows, x, y, self.lang)

    def _more(self) -> str:
        return " ".join(self.facts.scene.title.split()) + word("slide_more", self.lang)

    # ---- the map

    def _map_page(self) -> None:
        self._begin()
        said = self.facts.findings
        self._say(said[0], size=TEXT, ink="quiet")
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
            whole = number()
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
            if len(adcodes) == len(self.atlas.counties) and not coarse:
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
            return group(whole, name or word("slide_map", self.lang), around, parts, facts.scene.title)

        if not rings and not coarse:
            rings = [*facts.scene.highlight, *([self.view.county] if self.view.county else [])]
        put(self.slide, write)
        if labels:
            self._labels({adcode: shapes.labels[adcode] for adcode in adcodes}, place, rings)

    def _labels(
        self,
        at: dict[str, tuple[int, int, int]],
        place: Place,
        first: Sequence[str] = (),
    ) -> None:
        """Name the counties where the names fit without touching one another, the roomiest and the ringed first."""
        facts = self.facts
        order = sorted(at, key=lambda a: (a not in first, a not in facts.kept, -at[a][2]))
        taken: list[tuple[float, float, float, float]] = []
        found: list[tuple[str, str, Box]] = []
        tall = SMALL * LABEL_LEADING / 72
        for adcode in order:
            x, y, radius = at[adcode]
            middle, reach = place(x, y), place(x + radius, y)[0] - place(x, y)[0]
            for text, ease in self._candidates(adcode):
                wide = width(text, SMALL)
                box = (middle[0] - wide / 2, middle[1] - tall / 2, middle[0] + wide / 2, middle[1] + tall / 2)
                roomy = adcode in first or wide / 2 < reach * ease + 0.03
                if roomy and not any(
                    box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken
                ):
                    taken.append(box)
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

    def _candidates(self, adcode: str) -> list[tuple[str, float]]:
        """Return how a county may be labelled, and how far each may reach beyond the county's largest circle."""
        # Narrower than on the screen: here no halo parts a name from the border that it crosses.
        name, stem = self.facts.short(adcode), self._stem(adcode)
        return [(name, 1.3), (stem, 1.5)] if self.zh and stem != name else [(name, 1.3 if self.zh else 1.8)]

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
            text, size = self._stem(adcode), SMALL
            if width(text, size) > cell * 0.98:
                # Three characters on two lines; a long English name stays in the shape's own name.
                text, size = (f"{text[:2]}\n{text[2:]}", SMALL - 2) if self.zh else ("", size)
            ink = colour("strong-ink" if fill.is_strong else "map-ink")
            said = paragraphs(text, size, ink=ink, lang=self.lang, align="ctr") if text else ""
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
        rows: list[tuple[Fill | str | None, str, str]] = [
            (county_fill(row.id), row.label, str(row.count)) for row in facts.legend
        ]
        marks = []
        if layer in ("cluster", "energy"):
            for id in self.atlas.plan.option_ids[layer]:
                n = sum(adcode in facts.kept for adcode in self.atlas.members[id])
                marks.append((id, facts.option(id), str(n)))
        notes: list[tuple[Fill, str]] = []
        if layer == "road":
            notes = [
                (county_fill("2025"), word("js_legend_road_opened", lang)),
                (county_fill("2023", unknown_road=True), word("js_legend_road_unknown", lang)),
            ]
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
            lines += [(id, label, n, "mark") for id, label, n in marks]
            lines += [(fill, label, "", "swatch") for fill, label in notes]
            for what, label, n, kind in lines:
                size = TEXT if n else SMALL
                room = label_room if n else LEGEND_WIDE - 0.5
                tall = high(label, room, size)
                box = Box(x, top + 0.02, 0.36, 0.21)
                if kind == "mark":
                    option = self.atlas.plan.option(what)
                    said = paragraphs(option.mark, SMALL, ink=colour("panel"), lang="zh", bold=True, align="ctr")
                    square = Box(x + 0.06, top + 0.01, 0.23, 0.23)
                    parts.append(plain(number(), what, square, fill_xml(colour(what)), line_xml(None), said))
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
        self._begin()
        if facts.view.period:
            self._say(progress.say_period(facts.view.period, lang), size=TEXT, ink="quiet")
        first, *rest = facts.findings
        self._say(first, bold=True)
        for text in rest:
            self._say(text, size=TEXT, ink="quiet")
        counts = facts.state_counts()
        self.top += 0.05
        if len(facts.matched):
            wide = ROOM / len(counts)
            table = Table(
                tuple(facts.state(state) for state in counts),
                (tuple(map(str, counts.values())),),
                (wide,) * len(counts),
            )
            put(self.slide, self._table_at(word("slide_states", lang), table, table.rows, MARGIN, self.top))
            self.top += table.row_high(table.heads, True) + sum(map(table.row_high, table.rows)) + 0.15
        measured = facts.measured
        start = 0
        while start < len(measured):
            # The first chart shares its slide with the finding where a few rows fit below that.
            fit = int((FOOT_TOP - GAP - self.top - 1.0) / BAR)
            if start or fit < min(4, len(measured)):
                self._begin()
                fit = CHART_ROWS
            rows = measured.iloc[start : start + min(fit, CHART_ROWS)]
            title = word("slide_bullets", lang, n=len(measured), first=start + 1, last=start + len(rows))
            self._say(title, size=TEXT, bold=True)
            self._bounds(rows, Box(MARGIN, self.top, ROOM, FOOT_TOP - GAP - self.top))
            start += len(rows)
        self._behind()
        self._quarter()

    def _bounds(self, rows: pd.DataFrame, room: Box) -> None:
        """Draw observed values beside the lower bounds as a native bar chart."""
        lang = self.lang
        data = CategoryChartData(number_format="General")
        data.categories = [_category(self._bar(row)) for _, row in rows.iterrows()]
        observed = [shown_number(row["observed"], row["lower"]) for _, row in rows.iterrows()]
        data.add_series(word("head_observed", lang), observed)
        data.add_series(word("head_lower", lang), [int(lower) for lower in rows["lower"]])
        chart = self._chart(XL_CHART_TYPE.BAR_CLUSTERED, data, room, word("slide_chart", lang), legend=True)
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 45, -5
        bars, bounds = plot.series
        for at, state in enumerate(rows["state"]):
            _paint(bars.points[at].format, county_fill(str(state)))
        _paint(bars.format, county_fill("reached"))
        _paint(bounds.format, Fill(colour("line")))
        bounds.format.line.color.rgb = RGBColor.from_string(colour("quiet"))

    def _bar(self, row: pd.Series) -> str:
        """Return a bar's name: county, year of its figure, state."""
        name = self.facts.short(str(row.name))
        when = progress.say_period(str(row["period"]), self.lang)
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
        names.reverse_order = True  # the first on top
        names.tick_labels.font.size = Pt(SMALL)
        names.format.line.color.rgb = RGBColor.from_string(colour("control"))
        names.has_major_gridlines = False
        values.has_major_gridlines = False
        values.visible = False
        values.minimum_scale = 0
        values.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        plot = chart.plots[0]
        plot.vary_by_categories = False
        plot.has_data_labels = True
        plot.data_labels.show_value = True
        plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "General", False
        plot.data_labels.font.size = Pt(SMALL)
        return chart

    def _behind(self) -> None:
        facts, lang = self.facts, self.lang
        rows = facts.behind
        self._begin()
        self._say(word("behind_title", lang, n=len(rows)), bold=True)
        if rows.empty:
            self._say(word("behind_none", lang), size=TEXT)
            return
        heads = ("county", "lower", "observed", "year", "status", "share", "gap", "growth", "source")
        cells = []
        for adcode, row in rows.iterrows():
            growth = row["required_growth"]
            cells.append(
                (
                    facts.short(str(adcode)),
                    f"{row['lower']}",
                    progress.say_number(row["observed"], row["lower"]),
                    str(row["year"]),
                    progress.say_status(row["status"], lang),
                    progress.say_share(row["observed"], row["lower"]) + "%",
                    progress.say_number(row["gap"], 0) if row["gap"] else "0",
                    "—" if pd.isna(growth) else progress.say_percent(growth, progress.RULES.pace) + "%",
                    str(row["source"]),
                )
            )
        self._table(
            Table(
                tuple(word(f"head_{key}", lang) for key in heads),
                tuple(cells),
                (1.5, 1.1, 1.2, 0.8, 1.0, 1.05, 1.1, 1.35, ROOM - 9.1),
                frozenset({1, 2, 3, 5, 6, 7}),
            )
        )

    def _quarter(self) -> None:
        """Draw the figures of the part of a year that the scene is about."""
        facts, lang = self.facts, self.lang
        part = facts.part
        if part is None:
            return
        kept = part.over(facts.matched)
        self._begin()
        when = progress.say_span(part.period, lang)
        self._say(word("quarter_title", lang, when=when, n=len(kept)), bold=True)
        asked = int(facts.standing.assessment.index.isin(facts.matched).sum())
        self._say(part.sentence(facts.matched, asked, lang), size=TEXT)
        self._say(word("quarter_text", lang), size=TEXT, ink="quiet")
        rows = []
        for adcode in part.order("growth"):
            if adcode not in kept.index:
                continue
            row = kept.loc[adcode]
            rows.append(
                (
                    facts.short(adcode),
                    "—" if pd.isna(row["level"]) else progress.say_number(row["level"]),
                    "—" if pd.isna(row["growth"]) else f"{progress.exact(row['growth']):f}%",
                    "—" if pd.isna(row["apart"]) else f"{progress.exact(row['apart']):+f}",
                    facts.state(str(row["state"])),
                )
            )
        heads = tuple(word(f"head_{key}", lang) for key in ("county", "level", "rate", "apart", "full_year"))
        self._table(Table(heads, tuple(rows), (2.6, 2.6, 1.8, 2.8, 2.5), frozenset({1, 2, 3})))

    # ---- a prefecture, a county

    def _prefecture_page(self) -> None:
        facts, lang = self.facts, self.lang
        self._begin()
        left, upper = 2.9, self.top
        # What the title says already is not said again.
        more = [text for text in facts.findings if text.rstrip("。").rstrip(".") not in facts.scene.title]
        said = [*([progress.say_period(facts.view.period, lang)] if facts.view.period else []), *more]
        for at, text in enumerate(said):
            self._say_in(text, MARGIN, left, size=TEXT, ink="quiet" if at == 0 and facts.view.period else "ink")
        held = {id for adcode in facts.inside for id in self._roles(adcode)}
        plan = self.atlas.plan
        ids = [id for id in (*plan.option_ids["cluster"], *plan.option_ids["energy"]) if id in held]
        key = ("　" if self.zh else "; ").join(f"{plan.option(id).mark} {facts.option(id)}" for id in ids)
        title = word(f"js_title_{self.view.layer}", lang)
        below = "\n".join(part for part in (word("slide_in_colour", lang, what=title), key) if part)
        tall = high(below, left, SMALL)
        room = Box(MARGIN, self.top + 0.05, left, FOOT_TOP - GAP - self.top - tall - 0.1)
        if room.high > 0.9:
            self._map(room, list(facts.inside))
            self.top = FOOT_TOP - GAP - tall
            self._say_in(below, MARGIN, left, name=word("slide_marks", lang), size=SMALL, ink="quiet")
        self.top = upper
        x = MARGIN + left + 0.2
        # A road's date and outcome need room; where no road is planned, the words beside get it.
        has_road = bool(set(facts.inside) & set(facts.roads.counties.index))
        widths: tuple[float, ...] = (
            (1.0, 1.5, 0.75, 1.75, 1.08, 1.35, 0.82) if has_road else (1.0, 1.5, 0.95, 0.9, 1.1, 1.45, 0.82)
        )
        widths = (*widths, ROOM - left - 0.2 - sum(widths))
        heads = ("county", "band", "roles", "road", "people", "latest", "share", "state")
        rows = tuple(self._county_row(adcode) for adcode in facts.inside)
        self._table(Table(tuple(word(f"slide_head_{key}", lang) for key in heads), rows, widths, frozenset({4, 6})), x)

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
            opened = word("turn_opened", lang, date=row["opened"], outcome=outcome)
            road += outcome if row["outcome"] == outcomes.UNKNOWN else opened
        latest = "\n".join(line.text + (f"\n{line.label}" if line.label else "") for line in cells["gdp"])
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
        self._table(Table(heads, tuple(rows), (2.2, 2.9, left - 5.1)))

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
        self._table(Table(heads, rows, (4.6, 1.1, ROOM - 5.7), frozenset({1})))

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
            self._bounds(rows, Box(MARGIN, self.top, ROOM, FOOT_TOP - GAP - self.top))
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


def shown_number(amount: Any, *apart: Any) -> float:
    """Return a number as the pages show it, for a chart's own data sheet."""
    return float(progress.say_number(amount, *apart).replace(",", ""))


def _paint(form: Any, fill: Fill) -> None:
    """Fill bars like the counties of a class."""
    if not fill.pattern:
        form.fill.solid()
        form.fill.fore_color.rgb = RGBColor.from_string(fill.ground)
        return
    form.fill.patterned()
    kinds = {"on_pace": MSO_PATTERN_TYPE.PERCENT_30, "behind": MSO_PATTERN_TYPE.WIDE_DOWNWARD_DIAGONAL}
    form.fill.pattern = kinds.get(fill.pattern, MSO_PATTERN_TYPE.WIDE_UPWARD_DIAGONAL)
    form.fill.fore_color.rgb = RGBColor.from_string(fill.line)
    form.fill.back_color.rgb = RGBColor.from_string(fill.ground)
