"""A filter, the set of counties it leaves, and the sentence that says it.

Groups combine with AND; inside a group any or all; then what is excluded is taken away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from targets.plan import GROUPS, JIAYUGUAN, NO_BAND, load_plan

Op = Literal["any", "all"]
Members = Mapping[str, frozenset[str]]
OPS: tuple[str, ...] = ("any", "all")
# The order in which a sentence names them: where, what, how much, by when.
SPOKEN = ("prefecture", "cluster", "energy", "band", "road")
COMMA, STOP, OPEN, CLOSE = "\uff0c", "\u3002", "\uff08", "\uff09"
UNITS = f"县{OPEN}市、区{CLOSE}"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of a county, as option ids.

    Each group is kept without repeats and in the order of the plan, so that equal filters are equal values.

    Raises
    ------
    ValueError
        When an id is not an option of its group, or an `op` is neither any nor all.
    """

    band: tuple[str, ...] = ()
    cluster: tuple[str, ...] = ()
    energy: tuple[str, ...] = ()
    road: tuple[str, ...] = ()
    prefecture: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    cluster_op: Op = "any"
    energy_op: Op = "any"

    def __post_init__(self) -> None:
        known = load_plan().option_ids
        for name in (*GROUPS, "exclude"):
            allowed = known[name] if name in known else tuple(id for ids in known.values() for id in ids)
            given = getattr(self, name)
            if isinstance(given, str) or (wrong := [id for id in given if id not in allowed]):
                wrong = [given] if isinstance(given, str) else wrong
                raise ValueError(f"{name}: {', '.join(map(repr, wrong))} not among {', '.join(allowed)}")
            object.__setattr__(self, name, tuple(id for id in allowed if id in set(given)))
        for name in ("cluster_op", "energy_op"):
            if getattr(self, name) not in OPS:
                raise ValueError(f"{name}: {getattr(self, name)!r} not among {', '.join(OPS)}")

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked, so that all counties are left."""
        return not any(getattr(self, name) for name in (*GROUPS, "exclude"))

    @property
    def chosen(self) -> tuple[str, ...]:
        """Every id that is included or excluded, in the order of the plan."""
        ids = {id for name in (*GROUPS, "exclude") for id in getattr(self, name)}
        return tuple(id for group in load_plan().option_ids.values() for id in group if id in ids)

    def op(self, group: str) -> Op:
        """Return how the options of a group combine."""
        return getattr(self, f"{group}_op", "any")

    def including(self, id: str) -> Filter:
        """Return this filter with the option included, and no longer excluded."""
        group = load_plan().option(id).group
        return self.without(id)._with(group, (*getattr(self, group), id))

    def excluding(self, id: str) -> Filter:
        """Return this filter with the option excluded, and no longer included."""
        return self.without(id)._with("exclude", (*self.exclude, id))

    def without(self, id: str) -> Filter:
        """Return this filter with the option neither included nor excluded."""
        group = load_plan().option(id).group
        rest = self._with("exclude", tuple(i for i in self.exclude if i != id))
        return rest._with(group, tuple(i for i in getattr(self, group) if i != id))

    def _with(self, name: str, ids: tuple[str, ...]) -> Filter:
        changes: dict[str, Any] = {name: ids}
        return replace(self, **changes)


def members(counties: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return for every option the adcodes of the counties that hold it.

    Parameters
    ----------
    counties : DataFrame
        As of `targets.counties.join`. 620200 is no county, so its prefecture is an empty set.
    """
    held: dict[str, set[str]] = {id: set() for ids in load_plan().option_ids.values() for id in ids}
    real = counties[counties["is_county"]]
    for adcode, row in zip(real.index, real.to_dict("records"), strict=True):
        years = () if pd.isna(row["road_year"]) else (str(row["road_year"]),)
        for id in (row["band"] or NO_BAND, *row["clusters"], *row["energy"], *years, row["prefecture_code"]):
            held[id].add(adcode)
    return {id: frozenset(adcodes) for id, adcodes in held.items()}


def _left(filter: Filter, members: Members) -> frozenset[str]:
    left = frozenset[str]().union(*members.values())
    for group in GROUPS:
        sets = [members[id] for id in getattr(filter, group)]
        if sets:
            left &= frozenset.intersection(*sets) if filter.op(group) == "all" else frozenset[str]().union(*sets)
    return left.difference(*(members[id] for id in filter.exclude))


def select(filter: Filter, members: Members) -> tuple[str, ...]:
    """Return the adcodes that the filter leaves, in the order of the code."""
    return tuple(sorted(_left(filter, members)))


def option_counts(filter: Filter, members: Members) -> dict[str, int]:
    """Return for every option how many counties are left once it is included (and no longer excluded)."""
    return {id: len(_left(filter.including(id), members)) for id in members}


def loosen(filter: Filter, members: Members) -> list[tuple[str, int]]:
    """Return the chosen options whose removal alone leaves more counties than now, with that number, best first."""
    now = len(_left(filter, members))
    gains = [(id, n) for id in filter.chosen if (n := len(_left(filter.without(id), members))) > now]
    return sorted(gains, key=lambda gain: -gain[1])


