"""The progress page in the browser, with nothing but the published figures, and both pages for everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from random import Random
from typing import Any
from urllib.request import urlopen

import pandas as pd
import pytest
from atlas_server import AtlasServer
from axe_playwright_python.sync_playwright import Axe
from days import DURING, TODAY
from import_corpus import full_table
from playwright.sync_api import Page, Route, expect
from readings import NEXT_FRAME, choose, exclude, query_of, random_filters, read, use
from shipped import PLAN
from test_browser_axe import PHONE, RULES
from test_browser_wire import COUNTED, MOST, Line
from watched import settle

from layouts.facts import titles
from layouts.parts.attainment import AXIS
from layouts.parts.figures import STATE_FILL
from layouts.words import word
from targets import evidence, progress
from targets.counties import load_counties
from targets.importing import compare
from targets.intake import read_file
from targets.observations import open_store
from targets.published import load_published
from targets.selection import Filter, members, select
from targets.today import known_by

CELLS = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim()))"
WIDE = {"size": (1366, 768)}
ROWS = "#progress-live .dots tbody tr:not([hidden])"
BEHIND = "#behind-list > tr:not([hidden])"
# What stands on the page now, part by part: whose rows, in their order, and what is said of them.
STANDS = """() => {
  const room = document.querySelector("#sheet .sheet");
  const seen = (node) => node.closest("[hidden]") === null;
  const whose = (root, selector) =>
    [...(root?.querySelectorAll(selector) ?? [])].filter(seen).map((one) => one.dataset.adcode); // of nobody no section
  const heads = [...room.querySelectorAll("h2[data-said]")];
  const section = (key) => heads.find((one) => one.dataset.said === key)?.closest("section, details");
  const rows = [...room.querySelectorAll(".dots tbody tr")].filter(seen);
  const led = [...room.querySelectorAll("#behind-list > tr:not([hidden]):not([data-beyond])")];
  return {
    dots: rows.map((row) => row.dataset.adcode),
    floors: whose(section("floor_title"), "li"),
    behind: whose(section("short_title"), "#behind-list > tr"),
    led: led.map((row) => row.dataset.adcode),
    call: whose(section("call_title"), ".names a"),
    leads: whose(section("leads_title"), "tbody tr").sort(),
    tiles: [...room.querySelectorAll(".tile:not([hidden])")].map((one) => one.dataset.adcode).sort(),
    states: Object.fromEntries([...room.querySelectorAll(".states li")].filter(seen)
      .map((one) => [one.dataset.count.slice(6), +one.querySelector("strong").textContent])),
    bar: Object.fromEntries([...room.querySelectorAll(".state-bar span")].filter(seen)
      .map((one) => [one.dataset.count.slice(6), +one.style.flexGrow])),
    book: room.querySelector("[data-carry][href^='/template/']")?.getAttribute("href") ?? null,
    query: Atlas.write(Atlas.view),
    bare: whose(section("bare_title"), ".names a"),
    known: whose(section("bare_title"), "li"),
    at: Object.fromEntries(rows.map((row) => [row.dataset.adcode,
      parseFloat(row.querySelector(".dot-mark").style.left)])),
    titles: Object.fromEntries(heads.map((one) => [one.dataset.said, one.textContent])),
    sections: Object.fromEntries(heads.map((one) => [one.dataset.said, seen(one)])),
    empty: [...room.querySelectorAll("[data-when=none]")].filter(seen).map((one) => one.textContent),
  };
}"""
GO_ON = """(query) => {
  history.pushState(null, "", query ? `/progress?${query}` : "/progress");
  dispatchEvent(new PopStateEvent("popstate"));
}"""


def known() -> pd.DataFrame:
    """Return what is published and known on the day of the tests, settled."""
    return evidence.settle(known_by(load_published().observations, TODAY))


RULES_OF_DAY = progress.Rules(TODAY, PLAN)


@pytest.fixture(scope="module")
def fed(tmp_path_factory) -> Iterator[tuple[AtlasServer, pd.DataFrame]]:
    """Serve an atlas into which the full table of 2025 was imported, and return its observations too."""
    folder = tmp_path_factory.mktemp("fed")
    store = open_store(None, load_published().observations, folder)
    reading = read_file(full_table("2025年"), "全表.xlsx", citation="测试表")
    store.accept(compare(reading, store), "测试")
    observations = evidence.settle(known_by(store.observations(), TODAY))
    store.close()
    running = AtlasServer("--data-folder", str(folder)).wait()
    yield running, observations
    said = running.stop()
    assert "Traceback" not in said, f"the server raised:\n{said}"


@pytest.fixture(scope="module")
def assessed():
    """Return a function that assesses the published figures for a period and a prefecture."""
    counties, observations = load_counties(PLAN), known()

    def assess(period: str | None = None, prefecture: str = ""):
        found = progress.assess(counties, observations, period, RULES_OF_DAY)
        found.attrs["period"] = period
        return found[found["prefecture_code"] == prefecture] if prefecture else found

    return assess


@pytest.fixture
def opened(visit):
    """Return a function that opens a page of the atlas at an address."""

    def open_at(address: str, on: str = "", **options) -> Page:
        page = visit.blank(on=on, **{**WIDE, **options})
        page.goto((on or visit.server.url) + address)
        return filled(settle(page))

    return open_at


def filled(page: Page) -> Page:
    """Wait until the open page has come from Python, its charts with it."""
    shown = page.locator("html").get_attribute("data-page")
    if shown == "progress":
        page.locator("#sheet #progress-live .headline").wait_for()
    elif shown == "data":
        page.locator("#batches-room").wait_for()
    return page


def headline(assessment, lang: str = "zh", observations: pd.DataFrame | None = None) -> list[str]:
    given = known() if observations is None else observations
    if assessment.empty:
        return ["没有同时符合的县"]
    return progress.headline(
        assessment, given, lang, RULES_OF_DAY, chosen=len(assessment) < 86, period=assessment.attrs.get("period")
    )


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[n : n + 2], 16)) for n in (1, 3, 5))})"


def says(page: Page, assessment, lang: str = "zh", observations: pd.DataFrame | None = None) -> None:
    """Wait until the page says this finding, and its counts are those of it."""
    said = headline(assessment, lang, observations)
    room = expect(page.locator("#progress-live .headline p"))
    room.to_contain_text(said) if assessment.empty else room.to_have_text(said)
    counts = assessment["state"].value_counts()
    numbers = [str(int(counts.get(state, 0))) for state in RULES_OF_DAY.states]
    expect(page.locator("#progress-live .states strong")).to_have_text(numbers)
    expect(page.locator(BEHIND)).to_have_count(int(counts.get(progress.NOT_REACHED, 0)))


def test_the_page_says_what_is_found(opened, assessed):
    page = opened("/progress")
    everyone = assessed()
    says(page, everyone)
    expect(page.locator(ROWS)).to_have_count(len(titles.measured(everyone)))
    rows = page.locator(ROWS).evaluate_all(CELLS)
    assert all(row[0] and row[2] and row[3] for row in rows), "each dot's row says what it draws"
    # Roads, parks and the rest are rows that open; no chart waits for a script.
    assert page.locator("#sheet .chart").count() == 0
    steps = page.locator("#progress-settled details", has=page.locator(".steps"))
    expect(steps.locator(".steps")).to_be_hidden()
    steps.locator("summary").click()
    expect(steps.locator(".steps tbody tr")).to_have_count(4)
    expect(steps.locator(".steps")).to_be_visible()


def test_the_widest_gaps_lead_and_all_are_listed_when_asked_for(opened, fed):
    """Five, in Python's order; under a filter the five widest of those that are left."""
    server, observations = fed
    everyone = progress.assess(load_counties(PLAN), observations, None, RULES_OF_DAY)
    page = opened("/progress", on=server.url)

    def widest(rows: pd.DataFrame) -> list[str]:
        return [adcode for adcode, _ in progress.behind(rows, "zh", "gap", rules=RULES_OF_DAY)]

    found = page.evaluate(STANDS)
    assert found["behind"] == widest(everyone) and len(found["behind"]) > 20
    assert found["led"] == widest(everyone)[:5]
    expect(page.locator("#behind-list > tr:visible")).to_have_count(5)
    page.locator("#behind-all").check()
    expect(page.locator("#behind-list > tr:visible")).to_have_count(len(found["behind"]))
    page.locator("#behind-all").uncheck()
    choose(page, "620900")
    mine = everyone[everyone["prefecture_code"] == "620900"]
    says(page, mine, observations=observations)
    assert page.evaluate(STANDS)["led"] == widest(mine)[:5]


