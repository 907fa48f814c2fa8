"""The page of one county: all that is known of it, and what is not, on one A4 sheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
from dash import html

from layouts.facts import county as county_facts
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.pages import Page
from layouts.facts.scene import SceneFacts
from layouts.facts.view import View
from layouts.parts import county as county_parts
from layouts.parts import figures
from layouts.parts import settlement as settlement_parts
from layouts.parts.colours import Fill, colour
from layouts.parts.duties import named_duties
from layouts.parts.markup import chart, county_link, page_link, period_choice, takes
from layouts.parts.provenance import source_mark, spoken_property
from layouts.parts.slide import MARGIN, ROOM, SceneSlides
from layouts.parts.slide_map import draw_map
from layouts.parts.slide_parts import Box, Table
from layouts.words import word
from targets import evidence, likeness, outcomes, progress
from targets.provenance import Source, cite_source, of_task, say_when
from targets.speech import Speech, say_percent


def page(atlas: Atlas, standing: Standing, view: View, code: str) -> list[Any]:
    """Return the whole page.

    Parameters
    ----------
    atlas : Atlas
    standing : Standing
    view : View
    code : str
        As it stands in the address; what is no county's code gets a page that helps to find one.
    """
    if code not in atlas.counties.index:
        return unknown(atlas, code, view.lang)
    county = atlas.counties.loc[code]
    if not county["is_county"]:
        return _no_county(atlas, standing, view, code)
    (_, row), *_rest = standing.assessment.loc[[code]].iterrows()
    mine = standing.observations[standing.observations["place"] == code]
    roads = standing.roads(atlas)
    return [
        _head(atlas, code, view),
        html.P(county_facts.finding(row, view.lang, standing.rules), className="finding county-finding"),
        html.Div(
            [
                _place(code),
                html.Div(
                    [_target(atlas, county, view.lang), _latest(atlas, standing, row, view)],
                    className="county-now",
                ),
            ],
            className="county-top",
        ),
        html.Div(
            [
                _roles(atlas, county, view.lang),
                _fact(word("card_road", view.lang), *county_parts.road(atlas, standing, county, roads, view.lang)),
                _parks(atlas, standing, atlas.plan.parks[atlas.plan.parks["adcode"] == code], view.lang),
                _people(county, view.lang),
                _awards(atlas, code, view.lang),
            ],
            className="county-facts",
        ),
        settlement_parts.section(atlas, standing, code, view.lang),
        _observed(atlas, standing, mine, view.lang),
        _tasks(atlas, county, view.lang),
        named_duties(atlas, code, view.lang),
        _alike(atlas, code, view.lang),
        _unknowns(atlas, standing.rules, roads, county, row, view.lang),
        _foot(view.lang),
    ]


# ---- the parts of the page ------------------------------------------------------------------------------------------


def _name(atlas: Atlas, adcode: str, lang: str) -> str:
    return str(atlas.counties.at[adcode, Speech.of(lang).column("name")])


def _head(atlas: Atlas, code: str, view: View) -> html.Div:
    """Return name, prefecture and code, and the ways on: period, map, compare, print, the county before and after."""
    lang = view.lang
    county = atlas.counties.loc[code]
    prefecture = f"/prefecture/{county['prefecture_code']}"
    order = list(atlas.counties.index)
    at = order.index(code)

    def step(by: int, key: str) -> html.A | None:
        if not 0 <= at + by < len(order):
            return None
        path = f"/county/{order[at + by]}"
        text = word(key, lang, name=_short(atlas, order[at + by], lang))
        return html.A(
            text, href=path, className="quiet-button", rel="prev" if by < 0 else "next", **{"data-page": path}
        )

    ways = [
        # 嘉峪关市 has nothing on its page that a period would change.
        html.Label([word("period", lang), " ", period_choice(view)], className="behind-sort")
        if county["is_county"]
        else None,
        html.Button(word("on_the_map", lang), type="button", className="quiet-button", **{"data-pick": code}),
        county_parts.compare_button(code, lang),
        *takes("county", view, f"county={code}"),
        html.Button(
            word("county_print", lang), type="button", className="quiet-button", **{"data-action": "take-print"}
        ),
        step(-1, "county_before"),
        step(1, "county_after"),
    ]
    return html.Div(
        [
            html.Div(
                [
                    html.H2(
                        [
                            _name(atlas, code, lang),
                            html.Small(
                                _name(atlas, code, Speech.of(lang).pick("en", "zh")),
                                lang=Speech.of(lang).pick("en", "zh-CN"),
                            ),
                        ]
                    ),
                    html.P(
                        [
                            page_link(county[Speech.of(lang).column("prefecture")], prefecture),
                            " · ",
                            word("county_code", lang, code=code),
                        ],
                        className="quiet",
                    ),
                ]
            ),
            html.Div([way for way in ways if way is not None], className="county-ways"),
        ],
        className="county-head",
    )


def _short(atlas: Atlas, adcode: str, lang: str) -> str:
    return str(atlas.counties.at[adcode, Speech.of(lang).pick("name_short", "name_en_short")])


def _place(code: str) -> html.Div:
    """Return the room of the locator, which the browser draws from the shapes that it has."""
    return html.Div(className="small-map", **{"data-map": "province", "data-picked": code})


def _fact(title: str, *body: Any) -> html.Section:
    return html.Section([html.H3(title), *body], className="county-fact")


def _target(atlas: Atlas, county: pd.Series, lang: str) -> html.Section:
    """Return the county's target band, as the plan has it."""
    mark = county_parts.band_mark(atlas, county, lang)
    if not county["band"]:
        return _fact(word("card_band", lang, atlas.plan), html.P([word("card_band_none", lang, atlas.plan), " ", mark]))
    band = atlas.plan.option(county["band"])
    return _fact(
        word("card_band", lang, atlas.plan),
        html.P([html.Strong(Speech.of(lang).pick(band.zh_short, band.en_short)), " ", mark], className="county-band"),
        html.P(word("card_band_read", lang, atlas.plan), className="quiet"),
    )


def _latest(atlas: Atlas, standing: Standing, row: pd.Series, view: View) -> html.Section:
    """Return the latest observed GDP against the band, or that of the view's period: sentence, state, bullet."""
    lang = view.lang
    rules, state = standing.rules, row["state"]
    said = county_facts.said_of(row, lang, rules)
    since = progress.say_reached(row, rules, lang) if rules.closed else ""
    figure = figures.county_bullet(row, lang=lang)
    body: list[Any] = [
        html.P(
            [
                html.Span(className="swatch", **{"data-class": state, "data-layer": "progress"}),
                html.Strong(since or rules.name(state, lang)),
            ],
            className="county-state",
        ),
        html.P([said, " ", *county_parts.figure_marks(atlas, standing, row, lang)], className="county-said"),
    ]
    if figure is not None:
        body.append(chart(figure, "county-bullet", said))
    if rules.closed and state != progress.NO_TARGET:
        body.append(html.P(word("county_rule_closed", lang, year=rules.target_year), className="quiet"))
    elif state in (progress.ON_PACE, progress.BEHIND):
        body.append(html.P(word("county_rule_running", lang, pace=f"{rules.pace * 100:g}"), className="quiet"))
    body += county_parts.apart(atlas, standing, row, lang)
    heading = word("county_gdp_of", lang, period=view.period) if view.period else word("card_gdp", lang)
    return html.Section([html.H3(heading), *body], className="county-fact")


def _roles(atlas: Atlas, county: pd.Series, lang: str) -> html.Section:
    """Return clusters and energy kinds, each with its clause."""
    held = (*county["clusters"], *county["energy"])
    if not held:
        return _fact(word("county_roles", lang), html.P(word("js_no_roles", lang, atlas.plan), className="quiet"))
    return _fact(word("county_roles", lang), county_parts.roles(atlas, county, held, lang))


def _parks(atlas: Atlas, standing: Standing, parks: pd.DataFrame, lang: str) -> html.Section | None:
    """Return the parks that stand here."""
    if parks.empty:
        return None
    return _fact(word("card_parks", lang), county_parts.parks(atlas, standing, list(parks["id"]), lang))


def _people(county: pd.Series, lang: str) -> html.Section:
    """Return the census population."""
    more = ""
    if not pd.isna(county["population"]):
        share = Speech.of(lang).percent(say_percent(county["urban_population"] / county["population"]))
        more = word("county_urban_share", lang, share=share)
    return _fact(word("card_population", lang), county_parts.people(county, lang, more))


