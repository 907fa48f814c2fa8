"""The store of observed values: what was published, and over it what the user imported, batch by batch.

A batch is accepted whole or not at all and never changes (the database itself refuses it). Undo is a batch of its own,
so every past state can be shown again. SQLite by default, PostgreSQL by address; batches are numbered in the order in
which they become visible, since each is written under the one lock for writing.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import weakref
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from threading import Lock, local
from typing import Any, NamedTuple

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import event, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from targets import migrate
from targets.evidence import JUDGES, settle
from targets.grades import LEAD, RANK, comparator_of, grade_of
from targets.indicators import Indicator, from_record, shipped_indicators
from targets.periods import canonical
from targets.published import OBSERVATION_COLUMNS
from targets.settlement import records as settlement
from targets.settlement.records import Record, Records
from targets.sweeping import seldom_swept

FOLDER = Path(__file__).parents[1] / "data"
FILE = "atlas.sqlite"
KEY = ["place", "indicator", "period"]
# The frame that pages and progress read. Published figures may give several rows for one key; an import gives one.
FRAME = list(OBSERVATION_COLUMNS)
STORED = [*KEY, "value", "unit", "status", "source", "source_url", "note", "printed", "batch"]
KEPT = 8  # states kept in memory: the current one, and those that are being looked back at
NOTHING = -1  # in place of the last event where the store does not answer: what is published, and no more
WRITE_LOCK = 620000  # PostgreSQL's advisory lock
CHECKED = 200 << 20  # bytes; a larger file is not read through at every start
# PostgreSQL, in milliseconds: who reads gives up soon, a large import may take its time.
READING = {"statement_timeout": 10_000, "lock_timeout": 3_000, "idle_in_transaction_session_timeout": 60_000}
WRITING = {"statement_timeout": 120_000, "lock_timeout": 60_000}
log = logging.getLogger("atlas")

_meta = sa.MetaData()
BATCHES = sa.Table(
    "batches",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(8), sa.CheckConstraint("kind IN ('import', 'undo')"), nullable=False),
    sa.Column("undoes", sa.ForeignKey("batches.id")),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("time", sa.DateTime, nullable=False),  # UTC
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL) AND undoes < id"),
)
OBSERVATIONS = sa.Table(
    "observations",
    _meta,
    sa.Column("batch", sa.ForeignKey("batches.id"), primary_key=True),
    *(sa.Column(name, sa.String(40), primary_key=True) for name in KEY),
    sa.Column("value", sa.Double, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("unit", "status", "source", "source_url", "note")),
    # Where in the file, and what stood there.
    *(sa.Column(name, sa.Text, nullable=False) for name in ("cell", "printed")),
)
sa.Index("observations_by_place", OBSERVATIONS.c.place, OBSERVATIONS.c.indicator)
INDICATORS = sa.Table(
    "indicators",
    _meta,
    sa.Column("batch", sa.ForeignKey("batches.id"), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    *(sa.Column(n, sa.Text, nullable=False) for n in ("zh", "en", "aliases", "unit", "kind", "adds_up", "places")),
    sa.Column("decimals", sa.Integer, nullable=False),
    *(sa.Column(name, sa.Double, nullable=False) for name in ("low", "high")),
)


class StoreError(Exception):
    """The store cannot do it; the message says why and what to do, in Chinese and English (`zh`, `en`)."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


# How a store may be ill, as visitors are told: no path, no database's own words.
ILL = {
    "corrupt": ("数据库文件已损坏", "the database file is damaged"),
    "gone": ("数据库不见了", "the database is gone"),
    "read-only": ("数据库是只读的", "the database is read-only"),
    "full": ("磁盘已满", "the disk is full"),
    "unreachable": ("数据库没有应答", "the database does not answer"),
    "older": (
        "数据库的版本较旧\uff0c程序重新启动后才会升级",
        "the database is of an older version until the next start",
    ),
    "newer": ("数据库的版本比程序新", "the database is of a newer version than the program"),
    "foreign": ("数据库是别的程序的", "the database is another program's"),
    "error": ("数据库出错", "the database met an error"),
}


