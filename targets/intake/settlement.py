"""The settlement's own workbooks: schemes with what the text leaves open, types of counties, official results.

They are known by their heads. Every row is checked cell by cell, then each part as a whole; all faults are told at
once, and with one nothing is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from targets.cells import clean
from targets.grades import STATUS_GRADES
from targets.indicators import Indicator, by_name, half_width, plain_name
from targets.intake.report import Fault, Remark, Wrong
from targets.intake.sheets import Sheet, address
from targets.places import TOTAL, areas, here, read_place
from targets.settlement import forms
from targets.settlement.records import OVERALL, CountyType, Official, Record, SchemeRow, Setting
from targets.speech import Speech

FIRST_ROWS = 5  # among which the heads stand
KEYS = {  # by which a form is known
    "scheme": {"indicator", "weight", "direction"},
    "settings": {"setting", "value"},
    "types": {"name", "type1"},
    "official": {"name", "award"},
}
LONGEST = 300  # letters of a cell
WHOLE = Decimal(100)
_ZH, _EN = Speech.of("zh"), Speech.of("en")


def wrong(key: str, mend: str = "", **values: object) -> Wrong:
    """Return what is wrong, and how to mend it, in both languages; a pair among the values is of both."""
    said: list[str] = []
    for word in filter(None, (key, mend)):
        for at, speech in enumerate((_ZH, _EN)):
            given = {name: value[at] if isinstance(value, tuple) else value for name, value in values.items()}
            said.append(speech.word(word, **given))
    return Wrong(*said)


@dataclass
class Part:
    """A sheet of a form: where its heads stand, and each field's column."""

    sheet: Sheet
    form: str
    head: int
    at: dict[str, int]

    def text(self, row: int, name: str) -> str:
        """Return what stands in a field of a row."""
        cell = self.sheet.cells.get((row, self.at.get(name, 0)))
        return clean(cell.text)[:LONGEST].strip() if cell else ""

    def cell(self, row: int, name: str) -> str:
        """Return where it stands."""
        return f"{self.sheet.name}!{address(row, self.at.get(name, 1))}"


@dataclass
class Read:
    """What was read of the forms of a file."""

    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def fault(self, part: Part, row: int, name: str, what: Wrong) -> None:
        """Note what is wrong with a cell."""
        at = address(row, part.at.get(name, 1))
        self.faults.append(Fault(part.sheet.name, at, part.text(row, name)[:60], *what.words))


def parts_of(sheets: Iterable[Sheet]) -> list[Part]:
    """Return the sheets that are forms of the settlement."""
    return [part for sheet in sheets if not sheet.hidden and (part := _part(sheet))]


def _part(sheet: Sheet) -> Part | None:
    heads: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for (row, column), cell in sorted(sheet.cells.items()):
        if row <= FIRST_ROWS:
            heads[row].setdefault(plain_name(cell.text), column)
    for row, found in heads.items():
        for form, keys in KEYS.items():
            named = {one.field: one.names for one in forms.columns(form)}
            at = {name: found[head] for name, names in named.items() for head in names if head in found}
            if keys <= set(at):
                return Part(sheet, form, row, at)
    return None


def read_forms(parts: Sequence[Part], known: Mapping[str, Indicator], today: date) -> Read:
    """Read the forms of a file.

    Parameters
    ----------
    parts : sequence of Part
    known : mapping of str to Indicator
    today : date
        A year that has not ended by then is an error.
    """
    found = Read()
    readers = {"scheme": _scheme, "settings": _setting, "types": _type, "official": _official}
    rows: dict[str, list[tuple[Part, int, Record]]] = {form: [] for form in readers}
    names = by_name(known.values())
    for part in parts:
        missing = [one for one in forms.columns(part.form) if one.must and one.field not in part.at]
        for one in missing:
            what = wrong("form_no_column", "form_no_column_mend", what=(one.zh, one.en))
            found.faults.append(Fault(part.sheet.name, address(part.head, 1), "", *what.words))
        if missing:
            continue
        for row in sorted({r for (r, c) in part.sheet.cells if r > part.head}):
            before = len(found.faults)
            made = readers[part.form](_Row(part, row, found, names, today))
            if made is not None and len(found.faults) == before:
                rows[part.form].append((part, row, made))
    _whole_scheme(rows["scheme"], rows["settings"], found)
    _once(rows, found)
    if not found.faults:
        found.records = [record for held in rows.values() for _, _, record in held]
        if not found.records:
            what = wrong("form_empty", "form_empty_mend")
            found.faults.append(Fault(parts[0].sheet.name, "", "", *what.words))
    return found


