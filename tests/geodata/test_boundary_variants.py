"""Boundary files as ArcGIS, QGIS, DataV, GADM, web maps and careless hands leave them; each once taught something."""

import errno
import json
import struct
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.boundaries import BoundaryError, read_boundaries
from geodata.boundaries.shapes import _simplified, _thinned
from geodata.names import former_codes, known_counties


@pytest.fixture(scope="module")
def small(shipped):
    frame = shipped.rename(columns={"prefecture_code": "above", "prefecture": "area"})
    frame = frame[["adcode", "name", "above", "area", "geometry"]].copy()
    frame["geometry"] = shapely.coverage_simplify(frame.geometry.to_numpy(), 0.02)
    return frame


@pytest.fixture(scope="module")
def grounds(shipped):
    return shipped.geometry.to_numpy()


def write(frame, path, **options):
    frame.to_file(path, engine="pyogrio", **options)
    return path


def read(path, grounds):
    """Read, and see that each county's shape is its own."""
    counties = read_boundaries(path)
    assert list(counties.adcode) == list(known_counties())
    shared = shapely.area(shapely.intersection(counties.geometry.to_numpy(), grounds)) / shapely.area(grounds)
    assert shared.min() > 0.5
    notices = counties.attrs["notices"]
    assert all(len(notice.split(" / ")) == 2 and "nan" not in notice.lower() for notice in notices)
    return " | ".join(notices)


def refused(path, *pieces):
    with pytest.raises(BoundaryError) as error:
        read_boundaries(path)
    chinese, english = str(error.value).split("\n")
    assert "nan" not in chinese.lower() and " nan" not in english.lower() and "、" not in english
    for piece in pieces:
        assert piece in chinese, chinese
    return english


def shapefile(path, small, field, values, mark=0):
    """Write a shapefile whose .dbf is set byte by byte: one field (name, type, width), one value a row."""
    write(small[["geometry"]], path)
    path.with_suffix(".cpg").unlink()
    name, kind, width = field
    data = struct.pack("<4BIHH17xB2x", 3, 124, 1, 1, len(values), 65, width + 1, mark)
    data += name[:10].ljust(11, b"\0") + kind + bytes(4) + bytes([width, 0]) + bytes(14) + b"\r"
    for value in values:
        data += b" " + (value[:width].rjust(width) if kind == b"N" else value[:width].ljust(width))
    path.with_suffix(".dbf").write_bytes(data + b"\x1a")
    return path


def of_prefecture(small, code):
    return shapely.union_all(small.geometry[small.above == code].to_numpy())


def beside(small, rows):
    return pd.concat([small, gpd.GeoDataFrame(rows, crs=small.crs)], ignore_index=True)


# --- JSON ------------------------------------------------------------------------------------------------------------


def features(small):
    return json.loads(small[["adcode", "name", "geometry"]].to_json())["features"]


def lines(small, before=""):
    return "\n".join(before + json.dumps(feature, ensure_ascii=False) for feature in features(small)) + "\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.geojsonl", lines),
        ("a.geojson", lines),
        ("a.geojsons", lambda small: lines(small, "\x1e")),
        ("a.json", lambda small: json.dumps(features(small), ensure_ascii=False)),
        ("a.js", lambda small: f"var gansu = {small[['name', 'geometry']].to_json()};"),
        ("a.js", lambda small: f"callback({small[['name', 'geometry']].to_json()})"),
        ("a.js", lambda small: f"echarts.registerMap('甘肃', {small[['name', 'geometry']].to_json()});"),
    ],
    ids=["lines", "lines as geojson", "sequence", "array", "variable", "callback", "echarts not encoded"],
)
def test_json_in_other_wrappings(tmp_path, small, grounds, name, text):
    path = tmp_path / name
    path.write_text(text(small), encoding="utf-8")
    read(path, grounds)


