"""From a file to the page and back: all 86 counties imported, every number by hand, and the import undone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from urllib.request import urlopen

import pytest
from atlas_server import AtlasServer
from import_corpus import counties, full_table, xlsx
from plan_files import rows
from playwright.sync_api import Page, expect
from test_browser_progress import CELLS, filled
from watched import settle

from layouts.words import word

YEAR = 2024
DAY = "2025-06-30"
STATES = ("reached", "on_pace", "behind", "no_figure", "no_target")


# ---- by hand --------------------------------------------------------------------------------------------------------


@cache
def stated() -> dict[str, Decimal]:
    """Return each county's GDP in 亿元, as the file has it in 万元."""
    return {adcode: Decimal(300_000 + 12_345 * n) / 10_000 for n, adcode in enumerate(counties())}


@cache
def lower() -> dict[str, Decimal]:
    bands = {row["id"]: Decimal(row["lower"]) for row in rows("bands")}
    return {row["adcode"]: bands[row["band"]] for row in rows("band_counties")}


def state(adcode: str) -> str:
    """Return the state by the rule on the page: one year is left, and 7 % is the pace."""
    if adcode not in lower():
        return "no_target"
    if stated()[adcode] >= lower()[adcode]:
        return "reached"
    return "on_pace" if lower()[adcode] / stated()[adcode] - 1 <= Decimal("0.07") else "behind"


def one_decimal(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP):,}"


def exact(value: Decimal) -> str:
    """Return an amount with all its digits."""
    return f"{value.normalize():,f}"


def grouped(text: str) -> str:
    """Return a sentence with its numbers grouped in thousands, as those of a table are."""
    return re.sub(r"(?<![\d.,])(\d)(\d{3})(?=\.|亿)", r"\1,\2", text)


def percent(share: Decimal) -> str:
    return one_decimal(share * 100).replace(",", "") + "%"


def dots() -> dict[str, list[str]]:
    """Return the words of each dot's row by hand: share, figure with its year, gap."""
    found = {}
    names = {row["adcode"]: row["name_short"] for row in rows("counties")}
    for adcode, bound in lower().items():
        value, short = stated()[adcode], bound - stated()[adcode]
        key = "差" if state(adcode) == "behind" else "当时差"
        gap = f"{key}{exact(short)}亿元" if short > 0 else ""
        found[names[adcode]] = [percent(value / bound), f"{YEAR}年 {exact(value)}亿元", gap]
    return found


# ---- the page -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[AtlasServer]:
    """Serve an atlas with a store of its own, on a day within the plan's last year: each state has its counties."""
    running = AtlasServer("--data-folder", str(tmp_path_factory.mktemp("own")), "--today", DAY).wait()
    yield running
    said = running.stop()
    assert "Traceback" not in said, f"the server raised:\n{said}"


def observations(site: AtlasServer) -> int:
    with urlopen(f"{site.url}/healthz", timeout=60) as answer:
        return json.load(answer)["observations"]


