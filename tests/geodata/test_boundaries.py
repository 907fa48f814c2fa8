"""Reading boundary files: every way in which a county file comes, and every way in which it may be wrong."""

import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.boundaries import BoundaryError, read_boundaries
from geodata.names import SHAPEFILE, known_counties, read_code, read_name

COLUMNS = ["adcode", "name", "name_short", "prefecture_code", "prefecture", "geometry"]
# WGS 84, CGCS2000, and three usual projections: CGCS2000 in a 3-degree zone (108° E), Web Mercator, UTM zone 48.
SYSTEMS = ["EPSG:4326", "EPSG:4490", "EPSG:4545", "EPSG:3857", "EPSG:32648"]


@pytest.fixture
def plain(shipped):
    """What a user's file holds at the least: codes, names, polygons."""
    return shipped[["adcode", "name", "geometry"]].copy()


def write(frame, path, **options):
    frame.to_file(path, engine="pyogrio", **options)
    return path


def zipped(path, folder, names=None):
    """Zip `folder`, its files under other names when given."""
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, (names or "{}").format(part.name))
    return path


def same(read, shipped, tolerance=1e-9):
    assert list(read.columns) == COLUMNS
    assert read.crs == "EPSG:4326"
    pd.testing.assert_frame_equal(read.drop(columns="geometry"), shipped.drop(columns="geometry"), check_exact=True)
    assert read.geometry.is_valid.all()
    assert not read.geometry.has_z.any()
    ours, theirs = read.geometry.to_numpy(), shipped.geometry.to_numpy()
    assert (shapely.area(shapely.symmetric_difference(ours, theirs)) <= shapely.area(theirs) * tolerance).all()


def refused(path, *pieces):
    """The file is refused with one message, Chinese then English, that names the file and holds each piece."""
    with pytest.raises(BoundaryError) as error:
        read_boundaries(path)
    message = str(error.value)
    chinese, english = message.split("\n")
    assert chinese.startswith(f"{path.name}:")
    assert english.startswith(f"{path.name}: ")
    for piece in pieces:
        assert piece in message, message
    return chinese, english


# --- what is read ----------------------------------------------------------------------------------------------------


def test_shipped(shipped):
    assert len(shipped) == 87
    assert list(shipped.columns) == COLUMNS
    assert shipped.adcode.is_monotonic_increasing
    assert shipped.attrs["notices"] == []
    assert list(shipped.adcode) == list(known_counties())
    assert read_boundaries(str(SHAPEFILE)).equals(shipped)


@pytest.mark.parametrize("crs", SYSTEMS)
@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".geojson"])
def test_formats_and_crs(tmp_path, plain, shipped, suffix, crs):
    path = write(plain.to_crs(crs), tmp_path / f"县界{suffix}")
    same(read_boundaries(path), shipped, 1e-6)


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
@pytest.mark.parametrize("cpg", ["kept", "absent", "wrong"])
@pytest.mark.parametrize("column", ["name", "区划码"])
def test_dbf_encodings(tmp_path, plain, shipped, encoding, cpg, column):
    frame = plain[["name", "geometry"]] if column == "name" else plain.rename(columns={"adcode": "区划码"})
    path = write(frame, tmp_path / "gansu.shp", encoding=encoding)
    if cpg == "absent":
        path.with_suffix(".cpg").unlink()
    elif cpg == "wrong":
        path.with_suffix(".cpg").write_text("GBK" if encoding == "UTF-8" else "UTF-8")
    same(read_boundaries(path), shipped)


@pytest.mark.parametrize("column", ["adcode", "区划码", "gb", "PAC", "code", "XZQDM", "随便叫什么"])
@pytest.mark.parametrize(
    "writing",
    [
        str,
        int,
        float,
        "{}.0".format,
        "156{}".format,
        "{}000".format,
        "{}000000".format,
        lambda code: int(f"156{code}"),
        " {} ".format,
    ],
    ids=["str", "int", "float", "str.0", "tianditu", "nine", "twelve", "tianditu int", "spaces"],
)
def test_code_columns(tmp_path, plain, shipped, column, writing):
    frame = gpd.GeoDataFrame({column: plain.adcode.map(writing)}, geometry=plain.geometry, crs=plain.crs)
    same(read_boundaries(write(frame, tmp_path / "a.gpkg")), shipped)


