"""The annex to a deck: an Excel workbook with every figure that a scene shows and its source, one sheet a scene."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from layouts.facts.atlas import Atlas
from layouts.facts.deck import Deck, stamp
from layouts.facts.exports import File
from layouts.facts.scene import SOURCE_HEADS, SceneFacts, StandingOf, Told, scenes_of, source_cells
from layouts.facts.sources import data_lines
from layouts.parts.workbook import cell, landscape, saved
from layouts.words import both, word
from targets.cells import clean

HEADS = ("annex_code", "annex_place", "annex_item", "annex_shown", "annex_value", "annex_unit")
WIDTHS = (10, 26, 26, 34, 12, 10, 18, 12, 22, 28, 30, 44, 14, 12, 40, 30, 40)
READ = ("card_band_read", "shared_duty")  # how the figures are to be read
LONGEST_NAME = 31  # characters that Excel takes in a sheet's name
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sheet_names(titles: list[str], taken: str) -> list[str]:
    """Return a valid name for each scene's sheet, all different (to Excel, also in capitals): number and title.

    Examples
    --------
    >>> sheet_names(["A/B: [x]", ""], "Contents")
    ['1 AB x', '2']
    """
    used, names = {taken.casefold()}, []
    for number, title in enumerate(titles, start=1):
        plain = " ".join(_NOT_IN_NAMES.sub("", clean(title)).split())
        name = f"{number} {plain}".strip()[:LONGEST_NAME].rstrip(" '")
        while name.casefold() in used:
            name = f"{number}#{name}"[:LONGEST_NAME]
        used.add(name.casefold())
        names.append(name)
    return names


def annex(
    deck: Deck, atlas: Atlas, standing_of: StandingOf, lang: str, now: datetime, told: Told = lambda scene, of: None
) -> bytes:
    """Return the figures of a deck as an Excel workbook; its first sheet is a list of contents with links.

    Parameters
    ----------
    deck : Deck
    atlas : Atlas
    standing_of : callable
        From a view to the `Standing` of its period.
    lang : str
    now : datetime
        Time of export, written on the first sheet.
    told : callable, optional
        Told which scene is begun, of how many.
    """
    book = Workbook(write_only=True)
    contents = word("annex_contents", lang)
    names = sheet_names([scene.title for scene in deck.scenes], contents)
    scenes = scenes_of(deck, atlas, standing_of, lang)
    first = book.create_sheet(contents)
    for letter, wide in zip("ABCD", (8, 70, 36, 12), strict=True):
        first.column_dimensions[letter].width = wide
    time = now.isoformat(sep=" ", timespec="minutes")
    first.append([_cell(first, word("annex_about", lang, title=deck.title, time=time), bold=True)])
    first.append([_cell(first, "　".join(stamp(atlas, lang)))])
    keys = ("annex_scene", "annex_title", "annex_sheet", "annex_figures")
    first.append([_cell(first, word(key, lang), head=True) for key in keys])
    for number, (facts, name) in enumerate(zip(scenes, names, strict=True), start=1):
        told(number, len(scenes))
        place = f"C{number + 3}"
        first._hyperlinks.append(Hyperlink(ref=place, location=_place(name), display=name))
        link = _cell(first, name)
        link.font = Font(color="225A7E", underline="single")
        first.append([_cell(first, number), _cell(first, facts.scene.title), link, _cell(first, len(facts.facts))])
    first.append([])
    read = [word(key, lang, atlas.plan) for key in READ]
    for text in (*data_lines(atlas, lang), *read, *atlas.rules.sentences(lang)):
        first.append([None, _cell(first, text)])
    for facts, name in zip(scenes, names, strict=True):
        _sheet(book, facts, name, contents, lang)
    return saved(book)


def _sheet(book: Workbook, facts: SceneFacts, name: str, contents: str, lang: str) -> None:
    """Write one scene: what it says, its note, then each figure with where it stands."""
    sheet = book.create_sheet(name)
    for number, wide in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = wide
    landscape(sheet)
    scene = facts.scene
    above = [scene.title, *facts.findings, word("annex_address", lang, address=scene.address)]
    head = len(above) + 2
    sheet.freeze_panes = f"D{head + 1}"
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(WIDTHS))}{head + len(facts.facts)}"
    back = _cell(sheet, word("annex_back", lang))
    back.font = Font(color="225A7E", underline="single")
    sheet.append([back])
    for at, text in enumerate(above):
        line = _cell(sheet, text, bold=not at)
        line.alignment = Alignment(wrap_text=False)
        sheet.append([line])
    sheet.append([_cell(sheet, word(key, lang), head=True) for key in (*HEADS, *SOURCE_HEADS)])
    for fact in facts.facts:
        figure = [fact.adcode, fact.place, fact.item, fact.shown, fact.value, fact.unit]
        sheet.append([_cell(sheet, value) for value in (*figure, *source_cells(fact.source, lang))])
    if scene.note:
        # Below, a row a line: above it would push the figures out of sight, and in one cell it is one long line.
        sheet.append([])
        for text in word("annex_note", lang, note=scene.note).splitlines():
            line = _cell(sheet, text)
            line.alignment = Alignment(wrap_text=False)
            sheet.append([line])
    # After the rows: a write-only sheet forgets the links it was given before its first.
    sheet._hyperlinks.append(Hyperlink(ref="A1", location=_place(contents), display=contents))


def _place(name: str) -> str:
    """Return where a link to a sheet leads; an apostrophe in a name is doubled."""
    quoted = name.replace("'", "''")
    return f"'{quoted}'!A1"


def _cell(sheet: Any, value: Any, *, bold: bool = False, head: bool = False) -> WriteOnlyCell:
    """Return a cell; nothing stays empty."""
    return cell(sheet, None if value == "" else value, bold=bold, head=head)


FILES = (File(id="annex", path="/export/meeting.xlsx", write=annex, name=both("deck_xlsx"), of_deck=True, slow=True),)
