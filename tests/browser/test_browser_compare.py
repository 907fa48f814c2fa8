"""Counties side by side: chosen on the map, in the list and by search, by keys; table and figure."""

from __future__ import annotations

import csv
import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from readings import NEXT_FRAME
from test_browser_wire import MOST, Line

RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
HEADS = "() => [...document.querySelectorAll('.compare-name')].map((one) => one.textContent)"
FIGURE = """() => { const { data, layout } = JSON.parse(document.getElementById("compare-graph").dataset.figure);
  return [layout.title.text, layout.yaxis.categoryarray, data.map(({ x, y }) => [x || [], y || []])]; }"""


def chosen(page: Page) -> list[str]:
    return page.evaluate("() => [...Atlas.view.compare]")


def test_chosen_on_the_map_in_the_list_and_on_the_card_and_the_seventh_refused(page):
    tray = page.locator("#compare-tray")
    expect(tray).to_be_hidden()
    page.locator('#county-list [data-adcode="620922"]').hover()
    toggle = page.locator('#county-list [data-compare="620922"]')
    expect(toggle).to_have_css("opacity", "1")
    box = toggle.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#card")).to_be_empty()  # the row's own press is another one
    expect(tray).to_contain_text("比较 1/6")
    assert page.evaluate("() => Atlas.atRest().then(() => location.search)") == "?compare=620922"

    page.evaluate("() => Atlas.map.focusOn(Atlas.numberOf['620981'])")
    page.keyboard.press("c")
    expect(page.locator("path.county.is-compared")).to_have_count(2)
    page.locator('#county-list [data-adcode="621122"]').click()
    button = page.locator('#card [data-compare="621122"]')
    expect(button).to_have_text("加入比较")
    button.click()
    expect(button).to_have_text("移出比较")
    page.locator("#tools").click(position={"x": 3, "y": 3})
    page.keyboard.press("c")  # the picked county again: out
    expect(button).to_have_text("加入比较")
    assert chosen(page) == ["620922", "620981"]
    for adcode in ("621122", "622925", "620702", "620200", "620102"):
        page.locator(f'#county-list [data-compare="{adcode}"]').evaluate("one => one.click()") if (
            adcode != "620200"
        ) else page.evaluate("() => Atlas.compare.add('620200')")
    six = ["620922", "620981", "621122", "622925", "620702", "620200"]
    assert chosen(page) == six
    expect(page.locator("#notice")).to_contain_text("最多比较6个，城关区没有加入")
    expect(tray).to_contain_text("比较 6/6")
    assert tray.locator("li").all_inner_texts()[0].startswith("瓜州县")
    listed = page.evaluate(
        "() => [...document.querySelectorAll('#county-list [data-adcode]')].map((r) => r.dataset.adcode)"
    )
    assert listed == sorted(listed)
    assert len(listed) == 86
    tray.locator('[data-column="620200"]').click()
    expect(tray).to_contain_text("比较 5/6")
    expect(page.locator("#notice")).to_be_empty()
    tray.get_by_text("清空").click()
    expect(tray).to_be_hidden()


