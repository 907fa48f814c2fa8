"""What is known of one county, each fact with the mark that says where it stands: for its card and its page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from dash import html

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.county import cited, gdp_apart, road_import, say_figure, say_value, source_of
from layouts.parts.provenance import source_mark, spoken_property
from layouts.words import word
from targets import evidence, outcomes, progress
from targets.outcomes import Roads
from targets.provenance import Source, of_census, of_option, of_park
from targets.speech import Speech


def band_mark(atlas: Atlas, county: pd.Series, lang: str) -> html.Button:
    """Return the mark of the target band, or of not being listed."""
    if not county["band"]:
        return source_mark(of_option(atlas.plan, atlas.plan.no_band, None, lang), lang)
    return source_mark(of_option(atlas.plan, county["band"], str(county.name), lang), lang)


def roles(atlas: Atlas, county: pd.Series, ids: tuple[str, ...], lang: str) -> html.Ul:
    """Return clusters or energy kinds, each with its clause and what was corrected in the print."""
    items = []
    for id in ids:
        option = atlas.plan.option(id)
        source = of_option(atlas.plan, id, str(county.name), lang)
        spoken = spoken_property(source.correction, lang)
        items.append(
            html.Li(
                [
                    html.Span(option.mark, className="badge-mark", **{"data-role": id, "aria-hidden": "true"}),
                    Speech.of(lang).pick(option.zh, option.en),
                    " ",
                    source_mark(source, lang),
                    *([html.Small(source.correction, className="card-correction", **spoken)] * bool(source.correction)),
                ],
                className="has-mark",
            )
        )
    return html.Ul(items, className="card-roles")


def road(
    atlas: Atlas, standing: Standing, county: pd.Series, roads: Roads, lang: str, short: bool = False
) -> list[html.P]:
    """Return the year that the plan names for the expressway, and what is on record of its opening.

    Parameters
    ----------
    short : bool
        Say what was corrected in the print beside the mark, which then need not carry all that the browser has.
    """
    if pd.isna(county["road_year"]):
        return [html.P(word("card_road_none", lang, atlas.plan), className="quiet")]
    adcode, year = str(county.name), str(county["road_year"])
    planned = of_option(atlas.plan, year, adcode, lang)
    corrected: list[html.Small] = []
    if short and planned.correction:
        said = word("card_printed", lang, printed=planned.printed, correction=planned.correction)
        corrected = [html.Small(said, className="card-basis", **spoken_property(said, lang))]
        planned = of_option(atlas.plan, year, None, lang)
    facts = [html.P([word("card_road_planned", lang, year=year), " ", source_mark(planned, lang), *corrected])]
    known = roads.counties.loc[adcode]
    if known["status"] == "unknown":
        return [*facts, html.P(word("card_road_unknown", lang), className="hatched")]
    when = outcomes.say_when(str(known["when"]), lang)
    name = str(known[Speech.of(lang).column("road")])
    text = word("card_road_opened" if name else "card_road_opened_only", lang, date=when, road=name)
    outcome = Speech.of(lang).pick(*outcomes.OUTCOMES[str(known["outcome"])])
    batch, imported = road_import(standing, known["batch"], lang)
    source = Source(
        what=text,
        source=str(known["source"]),
        url=str(known["source_url"]),
        note=str(known[Speech.of(lang).column("note")]),
        batch=batch,
        imported=imported,
    )
    spoken = spoken_property(text, lang)
    facts.append(
        html.P(
            [
                html.Span(text, **spoken) if spoken else text,
                f" · {outcome} ",
                source_mark(source, lang, word("card_source", lang)),
            ]
        )
    )
    return facts


def parks(atlas: Atlas, standing: Standing, ids: list[str], lang: str) -> html.Ul:
    """Return parks with target, what is observed, and the ground for saying where they stand."""
    known = standing.observations[standing.observations["indicator"] == outcomes.PARK]
    table = standing.parks(atlas)
    items = []
    for park in table[table["id"].isin(ids)].to_dict("records"):
        comparator = word("strive", lang) if park["is_aspirational"] else park["symbol"]
        target = Speech.of(lang).money(park["target_yi"])
        ground = park[Speech.of(lang).column("basis")]
        if park["host_basis"] == "inferred":
            ground = word("county_host_inferred", lang) + ground
        items.append(
            html.Li(
                [
                    html.Strong(park[Speech.of(lang).column("name")]),
                    " ",
                    word("card_park_target", lang, comparator=comparator, value=target),
                    " ",
                    source_mark(of_park(atlas.plan, park["id"], lang), lang),
                    html.Small(_park_seen(atlas, standing, known, park, lang), className="card-basis"),
                    html.Small(ground, className="card-basis"),
                ]
            )
        )
    return html.Ul(items, className="card-roles")


def _park_seen(atlas: Atlas, standing: Standing, known: pd.DataFrame, park: dict[Any, Any], lang: str) -> list[Any]:
    """Return a park's latest full year with its source, or that there is none."""
    if pd.isna(park["observed"]):
        return [word("no_public_data", lang)]
    rows = evidence.figures(known[known["place"] == park["id"]], outcomes.PARK, progress.YI)
    (found,) = rows[(rows["year"] == park["year"]) & (rows["month"] == 12)].to_dict("records")
    amount = say_figure(found, standing, lang)
    cited = source_of(atlas, standing, found, amount, lang)
    return [f"{cited.period} {amount} ", source_mark(cited, lang, cited.grade)]


