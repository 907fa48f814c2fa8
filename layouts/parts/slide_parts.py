"""The parts of a slide, written as DrawingML: text that is measured, freeforms, groups, tables.

Shapes are written as XML and put in whole, since python-pptx looks through the entire slide for the next free number at
every single shape. All sizes here are in inches, fonts in points.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from typing import Any
from weakref import WeakKeyDictionary
from xml.sax.saxutils import escape, quoteattr

import shapely
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide

from geodata.outlines import Ring, path_rings
from layouts.parts.colours import Fill, colour
from layouts.parts.styles import HATCHES
from targets.cells import clean
from targets.speech import Speech

EMU = 914_400
FONT = "Microsoft YaHei"
# What stands in where that font is not installed, as on Kylin and UOS.
FALLBACK = "Noto Sans CJK SC"
LEADING = 1.25
GAP = 0.2  # ems between Chinese and other letters
# Characters that XML 1.0 cannot hold at all.
# What stays together: a Chinese character or a word, with the marks that no line begins with.
_CLOSE = "[，。；：、！？）》”’…％]*"
_WORD = re.compile(
    rf"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]{_CLOSE}|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+{_CLOSE}\s*|\s+"
)
# No line begins with one of these.
_CLOSING = set("，。；：、！？）》”’…％%,.;:!?)")
_OPENING = "（《“‘(["


def emu(inches: float) -> int:
    """Return inches as the format's own unit."""
    return round(inches * EMU)


# ---- measuring ------------------------------------------------------------------------------------------------------


def _is_wide(letter: str) -> bool:
    return ord(letter) >= 0x2E80 or letter in "—…“”‘’≥≤×·"


def _gap(before: str, letter: str) -> float:
    """Return the ems that some programs leave between two letters, one Chinese and one not."""
    if not (before.strip() and letter.strip()):
        return 0.0
    # Quotation marks and dashes are as wide as Chinese, and parted from it like the rest.
    return GAP if (ord(before) >= 0x2E80) is not (ord(letter) >= 0x2E80) else 0.0


