"""A user's file as sheets of cells, whatever was sent: what is no table, or is made to do harm, is refused.

Nothing is parsed before its size is known: the size of the file, then of all that its zip would unpack to, then the
number of elements in each part, counted in a stream. A formula is never computed and its stored result never trusted.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries

from targets.cells import FORMULA_STARTS

MB = 1 << 20
MAX_FILE = 20 * MB
MAX_UNPACKED = 80 * MB
MAX_RATIO = 150  # of a part over 1 MB; a sheet of figures packs to a fifth or a twentieth
MAX_PARTS = 1000
MAX_SHEETS = 60
MAX_ROWS = 20_000
MAX_COLUMNS = 400
MAX_CELLS = 300_000
MAX_MERGED = 10_000
MAX_ELEMENTS = {"worksheet": 2_500_000, "sst": 900_000, "styleSheet": 150_000}
MAX_OTHER = 100_000
MAX_TEXT = 32_767  # Excel's own limit for a cell
_PICTURES = re.compile(r"\.(?:png|jpe?g|gif|bmp|emf|wmf|tiff?|jfif|wdp)$", re.I)
_FOREIGN = re.compile(r"(?:^|/)xl/(?:externalLinks|embeddings|activeX|model)/|(?:^|/)xl/connections\.xml$", re.I)
_SCALED = re.compile(r"[0#?],+(?=[^0#?]*$)|[\\!]\.")  # a number format that shows a thousandth of what is there


class Refused(ValueError):
    """The whole file is refused; `zh` and `en` say in one sentence why, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not empty.

    `value` is text, an exact number (of a cell formatted as per cent: in per cent), a date, or True or False. `trouble`
    is ``formula``, ``error`` (#DIV/0! and the like) or ``scaled`` (the format shows another number than is there).
    """

    value: str | Decimal | date | bool
    percent: bool = False
    trouble: str = ""

    @property
    def text(self) -> str:
        """What stands in the cell, as text."""
        if isinstance(self.value, Decimal):
            return f"{self.value:f}" + ("%" if self.percent else "")
        if isinstance(self.value, datetime):
            return self.value.date().isoformat()
        return str(self.value)


Box = tuple[int, int, int, int]


@dataclass
class Sheet:
    """One sheet: its cells by (row, column) from 1, its merged boxes (top, left, bottom, right), and what is hidden."""

    name: str
    cells: dict[tuple[int, int], Cell]
    merged: list[Box] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    hidden: bool = False

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


def read_sheets(source: Path | str | bytes, name: str) -> tuple[bytes, list[Sheet]]:
    """Read a file.

    Parameters
    ----------
    source : path or bytes
    name : str
        The file's name; its end says what it should be.

    Returns
    -------
    bytes, list of Sheet
        The content, and its sheets in their order.

    Raises
    ------
    Refused
        When it is too large, not what its name says, damaged, locked, or carries macros or links.
    """
    data = content(source)
    kind = Path(name).suffix.lower()
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused("文件设有密码\uff0c请去掉密码后再导入", "the file has a password: take it away, then import")
        raise Refused(
            "这是旧式文件（.xls、.et 或 .doc）\uff0c请另存为 .xlsx 再导入",
            "this is an old file (.xls, .et or .doc): save it as .xlsx, then import",
        )
    if kind in (".xlsm", ".xltm", ".xlam", ".xlsb"):
        raise Refused(
            f"不收 {kind} 文件（可能含宏）\uff0c请另存为 .xlsx",
            f"{kind} files may hold macros and are refused: save as .xlsx",
        )
    if kind not in (".xlsx", ".csv", ".tsv", ".txt"):
        raise Refused(
            f"只收 .xlsx、.csv 和 .tsv\uff0c不收“{kind or '无扩展名'}”",
            f"only .xlsx, .csv and .tsv can be read, not {kind or 'a file without ending'}",
        )
    if kind == ".xlsx":
        return data, _xlsx(data)
    return data, [_csv(data, kind)]


def content(source: Path | str | bytes) -> bytes:
    """Return what a file holds; refuse what is not there, is empty or too large."""
    if not isinstance(source, bytes):
        path = Path(source)
        if not path.is_file():
            raise Refused(f"找不到文件 {path}", f"there is no file {path}")
        try:
            with path.open("rb") as file:
                source = file.read(MAX_FILE + 1)
        except OSError as error:
            raise Refused(f"不能读取文件（{error.strerror}）", f"the file cannot be read ({error.strerror})") from error
    if len(source) > MAX_FILE:
        raise Refused(
            "文件超过 20 MB\uff0c请只留需要的表", "the file is larger than 20 MB: keep only the tables needed"
        )
    if not source:
        raise Refused("文件是空的", "the file is empty")
    return source


def _xlsx(data: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            scans = _examine(archive)
        return _cells(data, scans)
    except Refused:
        raise
    except zipfile.BadZipFile as error:
        raise Refused("不是真正的 .xlsx 文件\uff0c或已损坏", "not a real .xlsx file, or it is damaged") from error
    except Exception as error:  # whatever a broken file does to the parsers, the answer is one sentence
        raise Refused(
            "文件已损坏\uff0c请用表格软件打开后另存为 .xlsx",
            "the file is damaged: open it in a spreadsheet program and save it as .xlsx",
        ) from error


@dataclass
class _Scan:
    """What a stream through one part found."""

    root: str = ""
    elements: int = 0
    rows: int = 0
    columns: int = 0
    values: int = 0
    merged: list[Box] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def _examine(archive: zipfile.ZipFile) -> dict[str, _Scan]:
    """Refuse what is not a plain workbook of bounded size; return what each part holds."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    lowered = {name.lower() for name in names}
    if "xl/workbook.xml" not in names:
        kinds = {
            "word/": "Word 文件",
            "ppt/": "PowerPoint 文件",
            "xl/workbook.bin": ".xlsb 文件",
            "mimetype": "ODF 文件",
        }
        said = next((kind for start, kind in kinds.items() if any(n.startswith(start) for n in names)), "压缩包")
        raise Refused(
            f"这不是 .xlsx 表格\uff0c而是{said}\uff0c请另存为 .xlsx", "this is no .xlsx workbook: save it as one"
        )
    if len(parts) > MAX_PARTS or len(lowered) < len(names):
        raise Refused("文件的内部结构不正常", "the inside of the file is not as a workbook's is")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("文件设有密码\uff0c请去掉密码后再导入", "the file has a password: take it away, then import")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or any(p.file_size > MB and p.file_size > MAX_RATIO * p.compress_size for p in parts):
        raise Refused(
            f"文件解压后过大（{unpacked // MB} MB）\uff0c未打开",
            f"the file would unpack to too much ({unpacked // MB} MB): not opened",
        )
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise Refused("文件的内部结构不正常", "the inside of the file is not as a workbook's is")
    if any(name.endswith("vbaproject.bin") for name in lowered) or b"macroEnabled" in archive.read(
        "[Content_Types].xml"
    ):
        raise Refused("文件含宏\uff0c请另存为不含宏的 .xlsx", "the file holds macros: save it as an .xlsx without them")
    if any(_FOREIGN.search(name) for name in names):
        raise Refused(
            "文件含外部链接或嵌入对象\uff0c请把数据以“数值”粘贴到新工作簿再导入",
            "the file holds links to other files or embedded objects: paste its values into a new workbook",
        )
    scans: dict[str, _Scan] = {}
    for part in parts:
        scans[part.filename] = _scan(archive, part)
        if sum(s.values for s in scans.values()) > MAX_CELLS:
            raise _too_many()
    return scans


def _too_many() -> Refused:
    return Refused(
        f"表格过大（最多 {MAX_ROWS:,} 行、{MAX_COLUMNS} 列、{MAX_CELLS:,} 个数据格）",
        f"the table is too large (at most {MAX_ROWS:,} rows, {MAX_COLUMNS} columns, {MAX_CELLS:,} filled cells)",
    )


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Scan:
    """Go through a part as a stream, holding nothing but counts."""
    found = _Scan()
    with archive.open(part) as stream:
        head = stream.read(64).lstrip()
        if not head.startswith((b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0")):
            if _PICTURES.search(part.filename) or not part.filename.lower().endswith((".xml", ".rels", ".vml")):
                return found
            raise expat.ExpatError(part.filename)
    row = column = 0
    filled = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, filled
        tag = tag.rpartition(":")[2]
        found.root = found.root or tag
        found.elements += 1
        if found.elements > MAX_ELEMENTS.get(found.root, MAX_OTHER):
            raise _too_many()
        if found.root != "worksheet":
            return
        if tag == "c":
            at = attributes.get("r")
            row, column = coordinate_to_tuple(at) if at else (row, column + 1)
            filled = True
        elif tag in ("v", "t", "f") and filled:
            filled = False
            found.values += 1
            found.rows, found.columns = max(found.rows, row), max(found.columns, column)
            if found.rows > MAX_ROWS or found.columns > MAX_COLUMNS or found.values > MAX_CELLS:
                raise _too_many()
        elif tag == "row":
            row, column = int(attributes.get("r", row + 1)), 0
            if attributes.get("hidden") in ("1", "true"):
                found.hidden_rows.add(min(row, MAX_ROWS + 1))
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes["min"]), int(attributes["max"])
            found.hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))
        elif tag == "mergeCell":
            left, top, right, bottom = range_boundaries(attributes["ref"])
            if len(found.merged) == MAX_MERGED:
                raise _too_many()
            found.merged.append((int(top or 1), int(left or 1), int(bottom or 1), int(right or 1)))

    def doctype(*_: Any) -> None:
        raise Refused(
            "文件含不应有的实体声明\uff0c未打开", "the file declares entities, which no workbook does: not opened"
        )

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    with archive.open(part) as stream:
        parser.ParseFile(stream)
    return found


