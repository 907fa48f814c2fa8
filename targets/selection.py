"""A filter, the set of counties it leaves, and the sentence that says it.

Groups combine with AND; inside a group any or all; then what is excluded is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import pandas as pd

from targets.plan import GROUPS, Plan
from targets.speech import Speech

Op = Literal["any", "all"]
Members = Mapping[str, frozenset[str]]
Options = Mapping[str, tuple[str, ...]]  # ids by group, as of `Plan.option_ids`
OPS: tuple[str, ...] = ("any", "all")
# The order in which a sentence names them: where, what, how much, by when.
SPOKEN = ("prefecture", "cluster", "energy", "band", "road")
# The words that join options and counts to a sentence.
WORDS = (
    "filter_any", "filter_all", "filter_between", "filter_road", "filter_prefecture", "filter_counted",
    "filter_everyone", "filter_empty", "filter_empty_still", "filter_without",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of a county, as option ids.

    `of` makes one as a plan has it: each group without repeats and in the plan's order, so that equal filters are equal
    values.

    Raises
    ------
    ValueError
        When a group is one text, or an `op` is neither any nor all.
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
        for name in (*GROUPS, "exclude"):
            if isinstance(given := getattr(self, name), str):
                raise ValueError(f"{name}: {given!r} is one text, not several ids")
        for name in ("cluster_op", "energy_op"):
            if getattr(self, name) not in OPS:
                raise ValueError(f"{name}: {getattr(self, name)!r} not among {', '.join(OPS)}")

    @classmethod
    def of(cls, options: Options, cluster_op: Op = "any", energy_op: Op = "any", **groups: Iterable[str]) -> Filter:
        """Return a filter of a plan's options, in its order.

        Raises
        ------
        ValueError
            When an id is not an option of its group, or an `op` is neither any nor all.
        """
        every = tuple(id for ids in options.values() for id in ids)
        chosen: dict[str, Any] = {}
        for name, given in groups.items():
            allowed = every if name == "exclude" else options[name]
            wanted = [given] if isinstance(given, str) else list(given)
            if isinstance(given, str) or (wrong := [id for id in wanted if id not in allowed]):
                wrong = wanted if isinstance(given, str) else wrong
                raise ValueError(f"{name}: {', '.join(map(repr, wrong))} not among {', '.join(allowed)}")
            chosen[name] = tuple(id for id in allowed if id in wanted)
        return cls(**chosen, cluster_op=cluster_op, energy_op=energy_op)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked, so that all counties are left."""
        return not any(getattr(self, name) for name in (*GROUPS, "exclude"))

    def chosen(self, options: Options) -> tuple[str, ...]:
        """Return every id that is included or excluded, in the order of the plan."""
        ids = {id for name in (*GROUPS, "exclude") for id in getattr(self, name)}
        return tuple(id for group in options.values() for id in group if id in ids)

    def op(self, group: str) -> Op:
        """Return how the options of a group combine."""
        return getattr(self, f"{group}_op", "any")

    def including(self, id: str, options: Options) -> Filter:
        """Return this filter with the option included, and no longer excluded."""
        group = _group(id, options)
        held = {*getattr(self, group), id}
        return self.without(id, options)._with(group, tuple(i for i in options[group] if i in held))

    def excluding(self, id: str, options: Options) -> Filter:
        """Return this filter with the option excluded, and no longer included."""
        held = {*self.exclude, id}
        ordered = tuple(i for ids in options.values() for i in ids if i in held)
        return self.without(id, options)._with("exclude", ordered)

    def without(self, id: str, options: Options) -> Filter:
        """Return this filter with the option neither included nor excluded."""
        group = _group(id, options)
        rest = self._with("exclude", tuple(i for i in self.exclude if i != id))
        return rest._with(group, tuple(i for i in getattr(self, group) if i != id))

    def _with(self, name: str, ids: tuple[str, ...]) -> Filter:
        changes: dict[str, Any] = {name: ids}
        return replace(self, **changes)


