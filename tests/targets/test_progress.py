"""Attainment, gap, pace and states, against numbers worked out by hand."""

from __future__ import annotations

import re
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from plan_files import PUBLISHED, facts, named, rows

from targets.evidence import figures, latest, latest_by_year, series
from targets.progress import (
    REASONS,
    RULES,
    STATES,
    Rules,
    assess,
    band_of,
    behind,
    classes,
    headline,
    ladder,
    sensitivity,
    sentence,
)
from targets.published import OBSERVATION_COLUMNS
from targets.speech import say_period

WUDU, QINZHOU, CHENGGUAN, HEZHENG, JIAYUGUAN = "621202", "620502", "620102", "622925", "620200"
LONGXI, JINTA, YUZHONG, QILIHE, LIANGZHOU = "621122", "620921", "620123", "620103", "620602"


def observed(*given, **same):
    """Return observations of (place, period, value), by default imported GDP in 亿元."""
    standard = {
        "indicator": "gdp",
        "unit": "亿元",
        "status": "核定",
        "source": "统计年鉴",
        "source_url": "",
        "note": "",
    }
    table = pd.DataFrame(
        [standard | {"place": p, "period": t, "value": v, "batch": 1, "origin": "import"} | same for p, t, v in given],
        columns=list(OBSERVATION_COLUMNS),
    )
    return table.astype({"value": float, "batch": "Int64"})


@pytest.fixture(scope="module")
def shipped(published):
    return published.observations


@pytest.fixture(scope="module")
def assessment(counties, shipped):
    return assess(counties, shipped)


# ---- by hand --------------------------------------------------------------------------------------------------------


def test_wudu(assessment):
    """154.22 of 200 in 2021: 77.11 %, 45.78 short, and (200 ÷ 154.22)^(1/4) = 1.0671."""
    row = assessment.loc[WUDU]
    assert (row["observed"], row["year"], row["lower"], row["status"]) == (154.22, 2021, 200, "预计")
    assert row["attainment"] == pytest.approx(0.7711)
    assert row["gap"] == 45.78
    assert (row["years_left"], row["before_plan"]) == (4, True)
    assert row["required_growth"] == pytest.approx(0.0671, abs=5e-5)
    assert row["state"] == "on_pace"
    assert sentence(row) == (
        "武都区：2021年154.2亿元（预计），距200亿元下限还差45.8亿元（达成77.1%），"
        "需年均名义增长6.7%（4年）；2021年增速7.3%（预计）。"
    )
    assert sentence(row, "en") == (
        "Wudu District: 15.42 bn yuan in 2021 (expected figure), 4.58 bn yuan short of its lower bound of 20 bn yuan "
        "(77.1 %), which takes nominal growth of 6.7 % a year for 4 years; growth in 2021 7.3 % (expected figure)."
    )


def test_qinzhou(assessment):
    """285.4 of 300 in 2024: 95.1 %, 14.6 short, 300 ÷ 285.4 = 1.0512."""
    row = assessment.loc[QINZHOU]
    assert row["attainment"] == pytest.approx(0.951, abs=5e-4)
    assert row["gap"] == 14.6
    assert row["required_growth"] == pytest.approx(0.0512, abs=5e-5)
    assert (row["state"], row["band_observed"]) == ("on_pace", "B4")


def test_liangzhou_and_guazhou_reached(assessment):
    """417.7 of 300 in 2022, 117.7 more; 200.2 of 200 in 2024, 0.2 more."""
    row = assessment.loc[LIANGZHOU]
    assert (row["state"], row["gap"], row["surplus"], row["band_observed"]) == ("reached", 0, 117.7, "B3")
    assert pd.isna(row["required_growth"])
    row = assessment.loc["620922"]
    assert (row["state"], row["year"], row["surplus"]) == ("reached", 2024, 0.2)
    assert "不可连线" in row["note"]


