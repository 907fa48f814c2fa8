"""A workbook as sheets of shown cells, in one stream that guards and reads.

Nothing is parsed twice: the stream counts elements, rows and cells against the limits while it keeps them. Tags are
matched by their local name, so that Strict Open XML is read like the usual one; parts are found by relationships.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from operator import itemgetter
from typing import Any
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from targets.intake.package import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ELEMENTS,
    MAX_MERGED,
    MAX_OTHER,
    MAX_ROWS,
    MAX_SHEETS,
    MAX_TEXT,
    PICTURES,
    Refused,
    examine,
    too_many,
)
from targets.intake.shown import Cell, in_shape
from targets.keeping import MOST_KEPT

Box = tuple[int, int, int, int]


@dataclass
class Sheet:
    """One sheet: its cells by (row, column) from 1, its merged boxes (top, left, bottom, right), and what is hidden.

    `widths` are the last filled fields of the lines of a delimited text, whose `delimiter` it has; `tabs` the names of
    all sheets of its workbook that are not hidden.
    """

    name: str
    cells: dict[tuple[int, int], Cell]
    merged: list[Box] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    hidden: bool = False
    delimiter: str = ""
    widths: dict[int, int] = field(default_factory=dict)
    tabs: tuple[str, ...] = ()

    @cached_property
    def shape(self) -> tuple[int, int]:
        """The last row and column that hold something."""
        if not self.cells:
            return 0, 0
        return max(self.cells)[0], max(map(itemgetter(1), self.cells))

    def texts(self) -> dict[tuple[int, int], Cell]:
        """Return the cells that hold no number: few, where figures are stored as such."""
        return {key: cell for key, cell in self.cells.items() if cell.number is None}

    def turned(self) -> Sheet:
        """Return the sheet with rows as columns."""
        cells = {(c, r): cell for (r, c), cell in self.cells.items()}
        merged = [(left, top, right, bottom) for top, left, bottom, right in self.merged]
        return Sheet(self.name, cells, merged, self.hidden_columns, self.hidden_rows, self.hidden, tabs=self.tabs)


def address(row: int, column: int) -> str:
    """Return a cell's address: C5."""
    return f"{get_column_letter(column)}{row}"