def width(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a text is at most, in inches: a Chinese character is as wide as high, others by their kind.

    Where the fonts are missing, a wider one stands in, and LibreOffice and WPS part Chinese from the rest by a gap.
    """
    ems, before = 0.0, ""
    for letter in text:
        if _is_wide(letter):
            ems += 1.0
        elif letter in "iljtfrI.,:;'|!()[] ":
            ems += 0.4
        elif letter.isupper() or letter in "mwMW%@&+=<>–":
            ems += 0.95 if letter in "%@W" else 0.84
        else:
            ems += 0.65
        ems += _gap(before, letter)
        before = letter
    return ems * size / 72 * (1.08 if bold else 1.0)


@lru_cache(maxsize=20_000)
def wrap(text: str, room: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """Break a text into lines that are no wider than `room` inches."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for piece in _WORD.findall(paragraph):
            pieces = [piece] if width(piece.rstrip(), size, bold) <= room else list(piece)
            for part in pieces:
                between = _gap(line[-1:], part[:1]) * size / 72
                wide = between + width(part.rstrip(), size, bold)
                if line.strip() and used + wide > room and part not in _CLOSING:
                    # An opening mark goes on with what it opens.
                    kept = line.rstrip().rstrip(_OPENING) or line.rstrip()
                    line = line.rstrip()[len(kept) :]
                    lines.append(kept.rstrip())
                    used, between = width(line, size, bold), _gap(line[-1:], part[:1]) * size / 72
                line += part
                used += between + width(part, size, bold)
        lines.append(line.rstrip())
    return tuple(lines)


def high(text: str, room: float, size: float, bold: bool = False) -> float:
    """Return how high a text is in a room of some width, in inches."""
    return len(wrap(text, room, size, bold)) * size * LEADING / 72


# ---- text -----------------------------------------------------------------------------------------------------------


def fill_xml(fill: Fill | str | None) -> str:
    """Write a fill: a colour, the fill of a class, or none."""
    if fill is None:
        return "<a:noFill/>"
    if isinstance(fill, str):
        return f'<a:solidFill><a:srgbClr val="{fill}"/></a:solidFill>'
    if not fill.hatch:
        return fill_xml(fill.ground)
    return (
        f'<a:pattFill prst="{HATCHES[fill.hatch].slide}"><a:fgClr><a:srgbClr val="{fill.line}"/></a:fgClr>'
        f'<a:bgClr><a:srgbClr val="{fill.ground}"/></a:bgClr></a:pattFill>'
    )


def line_xml(name: str | None, points: float = 0.75) -> str:
    """Write a line of a colour and width; None for no line."""
    if name is None:
        return "<a:ln><a:noFill/></a:ln>"
    return f'<a:ln w="{round(points * 12_700)}">{fill_xml(name)}<a:round/></a:ln>'


def fonts_xml() -> str:
    """Write the two typefaces, Latin and East Asian."""
    return f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/>'


def run_properties(size: float, ink: str, bold: bool, lang: str, tag: str = "a:rPr") -> str:
    """Write how a run looks."""
    spoken = Speech.of(lang).pick('lang="zh-CN" altLang="en-US"', 'lang="en-US" altLang="zh-CN"')
    return f'<{tag} {spoken} sz="{round(size * 100)}" b="{int(bold)}" dirty="0">{fill_xml(ink)}{fonts_xml()}</{tag}>'


def paragraphs(
    text: str, size: float, *, ink: str, lang: str, bold: bool = False, align: str = "l", leading: float = LEADING
) -> str:
    """Write a text as paragraphs, one for each of its lines, at a line height that holds whatever the font."""
    said = []
    for line in clean(text).split("\n"):
        run = run_properties(size, ink, bold, lang)
        body = f"<a:r>{run}<a:t>{escape(line)}</a:t></a:r>" if line else ""
        end = "" if line else run_properties(size, ink, bold, lang, "a:endParaRPr")
        said.append(
            f'<a:p><a:pPr algn="{align}"><a:lnSpc><a:spcPts val="{round(size * leading * 100)}"/></a:lnSpc>'
            f'<a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/></a:pPr>{body}{end}</a:p>'
        )
    return "".join(said)


# ---- shapes ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in inches."""

    x: float
    y: float
    wide: float
    high: float

    def xfrm(self, tag: str = "a:xfrm") -> str:
        """Write the place and size."""
        wide, tall = max(1, emu(self.wide)), max(1, emu(self.high))
        return f'<{tag}><a:off x="{emu(self.x)}" y="{emu(self.y)}"/><a:ext cx="{wide}" cy="{tall}"/></{tag}>'


Numbers = Callable[[], int]


@lru_cache(maxsize=600)
def outline(data: str, closed: bool = True) -> tuple[int, int, int, int, str]:
    """Return path data as the bounds and the path element of a freeform, in its own units."""
    return drawn(path_rings(data), closed)


def drawn(rings: Sequence[Ring], closed: bool = True) -> tuple[int, int, int, int, str]:
    """Return rings, or open lines, as bounds x0, y0, x1, y1 and path element; holes by the even-odd rule."""
    xs = [x for ring in rings for x, _ in ring]
    ys = [y for ring in rings for _, y in ring]
    x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
    x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1)
    parts = []
    for ring in rings:
        points = [f'<a:pt x="{x - x0}" y="{y - y0}"/>' for x, y in ring]
        steps = "".join(f"<a:lnTo>{point}</a:lnTo>" for point in points[1:])
        parts.append(f"<a:moveTo>{points[0]}</a:moveTo>{steps}{'<a:close/>' if closed else ''}")
    fill = "" if closed else ' fill="none"'
    return x0, y0, x1, y1, f'<a:path w="{x1 - x0}" h="{y1 - y0}"{fill}>{"".join(parts)}</a:path>'


@lru_cache(maxsize=600)
def polygon(data: str) -> Any:
    """Return path data as a shape to reckon with; holes by the even-odd rule."""
    parts = [shapely.make_valid(shapely.Polygon(ring)) for ring in path_rings(data) if len(ring) > 2]
    return reduce(shapely.symmetric_difference, parts)


