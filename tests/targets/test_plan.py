"""The shipped plan holds every number the printed one states."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from plan_files import PLAN, facts, named, rows


def test_86_counties_in_14_prefectures(plan):
    levels = Counter(r["level"] for r in rows("counties"))
    assert levels == {"市辖区": 17, "县级市": 5, "县": 57, "自治县": 7}
    assert len(plan.counties) == 86
    assert len(plan.prefectures) == 14
    assert "620200" not in set(plan.counties["adcode"])


def test_bands(plan):
    bounds = [(r["lower"], r["upper"], r["upper_open"]) for r in rows("bands")]
    assert bounds == [
        ("1400", "", "yes"),
        ("500", "1000", "no"),
        ("300", "500", "no"),
        ("200", "300", "no"),
        ("100", "200", "no"),
        ("50", "100", "no"),
    ]
    assert Counter(r["band"] for r in rows("band_counties")) == {"B1": 1, "B2": 2, "B3": 9, "B4": 5, "B5": 29, "B6": 22}
    assert len(plan.band_counties) == 68
    assert plan.option("none").n == 18


def test_46_counties_are_to_reach_ten_billion_yuan():
    lower = {r["id"]: int(r["lower"]) for r in rows("bands")}
    reach = [lower[r["band"]] for r in rows("band_counties")]
    assert sum(v >= 100 for v in reach) == 46
    # The headline asks for 10 and 30; the list has more.
    assert sum(v >= 300 for v in reach) == 12
    assert sum(100 <= v < 300 for v in reach) == 34


def test_clusters():
    table = rows("cluster_counties")
    assert Counter(r["cluster"] for r in table) == {"C1": 9, "C2": 24, "C3": 19, "C4": 22, "C5": 18}
    assert len(table) == 92
    assert len({r["adcode"] for r in table}) == 59


def test_energy():
    table = rows("energy_counties")
    kinds = Counter(r["energy"] for r in table)
    assert kinds == {"PV1": 11, "PV2": 20, "PV3": 8, "WIND": 15, "CSP": 10, "PSH": 10}
    assert len(table) == 74
    assert len({r["adcode"] for r in table}) == 41


def test_parks(plan):
    assert list(plan.parks["target_yi"]) == [500, 450, 450, 450, 160, 160, 120, 160, 100, 100, 100, 100]
    aspirational = plan.parks.loc[plan.parks["is_aspirational"], "id"]
    assert list(aspirational) == ["P03", "P04", "P05", "P06", "P07", "P08"]
    assert set(plan.parks.loc[plan.parks["is_aspirational"], "comparator"]) == {"力争达到"}
    assert set(plan.parks.loc[~plan.parks["is_aspirational"], "comparator"]) == {"达到…以上"}
    # The new area, and the park of a city without counties, stand in no county.
    assert list(plan.parks.loc[plan.parks["adcode"] == "", "id"]) == ["P01", "P10"]
    assert list(plan.parks.loc[plan.parks["host_basis"] == "named", "id"]) == ["P08", "P09"]


def test_expressways_airports_railways(plan):
    assert Counter(r["year"] for r in rows("expressways")) == {"2022": 2, "2023": 5, "2024": 4, "2025": 4}
    assert plan.projects["kind"].value_counts().to_dict() == {"airport": 12, "railway": 7}
    assert (plan.projects.loc[plan.projects["kind"] == "railway", "prefecture_code"] == "").all()


def test_targets_tasks_and_measures(plan):
    assert len(plan.provincial_targets) == 53
    assert len(plan.qualitative_targets) == 10
    assert list(plan.tasks["task"]) == [str(n) for n in range(1, 24)]
    assert list(plan.measures["measure"]) == ["M1", "M2", "M3", "M4", "M5"]
    assert (len(plan.task_departments), len(plan.measure_departments), len(plan.departments)) == (150, 23, 49)
    assert len(plan.corrections) == 31


@pytest.mark.parametrize(
    ("id", "value", "comparator", "symbol", "unit"),
    [
        ("G01", 10, "力争…达到…以上", "≥", "个"),
        ("G02", 30, "力争…达到…以上", "≥", "个"),
        ("G03", 7, "力争…达到", "", "%"),
        ("G04", 8, "力争…累计提高", "", "个百分点"),
        ("T03a", 65, "超过", ">", "%"),
        ("T03b", 8000, "突破", ">", "万千瓦"),
        ("T11", 4.5, "力争…建成", "", "万个"),
        ("T17g", 80, "达到…左右", "≈", "%"),
        ("T17h", 25, "达到", "", "%"),
        ("M4d", 5, "每年纳入预算安排", "", "亿元/年"),
    ],
)
def test_the_words_of_a_target_stay_apart(plan, id, value, comparator, symbol, unit):
    target = plan.provincial_targets.set_index("id").loc[id]
    assert (target["value"], target["comparator"], target["symbol"], target["unit"]) == (
        value,
        comparator,
        symbol,
        unit,
    )


def test_every_strive_is_marked(plan):
    t = plan.provincial_targets
    assert (t["comparator"].str.contains("力争") == t["is_aspirational"]).all()
    # The plan strives for its four aims: 力争 stands before all of them.
    assert t.loc[t["section"] == "二", "is_aspirational"].to_list() == [True] * 4


def test_a_number_that_is_no_goal_is_never_alone(plan):
    """A threshold, a size class, a duration or a rule says in words what the target is, with its own number."""
    t = plan.provincial_targets
    no_goal = t["kind"].isin(["threshold", "class", "duration", "rule"])
    assert ((t["said"] != "") == no_goal).all() and ((t["said_en"] != "") == no_goal).all()
    assert (t.loc[no_goal, "note"] != "").all(), "and the note says that it is none"
    assert (t["said"].str.contains("力争") == (t["is_aspirational"] & no_goal)).all()


def test_english_units_count_by_thousands(plan):
    t = plan.provincial_targets.set_index("id")
    assert not t["unit_en"].str.contains("10,000|100 million").any()
    assert ((t["times_en"] != 1) == t["unit"].str.contains("万|亿")).all()
    numbers = {id: float(t.at[id, "value"] * t.at[id, "times_en"]) for id in ("T03b", "T11", "T14a", "T14b", "M4d")}
    assert numbers == {"T03b": 80, "T11": 45_000, "T14a": 3, "T14b": 27, "M4d": 0.5}


def test_an_english_name_is_a_name(plan):
    """Letters, spaces, hyphens and apostrophes; several aliases are parted by a bar. The plan's copy had Zuo; Gtsos."""
    names = [*plan.counties["name_en"], *plan.counties["name_en_short"], *plan.prefectures["name_en"]]
    aliases = [alias for cell in plan.counties["alias_en"] if cell for alias in cell.split("|")]
    assert [n for n in (*names, *aliases) if not re.fullmatch(r"[A-ZÀ-Ž][a-zà-ž]+([ ',-]+[A-Za-zà-ž]+)*", n)] == []
    assert not {"Zuo", "Gtsos"} & set(aliases)


def test_the_expressway_targets_are_the_expressway_lists(plan):
    t = plan.provincial_targets.set_index("id")["value"]
    listed = plan.expressways["year"].value_counts()
    assert {2022: t["T12c"], 2023: t["T12d"], 2024: t["T12e"], 2025: t["T12f"]} == listed.to_dict()


def test_44_combinations_of_memberships():
    shape = {r["id"] for name in ("clusters", "energy") for r in rows(name)}
    combinations = {frozenset(ids & shape) for ids in facts().values()}
    assert frozenset() in combinations  # the counties in none count as one combination
    assert len(combinations) == 44


def test_who_holds_the_most():
    clusters, kinds = ({r["id"] for r in rows(name)} for name in ("clusters", "energy"))
    held = facts()
    most = max(len(ids & clusters) for ids in held.values())
    assert most == 4
    assert {a for a, ids in held.items() if len(ids & clusters) == 4} == named("甘州区")
    assert max(len(ids & kinds) for ids in held.values()) == 4
    assert {a for a, ids in held.items() if len(ids & kinds) == 4} == named("凉州区", "永昌县")


def test_four_counties_are_in_no_box():
    parks = {r["adcode"] for r in rows("parks")}
    nowhere = {a for a, ids in facts().items() if len(ids) == 2 and "none" in ids and a not in parks}
    assert nowhere == named("两当县", "广河县", "和政县", "舟曲县")


