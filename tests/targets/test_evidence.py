"""Which figure judges: grades, comparators, two figures of one key, and jumps that no growth explains."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_files import PUBLISHED, rows
from test_progress import GUAZHOU, JINTA, OVER, SUBEI, WUDU, ZHENGNING, observed, printed

from targets.evidence import JUMP, contradictions, figures, half_step, leads, series, settle
from targets.grades import GRADES, JUDGING, STATUS_GRADES, comparator_of, grade_of
from targets.progress import assess


def standings(*tables):
    """Return the standing of each figure, in the order given."""
    return settle(pd.concat(tables, ignore_index=True))["standing"].to_list()


# ---- grades and comparators -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "grade"), STATUS_GRADES.items())
def test_only_the_first_four_grades_judge(status, grade):
    (standing,) = standings(printed((WUDU, "2024", 150.0), status=status))
    assert standing == ("judges" if grade in JUDGING else "lead")
    assert list(GRADES)[:4] == list(JUDGING)


def test_a_report_that_nobody_has_signed_is_a_lead():
    assert (grade_of("报道", ""), grade_of("报道", "中国网"), grade_of("没见过的")) == ("lead", "report", "lead")


def test_the_grade_of_every_row_of_the_file(published):
    """By its status and publisher, read from the file."""
    firm = {"核定": "final", "公报": "bulletin", "初步": "preliminary", "报告": "report", "报道": "report"}
    mine = published.observations.set_index(["place", "indicator", "period", "printed"])
    for row in rows("county_observations", PUBLISHED):
        found = mine.loc[[(row["adcode"], row["indicator"], row["period"], row["printed"])]]
        assert firm.get(row["status"], "lead") in set(found["grade"]), row


@pytest.mark.parametrize("row", rows("county_observations", PUBLISHED), ids=lambda r: f"{r['adcode']}-{r['printed']}")
def test_the_comparator_is_what_is_printed(row):
    # “新增百亿元县域” proves its amount; the file says so, its words do not.
    if row["printed"] != "新增百亿元县域":
        assert comparator_of(row["printed"], row["status"]) == row["comparator"]


def test_an_expected_figure_judges_nothing_whatever_its_grade():
    assert standings(printed((WUDU, "2024", 150.0), status="公报", comparator="expected")) == ["lead"]


@pytest.mark.parametrize(
    ("text", "value", "half"),
    [("30.7亿元", 30.7, 0.05), ("100亿元", 100, 0.5), ("341881万元", 34.1881, 0.00005), ("1.1万亿元", 11000, 500),
     ("约64.26亿元", 64.26, 0.005), ("1,234亿元", 1234, 0.5), ("新增百亿元县域", 100, 0)],
)  # fmt: skip
def test_half_a_step_of_the_last_digit(text, value, half):
    assert float(half_step(text, value)) == half


# ---- two figures of one key -----------------------------------------------------------------------------------------


def test_two_that_agree_as_far_as_their_digits_go_leave_the_better():
    """30.7 and 30.6806 of 肃北: a better grade first, then the sure, then the finer digits."""
    a = printed((SUBEI, "2024", 30.7), status="报道", printed="30.7亿元")
    b = printed((SUBEI, "2024", 30.6806), status="公报", printed="30.6806亿元")
    assert standings(a, b) == ["superseded", "judges"]
    assert standings(b, a) == ["judges", "superseded"]
    fine = printed((SUBEI, "2024", 30.6806), status="报道", printed="30.6806亿元")
    assert standings(a, fine) == ["superseded", "judges"]


@pytest.mark.parametrize(("one", "other"), [("公报", "报道"), ("公报", "公报"), ("初步", "公报"), ("报道", "报告")])
def test_two_that_cannot_both_be_right_judge_neither(counties, one, other):
    """148.25 and 154.22 of one year, whichever comes first."""
    a, b = printed((WUDU, "2024", 148.25), status=one), printed((WUDU, "2024", 154.22), status=other)
    for tables in ((a, b), (b, a)):
        assert standings(*tables) == ["contradicted", "contradicted"]
        table = pd.concat(tables, ignore_index=True)
        row = assess(counties.loc[[WUDU]], table, None, OVER).loc[WUDU]
        assert row[["state", "reason"]].to_list() == ["no_figure", "contradicted"]
        assert figures(table, "gdp").empty and series(table, WUDU, "gdp") == ()
        assert len(contradictions(table, WUDU)) == 2


def test_a_lead_contradicts_nothing():
    lead = printed((WUDU, "2024", 20.0), status="百科")
    assert standings(printed((WUDU, "2024", 148.25)), lead) == ["judges", "lead"]
    assert standings(printed((WUDU, "2023", 148.25)), lead) == ["judges", "lead"]


def test_at_least_agrees_with_what_is_above_it_alone():
    floor = printed((JINTA, "2024", 100.0), status="报道", comparator="at_least", printed="突破100亿元")
    assert standings(floor, printed((JINTA, "2024", 108.0))) == ["superseded", "judges"]
    assert standings(floor, printed((JINTA, "2024", 92.0))) == ["contradicted", "contradicted"]


def test_about_agrees_within_its_last_digit():
    near = printed((JINTA, "2024", 100.0), status="报道", comparator="about", printed="约100亿元")
    assert standings(near, printed((JINTA, "2024", 100.4), printed="100.4亿元")) == ["superseded", "judges"]
    assert standings(near, printed((JINTA, "2024", 101.0), printed="101.0亿元")) == ["contradicted", "contradicted"]


def test_the_imported_stands_before_the_published_and_a_later_batch_before_an_earlier():
    own = observed((WUDU, "2024", 120.0), status="未注明")
    later = observed((WUDU, "2024", 121.0), status="未注明", batch=2)
    assert standings(printed((WUDU, "2024", 148.25)), own) == ["superseded", "judges"]
    assert standings(later, printed((WUDU, "2024", 148.25)), own) == ["judges", "superseded", "superseded"]
    two = printed((WUDU, "2024", 148.25)), printed((WUDU, "2024", 154.22))
    assert standings(*two, own) == ["superseded", "superseded", "judges"]


def test_figures_of_two_keys_do_not_meet():
    """Another county, another indicator, another stretch, and an average over years."""
    tables = [
        printed((WUDU, "2024", 150.0)),
        printed((JINTA, "2024", 90.0)),
        printed((WUDU, "2024", 7.0), indicator="gdp_growth", unit="%"),
        printed((WUDU, "2024Q3", 110.0)),
        printed((WUDU, "2024", 5.0), indicator="gdp_growth", unit="%", since="2021"),
    ]
    assert standings(*tables) == ["judges"] * 5


# ---- jumps ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "ratio", "stands"),
    [((2023, 2024), 1.30, True), ((2023, 2024), 1.31, False), ((2022, 2024), 1.69, True), ((2022, 2024), 1.70, False)],
)
@pytest.mark.parametrize("rising", [True, False])
def test_a_jump_against_a_better_grade(years, ratio, stands, rising):
    """30 % a year is let pass, 1.69 in two years; what is more sets both aside, up or down."""
    first, last = (100.0, 100.0 * ratio) if rising else (100.0 * ratio, 100.0)
    a = printed((JINTA, str(years[0]), first), status="公报")
    b = printed((JINTA, str(years[1]), last), status="报道")
    assert JUMP == 0.3
    assert standings(a, b) == ["judges" if stands else "contradicted"] * 2


def test_a_published_figure_never_sets_an_imported_one_aside():
    """A user's final 55 of 2025 stands beside a report's 30.7 of 2024; the report, too far from it, does not."""
    report = printed((SUBEI, "2024", 30.7), status="报道")
    assert standings(report, observed((SUBEI, "2025", 55.0), status="核定")) == ["contradicted", "judges"]
    assert standings(printed((SUBEI, "2024", 30.7), status="公报"), observed((SUBEI, "2025", 55.0), status="报道")) == [
        "contradicted", "judges",
    ]  # fmt: skip


def test_no_jump_is_held_against_a_figure_of_its_own_grade():
    """24.7 in 2020 and 60 in 2023, both of reports: 34 % a year, and nothing firmer to measure it by."""
    table = printed((ZHENGNING, "2020", 24.7), (ZHENGNING, "2023", 60.0), status="报道")
    assert standings(table) == ["judges", "judges"]


def test_what_was_only_passed_is_never_too_low():
    """At least 100 beside 150 a year before is no fall; at least 200 beside 100 is a rise."""
    firm = printed((JINTA, "2023", 150.0), status="公报")
    low, high = (
        printed((JINTA, "2024", value), status="报道", comparator="at_least", printed=f"突破{value:g}亿元")
        for value in (100.0, 200.0)
    )
    assert standings(firm, low) == ["judges", "judges"]
    assert standings(firm, high) == ["contradicted", "contradicted"]


def test_the_nearest_year_of_a_better_grade_decides():
    """A report of 150 in 2024 is near the bulletin's 140 of 2023, and far from its 60 of 2020."""
    table = printed((JINTA, "2020", 60.0), (JINTA, "2023", 140.0), status="公报")
    assert standings(table, printed((JINTA, "2024", 150.0), status="报道")) == ["judges"] * 3


