"""A store that is ill stops nobody who reads, takes no change, and is never taken for an empty one (Store 10)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import postgres
import psycopg
import pytest
from served import KINDS, Answer, Server, figures, run, serving

BANNER = 'id="store-banner"'
PAGES = ("/", "/progress", "/county/620922", "/meeting/ready", "/meeting", "/plan", "/export/counties.csv")


@cache
def filled() -> Path:
    """Return a folder with a store of one batch, to copy from."""
    folder = Path(tempfile.mkdtemp())
    (folder / "表.xlsx").write_bytes(figures())
    done = run("import", str(folder / "表.xlsx"), "--accept", ATLAS_DATA_FOLDER=str(folder / "data"))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "data"


def fill(folder: Path) -> Path:
    """Make a store with one batch, and return its file."""
    shutil.copytree(filled(), folder)
    return folder / "atlas.sqlite"


def bare(file: Path) -> None:
    """Take away the write-ahead log and its index."""
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def corrupt(file: Path) -> None:
    """Overwrite everything but the head, as a bad disk does."""
    bare(file)
    size = file.stat().st_size
    file.write_bytes(file.read_bytes()[:100] + b"\xa5" * (size - 100))


def says_why_and_ends(server: Server, *words: str) -> None:
    assert server.ended() == 2, server.said()
    said = server.said()
    assert "Traceback" not in said
    assert any(word in said for word in words), said
    assert len([line for line in said.splitlines() if line.strip()]) == 1, "one sentence"


def said(answer: Answer) -> str:
    """Return what a press was answered, with its Chinese as it reads."""
    return json.dumps(answer.json, ensure_ascii=False)


def reads_on(server: Server) -> None:
    """Check that published figures are shown under a banner, and that every change is refused with a sentence."""
    for path in PAGES:
        answer = server.ask(path)
        assert answer.status == 200, path
        if not path.endswith(".csv"):
            assert BANNER in answer.text, path
    press = server.press({"view.data": "county=620922"})
    assert press.status == 200 and "瓜州" in said(press)
    assert "读不到" in said(press), "an open page is told, too"
    assert "store-banner" in server.ask("/fragment/page/progress").text
    for answer in (server.load(figures(150)), server.undo(1), server.make_deck("会")):
        assert answer.status < 500 and "Traceback" not in answer.text
        assert "数据库" in said(answer) and str(server.folder) not in said(answer), said(answer)[:300]
    health = server.ask("/healthz")
    assert health.status == 503 and health.json["status"] == "ill"


# ---- at the start ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [corrupt, lambda file: (bare(file), file.write_bytes(b"no database at all\n" * 99))])
def test_a_corrupt_store_is_said_at_the_start(serve, tmp_path, damage):
    damage(fill(tmp_path / "data"))
    says_why_and_ends(serve(folder=tmp_path / "data", wait=False), "atlas.sqlite")


def test_another_programs_database_is_said_at_the_start_and_left_alone(serve, tmp_path):
    file = fill(tmp_path / "data")
    bare(file)
    file.unlink()
    command = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('CREATE TABLE batches (x)'); c.commit()"
    subprocess.run([sys.executable, "-c", command, str(file)], check=True)
    before = file.read_bytes()
    says_why_and_ends(serve(folder=tmp_path / "data", wait=False), "atlas.sqlite")
    assert file.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="rights are kept otherwise there")
def test_a_store_that_cannot_be_written_is_said_at_the_start(serve, tmp_path):
    file = fill(tmp_path / "data")
    for path in file.parent.iterdir():
        path.chmod(0o444)
    file.parent.chmod(0o555)
    root = os.geteuid() == 0
    if root and not shutil.which("setpriv"):
        pytest.skip("root may write everywhere, and no setpriv to take that away")
    says_why_and_ends(serve(folder=file.parent, wait=False, as_anyone=root), "只读", "read-only")


def test_a_database_that_does_not_answer_is_said_at_the_start(serve):
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        url = f"postgresql://atlas:geheim@127.0.0.1:{taken.getsockname()[1]}/atlas"
        server = serve(wait=False, database_url=url)
        says_why_and_ends(server, "127.0.0.1")
        assert "geheim" not in server.said()


def test_a_store_that_was_seen_and_is_gone_is_said_at_the_start(serve, tmp_path):
    file = fill(tmp_path / "data")
    bare(file)
    file.unlink()
    says_why_and_ends(serve(folder=tmp_path / "data", wait=False), "atlas.sqlite")
    (tmp_path / "表.xlsx").write_bytes(figures(150))
    done = run("import", str(tmp_path / "表.xlsx"), "--accept", ATLAS_DATA_FOLDER=str(tmp_path / "data"))
    assert done.returncode == 2 and not file.exists(), "no import begins again at batch 1"


def test_a_folder_that_never_held_a_store_is_no_fault(serve, kind, tmp_path):
    (tmp_path / "new").mkdir()
    server = serve(kind, folder=tmp_path / "new", fresh=True)  # as an office starts it
    assert BANNER not in server.ask("/").text and server.ask("/healthz").status == 200
    server.load(figures())
    assert server.batches() == 1


# ---- while it runs --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=KINDS)
def one(request, tmp_path_factory) -> Iterator[Server]:
    """Return a server that was begun with a store, which therefore each of its workers knows."""
    folder = tmp_path_factory.mktemp("data")
    shutil.copytree(filled(), folder, dirs_exist_ok=True)
    for start in serving(lambda: folder):
        yield start(request.param)


@pytest.fixture
def running(one) -> Iterator[Server]:
    """Give a server that has shown an imported figure, and see that it does so again once its store is back."""
    assert "140.5" in one.ask("/export/observations.csv").text
    yield one
    shutil.copytree(filled(), one.folder, dirs_exist_ok=True)
    assert "140.5" in one.ask("/export/observations.csv").text
    assert BANNER not in one.ask("/").text and one.ask("/healthz").status == 200


def test_a_store_that_becomes_corrupt_leaves_the_published_figures(running):
    corrupt(running.folder / "atlas.sqlite")
    reads_on(running)


def test_a_folder_that_vanishes_is_an_error_not_an_empty_store(running):
    shutil.rmtree(running.folder)
    reads_on(running)
    assert not (running.folder / "atlas.sqlite").exists()


def test_a_file_that_vanishes_is_an_error_and_its_return_heals(running, tmp_path):
    away = tmp_path / "away"
    away.mkdir()
    files = list(running.folder.glob("atlas.sqlite*"))
    for file in files:
        shutil.move(file, away / file.name)
    reads_on(running)
    for file in files:
        shutil.move(away / file.name, file)
    assert "140.5" in running.ask("/export/observations.csv").text
    assert BANNER not in running.ask("/").text and running.ask("/healthz").status == 200
    running.load(figures(150))
    assert running.batches() == 2
    for file in files:
        file.unlink(missing_ok=True)


# ---- PostgreSQL -----------------------------------------------------------------------------------------------------


@contextmanager
def filled_postgres(tmp_path: Path) -> Iterator[str]:
    try:
        with postgres.server() as address:
            with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE atlas")
            (tmp_path / "表.xlsx").write_bytes(figures())
            done = run("import", str(tmp_path / "表.xlsx"), "--accept", ATLAS_DATABASE_URL=f"{address}/atlas")
            assert done.returncode == 0, done.stdout + done.stderr
            yield f"{address}/atlas"
    except postgres.NoPostgres as error:
        pytest.fail(str(error))


def test_a_postgresql_that_keeps_one_waiting_is_given_up(serve, tmp_path):
    with filled_postgres(tmp_path) as url:
        server = serve(database_url=url)
        assert "140.5" in server.ask("/export/observations.csv").text
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE batches IN ACCESS EXCLUSIVE MODE")
            begun = time.monotonic()
            answer = server.ask("/", within=40)
            assert answer.status == 200 and BANNER in answer.text
            assert time.monotonic() - begun < 15
            assert server.ask("/healthz", within=40).status == 503
        assert BANNER not in server.ask("/").text and server.ask("/healthz").status == 200


def test_a_postgresql_that_is_gone_leaves_the_published_figures(serve, tmp_path):
    with filled_postgres(tmp_path) as url:
        server = serve(database_url=url)
        assert "140.5" in server.ask("/export/observations.csv").text
        with psycopg.connect(url) as other:
            folder = other.execute("SHOW data_directory").fetchone()[0]
        main = int(Path(folder, "postmaster.pid").read_text().split()[0])
        os.kill(main, signal.SIGQUIT)
        until = time.monotonic() + 30
        with pytest.raises(psycopg.OperationalError):
            while time.monotonic() < until:
                psycopg.connect(url, connect_timeout=5).close()
        reads_on(server)
