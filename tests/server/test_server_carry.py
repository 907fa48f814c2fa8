"""Backup, restore, versions of the store, the figures' way out and back in, output in any encoding (Store 11–12)."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import postgres
import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from days import TODAY
from import_corpus import xlsx
from served import KINDS, ROOT, Server, figures, run, settings

import commands
from layouts.files.observations import observations_csv
from targets import carry, migrate
from targets.decks import DeckStore
from targets.intake import read_file
from targets.observations import Change, Difference, Row, StoreError, open_store

# The tables as every store has had them that was made before stores had a version.
FIRST = """
CREATE TABLE batches (id INTEGER NOT NULL PRIMARY KEY, kind VARCHAR(8) NOT NULL CHECK (kind IN ('import', 'undo')),
  undoes INTEGER REFERENCES batches (id), file TEXT NOT NULL, sha256 VARCHAR(64) NOT NULL, time DATETIME NOT NULL,
  who TEXT NOT NULL, note TEXT NOT NULL, rows INTEGER NOT NULL,
  CHECK ((kind = 'undo') = (undoes IS NOT NULL) AND undoes < id));
CREATE TABLE observations (batch INTEGER NOT NULL REFERENCES batches (id), place VARCHAR(40) NOT NULL,
  indicator VARCHAR(40) NOT NULL, period VARCHAR(40) NOT NULL, value DOUBLE NOT NULL, unit TEXT NOT NULL,
  status TEXT NOT NULL, source TEXT NOT NULL, source_url TEXT NOT NULL, note TEXT NOT NULL, cell TEXT NOT NULL,
  printed TEXT NOT NULL, PRIMARY KEY (batch, place, indicator, period));
CREATE INDEX observations_by_place ON observations (place, indicator);
CREATE TABLE indicators (batch INTEGER NOT NULL REFERENCES batches (id), id VARCHAR(40) NOT NULL, zh TEXT NOT NULL,
  en TEXT NOT NULL, aliases TEXT NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL, adds_up TEXT NOT NULL,
  places TEXT NOT NULL, decimals INTEGER NOT NULL, low DOUBLE NOT NULL, high DOUBLE NOT NULL, PRIMARY KEY (batch, id));
INSERT INTO batches VALUES (1, 'import', NULL, '旧.xlsx', 'a', '2026-01-02 03:04:05.000000', '张三', '', 1);
INSERT INTO observations VALUES (1, '620922', 'gdp', '2024', 140.5, '亿元', '初步', '调度表', '', '',
  'Sheet1!B2', '140.5');
