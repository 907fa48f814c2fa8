"""Our own template: a long table, and a wide one with the counties filled in; examples stand on the notes only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from targets.cells import harmless, put
from targets.checks import TEXT, read_table
from targets.indicators import WRITTEN, Indicator, say_written, shipped_indicators
from targets.places import Places, places_of
from targets.plan import Plan
from targets.speech import Speech

STATUSES = ("初步", "核定", "公报", "报道", "未注明")
LONG = ("code", "name", "indicator", "period", "value", "unit", "status", "source", "source_url", "note")
HEADINGS = {
    "zh": ("县代码", "县名", "指标", "时期", "数值", "单位", "状态", "来源", "来源网址", "备注"),
    "en": ("code", "name", "indicator", "period", "value", "unit", "status", "source", "source_url", "note"),
}
NEW = {
    "zh": ("代号", "名称", "英文名", "别名", "单位", "类别", "汇总", "小数位", "合理下限", "合理上限", "范围"),
    "en": ("id", "zh", "en", "aliases", "unit", "kind", "adds_up", "decimals", "low", "high", "places"),
}
# What the workbook that asks for missing figures adds: no field of the importer's.
MISSING = {
    "zh": {"prefecture": "市州", "known": "现有最近的数（供参考，不读）"},
    "en": {"prefecture": "prefecture", "known": "latest known (for reference, not read)"},
}
# What a quarter's meeting asks for first.
WIDE = ("gdp", "gdp_growth", "industry_growth", "fai_growth", "budget_revenue", "income_urban", "income_rural")
SHEETS = {
    "zh": {"long": "长表", "wide": "宽表", "new": "新增指标", "notes": "说明", "lists": "代码表"},
    "en": {"long": "Long", "wide": "Wide", "new": "New indicators", "notes": "Notes", "lists": "Lists"},
}
NOTES = Path(__file__).with_name("template_notes.csv")
_BOLD, _FILL = Font(bold=True), PatternFill("solid", fgColor="E1ECF2")
_INPUT = PatternFill("solid", fgColor="FFF7D6")


def template_xlsx(plan: Plan, lang: str = "zh", indicators: Mapping[str, Indicator] | None = None) -> bytes:
    """Return the template as a workbook: a long sheet, a wide one with the counties, new indicators, notes, lists.

    Parameters
    ----------
    plan : Plan
        Whose counties are listed.
    lang : str
        ``zh`` or ``en``. Both are read back alike.
    indicators : mapping, optional
        As of `Store.indicators`; by default those shipped.
    """
    known = dict(indicators if indicators is not None else shipped_indicators())
    speech, names = Speech.of(lang), SHEETS[lang]
    book = Workbook()
    long = book.active
    assert isinstance(long, Worksheet)
    long.title = names["long"]
    _heading(long, 1, HEADINGS[lang], (10, 18, 30, 10, 14, 10, 10, 40, 30, 30))
    long.freeze_panes = "A2"
    long.column_dimensions["D"].number_format = "@"  # typed as 2025-09 a period must not become a date

    wide = book.create_sheet(names["wide"])
    wide["A1"] = speech.word("template_period")
    wide["B1"].fill = _INPUT
    wide["B1"].number_format = "@"
    wide["D1"] = speech.word("template_write_period")
    chosen = [known[id] for id in WIDE]
    titles = [speech.pick(i.zh, i.en) + speech.brackets(i.unit) for i in chosen]
    place = speech.pick(("县代码", "县名", "市州"), ("code", "name", "prefecture"))
    _heading(wide, 2, (*place, *titles), (10, 26, 18, *(20 for _ in chosen)))
    wide.freeze_panes = "D3"
    for row in _counties(plan):
        wide.append(row)

    new = book.create_sheet(names["new"])
    _heading(new, 1, NEW[lang], (16, 24, 24, 30, 10, 12, 10, 10, 10, 10, 10))
    for letter, field in (("F", "kind"), ("G", "adds_up"), ("K", "places")):
        allowed = ",".join(say_written(field, kept, lang) for kept in WRITTEN[field])
        rule = DataValidation(type="list", formula1=f'"{allowed}"', allow_blank=True, showErrorMessage=False)
        new.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}200")
    notes = book.create_sheet(names["notes"])
    for line in read_table(NOTES, dict.fromkeys(("topic", "topic_en", "text", "text_en"), TEXT)).to_dict("records"):
        notes.append([line[speech.column("topic")], line[speech.column("text")]])
    for row in notes.iter_rows():
        row[0].font = _BOLD
        row[1].alignment = Alignment(wrap_text=True, vertical="top")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 18, 100

    lists = book.create_sheet(names["lists"])
    columns = (
        [speech.pick(i.zh, i.id) for i in known.values()],
        list(dict.fromkeys(i.unit for i in known.values())),
        list(STATUSES),
    )
    _lists(lists, columns, places_of(plan), speech)
    for letter, column in (("C", 0), ("F", 1), ("G", 2)):
        at = get_column_letter(column + 1)
        source = f"'{names['lists']}'!${at}$2:${at}${len(columns[column]) + 1}"
        # Only a help in filling in: another unit, or an alias, is read as well.
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        long.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}20000")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def missing_xlsx(
    rows: Iterable[tuple[str, str, str, str]],
    period: str,
    lang: str = "zh",
    indicators: Mapping[str, Indicator] | None = None,
) -> bytes:
    """Return a workbook that asks for one year's GDP of some counties; filled in, it is read as the template is.

    Parameters
    ----------
    rows : iterable of (str, str, str, str)
        Code, name, prefecture, and the latest that is known, which stands by for reference and is not read back.
    period : str
        Such as ``2025``.
    lang : str
    indicators : mapping, optional
        As of `Store.indicators`; by default those shipped.
    """
    gdp = (indicators if indicators is not None else shipped_indicators())["gdp"]
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEETS[lang]["long"]
    heads = dict(zip(LONG, HEADINGS[lang], strict=True)) | MISSING[lang]
    columns = ("code", "name", "prefecture", "indicator", "period", "value", "unit", "status", "source", "known")
    _heading(sheet, 1, [heads[column] for column in columns], (10, 24, 18, 16, 8, 14, 8, 10, 44, 44))
    sheet.freeze_panes = "C2"
    for code, name, prefecture, known in rows:
        row = sheet.max_row + 1
        asked = Speech.of(lang).pick(gdp.zh, gdp.id)
        for column, value in enumerate((code, name, prefecture, asked, period, None, gdp.unit, None, None, known), 1):
            put(sheet, row, column, value)
        for column in (6, 8, 9):
            sheet.cell(row, column).fill = _INPUT
    rule = DataValidation(type="list", formula1=f'"{",".join(STATUSES)}"', allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(rule)
    rule.add(f"H2:H{max(sheet.max_row, 2)}")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def template_csv(
    plan: Plan,
    lang: str = "zh",
    indicator: str = "gdp",
    period: str = "",
    indicators: Mapping[str, Indicator] | None = None,
) -> bytes:
    """Return the long template as CSV for one indicator, a row for each of the counties, with the values empty."""
    known = (indicators if indicators is not None else shipped_indicators())[indicator]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS[lang])
    for code, name, _ in _counties(plan):
        row = [code, name, Speech.of(lang).pick(known.zh, known.id), period, "", known.unit, "", "", "", ""]
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _counties(plan: Plan) -> Iterable[tuple[str, str, str]]:
    prefectures = dict(zip(plan.prefectures["adcode"], plan.prefectures["name"], strict=True))
    for county in plan.counties.sort_values("adcode").to_dict("records"):
        yield county["adcode"], county["name"], prefectures[county["prefecture_code"]]


def _heading(sheet: Any, row: int, texts: Iterable[str], widths: Iterable[float]) -> None:
    for column, (text, width) in enumerate(zip(texts, widths, strict=True), start=1):
        cell = put(sheet, row, column, text)
        cell.font, cell.fill = _BOLD, _FILL
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = width


def _lists(sheet: Any, columns: Iterable[list[str]], places: Places, speech: Speech) -> None:
    headings = speech.pick(
        ("指标", "单位", "状态", "地区代码", "地区", "园区代号", "园区"),
        ("indicator", "unit", "status", "area code", "area", "park id", "park"),
    )
    _heading(sheet, 1, headings, (32, 10, 10, 12, 30, 12, 30))
    both = [*columns]
    for named in (places.areas, places.parks):
        both += [list(named), list(named.values())]
    for column, values in enumerate(both, start=1):
        for row, value in enumerate(values, start=2):
            put(sheet, row, column, value)