def test_while_the_term_runs_the_page_is_of_the_pace(opened, visit):
    """On a day within the term: who is behind, on which pace, and nobody to call."""
    running = AtlasServer("--today", DURING.isoformat()).wait()
    try:
        page = opened("/progress", on=running.url)
        expect(page.locator(".stamp")).to_contain_text(DURING.isoformat())
        expect(page.locator(".finding").first).to_contain_text("本图自定的年均7%")
        expect(page.locator(BEHIND)).to_have_count(1)
        expect(page.locator(".widest thead")).to_contain_text(word("head_growth", "zh"))
        expect(page.locator("[data-carry][href^='/template/']")).to_have_count(0)
    finally:
        said = running.stop()
    assert "Traceback" not in said, said


def test_the_filter_is_that_of_the_map(opened, assessed):
    page = opened("/progress")
    choose(page, "620400")
    expect(page).to_have_url(re.compile(r"/progress\?prefecture=620400$"))
    says(page, assessed(prefecture="620400"))
    exclude(page, "620400")
    expect(page).to_have_url(re.compile(r"/progress\?not=620400$"))
    exclude(page, "620400")
    says(page, assessed())
    page.go_back()
    page.go_back()
    says(page, assessed(prefecture="620400"))


# ---- a press on the filter ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dozen(held) -> list[Filter]:
    """Return a dozen random filters that leave different numbers of counties, the last two none."""
    found: dict[int, Filter] = {}
    none = []
    for chosen in random_filters(Random(2025), 2000):
        left = len(select(chosen, held))
        if left and left not in found and len(found) < 10:
            found[left] = chosen
        elif not left and len(none) < 2:
            none.append(chosen)
    assert len(found) == 10 and len(none) == 2
    assert min(found) < 5 and max(found) > 20, "few and many"
    return [*found.values(), *none]


