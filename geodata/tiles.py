"""The equal-tile map: one square a county, roughly in place (``tiles.csv``)."""

from __future__ import annotations

import csv

from geodata.names import TILES


def read_tiles() -> dict[str, tuple[int, int]]:
    """Return column and row of each county's tile by adcode; both count from 0, columns eastwards, rows southwards."""
    with TILES.open(encoding="utf-8", newline="") as file:
        return {row["adcode"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)}