def test_one_correction_changes_a_list(plan):
    table = plan.cluster_counties
    row = table[table["printed"] == "岩昌县"]
    assert list(row["adcode"]) == ["621223"]
    assert list(row["cluster"]) == ["C2"]
    assert row["correction"].item()
    assert row["correction_en"].item()
    assert plan.counties.set_index("adcode").loc["621223", "name_en"] == "Tanchang County"


def test_a_printed_name_is_the_county_it_stands_for(plan):
    """Each printed name is the short name of its adcode, but for the one correction and the 县 that 专栏五 omits."""
    short = dict(zip(plan.counties["adcode"], plan.counties["name_short"], strict=True))
    wrong = []
    for name in ("band_counties", "cluster_counties", "energy_counties", "expressways"):
        for r in rows(name):
            printed = {"岩昌县": "宕昌县"}.get(r["printed"], r["printed"])
            if short[r["adcode"]] not in (printed, printed + "县"):
                wrong.append((name, r))
            if printed != short[r["adcode"]]:
                assert r["correction"], r
    assert wrong == []


@pytest.mark.parametrize(
    ("id", "zh", "en", "task", "first"),
    [
        ("B1", "专栏一·1", "Box 1·1", "", None),
        ("none", "专栏一", "Box 1", "", None),
        ("C2", "专栏二·2", "Box 2·2", "2", "省工信厅"),
        ("PV2", "专栏三·1(2)", "Box 3·1(2)", "3", "省发展改革委"),
        ("WIND", "专栏三·2", "Box 3·2", "3", "省发展改革委"),
        ("2023", "专栏五·高速公路", "Box 5·expressways", "12", "省交通运输厅"),
        ("620100", "", "", "", None),
    ],
)
def test_an_option_knows_its_clause_and_department(plan, id, zh, en, task, first):
    option = plan.option(id)
    assert (option.clause_zh, option.clause_en, option.task) == (zh, en, task)
    assert option.departments[:1] == (() if first is None else (first,))


def test_options_are_in_the_order_of_the_plan(plan):
    assert list(plan.options.index[:22]) == [
        *("B1", "B2", "B3", "B4", "B5", "B6", "none", "C1", "C2", "C3", "C4", "C5"),
        *("PV1", "PV2", "PV3", "WIND", "CSP", "PSH", "2022", "2023", "2024", "2025"),
    ]
    assert list(plan.options.index[22:]) == [r["adcode"] for r in rows("prefectures")]
    assert list(plan.options.columns[:6]) == ["id", "group", "zh", "en", "zh_short", "en_short"]
    assert "".join(plan.options["mark"]) == "制药冶化建沙农矿风热蓄"
    for column in ("zh", "en", "zh_short", "en_short"):
        assert plan.options[column].is_unique


def test_an_unknown_option_names_those_there_are(plan):
    with pytest.raises(KeyError, match="C1, C2"):
        plan.option("C9")


def test_measure_five_has_no_department(plan):
    assert plan.responsible("M5") == ()
    assert plan.responsible("M4")[0] == "省委组织部"
    assert plan.responsible("7")[2] == "省农业农村厅"


def test_clause_without_a_box(plan):
    assert plan.clause("") == ""


def test_the_warning_talk_keeps_all_three_readings(plan):
    talk = plan.evaluation["warning_talk"]
    assert [r["id"] for r in talk["readings"]] == ["overall", "rankings", "all"]
    groups = [group["id"] for group in talk["groups"]]
    assert [r["running"] for r in talk["readings"]] == [groups[:1], groups[:2], groups]
    rules = plan.provincial_targets[plan.provincial_targets["kind"] == "rule"]
    assert rules["note"].str.contains("三种读法").all() and rules["note_en"].str.contains("three readings").all()
    assert talk["default"] is None
    assert [a["n"] for a in plan.evaluation["awards"]] == [10, 10, 10]


def test_no_sentence_of_the_plan_is_shipped():
    texts = [v for path in PLAN.glob("*.csv") for r in rows(path.stem) for v in r.values()]
    texts += re.findall(r'"([^"]*)"', json.dumps(json.loads((PLAN / "evaluation_rules.json").read_text("utf-8")),
                                                ensure_ascii=False))  # fmt: skip
    assert max(len(re.findall("[\u4e00-\u9fff]", text)) for text in texts) < 45
    names = {column for path in PLAN.glob("*.csv") for r in rows(path.stem)[:1] for column in r}
    assert names.isdisjoint({"quote", "evidence", "source_line", "source_lines", "focus_printed"})