def test_a_bad_line_of_many_is_named(tmp_path, small):
    path = tmp_path / "a.geojsonl"
    rows = lines(small).splitlines()
    rows[4] = rows[4][:60] + "}"
    path.write_text("\n".join(rows), encoding="utf-8")
    refused(path, "第 5 行")


@pytest.mark.parametrize(
    ("content", "piece"),
    [
        (b"", "0 字节"),
        (b"<!DOCTYPE html><html><title>404</title></html>", "网页"),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "网页"),
        (b'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"/>', "KML。请在 QGIS"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 9\n", "Git LFS"),
        (b"Rar!\x1a\x07\x01\x00", "RAR。请解压"),
        (b'{"status": "1", "districts": [{"polyline": "103.7,36.1"}]}', "status、districts"),
    ],
)
@pytest.mark.parametrize("name", ["620000_full.json", "a.zip"])
def test_what_it_is_by_its_bytes(tmp_path, content, piece, name):
    path = tmp_path / name
    if name == "a.zip" and not content.startswith(b"Rar!"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("数据/620000_full.json", content)
    else:
        path.write_bytes(content)
    refused(path, piece)


# --- zips and shapefiles ---------------------------------------------------------------------------------------------


def marked(path, here, there, value):
    """Set a byte in each of a zip's headers."""
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", here), (b"PK\x01\x02", there)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] = value
            at = data.find(mark, at + 4)
    path.write_bytes(data)
    return path


def test_zips(tmp_path, small, grounds):
    (tmp_path / "in").mkdir()
    whole = write(small, tmp_path / "in" / "a.shp")
    above = write(small.dissolve("area", as_index=False)[["area", "geometry"]], tmp_path / "in" / "b.shp")

    def zipped(name, files):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for inner, content in files.items():
                archive.writestr(inner, content)
        return tmp_path / name

    counties = {file.name: file.read_bytes() for file in whole.parent.glob("a.*")}
    prefectures = {file.name: file.read_bytes() for file in above.parent.glob("b.*")}
    read(zipped("没有后缀", counties), grounds)
    inner = zipped("inner.zip", counties).read_bytes()
    refused(zipped("b.zip", {"县.zip": inner, **prefectures}), "还有压缩包(县.zip)")
    refused(marked(zipped("c.zip", counties), 6, 8, 1), "有密码")
    refused(marked(zipped("d.zip", counties), 8, 10, 9), "压缩方式(9)")
    gbk = "县界图.zip".encode("gbk")
    path = zipped("e.zip", {"x" * (len(gbk) - 4) + ".zip": inner})
    path.write_bytes(path.read_bytes().replace(b"x" * (len(gbk) - 4) + b".zip", gbk))
    refused(path, "县界图.zip")


def test_parts_of_a_shapefile_in_other_capitals(tmp_path, small, grounds):
    path = write(small, tmp_path / "GANSU.shp")
    for suffix in (".dbf", ".shx", ".prj", ".cpg"):
        path.with_suffix(suffix).rename(tmp_path / f"gansu{suffix}")
    read(path, grounds)


@pytest.mark.parametrize("part", [".shp", ".dbf", ".shx"])
def test_a_part_cut_off(tmp_path, small, part):
    path = write(small, tmp_path / "a.shp").with_suffix(part)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(tmp_path / "a.shp", f"{part} 不完整", "字节")


def test_a_geopackage_cut_off(tmp_path, small):
    path = write(small, tmp_path / "a.gpkg")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(path, "不完整")


def test_an_index_of_other_shapes(tmp_path, small):
    path = write(small, tmp_path / "a.shp")
    write(small.iloc[::-1], tmp_path / "b.shp")
    (tmp_path / "b.shx").replace(tmp_path / "a.shx")
    refused(path, ".shx 与 .shp 不是一套")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO])
def test_what_the_system_refuses_is_said_in_our_words(tmp_path, small, monkeypatch, number):
    path = write(small, tmp_path / "a.shp")
    monkeypatch.setattr(
        "geodata.boundaries.sources._why_none", lambda path: (_ for _ in ()).throw(OSError(number, "English", path))
    )
    said = refused(path, "没有读取权限" if number == errno.EACCES else "系统读不出")
    assert "English" not in said


