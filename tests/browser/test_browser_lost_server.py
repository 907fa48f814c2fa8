"""The server goes away in the middle of a meeting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from atlas_server import AtlasServer
from plan_files import by_option
from playwright.sync_api import expect
from readings import choose, matching, says, shown, use
from shipped import PLAN
from watched import settle

from layouts.words import word
from targets.selection import Filter, sentence

HELD = by_option()
APPROVAL = "甘S(2024)12号"


@pytest.fixture(scope="module")
def mortal(tmp_path_factory) -> Iterator[AtlasServer]:
    """Return a server that each test stops and starts again."""
    folder = tmp_path_factory.mktemp("mortal")
    running = AtlasServer("--map-approval", APPROVAL, "--data-folder", str(folder)).wait()
    yield running
    assert "Traceback" not in running.stop()


def test_the_map_goes_on_without_its_server(visit, mortal):
    server = mortal
    page = visit(on=server.url)
    visit.allow(
        "ERR_CONNECTION_REFUSED", "ERR_SOCKET_NOT_CONNECTED", "ERR_EMPTY_RESPONSE", "the server did not respond"
    )
    expect(page.locator("#sources")).to_contain_text(f"审图号：{APPROVAL}")
    assert "Traceback" not in server.stop()

    choose(page, "C1")
    choose(page, "C4")
    use(page, '[data-choice="cluster_op=all"]')
    left = sorted(HELD["C1"] & HELD["C4"])
    assert matching(page) == left
    assert sorted(shown(page)["list"]) == left
    assert shown(page)["count"] == 2
    expect(page.locator("#map-title")).to_contain_text("甘州区、崆峒区")
    notice = page.locator("#notice")
    expect(notice).to_be_empty()  # a press asks nobody, and misses nobody
    page.locator('[data-choice="layer=cluster"]').click()
    page.locator('[data-choice="map=tile"]').click()
    page.locator("#c620922").click()
    expect(notice).to_contain_text("与服务器的连接中断")
    expect(notice).to_be_visible()
    box = notice.bounding_box()
    assert box["height"] < 120 and box["width"] < 700, "a small notice"
    choose(page, "WIND")
    expect(notice).to_contain_text("与服务器的连接中断")
    assert shown(page)["count"] == len(HELD["C1"] & HELD["C4"] & HELD["WIND"])
    assert page.locator("path.county[aria-pressed=true]").get_attribute("data-adcode") == "620922"
    expect(page.locator("#county-map")).to_be_visible()
    assert page.locator("._dash-error, .dash-debug-error-count, [class*=error-container]").count() == 0

    server.start()
    server.wait()
    choose(page, "WIND")
    chosen = Filter(cluster=("C1", "C4"), cluster_op="all")
    says(page, sentence(chosen, 2, PLAN))
    expect(notice).to_be_empty()
    expect(page.locator("html")).not_to_have_class("is-offline")
    expect(page.locator("#card h2")).to_have_text("瓜州县")


def test_pages_that_were_read_stay_and_others_can_be_asked_for_again(visit, mortal):
    server = mortal
    page = visit.blank(on=server.url)
    page.goto(f"{server.url}/progress")
    settle(page)
    page.locator("#sheet .dots tbody tr").first.wait_for()
    visit.allow(
        "ERR_CONNECTION_REFUSED", "ERR_SOCKET_NOT_CONNECTED", "ERR_EMPTY_RESPONSE", "the server did not respond"
    )
    finding = page.locator("#progress-live .finding").first
    said = finding.inner_text()
    assert "Traceback" not in server.stop()

    page.locator('#pages [data-page="/"]').click()
    page.locator('#pages [data-page="/progress"]').click()
    expect(finding).to_have_text(said)
    rows = page.locator("#progress-live .dots tbody tr:not([hidden])")
    every = rows.count()
    choose(page, "620600")
    expect(rows).to_have_count(4)
    page.locator("#clear").click()
    expect(rows).to_have_count(every)
    page.locator("#progress-period").select_option("2022")
    expect(page.locator("#sheet .nothing")).to_have_text(word("js_sheet_lost", "zh"))
    again = page.locator("#sheet .nothing + button")
    expect(again).to_have_text(word("js_try_again", "zh"))
    page.go_back()
    expect(finding).to_have_text(said)
    page.go_forward()
    expect(again).to_be_visible()

    server.start()
    server.wait()
    again.click()
    expect(finding).to_contain_text("68")
    expect(finding).not_to_have_text(said)
    page.locator("#sheet .dots tbody tr").first.wait_for()
    expect(page.locator("html")).not_to_have_class("is-offline")


def test_charts_that_could_not_be_fetched_come_when_asked_again(visit):
    page = visit.blank()
    page.route("**/plotly-basic*", lambda route: route.abort("connectionrefused"))
    page.goto(visit.server.url)
    settle(page)
    visit.allow("ERR_CONNECTION_REFUSED")
    with page.expect_event("requestfailed"):
        page.locator("#spread-toggle").click()
    choose(page, "C1")
    assert set(matching(page)) == HELD["C1"]
    page.unroute_all()
    page.locator("#spread-toggle").click()
    page.locator("#spread-toggle").click()
    page.locator("#spread-graph .barlayer .point").first.wait_for()
