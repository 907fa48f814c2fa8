"""The progress page: what was reached against what was promised, and what is not known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from dash import dcc, html

from layouts import figures
from layouts.atlas import Atlas
from layouts.view import View
from layouts.wording import word
from targets import outcomes, progress
from targets.plan import clause

PLAIN_SECTION = str.maketrans("一二三四五\uff08\uff09", "12345()")
BEHIND_ORDERS = ("gap", "required_growth", "attainment", "year", "adcode")
KNOWN_FIRST = {"same": 0, "at_least": 1, "context": 2, "": 3}


def graph(figure: Any, lang: str, id: str) -> dcc.Graph:
    """Return a chart without its tool bar, in the page's language."""
    return dcc.Graph(
        id=id,
        figure=figure,
        config=figures.config(lang),
        responsive=True,
        style={"height": f"{figure.layout.height}px"},
    )


def twin(lang: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> html.Details:
    """Return a chart's twin: the same figures as a table that opens on a press."""
    return html.Details([html.Summary(word("as_table", lang)), table(heads, rows)], className="twin")


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> html.Div:
    """Return a plain table in a room that scrolls sideways.

    The cells travel as data and the browser sets them as text: a component for each of a thousand cells would keep Dash
    busy for seconds. A cell is text, a number, or what `county_cell` and the like return.
    """
    body = [[cell if isinstance(cell, dict) else str(cell) for cell in row] for row in rows]
    data = json.dumps({"heads": list(heads), "rows": body}, ensure_ascii=False, separators=(",", ":"))
    return html.Div(className="table-room", tabIndex=0, role="group", **{"data-table": data, "aria-label": heads[0]})


def county_cell(adcode: str, name: Any) -> dict[str, str]:
    """Return a cell that picks its county on the map when pressed."""
    return {"text": str(name), "pick": adcode}


def county_link(adcode: str, name: Any) -> html.Button:
    """Return a county's name as a button that picks it on the map."""
    return html.Button(name, type="button", className="row-pick-link", **{"data-pick": adcode})


def live(atlas: Atlas, observations: pd.DataFrame, view: View, everyone: pd.DataFrame | None = None) -> list[Any]:
    """Return the part of the page that follows the filter and the period.

    `everyone` is the assessment of all counties for the view's period, where it has been made before.
    """
    lang = view.lang
    zh = lang == "zh"
    if everyone is None:
        everyone = progress.assess(atlas.counties, observations, view.period, plan=atlas.plan)
    mine = everyone[everyone.index.isin(atlas.select(view.filter))]
    name = "name_short" if zh else "name_en"
    said = progress.headline(mine, observations, lang, plan=atlas.plan)
    ordered = mine.assign(adcode=mine.index).sort_values(["gap", "surplus"], ascending=[False, True])
    measured = ordered[ordered["attainment"].notna()]
    floors = mine[mine["reason"] == "floor"]
    missing = mine[mine["state"] == progress.NO_DATA]
    bare = mine[mine["state"] == progress.NO_TARGET]
    parts: list[Any] = [
        html.Div(
            [html.P(said[0], className="finding"), *[html.P(text, className="quiet") for text in said[1:]]],
            className="headline",
        ),
        states(mine, lang),
    ]
    if len(measured):
        parts.append(
            html.Section(
                [
                    graph(figures.bullets(measured, lang=lang, theme=view.theme), lang, "bullets-graph"),
                    html.P(word("bullets_text", lang), className="quiet"),
                    twin(
                        lang,
                        [
                            word(f"head_{key}", lang)
                            for key in (
                                "county",
                                "lower",
                                "observed",
                                "year",
                                "status",
                                "share",
                                "gap",
                                "growth",
                                "source",
                            )
                        ],
                        [
                            (
                                county_cell(str(row["adcode"]), row[name]),
                                f"{row['lower']}",
                                progress.say_number(row["observed"], row["lower"]),
                                str(row["year"]),
                                progress.say_status(row["status"], lang),
                                progress.say_share(row["observed"], row["lower"]) + "%",
                                progress.say_number(row["gap"], 0) if row["gap"] else "0",
                                "—"
                                if pd.isna(row["required_growth"])
                                else progress.say_percent(row["required_growth"]) + "%",
                                row["source"],
                            )
                            for row in measured.to_dict("records")
                        ],
                    ),
                ]
            )
        )
    else:
        parts.append(html.P(word("bullets_none", lang), className="nothing"))
    if len(floors):
        parts.append(sentences("floor_title", floors, lang))
    behind = progress.behind(mine, lang)
    parts.append(
        html.Section(
            [
                html.H2(word("behind_title", lang, n=len(behind))),
                html.Label([word("sort", lang), " ", sort_choice(lang)], className="behind-sort"),
                html.Ol(behind_items(mine, lang, "gap"), id="behind-list")
                if behind
                else html.P(word("behind_none", lang), className="quiet"),
            ]
        )
    )
    if len(missing):
        growing = missing[missing["growth"].notna()]
        parts.append(
            html.Section(
                [
                    html.H2(word("missing_title", lang, n=len(missing))),
                    html.P([county_link(str(a), missing.at[a, name]) for a in missing.index], className="names"),
                    *(
                        [
                            html.H3(word("growth_only_title", lang)),
                            html.Ul([html.Li(progress.sentence(row, lang)) for _, row in growing.iterrows()]),
                        ]
                        if len(growing)
                        else []
                    ),
                    html.P(
                        [
                            word("missing_mend", lang),
                            html.A(word("nav_data", lang), href="/data", **{"data-page": "/data"}),
                        ]
                    ),
                ]
            )
        )
    if len(bare):
        known = bare[bare["observed"].notna()]
        parts.append(
            html.Section(
                [
                    html.H2(word("bare_title", lang, n=len(bare))),
                    html.P([county_link(str(a), bare.at[a, name]) for a in bare.index], className="names"),
                    *(
                        [html.Ul([html.Li(progress.sentence(row, lang)) for _, row in known.iterrows()])]
                        if len(known)
                        else []
                    ),
                ]
            )
        )
    return parts


def sort_choice(lang: str) -> dcc.Dropdown | html.Div:
    """Return the choice of order of the list of who is behind."""
    import dash_bootstrap_components as dbc

    return dbc.Select(
        id="behind-sort",
        options=[{"label": word(f"behind_by_{key}", lang), "value": key} for key in BEHIND_ORDERS],
        value="gap",
        size="sm",
    )


def behind_items(assessment: pd.DataFrame, lang: str, by: str) -> list[html.Li]:
    """Return who is behind, one sentence a county, in the order asked for."""
    return [
        html.Li([html.Span(text), county_link(adcode, word("on_the_map", lang))], **{"data-adcode": adcode})
        for adcode, text in progress.behind(assessment, lang, by)
    ]


def states(assessment: pd.DataFrame, lang: str) -> html.Ul:
    """Return the five states with their numbers of counties."""
    counts = assessment["state"].value_counts()
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(className="swatch", **{"data-class": state, "data-layer": "progress"}),
                    html.Strong(str(int(counts.get(state, 0)))),
                    names[0 if lang == "zh" else 1],
                ]
            )
            for state, names in progress.STATES.items()
        ],
        className="states",
    )


