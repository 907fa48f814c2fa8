"""The compare page: up to six counties side by side, one table and one figure.

What is said of a county is one `Column`, independent of the others, so that the browser keeps the columns it has, sets
them side by side in any order, and asks only for those it lacks (``/export/compare.json``). The files to take away are
written from the same columns.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash import html

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.comparison import Column, Line, Row, columns, latest_figures, rows
from layouts.facts.pages import Page
from layouts.facts.sources import source_lines
from layouts.facts.view import MOST_COMPARED, View
from layouts.parts import figures
from layouts.parts.markup import chart, takes
from layouts.parts.provenance import source_lines as panel
from layouts.parts.provenance import spoken_property
from layouts.parts.slide import ROOM, TEXT, SceneSlides
from layouts.parts.slide_charts import bounds
from layouts.parts.slide_parts import Table
from layouts.words import both, word
from targets import likeness
from targets.overlap import roles
from targets.speech import Speech

GROUPS = ("plan", "people", "gdp", "settled", "other")
SMALLEST_SET = 2


# ---- what travels ---------------------------------------------------------------------------------------------------


def data(
    atlas: Atlas, standing: Standing, adcodes: Sequence[str], view: View, have: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the columns of some counties as the browser keeps them, without what came with those it has.

    Parameters
    ----------
    adcodes : sequence of str
        The counties wanted.
    have : sequence of str
        Those whose columns the browser has, and with them their rows.

    Returns
    -------
    dict
        ``columns`` by adcode; ``rows``, those of further indicators (the others come with the page):
        ``[rank, key, group, head, note, blank, role, source]``.
    """
    made = {row.key: (rank, row) for rank, row in enumerate(rows(atlas, standing, view.lang))}
    latest = latest_figures(standing, (*adcodes, *have), view)
    new = columns(atlas, standing, [adcode for adcode in adcodes if adcode not in have], view, latest, apart=True)
    old_rows = {id for id, places in latest.items() if any(adcode in places for adcode in have)}
    new_rows = {key for column in new for key in column.cells if made[key][1].group == "other"} - old_rows
    return {
        "columns": {column.adcode: _column_data(column, view.lang) for column in new},
        "rows": [_row_data(*made[key], view.lang) for key in sorted(new_rows, key=lambda key: made[key][0])],
    }


def _row_data(rank: int, row: Row, lang: str) -> list[Any]:
    mark = (
        None if row.source is None else [Line("", source=row.source).label, row.source.key or panel(row.source, lang)]
    )
    return [rank, row.key, row.group, row.head, row.note, row.blank, row.role, mark]


def _column_data(column: Column, lang: str) -> dict[str, Any]:
    def line(one: Line) -> dict[str, Any]:
        made: dict[str, Any] = {"t": one.text, "n": one.small, "p": one.period, "k": one.kind, "m": one.label}
        if one.source is not None:
            made |= {"s": one.source.key or panel(one.source, lang), "f": one.source.source}
        return {key: value for key, value in made.items() if value}

    return {
        "name": column.name,
        "prefecture": [column.prefecture, column.prefecture_code],
        "cells": {key: [line(one) for one in lines] for key, lines in column.cells.items()},
        "facts": {key: column.drawn[key] for key in ("is_county", "year", "reached", "floor")},
        "points": figures.compare_points(column.drawn, lang=lang),
    }


