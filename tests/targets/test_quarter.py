"""A part of a year, what is known of other periods, and the headline: against sums made by hand."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from plan_files import PUBLISHED, facts, rows
from shipped import PLAN
from test_progress import GANZHOU, GUAZHOU, JINTA, OVER, RUNS, SUBEI, WUDU, numbers, observed

from targets.outcomes import provincial, roads
from targets.progress import PART_ORDERS, assess, cited, headline, part_year, sentence
from targets.speech import Speech

CODES = sorted(facts())
# By number: a total of 20.5, 21.5 … and a growth of 1.0, 1.1 …; the province grows by 5.0.
TOTALS = {adcode: 20.5 + n for n, adcode in enumerate(CODES)}
RATES = {adcode: float(Decimal(10 + n) / 10) for n, adcode in enumerate(CODES)}


@pytest.fixture(scope="module")
def shipped(published):
    return published.observations


@pytest.fixture(scope="module")
def quarter(shipped):
    """Return what is published, and a table of 86 totals and growth rates of January to September 2025."""
    totals = observed(*((a, "2025Q3", v) for a, v in TOTALS.items()))
    growth = observed(*((a, "2025Q3", v) for a, v in RATES.items()), indicator="gdp_growth", unit="%")
    whole = observed(("620000", "2025Q3", 5.0), indicator="gdp_growth", unit="%")
    return pd.concat([shipped, totals, growth, whole], ignore_index=True)


# ---- a part of a year -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["2025Q3", None])
def test_a_quarter_is_shown_beside_the_states_and_changes_none(counties, shipped, quarter, period):
    before, after = assess(counties, shipped, period, OVER), assess(counties, quarter, period, OVER)
    assert after["state"].to_list() == before["state"].to_list()
    for column in ("observed", "attainment", "gap", "reached_year"):
        pd.testing.assert_series_equal(before[column], after[column])
    found = part_year(after, quarter, PLAN, period)
    assert found is not None and found.period == "2025Q3"
    # 甘州's full year 2025 is known: the latest part of a year is then none of its.
    mine = {a: n for n, a in enumerate(CODES) if period or a != GANZHOU}
    assert found.counties["level"].to_dict() == {a: TOTALS[a] for a in mine}
    assert found.counties["growth"].to_dict() == {a: RATES[a] for a in mine}
    # In points, exact as written: 1.0 − 5.0 and so on.
    assert found.counties["apart"].to_list() == [float(Decimal(n - 40) / 10) for n in mine.values()]


def test_the_quarter_in_a_sentence(counties, quarter):
    found = part_year(assess(counties, quarter, "2025Q3", OVER), quarter, PLAN, "2025Q3")
    name = counties["name_short"]
    assert found.sentence(CODES, 86) == (
        f"2025年1—9月：86个县（市、区）中，86个有累计总量，86个有增速；增速最低{name[CODES[0]]}1.0%，"
        f"最高{name[CODES[-1]]}9.5%；全省5.0%，低于全省的40个，持平1个，高于全省的45个。"
    )
    assert numbers(found.sentence(CODES[:3], 3, "en"))[-2:] == [0, 3], (
        "5.0 %, and three below it; of none nothing is said"
    )
    assert found.order("growth") == found.order("level_low") == CODES
    assert found.order("growth_high") == found.order("level") == CODES[::-1]
    assert set(PART_ORDERS) == {"growth", "growth_high", "level", "level_low", "adcode"}


def test_every_state_says_its_quarter(counties, quarter):
    late = pd.concat([quarter, observed((GUAZHOU, "2024", 131.7), (WUDU, "2024", 190.0))])
    found = assess(counties, late, "2025Q3", RUNS)
    assert set(RUNS.states) == set(found["state"])
    for adcode, row in found.iterrows():
        zh, en = sentence(row, "zh", OVER), sentence(row, "en", OVER)
        total = f"{Decimal(repr(TOTALS[adcode])).normalize():f}"
        assert f"2025年前三季度累计{total}亿元（导入，核定），不与全年下限相比" in zh
        assert f"2025年前三季度增速{RATES[adcode]}%" in zh
        assert "Jan–Sep 2025" in en and "not compared with the full-year bound" in en


def test_a_whole_year_has_no_quarter_and_takes_its_place(counties, quarter):
    assert part_year(assess(counties, quarter, "2024", OVER), quarter, PLAN, "2024") is None
    full = pd.concat([quarter, observed((CODES[0], "2025", 90.0))])
    found = part_year(assess(counties, full, None, OVER), full, PLAN)
    assert list(found.counties.index) == [a for a in CODES[1:] if a != GANZHOU], (
        "the full year 2025 has taken the place of its nine months"
    )
    chosen = part_year(assess(counties, full, "2025Q3", OVER), full, PLAN, "2025Q3")
    assert list(chosen.counties.index) == CODES


def test_without_the_provinces_rate_nothing_is_compared(counties, quarter):
    bare = quarter[~((quarter["place"] == "620000") & (quarter["period"] == "2025Q3"))]
    found = part_year(assess(counties, bare, "2025Q3", OVER), bare, PLAN, "2025Q3")
    assert found.province is None and found.counties["apart"].isna().all()
    assert "全省" not in found.sentence(CODES, 86)


def test_what_is_published_of_a_quarter(counties, shipped):
    """榆中 grew by 8.1 % in the first quarter of 2025, the province by 6.2; by 7.3 to June."""
    found = part_year(assess(counties, shipped, "2025Q1", OVER), shipped, PLAN, "2025Q1")
    assert list(found.counties.index) == ["620123"]
    assert found.counties["apart"].to_list() == [1.9]
    assert "榆中县8.1%；全省6.2%，高于全省的1个。" in found.sentence(CODES, 86)
    found = part_year(assess(counties, shipped, None, OVER), shipped, PLAN)
    assert (found.period, found.counties["growth"].to_list()) == ("2025Q2", [7.3])


# ---- what is known where there is no full year ----------------------------------------------------------------------


@pytest.mark.parametrize("period", [None, "2019", "2023", "2024Q1", "2026"])
def test_nothing_known_is_said_only_where_nothing_is(counties, shipped, period):
    firm = {"核定", "公报", "初步", "报告", "报道"}
    known = {
        r["adcode"]
        for r in rows("county_observations", PUBLISHED)
        if r["indicator"] in ("gdp", "gdp_growth") and r["status"] in firm
    }
    assert len(known) == 26
    found = assess(counties, shipped, period, OVER)
    assert set(found.index[found["absent"] == "no_figure"]) == set(CODES) - known
    for adcode, row in found[found["absent"] == "no_figure"].iterrows():
        assert Speech.of("zh").word("reason_no_figure") in sentence(row, "zh", OVER), adcode
    for adcode, row in found[(found["absent"] != "no_figure") & found["observed"].isna()].iterrows():
        assert numbers(sentence(row, "zh", OVER).partition("：")[2]), (adcode, "what is known is named")


@pytest.mark.parametrize(("rules", "state"), [(RUNS, "no_figure"), (OVER, "target_year_unknown")])
def test_a_figure_of_another_year_is_named_and_not_compared(counties, shipped, rules, state):
    row = assess(counties, shipped, "2023", rules).loc[SUBEI]
    assert row[["state", "reason", "other", "other_period"]].to_list() == [state, "other_year", 30.7, "2024"]
    assert sentence(row, "zh", OVER) == "肃北县：所选时期没有全年数，其他年份有（2024年30.7亿元，报道），下限50亿元。"
    assert pd.isna(row["attainment"]) and pd.isna(row["gap"])


def test_a_quarter_after_the_chosen_period_is_named(counties):
    own = observed((WUDU, "2025Q3", 120.0))
    row = assess(counties, own, "2023", OVER).loc[WUDU]
    assert (row["reason"], row["other"]) == ("other_period", 120)
    assert "2025年前三季度累计120亿元" in sentence(row, "zh", OVER)


def test_a_remark_stands_with_its_source(counties, shipped, published):
    """靖远 is reported among those that newly passed 100: its remark must be with the source."""
    (note,) = (r for r in rows("county_observations", PUBLISHED) if r["adcode"] == "620421" and r["indicator"] == "gdp")
    row = assess(counties, shipped, None, OVER).loc["620421"]
    assert note["note"] and any(note["note"] in text for text in cited(row))
    assert note["note_en"] and any(note["note_en"] in text for text in cited(row, "en", published.notes_en))


# ---- the headline ---------------------------------------------------------------------------------------------------


def test_a_full_year_is_counted_in_place_of_the_provinces_count(counties, shipped):
    values = {a: 150.0 if n < 40 else 60.0 for n, a in enumerate(CODES)}
    # Without what is published of counties: some of it is far from these, and both would then be set aside.
    whole = shipped[shipped["place"] == "620000"]
    own = pd.concat([whole, observed(*((a, "2024", v) for a, v in values.items()))])
    listed = {r["adcode"] for r in rows("band_counties") if r["band"] in ("B1", "B2", "B3", "B4", "B5")}
    said = headline(assess(counties, own, None, OVER), own, "zh", OVER)[-1]
    inside = len(listed & set(CODES[:40]))
    assert said == (
        "2024年地区生产总值百亿元以上的县40个（按导入的86个县全年数计数）；"
        f"专栏一列入百亿元以上各档的46个中，{inside}个在内。"
    )
    assert headline(assess(counties, own, "2023", OVER), own, "zh", OVER, period="2023")[-1].startswith(
        "2023年地区生产总值百亿元以上的县36个"
    )
    part = own[~((own["place"] == CODES[-1]) & (own["period"] == "2024"))]
    assert headline(assess(counties, part, None, OVER), part, "zh", OVER)[-1].startswith(
        "2023年地区生产总值百亿元以上的县36个"
    )


def test_the_headline_of_a_selection_speaks_of_it_alone(counties, shipped):
    found = assess(counties, shipped, None, OVER)
    some = found.loc[[JINTA, "620981", "620923"]]
    said = headline(some, shipped, "zh", OVER, chosen=True)
    assert said[0] == ("所选的3个县（市、区）：2025年数0/3，方案期内最近已知2个：1个达到")
    assert not any("全省" in text or "百亿元" in text or "0个" in text for text in said[1:])
    bare = found[found["state"] == "no_target"].iloc[:2]
    assert headline(bare, shipped, "zh", OVER, chosen=True)[0].startswith("所选的2个县都未列入专栏一，没有下限可比")
    assert headline(bare, shipped, "en", OVER, chosen=True)[0].startswith("None of the 2 selected counties")


# ---- roads and targets ----------------------------------------------------------------------------------------------


def test_a_report_from_before_the_day_it_names_announces(counties, shipped, published, plan):
    said = roads(counties, shipped, published, plan).sentences()
    (ahead,) = (text for text in said if "2021-07-09" in text)
    assert ahead == "全省口径：据此前的报道（兰州晨报，2021-07-07），到2021-07-09，将通70个。"
    assert sum("已通80个" in text for text in said) == 1


def test_capacity_stands_beside_its_target_and_the_share_is_context(plan, shipped, counties, published):
    found = provincial(plan, shipped, counties, published, OVER)
    assert found.loc["T03b", ["known", "basis", "known_period"]].to_list() == [8041.56, "same", "2025-12"]
    assert "新华社" in found.loc["T03b", "known_source"]
    assert pd.isna(found.loc["T03a", "known"]) and found.loc["T03a", "basis"] == "context"
    assert "超64%" in found.loc["T03a", "known_zh"] and "另一个比例" in found.loc["T03a", "known_zh"]
    assert "at least 64 %" in found.loc["T03a", "known_en"]