def sentences(title: str, rows: pd.DataFrame, lang: str) -> html.Section:
    """Return a heading and one sentence a county."""
    items = [html.Li(progress.sentence(row, lang)) for _, row in rows.iterrows()]
    return html.Section([html.H2(word(title, lang, n=len(rows))), html.Ul(items)])


def settled(atlas: Atlas, observations: pd.DataFrame, view: View) -> list[Any]:
    """Return the part of the page that is of the whole province: ladder, roads, targets, projects, parks, rules."""
    lang, theme = view.lang, view.theme
    zh = lang == "zh"
    rungs = progress.ladder(atlas.counties, observations, plan=atlas.plan)
    observed = rungs.observed.to_dict("index")
    known = rungs.known.to_dict("index")
    names = progress.classes(atlas.plan)
    years = list(rungs.observed.index)
    steps = outcomes.roads(atlas.counties, observations, atlas.published)
    targets = outcomes.provincial(atlas.plan, observations, atlas.counties, atlas.published)
    targets = targets.assign(_known=targets["basis"].map(KNOWN_FIRST)).sort_values("_known", kind="stable")
    parks = outcomes.parks(atlas.plan, observations)
    end = "" if zh else "_en"
    return [
        html.Section(
            [
                graph(figures.ladder(rungs, lang=lang, theme=theme), lang, "ladder-graph"),
                html.P(word("ladder_text", lang, n=int(rungs.latest_known["counties"])), className="quiet"),
                twin(
                    lang,
                    [
                        word("head_band", lang),
                        word("ladder_listed", lang),
                        *[f"{year}" for year in years],
                        word("head_latest", lang),
                    ],
                    [
                        (
                            names.at[rung, "zh" if zh else "en"],
                            int(rungs.listed.get(rung, 0)),
                            *[int(observed[year][rung]) for year in years],
                            int(rungs.latest[rung]),
                        )
                        for rung in names.index
                    ]
                    + [
                        (
                            word("head_known", lang),
                            "68",
                            *[int(known[year]["counties"]) for year in years],
                            int(rungs.latest_known["counties"]),
                        )
                    ],
                ),
            ]
        ),
        html.Section(
            [
                graph(figures.roads(steps.steps, lang=lang, theme=theme), lang, "roads-graph"),
                *[html.P(text) for text in steps.sentences(lang)],
                twin(
                    lang,
                    [word(f"head_{key}", lang) for key in ("county", "planned", "opened", "outcome", "road", "source")],
                    [
                        (
                            county_cell(str(adcode), row["name_short"] if zh else row["name_en"]),
                            str(row["planned_year"]),
                            row["opened"] or "—",
                            outcomes.OUTCOMES[row["outcome"]][0 if zh else 1],
                            row["road"] if zh else row["road_en"],
                            row["source"] or "—",
                        )
                        for adcode, row in steps.counties.iterrows()
                    ],
                ),
            ]
        ),
        html.Section(
            [
                html.H2(word("targets_title", lang, n=len(targets))),
                html.P(word("targets_text", lang), className="quiet"),
                table(
                    [word(f"head_{key}", lang) for key in ("target", "value", "deadline", "clause", "known_of")],
                    [
                        (
                            row[f"indicator{end}"],
                            target_value(row, lang),
                            row[f"deadline{end}"],
                            where(row, lang),
                            row[f"known_{lang}"] or word("unknown_yet", lang),
                        )
                        for row in targets.to_dict("records")
                    ],
                ),
            ]
        ),
        html.Section(
            [
                html.H2(word("projects_title", lang)),
                html.P(word("projects_text", lang), className="quiet"),
                html.Dl(
                    [
                        part
                        for group in outcomes.projects(atlas.plan, lang)
                        for part in (
                            html.Dt(
                                [
                                    word(f"kind_{group.kind}", lang),
                                    " · ",
                                    html.Strong(group.verb),
                                    html.Small(f" {group.clause}"),
                                ]
                            ),
                            html.Dd(
                                ("、" if zh else "; ").join(f"{name}" for _, name, _ in group.items)
                                + (word("and_others", lang) if group.is_open else "")
                            ),
                        )
                    ],
                    className="projects",
                ),
            ]
        ),
        html.Section(
            [
                html.H2(word("parks_title", lang)),
                html.P(word("parks_text", lang), className="quiet"),
                table(
                    [word(f"head_{key}", lang) for key in ("park", "value", "observed", "year", "gap", "clause")],
                    [
                        (
                            row["name"] if zh else row["name_en"],
                            f"{word('strive', lang) if row['is_aspirational'] else row['symbol']} {row['target_yi']}",
                            word("no_public_data", lang)
                            if pd.isna(row["observed"])
                            else progress.say_number(row["observed"], row["target_yi"]),
                            "—" if pd.isna(row["year"]) else str(row["year"]),
                            "—" if pd.isna(row["gap"]) else progress.say_number(row["gap"], 0),
                            clause(row["box"], row["item"], lang),
                        )
                        for row in parks.to_dict("records")
                    ],
                ),
            ]
        ),
        html.Section(
            [html.H2(word("rules_title", lang)), html.Ol([html.Li(text) for text in progress.RULES.sentences(lang)])],
            className="rules",
        ),
    ]


