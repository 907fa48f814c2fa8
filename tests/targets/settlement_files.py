"""A made-up scheme, made-up types and made-up tables for the tests: nothing of it is, or resembles, an official one."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from days import TODAY
from openpyxl import Workbook, load_workbook
from plan_files import rows

from targets.importing import compare, read_file
from targets.indicators import shipped_indicators
from targets.intake import Reading
from targets.observations import Store, open_store
from targets.plan import load_plan
from targets.settlement import forms

PLAN = load_plan()
YEAR = 2025
DOCUMENT = "虚构的办法（测试用）"
TYPES = tuple(forms.types_of(PLAN))
COUNTIES = [row["adcode"] for row in rows("counties")]
NAMES = {row["adcode"]: row["name"] for row in rows("counties")}
Cells = Mapping[tuple[str, str], str]  # by county and indicator
# Indicator, weight, direction, what is taken, of what, scoring, zero, full, missing.
Line = tuple[str, str, str, str, str, str, str, str, str]
OVERALL: tuple[Line, ...] = (
    ("地区生产总值", "40", "越高越好", "本年数", "", "按0分值和满分值", "0", "400", "未知"),
    ("地区生产总值增速", "20", "越高越好", "本年数", "", "按0分值和满分值", "-2", "10", "未知"),
    ("一般公共预算收入", "25.5", "越高越好", "占另一指标", "地区生产总值", "按0分值和满分值", "1", "9", "未知"),
    ("农村居民人均可支配收入", "14.5", "越高越好", "比上年增长", "", "按全体最小和最大", "", "", "计0分"),
)
OF_TYPE: tuple[Line, ...] = (
    ("地区生产总值", "60", "越高越好", "本年数", "", "按全体最小和最大", "", "", "未知"),
    ("第一产业增加值", "40", "越低越好", "占另一指标", "地区生产总值", "按0分值和满分值", "60", "5", "未知"),
)
DECIDED = {
    "作准的状态": "核定、公报",
    "未定的余地": "3%",
    "分类排名的得分": "本类型指标的得分",
    "填报两种类型的县": "两类都排",
    "一县同上两榜": "可同上两榜",
    "并列": "并列都列入",
    "进步幅度": "综合排名上升的位数",
    "下降幅度": "比上年",
    "5亿元怎样分": "平均分给进步县",
}
INDICATORS = ("地区生产总值", "地区生产总值增速", "一般公共预算收入", "农村居民人均可支配收入", "第一产业增加值")
UNITS = {one.zh: one.unit for one in shipped_indicators().values()}


def scheme(
    years: Sequence[int] = (YEAR,),
    overall: Sequence[Line] = OVERALL,
    of_type: Sequence[Line] = OF_TYPE,
    decided: Mapping[str, str] = DECIDED,
    change: Callable[[Any], None] = lambda book: None,
) -> bytes:
    """Return the template filled in with a scheme for some years."""
    book = load_workbook(io.BytesIO(forms.scheme_xlsx(PLAN, "zh", shipped_indicators())))
    sheet = book["评价指标"]
    at = 2
    for year in years:
        for type, lines in (("", overall), *((one, of_type) for one in TYPES)):
            for name, weight, direction, form, per, scoring, zero, full, missing in lines:
                cells = (year, DOCUMENT, type, name, float(weight), direction, form, per, scoring,
                         float(zero) if zero else None, float(full) if full else None, missing)  # fmt: skip
                for column, value in enumerate(cells, start=1):
                    sheet.cell(at, column).value = value
                at += 1
    settings = book["口径"]
    questions = {settings.cell(row, 2).value: row for row in range(2, settings.max_row + 1)}
    extra = settings.max_row + 1
    for number, year in enumerate(years):
        for name, value in decided.items():
            row = questions[name] if not number else extra
            extra += bool(number)
            for column, given in enumerate((year, name, value, DOCUMENT), start=1):
                settings.cell(row, column).value = given
    change(book)
    return _saved(book)


def types(year: int = YEAR, filed: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """Return the template filled in with types: by default each county one, every third a second."""
    filed = filed_types() if filed is None else filed
    book = load_workbook(io.BytesIO(forms.types_xlsx(PLAN, "zh")))
    sheet = book["县类型"]
    for row in range(2, sheet.max_row + 1):
        mine = filed.get(str(sheet.cell(row, 2).value), ())
        if mine:
            cells = (year, None, None, mine[0], mine[1] if len(mine) > 1 else None, DOCUMENT)
            for column, value in enumerate(cells, start=1):
                if value is not None:
                    sheet.cell(row, column).value = value
    return _saved(book)


def filed_types() -> dict[str, tuple[str, ...]]:
    """Return made-up types of all counties."""
    found = {}
    for at, adcode in enumerate(COUNTIES):
        first, second = TYPES[at % 5], TYPES[(at // 5 + 1 + at) % 5]
        found[adcode] = (first, second) if at % 3 == 0 and first != second else (first,)
    return found


def values(year: int) -> dict[tuple[str, str], str]:
    """Return made-up figures of a year, by county and indicator."""
    found = {}
    for at, adcode in enumerate(COUNTIES):
        turn = (at * 37 + year * 11) % 86
        gdp = 25 + (at * 53) % 86 * 4 + turn / 10 + (year - 2023) * ((at * 7) % 11 - 3)
        found[adcode, "地区生产总值"] = f"{gdp:.2f}"
        found[adcode, "地区生产总值增速"] = f"{-1 + turn % 11 + at % 10 / 10:.1f}"
        found[adcode, "一般公共预算收入"] = f"{gdp * (20 + turn) / 1200:.4f}"
        found[adcode, "农村居民人均可支配收入"] = f"{9000 + at * 120 + (year - 2022) * (500 + turn * 9):.0f}"
        found[adcode, "第一产业增加值"] = f"{gdp * (5 + (at * 29 + year) % 50) / 100:.2f}"
    return found


def table(
    year: int, held: Mapping[tuple[str, str], str], statuses: Mapping[tuple[str, str], str] | None = None
) -> bytes:
    """Return figures as the long template has them; final, but for those of another status."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["县代码", "县名", "指标", "时期", "数值", "单位", "状态", "来源"])
    for (adcode, name), value in held.items():
        status = (statuses or {}).get((adcode, name), "核定")
        sheet.append([adcode, NAMES[adcode], name, str(year), float(value), UNITS[name], status, "虚构数字（测试用）"])
    return _saved(book)


def _saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(store: Store, data: bytes, name: str) -> Reading:
    """Read a file as an import does."""
    return read_file(data, name, indicators=store.indicators(), today=TODAY, plan=PLAN)


def take(store: Store, data: bytes, name: str) -> int:
    """Import a file, and return its batch."""
    reading = read(store, data, name)
    assert not reading.faults, [str(fault) for fault in reading.faults]
    return store.accept(compare(reading, store, plan=PLAN), "test")


def filled(
    folder: Path,
    years: Sequence[int] = (2023, 2024, 2025),
    without: Sequence[tuple[str, str]] = (),
    statuses: Cells | None = None,
    decided: Mapping[str, str] = DECIDED,
    **more: Any,
) -> Store:
    """Return a store with a scheme, types and tables of some years; the last year's without some figures."""
    store = open_store(folder=folder)
    for year in (years[0] - 1, *years):
        held = {k: v for k, v in values(year).items() if year != years[-1] or k not in without}
        take(store, table(year, held, statuses if year == years[-1] else None), f"虚构{year}.xlsx")
    take(store, scheme(years, decided=decided, **more), "虚构办法.xlsx")
    for year in years:
        take(store, types(year), f"虚构类型{year}.xlsx")
    return store
