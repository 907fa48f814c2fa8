"""The data page: what is loaded, of how many counties, by which batches; import; sources; corrections to the print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import pandas as pd
from dash import dcc, html

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.county import indicator_name
from layouts.facts.pages import Page
from layouts.parts.markup import county_cell, key_form, page_link, table
from layouts.parts.provenance import spoken_property
from layouts.words import both, said_of_some, word
from targets.evidence import CONTRADICTED, IS_LEAD, JUDGES, settle
from targets.importing import SHARE, compare, samples, say_flags
from targets.indicators import say_written, shipped_indicators
from targets.intake import MAX_FILE, Reading
from targets.observations import Difference, Store
from targets.progress import GDP, REACHED, SHORT
from targets.provenance import say_authority, say_when
from targets.settlement import forms
from targets.settlement.records import Record, in_force
from targets.settlement.records import in_order as records_in_order
from targets.settlement.records import said as records_said
from targets.settlement.say import say_part, say_parts, say_record
from targets.speech import Speech, exact, in_time, is_whole

# Here values stand as a file has them, to be checked against it: 134.9345 × 100 m yuan, not 13.49345 bn yuan.
UNITS_EN = {
    "亿元": "× 100 m yuan", "万元": "× 10,000 yuan", "元": "yuan", "万人": "× 10,000 people", "人": "people", "个": "",
    "万千瓦": "× 10 MW", "兆瓦": "MW", "日期": "(date)",
    "公里": "km", "头": "head", "只": "head", "万头": "× 10,000 head", "万只": "× 10,000 head",
}  # fmt: skip
TAGS = {IS_LEAD: "to_verify", CONTRADICTED: "contradicted"}
MOST = 200  # rows of a difference or of faults that are shown at once
CHANGES = {
    "new": "difference_new",
    "changed": "difference_changed",
    "restated": "difference_restated",
    "unchanged": "difference_unchanged",
}
ADDRESS = "%/:=&?~#+!$,;'@()*[]"  # what stays as it is in an address
IMPORT_STATUSES = ("未注明", "初步", "核定")  # what the file does not say: the first by itself


def page(atlas: Atlas, store: Store, lang: str, who: str) -> list[Any]:
    """Return the whole page; by what its reader may import (``here``, ``key``, or not at all), `who` says."""
    return [
        html.H2(word("nav_data", lang)),
        importer(atlas, lang, who),
        html.Section(
            [
                html.H2(word("coverage_title", lang, atlas.plan)),
                html.Div(known(atlas, store, lang), id="coverage-room"),
            ]
        ),
        html.Section(
            [
                html.H2(word("batches_title", lang)),
                html.Div(batches(store, lang, bool(who)), id="batches-room"),
                html.Div(id="batch-room"),
                html.Div(id="history-room"),
                # What the browser asks for when a button in a table is pressed.
                dcc.Store(id="past-ask"),
                dcc.Store(id="batch-ask"),
                dcc.Store(id="history-ask"),
            ]
        ),
        html.Section(
            [html.H2(word("indicators_title", lang)), html.Div(indicators(store, lang), id="indicators-room")]
        ),
        html.Section([html.H2(word("sources_title", lang)), sources(atlas, lang)]),
        html.Section(
            [html.H2(word("corrections_title", lang, n=len(atlas.plan.corrections))), corrections(atlas, lang)]
        ),
    ]


def importer(atlas: Atlas, lang: str, who: str) -> html.Section:
    """Return the steps of an import: drop a file, see what was read and what it would change, accept."""
    template = html.P(
        [
            word("template_text", lang),
            html.A(
                word("template_xlsx", lang),
                href=f"/template/observations.xlsx?lang={lang}",
                className="btn btn-outline-secondary btn-sm",
            ),
            html.A(
                word("template_csv", lang),
                href=f"/template/observations.csv?lang={lang}",
                className="btn btn-outline-secondary btn-sm",
            ),
            html.Span(word("template_which", lang, atlas.plan), className="quiet"),
        ],
        className="templates",
    )
    if not who:
        return html.Section([html.H2(word("import_title", lang)), template, key_form(lang, who)])
    fields = [
        html.Label(
            [
                word(f"import_{key}", lang),
                dcc.Input(id=f"import-{key}", type="text", debounce=True, placeholder=word(f"import_{key}_hint", lang)),
            ]
        )
        for key in ("who", "period", "source", "note")
    ]
    # Dash's own radio buttons and drop-downs are not sound for screen readers: a plain one fills the hidden field.
    options = [html.Option(Speech.of(lang).status(status), value=status) for status in IMPORT_STATUSES]
    chooser = html.Select(options, id="import-status-choice", className="form-select form-select-sm")
    hidden = dcc.Input(id="import-status", type="hidden", value=IMPORT_STATUSES[0])
    fields.append(html.Label([word("import_status", lang), chooser, hidden]))
    return html.Section(
        [
            html.H2(word("import_title", lang)),
            html.P(word("import_text", lang), className="quiet"),
            template,
            html.Div(fields, className="import-fields"),
            dcc.Upload(html.Span([word("import_drop", lang)]), id="import-file", className="drop", max_size=MAX_FILE),
            html.Div(id="import-progress", **{"data-most": str(MAX_FILE)}),  # the browser's own: what goes on, how long
            html.Div(id="import-room", role="status"),
            html.Div(id="accept-room", role="status"),
            html.P(id="import-refused", role="alert"),  # the browser's own
            html.P(word("import_local_text", lang), className="quiet") if who == "here" else key_form(lang, who),
        ]
    )


def stored_report(atlas: Atlas, standing: Standing, reading: Reading, batch: int, lang: str) -> html.P:
    """Say what was stored, and lead to what it changes: who is short now, or the place that it is of.

    Parameters
    ----------
    standing : Standing
        With the batch in it.
    """
    said: list[Any] = [word("accepted", lang, batch=batch, n=len(reading.rows) + len(reading.records))]
    for text, path in _ways_on(atlas, standing, reading, lang):
        said += [" → ", page_link(text, path)]
    return html.P(said, className="finding")


def _ways_on(atlas: Atlas, standing: Standing, reading: Reading, lang: str) -> list[tuple[str, str]]:
    """Return what to look at after an import, each with its page."""
    ways = []
    places = {row.place for row in reading.rows}
    if any(row.indicator == GDP and is_whole(row.period) for row in reading.rows):
        states = standing.assessment["state"]
        short = int(states.isin(SHORT).sum())
        key, n = ("accepted_short", short) if short else ("accepted_reached", int((states == REACHED).sum()))
        ways.append((word(key, lang, n=n), "/progress"))
    counties = sorted(places & set(atlas.counties.index))
    if len(counties) == 1 and atlas.counties.at[counties[0], "is_county"]:
        ways.append((word("accepted_place", lang, name=place_name(atlas, counties[0], lang)), f"/county/{counties[0]}"))
    elif counties and atlas.counties.loc[counties, "prefecture_code"].nunique() == 1:
        code = str(atlas.counties.at[counties[0], "prefecture_code"])
        ways.append((word("accepted_place", lang, name=place_name(atlas, code, lang)), f"/prefecture/{code}"))
    return ways


def reading_report(
    atlas: Atlas, reading: Reading, store: Store, lang: str, looked: Mapping[str, str] | None = None
) -> list[Any]:
    """Return what a file said: rows, faults, and the difference from the store with a button to accept it.

    Parameters
    ----------
    reading : Reading
    store : Store
    lang : str
    looked : mapping of str to str, optional
        The file's checksum and the fields it was read with, to be told apart when it is accepted.
    """
    speech = Speech.of(lang)
    places = {row.place for row in reading.rows}
    told = word("read_text", lang, file=reading.name, n=len(reading.rows), places=word("n_places", lang, n=len(places)))
    if reading.records and not reading.rows:
        told = word("settle_read", lang, file=reading.name, n=len(reading.records))
    parts: list[Any] = [html.P(told, className="finding")]
    parts += [
        html.P(f"{remark.sheet} {speech.pick(remark.zh, remark.en)}".strip(), className="quiet")
        for remark in reading.remarks
    ]
    if reading.faults:
        faults = [
            (
                fault.sheet,
                fault.cell,
                fault.value[:60],
                speech.pick(fault.zh, fault.en),
                speech.pick(fault.mend_zh, fault.mend_en),
            )
            for fault in reading.faults[:MOST]
        ]
        parts += [
            html.P(word("faults_text", lang, n=len(reading.faults)), className="nothing"),
            table([word(f"head_{key}", lang) for key in ("sheet", "cell", "printed", "wrong", "mend")], faults),
        ]
        if len(reading.faults) > MOST:
            parts.append(html.P(word("more_rows", lang, n=len(reading.faults) - MOST)))
        return parts
    difference = compare(reading, store, plan=atlas.plan)
    read = [how_it_was_read(atlas, reading, difference, lang)] if reading.columns else []
    return parts + read + offer(atlas, difference, looked or {}, store, lang)


def how_it_was_read(atlas: Atlas, reading: Reading, difference: Difference, lang: str) -> html.Details:
    """Return for every column what it was read as and why, with the first values, old beside new."""
    speech = Speech.of(lang)
    rows = []
    for column in reading.columns[:MOST]:
        at = f"{column.sheet}!{column.cell}" if column.sheet else column.cell
        if column.indicator is None:
            rows.append((at, column.header, word("column_aside", lang), "", ""))
            continue
        by_row = word("by_row", lang)
        period = speech.period(column.period) if column.period else by_row
        status = speech.status(column.status) if column.status else by_row
        name = speech.pick(column.indicator.zh, column.indicator.en)
        unit = speech.pick(column.unit, UNITS_EN.get(column.unit, column.unit))
        why = speech.clauses(one.say(lang) for one in column.evidence)
        shown = [
            f"{place_name(atlas, change.row.place, lang)} {'—' if change.old is None else plain(change.old)} → "
            f"{plain(change.row.value)}"
            for change in samples(column, difference)
        ]
        rows.append((at, column.header, " · ".join((name, period, unit, status)), why, speech.clauses(shown)))
    heads = [word(f"head_{key}", lang) for key in ("cell", "heading", "meaning", "evidence", "samples")]
    return html.Details(
        [html.Summary(word("how_read", lang)), table(heads, rows, word("how_read", lang))], id="how-read", open=True
    )


def offer(atlas: Atlas, difference: Difference, looked: Mapping[str, str], store: Store, lang: str) -> list[Any]:
    """Return the difference, and the button that accepts it and nothing else."""
    parts = difference_report(atlas, difference, store, lang)
    if not difference.empty:
        button = html.Button(
            word("accept", lang),
            id="import-accept",
            n_clicks=0,
            type="button",
            className="btn btn-primary",
            **{"data-token": difference.token},
        )
        parts += [
            dcc.Store(id="import-token", data=difference.token),
            dcc.Store(id="import-looked", data=dict(looked)),
            button,
        ]
    return parts


def difference_report(atlas: Atlas, difference: Difference, store: Store, lang: str) -> list[Any]:
    """Return what would change, old beside new, what looks odd first."""
    speech, counts = Speech.of(lang), difference.counts
    names = {indicator.id: indicator for indicator in difference.indicators} | dict(store.indicators())
    parts: list[Any] = []
    if difference.changes or not difference.records:
        said = said_of_some(((key, counts[kind]) for kind, key in CHANGES.items()), lang)
        parts.append(html.P(word("difference_text", lang, said=said), className="finding"))
        parts.append(html.P(word("flags_text", lang, share=f"{SHARE:.0%}"), className="quiet"))
    if difference.repeat_of is not None:
        parts.append(html.P(word("repeat_text", lang, batch=difference.repeat_of), className="nothing"))
    for line, made in zip(say_parts(difference, lang), settled(atlas, difference, store, lang), strict=True):
        parts += [html.P(line, className="finding"), made]
    if difference.flags:
        parts.append(
            html.Ul([html.Li(line) for line in say_flags(difference.flags, names, lang)[:MOST]], className="flags")
        )
    if difference.empty:
        return [*parts, html.P(word("difference_none", lang))]
    if not difference.changes:
        return parts
    frame = difference.frame()
    frame = frame[frame["kind"] != "unchanged"].assign(odd=lambda f: f["flags"] == "").sort_values("odd", kind="stable")
    rows = [
        (
            place_name(atlas, row["place"], lang),
            indicator_name(row["indicator"], names, lang),
            speech.period(row["period"]),
            "—" if pd.isna(row["old"]) else plain(row["old"]),
            f"{plain(row['new'])} {speech.pick(row['unit'], UNITS_EN.get(row['unit'], row['unit']))}",
            _change(row, lang),
            word(f"change_{row['kind']}", lang) + (" ⚠" if row["flags"] else ""),
            row["cell"],
        )
        for row in frame.head(MOST).to_dict("records")
    ]
    parts.append(
        table(
            [
                word(f"head_{key}", lang)
                for key in ("county", "indicator", "period", "old", "new", "change", "kind", "cell")
            ],
            rows,
        )
    )
    if len(frame) > MOST:
        parts.append(html.P(word("more_rows", lang, n=len(frame) - MOST)))
    return parts


def settled(atlas: Atlas, difference: Difference, store: Store, lang: str) -> list[html.Div]:
    """Return a table for each part of the settlement that a file speaks of: what is new in it, and what is left out."""
    found = []
    for part, (_, records) in in_force({0: difference.records}, ()).held.items():
        before = records_said(difference.records_before.held.get(part, (0, ()))[1])
        mine = [(one, "settle_unchanged" if one in before else "change_new") for one in records_in_order(records)]
        gone = [(one, "settle_removed") for one in records_in_order(before - {one for one, _ in mine})]
        found.append(_records_table(atlas, [*mine, *gone], store, lang))
    return found


def _records_table(atlas: Atlas, held: Sequence[tuple[Record, str]], store: Store, lang: str) -> html.Div:
    """Return records as their form has them, settings after the rows of their scheme, each with what becomes of it."""
    heads = [word("head_kind", lang), *(word(f"settle_head_{key}", lang) for key in ("setting", "value", "document"))]
    rows = []
    for one, kind in held:
        what, value = say_record(one, store.indicators(), atlas.places.names(lang), forms.types_of(atlas.plan), lang)
        rows.append((word(kind, lang) if kind else "", what, value, one.document))
    return table(heads, rows)


def _change(row: Mapping[Any, Any], lang: str) -> str:
    """Say how far a value changes: a rate in points, anything else as a share of what it was."""
    if pd.isna(row["share"]):
        return ""
    if row["unit"] == "%":
        return word("points", lang, n=f"{(exact(row['new']) - exact(row['old'])).normalize():+f}")
    return f"{row['share'] * 100:+.1f}%"


def plain(value: float) -> str:
    """Return a value with every digit that it has."""
    return f"{exact(value).normalize():,f}"


def place_name(atlas: Atlas, place: str, lang: str) -> str:
    """Return the name of a county, a prefecture, the province or a park."""
    return atlas.places.names(lang).get(place, place)


def known(atlas: Atlas, store: Store, lang: str, as_of: int | None = None) -> list[Any]:
    """Return what the store holds, or held after an event: the matrix of counties, and what is no county."""
    export = f"/export/observations.csv?lang={lang}" + ("" if as_of is None else f"&as_of={as_of}")
    parts: list[Any] = []
    if as_of is not None:
        link = html.A(word("take_then", lang), href=export, className="btn btn-outline-secondary btn-sm")
        pressed = {"data-look": "past", "data-value": ""}
        back = html.Button(word("past_back", lang), type="button", className="btn btn-primary btn-sm", **pressed)
        parts.append(
            html.Div(
                [html.P(past_sentence(store, as_of, lang)), back, link],
                id="past-banner",
                className="past-banner",
                role="status",
                tabIndex=-1,
            )
        )
    text = [word("coverage_text", lang)]
    if as_of is None:
        text += [" ", html.A(word("take_observations", lang), href=export)]
    return [
        *parts,
        html.P(text, className="quiet"),
        coverage(atlas, store, lang, as_of),
        html.P(apart_sentence(atlas, store, lang, as_of), className="quiet"),
        html.H3(word("beside_title", lang)),
        html.P(word("beside_text", lang, n=len(atlas.plan.prefectures)), className="quiet"),
        *beside(atlas, store, lang, as_of),
    ]


def past_sentence(store: Store, as_of: int, lang: str) -> str:
    """Say which past state is shown."""
    frame = store.batches()
    found = frame[frame["id"] == as_of]
    if not len(found):
        return word("past_none", lang)
    row = found.iloc[0]
    return word("past_text", lang, batch=as_of, file=event_name(row, lang), time=local_time(row["time"]))


def event_name(row: Mapping[Any, Any] | pd.Series, lang: str) -> str:
    """Return the file of an import, or what an undo undoes."""
    return word("batch_undo", lang, batch=row["undoes"]) if row["kind"] == "undo" else str(row["file"])


def local_time(time: pd.Timestamp) -> str:
    """Return an event's time as the clocks in China had it."""
    return time.tz_convert("Asia/Shanghai").strftime("%Y-%m-%d %H:%M")


