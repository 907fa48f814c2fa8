"""Decks as files: made one at a time in a process of their own, which ends and so gives back what it took of memory."""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import os
import secrets
import shutil
import signal
import tempfile
import time
import traceback
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from callbacks.meeting import find_deck
from callbacks.standings import Standings
from layouts.facts.atlas import Atlas
from layouts.facts.exports import FILES
from layouts.facts.view import View
from targets.decks import DeckStore
from targets.journal import Journal
from targets.observations import Store

try:
    import fcntl
except ImportError:  # Windows, where one process serves
    fcntl = None  # type: ignore[assignment]

WRITERS = {file.kind: file for file in FILES.values() if file.slow}
FOLDER = "exports"
KEPT_BYTES = 200 << 20  # of files in the folder
IDLE = 60  # seconds after which the process ends
MOST_MADE = 10  # files, then a new process
MOST_MEMORY = 600 << 20  # bytes, then a new process
MOST_QUEUED = 20
MOST_DOWNLOADS = 3  # that wait for a file; each holds a thread of the server
LONGEST = 600  # seconds for one file
NICE = 10  # a press comes before a file
READY, MOVED, FAILED, BUSY = "ready", "moved", "failed", "busy"
WAITING, MAKING = "waiting", "making"
log = logging.getLogger("atlas")


@dataclass(frozen=True)
class Job:
    """A file to make: which deck, of what the store held, and of which day. The same job is the same file."""

    kind: str
    slug: str
    version: int
    period: str | None
    lang: str
    mark: int
    event: int
    today: date


@dataclass
class _Asked:
    """A job in the queue, and how far it is."""

    job: Job
    path: Path
    scene: int = 0
    of: int = 0
    outcome: str = ""
    why: str = ""


@dataclass(frozen=True)
class State:
    """How far a file is: `READY`, `WAITING` with so many before it, `MAKING` a scene `of` so many, or why not.

    `MOVED`: the store, the deck or the day is another by now. `BUSY`: too many wait. `FAILED`: logged under `why`.
    """

    name: str
    ahead: int = 0
    scene: int = 0
    of: int = 0
    why: str = ""


