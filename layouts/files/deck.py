"""A deck as a file that can be read, changed by hand and loaded again."""

from __future__ import annotations

from typing import Any

from layouts.facts.deck import Deck, write_deck
from layouts.facts.exports import File
from layouts.words import both


def written(deck: Deck, *_: Any) -> bytes:
    """Return a deck as YAML."""
    return write_deck(deck).encode(errors="replace")


FILES = (File(id="deck", path="/export/meeting.yaml", write=written, name=both("deck_yaml"), of_deck=True),)
