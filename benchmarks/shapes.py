"""What all contenders draw: the same 87 shapes, simplified to the same 600 m, the same bands and clusters."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import geopandas as gpd
import shapely

from geodata.boundaries import read_boundaries
from geodata.outlines import ALBERS

PLAN = Path(__file__).parent.parent / "targets" / "plan"
TOLERANCE = 600.0
BANDS = ("none", "B1", "B2", "B3", "B4", "B5", "B6")
NO_COUNTY = "620200"  # 嘉峪关 is drawn, but is in no band and never matches
PALE = "#e9e9e4"
COLOURS = ("#c9cbbd", "#08306b", "#08519c", "#2171b5", "#4292c6", "#6baed6", "#9ecae1")  # as BANDS


@cache
def counties() -> gpd.GeoDataFrame:
    """Return the 87 counties in Albers metres, indexed by adcode, with ``band``, an index into `BANDS`."""
    frame = read_boundaries()[["adcode", "geometry"]].to_crs(ALBERS).set_index("adcode")
    frame["geometry"] = shapely.coverage_simplify(frame.geometry.to_numpy(), TOLERANCE)
    bands = {row["adcode"]: BANDS.index(row["band"]) for row in _rows("band_counties")}
    frame["band"] = [bands.get(adcode, 0) for adcode in frame.index]
    return frame


@cache
def clusters() -> dict[str, list[str]]:
    """Return the adcodes of each cluster, by id."""
    found: dict[str, list[str]] = {}
    for row in _rows("cluster_counties"):
        found.setdefault(row["cluster"], []).append(row["adcode"])
    return found


def matching(states: dict[str, int]) -> set[str]:
    """Return the adcodes that a filter leaves.

    Parameters
    ----------
    states : dict of str to int
        By cluster: 0 off, 1 included (any of them), 2 excluded; a press steps 0, 1, 2, 0 as the atlas's chips do.
    """
    wanted = [clusters()[cluster] for cluster, state in states.items() if state == 1]
    unwanted = [clusters()[cluster] for cluster, state in states.items() if state == 2]
    matched = set().union(*wanted) if wanted else set(counties().index) - {NO_COUNTY}
    return matched.difference(*unwanted)


def _rows(name: str) -> list[dict[str, str]]:
    with (PLAN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