def coverage(atlas: Atlas, store: Store, lang: str, as_of: int | None = None) -> html.Div:
    """Return of how many of the counties each indicator is known in each period, now or after an event."""
    counties = atlas.plan.counties["adcode"]
    frame = store.coverage(set(counties), as_of)
    frame = frame.loc[frame.sum(axis=1).sort_values(ascending=False).index]
    names = store.indicators(as_of)
    frame = frame[periods := in_time(frame.columns)]
    rows = []
    for indicator, counts in frame.iterrows():
        if not counts.any():
            continue
        name = indicator_name(str(indicator), names, lang)
        rows.append(
            (
                name,
                *[{"text": str(int(n)), "share": round(int(n) / len(counties), 3)} if n else "·" for n in counts],
            )
        )
    return table([word("head_indicator", lang), *periods], rows)


def apart_sentence(atlas: Atlas, store: Store, lang: str, as_of: int | None = None) -> str:
    """Say how many figures of counties are known that judge nothing, and are in no count above."""
    frame = settle(store.observations(as_of))
    frame = frame[frame["place"].isin(atlas.plan.counties["adcode"])]
    leads, clashing = (frame[frame["standing"] == standing] for standing in (IS_LEAD, CONTRADICTED))
    places = pd.concat([leads, clashing])["place"].nunique()
    said = said_of_some([("coverage_leads", len(leads)), ("coverage_clashing", len(clashing))], lang)
    return word("coverage_apart", lang, said=said, counties=word("n_counties", lang, n=places)) if said else ""


