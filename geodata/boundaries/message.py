"""Every sentence that a boundary file can earn: one table of causes and notices, in Chinese and in English.

What a sentence quotes from the file goes through :func:`quote`, so that no ``nan`` is ever printed.
"""

from __future__ import annotations

import errno
import math
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from geodata.names import known_counties

LISTED = "、"
DAMAGE = (DataSourceError, DataLayerError, FeatureError, GeometryError, FieldError, shapely.errors.ShapelyError)
SHOWN = 24  # characters of a value that are quoted
LONG = 100  # of a file's name

# Surest first: where several parts of one file failed, the first of them in this order is said.
CAUSES: dict[str, tuple[str, str]] = {
    "not_found": ("找不到这个文件({path}),请检查路径。", "no such file ({path}); check the path."),
    "folder": (
        "找不到这个文件:({path})是文件夹。请写出里面的文件名{inside},或压缩成 .zip。",
        "no such file: ({path}) is a folder. Name the file in it{inside_en}, or zip it.",
    ),
    "too_large": ("压缩包解开后超过 1 GB,未读取。", "unpacks to more than 1 GB; not read."),
    "parts_missing": (
        "缺少同名的 {parts},请把 .shp .shx .dbf .prj 放在一起。",
        "{parts} of the same name not found; keep .shp .shx .dbf .prj together.",
    ),
    "counts_differ": (
        "属性表(.dbf)有 {rows} 行,图形(.shx)却有 {shapes} 个:.dbf 在别的程序里删改过。请从原始数据重新导出。",
        "the table (.dbf) has {rows} rows for {shapes} shapes (.shx): the .dbf was edited elsewhere. Export it anew.",
    ),
    "zip_locked": ("压缩包有密码,无法打开。请去掉密码重新压缩。", "the zip has a password; zip the files without one."),
    "zip_method": (
        "压缩包用的压缩方式({method})读不了。请用 Windows 自带的压缩或 7-Zip 的 Deflate 重新压缩。",
        "the zip is packed by a method that is not read ({method}); zip the files by Deflate, the usual one.",
    ),
    "zip_broken": (
        "压缩包损坏,无法打开,请重新压缩后再试。",
        "the zip is broken; zip the files again.",
    ),
    "cut_off": (
        "{part} 不完整:照它自己的说明应有 {should} 字节,实际只有 {size} 字节。请重新下载或导出。",
        "{part} is cut off: by its own header it should have {should} bytes, and has {size}. Get or export it again.",
    ),
    "shx_differs": (
        ".shx 与 .shp 不是一套:{n} 个图形的位置对不上(如第 {row} 个)。请从原始数据重新导出。",
        "the .shx does not belong to the .shp: {n} shapes are not where it says (such as number {row}). Export it anew.",
    ),
    "not_allowed": (
        "没有读取权限({path})。请改文件的权限,或复制一份再试。",
        "no permission to read it ({path}); change its permissions, or copy it.",
    ),
    "system": (
        "系统读不出这个文件(错误代号 {number})。请复制一份到本机再试。",
        "the system could not read it (error {number}); copy it to this machine and try again.",
    ),
    "zip_in_zip": (
        "压缩包里还有压缩包({name}),请先解开里面的。",
        "holds another archive ({name}); unpack that one first.",
    ),
    "echarts": (
        "是 ECharts 压缩编码的地图(坐标已编成字符,精度也降低了),不是可读的县界文件。请改用未编码的 GeoJSON 或 Shapefile。",
        "is a map in ECharts' encoding (coordinates packed into text), not a readable boundary file. Use a plain GeoJSON "
        "or a shapefile.",
    ),
    "other_format": (
        "不是可读的县界文件,而是 {what}。请{mend}。",
        "is not a readable boundary file but {what_en}. {mend_en}.",
    ),
    "no_bytes": (
        "不是可读的县界文件:文件是空的(0 字节),可能没有下载完整。请重新下载或导出。",
        "is not a readable boundary file: it has no bytes at all; perhaps it was cut off. Get or export it again.",
    ),
    "web_page": (
        "不是可读的县界文件,而是网页或网站的报错(开头是“{head}”),多半没有下载成功。请重新下载。",
        "is not a readable boundary file but a web page or a site's error (it begins “{head}”). Download it again.",
    ),
    "lfs": (
        "不是可读的县界文件,而是 Git LFS 的指针,数据本身没有下载。请用 git lfs pull 取回后再试。",
        "is not a readable boundary file but a pointer of Git LFS; fetch the data by git lfs pull.",
    ),
    "no_features": (
        "不是可读的县界文件:是 JSON,但没有 GeoJSON 的图形(最外层的键是 {keys})。请导出为 GeoJSON 或 Shapefile。",
        "is not a readable boundary file: JSON, but without a GeoJSON's shapes (its keys: {keys}). Export it as a GeoJSON "
        "or a shapefile.",
    ),
    "bad_json": (
        "不是可读的县界文件:第 {line} 行第 {column} 个字符起不是合法的 JSON,可能没有下载完整。请重新导出。",
        "is not a readable boundary file: no valid JSON from line {line}, character {column}; perhaps it was cut off. "
        "Export it again.",
    ),
    "damaged": (
        "文件损坏:读到一半,里面的数据读不下去了。请重新下载或导出。",
        "is damaged: its data end or break off halfway. Get or export it again.",
    ),
    "broken": ("读取时出错({what})。请重新导出后再试。", "could not be read ({what}). Export it again."),
    "unreadable": (
        "不是可读的县界文件。请用 Shapefile(.shp)、GeoPackage(.gpkg)、GeoJSON、文件地理数据库(.gdb),或装有其一的 .zip。",
        "is not a readable boundary file. Use a shapefile (.shp), a GeoPackage (.gpkg), a GeoJSON, a file geodatabase "
        "(.gdb), or a .zip of one.",
    ),
    "no_polygons": (
        "里面没有多边形(只有 {kinds})。请改用县级行政区的面图层。",
        "holds no polygons (only {kinds}). Use the polygon layer of the counties.",
    ),
    "empty": ("里面没有图形,是空的。请换一个文件。", "is empty: no shapes in it. Use another file."),
    "no_columns": (
        "有 {n} 个图形而没有任何属性列,认不出哪个是哪个县。请带上一列六位代码(如 620102)重新导出。",
        "has {n} shapes and no column at all: nothing says which county is which. Export it with a column of six-digit "
        "codes such as 620102.",
    ),
    "prefectures": (
        "是市州界,不是县界:{n} 行是市州(如 {example})。请改用县级的图层。",
        "holds prefectures (市州), not counties: {n} rows are such ({example}). Use the layer of the counties.",
    ),
    "province": (
        "只有省界({example}),没有县界。请改用县级的图层。",
        "holds provinces only ({example}), no counties. Use the layer of the counties.",
    ),
    "townships": (
        "是乡镇或村界,不是县界:代码如 {example}。请按前六位融合(dissolve)成县后再试。",
        "holds townships or villages, not counties: codes such as {example}. Dissolve them by the first six digits.",
    ),
    "elsewhere_codes": (
        "代码都不是甘肃的(如 {example})。请换成甘肃省的县界文件。",
        "holds no code of Gansu (but such as {example}). Use a file of Gansu's counties.",
    ),
    "codes_rounded": (
        "“{column}”列的代码成了科学计数法,位数已丢(如 {example})。请在原表把该列设为文本后重新导出。",
        "column “{column}” holds codes in scientific notation with digits lost (such as {example}). Make the column text "
        "in the source and export it again.",
    ),
    "overflow": (
        "“{column}”列的数位数超出列宽,写成了 {example}(如第 {row} 行)。请把该列设为文本或加宽后重新导出。",
        "column “{column}” is too narrow for its numbers and holds {example} (such as row {row}). Make it text or wider, "
        "and export it again.",
    ),
    "pinyin": (
        "“{column}”列的地名只有拼音(如 {example}),认不出是哪个县。请添加一列六位代码(如 620102)或汉字县名。",
        "column “{column}” holds names in Latin letters only (such as {example}): not one county of Gansu found. Add a "
        "column of six-digit codes such as 620102, or of names in Chinese.",
    ),
    "no_codes": (
        "找不到区划代码列(如 adcode、区划码)或县名列,认不出任何一个甘肃的县。文件里的列:{columns}。"
        "请添加一列六位代码,如 620102。",
        "no column of county codes (such as adcode) or names: not one county of Gansu found. Its columns: {columns_en}. "
        "Add a column of six-digit codes such as 620102.",
    ),
    "no_crs": (
        "没有可用的坐标系{said}。Shapefile 请附上 .prj,其他格式请在 QGIS 或 ArcGIS 中“定义投影”后再试。"
        "第一个坐标是 {point}{fits}。",
        "has no usable CRS{said_en}. Add the shapefile's .prj, or define the projection in QGIS or ArcGIS. "
        "Its first coordinate is {point}{fits_en}.",
    ),
    "wrong_place": (
        "图形不在甘肃的位置上,坐标系多半标错了({measured})。请定义正确的坐标系后再试。",
        "does not lie in Gansu: the CRS is probably mislabelled ({measured_en}). Define the right CRS and try again.",
    ),
    "sorted_apart": (
        "图形都在甘肃,{n} 行的代码或县名却不在图形的位置上:属性表与图形像是分别排序过(如在 Excel 里给 .dbf 排序)。"
        "例如第 {row} 行写的是 {said},图形却在 {home}。请从原始数据重新导出。",
        "all shapes lie in Gansu, but the codes or names of {n} rows belong to other places: the table seems to have been "
        "sorted apart from the shapes (as when a .dbf is sorted in Excel). Row {row} says {said}, but its shape lies "
        "in {home_en}. Export it again from the source.",
    ),
    "missing": ("缺 {n} 个县:{names}。请补上。", "{n} missing: {names}. Add them."),
    "doubled": (
        "重复 {n} 个县:{each}。同一县的几块请先融合(dissolve)成一行,多余的请删去。",
        "{n} doubled: {each_en}. Dissolve a county's parts into one row, delete what is extra.",
    ),
    "new_area": (
        "兰州新区不是县级行政区(第 {rows} 行),它的地界分属永登县、皋兰县。请把它拆开并入这两县后再试。",
        "兰州新区 (row {rows}) is no county: its ground belongs to 永登县 and 皋兰县. Split it and merge it into these two.",
    ),
    "unknown": (
        "不认识 {n} 行:{each}。请改正代码,或并入所属的县。",
        "{n} unknown: {each_en}. Correct the code, or merge it into its county.",
    ),
    "shapeless": ("没有多边形:{names}。请补上图形。", "without a polygon: {names}. Add the shape."),
    "deleted": (
        ".dbf 里有 {n} 行标着已删除(如第 {row} 行),没有读。请从原始数据重新导出。",
        "{n} rows of the .dbf are marked as deleted (such as row {row}) and were not read. Export it again.",
    ),
    "names_cut": (
        "“{column}”列只有 {width} 字节宽,{n} 行的名称被截断(如第 {row} 行的“{example}”)。请加宽该列或带上代码重新导出。",
        "column “{column}” is {width} bytes wide, and the names of {n} rows are cut off (row {row}: “{example}”). Make it "
        "wider, or add the codes, and export it again.",
    ),
    "off_globe": (
        "图形有远在地球之外的坐标:{each}。数据像是损坏了,请重新下载或导出。",
        "shapes with coordinates off the globe: {each_en}. The data seem damaged; get or export them again.",
    ),
    "overlapping": (
        "图形盖住了别的县:{each}。请检查代码与图形是否对应(如市州的面写成了县)。",
        "shapes that lie over other counties: {each_en}. Check that code and shape belong together (as where a "
        "prefecture's shape is called a county).",
    ),
    "misshapen": (
        "{n} 个图形不是本县的范围:{each}。请检查代码与图形是否对应(如市州的面写成了县)。",
        "{n} not of the county's extent: {each_en}. Check that code and shape belong together (as where a "
        "prefecture's shape is called a county).",
    ),
    "displaced": (
        "不在本县的位置上:{names}。如第 {row} 行写的是 {said},图形却在 {home}。请检查代码与图形是否对应。",
        "not in the county's place: {names}. Row {row} says {said}, but its shape lies in {home_en}. Check that code and "
        "shape belong together.",
    ),
}
NOTICES: dict[str, tuple[str, str]] = {
    "mended": ("多边形自相交等,已修复:{names}", "invalid polygons mended: {names}"),
    "others": ("外省的 {n} 行未用", "{n} rows of other provinces left out"),
    "above": ("省、市州的 {n} 行未用", "{n} rows of province or prefectures left out"),
    "merged": ("{code} 不是县级单位,已并入 {name}", "{code} is no county: merged into {name}"),
    "former": ("{n} 行用的是旧代码或旧名,按位置认出:{each}", "{n} rows under a former code or name, borne out by their place: {each}"),
    "by_name": ("{n} 行的代码不对,按县名和位置认出:{each}", "{n} rows with a wrong code, found by name and place: {each}"),
    "guessed": ("{n} 行的县名不完整,按位置认出:{each}", "{n} rows with part of a name, found by their place: {each}"),
    "nameless": ("没有图形、也不是县的 {n} 行未用:{each}", "{n} rows without a shape that are no county left out: {each_en}"),
    "names_differ": ("{n} 行的县名与代码、位置不合,按代码:{each}", "{n} rows whose name belongs to neither code nor place, taken by code: {each}"),
    "shifted": (
        "图形比随附的县界整体{off},像是 GCJ-02(高德、DataV)或 BD-09(百度)坐标;照原样画",
        "all shapes lie off the shipped ones ({off_en}), as in GCJ-02 or BD-09 coordinates; drawn as they are",
    ),
    "layers": ("有 {n} 个图层都像县界,用的是 {name}", "{n} layers look like the counties; used: {name}"),
    "simplified": (
        "共 {n} 万个顶点,已先按 {metres} 米简化,余 {left} 万个",
        "{millions} million vertices, simplified to {metres} m first, {left_millions} million left",
    ),
}  # fmt: skip


