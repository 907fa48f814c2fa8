"""The files of decks: the page says how far each is, what went wrong and its number, and fetches what is made."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from atlas_server import AtlasServer
from playwright.sync_api import expect
from watched import settle

from layouts.words import word

LONG = 90_000  # ms; files are made when nobody else needs the processor


def maker(server: AtlasServer) -> int:
    """Return the process in which the server has files made."""
    parent = server._process.pid
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            is_ours = f"\nPPid:\t{parent}\n" in status.read_text()
            if is_ours and b"spawn_main" in (status.parent / "cmdline").read_bytes():
                return int(status.parent.name)
        except OSError:  # ended meanwhile
            continue
    raise AssertionError("no process makes files")


def test_the_page_says_how_far_each_file_is_and_why_one_is_not_made(visit, tmp_path):
    server = AtlasServer("--data-folder", str(tmp_path)).wait()
    try:
        page = visit.blank(on=server.url)
        page.goto(f"{server.url}/meeting")
        settle(page)
        page.locator('[data-deck-op="new"]').click()
        expect(page.locator("#decks .deck")).to_have_count(1)
        page.locator('[data-deck="ready"] a[href*="pptx"]').click()
        first, second = page.locator("#deck-files li").nth(0), page.locator("#deck-files li").nth(1)
        expect(first).to_contain_text(f"{word('deck_ready', 'zh')} · PPTX")
        page.locator('#decks .deck a[href*="xlsx"]').click()
        expect(second).to_contain_text(word("js_export_ahead", "zh", n=1))
        expect(first).to_contain_text(re.compile(r"第 [0-9]+ 个场景，共 [0-9]+ 个"), timeout=LONG)
        value, most = first.locator("progress").evaluate("(bar) => [bar.value, bar.max]")
        assert 1 <= value <= most and most > 5
        if folder := os.environ.get("ATLAS_LOOK"):
            page.screenshot(path=f"{folder}/export.png")

        visit.allow("503")
        with page.expect_download(timeout=LONG) as download:  # what waited comes, whatever became of the one before
            os.kill(maker(server), signal.SIGKILL)
            expect(first.locator(".nothing")).to_contain_text("编号", timeout=LONG)
        number = re.search(r"[0-9a-f]{8}", first.locator(".nothing").text_content() or "")
        assert number and Path(download.value.path()).read_bytes().startswith(b"PK")
        expect(page.locator("#deck-files li")).to_have_count(1)  # only what there is to tell
        expect(page.locator("#deck-files progress")).to_have_count(0)
        lines = (tmp_path / "atlas.log").read_text("utf-8").splitlines()
        assert [line.split("\t")[2] for line in lines if number[0] in line] == ["error"]
    finally:
        server.stop()