def test_numbers_too_wide_for_their_column(tmp_path, small):
    path = shapefile(tmp_path / "a.shp", small, (b"CODE", b"N", 6), [b"******"] * 87)
    refused(path, "“CODE”", "******", "第 1 行")


def test_a_row_marked_as_deleted(tmp_path, small):
    path = write(small, tmp_path / "a.shp")
    table = path.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    header, width = struct.unpack("<HH", data[8:12])
    data[header + 4 * width] = ord("*")
    table.write_bytes(data)
    refused(path, "缺 1 个县:620111 红古区", "标着已删除(如第 5 行)")


def test_names_cut_to_their_prefecture(tmp_path, small):
    names = [f"甘肃省{row.area}{row.name}".encode("gbk") for row in small.itertuples(index=False)]
    refused(
        shapefile(tmp_path / "a.shp", small, (b"NAME", b"C", 20), names), "“NAME”列只有 20 字节宽", "16 行", "第 72 行"
    )


TRADITIONAL = str.maketrans(
    "东两临乐乡会兰关凉区华县场宁广庄庆张当环积红肃礼莲萨远静马麦门阳陇镇银台灵玛泽",
    "東兩臨樂鄉會蘭關涼區華縣場寧廣莊慶張當環積紅肅禮蓮薩遠靜馬麥門陽隴鎮銀臺靈瑪澤",
)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_traditional_characters(tmp_path, small, grounds, encoding):
    names = [name.translate(TRADITIONAL).encode(encoding, "replace") for name in small.name]
    read(shapefile(tmp_path / "a.shp", small, (b"NAME", b"C", 60), names), grounds)


# --- projections -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["EPSG:4490", "wkt2", "qpj"])
def test_projections_that_gdal_does_not_read(tmp_path, small, grounds, said):
    path = write(small.to_crs(4490), tmp_path / "a.shp")
    projection = path.with_suffix(".prj")
    if said == "qpj":
        projection.rename(path.with_suffix(".qpj"))
    else:
        projection.write_text(small.crs.to_wkt() if said == "wkt2" else said)
    read(path, grounds)


@pytest.mark.parametrize(
    ("true", "said", "piece"),
    [
        (4544, 4545, "按 EPSG:4544"),
        (4547, 4326, "按 EPSG:4547"),
        (4326, 4547, "像是经纬度"),
        (4326, 3857, "像是经纬度"),
        (3857, 4547, "按 EPSG:3857"),
    ],
)
def test_the_system_that_fits_is_named(tmp_path, small, true, said, piece):
    frame = small.to_crs(true).set_crs(said, allow_override=True)
    refused(write(frame, tmp_path / "a.gpkg"), piece)


def test_axes_the_other_way_round(tmp_path, small):
    frame = small.to_crs(4547)
    frame["geometry"] = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    refused(write(frame, tmp_path / "a.gpkg"), "x、y 颠倒了")


def test_a_missing_projection_that_shows(tmp_path, small):
    path = write(small.to_crs(4523), tmp_path / "a.shp")
    path.with_suffix(".prj").unlink()
    refused(path, "没有可用的坐标系", "按 EPSG:4523")
    path.with_suffix(".prj").write_text('LOCAL_CS["Nonearth",UNIT["Meter",1]]')
    refused(path, "没有可用的坐标系(写的是“LOCAL_CS")


@pytest.mark.parametrize("metres", [(490, 170), (-60, 40)])
def test_shapes_that_all_lie_off(tmp_path, small, grounds, metres):
    frame = small.set_geometry(small.translate(metres[0] / 90_000, metres[1] / 111_000))
    assert ("GCJ-02" in read(write(frame, tmp_path / "a.gpkg"), grounds)) == (metres[0] > 100)


# --- rows ------------------------------------------------------------------------------------------------------------


