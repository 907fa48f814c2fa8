"""What an office asks of the atlas, in at most five presses each."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from atlas_server import AtlasServer
from openpyxl import Workbook
from playwright.sync_api import Locator, Page, expect
from pptx import Presentation

MOST = 5


class Hand:
    """Presses, and counts the presses; to type a name and take the first that is found is one."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def press(self, what: str | Locator) -> None:
        (self.page.locator(what).first if isinstance(what, str) else what).click()
        self._counted()

    def seek(self, name: str) -> None:
        self.page.locator("#search-field").fill(name)
        expect(self.page.locator("#search [role=option]").first).to_contain_text(name)
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        self._counted()

    def _counted(self) -> None:
        self.presses += 1
        assert self.presses <= MOST


@pytest.fixture
def hand(page: Page) -> Hand:
    return Hand(page)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AtlasServer]:
    """Serve an atlas into which a table may be imported."""
    running = AtlasServer("--data-folder", str(tmp_path_factory.mktemp("tasks"))).wait()
    yield running
    assert "Traceback" not in running.stop()


def drawer(name: str) -> str:
    return f'[data-drawer="{name}"] > summary'


def test_who_has_wind_and_csp_and_is_in_no_cluster(hand, page):
    hand.press(drawer("energy"))
    hand.press('#rail [data-option="WIND"]')
    hand.press('#rail [data-option="CSP"]')
    hand.press('[data-choice="energy_op=all"]')
    page.locator(drawer("cluster")).hover()
    expect(page.locator('[data-drawer="cluster"]')).to_have_attribute("open", "")
    hand.press('[data-whole="cluster"][data-state="exclude"]')
    expect(page.locator("#map-title")).to_have_text("没有县（市、区）符合：不在任何集群，风电 且 光热")
    expect(page.locator("#notice")).to_contain_text("去掉")


def test_how_a_county_stands_and_where_from(hand, page):
    hand.seek("瓜州")
    card = page.locator("#card")
    expect(card.locator("h2")).to_have_text("瓜州县")
    expect(card.locator(".card-fact").first).to_contain_text("地区生产总值")
    hand.press(card.locator(".card-fact").first.locator(".source-mark").first)
    expect(page.locator("#provenance")).to_contain_text("来源")


def test_a_prefectures_table_is_loaded_and_who_is_short_is_seen(visit, site, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["县区", "2025年地区生产总值（亿元）"])
    for name, value in (("瓜州县", 150.5), ("敦煌市", 120), ("玉门市", 320)):
        sheet.append([name, value])
    file = tmp_path / "酒泉市2025年.xlsx"
    book.save(file)
    page = visit(on=site.url)
    hand = Hand(page)
    hand.press('#pages [data-page="/data"]')
    page.locator("#import-source").fill("酒泉市统计局")
    page.keyboard.press("Tab")
    page.locator("#import-file input[type=file]").set_input_files(file)
    hand.press("#import-accept")
    expect(page.locator("#accept-room")).to_contain_text("已存入")
    expect(page.locator("#accept-room")).to_contain_text("1个未达，看名单")
    hand.press(page.locator('#accept-room a[href^="/prefecture/620900"]'))
    expect(page.locator("#sheet")).to_contain_text("瓜州县还差49.5亿元")


def test_a_prefectures_three_minutes(visit, hand, page):
    hand.press("#palette-button")
    page.keyboard.type("酒泉市")
    page.locator("#palette [role=option]").filter(has_text="酒泉市").first.wait_for()
    hand.press(page.locator("#palette [role=option]").filter(has_text="市州").first)
    expect(page).to_have_url(re.compile("/prefecture/620900"))
    hand.press(page.get_by_role("link", name="放映本市州"))
    expect(page.locator("#scene-title")).to_contain_text("酒泉市")


def test_one_sheet_of_a_county(hand, page):
    hand.seek("甘州")
    hand.press(page.locator("#card").get_by_role("link", name="县页"))
    expect(page.locator("#sheet .sheet h2").first).to_contain_text("甘州区")
    hand.press(page.locator("#sheet [data-action='take-print'], #sheet #take-print").first)
    assert page.evaluate("window.printed") == 1


def test_the_chemical_counties_map_for_ones_own_slides(hand, page):
    hand.press(drawer("cluster"))
    hand.press('#rail [data-option="C4"]')
    hand.press("#take button")
    with page.expect_download() as taken:
        hand.press("#take-map-pptx")
    shown = Presentation(io.BytesIO(Path(taken.value.path()).read_bytes()))
    (slide,) = shown.slides
    assert slide.shapes.title.text_frame.text.startswith("化工及煤电的22个县")
