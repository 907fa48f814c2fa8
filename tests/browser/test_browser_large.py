"""The large figures: they lead the map and the progress page, are large on every screen, and follow the filter."""

from __future__ import annotations

import pytest
from plan_files import by_option

from layouts.facts.layers import LAYERS
from layouts.parts.large import FIGURES

HELD = by_option()
SCREENS = {(1920, 1080): 40, (1366, 768): 28, (390, 844): 28}
# The figures on the page, and what of the heading lies over the legend, the map or another part of it.
LOOK = """() => {
  const box = (one) => one.getBoundingClientRect(), byId = (id) => document.getElementById(id);
  const heading = [...document.querySelectorAll("#map-large > div, #map-title, #map-sentence")];
  const over = (a, b) => a.right > b.left + 1 && a.left < b.right - 1 && a.bottom > b.top + 1 && a.top < b.bottom - 1;
  const land = box(byId("counties"));
  return {
    figures: [...document.querySelectorAll("#map-large dd")].map((one) =>
      [Number(one.textContent), parseFloat(getComputedStyle(one).fontSize), Math.round(box(one).top)]),
    over: heading.flatMap((a, n) => [
      ...(over(box(a), box(byId("legend"))) ? [`legend: ${a.textContent}`] : []),
      ...(over(box(a), land) ? [`map: ${a.textContent}`] : []),
      ...(box(a).right > innerWidth ? [`edge: ${a.textContent}`] : []),
      ...heading.slice(n + 1).filter((b) => over(box(a), box(b))).map((b) => `${a.textContent} / ${b.textContent}`),
    ]),
  };
}"""


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SCREENS)
def test_they_are_large_and_in_nothings_way(visit, size, lang):
    page = visit(f"lang={lang}", size=size)
    for layer in LAYERS:
        page.evaluate("(layer) => Atlas.change({ layer })", layer)
        page.wait_for_function(
            "(layer) => document.querySelector('#legend .swatch').dataset.layer === layer", arg=layer
        )
        seen = page.evaluate(LOOK)
        amounts, sizes, tops = zip(*seen["figures"], strict=True)
        assert 1 < len(amounts) <= len(FIGURES) and all(amounts), "of nobody nothing is said"
        assert amounts[0] == sum(amounts[1:]) == 68
        assert min(sizes) >= SCREENS[size]
        assert len(set(tops)) == (2 if size[0] == 390 else 1)
        assert not seen["over"], layer


def test_both_pages_say_the_same_and_follow_the_filter(visit):
    page = visit("cluster=C1")
    page.wait_for_function("() => document.querySelector('#map-large dd')")
    amounts = [one[0] for one in page.evaluate(LOOK)["figures"]]
    assert amounts[0] == len(HELD["C1"] - HELD["none"]) == sum(amounts[1:])
    page.evaluate("Atlas.go('/progress')")
    page.locator("#progress-live .large dd").first.wait_for()
    assert page.locator("#progress-live .large dd:visible").all_inner_texts() == [str(n) for n in amounts]