def beside(atlas: Atlas, store: Store, lang: str, as_of: int | None = None) -> list[Any]:
    """Return what is known of prefectures, of the province and of parks: how many, and each value."""
    frame = settle(store.beside_counties(set(atlas.plan.counties["adcode"]), as_of))
    frame = frame[frame["place"].isin({*atlas.places.areas, *atlas.places.parks})]  # the store is of all plans
    if frame.empty:
        return [html.P(word("beside_none", lang), className="quiet")]
    names = store.indicators(as_of)
    circles = {
        "prefecture": set(atlas.plan.prefectures["adcode"]),
        "province": {atlas.plan.region.code},
        "park": set(atlas.plan.parks["id"]),
    }
    periods = in_time(frame["period"])
    rows = []
    for indicator, mine in frame[frame["standing"] == JUDGES].groupby("indicator", sort=False):
        for circle, places in circles.items():
            held = mine[mine["place"].isin(places)].groupby("period")["place"].nunique()
            if len(held):
                of = f"/{len(places)}" if len(places) > 1 else ""
                amounts = [f"{held[p]}{of}" if p in held else "·" for p in periods]
                rows.append((indicator_name(str(indicator), names, lang), word(f"circle_{circle}", lang), *amounts))
    newest = frame.sort_values(["period", "indicator", "place"], ascending=[False, True, True], kind="stable")
    values = [
        (
            place_name(atlas, row["place"], lang),
            indicator_name(row["indicator"], names, lang),
            say_when(row, lang, names),
            printed(row, lang),
            say_authority(row, lang) + (f" · {word(TAGS[row['standing']], lang)}" if row["standing"] in TAGS else ""),
            row["source"],
        )
        for row in newest.head(MOST).to_dict("records")
    ]
    heads = [word(f"head_{key}", lang) for key in ("place", "indicator", "period", "figure", "status", "source")]
    more = [html.P(word("more_rows", lang, n=len(frame) - MOST))] if len(frame) > MOST else []
    return [
        table([word("head_indicator", lang), word("head_circle", lang), *periods], rows),
        html.Details([html.Summary(word("beside_values", lang, n=len(frame))), table(heads, values), *more]),
    ]


