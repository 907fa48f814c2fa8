"""The log: one line an event, with time, address, event, what and result, in the data folder and on stderr."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

FILE = "atlas.log"
LIMIT = 5_000_000  # bytes, then a new file is begun
OLDER = 5  # files kept besides
LONGEST = 1000  # characters of a field
STALE = 60  # seconds after which a lock was left behind


class Journal:
    """Says what happened. It never fails: without a folder to write in, stderr is left.

    Parameters
    ----------
    folder : Path
        Made at the first event if it is not there; once it was there, never again.
    limit : int
        Bytes of a file.
    aloud : bool
        Whether events go to stderr as well.
    """

    def __init__(self, folder: Path, limit: int = LIMIT, aloud: bool = True) -> None:
        self.path, self.limit, self._aloud = folder / FILE, limit, aloud
        self._seen = folder.is_dir()

    def say(self, event: str, address: str, what: str, result: str) -> None:
        """Write one line.

        Parameters
        ----------
        event : str
            ``import`` ``undo`` ``deck`` ``sign-in`` ``refused`` ``export`` ``error`` ``start`` ``stop`` ``purge`` …
        address : str
            Who asked; ``command`` for the command line.
        what, result : str
            Never a key, a cookie or a query.
        """
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        line = "\t".join(_plain(part) for part in (now, address, event, what, result)) + "\n"
        if self._aloud:
            with suppress(OSError, ValueError):  # closed, or a pipe that nobody reads
                sys.stderr.write(line.encode(sys.stderr.encoding or "utf-8", "backslashreplace").decode(
                    sys.stderr.encoding or "utf-8", "replace"))  # fmt: skip
                sys.stderr.flush()
        with suppress(OSError):
            if not self._seen:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._seen = True
            # Opened for each line, and written at once: processes do not mix their lines, and none holds the file.
            file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
            try:
                os.write(file, line.encode("utf-8", "backslashreplace"))
                size = os.fstat(file).st_size
            finally:
                os.close(file)
            if size > self.limit:
                self._turn()

    def _turn(self) -> None:
        """Begin a new file; of several processes, one does it."""
        lock = self.path.with_suffix(".lock")
        with suppress(OSError):
            if lock.exists() and time.time() - lock.stat().st_mtime > STALE:
                lock.unlink()
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
        try:
            if self.path.stat().st_size > self.limit:  # unless another has just done so
                files = [self.path, *(self.path.with_name(f"{FILE}.{n}") for n in range(1, OLDER + 1))]
                for newer, older in reversed(list(zip(files[:-1], files[1:], strict=True))):
                    if newer.exists():
                        newer.replace(older)
        finally:
            lock.unlink()


def _plain(text: str) -> str:
    """Return text that is one field of one line, whatever it holds."""
    return "".join(c if c.isprintable() else " " for c in text)[:LONGEST]
