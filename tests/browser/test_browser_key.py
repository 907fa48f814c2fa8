"""The operator's key: asked for where it is needed, entered once, and open on every page until it is locked again."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import warm
from atlas_server import AtlasServer
from playwright.sync_api import expect
from test_browser_progress import filled
from watched import settle

from layouts.words import word


@pytest.fixture(scope="module")
def guarded(tmp_path_factory) -> Iterator[tuple[AtlasServer, str]]:
    """Serve an atlas to which this machine is a visitor as any other, and make its key."""
    folder = str(tmp_path_factory.mktemp("own"))
    made = warm.run(["key", "--data-folder", folder], os.environ)
    running = AtlasServer("--data-folder", folder, "--behind-proxy", "127.0.0.1").wait()
    yield running, made.stdout.strip()
    said = running.stop()
    assert "Traceback" not in said, f"the server raised:\n{said}"


def test_the_key_is_entered_once_and_opens_every_page(visit, guarded):
    server, key = guarded
    page = visit.blank(on=server.url)
    page.goto(f"{server.url}/data")
    filled(settle(page))
    form = page.locator(".key-form")
    expect(form).to_contain_text(word("key_text", "zh"))
    expect(page.locator("#import-file")).to_have_count(0)

    visit.allow("403", "404")  # a browser asks a page of plain text for its icon
    form.locator("input").fill("wrong")
    form.locator("button").click()
    expect(page.locator("body")).to_contain_text(word("key_wrong", "zh"))
    page.go_back()
    filled(settle(page))
    page.locator(".key-form input").fill(key)
    page.locator(".key-form button").click()
    expect(page.locator("#import-file")).to_be_visible()
    assert page.evaluate("document.cookie") == "", "no script can read it"

    page.goto(f"{server.url}/meeting?lang=en")
    settle(page)
    page.locator('[data-deck-op="new"]').click()
    expect(page.locator("#decks .deck")).to_have_count(1)
    page.locator(".key-form button").click()
    expect(page.locator(".key-form")).to_contain_text(word("key_text", "en"))
    expect(page.locator('[data-deck-op="new"]')).to_have_count(0)
    expect(page.locator("#decks button")).to_have_count(0)
    expect(page.locator("#decks .deck a").first).to_be_visible()


def test_what_is_refused_says_so_where_one_is(visit, guarded):
    server, _ = guarded
    page = visit.blank(on=server.url)
    visit.allow("403", "Callback error", "FORBIDDEN|Forbidden")
    page.goto(f"{server.url}/progress")
    filled(settle(page))
    page.keyboard.press("s")
    page.locator("#capture .btn-primary").click()
    expect(page.locator("#notice")).to_contain_text(word("key_wanted", "zh"))
