"""What is known of one county, each fact with the mark that says where it stands: for its card and its page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from dash import html

from layouts.atlas import Atlas, Standing
from layouts.data_page import indicator_name
from layouts.provenance import source_mark, spoken_property
from layouts.wording import word
from targets import evidence, outcomes, progress, speech
from targets.outcomes import Roads
from targets.plan import NO_BAND
from targets.provenance import Source, of_census, of_figure, of_option, of_park, say_batch


def band_mark(atlas: Atlas, county: pd.Series, lang: str) -> html.Button:
    """Return the mark of the target band, or of not being listed."""
    if not county["band"]:
        return source_mark(of_option(atlas.plan, NO_BAND, None, lang), lang)
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
                    option.zh if lang == "zh" else option.en,
                    " ",
                    source_mark(source, lang),
                    *([html.Small(source.correction, className="card-correction", **spoken)] * bool(source.correction)),
                ]
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
        return [html.P(word("card_road_none", lang), className="quiet")]
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
    name = str(known["road" if lang == "zh" else "road_en"])
    text = word("card_road_opened" if name else "card_road_opened_only", lang, date=when, road=name)
    outcome = outcomes.OUTCOMES[str(known["outcome"])][0 if lang == "zh" else 1]
    source = Source(
        what=text,
        source=str(known["source"]),
        url=str(known["source_url"]),
        note=str(known["note" if lang == "zh" else "note_en"]),
        batch=road_batch(standing, adcode, lang) if known["origin"] == "import" else "",
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


def road_batch(standing: Standing, adcode: str, lang: str) -> str:
    """Name the import that an opening came with."""
    known = standing.observations
    known = known[(known["place"] == adcode) & (known["indicator"] == outcomes.ROAD) & known["value"].notna()]
    batches = known["batch"].dropna()
    return say_batch(int(batches.max()), standing.batches, lang) if len(batches) else ""


def parks(atlas: Atlas, standing: Standing, ids: list[str], lang: str) -> html.Ul:
    """Return parks with target, what is observed, and the ground for saying where they stand."""
    known = standing.observations[standing.observations["indicator"] == outcomes.PARK]
    table = standing.parks(atlas)
    items = []
    for park in table[table["id"].isin(ids)].to_dict("records"):
        comparator = word("strive", lang) if park["is_aspirational"] else park["symbol"]
        target = speech.say_money(park["target_yi"], lang, whole=True)
        ground = park["basis"] if lang == "zh" else park["basis_en"]
        if park["host_basis"] == "inferred":
            ground = word("county_host_inferred", lang) + ground
        items.append(
            html.Li(
                [
                    html.Strong(park["name"] if lang == "zh" else park["name_en"]),
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
    amount = speech.say_money(park["observed"], lang, park["target_yi"])
    cited = of_figure(found, amount, lang, standing.batches, atlas.published.notes_en)
    return [f"{speech.say_period(str(park['year']), lang)} {amount} ", source_mark(cited, lang, cited.status)]


def people(county: pd.Series, lang: str, more: str = "") -> html.P:
    """Return the census population; `more` stands between it and its mark."""

    def say(persons: int) -> str:
        return f"{persons / 10_000:.1f}" if lang == "zh" else f"{persons:,}"

    total, urban = say(county["population"]), say(county["urban_population"])
    text = word("card_population_text", lang, total=total, urban=urban)
    source = of_census(text, word("source_census", lang), lang)
    return html.P([text + more, " ", source_mark(source, lang, word("card_source", lang))])


# ---- observed values ------------------------------------------------------------------------------------------------


def said_of(row: pd.Series, lang: str) -> str:
    """Say how a county stands, without its name.

    Parameters
    ----------
    row : Series
        Of `targets.progress.assess`.
    """
    said = progress.sentence(row, lang)
    said = said.partition("：" if lang == "zh" else ": ")[2] or said
    return said[:1].upper() + said[1:]


def figure_marks(atlas: Atlas, standing: Standing, row: pd.Series, lang: str) -> list[html.Button]:
    """Return the marks of the observed values that `said_of` rests on, in its order; one for those of one source."""
    sources: dict[Source, list[str]] = {}
    for found in cited(standing, row):
        source = of_figure(found, "", lang, standing.batches, atlas.published.notes_en)
        sources.setdefault(source, []).append(say_value(found, standing, lang))
    between = "；" if lang == "zh" else "; "
    return [source_mark(replace(source, what=between.join(said)), lang) for source, said in sources.items()]


def cited(standing: Standing, row: pd.Series) -> list[dict[Any, Any]]:
    """Return the observations that a county's sentence rests on."""
    kinds = {
        "": progress.GDP,
        "floor_": progress.GDP,
        "part_year_": progress.GDP,
        "growth_": progress.GROWTH,
        "other_": row["other_indicator"],
    }
    mine = standing.observations[standing.observations["place"] == row.name].to_dict("records")
    # By its period and not by its source, which an import may leave out.
    wanted = [
        (kind, row[f"{what}period"], row[f"{what}source"]) for what, kind in kinds.items() if row[f"{what}period"]
    ]
    found = [(one["indicator"], one["period"], one["source"]) for one in mine]
    return [mine[found.index(key)] for key in dict.fromkeys(wanted) if key in found]


def say_value(row: dict[Any, Any], standing: Standing, lang: str) -> str:
    """Say an observation: indicator, value and unit."""
    name = indicator_name(str(row["indicator"]), standing.indicators, lang)
    indicator = standing.indicators.get(row["indicator"])
    if indicator is not None and indicator.kind == "date":
        return f"{name} {outcomes.say_date(row['value'])}"
    return f"{name} {speech.say_amount(row['value'], str(row['unit']), lang)}"


# ---- the ways on ----------------------------------------------------------------------------------------------------


def compare_button(adcode: str, lang: str) -> html.Button:
    """Return the button that adds the county to those compared; the browser says when it takes it out again."""
    return html.Button(
        word("js_compare_add", lang), type="button", className="quiet-button", **{"data-compare": adcode}
    )
