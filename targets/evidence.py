"""Which figure of a place stands: the one that judges, those it stands before, leads, and those that contradict.

Every count, sum, state, title and colour goes through `figures`, which leaves only what judges; what is shown apart is
asked for by name (`leads`, `contradictions`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from targets.grades import ABOUT, AT_LEAST, EQUAL, EXPECTED, LEAD, RANK
from targets.speech import exact, stretch

GDP = "gdp"
JUDGES, BEHIND_ANOTHER, IS_LEAD, CONTRADICTED = "judges", "superseded", "lead", "contradicted"
# A county's GDP of one year that stands so far from the nearest year of a better grade, for each year between them, is
# no growth but another scope, another unit or a slip.
JUMP = 0.30


def settle(observations: pd.DataFrame) -> pd.DataFrame:
    """Say of every figure whether it judges.

    Parameters
    ----------
    observations : DataFrame
        With the columns of `targets.published.OBSERVATION_COLUMNS`; several rows may have one key.

    Returns
    -------
    DataFrame
        The same rows with `standing`: ``judges``; ``superseded`` (another of the same place, indicator and stretch of
        time stands before it: an imported one before a published, a later batch before an earlier, a better grade
        before a lesser, and all agree or the user has decided); ``lead``; ``contradicted`` (two published figures of
        one stretch that cannot both be right, or a GDP further than `JUMP` a year from the nearest year of a better
        grade: then both, but for an imported one against a published). Of one place, indicator and stretch at most one
        judges.
    """
    frame = observations.reset_index(drop=True)
    if frame.empty:
        return frame.assign(standing=pd.Series(dtype="str"))
    is_lead = ((frame["grade"] == LEAD) | (frame["comparator"] == EXPECTED) | frame["value"].isna()).to_numpy()
    ends = [stretch(period).end for period in frame["period"]]
    standing = pd.Series(JUDGES, index=frame.index, dtype="str")
    standing[is_lead] = IS_LEAD
    keys = pd.DataFrame(
        {"place": frame["place"], "indicator": frame["indicator"], "end": ends, "since": frame["since"]}
    )
    firm = keys[~is_lead]
    for _, group in firm[firm.duplicated(keep=False)].groupby(list(keys.columns), sort=False, dropna=False):
        rows = [_Figure.of(int(str(i)), frame.loc[i]) for i in group.index]
        own = [row for row in rows if row.imported]
        # The user has decided by importing; what was published before that does not speak against it.
        among = own or rows
        best = max(among, key=lambda row: row.precedence)
        clash = [row for row in rows if not row.agrees(best)] if not own else []
        for row in rows:
            standing[row.at] = BEHIND_ANOTHER if row.at != best.at else JUDGES
        for row in [best, *clash] if clash else []:
            standing[row.at] = CONTRADICTED
    jumping = frame[(frame["indicator"] == GDP) & (standing == JUDGES) & (frame["period"].str.len() == 4)]
    jumping = jumping[jumping["place"].str[4:] != "00"]
    for _, years in jumping.groupby("place", sort=False):
        if len(years) > 1:
            for at in _jumps([_Figure.of(int(str(i)), years.loc[i]) for i in years.index]):
                standing[at] = CONTRADICTED
    return frame.assign(standing=standing)


@dataclass(frozen=True, slots=True)
class _Figure:
    """One figure as it is weighed against another: `at` is its row, `room` half a step of its last printed digit."""

    at: int
    year: int
    value: float
    comparator: str
    rank: int
    imported: bool
    room: float
    precedence: tuple[Any, ...]

    @classmethod
    def of(cls, at: int, row: pd.Series) -> _Figure:
        imported = row["origin"] == "import"
        room = float(half_step(row["printed"], row["value"])) if not imported else 0.0
        rank = RANK.get(row["grade"], len(RANK))
        batch = -1 if pd.isna(row["batch"]) else int(row["batch"])
        sure = {EQUAL: 2, ABOUT: 1}.get(row["comparator"], 0)
        # A whole year stands before one that was added up from its months, a later batch before an earlier.
        precedence = (imported, len(row["period"]) == 4, batch, -rank, sure, -room, -at)
        return cls(at, stretch(row["period"]).year, float(row["value"]), row["comparator"], rank, imported, room,
                   precedence)  # fmt: skip

    def agrees(self, other: _Figure) -> bool:
        """Whether both can be right, as far as their digits go."""
        low, high = sorted((self, other), key=lambda one: one.value)
        near = exact(high.value) - exact(low.value) <= exact(low.room) + exact(high.room)
        return near or low.comparator == AT_LEAST

    def is_far_from(self, other: _Figure) -> bool:
        """Whether no growth of `JUMP` a year leads from one to the other."""
        first, last = sorted((self, other), key=lambda one: one.year)
        most = (1 + JUMP) ** (last.year - first.year)
        rises = last.value > first.value * most and first.comparator != AT_LEAST
        falls = last.value * most < first.value and last.comparator != AT_LEAST
        return rises or falls


def _jumps(figures_: Sequence[_Figure]) -> Iterator[int]:
    """Yield the rows of the figures that stand too far from the nearest year of a better grade, and of that one.

    A published figure never sets an imported one aside: who imports has decided, and saw the jump flagged.
    """
    for one in figures_:
        better = [other for other in figures_ if other.rank < one.rank]
        if better:
            nearest = min(better, key=lambda other: (abs(other.year - one.year), other.year))
            if one.is_far_from(nearest):
                mixed = one.imported != nearest.imported
                yield from (each.at for each in (one, nearest) if not (mixed and each.imported))


def half_step(printed: Any, value: Any) -> Decimal:
    """Return half a step of the last digit that a figure was printed with, in the unit of `value`; 0 without digits.

    Examples
    --------
    >>> [float(half_step(*figure)) for figure in (("30.7亿元", 30.7), ("341881万元", 34.1881), ("1.1万亿元", 11000))]
    [0.05, 5e-05, 500.0]
    """
    found = re.search(r"(\d[\d,]*)(?:\.(\d+))?", str(printed))
    if found is None or pd.isna(value):
        return Decimal(0)
    digits = len(found[2] or "")
    number = Decimal(found[0].replace(",", ""))
    if not number:
        return Decimal(0)
    # What one of the printed unit is in that of the value, told by the value itself.
    scale = (exact(value) / number).normalize()
    return Decimal(5).scaleb(-digits - 1) * scale


# ---- figures --------------------------------------------------------------------------------------------------------


def settled(observations: pd.DataFrame) -> pd.DataFrame:
    """Return observations of which it is said whether they judge: as given, when it is said already."""
    return observations if "standing" in observations.columns else settle(observations)


def figures(observations: pd.DataFrame, indicator: str, unit: str | None = None) -> pd.DataFrame:
    """Return the figures of one indicator that judge, one for each place and stretch of time, oldest first.

    Parameters
    ----------
    observations : DataFrame
        With the columns of `targets.published.OBSERVATION_COLUMNS`; settled once if they are not.
    indicator : str
    unit : str, optional
        Which every figure must be in.

    Returns
    -------
    DataFrame
        The rows and columns of `observations`, with `year` and `month`: each figure runs from January to the end of it.

    Raises
    ------
    ValueError
        When a figure is in another unit: one in 万元 taken for 亿元 would be wrong by a factor of ten thousand.
    """
    rows = observations[observations["indicator"] == indicator]
    rows = settled(rows)
    rows = rows[rows["standing"] == JUDGES]
    if unit is not None and not (rows["unit"] == unit).all():
        bad = rows[rows["unit"] != unit].iloc[0]
        raise ValueError(f"{indicator} of {bad['place']}, {bad['period']}: unit {bad['unit']!r}, expected {unit!r}")
    ends = [stretch(str(p)) for p in rows["period"]]
    rows = rows.assign(year=pd.array([e.year for e in ends], "Int64"), month=pd.array([e.month for e in ends], "Int64"))
    order = sorted(range(len(rows)), key=lambda i: (rows["place"].iat[i], ends[i].end))
    return rows.iloc[order]


def latest(
    observations: pd.DataFrame, indicator: str, period: str | None = None, *, full_year: bool = True
) -> pd.DataFrame:
    """Return for each place the latest figure of an indicator.

    Parameters
    ----------
    observations : DataFrame
        With the columns of `targets.published.OBSERVATION_COLUMNS`.
    indicator : str
    period : str, optional
        Without one, the latest of all. With full years, ``2023`` takes that year and no other, ``2025Q3`` the latest
        full year before it. Else the latest that ends no later than `period`.
    full_year : bool
        Whether only whole years count. A quarter's figure runs from January and is no year's level.

    Returns
    -------
    DataFrame
        By place: `FIGURE`. Places without a figure are absent. Each value is one that was observed, at that very place.

    Raises
    ------
    ValueError
        When `period` cannot be read.
    """
    return latest_of(figures(observations, indicator), period, full_year)


FIGURE = [
    *("period", "year", "month", "value", "unit", "comparator", "printed", "status", "grade"),
    *("source", "source_url", "as_of", "since", "note", "batch", "origin"),
]


def latest_of(rows: pd.DataFrame, period: str | None, full_year: bool) -> pd.DataFrame:
    """Return the latest of the rows that `figures` gave, by place."""
    until = None if period is None else stretch(period)
    if full_year:
        rows = rows[rows["month"] == 12]
        if until is not None:
            rows = rows[rows["year"] == until.year] if until.is_whole else rows[rows["year"] < until.year]
    elif until is not None:
        rows = rows[rows["year"] * 12 + rows["month"] <= until.end]
    return rows.drop_duplicates("place", keep="last").set_index("place")[FIGURE]


def latest_by_year(observations: pd.DataFrame, indicator: str, place: str) -> pd.DataFrame:
    """Return the full-year figures of one place by year: `FIGURE` without the period."""
    rows = figures(observations[observations["place"] == place], indicator)
    rows = rows[rows["month"] == 12].set_index("year")
    return rows[[name for name in FIGURE if name not in ("period", "year", "month")]]


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one place and indicator that one source gives for one stretch of the year.

    `points` are (year, value) in order of year; `months` is 12 for whole years, 9 for January to September, and so on.
    """

    source: str
    status: str
    origin: str
    unit: str
    months: int
    points: tuple[tuple[int, float], ...]

    @property
    def is_trend(self) -> bool:
        """Whether a line may be drawn: three points or more."""
        return len(self.points) >= 3