def read_workbook(data: bytes, first: Collection[str] = ()) -> Iterator[Sheet]:
    """Yield the sheets of an .xlsx file, those whose names are in `first` before the others.

    None is kept here, so that a large book need not be held whole. A book may still be refused at its last sheet.

    Raises
    ------
    Refused
        When it is damaged, too large, or carries macros or links.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            examine(archive)
            yield from _Book(archive).sheets(first)
    except Refused:
        raise
    except zipfile.BadZipFile as error:
        raise Refused(
            "不是真正的 .xlsx 文件\uff0c或已损坏\uff0c请另存为 .xlsx",
            "not a real .xlsx file, or it is damaged: save it as one",
        ) from error
    except Exception as error:  # whatever a broken file does to the parsers, the answer is one sentence
        raise Refused(
            "文件已损坏\uff0c请用表格软件打开后另存为 .xlsx",
            "the file is damaged: open it in a spreadsheet program and save it as .xlsx",
        ) from error


Starts = Mapping[str, Callable[[dict[str, str]], object]]  # by the local name of the element
Ends = Mapping[str, Callable[[], object]]


class _ByLocalName(dict[str, Any]):
    """Handlers by the tags as they are written; the prefix of one is looked at when it is first seen."""

    def __init__(self, handlers: Mapping[str, Any], other: Callable[..., None]) -> None:
        self.handlers, self.other = handlers, other

    def __missing__(self, tag: str) -> Any:
        found = self[tag] = self.handlers.get(_local(tag), self.other)
        return found


class _LocalNames(dict[str, str]):
    """Local names of tags by the tags as they are written."""

    def __missing__(self, tag: str) -> str:
        found = self[tag] = _local(tag)
        return found


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


class _Book:
    """The parts of one workbook, each gone through once as a stream."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.values = 0

    def sheets(self, first: Collection[str]) -> Iterator[Sheet]:
        links = self.links("", "_rels/.rels")
        book = next((path for kind, path in links.values() if kind == "officeDocument"), "xl/workbook.xml")
        listed: list[tuple[str, str, bool]] = []
        epoch = CALENDAR_WINDOWS_1900

        def sheet(attributes: dict[str, str]) -> None:
            id = next((value for key, value in attributes.items() if _local(key) == "id"), "")
            listed.append((attributes["name"], id, attributes.get("state", "visible") != "visible"))

        def properties(attributes: dict[str, str]) -> None:
            nonlocal epoch
            if attributes.get("date1904") in ("1", "true"):
                epoch = CALENDAR_MAC_1904

        self.stream(book, {"sheet": sheet, "workbookPr": properties}, root="workbook")
        folder, name = posixpath.split(book)
        links = self.links(folder, f"{folder}/_rels/{name}.rels".lstrip("/"))
        kinds = dict(links.values())
        texts = self.texts(kinds["sharedStrings"]) if kinds.get("sharedStrings") in self.names else []
        formats = self.formats(kinds["styles"]) if kinds.get("styles") in self.names else {"0": "General"}
        worksheets = [(n, links[id][1], hidden) for n, id, hidden in listed if links[id][0] == "worksheet"]
        if len(worksheets) > MAX_SHEETS:
            raise too_many()
        seen = {book, kinds.get("sharedStrings"), kinds.get("styles"), *(path for _, path, _ in worksheets)}
        for part in self.archive.infolist():
            if part.filename not in seen:
                self.stream(part.filename)
        tabs = tuple(n for n, _, hidden in worksheets if not hidden)
        number = lru_cache(maxsize=MOST_KEPT)(partial(_number, epoch))
        for n, path, hidden in sorted(worksheets, key=lambda one: one[0] not in first):
            yield self.sheet(Sheet(n, {}, hidden=hidden, tabs=tabs), path, texts, formats, number)

    @cached_property
    def names(self) -> set[str]:
        return set(self.archive.namelist())

    def links(self, folder: str, path: str) -> dict[str, tuple[str, str]]:
        """Return the kind and the path of what a part is linked to, by id."""
        found: dict[str, tuple[str, str]] = {}

        def link(attributes: dict[str, str]) -> None:
            if attributes.get("TargetMode") != "External":
                target = attributes["Target"]
                target = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found[attributes["Id"]] = attributes["Type"].rpartition("/")[2], posixpath.normpath(target)

        if path in self.names:
            self.stream(path, {"Relationship": link})
        return found

    def stream(
        self,
        path: str,
        starts: Starts | None = None,
        ends: Ends | None = None,
        text: Callable[[str], None] | None = None,
        root: str = "",
    ) -> None:
        """Go through a part, counting its elements."""
        left: int | None = None
        of_start = _ByLocalName(starts or {}, lambda attributes: None)
        of_end = _ByLocalName(ends or {}, lambda: None)

        def begin(tag: str, attributes: dict[str, str]) -> None:
            nonlocal left
            left = (MAX_ELEMENTS.get(_local(tag), MAX_OTHER) if left is None else left) - 1
            if left < 0:
                raise too_many()
            of_start[tag](attributes)

        self.parse(path, begin, (lambda tag: of_end[tag]()) if ends else None, text, root)

    def parse(
        self,
        path: str,
        begin: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None,
        text: Callable[[str], None] | None,
        root: str,
    ) -> None:
        """Go through a part, whose outermost element must be `root`; who is told of elements must count them."""

        def outermost(tag: str, attributes: dict[str, str]) -> None:
            if root and _local(tag) != root:
                raise ValueError(path)
            parser.StartElementHandler = begin
            begin(tag, attributes)

        def doctype(*_: Any) -> None:
            raise Refused(
                "文件含不应有的实体声明\uff0c未打开\uff0c请另存为 .xlsx",
                "the file declares entities, which no workbook does: not opened",
            )

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = outermost
        if end:
            parser.EndElementHandler = end
        if text:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = doctype
        with self.archive.open(path) as part:
            head = part.read(64).lstrip()
            if head.startswith((b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0")):
                part.seek(0)
                parser.ParseFile(part)
            elif not PICTURES.search(path) and path.lower().endswith((".xml", ".rels", ".vml")):
                raise expat.ExpatError(path)

    def texts(self, path: str) -> list[tuple[str, str]]:
        """Return the shared texts, each without its raised runs, and those."""
        found: list[tuple[str, str]] = []
        rich = _Rich()
        starts = {"si": rich.clear, **rich.starts}
        ends = {"si": lambda: found.append((rich.plain, rich.raised)), **rich.ends}
        self.stream(path, starts, ends, rich.text, root="sst")
        return found

    def formats(self, path: str) -> dict[str, str]:
        """Return the number format of each style, by its number as cells write it."""
        own: dict[int, str] = {}
        styles: list[int] = []
        inside = ""

        def number_format(attributes: dict[str, str]) -> None:
            own[int(attributes["numFmtId"])] = attributes.get("formatCode", "")

        def style(attributes: dict[str, str]) -> None:
            if inside == "cellXfs":
                styles.append(int(attributes.get("numFmtId", 0)))

        def within(tag: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            inside = tag

        groups = {tag: partial(within, tag) for tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs")}
        self.stream(path, {"numFmt": number_format, "xf": style, **groups}, root="styleSheet")
        shown = [own.get(id) or BUILTIN_FORMATS.get(id, "General") for id in styles] or ["General"]
        return {str(number): one for number, one in enumerate(shown)}

    def sheet(
        self,
        sheet: Sheet,
        path: str,
        texts: list[tuple[str, str]],
        formats: dict[str, str],
        number: Callable[[str, str], Cell | None],
    ) -> Sheet:
        """Fill one sheet."""
        merged: list[Box] = []
        hidden_rows: set[int] = set()
        hidden_columns: set[int] = set()
        letters: dict[str, int] = {}
        shared: dict[str, Cell | None] = {}
        left = MAX_ELEMENTS["worksheet"]
        row = column = 0
        kind, style, value, formula, inline, collecting = "n", "0", "", False, False, False
        rich = _Rich()

        def computed(attributes: dict[str, str]) -> None:
            nonlocal formula
            formula = True

        def inner(attributes: dict[str, str]) -> None:
            nonlocal inline
            inline = True
            rich.clear()

        def line(attributes: dict[str, str]) -> None:
            nonlocal row, column
            row, column = int(attributes.get("r", row + 1)), 0
            if attributes.get("hidden") in ("1", "true"):
                hidden_rows.add(min(row, MAX_ROWS + 1))

        def columns(attributes: dict[str, str]) -> None:
            if attributes.get("hidden") in ("1", "true"):
                first, last = int(attributes["min"]), int(attributes["max"])
                hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))

        def merge(attributes: dict[str, str]) -> None:
            left, top, right, bottom = range_boundaries(attributes["ref"])
            if len(merged) == MAX_MERGED:
                raise too_many()
            merged.append((int(top or 1), int(left or 1), int(bottom or 1), int(right or 1)))

        starts: Starts = {"f": computed, "is": inner, "row": line, "col": columns, "mergeCell": merge, **rich.starts}
        of_start, of_end = _ByLocalName(starts, lambda attributes: None), _ByLocalName(rich.ends, lambda: None)
        names = _LocalNames()

        # Cells and their values are nearly all of a sheet: they are looked at here, at the price of one call each.
        def begin(tag: str, attributes: dict[str, str]) -> None:
            nonlocal left, row, column, kind, style, value, formula, inline, collecting
            left -= 1
            if left < 0:
                raise too_many()
            name = names[tag]
            if name == "v":
                collecting, value = True, ""
            elif name == "c":
                if at := attributes.get("r"):
                    head = at.rstrip("0123456789")
                    row = int(at[len(head) :])
                    column = letters.get(head) or letters.setdefault(head, _column(head))
                else:
                    column += 1
                kind, style = attributes.get("t", "n"), attributes.get("s", "0")
                value, formula, inline = "", False, False
            else:
                of_start[tag](attributes)

        def end(tag: str) -> None:
            nonlocal collecting
            name = names[tag]
            if name == "v":
                collecting = False
            elif name != "c":
                of_end[tag]()
            elif value or formula or inline:
                self.values += 1
                if row > MAX_ROWS or column > MAX_COLUMNS or self.values > MAX_CELLS:
                    raise too_many()
                shown = formats[style]
                if kind == "n" and not formula:
                    made = number(value.strip(), shown)
                elif kind == "s" and not formula:
                    made = shared[value] if value in shared else shared.setdefault(value, _text(*texts[int(value)]))
                else:
                    made = _cell(kind, value, formula, (rich.plain, rich.raised) if inline else None, shown, number)
                if made is not None:
                    if len(made.text) > MAX_TEXT:
                        raise Refused(
                            f"单元格 {address(row, column)} 的文字过长\uff0c请删去",
                            "a cell's text is far too long: cut it",
                        )
                    sheet.cells[row, column] = made

        def text(data: str) -> None:
            nonlocal value
            if collecting:
                value += data
            elif inline:
                rich.text(data)

        self.parse(path, begin, end, text, "worksheet")
        rows, width = sheet.shape
        sheet.merged = [
            (t, left, min(b, rows), min(r, width)) for t, left, b, r in merged if t <= rows and left <= width
        ]
        sheet.hidden_rows = sorted(r for r in hidden_rows if r <= rows)
        sheet.hidden_columns = sorted(c for c in hidden_columns if c <= width)
        return sheet


class _Rich:
    """A text of runs: what stands on the line, what is raised above it; how it is spoken is left aside."""

    def __init__(self) -> None:
        self.clear()

    @property
    def starts(self) -> Starts:
        return {"t": self.begin, "r": self.run, "vertAlign": self.align, "rPh": self.spoken}

    @property
    def ends(self) -> Ends:
        return {"t": self.end, "rPh": self.spoken_ends}

    def clear(self, attributes: object = None) -> None:
        self.plain, self.raised = "", ""
        self.is_raised = self.inside = self.aside = False

    def begin(self, attributes: dict[str, str]) -> None:
        self.inside = not self.aside

    def end(self) -> None:
        self.inside = False

    def run(self, attributes: dict[str, str]) -> None:
        self.is_raised = False

    def align(self, attributes: dict[str, str]) -> None:
        self.is_raised = attributes.get("val") in ("superscript", "subscript")

    def spoken(self, attributes: dict[str, str]) -> None:
        self.aside = True

    def spoken_ends(self) -> None:
        self.aside = False

    def text(self, data: str) -> None:
        if self.inside:
            if self.is_raised:
                self.raised += data
            else:
                self.plain += data


def _column(head: str) -> int:
    number = 0
    for letter in head:
        if not "A" <= letter <= "Z":
            raise ValueError(head)
        number = number * 26 + ord(letter) - 64
        if number > 16_384:
            raise too_many()
    if not number:
        raise ValueError(head)
    return number


def _cell(
    kind: str,
    value: str,
    formula: bool,
    run: tuple[str, str] | None,
    style: str,
    number: Callable[[str, str], Cell | None],
) -> Cell | None:
    """Return what a cell shows that is no number and no shared text; None when that is nothing."""
    if formula:
        return Cell("=" + value[:40], trouble="formula")
    if kind == "inlineStr" and run is not None:
        return _text(*run)
    if kind == "str":
        return Cell(value) if value.strip() else None
    if kind == "e":
        return Cell(value, trouble="error")
    if kind == "b":
        return Cell("TRUE" if value.strip() == "1" else "FALSE", trouble="bool")
    if kind == "d":
        return _dated(datetime.fromisoformat(value.strip().removesuffix("Z")), style)
    return number(value.strip(), style)


def _text(text: str, raised: str) -> Cell | None:
    """Return a text as a cell: one that is raised whole stands for itself."""
    if not text.strip():
        text, raised = raised, ""
    return Cell(text, raised=raised) if text.strip() else None


def _number(epoch: datetime, value: str, style: str) -> Cell | None:
    """Return a number as its format shows it."""
    if not value:
        return None
    if len(value) > 400:
        raise ValueError(value[:40])
    # 15 digits, as Excel itself keeps.
    number = Decimal(value) if len(value) < 15 and value.isascii() else Decimal(f"{float(value):.15g}")
    if not number.is_finite():
        return Cell(value, trouble="error")
    if _is_date(style):
        return _dated(from_excel(float(number), epoch), style)
    if abs(number.adjusted()) > 400:
        raise ValueError(value)
    return in_shape(number + 0, style)


_is_date = lru_cache(maxsize=4096)(is_date_format)


def _dated(value: Any, style: str) -> Cell:
    """Return a date as its format shows it: a year, a year and month, or a day."""
    if not isinstance(value, date):
        return Cell(str(value))
    day = value.date() if isinstance(value, datetime) else value
    plain = re.sub(r'"[^"]*"|[\\!_*].|\[[^\]]*\]', "", style.split(";")[0]).lower()
    if "d" in plain or "y" not in plain and "e" not in plain:
        return Cell(day.isoformat())
    if "m" in plain:
        return Cell(f"{day.year}年{day.month}月", month=True)
    return Cell(f"{day.year}年")
