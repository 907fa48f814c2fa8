"""Where a shape lies, measured against the shipped counties."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyogrio
import shapely
from pyproj import Geod

from geodata.boundaries.text import LATIN
from geodata.names import SHAPEFILE, known_counties

EXTENT = 0.1  # of the larger of two areas: what the smaller must have, for both to be one county's
SHARE = 0.5  # of the smaller of two shapes: what they must have in common to be one county's
SHIFT = 250.0  # metres by which all shapes must lie off, to say so
DEGREE = 111_320.0  # metres
MARGIN = 0.5  # degrees by which the whole may reach beyond the province's box, or fall short of it


@cache
def reference() -> dict[str, shapely.Geometry]:
    """Return the shipped polygons by adcode."""
    _, _, shapes, (codes,) = pyogrio.raw.read(SHAPEFILE, columns=["adcode"], encoding=LATIN)
    return dict(zip(codes, shapely.from_wkb(shapes), strict=True))


@cache
def province() -> tuple[float, float, float, float]:
    """Return the box of the province, in degrees."""
    west, south, east, north = shapely.total_bounds(np.array(list(reference().values())))
    return float(west), float(south), float(east), float(north)


@cache
def _points() -> dict[str, shapely.Geometry]:
    return {adcode: shapely.point_on_surface(shape) for adcode, shape in reference().items()}


@cache
def _tree() -> tuple[shapely.STRtree, list[str]]:
    return shapely.STRtree(list(reference().values())), list(reference())


def homes(shapes: np.ndarray) -> list[str | None]:
    """Return the county in which each shape lies (a point on its surface), None outside the province."""
    tree, adcodes = _tree()
    found: list[str | None] = [None] * len(shapes)
    points = shapely.point_on_surface(shapes)
    points[shapely.is_empty(points)] = None
    for row, at in tree.query(points, predicate="intersects").T.tolist():
        found[row] = adcodes[at]
    return found


def in_place(adcode: str, shape: shapely.Geometry, home: str | None) -> bool:
    """Tell whether a shape is a county's: about as large, its middle there, or the county's in it, or most in common.

    A prefecture's shape under the name of a county has the county's middle in it, but not its extent.
    """
    ground = reference()[adcode]
    if not EXTENT <= shape.area / ground.area <= 1 / EXTENT:
        return False
    if home == adcode:
        return True
    if not ground.intersects(shape):
        return False
    if shape.intersects(_points()[adcode]):
        return True
    return ground.intersection(shape).area >= SHARE * min(ground.area, shape.area)


def on_ground(adcode: str, shape: shapely.Geometry, home: str | None) -> bool:
    """Tell whether a shape lies on or over a county, whatever its extent."""
    return home == adcode or bool(shape.intersects(_points()[adcode]))


def overlaps(counties: dict[str, shapely.Geometry]) -> dict[str, list[str]]:
    """Return the counties whose shape lies over the middle of smaller ones, and over which.

    临夏县 drawn without its hole lies over 临夏市, which it does surround: that the drawing mends.
    """
    adcodes, shapes = list(counties), np.array(list(counties.values()))
    pairs = shapely.STRtree(shapes).query(shapely.point_on_surface(shapes), predicate="intersects").T.tolist()
    found: dict[str, list[str]] = {}
    for small, large in pairs:
        one, other = adcodes[large], adcodes[small]
        if small != large and shapes[large].area > shapes[small].area and not _surrounds(one, other):
            found.setdefault(one, []).append(other)
    return found


def _surrounds(adcode: str, other: str) -> bool:
    rings = [part.exterior for part in shapely.get_parts(reference()[adcode])]
    return any(shapely.Polygon(ring).contains(_points()[other]) for ring in rings)


def reaches_over(shape: shapely.Geometry) -> bool:
    """Tell whether a shape reaches over several counties."""
    return len(shapely.STRtree(list(_points().values())).query(shape, predicate="intersects")) > 1


def areas(adcode: str, shape: shapely.Geometry) -> tuple[float, float]:
    """Return the area of a shape and that of the county, in square kilometres."""
    globe = Geod(ellps="WGS84")
    one, two = (abs(globe.geometry_area_perimeter(each)[0]) / 1e6 for each in (shape, reference()[adcode]))
    return one, two


def offset(shapes: np.ndarray) -> tuple[float, float]:
    """Return by how many metres the counties' shapes (in the order of the code) lie east and north of the shipped ones.

    (0, 0) where they do not all lie off alike.
    """
    ours = shapely.get_coordinates(shapely.centroid([reference()[adcode] for adcode in known_counties()]))
    off = (shapely.get_coordinates(shapely.centroid(shapes)) - ours) * DEGREE
    off[:, 0] *= np.cos(np.radians(ours[:, 1]))
    middle = np.median(off, axis=0)
    apart = float(np.median(np.hypot(*(off - middle).T)))
    size = float(np.hypot(*middle))
    return (float(middle[0]), float(middle[1])) if size > SHIFT and apart < size / 3 else (0.0, 0.0)


def fills_the_province(shapes: np.ndarray) -> bool:
    """Tell whether the shapes together reach as far as the province does."""
    return bool(np.abs(shapely.total_bounds(shapes) - province()).max() < MARGIN)
