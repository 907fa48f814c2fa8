"""What Excel shows of a cell, which is not always what it stores: one place that reads number formats."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from targets.indicators import half_width, read_unit


class Cell(NamedTuple):
    """One cell that is not empty.

    Attributes
    ----------
    text : str
        As it is shown, without raised runs (footnote marks), and without the number's own format.
    number : Decimal, optional
        The exact number, of a cell shown in per cent in per cent.
    percent : bool
        Whether it is shown with a %.
    unit : str
        The unit that its format writes behind it.
    trouble : str
        ``formula``, ``error`` (#DIV/0! and the like), ``shown`` (the format shows another number than is there),
        ``bool``.
    raised : str
        Raised or lowered runs, which are footnote marks.
    month : bool
        Whether it is a date that is shown as year and month.
    """

    text: str
    number: Decimal | None = None
    percent: bool = False
    unit: str = ""
    trouble: str = ""
    raised: str = ""
    month: bool = False


class Shape(NamedTuple):
    """What a format makes of a number of one sign: times 100 and a %, a % or unit as text, or another number."""

    live: bool = False
    percent: bool = False
    unit: str = ""
    trouble: bool = False
    empty: bool = False


_PART = re.compile(r'"([^"]*)"|[\\!](.)|([_*]).|\[([^\]]*)\]|([^"\\!_*\[])', re.S)
_COLOUR_OR_LOCALE = re.compile(
    r"\$[^\]]*|red|black|blue|cyan|green|magenta|white|yellow|color ?\d+|红色|黑色|蓝色|绿色|白色|黄色|dbnum\d", re.I
)


@lru_cache(maxsize=4096)
def shape(number_format: str, sign: int) -> Shape:
    r"""Return what a format shows of numbers of a sign (1, -1, 0).

    Examples
    --------
    >>> shape("0.0%", 1).live, shape(r"0.0\%", 1), shape('#,##0"万元"', 1).unit, shape("0.00,", 1).trouble
    (True, Shape(live=False, percent=True, unit='', trouble=False, empty=False), '万元', True)
    """
    if number_format in ("", "General", "general", "@", "常规"):
        return Shape()
    sections = _sections(number_format)
    if any(re.match(r"\s*(?:\[[^\]]*\]\s*)*\[[<>=]", section) for section in sections):
        found = {_section(section, 1, False) for section in sections[:2]}
        return found.pop() if len(found) == 1 else Shape(trouble=True)
    if sign < 0 and len(sections) > 1:
        return _section(sections[1], -1, True)
    if sign == 0 and len(sections) > 2:
        return _section(sections[2], 0, True)
    return _section(sections[0], sign, False)


def _sections(number_format: str) -> list[str]:
    found, quoted, escaped = [""], False, False
    for letter in number_format:
        if not escaped and letter == '"':
            quoted = not quoted
        if letter == ";" and not quoted and not escaped:
            found.append("")
        else:
            found[-1] += letter
        escaped = not escaped and not quoted and letter in "\\!_*"
    return found


def _section(section: str, sign: int, own: bool) -> Shape:
    live, said, red = "", "", False
    for quoted, escaped, _, bracket, other in _PART.findall(section):
        said += quoted + escaped
        if bracket:
            red = red or bracket.lower() in ("red", "红色")
            if currency := re.match(r"\$([^-\]]+)", bracket):
                said += currency[1]
            elif not _COLOUR_OR_LOCALE.fullmatch(bracket) and not re.match(r"[<>=]", bracket):
                return Shape(trouble=True)
        # Signs, brackets, spaces and money signs stand for themselves.
        said, live = (said + other, live) if other and other in "+-()（）¥￥$ :△▲" else (said, live + other)
    if not re.search(r"[0#?]|general|常规", live, re.I):
        return Shape(empty=not said.strip() and sign == 0, trouble=sign != 0 or bool(said.strip(" -—–_")))
    minus = "-" in said or "(" in said or "（" in said or "△" in said or "▲" in said
    said = re.sub(r"[-+()（）¥￥\s:△▲]", "", said)
    wrong = (own and sign < 0 and not minus and not red) or (sign > 0 and minus)
    wrong = wrong or live.count("%") + said.count("%") > 1 or "/" in live or "‰" in live
    wrong = wrong or bool(re.search(r"[0#?],+(?=[^0#?]*$)", live))
    unit = "" if said in ("", "%") else read_unit(half_width(said)) or "?"
    wrong = wrong or unit == "?" or bool(re.search(r"[\d.]", said)) or (sign == 0 and not own and minus)
    return Shape("%" in live, "%" in live or "%" in said, "" if unit in ("?", "%") else unit, wrong)


def in_shape(number: Decimal, number_format: str) -> Cell | None:
    """Return a number as a cell of its format; None when the format shows nothing of it."""
    found = shape(number_format, (-1 if number.is_signed() else 1) if number else 0)
    if found.empty:
        return None
    value = number * 100 if found.live else number
    text = str(value)
    if "E" in text:
        text = f"{value:f}"
    if found.percent:
        text += "%"
    return Cell(text, value, found.percent, found.unit, "shown" if found.trouble else "")
