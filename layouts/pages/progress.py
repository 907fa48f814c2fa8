"""The progress page: what was reached against what was promised, and what is not known.

After the plan's term it closes the account: how many reached their bound, who is short and by how much, and whom to
call for the figures that are still missing. What does not judge stands apart, as to be verified.

What is said of each county travels once, for all counties. A press on the filter leaves out rows and bars in the
browser; only the sentences that count are asked for anew (`counted`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from pptx.util import Pt

from layouts.facts import titles
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.exports import FILES
from layouts.facts.layers import STATE_STYLES
from layouts.facts.missing import known_prefix, say_known, to_call
from layouts.facts.pages import Page
from layouts.facts.province import KNOWN_FIRST, target_name, target_number, target_value, where
from layouts.facts.scene import GDP_KEYS, Fact, SceneFacts
from layouts.facts.view import View
from layouts.parts import figures
from layouts.parts.colours import Fill, colour, style_fill
from layouts.parts.large import large
from layouts.parts.large import rows as large_rows
from layouts.parts.markup import chart, choice, county_cell, county_link, period_choice, table, take, takes, twin
from layouts.parts.provenance import source_mark, spoken_property
from layouts.parts.slide import BODY, ROOM, TEXT, SceneSlides
from layouts.parts.slide_charts import CHART_ROWS, bars, bounds, paint
from layouts.parts.slide_parts import Table
from layouts.words import both, said_of_some, word
from targets import evidence, outcomes, progress
from targets.provenance import Source, cite_source, of_figure, of_park
from targets.selection import empty_sentence
from targets.speech import Speech, exact, in_time, say_percent, say_share

BEHIND_ORDERS = ("gap", "required_growth", "attainment", "year", "adcode")
SHORT_ORDERS = ("gap", "attainment", "adcode")  # after the term: all are of one year, and none needs growth any more
BULLET_HEADS = ("county", "lower", "figure", "year", "status", "share", "park_gap", "growth", "source")
LADDER_FILLS = {2: ("line", "r5"), 3: ("line", "r3", "r5")}  # listed, then the observed years, the latest dark
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
            html.P(stamp(standing.rules, lang), className="stamp"),
            html.Label([word("period", lang), " ", period_choice(view)], className="behind-sort"),
            *takes("progress", view),
        ],
        className="progress-head",
    )
    return [
        head,
        html.Div(live(atlas, standing, view), id="progress-live"),
        html.Div(settled(atlas, standing, view), id="progress-settled"),
    ]


def stamp(rules: progress.Rules, lang: str) -> str:
    """Say of which day the page is, and whether the plan's term is over."""
    return word("stamp_closed" if rules.closed else "stamp_running", lang, day=rules.today, year=rules.target_year)


def counted(atlas: Atlas, standing: Standing, view: View) -> dict[str, Any]:
    """Return the page's sentences and numbers that depend on the filter, by the ``data-said`` of their place."""
    lang, rules = view.lang, standing.rules
    everyone, observations = standing.assessment, standing.observations
    chosen = atlas.select(view.filter)
    mine = everyone[everyone.index.isin(chosen)]
    measured, behind = titles.measured(mine), int(mine["state"].isin(progress.SHORT).sum())
    who = "short_title" if rules.closed else "behind_title" if behind else "behind_nobody"
    n = mine["state"].value_counts()
    bare, missing = int(n.get(progress.NO_TARGET, 0)), int(n.get(progress.NO_FIGURE, 0))
    said: dict[str, Any] = {
        "headline": progress.headline(
            mine, observations, lang, rules, atlas.plan, chosen=not view.filter.is_empty, period=view.period
        )
        if len(mine)
        else [empty_sentence(view.filter, atlas.members, atlas.plan, lang)],
        **{f"large_{id}": str(n) for id, n, _ in large_rows(mine["state"], lang)},
        **{f"state_{state}": str(int(n.get(state, 0))) for state in rules.states},
        "bullets_title": titles.measured_title(measured, lang),
        "bullets_text": titles.bullets_text(measured, lang),
        "floor_title": word("floor_title", lang, n=int((mine["reason"] == "floor").sum())),
        "behind_title": word(who, lang, n=behind),
        "missing_title": word("missing_title", lang, n=missing),
        "bare_title": word("bare_title", lang, atlas.plan, n=bare),
    }
    clashing = counties_of(atlas, evidence.contradictions(observations))
    for key, rows in (("leads_title", counties_of(atlas, evidence.leads(observations))), ("clash_title", clashing)):
        rows = rows[rows["place"].isin(chosen)]
        said[key] = word(key, lang, n=len(rows), counties=word("n_counties", lang, n=rows["place"].nunique()))
    if rules.closed:
        wanted = to_call(atlas, standing, view)
        of = wanted[wanted.index.isin(chosen)]["prefecture_code"].value_counts()
        said["call_title"] = word("call_title", lang, n=int(of.sum()), year=rules.target_year)
        said |= {f"call_{code}": str(int(of.get(code, 0))) for code in dict.fromkeys(wanted["prefecture_code"])}
        return said | _quarter_said(atlas, everyone, observations, view, chosen, len(mine))
    for reason in _reasons(everyone):
        amount = int(((mine["state"] == progress.NO_FIGURE) & (mine["reason"] == reason)).sum())
        text = progress.say_reason(reason, atlas.plan, lang)
        text = Speech.of(lang).capital(text)
        said[f"missing_{reason}"] = word("missing_group", lang, reason=text, n=amount)
    return said | _quarter_said(atlas, everyone, observations, view, chosen, len(mine))


