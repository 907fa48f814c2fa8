"""What is kept of recurring texts is bounded, and rubbish is looked for as before when an import is through."""

from __future__ import annotations

import gc
from threading import Barrier, Thread

import pytest

from targets.keeping import LONGEST_KEPT, kept
from targets.sweeping import SELDOM, seldom_swept


def test_a_short_text_is_looked_at_once_and_a_long_one_is_not_kept():
    asked: list[str] = []

    @kept
    def look(text: str, more: str) -> str:
        asked.append(text)
        return text + more

    long = "长" * (LONGEST_KEPT + 1)
    assert [look(text, "!") for text in ("短", "短", long, long)] == ["短!", "短!", long + "!", long + "!"]
    assert asked == ["短", long, long]
    assert look("短", "?") == "短?"


def test_rubbish_is_looked_for_seldom_only_while_asked():
    usual = gc.get_threshold()
    with seldom_swept():
        assert gc.isenabled() and gc.get_threshold()[0] == SELDOM
        with seldom_swept():
            pass
        assert gc.get_threshold()[0] == SELDOM
    assert gc.get_threshold() == usual
    with pytest.raises(ValueError), seldom_swept():
        raise ValueError
    assert gc.get_threshold() == usual


def test_it_is_as_before_whoever_of_several_threads_ends_last():
    usual = gc.get_threshold()
    met = Barrier(4)

    def ask() -> None:
        with seldom_swept():
            met.wait(30)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert gc.get_threshold() == usual
