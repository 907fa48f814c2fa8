"""The table of one part of a year: totals and growth from January on, which no full-year bound is compared with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from layouts.parts.markup import choice, county_cell, table
from layouts.parts.provenance import in_chinese, spoken_property
from layouts.words import word
from targets import progress
from targets.provenance import cite_source
from targets.speech import Speech, exact

SOME = {"data-when": "some"}  # hidden while no county of it matches the filter


def quarter(
    part: progress.PartYear, said: Mapping[str, Any], rules: progress.Rules, lang: str, batches: pd.DataFrame
) -> html.Section:
    """Return the figures of one part of a year, beside the province's growth of the same months.

    Parameters
    ----------
    part : targets.progress.PartYear
    said : mapping
        Of `counted`.
    rules : targets.progress.Rules
    lang : str
    batches : DataFrame
        Of `targets.observations.Store.batches`.
    """
    rows = part.counties
    industry, apart = bool(rows["industry"].notna().any()), part.province is not None
    if part.province is None:
        beside = html.P(word("quarter_alone", lang), className="quiet")
    else:
        rate = f"{exact(part.province['value']):f}"
        text = word("quarter_province", lang, rate=rate, source=cite_source(part.province, lang, batches))
        beside = html.P(text, className="quiet", **spoken_property(text, lang))
    heads = [
        *("county", "level", "rate"),
        *(["apart"] if apart else []),
        *(["industry"] if industry else []),
        *("full_year", "status", "source"),
    ]
    order = part.order("growth")
    orders = {by: part.order(by) for by in progress.PART_ORDERS}
    names = {by: word(f"quarter_by_{by}", lang) for by in progress.PART_ORDERS}
    control = {"data-orders": json.dumps(orders), "aria-controls": "quarter-table"}
    return html.Section(
        [
            html.H2(said["quarter_title"], **{"data-said": "quarter_title"}),
            html.P(said["quarter_found"], className="quarter-found", **{"data-said": "quarter_found"}),
            html.P(word("quarter_text", lang), className="quiet"),
            beside,
            html.Label(
                [word("sort", lang), " ", choice("quarter-sort", names, "growth", **control)], className="behind-sort"
            ),
            html.Div(
                table(
                    [word(f"head_{key}", lang) for key in heads],
                    [
                        _quarter_cells(adcode, rows.loc[adcode], rules, lang, apart, industry, batches)
                        for adcode in order
                    ],
                    said["quarter_title"],
                ),
                id="quarter-table",
            ),
        ],
        className="follows quarter-section",
        **SOME,
    )


def _quarter_cells(
    adcode: str, row: Any, rules: progress.Rules, lang: str, apart: bool, industry: bool, batches: pd.DataFrame
) -> tuple[Any, ...]:
    """Return a county's row of the quarter's table."""
    speech = Speech.of(lang)

    def rate(value: Any, sign: str = "") -> str:
        return "—" if pd.isna(value) else f"{exact(value):{sign}f}"

    known = [what for what in ("level", "growth") if not pd.isna(row[what])]
    status = dict.fromkeys(speech.status(row[f"{what}_status"], row[f"{what}_origin"]) for what in known)
    sources = dict.fromkeys(
        cite_source(row, lang, batches, f"{what}_") + speech.brackets(speech.pick(row[f"{what}_note"], ""))
        for what in known
    )
    return (
        county_cell(adcode, row[speech.pick("name_short", "name_en")]),
        "—" if pd.isna(row["level"]) else speech.number(row["level"]),
        "—" if pd.isna(row["growth"]) else speech.percent(rate(row["growth"])),
        *([rate(row["apart"], "+")] if apart else []),
        *(["—" if pd.isna(row["industry"]) else speech.percent(rate(row["industry"]))] if industry else []),
        rules.name(row["state"], lang),
        speech.clauses(status),
        in_chinese(speech.clauses(sources), lang),
    )
