"""Attainment, gap, pace and states while the term runs and after it, against numbers worked out by hand."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from plan_files import PUBLISHED, facts, named, rows
from shipped import PLAN

from targets import progress
from targets.evidence import contradictions, figures, latest, latest_by_year, leads, series, settle
from targets.grades import LEAD, STATUS_GRADES
from targets.progress import (
    CLOSED,
    REASONS,
    RUNNING,
    STATES,
    Rules,
    assess,
    band_of,
    basis,
    behind,
    classes,
    confirmed,
    counts,
    each_confirmed,
    headline,
    ladder,
    missing,
    say_distance,
    say_reached,
)
from targets.published import OBSERVATION_COLUMNS
from targets.speech import Speech
from targets.today import known_by

WUDU, QINZHOU, CHENGGUAN, HEZHENG, JIAYUGUAN = "621202", "620502", "620102", "622925", "620200"
LONGXI, JINTA, YUZHONG, QILIHE, LIANGZHOU = "621122", "620921", "620123", "620103", "620602"
GUAZHOU, SUBEI, HUACHI, KONGTONG, GANZHOU = "620922", "620923", "621023", "620802", "620702"
ZHENGNING, CHENGXIAN, LINGTAI, XIFENG, GULANG = "621025", "621221", "620822", "621002", "620622"
RUNS, OVER = Rules(date(2024, 6, 30), PLAN), Rules(date(2026, 11, 30), PLAN)


def sentence(row, lang="zh", rules=RUNS):
    return progress.sentence(row, lang, rules)


BOTH = pytest.mark.parametrize("rules", [RUNS, OVER], ids=["running", "over"])


def observed(*given, **same):
    """Return observations of (place, period, value), by default imported GDP in 亿元, of the grade of their status."""
    standard = {
        **{"indicator": "gdp", "unit": "亿元", "comparator": "eq", "status": "核定", "source": "统计年鉴"},
        **{"source_url": "", "as_of": "", "since": "", "note": "", "batch": 1, "origin": "import"},
    } | same
    standard.setdefault("grade", STATUS_GRADES.get(standard["status"], LEAD))
    table = pd.DataFrame(
        [{"printed": f"{v}{standard['unit']}"} | standard | {"place": p, "period": t, "value": v} for p, t, v in given],
        columns=list(OBSERVATION_COLUMNS),
    )
    return table.astype({"value": float, "batch": "Int64"})


def printed(*given, status="公报", **same):
    """Return published figures of one status."""
    return observed(*given, status=status, batch=pd.NA, origin="published", **same)


def on(observations, rules):
    """Return what is known on the day of the rules, settled as the pages have it."""
    return settle(known_by(observations, rules.today))


@pytest.fixture(scope="module")
def shipped(published):
    return published.observations


@pytest.fixture(scope="module")
def running(counties, shipped):
    return assess(counties, on(shipped, RUNS), None, RUNS)


@pytest.fixture(scope="module")
def over(counties, shipped):
    return assess(counties, on(shipped, OVER), None, OVER)


# ---- by hand --------------------------------------------------------------------------------------------------------


def names(assessment, state):
    return set(assessment.loc[assessment["state"] == state, "name_short"])


def test_every_state_while_the_term_runs(running):
    """Of the files, by hand, on 2024-06-30: what ended by then, without leads."""
    assert counts(running, RUNS) == {"reached": 11, "on_pace": 3, "behind": 1, "no_figure": 53, "no_target": 18}
    floors = {"靖远县", "秦安县", "甘谷县", "金塔县", "陇西县"}
    levels = {"凉州区", "民勤县", "古浪县", "天祝县", "庆城县", "华池县"}
    assert names(running, "reached") == floors | levels
    assert names(running, "on_pace") == {"崆峒区", "灵台县", "正宁县"}
    assert names(running, "behind") == {"瓜州县"}
    assert set(running.loc[running["reason"] == "before_plan", "name_short"]) == {"肃北县", "成县"}


def test_every_state_after_the_term(over):
    """On 2026-11-30 庄浪 and 甘州 have reached it too; 瓜州's two figures contradict each other."""
    assert counts(over, OVER) == {
        "reached": 13, "not_reached": 0, "target_year_unknown": 5, "no_figure": 50, "no_target": 18,
    }  # fmt: skip
    assert names(over, "reached") == {
        "靖远县", "秦安县", "甘谷县", "金塔县", "陇西县", "庄浪县", "凉州区",
        "民勤县", "古浪县", "天祝县", "庆城县", "华池县", "甘州区",
    }  # fmt: skip
    assert names(over, "target_year_unknown") == {"崆峒区", "灵台县", "正宁县", "肃北县", "成县"}
    assert over.loc[GUAZHOU, ["state", "reason"]].to_list() == ["no_figure", "contradicted"]


def test_guazhou_while_only_one_figure_is_known(running):
    """131.7 of 200 in 2023: 65.85 %, 68.3 short, and (200 ÷ 131.7)^(1/2) = 1.2323."""
    row = running.loc[GUAZHOU]
    assert row["attainment"] == pytest.approx(0.6585)
    assert (row["gap"], row["years_left"], row["grade"]) == (68.3, 2, "preliminary")
    assert row["required_growth"] == pytest.approx(0.2323, abs=5e-5)
    assert sentence(row, "zh", RUNS) == (
        "瓜州县：2023年131.7亿元（初步），距200亿元下限还差68.3亿元（达成65.9%），"
        "需年均名义增长23.2%（2年）；2023年增速7%（初步）。"
    )


def test_kongtong_on_both_days(running, over):
    """193.03 of 200 in 2022: 6.97 short, 96.5 %; (200 ÷ 193.03)^(1/3) = 1.0119."""
    row = running.loc[KONGTONG]
    assert (row["state"], row["gap"]) == ("on_pace", 6.97)
    assert row["required_growth"] == pytest.approx(0.0119, abs=5e-5)
    row = over.loc[KONGTONG]
    assert (row["state"], row["gap"]) == ("target_year_unknown", 6.97)
    assert row[["required_growth", "years_left"]].isna().all()
    assert sentence(row).startswith("崆峒区：2022年193.03亿元（报道），当时距200亿元下限还差6.97亿元（达成96.5%）；")


