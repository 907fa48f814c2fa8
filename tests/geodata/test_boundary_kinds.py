"""Kinds of trouble with boundary files, each in several forms; what stands in ``files/`` is one form of each."""

import json
import shutil
import struct
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.boundaries import BoundaryError, read_boundaries
from geodata.boundaries.message import CAUSES, NOTICES
from geodata.boundaries.text import decode, decode_text
from geodata.names import former_codes, former_names, known_counties, plain, read_names


@pytest.fixture(scope="module")
def small(shipped):
    """Codes, names and simplified polygons."""
    frame = shipped[["adcode", "name", "geometry"]].copy()
    frame["geometry"] = shapely.coverage_simplify(frame.geometry.to_numpy(), 0.02)
    return frame


def write(frame, path, **options):
    frame.to_file(path, engine="pyogrio", **options)
    return path


def read(path):
    """Read, and see that each county's shape is its own."""
    counties = read_boundaries(path)
    assert list(counties.adcode) == list(known_counties())
    for notice in counties.attrs["notices"]:
        assert len(notice.split(" / ")) == 2 and "nan" not in notice.lower()
    return counties


def refused(path, *pieces):
    with pytest.raises(BoundaryError) as error:
        read_boundaries(path)
    message = str(error.value)
    chinese, english = message.split("\n")
    assert chinese.startswith(f"{path.name}:") and english.startswith(f"{path.name}: ")
    assert "nan" not in chinese.lower() and " nan" not in english.lower()
    for piece in pieces:
        assert piece in message, message
    return chinese, english


