"""Ranks as intervals: for each county the best and the worst place that its evidence, and all others', leaves it.

A rank is one more than the number of those who are ahead. Where the scores of different counties do not hang together
the ends are reached, and no interval is wider than what is known; where they do, as points from the least of all to
the greatest and changes of rank, it holds every outcome and may be wider than need be.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

IN, OPEN, OUT = "in", "open", "out"
# How ties are told apart: nothing is decided, all who tie share their place, or a second value decides.
UNDECIDED, SHARED = "", "all"
Number = Fraction | int
Pair = tuple[Number, Number]


@dataclass(frozen=True, slots=True)
class Rank:
    """The best and the worst place of a county; `ties` are those of the same score, both surely known."""

    best: int
    worst: int
    ties: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether it is one place."""
        return self.best == self.worst

    def within(self, n: int) -> str:
        """Return whether it is among the first `n`: `IN`, `OUT`, or `OPEN` where that cannot be told."""
        return IN if self.worst <= n else OUT if self.best > n else OPEN


class Board:
    """Counties to be ranked, the greatest score first; a ranking may be asked for with some scores changed.

    Parameters
    ----------
    scores : mapping of str to pair
        The least and the greatest score that each may have.
    ties : str or mapping
        `UNDECIDED`, `SHARED`, or the second value of each county, from least to greatest.
    """

    def __init__(self, scores: Mapping[str, Pair], ties: str | Mapping[str, tuple[Any, Any]] = UNDECIDED) -> None:
        self.places = list(scores)
        self._at = {place: at for at, place in enumerate(self.places)}
        self._scores, self._ties = dict(scores), ties
        ends = sorted({end for pair in scores.values() for end in pair})
        self._ends = ends
        self._level = {end: 2 * at for at, end in enumerate(ends)}  # even: between two there is room for a new score
        levels = [tuple(self._level[end] for end in scores[place]) for place in self.places]
        self._low, self._high = (np.array([pair[n] for pair in levels], dtype=np.int64) for n in (0, 1))
        second = [self._tie(place) for place in self.places]
        seconds = sorted({value for pair in second for value in pair})
        order = {value: at for at, value in enumerate(seconds)}
        # The second values as the lower digits of a number whose upper ones are the score.
        self._room = len(seconds) + 1
        self._seconds = [np.array([order[pair[end]] for pair in second], dtype=np.int64) for end in (0, 1)]

    def _tie(self, place: str) -> tuple[Any, Any]:
        if isinstance(self._ties, str):
            # Undecided, whoever has the same score may be ahead; shared, nobody is.
            return (0, 0) if self._ties == SHARED else (0, 1)
        return self._ties[place]

    def ranks(
        self,
        changed: Mapping[str, Pair] | None = None,
        gone: Collection[str] = (),
        perhaps: Collection[str] = (),
    ) -> dict[str, Rank]:
        """Return the rank of each county.

        Parameters
        ----------
        changed : mapping, optional
            Other scores for some.
        gone, perhaps : collections of str
            Who is surely, or perhaps, taken off the ranking, having a place elsewhere. Who perhaps is, is ranked as
            if still there.
        """
        low, high = self._low, self._high
        if changed:
            low, high = low.copy(), high.copy()
            for place, (least, most) in changed.items():
                low[self._at[place]], high[self._at[place]] = self._leveled(least), self._leveled(most)
        # One number orders score and second value together, so that counting is one look into a sorted list.
        lows, highs = low * self._room + self._seconds[0], high * self._room + self._seconds[1]
        off = np.array([place in gone for place in self.places], dtype=bool)
        sure = ~(off | np.array([place in perhaps for place in self.places], dtype=bool))
        ahead, may = np.sort(lows[sure]), np.sort(highs[~off])
        best = 1 + len(ahead) - np.searchsorted(ahead, highs, side="right")
        worst = 1 + len(may) - np.searchsorted(may, lows, side="right") - ((highs > lows) & ~off)
        same: dict[int, list[str]] = {}  # who surely has one score
        for place, least, most, is_off in zip(self.places, low.tolist(), high.tolist(), off.tolist(), strict=True):
            if least == most and not is_off:
                same.setdefault(least, []).append(place)
        tied = {
            place: tuple(p for p in held if p != place) for held in same.values() if len(held) > 1 for place in held
        }
        return {
            place: Rank(first, last, tied.get(place, ()))
            for place, first, last, is_off in zip(self.places, best.tolist(), worst.tolist(), off.tolist(), strict=True)
            if not is_off
        }

    def _leveled(self, score: Number) -> int:
        if (level := self._level.get(score)) is not None:
            return level
        return 2 * bisect(self._ends, score) - 1


def turned(scores: Mapping[str, Pair]) -> dict[str, Pair]:
    """Return scores the other way round, so that the least is first."""
    return {place: (-high, -low) for place, (low, high) in scores.items()}
