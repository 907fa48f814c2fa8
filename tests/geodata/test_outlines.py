"""The drawn map: what is simplified, written as paths, labelled and framed."""

import gzip
import re

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.outlines import ALBERS, COARSE_SCALE, UNIT, draw, path_data, path_rings

points = st.tuples(st.integers(-20_000, 20_000), st.integers(-20_000, 20_000))


def filled(data):
    """Build the area that a path fills under the even-odd rule."""
    area = shapely.Polygon()
    for ring in path_rings(data):
        area = area.symmetric_difference(shapely.make_valid(shapely.Polygon(ring)))
    return area


def edges(lines, closed):
    pairs = [pair for line in lines for pair in zip(line, [*line[1:], line[0]] if closed else line[1:], strict=False)]
    return [frozenset(pair) for pair in pairs]


@pytest.fixture(scope="module")
def areas(shapes):
    return {adcode: filled(data) for adcode, data in shapes.paths.items()}


@pytest.fixture(scope="module")
def albers(shipped):
    return shipped.set_index("adcode").geometry.to_crs(ALBERS)


# --- path data -------------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(points, min_size=1, max_size=6), max_size=5), st.booleans())
def test_path_data_reads_back(lines, close):
    assert path_rings(path_data(lines, close)) == lines


def test_path_data_is_svg():
    """After z the pen is at the ring's first point, from which the next m counts."""
    assert path_data([[(1, 2), (4, 2), (4, -5)], [(0, 0), (-1, 0)]]) == "m1 2 3 0 0-7zm-1-2-1 0z"
    assert path_data([[(1, 2), (4, 2)], [(0, 0), (1, 1)]], close=False) == "m1 2 3 0m-4-2 1 1"


def test_paths_hold_nothing_but_relative_whole_numbers(shapes):
    for data in [*shapes.paths.values(), *shapes.coarse.values()]:
        assert re.fullmatch(r"(m-?\d+(?:[ -]\d+| -?\d+|-\d+)*z)+", data)
    for data in (shapes.borders, shapes.outline):
        assert re.fullmatch(r"(m-?\d+(?:[ -]\d+)+)+", data)


# --- areas and shared borders ----------------------------------------------------------------------------------------


def test_areas_stay_within_one_percent(areas, albers):
    for adcode, area in areas.items():
        assert area.area * UNIT**2 == pytest.approx(albers[adcode].area, rel=0.01), adcode


def test_simplification_keeps_shared_borders(albers):
    for tolerance in (600, 3_000):
        assert shapely.coverage_is_valid(shapely.coverage_simplify(albers.to_numpy(), tolerance))


def test_drawn_counties_neither_overlap_nor_leave_gaps(areas, albers):
    drawn = np.array(list(areas.values()))
    province = shapely.union_all(drawn)
    # Rounding to 100 m may fold a needle of a few units; that is all there may be.
    assert shapely.area(drawn).sum() - province.area < 60
    holes = [shapely.Polygon(hole).area for part in shapely.get_parts(province) for hole in part.interiors]
    assert sum(hole > 20 for hole in holes) == 2  # the exclaves of Ningxia
    assert province.area * UNIT**2 == pytest.approx(albers.area.sum(), rel=0.001)


def test_every_edge_is_either_shared_or_outline(shapes, shipped):
    """An inner edge stands in the paths of two counties, an outer edge in one, and the lines hold the right ones."""
    prefecture = dict(zip(shipped.adcode, shipped.prefecture_code, strict=True))
    owners = {}
    for adcode, data in shapes.paths.items():
        for edge in edges(path_rings(data), closed=True):
            owners.setdefault(edge, set()).add(adcode)
    assert max(map(len, owners.values())) == 2
    outline = edges(path_rings(shapes.outline), closed=False)
    borders = edges(path_rings(shapes.borders), closed=False)
    assert len(set(outline)) == len(outline) and len(set(borders)) == len(borders)  # no line twice
    assert set(outline) == {edge for edge, who in owners.items() if len(who) == 1}
    assert set(borders) == {edge for edge, who in owners.items() if len({prefecture[adcode] for adcode in who}) == 2}


def test_coarse_paths(shapes, albers):
    assert set(shapes.coarse) == set(shapes.paths)
    assert shapes.coarse_scale == COARSE_SCALE
    total = 0
    for adcode, data in shapes.coarse.items():
        area = filled(data)
        assert area.area > 0, adcode
        total += area.area
        x0, y0, x1, y1 = np.array(area.bounds) * shapes.coarse_scale
        assert np.allclose([x0, y0, x1, y1], shapes.bounds[adcode], atol=60), adcode
    assert total * (UNIT * COARSE_SCALE) ** 2 == pytest.approx(albers.area.sum(), rel=0.01)


def test_sizes(shapes):
    """What the page carries: kept small on purpose."""
    paths, coarse = "".join(shapes.paths.values()), "".join(shapes.coarse.values())
    assert len(paths) < 80_000 and len(gzip.compress(paths.encode())) < 32_000
    assert len(coarse) < 25_000


# --- places ----------------------------------------------------------------------------------------------------------


def test_frame(shapes, areas):
    boxes = np.array([area.bounds for area in areas.values()])
    x0, y0 = boxes[:, :2].min(axis=0)
    x1, y1 = boxes[:, 2:].max(axis=0)
    assert (x0, y0, shapes.width - x1, shapes.height - y1) == (100, 100, 100, 100)
    assert (x1 - x0) / 10 == pytest.approx(1440, abs=1)  # km
    assert (y1 - y0) / 10 == pytest.approx(1128, abs=1)
    assert shapes.bounds == {adcode: tuple(map(int, area.bounds)) for adcode, area in areas.items()}