def selected(everyone: pd.DataFrame, chosen: Filter) -> pd.DataFrame:
    """Return the rows of the counties that Python selects."""
    return everyone[everyone.index.isin(select(chosen, members(load_counties(PLAN), PLAN)))]


def stands_as(mine: pd.DataFrame, shown: dict[str, Any], observations: pd.DataFrame | None = None) -> None:
    """Hold what stands on the page against Python's assessment of these counties, and the counts against the rows."""
    measured = titles.measured(mine)
    state = {name: list(mine.index[mine["state"] == name]) for name in RULES_OF_DAY.states}
    assert sorted(shown["dots"]) == sorted(measured.index)
    assert shown["led"] == shown["behind"][:5]
    assert shown["tiles"] == sorted(mine.index), "the tiles of those that do not match are pale"
    assert shown["behind"] == [adcode for adcode, _ in progress.behind(mine, "zh", "gap", rules=RULES_OF_DAY)]
    assert sorted(shown["behind"]) == sorted(state["not_reached"])
    assert shown["call"] == list(progress.missing(mine).sort_index().index)
    assert shown["bare"] == state["no_target"]
    assert shown["floors"] == list(mine.index[mine["reason"] == "floor"])
    assert shown["states"] == {name: len(whose) for name, whose in state.items() if whose}, "of nobody, nothing"
    assert shown["bar"] == {name: n for name, n in shown["states"].items() if name != "no_target"}
    asked = evidence.leads(known() if observations is None else observations)
    asked = asked[(asked["indicator"] == "gdp") & asked["place"].isin(mine.index)]
    assert shown["leads"] == sorted(asked["place"])
    assert shown["book"] or not shown["call"]
    if shown["book"]:
        assert shown["book"].partition("?")[2] == shown["query"], "the workbook asks for the counties that are shown"
    assert shown["known"] == list(mine.index[(mine["state"] == "no_target") & mine["observed"].notna()])
    for key, rows in (("floor", "floors"), ("short", "behind"), ("call", "call"), ("bare", "bare")):
        if f"{key}_title" not in shown["titles"]:
            assert not shown[rows], "what is there for nobody at all has no title"
            continue
        said, is_seen = shown["titles"][f"{key}_title"], shown["sections"][f"{key}_title"]
        assert re.search(r"\d+", said)[0] == str(len(shown[rows])), "the count said is that of the rows shown"
        assert is_seen == bool(shown[rows]), key
    nothing = [(not len(measured), "bullets_none")]
    assert shown["empty"] == [word(key, "zh", PLAN) for is_empty, key in nothing if is_empty]
    for adcode, at in shown["at"].items():
        percent = min(max(float(measured.at[adcode, "attainment"]) * 100, AXIS[0]), AXIS[1])
        assert at == pytest.approx((percent - AXIS[0]) / (AXIS[1] - AXIS[0]) * 100, abs=0.1), adcode


