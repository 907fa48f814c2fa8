"""What is known of one county, as values: what its card, its page, its slide and the comparison say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from layouts.facts.atlas import Atlas, Standing
from layouts.words import word
from targets import evidence, outcomes, progress
from targets.catalogue import phrases
from targets.indicators import Indicator
from targets.provenance import Source, cite_batch, of_figure, say_batch
from targets.speech import Speech, say_share, stretch


def road_import(standing: Standing, batch: Any, lang: str) -> tuple[str, str]:
    """Name the import that an opening came with, in full and in short; twice nothing for one that was published."""
    if pd.isna(batch):
        return "", ""
    return say_batch(int(batch), standing.batches, lang), cite_batch(int(batch), standing.batches, lang)


# ---- observed values ------------------------------------------------------------------------------------------------


def said_of(row: pd.Series, lang: str, rules: progress.Rules) -> str:
    """Say how a county stands, without its name.

    Parameters
    ----------
    row : Series
        Of `targets.progress.assess`.
    lang : str
    rules : targets.progress.Rules
        Those of the assessment.
    """
    said = progress.sentence(row, lang, rules)
    said = said.partition(Speech.of(lang).named("", ""))[2] or said
    return said[:1].upper() + said[1:]


def finding(row: pd.Series, lang: str, rules: progress.Rules) -> str:
    """Say in a few words how a county stands: what leads its page."""
    speech = Speech.of(lang)
    since = (progress.say_reached(row, rules, lang) if rules.closed else "") or rules.name(row["state"], lang)
    if pd.isna(row["attainment"]) or row["reason"] == "floor" or row["state"] == progress.NO_TARGET:
        return speech.capital(since)
    gap, share = progress.say_distance(row, lang), speech.percent(say_share(row["observed"], row["lower"]))
    when = speech.period(str(row["period"]))
    if row["state"] == progress.REACHED:
        return speech.capital(word("county_reached", lang, since=since, surplus=gap))
    key = "county_short" if row["state"] in progress.SHORT else "county_then"
    return word(key, lang, when=when, gap=gap, share=share, state=since)


def source_of(atlas: Atlas, standing: Standing, row: Mapping[Any, Any], what: str, lang: str) -> Source:
    """Return where an observation comes from, called `what`."""
    return of_figure(row, what, lang, standing.batches, atlas.published.notes_en, standing.indicators)


def cited(standing: Standing, row: pd.Series) -> list[dict[Any, Any]]:
    """Return the observations that a county's sentence rests on."""
    kinds = {
        "": progress.GDP,
        "floor_": progress.GDP,
        "part_year_": progress.GDP,
        "growth_": progress.GROWTH,
        "other_": row["other_indicator"],
    }
    mine = evidence.settled(standing.observations[standing.observations["place"] == row.name])
    # Of those that judge, a place, indicator and period has one.
    judging = mine[mine["standing"] == evidence.JUDGES].to_dict("records")
    found = [(one["indicator"], one["period"]) for one in judging]
    wanted = dict.fromkeys((kind, row[f"{what}period"]) for what, kind in kinds.items() if row[f"{what}period"])
    return [judging[found.index(key)] for key in wanted]


def say_value(row: Mapping[Any, Any], standing: Standing, lang: str) -> str:
    """Say an observation: indicator, value and unit."""
    return f"{indicator_name(str(row['indicator']), standing.indicators, lang)} {say_figure(row, standing, lang)}"


def say_figure(row: Mapping[Any, Any], standing: Standing, lang: str) -> str:
    """Say an observation's value as it stood in its source, a user's own with every digit; a day as a day."""
    indicator = standing.indicators.get(row["indicator"])
    if indicator is not None and indicator.kind == "date":
        return outcomes.say_date(row["value"])
    return Speech.of(lang).printed(row["value"], row["unit"], row["comparator"], row["printed"], row["origin"])


# ---- what does not judge --------------------------------------------------------------------------------------------


def gdp_apart(standing: Standing, adcode: str) -> tuple[list[dict[Any, Any]], list[dict[Any, Any]]]:
    """Return the GDP figures of a county that contradict each other, and the leads, each by period."""
    clashing, leads = standing.once("gdp apart", lambda: _all_gdp_apart(standing))
    return clashing.get(adcode, []), leads.get(adcode, [])


def _all_gdp_apart(standing: Standing) -> tuple[dict[str, list[dict[Any, Any]]], dict[str, list[dict[Any, Any]]]]:
    """Return both by place."""
    known = standing.observations
    known = known[known["indicator"] == progress.GDP]
    clashing, leads = (
        {str(place): mine.to_dict("records") for place, mine in rows.groupby("place", sort=False)}
        for rows in (evidence.contradictions(known), evidence.leads(known))
    )
    return clashing, leads


def newest_leads(row: Mapping[Any, Any] | pd.Series, leads: list[dict[Any, Any]]) -> list[dict[Any, Any]]:
    """Return the leads of the latest period, where that is later than what judges the county."""
    ends = [stretch(lead["period"]).end for lead in leads]
    judged = [int(row[year]) * 12 + 12 for year in ("year", "floor_year") if not pd.isna(row[year])]
    if not ends or max(ends) <= max(judged, default=0):
        return []
    return [lead for lead, end in zip(leads, ends, strict=True) if end == max(ends)]


def indicator_name(id: str, known: Mapping[str, Indicator], lang: str) -> str:
    """Return an indicator's name; a few are published in a form that no file imports."""
    if id in known:
        return Speech.of(lang).pick(known[id].zh, known[id].en)
    return word(f"indicator_{id}", lang) if f"indicator_{id}" in phrases() else id
