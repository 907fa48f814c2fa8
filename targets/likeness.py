"""The counties like one: those of its GDP band, and those that share its clusters and energy kinds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from targets.overlap import role_sets, roles
from targets.plan import Plan
from targets.speech import Speech

MOST = 6


@dataclass(frozen=True, slots=True)
class Alike:
    """A county that shares roles with another.

    Attributes
    ----------
    adcode : str
    shared : tuple of str
        The sets that both are in, in the order of the plan.
    union : int
        In how many sets the one or the other is.
    """

    adcode: str
    shared: tuple[str, ...]
    union: int

    @property
    def jaccard(self) -> Fraction:
        """Sets shared ÷ sets of either: above 0, and 1 where both are in the same sets."""
        return Fraction(len(self.shared), self.union)


def same_band(counties: pd.DataFrame, adcode: str, plan: Plan) -> tuple[str, ...]:
    """Return the other counties of a county's band.

    Parameters
    ----------
    counties : DataFrame
        As of `targets.counties.join`.
    adcode : str
    plan : Plan

    Returns
    -------
    tuple of str
        Adcodes in the order in which the plan prints them. Empty for a county that it does not list: those without a
        band have no target in common. Empty for what is no county.

    Raises
    ------
    KeyError
        When there is no such adcode.
    """
    _check(counties, adcode)
    band = counties.at[adcode, "band"]
    if not band:
        return ()
    printed = {str(a): n for n, a in enumerate(plan.band_counties["adcode"])}
    others = [str(a) for a in counties.index[counties["band"] == band] if a != adcode]
    return tuple(sorted(others, key=printed.__getitem__))


def by_roles(counties: pd.DataFrame, adcode: str, plan: Plan, most: int = MOST) -> tuple[Alike, ...]:
    """Return the other counties that share most of a county's roles, by Jaccard similarity over all sets.

    Parameters
    ----------
    counties : DataFrame
        As of `targets.counties.join`.
    adcode : str
    plan : Plan
    most : int
        How many to return at most, also where the last ties with the next.

    Returns
    -------
    tuple of Alike
        The most alike first, ties by name (the column `pinyin`, without tones), then by adcode. Only counties that
        share a set; so empty for a county without roles, and for what is no county.

    Raises
    ------
    KeyError
        When there is no such adcode.
    ValueError
        When `most` is below 0.
    """
    _check(counties, adcode)
    if most < 0:
        raise ValueError(f"most: {most!r} is below 0")
    held = roles(counties, plan)
    mine = held.pop(adcode, ())
    found = [
        Alike(other, shared, len({*mine, *theirs}))
        for other, theirs in held.items()
        if (shared := tuple(id for id in mine if id in theirs))
    ]
    found.sort(key=lambda like: (-like.jaccard, counties.at[like.adcode, "pinyin"], like.adcode))
    return tuple(found[:most])


def rule(plan: Plan, lang: str = "zh", most: int = MOST) -> str:
    """Say how the counties like one are found; `most` as given to `by_roles`."""
    return Speech.of(lang).word("likeness_rule", plan, n=len(role_sets(plan)), most=most)


def _check(counties: pd.DataFrame, adcode: str) -> None:
    if adcode not in counties.index:
        codes = sorted(str(a) for a in counties.index[counties["is_county"]])
        span = f", from {codes[0]} to {codes[-1]}" if codes else ""
        raise KeyError(f"{adcode!r} is not the code of a county; there are {len(codes)}, as text{span}")