def test_after_the_term_nothing_is_required_and_nobody_is_fast_or_slow(over):
    assert over[["required_growth", "years_left"]].isna().all(axis=None)
    for _, row in over.iterrows():
        for lang in ("zh", "en"):
            assert not re.search("年均名义|进度内|落后|on pace|behind|nominal growth", sentence(row, lang, OVER))
    for lang in ("zh", "en"):
        assert not re.search("%为“|进度内|落后|on pace|behind", " ".join(OVER.sentences(lang)))


def test_in_which_year_a_county_reached_it(over):
    """华池: 150.61 in 2022 and 156.82 in 2023, both above 100; 陇西: 87.36 in 2021, at least 100 in 2023."""
    years = {adcode: over.at[adcode, "reached_year"] for adcode in (HUACHI, LONGXI, LIANGZHOU, GANZHOU, JINTA)}
    assert years == {HUACHI: 2022, LONGXI: 2023, LIANGZHOU: 2022, GANZHOU: 2025, JINTA: 2023}
    assert say_reached(over.loc[GANZHOU], OVER) == "2025年已达到"
    assert over.loc[over["state"] != "reached", "reached_year"].isna().all()


@pytest.mark.parametrize(
    ("given", "year", "said"),
    [
        ({2021: 120.0, 2023: 130.0, 2024: 125.0}, 2021, "方案前已达（2021年）"),
        ({2021: 120.0, 2023: 90.0, 2024: 125.0}, 2024, "2024年已达到"),
        ({2019: 90.0, 2020: 100.0}, 2020, "方案前已达（2020年）"),
        ({2024: 90.0, 2025: 101.0}, 2025, "2025年已达到"),
    ],
)
def test_the_first_year_of_an_unbroken_run(counties, given, year, said):
    row = assess(counties, observed(*((JINTA, str(y), v) for y, v in given.items())), None, OVER).loc[JINTA]
    assert (row["state"], row["reached_year"], say_reached(row, OVER)) == ("reached", year, said)


def test_an_approximate_year_at_the_bound_begins_no_run(counties):
    """约100 may be 99.6; 约101 is above 100.4 and proves it."""
    for about, since in ((100.0, 2024), (101.0, 2023)):
        table = pd.concat([
            printed((JINTA, "2023", about), comparator="about", printed=f"约{about:g}亿元"),
            printed((JINTA, "2024", 110.0)),
        ])  # fmt: skip
        assert assess(counties, table, None, OVER).at[JINTA, "reached_year"] == since


def test_not_reached_only_by_the_target_years_own_full_figure(counties):
    for period, state in (("2024", "target_year_unknown"), ("2025Q3", "no_figure"), ("2025", "not_reached")):
        row = assess(counties, observed((WUDU, period, 190.0)), None, OVER).loc[WUDU]
        assert row["state"] == state
    assert sentence(row) == "武都区：2025年190亿元（导入，核定），距200亿元下限还差10亿元（达成95.0%）。"
    row = assess(counties, observed((WUDU, "2026", 190.0)), None, OVER).loc[WUDU]
    assert (row["state"], row["reason"]) == ("no_figure", "after_target")


def test_before_the_plan_nobody_is_on_pace_or_behind_but_may_have_reached(counties):
    for value, state in ((199.0, "no_figure"), (10.0, "no_figure"), (200.0, "reached")):
        for year in ("2019", "2020", "2021"):
            row = assess(counties, observed((WUDU, year, value)), None, RUNS).loc[WUDU]
            assert (row["state"], row["before_plan"]) == (state, True)
            assert row["reason"] == ("" if state == "reached" else "before_plan")
            assert pd.isna(row["required_growth"])
    assert assess(counties, observed((WUDU, "2022", 199.0)), None, RUNS).at[WUDU, "state"] == "on_pace"


def test_the_pace_decides_at_itself(counties):
    """100 ÷ 93.4579… is 1.07 for one year: 93.46 needs 6.998 %, 93.45 needs 7.009 %."""
    for value, state in ((93.46, "on_pace"), (93.45, "behind")):
        assert assess(counties, observed((JINTA, "2024", value)), None, RUNS).at[JINTA, "state"] == state
    assert assess(counties, observed((JINTA, "2024", 93.46)), None, Rules(RUNS.today, PLAN, pace=0.05)).at[
        JINTA, "state"
    ] == "behind"  # fmt: skip


def test_the_full_target_year_while_the_term_runs_leaves_no_years(counties):
    """A bulletin of 2025 may be out before its last day is over: the term then still runs."""
    rules = Rules(date(2025, 12, 31), PLAN)
    row = assess(counties, observed((QINZHOU, "2025", 299.97)), None, rules).loc[QINZHOU]
    assert (row["state"], row["reason"], row["years_left"], row["gap"]) == ("behind", "no_years_left", 0, 0.03)
    # Neither 300.0 beside a bound of 300, nor a gap of 0.0, nor 100.0 %.
    assert sentence(row) == (
        "秦州区：2025年299.97亿元（导入，核定），距300亿元下限还差0.03亿元（达成99.99%），目标年已结束。"
    )


def test_the_day_after_the_target_year_is_after_the_term():
    assert not Rules(date(2025, 12, 31), PLAN).closed
    assert Rules(date(2026, 1, 1), PLAN).closed
    assert (list(RUNS.states), list(OVER.states)) == (list(RUNNING), list(CLOSED))
    assert not any(state in CLOSED for state in ("on_pace", "behind"))


