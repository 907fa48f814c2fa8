"""One figure: the exact number in a cell, its unit, and what cannot be."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from targets.indicators import FAMILY, Indicator, half_width, read_unit
from targets.intake.report import Wrong
from targets.intake.shown import Cell
from targets.keeping import kept

# As text is compared here: half-width, lower case, no spaces.
NO_DATA = {
    "-", "--", "---", "—", "——", "–", "…", "……", "/", "//", "\\", "x", "×", ".", "..", "...", "*", "**", "无", "无数据",
    "暂无", "暂无数据", "暂缺", "缺", "缺失", "不适用", "n/a", "na", "nan", "null", "none",
}  # fmt: skip
NO_NUMBER = ("不是数字", "not a number", "改成数字\uff0c没有数据就留空", "write a number, or leave it empty")
TROUBLES = {
    "formula": (
        "这里是公式\uff0c不收",
        "a formula is not taken",
        "复制后“选择性粘贴—数值”再导入",
        "copy, paste as values, import again",
    ),
    "error": (
        "这里是错误值",
        "the cell holds an error",
        "改成数字\uff0c没有数据就留空",
        "write a number, or leave it empty",
    ),
    "shown": (
        "单元格格式把数缩小显示或显示成别的\uff0c所见不是所存",
        "the cell's format shows another number than it holds",
        "把格式改为“常规”\uff0c核对后再导入",
        "set the format to General, check, import again",
    ),
}
LOWEST = {"growth": -100, "cumulative": 0, "level": 0, "share": 0}  # of each kind of indicator
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+")
_UNIT_AFTER = re.compile(r"^(.*?\d)\s*(%|[亿万千百兆吉]*[元人瓦]|[亿万]|[MGk]W)$")
_DATE = re.compile(r"((?:19|20)\d\d)(?:[年/.-](\d{1,2})(?:[月/.-](\d{1,2})?)?|(\d\d)(\d\d))?[年月日]?")


def no_data(cell: Cell) -> bool:
    """Whether a cell says that there is no figure."""
    return cell.number is None and not cell.trouble and _says_nothing(cell.text)


@kept
def _says_nothing(text: str) -> bool:
    return re.sub(r"\s", "", half_width(text)).lower() in NO_DATA


@kept
def is_number(text: str) -> bool:
    """Whether a text is a number and nothing else."""
    return bool(_NUMBER.fullmatch(half_width(text).replace("\uff0c", ",")))


def number(cell: Cell, unit: str) -> tuple[Decimal, str]:
    """Return the exact number in a cell, and its unit: the column's, unless the cell names its own."""
    if cell.trouble:
        raise Wrong(*TROUBLES.get(cell.trouble, NO_NUMBER))
    if cell.number is not None:
        if cell.percent and unit != "%":
            raise Wrong(f"百分数不能是{unit}", f"a per cent cannot be in {unit}", "核对表头", "check the header")
        if cell.unit and cell.unit != unit:
            raise Wrong(
                f"单元格格式写的是“{cell.unit}”\uff0c表头的单位却是{unit}",
                f"the cell's format says {cell.unit}, the column is in {unit}",
                "改正其一",
                "correct one of them",
            )
        return cell.number, unit
    return _read(cell.text, unit)


@kept
def _read(written: str, unit: str) -> tuple[Decimal, str]:
    """Return the number that a text is, and its unit."""
    text = half_width(written).replace("\uff0c", ",").strip()
    if (tail := _UNIT_AFTER.fullmatch(text)) and (own := _own_unit(tail[2], unit)):
        text, unit = tail[1], own
    if not _NUMBER.fullmatch(text) or len(text) > 24:
        raise Wrong(*NO_NUMBER)
    return Decimal(re.sub("[, ]", "", text)), unit


def _own_unit(said: str, unit: str) -> str | None:
    """Return the unit that a cell says itself: 1317000万元 in a column of 亿元 is what it says.

    Raises
    ------
    Wrong
        When it says only 万 or 亿, and the column another: 1.2万 in a column of 亿元 may be either.
    """
    own = read_unit(said)
    if said not in ("万", "亿"):
        return own
    if unit.startswith(said):  # 12.9万 in a column of 万人
        return unit
    if len(unit) == 1 and said + unit in FAMILY:  # and in one of 人
        return said + unit
    if own is None or FAMILY[own] != FAMILY.get(unit):
        return own
    raise Wrong(
        f"单元格写的是“{said}”\uff0c这一列的单位却是{unit}",
        f"the cell says {said}, the column is in {unit}",
        "改正其一",
        "correct one of them",
    )


def day(cell: Cell) -> int:
    """Return a day as the number YYYYMMDD, 00 where month or day are not said."""
    if cell.trouble:
        number(cell, "")
    found = _DATE.fullmatch(re.sub(r"\s", "", half_width(cell.text)))
    if found:
        year, month, day = int(found[1]), int(found[2] or found[4] or 0), int(found[3] or found[5] or 0)
        try:
            date(year, month or 1, day or 1)
            return year * 10000 + month * 100 + day
        except ValueError:
            pass
    raise Wrong("不是日期", "not a date", "写作 2022-12-31、2022年12月 或 2022", "write 2022-12-31, 2022-12 or 2022")


def possible(indicator: Indicator, value: Decimal) -> None:
    """Raise for what cannot be, whatever the county."""
    lowest = LOWEST.get(indicator.kind)
    if lowest is not None and value < lowest and not (lowest == 0 and indicator.low < 0):
        raise Wrong(
            f"{indicator.zh}不可能是{value}", f"{indicator.en} cannot be {value}", "核对数字", "check the number"
        )
    if indicator.kind == "share" and value > 100:
        raise Wrong(
            f"{indicator.zh}不可能超过100%", f"{indicator.en} cannot be over 100 %", "核对数字", "check the number"
        )
