"""An oracle: the shipped CSV files read with the standard library, without the code under test."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import targets

TARGETS = Path(targets.__file__).parent
PLAN, PUBLISHED = TARGETS / "plans" / "2022-2025", TARGETS / "published"


def rows(name: str, folder: Path = PLAN) -> list[dict[str, str]]:
    """Return the rows of a shipped CSV file, as text."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts() -> dict[str, set[str]]:
    """Return for each of the 86 adcodes the ids of the options it holds, straight from the files."""
    held: dict[str, set[str]] = {r["adcode"]: {r["prefecture_code"]} for r in rows("counties")}
    for name, column in (("cluster_counties", "cluster"), ("energy_counties", "energy"), ("expressways", "year")):
        for r in rows(name):
            held[r["adcode"]].add(r[column])
    bands = {r["adcode"]: r["band"] for r in rows("band_counties")}
    for adcode in held:
        held[adcode].add(bands.get(adcode, "none"))
    return held


def by_option() -> dict[str, set[str]]:
    """Return for each option that some county holds the adcodes that hold it."""
    found: dict[str, set[str]] = defaultdict(set)
    for adcode, ids in facts().items():
        for id in ids:
            found[id].add(adcode)
    return found


def named(*names: str) -> set[str]:
    """Return the adcodes of counties given by short name."""
    codes = {r["name_short"]: r["adcode"] for r in rows("counties")}
    return {codes[name] for name in names}
