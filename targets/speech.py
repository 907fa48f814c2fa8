"""How it is said, in Chinese and English: sentences of the catalogues, lists, periods, amounts, shares and statuses.

A `Speech` alone knows its language; whoever has one asks it and need not know. Money is given in 亿元 (100 million
yuan); rates and shares are fractions unless a name or docstring says per cent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from targets.catalogue import phrases
from targets.grades import COMPARATORS
from targets.units import SAID_IN

if TYPE_CHECKING:
    from targets.plan import Plan

T = TypeVar("T")


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


def in_time(periods: Iterable[str]) -> list[str]:
    """Return periods in time's order, each once: a year comes after its quarters, as it ends with the last.

    Examples
    --------
    >>> in_time(["2023", "2022Q3", "2022", "2022-02"])
    ['2022-02', '2022Q3', '2022', '2023']
    """
    return sorted(set(periods), key=lambda period: (stretch(period).end, period))


def is_whole(period: str) -> bool:
    """Return whether a period is a whole year."""
    return stretch(period).is_whole


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


def say_share(observed: Any, lower: Any) -> str:
    """Return what part of a lower bound was observed, in per cent; both in the same unit."""
    return say_percent(exact(observed) / exact(lower), 1)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
_STATUS_EN = {
    "公报": "bulletin", "报道": "press report", "报告": "government report", "百科": "encyclopedia entry",
    "简介": "profile page",
    "网文": "web page", "预计": "expected figure", "目标": "target", "初步": "preliminary", "核定": "final",
    "未注明": "not stated",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speech:
    """A language, and all that it says its own way; `Speech.of` returns the one of a language."""

    lang: str

    @staticmethod
    @cache
    def of(lang: str) -> Speech:
        """Return the one that speaks a language, ``zh`` or ``en``."""
        return Speech(lang)

    @property
    def _zh(self) -> bool:
        return self.lang == "zh"

    def pick(self, zh: T, en: T) -> T:
        """Return the one of two that is in this language."""
        return zh if self._zh else en

    # ---- sentences --------------------------------------------------------------------------------------------------

    def word(self, key: str, plan: Plan | None = None, /, **values: object) -> str:
        """Return a row of the catalogues, with its ``{fields}`` filled in.

        Parameters
        ----------
        key : str
        plan : Plan, optional
            Fills in what a sentence says of the plan.
        **values
            What the other fields are.

        Raises
        ------
        ValueError
            When a field is not given: mostly one of the plan, where none was given.
        """
        given = values if plan is None else {**plan.said[self.lang], **values}
        try:
            return phrases()[key].text(self.lang, given).format_map(given)
        except KeyError as error:
            if key not in phrases():
                raise
            raise ValueError(f"word {key!r}: nothing was given for {error}") from None

    def forms(self, key: str) -> str | dict[str, str]:
        """Return a row of the catalogues, its fields unfilled; ``many``, ``one`` and ``count`` where one differs."""
        phrase = phrases()[key]
        many, one = phrase.text(self.lang, {}), phrase.text(self.lang, {phrase.count: 1})
        return many if one == many else {"many": many, "one": one, "count": phrase.count}

    def list(self, items: Iterable[str]) -> str:
        """Return names one after another: 甲、乙; a, b."""
        return ("、" if self._zh else ", ").join(items)

    def join(self, parts: Iterable[str]) -> str:
        """Return the parts of a sentence, with commas."""
        return ("，" if self._zh else ", ").join(parts)

    def clauses(self, parts: Iterable[str]) -> str:
        """Return clauses one after another, with semicolons."""
        return ("；" if self._zh else "; ").join(parts)

    def sentence(self, text: str) -> str:
        """Return a sentence with its end."""
        return f"{text}{'。' if self._zh else '.'}"

    def sentences(self, parts: Iterable[str]) -> str:
        """Return whole sentences one after another."""
        return ("" if self._zh else " ").join(parts)

    def named(self, name: str, text: str) -> str:
        """Return what is said of something, after its name and a colon."""
        return f"{name}{'：' if self._zh else ': '}{text}"

    def brackets(self, text: str) -> str:
        """Return a text in brackets, to stand after another; nothing for nothing."""
        return "" if not text else f"（{text}）" if self._zh else f" ({text})"

    def capital(self, text: str) -> str:
        """Return a text as it begins a sentence."""
        return text if self._zh else text[:1].upper() + text[1:]

    def column(self, name: str) -> str:
        """Return the column that holds a text in this language: ``title``, ``title_en``."""
        return name if self._zh else f"{name}_en"

    def name(self, row: Any) -> str:
        """Return the full name of a row's place."""
        return str(row[self.column("name")])

    def short(self, row: Any) -> str:
        """Return the short name of a row's place."""
        return str(row["name_short" if self._zh else "name_en_short"])

    # ---- periods ----------------------------------------------------------------------------------------------------

    def period(self, period: str) -> str:
        """Say a period of cumulative figures.

        Examples
        --------
        >>> zh, en = Speech.of("zh"), Speech.of("en")
        >>> zh.period("2025Q3"), en.period("2025Q3"), zh.period("2025-05"), en.period("2024")
        ('2025年前三季度', 'Jan–Sep 2025', '2025年1—5月', '2024')
        """
        p = stretch(period)
        if not self._zh:
            return str(p.year) if p.is_whole else self.span(period)
        if p.is_whole:
            return f"{p.year}年"
        if "Q" in period:
            return f"{p.year}年" + {3: "一季度", 6: "上半年", 9: "前三季度"}[p.month]
        return self.span(period)

    def span(self, period: str) -> str:
        """Say a part of a year by its months.

        Examples
        --------
        >>> zh, en = Speech.of("zh"), Speech.of("en")
        >>> zh.span("2025Q3"), zh.span("2025-01"), en.span("2025Q3")
        ('2025年1—9月', '2025年1月', 'Jan–Sep 2025')
        """
        p = stretch(period)
        if self._zh:
            return f"{p.year}年1{f'—{p.month}' if p.month > 1 else ''}月"
        if p.is_whole:
            return str(p.year)
        return f"{_MONTHS[0]}{f'–{_MONTHS[p.month - 1]}' if p.month > 1 else ''} {p.year}"

    def end(self, period: str) -> str:
        """Say the end of a period, at which a level stands, as it stands within a sentence.

        Examples
        --------
        >>> zh, en = Speech.of("zh"), Speech.of("en")
        >>> zh.end("2025-05"), en.end("2025Q3"), zh.end("2024")
        ('2025年5月底', 'end of Sep 2025', '2024年底')
        """
        p = stretch(period)
        if self._zh:
            return f"{p.year}年{'' if p.is_whole else f'{p.month}月'}底"
        return f"end of {'' if p.is_whole else f'{_MONTHS[p.month - 1]} '}{p.year}"

    # ---- figures ----------------------------------------------------------------------------------------------------

    def percent(self, text: str) -> str:
        """Return a number of per cent with its sign: 5% in Chinese, 5 % in English."""
        return f"{text}%" if self._zh else f"{text} %"

    def people(self, number: int) -> str:
        """Return a number of people: 万人 in Chinese, each of them in English.

        Examples
        --------
        >>> Speech.of("zh").people(1_484_016), Speech.of("en").people(10_970)
        ('148.4万人', '10,970')
        """
        return f"{number / 10_000:.1f}万人" if self._zh else f"{number:,}"

    def money(self, amount: Any) -> str:
        """Return an amount given in 亿元, every digit of it, with its unit; the English has the same, in billions.

        What is said of a figure and of its distance from a bound have then the same decimals, so a reader's sum comes
        out.

        Examples
        --------
        >>> zh, en = Speech.of("zh"), Speech.of("en")
        >>> zh.money(49.95), en.money(0.05), zh.money(1120.0), en.money(0)
        ('49.95亿元', '0.005 bn yuan', '1120亿元', '0 bn yuan')
        """
        shown = self.digits(amount)
        return f"{shown}亿元" if self._zh else f"{shown} bn yuan"

    def digits(self, amount: Any) -> str:
        """Return an amount as `money` does, without its unit: in 亿元, in English in billions."""
        return f"{self._yuan(amount):f}"

    def number(self, amount: Any) -> str:
        """Return an amount as `digits` does, thousands apart.

        Examples
        --------
        >>> zh, en = Speech.of("zh"), Speech.of("en")
        >>> zh.number(1234.56), en.number(1234.56), en.number(100)
        ('1,234.56', '123.456', '10')
        """
        return f"{self._yuan(amount):,f}"

    def _yuan(self, amount: Any) -> Decimal:
        return (exact(amount) if self._zh else exact(amount).scaleb(-1)).normalize()

    def amount(self, value: Any, unit: str) -> str:
        """Return a value as it was published, every digit, with its unit; the English in the units that it counts by.

        Examples
        --------
        >>> zh, en = Speech.of("zh"), Speech.of("en")
        >>> zh.amount(52.6484, "亿元"), en.amount(52.6484, "亿元"), en.amount(11.83, "万人")
        ('52.6484亿元', '5.26484 bn yuan', '118.3 thousand people')
        >>> zh.amount(5.5, "%"), en.amount(5.0, "%")
        ('5.5%', '5 %')
        """
        number = exact(value)
        if unit == "%":
            return self.percent(f"{number.normalize():,f}")
        if self._zh:
            return f"{number.normalize():,f}{unit}"
        said, factor = SAID_IN.get(unit, (unit, Decimal(1)))
        return f"{(number * factor).normalize():,f} {said}".rstrip()

    def status(self, status: str, origin: str = "") -> str:
        """Return the status of a figure in words; one that is not known is given as it stands.

        An imported figure is called that, and never a bulletin's or a report's: the status is what its file, or who
        imported it, says.

        Examples
        --------
        >>> zh, en = Speech.of("zh"), Speech.of("en")
        >>> en.status("公报"), zh.status("公报", "import"), en.status("未注明", "import")
        ('bulletin', '导入（公报）', 'imported (not stated)')
        """
        said = status if self._zh else _STATUS_EN.get(status, status)
        return said if origin != "import" else self.word("imported_status", status=said)

    def printed(self, value: Any, unit: str, comparator: str, printed: str, origin: str) -> str:
        """Say a figure as it stood in its source, digit for digit; the English in the units that it counts by.

        Parameters
        ----------
        value : float
            In `unit`.
        unit, comparator, printed, origin : str
            As of `targets.published.OBSERVATION_COLUMNS`.

        Examples
        --------
        >>> zh, en = Speech.of("zh"), Speech.of("en")
        >>> zh.printed(34.1881, "亿元", "eq", "341881万元", "published")
        '341881万元'
        >>> zh.printed(128.03, "亿元", "at_least", "突破128.03亿元", "published")
        '突破128.03亿元'
        >>> en.printed(128.03, "亿元", "at_least", "突破128.03亿元", "published")
        'at least 12.803 bn yuan'
        >>> zh.printed(100, "亿元", "at_least", "新增百亿元县域", "published")
        '至少100亿元'
        """
        words = self.pick(*COMPARATORS[comparator])
        if self._zh and origin == "published" and re.search(r"\d", printed):
            return printed
        if unit == "%":
            return f"{words}{self.percent(_as_printed(value, printed))}"
        if origin == "published" or unit != "亿元":
            return f"{words}{self.amount(value, unit)}"
        return f"{words}{self.money(value)}"


def _as_printed(value: Any, printed: str) -> str:
    """Return a number with the digits that it was printed with, where they are of that very number."""
    found = re.search(r"-?\d+(?:\.\d+)?", printed.replace(",", ""))
    number = exact(value)
    return found[0] if found and Decimal(found[0]) == number else f"{number.normalize():f}"