def zipped(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, source in files.items():
            archive.writestr(name, source if isinstance(source, bytes) else source.read_bytes())
    return path


def parts(path):
    return {f"{path.parent.name}/{part.name}": part for part in path.parent.glob(path.stem + ".*")}


# --- bytes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gbk", "gb18030"])
@pytest.mark.parametrize("suffix", [".geojson", ".json", ".txt"])
def test_json_in_any_encoding(tmp_path, small, encoding, suffix):
    text = small[["name", "geometry"]].to_json(ensure_ascii=False)
    path = tmp_path / f"a{suffix}"
    path.write_bytes(text.encode(encoding))
    read(path)


@pytest.mark.parametrize("bad", [b"\xff\xfe", b"\xe5\x9f", "备注".encode("gbk")])
def test_a_bad_byte_in_one_value_of_a_json(tmp_path, small, bad):
    frame = small.assign(remark="@@@@")[["remark", "name", "geometry"]]
    data = frame.to_json(ensure_ascii=False).encode()
    path = tmp_path / "a.geojson"
    path.write_bytes(data.replace(b"@@@@", bad, 1))
    read(path)


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
@pytest.mark.parametrize("suffix", [".shp", ".gpkg"])
def test_a_bad_byte_in_an_unrelated_column(tmp_path, small, encoding, suffix):
    options = {"encoding": encoding} if suffix == ".shp" else {}
    path = write(small.assign(remark="@@@@@@")[["name", "remark", "geometry"]], tmp_path / f"a{suffix}", **options)
    table = path.with_suffix(".dbf") if suffix == ".shp" else path
    table.write_bytes(table.read_bytes().replace(b"@@@@@@", b"\xe6\x96\xff\xfe\xff@", 3))
    read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_value_cut_within_a_character(encoding):
    raw = "张家川回族自治县".encode(encoding)
    for end in range(len(raw)):
        assert "张家川回族自治县".startswith(decode(raw[:end], encoding))


def test_names_cut_by_the_width_of_their_field(tmp_path, small):
    path = write(small[["name", "geometry"]], tmp_path / "a.shp", encoding="UTF-8")
    table = path.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    (records, header, width) = struct.unpack("<4xIHH", data[:12])
    rows = [bytes(data[header + n * width :][:width]) for n in range(records)]
    cut = 16  # bytes: five characters and a third
    data[48] = cut
    data[10:12] = struct.pack("<H", cut + 1)
    table.write_bytes(bytes(data[:header]) + b"".join(row[: cut + 1] for row in rows) + b"\x1a")
    counties = read(path)
    assert any("part of a name" in notice for notice in counties.attrs["notices"])


def test_mixed_text_is_decoded_by_what_most_of_it_is():
    assert decode_text("兰州市城关区".encode() + "城".encode("gbk")) == "兰州市城关区城"
    assert decode_text("兰州市城关区".encode("gbk") + b"\xff") == "兰州市城关区\ufffd"


# --- zips and geodatabases -------------------------------------------------------------------------------------------


def test_each_layer_of_a_zip_is_judged_alone(tmp_path, small):
    (tmp_path / "in").mkdir()
    good = write(small, tmp_path / "in" / "县.shp")
    files = {
        "坏/坏.shp": b"\x00" * 300,
        "坏/坏.shx": b"\x00" * 300,
        "坏/坏.dbf": b"\x00" * 300,
        "缺/缺.shp": good,
        "半.geojson": b'{"type": "FeatureCollection", "features": [',
        "x.gpkg": b"SQLite format 3\x00 and no more",
        "__MACOSX/in/._县.dbf": b"\x00\x05\x16\x07",
        "说明.docx": b"PK",
    }
    read(zipped(tmp_path / "a.zip", files | parts(good)))
    damaged = zipped(tmp_path / "b.zip", {"附.json": b'{"type": "Topology"}', **parts(good)})
    damaged.write_bytes(damaged.read_bytes().replace(b'"Topology"', b'"topology"', 1))
    read(damaged)


def test_why_the_only_layer_of_a_zip_failed(tmp_path, small):
    (tmp_path / "in").mkdir()
    good = write(small, tmp_path / "in" / "a.shp")
    refused(zipped(tmp_path / "a.zip", {"a.shp": good}), "缺少同名的 .shx、.dbf")
    refused(zipped(tmp_path / "b.zip", {"里.zip": b"PK", "读我.txt": b"-"}), "还有压缩包")
    refused(zipped(tmp_path / "c.zip", {"a.kml": b"<kml/>"}), "KML")
    refused(zipped(tmp_path / "d.zip", {"__MACOSX/._a.shp": b"\x00\x05"}), "不是可读的县界文件")


def test_geodatabases(tmp_path, small):
    folder = write(
        small,
        tmp_path / "甘肃.gdb",
        driver="OpenFileGDB",
        layer="县界",
        geometry_type="MultiPolygon",
        promote_to_multi=True,
    )
    read(folder)
    inside = {f"数据/甘肃.gdb/{part.name}": part for part in folder.iterdir()}
    read(zipped(tmp_path / "a.zip", inside))
    read(zipped(tmp_path / "b.gdb.zip", {part.name: part for part in folder.iterdir()}))
    bare = shutil.copytree(folder, tmp_path / "没有后缀")
    read(bare)


def test_two_layers_of_the_counties(tmp_path, small):
    path = write(small, tmp_path / "a.gpkg", layer="县_2020")
    write(small.set_crs("EPSG:4545", allow_override=True), path, layer="县_错")
    assert any("2 layers" in notice for notice in read(path).attrs["notices"])


def test_a_folder(tmp_path, small):
    write(small, tmp_path / "县界.gpkg")
    refused(tmp_path, "文件夹", "县界.gpkg")


# --- JSON ------------------------------------------------------------------------------------------------------------


def collection(frame, feature):
    shapes = [shapely.geometry.mapping(shape) for shape in frame.geometry]
    features = [
        {"type": "Feature", "geometry": shape} | feature(row)
        for shape, row in zip(shapes, frame.itertuples(), strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


@pytest.mark.parametrize(
    "feature",
    [
        lambda row: {"id": int(row.adcode), "properties": {}},
        lambda row: {"id": int(row.adcode), "properties": None},
        lambda row: {"id": row.adcode, "properties": {}},
        lambda row: {"id": int(row.adcode), "properties": {"备注": "县"}},
        lambda row: {"id": int("156" + row.adcode), "properties": {}},
        lambda row: {"properties": {"code": float(row.adcode)}},
        lambda row: {"properties": {"code": f"{int(row.adcode):.5E}"}},
        lambda row: {"properties": {"code": f"{int(row.adcode + '000000'):.5e}"}},
        lambda row: {"properties": {"code": "'" + row.adcode}},
        lambda row: {"properties": {"code": f"{int(row.adcode):,}"}},
    ],
)
def test_codes_in_the_id_and_in_other_writings(tmp_path, small, feature):
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(collection(small, feature)), encoding="utf-8")
    read(path)


def test_codes_that_lost_their_digits(tmp_path, small):
    frame = small.assign(代码="6.20E+11")[["代码", "geometry"]]
    refused(write(frame, tmp_path / "a.gpkg"), "科学计数法", "6.20E+11", "代码")
    read(write(small.assign(代码="6.20E+11")[["代码", "name", "geometry"]], tmp_path / "b.gpkg"))


@pytest.mark.parametrize("quantized", [True, False])
@pytest.mark.parametrize("told", ["id", "properties"])
def test_topojson(tmp_path, small, quantized, told):
    arcs, geometries = [], []
    for row in small.itertuples():
        polygons = []
        for part in shapely.get_parts(row.geometry):
            rings = []
            for ring in shapely.get_rings(part):
                points = shapely.get_coordinates(ring)
                half = len(points) // 2
                first, second = points[: half + 1], points[half:][::-1]  # the second half the other way round
                rings.append([len(arcs), ~(len(arcs) + 1)])
                arcs += [first, second]
            polygons.append(rings)
        said = {"id": int(row.adcode)} if told == "id" else {"properties": {"name": row.name}}
        geometries.append({"type": "MultiPolygon", "arcs": polygons} | said)
    topology = {"type": "Topology", "objects": {"县": {"type": "GeometryCollection", "geometries": geometries}}}
    if quantized:
        topology["transform"] = {"scale": [1e-5, 1e-5], "translate": [92, 32]}
        whole = [np.rint((arc - (92, 32)) / 1e-5).astype(int) for arc in arcs]
        topology["arcs"] = [np.diff(arc, axis=0, prepend=[[0, 0]]).tolist() for arc in whole]
    else:
        topology["arcs"] = [arc.tolist() for arc in arcs]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(topology), encoding="utf-8")
    counties = read(path)
    assert shapely.area(shapely.symmetric_difference(counties.geometry.to_numpy(), small.geometry)).max() < 1e-3


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ('{"type": "FeatureCollection", "features": [\n{"type": "Feature", "prop', "第 2 行"),
        ('{"type": "Topology", "arcs": 3, "objects": {"a": {"type": "Polygon"}}}', "不是可读的县界文件"),
        ('{"type":"FeatureCollection","UTF8Encoding":true,"features":[]}', "ECharts"),
        ("echarts.registerMap('甘肃',{type:'FeatureCollection',UTF8Encoding:!0,features:[]})", "ECharts"),
        ('{"geometryType": "esriGeometryPolygon", "features": [{"geometry": {"rings": []}}]}', "Esri JSON"),
        ("[" * 100_000, "不是可读的县界文件"),
        ('{"type": "Topology", "a": ' + "[" * 100_000, "不是可读的县界文件"),
    ],
)
def test_json_that_is_none_of_ours(tmp_path, text, piece):
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    refused(path, piece)