def _awards(atlas: Atlas, code: str, lang: str) -> html.Section | None:
    """Return the yearly evaluation's awards that are on record."""
    rows = outcomes.awards(atlas.published, atlas.plan, code)
    if rows.empty:
        return None
    items = []
    for award in rows.to_dict("records"):
        source = Source(
            what=award[lang],
            source=award["source"],
            url=award["url"],
            period=str(award["year"]),
            status=Speech.of(lang).status(award["status"]),
            note=award[Speech.of(lang).column("note")],
        )
        items.append(html.Li([award[lang], " ", source_mark(source, lang, word("card_source", lang))]))
    return _fact(word("county_awards", lang), html.Ul(items))


def _observed(atlas: Atlas, standing: Standing, mine: pd.DataFrame, lang: str) -> html.Section:
    """Return every observed value, source by source, and the GDP of the years as points that join only where like."""
    if mine.empty:
        text = [
            word("county_observed_none", lang),
            html.A(word("nav_data", lang), href="/data", **{"data-page": "/data"}),
        ]
        return html.Section([html.H3(word("county_observed", lang)), html.P(text, className="hatched")])
    parts: list[Any] = [html.H3(word("county_observed", lang))]
    series = evidence.series(standing.observations, str(mine["place"].iloc[0]), progress.GDP)
    if sum(len(one.points) for one in series) > 2:
        lower = atlas.counties.at[mine["place"].iloc[0], "lower"]
        drawn = figures.gdp_series(series, None if pd.isna(lower) else int(lower), lang=lang)
        parts.append(chart(drawn, "county-series"))
    mine = evidence.settled(mine)
    is_lead = mine["standing"] == evidence.IS_LEAD
    parts += _by_source(atlas, standing, mine[~is_lead], lang)
    if is_lead.any():
        text = html.P([county_parts.to_verify(lang, "leads"), " ", word("leads_text", lang)])
        parts.append(html.Div([text, *_by_source(atlas, standing, mine[is_lead], lang)], className="apart"))
    return html.Section(parts, className="county-observed")


def _by_source(atlas: Atlas, standing: Standing, mine: pd.DataFrame, lang: str) -> list[Any]:
    """Return observed values under their source, those of one time in a line."""
    parts: list[Any] = []
    order = {id: number for number, id in enumerate(standing.indicators)}
    cited_by = [cite_source(row, lang, standing.batches) for row in mine.to_dict("records")]
    for source, rows in mine.groupby(pd.Series(cited_by, mine.index), sort=False):
        name = str(source) or word("county_no_source", lang)
        items = []
        when = [say_when(row, lang, standing.indicators) for row in rows.to_dict("records")]
        for (_, then), of_then in rows.groupby([rows["period"], pd.Series(when, rows.index)]):
            values: list[Any] = []
            for row in of_then.sort_values("indicator", key=lambda ids: ids.map(order).fillna(len(order))).to_dict(
                "records"
            ):
                said = county_facts.say_value(row, standing, lang)
                cited = county_facts.source_of(atlas, standing, row, said, lang)
                clash = row["standing"] == evidence.CONTRADICTED
                tag = [" ", county_parts.to_verify(lang, "contradicted")] if clash else []
                values += [html.Span([said, " ", source_mark(cited, lang, cited.grade), *tag]), " "]
            items.append(html.Li([html.B(then), " ", *values]))
        parts += [html.H4(name, **spoken_property(name, lang)), html.Ul(items, className="county-values")]
    return parts


def _tasks(atlas: Atlas, county: pd.Series, lang: str) -> html.Section | None:
    """Return the tasks behind the county's roles and the departments that answer for them."""
    hosts = not atlas.plan.parks[atlas.plan.parks["adcode"] == county.name].empty
    task_of = {group.id: group.task for group in atlas.plan.groups.values()}
    behind = [
        (task_of["cluster"], county["clusters"]),
        (task_of["energy"], county["energy"]),
    ]
    column = Speech.of(lang).pick("zh_short", "en_short")
    roles = [(task, _join([str(atlas.plan.options.at[id, column]) for id in ids], lang)) for task, ids in behind if ids]
    if not pd.isna(county["road_year"]):
        roles.append((task_of["road"], word("county_task_road", lang, year=county["road_year"])))
    if hosts:
        roles.append((task_of["park"], word("card_parks", lang)))
    if not roles:
        return None
    rows = []
    for task, names in roles:
        source = of_task(atlas.plan, task, lang)
        mark = source_mark(source, lang, word("head_task", lang, task=task))
        rows.append(
            html.Tr([html.Td(part) for part in (names, [mark, " ", source.what], _join(source.departments, lang))])
        )
    heads = [html.Th(word(key, lang), scope="col") for key in ("county_task_roles", "source_task", "card_departments")]
    plain = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="plain")
    room = html.Div(
        plain, className="table-room", tabIndex=0, role="group", **{"aria-label": word("county_tasks", lang)}
    )
    duty = html.P(word("shared_duty", lang, atlas.plan), className="quiet")
    return html.Section([html.H3(word("county_tasks", lang)), room, duty], className="county-tasks")


