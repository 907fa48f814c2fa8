"""Tables to take away: CSV and XLSX of exactly the counties that match, with sources and the filter's sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from layouts.facts.atlas import Atlas
from layouts.facts.exports import File, Wanted
from layouts.facts.sources import source_lines
from layouts.facts.view import View
from layouts.parts.workbook import cell, csv_of, saved
from layouts.words import both, word
from targets import outcomes
from targets.outcomes import Roads
from targets.speech import Speech

COLUMNS = (
    "adcode", "name", "name_other", "prefecture", "band", "lower", "upper", "clusters", "energy", "road", "opened",
    "road_name", "parks", "population", "urban", "clauses", "filter", "sources",
)  # fmt: skip
WIDTHS = {
    "name": 26,
    "name_other": 26,
    "clusters": 30,
    "energy": 34,
    "road_name": 30,
    "parks": 30,
    "clauses": 44,
    "filter": 40,
    "sources": 60,
}


def county_rows(atlas: Atlas, view: View, roads: Roads | None = None) -> list[dict[str, Any]]:
    """Return one row per matching county, in code order, keyed by `COLUMNS`.

    Amounts are in 亿元 (English: billion yuan), populations in persons. With nothing matched there is one row that
    holds only the sentence.

    Parameters
    ----------
    atlas : Atlas
    view : View
    roads : Roads, optional
        What became of the expressways by the store; by default as published.
    """
    roads = roads or outcomes.roads(atlas.counties, atlas.published.observations, atlas.published, atlas.plan)
    speech = Speech.of(view.lang)
    matched = atlas.select(view.filter)
    said = atlas.filter_sentence(view)
    sources = speech.clauses(source_lines(atlas, view.lang))
    if not matched:
        return [dict.fromkeys(COLUMNS, "") | {"filter": said, "sources": sources}]
    parks, name = atlas.plan.parks.set_index("id"), speech.column("name")
    rows = []
    for adcode in matched:
        county = atlas.counties.loc[adcode]
        options = [atlas.plan.option(option) for option in (*county["clusters"], *county["energy"])]
        band = atlas.plan.option(county["band"] or atlas.plan.no_band)
        road = None if pd.isna(county["road_year"]) else atlas.plan.option(str(county["road_year"]))
        opened = None if road is None else roads.counties.loc[adcode]
        hosted = parks.loc[list(county["parks"])].to_dict("records")
        listed = [*([band] if county["band"] else []), *options, *([road] if road else [])]

        def names(ids: tuple[str, ...]) -> str:
            return speech.pick("、", "; ").join(_name(atlas, option, speech) for option in ids)

        road_source = []
        if opened is not None and opened["status"] == "opened":
            road_source = [word("source_road", view.lang) + str(opened["source"])]
        rows.append(
            {
                "adcode": adcode,
                "name": county[speech.column("name")],
                "name_other": speech.pick(county["name_en"], county["name"]),
                "prefecture": county[speech.column("prefecture")],
                "band": speech.pick(band.zh_short, band.en_short),
                "lower": _bound(county["lower"], speech),
                "upper": _bound(county["upper"], speech),
                "clusters": names(county["clusters"]),
                "energy": names(county["energy"]),
                "road": _number(county["road_year"]),
                "opened": None if opened is None else _number(opened["opened_year"]),
                "road_name": (county if opened is None else opened)[speech.column("road")] or "",
                "parks": speech.pick("、", "; ").join(
                    word("export_host_inferred", view.lang, name=park[name])
                    if park["host_basis"] == "inferred"
                    else str(park[name])
                    for park in hosted
                ),
                "population": _people(county["population"]),
                "urban": _people(county["urban_population"]),
                "clauses": speech.clauses(
                    speech.named(what, where)
                    for what, where in (
                        *((_name(atlas, o.id, speech), speech.pick(o.clause_zh, o.clause_en)) for o in listed),
                        *((park[name], atlas.plan.clause(park["box"], park["item"], view.lang)) for park in hosted),
                    )
                ),
                "filter": said,
                "sources": speech.clauses([sources, *road_source]),
            }
        )
    return rows


def _people(amount: Any) -> int | str:
    """Return a number of persons, or nothing where none is at hand."""
    return "" if pd.isna(amount) else int(amount)


def _name(atlas: Atlas, option: str, speech: Speech) -> str:
    row = atlas.plan.option(option)
    return speech.pick(row.zh_short, row.en_short)


def _number(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _bound(value: Any, speech: Speech) -> int | float | None:
    """Return a bound of a band: 亿元 in Chinese, billion yuan in English."""
    if pd.isna(value):
        return None
    amount = float(speech.digits(value))
    return int(amount) if amount.is_integer() else amount


def _roads(wanted: Wanted) -> Roads:
    return wanted.standing.roads(wanted.atlas)


def counties_csv(atlas: Atlas, view: View, roads: Roads | None = None) -> bytes:
    """Return the matching counties as CSV, UTF-8 with a byte-order mark so that Excel reads the Chinese."""
    heads = [word(f"column_{column}", view.lang) for column in COLUMNS]
    return csv_of([heads, *([row[column] for column in COLUMNS] for row in county_rows(atlas, view, roads))])


def counties_xlsx(atlas: Atlas, view: View, now: datetime, roads: Roads | None = None) -> bytes:
    """Return the matching counties as an Excel workbook: the table, and a sheet with filter, sources and reading.

    Parameters
    ----------
    now : datetime
        Time of export, written on the notes sheet.
    roads : Roads, optional
        As of `county_rows`.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(word("sheet_counties", view.lang))
    sheet.freeze_panes = "C2"
    for number, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(column, 14)
    rows = county_rows(atlas, view, roads)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"

    sheet.append([cell(sheet, word(f"column_{column}", view.lang), head=True) for column in COLUMNS])
    for row in rows:
        sheet.append([cell(sheet, row[column]) for column in COLUMNS])
    lines = [
        ("notes_filter", atlas.filter_sentence(view)),
        ("notes_view", view.query() or "/"),
        *(("notes_sources", line) for line in source_lines(atlas, view.lang)),
        ("notes_reading", word("card_band_read", view.lang, atlas.plan)),
        ("notes_made", now.isoformat(sep=" ", timespec="minutes")),
    ]
    said = [(word(key, view.lang), text) for key, text in lines]
    return saved(book, word("sheet_notes", view.lang), said)


FILES = (
    File(
        id="xlsx",
        path="/export/counties.xlsx",
        write=lambda wanted: counties_xlsx(wanted.atlas, wanted.view, wanted.atlas.now, _roads(wanted)),
        name=both("take_xlsx"),
        offered=("map", "palette"),
        also="表格|下载|xlsx|download",
        pinyin={"县表": "xian biao", "表格": "biao ge"},
    ),
    File(
        id="csv",
        path="/export/counties.csv",
        write=lambda wanted: counties_csv(wanted.atlas, wanted.view, _roads(wanted)),
        name=both("take_csv"),
        offered=("map", "palette"),
        also="表格|下载|download",
    ),
)
