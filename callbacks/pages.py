"""The pages beside the map: filled when they are opened, and after each import and undo."""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from typing import Any

import pandas as pd
from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate
from flask import request

from layouts import compare_page, county_page, data_page, overlap_page, prefecture_page, progress_page
from layouts.atlas import Atlas, Standing
from layouts.markup import write
from layouts.view import LANGUAGES, SHEETS, View, read_page
from layouts.wording import word
from targets import progress
from targets.importing import compare
from targets.observations import Store, StoreError
from targets.reading import Reading, read_file

LOCAL = ("127.0.0.1", "::1", "::ffff:127.0.0.1")


def may_import() -> bool:
    """Return whether a request comes from the machine itself: until accounts exist, only it may change the store."""
    forwarded = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
    return request.remote_addr in LOCAL and not any(name in request.headers for name in forwarded)


_assessed: OrderedDict[tuple[int, int, int, str | None], pd.DataFrame] = OrderedDict()
KEPT = 24  # assessments; the store's last event is part of the key, so none is ever old


def assessed(atlas: Atlas, store: Store, period: str | None) -> pd.DataFrame:
    """Return the assessment of all counties, made once for each state of the store and period."""
    key = (id(atlas), id(store), store.last(), period)
    if key not in _assessed:
        _assessed[key] = progress.assess(atlas.counties, store.observations(), period, plan=atlas.plan)
        while len(_assessed) > KEPT:
            _assessed.popitem(last=False)
    return _assessed[key]


def progress_data(atlas: Atlas, store: Store, period: str | None, lang: str) -> dict[str, Any]:
    """Return what the browser needs for the progress layer: each county's state and latest figure in a few words."""
    assessment = assessed(atlas, store, period)
    states = {str(adcode): row["state"] for adcode, row in assessment.iterrows()}
    said = {}
    for adcode, row in assessment[assessment["observed"].notna()].iterrows():
        value = f"{row['observed']:,.1f}亿元" if lang == "zh" else f"{row['observed'] / 10:,.2f} bn yuan"
        year = f"{row['year']}年" if lang == "zh" else f"{row['year']}"
        said[str(adcode)] = (
            f"{year} {value}（{row['status']}）"
            if lang == "zh"
            else f"{value}, {year} ({progress.say_status(row['status'], 'en')})"
        )
    return {
        "period": period,
        "classes": [states.get(adcode, "na") for adcode in atlas.counties.index],
        "said": [said.get(adcode, "") for adcode in atlas.counties.index],
        "periods": progress_page.periods(store.observations()),
    }


def sheet(atlas: Atlas, store: Store, path: str, view: View) -> str | None:
    """Write the page that an address's path names as HTML text; None for the map, the data page and what is no page."""
    name, code = read_page(path) or ("", "")
    if name not in SHEETS:
        return None
    standing = Standing(
        observations=store.observations(),
        batches=store.batches(),
        indicators=store.indicators(),
        assessment=assessed(atlas, store, view.period),
    )
    if name == "progress":
        return write(progress_page.page(atlas, standing.observations, view, standing.assessment))
    if name == "overlap":
        return write(overlap_page.page(atlas, view))
    if name == "compare":
        return write(compare_page.page(atlas, standing, view))
    if name == "county":
        return write(county_page.page(atlas, standing, view, code))
    return write(prefecture_page.page(atlas, standing, view, code))