@pytest.mark.parametrize("which", ["name", "name_short"])
@pytest.mark.parametrize(
    "writing",
    [str, lambda name: name[0] + " " + name[1:], lambda name: "　".join(name), lambda name: f"甘肃省{name}"],
    ids=["plain", "space", "full-width space", "province before"],
)
def test_name_columns(tmp_path, shipped, which, writing):
    frame = gpd.GeoDataFrame({"县区": shipped[which].map(writing)}, geometry=shipped.geometry, crs=shipped.crs)
    same(read_boundaries(write(frame, tmp_path / "a.geojson")), shipped)


def test_suffixes_in_capitals(tmp_path, plain, shipped):
    write(plain, tmp_path / "a.shp")
    for part in list(tmp_path.iterdir()):
        part.rename(part.with_suffix(part.suffix.upper()))
    same(read_boundaries(tmp_path / "a.SHP"), shipped)


def test_names_step_in_where_codes_lack(tmp_path, plain, shipped):
    plain.loc[[3, 40], "adcode"] = None
    same(read_boundaries(write(plain, tmp_path / "a.gpkg")), shipped)


def test_full_width_codes(tmp_path, plain, shipped):
    plain["adcode"] = plain.adcode.map(lambda code: "".join(chr(0xFF10 + int(digit)) for digit in code))
    same(read_boundaries(write(plain[["adcode", "geometry"]], tmp_path / "a.gpkg")), shipped)


def test_other_code_for_the_same_ground(tmp_path, plain, shipped):
    plain["adcode"] = plain.adcode.replace({"620200": "620201", "620881": "620824"})
    same(read_boundaries(write(plain[["adcode", "geometry"]], tmp_path / "a.gpkg")), shipped)


def test_order_and_extra_columns_do_not_matter(tmp_path, plain, shipped):
    frame = plain.assign(pref="620100", prov=620000, gdp=np.arange(87) * 1.5, note=None).iloc[::-1]
    same(read_boundaries(write(frame, tmp_path / "a.gpkg")), shipped)


def test_geopackage_of_several_layers(tmp_path, plain, shipped):
    path = tmp_path / "多层.gpkg"
    points = plain.assign(geometry=plain.representative_point())
    write(points, path, layer="驻地")
    write(plain.assign(adcode=plain.adcode.str[:4] + "00").dissolve("adcode").reset_index(), path, layer="市州")
    write(plain.head(5), path, layer="a")
    write(plain, path, layer="县")
    same(read_boundaries(path), shipped)


@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".geojson"])
@pytest.mark.parametrize("inside", ["{}", "数据/甘肃 县界/{}", "./A.B/{}"])
def test_zip(tmp_path, plain, shipped, suffix, inside):
    folder = tmp_path / "in"
    folder.mkdir()
    write(plain, folder / f"甘肃县界{suffix}")
    same(read_boundaries(zipped(tmp_path / "界线.zip", folder, inside)), shipped)


def test_zip_with_gbk_names_inside(tmp_path, plain, shipped):
    """As Windows writes it: names in GBK bytes, not flagged as UTF-8; suffixes in capitals."""
    folder = tmp_path / "in"
    folder.mkdir()
    write(plain, folder / "gs.shp")
    path = tmp_path / "win.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in folder.iterdir():
            archive.write(part, "xianjie_" + part.suffix.upper())
    raw = path.read_bytes()
    assert raw.count(b"xianjie_") == 10  # five files, each named twice
    path.write_bytes(raw.replace(b"xianjie_", "甘肃县界".encode("gbk")))
    same(read_boundaries(path), shipped)


def test_other_provinces_are_left_out(tmp_path, plain, shipped):
    far = gpd.GeoDataFrame(
        {"adcode": ["540102", "640121", "110101"], "name": ["城关区", "永宁县", "东城区"]},
        geometry=shapely.box([91.0, 106.0, 116.3], [29.5, 38.2, 39.8], [91.3, 106.3, 116.5], [29.8, 38.4, 40.0]),
        crs=plain.crs,
    )
    for columns in (["adcode", "name", "geometry"], ["adcode", "geometry"], ["name", "geometry"]):
        both = pd.concat([far, plain])[columns]
        read = read_boundaries(write(both, tmp_path / f"{len(columns)}{columns[0]}.gpkg"))
        same(read, shipped)
        assert [notice for notice in read.attrs["notices"] if "3 rows of other provinces" in notice]


