"""The shipped plan rewritten as another: every id renamed, a cluster dropped, other bands, other years."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

Rows = list[dict[str, str]]
LATER = 5  # years by which everything is moved
DROPPED, MERGED, INTO = "C5", "B6", "B5"
OPTION = re.compile(r"(PV|PSH|CSP|WIND|[BC])(\d?)")
SPOKEN = {"PV": "Sun", "PSH": "Pump", "CSP": "Heat", "WIND": "Air", "B": "Tier", "C": "Field"}
LISTS = {"band": ("bands", "band_counties"), "cluster": ("clusters", "cluster_counties")}
LISTS |= {"energy": ("energy", "energy_counties")}


def option(id: str) -> str:
    """Return another id for an option."""
    found = OPTION.fullmatch(id)
    return f"{SPOKEN[found[1]]}{found[2]}" if found else id


def other(id: str) -> str:
    """Return another id for a park, a project, a duty, a rule, a target or a measure."""
    return f"Z{id}"


def task(number: str) -> str:
    """Return another number for a task, or another id for a measure."""
    return str(int(number) + 100) if number.isdecimal() else f"Q{number[1:]}" if number else ""


def year(text: str) -> str:
    """Move the years of the plan's term in a text."""
    return re.sub(r"202[2-5]", lambda found: str(int(found[0]) + LATER), text)


def rewrite(shipped: Path, folder: Path) -> Path:
    """Write the other plan into a folder that is not there yet."""
    shutil.copytree(shipped, folder)

    def change(name: str, make: Callable[[Rows], Rows]) -> None:
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        made = make(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(made)

    def each(name: str, **columns: Callable[[str], str]) -> None:
        change(name, lambda rows: [row | {c: to(row[c]) for c, to in columns.items()} for row in rows])

    change("clusters", lambda rows: [row for row in rows if row["id"] != DROPPED])
    change("cluster_counties", lambda rows: [row for row in rows if row["cluster"] != DROPPED])
    change("bands", _fewer)
    change("band_counties", _moved)
    each("bands", id=option)
    each("band_counties", band=option)
    for key in ("cluster", "energy"):
        table, counties = LISTS[key]
        each(table, id=option)
        each(counties, **{key: option})
    each("energy", category=lambda kind: f"Kind{kind}")
    each("parks", id=other, task=task)
    each("projects", id=other, task=task)
    each("expressways", year=year)
    each(
        "provincial_targets",
        id=other,
        task=task,
        **dict.fromkeys(("indicator", "indicator_en", "deadline", "deadline_en"), year),
    )
    each("qualitative_targets", id=other, task=task)
    each("tasks", task=task)
    each("task_departments", task=task)
    each("measures", measure=task)
    each("measure_departments", measure=task)
    each("duties", id=other, task=task)
    each("rules", id=other, task=task)
    each("corrections", task=task)
    each("calendar", label=year, frequency=year, frequency_en=year)
    path = folder / "evaluation_rules.json"
    path.write_text(path.read_text("utf-8").replace('"M4"', '"Q4"'), "utf-8")
    _head(folder / "plan.toml")
    return folder


def _fewer(rows: Rows) -> Rows:
    """Take the lowest band into the one above it."""
    low = next(row for row in rows if row["id"] == MERGED)
    kept = [row for row in rows if row["id"] != MERGED]
    for row in kept:
        if row["id"] == INTO:
            row["n"], row["lower"] = str(int(row["n"]) + int(low["n"])), low["lower"]
            row |= {key: row[key].replace("100", "50", 1) for key in ("zh", "zh_short")}
            row |= {key: row[key].replace("10–", "5–", 1) for key in ("en", "en_short")}
    return kept


def _moved(rows: Rows) -> Rows:
    seen: Counter[str] = Counter()
    for row in rows:
        row["band"] = INTO if row["band"] == MERGED else row["band"]
        seen[row["band"]] += 1
        row["order"] = str(seen[row["band"]])
    return rows


def _head(path: Path) -> None:
    text = path.read_text("utf-8")
    text = re.sub(r"(?<=target = )\"(\w+)\"", lambda found: f'"{other(found[1])}"', text)
    text = re.sub(
        r"(?<=targets = )\[(.*?)\]",
        lambda found: "[" + re.sub(r"\"(\w+)\"", lambda id: f'"{other(id[1])}"', found[1]) + "]",
        text,
    )
    text = re.sub(r"(?<=task = )\"(\d+)\"", lambda found: f'"{task(found[1])}"', text)
    text = text.replace('id = "none"', 'id = "rest"')
    for key in ("title", "title_en", "begin", "end", "target_year", "year"):
        text = re.sub(rf"^{key} = .*$", lambda found: year(found[0]), text, flags=re.M)
    path.write_text(text, "utf-8")
