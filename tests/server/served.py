"""The atlas in a real server process, a proxy before it, and what a browser or a hostile client sends to either.

Nothing here knows the product's Python: all goes over a socket, the command line, or the data folder.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import warm
from days import TODAY
from import_corpus import xlsx

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN = 90  # seconds; a slow machine reads the boundaries for some of them
KINDS = ("waitress", *(["gunicorn"] if importlib.util.find_spec("gunicorn") else []))
needs_nginx = pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
# A proxy that says that it forwards; nginx as README sets it up; and nginx with nothing set, which says nothing.
FRONTS = ["forwarder", *(pytest.param(one, marks=needs_nginx) for one in ("nginx", "nginx, nothing set"))]
Headers = Mapping[str, str]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def settings(**more: str) -> dict[str, str]:
    """Return the environment without what the tester's own may set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATLAS_")}
    return kept | {"PYTHONUNBUFFERED": "1", "ATLAS_TODAY": TODAY.isoformat()} | more


def run(*given: str, within: float = 60, **more: str) -> subprocess.CompletedProcess[str]:
    """Run ``python app.py …`` to its end."""
    return warm.run(list(given), settings(**more), within)


def figures(value: float = 140.5, period: str = "2024年") -> bytes:
    """Return a workbook with one figure of 瓜州县."""
    return xlsx([[period], ["县区", "地区生产总值（亿元）"], ["瓜州县", value]])


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8-sig", "replace")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Place:
    """Something that answers on a port of this machine: the server itself, or a proxy before it."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def browser(self) -> dict[str, str]:
        """What a page of ours adds to a request that changes something."""
        return {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}

    def ask(
        self, path: str, body: bytes | None = None, headers: Headers | None = None, method: str = "", within: float = 60
    ) -> Answer:
        """Ask once on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=within)
        try:
            connection.request(method or ("GET" if body is None else "POST"), path, body, dict(headers or {}))
            got = connection.getresponse()
            return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
        finally:
            connection.close()

    @cached_property
    def callbacks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("/_dash-dependencies").json
        return [one for one in found if not one["clientside_function"]]

    def body(self, values: Mapping[str, Any], state: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what the page sends when these inputs change: those that make up a callback."""
        known = {"page.data-lang": "zh", **(state or {})}
        (made,) = [
            one for one in self.callbacks if {f"{i['id']}.{i['property']}" for i in one["inputs"]} == set(values)
        ]
        output = made["output"]
        names = [
            dict(zip(("id", "property"), name.rsplit(".", 1), strict=True))
            for name in (output[2:-2].split("...") if output.startswith("..") else [output])
        ]

        def parts(kind: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
            ids = [{"id": one["id"], "property": one["property"]} for one in made[kind]]
            return [one | {"value": given.get(f"{one['id']}.{one['property']}")} for one in ids]

        return {
            "output": output, "outputs": names if output.startswith("..") else names[0],
            "inputs": parts("inputs", values), "state": parts("state", known), "changedPropIds": list(values),
        }  # fmt: skip

    def press(
        self, values: Mapping[str, Any], state: Mapping[str, Any] | None = None, headers: Headers | None = None
    ) -> Answer:
        """Send what the page sends; without `headers`, as a page of ours does."""
        sent = {"Content-Type": "application/json", **(self.browser if headers is None else headers)}
        return self.ask("/_dash-update-component", json.dumps(self.body(values, state)).encode(), sent)

    def load(self, data: bytes, headers: Headers | None = None, who: str = "张三") -> Answer:
        """Choose a file on the page and accept it; return the last answer."""
        contents = "data:application/octet-stream;base64," + base64.b64encode(data).decode()
        given = {
            "import-file.contents": contents, "import-file.filename": "表.xlsx", "import-period.value": "",
            "import-source.value": "", "import-status.value": "未注明", "import-who.value": who,
            "import-note.value": "",
        }  # fmt: skip
        look = self.press({"import-file.contents": contents}, given, headers)
        seen = {f"{id}.data": _kept(look, id) for id in ("import-token", "import-looked")}
        if not seen["import-token.data"]:
            return look
        return self.press({"import-accept.n_clicks": 1}, given | seen, headers)

    def undo(self, batch: int, headers: Headers | None = None) -> Answer:
        return self.press({"undo-ask.data": {"batch": batch, "at": 1}}, {"import-who.value": "张三"}, headers)

    def deck(self, op: str, headers: Headers | None = None, **asked: Any) -> Answer:
        """Ask what the editor of decks asks."""
        sent = {"Content-Type": "application/json", **(self.browser if headers is None else headers)}
        if op == "list":
            return self.ask("/decks", headers=sent)
        return self.ask("/decks", json.dumps({"op": op, "lang": "zh", **asked}).encode(), sent)

    def make_deck(self, title: str = "会", note: str = "", headers: Headers | None = None) -> Answer:
        scene = {"title": "一景", "view": "/progress", "note": note}
        return self.deck("create", headers, deck={"deck": title, "scenes": [scene]}, who="张三")

    def decks(self) -> list[str]:
        """Return the titles of the kept decks, as anyone may read them."""
        answer = self.deck("list").json
        return [one["title"] for one in answer["kept"]]

    def batches(self) -> int:
        """Return how many of the first batches there are, as anyone may read them: each has rows of its own."""
        count = 0
        while self.ask(f"/export/observations.csv?batch={count + 1}").text.count("\n") > 1:
            count += 1
        return count

    def raw(self, sent: bytes, within: float) -> bytes:
        """Send bytes, leave the connection open, and return what comes back within some seconds (b"": nothing)."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=within) as line:
            line.sendall(sent)
            try:
                return line.recv(65536)
            except TimeoutError:
                return b""
            except ConnectionError:
                return b"closed"


def _kept(answer: Answer, id: str) -> Any:
    """Return the data of a store in an answer."""

    def walk(node: Any) -> Iterator[Any]:
        if isinstance(node, dict):
            if isinstance(node.get("props"), dict) and node["props"].get("id") == id:
                yield node["props"].get("data")
            for child in node.values():
                yield from walk(child)
        elif isinstance(node, list):
            for child in node:
                yield from walk(child)

    return next(walk(answer.json), None) if answer.status == 200 and answer.body else None


class Server(Place):
    """The product, served by waitress (``python app.py``) or gunicorn; all that it says is kept in a file.

    Parameters
    ----------
    kind : str
        One of `KINDS`, or ``faulty``: waitress, with a fault of our own put into one page.
    folder : Path
        The data folder.
    as_anyone : bool
        Run without root's right to write everywhere.
    fresh : bool
        Begin with a new Python, as who serves it does, and not where the program is loaded already (`warm`).
    ahead : bool
        Make pages ahead after a change (`warm`); a new Python always does.
    options : dict of str to str
        Environment names without ``ATLAS_``: ``today="2026-11-30"``.
    """

    def __init__(
        self,
        kind: str,
        folder: Path,
        as_anyone: bool = False,
        fresh: bool = False,
        ahead: bool = False,
        **options: str,
    ) -> None:
        self.kind, self.folder, self.port = kind, folder, free_port()
        self._fresh, self._ahead = fresh or as_anyone or not warm.CAN_FORK, ahead
        # Root may write everywhere; without its capabilities it may do what a file's owner may.
        self._before = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"] if as_anyone else []
        names = {f"ATLAS_{name.upper()}": value for name, value in options.items()}
        self._environment = settings(ATLAS_DATA_FOLDER=str(folder), ATLAS_PORT=str(self.port), **names)
        self._process: subprocess.Popen[bytes] | warm.Process | None = None
        self.start()

    def start(self) -> None:
        """Start the process, on the same port if it ran before."""
        self._said = tempfile.NamedTemporaryFile("w+", suffix=".log")  # noqa: SIM115 (open while the server runs)
        bind = ["--bind", f"127.0.0.1:{self.port}", "app:server()"]
        if not self._fresh:
            target, given = {
                "waitress": (warm.main, []), "gunicorn": (warm.gunicorn_main, bind), "faulty": (warm.code, FAULTY),
            }[self.kind]  # fmt: skip
            self._process = warm.Process(target, given, self._environment, self._said.name, ahead=self._ahead)
            return
        command = {"waitress": ["app.py"], "gunicorn": ["-m", "gunicorn", *bind], "faulty": ["-c", FAULTY]}[self.kind]
        self._process = subprocess.Popen(
            [*self._before, sys.executable, *command], cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL,
            stdout=self._said, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def wait(self) -> Server:
        """Return once the server answers at all; what it answers is the test's to judge."""
        assert self._process
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until and self._process.poll() is None:
            try:
                self.ask("/robots.txt", within=5)
                return self
            except (OSError, HTTPException):
                time.sleep(0.05)
        raise RuntimeError(f"the server does not answer; it said:\n{self.said()}")

    def ended(self, within: float = 90) -> int | None:
        """Return the exit status of a server that was to refuse to start; None once it answers, or runs for so long."""
        assert self._process
        until = time.monotonic() + within
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return None
            except OSError:
                time.sleep(0.05)
        return self._process.poll()

    def said(self) -> str:
        """Return all that it has said, on both channels."""
        return Path(self._said.name).read_text("utf-8", "replace")

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
        if self._process:
            self._process.wait()
        self._said.close()


# The product as it is, but for one page that fails as a fault of the program's own would.
FAULTY = """
import sys
from layouts.pages import overlap
def broken(*given):
    raise RuntimeError("cannot read /srv/secret/atlas.sqlite")
overlap.page = broken
import app
sys.exit(app.main([]))
"""


class Front(Place):
    """A proxy on this machine."""

    def __init__(self, behind: Server) -> None:
        self.behind, self.port = behind, free_port()


@contextmanager
def front(kind: str, behind: Server) -> Iterator[Front]:
    """Put a proxy before a server, for as long as the block lasts."""
    made = Front(behind)
    with _forwarder(made) if kind == "forwarder" else _nginx(made, readme_nginx() if kind == "nginx" else BARE_NGINX):
        yield made


BARE_NGINX = "location / { proxy_pass http://127.0.0.1:8050; client_max_body_size 40m; }"


def readme_nginx() -> str:
    """Return the part of nginx's configuration that README gives."""
    (found,) = re.findall(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    return found


@contextmanager
def _forwarder(made: Front) -> Iterator[None]:
    """Forward as nginx does by default: HTTP/1.0, the server's own name as Host, and the header README asks for."""

    class Forward(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            connection = HTTPConnection("127.0.0.1", made.behind.port, timeout=60)
            connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"  # type: ignore[attr-defined]
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            sent = {n: v for n, v in self.headers.items() if n.lower() not in ("host", "connection", "x-forwarded-for")}
            sent |= {"Host": f"127.0.0.1:{made.behind.port}", "Connection": "close", "X-Forwarded-For": "203.0.113.7"}
            connection.request(self.command, self.path, body or None, sent)
            got = connection.getresponse()
            content = got.read()
            self.send_response(got.status)
            for name, value in got.getheaders():
                if name.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_POST = do_GET

        def log_message(self, *given: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", made.port), Forward)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _nginx(made: Front, location: str) -> Iterator[None]:
    assert "http://127.0.0.1:8050;" in location
    with tempfile.TemporaryDirectory() as home:
        temporary = "".join(f"{n}_temp_path {home}/{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        location = location.replace("http://127.0.0.1:8050;", f"{made.behind.url};")
        # The workers keep the user who starts them: the temporary folder is theirs alone.
        user = "user root;" if os.name == "posix" and os.geteuid() == 0 else ""
        Path(home, "nginx.conf").write_text(
            f"daemon off; {user} pid {home}/pid; error_log stderr; events {{}}\n"
            f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{made.port};\n{location} }} }}\n"
        )
        process = subprocess.Popen(
            ["nginx", "-p", home, "-e", "stderr", "-c", f"{home}/nginx.conf"], stderr=subprocess.PIPE
        )
        try:
            for _ in range(200):
                assert process.poll() is None and process.stderr, process.stderr and process.stderr.read().decode()
                try:
                    socket.create_connection(("127.0.0.1", made.port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.communicate()


# ---- servers for tests ----------------------------------------------------------------------------------------------

Serve = Callable[..., Server]


def serving(new_folder: Callable[[], Path]) -> Iterator[Serve]:
    """Yield what starts servers, each stopped at the end."""
    running: list[Server] = []

    def start(kind: str = "waitress", folder: Path | None = None, wait: bool = True, **options: Any) -> Server:
        running.append(server := Server(kind, folder or new_folder(), **options))
        return server.wait() if wait else server

    yield start
    for server in running:
        server.stop()
