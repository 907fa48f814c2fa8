"""The store, on SQLite and on a real PostgreSQL that these tests start themselves."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import importer
import pandas as pd
import postgres
import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import PLAN

from targets.indicators import Indicator, shipped_indicators
from targets.observations import (
    FRAME,
    NOTHING,
    Change,
    Difference,
    IllStore,
    Row,
    StaleDifference,
    Store,
    StoreError,
    open_store,
)

IMPORTER = Path(importer.__file__)
_number = itertools.count()


@pytest.fixture(scope="session")
def postgres_server():
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'atlas.sqlite'}"
    server = request.getfixturevalue("postgres_server")
    name = f"atlas{next(_number)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture
def store(url):
    made = open_store(url)
    yield made
    made.close()


COUNTIES = set(PLAN.counties["adcode"])


def published() -> pd.DataFrame:
    row = ("620922", "gdp", "2023", 131.7, "亿元", "eq", "131.7亿元", "公报", "bulletin", "2023年公报")
    return pd.DataFrame([(*row, "", "", "", "", None, "published")], columns=FRAME)


def change(store: Store, place: str, value: float, period: str = "2024", indicator: str = "gdp", **more: str) -> Change:
    row = Row(place, indicator, period, value, shipped_indicators()[indicator].unit, **more)
    now = store.observations()
    old = now[(now["place"] == place) & (now["indicator"] == indicator) & (now["period"] == period)]
    if old.empty:
        return Change(row, "new")
    first = old.iloc[0]
    return Change(row, "changed", first["value"], first["status"], first["source"], first["origin"])


def put(store: Store, *values: tuple[str, float], file: str = "a.xlsx") -> int:
    changes = tuple(change(store, place, value) for place, value in values)
    return store.accept(Difference(file, "0" * 64, changes, store.last()), "甲", "试")


def shown(store: Store, as_of: int | None = None) -> dict[str, float]:
    now = store.observations(as_of)
    return dict(zip(now["place"], now["value"], strict=True))


def test_nothing_is_made_before_the_first_import(tmp_path):
    store = open_store(folder=tmp_path / "data", published=published())
    assert store.last() == 0
    assert len(store.observations()) == 1
    assert store.batches().empty
    assert store.coverage(COUNTIES).loc["gdp", "2023"] == 1
    assert len(store.history("620922", "gdp")) == 1
    assert store.repeated("0" * 64) is None
    assert not (tmp_path / "data").exists()
    put(store, ("620102", 1.0))
    assert (tmp_path / "data" / "atlas.sqlite").is_file()
    with sa.create_engine(store.url).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_the_frame_is_as_agreed(url):
    store = open_store(url, published())
    put(store, ("620102", 1400.0))
    frame = store.observations()
    assert list(frame.columns) == FRAME
    assert dict(frame.dtypes.astype(str)) == dict.fromkeys(FRAME, "str") | {"value": "float64", "batch": "Int64"}
    assert frame["origin"].tolist() == ["import", "published"]
    assert frame["batch"].tolist() == [1, pd.NA]
    store.close()


def test_an_import_overrides_what_was_published_and_its_undo_shows_it_again(url):
    store = open_store(url, published())
    row = change(store, "620922", 140.0, "2023")
    assert row.kind == "changed"
    batch = store.accept(Difference("a", "1" * 64, (row,), 0), "甲")
    assert shown(store) == {"620922": 140.0}
    assert shown(store, 0) == {"620922": 131.7}
    assert store.history("620922", "gdp")["value"].tolist() == [131.7, 140.0]
    store.undo(batch, "乙")
    assert shown(store) == {"620922": 131.7}
    assert store.history("620922", "gdp")["live"].tolist() == [True, False]
    store.close()


def test_undo_undo_of_undo_and_any_past_state(store):
    put(store, ("620102", 1.0), ("620103", 2.0))
    put(store, ("620102", 3.0))
    assert shown(store) == {"620102": 3.0, "620103": 2.0}
    assert store.undo(2, "乙", "错表") == 3
    assert shown(store) == {"620102": 1.0, "620103": 2.0}
    assert store.undo(3, "乙") == 4
    assert shown(store) == {"620102": 3.0, "620103": 2.0}
    store.undo(1, "乙")
    assert shown(store) == {"620102": 3.0}
    assert [shown(store, n) for n in range(6)] == [
        {},
        {"620102": 1.0, "620103": 2.0},
        {"620102": 3.0, "620103": 2.0},
        {"620102": 1.0, "620103": 2.0},
        {"620102": 3.0, "620103": 2.0},
        {"620102": 3.0},
    ]
    events = store.batches()
    assert events["kind"].tolist() == ["import", "import", "undo", "undo", "undo"]
    assert events["undoes"].tolist() == [pd.NA, pd.NA, 2, 3, 1]
    assert events["live"].tolist() == [False, True, False, True, True]
    assert events["rows"].tolist() == [2, 1, 0, 0, 0]
    assert str(events["time"].dtype).endswith("UTC]")


def test_what_cannot_be_undone(store):
    with pytest.raises(StoreError, match="没有第1批"):
        store.undo(1, "乙")
    put(store, ("620102", 1.0))
    store.undo(1, "乙")
    with pytest.raises(StoreError, match="已经撤销"):
        store.undo(1, "乙")
    assert store.last() == 2


def test_a_batch_is_stored_whole_or_not_at_all(store):
    put(store, ("620102", 1.0))
    good = [change(store, place, 5.0) for place in ("620102", "620103")]
    broken = Change(Row("620104", "gdp", "2024", None, "亿元"), "new")  # type: ignore[arg-type]
    with pytest.raises(StoreError):
        store.accept(Difference("b", "", (*good, broken), 1), "甲")
    with pytest.raises(StoreError, match="两个数值"):
        store.accept(Difference("b", "", (*good, good[0]), 1), "甲")
    assert shown(store) == {"620102": 1.0}
    assert store.last() == 1
    assert put(store, ("620103", 2.0)) == 2


def test_the_database_refuses_to_change_a_batch(store):
    put(store, ("620102", 1.0))
    store.add_indicators([Indicator("pigs", "生猪存栏", "Pigs", (), "万头", "level", "sum")], "甲")
    for table in ("batches", "observations", "indicators"):
        column = "value" if table == "observations" else "id"
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(sa.exc.DBAPIError, match="immutable"), store._engine.connect() as connection:
                connection.execute(sa.text(statement))


def test_a_difference_made_before_another_change_is_stale(store):
    put(store, ("620102", 1.0))
    mine = Difference("b", "", (change(store, "620102", 2.0),), store.last())
    same = Difference("b", "", (change(store, "620103", 2.0),), store.last())
    put(store, ("620102", 9.0))
    with pytest.raises(StaleDifference, match="重新比对"):
        store.accept(mine, "甲")
    assert shown(store) == {"620102": 9.0}
    # What nobody else has touched is as it was shown, and goes in.
    assert store.accept(same, "甲") == 3
    with pytest.raises(StaleDifference):
        store.accept(same, "甲")
    store.undo(2, "乙")
    again = Difference("b", "", (change(store, "620102", 2.0),), store.last())
    assert store.accept(again, "甲") == 5


def test_nothing_new_is_not_stored(store):
    put(store, ("620102", 1.0))
    same = Change(Row("620102", "gdp", "2024", 1.0, "亿元"), "unchanged", 1.0)
    with pytest.raises(StoreError, match="没有新的"):
        store.accept(Difference("b", "", (same,), 1), "甲")


def test_the_same_file_is_known_again(store):
    put(store, ("620102", 1.0))
    assert store.repeated("0" * 64) == 1
    store.undo(1, "乙")
    assert store.repeated("0" * 64) is None


def test_coverage_counts_counties_only(store):
    put(store, ("620102", 1.0), ("620103", 2.0), ("620100", 3.0), ("620200", 4.0), ("620000", 5.0))
    table = store.coverage(COUNTIES)
    assert table.loc["gdp", "2024"] == 2


def test_added_indicators_belong_to_their_batch(store):
    pigs = Indicator("pigs", "生猪存栏", "Pigs", ("生猪",), "万头", "level", "sum", 1, 0, 500)
    assert store.add_indicators([pigs], "甲") == 1
    assert store.indicators()["pigs"] == pigs
    assert "pigs" not in store.indicators(as_of=0)
    with pytest.raises(StoreError, match="已被使用"):
        store.add_indicators([Indicator("pigs2", "生猪", "Pigs", (), "万头", "level")], "甲")
    row = Row("620102", "pigs", "2024", 3.0, "万头")
    store.accept(Difference("b", "", (Change(row, "new"),), 1), "甲")
    with pytest.raises(StoreError, match="仍被其他批次使用"):
        store.undo(1, "乙")
    assert store.last() == 2
    store.undo(2, "乙")
    store.undo(1, "乙")
    assert "pigs" not in store.indicators()
    with pytest.raises(StoreError, match="仍被其他批次使用"):
        store.undo(3, "乙")
    unknown = Difference("b", "", (Change(row, "new"),), 2)
    with pytest.raises(StaleDifference):
        store.accept(unknown, "甲")


def test_texts_are_kept_as_they_are_but_for_what_no_database_holds(store):
    row = Row("620102", "gdp", "2024", 1.0, "亿元", source="=1+1'; DROP TABLE batches;--", note="a\0b\ud800𠮷")
    store.accept(Difference("文件\0.xlsx", "", (Change(row, "new"),), 0), "张三\0", "x" * 9999)
    kept = store.observations().iloc[0]
    assert kept["source"] == row.source
    assert kept["note"] == "a b?𠮷"
    assert store.batches().iloc[0]["file"] == "文件 .xlsx"


def test_another_store_sees_a_batch_at_once(url):
    one, two = open_store(url), open_store(url)
    assert shown(two) == {}
    put(one, ("620102", 1.0))
    assert shown(two) == {"620102": 1.0}
    frame = two.observations()
    frame["value"] = 0.0
    assert shown(two) == {"620102": 1.0}
    one.close(), two.close()


def test_importers_at_once_lose_nothing(url):
    """Four processes and four threads store five batches each, of their own values, from nothing at all."""
    processes = [
        subprocess.Popen([sys.executable, IMPORTER, url, str(n), "5"], stdout=subprocess.PIPE, text=True)
        for n in range(2)
    ]
    with ThreadPoolExecutor(4) as threads:
        mine = list(threads.map(lambda n: importer.store_batches(url, n, 5), range(2, 6)))
    theirs = [[int(line) for line in process.communicate()[0].split()] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    store = open_store(url)
    events = store.batches()
    assert sorted(id for ids in (*mine, *theirs) for id in ids) == events["id"].tolist() == list(range(1, 31))
    assert (events["rows"] == importer.ROWS).all()
    assert len(store.observations()) == 6 * importer.ROWS
    assert (store.observations()["value"] == 4.0).all()
    store.close()


def test_two_who_change_the_same_value_do_not_overwrite_each_other(url):
    """Eight threads each add 1 four times to one value: every addition is there in the end."""
    stores = [open_store(url) for _ in range(4)]
    put(stores[0], ("620102", 0.0))

    def add(store: Store) -> None:
        left = 4
        while left:
            now = store.observations()
            state, old = store.last(), now.iloc[0]
            row = Row("620102", "gdp", "2024", old["value"] + 1, "亿元")
            one = Change(row, "changed", old["value"], old["status"], old["source"])
            try:
                store.accept(Difference("a", "", (one,), state), "甲")
                left -= 1
            except StaleDifference:
                continue

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, stores * 2))
    assert shown(stores[0]) == {"620102": 32.0}
    for store in stores:
        store.close()


def test_a_process_killed_within_a_transaction_leaves_nothing(url):
    store = open_store(url)
    for round in range(2):  # in the first the tables are not there yet
        with subprocess.Popen([sys.executable, IMPORTER, url, "0", "1", "hang"], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"inside\n"
            assert store.last() == round
            process.send_signal(signal.SIGKILL)
        assert store.last() == round
        assert put(store, ("620102", float(round + 1))) == round + 1
    assert shown(store) == {"620102": 2.0}
    store.close()


def test_a_process_killed_at_any_moment_leaves_whole_batches(url):
    with subprocess.Popen([sys.executable, IMPORTER, url, "0", "9999"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(8)]
        process.send_signal(signal.SIGKILL)
        said += [int(line) for line in process.stdout.read().split()]
    store = open_store(url)
    events = store.batches()
    assert events["id"].tolist()[: len(said)] == said
    with store._engine.connect() as connection:
        counted = dict(
            map(tuple, connection.execute(sa.text("SELECT batch, COUNT(*) FROM observations GROUP BY batch")))
        )
    assert counted == dict.fromkeys(events["id"], importer.ROWS)
    assert put(store, ("620102", 1.0)) == len(events) + 1
    store.close()


@settings(max_examples=15)
@given(
    st.lists(
        st.one_of(st.dictionaries(st.sampled_from("ABC"), st.integers(0, 9), min_size=1), st.integers(1, 9)), max_size=9
    )
)
def test_any_sequence_of_batches_and_undos_shows_what_a_simple_model_shows(tmp_path_factory, sequence):
    places = {"A": "620102", "B": "620103", "C": "620104"}
    store = open_store(folder=tmp_path_factory.mktemp("model"))
    events: list[tuple[dict[str, int] | None, int | None]] = []
    live: list[bool] = []
    states: list[dict[str, float]] = [{}]
    for step in sequence:
        if isinstance(step, dict):
            values = tuple((places[p], float(v)) for p, v in step.items())
            put(store, *values)
            events.append((step, None))
            live.append(True)
        else:
            if step > len(events) or not live[step - 1]:
                with pytest.raises(StoreError):
                    store.undo(step, "乙")
                continue
            store.undo(step, "乙")
            events.append((None, step))
            live.append(True)

            def switch(n: int, on: bool) -> None:
                live[n - 1] = on
                if (target := events[n - 1][1]) is not None:
                    switch(target, not on)

            switch(step, False)
        now: dict[str, float] = {}
        for (values_of, _), on in zip(events, live, strict=True):
            if values_of is not None and on:
                now |= {places[p]: float(v) for p, v in values_of.items()}
        states.append(now)
    assert [shown(store, n) for n in range(len(states))] == states
    assert store.batches()["live"].tolist() == live


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense", "sqlite://"])
def test_an_unknown_address_is_refused(address):
    with pytest.raises(StoreError, match="postgresql://"):
        open_store(address)


def test_a_database_that_does_not_answer_is_named_without_its_password():
    store = open_store("postgresql://who:secret@127.0.0.1:1/atlas")
    with pytest.raises(StoreError) as caught:
        store.observations()
    assert "127.0.0.1" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "atlas.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match=r"atlas\.sqlite"):
        open_store(folder=tmp_path).observations()


def test_a_file_moved_away_is_not_written_to_any_longer(tmp_path):
    store = open_store(folder=tmp_path)
    put(store, ("620102", 1.0))
    held = (tmp_path / "atlas.sqlite").rename(tmp_path / "old.sqlite").read_bytes()
    with pytest.raises(StoreError, match="不见了"):
        store.observations()
    with pytest.raises(StoreError, match="不见了"):
        put(store, ("620103", 2.0))
    with pytest.raises(StoreError, match="不见了"):
        open_store(folder=tmp_path).last()
    assert (tmp_path / "old.sqlite").read_bytes() == held
    assert not (tmp_path / "atlas.sqlite").exists()
    (tmp_path / "old.sqlite").rename(tmp_path / "atlas.sqlite")
    put(store, ("620103", 2.0))
    assert shown(store) == {"620102": 1.0, "620103": 2.0}


def test_pages_read_on_where_a_part_of_the_store_is_damaged(tmp_path):
    """What a request found ill is so to its end, and nothing of it is kept under a sound state's number."""
    store = open_store(folder=tmp_path, published=published())
    rows = [Row(f"62{n:04}", "gdp", "2024", 1.0, "亿元", source="x" * 200) for n in range(500)]
    store.accept(Difference("a", "", tuple(Change(row, "new") for row in rows), 0), "甲")
    file = tmp_path / "atlas.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole[: 20 * 4096] + b"\xa5" * (len(whole) - 20 * 4096))
    again = open_store(folder=tmp_path, published=published())
    with pytest.raises(IllStore, match="quick_check|malformed|损坏") as caught:
        again.check()
    assert caught.value.state == "corrupt"
    again.serving = True
    again.begin()
    assert again.last() == 1
    assert again.ill is None
    assert shown(again) == {"620922": 131.7}
    assert again.ill and again.ill.state == "corrupt" and str(tmp_path) not in str(again.ill)
    assert again.last() == NOTHING and again.batches().empty and shown(again, NOTHING) == {"620922": 131.7}
    with pytest.raises(IllStore):  # what an event's state was is not what was published
        again.observations(1)
    again.end()
    assert again.health() == "corrupt"
    with pytest.raises(IllStore):
        put(again, ("620102", 1.0))
    file.write_bytes(whole)
    again.begin()
    assert len(again.observations()) == 501 and again.ill is None and again.health() == "ok"


