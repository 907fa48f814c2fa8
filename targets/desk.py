"""The operator's key, and the sessions that it opens: a small file of its own in the data folder, never the key itself.

Processes share it, and it outlives them. It holds no figures, and no backup takes it along.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

FILE = "desk.sqlite"
LASTS = 12 * 3600  # seconds that a session is open
WAIT = 15 * 60  # seconds in which an address has so many attempts
MOST = 8
MOST_IN_ALL = 100  # attempts of all addresses in an hour; strangers must not shut out this machine itself by them
LOOPBACK = ("127.0.0.1", "::1")
_TABLES = """
CREATE TABLE IF NOT EXISTS key (salt BLOB NOT NULL, digest BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS session (digest BLOB PRIMARY KEY, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS attempt (address TEXT NOT NULL, time REAL NOT NULL);
"""


class DeskError(Exception):
    """The desk's file can be neither read nor written."""


class TooMany(Exception):
    """Too many attempts: the next may be made after so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Desk:
    """Where one shows the operator's key, and is known by a session afterwards.

    Parameters
    ----------
    folder : Path
        The data folder.
    key : str
        A key given by the environment; it takes the place of the kept one.
    """

    def __init__(self, folder: Path, key: str = "") -> None:
        self.path = folder / FILE
        self._given = _digest(key, b"ATLAS_KEY") if key else None

    def make(self) -> str:
        """Make a new key, keep its digest, and end all that an older one opened, the wait after wrong ones too."""
        key = "-".join(secrets.token_hex(4) for _ in range(4))
        salt = secrets.token_bytes(16)
        with self._open(True) as desk:
            desk.execute("DELETE FROM attempt")
            desk.execute("DELETE FROM key")
            desk.execute("DELETE FROM session")
            desk.execute("INSERT INTO key VALUES (?, ?)", (salt, _digest(key, salt)))
        return key

    def sign_in(self, key: str, address: str, now: float) -> str | None:
        """Return a new session's token where the key is right, else None.

        Raises
        ------
        TooMany
            After too many wrong keys: then no key is looked at, the right one neither.
        DeskError
        """
        with self._open(True) as desk:
            desk.execute("DELETE FROM attempt WHERE time < ?", (now - 3600,))
            desk.execute("DELETE FROM session WHERE until < ?", (now,))
            times = [time for (time,) in desk.execute("SELECT time FROM attempt ORDER BY time")]
            times = [] if address in LOOPBACK else times
            own = "SELECT time FROM attempt WHERE address = ? AND time > ? ORDER BY time"
            mine = [time for (time,) in desk.execute(own, (address, now - WAIT))]
            if len(mine) >= MOST or len(times) >= MOST_IN_ALL:
                until = mine[-MOST] + WAIT if len(mine) >= MOST else times[-MOST_IN_ALL] + 3600
                raise TooMany(int(until - now) + 1)
            salt, right = self._key(desk)
            if right is None or not hmac.compare_digest(right, _digest(key, salt)):
                desk.execute("INSERT INTO attempt VALUES (?, ?)", (address, now))
                return None
            token = secrets.token_urlsafe(32)
            desk.execute("INSERT INTO session VALUES (?, ?)", (_bound(token, right), now + LASTS))
            return token

    def knows(self, token: str, now: float) -> bool:
        """Return whether a token is that of an open session of the present key."""
        if not token or not self.path.is_file():
            return False
        try:
            with self._open() as desk:
                _, right = self._key(desk)
                asked = "SELECT 1 FROM session WHERE digest = ? AND until > ?"
                return right is not None and bool(desk.execute(asked, (_bound(token, right), now)).fetchone())
        except DeskError:
            return False

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._open(True) as desk:
            _, right = self._key(desk)
            if right is not None:
                desk.execute("DELETE FROM session WHERE digest = ?", (_bound(token, right),))

    def has_key(self) -> bool:
        """Return whether there is any key to show."""
        if self._given is not None or not self.path.is_file():
            return self._given is not None
        with self._open() as desk:
            return self._key(desk)[1] is not None

    def _key(self, desk: sqlite3.Connection) -> tuple[bytes, bytes | None]:
        if self._given is not None:
            return b"ATLAS_KEY", self._given
        found = desk.execute("SELECT salt, digest FROM key").fetchone()
        return found or (b"", None)

    @contextmanager
    def _open(self, write: bool = False) -> Iterator[sqlite3.Connection]:
        """Yield the file's connection; what is written in the block is written whole, or not at all."""
        try:
            if write and not self.path.exists():
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.touch(mode=0o600)
            with closing(sqlite3.connect(self.path, timeout=5, isolation_level=None)) as desk:
                if write:
                    desk.executescript(_TABLES)
                    desk.execute("BEGIN IMMEDIATE")
                yield desk
                if write:
                    desk.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise DeskError(str(error)) from error


def _digest(key: str, salt: bytes) -> bytes:
    return hashlib.scrypt(key.encode("utf-8", "surrogatepass"), salt=salt, n=2**14, r=8, p=1)


def _bound(token: str, right: bytes) -> bytes:
    """Return what is kept of a session: bound to its key, so that another key ends it."""
    return hashlib.sha256(right + token.encode("utf-8", "surrogatepass")).digest()