# ---- digits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "distance"),
    [
        (49.95, "0.05亿元"),
        (49.9, "0.1亿元"),
        (50.0, "0亿元"),
        (50.04, "0.04亿元"),
        (47.66, "2.34亿元"),
        (20.5, "29.5亿元"),
    ],
)
def test_a_distance_by_pencil(counties, value, distance):
    """正宁 has a bound of 50."""
    row = assess(counties, printed((ZHENGNING, "2024", value), printed=f"{value}亿元"), None, OVER).loc[ZHENGNING]
    assert say_distance(row, "zh") == distance


def test_a_distance_is_of_what_is_said_of_an_imported_figure(counties):
    """A figure is said with all its digits, and so is its distance: 90.25 and 9.75 are 100."""
    for value, said, distance in ((90.25, "90.25", "9.75"), (99.96, "99.96", "0.04"), (104.2, "104.2", "4.2")):
        row = assess(counties, observed((JINTA, "2023", value)), None, OVER).loc[JINTA]
        assert (said in sentence(row), say_distance(row, "zh")) == (True, f"{distance}亿元")


DISTANCES = st.integers(1, 20_000).map(lambda n: n / 100)


@settings(max_examples=60)
@given(DISTANCES, st.sampled_from(["import", "published"]))
def test_what_is_said_adds_up(counties, value, origin):
    """Bound, figure and distance as they are said: a reader's sum comes out."""
    row = assess(counties.loc[[JINTA]], observed((JINTA, "2023", value), origin=origin), None, OVER).loc[JINTA]
    said, lower, distance = (Decimal(n) for n in re.findall(r"([\d.]+)亿元", sentence(row))[:3])
    assert lower == 100 and abs(lower - said) == distance
    assert (distance == 0) == (value == 100)


# ---- what is not computed -------------------------------------------------------------------------------------------


@BOTH
def test_86_rows_once_each_without_jiayuguan(counties, shipped, rules):
    found = assess(counties, on(shipped, rules), None, rules)
    assert set(found.index) == set(facts())
    assert found.index.is_unique
    assert JIAYUGUAN not in found.index


def test_no_band_no_attainment(over):
    bare = over[over["state"] == "no_target"]
    assert len(bare) == 18
    assert bare[["attainment", "gap", "surplus", "required_growth", "years_left", "reached_year"]].isna().all(axis=None)
    assert set(bare["reason"]) == {"no_band"}
    assert over.loc[HEZHENG, ["observed", "year", "band_observed"]].to_list() == [34.1881, 2022, "below"]
    # As it was printed, in 万元.
    assert sentence(over.loc[HEZHENG]).startswith("和政县：未列入专栏一，没有下限可比；2022年341881万元（初步）")


def test_growth_never_becomes_a_level(over):
    row = over.loc[YUZHONG]
    assert row[["state", "reason", "growth", "growth_period"]].to_list() == ["no_figure", "growth_only", 7.3, "2025Q2"]
    assert row[["observed", "attainment", "gap", "required_growth"]].isna().all()
    assert "2025年上半年增速7.3%" in sentence(row)
    # An average over five years is no year's growth.
    assert pd.isna(over.at[QILIHE, "growth"]) and over.at[QILIHE, "reason"] == "no_figure"


def test_at_least_proves_no_more_than_its_amount(over):
    for adcode, amount, year in ((JINTA, 100, 2023), (LONGXI, 128.03, 2025)):
        row = over.loc[adcode]
        assert (row["state"], row["reason"], row["floor"], row["floor_year"]) == ("reached", "floor", amount, year)
        assert row[["attainment", "gap", "surplus", "required_growth"]].isna().all()
    assert pd.isna(over.loc[JINTA, "observed"])
    # The older level stays what it is, with its year.
    assert over.loc[LONGXI, ["observed", "year"]].to_list() == [87.36, 2021]
    assert "2025年突破128.03亿元（报道）" in sentence(over.loc[LONGXI])
    assert "at least 12.803 bn yuan in 2025 (press report)" in sentence(over.loc[LONGXI], "en")
    assert not re.search("超出|达成", sentence(over.loc[LONGXI]))


@settings(max_examples=40)
@given(st.integers(1, 40_000).map(lambda n: n / 10), st.sampled_from(sorted(facts())), st.booleans())
def test_at_least_gives_no_surplus_no_attainment_and_no_class_above_it(counties, value, adcode, closed):
    rules = OVER if closed else RUNS
    table = printed((adcode, "2023", value), status="报道", comparator="at_least", printed=f"突破{value}亿元")
    row = assess(counties.loc[[adcode]], table, None, rules).loc[adcode]
    assert row[["observed", "attainment", "gap", "surplus", "required_growth"]].isna().all()
    assert row["band_observed"] == ""
    lower = counties.at[adcode, "lower"]
    if pd.isna(lower):
        assert row["state"] == "no_target"
    elif value >= lower:
        assert (row["state"], row["reason"]) == ("reached", "floor")
    else:
        assert row["state"] == ("target_year_unknown" if closed else "no_figure")
        assert row["reason"] == "floor_only"
    steps = ladder(counties, table, rules)
    (rung,) = steps.latest.index[steps.latest == 1]
    scale = classes(PLAN)
    assert rung == "below" or scale.at[rung, "lower"] <= value


@pytest.mark.parametrize("period", ["2023", "2024", "2024Q3"])
def test_a_figure_takes_the_place_of_a_bound(counties, shipped, period):
    """98 in 2023 or later is below 100, whatever was reported; a part of a year is no figure for the year."""
    own = pd.concat([known_by(shipped, RUNS.today), observed((JINTA, period, 98.0))])
    row = assess(counties, own, None, RUNS).loc[JINTA]
    if period == "2024Q3":
        assert (row["state"], row["reason"]) == ("reached", "floor")
    else:
        assert (row["state"], row["gap"]) == ("on_pace", 2)
        assert pd.isna(row["floor"])


