"""The published figures, as the files hold them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from plan_files import PUBLISHED, facts, named, rows

from targets.checks import DataError
from targets.published import OBSERVATION_COLUMNS, load_published


def test_the_census_is_complete():
    table = rows("census2020", PUBLISHED)
    assert {r["adcode"] for r in table if r["is_county"] == "yes"} == set(facts())
    assert [r["adcode"] for r in table if r["is_county"] == "no"] == ["620171", "620200"]
    # The total of the province, as published; 兰州新区 is counted apart.
    assert sum(int(r["population"]) for r in table) == 25_019_831
    assert sum(int(r["population"]) for r in table if r["is_county"] == "yes") == 24_418_968


def test_nine_of_fifteen_expressways_opened():
    table = rows("expressways_opened", PUBLISHED)
    assert Counter(r["status"] for r in table) == {"opened": 9, "unknown": 6}
    planned = {r["adcode"]: r["year"] for r in rows("expressways")}
    assert {r["adcode"]: r["planned_year"] for r in table} == planned
    unknown = {r["adcode"] for r in table if r["status"] == "unknown"}
    assert unknown == named("临潭县", "卓尼县", "镇原县", "碌曲县", "玛曲县", "迭部县")


def test_one_late_two_early():
    opened = [r for r in rows("expressways_opened", PUBLISHED) if r["status"] == "opened"]
    delay = {r["adcode"]: int(r["actual_year"]) - int(r["planned_year"]) for r in opened}
    assert {a for a, d in delay.items() if d == 1} == named("通渭县")
    assert {a for a, d in delay.items() if d == -1} == named("华池县", "灵台县")
    assert set(delay.values()) == {-1, 0, 1}


def test_a_date_is_as_exact_as_its_precision_says():
    for r in rows("expressways_opened", PUBLISHED):
        length = {"day": 10, "uncertain": 10, "year": 4, "": 0}[r["date_precision"]]
        assert len(r["opening_date"]) == length, r


def test_what_opened_adds_up_to_the_official_total():
    """86 counties less the six not known to be connected are the 80 that were reported."""
    totals = {r["date"]: r["connected"] for r in rows("connected_totals", PUBLISHED)}
    assert totals == {"2021-07-09": "70", "2023-12-27": "80"}


def test_every_opened_road_and_every_file_has_a_source(published):
    opened = published.expressways_opened.query("status == 'opened'")
    assert (opened[["source_title", "source_url", "reliability", "road", "road_en"]] != "").all(axis=None)
    assert set(published.sources["file"]) == {p.name for p in PUBLISHED.glob("*.csv")} - {"sources.csv"}


# ---- observations ---------------------------------------------------------------------------------------------------


def test_every_published_row_is_an_observation(published):
    parts = {name: rows(name, PUBLISHED) for name in ("county_observations", "county_floors", "province")}
    assert {name: len(part) for name, part in parts.items()} == {
        "county_observations": 98, "county_floors": 5, "province": 24,
    }  # fmt: skip
    table = published.observations
    assert tuple(table.columns) == OBSERVATION_COLUMNS
    assert len(table) == 98 + 5 + 24
    assert not table.duplicated(["place", "indicator", "period"]).any()
    want = [
        (r.get("adcode", "620000"), r.get("indicator", "gdp_at_least"), r["period"])
        + (
            float(r.get("value") or r["at_least"]),
            r["unit"],
            r["status"],
            r["source_title"],
            r["source_url"],
            r["note"],
        )
        for part in parts.values()
        for r in part
    ]
    assert list(table[list(OBSERVATION_COLUMNS[:9])].itertuples(index=False, name=None)) == want
    assert table["batch"].isna().all()
    assert set(table["origin"]) == {"published"}


def test_every_figure_has_a_source_a_time_and_a_status(published):
    table = published.observations
    assert (table[["source", "period", "status", "unit"]] != "").all(axis=None)
    # One count of unknown origin is carried to say how it agrees with the official one.
    assert set(table.loc[table["source_url"] == "", "indicator"]) == {"counties_over_100_web"}
    expected = table[table["status"] == "预计"]
    assert set(expected["place"]) == named("武都区")


def test_notes_are_in_both_languages(published):
    table = published.observations.set_index(["place", "indicator", "period"])["note"]
    assert set(published.notes_en) == set(table.index[table != ""])
    assert "do not connect" in published.notes_en["620922", "gdp", "2024"]
    for name in ("county_observations", "county_floors", "province", "evaluation_awards"):
        for r in rows(name, PUBLISHED):
            assert bool(r["note"]) == bool(r["note_en"]), r


def test_figures_are_of_the_86_counties_under_their_names():
    counties = {r["adcode"]: r["name"] for r in rows("counties")}
    for name in ("county_observations", "county_floors", "evaluation_awards"):
        for r in rows(name, PUBLISHED):
            assert counties[r["adcode"]] == r["name"]


def test_29_county_years_of_gdp_in_24_counties():
    gdp = [r for r in rows("county_observations", PUBLISHED) if r["indicator"] == "gdp"]
    assert (len(gdp), len({r["adcode"] for r in gdp})) == (29, 24)
    assert {r["unit"] for r in gdp} == {"亿元"}


def test_value_added_by_sector_sums_to_gdp():
    """To the last digit printed, where all three sectors and GDP are."""
    values: dict[tuple[str, str], dict[str, Decimal]] = {}
    for r in rows("county_observations", PUBLISHED):
        if r["unit"] == "亿元":
            values.setdefault((r["adcode"], r["period"]), {})[r["indicator"]] = Decimal(r["value"])
    whole = {key: v for key, v in values.items() if {"gdp", "va1", "va2", "va3"} <= set(v)}
    assert len(whole) == 4
    off = {key: v["va1"] + v["va2"] + v["va3"] - v["gdp"] for key, v in whole.items()}
    # 永登 2023: 15.7 + 49.8 + 79 = 144.5 beside 144.4, within rounding.
    assert {key: d for key, d in off.items() if d} == {("620121", "2023"): Decimal("0.1")}


def test_printed_figures_are_converted_exactly():
    printed = {(r["adcode"], r["indicator"]): r for r in rows("county_observations", PUBLISHED)}
    for key, said, value, unit in (
        (("622925", "gdp"), "341881万元", "34.1881", "亿元"),
        (("621121", "gdp"), "526484万元", "52.6484", "亿元"),
        (("620921", "capacity_pv"), "538兆瓦", "53.8", "万千瓦"),
    ):
        r = printed[key]
        assert (r["printed"], r["value"], r["unit"]) == (said, value, unit)


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("county_observations", "value", "131.8"),
        ("county_observations", "unit", "万元"),
        ("county_observations", "printed", "约一百三十亿元"),
        ("county_observations", "period", "2023年"),
        ("county_observations", "status", "听说"),
        ("county_observations", "source_title", ""),
        ("province", "value", "310"),
        ("evaluation_awards", "award", "best"),
        ("county_floors", "at_least", "百亿"),
    ],
)
def test_a_wrong_figure_is_refused(edited, name, column, value):
    def change(table):
        table[1][table[0].index(column)] = value

    with pytest.raises(DataError) as error:
        load_published(edited(PUBLISHED, name, change))
    assert {(p.file, p.row) for p in error.value.problems} == {(f"published/{name}.csv", 2)}


def test_the_same_figure_twice_is_refused(edited):
    with pytest.raises(DataError) as error:
        load_published(edited(PUBLISHED, "county_observations", lambda t: t.append(t[1])))
    assert {p.row for p in error.value.problems} == {2, 100}


def test_province_wide_counts(published):
    count = published.province.set_index(["indicator", "period"])
    assert [count.loc[("counties_over_100", y), "value"] for y in ("2022", "2023")] == [31, 36]
    assert count.loc[("counties_over_100_target", "2024"), ["value", "status"]].to_list() == [40, "目标"]
    # Those named as new are as many as the count grew by.
    assert len(published.county_floors) == 36 - 31
    assert set(published.county_floors["adcode"]) == named("靖远县", "甘谷县", "秦安县", "陇西县", "金塔县")


def test_awards_are_complete_for_2021_only():
    table = rows("evaluation_awards", PUBLISHED)
    counts = Counter((r["year"], r["award"], r["list_complete"]) for r in table)
    assert counts == {
        ("2021", "strong", "yes"): 10, ("2021", "advanced", "yes"): 10, ("2022", "progress", "no"): 6,
        ("2022", "advanced", "no"): 3, ("2023", "advanced", "no"): 1,
    }  # fmt: skip
    assert sorted(int(r["rank"]) for r in table if r["award"] == "strong") == list(range(1, 11))
    stated = {r["adcode"] for r in table if r["award"] == "strong" and r["rank_basis"] == "stated"}
    assert stated == named("肃州区", "玉门市")
    typed = {r["adcode"] for r in table if r["year"] == "2021" and r["category"]}
    assert typed == named("肃州区", "金塔县", "敦煌市", "阿克塞县")