def test_every_state_with_only_what_is_published(assessment):
    short = assessment.reset_index().groupby("state")["name_short"].apply(set)
    assert short["behind"] == {"玉门市", "肃北县", "武山县"}
    assert short["on_pace"] == {"武都区", "秦州区", "皋兰县", "崆峒区", "正宁县", "成县"}
    floors = {"靖远县", "秦安县", "甘谷县", "金塔县", "陇西县"}
    assert short["reached"] - floors == {
        "永登县", "永昌县", "凉州区", "民勤县", "古浪县", "天祝县", "瓜州县", "庆城县", "环县", "华池县", "通渭县",
    }  # fmt: skip
    assert floors < short["reached"]
    assert assessment["state"].value_counts().to_dict() == {
        "no_data": 43, "no_target": 18, "reached": 16, "on_pace": 6, "behind": 3,
    }  # fmt: skip


def test_the_pace_is_what_the_counties_did_together(published):
    """10509.8 ÷ 1.0929 = 9616.4 in 2021; 11000 in 2023 is 6.95 % a year more; the rounding leaves 6.7 to 7.2 %."""
    p = published.province.set_index(["indicator", "period"])["value"]
    base = p["county_gdp_total", "2022"] / (1 + p["county_gdp_nominal_growth", "2022"] / 100)
    assert base == pytest.approx(9616.4, abs=0.1)
    assert round((p["county_gdp_total", "2023"] / base) ** 0.5 - 1, 2) == RULES.pace == 0.07
    assert [round((t / base) ** 0.5 - 1, 3) for t in (10950, 11050)] == [0.067, 0.072]


def test_other_paces(assessment):
    """Required: 皋兰 3.0, 崆峒 1.2, 正宁 0.9, 秦州 5.1, 武都 6.7, 成县 6.8, 玉门 7.8, 武山 16.1, 肃北 63.0 %."""
    counts = sensitivity(assessment)
    assert {pace: n["on_pace"] for pace, n in counts.items()} == {0.05: 3, 0.065: 4, 0.07: 6, 0.08: 7}
    assert {n["on_pace"] + n["behind"] for n in counts.values()} == {9}


def test_a_stricter_rule_moves_only_on_pace_and_behind(counties, shipped, assessment):
    strict = assess(counties, shipped, rules=Rules(pace=0.05))
    moved = strict["state"] != assessment["state"]
    assert set(assessment.loc[moved, "name_short"]) == {"武都区", "秦州区", "成县"}
    assert set(strict.loc[moved, "state"]) == {"behind"}


# ---- what is not computed -------------------------------------------------------------------------------------------


def test_86_rows_once_each_without_jiayuguan(assessment):
    assert set(assessment.index) == set(facts())
    assert assessment.index.is_unique
    assert JIAYUGUAN not in assessment.index


def test_no_band_no_attainment(assessment):
    bare = assessment[assessment["state"] == "no_target"]
    assert len(bare) == 18
    assert bare[["attainment", "gap", "surplus", "required_growth", "years_left"]].isna().all(axis=None)
    assert set(bare["reason"]) == {"no_band"}
    assert assessment.loc[HEZHENG, ["observed", "year", "band_observed"]].to_list() == [34.1881, 2022, "below"]
    assert sentence(assessment.loc[HEZHENG]).startswith("和政县：未列入专栏一，没有下限可比；2022年34.2亿元（公报）")


def test_growth_never_becomes_a_level(assessment):
    for adcode, growth, period in ((YUZHONG, 8.1, "2025Q1"), (QILIHE, 4.5, "2025")):
        row = assessment.loc[adcode]
        assert (row["state"], row["reason"], row["growth"], row["growth_period"]) == (
            "no_data", "growth_only", growth, period,
        )  # fmt: skip
        assert row[["observed", "attainment", "gap", "required_growth"]].isna().all()
    assert "多年年均增速4.5%" in sentence(assessment.loc[QILIHE])
    assert "2025年一季度增速8.1%" in sentence(assessment.loc[YUZHONG])


