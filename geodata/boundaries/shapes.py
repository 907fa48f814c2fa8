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

from geodata.boundaries.attributes import Layer, Packed
from geodata.boundaries.message import Refused, notice, quote, refused
from geodata.boundaries.place import DEGREE, province
from geodata.boundaries.systems import fitting
from geodata.boundaries.text import LATIN

CRS = "EPSG:4326"
MANY = 1_000_000  # vertices from which on they are simplified first
TOLERANCE = 60.0  # metres: a tenth of what the map itself leaves out
FINE = 1_000_000  # parts of a cell, by which vertices are told apart
FAR = 1.0  # degrees from the province's box beyond which a row's box says enough
Say = Callable[[str], None]


@dataclass(frozen=True)
class Shapes:
    """Shapes in longitude and latitude (empty where there is none), and what was measured on the way."""

    shapes: np.ndarray
    broken: np.ndarray  # of bool: which were invalid
    crs: AnyCRS
    bounds: np.ndarray  # of each shape, in the file's own coordinates
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
    packed, said = layer.packed or _packed(layer)
    shapes = shapely.force_2d(shapely.from_wkb(packed, on_invalid="fix"))
    bounds = shapely.bounds(shapes)
    corner = _corner(shapes)
    if corner is None:
        raise refused("empty")
    crs = _crs(said, layer, bounds, corner)
    count = int(shapely.get_num_coordinates(shapes).sum())
    notices = []
    if large := count > many:
        if say:
            say(f"正在简化 {count / 1e4:.0f} 万个顶点… / simplifying {count / 1e6:.1f} million vertices…")
        tolerance = TOLERANCE / (DEGREE if crs.is_geographic else crs.axis_info[0].unit_conversion_factor)
        shapes = _simplified(_thinned(_far_as_boxes(shapes, bounds, crs), tolerance), tolerance)
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
        raise _no_crs(crs.name, layer, bounds, corner) from error
    lost = int((~np.isfinite(shapely.bounds(shapes)).all(axis=1) & (shapely.get_num_coordinates(shapes) > 0)).sum())
    # Once simplified, what is invalid may be so by that: nothing is said of the file's own shapes.
    broken = ~(shapely.is_valid(shapes) | shapely.is_missing(shapes)) & ~large
    shapes = np.array([_polygonal(shape) for shape in shapes], dtype=object)
    if shapely.is_empty(shapes).all() and not lost:
        raise refused("empty")
    return Shapes(shapes, broken, crs, bounds, corner, lost, tuple(notices))


def _packed(layer: Layer) -> Packed:
    meta, _, packed, _ = pyogrio.raw.read(layer.source.path, layer=layer.name, columns=[], encoding=LATIN)
    return Packed(packed, meta["crs"])


def _crs(said: str | None, layer: Layer, bounds: np.ndarray, corner: tuple[float, float]) -> AnyCRS:
    try:
        crs = AnyCRS.from_user_input(said)
    except CRSError as error:
        raise _no_crs(layer.source.projection, layer, bounds, corner) from error
    if not (crs.is_geographic or crs.is_projected):
        raise _no_crs(crs.name, layer, bounds, corner)
    return crs


def _no_crs(said: str, layer: Layer, bounds: np.ndarray, corner: tuple[float, float]) -> Refused:
    fits, fits_en = fitting(bounds, layer.guessed, None)
    says = (f"(写的是“{quote(said, 60)}”)", f" (it says “{quote(said, 60)}”)") if said else ("", "")
    point = "({:.9g}, {:.9g})".format(*corner)
    return refused("no_crs", said=says[0], said_en=says[1], point=point, fits=fits, fits_en=fits_en)


def _corner(shapes: np.ndarray) -> tuple[float, float] | None:
    for shape in shapes:
        if shape is not None and not shape.is_empty:
            x, y = shapely.get_coordinates(shape)[0]
            return float(x), float(y)
    return None