def test_a_prefecture_in_place_of_its_county(tmp_path, small):
    frame = small[["adcode", "name", "geometry"]].copy()
    frame.loc[0, "geometry"] = of_prefecture(small, "620100")
    refused(write(frame, tmp_path / "a.gpkg"), "1 个图形不是本县的范围:620102 城关区(第 1 行)约 13,", "平方公里")
    frame = small[["name", "geometry"]].copy()
    frame.loc[frame.name == "永昌县", "geometry"] = of_prefecture(small, "620300")
    refused(write(frame, tmp_path / "b.gpkg"), "永昌县(第 11 行)盖住 620302 金川区")


def test_a_county_of_no_extent(tmp_path, small):
    frame = small[["name", "geometry"]].copy()
    frame["geometry"] = shapely.buffer(shapely.point_on_surface(frame.geometry.to_numpy()), 0.005)
    english = refused(write(frame, tmp_path / "a.gpkg"), "87 个图形不是本县的范围", "城关区(第 1 行)约 0.8 平方公里")
    assert english.endswith("a prefecture's shape is called a county).")


def test_a_vertex_off_the_globe(tmp_path, small):
    points = shapely.get_coordinates(small.geometry[2])
    points[3] = (1e200, 36)
    frame = small[["name", "geometry"]].copy()
    frame.loc[2, "geometry"] = shapely.Polygon(points)
    refused(write(frame, tmp_path / "a.gpkg"), "远在地球之外的坐标:西固区(第 3 行,1e+200°)")


def test_a_damaged_page(tmp_path, small):
    path = write(small, tmp_path / "a.gpkg")
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40_000] = bytes(40_000)
    path.write_bytes(data)
    english = refused(path, "文件损坏")
    assert "sqlite" not in english


def test_all_shapes_in_one_place(tmp_path, small):
    frame = small[["name", "geometry"]].assign(geometry=small.geometry[0])
    refused(write(frame, tmp_path / "a.gpkg"), "不在本县的位置上", "第 2 行写的是 “七里河区”,图形却在 620102 城关区")


def test_a_county_drawn_over_the_city_that_it_surrounds(tmp_path, small, grounds):
    frame = small[["name", "geometry"]].copy()
    row = frame.index[frame.name == "临夏县"][0]
    frame.loc[row, "geometry"] = shapely.union_all(
        [shapely.Polygon(p.exterior) for p in shapely.get_parts(frame.geometry[row])]
    )
    read(write(frame, tmp_path / "a.gpkg"), grounds)


@pytest.mark.parametrize("columns", [["name"], ["adcode"], ["adcode", "name"]])
def test_prefectures_and_the_province_beside_the_counties(tmp_path, small, grounds, columns):
    above = small.dissolve("above", as_index=False)
    rows = {
        "adcode": [*above.above, "620000"],
        "name": [*above["area"], "甘肃省"],
        "geometry": [*above.geometry, shapely.union_all(small.geometry.to_numpy())],
    }
    frame = beside(small[["adcode", "name", "geometry"]], rows)
    assert "省、市州的 15 行未用" in read(write(frame[[*columns, "geometry"]], tmp_path / "a.gpkg"), grounds)


def test_rows_without_a_shape_are_left_out_unless_they_are_counties(tmp_path, small, grounds):
    frame = small[["adcode", "name", "geometry"]]
    rows = {"adcode": [None, None], "name": ["合计", None], "geometry": [None, shapely.Polygon()]}
    assert "2 行未用:合计(第 88 行)" in read(write(beside(frame, rows), tmp_path / "a.gpkg"), grounds)


def test_names_of_1999(tmp_path, small, grounds):
    before = {row.adcode: row.name for row in former_codes().values() if row.until in ("2001", "2002", "2004")}
    names = [before.get(adcode, name) for adcode, name in zip(small.adcode, small.name, strict=True)]
    assert {"武威市", "张掖市", "酒泉市", "平凉市"} < set(names)
    said = read(write(small[["geometry"]].assign(name=names), tmp_path / "a.gpkg"), grounds)
    assert "武威市 → 620602 凉州区" in said and "4 行用的是旧代码或旧名" in said


