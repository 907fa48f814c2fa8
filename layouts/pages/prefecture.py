"""The page of one prefecture, ready for its turn at the meeting: map and table side by side, then what is behind."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from layouts.facts import titles
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.county import gdp_apart, newest_leads, say_figure, source_of
from layouts.facts.deck import READY, Scene
from layouts.facts.layers import LAYERS, say
from layouts.facts.pages import Page
from layouts.facts.prefecture import findings
from layouts.facts.scene import SceneFacts
from layouts.facts.sources import source_lines
from layouts.facts.view import View
from layouts.parts import figures, settlement
from layouts.parts.county import people, to_verify
from layouts.parts.duties import named_duties
from layouts.parts.markup import chart, choice, county_cell, county_link, page_link, period_choice, segment, takes, twin
from layouts.parts.provenance import source_mark, spoken_property
from layouts.parts.slide import FOOT_TOP, GAP, MARGIN, ROOM, SMALL, SPARE, TEXT, SceneSlides
from layouts.parts.slide_map import classes_inside, draw_map, draw_swatches
from layouts.parts.slide_parts import LEADING, Box, Table, high
from layouts.words import word
from targets import evidence, outcomes, progress
from targets.evidence import JUDGES
from targets.provenance import Source, of_census, of_option, of_park
from targets.speech import Speech, is_whole, say_percent, say_share

TURNS = f"/meeting/{READY}"  # where each prefecture has its turn
HEADS = ("county", "band", "roles", "road", "people", "latest", "share", "state")
SHORT = 5  # counties whose table leaves room on a stage for larger type
TWIN_HEADS = ("county", "lower", "observed", "year", "share", "gap")  # and, while the term runs, the growth required


def page(atlas: Atlas, standing: Standing, view: View, code: str) -> list[Any]:
    """Return the whole page.

    Parameters
    ----------
    atlas : Atlas
    standing : Standing
    view : View
    code : str
        As it stands in the address; a page that helps when it is no prefecture's.
    """
    lang = view.lang
    if code not in atlas.plan.option_ids["prefecture"]:
        return unknown(atlas, code, lang)
    mine = standing.assessment[standing.assessment["prefecture_code"] == code]
    if mine.empty:
        return [_head(atlas, view, code), *_without_counties(atlas, standing, view, code), _foot(atlas, lang)]
    roads = standing.roads(atlas).counties
    roads = roads[roads.index.isin(mine.index)]
    return [
        _head(atlas, view, code, findings(atlas, standing, mine, roads, lang)),
        html.Div(
            [
                _map(view, code),
                html.Div(
                    _table(atlas, standing, mine, roads, lang),
                    className="table-room turn-table" + (" is-short" if len(mine) <= SHORT else ""),
                    tabIndex=0,
                    role="group",
                    **{"aria-label": word("turn_table", lang, name=_name(atlas, code, lang))},
                ),
            ],
            className="turn",
        ),
        _bullets(atlas, standing, mine, code, lang),
        _behind(mine, standing.rules, lang),
        _rest(atlas, standing, mine, code, lang),
        named_duties(atlas, code, lang),
        _unknowns(atlas, standing, mine, roads, code, lang),
        _foot(atlas, lang),
    ]


def unknown(atlas: Atlas, code: str, lang: str) -> list[Any]:
    """Return the page that helps where an address names no prefecture."""
    links = [
        page_link(_name(atlas, id, lang), f"/prefecture/{id}", className="county-link")
        for id in atlas.plan.option_ids["prefecture"]
    ]
    return [
        html.H2(word("turn_missing", lang), className="turn-name"),
        html.P([html.Code(code), " ", word("turn_missing_text", lang, atlas.plan)], className="finding"),
        html.P(word("turn_missing_help", lang, atlas.plan, n=len(links))),
        html.P(links, className="names"),
    ]


def _name(atlas: Atlas, code: str, lang: str) -> str:
    option = atlas.plan.option(code)
    return Speech.of(lang).pick(option.zh, option.en)


def _county(atlas: Atlas, adcode: str, lang: str) -> str:
    return str(atlas.counties.at[adcode, Speech.of(lang).pick("name_short", "name_en_short")])


# ---- the first screen -----------------------------------------------------------------------------------------------


def _head(atlas: Atlas, view: View, code: str, said: tuple[str, ...] = ()) -> html.Div:
    """Return name, finding, where it lies, and the ways to the other prefectures and to the map."""
    lang = view.lang
    codes = atlas.plan.option_ids["prefecture"]
    at = codes.index(code)
    names = {id: atlas.option_name(id, lang) for id in codes}
    before = page_link(f"← {names[codes[at - 1]]}", f"/prefecture/{codes[at - 1]}", rel="prev") if at else None
    after = (
        page_link(f"{names[codes[at + 1]]} →", f"/prefecture/{codes[at + 1]}", rel="next") if code != codes[-1] else ""
    )
    # The query's other parts (language, theme) are kept by the browser; the address alone says what the map will show.
    to_map = html.A(
        word("turn_on_map", lang), href=f"/?prefecture={code}", className="turn-to-map", **{"data-turn-map": code}
    )
    # Also on paper, where the choice of the period is not.
    chosen = [html.Small(Speech.of(lang).period(view.period))] if view.period else []
    ways = html.Nav(
        [
            before,
            html.Label(
                [
                    html.Span(word("turn_choose", lang), className="visually-hidden"),
                    choice("turn-choice", names, code),
                ]
            ),
            after,
            to_map,
            html.Label([word("period", lang), " ", period_choice(view)], className="behind-sort"),
            html.A(
                word("turn_show", lang),
                href=f"{Scene('', TURNS, View(lang=lang, period=view.period)).address}#/prefecture/{code}",
                className="quiet-button",
                target="_self",
            ),
            *takes("prefecture", view, f"prefecture={code}"),
            html.Button(
                word("turn_print", lang), type="button", className="quiet-button", **{"data-action": "take-print"}
            ),
        ],
        className="turn-ways",
        **{"aria-label": word("turn_ways", lang)},
    )
    return html.Div(
        [
            html.Div(
                [
                    html.Div(
                        [html.H2([_name(atlas, code, lang), *chosen], className="turn-name"), ways],
                        className="turn-line",
                    ),
                    *[html.P(text, className="turn-more" if n else "finding") for n, text in enumerate(said)],
                ],
                className="turn-words",
            ),
            html.Div(className="small-map turn-where", **{"data-map": "province", "data-prefecture": code}),
        ],
        className="turn-head",
    )


def _map(view: View, code: str) -> html.Div:
    """Return the room of the prefecture's map, with the choice of its layer."""
    lang = view.lang
    layers = html.Div(
        [segment("layer", layer.id, say(layer.name, lang)) for layer in LAYERS.values()],
        className="segments",
        role="group",
        **{"aria-label": word("layers", lang)},
    )
    return html.Div([layers, _drawn(code)], className="turn-map")


