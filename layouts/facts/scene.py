"""The figures that a scene shows, each with its source: what its slide draws, and what its sheet of the annex lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from layouts.facts import comparison, province, titles
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.comparison import Column, Line
from layouts.facts.deck import Deck, Scene
from layouts.facts.layers import LAYERS, Layer, say
from layouts.facts.overlap import say_sets
from layouts.facts.pages import PAGES, Page, everyone, read_page
from layouts.facts.view import View
from layouts.words import word
from targets import evidence, outcomes, progress
from targets.overlap import RolesAndBands, roles_and_bands
from targets.provenance import Source
from targets.speech import Speech, is_whole
from targets.units import in_unit

StandingOf = Callable[[View], Standing]
Told = Callable[[int, int], object]
GDP_KEYS = ("gdp", "attainment", "gap", "growth", "state")


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of a scene.

    Attributes
    ----------
    adcode, place, item : str
        Of whom and what; the adcode is empty where it is of no one place.
    shown : str
        As the page says it.
    value : float, int or None
        The number behind it, as it is stored, in `unit`.
    unit : str
    source : Source or None
        Where it stands; None for what is counted or worked out from the rows beside it.
    """

    adcode: str
    place: str
    item: str
    shown: str
    value: float | int | None = None
    unit: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One class of a map's legend: its id, its name, how many of the matching counties are in it, which it is.

    `outside` is the class of those with none of the options that the layer shows.
    """

    id: str
    label: str
    count: int
    outside: bool = False


@dataclass(frozen=True, slots=True)
class RoadSteps:
    """The roads by year: the finding, the years, and the counties planned and known open up to each."""

    title: str
    years: tuple[int, ...]
    series: list[tuple[str, list[int | None]]]


def scenes_of(deck: Deck, atlas: Atlas, standing_of: StandingOf, lang: str) -> list[SceneFacts]:
    """Return what each scene of a deck shows; the store is asked once a period, so that all are of one moment."""
    standings: dict[str | None, Standing] = {}
    shared: dict[Any, Any] = {}
    for scene in deck.scenes:
        if scene.view.period not in standings:
            standings[scene.view.period] = standing_of(scene.view)
    made = [SceneFacts(atlas, standings[scene.view.period], scene, lang, shared) for scene in deck.scenes]
    shown: set[tuple[Any, ...]] = set()
    for facts in made:
        what = (facts.page, facts.code, facts.view.filter, facts.view.period)
        facts.again = what in shown
        shown.add(what)
    return made


class SceneFacts:
    """What one scene shows, in one language."""

    def __init__(self, atlas: Atlas, standing: Standing, scene: Scene, lang: str, shared: dict[Any, Any]) -> None:
        self.atlas, self.standing, self.scene, self.lang = atlas, standing, scene, lang
        self.view = replace(scene.view, lang=lang)
        page = read_page(scene.path)
        self.page, self.code = page if page else ("", "")
        self.speech = Speech.of(lang)
        self.again = False  # whether an earlier scene of the deck shows the same page, over the same counties
        # What is the same for every scene of one period is made once for the whole deck.
        self._shared = shared

    def by(self, layer: str) -> SceneFacts:
        """Return the same scene by another layer."""
        if self.view.layer == layer:
            return self
        scene = replace(self.scene, view=replace(self.scene.view, layer=layer))
        other = SceneFacts(self.atlas, self.standing, scene, self.lang, self._shared)
        other.again = self.again
        return other

    def _once(self, key: str, make: Callable[[], Any]) -> Any:
        known = (key, self.view.period, self.lang)
        if known not in self._shared:
            self._shared[known] = make()
        return self._shared[known]

    # ---- counties

    @cached_property
    def counties(self) -> dict[str, Any]:
        """The rows of the atlas's counties, by adcode."""
        return self._once("counties", lambda: {row.Index: row for row in self.atlas.counties.itertuples()})

    @cached_property
    def assessed(self) -> dict[str, dict[str, Any]]:
        """The rows of the assessment, by adcode."""
        return self._once("assessed", lambda: self.standing.assessment.to_dict("index"))

    @cached_property
    def columns(self) -> dict[str, Column]:
        """What is said of each of the 87, by adcode, as on the compare page."""
        atlas = self.atlas
        return self._once(
            "columns",
            lambda: {
                one.adcode: one
                for one in comparison.columns(atlas, self.standing, list(atlas.counties.index), self.view)
            },
        )

    @cached_property
    def heads(self) -> dict[str, comparison.Row]:
        """The rows of the compare page, by key."""
        return self._once(
            "heads", lambda: {row.key: row for row in comparison.rows(self.atlas, self.standing, self.lang)}
        )

    @cached_property
    def roads(self) -> outcomes.Roads:
        """What became of the expressways."""
        return self._once(
            "roads",
            lambda: self.standing.roads(self.atlas),
        )

    @cached_property
    def overlap(self) -> RolesAndBands:
        """Who holds what together."""
        return self._once("overlap", lambda: roles_and_bands(self.atlas.counties, self.atlas.plan))

    @cached_property
    def matched(self) -> tuple[str, ...]:
        """The adcodes that the scene's filter leaves."""
        return self.atlas.select(self.view.filter)

    @cached_property
    def kept(self) -> frozenset[str]:
        """The same as a set."""
        return frozenset(self.matched)

    @cached_property
    def unknown_roads(self) -> frozenset[str]:
        """The adcodes with a planned road of which no opening is on record."""
        return frozenset(self.roads.unknown)

    def name(self, adcode: str) -> str:
        """Return a county's full name."""
        county = self.counties[adcode]
        return str(self.speech.pick(county.name, county.name_en))

    def short(self, adcode: str) -> str:
        """Return a county's short name."""
        county = self.counties[adcode]
        return str(self.speech.pick(county.name_short, county.name_en_short))

    def option(self, id: str) -> str:
        """Return an option's short name."""
        option = self.atlas.plan.option(id)
        return self.speech.pick(option.zh_short, option.en_short)

    def state(self, id: str) -> str:
        """Return the name of a state of the progress layer."""
        return self.standing.rules.name(id, self.lang)

    @cached_property
    def classes(self) -> dict[str, str]:
        """Return each county's legend class in the scene's layer."""
        return self.atlas.county_classes(self.view, self.standing)

    @property
    def layer(self) -> Layer:
        """The scene's layer."""
        return LAYERS[self.view.layer]

    @cached_property
    def legend(self) -> list[LegendRow]:
        """The legend of the scene's map, as beside the map on the page."""
        classes = self.classes
        count = [classes[adcode] for adcode in self.matched].count
        rows = self.layer.legend(self.atlas, self.standing, self.view)
        if self.layer.of_store:  # a state that nobody is in is not named
            rows = [row for row in rows if row.id in set(classes.values())]
        return [LegendRow(one.id, say(one.names, self.lang), count(one.id), one.outside) for one in rows]

    @cached_property
    def class_names(self) -> dict[str, str]:
        """The name of each class of the scene's layer."""
        return {row.id: row.label for row in self.legend}

    @cached_property
    def panels(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """The small maps of the panels form: class, name, and the adcodes in it."""
        if not self.layer.group:
            classes = self.classes
            return [
                (row.id, row.label, tuple(a for a in self.atlas.counties.index if classes[a] == row.id))
                for row in (self.legend[::-1] if self.layer.rising else self.legend)
            ]
        ids, members = self.atlas.plan.option_ids[self.layer.group], self.atlas.members
        return [(id, self.option(id), tuple(sorted(members[id]))) for id in ids]

    @property
    def of(self) -> Page | None:
        """The page that the scene shows; None for a path that is none."""
        return PAGES.get(self.page)

    @cached_property
    def inside(self) -> tuple[str, ...]:
        """The adcodes of the counties that the scene is about."""
        return tuple((self.of.about if self.of else everyone)(self.atlas, self.view, self.code))

    @cached_property
    def findings(self) -> list[str]:
        """What the page says in sentences, the most important first."""
        return self.of.findings(self) if self.of else []

    @cached_property
    def facts(self) -> list[Fact]:
        """Every figure that the scene shows, for the annex."""
        return self.of.figures(self) if self.of else []

    @property
    def measured(self) -> pd.DataFrame:
        """The matching counties with an attainment, those of the highest lower bound first."""
        rows = self.standing.assessment
        rows = rows[rows["attainment"].notna() & rows.index.isin(self.matched)].sort_index()
        return rows.sort_values(["lower", "attainment"], ascending=[False, False], kind="stable")

    @cached_property
    def calls(self) -> list[tuple[str, tuple[str, ...]]]:
        """Whom to call once the term is over: by prefecture, the matching counties without the target year's figure."""
        rules = self.standing.rules
        if not rules.closed:
            return []
        missing = set(progress.missing(self.standing.assessment).index) & self.kept
        codes = self.atlas.plan.option_ids["prefecture"]
        asked = [(code, tuple(sorted(missing & self.atlas.members[code]))) for code in codes]
        return [(code, mine) for code, mine in asked if mine]

    @property
    def short_of(self) -> pd.DataFrame:
        """The matching counties that are behind, or after the term have not reached the bound; the widest gap first."""
        order = [
            adcode
            for adcode, _ in progress.behind(
                self.standing.assessment, self.lang, "gap", self.matched, rules=self.standing.rules
            )
        ]
        return self.standing.assessment.loc[order]

    @property
    def part(self) -> progress.PartYear | None:
        """The figures of the part of a year that the scene is about; None when it is about full years."""
        if self.view.period is None or is_whole(self.view.period):
            return None
        return progress.part_year(
            self.standing.assessment, self.standing.observations, self.atlas.plan, self.view.period
        )

    # ---- of the whole province, as at the end of the progress page

    @cached_property
    def ladder(self) -> progress.Ladder:
        """How many counties stand in each band, listed and observed."""
        make = progress.ladder
        return self._once(
            "ladder",
            lambda: make(self.atlas.counties, self.standing.observations, self.standing.rules, self.atlas.plan),
        )

    @property
    def ladder_bars(self) -> tuple[list[str], list[tuple[str, list[int]]]]:
        """The bands' names from the top, and the number of counties in each: listed, then in each year drawn."""
        rungs, lang = self.ladder, self.lang
        names = progress.classes(self.atlas.plan)
        years = titles.ladder_years(rungs)
        seen = {year: rungs.observed.loc[year] for year in years} or {0: rungs.latest}
        order = [rung for rung in names.index if any(int(part.get(rung, 0)) for part in (rungs.listed, *seen.values()))]
        listed = [int(rungs.listed.get(rung, 0)) for rung in order]
        series = [(word("ladder_listed", lang, n=sum(listed)), listed)]
        for year, part in seen.items():
            values = [int(part[rung]) for rung in order]
            series.append((titles.ladder_label(rungs, year, sum(values), lang), values))
        return [str(names.at[rung, self.speech.pick("zh", "en")]) for rung in order], series

    @property
    def road_steps(self) -> RoadSteps:
        """The counties planned to be connected and those known to have been, summed up by year, as on the page."""
        steps, lang = self.roads.steps, self.lang
        planned, opened = list(map(int, steps["planned_total"])), list(map(int, steps["opened_total"]))
        # After the last record nothing is known, which is not the same as no more openings.
        last = max((n + 1 for n, amount in enumerate(steps["opened"]) if amount), default=0)
        known: list[int | None] = [n if at < last else None for at, n in enumerate(opened)]
        title = titles.roads_title(planned[-1], opened[-1], self.atlas.plan, lang)
        series = [(word("roads_planned", lang), list[int | None](planned)), (word("roads_opened", lang), known)]
        return RoadSteps(title, tuple(int(year) for year in steps.index), series)

    @cached_property
    def targets(self) -> list[dict[Any, Any]]:
        """The provincial targets, those first of which something is known, as on the page."""
        atlas = self.atlas

        def make() -> list[dict[Any, Any]]:
            rows = outcomes.provincial(
                atlas.plan, self.standing.observations, atlas.counties, atlas.published, self.standing.rules
            )
            first = rows["basis"].map(province.KNOWN_FIRST)
            return rows.assign(_first=first).sort_values("_first", kind="stable").to_dict("records")

        return self._once("targets", make)

    @cached_property
    def parks(self) -> list[dict[Any, Any]]:
        """The plan's parks."""
        found = self.standing.parks(self.atlas)
        return found.to_dict("records")

    def park_cells(self, row: dict[Any, Any]) -> tuple[str, ...]:
        """Return a park's row of its table: name, target, observed, year, gap, clause."""
        lang = self.lang
        strive = word("strive", lang) if row["is_aspirational"] else row["symbol"]
        known, year = not pd.isna(row["observed"]), row["year"]
        return (
            str(row[self.speech.column("name")]),
            f"{strive} {Speech.of(lang).money(row['target_yi'])}",
            Speech.of(lang).money(row["observed"]) if known else word("no_public_data", lang),
            "—" if pd.isna(year) else str(year),
            "—" if pd.isna(row["gap"]) else Speech.of(lang).money(row["gap"]),
            self.atlas.plan.clause(row["box"], row["item"], lang),
        )

    # ---- the figures, for the annex

    def state_counts(self) -> dict[str, int]:
        """Return how many of the matching counties are in each state that any of them is in."""
        rows = self.standing.assessment
        found = rows.loc[rows.index.isin(self.matched), "state"].value_counts()
        return {state: int(found[state]) for state in self.standing.rules.states if state in found}

    def lines(self, adcodes: Sequence[str], keys: Sequence[str]) -> list[Fact]:
        """Return what the compare page says of some counties, line by line."""
        found = []
        for adcode in adcodes:
            column = self.columns[adcode]
            for key in keys:
                lines = column.cells.get(key, ())
                numbers = self._numbers(adcode, key, lines)
                for line, (value, unit) in zip(lines, numbers, strict=True):
                    # A correction has a column of its own.
                    small = "" if line.source and line.small == line.source.correction else line.small
                    text = line.text
                    if small:
                        text += self.speech.brackets(small)
                    source = line.source or self.heads[key].source
                    found.append(Fact(adcode, self.name(adcode), self.heads[key].head, text, value, unit, source))
        return found

    def _numbers(self, adcode: str, key: str, lines: Sequence[Line]) -> list[tuple[float | int | None, str]]:
        """Return the stored number behind each line of a cell, with its unit; None where the line is words."""
        county, assessed = self.counties[adcode], self.assessed
        none: list[tuple[float | int | None, str]] = [(None, "")] * len(lines)
        if key == "band" and county.band:
            return [self.yi(county.lower)]
        if key in ("population", "urban"):
            if pd.isna(county.population):
                return none
            people = int(county.population)
            if key == "population":
                return [(people, word("slide_people", self.lang))]
            return [(int(county.urban_population) / people * 100, "%")]
        if key in GDP_KEYS and adcode in assessed:
            row = assessed[adcode]
            if key == "gdp":
                known = [self.yi(row[w]) for w in ("observed", "floor", "part_year") if not pd.isna(row[w])]
                return [*known] if len(known) == len(lines) else none
            if pd.isna(row["attainment"]):
                return none
            if key == "attainment":
                return [(float(row["attainment"]) * 100, "%")]
            if key == "gap":
                return [self.yi(row["gap"] or row["surplus"])]
            if key == "growth" and not pd.isna(row["required_growth"]):
                return [(float(row["required_growth"]) * 100, "%")]
            return none
        if self.heads[key].group == "other" or (key == "gdp" and adcode not in assessed):
            latest = self._latest(key).get(adcode)
            return none if latest is None else [in_unit(latest["value"], str(latest["unit"]), self.lang)]
        return none

    def yi(self, amount: Any) -> tuple[float, str]:
        """Return an amount of 亿元 in the unit of the language."""
        return in_unit(amount, progress.YI, self.lang)

    def _latest(self, id: str) -> dict[Any, dict[Any, Any]]:
        """Return the latest value of an indicator up to the scene's period, by place."""
        observations, period = self.standing.observations, self.view.period
        return self._once(
            f"latest {id}",
            lambda: evidence.latest(observations, id, period, full_year=False).to_dict("index"),
        )

    def combination(self, sets: tuple[str, ...]) -> str:
        """Return the name of a combination of roles."""
        return say_sets(sets, self.atlas.plan, self.lang) if sets else word("held_no_role", self.lang)

    # ---- sources

    def cited(self) -> list[str]:
        """Return, one line each, where the scene's observed figures come from."""
        found: dict[str, None] = {}
        for fact in self.facts:
            if fact.source is not None and (fact.source.source or fact.source.imported):
                source = fact.source
                parts = [source.imported, source.source, source.period, source.status]
                found[self.speech.join(part for part in parts if part)] = None
        return list(found)

    @cached_property
    def imports(self) -> list[str]:
        """The imports that figures of the scene come from, each once."""
        cited = (fact.source.imported for fact in self.facts if fact.source is not None)
        return list(dict.fromkeys(filter(None, cited)))


def source_cells(source: Source | None, lang: str) -> list[str]:
    """Return a source as cells, as of `SOURCE_HEADS`."""
    if source is None:
        return [""] * len(SOURCE_HEADS)
    printed = "；".join(part for part in (source.printed, source.correction) if part)
    departments = Speech.of(lang).pick("、", "; ").join(source.departments)
    return [
        source.clause, source.comparator, printed, source.task, departments, source.source, source.period,
        source.status, source.note, source.batch, source.url,
    ]  # fmt: skip


SOURCE_HEADS = (
    "source_clause", "source_comparator", "source_printed", "source_task", "source_departments", "source_source",
    "source_period", "source_status", "source_note", "source_batch", "source_url",
)  # fmt: skip