def series(observations: pd.DataFrame, place: str, indicator: str) -> tuple[Series, ...]:
    """Return the figures of a place that judge, apart by source and stretch of the year: only like may be joined.

    What is only reported as passed (突破…) is no point of a series.
    """
    mine = figures(observations[observations["place"] == place], indicator)
    mine = mine[mine["comparator"] != AT_LEAST]
    found = []
    for keys, same in mine.groupby(["source", "origin", "unit", "month"], sort=True):
        points = tuple((int(y), float(v)) for y, v in zip(same["year"], same["value"], strict=True))
        status = "、".join(dict.fromkeys(same["status"]))
        found.append(Series(str(keys[0]), status, str(keys[1]), str(keys[2]), int(str(keys[3])), points))
    return tuple(sorted(found, key=lambda s: (s.points[0][0], -s.months, s.source)))


# ---- what does not judge --------------------------------------------------------------------------------------------


def leads(observations: pd.DataFrame, place: str | None = None) -> pd.DataFrame:
    """Return the leads, of one place or of all, by place, indicator and period."""
    return _apart(observations, IS_LEAD, place)


def contradictions(observations: pd.DataFrame, place: str | None = None) -> pd.DataFrame:
    """Return the figures that contradict each other, of one place or of all, by place, indicator and period."""
    return _apart(observations, CONTRADICTED, place)


def _apart(observations: pd.DataFrame, standing: str, place: str | None) -> pd.DataFrame:
    rows = settled(observations)
    rows = rows[rows["standing"] == standing]
    rows = rows if place is None else rows[rows["place"] == place]
    return rows.sort_values(["place", "indicator", "period"], kind="stable", ignore_index=True)
