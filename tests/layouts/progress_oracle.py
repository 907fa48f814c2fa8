"""How every county stands, worked out from the shipped CSV files and a user's table with a pencil's arithmetic.

Written apart from the code under test: nothing of ``targets.evidence`` or ``targets.progress`` is used here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from plan_files import PUBLISHED, rows

END, BEGIN, PACE, MOST = 2025, 2022, Decimal("0.07"), Decimal("1.3")
# From the firmest; what is neither is a lead.
ORDER = {"核定": 0, "公报": 1, "初步": 2, "报告": 3, "报道": 3}


@dataclass(frozen=True)
class Figure:
    """A full year's GDP of a county that may judge, in 亿元."""

    year: int
    value: Decimal
    comparator: str
    status: str
    printed: str
    imported: bool = False

    @property
    def rank(self) -> int:
        return ORDER[self.status]

    @property
    def half(self) -> Decimal:
        """Half a step of the last printed digit."""
        digits = re.search(r"\d+(?:\.(\d+))?", self.printed)
        assert digits, self.printed
        return Decimal(5).scaleb(-len(digits[1] or "") - 1)


@dataclass(frozen=True)
class Stands:
    """How a county with a target stands; `level` and `floor` are the figures behind it, if any."""

    state: str
    lower: Decimal
    level: Figure | None
    floor: Figure | None

    @property
    def by_floor(self) -> bool:
        return self.state == "reached" and self.floor is not None and self.floor.value >= self.lower

    @property
    def drawn(self) -> bool:
        """Whether its figure is measured against the bound."""
        return self.level is not None and not self.by_floor and self.state != "no_figure"


@cache
def bounds() -> dict[str, tuple[Decimal, Decimal | None]]:
    """Return lower and upper bound of each county listed in 专栏一."""
    bands = {r["id"]: r for r in rows("bands")}
    found = {}
    for row in rows("band_counties"):
        band = bands[row["band"]]
        found[row["adcode"]] = Decimal(band["lower"]), Decimal(band["upper"]) if band["upper"] else None
    return found


def ended(period: str, today: date) -> bool:
    """Whether a year, quarter or month is over."""
    year, quarter, month = re.fullmatch(r"(\d{4})(?:Q(\d)|-(\d\d))?", period).groups()
    last = int(quarter) * 3 if quarter else int(month or 12)
    return date(int(year) + last // 12, last % 12 + 1, 1) <= today.replace(day=1) or date(int(year), 12, 31) <= today


def is_lead(row: Mapping[str, str]) -> bool:
    unsigned = row["status"] in ("报告", "报道") and not row["publisher"]
    return row["status"] not in ORDER or unsigned or row["comparator"] == "expected"


@cache
def gdp_rows(today: date) -> tuple[dict[str, str], ...]:
    """Return the published GDP figures of counties, of periods that are over."""
    found = tuple(r for r in rows("county_observations", PUBLISHED) if r["indicator"] == "gdp")
    assert {r["unit"] for r in found} == {"亿元"}
    return tuple(r for r in found if ended(r["period"], today))


@cache
def leads(today: date) -> tuple[dict[str, str], ...]:
    return tuple(r for r in gdp_rows(today) if is_lead(r))


def far(one: Figure, other: Figure) -> bool:
    """Whether no growth of 30 % a year leads from one to the other."""
    first, last = sorted((one, other), key=lambda f: f.year)
    most = MOST ** (last.year - first.year)
    if last.value > first.value * most:
        return first.comparator != "at_least"
    return last.value * most < first.value and last.comparator != "at_least"


def weighed(figures: list[Figure]) -> tuple[list[Figure], list[Figure]]:
    """Return the figures of a county that judge, one a year, and those that contradict each other."""
    kept: list[Figure] = []
    clash: list[Figure] = []
    for year in sorted({f.year for f in figures}):
        mine = [f for f in figures if f.year == year]
        own = [f for f in mine if f.imported]
        mine = sorted(own or mine, key=lambda f: f.rank)
        against = [f for f in mine[1:] if abs(f.value - mine[0].value) > f.half + mine[0].half]
        if against:
            clash += [mine[0], *against]
        else:
            kept.append(mine[0])
    jumps = []
    for one in kept:
        better = [f for f in kept if f.rank < one.rank]
        if better:
            nearest = min(better, key=lambda f: (abs(f.year - one.year), f.year))
            jumps += [one, nearest] if far(one, nearest) else []
    return [f for f in kept if f not in jumps], clash + list(dict.fromkeys(jumps))


@dataclass(frozen=True)
class Account:
    """All that the progress page counts, of a day and of what a user has imported (亿元, by year and code)."""

    today: date
    imported: Mapping[int, Mapping[str, Decimal]]

    def figures(self, adcode: str) -> list[Figure]:
        shipped = [
            Figure(int(r["period"]), Decimal(r["value"]), r["comparator"], r["status"], r["printed"])
            for r in gdp_rows(self.today)
            if r["adcode"] == adcode and r["period"].isdecimal() and not is_lead(r)
        ]
        own = [
            Figure(year, table[adcode], "eq", "报道", f"{table[adcode]}", True)
            for year, table in self.imported.items()
            if adcode in table
        ]
        return shipped + own

    @property
    def clashing(self) -> dict[str, list[Figure]]:
        found = {row["adcode"]: weighed(self.figures(row["adcode"]))[1] for row in rows("counties")}
        return {adcode: figures for adcode, figures in found.items() if figures}

    @property
    def standing(self) -> dict[str, Stands]:
        return {adcode: self.stands(adcode) for adcode in sorted(bounds())}

    def stands(self, adcode: str) -> Stands:
        lower = bounds()[adcode][0]
        known = [f for f in weighed(self.figures(adcode))[0] if f.year <= END]
        exact = [f for f in known if f.comparator != "at_least"]
        level = max(exact, key=lambda f: f.year, default=None)
        proved = [f for f in known if f.comparator == "at_least" and (level is None or f.year > level.year)]
        floor = max(proved, key=lambda f: f.year, default=None)
        return Stands(self.state(lower, level, floor), lower, level, floor)

    def state(self, lower: Decimal, level: Figure | None, floor: Figure | None) -> str:
        over = self.today.year > END
        if floor is not None and floor.value >= lower:
            return "reached"
        if level is None:
            return "target_year_unknown" if over and floor is not None else "no_figure"
        assert level.comparator == "eq", "no approximate figure judges yet: work out its room here when one does"
        if level.value >= lower:
            return "reached"
        if over:
            return "not_reached" if level.year == END else "target_year_unknown"
        if level.year < BEGIN:
            return "no_figure"
        return "on_pace" if level.value * (1 + PACE) ** (END - level.year) >= lower else "behind"

    @property
    def to_call(self) -> list[str]:
        """Return the counties with a target whose target year is not known by an exact full-year figure."""
        found = self.standing
        return [a for a, s in found.items() if s.level is None or s.level.year != END]

    @property
    def drawn(self) -> list[str]:
        """Return the counties with a bar: the widest gap first, then the least above its bound."""
        known = {a: s for a, s in self.standing.items() if s.drawn}
        return sorted(
            known,
            key=lambda a: (
                -max(known[a].lower - known[a].level.value, Decimal(0)),
                max(known[a].level.value - known[a].lower, Decimal(0)),
            ),
        )
