"""Small tables after other people's public trouble, each with what is right for one place: read so, or refused.

``tables/expected.csv`` is the statement: `rows` are exactly the rows of `place`; without rows the place gets none, and
a sentence says which cell and how to mend it; `may_refuse`: such a sentence is right too; `never` is a value, or as a
year a period, that the place must not get, whatever else happens. The figures are invented.
"""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from targets.importing import Fault, Reading, read_file
from targets.places import read_place

TABLES = Path(__file__).with_name("tables")
TODAY = date(2026, 11, 30)  # every period that the tables name has ended
CELL = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,3}[1-9]\d{0,4}(?![A-Za-z0-9])")

with (TABLES / "expected.csv").open(encoding="utf-8-sig", newline="") as file:
    CASES = list(csv.DictReader(file))


@cache
def reading_of(name: str) -> Reading:
    return read_file(TABLES / name, name, today=TODAY)


def said(reading: Reading) -> list[str]:
    return [str(one) for one in (*reading.faults, *reading.remarks)]


def tells(fault: Fault, whole: bool) -> bool:
    """Whether a fault says, in both languages, what is wrong, in which cell, and what to do.

    Of a file that was not opened there is no cell to name, and what to do stands in the one sentence.
    """
    if not (fault.zh and fault.en):
        return False
    if whole:
        return "请" in fault.zh
    return bool((fault.cell or CELL.search(fault.zh)) and fault.mend_zh and fault.mend_en)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_table_gives_what_it_shows_or_says_why_not(case):
    reading, place = reading_of(case["file"]), read_place(case["place"])
    assert place is not None
    got = {(row.indicator, row.period): row.value for row in reading.rows if row.place == place}
    right = {(indicator, period): value for indicator, period, value in json.loads(case["rows"] or "[]")}
    for never in filter(None, case["never"].split("|")):
        assert not [key for key, value in got.items() if value == pytest.approx(float(never))], got
        # A year is also a period, unless the right rows are of it (15c: 年度 2025 read as a figure).
        if re.fullmatch(r"(?:19|20)\d\d", never) and never not in {period for _, period in right}:
            assert never not in {period for _, period in got}, got
    for fault in reading.faults:
        assert tells(fault, reading.refused), str(fault)
    if right and not reading.faults:
        assert got == pytest.approx(right, rel=1e-12), said(reading)
        assert reading.ok
        return
    assert case["may_refuse"] == "yes", said(reading)
    # Beside a fault nothing is stored; but what is shown as read must be right even so.
    assert all(key in right and value == pytest.approx(right[key], rel=1e-12) for key, value in got.items()), got
    assert reading.faults or any(CELL.search(remark.zh) for remark in reading.remarks), said(reading)


def test_every_table_is_expected_once():
    names = [case["file"] for case in CASES]
    assert len(names) == len(set(names)) == 140
    assert set(names) == {path.name for path in TABLES.iterdir()} - {"expected.csv"}


def test_strict_open_xml_is_named_where_it_is_refused():
    reading = reading_of("09-strict.xlsx")
    assert reading.ok or "Strict Open XML" in reading.faults[0].zh


@pytest.mark.parametrize(
    "name",
    ["36a-note-expected.csv", "36k-title-reckoned.csv", "36m-remark-column.csv", "36n-预计.csv", "36p-long-note.csv"],
)
def test_expected_figures_are_no_outcomes(name):
    reading = reading_of(name)
    assert reading.faults or {row.status for row in reading.rows if row.place == "620922"} == {"预计"}


def test_a_single_month_left_out_is_said():
    reading = reading_of("03a-month-9.xlsx")
    assert reading.faults or any("B" in remark.zh and "9月" in remark.zh for remark in reading.remarks), said(reading)


@pytest.mark.parametrize("name", ["26a-city-level-rows.csv"])
def test_rows_that_are_no_counties_are_named_where_they_are_left_aside(name):
    remarks = " ".join(remark.zh for remark in reading_of(name).remarks)
    for row in ("市本级", "高新区", "经开区", "矿区", "东风场区"):
        assert row in remarks
