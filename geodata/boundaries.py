"""Read and check county boundaries: the shipped shapefile, or any file that a user puts in its place."""

from __future__ import annotations

import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import CRSError, ProjError

from geodata.names import MERGES, PROVINCE, SHAPEFILE, known_counties, read_code, read_name

CRS = "EPSG:4326"
FORMATS = (".shp", ".gpkg", ".geojson", ".json")
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
MAX_UNPACKED = 1 << 30  # bytes: a whole country's counties stay far below this
# A DBF often lacks its .cpg, or carries a wrong one: so all are tried, and what names the most counties counts.
ENCODINGS = ("UTF-8", "GB18030", "ISO-8859-1")
# Usual names of code columns, first the surest; they only decide between columns that name equally many counties.
CODE_COLUMNS = ("adcode", "区划码", "区划代码", "行政区划代码", "xzqdm", "gb", "pac", "code")
POLYGONAL = ("Polygon", "Surface", "Collection", "Unknown")  # geometry types of layers that may hold polygons
LISTED = "、"


class BoundaryError(ValueError):
    """A boundary file that cannot be used; the message says why and what to do, in Chinese and then in English."""

    def __init__(self, path: str | Path, chinese: str, english: str) -> None:
        name = Path(path).name or str(path)
        super().__init__(f"{name}:{chinese}\n{name}: {english}")


@dataclass(frozen=True)
class _Layer:
    """One readable layer: where it is, and which county each of its rows names by code, and by code or name."""

    source: Path
    name: str
    encoding: str | None
    codes: pd.Series
    adcodes: pd.Series

    @property
    def found(self) -> int:
        return int(self.adcodes[self.adcodes.isin(known_counties())].nunique())


def read_boundaries(path: str | Path | None = None) -> gpd.GeoDataFrame:
    """Read the boundaries of the 87 counties.

    Parameters
    ----------
    path : str or Path, optional
        A shapefile, GeoPackage or GeoJSON, or one in a ``.zip``, in any CRS; counties are found by a column of codes
        (620102, 620102.0, 156620102, 620102000000), or by a column of names. Default: the shipped shapefile.

    Returns
    -------
    geopandas.GeoDataFrame
        87 rows sorted by adcode, EPSG:4326, valid two-dimensional polygons; columns ``adcode``, ``name``,
        ``name_short``, ``prefecture_code``, ``prefecture`` (all str) and ``geometry``. ``attrs["notices"]`` (list of
        str) says what was left out or mended.

    Raises
    ------
    BoundaryError
        If the file is not to be read, has no CRS, or does not hold each county once and in its place.

    Examples
    --------
    >>> counties = read_boundaries()
    >>> len(counties), counties.adcode[0], counties.name_short[0]
    (87, '620102', '城关区')
    """
    path = SHAPEFILE if path is None else Path(path)
    notices: list[str] = []
    with _unpacked(path) as sources, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks on a user's file: what matters is said in our own words
        layer = _best_layer(path, sources)
        rows = _read_polygons(path, layer, notices)
    rows = _of_the_province(path, rows, notices)
    rows = _merged(rows, notices)
    _check(path, rows)
    rows = rows.sort_values("adcode", ignore_index=True)
    known = pd.DataFrame([asdict(county) for county in known_counties().values()])
    counties = gpd.GeoDataFrame(known, geometry=rows.geometry.to_numpy(), crs=CRS)
    counties.attrs["notices"] = notices
    return counties


# --- finding the layer -----------------------------------------------------------------------------------------------


@contextmanager
def _unpacked(path: Path) -> Iterator[list[Path]]:
    """Give the files to look into: the file itself, or what a zip holds, for as long as the block lasts."""
    if not path.is_file():
        raise BoundaryError(path, f"找不到这个文件({path}),请检查路径。", f"no such file ({path}); check the path.")
    if path.suffix.lower() != ".zip":
        yield [path]
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield _unzip(path, Path(folder))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise BoundaryError(
                path,
                "压缩包损坏或有密码,无法打开,请重新压缩后再试。",
                "the zip is broken or has a password; zip the files again.",
            ) from error


