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

from geodata.names import Region, region

ALBERS = "+proj=aea +lat_1=34 +lat_2=41.5 +lat_0=37.5 +lon_0=100.5 +datum=WGS84"
UNIT = 100  # metres in one map unit, for a province as long as the shipped one
LONGEST = 14_500  # map units, about: a smaller province gets a smaller unit, so that it is drawn as finely
MARGIN = 100  # units left free on each side of the frame
COARSE_SCALE = 10  # map units in one unit of the coarse paths
TOLERANCE, COARSE_TOLERANCE = 6.0, 30.0  # map units
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

    All lengths are map units of `unit` metres, whole numbers; y grows downwards from the top-left corner of the frame.
    Path data are relative and compact (``m1 2 3-4 5 6z``), with every part and hole of a county in one path, for
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
        Frame of the dense core, which is shown once more and larger.
    inset_adcodes : tuple of str
        The counties that show in it, sorted.
    coarse : dict of str to str
        Path data for small maps; to be multiplied by `coarse_scale` to be in map units.
    coarse_scale : int
        Map units in one unit of `coarse`.
    unit : int
        Metres in one map unit.
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
    unit: int = UNIT
    notices: tuple[str, ...] = ()


def draw(gdf: gpd.GeoDataFrame, tolerance: float | None = None, of: Region | None = None) -> MapShapes:
    """Project, simplify and write the counties as SVG path data.

    Parameters
    ----------
    gdf : geopandas.GeoDataFrame
        Counties as from :func:`geodata.boundaries.read_boundaries`: columns ``adcode`` and ``prefecture_code``, and
        polygons in any CRS.
    tolerance : float, optional
        Of the simplification, in metres: corners whose triangle is smaller than about its square go. Shared borders
        stay shared. By default six map units.
    of : Region, optional
        Whose counties they are; by default the shipped one.

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
    of = of or region()
    polygons, notices = _fitted(gdf.geometry.to_crs(of.projection or _projection(gdf)).to_numpy())

    left, bottom, right, top = shapely.total_bounds(polygons)
    unit = max(10, round(max(right - left, top - bottom) / LONGEST / 10) * 10)
    tolerance = TOLERANCE * unit if tolerance is None else tolerance
    fine = _to_grid(shapely.coverage_simplify(polygons, tolerance), left, top, unit, MARGIN)
    counties = dict(zip(adcodes, map(_rings, fine), strict=True))
    rough = shapely.coverage_simplify(polygons, COARSE_TOLERANCE * unit)
    small = _to_grid(rough, left, top, unit * COARSE_SCALE, MARGIN // COARSE_SCALE)
    x1, y1 = shapely.total_bounds(fine)[2:]

    owners = _edge_owners(counties)
    groups: dict[str, list[int]] = defaultdict(list)
    for index, adcode in enumerate(adcodes):
        groups[prefecture[adcode]].append(index)
    bounds = dict(zip(adcodes, map(_box, fine), strict=True))
    inset = _inset(bounds, prefecture, of.inset or _densest(groups, shapely.area(fine)))
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
        unit=unit,
        notices=tuple(notices),
    )


def _projection(gdf: gpd.GeoDataFrame) -> str:
    """Return an equal-area projection that fits the ground of the counties."""
    west, south, east, north = gdf.to_crs("EPSG:4326").total_bounds
    sixth = (north - south) / 6
    middle = f"+lat_0={(south + north) / 2:.1f} +lon_0={(west + east) / 2:.1f}"
    return f"+proj=aea +lat_1={south + sixth:.1f} +lat_2={north - sixth:.1f} {middle} +datum=WGS84"


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


def _densest(groups: dict[str, list[int]], areas: np.ndarray) -> tuple[str, ...]:
    """Return the prefecture whose counties are the smallest, as the part that needs to be shown larger."""
    several = {code: rows for code, rows in groups.items() if len(rows) > 1} or groups
    return (min(several, key=lambda code: float(np.median(areas[several[code]]))),)


def _inset(bounds: dict[str, Box], prefecture: dict[str, str], codes: tuple[str, ...]) -> Box:
    core = [box for adcode, box in bounds.items() if {adcode, prefecture[adcode]} & set(codes)]
    x0, y0, x1, y1 = zip(*core, strict=True)
    return min(x0) - INSET_MARGIN, min(y0) - INSET_MARGIN, max(x1) + INSET_MARGIN, max(y1) + INSET_MARGIN
