"""The provincial targets as they are said: of what, where they stand, how much."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from layouts.words import word
from targets.provenance import say_section
from targets.speech import exact

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
    end = "" if lang == "zh" else "_en"
    return "\n".join(part for part in (str(row[f"indicator{end}"]), str(row[f"note{end}"])) if part)


def target_number(row: Mapping[Any, Any], lang: str, column: str = "value") -> Decimal:
    """Return a number of a provincial target (or ``known``) in the unit that pages of a language say."""
    return exact(row[column]) * (1 if lang == "zh" else exact(row["times_en"]))


def target_value(row: Mapping[Any, Any], lang: str) -> str:
    """Return a provincial target with its comparator as the plan prints it; where the number is no goal, in words."""
    if said := row["said" if lang == "zh" else "said_en"]:
        return str(said)
    unit = str(row["unit"] if lang == "zh" else row["unit_en"])
    columns = ("value",) if pd.isna(row["upper"]) else ("value", "upper")
    style = "f" if lang == "zh" else ",f"
    value = "–".join(format(target_number(row, lang, column).normalize(), style) for column in columns)
    comparator = row["symbol"] or (row["comparator"].replace("…", "") if lang == "zh" else "")
    strive = word("strive", lang)
    if row["is_aspirational"]:
        # The plan's own word may be the verb with 力争 in it: said once.
        comparator = comparator if lang == "zh" and comparator.startswith(strive) else f"{strive} {comparator}"
    return " ".join(part for part in (comparator.strip(), value, unit) if part)
