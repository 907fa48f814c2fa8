"""Plotly figures, as pure functions from counts to figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from layouts.wording import word
from targets.plan import Plan
from targets.progress import STATES, Ladder, classes, say_money, say_share, say_status

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
INK = {"light": ("#1b2733", "#4b5964", "#437fa4", "#d9d5ca"), "dark": ("#e8edf0", "#a9b5be", "#6fa9c8", "#2d3943")}
FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, WenQuanYi Micro Hei, sans-serif"


def config(lang: str) -> dict[str, Any]:
    """Return how a chart behaves in the page: no tool bar, nothing sent outside, the page's language."""
    return PLOT | ({"locale": "zh-CN"} if lang == "zh" else {})


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
            x=[tick(option.zh_short if lang == "zh" else option.en_short, lang) for option in options],
            y=list(counts[group]),
            text=list(counts[group]),
            textposition="outside",
            cliponaxis=False,
            customdata=[option.id for option in options],
            hovertext=[option.zh if lang == "zh" else option.en for option in options],
            hovertemplate="%{hovertext}<br>%{y}<extra></extra>",
            marker_color=bar,
            row=1,
            col=column,
        )
        top = max([*counts[group], 1])
        figure.update_yaxes(visible=False, range=[0, top * 1.3], fixedrange=True, row=1, col=column)
    figure.update_xaxes(
        type="category",
        tickfont={"size": 11 if lang == "zh" else 10, "color": quiet},
        tickangle=0 if lang == "zh" else -38,
        linecolor=line,
        fixedrange=True,
        ticks="",
    )
    figure.update_annotations(font={"size": 12, "color": ink}, xanchor="center")
    figure.update_layout(
        height=156 if lang == "zh" else 190,
        margin={"l": 4, "r": 4, "t": 22, "b": 44 if lang == "zh" else 66},
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
STATE_FILL = {
    "light": {"reached": "#225a7e", "on_pace": "#6a9fbd", "behind": "#c8601f"},
    "dark": {"reached": "#9bc8de", "on_pace": "#38748f", "behind": "#f0a35e"},
}
STATE_PATTERN = {"reached": "", "on_pace": ".", "behind": "/"}
BULLET_ROW, BULLET_PAD = 27, 96  # px a county, and above and below them all


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


def bullets(assessment: pd.DataFrame, *, lang: str, theme: str) -> go.Figure:
    """Draw each county's observed GDP as a share of the lower bound of its band.

    Parameters
    ----------
    assessment : DataFrame
        Rows of `targets.progress.assess` with an `attainment`, in the order to be drawn from the top.
    lang, theme : str

    Returns
    -------
    plotly.graph_objects.Figure
        Bars in per cent of the lower bound (the line at 100), one trace a state; grey behind them the band itself.
        ``customdata`` of each bar and text: adcode. ``layout.meta`` says how high a row is, so that the browser can
        leave rows out.
    """
    ink, quiet, _, line = INK[theme]
    zh = lang == "zh"
    rows = assessment[assessment["attainment"].notna()]
    reached = int((rows["state"] == "reached").sum())
    title = word("bullets_title", lang, n=len(rows), reached=reached)
    figure = go.Figure(layout=_base(theme, BULLET_PAD + BULLET_ROW * max(len(rows), 1), title, l=8, t=70))
    names = [bullet_name(row, lang) for row in rows.to_dict("records")]
    adcodes = [str(row["adcode"]) for row in rows.to_dict("records")]
    widths = [
        (float(row["upper"]) / float(row["lower"]) - 1) * 100 if not pd.isna(row["upper"]) else None
        for row in rows.to_dict("records")
    ]
    figure.add_bar(
        y=names,
        x=[width if width is not None else 100 for width in widths],
        base=100,
        orientation="h",
        width=0.86,
        marker={"color": line},
        name=word("bullets_band", lang),
        customdata=adcodes,
        hoverinfo="skip",
    )
    for state in ("reached", "on_pace", "behind"):
        mine = [(name, row) for name, row in zip(names, rows.to_dict("records"), strict=True) if row["state"] == state]
        if not mine:
            continue
        figure.add_bar(
            y=[name for name, _ in mine],
            x=[float(row["attainment"]) * 100 for _, row in mine],
            orientation="h",
            width=0.5,
            marker={
                "color": STATE_FILL[theme][state],
                "pattern": {"shape": STATE_PATTERN[state], "solidity": 0.35, "size": 6},
                "line": {"width": 0},
            },
            name=STATES[state][0 if zh else 1],
            customdata=[row["adcode"] for _, row in mine],
            hovertext=[bullet_text(row, lang) for _, row in mine],
            hovertemplate="%{y}<br>%{hovertext}<extra></extra>",
        )
    figure.add_vline(x=100, line={"color": ink, "width": 2.5})
    # The figures stand in one column at the right, clear of the bars.
    most = max([130.0, *(float(a) * 100 for a in rows["attainment"]), *(100 + width for width in widths if width)])
    figure.add_scatter(
        x=[most * 1.03] * len(names),
        y=names,
        mode="text",
        text=[bullet_text(row, lang) for row in rows.to_dict("records")],
        textposition="middle right",
        textfont={"size": 14, "color": ink},
        customdata=adcodes,
        cliponaxis=False,
        showlegend=False,
        hoverinfo="skip",
    )
    figure.update_layout(barmode="overlay", bargap=0.2, meta={"row": BULLET_ROW, "pad": BULLET_PAD})
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=names[::-1],
        automargin=True,
        dtick=1,
        showgrid=False,
        tickfont={"size": 14, "color": ink},
    )
    figure.update_xaxes(
        range=[0, most * 1.52],
        ticksuffix="%",
        color=quiet,
        tickvals=[share for share in range(0, 1000, 50) if share <= most],
    )
    return figure