def amount(value: float, unit: str, lang: str) -> str:
    """Return a value with its unit; a day as a day."""
    if unit == "日期":
        day = f"{int(value):08}"
        return "-".join(part for part in (day[:4], day[4:6], day[6:]) if part != "00")
    said = Speech.of(lang).pick(unit, UNITS_EN.get(unit, unit))
    return f"{plain(value)}{'' if said == '%' else ' '}{said}".strip()


def printed(row: Mapping[Any, Any], lang: str) -> str:
    """Return a published figure as it was printed, an imported one as its file has it."""
    if row["origin"] == "import" or row["unit"] == "日期":
        return amount(row["value"], row["unit"], lang)
    return Speech.of(lang).printed(row["value"], row["unit"], row["comparator"], row["printed"], row["origin"])


def batches(store: Store, lang: str, may_import: bool) -> Any:
    """Return every batch and every undo, newest first: its rows, the state after it, and a button that undoes it."""
    frame = store.batches()
    if frame.empty:
        return html.P(word("batches_none", lang), className="quiet")
    rows = []
    for row in frame.iloc[::-1].to_dict("records"):
        what = event_name(row, lang)
        state = word("batch_live" if row["live"] else "batch_undone", lang)
        button: Any = state
        if may_import and row["live"]:
            button = {"text": word("undo", lang), "undo": str(row["id"])}
        held: Any = "" if row["kind"] == "undo" else press("batch", row["id"], word("see_batch", lang))
        then = press("past", row["id"], word("see_then", lang))
        rows.append(
            (
                *(row["id"], local_time(row["time"]), what, row["rows"], row["who"], row["note"], row["sha256"][:10]),
                *(held, then, button),
            )
        )
    keys = ("batch", "time", "file", "rows", "who", "note", "checksum", "content", "then", "state")
    before = html.Button(
        word("see_before", lang),
        type="button",
        className="quiet-button look",
        **{"data-look": "past", "data-value": "0"},
    )
    return html.Div([table([word(f"head_{key}", lang) for key in keys], rows), before])