class Exporter:
    """The queue, and the files that are kept.

    Parameters
    ----------
    atlas : Atlas
    store : Store
    folder : Path
        The data folder; where it cannot be written in, a temporary one takes its place.
    journal : Journal
    """

    def __init__(self, atlas: Atlas, store: Store, folder: Path, journal: Journal) -> None:
        self.atlas, self.store, self._folder, self._journal = atlas, store, folder / FOLDER, journal
        # A program that was started anew may draw otherwise, or have another map: it makes its own.
        self._edition = secrets.token_hex(8)
        self._temporary: Path | None = None
        self._change = Condition()
        self._queue: dict[str, _Asked] = {}  # the first is being made
        self._failed: dict[str, str] = {}
        self._downloads = 0
        self._thread: Thread | None = None
        self.process: _Process | None = None

    def job(self, kind: str, slug: str, version: int, view: View) -> Job:
        """Return the job of a deck as it stands now; only the ready deck, of version 0, depends on a view's period."""
        event = self.store.last()
        period = view.period if version == 0 else None
        return Job(kind, slug, version, period, view.lang, self.store.mark, event, self.atlas.today)

    def ask(self, job: Job) -> State:
        """Have a file made unless it is there or on its way, and say how far it is. A failure is told once."""
        with self._change:
            if why := self._failed.pop(self._name(job), ""):
                return State(FAILED, why=why)
            asked = self._enqueue(job)
            if asked is None:
                return State(BUSY)
            if asked.outcome:
                return State(asked.outcome, why=asked.why)
            if asked.scene:
                return State(MAKING, 0, asked.scene, asked.of)
            with suppress(OSError, ValueError):  # another server process makes it
                scene, of = map(int, _said(asked.path).read_text("ascii").split())
                return State(MAKING, 0, scene, of)
            return State(WAITING, list(self._queue).index(self._name(job)))

    def content(self, job: Job) -> tuple[State, bytes]:
        """Wait until a file is made, and return it; nothing where its state is not `READY`."""
        with self._change:
            if self._downloads >= MOST_DOWNLOADS and not self._at(job).is_file():
                return State(BUSY), b""
            asked = self._enqueue(job)
            if asked is None:
                return State(BUSY), b""
            self._downloads += 1
            try:
                self._change.wait_for(lambda: bool(asked.outcome))
            finally:
                self._downloads -= 1
            if asked.outcome == FAILED:
                self._failed.pop(self._name(job), None)
                return State(FAILED, why=asked.why), b""
        if asked.outcome == READY:
            with suppress(OSError):  # taken away meanwhile, since others were newer
                content = asked.path.read_bytes()
                os.utime(asked.path)
                return State(READY), content
        return State(MOVED), b""

    def _name(self, job: Job) -> str:
        return hashlib.sha256(repr((self._edition, job)).encode()).hexdigest()[:32]

    def _at(self, job: Job) -> Path:
        return self._room() / f"{self._name(job)}.{job.kind}"

    def _enqueue(self, job: Job) -> _Asked | None:
        """Return a job with its place in the queue, or ready; None where too many wait."""
        name = self._name(job)
        if asked := self._queue.get(name):
            return asked
        asked = _Asked(job, self._at(job))
        if asked.path.is_file():
            asked.outcome = READY
            return asked
        if len(self._queue) >= MOST_QUEUED:
            return None
        self._queue[name] = asked
        if self._thread is None:
            self._thread = Thread(target=self._work, name="exports", daemon=True)
            self._thread.start()
        self._change.notify_all()
        return asked

    def _room(self) -> Path:
        """Return the folder of the files. A data folder that is gone is not made again."""
        with suppress(OSError):
            self._folder.mkdir(0o700, exist_ok=True)
            if os.access(self._folder, os.W_OK):
                return self._folder
        if self._temporary is None:
            self._temporary = Path(tempfile.mkdtemp(prefix="atlas-"))
            weakref.finalize(self, shutil.rmtree, self._temporary, ignore_errors=True)
        return self._temporary

    # ---- the thread that has the files made ---------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._change:
                if not self._change.wait_for(lambda: bool(self._queue), IDLE):
                    process, self.process, self._thread = self.process, None, None
                    break
                name, asked = next(iter(self._queue.items()))
            try:
                with _alone(asked.path):
                    asked.outcome = READY if asked.path.is_file() else self._made(asked)
            except Exception:
                asked.outcome, asked.why = FAILED, self._complain(asked.job, traceback.format_exc())
                self._end()
            with self._change:
                del self._queue[name]
                if asked.outcome == FAILED:
                    self._failed[name] = asked.why
                    while len(self._failed) > MOST_QUEUED:
                        del self._failed[next(iter(self._failed))]
                self._change.notify_all()
        if process:
            process.end()

    def _made(self, asked: _Asked) -> str:
        """Have a file made and return what came of it."""
        if self.process is None:
            self.process = _Process(self.atlas, self.store)
        process, until, said = self.process, time.monotonic() + LONGEST, _said(asked.path)
        process.line.send((asked.job, str(asked.path)))
        try:
            while True:
                if not process.line.poll(max(0.0, until - time.monotonic())):
                    raise TimeoutError(f"not made within {LONGEST} s")
                outcome, *more = process.line.recv()
                if outcome != MAKING:
                    break
                with self._change:
                    asked.scene, asked.of = more
                with suppress(OSError):
                    said.write_text(f"{asked.scene} {asked.of}", "ascii")
        finally:
            with suppress(OSError):
                said.unlink(missing_ok=True)
        text, memory = more
        process.made += 1
        if process.made >= MOST_MADE or memory > MOST_MEMORY:
            self._end()
        if outcome == FAILED:
            asked.why = self._complain(asked.job, text)
        return str(outcome)

    def _end(self) -> None:
        process, self.process = self.process, None
        if process:
            process.end()

    def _complain(self, job: Job, text: str) -> str:
        """Log a fault and return its number, which the page says."""
        id = secrets.token_hex(4)
        self._journal.say("error", "export", f"{job.kind} {job.slug}", id)
        log.error("%s\n%s", id, text)
        return id


