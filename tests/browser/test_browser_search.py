"""Search by name, short name, adcode, pinyin and its initials."""

from __future__ import annotations

import pytest
from plan_files import rows
from playwright.sync_api import Page, expect
from readings import shown

COUNTIES = rows("counties")


def suggestions(page: Page, typed: str) -> list[str]:
    """Return the suggestions for what was typed, as plain names."""
    field = page.locator("#search-field")
    field.fill("")
    field.press_sequentially(typed)
    page.wait_for_function(
        "(typed) => document.getElementById('search-field').value === typed && "
        "document.querySelectorAll('#search [role=option], #search .autocomplete__option--no-results').length",
        arg=typed,
    )
    return [text.split(" · ")[0] for text in page.locator("#search [role=option]").all_inner_texts()]


def test_the_ways_to_name_a_county(page):
    for typed, first in {
        "ym": "玉门市", "620922": "瓜州县", "瓜州": "瓜州县", "瓜": "瓜州县", "guazhou": "瓜州县", "GuaZhou": "瓜州县",
        "gua zhou": "瓜州县", "guā zhōu": "瓜州县", "gzx": "瓜州县", "城关": "城关区", "肃南裕固族自治县": "肃南县",
        "akesai": "阿克塞县",
        "Jone": "卓尼县", "jishishan": "积石山县", "jyg": "嘉峪关市", "620200": "嘉峪关市", " 玉门 ": "玉门市",
    }.items():  # fmt: skip
        assert suggestions(page, typed)[:1] == [first], typed


def test_initials_come_before_everything_else(page):
    for typed in ("gz", "ym", "lx", "ht", "jt"):
        exact = {row["name_short"] for row in COUNTIES if typed in row["initials"].split()}
        found = suggestions(page, typed)
        assert exact, typed
        assert set(found[: len(exact)]) == exact, (typed, found)


def test_every_county_is_found_by_each_of_its_names(page):
    """The page's own source of suggestions, asked for all names at once."""
    wanted = [
        (typed, row["name_short"])
        for row in COUNTIES
        for typed in (row["name"], row["name_short"], row["adcode"], row["pinyin"], row["name_en"])
    ]
    missing = []
    field = page.locator("#search-field")
    for typed, name in wanted[::23] + [
        (row["name_en"], row["name_short"]) for row in COUNTIES if not row["name_en"].isascii()
    ]:
        field.fill("")
        if name not in suggestions(page, typed):
            missing.append((typed, name))
    assert not missing


def test_nothing_found_says_so(page):
    assert suggestions(page, "xyzzy") in ([], ["没有找到这个县"])
    expect(page.locator("#search")).to_contain_text("没有找到这个县")
    page.keyboard.press("Enter")
    assert shown(page)["query"] == ""


@pytest.mark.parametrize("how", ["enter", "arrow", "mouse"])
def test_choosing_picks_the_county(page, how):
    found = suggestions(page, "gz")
    if how == "mouse":
        page.locator("#search [role=option]").nth(1).click()
    else:
        page.keyboard.press("ArrowDown" if how == "arrow" else "Home")
        page.keyboard.press("Enter")
    name = found[0 if how == "enter" else 1]
    expect(page.locator("#card h2")).to_have_text(name)
    adcode = next(row["adcode"] for row in COUNTIES if row["name_short"] == name)
    assert shown(page)["query"] == f"county={adcode}"
    assert page.locator("#picked-ring").get_attribute("d") == page.locator(f"#c{adcode}").get_attribute("d")
    expect(page.locator("#search [role=listbox]")).to_be_hidden()
    assert page.evaluate("document.querySelector('#labels').textContent").count(name[:2])


def test_search_in_english(visit):
    page = visit("lang=en")
    assert suggestions(page, "yumen")[0] == "Yumen"
    assert suggestions(page, "玉门")[0] == "Yumen"
    page.keyboard.press("Enter")
    expect(page.locator("#card h2")).to_contain_text("Yumen")
    assert shown(page)["query"] == "county=620981&lang=en"
