"""The three forms of the map, its labels, and the zoom."""

from __future__ import annotations

from itertools import combinations

import pytest
from days import TODAY
from plan_files import PUBLISHED, by_option, facts, rows
from playwright.sync_api import Page, expect
from readings import OPTIONS, at_rest, choose, go, resize, shown
from shipped import PLAN
from watched import settle

from targets import progress
from targets.counties import load_counties
from targets.published import load_published
from targets.today import known_by

HELD = by_option()
PREFECTURE = {row["adcode"]: row["prefecture_code"] for row in rows("counties")}
SIZES = {"laptop": (1366, 768), "projector": (1920, 1080)}
BOXES = """() => Atlas.map.paths.map((path) => {
  const box = path.getBoundingClientRect();
  return [path.dataset.adcode, box.left, box.top, box.right, box.bottom];
})"""
# The ink of every written label: where its letters really are, not the taller box of its line.
INK = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const inset = getComputedStyle(document.getElementById("inset")).display === "none" ? "" : ", #inset-labels .name";
  const written = [...document.querySelectorAll(`#labels .name, #labels .role-marks${inset}`)];
  return written.filter((text) => text.textContent).map((text) => {
    const style = getComputedStyle(text), toScreen = text.getScreenCTM();
    const size = parseFloat(style.fontSize);
    pen.font = `${style.fontWeight} ${size}px ${style.fontFamily}`;
    const ink = pen.measureText(text.textContent), wide = ink.actualBoundingBoxLeft + ink.actualBoundingBoxRight;
    const at = new DOMPoint(text.getAttribute("x"), text.getAttribute("y")).matrixTransform(toScreen);
    const scale = toScreen.a, half = wide * scale / 2;
    const whole = text.parentNode.matches(".label") ? text.parentNode : text;
    return { text: text.textContent, label: whole.textContent, size: size * scale, box: [
      at.x - half, at.y - ink.actualBoundingBoxAscent * scale,
      at.x + half, at.y + ink.actualBoundingBoxDescent * scale] };
  });
}"""
SCALE = "() => d3.zoomTransform(document.getElementById('county-map')).k"


def lies_over(a: list[float], b: list[float], tolerance: float = 0.5) -> bool:
    return (
        min(a[2], b[2]) - max(a[0], b[0]) > tolerance and min(a[3], b[3]) - max(a[1], b[1]) > tolerance
    )  # fmt: skip


def overlaps(page: Page) -> list[tuple[str, str]]:
    """Return the labels that run into each other; a name and the marks under it are one label."""
    written = page.evaluate(INK)
    assert written
    return [
        (a["text"], b["text"])
        for a, b in combinations(written, 2)
        if a["label"] != b["label"] and lies_over(a["box"], b["box"])
    ]


# ---- equal tiles


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_tiles_are_equal_squares_that_do_not_overlap(page, size):
    resize(page, size)
    page.locator('[data-choice="map=tile"]').click()
    at_rest(page)
    boxes = {adcode: box for adcode, *box in page.evaluate(BOXES)}
    assert len(boxes) == 87
    sides = {round(b[2] - b[0], 1) for b in boxes.values()} | {round(b[3] - b[1], 1) for b in boxes.values()}
    assert max(sides) - min(sides) <= 0.2 and min(sides) >= 24, sides
    assert not [pair for pair in combinations(boxes, 2) if lies_over(boxes[pair[0]], boxes[pair[1]], 0)]
    expect(page.locator("#inset")).to_be_hidden()
    stage = page.locator("#map-stage").bounding_box()
    for adcode, box in boxes.items():
        assert stage["x"] <= box[0] and box[2] <= stage["x"] + stage["width"], adcode
        assert stage["y"] <= box[1] and box[3] <= stage["y"] + stage["height"], adcode


def test_tiles_stand_roughly_in_place(page):
    """Half of all pairs would stand right by chance: the squares keep the map's order of west–east and north–south."""
    true = {adcode: box for adcode, *box in page.evaluate(BOXES)}
    page.locator('[data-choice="map=tile"]').click()
    at_rest(page)
    tiles = {adcode: box for adcode, *box in page.evaluate(BOXES)}

    def middle(box: list[float], axis: int) -> float:
        return (box[axis] + box[axis + 2]) / 2

    for axis in (0, 1):
        pairs = [
            (middle(true[a], axis) - middle(true[b], axis)) * (middle(tiles[a], axis) - middle(tiles[b], axis))
            for a, b in combinations(true, 2)
            if abs(middle(tiles[a], axis) - middle(tiles[b], axis)) > 1
        ]
        assert sum(product > 0 for product in pairs) / len(pairs) > 0.85