def _quarter_said(
    atlas: Atlas, everyone: pd.DataFrame, observations: pd.DataFrame, view: View, chosen: tuple[str, ...], n: int
) -> dict[str, str]:
    """Return what is said of the figures of one part of a year; nothing without any."""
    part = progress.part_year(everyone, observations, atlas.plan, view.period)
    if part is None:
        return {}
    when = Speech.of(view.lang).span(part.period)
    return {
        "quarter_title": word("quarter_title", view.lang, when=when, n=len(part.over(chosen))),
        "quarter_found": part.sentence(chosen, n, view.lang),
    }


def counties_of(atlas: Atlas, rows: pd.DataFrame) -> pd.DataFrame:
    """Return those of some figures that are a county's GDP."""
    real = atlas.counties.index[atlas.counties["is_county"]]
    return rows[(rows["indicator"] == progress.GDP) & rows["place"].isin(real)]


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
    what = f"{row[Speech.of(lang).pick('name_short', 'name_en')]} · {say_known(row, prefix, lang)}"
    return source_mark(of_figure(figure, what, lang, batches, atlas.published.notes_en), lang, text)


def live(atlas: Atlas, standing: Standing, view: View) -> list[Any]:
    """Return the part of the page that follows filter and period, with all counties in it."""
    lang, rules = view.lang, standing.rules
    everyone, observations = standing.assessment, standing.observations
    said = counted(atlas, standing, view)
    part = progress.part_year(everyone, observations, atlas.plan, view.period)
    in_parts = [] if part is None else [quarter(part, said, rules, lang, standing.batches)]
    # A quarter that was asked for stands first.
    first, last = (in_parts, []) if view.period else ([], in_parts)
    bars = _bars(atlas, standing, said, lang)
    floors = _floors(everyone, said, rules, lang)
    short = _short(atlas, standing, said, lang)
    if rules.closed:
        middle = [*short, *_call(atlas, standing, view, said), bars, *floors, *last]
    else:
        middle = [bars, *floors, *short, *last, *_missing(atlas, standing, said, lang)]
    return [
        large((id, said[f"large_{id}"], label) for id, _, label in large_rows((), lang)),
        html.Div(
            [html.P(text, className="quiet" if number else "finding") for number, text in enumerate(said["headline"])],
            className="headline",
            **{"data-said": "headline"},
        ),
        states(said, rules, lang),
        *first,
        *middle,
        *to_verify(atlas, standing, view, said),
        *_bare(everyone, said, rules, lang),
    ]


def _heading(said: Mapping[str, Any], key: str) -> html.H2:
    return html.H2(said[key], **{"data-said": key})


def _sentences(rows: pd.DataFrame, rules: progress.Rules, lang: str) -> html.Ul:
    """Return how each county stands, a sentence each."""
    return html.Ul(
        [html.Li(progress.sentence(row, lang, rules), **{"data-adcode": adcode}) for adcode, row in rows.iterrows()]
    )