def _cells(data: bytes, scans: dict[str, _Scan]) -> list[Sheet]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that do not matter here
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            if len(book.worksheets) > MAX_SHEETS:
                raise _too_many()
            return [_sheet(sheet, scans[sheet._worksheet_path.lstrip("/")]) for sheet in book.worksheets]
        finally:
            book.close()


def _sheet(sheet: Any, scan: _Scan) -> Sheet:
    if scan.root != "worksheet":
        raise ValueError(sheet.title)
    sheet.reset_dimensions()  # what the file says of its own size need not be true
    cells = {}
    if scan.rows:
        for row in sheet.iter_rows(max_row=scan.rows, max_col=scan.columns):
            for cell in row:
                if cell.value is not None and (found := _cell(cell)) is not None:
                    cells[cell.row, cell.column] = found
    merged = [box for box in scan.merged if box[0] <= scan.rows and box[1] <= scan.columns]
    return Sheet(
        sheet.title,
        cells,
        [(t, left, min(b, scan.rows), min(r, scan.columns)) for t, left, b, r in merged],
        sorted({row for row in scan.hidden_rows if row <= scan.rows}),
        sorted({column for column in scan.hidden_columns if column <= scan.columns}),
        sheet.sheet_state != "visible",
    )


def _cell(cell: Any) -> Cell | None:
    value, trouble = cell.value, ""
    if cell.data_type == "f":
        return Cell(str(value) if isinstance(value, str) else "=", trouble="formula")
    if cell.data_type == "e":
        return Cell(str(value), trouble="error")
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise Refused(f"单元格 {address(cell.row, cell.column)} 的文字过长", "a cell's text is far too long")
        return Cell(value) if value.strip() else None
    if isinstance(value, bool | date):
        return Cell(value)
    if isinstance(value, time | timedelta):
        return Cell(str(value))
    shown = (cell.number_format or "").split(";")[0]
    percent = "%" in re.sub(r'"[^"]*"', "", shown)
    if _SCALED.search(re.sub(r'"[^"]*"', "", shown)):
        trouble = "scaled"
    number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")  # 15 digits, as Excel itself keeps
    if not number.is_finite():
        return Cell(str(value), trouble="error")
    return Cell(number * 100 if percent else number, percent, trouble)