def test_going_back_to_the_true_map_restores_every_outline(page):
    read_paths = """() => [...document.querySelectorAll("#counties path, #borders, #outline")].map(
      (path) => [path.id, path.getAttribute("d")])"""
    before = page.evaluate(read_paths)
    page.locator('[data-choice="map=tile"]').click()
    at_rest(page)
    assert page.evaluate(read_paths) != before
    page.locator('[data-choice="map=true"]').click()
    at_rest(page)
    assert page.evaluate(read_paths) == before
    expect(page.locator("#inset")).to_be_visible()


def test_the_true_map_glides_into_the_tiles(page):
    """Between the two forms there are shapes that are neither; on a machine too busy to show them, it may try again."""
    page.evaluate(
        """() => {
          window.between = 0;
          const path = Atlas.map.paths[30];
          const between = /^M-?\\d+ -?\\d+L/;
          new MutationObserver(() => { if (between.test(path.getAttribute("d"))) window.between += 1; }).observe(
            path, { attributes: true, attributeFilter: ["d"] });
        }"""
    )
    for form in ("tile", "true") * 3:
        page.locator(f'[data-choice="map={form}"]').click()
        at_rest(page)
        if page.evaluate("between"):
            return
    pytest.fail("the map jumps")


def test_reduced_motion_jumps_at_once(page):
    page.emulate_media(reduced_motion="reduce")
    at_once = """(choice) => {
      document.querySelector(`[data-choice="${choice}"]`).click();
      return Atlas.map.paths.map((path) => path.getAttribute("d"));
    }"""
    true = page.evaluate("() => Atlas.map.paths.map((path) => path.getAttribute('d'))")
    tiles = page.evaluate(at_once, "map=tile")
    assert all(d.count("h") == 2 and d.count("v") == 1 for d in tiles)
    assert page.evaluate(at_once, "map=true") == true
    assert (
        page.evaluate("() => { document.querySelector('[data-action=zoom-in]').click(); return (" + SCALE + ")(); }")
        > 1
    )


def test_leaving_a_form_before_it_has_arrived(page):
    """Pressing on before the glide ends leaves the form that was pressed last."""
    page.evaluate("() => { for (const map of ['tile', 'true', 'tile', 'panels', 'true']) Atlas.change({ map }); }")
    at_rest(page)
    assert page.evaluate("() => Atlas.map.paths.every((path) => !/^M-?\\d+ -?\\d+h/.test(path.getAttribute('d')))")
    expect(page.locator("#inset")).to_be_visible()
    assert page.evaluate("() => document.querySelectorAll('#labels .label').length") > 20


# ---- panels


def panel_members(layer: str) -> dict[str, set[str]]:
    if layer == "progress":
        rules = progress.Rules(TODAY, PLAN)
        known = known_by(load_published().observations, TODAY)
        states = progress.assess(load_counties(PLAN), known, None, rules)["state"]
        # A state that nobody is in has no panel.
        return {state: held for state in rules.states if (held := set(states.index[states == state]))}
    if layer != "population":
        return {option: HELD[option] for option in OPTIONS[layer]}
    bounds = (0, 100_000, 200_000, 300_000, 400_000, 600_000)
    people = {
        row["adcode"]: int(row["population"]) for row in rows("census2020", PUBLISHED) if row["adcode"] in facts()
    }
    classes: dict[str, set[str]] = {f"P{i + 1}": set() for i in range(6)}
    for adcode, number in people.items():
        classes[f"P{sum(number >= bound for bound in bounds)}"].add(adcode)
    return classes