def sets(atlas: Atlas, view: View) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return some sets that are natural to compare: kind, title, adcodes.

    The picked county, or the one with the most roles, with those most like it; the bands and the prefectures that are
    small enough to be compared whole.
    """
    lang, speech = view.lang, Speech.of(view.lang)
    names = atlas.counties[speech.pick("name_short", "name_en_short")]
    held = roles(atlas.counties, atlas.plan)
    picked = view.county if view.county and held.get(view.county) else max(sorted(held), key=lambda a: len(held[a]))
    alike = tuple(like.adcode for like in likeness.by_roles(atlas.counties, picked, atlas.plan, MOST_COMPARED - 1))
    found = [("alike", word("compare_set_alike", lang, name=names[picked], n=len(alike)), (picked, *alike))]
    for group in ("band", "prefecture"):
        for id in atlas.plan.option_ids[group]:
            inside = tuple(adcode for adcode in atlas.counties.index if adcode in atlas.members[id])
            option = atlas.plan.option(id)
            if id != atlas.plan.no_band and SMALLEST_SET <= len(inside) <= MOST_COMPARED:
                name = speech.pick(option.zh_short, option.en_short)
                found.append((group, word(f"compare_set_{group}", lang, name=name, n=len(inside)), inside))
    return found


# ---- the page -------------------------------------------------------------------------------------------------------


def page(atlas: Atlas, standing: Standing, view: View) -> list[Any]:
    """Return the whole page."""
    lang = view.lang
    given = data(atlas, standing, view.compare, view)
    fixed = [_row_data(rank, row, lang) for rank, row in enumerate(rows(atlas, standing, lang)) if row.group != "other"]
    given |= {
        "rows": fixed + given["rows"],
        "order": view.compare,
        "groups": {group: word(f"compare_group_{group}", lang) for group in GROUPS},
        **set_data(atlas, view),
        "tip": word("source_tip", lang),
    }
    chosen = columns(atlas, standing, view.compare, view, apart=True)
    figure = figures.compare([column.drawn for column in chosen], atlas.plan, lang=lang, theme="light")
    text = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return [
        html.Div(
            [
                html.Div(
                    [html.H2(word("nav_compare", lang)), html.P(word("compare_intro", lang), className="quiet")],
                    className="compare-title",
                ),
                html.Div(
                    [
                        html.Label(word("compare_search", lang), htmlFor="compare-field"),
                        html.Div(id="compare-search", className="compare-search"),
                    ],
                    className="compare-add",
                    role="search",
                    **{"aria-label": word("compare_search", lang)},
                ),
                html.Div(
                    [
                        *takes("compare", view),
                        html.Button(
                            word("compare_print", lang),
                            type="button",
                            className="quiet-button",
                            **{"data-action": "take-print"},
                        ),
                    ],
                    className="compare-take",
                    hidden=not view.compare,
                ),
            ],
            className="compare-head",
        ),
        html.Div(id="compare-table", **{"data-compare-page": text}),
        html.Div(
            [chart(figure, "compare-graph"), html.P(word("compare_figure_text", lang), className="quiet")],
            className="compare-figure",
            hidden=not view.compare,
        ),
        html.Div(
            [
                html.P(word("compare_rule_years", lang)),
                *[html.P(line, **spoken_property(line, lang)) for line in source_lines(atlas, lang)],
            ],
            className="compare-foot quiet",
        ),
    ]


def set_data(atlas: Atlas, view: View) -> dict[str, Any]:
    """Return the natural sets as the browser shows them, and the picked county that they are for."""
    names = atlas.counties[Speech.of(view.lang).pick("name_short", "name_en_short")]
    between = Speech.of(view.lang).pick("、", ", ")
    found = [
        [kind, title, ",".join(adcodes), between.join(names[list(adcodes)])]
        for kind, title, adcodes in sets(atlas, view)
    ]
    return {"sets": found, "picked": view.county or ""}


# ---- its slides -----------------------------------------------------------------------------------------------------


def slide(scene: SceneSlides) -> None:
    """Draw the page on slides."""
    facts, lang = scene.facts, scene.lang
    scene.begin()
    chosen = facts.inside
    if not chosen:
        scene.say(word("compare_nobody", lang))
        return
    rows = facts.standing.assessment
    rows = rows.loc[[adcode for adcode in chosen if adcode in rows.index]]
    rows = rows[rows["attainment"].notna()]
    if len(rows):
        scene.say(word("slide_compared", lang, n=len(chosen), known=len(rows)), size=TEXT, bold=True)
        bounds(scene, rows)
        scene.begin()
    columns = [facts.columns[adcode] for adcode in chosen]
    first = 1.9
    wide = (ROOM - first) / len(columns)
    made = []
    for key, row in facts.heads.items():
        if not any(key in column.cells for column in columns):
            continue
        cells = ["\n".join(line.said(lang) for line in column.cells.get(key, ())) or row.blank for column in columns]
        made.append((row.head, *cells))
    heads = (word("slide_head_item", lang), *(column.name for column in columns))
    scene.table(Table(heads, tuple(made), (first, *[wide] * len(columns))))


PAGE = Page(
    id="compare",
    path="/compare",
    name=both("nav_compare"),
    also="对比|side by side",
    pinyin={"比较": "bi jiao", "对比": "dui bi"},
    markup=lambda asked: page(asked.atlas, asked.standing, asked.view),
    about=lambda atlas, view, code: view.compare,
    observed=True,
    slide=slide,
    figures=lambda facts: facts.lines(facts.inside, list(facts.heads)),
)