def bullet_name(row: Mapping[Any, Any], lang: str) -> str:
    """Return a county's name with the lower bound it is measured against."""
    if lang == "zh":
        return f"{row['name_short']}  ≥{row['lower']}"
    return f"{row['name_en'].removesuffix(' County').removesuffix(' District')}  ≥{float(row['lower']) / 10:g}"


def bullet_text(row: Mapping[Any, Any], lang: str) -> str:
    """Return what stands at the end of a bar: the value, its year, its kind of source, and the share."""
    value, share = say_money(row["observed"], lang, row["lower"]), say_share(row["observed"], row["lower"])
    status = say_status(row["status"], lang)
    if lang == "zh":
        return f"{value} · {row['year']}年{status} · {share}%"
    return f"{value} · {row['year']} {status} · {share} %"


def ladder(rungs: Ladder, *, lang: str, theme: str) -> go.Figure:
    """Draw how many counties stand on each rung: listed by the plan, and observed by each county's latest year."""
    ink, quiet, bar, line = INK[theme]
    names = classes()
    order = [
        rung for rung in rungs.listed.index if rung != "none" and (rungs.listed[rung] or rungs.latest.get(rung, 0))
    ]
    labels = [names.at[rung, "zh" if lang == "zh" else "en"] for rung in order]
    known = int(rungs.latest_known["counties"])
    figure = go.Figure(layout=_base(theme, 330, word("ladder_title", lang, n=known), b=60, t=76))
    listed = [int(rungs.listed.get(rung, 0)) for rung in order]
    seen = [int(rungs.latest.get(rung, 0)) for rung in order]
    for name, values, fill, pattern in (
        (word("ladder_listed", lang), listed, line, ""),
        (word("ladder_observed", lang, n=known), seen, bar, "."),
    ):
        figure.add_bar(
            x=[label.replace("（", "<br>（").replace(" (", "<br>(") for label in map(str, labels)],
            y=values,
            text=values,
            textposition="outside",
            cliponaxis=False,
            name=name,
            marker={
                "color": fill,
                "line": {"color": quiet, "width": 1},
                "pattern": {"shape": pattern, "solidity": 0.3},
            },
            hovertemplate="%{x}<br>%{y}<extra></extra>",
        )
    figure.update_layout(barmode="group", bargap=0.3)
    figure.update_xaxes(type="category", tickangle=0)
    figure.update_yaxes(visible=False, range=[0, max([*listed, *seen, 1]) * 1.18])
    return figure


def roads(steps: pd.DataFrame, *, lang: str, theme: str) -> go.Figure:
    """Draw the counties planned to be connected against those known to have been, summed up year by year."""
    ink, quiet, bar, line = INK[theme]
    years = [str(year) for year in steps.index]
    planned, opened = list(map(int, steps["planned_total"])), list(map(int, steps["opened_total"]))
    title = word("roads_title", lang, opened=opened[-1], planned=planned[-1])
    figure = go.Figure(layout=_base(theme, 300, title, t=76, l=40))
    for name, values, colour, dash, at in (
        (word("roads_planned", lang), planned, quiet, "dash", "top center"),
        (word("roads_opened", lang), opened, bar, "solid", "bottom center"),
    ):
        figure.add_scatter(
            x=years,
            y=values,
            mode="lines+markers+text",
            line={"shape": "hv", "color": colour, "width": 3, "dash": dash},
            marker={"size": 9, "color": colour},
            text=values,
            textposition=at,
            textfont={"size": 14, "color": ink},
            name=name,
            hovertemplate="%{x}: %{y}<extra>" + name + "</extra>",
        )
    figure.update_xaxes(type="category")
    figure.update_yaxes(range=[0, planned[-1] * 1.25], tickformat=",.0f", dtick=5)
    return figure