@pytest.mark.parametrize(
    ("names", "notice"),
    [
        (lambda frame: frame.adcode + " " + frame.name, ""),
        (lambda frame: frame.name + "(" + frame.adcode + ")", ""),
        (lambda frame: frame.name.str.replace("[县区市]$", "", regex=True), "县名不完整"),
        (lambda frame: frame.name.replace({"康乐县": "康?县", "康县": "康县"}), "康?县 → 622922 康乐县"),
    ],
    ids=["code before", "code behind", "no suffix", "a hole"],
)
def test_names_with_more_or_less(tmp_path, small, grounds, names, notice):
    frame = small[["geometry"]].assign(name=names(small))
    assert notice in read(write(frame, tmp_path / "a.gpkg"), grounds)


def test_the_column_is_the_one_that_the_places_bear_out(tmp_path, small, grounds):
    frame = small[["geometry"]].copy()
    frame.insert(0, "name", small.name)
    frame.insert(0, "邻县", np.roll(small.name.to_numpy(), 1))
    frame.insert(0, "市", small.above)
    assert read(write(frame, tmp_path / "a.gpkg"), grounds) == ""


def test_names_exchanged_where_codes_are_right(tmp_path, small, grounds):
    frame = small[["adcode", "name", "geometry"]].copy()
    frame.loc[[0, 1], "name"] = ["七里河区", "城关区"]
    said = read(write(frame, tmp_path / "a.gpkg"), grounds)
    assert "2 行的县名与代码、位置不合,按代码:620102 七里河区 → 620102 城关区" in said
    refused(write(frame[["name", "geometry"]], tmp_path / "b.gpkg"), "不在本县的位置上", "“七里河区”")


def test_names_in_pinyin(tmp_path, small):
    letters = [chr(97 + row % 26) * (3 + row // 26) for row in range(87)]
    frame = small[["geometry"]].assign(GID_3=[f"CHN.5.{row}_1" for row in range(87)], NAME_1="Gansu", NAME_3=letters)
    refused(write(frame, tmp_path / "gadm41_CHN.gpkg"), "“NAME_3”列的地名只有拼音(如 aaa)")


# --- many vertices ---------------------------------------------------------------------------------------------------


def test_thinning_keeps_shared_borders_shared(shipped, halved):
    shapes = np.array([halved(shape, 4) for shape in shipped.geometry])
    thin = _thinned(shapes, 0.005)
    assert shapely.get_num_coordinates(thin).sum() < shapely.get_num_coordinates(shapes).sum() / 2
    assert shapely.coverage_is_valid(_simplified(thin, 0.005))
    off = shapely.area(shapely.symmetric_difference(thin, shipped.geometry.to_numpy()))
    assert (off < shapely.area(thin) * 0.03).all()


def test_the_rest_of_a_country_is_not_simplified(tmp_path, small, grounds, monkeypatch):
    monkeypatch.setattr("geodata.boundaries.MAX_VERTICES", 10_000)
    round_one = shapely.Point(118, 28).buffer(1, quad_segs=5_000)
    frame = beside(
        small[["adcode", "name", "geometry"]], {"adcode": ["360102"], "name": ["东湖区"], "geometry": [round_one]}
    )
    frame = frame.set_crs(small.crs)
    assert "外省的 1 行未用" in read(write(frame, tmp_path / "a.gpkg"), grounds)


def test_a_county_that_lies_outside_the_province(tmp_path, small):
    frame = small[["name", "geometry"]].copy()
    frame.loc[2, "geometry"] = shapely.box(110, 30, 110.3, 30.3)
    refused(
        write(frame, tmp_path / "a.gpkg"), "不在本县的位置上:620104 西固区", "第 3 行写的是 “西固区”,图形却在 甘肃以外"
    )