def _drawn(code: str) -> html.Div:
    return html.Div(className="small-map", **{"data-map": code, "data-labels": "1", "data-legend": "1"})


def _table(atlas: Atlas, standing: Standing, mine: pd.DataFrame, roads: pd.DataFrame, lang: str) -> html.Table:
    """Return the counties in code order, each datum with a mark that says where it stands."""
    census = of_census(word("turn_head_people", lang), word("source_census", lang), lang)
    heads = [
        html.Th(
            [
                word(f"turn_head_{key}", lang, atlas.plan),
                *([html.Br(), source_mark(census, lang, word("turn_census", lang))] if key == "people" else []),
            ],
            scope="col",
            className="turn-head-line" if key == "people" else "",
        )
        for key in HEADS
    ]
    rows = [
        html.Tr(
            [
                html.Th(county_link(str(adcode), _county(atlas, str(adcode), lang)), scope="row"),
                html.Td(_band(atlas, str(adcode), row["band"] or atlas.plan.no_band, lang)),
                html.Td(_roles(atlas, str(adcode), lang), className="turn-roles"),
                html.Td(
                    _road(atlas, standing, str(adcode), roads, lang),
                    className="has-road" if adcode in roads.index else "",
                ),
                html.Td(_people(atlas.counties.at[adcode, "population"], lang), className="number"),
                html.Td(_latest(atlas, standing, row, lang)),
                html.Td(_share(row, lang), className="number"),
                html.Td(_state(row, standing.rules, lang), className="turn-state"),
            ]
        )
        for adcode, row in mine.sort_index().iterrows()
    ]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="plain")


