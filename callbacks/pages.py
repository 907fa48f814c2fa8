"""The pages beside the map: filled when they are opened, and after each import and undo."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
from dash import ClientsideFunction, Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from callbacks import steps
from callbacks.gate import Gate
from callbacks.presses import language
from callbacks.standings import KEPT, Standings, keep
from layouts.facts import progress as progress_facts
from layouts.facts.atlas import Atlas
from layouts.facts.pages import PAGES, Asked, read_page
from layouts.facts.view import View
from layouts.pages import data as data_page
from layouts.parts.county_map import stored_layers
from layouts.parts.markup import write
from layouts.words import word
from targets import progress
from targets.decks import DeckStore
from targets.importing import compare
from targets.intake import Reading, read_file
from targets.journal import Journal
from targets.observations import Store, StoreError
from targets.provenance import say_authority
from targets.speech import Speech, is_whole

KEPT_TEXT = 24 << 20  # characters of pages written out


def say_ignored(ignored: tuple[str, ...], lang: str) -> str:
    """Say which parts of an address were not understood."""
    return word("ignored", lang, parts=Speech.of(lang).list(ignored)[:200])


def progress_data(standings: Standings, period: str | None, lang: str) -> dict[str, Any]:
    """Return what the browser needs of the store: its layers, each county's latest figure in a few words, the roads.

    ``layers`` has the legend of each layer that rests on the store, named in both languages, since the page changes
    its language at once, and each county's class; ``roads`` has the year of opening of each county planned for, by
    adcode; None where no opening is known; ``periods`` are those on offer, ``known`` all that an address may name. It
    is made once; change a copy only.
    """
    return standings.now(_progress_data, period, lang)


@keep(KEPT)
def _progress_data(standings: Standings, event: int, today: date, period: str | None, lang: str) -> dict[str, Any]:
    atlas, standing = standings.atlas, standings.of(period)
    assessment = standing.assessment
    said = {str(adcode): _in_few_words(row, lang) for adcode, row in assessment.iterrows()}
    opened = standing.roads(atlas).counties["opened_year"]
    return {
        "period": period,
        "layers": stored_layers(atlas, standing, View(period=period)),
        "said": [said.get(adcode, "") for adcode in atlas.counties.index],
        "periods": progress_facts.periods(standing.observations),
        "known": sorted(standings.periods()),
        "roads": {str(adcode): None if pd.isna(year) else int(year) for adcode, year in opened.items()},
    }


def _in_few_words(row: pd.Series, lang: str) -> str:
    """Say a county's latest full year, and what is known of a later part of a year; else of another period."""
    speech = Speech.of(lang)
    said = []
    if not pd.isna(row["observed"]):
        value = progress.say_figure(row, lang)
        grade = say_authority(row, lang)
        year = speech.period(str(row["year"]))
        said.append(word("known_in_few_words", lang, year=year, amount=value, grade=grade))
    if not pd.isna(row["floor"]):
        said.append(progress.say_floor(row, lang))
    if row["absent"] == "contradicted":
        said.append(word("contradicted", lang))
    if not pd.isna(row["part_year"]):
        said.append(progress.say_part(row, lang, short=True))
    if not pd.isna(row["growth"]) and (pd.isna(row["observed"]) or not is_whole(row["growth_period"])):
        said.append(progress.say_growth(row, lang))
    if not said and (other := progress.say_other(row, lang)):
        said.append(other)
    return speech.clauses(said)


def sheet(standings: Standings, path: str, view: View, who: str = "") -> str | None:
    """Write the page that an address's path names as HTML text; None for the map, the data page and what is no page.

    By what its reader may change things, `who` says as `Gate.who` does.
    """
    id, _ = read_page(path) or ("", "")
    if id not in PAGES or PAGES[id].markup is None:
        return None
    if not PAGES[id].lasting:
        return _written(standings, path, view, who)
    return standings.now(_sheet, path, view)


@keep(KEPT_TEXT, len)
def _sheet(standings: Standings, event: int, today: date, path: str, view: View) -> str:
    return _written(standings, path, view)


def _written(standings: Standings, path: str, view: View, who: str = "") -> str:
    id, code = read_page(path) or ("", "")
    markup = PAGES[id].markup
    asked = Asked(standings.atlas, view, code, standings.of, DeckStore(standings.store), who)
    return write(markup and markup(asked))


def counted(standings: Standings, view: View) -> dict[str, Any]:
    """Return what the progress page says and counts of a view's counties; made once, so change a copy only."""
    return standings.now(_counted, view)


