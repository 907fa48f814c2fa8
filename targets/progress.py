"""What was reached against what was promised: attainment, gap, and how each county stands.

Pure functions on the join (`targets.counties.join`), the observations (published and imported figures in the same
columns, see `targets.evidence`) and the plan. Nothing is read here, estimated, or split from a larger area's total;
only figures that judge are used. GDP is in 亿元 (100 million yuan), nominal; rates and shares are fractions unless a
name or docstring says per cent.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as given
from datetime import date
from decimal import Decimal
from math import isnan
from math import nan as NaN
from typing import Any

import pandas as pd

from targets.evidence import (
    GDP,
    JUMP,
    contradictions,
    figures,
    half_step,
    latest,
    latest_by_year,
    latest_of,
    settled,
)
from targets.grades import ABOUT, AT_LEAST, LEAD, PRELIMINARY, REPORT
from targets.plan import Plan
from targets.provenance import cite_source
from targets.speech import (
    exact,
    say_money,
    say_percent,
    say_period,
    say_printed,
    say_span,
    say_status,
    singular,
    stretch,
)

GROWTH, INDUSTRY = "gdp_growth", "industry_growth"
YI = "亿元"

REACHED, ON_PACE, BEHIND = "reached", "on_pace", "behind"
NOT_REACHED, UNKNOWN, NO_FIGURE, NO_TARGET = "not_reached", "target_year_unknown", "no_figure", "no_target"
# While the plan's term runs, and after it: what a county's state may be, and what it is called.
RUNNING: Mapping[str, tuple[str, str]] = {
    REACHED: ("已达下限", "reached"),
    ON_PACE: ("进度内", "on pace"),
    BEHIND: ("落后", "behind"),
    NO_FIGURE: ("没有可判断的数", "no figure to judge by"),
    NO_TARGET: ("未列入{box}", "not listed in {box}"),
}
CLOSED: Mapping[str, tuple[str, str]] = {
    REACHED: ("已达到", "reached"),
    NOT_REACHED: ("未达到", "not reached"),
    UNKNOWN: ("目标年数未得", "target year not known"),
    NO_FIGURE: ("无数", "no figure"),
    NO_TARGET: ("未列入", "not listed"),
}
# Every state there is, in the order of a legend.
STATES = tuple(dict.fromkeys([REACHED, ON_PACE, BEHIND, NOT_REACHED, UNKNOWN, NO_FIGURE, NO_TARGET]))
SHORT = (BEHIND, NOT_REACHED)
# Those whose latest figure is measured against the lower bound.
MEASURED = (REACHED, ON_PACE, BEHIND, NOT_REACHED, UNKNOWN)
# Why a number of the assessment is missing.
REASONS: Mapping[str, tuple[str, str]] = {
    "no_band": ("未列入{box}，没有下限可比", "not listed in {box}: there is no lower bound to compare with"),
    "no_figure": ("没有可以判断的地区生产总值数", "no GDP figure that may judge is known"),
    "growth_only": ("只有增速，增速不能推出总量", "only a growth rate is known, which gives no level"),
    "part_year": ("只有季度累计数，不与年度目标相比", "only part-year totals are known, which are not compared"),
    "other_year": ("所选时期没有全年数，其他年份有", "no full-year figure for the chosen period, but for another year"),
    "other_period": ("所选时期没有数，其他时期有", "no figure for the chosen period, but for another"),
    "floor_only": (
        "只见报道已达到某数，不足以判断",
        "only reported as having passed an amount, which does not settle it",
    ),
    "contradicted": (
        "公开数互相矛盾，待核，都不用来判断",
        "the published figures contradict each other and are to be verified: none judges",
    ),
    "about_bound": (
        "约数与下限相差不到其末位的一半，不足以判断",
        "an approximate figure within half its last digit of the lower bound, which does not settle it",
    ),
    "before_plan": (
        "只有方案实施前的数，不用来判断进度",
        "only figures from before the plan, which do not judge the pace",
    ),
    "after_target": ("目标期已过，此后的数不与目标相比", "figures from after the target year are not compared"),
    "floor": ("已突破下限，未公布确数", "reported as past the lower bound, without an exact figure"),
    "no_years_left": ("目标年的全年数，没有剩余年份", "the full target year: no years are left"),
}
# What the plan's bands leave open.
GAP, BELOW = "gap", "below"
Row = Mapping[Any, Any] | pd.Series


# ---- rules ----------------------------------------------------------------------------------------------------------

# (when it holds: while the term runs, after it, or both; where the bands leave amounts open, or counties out; zh; en)
_RULES: tuple[tuple[str, str, str], ...] = (
    (
        "both",
        "达成度＝全年地区生产总值（现价）÷本档下限。下限含在本档内，上限不含，最高档不封顶；目标期为{end}年末。",
        "Attainment = full-year GDP (current prices) ÷ lower bound of the band. The lower bound belongs to the band, "
        "the upper does not, the top band is open; the target is for the end of {end}.",
    ),
    (
        "both",
        "差距＝下限－观测值；已达下限的，列出超出数。",
        "Gap = lower bound − observed; where the bound is reached, the surplus is shown instead.",
    ),
    (
        "both",
        "只有核定、公报、初步核算和有署名单位的报告、报道用来判断；百科、简介、网文、预计数和没有出处的数是线索，另列为“待核”，"
        "不进入任何状态、个数、合计、标题和颜色。",
        "Only final, bulletin and preliminary figures and signed reports judge; encyclopedia and profile pages, web "
        "pages, expected figures and those without a source are leads, shown apart as to be verified, and enter no "
        "state, count, sum, title or colour.",
    ),
    (
        "both",
        "同一时期两个公开数不能同真，或某年的数与最近的更可靠年份相比年均变动超过{jump}%的，"
        "写明“互相矛盾、待核”，两个都列出，都不用来判断。",
        "Two published figures of one period that cannot both be right, or a year that stands more than {jump} % a "
        "year from the nearest year of a better grade, are shown as contradicting, to be verified: both stand, "
        "neither judges.",
    ),
    (
        "running",
        "观测值达到下限为“已达下限”；未达到而所需年均名义增速不高于{pace}%为“进度内”，高于{pace}%为“落后”；"
        "只有方案实施期内（{begin}年起）的数才能判为进度内或落后。",
        "Reached: the figure is at or above the lower bound. Short of it, on pace: the required nominal growth is at "
        "most {pace} % a year; behind: it is more. Only a figure from within the term (from {begin}) can be on pace or "
        "behind.",
    ),
    (
        "running",
        "所需年均增速＝（下限÷观测值）^［1÷（{end}－观测年份）］－1，按名义（现价）计；"
        "{end}年全年数已无剩余年份，不算增速，仍未达到的为“落后”。",
        "Required yearly growth = (lower bound ÷ observed)^[1 ÷ ({end} − year observed)] − 1, nominal (current "
        "prices); for the full year {end} no years are left, none is computed, and one still short is behind.",
    ),
    (
        "running",
        "{pace}%是本图自定的参数，可以调整；方案没有规定年度进度。{why}",
        "{pace} % is this atlas's own parameter and can be changed: the plan sets no path of years. {why}",
    ),
    (
        "closed",
        "实施期已于{end}年末结束：已达到＝最近的全年数不低于下限，写明哪一年；{begin}年前就已达到的写“方案前已达”；"
        "未达到＝{end}年本年的全年数低于下限；没有{end}年全年数而此前未达到的为“目标年数未得”，列出最近年份和当时的差距；"
        "没有可以判断的数为“无数”。不再算所需增速，也不说快慢。",
        "The term ended with {end}. Reached: the latest full year is at or above the lower bound, with the year; "
        "before {begin} it says so. Not reached: the full year {end} itself is below. Where the full year {end} is not "
        "known and no earlier one had reached: target year not known, with the latest year and its distance. No "
        "figure: none that may judge. No required growth and no pace any more.",
    ),
    (
        "both",
        "县里公布的增速是实际增速，目标是名义总量，两者不能相比，所以不用它判断。",
        "A county's published growth is real, its target a nominal level, so the one is not used to judge the other.",
    ),
    (
        "both",
        "季度、月度数为1月起累计，不与年度目标相比；选季度时，状态用此前最近的全年数，季度累计数和增速另列。",
        "Quarters and months run from January and are not compared with the yearly target; when a quarter is chosen, "
        "the state rests on the latest full year before it, and the quarter's total and growth stand beside.",
    ),
    (
        "both",
        "只有增速的县列出增速，不推算总量；不插补，不用市州或全省的数分摊；多年年均增速不是某一年的增速，不作增速列出。",
        "Where only growth is known, growth is shown and no level is derived; nothing is interpolated, and no total of "
        "a prefecture or the province is split; an average over years is not a year's growth.",
    ),
    (
        "both",
        "“突破”“以上”只说明至少达到该数：不低于下限的为已达到，不算达成度、差距和超出数，档次不高于它所证明的；"
        "有同年或以后的全年数时用全年数。“约”数照写“约”。",
        "“More than” proves no more than its amount: at or above the lower bound it counts as reached, without "
        "attainment, gap or surplus, and in no class above the one it proves; a full-year figure of that year or later "
        "takes its place. An approximate figure says so.",
    ),
    (
        "gaps",
        "方案在{gaps}之间未列档次，观测值落在其间的单独标明。",
        "The plan prints nothing between {gaps}; a figure that falls there is marked as such.",
    ),
    (
        "unlisted",
        "{box}未列的{unlisted}个县没有下限，单独列出。",
        "The {unlisted} counties that {box} leaves out have no lower bound and are shown apart.",
    ),
    (
        "both",
        "同一县同一时期既有公开数又有导入数的，用导入数；导入数按所给的状态定级，未注明的按报告计，并写明“未注明”。",
        "Where a county has both a published and an imported figure for one period, the imported one is used; imported "
        "figures are graded by the status given, and one without a status counts as a report and says so.",
    ),
)


@dataclass(frozen=True, slots=True)
class Rules:
    """How the assessment is made, and on which day; `sentences` says it for the page.

    Attributes
    ----------
    today : date
        The day on which the atlas speaks. After `target_year` the plan is closed.
    plan : Plan
        The bands are for the end of its `target_year`, with which the term ends; a figure from before its first year,
        `plan_year`, is older than the plan.
    pace : float
        By default the plan's threshold of that name, as `enough` is. While the term runs, a county short of
        its lower bound is on pace when the nominal growth it still needs is at most this fraction a year. The plan sets
        no path of years, so any pace is this atlas's own choice, and stated.
    enough : float
        Below this share of the counties with a target, a count of states carries a warning.

    Raises
    ------
    ValueError
        When `pace` or `enough` is not between 0 and 1.
    """

    today: date
    plan: Plan = given(repr=False)
    pace: float = NaN
    enough: float = NaN

    def __post_init__(self) -> None:
        for name in ("pace", "enough"):
            if isnan(getattr(self, name)):
                object.__setattr__(self, name, self.plan.thresholds[name].value)
        if not 0 <= self.pace <= 1:
            raise ValueError(f"pace: {self.pace!r} not between 0 and 1 (a fraction a year)")
        if not 0 <= self.enough <= 1:
            raise ValueError(f"enough: {self.enough!r} not between 0 and 1 (a share of the counties)")

    @property
    def target_year(self) -> int:
        """The year for whose end the bands are."""
        return self.plan.term.target_year

    @property
    def plan_year(self) -> int:
        """The plan's first year."""
        return self.plan.term.begin.year

    @property
    def closed(self) -> bool:
        """Whether the plan's term is over."""
        return self.today.year > self.target_year

    @property
    def states(self) -> Mapping[str, tuple[str, str]]:
        """The states of the day, in the order of a legend, with their names."""
        held = CLOSED if self.closed else RUNNING
        boxes = [self.plan.box("band", lang=lang) for lang in ("zh", "en")]
        return {state: (zh.format(box=boxes[0]), en.format(box=boxes[1])) for state, (zh, en) in held.items()}

    def name(self, state: str, lang: str = "zh") -> str:
        """Return what a state is called on the day."""
        return self.states[state][0 if lang == "zh" else 1]

    def sentences(self, lang: str = "zh") -> tuple[str, ...]:
        """Return the rules, in the order in which a reader needs them."""
        at = 1 if lang == "zh" else 2
        # The reason is that of the plan's own pace, and of no other number.
        own, plan = self.plan.thresholds["pace"], self.plan
        why = (own.why if lang == "zh" else own.why_en) if self.pace == own.value else ""
        unlisted = plan.option(plan.no_band).n
        gaps = [row for id, row in classes(plan).iterrows() if str(id).startswith(GAP)]
        values = {"end": self.target_year, "begin": self.plan_year, "why": why, "unlisted": unlisted}
        values |= {"pace": f"{self.pace * 100:g}", "jump": f"{JUMP * 100:g}", "box": plan.box("band", lang=lang)}
        if lang == "zh":
            values["gaps"] = "、".join(f"{gap['lower']}亿元与{gap['upper']}亿元" for gap in gaps)
        else:
            values["gaps"] = ", ".join(f"{gap['lower'] / 10:g} and {gap['upper'] / 10:g} bn yuan" for gap in gaps)
        when = {"both", "closed" if self.closed else "running"}
        when |= ({"gaps"} if gaps else set()) | ({"unlisted"} if unlisted else set())
        said = tuple(rule[at].format(**values).rstrip() for rule in _RULES if rule[0] in when)
        return said if lang == "zh" else tuple(map(singular, said))


