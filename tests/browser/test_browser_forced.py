"""Forced colours, as of Windows' contrast themes: a fill that is the meaning stays, and what is pressed shows."""

from __future__ import annotations

import pytest

GROUND = "(one) => getComputedStyle(one).backgroundColor"


@pytest.fixture
def page(visit):
    page = visit("cluster=C1", forced_colors="active")
    assert page.evaluate("() => matchMedia('(forced-colors: active)').matches")
    return page


def test_the_legend_shows_the_maps_fills_and_a_chip_that_it_is_pressed(page):
    swatches = dict(
        page.eval_on_selector_all(
            "#legend .swatch[data-class]",
            "(all) => all.map((one) => [one.dataset.class, getComputedStyle(one).backgroundColor])",
        )
    )
    fills = page.evaluate(
        """() => Object.fromEntries(Atlas.map.paths.filter((path) => path.dataset.match === "1")
          .map((path) => [path.dataset.class, getComputedStyle(path).fill]))"""
    )
    assert len(fills) > 2 and fills == {cls: swatches[cls] for cls in fills}
    pressed, plain = (page.eval_on_selector(f'#rail [data-option="{id}"]', GROUND) for id in ("C1", "C2"))
    assert pressed != plain


def test_a_dot_that_is_held_shows(page):
    page.evaluate("Atlas.go('/overlap')")
    page.locator(".upset .dot > .is-held").first.wait_for()
    held = page.eval_on_selector(".upset .dot > .is-held", GROUND)
    assert held != page.eval_on_selector(".upset .dot > span:first-child:not(.is-held)", GROUND)
