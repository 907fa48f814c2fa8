"""Who may ask, and who may change anything: judged from a request's head alone, whatever server took it."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from flask import request

from layouts.words import word
from targets.desk import Desk

COOKIE = "atlas"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
ALL_ADDRESSES = ("0.0.0.0", "::", "*")
AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[^\s:/@,\[\]]+)(?::[0-9]{1,5})?")
FORWARDED = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED")  # the last: all that begin so


@dataclass(frozen=True)
class Caller:
    """What a request's head says of who sends it."""

    peer: str  # the other end of the connection, as the system knows it
    address: str  # the visitor's, where a named proxy says so; else the peer
    host: str  # the name that was asked for, without port, in lower case
    origin: str
    fetch_site: str
    forwarded: bool
    protocol: str
    token: str
    secure: bool
    authority: str  # the Host as it came


@dataclass(frozen=True)
class Refusal:
    """Why a request is refused: a status, and a sentence of the wording."""

    code: int
    key: str
    values: tuple[tuple[str, str], ...] = ()

    def say(self, lang: str) -> str:
        """Return the sentence."""
        return word(self.key, lang, **dict(self.values))


class Gate:
    """The one gate for all that changes anything: it is open to this machine itself, and to who holds the key.

    Parameters
    ----------
    desk : Desk
    host : str
        The address that the server listens on.
    allowed : str
        More names under which the atlas is reached, parted by commas.
    proxies : str
        Addresses or networks of those who forward, parted by commas.

    Raises
    ------
    ValueError
        When a proxy is no address.
    """

    def __init__(self, desk: Desk, host: str = "127.0.0.1", allowed: str = "", proxies: str = "") -> None:
        self.desk = desk
        self._proxies = networks(proxies)
        names = {*LOOPBACK, host, *(one.strip() for one in allowed.split(","))}
        self._any_number = host in ALL_ADDRESSES
        if self._any_number:
            names.add(socket.gethostname())
        self._hosts = {_host(name) for name in names - {""} - set(ALL_ADDRESSES)}

    def caller(self, environ: Mapping[str, Any] | None = None) -> Caller:
        """Read the head of a request, as WSGI gives it; by default of the one being answered."""
        given = request.environ if environ is None else environ

        def head(name: str) -> str:
            return str(given.get(f"HTTP_{name}", "")).strip()

        peer = str(given.get("REMOTE_ADDR") or "")
        address, secure = peer, str(given.get("wsgi.url_scheme")) == "https"
        if self._forwards(peer):
            address = head("X_FORWARDED_FOR").rpartition(",")[2].strip() or peer
            secure = secure or head("X_FORWARDED_PROTO").lower() == "https"
        try:
            cookie = SimpleCookie(head("COOKIE"))
        except CookieError:
            cookie = SimpleCookie()
        return Caller(
            peer, address, _asked(head("HOST")), head("ORIGIN"), head("SEC_FETCH_SITE").lower(),
            any(name.startswith(FORWARDED) for name in given), str(given.get("SERVER_PROTOCOL", "")),
            cookie[COOKIE].value if COOKIE in cookie else "", secure, head("HOST"),
        )  # fmt: skip

    def _forwards(self, peer: str) -> bool:
        found = _number(peer)
        return found is not None and any(found in network for network in self._proxies)

    def host_refused(self, caller: Caller) -> Refusal | None:
        """Refuse a name that is not ours: anyone may let theirs point here, and read through a visitor's browser."""
        if caller.host in self._hosts or (self._any_number and _number(caller.host) is not None):
            return None
        return Refusal(421, "host_refused", (("host", caller.authority[:100] or "—"),))

    def who(self, caller: Caller) -> str:
        """Return by what someone may change things: ``here``, ``key``, or nothing."""
        here = _number(caller.peer)
        if (
            here is not None and here.is_loopback and not self._forwards(caller.peer)
            and not caller.forwarded and caller.host in LOOPBACK
            and caller.protocol == "HTTP/1.1"  # 1.0 is what a proxy speaks that says nothing of itself
        ):  # fmt: skip
            return "here"
        return "key" if self.desk.knows(caller.token, time.time()) else ""

    def origin_refused(self, caller: Caller) -> Refusal | None:
        """Refuse what no page of ours asks for: the browser says which page does."""
        ours = caller.fetch_site == "same-origin" if caller.fetch_site else _same(caller.origin, caller.authority)
        return None if ours else Refusal(403, "origin_refused")

    def refused(self, caller: Caller) -> Refusal | None:
        """Return why this caller may change nothing; None for one who may."""
        return self.origin_refused(caller) or (None if self.who(caller) else Refusal(403, "key_wanted"))


def networks(text: str) -> list[IPv4Network | IPv6Network]:
    """Read addresses and networks, parted by commas; raise ValueError where one is none."""
    return [ip_network(one.strip(), strict=False) for one in text.split(",") if one.strip()]


def _asked(authority: str) -> str:
    """Return the name that a Host asks for, in the form that is compared; nothing where it is no name and port."""
    found = AUTHORITY.fullmatch(authority.lower())
    return _host(found[1]) if found else ""


def _host(name: str) -> str:
    """Return a host's name in the form that is compared."""
    name = name.strip().lower().removeprefix("[").removesuffix("]").rstrip(".")
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _number(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _same(origin: str, authority: str) -> bool:
    """Return whether an Origin is that of the Host asked for."""
    try:
        parts = urlsplit(origin)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
        host = urlsplit(f"//{authority}")
        return bool(parts.hostname) and (parts.hostname, port) == (
            host.hostname, host.port or {"http": 80, "https": 443}.get(parts.scheme)
        )  # fmt: skip
    except ValueError:
        return False