def _band(atlas: Atlas, adcode: str, band: str, lang: str) -> list[Any]:
    source = of_option(atlas.plan, band, None if band == atlas.plan.no_band else adcode, lang)
    name = atlas.option_name(band, lang)
    if band == atlas.plan.no_band:
        return [html.Span(name, className="quiet"), " ", source_mark(source, lang)]
    swatch = html.Span(className="swatch", **{"data-class": band, "data-layer": "band"})
    return [html.Span([swatch, name], className="turn-value"), " ", source_mark(source, lang)]


def _roles(atlas: Atlas, adcode: str, lang: str) -> list[Any] | html.Span:
    """Return one mark a role; the mark itself opens where the plan lists it."""
    held = (*atlas.counties.at[adcode, "clusters"], *atlas.counties.at[adcode, "energy"])
    if not held:
        return html.Span("—", title=word("js_no_roles", lang, atlas.plan), className="quiet")
    marks = []
    for id in held:
        option = atlas.plan.option(id)
        name = Speech.of(lang).pick(option.zh, option.en)
        mark = source_mark(of_option(atlas.plan, id, adcode, lang), lang, name)
        spoken = spoken_property(option.mark, lang)
        badge = html.Span(option.mark, className="badge-mark", **{"data-role": id, "aria-hidden": "true"}, **spoken)
        mark.children = [badge, html.Span(name, className="visually-hidden")]
        mark.className, mark.title = "source-mark role-mark", name
        marks.append(mark)
    return marks


def _road(atlas: Atlas, standing: Standing, adcode: str, roads: pd.DataFrame, lang: str) -> list[Any] | html.Span:
    if adcode not in roads.index:
        return html.Span("—", title=word("js_legend_road_none", lang, atlas.plan), className="quiet")
    (row,) = (row for _, row in roads.loc[[adcode]].iterrows())
    year = str(row["planned_year"])
    planned = source_mark(of_option(atlas.plan, year, adcode, lang), lang, word("turn_planned", lang, year=year))
    outcome = Speech.of(lang).pick(*outcomes.OUTCOMES[row["outcome"]])
    if row["outcome"] == outcomes.UNKNOWN:
        return [planned, html.Br(), html.Span(outcome, className="hatched turn-unknown")]
    text = word("turn_opened", lang, date=outcomes.say_when(row["when"], lang), outcome=outcome)
    return [planned, html.Br(), source_mark(_opened(atlas, standing, adcode, row, text, lang), lang, text)]


def _opened(atlas: Atlas, standing: Standing, adcode: str, row: pd.Series, what: str, lang: str) -> Source:
    """Return where an opening is known from: an import, or the published record."""
    if row["origin"] == "import":
        known = standing.observations
        known = known[(known["indicator"] == outcomes.ROAD) & (known["place"] == adcode)]
        known = known[known["standing"] == JUDGES]
        cited = (
            known.assign(_batch=known["batch"].fillna(-1)).sort_values("_batch", kind="stable").to_dict("records")[-1]
        )
        return source_of(atlas, standing, cited, what, lang)
    record = atlas.published.expressways_opened.set_index("adcode").loc[adcode]
    note = [str(row[Speech.of(lang).column("road")]), str(record[Speech.of(lang).column("note")])]
    return Source(
        what=what,
        source=str(row["source"]),
        url=str(row["source_url"]),
        period=str(row["when"]),
        note=Speech.of(lang).clauses(part for part in note if part),
    )