def press(what: str, value: Any, text: str) -> dict[str, str]:
    """Return a cell that asks for something when pressed: a batch's rows, a past state, a value's history."""
    return {"text": text, "look": what, "value": str(value)}


def batch_report(atlas: Atlas, store: Store, batch: int, lang: str) -> list[Any]:
    """Return the rows of one batch as its file gave them."""
    frame = store.batches()
    found = frame[(frame["id"] == batch) & (frame["kind"] == "import")]
    if not len(found):
        return [html.P(word("batch_missing", lang, batch=batch), className="nothing")]
    rows = store.batch_rows(batch)
    names = store.indicators(batch)
    listed = []
    for row in rows.head(MOST).to_dict("records"):
        name = place_name(atlas, row["place"], lang)
        county = atlas.places.is_county(row["place"]) and row["place"] not in atlas.plan.alone
        listed.append(
            (
                county_cell(row["place"], name) if county else name,
                press("history", f"{row['place']} {row['indicator']}", indicator_name(row["indicator"], names, lang)),
                Speech.of(lang).period(row["period"]),
                amount(row["value"], row["unit"], lang),
                *(Speech.of(lang).status(row["status"]), row["source"], row["cell"], row["printed"]),
            )
        )
    records = store.batch_records(batch)
    title = word("batch_rows", lang, batch=batch, file=found.iloc[0]["file"], n=len(rows) + len(records))
    held = in_force({batch: records}, ()).held
    told = [html.Li(say_part(part, mine, lang)) for part, (_, mine) in held.items()]
    keys = ("place", "indicator", "period", "figure", "status", "source", "cell", "printed")
    more = [html.P(word("more_rows", lang, n=len(rows) - MOST))] if len(rows) > MOST else []
    export = f"/export/observations.csv?lang={lang}&batch={batch}"
    return [
        html.H3(title, tabIndex=-1, className="opened", **spoken_property(title, lang)),
        html.P(
            [
                *(word("batch_rows_text", lang), " "),
                *(html.A(word("take_batch", lang), href=export), " ", close("batch", lang)),
            ],
            className="quiet",
        ),
        *([html.Ul(told), _records_table(atlas, [(one, "") for one in records], store, lang)] if told else []),
        *([table([word(f"head_{key}", lang) for key in keys], listed)] if listed else []),
        *more,
    ]


