"""The data page: what is loaded, of how many counties, by which batches; import; sources; corrections to the print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import dcc, html

from layouts.atlas import Atlas
from layouts.markup import table
from layouts.wording import WORDS, word
from targets.importing import compare
from targets.indicators import Indicator
from targets.observations import Difference, Store
from targets.progress import exact, say_period, say_status
from targets.reading import Reading

UNITS_EN = {
    "亿元": "× 100 m yuan", "万元": "× 10,000 yuan", "元": "yuan", "万人": "× 10,000 people", "人": "people", "个": "",
    "万千瓦": "× 10 MW", "兆瓦": "MW", "日期": "(date)",
}  # fmt: skip
MOST = 200  # rows of a difference or of faults that are shown at once


def page(atlas: Atlas, store: Store, lang: str, may_import: bool) -> list[Any]:
    """Return the whole page."""
    return [
        html.H2(word("nav_data", lang)),
        importer(lang, may_import),
        html.Section(
            [
                html.H2(word("coverage_title", lang)),
                html.P(
                    [
                        word("coverage_text", lang),
                        " ",
                        html.A(word("take_observations", lang), href=f"/export/observations.csv?lang={lang}"),
                    ],
                    className="quiet",
                ),
                html.Div(coverage(store, lang), id="coverage-room"),
            ]
        ),
        html.Section(
            [html.H2(word("batches_title", lang)), html.Div(batches(store, lang, may_import), id="batches-room")]
        ),
        html.Section([html.H2(word("sources_title", lang)), sources(atlas, lang)]),
        html.Section(
            [html.H2(word("corrections_title", lang, n=len(atlas.plan.corrections))), corrections(atlas, lang)]
        ),
    ]


def importer(lang: str, may_import: bool) -> html.Section:
    """Return the steps of an import: drop a file, see what was read and what it would change, accept."""
    template = html.P(
        [
            word("template_text", lang),
            html.A(
                word("template_xlsx", lang),
                href=f"/template/observations.xlsx?lang={lang}",
                className="btn btn-outline-secondary btn-sm",
            ),
        ]
    )
    if not may_import:
        return html.Section(
            [
                html.H2(word("import_title", lang)),
                template,
                html.P(word("import_local_only", lang), className="nothing"),
            ]
        )
    fields = [
        html.Label(
            [
                word(f"import_{key}", lang),
                dcc.Input(id=f"import-{key}", type="text", debounce=True, placeholder=word(f"import_{key}_hint", lang)),
            ]
        )
        for key in ("who", "period", "source", "note")
    ]
    return html.Section(
        [
            html.H2(word("import_title", lang)),
            html.P(word("import_text", lang), className="quiet"),
            template,
            html.Div(fields, className="import-fields"),
            dcc.Upload(
                html.Span([word("import_drop", lang)]), id="import-file", className="drop", max_size=20 * 1024 * 1024
            ),
            dcc.Loading(html.Div(id="import-room", role="status"), type="dot", delay_show=300),
            html.Div(id="accept-room", role="status"),
            html.P(word("import_local_text", lang), className="quiet"),
        ]
    )


def reading_report(reading: Reading, store: Store, lang: str) -> list[Any]:
    """Return what a file said: rows, faults, and the difference from the store with a button to accept it."""
    zh = lang == "zh"
    places = {row.place for row in reading.rows}
    parts: list[Any] = [
        html.P(
            word("read_text", lang, file=reading.name, n=len(reading.rows), counties=len(places)), className="finding"
        )
    ]
    parts += [
        html.P(f"{remark.sheet} {remark.zh if zh else remark.en}".strip(), className="quiet")
        for remark in reading.remarks
    ]
    if reading.faults:
        faults = [
            (
                fault.sheet,
                fault.cell,
                fault.value[:60],
                fault.zh if zh else fault.en,
                fault.mend_zh if zh else fault.mend_en,
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
    difference = compare(reading, store)
    parts += difference_report(difference, store, lang)
    if not difference.empty:
        button = html.Button(
            word("accept", lang),
            id="import-accept",
            n_clicks=0,
            type="button",
            className="btn btn-primary",
            **{"data-token": difference.token},
        )
        parts += [dcc.Store(id="import-token", data=difference.token), button]
    return parts


def difference_report(difference: Difference, store: Store, lang: str) -> list[Any]:
    """Return what would change, old beside new, what looks odd first."""
    zh = lang == "zh"
    counts = difference.counts
    parts: list[Any] = [
        html.P(
            word(
                "difference_text",
                lang,
                new=counts["new"],
                changed=counts["changed"],
                restated=counts["restated"],
                unchanged=counts["unchanged"],
            ),
            className="finding",
        )
    ]
    if difference.repeat_of is not None:
        parts.append(html.P(word("repeat_text", lang, batch=difference.repeat_of), className="nothing"))
    if difference.flags:
        parts.append(
            html.Ul([html.Li(flag.zh if zh else flag.en) for flag in difference.flags[:MOST]], className="flags")
        )
    if difference.empty:
        return [*parts, html.P(word("difference_none", lang))]
    frame = difference.frame()
    frame = frame[frame["kind"] != "unchanged"].assign(odd=lambda f: f["flags"] == "").sort_values("odd", kind="stable")
    known = store.indicators()
    names = {indicator.id: indicator for indicator in difference.indicators} | dict(known)
    rows = [
        (
            place_name(row["place"], lang),
            indicator_name(row["indicator"], names, lang),
            say_period(row["period"], lang),
            "—" if pd.isna(row["old"]) else plain(row["old"]),
            f"{plain(row['new'])} {row['unit'] if zh else UNITS_EN.get(row['unit'], row['unit'])}",
            "" if pd.isna(row["share"]) else f"{row['share'] * 100:+.1f}%",
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


def plain(value: float) -> str:
    """Return a value with every digit that it has."""
    return f"{exact(value).normalize():,f}"


def place_name(place: str, lang: str) -> str:
    """Return the name of a county, a prefecture, the province or a park."""
    from targets.plan import load_plan

    plan = load_plan()
    for frame, key in ((plan.counties, "adcode"), (plan.prefectures, "adcode"), (plan.parks, "id")):
        found = frame[frame[key] == place]
        if len(found):
            column = ("name_short" if "name_short" in found else "name") if lang == "zh" else "name_en"
            return str(found.iloc[0][column])
    return {"620000": ("甘肃省", "Gansu")}.get(place, (place, place))[0 if lang == "zh" else 1]


def indicator_name(id: str, known: Mapping[str, Indicator], lang: str) -> str:
    """Return an indicator's name; a few are published in a form that no file imports."""
    if id in known:
        return known[id].zh if lang == "zh" else known[id].en
    return word(f"indicator_{id}", lang) if f"indicator_{id}" in WORDS else id


