"""From figures to points: each value an interval as wide as what is known of it, each point with its inputs.

All arithmetic is exact. A missing value is unbounded, a figure that is not final as wide as the scheme's own setting
says, one of which only a lower bound is known open above. Nothing is imputed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from targets.evidence import JUDGES
from targets.grades import AT_LEAST, EQUAL
from targets.settlement.records import Scheme, SchemeRow
from targets.speech import exact

EXACT, UNCERTAIN, MISSING = "exact", "uncertain", "missing"
HUNDRED = Fraction(100)
End = Fraction | None  # None: without an end on this side
Key = tuple[str, str, int]  # place, indicator, year


@dataclass(frozen=True, slots=True)
class Span:
    """All that a value may be, both ends included."""

    low: End
    high: End

    @property
    def is_point(self) -> bool:
        """Whether it is one value."""
        return self.low is not None and self.low == self.high


ANY = Span(None, None)


def point(value: Any) -> Span:
    """Return the span of one value."""
    exactly = Fraction(exact(value)) if isinstance(value, float) else Fraction(value)
    return Span(exactly, exactly)


@dataclass(frozen=True, slots=True)
class Input:
    """A figure of a county that a point rests on: the row of the observations, or None where there is none."""

    key: Key
    span: Span
    state: str
    figure: Mapping[Any, Any] | None = None


class Figures:
    """The whole-year figures that judge, and how far each may still move by a scheme's settings.

    Parameters
    ----------
    observations : DataFrame
        Settled, as of a `Standing`.
    units : mapping of str to str
        Of the indicators; a figure in another unit is none.
    tried : mapping, optional
        Figures put in the place of those known, by key: what if.
    """

    def __init__(
        self, observations: pd.DataFrame, units: Mapping[str, str], tried: Mapping[Key, Fraction] | None = None
    ) -> None:
        self.tried = dict(tried or {})
        rows = observations[(observations["standing"] == JUDGES) & (observations["period"].str.len() == 4)]
        self._known = {
            (row["place"], row["indicator"], int(row["period"])): row
            for row in rows.to_dict("records")
            if row["unit"] == units.get(row["indicator"])
        }

    def at(self, key: Key, scheme: Scheme) -> Input:
        """Return a figure as a scheme takes it."""
        if key in self.tried:
            return Input(key, point(self.tried[key]), EXACT, self._known.get(key))
        row = self._known.get(key)
        if row is None:
            return Input(key, ANY, MISSING)
        value = Fraction(exact(row["value"]))
        firm = scheme.value("firm").split("、")
        if row["status"] in firm and row["comparator"] == EQUAL:
            return Input(key, Span(value, value), EXACT, row)
        low, high = _around(value, scheme.value("room")) if row["status"] not in firm else (value, value)
        if row["comparator"] == AT_LEAST:
            return Input(key, Span(low, None), UNCERTAIN, row)
        if row["comparator"] != EQUAL and row["status"] in firm:
            low, high = _around(value, scheme.value("room"))  # 约: not the figure itself
        state = EXACT if low is not None and low == high else UNCERTAIN
        return Input(key, Span(low, high), state, row)


def _around(value: Fraction, room: str) -> tuple[End, End]:
    """Return how far a figure may move: so many per cent of itself, or anywhere."""
    if not room.endswith("%"):
        return None, None
    wide = abs(value) * Fraction(room.removesuffix("%")) / HUNDRED
    return value - wide, value + wide


@dataclass(frozen=True, slots=True)
class Taken:
    """What a row of a scheme takes of one county: all that it may be, and the figures that it is made of."""

    span: Span
    state: str
    inputs: tuple[Input, ...]


def take(row: SchemeRow, place: str, figures: Figures, scheme: Scheme) -> Taken:
    """Return what a row takes of a county."""
    mine = figures.at((place, row.indicator, row.year), scheme)
    if row.form == "level":
        return Taken(mine.span, mine.state, (mine,))
    key = (place, row.per, row.year) if row.form == "share" else (place, row.indicator, row.year - 1)
    other = figures.at(key, scheme)
    inputs = (mine, other)
    if MISSING in (mine.state, other.state):
        return Taken(ANY, MISSING, inputs)
    if row.form == "change":
        span = Span(_minus(mine.span.low, other.span.high), _minus(mine.span.high, other.span.low))
    else:
        if other.span.low is not None and other.span.low <= 0 and other.span.is_point:
            return Taken(ANY, MISSING, inputs)  # nothing grows from nothing
        ratio = _ratio(mine.span, other.span)
        less = HUNDRED if row.form == "growth" else Fraction(0)
        span = Span(*(None if end is None else end * HUNDRED - less for end in (ratio.low, ratio.high)))
    state = EXACT if span.is_point else UNCERTAIN
    return Taken(span, state, inputs)


def _minus(one: End, other: End) -> End:
    return None if one is None or other is None else one - other


def _ratio(above: Span, below: Span) -> Span:
    """Return all that a quotient may be; anything, where the divisor may be nothing or less."""
    if below.low is None or below.low <= 0:
        return ANY
    # Of a divisor above 0 the least quotient is of the least above: by the greatest divisor where that is positive.
    low: End = None
    if above.low is not None:
        low = (Fraction(0) if below.high is None else above.low / below.high) if above.low >= 0 else (
            above.low / below.low)  # fmt: skip
    high: End = None
    if above.high is not None:
        high = above.high / below.low if above.high >= 0 else (
            Fraction(0) if below.high is None else above.high / below.high)  # fmt: skip
    return Span(low, high)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What an indicator adds to a county's score, from its worst to its best; `taken` says of what."""

    row: SchemeRow
    taken: Taken
    low: Fraction
    high: Fraction

    @property
    def is_sure(self) -> bool:
        """Whether it is one value."""
        return self.low == self.high