def history_report(atlas: Atlas, store: Store, place: str, indicator: str, lang: str) -> list[Any]:
    """Return every value that one place ever had for an indicator, undone ones too."""
    frame, names = store.history(place, indicator), store.indicators()
    title = word(
        "history_title",
        lang,
        place=place_name(atlas, place, lang),
        indicator=indicator_name(indicator, names, lang),
        n=len(frame),
    )
    rows = [
        (
            say_when(row, lang, names),
            printed(row, lang),
            say_authority(row, lang),
            row["source"],
            word("published", lang) if pd.isna(row["batch"]) else row["batch"],
            "" if pd.isna(row["time"]) else local_time(row["time"]),
            word("batch_live" if row["live"] else "batch_undone", lang),
        )
        for row in frame.iloc[:MOST].to_dict("records")
    ]
    keys = ("period", "figure", "status", "source", "batch", "time", "state")
    return [
        html.H3(title, tabIndex=-1, className="opened", **spoken_property(title, lang)),
        html.P([word("history_text", lang), " ", close("history", lang)], className="quiet"),
        table([word(f"head_{key}", lang) for key in keys], rows),
    ]


def close(what: str, lang: str) -> html.Button:
    """Return the button that puts away what was opened below the batches."""
    return html.Button(
        word("put_away", lang), type="button", className="quiet-button look", **{"data-look": what, "data-value": ""}
    )


