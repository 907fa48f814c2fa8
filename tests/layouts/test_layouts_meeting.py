"""The page of decks: the ready one, the kept ones as data, and what is said when one is not there."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape

from layouts.facts.deck import DeckError, DeckProblem
from layouts.facts.view import View
from layouts.pages import meeting as meeting_page
from layouts.parts.markup import write
from layouts.words import word
from targets.decks import DeckVersion

KEPT = DeckVersion(
    "d1", 7, "save", None, 7, "一季度<例会>", "…", datetime(2025, 9, 30, 17, 5, tzinfo=UTC), "张三", False
)
GONE = DeckVersion("d2", 9, "delete", 8, 9, "", "", datetime(2025, 10, 1, tzinfo=UTC), "李四", True)


def test_the_page_carries_the_decks_as_data_with_beijing_time():
    text = write(meeting_page.page(View(), [KEPT], [GONE]))
    data = json.loads(unescape(re.search(r'data-decks="([^"]*)"', text)[1]))
    assert data["kept"] == [
        {"slug": "d1", "version": 7, "title": "一季度<例会>", "when": "2025-10-01 01:05", "who": "张三"}
    ]
    assert data["deleted"][0]["when"] == "2025-10-01 08:00"
    assert "<例会>" not in text


def test_the_period_asked_for_is_chosen():
    assert re.search(r'<option selected[^>]*value="2025Q3"', write(meeting_page.page(View(period="2025Q3"), [], [])))
    english = write(meeting_page.page(View(lang="en"), [], []))
    assert word("deck_ready", "en") in english and not re.search("[一-鿿]", english)


def test_a_deck_that_is_missing_or_broken_is_a_page_with_a_way_on():
    for lang in ("zh", "en"):
        assert "d9" in write(meeting_page.missing("d9", lang)) and 'href="/meeting"' in write(
            meeting_page.missing("d9", lang)
        )
    text = write(meeting_page.broken(DeckError([DeckProblem(4, "没有这个县", "no such county")]), "zh"))
    assert "4: 没有这个县" in text and "no such county" not in text