def contributions(
    row: SchemeRow, places: Sequence[str], figures: Figures, scheme: Scheme
) -> tuple[dict[str, Contribution], frozenset[str]]:
    """Return what a row adds to the score of each county, and the counties that it leaves out of the ranking.

    Where points go from the least of all to the greatest, the ends are as uncertain as any county's value: the
    intervals then hold every outcome, and may hold more.
    """
    taken = {place: take(row, place, figures, scheme) for place in places}
    out = frozenset(p for p, one in taken.items() if row.missing == "out" and one.state == MISSING)
    counted = [p for p in places if p not in out]
    absent = {p for p in counted if row.missing == "zero" and taken[p].state == MISSING}
    spans = [taken[p].span for p in counted if p not in absent]
    weight, found = Fraction(row.weight), {}
    for place in counted:
        if place in absent:
            low = high = Fraction(0)
        elif row.scoring == "standard":
            low, high = _standard(row, taken[place].span)
        else:
            low, high = _spread(row, taken[place].span, spans)
        found[place] = Contribution(row, taken[place], weight * low, weight * high)
    return found, out


def _standard(row: SchemeRow, span: Span) -> tuple[Fraction, Fraction]:
    """Return the least and the greatest part of the points, between the value of none and that of all."""
    assert row.zero_at is not None and row.full_at is not None
    zero, full = Fraction(row.zero_at), Fraction(row.full_at)

    def part(end: End, otherwise: int) -> Fraction:
        return Fraction(otherwise) if end is None else min(max((end - zero) / (full - zero), Fraction(0)), Fraction(1))

    if row.direction == "up":
        return part(span.low, 0), part(span.high, 1)
    return part(span.high, 0), part(span.low, 1)


def _least(ends: Iterable[End]) -> End:
    held = list(ends)
    return None if None in held else min(end for end in held if end is not None)


def _greatest(ends: Iterable[End]) -> End:
    held = list(ends)
    return None if None in held else max(end for end in held if end is not None)


def _spread(row: SchemeRow, span: Span, spans: Sequence[Span]) -> tuple[Fraction, Fraction]:
    """Return the least and the greatest part of the points, between the least and the greatest of all counties."""
    none, whole = Fraction(0), Fraction(1)
    least = _least(s.low for s in spans), min((s.high for s in spans if s.high is not None), default=None)
    most = max((s.low for s in spans if s.low is not None), default=None), _greatest(s.high for s in spans)
    if least[0] is not None and least[0] == least[1] == most[0] == most[1]:
        return none, none  # all alike: it tells no county from another
    low, high = none, whole
    if span.low is not None and least[1] is not None and most[1] is not None and most[1] > least[1]:
        low = max((span.low - least[1]) / (most[1] - least[1]), none)
    if span.high is not None and least[0] is not None and most[0] is not None and span.high < most[0]:
        high = min((span.high - least[0]) / (most[0] - least[0]), whole)
    return (low, high) if row.direction == "up" else (whole - high, whole - low)
