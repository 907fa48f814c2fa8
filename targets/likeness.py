"""The counties like one: those of its GDP band, and those that share its clusters and energy kinds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from targets.overlap import role_sets, roles
from targets.plan import Plan, load_plan

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


def same_band(counties: pd.DataFrame, adcode: str, plan: Plan | None = None) -> tuple[str, ...]:
    """Return the other counties of a county's band.

    Parameters
    ----------
    counties : DataFrame
        As of `targets.counties.join`.
    adcode : str
    plan : Plan, optional
        By default the one shipped.

    Returns
    -------
    tuple of str
        Adcodes in the order in which 专栏一 prints them. Empty for a county that it does not list: the 18 without a
        band have no target in common. Empty for 620200.

    Raises
    ------
    KeyError
        When there is no such adcode.
    """
    _check(counties, adcode)
    band = counties.at[adcode, "band"]
    if not band:
        return ()
    plan = plan or load_plan()
    printed = {str(a): n for n, a in enumerate(plan.band_counties["adcode"])}
    others = [str(a) for a in counties.index[counties["band"] == band] if a != adcode]
    return tuple(sorted(others, key=printed.__getitem__))


def by_roles(counties: pd.DataFrame, adcode: str, plan: Plan, most: int = MOST) -> tuple[Alike, ...]:
    """Return the other counties that share most of a county's roles, by Jaccard similarity over the 11 sets.

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
        share a set; so empty for a county without roles, and for 620200.

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


def rule(lang: str = "zh", most: int = MOST) -> str:
    """Say how the counties like one are found; `most` as given to `by_roles`."""
    if lang == "zh":
        return (
            "同档：专栏一列在同一档的其他县（市、区），按专栏一所列次序；未列入专栏一的，没有同档。"
            f"相近：按专栏二、三的{len(role_sets())}类，相似度＝两县都列入的类数÷两县至少一县列入的类数（杰卡德系数）；"
            f"只列大于0的，从高到低，至多{most}个，并列的按名称拼音（不计声调）、再按代码排先后。"
        )
    return (
        "Same band: the other counties that Box 1 lists in the band, in its order; a county it does not list has none. "
        f"Shared roles: over the {len(role_sets())} clusters and energy kinds of Boxes 2 and 3, "
        "similarity = those that both counties are in ÷ those that either is in (Jaccard). Only above 0, "
        f"the highest first, {most} at most; ties by name in pinyin (without tones), then by code."
    )


def _check(counties: pd.DataFrame, adcode: str) -> None:
    if adcode not in counties.index:
        codes = sorted(str(a) for a in counties.index[counties["is_county"]])
        span = f", from {codes[0]} to {codes[-1]}" if codes else ""
        raise KeyError(f"{adcode!r} is not the code of a county; there are {len(codes)}, as text{span}")
