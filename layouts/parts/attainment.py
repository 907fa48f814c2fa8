"""How counties stand against their lower bounds, drawn in HTML alone: a bar of states, tiles, gaps, dots on one axis.

Every mark stands in a row of words that says the same, so each picture is its own table; the browser only hides rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html

from layouts.facts import titles
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.layers import NA
from layouts.facts.missing import say_known
from layouts.facts.progress import WIDEST
from layouts.parts.markup import county_link, page_link
from layouts.parts.provenance import source_mark
from layouts.words import word
from targets import progress
from targets.provenance import of_figure
from targets.speech import Speech, say_percent, say_share

AXIS = (60, 140)  # per cent of the lower bound: from where to where a county's dot stands
SOME, NONE = {"data-when": "some"}, {"data-when": "none"}  # hidden while no, or while any, county of it matches


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


# ---- all together ---------------------------------------------------------------------------------------------------


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


def tiles(atlas: Atlas, standing: Standing, lang: str) -> html.Div:
    """Return one square a county, roughly in place, each in its state and a way to its page."""
    known = {str(adcode): row for adcode, row in standing.assessment.iterrows()}
    rules, speech = standing.rules, Speech.of(lang)
    squares = []
    for adcode, (column, row) in atlas.tiles.items():
        one = known.get(adcode)
        title = label = speech.short(atlas.counties.loc[adcode])
        if one is not None:
            title, label = progress.sentence(one, lang, rules), speech.named(label, rules.name(str(one["state"]), lang))
        text = stem(atlas, adcode) if lang == "zh" else ""
        squares.append(
            page_link(
                text,
                f"/county/{adcode}",
                className="tile swatch" + (" is-long" if len(text) > 2 else ""),
                title=title,
                style={"gridColumn": column + 1, "gridRow": row + 1},
                **{
                    "data-adcode": adcode,
                    "data-class": NA if one is None else one["state"],
                    "aria-label": label,
                },
            )
        )
    return html.Div(squares, className="tiles", role="group", **{"aria-label": word("tiles_label", lang)})


def stem(atlas: Atlas, adcode: str) -> str:
    """Return 瓜州 for 瓜州县; the short name as it is where that would be one character, or two counties'."""
    names = atlas.counties["name_short"]
    cut = str(names[adcode])[:-1]
    return cut if len(cut) > 1 and int((names.str[:-1] == cut).sum()) == 1 else str(names[adcode])


# ---- one by one -----------------------------------------------------------------------------------------------------


def bar(share: float, state: str) -> html.Span:
    """Return a thin bar, so much of its room long (0 to 1), in the fill of a state."""
    fill = html.Span(className="swatch", style={"width": f"{share * 100:.4g}%"}, **{"data-class": state})
    return html.Span(fill, className="thin-bar", **{"aria-hidden": "true"})


def dot(row: Mapping[Any, Any] | pd.Series) -> html.Span:
    """Return the strip of `AXIS` with a county's dot, a line from it to the target's; beyond an end it points there."""
    low, high = AXIS
    percent = float(row["attainment"]) * 100
    at, target = ((min(max(value, low), high) - low) / (high - low) * 100 for value in (percent, 100))
    beyond = " is-under" if percent < low else " is-over" if percent > high else ""
    line = {"left": f"{min(at, target):.4g}%", "width": f"{abs(at - target):.4g}%"}
    return html.Span(
        [
            html.Span(className="dot-line", style=line),
            html.Span(
                className=f"dot-mark swatch{beyond}", style={"left": f"{at:.4g}%"}, **{"data-class": row["state"]}
            ),
        ],
        className="dot-axis",
        **{"aria-hidden": "true"},
    )


def heads(lang: str, keys: Sequence[str]) -> html.Thead:
    """Return a table's heads, those of numbers set right as their column; a column without a key has none."""
    cells = [
        html.Th(word(f"head_{key}", lang), scope="col", className="number" if key in NUMBERS else "")
        if key
        else html.Td()
        for key in keys
    ]
    return html.Thead(html.Tr(cells))