class IllStore(StoreError):
    """The store does not do what a store does; `state` (of `ILL`) says in what way."""

    def __init__(self, state: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.state = state

    def for_visitors(self) -> IllStore:
        """Return the same without what only the operator should read."""
        zh, en = ILL[self.state]
        return IllStore(self.state, f"{zh}\uff0c请告诉管理员", f"{en}; tell who runs the atlas")


class StaleDifference(StoreError):
    """The store has changed since the difference was made: look again."""


Key = tuple[str, str, str]  # place, indicator, period


class Row(NamedTuple):
    """One value as a file gives it: `value` in the canonical `unit`; `cell` says where, `printed` what stood there."""

    place: str
    indicator: str
    period: str
    value: float
    unit: str
    status: str = "未注明"
    source: str = ""
    source_url: str = ""
    note: str = ""
    cell: str = ""
    printed: str = ""

    @property
    def key(self) -> Key:
        """Place, indicator and period."""
        return self.place, self.indicator, self.period


class Change(NamedTuple):
    """A row against the store.

    `kind` is ``new``, ``changed`` (another value), ``restated`` (the same value with another status or source) or
    ``unchanged``; the `old_…` are what the store showed, None and empty when it had nothing.
    """

    row: Row
    kind: str
    old: float | None = None
    old_status: str = ""
    old_source: str = ""
    old_origin: str = ""

    @property
    def share(self) -> float | None:
        """The change as a share of the old value, None without one."""
        return (self.row.value - self.old) / abs(self.old) if self.old else None


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at before accepting; it does not prevent it.

    `kind`: ``share`` (a large change), ``unit`` (a factor of about 10,000), ``range`` (implausible), ``sum`` (a total
    that its counties do not make up), ``parts`` (a GDP that its industries do not make up), ``growth`` (a rate that the
    amounts belie), ``status`` (from final or published back to preliminary).
    """

    kind: str
    place: str
    indicator: str
    period: str
    zh: str
    en: str


@dataclass(frozen=True)
class Difference:
    """What a file would change, made by `importing.compare` against the store after event `state`."""

    file: str
    sha256: str
    changes: tuple[Change, ...]
    state: int
    indicators: tuple[Indicator, ...] = ()
    flags: tuple[Flag, ...] = ()
    repeat_of: int | None = None  # the batch in force that came from the very same file
    records: tuple[Record, ...] = ()  # of the settlement
    records_before: Records = field(default_factory=Records)  # what was in force of it

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, restated, unchanged."""
        kinds = [change.kind for change in self.changes]
        return {kind: kinds.count(kind) for kind in ("new", "changed", "restated", "unchanged")}

    @property
    def empty(self) -> bool:
        """Whether accepting would change nothing."""
        unchanged = all(change.kind == "unchanged" for change in self.changes)
        return not self.indicators and unchanged and not any(self.record_changes.values())

    @cached_property
    def record_changes(self) -> dict[tuple[str, int, str], bool]:
        """Whether each part of the settlement that the file speaks of is another than the one in force."""
        mine = settlement.in_force({0: self.records}, ()).held
        before = self.records_before.held
        return {
            part: part not in before or settlement.said(before[part][1]) != settlement.said(records)
            for part, (_, records) in mine.items()
        }

    @property
    def token(self) -> str:
        """A mark of exactly these changes: two differences with the same token say the same."""
        said = repr((self.sha256, [(c.row, c.kind, c.old) for c in self.changes], self.indicators, self.records))
        return hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()

    def frame(self) -> pd.DataFrame:
        """Return one row per change: its key, kind, old and new value, unit, share, cell, statuses and flags."""
        flagged: dict[Key, list[str]] = {}
        for flag in self.flags:
            flagged.setdefault((flag.place, flag.indicator, flag.period), []).append(flag.kind)
        rows = [
            (*c.row.key, c.kind, c.old, c.row.value, c.row.unit, c.share, c.row.cell, c.row.printed)
            + (c.old_status, c.row.status, c.old_origin, ",".join(flagged.get(c.row.key, ())))
            for c in self.changes
        ]
        columns = [*KEY, "kind", "old", "new", "unit", "share", "cell", "printed", "old_status", "status"]
        frame = pd.DataFrame(rows, columns=[*columns, "old_origin", "flags"])
        return frame.astype({"old": float, "new": float, "share": float})


def open_store(
    url: str | None = None, published: pd.DataFrame | None = None, folder: Path | str | None = None
) -> Store:
    """Return the store of observations. Nothing is made or connected to before it is needed.

    Parameters
    ----------
    url : str, optional
        ``postgresql://user:password@host/name`` or ``sqlite:///path``; by default SQLite in `folder`.
    published : DataFrame, optional
        Published observations, columns as of `FRAME`; imports override them.
    folder : path, optional
        Where ``atlas.sqlite`` is made at the first import; by default ``data`` beside the program.

    Raises
    ------
    StoreError
        When the address is of no known kind.
    """
    return Store(_address(url, Path(folder) if folder else FOLDER), published)


def _address(url: str | None, folder: Path) -> URL:
    if not url:
        return URL.create("sqlite", database=str(folder / FILE))
    try:
        found = make_url(url)
    except ArgumentError:
        found = URL.create("")
    if found.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return found.set(drivername="postgresql+psycopg")
    if found.drivername == "sqlite" and found.database and found.database != ":memory:":
        return found
    raise StoreError(
        "数据库地址应为 postgresql://… 或 sqlite:///路径",
        "the database address must be postgresql://… or sqlite:///path",
    )


@dataclass
class Store:
    """The observations and their batches; made by `open_store`. May be shared by threads, and is safe across a fork.

    Attributes
    ----------
    serving : bool
        Whether pages are made from it: then who reads an ill store gets what is published, and `ill` says so. Else,
        and for every change, `IllStore` is raised.
    """

    url: URL
    published: pd.DataFrame | None = None
    serving: bool = field(default=False, init=False)
    _engine: sa.Engine = field(init=False, repr=False)
    _made: int = field(default=-1, init=False, repr=False)
    _states: OrderedDict[Any, Any] = field(default_factory=OrderedDict, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)
    _request: local = field(default_factory=local, init=False, repr=False)
    _told_of: str = field(default="ok", init=False, repr=False)

    def __post_init__(self) -> None:
        self.published = _framed(self.published)
        self._engine = _engine(self.url)

    # Health

    def check(self) -> None:
        """Look the store through before it is used; carry an older one up, after a copy is put beside it.

        Raises
        ------
        IllStore
            When it is corrupt, gone, read-only, newer, another program's, or does not answer.
        """
        with spoken(self.url):
            if not self._there():
                return
            path = self.path
            if path and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
                raise self._is(
                    "read-only",
                    "是只读的\uff0c请给运行程序的用户写权限",
                    "is read-only: let who runs the program write",
                )
            with self._engine.connect() as connection:
                found = migrate.version(connection)
                if path and path.stat().st_size < CHECKED:
                    said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
                    if said != "ok":
                        said = str(said).splitlines()[-1]
                        raise self._is(
                            "corrupt",
                            f"已损坏\uff08{said}\uff09\uff0c请恢复备份",
                            f"is damaged ({said}): restore a backup",
                        )
                elif not path and connection.execute(text("SHOW transaction_read_only")).scalar() == "on":
                    raise self._is("read-only", "是只读的", "is read-only")
            if found == "unversioned" or found in migrate.STEPS[:-1]:
                self._carry_up()
            if path:  # a probe: the lock for writing is had, and let go
                with self._engine.connect().execution_options(atlas_write="as it is") as connection:
                    connection.begin().rollback()
            self.exists()

    def health(self) -> str:
        """Return ``ok``, or one of `ILL`."""
        try:
            self._read(lambda connection: self._load(connection, _last(connection)), None, strict=True)
        except IllStore as error:
            return error.state
        path = self.path
        return "read-only" if path and path.is_file() and not os.access(path, os.W_OK) else "ok"

    def begin(self) -> None:
        """Begin a request: what is found ill from here on is so to its `end`, and is not asked again."""
        self._request.failed = None

    def end(self) -> None:
        """End a request."""
        vars(self._request).clear()

    @property
    def ill(self) -> IllStore | None:
        """What kept this request from the store, if anything did."""
        return getattr(self._request, "failed", None)

    @property
    def mark(self) -> int:
        """What tells the file that is read from one that takes its place."""
        return NOTHING if self.ill else self._made

    # Reading

    def last(self) -> int:
        """Return the id of the last event, 0 when there is none, `NOTHING` when an ill store does not say."""
        return self._read(_last, 0, ill=NOTHING)

    def observations(self, as_of: int | None = None) -> pd.DataFrame:
        """Return the current figures of every key, or those after event `as_of` (0: published only).

        The figure is that of the last batch in force that has the key, otherwise what is published: that may be several
        rows, the firmest first. An imported lead takes no published figure's place.

        Returns
        -------
        DataFrame
            Columns `FRAME`, sorted by key. Cheap while nothing changes; change a copy only.
        """
        return self._state(as_of)[0]

    def shown(self, as_of: int | None = None) -> pd.DataFrame:
        """Return one row for each key: an imported figure, else the firmest published one; columns `FRAME`."""
        return self.observations(as_of).drop_duplicates(KEY, ignore_index=True)

    def indicators(self, as_of: int | None = None) -> Mapping[str, Indicator]:
        """Return the shipped indicators and those of batches in force, by id."""
        return self._state(as_of)[1]

    def records(self, as_of: int | None = None) -> Records:
        """Return what the settlement rests on besides figures: what is in force now, or after event `as_of`."""
        return self._read(lambda c: _records(c, as_of), Records(), as_of)

    def batch_records(self, batch: int) -> list[Record]:
        """Return the records of the settlement that came with one batch, undone or not."""
        return self._read(lambda c: settlement.of_batches(c, [batch]).get(batch, []), [], batch)

    def batches(self, as_of: int | None = None) -> pd.DataFrame:
        """Return every event, or those up to `as_of`, the newest last.

        Returns
        -------
        DataFrame
            ``id``, ``kind`` (import, undo), ``undoes`` (id or NA), ``file``, ``sha256``, ``time`` (UTC), ``who``,
            ``note``, ``rows``, ``live`` (False once undone).
        """
        chosen = sa.select(BATCHES).order_by("id")
        if as_of is not None:
            chosen = chosen.where(BATCHES.c.id <= as_of)
        rows = self._read(lambda c: [dict(r._mapping) for r in c.execute(chosen)], [], as_of)
        undone = _undone((r["id"], r["undoes"]) for r in rows)
        frame = pd.DataFrame(rows, columns=[column.name for column in BATCHES.columns])
        frame["time"] = pd.to_datetime(frame["time"], utc=True)
        return frame.astype({"undoes": "Int64", "id": int, "rows": int}).assign(
            live=[row["id"] not in undone for row in rows]
        )

    def history(self, place: str, indicator: str) -> pd.DataFrame:
        """Return every value that one place ever had for an indicator, undone ones too, by period and batch.

        Returns
        -------
        DataFrame
            Columns `FRAME`, then ``cell``, ``file``, ``time`` (UTC), ``who``, ``live``; the published values come
            first, with no batch.
        """
        wanted = (OBSERVATIONS.c.place == place) & (OBSERVATIONS.c.indicator == indicator)
        chosen = sa.select(OBSERVATIONS, BATCHES.c.file, BATCHES.c.time, BATCHES.c.who).join(BATCHES).where(wanted)
        found, undone = self._read(
            lambda c: ([dict(r._mapping) for r in c.execute(chosen)], _undone(c.execute(_EVENTS))), ([], set())
        )
        rows = [
            row
            | _told(row)
            | {"origin": "import", "live": row["batch"] not in undone, "period": canonical(row["period"])}
            for row in found
        ]
        assert self.published is not None
        old = self.published[(self.published["place"] == place) & (self.published["indicator"] == indicator)]
        rows += [
            row | {"batch": None, "cell": "", "file": "", "time": None, "who": "", "live": True}
            for row in old.to_dict("records")
        ]
        frame = pd.DataFrame(rows, columns=[*FRAME, "cell", "file", "time", "who", "live"])
        frame = frame.astype({"batch": "Int64", "value": float, "live": bool})
        frame["time"] = pd.to_datetime(frame["time"], utc=True)
        return frame.sort_values(["period", "batch"], na_position="first", ignore_index=True)

    def batch_rows(self, batch: int) -> pd.DataFrame:
        """Return the rows of one batch as its file gave them, undone or not, sorted by key.

        Returns
        -------
        DataFrame
            `KEY`, ``value``, ``unit``, ``status``, ``source``, ``source_url``, ``note``, ``cell``, ``printed``; empty
            for an undo and where there is no such batch.
        """
        columns = [*KEY, "value", "unit", "status", "source", "source_url", "note", "cell", "printed"]
        chosen = sa.select(*(OBSERVATIONS.c[name] for name in columns)).where(OBSERVATIONS.c.batch == batch)
        rows = self._read(lambda c: [tuple(row) for row in c.execute(chosen)], [], batch)
        frame = pd.DataFrame(rows, columns=columns)
        return frame.assign(period=frame["period"].map(canonical)).sort_values(KEY, ignore_index=True)

    def coverage(self, counties: Collection[str], as_of: int | None = None) -> pd.DataFrame:
        """Return for how many of some counties there is a figure that judges: indicators by periods."""
        frame = settle(self.observations(as_of))
        frame = frame[frame["standing"] == JUDGES]
        frame = frame[frame["place"].isin(counties)]
        return frame.groupby(["indicator", "period"])["place"].nunique().unstack(fill_value=0).astype(int)

    def beside_counties(self, counties: Collection[str], as_of: int | None = None) -> pd.DataFrame:
        """Return the observations of what is no county: prefectures, the province, parks; columns `FRAME`."""
        frame = self.observations(as_of)
        return frame[~frame["place"].isin(counties)].reset_index(drop=True)

    def repeated(self, sha256: str) -> int | None:
        """Return the last batch in force that came from the file with this checksum."""
        chosen = sa.select(BATCHES.c.id).where(BATCHES.c.sha256 == sha256).order_by(BATCHES.c.id.desc())
        found, undone = self._read(
            lambda c: (list(c.execute(chosen).scalars()), _undone(c.execute(_EVENTS))), ([], set())
        )
        return next((id for id in found if id not in undone), None)

    # Writing

    @seldom_swept()
    def accept(self, difference: Difference, who: str, note: str = "") -> int:
        """Store a difference as one batch, whole or not at all, and return the batch's id.

        All rows are stored, also the unchanged: what a file says stays said when an older batch is undone.

        Raises
        ------
        StaleDifference
            When a value or an indicator the difference speaks of has changed since.
        StoreError
            When it would change nothing, or the database does not answer.
        """
        if difference.empty:
            raise StoreError("没有新的或变化的数值\uff0c未存入", "nothing new or changed, nothing stored")
        keys: list[Key] = [change.row[:3] for change in difference.changes]
        if len(set(keys)) < len(keys):
            raise StoreError("同一县、指标、时期有两个数值", "a county, indicator and period with two values")
        with self._write() as connection:
            last = _last(connection)
            self._check(connection, difference, keys, last)
            id = self._event(connection, last + 1, "import", None, who, note, difference)
            if difference.changes:
                _insert(connection, id, [change.row for change in difference.changes])
            if difference.indicators:
                made = [{"batch": id} | indicator.record() for indicator in difference.indicators]
                connection.execute(sa.insert(INDICATORS), made)
            settlement.insert(connection, id, difference.records)
        return id

    def add_indicators(self, indicators: Sequence[Indicator], who: str, note: str = "") -> int:
        """Add indicators as a batch without values; return its id.

        Raises
        ------
        StoreError
            When an id is taken, or a name already belongs to another.
        """
        known = self.indicators()
        names = {name for old in known.values() for name in (old.id, old.zh, *old.aliases)}
        for new in indicators:
            if taken := names & {new.id, new.zh, *new.aliases}:
                said = "、".join(sorted(taken))
                raise StoreError(f"指标名“{said}”已被使用", f"the indicator name {said!r} is taken")
        return self.accept(Difference("", "", (), self.last(), tuple(indicators)), who, note)

    def undo(self, batch: int, who: str, note: str = "") -> int:
        """Undo a batch, or an undo, by a new event; return its id.

        Raises
        ------
        StoreError
            When there is no such batch, it is undone already, or it made an indicator that others use.
        """
        with self._write() as connection:
            events = [(row.id, row.undoes) for row in connection.execute(_EVENTS)]
            if batch not in {id for id, _ in events}:
                raise StoreError(f"没有第{batch}批", f"there is no batch {batch}")
            if batch in _undone(events):
                raise StoreError(f"第{batch}批已经撤销", f"batch {batch} is undone already")
            last = _last(connection)
            id = self._event(connection, last + 1, "undo", batch, who, note)
            live = sa.not_(OBSERVATIONS.c.batch.in_(_undone([*events, (id, batch)])))
            used = set(connection.execute(sa.select(OBSERVATIONS.c.indicator).where(live).distinct()).scalars())
            schemes = _records(connection, None).schemes.values()
            used |= {one for scheme in schemes for row in scheme.rows for one in (row.indicator, row.per) if one}
            if orphans := used - set(_indicators(connection, None)):
                said = "、".join(sorted(orphans))
                raise StoreError(
                    f"指标“{said}”仍被其他批次使用\uff0c请先处理那些批次",
                    f"the indicator {said!r} is used by other batches; deal with those first",
                )
        return id

    def vacuum(self, table: str) -> None:
        """Let what was taken out of a table leave the disk as well."""
        with spoken(self.url):
            if self.url.drivername == "sqlite":
                raw = self._engine.raw_connection()
                try:
                    for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                        raw.cursor().execute(statement)
                finally:
                    raw.close()
                return
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f"VACUUM FULL {table}"))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    # Inside

    def _event(
        self, connection: Connection, id: int, kind: str, undoes: int | None, who: str, note: str,
        difference: Difference | None = None,
    ) -> int:  # fmt: skip
        values = {
            "id": id, "kind": kind, "undoes": undoes, "file": _clean(difference.file) if difference else "",
            "sha256": difference.sha256 if difference else "", "time": datetime.now(UTC).replace(tzinfo=None),
            "who": _clean(who)[:200], "note": _clean(note)[:2000],
            "rows": len(difference.changes) + len(difference.records) if difference else 0,
        }  # fmt: skip
        connection.execute(sa.insert(BATCHES).values(values))
        return id

    def _check(self, connection: Connection, difference: Difference, keys: Sequence[Key], last: int) -> None:
        """Raise when the store no longer shows what the difference says it showed."""
        frame, known = self._load(connection, last)
        frame = frame.drop_duplicates(KEY)
        rows = zip(*(frame[name] for name in (*KEY, "value", "status", "source")), strict=True)
        shown = {row[:3]: row[3:] for row in rows}
        moved = 0
        for key, change in zip(keys, difference.changes, strict=True):
            old = None if change.old is None else (change.old, change.old_status, change.old_source)
            moved += shown.get(key) != old
        mine = {indicator.id: indicator for indicator in difference.indicators}
        for id in {change.row.indicator for change in difference.changes} | set(mine):
            moved += (id in known) == (id in mine)
        if difference.records:
            now = _records(connection, last).held
            moved += sum(
                now.get(part) != difference.records_before.held.get(part) for part in difference.record_changes
            )
        if moved:
            raise StaleDifference(
                f"比对之后库中有{moved}处已变\uff0c请重新比对后再存入",
                f"{moved} value{'' if moved == 1 else 's'} changed in the store meanwhile: compare again, then accept",
            )

    def _state(self, as_of: int | None) -> tuple[pd.DataFrame, Mapping[str, Indicator]]:
        def load(connection: Connection) -> tuple[pd.DataFrame, Mapping[str, Indicator]]:
            last = _last(connection)
            return self._load(connection, last if as_of is None else min(as_of, last))

        assert self.published is not None
        frame, indicators = self._read(load, (self.published, shipped_indicators()), as_of)
        return frame.copy(deep=False), indicators

    def _load(self, connection: Connection, at: int) -> tuple[pd.DataFrame, Mapping[str, Indicator]]:
        """Return values and indicators after event `at`, which never change once they are there."""
        key = (self._mark(), at)
        with self._lock:
            if key in self._states:
                self._states.move_to_end(key)
                return self._states[key]
        state = self._frame(connection, at), _indicators(connection, at)
        with self._lock:
            self._states[key] = state
            while len(self._states) > KEPT:
                self._states.popitem(last=False)
        return state

    @property
    def path(self) -> Path | None:
        """Where the SQLite file is, None with PostgreSQL."""
        return Path(str(self.url.database)) if self.url.drivername == "sqlite" else None

    def _mark(self) -> int:
        """Return what tells one SQLite file from another that took its place."""
        return self.path.stat().st_ino if self.path else 0

    def _frame(self, connection: Connection, at: int) -> pd.DataFrame:
        undone = _undone(connection.execute(_events(at)))
        live = [sa.not_(OBSERVATIONS.c.batch.in_(undone)), OBSERVATIONS.c.batch <= at]
        columns = [OBSERVATIONS.c[name] for name in STORED]
        newest = sa.func.row_number().over(
            partition_by=[OBSERVATIONS.c[name] for name in KEY], order_by=OBSERVATIONS.c.batch.desc()
        )
        ranked = sa.select(*columns, newest.label("newest")).where(*live).subquery()
        wanted = [ranked.c[column.name] for column in columns]
        rows = connection.execute(sa.select(*wanted).where(ranked.c.newest == 1)).all()
        imported = pd.DataFrame([tuple(row) for row in rows], columns=[column.name for column in columns])
        assert self.published is not None
        if imported.empty:
            return self.published
        # Once 2025-09 was stored beside 2025Q3: of one stretch the last batch counts.
        keys = imported["period"].map(canonical)
        imported = imported.assign(period=keys, _odd=keys != imported["period"])
        imported = imported.sort_values(["batch", "_odd"], ascending=[True, False], kind="stable")
        imported = imported.drop_duplicates(KEY, keep="last").drop(columns="_odd").reset_index(drop=True)
        told = pd.DataFrame([_told(row) for row in imported.to_dict("records")])
        own = _framed(pd.concat([imported, told], axis=1).assign(origin="import"))
        taken = pd.MultiIndex.from_frame(own.loc[own["grade"] != LEAD, KEY])
        left = self.published[~pd.MultiIndex.from_frame(self.published[KEY]).isin(taken)]
        return _framed(pd.concat([left, own], ignore_index=True))

    def _is(self, state: str, zh: str, en: str) -> IllStore:
        where = self.url.render_as_string(hide_password=True)
        return IllStore(state, f"数据库 {where} {zh}", f"database {where} {en}")

    def _there(self) -> bool:
        """Return whether there may be anything to read; a file that was there once must be there."""
        # Looked up each time: the file may be moved away, or made by another process; and what was seen is asked first,
        # so that one that another thread makes meanwhile is not missed.
        seen = self._seen()
        if not (path := self.path) or (path.is_file() and path.stat().st_size):
            return True
        if seen:
            raise self._gone()
        return False

    def _seen(self) -> bool:
        """Return whether there has been a store here, in this process or, by what it left beside the file, before."""
        return self._made != -1 or bool((path := self.path) and _trace(path).is_file())

    def _gone(self) -> IllStore:
        mend = ("请放回原处\uff0c或恢复备份", "put it back, or restore a backup")
        if path := self.path:
            name = _trace(path).name
            mend = f"{mend[0]}；若要从头开始\uff0c再删去旁边的 {name}", f"{mend[1]}; to begin anew, delete {name} too"
        return self._is("gone", f"原来有\uff0c现在不见了\uff1a{mend[0]}", f"was here and is gone: {mend[1]}")

    def exists(self) -> bool:
        """Return whether there is anything to read, without making it."""
        if not self._there():
            return False
        if self._made != (mark := self._mark()):
            with self._engine.connect() as connection:
                if not self._known(connection):
                    return False
            self._remember(mark)
        return True

    def remember(self) -> None:
        """Know from now on that there is a store, as another that was opened has found: to miss it is an error."""
        self._remember(self._mark())

    def _known(self, connection: Connection) -> bool:
        """Return whether a database holds our tables, not whether it should; raise when they are others."""
        seen = self._seen()  # first, as in `_there`
        found = migrate.version(connection)
        if found is None and seen:
            raise self._gone()
        if found == "foreign":
            raise self._is(
                "foreign",
                "里是别的程序的表\uff0c请换一个数据库",
                "holds another program's tables: choose another database",
            )
        if found == "unversioned" or found in migrate.STEPS[:-1]:
            raise self._is("older", "的版本较旧\uff0c请重新启动程序", "is of an older version: start the program again")
        if found not in (None, migrate.HEAD):
            raise self._is(
                "newer", f"的版本 {found} 比程序的 {migrate.HEAD} 新\uff0c请用新的程序",
                f"is of version {found}, newer than the program's {migrate.HEAD}: use the newer program",
            )  # fmt: skip
        return found is not None

    def _remember(self, mark: int) -> None:
        self._made = mark
        if (path := self.path) and not _trace(path).exists():
            said = f"{path.name} 曾在这里\uff0c不见了就是出了错 / {path.name} has been here and must not be missed\n"
            # Where that cannot be written, the process knows it for as long as it runs.
            with suppress(OSError):
                _trace(path).write_text(said, "utf-8")

    def _carry_up(self) -> None:
        with self._engine.connect().execution_options(atlas_write="as it is") as connection, connection.begin():
            if not self.path:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"))
            found = migrate.version(connection)
            if found == migrate.HEAD:  # another process was first
                return
            name = f"before-{migrate.HEAD}-{datetime.now(UTC):%Y%m%dT%H%M%S}"
            if path := self.path:
                copy_beside(path, name)
            else:
                copy_schema(connection, f"atlas_{name}".replace("-", "_").lower())
            migrate.carry_up(connection)

    def _read(
        self, ask: Any, otherwise: Any, as_of: int | None = None, *, ill: Any = None, strict: bool = False
    ) -> Any:
        """Return what a connection is asked for, `otherwise` where there is no store.

        Where the store is ill and pages are made from it, that is `ill`, or again `otherwise`; but a state that
        `as_of` names is that state or an error.
        """
        if as_of is not None and as_of <= 0:
            return otherwise
        failed = self.ill
        if failed is None:
            try:
                with spoken(self.url):
                    if not self.exists():
                        return otherwise
                    with self._engine.connect() as connection:
                        found = ask(connection)
                self._tell_of("ok")
                return found
            except IllStore as error:
                self._tell_of(error.state, error)
                if not self.serving:
                    raise
                failed = error.for_visitors()
                if hasattr(self._request, "failed"):
                    self._request.failed = failed
        if strict or as_of is not None:
            raise failed
        return otherwise if ill is None else ill

    def _tell_of(self, state: str, error: IllStore | None = None) -> None:
        """Log that the store became ill, or well again, once."""
        if self.serving and state != self._told_of:
            log.error("%s", error or "数据库恢复正常 / the database answers again")
        self._told_of = state

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """Yield a connection that holds the one lock for writing, and commit at the end unless something is raised."""
        try:
            with spoken(self.url):
                if not self.exists() and (path := self.path):
                    path.parent.mkdir(parents=True, exist_ok=True)
                with self._engine.connect().execution_options(atlas_write="wal") as connection, connection.begin():
                    if not self.path:
                        for name, most in WRITING.items():
                            connection.execute(text(f"SET LOCAL {name} = {most}"))
                        connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"))
                    if not self._known(connection):
                        migrate.carry_up(connection)
                    yield connection
                self._remember(self._mark())
        except IllStore as error:
            if not self.serving:
                raise
            self._tell_of(error.state, error)
            raise error.for_visitors() from error


