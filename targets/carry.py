"""Backup and restore: the whole store as one plain archive, which both databases write and read.

It is a zip with a file of JSON lines for each table, the first line naming its columns, and ``MANIFEST.json``. The
zip's comment is the checksum of all the rest.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection
from sqlalchemy.pool import NullPool

from targets import migrate
from targets.decks import VERSIONS
from targets.observations import (
    BATCHES,
    INDICATORS,
    OBSERVATIONS,
    WRITE_LOCK,
    WRITING,
    Store,
    StoreError,
    open_store,
    spoken,
)
from targets.settlement import records

FORMAT = 1
MANIFEST = "MANIFEST.json"
TABLES = (BATCHES, OBSERVATIONS, INDICATORS, VERSIONS, *records.TABLES.values())  # each after those that it refers to
SEAL = b"sha256 "
SEALED = len(SEAL) + 64  # bytes of the comment
AT_ONCE = 1000  # rows
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError)


def backup(store: Store, archive: Path) -> dict[str, int]:
    """Write all that a store holds to a file, as it is at one moment, while others go on reading and writing.

    Returns
    -------
    dict of str to int
        How many rows of each table.

    Raises
    ------
    StoreError
        When there is nothing yet, the store is ill, or the file cannot be written.
    """
    store.check()
    part = archive.with_name(archive.name + ".part")
    try:
        with _moment(store) as connection:
            counts = _write(connection, part)
        part.replace(archive)
    except OSError as error:
        raise StoreError(f"不能写入 {archive}\uff1a{error}", f"cannot write {archive}: {error}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return counts


@contextmanager
def _moment(store: Store) -> Iterator[Connection]:
    """Yield a connection that sees the store as it is at one moment."""
    with spoken(store.url):
        if not store.exists():
            raise StoreError("还没有导入过\uff0c没有可备份的", "nothing was ever imported: there is nothing to back up")
        if not store.path:
            with store._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
                connection.execute(sa.text(f"SET LOCAL statement_timeout = {WRITING['statement_timeout']}"))
                yield connection
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, store.path.name)
            # SQLite's online backup: page by page, begun anew when somebody writes between.
            with closing(sqlite3.connect(copy)) as new, closing(sqlite3.connect(store.path, timeout=60)) as old:
                old.backup(new)
            engine = sa.create_engine(URL.create("sqlite", database=str(copy)), poolclass=NullPool)
            with engine.connect() as connection:
                yield connection


@contextmanager
def _file(store: Store, beside: str, replace: bool) -> Iterator[tuple[Connection, str]]:
    """Yield a connection to a new SQLite file that takes the store's place at the end."""
    path = store.path
    assert path
    with spoken(store.url):
        there = path.is_file() and path.stat().st_size
        if there and not replace:
            raise _taken(str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        new, old = path.with_name(f"{path.name}.part"), path.with_name(f"{path.stem}-{beside}{path.suffix}")
        new.unlink(missing_ok=True)
        try:
            made = open_store(str(URL.create("sqlite", database=str(new))))
            with made._engine.connect().execution_options(atlas_write="as it is") as connection, connection.begin():
                yield connection, str(old) if there else ""
            # What was there goes aside with its write-ahead log, which must not meet the new file.
            for suffix in ("", "-wal"):
                if (one := path.with_name(path.name + suffix)).is_file():
                    one.replace(old.with_name(old.name + suffix))
            path.with_name(path.name + "-shm").unlink(missing_ok=True)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        store.exists()  # remembers it


@contextmanager
def _database(store: Store, beside: str, replace: bool) -> Iterator[tuple[Connection, str]]:
    """Yield a connection to a PostgreSQL database whose tables, if it has any, have gone to a schema of their own."""
    schema = f"atlas_{beside}".replace("-", "_").lower()
    with spoken(store.url), store._engine.begin() as connection:
        for name, most in WRITING.items():
            connection.execute(sa.text(f"SET LOCAL {name} = {most}"))
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"))
        there = migrate.version(connection) is not None
        if there:
            if not replace:
                raise _taken(store.url.render_as_string(hide_password=True))
            connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
            ours = {table.name for table in TABLES} | {migrate.TABLE}
            for table in sorted(ours & set(sa.inspect(connection).get_table_names())):
                connection.execute(sa.text(f"ALTER TABLE {table} SET SCHEMA {schema}"))
        yield connection, schema if there else ""


def _taken(where: str) -> StoreError:
    return StoreError(
        f"{where} 已有数\uff0c未恢复；要代替它\uff0c请加 --replace\uff08原有的另存在旁边\uff09",
        f"{where} holds a store already, nothing was restored; add --replace to take its place (it is kept beside)",
    )


def _write(connection: Connection, path: Path) -> dict[str, int]:
    counts = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in TABLES:
            counts[table.name] = 0
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
                out.write(_line([column.name for column in table.columns]))
                for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns)):
                    out.write(_line([cell.isoformat() if isinstance(cell, datetime) else cell for cell in row]))
                    counts[table.name] += 1
        said = {"format": FORMAT, "schema": migrate.HEAD, "made": datetime.now(UTC).isoformat(), "rows": counts}
        archive.writestr(MANIFEST, json.dumps(said, indent=1) + "\n")
    seal(path)
    return counts


