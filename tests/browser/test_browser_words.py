"""Chinese and English, light and dark."""

from __future__ import annotations

import re

import pytest
from plan_files import by_option, rows
from playwright.sync_api import Page, expect
from readings import OPTIONS, accessible_names, at_rest, choose, go, matching, says, shown
from shipped import PLAN
from watched import settle

HELD = by_option()
# Every text that a reader of the screen, or of its tooltips and names, meets; without the marks of the roles, which are
# Chinese on purpose, and without text that says of itself that it is Chinese.
TEXTS = """(within) => {
  const found = [], root = document.querySelector(within ?? "body");
  const nodes = [root, ...root.querySelectorAll("*")];
  const skip = (node) => node.closest(".badge-mark, .mark, .role-marks, [lang^=zh]:not(html), script, style");
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement, text = walk.currentNode.textContent.trim();
    if (text && !skip(parent) && (parent.checkVisibility() || parent.closest("option"))) found.push(text);
  }
  for (const node of nodes) {
    if (!node.matches("[title], [aria-label], [placeholder], [aria-description]") || skip(node)) continue;
    for (const name of ["title", "aria-label", "placeholder", "aria-description"]) {
      if (node.getAttribute(name)) found.push(`${name}: ${node.getAttribute(name)}`);
    }
  }
  for (const node of nodes) {
    for (const side of ["::before", "::after"]) {
      const content = getComputedStyle(node, side).content;
      if (content !== "none" && content !== "normal" && node.checkVisibility()) found.push(`${side} ${content}`);
    }
  }
  return found.concat(`document title: ${document.title}`);
}"""
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def chinese(page: Page, within: str = "body") -> set[str]:
    return {text for text in page.evaluate(TEXTS, within) if CHINESE.search(text)}


