"""What was reached against what was promised: attainment, gap, required pace, who is behind.

Pure functions on the join (`targets.counties.join`), the observations (`Published.observations`, with imported rows
added in the same columns) and the plan. Nothing is read here, estimated, or split from a larger area's total. GDP is in
亿元 (100 million yuan), nominal; rates and shares are fractions unless a name or docstring says per cent.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import pandas as pd

from targets.plan import NO_BAND, Plan, load_plan
from targets.published import AT_LEAST, PROVINCE

GDP, GROWTH, GROWTH_AVERAGE, INDUSTRY = "gdp", "gdp_growth", "gdp_growth_avg", "industry_growth"
YI = "亿元"

REACHED, ON_PACE, BEHIND, NO_DATA, NO_TARGET = "reached", "on_pace", "behind", "no_data", "no_target"
STATES: Mapping[str, tuple[str, str]] = {
    REACHED: ("已达下限", "reached"),
    ON_PACE: ("进度内", "on pace"),
    BEHIND: ("落后", "behind"),
    NO_DATA: ("暂无可比全年数", "no comparable full year"),
    NO_TARGET: ("未列入专栏一", "no target"),
}
# Why a number of the assessment is missing.
REASONS: Mapping[str, tuple[str, str]] = {
    "no_band": ("未列入专栏一，没有下限可比", "not listed in Box 1: there is no lower bound to compare with"),
    "no_figure": ("没有任何地区生产总值数", "no GDP figure of any kind is known"),
    "growth_only": ("只有增速，增速不能推出总量", "only a growth rate is known, which gives no level"),
    "part_year": ("只有季度累计数，不与年度目标相比", "only part-year totals are known, which are not compared"),
    "other_year": ("所选时期没有全年数，其他年份有", "no full-year figure for the chosen period, but for another year"),
    "other_period": ("所选时期没有数，其他时期有", "no figure for the chosen period, but for another"),
    "floor_only": (
        "只见报道已达到某数，不足以判断",
        "only reported as having passed an amount, which does not settle it",
    ),
    "after_target": ("目标期已过，此后的数不与目标相比", "figures from after the target year are not compared"),
    "floor": ("报道已达到，未公布数值", "reported as reached, without a figure"),
    "no_years_left": ("目标年的全年数，没有剩余年份", "the full target year: no years are left"),
}
# Kinds of figures that no bulletin or newspaper stands for.
WEAK = ("百科", "简介", "网文", "预计")
# What the plan's six bands leave open.
GAP, BELOW = "gap", "below"
Row = Mapping[Any, Any] | pd.Series


# ---- rules ----------------------------------------------------------------------------------------------------------

_RULES: tuple[tuple[str, str], ...] = (
    (
        "达成度＝全年地区生产总值（现价）÷本档下限。下限含在本档内，上限不含，最高档不封顶；目标期为{end}年末。",
        "Attainment = full-year GDP (current prices) ÷ lower bound of the band. The lower bound belongs to the band, "
        "the upper does not, the top band is open; the target is for the end of {end}.",
    ),
    (
        "差距＝下限－观测值；已达下限的，列出超出数。",
        "Gap = lower bound − observed; where the bound is reached, the surplus is shown instead.",
    ),
    (
        "所需年均增速＝（下限÷观测值）^［1÷（{end}－观测年份）］－1，按名义（现价）计；"
        "{end}年全年数已无剩余年份，不算增速。",
        "Required yearly growth = (lower bound ÷ observed)^[1 ÷ ({end} − year observed)] − 1, nominal (current "
        "prices); for the full year {end} no years are left and none is computed.",
    ),
    (
        "观测值达到下限为“已达下限”；未达到而所需年均名义增速不高于{pace}%为“进度内”，高于{pace}%为“落后”；"
        "{end}年全年数仍未达到的也为“落后”。",
        "Reached: the figure is at or above the lower bound. Short of it, on pace: the required nominal growth is at "
        "most {pace} % a year; behind: it is more, or the full year {end} is still short.",
    ),
    (
        "{pace}%是可调整的参数，方案没有规定年度进度。{why}",
        "{pace} % is a parameter that can be changed: the plan sets no path of years. {why}",
    ),
    (
        "县里公布的增速是实际增速，目标是名义总量，两者不能相比，所以不用它判断进度。进度只说明还需多快，不作预测。",
        "A county's published growth is real, its target a nominal level, so the one is not used to judge the other. "
        "The pace says how fast is still needed and forecasts nothing.",
    ),
    (
        "季度、月度数为1月起累计，不与年度目标相比；选季度时，状态用此前最近的全年数，季度累计数和增速另列。",
        "Quarters and months run from January and are not compared with the yearly target; when a quarter is chosen, "
        "the state rests on the latest full year before it, and the quarter's total and growth stand beside.",
    ),
    (
        "只有增速的县列出增速，不推算总量；不插补，不用市州或全省的数分摊。",
        "Where only growth is known, growth is shown and no level is derived; nothing is interpolated, and no total of "
        "a prefecture or the province is split.",
    ),
    (
        "报道称某县已过某数而未公布数值，且该数不低于下限的，为“已达下限”，不算达成度和差距；"
        "有同年或以后的全年数时用全年数。",
        "Where a report says that a county has passed an amount without giving the figure, and the amount covers the "
        "lower bound, it counts as reached, without attainment or gap; a full-year figure of that year or later takes "
        "its place.",
    ),
    (
        "方案在1000亿元与1400亿元之间未列档次，观测值落在其间的单独标明。",
        "The plan prints nothing between 100 and 140 bn yuan; a figure that falls there is marked as such.",
    ),
    (
        "专栏一未列的18个县没有下限，单独列出。",
        "The 18 counties that Box 1 leaves out have no lower bound and are shown apart.",
    ),
    (
        "同一县同一时期既有公开数又有导入数的，用导入数。",
        "Where a county has both a published and an imported figure for one period, the imported one is used.",
    ),
)
_WHY = (
    "取86县合计2021—2023年的名义年均增速，约7%：2022年10509.8亿元，名义增长9.29%；2023年约1.1万亿元。",
    "It is the nominal growth of the 86 counties together in 2021–2023, about 7 % a year: 1,050.98 bn yuan in 2022, up "
    "9.29 % in nominal terms, and about 1,100 bn in 2023.",
)


@dataclass(frozen=True, slots=True)
class Rules:
    """How the assessment is made; `sentences` says it for the page.

    Attributes
    ----------
    target_year : int
        The bands are for the end of this year.
    plan_year : int
        The plan's first year; a figure from before it is marked as older than the plan.
    pace : float
        A county short of its lower bound is on pace when the nominal growth it still needs is at most this fraction a
        year.
    enough : float
        Below this share of the counties with a target, a count of states carries a warning.

    Raises
    ------
    ValueError
        When `pace` or `enough` is not between 0 and 1.

    Notes
    -----
    The plan sets no path of years and no growth of GDP, so any pace is a choice, and this one is stated. It asks only
    what is still needed. A county's own growth is published in real terms, while its target is nominal; a straight line
    from a base year would need a base that is unpublished for most counties. The default is what the 86 counties did
    together in the plan's first two years by the published totals (see ``published/province.csv``): 10,509.8亿元 in
    2022, 9.29 % more in nominal terms than in 2021, and about 11,000亿元 in 2023; 6.7 to 7.2 % a year, as the last is
    rounded. So "on pace" means: still to be reached at a growth that the counties together have shown.
    """

    target_year: int = 2025
    plan_year: int = 2022
    pace: float = 0.07
    enough: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.pace <= 1:
            raise ValueError(f"pace: {self.pace!r} not between 0 and 1 (a fraction a year)")
        if not 0 <= self.enough <= 1:
            raise ValueError(f"enough: {self.enough!r} not between 0 and 1 (a share of the counties)")

    def sentences(self, lang: str = "zh") -> tuple[str, ...]:
        """Return the rules, in the order in which a reader needs them."""
        at = 0 if lang == "zh" else 1
        # The reason is that of the default, and of no other number.
        why = _WHY[at] if self.pace == Rules().pace else ""
        pace = f"{self.pace * 100:g}"
        return tuple(pair[at].format(end=self.target_year, pace=pace, why=why).rstrip() for pair in _RULES)


RULES = Rules()


# ---- periods and numbers --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From January to the end of `month`."""

    year: int
    month: int

    @property
    def is_whole(self) -> bool:
        return self.month == 12

    @property
    def end(self) -> int:
        return self.year * 12 + self.month