# --- names and codes -------------------------------------------------------------------------------------------------


PREFECTURES = {county.adcode: county.prefecture for county in known_counties().values()}


@pytest.mark.parametrize(
    "writing",
    [
        "甘肃省-{p}-{n}",
        "甘肃省 / {p} / {n}",
        "中国·甘肃省·{p}·{n}",
        "甘肃_{p}_{n}",
        "{p}>{n}",
        "{p}|{n}",
        "{n}({p})",
        "{n},{p}",
        "{p}\u200b{n}\ufeff",
        "{p}\u00ad{n}",
        "{p}\t{n}\r\n",
        "【{n}】",
    ],
)
def test_prefixes_and_separators(tmp_path, small, writing):
    names = [writing.format(p=PREFECTURES[a], n=n) for a, n in zip(small.adcode, small.name, strict=True)]
    read(write(small.assign(name=names)[["name", "geometry"]], tmp_path / "a.gpkg"))


@pytest.mark.parametrize(
    "change",
    [
        lambda name: name.translate(str.maketrans("山西民门麦高", "⼭⻄⺠⻔⻨⾼")),
        lambda name: name.removesuffix("县").removesuffix("区") if len(name) == 3 else name,
    ],
    ids=["radicals", "no suffix"],
)
def test_names_in_other_characters_or_shorter(tmp_path, small, change):
    read(write(small.assign(name=small.name.map(change))[["name", "geometry"]], tmp_path / "a.gpkg"))


@pytest.mark.parametrize("also_names", [True, False])
def test_codes_of_before(tmp_path, small, also_names):
    before = {
        former.adcode: former.code
        for former in former_codes().values()
        if former.until in ("2001", "2002", "2004") and former.code[:4] != "6205"
    }
    assert len(before) > 40
    frame = small.assign(adcode=small.adcode.replace(before))
    columns = ["adcode", "name", "geometry"] if also_names else ["adcode", "geometry"]
    counties = read(write(frame[columns], tmp_path / "a.gpkg"))
    assert any(f"{len(before)} 行用的是旧代码" in notice for notice in counties.attrs["notices"])