@pytest.mark.parametrize(
    ("text", "value", "judges"),
    [("约100亿元", 100.4, False), ("约100亿元", 99.6, False), ("约100亿元", 99.4, True), ("约100.4亿元", 100.4, True),
     ("约99.9亿元", 99.9, True), ("约100.0亿元", 100.04, False)],
)  # fmt: skip
def test_an_approximate_figure_within_half_a_digit_of_the_bound_does_not_judge(counties, text, value, judges):
    """The last digit decides: 约100 is 99.5 to 100.5, 约100.4 is 100.35 to 100.45."""
    for rules in (RUNS, OVER):
        table = printed((JINTA, "2024", value), comparator="about", printed=text)
        row = assess(counties, table, None, rules).loc[JINTA]
        assert (row["reason"] == "about_bound") is not judges
        if judges:
            reached = value >= 100
            assert (row["state"] == "reached") is reached
        else:
            assert row["state"] == ("target_year_unknown" if rules.closed else "no_figure")
            assert row[["attainment", "gap", "surplus"]].isna().all()
            assert Speech.of("zh").word("reason_about_bound") in sentence(row)


@BOTH
def test_prefecture_and_province_totals_are_never_split(counties, shipped, rules):
    before = assess(counties, on(shipped, rules), None, rules)
    totals = observed(*((place, "2024", 900.0) for place in ("620000", "620100", "620200", "620900", "623000")))
    after = assess(counties, settle(pd.concat([known_by(shipped, rules.today), totals])), None, rules)
    pd.testing.assert_frame_equal(after, before)


def test_another_unit_is_refused(counties):
    with pytest.raises(ValueError, match="gdp of 621202, 2024: unit '万元', expected '亿元'"):
        assess(counties, observed((WUDU, "2024", 1_542_200), unit="万元"), None, OVER)


# ---- leads ----------------------------------------------------------------------------------------------------------


def leads_of_gdp():
    kinds = {"百科", "简介", "网文", "预计"}
    return [
        r for r in rows("county_observations", PUBLISHED) if r["indicator"].startswith("gdp") and r["status"] in kinds
    ]


@pytest.fixture(scope="module")
def found(counties):
    """Return a function from a table to what is found in it, so that what has every lead is looked at once a day."""

    def look(known, rules):
        table = settle(known)
        states = assess(counties, table, None, rules)
        return states, headline(states, table, "zh", rules), ladder(counties, table, rules).latest

    return look


@pytest.fixture(scope="module")
def with_all(found, shipped):
    return {id(rules): found(known_by(shipped, rules.today), rules) for rules in (OVER, RUNS)}


@pytest.mark.parametrize("lead", leads_of_gdp(), ids=lambda r: f"{r['adcode']}-{r['indicator']}-{r['period']}")
@BOTH
def test_taking_a_lead_away_changes_nothing(found, with_all, shipped, rules, lead):
    """States, numbers, counts, ladder and headline: the same with it and without."""
    known = known_by(shipped, rules.today)
    is_it = (known["place"] == lead["adcode"]) & (known["indicator"] == lead["indicator"])
    is_it &= (known["period"] == lead["period"]) & (known["printed"] == lead["printed"])
    assert is_it.sum() == (lead["period"] < str(rules.today.year))
    if not is_it.any():
        return  # it is not known yet on that day, and the tables are one
    (first, said, last), (second, now, latest_) = with_all[id(rules)], found(known[~is_it], rules)
    pd.testing.assert_frame_equal(first, second)
    assert said == now
    pd.testing.assert_series_equal(last, latest_)


@BOTH
def test_without_any_lead_all_stands_as_it_is(counties, shipped, rules):
    known = known_by(shipped, rules.today)
    bare = settle(known[known["grade"] != LEAD])
    assert len(leads_of_gdp()) > 20 and len(bare) < len(known)
    known = settle(known)
    pd.testing.assert_frame_equal(assess(counties, bare, None, rules), assess(counties, known, None, rules))
    a, b = ladder(counties, bare, rules), ladder(counties, known, rules)
    pd.testing.assert_frame_equal(a.observed, b.observed)
    pd.testing.assert_frame_equal(a.known, b.known)


ADCODES = sorted(facts())
VALUES = st.integers(1, 2_000_000).map(lambda n: n / 1000)
YEARS = st.integers(2019, 2025).map(str)
OBSERVED = st.lists(st.tuples(st.sampled_from(ADCODES), YEARS, VALUES), max_size=40, unique_by=lambda o: (o[0], o[1]))


@settings(max_examples=12)
@given(OBSERVED, OBSERVED, st.sampled_from(["百科", "简介", "网文", "预计"]), st.booleans())
def test_no_lead_whatever_changes_anything(counties, given, more, status, closed):
    rules = OVER if closed else RUNS
    expected = {"comparator": "expected"} if status == "预计" else {}
    firm, loose = printed(*given), printed(*more, status=status, **expected)
    both = pd.concat([loose, firm], ignore_index=True)
    before, after = (assess(counties, settle(table), None, rules) for table in (firm, both))
    pd.testing.assert_frame_equal(before, after)
    assert headline(before, firm, "zh", rules) == headline(after, both, "zh", rules)
    assert len(leads(both)) == len(loose)


def test_what_a_lead_would_say_if_confirmed(counties, shipped, plan):
    """永登 144.4 of 100 in 2023; 秦州 285.4 of 300 in 2024; 武山 86.1 of 100; 肃北 30.6806 changes nothing."""
    known = on(shipped, OVER)
    said, alone = {}, []
    for _, lead in leads(known).iterrows():
        if lead["indicator"] == "gdp" and not lead["place"].endswith("00"):
            state = confirmed(counties, known, lead, None, OVER, plan)
            said[counties.at[lead["place"], "name_short"], lead["period"]] = state
            alone.append(state)
    mine = leads(known).query("indicator == 'gdp' and place in @counties.index")
    assert each_confirmed(counties, known, mine, None, OVER, plan) == alone, "each as if it alone were confirmed"
    assert said["永登县", "2023"] == said["环县", "2020"] == said["镇原县", "2025"] == "reached"
    assert said["秦州区", "2024"] == said["武山县", "2024"] == said["肃北县", "2024"] == "target_year_unknown"
    assert said["阿克塞县", "2020"] == "no_target"
    assert len(said) == 19