# ---- the assessment -------------------------------------------------------------------------------------------------

_NUMBERS = ("observed", "attainment", "gap", "surplus", "required_growth", "floor", "growth", "part_year", "other")
_WHOLE = ("year", "years_left", "floor_year", "reached_year")
CITED = (
    *("period", "comparator", "printed", "status", "grade", "source", "source_url", "as_of", "note", "origin"),
    "batch",
)
_BESIDE = ("floor", "growth", "part_year", "other")
_BATCHES = ("batch", *(f"{what}_batch" for what in _BESIDE))
_COLUMNS: tuple[str, ...] = (
    *("state", "reason", "absent", "observed", "year", *CITED, "band_observed", "attainment", "gap", "surplus"),
    *("years_left", "required_growth", "reached_year", "floor", "floor_year", "growth", "part_year"),
    *("other", "other_indicator"),
    *(f"{what}_{field}" for what in _BESIDE for field in CITED),
)


def assess(
    counties: pd.DataFrame,
    observations: pd.DataFrame,
    period: str | None,
    rules: Rules,
    plan: Plan | None = None,
) -> pd.DataFrame:
    """Compare each county's GDP with the lower bound of its band.

    Parameters
    ----------
    counties : DataFrame
        As of `targets.counties.join`.
    observations : DataFrame
        Published and imported figures; only those that judge are used (`targets.evidence`). Rows of other places
        (prefectures, the province, parks) change nothing.
    period : str or None
        As of `targets.evidence.latest`: None for each county's latest full year up to the target year.
    rules : Rules
        With the day on which the atlas speaks.
    plan : Plan, optional
        Whose bands tell where an observed value falls; by default that of the rules.

    Returns
    -------
    DataFrame
        One row for each county, by adcode; a prefecture without counties has none. Missing numbers are ``<NA>``,
        missing text is ``""``.

        - `name`, `name_short`, `name_en`, `name_en_short`, `prefecture_code`; `band` (None where the plan lists none),
          `band_order`, `lower` and `upper` (亿元)
        - `state` (a key of `Rules.states`) and `reason` (a key of `REASONS`, or ``""``) why something is not computed
        - `absent`: a key of `REASONS` why there is no full-year figure, for every county without one, else ``""``
        - `observed` (亿元), its `year`, `period`, `comparator`, `printed`, `status`, `grade`, `source`, `source_url`,
          `as_of`, `note`, `origin`, `batch`; `before_plan` when the year is before the plan's first
        - `target_known`: whether the full figure of the target year is known, whatever the period
        - `band_observed`: the band that the observed value falls in, ``below`` (under the lowest) or ``gap`` (where the
          plan prints nothing), see `classes`
        - `attainment` (observed ÷ lower), `gap` (亿元 short of the lower bound, else 0), `surplus` (亿元 above it, else
          0); while the term runs `years_left` and `required_growth` (a fraction a year, nominal; ``<NA>`` once reached,
          without years left, or for a figure from before the plan)
        - `reached_year`: of those that reached the lower bound, the first year of the unbroken run of known figures
          that did
        - `floor` (亿元), `floor_year`, `floor_source` …: an amount reported as passed, without a figure, where it is
          later than the observed value
        - `growth` (per cent, as published: real unless the source says otherwise), `growth_period` …: the latest up to
          `period`, never used for a level
        - `part_year` (亿元), `part_year_period` …: the latest total from January that is no whole year, where it is
          later than the observed value; never compared
        - `other`, `other_indicator`, `other_period` …: where `absent` says that only another period has a figure, that
          figure: a level, an amount passed, a part of a year or a growth rate; never compared

    Raises
    ------
    ValueError
        When `period` cannot be read, or a GDP is not in 亿元.
    """
    plan = plan or rules.plan
    bands = plan.bands
    observations = observations[observations["indicator"].isin([GDP, GROWTH])]
    observations = settled(observations)
    gdp = figures(observations, GDP, YI)
    gdp = gdp[gdp["value"] > 0]
    passed, gdp = gdp[gdp["comparator"] == AT_LEAST], gdp[gdp["comparator"] != AT_LEAST]
    within, floors = (rows[rows["year"] <= rules.target_year] for rows in (gdp, passed))
    levels = latest_of(within, period, True).to_dict("index")
    bounds = latest_of(floors, period, True).to_dict("index")
    parts = latest_of(gdp[gdp["month"] != 12], period, False).to_dict("index")
    growth = latest(observations, GROWTH, period, full_year=False).to_dict("index")
    whole = set(within.loc[within["month"] == 12, "place"]) | set(floors.loc[floors["month"] == 12, "place"])
    later = set(gdp.loc[(gdp["month"] == 12) & (gdp["year"] > rules.target_year), "place"])
    if period is not None and stretch(period).is_whole:
        whole, later = (set(), whole | later) if stretch(period).year > rules.target_year else (whole | later, set())
    ever = _ever(gdp, passed, observations)
    clashing = contradictions(observations)
    against = set(clashing.loc[clashing["indicator"] == GDP, "place"])
    proven = _proven(pd.concat([within, floors]), period)

    real = counties[counties["is_county"]]
    dtypes = dict.fromkeys(_NUMBERS, "Float64") | dict.fromkeys((*_WHOLE, *_BATCHES), "Int64")
    rows = {}
    for place, lower in zip(real.index, real["lower"], strict=True):
        level, bound, part = levels.get(place), bounds.get(place), parts.get(place)
        row = {column: pd.NA if column in dtypes else "" for column in _COLUMNS}
        if level is not None:
            row |= {field: level[field] for field in ("year", *CITED)} | {"observed": level["value"]}
            row["band_observed"] = band_of(level["value"], bands)
            # What is older than the level, or of its very year, adds nothing to it.
            bound = bound if bound and bound["year"] > level["year"] else None
            part = part if part and part["year"] > level["year"] else None
        else:
            have: tuple[tuple[str, Container[Any]], ...] = (
                *(("after_target", later), ("floor_only", bounds), ("other_year", whole), ("contradicted", against)),
                *(("part_year", parts), ("growth_only", growth), ("other_period", ever)),
            )
            row["absent"] = next((reason for reason, places in have if place in places), "no_figure")
        elsewhere = row["absent"] in ("after_target", "other_year", "other_period")
        other = ever.get(place) if elsewhere else None
        for what, beside in zip(_BESIDE, (bound, growth.get(place), part, other), strict=True):
            if beside is not None:
                row |= {what: beside["value"]} | {f"{what}_{field}": beside[field] for field in CITED}
        if other is not None:
            row["other_indicator"] = other["indicator"]
        if bound is not None:
            row["floor_year"] = bound["year"]
        row |= _judged(None if pd.isna(lower) else int(lower), level, bound, place in whole, rules)
        if row["state"] == REACHED:
            row["reached_year"] = _since(proven.get(place, {}), int(lower))
        if row["state"] == NO_FIGURE and not row["reason"]:
            row["reason"] = row["absent"]
        rows[place] = row
    found = pd.DataFrame.from_dict(rows, orient="index", columns=list(_COLUMNS))
    found = found.astype({column: dtypes.get(column, "str") for column in _COLUMNS})
    found["before_plan"] = (found["year"] < rules.plan_year).fillna(False).astype(bool)
    at_end = within[(within["month"] == 12) & (within["year"] == rules.target_year)]
    found["target_known"] = found.index.isin(at_end["place"])
    named = ["name", "name_short", "name_en", "name_en_short", "prefecture_code"]
    named += ["band", "band_order", "lower", "upper"]
    return pd.DataFrame(real[named]).join(found, validate="one_to_one").rename_axis("adcode")