def finds(page: Page, mine: pd.DataFrame, observations: pd.DataFrame | None = None) -> None:
    """Wait until the sentences on these counties have come, then hold all that stands on the page against them."""
    says(page, mine, observations=observations)
    measured = titles.measured(mine)
    if len(measured):
        expect(page.locator("[data-said=dots_title]")).to_have_text(titles.measured_title(measured, "zh"))
    stands_as(mine, page.evaluate(STANDS), observations)


@pytest.mark.parametrize("which", ["published", "full"])
def test_what_the_browser_leaves_is_what_python_selects(opened, assessed, fed, dozen, which):
    page = opened("/progress", on=fed[0].url if which == "full" else "")
    everyone, observations = assessed(), None
    if which == "full":
        observations = fed[1]
        everyone = progress.assess(load_counties(PLAN), observations, None, RULES_OF_DAY)
        assert {"reached", "not_reached", "no_target"} <= set(everyone["state"])
    for chosen in [Filter(), *(dozen[1::2] if which == "full" else dozen[::2]), Filter()]:
        page.evaluate(GO_ON, query_of(chosen))
        finds(page, selected(everyone, chosen), observations)


@pytest.mark.parametrize("way", ["address", "link"])
def test_a_page_opened_under_a_filter_is_that_of_the_filter(opened, assessed, dozen, way):
    """From its address, and from the map; and then under another filter."""
    jiuquan, wuwei = Filter(prefecture=("620900",)), Filter(prefecture=("620600",))
    for chosen, other in ((jiuquan, dozen[0]), (dozen[-1], wuwei)):
        page = opened(f"/{'progress' if way == 'address' else ''}?{query_of(chosen)}")
        if way == "link":
            page.locator('#pages [data-page="/progress"]').click()
            filled(page)
        finds(page, selected(assessed(), chosen))
        page.evaluate(GO_ON, query_of(other))
        finds(page, selected(assessed(), other))


class Held:
    """Keeps back what the page asks for, until it is let go or lost."""

    def __init__(self, page: Page, address: str, within: str = "") -> None:
        self.routes: list[Route] = []
        self._within = within
        self._is_over = False
        page.route(address, self._meet)

    def _meet(self, route: Route) -> None:
        if self._is_over or self._within not in (route.request.post_data or ""):
            route.continue_()
        else:
            self.routes.append(route)

    def let_go(self) -> None:
        self._is_over = True
        for route in self.routes:
            route.continue_()

    def lose(self) -> None:
        self._is_over = True
        for route in self.routes:
            route.abort("connectionrefused")


def press_and_hold(page: Page, option: str, mine: pd.DataFrame) -> Held:
    """Press an option, and wait until the rows have followed and the sentences have been asked for."""
    held = Held(page, "**/fragment/counted*")
    with page.expect_request("**/fragment/counted*"):
        choose(page, option)
    expect(page.locator(ROWS)).to_have_count(len(titles.measured(mine)))
    assert len(held.routes) == 1
    return held


def test_the_rows_do_not_wait_for_the_server(opened, assessed):
    """Rows follow the press at once, the sentences when Python has found them."""
    page = opened("/progress")
    before = page.locator("#progress-live .headline").inner_text()
    mine = assessed(prefecture="620900")
    asked = press_and_hold(page, "620900", mine)
    assert page.locator("#progress-live .headline").inner_text() == before
    asked.let_go()
    finds(page, mine)


