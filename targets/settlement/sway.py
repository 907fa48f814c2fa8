"""What would move the lists: another value of one figure, and the figures whose uncertainty spans most places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from targets.settlement.account import Account, Ranking, Status
from targets.settlement.points import MISSING, Contribution, Input, Key
from targets.settlement.ranks import OUT, Pair, Rank
from targets.settlement.records import OVERALL

CALLS = 5  # figures that are worth a telephone call first


@dataclass(frozen=True, slots=True)
class Move:
    """A county's place on a list before and after: `before` and `after` are statuses of `ranks`."""

    list: str
    type: str
    place: str
    before: str
    after: str


@dataclass(frozen=True)
class Trial:
    """What comes of trying another figure: nothing of it is kept."""

    key: Key
    value: Fraction
    before: Account
    after: Account

    @property
    def moves(self) -> tuple[Move, ...]:
        """Return the places on lists that change."""
        return tuple(
            Move(*key, before, after)
            for key, (before, after) in _differing(self.before.statuses(), self.after.statuses()).items()
        )

    @property
    def ranks(self) -> tuple[Rank | None, Rank | None]:
        """The county's overall rank before and after."""
        before, after = self.before.overall, self.after.overall
        place = self.key[0]
        return before.ranks.get(place) if before else None, after.ranks.get(place) if after else None


def _differing(one: Status, other: Status) -> dict[tuple[str, str, str], tuple[str, str]]:
    keys = sorted({*one, *other})
    pairs = {key: (one.get(key, OUT), other.get(key, OUT)) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True)
class Call:
    """A figure that is not final, or missing, and how many places on lists hang on it.

    Attributes
    ----------
    input : Input
    places : int
        On how many places of lists it makes a difference whether the figure is at its worst or its best for the
        county, all else being as uncertain as it is.
    points : Fraction
        How many points of the overall score hang on it.
    """

    input: Input
    places: int
    points: Fraction


def calls(account: Account, most: int | None = CALLS) -> list[Call]:
    """Return the figures on which most places of the lists hang, the first to be asked for first.

    Where two figures of one value are missing, neither alone decides anything, and neither counts.
    """
    parts: defaultdict[Key, list[tuple[int, Ranking, str, Contribution]]] = defaultdict(list)
    inputs: dict[Key, Input] = {}
    for year, ranking in _rankings(account):
        for place, held in ranking.parts.items():
            for part in held:
                missing = [one for one in part.taken.inputs if one.state == MISSING]
                open_ones = [one for one in part.taken.inputs if not one.span.is_point]
                for one in open_ones if not missing else missing if len(missing) == 1 else []:
                    if not part.is_sure:
                        inputs[one.key] = one
                        parts[one.key].append((year, ranking, place, part))
    found = []
    for key, mine in parts.items():
        worst, best = _at_end(mine, "low"), _at_end(mine, "high")
        n = len(_differing(account.statuses(worst), account.statuses(best)))
        points = sum(
            (
                part.high - part.low
                for year, ranking, _, part in mine
                if (year, ranking.type) == (account.year, OVERALL)
            ),
            Fraction(0),
        )
        found.append(Call(inputs[key], n, points))
    found.sort(key=lambda one: (-one.places, -one.points, one.input.state != MISSING, one.input.key))
    return found[:most]


def _at_end(
    parts: Sequence[tuple[int, Ranking, str, Contribution]], end: str
) -> dict[tuple[int, str], dict[str, Pair]]:
    """Return the scores with some contributions at their worst, or at their best."""
    changed: dict[tuple[int, str], dict[str, Pair]] = {}
    for year, ranking, place, part in parts:
        mine = changed.setdefault((year, ranking.type), {})
        low, high = mine.get(place, ranking.scores[place])
        value: Fraction = getattr(part, end)
        mine[place] = (low - part.low + value, high - part.high + value)
    return changed


def _rankings(account: Account) -> Iterator[tuple[int, Ranking]]:
    """Yield the rankings that the lists rest on: the year's, and the overall one of the year before."""
    if account.overall is not None:
        yield from ((account.year, ranking) for ranking in (account.overall, *account.types.values()))
    if account.previous is not None and account.previous.overall is not None:
        yield account.previous.year, account.previous.overall