def _unzip(path: Path, folder: Path) -> list[Path]:
    """Unpack the parts of boundary files under plain names, since names in a zip may be in any encoding."""
    sources = []
    stems: dict[str, str] = {}
    with zipfile.ZipFile(path) as archive:
        members = [(Path(info.filename), info) for info in archive.infolist() if not info.is_dir()]
        members = [(name, info) for name, info in members if name.suffix.lower() in {*SHAPEFILE_PARTS, *FORMATS}]
        if sum(info.file_size for _, info in members) > MAX_UNPACKED:
            raise BoundaryError(path, "压缩包解开后超过 1 GB,未读取。", "unpacks to more than 1 GB; not read.")
        for name, info in members:
            stem = stems.setdefault(str(name.with_suffix("")).lower(), f"layer{len(stems)}")
            target = folder / (stem + name.suffix.lower())
            target.write_bytes(archive.read(info))
            if target.suffix in FORMATS:
                sources.append(target)
    if not sources:
        raise _no_boundary_file(path)
    return sources


def _best_layer(path: Path, sources: list[Path]) -> _Layer:
    """Pick the polygon layer that names the most counties."""
    layers, others = [], set()
    for source in sources:
        try:
            _whole_shapefile(path, source)
            for name, kind in pyogrio.list_layers(source):
                if kind is not None and any(word in kind for word in POLYGONAL):
                    layers.append(_look(source, name))
                elif kind is not None:
                    others.add(kind)
        except (DataSourceError, DataLayerError):
            continue
    if not layers:
        raise _no_boundary_file(path, others)
    if not any(len(layer.adcodes) for layer in layers):
        raise _empty(path)
    best = max(layers, key=lambda layer: layer.found)
    if not best.found:
        raise BoundaryError(
            path,
            "找不到区划代码列(如 adcode、区划码)或县名列,认不出任何一个甘肃的县。请添加一列六位代码,如 620102。",
            "no column of county codes (such as adcode) or names: not one county of Gansu found. Add a column of "
            "six-digit codes such as 620102.",
        )
    return best


def _whole_shapefile(path: Path, source: Path) -> None:
    if source.suffix.lower() != ".shp":
        return
    there = {part.suffix.lower() for part in source.parent.glob("*") if part.stem == source.stem}
    if missing := [suffix for suffix in (".shx", ".dbf") if suffix not in there]:
        raise BoundaryError(
            path,
            f"缺少同名的 {LISTED.join(missing)},请把 .shp .shx .dbf .prj 放在一起。",
            f"{' and '.join(missing)} of the same name not found; keep .shp .shx .dbf .prj together.",
        )


def _look(source: Path, name: str) -> _Layer:
    """Read a layer's attributes, in the encoding that names the most counties."""
    encodings: Iterable[str | None] = ENCODINGS if source.suffix.lower() in (".shp", ".dbf") else (None,)
    best: _Layer | None = None
    for encoding in encodings:
        try:
            table = pyogrio.read_dataframe(source, layer=name, encoding=encoding, read_geometry=False)
        except UnicodeDecodeError:
            continue
        codes = _column(table, read_code)
        layer = _Layer(source, name, encoding, codes, codes.fillna(_column(table, read_name)))
        if best is None or layer.found > best.found:
            best = layer
    if best is None:
        raise DataLayerError(name)
    return best


def _column(table: pd.DataFrame, read: Callable[[object], str | None]) -> pd.Series:
    """Read each column's values as counties, and return the one that names the most (None where a row names none)."""
    ranks = {name: rank for rank, name in enumerate(reversed(CODE_COLUMNS), start=1)}
    best, best_score = pd.Series(None, index=table.index, dtype=object), (0, 0)
    for column in table.columns:
        values = table[column].map(read).astype(object)
        score = (values[values.isin(known_counties())].nunique(), ranks.get(str(column).lower(), 0))
        if score[0] and score > best_score:
            best, best_score = values.where(values.notna(), None), score
    return best


# --- reading and checking --------------------------------------------------------------------------------------------