@cache
def _stretch(period: str) -> _Stretch:
    """Read ``2024``, ``2025Q3`` or ``2025-09``."""
    match = re.fullmatch(r"((?:19|20)\d\d)(?:Q([1-4])|-(0[1-9]|1[0-2]))?", period)
    if match is None:
        raise ValueError(f"period: {period!r} is not like 2024, 2025Q3 or 2025-09")
    year, quarter, month = match.groups()
    return _Stretch(int(year), 3 * int(quarter) if quarter else int(month or 12))


def is_whole(period: str) -> bool:
    """Return whether a period is a whole year."""
    return _stretch(period).is_whole


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")


def say_period(period: str, lang: str = "zh") -> str:
    """Say a period of cumulative figures.

    Examples
    --------
    >>> say_period("2025Q3"), say_period("2025Q3", "en"), say_period("2025-05"), say_period("2024", "en")
    ('2025年前三季度', 'Jan–Sep 2025', '2025年1—5月', '2024')
    """
    p = _stretch(period)
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


def say_money(amount: Any, lang: str, *apart: Any, whole: bool = False) -> str:
    """Return an amount given in 亿元, with its unit; the English has the same digits, in billions.

    With `whole`, a bound has no decimals that it does not need.
    """
    shown = exact(amount).normalize() if whole else _shown(amount, *apart)
    return f"{shown:f}亿元" if lang == "zh" else f"{shown.scaleb(-1):f} bn yuan"


def say_number(amount: Any, lang: str, *apart: Any, whole: bool = False) -> str:
    """Return an amount as `say_money` does, without its unit: in 亿元, in English in billions; thousands apart.

    Examples
    --------
    >>> say_number(1234.56, "zh"), say_number(1234.56, "en"), say_number(100, "en", whole=True)
    ('1,234.6', '123.46', '10')
    """
    shown = exact(amount).normalize() if whole else _shown(amount, *apart)
    return f"{shown if lang == 'zh' else shown.scaleb(-1):,f}"


def percent(text: str, lang: str) -> str:
    """Return a number of per cent with its sign: 5% in Chinese, 5 % in English."""
    return f"{text}%" if lang == "zh" else f"{text} %"


# unit: (the one that English pages say, what one of it is of that)
_SAID_IN: Mapping[str, tuple[str, Decimal]] = {
    "亿元": ("bn yuan", Decimal("0.1")),
    "万元": ("m yuan", Decimal("0.01")),
    "元": ("yuan", Decimal(1)),
    "万人": ("thousand people", Decimal(10)),
    "人": ("people", Decimal(1)),
    "个": ("", Decimal(1)),
    "万千瓦": ("MW", Decimal(10)),
    "兆瓦": ("MW", Decimal(1)),
}


def say_amount(value: Any, unit: str, lang: str = "zh") -> str:
    """Return a value as it was published, every digit, with its unit; the English in the units that it counts by.

    Examples
    --------
    >>> say_amount(52.6484, "亿元"), say_amount(52.6484, "亿元", "en"), say_amount(11.83, "万人", "en")
    ('52.6484亿元', '5.26484 bn yuan', '118.3 thousand people')
    >>> say_amount(5.0, "%"), say_amount(5.0, "%", "en")
    ('5.0%', '5.0 %')
    """
    number = exact(value)
    if unit == "%":
        return percent(f"{number:,f}", lang)  # 5.0 as published and as the sentences say it
    if lang == "zh":
        return f"{number.normalize():,f}{unit}"
    said, factor = _SAID_IN.get(unit, (unit, Decimal(1)))
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


# ---- the latest figure ----------------------------------------------------------------------------------------------


def figures(observations: pd.DataFrame, indicator: str, unit: str | None = None) -> pd.DataFrame:
    """Return the figures of one indicator, one for each place and stretch of time, oldest first.

    Where one place has several for the same stretch, an imported one stands before a published, a whole year before
    one that was added up, a later batch before an earlier.

    Parameters
    ----------
    observations : DataFrame
        With the columns of `targets.published.OBSERVATION_COLUMNS`.
    indicator : str
    unit : str, optional
        Which every figure must be in.

    Returns
    -------
    DataFrame
        The rows and columns of `observations`, with `year` and `month`: each figure runs from January to the end of it.

    Raises
    ------
    ValueError
        When a figure is in another unit: one in 万元 taken for 亿元 would be wrong by a factor of ten thousand.
    """
    rows = observations[(observations["indicator"] == indicator) & observations["value"].notna()]
    if unit is not None and not (rows["unit"] == unit).all():
        bad = rows[rows["unit"] != unit].iloc[0]
        raise ValueError(f"{indicator} of {bad['place']}, {bad['period']}: unit {bad['unit']!r}, expected {unit!r}")
    ends = [_stretch(str(p)) for p in rows["period"]]
    own = (rows["origin"] == "import").tolist()
    whole = (rows["period"].str.len() == 4).tolist()
    batch = rows["batch"].fillna(-1).tolist()
    places = rows["place"].tolist()
    keys = [(p, e.end, *rest) for p, e, *rest in zip(places, ends, own, whole, batch, strict=True)]
    # Of one place and stretch, the last in this order is kept.
    kept = {keys[i][:2]: i for i in sorted(range(len(keys)), key=keys.__getitem__)}
    chosen = [ends[i] for i in kept.values()]
    rows = rows.iloc[list(kept.values())]
    return rows.assign(
        year=pd.array([e.year for e in chosen], "Int64"), month=pd.array([e.month for e in chosen], "Int64")
    )