def test_the_switch_changes_every_word_and_back(page):
    at_rest(page)
    at_first = page.evaluate(TEXTS)
    page.locator('[data-action="language"]').click()
    settle(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert shown(page)["query"] == "lang=en"
    says(page, "All 86 counties")
    expect(page.locator("#match-count")).to_have_text("86 counties")
    plan = PLAN
    chips = page.evaluate(
        """() => [...document.querySelectorAll("#rail .chip[data-option]")].map(
          (chip) => [chip.dataset.option, chip.querySelector(".chip-name").textContent])"""
    )
    assert dict(chips) == {option: plan.option(option).en_short for ids in OPTIONS.values() for option in ids}
    assert len(chips) == sum(map(len, OPTIONS.values()))
    names = accessible_names(page)
    for row in rows("counties"):
        assert names[row["adcode"]].startswith(f"{row['name_en']}, "), row["name"]
    listed = page.locator("#county-list .row-name").all_text_contents()
    assert sorted(listed) == sorted(row["name_en_short"] for row in rows("counties"))
    expect(page.locator("#search-field")).to_have_attribute("placeholder", "Name, code or pinyin")
    expect(page.locator("#legend h3")).to_contain_text(re.compile("[A-Za-z]+"))
    assert page.locator("#labels .name").first.text_content().isascii()
    page.locator('[data-action="language"]').click()
    settle(page)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert shown(page)["query"] == ""
    says(page, "全部 86 个县（市、区）")
    at_rest(page)
    assert sorted(page.evaluate(TEXTS)) == sorted(at_first)


def test_the_window_is_named_in_the_language(page):
    assert CHINESE.search(page.title())
    page.locator('[data-action="language"]').click()
    settle(page)
    assert not CHINESE.search(page.title())


@pytest.mark.parametrize("by_link", [False, True], ids=["switched", "linked"])
def test_no_chinese_is_left_in_english(visit, by_link):
    page = visit("lang=en") if by_link else visit.home()
    if not by_link:
        go(page, "county=620922")
        page.locator("#card .source-mark").first.click()  # what was opened and closed before leaves no word behind
        expect(page.locator("#provenance")).to_be_visible()
        page.keyboard.press("Escape")
        go(page, "")
        page.locator('[data-action="language"]').click()
        settle(page)
        says(page, "All 86 counties")
        page.wait_for_function("() => !/[\\u3400-\\u9fff]/.test(Atlas.standing.said.join())")  # the layer's own answer
    left = {"default": chinese(page)}
    for query in (
        "layer=cluster&cluster=C1&lang=en", "layer=energy&energy=WIND&not=PSH&lang=en", "layer=road&lang=en",
        "layer=population&lang=en", "layer=cluster&map=panels&lang=en", "map=panels&layer=population&lang=en",
        "map=tile&lang=en", "band=B1&energy=WIND&lang=en", "prefecture=620200&lang=en",
    ):  # fmt: skip
        go(page, query)
        left[query] = chinese(page)
    cards = ("620922", "621223", "621121", "623025", "620102", "620200", "620602")
    for adcode in cards[:2] if by_link else cards:  # a card is asked for in the language of the moment, either way
        go(page, f"county={adcode}&lang=en")
        page.evaluate("(adcode) => Atlas.map.hover(Atlas.numberOf[adcode], 600, 400)", adcode)
        left[f"card {adcode}"] = chinese(page)
        for number, mark in enumerate(page.locator("#card .source-mark").all()):
            mark.click()
            expect(page.locator("#provenance")).to_be_visible()
            left[f"card {adcode}, mark {number}"] = chinese(page, "#provenance")
            page.keyboard.press("Escape")
    page.locator("#spread-toggle").click()
    page.locator("#spread-graph .barlayer .point").first.wait_for()
    page.locator("#spread-table summary").click()
    left["charts"] = chinese(page)
    page.locator("#take button").first.click()
    left["menu"] = chinese(page)
    page.locator("#search-field").press_sequentially("gz")
    page.locator("#search [role=option]").first.wait_for()
    left["search"] = chinese(page)
    assert not {state: found for state, found in left.items() if found}


def test_a_language_keeps_the_view(page):
    go(page, "layer=cluster&cluster=C2,C4&cluster_op=all&not=WIND&county=620922&map=tile&theme=dark")
    before = shown(page)
    page.locator('[data-action="language"]').click()
    settle(page)
    after = shown(page)
    assert after["query"] == before["query"].replace("&theme=dark", "&lang=en&theme=dark")
    for part in ("map", "list", "count", "chips", "pressed", "legend"):
        assert after[part] == before[part]
    expect(page.locator("#card h2")).to_have_text("Guazhou County")
    assert page.locator("#picked-ring").get_attribute("d") == page.locator("#c620922").get_attribute("d")


def test_all_still_works_after_the_language_changed(page):
    page.locator('[data-action="language"]').click()
    settle(page)
    choose(page, "C1")
    assert set(matching(page)) == HELD["C1"]
    page.locator("#sort").select_option("population")
    assert shown(page)["list"] != sorted(HELD["C1"])
    page.locator('[data-choice="map=panels"]').click()
    page.locator('[data-choice="layer=cluster"]').click()
    expect(page.locator("#panels .panel")).to_have_count(5)
    page.locator("#panels [data-for='620922']").first.dispatch_event("click")
    expect(page.locator("#card h2")).to_have_text("Guazhou County")
    page.locator('[data-choice="map=true"]').click()
    page.locator("#c620922").hover()
    expect(page.locator("#hover-card")).to_contain_text("Guazhou")
    page.locator("#search-field").press_sequentially("yumen")
    page.keyboard.press("Enter")
    expect(page.locator("#card h2")).to_contain_text("Yumen")
    page.locator("#spread-toggle").click()
    page.locator("#spread-graph .barlayer .point").first.wait_for()
    ticks = " ".join(page.locator("#spread-graph .xaxislayer-above text").all_text_contents())
    assert "Lanzhou" in ticks and not CHINESE.search(ticks)


# ---- themes

PLACES = ["body", "#masthead", "#rail", "#legend", ".chip", "path.county[data-class=B4]", "#labels text", "#tools"]
COLOURS = """(places) => Object.fromEntries(places.map((one) => {
  const style = getComputedStyle(document.querySelector(one));
  return [one, [style.backgroundColor, style.color, style.fill]];
}))"""


def lightness(colour: str) -> float:
    red, green, blue = map(float, re.findall(r"[\d.]+", colour)[:3])
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def test_dark_changes_the_colours_and_the_address(page):
    light = page.evaluate(COLOURS, PLACES)
    page.locator("#theme-toggle").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert shown(page)["query"] == "theme=dark"
    page.wait_for_function(
        "(was) => getComputedStyle(document.querySelector('.chip')).backgroundColor !== was", arg=light[".chip"][0]
    )
    dark = page.evaluate(COLOURS, PLACES)
    assert lightness(light["body"][0]) > 0.9 and lightness(dark["body"][0]) < 0.15
    assert lightness(light["body"][1]) < 0.3 and lightness(dark["body"][1]) > 0.8
    for place in light:
        assert light[place] != dark[place], place
    page.locator("#theme-toggle").click()
    assert shown(page)["query"] == ""
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_dark_orders_the_bands_by_lightness_the_other_way(page):
    """More is darker on paper and lighter on a dark screen, step by step."""
    fills = """() => ["B6", "B5", "B4", "B3", "B2", "B1"].map(
      (id) => getComputedStyle(document.querySelector(`path.county[data-class=${id}]`)).fill)"""
    light = [lightness(fill) for fill in page.evaluate(fills)]
    dark = [lightness(fill) for fill in go(page, "theme=dark").evaluate(fills)]
    assert light == sorted(light, reverse=True) and len(set(light)) == 6
    assert dark == sorted(dark) and len(set(dark)) == 6


def test_language_and_theme_stay_in_the_address(page):
    page.locator("#theme-toggle").click()
    page.locator('[data-action="language"]').click()
    settle(page)
    choose(page, "C1")
    assert shown(page)["query"] == "cluster=C1&lang=en&theme=dark"
    page.reload()
    settle(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    says(page, "Advanced manufacturing · 9 counties")


def test_the_charts_follow_the_theme(page):
    page.locator("#spread-toggle").click()
    page.locator("#spread-graph .barlayer .point").first.wait_for()
    bar = """() => {
      const bar = document.querySelector("#spread-graph .barlayer .point path");
      return bar && getComputedStyle(bar).fill;
    }"""
    light = page.evaluate(bar)
    page.locator("#theme-toggle").click()
    page.wait_for_function(f"(was) => ![null, was].includes(({bar})())", arg=light)