def _name(id: str, lang: str) -> str:
    """Return the short name of an option."""
    option = load_plan().option(id)
    if option.group == "road" or id == NO_BAND:
        return option.zh if lang == "zh" else option.en
    return option.zh_short.replace("亿元", " 亿元") if lang == "zh" else option.en_short


def _lower(text: str) -> str:
    """Lower the first letter, but not that of an abbreviation."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _included(filter: Filter, group: str, lang: str) -> str:
    """Return the phrase for the included options of one group."""
    ids = getattr(filter, group)
    word = {"zh": {"any": " 或 ", "all": " 且 "}, "en": {"any": " or ", "all": " and "}}[lang][filter.op(group)]
    if group == "road":
        years = word.join(f"{y}年" if lang == "zh" else y for y in ids)
        return f"计划{years}通高速" if lang == "zh" else f"expressway planned for {years}"
    if group == "prefecture":
        return ("" if lang == "zh" else "in ") + word.join(_name(id, lang) for id in ids)
    names = [_name(id, lang) if lang == "zh" else _lower(_name(id, lang)) for id in ids]
    if group == "band":
        target = "目标" if lang == "zh" else "target"
        names = [n if id == NO_BAND else f"{target} {n}" for id, n in zip(ids, names, strict=True)]
    return word.join(names)


def _excluded(id: str, lang: str) -> str:
    """Return the phrase for one excluded option."""
    name, group = _name(id, lang), load_plan().option(id).group
    if id == NO_BAND:
        return "已列入专栏一" if lang == "zh" else "listed in Box 1"
    if group == "band":
        return f"目标不是 {name}" if lang == "zh" else f"target not {name}"
    if lang == "zh":
        return f"非 {name}"
    if group == "prefecture":
        return f"outside {name}"
    return f"no {_lower(name)}" if group == "road" else f"not {_lower(name)}"


def conditions(filter: Filter, lang: str = "zh") -> list[str]:
    """Return what the filter asks, one phrase a condition; a county must meet every one."""
    parts = []
    for group in SPOKEN:
        if getattr(filter, group):
            parts.append(_included(filter, group, lang))
        parts += [_excluded(id, lang) for id in filter.exclude if load_plan().option(id).group == group]
    return parts


def sentence(filter: Filter, count: int, lang: str = "zh") -> str:
    """Say the filter and its result in one sentence.

    Examples
    --------
    >>> sentence(Filter(energy=("WIND", "CSP"), energy_op="all", exclude=("PSH",), band=("B5",)), 2, "en")
    'Wind and CSP; not pumped storage; target 10–20 bn yuan · 2 counties'
    """
    parts = conditions(filter, lang)
    if lang == "zh":
        return f"{COMMA.join(parts)} · 共 {count} 个{UNITS}" if parts else f"全部 {count} 个{UNITS}"
    counties = "county" if count == 1 else "counties"
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]} · {count} {counties}" if parts else f"All {count} {counties}"


def empty_sentence(filter: Filter, members: Members, lang: str = "zh", most: int = 3) -> str:
    """Say that no county is left, and which option to let go.

    Parameters
    ----------
    most : int
        How many options to name at most.
    """
    if filter.prefecture == (JIAYUGUAN,) and JIAYUGUAN not in filter.exclude:
        if lang == "zh":
            return (
                f"嘉峪关市不设县{OPEN}市、区{CLOSE}{COMMA}方案没有为它列出县域目标{STOP}"
                f"方案另在专栏四列有嘉峪关工业园区{COMMA}在专栏五列有嘉峪关机场改扩建项目{STOP}"
            )
        return (
            "Jiayuguan has no county-level units, so the plan sets no county target there. It does list the Jiayuguan "
            "industrial park (Box 4) and the Jiayuguan airport expansion (Box 5)."
        )
    ways = [(_excluded(id, lang) if id in filter.exclude else _name(id, lang), n) for id, n in loosen(filter, members)]
    if not ways:
        # Of several options joined by "or", no one alone holds the others back: let the whole group go.
        whole = [(_included(filter, g, lang), filter._with(g, ())) for g in GROUPS if getattr(filter, g)]
        ways = sorted(((said, n) for said, f in whole if (n := len(_left(f, members)))), key=lambda way: -way[1])
    if lang == "zh":
        head = f"没有同时符合的县{OPEN}市、区{CLOSE}{STOP}"
        if not ways:
            return f"{head}只去掉其中一项仍没有{COMMA}请清空筛选{STOP}"
        return head + COMMA.join(f"去掉\u201c{said}\u201d可得 {n} 个" for said, n in ways[:most]) + STOP
    head = "No county meets all of these. "
    if not ways:
        return head + "Dropping any one of them still leaves none: clear the filter."
    said_en = "; ".join(f"without \u201c{said}\u201d there {'is' if n == 1 else 'are'} {n}" for said, n in ways[:most])
    return f"{head}{said_en[0].upper()}{said_en[1:]}."