def _join(names: Iterable[str], lang: str) -> str:
    return Speech.of(lang).pick("、", "; ").join(names)


def _alike(atlas: Atlas, code: str, lang: str) -> html.Section:
    """Return the counties like this one: of the same band, and by shared roles."""
    short = Speech.of(lang).pick("name_short", "name_en_short")
    band = likeness.same_band(atlas.counties, code, atlas.plan)
    alike = likeness.by_roles(atlas.counties, code, atlas.plan)
    parts: list[Any] = [html.H3(word("county_alike", lang))]
    if band:
        names = html.Span(className="names", **{"data-counties": ",".join(band)})  # the browser knows the names
        parts.append(html.P([html.B(word("county_same_band", lang, n=len(band))), " ", names]))
    if alike:
        items = []
        for like in alike:
            shared = [
                html.Span(
                    atlas.plan.option(id).mark,
                    className="badge-mark",
                    title=Speech.of(lang).pick(atlas.plan.option(id).zh, atlas.plan.option(id).en),
                    **{"data-role": id},
                )
                for id in like.shared
            ]
            ratio = f"{len(like.shared)}/{like.union}"
            items.append(
                html.Li(
                    [county_link(like.adcode, atlas.counties.at[like.adcode, short]), html.Small(ratio), " ", *shared]
                )
            )
        parts.append(html.P(html.B(word("county_by_roles", lang))))
        parts.append(html.Ul(items, className="county-alike"))
    if not band and not alike:
        parts.append(html.P(word("county_alike_none", lang), className="quiet"))
    parts.append(html.P(likeness.rule(atlas.plan, lang), className="quiet county-rule"))
    return html.Section(parts, className="county-likes")


def _unknowns(
    atlas: Atlas, rules: progress.Rules, roads: outcomes.Roads, county: pd.Series, row: pd.Series, lang: str
) -> html.Section:
    """Return what is not known of the county, one sentence each."""
    said = []
    if pd.isna(row["observed"]):
        said.append(word("county_unknown_gdp", lang))
    elif int(row["year"]) < (due := min(rules.target_year, rules.today.year - 1)):
        said.append(word("county_unknown_target_year", lang, year=due, last=row["year"]))
    if not county["band"]:
        said.append(word("county_unknown_band", lang, atlas.plan))
    if str(county.name) in roads.unknown:
        said.append(word("county_unknown_road", lang, atlas.plan))
    parks = atlas.plan.parks[
        (atlas.plan.parks["adcode"] == county.name) & (atlas.plan.parks["host_basis"] == "inferred")
    ]
    if len(parks):
        said.append(word("county_unknown_park", lang))
    if outcomes.awards(atlas.published, atlas.plan, str(county.name)).empty:
        said.append(word("county_unknown_awards", lang))
    return html.Section(
        [html.H3(word("county_unknown", lang)), html.Ul([html.Li(text) for text in said])], className="county-unknowns"
    )


def _foot(lang: str) -> html.P:
    """Return the room of the map's sources and approval number, which the browser has."""
    return html.P(className="county-foot quiet", **{"data-sources": lang})


def _no_county(atlas: Atlas, standing: Standing, view: View, code: str) -> list[Any]:
    """Return the page of a prefecture without counties."""
    lang = view.lang
    county = atlas.counties.loc[code]
    path = f"/prefecture/{code}"
    return [
        _head(atlas, code, view),
        html.Div(
            [
                _place(code),
                html.Div(
                    [
                        html.P(word("card_not_county", lang, atlas.plan), className="finding"),
                        html.P(page_link(word("county_to_prefecture", lang, atlas.plan), path)),
                    ],
                    className="county-now",
                ),
            ],
            className="county-top",
        ),
        html.Div(
            [
                _people(county, lang),
                _parks(atlas, standing, atlas.plan.parks[atlas.plan.parks["prefecture_code"] == code], lang),
            ],
            className="county-facts",
        ),
        named_duties(atlas, code, lang),
        _foot(lang),
    ]


