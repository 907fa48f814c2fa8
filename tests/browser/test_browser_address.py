"""The address holds the whole view, both ways."""

from __future__ import annotations

import re

import pytest
from plan_files import by_option, facts
from playwright.sync_api import Page, expect
from readings import GO, OPTIONS, choose, matching, read, says, shown, use
from shipped import PLAN
from watched import settle

from targets.selection import select, sentence

HELD = by_option()
LINKS = (
    "band=B4,B5",
    "layer=cluster&cluster=C1,C4&cluster_op=all",
    "layer=energy&energy=WIND,CSP&energy_op=all&not=PSH&county=620922",
    "layer=road&road=2022,2023&map=tile",
    "layer=population&prefecture=620900,623000&not=B6&theme=dark",
    "cluster=C2&county=620102&lang=en",
    "not=none,C5&map=tile&lang=en&theme=dark",
    "band=B4&compare=620922,620102&map=tile",
)
# What the page repaints between its first paint and when it is ready: a link that opens right has nothing to mend.
NOTE_REPAINTS = """
window.repaints = [];
new MutationObserver((changes) => {
  for (const { target, attributeName, oldValue } of changes) {
    if (!target.matches?.("path.county") || target.getAttribute(attributeName) === oldValue) continue;
    window.repaints.push(target.id);
  }
}).observe(document, {
  attributes: true, attributeOldValue: true, subtree: true, attributeFilter: ["data-match", "data-class"] });
"""
PATH = re.compile(r'<path class="county" id="c(\d{6})"[^>]* data-match="([01])"')