def _people(people: Any, lang: str) -> str:
    if pd.isna(people):
        return "—"
    return Speech.of(lang).pick(f"{people / 10_000:.1f}", f"{people / 1000:,.1f}")


def _latest(atlas: Atlas, standing: Standing, row: pd.Series, lang: str) -> list[Any]:
    """Return the latest full-year GDP, what a report says was passed, and the year's part and growth after it.

    Beside it, marked, what contradicts itself, and a lead that is of a later time than what judges.
    """
    parts: list[Any] = []
    if not pd.isna(row["observed"]):
        parts.append((progress.say_figure(row, lang), progress.GDP, row["period"]))
    if not pd.isna(row["floor"]):
        parts.append((progress.say_figure(row, lang, "floor_", "floor"), progress.GDP, row["floor_period"]))
    clashing, leads = gdp_apart(standing, str(row.name))
    leads = newest_leads(row, leads)
    shown: list[Any] = []
    if not parts:
        none = "none_judges" if clashing or leads else "no_public_data"
        shown.append(html.Span(word(none, lang), className="hatched turn-unknown"))
    for text, indicator, period in parts:
        source = _figure(atlas, standing, str(row.name), indicator, str(period), text, lang)
        shown += [html.Br()] if shown else []
        said = " ".join(part for part in (source.period, source.grade) if part)
        shown += [html.Span(text, className="turn-value"), " ", source_mark(source, lang, said)]
    beside = []
    if not pd.isna(row["part_year"]):
        beside.append((progress.say_part(row, lang, short=True), progress.GDP, row["part_year_period"]))
    if not pd.isna(row["growth"]) and (pd.isna(row["observed"]) or not is_whole(row["growth_period"])):
        beside.append((progress.say_growth(row, lang), progress.GROWTH, row["growth_period"]))
    for text, indicator, period in beside:
        source = _figure(atlas, standing, str(row.name), str(indicator), str(period), text, lang)
        shown += [html.Br(), source_mark(source, lang, text)]
    for tag, figures_apart in (("contradicted", clashing), ("to_verify", leads)):
        for one in figures_apart:
            text = say_figure(one, standing, lang)
            source = source_of(atlas, standing, one, text, lang)
            shown += [html.Br(), html.Span(text, className="quiet"), " "]
            shown += [source_mark(source, lang, f"{source.period} {source.grade}"), " ", to_verify(lang, tag)]
    return shown


def _figure(atlas: Atlas, standing: Standing, place: str, indicator: str, period: str, what: str, lang: str) -> Source:
    """Return the source of the figure that the assessment took: the same choice among several, of the same period."""
    known = standing.observations[standing.observations["place"] == place]
    rows = evidence.figures(known, indicator)
    (found,) = rows[rows["period"] == period].to_dict("records")
    return source_of(atlas, standing, found, what, lang)


def _share(row: pd.Series, lang: str) -> str:
    if pd.isna(row["attainment"]):
        return "—"
    return Speech.of(lang).percent(say_share(row["observed"], row["lower"]))


def _state(row: pd.Series, rules: progress.Rules, lang: str) -> list[Any]:
    state = row["state"]
    since = progress.say_reached(row, rules, lang) if rules.closed else ""
    return [
        html.Span(className="swatch", **{"data-class": state, "data-layer": "progress"}),
        html.Span(since or rules.name(state, lang)),
    ]


# ---- what stands behind ---------------------------------------------------------------------------------------------


