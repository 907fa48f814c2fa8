"""Decks as files, made one at a time in a process of their own: the queue, what is kept, and what goes wrong."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from days import TODAY

from app import create_app
from callbacks import exports
from callbacks.exports import BUSY, FAILED, MAKING, MOVED, READY, WAITING, Exporter
from layouts.facts.deck import Deck, Scene, write_deck
from layouts.facts.view import View
from layouts.words import word
from targets.decks import DeckStore

PATIENCE = 120  # seconds, on a machine that is busy with others


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    return create_app(data_folder=str(tmp_path_factory.mktemp("own")), today=TODAY)


@pytest.fixture(scope="module")
def slug(own):
    deck = Deck("短", (Scene("县域", "/", View()), Scene("玉门", "/county/620981", View())))
    return DeckStore(own.store).create(deck.title, write_deck(deck), "测试").slug


def kept(own, kind=""):
    folder = Path(own.store.url.database).parent / exports.FOLDER
    return sorted(one.name for one in folder.glob(f"*.{kind}*") if one.suffix[1:] in exports.WRITERS)


def until(found, within=PATIENCE):
    end = time.monotonic() + within
    while not found() and time.monotonic() < end:
        time.sleep(0.05)
    assert found()


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("kind", exports.WRITERS)
def test_many_who_ask_at_once_have_one_file_made_and_later_ones_none(own, slug, kind, monkeypatch):
    """The page's own asking, and the download after it, are of the same file."""
    asked, send = [], Exporter._made
    monkeypatch.setattr(Exporter, "_made", lambda self, one: (asked.append(one.job), send(self, one))[1])
    clients = [own.server.test_client() for _ in range(8)]

    def ask(number):
        if number % 3 == 0:
            return clients[number].get(f"/export/meeting.{kind}?deck={slug}")
        return clients[number].get(f"/export/job/{kind}?deck={slug}")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(8)))
    assert {answer.status_code for answer in answers} == {200}
    content = answers[0].data
    assert content[:2] == b"PK" and answers[3].data == answers[6].data == content
    said = clients[0].get(f"/export/job/{kind}?deck={slug}")
    assert said.json["state"] == READY and said.headers["Cache-Control"] == "no-store"
    assert clients[0].get(f"/export/meeting.{kind}?deck={slug}&theme=dark").data == content
    assert len(asked) == 1 and len(kept(own, kind)) == 1


def test_the_page_is_told_which_scene_is_made_and_how_many_wait_before(own, slug):
    view, exporter = View(period="2023"), own.exporter
    jobs = [exporter.job("xlsx", "ready", 0, view), exporter.job("pptx", "ready", 0, view)]
    first = exporter.ask(jobs[0])
    assert (first.name, first.ahead) in {(WAITING, 0), (MAKING, 0)}
    assert exporter.ask(jobs[1]) == exports.State(WAITING, ahead=1)
    seen = []

    def is_made():
        seen.append(exporter.ask(jobs[1]))
        return seen[-1].name == READY

    until(is_made)
    made = [state for state in seen if state.name == MAKING]
    assert made and {state.of for state in made} == {made[0].of} and made[0].of > 30
    assert [state.scene for state in made] == sorted(state.scene for state in made)
    assert exporter.ask(jobs[0]).name == READY


def test_a_file_is_of_what_is_known_when_it_is_made(own, slug):
    """A deck that was changed since, another event, another day: not that file."""
    exporter = own.exporter
    job = exporter.job("xlsx", slug, 1, View())
    for gone in (replace(job, event=7), replace(job, version=9), replace(job, today=TODAY.replace(day=1))):
        assert exporter.content(gone) == (exports.State(MOVED), b"")
    assert exporter.content(replace(job, slug="d99"))[0].name == MOVED


