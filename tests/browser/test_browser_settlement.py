"""The settlement page in a browser: nothing runs over, what if answers in place, and the back row reads the names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from atlas_server import AtlasServer
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from settlement_files import COUNTIES, filled
from test_browser_axe import PHONE, RULES

WIDE = (1920, 1080)
BLIND = [(COUNTIES[at], "地区生产总值增速") for at in (4, 30, 61)]
OVER = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Iterator[str]:
    """Serve an atlas with a made-up scheme and table."""
    folder = tmp_path_factory.mktemp("settled")
    filled(folder, without=BLIND).close()
    running = AtlasServer("--data-folder", str(folder)).wait()
    yield running.url
    assert "Traceback" not in running.stop()


def test_it_fits_and_nothing_in_it_is_serious(visit, full):
    for on, path, query, options in (
        (full, "/settlement/2025", "?lang=en&theme=dark", {}),
        (full, "/settlement/2025", "", PHONE),
        (visit.server.url, "/settlement/2021", "", PHONE),
    ):
        page = visit.blank(on=on, **options)
        page.goto(f"{on}{path}{query}")
        expect(page.locator(".settle-row").first).to_be_visible()
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(OVER) <= 0
        found = Axe().run(page, options=RULES).response["violations"]
        serious = [
            f"{one['id']}: {one['nodes'][0]['target']}" for one in found if one["impact"] in ("serious", "critical")
        ]
        assert not serious


def test_what_if_and_the_order_are_answered_in_place(visit, full):
    page = visit.blank(on=full)
    page.goto(f"{full}/settlement/2025")
    page.locator("#settle-place").select_option(BLIND[0][0])
    page.locator("#settle-figure").select_option("gdp_growth|2025")
    page.locator("#settle-value").fill("9.5")
    page.locator("#settle-value").press("Enter")
    expect(page.locator("#settle-tried")).to_contain_text("试算")
    page.locator("#settle-value").fill("很多")
    page.locator("#settle-try").click()
    expect(page.locator("#settle-tried")).to_contain_text("请选一个县")
    page.locator("#settle-indicator").select_option("va1")
    expect(page.locator("#settle-order .source-mark").first).to_be_visible()
    page.locator("#settle-order .source-mark").first.click()
    expect(page.locator("#provenance")).to_be_visible()


def test_the_back_row_reads_the_scenes_and_none_has_anything_below_the_fold(visit, full):
    page = visit.blank(size=WIDE, on=full)
    page.goto(f"{full}/meeting/ready#/settlement/2025")
    for part, names in (("", ".settle-county"), ("-talks", ".settle-readings p"), ("-calls", ".settle-table td")):
        page.evaluate("(part) => { location.hash = `#/settlement/2025${part}`; }", part)
        shown = page.locator(f"#sheet {names}")
        expect(shown.first).to_be_visible()
        expect(page.locator("#sheet .settle-stamp")).to_be_visible()
        sizes, low, rows = page.evaluate(
            """(names) => {
              const zoom = Number(getComputedStyle(document.documentElement).getPropertyValue("--stage"));
              const all = [...document.querySelectorAll(`#sheet ${names}`)].filter((one) => one.offsetParent);
              const { scrollHeight, clientHeight } = document.getElementById("sheet");
              const sizes = all.map((one) => parseFloat(getComputedStyle(one).fontSize) * zoom);
              return [sizes, scrollHeight - clientHeight, all.length];
            }""",
            names,
        )
        assert rows and min(sizes) >= 28, part
        assert low <= 1, part