def _bullets(atlas: Atlas, standing: Standing, mine: pd.DataFrame, code: str, lang: str) -> html.Section:
    measured = mine[mine["attainment"].notna()].sort_values(["gap", "surplus"], ascending=[False, True])
    if measured.empty:
        return html.Section(
            [html.H2(word("turn_bullets", lang)), html.P(word("turn_bullets_none", lang), className="nothing")]
        )
    reached, name = int((measured["state"] == progress.REACHED).sum()), atlas.option_name(code, lang)
    figure = figures.bullets(measured.assign(adcode=measured.index), standing.rules, lang=lang, theme="light")
    title = Speech.of(lang).named(name, titles.measured_title(measured, lang))
    if reached:
        title = word("turn_bullets_title", lang, name=name, n=len(measured), reached=reached)
    figure.update_layout(title_text=title)
    # Without its rows' height the browser leaves all bars in: this page is about every county, whatever the filter.
    figure.layout.meta = None
    heads = TWIN_HEADS if standing.rules.closed else (*TWIN_HEADS, "growth")
    return html.Section(
        [
            chart(figure, "turn-graph"),
            html.P(titles.bullets_text(measured, lang), className="quiet"),
            twin(
                lang,
                [word(f"head_{key}", lang) for key in heads],
                [_twin_cells(row, standing.rules, lang) for _, row in measured.iterrows()],
            ),
        ]
    )


def _twin_cells(row: pd.Series, rules: progress.Rules, lang: str) -> tuple[Any, ...]:
    growth = row["required_growth"]
    needed = "—" if pd.isna(growth) else Speech.of(lang).percent(say_percent(growth, rules.pace, 0))
    return (
        county_cell(str(row.name), row[Speech.of(lang).pick("name_short", "name_en")]),
        Speech.of(lang).number(row["lower"]),
        progress.say_figure(row, lang),
        str(row["year"]),
        _share(row, lang),
        progress.say_distance(row, lang) if row["gap"] else "0",
        *([] if rules.closed else [needed]),
    )


def _behind(mine: pd.DataFrame, rules: progress.Rules, lang: str) -> html.Section:
    """Return who is behind while the term runs; after it who fell short, and whose figure is still to be asked for."""
    said = progress.behind(mine, lang, rules=rules)
    title, none, nobody = (
        ("turn_short_closed", "turn_short_closed_none", "turn_short_nobody")
        if rules.closed
        else ("behind_title", "turn_behind_none", "behind_nobody")
    )
    title = title if said else nobody
    parts: list[Any] = [html.H2(word(title, lang, n=len(said)))]
    if said:
        parts.append(html.Ol([html.Li(text) for _, text in said], className="turn-list"))
    else:
        parts.append(html.P(word(none, lang, year=rules.target_year), className="quiet"))
    if rules.closed and len(missing := progress.missing(mine)):
        parts.append(html.H2(word("turn_call", lang, n=len(missing), year=rules.target_year)))
        asked = [html.Li(progress.sentence(row, lang, rules)) for _, row in missing.sort_index().iterrows()]
        parts.append(html.Ul(asked, className="turn-list"))
    return html.Section(parts)


def _rest(atlas: Atlas, standing: Standing, mine: pd.DataFrame, code: str, lang: str) -> html.Section:
    """Return parks, projects and awards, those that there are."""
    parts = [
        (word("turn_parks", lang, atlas.plan), word("turn_parks_text", lang), _parks(atlas, standing, code, lang)),
        (word("turn_projects", lang, atlas.plan), word("projects_text", lang), _projects(atlas, code, lang)),
        (word("turn_awards", lang), word("turn_awards_text", lang), _awards(atlas, mine, lang)),
        (word("settle_county", lang), word("settle_stamp", lang), _settled(atlas, standing, mine, lang)),
    ]
    return html.Section(
        [
            html.Div([html.H3(title), html.Ul(items, className="turn-list"), html.P(text, className="quiet")])
            for title, text, items in parts
            if items
        ],
        className="turn-rest",
    )


