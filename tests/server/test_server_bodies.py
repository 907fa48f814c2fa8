"""What is sent wrongly gets a sentence and 4xx, early, and never a traceback or a path of the machine (Doors 2)."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import contextmanager

import pytest
from served import ROOT, Server, run

KNOWN = "data-room.children"
ASKED = {"id": "data-ask", "property": "data"}
ANSWER = {"id": "data-room", "property": "children"}
RIGHT = {
    "output": KNOWN, "outputs": ANSWER, "inputs": [ASKED | {"value": None}], "state": [],
    "changedPropIds": ["data-ask.data"],
}  # fmt: skip


def deep(levels: int) -> bytes:
    body = json.dumps(RIGHT | {"inputs": [ASKED | {"value": 0}]})
    return body.replace('"value": 0', '"value": ' + "[" * levels + "]" * levels).encode()


BODIES = {
    "no inputs": json.dumps({"output": KNOWN}).encode(),
    "inputs are a number": json.dumps(RIGHT | {"inputs": 5}).encode(),
    "inputs are empty": json.dumps(RIGHT | {"inputs": []}).encode(),
    "inputs are null": json.dumps(RIGHT | {"inputs": None}).encode(),
    "an input is text": json.dumps(RIGHT | {"inputs": ["x"]}).encode(),
    "an input has no property": json.dumps(RIGHT | {"inputs": [{"id": "data-ask"}]}).encode(),
    "an input's id is a list": json.dumps(RIGHT | {"inputs": [{"id": [], "property": {}, "value": 1}]}).encode(),
    "too many inputs": json.dumps(RIGHT | {"inputs": [ASKED | {"value": {}}] * 50}).encode(),
    "another page's input": json.dumps(RIGHT | {"inputs": [{"id": "x", "property": "y", "value": 1}]}).encode(),
    "outputs are text": json.dumps(RIGHT | {"outputs": "x"}).encode(),
    "outputs are missing": json.dumps({k: v for k, v in RIGHT.items() if k != "outputs"}).encode(),
    "outputs are of another": json.dumps(RIGHT | {"outputs": [{"id": "a"}, 5]}).encode(),
    "state is a number": json.dumps(RIGHT | {"state": 5}).encode(),
    "state of text": json.dumps(RIGHT | {"state": ["x"]}).encode(),
    "changed is a number": json.dumps(RIGHT | {"changedPropIds": 7}).encode(),
    "changed holds no names": json.dumps(RIGHT | {"changedPropIds": [None, 5, {}]}).encode(),
    "output is a list": json.dumps(RIGHT | {"output": [KNOWN]}).encode(),
    "output is unknown": json.dumps(RIGHT | {"output": "__class__.data"}).encode(),
    "a list": b"[]",
    "null": b"null",
    "nothing": b"",
    "no JSON": b"{\"output\": ",
    "no UTF-8": b'{"output": "\xff\xfe"}',
    "half a character": b'{"output": "\\ud800", "inputs": []}',
    "deep from the first": b"[" * 100_000 + b"]" * 100_000,
    "deep inside a right one": deep(100_000),
    "rather deep inside a right one": deep(900),
}  # fmt: skip


def is_a_sentence(server: Server, *asked, **more) -> None:
    """Ask, and check that words say what was wrong, nothing of the machine, and that nothing broke inside."""
    before = len(server.said())
    answer = server.ask(*asked, **more)
    assert 400 <= answer.status < 500, answer.text[:200]
    assert answer.text.strip(), "a sentence"
    for word in ("Traceback", str(ROOT), "site-packages", "Error:", "<!doctype", 'File "'):
        assert word not in answer.text, answer.text[:300]
    assert len(answer.text) < 500
    assert "Traceback" not in server.said()[before:]


@pytest.mark.parametrize("name", BODIES)
def test_a_malformed_press_is_a_sentence_and_4xx(shared, name):
    headers = {"Content-Type": "application/json"} | shared.browser
    is_a_sentence(shared, "/_dash-update-component", BODIES[name], headers)


@pytest.mark.parametrize(
    "path",
    [
        "/_dash-component-suites/os/path",
        "/_dash-component-suites/sys/x.js",
        "/_dash-component-suites/dash/../../../../etc/passwd",
        "/_dash-component-suites/dash/dcc/nothing.js",
        "/_dash-component-suites/dash/deps/%2e%2e/%2e%2e/_callback.py",
        "/_dash-component-suites/plotly/nothing.js",
        "/_dash-component-suites/dash//x",
        "/_dash-component-suites/%00/x",
        "/assets/nothing.css",
        "/assets/nothing.css?m=1",
        "/assets/../app.py",
        "/assets/%2e%2e/app.py",
        "/assets/vendor",
        "/_dash-nothing",
        "/export/nothing.csv",
        "/template/observations.csv?indicator=%00",
        "/export/observations.csv?as_of=99999999999999999999",
    ],
)
def test_an_address_of_nothing_is_a_sentence_and_4xx(shared, path):
    is_a_sentence(shared, path)


@pytest.mark.parametrize(
    ("path", "method"),
    [("/", "POST"), ("/", "DELETE"), ("/_dash-layout", "POST"), ("/healthz", "POST"), ("/assets/view.js", "PUT")],
)
def test_another_method_is_a_sentence_and_4xx(shared, path, method):
    is_a_sentence(shared, path, b"{}" if method != "DELETE" else None, method=method)


# ---- how much -------------------------------------------------------------------------------------------------------


def head(shared, *lines: str) -> bytes:
    always = [
        "POST /_dash-update-component HTTP/1.1", f"Host: 127.0.0.1:{shared.port}", f"Origin: {shared.url}",
        "Content-Type: application/json",
    ]  # fmt: skip
    return "\r\n".join([*always, *lines, "", ""]).encode()


@pytest.mark.parametrize("size", [33 << 20, 1 << 30, 10**15])
def test_a_body_over_the_limit_is_refused_by_its_length_alone(shared, size):
    got = shared.raw(head(shared, f"Content-Length: {size}") + b"{", within=5)
    assert b" 413 " in got.split(b"\r\n")[0]


def test_a_body_without_a_length_is_not_read_without_end(shared):
    """Chunks of 1 MB, until the server has had enough: at the latest at its limit of 32 MB."""
    chunk = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    sent, got = 0, b""
    with socket.create_connection(("127.0.0.1", shared.port), timeout=10) as line:
        line.sendall(head(shared, "Transfer-Encoding: chunked"))
        try:
            for _ in range(64):
                line.sendall(chunk)
                sent += 1
        except OSError:
            pass
        try:
            got = line.recv(65536)
        except OSError:
            got = b""
    assert sent < 64 or b" 41" in got.split(b"\r\n")[0]
    assert sent <= 40, "the server's own limit equals the app's"


@pytest.mark.parametrize(
    "lines", [("Content-Length: x",), ("Content-Length: -1",), ("Content-Length: 1", "Content-Length: 2")]
)
def test_a_length_that_is_none_is_4xx(shared, lines):
    got = shared.raw(head(shared, *lines) + b"{", within=5)
    assert b" 4" in got.split(b"\r\n")[0][:12], got[:80]
    assert str(ROOT).encode() not in got


# ---- a boundary file reads only itself ------------------------------------------------------------------------------


@contextmanager
def listening():
    """Give a port of this machine, and note who connects to it."""
    came: list[str] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def take() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                came.append(line.recv(1000).decode("latin-1").split("\r\n")[0])
                line.close()

        threading.Thread(target=take, daemon=True).start()
        yield server.getsockname()[1], came
        time.sleep(0.1)


VRT = """<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>
</OGRVRTDataSource>"""


@pytest.mark.parametrize("ending", ["geojson", "json", "gpkg", "shp"])
def test_a_boundary_file_that_names_another_place_fetches_nothing(tmp_path, ending):
    path = tmp_path / f"边界.{ending}"
    for part in ("shx", "dbf"):  # so that a shapefile is looked into at all
        path.with_suffix(f".{part}").write_bytes(b"")
    with listening() as (port, came):
        path.write_text(VRT.format(source=f"/vsicurl/http://127.0.0.1:{port}/x.geojson"), encoding="utf-8")
        done = run("--boundaries", str(path))
    assert done.returncode == 2 and path.name in done.stderr and "Traceback" not in done.stderr
    assert came == []


def test_a_boundary_file_reads_no_other_file_either(tmp_path):
    """A VRT may name any file of the machine; the shipped boundaries stand for one."""
    path = tmp_path / "边界.geojson"
    layer = VRT.replace('name="x"', 'name="gansu_counties"')
    path.write_text(layer.format(source=ROOT / "geodata" / "gansu_counties.shp"), encoding="utf-8")
    done = run("deck", "--boundaries", str(path), "--data-folder", str(tmp_path))
    assert done.returncode == 2 and path.name in done.stderr
