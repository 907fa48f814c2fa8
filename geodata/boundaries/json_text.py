"""JSON before GDAL sees it: in UTF-8, TopoJSON unfolded, and what is no GeoJSON named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from geodata.boundaries.message import quote, refused
from geodata.boundaries.text import decode_text

_TOPOLOGY = re.compile(r'"type"\s*:\s*"Topology"')
_COLLECTION = re.compile(r'\{\s*"type"\s*:\s*"(?:FeatureCollection|Topology)"')
_NEXT_LINE = re.compile(r"\}[ \t\r]*\n[\s\x1e]*(?=\{)")
_ECHARTS = re.compile(r'"?(?:UTF8Encoding"?\s*:\s*(?:true|!0)|encodeOffsets"?\s*:)')
_ESRI = re.compile(r'"geometryType"\s*:\s*"esriGeometry|"rings"\s*:')
Json = dict[str, Any]
Ring = list[list[float]]


def looks_like_json(head: bytes) -> bool:
    """Tell from a file's first bytes whether it may be JSON, in any encoding."""
    return decode_text(head).lstrip("\ufeff\x1e \t\r\n").startswith(("{", "["))


def recoded(data: bytes) -> list[tuple[str, bytes | None]]:
    """Return the GeoJSON files to read instead of `data`: (name, UTF-8), or None for the file as it is.

    Raises
    ------
    Refused
        If it is ECharts' encoding, Esri JSON, or no JSON at all.
    """
    text = decode_text(data).lstrip("\ufeff\x1e \t\r\n")
    if ("UTF8Encoding" in text or "encodeOffsets" in text) and _ECHARTS.search(text):
        raise refused("echarts")
    text = _without_script(text)
    if '"Topology"' in text and _TOPOLOGY.search(text):
        return [(name, _bytes(found)) for name, found in _unfolded(_loaded(text))]
    if '"coordinates"' not in text and _ESRI.search(text):
        mend = "在 ArcGIS 中导出为 GeoJSON 或 Shapefile"
        mend_en = "Export it as a GeoJSON or a shapefile"
        raise refused("other_format", what="Esri JSON", mend=mend, mend_en=mend_en)
    if text.startswith("["):  # the features alone
        return [("", b'{"type": "FeatureCollection", "features": ' + text.encode() + b"}")]
    line = text.find("\n")
    if line > 1 and _NEXT_LINE.match(text, len(text[:line].rstrip()) - 1):  # a feature a line; each keeps its line
        joined = _NEXT_LINE.sub("},\n", text.rstrip())
        return [("", b'{"type": "FeatureCollection", "features": [' + joined.encode() + b"]}")]
    return [("", None if data.startswith(b"{") and _is_utf8(data) else text.encode())]


def fault_of(data: bytes) -> None:
    """Raise where the text stops being JSON, or what else it holds; called once GDAL did not take it."""
    found = _loaded(decode_text(data))
    if not isinstance(found.get("features"), list):
        raise refused("no_features", keys=[quote(key) for key in list(found)[:6]] or ["—"])


def _without_script(text: str) -> str:
    """Return the collection that a script holds: var x = {…}; callback({…}); echarts.registerMap('x', {…})."""
    if text.startswith(("{", "[")) or not (found := _COLLECTION.search(text)):
        return text
    try:
        _, end = json.JSONDecoder().raw_decode(text, found.start())
    except (json.JSONDecodeError, RecursionError):
        return text
    return text[found.start() : end]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _loaded(text: str) -> Json:
    try:
        found = json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise refused("bad_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise refused("unreadable") from error
    return found if isinstance(found, dict) else {}


def _bytes(collection: Json) -> bytes:
    return json.dumps(collection, ensure_ascii=False).encode("utf-8", "replace")


# --- TopoJSON --------------------------------------------------------------------------------------------------------


def _unfolded(topology: Json) -> Iterator[tuple[str, Json]]:
    """Give each object of a topology as a FeatureCollection; TopoJSON has no CRS but longitude and latitude."""
    try:
        arcs = _arcs(topology)
        for name, held in topology["objects"].items():
            members = held["geometries"] if held["type"] == "GeometryCollection" else [held]
            features = [_feature(member, arcs) for member in members]
            yield name, {"type": "FeatureCollection", "features": features}
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        raise refused("unreadable") from error


def _arcs(topology: Json) -> list[Ring]:
    """Read the arcs: with a transform they are whole-number steps."""
    transform = topology.get("transform")
    if not transform:
        return [[point[:2] for point in arc] for arc in topology["arcs"]]
    (kx, ky), (x0, y0) = transform["scale"], transform["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc: Ring = []
        for dx, dy, *_ in steps:
            x, y = x + dx, y + dy
            arc.append([x * kx + x0, y * ky + y0])
        arcs.append(arc)
    return arcs


def _feature(member: Json, arcs: list[Ring]) -> Json:
    def ring(indices: list[int]) -> Ring:
        points: Ring = []
        for index in indices:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += arc[1:] if points else arc  # an arc begins where the one before ended
        return points

    kind, held = member.get("type"), member.get("arcs")
    geometry: Json | None = None
    if kind == "Polygon" and held is not None:
        geometry = {"type": kind, "coordinates": [ring(indices) for indices in held]}
    elif kind == "MultiPolygon" and held is not None:
        geometry = {"type": kind, "coordinates": [[ring(indices) for indices in part] for part in held]}
    elif kind in ("Point", "MultiPoint"):
        geometry = {"type": kind, "coordinates": member.get("coordinates")}
    elif kind in ("LineString", "MultiLineString") and held is not None:
        lines = [held] if kind == "LineString" else held
        geometry = {"type": "MultiLineString", "coordinates": [ring(indices) for indices in lines]}
    properties = dict(member.get("properties") or {})
    if "id" in member:
        properties.setdefault("id", member["id"])
    return {"type": "Feature", "properties": properties, "geometry": geometry}
