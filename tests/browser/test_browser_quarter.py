"""A quarter and an opening that were imported, in the browser: the table sorts and filters, the map's hatch follows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from atlas_server import AtlasServer
from plan_files import rows
from playwright.sync_api import expect
from readings import choose
from watched import settle

from targets.importing import compare
from targets.intake import read_file
from targets.observations import open_store
from targets.published import load_published

ZHENYUAN = "621027"
SEEN = "(rows) => rows.map((row) => row.dataset.adcode)"
ROWS = "#quarter-table tbody tr:not([hidden])"


@pytest.fixture(scope="module")
def fed(tmp_path_factory) -> Iterator[AtlasServer]:
    """Serve an atlas with nine months of 2025 for all counties, and the opening of one road."""
    folder = tmp_path_factory.mktemp("quarter")
    store = open_store(None, load_published().observations, folder)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["县区", "地区生产总值（亿元）", "地区生产总值增速（%）"])
    table.writerows([row["name"], 30 + n, (n * 7 % 86) / 10] for n, row in enumerate(rows("counties")))
    for given, period in (
        (text.getvalue(), "2025Q3"),
        ("县名,指标,数值,备注\r\n镇原县,通车日期,2024-12-20,G8513\r\n", ""),
    ):
        reading = read_file(given.encode("utf-8-sig"), "a.csv", period=period, citation="调度表")
        assert reading.ok, reading.faults
        store.accept(compare(reading, store), "测试")
    store.close()
    running = AtlasServer("--data-folder", str(folder)).wait()
    yield running
    said = running.stop()
    assert "Traceback" not in said, f"the server raised:\n{said}"


def test_the_quarter_sorts_and_follows_the_filter(visit, fed):
    page = visit.blank(on=fed.url, size=(1366, 768))
    page.goto(f"{fed.url}/progress?period=2025Q3")
    expect(page.locator(ROWS)).to_have_count(86)
    codes = [row["adcode"] for row in rows("counties")]
    rate = {a: n * 7 % 86 for n, a in enumerate(codes)}
    assert page.locator(ROWS).evaluate_all(SEEN) == sorted(codes, key=rate.__getitem__)
    page.locator("#quarter-sort").select_option("level")
    assert page.locator(ROWS).evaluate_all(SEEN) == codes[::-1]
    settle(page)
    choose(page, "620400")
    expect(page.locator(ROWS)).to_have_count(5)
    expect(page.locator('[data-said="quarter_title"]')).to_contain_text("5个县有数")
    expect(page.locator('[data-said="quarter_found"]')).to_contain_text("5个有增速")


def test_an_imported_opening_and_the_states_are_on_the_map(visit, fed):
    page = visit.blank(on=fed.url, size=(1366, 768))
    page.goto(f"{fed.url}/?layer=road&county={ZHENYUAN}")
    settle(page)
    county = page.locator(f"#c{ZHENYUAN}")
    expect(county).to_have_attribute("data-road", "opened")
    expect(page.locator("#card")).to_contain_text("2024-12-20通车")
    county.focus()
    assert page.evaluate(f"Atlas.counties[Atlas.numberOf['{ZHENYUAN}']].opened") == 2024
    judged = page.locator("#c620702")
    assert "已达到" not in judged.get_attribute("aria-label")
    page.locator('[data-choice="layer=progress"]').click()
    expect(judged).to_have_attribute("aria-label", "甘州区，张掖市，300–500亿元，已达到")
    page.locator('[data-choice="layer=band"]').click()
    expect(judged).to_have_attribute("aria-label", "甘州区，张掖市，300–500亿元")