def _far_as_boxes(shapes: np.ndarray, bounds: np.ndarray, crs: AnyCRS) -> np.ndarray:
    """Put the box in place of what lies far from the province: the rest of a country is not to be simplified."""
    west, south, east, north = bounds.T
    try:
        there = _in_degrees(shapely.points(np.r_[west, west, east, east], np.r_[south, north, south, north]), crs)
    except (CRSError, ProjError):
        return shapes
    corners = shapely.get_coordinates(there).reshape(4, len(shapes), 2)
    x0, y0, x1, y1 = province()
    low, high = corners.min(axis=0), corners.max(axis=0)
    far = (low > (x1 + FAR, y1 + FAR)).any(axis=1) | (high < (x0 - FAR, y0 - FAR)).any(axis=1)
    far &= _polygons(shapes)
    shapes = shapes.copy()
    shapes[far] = shapely.box(*bounds[far].T)
    return shapes


def _polygons(shapes: np.ndarray) -> np.ndarray:
    return np.isin(shapely.get_type_id(shapes), (3, 6)) & np.isfinite(shapely.bounds(shapes)).all(axis=1)


def _thinned(shapes: np.ndarray, cell: float) -> np.ndarray:
    """Keep one vertex where a line of many goes from one cell of a grid to the next: on the side of the higher number.

    Simplifying costs far more, and has then fewer to weigh. A vertex goes or stays by itself and its two neighbours,
    in whichever direction; where borders meet it stays. So shared borders stay shared.
    """
    fit = _polygons(shapes)
    if not fit.any():
        return shapes
    kind, points, (rings, *levels) = shapely.to_ragged_array(shapes[fit])
    fine = np.rint((points - points.min(axis=0)) * (FINE / cell)).astype(np.int64)  # equal, whatever the last digits
    cells = fine // FINE @ (1 << 32, 1)
    # Rings are closed: what follows the last vertex, which is the first again, is the second; and so backwards.
    first, last = rings[:-1], rings[1:] - 1
    after, before = np.arange(1, len(points) + 1), np.arange(-1, len(points) - 1)
    after[last], before[first] = first + 1, last - 1
    far = (np.abs(points - points[after]) > cell).any(axis=1)
    kept = _meeting(fine, after, before) | far | far[before] | (cells > cells[after]) | (cells > cells[before])
    kept |= np.repeat(np.add.reduceat(kept, first, dtype=np.int64) < 6, np.diff(rings))
    # Where a ring begins says nothing: it begins with the first that stays, and ends with it.
    kept[first] = False
    where = np.flatnonzero(kept)
    counts = np.add.reduceat(kept, first, dtype=np.int64)
    starts = np.r_[0, np.cumsum(counts)[:-1]]
    points = np.insert(points[where], starts + counts, points[where[starts]], axis=0)
    shapes = shapes.copy()
    shapes[fit] = shapely.from_ragged_array(kind, points, (np.r_[0, np.cumsum(counts + 1)], *levels))
    return shapes


def _meeting(points: np.ndarray, after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Tell which vertices have other neighbours in another ring: there borders meet. A few others pass for such."""
    x, y = points.view(np.uint64).T
    mixed = (x * np.uint64(0x9E3779B97F4A7C15) + y) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    size = max(16, int(4 * len(points)).bit_length())
    place = (mixed >> np.uint64(64 - size)).astype(np.int64)
    marks = (mixed >> np.uint64(9)).astype(np.uint32)
    pairs = marks[after] + marks[before]
    table = np.zeros(1 << size, dtype=np.uint32)
    table[place] = pairs
    meet = np.zeros(1 << size, dtype=bool)
    meet[place[table[place] != pairs]] = True
    return meet[place]


def _simplified(shapes: np.ndarray, tolerance: float) -> np.ndarray:
    """Simplify with shared borders shared still; what is no polygon stays as it is."""
    fit = _polygons(shapes)
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
