"""What the plan's text asks of a place by name, as the pages of counties and prefectures show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from layouts.facts.atlas import Atlas
from layouts.parts.markup import county_link, page_link
from layouts.parts.provenance import source_mark
from layouts.words import word
from targets.duties import called, of_duty
from targets.plan import Plan
from targets.speech import Speech


def named_duties(atlas: Atlas, code: str, lang: str) -> html.Section | None:
    """Return what the plan's text asks of a county or prefecture by name, and what of its prefecture or its counties.

    For the pages of both; None where the text names neither.
    """
    plan = atlas.plan
    duties = called(plan, code)
    of_county = code in set(plan.counties["adcode"])
    lists = []
    for key, rows in (
        ("plan_own" if of_county else "plan_own_prefecture", duties.own),
        ("plan_of_prefecture" if of_county else "plan_of_counties", duties.beside),
    ):
        if rows.empty:
            continue
        items = []
        for duty in rows.to_dict("records"):
            source = of_duty(plan, duty, lang)
            host = [] if of_county or not duty["adcode"] else [place_link(plan, duty, lang), " "]
            shown = [*host, source.what, " ", source_mark(source, lang)]
            if duty["basis"] == "inferred":
                shown.append(html.Small(word("plan_inferred", lang, note=source.note), className="quiet"))
            items.append(html.Li(shown))
        lists.append(html.Div([html.H4(word(key, lang)), html.Ul(items)]))
    if not lists:
        return None
    return html.Section(
        [html.H3(word("plan_named", lang)), html.Div(lists, className="plan-named-lists")], className="plan-named"
    )


def place_link(plan: Plan, duty: Mapping[Any, Any], lang: str) -> html.A:
    """Return the link to the county or prefecture that a duty is placed in."""
    if not duty["adcode"]:
        return prefecture_link(plan, duty["prefecture_code"], lang)
    row = plan.counties.set_index("adcode").loc[duty["adcode"]]
    return county_link(duty["adcode"], row[Speech.of(lang).pick("name_short", "name_en_short")])


def prefecture_link(plan: Plan, code: str, lang: str) -> html.A:
    """Return the link to a prefecture's page."""
    option = plan.option(code)
    name = Speech.of(lang).pick(option.zh_short, option.en_short)
    return page_link(name, f"/prefecture/{code}", className="county-link")
