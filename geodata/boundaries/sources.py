"""What a path leads to: files that GDAL can open, each alone, under plain names."""

from __future__ import annotations

import os
import re
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pyproj import CRS
from pyproj.exceptions import CRSError

from geodata.boundaries.json_text import fault_of, looks_like_json, recoded
from geodata.boundaries.message import LISTED, BoundaryError, Cause, Refused, cause, refused, said_by
from geodata.boundaries.text import decode_text

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
JSON = (".geojson", ".json", ".topojson", ".js")
GDB = ".gdb"
READ = (".shp", ".gpkg", *JSON)
_ZIP_ERRORS = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error)

_QGIS = ("在 QGIS 或 ArcGIS 中另存为 Shapefile 或 GeoPackage", "Save it as a shapefile or GeoPackage in QGIS or ArcGIS")
_UNPACK = ("解压后再试,或重新压缩成 .zip", "Unpack it, or zip the files again")
_BESIDE = ("改给同名的 .shp", "Give the .shp of the same name")
_NO_SHAPES = ("改用有图形的文件", "Use a file that holds shapes")
# By suffix: what it is, and how to mend it.
OTHERS: dict[str, tuple[str, tuple[str, str]]] = {
    **dict.fromkeys((".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx"), ("Shapefile", _BESIDE)),
    **dict.fromkeys((".csv", ".txt", ".xls", ".xlsx", ".et", ".ods"), ("", _NO_SHAPES)),
    **dict.fromkeys((".kml", ".ovkml"), ("KML", _QGIS)),
    **dict.fromkeys((".kmz", ".ovkmz"), ("KMZ", _QGIS)),
    **dict.fromkeys((".dwg", ".dxf"), ("CAD", _QGIS)),
    **dict.fromkeys((".tab", ".mif"), ("MapInfo", _QGIS)),
    **dict.fromkeys((".wp", ".wl", ".wt"), ("MapGIS", _QGIS)),
    **dict.fromkeys((".qgz", ".qgs", ".mxd", ".aprx", ".lyr", ".lyrx"), ("", _QGIS)),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz"), ("", _UNPACK)),
    ".mdb": ("Personal Geodatabase", _QGIS),
    ".gml": ("GML", _QGIS),
    ".fgb": ("FlatGeobuf", _QGIS),
    ".parquet": ("GeoParquet", _QGIS),
    ".svg": ("SVG", _QGIS),
}


@dataclass(frozen=True)
class Source:
    """One file (or ``.gdb`` folder) to open, and the name to call it by."""

    path: Path
    name: str


@contextmanager
def found(path: Path, limit: int) -> Iterator[tuple[list[Source], list[Cause]]]:
    """Give the sources that `path` leads to, for as long as the block lasts, and why others are none.

    Parameters
    ----------
    path : Path
        A file, a ``.zip``, or a ``.gdb`` folder.
    limit : int
        Bytes to which a zip may unpack.

    Raises
    ------
    BoundaryError
        If there is nothing to look into.
    """
    if path.is_dir() and not _is_gdb(path):
        inside = sorted(part.name for part in path.iterdir() if part.suffix.lower() in (*READ, ".zip", GDB))[:3]
        listed = f"({LISTED.join(inside)})" if inside else ""
        raise BoundaryError(path, cause("folder", path=path, inside=listed))
    if not path.exists():
        raise BoundaryError(path, cause("not_found", path=path))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        room = Path(folder)
        sources: list[Source] = []
        reasons: list[Cause] = []
        try:
            parts = _unzipped(path, room, limit, reasons) if _is_zip(path) else [Source(path, path.name)]
        except _ZIP_ERRORS as error:
            raise BoundaryError(path, cause("zip_broken")) from error
        except Refused as error:
            raise BoundaryError(path, *error.causes) from error
        for number, part in enumerate(parts):
            try:
                sources += _prepared(part, room / f"ready{number}")
            except Refused as error:
                reasons += error.causes
            except Exception as error:  # whatever it is, it concerns this part alone
                reasons.append(said_by(error))
        yield sources, reasons


def why_not(source: Source) -> Cause:
    """Say why GDAL did not open a source."""
    try:
        if source.path.is_file() and source.path.suffix.lower() in JSON:
            fault_of(source.path.read_bytes())
    except Refused as error:
        return error.causes[0]
    except Exception as error:
        return said_by(error)
    return cause("unreadable")


def check_counts(source: Source) -> None:
    """Refuse a shapefile whose table has not as many rows as there are shapes."""
    if source.path.suffix.lower() != ".shp":
        return
    parts = _beside(source.path)
    shapes = (parts[".shx"].stat().st_size - 100) // 8
    with parts[".dbf"].open("rb") as file:
        (rows,) = struct.unpack("<4xI", file.read(8))
    if rows != shapes:
        raise refused("counts_differ", rows=rows, shapes=shapes)


# --- one source ------------------------------------------------------------------------------------------------------


