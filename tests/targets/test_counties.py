"""The join loses nothing and invents nothing."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from plan_files import PUBLISHED, facts, named, rows
from shapely.geometry import box

from targets.checks import DataError
from targets.counties import join


def boxes(codes):
    codes = list(codes)
    return gpd.GeoDataFrame({"adcode": codes}, geometry=[box(i, 0, i + 1, 1) for i in range(len(codes))], crs=4326)


@pytest.fixture(scope="module")
def codes():
    return [*facts(), "620200"]


def test_one_row_a_polygon(counties):
    assert isinstance(counties, gpd.GeoDataFrame)
    assert len(counties) == 87
    assert counties.index.is_monotonic_increasing
    assert counties.index.is_unique
    assert list(counties.index[~counties["is_county"]]) == ["620200"]
    assert counties.geometry.notna().all()
    assert counties.crs.to_epsg() == 4326


def test_the_row_is_what_the_files_say(counties):
    bands = {r["id"]: r for r in rows("bands")}
    census = {r["adcode"]: r for r in rows("census2020", PUBLISHED)}
    for adcode, ids in facts().items():
        row = counties.loc[adcode]
        band = next((id for id in ids if id in bands), None)
        assert row["band"] == band
        if band is None:
            assert row[["band_order", "lower", "upper"]].isna().all()
        else:
            assert row["lower"] == int(bands[band]["lower"])
            assert (None if pd.isna(row["upper"]) else str(row["upper"])) == (bands[band]["upper"] or None)
        assert {*row["clusters"], *row["energy"]} == ids & {r["id"] for n in ("clusters", "energy") for r in rows(n)}
        assert (set() if pd.isna(row["road_year"]) else {str(row["road_year"])}) == ids & {
            "2022",
            "2023",
            "2024",
            "2025",
        }
        assert row["prefecture_code"] in ids
        assert row["population"] == int(census[adcode]["population"])
        assert row["urban_population"] == int(census[adcode]["urban_population"])


def test_memberships_are_in_the_order_of_the_plan(counties):
    assert counties.loc["620702", "clusters"] == ("C1", "C2", "C3", "C4")
    assert counties.loc["620602", "energy"] == ("PV1", "PV2", "WIND", "PSH")
    assert counties.loc["620402", "parks"] == ("P07", "P11")
    assert counties["parks"].map(len).sum() == 10


def test_no_band_is_nothing_not_zero(counties):
    unlisted = counties[counties["is_county"] & counties["band"].isna()]
    assert len(unlisted) == 18
    assert unlisted["lower"].isna().all()
    assert all(band is None for band in unlisted["band"])


def test_jiayuguan_is_shown_and_holds_nothing(counties):
    row = counties.loc["620200"]
    assert row["band"] is None
    assert (row["clusters"], row["energy"], row["parks"]) == ((), (), ())
    assert row["population"] == 312_663


def test_roads_planned_and_opened(counties):
    assert counties["road_year"].notna().sum() == 15
    assert counties["road_status"].value_counts().to_dict() == {"opened": 9, "unknown": 6}
    late = counties.loc["621121"]
    assert (late["road_year"], late["road_opened_year"], late["road_opened_date"]) == (2022, 2023, "2023")
    assert counties.loc["623024", "road"] is None
    assert counties.loc["620102", "road_status"] is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ym", {"玉门市"}),
        ("gz", {"瓜州县", "甘州区"}),
        ("gzx", {"瓜州县"}),
        ("tc", {"宕昌县"}),
        ("jss", {"积石山县"}),
    ],
)
def test_initials(counties, typed, found):
    hits = counties[[typed in words.split() for words in counties["initials"]]]
    assert set(hits["name_short"]) == found


def test_pinyin_is_plain_and_agrees_with_the_english_name(counties):
    assert counties["pinyin"].str.fullmatch("[a-z]+( [a-z]+)+").all()
    assert counties.loc["620922", "pinyin"] == "guazhou xian"
    assert counties.loc["620525", "pinyin"] == "zhangjiachuan huizu zizhixian"
    # Names of Tibetan and Kazakh origin are spelt after those languages.
    own = {"Jonê", "Zhugqu", "Têwo", "Aksay"}
    for row in counties.itertuples():
        spelt = row.name_en_short.removesuffix(" City").removesuffix(" County").replace("'", "").lower()
        assert row.name_en_short in own or row.pinyin.replace(" ", "").startswith(spelt), row.pinyin


def test_a_lost_shape_is_named(codes, plan, published):
    with pytest.raises(DataError, match="620922 瓜州县"):
        join(boxes(c for c in codes if c != "620922"), plan, published)


def test_an_unknown_and_a_double_shape_are_named(codes, plan, published):
    with pytest.raises(DataError) as error:
        join(boxes([*codes, "620171", "620102"]), plan, published)
    assert {p.value for p in error.value.problems} == {"620171", "620102"}


def test_a_lost_figure_is_named(codes, plan, published):
    from dataclasses import replace

    with pytest.raises(DataError) as error:
        join(boxes(codes), plan, replace(published, census2020=published.census2020.iloc[1:]))
    assert [p.value for p in error.value.problems] == ["620102 城关区"]


def test_what_nobody_published_is_not_known(codes, plan, published):
    """Of a province without a census at hand there are no people, and of a road without a record no opening."""
    from dataclasses import replace

    none = {name: getattr(published, name).iloc[:0] for name in ("census2020", "expressways_opened")}
    made = join(boxes(codes), plan, replace(published, **none))
    assert made["population"].isna().all()
    planned = set(plan.expressways["adcode"])
    assert {a: s for a, s in made["road_status"].items() if s is not None} == dict.fromkeys(planned, "unknown")
    assert made["road_opened_year"].isna().all()


def test_the_order_of_the_shapes_does_not_matter(codes, plan, published):
    a, b = join(boxes(codes), plan, published), join(boxes(reversed(codes)), plan, published)
    pd.testing.assert_frame_equal(a.drop(columns="geometry"), b.drop(columns="geometry"))


def test_four_in_no_box(counties):
    held = counties["clusters"] + counties["energy"] + counties["parks"]
    nowhere = counties["is_county"] & counties["band"].isna() & (held.map(len) == 0) & counties["road_year"].isna()
    assert set(counties.index[nowhere]) == named("两当县", "广河县", "和政县", "舟曲县")
