"""What a hostile client sends over a bare socket, and wrong values in every place of every press and address."""

from __future__ import annotations

import copy
import json
import socket
from http.client import HTTPConnection
from itertools import cycle

import pytest
from served import ROOT, figures

LEAKS = (b"Traceback", str(ROOT).encode(), b"site-packages", b'File "', b"root:")


def talk(server, sent: bytes) -> bytes:
    """Send bytes and return all that comes back until the other end closes or says nothing more."""
    got = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        try:
            while more := line.recv(65536):
                got += more
        except ConnectionError:
            pass
    return got


def ask(server, line: str, *headers: str, host: str = "") -> bytes:
    head = [line, f"Host: {host or f'127.0.0.1:{server.port}'}", "Connection: close", *headers, "", ""]
    return talk(server, "\r\n".join(head).encode("latin-1"))


def status(answer: bytes) -> int:
    assert not any(leak in answer for leak in LEAKS), answer[:500]
    return int(answer.split(b" ", 2)[1]) if answer else 0


@pytest.mark.parametrize("port", [True, False], ids=["with the port", "without"])
def test_every_way_to_write_this_machine_is_one_and_no_other_is(shared, port):
    more = f":{shared.port}" if port else ""
    for host in ("127.0.0.1", "LOCALHOST", "localhost.", "[::1]"):
        assert status(ask(shared, "GET /robots.txt HTTP/1.1", host=host + more)) == 200, host
    for host in (
        "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0.0.0.0", "[::]", "[::1].evil.example", "[::1]evil",
        "127.0.0.1.evil.example", "a.localhost", "127.0.0.1%00.evil.example", "user@127.0.0.1",
        "127.0.0.1@evil.example", "evil.example,127.0.0.1", "127.0.0.1 evil.example", "evil.example#127.0.0.1",
        "localhost/evil", ".", "a" * 3000,
    ):  # fmt: skip
        assert status(ask(shared, "GET /robots.txt HTTP/1.1", host=host + more)) in (400, 421), host
    for port_of_none in (":abc", ":999999", ":80:90", ":-1"):
        assert status(ask(shared, "GET /robots.txt HTTP/1.1", host=f"127.0.0.1{port_of_none}")) in (400, 421)


@pytest.mark.parametrize("lines", [("Host: evil.example",), ("Host: 127.0.0.1",)])
def test_two_hosts_are_none(shared, lines):
    assert status(ask(shared, "GET /robots.txt HTTP/1.1", *lines)) in (400, 421)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("GET /sign-out HTTP/1.1", {404, 405}),
        ("GET /sign-in?key=SECRET-IN-A-QUERY HTTP/1.1", {404, 405}),
        ("GET /_dash-update-component?output=deck-answer.data HTTP/1.1", {404, 405}),
        ("TRACE /robots.txt HTTP/1.1", {400, 405, 501}),
        ("CONNECT evil.example:443 HTTP/1.1", {400, 405}),
        ("BREW /robots.txt HTTP/1.1", {400, 405}),
        ("post /sign-out HTTP/1.1", {400, 403, 405}),
        ("GET //evil.example/ HTTP/1.1", {404}),
        ("OPTIONS * HTTP/1.1", {400, 404, 405}),
        ("GET /" + "a" * 8000 + " HTTP/1.1", {404, 414}),
        ("GET /?layer=" + "a" * 8000 + " HTTP/1.1", {200, 414}),
        ("GET /county/%00 HTTP/1.1", {404}),
        ("GET /county/%ff%fe HTTP/1.1", {404}),
        ("GET /assets/%2e%2e/%2e%2e/etc/passwd HTTP/1.1", {404}),
        ("GET /assets/..%5c..%5capp.py HTTP/1.1", {404}),
        ("GET /assets%2f..%2fapp.py HTTP/1.1", {404}),
    ],
)
def test_no_way_of_asking_does_more_than_asking(shared, line, found):
    assert status(ask(shared, line, "X-HTTP-Method-Override: POST", "X-Method-Override: POST")) in found


def test_a_head_of_64_kb_is_answered_or_refused(shared):
    assert status(ask(shared, "GET /robots.txt HTTP/1.1", "X-A: " + "a" * 65536)) in (200, 431)
    assert status(ask(shared, "GET /robots.txt HTTP/1.1", "Cookie: atlas=" + "a;" * 3000)) == 200


