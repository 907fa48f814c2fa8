"""How each matching county stands, with the figure that its state rests on; the header in English, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.exports import File
from layouts.facts.view import View
from layouts.parts.workbook import csv_of
from targets import progress
from targets.speech import Speech

COLUMNS = ("adcode", "name", "band", "lower", "state", *progress.BASIS)


def progress_csv(atlas: Atlas, standing: Standing, view: View) -> bytes:
    """Return how each matching county stands, with the figure that its state rests on; the header in English."""
    table: list[Sequence[Any]] = [COLUMNS]
    rows = standing.assessment[standing.assessment.index.isin(atlas.select(view.filter))]
    for adcode, row in rows.iterrows():
        cells = {"adcode": adcode, "name": row[Speech.of(view.lang).column("name")]}
        cells |= {"band": row["band"] or atlas.plan.no_band, "lower": row["lower"], "state": row["state"]}
        cells |= progress.basis(row)
        table.append(["" if pd.isna(cells[column]) else cells[column] for column in COLUMNS])
    return csv_of(table)


FILES = (
    File(
        id="progress",
        path="/export/progress.csv",
        write=lambda wanted: progress_csv(wanted.atlas, wanted.standing, wanted.view),
    ),
)
