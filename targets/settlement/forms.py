"""The settlement's workbooks: their columns and words, read from the tables beside, and the templates to fill in.

The templates hold no weight, no type and no value: only the counties, the columns and what may stand in them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from targets.cells import put
from targets.checks import COUNT, FLAG, FREE, TEXT, read_table
from targets.indicators import Indicator, plain_name
from targets.plan import Plan
from targets.speech import Speech

FOLDER = Path(__file__).parent
FORMS = ("scheme", "settings", "types", "official")
ROWS = 200  # of a template that can be filled in with a list of choices
_BOLD, _FILL = Font(bold=True), PatternFill("solid", fgColor="E1ECF2")
_INPUT = PatternFill("solid", fgColor="FFF7D6")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form: its field, its heads, how wide it is, and whether a form must have it."""

    field: str
    zh: str
    en: str
    also: tuple[str, ...]
    width: int
    must: bool

    @property
    def names(self) -> frozenset[str]:
        """Its heads as they are compared."""
        return frozenset(map(plain_name, (self.zh, self.en, *self.also)))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the words that may stand in a field."""

    id: str
    zh: str
    en: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the plan's text leaves open: its name, the question, and the kind of answer."""

    id: str
    zh: str
    en: str
    question_zh: str
    question_en: str
    kind: str


@cache
def columns(form: str) -> tuple[Column, ...]:
    """Return the columns of a form."""
    fields = {"form": TEXT, "field": TEXT, "zh": TEXT, "en": TEXT, "also": FREE, "width": COUNT, "must": FLAG}
    table = read_table(FOLDER / "forms.csv", fields, ("form", "field"))
    return tuple(
        Column(row["field"], row["zh"], row["en"], tuple(filter(None, row["also"].split("|"))), row["width"],
               row["must"])
        for row in table[table["form"] == form].to_dict("records")
    )  # fmt: skip


@cache
def choices(field: str) -> Mapping[str, Choice]:
    """Return the words that may stand in a field, by id; none where any may."""
    table = read_table(FOLDER / "choices.csv", dict.fromkeys(("field", "id", "zh", "en"), TEXT) | {"also": FREE})
    return {
        row["id"]: Choice(row["id"], row["zh"], row["en"], tuple(filter(None, row["also"].split("|"))))
        for row in table[table["field"] == field].to_dict("records")
    }


@cache
def asked() -> Mapping[str, Asked]:
    """Return what has to be decided, by id, in order."""
    names = ("id", "zh", "en", "question_zh", "question_en", "kind")
    table = read_table(FOLDER / "settings.csv", dict.fromkeys(names, TEXT))
    return {row["id"]: Asked(*(row[name] for name in names)) for row in table.to_dict("records")}


def chosen(field: str, text: str) -> str | None:
    """Return the id of the word that was written; None where it is none of the field's.

    Examples
    --------
    >>> chosen("direction", "正向"), chosen("form", "比上年增长(%)"), chosen("scoring", "大概")
    ('up', 'growth', None)
    """
    plain = plain_name(text)
    for one in choices(field).values():
        if plain in map(plain_name, (one.zh, one.en, *one.also)):
            return one.id
    return None


def say_choice(field: str, id: str, lang: str) -> str:
    """Return a word of a field as the page says it; one that is of no list, such as 5%, as it stands."""
    found = choices(field).get(id)
    return Speech.of(lang).pick(found.zh, found.en) if found else id


def types_of(plan: Plan) -> dict[str, str]:
    """Return the plan's types of county, Chinese names with the English."""
    return {one["zh"]: one["en"] for one in plan.evaluation.get("types", ())}


# ---- templates ------------------------------------------------------------------------------------------------------


