"""The shipped data, as the product loads it."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Examples of a property that names no number of its own; ATLAS_EXAMPLES=500 to look longer.
EXAMPLES = int(os.environ.get("ATLAS_EXAMPLES", "60"))
settings.register_profile(
    "targets", max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("targets")


@pytest.fixture(scope="session")
def published():
    from targets.published import load_published

    return load_published()


@pytest.fixture(scope="session")
def counties(plan):
    from targets.counties import load_counties

    return load_counties(plan)


@pytest.fixture(scope="session")
def members(counties, plan):
    from targets.selection import members

    return members(counties, plan)


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that copies a data folder and lets the caller change one file's rows (lists of cells)."""

    def edit(folder: Path, name: str, change: Callable[[list[list[str]]], None]) -> Path:
        copy = tmp_path / folder.name
        if not copy.exists():
            shutil.copytree(folder, copy)
        path = copy / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            table = list(csv.reader(file))
        change(table)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(table)
        return copy

    return edit