def coverage(store: Store, lang: str) -> html.Div:
    """Return of how many of the 86 counties each indicator is known in each period."""
    frame = store.coverage()
    frame = frame.loc[frame.sum(axis=1).sort_values(ascending=False).index]
    known = store.indicators()
    periods = list(frame.columns)
    rows = []
    for indicator, counts in frame.iterrows():
        if not counts.any():
            continue
        name = indicator_name(str(indicator), known, lang)
        rows.append(
            (
                name,
                *[{"text": str(int(n)), "share": round(int(n) / 86, 3)} if n else "·" for n in counts],
            )
        )
    return table([word("head_indicator", lang), *periods], rows)


def batches(store: Store, lang: str, may_import: bool) -> Any:
    """Return every batch and every undo, newest first, each with a button that undoes it."""
    frame = store.batches()
    if frame.empty:
        return html.P(word("batches_none", lang), className="quiet")
    rows = []
    for row in frame.iloc[::-1].to_dict("records"):
        what = word("batch_undo", lang, batch=row["undoes"]) if row["kind"] == "undo" else row["file"]
        state = word("batch_live" if row["live"] else "batch_undone", lang)
        button: Any = state
        if may_import and row["live"]:
            button = {"text": word("undo", lang), "undo": str(row["id"])}
        when = row["time"].tz_convert("Asia/Shanghai").strftime("%Y-%m-%d %H:%M")
        rows.append((row["id"], when, what, row["rows"], row["who"], row["note"], row["sha256"][:10], button))
    return table(
        [word(f"head_{key}", lang) for key in ("batch", "time", "file", "rows", "who", "note", "checksum", "state")],
        rows,
    )


def sources(atlas: Atlas, lang: str) -> html.Div:
    """Return where the plan, the boundaries and the published figures come from."""
    published = atlas.published.sources
    rows = [
        (
            row["title"],
            row["producer"],
            row["date"],
            row["note"] if lang == "zh" else row["note_en"],
        )
        for row in published.to_dict("records")
    ]
    observed = atlas.published.observations
    cited = (
        observed.groupby(["source", "status"], sort=False)
        .size()
        .reset_index(name="n")
        .sort_values("n", ascending=False, kind="stable")
    )
    return html.Div(
        [
            table([word(f"head_{key}", lang) for key in ("title", "producer", "date", "note")], rows),
            html.Details(
                [
                    html.Summary(word("cited_title", lang, n=len(cited))),
                    table(
                        [word(f"head_{key}", lang) for key in ("source", "status", "rows")],
                        [
                            (row["source"], say_status(row["status"], lang), row["n"])
                            for row in cited.to_dict("records")
                        ],
                    ),
                ]
            ),
        ]
    )


def corrections(atlas: Atlas, lang: str) -> html.Details:
    """Return the corrections made to the print."""
    zh = lang == "zh"
    rows = [
        (
            row["place"] if zh else row["place_en"],
            row["printed"],
            row["corrected"],
            row["reason"] if zh else row["reason_en"],
            row["affects"] if zh else row["affects_en"],
        )
        for row in atlas.plan.corrections.to_dict("records")
    ]
    heads = [word(f"head_{key}", lang) for key in ("clause", "printed", "corrected", "reason", "affects")]
    return html.Details([html.Summary(word("as_table", lang)), table(heads, rows)])