def test_a_failure_is_a_sentence_with_its_number_and_the_next_is_made(own, slug, caplog):
    broken = DeckStore(own.store).create("坏", "deck: 坏\nscenes: [{title: x, view: /nowhere}]\n", "测试").slug
    exporter = own.exporter
    state, content = exporter.content(exporter.job("pptx", broken, 1, View()))
    assert state.name == FAILED and content == b"" and state.why
    assert state.why in caplog.text and "DeckError" in caplog.text
    assert exporter.content(exporter.job("pptx", slug, 1, View()))[0].name == READY


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_process_that_dies_is_a_sentence_and_another_takes_its_place(own, lang):
    client, address = own.server.test_client(), f"/export/meeting.pptx?period=2022&lang={lang}"
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(client.get, address)
        until(lambda: client.get(address.replace("meeting.", "job/")).json["state"] == MAKING)
        os.kill(own.exporter.process.pid, 9)
        assert answer.result(PATIENCE).status_code == 503
    id = Path(own.journal.path).read_text("utf-8").splitlines()[-1].split("\t")[-1]
    assert answer.result().text.strip() == word("export_failed", lang, id=id)
    assert client.get(address.replace("pptx", "xlsx")).status_code == 200


def test_too_many_who_wait_are_told_to_come_again(own, slug, monkeypatch):
    go = threading.Event()
    monkeypatch.setattr(Exporter, "_made", lambda self, one: go.wait(PATIENCE) and MOVED)
    exporter = own.exporter
    jobs = [exporter.job("pptx", f"d{n}", n, View()) for n in range(100, 100 + exports.MOST_QUEUED)]
    with ThreadPoolExecutor(exports.MOST_DOWNLOADS) as threads:
        waiting = [threads.submit(exporter.content, job) for job in jobs[: exports.MOST_DOWNLOADS]]
        try:
            until(lambda: exporter._downloads == exports.MOST_DOWNLOADS)
            answer = own.server.test_client().get("/export/meeting.pptx?period=2021&lang=en")
            assert (answer.status_code, answer.text.strip()) == (503, word("export_busy", "en"))
            assert int(answer.headers["Retry-After"]) > 0
            assert own.server.test_client().get(f"/export/meeting.xlsx?deck={slug}").status_code == 200, "it is there"
            assert [exporter.ask(job).name for job in jobs] == [WAITING] * len(jobs)
            assert exporter.ask(exporter.job("pptx", "d500", 1, View())).name == BUSY
        finally:
            go.set()
        assert {one.result(PATIENCE)[0].name for one in waiting} == {MOVED}
    until(lambda: not exporter._queue)


def test_the_process_ends_and_its_memory_with_it(own, slug, monkeypatch):
    """After some files, and when nobody asks for one."""
    exporter = own.exporter
    assert exporter.content(exporter.job("pptx", slug, 1, View()))[0].name == READY
    monkeypatch.setattr(exports, "MOST_MADE", 1)
    monkeypatch.setattr(exports, "IDLE", 0.2)
    pids = []
    own_start = exports._Process.__post_init__
    monkeypatch.setattr(exports._Process, "__post_init__", lambda self: (own_start(self), pids.append(self.pid))[0])
    before = exports._memory()
    exporter._end()
    view = View(period="2023", lang="en")
    for of, version in (("ready", 0), (slug, 1)):
        assert exporter.content(exporter.job("pptx", of, version, view))[0].name == READY
    assert len(pids) == 2 and not any(map(is_running, pids))
    assert exports._memory() < before + (60 << 20), "the server itself has made nothing"
    monkeypatch.setattr(exports, "MOST_MADE", 10)
    assert exporter.content(exporter.job("xlsx", slug, 1, view))[0].name == READY
    until(lambda: exporter.process is None and not is_running(pids[-1]))
    assert len(pids) == 3


def test_the_folder_stays_small_and_the_newest_stays(tmp_path):
    for number in range(6):
        (tmp_path / f"{number}.pptx").write_bytes(b"x" * 100)
        os.utime(tmp_path / f"{number}.pptx", (number, number))
    (tmp_path / "making.lock").touch()
    exports.prune(tmp_path, tmp_path / "0.pptx", 350)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["0.pptx", "4.pptx", "5.pptx", "making.lock"]


def test_a_data_folder_that_is_gone_is_not_made_again(own, tmp_path):
    exporter = Exporter(own.atlas, own.store, tmp_path / "gone", own.journal)
    room = exporter._room()
    assert room.is_dir() and not (tmp_path / "gone").exists()
    (tmp_path / "gone").mkdir()
    assert exporter._room() == tmp_path / "gone" / exports.FOLDER
    assert oct(exporter._room().stat().st_mode)[-3:] == "700"
