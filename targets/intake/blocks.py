"""Which column of places a column of figures belongs to: a sheet as blocks, its header and its body."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from targets.indicators import half_width, read_unit
from targets.intake.grid import ASIDE_ROW, Grid
from targets.intake.shown import Cell
from targets.intake.tokens import (
    flat,
)
from targets.intake.values import is_number
from targets.places import TOTAL, apart, parks, read_place

PLACE_WORD = re.compile(
    r"(?:县|区|市|州|[、,/\\()·及和]|单位|名称|名|地区|地域|行政区划?|区划|指标|项目|各|辖|园区|开发区|代码|编码|"
    r"county|place|name|park|code|adcode|prefecture)+",
    re.I,
)
_LINE_ASIDE = re.compile(r"^(?:计量)?单位[:]|^(?:填报|制表|编制|报送|审核|打印|发布|时期|报告期|period|unit)", re.I)
PERIOD_WORD = re.compile(r"年份|年度|时期|报告期|期间|季度|月份|时间|year|period", re.I)  # years beside it are headings
_WITHIN = re.compile(r"所在|所属|隶属|辖")


@dataclass(frozen=True)
class Block:
    """A column of places, and the columns of figures that are its own."""

    names: int
    codes: int
    first: int
    last: int


def place_in(text: str) -> str | None:
    """Return the place that a cell names."""
    return read_place(text)


def blocks_of(grid: Grid) -> tuple[Grid, list[Block]]:
    """Return the grid, turned when the counties stand in a row, and its blocks from left to right."""
    by_column: dict[int, int] = {}
    by_row: dict[int, int] = {}
    coded: dict[int, int] = {}
    sheet = grid.sheet
    for (row, column), cell in sheet.cells.items():
        if cell.number is not None and (len(cell.text) < 6 or cell.number < 100_000 or cell.number % 1):
            continue
        place = place_in(cell.text) if len(cell.text) < 40 else None
        if place is None or place == TOTAL:
            continue
        if re.fullmatch(r"[\d.\s]+", half_width(cell.text)):
            coded[column] = coded.get(column, 0) + 1
            continue
        # A county weighs more than a prefecture, whose name may stand before each of its counties.
        weight = 100 if place in parks() or (place[4:] != "00" and place not in apart()) else 1
        by_column[column] = by_column.get(column, 0) + weight
        by_row[row] = by_row.get(row, 0) + weight
    best_column = max(by_column, key=lambda c: (by_column[c], -c), default=0)
    best_row = max(by_row, key=lambda r: (by_row[r], -r), default=0)
    headed = _headed_alike(grid, best_column)
    side = [c for c in _named(grid) if c != best_column and (c in headed or _beside(grid, c, best_column))]
    side = sorted({*side, *headed})
    if best_row and not grid.turned and by_row[best_row] >= by_column.get(best_column, 0):
        in_row = [c for (r, c), cell in sheet.cells.items() if r == best_row and _is_figure(cell)]
        under = [r for (r, c), cell in sheet.cells.items() if c == best_column and r > best_row and _is_figure(cell)]
        more = by_row[best_row] > by_column.get(best_column, 0)
        # Counties with figures between them are blocks beside each other; one alone is over or before its figures.
        if (more and not (side and in_row)) or (not more and by_row[best_row] == 100 and under and not in_row):
            return blocks_of(replace(grid, sheet=sheet.turned(), turned=True))
    last = sheet.shape[1]
    if not best_column:
        best = max(coded, key=lambda c: (coded[c], -c), default=0)
        # A lone six-digit number may be a figure: a column of codes says that it is one.
        if best and (coded[best] > 2 or _heads_codes(grid, best)):
            return grid, [Block(0, best, 1, last)]
        return grid, []
    chosen = sorted({best_column, *side})
    groups: list[list[int]] = []
    for column in chosen:
        if groups and not _figures_between(grid, groups[-1][-1], column):
            groups[-1].append(column)
        else:
            groups.append([column])
    # Places behind the last figures only say more of the rows.
    if len(groups) > 1 and not _figures_between(grid, groups[-1][-1], last + 1):
        groups.pop()
    blocks = []
    for n, group in enumerate(groups):
        begin = 1 if n == 0 else group[0]
        end = groups[n + 1][0] - 1 if n + 1 < len(groups) else last
        names = max(group, key=lambda c: (by_column.get(c, 0), -c))
        codes = next(
            (c for c in sorted(coded) if begin <= c < names and _heads_codes(grid, c)),
            next((c for c in sorted(coded) if begin <= c <= end and _heads_codes(grid, c)), 0),
        )
        if n and codes == 0:
            before = next((c for c in sorted(coded) if c == begin - 1 and _heads_codes(grid, c)), 0)
            codes = before
        blocks.append(Block(names, codes, begin, end))
    return grid, blocks


def _is_figure(cell: Cell) -> bool:
    return cell.number is not None or is_number(cell.text)


def like_place(text: str) -> bool:
    """Whether a text names a place, or what stands among places: 合计, 市本级; digits may be a figure."""
    return len(text) < 40 and not is_number(text) and (bool(place_in(text)) or bool(ASIDE_ROW.fullmatch(flat(text))))


def _named(grid: Grid) -> set[int]:
    """Return the columns in which some text may be a place's."""
    return {column for (_, column), cell in grid.sheet.texts().items() if like_place(cell.text.strip())}


