"""waitress as the atlas is served by it: settings that stand a crowd, bodies judged by their head, an end in order."""

from __future__ import annotations

import select
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.utilities import Error

from callbacks.doors import ERRORS, HEADERS, LARGEST_PRESS, LARGEST_REQUEST, SHOWN_HEADERS
from callbacks.gate import Gate
from layouts.words import word
from targets.journal import Journal

CONNECTIONS = 2000
WITHOUT_POLL = 480  # Windows has only select, which takes 512
SPARE_FILES = 100  # the store, logs, the listening sockets
PATIENCE = 20  # seconds in which requests may end


class Refused(Error):
    """A request that is refused before it reaches the application; waitress' own words are for programmers."""

    def __init__(self, code: int, reason: str, text: str) -> None:
        super().__init__(text)
        self.code, self.reason = code, reason

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, headers and body."""
        headers = [("Content-Type", "text/plain; charset=utf-8"), *(HEADERS | SHOWN_HEADERS).items()]
        return f"{self.code} {self.reason}", headers, f"{self.body}\n".encode()


def _parser(gate: Gate, journal: Journal) -> type[HTTPRequestParser]:
    class Parser(HTTPRequestParser):
        """Judges a large body by its head: who may change nothing has none read."""

        peer = ""
        completed: bool
        error: Any

        def received(self, data: bytes) -> int:
            taken: int = super().received(data)
            if self.headers_finished and not self.completed and self.body_bytes_received == 0:
                self._judge()
            if self.error is not None and not isinstance(self.error, Refused):
                code = self.error.code
                text = word(ERRORS.get(code, "bad_request"), "zh") + " / " + word(ERRORS.get(code, "bad_request"), "en")
                self.error = Refused(code, self.error.reason, text)
            return taken

        def _judge(self) -> None:
            if self.chunked:  # no browser sends a page's press so
                self._refuse(411, "Length Required", word("no_length", "zh") + " / " + word("no_length", "en"))
            elif self.content_length > LARGEST_PRESS:
                environ = {f"HTTP_{name}": value for name, value in self.headers.items()}
                environ |= {"REMOTE_ADDR": self.peer, "SERVER_PROTOCOL": f"HTTP/{self.version}"}
                caller = gate.caller(environ)
                if refusal := gate.refused(caller):
                    journal.say("refused", caller.address, f"{self.command} {self.path}", f"403 {refusal.key}")
                    self._refuse(403, "Forbidden", refusal.say("zh") + " / " + refusal.say("en"))

        def _refuse(self, code: int, reason: str, text: str) -> None:
            self.error, self.completed, self.expect_continue = Refused(code, reason, text), True, False

    return Parser


def _connections() -> int:
    """Return how many connections may be open, after asking for as many files."""
    if not hasattr(select, "poll"):
        return WITHOUT_POLL
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + SPARE_FILES
    if soft < wanted or soft == resource.RLIM_INFINITY:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(CONNECTIONS, soft - SPARE_FILES)


class Service:
    """A waitress that listens; `run` returns after a signal, when what was asked has been answered.

    Raises
    ------
    OSError, ValueError
        When it cannot listen there.
    """

    def __init__(self, application: Any, gate: Gate, journal: Journal, host: str, port: int, threads: int) -> None:
        server = create_server(
            application, host=host, port=port, threads=threads, ident=None,
            connection_limit=_connections(), backlog=2048, channel_timeout=30, cleanup_interval=10,
            asyncore_use_poll=hasattr(select, "poll"), max_request_body_size=LARGEST_REQUEST + 1,
            clear_untrusted_proxy_headers=False,  # the gate judges them, alike for every server
        )  # fmt: skip
        self._map: dict[int, Any] = server.map if hasattr(server, "map") else server._map
        self._adj, self._threads, self._stopping = server.adj, server.task_dispatcher, False
        parser = _parser(gate, journal)

        class Channel(HTTPChannel):
            def parser_class(self, adj: Any) -> HTTPRequestParser:
                made = parser(adj)
                made.peer = self.addr[0]
                return made

        self._listeners = [one for one in self._map.values() if isinstance(one, BaseWSGIServer)]
        for one in self._listeners:
            one.channel_class = Channel

    def run(self, ended: Callable[[], object] = lambda: None) -> None:
        """Serve until SIGTERM or Ctrl-C; a second one ends at once."""
        before = {one: signal.signal(one, self._stop) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self._stopping:
                self._turn(self._adj.asyncore_loop_timeout)
            for one in self._listeners:
                wasyncore.dispatcher.close(one)  # its socket; its channels go on
            until = time.monotonic() + PATIENCE
            while self._busy() and time.monotonic() < until:
                self._turn(0.1)
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
            self._threads.shutdown(timeout=1)
            ended()
            wasyncore.close_all(self._map, ignore_all=True)

    def _turn(self, timeout: float) -> None:
        wasyncore.loop(timeout=timeout, use_poll=self._adj.asyncore_use_poll, map=self._map, count=1)

    def _busy(self) -> bool:
        channels = [one for one in self._map.values() if isinstance(one, HTTPChannel)]
        return any(one.requests or one.total_outbufs_len for one in channels)

    def _stop(self, number: int, frame: Any) -> None:
        if self._stopping:
            sys.exit(128 + number)
        self._stopping = True
        for one in self._listeners:
            one.pull_trigger()  # so that the wait for something to do ends
