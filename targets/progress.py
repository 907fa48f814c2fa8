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
from targets.speech import Speech, exact, say_percent, say_share, stretch

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
# Why a number of the assessment is missing; ``reason_`` and the key is the row of the catalogue that says it.
REASONS = (
    *("no_band", "no_figure", "growth_only", "part_year", "other_year", "other_period", "floor_only", "contradicted"),
    *("about_bound", "before_plan", "after_target", "floor", "no_years_left"),
)
# What the plan's bands leave open.
GAP, BELOW = "gap", "below"
Row = Mapping[Any, Any] | pd.Series


# ---- rules ----------------------------------------------------------------------------------------------------------

# When each holds (while the term runs, after it, or both; where the bands leave amounts open, or counties out), and the
# row of the catalogue that says it, without its ``rule_``.
_RULES: tuple[tuple[str, str], ...] = (
    ("both", "attainment"),
    ("both", "gap"),
    ("both", "judging"),
    ("both", "contradicting"),
    ("running", "pace"),
    ("running", "growth_needed"),
    ("running", "own_pace"),
    ("closed", "closed"),
    ("both", "real_growth"),
    ("both", "part_year"),
    ("both", "growth_only"),
    ("both", "at_least"),
    ("gaps", "gaps"),
    ("unlisted", "unlisted"),
    ("both", "imported"),
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
        return Speech.of(lang).pick(*self.states[state])

    def sentences(self, lang: str = "zh") -> tuple[str, ...]:
        """Return the rules, in the order in which a reader needs them."""
        speech, plan = Speech.of(lang), self.plan
        # The reason is that of the plan's own pace, and of no other number.
        own = plan.thresholds["pace"]
        why = speech.pick(own.why, own.why_en) if self.pace == own.value else ""
        unlisted = plan.option(plan.no_band).n
        gaps = [row for id, row in classes(plan).iterrows() if str(id).startswith(GAP)]
        ends = [{end: speech.digits(gap[end]) for end in ("lower", "upper")} for gap in gaps]
        between = speech.list(speech.word("rule_between", **end) for end in ends)
        values = {"end": self.target_year, "begin": self.plan_year, "why": why, "unlisted": unlisted, "gaps": between}
        values |= {"pace": f"{self.pace * 100:g}", "jump": f"{JUMP * 100:g}"}
        when = {"both", "closed" if self.closed else "running"}
        when |= ({"gaps"} if gaps else set()) | ({"unlisted"} if unlisted else set())
        return tuple(speech.word(f"rule_{rule}", plan, **values).rstrip() for at, rule in _RULES if at in when)


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
        speech = Speech.of(lang)
        rows = self.over(adcodes)
        grown = rows[rows["growth"].notna()]
        levels = int(rows["level"].notna().sum())
        about = {"when": speech.span(self.period), "asked": speech.word("all_counties_of", n=asked)}
        if levels:
            head = speech.word("part_levels", n=levels, **about)
            head = speech.word("part_rates_too", said=head, n=len(grown)) if len(grown) else head
        else:
            head = speech.word("part_rates" if len(grown) else "part_none", n=len(grown), **about)
        said = [head]
        if len(grown):
            ends = [(key, grown[grown["growth"] == rate]) for key, rate in _ends(grown["growth"])]
            said.append(speech.join(_named(key, part, speech) for key, part in ends))
        if self.province is not None and len(grown):
            below, same = (int((grown["apart"] < 0).sum()), int((grown["apart"] == 0).sum()))
            above = len(grown) - below - same
            parts = (("province_below", below), ("province_same", same), ("province_above", above))
            counted = speech.join(speech.word(key, n=n) for key, n in parts if n)
            said.append(speech.word("province_rate", rate=say_rate(self.province, "", lang), parts=counted))
        return speech.sentence(speech.clauses(said))


PART_ORDERS: Mapping[str, tuple[str, bool]] = {
    "growth": ("growth", True),
    "growth_high": ("growth", False),
    "level": ("level", False),
    "level_low": ("level", True),
    "adcode": ("", True),
}


def _ends(growth: pd.Series) -> list[tuple[str, float]]:
    low, high = float(growth.min()), float(growth.max())
    if low == high:
        return [("growth_all" if len(growth) > 1 else "growth_alone", low)]
    return [("growth_lowest", low), ("growth_highest", high)]


def _named(key: str, rows: pd.DataFrame, speech: Speech) -> str:
    """Name the counties of one growth rate, three at most."""
    names = list(rows[speech.pick("name_short", "name_en")])
    said = speech.list(names[:3])
    if len(names) > 3:
        # Chinese says how many there are, English how many more.
        said = speech.word("names_first", names=said, n=speech.pick(len(names), len(names) - 3))
    return speech.word(key, names=said, rate=say_rate(rows.iloc[0], "growth", speech.lang))


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
            gap = _gap(sum(str(row["id"]).startswith(GAP) for row in rows))
            said = _in_both("class_gap", lower=low, upper=high)
            rows.append({"id": gap, "lower": low, "upper": high, "in_plan": False, **said})
        named = {"zh": band["zh_short"], "en": band["en_short"]}
        rows.append({"id": band["id"], "lower": band["lower"], "upper": band["upper"], "in_plan": True, **named})
        above = band["lower"]
    said = _in_both("class_below", lower=above or 0)
    rows.append({"id": BELOW, "lower": pd.NA, "upper": above, "in_plan": False, **said})
    return pd.DataFrame(rows).set_index("id").astype({"lower": "Int64", "upper": "Int64"})


def _in_both(key: str, **amounts: int) -> dict[str, str]:
    """Return a row of the catalogue by language, with amounts in 亿元."""
    speeches = [Speech.of(lang) for lang in ("zh", "en")]
    return {
        speech.lang: speech.word(key, **{name: speech.digits(amount) for name, amount in amounts.items()})
        for speech in speeches
    }


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
    """Say why a number of the assessment is missing; `reason` is one of `REASONS`."""
    return Speech.of(lang).word(f"reason_{reason}", plan)


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
    speech = Speech.of(lang)
    row = dict(row)
    lower = "" if pd.isna(row["lower"]) else speech.money(row["lower"])
    figure = "" if pd.isna(row["observed"]) else say_level(row, lang)
    why = say_reason(row["reason"], rules.plan, lang) if row["reason"] else ""
    has_bound = speech.word("bound_beside", bound=lower) if lower else ""
    if row["state"] == NO_TARGET:
        body = [why, figure or _absent(row, rules.plan, lang)]
    elif row["reason"] == "floor":
        body = [say_floor(row, lang) + has_bound + _since_said(row, speech)]
        if figure:
            body.append(speech.word("figure_before", figure=figure))
    elif not figure:
        body = [_absent(row, rules.plan, lang) + has_bound]
    elif row["reason"] == "about_bound":
        body = [f"{figure}{has_bound}", why]
    else:
        about = {"figure": figure, "lower": lower, "share": say_share(row["observed"], row["lower"])}
        distance = say_distance(row, lang)
        if row["state"] == REACHED:
            since = _since_said(row, speech)
            body = [speech.word("stands_reached", **about, surplus=distance, since=since)]
        else:
            then = row["state"] == UNKNOWN or row["reason"] == "before_plan"
            key = "stands_then_short" if then else "stands_short"
            body = [speech.word(key, **about, gap=distance, needs=_needs(row, speech, rules))]
        if row["reason"] == "before_plan":
            body.append(why)
    if row["reason"] != "floor" and row["absent"] != "floor_only" and not pd.isna(row["floor"]):
        body.append(say_floor(row, lang))
    if not pd.isna(row["part_year"]):
        body.append(say_part(row, lang))
    if not pd.isna(row["growth"]):
        body.append(say_growth(row, lang))
    name = speech.pick(row["name_short"], row["name_en"])
    return speech.named(name, speech.sentence(speech.clauses(body)))


def say_reached(row: Row, rules: Rules, lang: str = "zh") -> str:
    """Say in a few words since when a county has reached its lower bound; ``""`` where that is not known."""
    if pd.isna(row["reached_year"]):
        return ""
    year = int(row["reached_year"])
    return Speech.of(lang).word("reached_before_plan" if year < rules.plan_year else "reached_in", year=year)


def _since_said(row: Row, speech: Speech) -> str:
    """Say the first year known to have reached the bound, where that is an earlier one than the figure's own."""
    own = row["floor_year"] if row["reason"] == "floor" else row["year"]
    if pd.isna(row["reached_year"]) or int(row["reached_year"]) == int(own):
        return ""
    return speech.word("reached_since", year=row["reached_year"])


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
    speech, found = Speech.of(lang), []
    for prefix, indicator in CITES.items():
        source = cite_source(row, lang, batches, prefix)
        if not source:
            continue
        note = row[f"{prefix}note"]
        if row[f"{prefix}origin"] == "published":
            of = indicator or str(row[f"{prefix}indicator"])
            key = (str(getattr(row, "name", "")), of, row[f"{prefix}period"], row[f"{prefix}printed"])
            note = speech.pick(note, (notes_en or {}).get(key, ""))
        found.append(source + speech.brackets(note))
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
    return Speech.of(lang).printed(row[value], YI, comparator, printed, origin)


def say_distance(row: Row, lang: str) -> str:
    """Say how far a figure is from the lower bound, short of it or above it, with the decimals that it has itself.

    So a reader's own sum of what is said comes out: 49.95 and 0.05 are 50.
    """
    return Speech.of(lang).money(abs(exact(row["lower"]) - exact(row["observed"])))


def say_floor(row: Row, lang: str) -> str:
    """Say the amount that a county is reported to have passed."""
    speech = Speech.of(lang)
    when, said = speech.period(str(row["floor_year"])), say_figure(row, lang, "floor_", "floor")
    return speech.word("amount_of", when=when, amount=said) + say_how(row, lang, "floor_")


def _how(row: Row, prefix: str, speech: Speech) -> str:
    """Say of what kind a figure is; of an imported one that it is, and the status given with it."""
    said = speech.status(row[f"{prefix}status"])
    return speech.word("figure_imported", status=said) if row[f"{prefix}origin"] == "import" else said


def say_how(row: Row, lang: str, prefix: str = "") -> str:
    """Say in brackets of what kind a figure of an assessed county is, and whether it was imported."""
    speech = Speech.of(lang)
    return speech.brackets(_how(row, prefix, speech))


def say_level(row: Row, lang: str) -> str:
    """Say the full-year figure with its year and status."""
    speech = Speech.of(lang)
    when, amount = speech.period(str(row["year"])), say_figure(row, lang)
    return speech.word("amount_of", when=when, amount=amount) + say_how(row, lang, "")


def _needs(row: Row, speech: Speech, rules: Rules | None) -> str:
    """Say the growth that is still needed while the term runs; nothing once it is over."""
    if pd.isna(row["years_left"]) or row["reason"] == "before_plan":
        return ""
    if pd.isna(row["required_growth"]):
        return speech.word("needs_over")
    apart = [rules.pace] if rules else []
    years = speech.word("n_years", n=int(row["years_left"]))
    return speech.word("needs_growth", share=say_percent(row["required_growth"], *apart, 0), years=years)


def _absent(row: Row, plan: Plan, lang: str) -> str:
    """Say why there is no full-year figure, and what is known of another period instead."""
    known = say_floor(row, lang) if row["absent"] == "floor_only" else say_other(row, lang)
    return say_reason(row["absent"], plan, lang) + Speech.of(lang).brackets(known)


def say_other(row: Row, lang: str) -> str:
    """Say the figure of another period that is known where the chosen one has none; ``""`` when there is none."""
    speech = Speech.of(lang)
    if pd.isna(row["other"]):
        return ""
    when, status = speech.period(row["other_period"]), _how(row, "other_", speech)
    if row["other_indicator"] == GROWTH:
        return speech.join([speech.word("growth_of", when=when, rate=say_rate(row, "other", lang)), status])
    amount = say_figure(row, lang, "other_", "other")
    if not stretch(row["other_period"]).is_whole:
        amount = speech.word("so_far", amount=amount)
    return speech.join([speech.word("amount_of", when=when, amount=amount), status])


def say_part(row: Row, lang: str, short: bool = False) -> str:
    """Say the total of a part of a year, which no full-year bound is compared with; `short` leaves that unsaid."""
    speech = Speech.of(lang)
    when, amount = speech.period(row["part_year_period"]), say_figure(row, lang, "part_year_", "part_year")
    said = speech.word("part_of", when=when, amount=amount) + say_how(row, lang, "part_year_")
    return said if short else said + speech.word("part_not_compared")


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
    return Speech.of(lang).printed(row[what or "value"], "%", comparator, printed, origin)


def say_growth(row: Row, lang: str) -> str:
    """Say the latest growth figure, in per cent, as published."""
    speech = Speech.of(lang)
    when, rate = speech.period(row["growth_period"]), say_rate(row, "growth", lang)
    return speech.word("growth_of", when=when, rate=rate) + say_how(row, lang, "growth_")


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
    speech = Speech.of(lang)
    targeted, bare = (assessment[(assessment["state"] == NO_TARGET) == no] for no in (False, True))
    if chosen and not len(targeted):
        return [_unlisted("unlisted_chosen", bare, speech, rules.plan)]
    said = [_counts(targeted, len(assessment) if chosen else None, speech, rules, period)]
    if about := _rest_on(targeted, speech, rules):
        said.append(about)
    judged = int(targeted["state"].isin([REACHED, *SHORT, ON_PACE]).sum())
    total = len(targeted)
    if judged < rules.enough * total and (judged or not chosen):
        few = "headline_few_chosen" if chosen else "headline_few"
        said.append(speech.word(few, total=total, share=f"{rules.enough * 100:g}"))
    if len(bare):
        said.append(_unlisted("unlisted_rest", bare, speech, rules.plan))
    hundreds = "" if chosen else _hundreds(assessment, observations, speech, plan or rules.plan, period)
    return [*said, hundreds] if hundreds else said


def counts(assessment: pd.DataFrame, rules: Rules) -> dict[str, int]:
    """Return the number of counties in each state of the day, in the order of a legend."""
    n = assessment["state"].value_counts()
    return {state: int(n.get(state, 0)) for state in rules.states}


def _counts(targeted: pd.DataFrame, chosen: int | None, speech: Speech, rules: Rules, period: str | None) -> str:
    """Say how many counties with a target are in each state; states that nobody is in are left out.

    After the term it is the page's headline, and ends without a stop.
    """
    if rules.closed and period is None:
        said = finding(targeted, speech.lang, rules)
        if chosen is not None:
            said = speech.named(speech.word("finding_chosen", n=chosen), said)
        return said
    n = {state: k for state, k in counts(targeted, rules).items() if state != NO_TARGET}
    named = [(rules.name(state, speech.lang), k) for state, k in n.items() if k]
    states = speech.join(speech.word("headline_state", state=name, n=k) for name, k in named)
    end = ""
    if not rules.closed and (n[ON_PACE] or n[BEHIND]):
        end = speech.word("headline_pace", share=f"{rules.pace * 100:g}")
    about = {"n": len(targeted), "states": states, "end": end}
    if chosen is None:
        return speech.word("headline_counts", rules.plan, **about)
    return speech.word("headline_counts_chosen", rules.plan, chosen=chosen, **about)


def finding(assessment: pd.DataFrame, lang: str, rules: Rules) -> str:
    """Say how the term has ended: who reached the bound and who did not; else of how many the target year is known.

    Parameters
    ----------
    assessment : DataFrame
        Of `assess` after the term, at least one row with a target; those without are not counted.
    lang : str
    rules : Rules
        Those of the assessment.

    Returns
    -------
    str
        Without a stop at its end. Of nobody nothing is said.
    """
    speech = Speech.of(lang)
    targeted = assessment[assessment["lower"].notna()]
    n = counts(targeted, rules)
    told = speech.join(
        speech.word(key, n=n[state])
        for key, state in (("finding_reached", REACHED), ("finding_short", NOT_REACHED))
        if n[state]
    )
    known = int(targeted["target_known"].sum())
    if known == len(targeted):
        return speech.word("finding_known", n=known, said=told)
    within = targeted["target_known"].copy()
    for year in ("year", "floor_year"):
        within |= (targeted[year] >= rules.plan_year).fillna(False).astype(bool)
    about = {"year": rules.target_year, "known": known, "n": len(targeted)}
    latest = int(within.sum())
    said = speech.word("finding_of_year", **about)
    said = speech.join([said, speech.word("finding_within" if latest else "finding_within_none", latest=latest)])
    return speech.named(said, told) if told else said


def _rest_on(targeted: pd.DataFrame, speech: Speech, rules: Rules) -> str:
    """Say of which years the figures are, and of what kind."""
    levels = targeted[targeted["attainment"].notna()]
    imported, published = (levels[(levels["origin"] == "import") == own] for own in (True, False))
    about = []
    if len(levels):
        first, last = levels["year"].min(), levels["year"].max()
        key = "rest_on_year" if first == last else "rest_on_latest"
        about.append(speech.word(key, year=first, first=first, last=last))
    parts = {
        "before": int(levels["before_plan"].sum()),
        "floor": int((targeted["reason"] == "floor").sum()),
        "preliminary": int((published["grade"] == PRELIMINARY).sum()),
        "report": int((published["grade"] == REPORT).sum()),
        "contradicted": int((targeted["reason"] == "contradicted").sum()),
    }
    about += [speech.word(f"rest_on_{part}", n=n, year=rules.plan_year) for part, n in parts.items() if n]
    # An imported figure is called that, whatever its status.
    for status, n in imported["status"].value_counts().items():
        about.append(speech.word("rest_on_imported", n=int(n), status=speech.status(str(status))))
    text = speech.clauses(about)
    return speech.sentence(speech.capital(text)) if text else ""


def _unlisted(key: str, bare: pd.DataFrame, speech: Speech, plan: Plan) -> str:
    """Say how many counties the box leaves out, and of how many of them a full year is known."""
    known = int(bare["observed"].notna().sum())
    return speech.word(key, plan, n=len(bare), more=speech.word("unlisted_known", n=known) if known else "")


def _hundreds(
    assessment: pd.DataFrame, observations: pd.DataFrame, speech: Speech, plan: Plan, period: str | None
) -> str:
    """Say how many counties have 100亿元 or more: counted, when a year's figures are whole, else as the province says.

    Of the years up to `period`. The plan's own number of such counties stands beside.
    """
    until = None if period is None else stretch(period).year
    counts = latest_by_year(observations, "counties_over_100", plan.region.code)
    counts = counts if until is None else counts[counts.index <= until]
    counted = _counted_hundreds(assessment, observations, speech, plan, until, counts.index.max())
    if counted is not None:
        return counted
    if counts.empty:
        return ""
    listed = int(plan.bands.loc[plan.bands["lower"] >= 100, "n"].sum())
    year, row = counts.index[-1], counts.iloc[-1]
    about = {"year": year, "n": int(row["value"]), "source": row["source"], "listed": listed}
    return speech.word("hundreds_by_province", plan, **about)


def _counted_hundreds(
    assessment: pd.DataFrame,
    observations: pd.DataFrame,
    speech: Speech,
    plan: Plan,
    until: int | None,
    official: Any,
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
    basis = speech.word("hundreds_basis_imported" if own == total else "hundreds_basis", total=total)
    basis += speech.word("hundreds_imported", n=own) if 0 < own < total else ""
    key = "hundreds_none" if not n else "hundreds" if both else "hundreds_none_listed"
    return speech.word(key, plan, year=year, n=n, basis=basis, both=both, listed=len(listed))