def latest(
    observations: pd.DataFrame, indicator: str, period: str | None = None, *, full_year: bool = True
) -> pd.DataFrame:
    """Return for each place the latest figure of an indicator.

    Parameters
    ----------
    observations : DataFrame
        With the columns of `targets.published.OBSERVATION_COLUMNS`.
    indicator : str
    period : str, optional
        Without one, the latest of all. With full years, ``2023`` takes that year and no other, ``2025Q3`` the latest
        full year before it. Else the latest that ends no later than `period`.
    full_year : bool
        Whether only whole years count. A quarter's figure runs from January and is no year's level.

    Returns
    -------
    DataFrame
        By place: `period`, `year`, `month`, `value`, `unit`, `status`, `source`, `source_url`, `note`, `batch`,
        `origin`. Places without a figure are absent. Each value is one that was observed, at that very place.

    Raises
    ------
    ValueError
        When `period` cannot be read.
    """
    return _latest(figures(observations, indicator), period, full_year)


_FIGURE = ["period", "year", "month", "value", "unit", "status", "source", "source_url", "note", "batch", "origin"]


def _latest(rows: pd.DataFrame, period: str | None, full_year: bool) -> pd.DataFrame:
    """Return the latest of the rows that `figures` gave, by place."""
    until = None if period is None else _stretch(period)
    if full_year:
        rows = rows[rows["month"] == 12]
        if until is not None:
            rows = rows[rows["year"] == until.year] if until.is_whole else rows[rows["year"] < until.year]
    elif until is not None:
        rows = rows[rows["year"] * 12 + rows["month"] <= until.end]
    return rows.drop_duplicates("place", keep="last").set_index("place")[_FIGURE]


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one place and indicator that one source gives for one stretch of the year.

    `points` are (year, value) in order of year; `months` is 12 for whole years, 9 for January to September, and so on.
    """

    source: str
    status: str
    origin: str
    unit: str
    months: int
    points: tuple[tuple[int, float], ...]

    @property
    def is_trend(self) -> bool:
        """Whether a line may be drawn: three points or more."""
        return len(self.points) >= 3


def series(observations: pd.DataFrame, place: str, indicator: str) -> tuple[Series, ...]:
    """Return the figures of a place, apart by source and by stretch of the year, since only like may be joined.

    Where two sources give the same period both appear, each in its own series.
    """
    mine = observations[(observations["place"] == place) & (observations["indicator"] == indicator)]
    found = []
    for keys, rows in mine.groupby(["source", "origin", "unit"], sort=True):
        for month, same in figures(rows, indicator).groupby("month"):
            points = tuple((int(y), float(v)) for y, v in zip(same["year"], same["value"], strict=True))
            status = "、".join(dict.fromkeys(same["status"]))
            found.append(Series(str(keys[0]), status, str(keys[1]), str(keys[2]), int(str(month)), points))
    return tuple(sorted(found, key=lambda s: (s.points[0][0], -s.months, s.source)))


# ---- the assessment -------------------------------------------------------------------------------------------------

_NUMBERS = ("observed", "attainment", "gap", "surplus", "required_growth", "floor", "growth", "part_year", "other")
_WHOLE = ("year", "years_left", "floor_year")
_CITED = ("period", "status", "source", "source_url", "note", "origin", "batch")
_BESIDE = ("floor", "growth", "part_year", "other")
_BATCHES = ("batch", *(f"{what}_batch" for what in _BESIDE))
_COLUMNS: tuple[str, ...] = (
    *("state", "reason", "absent", "observed", "year", *_CITED, "band_observed", "attainment", "gap", "surplus"),
    *("years_left", "required_growth", "floor", "floor_year", "growth", "growth_indicator", "part_year"),
    *("other", "other_indicator"),
    *(f"{what}_{field}" for what in _BESIDE for field in _CITED),
)


def assess(
    counties: pd.DataFrame,
    observations: pd.DataFrame,
    period: str | None = None,
    rules: Rules = RULES,
    plan: Plan | None = None,
) -> pd.DataFrame:
    """Compare each county's GDP with the lower bound of its band.

    Parameters
    ----------
    counties : DataFrame
        As of `targets.counties.join`.
    observations : DataFrame
        Published and imported figures. Rows of other places (prefectures, the province, parks) change nothing.
    period : str, optional
        As of `latest`: by default each county's latest full year up to the target year.
    rules : Rules
    plan : Plan, optional
        Whose bands tell where an observed value falls; by default the one shipped.

    Returns
    -------
    DataFrame
        One row for each of the 86 counties, by adcode; 620200 has none. Missing numbers are ``<NA>``, missing text is
        ``""``.

        - `name`, `name_short`, `name_en`, `name_en_short`, `prefecture_code`; `band` (None for 18), `band_order`,
          `lower` and `upper` (亿元)
        - `state` (a key of `STATES`) and `reason` (a key of `REASONS`, or ``""``) why something is not computed
        - `absent`: a key of `REASONS` why there is no full-year figure, for every county without one, else ``""``
        - `observed` (亿元), its `year`, `period`, `status`, `source`, `source_url`, `note`, `origin`, `batch`;
          `before_plan` when the year is before the plan's first
        - `band_observed`: the band that the observed value falls in, ``below`` (under the lowest) or ``gap`` (between
          1000 and 1400, where the plan prints nothing), see `classes`
        - `attainment` (observed ÷ lower), `gap` (亿元 short of the lower bound, else 0), `surplus` (亿元 above it, else
          0), `years_left`, `required_growth` (a fraction a year, nominal; ``<NA>`` once reached or without years left)
        - `floor` (亿元), `floor_year`, `floor_source` …: an amount reported as passed, without a figure, where it is
          later than the observed value
        - `growth` (per cent, as published: real unless the source says otherwise), `growth_indicator`,
          `growth_period` …: the latest up to `period`, never used for a level; a five-year average only where no other
          is known
        - `part_year` (亿元), `part_year_period` …: the latest total from January that is no whole year, where it is
          later than the observed value; never compared
        - `other`, `other_indicator`, `other_period` …: where `absent` says that only another period has a figure, that
          figure: a level, an amount passed, a part of a year or a growth rate; never compared

    Raises
    ------
    ValueError
        When `period` cannot be read, or a GDP is not in 亿元.
    """
    bands = (plan or load_plan()).bands
    gdp = figures(observations, GDP, YI)
    gdp = gdp[gdp["value"] > 0]
    within = gdp[gdp["year"] <= rules.target_year]
    passed = figures(observations, AT_LEAST, YI)
    floors = passed[passed["year"] <= rules.target_year]
    levels = _latest(within, period, True).to_dict("index")
    bounds = _latest(floors, period, True).to_dict("index")
    parts = _latest(gdp[gdp["month"] != 12], period, False).to_dict("index")
    growth = _growth(observations, period)
    whole = set(within.loc[within["month"] == 12, "place"])
    later = set(gdp.loc[(gdp["month"] == 12) & (gdp["year"] > rules.target_year), "place"])
    if period is not None and _stretch(period).is_whole:
        whole, later = (set(), whole | later) if _stretch(period).year > rules.target_year else (whole | later, set())
    ever = _ever(gdp, passed, observations)

    real = counties[counties["is_county"]]
    dtypes = dict.fromkeys(_NUMBERS, "Float64") | dict.fromkeys((*_WHOLE, *_BATCHES), "Int64")
    rows = {}
    for place, lower in zip(real.index, real["lower"], strict=True):
        level, bound, part = levels.get(place), bounds.get(place), parts.get(place)
        row = {column: pd.NA if column in dtypes else "" for column in _COLUMNS}
        if level is not None:
            row |= {field: level[field] for field in ("year", *_CITED)} | {"observed": level["value"]}
            row["band_observed"] = band_of(level["value"], bands)
            # What is older than the level, or of its very year, adds nothing to it.
            bound = bound if bound and bound["year"] > level["year"] else None
            part = part if part and part["year"] > level["year"] else None
        else:
            have: tuple[tuple[str, Container[Any]], ...] = (
                *(("after_target", later), ("other_year", whole), ("floor_only", bounds)),
                *(("part_year", parts), ("growth_only", growth), ("other_period", ever)),
            )
            row["absent"] = next((reason for reason, places in have if place in places), "no_figure")
        other = ever[place] if row["absent"] in ("after_target", "other_year", "other_period") else None
        for what, beside in zip(_BESIDE, (bound, growth.get(place), part, other), strict=True):
            if beside is not None:
                row |= {what: beside["value"]} | {f"{what}_{field}": beside[field] for field in _CITED}
        if other is not None:
            row["other_indicator"] = other["indicator"]
        if bound is not None:
            row["floor_year"] = bound["year"]
        if place in growth:
            row["growth_indicator"] = growth[place]["indicator"]
        row |= _judged(None if pd.isna(lower) else int(lower), level, bound, rules)
        if row["state"] == NO_DATA:
            row["reason"] = row["absent"]
        rows[place] = row
    found = pd.DataFrame.from_dict(rows, orient="index", columns=list(_COLUMNS))
    found = found.astype({column: dtypes.get(column, "str") for column in _COLUMNS})
    found["before_plan"] = (found["year"] < rules.plan_year).fillna(False).astype(bool)
    named = ["name", "name_short", "name_en", "name_en_short", "prefecture_code"]
    named += ["band", "band_order", "lower", "upper"]
    return pd.DataFrame(real[named]).join(found, validate="one_to_one").rename_axis("adcode")


def _growth(observations: pd.DataFrame, period: str | None) -> dict[Any, dict[str, Any]]:
    """Return the latest growth figure of each place; the average of several years only where there is no other."""
    found: dict[Any, dict[str, Any]] = {}
    for indicator in (GROWTH_AVERAGE, GROWTH):
        for place, row in latest(observations, indicator, period, full_year=False).to_dict("index").items():
            found[place] = {str(field): value for field, value in row.items()} | {"indicator": indicator}
    return found


def _ever(gdp: pd.DataFrame, passed: pd.DataFrame, observations: pd.DataFrame) -> dict[Any, dict[str, Any]]:
    """Return for each place what is known at any time at all: the latest level, else what says less."""
    found: dict[Any, dict[str, Any]] = dict(_growth(observations, None))
    weaker_first = ((gdp[gdp["month"] != 12], GDP), (passed, AT_LEAST), (gdp[gdp["month"] == 12], GDP))
    for rows, indicator in weaker_first:
        for place, row in _latest(rows, None, False).to_dict("index").items():
            found[place] = {str(field): value for field, value in row.items()} | {"indicator": indicator}
    return found


def _judged(lower: int | None, level: Row | None, bound: Row | None, rules: Rules) -> dict[str, Any]:
    """Return the state of one county, and the numbers that it rests on."""
    if lower is None:
        return {"state": NO_TARGET, "reason": "no_band"}
    if bound is not None and bound["value"] >= lower:
        # Later than any level there is, so the older level's gap would say what is no longer so.
        return {"state": REACHED, "reason": "floor"}
    if level is None:
        return {"state": NO_DATA, "reason": "no_figure"}
    observed, years = float(level["value"]), rules.target_year - int(level["year"])
    # In decimals, so that 300 − 285.4 is 14.6.
    short = Decimal(lower) - exact(observed)
    row: dict[str, Any] = {
        "attainment": observed / lower,
        "gap": float(max(short, Decimal(0))),
        "surplus": float(max(-short, Decimal(0))),
        "years_left": years,
        "reason": "",
    }
    if short <= 0:
        return row | {"state": REACHED}
    if years == 0:
        return row | {"state": BEHIND, "reason": "no_years_left"}
    required = (lower / observed) ** (1 / years) - 1
    return row | {"required_growth": required, "state": ON_PACE if required <= rules.pace else BEHIND}


# ---- a part of a year -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class PartYear:
    """What is known of one quarter or month, from January on: never compared with a full-year bound.

    Attributes
    ----------
    period : str
        Such as ``2025Q3``.
    counties : DataFrame
        By adcode, those with a total or a growth rate: `name_short`, `name_en`, `prefecture_code`, `state` (by the
        full-year rule), `level` (亿元), `growth` (per cent, as published), `industry` (growth of above-scale industry,
        per cent), `apart` (percentage points of growth above the province, exact; ``<NA>`` when either is unknown), and
        for `level` and `growth` the columns `level_status`, `level_source`, `level_note`, `level_origin`….
    province : Series or None
        The province's own growth of the very same period: `value`, `status`, `source`, `source_url`, `note`, `origin`,
        `batch`, `period`, `place`, `indicator`.
    """

    period: str
    counties: pd.DataFrame
    province: pd.Series | None

    def over(self, adcodes: Iterable[str]) -> pd.DataFrame:
        """Return the rows of the counties that a filter leaves."""
        return self.counties[self.counties.index.isin(list(adcodes))]

    def order(self, by: str) -> list[str]:
        """Return the adcodes in an order of `PART_ORDERS`; those without the figure come last, ties by adcode."""
        column, rising = PART_ORDERS[by]
        rows = self.counties.sort_index()
        if column:
            rows = rows.sort_values(column, ascending=rising, na_position="last", kind="stable")
        return [str(adcode) for adcode in rows.index]

    def sentence(self, adcodes: Iterable[str], asked: int, lang: str = "zh") -> str:
        """Say how many of the `asked` counties have figures, the lowest and highest growth, and the province's."""
        zh = lang == "zh"
        rows = self.over(adcodes)
        grown = rows[rows["growth"].notna()]
        levels = int(rows["level"].notna().sum())
        when = say_span(self.period, lang)
        if zh:
            said = [f"{when}：{asked}个县（市、区）中，{levels}个有累计总量，{len(grown)}个有增速"]
        else:
            said = [f"{when}: of {asked} counties, {levels} have a total and {len(grown)} a growth rate"]
        if len(grown):
            ends = [(w, grown[grown["growth"] == f]) for w, f in _ends(grown["growth"], zh)]
            said.append(("，" if zh else ", ").join(f"{w}{_named(part, zh)}" for w, part in ends))
        if self.province is not None and len(grown):
            rate = f"{exact(self.province['value']):f}"
            below, same = (int((grown["apart"] < 0).sum()), int((grown["apart"] == 0).sum()))
            if zh:
                said.append(f"全省{rate}%，低于全省的{below}个，持平{same}个，高于全省的{len(grown) - below - same}个")
            else:
                above = len(grown) - below - same
                said.append(f"the province {rate} %: {below} below it, {same} equal, {above} above")
        return "；".join(said) + "。" if zh else singular("; ".join(said) + ".")


