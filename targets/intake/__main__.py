"""Print a step of reading: ``python -m targets.intake FILE --step workbook|headers|columns|rows``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from targets.intake import read_file, sheets_of
from targets.intake.grid import Found
from targets.intake.long import long_header
from targets.intake.package import Refused
from targets.intake.sheets import Sheet, address
from targets.intake.wide import layout_of

STEPS = ("workbook", "headers", "columns", "rows")


def lines_of(path: Path, step: str) -> Iterator[str]:
    """Yield what a step of reading makes of a file, a line each."""
    if step in ("columns", "rows"):
        reading = read_file(path)
        if step == "columns":
            yield from (column.say() for column in reading.columns)
        else:
            yield from map(str, (*reading.rows, *reading.remarks, *reading.faults))
        return
    for sheet in sheets_of(path.read_bytes(), path.name):
        rows, columns = sheet.shape
        hidden = "\uff0c隐藏" if sheet.hidden else ""
        yield f"{sheet.name}\uff1a{rows} × {columns}{hidden}\uff0c合并 {sheet.merged}\uff0c分隔符 {sheet.delimiter!r}"
        yield from _cells(sheet) if step == "workbook" else _headers(sheet)


def _cells(sheet: Sheet) -> Iterator[str]:
    for (row, column), cell in sorted(sheet.cells.items()):
        yield f"  {address(row, column)} {cell}"


def _headers(sheet: Sheet) -> Iterator[str]:
    if not sheet.cells:
        return
    if long := long_header(sheet):
        yield f"  长表\uff1a表头第{long[0]}行 {long[1]}"
        return
    layout = layout_of(sheet, Found())
    grid = layout.grid
    if not layout.blocks:
        yield "  没有县名"
        return
    turned = "\uff08县在列中\uff09" if grid.turned else ""
    at = {r: grid.at(r, layout.blocks[0].names or 1) for r in (layout.first, layout.last)}
    yield f"  第一个县 {at[layout.first]}\uff0c最后一个 {at[layout.last]}{turned}"
    yield from (f"  {block}" for block in layout.blocks)
    for name, keys in (("题", layout.above), ("角", layout.corner), ("注", layout.below)):
        yield from (f"  {name} {grid.at(*key)} {grid.text(*key)}" for key in keys)
    for row in layout.header:
        texts = [(grid.at(row, c), grid.text(row, c)) for c in range(1, grid.sheet.shape[1] + 1) if grid.text(row, c)]
        yield f"  头 {texts}"


def main() -> int:
    """Print a step of reading a file."""
    parser = argparse.ArgumentParser(prog="python -m targets.intake", description="print a step of reading 逐步打印")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--step", choices=STEPS, default="columns")
    chosen = parser.parse_args()
    try:
        for line in lines_of(chosen.file, chosen.step):
            print(line)
    except Refused as refused:
        print(f"{refused.zh} / {refused.en}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
