"""What day it is: days as they are given, the plan's term, and what is known on a day."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pandas as pd
import pytest
from days import DURING, TODAY
from hypothesis import given
from hypothesis import strategies as st
from plan_files import PLAN, PUBLISHED, rows

from targets.checks import DataError
from targets.periods import ends
from targets.plan import load_plan
from targets.published import load_published
from targets.today import known_by, periods_known, published_by, read_day

LAST = {"Q1": "-03-31", "Q2": "-06-30", "Q3": "-09-30"}


@pytest.mark.parametrize(
    "text",
    ["", "2024", "2024-6-30", "20240630", "2024-W26-7", "2024-02-30", "２０２４-06-30", "2024-06-30 ", "0000-01-01"],
)
def test_what_is_no_day_is_refused_in_both_languages(text):
    with pytest.raises(ValueError, match="应是写成 2026-11-30 的一天.* / must be a day written as"):
        read_day(text)


@given(st.dates())
def test_every_day_reads_back(day):
    assert read_day(day.isoformat()) == day


# ---- the plan's term ------------------------------------------------------------------------------------------------


def test_the_term_is_that_of_the_title():
    term = load_plan().term
    assert (term.begin, term.end, term.target_year) == (date(2022, 1, 1), date(2025, 12, 31), 2025)
    assert "2022—2025年" in term.title and "2022–2025" in term.title_en
    assert term.number == "", "no source that was read prints it"


def test_the_term_is_over_the_day_after_its_last():
    term = load_plan().term
    assert not term.is_over(term.end) and term.is_over(term.end + timedelta(days=1))
    assert term.is_over(TODAY) and not term.is_over(DURING)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("begin = 2022-01-01\n", "", "term.begin"),
        ("end = 2025-12-31", 'end = "2025-12-31"', "term.end"),
        ("end = 2025-12-31", "end = 2021-12-31", "term.end"),
        ("target_year = 2025", "target_year = true", "term.target_year"),
        ("target_year = 2025", "target_year = 2026", "term.target_year"),
        ("title_en =", "titre =", "title_en"),
        ('number = ""', "number = 9", "number"),
        ("[term]", "[term", ""),
    ],
)
def test_a_faulty_term_is_named(tmp_path, old, new, column):
    folder = shutil.copytree(PLAN, tmp_path / "plan")
    text = (folder / "plan.toml").read_text("utf-8")
    assert old in text
    (folder / "plan.toml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(DataError) as refused:
        load_plan(folder)
    assert column in {p.column for p in refused.value.problems}
    assert {p.file for p in refused.value.problems} == {"plan/plan.toml"}


def test_the_calendar_must_name_the_same_term(tmp_path):
    folder = shutil.copytree(PLAN, tmp_path / "plan")
    text = (folder / "plan.toml").read_text("utf-8")
    (folder / "plan.toml").write_text(text.replace("begin = 2022", "begin = 2021"), "utf-8")
    with pytest.raises(DataError) as refused:
        load_plan(folder)
    assert {(p.file, p.row) for p in refused.value.problems} == {("plan/calendar.csv", 9)}
    assert "2021—2025年" in str(refused.value) and "2021–2025" in str(refused.value)


# ---- what is known on a day -----------------------------------------------------------------------------------------


def last_day(period: str) -> str:
    """Return a period's last day, found apart from the code."""
    if len(period) == 4:
        return f"{period}-12-31"
    if "Q" in period:
        return period[:4] + LAST[period[4:]]
    after = pd.Timestamp(f"{period}-01") + pd.offsets.MonthEnd(1)
    return after.date().isoformat()


def keys(frame: pd.DataFrame) -> set[tuple[str, str, str]]:
    return set(zip(frame["place"], frame["indicator"], frame["period"], strict=True))


@pytest.mark.parametrize("today", [DURING, TODAY, date(2023, 12, 30), date(2023, 12, 31), date(2020, 9, 29)])
def test_figures_of_periods_that_end_later_are_left_out(today):
    shipped = load_published().observations
    wanted = {key for key in keys(shipped) if last_day(key[2]) <= today.isoformat()}
    known = known_by(shipped, today)
    assert keys(known) == wanted
    assert periods_known(known, today) == {key[2] for key in wanted}
    assert len(shipped) == len(load_published().observations), "what was given is unchanged"


@given(st.dates(date(2018, 1, 1), date(2027, 12, 31)), st.dates(date(2018, 1, 1), date(2027, 12, 31)))
def test_with_the_days_what_is_known_only_grows(one, other):
    shipped = load_published().observations
    early, late = sorted((one, other))
    assert keys(known_by(shipped, early)) <= keys(known_by(shipped, late))
    assert all(ends(period) <= early for period in periods_known(shipped, early))


def test_a_road_is_known_from_the_day_it_opens_though_its_year_runs():
    opened = pd.DataFrame(
        [("621027", "road_opened", "2026", value, "日期") for value in (20261130.0, 20261201.0, 20260500.0)],
        columns=["place", "indicator", "period", "value", "unit"],
    )
    assert known_by(opened, TODAY)["value"].tolist() == [20261130.0, 20260500.0]
    assert periods_known(known_by(opened, TODAY), TODAY) == frozenset(), "the year itself has no figures yet"


def test_roads_counts_and_awards_of_later_days_are_not_known_yet():
    shipped = load_published()
    day = date(2023, 6, 30)
    then = published_by(shipped, day)
    listed = rows("expressways_opened", PUBLISHED)
    opened = {r["adcode"] for r in listed if r["opening_date"] and f"{r['opening_date']}-12-31"[:10] <= day.isoformat()}
    assert opened and opened < {r["adcode"] for r in listed if r["status"] == "opened"}
    roads = then.expressways_opened.set_index("adcode")
    assert set(roads.index[roads["status"] == "opened"]) == opened
    assert roads.loc[~roads.index.isin(opened), "actual_year"].isna().all()
    assert list(then.connected_totals["date"]) == [
        r["date"] for r in rows("connected_totals", PUBLISHED) if r["date"] <= day.isoformat()
    ]
    assert set(published_by(shipped, date(2022, 6, 1)).evaluation_awards["year"]) == {2021}
    same = published_by(shipped, TODAY)
    for name in ("expressways_opened", "connected_totals", "evaluation_awards"):
        pd.testing.assert_frame_equal(getattr(same, name), getattr(shipped, name))
