"""The prefecture page in the browser: its map, the layer switch, the ways out of it, its first screen and its sheet."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from axe_playwright_python.sync_playwright import Axe
from days import TODAY
from plan_files import facts, rows
from playwright.sync_api import expect
from pypdf import PdfReader
from shipped import PLAN
from test_browser_axe import PHONE, RULES
from test_browser_wire import MOST, Line
from watched import settle

from targets import progress

HELD = facts()
PREFECTURES = [row["adcode"] for row in rows("prefectures")]
BAND_IDS = {row["id"] for row in rows("bands")} | {"none"}
HALL = {"size": (1920, 1080)}
STATES = {
    "Jiuquan": ("620900", "", HALL),
    "dark, English, roads": ("621100", "theme=dark&lang=en&layer=road", HALL),
    "progress on a phone": ("620500", "layer=progress", PHONE),
    "no county": ("620200", "lang=en", {}),
    "dark energy": ("620700", "theme=dark&layer=energy", {}),
}


@pytest.fixture
def prefecture(visit):
    """Return a function that opens a prefecture's page by its address."""

    def opened(code: str, query: str = "", **options):
        page = visit.blank(**options)
        page.goto(f"{visit.server.url}/prefecture/{code}?{query}")
        page.locator("#sheet .turn-map .small-map svg").wait_for()
        return settle(page)

    return opened


def inside(code: str) -> list[str]:
    return sorted(adcode for adcode, held in HELD.items() if code in held)


def drawn(page) -> dict[str, str]:
    """Return the class of each county on the small map."""
    shapes = "(all) => Object.fromEntries(all.map((a) => [a.dataset.for, a.querySelector('.copy').dataset.class]))"
    page.evaluate("() => Atlas.atRest()")  # the map of the province is painted first
    return page.locator("#sheet .turn-map .small-map a").evaluate_all(shapes)


def test_the_map_shows_the_prefectures_counties_in_every_layer_without_a_request(prefecture):
    page = prefecture("620900", "cluster=C1", **HALL)  # a filter of the map leaves no county out here
    bands = {adcode: next(id for id in HELD[adcode] if id in BAND_IDS) for adcode in inside("620900")}
    assert drawn(page) == bands
    page.locator("#turn-graph .main-svg").first.wait_for()
    page.wait_for_load_state("networkidle")  # what the start asks for is no part of a press
    for layer, ids in (("cluster", r"C\d"), ("energy", r"PV\d|WIND|CSP|PSH")):
        line = Line(page)
        button = page.locator(f"#sheet [data-choice='layer={layer}']")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expected = {a: f"n{sum(bool(re.fullmatch(ids, id)) for id in HELD[a])}" for a in inside("620900")}
        assert drawn(page) == expected
        assert sum(line.loads()) <= MOST, line.messages()
    names = page.locator("#sheet .turn-map .small-labels .name").all_inner_texts()
    assert len(names) == len(inside("620900"))
    page.locator("#sheet [data-choice='layer=progress']").click()
    standing = page.evaluate(
        "() => Object.fromEntries(Atlas.counties.map((c, i) => [c.adcode, Atlas.standing.layers.progress.classes[i]]))"
    )
    assert drawn(page) == {adcode: standing[adcode] for adcode in inside("620900")}
    rules = progress.Rules(TODAY, PLAN)
    for adcode, name, state in (("620981", "玉门市", "no_figure"), ("620923", "肃北县", "target_year_unknown")):
        label = page.locator(f"#sheet .turn-map a[data-for='{adcode}']").get_attribute("aria-label")
        assert name in label and rules.name(state) in label


