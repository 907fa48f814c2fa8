"""What the tests of a meeting's files share: a store's standing, and the shipped figures read apart from the code."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from plan_files import PUBLISHED, facts, rows

from layouts.atlas import Atlas, Standing
from layouts.view import View
from targets import progress
from targets.observations import Store

HELD = facts()
COUNTIES = {row["adcode"]: row for row in rows("counties")}
PREFECTURES = {row["adcode"]: row for row in rows("prefectures")}
BANDS = {row["id"]: row for row in rows("bands")}
BAND_OF = {row["adcode"]: row["band"] for row in rows("band_counties")}
CENSUS = {row["adcode"]: row for row in rows("census2020", PUBLISHED)}
OPENED = {row["adcode"]: row for row in rows("expressways_opened", PUBLISHED)}
JIAYUGUAN = "620200"


def standing_of(atlas: Atlas, store: Store) -> Callable[[View], Standing]:
    """Return a function from a view to what the store holds, assessed for its period."""

    def stands(view: View) -> Standing:
        observations = store.observations()
        assessment = progress.assess(atlas.counties, observations, view.period, plan=atlas.plan)
        return Standing(observations, store.batches(), store.indicators(), assessment)

    return stands


@cache
def levels() -> dict[str, tuple[int, float, dict[str, str]]]:
    """Return each county's latest full-year GDP up to 2025, from the file alone: year, 亿元, row."""
    found: dict[str, tuple[int, float, dict[str, str]]] = {}
    for row in rows("county_observations", PUBLISHED):
        if row["indicator"] == "gdp" and len(row["period"]) == 4 and row["value"] and int(row["period"]) <= 2025:
            level = (int(row["period"]), float(row["value"]), row)
            if row["adcode"] not in found or level[0] >= found[row["adcode"]][0]:
                found[row["adcode"]] = level
    return found


@cache
def floors() -> dict[str, tuple[int, float]]:
    """Return the latest amount that each county is only reported to have passed: year, 亿元."""
    found: dict[str, tuple[int, float]] = {}
    for row in rows("county_floors", PUBLISHED):
        found[row["adcode"]] = max(found.get(row["adcode"], (0, 0.0)), (int(row["period"]), float(row["at_least"])))
    return found


def lower(adcode: str) -> int | None:
    """Return a county's lower bound in 亿元."""
    return int(BANDS[BAND_OF[adcode]]["lower"]) if adcode in BAND_OF else None


@cache
def measured() -> dict[str, str]:
    """Return the counties with a figure to compare, each with its state, reckoned here: 7 % a year up to 2025."""
    found = {}
    for adcode, (year, value, _) in levels().items():
        bound, floor = lower(adcode), floors().get(adcode, (0, 0.0))
        if bound is None or (floor[0] > year and floor[1] >= bound):
            continue
        if value >= bound:
            found[adcode] = "reached"
        else:
            left = 2025 - year
            found[adcode] = "on_pace" if left and (bound / value) ** (1 / left) - 1 <= 0.07 else "behind"
    return found