def test_a_county_reported_as_passed_is_reached_without_numbers(assessment):
    for adcode in (JINTA, LONGXI):
        row = assessment.loc[adcode]
        assert (row["state"], row["reason"], row["floor"], row["floor_year"]) == ("reached", "floor", 100, 2023)
        assert row[["attainment", "gap", "surplus", "required_growth"]].isna().all()
    assert pd.isna(assessment.loc[JINTA, "observed"])
    # The older level stays what it is, with its year.
    assert assessment.loc[LONGXI, ["observed", "year"]].to_list() == [87.36, 2021]
    assert "2023年已达到100亿元（报道，未公布数值）" in sentence(assessment.loc[LONGXI])
    assert "reached 10 bn yuan in 2023 (press report, no figure given)" in sentence(assessment.loc[LONGXI], "en")


@pytest.mark.parametrize("period", ["2023", "2024", "2024Q3"])
def test_a_figure_takes_the_place_of_a_bound(counties, shipped, period):
    """98 in 2023 or later is below 100, whatever was reported; a part of a year is no figure for the year."""
    row = assess(counties, pd.concat([shipped, observed((JINTA, period, 98.0))])).loc[JINTA]
    if period == "2024Q3":
        assert (row["state"], row["reason"]) == ("reached", "floor")
    else:
        assert (row["state"], row["gap"]) == ("on_pace", 2)
        assert pd.isna(row["floor"])


def test_a_bound_below_the_target_says_nothing(counties):
    row = assess(counties, observed((WUDU, "2023", 100), indicator="gdp_at_least")).loc[WUDU]
    assert (row["state"], row["reason"], row["floor"]) == ("no_data", "floor_only", 100)


def test_prefecture_and_province_totals_are_never_split(counties, shipped, assessment):
    totals = observed(*((place, "2024", 900.0) for place in ("620000", "620100", "620200", "620900", "623000")))
    pd.testing.assert_frame_equal(assess(counties, pd.concat([shipped, totals])), assessment)


def test_another_unit_is_refused(counties):
    with pytest.raises(ValueError, match="gdp of 621202, 2024: unit '万元', expected '亿元'"):
        assess(counties, observed((WUDU, "2024", 1_542_200), unit="万元"))


# ---- periods --------------------------------------------------------------------------------------------------------


def test_one_year_is_that_year_and_no_other(counties, shipped):
    found = assess(counties, shipped, "2022")
    have = found[found["observed"].notna()]
    assert set(have["name_short"]) == {
        "凉州区", "民勤县", "古浪县", "天祝县", "庆城县", "华池县", "崆峒区", "玛曲县", "和政县",
    }  # fmt: skip
    assert set(have["year"]) == {2022}
    assert found.loc[WUDU, ["state", "reason"]].to_list() == ["no_data", "other_year"]
    # What was reported for 2023 was not so in 2022.
    assert found.loc[LONGXI, "state"] == "no_data"


def test_a_quarter_stands_beside_and_is_not_compared(counties, shipped):
    """秦州: 250 to September 2025 is no year; the state rests on 285.4 in 2024."""
    own = observed((QINZHOU, "2025Q3", 250.0))
    growth = observed((QINZHOU, "2025Q3", 5.9), indicator="gdp_growth", unit="%")
    row = assess(counties, pd.concat([shipped, own, growth]), "2025Q3").loc[QINZHOU]
    assert row[["observed", "year", "state", "gap"]].to_list() == [285.4, 2024, "on_pace", 14.6]
    assert row[["part_year", "part_year_period", "growth", "growth_period"]].to_list() == [250, "2025Q3", 5.9, "2025Q3"]
    row = assess(counties, own).loc[QINZHOU]
    assert (row["state"], row["reason"]) == ("no_data", "part_year")
    row = assess(counties, pd.concat([shipped, own, growth]), "2025Q2").loc[QINZHOU]
    assert (row["growth"], row["growth_period"]) == (5.6, "2024")
    assert pd.isna(row["part_year"])


def test_four_quarters_are_a_year(counties):
    assert assess(counties, observed((QINZHOU, "2024-12", 290.0))).loc[QINZHOU, "gap"] == 10
    assert assess(counties, observed((QINZHOU, "2024Q4", 290.0), (QINZHOU, "2024", 291.0))).loc[QINZHOU, "gap"] == 9


