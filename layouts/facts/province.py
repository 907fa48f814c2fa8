"""The provincial targets as they are said: of what, where they stand, how much."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from layouts.words import word
from targets.provenance import say_section
from targets.speech import Speech, exact

KNOWN_FIRST = {"same": 0, "at_least": 1, "context": 2, "": 3}


def where(row: Mapping[Any, Any], lang: str) -> str:
    """Say where in the plan a provincial target stands: its box, its task, or its section."""
    if row[f"clause_{lang}"]:
        return str(row[f"clause_{lang}"])
    if str(row["task"]).isdecimal():
        return word("head_task", lang, task=row["task"])
    section = str(row["section"])
    return word("head_section", lang, section=say_section(section, lang))


def target_name(row: Mapping[Any, Any], lang: str) -> str:
    """Return what a provincial target is of, with the note that explains it on a line of its own."""
    end = Speech.of(lang).column("")
    return "\n".join(part for part in (str(row[f"indicator{end}"]), str(row[f"note{end}"])) if part)


def target_number(row: Mapping[Any, Any], lang: str, column: str = "value") -> Decimal:
    """Return a number of a provincial target (or ``known``) in the unit that pages of a language say."""
    return exact(row[column]) * Speech.of(lang).pick(Decimal(1), exact(row["times_en"]))


def target_value(row: Mapping[Any, Any], lang: str) -> str:
    """Return a provincial target with its comparator as the plan prints it; where the number is no goal, in words."""
    speech = Speech.of(lang)
    if said := row[speech.column("said")]:
        return str(said)
    unit = str(row[speech.column("unit")])
    columns = ("value",) if pd.isna(row["upper"]) else ("value", "upper")
    style = speech.pick("f", ",f")
    value = "–".join(format(target_number(row, lang, column).normalize(), style) for column in columns)
    comparator = row["symbol"] or speech.pick(row["comparator"].replace("…", ""), "")
    strive = word("strive", lang)
    if row["is_aspirational"]:
        # The plan's own word may be the verb with 力争 in it: said once.
        has_it = speech.pick(comparator.startswith(strive), False)
        comparator = comparator if has_it else f"{strive} {comparator}"
    return " ".join(part for part in (comparator.strip(), value, unit) if part)
