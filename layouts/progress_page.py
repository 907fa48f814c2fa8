"""The progress page: what was reached against what was promised, and what is not known.

What is said of each county travels once, for all counties. A press on the filter leaves out rows and bars in the
browser; only the sentences that count are asked for anew (`counted`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd
from dash import html

from layouts import figures
from layouts.atlas import Atlas, Standing
from layouts.markup import chart, choice, county_cell, table
from layouts.provenance import source_mark, spoken_property
from layouts.view import View
from layouts.wording import word
from targets import outcomes, progress, speech
from targets.plan import clause
from targets.provenance import PLAIN_SECTION, of_figure
from targets.selection import empty_sentence

BEHIND_ORDERS = ("gap", "required_growth", "attainment", "year", "adcode")
KNOWN_FIRST = {"same": 0, "at_least": 1, "context": 2, "": 3}
BULLET_HEADS = ("county", "lower", "observed", "year", "status", "share", "gap", "growth", "source")
# A part with "some" is hidden while no county of it matches the filter; one with "none" is hidden otherwise.
Notes = Mapping[tuple[str, str, str, str], str]
SOME, NONE = {"data-when": "some"}, {"data-when": "none"}


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
            html.Label([word("period", lang), " ", period_choice(view)], className="behind-sort"),
            html.P(word("progress_intro", lang), className="quiet"),
        ]
    )
    return [
        head,
        html.Div(live(atlas, standing, view), id="progress-live"),
        html.Div(settled(atlas, standing, view), id="progress-settled"),
    ]


def period_choice(view: View) -> html.Select:
    """Return the choice of a period; the browser adds the periods that the store knows."""
    options = {"latest": word("period_latest", view.lang)} | ({view.period: view.period} if view.period else {})
    return choice("progress-period", options, view.period or "latest")


def twin(lang: str, *given: Any) -> html.Details:
    """Return a chart's twin: the same figures as a table that opens on a press."""
    return html.Details([html.Summary(word("as_table", lang)), table(*given)], className="twin")


def county_link(adcode: str, name: Any) -> html.A:
    """Return a county's name as a link to its page."""
    path = f"/county/{adcode}"
    return html.A(name, href=path, className="county-link", **{"data-page": path, "data-adcode": adcode})


def counted(atlas: Atlas, standing: Standing, view: View) -> dict[str, Any]:
    """Return the page's sentences and numbers that depend on the filter, by the ``data-said`` of their place."""
    lang, rules = view.lang, standing.rules
    everyone, observations = standing.assessment, standing.observations
    chosen = atlas.select(view.filter)
    mine = everyone[everyone.index.isin(chosen)]
    measured = mine[mine["attainment"].notna()]
    n = mine["state"].value_counts()
    bare, missing = int(n.get(progress.NO_TARGET, 0)), int(n.get(progress.NO_FIGURE, 0))
    reached = int((measured["state"] == progress.REACHED).sum())
    said: dict[str, Any] = {
        "headline": progress.headline(
            mine, observations, lang, rules, atlas.plan, chosen=not view.filter.is_empty, period=view.period
        )
        if len(mine)
        else [empty_sentence(view.filter, atlas.members, lang)],
        **{f"state_{state}": str(int(n.get(state, 0))) for state in rules.states},
        "bullets_title": word("bullets_title", lang, n=len(measured), reached=reached),
        "floor_title": word("floor_title", lang, n=int((mine["reason"] == "floor").sum())),
        "behind_title": word("behind_title", lang, n=int(mine["state"].isin(progress.SHORT).sum())),
        "missing_title": word("missing_title", lang, n=missing),
        "bare_title": word("bare_title", lang, n=bare),
    }
    for reason in _reasons(everyone):
        amount = int(((mine["state"] == progress.NO_FIGURE) & (mine["reason"] == reason)).sum())
        text = progress.REASONS[reason][0 if lang == "zh" else 1]
        text = text if lang == "zh" else text[0].upper() + text[1:]
        said[f"missing_{reason}"] = word("missing_group", lang, reason=text, n=amount)
    if (part := progress.part_year(everyone, observations, view.period)) is not None:
        when = speech.say_span(part.period, lang)
        said["quarter_title"] = word("quarter_title", lang, when=when, n=len(part.over(chosen)))
        said["quarter_found"] = part.sentence(chosen, len(mine), lang)
    return said