def test_the_full_target_year_leaves_no_years(counties):
    found = assess(counties, observed((QINZHOU, "2025", 299.97), (WUDU, "2025", 200.0), (CHENGGUAN, "2026", 1500.0)))
    row = found.loc[QINZHOU]
    assert (row["state"], row["reason"], row["years_left"], row["gap"]) == ("behind", "no_years_left", 0, 0.03)
    assert pd.isna(row["required_growth"])
    # Neither 300.0 beside a bound of 300, nor a gap of 0.0, nor 100.0 %.
    assert sentence(row) == (
        "秦州区：2025年299.97亿元（核定），距300亿元下限还差0.03亿元（达成99.99%），目标年已结束。"
    )
    assert (found.loc[WUDU, "state"], found.loc[WUDU, "surplus"]) == ("reached", 0)
    assert found.loc[CHENGGUAN, ["state", "reason"]].to_list() == ["no_data", "after_target"]


def test_an_unreadable_period_is_refused(counties, shipped):
    for period in ("2025Q5", "去年", "2025-13", ""):
        with pytest.raises(ValueError, match="is not like 2024, 2025Q3 or 2025-09"):
            assess(counties, shipped, period)


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
    assert (say_period(period), say_period(period, "en")) == (zh, en)


# ---- the latest figure ----------------------------------------------------------------------------------------------


def test_imported_stands_before_published_and_later_before_earlier(shipped):
    own = pd.concat([observed((WUDU, "2021", 150.0), batch=1), observed((WUDU, "2021", 151.0), batch=2)])
    for table in (pd.concat([shipped, own]), pd.concat([own.iloc[::-1], shipped])):
        row = latest(table, "gdp").loc[WUDU]
        assert (row["value"], row["origin"], row["batch"]) == (151, "import", 2)


def test_the_latest_is_a_row_that_is_there(shipped):
    for indicator in ("gdp", "gdp_growth", "population_year_end"):
        found = latest(shipped, indicator, full_year=False)
        there = shipped[shipped["indicator"] == indicator].set_index(["place", "period"])["value"]
        assert set(found.index) == set(there.index.get_level_values(0))
        assert all(there[place, row["period"]] == row["value"] for place, row in found.iterrows())


def test_a_series_is_of_one_source(shipped):
    guazhou = series(shipped, "620922", "gdp")
    assert [s.points for s in guazhou] == [((2023, 131.7),), ((2024, 200.2),)]
    assert not any(s.is_trend for s in guazhou)
    own = observed(*((WUDU, str(y), 150.0 + y - 2021) for y in (2023, 2021, 2022)), (WUDU, "2023Q1", 40.0))
    whole, quarter = series(pd.concat([shipped, own]), WUDU, "gdp")[-2:]
    by_source = {(s.source, s.months): s for s in series(pd.concat([shipped, own]), WUDU, "gdp")}
    assert by_source["统计年鉴", 12].points == ((2021, 150), (2022, 151), (2023, 152))
    assert by_source["统计年鉴", 12].is_trend
    assert by_source["统计年鉴", 3].points == ((2023, 40),)
    assert {whole.months, quarter.months} == {12, 3}
    assert series(shipped, CHENGGUAN, "gdp") == ()


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
    scale = classes()
    assert list(scale.index) == ["B1", "gap", "B2", "B3", "B4", "B5", "B6", "below"]
    assert scale.loc["gap", ["lower", "upper", "zh", "en"]].to_list() == [
        1000, 1400, "1000–1400亿元（方案未列）", "100–140 bn yuan (not in the plan)",
    ]  # fmt: skip
    assert scale.loc["below", ["zh", "en"]].to_list() == ["不足50亿元", "under 5 bn yuan"]
    for above, below in zip(scale.index, scale.index[1:], strict=False):
        assert scale.loc[above, "lower"] == scale.loc[below, "upper"]


