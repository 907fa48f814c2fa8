"""Tables to take away: CSV and XLSX of exactly the counties that match, with sources and the filter's sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from layouts.facts import comparison
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.sources import source_lines
from layouts.facts.view import View
from layouts.parts.workbook import landscape
from layouts.words import word
from targets import outcomes, progress
from targets.cells import fill, harmless
from targets.outcomes import Roads
from targets.provenance import Source
from targets.published import OBSERVATION_COLUMNS

COLUMNS = (
    "adcode", "name", "name_other", "prefecture", "band", "lower", "upper", "clusters", "energy", "road", "opened",
    "road_name", "parks", "population", "urban", "clauses", "filter", "sources",
)  # fmt: skip
NUMBERS = {"lower", "upper", "road", "opened", "population", "urban"}
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
    zh = view.lang == "zh"
    matched = atlas.select(view.filter)
    said = atlas.filter_sentence(view)
    apart = "；" if zh else "; "
    sources = apart.join(source_lines(atlas, view.lang))
    if not matched:
        return [dict.fromkeys(COLUMNS, "") | {"filter": said, "sources": sources}]
    parks, name = atlas.plan.parks.set_index("id"), "name" if zh else "name_en"
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
            return ("、" if zh else "; ").join(_name(atlas, option, zh) for option in ids)

        rows.append(
            {
                "adcode": adcode,
                "name": county["name"] if zh else county["name_en"],
                "name_other": county["name_en"] if zh else county["name"],
                "prefecture": county["prefecture"] if zh else county["prefecture_en"],
                "band": band.zh_short if zh else band.en_short,
                "lower": _bound(county["lower"], zh),
                "upper": _bound(county["upper"], zh),
                "clusters": names(county["clusters"]),
                "energy": names(county["energy"]),
                "road": _number(county["road_year"]),
                "opened": None if opened is None else _number(opened["opened_year"]),
                "road_name": (county if opened is None else opened)["road" if zh else "road_en"] or "",
                "parks": ("、" if zh else "; ").join(
                    word("export_host_inferred", view.lang, name=park[name])
                    if park["host_basis"] == "inferred"
                    else str(park[name])
                    for park in hosted
                ),
                "population": _people(county["population"]),
                "urban": _people(county["urban_population"]),
                "clauses": apart.join(
                    f"{what}{'：' if zh else ': '}{where}"
                    for what, where in (
                        *((_name(atlas, o.id, zh), o.clause_zh if zh else o.clause_en) for o in listed),
                        *((park[name], atlas.plan.clause(park["box"], park["item"], view.lang)) for park in hosted),
                    )
                ),
                "filter": said,
                "sources": sources
                + (
                    f"{apart}{word('source_road', view.lang)}{opened['source']}"
                    if opened is not None and opened["status"] == "opened"
                    else ""
                ),
            }
        )
    return rows


def _people(amount: Any) -> int | str:
    """Return a number of persons, or nothing where none is at hand."""
    return "" if pd.isna(amount) else int(amount)


def _name(atlas: Atlas, option: str, zh: bool) -> str:
    row = atlas.plan.option(option)
    return row.zh_short if zh else row.en_short


def _number(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _bound(value: Any, zh: bool) -> int | float | None:
    """Return a bound of a band: 亿元 in Chinese, billion yuan in English."""
    if zh or pd.isna(value):
        return _number(value)
    billions = int(value) / 10
    return int(billions) if billions.is_integer() else billions


def counties_csv(atlas: Atlas, view: View, roads: Roads | None = None) -> bytes:
    """Return the matching counties as CSV, UTF-8 with a byte-order mark so that Excel reads the Chinese."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([word(f"column_{column}", view.lang) for column in COLUMNS])
    for row in county_rows(atlas, view, roads):
        writer.writerow([harmless(row[column]) for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def observations_csv(
    observations: pd.DataFrame,
    names: Mapping[str, str],
    lang: str,
    places: Mapping[str, str],
    columns: Sequence[str] = OBSERVATION_COLUMNS,
) -> bytes:
    """Return observations with their sources as CSV, UTF-8 with a byte-order mark.

    Parameters
    ----------
    observations : DataFrame
        As of `targets.observations.Store.observations`.
    names : mapping of str to str
        Names of the indicators by id.
    lang : str
    places : mapping of str to str
        Names of the places by code.
    columns : sequence of str
        Place, indicator, then what else is wanted.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([columns[0], word("head_place", lang), columns[1], word("head_indicator", lang), *columns[2:]])
    for row in observations.to_dict("records"):
        cells = ["" if pd.isna(row[column]) else row[column] for column in columns]
        place, indicator = places.get(row["place"], ""), names.get(row["indicator"], "")
        writer.writerow([harmless(cell) for cell in (cells[0], place, cells[1], indicator, *cells[2:])])
    return text.getvalue().encode("utf-8-sig")


PROGRESS_COLUMNS = ("adcode", "name", "band", "lower", "state", *progress.BASIS)


def progress_csv(atlas: Atlas, standing: Standing, view: View) -> bytes:
    """Return how each matching county stands, with the figure that its state rests on; the header in English."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(PROGRESS_COLUMNS)
    rows = standing.assessment[standing.assessment.index.isin(atlas.select(view.filter))]
    for adcode, row in rows.iterrows():
        cells = {"adcode": adcode, "name": row["name" if view.lang == "zh" else "name_en"]}
        cells |= {
            "band": row["band"] or atlas.plan.no_band,
            "lower": row["lower"],
            "state": row["state"],
            **progress.basis(row),
        }
        writer.writerow(["" if pd.isna(cells[c]) else harmless(cells[c]) for c in PROGRESS_COLUMNS])
    return text.getvalue().encode("utf-8-sig")


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

    def cell(value: Any, *, bold: bool = False) -> WriteOnlyCell:
        made = fill(WriteOnlyCell(sheet), value)
        if isinstance(value, str):
            made.alignment = Alignment(vertical="top", wrap_text=True)
        if bold:
            made.font = Font(bold=True)
            made.fill = PatternFill("solid", fgColor="E1ECF2")
        return made

    sheet.append([cell(word(f"column_{column}", view.lang), bold=True) for column in COLUMNS])
    for row in rows:
        sheet.append([cell(row[column]) for column in COLUMNS])
    notes = book.create_sheet(word("sheet_notes", view.lang))
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 18, 100
    lines = [
        ("notes_filter", atlas.filter_sentence(view)),
        ("notes_view", view.query() or "/"),
        *(("notes_sources", line) for line in source_lines(atlas, view.lang)),
        ("notes_reading", word("card_band_read", view.lang, atlas.plan)),
        ("notes_made", now.isoformat(sep=" ", timespec="minutes")),
    ]
    for key, text in lines:
        notes.append([cell(word(key, view.lang), bold=True), cell(text)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# ---- counties side by side ------------------------------------------------------------------------------------------


def compare_rows(atlas: Atlas, standing: Standing, view: View) -> list[list[str]]:
    """Return the table of the compare page as text, its heads first: item, a column a county, a column a source.

    A cell says what the page's does, with the clause, or the year and kind of source, in brackets.
    """
    lang = view.lang
    chosen = comparison.columns(atlas, standing, view.compare, view, apart=True)
    apart = "；" if lang == "zh" else "; "
    names = [column.name for column in chosen]
    sourced = [word("compare_source_of", lang, name=name) for name in names]
    table = [[word("compare_item", lang), *names, *sourced]]
    prefectures = [column.prefecture for column in chosen]
    codes = [column.adcode for column in chosen]
    table += [
        [word("column_prefecture", lang), *prefectures, *[""] * len(chosen)],
        [word("column_adcode", lang), *codes, *[""] * len(chosen)],
    ]
    for row in comparison.shown(comparison.rows(atlas, standing, lang), chosen):
        cells, sources = [], []
        for column in chosen:
            lines = column.cells.get(row.key, ())
            cells.append(apart.join(line.said(lang) for line in lines) or row.blank)
            given = [line.source or row.source for line in lines]
            said = [_source_text(source, lang) for source in given if source is not None]
            sources.append(apart.join(dict.fromkeys(said)) or (row.note if lines else ""))
        table.append([row.head, *cells, *sources])
    return table


def _source_text(source: Source, lang: str) -> str:
    """Say in one line where a datum stands: what the page's panel says."""
    colon, between = ("：", "，") if lang == "zh" else (": ", ", ")
    shown = (
        ("source_clause", source.clause),
        ("source_comparator", source.comparator),
        ("source_printed", source.printed),
        ("source_departments", ("、" if lang == "zh" else " / ").join(source.departments)),
        ("source_source", source.source),
        ("source_status", source.status),
        ("source_period", source.period),
        ("source_url", source.url),
        ("source_note", source.note),
        ("source_batch", source.batch),
    )
    return between.join(f"{word(key, lang)}{colon}{text}" for key, text in shown if text)


def _compare_notes(atlas: Atlas, view: View, now: datetime) -> list[tuple[str, str]]:
    """Return what must be said beside the table: how to read it, where it comes from, and when it was made."""
    lang = view.lang
    rules = (word("compare_rule_years", lang), word("card_band_read", lang, atlas.plan), *atlas.rules.sentences(lang))
    return [
        *((word("notes_reading", lang), text) for text in rules),
        (word("source_departments", lang), word("shared_duty", lang, atlas.plan)),
        *((word("notes_sources", lang), text) for text in source_lines(atlas, lang)),
        (word("notes_view", lang), view.query() or "/"),
        (word("notes_made", lang), now.isoformat(sep=" ", timespec="minutes")),
    ]


def compare_csv(atlas: Atlas, standing: Standing, view: View, now: datetime) -> bytes:
    """Return the compare page's table as CSV, UTF-8 with a byte-order mark; the notes follow after an empty line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in compare_rows(atlas, standing, view):
        writer.writerow([harmless(cell) for cell in row])
    if not view.compare:
        writer.writerow([word("compare_nobody", view.lang)])
    writer.writerow([])
    for note in _compare_notes(atlas, view, now):
        writer.writerow([harmless(cell) for cell in note])
    return text.getvalue().encode("utf-8-sig")


def compare_xlsx(atlas: Atlas, standing: Standing, view: View, now: datetime) -> bytes:
    """Return the compare page's table as an Excel workbook; the notes are its second sheet.

    Parameters
    ----------
    now : datetime
        Time of export, written on the notes sheet.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(word("sheet_compare", view.lang))
    sheet.freeze_panes = "B2"
    landscape(sheet)
    counties = len(view.compare)
    for number in range(1, 2 + 2 * counties):
        wide = 22 if number == 1 else 26 if number <= 1 + counties else 44
        sheet.column_dimensions[get_column_letter(number)].width = wide

    def cell(value: str, *, bold: bool = False) -> WriteOnlyCell:
        made = fill(WriteOnlyCell(sheet), value)
        made.alignment = Alignment(vertical="top", wrap_text=True)
        if bold:
            made.font = Font(bold=True)
            made.fill = PatternFill("solid", fgColor="E1ECF2")
        return made

    table = compare_rows(atlas, standing, view)
    for number, row in enumerate(table):
        sheet.append([cell(text, bold=number == 0 or at == 0) for at, text in enumerate(row)])
    if not view.compare:
        sheet.append([cell(word("compare_nobody", view.lang))])
    notes = book.create_sheet(word("sheet_notes", view.lang))
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 18, 100
    for label, text in _compare_notes(atlas, view, now):
        notes.append([cell(label, bold=True), cell(text)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