def test_rows_above_the_county_are_left_out(tmp_path, plain, shipped):
    above = plain.dissolve(plain.adcode.str[:4] + "00").drop(columns=["adcode", "name"])
    above = above[above.index != "620200"].rename_axis("adcode").reset_index()
    read = read_boundaries(write(pd.concat([above, plain]), tmp_path / "a.gpkg"))
    same(read, shipped)
    assert any("13 rows" in notice for notice in read.attrs["notices"])


def test_polygons_that_are_no_counties_are_merged(tmp_path, plain, shipped):
    row = plain.index[plain.adcode == "620725"][0]
    whole = plain.geometry[row]
    x0, y0, x1, y1 = whole.bounds
    south = shapely.box(x0, y0, x1, y0 + (y1 - y0) / 3)
    plain.loc[row, "geometry"] = whole.difference(south)
    ranch = gpd.GeoDataFrame({"adcode": ["629700"]}, geometry=[whole.intersection(south)], crs=plain.crs)
    read = read_boundaries(write(pd.concat([plain, ranch]), tmp_path / "a.gpkg"))
    same(read, shipped, 1e-6)
    assert any("629700" in notice and "620725 山丹县" in notice for notice in read.attrs["notices"])


def test_invalid_polygons_are_mended(tmp_path, plain):
    row = plain.index[plain.adcode == "620423"][0]
    x, y = plain.geometry[row].representative_point().coords[0]
    plain.loc[row, "geometry"] = shapely.Polygon([(x, y), (x + 0.6, y + 0.6), (x + 0.6, y), (x, y + 0.6)])  # a bow tie
    read = read_boundaries(write(plain, tmp_path / "a.gpkg"))
    assert read.geometry.is_valid.all()
    assert read.geometry[row].area == pytest.approx(0.18)
    assert any("620423 景泰县" in notice for notice in read.attrs["notices"])


def test_third_dimension_and_stray_lines_are_dropped(tmp_path, plain, shipped):
    plain["geometry"] = shapely.force_3d(plain.geometry.to_numpy(), 1_500.0)
    same(read_boundaries(write(plain, tmp_path / "z.gpkg")), shipped)
    stray = shapely.LineString([(103, 36), (104, 36)])
    plain.loc[0, "geometry"] = shapely.GeometryCollection([shapely.force_2d(plain.geometry[0]), stray])
    same(read_boundaries(write(plain, tmp_path / "mixed.geojson")), shipped)


# --- what is refused -------------------------------------------------------------------------------------------------


def test_every_fault_is_listed(tmp_path, plain):
    frame = plain[~plain.adcode.isin(["620102", "622927"])]
    extra = plain[plain.adcode.isin(["620200", "620321"])]
    odd = plain.head(2).assign(adcode=["629999", "620199"], name=None)
    path = write(pd.concat([frame, extra, odd]), tmp_path / "错.gpkg")
    chinese, english = refused(
        path, "620102 城关区", "622927 积石山县", "620200 嘉峪关市", "620321 永昌县", "629999", "620199"
    )
    assert "缺 2 个县" in chinese and "2 missing" in english
    assert "重复 2 个县" in chinese and "2 doubled" in english and "issolve" in english
    assert "620321 永昌县(第 10、87 行)" in chinese and "(rows 10, 87)" in english
    assert "不认识 2 行" in chinese and "629999(第 88 行)" in chinese and "629999 (row 88)" in english


def test_a_row_without_code_or_name(tmp_path, plain):
    path = write(pd.concat([plain, plain.tail(1).assign(adcode=None, name="新区")]), tmp_path / "a.gpkg")
    refused(path, "不认识 1 行", "第 88 行", "(row 88)")


def test_a_county_in_several_rows(tmp_path, plain):
    refused(write(plain.explode(), tmp_path / "parts.shp"), "重复", "620721 肃南县", "融合", "Dissolve")


def test_a_county_without_polygon(tmp_path, plain):
    plain.loc[5, "geometry"] = None
    refused(write(plain, tmp_path / "a.gpkg"), "没有多边形:620121 永登县", "without a polygon: 620121")


def test_two_counties_exchanged(tmp_path, plain):
    codes = {"620982": "623025", "623025": "620982"}
    path = write(plain[["adcode", "geometry"]].replace({"adcode": codes}), tmp_path / "a.gpkg")
    refused(path, "不在本县的位置上:620982 敦煌市、623025 玛曲县", "not in the county's place")