def _trace(path: Path) -> Path:
    """Return the file beside a store's that says that there is one."""
    return path.with_name(f"{path.name}.seen")


def copy_beside(path: Path, name: str) -> Path:
    """Copy a SQLite file that nobody writes to meanwhile, with what its write-ahead log holds; return the copy."""
    copy = path.with_name(f"{path.stem}-{name}{path.suffix}")
    for suffix in ("", "-wal"):
        if (old := path.with_name(path.name + suffix)).is_file():
            new = copy.with_name(copy.name + suffix)
            shutil.copyfile(old, new)
            with new.open("rb+") as written:
                os.fsync(written.fileno())
    return copy


def copy_schema(connection: Connection, name: str) -> None:
    """Copy our tables in PostgreSQL to a schema of their own."""
    connection.execute(text(f"CREATE SCHEMA {name}"))
    for table in sorted(
        {*_meta.tables, *(table.name for table in settlement.TABLES.values()), "deck_versions", migrate.TABLE}
        & set(sa.inspect(connection).get_table_names())
    ):
        connection.execute(text(f"CREATE TABLE {name}.{table} AS TABLE {table}"))


@contextmanager
def spoken(url: URL) -> Iterator[None]:
    """Turn the database's errors into one sentence, without the password."""
    try:
        yield
    except (SQLAlchemyError, NoSuchModuleError, OSError) as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0][:300]
        where = url.render_as_string(hide_password=True)
        raise IllStore(_state(error, said), f"数据库 {where} 出错\uff1a{said}", f"database {where}: {said}") from error