PART_ORDERS: Mapping[str, tuple[str, bool]] = {
    "growth": ("growth", True),
    "growth_high": ("growth", False),
    "level": ("level", False),
    "level_low": ("level", True),
    "adcode": ("", True),
}


def _ends(growth: pd.Series, zh: bool) -> list[tuple[str, float]]:
    low, high = float(growth.min()), float(growth.max())
    if low == high:
        return [("增速均为" if zh else "growth ", low)] if len(growth) > 1 else [("增速" if zh else "growth ", low)]
    return [("增速最低" if zh else "lowest growth ", low), ("最高" if zh else "highest ", high)]


def _named(rows: pd.DataFrame, zh: bool) -> str:
    """Name the counties of one growth rate, three at most."""
    names = list(rows["name_short" if zh else "name_en"])
    said = ("、" if zh else ", ").join(names[:3])
    if len(names) > 3:
        said += f"等{len(names)}个县" if zh else f" and {len(names) - 3} more"
    rate = f"{exact(rows['growth'].iloc[0]):f}"
    return f"{said}{rate}%" if zh else f"{rate} % ({said})"


def say_span(period: str, lang: str = "zh") -> str:
    """Say a part of a year by its months.

    Examples
    --------
    >>> say_span("2025Q3"), say_span("2025-01"), say_span("2025Q3", "en")
    ('2025年1—9月', '2025年1月', 'Jan–Sep 2025')
    """
    p = _stretch(period)
    return say_period(period, lang) if lang == "en" else f"{p.year}年1{f'—{p.month}' if p.month > 1 else ''}月"


