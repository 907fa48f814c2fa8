"""Who may change anything: this machine itself, or who holds the operator's key; and how much may be kept (Doors 1)."""

from __future__ import annotations

import re
import time
from urllib.parse import urlencode

import pytest
from served import FRONTS, KINDS, Server, figures, front, needs_nginx, run

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


def told(answer) -> dict:
    """Return what was answered about decks."""
    return answer.json["response"]["deck-answer"]["data"]


def try_all(place, headers: dict[str, str]) -> None:
    """Try everything that changes anything."""
    place.load(figures(), headers)
    place.make_deck("塞进来的", headers=headers)
    for kept in told(place.deck("list"))["kept"]:
        version = kept["version"]
        place.deck("delete", headers, slug=kept["slug"], version=version, who="路人")
    place.undo(1, headers)


# ---- who is not this machine ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("proxy", FRONTS)
def test_behind_a_proxy_that_is_not_named_nothing_can_be_changed(shared, proxy):
    batches = shared.batches()
    assert shared.load(figures(140.5 + batches)).status == 200
    assert shared.batches() == batches + 1, "this machine itself may import"
    shared.make_deck("本机的")
    before, decks = shared.ask("/export/observations.csv").text, shared.decks()
    with front(proxy, shared) as visitor:
        assert visitor.ask("/").status == 200, "reading is open to all"
        try_all(visitor, visitor.browser)
    assert shared.ask("/export/observations.csv").text == before
    assert shared.decks() == decks


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


def test_a_host_that_the_operator_allows_is_answered(shared):
    idna = "图.example".encode("idna").decode()
    for host, status in (
        ("atlas.example", 200), (idna, 200), (f"127.0.0.1:{shared.port}", 200), ("localhost", 200),
        ("other.example", 421), ("127.0.0.2", 421), ("", 421),
    ):  # fmt: skip
        assert shared.ask("/healthz", headers={"Host": host}).status == status, host
    # Allowed to read is not allowed to change: that name may be anyone's way in.
    before = shared.batches()
    shared.load(figures(before + 160), {"Host": "atlas.example", "Origin": "http://atlas.example"})
    assert shared.batches() == before


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


