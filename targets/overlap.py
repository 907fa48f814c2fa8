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

    def boxes(self, lang: str) -> str:
        """Name the boxes of the clusters and of the energy kinds."""
        return self.plan.box("cluster", "energy", lang=lang)

    def _roles(self, lang: str) -> str:
        some, none = len(self.roles_only) + len(self.both), len(self.band_only) + len(self.neither)
        n, boxes = {group: len(self.plan.option_ids[group]) for group in ("cluster", "energy")}, self.boxes(lang)
        if lang == "zh":
            return (
                f"{boxes}共列{sum(n.values())}类（{n['cluster']}个产业集群、{n['energy']}类新能源）："
                f"{some + none}个县（市、区）中，{some}个至少列入一类，{none}个一类也未列入。"
            )
        return (
            f"{boxes} list {sum(n.values())} roles ({n['cluster']} clusters, {n['energy']} new-energy kinds). "
            f"Of {_counties(some + none)}, {some} {_have(some)} at least one and {none} {_have(none)} none."
        )

    def _boxes(self, lang: str) -> str:
        roles, band, both, neither = map(len, (self.roles_only, self.band_only, self.both, self.neither))
        box, cluster, energy = (self.plan.box(group, lang=lang) for group in ("band", "cluster", "energy"))
        # Of nobody nothing is said.
        if lang == "zh":
            parts = (
                (roles, f"{roles}个县（市、区）列入{cluster}或{energy}而未列入{box}"),
                (band, f"{band}个列入{box}而未列入{self.boxes(lang)}"),
                (both, f"{both}个两方面都列入"),
                (neither, f"{neither}个三个{self.plan.boxes.noun}都未列入"),
            )
            return ("，".join(text for n, text in parts if n) or "没有县（市、区）") + "。"
        parts = (
            (roles, f"{_counties(roles)} {_have(roles)} a role and no band ({box})"),
            (band, f"{band} {_have(band)} a band and no role"),
            (both, f"{both} {_have(both)} both"),
            (neither, f"{neither} {_have(neither)} neither"),
        )
        return (", ".join(text for n, text in parts if n) or "No counties") + "."

    def _combinations(self, lang: str) -> str:
        zh, largest = lang == "zh", self.largest
        total, banded = len(self.combinations), len(self.with_bands)
        bare = any(not c.sets for c in self.combinations)
        if zh:
            said = f"所列类别的不同组合共{total}种{'（含一类也未列入）' if bare else ''}，"
            said += f"连同{self.plan.box('band')}的档次（未列入自成一类）共{banded}种。"
        else:
            said = f"Different combinations of roles: {total}{', counting none at all as one' if bare else ''}; "
            said += f"with the band, or the lack of one: {banded}."
        if not largest:
            return said
        size = len(largest[0].adcodes)
        if len(largest) > 1:
            return said + (
                f"有类别的组合中，县数最多的{len(largest)}种，各{size}个。"
                if zh
                else f" The largest with a role are {len(largest)}, of {_counties(size)} each."
            )
        what = _listed(largest[0].sets, self.plan, lang)
        return said + (
            f"有类别的组合中，县数最多的是只列入{what}的，共{size}个。"
            if zh
            else f" The largest with a role is {what} and nothing else: {_counties(size)}."
        )

    def _most(self, lang: str) -> str:
        zh, several, n = lang == "zh", len(self.several), len(self.most_sets)
        names = [self.names[adcode][0 if zh else 1] for adcode in self.most]
        if len(names) == 1:
            what = _listed(self.most_sets, self.plan, lang)
            most = f"最多的是{names[0]}，{n}类：{what}" if zh else f"{names[0]} has the most, {n}: {what}"
        else:
            if len(names) > NAMED:
                who = f"{len(names)}个县（市、区）" if zh else _counties(len(names))
            else:
                who = "、".join(names) if zh else " and ".join((", ".join(names[:-1]), names[-1]))
            most = f"最多的是{who}，各{n}类" if zh else f"{who} have the most, {n} each"
        if zh:
            return f"{several}个县（市、区）列入两类及以上；{most}。"
        return f"{_counties(several)} {_have(several)} more than one role; {most}."


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
    return ("、" if lang == "zh" else ", ").join(names)


def _counties(n: int) -> str:
    return f"{n} {'county' if n == 1 else 'counties'}"


def _have(n: int) -> str:
    return "has" if n == 1 else "have"
