"""Processes of the program that begin where its modules are loaded: two seconds of a processor less, each time.

Python's own fork server loads the program once for a worker of pytest and forks for every process that is asked for:
each has its own memory, environment, folder and output, as one that was started by hand. What a start from nothing
is itself to prove (rights, encodings, the exit status of a shell) is started from nothing.

After each change of the store such a server makes no page ahead unless it is asked to: that takes five seconds of a
processor, and whoever asks for a page has it made then. `test_callbacks_once` and `test_server_load` are of it.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()
# What Python itself heeds as it starts, and none that was started before.
AT_START = ("PYTHONIOENCODING", "PYTHONUTF8", "PYTHONPATH")

if __name__ == "tests.targets.warm":  # in the fork server alone, which imports it by this name
    with suppress(ImportError):  # on Linux alone
        import gunicorn.app.wsgiapp  # noqa: F401
    import app  # noqa: F401
    from layouts.facts.atlas import open_atlas

    open_atlas()  # what is read of the files is kept


def main(given: list[str]) -> None:
    """Be ``python app.py …``."""
    import app

    sys.argv = ["app.py", *given]
    sys.exit(app.main(given))


def gunicorn_main(given: list[str]) -> None:
    """Be ``python -m gunicorn …``."""
    from gunicorn.app.wsgiapp import run

    sys.argv = ["gunicorn", *given]
    run()


def code(text: str) -> None:
    """Be ``python -c …``."""
    exec(text, {"__name__": "__main__"})


def _begin(
    target: Callable[..., None], given: Any, environ: dict[str, str], files: tuple[str, str], ahead: bool
) -> None:
    for number, name in enumerate(files, 1):
        file = os.open(name, os.O_WRONLY | os.O_APPEND)
        os.dup2(file, number)
        os.close(file)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environ)
    if not ahead:
        import callbacks.ahead

        callbacks.ahead.begin = lambda *_: None
    target(given)


class Process:
    """A process of the program that writes to one file or to two; asked and ended as one of `subprocess` is."""

    def __init__(
        self,
        target: Callable[..., None],
        given: Any,
        environ: Mapping[str, str],
        out: str,
        err: str = "",
        ahead: bool = False,
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.targets.warm"])
        self._own = context.Process(target=_begin, args=(target, given, dict(environ), (out, err or out), ahead))
        self._own.start()

    @property
    def pid(self) -> int | None:
        return self._own.pid

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs."""
        return self._own.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the exit status once it has ended."""
        self._own.join(timeout)
        if self._own.exitcode is None:
            raise subprocess.TimeoutExpired("app.py", timeout or 0)
        return self._own.exitcode

    def send_signal(self, number: int) -> None:
        if self._own.pid and self._own.exitcode is None:
            os.kill(self._own.pid, number)

    def kill(self) -> None:
        self._own.kill()


def run(given: list[str], environ: Mapping[str, str], within: float = 60) -> subprocess.CompletedProcess[str]:
    """Run ``python app.py …`` to its end."""
    command = [sys.executable, "app.py", *given]
    if not CAN_FORK or any(name in environ for name in AT_START):
        return subprocess.run(
            command, cwd=ROOT, env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            encoding="utf-8", errors="replace", timeout=within,
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("out", "err")]
        for file in files:
            file.touch()
        process = Process(main, given, environ, *map(str, files))
        try:
            status = process.wait(within)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        out, err = (file.read_text("utf-8", "replace") for file in files)
    return subprocess.CompletedProcess(command, status, out, err)
