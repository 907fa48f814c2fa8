"""Small boundary files as real programs write them, each with what is right: the atlas starts, or one message says why.

``files/expected.csv`` is the statement: `read`, or `refuse` with a message that says `must_say`. The shapes are the
project's own, simplified.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from geodata.boundaries import BoundaryError, read_boundaries
from geodata.names import known_counties

FILES = Path(__file__).with_name("files")

with (FILES / "expected.csv").open(encoding="utf-8-sig", newline="") as file:
    CASES = list(csv.DictReader(file))
READ = [case["file"] for case in CASES if case["outcome"] == "read"]
REFUSED = [(case["file"], case["must_say"]) for case in CASES if case["outcome"] == "refuse"]


def test_every_file_is_expected():
    assert len(READ) + len(REFUSED) == len(CASES) == 20
    folders = {path.name for path in FILES.iterdir() if path.is_dir()}
    assert {case["file"].partition("/")[0] for case in CASES} == folders


@pytest.mark.parametrize("file", READ)
def test_is_read(file, shipped):
    counties = read_boundaries(FILES / file)
    assert list(counties.adcode) == list(known_counties())
    # Each shape is that of its own county: simplified, it still covers most of the same ground.
    ours, theirs = counties.geometry.to_crs("EPSG:3857"), shipped.geometry.to_crs("EPSG:3857")
    shared = ours.intersection(theirs, align=False).area / theirs.area
    assert shared.min() > 0.5, counties.name_short[shared.idxmin()]
    for notice in counties.attrs["notices"]:
        chinese, english = notice.split(" / ")
        assert chinese and english and "nan" not in notice.lower()


@pytest.mark.parametrize(("file", "must_say"), REFUSED)
def test_is_refused_with_its_cause(file, must_say):
    with pytest.raises(BoundaryError) as error:
        read_boundaries(FILES / file)
    chinese, english = str(error.value).split("\n")
    name = Path(file).name
    assert chinese.startswith(f"{name}:") and english.startswith(f"{name}: ")
    assert must_say in chinese
    assert "nan" not in chinese.lower() and " nan" not in english.lower()
