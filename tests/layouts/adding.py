"""The changes that docs/adding.md shows: read out of it, made in a text, or registered for one test."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import layouts
from layouts.facts import layers
from layouts.facts.exports import FILES, File
from layouts.facts.pages import PAGES, Page
from layouts.parts import styles
from targets.catalogue import phrases, read

ROOT = Path(layouts.__file__).parents[1]
GUIDE = ROOT / "docs" / "adding.md"
Hunk = tuple[str, str]


def change(section: str) -> dict[str, list[Hunk]]:
    """Return the change that a section shows: by file, each place as it is and as it becomes."""
    text = GUIDE.read_text(encoding="utf-8").partition(f"## {section}\n")[2].partition("\n## ")[0]
    (diff,) = re.findall(r"^```diff\n(.*?)^```", text, re.M | re.S)
    found: dict[str, list[Hunk]] = {}
    for part in re.split(r"^--- .*\n\+\+\+ ", diff, flags=re.M)[1:]:
        file, *hunks = re.split(r"^@@.*\n", part, flags=re.M)
        lines = [hunk.splitlines(keepends=True) for hunk in hunks]
        found[file.strip()] = [
            (
                "".join(line[1:] for line in hunk if line[0] in " -"),
                "".join(line[1:] for line in hunk if line[0] in " +"),
            )
            for hunk in lines
        ]
    return found


def changed(file: str, hunks: list[Hunk], root: Path = ROOT) -> str:
    """Return a file's text with a change made in it; a new file is begun from nothing."""
    text = (root / file).read_text(encoding="utf-8") if (root / file).exists() else ""
    for before, after in hunks:
        assert text.count(before) == 1, f"{file} has not once: {before}"
        text = text.replace(before, after)
    return text


def module(file: str, hunks: list[Hunk]) -> ModuleType:
    """Return a file's module as the change makes it, beside the one that the program uses."""
    made = ModuleType(f"changed {file}")
    sys.modules[made.__name__] = made  # where a dataclass looks for its own module
    exec(compile(changed(file, hunks), file, "exec"), made.__dict__)
    return made


def added(section: str) -> ModuleType:
    """Return the one module that a section begins."""
    (file,) = (file for file in change(section) if file.endswith(".py") and not file.endswith("/__init__.py"))
    return module(file, change(section)[file])


def register_words(patch: pytest.MonkeyPatch, section: str) -> None:
    """Have what a section adds to the catalogues said."""
    for file, hunks in change(section).items():
        if file.endswith(".csv"):
            for key, phrase in read(changed(file, hunks)):
                patch.setitem(phrases(), key, phrase)


def register_page(patch: pytest.MonkeyPatch, section: str) -> Page:
    """Register the page that a section adds, last in the navigation, with its words; return it."""
    register_words(patch, section)
    page: Page = added(section).PAGE
    patch.setitem(PAGES, page.id, page)
    return page


def register_file(patch: pytest.MonkeyPatch, section: str) -> File:
    """Register the file that a section adds, last in the menus; return it."""
    (file,) = added(section).FILES
    patch.setitem(FILES, file.id, file)
    return file


def register_layer(patch: pytest.MonkeyPatch, section: str) -> list[str]:
    """Register what a section adds to the layers and their styles; return the ids of the layers."""
    made = {file: module(file, hunks) for file, hunks in change(section).items()}
    tables = (
        (layers.LAYERS, made["layouts/facts/layers.py"].LAYERS),
        (styles.STYLES, made["layouts/parts/styles.py"].STYLES),
    )
    added = [[key for key in new if key not in now] for now, new in tables]
    for keys, (now, new) in zip(added, tables, strict=True):
        for key in keys:
            patch.setitem(now, key, new[key])
    return added[0]
