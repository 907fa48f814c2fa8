"""The figures that a scene shows, each with its source: what its slide draws, and what its sheet of the annex lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from layouts.facts.atlas import POPULATION_CLASSES, Atlas, Standing
from layouts.facts.deck import Deck, Scene
from layouts.facts.view import View, read_page
from layouts.files.documents import filter_sentence
from layouts.pages import compare as compare_page
from layouts.pages import prefecture as prefecture_page
from layouts.pages import progress as progress_page
from layouts.pages.compare import Column, Line
from layouts.pages.overlap import say_sets
from layouts.parts import figures
from layouts.words import word
from targets import evidence, outcomes, progress, speech
from targets.overlap import RolesAndBands, roles_and_bands
from targets.provenance import Source, of_figure, of_option, of_park
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
    """One class of a map's legend: its id, its name, and how many of the matching counties are in it."""

    id: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class RoadSteps:
    """The roads by year: the finding, the years, and the counties planned and known open up to each."""

    title: str
    years: tuple[int, ...]
    series: list[tuple[str, list[int | None]]]


# ---- titles that a scene and its slides share -----------------------------------------------------------------------


def standing_title(assessment: pd.DataFrame, rules: progress.Rules, lang: str) -> str:
    """Say how many counties with a target are in each state that any of them is in.

    Parameters
    ----------
    assessment : DataFrame
        Rows of `targets.progress.assess`, at least one of them with a target.
    rules : targets.progress.Rules
    lang : str
    """
    n = {state: k for state, k in progress.counts(assessment, rules).items() if k and state != progress.NO_TARGET}
    states = [word("deck_state", lang, state=rules.name(state, lang), n=k) for state, k in n.items()]
    said = ("，" if lang == "zh" else ", ").join(states)
    title = word("deck_closing" if rules.closed else "deck_standing", lang, rules.plan, n=sum(n.values()), states=said)
    # The plan sets no pace of its own.
    paced = progress.ON_PACE in n or progress.BEHIND in n
    return title + (word("deck_pace", lang, pace=f"{rules.pace * 100:g}") if paced else "")


def call_title(missing: int, rules: progress.Rules, lang: str) -> str:
    """Say of how many counties the target year's full figure is not known."""
    return word("deck_call", lang, n=missing, year=rules.target_year)