def _prepared(part: Source, room: Path) -> list[Source]:
    """Make a source ready for GDAL, in `room` if it has to be changed."""
    suffix = part.path.suffix.lower()
    if part.path.is_dir():
        return [part if suffix == GDB else Source(Path(shutil.copytree(part.path, room / "a.gdb")), part.name)]
    if suffix == ".shp":
        return [_shapefile(part, room)]
    with part.path.open("rb") as file:
        head = file.read(400)
    if suffix in JSON or (suffix not in READ and looks_like_json(head)):
        sources = []
        for number, (name, data) in enumerate(recoded(part.path.read_bytes())):
            if data is None and suffix in JSON:
                sources.append(part)
                continue
            room.mkdir(exist_ok=True)
            target = room / f"{number}.geojson"
            target.write_bytes(part.path.read_bytes() if data is None else data)
            sources.append(Source(target, f"{part.name}:{name}" if name else part.name))
        return sources
    if suffix in OTHERS:
        what, (mend, mend_en) = OTHERS[suffix]
        what = f"{what} ({suffix})" if what else suffix
        raise refused("other_format", what=what, what_en=what, mend=mend, mend_en=mend_en)
    return [part]


def _shapefile(part: Source, room: Path) -> Source:
    """See that a shapefile is whole; a .prj becomes ASCII (its names mean nothing to PROJ), or goes."""
    parts = _beside(part.path)
    if missing := [suffix for suffix in (".shx", ".dbf") if suffix not in parts]:
        raise refused("parts_missing", parts=LISTED.join(missing))
    if ".prj" not in parts:
        return part
    projection = parts[".prj"].read_bytes()
    text = re.sub(r"[^\x20-\x7e]+", "", decode_text(projection))
    usable = _is_crs(text)
    if usable and projection.isascii():
        return part
    room.mkdir(exist_ok=True)
    for suffix, file in parts.items():
        if suffix != ".prj":
            _link(file, room / f"a{suffix}")
    if usable:
        (room / "a.prj").write_text(text, encoding="ascii")
    return Source(room / "a.shp", part.name)


def _is_crs(text: str) -> bool:
    try:
        CRS.from_user_input(text)
    except CRSError:
        return False
    return True


def _beside(path: Path) -> dict[str, Path]:
    files = [file for file in path.parent.iterdir() if file.stem == path.stem and file.is_file()]
    return {file.suffix.lower(): file for file in files if file.suffix.lower() in PARTS}


def _link(file: Path, target: Path) -> None:
    try:
        os.link(file.resolve(), target)
    except OSError:  # another disk, or not allowed
        shutil.copyfile(file, target)


def _is_gdb(folder: Path) -> bool:
    return folder.suffix.lower() == GDB or any(folder.glob("*.gdbtable"))


# --- zips ------------------------------------------------------------------------------------------------------------


def _is_zip(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() == ".zip"


def _unzipped(path: Path, room: Path, limit: int, reasons: list[Cause]) -> list[Source]:
    """Unpack what may be boundaries under plain names, since names in a zip may be in any encoding; each part alone.

    A Mac adds a double of each file (``__MACOSX/…/._name``), which holds no data of its own.
    """
    stems: dict[str, str] = {}
    sources: dict[Path, str] = {}
    broken: set[Path] = set()
    other: list[str] = []
    with zipfile.ZipFile(path) as archive:
        members = []
        for info in archive.infolist():
            name = PurePosixPath(info.filename.replace("\\", "/"))
            if info.is_dir() or "__MACOSX" in name.parts or name.name.startswith("._"):
                continue
            if name.suffix.lower() in (*PARTS, *READ) or _in_gdb(name):
                members.append((name, info))
            else:
                other.append(name.name)
        if sum(info.file_size for _, info in members) > limit:
            raise refused("too_large")
        for name, info in members:
            if _in_gdb(name):
                stem = stems.setdefault(str(name.parent).lower(), f"layer{len(stems)}")
                whole, target = room / (stem + GDB), room / (stem + GDB) / name.name
                whole.mkdir(exist_ok=True)
                sources[whole] = name.parent.name or path.stem
            else:
                stem = stems.setdefault(str(name.with_suffix("")).lower(), f"layer{len(stems)}")
                whole = target = room / (stem + name.suffix.lower())
                if target.suffix in READ:
                    sources[target] = name.name
            try:
                target.write_bytes(archive.read(info))
            except _ZIP_ERRORS:
                broken.add(whole.with_suffix(""))
    if broken:
        reasons.append(cause("zip_broken"))
    if not sources and other:
        reasons.append(_of_others(other))
    return [Source(file, name) for file, name in sources.items() if file.with_suffix("") not in broken]


def _in_gdb(name: PurePosixPath) -> bool:
    return name.parent.suffix.lower() == GDB or name.suffix.lower() in (
        ".gdbtable", ".gdbtablx", ".gdbindexes", ".atx", ".spx", ".freelist",
    )  # fmt: skip


def _of_others(names: list[str]) -> Cause:
    """Say what a zip without boundaries holds instead."""
    for name in names:
        if (suffix := Path(name).suffix.lower()) in (".zip", ".rar", ".7z"):
            return cause("zip_in_zip", name=f"*{suffix}")
    for name in names:
        if (suffix := Path(name).suffix.lower()) in OTHERS and suffix not in (".txt", ".csv"):
            what, (mend, mend_en) = OTHERS[suffix]
            what = f"{what} ({suffix})" if what else suffix
            return cause("other_format", what=what, what_en=what, mend=mend, mend_en=mend_en)
    return cause("unreadable")