def say_end(period: str, lang: str = "zh") -> str:
    """Say the end of a period, at which a level stands.

    Examples
    --------
    >>> say_end("2025-05"), say_end("2025Q3", "en"), say_end("2024")
    ('2025年5月底', 'End of Sep 2025', '2024年底')
    """
    p = _stretch(period)
    month = "" if p.is_whole else f"{p.month}月" if lang == "zh" else f"{_MONTHS[p.month - 1]} "
    return f"{p.year}年{month}底" if lang == "zh" else f"End of {month}{p.year}"


def part_year(assessment: pd.DataFrame, observations: pd.DataFrame, period: str | None = None) -> PartYear | None:
    """Return the figures of one part of a year, or None when there are none or `period` is a whole year.

    Parameters
    ----------
    assessment : DataFrame
        Of `assess`, for the same period.
    observations : DataFrame
    period : str, optional
        By default the latest for which a county has a figure that no full year has taken the place of.

    Raises
    ------
    ValueError
        When `period` cannot be read, or a GDP is not in 亿元.
    """
    if period is not None and _stretch(period).is_whole:
        return None
    tables = {"level": figures(observations, GDP, YI), "growth": figures(observations, GROWTH)}
    tables["industry"] = figures(observations, INDUSTRY)
    end = None if period is None else _stretch(period).end
    full = assessment["year"]
    found: dict[str, pd.DataFrame] = {}
    for what, rows in tables.items():
        rows = rows[rows["place"].isin(assessment.index) & (rows["month"] != 12)]
        if what == "level":
            rows = rows[rows["value"] > 0]
        if period is None:
            known = rows["place"].map(full)
            rows = rows[(known.isna() | (known < rows["year"])).fillna(True).astype(bool)]
        found[what] = rows.assign(end=rows["year"] * 12 + rows["month"])
    ends = pd.concat([found["level"]["end"], found["growth"]["end"]])
    if ends.empty:
        return None
    end = int(ends.max()) if end is None else end
    mine = {what: rows[rows["end"] == end].set_index("place") for what, rows in found.items()}
    places = sorted(set(mine["level"].index) | set(mine["growth"].index))
    if not places:
        return None
    table = assessment.loc[places, ["name_short", "name_en", "prefecture_code", "state"]].copy()
    for what, rows in mine.items():
        table[what] = rows["value"].reindex(places).astype("Float64")
        for field in ("period", "status", "source", "source_url", "note", "origin"):
            table[f"{what}_{field}"] = rows[field].reindex(places).fillna("")
        table[f"{what}_batch"] = rows["batch"].reindex(places).astype("Int64")
    whole = tables["growth"]
    whole = whole[(whole["place"] == PROVINCE) & (whole["year"] * 12 + whole["month"] == end)]
    province = None if whole.empty else whole.iloc[0]
    table["apart"] = pd.array(
        [
            pd.NA if province is None or pd.isna(growth) else float(exact(growth) - exact(province["value"]))
            for growth in table["growth"]
        ],
        "Float64",
    )
    label = period or next(str(rows["period"].iloc[0]) for rows in (mine["growth"], mine["level"]) if len(rows))
    return PartYear(label, table.rename_axis("adcode"), province)


def classes(plan: Plan | None = None) -> pd.DataFrame:
    """Return the classes that an observed GDP may fall in, from the top: the plan's bands and what they leave open.

    Returns
    -------
    DataFrame
        By id (B1, ``gap``, B2 … B6, ``below``): `lower` and `upper` in 亿元 (``<NA>`` when open), `in_plan`, `zh`,
        `en`.
    """
    bands = (plan or load_plan()).bands.sort_values("order")
    rows: list[dict[str, Any]] = []
    above = None
    for band in bands.to_dict("records"):
        if above is not None and not pd.isna(band["upper"]) and band["upper"] < above:
            low, high = int(band["upper"]), int(above)
            zh, en = f"{low}–{high}亿元（方案未列）", f"{low / 10:g}–{high / 10:g} bn yuan (not in the plan)"
            rows.append({"id": GAP, "lower": low, "upper": high, "in_plan": False, "zh": zh, "en": en})
        named = {"zh": band["zh_short"], "en": band["en_short"]}
        rows.append({"id": band["id"], "lower": band["lower"], "upper": band["upper"], "in_plan": True, **named})
        above = band["lower"]
    zh, en = f"不足{above}亿元", f"under {int(above or 0) / 10:g} bn yuan"
    rows.append({"id": BELOW, "lower": pd.NA, "upper": above, "in_plan": False, "zh": zh, "en": en})
    return pd.DataFrame(rows).set_index("id").astype({"lower": "Int64", "upper": "Int64"})


def band_of(value: float, bands: pd.DataFrame) -> str:
    """Return the band that a GDP in 亿元 falls in: lower bound inclusive, upper exclusive; else ``gap`` or ``below``.

    Parameters
    ----------
    value : float
    bands : DataFrame
        `Plan.bands`.
    """
    for id, lower, upper in zip(bands["id"], bands["lower"], bands["upper"], strict=True):
        if value >= lower and (pd.isna(upper) or value < upper):
            return str(id)
    return BELOW if value < bands["lower"].min() else GAP