def people(county: pd.Series, lang: str, more: str = "") -> html.P:
    """Return the census population; `more` stands between it and its mark."""

    def say(persons: int) -> str:
        return Speech.of(lang).pick(f"{persons / 10_000:.1f}", f"{persons:,}")

    if pd.isna(county["population"]):
        return html.P(word("no_public_data", lang))
    total, urban = say(county["population"]), say(county["urban_population"])
    text = word("card_population_text", lang, total=total, urban=urban)
    source = of_census(text, word("source_census", lang), lang)
    return html.P([text + more, " ", source_mark(source, lang, word("card_source", lang))])


def figure_marks(atlas: Atlas, standing: Standing, row: pd.Series, lang: str) -> list[html.Button]:
    """Return the marks of the observed values that `said_of` rests on, in its order; one for those of one source."""
    sources: dict[Source, list[tuple[str, str]]] = {}
    for found in cited(standing, row):
        source = source_of(atlas, standing, found, say_value(found, standing, lang), lang)
        sources.setdefault(replace(source, what="", printed=""), []).append((source.what, source.printed))
    between = Speech.of(lang).clauses
    return [
        source_mark(replace(source, what=between(what), printed="；".join(filter(None, printed))), lang)
        for source, said in sources.items()
        for what, printed in (zip(*said, strict=True),)
    ]


# ---- what does not judge --------------------------------------------------------------------------------------------


def to_verify(lang: str, key: str = "to_verify") -> html.Span:
    """Return the tag of a figure that does not judge."""
    return html.Span(word(key, lang), className="to-verify")


def apart(atlas: Atlas, standing: Standing, row: pd.Series, lang: str) -> list[html.Div]:
    """Return what is known of a county's GDP and does not judge it, with what a lead would say if confirmed."""
    clashing, leads = gdp_apart(standing, str(row.name))

    def figure(one: dict[Any, Any]) -> list[Any]:
        said = say_figure(one, standing, lang)
        source = source_of(atlas, standing, one, say_value(one, standing, lang), lang)
        when = Speech.of(lang).pick(f"{source.period} {said}", f"{said}, {source.period}")
        return [html.Span(when, className="apart-figure"), " ", source_mark(source, lang, source.grade)]

    blocks = []
    if clashing:
        text = html.Small(word("contradicted_text", lang), className="quiet")
        items = html.Ul([html.Li(figure(one)) for one in clashing])
        blocks.append(html.Div([html.P([to_verify(lang, "contradicted"), " ", text]), items], className="apart"))
    if leads:
        items = html.Ul([html.Li([*figure(one), _if_confirmed(atlas, standing, row, one, lang)]) for one in leads])
        text = html.Small(word("leads_text", lang), className="quiet")
        blocks.append(html.Div([html.P([to_verify(lang, "leads"), " ", text]), items], className="apart"))
    return blocks


def _if_confirmed(
    atlas: Atlas, standing: Standing, row: pd.Series, lead: dict[Any, Any], lang: str
) -> html.Small | None:
    """Say the state that a lead would give its county if it were confirmed; nothing where there is no bound."""
    if row["state"] == progress.NO_TARGET:
        return None
    state = standing.confirmed(atlas, lead)
    key = "lead_if_same" if state == row["state"] else "lead_if"
    return html.Small([" ", word(key, lang, state=standing.rules.name(state, lang))])


# ---- the ways on ----------------------------------------------------------------------------------------------------


def compare_button(adcode: str, lang: str) -> html.Button:
    """Return the button that adds the county to those compared; the browser says when it takes it out again."""
    return html.Button(
        word("js_compare_add", lang), type="button", className="quiet-button", **{"data-compare": adcode}
    )
