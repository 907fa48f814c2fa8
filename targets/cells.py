"""Cells that no spreadsheet runs: what is written as text stays text."""

from __future__ import annotations

from typing import Any

# A spreadsheet takes text that begins so for a formula; a leading apostrophe makes it text again.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """Return text that no spreadsheet runs as a formula; numbers stay numbers. `bare` gives it back."""
    if isinstance(value, str) and value.lstrip("'").startswith(FORMULA_STARTS):
        return "'" + value
    return value


def bare(text: str) -> str:
    """Return text as it was before `harmless`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


def put(sheet: Any, row: int, column: int, value: Any) -> Any:
    """Write a cell of a workbook and return it; text is kept as text, whatever it begins with."""
    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
    return cell
