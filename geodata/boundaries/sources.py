"""What a path leads to: files that GDAL can open, each alone, under plain names."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pyproj import CRS
from pyproj.exceptions import CRSError

from geodata.boundaries.contents import (
    HEAD,
    NO_SHAPES,
    QGIS,
    UNPACK,
    ZIP,
    cut_geopackage,
    other_format,
    why_none,
)
from geodata.boundaries.json_text import fault_of, looks_like_json, recoded
from geodata.boundaries.message import BoundaryError, Cause, Refused, cause, quote, refused, said_by
from geodata.boundaries.shapefile import PARTS, beside, check_whole
from geodata.boundaries.text import decode_text

JSON = (".geojson", ".json", ".topojson", ".js", ".geojsonl", ".geojsons", ".ndjson", ".jsonl")
GDB = ".gdb"
ARCHIVES = (".zip", ".rar", ".7z")
READ = (".shp", ".gpkg", *JSON)
_ZIP_ERRORS = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error)
_LOCKED, _AES = 0x1, 99  # the flag, and the method that WinZip writes instead

_BESIDE = ("改给同名的 .shp", "Give the .shp of the same name")
# By suffix: what it is, and how to mend it.
OTHERS: dict[str, tuple[str, tuple[str, str]]] = {
    **dict.fromkeys((".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx"), ("Shapefile", _BESIDE)),
    **dict.fromkeys((".csv", ".txt", ".xls", ".xlsx", ".et", ".ods"), ("", NO_SHAPES)),
    **dict.fromkeys((".kml", ".ovkml"), ("KML", QGIS)),
    **dict.fromkeys((".kmz", ".ovkmz"), ("KMZ", QGIS)),
    **dict.fromkeys((".dwg", ".dxf"), ("CAD", QGIS)),
    **dict.fromkeys((".tab", ".mif"), ("MapInfo", QGIS)),
    **dict.fromkeys((".wp", ".wl", ".wt"), ("MapGIS", QGIS)),
    **dict.fromkeys((".qgz", ".qgs", ".mxd", ".aprx", ".lyr", ".lyrx"), ("", QGIS)),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz"), ("", UNPACK)),
    ".mdb": ("Personal Geodatabase", QGIS),
    ".gml": ("GML", QGIS),
    ".fgb": ("FlatGeobuf", QGIS),
    ".parquet": ("GeoParquet", QGIS),
    ".svg": ("SVG", QGIS),
}


@dataclass(frozen=True)
class Source:
    """One file (or ``.gdb`` folder) to open, the name to call it by, and what its .prj says in vain."""

    path: Path
    name: str
    projection: str = ""


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
        listed = {"inside": f"({'、'.join(inside)})", "inside_en": f" ({', '.join(inside)})"} if inside else {}
        raise BoundaryError(path, cause("folder", path=path, **{"inside": "", **listed}))
    if not path.exists():
        raise BoundaryError(path, cause("not_found", path=path))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        room = Path(folder)
        sources: list[Source] = []
        reasons: list[Cause] = []
        try:
            parts = _unzipped(path, room, limit, reasons) if _is_zip(path) else [Source(path, path.name)]
        except _ZIP_ERRORS as error:
            raise BoundaryError(path, _why_none(path) or cause("zip_broken")) from error
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
    suffix = source.path.suffix.lower()
    try:
        if source.path.is_file() and suffix in JSON:
            fault_of(source.path.read_bytes())
        if suffix == ".shp" and source.path.read_bytes()[:4] == b"\0\0\x27\x0a":
            check_whole(source.path)
        if source.path.is_file() and (cut := cut_geopackage(source.path)):
            return cut
    except Refused as error:
        return error.causes[0]
    except Exception as error:
        return said_by(error)
    return cause("unreadable")


# --- one source ------------------------------------------------------------------------------------------------------


def _prepared(part: Source, room: Path) -> list[Source]:
    """Make a source ready for GDAL, in `room` if it has to be changed."""
    suffix = part.path.suffix.lower()
    if part.path.is_dir():
        return [part if suffix == GDB else Source(Path(shutil.copytree(part.path, room / "a.gdb")), part.name)]
    if suffix not in OTHERS and (why := _why_none(part.path)):
        raise Refused(why)
    if suffix == ".shp":
        return [_shapefile(part, room)]
    with part.path.open("rb") as file:
        head = file.read(HEAD)
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
        raise Refused(_other(suffix))
    return [part]


def _other(suffix: str) -> Cause:
    what, mend = OTHERS[suffix]
    return other_format(f"{what} ({suffix})" if what else suffix, mend)


def _why_none(path: Path) -> Cause | None:
    with path.open("rb") as file:
        return why_none(file.read(HEAD), path.stat().st_size)


def _shapefile(part: Source, room: Path) -> Source:
    """See that a shapefile has its parts under one name; a .prj becomes ASCII (its names mean nothing to PROJ)."""
    parts = beside(part.path)
    if missing := [suffix for suffix in (".shx", ".dbf") if suffix not in parts]:
        raise refused("parts_missing", parts=missing)
    for file in parts.values():
        file.open("rb").close()  # whether it may be read at all
    projection = parts.get(".prj", parts.get(".qpj"))
    said = projection.read_bytes() if projection else b""
    usable = _projection(said)
    if len({file.stem for file in parts.values()}) == 1 and (
        not projection or (usable.encode() == said and projection.suffix.lower() == ".prj")
    ):
        return part
    room.mkdir(exist_ok=True)
    for suffix, file in parts.items():
        if suffix not in (".prj", ".qpj"):
            _link(file, room / f"a{suffix}")
    if usable:
        (room / "a.prj").write_text(usable, encoding="ascii")
    return Source(room / "a.shp", part.name, "" if usable else quote(decode_text(said), 40))


def _projection(said: bytes) -> str:
    """Return what a .prj says so that GDAL reads it; '' where it says nothing."""
    text = re.sub(r"[^\x20-\x7e]+", "", decode_text(said))
    if not re.match(r"EPSG:\d{4,6}$|[A-Z_]+ *\[", text):  # a mere number would be one, too
        return ""
    try:
        crs = CRS.from_user_input(text)
        if not (crs.is_geographic or crs.is_projected):
            return ""
        return text if text.startswith(("GEOGCS", "PROJCS")) else crs.to_wkt("WKT1_ESRI")
    except CRSError:
        return ""


def _link(file: Path, target: Path) -> None:
    try:
        os.link(file.resolve(), target)
    except OSError:  # another disk, or not allowed
        shutil.copyfile(file, target)


def _is_gdb(folder: Path) -> bool:
    return folder.suffix.lower() == GDB or any(folder.glob("*.gdbtable"))


# --- zips ------------------------------------------------------------------------------------------------------------


def _is_zip(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix == ".zip" or suffix in OTHERS or not path.is_file():
        return suffix == ".zip" and path.is_file()
    with path.open("rb") as file:
        return file.read(4) in ZIP


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
            name = PurePosixPath(_named(info).replace("\\", "/"))
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
                reasons.append(_why_broken(info))
    reasons += [cause("zip_in_zip", name=name) for name in other if name.lower().endswith(ARCHIVES)][:1]
    if not sources and other:
        reasons.append(_of_others(other))
    return [Source(file, name) for file, name in sources.items() if file.with_suffix("") not in broken]


def _named(info: zipfile.ZipInfo) -> str:
    """Return a member's name; Windows writes it in GBK and does not say so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return decode_text(info.filename.encode("cp437"))
    except UnicodeEncodeError:
        return info.filename


def _why_broken(info: zipfile.ZipInfo) -> Cause:
    if info.flag_bits & _LOCKED or info.compress_type == _AES:
        return cause("zip_locked")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        return cause("zip_method", method=info.compress_type)
    return cause("zip_broken")


def _in_gdb(name: PurePosixPath) -> bool:
    return name.parent.suffix.lower() == GDB or name.suffix.lower() in (
        ".gdbtable", ".gdbtablx", ".gdbindexes", ".atx", ".spx", ".freelist",
    )  # fmt: skip


def _of_others(names: list[str]) -> Cause:
    """Say what a zip without boundaries holds instead."""
    for name in names:
        if (suffix := Path(name).suffix.lower()) in OTHERS and suffix not in (".txt", ".csv"):
            return _other(suffix)
    return cause("unreadable")
