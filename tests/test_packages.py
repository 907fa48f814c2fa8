"""The packages: what is installed is what the lock files name, and those name all that the hand-written lists want."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def named(name: str) -> dict[str, str]:
    """Return the version of each package that a list or lock names; no two spellings of a name differ."""
    found = re.findall(r"(?m)^([\w.-]+)(?:\[\w+\])?==([\w.]+)", (ROOT / name).read_text("utf-8"))
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in found}


@pytest.mark.parametrize("lists", [("requirements",), ("requirements", "requirements-dev")], ids=["run", "test"])
def test_a_lock_names_all_that_its_lists_name_with_checksums(lists):
    wanted = {package: version for name in lists for package, version in named(f"{name}.txt").items()}
    locked = named(f"{lists[-1]}.lock")
    assert wanted.items() <= locked.items(), "after a change: make lock"
    entries = (ROOT / f"{lists[-1]}.lock").read_text("utf-8").replace("\\\n", "").splitlines()
    assert len(entries) == len(locked)
    assert all(re.search(r" --hash=sha256:[0-9a-f]{64}", entry) for entry in entries)


def test_what_runs_is_of_the_versions_that_what_is_tested_is():
    assert named("requirements.lock").items() <= named("requirements-dev.lock").items()


def test_make_installs_by_the_locks_and_their_checksums():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"(?m)^PIP := .* --require-hashes ", makefile)
    assert set(re.findall(r"\$\(PIP\) --requirement (\S+)", makefile)) == {"requirements.lock", "requirements-dev.lock"}