def test_a_foreign_file_is_not_written_to(tmp_path):
    file = tmp_path / "atlas.sqlite"
    with sa.create_engine(f"sqlite:///{file}").begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (x)")
    held = file.read_bytes()
    store = open_store(folder=tmp_path)
    for act in (store.check, store.last, lambda: put(store, ("620102", 1.0))):
        with pytest.raises(IllStore, match="别的程序") as caught:
            act()
        assert caught.value.state == "foreign"
    assert file.read_bytes() == held


def test_what_was_stored_under_a_month_is_read_as_its_quarter(store):
    """Before one stretch had one key, 2025-09 was stored beside 2025Q3: the later batch counts."""
    rows = [change(store, "620922", value, period) for period, value in (("2025-09", 90.0), ("2025-12", 131.7))]
    store.accept(Difference("a.csv", "1", tuple(rows), store.last()), "甲")
    mine = store.observations().query("origin == 'import'")
    assert dict(zip(mine["period"], mine["value"], strict=True)) == {"2025Q3": 90.0, "2025": 131.7}
    later = (change(store, "620922", 92.0, "2025Q3"),)
    store.accept(Difference("b.csv", "2", later, store.last()), "甲")
    mine = store.observations().query("period == '2025Q3'")
    assert mine["value"].tolist() == [92.0]
    assert store.history("620922", "gdp").query("period == '2025Q3'")["value"].tolist() == [90.0, 92.0]
    store.undo(2, "甲")
    assert store.observations().query("period == '2025Q3'")["value"].tolist() == [90.0]
