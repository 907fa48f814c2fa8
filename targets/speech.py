"""How figures are said: periods, amounts, shares and statuses, in Chinese and English.

Money is given in 亿元 (100 million yuan); rates and shares are fractions unless a name or docstring says per cent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from targets.grades import COMPARATORS
from targets.units import SAID_IN


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time from January to the end of `month`; `end` counts months, so that stretches can be ordered."""

    year: int
    month: int

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole year."""
        return self.month == 12

    @property
    def end(self) -> int:
        """The month with which it ends, counted from year 0."""
        return self.year * 12 + self.month


@cache
def stretch(period: str) -> Stretch:
    """Read ``2024``, ``2025Q3`` or ``2025-09``."""
    match = re.fullmatch(r"((?:19|20)\d\d)(?:Q([1-4])|-(0[1-9]|1[0-2]))?", period)
    if match is None:
        raise ValueError(f"period: {period!r} is not like 2024, 2025Q3 or 2025-09")
    year, quarter, month = match.groups()
    return Stretch(int(year), 3 * int(quarter) if quarter else int(month or 12))


def is_whole(period: str) -> bool:
    """Return whether a period is a whole year."""
    return stretch(period).is_whole


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")


def say_period(period: str, lang: str = "zh") -> str:
    """Say a period of cumulative figures.

    Examples
    --------
    >>> say_period("2025Q3"), say_period("2025Q3", "en"), say_period("2025-05"), say_period("2024", "en")
    ('2025年前三季度', 'Jan–Sep 2025', '2025年1—5月', '2024')
    """
    p = stretch(period)
    if p.is_whole:
        return f"{p.year}年" if lang == "zh" else str(p.year)
    if lang == "en":
        return f"{_MONTHS[0]}{f'–{_MONTHS[p.month - 1]}' if p.month > 1 else ''} {p.year}"
    if "Q" in period:
        return f"{p.year}年" + {3: "一季度", 6: "上半年", 9: "前三季度"}[p.month]
    return f"{p.year}年1{f'—{p.month}' if p.month > 1 else ''}月"


def exact(value: Any) -> Decimal:
    """Return the number as it is written, so that sums and roundings are those of a reader with a pencil."""
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def _shown(value: Any, *apart: Any) -> Decimal:
    """Round half up to one decimal, or to as many as keep the value apart from what it is compared with.

    99.96 beside a bound of 100 would read as reached, and a gap of 0.04 as none.
    """
    given, others = exact(value), [exact(a) for a in apart]
    for digits in range(1, 7):
        unit = Decimal(1).scaleb(-digits)
        shown = given.quantize(unit, ROUND_HALF_UP)
        if all(given == other or shown != other.quantize(unit, ROUND_HALF_UP) for other in others):
            break
    return shown


def say_percent(fraction: Any, *apart: Any) -> str:
    """Return a fraction as per cent, without the sign; kept apart from other fractions as in `_shown`."""
    return f"{_shown(exact(fraction) * 100, *(exact(a) * 100 for a in apart)):f}"


def say_money(amount: Any, lang: str) -> str:
    """Return an amount given in 亿元, every digit of it, with its unit; the English has the same digits, in billions.

    What is said of a figure and of its distance from a bound have then the same decimals, so a reader's sum comes out.

    Examples
    --------
    >>> say_money(49.95, "zh"), say_money(0.05, "en"), say_money(1120.0, "zh"), say_money(0, "en")
    ('49.95亿元', '0.005 bn yuan', '1120亿元', '0 bn yuan')
    """
    shown = exact(amount) if lang == "zh" else exact(amount).scaleb(-1)
    return f"{shown.normalize():f}亿元" if lang == "zh" else f"{shown.normalize():f} bn yuan"


def say_number(amount: Any, lang: str) -> str:
    """Return an amount as `say_money` does, without its unit: in 亿元, in English in billions; thousands apart.

    Examples
    --------
    >>> say_number(1234.56, "zh"), say_number(1234.56, "en"), say_number(100, "en")
    ('1,234.56', '123.456', '10')
    """
    shown = exact(amount) if lang == "zh" else exact(amount).scaleb(-1)
    return f"{shown.normalize():,f}"


def percent(text: str, lang: str) -> str:
    """Return a number of per cent with its sign: 5% in Chinese, 5 % in English."""
    return f"{text}%" if lang == "zh" else f"{text} %"


def say_amount(value: Any, unit: str, lang: str = "zh") -> str:
    """Return a value as it was published, every digit, with its unit; the English in the units that it counts by.

    Examples
    --------
    >>> say_amount(52.6484, "亿元"), say_amount(52.6484, "亿元", "en"), say_amount(11.83, "万人", "en")
    ('52.6484亿元', '5.26484 bn yuan', '118.3 thousand people')
    >>> say_amount(5.5, "%"), say_amount(5.0, "%", "en")
    ('5.5%', '5 %')
    """
    number = exact(value)
    if unit == "%":
        return percent(f"{number.normalize():,f}", lang)
    if lang == "zh":
        return f"{number.normalize():,f}{unit}"
    said, factor = SAID_IN.get(unit, (unit, Decimal(1)))
    return f"{(number * factor).normalize():,f} {said}".rstrip()


def say_years(years: Any, lang: str) -> str:
    """Return a number of years in words."""
    return f"{int(years)}年" if lang == "zh" else f"{int(years)} {'year' if int(years) == 1 else 'years'}"


_ONE = (
    (re.compile(r"\bNone of the 1 (?:selected )?counties is\b"), "The one county is not"),
    (re.compile(r"(?<![\d.,])1 ((?:selected |more )?)counties (?:are|have)\b"), ""),
    (re.compile(r"(?<![\d.,])1 ((?:selected |more )?)counties\b"), r"1 \1county"),
)


def singular(text: str) -> str:
    """Return an English sentence with its counts of one in the singular.

    Examples
    --------
    >>> singular("1 counties are not listed"), singular("0 of 1 counties have"), singular("11 counties have")
    ('1 county is not listed', '0 of 1 county have', '11 counties have')
    """
    (none, none_said), (verb, _), (alone, alone_said) = _ONE
    text = none.sub(none_said, text)
    # In "5 of 1 counties are" the verb belongs to the 5.
    text = verb.sub(
        lambda found: (
            found[0].replace("counties", "county")
            if text[: found.start()].endswith(" of ")
            else found[0].replace("counties are", "county is").replace("counties have", "county has")
        ),
        text,
    )
    return alone.sub(alone_said, text)


def say_share(observed: Any, lower: Any) -> str:
    """Return what part of a lower bound was observed, in per cent; both in the same unit."""
    return say_percent(exact(observed) / exact(lower), 1)


def say_span(period: str, lang: str = "zh") -> str:
    """Say a part of a year by its months.

    Examples
    --------
    >>> say_span("2025Q3"), say_span("2025-01"), say_span("2025Q3", "en")
    ('2025年1—9月', '2025年1月', 'Jan–Sep 2025')
    """
    p = stretch(period)
    return say_period(period, lang) if lang == "en" else f"{p.year}年1{f'—{p.month}' if p.month > 1 else ''}月"


def say_end(period: str, lang: str = "zh") -> str:
    """Say the end of a period, at which a level stands.

    Examples
    --------
    >>> say_end("2025-05"), say_end("2025Q3", "en"), say_end("2024")
    ('2025年5月底', 'End of Sep 2025', '2024年底')
    """
    p = stretch(period)
    month = "" if p.is_whole else f"{p.month}月" if lang == "zh" else f"{_MONTHS[p.month - 1]} "
    return f"{p.year}年{month}底" if lang == "zh" else f"End of {month}{p.year}"


_STATUS_EN = {
    "公报": "bulletin", "报道": "press report", "报告": "government report", "百科": "encyclopedia entry",
    "简介": "profile page",
    "网文": "web page", "预计": "expected figure", "目标": "target", "初步": "preliminary", "核定": "final",
    "未注明": "not stated",
}  # fmt: skip


def say_status(status: str, lang: str = "zh", origin: str = "") -> str:
    """Return the status of a figure in words; one that is not known is given as it stands.

    An imported figure is called that, and never a bulletin's or a report's: the status is what its file, or who
    imported it, says.

    Examples
    --------
    >>> say_status("公报", "en"), say_status("公报", "zh", "import"), say_status("未注明", "en", "import")
    ('bulletin', '导入（公报）', 'imported (not stated)')
    """
    said = status if lang == "zh" else _STATUS_EN.get(status, status)
    if origin != "import":
        return said
    return f"导入（{said}）" if lang == "zh" else f"imported ({said})"


# ---- a figure as it was printed -------------------------------------------------------------------------------------


def say_printed(value: Any, unit: str, comparator: str, printed: str, origin: str, lang: str = "zh") -> str:
    """Say a figure as it stood in its source, digit for digit; the English in the units that it counts by.

    Parameters
    ----------
    value : float
        In `unit`.
    unit, comparator, printed, origin : str
        As of `targets.published.OBSERVATION_COLUMNS`.
    lang : str

    Examples
    --------
    >>> say_printed(34.1881, "亿元", "eq", "341881万元", "published")
    '341881万元'
    >>> say_printed(128.03, "亿元", "at_least", "突破128.03亿元", "published")
    '突破128.03亿元'
    >>> say_printed(128.03, "亿元", "at_least", "突破128.03亿元", "published", "en")
    'at least 12.803 bn yuan'
    >>> say_printed(100, "亿元", "at_least", "新增百亿元县域", "published")
    '至少100亿元'
    """
    words = COMPARATORS[comparator][0 if lang == "zh" else 1]
    if lang == "zh" and origin == "published" and re.search(r"\d", printed):
        return printed
    if unit == "%":
        return f"{words}{percent(_as_printed(value, printed), lang)}"
    if origin == "published" or unit != "亿元":
        return f"{words}{say_amount(value, unit, lang)}"
    return f"{words}{say_money(value, lang)}"


def _as_printed(value: Any, printed: str) -> str:
    """Return a number with the digits that it was printed with, where they are of that very number."""
    found = re.search(r"-?\d+(?:\.\d+)?", printed.replace(",", ""))
    number = exact(value)
    return found[0] if found and Decimal(found[0]) == number else f"{number.normalize():f}"
