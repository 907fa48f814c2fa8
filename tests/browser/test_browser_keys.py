"""The keyboard reaches everything, and shows where it is."""

from __future__ import annotations

import pytest
from plan_files import facts
from playwright.sync_api import Page, expect
from readings import ADCODES, chip, shown

CODES = sorted(ADCODES)
FOCUSED = "() => document.activeElement.dataset.adcode ?? null"
# Everything that an arrow key can reach from the first county; and each step's direction in map units.
WALK = """() => {
  const seen = new Set([0]), line = [0], steps = [];
  while (line.length) {
    const number = line.shift();
    for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
      const next = Atlas.map.neighbour(number, key);
      if (next === null) continue;
      steps.push([number, key, next]);
      if (!seen.has(next)) { seen.add(next); line.push(next); }
    }
  }
  const middle = (path) => { const box = path.getBBox(); return [box.x + box.width / 2, box.y + box.height / 2]; };
  return { seen: [...seen], steps, at: Atlas.map.paths.map(middle) };
}"""


def focus(page: Page, adcode: str) -> None:
    page.evaluate("(adcode) => Atlas.map.focusOn(Atlas.numberOf[adcode])", adcode)


def is_tiled(page: Page) -> None:
    page.wait_for_function(
        "() => Atlas.map.paths.every((path) => /^M-?\\d+ -?\\d+h\\d+v\\d+h-\\d+z$/.test(path.getAttribute('d')))"
    )


def test_tab_reaches_the_map_and_leaves_it(visit):
    page = visit()
    stops = []
    for _ in range(120):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                "() => document.activeElement.closest('#county-map') ? 'map' : document.activeElement.id || 'other'"
            )
        )
        if stops[-1] != "map" and "map" in stops:
            break
    assert stops.count("map") == 1, "one stop: the arrows do the rest"
    assert page.evaluate(FOCUSED) is None


def test_the_first_stop_skips_to_the_map(visit):
    page = visit()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "620102"
    assert shown(page)["query"] == ""


def test_arrows_and_jumps_move_the_focus(page):
    focus(page, "620922")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowRight"):
        before = page.evaluate(FOCUSED)
        expected = page.evaluate(
            "([adcode, key]) => Atlas.counties[Atlas.map.neighbour(Atlas.numberOf[adcode], key)]?.adcode", [before, key]
        )
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == expected != before
    page.keyboard.press("Home")
    assert page.evaluate(FOCUSED) == CODES[0]
    page.keyboard.press("PageDown")
    assert page.evaluate(FOCUSED) == CODES[1]
    page.keyboard.press("End")
    assert page.evaluate(FOCUSED) == CODES[-1]
    page.keyboard.press("PageDown")
    assert page.evaluate(FOCUSED) == CODES[-1]
    page.keyboard.press("PageUp")
    assert page.evaluate(FOCUSED) == CODES[-2]
    tabs = page.evaluate(
        "() => Atlas.map.paths.filter((path) => path.tabIndex === 0).map((path) => path.dataset.adcode)"
    )
    assert tabs == [CODES[-2]]
    assert shown(page)["query"] == "", "moving is not picking"


@pytest.mark.parametrize("form", ["true", "tile"])
def test_arrows_alone_reach_every_county(visit, form):
    page = visit("" if form == "true" else "map=tile")
    if form == "tile":
        is_tiled(page)
    found = page.evaluate(WALK)
    names = page.evaluate("() => Atlas.counties.map((county) => county.zh)")
    assert sorted(found["seen"]) == list(range(87)), [names[n] for n in set(range(87)) - set(found["seen"])]
    if form == "tile":  # there the middle of a shape is the point from which it is measured
        way = {"ArrowLeft": (0, -1), "ArrowRight": (0, 1), "ArrowUp": (1, -1), "ArrowDown": (1, 1)}
        for number, key, following in found["steps"]:
            axis, sign = way[key]
            assert (found["at"][following][axis] - found["at"][number][axis]) * sign > 0, (
                names[number],
                key,
                names[following],
            )