"""
FIRST_ROWS = [
    ["2024年（初步核算数）"],
    ["县区", "地区生产总值（万元）", "地区生产总值增速（%）"],
    ["瓜州县", "1,405,000", -3.5],
    ["玉门市", 2_310_000, 6.25],
    ["酒泉市", 9_000_000, 5],
]
MORE = [(98.25, "2016年"), (30.5, "2025年一季度"), (141, "2024年")]


def old_store(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "atlas.sqlite"
    store = sqlite3.connect(file)
    store.executescript(FIRST)
    store.close()
    return file


@dataclass(frozen=True)
class Filled:
    """A server that goes on, what is known there, and a backup made meanwhile."""

    server: Server
    everything: str
    held: str
    archive: Path


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Iterator[Filled]:
    """Import four batches through the page, undo one, keep a deck, and back all up."""
    folder = tmp_path_factory.mktemp("filled")
    server = Server("waitress", folder / "data").wait()
    try:
        server.load(xlsx(FIRST_ROWS))
        for value, period in MORE:
            server.load(figures(value, period))
        assert server.batches() == 4
        server.undo(4)
        server.make_deck("带走的")
        archive = folder / "备份.zip"
        done = run("backup", str(archive), "--data-folder", str(server.folder))
        assert done.returncode == 0, done.stderr
        yield Filled(server, everything(server), held(server.folder), archive)
    finally:
        server.stop()


def everything(server: Server) -> str:
    """Return what a server knows: the figures now and after each event, and the decks."""
    states = [server.ask(f"/export/observations.csv?as_of={event}").text for event in range(6)]
    batches = [server.ask(f"/export/observations.csv?batch={batch}").text for batch in range(1, 6)]
    return "\n".join([*states, *batches, *server.decks()])


def held(where: Path | str) -> str:
    """Return all that a store in a folder or under an address holds."""
    store = open_store(where) if isinstance(where, str) else open_store(folder=where)
    rows = [store.batch_rows(batch).to_csv() for batch in store.batches()["id"]]
    decks = DeckStore(store)
    texts = [repr(one) for slug in ("d1", "d2") for one in decks.versions(slug)]
    kept = [store.batches().to_csv(), store.observations().to_csv(), repr(store.indicators()), *rows, *texts]
    store.close()
    return "\n".join(kept)


# ---- backup and restore ---------------------------------------------------------------------------------------------


def test_a_backup_of_a_running_store_brings_all_of_it_back_elsewhere(filled, serve, tmp_path):
    assert filled.server.batches() == 4, "the server goes on"
    done = run("restore", str(filled.archive), "--data-folder", str(tmp_path / "new"))
    assert done.returncode == 0, done.stderr
    assert held(tmp_path / "new") == filled.held
    assert everything(serve(folder=tmp_path / "new")) == filled.everything


def test_a_restore_takes_no_stores_place_unasked(filled, tmp_path, capsys):
    folder = tmp_path / "data"
    shutil.copytree(filled.server.folder, folder)
    open_store(folder=folder).undo(2, "甲")
    now = held(folder)
    assert now != filled.held
    given = [str(filled.archive), "--data-folder", str(folder)]
    assert commands.restore(given) == 2
    assert "--replace" in capsys.readouterr().err
    assert held(folder) == now
    assert commands.restore([*given, "--replace"]) == 0
    assert held(folder) == filled.held
    (beside,) = set(folder.glob("atlas*.sqlite")) - {folder / "atlas.sqlite"}
    assert beside.name in capsys.readouterr().out, "what was there is put beside it"
    assert held(f"sqlite:///{beside}") == now


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres.server() as address:
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE atlas")
        yield f"{address}/atlas"


def test_a_backup_goes_from_sqlite_to_postgresql_and_back(filled, database, tmp_path, capsys):
    back = str(tmp_path / "二.zip")
    assert commands.restore([str(filled.archive), "--database-url", database]) == 0
    assert held(database) == filled.held
    assert commands.make_backup([back, "--database-url", database]) == 0
    assert commands.restore([back, "--data-folder", str(tmp_path / "again")]) == 0
    assert held(tmp_path / "again") == filled.held
    # There, too, nothing takes a store's place unasked, and what was there is kept.
    with closing(open_store(database)) as store:
        store.undo(2, "甲")
    assert commands.restore([back, "--database-url", database]) == 2
    assert "--replace" in capsys.readouterr().err
    assert commands.restore([back, "--replace", "--database-url", database]) == 0
    assert held(database) == filled.held
    with psycopg.connect(database) as connection:
        (schema,) = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'atlas_before%'").fetchone()
        assert connection.execute(f"SELECT count(*) FROM {schema}.batches").fetchone() == (6,)


@pytest.mark.parametrize("damage", ["half", "other", "changed", "missing", "newer"])
def test_a_broken_backup_is_refused_whole(filled, tmp_path, damage, capsys):
    archive = tmp_path / "备份.zip"
    content = filled.archive.read_bytes()
    middle = len(content) // 2
    said = {
        "half": content[:middle],
        "other": b"no archive",
        "changed": content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :],
    }
    if damage == "newer":
        with zipfile.ZipFile(archive, "w") as made:
            made.writestr("MANIFEST.json", '{"format": 1, "schema": "9999", "rows": {}}')
        carry.seal(archive)
    elif damage in said:
        archive.write_bytes(said[damage])
    assert commands.restore([str(archive), "--data-folder", str(tmp_path / "new")]) == 2
    assert archive.name in capsys.readouterr().err
    assert not (tmp_path / "new" / "atlas.sqlite").exists()


# ---- versions -------------------------------------------------------------------------------------------------------


def test_an_older_store_is_carried_up_after_a_copy_is_put_beside_it(serve, tmp_path):
    file = old_store(tmp_path / "data")
    before = file.read_bytes()
    server = serve(folder=tmp_path / "data")
    assert "140.5" in server.ask("/export/observations.csv").text
    (copy,) = [path for path in file.parent.glob("atlas*.sqlite") if path != file]
    assert copy.read_bytes() == before
    with closing(sqlite3.connect(file)) as store:
        assert store.execute("SELECT version_num FROM alembic_version").fetchall() == [(migrate.HEAD,)]
    server.load(figures(150, "2016年"))
    assert server.batches() == 2


def test_of_workers_that_start_together_one_carries_an_older_store_up(tmp_path):
    file = old_store(tmp_path / "data")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: open_store(folder=file.parent).check(), range(4)))
    assert len(list(file.parent.glob("atlas*.sqlite"))) == 2
    assert open_store(folder=file.parent).last() == 1


def test_an_older_store_in_postgresql_is_carried_up_too(database):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE DATABASE older")
    url = database.removesuffix("atlas") + "older"
    store = open_store(url)
    with store._engine.begin() as connection:
        migrate.carry_up(connection, "0001")
        connection.exec_driver_sql("DROP TABLE alembic_version")  # as it was before there were versions
    with pytest.raises(StoreError, match="older"):
        store.last()
    store.check()
    assert store.last() == 0
    DeckStore(store).create("会", "deck: 会", "甲")
    with psycopg.connect(url) as connection:
        held = connection.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'atlas_before%'").fetchone()
    assert held == (1,)
    store.close()


def test_the_steps_are_those_of_the_versions_and_make_what_is_read(tmp_path):
    """What is written out in the steps, which never change, is what the tables are now."""
    store = open_store(folder=tmp_path)
    script = ScriptDirectory(str(migrate.FOLDER.parent), version_locations=[str(migrate.FOLDER)])
    assert tuple(one.revision for one in reversed(list(script.walk_revisions()))) == migrate.STEPS
    with store._write() as connection:
        meant = sa.MetaData()
        for table in carry.TABLES:
            table.to_metadata(meant)
        assert compare_metadata(MigrationContext.configure(connection), meant) == []


@pytest.mark.parametrize(("kind", "status"), [(kind, {"waitress": 2, "gunicorn": 3}[kind]) for kind in KINDS])
def test_a_newer_store_is_refused_and_left_alone(serve, tmp_path, kind, status):
    file = old_store(tmp_path / "data")
    with closing(sqlite3.connect(file)) as store:
        store.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        store.execute("INSERT INTO alembic_version VALUES ('9999')")
        store.commit()
    before = file.read_bytes()
    server = serve(kind, folder=tmp_path / "data", wait=False)
    assert server.ended() == status, server.said()
    assert "9999" in server.said() and "Traceback" not in server.said()
    with pytest.raises(StoreError, match="9999"), open_store(folder=file.parent)._write():
        raise AssertionError("no change is begun")
    assert file.read_bytes() == before and len(list(file.parent.glob("atlas*.sqlite"))) == 1


def test_copying_the_sqlite_alone_loses_batches_and_readme_says_so(filled, tmp_path):
    file = filled.server.folder / "atlas.sqlite"
    with closing(sqlite3.connect(file)) as reader:  # one that reads keeps the log from being taken in
        reader.execute("SELECT 1 FROM batches").fetchone()
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM batches").fetchone()
        filled.server.load(figures(77, "2015年"))
        filled.server.undo(filled.server.batches() + 2)
        (tmp_path / "alone").mkdir()
        shutil.copy(file, tmp_path / "alone")
        assert commands.make_backup([str(tmp_path / "b.zip"), "--data-folder", str(file.parent)]) == 0
    assert commands.restore([str(tmp_path / "b.zip"), "--data-folder", str(tmp_path / "whole")]) == 0
    alone, whole = (open_store(folder=tmp_path / name).last() for name in ("alone", "whole"))
    assert whole == open_store(folder=file.parent).last() > alone
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert "-wal" in readme and "app.py backup" in readme


# ---- out and back in ------------------------------------------------------------------------------------------------

SAME = ("place", "indicator", "period", "value", "unit", "status", "source", "source_url", "note", "printed")


def table(server: Server, lang: str) -> list[dict[str, str]]:
    text = server.ask(f"/export/observations.csv?lang={lang}").text
    return [{name: row[name] for name in SAME} for row in csv.DictReader(io.StringIO(text))]


def test_the_observations_import_back_identically_and_whole(filled, serve, tmp_path):
    """Published rows are known already and stay published; imported ones come back as they were."""
    file = tmp_path / "gansu-observations.csv"
    file.write_bytes(filled.server.ask("/export/observations.csv").body)
    done = run("import", str(file), "--accept", "--data-folder", str(tmp_path / "second"))
    assert done.returncode == 0, done.stdout[:3000] + done.stderr
    second = serve(folder=tmp_path / "second")
    assert table(second, "zh") == table(filled.server, "zh")


@pytest.mark.parametrize("query", ["?lang=en", "?batch=1"])
def test_an_export_in_english_or_of_one_batch_comes_back_too(filled, query):
    back = read_file(filled.server.ask(f"/export/observations.csv{query}").body, "gansu.csv", today=TODAY)
    store = open_store(folder=filled.server.folder)
    wanted = store.batch_rows(1) if "batch" in query else store.observations()
    assert not back.faults
    assert [tuple(getattr(row, name) for name in SAME) for row in back.rows] == [
        tuple(row[name] for name in SAME) for row in wanted.to_dict("records")
    ]


def test_text_that_looks_like_a_formula_comes_back_as_it_was(tmp_path):
    store = open_store(folder=tmp_path / "one")
    sources = ["=1+1", "'=1+1", "''+x", "'quoted'", "-", 'a,"b"', "two\nlines"]
    periods = [str(2010 + n) for n in range(len(sources))]
    rows = [Row("620922", "gdp", p, 0.1 + n, "亿元", source=s, note=s, printed=s)
            for n, (p, s) in enumerate(zip(periods, sources, strict=True))]  # fmt: skip
    store.accept(Difference("a", "", tuple(Change(row, "new") for row in rows), 0), "甲")
    frame = store.observations()
    back = read_file(observations_csv(frame, {}, "zh", {}), "a.csv", today=TODAY)
    assert [row._replace(cell="") for row in back.rows] == rows


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        (("published", "我的"), "R2"),
        (("620922", "999999"), "A"),
        (("亿元", "万元"), "G"),
        (("140.5", "约140"), "F"),
        (("2024", "2031"), "E"),
        (("gdp,", "nonsense,"), "C"),
    ],
)
def test_what_was_changed_in_it_is_named_with_its_cell(filled, change, cell):
    """An import's row may be changed, but not to nonsense; a published one is not the user's to change."""
    text = filled.server.ask("/export/observations.csv").text.splitlines(keepends=True)
    (line,) = [line for line in text if line.startswith("620922") and ",gdp," in line and ",2024," in line]
    if change[0] == "published":
        line = next(line for line in text if line.endswith(",published\r\n"))
    data = "".join([text[0], line.replace(*change)]).encode()
    back = read_file(data, "a.csv", today=TODAY)
    assert not back.ok and len(back.faults) == 1
    assert back.faults[0].cell.startswith(cell[0]), str(back.faults[0])


def test_a_published_figure_that_differs_is_named(filled):
    text = filled.server.ask("/export/observations.csv").text.splitlines(keepends=True)
    line = next(line for line in text if line.endswith(",published\r\n"))
    value = next(csv.reader([line]))[5]
    back = read_file((text[0] + line.replace(f",{value},", ",123456.5,", 1)).encode(), "a.csv", today=TODAY)
    assert [fault.cell for fault in back.faults] == ["F2"]
    assert not read_file((text[0] + line).encode(), "a.csv", today=TODAY).faults


# ---- output ---------------------------------------------------------------------------------------------------------

# Each sentence of the command line, in one process; after it, its status.
SENTENCES = """
import sys, app
for given in (["--help"], ["import", "--help"], ["backup", "--help"], ["--boundaries", "没有.shp"],
              ["--port", "零"], ["deck", "--period", "1999"], ["restore", "没有.zip"], ["import", sys.argv[1]]):
    try:
        status = app.main(given)
    except SystemExit as ended:
        status = ended.code
    print("=>", status)
