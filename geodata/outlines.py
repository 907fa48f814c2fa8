"""From county polygons to the drawn map: Albers projection, simplification with shared borders, SVG path data.

Everything here is pure. One map unit is 100 m on the ground; y grows downwards from the top-left corner of the frame.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise

import geopandas as gpd
import numpy as np
import shapely

ALBERS = "+proj=aea +lat_1=34 +lat_2=41.5 +lat_0=37.5 +lon_0=100.5 +datum=WGS84"
UNIT = 100  # metres in one map unit
MARGIN = 100  # units left free on each side of the frame
COARSE_SCALE = 10  # map units in one unit of the coarse paths
COARSE_TOLERANCE = 3_000.0  # metres
# The inset shows the districts of Lanzhou's valley and Linxia's counties, too small for the whole province's scale.
CORE = ("620102", "620103", "620104", "620105", "620111")
CORE_PREFECTURE = "622900"
INSET_MARGIN = 40
# A user's polygons may not fit edge to edge: nearer vertices are joined, narrower gaps closed (metres).
SNAP = 20.0
GAP = 300.0

Box = tuple[int, int, int, int]
Label = tuple[int, int, int]
Point = tuple[int, int]
Ring = list[Point]  # closed: the first point again at the end is left out
Edge = tuple[Point, Point]


@dataclass(frozen=True)
class MapShapes:
    """The county map, ready to be drawn.

    All lengths are map units of 100 m, whole numbers; y grows downwards from the top-left corner of the frame. Path
    data are relative and compact (``m1 2 3-4 5 6z``), with every part and hole of a county in one path, for
    ``fill-rule="evenodd"``.

    Attributes
    ----------
    width, height : int
        Size of the frame.
    paths : dict of str to str
        Path data by adcode.
    borders : str
        Path data of the lines between counties of different prefectures, each line once.
    outline : str
        Path data of the outer line of the province, with its holes.
    labels : dict of str to (x, y, r)
        By adcode: centre and radius of the largest circle inside the county's largest part.
    prefecture_labels : dict of str to (x, y, r)
        The same for each prefecture.
    bounds, prefecture_bounds : dict of str to (x0, y0, x1, y1)
        Boxes by adcode, and by prefecture code.
    neighbours : dict of str to tuple of str
        By adcode: the counties that share a border line (a common point alone is not enough), sorted.
    inset : (x0, y0, x1, y1)
        Frame of the Lanzhou–Linxia core.
    inset_adcodes : tuple of str
        The counties that show in it, sorted.
    coarse : dict of str to str
        Path data for small maps; to be multiplied by `coarse_scale` to be in map units.
    coarse_scale : int
        Map units in one unit of `coarse`.
    notices : tuple of str
        What was mended on the way, for the user.
    """

    width: int
    height: int
    paths: dict[str, str]
    borders: str
    outline: str
    labels: dict[str, Label]
    prefecture_labels: dict[str, Label]
    bounds: dict[str, Box]
    prefecture_bounds: dict[str, Box]
    neighbours: dict[str, tuple[str, ...]]
    inset: Box
    inset_adcodes: tuple[str, ...]
    coarse: dict[str, str]
    coarse_scale: int = COARSE_SCALE
    notices: tuple[str, ...] = ()


def draw(gdf: gpd.GeoDataFrame, tolerance: float = 600.0) -> MapShapes:
    """Project, simplify and write the counties as SVG path data.

    Parameters
    ----------
    gdf : geopandas.GeoDataFrame
        Counties as from :func:`geodata.boundaries.read_boundaries`: columns ``adcode`` and ``prefecture_code``, and
        polygons in any CRS.
    tolerance : float
        Of the simplification, in metres: corners whose triangle is smaller than about its square go. Shared borders
        stay shared.

    Returns
    -------
    MapShapes

    Raises
    ------
    ValueError
        If `gdf` has no CRS.

    Examples
    --------
    >>> from geodata.boundaries import read_boundaries
    >>> shapes = draw(read_boundaries())
    >>> len(shapes.paths), "620123" in shapes.neighbours["620102"]
    (87, True)
    """
    if gdf.crs is None:
        raise ValueError("draw: the GeoDataFrame has no CRS")
    adcodes = gdf["adcode"].tolist()
    prefecture = dict(zip(adcodes, gdf["prefecture_code"], strict=True))
    polygons, notices = _fitted(gdf.geometry.to_crs(ALBERS).to_numpy())

    left, _, _, top = shapely.total_bounds(polygons)
    fine = _to_grid(shapely.coverage_simplify(polygons, tolerance), left, top, UNIT, MARGIN)
    counties = dict(zip(adcodes, map(_rings, fine), strict=True))
    rough = shapely.coverage_simplify(polygons, COARSE_TOLERANCE)
    small = _to_grid(rough, left, top, UNIT * COARSE_SCALE, MARGIN // COARSE_SCALE)
    x1, y1 = shapely.total_bounds(fine)[2:]

    owners = _edge_owners(counties)
    groups: dict[str, list[int]] = defaultdict(list)
    for index, adcode in enumerate(adcodes):
        groups[prefecture[adcode]].append(index)
    bounds = dict(zip(adcodes, map(_box, fine), strict=True))
    inset = _inset(bounds, prefecture)
    in_inset = shapely.intersects(fine, shapely.box(*inset))
    return MapShapes(
        width=int(x1) + MARGIN,
        height=int(y1) + MARGIN,
        paths={adcode: path_data(rings) for adcode, rings in counties.items()},
        borders=_lines(edge for edge, who in owners.items() if len({prefecture[adcode] for adcode in who}) > 1),
        outline=_lines(edge for edge, who in owners.items() if len(who) == 1),
        labels={adcode: _label(polygon) for adcode, polygon in zip(adcodes, fine, strict=True)},
        prefecture_labels={code: _label(_union(fine[rows])) for code, rows in groups.items()},
        bounds=bounds,
        prefecture_bounds={code: _box(fine[rows]) for code, rows in groups.items()},
        neighbours=_neighbours(adcodes, owners),
        inset=inset,
        inset_adcodes=tuple(sorted(adcode for adcode, inside in zip(adcodes, in_inset, strict=True) if inside)),
        coarse={adcode: path_data(_rings(polygon)) for adcode, polygon in zip(adcodes, small, strict=True)},
        notices=tuple(notices),
    )


def path_data(lines: Iterable[Ring], close: bool = True) -> str:
    """Write rings (or, with ``close=False``, open lines) of whole-number points as relative SVG path data.

    Examples
    --------
    >>> path_data([[(1, 2), (4, 2), (4, 0)]])
    'm1 2 3 0 0-2z'
    """
    text: list[str] = []
    here = (0, 0)
    for line in lines:
        steps = []
        start = line[0]
        for x, y in line:
            steps += [x - here[0], y - here[1]]
            here = (x, y)
        text.append("m" + re.sub(" -", "-", " ".join(map(str, steps))))
        if close:
            text.append("z")
            here = start  # after z the pen is back at the ring's first point
    return "".join(text)


def path_rings(data: str) -> list[Ring]:
    """Read path data as written by :func:`path_data` back into lists of absolute points."""
    rings = []
    x = y = 0
    for part in data.split("m")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        ring = []
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        if part.endswith("z"):
            x, y = ring[0]
        rings.append(ring)
    return rings


def _fitted(polygons: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Return polygons that fit edge to edge, and a notice if they had to be mended."""
    if shapely.coverage_is_valid(polygons):
        return polygons, []
    mended = shapely.coverage_clean(shapely.force_2d(polygons), gap_width=GAP, snapping_distance=SNAP)
    lost = shapely.is_empty(mended)
    mended[lost] = polygons[lost]  # one covered wholly by another is drawn all the same
    return mended, [
        "相邻的县界不吻合,已修整后绘制 / neighbouring polygons did not fit edge to edge: mended before drawing"
    ]


