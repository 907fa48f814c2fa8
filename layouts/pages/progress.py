"""The progress page: what was reached against what was promised, and what is not known.

After the plan's term it closes the account: how many reached their bound, who is short and by how much, and whom to
call for the figures that are still missing. What does not judge stands apart, as to be verified.

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

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.view import View
from layouts.parts import figures
from layouts.parts.large import large
from layouts.parts.large import rows as large_rows
from layouts.parts.markup import chart, choice, county_cell, table
from layouts.parts.provenance import source_mark, spoken_property
from layouts.words import said_of_some, word
from targets import evidence, outcomes, progress, speech
from targets.provenance import PLAIN_SECTION, cite_source, of_figure
from targets.selection import empty_sentence

BEHIND_ORDERS = ("gap", "required_growth", "attainment", "year", "adcode")
SHORT_ORDERS = ("gap", "attainment", "adcode")  # after the term: all are of one year, and none needs growth any more
KNOWN_FIRST = {"same": 0, "at_least": 1, "context": 2, "": 3}
BULLET_HEADS = ("county", "lower", "figure", "year", "status", "share", "park_gap", "growth", "source")
MISSING_BOOK = "/template/missing.xlsx"
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
    measured, behind = figures.measured(mine), int(mine["state"].isin(progress.SHORT).sum())
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
        "bullets_title": figures.measured_title(measured, lang),
        "bullets_text": figures.bullets_text(measured, lang),
        "floor_title": word("floor_title", lang, n=int((mine["reason"] == "floor").sum())),
        "behind_title": word(who, lang, n=behind),
        "missing_title": word("missing_title", lang, n=missing),
        "bare_title": word("bare_title", lang, atlas.plan, n=bare),
    }
    clashing = counties_of(atlas, evidence.contradictions(observations))
    for key, rows in (("leads_title", counties_of(atlas, evidence.leads(observations))), ("clash_title", clashing)):
        rows = rows[rows["place"].isin(chosen)]
        said[key] = word(key, lang, n=len(rows), counties=rows["place"].nunique())
    if rules.closed:
        wanted = to_call(atlas, standing, view)
        of = wanted[wanted.index.isin(chosen)]["prefecture_code"].value_counts()
        said["call_title"] = word("call_title", lang, n=int(of.sum()), year=rules.target_year)
        said |= {f"call_{code}": str(int(of.get(code, 0))) for code in dict.fromkeys(wanted["prefecture_code"])}
        return said | _quarter_said(atlas, everyone, observations, view, chosen, len(mine))
    for reason in _reasons(everyone):
        amount = int(((mine["state"] == progress.NO_FIGURE) & (mine["reason"] == reason)).sum())
        text = progress.say_reason(reason, atlas.plan, lang)
        text = text if lang == "zh" else text[0].upper() + text[1:]
        said[f"missing_{reason}"] = word("missing_group", lang, reason=text, n=amount)
    return said | _quarter_said(atlas, everyone, observations, view, chosen, len(mine))


def _quarter_said(
    atlas: Atlas, everyone: pd.DataFrame, observations: pd.DataFrame, view: View, chosen: tuple[str, ...], n: int
) -> dict[str, str]:
    """Return what is said of the figures of one part of a year; nothing without any."""
    part = progress.part_year(everyone, observations, atlas.plan, view.period)
    if part is None:
        return {}
    when = speech.say_span(part.period, view.lang)
    return {
        "quarter_title": word("quarter_title", view.lang, when=when, n=len(part.over(chosen))),
        "quarter_found": part.sentence(chosen, n, view.lang),
    }


def counties_of(atlas: Atlas, rows: pd.DataFrame) -> pd.DataFrame:
    """Return those of some figures that are a county's GDP."""
    real = atlas.counties.index[atlas.counties["is_county"]]
    return rows[(rows["indicator"] == progress.GDP) & rows["place"].isin(real)]


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
    zh = view.lang == "zh"
    rows = []
    for adcode, row in wanted[wanted.index.isin(atlas.select(view.filter))].iterrows():
        prefix, option = known_prefix(row), atlas.plan.option(str(row["prefecture_code"]))
        known = "" if prefix is None else _what(row, prefix, view.lang)
        # Always the Chinese name: it is what the importer reads, and what a county's office calls itself.
        rows.append((str(adcode), str(row["name"]), option.zh if zh else option.en, known))
    return rows


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
        link = county_link(str(adcode), row["name_short" if lang == "zh" else "name_en"])
        if (prefix := known_prefix(row)) is not None:
            mark = figure_mark(atlas, row, prefix, lang, batches, _what(row, prefix, lang))
            link = html.Span([link, mark], className="named")
        parts += [link, " "]
    return html.P(parts, className="names")


