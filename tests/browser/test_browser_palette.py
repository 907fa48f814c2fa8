"""The command palette: whatever is typed, in whatever language, finds what is meant; the keyboard alone does it."""

from __future__ import annotations

import random
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from plan_files import by_option, facts, rows
from playwright.sync_api import Page, expect
from readings import matching, shown
from test_browser_axe import PHONE, RULES

from layouts.facts.layers import LAYERS
from layouts.facts.pages import named
from layouts.facts.view import FORMS
from layouts.words import word

COUNTIES = rows("counties")
PREFECTURES = rows("prefectures")
FIELD, OPTION = "#palette-field", "#palette [role=option]"
# What the palette would list for each thing typed, as [kind, id], first the best; entries for the map left out.
FIND = """(typed) => typed.map((one) => Atlas.palette.find(one)
  .filter((item) => !item.pick && !item.compare)
  .map(({ kind, id }) => [kind, id]))"""
PATH = "() => Atlas.atRest().then(() => location.pathname)"


def open_palette(page: Page, keys: str = "Control+k") -> None:
    page.keyboard.press(keys)
    expect(page.locator(FIELD)).to_be_focused()


def listed(page: Page, typed: str) -> list[str]:
    """Type into the open palette; return the names listed."""
    page.locator(FIELD).fill(typed)
    page.wait_for_function("(typed) => document.querySelector('#palette-field').value === typed", arg=typed)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return page.locator(f"{OPTION} b").all_inner_texts()


def do(page: Page, typed: str, keys: str = "Enter") -> None:
    """Open the palette, type, and press Enter; the palette is gone after that."""
    open_palette(page)
    listed(page, typed)
    page.keyboard.press(keys)
    expect(page.locator("#palette")).to_have_count(0)


def found(page: Page, typed: list[str]) -> dict[str, list[list[str]]]:
    return dict(zip(typed, page.evaluate(FIND, typed), strict=True))


def test_every_county_is_found_by_each_of_its_names(page):
    wanted = []
    for row in COUNTIES:
        here = ["county", row["adcode"]]
        first = row["pinyin"].split()[0]
        exact = [row["adcode"], row["name"], row["name_short"], row["pinyin"], row["pinyin"].replace(" ", "")]
        wanted += [(typed, here, True) for typed in exact]
        wanted += [(typed, here, False) for typed in (first, row["name_en"], row["name_en_short"])]
        wanted += [(typed, here, False) for typed in (*row["initials"].split(), row["initials"].split()[0].upper())]
    results = found(page, [typed for typed, _, _ in wanted])
    assert len(wanted) > 86 * 9
    for typed, here, _ in wanted:
        assert here in results[typed], (typed, here)
    homophones = {row["pinyin"] for row in COUNTIES if [r["pinyin"] for r in COUNTIES].count(row["pinyin"]) > 1}
    for typed, here, first in wanted:
        if first and " ".join(typed.split()) not in homophones:
            assert results[typed][0] == here, (typed, results[typed][:3])