@lru_cache(maxsize=200)
def cut_out(data: str, box: tuple[int, int, int, int], closed: bool = True) -> tuple[int, int, int, int, str] | None:
    """Return what lies in a box of path data, as by `outline`; None when nothing does."""
    whole = polygon(data) if closed else shapely.MultiLineString([ring for ring in path_rings(data) if len(ring) > 1])
    inside = shapely.intersection(whole, shapely.box(*box))
    rings: list[Ring] = []
    for part in shapely.get_parts(shapely.get_parts(inside)):
        if closed and part.geom_type == "Polygon":
            rings += [[(round(x), round(y)) for x, y in ring.coords[:-1]] for ring in (part.exterior, *part.interiors)]
        elif not closed and part.geom_type == "LineString":
            rings.append([(round(x), round(y)) for x, y in part.coords])
    return drawn(rings, closed) if rings else None


def named(number: int, name: str, descr: str = "") -> str:
    """Write a shape's number and name."""
    about = f" descr={quoteattr(clean(descr))}" if descr else ""
    return f'<p:cNvPr id="{number}" name={quoteattr(clean(name))}{about}/>'


def freeform(number: int, name: str, box: Box, path: str, fill: str, line: str, descr: str = "") -> str:
    """Write a freeform."""
    return (
        f"<p:sp><p:nvSpPr>{named(number, name, descr)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>{box.xfrm()}"
        f'<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f"<a:pathLst>{path}</a:pathLst></a:custGeom>{fill}{line}</p:spPr></p:sp>"
    )


def plain(
    number: int, name: str, box: Box, fill: str, line: str, text: str = "", *, kind: str = "rect", descr: str = ""
) -> str:
    """Write a preset shape; `text` is of `paragraphs`."""
    free = '<a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/>'
    body = f"<p:txBody>{free}<a:lstStyle/>{text}</p:txBody>" if text else ""
    return (
        f"<p:sp><p:nvSpPr>{named(number, name, descr)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>{box.xfrm()}"
        f'<a:prstGeom prst="{kind}"><a:avLst/></a:prstGeom>{fill}{line}</p:spPr>{body}</p:sp>'
    )


def words(number: int, name: str, box: Box, text: str, *, anchor: str = "t", wraps: bool = True) -> str:
    """Write a text box; `text` is of `paragraphs`."""
    way = "square" if wraps else "none"
    return (
        f'<p:sp><p:nvSpPr>{named(number, name)}<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr>{box.xfrm()}'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody>'
        f'<a:bodyPr wrap="{way}" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"><a:noAutofit/></a:bodyPr>'
        f"<a:lstStyle/>{text}</p:txBody></p:sp>"
    )


def leader(number: int, name: str, start: tuple[float, float], end: tuple[float, float], line: str) -> str:
    """Write a straight line between two points."""
    (x0, y0), (x1, y1) = start, end
    flips = ' flipH="1"' * (x1 < x0) + ' flipV="1"' * (y1 < y0)
    box = Box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
    place = box.xfrm().replace("<a:xfrm>", f"<a:xfrm{flips}>", 1)
    return (
        f"<p:cxnSp><p:nvCxnSpPr>{named(number, name)}<p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr><p:spPr>{place}"
        f'<a:prstGeom prst="line"><a:avLst/></a:prstGeom>{line}</p:spPr></p:cxnSp>'
    )


def group(number: int, name: str, box: Box, inside: Iterable[str], descr: str = "") -> str:
    """Write a group whose members stand at their place on the slide."""
    x, y, wide, tall = emu(box.x), emu(box.y), max(1, emu(box.wide)), max(1, emu(box.high))
    return (
        f"<p:grpSp><p:nvGrpSpPr>{named(number, name, descr)}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>"
        f'<a:off x="{x}" y="{y}"/><a:ext cx="{wide}" cy="{tall}"/><a:chOff x="{x}" y="{y}"/>'
        f'<a:chExt cx="{wide}" cy="{tall}"/></a:xfrm></p:grpSpPr>{"".join(inside)}</p:grpSp>'
    )


# The last number that `put` gave, by slide.
_LAST: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


