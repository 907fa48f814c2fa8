"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
import struct
from pathlib import Path

from geodata.boundaries.message import Cause, cause, quote
from geodata.boundaries.text import decode_text

HEAD = 600  # bytes
ZIP = (b"PK\x03\x04", b"PK\x05\x06")

QGIS = ("在 QGIS 或 ArcGIS 中另存为 Shapefile 或 GeoPackage", "Save it as a shapefile or GeoPackage in QGIS or ArcGIS")
UNPACK = ("解压后再试,或重新压缩成 .zip", "Unpack it, or zip the files again")
NO_SHAPES = ("改用有图形的文件", "Use a file that holds shapes")
_MAGIC: dict[bytes, tuple[str, tuple[str, str]]] = {
    b"Rar!": ("RAR", UNPACK),
    b"7z\xbc\xaf\x27\x1c": ("7z", UNPACK),
    b"\x1f\x8b": ("gzip", UNPACK),
    b"%PDF": ("PDF", NO_SHAPES),
    b"\xd0\xcf\x11\xe0": ("Office", NO_SHAPES),
    b"AC10": ("CAD (.dwg)", QGIS),
    b"PAR1": ("GeoParquet", QGIS),
    b"fgb": ("FlatGeobuf", QGIS),
}
_MARKUP = {"kml": ("KML", QGIS), "gml": ("GML", QGIS), "wfs": ("GML", QGIS), "svg": ("SVG", QGIS)}


def other_format(what: str, mend: tuple[str, str]) -> Cause:
    """Say that a file is of a form that is not read."""
    return cause("other_format", what=what, mend=mend[0], mend_en=mend[1])


def why_none(head: bytes, size: int) -> Cause | None:
    """Say why a file that begins with `head` cannot hold boundaries, if that shows."""
    if not size:
        return cause("no_bytes")
    for magic, (what, mend) in _MAGIC.items():
        if head.startswith(magic):
            return other_format(what, mend)
    if head.startswith(b"version https://git-lfs"):
        return cause("lfs")
    text = decode_text(head).lstrip("\ufeff \t\r\n")
    if not text.startswith("<"):
        return None
    for tag, (what, mend) in _MARKUP.items():
        if re.search(rf"<{tag}[\s:>]|<\w+:{tag}[\s>]", text, re.IGNORECASE):
            return other_format(what, mend)
    return cause("web_page", head=quote(text))


def cut_geopackage(path: Path) -> Cause | None:
    """Tell where a GeoPackage is shorter than its own header says."""
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0"):
        return None
    (page,), (pages,) = struct.unpack(">H", head[16:18]), struct.unpack(">I", head[28:32])
    should, size = (65536 if page == 1 else page) * pages, path.stat().st_size
    return cause("cut_off", part="GeoPackage", should=f"{should:,}", size=f"{size:,}") if size < should else None
