"""An oracle for the layouts: what the shipped CSV files say, combined here without the code under test."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from plan_files import PUBLISHED, facts, rows

LANGUAGES = ("zh", "en")
JIAYUGUAN = "620200"
# Filters of each group, of several groups, of both operators, with exclusions, and two that leave nothing.
QUERIES = (
    "",
    "band=B1",
    "band=none",
    "band=B1,B2,B3&not=620100",
    "cluster=C1,C4&cluster_op=all",
    "cluster=C2,C3&energy=PV2",
    "energy=WIND,CSP&energy_op=all&not=PSH",
    "energy=PV1,PV2,PV3&prefecture=620900",
    "road=2022",
    "road=2024,2025&not=C5",
    "prefecture=620100,623000",
    "not=B5,B6,none,2023",
    "prefecture=620200",
    "band=B1&road=2025",
)
EMPTY = QUERIES[-2:]

held = cache(facts)


@cache
def table(name: str, key: str, published: bool = False) -> dict[str, dict[str, str]]:
    """Return the rows of a CSV file by one of its columns."""
    return {row[key]: row for row in (rows(name, PUBLISHED) if published else rows(name))}


def selected(query: str) -> list[str]:
    """Return the adcodes that a well-formed query leaves, in code order."""
    asked = {key: values[0].split(",") for key, values in parse_qs(query).items()}

    def is_left(ids: set[str]) -> bool:
        for group in ("band", "cluster", "energy", "road", "prefecture"):
            hits = [option in ids for option in asked.get(group, ())]
            if hits and not (all(hits) if asked.get(f"{group}_op") == ["all"] else any(hits)):
                return False
        return not ids & set(asked.get("not", ()))

    return sorted(adcode for adcode, ids in held().items() if is_left(ids))


def holds(adcode: str, file: str, column: str, options: str) -> list[dict[str, str]]:
    """Return the rows of a box's list for one county, in the order of the options' own file."""
    order = list(table(options, "id"))
    found = [row for row in rows(file) if row["adcode"] == adcode]
    return sorted(found, key=lambda row: order.index(row[column]))


def clause(box: str, item: str, lang: str) -> str:
    """Say where something is printed: 专栏二·3, Box 2·3."""
    if lang == "zh":
        return f"专栏{box}·{item}"
    item = {"高速公路": "expressways", "机场建设": "airports", "铁路建设": "railways"}.get(item, item)
    return f"Box {'零一二三四五'.index(box)}·{item}"


def said_in(lang: str, row: dict[str, str], column: str) -> str:
    """Return a cell in one language, where the English column ends in _en."""
    return row[column if lang == "zh" else f"{column}_en"]


def ten_thousands(persons: str) -> str:
    """Return persons in 万人 with one decimal, rounded as people round."""
    return str((Decimal(persons) / 10_000).quantize(Decimal("0.1"), ROUND_HALF_UP))


@cache
def export_row(adcode: str, lang: str) -> dict[str, Any]:
    """Return what an exported table must say of one county, numbers as int, nothing as ""."""
    zh = lang == "zh"
    short, join = ("zh_short", "、") if zh else ("en_short", "; ")
    county = table("counties", "adcode")[adcode]
    listed = table("band_counties", "adcode").get(adcode)
    band = table("bands", "id")[listed["band"]] if listed else None
    clusters = [table("clusters", "id")[r["cluster"]] for r in holds(adcode, "cluster_counties", "cluster", "clusters")]
    energy = [table("energy", "id")[r["energy"]] for r in holds(adcode, "energy_counties", "energy", "energy")]
    road = table("expressways", "adcode").get(adcode)
    opened = table("expressways_opened", "adcode", True).get(adcode, {})
    census = table("census2020", "adcode", True)[adcode]
    parks = [park for park in rows("parks") if park["adcode"] == adcode]
    colon, stop = ("：", "；") if zh else (": ", "; ")
    clauses = [
        f"{row[short]}{colon}{clause(row['box'], row['item'], lang)}" for row in (band, *clusters, *energy) if row
    ]
    if road:
        clauses.append(f"{road['year']}{'年' if zh else ''}{colon}{clause(road['box'], road['item'], lang)}")
    name, inferred = ("name", "（所在县为推断）") if zh else ("name_en", " (host county inferred)")
    clauses += [f"{park[name]}{colon}{clause(park['box'], park['item'], lang)}" for park in parks]
    prefecture = table("prefectures", "adcode")[county["prefecture_code"]]

    def number(text: str | None, of: int = 1) -> int | str:
        return int(text) // of if text else ""

    return {
        "adcode": adcode,
        "name": county["name" if zh else "name_en"],
        "name_other": county["name_en" if zh else "name"],
        "prefecture": prefecture["name" if zh else "name_en_short"],
        "band": band[short] if band else ("未列入" if zh else "Not listed"),
        "lower": number(band and band["lower"], 1 if zh else 10),
        "upper": number(band and band["upper"], 1 if zh else 10),
        "clusters": join.join(row[short] for row in clusters),
        "energy": join.join(row[short] for row in energy),
        "road": number(road and road["year"]),
        "opened": number(opened.get("actual_year")),
        "road_name": opened.get("road" if zh else "road_en", ""),
        "parks": join.join(park[name] + (inferred if park["host_basis"] == "inferred" else "") for park in parks),
        "population": int(census["population"]),
        "urban": int(census["urban_population"]),
        "clauses": stop.join(clauses),
    }
