"""Cells that no spreadsheet runs: what is written as text stays text."""

from __future__ import annotations

import re
from typing import Any

# A spreadsheet takes text that begins so for a formula; a leading apostrophe makes it text again.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_CONTROL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST = 32_767  # characters that a workbook's cell takes


def clean(text: str) -> str:
    """Return text that XML can hold, and so a workbook or slides."""
    return _CONTROL.sub("", text)


def _runs(text: str) -> bool:
    return clean(text).lstrip("'").startswith(FORMULA_STARTS)


def harmless(value: Any) -> Any:
    """Return text that no spreadsheet runs as a formula; numbers stay numbers. `bare` gives it back."""
    if isinstance(value, str) and _runs(value):
        return "'" + value
    return value


def bare(text: str) -> str:
    """Return text as it was before `harmless`."""
    return text[1:] if text.startswith("'") and _runs(text) else text


def fill(cell: Any, value: Any) -> Any:
    """Fill a workbook's cell and return it; text is kept as text, whatever it begins with."""
    if isinstance(value, str):
        cell.value = clean(value)[:LONGEST]
        cell.data_type = "s"
        cell.quotePrefix = cell.value.startswith(FORMULA_STARTS)
    else:
        cell.value = value
    return cell


def put(sheet: Any, row: int, column: int, value: Any) -> Any:
    """Fill the cell of a sheet at a row and a column, as `fill` does."""
    return fill(sheet.cell(row, column), value)