def test_each_prefecture_names_each_of_its_counties_on_its_map(prefecture):
    page = prefecture("620100", **HALL)
    for code in PREFECTURES:
        page.locator("#sheet .turn-map .small-map").evaluate(
            "(node, code) => { node.dataset.map = code; Atlas.smallMaps.fill(node, Atlas.view); }", code
        )
        assert sorted(drawn(page)) == inside(code)
        assert page.locator("#sheet .turn-map .small-labels .name").count() == max(1, len(inside(code))), code
        boxes = page.locator("#sheet .turn-map .small-labels .name").evaluate_all(
            "(all) => all.map((t) => t.getBoundingClientRect()).map((b) => [b.left, b.top + 3, b.right, b.bottom - 3])"
        )
        for i, a in enumerate(boxes):
            for b in boxes[:i]:
                assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3], code


def test_a_press_or_enter_on_the_map_opens_the_countys_page(prefecture):
    page = prefecture("620900")
    page.locator("#sheet .turn-map a[data-for='620981'] path").click()
    expect(page).to_have_url(re.compile(r"/county/620981$"))
    page.go_back()
    page.locator("#sheet .turn-map a[data-for='620921']").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("() => Atlas.atRest().then(() => location.pathname)") == "/county/620921"


def test_on_the_map_only_this_prefecture_is_chosen(prefecture):
    page = prefecture("621200", "cluster=C2&not=WIND")
    page.locator("#sheet .turn-to-map").click()
    assert (
        page.evaluate("() => Atlas.atRest().then(() => location.pathname + location.search)") == "/?prefecture=621200"
    )
    expect(page.locator("#match-count")).to_contain_text(str(len(inside("621200"))))
    page.go_back()
    assert (
        page.evaluate("() => Atlas.atRest().then(() => location.pathname + location.search)")
        == "/prefecture/621200?cluster=C2&not=WIND"
    )


@pytest.mark.parametrize("state", STATES)
def test_nothing_serious(prefecture, state):
    code, query, options = STATES[state]
    page = prefecture(code, query, **options)
    page.emulate_media(reduced_motion="reduce")
    found = Axe().run(page, options=RULES).response["violations"]
    lines = [
        f"{one['impact']}: {one['id']}: " + " | ".join(str(n["target"]) for n in one["nodes"][:4]) for one in found
    ]
    assert not [line for line in lines if line.startswith(("serious", "critical"))], "\n".join(lines)
    if options == HALL:  # map and table on the first screen, in letters to be read from the back row
        low = page.locator(".turn-table table, .turn-map .small-room").evaluate_all(
            "(all) => Math.max(...all.map((one) => one.getBoundingClientRect().bottom))"
        )
        assert low <= 1080
        small = page.locator(".turn-table td, .turn-table td *, .turn-map text.name").evaluate_all(
            """(all) => all.filter((one) => one.childNodes.length && !one.closest(".visually-hidden")).map((one) => {
              const svg = one.closest("svg");
              const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
              return [parseFloat(getComputedStyle(one).fontSize) * scale, one.textContent];
            }).filter(([size]) => size < 15.99)"""
        )
        assert small == []


@pytest.mark.parametrize("code", ["620100", "621200"])
def test_it_prints_on_two_sheets(prefecture, code):
    page = prefecture(code, **HALL)
    read = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    assert len(read.pages) <= 2
    # A font may give a radical for its character: 里 as ⾥.
    first = unicodedata.normalize("NFKC", read.pages[0].extract_text()).replace(" ", "")
    names = {row["adcode"]: row["name_short"] for row in rows("counties")}
    for adcode in inside(code):
        assert names[adcode] in first


@pytest.mark.parametrize("size", [(390, 844), (1366, 768)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_words_at_a_bars_end_are_cut(visit, size, lang):
    page = visit.blank(size=size)
    page.goto(f"{visit.server.url}/prefecture/620600?lang={lang}")
    words = page.locator("#turn-graph .textpoint")
    expect(words).to_have_count(4)
    room = page.locator("#turn-graph").bounding_box()
    for text in words.all():
        box = text.bounding_box()
        assert box["x"] > room["x"] and box["x"] + box["width"] <= room["x"] + room["width"], text.inner_html()