def _reported(atlas: Atlas, rows: pd.DataFrame, lang: str, batches: pd.DataFrame) -> html.P:
    """Name counties, each with what is known of it, which opens its source."""
    parts: list[Any] = []
    for adcode, row in rows.iterrows():
        link = county_link(str(adcode), row[Speech.of(lang).pick("name_short", "name_en")])
        if (prefix := known_prefix(row)) is not None:
            mark = figure_mark(atlas, row, prefix, lang, batches, say_known(row, prefix, lang))
            link = html.Span([link, mark], className="named")
        parts += [link, " "]
    return html.P(parts, className="names")


def _bars(atlas: Atlas, standing: Standing, said: Mapping[str, Any], lang: str) -> html.Section:
    """Return every county's figure that is measured against its bound, as bars and as a table."""
    everyone, rules = standing.assessment, standing.rules
    name = Speech.of(lang).pick("name_short", "name_en")
    ordered = everyone.assign(adcode=everyone.index).sort_values(["gap", "surplus"], ascending=[False, True])
    rows = titles.measured(ordered)
    heads = [key for key in BULLET_HEADS if not (rules.closed and key == "growth")]
    return html.Section(
        [
            html.Div(
                [
                    chart(
                        figures.bullets(rows, rules, lang=lang, theme="light", title=said["bullets_title"]),
                        "bullets-graph",
                    ),
                    html.P(said["bullets_text"], className="quiet", **{"data-said": "bullets_text"}),
                    twin(
                        lang,
                        [word(f"head_{key}", lang) for key in heads],
                        [
                            _bullet_cells(row, name, lang, rules, atlas.published.notes_en, standing.batches)
                            for row in rows.to_dict("records")
                        ],
                    ),
                ],
                **SOME,
            ),
            html.P(word("bullets_none", lang), className="nothing", **NONE),
        ],
        className="follows",
    )


def _floors(everyone: pd.DataFrame, said: Mapping[str, Any], rules: progress.Rules, lang: str) -> list[html.Section]:
    """Return the counties that are only reported as past their bound, if there are any."""
    rows = everyone[everyone["reason"] == "floor"]
    if rows.empty:
        return []
    return [html.Section([_heading(said, "floor_title"), _sentences(rows, rules, lang)], className="follows", **SOME)]


def _short(atlas: Atlas, standing: Standing, said: Mapping[str, Any], lang: str) -> list[html.Section]:
    """Return who is behind, or has not reached the bound after the term, widest gap first."""
    rules, everyone = standing.rules, standing.assessment
    if rules.closed and not everyone["state"].isin(progress.SHORT).any():  # nobody is not mentioned
        return []
    keys = SHORT_ORDERS if rules.closed else BEHIND_ORDERS
    orders = {by: [adcode for adcode, _ in progress.behind(everyone, lang, by, rules=rules)] for by in keys}
    listed = html.Div(
        [
            html.Label([word("sort", lang), " ", sort_choice(lang, keys)], className="behind-sort"),
            html.Ol(
                behind_items(atlas, everyone, lang, rules, standing.batches),
                id="behind-list",
                **{"data-orders": json.dumps(orders)},
            ),
        ],
        **SOME,
    )
    if rules.closed:
        return [html.Section([_heading(said, "behind_title"), listed], className="follows", **SOME)]
    none = html.P(word("behind_none", lang), className="quiet", **NONE)
    return [html.Section([_heading(said, "behind_title"), listed, none], className="follows")]


def _call(atlas: Atlas, standing: Standing, view: View, said: Mapping[str, Any]) -> list[html.Section]:
    """Return whom to call: the counties whose target-year figure is missing, by prefecture, and the workbook."""
    lang = view.lang
    wanted = to_call(atlas, standing, view)
    if wanted.empty:
        return []
    book = take(FILES["missing"], view, word("call_book", lang), download="", className="btn btn-outline-secondary")
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
        [
            _heading(said, "call_title"),
            html.P([book, " ", html.Span(word("call_text", lang), className="quiet")], className="call-book"),
            html.Div(groups, className="call-list"),
        ],
        className="follows",
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
                for reason in _reasons(everyone)
            ],
            html.P(
                [word("missing_mend", lang), html.A(word("nav_data", lang), href="/data", **{"data-page": "/data"})]
            ),
        ],
        className="follows",
        **SOME,
    )
    return [section]