def test_each_of_several_requests_on_a_line_is_judged_by_itself(shared):
    ours, theirs = f"Host: 127.0.0.1:{shared.port}", "Host: evil.example"
    heads = [f"GET /robots.txt HTTP/1.1\r\n{ours}\r\n\r\n", f"GET /healthz HTTP/1.1\r\n{theirs}\r\n\r\n"]
    got = talk(shared, "".join(heads).encode())
    assert got.count(b"HTTP/1.1 200") == 1 and got.count(b"HTTP/1.1 421") <= 1 and b"observations" not in got


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 7", "Content-Length: 7"), ("Content-Length: 7, 7",), ("Content-Length: +7",),
        ("Content-Length: 0x7",), ("Content-Length: 7", "Transfer-Encoding: chunked"), ("Transfer-Encoding: xchunked",),
    ],
    ids=str,
)  # fmt: skip
def test_a_length_in_two_ways_is_refused_and_nothing_after_it_is_taken_for_a_request(shared, lines):
    head = ["POST /sign-out HTTP/1.1", f"Host: 127.0.0.1:{shared.port}", f"Origin: {shared.url}", *lines, "", ""]
    got = talk(shared, "\r\n".join(head).encode() + b'{"a":1}' + b"GET /robots.txt HTTP/1.1\r\n\r\n")
    assert 400 <= status(got) < 600 and b"User-agent" not in got


def test_who_may_not_change_is_not_told_to_go_on(shared):
    """Expect: 100-continue of a large body."""
    lines = ("Origin: http://evil.example", "Content-Length: 20000000", "Expect: 100-continue")
    got = ask(shared, "POST /_dash-update-component HTTP/1.1", *lines)
    assert b" 403 " in got, got[:300]


# ---- wrong values in every place ------------------------------------------------------------------------------------

WRONG = (
    None, True, -1, 1.5, 10**400, float("nan"), float("inf"), "", "²", "\ud800", "\0", "9" * 5000, [], [[]], {},
    {"a": {}},
)  # fmt: skip
DECK = {
    "deck": "会",
    "period": "2024",
    "scenes": [{"title": "景", "view": "/progress", "note": "n", "highlight": ["1"]}],
}
RIGHT = {
    "view.data": "layer=road&county=620922", "language.data": "en", "charts-wanted.data": {"query": "layer=road"},
    "data-ask.data": "zh", "import-file.filename": "表.xlsx",
    "import-file.contents": "data:;base64,AAAA", "import-period.value": "2024", "import-source.value": "某局",
    "import-status.value": "未注明", "import-accept.n_clicks": 1, "import-token.data": "t", "import-who.value": "张三",
    "import-looked.data": {"sha256": "x"}, "import-note.value": "n", "page.data-lang": "zh",
    "undo-ask.data": {"batch": 99}, "past-ask.data": {"value": 1}, "batch-ask.data": {"value": 1},
    "history-ask.data": {"value": "620922 gdp"},
}  # fmt: skip
DECKS = (
    {"op": "open", "slug": "d1"}, {"op": "save", "slug": "d99", "version": 1, "deck": DECK, "who": "z"},
    {"op": "file", "text": "deck: 会"}, {"op": "append", "slug": "d99", "scene": DECK["scenes"]},
    {"op": "undo", "slug": "d99", "version": 1}, {"op": "delete", "slug": "d99", "version": 1},
)  # fmt: skip


def places(value, path=()):
    """Return the path of each place of a value that holds another."""
    yield path
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(one, (*path, key))


def put(value, path, other):
    if not path:
        return other
    made = node = copy.deepcopy(value)
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = other
    return made


def spoiled(right, wrong):
    """Return a value with one wrong value in each of its places, several for each."""
    for path in places(right):
        for _ in range(6):
            yield put(right, path, next(wrong)), path