def _read_polygons(path: Path, layer: _Layer, notices: list[str]) -> gpd.GeoDataFrame:
    """Read the layer's geometry as valid 2D polygons in EPSG:4326.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``row`` (from 1), ``adcode`` (str or None), ``by_code`` (bool) and ``geometry``, possibly empty.
    """
    frame = pyogrio.read_dataframe(layer.source, layer=layer.name, columns=[], encoding=layer.encoding)
    if frame.crs is None:
        raise _no_crs(path)
    rows = gpd.GeoDataFrame(
        {"row": range(1, len(frame) + 1), "adcode": layer.adcodes.array, "by_code": layer.codes.notna().array},
        geometry=shapely.force_2d(frame.geometry.to_numpy()),
        crs=frame.crs,
    )
    try:
        rows = rows.to_crs(CRS)
    except (CRSError, ProjError) as error:
        raise _no_crs(path) from error
    broken = ~rows.is_valid & rows.geometry.notna()
    if named := _named(rows.adcode[broken & rows.adcode.isin(known_counties())]):
        notices.append(f"多边形自相交等,已修复:{named} / invalid polygons mended: {named}")
    rows["geometry"] = [_polygonal(shape) for shape in rows.geometry]
    if rows.is_empty.all():
        raise _empty(path)
    return rows


def _polygonal(shape: shapely.Geometry | None) -> shapely.Geometry:
    """Make valid and keep polygons only; what holds none becomes empty, as does what has no finite coordinates."""
    if shape is None or not pd.notna(shapely.get_coordinates(shape)).all():
        return shapely.MultiPolygon()
    valid = shape if shape.is_valid else shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if valid.geom_type in ("Polygon", "MultiPolygon"):
        return valid
    parts = [part for part in shapely.get_parts(shapely.get_parts(valid)) if part.geom_type == "Polygon"]
    return shapely.union_all(parts) if parts else shapely.MultiPolygon()


def _of_the_province(path: Path, rows: gpd.GeoDataFrame, notices: list[str]) -> gpd.GeoDataFrame:
    """Leave out what is no county of Gansu, by its code, or, where there is none, by its place."""
    inside = shapely.intersects(_province(), shapely.point_on_surface(rows.geometry.to_numpy()))
    if not inside.any():
        raise _wrong_place(path)
    gansu = rows.adcode.fillna("").str.startswith(PROVINCE[:2])
    others = rows.by_code & ~gansu | ~rows.by_code & ~inside
    above = gansu & rows.adcode.fillna("").str.endswith("00") & ~rows.adcode.isin([*known_counties(), *MERGES])
    if others.any():
        notices.append(f"外省的 {others.sum()} 行未用 / {others.sum()} rows of other provinces left out")
    if above.any():
        notices.append(f"省、市州的 {above.sum()} 行未用 / {above.sum()} rows of province or prefectures left out")
    return rows[~others & ~above]


def _merged(rows: gpd.GeoDataFrame, notices: list[str]) -> gpd.GeoDataFrame:
    """Merge polygons known to be no counties into their county, as in the shipped boundaries."""
    for code, county in MERGES.items():
        extra, home = rows.adcode == code, rows.adcode == county
        if extra.any() and home.sum() == 1:
            merged = shapely.union_all(rows.geometry[extra | home].to_numpy())
            rows = rows.assign(geometry=rows.geometry.where(~home, merged))[~extra]
            name = _named([county])
            notices.append(f"{code} 不是县级单位,已并入 {name} / {code} is no county: merged into {name}")
    return rows