def _reasons(everyone: pd.DataFrame) -> list[str]:
    """Return why counties with a target have no full-year figure, those of which nothing is known last."""
    found = set(everyone.loc[everyone["state"] == progress.NO_FIGURE, "reason"])
    order = [*(reason for reason in progress.REASONS if reason != "no_figure"), "no_figure"]
    return [reason for reason in order if reason in found]


def figure_mark(
    atlas: Atlas, row: Any, prefix: str, lang: str, batches: pd.DataFrame | None, text: str | None = None
) -> html.Button:
    """Return the mark that says where a figure of an assessed county comes from.

    Parameters
    ----------
    atlas : Atlas
    row : Series
        Of `targets.progress.assess`, named by its adcode.
    prefix : str
        ``""`` for the full year, else ``floor_``, ``part_year_``, ``growth_`` or ``other_``.
    lang : str
    batches : DataFrame, optional
    text : str, optional
        What the mark says, in place of status and period.
    """
    indicator = {"growth_": progress.GROWTH, "other_": row["other_indicator"]}.get(prefix, progress.GDP)
    figure = {field: row[f"{prefix}{field}"] for field in progress.CITED}
    figure |= {"place": str(row.name), "indicator": indicator}
    what = f"{row['name_short' if lang == 'zh' else 'name_en']} · {_what(row, prefix, lang)}"
    return source_mark(of_figure(figure, what, lang, batches, atlas.published.notes_en), lang, text)


def _what(row: pd.Series, prefix: str, lang: str) -> str:
    """Say a figure of an assessed county in a few words."""
    if prefix == "":
        return progress.say_level(row, lang)
    if prefix == "floor_":
        return progress.say_floor(row, lang)
    if prefix == "part_year_":
        return progress.say_part(row, lang, short=True)
    return progress.say_growth(row, lang) if prefix == "growth_" else progress.say_other(row, lang)


def known_prefix(row: pd.Series) -> str | None:
    """Return which figure tells most of a county without a comparable full year; None when none is known."""
    for prefix, column in (
        ("other_", "other"),
        ("floor_", "floor"),
        ("part_year_", "part_year"),
        ("growth_", "growth"),
    ):
        if not pd.isna(row[column]):
            return prefix
    return None


def live(atlas: Atlas, standing: Standing, view: View) -> list[Any]:
    """Return the part of the page that follows filter and period, with all counties in it."""
    lang, rules = view.lang, standing.rules
    everyone, observations, batches = standing.assessment, standing.observations, standing.batches
    name = "name_short" if lang == "zh" else "name_en"
    said = counted(atlas, standing, view)
    ordered = everyone.assign(adcode=everyone.index).sort_values(["gap", "surplus"], ascending=[False, True])
    measured = ordered[ordered["attainment"].notna()]
    missing = everyone[everyone["state"] == progress.NO_FIGURE]
    bare = everyone[everyone["state"] == progress.NO_TARGET]

    def heading(key: str) -> html.H2:
        return html.H2(said[key], **{"data-said": key})

    def names(rows: pd.DataFrame) -> html.P:
        return html.P([county_link(str(adcode), rows.at[adcode, name]) for adcode in rows.index], className="names")

    def sentences(rows: pd.DataFrame) -> html.Ul:
        return html.Ul(
            [html.Li(progress.sentence(row, lang), **{"data-adcode": adcode}) for adcode, row in rows.iterrows()]
        )

    def reported(rows: pd.DataFrame) -> html.P:
        """Name counties, each with what is known of it, which opens its source."""
        parts: list[Any] = []
        for adcode, row in rows.iterrows():
            parts.append(county_link(str(adcode), row[name]))
            if (prefix := known_prefix(row)) is not None:
                parts += [figure_mark(atlas, row, prefix, lang, batches, _what(row, prefix, lang)), " "]
        return html.P(parts, className="names")

    known = bare[bare["observed"].notna()]
    orders = {by: [adcode for adcode, _ in progress.behind(everyone, lang, by)] for by in BEHIND_ORDERS}
    part = progress.part_year(everyone, observations, view.period)
    in_parts = [] if part is None else [quarter(part, said, rules, lang)]
    # A quarter that was asked for stands first.
    first = in_parts if view.period else []
    return [
        html.Div(
            [html.P(text, className="quiet" if number else "finding") for number, text in enumerate(said["headline"])],
            className="headline",
            **{"data-said": "headline"},
        ),
        states(said, rules, lang),
        *first,
        html.Section(
            [
                html.Div(
                    [
                        chart(
                            figures.bullets(measured, rules, lang=lang, theme="light", title=said["bullets_title"]),
                            "bullets-graph",
                        ),
                        html.P(word("bullets_text", lang), className="quiet"),
                        twin(
                            lang,
                            [word(f"head_{key}", lang) for key in BULLET_HEADS],
                            [
                                _bullet_cells(row, name, lang, atlas.published.notes_en)
                                for row in measured.to_dict("records")
                            ],
                        ),
                    ],
                    **SOME,
                ),
                html.P(word("bullets_none", lang), className="nothing", **NONE),
            ],
            className="follows",
        ),
        html.Section(
            [heading("floor_title"), sentences(everyone[everyone["reason"] == "floor"])], className="follows", **SOME
        ),
        html.Section(
            [
                heading("behind_title"),
                html.Div(
                    [
                        html.Label([word("sort", lang), " ", sort_choice(lang)], className="behind-sort"),
                        html.Ol(
                            behind_items(atlas, everyone, lang, batches),
                            id="behind-list",
                            **{"data-orders": json.dumps(orders)},
                        ),
                    ],
                    **SOME,
                ),
                html.P(word("behind_none", lang), className="quiet", **NONE),
            ],
            className="follows",
        ),
        *([] if first else in_parts),
        html.Section(
            [
                heading("missing_title"),
                *[
                    html.Div(
                        [
                            html.H3(said[f"missing_{reason}"], **{"data-said": f"missing_{reason}"}),
                            reported(missing[missing["reason"] == reason]),
                        ],
                        className="follows",
                        **SOME,
                    )
                    for reason in _reasons(everyone)
                ],
                html.P(
                    [word("missing_mend", lang), html.A(word("nav_data", lang), href="/data", **{"data-page": "/data"})]
                ),
            ],
            className="follows",
            **SOME,
        ),
        html.Section([heading("bare_title"), names(bare), sentences(known)], className="follows", **SOME),
    ]


def _bullet_cells(row: Mapping[Any, Any], name: str, lang: str, notes_en: Notes) -> tuple[Any, ...]:
    """Return a county's row of the bullets' twin, as `BULLET_HEADS`; the source with what it remarks."""
    growth = row["required_growth"]
    note = row["note"]
    if lang == "en" and row["origin"] == "published":
        note = notes_en.get((str(row["adcode"]), progress.GDP, row["period"], str(row.get("printed", ""))), "")
    return (
        county_cell(str(row["adcode"]), row[name]),
        speech.say_number(row["lower"], lang, whole=True),
        speech.say_number(row["observed"], lang, row["lower"]),
        str(row["year"]),
        speech.say_status(row["status"], lang),
        speech.percent(speech.say_share(row["observed"], row["lower"]), lang),
        speech.say_number(row["gap"], lang, 0) if row["gap"] else "0",
        "—" if pd.isna(growth) else speech.percent(speech.say_percent(growth), lang),
        in_chinese(with_note(row["source"], note, lang), lang),
    )


def sort_choice(lang: str) -> html.Select:
    """Return the choice of order of the list of who is behind."""
    return choice("behind-sort", {key: word(f"behind_by_{key}", lang) for key in BEHIND_ORDERS}, "gap")


def behind_items(
    atlas: Atlas, assessment: pd.DataFrame, lang: str, batches: pd.DataFrame | None = None
) -> list[html.Li]:
    """Return who is behind, one sentence a county with its source, the widest gap first."""
    return [
        html.Li(
            [
                html.Span(text),
                " ",
                figure_mark(atlas, assessment.loc[adcode], "", lang, batches),
                _pick(adcode, word("on_the_map", lang)),
            ],
            **{"data-adcode": adcode},
        )
        for adcode, text in progress.behind(assessment, lang, "gap")
    ]


def quarter(part: progress.PartYear, said: Mapping[str, Any], rules: progress.Rules, lang: str) -> html.Section:
    """Return the figures of one part of a year, beside the province's growth of the same months.

    Parameters
    ----------
    part : targets.progress.PartYear
    said : mapping
        Of `counted`.
    lang : str
    """
    rows = part.counties
    industry, apart = bool(rows["industry"].notna().any()), part.province is not None
    if part.province is None:
        beside = html.P(word("quarter_alone", lang), className="quiet")
    else:
        rate = f"{speech.exact(part.province['value']):f}"
        text = word("quarter_province", lang, rate=rate, source=part.province["source"])
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
                    [_quarter_cells(adcode, rows.loc[adcode], rules, lang, apart, industry) for adcode in order],
                    said["quarter_title"],
                ),
                id="quarter-table",
            ),
        ],
        className="follows",
        **SOME,
    )


def _quarter_cells(
    adcode: str, row: Any, rules: progress.Rules, lang: str, apart: bool, industry: bool
) -> tuple[Any, ...]:
    """Return a county's row of the quarter's table."""
    zh = lang == "zh"

    def rate(value: Any, sign: str = "") -> str:
        return "—" if pd.isna(value) else f"{speech.exact(value):{sign}f}"

    known = [what for what in ("level", "growth") if not pd.isna(row[what])]
    status = dict.fromkeys(speech.say_status(row[f"{what}_status"], lang) for what in known)
    between = "；" if zh else "; "
    sources = dict.fromkeys(with_note(row[f"{what}_source"], row[f"{what}_note"] if zh else "", lang) for what in known)
    return (
        county_cell(adcode, row["name_short" if zh else "name_en"]),
        "—" if pd.isna(row["level"]) else speech.say_number(row["level"], lang),
        "—" if pd.isna(row["growth"]) else speech.percent(rate(row["growth"]), lang),
        *([rate(row["apart"], "+")] if apart else []),
        *(["—" if pd.isna(row["industry"]) else speech.percent(rate(row["industry"]), lang)] if industry else []),
        rules.name(row["state"], lang),
        between.join(status),
        in_chinese(between.join(sources), lang),
    )


def with_note(source: str, note: str, lang: str) -> str:
    """Return the title of a source with what it remarks on its figure."""
    return source if not note else f"{source}（{note}）" if lang == "zh" else f"{source} ({note})"


def in_chinese(text: str, lang: str) -> str | dict[str, str]:
    """Return a cell's text; on an English page one that holds Chinese says so."""
    spoken = spoken_property(text, lang)
    return {"text": text, **spoken} if spoken else text


def _pick(adcode: str, text: str) -> html.Button:
    """Return a button that picks a county on the map."""
    return html.Button(text, type="button", className="row-pick-link", **{"data-pick": adcode})


def states(said: Mapping[str, Any], rules: progress.Rules, lang: str) -> html.Ul:
    """Return the five states with their numbers of counties."""
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(className="swatch", **{"data-class": state, "data-layer": "progress"}),
                    html.Strong(said[f"state_{state}"], **{"data-said": f"state_{state}"}),
                    names[0 if lang == "zh" else 1],
                ]
            )
            for state, names in rules.states.items()
        ],
        className="states",
    )