# ---- whom to call ---------------------------------------------------------------------------------------------------


def test_whom_to_call(over):
    """Of 68 counties with a target only 甘州's full year 2025 is known; 陇西's is only reported as passed."""
    asked = missing(over)
    assert len(asked) == 67 and GANZHOU not in asked.index and LONGXI in asked.index
    assert asked["lower"].notna().all()


def test_the_figure_that_a_state_rests_on(over):
    keys = ("period", "value", "printed", "comparator", "grade")
    said = {a: tuple(basis(over.loc[a])[k] for k in keys) for a in (GANZHOU, LONGXI, JINTA, SUBEI, YUZHONG)}
    assert said[GANZHOU] == ("2025", 314.7, "314.7亿元", "eq", "report")
    assert said[LONGXI] == ("2025", 128.03, "突破128.03亿元", "at_least", "report")
    assert said[JINTA] == ("2023", 100, "新增百亿元县域", "at_least", "report")
    assert said[SUBEI] == ("2024", 30.7, "30.7亿元", "eq", "report")
    assert (said[YUZHONG][0], said[YUZHONG][2:]) == ("", ("", "", "")) and pd.isna(said[YUZHONG][1])


# ---- periods --------------------------------------------------------------------------------------------------------


def test_one_year_is_that_year_and_no_other(counties, shipped):
    found = assess(counties, on(shipped, OVER), "2022", OVER)
    have = found[found["observed"].notna()]
    assert set(have["name_short"]) == {
        "凉州区", "民勤县", "古浪县", "天祝县", "庆城县", "华池县", "崆峒区", "灵台县", "玛曲县", "和政县",
    }  # fmt: skip
    assert set(have["year"]) == {2022}
    assert found.loc[SUBEI, ["state", "reason"]].to_list() == ["target_year_unknown", "other_year"]
    # What was reported for 2023 was not so in 2022.
    assert found.loc[LONGXI, "state"] == "target_year_unknown"


def test_a_quarter_stands_beside_and_is_not_compared(counties):
    """秦州: 250 to September 2025 is no year; the state rests on 285.4 in 2024."""
    year, own = observed((QINZHOU, "2024", 285.4)), observed((QINZHOU, "2025Q3", 250.0))
    growth = observed((QINZHOU, "2025Q3", 5.9), (QINZHOU, "2024", 5.6), indicator="gdp_growth", unit="%")
    row = assess(counties, pd.concat([year, own, growth]), "2025Q3", RUNS).loc[QINZHOU]
    assert row[["observed", "year", "state", "gap"]].to_list() == [285.4, 2024, "on_pace", 14.6]
    assert row[["part_year", "part_year_period", "growth", "growth_period"]].to_list() == [250, "2025Q3", 5.9, "2025Q3"]
    row = assess(counties, own, None, RUNS).loc[QINZHOU]
    assert (row["state"], row["reason"]) == ("no_figure", "part_year")
    row = assess(counties, pd.concat([year, own, growth]), "2025Q2", RUNS).loc[QINZHOU]
    assert (row["growth"], row["growth_period"]) == (5.6, "2024")
    assert pd.isna(row["part_year"])


def test_four_quarters_are_a_year(counties):
    assert assess(counties, observed((QINZHOU, "2024-12", 290.0)), None, OVER).loc[QINZHOU, "gap"] == 10
    both = observed((QINZHOU, "2024Q4", 290.0), (QINZHOU, "2024", 291.0))
    assert assess(counties, both, None, OVER).loc[QINZHOU, "gap"] == 9


@settings(max_examples=12)
@given(OBSERVED, st.integers(2020, 2027))
def test_what_ends_after_today_is_not_used(counties, given, year):
    """The same as without it, on the last day of any year."""
    rules = Rules(date(year, 12, 31), PLAN)
    table = observed(*given)
    past = table[table["period"] <= str(year)]
    pd.testing.assert_frame_equal(
        assess(counties, on(table, rules), None, rules), assess(counties, on(past, rules), None, rules)
    )
    found = assess(counties, on(table, rules), None, rules)
    assert (found["year"].dropna() <= year).all()


def test_an_unreadable_period_is_refused(counties, shipped):
    for period in ("2025Q5", "去年", "2025-13", ""):
        with pytest.raises(ValueError, match="is not like 2024, 2025Q3 or 2025-09"):
            assess(counties, shipped, period, OVER)


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2024", "2024年", "2024"),
        ("2025Q1", "2025年一季度", "Jan–Mar 2025"),
        ("2025Q2", "2025年上半年", "Jan–Jun 2025"),
        ("2025Q3", "2025年前三季度", "Jan–Sep 2025"),
        ("2025-01", "2025年1月", "Jan 2025"),
        ("2025-11", "2025年1—11月", "Jan–Nov 2025"),
        ("2024-12", "2024年", "2024"),
    ],
)
def test_periods_in_words(period, zh, en):
    assert (Speech.of("zh").period(period), Speech.of("en").period(period)) == (zh, en)


# ---- the latest figure ----------------------------------------------------------------------------------------------


def test_imported_stands_before_published_and_later_before_earlier(shipped):
    own = pd.concat([observed((KONGTONG, "2022", 190.0), batch=1), observed((KONGTONG, "2022", 191.0), batch=2)])
    for table in (pd.concat([shipped, own]), pd.concat([own.iloc[::-1], shipped])):
        row = latest(table, "gdp").loc[KONGTONG]
        assert (row["value"], row["origin"], row["batch"]) == (191, "import", 2)


def test_the_latest_is_a_row_that_is_there(shipped):
    for indicator in ("gdp", "gdp_growth", "population_year_end"):
        found = latest(shipped, indicator, full_year=False)
        mine = shipped[(shipped["indicator"] == indicator) & (shipped["grade"] != LEAD)]
        assert len(found) and set(found.index) <= set(mine["place"])
        for place, row in found.iterrows():
            there = mine[(mine["place"] == place) & (mine["period"] == row["period"])]
            assert row["value"] in list(there["value"])