def unknown(atlas: Atlas, code: str, lang: str) -> list[Any]:
    """Return the page that helps where an address names no county: what was meant, or where to look."""
    meant_codes = _meant(atlas, code)
    prefectures = atlas.plan.prefectures
    column = Speech.of(lang).pick("name_short", "name_en_short")
    near = [adcode for adcode in atlas.counties.index if code[:4].isdecimal() and adcode[:4] == code[:4]]
    parts: list[Any] = [
        html.H2(word("county_missing", lang, code=code)),
        html.P(word("county_missing_help", lang)),
    ]
    for title, found in (("county_missing_meant", meant_codes), ("county_missing_near", near)):
        if found:
            names = [county_link(adcode, _short(atlas, adcode, lang)) for adcode in found]
            parts.append(html.P([html.B(word(title, lang)), " ", *names], className="names"))
    links = [
        page_link(row[column], f"/prefecture/{row['adcode']}", className="county-link")
        for row in prefectures.to_dict("records")
    ]
    parts.append(html.P([html.B(word("group_prefecture", lang)), " ", *links], className="names"))
    return parts


def _meant(atlas: Atlas, text: str) -> list[str]:
    """Return the counties that a name in place of a code may mean."""
    places = atlas.places
    place = places.read(text)
    if place in atlas.counties.index:
        return [str(place)]
    names = set(places.meant(text))
    return [adcode for adcode in atlas.counties.index if places.name(adcode) in names]


# ---- its scene: what it says, what it lists, its slides -------------------------------------------------------------


def _findings(facts: SceneFacts) -> list[str]:
    if not facts.inside:
        return []
    if facts.code not in facts.assessed:
        return [word("card_not_county", facts.lang, facts.atlas.plan)]
    return [progress.sentence(facts.assessed[facts.code], facts.lang, facts.standing.rules)]


def slide(scene: SceneSlides) -> None:
    """Draw the page on slides."""
    facts, lang = scene.facts, scene.lang
    scene.begin()
    for text in facts.findings:
        scene.say(text)
    left = 8.6
    _slide_where(scene, Box(MARGIN + left + 0.3, scene.top, ROOM - left - 0.3, 3.2))
    rows = []
    column = facts.columns[facts.code]
    for key, row in facts.heads.items():
        lines = column.cells.get(key, ())
        if not lines:
            continue
        text = "\n".join(f"{line.text}" for line in lines)
        cited = [line.source or row.source for line in lines]
        stands = "\n".join(
            dict.fromkeys(
                " ".join(part for part in (one.clause or one.imported or one.source, one.status, one.period) if part)
                for one in cited
                if one is not None
            )
        )
        rows.append((row.head, text, stands or row.note))
    heads = tuple(word(f"slide_head_{key}", lang) for key in ("item", "value", "stands"))
    scene.table(Table.fitted(heads, rows, left))


def _slide_where(scene: SceneSlides, room: Box) -> None:
    """Draw where the county lies: a small map of the province with it in colour."""
    code = scene.facts.code
    here = scene.facts.counties[code].prefecture_code

    def fill(adcode: str) -> Fill:
        if adcode == code:
            return Fill(colour("accent"))
        same = scene.facts.counties[adcode].prefecture_code == here
        return Fill(colour("r1" if same else "unmatched"))

    name = word("slide_where", scene.lang, name=scene.facts.name(code))
    draw_map(
        scene, room, list(scene.atlas.counties.index), coarse=True, fill=fill, name=name, labels=False, rings=(code,)
    )


PAGE = Page(
    id="county",
    path="/county",
    code="county",
    markup=lambda asked: page(asked.atlas, asked.standing, asked.view, asked.code),
    about=lambda atlas, view, code: (code,) if code in atlas.counties.index else (),
    observed=True,
    mapped=True,
    slide=slide,
    findings=_findings,
    figures=lambda facts: facts.lines(facts.inside, list(facts.heads)),
)
