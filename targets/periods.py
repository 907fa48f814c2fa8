"""When a figure is of: 2024 · 2025Q3 (from January to the end of the quarter) · 2025-09."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from targets.indicators import half_width

FORM = re.compile(r"((?:19|20)\d\d)(?:Q([123])|-(0[1-9]|1[0-2]))?")
_ENDINGS = {"-03": "Q1", "-06": "Q2", "-09": "Q3", "-12": "", "Q4": ""}
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
# A full date is when a table was made or printed; 比上年 and 比2023年 are what growth is measured against.
_ASIDE = re.compile(r"(?:19|20)\d\d(?:年\d{1,2}月\d{1,2}日|([/.-])\d{1,2}\1\d{1,2})|比(?:19|20)\d\d年")
_SINGLE = re.compile(r"当季|单季|当月|本月|本季|下半年|[二三四]季度当|单月")
_MONTHS = r"(?<![\d十])(?:0?1|一|元)月?份?(?:-|—|－|至|到|~)+(1[0-2]|0?[2-9]|十[一二]?|[二三四五六七八九])月"
_HAN_MONTHS = {han: n for n, han in enumerate("一二三四五六七八九十", start=1)} | {"十一": 11, "十二": 12}
_PARTS: tuple[tuple[str, str], ...] = (
    ("span", _MONTHS),
    ("quarter", r"(?:前|第|1-|1至|一至|一到)?([一二三四1-4])个?季(?:度|(?=末|$))"),
    ("quarter", r"(?<![A-Za-z])[Qq]([1-4])(?!\d)"),
    ("half", r"上半年|(?<![A-Za-z])[Hh]1(?!\d)|(?<![\dA-Za-z])1[Hh](?![A-Za-z])"),
    ("whole", r"全年|年度|年末|年底|(?<![A-Za-z])FY"),
    ("month", r"(?<![\d-])(0?[1-9]|1[0-2])月"),
)
_YEAR_MONTH = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-./](0?[1-9]|1[0-2])(?![\d])|(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?![\d万千百亿元户家人个])")


@dataclass(frozen=True, slots=True)
class Period:
    """What a text says of time: the year or None, the part of it (``Y``, ``Q1``…``Q3``, ``M01``…``M12``) or None."""

    year: int | None = None
    part: str | None = None

    def text(self) -> str | None:
        """Return the period's key, or None without a year."""
        if self.year is None:
            return None
        if self.part in (None, "Y"):
            return str(self.year)
        return canonical(f"{self.year}{self.part}" if self.part.startswith("Q") else f"{self.year}-{self.part[1:]}")


def canonical(period: str) -> str:
    """Return the one key of a stretch from January: to March Q1, to June Q2, to September Q3, to December the year.

    Examples
    --------
    >>> [canonical(period) for period in ("2025-09", "2025-12", "2025Q4", "2025-08", "2025Q3", "2024", "?")]
    ['2025Q3', '2025', '2025', '2025-08', '2025Q3', '2024', '?']
    """
    return period[:4] + _ENDINGS.get(period[4:], period[4:])


class Unclear(ValueError):
    """A text that names several periods, or one that cannot be kept; `zh` and `en` say which."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


@lru_cache(maxsize=1024)
def find_period(text: str) -> tuple[Period, str]:
    """Return what `text` says of time, and the rest of the text.

    Raises
    ------
    Unclear
        When it names two periods, or a single quarter or month apart from the ones before.

    Examples
    --------
    >>> [find_period(text)[0].text() for text in ("2025年三季度", "2025年1—9月", "二〇二四年", "2024年四季度")]
    ['2025Q3', '2025Q3', '2024', '2024']
    >>> find_period("GDP（亿元）2024年末")
    (Period(year=2024, part='Y'), 'GDP(亿元)')
    """
    rest = _ASIDE.sub("", re.sub(r"(?<=[^ -~])\s+|\s+(?=[^ -~])", "", half_width(text)).replace("—", "-"))
    rest = re.sub(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=年)", lambda m: m[0].translate(_DIGITS), rest)
    if "年末" in rest or "年底" in rest:
        rest = re.sub(r"(?<!\d)12月[末底]", "年末", rest)  # 2025年12月末 … 年末常住人口 is one time, said twice
    if _SINGLE.search(rest):
        raise Unclear(
            "只收从年初累计的数\uff0c不收单季、单月的数", "values must run from January, not a single quarter or month"
        )
    years: set[int] = set()
    parts: set[str] = set()

    def year_month(m: re.Match[str]) -> str:
        years.add(int(m[1] or m[3]))
        parts.add(f"M{int(m[2] or m[4]):02}")
        return ""

    rest = _YEAR_MONTH.sub(year_month, rest)
    for kind, pattern in _PARTS:
        # 上半年 and 全年 may stand beside the months they mean: a set keeps them one.
        def part(m: re.Match[str], kind: str = kind) -> str:
            said = next((g for g in m.groups() if g), "")
            parts.add(_part(kind, said))
            return "年" if m[0] in ("年度", "年末", "年底") else ""

        rest = re.sub(pattern, part, rest)
    years |= {int(y) for y in _YEAR.findall(rest)}
    # 年 by itself goes, 年均 stays: an average over years is another thing.
    rest = re.sub(_YEAR.pattern + r"年*|^年(?!均)|年$|截至|截止|\(\)", "", rest) if years or parts else rest
    rest = re.sub(r"^[底末份]+|[底末份]+$", "", rest)
    if len(years) > 1 or len(parts) > 1:
        raise Unclear(f"“{half_width(text)}”里有不止一个时期", f"{half_width(text)!r} names more than one period")
    return Period(years.pop() if years else None, parts.pop() if parts else None), rest.strip()


def _part(kind: str, said: str) -> str:
    if kind == "half":
        return "Q2"
    if kind == "whole":
        return "Y"
    if kind == "quarter":
        n = _QUARTERS[said]
        return "Y" if n == 4 else f"Q{n}"
    n = int(said) if said.isdecimal() else _HAN_MONTHS[said]
    if kind == "span":  # from January: the same as a quarter or the year where it ends with one
        return "Y" if n == 12 else f"Q{n // 3}" if n % 3 == 0 else f"M{n:02}"
    return f"M{n:02}"


def read_period(text: object) -> str | None:
    """Return the key of the period that `text` names and nothing besides; None when it names none.

    Raises
    ------
    Unclear
        As of `find_period`.
    """
    period, rest = find_period(str(text))
    return period.text() if not rest else None


def begins(period: str) -> date:
    """Return the first day that a period's figure can be known to concern: the last quarter's or month's begin."""
    found = _matched(period)
    month = int(found[3]) if found[3] else 3 * int(found[2]) - 2 if found[2] else 1
    return date(int(found[1]), month, 1)


def ends(period: str) -> date:
    """Return a period's last day, before which nobody can know its figure.

    Examples
    --------
    >>> [ends(period).isoformat() for period in ("2024", "2025Q3", "2024-02")]
    ['2024-12-31', '2025-09-30', '2024-02-29']
    """
    found = _matched(period)
    month = int(found[3]) if found[3] else 3 * int(found[2]) if found[2] else 12
    after = date(int(found[1]) + month // 12, month % 12 + 1, 1)
    return after - timedelta(days=1)


def _matched(period: str) -> re.Match[str]:
    found = FORM.fullmatch(period)
    if not found:
        raise ValueError(period)
    return found
