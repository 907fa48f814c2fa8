"""The counties whose figure of the target year is missing, and what is known of them instead."""

from __future__ import annotations

import pandas as pd

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.view import View
from targets import progress
from targets.speech import Speech


def to_call(atlas: Atlas, standing: Standing, view: View) -> pd.DataFrame:
    """Return the counties whose full figure of the target year is missing, whatever the period chosen.

    Returns
    -------
    DataFrame
        Rows of `targets.progress.assess` for the latest full years, in official order, so by prefecture.
    """
    everyone, rules = standing.assessment, standing.rules
    if view.period is not None:
        everyone = standing.once(
            "latest", lambda: progress.assess(atlas.counties, standing.observations, None, rules, atlas.plan)
        )
    return progress.missing(everyone).sort_index()


def missing_rows(atlas: Atlas, standing: Standing, view: View) -> list[tuple[str, str, str, str]]:
    """Return the rows of the workbook that asks: code, name, prefecture, what is known, of the counties selected."""
    wanted = to_call(atlas, standing, view)
    speech = Speech.of(view.lang)
    rows = []
    for adcode, row in wanted[wanted.index.isin(atlas.select(view.filter))].iterrows():
        prefix, option = known_prefix(row), atlas.plan.option(str(row["prefecture_code"]))
        known = "" if prefix is None else say_known(row, prefix, view.lang)
        # Always the Chinese name: it is what the importer reads, and what a county's office calls itself.
        rows.append((str(adcode), str(row["name"]), speech.pick(option.zh, option.en), known))
    return rows


def known_prefix(row: pd.Series) -> str | None:
    """Return which figure tells most of a county that is not judged; None when none is known."""
    for prefix, column in (
        ("floor_", "floor"),
        ("", "observed"),
        ("other_", "other"),
        ("part_year_", "part_year"),
        ("growth_", "growth"),
    ):
        if not pd.isna(row[column]):
            return prefix
    return None


def say_known(row: pd.Series, prefix: str, lang: str) -> str:
    """Say a figure of an assessed county in a few words."""
    if prefix == "":
        return progress.say_level(row, lang)
    if prefix == "floor_":
        return progress.say_floor(row, lang)
    if prefix == "part_year_":
        return progress.say_part(row, lang, short=True)
    return progress.say_growth(row, lang) if prefix == "growth_" else progress.say_other(row, lang)