@dataclass
class _Process:
    """The process that makes the files, from this end."""

    atlas: Atlas
    store: Store
    made: int = 0
    line: Connection = field(init=False)

    def __post_init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")  # no fork of a server with threads, and alike on every system
        self.line, other = spawn.Pipe()
        bare = replace(self.atlas)  # without what it has found out since, which is quickly found again
        self._own = spawn.Process(target=serve, args=(other, bare, self.store.url), name="exports", daemon=True)
        self._own.start()
        other.close()  # so that the line ends with the process

    @property
    def pid(self) -> int:
        return self._own.pid or 0

    def end(self) -> None:
        """End it, whatever it is doing."""
        self.line.close()
        self._own.terminate()
        self._own.join(5)
        if self._own.is_alive():
            self._own.kill()
            self._own.join()
        self._own.close()


def _said(path: Path) -> Path:
    """Return where it is said how far a file is, for the other processes of the server."""
    return path.with_suffix(".scene")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock by which one file is made at a time, whichever of the server's processes has it made."""
    if fcntl is None:
        yield
        return
    with (path.parent / "making.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield  # the lock goes with the open file


# ---- in the process of the files ------------------------------------------------------------------------------------


def serve(line: Connection, atlas: Atlas, url: Any) -> None:
    """Make what is asked for on a line, until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends the line
    with suppress(AttributeError, OSError):
        os.nice(NICE)
    store = Store(url, atlas.published.observations)
    store.serving = True
    standings = Standings(atlas, store)
    with suppress(EOFError, OSError):  # the server is gone
        while True:
            job, path = line.recv()
            line.send(_answer(standings, job, Path(path), lambda *scene: line.send((MAKING, *scene))))


def _answer(standings: Standings, job: Job, path: Path, told: Callable[[int, int], object]) -> tuple[Any, ...]:
    store = standings.store
    store.begin()
    try:
        return make(standings, job, path, told), "", _memory()
    except Exception:
        return FAILED, traceback.format_exc(), _memory()
    finally:
        store.end()


def make(standings: Standings, job: Job, path: Path, told: Callable[[int, int], object]) -> str:
    """Make a file, whole or not at all.

    Returns
    -------
    str
        `READY`, or `MOVED` when the store, the deck or the day has become another since it was asked for.
    """

    atlas, store = standings.atlas, standings.store

    def moved() -> bool:
        return (store.last(), store.mark, atlas.today) != (job.event, job.mark, job.today)

    def standing(view: View) -> Any:
        return standings.of(view.period)

    if moved():
        return MOVED
    found = find_deck(standings, DeckStore(store), job.slug, View(period=job.period, lang=job.lang))
    if found is None or found[1] != job.version:
        return MOVED
    content = WRITERS[job.kind].write(found[0], atlas, standing, job.lang, atlas.now, told)
    if moved():
        return MOVED
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
    prune(path.parent, path)
    return READY


def prune(folder: Path, newest: Path, most: int = KEPT_BYTES) -> None:
    """Delete the files that were not asked for the longest, until the folder is no larger than allowed."""
    files = [(one, one.stat()) for one in folder.iterdir() if one != newest and one.suffix[1:] in (*WRITERS, "part")]
    left = most - newest.stat().st_size
    for one, known in sorted(files, key=lambda file: file[1].st_mtime, reverse=True):
        left -= known.st_size
        if left < 0:
            with suppress(OSError):  # on Windows, one that is just being read
                one.unlink()


def _memory() -> int:
    """Return the memory of this process in bytes; 0 where the system does not say it so."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0
