"""The shipped shapefile, and how it is built from the wheel's bytes."""

import struct
import zipfile

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geodata.names import SHIPPED, known_counties, load_region
from geodata.outlines import ALBERS
from geodata.prepare import SOURCE, merge, read_wheel


@pytest.fixture(scope="module")
def square_km(shipped):
    return dict(zip(shipped.adcode, shipped.geometry.to_crs(ALBERS).area / 1e6, strict=True))


def test_polygons(shipped):
    polygons = shipped.geometry.to_numpy()
    assert len(polygons) == 87
    assert shapely.is_valid(polygons).all()
    assert set(shipped.geom_type) <= {"Polygon", "MultiPolygon"}
    assert shapely.coverage_is_valid(polygons)  # no overlaps, and shared borders have the same corners on both sides


def test_areas(square_km):
    assert sum(square_km.values()) == pytest.approx(425_533, abs=1)
    assert max(square_km, key=square_km.get) == "620923"
    assert min(square_km, key=square_km.get) == "622901"


def test_the_two_exclaves_of_ningxia_stay_open(shipped):
    province = shapely.union_all(shipped.geometry.to_crs(ALBERS).to_numpy())
    holes = [shapely.Polygon(ring).area / 1e6 for part in shapely.get_parts(province) for ring in part.interiors]
    assert sorted(holes) == pytest.approx([0.76, 62.4], abs=0.05)


def test_counties_in_parts(shipped):
    parts = dict(zip(shipped.name_short, shapely.get_num_geometries(shipped.geometry.to_numpy()), strict=True))
    several = {name: int(count) for name, count in parts.items() if count > 1}
    assert several == {"肃南县": 4, "肃北县": 2, "靖远县": 2, "环县": 2, "临潭县": 3, "卓尼县": 2}


def test_file_and_names_agree():
    table = pyogrio.read_dataframe(load_region().shapes, read_geometry=False)
    pd.testing.assert_frame_equal(table, pd.read_csv(SHIPPED.with_name("names.csv"), dtype=str), check_dtype=False)
    assert load_region().shapes.with_suffix(".cpg").read_text() == "UTF-8"
    assert pyogrio.read_info(load_region().shapes)["crs"] == "EPSG:4326"


def test_known_counties():
    known = known_counties()
    assert len(known) == 87
    assert len({county.name_short for county in known.values()}) == 87
    assert len({county.prefecture_code for county in known.values()}) == 14
    assert known["620200"].name == "嘉峪关市"
    assert known["622927"].name == "积石山保安族东乡族撒拉族自治县"


# --- building --------------------------------------------------------------------------------------------------------


def block(parts):
    return struct.pack(f"<{len(parts) + 1}I", len(parts), *map(len, parts)) + b"".join(parts)


def ring(degrees, differences):
    """Write a ring as the wheel does."""
    steps = np.rint((np.array(degrees) + (180, 90)) / 2e-6).astype(np.int64)
    if not differences:
        return struct.pack("<I", 0) + steps.astype("<u4").tobytes()
    return struct.pack("<I", 1) + steps[0].astype("<u4").tobytes() + np.diff(steps, axis=0).astype("<i2").tobytes()


def polygon(*rings):
    return block(rings)


@pytest.fixture
def wheel(tmp_path):
    """Build a small wheel: one county of another province, one plain, one with a hole and two parts."""
    small = [(103.0, 36.0), (103.02, 36.0), (103.02, 36.02), (103.0, 36.0)]
    hole = [(103.015, 36.005), (103.018, 36.005), (103.018, 36.008), (103.015, 36.005)]
    large = [(95.0, 40.0), (97.0, 40.0), (97.0, 41.123456), (95.0, 40.0)]
    shapes = [
        struct.pack("<I", 5) + polygon(ring(large, False)),
        struct.pack("<I", 5) + polygon(ring(small, True)),
        struct.pack("<I", 6) + block([polygon(ring(large, False)), polygon(ring(small, True), ring(hole, True))]),
    ]
    table = "province_adcode,district_name,district_adcode\n110000,东城区,110101\n"
    table += "620000,城关区,620102\n620000,肃北蒙古族自治县,620923\n"
    path = tmp_path / "w.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{SOURCE}.csv", table)
        archive.writestr(f"{SOURCE}.bin", block(shapes))
    return path


def test_read_wheel(wheel):
    read = read_wheel(wheel, "620000")
    assert list(read.adcode) == ["620102", "620923"]
    assert list(read.geom_type) == ["Polygon", "MultiPolygon"]
    assert read.geometry[0].bounds == (103.0, 36.0, 103.02, 36.02)
    assert read.geometry[1].bounds == (95.0, 36.0, 103.02, 41.123456)
    assert [len(part.interiors) for part in read.geometry[1].geoms] == [0, 1]


def test_merge(shipped):
    """Cut a piece off each county that took one in: the merge puts it back under the county's code."""
    pieces = shipped[["adcode", "geometry"]].set_index("adcode").geometry
    for code, county in ((code, one.into) for code, one in load_region().merges.items()):
        x0, y0, x1, y1 = pieces[county].bounds
        cut = shapely.box(x0, y0, (x0 + x1) / 2, y1)
        pieces[code] = pieces[county].intersection(cut)
        pieces[county] = pieces[county].difference(cut)
    merged = merge(pieces.rename_axis("adcode").reset_index(), load_region())
    assert list(merged.adcode) == list(shipped.adcode)
    assert shapely.area(merged.geometry.to_numpy()) == pytest.approx(shapely.area(shipped.geometry.to_numpy()))
    with pytest.raises(ValueError, match="620102"):
        merge(pieces.drop("620102").rename_axis("adcode").reset_index(), load_region())