NUMBERS = frozenset({"short_by", "figure_of", "share", "growth", "lower"})


def widest(atlas: Atlas, standing: Standing, lang: str) -> html.Table:
    """Return who is short, the widest gap first, each with its figure, which opens its source.

    The first `WIDEST` are shown, and the others when asked for; under a filter the browser counts again.
    """
    rules, everyone, speech = standing.rules, standing.assessment, Speech.of(lang)
    order = [adcode for adcode, _ in progress.behind(everyone, lang, "gap", rules=rules)]
    found = {str(adcode): row for adcode, row in everyone.loc[order].iterrows()}
    keys = ["county", "", "short_by", "figure_of", "share", *([] if rules.closed else ["growth"])]
    most = float(everyone.loc[order, "gap"].max())
    rows = []
    for at, (adcode, row) in enumerate(found.items()):
        growth = row["required_growth"]
        cells = [
            html.Th(county_link(adcode, speech.short(row)), scope="row"),
            html.Td(bar(float(row["gap"]) / most, str(row["state"])), className="bar-cell"),
            html.Td(html.Strong(progress.say_distance(row, lang)), className="number"),
            html.Td(figure_of(atlas, standing, row, lang), className="number"),
            html.Td(speech.percent(say_share(row["observed"], row["lower"])), className="number"),
        ]
        if not rules.closed:
            needs = "—" if pd.isna(growth) else speech.percent(say_percent(growth, rules.pace))
            cells.append(html.Td(needs, className="number"))
        beyond = {"data-beyond": True} if at >= WIDEST else {}
        rows.append(html.Tr(cells, **{"data-adcode": adcode}, **beyond))
    body = html.Tbody(rows, id="behind-list", **{"data-most": WIDEST})
    return html.Table([heads(lang, keys), body], className="plain widest")


def figure_of(atlas: Atlas, standing: Standing, row: pd.Series, lang: str) -> html.Button:
    """Return a county's figure, with its year where that is not the target's; pressed, it says its source."""
    text = progress.say_figure(row, lang)
    if int(row["year"]) != standing.rules.target_year:
        text = word("figure_of_year", lang, amount=text, year=row["year"])
    return figure_mark(atlas, row, "", lang, standing.batches, text)


def dots(atlas: Atlas, standing: Standing, said: Mapping[str, Any], lang: str) -> list[html.Div]:
    """Return every county that is measured as a dot on one axis, a table a prefecture, the least attained first."""
    speech = Speech.of(lang)
    rows = titles.measured(standing.assessment).sort_values("attainment", kind="stable")
    groups = []
    for code in dict.fromkeys(rows.sort_index()["prefecture_code"]):
        option = atlas.plan.option(code)
        name = page_link(speech.pick(option.zh, option.en), f"/prefecture/{code}")
        count = html.Span(said[f"group_{code}"], className="quiet", **{"data-said": f"group_{code}"})
        lines = []
        for adcode, row in rows[rows["prefecture_code"] == code].iterrows():
            # Of an earlier year than the target's, a gap is what was missing then.
            is_short = row["state"] in progress.SHORT
            key = "short_by" if is_short else "short_then"
            gap = "" if not row["gap"] else word(key, lang, gap=progress.say_distance(row, lang))
            lines.append(
                html.Tr(
                    [
                        html.Th(county_link(str(adcode), speech.short(row)), scope="row"),
                        html.Td(dot(row)),
                        html.Td(speech.percent(say_share(row["observed"], row["lower"])), className="number"),
                        html.Td(figure_of(atlas, standing, row, lang), className="number"),
                        html.Td(gap, className="number is-short" if is_short else "number quiet"),
                    ],
                    **{"data-adcode": adcode},
                )
            )
        table = html.Table(
            [
                html.Caption([name, " ", count]),
                html.Colgroup([html.Col(), html.Col(), html.Col(), html.Col(), html.Col()]),
                heads(lang, ("county", "axis", "share", "figure_of", "short_by")),
                html.Tbody(lines),
            ],
            className="plain dots",
        )
        groups.append(html.Div(table, className="follows dots-group", **SOME))
    return groups