def presses(server):
    """Return presses with one wrong value each; every place has several, and each callback has all."""
    wrong = cycle(WRONG)
    for made in server.callbacks:
        inputs, state = ([f"{one['id']}.{one['property']}" for one in made[kind]] for kind in ("inputs", "state"))
        right = {slot: RIGHT[slot] for slot in inputs + state}
        for slot in right:
            for given, path in spoiled(right[slot], wrong):
                whole = right | {slot: given}
                body = server.body({s: whole[s] for s in inputs}, {s: whole[s] for s in state})
                yield "/_dash-update-component", body, (made["output"][:60], slot, path)
    for right in DECKS:
        for given, path in spoiled(right | {"lang": "zh"}, wrong):
            yield "/decks", given, (right["op"], path)


def test_a_wrong_value_in_any_place_of_any_press_gets_an_answer_and_no_fault(shared):
    connection, count = HTTPConnection("127.0.0.1", shared.port, timeout=60), 0
    before, decks = shared.ask("/healthz").json, shared.decks()
    for address, body, place in presses(shared):
        headers = {"Content-Type": "application/json", **shared.browser}
        connection.request("POST", address, json.dumps(body), headers)
        answer = connection.getresponse()
        text, count = answer.read(), count + 1
        assert answer.status < 500 and not any(leak in text for leak in LEAKS), (place, body, text[:300])
    connection.close()
    assert count > 300, "there are that many places"
    assert shared.ask("/healthz").json == before and shared.decks() == decks
    assert "Traceback" not in shared.said()


PATHS = (
    "/", "/progress", "/overlap", "/compare", "/plan", "/data", "/meeting", "/meeting/d1", "/county/620922",
    "/prefecture/620900", "/healthz", "/export/counties.csv", "/export/compare.csv", "/export/compare.json",
    "/export/progress.csv", "/export/observations.csv", "/export/job/pptx", "/export/meeting.yaml",
    "/template/observations.csv", "/import/step", "/fragment/page/progress", "/fragment/page/nowhere",
    "/fragment/counted", "/fragment/layer", "/decks", "/decks/d1",
)  # fmt: skip
KEYS = (
    "layer", "band", "cluster_op", "not", "county", "compare", "map", "period", "lang", "have", "as_of", "batch",
    "indicator", "job",
)  # fmt: skip
ODD = (
    "", "%00", "%ff%fe", "%zz", "%E7%93%9C", "9" * 30, "-1", "%C2%B2", "%EF%BC%91", "..%2f..%2fetc%2fpasswd",
    "%3Cscript%3E", "%ED%A0%80", "%0d%0aSet-Cookie:a=b", "2099-12", ",".join(["620922"] * 400), "[]", "true",
)  # fmt: skip


def test_an_odd_query_of_any_address_gets_an_answer_and_no_fault(shared):
    connection = HTTPConnection("127.0.0.1", shared.port, timeout=60)
    queries = [f"{key}={value}" for key in KEYS for value in ODD]
    queries += ["&", "==", "period", "lang=en&lang=zh", "layer=road&layer=band", "&".join(f"k{n}=" for n in range(700))]
    for query, path in zip(queries, cycle(PATHS[:-1])):  # noqa: B905 (each query asks one address, each address many)
        connection.request("GET", f"{path}?{query}")
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status < 500 and not any(leak in text for leak in LEAKS), (path, query[:80], text[:300])
        assert not answer.getheader("Set-Cookie") and b"<script>%" not in text and b"=<script>" not in text
    connection.close()


def test_a_press_is_answered_in_words_not_in_escapes(shared):
    assert "瓜州县".encode() in shared.press({"view.data": "county=620922"}).body
    half = shared.press({"view.data": "layer=\ud800"})
    assert half.status == 200 and half.json["response"]
    assert "不接受".encode() in shared.ask("/healthz", b"{}", {"Content-Type": "application/json"}).body


# ---- the log --------------------------------------------------------------------------------------------------------


def test_a_log_that_cannot_be_written_stops_nothing(serve, tmp_path):
    """A full disk: every line fails, and so does each try to begin a new file."""
    (tmp_path / "atlas.log").symlink_to("/dev/full")
    (tmp_path / "atlas.lock").mkdir()
    server = serve("waitress", tmp_path, log_bytes="1")
    assert server.load(figures()).status == 200 and server.batches() == 1
    assert server.ask("/export/counties.csv").status == 200
    assert [line for line in server.said().splitlines() if "\timport\t" in line], "stderr still says it"
    assert "Traceback" not in server.said()
