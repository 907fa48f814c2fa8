"""Plotly figures, as pure functions from counts to figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from layouts.facts.layers import STATE_STYLES
from layouts.parts.styles import COLOURS, THEMES, chart_colour, chart_pattern
from layouts.words import word
from targets.evidence import Series
from targets.plan import Plan
from targets.progress import MEASURED, say_figure
from targets.speech import Speech

PLOT = {
    "displayModeBar": False,
    "responsive": True,
    "showSendToCloud": False,
    "scrollZoom": False,
    "doubleClick": False,
}
SPREAD_GROUPS = ("band", "cluster", "energy", "prefecture")
# Room for one bar: Chinese prefecture names are two characters, clusters up to eight.
ROOM = {"band": 1.1, "cluster": 1.5, "energy": 1.3, "prefecture": 0.9}
INK = {theme: tuple(COLOURS[name][at] for name in ("ink", "quiet", "bar", "line")) for at, theme in enumerate(THEMES)}
FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, WenQuanYi Micro Hei, sans-serif"


def config(lang: str) -> dict[str, Any]:
    """Return how a chart behaves in the page: no tool bar, nothing sent outside, the page's language."""
    return PLOT | Speech.of(lang).pick({"locale": "zh-CN"}, {})


def spread_counts(matched: Sequence[str], members: Mapping[str, frozenset[str]], plan: Plan) -> dict[str, list[int]]:
    """Count the matching counties that hold each option, group by group, in the plan's order."""
    chosen = set(matched)
    return {group: [len(chosen & members[option]) for option in plan.option_ids[group]] for group in SPREAD_GROUPS}


def spread(counts: Mapping[str, Sequence[int]], plan: Plan, *, lang: str, theme: str) -> go.Figure:
    """Draw how the selection spreads over bands, clusters, energy kinds and prefectures.

    Parameters
    ----------
    counts : mapping of str to sequence of int
        From `spread_counts`.
    plan : Plan
        For the options' names.
    lang, theme : str
        ``zh`` or ``en``; ``light`` or ``dark``.

    Returns
    -------
    plotly.graph_objects.Figure
        Four bar traces; ``customdata`` of each bar is its option id.
    """
    ink, quiet, bar, line = INK[theme]
    widths = [(len(counts[group]) + 0.5) * ROOM[group] for group in SPREAD_GROUPS]
    figure = make_subplots(
        rows=1,
        cols=4,
        column_widths=widths,
        horizontal_spacing=0.02,
        subplot_titles=[word(f"js_spread_{group}", lang) for group in SPREAD_GROUPS],
    )
    for column, group in enumerate(SPREAD_GROUPS, start=1):
        options = [plan.option(option) for option in plan.option_ids[group]]
        figure.add_bar(
            x=[tick(Speech.of(lang).pick(option.zh_short, option.en_short), lang) for option in options],
            y=list(counts[group]),
            text=list(counts[group]),
            textposition="outside",
            cliponaxis=False,
            customdata=[option.id for option in options],
            hovertext=[Speech.of(lang).pick(option.zh, option.en) for option in options],
            hovertemplate="%{hovertext}<br>%{y}<extra></extra>",
            marker_color=bar,
            row=1,
            col=column,
        )
        top = max([*counts[group], 1])
        figure.update_yaxes(visible=False, range=[0, top * 1.3], fixedrange=True, row=1, col=column)
    figure.update_xaxes(
        type="category",
        tickfont={"size": Speech.of(lang).pick(11, 10), "color": quiet},
        tickangle=Speech.of(lang).pick(0, -38),
        linecolor=line,
        fixedrange=True,
        ticks="",
    )
    figure.update_annotations(font={"size": 12, "color": ink}, xanchor="center")
    figure.update_layout(
        height=Speech.of(lang).pick(156, 190),
        margin={"l": 4, "r": 4, "t": 22, "b": Speech.of(lang).pick(44, 66)},
        bargap=0.35,
        showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 12, "color": ink},
        uniformtext={"minsize": 10, "mode": "show"},
    )
    return figure


def tick(name: str, lang: str) -> str:
    """Return a bar's short label: without its unit, and in short lines, so that neighbours do not collide."""
    if lang == "en":
        return name.removesuffix(" bn yuan").split(" & ")[0].removeprefix("New ")
    name = name.removesuffix("亿元")
    if "–" in name:
        return name.replace("–", "–<br>")
    name = name[:-1] if len(name) > 2 and name[-1] in "市州" else name
    if len(name) < 3 or name.startswith("≥"):
        return name
    step = 2 if len(name) <= 4 else 3
    return "<br>".join(name[i : i + step] for i in range(0, len(name), step))