def test_guazhou_is_the_only_contradiction_of_the_files(published):
    """131.7 in its bulletin of 2023, 突破200.2 in a report of 2024: 52 % more."""
    found = contradictions(published.observations)
    assert found[["place", "period", "printed"]].to_numpy().tolist() == [
        [GUAZHOU, "2023", "131.7亿元"],
        [GUAZHOU, "2024", "突破200.2亿元"],
    ]


# ---- properties -----------------------------------------------------------------------------------------------------

FIGURES = st.tuples(
    st.sampled_from([WUDU, JINTA, SUBEI]),
    st.sampled_from(["2022", "2023", "2024", "2024Q3"]),
    st.integers(10, 4000).map(lambda n: n / 10),
    st.sampled_from(["核定", "公报", "初步", "报道", "百科", "预计"]),
    st.sampled_from(["eq", "about", "at_least"]),
    st.sampled_from(["published", "import"]),
)


def table_of(figures_):
    parts = [
        observed((place, period, value), status=status, comparator=comparator, origin=origin)
        for place, period, value, status, comparator, origin in figures_
    ]
    return pd.concat(parts, ignore_index=True)


@settings(max_examples=60)
@given(st.lists(FIGURES, min_size=1, max_size=8))
def test_at_most_one_of_a_key_judges_and_nothing_is_lost(figures_):
    found = settle(table_of(figures_))
    assert len(found) == len(figures_)
    judging = found[found["standing"] == "judges"]
    assert not judging.duplicated(["place", "indicator", "period", "since"]).any()
    assert set(judging["grade"]) <= set(JUDGING)
    assert (found["grade"].eq("lead") == found["standing"].eq("lead")).all()
    assert len(leads(found)) == int(found["grade"].eq("lead").sum())
    # Nothing published stands where something imported of the same key is.
    imported = judging_keys(found[(found["origin"] == "import") & (found["standing"] != "lead")])
    assert not imported & judging_keys(judging[judging["origin"] == "published"])
    # A figure is contradicted only by another: never one alone of its county, but by what a user imported.
    for _, mine in found[found["standing"] == "contradicted"].groupby("place"):
        own = (found["place"] == mine["place"].iloc[0]) & (found["origin"] == "import")
        assert len(mine) > 1 or (own & (found["standing"] == "judges")).any()


def judging_keys(table):
    return set(zip(table["place"], table["period"], strict=True))


@settings(max_examples=40)
@given(st.lists(FIGURES, min_size=2, max_size=5, unique_by=lambda f: (f[0], f[1], f[2], f[3], f[4], f[5])))
def test_neither_order_nor_leads_decide(figures_):
    whole = table_of(figures_)
    said = settle(whole)["standing"].to_list()
    firm = [n for n, figure in enumerate(figures_) if figure[3] not in ("百科", "预计")]
    if firm:
        assert settle(whole.iloc[firm])["standing"].to_list() == [said[n] for n in firm]
    # Of two rows that are alike in all but their digits the first stands, so the order is turned within no key.
    keys = [figure[:2] for figure in figures_]
    for order in itertools.islice(itertools.permutations(range(len(figures_))), 6):
        if [n for n in order for m in order if keys[n] == keys[m] and n < m and order.index(n) > order.index(m)]:
            continue
        assert settle(whole.iloc[list(order)])["standing"].to_list() == [said[n] for n in order]