def test_names_of_before(tmp_path, small):
    before = {former.adcode: name for name, former in former_names().items()}
    assert {"安西县", "武都县", "北道区", "西峰市", "华亭县"} < set(before.values())
    names = [before.get(a, name) for a, name in zip(small.adcode, small.name, strict=True)]
    read(write(small.assign(name=names)[["name", "geometry"]], tmp_path / "a.gpkg"))


def test_every_former_code_has_its_source_and_one_meaning():
    for former in former_codes().values():
        assert former.adcode in known_counties() and former.source
        assert former.code not in known_counties() or former.code == former.adcode
    for name in former_names():
        assert name not in {county.name for county in known_counties().values()}


def test_a_wrong_code_does_not_silence_a_name_in_its_place(tmp_path, small):
    frame = small.copy()
    frame.loc[[0, 5], "adcode"] = ["629999", "330102"]
    counties = read(write(frame, tmp_path / "a.gpkg"))
    assert any("2 行的代码不对" in notice for notice in counties.attrs["notices"])
    frame.loc[[0, 5], "name"] = ["玛曲县", "新区"]
    refused(write(frame, tmp_path / "b.gpkg"), "620102 城关区", "629999 玛曲县(第 1 行)在城关区境内")


def test_neighbours_exchanged(tmp_path, small):
    frame = small[["adcode", "geometry"]].replace({"adcode": {"620102": "620103", "620103": "620102"}})
    refused(write(frame, tmp_path / "a.gpkg"), "不在本县的位置上", "620102 城关区、620103 七里河区")


@pytest.mark.parametrize("value", [620171, "620171", "兰州新区", "甘肃省兰州新区"])
def test_the_new_area(tmp_path, small, value):
    shape = shapely.box(103.55, 36.45, 103.75, 36.65)
    column = "adcode" if str(value).isdecimal() else "name"
    extra = gpd.GeoDataFrame({column: [str(value)]}, geometry=[shape], crs=small.crs)
    refused(write(pd.concat([small, extra]), tmp_path / "a.gpkg"), "兰州新区不是县级行政区(第 88 行)", "永登县")


def test_blank_rows_are_not_called_nan(tmp_path, small):
    blank = gpd.GeoDataFrame({"adcode": [np.nan], "name": [None]}, geometry=[small.geometry[3]], crs=small.crs)
    frame = pd.concat([small.assign(adcode=small.adcode.astype(float)), blank])
    refused(write(frame, tmp_path / "a.gpkg"), "无代码、无县名(第 88 行)")


# --- what was measured -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [["adcode"], ["name"], ["adcode", "name"]])
def test_a_table_sorted_apart(tmp_path, small, columns):
    table = small[columns].sample(frac=1, random_state=3).reset_index(drop=True)
    frame = gpd.GeoDataFrame(table, geometry=small.geometry, crs=small.crs)
    refused(write(frame, tmp_path / "a.gpkg"), "排序", "例如第 ", "sorted apart")


def test_a_table_with_a_row_deleted(tmp_path, small):
    path = write(small, tmp_path / "a.shp")
    table = path.with_suffix(".dbf")
    data = table.read_bytes()
    (rows, header, width) = struct.unpack("<4xIHH", data[:12])
    data = data[:4] + struct.pack("<I", rows - 1) + data[8:header] + data[header + width :]
    table.write_bytes(data)
    refused(path, "86 行", "87 个")


def test_no_columns(tmp_path, small):
    refused(write(small[["geometry"]], tmp_path / "a.geojson"), "87 个图形", "没有任何属性列")
    refused(write(small[["geometry"]].assign(x=None), tmp_path / "b.gpkg"), "文件里的列:x")


@pytest.mark.parametrize("column", ["adcode", "name"])
def test_prefectures_and_province(tmp_path, small, column):
    counties = known_counties()
    frame = small.assign(
        adcode=[counties[a].prefecture_code for a in small.adcode], name=[counties[a].prefecture for a in small.adcode]
    )
    prefectures = frame.dissolve("adcode", as_index=False)[[column, "geometry"]]
    refused(write(prefectures, tmp_path / "a.gpkg"), "是市州界", "14 行")
    province = frame.dissolve().assign(adcode="620000", name="甘肃省")[[column, "geometry"]]
    refused(write(province, tmp_path / "b.gpkg"), "只有省界")


