"""What an event of the store makes is made once for everyone, and what most open is made ahead."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from days import TODAY
from import_corpus import xlsx

from app import create_app
from callbacks import ahead, meeting, pages
from layouts.facts import ready_deck
from layouts.facts.view import View
from layouts.pages import compare, county, overlap, plan, prefecture, progress
from targets.decks import DeckStore
from targets.importing import compare as difference
from targets.intake import read_file

MANY = 16
PAGES = {
    "/progress": progress,
    "/progress?period=2023&lang=en": progress,
    "/overlap": overlap,
    "/compare?compare=620922,620702": compare,
    "/county/620922": county,
    "/prefecture/620900": prefecture,
    "/plan": plan,
}


@pytest.fixture
def own(tmp_path):
    return create_app(data_folder=str(tmp_path), today=TODAY)


def count(monkeypatch, holder, name):
    """Count the calls of a function, which takes long enough for others to ask meanwhile."""
    made, function = [], getattr(holder, name)

    def slow(*given, **more):
        made.append(given)
        time.sleep(0.2)
        return function(*given, **more)

    monkeypatch.setattr(holder, name, slow)
    return made


def at_once(act):
    start = Barrier(MANY)

    def one(number):
        start.wait()
        return act()

    with ThreadPoolExecutor(MANY) as threads:
        return list(threads.map(one, range(MANY)))


def import_one(store, value=140.5):
    data, known = xlsx([["2024年"], ["县区", "地区生产总值（亿元）"], ["瓜州县", value]]), store.indicators()
    reading = read_file(data, "表.xlsx", indicators=known, period="", citation="", status="初步", today=TODAY)
    return store.accept(difference(reading, store), "张三")


def test_a_page_that_many_ask_for_at_once_is_made_once(own, monkeypatch):
    for address, module in PAGES.items():
        made = count(monkeypatch, module, "page")
        answers = at_once(lambda address=address: own.server.test_client().get(address))
        assert {answer.status_code for answer in answers} == {200}, address
        # Dash puts a number of its own into each.
        assert len({re.sub('"end_id":"[^"]*"', "", answer.text) for answer in answers}) == 1, address
        assert len(made) == 1, address
        monkeypatch.undo()


def test_the_ready_deck_what_it_counts_and_what_the_map_needs_too(own, monkeypatch):
    made = [
        count(monkeypatch, pages, "_in_few_words"),
        count(monkeypatch, meeting, "_limits"),
        count(monkeypatch, ready_deck, "ready_deck"),
    ]
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    answers = at_once(lambda: own.server.test_client().get("/meeting/ready"))
    assert {answer.status_code for answer in answers} == {200}
    counties = len(own.standings.of(None).assessment)
    assert [len(one) for one in made] == [counties, 1, 1]


def test_after_an_event_it_is_made_anew_and_what_was_undone_is_not_shown(own):
    client = own.server.test_client()
    before = client.get("/county/620922").text
    batch = import_one(own.store)
    assert "140.5" in client.get("/county/620922").text and "140.5" not in before
    own.store.undo(batch, "张三")
    assert "140.5" not in client.get("/county/620922").text


def test_what_most_open_is_made_ahead_and_not_again(own, monkeypatch):
    import_one(own.store)
    ahead.begin(own.standings).join(120)
    made = [
        count(monkeypatch, progress, "page"),
        count(monkeypatch, pages, "_in_few_words"),
        count(monkeypatch, meeting, "_limits"),
        count(monkeypatch, pages.progress, "assess"),
    ]
    for address in ("/progress", "/progress?lang=en", "/meeting/ready", "/meeting/ready?lang=en"):
        assert own.server.test_client().get(address).status_code == 200
    assert not any(made)


def test_an_import_and_an_undo_on_the_page_begin_it(own, monkeypatch):
    """As the page sends them, from this machine."""
    begun = []
    monkeypatch.setattr(ahead, "begin", lambda standings: begun.append(standings.store.last()))
    batch = import_one(own.store)
    origin = {"Origin": "http://localhost"}
    body = {
        "output": next(name for name in own.callback_map if "undo" in str(own.callback_map[name]["inputs"])),
        "inputs": [{"id": "undo-ask", "property": "data", "value": {"batch": batch, "at": 1}}],
        "state": [
            {"id": "import-who", "property": "value", "value": "张三"},
            {"id": "page", "property": "data-lang", "value": "zh"},
        ],
        "changedPropIds": ["undo-ask.data"],
    }
    names = [name.rsplit(".", 1) for name in body["output"].strip(".").split("...")]
    body["outputs"] = [{"id": id, "property": name} for id, name in names]
    answer = own.server.test_client().post("/_dash-update-component", json=body, headers=origin)
    assert answer.status_code == 200, answer.text
    assert begun == [batch + 1]


def test_pages_made_ahead_that_fail_are_made_when_they_are_asked_for(own, monkeypatch, caplog):
    page = progress.page

    def fail(*given):
        raise ZeroDivisionError

    monkeypatch.setattr(progress, "page", fail)
    ahead.begin(own.standings).join(120)
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.setattr(progress, "page", page)
    assert own.server.test_client().get("/progress").status_code == 200


def test_what_is_kept_of_pages_is_bounded(own):
    text = pages.sheet(own.standings, "/county/620922", View())
    kept = own.standings.keeper(pages._sheet.__wrapped__, 0, None).cache
    assert kept.maxsize == pages.KEPT_TEXT
    assert kept.getsizeof(text) == len(text) and kept.currsize <= kept.maxsize
    decks = DeckStore(own.store)
    assert meeting.deck_data(own.standings, decks, "d99", View()) is None
