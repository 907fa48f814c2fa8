"""Tables to take away: CSV and XLSX of exactly the counties that match, with sources and the filter's sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from layouts.atlas import Atlas
from layouts.county_map import source_lines
from layouts.view import View
from layouts.wording import word
from targets.published import OBSERVATION_COLUMNS
from targets.selection import empty_sentence, sentence

# A spreadsheet takes text that begins so for a formula; a leading apostrophe makes it text again.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
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


def harmless(value: Any) -> Any:
    """Return text that no spreadsheet runs as a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def county_rows(atlas: Atlas, view: View) -> list[dict[str, Any]]:
    """Return one row per matching county, in code order, keyed by `COLUMNS`.

    Amounts are in 亿元, populations in persons. With nothing matched there is one row that holds only the sentence.
    """
    zh = view.lang == "zh"
    matched = atlas.select(view.filter)
    said = filter_sentence(atlas, view)
    apart = "；" if zh else "; "
    sources = apart.join(source_lines(atlas, view.lang))
    if not matched:
        return [dict.fromkeys(COLUMNS, "") | {"filter": said, "sources": sources}]
    parks = atlas.plan.parks.set_index("id")
    reports = atlas.published.expressways_opened.set_index("adcode")["source_title"]
    rows = []
    for adcode in matched:
        county = atlas.counties.loc[adcode]
        options = [atlas.plan.option(option) for option in (*county["clusters"], *county["energy"])]
        band = atlas.plan.option(county["band"] or "none")
        road = None if pd.isna(county["road_year"]) else atlas.plan.option(str(county["road_year"]))
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
                "lower": _number(county["lower"]),
                "upper": _number(county["upper"]),
                "clusters": names(county["clusters"]),
                "energy": names(county["energy"]),
                "road": _number(county["road_year"]),
                "opened": _number(county["road_opened_year"]),
                "road_name": (county["road"] if zh else county["road_en"]) or "",
                "parks": ("、" if zh else "; ").join(parks.loc[list(county["parks"]), "name" if zh else "name_en"]),
                "population": int(county["population"]),
                "urban": int(county["urban_population"]),
                "clauses": ("；" if zh else "; ").join(
                    f"{_name(atlas, option.id, zh)}：{option.clause_zh}"
                    if zh
                    else f"{option.en_short}: {option.clause_en}"
                    for option in listed
                ),
                "filter": said,
                "sources": sources
                + (
                    f"{apart}{word('source_road', view.lang)}{reports[adcode]}"
                    if county["road_status"] == "opened"
                    else ""
                ),
            }
        )
    return rows


def filter_sentence(atlas: Atlas, view: View) -> str:
    """Return the filter's sentence, or what to loosen when nothing matches."""
    matched = atlas.select(view.filter)
    said = sentence(view.filter, len(matched), view.lang)
    return said if matched else f"{said} {empty_sentence(view.filter, atlas.members, view.lang)}"


def _name(atlas: Atlas, option: str, zh: bool) -> str:
    row = atlas.plan.option(option)
    return row.zh_short if zh else row.en_short


def _number(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def counties_csv(atlas: Atlas, view: View) -> bytes:
    """Return the matching counties as CSV, UTF-8 with a byte-order mark so that Excel reads the Chinese."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([word(f"column_{column}", view.lang) for column in COLUMNS])
    for row in county_rows(atlas, view):
        writer.writerow([harmless(row[column]) for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def observations_csv(observations: pd.DataFrame, names: Mapping[str, str], lang: str) -> bytes:
    """Return every observation with its source as CSV, UTF-8 with a byte-order mark.

    Parameters
    ----------
    observations : DataFrame
        As of `targets.observations.Store.observations`.
    names : mapping of str to str
        Names of the indicators by id.
    lang : str
    """
    columns = OBSERVATION_COLUMNS
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*columns[:2], word("head_indicator", lang), *columns[2:]])
    for row in observations.to_dict("records"):
        cells = ["" if pd.isna(row[column]) else row[column] for column in columns]
        writer.writerow([harmless(cell) for cell in (*cells[:2], names.get(row["indicator"], ""), *cells[2:])])
    return text.getvalue().encode("utf-8-sig")


def counties_xlsx(atlas: Atlas, view: View, now: datetime) -> bytes:
    """Return the matching counties as an Excel workbook: the table, and a sheet with filter, sources and reading.

    Parameters
    ----------
    now : datetime
        Time of export, written on the notes sheet.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(word("sheet_counties", view.lang))
    sheet.freeze_panes = "C2"
    for number, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(column, 14)
    rows = county_rows(atlas, view)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"

    def cell(value: Any, *, bold: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            made.data_type = "s"  # text stays text, whatever it begins with
            made.quotePrefix = value.startswith(FORMULA_STARTS)
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
        ("notes_filter", filter_sentence(atlas, view)),
        ("notes_view", view.query() or "/"),
        *(("notes_sources", line) for line in source_lines(atlas, view.lang)),
        ("notes_reading", word("card_band_read", view.lang)),
        ("notes_made", now.isoformat(sep=" ", timespec="minutes")),
    ]
    for key, text in lines:
        notes.append([cell(word(key, view.lang), bold=True), cell(text)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
