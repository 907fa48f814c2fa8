"""Tables with a row, or a column, for each county."""

from __future__ import annotations

import re
from dataclasses import dataclass

from targets.indicators import half_width
from targets.intake.around import At, read_around
from targets.intake.blocks import PERIOD_WORD, Block, blocks_of, heads, is_header, like_data, names_place, place_in
from targets.intake.columns import columns_of, merged_figures
from targets.intake.grid import Context, Found, Grid
from targets.intake.rows import read_rows
from targets.intake.sheets import Sheet
from targets.intake.tokens import flat

DEEPEST = 8  # rows of a header


@dataclass(frozen=True)
class Layout:
    """Where the parts of a sheet stand; rows and columns are those of the grid, which may be turned.

    Attributes
    ----------
    grid : Grid
    blocks : tuple of Block
        Empty when no place is named.
    header : range
        The rows of the headings.
    first, last : int
        The first and the last row of a place.
    above, corner, below : tuple of (int, int)
        Cells over the headings, over the places, and under the last row.
    """

    grid: Grid
    blocks: tuple[Block, ...] = ()
    header: range = range(0)
    first: int = 0
    last: int = 0
    above: tuple[tuple[int, int], ...] = ()
    corner: tuple[tuple[int, int], ...] = ()
    below: tuple[tuple[int, int], ...] = ()

    @property
    def place_columns(self) -> set[int]:
        """The columns that say where, and those before them when the grid is turned."""
        found = {c for block in self.blocks for c in (block.names, block.codes)} - {0}
        # What stands above a row of counties is the title, not a column of figures.
        return found | (set(range(1, self.blocks[0].names)) if self.grid.turned and self.blocks else set())


def layout_of(sheet: Sheet, found: Found) -> Layout:
    """Return where the headings, the places and the lines around them stand."""
    grid, blocks = blocks_of(Grid(sheet, False, found))
    if not blocks:
        return Layout(grid)
    sheet = grid.sheet
    everywhere = range(1, sheet.shape[0] + 1)
    main = max(blocks, key=lambda one: sum(names_place(grid, r, one.names, one.codes) for r in everywhere))
    names, codes = main.names, main.codes
    _spread_places(sheet, {c for block in blocks for c in (block.names, block.codes)})
    rows = [r for r in everywhere if names_place(grid, r, names, codes)]
    words = [r for r in range(1, rows[-1]) if heads(grid, r, names)]
    start = words[0] if words else 0
    first = next(r for r in range(start + 1, rows[-1] + 1) if r in rows or like_data(grid, r, names or codes))
    place_columns = Layout(grid, tuple(blocks)).place_columns
    top = max(start or max(first - 1, 1), first - DEEPEST)
    while top > 1 and first - top < DEEPEST and is_header(grid, top - 1, place_columns):
        top -= 1
    header = range(top, first)
    above = [(r, c) for r in range(max(1, top - 20), top) for c in range(1, sheet.shape[1] + 1) if grid.text(r, c)]
    last = rows[-1]
    below = sorted(key for key in sheet.cells if key[0] > last)
    if grid.turned:
        above += [(r, c) for r in range(1, first) for c in range(1, names) if grid.text(r, c)]
        # Lines under a table whose counties stand in columns.
        end = max((c for r, c in sheet.cells if r >= first), default=0)
        below += sorted(key for key in sheet.cells if key[0] < first and key[1] > end)
    # The corner over the places may say the unit, or the period.
    cells = [(r, c) for r in header for c in place_columns if grid.text(r, c) and not heads(grid, r, c)]
    corner = [key for key in cells if key not in above and not PERIOD_WORD.fullmatch(flat(grid.text(*key)))]
    return Layout(grid, tuple(blocks), header, first, last, tuple(above), tuple(corner), tuple(below))


def read_wide(sheet: Sheet, context: Context, found: Found) -> None:
    """Read a sheet with a row, or a column, for each county."""
    layout = layout_of(sheet, found)
    grid, header, first, last = layout.grid, layout.header, layout.first, layout.last
    if not layout.blocks:
        _nobody(grid)
        return
    source = context.citation
    for key in (*layout.above, *layout.below):
        line = half_width(grid.text(*key))
        if (cited := re.match(r"\s*(?:资料|数据)?来源[:]\s*(.+)", line)) and not context.cited:
            source = cited[1].strip()
    try:
        around = read_around(grid, context, layout.above, layout.corner, layout.below)
    except At as at:
        grid.fault(*at.key, at.wrong)
        return
    skipped: list[str] = []
    place_columns = layout.place_columns
    for block in layout.blocks:
        columns, periods = columns_of(grid, context, block, header, first, last, place_columns, around)
        merged_figures(grid, first, columns)
        failed = {c for c in range(block.first, block.last + 1) if c not in columns and c not in place_columns}
        read_rows(grid, context, block, first, last, columns, periods, failed, header, around, source, skipped)
    if skipped:
        _skipped(grid, skipped)


def _nobody(grid: Grid) -> None:
    """Say that a sheet names no place, and what was seen first."""
    sheet = grid.sheet
    shown = [(grid.at(*key), grid.text(*key)) for key in sorted(sheet.cells)[:3]]
    seen = "、".join(f"{at}“{text[:12]}”" for at, text in shown)
    # A text of one column is set apart by something else than the marks that are known.
    one = sheet.delimiter and sheet.shape[1] == 1
    mark = "\uff0c只有一列\uff0c分隔符应为逗号、制表符、分号或竖线" if one else ""
    mark_en = ", one column only: fields must be apart by commas, tabs, semicolons or bars" if one else ""
    grid.remark(
        f"没有县名\uff0c未读\uff08先看到 {seen}\uff09{mark}", f"no county is named, not read (first: {seen}){mark_en}"
    )
    grid.found.looked.append(f"{sheet.name}没有县名\uff08先看到 {seen}\uff09{mark}")


def _spread_places(sheet: Sheet, place_columns: set[int]) -> None:
    """Put a place that is merged over several rows into each of them that holds something else."""
    filled = {r for r, _ in sheet.cells}
    for top, left, bottom, right in sheet.merged:
        cell = sheet.cells.get((top, left))
        if bottom > top and left == right and left in place_columns and cell and place_in(cell.text):
            sheet.cells |= {(r, left): cell for r in range(top + 1, bottom + 1) if r in filled}


def _skipped(grid: Grid, skipped: list[str]) -> None:
    listed = "、".join(skipped[:12]) + ("…" if len(skipped) > 12 else "")
    grid.remark(
        f"合计、市本级、开发区、说明等{len(skipped)}行未存\uff1a{listed}",
        f"{len(skipped)} rows of totals, zones or notes not stored: {listed}",
    )
