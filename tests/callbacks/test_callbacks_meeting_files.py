"""The addresses of a meeting's slides and annex: the ready deck, a kept deck, and none."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from layouts.facts.deck import Deck, Scene, write_deck
from layouts.facts.view import View
from layouts.words import word
from targets.decks import DeckStore

KINDS = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kept_deck_is_written_in_the_language_asked(app, client, kind):
    deck = Deck("季度观摩", (Scene("县域", "/", View()), Scene("玉门", "/county/620981", View())))
    kept = DeckStore(app.store).create(deck.title, write_deck(deck), "测试")
    for lang in ("zh", "en"):
        answer = client.get(f"/export/meeting.{kind}?deck={kept.slug}&lang={lang}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == KINDS[kind]
        assert answer.headers["Content-Disposition"] == f'attachment; filename="gansu-meeting.{kind}"'
        assert answer.headers["Cache-Control"] == "no-store"
        if kind == "xlsx":
            book = load_workbook(io.BytesIO(answer.data))
            assert book.sheetnames == [word("annex_contents", lang), "1 县域", "2 玉门"]
        else:
            first = Presentation(io.BytesIO(answer.data)).slides[0]
            assert word("slide_map", lang) in [shape.name for shape in first.shapes]


def test_without_a_deck_it_is_the_ready_one_of_the_period(client):
    answer = client.get("/export/meeting.pptx?period=2023")
    assert answer.status_code == 200
    again = Presentation(io.BytesIO(answer.data))
    assert "2023" in again.core_properties.title
    assert len(again.slides) > 30


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("slug", ["d999", "../x", "<b>"])
def test_a_deck_that_is_not_there_is_a_sentence(client, kind, lang, slug):
    answer = client.get(f"/export/meeting.{kind}", query_string={"deck": slug, "lang": lang})
    assert answer.status_code == 404
    assert answer.text.strip() == word("slide_deck_missing", lang, slug=slug)
    assert answer.mimetype == "text/plain"


def test_a_deck_that_cannot_be_read_says_why(app, client):
    kept = DeckStore(app.store).create("坏", "deck: 坏\nscenes: [{title: x, view: /nowhere}]\n", "测试")
    answer = client.get(f"/export/meeting.pptx?deck={kept.slug}")
    assert answer.status_code == 422
    assert kept.slug in answer.text
    assert "None" not in answer.text
