"""How often Python looks for rubbish: seldom, while very many small objects are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

SELDOM = 200_000  # objects made between two looks; by default 700, and a table of figures makes a million
_lock = Lock()
_usual: list[tuple[int, int, int]] = []  # what was set before the first of those who now ask, once for each


@contextmanager
def seldom_swept() -> Iterator[None]:
    """Have rubbish looked for seldom while this lasts, or while a function that it decorates runs.

    A file of 58,000 figures is read, compared and stored in two thirds of the time. Several threads may ask at once:
    all is as before when the last is through.
    """
    with _lock:
        _usual.append(_usual[0] if _usual else gc.get_threshold())
        gc.set_threshold(SELDOM, *_usual[0][1:])
    try:
        yield
    finally:
        with _lock:
            usual = _usual.pop()
            if not _usual:
                gc.set_threshold(*usual)
