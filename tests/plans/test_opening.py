"""How a plan is opened: by an option of every command, refused with every fault, on its own province's ground."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import geopandas as gpd
import pytest

import app as program
from geodata.boundaries import BoundaryError, read_boundaries
from geodata.names import RegionError, load_region
from geodata.outlines import draw
from geodata.tiles import lay_out
from targets.checks import DataError
from targets.plan import load_plan

NINGXIA = Path(__file__).parent / "ningxia"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(NINGXIA, tmp_path / "nx"))


@pytest.fixture(scope="module")
def ningxia():
    return load_plan(NINGXIA)


def put(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def refused(folder: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        load_plan(folder)
    return caught.value


def test_a_copied_folder_is_the_same_plan_wherever_it_stands(copied, ningxia):
    again = load_plan(copied)
    assert again is not ningxia and again is load_plan(str(copied))
    assert again.option_ids == ningxia.option_ids and again.said == ningxia.said
    assert len(again.counties) == 22 and again.alone == frozenset()


def test_every_fault_of_every_file_is_named_at_once(copied):
    put(copied / "band_counties.csv", "N2,1,达到,640106", "N9,1,达到,640106")
    put(copied / "cluster_counties.csv", "640521", "620102")
    put(copied / "bands.csv", "2,200,400", "2,二百,400")
    put(copied / "expressways.csv", "2028,1", "28,1")
    put(copied / "duties.csv", "二（一）,1", "二（一）,9")
    put(copied / "parks.csv", "丁,1", "庚,1")
    put(copied / "plan.toml", "target_year = 2030", "target_year = 2031")
    put(copied / "plan.toml", 'region = "ningxia.toml"', 'region = "nowhere.toml"')
    put(copied / "plan.toml", 'kind = "figure"', 'kind = "guess"')
    put(copied / "plan.toml", "value = 0.05", "value = 5")
    (copied / "tasks.csv").unlink()
    error = refused(copied)
    assert {(p.file, p.row, p.column) for p in error.problems} == {
        ("nx/cluster_counties.csv", 2, "adcode"),
        ("nx/bands.csv", 3, "lower"),
        ("nx/expressways.csv", 3, "year"),
        ("nx/parks.csv", 2, "box"),
        ("nx/tasks.csv", None, ""),
        ("nx/plan.toml", None, "term.target_year"),
        ("nx/plan.toml", None, "region"),
        ("nx/plan.toml", None, "probes[3]"),
        ("nx/plan.toml", None, "thresholds.pace.value"),
    }
    for line in str(error).splitlines()[1:]:
        zh, _, en = line.partition(" | ")
        assert re.search("[一-鿿]", zh) and en.strip()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "band_counties.csv",
            "N2,1,达到,640106",
            "N9,1,达到,640106",
            ["band_counties.csv 第4行 band“N9”，应为bands.csv 所列"],
        ),
        ("duties.csv", "二（一）,1", "二（一）,9", ["duties.csv 第2行 task“9”，应为tasks.csv 所列"]),
        (
            "counties.csv",
            "640104,兴庆区,兴庆区,市辖区,640100",
            "640104,兴庆区,兴庆区,市辖区,640200",
            ["第2行 prefecture_code“640200”，应为640100"],
        ),
        ("counties.csv", "640104,", "640999,", ["band_counties.csv 第2行 adcode“640104”，应为22个县之一"]),
        ("clusters.csv", "K1,1", "S,1", ["cluster_counties.csv 第2行 cluster“K1”，应为clusters.csv 所列"]),
        ("plan.toml", 'id = "rest"', 'id = "N1"', ["groups.band.unlisted.id“N1”"]),
        ("plan.toml", 'task = "3"', 'task = "33"', ["groups.road.task“33”，应为tasks.csv 所列"]),
        ("plan.toml", '"打造" = "build"\n', "", ["verbs“打造”"]),
        ("plan.toml", 'target = "Z2"', 'target = "Z7"', ["probes[2].target“Z7”"]),
        ("plan.toml", 'kind = "dated"', 'kind = "bands"', ["groups.road.kind“bands”，应为dated"]),
        ("plan.toml", 'zh = "附表{}"', 'zh = "附表"', ["boxes.zh“附表”，应为有一处 {}"]),
        ("calendar.csv", "2026—2030年,2026", "2026—2031年,2026", ["calendar.csv 第2行 frequency"]),
    ],
)
def test_a_fault_is_said_where_it_is(copied, name, old, new, said):
    put(copied / name, old, new)
    text = str(refused(copied))
    assert all(part in text for part in said), text


def test_a_county_of_another_province_and_an_id_used_twice_are_named(copied):
    for name in ("counties.csv", "band_counties.csv"):
        put(copied / name, "640104", "640999")
    for name in ("clusters.csv", "cluster_counties.csv"):
        path = copied / name
        path.write_text(path.read_text("utf-8").replace("\nK1,", "\nS,"), "utf-8")
    said = str(refused(copied))
    assert "counties.csv 第2行 adcode“640999”，应为宁夏回族自治区的县" in said
    assert "counties.csv adcode“640104 兴庆区”，应为有此县" in said
    assert "energy.csv 第2行 id“S”，应为clusters.csv 未用的编号" in said


def test_what_is_no_folder_of_a_plan_is_refused_by_every_command(tmp_path, copied, capsys, monkeypatch):
    for name in ("PLAN", "BOUNDARIES", "DATABASE_URL", "DATA_FOLDER", "TODAY"):
        monkeypatch.delenv(f"ATLAS_{name}", raising=False)
    put(copied / "plan.toml", 'title = "测试数据', 'titel = "测试数据')
    (tmp_path / "表.csv").write_text("县区,2027年地区生产总值（亿元）\n兴庆区,600\n", "utf-8")
    data = ["--data-folder", str(tmp_path / "data")]
    for given in (
        ["--plan", str(copied), *data],
        ["deck", "--plan", str(copied), *data],
        ["import", str(tmp_path / "表.csv"), "--plan", str(copied), *data],
    ):
        assert program.main(given) == 2
        said = capsys.readouterr().err
        assert "nx/plan.toml title“”，应为一行文字" in said and "expected a line of text" in said
        assert "Traceback" not in said
    assert program.main(["deck", "--plan", str(tmp_path / "nowhere"), *data]) == 2
    assert "方案的文件夹" in capsys.readouterr().err


def test_the_commands_speak_of_the_plan_that_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ATLAS_PLAN", str(NINGXIA))
    data = ["--data-folder", str(tmp_path / "data")]
    (tmp_path / "表.csv").write_text("县区,2027年地区生产总值（亿元）\n兴庆区,600\n银川市灵武市,550\n", "utf-8")
    assert program.main(["import", str(tmp_path / "表.csv"), "--today", "2028-06-30", *data]) == 0
    assert "2 个县" in capsys.readouterr().out
    monkeypatch.delenv("ATLAS_PLAN")
    assert program.main(["import", str(tmp_path / "表.csv"), "--today", "2028-06-30", *data]) == 1
    assert "没有读到任何数值" in capsys.readouterr().out


# ---- the province's own boundaries


def test_a_users_boundaries_are_held_against_the_plans_counties(tmp_path, ningxia):
    own = read_boundaries(of=ningxia.region)
    assert len(own) == 22 and set(own["adcode"]) == set(ningxia.counties["adcode"])
    by_name = own[["name", "geometry"]]
    by_name.to_file(tmp_path / "宁夏.geojson", driver="GeoJSON")
    again = read_boundaries(tmp_path / "宁夏.geojson", of=ningxia.region)
    assert list(again["adcode"]) == list(own["adcode"])
    with pytest.raises(BoundaryError) as caught:
        read_boundaries(tmp_path / "宁夏.geojson")
    assert "甘肃" in str(caught.value)
    read_boundaries().to_file(tmp_path / "gansu.gpkg", driver="GPKG")
    with pytest.raises(BoundaryError) as caught:
        read_boundaries(tmp_path / "gansu.gpkg", of=ningxia.region)
    assert "宁夏" in str(caught.value) and "甘肃" not in str(caught.value).replace("gansu", "")
    gpd.GeoDataFrame(by_name.iloc[:-1]).to_file(tmp_path / "short.geojson", driver="GeoJSON")
    with pytest.raises(BoundaryError) as caught:
        read_boundaries(tmp_path / "short.geojson", of=ningxia.region)
    assert "640522 海原县" in str(caught.value)


def test_a_smaller_province_is_drawn_as_finely_and_has_tiles_without_a_file(ningxia):
    shapes = draw(read_boundaries(of=ningxia.region), of=ningxia.region)
    assert shapes.unit == 30 and 8_000 < max(shapes.width, shapes.height) < 20_000
    assert set(ningxia.region.inset) <= set(shapes.inset_adcodes)
    tiles = lay_out(shapes)
    assert set(tiles) == set(shapes.paths) and len(set(tiles.values())) == 22
    assert min(x for x, _ in tiles.values()) == min(y for _, y in tiles.values()) == 0
    north, south = ("640205", "640424")  # 惠农, 泾源
    assert tiles[north][1] < tiles[south][1]


def test_a_regions_file_that_is_wrong_says_so_in_both_languages(tmp_path):
    for text in ("", "code =", 'code = "640000"\nname = "x"\nname_en = "x"\ncounties = "no.csv"\nshapes = "no.shp"\n'):
        path = tmp_path / "r.toml"
        path.write_text(text, "utf-8")
        with pytest.raises(RegionError, match="不是可读的地区文件.* / cannot be read as a region"):
            load_region(path)