def test_prefectures_pages_layers_and_forms_are_found_in_both_languages_and_pinyin(page):
    for row in PREFECTURES:
        names = [row["adcode"], row["name"], row["name_en"], row["pinyin"], *row["initials"].split()]
        for typed, results in found(page, names).items():
            assert ["prefecture", row["adcode"]] in results, typed
            assert ["filter", row["adcode"]] in results, typed
        assert page.evaluate(FIND, [row["adcode"]])[0][0] == ["prefecture", row["adcode"]]
    for kind, names in {
        "page": named(),
        "layer": {id: layer.name for id, layer in LAYERS.items()},
        "form": {id: (word(f"form_{id}", "zh"), word(f"form_{id}", "en")) for id in FORMS},
    }.items():
        for id, typed in names.items():
            assert all([kind, id] in results for results in found(page, list(typed)).values()), (kind, id)
    for typed, best in {
        "jindu": ["page", "/progress"], "jd": ["page", "/progress"], "duibi": ["page", "/compare"],
        "home": ["page", "/"], "gaosu": ["layer", "road"], "gsgl": ["layer", "road"], "图层 高速": ["layer", "road"],
        "layer road": ["layer", "road"], "fangge": ["form", "tile"], "fengdian": ["filter", "WIND"],
        "fd": ["filter", "WIND"], "WIND": ["filter", "WIND"], "wind": ["filter", "WIND"],
        "１００－２００": ["filter", "B5"], "100—200": ["filter", "B5"], "PV2": ["filter", "PV2"],
        "guangfunongmu": ["filter", "PV2"], "抽水": ["filter", "PSH"], "pumped": ["filter", "PSH"],
        "B3": ["filter", "B3"], "未列入": ["filter", "none"], "dayin": ["action", "take-print"],
        "pdf": ["action", "take-print"], "链接": ["action", "take-link"], "dark": ["action", "theme"],
        "english": ["action", "language"], "qcsx": ["action", "clear"], "excel": ["action", "take-xlsx"],
        "GUĀ ZHŌU": ["county", "620922"], "瓜": ["county", "620922"], "Jone": ["county", "623022"],
    }.items():  # fmt: skip
        assert page.evaluate(FIND, [typed])[0][0] == best, typed
    exclusions = {"非 风电": "WIND", "非风电": "WIND", "not wind": "WIND", "fei fd": "WIND", "排除 光热": "CSP"}
    exclusions |= {"-csp": "CSP", "without pumped": "PSH", "非 酒泉": "620900"}
    for typed, id in exclusions.items():
        assert page.evaluate(FIND, [typed])[0][0] == ["filter", id], typed
    assert {kind for kind, _ in page.evaluate(FIND, ["非 酒"])[0]} == {"filter"}
    assert page.evaluate(FIND, ["xyzzy"]) == [[]]
    layers = found(page, ["图层", "tuceng", "layer"])
    assert all([["layer", id] for id in LAYERS] == results[: len(LAYERS)] for results in layers.values())


def test_exact_then_prefix_then_initials_then_contained(page):
    open_palette(page)
    assert listed(page, "gz")[:4] == ["甘州区", "在地图上选定甘州区", "把甘州区加入比较", "瓜州县"], "initials"
    assert listed(page, "an")[:1] == ["安宁区"], "a prefix comes before what only holds it"
    assert set(listed(page, "临夏")[:1]) <= {"临夏市", "临夏县"}
    assert listed(page, "linxia shi")[0] == "临夏市"
    assert listed(page, "夏")[0] in {"夏河县"}, "prefix first"
    kinds = page.locator(f"{OPTION} .palette-kind:not(.palette-same)").all_inner_texts()
    assert kinds == ["县", "市州", "筛选"]