# ---- progress -------------------------------------------------------------------------------------------------------

# State colours by theme: ordered by lightness, and each with its own pattern, so that none is told by colour alone.
STATE_FILL = {theme: {state: chart_colour(STATE_STYLES[state], theme) for state in MEASURED} for theme in THEMES}
STATE_PATTERN = {state: chart_pattern(STATE_STYLES[state]) for state in MEASURED}


def dark_colours() -> dict[str, str]:
    """Return the dark theme's colour for each of the light theme's, by which the browser turns a chart over."""
    pairs = dict(zip(INK["light"], INK["dark"], strict=True))
    return pairs | {STATE_FILL["light"][state]: colour for state, colour in STATE_FILL["dark"].items()}


def _base(theme: str, height: int, title: str, **margin: int) -> go.Layout:
    ink, quiet, _, line = INK[theme]
    return go.Layout(
        title={
            "text": title,
            "x": 0,
            "xref": "paper",
            "font": {"size": 17, "color": ink},
            "y": 0.995,
            "yanchor": "top",
        },
        height=height,
        margin={"l": 8, "r": 20, "t": 46, "b": 40} | margin,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 14, "color": ink},
        xaxis={"gridcolor": line, "zerolinecolor": quiet, "fixedrange": True, "tickfont": {"size": 13}},
        yaxis={"gridcolor": line, "fixedrange": True, "tickfont": {"size": 13}},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "xanchor": "left", "font": {"size": 14}},
        hoverlabel={"font": {"family": FONT}},
    )


# ---- one county -----------------------------------------------------------------------------------------------------


def county_bullet(row: pd.Series, *, lang: str) -> go.Figure | None:
    """Draw a county's latest observed GDP against its band, in 亿元 (zh) or billion yuan (en).

    Parameters
    ----------
    row : Series
        The county's row of `targets.progress.assess`.
    lang : str

    Returns
    -------
    plotly.graph_objects.Figure or None
        A grey box for the band, a line at its lower bound, a bar for the figure; None where there is neither.
    """
    has_band, has_level = not pd.isna(row["lower"]), not pd.isna(row["observed"])
    if not has_band and not has_level:
        return None
    ink, quiet, bar, line = INK["light"]
    unit = Speech.of(lang).pick(1.0, 0.1)
    observed = float(row["observed"]) * unit if has_level else 0.0
    lower = float(row["lower"]) * unit if has_band else 0.0
    upper = None if not has_band or pd.isna(row["upper"]) else float(row["upper"]) * unit
    most = max(observed, upper or lower * 1.25) * 1.12
    figure = go.Figure(layout=_base("light", 116, "", t=8, b=52, l=8, r=8))
    figure.layout.title = None
    if has_band:
        figure.add_bar(
            y=[""],
            x=[(upper if upper is not None else most) - lower],
            base=lower,
            orientation="h",
            width=0.9,
            marker={"color": line},
            name=word("bullets_band", lang),
            hoverinfo="skip",
        )
    if has_level:
        state = row["state"] if row["state"] in STATE_PATTERN else ""
        figure.add_bar(
            y=[""],
            x=[observed],
            orientation="h",
            width=0.45,
            marker={
                "color": STATE_FILL["light"].get(state, bar),
                "pattern": {"shape": STATE_PATTERN.get(state, ""), "solidity": 0.35, "size": 6},
                "line": {"width": 0},
            },
            name=f"{row['year']}",
            text=[f"{row['year']}"],
            textposition="none",
            hovertext=[say_figure(row, lang)],
            hovertemplate="%{hovertext}<extra>%{text}</extra>",
        )
    if has_band:
        figure.add_vline(x=lower, line={"color": ink, "width": 2.5})
    figure.update_layout(barmode="overlay", legend={"y": -0.42, "yanchor": "top", "font": {"size": 12, "color": quiet}})
    figure.update_xaxes(
        range=[0, most],
        tickformat=",~f",
        nticks=7,
        title={"text": Speech.of(lang).pick("亿元", "bn yuan"), "font": {"size": 12, "color": quiet}, "standoff": 2},
    )
    figure.update_yaxes(visible=False)
    return figure