def _ever(gdp: pd.DataFrame, passed: pd.DataFrame, observations: pd.DataFrame) -> dict[Any, dict[str, Any]]:
    """Return for each place what is known at any time at all: the latest level, else what says less."""
    growth = figures(observations, GROWTH)
    weaker_first = ((growth, GROWTH), (gdp[gdp["month"] != 12], GDP), (passed, GDP), (gdp[gdp["month"] == 12], GDP))
    found: dict[Any, dict[str, Any]] = {}
    for rows, indicator in weaker_first:
        for place, row in latest_of(rows, None, False).to_dict("index").items():
            found[place] = {str(field): value for field, value in row.items()} | {"indicator": indicator}
    return found


def _proven(rows: pd.DataFrame, period: str | None) -> dict[Any, dict[int, float]]:
    """Return what each place's full-year figures prove, by year, up to that of `period`."""
    rows = rows[rows["month"] == 12]
    if period is not None:
        until = stretch(period)
        rows = rows[rows["year"] <= until.year] if until.is_whole else rows[rows["year"] < until.year]
    found: dict[Any, dict[int, float]] = {}
    cells = (rows[column] for column in ("place", "year", "value", "comparator", "printed"))
    for place, year, value, comparator, printed in zip(*cells, strict=True):
        # An approximate figure proves no more than the least that it is rounded from.
        room = half_step(printed, value) if comparator == ABOUT else 0
        found.setdefault(place, {})[int(year)] = float(exact(value) - room)
    return found


