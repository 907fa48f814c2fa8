"""The spread charts: their counts, their bars, and that they need nothing from outside."""

from __future__ import annotations

import json

import pytest
from atlas_oracle import LANGUAGES, QUERIES, held, selected

from layouts.parts import figures

GROUPS = ("band", "cluster", "energy", "prefecture")
THEMES = ("light", "dark")


@pytest.mark.parametrize("query", QUERIES)
def test_counts_are_those_of_the_plan(atlas, query):
    left = selected(query)
    counts = figures.spread_counts(left, atlas.members, atlas.plan)
    assert list(counts) == list(GROUPS)
    for group in GROUPS:
        assert counts[group] == [sum(option in held()[a] for a in left) for option in atlas.plan.option_ids[group]]
    assert sum(counts["band"]) == sum(counts["prefecture"]) == len(left)


@pytest.fixture(params=[(lang, theme) for lang in LANGUAGES for theme in THEMES], ids="-".join)
def drawn(request, atlas):
    lang, theme = request.param
    counts = figures.spread_counts(selected("band=B5,B6"), atlas.members, atlas.plan)
    return counts, json.loads(figures.spread(counts, atlas.plan, lang=lang, theme=theme).to_json())


def test_four_bar_traces_press_as_their_options(atlas, drawn):
    counts, figure = drawn
    assert [trace["type"] for trace in figure["data"]] == ["bar"] * 4
    for group, trace in zip(GROUPS, figure["data"], strict=True):
        assert trace["customdata"] == list(atlas.plan.option_ids[group])
        assert trace["y"] == [int(number) for number in trace["text"]] == counts[group]
        assert len(trace["hovertext"]) == len(set(trace["hovertext"])) == len(counts[group])


def test_no_two_bars_share_a_label(drawn):
    """Equal labels on a category axis would be drawn as one bar."""
    for trace in drawn[1]["data"]:
        assert all(trace["x"])
        assert len(set(trace["x"])) == len(trace["x"]) == len(trace["y"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_label_is_its_options_own_name_cut_short(atlas, lang):
    counts = figures.spread_counts((), atlas.members, atlas.plan)
    options = atlas.plan.options[f"{lang}_short"]
    for trace in figures.spread(counts, atlas.plan, lang=lang, theme="light").data:
        for option, label in zip(trace.customdata, trace.x, strict=True):
            label = label.replace("<br>", "")
            assert label in options[option]
            assert len(label) >= 2


def test_axes_leave_room_for_the_highest_bar_and_its_number(drawn):
    counts, figure = drawn
    for number, group in enumerate(GROUPS):
        low, high = figure["layout"]["yaxis" if not number else f"yaxis{number + 1}"]["range"]
        assert low == 0
        assert high >= 1.15 * max(counts[group])
        assert figure["layout"]["xaxis" if not number else f"xaxis{number + 1}"]["type"] == "category"


def test_nothing_is_fetched_from_outside(drawn):
    text = json.dumps(drawn[1])
    assert "http" not in text
    assert "//" not in text
    assert drawn[1]["layout"]["font"]["family"] == figures.FONT
    assert "sans-serif" in figures.FONT


def test_an_empty_selection_still_has_all_its_bars(atlas):
    counts = figures.spread_counts((), atlas.members, atlas.plan)
    figure = figures.spread(counts, atlas.plan, lang="zh", theme="light")
    assert [sum(trace.y) for trace in figure.data] == [0] * 4
    assert [len(trace.x) for trace in figure.data] == [7, 5, 6, 14]


def test_themes_differ_in_colour_alone(atlas):
    counts = figures.spread_counts(selected(""), atlas.members, atlas.plan)
    light, dark = (figures.spread(counts, atlas.plan, lang="zh", theme=theme) for theme in THEMES)
    assert light.layout.font.color != dark.layout.font.color
    assert [trace.y for trace in light.data] == [trace.y for trace in dark.data]


def test_a_long_figure_in_words_breaks_where_the_words_pause():
    row = {"adcode": "620922", "name": "瓜州县", "lower": None, "upper": None, "observed": None, "people": 10_000}
    said = "累计88.8亿元，不与全年下限相比（公报，2024年前三季度）"
    point = figures.compare_points(row | {"said": said}, lang="zh")[4]
    assert point["text"] == "累计88.8亿元，不与全年下限相比<br>（公报，2024年前三季度）"
    short = "200.2亿元（报道，2024年）"
    assert figures.compare_points(row | {"said": short}, lang="zh")[4]["text"] == short
