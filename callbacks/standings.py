"""What is known of what a store holds, and what is made of it: each made once for the store's last event, and kept.

Who asks for what is just being made waits for it. What was asked for the longest time ago is let go first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from threading import Condition, Lock
from typing import Any, TypeVar

import pandas as pd
from cachetools import LRUCache, cached

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.view import View
from targets import progress
from targets.evidence import settle
from targets.observations import NOTHING, IllStore, Store
from targets.today import known_by, periods_known, periods_since

T = TypeVar("T")
KEPT = 24  # standings


class UnknownPeriod(LookupError):
    """Nothing is known of a period; `zh` and `en` say so, and of which something is."""

    def __init__(self, period: str, known: frozenset[str]) -> None:
        self.zh = f"没有 {period} 的数，有数的时期：{'、'.join(sorted(known)) or '—'}"
        self.en = f"nothing is known of {period}; periods known: {', '.join(sorted(known)) or '—'}"
        super().__init__(f"{self.zh} / {self.en}")


class Standings:
    """The standings of an atlas and a store, and all else that is made of what the store holds.

    One of them is the app's: it is what answers are made from, in as many threads as ask.

    Parameters
    ----------
    atlas : Atlas
    store : Store
    """

    def __init__(self, atlas: Atlas, store: Store) -> None:
        self.atlas, self.store = atlas, store
        self._keepers: dict[Callable[..., Any], Callable[..., Any]] = {}
        self._lock = Lock()

    def of(self, period: str | None) -> Standing:
        """Return what is known today of what the store holds, assessed for a period.

        Raises
        ------
        UnknownPeriod
            For a period that no address may name; see `periods`.
        """
        return self.now(_standing, period)

    def periods(self) -> frozenset[str]:
        """Return the periods that an address may name: of which anything is known, and those of the plan's term.

        A meeting of a quarter is prepared before its figures are in; any other period without figures is a slip.
        """
        return self.now(_known)[1]

    def read(self, query: str) -> tuple[View, tuple[str, ...]]:
        """Read a view from an address's query; a period of which nothing is known is ignored like all such."""
        return self.atlas.read(query, lambda period: period in self.periods())

    def now(self, make: Callable[..., T], *more: Any) -> T:
        """Make something of the store's last event, or, where the store falls ill meanwhile, of what is published.

        Parameters
        ----------
        make : callable
            Of standings, event, day and `more`; mostly one that is kept (`keep`).
        """
        try:
            return make(self, self.store.last(), self.atlas.today, *more)
        except IllStore:
            return make(self, NOTHING, self.atlas.today, *more)

    def keeper(self, make: Callable[..., T], size: int, weigh: Callable[[T], int] | None) -> Callable[..., T]:
        """Return what keeps the results of a function; one for each function."""

        def whole(event: int, *more: Any) -> T:
            made = make(self, event, *more)
            if event != NOTHING and self.store.ill:
                raise self.store.ill  # it fell ill meanwhile, and what was made is not of that event
            return made

        def key(*given: Any) -> tuple[Any, ...]:
            return self.store.mark, *given

        with self._lock:
            if make not in self._keepers:
                self._keepers[make] = cached(LRUCache(size, weigh), key=key, condition=Condition())(whole)
            return self._keepers[make]


def keep(size: int, weigh: Callable[[Any], int] | None = None) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Have standings keep what a function made last of them, an event, a day and more.

    Parameters
    ----------
    size : int
        How many results are kept, or how much they `weigh` together.
    weigh : callable, optional
        From a result to its weight.
    """

    def kept(make: Callable[..., T]) -> Callable[..., T]:
        @wraps(make)
        def ask(standings: Standings, event: int, today: date, *more: Any) -> T:
            return standings.keeper(make, size, weigh)(event, today, *more)

        return ask

    return kept


@keep(2)
def _known(standings: Standings, event: int, today: date) -> tuple[pd.DataFrame, frozenset[str]]:
    """Return the observations known on a day, and the periods that an address may name then."""
    observations = settle(known_by(standings.store.observations(event), today))
    of_term = periods_since(standings.atlas.plan.term.begin.year, today)
    return observations, periods_known(observations, today) | of_term


@keep(KEPT)
def _standing(standings: Standings, event: int, today: date, period: str | None) -> Standing:
    atlas, store = standings.atlas, standings.store
    observations, periods = _known(standings, event, today)
    if period is not None and period not in periods:
        raise UnknownPeriod(period, periods)
    rules = atlas.rules_of(today)
    assessment = progress.assess(atlas.counties, observations, period, rules, atlas.plan)
    held = store.batches(event), store.indicators(event)
    return Standing(observations, *held, assessment, rules, period, store.records(event))
