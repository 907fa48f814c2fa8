"""Roads, projects, provincial targets, parks, awards and talks."""

from __future__ import annotations

import pandas as pd
import pytest
from plan_files import facts, named
from test_progress import OVER, observed

from targets.outcomes import FIRST_CLASS, aggregates, awards, parks, projects, provincial, roads, talk_rule
from targets.progress import assess


@pytest.fixture(scope="module")
def shipped(published):
    return published.observations


@pytest.fixture(scope="module")
def built(counties, shipped, published, plan):
    return roads(counties, shipped, published, plan)


def day(place, value, note="某高速"):
    return observed((place, "2025", value), indicator="road_opened", unit="日期", note=note)


# ---- roads ----------------------------------------------------------------------------------------------------------


def test_roads_planned_and_opened_by_year(built):
    """文县 in 2022; the eight of 2023; nothing known after."""
    assert built.steps["planned_total"].to_dict() == {2022: 2, 2023: 7, 2024: 11, 2025: 15}
    assert built.steps["opened_total"].to_dict() == {2022: 1, 2023: 9, 2024: 9, 2025: 9}
    assert built.counties["outcome"].value_counts().to_dict() == {"on_time": 6, "unknown": 6, "early": 2, "late": 1}
    assert set(built.unknown) == named("临潭县", "卓尼县", "镇原县", "碌曲县", "玛曲县", "迭部县")
    assert list(built.totals["connected"]) == [70, 72, 80]


def test_roads_in_sentences(built):
    zh = built.sentences()
    assert zh[0] == "专栏五计划15个县通高速，已知通车9个：按期6个，早2个，晚1个。"
    assert zh[1] == "早于计划：华池县、灵台县；晚于计划：通渭县。"
    assert zh[2].startswith("6个未查到通车记录（不等于没有通车）：临潭县、")
    assert zh[3].endswith("到2021-07-09，将通70个。")
    assert zh[4].startswith("全省口径：2022年底前后，已通72个（")
    assert zh[5].startswith("全省口径：截至2023-12-27，86个县（市、区）中已通80个（")
    assert zh[-1] == FIRST_CLASS[0], "what the province counts is said where its count is cited"
    assert not any("一级" in text for text in zh[:-1]), "the plan's word is 通高速"
    en = built.sentences("en")
    assert en[-1] == FIRST_CLASS[1] and not any("first-class" in text for text in en[:-1])
    assert en[0].endswith("9 are known to have opened: 6 on time, 2 early, 1 late.")
    assert en[1] == "Early: Huachi County, Lingtai County; Late: Tongwei County."


def test_an_imported_opening_counts(counties, shipped, published, plan):
    own = pd.concat(
        [shipped, day("623021", 20241130), day("623022", 20250600), day("621222", 20230000), day("620102", 1)]
    )
    found = roads(counties, own, published, plan)
    assert found.counties.loc["623021", ["when", "opened_year", "outcome", "road"]].to_list() == [
        "2024-11-30", 2024, "on_time", "某高速",
    ]  # fmt: skip
    assert found.counties.loc["623022", ["when", "outcome"]].to_list() == ["2025-06", "late"]
    assert found.counties.loc["621222", ["when", "outcome", "origin"]].to_list() == ["2023", "late", "import"]
    assert found.steps["opened_total"].to_dict() == {2022: 0, 2023: 9, 2024: 10, 2025: 11}
    assert len(found.counties) == 15


def test_a_day_on_which_the_source_contradicts_itself_is_a_year(built, published):
    record = published.expressways_opened.set_index("adcode")
    doubtful = record.index[record["date_precision"] == "uncertain"]
    for adcode in doubtful:
        assert built.counties.at[adcode, "when"] == str(record.at[adcode, "actual_year"])
    assert "opened" not in built.counties, "the day in doubt is not carried along"


def test_an_opening_after_the_plan_has_its_year(counties, shipped, published, plan):
    steps = roads(counties, pd.concat([shipped, day("623025", 20270101)]), published, plan).steps
    assert steps["opened_total"].to_dict() == {2022: 1, 2023: 9, 2024: 9, 2025: 9, 2026: 9, 2027: 10}
    assert steps["planned_total"].iloc[-1] == 15


def test_what_is_no_date_is_refused(counties, shipped, published, plan):
    for value in (2024, 20241301, 20240132):
        with pytest.raises(ValueError, match="road_opened: .* is not a date"):
            roads(counties, pd.concat([shipped, day("623021", value)]), published, plan)


# ---- projects -------------------------------------------------------------------------------------------------------


def test_projects_by_the_verb_of_the_plan(plan):
    groups = projects(plan)
    assert [(g.kind, g.verb, len(g.items), g.is_open) for g in groups] == [
        ("airport", "建成", 2, False),
        ("airport", "新建", 1, False),
        ("airport", "迁建", 2, False),
        ("airport", "有序开展…前期工作", 7, True),
        ("railway", "建成", 3, True),
        ("railway", "加快建设", 3, True),
        ("railway", "开工建设", 1, False),
    ]
    assert sum(len(g.items) for g in groups) == 12 + 7
    assert [g.verb for g in projects(plan, "en")][-1] == "start construction"


# ---- provincial targets ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def targets(plan, shipped, counties, published):
    return provincial(plan, shipped, counties, published, OVER)


def test_all_53_and_few_are_known(targets):
    assert len(targets) == 53
    assert targets["known"].dropna().to_dict() == {
        "T03b": 8041.56, "T12c": 1, "T12d": 5, "T12e": 2, "M4a": 10, "M4b": 10,
    }  # fmt: skip
    assert targets.loc[targets["known"].notna(), "known_source"].ne("").all()
    assert (targets["known"].notna() == targets["basis"].isin(["same", "at_least"])).all()
    assert targets.loc["T12e", "basis"] == "at_least"