class Cause(NamedTuple):
    """One reason, in Chinese and in English; ``id`` is its place in `CAUSES`."""

    id: str
    chinese: str
    english: str


class BoundaryError(ValueError):
    """A boundary file that cannot be used; the message says why and what to do, in Chinese and then in English."""

    def __init__(self, path: str | Path, *causes: Cause) -> None:
        name = Path(path).name or str(path)
        name = name if len(name) <= LONG else name[:LONG] + "…"
        self.causes = causes
        chinese = "".join(cause.chinese for cause in causes)
        english = " ".join(cause.english for cause in causes)
        super().__init__(f"{name}:{chinese}\n{name}: {english}")


class Refused(Exception):
    """A part of a file (a layer, a member of a zip) that cannot be used."""

    def __init__(self, *causes: Cause) -> None:
        self.causes = causes
        super().__init__(*causes)


def cause(which: str, **facts: object) -> Cause:
    """Return the cause `which` with its facts filled in."""
    return Cause(which, *_filled(CAUSES[which], facts))


def refused(which: str, **facts: object) -> Refused:
    """Return the refusal for one cause."""
    return Refused(cause(which, **facts))


def notice(which: str, **facts: object) -> str:
    """Return a notice, Chinese and English in one line."""
    return " / ".join(_filled(NOTICES[which], facts))


