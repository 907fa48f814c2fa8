"""The second scene of a prefecture's turn: what the plan lists of its counties, with parks, projects and awards."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.county import say_figure, source_of
from layouts.facts.layers import LAYERS, say
from layouts.parts import settlement
from layouts.parts.markup import county_link, segment
from layouts.parts.provenance import source_mark, spoken_property
from layouts.words import word
from targets import evidence, outcomes, progress
from targets.evidence import JUDGES
from targets.provenance import Source, of_census, of_option, of_park
from targets.speech import Speech

HEADS = ("county", "band", "roles", "road", "people")


def second(
    atlas: Atlas, standing: Standing, mine: pd.DataFrame, roads: pd.DataFrame, code: str, lang: str
) -> html.Section:
    """Return what the plan lists: a map of any layer beside a table, then parks, projects and awards."""
    layers = html.Div(
        [segment("layer", layer.id, say(layer.name, lang)) for layer in LAYERS.values()],
        className="segments",
        role="group",
        **{"aria-label": word("layers", lang)},
    )
    drawn = html.Div(className="small-map", **{"data-map": code, "data-labels": "1", "data-legend": "1"})
    table = html.Div(
        _table(atlas, standing, mine, roads, lang),
        className="table-room",
        tabIndex=0,
        role="group",
        **{"aria-label": word("turn_second", lang)},
    )
    beside = html.Div([table, rest(atlas, standing, mine, code, lang)], className="listed-beside")
    return html.Section(
        [html.H2(word("turn_second", lang)), html.Div([html.Div([layers, drawn], className="turn-map"), beside])],
        className="turn-second",
    )


def _table(atlas: Atlas, standing: Standing, mine: pd.DataFrame, roads: pd.DataFrame, lang: str) -> html.Table:
    """Return the counties in code order, each datum with a mark that says where it stands."""
    census = of_census(word("turn_head_people", lang), word("source_census", lang), lang)
    heads = [
        html.Th(
            [
                word(f"turn_head_{key}", lang, atlas.plan),
                *([" ", source_mark(census, lang, word("turn_census", lang))] if key == "people" else []),
            ],
            scope="col",
            className="number" if key == "people" else "",
        )
        for key in HEADS
    ]
    rows = [
        html.Tr(
            [
                html.Th(county_link(str(adcode), Speech.of(lang).short(row)), scope="row"),
                html.Td(_band(atlas, str(adcode), row["band"] or atlas.plan.no_band, lang)),
                html.Td(_roles(atlas, str(adcode), lang), className="turn-roles"),
                html.Td(
                    _road(atlas, standing, str(adcode), roads, lang),
                    className="has-road" if adcode in roads.index else "",
                ),
                html.Td(_people(atlas.counties.at[adcode, "population"], lang), className="number"),
            ]
        )
        for adcode, row in mine.sort_index().iterrows()
    ]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="plain listed")


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


def rest(atlas: Atlas, standing: Standing, mine: pd.DataFrame, code: str, lang: str) -> html.Section:
    """Return parks, projects and awards, those that there are."""
    parts = [
        (
            "parks",
            word("turn_parks", lang, atlas.plan),
            word("turn_parks_text", lang),
            _parks(atlas, standing, code, lang),
        ),
        (
            "projects",
            word("turn_projects", lang, atlas.plan),
            word("projects_text", lang),
            _projects(atlas, code, lang),
        ),
        ("awards", word("turn_awards", lang), word("turn_awards_text", lang), _awards(atlas, mine, lang)),
        ("settled", word("settle_county", lang), word("settle_stamp", lang), _settled(atlas, standing, mine, lang)),
    ]
    return html.Section(
        [
            html.Div(
                [html.H3(title), html.Ul(items, className="turn-list"), html.P(text, className="quiet")],
                className=f"rest-{id}",
            )
            for id, title, text, items in parts
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
            name = Speech.of(lang).short(atlas.counties.loc[park["adcode"]])
            text_of = word(f"turn_host_{park['host_basis']}", lang)
            host = [html.Span([text_of, county_link(park["adcode"], name)], className="park-host")]
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
            found.append(html.Li([county_link(adcode, Speech.of(lang).short(atlas.counties.loc[adcode])), said[0]]))
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
        name = Speech.of(lang).short(atlas.counties.loc[award["adcode"]])
        items.append(html.Li([county_link(award["adcode"], name), award[lang], " ", source_mark(source, lang)]))
    return items
