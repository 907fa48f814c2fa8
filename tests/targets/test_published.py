"""The published figures, as the files hold them."""

from __future__ import annotations

from collections import Counter

from plan_files import PUBLISHED, facts, named, rows


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