def test_with_the_operators_key_one_may_change_from_anywhere(named):
    key = make_key(named)
    files = [path for path in named.folder.rglob("*") if path.is_file()]
    assert files and not any(key.encode() in path.read_bytes() for path in files), "kept hashed"
    with front("forwarder", named) as visitor:
        assert 'action="/sign-in' in visitor.ask("/meeting").text, "the key is asked for where it is needed"
        assert sign_in(visitor, key + "x").status == 403
        visitor.load(figures())
        assert named.batches() == 0
        signed = sign_in(visitor, key)
        assert signed.status == 303
        cookie = signed.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and key not in cookie
        mine = visitor.browser | {"Cookie": cookie.partition(";")[0]}
        visitor.load(figures(), mine)
        assert named.batches() == 1
        visitor.load(figures(150), mine | {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"})
        assert named.batches() == 1, "the cookie alone is not enough"
        named.stop()
        named.start()
        named.wait()
        visitor.make_deck("带钥匙的", headers=mine)
        assert named.decks() == ["带钥匙的"], "and it outlives the process"
        make_key(named)
        visitor.make_deck("旧钥匙的", headers=mine)
        assert named.decks() == ["带钥匙的"], "a new key ends what the old one opened"


@needs_nginx
def test_nginx_as_the_readme_sets_it_up_takes_the_key_and_says_who_asks(named):
    """Visitors use a name, claim addresses, and come through nginx; imports, undos and decks take the key."""
    key = make_key(named)
    batches, decks = named.batches(), named.decks()
    with front("nginx", named) as visitor:
        name = f"atlas.example:{visitor.port}"
        browser = {"Host": name, "Origin": f"http://{name}", "X-Forwarded-For": "203.0.113.9"}
        assert visitor.ask("/data", headers=browser).status == 200
        for answer in (
            visitor.load(figures(180), browser), visitor.undo(1, browser), visitor.make_deck("路人的", headers=browser)
        ):  # fmt: skip
            assert answer.status == 403 and answer.json["error"]
        assert (named.batches(), named.decks()) == (batches, decks)
        signed = visitor.ask("/sign-in", urlencode({"key": key}).encode(), FORM | browser)
        assert signed.status == 303 and "Secure" not in signed.headers["set-cookie"], "http, so far"
        mine = browser | {"Cookie": signed.headers["set-cookie"].partition(";")[0]}
        visitor.load(figures(180), mine)
        assert named.batches() == batches + 1
        visitor.undo(batches + 1, mine)
        assert named.batches() == batches + 1 and named.ask("/healthz").json["last"] == batches + 2
        visitor.make_deck("带钥匙的", headers=mine)
        assert named.decks() == ["带钥匙的", *decks]
        assert visitor.load(figures(181), mine | {"Origin": "http://evil.example"}).status == 403
        wrong = [
            visitor.ask("/sign-in", b"key=wrong", FORM | browser | {"X-Forwarded-For": f"198.51.100.{n}"}).status
            for n in range(9)
        ]
        assert wrong[-1] == 429, "a visitor who claims another address each time is still one"
        assert visitor.load(b" " * (33 << 20), mine).status == 413, "nginx takes what the atlas takes, and no more"
    log = (named.folder / "atlas.log").read_text("utf-8")
    assert "203.0.113.9" not in log and "198.51.100" not in log
    assert any(line.split("\t")[1:3] == ["127.0.0.1", "import"] for line in log.splitlines())


def test_a_forwarded_address_is_believed_only_from_the_proxy_that_is_named(shared, named):
    """Attempts are counted by address: who may claim any address has any number of them."""
    make_key(shared)
    away = [{"X-Forwarded-For": f"203.0.113.{n}"} for n in range(12)]
    assert {sign_in(named, "wrong", **one).status for one in away} == {403}
    assert [sign_in(shared, "wrong", **one).status for one in away][-1] == 429
    named.ask("/export/counties.csv", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.7"})
    said = (named.folder / "atlas.log").read_text("utf-8").splitlines()
    (line,) = [one.split("\t") for one in said if "\texport\t" in one and "counties" in one]
    assert line[1] == "203.0.113.7", "what the proxy added, not what the visitor claimed"


def test_the_right_key_does_not_shorten_the_wait_after_wrong_ones(shared):
    key = make_key(shared)
    assert [sign_in(shared, f"wrong{n}").status for n in range(9)][-1] == 429
    late = sign_in(shared, key)
    assert late.status == 429 and int(late.headers["retry-after"]) > 0


def test_a_key_may_come_from_the_environment(small):
    away = {"X-Forwarded-For": "203.0.113.7"}
    signed = sign_in(small, "一把由环境变量给的钥匙-2026", **away)
    mine = small.browser | away | {"Cookie": signed.headers["set-cookie"].partition(";")[0]}
    small.load(figures(), mine)
    assert small.batches() == 1
    small.ask("/sign-out", b"", mine | FORM)
    small.load(figures(150), mine)
    assert small.batches() == 1


# ---- how much may be kept, and taken away ---------------------------------------------------------------------------


def test_decks_are_limited_and_the_operator_can_purge_them_for_good(small):
    made = told(small.make_deck("一", note="PURGE-ME-4711" + "字" * 60_000))["deck"]  # 180,000 bytes
    deck = {"deck": "一", "scenes": [{"title": "一景", "view": "/", "note": "二" + "字" * 60_000}]}
    assert "faults" not in told(small.deck("save", slug="d1", version=made["version"], deck=deck, who="张三"))
    (fault,) = told(small.make_deck("二", note="字" * 60_000))["faults"]
    assert "500,000" in fault and "purge" in fault, "every version counts"
    for n in range(3):
        answer = told(small.make_deck(f"小{n}"))
    assert len(small.decks()) == 3
    assert "3" in answer["faults"][0] and "purge" in answer["faults"][0]

    assert "faults" not in told(small.deck("delete", slug="d1", version=2, who="张三"))
    assert holds(small, b"PURGE-ME-4711"), "a deleted deck is still in the file"
    done = run("purge", "--deleted", "--data-folder", str(small.folder))
    assert done.returncode == 0 and "d1" in done.stdout, done.stderr
    assert not holds(small, b"PURGE-ME-4711")
    assert small.decks() == ["小1", "小0"]
    assert told(small.make_deck("新的", note="字" * 60_000))["deck"]["slug"] == "d4", "an address is never given again"
    assert told(small.deck("list"))["deleted"] == []
    assert run("purge", "d1", "--data-folder", str(small.folder)).returncode == 1, "there is no such deck"


def holds(server: Server, what: bytes) -> bool:
    return any(what in path.read_bytes() for path in server.folder.glob("atlas.sqlite*"))


def test_both_kinds_of_server_are_looked_at_where_they_can_be():
    assert KINDS[0] == "waitress"
