"""What has been published: census, county and province figures, awards, types, expressways; each with its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from targets.checks import (
    CODE,
    COUNT,
    FLAG,
    FREE,
    TEXT,
    YEAR,
    DataError,
    Field,
    Problem,
    foreign,
    one_of,
    read_table,
)
from targets.grades import AT_LEAST as FLOOR
from targets.grades import COMPARATORS, RANK, STATUS_GRADES, comparator_of, grade_of
from targets.indicators import NUMBER, convert, shipped_indicators

PROVINCE = "620000"  # of which ``province.csv`` speaks
FOLDER = Path(__file__).parent / "published"
# The one form in which published and imported figures meet: see `Published.observations`.
OBSERVATION_COLUMNS = (
    "place",
    "indicator",
    "period",
    "value",
    "unit",
    "comparator",
    "printed",
    "status",
    "grade",
    "source",
    "source_url",
    "as_of",
    "since",
    "note",
    "batch",
    "origin",
)
# Printed units that are no unit of the importer's, and what they are of the unit kept.
ROUND_UNITS = {("万亿元", "亿元"): Decimal(10000), ("万元", "元"): Decimal(10000)}
# A threshold that names a class of counties (百亿元县域) is printed without a digit.
THRESHOLDS = {"百亿": Decimal(100), "千亿": Decimal(1000)}
KINDS_OF_HOST = ("government", "publisher")
PUBLICATION = Field(r"20\d\d(-\d\d(-\d\d)?)?", "日期、年月或年份", "a date, a month or a year")
ADDRESS = Field(r"https?://[^/\s]+/\S*", "网址", "an address")
# A mirror rots and gets hijacked: its text is cited by publisher, title and date, and `url` stays empty.
SOURCE = {"publisher": TEXT, "title": FREE, "date": PUBLICATION.optional(), "url": ADDRESS.optional()}
SOURCE |= {"note": FREE, "note_en": FREE}
# Where nothing was found there is no source to name.
UNSOURCED = SOURCE | {"publisher": FREE}
DATE = Field(r"20\d\d(-\d\d-\d\d)?", "日期或年份", "a date or a year")
PERIOD = Field(
    r"20\d\d(?:Q[1-3]|-(?:0[1-9]|1[0-2]))?", "2024、2025Q3、2025-09 一类的时期", "a period like 2024, 2025Q3 or 2025-09"
)
# What kind of text a figure was found in, which says its grade; a published one always says it.
STATUS = one_of(*(status for status in STATUS_GRADES if status != "未注明"))
TYPE = one_of("城市服务型", "工业主导型", "农业优先型", "文旅赋能型", "生态功能型")
FIGURE = {"indicator": TEXT, "period": PERIOD, "as_of": PUBLICATION.optional(), "since": YEAR.optional()}
FIGURE |= {"value": NUMBER, "unit": TEXT, "printed": TEXT, "comparator": one_of(*COMPARATORS), "status": STATUS}
PLACED = {"adcode": CODE, "name": TEXT, **FIGURE, **SOURCE}
FIGURE_KEY = ("indicator", "period", "printed", "publisher")
# Published of the whole province, or over years, in a form that no file imports: all but the share are of a stretch.
AS_PUBLISHED = (
    "gdp_growth_avg",
    "counties_over_100",
    "counties_over_100_target",
    "counties_fai_double_digit",
    "county_gdp_total",
    "county_gdp_nominal_growth",
    "county_industry_growth",
    "county_fai_growth",
    "park_gdp_total",
    "parks_over_100",
    "parks_over_100_target",
    "newenergy_capacity_share",
)
STOCKS = ("newenergy_capacity_share",)
# The tables of figures; what they hold is `Published.observations`.
FIGURES = ("county_observations", "prefecture_observations", "province")

TABLES: dict[str, tuple[dict[str, Field], tuple[str, ...]]] = {
    "hosts": ({"host": TEXT.key(), "owner": TEXT, "owner_en": TEXT, "kind": one_of(*KINDS_OF_HOST)}, ()),
    "census2020": (
        {"adcode": CODE.key(), "name": TEXT, "population": COUNT, "urban_population": COUNT, "is_county": FLAG}
        | {"note": FREE, "note_en": FREE},
        (),
    ),
    "expressways_opened": (
        {"adcode": CODE.key(), "actual_year": YEAR.optional(), "opening_date": DATE.optional()}
        | {"date_precision": one_of("day", "uncertain", "year").optional(), "road": FREE, "road_en": FREE}
        | {"status": one_of("opened", "unknown"), **UNSOURCED},
        (),
    ),
    "connected_totals": ({"as_of": DATE.key(), "connected": COUNT, "total": COUNT.optional(), **SOURCE}, ()),
    "county_observations": (PLACED, ("adcode", *FIGURE_KEY)),
    "prefecture_observations": (PLACED, ("adcode", *FIGURE_KEY)),
    "province": ({**FIGURE, **SOURCE}, FIGURE_KEY),
    "evaluation_awards": (
        {"year": YEAR, "award": one_of("strong", "advanced", "progress"), "award_printed": TEXT, "adcode": CODE}
        | {"name": TEXT, "rank": COUNT.optional(), "rank_in": one_of("overall", "type").optional()}
        | {"rank_basis": one_of("stated", "order").optional(), "category": TYPE.optional()}
        | {"list_complete": FLAG, "status": STATUS, **SOURCE},
        ("year", "award", "adcode"),
    ),
    "county_types": (
        {"adcode": CODE.key(), "name": TEXT, "type1": TYPE, "type2": TYPE.optional(), "printed": TEXT, **SOURCE},
        (),
    ),
    "sources": (
        {"file": TEXT.key(), "producer": TEXT, "title": TEXT, "publisher": FREE, "date": TEXT}
        | {"url": ADDRESS.optional(), "note": FREE, "note_en": FREE},
        (),
    ),
}


def cite(publisher: str, title: str = "", date: str = "") -> str:
    """Return a source in one line: who stands behind it, its title and the day it was published, as far as known.

    Examples
    --------
    >>> cite("甘肃日报", "织密交通网络 夯实发展根基", "2026-03-12")
    '甘肃日报《织密交通网络 夯实发展根基》\uff0c2026-03-12'
    >>> cite("平凉日报", "", "2023-04-26"), cite("百科词条", "皋兰县"), cite("", "", "")
    ('平凉日报\uff0c2023-04-26', '百科词条《皋兰县》', '')
    """
    inner = title.replace("《", "〈").replace("》", "〉")
    named = f"{publisher}《{inner}》" if title else publisher
    return "\uff0c".join(part for part in (named, date) if part)


@dataclass(frozen=True, eq=False)
class Published:
    """Published figures, each row with its source.

    `census2020` and `expressways_opened` by adcode, `connected_totals` by the day of the count; `county_observations`,
    `prefecture_observations` and `province`, the figures, of which one key may have several; `evaluation_awards` by
    year; `county_types`, the types of county economy that counties are reported to have filed; `hosts`, to which alone
    an address may lead; and `sources`, of the files. A table with a publisher also has `source`, the citation.

    Populations are in persons. The census also has what is no county (嘉峪关市, 兰州新区).
    The tables are shared by all callers: copy before changing one.
    """

    hosts: pd.DataFrame
    census2020: pd.DataFrame
    expressways_opened: pd.DataFrame
    connected_totals: pd.DataFrame
    county_observations: pd.DataFrame
    prefecture_observations: pd.DataFrame
    province: pd.DataFrame
    evaluation_awards: pd.DataFrame
    county_types: pd.DataFrame
    sources: pd.DataFrame

    @cached_property
    def observations(self) -> pd.DataFrame:
        """Every published figure in the form that imported ones have too (`OBSERVATION_COLUMNS`).

        County, prefecture and province-wide figures (place ``620000``). A place × indicator × period may have several
        rows, which then stand together, the best grade first. `value` is in `unit`, a bound where `comparator` is
        ``at_least``; `printed` is what stood there. Quarters and months count from January; `as_of` is the day or
        month a stock stands at, `since` the first year of an average or sum over years, else ``""``. `batch` is
        ``<NA>`` and `origin` ``published``. The English of `note` is in `notes_en`.
        """
        return self._figures[list(OBSERVATION_COLUMNS)].copy()

    def files_of(self, places: Iterable[str], province: str) -> list[str]:
        """Return the files that have a row of some places; what is of the whole province stands under its code."""
        found, known = [], list(places)
        for file in self.sources["file"]:
            table = getattr(self, file.removesuffix(".csv"))
            # What names no county is of the province that all of this is about.
            mine = table["adcode"].isin(known).any() if "adcode" in table else province == PROVINCE
            found += [str(file)] if mine else []
        return found

    @cached_property
    def notes_en(self) -> dict[tuple[str, str, str, str], str]:
        """The English note of a published figure, by place, indicator, period and what is printed.

        Figures without a note are left out.
        """
        kept = self._figures[self._figures["note_en"] != ""]
        keys = zip(kept["place"], kept["indicator"], kept["period"], kept["printed"], strict=True)
        return dict(zip(keys, kept["note_en"], strict=True))

    @cached_property
    def _figures(self) -> pd.DataFrame:
        parts = (
            self.county_observations.rename(columns={"adcode": "place"}),
            self.prefecture_observations.rename(columns={"adcode": "place"}),
            self.province.assign(place=PROVINCE),
        )
        figures = pd.concat(parts, ignore_index=True).rename(columns={"url": "source_url"})
        figures = figures.assign(
            value=figures["value"].astype(float),
            since=figures["since"].astype("string").fillna("").astype(str),
            grade=[grade_of(s, p) for s, p in zip(figures["status"], figures["publisher"], strict=True)],
            batch=pd.array([pd.NA] * len(figures), "Int64"),
            origin="published",
        )
        key = figures.groupby(["place", "indicator", "period"], sort=False).ngroup()
        order = pd.DataFrame({"key": key, "rank": figures["grade"].map(RANK)})
        return figures.loc[order.sort_values(["key", "rank"], kind="stable").index].reset_index(drop=True)


@cache
def load_published(folder: Path = FOLDER) -> Published:
    """Read and check the published figures.

    Parameters
    ----------
    folder : Path
        The folder of the CSV files; by default the one shipped.

    Returns
    -------
    Published
        The same object for the same folder.

    Raises
    ------
    DataError
        Naming every failing row of every file.
    """
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name, (fields, key) in TABLES.items():
        try:
            tables[name] = read_table(folder / f"{name}.csv", fields, key)
        except DataError as error:
            problems += error.problems
    if not problems:
        problems = _contradictions(tables["census2020"], tables["expressways_opened"])
        for name in FIGURES:
            problems += _misread(name, tables[name]) + _mistimed(name, tables[name])
        owners = {str(h["host"]): h for h in tables["hosts"].to_dict("records")}
        for name, table in tables.items():
            problems += _led_astray(name, table, owners)
    if problems:
        raise DataError(problems)
    for name, table in tables.items():
        if {"publisher", "title", "url"} <= set(table.columns) and name != "sources":
            named = zip(table["publisher"], table["title"], table["date"], strict=True)
            tables[name] = table.assign(source=[cite(*one) for one in named])
    return Published(**tables)


def _contradictions(census: pd.DataFrame, roads: pd.DataFrame) -> list[Problem]:
    """Return the rows that contradict themselves: more townspeople than people, or opened without a year."""
    found = []
    for row, r in enumerate(census.to_dict("records"), start=2):
        if r["urban_population"] > r["population"]:
            zh, en = f"不大于总人口{r['population']}", f"no more than the population, {r['population']}"
            column = "urban_population"
            found.append(Problem("published/census2020.csv", row, column, str(r[column]), zh, en))
    for row, r in enumerate(roads.to_dict("records"), start=2):
        year, date, precision = r["actual_year"], r["opening_date"], r["date_precision"]
        if r["status"] == "opened":
            sound = pd.notna(year) and date.startswith(str(year)) and bool(r["road"] and r["publisher"])
            # A day that the sources contradict is not kept: nothing can print it.
            sound = sound and (precision == "day") == (len(date) == 10) and precision != ""
        else:
            # An unknown road may have a source, of the works, but neither year nor date.
            sound = pd.isna(year) and not date and not precision
        if not sound:
            zh = "opened 须有一致的年份、日期与来源\uff0cunknown 不得有年份或日期"
            en = "opened with a year, date and source that agree, or unknown without year or date"
            found.append(Problem("published/expressways_opened.csv", row, "status", r["status"], zh, en))
    return found


def _misread(name: str, table: pd.DataFrame) -> list[Problem]:
    """Return the rows whose value or comparator is not what is printed, or only by an inexact conversion."""
    found = []
    for row, r in enumerate(table.to_dict("records"), start=2):
        if _read_printed(r["printed"], r["unit"]) != Decimal(str(r["value"])):
            zh, en = f"与“{r['printed']}”相等", f"equal to {r['printed']}"
            found.append(Problem(f"published/{name}.csv", row, "value", f"{r['value']}{r['unit']}", zh, en))
        if (said := _comparator(r["printed"], r["status"])) != r["comparator"]:
            zh, en = f"{said}\uff08“{r['printed']}”\uff09", f"{said}, as in {r['printed']}"
            found.append(Problem(f"published/{name}.csv", row, "comparator", r["comparator"], zh, en))
    return found


def _read_printed(printed: str, unit: str) -> Decimal | None:
    """Return the one figure that stands in a printed text, in `unit`; None when there is not exactly one.

    Examples
    --------
    >>> [_read_printed(text, "亿元") for text in ("跨上70亿元台阶", "1.1万亿元", "新增百亿元县域", "约一百亿")]
    [Decimal('70'), Decimal('11000.0'), Decimal('100'), None]
    """
    if not re.search(r"\d", printed):
        named = [value for word, value in THRESHOLDS.items() if unit == "亿元" and f"{word}元" in printed]
        return named[0] if len(named) == 1 else None
    figures = re.findall(r"(?<![\d.])(-?\d+(?:\.\d+)?)(%|[^\W\d]+)", printed)
    if len(figures) != 1 or len(re.findall(r"\d+(?:\.\d+)?", printed)) != 1:
        return None
    number, words = Decimal(figures[0][0]), figures[0][1]
    # The unit is the longest beginning of the words that is one: 万亿元 before 万.
    for end in range(len(words), 0, -1):
        if (words[:end], unit) in ROUND_UNITS:
            return number * ROUND_UNITS[words[:end], unit]
        if (value := convert(number, words[:end], unit)) is not None:
            return value
    return None


def _comparator(printed: str, status: str) -> str:
    """Return how a printed figure compares; a threshold without a digit (新增百亿元县域) is a bound."""
    said = comparator_of(printed, status)
    return FLOOR if said == "eq" and not re.search(r"\d", printed) else said


def _mistimed(name: str, table: pd.DataFrame) -> list[Problem]:
    """Return the rows of an unknown indicator, stocks without their day, and averages without their first year."""
    file = f"published/{name}.csv"
    kinds = {id: one.kind for id, one in shipped_indicators().items()} | dict.fromkeys(AS_PUBLISHED, "cumulative")
    kinds |= dict.fromkeys(STOCKS, "level")
    found = foreign(file, table, "indicator", kinds, "indicators.csv 所列指标", "an indicator of indicators.csv")
    for row, r in enumerate(table.to_dict("records"), start=2):
        if r["indicator"] not in kinds:
            continue
        as_of, stock = r["as_of"], kinds[r["indicator"]] == "level"
        if stock != bool(as_of) or (as_of and _outside(as_of, r["period"])):
            zh, en = (
                "时点数在该时期内的日期\uff0c其他为空",
                "the day in its period that a stock stands at, else nothing",
            )
            found.append(Problem(file, row, "as_of", as_of, zh, en))
        if (r["indicator"].endswith("_avg") and pd.isna(r["since"])) or (
            pd.notna(r["since"]) and r["since"] >= int(r["period"][:4])
        ):
            zh, en = "多年平均或合计的首年", "the first year of an average or sum over years"
            found.append(Problem(file, row, "since", "" if pd.isna(r["since"]) else str(r["since"]), zh, en))
    return found


def _outside(as_of: str, period: str) -> bool:
    within = period[:4] if "Q" in period else period
    return not as_of.startswith(within)


def _led_astray(name: str, table: pd.DataFrame, owners: Mapping[str, Mapping[Any, Any]]) -> list[Problem]:
    """Return the rows whose address is on no government's host and not on the publisher's own."""
    found: list[Problem] = []
    if "url" not in table.columns:
        return found
    for row, r in enumerate(table.to_dict("records"), start=2):
        if not r["url"]:
            continue
        host = owners.get(urlsplit(r["url"]).netloc)
        if host is None or (host["kind"] == "publisher" and host["owner"] not in r["publisher"]):
            zh = "发布者自己或政府的网站\uff08hosts.csv\uff09\uff0c转载页留空"
            en = "a host of the publisher's own or a government's (hosts.csv); empty for a mirror"
            found.append(Problem(f"published/{name}.csv", row, "url", r["url"], zh, en))
    return found