def _since(proven: Mapping[int, float], lower: int) -> Any:
    """Return the first year of the unbroken run of figures, up to the latest, that cover a lower bound."""
    run: Any = pd.NA
    for year in sorted(proven, reverse=True):
        if proven[year] < lower:
            break
        run = year
    return run


def _judged(lower: int | None, level: Row | None, bound: Row | None, known: bool, rules: Rules) -> dict[str, Any]:
    """Return the state of one county, and the numbers that it rests on.

    `known` says whether any full year up to the target's has a figure, chosen or not.
    """
    if lower is None:
        return {"state": NO_TARGET, "reason": "no_band"}
    if bound is not None and bound["value"] >= lower:
        # Later than any level there is, so the older level's gap would say what is no longer so.
        return {"state": REACHED, "reason": "floor"}
    if level is None:
        # "" : the reason for which there is no level.
        if not rules.closed or not (known or bound is not None):
            return {"state": NO_FIGURE, "reason": ""}
        return {"state": UNKNOWN, "reason": "floor_only" if bound is not None else "other_year"}
    observed, years = float(level["value"]), rules.target_year - int(level["year"])
    # In decimals, so that 300 − 285.4 is 14.6.
    short = Decimal(lower) - exact(observed)
    row: dict[str, Any] = {
        "attainment": observed / lower,
        "gap": float(max(short, Decimal(0))),
        "surplus": float(max(-short, Decimal(0))),
        "reason": "",
    }
    unsettled = UNKNOWN if rules.closed else NO_FIGURE
    if level["comparator"] == ABOUT and abs(short) < half_step(level["printed"], observed):
        return {"state": unsettled, "reason": "about_bound"}
    if short <= 0:
        return row | {"state": REACHED}
    if rules.closed:
        return row | {"state": NOT_REACHED if years == 0 else UNKNOWN}
    row["years_left"] = years
    if int(level["year"]) < rules.plan_year:
        return row | {"state": NO_FIGURE, "reason": "before_plan"}
    if years == 0:
        return row | {"state": BEHIND, "reason": "no_years_left"}
    required = (lower / observed) ** (1 / years) - 1
    return row | {"required_growth": required, "state": ON_PACE if required <= rules.pace else BEHIND}


# What a county's state rests on, in `export/progress.csv` and wherever one figure is named.
BASIS = ("period", "value", "printed", "comparator", "grade", "source")


def basis(row: Row) -> dict[str, Any]:
    """Return the figure that a county's state rests on: `BASIS`; empty texts and ``<NA>`` where there is none."""
    prefix, value = ("", "observed") if row["reason"] != "floor" and row["period"] else ("floor_", "floor")
    if not row[f"{prefix}period"]:
        prefix, value = ("other_", "other") if row["other_indicator"] == GDP else ("", "observed")
    fields = {name: row[f"{prefix}{name}"] for name in BASIS if name != "value"}
    return fields | {"value": row[value]}


def missing(assessment: pd.DataFrame) -> pd.DataFrame:
    """Return the counties with a target whose full figure of the target year is not known: whom to call."""
    return assessment[assessment["lower"].notna() & ~assessment["target_known"]]


def confirmed(
    counties: pd.DataFrame, observations: pd.DataFrame, lead: Row, period: str | None, rules: Rules, plan: Plan
) -> str:
    """Return the state that a county would have if one of its leads were confirmed; as of `each_confirmed`."""
    return each_confirmed(counties, observations, pd.DataFrame([dict(lead)]), period, rules, plan)[0]