def gdp_series(series: Sequence[Series], lower: int | None, *, lang: str) -> go.Figure:
    """Draw a county's GDP by year, one trace a source: only three points or more of one source are joined.

    Parameters
    ----------
    series : sequence of targets.evidence.Series
        Of the county's GDP, in 亿元.
    lower : int or None
        Lower bound of its band, in 亿元, drawn across.
    lang : str
    """
    ink, quiet, bar, _line = INK["light"]
    speech = Speech.of(lang)
    unit = speech.pick(1.0, 0.1)
    whole = [one for one in series if one.months == 12]
    series = whole or series  # months of a year beside full years, and a full year's bound, would look like a fall
    years = sorted({year for one in whole for year, _ in one.points})
    title = word("series_title", lang, first=years[0], last=years[-1]) if years else word("series_part_title", lang)
    figure = go.Figure(layout=_base("light", 250, title, t=40, b=64, l=8))
    symbols = ("circle", "diamond", "square", "triangle-up", "cross", "star", "x")
    for number, one in enumerate(series):
        part = "" if one.months == 12 else word("series_months", lang, months=one.months)
        figure.add_scatter(
            x=[str(year) for year, _ in one.points],
            y=[value * unit for _, value in one.points],
            mode="lines+markers+text" if one.is_trend else "markers+text",
            text=[speech.number(value) for _, value in one.points],
            textposition="top center",
            textfont={"size": 12, "color": ink},
            marker={"symbol": symbols[number % len(symbols)], "size": 10, "color": bar},
            line={"color": bar, "width": 2},
            name=f"{one.source}{part}",
            hovertemplate="%{x}: %{text}<extra></extra>",
            cliponaxis=False,
        )
    most = max([value * unit for one in series for _, value in one.points] + ([lower * unit] if lower else []))
    if lower:
        figure.add_hline(
            y=lower * unit,
            line={"color": ink, "width": 1.5, "dash": "dash"},
            annotation={"text": word("series_lower", lang), "font": {"size": 12, "color": quiet}, "xanchor": "right"},
        )
    figure.update_xaxes(type="category", categoryorder="category ascending")
    figure.update_yaxes(range=[0, most * 1.25], tickformat=",~f", nticks=5, automargin=True)
    figure.update_layout(showlegend=True, legend={"y": -0.2, "yanchor": "top", "font": {"size": 12, "color": quiet}})
    return figure


# ---- counties side by side ------------------------------------------------------------------------------------------

COMPARE_ROW, COMPARE_PAD = 56, 114  # px a county, and above and below them all
COMPARE_TRACES = 6
COMPARE_LINE = {"zh": 20, "en": 48}  # characters of a figure in words that fit before the population


def compare(rows: Sequence[Mapping[str, Any]], plan: Plan, *, lang: str, theme: str) -> go.Figure:
    """Draw some counties' GDP against their bands on one scale, and their population on another beside it.

    Parameters
    ----------
    rows : sequence of mapping
        One a county, from the top: `adcode`, `name`, `is_county`; `lower`, `upper`, `observed` in 亿元 or None; `year`
        of the figure or None; `reached`, by that figure; `floor`, only reported as reached; `said`, what is known in
        words; `people`.
    lang, theme : str

    Returns
    -------
    plotly.graph_objects.Figure
        Six traces whose points are those of `compare_points`, so that the browser can set the same traces from the
        points of other counties; ``layout.meta`` says how high a county is.
    """
    ink, quiet, bar, line = INK[theme]
    speech = Speech.of(lang)
    points = [compare_points(row, lang=lang) for row in rows]
    height = COMPARE_PAD + COMPARE_ROW * max(len(rows), 1)
    figure = go.Figure(layout=_base(theme, height, compare_title(rows, plan, lang), t=78, b=36, r=70))
    flat = {"orientation": "h", "hoverinfo": "skip"}
    looks: list[dict[str, Any]] = [
        flat | {"type": "bar", "width": 0.74, "marker": {"color": line}},
        flat
        | {
            "type": "bar",
            "width": 0.74,
            "marker": {"color": line, "pattern": {"shape": "/", "fgcolor": quiet, "solidity": 0.12, "size": 9}},
        },
        {
            "type": "bar",
            "orientation": "h",
            "width": 0.36,
            "marker": {"color": bar},
            "hovertemplate": "%{y}<br>%{hovertext}<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "marker": {"symbol": "line-ns", "size": 30, "line": {"color": ink, "width": 3}},
            "hovertemplate": "%{y}  ≥%{x}<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "text",
            "textposition": "middle right",
            "textfont": {"size": 14, "color": ink},
            "cliponaxis": False,
            "hoverinfo": "skip",
            "xaxis": "x2",
        },
        {
            "type": "bar",
            "orientation": "h",
            "width": 0.36,
            "marker": {"color": STATE_FILL[theme]["on_pace"]},
            "textposition": "outside",
            "constraintext": "none",
            "textfont": {"size": 14, "color": ink},
            "cliponaxis": False,
            "hoverinfo": "skip",
            "xaxis": "x3",
        },
    ]
    for number, look in enumerate(looks):
        mine = [point for point in (one[number] for one in points) if point is not None]
        keys = mine[0] if mine else {}
        figure.add_trace(look | {key: [point[key] for point in mine] for key in keys})
    heading = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False, "xanchor": "left"}
    figure.update_layout(
        barmode="overlay",
        showlegend=False,
        title={"xref": "container"},
        meta={"each": COMPARE_ROW, "above": COMPARE_PAD},
        xaxis={"domain": [0, 0.44], "rangemode": "tozero", "nticks": 6, "tickformat": ",~r", "color": quiet},
        xaxis2={"domain": [0.45, 0.7], "range": [0, 1], "visible": False, "fixedrange": True},
        xaxis3={
            "domain": [0.74, 1],
            "rangemode": "tozero",
            "nticks": 4,
            "tickformat": ",~r",
            "color": quiet,
            "gridcolor": line,
            "fixedrange": True,
        },
        yaxis={
            "categoryorder": "array",
            "categoryarray": [row["name"] for row in rows][::-1],
            "automargin": True,
            "showgrid": False,
            "tickfont": {"size": speech.pick(15, 13), "color": ink},
        },
        annotations=[
            heading | {"x": 0, "text": word("compare_figure_gdp", lang), "font": {"size": 14, "color": quiet}},
            heading | {"x": 0.74, "text": word("compare_figure_people", lang), "font": {"size": 14, "color": quiet}},
        ],
    )
    return figure