def put(slide: Slide, write: Callable[[Numbers], str]) -> Any:
    """Put a shape into a slide; `write` gets a function that gives numbers which no other shape has."""
    tree = slide.shapes._spTree
    # What python-pptx put in itself stands at the top; to look through every point of the maps would take long.
    beside = tree.xpath("./p:nvGrpSpPr/p:cNvPr/@id | ./p:sp/p:nvSpPr/p:cNvPr/@id | ./p:graphicFrame/*/p:cNvPr/@id")
    last = max(_LAST.get(slide.part, 0), *map(int, beside))

    def number() -> int:
        nonlocal last
        last += 1
        return last

    text = write(number)
    end = text.index(">") if text[text.index(">") - 1] != "/" else text.index(">") - 1
    element = parse_xml(f"{text[:end]} {nsdecls('a', 'p', 'r')}{text[end:]}")
    tree.append(element)
    _LAST[slide.part] = last
    return element


# ---- tables ---------------------------------------------------------------------------------------------------------

STEP = 0.05  # inches by which a column gives way
AIR = 0.12  # inches that a row may be higher than it must be
BROKEN = 0.4  # what a broken line costs beside a row that grows by one
CELL = 0.07  # inches left free inside a cell at left and right
PAD = 0.03  # above and below


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be drawn: heads and cells as text, the columns' widths in inches, which of them hold numbers.

    `air` is what each row is higher than it must be; `fills` is how cells are filled, by their row and column.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers: frozenset[int] = frozenset()
    size: float = 14
    air: float = 0
    fills: Mapping[tuple[str, ...], Mapping[int, Fill]] = field(default_factory=dict)

    @classmethod
    def fitted(
        cls,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        room: float,
        numbers: Iterable[int] = (),
        size: float = 14,
    ) -> Table:
        """Return a table that is as wide as its room, its columns so divided that it is as low as can be.

        Each column starts as wide as its longest line, and gives way where that costs the fewest lines.
        """
        # A unit stands under what it is the unit of.
        heads = [re.sub(r"(?<=..)(?=\uff08)|(?<=..) (?=\()", "\n", head) for head in heads]
        grid = [tuple(heads), *map(tuple, rows)]
        lines: list[dict[float, list[int]]] = [{} for _ in heads]

        def tall(at: int, wide: float) -> list[int]:
            if wide not in lines[at]:
                lines[at][wide] = [
                    len(wrap(row[at], round(wide - 2 * CELL, 3), size, n == 0 or at == 0)) for n, row in enumerate(grid)
                ]
            return lines[at][wide]

        def steps(wide: float) -> float:
            return round(math.ceil(wide / STEP + 0.01) * STEP, 2)

        def longest(at: int, parts: Callable[[str], list[str]]) -> float:
            return max(
                width(part.rstrip(), size, n == 0 or at == 0)
                for n, row in enumerate(grid)
                for part in parts(row[at]) or [""]
            )

        widths, least = [], []
        for at in range(len(heads)):
            # No word is broken, and no Chinese word stands one character a line.
            least.append(steps(max(longest(at, _WORD.findall), 3 * size / 72) + 2 * CELL))
            widths.append(max(least[at], steps(longest(at, str.splitlines) + 2 * CELL)))
        # No column is wider than the others leave it.
        widths = [min(wide, max(own, room - sum(least) + own)) for wide, own in zip(widths, least, strict=True)]
        while sum(widths) > room:
            # In large steps while there is far to go.
            step = max(STEP, steps((sum(widths) - room) / 16))
            now = [tall(at, wide) for at, wide in enumerate(widths)]
            highest = [max(column) for column in zip(*now, strict=True)]
            costs = []
            for at, wide in enumerate(widths):
                if wide > least[at]:
                    narrow = tall(at, round(max(least[at], wide - step), 2))
                    more = sum(max(0, n - most) for n, most in zip(narrow, highest, strict=True))
                    costs.append((more + BROKEN * (sum(narrow) - sum(now[at])), -wide, at))
            if not costs:
                widths = [wide * room / sum(widths) for wide in widths]
                break
            at = min(costs)[-1]
            widths[at] = round(max(least[at], widths[at] - step), 2)
        spare = (room - sum(widths)) / len(widths)
        return cls(
            tuple(heads), tuple(map(tuple, rows)), tuple(wide + spare for wide in widths), frozenset(numbers), size
        )

    def aired(self, room: float) -> Table:
        """Return the table with higher rows, as far as the room allows and the eye follows."""
        tall = self.row_high(self.heads, True) + sum(map(self.row_high, self.rows))
        return replace(self, air=min(AIR, max(0.0, (room - tall - 0.01) / (1 + len(self.rows)))))

    def row_high(self, row: Sequence[str], bold: bool = False) -> float:
        """Return how high a row must be."""
        return (
            self.air
            + 2 * PAD
            + max(
                high(text, wide - 2 * CELL, self.size, bold or at == 0)
                for at, (text, wide) in enumerate(zip(row, self.widths, strict=True))
            )
        )

    def fits(self, room: float) -> bool:
        """Return whether all rows stand in so many inches."""
        return self.row_high(self.heads, True) + sum(map(self.row_high, self.rows)) <= room

    def pages(self, first: float, further: float) -> list[tuple[tuple[str, ...], ...]]:
        """Divide the rows over slides that leave so many inches for the table, the first and the further ones."""
        head = self.row_high(self.heads, True)
        made: list[list[tuple[str, ...]]] = [[]]
        left = first - head
        for row in self.rows:
            tall = self.row_high(row)
            if tall > left and (made[-1] or len(made) == 1):
                made.append([])
                left = further - head
            made[-1].append(row)
            left -= tall
        if not made[0] and len(made) > 1 and first >= further:
            del made[0]
        # One or two rows alone on the last slide look lost: they take more along.
        while len(made) > 1 and 0 < len(made[-1]) < 4 and len(made[-2]) > len(made[-1]) + 1:
            tall = head + sum(map(self.row_high, (made[-2][-1], *made[-1])))
            if tall > further:
                break
            made[-1].insert(0, made[-2].pop())
        return [tuple(rows) for rows in made]


