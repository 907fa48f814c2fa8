"""A full table of 2025, as a bureau would import it: every figure is made up for the tests, and says so."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from days import TODAY
from openpyxl import Workbook
from plan_files import rows

from targets.importing import compare, read_file
from targets.observations import Store, open_store

YEAR = 2025
FILE = "虚构的全年表.xlsx"
SOURCE = "虚构数字（测试用）"
STATUS = "初步"
GAOTAI, ABOVE, NEAR_NEXT = "620724", "620623", "621002"
LOWER = {row["adcode"]: int({b["id"]: b for b in rows("bands")}[row["band"]]["lower"]) for row in rows("band_counties")}


def made_up() -> dict[str, str]:
    """Return a figure for each county as its cell shows it, of 0 to 4 decimals: some short of the bound, some past."""
    found = {}
    for number, county in enumerate(rows("counties")):
        lower = LOWER.get(county["adcode"], 40)
        share = 80 + number * 7 % 45  # per cent of the bound
        found[county["adcode"]] = f"{lower * share / 100 + number % 9 / 100:.{number % 5}f}"
    return found | {GAOTAI: "49.95"}


def book(figures: Mapping[str, str]) -> bytes:
    """Return the workbook of these figures."""
    names = {row["adcode"]: row["name"] for row in rows("counties")}
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append([f"{YEAR}年各县（市、区）地区生产总值（虚构数字，测试用）"])
    sheet.append(["行政区划代码", "县（市、区）", f"{YEAR}年地区生产总值（亿元）"])
    for adcode, shown in figures.items():
        sheet.append([adcode, names[adcode], float(shown)])
        cell = sheet.cell(sheet.max_row, 3)
        decimals = len(shown.partition(".")[2])
        cell.number_format = f"0.{'0' * decimals}" if decimals else "0"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def filled(
    folder: Path,
    figures: Mapping[str, str] | None = None,
    name: str = FILE,
    status: str = STATUS,
    published: pd.DataFrame | None = None,
) -> Store:
    """Return a store that has imported the table through the reader, as a user would, beside what is published."""
    store = open_store(None, published, folder)
    put(store, figures or made_up(), name, status)
    return store


def put(store: Store, figures: Mapping[str, str], name: str = FILE, status: str = STATUS) -> None:
    """Import one more table."""
    reading = read_file(book(figures), name, indicators=store.indicators(), citation=SOURCE, status=status, today=TODAY)
    assert not reading.faults, reading.faults
    assert {row.place: row.value for row in reading.rows} == {place: float(shown) for place, shown in figures.items()}
    store.accept(compare(reading, store), "测试")