@keep(4 * KEPT)
def _counted(standings: Standings, event: int, today: date, view: View) -> dict[str, Any]:
    return progress_facts.counted(standings.atlas, standings.of(view.period), view)


def register(
    app: Dash, standings: Standings, gate: Gate, journal: Journal, changed: Callable[[], object] = lambda: None
) -> None:
    """Attach the pages' callbacks; `changed` is called after each import and undo."""
    atlas, store = standings.atlas, standings.store

    app.clientside_callback(ClientsideFunction("atlas", "changed"), Input("changed", "data"), prevent_initial_call=True)

    @app.callback(Output("data-room", "children"), Input("data-ask", "data"), prevent_initial_call=True)
    def open_data(lang: str) -> Any:
        return data_page.page(atlas, store, language(lang), gate.who(gate.caller()))

    fields = [State(f"import-{name}", "value") for name in ("period", "source", "status")]

    @app.callback(
        Output("import-room", "children"),
        Output("accept-room", "children"),
        Input("import-file", "contents"),
        State("import-file", "filename"),
        *fields,
        State("page", "data-lang"),
        prevent_initial_call=True,
    )
    def look(contents: Any, name: Any, period: Any, source: Any, status: Any, lang: Any) -> Any:
        if not contents:  # cleared, after an import or before the next file
            raise PreventUpdate
        lang = language(lang)
        try:
            reading, looked = _reading(atlas, store, contents, name, period, source, status)
            steps.begin("compare")
            return data_page.reading_report(atlas, reading, store, lang, looked), None
        except (ValueError, StoreError) as error:
            return html.P(_one_language(error, lang), className="nothing"), None

    @app.callback(
        Output("import-room", "children", allow_duplicate=True),
        Output("accept-room", "children", allow_duplicate=True),
        Input("import-period", "value"),
        Input("import-source", "value"),
        Input("import-status", "value"),
        State("import-file", "contents"),
        State("import-file", "filename"),
        State("page", "data-lang"),
        prevent_initial_call=True,
    )
    def look_again(period: Any, source: Any, status: Any, contents: Any, name: Any, lang: Any) -> Any:
        return look(contents, name, period, source, status, lang)

    @app.callback(
        Output("import-room", "children", allow_duplicate=True),
        Output("accept-room", "children", allow_duplicate=True),
        Output("batches-room", "children"),
        Output("coverage-room", "children"),
        Output("indicators-room", "children"),
        Output("import-file", "contents"),
        # What was said of one file must not be taken for said of the next.
        *(Output(f"import-{name}", "value") for name in ("period", "source", "status", "note")),
        Output("changed", "data"),
        Input("import-accept", "n_clicks"),
        State("import-token", "data"),
        State("import-looked", "data"),
        State("import-file", "contents"),
        State("import-file", "filename"),
        *fields,
        State("import-who", "value"),
        State("import-note", "value"),
        State("page", "data-lang"),
        prevent_initial_call=True,
    )
    def accept(
        clicks: Any, token: Any, seen: Any, contents: Any, name: Any, period: Any, source: Any, status: Any,
        who: Any, note: Any, lang: Any,
    ) -> tuple[Any, ...]:  # fmt: skip
        if not clicks:
            raise PreventUpdate
        lang = language(lang)
        stay = (no_update,) * 9
        try:
            reading, looked = _reading(atlas, store, contents, name, period, source, status)
            steps.begin("compare")
            difference = compare(reading, store, plan=atlas.plan) if reading.ok else None
            if difference is None or difference.token != token:
                return (
                    data_page.reading_report(atlas, reading, store, lang, looked),
                    html.P(word(_why_again(seen, looked), lang), className="nothing"),
                    *stay,
                )
            steps.begin("store")
            batch = store.accept(difference, _text(who) or word("nobody", lang), _text(note))
            n = len(reading.rows) + len(reading.records)
            said = f"{n} rows, {_text(who) or '-'}"
            journal.say("import", gate.caller().address, f"{batch} {reading.name}", said)
            changed()
        except (ValueError, StoreError) as error:
            return no_update, html.P(_one_language(error, lang), className="nothing"), *stay
        done = data_page.stored_report(atlas, standings.of(None), reading, batch, lang)
        return None, done, *_standing(lang), None, "", "", data_page.IMPORT_STATUSES[0], "", batch

    @app.callback(
        Output("import-room", "children", allow_duplicate=True),
        Output("accept-room", "children", allow_duplicate=True),
        Output("batches-room", "children", allow_duplicate=True),
        Output("coverage-room", "children", allow_duplicate=True),
        Output("indicators-room", "children", allow_duplicate=True),
        Output("import-file", "contents", allow_duplicate=True),
        Output("changed", "data", allow_duplicate=True),
        Input("undo-ask", "data"),
        State("import-who", "value"),
        State("page", "data-lang"),
        prevent_initial_call=True,
    )
    def undo(asked: Any, who: Any, lang: Any) -> tuple[Any, ...]:
        lang = language(lang)
        batch = _event(asked.get("batch") if isinstance(asked, dict) else None)
        if batch is None:
            raise PreventUpdate
        stay = (no_update,) * 5
        try:
            steps.begin("store")
            event = store.undo(batch, _text(who) or word("nobody", lang))
            journal.say("undo", gate.caller().address, str(batch), f"{event}, {_text(who) or '-'}")
            changed()
        except StoreError as error:
            return no_update, html.P(_one_language(error, lang), className="nothing"), *stay
        done = html.P(word("undone", lang, batch=batch), className="finding")
        # A difference that was on show was against a state that is gone.
        return None, done, *_standing(lang), None, event

    def _standing(lang: str) -> tuple[Any, Any, Any]:
        return (
            data_page.batches(store, lang, True),
            data_page.known(atlas, store, lang),
            data_page.indicators(store, lang),
        )

    @app.callback(
        Output("coverage-room", "children", allow_duplicate=True),
        Input("past-ask", "data"),
        State("page", "data-lang"),
        prevent_initial_call=True,
    )
    def show_past(asked: Any, lang: Any) -> Any:
        """Show what the store held after an event, or, without one, what it holds now."""
        event = _event(asked.get("value") if isinstance(asked, dict) else None)
        past = None if event is None or event < 0 else min(event, store.last())
        return data_page.known(atlas, store, language(lang), past)

    @app.callback(
        Output("batch-room", "children"),
        Input("batch-ask", "data"),
        State("page", "data-lang"),
        prevent_initial_call=True,
    )
    def show_batch(asked: Any, lang: Any) -> Any:
        batch = _event(asked.get("value") if isinstance(asked, dict) else None)
        return None if batch is None else data_page.batch_report(atlas, store, batch, language(lang))

    @app.callback(
        Output("history-room", "children"),
        Input("history-ask", "data"),
        State("page", "data-lang"),
        prevent_initial_call=True,
    )
    def show_history(asked: Any, lang: Any) -> Any:
        place, _, indicator = _text(asked.get("value") if isinstance(asked, dict) else "").partition(" ")
        return data_page.history_report(atlas, store, place, indicator, language(lang)) if indicator else None