def test_the_ladder_as_listed_and_as_known(counties, shipped):
    steps = ladder(counties, shipped)
    assert steps.listed.to_dict() == {
        "B1": 1, "gap": 0, "B2": 2, "B3": 9, "B4": 5, "B5": 29, "B6": 22, "below": 0, "none": 18,
    }  # fmt: skip
    # Counted in the file: the rows of GDP by year.
    years = [r["period"] for r in rows("county_observations", PUBLISHED) if r["indicator"] == "gdp"]
    assert steps.known["counties"].to_dict() == {int(y): years.count(y) for y in sorted(set(years))}
    assert steps.known["counties"].to_dict() == {2019: 1, 2020: 5, 2021: 5, 2022: 9, 2023: 4, 2024: 5}
    assert steps.known["with_target"].to_dict() == {2019: 1, 2020: 4, 2021: 5, 2022: 7, 2023: 4, 2024: 5}
    assert steps.known["few"].all()
    # 2024: 瓜州 200.2, 玉门 278.3, 秦州 285.4; 武山 86.1; 肃北 30.7.
    assert steps.observed.loc[2024].to_dict() == {
        "B1": 0, "gap": 0, "B2": 0, "B3": 0, "B4": 3, "B5": 0, "B6": 1, "below": 1,
    }  # fmt: skip
    assert (steps.observed.sum(axis=1) == steps.known["counties"]).all()
    assert (steps.latest.sum(), steps.latest_known["counties"], steps.latest_known["with_target"]) == (24, 24, 21)
    assert steps.official["value"].to_dict() == {2022: 31, 2023: 36}


def test_the_ladder_of_nothing(counties, shipped):
    steps = ladder(counties, shipped.iloc[:0])
    assert steps.observed.empty
    assert steps.latest.sum() == 0
    assert steps.latest_known["few"]
    assert steps.official.empty


def test_a_full_year_is_not_few(counties):
    steps = ladder(counties, observed(*((a, "2024", 120.0) for a in facts())))
    assert steps.known.loc[2024].to_list() == [86, 68, False]
    assert steps.observed.loc[2024, "B5"] == 86


# ---- sentences ------------------------------------------------------------------------------------------------------


def test_the_headline_counts_what_is_there(assessment, shipped):
    zh = headline(assessment, shipped)
    assert zh[0] == (
        "列入专栏一的68个县（市、区）中，25个有数可比：已达下限16个，进度内6个，落后3个；43个没有可比的全年数。"
    )
    assert zh[1] == (
        "各县用最近的全年数（2020—2024年）；5个的数早于2022年，方案尚未开始；5个只见报道已达到，未公布数值；"
        "11个的数出自百科、简介或为预计数。"
    )
    assert zh[2] == "有数可比的不足68个的50%，以上个数不能代表全省。"
    assert zh[3] == "专栏一未列的18个县没有下限可比，其中3个有全年数，单独列出。"
    assert zh[4].startswith("2023年地区生产总值百亿元以上的县36个（")
    assert zh[4].endswith("专栏一列入百亿元以上各档的46个，两份名单不一定相同。")
    en = headline(assessment, shipped, "en")
    assert [numbers(a) for a in en[:4]] == [
        [68, 1, 25, 16, 6, 3, 43], [2020, 2024, 5, 2022, 5, 11], [50, 68], [18, 1, 3],
    ]  # fmt: skip


def numbers(text):
    return [int(n) for n in re.findall(r"\d+", text)]


def test_the_headline_of_a_full_import(counties, shipped):
    """All 68 at their lower bound but three: 崆峒 at 190 of 200 in 2024 needs 5.3 %, the two others 11.1 %."""
    lower = {a: float(b) for a, b in counties.loc[list(facts()), "lower"].dropna().items()}
    values = lower | {"620802": 190.0, WUDU: 180.0, JINTA: 90.0}
    own = observed(*((a, "2024", v) for a, v in values.items()))
    found = assess(counties, own, "2024")
    assert headline(found, own)[:2] == [
        "列入专栏一的68个县（市、区）中，68个有数可比：已达下限65个，进度内1个，落后2个；0个没有可比的全年数。",
        "均用2024年全年数；68个用导入数。",
    ]
    assert [a for a, _ in behind(found)] == [WUDU, JINTA]


