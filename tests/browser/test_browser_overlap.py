"""The overlap page in the browser: its numbers, its presses both ways, its keys."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from axe_playwright_python.sync_playwright import Axe
from plan_files import by_option, facts, rows
from playwright.sync_api import Page, expect
from readings import NEXT_FRAME, chip, choose, read, says
from shipped import PLAN
from test_browser_axe import PHONE, RULES
from test_browser_print import PAGE
from test_browser_wire import Line
from watched import settle

from targets.selection import Filter, select, sentence

SETS = [row["id"] for name in ("clusters", "energy") for row in rows(name)]
BANDS = [*(row["id"] for row in rows("bands")), "none"]
FACTS = facts()
MEMBERS = {id: frozenset(held) for id, held in by_option().items()}
SHORT = {row["adcode"]: row["name_short"] for row in rows("counties")}
# Each row: its dots, its count as written, its counties, how many squares are of each band, whether it is greyed.
ROWS = """() => [...document.querySelectorAll(".upset tbody tr")].map((row) => {
  const heads = [...document.querySelectorAll(".upset [data-press]")].map((head) => head.dataset.press);
  return {
    sets: [...row.querySelectorAll(".dot")].flatMap((cell, i) => (cell.querySelector(".is-held") ? [heads[i]] : [])),
    count: row.querySelector(".row-count").textContent,
    counties: [...row.querySelectorAll(".row-names a")].map((link) => link.dataset.page.slice(-6)),
    squares: [...row.querySelectorAll(".square")].map((square) => square.dataset.class),
    away: row.classList.contains("is-away"),
    pressed: row.querySelector("[data-held]").getAttribute("aria-pressed"),
  };
})"""
MATRIX = """() => [...document.querySelectorAll(".matrix tbody tr:not([hidden])")].map((row) => [
  row.querySelector("a").dataset.page.slice(-6), Number(row.querySelector(".cell-roles").textContent),
  [...row.querySelectorAll("[data-where]")].map((dot) => dot.dataset.role)])"""
TAB_STOPS = """() => [...document.querySelectorAll(".overlap-room")].map((room) =>
  [...room.querySelectorAll("a, button")].filter((one) => one.tabIndex === 0).length)"""
SIDEWAYS = "() => document.querySelector('#sheet').scrollWidth - document.querySelector('#sheet').clientWidth"


def roles_of(adcode: str) -> list[str]:
    return [id for id in SETS if id in FACTS[adcode]]


def band_of(adcode: str) -> str:
    return next(id for id in BANDS if id in FACTS[adcode])


@pytest.fixture
def opened(visit):
    """Return a function that opens the overlap page with a query."""

    def open_at(query: str = "", **options) -> Page:
        page = visit.blank(**options)
        page.goto(f"{visit.server.url}/overlap?{query}")
        settle(page)
        page.locator(".matrix tbody tr").first.wait_for(state="attached")
        return page

    return open_at


def asked(page: Page) -> Filter:
    return read(page.evaluate("() => Atlas.atRest().then(() => location.search.slice(1))")).filter


def left(page: Page) -> list[str]:
    return page.evaluate("() => Atlas.counties.filter((_, i) => Atlas.matched[i]).map((county) => county.adcode)")


def check_rows(page: Page, banded: bool, chosen: Filter) -> None:
    """Hold every row of the combinations against the files."""
    page.evaluate(NEXT_FRAME)
    page.evaluate(NEXT_FRAME)
    expected = defaultdict(list)
    for adcode in sorted(FACTS):
        expected[(*([band_of(adcode)] if banded else []), *roles_of(adcode))].append(adcode)
    now = set(select(chosen, MEMBERS))
    found = page.evaluate(ROWS)
    assert {tuple(row["sets"]): row["counties"] for row in found} == expected
    for row in found:
        hit, size = len(now & set(row["counties"])), len(row["counties"])
        assert row["count"] == (f"{size}" if hit == size else f"{hit}/{size}")
        assert row["squares"] == sorted(map(band_of, row["counties"]), key=BANDS.index)
        assert row["away"] == (hit == 0)


def test_combinations_press_both_ways(opened):
    page = opened()
    check_rows(page, False, Filter())
    sizes = page.locator(".upset [data-size] > span:first-child").all_text_contents()
    assert sizes == [str(len(MEMBERS[id])) for id in SETS]
    expect(page.locator(".upset tbody tr")).to_have_count(44)

    # A row leaves exactly its counties, and again lets go; so does a press beside its button.
    found = page.evaluate(ROWS)
    for number in (0, 1, 6, 43):
        row = page.locator(".upset tbody tr").nth(number)
        if number % 2:
            row.locator(".dot").first.click()
        else:
            row.locator("[data-held]").click()
        expect(row.locator("[data-held]")).to_have_attribute("aria-pressed", "true")
        assert left(page) == found[number]["counties"] == list(select(asked(page), MEMBERS))
        check_rows(page, False, asked(page))
        row.locator("[data-held]").click()
        expect(row.locator("[data-held]")).to_have_attribute("aria-pressed", "false")
        assert page.evaluate("() => Atlas.atRest().then(() => location.search)") == ""

    # A column is a chip: included, excluded, off; the chip shows the same, and the other way round.
    head, beside = page.locator('.upset [data-press="WIND"]'), chip(page, "WIND")
    for state, chosen in (
        ("true", Filter(energy=("WIND",))),
        ("mixed", Filter(exclude=("WIND",))),
        ("false", Filter()),
    ):
        head.click()
        for one in (head, beside, page.locator('.matrix [data-press="WIND"]')):
            expect(one).to_have_attribute("aria-pressed", state)
        assert asked(page) == chosen
    choose(page, "C4")
    choose(page, "B5")
    expect(page.locator('.upset [data-press="C4"]')).to_have_attribute("aria-pressed", "true")
    chosen = Filter(band=("B5",), cluster=("C4",))
    assert asked(page) == chosen
    check_rows(page, False, chosen)
    assert [adcode for adcode, *_ in page.evaluate(MATRIX)] == list(select(chosen, MEMBERS))

    # With bands: 57, and a band's column filters too.
    page.locator('[data-overlap="banded=1"]').click()
    expect(page.locator(".upset tbody tr")).to_have_count(57)
    check_rows(page, True, chosen)
    expect(page.locator('.upset [data-press="B5"]')).to_have_attribute("aria-pressed", "true")
    page.locator(".overlap-clear").click()
    page.locator('.upset [data-press="none"]').click()
    check_rows(page, True, Filter(band=("none",)))

    # On to the map, with the filter.
    page.locator(".overlap-map").click()
    expect(page.locator("html")).to_have_attribute("data-page", "map")
    assert page.evaluate("() => Atlas.atRest().then(() => location.pathname + location.search)") == "/?band=none"
    expect(page.locator("#county-list [data-adcode]")).to_have_count(len(MEMBERS["none"]))
    page.go_back()
    expect(page.locator(".upset tbody tr")).to_have_count(57)


def test_orders_threshold_and_findings(opened):
    page = opened()
    page.locator('[data-overlap="order=degree"]').click()
    degrees = [len(row["sets"]) for row in page.evaluate(ROWS)]
    assert degrees == sorted(degrees, reverse=True)
    assert max(degrees) == max(len(roles_of(adcode)) for adcode in FACTS) == 7
    page.locator('[data-overlap="order=fewest"]').click()
    assert [len(row["sets"]) for row in page.evaluate(ROWS)] == sorted(degrees)
    page.locator('[data-overlap="order=size"]').click()
    page.locator("#upset-least").select_option("3")
    counts = [int(row["count"]) for row in page.evaluate(ROWS)]
    assert counts == [17, 10, 6, 3, 3, 3, 3]
    expect(page.locator(".upset-shown")).to_contain_text(f"{sum(counts)}个县")
    for press, amount in zip(page.locator(".overlap-findings [data-held]").all(), (17, 10, 7, 10, 1), strict=True):
        press.click()
        expect(press).to_have_attribute("aria-pressed", "true")
        assert len(left(page)) == amount
    names = page.locator(".overlap-ways details").first
    names.locator("summary").click()
    expect(names.locator("a:visible")).to_have_count(11)
    assert set(names.locator("a").all_text_contents()) == {
        SHORT[adcode] for adcode in FACTS if roles_of(adcode) and band_of(adcode) == "none"
    }


def test_the_matrix_is_sorted_and_tells_where_each_mark_stands(opened):
    page = opened()
    found = page.evaluate(MATRIX)
    assert found == [[adcode, len(roles_of(adcode)), roles_of(adcode)] for adcode in sorted(FACTS)]
    assert sum(n for _, n, _ in found) == sum(len(MEMBERS[id]) for id in SETS) == 166

    def order_by(key: str) -> list[str]:
        page.locator(f'.matrix [data-sort="{key}"]').click()
        return [adcode for adcode, *_ in page.evaluate(MATRIX)]

    assert order_by("roles") == sorted(FACTS, key=lambda a: (-len(roles_of(a)), a))
    expect(page.locator(".matrix .head-roles")).to_have_attribute("aria-sort", "descending")
    assert order_by("roles") == sorted(FACTS, key=lambda a: (len(roles_of(a)), a))
    assert order_by("band") == sorted(FACTS, key=lambda a: (BANDS.index(band_of(a)), a))
    pinyin = {row["adcode"]: row["pinyin"].split()[0] for row in rows("counties")}
    by_name = [pinyin[adcode] for adcode in order_by("county")]
    assert (by_name[0], by_name[-1]) == (min(pinyin.values()), max(pinyin.values()))
    assert order_by("prefecture") == sorted(FACTS)
    expect(page.locator(".matrix [aria-sort]")).to_have_count(1)

    dot = page.locator('.matrix [data-where="621223"][data-role="C2"]')
    dot.scroll_into_view_if_needed()
    page.evaluate(NEXT_FRAME)  # a scroll closes the panel, and is told of a frame later
    dot.click()
    panel = page.locator("#provenance")
    expect(panel).to_be_visible()
    for text in ("宕昌县 · 生物医药产业集群", "专栏二·2", "重点打造", "任务2", "省工信厅", "岩昌县"):
        expect(panel).to_contain_text(text)
    dot.click()
    expect(panel).to_be_hidden()
    other = page.locator('.matrix [data-where="620921"][data-role="WIND"]')
    other.scroll_into_view_if_needed()
    page.evaluate(NEXT_FRAME)
    other.click()
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("专栏三·2")
    expect(panel).not_to_contain_text("岩昌县")
    page.keyboard.press("Escape")

    # Those that do not match are left out, or shown by a switch.
    page.locator('.matrix [data-press="CSP"]').click()
    expect(page.locator(".matrix tbody tr:visible")).to_have_count(len(MEMBERS["CSP"]))
    page.locator(".matrix-all").click()
    expect(page.locator(".matrix tbody tr:visible")).to_have_count(86)
    expect(page.locator(".matrix tbody tr.is-away")).to_have_count(86 - len(MEMBERS["CSP"]))


def test_each_table_is_one_tab_stop_and_arrows_move_in_it(opened):
    page = opened()
    assert page.evaluate(TAB_STOPS) == [1, 1]
    page.locator(".overlap-map").focus()
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.evaluate("(one) => Boolean(one.closest('.upset tbody tr:first-child'))")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert asked(page) == Filter(cluster=("C2",), exclude=tuple(id for id in SETS if id != "C2"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("thead [data-press]:focus")).to_have_count(1)
    page.keyboard.press("Home")
    expect(focused).to_have_attribute("data-press", "C1")
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("data-press", "C2")
    assert page.evaluate(TAB_STOPS) == [1, 1]
    page.locator('.matrix [data-press="C1"]').focus()
    page.keyboard.press("ArrowDown")
    # Both at one moment: between two questions the page may be scrolled.
    free = page.evaluate(
        "() => document.activeElement.getBoundingClientRect().top"
        " - document.querySelector('.matrix .heads').getBoundingClientRect().bottom"
    )
    assert free >= -1, "the head does not cover what has the focus"


def test_a_press_asks_nobody(opened):
    page = opened()
    line = Line(page)
    page.locator('[data-overlap="banded=1"]').click()
    page.locator("#upset-least").select_option("2")
    page.locator('.matrix [data-sort="roles"]').click()
    page.evaluate(NEXT_FRAME)
    assert line.messages() == [], "order, threshold and bands ask nothing"
    page.locator(".upset [data-held]").last.click()
    chosen = asked(page)
    says(page, sentence(chosen, len(select(chosen, MEMBERS)), PLAN))
    assert line.messages() == []


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {}),
        ("theme=dark&lang=en&energy=WIND&not=C4", {}),
        ("lang=en", PHONE),
        ("theme=dark&cluster=C2", {"size": (1920, 1080)}),
    ],
)
def test_nothing_serious_and_nothing_sideways(opened, query, options):
    page = opened(query, **options)
    page.emulate_media(reduced_motion="reduce")
    if "lang=en" in query and not options:
        page.locator('[data-overlap="banded=1"]').click()
        page.locator(".matrix-all").click()
    assert page.evaluate(SIDEWAYS) == 0
    assert page.evaluate("() => document.documentElement.scrollHeight - innerHeight") <= 0 or options == PHONE
    found = Axe().run(page, options=RULES).response["violations"]
    lines = [
        f"{one['impact']}: {one['id']}: " + " | ".join(str(node["target"]) for node in one["nodes"][:4])
        for one in found
    ]
    print("\n".join(lines))
    assert not [line for line in lines if line.startswith(("serious", "critical"))]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_combinations_print_whole_on_one_sheet(opened, lang):
    page = opened(f"lang={lang}")
    made = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(PAGE.findall(made)) == 3, "findings and combinations on the first, the matrix on two"
    assert re.search(rb"/MediaBox\s*\[\s*0 0 84[12]", made)
