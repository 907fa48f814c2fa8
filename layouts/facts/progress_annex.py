"""The figures of the progress page, one by one, each with its source: what its sheet of the annex lists."""

from __future__ import annotations

import pandas as pd

from layouts.facts.province import target_number, target_value, where
from layouts.facts.scene import GDP_KEYS, Fact, SceneFacts
from layouts.words import word
from targets import outcomes, progress
from targets.provenance import Source, of_figure, of_park


def figures(facts: SceneFacts) -> list[Fact]:
    """Return the states counted, then what is known of each county, road, provincial target and park."""
    unit = word("slide_counties", facts.lang)
    states = [Fact("", "", facts.state(state), str(n), n, unit) for state, n in facts.state_counts().items()]
    mine = [adcode for adcode in facts.standing.assessment.index if adcode in facts.kept]
    observed = [*facts.lines(mine, ("band", *GDP_KEYS)), *_part_figures(facts)]
    return [*states, *observed, *_step_figures(facts), *_target_figures(facts), *_park_figures(facts)]


def _part_figures(facts: SceneFacts) -> list[Fact]:
    part, lang = facts.part, facts.lang
    if part is None:
        return []
    found: list[Fact] = []
    for adcode in part.order("growth"):
        if adcode not in facts.kept:
            continue
        row = part.counties.loc[adcode]
        for what, key in (("level", "head_level"), ("growth", "head_rate")):
            if pd.isna(row[what]):
                continue
            if what == "level":
                shown = progress.say_figure(row, lang, "level_", "level")
            else:
                shown = progress.say_rate(row, what, lang)
            source = _source_of_part(facts, row, f"{what}_", shown)
            value, unit = facts.yi(row[what]) if what == "level" else (float(row[what]), "%")
            found.append(Fact(adcode, facts.name(adcode), word(key, lang), shown, value, unit, source))
    return found


def _source_of_part(facts: SceneFacts, row: pd.Series, prefix: str, shown: str) -> Source:
    given = {
        f: row[f"{prefix}{f}"]
        for f in ("period", "printed", "status", "source", "source_url", "note", "origin", "batch")
    }
    indicator = progress.GDP if prefix == "level_" else progress.GROWTH
    given |= {"place": str(row.name), "indicator": indicator}
    return of_figure(given, shown, facts.lang, facts.standing.batches, facts.atlas.published.notes_en)


def _step_figures(facts: SceneFacts) -> list[Fact]:
    """Return the ladder and the steps of the roads, then the roads county by county."""
    unit, named = word("slide_counties", facts.lang), facts.speech.named
    names, ladder = facts.ladder_bars
    steps = facts.road_steps
    bars: list[tuple[str, int | None]] = []
    for name, values in ladder:
        bars += [(named(name, label), n) for label, n in zip(names, values, strict=True)]
    for name, known in steps.series:
        bars += [(named(name, str(year)), n) for year, n in zip(steps.years, known, strict=True)]
    counted = [Fact("", "", what, str(n), n, unit) for what, n in bars if n is not None]
    return [*counted, *facts.lines([str(adcode) for adcode in facts.roads.counties.index], ("road", "opened"))]


def _target_figures(facts: SceneFacts) -> list[Fact]:
    found = []
    for row in facts.targets:
        what = str(row[facts.speech.column("indicator")])
        unit = str(row[facts.speech.column("unit")])
        clause, note = where(row, facts.lang), str(row[facts.speech.column("note")])
        source = Source(what=what, clause=clause, comparator=str(row["comparator"]), note=note)
        shown = target_value(row, facts.lang)
        # A threshold, a size class, a duration or a rule has no number to be reached.
        goal = None if row["said"] else float(target_number(row, facts.lang))
        aim = unit if goal is not None else ""
        found.append(Fact("", what, word("head_value", facts.lang), shown, goal, aim, source))
        if known := str(row[f"known_{facts.lang}"]):
            value = None if pd.isna(row["known"]) else float(target_number(row, facts.lang, "known"))
            source = Source(what=what, source=str(row["known_source"]), period=str(row["known_period"]))
            item = word("head_known_of", facts.lang)
            found.append(Fact("", what, item, known, value, unit if value is not None else "", source))
    return found


def _park_figures(facts: SceneFacts) -> list[Fact]:
    found, lang = [], facts.lang
    for row in facts.parks:
        name, target, observed, *_ = facts.park_cells(row)
        source = of_park(facts.atlas.plan, str(row["id"]), lang)
        found.append(Fact("", name, word("head_value", lang), target, *facts.yi(row["target_yi"]), source))
        value, unit = (None, "") if pd.isna(row["observed"]) else facts.yi(row["observed"])
        seen = None
        if value is not None:
            given = {**row, "place": row["id"], "indicator": outcomes.PARK}
            seen = of_figure(given, name, lang, facts.standing.batches, facts.atlas.published.notes_en)
        item = word("head_park_observed", lang)
        found.append(Fact("", name, item, observed, value, unit, seen))
    return found
