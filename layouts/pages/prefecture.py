"""The page of one prefecture, ready for its turn at the meeting: who is short and by how much, then what is behind."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.county import gdp_apart, newest_leads, say_figure, source_of
from layouts.facts.deck import READY, Scene
from layouts.facts.pages import Page
from layouts.facts.prefecture import TURN, basis, finding, listing
from layouts.facts.scene import GDP_KEYS, Fact, SceneFacts
from layouts.facts.sources import source_lines
from layouts.facts.view import View
from layouts.parts.county import people, to_verify
from layouts.parts.duties import named_duties
from layouts.parts.markup import choice, county_link, page_link, period_choice, takes
from layouts.parts.provenance import source_mark, spoken_property
from layouts.parts.turn import turn
from layouts.parts.turn_second import rest, second
from layouts.parts.turn_slides import slide, slide_second
from layouts.words import word
from targets import outcomes, progress
from targets.speech import Speech

TURNS = f"/meeting/{READY}"  # where each prefecture has its turn


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
        _head(atlas, view, code, finding(atlas, standing, mine, lang)),
        turn(atlas, standing, mine, code, _name(atlas, code, lang), lang),
        *_behind(mine, standing.rules, lang),
        second(atlas, standing, mine, roads, code, lang),
        html.P(Speech.of(lang).sentences(listing(atlas, mine, roads, lang)), className="turn-more"),
        *_apart(atlas, standing, mine, lang),
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


def _head(atlas: Atlas, view: View, code: str, said: str = "") -> html.Div:
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
                    *([html.P(said, className="finding")] if said else []),
                ],
                className="turn-words",
            ),
            html.Div(className="small-map turn-where", **{"data-map": "province", "data-prefecture": code}),
        ],
        className="turn-head",
    )


# ---- what stands behind ---------------------------------------------------------------------------------------------


def _behind(mine: pd.DataFrame, rules: progress.Rules, lang: str) -> list[html.Section]:
    """Return who is behind while the term runs; after it who fell short, and whose figure is still to be asked for."""
    said = progress.behind(mine, lang, rules=rules)
    parts: list[Any] = []
    if said:
        parts.append(html.H2(word("turn_short_closed" if rules.closed else "behind_title", lang, n=len(said))))
        parts.append(html.Ol([html.Li(text) for _, text in said], className="turn-list"))
    elif not rules.closed:
        parts += [html.H2(word("behind_nobody", lang)), html.P(word("turn_behind_none", lang), className="quiet")]
    if rules.closed and len(missing := progress.missing(mine)):
        parts.append(html.H2(word("turn_call", lang, n=len(missing), year=rules.target_year)))
        asked = [html.Li(progress.sentence(row, lang, rules)) for _, row in missing.sort_index().iterrows()]
        parts.append(html.Ul(asked, className="turn-list"))
    return [html.Section(parts)] if parts else []


def _apart(atlas: Atlas, standing: Standing, mine: pd.DataFrame, lang: str) -> list[html.Section]:
    """Return what does not judge: figures that contradict each other, and leads of a later time than what judges."""
    items = []
    for adcode, row in mine.sort_index().iterrows():
        clashing, leads = gdp_apart(standing, str(adcode))
        for tag, given in (("contradicted", clashing), ("to_verify", newest_leads(row, leads))):
            for one in given:
                text = say_figure(one, standing, lang)
                source = source_of(atlas, standing, one, text, lang)
                mark = source_mark(source, lang, f"{source.period} {source.grade}")
                name = county_link(str(adcode), _county(atlas, str(adcode), lang))
                items.append(html.Li([name, html.Span(text), " ", mark, " ", to_verify(lang, tag)]))
    if not items:
        return []
    return [html.Section([html.H2(word("turn_apart", lang)), html.Ul(items, className="turn-list")])]


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
                html.Div(
                    html.Div(className="small-map", **{"data-map": code, "data-labels": "1", "data-legend": "1"}),
                    className="turn-map",
                ),
                html.Div(
                    [
                        html.P(word("card_not_county", lang, atlas.plan), className="finding"),
                        html.H3(word("card_population", lang)),
                        shown,
                        rest(atlas, standing, standing.assessment.iloc[:0], code, lang),
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


# ---- its scenes: what they say, what they list, their slides ---------------------------------------------------------


def _findings(facts: SceneFacts) -> list[str]:
    """Return what the scene finds: who is short; or, shown by another layer, what the plan lists."""
    assessment, roads = facts.standing.assessment, facts.roads.counties
    mine = assessment[assessment["prefecture_code"] == facts.code]
    if mine.empty:
        return [word("card_not_county", facts.lang, facts.atlas.plan)] if facts.inside else []
    name = _name(facts.atlas, facts.code, facts.lang)
    bands, roles, driven = listing(facts.atlas, mine, roads[roads.index.isin(mine.index)], facts.lang)
    if facts.view.layer not in TURN:
        return [facts.speech.named(name, roles), facts.speech.sentences([bands, driven])]
    found = finding(facts.atlas, facts.standing, mine, facts.lang)
    return [facts.speech.named(name, found), basis(facts.standing, mine, facts.lang)]


def _figures(facts: SceneFacts) -> list[Fact]:
    """Return the figures of the turn; shown by another layer, what the plan lists."""
    if facts.view.layer in TURN:
        return facts.lines(facts.inside, ("band", *GDP_KEYS))
    return facts.lines(
        facts.inside, [k for k, row in facts.heads.items() if row.group != "other" and k not in GDP_KEYS]
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
    seconds=180,
    slide=lambda scene: (slide if scene.view.layer in TURN else slide_second)(scene),
    findings=_findings,
    figures=_figures,
)