def test_the_page_by_keys_alone_and_each_county_a_small_message(visit):
    page = visit.blank()
    page.goto(f"{visit.server.url}/compare")
    field = page.locator("#sheet #compare-field")
    field.wait_for()
    page.wait_for_function("() => window.Plotly && document.querySelector('#pages a')")
    expect(page.locator("#compare-table")).to_contain_text("还没有选")
    field.focus()
    line = Line(page)
    for typed, name in (
        ("gz x", "瓜州县"),
        ("gulang", "古浪县"),
        ("longxi", "陇西县"),
        ("620702", "甘州区"),
        ("jyg", "嘉峪关市"),
    ):
        page.keyboard.type(typed)
        page.locator("#compare-search [role=option]").first.wait_for()
        page.keyboard.press("Enter")
        expect(page.locator(".compare-name", has_text=name)).to_be_visible()
        expect(page.locator(".compare-column").last.locator(".compare-name")).to_have_text(name)
        expect(field).to_have_value("")
        expect(field).to_be_focused()
    expect(page.locator("tr[data-row=population] td")).to_have_text(
        ["12.9万人", "25.0万人", "42.7万人", "51.9万人", "31.3万人"]
    )
    sent = line.messages()
    assert [what for what, _ in sent] == ["GET /export/compare.json"] * 5
    assert max(size for _, size in sent) <= MOST, sent
    print(sent)

    # Moving and taking out ask nothing; the figure says what Python says of the same counties.
    page.locator('[data-compare-do="left"][data-column="620622"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".compare-name")).to_have_text(["古浪县", "瓜州县", "陇西县", "甘州区", "嘉峪关市"])
    expect(page.locator('[data-compare-do="right"][data-column="620622"]')).to_be_focused()
    page.locator('[data-compare-do="out"][data-column="620702"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".compare-name")).to_have_text(["古浪县", "瓜州县", "陇西县", "嘉峪关市"])
    expect(page.locator('[data-compare-do="out"]').first).to_be_focused()
    assert len(line.messages()) == 5
    page.locator("#compare-graph .barlayer .point").first.wait_for()
    composed = page.evaluate(FIGURE)
    page.reload()
    page.locator("#sheet #compare-field").wait_for()
    page.locator("#compare-graph .barlayer .point").first.wait_for()
    assert page.evaluate(FIGURE) == composed
    assert composed[0].startswith("所选3个县（市、区）中，2个有全年地区生产总值（2021—2022年，各县年份不同）")
    assert composed[0].endswith("其中1个已达本档下限；另1个只见报道已达到")

    rows = page.locator("tr[data-row=CSP]")
    expect(rows).to_contain_text("2/3 列入")
    expect(page.locator("tr[data-row=gdp]")).to_contain_text("年份不同")
    expect(page.locator("tr[data-row=gdp]")).to_contain_text("来源不同")
    mark = page.locator("tr[data-row=gdp] .source-mark").first
    mark.scroll_into_view_if_needed()
    mark.focus()
    page.evaluate(NEXT_FRAME)  # a scroll would close the panel
    page.keyboard.press("Enter")
    expect(page.locator("#provenance")).to_contain_text("2022年")
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()

    # The file holds what the page shows.
    with page.expect_download() as taken:
        page.locator('[data-take="csv"]').click()
    table = list(csv.reader(io.StringIO(taken.value.path().read_text(encoding="utf-8-sig"))))
    assert table[0][1:5] == page.evaluate(HEADS)
    shown = {row[0]: row[1:5] for row in table[3 : table.index([])]}
    heads = page.locator(".compare-table tbody tr[data-row] .compare-item").all_inner_texts()
    assert heads == list(shown)
    first = page.locator("tr[data-row=gdp] td .compare-line:first-child > span:first-child").all_inner_texts()
    assert all(cell.startswith(text) for cell, text in zip(shown["最新地区生产总值"], first, strict=True))
    page.go_back()
    expect(page.locator(".compare-name")).to_have_text(["古浪县", "瓜州县", "陇西县", "甘州区", "嘉峪关市"])
    expect(page.locator("tr[data-row=population] td").nth(3)).to_have_text("51.9万人")


def test_refused_off_the_map_too_and_printed_on_a4(visit):
    page = visit.blank()
    page.goto(f"{visit.server.url}/compare?compare=620922,620981,621122,622925,620702,620200,620102")
    said = page.locator("#compare-say")
    expect(said).to_contain_text("620102")
    page.locator("#sheet #compare-field").wait_for()
    page.locator("#compare-field").press_sequentially("cgq")
    page.locator("#compare-search [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    expect(said).to_contain_text("最多比较6个，城关区没有加入")
    expect(page.locator(".compare-column")).to_have_count(6)
    page.locator("#compare-graph .barlayer .point").first.wait_for()
    page.emulate_media(media="print")
    wide = page.locator(".compare-table").evaluate("one => one.scrollWidth - one.clientWidth")
    assert wide <= 1
    assert page.pdf(prefer_css_page_size=True, print_background=True).count(b"/Type /Page\n") <= 2


def test_a_natural_set_and_a_lost_server(visit):
    page = visit.blank()
    page.goto(f"{visit.server.url}/compare?county=620922")
    page.wait_for_function("() => document.querySelector('#pages a')")
    page.locator('[data-compare-set^="620922,"]').click()
    expect(page.locator(".compare-column")).to_have_count(6)
    expect(page.locator("tr[data-row=population] td").last).to_contain_text("万人")
    visit.allow("ERR_CONNECTION_FAILED", "compare.json")
    page.locator('[data-compare-do="out"]').last.click()
    page.route("**/export/compare.json*", lambda route: route.abort("connectionfailed"))
    page.evaluate("() => Atlas.compare.add('620102')")
    expect(page.locator("#compare-table .nothing")).to_contain_text("城关区还没有读到")
    assert page.locator("tr[data-row=population] td").count() == 6
    page.unroute("**/export/compare.json*")
    page.locator("#compare-table .nothing button").click()
    expect(page.locator("tr[data-row=population] td").last).to_have_text("148.4万人")


@pytest.mark.parametrize(
    "address",
    [
        "/compare?compare=620922,620981,621122&theme=dark",
        "/compare?compare=620981,620922,620200&lang=en",
        "/compare?lang=en",
        "/?compare=620922,620981&county=620922",
    ],
)
def test_axe_finds_nothing_serious(visit, address):
    page = visit.blank()
    page.goto(f"{visit.server.url}{address}")
    page.locator("#pages a").first.wait_for()
    if "compare=" in address and address.startswith("/compare"):
        page.locator("#compare-graph .barlayer .point").first.wait_for()
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(NEXT_FRAME)
    found = Axe().run(page, context={"exclude": [["#inset-labels"]]}, options=RULES).response["violations"]
    lines = [
        f"{one['impact']}: {one['id']}: {one['help']}: " + " | ".join(str(node["target"]) for node in one["nodes"][:4])
        for one in found
    ]
    print("\n".join(lines))
    assert not [line for line in lines if line.startswith(("serious", "critical"))], "\n".join(lines)
