"""The join: one row per polygon = shape × plan × published figures."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geodata.boundaries import read_boundaries
from targets.checks import DataError, Problem
from targets.plan import JIAYUGUAN, Plan, load_plan
from targets.published import LANZHOU_NEW_AREA, Published, load_published

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

TEXTS = ("band", "road_opened_date", "road_date_precision", "road", "road_en", "road_status")


def load_counties(boundaries: GeoDataFrame | str | Path | None = None) -> GeoDataFrame:
    """Read shapes, plan and published figures, and join them.

    Parameters
    ----------
    boundaries : GeoDataFrame, path or None
        Shapes already read, a boundary file, or `None` for the shipped one.

    Returns
    -------
    GeoDataFrame
        As of `join`.

    Raises
    ------
    DataError
        When a file fails its checks, or a county would be lost in the join.
    """
    if boundaries is None or isinstance(boundaries, str | Path):
        boundaries = read_boundaries(boundaries)
    return join(boundaries, load_plan(), load_published())


def join(boundaries: GeoDataFrame, plan: Plan, published: Published) -> GeoDataFrame:
    """Join shapes, plan and published figures, one row per polygon.

    Parameters
    ----------
    boundaries : GeoDataFrame
        Columns `adcode` and `geometry`; one row for each of the 86 counties and 620200 (嘉峪关市). Other columns are
        left aside: names are the plan's.
    plan : Plan
    published : Published

    Returns
    -------
    GeoDataFrame
        87 rows by code, index `adcode`, in the reference system of `boundaries`:

        - `name`, `name_short`, `level`, `name_en`, `name_en_short`, `alias_en`; `pinyin` (no tones, in words),
          `initials` (space-separated: with and without the last syllable);
        - `prefecture_code`, `prefecture`, `prefecture_short`, `prefecture_en`;
        - `is_county`: False for 620200 alone, which is a member of nothing;
        - `band` (id or None), `band_order`, `lower`, `upper` (亿元; `<NA>` without a band, `upper` also when open);
        - `clusters`, `energy`, `parks`: tuples of ids in the order of the plan;
        - `road_year` (planned), `road_opened_year`, `road_opened_date`, `road_date_precision`, `road`, `road_en`,
          `road_status` (opened, unknown; None outside 专栏五);
        - `population`, `urban_population` (persons, census of 2020).

    Raises
    ------
    DataError
        Naming every code that one side has and another lacks, or that comes twice.
    """
    units = _units(plan)
    census = published.census2020.set_index("adcode")
    roads = published.expressways_opened.set_index("adcode")
    planned = plan.expressways.set_index("adcode")["year"]
    _complete(boundaries["adcode"], units, census, roads, planned)

    bands = plan.bands.set_index("id")
    band = plan.band_counties.set_index("adcode")["band"]
    listed = pd.DataFrame({"band": band}).join(
        bands[["order", "lower", "upper"]].rename(columns={"order": "band_order"}), on="band", validate="many_to_one"
    )
    facts = roads.rename(
        columns={
            "actual_year": "road_opened_year",
            "opening_date": "road_opened_date",
            "date_precision": "road_date_precision",
            "status": "road_status",
        }
    )[["road_opened_year", "road_opened_date", "road_date_precision", "road", "road_en", "road_status"]]
    table = (
        units.join(listed, validate="one_to_one")
        .join(planned.rename("road_year"), validate="one_to_one")
        .join(facts, validate="one_to_one")
        .join(census[["population", "urban_population"]], validate="one_to_one")
        .assign(
            clusters=_memberships(units.index, plan.cluster_counties, "cluster", plan.clusters["id"]),
            energy=_memberships(units.index, plan.energy_counties, "energy", plan.energy["id"]),
            parks=_memberships(units.index, plan.parks, "id", plan.parks["id"]),
        )
    )
    for column in TEXTS:
        # None, so that `if row.band` is honest: a missing value of pandas is true.
        table[column] = table[column].astype(object).where(table[column].notna() & (table[column] != ""), None)
    shapes = boundaries[["adcode", "geometry"]].set_index("adcode")
    return shapes.join(table, validate="one_to_one").sort_index()[[*table.columns, "geometry"]]


def _units(plan: Plan) -> pd.DataFrame:
    """Return the 86 counties and 嘉峪关市 by adcode, with the names of their prefectures."""
    prefectures = plan.prefectures.set_index("adcode")
    alone = plan.prefectures[plan.prefectures["adcode"] == JIAYUGUAN].assign(
        prefecture_code=JIAYUGUAN, alias_en="", is_county=False
    )
    counties = plan.counties.assign(is_county=True)
    units = pd.concat([counties, alone[counties.columns]], ignore_index=True).set_index("adcode")
    names = prefectures[["name", "name_short", "name_en_short"]].set_axis(
        ["prefecture", "prefecture_short", "prefecture_en"], axis=1
    )
    return units.join(names, on="prefecture_code", validate="many_to_one")


def _memberships(adcodes: Iterable[str], table: pd.DataFrame, column: str, order: Iterable[str]) -> pd.Series:
    """Return for each adcode the tuple of ids it holds, in the order of the plan."""
    position = {id: n for n, id in enumerate(order)}
    held = table.groupby("adcode")[column].agg(list)
    adcodes = list(adcodes)
    return pd.Series(
        [tuple(sorted(held.get(a, ()), key=position.__getitem__)) for a in adcodes], index=adcodes, dtype=object
    )


def _complete(
    shapes: pd.Series, units: pd.DataFrame, census: pd.DataFrame, roads: pd.DataFrame, planned: pd.Series
) -> None:
    """Raise unless every county has one shape, its census figures and, where planned, its road."""
    names = units["name"]
    problems = [
        Problem("boundaries", None, "adcode", str(a), "每个代码一个图形", "one shape for each code")
        for a in shapes[shapes.duplicated()].unique()
    ]

    def compare(file: str, have: Iterable[str], want: Iterable[str]) -> None:
        have, want = set(have), set(want)
        for a in sorted(want - have):
            label = f"{a} {names.get(a, '')}".strip()
            problems.append(Problem(file, None, "adcode", label, "有此县", "this county to be there"))
        for a in sorted(have - want):
            problems.append(Problem(file, None, "adcode", str(a), "86个县与嘉峪关市之一", "one of the 87 known codes"))

    compare("boundaries", shapes, units.index)
    # The census also counts 兰州新区, which is no county and has no shape.
    compare("published/census2020.csv", set(census.index) - {LANZHOU_NEW_AREA}, units.index)
    compare("published/expressways_opened.csv", roads.index, planned.index)
    both = roads.join(planned.rename("year"), how="inner")
    for a, r in both[both["planned_year"] != both["year"]].iterrows():
        zh, en = f"专栏五的{r['year']}", f"{r['year']}, as in Box 5"
        problems.append(
            Problem("published/expressways_opened.csv", None, f"{a} planned_year", str(r["planned_year"]), zh, en)
        )
    if problems:
        raise DataError(problems)
