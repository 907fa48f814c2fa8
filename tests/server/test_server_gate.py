"""Who may change anything: this machine itself, or who holds the operator's key; and how much may be kept (Doors 1)."""

from __future__ import annotations

import re
import time
from urllib.parse import urlencode

import pytest
from served import FRONTS, KINDS, Server, figures, front, run

NO_PAGE: dict[str, str] = {}  # what a script sends: no Origin, no Sec-Fetch-Site
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def make_key(server: Server) -> str:
    """Have the operator make a key, as the command line does."""
    done = run("key", "--data-folder", str(server.folder))
    assert done.returncode == 0, done.stderr
    key = done.stdout.strip()
    assert re.fullmatch(r"\S{20,}", key), "the key alone goes to the standard output"
    return key


def sign_in(server, key: str, **headers: str):
    return server.ask("/sign-in", urlencode({"key": key}).encode(), FORM | server.browser | headers)


def try_all(place, headers: dict[str, str]) -> None:
    """Try everything that changes anything."""
    place.load(figures(), headers)
    place.make_deck("塞进来的", headers=headers)
    made = place.deck("open", headers, slug="d1").json if place.decks() else None
    if made:
        version = made["response"]["deck-answer"]["data"]["deck"]["version"]
        place.deck("delete", headers, slug="d1", version=version, who="路人")
    place.undo(1, headers)


# ---- who is not this machine ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("proxy", FRONTS)
def test_behind_a_proxy_as_readme_sets_it_up_nothing_can_be_imported(serve, kind, proxy):
    server = serve(kind)
    with front(proxy, server) as visitor:
        visitor.load(figures())
        assert server.batches() == 0
        assert visitor.ask("/").status == 200, "reading is open to all"


@pytest.mark.parametrize("proxy", FRONTS)
def test_behind_a_proxy_nothing_can_be_undone_and_no_deck_made_or_deleted(serve, kind, proxy):
    server = serve(kind)
    assert server.load(figures()).status == 200
    assert server.batches() == 1, "this machine itself may import"
    server.make_deck("本机的")
    before = server.ask("/export/observations.csv").text
    with front(proxy, server) as visitor:
        try_all(visitor, visitor.browser)
    assert server.ask("/export/observations.csv").text == before
    assert server.decks() == ["本机的"]


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Via"])
def test_whatever_says_forwarded_is_not_this_machine(shared, name):
    value = "for=203.0.113.7" if name == "Forwarded" else "203.0.113.7"
    before, decks = shared.batches(), shared.decks()
    shared.load(figures(before + 150.5), shared.browser | {name: value})
    shared.make_deck(name, headers=shared.browser | {name: value})
    assert (shared.batches(), shared.decks()) == (before, decks)


def test_a_name_that_was_made_to_resolve_to_this_machine_changes_and_reads_nothing(shared):
    """DNS rebinding: the peer is 127.0.0.1, and the page and the Host are the attacker's."""
    evil = f"evil.example:{shared.port}"
    headers = {"Host": evil, "Origin": f"http://{evil}", "Sec-Fetch-Site": "same-origin"}
    before, decks = shared.batches(), shared.decks()
    try_all(shared, headers)
    assert (shared.batches(), shared.decks()) == (before, decks)
    for path in ("/", "/export/observations.csv", "/data"):
        answer = shared.ask(path, headers={"Host": evil})
        assert answer.status in (400, 403, 421), path
        assert "evil.example" in answer.text and "--allowed-host" in answer.text, "a sentence says how to mend it"


def test_a_host_that_the_operator_allows_is_answered(serve, kind):
    server = serve(kind, allowed_host="atlas.example,图.example")
    for host, status in (("atlas.example", 200), (f"127.0.0.1:{server.port}", 200), ("localhost", 200)):
        assert server.ask("/", headers={"Host": host}).status == status
    assert server.ask("/", headers={"Host": "other.example"}).status in (400, 403, 421)
    # Allowed to read is not allowed to change: that name may be anyone's way in.
    server.load(figures(), {"Host": "atlas.example", "Origin": "http://atlas.example"})
    assert server.batches() == 0