def _parks(atlas: Atlas, standing: Standing, code: str, lang: str) -> list[html.Li]:
    speech = Speech.of(lang)
    parks = standing.parks(atlas)
    items = []
    for id, park in parks[parks["prefecture_code"] == code].iterrows():
        sign = word("strive", lang) if park["is_aspirational"] else park["symbol"]
        target = speech.sentences([sign, speech.money(park["target_yi"])])
        text = word("turn_park", lang, name=park[speech.column("name")], target=target)
        host: list[Any] = []
        if park["adcode"]:
            name = _county(atlas, park["adcode"], lang)
            host = [word(f"turn_host_{park['host_basis']}", lang), county_link(park["adcode"], name)]
        mark = source_mark(of_park(atlas.plan, str(id), lang), lang)
        if pd.isna(park["observed"]):
            seen: list[Any] = [html.Span(word("no_public_data", lang), className="hatched turn-unknown")]
        else:
            known = standing.observations[standing.observations["place"] == id]
            rows = evidence.figures(known, outcomes.PARK, progress.YI)
            # The latest full year, as the outcome has it.
            (found,) = rows[(rows["year"] == park["year"]) & (rows["month"] == 12)].to_dict("records")
            amount = say_figure(found, standing, lang)
            cited = source_of(atlas, standing, found, amount, lang)
            seen = [word("turn_park_seen", lang, amount=amount), " ", source_mark(cited, lang)]
        items.append(html.Li([text, " ", mark, " ", *host, " ", *seen]))
    return items


def _projects(atlas: Atlas, code: str, lang: str) -> list[html.Li]:
    speech, plan = Speech.of(lang), atlas.plan
    english = dict(zip(plan.departments["department"], plan.departments["department_en"], strict=True))
    items = []
    for project in plan.projects[plan.projects["prefecture_code"] == code].to_dict("records"):
        name = project[speech.column("name")]
        answer = plan.responsible(project["task"])
        title = str(plan.tasks.set_index("task").at[project["task"], speech.column("title")])
        source = Source(
            what=name,
            clause=plan.clause(project["box"], project["item"], lang),
            comparator=project["verb"],
            gloss=speech.pick("", project["verb_en"]),
            task=f"{word('head_task', lang, task=project['task'])}{speech.pick('', ':')} {title}",
            departments=speech.pick(answer, tuple(english[one] for one in answer)),
            duty=speech.pick(*plan.shared_duty),
            note=project[speech.column("basis")],
        )
        text = word("turn_project", lang, name=name, verb=project[speech.column("verb")])
        items.append(html.Li([text, " ", source_mark(source, lang)]))
    return items


def _settled(atlas: Atlas, standing: Standing, mine: pd.DataFrame, lang: str) -> list[html.Li]:
    """Return how each county stands in the latest account; nothing without a scheme."""
    found = []
    for adcode in map(str, mine.index):
        if said := settlement.said_of(atlas, standing, adcode, lang):
            found.append(html.Li([county_link(adcode, _county(atlas, adcode, lang)), said[0]]))
    return found


def _awards(atlas: Atlas, mine: pd.DataFrame, lang: str) -> list[html.Li]:
    known = outcomes.awards(atlas.published, atlas.plan)
    items = []
    for award in known[known["adcode"].isin(mine.index)].to_dict("records"):
        source = Source(
            what=award[lang],
            source=award["source"],
            url=award["url"],
            period=Speech.of(lang).period(str(award["year"])),
            status=Speech.of(lang).status(award["status"]),
            note=award[Speech.of(lang).column("note")],
        )
        name = _county(atlas, award["adcode"], lang)
        items.append(html.Li([county_link(award["adcode"], name), award[lang], " ", source_mark(source, lang)]))
    return items


