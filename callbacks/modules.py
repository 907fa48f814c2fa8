"""The browser's modules, `assets/js`: each under an address that has the version of all of them in its path.

One names another by a relative path, which has the version too, but would not inherit a query.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, abort, g, send_from_directory

from layouts.facts.pages import PAGES

PREFIX = "/assets"
LENGTH = 10  # of a version
VERSIONED = re.compile(rf"({PREFIX})/([0-9a-f]{{{LENGTH}}})(/js/.*)")


def scripts() -> list[str]:
    """Return the modules that the index names; all others are named by these."""
    return ["main.js", *(page.script for page in PAGES.values() if page.script)]


def unversioned(path: str) -> tuple[str, str]:
    """Return an address without its version, and the version; none where it has none."""
    found = VERSIONED.fullmatch(path)
    return (found[1] + found[3], found[2]) if found else (path, "")


class Modules:
    """The modules in a folder.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Return the files, as they are named in addresses."""
        return sorted(path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*.js"))

    def version(self) -> str:
        """Return a text that changes with every file: also under a running server, after an update in place."""
        times = [(name, (self._folder / name).stat().st_mtime_ns) for name in self.names()]
        return sha256(repr(times).encode()).hexdigest()[:LENGTH]

    def urls(self) -> dict[str, str]:
        """Return each module's address."""
        version = self.version()
        return {name: f"{PREFIX}/{version}/js/{name}" for name in self.names()}

    def register(self, server: Flask) -> None:
        """Attach the addresses to the server."""

        @server.get(f"{PREFIX}/<string(length={LENGTH}):version>/js/<path:name>")
        def module(version: str, name: str) -> Response:
            if not name.endswith(".js"):
                abort(404)
            answer = send_from_directory(self._folder, name, mimetype="text/javascript")
            g.is_lasting = version == self.version()  # a page that was open during an update asks for the old one
            return answer