def test_other_levels_and_provinces(tmp_path, small):
    towns = small.assign(adcode=small.adcode + "101")[["adcode", "geometry"]]
    refused(write(towns, tmp_path / "a.gpkg"), "乡镇", "620102101")
    others = small.assign(adcode=small.adcode.str.replace("62", "63", n=1))[["adcode", "geometry"]]
    refused(write(others, tmp_path / "b.gpkg"), "代码都不是甘肃的", "63")


@pytest.mark.parametrize("zone", [35, 18])
def test_the_zone_before_the_easting_is_named(tmp_path, small, zone):
    frame = small.to_crs(4513 + 35 - 25 if zone == 35 else 4491 + 18 - 13)
    frame = frame.set_crs("EPSG:4544" if zone == 35 else "EPSG:4507", allow_override=True)
    refused(
        write(frame, tmp_path / "a.gpkg"), f"带号 {zone}", "中央经线 105°", "EPSG:4523" if zone == 35 else "EPSG:4496"
    )


def test_what_the_coordinates_look_like(tmp_path, small):
    swapped = small.set_geometry(shapely.transform(small.geometry, lambda xy: xy[:, ::-1]))
    refused(write(swapped, tmp_path / "a.gpkg"), "经纬度颠倒了")
    metres = small.to_crs("EPSG:4545").set_crs("EPSG:4326", allow_override=True)
    refused(write(metres, tmp_path / "b.gpkg"), "以米计")


@pytest.mark.parametrize("content", [b"", b"  ", "国家2000".encode("gbk"), b"PROJCS[", "高斯".encode()])
def test_a_projection_that_says_nothing(tmp_path, small, content):
    path = write(small, tmp_path / "a.shp")
    path.with_suffix(".prj").write_bytes(content)
    refused(path, "没有可用的坐标系", "(103.")


@pytest.mark.parametrize("name", ["a.kml", "a.dwg", "a.rar", "a.csv", "a.dbf", "a.mdb", "a.tab", "a.7z"])
def test_other_formats_are_named(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x00\x01\x02")
    refused(tmp_path / name, "不是可读的县界文件", name[1:])


def test_whatever_a_library_raises_is_one_message(tmp_path, small, monkeypatch):
    path = write(small, tmp_path / "a.gpkg")

    def fail(*args, **more):
        raise UnboundLocalError("cannot access local variable 'crs'")

    monkeypatch.setattr("geodata.boundaries.read_shapes", fail)
    refused(path, "cannot access local variable 'crs'")
    monkeypatch.setattr("pyogrio.raw.read", fail)
    refused(path, "cannot access local variable 'crs'")


# --- large files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4545"])
def test_many_vertices_are_simplified_first_and_it_is_said(tmp_path, shipped, halved, monkeypatch, crs):
    frame = shipped[["adcode", "geometry"]].to_crs(crs)
    frame["geometry"] = [halved(shape, 4) for shape in frame.geometry]
    path = write(frame, tmp_path / "a.gpkg")
    monkeypatch.setattr("geodata.boundaries.MAX_VERTICES", 100_000)
    monkeypatch.setattr("geodata.boundaries.LARGE", 1_000)
    said = []
    counties = read_boundaries(path, said.append)
    assert [line.partition(" ")[0] for line in said] == ["正在读取", "正在简化"]
    assert any("简化" in notice for notice in counties.attrs["notices"])
    ours, theirs = counties.geometry.to_numpy(), shipped.geometry.to_numpy()
    assert shapely.get_num_coordinates(ours).sum() < 20_000
    assert (shapely.area(shapely.symmetric_difference(ours, theirs)) < shapely.area(theirs) * 0.01).all()
    assert shapely.coverage_is_valid(ours)


# --- the sentences ---------------------------------------------------------------------------------------------------


def test_every_sentence_is_in_both_languages():
    for chinese, english in (*CAUSES.values(), *NOTICES.values()):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese) and english


def test_plain_and_loose_names():
    assert plain("甘肃省\u3000兰州市 -城关区\u200b") == "甘肃省兰州市城关区"
    assert read_names("兰州市") == read_names("") == read_names("甘肃省") == ()
    assert read_names("临夏") == ("622901", "622921")