def where(row: Mapping[Any, Any], lang: str) -> str:
    """Say where in the plan a provincial target stands: its box, its task, or its section."""
    if row[f"clause_{lang}"]:
        return str(row[f"clause_{lang}"])
    if str(row["task"]).isdecimal():
        return word("head_task", lang, task=row["task"])
    section = str(row["section"])
    return word("head_section", lang, section=section if lang == "zh" else section.translate(PLAIN_SECTION))


def target_value(row: Mapping[Any, Any], lang: str) -> str:
    """Return a provincial target's value with its comparator as the plan prints it."""
    value = f"{row['value']:g}" + ("" if pd.isna(row["upper"]) else f"–{row['upper']:g}")
    unit = row["unit"] if lang == "zh" else row["unit_en"]
    sign = row["symbol"] or ("" if lang == "zh" else "")
    strive = word("strive", lang) + " " if row["is_aspirational"] else ""
    comparator = sign or (row["comparator"] if lang == "zh" else "")
    return f"{strive}{comparator} {value} {unit}".strip()


def periods(observations: pd.DataFrame) -> list[str]:
    """Return the periods for which any county's GDP or its growth is known, newest first."""
    counties = observations[
        observations["indicator"].isin([progress.GDP, progress.GROWTH]) & (observations["place"].str[4:] != "00")
    ]
    return sorted(set(counties["period"]), reverse=True)