MEANWHILE = {  # what is pressed before Python's answer comes, and after
    "the theme is turned": (['[data-action="theme"]'], []),
    "the map is seen": (['#pages [data-page="/"]'], ['#pages [data-page="/progress"]']),
    "the other language is seen": (['[data-action="language"]'], ['[data-action="language"]']),
    "another filter is seen": (['#rail [data-option="620400"]'], ['#rail [data-option="620400"]']),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_an_answer_that_comes_late_is_not_lost(opened, assessed, what):
    """What is pressed before Python answers must not leave the sentences on one filter over the rows of another."""
    page = opened("/progress")
    mine = assessed(prefecture="620900")
    asked = press_and_hold(page, "620900", mine)
    before, after = MEANWHILE[what]
    for press in before:
        use(page, press)
    page.wait_for_timeout(300)
    asked.let_go()
    page.wait_for_timeout(300)
    for press in after:
        use(page, press)
    filled(page)
    finds(page, mine)


def test_sentences_that_were_lost_are_asked_for_again(visit, opened, assessed):
    page = opened("/progress")
    visit.allow("ERR_CONNECTION_REFUSED", "the server did not respond")
    mine = assessed(prefecture="620900")
    asked = press_and_hold(page, "620900", mine)
    with page.expect_event("requestfailed"):
        asked.lose()
    page.locator('#pages [data-page="/"]').click()
    page.locator('#pages [data-page="/progress"]').click()
    finds(page, mine)


@pytest.fixture
def shared(tmp_path) -> Iterator[AtlasServer]:
    """Serve an atlas whose store, in ``tmp_path``, someone else writes to."""
    running = AtlasServer("--data-folder", str(tmp_path)).wait()
    yield running
    said = running.stop()
    assert "Traceback" not in said, f"the server raised:\n{said}"


def test_what_someone_else_imports_is_whole_with_the_next_press(opened, shared, tmp_path):
    """Rows that were read before, under sentences that were counted after, would say two things."""
    page = opened("/progress", on=shared.url)
    store = open_store(None, load_published().observations, tmp_path)
    reading = read_file(full_table("2025年"), "全表.xlsx", citation="测试表")
    store.accept(compare(reading, store), "别人")
    observations = evidence.settle(known_by(store.observations(), TODAY))
    store.close()
    choose(page, "620900")
    everyone = progress.assess(load_counties(PLAN), observations, None, RULES_OF_DAY)
    finds(page, everyone[everyone["prefecture_code"] == "620900"], observations)
    page.locator('#pages [data-page="/"]').click()
    page.locator("#clear").click()
    page.locator('#pages [data-page="/progress"]').click()
    finds(page, everyone, observations)


def test_a_press_costs_little(opened, assessed):
    """Two messages, the sentence on the filter and those of the page: 3 KB both ways together."""
    page = opened("/progress")
    line = Line(page)
    found = []
    for number, press in enumerate(("620400", "C1", "B4", "WIND", ""), start=1):
        use(page, f'#rail [data-option="{press}"]' if press else "#clear")
        page.evaluate("() => Atlas.atRest()")
        says(page, selected(assessed(), read(page.url.partition("?")[2]).filter))
        assert sorted(what for what, _ in line.messages()) == [COUNTED] * number
        found.append(line.loads()[-1])
        assert "data-adcode" not in line.body(-1), "sentences, and no page"
    assert max(found) <= MOST, found
    assert min(found) > 200, "both ways have been counted; what was answered before comes without its text"


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)], ids=["usual", "large"])
def test_the_theme_asks_the_server_nothing(opened, assessed, size):
    page = opened("/progress", size=size)
    if page.locator("html.spread-open").count():  # the map's own charts, which come behind this page
        page.locator("#spread-graph .barlayer .point").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    line = Line(page)
    for theme in ("dark", "light", "dark"):
        page.locator('[data-action="theme"]').click()
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        tile = page.locator('.tile[data-class="reached"]').first
        expect(tile).to_have_css("background-color", rgb(STATE_FILL[theme]["reached"]))
    page.wait_for_timeout(500)
    assert line.messages() == []
    choose(page, "620400")
    says(page, assessed(prefecture="620400"))
    assert sorted(what for what, _ in line.messages()) == [COUNTED], "none of them is the theme's"


