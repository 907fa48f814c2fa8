"""What tables to take away have in common, as CSV and as Excel workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties

from targets.cells import fill, harmless

A4 = 9  # the format's number for it


def csv_of(table: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as CSV, UTF-8 with a byte-order mark so that Excel reads the Chinese."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([harmless(one) for one in row] for row in table)
    return text.getvalue().encode("utf-8-sig")


def cell(sheet: Any, value: Any, *, bold: bool = False, head: bool = False) -> WriteOnlyCell:
    """Return a cell whose text stays text, whatever it begins with; numbers stay numbers."""
    made = fill(WriteOnlyCell(sheet), value)
    if isinstance(value, str):
        made.alignment = Alignment(vertical="top", wrap_text=True)
    if bold or head:
        made.font = Font(bold=True)
    if head:
        made.fill = PatternFill("solid", fgColor="E1ECF2")
    return made


def landscape(sheet: Any) -> None:
    """Set a sheet to print on A4, landscape, as wide as the paper."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def saved(book: Workbook, name: str = "", notes: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return a workbook as a file, where it has notes with a last sheet of them, each under its label."""
    if name:
        sheet = book.create_sheet(name)
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 100
        for label, text in notes:
            sheet.append([cell(sheet, label, head=True), cell(sheet, text)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