def _group(id: str, options: Options) -> str:
    """Return the group of an option.

    Raises
    ------
    KeyError
        When there is no such option.
    """
    for group, ids in options.items():
        if id in ids:
            return group
    raise KeyError(f"{id!r} is not an option; there are {', '.join(one for ids in options.values() for one in ids)}")


def members(counties: pd.DataFrame, plan: Plan) -> dict[str, frozenset[str]]:
    """Return for every option the adcodes of the counties that hold it.

    Parameters
    ----------
    counties : DataFrame
        As of `targets.counties.join`. A prefecture without counties is an empty set.
    plan : Plan
    """
    held: dict[str, set[str]] = {id: set() for ids in plan.option_ids.values() for id in ids}
    real = counties[counties["is_county"]]
    for adcode, row in zip(real.index, real.to_dict("records"), strict=True):
        years = () if pd.isna(row["road_year"]) else (str(row["road_year"]),)
        for id in (row["band"] or plan.no_band, *row["clusters"], *row["energy"], *years, row["prefecture_code"]):
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


def option_counts(filter: Filter, members: Members, options: Options) -> dict[str, int]:
    """Return for every option how many counties are left once it is included (and no longer excluded)."""
    return {id: len(_left(filter.including(id, options), members)) for id in members}


def loosen(filter: Filter, members: Members, options: Options) -> list[tuple[str, int]]:
    """Return the chosen options whose removal alone leaves more counties than now, with that number, best first."""
    now = len(_left(filter, members))
    gains = [(id, n) for id in filter.chosen(options) if (n := len(_left(filter.without(id, options), members))) > now]
    return sorted(gains, key=lambda gain: -gain[1])


def _name(id: str, plan: Plan, speech: Speech) -> str:
    """Return the short name of an option."""
    option = plan.option(id)
    if option.group == "road" or id == plan.no_band:
        return speech.pick(option.zh, option.en)
    return speech.pick(option.zh_short.replace("亿元", " 亿元"), option.en_short)


def _inside(id: str, plan: Plan, speech: Speech) -> str:
    """Return the short name of an option as it stands within a sentence, where English writes it small."""
    name = _name(id, plan, speech)
    return speech.pick(name, _lower(name))


def _lower(text: str) -> str:
    """Lower the first letter, but not that of an abbreviation."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _excluded(id: str, plan: Plan, speech: Speech) -> str:
    """Return the phrase for one excluded option."""
    group = plan.option(id).group
    if id == plan.no_band:
        return speech.word("filter_listed", plan)
    if group in ("band", "prefecture"):
        return speech.word(f"filter_not_{group}", name=_name(id, plan, speech))
    return speech.word("filter_not_road" if group == "road" else "filter_not", name=_inside(id, plan, speech))


@dataclass(frozen=True, slots=True)
class Said:
    """All that a sentence on a filter is joined of, in one language; the browser joins the same (`data`).

    Attributes
    ----------
    words : dict of str to str or dict
        The catalogue's phrases; ``road`` and ``prefecture`` go around a group's names. One that English says otherwise
        of one is ``{"many", "one", "count"}``.
    name, inside, excluded : dict of str to str
        Each option as it is named alone, as it stands among those of its group, and as it is excluded.
    alone : dict of str to str
        What is said of a prefecture that has no county.
    """

    words: dict[str, Any]
    name: dict[str, str]
    inside: dict[str, str]
    excluded: dict[str, str]
    alone: dict[str, str]

    @staticmethod
    @cache
    def of(plan: Plan, lang: str) -> Said:
        """Return what a plan's filters are said with."""
        speech = Speech.of(lang)
        ids = list(plan.options.index)
        inside = {id: _inside(id, plan, speech) for id in ids}
        for id in plan.option_ids["band"]:
            inside[id] = inside[id] if id == plan.no_band else speech.word("filter_band", name=inside[id])
        inside |= {id: speech.period(id) for id in plan.option_ids["road"]}
        inside |= {id: _name(id, plan, speech) for id in plan.option_ids["prefecture"]}
        return Said(
            {key.removeprefix("filter_"): speech.forms(key) for key in WORDS}
            | {"then": speech.sentences(("", "")), "end": speech.sentence("")},
            {id: _name(id, plan, speech) for id in ids},
            inside,
            {id: _excluded(id, plan, speech) for id in ids},
            {code: _without_counties(code, plan, speech) for code in sorted(plan.alone)},
        )

    def data(self) -> dict[str, Any]:
        """Return it as the browser takes it, with the groups in the order in which they are spoken."""
        return {
            "words": self.words, "name": self.name, "inside": self.inside, "excluded": self.excluded,
            "alone": self.alone, "spoken": SPOKEN,
        }  # fmt: skip

    def included(self, filter: Filter, group: str) -> str:
        """Return the phrase for the included options of one group."""
        names = self.words[filter.op(group)].join(self.inside[id] for id in getattr(filter, group))
        around = {"road": "years", "prefecture": "names"}
        return self.words[group].format(**{around[group]: names}) if group in around else names

    def together(self, parts: Iterable[str]) -> str:
        """Return conditions one after another."""
        return str(self.words["between"].join(parts))


