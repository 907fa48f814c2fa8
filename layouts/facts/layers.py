"""The layers of the county map. Each is one record, and all that shows a layer reads it here.

The order of `LAYERS` is that of the buttons. A class names its style, a row of `layouts.parts.styles`; docs/adding.md
adds a layer by an example.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from layouts.facts import settlement
from layouts.facts.titles import measured
from layouts.words import both
from targets.progress import (
    BEHIND,
    CLOSED,
    NO_FIGURE,
    NO_TARGET,
    NOT_REACHED,
    ON_PACE,
    REACHED,
    RUNNING,
    STATES,
    UNKNOWN,
)
from targets.speech import Speech, say_share

if TYPE_CHECKING:
    from layouts.facts.atlas import Atlas, Standing
    from layouts.facts.view import View
    from targets.plan import Plan

Pair = tuple[str, str]  # Chinese, English
BAR_END = 1.5  # times the lower bound: where the bars of list and card end
RAMP = 6  # steps, from r1, the least, to r6
MOST_HELD = 4  # of how many options at once a legend has a class of its own
NA = "na"  # the class of what is no county, in every layer
# Lower bounds of the population classes P1…P6, persons.
POPULATION_CLASSES = (0, 100_000, 200_000, 300_000, 400_000, 600_000)
# What a state of the progress layer looks like, also in charts.
STATE_STYLES: Mapping[str, str] = {
    REACHED: "r3",
    ON_PACE: "pace",
    BEHIND: "short",
    NOT_REACHED: "short",
    UNKNOWN: "unknown",
    NO_FIGURE: "blank",
    NO_TARGET: "unlisted",
}


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class of a layer, a row of its legend.

    Attributes
    ----------
    id : str
        What a county of it has as ``data-class``. Two layers may share one where both mean the same style.
    names : Pair
    style : str
        A row of `layouts.parts.styles.STYLES`.
    unopened : str
        The style of a county of it whose road has no record of opening; empty for the same.
    option : bool
        Whether the id is an option of the layer's group: to press it filters.
    outside : bool
        Whether it is that of the counties with none of the group's options.
    """

    id: str
    names: Pair
    style: str
    unopened: str = ""
    option: bool = False
    outside: bool = False

    def data(self) -> dict[str, Any]:
        """Return the row as the browser takes it."""
        marks = {key: True for key in ("option", "outside") if getattr(self, key)}
        return {"id": self.id, "zh": self.names[0], "en": self.names[1]} | marks


@dataclass(frozen=True, slots=True)
class Note:
    """A line under a legend, beside a swatch of a class, or of its counties whose road has no record of opening."""

    cls: str
    names: Pair
    unopened: bool = False