def _filled(texts: tuple[str, str], facts: Mapping[str, object]) -> tuple[str, str]:
    """Fill facts in; a list is joined as the language does, and what is the same in English need not be said twice."""
    said = []
    for text, comma in zip(texts, (LISTED, ", "), strict=True):
        joined = {key: comma.join(map(str, fact)) if isinstance(fact, list) else fact for key, fact in facts.items()}
        said.append(text.format(**{f"{key}_en": fact for key, fact in joined.items()} | joined))
    return said[0], said[1]


def surest(causes: Iterable[Cause]) -> Cause:
    """Return the cause that says most."""
    order = list(CAUSES)
    return min(causes, key=lambda one: order.index(one.id))


def said_by(error: Exception) -> Cause:
    """Say what the system or a library said."""
    if isinstance(error, PermissionError):
        return cause("not_allowed", path=quote(error.filename or "", 200))
    if isinstance(error, OSError) and error.errno in (errno.ENAMETOOLONG, errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
        return cause("not_found", path=quote(error.filename or "", 200))
    if isinstance(error, OSError) and error.errno:
        return cause("system", number=error.errno)
    if isinstance(error, DAMAGE):
        return cause("damaged")
    what = str(error).strip().splitlines()
    return cause("broken", what=quote(what[0] if what else type(error).__name__, 160))


def quote(value: object, length: int = SHOWN) -> str:
    """Write a value of the file as it may be printed: one line, not long, '' where there is none.

    Examples
    --------
    >>> [quote(value) for value in (620102.0, "兰州新区\\n", float("nan"), None, "nan")]
    ['620102', '兰州新区', '', '', '']
    """
    if isinstance(value, float):
        value = "" if math.isnan(value) else f"{value:.15g}"
    text = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in str(value))
    text = " ".join(text.split()).replace(" / ", "/")
    if text.lower() in ("nan", "none", "null", "<na>", "nat"):
        return ""
    return text if len(text) <= length else text[:length] + "…"


def named(adcodes: Iterable[str]) -> list[str]:
    """List counties by code and short name."""
    return [f"{adcode} {known_counties()[adcode].name_short}" for adcode in adcodes]