def test_y_grows_southwards(shapes):
    assert shapes.labels["620923"][1] < shapes.labels["620102"][1] < shapes.labels["621222"][1]
    assert shapes.labels["620924"][0] < shapes.labels["620102"][0] < shapes.labels["621025"][0]


def test_prefecture_bounds(shapes, shipped):
    for code, members in shipped.groupby("prefecture_code").adcode:
        boxes = np.array([shapes.bounds[adcode] for adcode in members])
        assert shapes.prefecture_bounds[code] == (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    assert len(shapes.prefecture_bounds) == len(shapes.prefecture_labels) == 14


def test_labels_lie_in_the_largest_part(shapes, areas):
    for adcode, (x, y, r) in shapes.labels.items():
        largest = max(shapely.get_parts(areas[adcode]), key=shapely.area)
        # Whole units: the circle may stand out by its rounding.
        assert largest.buffer(2).contains(shapely.Point(x, y).buffer(r)), adcode
        assert largest.contains(shapely.Point(x, y)) and r > 0


def test_prefecture_labels_lie_in_the_prefecture(shapes, areas, shipped):
    for code, members in shipped.groupby("prefecture_code").adcode:
        x, y, r = shapes.prefecture_labels[code]
        land = shapely.union_all([areas[adcode] for adcode in members])
        assert land.contains(shapely.Point(x, y))
        assert r >= max(shapes.labels[adcode][2] for adcode in members) - 2


def test_neighbours(shapes, shipped):
    name = dict(zip(shipped.adcode, shipped.name_short, strict=True))
    for adcode, others in shapes.neighbours.items():
        assert others and list(others) == sorted(set(others)) and adcode not in others
        assert all(adcode in shapes.neighbours[other] for other in others)
    assert {name[other] for other in shapes.neighbours["620102"]} == {"七里河区", "安宁区", "皋兰县", "榆中县"}
    assert {name[other] for other in shapes.neighbours["620924"]} == {"敦煌市", "肃北县"}


def test_neighbours_are_those_of_the_exact_polygons(shapes, albers):
    polygons = albers.to_numpy()
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    length = shapely.length(shapely.intersection(polygons[left], polygons[right]))
    shared = (left != right) & (length > 0)
    exact = set(zip(albers.index[left[shared]], albers.index[right[shared]], strict=True))
    drawn = {(a, b) for a, others in shapes.neighbours.items() for b in others}
    assert drawn == exact


def test_inset(shapes, areas):
    x0, y0, x1, y1 = shapes.inset
    assert 0 < x0 < x1 < shapes.width and 0 < y0 < y1 < shapes.height
    frame = shapely.box(*shapes.inset)
    core = ["620102", "620103", "620104", "620105", "620111", *(code for code in areas if code.startswith("6229"))]
    assert all(frame.contains(areas[adcode]) for adcode in core)
    assert set(shapes.inset_adcodes) == {adcode for adcode, area in areas.items() if area.intersects(frame)}
    assert shapes.width / (x1 - x0) > 8  # it enlarges


# --- other polygons --------------------------------------------------------------------------------------------------


def test_any_crs_draws_the_same_map(shipped, shapes):
    other = draw(shipped.to_crs("EPSG:4545"))
    assert (other.width, other.height) == (shapes.width, shapes.height)
    assert other.neighbours == shapes.neighbours


def test_tolerance(shipped, shapes):
    rough = draw(shipped, tolerance=2_000)
    assert len("".join(rough.paths.values())) < len("".join(shapes.paths.values())) * 0.6
    assert rough.neighbours == shapes.neighbours


@pytest.mark.parametrize("metres", [5, 60])
def test_polygons_that_do_not_fit_are_mended(shipped, shapes, areas, metres):
    """Each corner is moved by itself, as when counties were digitised apart."""
    messy = shipped.to_crs(ALBERS)
    shaken = [
        shapely.transform(polygon, lambda xy, seed=seed: xy + metres * np.sin(xy * 0.7 + seed))
        for seed, polygon in enumerate(messy.geometry)
    ]
    messy = gpd.GeoDataFrame(messy.drop(columns="geometry"), geometry=shapely.make_valid(shaken), crs=ALBERS)
    drawn = draw(messy)
    assert len(drawn.notices) == 1 and "mended" in drawn.notices[0]
    assert not shapes.notices
    assert len(drawn.paths) == 87
    for adcode, data in drawn.paths.items():
        assert filled(data).area == pytest.approx(areas[adcode].area, rel=0.05), adcode
    pairs = {(a, b) for a, others in shapes.neighbours.items() for b in others}
    kept = {(a, b) for a, others in drawn.neighbours.items() for b in others}
    assert len(pairs & kept) / len(pairs | kept) > 0.95
    assert shapely.union_all([filled(data) for data in drawn.paths.values()]).area == pytest.approx(
        sum(area.area for area in areas.values()), rel=0.005
    )


def test_a_county_under_another_is_drawn(shipped):
    over = shipped.copy()
    row, other = 3, 2
    over.loc[row, "geometry"] = over.geometry[other]
    drawn = draw(over)
    assert all(drawn.paths.values()) and drawn.notices


def test_no_crs(shipped):
    with pytest.raises(ValueError, match="CRS"):
        draw(shipped.set_crs(None, allow_override=True))