def _bars(atlas: Atlas, standing: Standing, said: Mapping[str, Any], lang: str) -> html.Section:
    """Return every county's figure that is measured against its bound, as bars and as a table."""
    everyone, rules = standing.assessment, standing.rules
    name = "name_short" if lang == "zh" else "name_en"
    ordered = everyone.assign(adcode=everyone.index).sort_values(["gap", "surplus"], ascending=[False, True])
    rows = figures.measured(ordered)
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
    query = view.query()
    book = html.A(
        word("call_book", lang),
        href=MISSING_BOOK + (f"?{query}" if query else ""),
        download="",
        className="btn btn-outline-secondary",
        **{"data-carry": MISSING_BOOK},
    )
    groups = [
        html.Div(
            [
                html.H3(
                    [
                        atlas.plan.option(code).zh if lang == "zh" else atlas.plan.option(code).en,
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
    name = "name_short" if lang == "zh" else "name_en"
    links = html.P([county_link(str(adcode), row[name]) for adcode, row in bare.iterrows()], className="names")
    known = bare[bare["observed"].notna()]
    parts = [_heading(said, "bare_title"), links, _sentences(known, rules, lang)]
    return [html.Section(parts, className="follows", **SOME)]


def to_verify(atlas: Atlas, standing: Standing, view: View, said: Mapping[str, Any]) -> list[html.Section]:
    """Return what does not judge: leads, each with what it would say, and figures that contradict each other."""
    lang, observations = view.lang, standing.observations
    name = "name_short" if lang == "zh" else "name_en"

    def cells(row: Any, *more: str) -> tuple[Any, ...]:
        printed = speech.say_printed(row["value"], row["unit"], row["comparator"], row["printed"], row["origin"], lang)
        return (
            county_cell(str(row["place"]), standing.assessment.at[row["place"], name]),
            speech.say_period(row["period"], lang),
            printed,
            speech.say_status(row["status"], lang, row["origin"]),
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
    needs = "—" if pd.isna(growth) else speech.percent(speech.say_percent(growth), lang)
    note = row["note"]
    if lang == "en" and row["origin"] == "published":
        note = notes_en.get((str(row["adcode"]), progress.GDP, row["period"], str(row.get("printed", ""))), "")
    return (
        county_cell(str(row["adcode"]), row[name]),
        speech.say_number(row["lower"], lang),
        progress.say_figure(row, lang),
        str(row["year"]),
        speech.say_status(row["status"], lang, row["origin"]),
        speech.percent(speech.say_share(row["observed"], row["lower"]), lang),
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
        rate = f"{speech.exact(part.province['value']):f}"
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
    zh = lang == "zh"

    def rate(value: Any, sign: str = "") -> str:
        return "—" if pd.isna(value) else f"{speech.exact(value):{sign}f}"

    known = [what for what in ("level", "growth") if not pd.isna(row[what])]
    status = dict.fromkeys(speech.say_status(row[f"{what}_status"], lang, row[f"{what}_origin"]) for what in known)
    between = "；" if zh else "; "
    sources = dict.fromkeys(
        with_note(cite_source(row, lang, batches, f"{what}_"), row[f"{what}_note"] if zh else "", lang)
        for what in known
    )
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
                what=asked.at[id, "indicator" if lang == "zh" else "indicator_en"],
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
    zh = lang == "zh"
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
    end = "" if zh else "_en"
    return [
        html.Section(
            [
                html.H2(word("aggregates_title", lang)),
                *aggregates(atlas, standing, lang),
                chart(figures.ladder(rungs, atlas.plan, lang=lang, theme="light"), "ladder-graph"),
                html.P(figures.ladder_text(rungs, atlas.plan, lang), className="quiet"),
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
                chart(figures.roads(steps.steps, atlas.plan, lang=lang, theme="light"), "roads-graph"),
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
                            ("、" if zh else "; ").join(f"{name}" for _, name, _ in group.items)
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
                        row["name"] if zh else row["name_en"],
                        f"{word('strive', lang) if row['is_aspirational'] else row['symbol']} "
                        + speech.say_money(row["target_yi"], lang),
                        word("no_public_data", lang)
                        if pd.isna(row["observed"])
                        else speech.say_money(row["observed"], lang),
                        "—" if pd.isna(row["year"]) else str(row["year"]),
                        "—" if pd.isna(row["gap"]) else speech.say_money(row["gap"], lang),
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