def _bare(everyone: pd.DataFrame, said: Mapping[str, Any], rules: progress.Rules, lang: str) -> list[html.Section]:
    """Return the counties without a target, and what is known of them, if there are any."""
    bare = everyone[everyone["state"] == progress.NO_TARGET]
    if bare.empty:
        return []
    name = Speech.of(lang).pick("name_short", "name_en")
    links = html.P([county_link(str(adcode), row[name]) for adcode, row in bare.iterrows()], className="names")
    known = bare[bare["observed"].notna()]
    parts = [_heading(said, "bare_title"), links, _sentences(known, rules, lang)]
    return [html.Section(parts, className="follows", **SOME)]


def to_verify(atlas: Atlas, standing: Standing, view: View, said: Mapping[str, Any]) -> list[html.Section]:
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

    def section(key: str, text: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> html.Section:
        return html.Section(
            [
                _heading(said, key),
                html.P(text, className="quiet"),
                table([word(f"head_{head}", lang) for head in heads], rows, said[key]),
            ],
            className="follows apart-table",
            **SOME,
        )

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


def _bullet_cells(
    row: Mapping[Any, Any], name: str, lang: str, rules: progress.Rules, notes_en: Notes, batches: pd.DataFrame
) -> tuple[Any, ...]:
    """Return a county's row of the bullets' twin, as `BULLET_HEADS`; the source with what it remarks."""
    growth = row["required_growth"]
    needs = "—" if pd.isna(growth) else Speech.of(lang).percent(say_percent(growth))
    note = row["note"]
    if row["origin"] == "published":
        key = (str(row["adcode"]), progress.GDP, row["period"], str(row.get("printed", "")))
        note = Speech.of(lang).pick(note, notes_en.get(key, ""))
    return (
        county_cell(str(row["adcode"]), row[name]),
        Speech.of(lang).number(row["lower"]),
        progress.say_figure(row, lang),
        str(row["year"]),
        Speech.of(lang).status(row["status"], row["origin"]),
        Speech.of(lang).percent(say_share(row["observed"], row["lower"])),
        progress.say_distance(row, lang) if row["gap"] else "0",
        *([] if rules.closed else [needs]),
        in_chinese(with_note(cite_source(row, lang, batches), note, lang), lang),
    )


def sort_choice(lang: str, orders: tuple[str, ...] = BEHIND_ORDERS) -> html.Select:
    """Return the choice of order of the list of who is short."""
    return choice("behind-sort", {key: word(f"behind_by_{key}", lang) for key in orders}, "gap")


def behind_items(
    atlas: Atlas, assessment: pd.DataFrame, lang: str, rules: progress.Rules, batches: pd.DataFrame | None = None
) -> list[html.Li]:
    """Return who is short, one sentence a county with its gap before it and its source, the widest gap first."""
    said = dict(progress.behind(assessment, lang, "gap", rules=rules))
    return [
        html.Li(
            [
                html.Strong(word("short_by", lang, gap=progress.say_distance(row, lang)), className="short-by"),
                html.Span(said[str(adcode)]),
                " ",
                figure_mark(atlas, row, "", lang, batches),
                _pick(str(adcode), word("on_the_map", lang)),
            ],
            **{"data-adcode": adcode},
        )
        for adcode, row in assessment.loc[list(said)].iterrows()
    ]


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
        className="follows",
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
        with_note(cite_source(row, lang, batches, f"{what}_"), speech.pick(row[f"{what}_note"], ""), lang)
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


def with_note(source: str, note: str, lang: str) -> str:
    """Return the title of a source with what it remarks on its figure."""
    return source + Speech.of(lang).brackets(note)


def in_chinese(text: str, lang: str) -> str | dict[str, str]:
    """Return a cell's text; on an English page one that holds Chinese says so."""
    spoken = spoken_property(text, lang)
    return {"text": text, **spoken} if spoken else text


def _pick(adcode: str, text: str) -> html.Button:
    """Return a button that picks a county on the map."""
    return html.Button(text, type="button", className="row-pick-link", **{"data-pick": adcode})


def states(said: Mapping[str, Any], rules: progress.Rules, lang: str) -> html.Div:
    """Return the states as one bar of the counties with a target, and with their numbers; those of nobody are hidden.

    The browser sets ``data-count`` parts anew with the counts: a part of 0 is hidden, one of the bar as wide as it.
    """

    def counts(state: str) -> dict[str, Any]:
        return {"data-count": f"state_{state}", "hidden": said[f"state_{state}"] == "0"}

    bar = [
        html.Span(
            className="swatch",
            **counts(state),
            style={"flexGrow": said[f"state_{state}"]},
            **{"data-class": state, "title": rules.name(state, lang)},
        )
        for state in rules.states
        if state != progress.NO_TARGET
    ]
    named = [
        html.Li(
            [
                html.Span(className="swatch", **{"data-class": state, "data-layer": "progress"}),
                html.Strong(said[f"state_{state}"], **{"data-said": f"state_{state}"}),
                rules.name(state, lang),
            ],
            **counts(state),
        )
        for state in rules.states
    ]
    return html.Div(
        [html.Div(bar, className="state-bar", **{"aria-hidden": "true"}), html.Ul(named, className="states")],
        className="standing",
    )


def drawer(title: str, *parts: Any, **more: Any) -> html.Details:
    """Return a part of the page that opens on a press."""
    return html.Details([html.Summary(html.H2(title)), *parts], **{"className": "drawer", **more})


def aggregates(atlas: Atlas, standing: Standing, lang: str) -> list[html.P]:
    """Say of the plan's own counts what it asks, what it lists, and what is known."""
    asked = atlas.plan.provincial_targets.set_index("id")
    found = outcomes.aggregates(atlas.plan, atlas.counties, standing.assessment)
    total = len(standing.assessment)
    return [
        html.P(
            word(
                "aggregate",
                lang,
                atlas.plan,
                what=asked.at[id, Speech.of(lang).column("indicator")],
                total=total,
                asked=int(row["asked"]),
                listed=int(row["listed"]),
                known=said_of_some(
                    [("aggregate_known", int(row["known"])), ("aggregate_unknown", int(row["unknown"]))], lang
                )
                or word("aggregate_nobody", lang),
            )
        )
        for id, row in found.iterrows()
    ]


def settled(atlas: Atlas, standing: Standing, view: View) -> list[Any]:
    """Return the part that is of the whole province: the plan's counts, ladder, roads, and drawers of the rest."""
    lang = view.lang
    speech = Speech.of(lang)
    observations, rules = standing.observations, standing.rules
    rungs = progress.ladder(atlas.counties, observations, rules, atlas.plan)
    observed = rungs.observed.to_dict("index")
    known = rungs.known.to_dict("index")
    names = progress.classes(atlas.plan)
    years = list(rungs.observed.index)
    steps = outcomes.roads(atlas.counties, observations, atlas.published, atlas.plan)
    targets = outcomes.provincial(atlas.plan, observations, atlas.counties, atlas.published, rules)
    targets = targets.assign(_known=targets["basis"].map(KNOWN_FIRST)).sort_values("_known", kind="stable")
    parks = standing.parks(atlas)
    end = speech.column("")
    return [
        html.Section(
            [
                html.H2(word("aggregates_title", lang)),
                *aggregates(atlas, standing, lang),
                chart(figures.ladder(rungs, atlas.plan, lang=lang, theme="light"), "ladder-graph"),
                html.P(titles.ladder_text(rungs, atlas.plan, lang), className="quiet"),
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
                            names.at[rung, speech.pick("zh", "en")],
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
                chart(figures.roads(steps.steps, atlas.plan, lang=lang, theme="light"), "roads-graph"),
                *[html.P(text) for text in steps.sentences(lang)],
                twin(
                    lang,
                    [word(f"head_{key}", lang) for key in ("county", "planned", "opened", "outcome", "road", "source")],
                    [
                        (
                            county_cell(str(adcode), speech.pick(row["name_short"], row["name_en"])),
                            str(row["planned_year"]),
                            row["when"] or "—",
                            speech.pick(*outcomes.OUTCOMES[row["outcome"]]),
                            row[speech.column("road")],
                            in_chinese(cite_source(row, lang, standing.batches) or "—", lang),
                        )
                        for adcode, row in steps.counties.iterrows()
                    ],
                ),
            ]
        ),
        drawer(
            word("targets_title", lang, n=len(targets)),
            html.P(word("targets_text", lang), className="quiet"),
            table(
                [word(f"head_{key}", lang) for key in ("target", "value", "deadline", "clause", "known_of", "source")],
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
        ),
        drawer(
            word("projects_title", lang),
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
                            speech.pick("、", "; ").join(f"{name}" for _, name, _ in group.items)
                            + (word("and_others", lang) if group.is_open else "")
                        ),
                    )
                ],
                className="projects",
            ),
        ),
        drawer(
            word("parks_title", lang, n=len(parks)),
            html.P(word("parks_text", lang), className="quiet"),
            table(
                [word(f"head_{key}", lang) for key in ("park", "value", "park_observed", "year", "park_gap", "clause")],
                [
                    (
                        row[speech.column("name")],
                        f"{word('strive', lang) if row['is_aspirational'] else row['symbol']} "
                        + speech.money(row["target_yi"]),
                        word("no_public_data", lang) if pd.isna(row["observed"]) else speech.money(row["observed"]),
                        "—" if pd.isna(row["year"]) else str(row["year"]),
                        "—" if pd.isna(row["gap"]) else speech.money(row["gap"]),
                        atlas.plan.clause(row["box"], row["item"], lang),
                    )
                    for row in parks.to_dict("records")
                ],
            ),
        ),
        drawer(
            word("rules_title", lang),
            html.Ol([html.Li(text) for text in rules.sentences(lang)]),
            className="drawer rules",
        ),
    ]


