"""The progress page: what was reached against what was promised, and what is not known.

After the plan's term it closes the account: how many reached their bound, who is short and by how much, every county on
one axis, and whom to call for the figures that are still missing. What does not judge stands apart, to be verified.

What is said of each county travels once, for all counties. A press on the filter leaves out rows in the browser; only
the sentences that count are asked for anew (`layouts.facts.progress.counted`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import dcc, html

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.exports import FILES
from layouts.facts.missing import known_prefix, say_known, to_call
from layouts.facts.pages import Page
from layouts.facts.progress import WIDEST, counted, counties_of, reasons, stamp
from layouts.facts.progress_annex import figures
from layouts.facts.view import View
from layouts.parts.attainment import NONE, SOME, dots, figure_mark, states, tiles, widest
from layouts.parts.markup import county_cell, county_link, page_link, period_choice, table, take, takes
from layouts.parts.progress_slides import slide
from layouts.parts.provenance import in_chinese
from layouts.parts.province_rows import drawer, rows
from layouts.parts.quarter import quarter
from layouts.words import both, word
from targets import evidence, progress
from targets.provenance import cite_source
from targets.speech import Speech


def page(atlas: Atlas, standing: Standing, view: View) -> list[Any]:
    """Return the whole page.

    Parameters
    ----------
    atlas : Atlas
    standing : Standing
    view : View
    """
    lang = view.lang
    head = html.Div(
        [
            html.H2(word("nav_progress", lang)),
            html.P(stamp(standing.rules, lang), className="stamp"),
            html.Label([word("period", lang), " ", period_choice(view)], className="behind-sort"),
            *takes("progress", view),
        ],
        className="progress-head",
    )
    return [
        head,
        html.Div(live(atlas, standing, view), id="progress-live"),
        html.Div(rows(atlas, standing, view), id="progress-settled"),
    ]


def live(atlas: Atlas, standing: Standing, view: View) -> list[Any]:
    """Return the part of the page that follows filter and period, with all counties in it."""
    lang, rules = view.lang, standing.rules
    everyone, observations = standing.assessment, standing.observations
    said = counted(atlas, standing, view)
    part = progress.part_year(everyone, observations, atlas.plan, view.period)
    in_parts = [] if part is None else [quarter(part, said, rules, lang, standing.batches)]
    widest_gaps = _widest(atlas, standing, said, lang)
    # A quarter that was asked for stands first.
    first, last = (in_parts, []) if view.period else ([], in_parts)
    return [
        html.Div(
            [html.P(text, className="quiet" if number else "finding") for number, text in enumerate(said["headline"])],
            className="headline",
            **{"data-said": "headline"},
        ),
        *_load(atlas, standing, view),
        states(said, rules, lang),
        *first,
        html.Div(
            [*widest_gaps, html.Div(tiles(atlas, standing, lang), className="follows tiles-room")],
            # On a stage whom to call stands beside the tiles where no gap does.
            className="closing" if widest_gaps else "closing has-call",
        ),
        _dots(atlas, standing, said, lang),
        *(_call(atlas, standing, view, said) if rules.closed else _missing(atlas, standing, said, lang)),
        *last,
        *_floors(everyone, said, rules, lang),
        *to_verify(atlas, standing, view, said),
        *_bare(everyone, said, rules, lang),
    ]


def _heading(said: Mapping[str, Any], key: str) -> html.H2:
    return html.H2(said[key], **{"data-said": key})


def _load(atlas: Atlas, standing: Standing, view: View) -> list[html.P]:
    """Return the one way to what is missing: to load it, and the workbook by which to ask for it; none when all is."""
    lang, rules = view.lang, standing.rules
    if not rules.closed or to_call(atlas, standing, view).empty:
        return []
    load = page_link(word("load", lang, year=rules.target_year), "/data", className="btn btn-primary")
    book = take(FILES["missing"], view, word("call_book", lang), download="", className="btn btn-outline-secondary")
    return [html.P([load, " ", book, " ", html.Span(word("call_text", lang), className="quiet")], className="load")]


def _widest(atlas: Atlas, standing: Standing, said: Mapping[str, Any], lang: str) -> list[html.Section]:
    """Return who is behind, or has not reached the bound after the term; the widest gaps, and all when asked for."""
    short = int(standing.assessment["state"].isin(progress.SHORT).sum())
    if not short:  # nobody is not mentioned
        return []
    every = [
        dcc.Input(type="checkbox", id="behind-all"),
        html.Label(word("widest_every", lang), htmlFor="behind-all", className="behind-every"),
    ]
    parts = [_heading(said, "short_title"), *(every if short > WIDEST else []), widest(atlas, standing, lang)]
    return [html.Section(parts, className="follows", **SOME)]


def _dots(atlas: Atlas, standing: Standing, said: Mapping[str, Any], lang: str) -> html.Section:
    """Return every county that is measured against its bound, as a dot on one axis."""
    return html.Section(
        [
            html.Div(
                [
                    _heading(said, "dots_title"),
                    html.P(word("dots_text", lang), className="quiet"),
                    html.Div(dots(atlas, standing, said, lang), className="dots-list"),
                ],
                **SOME,
            ),
            html.P(word("bullets_none", lang), className="nothing", **NONE),
        ],
        className="follows dots-section",
    )


def _sentences(rows: pd.DataFrame, rules: progress.Rules, lang: str) -> html.Ul:
    """Return how each county stands, a sentence each."""
    return html.Ul(
        [html.Li(progress.sentence(row, lang, rules), **{"data-adcode": adcode}) for adcode, row in rows.iterrows()]
    )


def _reported(atlas: Atlas, rows: pd.DataFrame, lang: str, batches: pd.DataFrame) -> html.P:
    """Name counties, each with what is known of it, which opens its source."""
    parts: list[Any] = []
    for adcode, row in rows.iterrows():
        link = county_link(str(adcode), Speech.of(lang).short(row))
        if (prefix := known_prefix(row)) is not None:
            mark = figure_mark(atlas, row, prefix, lang, batches, say_known(row, prefix, lang))
            link = html.Span([link, mark], className="named")
        parts += [link, " "]
    return html.P(parts, className="names")


def _floors(everyone: pd.DataFrame, said: Mapping[str, Any], rules: progress.Rules, lang: str) -> list[html.Details]:
    """Return the counties that are only reported as past their bound, if there are any."""
    rows = everyone[everyone["reason"] == "floor"]
    if rows.empty:
        return []
    return [_row(said, "floor_title", _sentences(rows, rules, lang))]


def _row(said: Mapping[str, Any], key: str, *parts: Any, look: str = "") -> html.Details:
    """Return a row that opens, and is there while any county of it matches the filter."""
    return drawer(_heading(said, key), *parts, className=f"drawer follows {look}".strip(), **SOME)


def _call(atlas: Atlas, standing: Standing, view: View, said: Mapping[str, Any]) -> list[html.Section]:
    """Return whom to call: the counties whose target-year figure is missing, by prefecture."""
    lang = view.lang
    wanted = to_call(atlas, standing, view)
    if wanted.empty:
        return []
    groups = [
        html.Div(
            [
                html.H3(
                    [
                        Speech.of(lang).pick(atlas.plan.option(code).zh, atlas.plan.option(code).en),
                        " ",
                        html.Span(said[f"call_{code}"], className="quiet", **{"data-said": f"call_{code}"}),
                    ]
                ),
                _reported(atlas, wanted[wanted["prefecture_code"] == code], lang, standing.batches),
            ],
            className="follows",
            **SOME,
        )
        for code in dict.fromkeys(wanted["prefecture_code"])
    ]
    section = html.Section(
        [_heading(said, "call_title"), html.Div(groups, className="call-list")],
        className="follows call-section",
        **SOME,
    )
    return [section]


def _missing(atlas: Atlas, standing: Standing, said: Mapping[str, Any], lang: str) -> list[html.Section]:
    """Return the counties with a target of which no figure judges, by what is known of them, if there are any."""
    everyone = standing.assessment
    missing = everyone[everyone["state"] == progress.NO_FIGURE]
    if missing.empty:
        return []
    section = html.Section(
        [
            _heading(said, "missing_title"),
            *[
                html.Div(
                    [
                        html.H3(said[f"missing_{reason}"], **{"data-said": f"missing_{reason}"}),
                        _reported(atlas, missing[missing["reason"] == reason], lang, standing.batches),
                    ],
                    className="follows",
                    **SOME,
                )
                for reason in reasons(everyone)
            ],
            html.P([word("missing_mend", lang), page_link(word("nav_data", lang), "/data")]),
        ],
        className="follows",
        **SOME,
    )
    return [section]


def _bare(everyone: pd.DataFrame, said: Mapping[str, Any], rules: progress.Rules, lang: str) -> list[html.Details]:
    """Return the counties without a target, and what is known of them, if there are any."""
    bare = everyone[everyone["state"] == progress.NO_TARGET]
    if bare.empty:
        return []
    name = Speech.of(lang).pick("name_short", "name_en")
    links = html.P([county_link(str(adcode), row[name]) for adcode, row in bare.iterrows()], className="names")
    return [_row(said, "bare_title", links, _sentences(bare[bare["observed"].notna()], rules, lang))]


def to_verify(atlas: Atlas, standing: Standing, view: View, said: Mapping[str, Any]) -> list[html.Details]:
    """Return what does not judge: leads, each with what it would say, and figures that contradict each other."""
    lang, observations = view.lang, standing.observations
    name = Speech.of(lang).pick("name_short", "name_en")

    def cells(row: Any, *more: str) -> tuple[Any, ...]:
        printed = Speech.of(lang).printed(row["value"], row["unit"], row["comparator"], row["printed"], row["origin"])
        return (
            county_cell(str(row["place"]), standing.assessment.at[row["place"], name]),
            Speech.of(lang).period(row["period"]),
            printed,
            Speech.of(lang).status(row["status"], row["origin"]),
            *more,
            in_chinese(cite_source(row, lang, standing.batches), lang),
        )

    def section(key: str, text: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> html.Details:
        made = table([word(f"head_{head}", lang) for head in heads], rows, said[key])
        return _row(said, key, html.P(text, className="quiet"), made, look="apart-table")

    leads = counties_of(atlas, evidence.leads(observations))
    clashing = counties_of(atlas, evidence.contradictions(observations))
    heads = ("county", "period", "figure", "status")
    found = []
    if len(leads):
        would = standing.once("confirmed", lambda: _confirmed(atlas, standing, leads, view.period))
        rows = [
            cells(row, _say_confirmed(standing, row, state, lang))
            for (_, row), state in zip(leads.iterrows(), would, strict=True)
        ]
        found.append(section("leads_title", word("leads_text", lang), (*heads, "confirmed", "source"), rows))
    if len(clashing):
        rows = [cells(row) for _, row in clashing.iterrows()]
        found.append(section("clash_title", word("clash_text", lang), (*heads, "source"), rows))
    return found


def _confirmed(atlas: Atlas, standing: Standing, leads: pd.DataFrame, period: str | None) -> list[str]:
    """Return the state that each lead's county would have if it were confirmed."""
    return progress.each_confirmed(atlas.counties, standing.observations, leads, period, standing.rules, atlas.plan)


def _say_confirmed(standing: Standing, lead: pd.Series, state: str, lang: str) -> str:
    name = standing.rules.name(state, lang)
    now = standing.assessment.at[lead["place"], "state"]
    return word("confirmed_same", lang, state=name) if state == now else name


PAGE = Page(
    id="progress",
    path="/progress",
    name=both("nav_progress"),
    also="达成|落后|behind|attainment",
    pinyin={"进度": "jin du", "达成": "da cheng", "落后": "luo hou"},
    markup=lambda asked: page(asked.atlas, asked.standing, asked.view),
    rail=True,
    counted=counted,
    observed=True,
    slide=slide,
    findings=lambda facts: list(counted(facts.atlas, facts.standing, facts.view)["headline"]),
    figures=figures,
)
