"""The standings that the app keeps: many threads ask, some import, and each gets what it asked for, of one event."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from threading import Barrier, Event

import pytest
from days import TODAY

from app import AtlasApp, create_app
from callbacks.standings import KEPT, Standings, UnknownPeriod
from targets import progress
from targets.importing import compare
from targets.intake import read_file

THREADS, EACH, IMPORTS = 16, 150, 4
GUAZHOU = "620922"


@pytest.fixture
def own(tmp_path) -> Iterator[AtlasApp]:
    made = create_app(data_folder=str(tmp_path), today=TODAY)
    yield made
    made.store.close()


@pytest.fixture
def switching() -> Iterator[None]:
    """Have the threads take turns as often as Python can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def put(app: AtlasApp, value: float) -> int:
    text = f"县区,地区生产总值（亿元）\n瓜州县,{value}"
    reading = read_file(text.encode("utf-8-sig"), "a.csv", period="2024", citation="调度表", today=TODAY)
    return app.store.accept(compare(reading, app.store), "测试")


def test_no_thread_gets_another_ones_standing_nor_one_that_is_torn(own, monkeypatch, switching, caplog):
    """More periods are asked for than are kept, so that standings are let go while others are made and asked for."""
    monkeypatch.setattr(progress, "assess", lambda counties, observations, period, *rest: (period, len(observations)))
    periods = [None, *sorted(own.standings.periods())]
    assert len(periods) > KEPT + 1
    start, over = Barrier(THREADS + 1), Event()

    def ask(number: int) -> int:
        start.wait()
        for n, period in enumerate(islice(cycle(periods), number, None)):
            if n >= EACH and over.is_set():
                return n
            before = own.store.last()
            found = own.standings.of(period)
            after = own.store.last()
            assert found.period == period
            assert found.assessment == (period, len(found.observations))
            events = len(found.batches)
            assert before <= events <= after, "of an event that was the last while it was asked for"
            imported = (found.observations["origin"] != "published").sum()
            assert imported == events % 2, "an import, or its undoing"
        raise AssertionError

    def change() -> None:
        start.wait()
        for n in range(IMPORTS):
            own.store.undo(put(own, 140.5 + n), "测试")
            time.sleep(0.1)
        over.set()

    with ThreadPoolExecutor(THREADS + 1) as threads:
        asking = [threads.submit(ask, number) for number in range(THREADS)]
        threads.submit(change).result()
        assert all(one.result() >= EACH for one in asking)
    assert [one.getMessage() for one in caplog.records] == [], "nobody missed the store while it was being made"


def test_what_a_standing_has_found_is_found_once(own, switching):
    standing, start, made = own.standings.of(None), Barrier(THREADS), []

    def ask(number: int) -> tuple[object, ...]:
        start.wait()
        return tuple(standing.once(f"{n}", lambda n=n: made.append(n) or object()) for n in range(200))

    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(ask, range(THREADS)))
    assert set(map(len, found)) == {200} and len(set(found)) == 1
    assert sorted(made) == list(range(200))


@pytest.mark.parametrize("period", ["1999", "2025-10", "2099", "soon"])
def test_a_period_of_which_nothing_is_known_is_refused(own, period):
    with pytest.raises(UnknownPeriod, match=f"没有 {period} 的数.* / nothing is known of {period}") as refused:
        own.standings.of(period)
    assert "2024" in refused.value.zh and "2024" in refused.value.en


def test_a_period_that_goes_while_an_answer_is_made_is_said_to_be_unknown(own, monkeypatch):
    monkeypatch.setattr(Standings, "periods", lambda self: frozenset({"2099"}))
    for lang, said in (("zh", "没有 2099 的数"), ("en", "nothing is known of 2099")):
        answer = own.server.test_client().get(f"/export/counties.csv?period=2099&lang={lang}")
        assert answer.status_code == 404 and said in answer.text
