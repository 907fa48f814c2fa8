"""What most will open is made ahead, after each change of the store, so that nobody has to wait for it."""

from __future__ import annotations

import logging
from threading import Thread

from callbacks import meeting, pages
from layouts.facts.atlas import Atlas
from layouts.facts.view import LANGUAGES, View
from targets.decks import DeckStore
from targets.observations import Store

log = logging.getLogger("atlas")


def begin(atlas: Atlas, store: Store) -> Thread:
    """Begin to make them, in a thread; who asks for one in the making waits for it, and makes none besides."""
    thread = Thread(target=_make, args=(atlas, store), name="ahead", daemon=True)
    thread.start()
    return thread


def _make(atlas: Atlas, store: Store) -> None:
    store.begin()
    try:
        for view in (View(lang=lang) for lang in LANGUAGES):
            pages.progress_data(atlas, store, None, view.lang)
            pages.sheet(atlas, store, "/progress", view)
            meeting.deck_data(atlas, store, DeckStore(store), meeting.READY, view)
    except Exception:  # whoever asks for it makes it, and is told what is wrong
        log.exception("made ahead")
    finally:
        store.end()