@dataclass
class _Row:
    """A row of a form as it is read: each question notes what is wrong, and gives nothing then."""

    part: Part
    row: int
    found: Read
    names: Mapping[str, Indicator]
    today: date

    def text(self, name: str) -> str:
        return self.part.text(self.row, name)

    def wrong(self, name: str, key: str, mend: str = "", **values: object) -> None:
        self.found.fault(self.part, self.row, name, wrong(key, mend, **values))

    def empty(self, *names: str) -> bool:
        return not any(map(self.text, names))

    @property
    def cell(self) -> str:
        return self.part.cell(self.row, "year")

    def year(self) -> int:
        text = half_width(self.text("year")).removesuffix("年度").removesuffix("年")
        if not re.fullmatch(r"20\d\d", text):
            self.wrong("year", "form_year" if text else "form_year_none", "form_year_mend")
            return 0
        if int(text) >= self.today.year:
            self.wrong("year", "form_year_ahead", "form_year_ahead_mend", year=text)
        return int(text)

    def given(self, name: str) -> str:
        if not (text := self.text(name)):
            column = next(one for one in forms.columns(self.part.form) if one.field == name)
            self.wrong(name, "form_nothing", "form_nothing_mend", what=(column.zh, column.en))
        return text

    def choice(self, name: str, field: str = "") -> str:
        text = self.given(name)
        found = forms.chosen(field or name, text) if text else ""
        if found is None:
            said = forms.choices(field or name).values()
            zh, en = "、".join(one.zh for one in said), "; ".join(one.en for one in said)
            self.wrong(name, "form_choice", "form_choice_mend", what=(zh, en))
        return found or ""

    def type(self, name: str, must: bool = False) -> str:
        text = self.text(name)
        types = forms.types_of(here().plan)
        for zh, en in types.items():
            if plain_name(text) in (plain_name(zh), plain_name(en)):
                return zh
        if text or must:
            self.wrong(name, "form_type" if text else "form_type_none", "form_type_mend",
                       what=("、".join(types), "; ".join(types.values())))  # fmt: skip
        return ""

    def indicator(self, name: str) -> Indicator | None:
        text = self.given(name)
        if not text:
            return None
        found = self.names.get(plain_name(text))
        if found is None or found.kind == "date" or found.places != "area":
            self.wrong(name, "form_indicator", "form_indicator_mend")
            return None
        return found

    def number(self, name: str, must: bool) -> Decimal | None:
        text = re.sub(r"[\s,%]", "", half_width(self.text(name)))
        if not text and not must:
            return None
        if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,9})?", text):
            self.wrong(name, "form_number" if text else "form_number_none", "form_number_mend")
            return None
        return Decimal(text)

    def county(self) -> str:
        code, name = self.text("code"), self.text("name")
        place = read_place(name) if name else None
        by_code = read_place(code) if code else place
        known = {place, by_code} - {None}
        if code and name and place and by_code and place != by_code:
            self.wrong("code", "form_county_two", "form_county_two_mend", county=areas().get(by_code, by_code))
            return ""
        if len(known) != 1 or not _is_county(one := known.pop()):
            self.wrong("name", "form_county", "form_county_mend")
            return ""
        return str(one)


def _is_county(place: str | None) -> bool:
    return place not in (None, TOTAL) and str(place) in set(here().plan.counties["adcode"])


def _scheme(row: _Row) -> Record | None:
    if row.empty("indicator", "weight"):
        return None
    indicator, weight = row.indicator("indicator"), row.number("weight", True)
    if weight is not None and weight <= 0:
        row.wrong("weight", "form_weight", "form_weight_mend")
    form, scoring = row.choice("form"), row.choice("scoring")
    direction = row.choice("direction")
    per = row.indicator("per") if form == "share" else None
    if form and form != "share" and row.text("per"):
        row.wrong("per", "form_per_idle", "form_per_idle_mend")
    zero, full = (row.number(name, scoring == "standard") for name in ("zero_at", "full_at"))
    if scoring == "spread":
        for name in ("zero_at", "full_at"):
            if row.text(name):
                row.wrong(name, "form_standard_idle", "form_standard_idle_mend")
    elif zero is not None and full is not None and direction and (full > zero) != (direction == "up"):
        row.wrong("full_at", "form_standard_up" if direction == "up" else "form_standard_down", "form_standard_mend")
    made = (row.year(), row.given("document"), row.type("type"))
    missing = row.choice("missing")
    if indicator is None or weight is None:
        return None
    if form == "growth" and indicator.kind in ("growth", "share"):
        row.wrong("form", "form_growth_of_rate", "form_growth_of_rate_mend", what=(indicator.zh, indicator.en))
    return SchemeRow(*made, indicator.id, per.id if per else "", weight, direction, form, scoring, zero, full,
                     missing, row.cell)  # fmt: skip


def _setting(row: _Row) -> Record | None:
    if row.empty("value", "document"):
        return None  # not decided, which is what the page says
    name = row.given("setting")
    asked = next(
        (one for one in forms.asked().values() if plain_name(name) in map(plain_name, (one.id, one.zh, one.en))), None
    )
    if asked is None:
        zh, en = ("、".join(one.zh for one in forms.asked().values()), "; ".join(o.en for o in forms.asked().values()))
        row.wrong("setting", "form_setting", "form_choice_mend", what=(zh, en))
        return None
    return Setting(row.year(), asked.id, _answer(row, asked), row.given("document"), row.cell)


