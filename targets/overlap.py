"""Who holds what together: the combinations of clusters and energy kinds, alone and with the GDP bands.

A county's roles are the sets it is in: the plan's clusters and its energy kinds. A combination is
held exactly: it has the counties that are in each of its sets and in no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from targets.plan import Plan
from targets.selection import Filter, conditions, members
from targets.speech import Speech

# More counties than this that share the first place are counted, not named.
NAMED = 3


def role_sets(plan: Plan) -> tuple[str, ...]:
    """Return the ids of the clusters and energy kinds, in the order of the plan."""
    return (*plan.option_ids["cluster"], *plan.option_ids["energy"])


@dataclass(frozen=True, slots=True)
class Combination:
    """The counties that hold some sets and no other.

    Attributes
    ----------
    sets : tuple of str
        Ids in the order of the plan: at most one band (or ``none``), then clusters, then energy kinds. Without a band,
        counties of every band belong. Empty: the counties without any role.
    adcodes : tuple of str
        In the order of the code.
    bands : mapping of str to int
        How many of these counties are in each band (or ``none``), in the order of the plan; only bands that have some.
    """

    sets: tuple[str, ...]
    adcodes: tuple[str, ...]
    bands: Mapping[str, int] = field(hash=False)

    def filter(self, plan: Plan) -> Filter:
        """Return the filter that leaves exactly these counties: every set of the combination, none of the others."""
        ids = plan.option_ids
        band, cluster, energy = (
            tuple(id for id in ids[group] if id in self.sets) for group in ("band", "cluster", "energy")
        )
        return Filter(
            band=band,
            cluster=cluster,
            energy=energy,
            exclude=tuple(id for id in role_sets(plan) if id not in self.sets),
            cluster_op="all" if len(cluster) > 1 else "any",
            energy_op="all" if len(energy) > 1 else "any",
        )


def roles(counties: pd.DataFrame, plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return for each county, in the order of the code, those of the sets that it is in.

    Parameters
    ----------
    counties : DataFrame
        As of `targets.counties.join`. What is no county is left out.
    plan : Plan

    Returns
    -------
    dict of str to tuple of str
        Ids in the order of the plan, by adcode; empty for a county that is in none.
    """
    return _held(counties, role_sets(plan), plan)


def combinations(counties: pd.DataFrame, plan: Plan, *, with_bands: bool = False) -> tuple[Combination, ...]:
    """Return every combination of the sets that some county holds exactly.

    Parameters
    ----------
    counties : DataFrame
        As of `targets.counties.join`. What is no county is left out.
    plan : Plan
    with_bands : bool
        Whether the band, or ``none``, is one of the sets. Each county has exactly one of these.

    Returns
    -------
    tuple of Combination
        Those of most counties first, then those of fewest sets, then in the order of the plan. Each county is in one.

    Notes
    -----
    The shipped plan's counties hold 44 combinations without bands; that counts the empty one, which 17 counties hold,
    so 43 have a role. With bands there are 57, of which 53 have a role and four are a band (or ``none``) alone.
    """
    bands = plan.option_ids["band"]
    ids = (*bands, *role_sets(plan)) if with_bands else role_sets(plan)
    band_of = {adcode: held[0] for adcode, held in _held(counties, bands, plan).items()}
    found: dict[tuple[str, ...], list[str]] = {}
    for adcode, held in _held(counties, ids, plan).items():
        found.setdefault(held, []).append(adcode)
    position = {id: n for n, id in enumerate(ids)}
    made = []
    for sets, adcodes in found.items():
        count = Counter(band_of[adcode] for adcode in adcodes)
        by_band = MappingProxyType({id: count[id] for id in bands if count[id]})
        made.append(Combination(sets, tuple(adcodes), by_band))
    return tuple(sorted(made, key=lambda c: (-len(c.adcodes), len(c.sets), [position[id] for id in c.sets])))


