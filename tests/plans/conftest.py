"""Two other plans, opened as the product opens them: the shipped one rewritten, and a small one of another province."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from plan_files import PLAN
from rewritten import rewrite

from app import AtlasApp, create_app
from targets.plan import Plan

HERE = Path(__file__).parent
NINGXIA = HERE / "ningxia"
DAY = date(2028, 6, 30)  # within the term of both


@dataclass(frozen=True)
class Opened:
    """A plan's folder, and the app that speaks of it."""

    name: str
    folder: Path
    app: AtlasApp

    @property
    def plan(self) -> Plan:
        """The plan as the app has it."""
        return self.app.atlas.plan

    def rows(self, name: str) -> list[dict[str, str]]:
        """Return the rows of one of its files, as text."""
        return _rows(self.folder / f"{name}.csv")

    def held(self) -> dict[str, set[str]]:
        """Return the option ids that each county holds, read from the files alone."""
        found = {row["adcode"]: {row["prefecture_code"]} for row in self.rows("counties")}
        lists = {
            "band_counties": "band",
            "cluster_counties": "cluster",
            "energy_counties": "energy",
            "expressways": "year",
        }
        for file, column in lists.items():
            for row in self.rows(file):
                found[row["adcode"]].add(row[column])
        bands = {row["id"] for row in self.rows("bands")}
        return {adcode: ids if ids & bands else ids | {"rest"} for adcode, ids in found.items()}

    def get(self, address: str, lang: str = "zh") -> bytes:
        """Return what an address answers, which must be well."""
        answer = self.app.server.test_client().get(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        assert answer.status_code == 200, (address, lang, answer.status_code, answer.get_data()[:200])
        return answer.get_data()


@cache
def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session", params=["renamed", "ningxia"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Return each of the other plans, opened."""
    folder = NINGXIA
    if request.param == "renamed":
        folder = rewrite(PLAN, tmp_path_factory.mktemp("plans") / "2027-2030")
    data = tmp_path_factory.mktemp("data")
    return Opened(request.param, folder, create_app(data_folder=str(data), today=DAY, plan=folder))
