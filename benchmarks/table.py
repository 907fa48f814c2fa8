"""The result as a Markdown table: medians, ratios, goals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

Found = Mapping[str, list[float]]


@dataclass(frozen=True)
class Row:
    """One line of the table: a measure, how to write it, and the atlas's goals."""

    measure: str
    title: str
    scale: float = 1
    digits: int = 0
    to_echarts: float | None = None
    to_naive: float | None = None
    at_most: float | None = None


ROWS = (
    Row("click", "click → painted map, ms", digits=1, to_echarts=1.0, to_naive=0.15),
    Row("delayed", "the same, 40 ms network delay", digits=1, to_echarts=1.0, to_naive=0.15),
    Row("throttled", "the same, processor 4× slower", digits=1),
    Row("bytes", "bytes a click, both ways, KB", 1000, 2, at_most=3),
    Row("cpu", "server CPU a click, ms", digits=1),
    Row("first", "first map, cold cache, ms", to_echarts=1.3),
    Row("answered", "first map that answers a click, ms"),
    Row("weight", "bytes before the first map is painted, KB", 1000, at_most=600),
    Row("weight_all", "bytes until the page is at rest, KB", 1000),
)


def p95(values: list[float]) -> float:
    """Return the smallest of the values that 95 in 100 of them do not pass."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def table(found: Mapping[str, Found]) -> str:
    """Write medians (p95), ratios and goals.

    Parameters
    ----------
    found : dict of str to dict of str to list of float
        Values by contender and measure.
    """
    head = ["", *found, "atlas ÷ echarts", "atlas ÷ naive", "goal", "met"]
    rule = ["---", *["---:"] * (len(found) + 2), "---", "---"]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *(_cells(row, found) for row in ROWS)))


def _cells(row: Row, found: Mapping[str, Found]) -> list[str]:
    middle = {name: median(measures[row.measure]) / row.scale for name, measures in found.items()}
    atlas = middle.get("atlas", math.nan)
    cells = [row.title]
    for name, measures in found.items():
        tail = p95(measures[row.measure]) / row.scale
        spread = f" ({tail:,.{row.digits}f})" if len(measures[row.measure]) > 1 else ""
        cells.append(f"{middle[name]:,.{row.digits}f}{spread}")
    ratios = {rival: atlas / (middle.get(rival) or math.nan) for rival in ("echarts", "naive")}
    cells += ["–" if math.isnan(ratio) else f"{ratio:.2f}" for ratio in ratios.values()]
    goals = [
        (f"≤ {row.to_echarts} × echarts", row.to_echarts, ratios["echarts"]),
        (f"≤ {row.to_naive} × naive", row.to_naive, ratios["naive"]),
        (f"≤ {row.at_most} KB", row.at_most, atlas),
    ]
    goals = [(text, limit, value) for text, limit, value in goals if limit is not None]
    unknown = any(math.isnan(value) for _, _, value in goals)
    met = "yes" if all(value <= limit for _, limit, value in goals) else "**no**"
    return [*cells, ", ".join(text for text, _, _ in goals), ("?" if unknown else met) if goals else ""]