def table_xml(
    number: int, name: str, table: Table, rows: Sequence[Sequence[str]], x: float, y: float, lang: str
) -> str:
    """Write a native table."""
    ink, rule = colour("ink"), colour("line")

    def cell(text: str, at: int, head: bool, fill: Fill | None) -> str:
        align = "r" if at in table.numbers else "l"
        on = colour("strong-ink") if fill and fill.is_strong else ink
        said = paragraphs(text, table.size, ink=on, lang=lang, bold=head or at == 0 or fill is not None, align=align)
        edge = colour("control") if head else rule
        none = "".join(f'<a:{side} w="0"><a:noFill/></a:{side}>' for side in ("lnL", "lnR", "lnT"))
        ground = fill_xml(colour("chip")) if head else fill_xml(fill)
        return (
            f'<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{said}</a:txBody><a:tcPr marL="{emu(CELL)}" marR="{emu(CELL)}" '
            f'marT="{emu(PAD)}" marB="{emu(PAD)}" anchor="ctr">{none}<a:lnB w="9525">{fill_xml(edge)}</a:lnB>{ground}'
            f"</a:tcPr></a:tc>"
        )

    def line(row: Sequence[str], head: bool = False) -> str:
        tall = emu(table.row_high(row, head))
        fills = {} if head else table.fills.get(tuple(row), {})
        return f'<a:tr h="{tall}">{"".join(cell(text, at, head, fills.get(at)) for at, text in enumerate(row))}</a:tr>'

    body = [line(table.heads, True), *(line(row) for row in rows)]
    tall = table.row_high(table.heads, True) + sum(map(table.row_high, rows))
    grid = "".join(f'<a:gridCol w="{emu(wide)}"/>' for wide in table.widths)
    return (
        f"<p:graphicFrame><p:nvGraphicFramePr>{named(number, name)}<p:cNvGraphicFramePr>"
        f'<a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
        f"{Box(x, y, sum(table.widths), tall).xfrm('p:xfrm')}<a:graphic>"
        f'<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl><a:tblPr firstRow="1"/>'
        f"<a:tblGrid>{grid}</a:tblGrid>{''.join(body)}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