def each_confirmed(
    counties: pd.DataFrame,
    observations: pd.DataFrame,
    leads: pd.DataFrame,
    period: str | None,
    rules: Rules,
    plan: Plan,
) -> list[str]:
    """Return for each of some leads the state that its county would have if that one alone were confirmed.

    Parameters
    ----------
    counties, observations, period, rules, plan
        As of `assess`.
    leads : DataFrame
        Rows of `targets.evidence.leads`, of counties' GDP.
    """
    if leads.empty:
        return []
    # Every lead has a county of its own here, told apart by its number, so that all are assessed in one go.
    parts, names = [], [f"{place}-{n}" for n, place in enumerate(leads["place"])]
    for name, (_, lead) in zip(names, leads.iterrows(), strict=True):
        mine = observations[observations["place"] == lead["place"]].drop(columns="standing", errors="ignore")
        same = (mine["indicator"] == lead["indicator"]) & (mine["period"] == lead["period"])
        taken = pd.DataFrame([dict(lead) | {"grade": REPORT, "comparator": "eq"}])
        mine = pd.concat([mine[~(same & (mine["grade"] == LEAD))], taken[mine.columns].astype(mine.dtypes.to_dict())])
        parts.append(mine.assign(place=name))
    apart = counties.loc[leads["place"]].set_axis(names)
    return [str(state) for state in assess(apart, pd.concat(parts), period, rules, plan)["state"].loc[names]]


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
        The province's own growth of the very same period, a row of `targets.evidence.figures`.
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
            known = ((levels, f"{levels}个有累计总量"), (len(grown), f"{len(grown)}个有增速"))
            head = "，".join([f"{when}：{asked}个县（市、区）中", *(text for n, text in known if n)])
            said = [head if len(rows) else f"{when}：{asked}个县（市、区）都没有数"]
        else:
            known = (
                (levels, f"{levels} have a total"),
                (len(grown), f"{len(grown)} {'' if levels else 'have '}a growth rate"),
            )
            head = f"{when}: of {asked} counties, " + " and ".join(text for n, text in known if n)
            said = [head if len(rows) else f"{when}: no figure of the {asked} counties"]
        if len(grown):
            ends = [(w, grown[grown["growth"] == f]) for w, f in _ends(grown["growth"], zh)]
            said.append(("，" if zh else ", ").join(f"{w}{_named(part, zh)}" for w, part in ends))
        if self.province is not None and len(grown):
            rate = say_rate(self.province, "", lang)
            below, same = (int((grown["apart"] < 0).sum()), int((grown["apart"] == 0).sum()))
            above = len(grown) - below - same
            if zh:
                parts = ((below, f"低于全省的{below}个"), (same, f"持平{same}个"), (above, f"高于全省的{above}个"))
                said.append("，".join([f"全省{rate}", *(text for n, text in parts if n)]))
            else:
                parts = ((below, f"{below} below it"), (same, f"{same} equal to it"), (above, f"{above} above it"))
                said.append(f"the province {rate}: " + ", ".join(text for n, text in parts if n))
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
    rate = say_rate(rows.iloc[0], "growth", "zh" if zh else "en")
    return f"{said}{rate}" if zh else f"{rate} ({said})"


def part_year(
    assessment: pd.DataFrame, observations: pd.DataFrame, plan: Plan, period: str | None = None
) -> PartYear | None:
    """Return the figures of one part of a year, or None when there are none or `period` is a whole year.

    Parameters
    ----------
    assessment : DataFrame
        Of `assess`, for the same period.
    observations : DataFrame
    plan : Plan
        With whose province growth is compared.
    period : str, optional
        By default the latest for which a county has a figure that no full year has taken the place of.

    Raises
    ------
    ValueError
        When `period` cannot be read, or a GDP is not in 亿元.
    """
    if period is not None and stretch(period).is_whole:
        return None
    tables = {"level": figures(observations, GDP, YI), "growth": figures(observations, GROWTH)}
    tables["industry"] = figures(observations, INDUSTRY)
    end = None if period is None else stretch(period).end
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
        for field in ("period", "comparator", "printed", "status", "grade", "source", "source_url", "note", "origin"):
            table[f"{what}_{field}"] = rows[field].reindex(places).fillna("")
        table[f"{what}_batch"] = rows["batch"].reindex(places).astype("Int64")
    whole = tables["growth"]
    whole = whole[(whole["place"] == plan.region.code) & (whole["year"] * 12 + whole["month"] == end)]
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


def classes(plan: Plan) -> pd.DataFrame:
    """Return the classes that an observed GDP may fall in, from the top: the plan's bands and what they leave open.

    Returns
    -------
    DataFrame
        By id (the bands', ``gap``, a second ``gap2``, ``below``): `lower` and `upper` in 亿元 (``<NA>`` when
        open), `in_plan`, `zh`, `en`.
    """
    bands = plan.bands.sort_values("order")
    rows: list[dict[str, Any]] = []
    above = None
    for band in bands.to_dict("records"):
        if above is not None and not pd.isna(band["upper"]) and band["upper"] < above:
            low, high = int(band["upper"]), int(above)
            zh, en = f"{low}–{high}亿元（方案未列）", f"{low / 10:g}–{high / 10:g} bn yuan (not in the plan)"
            gap = _gap(sum(str(row["id"]).startswith(GAP) for row in rows))
            rows.append({"id": gap, "lower": low, "upper": high, "in_plan": False, "zh": zh, "en": en})
        named = {"zh": band["zh_short"], "en": band["en_short"]}
        rows.append({"id": band["id"], "lower": band["lower"], "upper": band["upper"], "in_plan": True, **named})
        above = band["lower"]
    zh, en = f"不足{above}亿元", f"under {int(above or 0) / 10:g} bn yuan"
    rows.append({"id": BELOW, "lower": pd.NA, "upper": above, "in_plan": False, "zh": zh, "en": en})
    return pd.DataFrame(rows).set_index("id").astype({"lower": "Int64", "upper": "Int64"})


def band_of(value: float, bands: pd.DataFrame) -> str:
    """Return the band that a GDP in 亿元 falls in: lower bound inclusive, upper exclusive; else ``gap`` … or ``below``.

    Parameters
    ----------
    value : float
    bands : DataFrame
        `Plan.bands`.
    """
    for id, lower, upper in zip(bands["id"], bands["lower"], bands["upper"], strict=True):
        if value >= lower and (pd.isna(upper) or value < upper):
            return str(id)
    if value < bands["lower"].min():
        return BELOW
    # Which gap: those above it come first.
    ordered = bands.sort_values("order").to_dict("records")
    above = [band for band in ordered if band["lower"] > value]
    gaps = [n for n, band in enumerate(ordered[1:], start=1) if band["upper"] < ordered[n - 1]["lower"]]
    return _gap(sum(n < len(above) for n in gaps))