def periods(observations: pd.DataFrame) -> list[str]:
    """Return the periods for which any county's GDP or its growth is known, newest first."""
    counties = observations[
        observations["indicator"].isin([progress.GDP, progress.GROWTH]) & (observations["place"].str[4:] != "00")
    ]
    return in_time(counties["period"])[::-1]


# ---- its scene: what it says, what it lists, its slides -------------------------------------------------------------


def _figures(facts: SceneFacts) -> list[Fact]:
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


def slide(scene: SceneSlides) -> None:
    """Draw the page on slides."""
    facts, lang = scene.facts, scene.lang
    rules, calls = facts.standing.rules, facts.calls
    call = titles.call_title(sum(len(mine) for _, mine in calls), rules, lang) if calls else ""
    scene.begin()
    if leads := scene.title == call:
        # What the title promises stands under it; how all stand follows.
        _slide_calls(scene)
        if facts.matched:
            rows = facts.standing.assessment
            scene.begin(titles.standing_title(rows[rows.index.isin(facts.matched)], rules, lang))
    period = facts.view.period
    if period and not any(say(period) in scene.title for say in (Speech.of(lang).period, Speech.of(lang).span)):
        scene.say(Speech.of(lang).period(period), size=TEXT, ink="quiet")
    first, *rest = facts.findings
    scene.say(first, bold=True)
    for text in rest:
        scene.say(text, size=TEXT, ink="quiet")
    if facts.matched:
        _slide_states(scene)
    _slide_quarter(scene)
    if facts.again:
        # All the rest stands on the slides of an earlier scene.
        return
    if calls and not leads:
        scene.begin(call)
        _slide_calls(scene)
    _slide_bullets(scene)
    _slide_short(scene)
    _slide_ladder(scene)
    _slide_roads(scene)
    _slide_targets(scene)
    _slide_parks(scene)