"""


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "ascii"])
def test_every_sentence_of_the_command_line_is_told_in_any_encoding(tmp_path, encoding):
    file = tmp_path / "table.xlsx"
    rows = [["2024年"], ["县区", "地区生产总值（亿元）"], ["瓜州县", "约一百"], ["玉门市", 2], ["某某县", 3]]
    file.write_bytes(xlsx(rows))
    done = subprocess.run(
        [sys.executable, "-c", SENTENCES, str(file)], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True,
        env=settings(PYTHONIOENCODING=encoding, PYTHONUTF8="0", ATLAS_DATA_FOLDER=str(tmp_path)), timeout=60,
    )  # fmt: skip
    said = done.stdout.decode(encoding)
    assert b"Traceback" not in done.stderr, done.stderr[-500:]
    assert [line[3:] for line in said.splitlines() if line.startswith("=>")] == ["0", "0", "0", "2", "2", "2", "2", "1"]
    assert "B3" in said and "A5" in said, "each error with its cell"


def test_the_server_starts_in_any_encoding(serve, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    monkeypatch.setenv("PYTHONUTF8", "0")
    assert serve(fresh=True).ask("/healthz").status == 200


def test_output_to_a_closed_pipe_is_no_traceback(tmp_path):
    """As in ``… | head -1``."""
    shell = shutil.which("sh")
    if not shell:
        pytest.skip("no shell")
    file = tmp_path / "表.xlsx"
    file.write_bytes(xlsx([["2024年"], ["县区", "地区生产总值（亿元）"], *([f"某{n}县", n] for n in range(3000))]))
    command = f'"{sys.executable}" app.py import "{file}" --data-folder "{tmp_path}" | true'
    done = subprocess.run([shell, "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr
