"""The oldest browser: a real Chromium 88 shows map, pages and a meeting; an older one is told what to do.

Playwright's own clicks ask the page for what came later, so here the mouse is moved by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import chromium
import old_chromium
import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect
from readings import DRAWER, matching
from watched import ONLY_THIS_HOST, Watch, settle

from layouts.words import word

pytestmark = pytest.mark.skipif(not old_chromium.HAS_BUILD, reason="no build of the old Chromium for this system")
STAGE = (1366, 768)
MAP_SCENE = 6  # of the ready deck: the counties of a cluster, by name beside the map
FIGURES = 19  # its page of progress
COUNTY = "620922"
# What a county's path covers in the window, and what the browser itself finds at its label.
SPOT = """(adcode) => {
  const number = Atlas.numberOf[adcode], path = Atlas.map.paths[number], [x, y] = Atlas.counties[number].label;
  const map = Atlas.boxes.of(Atlas.map.svg), { width, height } = Atlas.data.frame;
  const scale = Math.min(map.width / width, map.height / height);
  const along = (start, room, all, part) => start + (room - scale * all) / 2 + part * scale;
  /* In a wide room the province stands at the right. */
  const seen = Atlas.map.svg.viewBox.baseVal;
  const isWide = (Atlas.map.svg.getAttribute("preserveAspectRatio") || "").startsWith("xMax");
  const across = isWide ? map.right - scale * (seen.x + seen.width - x) : along(map.x, map.width, width, x);
  const at = [across, along(map.y, map.height, height, y)];
  const box = Atlas.boxes.of(path);
  return {
    at, found: document.elementFromPoint(...at)?.dataset.adcode,
    inside: box.left < at[0] && at[0] < box.right && box.top < at[1] && at[1] < box.bottom,
  };
}"""
DRAWN = "() => document.querySelectorAll('.dots .dot-mark').length > 5"
BOX = "(one) => { const box = one.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom]; }"


@pytest.fixture(scope="module")
def old(chrome: tuple[BrowserType, dict[str, Any]]) -> Iterator[Browser]:
    """Give the old Chromium; where it cannot be had, the tests fail."""
    running = chrome[0].launch(executable_path=old_chromium.find(), args=[*chromium.FLAGS, ONLY_THIS_HOST])
    assert running.version.split(".")[0] == old_chromium.VERSION
    yield running
    running.close()


@pytest.fixture(scope="module")
def context(old, server):
    made = old.new_context(locale="zh-CN", viewport={"width": STAGE[0], "height": STAGE[1]})
    return made, Watch(made, server.url)


@pytest.fixture
def page(context) -> Iterator[Page]:
    made, watch = context
    opened = made.new_page()
    yield opened
    opened.close()
    problems = watch.problems()
    assert not problems, "\n".join(["in the page:", *problems])


def go(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)


def press(page: Page, selector: str) -> None:
    page.eval_on_selector(selector, DRAWER, True)
    left, top, right, bottom = page.eval_on_selector(selector, BOX)
    page.mouse.click((left + right) / 2, (top + bottom) / 2)
    page.eval_on_selector(selector, DRAWER, False)


def test_the_map_is_painted_and_a_press_paints_it_anew(page, server, held):
    go(page, server.url)
    spot = page.evaluate(SPOT, COUNTY)
    assert spot["found"] == COUNTY and spot["inside"]
    assert page.evaluate("() => new Set(Atlas.map.paths.map((path) => getComputedStyle(path).fill)).size") > 5, (
        "a colour a class"
    )
    assert page.eval_on_selector("#too-old", "(one) => getComputedStyle(one).display") == "none"
    press(page, '#rail [data-option="C1"]')
    assert matching(page) == sorted(held["C1"])
    page.wait_for_function(
        "(n) => document.getElementById('match-count').textContent.startsWith(n)", arg=str(len(held["C1"]))
    )

    page.mouse.click(*spot["at"])
    page.wait_for_function("() => document.querySelector('#card h2')?.textContent.includes('瓜州')")
    left, top, right, bottom = page.eval_on_selector("#card", BOX)
    assert right - left > 200 and bottom - top > 200


def test_the_pages_open(page, server):
    go(page, f"{server.url}/progress?compare=620922,620981")
    page.wait_for_function(DRAWN)
    pages = ("/data", "/compare", "/overlap", "/plan", "/settlement/2021", "/prefecture/620900", f"/county/{COUNTY}")
    for path in pages:
        page.evaluate("(path) => Atlas.go(path)", path)
        page.wait_for_function(
            """() => {
              const room = document.getElementById(Atlas.page === "data" ? "data-room" : "sheet");
              return room.innerText.length > 300 && room.getBoundingClientRect().height > 300;
            }"""
        )


def test_a_stage_shows_its_scenes(page, server):
    go(page, f"{server.url}/meeting/ready?period=2025Q3#{MAP_SCENE}")
    spot = page.evaluate(SPOT, COUNTY)
    assert spot["found"] == COUNTY and spot["inside"], "boxes are in the window's px"
    page.wait_for_function("() => document.querySelectorAll('#scene-names span').length > 5")
    names = page.eval_on_selector("#scene-names", BOX)
    legend = page.evaluate(
        "() => { const box = Atlas.boxes.of(document.getElementById('legend')); return [box.bottom, box.right]; }"
    )
    land = page.evaluate("() => Math.max(...Atlas.map.paths.map((path) => Atlas.boxes.of(path).right))")
    assert land < names[0] and names[2] <= STAGE[0], "beside the map"
    assert 0 < names[1] - legend[0] < 20 and legend[1] <= STAGE[0], "under the legend"

    page.mouse.move(*spot["at"])
    page.wait_for_function("() => document.getElementById('hover-card').textContent.includes('瓜州')")
    card = page.evaluate(
        "() => { const box = Atlas.boxes.of(document.getElementById('hover-card')); return [box.left, box.top]; }"
    )
    assert card == pytest.approx([one + 16 for one in spot["at"]], abs=3)

    for digit in str(FIGURES):
        page.keyboard.press(digit)
    page.keyboard.press("Enter")
    page.wait_for_function(DRAWN)
    page.wait_for_function(
        "(high) => document.getElementById('sheet').getBoundingClientRect().height > high", arg=STAGE[1] / 3
    )


def test_an_older_browser_is_told_so_in_both_languages(visit):
    told = visit.blank()
    told.add_init_script("delete Promise.any")
    told.goto(visit.server.url)
    said = told.locator("#too-old")
    for lang in ("zh", "en"):
        expect(said).to_contain_text(word("too_old", lang))
    expect(said).to_be_visible()
    assert told.locator('meta[name="renderer"]').get_attribute("content") == "webkit"
