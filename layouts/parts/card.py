"""The county card: what is known of one county beside the map, each datum with the mark that says where it stands."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from layouts.facts import county as county_facts
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.layers import BAR_END
from layouts.parts import county as county_parts
from layouts.parts.markup import page_link
from layouts.words import word
from targets.outcomes import Roads
from targets.progress import MEASURED
from targets.speech import Speech


def county_card(atlas: Atlas, adcode: str, lang: str, standing: Standing, roads: Roads) -> html.Article:
    """Return the card of one county.

    Parameters
    ----------
    adcode : str
        One of the 87 adcodes; 嘉峪关市 (620200) gets a card that says it is no county.
    standing : Standing
        What the store holds, assessed for the view's period.
    roads : Roads
        What became of the expressways by the same store.
    """
    county = atlas.counties.loc[adcode]
    population = _fact(word("card_population", lang), county_parts.people(county, lang))
    if not county["is_county"]:
        hosted = atlas.plan.parks[atlas.plan.parks["prefecture_code"] == adcode]
        say = html.P(word("card_not_county", lang, atlas.plan), className="card-say")
        parks = _parks(atlas, standing, hosted, lang)
        return html.Article([_head(county, lang), say, *parks, population, _ways(county, lang)])

    facts: list[Any] = []
    if not (county["band"] or county["clusters"] or county["energy"] or county["road_status"]):
        facts.append(html.P(word("card_no_box", lang, atlas.plan), className="card-say"))
    facts += [_observed(atlas, standing, adcode, lang), _band(atlas, county, lang)]
    for key, column in (("card_cluster", "clusters"), ("card_energy", "energy")):
        if county[column]:
            facts.append(_fact(word(key, lang), county_parts.roles(atlas, county, county[column], lang)))
    facts.append(_fact(word("card_road", lang), *county_parts.road(atlas, standing, county, roads, lang, short=True)))
    facts += _parks(atlas, standing, atlas.plan.parks[atlas.plan.parks["adcode"] == adcode], lang)
    return html.Article([_head(county, lang), *facts, population, _ways(county, lang)])


def _head(county: pd.Series, lang: str) -> html.Header:
    """Return name, prefecture and code; both names lead to their page."""
    name, prefecture = Speech.of(lang).pick(("name", "prefecture"), ("name_en", "prefecture_en"))
    lines = [
        html.H2(page_link(county[name], f"/county/{county.name}")),
        html.P(
            [
                page_link(county[prefecture], f"/prefecture/{county['prefecture_code']}"),
                " · ",
                html.Code(str(county.name)),
            ]
        ),
    ]
    close = html.Button(
        "×",
        type="button",
        title=word("card_close", lang),
        **{"data-action": "close-card", "aria-label": word("card_close", lang)},
    )
    return html.Header([html.Div(lines), close])


def _ways(county: pd.Series, lang: str) -> html.Div:
    """Return the ways on: the county's page, the map about it, the comparison."""
    ways = [page_link(word("card_page", lang), f"/county/{county.name}", className="quiet-button")]
    if county["is_county"]:
        ways.append(
            html.Button(
                word("card_zoom", lang), type="button", className="quiet-button", **{"data-action": "zoom-county"}
            )
        )
    return html.Div([*ways, county_parts.compare_button(str(county.name), lang)], className="card-ways")


def _fact(title: str, *body: Any) -> html.Section:
    return html.Section([html.H3(title), *body], className="card-fact")


def _band(atlas: Atlas, county: pd.Series, lang: str) -> html.Section:
    mark = county_parts.band_mark(atlas, county, lang)
    if not county["band"]:
        return _fact(word("card_band", lang, atlas.plan), html.P([word("card_band_none", lang, atlas.plan), " ", mark]))
    band = atlas.plan.option(county["band"])
    said = html.Strong(Speech.of(lang).pick(band.zh_short, band.en_short))
    return _fact(word("card_band", lang, atlas.plan), html.P([said, " ", mark], className="card-band"))


def _parks(atlas: Atlas, standing: Standing, parks: pd.DataFrame, lang: str) -> list[html.Section]:
    if parks.empty:
        return []
    return [_fact(word("card_parks", lang), county_parts.parks(atlas, standing, list(parks["id"]), lang))]


def _observed(atlas: Atlas, standing: Standing, adcode: str, lang: str) -> html.Section:
    """Return the latest observed GDP against the band; growth alone stays growth, and a part of a year a part."""
    (_, row), *_rest = standing.assessment.loc[[adcode]].iterrows()
    apart = county_parts.apart(atlas, standing, row, lang)
    if row["absent"] == "no_figure" and not apart:
        return _fact(word("card_gdp", lang), html.P(word("card_gdp_none", lang), className="quiet hatched"))
    marks = county_parts.figure_marks(atlas, standing, row, lang)
    said = county_facts.said_of(row, lang, standing.rules)
    return _fact(word("card_gdp", lang), html.P([said, " ", *marks]), *_bar(row, said), *apart)


def _bar(row: pd.Series, said: str) -> list[Any]:
    """Return what was reached of the lower bound as a thin bar, where a full year's figure measures it."""
    if pd.isna(row["attainment"]) or row["state"] not in MEASURED:
        return []
    # The bound stands at two thirds of the bar, so that what lies above it is seen too.
    bar = {"value": f"{min(float(row['attainment']), BAR_END):.3f}", "max": f"{BAR_END:g}", "aria-label": said}
    return [html.Progress(className="card-bar", **bar)]
