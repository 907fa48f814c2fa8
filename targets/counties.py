"""The join: one row per polygon = shape × plan × published figures."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geodata.boundaries import read_boundaries
from targets.checks import DataError, Problem
from targets.plan import Plan
from targets.published import Published, load_published

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

OPENED = ("road_opened_year", "road_opened_date", "road_date_precision", "road", "road_en", "road_status")
TEXTS = ("band", "road_opened_date", "road_date_precision", "road", "road_en", "road_status")


def load_counties(plan: Plan, boundaries: GeoDataFrame | str | Path | None = None) -> GeoDataFrame:
    """Read shapes and published figures, and join them with the plan.

    Parameters
    ----------
    plan : Plan
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
        boundaries = read_boundaries(boundaries, of=plan.region)
    return join(boundaries, plan, load_published())


def join(boundaries: GeoDataFrame, plan: Plan, published: Published) -> GeoDataFrame:
    """Join shapes, plan and published figures, one row per polygon.

    Parameters
    ----------
    boundaries : GeoDataFrame
        Columns `adcode` and `geometry`; one row for each county and each prefecture without counties. Other columns
        are left aside: names are the plan's.
    plan : Plan
    published : Published

    Returns
    -------
    GeoDataFrame
        Rows by code, index `adcode`, in the reference system of `boundaries`:

        - `name`, `name_short`, `level`, `name_en`, `name_en_short`, `alias_en`; `pinyin` (no tones, in words),
          `initials` (space-separated: with and without the last syllable);
        - `prefecture_code`, `prefecture`, `prefecture_short`, `prefecture_en`;
        - `is_county`: False for a prefecture without counties, which is a member of nothing;
        - `band` (id or None), `band_order`, `lower`, `upper` (亿元; `<NA>` without a band, `upper` also when open);
        - `clusters`, `energy`, `parks`: tuples of ids in the order of the plan;
        - `road_year` (planned), `road_opened_year`, `road_opened_date`, `road_date_precision`, `road`, `road_en`,
          `road_status` (opened, unknown; None where none is planned);
        - `population`, `urban_population` (persons, census of 2020; `<NA>` where it is not at hand).

    Raises
    ------
    DataError
        Naming every code that one side has and another lacks, or that comes twice.
    """
    units = _units(plan)
    census = published.census2020.set_index("adcode")
    roads = published.expressways_opened.set_index("adcode")
    planned = plan.expressways.set_index("adcode")["year"]
    _complete(boundaries["adcode"], units, census.index)

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
    )[list(OPENED)]
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
    # A road that is planned and of which nothing was found.
    unheard = table["road_year"].notna() & table["road_status"].isna()
    table.loc[unheard, "road_status"] = "unknown"
    table.loc[table["road_year"].isna(), list(OPENED)] = None
    for column in TEXTS:
        # None, so that `if row.band` is honest: a missing value of pandas is true.
        table[column] = table[column].astype(object).where(table[column].notna() & (table[column] != ""), None)
    shapes = boundaries[["adcode", "geometry"]].set_index("adcode")
    return shapes.join(table, validate="one_to_one").sort_index()[[*table.columns, "geometry"]]


def _units(plan: Plan) -> pd.DataFrame:
    """Return the counties, and the prefectures without any, by adcode, with the names of their prefectures."""
    prefectures = plan.prefectures.set_index("adcode")
    alone = plan.prefectures[plan.prefectures["adcode"].isin(plan.alone)]
    alone = alone.assign(prefecture_code=alone["adcode"], alias_en="", is_county=False)
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


def _complete(shapes: pd.Series, units: pd.DataFrame, census: pd.Index) -> None:
    """Raise unless every county has one shape, and its census figures if any has.

    What was published may know counties that the plan does not, and nothing at all of another province.
    """
    problems = [
        Problem("boundaries", None, "adcode", str(a), "每个代码一个图形", "one shape for each code")
        for a in shapes[shapes.duplicated()].unique()
    ]
    for a in sorted(set(units.index) - set(shapes)):
        label = f"{a} {units['name'][a]}"
        problems.append(Problem("boundaries", None, "adcode", label, "有此县", "this county to be there"))
    counted = set(census) & set(units.index)
    for a in sorted(set(units.index) - counted) if counted else ():
        label = f"{a} {units['name'][a]}"
        problems.append(Problem("published/census2020.csv", None, "adcode", label, "有此县", "this county to be there"))
    zh, en = f"{len(units)}个代码之一", f"one of the {len(units)} known codes"
    for a in sorted(set(shapes) - set(units.index)):
        problems.append(Problem("boundaries", None, "adcode", str(a), zh, en))
    if problems:
        raise DataError(problems)