def test_the_list_beside_the_headline(targets):
    """The plan asks for 10 and 30, lists 12 and 34; 36 in 2023 are both together, and measure neither alone."""
    assert targets.loc[["G01", "G02"], "value"].to_list() == [10, 30]
    assert targets.loc["G01", "known_zh"].startswith("专栏一所列12个；有全年数的21个县中2个（各用最近年份）；")
    assert targets.loc["G02", "known_zh"].startswith("专栏一所列34个；有全年数的21个县中10个（各用最近年份）；")
    assert "2023年100亿元以上共36个，未分300亿元上下" in targets.loc["G02", "known_zh"]
    assert targets.loc[["G01", "G02"], "known"].isna().all()


def test_a_count_is_known_only_when_all_are(plan, counties, published):
    codes = sorted(facts())
    values = [(a, "2024", 310.0 if i < 11 else 150.0 if i < 40 else 40.0) for i, a in enumerate(codes)]
    full = provincial(plan, observed(*values), counties, published, OVER)
    assert full.loc[["G01", "G02"], "known"].to_list() == [11, 29]
    assert full.loc[["G01", "G02"], "basis"].to_list() == ["same", "same"]
    part = provincial(plan, observed(*values[:-1]), counties, published, OVER)
    assert part.loc[["G01", "G02"], "known"].isna().all()
    assert "有全年数的85个县中11个" in part.loc["G01", "known_zh"]


def test_the_plans_own_aggregates_beside_what_is_known(plan, counties, shipped):
    """310 in eleven counties, 150 in 29, 40 in 40; a floor of 320 proves G01, of 130 neither, even where 40 was known
    before; four have nothing."""
    codes = sorted(facts())
    full = [(a, "2024", 310.0 if i < 11 else 150.0 if i < 40 else 40.0) for i, a in enumerate(codes[:80])]
    floors = observed(
        (codes[80], "2024", 320.0), (codes[81], "2024", 130.0), (codes[79], "2025", 130.0), comparator="at_least"
    )
    found = aggregates(plan, counties, assess(counties, pd.concat([observed(*full), floors]), None, OVER, plan))
    assert found.loc["G01"].to_list() == [10, "力争…达到…以上", 12, 12, 6]
    assert found.loc["G02"].to_list() == [30, "力争…达到…以上", 34, 29, 6]
    bare = aggregates(plan, counties, assess(counties, shipped.iloc[:0], None, OVER, plan))
    assert bare[["known", "unknown"]].to_numpy().tolist() == [[0, 86], [0, 86]]


def test_capacity_is_said_in_the_unit_of_its_target(targets):
    assert targets.loc["T03b", "known_en"].endswith(": 80.4156 GW")


def test_capacity_is_taken_in_its_own_unit_from_the_province_alone(plan, counties, published):
    def known(place, unit):
        own = observed((place, "2025-05", 7062.46), indicator="capacity_newenergy", unit=unit)
        return provincial(plan, own, counties, published, OVER).loc["T03b"]

    assert known("620000", "万千瓦")[["known", "basis", "known_zh"]].to_list() == [
        7062.46,
        "same",
        "2025年5月底：7062.46万千瓦",
    ]
    assert pd.isna(known("620900", "万千瓦")["known"])
    assert pd.isna(known("620000", "兆瓦")["known"])


# ---- parks ----------------------------------------------------------------------------------------------------------


def test_parks_without_and_with_a_figure(plan, shipped):
    """P05 strives for 160: 152 in 2024 is 95 %, 8 short."""
    bare = parks(plan, shipped, OVER)
    assert len(bare) == 12
    assert bare[["observed", "attainment", "gap", "reached"]].isna().all(axis=None)
    own = observed(("P05", "2024", 152.0), ("P09", "2023", 101.0), ("P09", "2026", 90.0), indicator="park_gdp")
    quarter = observed(("P01", "2025Q3", 480.0), indicator="park_gdp")
    found = parks(plan, pd.concat([shipped, own, quarter]), OVER)
    assert found.loc["P05", ["attainment", "gap", "reached", "is_aspirational"]].to_list() == [0.95, 8, False, True]
    assert found.loc["P09", ["observed", "gap", "reached"]].to_list() == [101, 0, True]
    assert pd.isna(found.loc["P01", "observed"])


# ---- awards and talks -----------------------------------------------------------------------------------------------


def test_awards_of_one_county(published, plan):
    assert awards(published, plan, "620902")["zh"].to_list() == [
        "2021年度先进县（城市服务型）。",
        "2021年度十强县，第2名。",
    ]
    assert awards(published, plan, "622901")["zh"].to_list() == [
        "2021年度十强县，名单列第10位。",
        "2022年度先进县（城市服务型），类内第2名。",
    ]
    assert awards(published, plan, "622901")["en"].to_list()[1] == (
        "Advanced county for 2022 (Urban-service type), ranked 2 of its type."
    )
    assert awards(published, plan, "622925").empty
    assert len(awards(published, plan)) == 34


def test_the_talk_rule_has_three_readings_and_no_default(plan):
    none = talk_rule(plan)
    # 综合评价后3位, 分类评价后1位, the two largest falls.
    assert {r.id: r.years for r in none} == {"overall": (2, 1, 1), "rankings": (2, 2, 1), "all": (2, 2, 2)}
    assert not any(r.is_chosen for r in none)
    assert [r.is_chosen for r in talk_rule(plan, "rankings", "en")] == [False, True, False]
    assert all(len(r.groups) == 3 for r in none)
    with pytest.raises(ValueError, match="chosen: 'both' not among overall, rankings, all"):
        talk_rule(plan, "both")
