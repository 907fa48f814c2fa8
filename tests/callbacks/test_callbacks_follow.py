"""What Python answers to a press: sentence, notice, card, counts, rooms and charts, in little."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from layouts.words import word

ALL_ZH, ALL_EN = "全部 86 个县（市、区）", "All 86 counties"


def texts(node: Any) -> str:
    """Return the text of a component as JSON."""
    if isinstance(node, list):
        return "".join(texts(child) for child in node)
    if isinstance(node, dict):
        return texts(node.get("props", {}).get("children"))
    return "" if node is None else str(node)


@pytest.mark.parametrize("query", ["", "lang=en", "?theme=dark&layer=road", None, "cluster=C1,C4&cluster_op=all"])
def test_of_a_view_without_a_county_there_is_nothing_to_say(follow, query):
    assert follow(query) == {"notice": [], "card": None}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("layer=heat&lang=zh", "layer=heat"),
        ("cluster=C1,C9", "cluster=C9"),
        ("x=<script>alert(1)</script>", "x=<script>alert(1)</script>"),
        ("band=B1&band=B2", "band=B2"),
    ],
)
def test_what_is_ignored_is_said(follow, query, said):
    assert said in texts(follow(query)["notice"])


def test_a_long_ignored_address_does_not_fill_the_screen(follow):
    assert len(texts(follow(f"x={'a' * 9000}")["notice"])) < 300


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("band=B1&road=2025", "去掉“"),
        ("band=B1&road=2025&lang=en", "ithout “"),
        ("prefecture=620200", "嘉峪关市不设县"),
    ],
)
def test_an_empty_result_says_what_to_loosen(follow, query, said):
    answer = follow(query)
    assert said in texts(answer["notice"])


@pytest.mark.parametrize(("lang", "name"), [("zh", "宕昌县"), ("en", "Tanchang County")])
def test_a_picked_county_shows_its_card(follow, lang, name):
    said = texts(follow(f"county=621223&lang={lang}&band=B1")["card"])
    assert name in said
    assert "岩昌县" in said


def test_an_unknown_county_shows_no_card_but_a_notice(follow):
    answer = follow("county=110101")
    assert answer["card"] is None
    assert "county=110101" in texts(answer["notice"])


def test_a_press_costs_little(press, follows):
    """At most 3 KB a click, headers included."""
    for query in ("cluster=C1,C4&cluster_op=all", "band=B5,B6&not=PSH,C2&lang=en", "prefecture=620200"):
        answer = press(follows, {"view.data": query}, headers={"Accept-Encoding": "gzip"})
        assert len(answer.data) + sum(len(k) + len(v) + 4 for k, v in answer.headers) < 3072
        body = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" else answer.data
        assert json.loads(body)["multi"]


@pytest.mark.parametrize(("asked", "lang"), [("zh", "zh"), ("en", "en"), ("xx", "zh"), (None, "zh"), ({"a": 1}, "zh")])
def test_the_rooms_speak_the_language_that_is_asked_for(press, asked, lang):
    answer = press(("page.children", "page.data-lang"), {"language.data": asked})
    assert answer.status_code == 200
    page = answer.json["response"]["page"]
    assert page["data-lang"] == lang
    assert texts(page["children"]).count(word("clear", lang)) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_charts_hold_the_counts_of_the_view(press, lang):
    state = {"view.data": f"band=B6&lang={lang}&theme=dark", "page.data-lang": lang}
    answer = press(("spread-room.children",), {"charts-wanted.data": 1}, state)
    graph = answer.json["response"]["spread-room"]["children"]["props"]
    assert graph["id"] == "spread-graph"
    assert graph["figure"]["data"][0]["y"] == [0, 0, 0, 0, 0, 22, 0]
    assert graph["config"]["showSendToCloud"] is False
    assert graph["config"]["displayModeBar"] is False
    assert graph["config"].get("locale") == ("zh-CN" if lang == "zh" else None)


def test_the_charts_follow_the_view_and_not_an_older_count(app):
    """The counts in the page may be those of the view before: the charts take none from it."""
    chart = app.callback_map["spread-room.children"]
    assert [state["id"] for state in chart["state"]] == ["view", "page"]
