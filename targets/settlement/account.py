"""A year's account: scores, ranks, the three lists, and who a warning talk would be with by each reading of the text.

All of it is worked out from an imported scheme and from figures that judge; what the text leaves open is worked out
only as somebody decided it. A list that cannot be made says what it wants. 测算，非评定: an estimate, no award.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from targets.plan import Plan
from targets.settlement.points import Contribution, Figures, contributions
from targets.settlement.ranks import IN, OPEN, OUT, SHARED, UNDECIDED, Board, Pair, Rank, turned
from targets.settlement.records import OVERALL, Records, Scheme

STRONG, ADVANCED, PROGRESS = "strong", "advanced", "progress"
YEARS_BACK = 3  # a fall over two years, two years running
NO_SCHEME, NO_TYPES, NO_PREVIOUS, NO_BEFORE, NO_ROWS = "no_scheme", "no_types", "no_previous", "no_before", "no_rows"
# Scores of one year, by type, that take the place of those worked out; by year.
Changed = Mapping[tuple[int, str], Mapping[str, Pair]]
Status = dict[tuple[str, str, str], str]  # by list, type and place


@dataclass(frozen=True)
class Ranking:
    """One ranking of a year: of all counties, or of those of a type.

    Attributes
    ----------
    type : str
    parts : mapping of str to tuple of Contribution
        What each county's score is made of; without those that it is not made of, where the overall score counts.
    scores : mapping of str to pair
    out : mapping of str to tuple of str
        The counties left out of the ranking, with the indicators for want of which the scheme does so.
    board : Board
    ranks : mapping of str to Rank
    """

    type: str
    parts: Mapping[str, tuple[Contribution, ...]]
    scores: Mapping[str, Pair]
    out: Mapping[str, tuple[str, ...]]
    board: Board
    ranks: Mapping[str, Rank]

    @property
    def order(self) -> list[str]:
        """The counties as they are listed: by their best place, then the worst."""
        return sorted(self.ranks, key=lambda place: (self.ranks[place].best, self.ranks[place].worst, place))


@dataclass(frozen=True, slots=True)
class Listed:
    """A county that is on a list, or may be; `measure` is what the list is ordered by."""

    place: str
    type: str
    rank: Rank
    status: str
    measure: Pair


@dataclass(frozen=True)
class AwardList:
    """One of the three lists.

    Attributes
    ----------
    id : str
    places : int
        How many the text gives it; of each type, where it is of types.
    listed : tuple of Listed
        Who is on it, or may be, in order.
    wants : tuple of str
        What it cannot be made without; then it is empty.
    """

    id: str
    places: int
    listed: tuple[Listed, ...] = ()
    wants: tuple[str, ...] = ()

    def of(self, status: str) -> tuple[Listed, ...]:
        """Return those of one status."""
        return tuple(one for one in self.listed if one.status == status)

    @property
    def is_sure(self) -> bool:
        """Whether everybody on it is known."""
        return not self.wants and not self.of(OPEN)


@dataclass(frozen=True, slots=True)
class Candidates:
    """One group of a reading: who is in it, or may be, with the type of a type's last; or what it wants."""

    group: str
    years: int
    found: tuple[tuple[str, str, str], ...] = ()  # place, type, status
    wants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the sentence on warning talks, none of which is the default."""

    id: str
    groups: tuple[Candidates, ...]


@dataclass(frozen=True, eq=False)
class Account:
    """What a year comes to, with the years before it that have a scheme; see `account_of`."""

    year: int
    plan: Plan
    scheme: Scheme
    places: tuple[str, ...]
    types_filed: Mapping[str, tuple[str, ...]]
    figures: Figures
    previous: Account | None

    # ---- scores and ranks

    @cached_property
    def wants(self) -> tuple[str, ...]:
        """What no score can be worked out without."""
        return self._undecided("firm", "room")

    def _undecided(self, *settings: str) -> tuple[str, ...]:
        return tuple(setting for setting in settings if not self.scheme.value(setting))

    @cached_property
    def overall(self) -> Ranking | None:
        """The ranking of all counties."""
        return None if self.wants else self._ranking(OVERALL, self.places)

    @cached_property
    def types(self) -> Mapping[str, Ranking]:
        """The rankings of the types; none where `types_want` says what is wanted."""
        if self.types_want or self.overall is None:
            return {}
        own, found = self.scheme.value("type_score") == "own", {}
        for type in self._types:
            places = tuple(place for place in self.places if type in self.ranked_as(place))
            if own:
                found[type] = self._ranking(type, places)
            else:
                whole = self.overall
                scores = {place: whole.scores[place] for place in places if place in whole.scores}
                found[type] = self._made(type, {}, scores, {p: whole.out[p] for p in places if p in whole.out})
        return found

    @cached_property
    def types_want(self) -> tuple[str, ...]:
        """What no ranking of a type can be made without."""
        wants = [*self.wants, *self._undecided("type_score")]
        if not self.types_filed:
            wants.append(NO_TYPES)
        if any(len(types) > 1 for types in self.types_filed.values()):
            wants += self._undecided("two_types")
        if self.scheme.value("type_score") == "own" and any(not self.scheme.of(type) for type in self._types):
            wants.append(NO_ROWS)
        return tuple(wants)

    @property
    def _types(self) -> tuple[str, ...]:
        return tuple(one["zh"] for one in self.plan.evaluation["types"])

    def ranked_as(self, place: str) -> tuple[str, ...]:
        """Return the types in which a county is ranked."""
        filed = self.types_filed.get(place, ())
        return filed[:1] if self.scheme.value("two_types") == "first" else filed

    def _ranking(self, type: str, places: Sequence[str]) -> Ranking:
        left: dict[str, list[str]] = {}
        for row in self.scheme.of(type):
            for place in contributions(row, places, self.figures, self.scheme)[1]:
                left.setdefault(place, []).append(row.indicator)
        ranked = [place for place in places if place not in left]
        parts: dict[str, list[Contribution]] = {place: [] for place in ranked}
        for row in self.scheme.of(type):
            for place, one in contributions(row, ranked, self.figures, self.scheme)[0].items():
                parts[place].append(one)
        zero = Fraction(0)
        scores = {
            place: (sum((one.low for one in held), zero), sum((one.high for one in held), zero))
            for place, held in parts.items()
        }
        made = {place: tuple(held) for place, held in parts.items()}
        return self._made(type, made, scores, {place: tuple(why) for place, why in left.items()})

    def _made(
        self,
        type: str,
        parts: Mapping[str, tuple[Contribution, ...]],
        scores: Mapping[str, Pair],
        out: Mapping[str, tuple[str, ...]],
    ) -> Ranking:
        board = self.board(scores)
        return Ranking(type, parts, scores, out, board, board.ranks())

    def board(self, scores: Mapping[str, Pair], turn: bool = False) -> Board:
        """Return counties to be ranked by these scores, ties told apart as was decided; `turn`, the least first."""
        return Board(turned(scores) if turn else scores, self._ties(scores, turn))

    def _ties(self, scores: Mapping[str, Pair], turn: bool) -> str | dict[str, tuple[Any, Any]]:
        rule = self.scheme.value("ties")
        ties: str | dict[str, tuple[Any, Any]] = SHARED if rule == "all" else UNDECIDED
        if rule not in ("", "all"):
            ties = {}
            for place in scores:
                span = self.figures.at((place, rule, self.year), self.scheme).span
                low = -math.inf if span.low is None else span.low
                high = math.inf if span.high is None else span.high
                ties[place] = (-high, -low) if turn else (low, high)
        return ties

    # ---- the lists

    def _ranks(self, type: str, changed: Changed) -> Mapping[str, Rank]:
        ranking = self.overall if type == OVERALL else self.types[type]
        assert ranking is not None
        mine = changed.get((self.year, type), {})
        return ranking.board.ranks(mine) if mine else ranking.ranks

    def _scores(self, changed: Changed) -> Mapping[str, Pair]:
        assert self.overall is not None
        return {**self.overall.scores, **changed.get((self.year, OVERALL), {})}

    @property
    def awards(self) -> Mapping[str, Mapping[str, Any]]:
        """What the plan says of each award, by id."""
        return {award["id"]: award for award in self.plan.evaluation["awards"]}

    @cached_property
    def lists(self) -> dict[str, AwardList]:
        """The three lists."""
        return self.lists_if({})

    def lists_if(self, changed: Changed) -> dict[str, AwardList]:
        """Return the lists as they would be with other scores."""
        strong = self._strong(changed)
        advanced = self._advanced(changed, strong)
        return {STRONG: strong, ADVANCED: advanced, PROGRESS: self._progress(changed, strong, advanced)}

    def statuses(self, changed: Changed | None = None) -> Status:
        """Return who is on which list, or may be; who surely is not is left out."""
        lists = self.lists_if(changed) if changed else self.lists
        return {(award.id, one.type, one.place): one.status for award in lists.values() for one in award.listed}

    def _strong(self, changed: Changed) -> AwardList:
        places = int(self.awards[STRONG]["n"])
        if self.wants:
            return AwardList(STRONG, places, wants=self.wants)
        found = _listed("", self._ranks(OVERALL, changed), places, self._scores(changed))
        return AwardList(STRONG, places, found)

    def _elsewhere(self, *lists: AwardList) -> tuple[frozenset[str], frozenset[str]]:
        """Return who has a place elsewhere, surely and perhaps, where a county may be on one list only."""
        if self.scheme.value("two_lists") != "once":
            return frozenset(), frozenset()
        gone = frozenset(one.place for held in lists for one in held.of(IN))
        return gone, frozenset(one.place for held in lists for one in held.of(OPEN)) - gone

    def _advanced(self, changed: Changed, strong: AwardList) -> AwardList:
        places = int(self.awards[ADVANCED]["per_type"])
        if wants := (*self.types_want, *self._undecided("two_lists")):
            return AwardList(ADVANCED, places, wants=wants)
        gone, perhaps = self._elsewhere(strong)
        by_overall = self.scheme.value("type_score") == "overall"
        found: list[Listed] = []
        for type, ranking in self.types.items():
            held = changed.get((self.year, OVERALL if by_overall else type), {})
            mine = {place: pair for place, pair in held.items() if place in ranking.scores}
            plain = not (mine or gone or perhaps)
            ranks = ranking.ranks if plain else ranking.board.ranks(mine, gone, perhaps)
            found += _listed(type, ranks, places, {**ranking.scores, **mine}, perhaps)
        return AwardList(ADVANCED, places, tuple(found))

    def _progress(self, changed: Changed, strong: AwardList, advanced: AwardList) -> AwardList:
        places = int(self.awards[PROGRESS]["n"])
        wants = [*self.wants, *self._undecided("progress", "two_lists")]
        if self.scheme.value("two_lists") == "once":
            wants += [want for want in advanced.wants if want not in wants]
        before = self.previous
        if before is None or before.overall is None:
            wants.append(NO_PREVIOUS)
        if wants or before is None:
            return AwardList(PROGRESS, places, wants=tuple(wants))
        gained: Mapping[str, Pair]
        if self.scheme.value("progress") == "rank":
            gained = moved(before._ranks(OVERALL, changed), self._ranks(OVERALL, changed))
        else:
            now, then = self._scores(changed), before._scores(changed)
            gained = {p: (now[p][0] - then[p][1], now[p][1] - then[p][0]) for p in now if p in then}
        gone, perhaps = self._elsewhere(strong, advanced)
        ranks = self.board(gained).ranks(None, gone, perhaps)
        return AwardList(PROGRESS, places, _listed("", ranks, places, gained, perhaps))

    # ---- warning talks

    @cached_property
    def talks(self) -> tuple[Reading, ...]:
        """Return who a warning talk would be with, by each reading of the text."""
        rule = self.plan.evaluation["warning_talk"]
        running = int(rule["years"])
        return tuple(
            Reading(
                reading["id"],
                tuple(self._group(g, running if g["id"] in reading["running"] else 1) for g in rule["groups"]),
            )
            for reading in rule["readings"]
        )

    def _group(self, group: Mapping[str, Any], years: int) -> Candidates:
        """Return one group: those in it in each of so many years running."""
        make: Callable[[Account], dict[tuple[str, str], str] | tuple[str, ...]] = {
            "overall_last": lambda account: account._last(int(group["places"])),
            "type_last": lambda account: account._last_of_types(int(group["places"])),
            "largest_fall": lambda account: account._falls(int(group["counties"])),
        }[group["id"]]
        if self.previous is None or self.previous.overall is None:
            return Candidates(group["id"], years, wants=(*self.wants, NO_PREVIOUS))
        found: dict[tuple[str, str], str] | None = None
        account: Account | None = self
        for _ in range(years):
            if account is None:
                return Candidates(group["id"], years, wants=(NO_BEFORE,))
            mine = make(account)
            if isinstance(mine, tuple):
                return Candidates(group["id"], years, wants=mine)
            found = mine if found is None else {key: _both(found[key], mine[key]) for key in found if key in mine}
            account = account.previous
        order = sorted((found or {}).items(), key=lambda one: (one[1] != IN, one[0][1], one[0][0]))
        return Candidates(group["id"], years, tuple((place, type, how) for (place, type), how in order))

    def _last(self, n: int) -> dict[tuple[str, str], str] | tuple[str, ...]:
        if self.overall is None:
            return self.wants
        ranks = self.board(self.overall.scores, turn=True).ranks()
        return {(place, ""): how for place, rank in ranks.items() if (how := rank.within(n)) != OUT}

    def _last_of_types(self, n: int) -> dict[tuple[str, str], str] | tuple[str, ...]:
        if self.types_want:
            return self.types_want
        found = {}
        for type, ranking in self.types.items():
            for place, rank in self.board(ranking.scores, turn=True).ranks().items():
                if (how := rank.within(n)) != OUT:
                    found[place, type] = how
        return found

    def _falls(self, n: int) -> dict[tuple[str, str], str] | tuple[str, ...]:
        """Return the largest falls in the overall ranking; who surely did not fall is in none."""
        if wants := self._undecided("fall"):
            return wants
        before: Account | None = self
        for _ in range(int(self.scheme.value("fall"))):
            before = before.previous if before else None
        if before is None or before.overall is None or self.overall is None:
            return (NO_BEFORE,)
        fallen = {p: (-high, -low) for p, (low, high) in moved(before.overall.ranks, self.overall.ranks).items()}
        fallen = {place: pair for place, pair in fallen.items() if pair[1] > 0}
        found = {}
        # An indicator that tells ties apart among the first says nothing of who fell further.
        ties = SHARED if self.scheme.value("ties") == "all" else UNDECIDED
        for place, rank in Board(fallen, ties).ranks().items():
            if (how := rank.within(n)) != OUT:
                found[place, ""] = OPEN if fallen[place][0] <= 0 else how
        return found


def _listed(
    type: str,
    ranks: Mapping[str, Rank],
    places: int,
    measures: Mapping[str, Pair],
    perhaps: frozenset[str] = frozenset(),
) -> tuple[Listed, ...]:
    """Return who is among the first, or may be; who perhaps has a place elsewhere only may be."""
    found = []
    for place, rank in ranks.items():
        if rank.best > places:
            continue
        how = rank.within(places)
        how = OPEN if how == IN and place in perhaps else how
        found.append(Listed(place, type, rank, how, measures[place]))
    return tuple(sorted(found, key=lambda one: (one.status != IN, one.rank.best, one.rank.worst, one.place)))


def _both(one: str, other: str) -> str:
    return IN if one == other == IN else OPEN


def moved(before: Mapping[str, Rank], now: Mapping[str, Rank]) -> dict[str, tuple[int, int]]:
    """Return how many places each county gained, from least to most, of those ranked in both years.

    Examples
    --------
    >>> moved({"a": Rank(5, 7)}, {"a": Rank(2, 3)})
    {'a': (2, 5)}
    """
    return {
        place: (before[place].best - rank.worst, before[place].worst - rank.best)
        for place, rank in now.items()
        if place in before
    }


def account_of(year: int, records: Records, figures: Figures, plan: Plan, back: int = YEARS_BACK) -> Account | None:
    """Return a year's account; None where no scheme was imported for it, or the plan knows no evaluation.

    Parameters
    ----------
    year : int
    records : Records
    figures : Figures
    plan : Plan
    back : int
        How many years before it are worked out too, each by its own scheme.
    """
    scheme = records.schemes.get(year)
    if scheme is None or not all(plan.evaluation.get(part) for part in ("awards", "types", "warning_talk")):
        return None
    ours = set(plan.counties["adcode"])
    filed = {adcode: one.types for adcode, one in records.types.get(year, {}).items() if adcode in ours}
    previous = account_of(year - 1, records, figures, plan, back - 1) if back else None
    places = tuple(sorted(plan.counties["adcode"]))
    return Account(year, plan, scheme, places, filed, figures, previous)