@pytest.mark.parametrize(
    ("layer", "amount"), [("cluster", 5), ("energy", 6), ("road", 4), ("band", 7), ("population", 6), ("progress", 4)]
)
def test_panels_show_one_small_map_a_class(page, layer, amount):
    go(page, f"layer={layer}&map=panels")
    expected = panel_members(layer)
    assert len(expected) == amount
    look = """() => [...document.querySelectorAll("#panels .panel")].map((panel) => ({
      shapes: panel.querySelectorAll("svg .small-county").length,
      held: [...panel.querySelectorAll('.small-county[data-held="1"]')].map((path) => path.dataset.for),
      lit: [...panel.querySelectorAll('.small-county[data-held="1"][data-match="1"]')].map((path) => path.dataset.for),
      count: Number(panel.querySelector(".panel-count").textContent),
      option: panel.querySelector("[data-legend]")?.dataset.legend,
      box: panel.querySelector("svg").getBoundingClientRect().toJSON() }))"""
    expect(page.locator("#county-map")).to_be_hidden()
    found = page.evaluate(look)
    assert [panel["shapes"] for panel in found] == [87] * amount
    assert [set(panel["held"]) for panel in found] == list(expected.values())
    assert [panel["count"] for panel in found] == [len(held) for held in expected.values()]
    if layer not in ("population", "progress"):
        assert [panel["option"] for panel in found] == list(expected)
    stage = page.locator("#stage").bounding_box()
    for panel in found:
        assert panel["box"]["width"] > 120 and panel["box"]["height"] > 60
        assert panel["box"]["bottom"] <= stage["y"] + stage["height"] + 1
    choose(page, "620900")
    for panel, held in zip(page.evaluate(look), expected.values(), strict=True):
        assert set(panel["lit"]) == held & HELD["620900"]
        assert panel["count"] == len(held & HELD["620900"])
    page.locator('#panels [data-for="620922"]').first.dispatch_event("click")
    expect(page.locator("#card h2")).to_have_text("瓜州县")
    ring = page.locator("#panels .small-picked").first.get_attribute("d")
    assert ring and ring == page.locator('#panels [data-for="620922"]').first.get_attribute("d")


def test_a_panels_title_filters(page):
    go(page, "layer=cluster&map=panels")
    page.locator('#panels [data-legend="C3"]').click()
    assert set(shown(page)["list"]) == HELD["C3"]
    expect(page.locator('#panels [data-legend="C3"]')).to_have_attribute("aria-pressed", "true")


def test_the_picked_county_survives_every_form(page):
    page.locator("#c621223").click()
    for form in ("tile", "panels", "true", "panels", "tile"):
        page.locator(f'[data-choice="map={form}"]').click()
        settle(page)
        at_rest(page)
        expect(page.locator("#card h2")).to_have_text("宕昌县")
        page.evaluate("() => Atlas.atRest()")
        assert "county=621223" in page.url
        if form == "panels":
            assert page.locator("#panels .small-picked").first.get_attribute("d")
        else:
            assert page.locator("#picked-ring").get_attribute("d") == page.locator("#c621223").get_attribute("d")


# ---- labels