def seal(path: Path) -> None:
    """Write the checksum of a zip into its comment."""
    with path.open("rb+") as file:
        said = SEAL + hashlib.file_digest(file, "sha256").hexdigest().encode()
        file.seek(-2, os.SEEK_END)  # the length of the comment, the last thing in a zip
        file.write(len(said).to_bytes(2, "little") + said)
        os.fsync(file.fileno())


def _line(cells: list[Any]) -> bytes:
    return json.dumps(cells, ensure_ascii=False).encode() + b"\n"


def restore(archive: Path, store: Store, replace: bool = False) -> tuple[dict[str, int], str]:
    """Put what a backup holds in a store's place, whole or not at all.

    Parameters
    ----------
    archive : Path
    store : Store
    replace : bool
        Take the place of a store that is there; that one is put beside.

    Returns
    -------
    dict of str to int
        How many rows of each table.
    str
        Where the store is now that was there; empty without one.

    Raises
    ------
    StoreError
        When the backup is not whole or not ours, a store is there already, or it cannot be written.
    """
    try:
        _check_seal(archive)
        with zipfile.ZipFile(archive) as opened:
            said = json.loads(opened.read(MANIFEST))
            if said["format"] != FORMAT or said["schema"] not in migrate.STEPS:
                raise StoreError(
                    f"备份 {archive.name} 是较新的程序做的\uff0c请用新的程序恢复",
                    f"the backup {archive.name} was made by a newer program: restore it with that",
                )
            beside = f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S}"
            with (_file if store.path else _database)(store, beside, replace) as (connection, where):
                _fill(connection, opened, said)
    except OSError as error:
        raise StoreError(f"不能恢复 {archive}\uff1a{error}", f"cannot restore {archive}: {error}") from error
    except BROKEN as error:
        raise StoreError(
            f"{archive.name} 不是完整的备份\uff0c未恢复\uff08{error}\uff09",
            f"{archive.name} is no whole backup, nothing was restored ({error})",
        ) from error
    return said["rows"], where


def _check_seal(path: Path) -> None:
    """Raise when a backup is not as it was written, to the last bit."""
    with path.open("rb") as file:
        left = path.stat().st_size - SEALED - 2
        digest = hashlib.sha256()
        while left > 0 and (read := file.read(min(left, 1 << 20))):
            digest.update(read)
            left -= len(read)
        digest.update(b"\0\0")
        if file.read()[2:] != SEAL + digest.hexdigest().encode():
            raise zipfile.BadZipFile("sha256")


def _fill(connection: Connection, archive: zipfile.ZipFile, said: dict[str, Any]) -> None:
    """Make the tables of a backup's version, fill them, and carry them up to ours."""
    migrate.carry_up(connection, said["schema"])
    for table in TABLES:
        if table.name not in said["rows"]:
            continue
        with archive.open(f"{table.name}.jsonl") as lines:
            count = _insert(connection, table, lines)
        if count != said["rows"][table.name]:
            raise ValueError(table.name)
    migrate.carry_up(connection)


def _insert(connection: Connection, table: sa.Table, lines: Any) -> int:
    names = json.loads(next(lines))
    times = [n for n, name in enumerate(names) if isinstance(table.c[name].type, sa.DateTime)]
    made = sa.insert(sa.table(table.name, *(sa.column(name, table.c[name].type) for name in names)))
    count = 0
    while taken := [json.loads(line) for line in islice(lines, AT_ONCE)]:
        for row in taken:
            for n in times:
                row[n] = datetime.fromisoformat(row[n])
        connection.execute(made, [dict(zip(names, row, strict=True)) for row in taken])
        count += len(taken)
    return count