def settled(atlas: Atlas, standing: Standing, view: View) -> list[Any]:
    """Return the part of the page that is of the whole province: ladder, roads, targets, projects, parks, rules."""
    lang = view.lang
    zh = lang == "zh"
    observations, rules = standing.observations, standing.rules
    rungs = progress.ladder(atlas.counties, observations, rules, atlas.plan)
    observed = rungs.observed.to_dict("index")
    known = rungs.known.to_dict("index")
    names = progress.classes(atlas.plan)
    years = list(rungs.observed.index)
    steps = outcomes.roads(atlas.counties, observations, atlas.published)
    targets = outcomes.provincial(atlas.plan, observations, atlas.counties, atlas.published, rules)
    targets = targets.assign(_known=targets["basis"].map(KNOWN_FIRST)).sort_values("_known", kind="stable")
    parks = standing.parks(atlas)
    end = "" if zh else "_en"
    return [
        html.Section(
            [
                chart(figures.ladder(rungs, lang=lang, theme="light"), "ladder-graph"),
                html.P(figures.ladder_text(rungs, lang), className="quiet"),
                twin(
                    lang,
                    [
                        word("head_band", lang),
                        word("head_listed", lang),
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
                            int(rungs.listed[names.index].sum()),
                            *[int(known[year]["counties"]) for year in years],
                            int(rungs.latest_known["counties"]),
                        )
                    ],
                ),
            ]
        ),
        html.Section(
            [
                chart(figures.roads(steps.steps, lang=lang, theme="light"), "roads-graph"),
                *[html.P(text) for text in steps.sentences(lang)],
                twin(
                    lang,
                    [word(f"head_{key}", lang) for key in ("county", "planned", "opened", "outcome", "road", "source")],
                    [
                        (
                            county_cell(str(adcode), row["name_short"] if zh else row["name_en"]),
                            str(row["planned_year"]),
                            row["when"] or "—",
                            outcomes.OUTCOMES[row["outcome"]][0 if zh else 1],
                            row["road"] if zh else row["road_en"],
                            in_chinese(row["source"] or "—", lang),
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
                    [
                        word(f"head_{key}", lang)
                        for key in ("target", "value", "deadline", "clause", "known_of", "source")
                    ],
                    [
                        (
                            target_name(row, lang),
                            target_value(row, lang),
                            row[f"deadline{end}"],
                            where(row, lang),
                            row[f"known_{lang}"] or word("unknown_yet", lang),
                            in_chinese(row["known_source"] or "—", lang),
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
                    [
                        word(f"head_{key}", lang)
                        for key in ("park", "value", "park_observed", "year", "park_gap", "clause")
                    ],
                    [
                        (
                            row["name"] if zh else row["name_en"],
                            f"{word('strive', lang) if row['is_aspirational'] else row['symbol']} "
                            + speech.say_money(row["target_yi"], lang, whole=True),
                            word("no_public_data", lang)
                            if pd.isna(row["observed"])
                            else speech.say_money(row["observed"], lang, row["target_yi"]),
                            "—" if pd.isna(row["year"]) else str(row["year"]),
                            "—" if pd.isna(row["gap"]) else speech.say_money(row["gap"], lang, 0),
                            clause(row["box"], row["item"], lang),
                        )
                        for row in parks.to_dict("records")
                    ],
                ),
            ]
        ),
        html.Section(
            [html.H2(word("rules_title", lang)), html.Ol([html.Li(text) for text in rules.sentences(lang)])],
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


def target_name(row: Mapping[Any, Any], lang: str) -> str:
    """Return what a provincial target is of, with the note that explains it on a line of its own."""
    end = "" if lang == "zh" else "_en"
    return "\n".join(part for part in (str(row[f"indicator{end}"]), str(row[f"note{end}"])) if part)


def target_number(row: Mapping[Any, Any], lang: str, column: str = "value") -> Decimal:
    """Return a number of a provincial target (or ``known``) in the unit that pages of a language say."""
    return speech.exact(row[column]) * (1 if lang == "zh" else speech.exact(row["times_en"]))


def target_value(row: Mapping[Any, Any], lang: str) -> str:
    """Return a provincial target with its comparator as the plan prints it; where the number is no goal, in words."""
    if said := row["said" if lang == "zh" else "said_en"]:
        return str(said)
    unit = str(row["unit"] if lang == "zh" else row["unit_en"])
    columns = ("value",) if pd.isna(row["upper"]) else ("value", "upper")
    style = "f" if lang == "zh" else ",f"
    value = "–".join(format(target_number(row, lang, column).normalize(), style) for column in columns)
    comparator = row["symbol"] or (row["comparator"].replace("…", "") if lang == "zh" else "")
    strive = word("strive", lang)
    if row["is_aspirational"]:
        # The plan's own word may be the verb with 力争 in it: said once.
        comparator = comparator if lang == "zh" and comparator.startswith(strive) else f"{strive} {comparator}"
    return " ".join(part for part in (comparator.strip(), value, unit) if part)


def periods(observations: pd.DataFrame) -> list[str]:
    """Return the periods for which any county's GDP or its growth is known, newest first."""
    counties = observations[
        observations["indicator"].isin([progress.GDP, progress.GROWTH]) & (observations["place"].str[4:] != "00")
    ]
    return sorted(set(counties["period"]), reverse=True)
