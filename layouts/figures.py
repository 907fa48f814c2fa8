"""Plotly figures, as pure functions from counts to figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from layouts.wording import word
from targets.plan import Plan

SPREAD_GROUPS = ("band", "cluster", "energy", "prefecture")
# Room for one bar: Chinese prefecture names are two characters, clusters up to eight.
ROOM = {"band": 1.1, "cluster": 1.5, "energy": 1.3, "prefecture": 0.9}
INK = {"light": ("#1b2733", "#4b5964", "#437fa4", "#d9d5ca"), "dark": ("#e8edf0", "#a9b5be", "#6fa9c8", "#2d3943")}
FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, WenQuanYi Micro Hei, sans-serif"


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
    if len(name) <= 3 or name.startswith("≥"):
        return name
    step = 2 if len(name) == 4 else 3
    return "<br>".join(name[i : i + step] for i in range(0, len(name), step))