def _state(error: Exception, said: str) -> str:
    """Return which of `ILL` an error of the database is."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "gone"
    if any(word in said for word in ("malformed", "not a database", "decode to UTF-8")):
        return "corrupt"
    if any(word in said for word in ("readonly", "read-only", "Read-only")):
        return "read-only"
    if any(word in said for word in ("is full", "No space left")):
        return "full"
    return "unreachable" if isinstance(error, OperationalError | OSError) else "error"


def _engine(url: URL) -> sa.Engine:
    if url.drivername != "sqlite":
        options = " ".join(
            [str(url.query.get("options", "")), *(f"-c {name}={most}" for name, most in READING.items())]
        )
        limits = {"connect_timeout": 5, "tcp_user_timeout": 10_000, "keepalives_idle": 10, "options": options.strip()}
        engine = sa.create_engine(url, pool_pre_ping=True, pool_timeout=5, connect_args=limits)
        # A child of a fork must not share its parent's connections.
        dispose = weakref.WeakMethod(engine.dispose)
        os.register_at_fork(after_in_child=lambda: (found := dispose()) and found(close=False))
        return engine
    # No pool: a file that was moved away is not written to any longer.
    engine = sa.create_engine(url, poolclass=NullPool, connect_args={"timeout": 60})

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so, below
        for pragma in ("foreign_keys = ON", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("atlas_write")
        if write == "wal":
            _wal(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _wal(connection: Connection) -> None:
    """Let readers go on while one writes. The file remembers it."""
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal":
        return
    # Changing the mode does not wait for a lock by itself; taking the lock first does.
    for _ in range(100):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("COMMIT")
        try:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            return
        except SQLAlchemyError:
            continue


def _events(at: int | None = None) -> sa.Select[Any]:
    chosen = sa.select(BATCHES.c.id, BATCHES.c.undoes)
    return chosen if at is None else chosen.where(BATCHES.c.id <= at)


_EVENTS = _events()


def _last(connection: Connection) -> int:
    return connection.execute(sa.select(sa.func.coalesce(sa.func.max(BATCHES.c.id), 0))).scalar_one()


def _undone(events: Iterable[Any]) -> set[int]:
    """Return the ids that are undone; an undo that is undone itself does not count."""
    undone: set[int] = set()
    for id, undoes in sorted(((row[0], row[1]) for row in events), reverse=True):
        if undoes is not None and id not in undone:
            undone.add(undoes)
    return undone


def _indicators(connection: Connection, at: int | None) -> Mapping[str, Indicator]:
    undone = _undone(connection.execute(_events(at)))
    chosen = sa.select(INDICATORS).order_by(INDICATORS.c.batch, INDICATORS.c.id)
    added = [dict(row._mapping) for row in connection.execute(chosen)]
    alive = [r for r in added if r["batch"] not in undone and (at is None or r["batch"] <= at)]
    return {**shipped_indicators(), **{row["id"]: from_record(row) for row in alive}}


def _records(connection: Connection, at: int | None) -> Records:
    undone = _undone(connection.execute(_events(at)))
    found = settlement.of_batches(connection)
    return settlement.in_force({id: held for id, held in found.items() if at is None or id <= at}, undone)


def _clean(value: Any) -> Any:
    """Take from a text what a database cannot hold: control characters, halves of characters."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", value).encode("utf-8", "replace").decode("utf-8")


