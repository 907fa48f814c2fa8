"""The counties side by side as tables: what the compare page shows, each datum with where it stands."""

from __future__ import annotations

from datetime import datetime

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from layouts.facts import comparison
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.exports import File
from layouts.facts.sources import source_lines
from layouts.facts.view import View
from layouts.parts.workbook import cell, csv_of, landscape, saved
from layouts.words import both, word
from targets.provenance import Source
from targets.speech import Speech


def compare_rows(atlas: Atlas, standing: Standing, view: View) -> list[list[str]]:
    """Return the table of the compare page as text, its heads first: item, a column a county, a column a source.

    A cell says what the page's does, with the clause, or the year and kind of source, in brackets.
    """
    lang = view.lang
    chosen = comparison.columns(atlas, standing, view.compare, view, apart=True)
    speech = Speech.of(lang)
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
            cells.append(speech.clauses(line.said(lang) for line in lines) or row.blank)
            given = [line.source or row.source for line in lines]
            said = [_source_text(source, lang) for source in given if source is not None]
            sources.append(speech.clauses(dict.fromkeys(said)) or (row.note if lines else ""))
        table.append([row.head, *cells, *sources])
    return table


def _source_text(source: Source, lang: str) -> str:
    """Say in one line where a datum stands: what the page's panel says."""
    speech = Speech.of(lang)
    shown = (
        ("source_clause", source.clause),
        ("source_comparator", source.comparator),
        ("source_printed", source.printed),
        ("source_departments", speech.pick("、", " / ").join(source.departments)),
        ("source_source", source.source),
        ("source_status", source.status),
        ("source_period", source.period),
        ("source_url", source.url),
        ("source_note", source.note),
        ("source_batch", source.batch),
    )
    return speech.join(speech.named(word(key, lang), text) for key, text in shown if text)


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
    nobody = [] if view.compare else [[word("compare_nobody", view.lang)]]
    return csv_of([*compare_rows(atlas, standing, view), *nobody, [], *_compare_notes(atlas, view, now)])


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

    table = compare_rows(atlas, standing, view)
    for number, row in enumerate(table):
        sheet.append([cell(sheet, text, head=number == 0 or at == 0) for at, text in enumerate(row)])
    if not view.compare:
        sheet.append([cell(sheet, word("compare_nobody", view.lang))])
    return saved(book, word("sheet_notes", view.lang), _compare_notes(atlas, view, now))


FILES = (
    File(
        id="compare-xlsx",
        path="/export/compare.xlsx",
        write=lambda wanted: compare_xlsx(wanted.atlas, wanted.standing, wanted.view, wanted.atlas.now),
        name=both("compare_take_xlsx"),
        offered=("compare",),
    ),
    File(
        id="compare-csv",
        path="/export/compare.csv",
        write=lambda wanted: compare_csv(wanted.atlas, wanted.standing, wanted.view, wanted.atlas.now),
        name=both("compare_take_csv"),
        offered=("compare",),
    ),
)
