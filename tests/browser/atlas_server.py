"""The atlas as its users run it: ``python app.py --port …`` in a process of its own (`warm`)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import warm
from days import TODAY

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN = 90  # seconds; a slow machine reads the boundaries for some of them


class AtlasServer:
    """A running server; its output is kept in a file, so that it can never block on a full pipe.

    It speaks on `days.TODAY` unless the options name another day, and is the program in `root`.
    """

    def __init__(self, *options: str, root: Path = ROOT) -> None:
        self._root = root
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._options = options if "--today" in options else ("--today", TODAY.isoformat(), *options)
        self.start()

    def start(self) -> None:
        """Start the process, on the same port if it ran before."""
        self._folder = tempfile.TemporaryDirectory()
        self._said = tempfile.NamedTemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (open while the server runs)
        settings = {key: value for key, value in os.environ.items() if not key.startswith("ATLAS_")}
        settings |= {"PYTHONUNBUFFERED": "1"}
        given = ["--port", str(self.port), *self._options]
        self._process: subprocess.Popen[str] | warm.Process
        if warm.CAN_FORK and self._root == ROOT:
            self._process = warm.Process(warm.main, given, settings, self._said.name)
            return
        self._process = subprocess.Popen(
            [sys.executable, "app.py", *given],
            cwd=self._root,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait(self) -> AtlasServer:
        """Return once the server answers."""
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                with urlopen(f"{self.url}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return self
            except (URLError, OSError):
                time.sleep(0.05)
        said = self.stop()
        raise RuntimeError(f"app.py did not serve {self.url}/healthz; it said:\n{said}")

    def stop(self) -> str:
        """End the process and return all that it said, on both channels."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._said.closed:
            return ""
        self._said.seek(0)
        said = self._said.read()
        self._said.close()
        self._folder.cleanup()
        return said