# The counties of a prefecture that have no name on the map.
UNNAMED = """(code) => {
  const named = [...document.querySelectorAll("#labels .name")].map((one) => one.textContent);
  return Atlas.counties.filter(({ prefecture }) => prefecture === code)
    .filter(({ zh, en }) => !named.some((name) => name === en || zh.startsWith(name))).map(({ zh }) => zh);
}"""


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_labels_never_overlap(page, size, lang):
    resize(page, size)
    go(page, "lang=en" if lang == "en" else "")
    page.emulate_media(reduced_motion="reduce")
    wrong = {}
    for layer in ("band", "cluster", "energy"):
        page.locator(f'[data-choice="layer={layer}"]').click()
        at_rest(page)
        wrong[layer] = overlaps(page)
        page.locator('[data-choice="map=tile"]').click()
        at_rest(page)
        wrong[layer, "tile"] = overlaps(page)
        page.locator('[data-choice="map=true"]').click()
        for code in ("620100", "622900", "620900"):
            page.evaluate("(code) => Atlas.map.zoomToPrefecture(code)", code)
            at_rest(page)
            wrong[layer, code] = overlaps(page)
            assert page.evaluate(UNNAMED, code) == [], "every county that is in sight is named"
        page.evaluate("() => Atlas.map.resetZoom()")
    assert not {state: found for state, found in wrong.items() if found}


def test_labels_name_their_county(page):
    """Each label stands on the county whose name, or the stem of whose name, it writes."""
    at_rest(page)
    found = page.evaluate(
        """() => [...document.querySelectorAll("#labels .label:not(.is-beside) .name")].map((text) => {
          const toScreen = text.getScreenCTM();
          const at = new DOMPoint(text.getAttribute("x"), text.getAttribute("y")).matrixTransform(toScreen);
          const size = parseFloat(getComputedStyle(text).fontSize) * toScreen.a;
          const below = document.elementsFromPoint(at.x, at.y - size * 0.36).find((one) => one.matches("path.county"));
          return [text.textContent, below?.dataset.adcode];
        })"""
    )
    names = {row["adcode"]: row["name_short"] for row in rows("counties")} | {"620200": "嘉峪关市"}
    assert len(found) > 30
    assert not [(text, adcode) for text, adcode in found if not names.get(adcode, "").startswith(text)]


def test_labels_are_large_enough_to_read(page):
    small = page.evaluate(INK)
    assert min(one["size"] for one in small) >= 10
    resize(page, (1920, 1080))
    large = page.evaluate(INK)
    assert len(large) >= len(small) and min(one["size"] for one in large) > 10


# ---- zoom


def middle_of(page: Page, adcode: str) -> tuple[float, float]:
    box = page.locator(f"#c{adcode}").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_buttons_and_wheel_zoom_and_reset(page):
    labels = page.locator("#labels .label")
    at_rest(page)
    before = labels.count()
    page.locator('[data-action="zoom-in"]').click()
    at_rest(page)
    once = page.evaluate(SCALE)
    assert once > 1
    expect(page.locator("#inset")).to_be_hidden()
    page.locator('[data-action="zoom-in"]').click()
    at_rest(page)
    assert page.evaluate(SCALE) > once
    assert labels.count() > before
    page.locator('[data-action="zoom-out"]').click()
    at_rest(page)
    assert abs(page.evaluate(SCALE) - once) < 0.01
    page.locator('[data-action="zoom-reset"]').click()
    at_rest(page)
    assert page.evaluate(SCALE) == 1
    expect(page.locator("#inset")).to_be_visible()
    assert labels.count() == before
    centre = middle_of(page, "621027")
    page.mouse.move(*centre)
    page.mouse.wheel(0, -600)
    page.wait_for_function(f"() => ({SCALE})() > 1.5")
    at_rest(page)
    after = middle_of(page, "621027")
    assert abs(after[0] - centre[0]) < 6 and abs(after[1] - centre[1]) < 6, "the place under the pointer stays"
    assert shown(page)["query"] == ""


