"""The equal-tile map: one square a county, roughly in place."""

from __future__ import annotations

import csv
import math

from geodata.names import Region, region
from geodata.outlines import MapShapes

SPREAD = 1.25  # sides of a tile from which on two counties of average size stand apart


def read_tiles(shapes: MapShapes, of: Region | None = None) -> dict[str, tuple[int, int]]:
    """Return column and row of each county's tile by adcode; both count from 0, columns eastwards, rows southwards.

    They are read from the region's file; a region without one has them laid out by where its counties lie.
    """
    path = (of or region()).tiles
    if path is None:
        return lay_out(shapes)
    with path.open(encoding="utf-8", newline="") as file:
        return {row["adcode"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)}


def lay_out(shapes: MapShapes) -> dict[str, tuple[int, int]]:
    """Give each county the free tile nearest to where it lies, those in the middle first."""
    x0, y0, x1, y1 = (side(box[n] for box in shapes.bounds.values()) for n, side in enumerate((min, min, max, max)))
    side = math.sqrt((x1 - x0) * (y1 - y0) / len(shapes.labels) / SPREAD)
    wish = {adcode: ((x - x0) / side, (y - y0) / side) for adcode, (x, y, _) in shapes.labels.items()}
    middle = tuple(sum(at[n] for at in wish.values()) / len(wish) for n in (0, 1))
    span = range(-len(wish), len(wish) + 1)
    taken: dict[tuple[int, int], str] = {}
    for adcode in sorted(wish, key=lambda one: (math.dist(wish[one], middle), one)):
        x, y = wish[adcode]
        near = ((round(x) + dx, round(y) + dy) for dx in span for dy in span)
        cell = min((one for one in near if one not in taken), key=lambda one: (math.dist(one, (x, y)), one))
        taken[cell] = adcode
    left, top = (min(cell[n] for cell in taken) for n in (0, 1))
    return {adcode: (x - left, y - top) for (x, y), adcode in sorted(taken.items(), key=lambda one: one[1])}
