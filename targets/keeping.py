"""What a text is found to be, kept for those that recur: in a table of figures most do."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

MOST_KEPT = 16_384
LONGEST_KEPT = 100  # letters: a file of long texts must not fill the memory

Found = TypeVar("Found")


def kept(find: Callable[..., Found]) -> Callable[..., Found]:
    """Keep what a function finds of a text, its first argument; of one that is long it finds it anew each time."""
    known = lru_cache(maxsize=MOST_KEPT)(find)

    @wraps(find)
    def found(text: str, *rest: Any) -> Found:
        return known(text, *rest) if len(text) <= LONGEST_KEPT else find(text, *rest)

    return found