def compare_points(row: Mapping[str, Any], *, lang: str) -> list[dict[str, Any] | None]:
    """Return one county's point in each trace of `compare`, None where it has none.

    The traces: its band, an open top band, the figure observed, the lower bound, the figure in words, its population.
    Amounts are in 亿元 (zh) or billion yuan (en), people in 万人 (zh) or thousands (en).
    """
    speech = Speech.of(lang)
    y, adcode = row["name"], row["adcode"]

    def amount(value: float) -> float:
        return speech.pick(value, round(value / 10, 6))

    points: list[dict[str, Any] | None] = [None] * COMPARE_TRACES
    lower, upper, observed = row["lower"], row["upper"], row["observed"]
    if lower is not None:
        # The top band is open: it is drawn a little past whichever is the greater, its bound or the figure.
        end = upper if upper is not None else max(lower, observed or 0) * 1.15
        base = amount(lower)
        points[1 if upper is None else 0] = {"y": y, "x": round(amount(end) - base, 6), "base": base}
        points[3] = {"y": y, "x": base}
    if observed is not None:
        points[2] = {"y": y, "x": amount(observed), "hovertext": row["said"], "customdata": adcode}
    points[4] = {"y": y, "x": 0, "text": _in_lines(row["said"], COMPARE_LINE[lang])}
    if row["people"] is not None:
        people = row["people"] / speech.pick(10_000, 1000)
        points[5] = {"y": y, "x": people, "text": f"{people:,.1f}"}
    return points


def _in_lines(text: str, most: int) -> str:
    """Break each line that is longer than `most` before a bracket or after a comma, where the words pause."""
    lines: list[str] = []
    for line in text.split("<br>"):
        parts = re.split(r"(?<=\uff0c)|(?=\uff08)|(?<=, )|(?=\()", line)
        lines.append("")
        for part in parts:
            if lines[-1] and len(lines[-1] + part.rstrip()) > most:
                lines.append("")
            lines[-1] += part
    return "<br>".join(line.rstrip() for line in lines)


def compare_title(rows: Sequence[Mapping[str, Any]], plan: Plan, lang: str) -> str:
    """Say how many of the counties have a full-year figure, of which years, and how many have reached their bound."""
    real = [row for row in rows if row["is_county"]]
    if not real:
        return word("js_compare_finding_no_county", lang, plan) if rows else ""
    years = sorted(row["year"] for row in real if row["year"] is not None)
    floors = sum(row["floor"] for row in real)
    if years:
        said = (
            word("js_compare_year", lang, y=years[0])
            if years[0] == years[-1]
            else word("js_compare_years", lang, first=years[0], last=years[-1])
        )
        reached = sum(row["reached"] for row in real)
        title = word("js_compare_finding", lang, n=len(real), known=len(years), years=said)
        title += word("js_compare_finding_reached", lang, n=reached) if reached else ""
    else:
        title = word("js_compare_finding_none", lang, n=len(real))
    return title + (word("js_compare_finding_floor", lang, n=floors) if floors else "")