@pytest.mark.parametrize("suffix", [".shp", ".gpkg"])
def test_no_crs(tmp_path, plain, suffix):
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        path = write(plain.set_crs(None, allow_override=True), tmp_path / f"无{suffix}")
    refused(path, "没有可用的坐标系", "no usable CRS", "EPSG:4490")


@pytest.mark.parametrize("columns", [["adcode", "geometry"], ["name", "geometry"]])
@pytest.mark.parametrize(
    "wrong",
    [
        lambda frame: frame.to_crs("EPSG:4545").set_crs("EPSG:4326", allow_override=True),
        lambda frame: frame.to_crs("EPSG:4545").set_crs("EPSG:4542", allow_override=True),
        lambda frame: frame.set_geometry(shapely.transform(frame.geometry, lambda xy: xy[:, ::-1])),
        lambda frame: frame.set_geometry(frame.translate(30, 0)),
    ],
    ids=["metres as degrees", "other central meridian", "axes swapped", "elsewhere"],
)
def test_wrong_place(tmp_path, plain, wrong, columns):
    refused(write(wrong(plain)[columns], tmp_path / "a.gpkg"), "坐标系多半标错了", "does not lie in Gansu")


def test_points(tmp_path, plain):
    path = write(plain.assign(geometry=plain.representative_point()), tmp_path / "驻地.shp")
    refused(path, "没有多边形", "Point", "polygon layer")


def test_no_column_fits(tmp_path, plain):
    frame = plain[["geometry"]].assign(id=range(87))
    refused(write(frame, tmp_path / "a.gpkg"), "找不到区划代码列", "column of county codes")


def test_empty(tmp_path, plain):
    refused(write(plain.head(0), tmp_path / "a.gpkg", geometry_type="Polygon"), "空的", "is empty")
    refused(write(plain.set_geometry([None] * 87, crs=plain.crs), tmp_path / "b.geojson"), "空的", "is empty")


@pytest.mark.parametrize("name", ["说明.txt", "a.geojson", "a.shp", "a.gpkg", "a.dbf", "a.csv"])
@pytest.mark.parametrize("content", [b"", "这不是界线".encode(), bytes(range(256)) * 8], ids=["empty", "text", "bytes"])
def test_not_a_boundary_file(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    if path.suffix == ".shp":
        for suffix in (".shx", ".dbf"):
            path.with_suffix(suffix).write_bytes(content)
    refused(path, "不是可读的县界文件", "not a readable boundary file")


def test_a_spreadsheet(tmp_path):
    path = tmp_path / "表.xlsx"
    pd.DataFrame({"adcode": list(known_counties())}).to_excel(path, index=False)
    refused(path, "不是可读的县界文件", "not a readable boundary file")


def test_not_found(tmp_path):
    refused(tmp_path / "没有.shp", "找不到这个文件", "no such file")
    refused(tmp_path, "找不到这个文件")


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_shapefile_with_a_part_missing(tmp_path, plain, part):
    path = write(plain, tmp_path / "a.shp")
    path.with_suffix(part).unlink()
    refused(path, f"缺少同名的 {part}", f"{part} of the same name not found")


def test_broken_zips(tmp_path, plain):
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 broken")
    refused(path, "压缩包损坏", "zip is broken")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "readme.txt").write_text("nothing")
    refused(zipped(tmp_path / "b.zip", folder), "不是可读的县界文件")
    write(plain, folder / "a.geojson")
    whole = zipped(tmp_path / "c.zip", folder).read_bytes()
    (tmp_path / "c.zip").write_bytes(whole.replace(b"FeatureCollection", b"featurecollection"))
    refused(tmp_path / "c.zip", "压缩包损坏")


def test_a_zip_that_unpacks_too_large(tmp_path, monkeypatch, plain):
    folder = tmp_path / "in"
    folder.mkdir()
    write(plain, folder / "a.gpkg")
    monkeypatch.setattr("geodata.boundaries.MAX_UNPACKED", 1_000)
    refused(zipped(tmp_path / "a.zip", folder), "1 GB")


# --- codes and names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [62010, 6201020, "62010a", "620102001", "620102000001", "", None, float("nan"), "156", 1.5, True]
)
def test_what_is_no_code(value):
    assert read_code(value) is None


def test_each_name_is_one_county():
    for county in known_counties().values():
        assert read_name(county.name) == read_name(county.name_short) == county.adcode
        assert read_name(county.prefecture + county.name) == county.adcode
        assert county.prefecture_code[:4] == county.adcode[:4] and county.prefecture_code[4:] == "00"
