"""The indicators that a file adds, on a sheet of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from targets.cells import FORMULA_STARTS
from targets.indicators import (
    WRITTEN,
    Indicator,
    by_name,
    from_record,
    half_width,
    plain_name,
    read_unit,
    read_written,
)
from targets.intake.report import Fault, Wrong
from targets.intake.sheets import Sheet, address

SHEETS = ("新增指标", "New indicators")
# The columns of the sheet of new indicators, as the Chinese and the English template have them.
NEW_FIELDS = {
    "id": "代号|指标代号|id",
    "zh": "名称|中文名|指标名称|zh",
    "en": "英文名|英文名称|en",
    "aliases": "别名|其他名称|aliases",
    "unit": "单位|计量单位|unit",
    "kind": "类别|种类|指标类别|kind",
    "adds_up": "汇总|汇总方式|能否相加|adds_up",
    "decimals": "小数位|小数位数|decimals",
    "low": "合理下限|下限|low",
    "high": "合理上限|上限|high",
    "places": "范围|适用范围|places",
}
_FIELD = {plain_name(name): field for field, names in NEW_FIELDS.items() for name in names.split("|")}


def read_added(sheet: Sheet, known: Mapping[str, Indicator]) -> tuple[dict[str, Indicator], list[Fault]]:
    """Return the indicators that a sheet adds, by id, and what is wrong with it."""
    columns: dict[str, int] = {}
    faults: list[Fault] = []
    added: dict[str, Indicator] = {}

    def text(row: int, column: int) -> str:
        cell = sheet.cells.get((row, column))
        return cell.text[:300].strip() if cell else ""

    def fault(row: int, column: int, wrong: Wrong) -> None:
        faults.append(Fault(sheet.name, address(row, column), text(row, column)[:60], *wrong.words))

    for (r, c), cell in sorted(sheet.cells.items()):
        if r == 1 and (name := _FIELD.get(plain_name(cell.text))):
            columns.setdefault(name, c)
    for row in sorted({r for r, _ in sheet.cells if r > 1}):
        given = {n: spelled(text(row, columns[n])) if n in columns else "" for n in NEW_FIELDS}
        wrong = {name: found for name in NEW_FIELDS if (found := _unsound(name, given))}
        for name, what in wrong.items():
            fault(row, columns.get(name, 1), what)
        if wrong:
            continue
        filled = {"en": given["zh"], "adds_up": "none", "decimals": "2", "low": "-1e12", "high": "1e12"}
        filled |= {"places": "area"} | {n: v for n, v in given.items() if v}
        filled |= {n: read_written(n, filled[n]) or "" for n in WRITTEN}
        made = from_record({"aliases": ""} | filled | {"unit": read_unit(filled["unit"]) or filled["unit"]})
        if made == known.get(made.id):
            continue
        taken_names = by_name([*known.values(), *added.values()])
        if taken := {n for n in (made.id, made.zh, *made.aliases) if plain_name(n) in taken_names}:
            names = "、".join(sorted(taken))
            fault(
                row,
                columns["zh"],
                Wrong(f"指标名“{names}”已被使用", f"the name {names!r} is taken", "另取一名", "choose another"),
            )
            continue
        added[made.id] = made
    return added, faults


def spelled(text: str) -> str:
    """Return a text half-width, without the apostrophe that keeps a program from computing it."""
    plain = half_width(text)
    return plain[1:] if re.match(r"'[=+@-]", plain) else plain


def _unsound(name: str, given: Mapping[str, str]) -> Wrong | None:
    """Return what is wrong with one cell of a new indicator, naming what may stand there."""
    text = given[name]
    if name == "id" and not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", text):
        return Wrong(
            "代号要以小写字母开头\uff0c只用小写字母、数字和下划线\uff0c2—40个字符" if text else "没有写代号",
            "the id must begin with a small letter and hold only small letters, digits and _, 2 to 40 of them",
            "例如 tea_output",
            "as tea_output",
        )
    if name in ("zh", "en", "aliases", "unit") and text.startswith(FORMULA_STARTS):
        return Wrong(
            f"{text[0]!r}开头的文字会被表格软件当作公式",
            f"a spreadsheet runs text that begins with {text[0]!r} as a formula",
            "换一个开头",
            "begin it otherwise",
        )
    if name in ("zh", "en") and not (name == "en" or text):
        return Wrong("没有写名称", "the name is missing", "写上指标的中文名称", "write the indicator's Chinese name")
    if (name == "zh" and len(text) > 60) or (name == "en" and len(text) > 100):
        return Wrong("名称过长", "the name is too long", "中文至多60字\uff0c英文至多100字", "60 or 100 letters at most")
    if name == "unit" and not 0 < len(text) <= 12:
        return Wrong("没有写单位\uff0c或单位过长", "the unit is missing or too long", "如 亿元、万人、%", "as 亿元, %")
    if name in WRITTEN and (text or name == "kind") and read_written(name, text) is None:
        zh = "、".join(said[0] for said in WRITTEN[name].values())
        en = ", ".join(WRITTEN[name])
        return Wrong("认不出这个词" if text else "没有写类别", "not a known word", f"写{zh}之一", f"write one of {en}")
    if name == "kind" and read_written(name, text) in ("growth", "share") and read_unit(given["unit"]) != "%":
        return Wrong(
            "增速和比重的单位只能是 %", "growth and shares can only be in %", "把单位改为 %", "write % as the unit"
        )
    if name == "decimals" and text and not re.fullmatch(r"[0-6](?:\.0+)?", text):
        return Wrong(
            "小数位不是0—6的整数", "not a whole number from 0 to 6", "写0—6之一\uff0c如 2", "write 0 to 6, as 2"
        )
    if name in ("low", "high") and text and not re.fullmatch(r"-?\d+(?:\.\d+)?", text):
        return Wrong("不是数字", "not a number", "写一个数\uff0c或留空", "write a number, or leave it empty")
    if name == "high" and text and given["low"]:
        try:
            if Decimal(text) < Decimal(given["low"]):
                return Wrong("上限小于下限", "the upper bound is below the lower", "核对两数", "check both")
        except ArithmeticError:  # the lower one is no number, which is said beside it
            return None
    return None