def test_a_series_is_of_one_source(shipped):
    """华池: 150.61 of its bulletin in 2022, 156.82 of its work report in 2023."""
    apart = series(shipped, HUACHI, "gdp")
    assert [s.points for s in apart] == [((2022, 150.61),), ((2023, 156.82),)]
    assert not any(s.is_trend for s in apart)
    own = observed(*((WUDU, str(y), 150.0 + y - 2021) for y in (2023, 2021, 2022)), (WUDU, "2023Q1", 40.0))
    by_source = {(s.source, s.months): s for s in series(pd.concat([shipped, own]), WUDU, "gdp")}
    assert by_source["统计年鉴", 12].points == ((2021, 150), (2022, 151), (2023, 152))
    assert by_source["统计年鉴", 12].is_trend
    assert by_source["统计年鉴", 3].points == ((2023, 40),)
    # What was only passed, or is a lead, is no point.
    assert series(shipped, JINTA, "gdp") == series(shipped, "620981", "gdp") == ()


# ---- bands and ladder -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (49.99, "below"), (50, "B6"), (99.99, "B6"), (100, "B5"), (200, "B4"), (300, "B3"), (500, "B2"), (999.9, "B2"),
        (1000, "gap"), (1399.9, "gap"), (1400, "B1"), (9999, "B1"),
    ],
)  # fmt: skip
def test_the_lower_bound_belongs_to_the_band(plan, value, band):
    assert band_of(value, plan.bands) == band


def test_classes_cover_everything_once(plan):
    scale = classes(PLAN)
    assert list(scale.index) == ["B1", "gap", "B2", "B3", "B4", "B5", "B6", "below"]
    assert scale.loc["gap", ["lower", "upper", "zh", "en"]].to_list() == [
        1000, 1400, "1000–1400亿元（方案未列）", "100–140 bn yuan (not in the plan)",
    ]  # fmt: skip
    assert scale.loc["below", ["zh", "en"]].to_list() == ["不足50亿元", "under 5 bn yuan"]
    for above, below in zip(scale.index, scale.index[1:], strict=False):
        assert scale.loc[above, "lower"] == scale.loc[below, "upper"]


@pytest.fixture(scope="module")
def by_hand():
    """Return the rows of GDP of a whole year that judge, by year, read from the file: {year: {adcode: value}}."""
    found: dict[int, dict[str, float]] = {}
    firm = {"核定", "公报", "初步", "报告", "报道"}
    for row in rows("county_observations", PUBLISHED):
        if row["indicator"] == "gdp" and len(row["period"]) == 4 and row["status"] in firm:
            found.setdefault(int(row["period"]), {})[row["adcode"]] = float(row["value"])
    # The two figures of 瓜州 are 52 % apart, of one year to the next: neither judges.
    del found[2023][GUAZHOU], found[2024][GUAZHOU]
    return found


def test_the_ladder_as_listed_and_as_known(counties, shipped, by_hand):
    steps = ladder(counties, on(shipped, OVER), OVER)
    assert steps.listed.to_dict() == {
        "B1": 1, "gap": 0, "B2": 2, "B3": 9, "B4": 5, "B5": 29, "B6": 22, "below": 0, "none": 18,
    }  # fmt: skip
    assert steps.known["counties"].to_dict() == {year: len(places) for year, places in sorted(by_hand.items())}
    assert steps.known["counties"].to_dict() == {2020: 3, 2021: 2, 2022: 10, 2023: 7, 2024: 4, 2025: 2}
    assert steps.known["with_target"].to_dict() == {2020: 3, 2021: 2, 2022: 8, 2023: 7, 2024: 3, 2025: 2}
    assert steps.known["few"].all()
    # 2024: 庄浪 at least 100; 成县 93.2; 肃北 30.7, 阿克塞 at least 15.5.
    assert steps.observed.loc[2024].to_dict() == {
        "B1": 0, "gap": 0, "B2": 0, "B3": 0, "B4": 0, "B5": 1, "B6": 1, "below": 2,
    }  # fmt: skip
    assert (steps.observed.sum(axis=1) == steps.known["counties"]).all()
    assert (steps.latest.sum(), steps.latest_known["counties"], steps.latest_known["with_target"]) == (21, 21, 18)
    # 陇西 is at 100 to 200 in the ladder as on its page.
    assert steps.observed.loc[2025].to_dict() | {"B3": 1, "B5": 1} == steps.observed.loc[2025].to_dict()
    assert steps.official["value"].to_dict() == {2022: 31, 2023: 36}


def test_the_ladder_of_nothing(counties, shipped):
    steps = ladder(counties, shipped.iloc[:0], OVER)
    assert steps.observed.empty
    assert steps.latest.sum() == 0
    assert steps.latest_known["few"]
    assert steps.official.empty


def test_a_full_year_is_not_few(counties):
    steps = ladder(counties, observed(*((a, "2024", 120.0) for a in facts())), OVER)
    assert steps.known.loc[2024].to_list() == [86, 68, False]
    assert steps.observed.loc[2024, "B5"] == 86


# ---- sentences ------------------------------------------------------------------------------------------------------


def numbers(text):
    return [int(n) for n in re.findall(r"\d+", text)]


def test_the_headline_after_the_term(over, shipped):
    known = on(shipped, OVER)
    zh, en = (headline(over, known, lang, OVER) for lang in ("zh", "en"))
    assert zh[0] == ("2025年数1/68，方案期内最近已知18个：13个达到")
    assert zh[1] == (
        "各县用最近的全年数（2022—2025年）；6个只见报道已突破下限，未公布确数；11个出自报告、报道；1个公开数互相矛盾，待核。"
    )
    assert zh[2] == "可以判断的不足68个的50%，以上个数不能代表全省。"
    assert zh[3] == "专栏一未列的18个县没有下限可比，其中2个有全年数，单独列出。"
    assert zh[4].startswith("2023年地区生产总值百亿元以上的县36个（")
    assert zh[4].endswith("专栏一列入百亿元以上各档的46个，两份名单不一定相同。")
    assert en[0] == ("2025 known of 1/68, a latest figure within the term of 18: 13 met it")
    assert [numbers(text) for text in en[1:4]] == [[2022, 2025, 6, 11, 1], [50, 68], [18, 1, 2]]