def _answer(row: _Row, asked: forms.Asked) -> str:
    """Return an answer as it is kept."""
    text = row.given("value")
    if asked.kind == "choice":
        return row.choice("value", asked.id)
    if not text or (found := forms.chosen(asked.id, text)):
        return "" if not text else str(found)
    if asked.kind == "statuses":
        said = [part for part in re.split(r"[、,\s]+", half_width(text)) if part]
        if all(one in STATUS_GRADES and STATUS_GRADES[one] != "lead" for one in said):
            return "、".join(said)
        allowed = [one for one, grade in STATUS_GRADES.items() if grade != "lead"]
        row.wrong("value", "form_statuses", "form_choice_mend", what=("、".join(allowed), "; ".join(allowed)))
    elif asked.kind == "percent":
        if re.fullmatch(r"\d{1,2}(\.\d{1,3})?%", re.sub(r"\s", "", half_width(text))):
            return re.sub(r"\s", "", half_width(text))
        row.wrong("value", "form_percent", "form_percent_mend")
    elif asked.kind == "ties":
        indicator = row.names.get(plain_name(text))
        if indicator is not None and indicator.kind != "date":
            return indicator.id
        row.wrong("value", "form_ties", "form_ties_mend")
    return ""


def _type(row: _Row) -> Record | None:
    if row.empty("type1", "type2"):
        return None  # not filed, which is what the page says
    first, second = row.type("type1", must=True), row.type("type2")
    if first and first == second:
        row.wrong("type2", "form_type_twice", "form_type_twice_mend")
    return CountyType(row.year(), row.county(), first, second, row.given("document"), row.cell)


def _official(row: _Row) -> Record | None:
    if row.empty("code", "name", "award"):
        return None
    award = row.choice("award")
    type = row.type("type")
    if type and award not in ("advanced", ""):
        row.wrong("type", "form_type_idle", "form_type_idle_mend")
    text = half_width(row.text("rank"))
    if text and not re.fullmatch(r"[1-9]\d{0,2}", text):
        row.wrong("rank", "form_rank", "form_rank_mend")
        text = ""
    return Official(row.year(), award, type, row.county(), int(text) if text else None, row.given("document"), row.cell)


def _whole_scheme(
    rows: Sequence[tuple[Part, int, Record]], settings: Sequence[tuple[Part, int, Record]], found: Read
) -> None:
    """Hold each ranking's weights to the whole, and settings to a scheme beside them."""
    if found.faults:
        return  # a row that is wrong would be missed in the sum
    parts: defaultdict[tuple[int, str], list[tuple[Part, int, SchemeRow]]] = defaultdict(list)
    for part, row, record in rows:
        assert isinstance(record, SchemeRow)
        parts[record.year, record.type].append((part, row, record))
    years = {year for year, _ in parts}
    for (_, type), held in parts.items():
        total = sum((record.weight for _, _, record in held), Decimal(0))
        if total != WHOLE:
            part, row, _ = held[-1]
            zh, en = (speech.word("form_overall") if type == OVERALL else type for speech in (_ZH, _EN))
            what = wrong("form_weights", "form_weights_mend", what=(zh, en), n=f"{total.normalize():f}")
            found.fault(part, row, "weight", what)
    for year in sorted(years):
        if (year, OVERALL) not in parts:
            part, row, _ = next(iter(held for (y, _), held in parts.items() if y == year))[0]
            found.fault(part, row, "type", wrong("form_no_overall", "form_no_overall_mend", year=year))
    for part, row, record in settings:
        if record.year not in years:
            found.fault(part, row, "year", wrong("form_setting_alone", "form_setting_alone_mend", year=record.year))


def _once(rows: Mapping[str, Sequence[tuple[Part, int, Record]]], found: Read) -> None:
    """Refuse what is said twice of the same thing."""
    seen: dict[tuple[object, ...], str] = {}
    for part, row, name, key in _keys(rows):
        here_at = part.cell(row, name)
        if key in seen:
            found.fault(part, row, name, wrong("form_twice", "form_twice_mend", cell=seen[key]))
        seen.setdefault(key, here_at)


def _keys(
    rows: Mapping[str, Sequence[tuple[Part, int, Record]]],
) -> Iterator[tuple[Part, int, str, tuple[object, ...]]]:
    for held in rows.values():
        for part, row, one in held:
            if isinstance(one, SchemeRow):
                yield part, row, "indicator", ("scheme", one.year, one.type, one.indicator, one.form, one.per)
            elif isinstance(one, Setting):
                yield part, row, "setting", ("setting", one.year, one.setting)
            elif isinstance(one, CountyType):
                yield part, row, "name", ("type", one.year, one.adcode)
            else:
                yield part, row, "name", ("official", one.year, one.award, one.type, one.adcode)