def _to_grid(polygons: np.ndarray, left: float, top: float, unit: int, margin: int) -> np.ndarray:
    """Move to the frame and round to whole units; common vertices stay common, since equal in gives equal out."""

    def onto(xy: np.ndarray) -> np.ndarray:
        return np.rint((xy - (left, top)) * (1 / unit, -1 / unit)) + margin

    return shapely.transform(polygons, onto)


def _rings(polygon: shapely.Geometry) -> list[Ring]:
    """List every ring's points without repeats; rings that rounding shrank to a line go, unless there is no other."""
    rings = []
    for ring in shapely.get_rings(shapely.get_parts(polygon)):
        points = [(int(x), int(y)) for x, y in shapely.get_coordinates(ring)]
        rings.append([points[0]] + [point for before, point in pairwise(points[:-1]) if point != before])
    return [ring for ring in rings if len(set(ring)) > 2] or rings[:1]


def _edge_owners(counties: dict[str, list[Ring]]) -> dict[Edge, set[str]]:
    """Map each edge (its ends in order) to the counties that it bounds."""
    owners: dict[Edge, set[str]] = defaultdict(set)
    for adcode, rings in counties.items():
        for ring in rings:
            for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
                owners[(a, b) if a < b else (b, a)].add(adcode)
    return owners


def _neighbours(adcodes: list[str], owners: dict[Edge, set[str]]) -> dict[str, tuple[str, ...]]:
    pairs = {pair for who in owners.values() if len(who) > 1 for pair in combinations(sorted(who), 2)}
    found: dict[str, list[str]] = {adcode: [] for adcode in adcodes}
    for a, b in sorted(pairs):
        found[a].append(b)
        found[b].append(a)
    return {adcode: tuple(sorted(others)) for adcode, others in found.items()}


def _lines(edges: Iterable[Edge]) -> str:
    """Join edges to lines as long as possible and write them."""
    merged = shapely.line_merge(shapely.multilinestrings([shapely.linestrings(edge) for edge in edges]))
    lines = [[(int(x), int(y)) for x, y in shapely.get_coordinates(line)] for line in shapely.get_parts(merged)]
    return path_data(lines, close=False)


def _label(polygon: shapely.Geometry) -> Label:
    """Find the centre and radius of the largest circle inside the largest part."""
    parts = shapely.get_parts(shapely.make_valid(polygon))
    largest = parts[np.argmax(shapely.area(parts))]
    radius = shapely.maximum_inscribed_circle(largest, tolerance=1.0)
    (x, y), _ = shapely.get_coordinates(radius)
    return round(x), round(y), int(shapely.length(radius))


def _union(polygons: np.ndarray) -> shapely.Geometry:
    """Join polygons, which rounding may have made to touch themselves."""
    return shapely.union_all(shapely.make_valid(polygons))


def _box(polygons: np.ndarray | shapely.Geometry) -> Box:
    x0, y0, x1, y1 = shapely.total_bounds(polygons)
    return int(x0), int(y0), int(x1), int(y1)


def _inset(bounds: dict[str, Box], prefecture: dict[str, str]) -> Box:
    core = [box for adcode, box in bounds.items() if adcode in CORE or prefecture[adcode] == CORE_PREFECTURE]
    x0, y0, x1, y1 = zip(*core, strict=True)
    return min(x0) - INSET_MARGIN, min(y0) - INSET_MARGIN, max(x1) + INSET_MARGIN, max(y1) + INSET_MARGIN