def sensitivity(
    assessment: pd.DataFrame, paces: Sequence[float] = (0.05, 0.065, 0.07, 0.08)
) -> dict[float, dict[str, int]]:
    """Return how many counties would be on pace and behind at other paces (fractions a year), all else as assessed."""
    needed = assessment.loc[assessment["state"].isin([ON_PACE, BEHIND]), "required_growth"]
    counts = {}
    for pace in paces:
        on = int((needed <= pace).fillna(False).sum())
        counts[pace] = {ON_PACE: on, BEHIND: len(needed) - on}
    return counts


# ---- sentences ------------------------------------------------------------------------------------------------------

_STATUS_EN = {
    "公报": "bulletin", "报道": "press report", "百科": "encyclopedia entry", "简介": "profile page",
    "网文": "web page", "预计": "expected figure", "目标": "target", "初步": "preliminary", "核定": "final",
    "未注明": "not stated",
}  # fmt: skip


def say_status(status: str, lang: str = "zh") -> str:
    """Return the status of a figure in words; one that is not known is given as it stands."""
    return status if lang == "zh" else _STATUS_EN.get(status, status)


def sentence(row: Row, lang: str = "zh", rules: Rules = RULES) -> str:
    """Say how one county stands.

    Parameters
    ----------
    row : mapping
        One row of `assess`.
    rules : Rules
        Those the row was assessed by: a required growth is shown with as many decimals as keep it apart from the pace.
    """
    zh = lang == "zh"
    row = dict(row)
    lower = "" if pd.isna(row["lower"]) else say_money(row["lower"], lang, whole=True)
    figure = "" if pd.isna(row["observed"]) else say_level(row, lang)
    why = REASONS[row["reason"]][0 if zh else 1] if row["reason"] else ""
    has_bound = "" if not lower else f"，下限{lower}" if zh else f"; its lower bound is {lower}"
    if row["state"] == NO_TARGET:
        body = [why, figure or _absent(row, lang)]
    elif row["reason"] == "floor":
        body = [say_floor(row, lang) + has_bound]
        if figure:
            body.append(f"最近的数值为{figure}" if zh else f"latest figure {figure}")
    elif row["state"] == NO_DATA:
        body = [_absent(row, lang) + has_bound]
    elif row["state"] == REACHED:
        percent, surplus = say_percent(row["attainment"], 1), say_money(row["surplus"], lang, 0)
        body = [
            f"{figure}，已达到{lower}下限（达成{percent}%），超出{surplus}"
            if zh
            else f"{figure}, which reaches its lower bound of {lower} ({percent} %), {surplus} above it"
        ]
    else:
        percent, gap = say_percent(row["attainment"], 1), say_money(row["gap"], lang, 0)
        body = [
            f"{figure}，距{lower}下限还差{gap}（达成{percent}%），{_needs(row, lang, rules)}"
            if zh
            else f"{figure}, {gap} short of its lower bound of {lower} ({percent} %), {_needs(row, lang, rules)}"
        ]
    if row["reason"] != "floor" and not pd.isna(row["floor"]):
        body.append(say_floor(row, lang))
    if not pd.isna(row["part_year"]):
        body.append(say_part(row, lang))
    if not pd.isna(row["growth"]):
        body.append(say_growth(row, lang))
    return f"{row['name_short']}：{'；'.join(body)}。" if zh else f"{row['name_en']}: {'; '.join(body)}."


# What a row of the assessment cites, and the indicator each is a figure of ("" when the row says it).
_CITES = (("", GDP), ("floor_", AT_LEAST), ("part_year_", GDP), ("growth_", ""), ("other_", ""))


def cited(row: Row, lang: str = "zh", notes_en: Mapping[tuple[str, str, str], str] | None = None) -> list[str]:
    """Return the sources of a county's figures, each with what it remarks.

    Parameters
    ----------
    row : mapping
        One row of `assess`, as a Series named by its adcode.
    lang : str
    notes_en : mapping, optional
        `targets.published.Published.notes_en`: remarks on published figures in English. An imported figure's stay as
        they are.
    """
    found = []
    for prefix, indicator in _CITES:
        if not row[f"{prefix}source"]:
            continue
        note = row[f"{prefix}note"]
        if lang == "en" and row[f"{prefix}origin"] == "published":
            of = indicator or str(row[f"{prefix}indicator"])
            note = (notes_en or {}).get((str(getattr(row, "name", "")), of, row[f"{prefix}period"]), "")
        pair = (row[f"{prefix}source"], f"（{note}）" if lang == "zh" else f" ({note})")
        found.append("".join(pair) if note else pair[0])
    return list(dict.fromkeys(found))


def say_floor(row: Row, lang: str) -> str:
    """Say the amount that a county is reported to have passed."""
    zh, amount = lang == "zh", say_money(row["floor"], lang, whole=True)
    how = _in_brackets(row["floor_status"], zh, "未公布数值" if zh else "no figure given")
    return f"{row['floor_year']}年已达到{amount}{how}" if zh else f"reached {amount} in {row['floor_year']}{how}"


def _in_brackets(status: str, zh: bool, more: str = "") -> str:
    words = [w for w in (say_status(status, "zh" if zh else "en"), more) if w]
    if not words:
        return ""
    return f"（{'，'.join(words)}）" if zh else f" ({', '.join(words)})"


def say_level(row: Row, lang: str) -> str:
    """Say the full-year figure with its year and status."""
    bounds = [row[c] for c in ("lower", "upper") if not pd.isna(row[c])]
    amount = say_money(row["observed"], lang, *bounds)
    status = _in_brackets(row["status"], lang == "zh")
    return f"{row['year']}年{amount}{status}" if lang == "zh" else f"{amount} in {row['year']}{status}"


def _needs(row: Row, lang: str, rules: Rules) -> str:
    if pd.isna(row["required_growth"]):
        return "目标年已结束" if lang == "zh" else "and the target year is over"
    percent, years = say_percent(row["required_growth"], rules.pace, 0), int(row["years_left"])
    if lang == "zh":
        return f"需年均名义增长{percent}%（{years}年）"
    return f"which takes nominal growth of {percent} % a year for {years} {'year' if years == 1 else 'years'}"


def _absent(row: Row, lang: str) -> str:
    """Say why there is no full-year figure, and what is known of another period instead."""
    why = REASONS[row["absent"]][0 if lang == "zh" else 1]
    known = say_other(row, lang)
    if not known:
        return why
    return f"{why}（{known}）" if lang == "zh" else f"{why} ({known})"