@pytest.mark.parametrize(
    "headers",
    [
        NO_PAGE,
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},  # another program's page on this machine
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_change_that_no_page_of_ours_asks_for_is_refused(shared, headers):
    before, decks = shared.batches(), shared.decks()
    try_all(shared, headers)
    assert (shared.batches(), shared.decks()) == (before, decks)


def test_who_may_not_change_is_refused_before_the_body_is_read(shared):
    """Only the head of a request of 20 MB is sent: the answer must not wait for the rest."""
    head = (
        f"POST /_dash-update-component HTTP/1.1\r\nHost: 127.0.0.1:{shared.port}\r\nOrigin: {shared.url}\r\n"
        "X-Forwarded-For: 203.0.113.7\r\nContent-Type: application/json\r\nContent-Length: 20000000\r\n\r\n{"
    )
    begun = time.monotonic()
    assert b" 403 " in shared.raw(head.encode(), within=5).split(b"\r\n")[0]
    assert time.monotonic() - begun < 4


# ---- the operator's key ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("proxy", FRONTS)
def test_with_the_operators_key_one_may_change_from_anywhere(serve, kind, proxy):
    server = serve(kind, behind_proxy="127.0.0.1")
    key = make_key(server)
    files = [path for path in server.folder.rglob("*") if path.is_file()]
    assert files and not any(key.encode() in path.read_bytes() for path in files), "kept hashed"
    with front(proxy, server) as visitor:
        assert sign_in(visitor, key + "x").status == 403
        visitor.load(figures())
        assert server.batches() == 0
        signed = sign_in(visitor, key)
        assert signed.status in (302, 303)
        cookie = signed.headers["set-cookie"]
        assert "HttpOnly" in cookie and re.search("SameSite=(Strict|Lax)", cookie) and key not in cookie
        mine = visitor.browser | {"Cookie": cookie.partition(";")[0]}
        visitor.load(figures(), mine)
        assert server.batches() == 1
        visitor.load(figures(150), mine | {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"})
        assert server.batches() == 1, "the cookie alone is not enough"
        server.stop()
        server.start()
        server.wait()
        visitor.make_deck("带钥匙的", headers=mine)
        assert server.decks() == ["带钥匙的"], "and it outlives the process"


def test_a_key_may_come_from_the_environment(serve, kind):
    server = serve(kind, key="一把由环境变量给的钥匙-2026")
    away = {"X-Forwarded-For": "203.0.113.7"}
    signed = sign_in(server, "一把由环境变量给的钥匙-2026", **away)
    assert signed.status in (302, 303)
    mine = server.browser | away | {"Cookie": signed.headers["set-cookie"].partition(";")[0]}
    server.load(figures(), mine)
    assert server.batches() == 1


def test_a_new_key_ends_what_the_old_one_opened(serve):
    server = serve()
    away = {"X-Forwarded-For": "203.0.113.7"}
    signed = sign_in(server, make_key(server), **away)
    mine = server.browser | away | {"Cookie": signed.headers["set-cookie"].partition(";")[0]}
    make_key(server)
    server.load(figures(), mine)
    assert server.batches() == 0


def test_attempts_are_limited(serve, kind):
    server = serve(kind)
    key = make_key(server)
    answers = [sign_in(server, f"wrong{n}").status for n in range(12)]
    assert answers[0] == 403 and answers[-1] == 429
    late = sign_in(server, key)
    assert late.status == 429 and "retry-after" in late.headers, "and the right key does not shorten the wait"


def test_a_forwarded_address_is_believed_only_from_the_proxy_that_is_named(serve, kind):
    """Attempts are counted by address: who may claim any address has any number of them."""
    server = serve(kind)
    make_key(server)
    answers = [sign_in(server, "wrong", **{"X-Forwarded-For": f"203.0.113.{n}"}).status for n in range(12)]
    assert answers[-1] == 429
    named = serve(kind, behind_proxy="127.0.0.1")
    make_key(named)
    answers = [sign_in(named, "wrong", **{"X-Forwarded-For": f"203.0.113.{n}"}).status for n in range(12)]
    assert set(answers) == {403}


# ---- how much may be kept, and taken away ---------------------------------------------------------------------------


def test_decks_are_limited_in_number(serve, kind):
    server = serve(kind, most_decks="3")
    answers = [server.make_deck(f"第{n}个") for n in range(5)]
    assert len(server.decks()) == 3
    (fault,) = answers[-1].json["response"]["deck-answer"]["data"]["faults"]
    assert "3" in fault and "purge" in fault


def test_decks_are_limited_in_bytes(serve, kind):
    server = serve(kind, most_deck_bytes="500000")
    for n in range(5):
        server.make_deck(f"第{n}个", note="字" * 60_000)  # 180,000 bytes each
    assert len(server.decks()) == 2


def test_every_save_counts_towards_the_bytes(serve):
    server = serve(most_deck_bytes="500000")
    made = server.make_deck("一", note="字" * 60_000).json["response"]["deck-answer"]["data"]["deck"]
    for n in range(4):
        deck = {"deck": "一", "scenes": [{"title": "一景", "view": "/", "note": f"{n}" + "字" * 60_000}]}
        answer = server.deck("save", slug="d1", version=made["version"], deck=deck, who="张三")
        made = answer.json["response"]["deck-answer"]["data"].get("deck") or made
    assert "faults" in answer.json["response"]["deck-answer"]["data"]


def test_the_operator_can_purge_decks_for_good(serve):
    server = serve()
    server.make_deck("留下的")
    made = server.make_deck("要清除的", note="PURGE-ME-4711" * 1000).json["response"]["deck-answer"]["data"]["deck"]
    server.deck("delete", slug=made["slug"], version=made["version"], who="张三")
    held = [path for path in server.folder.glob("atlas.sqlite*") if b"PURGE-ME-4711" in path.read_bytes()]
    assert held, "a deleted deck is still in the file"
    done = run("purge", "--deleted", "--data-folder", str(server.folder))
    assert done.returncode == 0, done.stderr
    assert "要清除的" in done.stdout + done.stderr
    held = [path for path in server.folder.glob("atlas.sqlite*") if b"PURGE-ME-4711" in path.read_bytes()]
    assert not held
    assert server.decks() == ["留下的"]
    again = server.make_deck("新的").json["response"]["deck-answer"]["data"]["deck"]
    assert again["slug"] != made["slug"], "an address is never given to another deck"
    assert run("purge", made["slug"], "--data-folder", str(server.folder)).returncode == 1, "there is no such deck"


def test_both_kinds_of_server_are_looked_at_where_they_can_be():
    assert KINDS[0] == "waitress"
