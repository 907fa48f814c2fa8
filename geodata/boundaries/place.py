"""Where a shape lies, measured against the shipped counties."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyogrio
import shapely

from geodata.boundaries.text import LATIN
from geodata.names import Region, region

SHARE = 0.5  # of the smaller of two shapes: what they must have in common to be one county's
MARGIN = 0.5  # degrees by which the whole may reach beyond the province's box, or fall short of it


@cache
def _reference(where: Region) -> dict[str, shapely.Geometry]:
    _, _, shapes, (codes,) = pyogrio.raw.read(where.shapes, columns=["adcode"], encoding=LATIN)
    return dict(zip(codes, shapely.from_wkb(shapes), strict=True))


def reference() -> dict[str, shapely.Geometry]:
    """Return the shipped polygons of the region by adcode."""
    return _reference(region())


@cache
def _points(where: Region) -> dict[str, shapely.Geometry]:
    return {adcode: shapely.point_on_surface(shape) for adcode, shape in _reference(where).items()}


@cache
def _tree(where: Region) -> tuple[shapely.STRtree, list[str]]:
    return shapely.STRtree(list(_reference(where).values())), list(_reference(where))


def homes(shapes: np.ndarray) -> list[str | None]:
    """Return the county in which each shape lies (a point on its surface), None outside the province."""
    tree, adcodes = _tree(region())
    found: list[str | None] = [None] * len(shapes)
    points = shapely.point_on_surface(shapes)
    points[shapely.is_empty(points)] = None
    for row, at in tree.query(points, predicate="intersects").T.tolist():
        found[row] = adcodes[at]
    return found


def in_place(adcode: str, shape: shapely.Geometry, home: str | None) -> bool:
    """Tell whether a shape is on a county's ground: its middle there, or the county's in it, or most in common."""
    if home == adcode:
        return True
    ground = reference()[adcode]
    if not ground.intersects(shape):
        return False
    if shape.intersects(_points(region())[adcode]):
        return True
    return ground.intersection(shape).area >= SHARE * min(ground.area, shape.area)


def fills_the_province(shapes: np.ndarray) -> bool:
    """Tell whether the shapes together reach as far as the province does."""
    ours = shapely.total_bounds(np.array(list(reference().values())))
    return bool(np.abs(shapely.total_bounds(shapes) - ours).max() < MARGIN)
