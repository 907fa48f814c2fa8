"""The import as it is pressed: what is said after a file is chosen, files that cannot be, past states, two presses."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from atlas_server import AtlasServer
from axe_playwright_python.sync_playwright import Axe
from import_corpus import xlsx
from playwright.sync_api import Page, Route, expect
from test_browser_axe import RULES
from test_browser_data import choose
from test_browser_progress import filled
from watched import settle

from layouts.words import word
from targets.intake.package import MAX_FILE

SILENT = xlsx([["县区", "地区生产总值（亿元）", "增速（%）"], ["庆城县", 120.5, 6.1], ["酒泉市", 900, 5]])


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[AtlasServer]:
    """Serve an atlas with a store of its own, by one thread: whatever waits for another request would wait for ever."""
    running = AtlasServer("--data-folder", str(tmp_path_factory.mktemp("own")), "--threads", "1").wait()
    yield running
    said = running.stop()
    assert "Traceback" not in said, f"the server raised:\n{said}"


def opened(visit, site: AtlasServer, query: str = "") -> Page:
    page = visit.blank(on=site.url)
    page.goto(f"{site.url}/data{query}")
    filled(settle(page))
    page.emulate_media(reduced_motion="reduce")
    return page


def says(page: Page, id: str, part: str | re.Pattern[str]) -> None:
    expect(page.locator(id)).to_contain_text(part)


def test_a_file_is_read_anew_whatever_is_said_of_it_later(visit, site, tmp_path):
    page = opened(visit, site)
    choose(page, SILENT, "无时期.xlsx")
    says(page, "#import-room", "没有说明时期")
    page.locator("#import-period").fill("2024")
    page.locator("#import-period").press("Enter")
    expect(page.locator("#import-accept")).to_be_visible()
    says(page, "#import-room", "按左边一列的指标读")
    rows = page.locator("#import-room tbody tr:not(#how-read tr)")
    expect(rows).to_have_count(4)
    expect(rows.filter(has_text="2024年")).to_have_count(4)
    page.locator("#import-period").fill("2022")
    page.locator("#import-period").press("Tab")
    expect(rows.filter(has_text="2022年")).to_have_count(4)
    page.locator("#import-status-choice").select_option("初步")
    says(page, "#import-room", "由公报退为初步")

    # A file that is too large, or two at once: one sentence, and nothing of the file before.
    large = tmp_path / "大.xlsx"
    with large.open("wb") as made:
        made.truncate(MAX_FILE + 1)
    page.locator("#import-file input[type=file]").set_input_files(large)
    says(page, "#import-room", "“大.xlsx”有20.0 MB，超过20 MB，没有读取")
    expect(page.locator("#import-accept")).to_have_count(0)
    expect(page.locator("#import-room table")).to_have_count(0)
    # The very same file as before is read again.
    choose(page, SILENT, "无时期.xlsx")
    expect(rows.filter(has_text="2022年")).to_have_count(4)
    choose(page, SILENT, "无时期.xlsx")
    expect(page.locator("#import-accept")).to_be_visible()
    page.evaluate(
        """() => {
          const carried = new DataTransfer();
          for (const name of ["一.csv", "二.csv"]) carried.items.add(new File(["a"], name));
          document.querySelector("#import-file > div, #import-file").dispatchEvent(
            new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator("#import-room")).to_have_text(word("js_file_one", "zh"))
    expect(page.locator("#batches-room")).to_have_text(word("batches_none", "zh"))


def test_what_goes_on_is_said_with_the_seconds(visit, site):
    page = opened(visit, site)
    slow = re.compile("_dash-update-component")

    def wait(route: Route) -> None:
        if "import-room" in (route.request.post_data or "")[:60]:
            time.sleep(1.5)
        route.continue_()

    page.route(slow, wait)
    page.evaluate(
        """() => {
          const room = document.getElementById("import-progress");
          window.steps = [];
          new MutationObserver(() => window.steps.push(room.innerText))
            .observe(room, { childList: true, subtree: true, characterData: true });
        }"""
    )
    choose(page, xlsx([["2016年"], ["县区", "GDP（亿元）"], ["玉门市", 98.5]]), "慢.xlsx")
    expect(page.locator("#import-accept")).to_be_visible()
    expect(page.locator("#import-progress")).to_be_empty()
    said = page.evaluate("window.steps.join(' ')")
    assert word("js_step_send", "zh") in said and word("js_step_seconds", "zh", n=1) in said
    assert "%" not in said
    page.locator("#import-accept").click()
    expect(page.locator("#accept-room")).to_contain_text("已存入")
    assert word("js_step_seconds", "zh", n=1) in page.evaluate("window.steps.join(' ')")
    page.unroute(slow)


def test_past_states_rows_and_an_undo_in_two_presses(visit, site):
    page = opened(visit, site)
    page.locator("#import-period").fill("2015")
    page.locator("#import-status-choice").select_option("核定")
    page.locator("#import-period").press("Tab")
    choose(page, SILENT, "一五.xlsx")
    page.locator("#import-accept").click()
    says(page, "#accept-room", "已存入")
    expect(page.locator("#import-period")).to_have_value("")
    expect(page.locator("#import-status-choice")).to_have_value("未注明")
    first = page.locator("#batches-room tbody tr").first
    expect(first).to_contain_text("一五.xlsx")
    batch = int(first.locator("td").first.inner_text())

    def knows(period: str, times: int = 1) -> None:
        heads = page.locator("#coverage-room table").first.locator("th")
        expect(heads.filter(has_text=re.compile(f"^{period}$"))).to_have_count(times)

    knows("2015")
    # By keyboard alone: the state before, and back.
    first.locator("xpath=../tr[2]").locator('[data-look="past"]').press("Enter")
    banner = page.locator("#past-banner")
    expect(banner).to_be_focused()
    says(page, "#past-banner", f"第{batch - 1}批（慢.xlsx")
    knows("2016")
    knows("2015", times=0)
    href = banner.locator("a").get_attribute("href")
    assert f"as_of={batch - 1}" in href
    banner.locator('[data-look="past"]').press("Enter")
    expect(banner).to_have_count(0)
    knows("2015")

    first.locator('[data-look="batch"]').click()
    title = page.locator("#batch-room .opened")
    expect(title).to_have_text(f"第{batch}批：一五.xlsx，4个数")
    expect(title).to_be_focused()
    says(page, "#batch-room", "120.5 亿元")
    page.locator('#batch-room [data-look="history"]').first.click()
    says(page, "#history-room", "历来")
    found = Axe().run(page, options=RULES).response["violations"]
    assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")], found

    # One press asks, in words; a double press undoes nothing; Escape and 不撤销 take it back.
    undo = first.locator("[data-undo]")
    undo.dblclick()
    question = page.locator(".undo-ask")
    expect(question).to_contain_text(f"撤销第{batch}批（一五.xlsx，4个数）？")
    question.get_by_text(word("js_undo_no", "zh")).click()
    undo.press("Enter")
    expect(question.get_by_text(word("js_undo_no", "zh"))).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(undo).to_be_focused()
    undo.click()
    question.get_by_text(word("js_undo_no", "zh")).click()
    expect(page.locator("#batches-room tbody tr")).to_have_count(batch)
    undo.click()
    page.locator(".undo-ask .sure").click()
    says(page, "#accept-room", word("undone", "zh", batch=batch))
    expect(page.locator("#batches-room tbody tr")).to_have_count(batch + 1)
    knows("2015", times=0)


def test_the_data_page_is_open_to_all(visit, site):
    page = opened(visit, site, "?lang=en&theme=dark")
    for summary in page.locator("#data-room details > summary").all():
        summary.click()
    found = Axe().run(page, options=RULES)
    serious = [(one["id"], [str(n["target"]) for n in one["nodes"][:3]]) for one in found.response["violations"]
               if one["impact"] in ("serious", "critical")]  # fmt: skip
    assert not serious
    with page.expect_download() as taken:
        page.locator('a[href^="/template/observations.csv"]').click()
    assert taken.value.suggested_filename == "observations-template.csv"