def _unknowns(
    atlas: Atlas, standing: Standing, mine: pd.DataFrame, roads: pd.DataFrame, code: str, lang: str
) -> html.Section:
    """Return what is not known, one line each, with the names."""
    speech, rules = Speech.of(lang), standing.rules
    # After the term they stand among those to be called.
    blind_ones = mine.iloc[:0] if rules.closed else mine[mine["state"] == progress.NO_FIGURE]
    items: list[Any] = [html.Li(progress.sentence(row, lang, rules)) for _, row in blind_ones.iterrows()]

    def named(key: str, names: list[str]) -> None:
        if names:
            items.append(html.Li(word(key, lang, atlas.plan, n=len(names), names=speech.list(names))))

    bare = mine[mine["state"] == progress.NO_TARGET]
    blind = bare.index[bare["observed"].isna()]
    named("turn_unknown_bare", [_county(atlas, str(adcode), lang) for adcode in blind])
    items += [html.Li(progress.sentence(row, lang, rules)) for _, row in bare[bare["observed"].notna()].iterrows()]
    unopened = roads[roads["outcome"] == outcomes.UNKNOWN]
    named("turn_unknown_road", [_county(atlas, str(adcode), lang) for adcode in unopened.index])
    parks = standing.parks(atlas)
    parks = parks[(parks["prefecture_code"] == code) & parks["observed"].isna()]
    named("turn_unknown_park", list(parks[speech.column("name")]))
    mend = html.P([word("missing_mend", lang), page_link(word("nav_data", lang), "/data")])
    # What only a ranking would tell, no import fills in.
    mended = [mend] if items or len(progress.missing(mine)) else []
    items.append(html.Li(word("turn_unknown_rank", lang)))
    return html.Section(
        [html.H2(word("turn_unknown", lang)), html.Ul(items, className="turn-list"), *mended],
        className="turn-unknowns",
    )


def _without_counties(atlas: Atlas, standing: Standing, view: View, code: str) -> list[Any]:
    """Return the page of a prefecture without counties: what it is, its people, parks and projects."""
    lang = view.lang
    place = atlas.counties.loc[code]
    shown = people(place, lang)
    shown.className = "turn-people"
    return [
        html.Div(
            [
                html.Div(_drawn(code), className="turn-map"),
                html.Div(
                    [
                        html.P(word("card_not_county", lang, atlas.plan), className="finding"),
                        html.H3(word("card_population", lang)),
                        shown,
                        _rest(atlas, standing, standing.assessment.iloc[:0], code, lang),
                        named_duties(atlas, code, lang),
                    ],
                    className="turn-alone",
                ),
            ],
            className="turn",
        )
    ]


def _foot(atlas: Atlas, lang: str) -> html.P:
    return html.P(
        [html.Span([line, " "], **spoken_property(line, lang)) for line in source_lines(atlas, lang)],
        className="quiet turn-foot",
    )


# ---- its scene: what it says, what it lists, its slides -------------------------------------------------------------


def _findings(facts: SceneFacts) -> list[str]:
    assessment, roads = facts.standing.assessment, facts.roads.counties
    mine = assessment[assessment["prefecture_code"] == facts.code]
    if mine.empty:
        return [word("card_not_county", facts.lang, facts.atlas.plan)] if facts.inside else []
    return list(findings(facts.atlas, facts.standing, mine, roads[roads.index.isin(mine.index)], facts.lang))


