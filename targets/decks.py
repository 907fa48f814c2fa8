"""The decks of meetings, kept beside the observations: every save a new version, nothing overwritten, all undoable.

A deck's text is what `layouts.facts.deck` writes and reads; here it is only kept. Versions of all decks are numbered
in the order in which they become visible, since each is written under the store's one lock for writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from targets.observations import Store, StoreError

MOST_CHARACTERS = 1_000_000
MOST = 200  # decks that are not deleted
MOST_BYTES = 64 << 20  # of all versions
_PURGED = "\t"  # who made a version that was purged: no name is kept with such a character

_meta = sa.MetaData()
VERSIONS = sa.Table(
    "deck_versions",
    _meta,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("slug", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(8), sa.CheckConstraint("kind IN ('save', 'undo', 'delete')"), nullable=False),
    sa.Column("parent", sa.ForeignKey("deck_versions.version")),  # the version before, of the same deck
    # The save or delete that stands again after an undo; a save and a delete stand for themselves.
    sa.Column("stands", sa.ForeignKey("deck_versions.version"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("time", sa.DateTime, nullable=False),  # UTC
    sa.Column("who", sa.Text, nullable=False),
    sa.CheckConstraint("(kind = 'undo') = (stands < version) AND parent < version AND stands <= version"),
    # Of two that follow the same version, only one can be kept, whatever else may fail.
    sa.UniqueConstraint("slug", "parent"),
)
# As the migrations make them, for a purge, which sets them aside and makes them again.
_IMMUTABLE = {
    "sqlite": [
        f"CREATE TRIGGER deck_versions_no_{verb} BEFORE {verb} ON deck_versions "
        "BEGIN SELECT RAISE(ABORT, 'immutable'); END"
        for verb in ("update", "delete")
    ],
    # The function is that of the observations, which are made first.
    "postgresql": [
        "CREATE TRIGGER deck_versions_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON deck_versions "
        "FOR EACH STATEMENT EXECUTE FUNCTION atlas_immutable()"
    ],
}
_MUTABLE = {
    "sqlite": [f"DROP TRIGGER deck_versions_no_{verb}" for verb in ("update", "delete")],
    "postgresql": ["DROP TRIGGER deck_versions_immutable ON deck_versions"],
}


class StaleDeck(StoreError):
    """The deck was changed since it was loaded; what was to be saved is still the caller's."""


@dataclass(frozen=True, slots=True)
class DeckVersion:
    """One version of a deck; it never changes.

    Attributes
    ----------
    slug : str
        The deck's name in addresses, such as ``d1``; never given to another deck, even after it is deleted.
    version : int
        Its number, among those of all decks.
    kind : str
        ``save``, ``undo`` or ``delete``.
    parent : int or None
        The version that it followed, None for a deck's first.
    stands : int
        The version whose text this is: its own number, or an older one after an undo.
    title, text : str
        Empty where the deck is deleted.
    time : datetime
        UTC, with its zone.
    who : str
    deleted : bool
        Whether the deck is deleted at this version.
    """

    slug: str
    version: int
    kind: str
    parent: int | None
    stands: int
    title: str
    text: str
    time: datetime
    who: str
    deleted: bool


