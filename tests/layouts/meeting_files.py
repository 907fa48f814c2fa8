"""What the tests of a meeting's files share: a store's standing, and the shipped figures read apart from the code."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
from plan_files import PUBLISHED, facts, rows

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.view import View
from targets import progress
from targets.evidence import settle
from targets.grades import LEAD
from targets.indicators import shipped_indicators
from targets.observations import FRAME, Store
from targets.periods import canonical
from targets.today import known_by

HELD = facts()
COUNTIES = {row["adcode"]: row for row in rows("counties")}
PREFECTURES = {row["adcode"]: row for row in rows("prefectures")}
BANDS = {row["id"]: row for row in rows("bands")}
BAND_OF = {row["adcode"]: row["band"] for row in rows("band_counties")}
CENSUS = {row["adcode"]: row for row in rows("census2020", PUBLISHED)}
OPENED = {row["adcode"]: row for row in rows("expressways_opened", PUBLISHED)}
PLANNED = {row["adcode"]: row for row in rows("expressways")}
JIAYUGUAN = "620200"
# What kinds of text judge, the firmest first; a report that nobody has signed does not.
FIRM = ("核定", "公报", "初步", "报告", "报道")
# 瓜州县: 131.7亿元 in 2023 (初步) and more than 200.2亿元 in 2024 (报道) are 52% apart, so neither judges after 2024.
CONTRADICTED = {"620922"}
BATCHES = pd.DataFrame(columns=["id", "kind", "undoes", "file", "sha256", "time", "who", "note", "rows", "live"])
Added = tuple[str, str, str, float, str]


def standing_of(atlas: Atlas, store: Store) -> Callable[[View], Standing]:
    """Return a function from a view to what the store holds, assessed for its period on the atlas's day."""

    @cache
    def stands(period: str | None) -> Standing:
        observations = settle(known_by(store.observations(), atlas.today))
        assessment = progress.assess(atlas.counties, observations, period, atlas.rules, atlas.plan)
        return Standing(observations, store.batches(), store.indicators(), assessment, atlas.rules)

    return lambda view: stands(view.period)


@cache
def standing(
    atlas: Atlas, period: str | None, *added: Added, leads: bool = True, imported_leads: tuple[Added, ...] = ()
) -> Standing:
    """Return what a store would hold with these figures imported (place, indicator, period, value, unit).

    Without `leads`, as if no lead had ever been found.
    """
    seen = atlas.published.observations
    seen = seen.assign(period=seen["period"].map(canonical))  # as the store gives it
    cells: dict[str, Any] = dict.fromkeys(FRAME, "") | {"comparator": "eq", "source": "统计局", "origin": "import"}
    for batch, status, grade, figures in ((1, "核定", "final", added), (2, "百科", LEAD, imported_leads)):
        for place, indicator, when, value, unit in figures:
            own = {"place": place, "indicator": indicator, "period": when, "value": value, "unit": unit}
            own |= {"printed": f"{value:g}", "batch": batch, "status": status, "grade": grade}
            seen = pd.concat([seen, pd.DataFrame([cells | own])[FRAME].astype(seen.dtypes.to_dict())])
    seen = seen if leads else seen[(seen["grade"] != LEAD) & (seen["comparator"] != "expected")]
    seen = settle(known_by(seen.reset_index(drop=True), atlas.today))
    when = pd.Timestamp("2025-10-20 03:04", tz="UTC")
    events = [
        (n, "import", None, file, "", when, "张三", "", len(figures), True)
        for n, file, figures in ((1, "三季度.xlsx", added), (2, "线索.xlsx", imported_leads))
        if figures
    ]
    batches = pd.DataFrame(events, columns=BATCHES.columns) if events else BATCHES
    assessment = progress.assess(atlas.counties, seen, period, atlas.rules, atlas.plan)
    return Standing(seen, batches, shipped_indicators(), assessment, atlas.rules)


@cache
def _judging() -> dict[tuple[str, int], dict[str, str]]:
    """Return the full-year GDP that judges, by county and year up to 2025, as read from the file alone."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for row in rows("county_observations", PUBLISHED):
        key = (row["adcode"], int(row["period"][:4]))
        firm = row["status"] in FIRM and row["publisher"] and row["comparator"] != "expected"
        if row["indicator"] != "gdp" or len(row["period"]) != 4 or not firm or row["adcode"] in CONTRADICTED:
            continue
        if key not in found or FIRM.index(row["status"]) < FIRM.index(found[key]["status"]):
            found[key] = row
    return found


@cache
def levels(before: int = 2026) -> dict[str, tuple[int, float, dict[str, str]]]:
    """Return each county's latest figure that is an amount, not a bound: year, 亿元, row."""
    found: dict[str, tuple[int, float, dict[str, str]]] = {}
    for (adcode, year), row in sorted(_judging().items()):
        if row["comparator"] != "at_least" and year < before:
            found[adcode] = (year, float(row["value"]), row)
    return found


@cache
def floors(before: int = 2026) -> dict[str, tuple[int, float]]:
    """Return the latest amount that each county is only reported to have passed: year, 亿元."""
    found: dict[str, tuple[int, float]] = {}
    for (adcode, year), row in sorted(_judging().items()):
        if row["comparator"] == "at_least" and year < before:
            found[adcode] = (year, float(row["value"]))
    return found


@cache
def latest() -> dict[str, tuple[int, float]]:
    """Return each county's latest figure of either sort, an amount or what it passed: year, 亿元."""
    return {adcode: (year, float(row["value"])) for (adcode, year), row in sorted(_judging().items())}


def cites(text: str, row: dict[str, str]) -> bool:
    """Whether a text names a figure's publisher, title and date."""
    title = row["title"].replace("《", "〈").replace("》", "〉")
    return all(part in text for part in (row["publisher"], title, row["date"]))


def lower(adcode: str) -> int | None:
    """Return a county's lower bound in 亿元."""
    return int(BANDS[BAND_OF[adcode]]["lower"]) if adcode in BAND_OF else None


@cache
def states(before: int = 2026) -> dict[str, str]:
    """Return the state of every county with a target once the term is over, by its figures before a year."""
    found = {}
    for adcode in BAND_OF:
        bound = lower(adcode) or 0
        year, value, _ = levels(before).get(adcode, (0, 0.0, {}))
        passed, floor = floors(before).get(adcode, (0, 0.0))
        if (passed > year and floor >= bound) or (year and value >= bound):
            found[adcode] = "reached"
        elif year == 2025:
            found[adcode] = "not_reached"
        else:
            found[adcode] = "target_year_unknown" if max(levels().get(adcode, (0,))[0], passed) else "no_figure"
    return found


def since(adcode: str, before: int = 2026) -> int:
    """Return the first year of the unbroken run of known figures, up to the latest, that cover a lower bound."""
    years = sorted((year for place, year in _judging() if place == adcode and year < before), reverse=True)
    short = [year for year in years if float(_judging()[adcode, year]["value"]) < (lower(adcode) or 0)]
    return min(year for year in years if not short or year > short[0])


@cache
def measured(before: int = 2026) -> dict[str, str]:
    """Return the counties with an amount to compare, each with its state: not those that only a bound speaks for."""
    found = {}
    for adcode, (year, _, _) in levels(before).items():
        if adcode in BAND_OF and not (
            floors(before).get(adcode, (0, 0.0))[0] > year and floors(before)[adcode][1] >= (lower(adcode) or 0)
        ):
            found[adcode] = states(before)[adcode]
    return found