def _held(counties: pd.DataFrame, ids: Iterable[str], plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return for each county, in the order of the code, those of the ids that it holds."""
    having = members(counties, plan)
    real = sorted(str(a) for a in counties.index[counties["is_county"]])
    return {adcode: tuple(id for id in ids if adcode in having[id]) for adcode in real}


@dataclass(frozen=True, slots=True)
class RolesAndBands:
    """Who has a role, who has a band, and what the combinations come to.

    Adcodes are in the order of the code; each county is in one of the first four.

    Attributes
    ----------
    roles_only, band_only, both, neither : tuple of str
        Counties in one or more of the sets and in no band; in a band and in no set; in both; in neither.
    several : tuple of str
        Counties in more than one set.
    most : tuple of str
        Those in the most sets (more than one where they tie); none when no county is in any.
    most_sets : tuple of str
        What the first of these is in.
    combinations, with_bands : tuple of Combination
        As of `combinations`, without and with bands.
    names : mapping of str to (str, str)
        Of each of `most`: the short name in Chinese, the name in English.
    plan : Plan
        Of whose sets this is said.
    """

    roles_only: tuple[str, ...]
    band_only: tuple[str, ...]
    both: tuple[str, ...]
    neither: tuple[str, ...]
    several: tuple[str, ...]
    most: tuple[str, ...]
    most_sets: tuple[str, ...]
    combinations: tuple[Combination, ...] = field(repr=False)
    with_bands: tuple[Combination, ...] = field(repr=False)
    names: Mapping[str, tuple[str, str]] = field(repr=False, hash=False)
    plan: Plan = field(repr=False, hash=False, compare=False)

    @property
    def largest(self) -> tuple[Combination, ...]:
        """The combination with a role that most counties hold; more than one where they tie."""
        some = [c for c in self.combinations if c.sets]
        return tuple(c for c in some if len(c.adcodes) == len(some[0].adcodes))

    def sentences(self, lang: str = "zh") -> list[str]:
        """Return what is found, one finding each; every number is counted from the counties given."""
        said = [self._roles(lang), self._boxes(lang), self._combinations(lang)]
        return [*said, self._most(lang)] if self.most else said

    def _roles(self, lang: str) -> str:
        some, none = len(self.roles_only) + len(self.both), len(self.band_only) + len(self.neither)
        n = {group: len(self.plan.option_ids[group]) for group in ("cluster", "energy")}
        speech = Speech.of(lang)
        listed = speech.word("overlap_sets", self.plan, n=sum(n.values()), **n)
        everyone = speech.word("all_counties_of", n=some + none)
        held = speech.word("overlap_held", n=some, everyone=everyone)
        return speech.word("overlap_found", listed=listed, held=held, none=speech.word("overlap_held_none", n=none))

    def _boxes(self, lang: str) -> str:
        roles, band, both, neither = map(len, (self.roles_only, self.band_only, self.both, self.neither))
        speech = Speech.of(lang)
        # Of nobody nothing is said.
        parts = (
            ("overlap_roles_only", roles),
            ("overlap_band_only", band),
            ("overlap_both", both),
            ("overlap_neither", neither),
        )
        said = speech.join(speech.word(key, self.plan, n=n) for key, n in parts if n)
        return speech.sentence(said or speech.word("overlap_nobody"))

    def _combinations(self, lang: str) -> str:
        speech, largest = Speech.of(lang), self.largest
        total, banded = len(self.combinations), len(self.with_bands)
        bare = any(not c.sets for c in self.combinations)
        key = "overlap_combinations_bare" if bare else "overlap_combinations"
        said = [speech.word(key, self.plan, total=total, banded=banded)]
        if largest:
            size = speech.word("overlap_size", n=len(largest[0].adcodes))
            if len(largest) > 1:
                said.append(speech.word("overlap_largest_many", n=len(largest), size=size))
            else:
                what = _listed(largest[0].sets, self.plan, lang)
                said.append(speech.word("overlap_largest", what=what, size=size))
        return speech.sentences(said)

    def _most(self, lang: str) -> str:
        speech, n = Speech.of(lang), len(self.most_sets)
        names = [speech.pick(*self.names[adcode]) for adcode in self.most]
        if len(names) == 1:
            what = _listed(self.most_sets, self.plan, lang)
            most = speech.word("overlap_most", name=names[0], n=n, what=what)
        else:
            if len(names) > NAMED:
                who = speech.word("all_counties_of", n=len(names))
            else:
                who = speech.pick("、".join(names), " and ".join((", ".join(names[:-1]), names[-1])))
            most = speech.word("overlap_most_each", who=who, n=n)
        return speech.word("overlap_several", n=len(self.several), most=most)


def roles_and_bands(counties: pd.DataFrame, plan: Plan) -> RolesAndBands:
    """Count who has a role, who has a band, and the combinations.

    Parameters
    ----------
    counties : DataFrame
        As of `targets.counties.join`, all or some rows. What is no county is left out.
    plan : Plan
    """
    held = roles(counties, plan)
    unlisted = members(counties, plan)[plan.no_band]
    most = max(map(len, held.values()), default=0)
    first = tuple(a for a, sets in held.items() if sets and len(sets) == most)
    return RolesAndBands(
        roles_only=tuple(a for a, sets in held.items() if sets and a in unlisted),
        band_only=tuple(a for a, sets in held.items() if not sets and a not in unlisted),
        both=tuple(a for a, sets in held.items() if sets and a not in unlisted),
        neither=tuple(a for a, sets in held.items() if not sets and a in unlisted),
        several=tuple(a for a, sets in held.items() if len(sets) > 1),
        most=first,
        most_sets=held[first[0]] if first else (),
        combinations=combinations(counties, plan),
        with_bands=combinations(counties, plan, with_bands=True),
        names=MappingProxyType({a: (str(counties.at[a, "name_short"]), str(counties.at[a, "name_en"])) for a in first}),
        plan=plan,
    )


def _listed(sets: Iterable[str], plan: Plan, lang: str) -> str:
    """Return the names of sets as the filter's own sentence has them."""
    names = [conditions(Filter().including(id, plan.option_ids), plan, lang)[0] for id in sets]
    return Speech.of(lang).list(names)
