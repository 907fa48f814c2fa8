"""The marks that others script against, as contract.md names them, on the page as it first opens."""

from __future__ import annotations

import pytest
from plan_files import by_option, facts, rows
from playwright.sync_api import expect
from readings import ADCODES, OPTIONS, shown

FACTS = facts()
BANDS = {"B1", "B2", "B3", "B4", "B5", "B6", "none"}


@pytest.fixture(scope="module")
def opened(visits):
    page = visits()
    yield page
    problems = visits.leave()
    assert not problems, "\n".join(problems)


def test_every_county_is_drawn_with_its_marks(opened):
    drawn = opened.evaluate(
        """() => [...document.querySelectorAll("svg#county-map path.county")].map((path) => ({
          adcode: path.dataset.adcode, match: path.dataset.match, class: path.dataset.class,
          tab: path.getAttribute("tabindex"), length: path.getTotalLength() }))"""
    )
    assert sorted(one["adcode"] for one in drawn) == sorted(ADCODES)
    assert {one["adcode"] for one in drawn if one["match"] == "1"} == set(FACTS)
    expected = {adcode: next(iter(ids & BANDS)) for adcode, ids in FACTS.items()} | {"620200": "na"}
    assert {one["adcode"]: one["class"] for one in drawn} == expected
    assert sorted(one["tab"] for one in drawn) == ["-1"] * 86 + ["0"]
    assert all(one["length"] > 0 for one in drawn)


def test_every_county_has_an_accessible_name(opened):
    session = opened.context.new_cdp_session(opened)
    session.send("Accessibility.enable")
    found = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    names = [
        node["name"]["value"] for node in found if node.get("role", {}).get("value") == "button" and not node["ignored"]
    ]
    prefectures = {row["adcode"]: row["name_short"] for row in rows("prefectures")}
    for county in rows("counties"):
        belongs = [
            name
            for name in names
            if name.startswith(county["name_short"] + "，" + prefectures[county["prefecture_code"]])
        ]
        assert len(belongs) == 1, (county["name"], belongs)
    assert any(name.startswith("嘉峪关市，") for name in names)


def test_the_default_view_has_an_empty_query_and_leaves_all_86(opened):
    assert "?" not in opened.url
    expect(opened.locator("#match-count")).to_have_text("86 个县（市、区）")
    expect(opened.locator("#list-count")).to_have_text("86")
    assert sorted(shown(opened)["list"]) == sorted(FACTS)
    expect(opened.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(opened.locator("html")).to_have_attribute("data-theme", "light")
    expect(opened.locator("#notice[role=status]")).to_be_empty()
    expect(opened.locator("#filter-sentence")).to_have_text("全部 86 个县（市、区）")


def test_every_filter_control_names_its_option_and_its_state(opened):
    found = opened.evaluate(
        """() => [...document.querySelectorAll("#rail .chip[data-option]")].map((chip) =>
          [chip.dataset.option, chip.getAttribute("aria-pressed"), chip.querySelector(".chip-count").textContent])"""
    )
    assert sorted(option for option, _, _ in found) == sorted(option for ids in OPTIONS.values() for option in ids)
    assert {pressed for _, pressed, _ in found} == {"false"}
    belongs = by_option()
    assert {option: int(count) for option, _, count in found} == {
        option: len(belongs.get(option, ())) for ids in OPTIONS.values() for option in ids
    }


def test_the_legend_counts_the_counties_of_each_class(opened):
    assert shown(opened)["legend"] == {band: len(by_option()[band]) for band in OPTIONS["band"]}
