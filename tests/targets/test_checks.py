"""A damaged file is refused, and every bad row is named."""

from __future__ import annotations

import pytest
from plan_files import PLAN, PUBLISHED

from targets.checks import DataError
from targets.plan import load_plan
from targets.published import load_published


def at(table, row, column, value):
    """Set a cell; `row` is the line in the file."""
    table[row - 1][table[0].index(column)] = value


def refused(load, folder):
    with pytest.raises(DataError) as caught:
        load(folder)
    assert isinstance(caught.value, ValueError)
    return caught.value


def test_every_bad_cell_is_named(edited):
    def spoil(table):
        at(table, 3, "adcode", "62010")
        at(table, 5, "order", "x")
        at(table, 9, "printed", "")
        at(table, 69, "band", "B9")

    error = refused(load_plan, edited(PLAN, "band_counties", spoil))
    assert [(p.file, p.row, p.column, p.value) for p in error.problems] == [
        (f"{PLAN.name}/band_counties.csv", 3, "adcode", "62010"),
        (f"{PLAN.name}/band_counties.csv", 5, "order", "x"),
        (f"{PLAN.name}/band_counties.csv", 9, "printed", ""),
        (f"{PLAN.name}/band_counties.csv", 69, "band", "B9"),
    ]
    lines = str(error).splitlines()
    assert len(lines) == 5
    assert lines[1].index("第3行") < lines[1].index("row 3")
    assert "六位代码" in lines[1]
    assert "six-digit code" in lines[1]


def test_all_files_are_reported_at_once(edited):
    edited(PLAN, "bands", lambda t: at(t, 2, "lower", "一千四"))
    error = refused(load_plan, edited(PLAN, "tasks", lambda t: at(t, 4, "task", "二十四")))
    assert {p.file for p in error.problems} == {f"{PLAN.name}/bands.csv", f"{PLAN.name}/tasks.csv"}


def test_a_county_cannot_have_two_bands(edited):
    error = refused(load_plan, edited(PLAN, "band_counties", lambda t: at(t, 3, "adcode", "620102")))
    assert {p.row for p in error.problems} == {2, 3}


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "told"),
    [
        ("cluster_counties", 5, "adcode", "629999", "86"),
        ("energy", 4, "n", "9", "8"),
        ("bands", 6, "n", "30", "29"),
        ("expressways", 2, "n", "3", "2"),
        ("parks", 3, "adcode", "620171", "86"),
        ("counties", 8, "prefecture_code", "620200", "7"),
        ("tasks", 3, "n_departments", "6", "5"),
        ("task_departments", 7, "department", "省发改委", "departments.csv"),
    ],
)
def test_tables_that_disagree_are_refused(edited, name, row, column, value, told):
    error = refused(load_plan, edited(PLAN, name, lambda t: at(t, row, column, value)))
    assert any(told in str(p) for p in error.problems)
    if name not in ("counties",):
        assert (row, value) in {(p.row, p.value) for p in error.problems}


def test_a_lost_row_is_noticed(edited):
    error = refused(load_plan, edited(PLAN, "energy_counties", lambda t: t.pop(10)))
    assert [(p.file, p.column, p.value) for p in error.problems] == [(f"{PLAN.name}/energy.csv", "n", "11")]


def test_a_missing_and_a_strange_column_are_named(edited):
    error = refused(load_plan, edited(PLAN, "calendar", lambda t: at(t, 1, "level", "grade")))
    assert {p.column for p in error.problems} == {"level", "grade"}
    assert all(p.row is None for p in error.problems)


@pytest.mark.parametrize("row", [["C1"], ["C1", "10", "x", "620102", "城关区", "", "", "二", "1", "more"], []])
def test_a_row_of_the_wrong_length_is_refused(edited, row):
    assert refused(load_plan, edited(PLAN, "cluster_counties", lambda t: t.insert(4, row))).problems


def test_a_missing_or_unreadable_file_is_named(edited):
    folder = edited(PLAN, "parks", lambda t: None)
    (folder / "parks.csv").unlink()
    (folder / "bands.csv").write_bytes("名称\n".encode("gbk"))
    (folder / "energy.csv").write_text("")
    (folder / "evaluation_rules.json").write_text("{")
    files = {p.file for p in refused(load_plan, folder).problems}
    assert files == {
        f"{PLAN.name}/parks.csv",
        f"{PLAN.name}/bands.csv",
        f"{PLAN.name}/energy.csv",
        f"{PLAN.name}/evaluation_rules.json",
    }


@pytest.mark.parametrize(
    ("name", "row", "column", "value"),
    [
        ("census2020", 2, "population", "1484016.5"),
        ("census2020", 2, "urban_population", "1484017"),
        ("expressways_opened", 2, "status", "not found"),
        ("expressways_opened", 2, "actual_year", ""),
        ("expressways_opened", 2, "opening_date", "2023-12-31"),
        ("expressways_opened", 3, "date_precision", "day"),
        ("expressways_opened", 2, "publisher", ""),
        ("expressways_opened", 11, "actual_year", "2024"),
        ("connected_totals", 2, "publisher", ""),
    ],
)
def test_published_figures_are_checked(edited, name, row, column, value):
    error = refused(load_published, edited(PUBLISHED, name, lambda t: at(t, row, column, value)))
    assert [(p.file, p.row) for p in error.problems] == [(f"published/{name}.csv", row)]


def test_a_copy_loads_and_loads_once(edited):
    folder = edited(PLAN, "parks", lambda t: None)
    assert load_plan(folder) is load_plan(folder)
    assert load_plan() is load_plan()