def measured_title(assessment: pd.DataFrame, lang: str) -> str:
    """Say how many counties have a full year to compare, and how many of them reached the bound, if any."""
    rows = assessment[assessment["attainment"].notna()]
    reached = int((rows["state"] == progress.REACHED).sum())
    return word("bullets_title" if reached else "slide_measured", lang, n=len(rows), reached=reached)


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
        self.zh = lang == "zh"
        self.again = False  # whether an earlier scene of the deck shows the same page, over the same counties
        # What is the same for every scene of one period is made once for the whole deck.
        self._shared = shared

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
                for one in compare_page.columns(atlas, self.standing, list(atlas.counties.index), self.view)
            },
        )

    @cached_property
    def heads(self) -> dict[str, compare_page.Row]:
        """The rows of the compare page, by key."""
        return self._once(
            "heads", lambda: {row.key: row for row in compare_page.rows(self.atlas, self.standing, self.lang)}
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
        return str(county.name if self.zh else county.name_en)

    def short(self, adcode: str) -> str:
        """Return a county's short name."""
        county = self.counties[adcode]
        return str(county.name_short if self.zh else county.name_en_short)

    def option(self, id: str) -> str:
        """Return an option's short name."""
        option = self.atlas.plan.option(id)
        return option.zh_short if self.zh else option.en_short

    def state(self, id: str) -> str:
        """Return the name of a state of the progress layer."""
        return self.standing.rules.name(id, self.lang)

    @cached_property
    def classes(self) -> dict[str, str]:
        """Return each county's legend class in the scene's layer."""
        found = self.atlas.county_classes(self.view.layer, self.view.filter)
        if self.view.layer == "progress":
            found |= {adcode: str(row["state"]) for adcode, row in self.assessed.items()}
        return found

    @cached_property
    def legend(self) -> list[LegendRow]:
        """The legend of the scene's map, as beside the map on the page."""
        layer, lang = self.view.layer, self.lang
        classes = self.classes
        count = [classes[adcode] for adcode in self.matched].count
        if layer == "band":
            named = [(id, self.option(id)) for id in self.atlas.plan.option_ids["band"]]
        elif layer == "road":
            named = [(id, self.option(id)) for id in self.atlas.plan.option_ids["road"]]
            named.append(("none", word("js_legend_road_none", lang, self.atlas.plan)))
        elif layer == "progress":
            named = [(id, self.state(id)) for id in self.standing.rules.states]
        elif layer == "population":
            named = [(f"P{n + 1}", self._people_class(n)) for n in range(len(POPULATION_CLASSES))][::-1]
            named += [("none", word("js_legend_population_none", lang))] if "none" in classes.values() else []
        else:
            chosen = len(getattr(self.view.filter, layer))
            column = {"cluster": "clusters", "energy": "energy"}[layer]
            most = min(chosen or max(map(len, self.atlas.counties[column])), 4)
            named = [(f"n{n}", self._held_class(n, chosen)) for n in range(most, -1, -1)]
        return [LegendRow(id, label, count(id)) for id, label in named]

    def _people_class(self, n: int) -> str:
        unit = 10_000 if self.zh else 1000
        lower = f"{POPULATION_CLASSES[n] / unit:g}"
        if n + 1 == len(POPULATION_CLASSES):
            return f"≥ {lower}"
        upper = f"{POPULATION_CLASSES[n + 1] / unit:g}"
        return f"{lower}–{upper}" if n else f"< {upper}"

    def _held_class(self, n: int, chosen: int) -> str:
        if n == 0:
            return word("js_legend_held_0", self.lang)
        return word("js_legend_member", self.lang) if chosen == 1 else word("js_legend_held", self.lang, n=n)

    @cached_property
    def panels(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """The small maps of the panels form: class, name, and the adcodes in it."""
        layer = self.view.layer
        if layer in ("population", "progress"):
            classes = self.classes
            return [
                (row.id, row.label, tuple(a for a in self.atlas.counties.index if classes[a] == row.id))
                for row in (self.legend if layer == "progress" else self.legend[::-1])
            ]
        members = self.atlas.members
        return [(id, self.option(id), tuple(sorted(members[id]))) for id in self.atlas.plan.option_ids[layer]]

    @cached_property
    def inside(self) -> tuple[str, ...]:
        """The adcodes of the counties that a scene of a prefecture, a county or a comparison is about."""
        counties = self.atlas.counties
        if self.page == "prefecture":
            return tuple(counties.index[counties["prefecture_code"] == self.code])
        if self.page == "county":
            return (self.code,) if self.code in counties.index else ()
        if self.page == "compare":
            return self.view.compare
        return tuple(counties.index)

    # ---- sentences

    @cached_property
    def findings(self) -> list[str]:
        """What the page says in sentences, the most important first."""
        assessment, lang = self.standing.assessment, self.lang
        if self.page == "map":
            said = [] if self.view.filter.is_empty else [filter_sentence(self.atlas, self.view)]
            return [*said, word(f"js_title_{self.view.layer}", lang, self.atlas.plan)]
        if self.page == "progress":
            counted = progress_page.counted(self.atlas, self.standing, self.view)
            return list(counted["headline"])
        if self.page == "prefecture":
            mine = assessment[assessment["prefecture_code"] == self.code]
            if mine.empty:
                return [word("card_not_county", lang, self.atlas.plan)] if self.inside else []
            roads = self.roads.counties
            return list(
                prefecture_page.findings(self.atlas, self.standing, mine, roads[roads.index.isin(mine.index)], lang)
            )
        if self.page == "county" and self.inside:
            if self.code not in assessment.index:
                return [word("card_not_county", lang, self.atlas.plan)]
            return [progress.sentence(self.assessed[self.code], lang, self.standing.rules)]
        if self.page == "overlap":
            return self.overlap.sentences(lang)
        return []

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
        if self.view.period is None or speech.is_whole(self.view.period):
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
        years = figures.ladder_years(rungs)
        seen = {year: rungs.observed.loc[year] for year in years} or {0: rungs.latest}
        order = [rung for rung in names.index if any(int(part.get(rung, 0)) for part in (rungs.listed, *seen.values()))]
        listed = [int(rungs.listed.get(rung, 0)) for rung in order]
        series = [(word("ladder_listed", lang, n=sum(listed)), listed)]
        for year, part in seen.items():
            values = [int(part[rung]) for rung in order]
            of = (rungs.known.loc[year] if year else rungs.latest_known).to_dict()
            outside = int(of["counties"]) - int(of["with_target"])
            more = word("ladder_outside", lang, n=outside) if outside else ""
            key = "ladder_observed_year" if year else "ladder_observed"
            series.append((word(key, lang, n=sum(values), year=year, more=more), values))
        return [str(names.at[rung, "zh" if self.zh else "en"]) for rung in order], series

    @property
    def road_steps(self) -> RoadSteps:
        """The counties planned to be connected and those known to have been, summed up by year, as on the page."""
        steps, lang = self.roads.steps, self.lang
        planned, opened = list(map(int, steps["planned_total"])), list(map(int, steps["opened_total"]))
        # After the last record nothing is known, which is not the same as no more openings.
        last = max((n + 1 for n, amount in enumerate(steps["opened"]) if amount), default=0)
        known: list[int | None] = [n if at < last else None for at, n in enumerate(opened)]
        unknown = planned[-1] - opened[-1]
        counts = {"opened": opened[-1], "planned": planned[-1]}
        title = word("roads_title" if unknown else "roads_title_all", lang, self.atlas.plan, unknown=unknown, **counts)
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
            first = rows["basis"].map(progress_page.KNOWN_FIRST)
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
            str(row["name" if self.zh else "name_en"]),
            f"{strive} {speech.say_money(row['target_yi'], lang, whole=True)}",
            speech.say_money(row["observed"], lang, row["target_yi"]) if known else word("no_public_data", lang),
            "—" if pd.isna(year) else str(year),
            "—" if pd.isna(row["gap"]) else speech.say_money(row["gap"], lang, 0),
            self.atlas.plan.clause(row["box"], row["item"], lang),
        )

    # ---- the figures, for the annex

    @cached_property
    def facts(self) -> list[Fact]:
        """Every figure that the scene shows."""
        if self.page == "map":
            return [*self._legend_facts(), *self._of(self.inside, self._map_keys())]
        if self.page == "progress":
            found = [
                Fact("", "", self.state(state), str(n), n, word("slide_counties", self.lang))
                for state, n in self.state_counts().items()
            ]
            mine = [adcode for adcode in self.standing.assessment.index if adcode in self.kept]
            observed = [*self._of(mine, ("band", *GDP_KEYS)), *self._part_facts()]
            return [*found, *observed, *self._step_facts(), *self._target_facts(), *self._park_facts()]
        if self.page == "overlap":
            return self._overlap_facts()
        if self.page in ("prefecture", "county", "compare"):
            keys = [key for key in self.heads if self.page != "prefecture" or self.heads[key].group != "other"]
            return self._of(self.inside, keys)
        return []

    def state_counts(self) -> dict[str, int]:
        """Return how many of the matching counties are in each state."""
        rows = self.standing.assessment
        found = rows.loc[rows.index.isin(self.matched), "state"].value_counts()
        return {state: int(found.get(state, 0)) for state in self.standing.rules.states}

    def _map_keys(self) -> Sequence[str]:
        ids = self.atlas.plan.option_ids
        return {
            "band": ("band",),
            "cluster": ("cluster", *ids["cluster"]),
            "energy": ("energy", *ids["energy"]),
            "road": ("road", "opened"),
            "progress": ("band", *GDP_KEYS),
            "population": ("population",),
        }[self.view.layer]

    def _legend_facts(self) -> list[Fact]:
        unit, all_of = word("slide_counties", self.lang), word("slide_matched", self.lang)
        counted = [Fact("", "", row.label, str(row.count), row.count, unit) for row in self.legend]
        n = len(self.matched)
        return [Fact("", "", all_of, str(n), n, unit), *counted]

    def _of(self, adcodes: Sequence[str], keys: Sequence[str]) -> list[Fact]:
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
                        text = f"{text}（{small}）" if self.zh else f"{text} ({small})"
                    source = line.source or self.heads[key].source
                    found.append(Fact(adcode, self.name(adcode), self.heads[key].head, text, value, unit, source))
        return found

    def _numbers(self, adcode: str, key: str, lines: Sequence[Line]) -> list[tuple[float | int | None, str]]:
        """Return the stored number behind each line of a cell, with its unit; None where the line is words."""
        county, assessed = self.counties[adcode], self.assessed
        none: list[tuple[float | int | None, str]] = [(None, "")] * len(lines)
        if key == "band" and county.band:
            return [self._yi(county.lower)]
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
                known = [self._yi(row[w]) for w in ("observed", "floor", "part_year") if not pd.isna(row[w])]
                return [*known] if len(known) == len(lines) else none
            if pd.isna(row["attainment"]):
                return none
            if key == "attainment":
                return [(float(row["attainment"]) * 100, "%")]
            if key == "gap":
                return [self._yi(row["gap"] or row["surplus"])]
            if key == "growth" and not pd.isna(row["required_growth"]):
                return [(float(row["required_growth"]) * 100, "%")]
            return none
        if self.heads[key].group == "other" or (key == "gdp" and adcode not in assessed):
            latest = self._latest(key).get(adcode)
            return none if latest is None else [in_unit(latest["value"], str(latest["unit"]), self.lang)]
        return none

    def _yi(self, amount: Any) -> tuple[float, str]:
        """Return an amount of 亿元 in the unit of the language."""
        return in_unit(amount, progress.YI, self.lang)

    def _latest(self, id: str) -> dict[Any, dict[Any, Any]]:
        """Return the latest value of an indicator up to the scene's period, by place."""
        observations, period = self.standing.observations, self.view.period
        return self._once(
            f"latest {id}",
            lambda: evidence.latest(observations, id, period, full_year=False).to_dict("index"),
        )

    def _part_facts(self) -> list[Fact]:
        part, lang = self.part, self.lang
        if part is None:
            return []
        found: list[Fact] = []
        for adcode in part.order("growth"):
            if adcode not in self.kept:
                continue
            row = part.counties.loc[adcode]
            for what, key in (("level", "head_level"), ("growth", "head_rate")):
                if pd.isna(row[what]):
                    continue
                if what == "level":
                    shown = progress.say_figure(row, lang, "level_", "level")
                else:
                    shown = progress.say_rate(row, what, lang)
                source = self._figure(row, f"{what}_", shown)
                value, unit = self._yi(row[what]) if what == "level" else (float(row[what]), "%")
                found.append(Fact(adcode, self.name(adcode), word(key, lang), shown, value, unit, source))
        return found

    def _figure(self, row: pd.Series, prefix: str, shown: str) -> Source:
        given = {
            f: row[f"{prefix}{f}"]
            for f in ("period", "printed", "status", "source", "source_url", "note", "origin", "batch")
        }
        indicator = progress.GDP if prefix == "level_" else progress.GROWTH
        given |= {"place": str(row.name), "indicator": indicator}
        return of_figure(given, shown, self.lang, self.standing.batches, self.atlas.published.notes_en)

    def _step_facts(self) -> list[Fact]:
        """Return the ladder and the steps of the roads, then the roads county by county."""
        unit, colon = word("slide_counties", self.lang), "：" if self.zh else ": "
        names, ladder = self.ladder_bars
        steps = self.road_steps
        bars: list[tuple[str, int | None]] = []
        for name, values in ladder:
            bars += [(f"{name}{colon}{label}", n) for label, n in zip(names, values, strict=True)]
        for name, known in steps.series:
            bars += [(f"{name}{colon}{year}", n) for year, n in zip(steps.years, known, strict=True)]
        counted = [Fact("", "", what, str(n), n, unit) for what, n in bars if n is not None]
        return [*counted, *self._of([str(adcode) for adcode in self.roads.counties.index], ("road", "opened"))]

    def _target_facts(self) -> list[Fact]:
        found = []
        for row in self.targets:
            what = str(row["indicator" if self.zh else "indicator_en"])
            unit = str(row["unit" if self.zh else "unit_en"])
            where, note = progress_page.where(row, self.lang), str(row["note" if self.zh else "note_en"])
            source = Source(what=what, clause=where, comparator=str(row["comparator"]), note=note)
            shown = progress_page.target_value(row, self.lang)
            # A threshold, a size class, a duration or a rule has no number to be reached.
            goal = None if row["said"] else float(progress_page.target_number(row, self.lang))
            aim = unit if goal is not None else ""
            found.append(Fact("", what, word("head_value", self.lang), shown, goal, aim, source))
            if known := str(row[f"known_{self.lang}"]):
                value = None if pd.isna(row["known"]) else float(progress_page.target_number(row, self.lang, "known"))
                source = Source(what=what, source=str(row["known_source"]), period=str(row["known_period"]))
                item = word("head_known_of", self.lang)
                found.append(Fact("", what, item, known, value, unit if value is not None else "", source))
        return found

    def _park_facts(self) -> list[Fact]:
        found, lang = [], self.lang
        for row in self.parks:
            name, target, observed, *_ = self.park_cells(row)
            source = of_park(self.atlas.plan, str(row["id"]), lang)
            found.append(Fact("", name, word("head_value", lang), target, *self._yi(row["target_yi"]), source))
            value, unit = (None, "") if pd.isna(row["observed"]) else self._yi(row["observed"])
            seen = Source(what=name, source=row["source"], status=row["status"], period=str(row["year"]))
            item = word("head_park_observed", lang)
            found.append(Fact("", name, item, observed, value, unit, None if value is None else seen))
        return found

    def _overlap_facts(self) -> list[Fact]:
        found = []
        unit = word("slide_counties", self.lang)
        plan = self.atlas.plan
        for one in self.overlap.combinations:
            what = self.combination(one.sets)
            clauses = [of_option(plan, id, lang=self.lang).clause for id in one.sets]
            source = Source(what=what, clause=("；" if self.zh else "; ").join(clauses)) if clauses else None
            names = ("、" if self.zh else ", ").join(map(self.short, one.adcodes))
            found.append(Fact("", names, what, str(len(one.adcodes)), len(one.adcodes), unit, source))
        return found

    def combination(self, sets: tuple[str, ...]) -> str:
        """Return the name of a combination of roles."""
        return say_sets(sets, self.atlas.plan, self.lang) if sets else word("held_no_role", self.lang)

    # ---- sources

    def cited(self) -> list[str]:
        """Return, one line each, where the scene's observed figures come from."""
        found: dict[str, None] = {}
        for fact in self.facts:
            if fact.source is not None and fact.source.source:
                parts = [fact.source.source, fact.source.period, fact.source.status, fact.source.batch]
                found[("，" if self.zh else ", ").join(part for part in parts if part)] = None
        return list(found)


def source_cells(source: Source | None, lang: str) -> list[str]:
    """Return a source as cells, as of `SOURCE_HEADS`."""
    if source is None:
        return [""] * len(SOURCE_HEADS)
    printed = "；".join(part for part in (source.printed, source.correction) if part)
    departments = ("、" if lang == "zh" else "; ").join(source.departments)
    return [
        source.clause, source.comparator, printed, source.task, departments, source.source, source.period,
        source.status, source.note, source.batch, source.url,
    ]  # fmt: skip


SOURCE_HEADS = (
    "source_clause", "source_comparator", "source_printed", "source_task", "source_departments", "source_source",
    "source_period", "source_status", "source_note", "source_batch", "source_url",
)  # fmt: skip