def test_twenty_counties_by_keyboard_alone(page):
    chance = random.Random(7)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for i, row in enumerate(chance.sample(COUNTIES, 20)):
        typed = (row["adcode"], row["name_short"], row["pinyin"], row["name"])[i % 4]
        open_palette(page)
        asked.clear()
        page.keyboard.insert_text(typed)
        expect(page.locator(f"{OPTION} b").first).to_have_text(row["name_short"])
        # What the page before has still to load for its charts is no part of it.
        assert [url for url in asked if "plotly" not in url] == [], "typing asks the server for nothing"
        on_map = i % 5 == 4
        page.keyboard.press("Shift+Enter" if on_map else "Enter")
        expect(page.locator("#palette")).to_have_count(0)
        assert page.evaluate(PATH) == ("/" if on_map else f"/county/{row['adcode']}")
        if on_map:
            expect(page.locator("#card h2")).to_have_text(row["name_short"])
            assert f"county={row['adcode']}" in shown(page)["query"]
        else:
            assert page.evaluate("document.activeElement.id") == "sheet"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_filters_cycle_and_exclude(visit, lang):
    page = visit(f"lang={lang}" if lang == "en" else "")
    held = by_option()
    everyone = set(facts())
    states = {
        "zh": ("选入", "已选入 → 排除", "已排除 → 取消"),
        "en": ("include", "included → exclude", "excluded → clear"),
    }
    steps = [("energy=WIND", held["WIND"]), ("not=WIND", everyone - held["WIND"]), ("", everyone)]
    for typed, said, (query, left) in zip(("风电", "fengdian", "wind"), states[lang], steps, strict=True):
        open_palette(page)
        listed(page, typed)
        amount = f"剩{len(left)}个县" if lang == "zh" else f"{len(left)} left"
        expect(page.locator(f"{OPTION} .palette-state").first).to_have_text(f"{said} · {amount}")
        page.keyboard.press("Enter")
        assert set(matching(page)) == left
        assert shown(page)["query"] == "&".join(filter(None, [query, "lang=en" if lang == "en" else ""]))
    do(page, "非 抽水蓄能" if lang == "zh" else "not pumped")
    assert set(matching(page)) == everyone - held["PSH"]
    do(page, "清除" if lang == "zh" else "clear the")
    assert set(matching(page)) == everyone


def test_layers_forms_pages_prefectures_and_actions(page):
    do(page, "高速")
    assert shown(page)["query"] == "layer=road"
    do(page, "数据")
    expect(page.locator("#data-room h2").first).to_be_visible()
    do(page, "renkou")
    assert (page.evaluate(PATH), shown(page)["query"]) == ("/", "layer=population")
    page.go_back()
    assert page.evaluate(PATH) == "/data", "one step back leads to where one was"
    do(page, "方格")
    assert (page.evaluate(PATH), shown(page)["query"]) == ("/", "layer=road&map=tile")
    do(page, "分图")
    do(page, "jq", "Shift+Enter")
    assert shown(page)["query"] == "layer=road"
    expect(page.locator("#zoom-to")).to_have_value("620900")
    assert page.evaluate("d3.zoomTransform(Atlas.map.svg).k") >= 1
    do(page, "深色")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    do(page, "yingwen")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.locator("#page")).to_have_attribute("data-lang", "en")
    open_palette(page)
    recent = page.locator(f"{OPTION} b").all_inner_texts()[:4]
    assert recent == ["Switch language", "Switch dark and light", "Jiuquan", "Panels"], "the last used come first"
    expect(page.locator(f"{OPTION} .palette-kind").first).to_have_text("Recent")
    for row in page.locator(f"{OPTION} small").all()[:6]:
        if re.search(r"[\u4e00-\u9fff]", row.inner_text()):
            assert row.get_attribute("lang") == "zh-CN"
    with page.expect_download() as download:
        listed(page, "excel")
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".xlsx")
    do(page, "data")
    with page.expect_download() as download:
        do(page, "svg")
    assert page.evaluate(PATH) == "/"
    picture = download.value.path().read_text(encoding="utf-8")
    assert picture.count("<path") > 87
    assert "Dunhuang" in picture, "with its labels, though the map was not in sight"


def test_the_filter_says_what_it_did_where_the_rail_is_not_in_sight(visit):
    page = visit()  # its own, as its clipboard is broken
    do(page, "数据")
    do(page, "csp")
    left = len(by_option()["CSP"])
    expect(page.locator("#palette-said")).to_have_text(f"选入：光热，剩{left}个县。")
    page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error('no https'); }; }")
    do(page, "复制")
    expect(page.locator("#palette-said")).to_have_text("地址已复制。")
    assert page.evaluate("document.querySelectorAll('textarea').length") == 0