def looks_like(page: Page, query: str, held) -> None:
    """Hold the page's every visible state against what Python reads in the query."""
    page.bring_to_front()  # a browser draws no frames for a tab behind another
    view = read(query)
    left = select(view.filter, held)
    found = shown(page)
    assert matching(page) == list(left)
    assert sorted(found["list"]) == list(left)
    assert found["count"] == len(left)
    says(page, sentence(view.filter, len(left), PLAN, view.lang))
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "en" if view.lang == "en" else "zh-CN")
    expect(html).to_have_attribute("data-theme", view.theme)
    expect(page.locator(f'[data-choice="layer={view.layer}"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f'[data-choice="map={view.form}"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#county-map")).to_have_attribute("data-layer", view.layer)
    expect(page.locator("path.county[aria-pressed=true]")).to_have_count(1 if view.county else 0)
    if view.county:
        expect(page.locator("#card code")).to_have_text(view.county)
    else:
        expect(page.locator("#card")).to_be_empty()


@pytest.mark.parametrize("query", LINKS)
def test_a_link_paints_right_at_once(visit, held, query):
    page = visit.blank()
    page.add_init_script(NOTE_REPAINTS)
    answer = page.goto(f"{visit.server.url}/?{query}")
    left = set(select(read(query).filter, held))
    painted = dict(PATH.findall(answer.text()))
    assert len(painted) == 87
    assert {adcode for adcode, match in painted.items() if match == "1"} == left
    settle(page)
    assert page.evaluate("repaints") == []
    looks_like(page, query, held)
    assert shown(page)["query"] == query


def test_back_and_forward(page, held):
    steps = [""]
    for press in (
        '[data-option="C1"]', '[data-option="C4"]', '[data-choice="cluster_op=all"]', '[data-choice="layer=cluster"]',
        '[data-choice="map=tile"]', '#county-list [data-adcode="620702"]', '[data-action="language"]',
    ):  # fmt: skip
        use(page, press)
        settle(page)
        steps.append(shown(page)["query"])
    assert len(set(steps)) == len(steps)
    for query in reversed(steps[:-1]):
        page.go_back()
        settle(page)
        assert shown(page)["query"] == query
        looks_like(page, query, held)
    for query in steps[1:]:
        page.go_forward()
        settle(page)
        looks_like(page, query, held)


def test_two_tabs_do_not_disturb_each_other(visit, held):
    first, second = visit("band=B3"), visit("layer=road&lang=en")
    presses = ((first, '#rail [data-option="C2"]'), (second, '#rail [data-option="WIND"]'),
               (first, '#county-list [data-adcode="620702"]'), (second, '#rail [data-option="620900"]'))  # fmt: skip
    for page, press in presses:
        page.bring_to_front()
        use(page, press)
    for _ in range(2):
        looks_like(first, "band=B3&cluster=C2&county=620702", held)
        looks_like(second, "layer=road&energy=WIND&prefecture=620900&lang=en", held)
        for page in (first, second):
            page.bring_to_front()
            page.reload()
            settle(page)


def test_reload_keeps_the_view(page, held):
    for press in ('[data-option="CSP"]', '[data-exclude="B4"]', '[data-choice="layer=energy"]',
                  '[data-choice="map=tile"]', '[data-action="theme"]', '#county-list [data-adcode]'):  # fmt: skip
        use(page, press)
    query = shown(page)["query"]
    page.reload()
    settle(page)
    assert shown(page)["query"] == query
    assert read(query).query() == query and "theme=dark" in query and "not=B4" in query and "county=" in query
    looks_like(page, query, held)


COMPARED = (
    "compare=620922,620102",
    "compare=620102,620922,620102,,620922",
    "compare=110000,620922,constructor,6209220, 620102",
    "compare=" + ",".join(sorted(facts())[:9]),
    "compare=,",
    "compare=620200&compare=620102",
    "theme=dark&compare=623027&lang=en&map=tile&county=620922",
)


def test_browser_and_python_read_the_same_counties_to_compare(page):
    for query in COMPARED:
        assert page.evaluate("(query) => Atlas.write(Atlas.read(query))", query) == read(query).query(), query


# ---- what an address may not say


def test_what_is_unknown_is_named_and_the_rest_works(visit, held):
    page = visit("layer=weather&band=B9,B4&foo=1&county=999999&cluster=C1&map=globe&not=C9,WIND&lang=fr&period=soon")
    notice = page.locator("#notice")
    for part in ("layer=weather", "band=B9", "foo=1", "county=999999", "map=globe", "not=C9", "lang=fr", "period=soon"):
        expect(notice).to_contain_text(part)
    expect(notice).not_to_contain_text("B4")
    expect(notice).to_be_visible()
    left = (HELD["B4"] & HELD["C1"]) - HELD["WIND"]
    assert set(matching(page)) == left
    choose(page, "C1")
    assert set(matching(page)) == HELD["B4"] - HELD["WIND"]
    says(page, sentence(read("band=B4&not=WIND").filter, len(HELD["B4"] - HELD["WIND"]), PLAN))
    expect(notice).to_be_empty()


@pytest.mark.parametrize("path", ["", "progress"])
def test_a_period_of_which_nothing_is_known_is_named_and_dropped(visit, path):
    page = visit.blank()
    page.goto(f"{visit.server.url}/{path}?period=2031Q3&county=620922")
    settle(page)
    expect(page.locator("#notice")).to_contain_text("period=2031Q3")
    expect(page.locator("#notice")).to_be_visible()
    assert page.evaluate("Atlas.view.period") is None
    assert page.evaluate("Atlas.standing.known.includes('2023') && !Atlas.standing.known.includes('2031Q3')")


def test_a_period_whose_figures_were_undone_leaves_the_open_view(visit):
    page = visit("period=2020Q3&map=tile")
    expect(page.locator("#notice")).to_be_empty()
    assert page.evaluate("Atlas.view.period") == "2020Q3"
    page.evaluate(
        "Atlas.setStanding({ ...Atlas.standing, known: Atlas.standing.known.filter((one) => one !== '2020Q3') })"
    )
    settle(page)
    assert shown(page)["query"] == "map=tile"


def test_a_meeting_says_what_it_ignores(visit):
    page = visit.blank()
    page.goto(f"{visit.server.url}/meeting/ready?period=1999")
    expect(page.locator("#scene-toast")).to_contain_text("period=1999")
    expect(page.locator("#scene-title")).not_to_be_empty()


def test_what_is_unknown_is_named_in_english_too(visit):
    page = visit("foo=1&lang=en")
    expect(page.locator("#notice")).to_contain_text("foo=1")
    expect(page.locator("#notice")).to_contain_text("not understood")


def test_text_from_the_address_stays_text(visit):
    page = visit("foo=%3Cimg src=x onerror=alert(1)%3E&county=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&lang=%22onload=1")
    expect(page.locator("#notice")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("img").count() == 0
    assert len(matching(page)) == 86


@pytest.mark.parametrize(
    "query", ["constructor=1", "__proto__=1", "toString", "county=constructor", "layer=toString", "not=valueOf"]
)
def test_names_that_every_object_has_do_no_harm(visit, query):
    page = visit(query)
    assert matching(page) == sorted(facts())
    expect(page.locator("#notice")).to_contain_text(query)
    choose(page, "C1")
    assert set(matching(page)) == HELD["C1"]


def test_a_broken_address_is_no_error(visit):
    page = visit("%zz=%FF&&&=&band=%00,B4&" + "x=" + "y" * 3000)
    assert set(matching(page)) == HELD["B4"]
    expect(page.locator("#notice")).to_contain_text("xx"[:1] + "=")


@pytest.mark.parametrize("group", OPTIONS)
def test_every_option_of_a_group_is_an_address(page, group):
    """One page, every option opened by its address through the page's own reader."""
    for option in OPTIONS[group]:
        page.evaluate(GO, f"{group}={option}")
        assert set(matching(page)) == HELD.get(option, set()), option