def conditions(filter: Filter, plan: Plan, lang: str = "zh") -> list[str]:
    """Return what the filter asks, one phrase a condition; a county must meet every one."""
    return _conditions(filter, plan, Said.of(plan, lang))


def _conditions(filter: Filter, plan: Plan, said: Said) -> list[str]:
    parts = []
    for group in SPOKEN:
        if getattr(filter, group):
            parts.append(said.included(filter, group))
        parts += [said.excluded[id] for id in filter.exclude if plan.option(id).group == group]
    return parts


def sentence(filter: Filter, count: int, plan: Plan, lang: str = "zh") -> str:
    """Say the filter and its result in one sentence.

    Examples
    --------
    >>> from targets.plan import load_plan
    >>> chosen = Filter(energy=("WIND", "CSP"), energy_op="all", exclude=("PSH",), band=("B5",))
    >>> sentence(chosen, 2, load_plan(), "en")
    'Wind and CSP; not pumped storage; target 10–20 bn yuan · 2 counties'
    """
    speech, said = Speech.of(lang), Said.of(plan, lang)
    parts = _conditions(filter, plan, said)
    if not parts:
        return speech.word("filter_everyone", n=count)
    return speech.word("filter_counted", said=speech.capital(said.together(parts)), n=count)


def empty_sentence(filter: Filter, members: Members, plan: Plan, lang: str = "zh", most: int = 3) -> str:
    """Say that no county is left, and which option to let go.

    Parameters
    ----------
    most : int
        How many options to name at most.
    """
    speech, said, asked = Speech.of(lang), Said.of(plan, lang), filter.prefecture
    if len(asked) == 1 and asked[0] in said.alone and asked[0] not in filter.exclude:
        return said.alone[asked[0]]
    ways = [
        ((said.excluded if id in filter.exclude else said.name)[id], n)
        for id, n in loosen(filter, members, plan.option_ids)
    ]
    if not ways:
        # Of several options joined by "or", no one alone holds the others back: let the whole group go.
        whole = [(said.included(filter, g), filter._with(g, ())) for g in GROUPS if getattr(filter, g)]
        ways = sorted(((what, n) for what, f in whole if (n := len(_left(f, members)))), key=lambda way: -way[1])
    head = speech.word("filter_empty")
    if not ways:
        return speech.sentences([head, speech.word("filter_empty_still")])
    without = said.together(speech.word("filter_without", name=what, n=n) for what, n in ways[:most])
    return speech.sentences([head, speech.sentence(speech.capital(without))])


def _without_counties(code: str, plan: Plan, speech: Speech) -> str:
    """Say that a prefecture has no county, and what the plan lists there all the same."""
    listed = []
    for table in (plan.parks, plan.projects):
        for row in table[table["prefecture_code"] == code].to_dict("records"):
            box = plan.boxes.name([row["box"]], speech.lang)
            listed.append(speech.word("alone_in_box", name=speech.name(row), box=box))
    option = plan.option(code)
    said = [speech.word("alone", name=speech.pick(option.zh, option.en_short))]
    if listed:
        said.append(speech.word("alone_listed", listed=speech.word("alone_between").join(listed)))
    return speech.sentences(said)