def test_dragging_moves_the_zoomed_map_and_picks_nothing(page):
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("() => Atlas.map.zoomToPrefecture('620600')")
    at_rest(page)
    before = page.locator("#c620622").bounding_box()
    page.mouse.move(650, 400)
    page.mouse.down()
    page.mouse.move(700, 430, steps=4)
    page.mouse.up()
    at_rest(page)
    after = page.locator("#c620622").bounding_box()
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (50, 30)
    assert shown(page)["query"] == ""


@pytest.mark.parametrize("form", ["true", "tile"])
def test_zoom_to_a_prefecture_shows_all_of_it(page, form):
    go(page, "" if form == "true" else "map=tile")
    page.emulate_media(reduced_motion="reduce")
    at_rest(page)
    stage = page.locator("#county-map").bounding_box()
    page.locator("#zoom-to").select_option("620900")
    at_rest(page)
    assert page.evaluate(SCALE) > 1.2
    for code in OPTIONS["prefecture"]:
        boxes = page.evaluate("(code) => { Atlas.map.zoomToPrefecture(code); return (" + BOXES + ")(); }", code)
        inside = [box for adcode, *box in boxes if PREFECTURE.get(adcode, "620200") == code]
        assert len(inside) == max(1, len(HELD.get(code, ())))
        for left, top, right, bottom in inside:
            assert stage["x"] - 1 <= left and right <= stage["x"] + stage["width"] + 1, code
            assert stage["y"] - 1 <= top and bottom <= stage["y"] + stage["height"] + 1, code
    page.locator("#zoom-to").select_option("all")
    at_rest(page)
    assert page.evaluate(SCALE) == 1


def test_reset_also_resets_the_choice_of_prefecture(page):
    page.emulate_media(reduced_motion="reduce")
    page.locator("#zoom-to").select_option("620900")
    assert page.evaluate(SCALE) > 1
    page.locator('[data-action="zoom-reset"]').click()
    assert page.evaluate(SCALE) == 1
    expect(page.locator("#zoom-to")).to_have_value("all")


def test_the_card_zooms_to_its_prefecture(page):
    go(page, "county=621223")
    page.emulate_media(reduced_motion="reduce")
    page.locator('#card [data-action="zoom-county"]').click()
    assert page.evaluate(SCALE) > 1
    stage, box = page.locator("#county-map").bounding_box(), page.locator("#c621223").bounding_box()
    assert stage["x"] < box["x"] and box["x"] + box["width"] < stage["x"] + stage["width"]


# ---- the pointer


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("query", ["", "map=tile", "layer=cluster", "map=tile&layer=energy"])
def test_nothing_lies_over_a_county(page, size, query):
    """Legend, heading, buttons, inset and park marks leave the middle of each county to the pointer."""
    resize(page, size)
    go(page, query)
    at_rest(page)
    covered = page.evaluate(
        """() => Atlas.map.paths.map((path, number) => {
          const county = Atlas.counties[number];
          const box = path.getBBox();
          const [x, y] = Atlas.map.form === "tile" ? [box.x + box.width / 2, box.y + box.height / 2] : county.label;
          const at = new DOMPoint(x, y).matrixTransform(path.getScreenCTM());
          const found = document.elementFromPoint(at.x, at.y);
          const above = [county.zh, found?.tagName, found?.getAttribute("class"), found?.closest("[id]")?.id];
          return found === path ? null : above;
        }).filter(Boolean)"""
    )
    assert not covered


def test_hovering_shows_the_card_of_what_is_under_the_pointer(page):
    card = page.locator("#hover-card")
    for adcode, name in (("620922", "瓜州县"), ("623025", "玛曲县")):
        page.locator(f"#c{adcode}").hover()
        expect(card).to_contain_text(name)
        assert page.locator("#hover-ring").get_attribute("d") == page.locator(f"#c{adcode}").get_attribute("d")
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()
    page.locator("#inset-shapes [data-for='622901']").hover()
    expect(card).to_contain_text("临夏市")
    page.locator("#inset-shapes [data-for='622901']").click()
    expect(page.locator("#card h2")).to_have_text("临夏市")
