"""The progress page in the browser, with nothing but the published figures, and both pages for everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from atlas_server import AtlasServer
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from test_browser_axe import PHONE, RULES
from watched import settle

from layouts.figures import STATE_FILL
from layouts.wording import word
from targets import progress
from targets.counties import load_counties
from targets.published import load_published

CELLS = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim()))"
WIDE = {"size": (1366, 768)}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[AtlasServer]:
    """Serve an atlas into which nothing was imported."""
    running = AtlasServer("--data-folder", str(tmp_path_factory.mktemp("bare"))).wait()
    yield running
    said = running.stop()
    assert "Traceback" not in said, f"the server raised:\n{said}"


@pytest.fixture(scope="module")
def assessed():
    """Return a function that assesses the published figures for a period and a prefecture."""
    counties, observations = load_counties(), load_published().observations

    def assess(period: str | None = None, prefecture: str = ""):
        found = progress.assess(counties, observations, period)
        return found[found["prefecture_code"] == prefecture] if prefecture else found

    return assess


@pytest.fixture
def opened(visit, site):
    """Return a function that opens a page of the atlas at an address."""

    def open_at(address: str, **options) -> Page:
        page = visit.blank(on=site.url, **{**WIDE, **options})
        page.goto(site.url + address)
        return filled(settle(page))

    return open_at


def filled(page: Page) -> Page:
    """Wait until the open page has come from Python, its charts with it."""
    shown = page.locator("html").get_attribute("data-page")
    if shown == "progress":
        page.locator("#progress-live .headline").wait_for()
        page.locator("#roads-graph .scatterlayer .trace").first.wait_for()
    elif shown == "data":
        page.locator("#batches-room").wait_for()
    return page


def headline(assessment, lang: str = "zh") -> list[str]:
    return progress.headline(assessment, load_published().observations, lang)


def says(page: Page, assessment, lang: str = "zh") -> None:
    """Wait until the page says this finding, and its counts are those of it."""
    said = headline(assessment, lang)
    expect(page.locator("#progress-live .headline p")).to_have_text(said)
    counts = assessment["state"].value_counts()
    numbers = [str(int(counts.get(state, 0))) for state in progress.STATES]
    expect(page.locator("#progress-live .states strong")).to_have_text(numbers)
    expect(page.locator("#behind-list > li")).to_have_count(int(numbers[2]))


def test_the_page_says_what_is_found(opened, assessed):
    page = opened("/progress")
    everyone = assessed()
    says(page, everyone)
    bars = int(everyone["attainment"].notna().sum())
    expect(page.locator("#bullets-graph .barlayer .trace").first).to_be_visible()
    title = word(
        "bullets_title", "zh", n=bars, reached=int((everyone["surplus"].notna() & (everyone["gap"] == 0)).sum())
    )
    expect(page.locator("#bullets-graph .gtitle")).to_have_text(title)
    expect(page.locator("#ladder-graph .gtitle")).to_be_visible()
    expect(page.locator("#roads-graph .gtitle")).to_contain_text("15")
    # Each chart has its twin, closed at first.
    for graph, amount in (("bullets-graph", bars), ("ladder-graph", None), ("roads-graph", 15)):
        twin = page.locator("section", has=page.locator(f"#{graph}")).locator("details.twin")
        expect(twin.locator("table")).to_be_hidden()
        twin.locator("summary").click()
        expect(twin.locator("table")).to_be_visible()
        cells = twin.locator("tbody tr").evaluate_all(CELLS)
        assert len(cells) == amount if amount else cells
        assert all(cell for row in cells for cell in row[:4])
    assert page.locator(".modebar-btn").count() == 0


def test_who_is_behind_is_sorted_as_asked(opened, assessed):
    page = opened("/progress")
    rows = page.locator("#behind-list > li")
    orders = set()
    for by in ("required_growth", "attainment", "year", "adcode", "gap"):
        page.locator("#behind-sort").select_option(by)
        wanted = progress.behind(assessed(), "zh", by)
        orders.add(tuple(adcode for adcode, _ in wanted))
        expect(rows.locator("> span")).to_have_text([text for _, text in wanted])
        assert rows.evaluate_all("(all) => all.map((one) => one.dataset.adcode)") == [a for a, _ in wanted]
    assert len(orders) > 2, "the orders differ, so that a sort can be wrong"


def test_the_filter_is_that_of_the_map(opened, assessed):
    page = opened("/progress")
    page.locator('#rail [data-option="620400"]').click()
    expect(page).to_have_url(re.compile(r"/progress\?prefecture=620400$"))
    says(page, assessed(prefecture="620400"))
    page.locator('#rail [data-option="620400"]').click()
    expect(page).to_have_url(re.compile(r"/progress\?not=620400$"))
    page.locator('#rail [data-option="620400"]').click()
    says(page, assessed())
    page.go_back()
    page.go_back()
    says(page, assessed(prefecture="620400"))


def test_a_county_leads_to_the_map_and_is_picked(opened):
    page = opened("/progress")
    # The table first: the page is drawn anew when one comes back to it, with its tables closed.
    for where in ("details.twin tbody tr", "#behind-list > li", ".names"):
        if "twin" in where:
            page.locator("details.twin summary").first.click()
        link = page.locator(f"{where} [data-pick]").first
        adcode = link.get_attribute("data-pick")
        link.click()
        expect(page.locator("html")).to_have_attribute("data-page", "map")
        expect(page).to_have_url(re.compile(rf"/\?county={adcode}$"))
        expect(page.locator("#card code")).to_have_text(adcode)
        expect(page.locator(f"#c{adcode}")).to_have_attribute("aria-pressed", "true")
        page.go_back()
        page.go_back()
        expect(page.locator("html")).to_have_attribute("data-page", "progress")
        expect(page).to_have_url(re.compile(r"/progress$"))
        filled(page)


def test_a_bar_leads_to_the_map_too(opened, assessed):
    page = opened("/progress")
    first = assessed().sort_values(["gap", "surplus"], ascending=[False, True]).index[0]
    # The topmost row, in the middle of its bar: the axis starts at the left, so a little right of it.
    box = page.locator("#bullets-graph .nsewdrag").bounding_box()
    ticks = page.locator("#bullets-graph .yaxislayer-above .ytick text, #bullets-graph .yaxislayer-below .ytick text")
    at = min((tick.bounding_box() for tick in ticks.all()), key=lambda one: one["y"])
    page.mouse.move(box["x"] + 30, at["y"] + at["height"] / 2)
    page.locator("#bullets-graph .hoverlayer .hovertext").wait_for()
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("#card code")).to_have_text(first)


def test_the_period_is_chosen_on_the_map_and_holds_on_the_page(opened, assessed):
    page = opened("/")
    expect(page.locator("#period")).to_be_hidden()
    page.locator('[data-choice="layer=progress"]').click()
    page.locator("#period").select_option("2022")
    expect(page).to_have_url(re.compile(r"layer=progress&period=2022$"))
    states = assessed("2022")["state"]
    for adcode in ("621202", states.index[states == "reached"][0], states.index[states == "no_target"][0]):
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


def test_a_period_without_figures_is_not_called_the_latest(opened, assessed):
    """The map is painted for the period of the address, so the control must not say another."""
    page = opened("/?layer=progress&period=2016")
    assert set(assessed("2016")["state"]) == {"no_data", "no_target"}
    expect(page.locator("#c621202")).to_have_attribute("data-class", "no_data")
    assert page.locator("#period").evaluate("(select) => select.value") != "latest"


def test_language_and_theme_are_switched_on_the_page(opened, assessed):
    page = opened("/progress")
    page.locator('[data-action="language"]').click()
    expect(page.locator("#progress-room h2").first).to_have_text(word("nav_progress", "en"))
    says(page, assessed(), "en")
    expect(page.locator("#roads-graph .gtitle")).to_contain_text("known to be connected")
    page.locator('[data-action="theme"]').click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = STATE_FILL["dark"]["reached"]
    rgb = f"rgb({', '.join(str(int(dark[n : n + 2], 16)) for n in (1, 3, 5))})"
    bar = page.locator("#bullets-graph .barlayer .trace:nth-child(2) .point path").first
    expect(bar).to_have_css("fill", rgb)
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
    room = "#progress-room" if path == "/progress" else "#data-room"
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