def say_other(row: Row, lang: str) -> str:
    """Say the figure of another period that is known where the chosen one has none; ``""`` when there is none."""
    zh = lang == "zh"
    if pd.isna(row["other"]):
        return ""
    when, status = say_period(row["other_period"], lang), say_status(row["other_status"], lang)
    if row["other_indicator"] in (GROWTH, GROWTH_AVERAGE):
        names = ("增速", "growth") if row["other_indicator"] == GROWTH else ("多年年均增速", "average growth")
        return (
            f"{when}{names[0]}{exact(row['other']):f}%，{status}"
            if zh
            else f"{names[1]} in {when} {exact(row['other']):f} %, {status}"
        )
    bounds = [row[c] for c in ("lower", "upper") if not pd.isna(row[c])]
    amount = say_money(row["other"], lang, *bounds)
    if row["other_indicator"] == AT_LEAST:
        amount = say_money(row["other"], lang, whole=True)
        amount = f"已达到{amount}" if zh else f"reached {amount}"
    elif not _stretch(row["other_period"]).is_whole:
        amount = f"累计{amount}" if zh else f"{amount} so far"
    return f"{when}{amount}，{status}" if zh else f"{amount} in {when}, {status}"


def say_part(row: Row, lang: str, short: bool = False) -> str:
    """Say the total of a part of a year, which no full-year bound is compared with; `short` leaves that unsaid."""
    amount = say_money(row["part_year"], lang)
    status = _in_brackets(row["part_year_status"], lang == "zh")
    when = say_period(row["part_year_period"], lang)
    if lang == "zh":
        return f"{when}累计{amount}{status}" + ("" if short else "，不与全年下限相比")
    return f"{amount} in {when}{status}" + ("" if short else ", not compared with the full-year bound")


def say_growth(row: Row, lang: str) -> str:
    """Say the latest growth figure, in per cent, as published."""
    percent = f"{exact(row['growth']):f}"
    status = _in_brackets(row["growth_status"], lang == "zh")
    if row["growth_indicator"] == GROWTH_AVERAGE:
        # A five-year average is dated by its last year, but is not the growth of that year.
        return (
            f"多年年均增速{percent}%{status}"
            if lang == "zh"
            else f"average growth over several years {percent} %{status}"
        )
    when = say_period(row["growth_period"], lang)
    return f"{when}增速{percent}%{status}" if lang == "zh" else f"growth in {when} {percent} %{status}"


def behind(
    assessment: pd.DataFrame,
    lang: str = "zh",
    by: str = "gap",
    adcodes: Iterable[str] | None = None,
    rules: Rules = RULES,
) -> list[tuple[str, str]]:
    """Return who is behind, one sentence a county.

    Parameters
    ----------
    assessment : DataFrame
        Of `assess`.
    lang : str
    by : {'gap', 'required_growth', 'attainment', 'year', 'adcode'}
        Widest gap, highest required growth, lowest attainment or oldest figure first; ties by adcode. Counties that
        have no years left need no finite growth and come first by `required_growth`.
    adcodes : iterable of str, optional
        Those a filter leaves.
    rules : Rules
        Those of the assessment.

    Raises
    ------
    ValueError
        When `by` is none of these.
    """
    keys = ("gap", "required_growth", "attainment", "year", "adcode")
    if by not in keys:
        raise ValueError(f"by: {by!r} not among {', '.join(keys)}")
    rows = assessment[assessment["state"] == BEHIND]
    if adcodes is not None:
        rows = rows[rows.index.isin(list(adcodes))]
    rows = rows.sort_index()
    if by != "adcode":
        rows = rows.sort_values(by, ascending=by in ("attainment", "year"), na_position="first", kind="stable")
    return [(str(a), sentence(row, lang, rules)) for a, row in rows.iterrows()]


# ---- the ladder -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Ladder:
    """How many counties stand on each rung: listed by the plan, and observed.

    Attributes
    ----------
    listed : Series
        Counties by class id, from the top, then ``none`` (not listed): 86 together.
    observed : DataFrame
        By year, the number of counties whose full-year GDP of that year falls in each class. Only what is known.
    latest : Series
        The same for each county's latest year; years differ between counties.
    known : DataFrame
        By year: `counties` (of 86), `with_target` (of 68), `few` (too few to read as the province).
    latest_known : Series
        `counties`, `with_target`, `few` of `latest`; `first` and `last`, the years it spans (``<NA>`` of none).
    official : DataFrame
        By year, the province's own count of counties of 100亿元 or more, as of `latest_by_year`.
    """

    listed: pd.Series
    observed: pd.DataFrame
    latest: pd.Series
    known: pd.DataFrame
    latest_known: pd.Series
    official: pd.DataFrame


def ladder(
    counties: pd.DataFrame, observations: pd.DataFrame, rules: Rules = RULES, plan: Plan | None = None
) -> Ladder:
    """Count the counties of each class: as listed in 专栏一, and as observed in each year up to the target year."""
    plan = plan or load_plan()
    real = counties[counties["is_county"]]
    rungs = list(classes(plan).index)
    listed = real["band"].fillna(NO_BAND).value_counts().reindex([*rungs, NO_BAND], fill_value=0)
    rows = figures(observations, GDP, YI)
    rows = rows[rows["place"].isin(real.index) & (rows["month"] == 12) & (rows["year"] <= rules.target_year)]
    rows = rows[rows["value"] > 0]
    rows = rows.assign(
        rung=[band_of(v, plan.bands) for v in rows["value"]],
        target=rows["place"].map(real["band"].notna()).astype(bool),
    )
    last = rows.drop_duplicates("place", keep="last")
    with_target = int(real["band"].notna().sum())

    def coverage(part: pd.DataFrame) -> dict[str, Any]:
        n = int(part["target"].sum())
        return {"counties": len(part), "with_target": n, "few": n < rules.enough * with_target}

    by_year = {int(str(y)): part for y, part in rows.groupby("year")}
    counted = {y: part["rung"].value_counts().reindex(rungs, fill_value=0) for y, part in by_year.items()}
    official = latest_by_year(observations, "counties_over_100")
    return Ladder(
        listed=listed.rename("n"),
        observed=pd.DataFrame.from_dict(counted, orient="index", columns=rungs).astype(int).rename_axis("year"),
        latest=last["rung"].value_counts().reindex(rungs, fill_value=0).rename("n"),
        known=pd.DataFrame.from_dict(
            {y: coverage(part) for y, part in by_year.items()},
            orient="index",
            columns=["counties", "with_target", "few"],
        ).rename_axis("year"),
        latest_known=pd.Series(
            coverage(last) | {"first": last["year"].min(), "last": last["year"].max()}, dtype=object
        ),
        official=official,
    )


def latest_by_year(observations: pd.DataFrame, indicator: str, place: str = PROVINCE) -> pd.DataFrame:
    """Return the full-year figures of one place by year: `value`, `unit`, `status`, `source`, `note`, `origin`."""
    rows = figures(observations[observations["place"] == place], indicator)
    rows = rows[rows["month"] == 12].set_index("year")
    return rows[["value", "unit", "status", "source", "note", "origin"]]