def indicators(store: Store, lang: str) -> list[Any]:
    """Return the table of indicators, and how a user adds to it."""
    speech = Speech.of(lang)
    shipped = shipped_indicators()
    rows = [
        (
            speech.pick(one.zh, one.en) + ("" if one.id in shipped else word("indicator_own", lang)),
            one.id,
            speech.pick(one.unit, UNITS_EN.get(one.unit, one.unit)),
            say_written("kind", one.kind, lang),
            say_written("adds_up", one.adds_up, lang),
            one.decimals,
            *speech.pick(["、".join(one.aliases)], []),
        )
        for one in store.indicators().values()
    ]
    keys = ("indicator", "id", "unit", "kind_of", "adds_up", "decimals", *speech.pick(["aliases"], []))
    return [
        html.P(word("indicators_text", lang), className="quiet"),
        html.Details(
            [
                html.Summary(word("indicators_all", lang, n=len(rows))),
                html.Div(table([word(f"head_{key}", lang) for key in keys], rows), className="indicator-table"),
            ]
        ),
        html.P(word("indicators_add", lang)),
    ]


def sources(atlas: Atlas, lang: str) -> html.Div:
    """Return where the plan, the boundaries and the published figures come from."""
    approval = word("approval", lang) + atlas.approval if atlas.approval else word("no_approval", lang)
    rows = [
        tuple(word(f"plan_{key}", lang, atlas.plan) for key in ("title", "producer", "date", "text")),
        (
            word("boundaries_title", lang),
            atlas.boundaries_source(lang) if atlas.boundaries_name else word("boundaries_credit", lang),
            "",
            approval if atlas.boundaries_name else f"{word('boundaries_text', lang, n=len(atlas.counties))}{approval}",
        ),
    ]
    rows += [
        (
            row["title"],
            row["producer"],
            row["date"],
            row[Speech.of(lang).column("note")],
        )
        for row in atlas.sources.to_dict("records")
    ]
    observed = atlas.published.observations
    observed = observed[observed["place"].isin({*atlas.places.areas, *atlas.places.parks, *atlas.places.apart})]
    cited = (
        observed.assign(year=observed["period"].str[:4])
        .groupby(["source", "status", "source_url"], sort=False)
        .agg(n=("value", "size"), first=("year", "min"), last=("year", "max"))
        .reset_index()
        .sort_values("n", ascending=False, kind="stable")
    )
    return html.Div(
        [
            table([word(f"head_{key}", lang) for key in ("title", "producer", "date", "note")], rows),
            html.Details(
                [
                    html.Summary(word("cited_title", lang, n=len(cited))),
                    html.Div(
                        table(
                            [word(f"head_{key}", lang) for key in ("source", "status", "rows", "year", "url")],
                            [
                                (
                                    row["source"],
                                    Speech.of(lang).status(row["status"]),
                                    row["n"],
                                    row["first"] if row["first"] == row["last"] else f"{row['first']}—{row['last']}",
                                    quote(row["source_url"], safe=ADDRESS),
                                )
                                for row in cited.to_dict("records")
                            ],
                        ),
                        className="cited-table",
                    ),
                ]
            ),
        ]
    )


def corrections(atlas: Atlas, lang: str) -> html.Details:
    """Return the corrections made to the print."""
    speech = Speech.of(lang)
    rows = [
        (
            row[speech.column("place")],
            row["printed"],
            row["corrected"],
            row[speech.column("reason")],
            row[speech.column("affects")],
        )
        for row in atlas.plan.corrections.to_dict("records")
    ]
    heads = [word(f"head_{key}", lang) for key in ("clause", "printed", "corrected", "reason", "affects")]
    return html.Details([html.Summary(word("as_table", lang)), table(heads, rows)])


PAGE = Page(
    id="data",
    path="/data",
    name=both("nav_data"),
    also="导入|模板|来源|import|template|sources",
    pinyin={"数据": "shu ju", "导入": "dao ru", "模板": "mu ban", "来源": "lai yuan"},
    script="pages/data.js",
)
