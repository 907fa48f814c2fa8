"""The decks in the store, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import postgres
import psycopg
import pytest
import sqlalchemy as sa

from targets.decks import MOST_CHARACTERS, DeckStore, DeckVersion, StaleDeck
from targets.observations import StoreError, open_store

_number = itertools.count()
TEXT = "deck: 三季度观摩\nscenes:\n- title: “进度”\n  view: /progress\r\n"


@pytest.fixture(scope="module")
def postgres_server():
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'atlas.sqlite'}"
    server = request.getfixturevalue("postgres_server")
    name = f"decks{next(_number)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture
def decks(url):
    store = open_store(url)
    yield DeckStore(store)
    store.close()


def chain(decks: DeckStore, *texts: str) -> list[DeckVersion]:
    """Keep a deck whose versions have these texts, one after another."""
    kept = [decks.create("会", texts[0], "甲")]
    for text in texts[1:]:
        kept.append(decks.save(kept[0].slug, kept[-1].version, "会", text, "甲"))
    return kept


def test_reading_makes_nothing(tmp_path):
    decks = DeckStore(open_store(folder=tmp_path / "data"))
    assert (decks.decks(), decks.decks(deleted=True), decks.load("d1"), decks.versions("d1")) == ((), (), None, ())
    assert not (tmp_path / "data").exists()
    decks.create("会", TEXT, "甲")
    assert (tmp_path / "data" / "atlas.sqlite").is_file()
    with sa.create_engine(decks.store.url, poolclass=sa.NullPool).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    assert decks.store.last() == 0  # a deck is no event of the observations


def test_what_is_kept_comes_back_letter_for_letter(decks):
    made = decks.create("三季度😀", TEXT, "甲\x00\n乙")
    assert (made.slug, made.version, made.kind, made.parent, made.deleted) == ("d1", 1, "save", None, False)
    assert (made.title, made.text, made.who) == ("三季度😀", TEXT, "甲乙")
    assert abs(datetime.now(UTC) - made.time).total_seconds() < 60
    assert decks.load("d1") == made == decks.load("d1", 1)
    assert decks.load("d2") is None
    assert decks.load("d1", 2) is None
    assert decks.load("d1' OR '1'='1") is None
    assert decks.load("\x00\ud800") is None
    assert decks.versions("\x00") == ()


def test_each_save_is_a_version_and_none_changes(decks):
    first, second = chain(decks, "a", "b")
    assert (second.version, second.parent) == (2, 1)
    assert decks.load("d1") == second
    assert decks.load("d1", 1) == first
    assert decks.versions("d1") == (first, second)
    assert decks.save("d1", 2, "会", "b", "乙") == second  # nothing new to keep
    assert len(decks.versions("d1")) == 2
    other = decks.create("别的", "c", "丙")
    assert (other.slug, other.version) == ("d2", 3)
    assert [kept.slug for kept in decks.decks()] == ["d2", "d1"]


def test_a_save_over_a_version_that_is_not_the_latest_is_refused_and_nothing_is_lost(decks):
    chain(decks, "a", "b")
    with pytest.raises(StaleDeck) as refused:
        decks.save("d1", 1, "会", "mine", "乙")
    assert "甲已保存第2版" in refused.value.zh
    assert "save yours as a new deck" in refused.value.en
    for change in (
        lambda: decks.undo("d1", 1, "乙"),
        lambda: decks.delete("d1", 1, "乙"),
        lambda: decks.restore("d1", 1, 1, "乙"),
        lambda: decks.save("d1", 99, "会", "mine", "乙"),
    ):
        with pytest.raises(StaleDeck):
            change()
    assert [kept.text for kept in decks.versions("d1")] == ["a", "b"]


def test_undo_goes_back_step_by_step_and_restore_goes_anywhere(decks):
    chain(decks, "a", "b", "c")
    back = decks.undo("d1", 3, "乙")
    assert (back.version, back.kind, back.parent, back.stands, back.text, back.who) == (4, "undo", 3, 2, "b", "乙")
    back = decks.undo("d1", 4, "乙")
    assert back.text == "a"
    with pytest.raises(StoreError) as refused:
        decks.undo("d1", 5, "乙")
    assert "第一版" in refused.value.zh
    again = decks.restore("d1", 5, 3, "乙")
    assert (again.text, again.stands) == ("c", 3)
    assert decks.restore("d1", 6, 3, "乙") == again
    assert decks.undo("d1", 6, "乙").text == "b"  # what stood before c was b
    new = decks.save("d1", 7, "会", "d", "乙")
    assert decks.undo("d1", new.version, "乙").text == "b"
    assert [kept.text for kept in decks.versions("d1")] == ["a", "b", "c", "b", "a", "c", "b", "d", "b"]
    with pytest.raises(StoreError):
        decks.restore("d1", 9, 99, "乙")


def test_a_deletion_is_an_event_that_can_be_undone(decks):
    chain(decks, "a", "b")
    gone = decks.delete("d1", 2, "乙")
    assert (gone.deleted, gone.title, gone.text) == (True, "", "")
    assert decks.load("d1") is None
    assert decks.load("d1", 2).text == "b"
    assert decks.decks() == ()
    assert decks.decks(deleted=True) == (gone,)
    for change in (
        lambda: decks.delete("d1", 3, "丙"),
        lambda: decks.save("d1", 3, "会", "c", "丙"),
        lambda: decks.save("d1", 2, "会", "c", "丙"),
    ):
        with pytest.raises(StaleDeck) as refused:
            change()
        assert "已被乙删除" in refused.value.zh
    assert decks.create("会", "x", "甲").slug == "d2"  # a deleted deck keeps its name
    back = decks.undo("d1", 3, "丙")
    assert (back.text, back.deleted, back.stands) == ("b", False, 2)
    assert decks.load("d1") == back
    assert decks.undo("d1", back.version, "丙").text == "a"
    assert decks.decks(deleted=True) == ()
    with pytest.raises(StoreError):
        decks.restore("d1", 6, 3, "丙")  # a deletion has nothing to show


def test_what_is_not_there_or_cannot_be_kept_is_said(decks):
    for change in (
        lambda: decks.save("d1", 1, "会", "a", "甲"),
        lambda: decks.undo("d1", 1, "甲"),
        lambda: decks.delete("d9", 1, "甲"),
        lambda: decks.delete("\x00", 1, "甲"),
        lambda: decks.create("会", " \n", "甲"),
        lambda: decks.create("会", "a\x00", "甲"),
        lambda: decks.create("\ud800", "a", "甲"),
        lambda: decks.create("会", "x" * MOST_CHARACTERS, "甲"),
    ):
        with pytest.raises(StoreError) as refused:
            change()
        assert refused.value.zh
        assert refused.value.en
    assert decks.decks() == ()


def test_the_database_refuses_changes(decks):
    chain(decks, "a", "b")
    statements = ["UPDATE deck_versions SET text = 'x'", "DELETE FROM deck_versions"]
    if decks.store.url.drivername != "sqlite":
        statements.append("TRUNCATE deck_versions")
    for statement in statements:
        with (
            pytest.raises(sa.exc.DBAPIError, match="immutable"),
            sa.create_engine(decks.store.url, poolclass=sa.NullPool).begin() as connection,
        ):
            connection.exec_driver_sql(statement)
    assert decks.load("d1").text == "b"


def test_a_store_from_before_there_were_decks_gets_them(url):
    store = open_store(url)
    with store._write():
        pass
    decks = DeckStore(store)
    assert decks.decks() == ()
    assert decks.create("会", "a", "甲").slug == "d1"
    store.close()


def test_several_writers_lose_nothing(url):
    """Each adds a line to the one deck, loading again when it comes too late, and makes a deck of its own."""
    first = DeckStore(open_store(url))
    first.create("会", "line", "甲")

    def write(writer: int) -> None:
        decks = DeckStore(open_store(url))
        decks.create(f"会{writer}", f"own {writer}", f"{writer}")
        for step in range(4):
            while True:
                now = decks.load("d1")
                try:
                    decks.save("d1", now.version, "会", f"{now.text}\n{writer}.{step}", f"{writer}")
                    break
                except StaleDeck:
                    continue
        decks.store.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    lines = first.load("d1").text.split("\n")
    assert lines[0] == "line"
    assert sorted(lines[1:]) == sorted(f"{w}.{s}" for w in range(4) for s in range(4))
    versions = first.versions("d1")
    assert [kept.parent for kept in versions] == [None, *[kept.version for kept in versions[:-1]]]
    kept = first.decks()
    assert sorted(entry.slug for entry in kept) == ["d1", "d2", "d3", "d4", "d5"]
    assert sorted(entry.text for entry in kept if entry.slug != "d1") == [f"own {w}" for w in range(4)]
    first.store.close()


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path):
    (tmp_path / "atlas.sqlite").write_text("no database")
    decks = DeckStore(open_store(folder=tmp_path))
    for ask in (decks.decks, lambda: decks.load("d1"), lambda: decks.create("会", "a", "甲")):
        with pytest.raises(StoreError) as refused:
            ask()
        assert "数据库" in refused.value.zh
