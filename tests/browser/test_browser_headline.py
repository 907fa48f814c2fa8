"""The map's first five seconds: a large finding, the legend in its strip, and the map over most of the screen."""

from __future__ import annotations

import random
import re

import pytest
from days import TODAY
from playwright.sync_api import expect
from readings import NEXT_FRAME, random_filters, use

from layouts.facts.atlas import open_atlas
from layouts.facts.headline import headline
from layouts.facts.layers import LAYERS
from layouts.facts.view import View

SCREENS = {(1920, 1080): 36, (1366, 768): 26, (390, 844): 20}  # px of the finding
MOST = 0.55  # of the window is the map's, at a desk
# What lies over another of heading, legend strip, map and list, or beyond the window; and how much the map has.
LOOK = """() => {
  const box = (id) => document.getElementById(id).getBoundingClientRect();
  const ids = ["map-heading", "legend", "map-stage", "side"], rooms = ids.map(box);
  const over = (a, b) => a.right > b.left + 1 && a.left < b.right - 1 && a.bottom > b.top + 1 && a.top < b.bottom - 1;
  const title = document.getElementById("map-title");
  return {
    size: parseFloat(getComputedStyle(title).fontSize),
    share: box("map-stage").width * box("map-stage").height / innerWidth / innerHeight,
    over: ids.flatMap((id, n) => ids.slice(n + 1)
      .filter((_, m) => over(rooms[n], rooms[n + m + 1])).map((other) => `${id} ${other}`)),
    cut: title.scrollWidth > title.clientWidth + 1 || box("map-heading").right > innerWidth + 1,
  };
}"""
SAID = f"""async (queries) => {{
  const said = [];
  for (const query of queries) {{
    Atlas.change(Atlas.read(query), {{ push: false }});
    await ({NEXT_FRAME})();
    said.push(document.getElementById("map-title").textContent);
  }}
  return said;
}}"""


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SCREENS)
def test_the_finding_is_large_and_nothing_lies_over_another(visit, size, lang):
    page = visit(f"lang={lang}", size=size)
    for layer in LAYERS:
        page.evaluate("(layer) => Atlas.change({ layer })", layer)
        expect(page.locator("#legend .swatch").first).to_have_attribute("data-layer", layer)
        seen = page.evaluate(LOOK)
        assert seen["size"] >= SCREENS[size]
        assert not seen["over"] and not seen["cut"], (layer, seen)
        assert seen["share"] >= MOST or size[0] == 390, (layer, seen["share"])


def test_it_says_what_python_says(page):
    """Of layers and random filters, in both languages."""
    atlas, chance = open_atlas(today=TODAY), random.Random(14)
    layers = [layer for layer in LAYERS if not LAYERS[layer].of_store]
    views = [
        View(layer=chance.choice(layers), filter=chosen, lang=chance.choice(("zh", "en")))
        for chosen in random_filters(chance, 60)
    ]
    views += [View(layer=layer, lang=lang) for layer in layers for lang in ("zh", "en")]
    said = page.evaluate(SAID, [view.query() for view in views])
    assert dict(zip(views, said, strict=True)) == {view: headline(atlas, view) for view in views}


def test_what_is_chosen_is_always_in_sight_and_goes_by_a_press(page):
    expect(page.locator("#chosen-line")).to_be_hidden()
    for press in ('[data-option="WIND"]', '[data-option="CSP"]', '[data-whole="cluster"][data-state="exclude"]'):
        use(page, press)
    assert page.locator("#chosen .chosen-chip").all_inner_texts() == ["不在任何集群", "风\n风电", "热\n光热"]
    use(page, '[data-choice="energy_op=all"]')
    expect(page.locator("#match-count")).to_have_text("0 个县（市、区）")
    page.get_by_role("button", name="去掉不在任何集群").click()
    page.get_by_role("button", name="去掉光热").click()
    expect(page.locator("#match-count")).to_have_text("15 个县（市、区）")
    expect(page).to_have_url(re.compile(r"\?energy=WIND&energy_op=all$"))


def test_one_drawer_is_open_at_a_time_and_escape_shuts_it(page):
    drawers = page.locator(".filter-drawer")
    drawers.nth(2).locator("summary").click()
    drawers.nth(1).locator("summary").click()
    expect(page.locator(".filter-drawer[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".filter-drawer[open]")).to_have_count(0)
    expect(drawers.nth(1).locator("summary")).to_be_focused()
    drawers.nth(0).locator("summary").click()
    page.locator("#map-stage").click(position={"x": 700, "y": 500})
    expect(page.locator(".filter-drawer[open]")).to_have_count(0)