class DeckStore:
    """The decks in the database of the observations. May be shared by threads, and is safe across a fork.

    Parameters
    ----------
    store : Store
    most, most_bytes : int
        How many decks there may be, and how many bytes all their versions may have.
    """

    def __init__(self, store: Store, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self.store, self.most, self.most_bytes = store, most, most_bytes

    # Reading

    def decks(self, deleted: bool = False) -> tuple[DeckVersion, ...]:
        """Return the current version of each deck, the latest change first.

        Parameters
        ----------
        deleted : bool
            Return the deleted ones, which an undo brings back, in place of the others.
        """
        newest = sa.select(sa.func.max(VERSIONS.c.version)).group_by(VERSIONS.c.slug)
        found = self._read(lambda c: _versions(c, VERSIONS.c.version.in_(newest)))
        return tuple(v for v in reversed(found) if v.deleted == deleted)

    def load(self, slug: str, version: int | None = None) -> DeckVersion | None:
        """Return a deck as it stands, or one of its versions; None where there is none, or it is deleted."""
        wanted = VERSIONS.c.slug == slug
        if version is None:
            newest = sa.select(sa.func.max(VERSIONS.c.version)).where(wanted).scalar_subquery()
            wanted &= VERSIONS.c.version == newest
        else:
            wanted &= VERSIONS.c.version == version
        found = self._read(lambda c: _versions(c, wanted)) if _storable(slug) else ()
        return next((v for v in found if not v.deleted), None)

    def versions(self, slug: str) -> tuple[DeckVersion, ...]:
        """Return every version of a deck, the newest last; none where there is no such deck."""
        return tuple(self._read(lambda c: _versions(c, VERSIONS.c.slug == slug))) if _storable(slug) else ()

    # Writing

    def create(self, title: str, text: str, who: str) -> DeckVersion:
        """Keep a new deck, and return its first version.

        Raises
        ------
        StoreError
            When the text cannot be kept, or the database does not answer.
        """
        _check(title, text)

        def write(connection: Connection) -> DeckVersion:
            self._room(connection, text)
            newest = sa.select(sa.func.max(VERSIONS.c.version)).group_by(VERSIONS.c.slug)
            if sum(not one.deleted for one in _versions(connection, VERSIONS.c.version.in_(newest))) >= self.most:
                raise StoreError(
                    f"已有{self.most}个演示\uff0c不能再多；请先删除不用的\uff0c或由管理员执行 python app.py purge",
                    f"there are {self.most} decks already, the most there may be: delete some, or let the operator run "
                    "python app.py purge",
                )
            return _add(connection, _new_slug(connection), "save", None, None, title, text, who)

        return self._write(write)

    def save(self, slug: str, base: int, title: str, text: str, who: str) -> DeckVersion:
        """Keep a new version of a deck; where it says the same as the current one, that is returned.

        Parameters
        ----------
        base : int
            The version that was loaded and changed.

        Raises
        ------
        StaleDeck
            When another version has been kept since, or the deck was deleted; nothing is written or lost.
        StoreError
            When there is no such deck, or the text cannot be kept.
        """
        _check(title, text)

        def write(connection: Connection) -> DeckVersion:
            now = _current(connection, slug, base)
            if now.deleted:
                raise _is_deleted(now)
            if (now.title, now.text) == (title, text):
                return now
            self._room(connection, text)
            return _add(connection, slug, "save", now, None, title, text, who)

        return self._write(write)

    def undo(self, slug: str, base: int, who: str) -> DeckVersion:
        """Let the text that the present one followed stand again, as a new version; each further undo goes back more.

        A deletion is undone in the same way. To go forward again, see `restore`.

        Raises
        ------
        StaleDeck
            When another version has been kept since `base`.
        StoreError
            When there is no such deck, or nothing before it.
        """

        def write(connection: Connection) -> DeckVersion:
            now = _current(connection, slug, base)
            standing = _one(connection, slug, now.stands)
            if standing.parent is None:
                raise StoreError("这已是第一版\uff0c没有更早的可退回", "this is the first version: nothing to undo")
            before = _one(connection, slug, standing.parent)
            return _add(connection, slug, "undo", now, before.stands, "", "", who)

        return self._write(write)

    def restore(self, slug: str, base: int, version: int, who: str) -> DeckVersion:
        """Let any version of a deck stand again, as a new version.

        Raises
        ------
        StaleDeck
            When another version has been kept since `base`.
        StoreError
            When the deck has no such version, or that was a deletion.
        """

        def write(connection: Connection) -> DeckVersion:
            now = _current(connection, slug, base)
            chosen = _one(connection, slug, version)
            if chosen.deleted:
                raise StoreError(f"第{version}版是删除\uff0c没有内容可恢复", f"version {version} is a deletion")
            if chosen.stands == now.stands:
                return now
            return _add(connection, slug, "undo", now, chosen.stands, "", "", who)

        return self._write(write)

    def delete(self, slug: str, base: int, who: str) -> DeckVersion:
        """Delete a deck; an undo brings it back.

        Raises
        ------
        StaleDeck
            When another version has been kept since `base`.
        StoreError
            When there is no such deck, or it is deleted already.
        """

        def write(connection: Connection) -> DeckVersion:
            now = _current(connection, slug, base)
            if now.deleted:
                raise _is_deleted(now)
            return _add(connection, slug, "delete", now, None, "", "", who)

        return self._write(write)

    def purge(self, slugs: Iterable[str]) -> dict[str, str]:
        """Take decks away for good: the texts of all their versions go, from the file too; their names stay taken.

        Returns
        -------
        dict of str to str
            The last title of each, by slug.

        Raises
        ------
        StoreError
            When one is no deck; then none is purged.
        """
        titles: dict[str, str] = {}
        for slug in slugs:
            if not (versions := self.versions(slug)):
                raise StoreError(
                    f"没有名为 {slug} 的演示\uff0c未清除任何演示", f"there is no deck {slug}; none was purged"
                )
            titles[slug] = next((one.title for one in reversed(versions) if one.title), "")
        if not titles:
            return titles
        emptied = {"kind": "delete", "stands": VERSIONS.c.version, "title": "", "text": "", "who": _PURGED}
        with self.store._write() as connection:
            dialect = connection.dialect.name
            for statement in _MUTABLE[dialect]:
                connection.execute(sa.text(statement))
            connection.execute(sa.update(VERSIONS).where(VERSIONS.c.slug.in_(titles)).values(emptied))
            for statement in _IMMUTABLE[dialect]:
                connection.execute(sa.text(statement))
        self.store.vacuum(VERSIONS.name)
        return titles

    # Inside

    def _room(self, connection: Connection, text: str) -> None:
        """Raise when a text is more than may be kept besides all that is."""
        size = sa.func.octet_length(VERSIONS.c.text)
        if connection.dialect.name == "sqlite":
            size = sa.func.length(sa.cast(VERSIONS.c.text, sa.LargeBinary))
        held = connection.execute(sa.select(sa.func.coalesce(sa.func.sum(size), 0))).scalar_one()
        if held + len(text.encode()) > self.most_bytes:
            raise StoreError(
                f"演示的各个版本共{held:,}字节\uff0c至多{self.most_bytes:,}；未保存\uff0c"
                "请管理员执行 python app.py purge",
                f"all versions of decks take {held:,} bytes, and may take {self.most_bytes:,}: nothing was saved; the "
                "operator runs python app.py purge",
            )

    def _read(self, ask: Callable[[Connection], Sequence[DeckVersion]]) -> Sequence[DeckVersion]:
        found: Sequence[DeckVersion] = self.store._read(ask, ())
        return found

    def _write(self, change: Callable[[Connection], DeckVersion]) -> DeckVersion:
        """Make a change under the store's lock for writing, whole or not at all."""
        with self.store._write() as connection:
            return change(connection)


def _storable(text: str) -> bool:
    """Return whether a database can hold a text."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _check(title: str, text: str) -> None:
    if not text.strip():
        raise StoreError("内容是空的\uff0c未保存", "the deck is empty, nothing was saved")
    if len(title) + len(text) > MOST_CHARACTERS:
        raise StoreError(
            f"内容超过{MOST_CHARACTERS:,}字\uff0c未保存", f"more than {MOST_CHARACTERS:,} characters, nothing was saved"
        )
    if not _storable(title + text):
        raise StoreError("有数据库不能保存的字符\uff0c未保存", "a character cannot be kept, nothing was saved")


_BASE = VERSIONS.alias("base")


def _versions(connection: Connection, wanted: sa.ColumnElement[bool]) -> list[DeckVersion]:
    """Return versions in their order, each with the text that stands at it."""
    own = [VERSIONS.c[name] for name in ("slug", "version", "kind", "parent", "stands", "time", "who")]
    chosen = (
        sa.select(*own, _BASE.c.title, _BASE.c.text, (_BASE.c.kind == "delete").label("deleted"))
        .join(_BASE, VERSIONS.c.stands == _BASE.c.version)
        .where(wanted & (VERSIONS.c.who != _PURGED))
        .order_by(VERSIONS.c.version)
    )
    rows = [dict(row._mapping) for row in connection.execute(chosen)]
    return [
        DeckVersion(**row | {"time": row["time"].replace(tzinfo=UTC), "deleted": bool(row["deleted"])}) for row in rows
    ]


def _one(connection: Connection, slug: str, version: int) -> DeckVersion:
    found = _versions(connection, (VERSIONS.c.slug == slug) & (VERSIONS.c.version == version))
    if not found:
        raise StoreError(f"演示 {slug} 没有第{version}版", f"the deck {slug} has no version {version}")
    return found[0]


def _current(connection: Connection, slug: str, base: int) -> DeckVersion:
    """Return a deck's current version, which must be the one that the caller knows."""
    if not _storable(slug):
        raise StoreError("没有这个演示", "there is no such deck")
    known = (VERSIONS.c.slug == slug) & (VERSIONS.c.who != _PURGED)
    newest = connection.execute(sa.select(sa.func.max(VERSIONS.c.version)).where(known)).scalar_one()
    if newest is None:
        raise StoreError(f"没有名为 {slug} 的演示", f"there is no deck {slug}")
    now = _one(connection, slug, newest)
    if newest != base:
        if now.deleted:
            raise _is_deleted(now)
        raise StaleDeck(
            f"您打开之后\uff0c{now.who or '他人'}已保存第{newest}版；您的改动没有存入\uff0c仍在您手上："
            "请重新载入后再改\uff0c或另存为新的演示",
            f"{now.who or 'someone'} has kept version {newest} since you opened it; your changes were not kept and are "
            "still with you: load it again, or save yours as a new deck",
        )
    return now


def _is_deleted(now: DeckVersion) -> StaleDeck:
    return StaleDeck(
        f"这个演示已被{now.who or '他人'}删除；请先撤销删除\uff0c或另存为新的演示",
        f"this deck was deleted by {now.who or 'someone'}; undo that first, or save yours as a new deck",
    )


def _new_slug(connection: Connection) -> str:
    """Return the next of d1, d2, … No row is ever taken away, by a purge neither, so none is given twice."""
    return f"d{connection.execute(sa.select(sa.func.count(VERSIONS.c.slug.distinct()))).scalar_one() + 1}"


def _add(
    connection: Connection, slug: str, kind: str, before: DeckVersion | None, stands: int | None,
    title: str, text: str, who: str,
) -> DeckVersion:  # fmt: skip
    last = connection.execute(sa.select(sa.func.coalesce(sa.func.max(VERSIONS.c.version), 0))).scalar_one()
    who = "".join(character for character in who if character.isprintable())[:200]
    values = {
        "version": last + 1, "slug": slug, "kind": kind, "parent": before.version if before else None,
        "stands": last + 1 if stands is None else stands, "title": title, "text": text,
        "time": datetime.now(UTC).replace(tzinfo=None), "who": who,
    }  # fmt: skip
    connection.execute(sa.insert(VERSIONS).values(values))
    return _one(connection, slug, last + 1)