def headline(
    assessment: pd.DataFrame,
    observations: pd.DataFrame,
    lang: str = "zh",
    rules: Rules = RULES,
    plan: Plan | None = None,
    *,
    chosen: bool = False,
    period: str | None = None,
) -> list[str]:
    """Return what is found, one sentence each, the most important first; every number is counted from the arguments.

    Parameters
    ----------
    assessment : DataFrame
        Of `assess`, or the rows of it that a filter leaves: at least one.
    observations : DataFrame
    lang : str
    rules : Rules
    plan : Plan, optional
    chosen : bool
        Whether a filter has left these rows: then they are called the selected counties, and nothing is said of the
        whole province.
    period : str, optional
        The period of the assessment.
    """
    zh = lang == "zh"
    targeted, bare = (assessment[(assessment["state"] == NO_TARGET) == no] for no in (False, True))
    n = assessment["state"].value_counts().reindex(list(STATES), fill_value=0)
    levels = targeted[targeted["attainment"].notna()]
    total, judged = len(targeted), len(targeted) - int(n[NO_DATA])
    states = (n[REACHED], n[ON_PACE], n[BEHIND], n[NO_DATA])
    if zh:
        head = (
            "列入专栏一的{}个县（市、区）中，{}个有数可比：已达下限{}个，进度内{}个，落后{}个；{}个没有可比的全年数。"
        )
    else:
        head = (
            "Of the {} counties listed in Box 1, {} can be compared: reached {}, on pace {}, behind {}; no comparable "
            "full year for {}."
        )
    if chosen and not total:
        return [_unlisted(bare, lang, alone=True)]
    if chosen:
        some = len(assessment)
        head = f"所选的{some}个县（市、区）中，" + head if zh else f"Of the {some} selected: o" + head[1:]
    said = [head.format(total, judged, *states) if zh else singular(head.format(total, judged, *states))]

    about = []
    if len(levels):
        first, last = levels["year"].min(), levels["year"].max()
        if first == last:
            about.append(f"均用{first}年全年数" if zh else f"each county by the full year {first}")
        else:
            about.append(
                f"各县用最近的全年数（{first}—{last}年）"
                if zh
                else f"each county by its latest full year ({first}–{last})"
            )
    old, floored = int(levels["before_plan"].sum()), int((targeted["reason"] == "floor").sum())
    own, weak = int((levels["origin"] == "import").sum()), int(levels["status"].isin(WEAK).sum())
    if old:
        in_zh, in_en = f"早于{rules.plan_year}年，方案尚未开始", f"from before {rules.plan_year}, when the plan began"
        about.append(f"{old}个的数{in_zh}" if zh else f"{old} {in_en}")
    if floored:
        about.append(
            f"{floored}个只见报道已达到，未公布数值" if zh else f"{floored} only reported as reached, without a figure"
        )
    if weak:
        about.append(
            f"{weak}个的数出自百科、简介或为预计数"
            if zh
            else f"{weak} from encyclopedia or profile pages, or expected figures"
        )
    if own:
        about.append(f"{own}个用导入数" if zh else f"{own} by imported figures")
    if about:
        text = ("；" if zh else "; ").join(about)
        said.append(f"{text}。" if zh else f"{text[0].upper()}{text[1:]}.")
    if judged < rules.enough * total and (judged or not chosen):
        share = f"{rules.enough * 100:g}"
        whom, whom_en = ("所选的县", "the selected ones") if chosen else ("全省", "the province")
        said.append(
            f"有数可比的不足{total}个的{share}%，以上个数不能代表{whom}。"
            if zh
            else f"Fewer than {share} % of the {total} can be compared: these counts do not stand for {whom_en}."
        )
    if len(bare):
        said.append(_unlisted(bare, lang))
    hundreds = "" if chosen else _hundreds(assessment, observations, lang, plan or load_plan(), period)
    return [*said, hundreds] if hundreds else said


def _unlisted(bare: pd.DataFrame, lang: str, alone: bool = False) -> str:
    """Say how many counties Box 1 leaves out; `alone` when all that are selected are such."""
    n, known = len(bare), int(bare["observed"].notna().sum())
    if lang == "zh":
        head = f"所选的{n}个县都未列入专栏一，" if alone else f"专栏一未列的{n}个县"
        return f"{head}没有下限可比，其中{known}个有全年数，单独列出。"
    if not alone:
        some = "has" if known == 1 else "have"
        if n == 1:
            return f"The 1 county that Box 1 leaves out has no lower bound; {known} {some} a full-year figure."
        return f"The {n} counties that Box 1 leaves out have no lower bound; {known} {some} a full-year figure."
    some = "has" if known == 1 else "have"
    return singular(
        f"None of the {n} selected counties is listed in Box 1: no lower bound; {known} {some} a full-year figure."
    )


def _hundreds(assessment: pd.DataFrame, observations: pd.DataFrame, lang: str, plan: Plan, period: str | None) -> str:
    """Say how many counties have 100亿元 or more: counted, when a year's figures are whole, else as the province says.

    Of the years up to `period`. The plan's own number of such counties stands beside.
    """
    until = None if period is None else _stretch(period).year
    counts = latest_by_year(observations, "counties_over_100")
    counts = counts if until is None else counts[counts.index <= until]
    if (counted := _counted_hundreds(assessment, observations, lang, until, counts.index.max())) is not None:
        return counted
    if counts.empty:
        return ""
    listed = int(plan.bands.loc[plan.bands["lower"] >= 100, "n"].sum())
    year, row = counts.index[-1], counts.iloc[-1]
    n, source = int(row["value"]), row["source"]
    if lang == "zh":
        said = f"{year}年地区生产总值百亿元以上的县{n}个（{source}）；专栏一列入百亿元以上各档的{listed}个"
        return f"{said}，两份名单不一定相同。"
    return (
        f"In {year} the province counted {n} counties of 10 bn yuan or more ({source}); Box 1 lists {listed} in its "
        "bands from 10 bn yuan up, and the two lists need not be the same."
    )


def _counted_hundreds(
    assessment: pd.DataFrame, observations: pd.DataFrame, lang: str, until: int | None, official: Any
) -> str | None:
    """Count the counties of 100亿元 or more in the latest year known of all; None without one, or if it is older."""
    rows = figures(observations, GDP, YI)
    rows = rows[rows["place"].isin(assessment.index) & (rows["month"] == 12) & (rows["value"] > 0)]
    rows = rows if until is None else rows[rows["year"] <= until]
    whole = [int(str(y)) for y, part in rows.groupby("year") if len(part) == len(assessment)]
    if not whole or (not pd.isna(official) and max(whole) < official):
        return None
    year = max(whole)
    values = rows[rows["year"] == year].set_index("place")
    own = int((values["origin"] == "import").sum())
    over = set(values.index[values["value"] >= 100])
    listed = set(assessment.index[(assessment["lower"] >= 100).fillna(False)])
    n, total = len(over), len(values)
    if lang == "zh":
        basis = f"按导入的{total}个县全年数计数" if own == total else f"按{total}个县全年数计数，其中导入{own}个"
        return (
            f"{year}年地区生产总值百亿元以上的县{n}个（{basis}）；专栏一列入百亿元以上各档的{len(listed)}个中，"
            f"{len(listed & over)}个在内。"
        )
    basis = "counted from" + (f" the {total} imported figures" if own == total else f" {total} figures, {own} imported")
    return (
        f"In {year}, {n} counties had 10 bn yuan or more ({basis}); {len(listed & over)} of the {len(listed)} that "
        "Box 1 lists in its bands from 10 bn yuan up are among them."
    )
