"""What most will open is made ahead, after each change of the store, so that nobody has to wait for it."""

from __future__ import annotations

import logging
from threading import Thread

from callbacks import meeting, pages
from callbacks.standings import Standings
from layouts.facts.deck import READY
from layouts.facts.view import LANGUAGES, View
from targets.decks import DeckStore

log = logging.getLogger("atlas")


def begin(standings: Standings) -> Thread:
    """Begin to make them, in a thread; who asks for one in the making waits for it, and makes none besides."""
    thread = Thread(target=_make, args=(standings,), name="ahead", daemon=True)
    thread.start()
    return thread


def _make(standings: Standings) -> None:
    store = standings.store
    store.begin()
    try:
        for view in (View(lang=lang) for lang in LANGUAGES):
            pages.progress_data(standings, None, view.lang)
            pages.sheet(standings, "/progress", view)
            meeting.deck_data(standings, DeckStore(store), READY, view)
    except Exception:  # whoever asks for it makes it, and is told what is wrong
        log.exception("made ahead")
    finally:
        store.end()
