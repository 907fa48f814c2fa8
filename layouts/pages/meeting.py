"""The page of decks: the ready one, those that are kept, and where one is loaded, edited, shown and taken away."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta, timezone
from typing import Any

from dash import html

from layouts.facts.deck import Deck
from layouts.facts.pages import Asked, Page
from layouts.facts.view import View
from layouts.parts.markup import choice, key_form, page_link
from layouts.words import both, word
from targets.decks import DeckVersion
from targets.speech import Speech

BEIJING = timezone(timedelta(hours=8))


def page(view: View, kept: Iterable[DeckVersion], deleted: Iterable[DeckVersion], who: str = "here") -> list[Any]:
    """Return the whole page; the decks travel as data and the browser builds their lists and the editor.

    By what its reader may change them, `who` says: ``here``, ``key``, or nothing.
    """
    lang = view.lang
    data = json.dumps(summary(kept, deleted), ensure_ascii=False, separators=(",", ":"))
    field = html.Label(
        [
            word("deck_file", lang),
            html.Span(className="deck-file", **{"data-file": ".yaml,.yml,.json"}),
        ],
        className="deck-load quiet-button",
    )
    options = {"latest": word("period_latest", lang)} | ({view.period: view.period} if view.period else {})
    ready = html.Section(
        [
            html.H3(word("deck_ready", lang)),
            html.P(word("deck_ready_text", lang), className="quiet"),
            html.Div(
                [
                    html.Label(
                        [word("period", lang), " ", choice("deck-period", options, view.period or "latest")],
                        className="behind-sort",
                    ),
                    html.Span(className="deck-ways", **{"data-deck": "ready"}),
                ],
                className="deck-row",
            ),
            html.Ul(id="deck-files"),
        ]
    )
    return [
        html.H2(word("nav_meeting", lang)),
        html.P(word("deck_intro", lang), className="quiet"),
        ready,
        html.Section(
            [
                html.H3(word("deck_kept", lang)),
                None if who == "here" else key_form(lang, who),
                None
                if not who
                else html.Div(
                    [
                        html.Button(
                            word("deck_new", lang), type="button", className="quiet-button", **{"data-deck-op": "new"}
                        ),
                        field,
                        html.Span(className="deck-who"),
                    ],
                    className="deck-row",
                ),
                html.P(id="deck-said", role="status"),
                html.Div(id="decks", **{"data-decks": data, "data-may": who}),
            ]
        ),
    ]


def _asked(asked: Asked) -> list[Any]:
    """Return the page; that of a deck only where it is missing, for one that is there is shown, not written out."""
    if asked.code:
        return missing(asked.code, asked.view.lang)
    return page(asked.view, asked.decks.decks(), asked.decks.decks(deleted=True), asked.who)


def missing(slug: str, lang: str) -> list[Any]:
    """Return the page of a deck that is not there."""
    return [html.H2(word("deck_no_such", lang, slug=slug)), html.P(page_link(word("deck_to_list", lang), PAGE.path))]


def broken(error: Exception, lang: str) -> list[Any]:
    """Return the page of a kept deck that can no longer be read, with every fault."""
    problems = getattr(error, "problems", ())
    faults = [f"{problem.line}: {Speech.of(lang).pick(problem.zh, problem.en)}" for problem in problems]
    return [
        html.H2(word("deck_broken", lang)),
        html.Ul([html.Li(fault) for fault in faults]),
        html.P(page_link(word("deck_to_list", lang), PAGE.path)),
    ]


def summary(kept: Iterable[DeckVersion], deleted: Iterable[DeckVersion]) -> dict[str, list[dict[str, Any]]]:
    """Return the decks as the browser lists them; times in Beijing time."""

    def row(version: DeckVersion) -> dict[str, Any]:
        when = version.time.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
        return {
            "slug": version.slug,
            "version": version.version,
            "title": version.title,
            "when": when,
            "who": version.who,
        }

    return {"kept": [row(one) for one in kept], "deleted": [row(one) for one in deleted]}


def deck_json(deck: Deck, slug: str, version: int) -> dict[str, Any]:
    """Return a deck as the editor holds it."""
    scenes = [
        {"title": one.title, "view": one.address, "note": one.note, "highlight": list(one.highlight)}
        for one in deck.scenes
    ]
    return {"slug": slug, "version": version, "deck": deck.title, "period": deck.period, "scenes": scenes}


PAGE = Page(
    id="meeting",
    path="/meeting",
    name=both("nav_meeting"),
    also="演示|放映|deck|present|slides",
    pinyin={"会议": "hui yi", "演示": "yan shi", "放映": "fang ying"},
    code="deck",
    markup=_asked,
    lasting=False,
)