def _insert(connection: Connection, batch: int, rows: Sequence[Row]) -> None:
    """Insert rows as a batch, in the order of their keys, in which an index grows fastest.

    The driver takes each row as it is: to make of it what SQLAlchemy's statement needs takes longer than to store it.
    """
    texts = (values for name, values in zip(Row._fields, zip(*rows, strict=True), strict=True) if name != "value")
    if not all("".join(values).isprintable() for values in texts):
        rows = [Row(*map(_clean, row)) for row in rows]
    marks = ", ".join(["?" if connection.dialect.paramstyle == "qmark" else "%s"] * len(Row._fields))
    names = ", ".join(Row._fields)
    statement = f"INSERT INTO {OBSERVATIONS.name} (batch, {names}) VALUES ({batch:d}, {marks})"
    connection.exec_driver_sql(statement, sorted(rows, key=itemgetter(0, 1, 2)))


def _told(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return what an imported row's status and print say of it: who imports a figure stands behind it."""
    printed, status = str(row["printed"]), str(row["status"])
    return {"grade": grade_of(status), "comparator": comparator_of(printed, status), "as_of": "", "since": ""}


def _framed(table: pd.DataFrame | None) -> pd.DataFrame:
    """Return a table with exactly the columns of `FRAME` and their types; of one key imports and the firmest first."""
    table = pd.DataFrame(columns=FRAME) if table is None else table
    texts = [name for name in FRAME if name not in ("value", "batch")]
    frame = table[FRAME].astype(dict.fromkeys(texts, "str")).astype({"value": float, "batch": "Int64"})
    frame = frame.assign(period=frame["period"].map(canonical).astype("str"))
    order = frame.assign(_lead=frame["grade"] == LEAD, _rank=frame["grade"].map(RANK).fillna(len(RANK)))
    return frame.loc[order.sort_values([*KEY, "_lead", "origin", "_rank"], kind="stable").index].reset_index(drop=True)