def _gap(before: int) -> str:
    """Return the id of a gap, by how many gaps are above it."""
    return GAP if not before else f"{GAP}{before + 1}"


def say_reason(reason: str, plan: Plan, lang: str) -> str:
    """Say why a number of the assessment is missing; `reason` is a key of `REASONS`."""
    return REASONS[reason][0 if lang == "zh" else 1].format(box=plan.box("band", lang=lang))


# ---- sentences ------------------------------------------------------------------------------------------------------


def sentence(row: Row, lang: str, rules: Rules) -> str:
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
    lower = "" if pd.isna(row["lower"]) else say_money(row["lower"], lang)
    figure = "" if pd.isna(row["observed"]) else say_level(row, lang)
    why = say_reason(row["reason"], rules.plan, lang) if row["reason"] else ""
    has_bound = "" if not lower else f"，下限{lower}" if zh else f"; its lower bound is {lower}"
    if row["state"] == NO_TARGET:
        body = [why, figure or _absent(row, lang)]
    elif row["reason"] == "floor":
        body = [say_floor(row, lang) + has_bound + _since_said(row, lang)]
        if figure:
            body.append(f"此前的数值为{figure}" if zh else f"the figure before it: {figure}")
    elif not figure:
        body = [_absent(row, lang) + has_bound]
    elif row["reason"] == "about_bound":
        body = [f"{figure}{has_bound}", why]
    elif row["state"] == REACHED:
        share, surplus = say_percent(row["attainment"], 1), say_distance(row, lang)
        body = [
            f"{figure}，已达到{lower}下限（达成{share}%），超出{surplus}{_since_said(row, lang)}"
            if zh
            else f"{figure}, which reaches its lower bound of {lower} ({share} %), {surplus} above it"
            f"{_since_said(row, lang)}"
        ]
    else:
        share, gap = say_percent(row["attainment"], 1), say_distance(row, lang)
        then = row["state"] == UNKNOWN or row["reason"] == "before_plan"
        needs = _needs(row, lang, rules)
        body = [
            f"{figure}，{'当时' if then else ''}距{lower}下限还差{gap}（达成{share}%）{needs}"
            if zh
            else f"{figure}, {'then ' if then else ''}{gap} short of its lower bound of {lower} ({share} %){needs}"
        ]
        if row["reason"] == "before_plan":
            body.append(why)
    if row["reason"] != "floor" and row["absent"] != "floor_only" and not pd.isna(row["floor"]):
        body.append(say_floor(row, lang))
    if not pd.isna(row["part_year"]):
        body.append(say_part(row, lang))
    if not pd.isna(row["growth"]):
        body.append(say_growth(row, lang))
    return f"{row['name_short']}：{'；'.join(body)}。" if zh else f"{row['name_en']}: {'; '.join(body)}."


def say_reached(row: Row, rules: Rules, lang: str = "zh") -> str:
    """Say in a few words since when a county has reached its lower bound; ``""`` where that is not known."""
    if pd.isna(row["reached_year"]):
        return ""
    year = int(row["reached_year"])
    if year < rules.plan_year:
        return f"方案前已达（{year}年）" if lang == "zh" else f"reached before the plan ({year})"
    return f"{year}年已达到" if lang == "zh" else f"reached in {year}"


def _since_said(row: Row, lang: str) -> str:
    """Say the first year known to have reached the bound, where that is an earlier one than the figure's own."""
    own = row["floor_year"] if row["reason"] == "floor" else row["year"]
    if pd.isna(row["reached_year"]) or int(row["reached_year"]) == int(own):
        return ""
    return f"，{row['reached_year']}年起即已达到" if lang == "zh" else f", as it has since {row['reached_year']}"


# What a row of the assessment cites, and the indicator each is a figure of ("" when the row says it).
CITES: Mapping[str, str] = {"": GDP, "floor_": GDP, "part_year_": GDP, "growth_": GROWTH, "other_": ""}
NotesEn = Mapping[tuple[str, str, str, str], str]


def cited(
    row: Row, lang: str = "zh", notes_en: NotesEn | None = None, batches: pd.DataFrame | None = None
) -> list[str]:
    """Return the sources of a county's figures, each with what it remarks; of imports the file, batch and status.

    Parameters
    ----------
    row : mapping
        One row of `assess`, as a Series named by its adcode.
    lang : str
    notes_en : mapping, optional
        `targets.published.Published.notes_en`: remarks on published figures in English. An imported figure's stay as
        they are.
    batches : DataFrame, optional
        Of `targets.observations.Store.batches`, for imported figures.
    """
    found = []
    for prefix, indicator in CITES.items():
        source = cite_source(row, lang, batches, prefix)
        if not source:
            continue
        note = row[f"{prefix}note"]
        if lang == "en" and row[f"{prefix}origin"] == "published":
            of = indicator or str(row[f"{prefix}indicator"])
            key = (str(getattr(row, "name", "")), of, row[f"{prefix}period"], row[f"{prefix}printed"])
            note = (notes_en or {}).get(key, "")
        pair = (source, f"（{note}）" if lang == "zh" else f" ({note})")
        found.append("".join(pair) if note else pair[0])
    return list(dict.fromkeys(found))


def say_figure(row: Row, lang: str, prefix: str = "", value: str = "observed") -> str:
    """Say a figure of an assessed county as it was printed, without its year.

    Parameters
    ----------
    row : mapping
        One row of `assess`.
    prefix, value : str
        ``""`` and ``observed`` for the full year; ``floor_`` and ``floor``; ``part_year_`` and ``part_year``;
        ``other_`` and ``other``.
    """
    comparator, printed, origin = (row[f"{prefix}{name}"] for name in ("comparator", "printed", "origin"))
    return say_printed(row[value], YI, comparator, printed, origin, lang)


def say_distance(row: Row, lang: str) -> str:
    """Say how far a figure is from the lower bound, short of it or above it, with the decimals that it has itself.

    So a reader's own sum of what is said comes out: 49.95 and 0.05 are 50.
    """
    return say_money(abs(exact(row["lower"]) - exact(row["observed"])), lang)


def say_floor(row: Row, lang: str) -> str:
    """Say the amount that a county is reported to have passed."""
    zh = lang == "zh"
    said = say_figure(row, lang, "floor_", "floor")
    how = say_how(row, lang, "floor_")
    return f"{row['floor_year']}年{said}{how}" if zh else f"{said} in {row['floor_year']}{how}"


