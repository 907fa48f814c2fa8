"""The county card: what the plan promises one county, each line with its clause and its responsible departments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from layouts.atlas import Atlas
from layouts.wording import word
from targets import outcomes, progress
from targets.outcomes import Roads
from targets.plan import NO_BAND, clause


def county_card(
    atlas: Atlas, adcode: str, lang: str, standing: pd.Series | None = None, roads: Roads | None = None
) -> html.Article:
    """Return the card of one county.

    Parameters
    ----------
    adcode : str
        One of the 87 adcodes; 嘉峪关市 (620200) gets a card that says it is no county.
    standing : Series, optional
        The county's row of `targets.progress.assess`.
    roads : Roads, optional
        What became of the expressways by the store; by default as published.
    """
    county = atlas.counties.loc[adcode]
    zh = lang == "zh"
    head = html.Header(
        [
            html.Div(
                [
                    html.H2(county["name"] if zh else county["name_en"]),
                    html.P([county["prefecture"] if zh else county["prefecture_en"], " · ", html.Code(adcode)]),
                ]
            ),
            html.Button(
                "×",
                type="button",
                title=word("card_close", lang),
                **{"data-action": "close-card", "aria-label": word("card_close", lang)},
            ),
        ]
    )
    people = word(
        "card_population_text",
        lang,
        total=_people(county["population"], lang),
        urban=_people(county["urban_population"], lang),
    )
    population = _fact("card_population", lang, html.P(people), note=word("source_census", lang))
    if not county["is_county"]:
        parks = _parks(atlas, atlas.plan.parks[atlas.plan.parks["prefecture_code"] == adcode], lang)
        say = html.P(word("card_not_county", lang), className="card-say")
        return html.Article([head, say, *parks, population, _compare(adcode, lang)])

    facts: list[Any] = []
    if not (county["band"] or county["clusters"] or county["energy"] or county["road_status"]):
        facts.append(html.P(word("card_no_box", lang), className="card-say"))
    band = atlas.plan.option(county["band"] or NO_BAND)
    if county["band"]:
        facts.append(
            _fact(
                "card_band",
                lang,
                html.P(band.zh_short if zh else band.en_short, className="card-band"),
                note=word("card_band_read", lang),
                clause_text=band.clause_zh if zh else band.clause_en,
                departments=word("card_no_departments", lang),
            )
        )
    else:
        facts.append(
            _fact("card_band", lang, html.P(word("card_band_none", lang)), clause_text=clause("一", lang=lang))
        )
    corrections = _corrections(atlas, adcode, lang)
    for key, column in (("card_cluster", "clusters"), ("card_energy", "energy")):
        if county[column]:
            facts.append(_roles(atlas, key, county[column], corrections, lang))
    facts.append(_road(atlas, county, lang, roads))
    facts += _parks(atlas, atlas.plan.parks[atlas.plan.parks["adcode"] == adcode], lang)
    facts.append(population)
    facts.append(_observed(standing, lang, atlas.published.notes_en))
    zoom = html.Button(
        word("card_zoom", lang), type="button", className="quiet-button", **{"data-action": "zoom-county"}
    )
    return html.Article([head, *facts, zoom, _compare(adcode, lang)])


def _compare(adcode: str, lang: str) -> html.Button:
    """Return the button that adds the county to those compared; the browser says when it takes it out again."""
    return html.Button(
        word("js_compare_add", lang), type="button", className="quiet-button", **{"data-compare": adcode}
    )


def _observed(
    standing: pd.Series | None, lang: str, notes_en: Mapping[tuple[str, str, str], str] | None = None
) -> html.Section:
    """Return the latest observed GDP against the band, with its sources and what they remark.

    Growth alone stays growth, and a part of a year a part.
    """
    if standing is None or (standing["absent"] == "no_figure" and pd.isna(standing["observed"])):
        return _fact("card_gdp", lang, html.P(word("card_gdp_none", lang), className="quiet hatched"))
    text = progress.sentence(standing, lang)
    text = text.partition("：" if lang == "zh" else ": ")[2]
    cited = progress.cited(standing, lang, notes_en)
    return _fact("card_gdp", lang, html.P(text), note=("；" if lang == "zh" else "; ").join(dict.fromkeys(cited)))


def spoken(text: str, lang: str) -> dict[str, str]:
    """Return the ``lang`` of a text that holds Chinese on an English page: titles of sources, and names as printed."""
    return {"lang": "zh-CN"} if lang == "en" and any("\u3400" <= letter <= "\u9fff" for letter in text) else {}


def _people(persons: int, lang: str) -> str:
    return f"{persons / 10_000:.1f}" if lang == "zh" else f"{persons:,}"


def _fact(
    title: str,
    lang: str,
    *body: Any,
    note: str | None = None,
    clause_text: str | None = None,
    departments: str | None = None,
) -> html.Section:
    """Return one line of the card; its source opens on a press."""
    source = [
        html.P([html.B(word(key, lang) + ("：" if lang == "zh" else ": ")), text])
        for key, text in (("card_clause", clause_text), ("card_departments", departments))
        if text
    ]
    if note:
        source.append(html.P(note, **spoken(note, lang)))
    tag = clause_text or word("card_source", lang)
    details = [html.Details([html.Summary(tag), *source])] if source else []
    return html.Section(
        [html.H3(word(title, lang)), html.Div([*body, *details], className="card-body")], className="card-fact"
    )


def _roles(atlas: Atlas, title: str, ids: tuple[str, ...], corrections: dict[str, str], lang: str) -> html.Section:
    zh = lang == "zh"
    options = [atlas.plan.option(option) for option in ids]
    items = [
        html.Li(
            [
                html.Span(option.mark, className="badge-mark", **{"data-role": option.id, "aria-hidden": "true"}),
                option.zh if zh else option.en,
                html.Small(option.clause_zh if zh else option.clause_en, className="card-clause"),
                *(
                    [
                        html.Small(
                            corrections[option.id], className="card-correction", **spoken(corrections[option.id], lang)
                        )
                    ]
                    if option.id in corrections
                    else []
                ),
            ]
        )
        for option in options
    ]
    departments = _list(options[0].departments, lang, atlas)
    return html.Section(
        [
            html.H3(word(title, lang)),
            html.Div(
                [
                    html.Ul(items, className="card-roles"),
                    html.Details([html.Summary(word("card_departments", lang)), html.P(departments)]),
                ],
                className="card-body",
            ),
        ],
        className="card-fact",
    )


def _list(departments: tuple[str, ...], lang: str, atlas: Atlas) -> str:
    if lang == "zh":
        return "、".join(departments)
    names = dict(zip(atlas.plan.departments["department"], atlas.plan.departments["department_en"], strict=True))
    return "; ".join(names[department] for department in departments)


def _corrections(atlas: Atlas, adcode: str, lang: str) -> dict[str, str]:
    """Return what was corrected in the print, by option, for one county; only where another name was printed."""
    found = {}
    for table, column in ((atlas.plan.cluster_counties, "cluster"), (atlas.plan.energy_counties, "energy")):
        rows = table[(table["adcode"] == adcode) & (table["correction"] != "")]
        for row in rows.to_dict("records"):
            if row["printed"].replace(" ", "").replace("\u3000", "") != atlas.counties.at[adcode, "name_short"]:
                found[row[column]] = row["correction"] if lang == "zh" else row["correction_en"]
    return found


def _road(atlas: Atlas, county: pd.Series, lang: str, roads: Roads | None = None) -> html.Section:
    if pd.isna(county["road_year"]):
        return _fact("card_road", lang, html.P(word("card_road_none", lang), className="quiet"))
    zh = lang == "zh"
    option = atlas.plan.option(str(county["road_year"]))
    facts = [html.P(word("card_road_planned", lang, year=county["road_year"]))]
    roads = roads or outcomes.roads(atlas.counties, atlas.published.observations, atlas.published)
    known = roads.counties.loc[str(county.name)]
    note = None
    if known["status"] == "opened":
        name = known["road"] if zh else known["road_en"]
        date = f"{known['when']}年" if zh and len(known["when"]) == 4 else known["when"]
        key = "card_road_opened" if name else "card_road_opened_only"
        said = word(key, lang, date=date, road=name)
        facts.append(html.P(said, **spoken(said, lang)))
        remark = known["note"] if zh else known["note_en"]
        note = ("；" if zh else "; ").join(part for part in (str(known["source"]), str(remark)) if part)
    else:
        facts.append(html.P(word("card_road_unknown", lang), className="quiet"))
    return _fact(
        "card_road",
        lang,
        *facts,
        note=note,
        clause_text=option.clause_zh if zh else option.clause_en,
        departments=_list(option.departments, lang, atlas),
    )


def _parks(atlas: Atlas, parks: pd.DataFrame, lang: str) -> list[html.Section]:
    if parks.empty:
        return []
    zh = lang == "zh"
    items = []
    for park in parks.to_dict("records"):
        comparator = word("strive", lang) if park["is_aspirational"] else park["symbol"]
        target = word("card_park_target", lang, comparator=comparator, value=park["target_yi"])
        where = clause(park["box"], park["item"], lang)
        items.append(
            html.Li(
                [
                    html.Span(park["name"] if zh else park["name_en"]),
                    html.Small(f"{target} · {where}", className="card-clause"),
                    html.Small(park["basis"] if zh else park["basis_en"], className="card-basis"),
                ]
            )
        )
    departments = _list(atlas.plan.responsible("5"), lang, atlas)
    return [
        html.Section(
            [
                html.H3(word("card_parks", lang)),
                html.Div(
                    [
                        html.Ul(items, className="card-roles"),
                        html.Details([html.Summary(word("card_departments", lang)), html.P(departments)]),
                    ],
                    className="card-body",
                ),
            ],
            className="card-fact",
        )
    ]