def test_the_headline_of_nothing(counties, shipped):
    none = shipped.iloc[:0]
    assert headline(assess(counties, none), none)[0].endswith(
        "0个有数可比：已达下限0个，进度内0个，落后0个；68个没有可比的全年数。"
    )


def test_who_is_behind_in_each_order(assessment):
    """Gaps 21.7, 19.3, 13.9; required 7.8, 63.0, 16.1; attainment .928, .614, .861."""
    short = {"620981": "玉门", "620923": "肃北", "620524": "武山"}

    def order(by, **more):
        return [short[a] for a, _ in behind(assessment, by=by, **more)]

    assert order("gap") == ["玉门", "肃北", "武山"]
    assert order("required_growth") == ["肃北", "武山", "玉门"]
    assert order("attainment") == ["肃北", "武山", "玉门"]
    assert order("adcode") == ["武山", "肃北", "玉门"]
    assert order("gap", adcodes=["620524", WUDU]) == ["武山"]
    with pytest.raises(ValueError, match="by: 'name' not among gap"):
        behind(assessment, by="name")


def test_no_years_left_comes_first(counties):
    found = assess(counties, observed((QINZHOU, "2025", 250.0), (WUDU, "2024", 100.0)))
    assert [a for a, _ in behind(found, by="required_growth")] == [QINZHOU, WUDU]


def test_every_row_has_a_sentence_in_both_languages(assessment):
    for _, row in assessment.iterrows():
        zh, en = sentence(row), sentence(row, "en")
        assert zh.startswith(f"{row['name_short']}：")
        assert zh.endswith("。")
        assert not re.search(r"[,;:()]", zh)
        assert en.startswith(f"{row['name_en']}: ")
        assert not re.search(r"[\u4e00-\u9fff，；（）]|\bnan\b|<NA>", en)
        assert not re.search(r"nan|<NA>|None", zh)


def test_the_two_languages_say_the_same_amounts(assessment):
    """15.42 bn yuan are 154.2亿元."""
    for _, row in assessment.iterrows():
        zh = [Decimal(n) for n in re.findall(r"([\d.]+)亿元", sentence(row))]
        en = [Decimal(n) * 10 for n in re.findall(r"([\d.]+) bn yuan", sentence(row, "en"))]
        assert sorted(zh) == sorted(en)


def test_a_rate_at_the_pace_is_kept_apart_from_it(counties):
    """100 ÷ 93.45 is 1.07009: more than 7 %, and not to be shown as 7.0 % and behind."""
    row = assess(counties, observed((JINTA, "2024", 93.45))).loc[JINTA]
    assert row["state"] == "behind"
    assert "7.01%" in sentence(row)


def test_halves_round_up_as_by_hand(counties):
    row = assess(counties, observed((JINTA, "2023", 90.25))).loc[JINTA]
    assert "2023年90.3亿元（核定），距100亿元下限还差9.8亿元" in sentence(row)


def test_rules_are_said_in_both_languages():
    zh, en = RULES.sentences(), RULES.sentences("en")
    assert len(zh) == len(en)
    assert not any(re.search(r"[,;:()]|\{", s) for s in zh)
    assert not any(re.search(r"[\u4e00-\u9fff，；（）]|\{", s) for s in en)
    assert "不高于7%为“进度内”" in " ".join(zh)
    other = Rules(pace=0.055).sentences()
    assert "不高于5.5%为“进度内”" in " ".join(other)
    assert not any("86县合计" in s for s in other)
    for wrong in ({"pace": 6.5}, {"pace": -0.1}, {"enough": 50}):
        with pytest.raises(ValueError, match="not between 0 and 1"):
            Rules(**wrong)


def test_every_state_and_reason_is_worded(assessment):
    assert set(assessment["state"]) <= set(STATES)
    assert set(assessment["reason"]) <= {*REASONS, ""}
    assert latest_by_year(observed(), "counties_over_100").empty


# ---- properties -----------------------------------------------------------------------------------------------------

