"""The equal-tile map: one tile a county, prefectures in one piece, neighbours and directions mostly kept."""

import itertools

import numpy as np
import pytest
import shapely

from geodata.names import known_counties
from geodata.tiles import read_tiles

# Measured on the shipped tiles; a grid has at most four sides a tile, so not every one of the 203 pairs can be kept.
SIDE_SHARE, CORNER_SHARE, TRUE_SHARE, ORDER_SHARE = 0.55, 0.80, 0.84, 0.95


@pytest.fixture(scope="module")
def tiles(shapes):
    return read_tiles(shapes)


@pytest.fixture(scope="module")
def true_pairs(shapes):
    return {frozenset((a, b)) for a, others in shapes.neighbours.items() for b in others}


def pairs_within(tiles, distance):
    """Find the pairs of tiles at most so far apart; 1 is a common side, 1.5 a side or a corner."""
    return {
        frozenset((a, b))
        for a, b in itertools.combinations(tiles, 2)
        if np.hypot(*np.subtract(tiles[a], tiles[b])) <= distance
    }


def prefectures(pairs):
    return {frozenset(known_counties()[adcode].prefecture_code for adcode in pair) for pair in pairs} - {
        frozenset([county.prefecture_code]) for county in known_counties().values()
    }


def test_one_tile_a_county(tiles):
    assert list(tiles) == list(known_counties())
    assert len(set(tiles.values())) == 87
    columns, rows = zip(*tiles.values(), strict=True)
    assert min(columns) == min(rows) == 0
    assert 1.3 <= (max(columns) + 1) / (max(rows) + 1) <= 1.6


def test_prefectures_lie_in_one_piece(tiles):
    for code in {county.prefecture_code for county in known_counties().values()}:
        cells = [tiles[adcode] for adcode, county in known_counties().items() if county.prefecture_code == code]
        # Squares joined at their corners only do not make one polygon.
        assert shapely.union_all([shapely.box(x, y, x + 1, y + 1) for x, y in cells]).geom_type == "Polygon", code


def test_province_lies_in_one_piece(tiles):
    assert shapely.union_all([shapely.box(x, y, x + 1, y + 1) for x, y in tiles.values()]).geom_type == "Polygon"


def test_no_hole_is_enclosed(tiles):
    taken = set(tiles.values())
    beside = [
        {(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)} for x in range(21) for y in range(14) if (x, y) not in taken
    ]
    assert not [cells for cells in beside if cells <= taken]


def test_neighbours_kept(tiles, true_pairs):
    beside, touching = pairs_within(tiles, 1), pairs_within(tiles, 1.5)
    assert len(beside & true_pairs) / len(true_pairs) >= SIDE_SHARE
    assert len(touching & true_pairs) / len(true_pairs) >= CORNER_SHARE
    assert len(beside & true_pairs) / len(beside) >= TRUE_SHARE


def test_prefectures_beside_their_true_neighbours(tiles, true_pairs):
    kept, true = prefectures(pairs_within(tiles, 1)), prefectures(true_pairs)
    assert kept <= true  # none stands beside a stranger
    assert len(true - kept) <= 1


def test_order_kept(tiles, shapes):
    """Of two counties in different columns the western is left; of two in different rows the northern is above."""
    right = wrong = 0
    for a, b in itertools.combinations(tiles, 2):
        for axis in (0, 1):
            seen = np.sign(tiles[a][axis] - tiles[b][axis])
            if seen:
                agrees = seen == np.sign(shapes.labels[a][axis] - shapes.labels[b][axis])
                right, wrong = right + agrees, wrong + (not agrees)
    assert right / (right + wrong) >= ORDER_SHARE
