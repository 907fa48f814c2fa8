"""docs/adding.md: the row that it shows for an indicator is added, and tables, templates and limits know it."""

from __future__ import annotations

import io

import pytest
from adding import change, changed
from openpyxl import load_workbook
from plan_files import PLAN

from targets import indicators
from targets.importing import read_file
from targets.indicators import shipped_indicators
from targets.plan import load_plan
from targets.template import template_xlsx

SECTION = "指标 · An indicator"
ID = "investment_inward"
TABLE = "2024年各县招商引资情况\n县（市、区）,招商引资到位资金（亿元）\n高台县,31.25\n民乐县,28.4\n".encode()


@pytest.fixture
def added(tmp_path, monkeypatch):
    """The indicators as they are when the file has the row."""
    ((file, hunks),) = change(SECTION).items()
    made = tmp_path / "indicators.csv"
    made.write_text(changed(file, hunks), encoding="utf-8")
    monkeypatch.setattr(indicators, "FILE", made)
    known = shipped_indicators.__wrapped__()
    assert [id for id in known if id not in shipped_indicators()] == [ID]
    return known


def test_without_it_the_column_is_no_figure():
    reading = read_file(TABLE, "招商.csv")
    assert not [row for row in reading.rows if row.value in (31.25, 28.4)]


def test_a_table_is_read_by_it(added):
    reading = read_file(TABLE, "招商.csv", indicators=added)
    assert reading.ok, reading.faults
    found = {(row.place, row.indicator, row.period, row.value, row.unit) for row in reading.rows}
    assert found == {("620724", ID, "2024", 31.25, "亿元"), ("620722", ID, "2024", 28.4, "亿元")}


def test_the_template_offers_it(added):
    book = load_workbook(io.BytesIO(template_xlsx(load_plan(PLAN), "zh", added)), read_only=True)
    said = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert "招商引资到位资金" in said