ADCODES = sorted(facts())
VALUES = st.integers(1, 2_000_000).map(lambda n: n / 1000)
YEARS = st.integers(2019, 2025).map(str)
OBSERVED = st.lists(st.tuples(st.sampled_from(ADCODES), YEARS, VALUES), max_size=40, unique_by=lambda o: (o[0], o[1]))


@settings(max_examples=30)
@given(OBSERVED)
def test_what_is_computed_can_be_computed_back(counties, given):
    found = assess(counties, observed(*given))
    assert list(found.index) == ADCODES
    rank = {"reached": 2, "on_pace": 1, "behind": 0}
    latest_of = {a: max((int(y), v) for b, y, v in given if b == a) for a in {g[0] for g in given}}
    for row in found.reset_index().to_dict("records"):
        if row["adcode"] not in latest_of:
            assert row["state"] in ("no_data", "no_target")
            assert pd.isna(row["observed"])
            continue
        assert (row["year"], row["observed"]) == latest_of[row["adcode"]]
        if row["state"] == "no_target":
            assert pd.isna(row["lower"])
            assert pd.isna(row["attainment"])
            continue
        assert row["state"] in rank
        assert row["attainment"] * row["lower"] == pytest.approx(row["observed"])
        assert (
            Decimal(repr(row["observed"])) + Decimal(repr(row["gap"])) - Decimal(repr(row["surplus"])) == row["lower"]
        )
        assert (row["gap"] == 0) == (row["state"] == "reached") == (row["observed"] >= row["lower"])
        if not pd.isna(row["required_growth"]):
            grown = row["observed"] * (1 + row["required_growth"]) ** row["years_left"]
            assert grown == pytest.approx(row["lower"])
            assert (row["state"] == "on_pace") == (row["required_growth"] <= RULES.pace)
        said = sentence(row)
        assert str(row["year"]) in said


@settings(max_examples=30)
@given(OBSERVED, st.sampled_from(ADCODES), YEARS, VALUES)
def test_one_more_figure_changes_one_county(counties, given, adcode, year, value):
    assume((adcode, year) not in {g[:2] for g in given})
    before = assess(counties, observed(*given))
    after = assess(counties, observed(*given, (adcode, year, value)))
    pd.testing.assert_frame_equal(before.drop(index=adcode), after.drop(index=adcode))


@settings(max_examples=30)
@given(VALUES, VALUES, st.integers(2019, 2024))
def test_more_is_never_worse(counties, a, b, year):
    rank = {"behind": 0, "on_pace": 1, "reached": 2}
    low, high = sorted((a, b))
    states = [rank[assess(counties, observed((WUDU, str(year), v))).loc[WUDU, "state"]] for v in (low, high)]
    assert states == sorted(states)


@settings(max_examples=30)
@given(OBSERVED)
def test_the_order_of_the_rows_does_not_matter(counties, given):
    table = observed(*given)
    pd.testing.assert_frame_equal(assess(counties, table), assess(counties, table.iloc[::-1]))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(ADCODES), st.floats(-30, 60)), max_size=20, unique_by=lambda o: o[0]))
def test_growth_alone_leaves_every_level_unknown(counties, given):
    growth = observed(*((a, "2024", g) for a, g in given), indicator="gdp_growth", unit="%")
    found = assess(counties, growth)
    assert found["observed"].isna().all()
    assert set(found["state"]) <= {"no_data", "no_target"}


@settings(max_examples=30)
@given(OBSERVED)
def test_the_ladder_counts_each_county_once(counties, given):
    steps = ladder(counties, observed(*given))
    assert steps.latest.sum() == len({g[0] for g in given})
    assert steps.observed.to_numpy().sum() == len(given)
    assert figures(observed(*given), "gdp").shape[0] == len(given)


def test_names_of_counties_with_a_level(shipped):
    gdp = shipped[(shipped["indicator"] == "gdp") & (shipped["place"] != "620000")]
    assert len(gdp) == 29
    assert named("瓜州县", "陇西县", "崆峒区", "正宁县", "成县") == set(gdp["place"][gdp["place"].duplicated()])
