"""What the browser asks for in pieces: plain addresses, each answer with the store's last event in its ETag.

A page that is open knows by it whether someone has imported meanwhile; a piece that is still right is not sent again.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from dash import Dash
from flask import Response, abort, request

from callbacks.gate import Gate
from callbacks.pages import counted, progress_data, sheet
from callbacks.standings import Standings
from layouts.facts.pages import PAGES, read_page
from layouts.facts.view import View
from layouts.pages import settlement
from layouts.pages.map import store_banner
from layouts.parts.markup import write
from targets.observations import NOTHING

PREFIX = "/fragment/"
EDITION = secrets.token_hex(4)  # a program that was started anew may say it otherwise


def register(app: Dash, standings: Standings, gate: Gate) -> None:
    """Attach the addresses to the app's server."""
    server, atlas, store = app.server, standings.atlas, standings.store

    def asked() -> View:
        view, _ = standings.read(request.query_string.decode("utf-8", "replace"))
        return view

    def piece(content: Any, mimetype: str = "application/json", content_is_of_events: bool = True) -> Response:
        """Answer with a text, or with data as JSON; what rests on other things than figures has no ETag."""
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        answer = Response(text.encode(errors="replace"), content_type=f"{mimetype}; charset=utf-8")
        if content_is_of_events:
            who = gate.who(gate.caller())
            answer.set_etag(f"{store.last()}.{store.mark}.{atlas.today}.{EDITION}.{who}", weak=True)
        answer.make_conditional(request)
        return answer

    @server.get(PREFIX + "page/<path:path>")
    def page(path: str) -> Response:
        id, _ = read_page(f"/{path}") or ("map", "")
        view = asked()
        html = sheet(standings, f"/{path}", view, gate.who(gate.caller()))
        if html is None:
            abort(404)
        # The page around it may have been sent while all was well.
        banner = store_banner(view.lang) if store.last() == NOTHING else ""
        return piece(banner + html, "text/html", content_is_of_events=PAGES[id].lasting)

    @server.get(PREFIX + "settlement/try")
    def settlement_try() -> Response:
        # Worked out for who asks, and kept nowhere.
        return piece(write(settlement.trial(atlas, standings.of(None), request.args, asked().lang)), "text/html", False)

    @server.get(PREFIX + "settlement/order")
    def settlement_order() -> Response:
        year, indicator = request.args.get("year", ""), request.args.get("indicator", "")
        if not (year.isdecimal() and year.isascii() and len(year) == 4):
            abort(404)
        made = settlement.order(atlas, standings.of(None), int(year), indicator, asked().lang)
        return piece(write(made), "text/html")

    @server.get(PREFIX + "counted")
    def count() -> Response:
        return piece(counted(standings, asked()))

    @server.get(PREFIX + "layer")
    def layer() -> Response:
        view = asked()
        return piece(progress_data(standings, view.period, view.lang))