def slide(scene: SceneSlides) -> None:
    """Draw the page on slides."""
    facts, lang = scene.facts, scene.lang
    scene.begin()
    # What the title says already is not said again.
    stop = scene.speech.pick("。", ". ")
    said = [part for text in facts.findings for part in text.split(stop) if part.rstrip(".") not in scene.title]
    more = [stop.join(part.rstrip(".") for part in said if part) + stop.strip()] if said else []
    if facts.view.period:
        more.insert(0, Speech.of(lang).period(facts.view.period))
    scene.say(scene.speech.pick("　", " · ").join(more), size=TEXT, ink="quiet")
    scene.top += 0.06
    # Few counties leave room for a larger map.
    few = 2 if len(facts.inside) < 4 else 1 if len(facts.inside) < 6 else 0
    upper, left = scene.top, scene.speech.pick((2.3, 2.8, 4.2)[few], (2.0, 2.3, 3.0)[few])
    held = {id for adcode in facts.inside for id in _held(scene, adcode)}
    plan = scene.atlas.plan
    ids = [id for id in (*plan.option_ids["cluster"], *plan.option_ids["energy"]) if id in held]
    key = "　".join(f"{plan.option(id).mark} {facts.option(id)}" for id in ids)
    below = 0.0
    if key:
        below = high(key, ROOM, SMALL) + 0.06
        scene.top = FOOT_TOP - GAP - below + 0.06
        scene.say(key, name=word("slide_marks", lang), size=SMALL, ink="quiet")
    lower = FOOT_TOP - GAP - below
    rows = classes_inside(scene)
    line = SMALL * LEADING / 72 + 0.05
    room = Box(MARGIN, upper, left, lower - upper - line * len(rows) - 0.4)
    draw_map(scene, room, list(facts.inside))
    draw_swatches(scene, rows, MARGIN, lower - line * len(rows) - 0.3, left, line)
    scene.top = upper
    heads = ["county", "band", "roles", "road", "people", "latest", "share", "state"]
    cells = [list(_slide_row(scene, adcode)) for adcode in facts.inside]
    # As on the screen, without residents; without roads where Box 5 lists none, as the words above say.
    without = {"people"} if len(cells) > 1 else set()
    without |= {"road"} if all(row[3] == "—" for row in cells) else set()
    for at in sorted(map(heads.index, without), reverse=True):
        for row in (heads, *cells):
            del row[at]
    for size in (TEXT, SMALL):
        table = Table.fitted(
            [word(f"slide_head_{key}", lang) for key in heads],
            cells,
            ROOM - left - 0.25,
            {heads.index("share")},
            size,
        )
        if table.fits(FOOT_TOP - GAP - SPARE - scene.top - below):
            break
    scene.table(table, MARGIN + left + 0.25, below=below)


def _held(scene: SceneSlides, adcode: str) -> tuple[str, ...]:
    county = scene.facts.counties[adcode]
    return (*county.clusters, *county.energy)


def _slide_row(scene: SceneSlides, adcode: str) -> tuple[str, ...]:
    """Return a county's row of its prefecture's table, as the page says it."""
    facts, lang = scene.facts, scene.lang
    cells = facts.columns[adcode].cells

    def said(key: str) -> str:
        return "\n".join(line.text for line in cells.get(key, ())) or "—"

    marks = " ".join(scene.atlas.plan.option(id).mark for id in _held(scene, adcode)) or "—"
    road = "—"
    known = facts.roads.counties
    if adcode in known.index:
        row = known.loc[adcode]
        outcome = scene.speech.pick(*outcomes.OUTCOMES[str(row["outcome"])])
        road = word("turn_planned", lang, year=str(row["planned_year"])) + "\n"
        opened = word("turn_opened", lang, date=outcomes.say_when(str(row["when"]), lang), outcome=outcome)
        road += outcome if row["outcome"] == outcomes.UNKNOWN else opened
    # Totals of a part of the year have a table of their own: here they would stand beside a full-year bound.
    known_lines = cells["gdp"]
    if adcode in facts.assessed and not pd.isna(facts.assessed[adcode]["part_year"]) and len(known_lines) > 1:
        known_lines = known_lines[:-1]
    latest = "\n".join(line.text + (f"\n{line.label}" if line.label else "") for line in known_lines)
    return (
        facts.short(adcode),
        said("band"),
        marks,
        road,
        said("population"),
        latest,
        said("attainment"),
        said("state"),
    )


PAGE = Page(
    id="prefecture",
    path="/prefecture",
    code="prefecture",
    markup=lambda asked: page(asked.atlas, asked.standing, asked.view, asked.code),
    about=lambda atlas, view, code: tuple(atlas.counties.index[atlas.counties["prefecture_code"] == code]),
    observed=True,
    mapped=True,
    script="pages/prefecture.js",
    slide=slide,
    findings=_findings,
    figures=lambda facts: facts.lines(facts.inside, [key for key in facts.heads if facts.heads[key].group != "other"]),
)