def test_the_page_is_found_as_it_was_left(opened, fed):
    """Its tables and drawers open, its order, its place on the screen; and nothing is asked for again."""
    page = opened("/progress", on=fed[0].url)
    drawers = page.locator("#progress-settled > details")
    amount = drawers.count()
    for number in (0, amount - 1):
        drawers.nth(number).locator("summary").click()
    page.locator("#behind-all").check()
    page.locator("#sheet h2").last.scroll_into_view_if_needed()
    order = page.evaluate(STANDS)["behind"]
    scrolled = page.locator("#sheet").evaluate("(room) => room.scrollTop")
    assert scrolled > 500
    page.wait_for_load_state("networkidle")
    line = Line(page)
    ways = {
        "links": ('#pages [data-page="/"]', '#pages [data-page="/progress"]'),
        "history": ("back", "forward"),
        "a link and back": ('#pages [data-page="/"]', "back"),
    }
    for way, steps in ways.items():
        for step, name in zip(steps, ("map", "progress"), strict=True):
            if step in ("back", "forward"):
                page.evaluate(f"history.{step}()")
            else:
                page.locator(step).click()
            expect(page.locator("html")).to_have_attribute("data-page", name)
        page.evaluate(NEXT_FRAME)
        is_open = drawers.evaluate_all("(all) => all.map((one) => one.open)")
        assert is_open == [True, *[False] * (amount - 2), True], way
        expect(drawers.first.locator("tbody tr").first).to_be_visible()
        expect(page.locator("#behind-all")).to_be_checked()
        expect(page.locator("#sheet .rules li").first).to_be_visible()
        assert page.evaluate(STANDS)["behind"] == order
        assert page.locator("#sheet").evaluate("(room) => room.scrollTop") == pytest.approx(scrolled, abs=1), way
    page.wait_for_timeout(300)
    assert line.messages() == []


# ---- before Dash ----------------------------------------------------------------------------------------------------


def test_the_first_answer_says_the_finding(server, assessed):
    """What any reader of the address gets, without a script."""
    for query, lang, prefecture in (("", "zh", ""), ("prefecture=620400&lang=en", "en", "620400")):
        with urlopen(f"{server.url}/progress?{query}", timeout=60) as answer:
            text = answer.read().decode()
        for said in headline(assessed(prefecture=prefecture), lang):
            assert f">{escape(said, quote=False)}</p>" in text


def test_the_page_is_read_before_dash_has_come(visit, assessed):
    page = visit.blank(**WIDE)
    dash = Held(page, "**/_dash-component-suites/**")
    page.goto(f"{visit.server.url}/progress?prefecture=620900", wait_until="commit")
    mine = assessed(prefecture="620900")
    first = page.locator("#first-sheet")
    expect(first.locator(".headline p")).to_have_text(headline(mine))
    expect(first.locator(".finding").first).to_be_visible()
    called = progress.missing(mine)
    expect(first.locator(".call-list .county-link:visible")).to_have_count(len(called))
    expect(first.locator(".dots tbody tr:visible")).to_have_count(len(titles.measured(mine)))
    assert first.locator(".tile:not([hidden])").count() == len(mine), "the filter holds already"
    assert dash.routes
    dash.let_go()
    settle(page)
    expect(first).to_have_count(0)
    finds(page, mine)


# ---- ways out -------------------------------------------------------------------------------------------------------


def test_a_county_leads_to_its_page(opened):
    page = opened("/progress")
    for where in (ROWS, "#progress-live .names"):
        link = page.locator(f"{where} a.county-link").first
        path = link.get_attribute("href")
        assert re.fullmatch(r"/county/62\d{4}", path) and link.get_attribute("data-page") == path
        link.click()
        expect(page.locator("html")).to_have_attribute("data-page", "county")
        expect(page).to_have_url(re.compile(rf"{path}$"))
        page.go_back()
        expect(page.locator("html")).to_have_attribute("data-page", "progress")
        expect(page.locator("#sheet .dots").first).to_be_visible()


def test_a_tile_leads_to_its_county(opened):
    page = opened("/progress?prefecture=620900")
    page.locator('.tile[data-adcode="620922"]').click()
    expect(page).to_have_url(re.compile(r"/county/620922\?prefecture=620900$"))
    expect(page.locator("html")).to_have_attribute("data-page", "county")


# ---- period, language, history --------------------------------------------------------------------------------------


def test_the_period_is_chosen_on_the_map_and_holds_on_the_page(opened, assessed):
    page = opened("/")
    expect(page.locator("#period")).to_be_hidden()
    page.locator('[data-choice="layer=progress"]').click()
    page.locator("#period").select_option("2022")
    expect(page).to_have_url(re.compile(r"layer=progress&period=2022$"))
    states = assessed("2022")["state"]
    for adcode in ("620921", "621202", states.index[states == "reached"][0], states.index[states == "no_target"][0]):
        expect(page.locator(f"#c{adcode}")).to_have_attribute("data-class", states[adcode])
    painted = page.locator("#county-map path.county").evaluate_all(
        "(all) => Object.fromEntries(all.map((one) => [one.dataset.adcode, one.dataset.class]))"
    )
    assert painted == states.to_dict() | {"620200": "na"}
    page.locator('#pages [data-page="/progress"]').click()
    filled(page)
    says(page, assessed("2022"))
    assert headline(assessed("2022")) != headline(assessed())
    page.locator('#pages [data-page="/"]').click()
    page.locator("#period").select_option("latest")
    expect(page).not_to_have_url(re.compile("period"))
    page.locator('#pages [data-page="/progress"]').click()
    says(page, assessed())