def _how(row: Row, prefix: str, zh: bool) -> str:
    """Say of what kind a figure is; of an imported one that it is, and the status given with it."""
    said = say_status(row[f"{prefix}status"], "zh" if zh else "en")
    if row[f"{prefix}origin"] != "import":
        return said
    return f"导入，{said}" if zh else f"imported, {said}"


def say_how(row: Row, lang: str, prefix: str = "") -> str:
    """Say in brackets of what kind a figure of an assessed county is, and whether it was imported."""
    zh = lang == "zh"
    said = _how(row, prefix, zh)
    return "" if not said else f"（{said}）" if zh else f" ({said})"


def say_level(row: Row, lang: str) -> str:
    """Say the full-year figure with its year and status."""
    amount = say_figure(row, lang)
    status = say_how(row, lang, "")
    return f"{row['year']}年{amount}{status}" if lang == "zh" else f"{amount} in {row['year']}{status}"


def _needs(row: Row, lang: str, rules: Rules | None) -> str:
    """Say the growth that is still needed while the term runs; nothing once it is over."""
    if pd.isna(row["years_left"]) or row["reason"] == "before_plan":
        return ""
    if pd.isna(row["required_growth"]):
        return "，目标年已结束" if lang == "zh" else ", and the target year is over"
    apart = [rules.pace] if rules else []
    share, years = say_percent(row["required_growth"], *apart, 0), int(row["years_left"])
    if lang == "zh":
        return f"，需年均名义增长{share}%（{years}年）"
    return f", which takes nominal growth of {share} % a year for {years} {'year' if years == 1 else 'years'}"


def _absent(row: Row, lang: str) -> str:
    """Say why there is no full-year figure, and what is known of another period instead."""
    why = REASONS[row["absent"]][0 if lang == "zh" else 1]
    known = say_floor(row, lang) if row["absent"] == "floor_only" else say_other(row, lang)
    if not known:
        return why
    return f"{why}（{known}）" if lang == "zh" else f"{why} ({known})"


def say_other(row: Row, lang: str) -> str:
    """Say the figure of another period that is known where the chosen one has none; ``""`` when there is none."""
    zh = lang == "zh"
    if pd.isna(row["other"]):
        return ""
    when, status = say_period(row["other_period"], lang), _how(row, "other_", zh)
    if row["other_indicator"] == GROWTH:
        rate = say_rate(row, "other", lang)
        return f"{when}增速{rate}，{status}" if zh else f"growth in {when} {rate}, {status}"
    amount = say_figure(row, lang, "other_", "other")
    if not stretch(row["other_period"]).is_whole:
        amount = f"累计{amount}" if zh else f"{amount} so far"
    return f"{when}{amount}，{status}" if zh else f"{amount} in {when}, {status}"


def say_part(row: Row, lang: str, short: bool = False) -> str:
    """Say the total of a part of a year, which no full-year bound is compared with; `short` leaves that unsaid."""
    amount = say_figure(row, lang, "part_year_", "part_year")
    status = say_how(row, lang, "part_year_")
    when = say_period(row["part_year_period"], lang)
    if lang == "zh":
        return f"{when}累计{amount}{status}" + ("" if short else "，不与全年下限相比")
    return f"{amount} in {when}{status}" + ("" if short else ", not compared with the full-year bound")


def say_rate(row: Row, what: str, lang: str) -> str:
    """Say a growth rate in per cent with its sign, as it was printed.

    Parameters
    ----------
    row : mapping
        One row of `assess` or of `PartYear.counties`; with `what` empty, an observation.
    what : str
        ``growth``, ``industry`` or ``other``.
    lang : str
    """
    names = ("comparator", "printed", "origin")
    comparator, printed, origin = (row[f"{what}_{name}" if what else name] for name in names)
    return say_printed(row[what or "value"], "%", comparator, printed, origin, lang)


def say_growth(row: Row, lang: str) -> str:
    """Say the latest growth figure, in per cent, as published."""
    rate = say_rate(row, "growth", lang)
    status = say_how(row, lang, "growth_")
    when = say_period(row["growth_period"], lang)
    return f"{when}增速{rate}{status}" if lang == "zh" else f"growth in {when} {rate}{status}"


