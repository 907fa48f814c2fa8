"""The catalogues: all that is said, in Chinese and in English, key by key; a CSV file a page or subject.

Each row has a `key`, `zh`, `en` and, only where English says it otherwise of one, `en_one`. The ``{fields}`` of a
sentence are filled in by whoever says it, or from the plan (`targets.plan.Plan.said`). The count of a sentence is the
first field of `en` that `en_one` leaves out: where that is 1, `en_one` is said. So ``{n} counties are listed`` has
``1 county is listed`` beside it. A sentence of two counts that vary freely is made of two.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

_FOLDERS = [Path(__file__).with_name("words")]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A row of a catalogue; `count` is the field that decides between `en` and `en_one`, empty without the latter."""

    zh: str
    en: str
    en_one: str = ""
    count: str = ""

    def text(self, lang: str, values: Mapping[str, object]) -> str:
        """Return what is said in a language, its fields not yet filled in."""
        if lang == "zh":
            return self.zh
        return self.en_one if self.count and str(values.get(self.count)) == "1" else self.en


def fields(text: str) -> list[str]:
    """Return the names of a text's fields, in their order."""
    return [name for _, name, _, _ in Formatter().parse(text) if name]


def add(folder: Path) -> None:
    """Have the catalogues of one more folder read."""
    if folder not in _FOLDERS:
        _FOLDERS.append(folder)
        phrases.cache_clear()


@cache
def phrases() -> dict[str, Phrase]:
    """Return all that is said, by key.

    Raises
    ------
    ValueError
        When a key stands twice, or a row does not say it in both languages.
    """
    found: dict[str, Phrase] = {}
    for folder in _FOLDERS:
        for file in sorted(folder.glob("*.csv")):
            for key, phrase in read(file.read_text(encoding="utf-8")):
                if key in found or not (key and phrase.zh and phrase.en):
                    raise ValueError(f"{file}: key {key!r} is there already, or says nothing in a language")
                found[key] = phrase
    return found


def read(text: str) -> Iterator[tuple[str, Phrase]]:
    """Read the rows of one catalogue."""
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        en, one = row["en"], row["en_one"]
        count = next(name for name in fields(en) if name not in fields(one)) if one else ""
        yield row["key"], Phrase(row["zh"], en, one, count)