def register(app: Dash, atlas: Atlas, store: Store) -> None:
    """Attach the pages' callbacks."""

    @app.callback(Output("sheet-answer", "data"), Input("sheet-ask", "data"), prevent_initial_call=True)
    def open_sheet(asked: Any) -> dict[str, str]:
        path, query, key = (
            _text(asked.get(name)) if isinstance(asked, dict) else "" for name in ("path", "query", "key")
        )
        html_text = sheet(atlas, store, path, atlas.read(query)[0])
        if html_text is None:
            raise PreventUpdate
        return {"key": key, "query": query, "html": html_text}

    @app.callback(Output("counted-answer", "data"), Input("counted-ask", "data"), prevent_initial_call=True)
    def count(query: Any) -> dict[str, Any]:
        view, _ = atlas.read(_text(query))
        said = progress_page.counted(atlas, store.observations(), view, assessed(atlas, store, view.period))
        return {"query": query, "said": said}

    @app.callback(Output("progress-layer", "data"), Input("layer-ask", "data"), prevent_initial_call=True)
    def repaint(asked: dict[str, Any]) -> dict[str, Any]:
        view, _ = atlas.read(_text(asked.get("query")) if isinstance(asked, dict) else "")
        return progress_data(atlas, store, view.period, view.lang)

    for name, given in (
        ("progress", "progress-layer"),
        ("changed", "changed"),
        ("sheet", "sheet-answer"),
        ("counted", "counted-answer"),
    ):
        output = Output("painted", "data", allow_duplicate=name != "progress")
        app.clientside_callback(
            ClientsideFunction("atlas", name), output, Input(given, "data"), prevent_initial_call=True
        )

    @app.callback(Output("data-room", "children"), Input("data-ask", "data"), prevent_initial_call=True)
    def open_data(lang: str) -> Any:
        return data_page.page(atlas, store, _lang(lang), may_import())

    @app.callback(
        Output("import-room", "children"),
        Output("accept-room", "children"),
        Input("import-file", "contents"),
        State("import-file", "filename"),
        State("import-period", "value"),
        State("import-source", "value"),
        State("page", "data-lang"),
        prevent_initial_call=True,
    )
    def look(contents: str | None, name: str | None, period: str | None, source: str | None, lang: str) -> Any:
        if not contents:
            raise PreventUpdate
        lang = _lang(lang)
        if not may_import():
            return html.P(word("import_local_only", lang), className="nothing"), None
        try:
            reading = _reading(store, contents, name, period, source)
            return data_page.reading_report(reading, store, lang), None
        except (ValueError, StoreError) as error:
            return html.P(_one_language(error, lang), className="nothing"), None

    @app.callback(
        Output("import-room", "children", allow_duplicate=True),
        Output("accept-room", "children", allow_duplicate=True),
        Output("batches-room", "children"),
        Output("coverage-room", "children"),
        Output("changed", "data"),
        Input("import-accept", "n_clicks"),
        State("import-token", "data"),
        State("import-file", "contents"),
        State("import-file", "filename"),
        State("import-period", "value"),
        State("import-source", "value"),
        State("import-who", "value"),
        State("import-note", "value"),
        State("page", "data-lang"),
        prevent_initial_call=True,
    )
    def accept(
        clicks: int, token: str, contents: str, name: str, period: str, source: str, who: str, note: str, lang: str
    ) -> tuple[Any, ...]:
        if not clicks:
            raise PreventUpdate
        lang = _lang(lang)
        stay = (no_update, no_update, no_update)
        if not may_import():
            return no_update, html.P(word("import_local_only", lang), className="nothing"), *stay
        try:
            reading = _reading(store, contents, name, period, source)
            difference = compare(reading, store) if reading.ok else None
            if difference is None or difference.token != token:
                return (
                    data_page.reading_report(reading, store, lang),
                    html.P(word("look_again", lang), className="nothing"),
                    *stay,
                )
            batch = store.accept(difference, _text(who) or word("nobody", lang), _text(note))
        except (ValueError, StoreError) as error:
            return no_update, html.P(_one_language(error, lang), className="nothing"), *stay
        done = html.P(word("accepted", lang, batch=batch, n=len(reading.rows)), className="finding")
        return None, done, data_page.batches(store, lang, True), data_page.coverage(store, lang), batch

    @app.callback(
        Output("accept-room", "children", allow_duplicate=True),
        Output("batches-room", "children", allow_duplicate=True),
        Output("coverage-room", "children", allow_duplicate=True),
        Output("changed", "data", allow_duplicate=True),
        Input("undo-ask", "data"),
        State("import-who", "value"),
        State("page", "data-lang"),
        prevent_initial_call=True,
    )
    def undo(asked: dict[str, Any] | None, who: str | None, lang: str) -> tuple[Any, ...]:
        lang = _lang(lang)
        batch = asked.get("batch") if isinstance(asked, dict) else None
        if not isinstance(batch, int) or isinstance(batch, bool) or abs(batch) >= 2**31:
            raise PreventUpdate
        if not may_import():
            return html.P(word("import_local_only", lang), className="nothing"), no_update, no_update, no_update
        try:
            event = store.undo(batch, _text(who) or word("nobody", lang))
        except StoreError as error:
            return html.P(_one_language(error, lang), className="nothing"), no_update, no_update, no_update
        done = html.P(word("undone", lang, batch=batch), className="finding")
        return done, data_page.batches(store, lang, True), data_page.coverage(store, lang), event


def _lang(lang: Any) -> str:
    return lang if lang in LANGUAGES else "zh"


def _text(given: Any) -> str:
    """Return what the page sent as text; anything else counts as nothing."""
    return given.strip() if isinstance(given, str) else ""


def _one_language(error: Exception, lang: str) -> str:
    """Return the Chinese or the English half of a message that says both."""
    zh, _, en = str(error).partition(" / ")
    return en if lang == "en" and en else zh


def _reading(store: Store, contents: str, name: str | None, period: str | None, source: str | None) -> Reading:
    """Read an uploaded file, which comes as a data URL."""
    try:
        data = base64.b64decode(_text(contents).partition(",")[2], validate=True)
    except (binascii.Error, ValueError):  # not base64, or not even ASCII
        raise ValueError("文件没有完整传到，请再选一次 / The file did not arrive whole; choose it again") from None
    return read_file(
        data, _text(name) or "?", indicators=store.indicators(), period=_text(period), citation=_text(source)
    )