def scheme_xlsx(plan: Plan, lang: str, indicators: Mapping[str, Indicator]) -> bytes:
    """Return the workbook that takes a scheme: a sheet for the indicators, one for what the text leaves open."""
    speech, book = Speech.of(lang), Workbook()
    sheet = _sheet(book, "scheme", lang)
    types = [speech.pick(*pair) for pair in types_of(plan).items()]
    names = [speech.pick(one.zh, one.id) for one in indicators.values() if one.kind != "date"]
    lists = {"type": types, "indicator": names, "per": names}
    lists |= {field: _words(field, lang) for field in ("direction", "form", "scoring", "missing")}
    settings = _sheet(book, "settings", lang)
    for at, one in enumerate(asked().values(), start=2):
        put(settings, at, 2, speech.pick(one.zh, one.en))
        put(settings, at, 5, speech.pick(one.question_zh, one.question_en))
        _choose(settings, f"C{at}", _words(one.id, lang)) if one.kind == "choice" else None
        for column in (1, 3, 4):
            settings.cell(at, column).fill = _INPUT
    put(settings, 1, 5, speech.word("settlement_question")).font = _BOLD
    settings.column_dimensions["E"].width = 90
    _lists(book, sheet, columns("scheme"), lists, speech)
    _notes(book, speech, ("scheme_notes_rows", "scheme_notes_weight", "scheme_notes_scoring", "scheme_notes_missing",
                          "scheme_notes_settings", "scheme_notes_whole"))  # fmt: skip
    return _saved(book)


def types_xlsx(plan: Plan, lang: str) -> bytes:
    """Return the workbook that takes the counties' types, and one sheet for the official results."""
    speech, book = Speech.of(lang), Workbook()
    sheet, official = _sheet(book, "types", lang), _sheet(book, "official", lang)
    for at, county in enumerate(plan.counties.sort_values("adcode").to_dict("records"), start=2):
        put(sheet, at, 2, county["adcode"])
        put(sheet, at, 3, county["name"])
        for column in (1, 4, 5, 6):
            sheet.cell(at, column).fill = _INPUT
    types = [speech.pick(*pair) for pair in types_of(plan).items()]
    _lists(book, sheet, columns("types"), {"type1": types, "type2": types}, speech)
    _lists(book, official, columns("official"), {"award": _words("award", lang), "type": types}, speech)
    _notes(book, speech, ("types_notes", "official_notes", "scheme_notes_whole"))
    return _saved(book)


def _words(field: str, lang: str) -> list[str]:
    return [Speech.of(lang).pick(one.zh, one.en) for one in choices(field).values()]


def _sheet(book: Workbook, form: str, lang: str) -> Any:
    """Make the sheet of a form, with its heads."""
    name = Speech.of(lang).word(f"settlement_form_{form}")
    sheet: Any = book.create_sheet(name)
    if "Sheet" in book.sheetnames:
        del book["Sheet"]
    for at, column in enumerate(columns(form), start=1):
        head = put(sheet, 1, at, Speech.of(lang).pick(column.zh, column.en))
        head.font, head.fill, head.alignment = _BOLD, _FILL, Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    sheet.freeze_panes = "A2"
    return sheet


def _choose(sheet: Any, cells: str, allowed: Sequence[str]) -> None:
    """Offer words in some cells; only a help in filling in."""
    text = ",".join(one.replace(",", "\uff0c") for one in allowed)
    if len(text) > 250:  # what the format holds
        return
    rule = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(rule)
    rule.add(cells)


def _lists(book: Workbook, sheet: Any, form: Iterable[Column], lists: Mapping[str, list[str]], speech: Speech) -> None:
    """Offer the words of each column, the long lists from a sheet of their own."""
    name = speech.word("settlement_lists")
    kept: Any = book[name] if name in book.sheetnames else book.create_sheet(name)
    for at, column in enumerate(form, start=1):
        if not (words := lists.get(column.field)):
            continue
        letter = get_column_letter(at)
        to = kept.max_column + (1 if kept.cell(1, 1).value else 0)
        put(kept, 1, to, speech.pick(column.zh, column.en))
        for row, text in enumerate(words, start=2):
            put(kept, row, to, text)
        at_list = get_column_letter(to)
        source = f"'{name}'!${at_list}$2:${at_list}${len(words) + 1}"
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{ROWS}")


def _notes(book: Workbook, speech: Speech, keys: Iterable[str]) -> None:
    sheet: Any = book.create_sheet(speech.word("settlement_notes"))
    sheet.column_dimensions["A"].width = 120
    for at, key in enumerate(keys, start=1):
        put(sheet, at, 1, speech.word(key)).alignment = Alignment(wrap_text=True, vertical="top")


def _saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
