"""A layer's shapes as valid two-dimensional polygons in longitude and latitude."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyproj import CRS as AnyCRS
from pyproj import Transformer
from pyproj.exceptions import CRSError, ProjError

from geodata.boundaries.attributes import Layer
from geodata.boundaries.message import notice, refused
from geodata.boundaries.text import LATIN

CRS = "EPSG:4326"
MANY = 1_000_000  # vertices from which on they are simplified first
TOLERANCE = 60.0  # metres: a tenth of what the map itself leaves out
DEGREE = 111_320.0  # metres
Say = Callable[[str], None]


@dataclass(frozen=True)
class Shapes:
    """Shapes in longitude and latitude (empty where there is none), and what was measured on the way."""

    shapes: np.ndarray
    broken: np.ndarray  # of bool: which were invalid
    crs: AnyCRS
    corner: tuple[float, float] | None  # the first coordinate as the file has it
    lost: int  # how many have coordinates, but none in longitude and latitude
    notices: tuple[str, ...]


def read_shapes(layer: Layer, many: int = MANY, say: Say | None = None) -> Shapes:
    """Read the shapes of a layer.

    Raises
    ------
    Refused
        If there are none, or no usable CRS.
    """
    meta, _, packed, _ = pyogrio.raw.read(layer.source.path, layer=layer.name, columns=[], encoding=LATIN)
    shapes = shapely.force_2d(shapely.from_wkb(packed, on_invalid="fix"))
    corner = _corner(shapes)
    crs = _crs(meta["crs"], corner)
    count = int(shapely.get_num_coordinates(shapes).sum())
    notices = []
    if count > many:
        if say:
            say(f"正在简化 {count / 1e4:.0f} 万个顶点… / simplifying {count / 1e6:.1f} million vertices…")
        shapes = _simplified(
            shapes, TOLERANCE / (DEGREE if crs.is_geographic else crs.axis_info[0].unit_conversion_factor)
        )
        left = int(shapely.get_num_coordinates(shapes).sum())
        notices.append(
            notice(
                "simplified",
                n=f"{count / 1e4:.0f}",
                left=f"{left / 1e4:.1f}",
                millions=f"{count / 1e6:.1f}",
                left_millions=f"{left / 1e6:.2f}",
                metres=f"{TOLERANCE:.0f}",
            )
        )
    try:
        shapes = _in_degrees(shapes, crs)
    except (CRSError, ProjError) as error:
        raise refused("no_crs", point=_point(corner)) from error
    lost = int((~np.isfinite(shapely.bounds(shapes)).all(axis=1) & (shapely.get_num_coordinates(shapes) > 0)).sum())
    broken = ~(shapely.is_valid(shapes) | shapely.is_missing(shapes))
    shapes = np.array([_polygonal(shape) for shape in shapes], dtype=object)
    if shapely.is_empty(shapes).all() and not lost:
        raise refused("empty")
    return Shapes(shapes, broken, crs, corner, lost, tuple(notices))


def _crs(said: str | None, corner: tuple[float, float] | None) -> AnyCRS:
    try:
        return AnyCRS.from_user_input(said)
    except CRSError as error:
        raise refused("no_crs", point=_point(corner)) from error


def _corner(shapes: np.ndarray) -> tuple[float, float] | None:
    for shape in shapes:
        if shape is not None and not shape.is_empty:
            x, y = shapely.get_coordinates(shape)[0]
            return float(x), float(y)
    return None


def _point(corner: tuple[float, float] | None) -> str:
    return "({:.9g}, {:.9g})".format(*corner) if corner else "—"


def _simplified(shapes: np.ndarray, tolerance: float) -> np.ndarray:
    """Simplify with shared borders shared still; what is no polygon stays as it is."""
    kinds = shapely.get_type_id(shapes)
    fit = np.isin(kinds, (3, 6)) & np.isfinite(shapely.bounds(shapes)).all(axis=1)
    shapes = shapes.copy()
    shapes[fit] = shapely.coverage_simplify(shapes[fit], tolerance)
    return shapes


def _in_degrees(shapes: np.ndarray, crs: AnyCRS) -> np.ndarray:
    if crs == AnyCRS(CRS):
        return shapes
    transformer = Transformer.from_crs(crs, CRS, always_xy=True)

    def onto(x: Any, y: Any) -> tuple[Any, Any]:
        return transformer.transform(x, y)

    return shapely.transform(shapes, onto, interleaved=False)


def _polygonal(shape: shapely.Geometry | None) -> shapely.Geometry:
    """Make valid and keep polygons only; what holds none becomes empty, as does what has no finite coordinates."""
    if shape is None or not np.isfinite(shapely.get_coordinates(shape)).all():
        return shapely.MultiPolygon()
    valid = shape if shape.is_valid else shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if valid.geom_type in ("Polygon", "MultiPolygon"):
        return valid
    parts = [part for part in shapely.get_parts(shapely.get_parts(valid)) if part.geom_type == "Polygon"]
    return shapely.union_all(parts) if parts else shapely.MultiPolygon()
