"""What a text of a table says of time: all of it, and whether it runs from January."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from targets.indicators import half_width
from targets.intake.report import Wrong
from targets.periods import Period, Unclear, canonical, find_period

_JOIN = r"(?:-|至|到|~)+"
# Years that are no period: of yearbooks and documents, of prices, of plans, of what growth is measured against.
_NO_PERIOD = re.compile(
    r"《[^》]*》|年鉴[^\d]{0,3}(?:19|20)\d\d(?:年)?|(?:19|20)\d\d年?[^\d,;。]{0,8}年鉴|"
    r"[〔\[(【](?:19|20)\d\d[〕\])】]\s*第?\d+号|(?:19|20)\d\d年?(?:不变|可比|基期)?价格?|"
    rf"(?:19|20)\d\d年?{_JOIN}(?:19|20)\d\d年?|(?:比|较|同|以)(?:19|20)\d\d年"
)
_SPAN_OF_YEARS = re.compile(rf"(?<!\d)(?:19|20)\d\d年?{_JOIN}(?:19|20)\d\d年?(?![\d月])")
_FROM_JANUARY = re.compile(
    rf"累计|年初以来|今年以来|年初至|(?<![\d十])(?:0?1|一|元)月?份?{_JOIN}"
    r"(?:[本当]月|(?:1[0-2]|0?[2-9]|十[一二]?|[二三四五六七八九])月)"
)
_SINGLE_SPAN = re.compile(
    rf"(?<![\d.])(?:0?[2-9]|1[0-2]|[二三四五六七八九]|十[一二]?)月?份?{_JOIN}"
    r"(?:1[0-2]|0?[2-9]|[三四五六七八九]|十[一二]?)月"
    rf"|[二三四2-4]{_JOIN}[三四34]季度|[二三]、[三四]季度|下半年|[Hh]2(?!\d)"
)
_SINGLE = re.compile(r"(?:当季|单季|当月|本月|本季|单月|同月|当期)(?:数值|[数值])?|环比|上月|分月|逐月|月度|分季")
# 2025.1-9 and 2025年1月1日至9月30日 run from January; a day alone says when, not of what stretch.
_SHORT_SPAN = re.compile(r"(?<!\d)((?:19|20)\d\d)[.年/]0?1-(0?[2-9]|1[0-2])(?![\d季个])月?")
_SPAN_OF_DAYS = re.compile(rf"(?<!\d)0?1月0?1日{_JOIN}(?:(?:19|20)\d\d年)?(0?[1-9]|1[0-2])月(\d{{1,2}})日")
_DAY = re.compile(
    r"(?:(?<!\d)((?:19|20)\d\d)年)?(?<!\d)(0?[1-9]|1[0-2])月(0?[1-9]|[12]\d|3[01])日"
    r"|(?<!\d)((?:19|20)\d\d)([-/.])(0?[1-9]|1[0-2])\5(0?[1-9]|[12]\d|3[01])(?!\d)"
)
_UP_TO = re.compile(r"截[至止](?:到|至)?$")
_BASE = re.compile(r"(?:比|较|与|同|对)于?((?:19|20)\d\d)年?(?![\d价不可])")
_QUARTER = re.compile(rf"(前|1{_JOIN}|一{_JOIN})?第?([一二三四1-4])个?季(?:度|$)|(?<![A-Za-z])[Qq](4)(?!\d)")


@dataclass(frozen=True)
class Said:
    """What one text says of time.

    Attributes
    ----------
    year, part : int, str, optional
        As of `targets.periods.Period`.
    rest : str
        The text without it.
    single : str
        The word by which it is a single month or quarter, apart from those before.
    apart : bool
        Whether it is a stretch that does not begin in January (4—6月, 二季度 or 四季度 without 前).
    bare : bool
        Whether the part is a month that may be single or from January.
    quarter : bool
        Whether the part is a quarter's name, which may be single beside others.
    summed : bool
        Whether it says 累计 or the like.
    unclear : Unclear, optional
        When it names several periods.
    day : tuple of (int or None, int, int), optional
        A day (year, month, day), which is no stretch of time.
    base : int, optional
        The year that growth is measured against, where it is said by number.
    """

    year: int | None = None
    part: str | None = None
    rest: str = ""
    single: str = ""
    apart: bool = False
    bare: bool = False
    quarter: bool = False
    summed: bool = False
    unclear: Unclear | None = None
    day: tuple[int | None, int, int] | None = None
    base: int | None = None

    @property
    def dated(self) -> bool:
        """Whether it says anything of when."""
        return bool(self.year or self.part or self.single or self.unclear)


@lru_cache(maxsize=4096)
def said(text: str) -> Said:
    """Return what a text says of time.

    Examples
    --------
    >>> said("2025年9月").bare, said("2025年1—9月").part, said("4-6月").apart, said("甘肃发展年鉴2024").year
    (True, 'Q3', True, None)
    >>> said("甘统字〔2025〕12号").dated, said("2020年价").dated, said("1-本月").summed
    (False, False, True)
    """
    plain = re.sub(r"[—–−－～]", "-", half_width(text))
    plain = re.sub(r"\s", "", plain) if re.search(r"[^ -~]", plain) else plain
    range_only = bool(_SPAN_OF_YEARS.search(plain))
    base = next((int(m[1]) for m in _BASE.finditer(plain)), None)
    plain = _SHORT_SPAN.sub(r"\1年1-\2月", _NO_PERIOD.sub("", plain))
    plain = _SPAN_OF_DAYS.sub(lambda m: f"1-{m[1]}月" if month_end(int(m[1]), int(m[2])) else m[0], plain)
    plain, days = _without_days(plain)
    summed = bool(_FROM_JANUARY.search(plain))
    plain = re.sub(rf"(?:0?1|一|元)月?份?{_JOIN}[本当]月", "累计", plain)
    plain = re.sub(r"年初至(?=\d)", "累计", plain)
    single = _SINGLE_SPAN.search(plain)
    apart = single is not None
    single = single or _SINGLE.search(plain)
    word = single[0] if single else ""
    if single:
        plain = _SINGLE_SPAN.sub("", _SINGLE.sub("", plain))
    quarters = list(_QUARTER.finditer(plain))
    quarter = any(not m[1] for m in quarters)
    apart = apart or any(not m[1] and (m[2] or m[3]) in ("二", "四", "2", "4") for m in quarters)
    try:
        period, rest = find_period(plain)
    except Unclear as unclear:
        return Said(rest=plain, single=word, apart=apart, quarter=quarter, summed=summed, unclear=unclear, base=base)
    if range_only and period.year is None and period.part is None:
        years = Unclear(f"“{half_width(text)[:40]}”是几年的范围", f"{half_width(text)[:40]!r} spans several years")
        return Said(rest=rest, unclear=years)
    bare = bool(period.part and period.part.startswith("M")) and not summed
    day = days[0] if len(days) == 1 and period.part is None else None
    return Said(period.year, period.part, rest, word, apart, bare, quarter, summed, day=day, base=base)


def month_end(month: int, day: int) -> bool:
    """Whether a day ends its month (of whatever year)."""
    return day >= {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)


def _without_days(plain: str) -> tuple[str, list[tuple[int | None, int, int]]]:
    """Return a text without the days that it names, and those; 截至9月30日 is its month."""
    days: list[tuple[int | None, int, int]] = []

    def one(m: re.Match[str]) -> str:
        year, month, day = m[1] or m[4], int(m[2] or m[6]), int(m[3] or m[7])
        if _UP_TO.search(plain[: m.start()]) and month_end(month, day):
            return f"{year}年{month}月" if year else f"{month}月"
        days.append((int(year) if year else None, month, day))
        return ""

    return _DAY.sub(one, plain), days


@dataclass(frozen=True)
class Place:
    """A text beside the columns, what it says of time, its cell, and what it is: ``title``, ``tab``, ``file``."""

    text: str
    cell: str
    how: str
    says: Said


@dataclass(frozen=True)
class When:
    """A period with the texts that say it."""

    period: str | None
    why: tuple[Place, ...] = ()


def settle(head: Said, header: Place, around: tuple[Place, ...], caller: str, stock: bool) -> When:
    """Return the period that a header and the texts around say, the nearest first.

    Raises
    ------
    Wrong
        When they contradict each other, or do not say whether a month or quarter runs from January.
    """
    one_each = ("一列一个时期", "give each column one period")
    if head.unclear:
        raise Wrong(head.unclear.zh, head.unclear.en, *one_each)
    if head.single:
        raise _single(head.single)
    unclear = next((p for p in around if p.says.unclear), None)
    if unclear and not head.year and unclear.says.unclear:
        zh, en = unclear.says.unclear.zh, unclear.says.unclear.en
        raise Wrong(
            f"标题的时期不明确\uff08{zh}\uff09",
            f"the title's period is not clear ({en})",
            "在表头写明时期\uff0c如 2025年前三季度",
            "write the period in the header, as 2025Q3",
        )
    if not head.summed:
        for place in around:
            if place.says.single:
                raise _single(place.says.single, place)
    years = [p for p in around if p.says.year]
    if not head.year and len({p.says.year for p in years}) > 1:
        a = years[0]
        b = next(p for p in years if p.says.year != a.says.year)
        raise _contradict(a, b)
    parts = [p for p in around if p.says.part and not (head.year and p.says.year and p.says.year != head.year)]
    firm = [p for p in parts if p.says.part != "Y"] or parts
    if not head.part and len({p.says.part for p in firm}) > 1:
        a = firm[0]
        b = next(p for p in firm if p.says.part != a.says.part)
        raise _contradict(a, b)
    noted = next((p for p in parts if p.how == "note" and p.says.part != head.part), None)
    if head.part and noted:  # a note speaks of the whole table
        raise _contradict(header, noted)
    # 全年 in one place and 前三季度 in another; 年末 may only be of an indicator's name.
    whole = next((p for p in parts if p.says.part == "Y" and re.search(r"全年|年度|12月(?![末底])", p.text)), None)
    if not head.part and whole and firm[0].says.part != "Y":
        raise _contradict(whole, firm[0])
    if (head.year and not head.part) or (head.part == "Y" and not head.year):
        over = next((p for p in around if p.says.part not in (None, "Y")), None)
        if over:
            # 2024年 in a table of the third quarter: the whole year, or its first three quarters?
            raise Wrong(
                "表头只写年份\uff0c而标题写的是季或月",
                f"the header names a year, {over.cell or over.text} a part of one",
                "把表头写全\uff0c如 2024年前三季度 或 2024年全年",
                "write it in full: 2024Q3, or 2024全年 for the whole year",
            )
    year = head.year or (years[0].says.year if years else None)
    source = header if head.part else firm[0] if firm else None
    part = source.says.part if source else None
    why = [header] if head.year or head.part else []
    why += [p for p in ((years[0] if years and not head.year else None), source) if p and p not in why]
    given = Period(int(caller[:4]), _part_of(caller)) if caller else Period()
    if year is None and given.year:
        if part and given.part and _key(part) != _key(given.part):
            raise Wrong(
                f"表里写的是“{(source or header).text[:30]}”\uff0c导入时选的是 {caller}",
                f"the table says {(source or header).text[:30]!r}, the import {caller}",
                "核对时期",
                "check the period",
            )
        year = given.year
        why.append(Place(caller, "", "caller", Said()))
    if part is None and year == given.year and given.part and (not head.year):
        part = given.part
        why.append(Place(caller, "", "caller", Said()))
    if year is None:
        return When(None)
    period = Period(year, part).text()
    told = caller and period == caller
    # A bare month of the header under a title of 1—9月 is the single month.
    summed = head.summed or (source is not header and any(p.says.summed for p in around))
    if source and not stock and not told:
        if source.says.bare and not summed:
            raise Wrong(
                f"没有说明“{source.text[:30]}”是单月数还是1月至该月的累计数",
                f"whether {source.text[:30]!r} is a single month or runs from January is not said",
                "写作 1—9月 或在导入时选定时期\uff1b单月数不收",
                "write 1—9月, or choose the period on import; single months are not taken",
            )
        if source.says.apart and source.says.quarter and not summed:
            raise Wrong(
                f"没有说明“{source.text[:30]}”是单季数还是从年初累计的数",
                f"whether {source.text[:30]!r} is a single quarter or runs from January is not said",
                "累计数写作 上半年、全年 或 1—6月\uff1b单季数不收",
                "write 上半年, 全年 or 1—6月 if it runs from January; single quarters are not taken",
            )
    return When(canonical(period or ""), tuple(why))


def _single(word: str, place: Place | None = None) -> Wrong:
    where = f"（{place.cell or place.text[:20]}）" if place else ""
    return Wrong(
        f"只收从年初累计的数\uff0c不收单季、单月的数\uff1a“{word}”{where}",
        f"values must run from January, not a single quarter or month: {word!r}",
        "只留累计数的列",
        "keep only columns that run from January",
    )


def _contradict(a: Place, b: Place) -> Wrong:
    return Wrong(
        f"时期自相矛盾\uff1a{a.cell}“{a.text[:30]}”与{b.cell}“{b.text[:30]}”",
        f"the periods contradict each other: {a.text[:30]!r} and {b.text[:30]!r}",
        "改正其一\uff0c或在表头写明时期",
        "correct one of them, or write the period in the header",
    )


def _part_of(period: str) -> str | None:
    return period[4:] if "Q" in period else f"M{period[5:]}" if "-" in period else None


def _key(part: str) -> str:
    return canonical(f"2000{part}" if part.startswith("Q") else f"2000-{part[1:]}" if part.startswith("M") else "2000")


def read_own(text: str, month: bool = False) -> tuple[str | None, Said]:
    """Return the period of a cell that holds only one, in our own notation: 2025-09 runs from January there."""
    found = said(text)
    plain = re.sub(r"\s", "", half_width(text))
    own = re.fullmatch(r"((?:19|20)\d\d)(?:[-/.](\d{1,2})|(0[1-9]|1[0-2]))", plain)
    if own and 1 <= int(own[2] or own[3]) <= 12:
        return canonical(f"{own[1]}-{int(own[2] or own[3]):02}"), replace(found, bare=False)
    if found.unclear or found.single or found.rest or found.year is None:
        return None, found
    key = Period(found.year, found.part).text()
    return (canonical(key) if key else None), (replace(found, bare=False) if month else found)
