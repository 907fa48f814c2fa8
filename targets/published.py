"""What has been published: census, county and province figures, awards, expressways; each row with its source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

import pandas as pd

from targets.checks import CODE, COUNT, FLAG, FREE, NUMBER, TEXT, YEAR, DataError, Field, Problem, one_of, read_table

LANZHOU_NEW_AREA = "620171"
PROVINCE = "620000"
FOLDER = Path(__file__).parent / "published"
# The one form in which published and imported figures meet: see `Published.observations`.
OBSERVATION_COLUMNS = (
    "place",
    "indicator",
    "period",
    "value",
    "unit",
    "status",
    "source",
    "source_url",
    "note",
    "batch",
    "origin",
)
AT_LEAST = "gdp_at_least"
# (printed in, kept in): the exact factor.
CONVERSIONS = {
    ("万元", "亿元"): Decimal("0.0001"),
    ("万亿元", "亿元"): Decimal(10000),
    ("兆瓦", "万千瓦"): Decimal("0.1"),
}
RELIABILITY = one_of("high", "medium", "low")
SOURCE = {"source_title": TEXT, "source_url": TEXT, "reliability": RELIABILITY, "note": FREE, "note_en": FREE}
DATE = Field(r"20\d\d(-\d\d-\d\d)?", "日期或年份", "a date or a year")
PERIOD = Field(
    r"20\d\d(?:Q[1-3]|-(?:0[1-9]|1[0-2]))?", "2024、2025Q3、2025-09 一类的时期", "a period like 2024, 2025Q3 or 2025-09"
)
SIGNED = Field("-?" + NUMBER.pattern, "数字", "a number", "Float64")
# What kind of text a figure was found in; 预计 and 目标 say that it is not an observation of the usual kind.
STATUS = one_of("公报", "报道", "百科", "简介", "网文", "预计", "目标")
FIGURE = {"value": SIGNED, "unit": TEXT, "printed": TEXT, "status": STATUS}

TABLES: dict[str, tuple[dict[str, Field], tuple[str, ...]]] = {
    "census2020": (
        {"adcode": CODE.key(), "name": TEXT, "population": COUNT, "urban_population": COUNT, "is_county": FLAG}
        | {"note": FREE, "note_en": FREE},
        (),
    ),
    "expressways_opened": (
        {"adcode": CODE.key(), "planned_year": YEAR, "actual_year": YEAR.optional(), "opening_date": DATE.optional()}
        | {"date_precision": one_of("day", "uncertain", "year").optional(), "road": FREE, "road_en": FREE}
        | {"status": one_of("opened", "unknown")}
        # Where nothing was found there is no source to name.
        | {k: (v if k.startswith("note") else v.optional()) for k, v in SOURCE.items()},
        (),
    ),
    "connected_totals": ({"date": DATE.key(), "connected": COUNT, "total": COUNT.optional(), **SOURCE}, ()),
    "county_observations": (
        {"adcode": CODE, "name": TEXT, "indicator": TEXT, "period": PERIOD, "period_printed": TEXT, **FIGURE, **SOURCE},
        ("adcode", "indicator", "period"),
    ),
    "county_floors": (
        {"adcode": CODE, "name": TEXT, "period": PERIOD, "at_least": NUMBER, "unit": one_of("亿元"), "printed": TEXT}
        | {"status": STATUS, **SOURCE},
        ("adcode", "period"),
    ),
    "province": (
        {"indicator": TEXT, "period": PERIOD, "period_printed": TEXT, **FIGURE, **SOURCE}
        # One count is carried only to say how it agrees with the official one; its page was not kept.
        | {"source_url": TEXT.optional()},
        ("indicator", "period"),
    ),
    "evaluation_awards": (
        {"year": YEAR, "award": one_of("strong", "advanced", "progress"), "award_printed": TEXT, "adcode": CODE}
        | {"name": TEXT, "rank": COUNT.optional(), "rank_in": one_of("overall", "type").optional()}
        | {"rank_basis": one_of("stated", "order").optional()}
        | {"category": one_of("城市服务型", "工业主导型", "农业优先型", "文旅赋能型", "生态功能型").optional()}
        | {"list_complete": FLAG, "status": STATUS, **SOURCE},
        ("year", "award", "adcode"),
    ),
    "sources": (
        {"file": TEXT.key(), "producer": TEXT, "title": TEXT, "publisher": FREE, "date": TEXT, "url": FREE}
        | {"note": FREE, "note_en": FREE},
        (),
    ),
}


@dataclass(frozen=True, eq=False)
class Published:
    """Published figures, each row with its source.

    `census2020` and `expressways_opened` by adcode, `connected_totals` by date; `county_observations` by adcode,
    indicator and period; `county_floors`, counties reported to have passed a GDP, without the figure; `province`,
    province-wide counts; `evaluation_awards` by year; and `sources`, of the files.

    Populations are in persons. 620200 (嘉峪关市) and 620171 (兰州新区) are in the census but are no counties.
    The tables are shared by all callers: copy before changing one.
    """

    census2020: pd.DataFrame
    expressways_opened: pd.DataFrame
    connected_totals: pd.DataFrame
    county_observations: pd.DataFrame
    county_floors: pd.DataFrame
    province: pd.DataFrame
    evaluation_awards: pd.DataFrame
    sources: pd.DataFrame

    @cached_property
    def observations(self) -> pd.DataFrame:
        """Every published figure in the form that imported ones have too (`OBSERVATION_COLUMNS`).

        One row for each place × indicator × period: the county observations, the floors (indicator ``gdp_at_least``,
        whose value is a bound, in 亿元) and the province-wide figures (place ``620000``). `value` is in `unit`;
        quarters and months count from January; `batch` is ``<NA>`` and `origin` ``published``. The English of `note`
        is in `notes_en`.
        """
        return self._figures[list(OBSERVATION_COLUMNS)].copy()

    @cached_property
    def notes_en(self) -> dict[tuple[str, str, str], str]:
        """The English note of a published figure, by place, indicator and period; figures without one are left out."""
        kept = self._figures[self._figures["note_en"] != ""]
        keys = zip(kept["place"], kept["indicator"], kept["period"], strict=True)
        return dict(zip(keys, kept["note_en"], strict=True))

    @cached_property
    def _figures(self) -> pd.DataFrame:
        floors = self.county_floors.rename(columns={"at_least": "value"}).assign(indicator=AT_LEAST)
        parts = (
            self.county_observations.rename(columns={"adcode": "place"}),
            floors.rename(columns={"adcode": "place"}),
            self.province.assign(place=PROVINCE),
        )
        columns = [*OBSERVATION_COLUMNS[:6], "source_title", "source_url", "note", "note_en"]
        figures = pd.concat([part[columns] for part in parts], ignore_index=True)
        return figures.rename(columns={"source_title": "source"}).assign(
            value=figures["value"].astype(float), batch=pd.array([pd.NA] * len(figures), "Int64"), origin="published"
        )


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
        for name in ("county_observations", "province"):
            problems += _misread(name, tables[name])
    if problems:
        raise DataError(problems)
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
            sound = pd.notna(year) and date.startswith(str(year)) and bool(r["road"] and r["source_title"])
            sound = sound and (precision == "year") == (len(date) == 4) and precision != ""
        else:
            # An unknown road may have a source, of the works, but neither year nor date.
            sound = pd.isna(year) and not date and not precision
        if not sound:
            zh = "opened 须有一致的年份、日期与来源\uff0cunknown 不得有年份或日期"
            en = "opened with a year, date and source that agree, or unknown without year or date"
            found.append(Problem("published/expressways_opened.csv", row, "status", r["status"], zh, en))
    return found


def _misread(name: str, table: pd.DataFrame) -> list[Problem]:
    """Return the rows whose value is not the figure printed, or only by an inexact conversion."""
    found = []
    for row, r in enumerate(table.to_dict("records"), start=2):
        figure = re.search(r"(-?\d+(?:\.\d+)?)([^\d\s]*)$", r["printed"])
        said = figure[2].removesuffix("以上") if figure else ""
        factor = Decimal(1) if said == r["unit"] else CONVERSIONS.get((said, r["unit"]))
        if figure is None or factor is None or Decimal(figure[1]) * factor != Decimal(str(r["value"])):
            zh, en = f"与“{r['printed']}”相等", f"equal to {r['printed']}"
            found.append(Problem(f"published/{name}.csv", row, "value", f"{r['value']}{r['unit']}", zh, en))
    return found