def _slide_states(scene: SceneSlides) -> None:
    """Draw how many counties are in each state."""
    facts, lang = scene.facts, scene.lang
    counts = facts.state_counts()
    scene.top += 0.1
    name = word("slide_states", lang)
    names, series = [facts.state(state) for state in counts], [(name, list(counts.values()))]
    chart = bars(scene, names, series, most=0.56 * len(counts), name=name, legend=False)
    plot = chart.plots[0]
    plot.gap_width = 40
    chart.category_axis.tick_labels.font.size = plot.data_labels.font.size = Pt(BODY)
    for at, state in enumerate(counts):
        paint(plot.series[0].points[at].format, style_fill(STATE_STYLES[state]))


def _slide_bullets(scene: SceneSlides) -> None:
    """Draw observed values against the lower bounds, so many counties a slide as can be read."""
    facts, lang = scene.facts, scene.lang
    measured = facts.measured
    if measured.empty:
        return
    title = titles.measured_title(measured, lang)
    parts = -(-len(measured) // CHART_ROWS)
    each = -(-len(measured) // parts)
    for start in range(0, len(measured), each):
        rows = measured.iloc[start : start + each]
        scene.finding(title)
        said = word("slide_bullets", lang, n=len(measured), first=start + 1, last=start + len(rows))
        scene.say(said, size=TEXT, ink="quiet")
        bounds(scene, rows)


def _slide_ladder(scene: SceneSlides) -> None:
    """Draw how many counties stand in each band: listed by the plan, and observed."""
    facts, lang = scene.facts, scene.lang
    scene.begin(titles.ladder_title(facts.ladder, scene.atlas.plan, lang))
    scene.say(titles.ladder_text(facts.ladder, scene.atlas.plan, lang), size=TEXT, ink="quiet")
    names, series = facts.ladder_bars
    chart = bars(scene, names, series, upright=True)
    for drawn, fill in zip(chart.plots[0].series, LADDER_FILLS[len(series)], strict=True):
        paint(drawn.format, Fill(colour(fill)))


def _slide_roads(scene: SceneSlides) -> None:
    """Draw the counties planned to be connected against those known to have been, summed up year by year."""
    facts, lang = scene.facts, scene.lang
    steps = facts.road_steps
    scene.begin(steps.title)
    for text in facts.roads.sentences(lang):
        scene.say(text, size=TEXT, ink="quiet")
    chart = bars(scene, list(map(str, steps.years)), steps.series, upright=True)
    for drawn, fill in zip(chart.plots[0].series, ("line", "r5"), strict=True):
        paint(drawn.format, Fill(colour(fill)))


def _slide_targets(scene: SceneSlides) -> None:
    """List the provincial targets of which something is known; the others stand in the annex."""
    facts, lang = scene.facts, scene.lang
    known = [row for row in facts.targets if row[f"known_{lang}"]]
    scene.begin(word("slide_targets" if known else "targets_title", lang, n=len(facts.targets), known=len(known)))
    rest = len(facts.targets) - len(known)
    said = [word("targets_text", lang), *([word("slide_targets_rest", lang, n=rest)] if rest else [])]
    scene.say(scene.speech.pick("", " ").join(said), size=TEXT, ink="quiet")
    if not known:
        return
    rows = [
        (
            target_name(row, lang),
            target_value(row, lang),
            str(row[scene.speech.column("deadline")]),
            where(row, lang),
            str(row[f"known_{lang}"]),
            str(row["known_source"]) or "—",
        )
        for row in known
    ]
    keys = ("target", "value", "deadline", "clause", "known_of", "source")
    scene.table(Table.fitted([word(f"head_{key}", lang) for key in keys], rows, ROOM))


def _slide_parks(scene: SceneSlides) -> None:
    """List the twelve parks, target and observed."""
    facts, lang = scene.facts, scene.lang
    scene.begin(word("parks_title", lang, n=len(facts.parks)))
    scene.say(word("parks_text", lang), size=TEXT, ink="quiet")
    keys = ("park", "value", "park_observed", "year", "park_gap", "clause")
    rows = [facts.park_cells(row) for row in facts.parks]
    scene.table(Table.fitted([word(f"head_{key}", lang) for key in keys], rows, ROOM, {1, 2, 4}))


def _slide_calls(scene: SceneSlides) -> None:
    """List whom to call for the target year's figure, a row a prefecture."""
    facts, lang = scene.facts, scene.lang
    between = scene.speech.pick("、", ", ")
    rows = [(facts.option(code), str(len(mine)), between.join(map(facts.short, mine))) for code, mine in facts.calls]
    heads = [word(f"slide_head_{key}", lang) for key in ("prefecture", "n", "names")]
    scene.table(Table.fitted(heads, rows, ROOM, {1}, TEXT))


def _slide_short(scene: SceneSlides) -> None:
    """List who is behind, or after the term has not reached the bound; no slide for nobody."""
    facts, lang = scene.facts, scene.lang
    rows, rules = facts.short_of, facts.standing.rules
    if rows.empty:
        return
    scene.begin(word("slide_short" if rules.closed else "behind_title", lang, n=len(rows)))
    heads = {
        "lower": word("slide_head_lower", lang),
        "latest": word("slide_head_latest", lang),
        **{key: word(f"head_{key}", lang) for key in ("year", "status", "share")},
        "gap": word("slide_head_gap", lang),
        **({} if rules.closed else {"growth": word("head_growth", lang)}),
        "source": word("head_source", lang),
    }
    cells = []
    for adcode, row in rows.iterrows():
        growth = row["required_growth"]
        said = {
            "lower": Speech.of(lang).money(row["lower"]),
            "latest": progress.say_figure(row, lang),
            "year": str(row["year"]),
            "status": Speech.of(lang).status(row["status"], row["origin"]),
            "share": Speech.of(lang).percent(say_share(row["observed"], row["lower"])),
            "gap": progress.say_distance(row, lang),
            "growth": "—" if pd.isna(growth) else Speech.of(lang).percent(say_percent(growth, rules.pace)),
            "source": cite_source(row, lang, facts.standing.batches),
        }
        cells.append((facts.short(str(adcode)), *(said[key] for key in heads)))
    numbers = {
        at for at, key in enumerate(heads, start=1) if key in ("lower", "latest", "year", "share", "gap", "growth")
    }
    size = BODY if len(cells) <= 8 else TEXT
    scene.table(Table.fitted([word("slide_head_county", lang), *heads.values()], cells, ROOM, numbers, size))


def _slide_quarter(scene: SceneSlides) -> None:
    """Draw the figures of the part of a year that the scene is about."""
    facts, lang = scene.facts, scene.lang
    part = facts.part
    if part is None:
        return
    kept = part.over(facts.matched)
    when = Speech.of(lang).span(part.period)
    scene.begin(word("quarter_title", lang, when=when, n=len(kept)))
    asked = int(facts.standing.assessment.index.isin(facts.matched).sum())
    scene.say(part.sentence(facts.matched, asked, lang), size=TEXT)
    scene.say(word("quarter_text", lang), size=TEXT, ink="quiet")
    # As on the page: what no county has, or the province has not, gets no column.
    apart, industry = part.province is not None, bool(part.counties["industry"].notna().any())
    if part.province is None:
        scene.say(word("quarter_alone", lang), size=TEXT, ink="quiet")
    else:
        rate = f"{exact(part.province['value']):f}"
        source = cite_source(part.province, lang, facts.standing.batches)
        scene.say(word("quarter_province", lang, rate=rate, source=source), size=TEXT, ink="quiet")

    def rate_of(row: Any, what: str) -> str:
        return "—" if pd.isna(row[what]) else progress.say_rate(row, what, lang)

    rows = []
    for adcode in part.order("growth"):
        if adcode not in kept.index:
            continue
        row = kept.loc[adcode]
        known = [what for what in ("level", "growth") if not pd.isna(row[what])]
        rows.append(
            (
                facts.short(adcode),
                "—" if pd.isna(row["level"]) else progress.say_figure(row, lang, "level_", "level"),
                rate_of(row, "growth"),
                *(["—" if pd.isna(row["apart"]) else f"{exact(row['apart']):+f}"] if apart else []),
                *([rate_of(row, "industry")] if industry else []),
                facts.state(str(row["state"])),
                "\n".join(dict.fromkeys(cite_source(row, lang, facts.standing.batches, f"{what}_") for what in known)),
            )
        )
    keys = ["part", "rate", *(["apart"] if apart else []), *(["industry"] if industry else [])]
    heads = [
        word("slide_head_county", lang),
        word("slide_head_part", lang),
        *(word(f"head_{key}", lang) for key in (*keys[1:], "full_year", "source")),
    ]
    scene.table(Table.fitted(heads, rows, ROOM, range(1, len(keys) + 1)))


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
    figures=_figures,
)