def test_enter_picks_and_escape_closes(page):
    for key in ("Enter", " "):
        focus(page, "620922")
        page.keyboard.press(key)
        assert shown(page)["query"] == "county=620922"
        expect(page.locator("#card h2")).to_have_text("瓜州县")
        assert page.evaluate(FOCUSED) == "620922", "the focus stays on the map"
        page.keyboard.press("Escape")
        expect(page.locator("#card")).to_be_empty()
        assert shown(page)["query"] == ""
        assert page.evaluate(FOCUSED) == "620922"


def test_escape_closes_the_card_from_within(visit):
    page = visit("county=620922")
    page.locator('#card [data-action="close-card"]').focus()
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_empty()


def test_the_hover_card_follows_the_focus(page):
    card = page.locator("#hover-card")
    expect(card).to_be_hidden()
    page.keyboard.press("Tab")  # so that the browser knows a keyboard is in use
    for adcode, name in (("620922", "瓜州县"), ("623025", "玛曲县"), ("621027", "镇原县")):
        focus(page, adcode)
        page.keyboard.press("Shift")
        expect(card).to_contain_text(name)
        stage, box = page.locator("#stage").bounding_box(), card.bounding_box()
        assert stage["x"] <= box["x"] and box["x"] + box["width"] <= stage["x"] + stage["width"]
        assert stage["y"] <= box["y"] and box["y"] + box["height"] <= stage["y"] + stage["height"]
    page.keyboard.press("Tab")
    expect(card).to_be_hidden()


def test_every_stop_shows_that_it_has_the_focus(visit):
    """Walk the whole page by Tab; at each stop something is drawn round the control that was not there before."""
    page = visit("county=620922&layer=cluster")
    page.locator("#spread-toggle").click()
    page.locator("#spread-graph .barlayer .point").first.wait_for()
    page.locator(".skip").focus()
    look = """() => {
      const at = document.activeElement;
      if (at === document.body) return null;
      const style = getComputedStyle(at);
      const name = `${at.tagName.toLowerCase()}#${at.id}.${at.getAttribute("class") ?? ""}`;
      const box = at.getBoundingClientRect();
      return {
        name: `${name} ${at.textContent.slice(0, 12)}`,
        outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        ring: style.boxShadow !== "none", stroke: at.matches("path.county") && parseFloat(style.strokeWidth) >= 2,
        onScreen: box.width > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight };
    }"""
    stops, blind = 0, []
    for _ in range(260):
        page.keyboard.press("Tab")
        found = page.evaluate(look)
        if found is None:
            break
        stops += 1
        if not (found["outline"] or found["ring"] or found["stroke"]) or not found["onScreen"]:
            blind.append(found)
    assert stops > 150
    assert not blind


def test_the_focused_county_is_in_sight_when_zoomed(page):
    page.emulate_media(reduced_motion="reduce")
    page.locator("#zoom-to").select_option("620900")
    page.keyboard.press("Tab")
    for adcode in ("623027", "620102", "621027"):
        focus(page, adcode)
        page.keyboard.press("Shift")
        path, stage = page.locator(f"#c{adcode}").bounding_box(), page.locator("#map-stage").bounding_box()
        middle = path["x"] + path["width"] / 2, path["y"] + path["height"] / 2
        assert stage["x"] < middle[0] < stage["x"] + stage["width"], adcode
        assert stage["y"] < middle[1] < stage["y"] + stage["height"], adcode


def test_t_switches_to_tiles_and_back(page):
    page.keyboard.press("t")
    assert shown(page)["query"] == "map=tile"
    is_tiled(page)
    page.keyboard.press("T")
    assert shown(page)["query"] == ""
    page.locator("#search-field").press_sequentially("t")
    assert shown(page)["query"] == "", "a letter in the search is a letter"


def test_chips_and_list_work_by_keyboard(page):
    page.locator('[data-drawer="cluster"] > summary').focus()
    page.keyboard.press("Enter")
    chip(page, "C1").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert shown(page)["query"] == "not=C1"
    page.keyboard.press("Escape")
    row = page.locator("#county-list .row-pick").first
    row.focus()
    page.keyboard.press("Enter")
    assert shown(page)["query"].startswith("not=C1&county=")
    assert shown(page)["count"] == len([1 for ids in facts().values() if "C1" not in ids])
