"""The doors: what is asked of every request before anyone answers it, signing in, and the headers of every answer."""

from __future__ import annotations

import logging
import re
import secrets
import time
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from dash import Dash
from dash.exceptions import DashException
from flask import Flask, Response, g, jsonify, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from callbacks.fragments import PREFIX
from callbacks.gate import COOKIE, Gate, Refusal
from callbacks.presses import DECKS, changes, is_deep, is_press
from callbacks.standings import UnknownPeriod
from layouts.facts.pages import read_page
from layouts.words import word
from targets.desk import LASTS, DeskError, TooMany
from targets.journal import Journal
from targets.observations import IllStore, Store
from targets.speech import Speech

LARGEST_REQUEST = 32 << 20  # bytes: a file of 20 MB as the browser sends it
LARGEST_PRESS = 1 << 20  # a press sends some hundred; what is larger changes something
LARGEST_FORM = 4 << 10
UPDATE, DATA = "/_dash-update-component", "/data"
ERRORS = {
    400: "bad_request", 404: "page_missing", 405: "method", 408: "too_slow", 411: "no_length", 413: "too_large",
    415: "bad_request", 501: "bad_request",
}  # fmt: skip
HEADERS = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}
# These act on what a browser shows by itself; a press is small without them.
SHOWN = ("text/html", "text/plain", "image/svg+xml")
SHOWN_HEADERS = {
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PACKAGES = re.compile(r"/_dash-component-suites/(dash|dash_bootstrap_components|plotly)/[^/]")
YEAR = 31_536_000  # seconds
log = logging.getLogger("atlas")


def register(
    app: Dash, gate: Gate, journal: Journal, store: Store, places: dict[str, frozenset[str]], script: str
) -> None:
    """Set up the doors, before all else that is asked of a request.

    Parameters
    ----------
    app : Dash
    gate : Gate
    journal : Journal
    store : Store
    places : dict of str to frozenset
        The codes of each kind of page that has one.
    script : str
        The script that stands in the page itself, beside Dash's.
    """
    server = app.server
    own = b64encode(sha256(script.encode()).digest()).decode()
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    policy = (
        f"default-src 'self'; script-src 'self' {' '.join(app.csp_hashes())} 'sha256-{own}'; "
        "style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )

    def turned_away(refusal: Refusal) -> tuple[Response, int]:
        journal.say(
            "refused", gate.caller().address, f"{request.method} {request.path}", f"{refusal.code} {refusal.key}"
        )
        return told(refusal.say(_lang()), refusal.code)

    @server.before_request
    def judge() -> tuple[Response, int] | None:
        caller = gate.caller()
        if refusal := gate.host_refused(caller):
            return turned_away(refusal)
        # Dash answers every path with the page itself; an address that does not exist must say so.
        if request.endpoint == "/<path:path>" and read_page(request.path) is None:
            return sentence(404)
        if request.path.startswith("/_dash-component-suites/") and not PACKAGES.match(request.path):
            return sentence(404)
        if request.method != "POST" or request.path not in (UPDATE, DECKS):
            return None
        size = request.content_length
        if size is None and "Transfer-Encoding" in request.headers:
            return sentence(411)
        if (size or 0) > LARGEST_REQUEST:
            return sentence(413)
        if (size or 0) > LARGEST_PRESS and (refusal := gate.refused(caller)):
            return turned_away(refusal)
        try:
            body = request.get_json(silent=True)
        except RecursionError:
            return sentence(400)
        if (size or 0) > LARGEST_PRESS and not (isinstance(body, dict) and "import-room" in str(body.get("output"))):
            return sentence(413)
        if request.path == DECKS:
            if not isinstance(body, dict) or is_deep(body):
                return sentence(400)
        elif not is_press(body, app.callback_map):
            return sentence(400)
        if (request.path == DECKS or changes(body)) and (refusal := gate.refused(caller)):
            return turned_away(refusal)
        return None

    # Of all that is asked before a request is answered, this comes first.
    asked: list[Any] = server.before_request_funcs[None]
    asked.insert(0, asked.pop())
    # What a request finds of the store is so to its end, and an ill one is asked once.
    server.before_request(store.begin)
    server.teardown_request(lambda error: store.end())

    @server.errorhandler(Exception)
    def failed(error: Exception) -> tuple[Response, int]:
        if isinstance(error, HTTPException) and error.code:
            return sentence(error.code)
        if static_answer(request.path) and isinstance(error, OSError | ValueError | DashException):
            return sentence(404)  # a name that is no file's: Dash and Flask look for it without asking first
        if isinstance(error, UnknownPeriod):
            return told(Speech.of(_lang()).pick(error.zh, error.en), 404)  # its figures were undone just now
        if isinstance(error, IllStore):
            return told(Speech.of(_lang()).pick(error.zh, error.en), 503)
        id = secrets.token_hex(4)
        journal.say("error", gate.caller().address, f"{request.method} {request.path}", id)
        log.error("%s", id, exc_info=error)
        return told(word("server_error", _lang(), id=id), 500)

    @server.after_request
    def headers(response: Response) -> Response:
        page, code = read_page(request.path) or ("", "")
        is_missing = g.get("is_missing", False) or (page in places and bool(code) and code not in places[page])
        if is_missing and response.mimetype == "text/html":
            response.status_code = 404  # with the page that helps to find what was meant
        response.headers.update(HEADERS)
        if response.mimetype in SHOWN:
            response.headers.update(SHOWN_HEADERS)
        if response.mimetype == "text/html":
            response.headers["Content-Security-Policy"] = policy
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        if response.mimetype == "text/html" or request.path.startswith(PREFIX):
            response.headers["Cache-Control"] = "no-store" if gate.caller().token or _has_imports(store) else "no-cache"
        elif request.path == UPDATE:
            response.headers["Cache-Control"] = "no-store"
        elif static_answer(request.path) and response.status_code == 200:
            if request.args.get("m") or g.get("is_lasting", False):
                response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
            response.direct_passthrough = False
            response.set_data(response.get_data())  # whole, not streamed: so its compressed form is made once and kept
        if response.status_code == 200 and response.headers.get("Content-Disposition", "").startswith("attachment"):
            journal.say("export", gate.caller().address, request.path, str(response.content_length or "ok"))
        return response

    @server.get("/robots.txt")
    def robots() -> Response:
        return Response("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")

    _signing(server, gate, journal, turned_away)


def _has_imports(store: Store) -> bool:
    return store.last() != 0  # also where an ill store does not say


def _signing(
    server: Flask, gate: Gate, journal: Journal, turned_away: Callable[[Refusal], tuple[Response, int]]
) -> None:
    """Attach the addresses that the forms of `layouts.pages.data.sign_in_form` send to; they need no script."""

    @server.post("/sign-in")
    def sign_in() -> AnyResponse | tuple[Response, int]:
        caller, lang = gate.caller(), _lang()
        if (request.content_length or LARGEST_FORM + 1) > LARGEST_FORM:
            return sentence(413 if request.content_length else 411)
        if refusal := gate.origin_refused(caller):
            return turned_away(refusal)

        def answered(key: str, code: int, **values: Any) -> tuple[Response, int]:
            journal.say("sign-in", caller.address, "", f"{code} {key}")
            return told(word(key, lang, **values), code)

        try:
            token = gate.desk.sign_in(request.form.get("key", "").strip(), caller.address, time.time())
            if token is None:
                return answered("key_wrong" if gate.desk.has_key() else "key_none", 403)
        except TooMany as error:
            response, code = answered("key_wait", 429, minutes=-(-error.seconds // 60))
            response.headers["Retry-After"] = str(error.seconds)
            return response, code
        except DeskError:
            return answered("desk_shut", 503)
        journal.say("sign-in", caller.address, "", "ok")
        back = redirect(_back(), 303)
        back.set_cookie(COOKIE, token, LASTS, httponly=True, samesite="Strict", secure=caller.secure, path="/")
        return back

    @server.post("/sign-out")
    def sign_out() -> AnyResponse | tuple[Response, int]:
        caller = gate.caller()
        if refusal := gate.origin_refused(caller):
            return turned_away(refusal)
        try:
            gate.desk.sign_out(caller.token)
        except DeskError:
            return told(word("desk_shut", _lang()), 503)
        journal.say("sign-out", caller.address, "", "ok")
        back = redirect(_back(), 303)
        back.delete_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
        return back


def _back() -> str:
    """Return the page from which a form was sent."""
    try:
        came = urlsplit(request.referrer or "")
    except ValueError:
        return DATA
    if read_page(came.path) is None:
        return DATA
    return came.path + (f"?{came.query}" if came.query else "")


def _lang() -> str:
    """Return the language of an answer: that of the address, else of the page from which it was asked."""
    asked = request.args.get("lang") or ("en" if "lang=en" in (request.referrer or "").partition("?")[2] else "")
    return "en" if asked == "en" else "zh"


def sentence(code: int) -> tuple[Response, int]:
    """Answer an error with a sentence: JSON for a program's request, plain text for a person's."""
    key = ERRORS.get(code, "server_busy" if code >= 500 else "bad_request")
    return told(word(key, _lang(), path=request.path[:200]), code)


def told(text: str, code: int) -> tuple[Response, int]:
    """Answer with a sentence as its reader takes it."""
    if request.path.startswith("/_dash") or request.accept_mimetypes.best == "application/json" or request.is_json:
        return jsonify(error=text), code
    return Response(text + "\n", content_type="text/plain; charset=utf-8"), code


def static_answer(path: str) -> bool:
    """Return whether an address names a file that never changes under that address."""
    return bool(re.match(r"/(assets|_dash-component-suites)/", path))
