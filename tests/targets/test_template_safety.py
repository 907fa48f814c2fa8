"""The template as Excel and a malicious name make of it: periods stay text, and no name becomes a formula."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from openpyxl import load_workbook
from shipped import PLAN

from targets.importing import read_file, template_xlsx
from targets.indicators import shipped_indicators

TODAY = date(2026, 11, 30)


def test_cells_for_periods_are_text():
    book = load_workbook(io.BytesIO(template_xlsx(PLAN)))
    assert book["长表"].column_dimensions["D"].number_format == "@"
    assert book["宽表"]["B1"].number_format == "@"


def test_a_name_that_begins_with_an_equals_sign_is_no_formula():
    known = dict(shipped_indicators())
    known["gdp"] = replace(known["gdp"], zh="=cmd|' /C calc'!A0")
    book = load_workbook(io.BytesIO(template_xlsx(PLAN, "zh", known)))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if str(c.value).startswith("=")]
    assert len(cells) >= 2 and all(cell.data_type == "s" for cell in cells)


def test_periods_typed_into_the_template_are_read_as_its_notes_say():
    for typed, period in (("2025-09", "2025Q3"), ("2025Q3", "2025Q3"), ("202509", "2025Q3"), ("2025-12", "2025"),
                          ("2025-08", "2025-08"), ("2025年三季度", "2025Q3"), ("2025", "2025"), (2025, "2025"),
                          (date(2025, 9, 1), "2025Q3")):  # fmt: skip
        book = load_workbook(io.BytesIO(template_xlsx(PLAN)))
        wide, long = book["宽表"], book["长表"]
        wide["B1"].value = typed
        if isinstance(typed, date):
            wide["B1"].number_format = "mmm-yy"
        wide["D3"] = 1000.5
        long.append(["620922", "瓜州县", "地区生产总值", typed, 131.7, "亿元"])
        if isinstance(typed, date):
            long.cell(long.max_row, 4).number_format = "yyyy-mm"
        stream = io.BytesIO()
        book.save(stream)
        reading = read_file(stream.getvalue(), "模板.xlsx", today=TODAY)
        assert not reading.faults, (typed, [str(fault) for fault in reading.faults])
        assert {row.period for row in reading.rows} == {period} and len(reading.rows) == 2, typed