def choose(page: Page, data: bytes, name: str) -> None:
    """Choose a file, as through the browser's own window."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("#import-file input[type=file]").set_input_files([{"name": name, "mimeType": kind, "buffer": data}])


def to(page: Page, path: str) -> None:
    """Go to another page, and wait until it has come; the data page is asked for anew each time."""
    tables = page.locator("#batches-room [data-table]")
    tables.evaluate_all("(all) => { for (const one of all) one.dataset.old = 1; }")
    page.locator(f'#pages [data-page="{path}"]').click()
    filled(page)
    if path == "/data":
        expect(page.locator("#batches-room [data-old]")).to_have_count(0)


def painted(page: Page) -> dict[str, str]:
    return page.locator("#county-map path.county").evaluate_all(
        "(all) => Object.fromEntries(all.map((one) => [one.dataset.adcode, one.dataset.class]))"
    )


def test_a_mistaken_file_gets_one_sentence_and_nothing_is_stored(visit, site):
    page = visit.blank(on=site.url)
    page.goto(f"{site.url}/data")
    filled(settle(page))
    before = observations(site)
    choose(page, "各县生产总值如下：瓜州县 131.7 亿元".encode(), "生产总值.xlsx")
    faults = page.locator("#import-room tbody tr")
    expect(faults).to_have_count(1)
    expect(faults).to_contain_text(".xlsx")
    assert page.locator("#import-room").inner_text().count("Traceback") == 0
    expect(page.locator("#import-accept")).to_have_count(0)
    # The next file is read as if nothing had been.
    choose(page, xlsx([["2023年"], ["县区", "GDP（亿元）"], ["瓜州县", "约140"]]), "约数.xlsx")
    expect(page.locator("#import-room")).to_contain_text("约140")
    expect(page.locator("#import-room tbody tr")).to_have_count(1)
    expect(page.locator("#import-room tbody tr td").nth(1)).to_have_text("B3")
    expect(page.locator("#import-accept")).to_have_count(0)
    assert observations(site) == before
    expect(page.locator("#batches-room")).to_have_text(word("batches_none", "zh"))


def test_a_full_table_is_imported_shown_everywhere_and_undone(visit, site):
    page = visit.blank(on=site.url)
    page.goto(f"{site.url}/progress")
    filled(settle(page))
    bare = page.locator("#progress-live").inner_text()
    bare_finding = page.locator("#progress-live .headline p").first.inner_text()
    bare_count = observations(site)
    to(page, "/")
    page.locator('[data-choice="layer=progress"]').click()
    expect(page.locator("#c620102")).to_have_attribute("data-class", re.compile("|".join(STATES)))
    bare_map = painted(page)

    # Choose → read → difference → accept.
    to(page, "/data")
    page.locator("#import-who").fill("张三")
    page.locator("#import-source").fill("测试表")
    page.locator("#import-note").fill("全表")
    page.locator("#import-note").press("Tab")
    choose(page, full_table(f"{YEAR}年"), "全表.xlsx")
    room = page.locator("#import-room")
    expect(room.locator(".finding").first).to_have_text("全表.xlsx：读到344个数，涉及86个地方。")
    assert observations(site) == bare_count, "nothing is stored by looking"
    page.locator("#import-accept").click()
    accepted = page.locator("#accept-room")
    expect(accepted).to_contain_text(re.compile(r"已存入，为第\d+批（344个数）"))
    batch = re.search(r"第(\d+)批", accepted.inner_text())[1]
    row = page.locator("#batches-room tbody tr").first
    for part in (batch, "全表.xlsx", "344", "张三", "全表"):
        expect(row).to_contain_text(part)
    assert observations(site) > bare_count

    # The page: 68 with a bound and 18 without, and every number of the table as by hand.
    to(page, "/progress")
    counts = [sum(state(adcode) == name for adcode in counties()) for name in STATES]
    assert sum(counts) == 86 and counts[3:] == [0, 18]
    expect(page.locator("#progress-live .states strong")).to_have_text([str(n) for n in counts])
    first = page.locator("#progress-live .headline p").first.inner_text()
    assert min(counts[:3]) > 0, "of a state that nobody is in nothing is said"
    assert re.findall(r"\d+", first) == ["68", *[str(n) for n in counts[:3]], "7"]
    body = page.locator("#progress-live .dots tbody tr")
    cells = body.evaluate_all("(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()))")
    assert {name: [share, *map(grouped, said)] for name, _, share, *said in cells} == dots()
    marks = body.evaluate_all("(rows) => rows.map((row) => row.querySelector('.source-mark').dataset.source)")
    assert all(f"第{batch}批" in mark and "全表.xlsx" in mark for mark in marks), "each says which import it is of"
    for drawer in page.locator("#progress-live > details, #progress-settled > details").all():
        drawer.locator("summary").click()
    names = page.locator("#progress-live .names a:visible").all_inner_texts()
    assert set(names) == {row["name_short"] for row in rows("counties") if row["adcode"] not in lower()}
    said = grouped(page.locator("#progress-live").inner_text())
    for adcode in set(counties()) - set(lower()):
        assert f"{YEAR}年{exact(stated()[adcode])}亿元" in said, adcode
    page.locator("#behind-all").check()
    behind = page.locator("#behind-list > tr:visible").evaluate_all(
        "(all) => all.map((one) => [one.dataset.adcode, one.innerText])"
    )
    assert len(behind) == counts[2]
    for adcode, text in behind:
        assert state(adcode) == "behind"
        assert f"{exact(lower()[adcode] - stated()[adcode])}亿元" in grouped(text)
    expect(page.locator("[data-said=dots_title]")).to_contain_text(f"有具体全年数值的68个县中，{counts[0]}个")
    expect(page.locator("#progress-settled summary", has_text="100亿元以上")).to_contain_text("86")

    # The map: the layer, pointing at a county, its card, the period.
    to(page, "/")
    expect(page.locator("#c620102")).to_have_attribute("data-class", state("620102"))
    assert painted(page) == {adcode: state(adcode) for adcode in counties()} | {"620200": "na"}
    adcode = "620922"
    amount = f"{exact(stated()[adcode])}亿元"
    page.locator(f"#c{adcode}").hover()
    expect(page.locator("#hover-card")).to_contain_text(f"{YEAR}年 {amount}")
    page.locator(f"#c{adcode}").click()
    expect(page.locator("#card code")).to_have_text(adcode)
    expect(page.locator("#card")).to_contain_text(f"{YEAR}年{amount}")
    mark = page.locator("#card .source-mark", has_text=f"{YEAR}年")
    mark.click()
    for part in ("测试表", f"第{batch}批：全表.xlsx，张三，"):
        expect(page.locator("#provenance")).to_contain_text(part)
    page.keyboard.press("Escape")  # closes the panel, and not the card
    expect(mark).to_be_focused()
    expect(page.locator("#card code")).to_have_text(adcode)
    expect(page.locator(f'#period option[value="{YEAR}"]')).to_have_count(1)
    expect(page.locator("#legend .legend-count")).to_have_text([str(n) for n in counts if n])

    # In English the same digits.
    page.locator('[data-action="language"]').click()
    english = exact(stated()[adcode] / 10)
    expect(page.locator("#card")).to_contain_text(f"{english} bn yuan in {YEAR}")
    page.locator(f"#c{adcode}").hover()
    expect(page.locator("#hover-card")).to_contain_text(f"{english} bn yuan, {YEAR}")
    page.locator('[data-action="language"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")

    # Undo brings everything back; undoing the undo brings it again.
    to(page, "/data")
    page.locator(f'[data-undo="{batch}"]').click()
    page.locator(".undo-ask .sure").click()
    expect(page.locator("#accept-room")).to_have_text(word("undone", "zh", batch=batch))
    expect(page.locator("#batches-room")).to_contain_text(word("batch_undone", "zh"))
    assert observations(site) == bare_count
    to(page, "/progress")
    expect(page.locator("#progress-live .headline p").first).to_have_text(bare_finding)
    assert page.locator("#progress-live").inner_text() == bare
    to(page, "/")
    assert painted(page) == bare_map
    to(page, "/data")
    page.locator("#batches-room [data-undo]").first.click()
    page.locator(".undo-ask .sure").click()
    to(page, "/progress")
    expect(page.locator("#progress-live .states strong")).to_have_text([str(n) for n in counts])
    to(page, "/data")
    page.locator("#batches-room [data-undo]").first.click()
    page.locator(".undo-ask .sure").click()
    expect(page.locator("#accept-room")).to_have_text(word("undone", "zh", batch=int(batch) + 2))
    assert observations(site) == bare_count


def test_the_template_is_taken_from_the_page(visit, site):
    page = visit.blank(on=site.url)
    page.goto(f"{site.url}/data?lang=en")
    filled(settle(page))
    with page.expect_download() as taken:
        page.locator('a[href^="/template/observations.xlsx"]').click()
    assert taken.value.suggested_filename == "observations-template.xlsx"
    table_rows = page.locator("#data-room table").first.locator("tbody tr").evaluate_all(CELLS)
    assert table_rows
