"""What Python says of a county that is picked, and of an address that was not understood; all else is the browser's."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from callbacks.pages import say_ignored
from callbacks.presses import language
from callbacks.standings import Standings
from layouts.pages import map as page
from layouts.parts import figures
from layouts.parts.card import county_card
from layouts.words import word
from targets.observations import NOTHING
from targets.selection import empty_sentence


def register(app: Dash, standings: Standings) -> None:
    """Attach the callbacks to the app."""
    atlas, store = standings.atlas, standings.store

    @app.callback(
        Output("notice", "children"),
        Output("card", "children"),
        Input("view", "data"),
        prevent_initial_call=True,
    )
    def follow(query: str | None) -> tuple[Any, ...]:
        view, ignored = standings.read(query if isinstance(query, str) else "")
        matched = atlas.select(view.filter)
        notices = []
        if ignored:
            notices.append(html.P(say_ignored(ignored, view.lang)))
        if not matched:
            notices.append(html.P(empty_sentence(view.filter, atlas.members, atlas.plan, view.lang)))
        card = None
        if view.county:
            standing = standings.of(view.period)
            card = county_card(atlas, view.county, view.lang, standing, standing.roads(atlas))
        if store.last() == NOTHING:
            notices.append(html.P(word("store_banner", view.lang)))
        return notices, card

    @app.callback(
        Output("page", "children"), Output("page", "data-lang"), Input("language", "data"), prevent_initial_call=True
    )
    def speak(asked: Any) -> tuple[Any, str]:
        lang = language(asked)
        return page.rooms(atlas, lang), lang

    @app.callback(
        Output("spread-room", "children"),
        Input("charts-wanted", "data"),
        State("view", "data"),
        State("page", "data-lang"),
        prevent_initial_call=True,
    )
    def chart(asked: Any, query: str | None, lang: Any) -> Any:
        lang = language(lang)
        # What asks for a chart says for which view: the store may not have heard of a change of theme.
        query = asked.get("query") if isinstance(asked, dict) else query
        view, _ignored = atlas.read(query if isinstance(query, str) else "")
        counts = figures.spread_counts(atlas.select(view.filter), atlas.members, atlas.plan)
        figure = figures.spread(counts, atlas.plan, lang=lang, theme=view.theme)
        return dcc.Graph(id="spread-graph", figure=figure, config=figures.config(lang), responsive=True)

    app.clientside_callback(
        ClientsideFunction("atlas", "spread"),
        Output("spread-graph", "figure"),
        Input("spread-counts", "data"),
        Input("spread-room", "children"),  # a chart just drawn takes the newest counts
        State("spread-graph", "figure"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("atlas", "press_bar"),
        Input("spread-graph", "clickData"),
        prevent_initial_call=True,
    )
