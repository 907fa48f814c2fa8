"""A prefecture's turn: the map of who has reached the bound, one table beside it, and the line that says on what.

The page, the stage, the sheet of paper and the slide are this very composition.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from dash import html

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.prefecture import basis, ordered
from layouts.parts.attainment import figure_mark, figure_of
from layouts.parts.markup import county_link
from layouts.parts.provenance import spoken_property
from layouts.words import word
from targets import progress
from targets.progress import NO_TARGET, SHORT
from targets.speech import Speech, exact, say_share

HEADS = ("county", "lower", "figure", "against", "share", "gap")
NUMBERS = ("lower", "figure", "share", "gap")
MOST = 1.3  # how far the bars go, as a part of the lower bound; a longer one is cut there, and its share says more


def turn(atlas: Atlas, standing: Standing, mine: pd.DataFrame, code: str, name: str, lang: str) -> html.Div:
    """Return the whole composition."""
    said = {str(adcode): short_by(row, lang) for adcode, row in mine[mine["state"].isin(SHORT)].iterrows()}
    drawn = html.Div(
        className="small-map",
        **{"data-map": code, "data-layer": "progress", "data-labels": "1", "data-legend": "1"},
        **({"data-said-of": json.dumps(said, ensure_ascii=False)} if said else {}),
    )
    room = html.Div(
        table(atlas, standing, mine, lang),
        className="table-room turn-table",
        tabIndex=0,
        role="group",
        **{"aria-label": word("turn_table", lang, name=name)},
    )
    line = basis(standing, mine, lang)
    under = [html.P(line, className="turn-basis", **spoken_property(line, lang))] if line else []
    return html.Div([html.Div(drawn, className="turn-map"), html.Div([room, *under])], className="turn")


def short_by(row: Any, lang: str) -> str:
    """Say in a few letters what a county is short of, as it stands on the map."""
    gap = exact(row["lower"]) - exact(row["observed"])
    return word("turn_on_the_map", lang, amount=Speech.of(lang).digits(gap))


def table(atlas: Atlas, standing: Standing, mine: pd.DataFrame, lang: str) -> html.Table:
    """Return the counties, who is short first: bound, figure with its source, a bar against the bound, share, gap."""
    speech = Speech.of(lang)
    heads = [
        html.Th(word(f"turn_head_{key}", lang, atlas.plan), scope="col", className="number" if key in NUMBERS else "")
        for key in HEADS
    ]
    rows = []
    for adcode, row in ordered(mine).iterrows():
        is_listed, is_short = row["state"] != NO_TARGET, row["state"] in SHORT
        has_share = is_listed and not pd.isna(row["attainment"])
        figure, is_figure = figure_cell(atlas, standing, row, lang)
        share = speech.percent(say_share(row["observed"], row["lower"])) if has_share else "—"
        rows.append(
            html.Tr(
                [
                    html.Th(county_link(str(adcode), speech.short(row)), scope="row"),
                    html.Td(
                        speech.money(row["lower"]) if is_listed else standing.rules.name(row["state"], lang),
                        className="number" if is_listed else "number quiet",
                    ),
                    html.Td(figure, className="number" if is_figure else "number quiet"),
                    html.Td(against(row) if has_share else "", className="turn-bar"),
                    html.Td(share, className="number"),
                    html.Td(gap(row, lang), className="number is-short" if is_short else "number quiet"),
                ],
                className="is-behind" if is_short else "",
            )
        )
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="plain turn-rows")


def figure_cell(atlas: Atlas, standing: Standing, row: pd.Series, lang: str) -> tuple[Any, bool]:
    """Return what stands as a county's figure, which opens its source, and whether it is one that judges."""
    if row["reason"] == "floor":
        return figure_mark(atlas, row, "floor_", lang, standing.batches, say_floor(row, lang)), True
    if not pd.isna(row["observed"]):
        return figure_of(atlas, standing, row, lang), True
    return word("turn_clash_cell" if row["absent"] == "contradicted" else "no_public_data", lang), False


def say_floor(row: pd.Series, lang: str) -> str:
    """Say the amount that a county is reported to have passed, with its year."""
    amount = progress.say_figure(row, lang, "floor_", "floor")
    return word("figure_of_year", lang, amount=amount, year=row["floor_year"])


def gap(row: pd.Series, lang: str) -> str:
    """Return a county's gap; of an earlier year than the target's, as what was missing then; nothing without one."""
    if pd.isna(row["gap"]) or not row["gap"] or row["reason"] == "floor":
        return ""
    amount = progress.say_distance(row, lang)
    return amount if row["state"] in SHORT else word("short_then", lang, gap=amount)


def against(row: pd.Series) -> html.Span:
    """Return a bar of a county's share against the line of the bound."""
    wide = min(float(row["attainment"]), MOST) / MOST * 100
    fill = html.Span(className="swatch", style={"width": f"{wide:.4g}%"}, **{"data-class": row["state"]})
    line = html.Span(className="bound-line", style={"left": f"{100 / MOST:.4g}%"})
    return html.Span([fill, line], className="against", **{"aria-hidden": "true"})
