"""Backup, restore, versions of the store, the figures' way out and back in, output in any encoding (Store 11–12)."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import postgres
import psycopg
import pytest
from import_corpus import xlsx
from served import Server, figures, run

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
FOUR = [(140.5, "2024年"), (98.25, "2016年"), (30.5, "2025年一季度"), (141, "2024年")]


def old_store(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "atlas.sqlite"
    store = sqlite3.connect(file)
    store.executescript(FIRST)
    store.close()
    return file


def fill(server: Server) -> str:
    """Import four batches through the page, undo one, keep a deck, and return all that is known."""
    for value, period in FOUR:
        server.load(figures(value, period))
    assert server.batches() == 4
    server.undo(4)
    server.make_deck("带走的")
    return everything(server)


def everything(server: Server) -> str:
    """Return the figures now and after each event, and the decks."""
    states = [server.ask(f"/export/observations.csv?as_of={event}").text for event in range(6)]
    batches = [server.ask(f"/export/observations.csv?batch={batch}").text for batch in range(1, 6)]
    return "\n".join([*states, *batches, *server.decks()])


# ---- backup and restore ---------------------------------------------------------------------------------------------


def test_a_backup_of_a_running_store_brings_all_of_it_back_elsewhere(serve, kind, tmp_path):
    server = serve(kind)
    held = fill(server)
    archive, new = tmp_path / "备份.zip", tmp_path / "new"
    done = run("backup", str(archive), "--data-folder", str(server.folder))
    assert done.returncode == 0, done.stderr
    assert server.batches() == 4, "and the server goes on"
    done = run("restore", str(archive), "--data-folder", str(new))
    assert done.returncode == 0, done.stderr
    assert everything(serve(kind, folder=new)) == held


def test_a_restore_takes_no_stores_place_unasked(serve, tmp_path):
    server = serve()
    held = fill(server)
    archive = tmp_path / "备份.zip"
    assert run("backup", str(archive), "--data-folder", str(server.folder)).returncode == 0
    server.load(figures(200, "2023年"))
    now = everything(server)
    server.stop()
    done = run("restore", str(archive), "--data-folder", str(server.folder))
    assert done.returncode == 2 and "--replace" in done.stderr
    assert everything(serve(folder=server.folder)) == now
    done = run("restore", str(archive), "--replace", "--data-folder", str(server.folder))
    assert done.returncode == 0, done.stderr
    assert everything(serve(folder=server.folder)) == held
    assert len(list(server.folder.glob("atlas*.sqlite"))) == 2, "what was there is put beside it"


def test_a_backup_goes_from_sqlite_to_postgresql_and_back(serve, tmp_path):
    server = serve()
    held = fill(server)
    archive, back = tmp_path / "一.zip", tmp_path / "二.zip"
    assert run("backup", str(archive), "--data-folder", str(server.folder)).returncode == 0
    with postgres.server() as address:
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE atlas")
        url = f"{address}/atlas"
        done = run("restore", str(archive), "--database-url", url)
        assert done.returncode == 0, done.stderr
        other = serve(database_url=url)
        assert everything(other) == held
        assert run("backup", str(back), "--database-url", url).returncode == 0
        other.stop()
    assert run("restore", str(back), "--data-folder", str(tmp_path / "again")).returncode == 0
    assert everything(serve(folder=tmp_path / "again")) == held


@pytest.mark.parametrize("damage", ["half", "other", "changed", "missing"])
def test_a_broken_backup_is_refused_whole(serve, tmp_path, damage):
    server = serve()
    server.load(figures())
    archive = tmp_path / "备份.zip"
    assert run("backup", str(archive), "--data-folder", str(server.folder)).returncode == 0
    content = archive.read_bytes()
    if damage == "half":
        archive.write_bytes(content[: len(content) // 2])
    elif damage == "other":
        archive.write_bytes(b"no archive")
    elif damage == "changed":
        middle = len(content) // 2
        archive.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])
    else:
        archive.unlink()
    done = run("restore", str(archive), "--data-folder", str(tmp_path / "new"))
    assert done.returncode == 2 and archive.name in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "new" / "atlas.sqlite").exists()


# ---- versions -------------------------------------------------------------------------------------------------------


def test_an_older_store_is_carried_up_after_a_copy_is_put_beside_it(serve, kind, tmp_path):
    file = old_store(tmp_path / "data")
    before = file.read_bytes()
    server = serve(kind, folder=tmp_path / "data")
    assert "140.5" in server.ask("/export/observations.csv").text
    (copy,) = [path for path in file.parent.glob("atlas*.sqlite") if path != file]
    assert copy.read_bytes() == before
    with sqlite3.connect(file) as store:
        assert store.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    store.close()
    server.load(figures(150, "2016年"))
    assert server.batches() == 2


def test_a_newer_store_is_refused_and_left_alone(serve, tmp_path):
    file = old_store(tmp_path / "data")
    with sqlite3.connect(file) as store:
        store.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        store.execute("INSERT INTO alembic_version VALUES ('9999')")
    store.close()
    before = file.read_bytes()
    server = serve(folder=tmp_path / "data", wait=False)
    assert server.ended() == 2, server.said()
    assert "9999" in server.said() and "Traceback" not in server.said()
    (tmp_path / "表.xlsx").write_bytes(figures())
    done = run("import", str(tmp_path / "表.xlsx"), "--accept", "--data-folder", str(tmp_path / "data"))
    assert done.returncode == 2
    assert file.read_bytes() == before and len(list(file.parent.glob("atlas*.sqlite"))) == 1


def test_copying_the_sqlite_alone_may_lose_batches_and_readme_says_so(serve, tmp_path):
    server = serve()
    fill(server)
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert "-wal" in readme and "app.py backup" in readme


# ---- out and back in ------------------------------------------------------------------------------------------------

SAME = ("place", "indicator", "period", "value", "unit", "status", "source", "source_url", "note", "printed")


def table(server: Server, lang: str) -> list[dict[str, str]]:
    text = server.ask(f"/export/observations.csv?lang={lang}").text
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_observations_import_back_identically_and_whole(serve, tmp_path, lang):
    """Published rows are known already and stay published; imported ones come back as they were."""
    first = serve()
    rows = [["2024年（初步核算数）"], ["县区", "地区生产总值（万元）", "地区生产总值增速（%）"]]
    rows += [["瓜州县", "1,405,000", -3.5], ["玉门市", 2_310_000, 6.25], ["酒泉市", 9_000_000, 5]]
    first.load(xlsx(rows))
    first.load(figures(98.25, "2016年"))
    assert first.batches() == 2
    file = tmp_path / "gansu-observations.csv"
    file.write_bytes(first.ask(f"/export/observations.csv?lang={lang}").body)
    done = run("import", str(file), "--accept", "--data-folder", str(tmp_path / "second"))
    assert done.returncode == 0, done.stdout[:3000] + done.stderr
    second = serve(folder=tmp_path / "second")
    was, now = ([{name: row[name] for name in SAME} for row in table(one, lang)] for one in (first, second))
    assert now == was


# ---- output ---------------------------------------------------------------------------------------------------------

ENCODINGS = ("gbk", "cp1252", "ascii")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_errors_of_an_import_are_told_in_any_encoding(tmp_path, encoding):
    file = tmp_path / "表.xlsx"
    file.write_bytes(xlsx([["2024年"], ["县区", "地区生产总值（亿元）"], ["瓜州县", "约一百"], ["某某县", 3]]))
    done = run("import", str(file), "--data-folder", str(tmp_path), PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "B3" in done.stdout and "A4" in done.stdout, "each error with its cell"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_server_starts_in_any_encoding(serve, monkeypatch, encoding):
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    monkeypatch.setenv("PYTHONUTF8", "0")
    assert serve().ask("/").status == 200


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "given",
    [("--help",), ("import", "--help"), ("--boundaries", "没有.shp"), ("deck", "--period", "1999"), ("--port", "零")],
)
def test_every_sentence_of_the_command_line_is_told_in_any_encoding(tmp_path, given, encoding):
    done = run(*given, PYTHONIOENCODING=encoding, PYTHONUTF8="0", ATLAS_DATA_FOLDER=str(tmp_path))
    assert done.returncode in (0, 2) and "Traceback" not in done.stderr, done.stderr[-500:]
    assert done.stdout or done.stderr


def test_output_to_a_closed_pipe_is_no_traceback(tmp_path):
    """As in ``… | head -1``."""
    shell = shutil.which("sh")
    if not shell:
        pytest.skip("no shell")
    file = tmp_path / "表.xlsx"
    file.write_bytes(xlsx([["2024年"], ["县区", "地区生产总值（亿元）"], *([f"某{n}县", n] for n in range(3000))]))
    command = f'"{sys.executable}" app.py import "{file}" --data-folder "{tmp_path}" | head -1'
    root = Path(__file__).parents[2]
    done = subprocess.run([shell, "-c", command], cwd=root, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr
