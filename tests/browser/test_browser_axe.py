"""axe-core finds nothing serious, in every main state."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from readings import go

PHONE = {"size": (390, 844), "has_touch": True, "is_mobile": True}
# Only what is wrong is written down, which halves the time; style sheets are fetched anew for one rule alone, which is
# experimental and off, as media are for that of sounds that play by themselves.
RULES = {"reporter": "no-passes", "preload": False, "rules": {"target-size": {"enabled": True}}}
STATES = {
    "default": ("", {}),
    "filter and card": ("band=B4,B5&cluster=C2&not=WIND&county=620922", {}),
    "tile": ("map=tile&layer=cluster", {}),
    "panels": ("map=panels&layer=energy&energy=CSP", {}),
    "dark": ("theme=dark&layer=road&county=621121", {}),
    "dark tile": ("theme=dark&layer=energy&energy=WIND&map=tile&not=PSH", {}),
    "English": ("lang=en&layer=population&county=620102", {}),
    "empty": ("band=B1&energy=WIND", {}),
    "phone": ("", PHONE),
    "phone with card": ("county=620922&theme=dark", PHONE),
    "filter drawer": ("cluster=C1", PHONE),
    "spread": ("layer=cluster", {}),
    "spread dark": ("theme=dark&lang=en", {}),
    "menu": ("", {}),
    "search": ("", {}),
    "focus": ("", {}),
}


@pytest.mark.parametrize("state", STATES)
def test_nothing_serious(visit, state):
    query, options = STATES[state]
    page = visit(query, **options) if options else go(visit.home(), query)
    page.emulate_media(reduced_motion="reduce")
    if state == "filter drawer":
        page.locator('#masthead [data-action="toggle-filter"]').click()
    elif state.startswith("spread"):
        page.locator("#spread-toggle").click()
        page.locator("#spread-graph .barlayer .point").first.wait_for()
        page.locator("#spread-table summary").click()
    elif state == "menu":
        page.locator("#take button.dropdown-toggle").click()
        expect(page.locator("#take-png")).to_be_visible()
    elif state == "search":
        page.locator("#search-field").press_sequentially("gz")
        page.locator("#search [role=option]").first.wait_for()
    elif state == "focus":
        page.keyboard.press("Tab")
        page.evaluate("() => Atlas.map.focusOn(10)")
    elif state == "filter and card":
        expect(page.locator("#card h2")).to_be_visible()
        page.locator("#card .source-mark").first.click()
        expect(page.locator("#provenance")).to_be_visible()
    # An open menu lies over the list's order for as long as it is open. What the inset's names stand on is a shape over
    # another, of which the checker takes the wrong one; their inks are held by tests/layouts/test_layouts_colours.py.
    context = {"exclude": [["#inset-labels"], *([["#sort"]] if state == "menu" else [])]}
    found = Axe().run(page, context=context, options=RULES).response["violations"]
    lines = [
        f"{one['impact']}: {one['id']}: {one['help']}: " + " | ".join(str(node["target"]) for node in one["nodes"][:4])
        for one in found
    ]
    print("\n".join(lines))
    serious = [line for line in lines if line.startswith(("serious", "critical"))]
    assert not serious, "\n".join(serious)