def test_a_period_that_is_not_on_offer_is_not_called_the_latest(opened, assessed):
    """The map is painted for the period of the address, so the control must not say another."""
    period = "2025-05"  # the province's new energy is known, and no county's product
    page = opened(f"/?layer=progress&period={period}")
    assert page.evaluate("(period) => !Atlas.standing.periods.includes(period)", period)
    painted = page.locator("path.county").evaluate_all(
        "(paths) => Object.fromEntries(paths.map((path) => [path.dataset.adcode, path.dataset.class]))"
    )
    assert painted == assessed(period)["state"].to_dict() | {"620200": "na"}
    assert page.locator("#period").evaluate("(select) => select.value") == period


def test_language_and_theme_are_switched_on_the_page(opened, assessed):
    page = opened("/progress")
    page.locator('[data-action="language"]').click()
    expect(page.locator("#sheet h2").first).to_have_text(word("nav_progress", "en"))
    says(page, assessed(), "en")
    expect(page.locator("#progress-settled")).to_contain_text("known to be connected")
    page.locator('[data-action="theme"]').click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    tile = page.locator('.tile[data-class="reached"]').first
    expect(tile).to_have_css("background-color", rgb(STATE_FILL["dark"]["reached"]))
    expect(page).to_have_url(re.compile(r"/progress\?lang=en&theme=dark$"))
    page.locator('#pages [data-page="/data"]').click()
    expect(page.locator("#data-room h2").first).to_have_text(word("nav_data", "en"))
    page.locator('[data-action="language"]').click()
    expect(page.locator("#data-room h2").first).to_have_text(word("nav_data", "zh"))
    expect(page.locator("#import-file")).to_be_visible()


def test_back_and_forward_between_pages(opened, assessed):
    page = opened("/")
    rooms = {"map": "#map-stage", "progress": "#progress-live .headline", "data": "#batches-room"}

    def is_at(name: str) -> None:
        expect(page.locator("html")).to_have_attribute("data-page", name)
        for other, room in rooms.items():
            (expect(page.locator(room)).to_be_visible if other == name else expect(page.locator(room)).to_be_hidden)()
        current = page.locator('#pages [aria-current="page"]')
        expect(current).to_have_attribute("data-page", "/" if name == "map" else f"/{name}")

    for path in ("/progress", "/data", "/"):
        page.locator(f'#pages [data-page="{path}"]').click()
        filled(page)
    for name in ("data", "progress", "map"):
        page.go_back()
        is_at(name)
    for name in ("progress", "data"):
        page.go_forward()
        is_at(name)
    page.go_back()
    says(page, assessed())
    page.reload()
    settle(page)
    is_at("progress")


SEEN = {
    "Chinese, light": ("", WIDE),
    "English, dark": ("?lang=en&theme=dark", WIDE),
    "phone": ("", PHONE),
}


@pytest.mark.parametrize("state", SEEN)
@pytest.mark.parametrize("path", ["/progress", "/data"])
def test_nothing_serious_for_anyone_and_nothing_beside_the_screen(opened, path, state):
    query, options = SEEN[state]
    page = opened(path + query, **options)
    page.emulate_media(reduced_motion="reduce")
    # Wide tables scroll in rooms of their own; the page itself does not.
    room = "#sheet" if path == "/progress" else "#data-room"
    wide = page.locator(f"html, body, {room}").evaluate_all(
        "(all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => [one.id || one.tagName, "
        "one.scrollWidth, one.clientWidth])"
    )
    assert not wide, wide
    found = Axe().run(page, options=RULES).response["violations"]
    lines = [
        f"{one['impact']}: {one['id']}: {one['help']}: " + " | ".join(str(node["target"]) for node in one["nodes"][:4])
        for one in found
    ]
    assert not [line for line in lines if line.startswith(("serious", "critical"))], "\n".join(lines)