def _check(path: Path, rows: gpd.GeoDataFrame) -> None:
    """Refuse what does not hold each county once, with a polygon, in its place; list every fault in one message."""
    known = known_counties()
    counties = rows[rows.adcode.isin(known)]
    unknown = rows[~rows.adcode.isin(known)]
    missing = [adcode for adcode in known if adcode not in set(counties.adcode)]
    doubled = counties[counties.adcode.duplicated(keep=False)].groupby("adcode")["row"].apply(list)
    empty = sorted(counties.adcode[counties.is_empty])
    full = counties[~counties.is_empty]
    elsewhere = sorted(full.adcode[~full.geometry.intersects(_reference().loc[full.adcode].set_axis(full.index))])
    if len(elsewhere) > len(known) / 2:
        raise _wrong_place(path)

    faults: list[tuple[str, str]] = []
    if missing:
        names = _named(missing)
        faults.append((f"缺 {len(missing)} 个县:{names}。请补上。", f"{len(missing)} missing: {names}. Add them."))
    if len(doubled):
        chinese = LISTED.join(f"{_named([code])}(第 {LISTED.join(map(str, at))} 行)" for code, at in doubled.items())
        english = ", ".join(f"{_named([code])} (rows {', '.join(map(str, at))})" for code, at in doubled.items())
        faults.append(
            (
                f"重复 {len(doubled)} 个县:{chinese}。同一县的几块请先融合(dissolve)成一行,多余的请删去。",
                f"{len(doubled)} doubled: {english}. Dissolve a county's parts into one row, delete what is extra.",
            )
        )
    if len(unknown):
        each = list(zip(unknown.adcode, unknown.row, strict=True))
        chinese = LISTED.join(f"{code or '无代码、县名不识'}(第 {row} 行)" for code, row in each)
        english = ", ".join(f"{code or 'no code or known name'} (row {row})" for code, row in each)
        faults.append(
            (
                f"不认识 {len(unknown)} 行:{chinese}。请改正代码,或并入所属的县。",
                f"{len(unknown)} unknown: {english}. Correct the code, or merge it into its county.",
            )
        )
    if empty:
        names = _named(empty)
        faults.append((f"没有多边形:{names}。请补上图形。", f"without a polygon: {names}. Add the shape."))
    if elsewhere:
        names = _named(elsewhere)
        faults.append(
            (
                f"不在本县的位置上:{names}。请检查代码与图形是否对应。",
                f"not in the county's place: {names}. Check that code and shape belong together.",
            )
        )
    if faults:
        raise BoundaryError(path, "".join(chinese for chinese, _ in faults), " ".join(english for _, english in faults))


@cache
def _reference() -> gpd.GeoSeries:
    """The shipped polygons by adcode, to tell a right place from a wrong one."""
    frame = pyogrio.read_dataframe(SHAPEFILE, columns=["adcode"], encoding="UTF-8")
    return frame.set_index("adcode").geometry


@cache
def _province() -> shapely.Geometry:
    province = shapely.union_all(_reference().to_numpy())
    shapely.prepare(province)
    return province


def _named(adcodes: Iterable[str]) -> str:
    return LISTED.join(f"{adcode} {known_counties()[adcode].name_short}" for adcode in adcodes)


def _no_boundary_file(path: Path, kinds: Iterable[str] = ()) -> BoundaryError:
    if found := ", ".join(sorted(kinds)):
        return BoundaryError(
            path,
            f"里面没有多边形(只有 {found})。请改用县级行政区的面图层。",
            f"holds no polygons (only {found}). Use the polygon layer of the counties.",
        )
    return BoundaryError(
        path,
        "不是可读的县界文件。请用 Shapefile(.shp)、GeoPackage(.gpkg)、GeoJSON,或装有其一的 .zip。",
        "is not a readable boundary file. Use a shapefile (.shp), a GeoPackage (.gpkg), a GeoJSON, or a .zip of one.",
    )


def _empty(path: Path) -> BoundaryError:
    return BoundaryError(path, "里面没有图形,是空的。请换一个文件。", "is empty: no shapes in it. Use another file.")


def _no_crs(path: Path) -> BoundaryError:
    return BoundaryError(
        path,
        "没有可用的坐标系。Shapefile 请附上 .prj,其他格式请在 QGIS 或 ArcGIS 中“定义投影”(如 EPSG:4490)后再试。",
        "has no usable CRS. Add the shapefile's .prj, or define the projection in QGIS or ArcGIS (such as EPSG:4490).",
    )


def _wrong_place(path: Path) -> BoundaryError:
    return BoundaryError(
        path,
        "图形不在甘肃的位置上,坐标系多半标错了(如 .prj 的带号、中央经线不对,或经纬度颠倒)。请定义正确的坐标系后再试。",
        "does not lie in Gansu: the CRS is probably mislabelled (zone or central meridian, or longitude and latitude "
        "swapped). Define the right CRS and try again.",
    )
