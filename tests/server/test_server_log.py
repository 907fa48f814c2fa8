"""What the operator can see: one line an event, an error once with an id, and the store's state (Doors 4)."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlencode

from served import Server, figures, run

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AWAY = {"X-Forwarded-For": "203.0.113.7"}


def lines(server: Server, event: str) -> list[list[str]]:
    """Return the events of a kind in the data folder's log: time, address, event, what, result."""
    file = server.folder / "atlas.log"
    found = file.read_text("utf-8").splitlines() if file.exists() else []
    return [parts for parts in (line.split("\t") for line in found) if len(parts) == 5 and parts[2] == event]


def test_every_event_is_one_line_in_the_data_folder_and_on_stderr(shared):
    server = shared
    server.load(figures(), who="张三\n2026-01-01T00:00:00+08:00\t127.0.0.1\tstop\t1\tforged")
    assert not lines(server, "stop"), "what is logged cannot forge a line"
    server.undo(1)
    server.make_deck("会议一")
    server.ask("/export/counties.csv")
    server.ask("/sign-in", urlencode({"key": "WRONG-KEY-1234"}).encode(), server.browser)
    server.load(figures(150), server.browser | AWAY)
    for event, what in (
        ("import", "1"), ("undo", "1"), ("deck", "d1"), ("export", "counties.csv"), ("sign-in", ""), ("refused", ""),
    ):  # fmt: skip
        (one, *more) = lines(server, event) or [None]
        assert one, f"no line for {event}"
        assert not more or event == "refused", f"{event}: one line, not {1 + len(more)}"
        assert datetime.fromisoformat(one[0]).tzinfo, "a time with its zone"
        assert one[1] == "127.0.0.1" and what in one[3] and one[4]
        assert "\t".join(one) in server.said(), "and on stderr"
    whole = (server.folder / "atlas.log").read_text("utf-8")
    assert "WRONG-KEY-1234" not in whole + server.said()


def test_no_key_and_no_token_stands_in_the_log(shared):
    key = run("key", "--data-folder", str(shared.folder)).stdout.strip()
    signed = shared.ask("/sign-in", urlencode({"key": key}).encode(), shared.browser | FORM)
    assert signed.status == 303
    token = signed.headers["set-cookie"].partition(";")[0].removeprefix("atlas=")
    cookie = {"Cookie": f"atlas={token}"}
    for path in (f"/sign-in?key={key}", f"/data?key={key}", f"/export/counties.csv?key={key}&atlas={token}"):
        shared.ask(path, headers=cookie)
    shared.load(figures(140), AWAY | cookie | {"Origin": "null"})  # refused
    shared.ask("/sign-in", urlencode({"key": key + "x"}).encode(), FORM | {"Origin": "http://evil.example"})
    shared.ask("/sign-out", b"", shared.browser | cookie | FORM)
    said = shared.said() + (shared.folder / "atlas.log").read_text("utf-8")
    assert "\tsign-in\t" in said and "\tsign-out\t" in said and "\trefused\t" in said
    assert key not in said and token not in said


def test_an_error_is_logged_once_with_an_id_that_the_page_shows(serve):
    server = serve("faulty")
    answer = server.ask("/overlap")
    assert answer.status == 500
    assert "secret" not in answer.text and "RuntimeError" not in answer.text
    found = re.search(r"\b[0-9a-f]{8}\b", answer.text)
    assert found, "the page shows the error's id"
    (one,) = lines(server, "error")
    assert found[0] in one[3] + one[4]
    assert server.said().count("Traceback") == 1 and found[0] in server.said()
    assert server.ask("/").status == 200


def test_healthz_says_the_stores_state(shared):
    answer = shared.ask("/healthz")
    assert (answer.status, answer.json["status"], answer.json["store"]) == (200, "ok", "ok")
    before = answer.json["last"]
    shared.load(figures(before + 170.5))
    assert shared.ask("/healthz").json["last"] == before + 1