def behind(
    assessment: pd.DataFrame,
    lang: str = "zh",
    by: str = "gap",
    adcodes: Iterable[str] | None = None,
    *,
    rules: Rules,
) -> list[tuple[str, str]]:
    """Return who is short: behind while the term runs, not reached after it; one sentence a county.

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
    rows = assessment[assessment["state"].isin(SHORT)]
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
        Counties by class id, from the top, then those not listed: all together.
    observed : DataFrame
        By year, the number of counties whose full-year GDP of that year falls in each class. Only what is known.
    latest : Series
        The same for each county's latest year; years differ between counties.
    known : DataFrame
        By year: `counties` (of all), `with_target` (of those with one), `few` (too few to read as the province).
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


def ladder(counties: pd.DataFrame, observations: pd.DataFrame, rules: Rules, plan: Plan | None = None) -> Ladder:
    """Count the counties of each class: as listed, and as observed in each year up to the target year.

    What is only reported as passed counts in the class that it proves.
    """
    plan = plan or rules.plan
    real = counties[counties["is_county"]]
    rungs = list(classes(plan).index)
    listed = real["band"].fillna(plan.no_band).value_counts().reindex([*rungs, plan.no_band], fill_value=0)
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
    official = latest_by_year(observations, "counties_over_100", plan.region.code)
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


def headline(
    assessment: pd.DataFrame,
    observations: pd.DataFrame,
    lang: str,
    rules: Rules,
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
    if chosen and not len(targeted):
        return [_unlisted(bare, lang, rules.plan, alone=True)]
    said = [_counts(targeted, len(assessment) if chosen else None, lang, rules, period)]
    if about := _rest_on(targeted, lang, rules):
        said.append(about)
    judged = int(targeted["state"].isin([REACHED, *SHORT, ON_PACE]).sum())
    total = len(targeted)
    if judged < rules.enough * total and (judged or not chosen):
        share = f"{rules.enough * 100:g}"
        whom, whom_en = ("所选的县", "the selected ones") if chosen else ("全省", "the province")
        said.append(
            f"可以判断的不足{total}个的{share}%，以上个数不能代表{whom}。"
            if zh
            else f"Fewer than {share} % of the {total} can be judged: these counts do not stand for {whom_en}."
        )
    if len(bare):
        said.append(_unlisted(bare, lang, rules.plan))
    hundreds = "" if chosen else _hundreds(assessment, observations, lang, plan or rules.plan, period)
    return [*said, hundreds] if hundreds else said


def counts(assessment: pd.DataFrame, rules: Rules) -> dict[str, int]:
    """Return the number of counties in each state of the day, in the order of a legend."""
    n = assessment["state"].value_counts()
    return {state: int(n.get(state, 0)) for state in rules.states}


def _counts(targeted: pd.DataFrame, chosen: int | None, lang: str, rules: Rules, period: str | None) -> str:
    """Say how many counties with a target are in each state; states that nobody is in are left out."""
    zh = lang == "zh"
    n = {state: k for state, k in counts(targeted, rules).items() if state != NO_TARGET}
    named = [(rules.name(state, lang), k) for state, k in n.items() if k]
    names = [f"{name}{k}个" if zh else f"{k} {name}" for name, k in named]
    end = ""
    if rules.closed and period is None:
        if known := int(targeted["target_known"].sum()):
            year = rules.target_year
            end = f"；{year}年全年数已知{known}个" if zh else f"; the full year {year} is known of {known}"
    elif not rules.closed and (n[ON_PACE] or n[BEHIND]):
        share = f"{rules.pace * 100:g}"
        end = f"（进度按本图自定的年均{share}%判断）" if zh else f" (the pace of {share} % a year is this atlas's own)"
    if zh:
        whom = f"所选的{chosen}个县（市、区）中，" if chosen is not None else ""
        return f"{whom}列入{rules.plan.box('band')}的{len(targeted)}个县：{'，'.join(names)}{end}。"
    box = rules.plan.box("band", lang="en")
    whom = f"Of the {chosen} selected, the" if chosen is not None else "The"
    return singular(f"{whom} {len(targeted)} counties listed in {box}: {', '.join(names)}{end}.")


def _rest_on(targeted: pd.DataFrame, lang: str, rules: Rules) -> str:
    """Say of which years the figures are, and of what kind."""
    zh = lang == "zh"
    levels = targeted[targeted["attainment"].notna()]
    imported, published = (levels[(levels["origin"] == "import") == own] for own in (True, False))
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
    parts = (
        (
            int(levels["before_plan"].sum()),
            f"的数早于{rules.plan_year}年，方案尚未开始",
            f"from before {rules.plan_year}, when the plan began",
        ),
        (
            int((targeted["reason"] == "floor").sum()),
            "只见报道已突破下限，未公布确数",
            "only reported as past the bound, without an exact figure",
        ),
        (int((published["grade"] == PRELIMINARY).sum()), "为初步核算数", "preliminary"),
        (int((published["grade"] == REPORT).sum()), "出自报告、报道", "from reports"),
        (
            int((targeted["reason"] == "contradicted").sum()),
            "公开数互相矛盾，待核",
            "with published figures that contradict each other",
        ),
        # An imported figure is called that, whatever its status.
        *(
            (int(n), f"用导入数（{say_status(str(status))}）", f"by imported figures ({say_status(str(status), 'en')})")
            for status, n in imported["status"].value_counts().items()
        ),
    )
    about += [f"{n}个{in_zh}" if zh else f"{n} {in_en}" for n, in_zh, in_en in parts if n]
    if not about:
        return ""
    text = ("；" if zh else "; ").join(about)
    return f"{text}。" if zh else f"{text[0].upper()}{text[1:]}."


def _unlisted(bare: pd.DataFrame, lang: str, plan: Plan, alone: bool = False) -> str:
    """Say how many counties the box leaves out; `alone` when all that are selected are such."""
    box = plan.box("band", lang=lang)
    n, known = len(bare), int(bare["observed"].notna().sum())
    if lang == "zh":
        head = f"所选的{n}个县都未列入{box}，" if alone else f"{box}未列的{n}个县"
        return f"{head}没有下限可比" + (f"，其中{known}个有全年数，单独列出。" if known else "。")
    more = f"; {known} {'has' if known == 1 else 'have'} a full-year figure." if known else "."
    if not alone:
        if n == 1:
            return f"The 1 county that {box} leaves out has no lower bound{more}"
        return f"The {n} counties that {box} leaves out have no lower bound{more}"
    return singular(f"None of the {n} selected counties is listed in {box}: no lower bound{more}")


def _hundreds(assessment: pd.DataFrame, observations: pd.DataFrame, lang: str, plan: Plan, period: str | None) -> str:
    """Say how many counties have 100亿元 or more: counted, when a year's figures are whole, else as the province says.

    Of the years up to `period`. The plan's own number of such counties stands beside.
    """
    until = None if period is None else stretch(period).year
    counts = latest_by_year(observations, "counties_over_100", plan.region.code)
    box = plan.box("band", lang=lang)
    counts = counts if until is None else counts[counts.index <= until]
    if (counted := _counted_hundreds(assessment, observations, lang, until, counts.index.max(), box)) is not None:
        return counted
    if counts.empty:
        return ""
    listed = int(plan.bands.loc[plan.bands["lower"] >= 100, "n"].sum())
    year, row = counts.index[-1], counts.iloc[-1]
    n, source = int(row["value"]), row["source"]
    if lang == "zh":
        said = f"{year}年地区生产总值百亿元以上的县{n}个（{source}）；{box}列入百亿元以上各档的{listed}个"
        return f"{said}，两份名单不一定相同。"
    return (
        f"In {year} the province counted {n} counties of 10 bn yuan or more ({source}); {box} lists {listed} in its "
        "bands from 10 bn yuan up, and the two lists need not be the same."
    )


def _counted_hundreds(
    assessment: pd.DataFrame, observations: pd.DataFrame, lang: str, until: int | None, official: Any, box: str
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
    n, total, both = len(over), len(values), len(listed & over)
    if lang == "zh":
        basis = f"按导入的{total}个县全年数计数" if own == total else f"按{total}个县全年数计数"
        basis += f"，其中导入{own}个" if 0 < own < total else ""
        if not n:
            return f"{year}年没有地区生产总值百亿元以上的县（{basis}）。"
        return f"{year}年地区生产总值百亿元以上的县{n}个（{basis}）；{box}列入百亿元以上各档的{len(listed)}个" + (
            f"中，{both}个在内。" if both else "都不在内。"
        )
    basis = f"counted from the {total} imported figures" if own == total else f"counted from {total} figures"
    basis += f", {own} imported" if 0 < own < total else ""
    if not n:
        return f"In {year}, no county had 10 bn yuan or more ({basis})."
    return (
        f"In {year}, {n} counties had 10 bn yuan or more ({basis}); {both or 'none'} of the {len(listed)} that "
        f"{box} lists in its bands from 10 bn yuan up {'are' if both else 'is'} among them."
    )