def _headed_alike(grid: Grid, best: int) -> set[int]:
    """Return the columns of texts that are headed as the best column of places is, whoever stands in them."""
    texts: dict[int, dict[int, str]] = {}
    for (row, column), cell in grid.sheet.texts().items():
        if not is_number(cell.text):
            texts.setdefault(column, {})[row] = cell.text.strip()
    mine = texts.get(best, {})
    first = min((r for r, text in mine.items() if place_in(text)), default=0)
    found = set()
    for row in (r for r, text in mine.items() if first - 8 <= r < first):
        for column, own in texts.items():
            below = [text for r, text in own.items() if r >= first]
            if column == best or row not in own or not below or _WITHIN.search(own[row]):
                continue
            alike = own[row] == mine[row] or (heads(grid, row, column) and heads(grid, row, best))
            if alike and not all(map(read_unit, below)):
                found.add(column)
    return found


def _beside(grid: Grid, column: int, best: int) -> bool:
    """Whether a column is of places, of the same rows as the best one, and not of where those belong."""
    cells = [(r, cell) for (r, c), cell in grid.sheet.cells.items() if c == column]
    places = [r for r, cell in cells if cell.number is None and like_place(cell.text)]
    if any(_WITHIN.search(grid.text(above, column)) for above in range(1, max(places, default=1))):
        return False
    both = [r for r in places if (r, best) in grid.sheet.cells]
    return len(places) * 2 >= sum(r >= min(places) for r, _ in cells) and bool(both) if places else False


def _figures_between(grid: Grid, left: int, right: int) -> bool:
    return any(
        left < c < right and (cell.number is not None or is_number(cell.text))
        for (_, c), cell in grid.sheet.cells.items()
    )


def _heads_codes(grid: Grid, column: int) -> bool:
    return any("代码" in grid.text(r, column) or "code" in grid.text(r, column).lower() for r in range(1, 12))


def names_place(grid: Grid, row: int, names: int, codes: int) -> bool:
    """Whether a row is of a place that is known."""
    return any(c and grid.text(row, c) and place_in(grid.text(row, c)) for c in (names, codes))


def heads(grid: Grid, row: int, column: int) -> bool:
    """Whether a cell heads a column of places."""
    plain = flat(grid.text(row, column or 1))
    return plain != "市辖区" and bool(PLACE_WORD.fullmatch(plain)) and not read_place(plain)


def like_data(grid: Grid, row: int, column: int) -> bool:
    """Whether a row has a name, if an unknown one, and a figure; not a heading's year."""
    if not grid.text(row, column) or heads(grid, row, column) or PERIOD_WORD.fullmatch(flat(grid.text(row, column))):
        return False
    return any(
        cell.number is not None or is_number(cell.text)
        for c in range(column + 1, grid.sheet.shape[1] + 1)
        if (cell := grid.sheet.cells.get((row, c)))
    )


def is_header(grid: Grid, row: int, place_columns: set[int]) -> bool:
    """Whether a row above the headings belongs to them: it says more than one thing, over the figures."""
    texts = [t for c in range(1, grid.sheet.shape[1] + 1) if c not in place_columns and (t := grid.text(row, c))]
    return len(texts) > 1 and not any(_LINE_ASIDE.search(half_width(text)) for text in texts)