def test_it_opens_from_anywhere_and_gives_the_focus_back(visit):
    page = visit()  # its own, as nothing has been used on it yet
    page.evaluate("() => Atlas.pick('620922')")
    for place in ("#search-field", "#c620922", "#sort", '[data-drawer="cluster"] > summary', "#palette-button"):
        page.locator(place).evaluate("(node) => node.focus()")
        open_palette(page, "Meta+k" if place == "#sort" else "Control+k")
        page.keyboard.type("wu")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(page.locator("#palette-field__option--2")).to_be_focused()
        page.keyboard.press("t")  # goes into the field, and is no key of the map behind
        expect(page.locator(FIELD)).to_have_value("wut")
        page.keyboard.press("Escape")
        expect(page.locator("#palette")).to_have_count(0)
        assert page.evaluate("(place) => document.activeElement === document.querySelector(place)", place), place
    assert shown(page)["query"] == "county=620922", "neither the form nor the picked county has changed"
    page.locator("#palette-button").click()
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_have_count(0)
    open_palette(page)
    page.mouse.click(20, 700)
    expect(page.locator("#palette")).to_have_count(0)
    open_palette(page)
    page.locator("#palette-field__option--1").click()
    assert page.evaluate(PATH) == "/progress"


def test_slash_goes_to_the_search_when_no_field_has_the_focus(page):
    page.keyboard.press("/")
    expect(page.locator("#search-field")).to_be_focused()
    page.keyboard.type("a/")
    expect(page.locator("#search-field")).to_have_value("a/")
    page.locator("#search-field").fill("")


@pytest.mark.parametrize(
    ("query", "typed", "options"),
    [("", "", {}), ("theme=dark&energy=WIND", "风", {}), ("lang=en", "lin", {}), ("lang=en&theme=dark", "", PHONE)],
    ids=["empty", "dark", "English", "phone"],
)
def test_axe_finds_nothing_serious_and_it_speaks(visit, query, typed, options):
    page = visit(query, **options)
    open_palette(page)
    names = listed(page, typed)
    assert len(names) > 1
    english = "lang=en" in query
    dialog = page.get_by_role("dialog", name="Command palette" if english else "命令面板")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("combobox", name="Find a county" if english else "查找县")).to_be_focused()
    amount = page.locator(OPTION).count()
    if typed:
        said = f"{amount} results" if english else f"{amount} 个结果"
        expect(dialog.locator("[role=status]").filter(has_text=said)).to_have_count(1)
    box = page.locator("#palette").bounding_box()
    width = page.evaluate("innerWidth")
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate(
        "document.querySelector('#palette').scrollWidth <= document.querySelector('#palette').clientWidth"
    )
    found = Axe().run(page, options=RULES).response["violations"]
    serious = [
        f"{one['id']}: {[node['target'] for node in one['nodes'][:4]]} {one['nodes'][0]['any']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert not serious, "\n".join(serious)
    page.locator(FIELD).fill("zzzzz")
    expect(page.locator("#palette .autocomplete__option--no-results")).to_be_visible()


def test_a_county_is_added_to_the_comparison_and_taken_out_and_the_seventh_is_refused(visit):
    six = [row["adcode"] for row in COUNTIES if row["adcode"] != "620922"][:5]
    page = visit(f"county=620922&compare={','.join(six)}")
    add = word("js_palette_compare", "zh", name="瓜州县")
    for action, then in ((add, [*six, "620922"]), (word("js_palette_compare_out", "zh", name="瓜州县"), six)):
        open_palette(page)
        names = listed(page, "瓜州")
        assert names[2] == action  # after the county itself and its place on the map
        for _ in range(2):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_function("(codes) => Atlas.view.compare.join() === codes", arg=",".join(then))
    page.evaluate("(codes) => Atlas.change({ compare: codes })", [*six, "620981"])
    open_palette(page)
    assert listed(page, "比较")[1] == add, "the picked county, beside the page of comparisons"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text(word("js_compare_full", "zh", most=6, name="瓜州县"))
    assert page.evaluate("Atlas.view.compare.length") == 6