def test_the_headline_while_the_term_runs(running, shipped):
    known = on(shipped, RUNS)
    zh = headline(running, known, "zh", RUNS)
    assert zh[0] == (
        "列入专栏一的68个县：已达下限11个，进度内3个，落后1个，没有可判断的数53个（进度按本图自定的年均7%判断）。"
    )
    assert zh[1] == (
        "各县用最近的全年数（2020—2023年）；2个的数早于2022年，方案尚未开始；5个只见报道已突破下限，未公布确数；"
        "1个为初步核算数；10个出自报告、报道。"
    )
    assert "this atlas's own" in headline(running, known, "en", RUNS)[0]


def test_the_headline_of_a_full_import(counties, shipped):
    """All 68 at their lower bound but three: 崆峒 at 190 of 200 in 2024 needs 5.3 %, the two others 11.1 %."""
    lower = {a: float(b) for a, b in counties.loc[list(facts()), "lower"].dropna().items()}
    values = lower | {KONGTONG: 190.0, WUDU: 180.0, JINTA: 90.0}
    own = observed(*((a, "2024", v) for a, v in values.items()))
    found = assess(counties, own, "2024", RUNS)
    assert headline(found, own, "zh", RUNS)[:2] == [
        "列入专栏一的68个县：已达下限65个，进度内1个，落后2个（进度按本图自定的年均7%判断）。",
        "均用2024年全年数；68个用导入数（核定）。",
    ]
    assert [a for a, _ in behind(found, rules=RUNS)] == [WUDU, JINTA]
    late = observed(*((a, "2025", v) for a, v in values.items()))
    found = assess(counties, late, None, OVER)
    assert headline(found, late, "zh", OVER)[0] == ("68个有目标的县，65个达到，3个未达")
    assert [a for a, _ in behind(found, rules=OVER)] == [WUDU, KONGTONG, JINTA]
    assert missing(found).empty


def test_the_headline_of_nothing(counties, shipped):
    none = shipped.iloc[:0]
    found = assess(counties, none, None, OVER)
    assert headline(found, none, "zh", OVER)[0] == "2025年数0/68，方案期内没有一个有数"


@pytest.fixture(scope="module")
def three(counties):
    """Return three that are behind: 玉门 278.3 of 300, 肃北 30.7 of 50, 武山 86.1 of 100, in 2024."""
    return assess(
        counties, observed(("620981", "2024", 278.3), (SUBEI, "2024", 30.7), ("620524", "2024", 86.1)), None, RUNS
    )


def test_who_is_behind_in_each_order(three):
    """Gaps 21.7, 19.3, 13.9; required 7.8, 62.9, 16.1; attainment .928, .614, .861."""
    short = {"620981": "玉门", SUBEI: "肃北", "620524": "武山"}

    def order(by, **more):
        return [short[a] for a, _ in behind(three, by=by, rules=RUNS, **more)]

    assert order("gap") == ["玉门", "肃北", "武山"]
    assert order("required_growth") == ["肃北", "武山", "玉门"]
    assert order("attainment") == ["肃北", "武山", "玉门"]
    assert order("adcode") == ["武山", "肃北", "玉门"]
    assert order("gap", adcodes=["620524", WUDU]) == ["武山"]
    with pytest.raises(ValueError, match="by: 'name' not among gap"):
        behind(three, by="name", rules=RUNS)


def test_no_years_left_comes_first(counties):
    own = observed((QINZHOU, "2025", 250.0), (WUDU, "2024", 100.0))
    found = assess(counties, own, None, Rules(date(2025, 12, 31), PLAN))
    assert [a for a, _ in behind(found, by="required_growth", rules=RUNS)] == [QINZHOU, WUDU]


@BOTH
def test_every_row_has_a_sentence_in_both_languages(counties, shipped, rules):
    for _, row in assess(counties, on(shipped, rules), None, rules).iterrows():
        zh, en = sentence(row, "zh", rules), sentence(row, "en", rules)
        assert zh.startswith(f"{row['name_short']}：")
        assert zh.endswith("。")
        assert not re.search(r"[,;:()]", zh)
        assert en.startswith(f"{row['name_en']}: ")
        assert not re.search(r"[\u4e00-\u9fff，；（）]|\bnan\b|<NA>", en)
        assert not re.search(r"nan|<NA>|None", zh)


@BOTH
def test_the_two_languages_say_the_same_amounts(counties, shipped, rules):
    """15.42 bn yuan are 154.2亿元."""
    for _, row in assess(counties, on(shipped, rules), None, rules).iterrows():
        if row["name_short"] == "和政县":  # its 341881万元 are printed so in Chinese
            continue
        zh = [Decimal(n) for n in re.findall(r"([\d.]+)亿元", sentence(row))]
        en = [Decimal(n) * 10 for n in re.findall(r"([\d.]+) bn yuan", sentence(row, "en"))]
        assert sorted(zh) == sorted(en)


def test_a_rate_at_the_pace_is_kept_apart_from_it(counties):
    """100 ÷ 93.45 is 1.07009: more than 7 %, and not to be shown as 7.0 % and behind."""
    row = assess(counties, observed((JINTA, "2024", 93.45)), None, RUNS).loc[JINTA]
    assert row["state"] == "behind"
    assert "7.01%" in sentence(row, "zh", RUNS)


