"""The operator's key: how often it may be tried, and that nobody is shut out by others."""

from __future__ import annotations

import pytest

from targets.desk import MOST, MOST_IN_ALL, WAIT, Desk, TooMany

NOW = 1_800_000_000.0


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("targets.desk._digest", lambda key, salt: key.encode() + salt)


def wrong(desk, address, times, now=NOW):
    for _ in range(times):
        assert desk.sign_in("wrong", address, now) is None


def test_attempts_are_limited_by_address_and_in_all(tmp_path):
    desk = Desk(tmp_path)
    key = desk.make()
    wrong(desk, "203.0.113.1", MOST)
    with pytest.raises(TooMany):
        desk.sign_in(key, "203.0.113.1", NOW + 1)
    assert desk.sign_in(key, "203.0.113.1", NOW + WAIT + 1)
    for n in range(MOST_IN_ALL - MOST):
        wrong(desk, f"198.51.100.{n}", 1)
    with pytest.raises(TooMany):
        desk.sign_in(key, "192.0.2.1", NOW + 1)


def test_strangers_cannot_shut_out_this_machine_itself(tmp_path):
    desk = Desk(tmp_path)
    key = desk.make()
    for n in range(MOST_IN_ALL):
        wrong(desk, f"198.51.100.{n}", 1)
    for address in ("127.0.0.1", "::1"):
        assert desk.sign_in(key, address, NOW + 1)
        wrong(desk, address, MOST, NOW + 2)
        with pytest.raises(TooMany):
            desk.sign_in(key, address, NOW + 3)


def test_a_new_key_ends_the_wait_and_what_the_old_one_opened(tmp_path):
    desk = Desk(tmp_path)
    token = desk.sign_in(desk.make(), "203.0.113.1", NOW)
    assert desk.knows(token, NOW)
    wrong(desk, "203.0.113.1", MOST)
    key = desk.make()
    assert not desk.knows(token, NOW)
    assert desk.sign_in(key, "203.0.113.1", NOW + 1)