def _csv(data: bytes, kind: str) -> Sheet:
    for magic, said in ((b"PK\x03\x04", "xlsx/zip"), (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG")):
        if data.startswith(magic):
            raise Refused(
                f"这不是 {kind} 文本\uff0c而是 {said} 文件", f"this is no {kind} text but a file of kind {said}"
            )
    text = _decoded(data)
    if "\0" in text or re.search(r"[\x01-\x08\x0e-\x1f]", text[:65536]):
        raise Refused(
            "文件不是文本（含零字节或控制符）", "the file is no text (it holds zero bytes or control characters)"
        )
    head = text[:20000]
    if re.match(r"\s*<(?:!doctype|html|table|\?xml)", head, re.I):
        raise Refused("这是网页文件\uff0c请另存为 .xlsx", "this is a web page: save it as .xlsx")
    tabs, commas, semicolons = head.count("\t"), head.count(","), head.count(";")
    delimiter = (
        "\t" if tabs > max(commas, semicolons) or (kind == ".tsv" and tabs) else ";" if semicolons > commas else ","
    )
    cells: dict[tuple[int, int], Cell] = {}
    try:
        for row, line in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1
        ):
            if row > MAX_ROWS or len(line) > MAX_COLUMNS or len(cells) > MAX_CELLS:
                raise _too_many()
            for column, value in enumerate(line, start=1):
                if len(value) > MAX_TEXT:
                    raise Refused(f"单元格 {address(row, column)} 的文字过长", "a cell's text is far too long")
                if value.startswith("'") and value[1:].startswith(FORMULA_STARTS):
                    value = value[1:]  # as our own files write what would be a formula
                if value.strip():
                    cells[row, column] = Cell(value)
    except csv.Error as error:
        raise Refused("CSV 的引号或格式有误", "the CSV's quotes or its form are broken") from error
    return Sheet("CSV", cells)


def _decoded(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(
        "认不出文字编码\uff0c请存为 UTF-8 或 GBK", "the text's encoding is not known: save it as UTF-8 or GBK"
    )
