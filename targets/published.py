"""What has been published: the census of 2020 and the expressways that opened, each row with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from targets.checks import CODE, COUNT, FLAG, FREE, TEXT, YEAR, DataError, Field, Problem, one_of, read_table

LANZHOU_NEW_AREA = "620171"
FOLDER = Path(__file__).parent / "published"
RELIABILITY = one_of("high", "medium", "low")
SOURCE = {"source_title": TEXT, "source_url": TEXT, "reliability": RELIABILITY, "note": FREE, "note_en": FREE}
DATE = Field(r"20\d\d(-\d\d-\d\d)?", "日期或年份", "a date or a year")

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
    "sources": (
        {"file": TEXT.key(), "producer": TEXT, "title": TEXT, "publisher": FREE, "date": TEXT, "url": FREE}
        | {"note": FREE, "note_en": FREE},
        (),
    ),
}


@dataclass(frozen=True, eq=False)
class Published:
    """Published figures: `census2020` and `expressways_opened` by adcode, `connected_totals` by date, and `sources`.

    Populations are in persons. 620200 (嘉峪关市) and 620171 (兰州新区) are in the census but are no counties.
    The tables are shared by all callers: copy before changing one.
    """

    census2020: pd.DataFrame
    expressways_opened: pd.DataFrame
    connected_totals: pd.DataFrame
    sources: pd.DataFrame


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