def _event(given: Any) -> int | None:
    """Return the number of an event that the page sent, as a number or as text; None for anything else."""
    if isinstance(given, str) and given.isdecimal() and given.isascii():
        given = int(given[:11])
    return given if isinstance(given, int) and not isinstance(given, bool) and abs(given) < 2**31 else None


def _why_again(seen: Any, looked: dict[str, str]) -> str:
    """Return the words for why what is accepted is not what was looked at."""
    if not isinstance(seen, dict) or seen == looked:
        return "look_again"
    return "look_again_file" if seen.get("sha256") != looked["sha256"] else "look_again_fields"


def _text(given: Any) -> str:
    """Return what the page sent as text; anything else counts as nothing."""
    return given.strip() if isinstance(given, str) else ""


def _one_language(error: Exception, lang: str) -> str:
    """Return the Chinese or the English half of a message that says both."""
    zh, _, en = str(error).partition(" / ")
    return Speech.of(lang).pick(zh, en or zh)


def _reading(
    atlas: Atlas, store: Store, contents: Any, name: Any, period: Any, source: Any, status: Any
) -> tuple[Reading, dict[str, str]]:
    """Read an uploaded file, which comes as a data URL; say also by what file and fields it was read."""
    steps.begin("read")
    try:
        data = base64.b64decode(_text(contents).partition(",")[2], validate=True)
    except (binascii.Error, ValueError):  # not base64, or not even ASCII
        raise ValueError("文件没有完整传到，请再选一次 / The file did not arrive whole; choose it again") from None
    period, source, status = _text(period), _text(source), _text(status)
    reading = read_file(
        data,
        _text(name) or "?",
        indicators=store.indicators(),
        period=period,
        citation=source,
        status=status,
        today=atlas.today,
        plan=atlas.plan,
    )
    return reading, {"sha256": reading.sha256, "period": period, "source": source, "status": status}
