"""A workbook as sheets of shown cells, in one stream that guards and reads.

Nothing is parsed twice: the stream counts elements, rows and cells against the limits while it keeps them. Tags are
matched by their local name, so that Strict Open XML is read like the usual one; parts are found by relationships.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
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

Box = tuple[int, int, int, int]


@dataclass
class Sheet:
    """One sheet: its cells by (row, column) from 1, its merged boxes (top, left, bottom, right), and what is hidden.

    `widths` are the last filled fields of the lines of a delimited text, whose `delimiter` it has.
    """

    name: str
    cells: dict[tuple[int, int], Cell]
    merged: list[Box] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    hidden: bool = False
    delimiter: str = ""
    widths: dict[int, int] = field(default_factory=dict)

    @cached_property
    def shape(self) -> tuple[int, int]:
        """The last row and column that hold something."""
        return max((r for r, _ in self.cells), default=0), max((c for _, c in self.cells), default=0)

    def turned(self) -> Sheet:
        """Return the sheet with rows as columns."""
        cells = {(c, r): cell for (r, c), cell in self.cells.items()}
        merged = [(left, top, right, bottom) for top, left, bottom, right in self.merged]
        return Sheet(self.name, cells, merged, self.hidden_columns, self.hidden_rows, self.hidden)


def address(row: int, column: int) -> str:
    """Return a cell's address: C5."""
    return f"{get_column_letter(column)}{row}"