# Of the atlas, what the store holds, and the view: the filter is all of the view that a layer may heed. Without the
# store a legend lists every class there ever is.
Legend = Callable[["Atlas", "Standing | None", "View"], list[LegendClass]]
Classes = Callable[["Atlas", "Standing | None", "View"], Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A layer of the map.

    Attributes
    ----------
    id : str
        As in an address.
    name, title, unit : Pair
        On its button, over the map (a field of `Plan.said` is filled in), and what its classes are counted in, if
        anything.
    legend : callable
        Its classes, in the order of the legend.
    classes : callable
        The class of each county, by adcode.
    counts : str
        The column of the counties whose options of `group` a class counts, those chosen or all: then the browser
        paints it by the filter. Empty for a layer that the filter does not change.
    of_store : bool
        Whether it rests on the store: then its classes come anew after each import, and with another period.
    group : str
        The filter's group that it shows, which its panels are of; empty where those are of its classes.
    rising : bool
        Whether its panels stand from the last class of the legend to the first.
    parks : bool
        Whether the parks are marked on it.
    told : str
        What a county's name adds on a prefecture's map: ``class``, ``road``, ``people``, ``state`` or nothing.
    finding : str
        What its headline says, one of `layouts.facts.headline.FINDINGS`; by default of which class most are.
    shares : callable, optional
        What a county has of what is full at 1, and how that is said, by adcode: the bars of the list, where they
        rest on the store.
    notes : callable
        Further lines of the legend.
    sources : tuple of Pair
        Lines that name its sources, beside the plan and the boundaries.
    facts : tuple of str
        Rows of the comparison that a scene's annex lists; without any, and no counted options, each county's class.
    pinyin : mapping of str to str
        How the Chinese of `name` and `also` is read, syllable by syllable, where the palette does not know it already.
    also : str
        Other names by which the palette finds it, divided by ``|``.
    """

    id: str
    name: Pair
    title: Pair
    legend: Legend
    classes: Classes
    unit: Pair = ("", "")
    counts: str = ""
    of_store: bool = False
    group: str = ""
    rising: bool = False
    parks: bool = False
    told: str = "class"
    finding: str = "most"
    shares: Callable[[Standing, str], Mapping[str, tuple[float, str]]] | None = None
    notes: Callable[[Atlas], list[Note]] = lambda atlas: []
    sources: tuple[Pair, ...] = ()
    facts: tuple[str, ...] = ()
    pinyin: Mapping[str, str] = field(default_factory=dict)
    also: str = ""

    def of_counties(self, atlas: Atlas, standing: Standing | None, view: View) -> dict[str, str]:
        """Return the class of each polygon: that of its county, or `NA`."""
        found = self.classes(atlas, standing, view)
        is_county = atlas.counties["is_county"]
        return {adcode: found[adcode] if real else NA for adcode, real in is_county.items()}


def steps(n: int) -> list[str]:
    """Return the styles of `n` ordered classes, the darkest first, as far apart as the ramp allows.

    Examples
    --------
    >>> steps(4)
    ['r6', 'r4', 'r3', 'r1']
    """
    return [f"r{round(RAMP - at * (RAMP - 1) / max(n - 1, 1))}" for at in range(n)]


def say(names: Pair, lang: str) -> str:
    """Return a name in a language."""
    return Speech.of(lang).pick(*names)


def title(layer: Layer, plan: Plan, lang: str) -> str:
    """Return what stands over the map of a layer."""
    return say(layer.title, lang).format_map(plan.said[lang])


# ---- how each is computed -------------------------------------------------------------------------------------------


def _option(atlas: Atlas, id: str) -> Pair:
    option = atlas.plan.option(id)
    return option.zh_short, option.en_short


def _bands(atlas: Atlas, standing: Standing | None, view: View) -> list[LegendClass]:
    *bands, unlisted = atlas.plan.option_ids["band"]
    styles = zip([*bands, unlisted], [*steps(len(bands)), "unlisted"], strict=True)
    return [LegendClass(id, _option(atlas, id), style, option=True) for id, style in styles]


def _band(atlas: Atlas, standing: Standing | None, view: View) -> dict[str, str]:
    return {adcode: band or atlas.plan.no_band for adcode, band in atlas.counties["band"].items()}


def _years(atlas: Atlas, standing: Standing | None, view: View) -> list[LegendClass]:
    years = atlas.plan.option_ids["road"]
    return [
        *(
            LegendClass(id, _option(atlas, id), step, f"unopened-{step}", option=True)
            for id, step in zip(years, steps(len(years)), strict=True)
        ),
        LegendClass("none", both("js_legend_road_none", atlas.plan), "unlisted", outside=True),
    ]


def _year(atlas: Atlas, standing: Standing | None, view: View) -> dict[str, str]:
    years = atlas.counties["road_year"]
    return {adcode: "none" if pd.isna(year) else str(int(year)) for adcode, year in years.items()}


def _road_notes(atlas: Atlas) -> list[Note]:
    years = atlas.plan.option_ids["road"]
    hatched = years[min(1, len(years) - 1)]  # of a colour that shows its lines
    return [
        Note(years[-1], both("legend_road_opened")),
        Note(hatched, both("legend_road_unknown"), unopened=True),
    ]


def _counts(group: str, column: str, atlas: Atlas, standing: Standing | None, view: View) -> list[LegendClass]:
    chosen = len(getattr(view.filter, group))
    most = min(chosen or max(map(len, atlas.counties[column])), MOST_HELD)

    def names(n: int) -> Pair:
        if n == 0:
            return both("js_legend_held_0")
        return both("legend_member") if chosen == 1 else both("legend_held", n=n)

    held = [LegendClass(f"n{n}", names(n), f"r{n + RAMP - MOST_HELD}") for n in range(most, 0, -1)]
    return [*held, LegendClass("n0", names(0), "unlisted", outside=True)]


def _count(group: str, column: str, atlas: Atlas, standing: Standing | None, view: View) -> dict[str, str]:
    wanted = set(getattr(view.filter, group)) or set(atlas.plan.option_ids[group])
    return {adcode: f"n{len(wanted & set(held))}" for adcode, held in atlas.counties[column].items()}


def _states(atlas: Atlas, standing: Standing | None, view: View) -> list[LegendClass]:
    names = standing.rules.states if standing else {state: {**RUNNING, **CLOSED}[state] for state in STATES}
    return [LegendClass(state, name, STATE_STYLES[state]) for state, name in names.items()]


def _state(atlas: Atlas, standing: Standing | None, view: View) -> dict[str, str]:
    known = {} if standing is None else standing.assessment["state"].to_dict()
    return {adcode: str(known.get(adcode, NO_FIGURE)) for adcode in atlas.counties.index}


def _attained(standing: Standing, lang: str) -> dict[str, tuple[float, str]]:
    """Return what each county reached of its lower bound, where a full year's figure measures it."""
    speech = Speech.of(lang)
    return {
        str(adcode): (float(row["attainment"]), speech.percent(say_share(row["observed"], row["lower"])))
        for adcode, row in measured(standing.assessment).to_dict("index").items()
    }


def _sizes(atlas: Atlas, standing: Standing | None, view: View) -> list[LegendClass]:
    def name(n: int, unit: int) -> str:
        lower = f"{POPULATION_CLASSES[n] / unit:g}"
        if n + 1 == len(POPULATION_CLASSES):
            return f"≥ {lower}"
        upper = f"{POPULATION_CLASSES[n + 1] / unit:g}"
        return f"{lower}–{upper}" if n else f"< {upper}"

    classes = range(len(POPULATION_CLASSES))
    rows = [LegendClass(f"P{n + 1}", (name(n, 10_000), name(n, 1000)), f"r{n + 1}") for n in reversed(classes)]
    unknown = atlas.counties.loc[atlas.counties["is_county"], "population"].isna().any()
    return [*rows, LegendClass("blank", both("no_public_data"), "blank")] if unknown else rows


def _size(atlas: Atlas, standing: Standing | None, view: View) -> dict[str, str]:
    people = atlas.counties["population"].items()
    return {
        adcode: "blank" if pd.isna(number) else f"P{sum(number >= lower for lower in POPULATION_CLASSES)}"
        for adcode, number in people
    }


def _settled(atlas: Atlas, standing: Standing | None, view: View) -> list[LegendClass]:
    """Return the classes of ranks where there is a scheme, else of the published lists."""
    year = None if standing is None else settlement.layer_year(atlas, standing, view.period)
    bounds = settlement.RANK_CLASSES
    ranks = [LegendClass("rank_0", both("settle_class_first", to=bounds[0]), "r6")]
    for at, (low, high) in enumerate(pairwise(bounds), start=1):
        ranks.append(LegendClass(f"rank_{at}", both("settle_class", from_=low + 1, to=high), f"r{6 - 2 * at}"))
    ranks.append(LegendClass(f"rank_{len(bounds)}", both("settle_class_last", from_=bounds[-1] + 1), "r1"))
    ranks.append(LegendClass(settlement.FOG, both("settle_class_fog"), "unknown"))
    won = [
        LegendClass("won_strong", both("settle_class_strong"), "r6"),
        LegendClass("won_advanced", both("settle_class_advanced"), "r3"),
        LegendClass("won_progress", both("settle_class_progress"), "pace"),
    ]
    none = LegendClass("won_none", both("settle_class_none"), "unlisted", outside=True)
    if standing is None:
        return [*ranks, *won, none]
    has_account = year is not None and settlement.account(atlas, standing, year) is not None
    return [*(ranks if has_account else won), none]


def _settled_as(atlas: Atlas, standing: Standing | None, view: View) -> dict[str, str]:
    found: dict[str, str] = {}
    if standing is not None:
        found = settlement.classes(atlas, standing, settlement.layer_year(atlas, standing, view.period))
    return {adcode: found.get(adcode, "won_none") for adcode in atlas.counties.index}


# ---- the layers -----------------------------------------------------------------------------------------------------

LAYERS: dict[str, Layer] = {
    layer.id: layer
    for layer in (
        Layer(
            id="band",
            name=("目标档次", "Targets"),
            title=("{target_year}年地区生产总值目标档次", "GDP target band for {target_year}"),
            legend=_bands,
            classes=_band,
            group="band",
            parks=True,
            told="",  # the name says it already
            finding="band",
            facts=("band",),
            pinyin={"目标档次": "mu biao dang ci"},
            also="GDP|bands",
        ),
        Layer(
            id="cluster",
            name=("产业集群", "Clusters"),
            title=("工业产业集群", "Industrial clusters"),
            legend=partial(_counts, "cluster", "clusters"),
            classes=partial(_count, "cluster", "clusters"),
            counts="clusters",
            finding="counts",
            group="cluster",
            facts=("cluster",),
            pinyin={"产业集群": "chan ye ji qun"},
        ),
        Layer(
            id="energy",
            name=("新能源", "Energy"),
            title=("新能源重点县", "New-energy roles"),
            legend=partial(_counts, "energy", "energy"),
            classes=partial(_count, "energy", "energy"),
            counts="energy",
            finding="counts",
            group="energy",
            facts=("energy",),
            pinyin={"新能源": "xin neng yuan"},
        ),
        Layer(
            id="road",
            name=("高速公路", "Roads"),
            title=("高速公路：计划与通车", "Expressways by year"),
            legend=_years,
            classes=_year,
            group="road",
            told="road",
            finding="road",
            notes=_road_notes,
            facts=("road", "opened"),
            pinyin={"高速公路": "gao su gong lu"},
            also="expressways",
        ),
        Layer(
            id="progress",
            name=("进度", "Progress"),
            title=("地区生产总值：达到档次下限没有", "GDP against the lower bound of its band"),
            legend=_states,
            classes=_state,
            of_store=True,
            told="state",
            finding="states",
            shares=_attained,
            facts=("band", "gdp", "attainment", "gap", "growth", "state"),
        ),
        Layer(
            id="settlement",
            name=both("settle_layer"),
            title=both("settle_layer_title"),
            legend=_settled,
            classes=_settled_as,
            of_store=True,
        ),
        Layer(
            id="population",
            name=("常住人口", "Population"),
            title=("2020年常住人口", "Resident population, 2020 census"),
            legend=_sizes,
            classes=_size,
            unit=("万人", "thousand people"),
            rising=True,
            told="people",
            finding="people",
            sources=(both("source_census"),),
            facts=("population",),
            pinyin={"常住人口": "chang zhu ren kou", "人口": "ren kou"},
            also="人口|people|census",
        ),
    )
}