def test_rules_are_said_in_both_languages():
    for rules in (RUNS, OVER):
        zh, en = rules.sentences(), rules.sentences("en")
        assert len(zh) == len(en)
        assert not any(re.search(r"[,;:()]|\{", s) for s in zh)
        assert not any(re.search(r"[\u4e00-\u9fff，；（）]|\{", s) for s in en)
    assert "不高于7%为“进度内”" in " ".join(RUNS.sentences())
    assert "超过30%" in " ".join(OVER.sentences())
    other = Rules(RUNS.today, PLAN, pace=0.055).sentences()
    assert "不高于5.5%为“进度内”" in " ".join(other)
    assert not any("86县合计" in s for s in other)
    for wrong in ({"pace": 6.5}, {"pace": -0.1}, {"enough": 50}):
        with pytest.raises(ValueError, match="not between 0 and 1"):
            Rules(RUNS.today, PLAN, **wrong)


def test_every_state_and_reason_is_worded(running, over):
    for rules, found in ((RUNS, running), (OVER, over)):
        assert set(found["state"]) <= set(rules.states)
        assert set(found["reason"]) | set(found["absent"]) <= {*REASONS, ""}
    assert set(STATES) == {*RUNNING, *CLOSED}
    assert latest_by_year(observed(), "counties_over_100", "620000").empty


# ---- properties -----------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(OBSERVED)
def test_what_is_computed_can_be_computed_back(counties, given):
    found = assess(counties, observed(*given), None, RUNS)
    assert list(found.index) == ADCODES
    latest_of = {a: max((int(y), v) for b, y, v in given if b == a) for a in {g[0] for g in given}}
    for row in found.reset_index().to_dict("records"):
        if row["adcode"] not in latest_of:
            assert row["state"] in ("no_figure", "no_target")
            assert pd.isna(row["observed"])
            continue
        assert (row["year"], row["observed"]) == latest_of[row["adcode"]]
        if row["state"] == "no_target":
            assert pd.isna(row["lower"])
            assert pd.isna(row["attainment"])
            continue
        assert row["attainment"] * row["lower"] == pytest.approx(row["observed"])
        assert (
            Decimal(repr(row["observed"])) + Decimal(repr(row["gap"])) - Decimal(repr(row["surplus"])) == row["lower"]
        )
        assert (row["gap"] == 0) == (row["state"] == "reached") == (row["observed"] >= row["lower"])
        assert (row["state"] == "no_figure") == (row["reason"] == "before_plan")
        if not pd.isna(row["required_growth"]):
            grown = row["observed"] * (1 + row["required_growth"]) ** row["years_left"]
            assert grown == pytest.approx(row["lower"])
            assert (row["state"] == "on_pace") == (row["required_growth"] <= RUNS.pace)
        said = sentence(row)
        assert str(row["year"]) in said


@settings(max_examples=30)
@given(OBSERVED)
def test_after_the_term_by_the_rule_in_words(counties, given):
    """Reached by the latest year; not reached by the target year's own; else not known; nothing without a figure."""
    found = assess(counties, observed(*given), None, OVER)
    lowers = counties["lower"]
    for adcode in ADCODES:
        mine = {int(y): v for a, y, v in given if a == adcode}
        row = found.loc[adcode]
        if pd.isna(lowers[adcode]):
            assert row["state"] == "no_target"
        elif not mine:
            assert row["state"] == "no_figure"
        elif mine[max(mine)] >= lowers[adcode]:
            assert row["state"] == "reached"
            run = [y for y in sorted(mine) if all(mine[z] >= lowers[adcode] for z in mine if z >= y)]
            assert row["reached_year"] == run[0]
        else:
            assert row["state"] == ("not_reached" if 2025 in mine else "target_year_unknown")


@settings(max_examples=30)
@given(OBSERVED, st.sampled_from(ADCODES), YEARS, VALUES)
def test_one_more_figure_changes_one_county(counties, given, adcode, year, value):
    assume((adcode, year) not in {g[:2] for g in given})
    before = assess(counties, observed(*given), None, OVER)
    after = assess(counties, observed(*given, (adcode, year, value)), None, OVER)
    pd.testing.assert_frame_equal(before.drop(index=adcode), after.drop(index=adcode))


@settings(max_examples=30)
@given(VALUES, VALUES, st.integers(2022, 2024))
def test_more_is_never_worse(counties, a, b, year):
    rank = {"behind": 0, "on_pace": 1, "reached": 2}
    low, high = sorted((a, b))
    found = [assess(counties, observed((WUDU, str(year), v)), None, RUNS).loc[WUDU, "state"] for v in (low, high)]
    states = [rank[state] for state in found]
    assert states == sorted(states)


@settings(max_examples=30)
@given(OBSERVED)
def test_the_order_of_the_rows_does_not_matter(counties, given):
    table = observed(*given)
    pd.testing.assert_frame_equal(assess(counties, table, None, OVER), assess(counties, table.iloc[::-1], None, OVER))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(ADCODES), st.floats(-30, 60)), max_size=20, unique_by=lambda o: o[0]))
def test_growth_alone_leaves_every_level_unknown(counties, given):
    growth = observed(*((a, "2024", g) for a, g in given), indicator="gdp_growth", unit="%")
    found = assess(counties, growth, None, OVER)
    assert found["observed"].isna().all()
    assert set(found["state"]) <= {"no_figure", "no_target"}


@settings(max_examples=30)
@given(OBSERVED)
def test_the_ladder_counts_each_county_once(counties, given):
    steps = ladder(counties, observed(*given), OVER)
    assert steps.latest.sum() == len({g[0] for g in given})
    assert steps.observed.to_numpy().sum() == len(given)
    assert figures(observed(*given), "gdp").shape[0] == len(given)


def test_names_of_counties_with_a_level(shipped, by_hand):
    """Those of several years are 华池, 成县, 正宁, 陇西, 崆峒 and 肃北."""
    known = figures(shipped, "gdp")
    known = known[(known["month"] == 12) & ~known["place"].str.endswith("00")]
    assert len(known) == sum(map(len, by_hand.values())) == 28
    several = named("华池县", "成县", "正宁县", "陇西县", "崆峒区", "肃北县")
    assert several == set(known["place"][known["place"].duplicated()])
    assert set(contradictions(shipped)["place"]) == {GUAZHOU}