def read_workbook(data: bytes) -> list[Sheet]:
    """Return the sheets of an .xlsx file.

    Raises
    ------
    Refused
        When it is damaged, too large, or carries macros or links.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            examine(archive)
            return _Book(archive).sheets()
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


Start = Callable[[str, dict[str, str]], None]


class _Book:
    """The parts of one workbook, each gone through once as a stream."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.values = 0

    def sheets(self) -> list[Sheet]:
        links = self.links("", "_rels/.rels")
        book = next((path for kind, path in links.values() if kind == "officeDocument"), "xl/workbook.xml")
        listed: list[tuple[str, str, bool]] = []
        epoch = [CALENDAR_WINDOWS_1900]

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "sheet":
                id = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
                shown = attributes.get("state", "visible") == "visible"
                listed.append((attributes["name"], id, not shown))
            elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                epoch[0] = CALENDAR_MAC_1904

        self.stream(book, start, root="workbook")
        folder, name = posixpath.split(book)
        links = self.links(folder, f"{folder}/_rels/{name}.rels".lstrip("/"))
        kinds = dict(links.values())
        texts = self.texts(kinds["sharedStrings"]) if kinds.get("sharedStrings") in self.names else []
        formats = self.formats(kinds["styles"]) if kinds.get("styles") in self.names else ["General"]
        worksheets = [(n, links[id][1], hidden) for n, id, hidden in listed if links[id][0] == "worksheet"]
        if len(worksheets) > MAX_SHEETS:
            raise too_many()
        seen = {book, kinds.get("sharedStrings"), kinds.get("styles"), *(path for _, path, _ in worksheets)}
        for part in self.archive.infolist():
            if part.filename not in seen:
                self.stream(part.filename, lambda tag, attributes: None)
        return [self.sheet(*one, texts, formats, epoch[0]) for one in worksheets]

    @cached_property
    def names(self) -> set[str]:
        return set(self.archive.namelist())

    def links(self, folder: str, path: str) -> dict[str, tuple[str, str]]:
        """Return the kind and the path of what a part is linked to, by id."""
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes["Target"]
                target = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found[attributes["Id"]] = attributes["Type"].rpartition("/")[2], posixpath.normpath(target)

        if path in self.names:
            self.stream(path, start)
        return found

    def stream(
        self,
        path: str,
        start: Start,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        root: str = "",
    ) -> None:
        """Go through a part, counting its elements."""
        with self.archive.open(path) as part:
            head = part.read(64).lstrip()
            if not head.startswith((b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0")):
                if PICTURES.search(path) or not path.lower().endswith((".xml", ".rels", ".vml")):
                    return
                raise expat.ExpatError(path)
        local: dict[str, str] = {}
        left = -1

        def begin(tag: str, attributes: dict[str, str]) -> None:
            nonlocal left
            name = local.get(tag) or local.setdefault(tag, tag.rpartition(":")[2])
            if left < 0:
                if root and name != root:
                    raise ValueError(path)
                left = MAX_ELEMENTS.get(name, MAX_OTHER) + 1
            left -= 1
            if not left:
                raise too_many()
            start(name, attributes)

        def doctype(*_: Any) -> None:
            raise Refused(
                "文件含不应有的实体声明\uff0c未打开\uff0c请另存为 .xlsx",
                "the file declares entities, which no workbook does: not opened",
            )

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = begin
        if end:
            parser.EndElementHandler = lambda tag: end(local[tag])
        if text:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = doctype
        with self.archive.open(path) as part:
            parser.ParseFile(part)

    def texts(self, path: str) -> list[tuple[str, str]]:
        """Return the shared texts, each without its raised runs, and those."""
        found: list[tuple[str, str]] = []
        rich = _Rich()

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "si":
                rich.__init__()  # type: ignore[misc]
            else:
                rich.start(tag, attributes)

        def end(tag: str) -> None:
            rich.end(tag)
            if tag == "si":
                found.append(rich.read())

        self.stream(path, start, end, rich.text, root="sst")
        return found

    def formats(self, path: str) -> list[str]:
        """Return the number format of each style."""
        own: dict[int, str] = {}
        styles: list[int] = []
        inside = ""

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            if tag == "numFmt":
                own[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
                inside = tag
            elif tag == "xf" and inside == "cellXfs":
                styles.append(int(attributes.get("numFmtId", 0)))

        self.stream(path, start, root="styleSheet")
        return [own.get(id) or BUILTIN_FORMATS.get(id, "General") for id in styles] or ["General"]

    def sheet(
        self, name: str, path: str, hidden: bool, texts: list[tuple[str, str]], formats: list[str], epoch: Any
    ) -> Sheet:
        """Read one sheet."""
        cells: dict[tuple[int, int], Cell] = {}
        merged: list[Box] = []
        hidden_rows: set[int] = set()
        hidden_columns: set[int] = set()
        letters: dict[str, int] = {}
        row = column = 0
        kind, style, value, formula, collecting = "n", 0, "", False, False
        rich: _Rich | None = None

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal row, column, kind, style, value, formula, collecting, rich
            if tag == "c":
                if at := attributes.get("r"):
                    head = at.rstrip("0123456789")
                    row = int(at[len(head) :])
                    column = letters.get(head) or letters.setdefault(head, _column(head))
                else:
                    column += 1
                kind, style = attributes.get("t", "n"), int(attributes.get("s", 0))
                value, formula, rich = "", False, None
            elif tag == "v":
                collecting, value = True, ""
            elif tag == "f":
                formula = True
            elif tag == "is":
                rich = _Rich()
            elif rich is not None:
                rich.start(tag, attributes)
            elif tag == "row":
                row, column = int(attributes.get("r", row + 1)), 0
                if attributes.get("hidden") in ("1", "true"):
                    hidden_rows.add(min(row, MAX_ROWS + 1))
            elif tag == "col" and attributes.get("hidden") in ("1", "true"):
                first, last = int(attributes["min"]), int(attributes["max"])
                hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))
            elif tag == "mergeCell":
                left, top, right, bottom = range_boundaries(attributes["ref"])
                if len(merged) == MAX_MERGED:
                    raise too_many()
                merged.append((int(top or 1), int(left or 1), int(bottom or 1), int(right or 1)))

        def end(tag: str) -> None:
            nonlocal collecting, rich
            if tag == "v":
                collecting = False
            elif rich is not None and tag != "is" and tag != "c":
                rich.end(tag)
            elif tag == "c" and (value or formula or rich is not None):
                self.values += 1
                if row > MAX_ROWS or column > MAX_COLUMNS or self.values > MAX_CELLS:
                    raise too_many()
                cell = _cell(kind, value, formula, rich, texts, formats[style], epoch)
                rich = None
                if cell is not None:
                    if len(cell.text) > MAX_TEXT:
                        raise Refused(
                            f"单元格 {address(row, column)} 的文字过长\uff0c请删去",
                            "a cell's text is far too long: cut it",
                        )
                    cells[row, column] = cell

        def text(data: str) -> None:
            nonlocal value
            if collecting:
                value += data
            elif rich is not None:
                rich.text(data)

        self.stream(path, start, end, text, root="worksheet")
        found = Sheet(name, cells)
        rows, columns = found.shape
        found.merged = [
            (t, left, min(b, rows), min(r, columns)) for t, left, b, r in merged if t <= rows and left <= columns
        ]
        found.hidden_rows = sorted(r for r in hidden_rows if r <= rows)
        found.hidden_columns = sorted(c for c in hidden_columns if c <= columns)
        found.hidden = hidden
        return found


class _Rich:
    """A text of runs: what stands on the line, what is raised above it; how it is spoken is left aside."""

    def __init__(self) -> None:
        self.plain, self.raised = "", ""
        self.is_raised = self.inside = self.aside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "t":
            self.inside = not self.aside
        elif tag == "r":
            self.is_raised = False
        elif tag == "vertAlign":
            self.is_raised = attributes.get("val") in ("superscript", "subscript")
        elif tag == "rPh":
            self.aside = True

    def end(self, tag: str) -> None:
        if tag == "t":
            self.inside = False
        elif tag == "rPh":
            self.aside = False

    def text(self, data: str) -> None:
        if self.inside:
            if self.is_raised:
                self.raised += data
            else:
                self.plain += data

    def read(self) -> tuple[str, str]:
        return self.plain, self.raised


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
    kind: str, value: str, formula: bool, rich: _Rich | None, texts: list[tuple[str, str]], style: str, epoch: Any
) -> Cell | None:
    """Return what a cell shows; None when that is nothing."""
    if formula:
        return Cell("=" + value[:40], trouble="formula")
    if kind == "s" or (kind == "inlineStr" and rich is not None):
        text, raised = texts[int(value)] if kind == "s" else rich.read()  # type: ignore[union-attr]
        if not text.strip():
            text, raised = raised, ""
        return Cell(text, raised=raised) if text.strip() else None
    if kind == "str":
        return Cell(value) if value.strip() else None
    if kind == "e":
        return Cell(value, trouble="error")
    if kind == "b":
        return Cell("TRUE" if value.strip() == "1" else "FALSE", trouble="bool")
    if kind == "d":
        return _dated(datetime.fromisoformat(value.strip().removesuffix("Z")), style)
    value = value.strip()
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


_DATES: dict[str, bool] = {"General": False}


def _is_date(style: str) -> bool:
    found = _DATES.get(style)
    if found is None:
        found = _DATES[style] = bool(is_date_format(style))
        if len(_DATES) > 10_000:
            _DATES.clear()
    return found


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
