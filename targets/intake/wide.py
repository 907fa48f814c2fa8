"""Tables with a row, or a column, for each county: blocks, the meaning of each column with its evidence, rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from targets.indicators import Indicator, half_width, plain_name
from targets.intake.grid import ASIDE_ROW, Context, Found, Grid, Meaning, place_of, row_of, sound_period
from targets.intake.report import Column, Evidence, Wrong
from targets.intake.sheets import Sheet
from targets.intake.shown import Cell
from targets.intake.spans import Place, Said, read_own, said, settle
from targets.intake.tokens import (
    EXPECTED,
    READ_STATUSES,
    STATUS_WORDS,
    Head,
    aside,
    flat,
    head_of,
    is_index,
    title_indicator,
    unit_of,
    unknown,
)
from targets.intake.values import is_number, no_data
from targets.places import TOTAL, parks, read_place
from targets.published import LANZHOU_NEW_AREA

DEEPEST = 8  # rows of a header
_PLACE_WORD = re.compile(
    r"(?:县|区|市|州|[、,/\\()·及和]|单位|名称|名|地区|地域|行政区划?|区划|指标|项目|各|辖|园区|开发区|代码|编码|"
    r"county|place|name|park|code|adcode|prefecture)+",
    re.I,
)
_LINE_ASIDE = re.compile(r"^(?:计量)?单位[:]|^(?:填报|制表|编制|报送|审核|打印|发布|时期|报告期|period|unit)", re.I)
_MADE = re.compile(r"(?:填报|制表|打印|发布|报送|更新|编制|截止填报|印制)(?:日期|时间|单位|人)?:?.*")
_SOURCE = re.compile(r"\s*(?:(?:资料|数据)?来源|引自|摘自|(?:资料|数据)取自)[:]?")
_PROMISES = re.compile(r"目标|计划|任务|力争|预测|规划")
_EXPECTED = re.compile(r"预计|预期|估计|预估")
_NOTE = re.compile(r"\s*(?:注|备注|说明|附注|(?:资料|数据)?来源|续表|第\d+页)")
_STATED = re.compile(
    r"初步(?:核算|统计|汇总)?(?:数据?|结果)?|快报数?|统一核算(?:数|结果)?|最终核实(?:数|结果)?|核定数|年报数"
)
_YET_TO_COME = re.compile(r"为准|届时|待|将|后续|非|不是|以后")  # 最终数以年报核实数为准 says nothing of these figures
_WITHIN = re.compile(r"所在|所属|隶属|辖")
_PERIOD_HEAD = re.compile(
    r"(?:统计|报告|数据)?(?:年份|年度|时期|报告期|期间|时间|年月|年|季度|月份|期别|日期|year|period)", re.I
)
_PERIOD_LABEL = re.compile(r"(?:时期|期间|报告期|年份|period)[:]?", re.I)


@dataclass(frozen=True)
class Block:
    """A column of places, and the columns of figures that are its own."""

    names: int
    codes: int
    first: int
    last: int


@dataclass(frozen=True)
class Around:
    """What the lines over and under a table say."""

    title: str
    units: tuple[str, ...]
    unit_cell: str
    status: Callable[[str, str], tuple[str, str]]
    places: tuple[Place, ...]
    title_cell: str = ""
    index: str = ""


def read_wide(sheet: Sheet, context: Context, found: Found) -> None:
    """Read a sheet with a row, or a column, for each county."""
    grid, blocks = blocks_of(Grid(sheet, False, found))
    if not blocks:
        shown = [(grid.at(*key), grid.text(*key)) for key in sorted(sheet.cells)[:3]]
        seen = "、".join(f"{at}“{text[:12]}”" for at, text in shown)
        grid.remark(f"没有县名\uff0c未读\uff08先看到 {seen}\uff09", f"no county is named, not read (first: {seen})")
        found.looked.append(f"{sheet.name}没有县名\uff08先看到 {seen}\uff09")
        return
    sheet = grid.sheet
    names, codes = blocks[0].names, blocks[0].codes
    rows = [r for r in range(1, sheet.shape[0] + 1) if _names_place(grid, r, names, codes)]
    words = [r for r in range(1, rows[-1]) if _heads(grid, r, names)]
    start = words[0] if words else 0
    first = next(r for r in range(start + 1, rows[-1] + 1) if r in rows or _like_data(grid, r, names or codes))
    top = start or max(first - 1, 1)
    place_columns = {c for block in blocks for c in (block.names, block.codes)} - {0}
    if grid.turned:  # what stands above the row of counties is the title, not a column of figures
        place_columns |= set(range(1, names))
    top = max(top, first - DEEPEST)
    while top > 1 and first - top < DEEPEST and _is_header(grid, top - 1, place_columns):
        top -= 1
    header = range(top, first)
    above = [(r, c) for r in range(max(1, top - 20), top) for c in range(1, sheet.shape[1] + 1) if grid.text(r, c)]
    if grid.turned:
        above += [(r, c) for r in range(1, first) for c in range(1, names) if grid.text(r, c)]
    # The corner over the places may say the unit, or the period.
    corner = [(r, c) for r in header for c in place_columns if grid.text(r, c) and not _heads(grid, r, c)]
    last = rows[-1]
    below = [key for key in sorted(sheet.cells) if key[0] > last]
    source = context.citation
    for key in (*above, *below):
        line = half_width(grid.text(*key))
        if (cited := re.match(r"\s*(?:资料|数据)?来源[:]\s*(.+)", line)) and not context.cited:
            source = cited[1].strip()
    try:
        around = read_around(grid, context, above, corner, below)
    except _At as at:
        grid.fault(*at.key, at.wrong)
        return
    skipped: list[str] = []
    for block in blocks:
        columns, periods = columns_of(grid, context, block, header, first, last, place_columns, around)
        _merged_figures(grid, first, columns)
        failed = {c for c in range(block.first, block.last + 1) if c not in columns and c not in place_columns}
        read_rows(grid, context, block, first, columns, periods, failed, header, around, source, skipped)
    if skipped:
        _skipped(grid, skipped)


def _skipped(grid: Grid, skipped: list[str]) -> None:
    listed = "、".join(skipped[:12]) + ("…" if len(skipped) > 12 else "")
    grid.remark(
        f"合计、市本级、开发区、说明等{len(skipped)}行未存\uff1a{listed}",
        f"{len(skipped)} rows of totals, zones or notes not stored: {listed}",
    )


class _At(Exception):
    """What is wrong with the table as a whole, and the cell that says so."""

    def __init__(self, key: tuple[int, int], wrong: Wrong) -> None:
        super().__init__(str(wrong))
        self.key, self.wrong = key, wrong


# --- blocks ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16_384)
def _place_in(text: str) -> str | None:
    return read_place(text)


def blocks_of(grid: Grid) -> tuple[Grid, list[Block]]:
    """Return the grid, turned when the counties stand in a row, and its blocks from left to right."""
    by_column: dict[int, int] = {}
    by_row: dict[int, int] = {}
    coded: dict[int, int] = {}
    sheet = grid.sheet
    for (row, column), cell in sheet.cells.items():
        if cell.number is not None and (cell.number < 100_000 or cell.number % 1):
            continue
        place = _place_in(cell.text) if len(cell.text) < 40 else None
        if place is None or place == TOTAL:
            continue
        if re.fullmatch(r"[\d.\s]+", half_width(cell.text)):
            coded[column] = coded.get(column, 0) + 1
            continue
        # A county weighs more than a prefecture, whose name may stand before each of its counties.
        weight = 100 if place in parks() or (place[4:] != "00" and place != LANZHOU_NEW_AREA) else 1
        by_column[column] = by_column.get(column, 0) + weight
        by_row[row] = by_row.get(row, 0) + weight
    best_column = max(by_column, key=lambda c: (by_column[c], -c), default=0)
    best_row = max(by_row, key=lambda r: (by_row[r], -r), default=0)
    side = [c for c in by_column if c != best_column and _beside(grid, c, best_column)]
    if best_row and by_row[best_row] > by_column.get(best_column, 0) and not grid.turned and not side:
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
        names = max(group, key=lambda c: (by_column[c], -c))
        codes = next(
            (c for c in sorted(coded) if begin <= c < names and _heads_codes(grid, c)),
            next((c for c in sorted(coded) if begin <= c <= end and _heads_codes(grid, c)), 0),
        )
        if n and codes == 0:
            before = next((c for c in sorted(coded) if c == begin - 1 and _heads_codes(grid, c)), 0)
            codes = before
        blocks.append(Block(names, codes, begin, end))
    return grid, blocks


def _beside(grid: Grid, column: int, best: int) -> bool:
    """Whether a column is of places, of the same rows as the best one, and not of where those belong."""
    cells = [(r, cell) for (r, c), cell in grid.sheet.cells.items() if c == column]
    places = [r for r, cell in cells if cell.number is None and len(cell.text) < 40 and _place_in(cell.text)]
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


def _names_place(grid: Grid, row: int, names: int, codes: int) -> bool:
    return any(c and grid.text(row, c) and _place_in(grid.text(row, c)) for c in (names, codes))


def _heads(grid: Grid, row: int, column: int) -> bool:
    plain = flat(grid.text(row, column or 1))
    return bool(_PLACE_WORD.fullmatch(plain)) and not read_place(plain)


def _like_data(grid: Grid, row: int, column: int) -> bool:
    """Whether a row has a name, if an unknown one, and a figure; not a heading's year."""
    if not grid.text(row, column) or _heads(grid, row, column):
        return False
    return any(
        cell.number is not None or is_number(cell.text)
        for c in range(column + 1, grid.sheet.shape[1] + 1)
        if (cell := grid.sheet.cells.get((row, c)))
    )


def _is_header(grid: Grid, row: int, place_columns: set[int]) -> bool:
    """Whether a row above the headings belongs to them: it says more than one thing, over the figures."""
    texts = [t for c in range(1, grid.sheet.shape[1] + 1) if c not in place_columns and (t := grid.text(row, c))]
    lines = [c for (r, c) in grid.sheet.cells if r == row and _LINE_ASIDE.search(half_width(grid.text(r, c)))]
    return len(texts) > 1 and not lines


# --- what the lines around say ---------------------------------------------------------------------------------------


def read_around(
    grid: Grid,
    context: Context,
    above: Sequence[tuple[int, int]],
    corner: Sequence[tuple[int, int]],
    below: Sequence[tuple[int, int]],
) -> Around:
    """Return what the lines over and under a table, its tab and its file's name say."""
    units: list[str] = []
    unit_cell = ""
    status, status_cell = "", ""
    lines: list[str] = []
    places: list[Place] = []
    index = ""
    labelled = False
    for key in (*above, *corner):
        cell = grid.at(*key)
        plain = _MADE.sub("", half_width(grid.text(*key)))
        if _SOURCE.match(plain):
            continue
        for stated in re.finditer(r"(?:计量)?单位[:]?\s*([^()]*)", plain):
            new = [u for part in re.split(r"[、,;/和及\s]", stated[1]) if (u := context.known.unit(part))]
            units, unit_cell = units + new, unit_cell or (cell if new else "")
        for inside in re.findall(r"\(([^()]*)\)", plain):
            parts = re.split(r"[、,;/和及\s]", inside)
            new = [u for part in parts if (u := context.known.unit(part))]
            units, unit_cell = units + new, unit_cell or (cell if new else "")
            if not status:
                status = next((s for part in parts if (s := STATUS_WORDS.get(part, part)) in READ_STATUSES), "")
                status_cell = cell if status else ""
        index = index or (cell if is_index(plain) else "")
        if _PROMISES.search(plain) and not re.search(r"完成|实际|执行", plain):
            raise _At(key, _promise(plain))
        if _EXPECTED.search(plain):
            status, status_cell = EXPECTED, cell
        lines.append(plain)
        label = (key[0], key[1] - 1) if not grid.turned else (key[0] - 1, key[1])
        if _PERIOD_LABEL.fullmatch(flat(grid.text(*label))):
            own, says = read_own(grid.text(*key), grid.sheet.cells[key].month)
            if own is None:
                raise _At(
                    key,
                    Wrong(
                        "认不出时期",
                        "the period cannot be read",
                        "写作 2024、2025Q3 或 2025-08",
                        "write 2024, 2025Q3 or 2025-08",
                    ),
                )
            # Our own template says that its periods run from January.
            places = [Place(grid.text(*key), cell, "title", Said(int(own[:4]), says.part))]
            labelled = True
        elif not labelled and (says := said(plain)).dated:
            places.append(Place(grid.text(*key), cell, "title", says))
    tab = grid.sheet.name if grid.sheet.delimiter == "" else ""
    if _PROMISES.search(tab):
        raise _At(above[0] if above else next(iter(sorted(grid.sheet.cells))), _promise(tab, "工作表名", "the tab"))
    stem = re.sub(r"\.[A-Za-z]{2,5}$", "", context.file)
    if _PROMISES.search(stem) and not re.search(r"完成|实际|执行|模板", stem):
        raise _At(
            above[0] if above else next(iter(sorted(grid.sheet.cells))), _promise(stem, "文件名", "the file's name")
        )
    if _EXPECTED.search(tab):
        status, status_cell = EXPECTED, ""
    if not labelled:
        if tab and (says := said(tab)).dated and not says.unclear:
            says = replace(says, apart=says.apart or (context.apart_tabs and says.quarter))
            places.append(Place(tab, "", "tab", says))
        name = said(stem)
        if (name.year or name.part or name.single) and not name.unclear and not re.fullmatch(r"[\dA-Za-z_ .-]*", stem):
            years = {p.says.year for p in places if p.says.year}
            if not years or name.year is None or name.year in years:
                places.append(Place(context.file, "", "file", name))
            elif name.part:  # 2026年1月报送: when it was sent, not what it is of
                pass
    notes = _notes(grid, context, below, places, labelled)
    title = "  ".join(lines)

    def stated_of(indicator: str, period: str) -> tuple[str, str]:
        return (status, status_cell) if status else notes(indicator, period)

    return Around(
        title,
        tuple(dict.fromkeys(units)),
        unit_cell,
        stated_of,
        tuple(places),
        grid.at(*above[0]) if above else "",
        index,
    )


def _promise(text: str, zh: str = "标题", en: str = "the title") -> Wrong:
    return Wrong(
        f"{zh}说这是目标或计划\uff0c不是已实现的数\uff1a“{text[:30]}”",
        f"{en} says targets or plans, not what was reached: {text[:30]!r}",
        f"只导入实际数\uff1b若确是实际数\uff0c请改{zh}",
        f"import outcomes only; if these are outcomes, change {en}",
    )


def _notes(
    grid: Grid, context: Context, below: Sequence[tuple[int, int]], places: list[Place], labelled: bool
) -> Callable[[str, str], tuple[str, str]]:
    """Return the status that the notes below a table give a column, and add the period that they narrow."""
    known = context.known
    rules: list[tuple[str, set[str], set[str], str]] = []
    for key in below:
        line, cell = grid.text(*key), grid.at(*key)
        if not _NOTE.match(line) and not re.match(r"\s*(?:\(?\d\)?[.、]|本表|以上)", line):
            continue
        for clause in re.split(r"[。;\uff1b,\uff0c]", half_width(line)):
            whole = bool(re.search(r"本表|以上|数据|均为|各县|表中|此表", clause))
            if re.search(r"目标|计划|任务", clause) and re.search(
                r"为.{0,8}(?:目标|计划|任务)[数值]?$", clause.strip()
            ):
                raise _At(key, _promise(clause, "表注", "the note"))
            if is_index(clause) and whole:
                raise _At(key, _index_wrong())
            if _EXPECTED.search(clause) and not _YET_TO_COME.search(clause):
                rules.append((EXPECTED, set(), set(), cell))
                continue
            stretch = said(re.sub(r"^\s*(?:注|备注|说明)[:]?", "", clause))
            if not labelled and not stretch.unclear and (stretch.part or stretch.single) and whole:
                places.append(Place(clause.strip(), cell, "note", stretch))
            words = set() if _YET_TO_COME.search(clause) else set(_STATED.findall(clause))
            stated = {"核定" if re.match("最终|核定|年报", word) else "初步" for word in words}
            if len(stated) != 1:
                continue
            plain = plain_name(clause)
            spoken = {
                one.zh: one
                for name, one in known.names.items()
                if (name == "gdp" or not name.isascii()) and len(name) > 1 and name in plain
            }
            grown = {one.id for zh in spoken if (one := known.named(zh, True))}
            named = {one.id for one in spoken.values()} | grown
            years = set(re.findall(r"(?<!\d)((?:19|20)\d\d)(?=年)", clause))
            rules.append((stated.pop(), named, years, cell))
            longest = max(words, key=len)
            grid.remark(
                f"表下的注写明“{longest}”\uff0c状态记为{rules[-1][0]}\uff1a{line.strip()[:40]}",
                f"the note below the table says {longest}: the status is taken as {rules[-1][0]}",
                cell,
            )

    def status(indicator: str, period: str) -> tuple[str, str]:
        fit = {
            (one, cell)
            for one, named, years, cell in rules
            if (not named or indicator in named) and (not years or period[:4] in years)
        }
        if any(one == EXPECTED for one, _ in fit):
            return EXPECTED, next(cell for one, cell in fit if one == EXPECTED)
        return fit.pop() if len({one for one, _ in fit}) == 1 else ("", "")

    return status


def _index_wrong() -> Wrong:
    return Wrong(
        "这是以上年为100的指数\uff0c不是增速",
        "this is an index with the year before as 100, not a growth rate",
        "减去100\uff0c写作增速\uff0c如 105.7 写作 5.7",
        "take 100 away: write 5.7 for 105.7",
    )


# --- the meaning of columns ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Draft:
    """A column whose header has been taken apart, before its neighbours are looked at."""

    column: int
    at: tuple[int, int]
    path: str
    pieces: tuple[str, ...]
    wider: tuple[str, ...]
    figures: tuple[Cell, ...]
    why: str  # why it is left aside: rank, basis, other, or nothing
    head: Head
    says: Said


def columns_of(
    grid: Grid,
    context: Context,
    block: Block,
    header: range,
    first: int,
    last: int,
    place_columns: set[int],
    around: Around,
) -> tuple[dict[int, Meaning], int]:
    """Return what each column of figures is, and the column of periods, if there is one."""
    drafts, periods, ignored = _drafts(grid, context, block, header, first, last, place_columns)
    found: dict[int, Meaning] = {}
    named: dict[int, tuple[Indicator, str] | None] = {}  # what each column names; None: nothing that can be read
    singles: list[tuple[Draft, Wrong]] = []
    fault_count = len(grid.found.faults)
    beside: list[str] = []
    summed = {d.column for d in drafts if d.says.summed or (d.says.part or "").startswith(("Q", "Y"))}
    ragged = _ragged(grid, header, first, last, block, drafts, ignored)
    if ragged:
        return {}, periods
    spans = [d for d in drafts if not d.why]
    for draft in drafts:
        if draft.why:
            ignored.append(draft)
            named[draft.column] = None
            if draft.why == "rank" and not re.sub(
                r"排名|位次|名次|排序|位序|\(.*?\)|全[省市]|在", "", flat(draft.path)
            ):
                named.pop(draft.column)
            elif draft.why == "basis" and (one := context.known.named(re.sub(r"\(.*?\)", "", flat(draft.path)), False)):
                named[draft.column] = one, "header"
            continue
        meaning: Meaning | None = None
        try:
            if not draft.pieces:
                raise Wrong(
                    "这一列没有表头",
                    "the column has no header",
                    "在表头写指标名和单位\uff0c如 地区生产总值（亿元）",
                    "name the indicator and unit above it",
                )
            indicator, head, why = _indicator(draft, grid, context, around, named, header, block)
            named[draft.column] = indicator, why
            if is_index(draft.path) or (around.index and indicator.kind == "growth"):
                raise _index_wrong()
            head_says = _apart_siblings(draft, spans)
            if (
                (head_says.single or head_says.bare)
                and summed - {draft.column}
                and indicator.kind not in ("level", "share")
            ):
                word = head_says.single or draft.path
                singles.append(
                    (draft, Wrong(f"“{word[:20]}”是单月或单季数", f"{word[:20]!r} is a single month or quarter"))
                )
                continue
            header_place = Place(draft.path, grid.at(*draft.at), "header", head_says)
            stock = indicator.kind in ("level", "share", "date")
            when: str | None = ""
            period_why: tuple[Place, ...] = ()
            if not periods or head_says.dated:
                settled = settle(head_says, header_place, around.places, context.caller, stock)
                left = found.get(draft.column - 1)
                if why == "left" and left and not head_says.dated and left.period:
                    settled = replace(settled, period=left.period)
                when, period_why = settled.period, settled.why
                sound_period(when, indicator, context.today)
            formats = [cell.unit for cell in draft.figures if cell.unit]
            formats = list(dict.fromkeys(formats)) if len(formats) == len(draft.figures) else []
            unit, unit_how = unit_of(indicator, (), head.units, around.units, formats, context.known)
            if head.growth and head.loose and around.units and "%" not in around.units:
                if not all(cell.percent or "%" in cell.text for cell in draft.figures):
                    raise Wrong(
                        f"没有说明“{draft.path[:20]}”是百分数还是数额",
                        f"whether {draft.path[:20]!r} is a rate or an amount is not said",
                        "在表头写（%）",
                        "write (%) in the header",
                    )
            _look_like_rate(indicator, unit, draft)
            status, status_cell = head.status, grid.at(*draft.at) if head.status else ""
            if not status:
                status, status_cell = around.status(indicator.id, when or "")
            evidence = [Evidence("indicator", indicator.zh, *_where(grid, draft, why, around), why)]
            evidence += [Evidence("period", when or "", p.cell, p.text, p.how) for p in period_why]
            if when == "":
                evidence.append(Evidence("period", "", grid.at(header[-1] if header else 1, periods), "", "row"))
            cell = {"header": grid.at(*draft.at), "unit line": around.unit_cell, "format": grid.at(first, draft.column)}
            evidence.append(Evidence("unit", unit, cell.get(unit_how, ""), "", unit_how))
            if status:
                how = "header" if head.status else "note" if status_cell else "tab"
                evidence.append(Evidence("status", status, status_cell, "", how))
            elif context.status != "未注明":
                evidence.append(Evidence("status", context.status, "", "", "caller"))
            meaning = Meaning(indicator, when, unit, status, tuple(evidence))
            found[draft.column] = meaning
            if why == "left":
                beside.append(f"{grid.at(*draft.at)}“{draft.path[:20]}”→{indicator.zh}")
        except Wrong as wrong:
            named.setdefault(draft.column, None)
            grid.fault(*draft.at, wrong)
        _listed(grid, draft, meaning, context, "read" if meaning else "refused")
    refused = len(grid.found.faults) > fault_count
    for draft, single in singles:
        if found or refused:
            ignored.append(draft)
        else:
            zh, en, _, _ = single.words
            grid.fault(
                *draft.at,
                Wrong(
                    f"只收从年初累计的数\uff0c不收单季、单月的数\uff1a{zh}",
                    f"values must run from January: {en}",
                    "改用累计数",
                    "give figures that run from January",
                ),
            )
    if not found and not refused and ignored and not singles:
        only = next((d for d in ignored if d.why in ("basis", "other") and d.figures), None)
        if only:
            basis = only.why == "basis"
            grid.fault(
                *only.at,
                Wrong(
                    "这是不变价或可比价的总量\uff0c不是现价数" if basis else "没有可以读的列\uff1a这一列不是观测值",
                    "an amount at constant prices is not the nominal one"
                    if basis
                    else "no column can be read: this is none",
                    "改用现价数" if basis else "表头写指标名和单位",
                    "give the nominal amount" if basis else "name an indicator and its unit in the header",
                ),
            )
    if beside:
        listed = "、".join(beside[:8]) + ("…" if len(beside) > 8 else "")
        grid.remark(
            f"只写增速的列\uff0c按左边一列的指标读\uff1a{listed}",
            f"columns that say only growth are read as that of the amount at their left: {listed}",
        )
    if ignored:
        listed = "、".join(f"{grid.at(*d.at)}“{d.path[:20]}”" for d in ignored[:10]) + (
            "…" if len(ignored) > 10 else ""
        )
        grid.remark(f"未读的列\uff1a{listed}", f"columns not read: {listed}")
        for draft in ignored:
            _listed(grid, draft, None, context, "aside")
    return found, periods


def _listed(grid: Grid, draft: Draft, meaning: Meaning | None, context: Context, verdict: str) -> None:
    at = grid.at(*draft.at)
    if meaning is None:
        grid.found.columns.append(Column(grid.sheet.name, at, draft.path, verdict))
        return
    grid.found.columns.append(
        Column(
            grid.sheet.name,
            at,
            draft.path,
            verdict,
            meaning.indicator,
            meaning.period or "",
            meaning.unit,
            meaning.status or context.status,
            meaning.evidence,
        )
    )


def _where(grid: Grid, draft: Draft, why: str, around: Around) -> tuple[str, str]:
    if why == "title":
        return around.title_cell, around.title[:40]
    if why == "left":
        return grid.at(draft.at[0], draft.column - 1), grid.text(draft.at[0], draft.column - 1)
    return grid.at(*draft.at), draft.path


def _drafts(
    grid: Grid, context: Context, block: Block, header: range, first: int, last: int, place_columns: set[int]
) -> tuple[list[Draft], int, list[Draft]]:
    """Take the headers apart; return the columns with figures, that of the periods, and those that say only where."""
    spread = _spread(grid, header)
    drafts: list[Draft] = []
    ignored: list[Draft] = []
    periods = 0
    by_column: dict[int, list[Cell]] = {}
    for (r, c), cell in grid.sheet.cells.items():
        if first <= r <= last and block.first <= c <= block.last and c not in place_columns and not no_data(cell):
            by_column.setdefault(c, []).append(cell)
    for column in sorted(by_column):
        filled = by_column[column]
        own = [(r, spread.get((r, column), "")) for r in header]
        pieces = tuple(text for n, (_, text) in enumerate(own) if text and text != (own[n - 1][1] if n else ""))
        figures = tuple(c for c in filled if c.number is not None or c.trouble or re.search(r"\d", c.text))
        path = "".join(pieces)
        at = (next((r for r in reversed(header) if grid.text(r, column)), header[-1] if header else first), column)
        if _is_period_column(path, filled) and not periods:
            periods = column
            continue
        why = aside(path) if pieces else ""
        if pieces and not why and (not figures or _placing(path, filled)):
            why = "place"
        wider = tuple(_filled(grid, own, column, block))
        draft = Draft(column, at, path, pieces, wider, figures, why, head_of(pieces, context.known), _when(pieces))
        (ignored if why == "place" else drafts).append(draft)
    return drafts, periods, ignored


def _when(pieces: Sequence[str]) -> Said:
    """Return what the texts of a header say of time, together."""
    whole = said(" ".join(pieces))
    each = [said(piece) for piece in pieces]
    return replace(
        whole,
        single=next((s.single for s in each if s.single), whole.single),
        summed=whole.summed or any(s.summed for s in each),
        bare=whole.bare and not any(s.summed for s in each),
        quarter=any(s.quarter for s in each),
        apart=any(s.apart for s in each),
    )


def _is_period_column(path: str, filled: Sequence[Cell]) -> bool:
    plain = re.sub(r"\([^()]*\)", "", flat(path))
    if _PERIOD_HEAD.fullmatch(plain):
        return True
    return not plain and all(re.fullmatch(r"(?:19|20)\d\d年?", cell.text.strip()) for cell in filled)


def _apart_siblings(draft: Draft, drafts: Sequence[Draft]) -> Said:
    """Return what a header says of time, as a single quarter where those beside it are: 一季度 beside 二季度."""
    says = draft.says
    others = [d for d in drafts if d is not draft and d.head == draft.head]
    if says.apart and says.quarter and any(d.says.quarter for d in others):
        return replace(says, single=says.single or draft.path)
    if any(d.says.apart for d in others) and (says.quarter or says.part in ("Q1", "Q2", "Q3")):
        return replace(says, single=says.single or draft.path)
    return says


def _indicator(
    draft: Draft,
    grid: Grid,
    context: Context,
    around: Around,
    named: Mapping[int, tuple[Indicator, str] | None],
    header: range,
    block: Block,
) -> tuple[Indicator, Head, str]:
    """Return the indicator of a column, its header, and where it stands: its own header, at the left, in the title."""
    known, head = context.known, draft.head
    if head.name:
        if indicator := known.named(head.name, head.growth):
            return indicator, head, "header"
        if draft.wider and draft.wider != draft.pieces:
            wide = head_of(draft.wider, known)
            if indicator := known.named(wide.name, wide.growth):
                return indicator, wide, "header"
        raise unknown(head.name, head.growth, known)
    if draft.wider and draft.wider != draft.pieces:
        wide = head_of(draft.wider, known)
        if wide.name:
            if indicator := known.named(wide.name, wide.growth):
                return indicator, wide, "header"
            raise unknown(wide.name, wide.growth, known)
    title = title_indicator(around.title, known, head.growth)
    left = [c for c in sorted(named, reverse=True) if c < draft.column]
    if not left:
        if title is None:
            raise unknown("", head.growth, known)
        return title, replace(head, growth=title.kind == "growth"), "title"
    nearest = named[left[0]]
    if nearest is None:
        raise Wrong(
            f"“{draft.path[:20]}”左边是没有读的列\uff0c不知是哪个指标的",
            f"{draft.path[:20]!r} stands beside a column that is not read: of which indicator is it?",
            "在表头写指标名",
            "name the indicator in the header",
        )
    indicator, _ = nearest
    if head.growth:
        if indicator.kind not in ("cumulative", "level"):
            raise unknown("", True, known)
        growth = known.named(indicator.zh, True)
        if growth is None:
            raise unknown(indicator.zh, True, known)
        return growth, head, "left"
    # An amount without a name, beside others: only where none of those has a name of its own.
    if title is None or any(one is None or one[1] == "header" for one in named.values()):
        raise unknown("", False, known)
    return title, replace(head, growth=title.kind == "growth"), "title"


def _look_like_rate(indicator: Indicator, unit: str, draft: Draft) -> None:
    """Refuse a column of per cent that looks like shares of one, or like an index."""
    numbers = [
        (Decimal(text), text)
        for cell in draft.figures
        if not cell.percent and (text := half_width(cell.text).strip()) and is_number(text) and "," not in text
    ]
    if unit != "%" or not numbers:
        return
    values = [value for value, _ in numbers]
    fine = [abs(v) < Decimal("0.5") and v != 0 and len(t.partition(".")[2]) > 2 for v, t in numbers]
    if (len(values) > 1 and all(abs(v) < 1 for v in values) and any(values)) or sum(fine) * 2 >= len(fine):
        raise Wrong(
            f"百分数都小于1\uff0c像是少乘了100\uff1a{numbers[0][1]}",
            f"the per cents look like shares of one: {numbers[0][1]}",
            "5.7% 写作 5.7 或 5.7%\uff08带百分号\uff09",
            "write 5.7 per cent as 5.7 or 5.7%",
        )
    if indicator.kind == "growth" and all(70 <= v <= 150 for v in values):
        raise Wrong(
            f"增速都在70—150之间\uff0c像是以上年为100的指数\uff1a{numbers[0][1]}",
            f"all growth rates are between 70 and 150, as an index is: {numbers[0][1]}",
            "指数减去100\uff1b若确是增速\uff0c写作 105.7%\uff08带百分号\uff09",
            "take 100 from an index; if it is growth, write it with a %: 105.7%",
        )


def _spread(grid: Grid, header: range) -> dict[tuple[int, int], str]:
    """Return the header's texts, those of merged cells over all they cover."""
    found = {(r, c): grid.text(r, c) for r, c in grid.sheet.cells if r in header}
    for top, left, bottom, right in grid.sheet.merged:
        if top in header and (text := grid.text(top, left)):
            found |= {(r, c): text for r in range(top, bottom + 1) for c in range(left, right + 1) if r in header}
    return found


def _filled(grid: Grid, own: list[tuple[int, str]], column: int, block: Block) -> list[str]:
    """Return the header's texts with those from the left, where cells look merged but are not, as in any CSV."""
    pieces = []
    at = column
    for row, text in own[:-1]:
        while not text and at > block.first and not _inside_merge(grid, row, at):
            at -= 1
            if at in (block.names, block.codes):
                break
            text = grid.text(row, at)
        pieces.append(text)
    return [text for text in (*pieces, own[-1][1]) if text] if own else []


def _inside_merge(grid: Grid, row: int, column: int) -> bool:
    return any(t <= row <= b and left <= column <= r for t, left, b, r in grid.sheet.merged)


def _placing(path: str, cells: Sequence[Cell]) -> bool:
    """Whether a column only says where: prefectures, codes."""
    texts = [cell.text for cell in cells if cell.number is None]
    return bool(_PLACE_WORD.fullmatch(flat(path))) or (len(texts) == len(cells) and all(map(read_place, texts)))


def _ragged(
    grid: Grid, header: range, first: int, last: int, block: Block, drafts: Sequence[Draft], ignored: Sequence[Draft]
) -> bool:
    """Note lines of a delimited text that have more fields than its header: thousands set apart by commas."""
    widths = grid.sheet.widths
    if not widths or grid.turned:
        return False
    widest = max((widths.get(r, 0) for r in header), default=0)
    long = [r for r in range(first, last + 1) if widths.get(r, 0) > widest and _place_in(grid.text(r, block.names))]
    if header and widest and long:
        row = long[0]
        grid.fault(
            row,
            widest + 1,
            Wrong(
                f"这一行比表头多{widths[row] - widest}格\uff08共{len(long)}行如此\uff09\uff0c是否千分位逗号没有加引号\uff1f",
                f"the row has {widths[row] - widest} fields more than the header ({len(long)} rows): thousands set apart by commas?",
                "去掉千分位逗号\uff0c或给带逗号的数加引号\uff0c或另存为 .xlsx",
                "take the commas out of the numbers, or quote them, or save as .xlsx",
            ),
        )
        return True
    if grid.sheet.delimiter == ",":
        for draft in (*drafts, *ignored):
            if draft.why not in ("rank", "other") or draft.column < 2:
                continue
            pairs = [
                (grid.text(r, draft.column - 1), grid.text(r, draft.column))
                for r in range(first, last + 1)
                if grid.text(r, draft.column - 1) or grid.text(r, draft.column)
            ]
            if pairs and all(re.fullmatch(r"\d{1,3}", a) and re.fullmatch(r"\d{3}", b) for a, b in pairs):
                a, b = pairs[0]
                grid.fault(
                    first,
                    draft.column - 1,
                    Wrong(
                        f"“{a},{b}”像是被逗号分成两格的 {a}{b}",
                        f"'{a},{b}' looks like {a}{b} cut in two by its comma",
                        "去掉千分位逗号\uff0c或给带逗号的数加引号",
                        "take the commas out of the numbers, or quote them",
                    ),
                )
                return True
    return False


def _merged_figures(grid: Grid, first: int, columns: Mapping[int, Meaning]) -> None:
    """A figure over several merged cells belongs to no one county."""
    for top, left, bottom, right in grid.sheet.merged:
        inside = bottom >= first and any(left <= c <= right for c in columns)
        if inside and (top, left) in grid.sheet.cells and (bottom > top or right > left):
            if left not in columns or no_data(grid.sheet.cells[top, left]):
                continue
            grid.fault(
                top,
                left,
                Wrong(
                    "合并单元格里的数不知属于哪个县",
                    "a figure in merged cells belongs to no one county",
                    "取消合并\uff0c逐格填写",
                    "unmerge, and fill in each cell",
                ),
            )
            del grid.sheet.cells[top, left]


# --- rows ------------------------------------------------------------------------------------------------------------


def read_rows(
    grid: Grid,
    context: Context,
    block: Block,
    first: int,
    columns: Mapping[int, Meaning],
    periods: int,
    failed: set[int],
    header: range,
    around: Around,
    source: str,
    skipped: list[str],
) -> None:
    """Read the rows of a block."""
    cells, found, sheet = grid.sheet.cells, grid.found, grid.sheet.name
    names, codes = block.names, block.codes
    known_columns = (*columns, *sorted(failed))
    by_row = _row_meanings(grid, context, columns, periods, first, around) if periods else None
    for row in range(first, grid.sheet.shape[0] + 1):
        code, name = grid.text(row, codes), grid.text(row, names)
        figures = [c for c in known_columns if (cell := cells.get((row, c))) is not None and not no_data(cell)]
        if not name and not code:
            # 兰州市 | (nothing) | 3311.2: the prefecture's name stands in the column before.
            before = min(columns, default=1)
            name = next((t for c in range(block.first, before) if (t := grid.text(row, c)) and read_place(t)), "")
            if not name and not figures:
                if alone := next((t for c in range(block.first, block.last + 1) if (t := grid.text(row, c))), ""):
                    skipped.append(alone[:16])
                continue
        try:
            place = place_of(code, name, found)
        except Wrong as wrong:
            if not _aside_row(grid, row, name, figures, skipped):
                if _heads(grid, row, names):
                    second = Wrong(
                        "表中间又出现表头",
                        "a second header inside the table",
                        "一张工作表只放一张表",
                        "give each table its own sheet",
                    )
                    grid.fault(row, names or codes, second)
                else:
                    grid.fault(row, (names if name else codes) or names or codes, wrong)
            continue
        if place in (TOTAL, LANZHOU_NEW_AREA) or place in parks():
            of_park = any(columns[c].indicator.places == "park" for c in figures if c in columns)
            if place == TOTAL or not of_park:
                skipped.append((name or code)[:16])
                continue
            place = "P01" if place == LANZHOU_NEW_AREA else place
        for column, meaning in columns.items():
            cell = cells.get((row, column))
            if cell is None or no_data(cell):
                found.empty += 1
                continue
            try:
                if by_row is not None:
                    meaning = by_row(row, column)
                made = row_of(cell, place, meaning, f"{sheet}!{grid.at(row, column)}", context, source, {})
                found.rows.append((made, sheet))
                if cell.raised:
                    grid.remark(
                        f"{grid.at(row, column)} 的上标“{cell.raised}”按脚注略去\uff0c读作 {cell.text}",
                        f"the raised {cell.raised!r} of {grid.at(row, column)} is taken as a footnote: {cell.text}",
                        grid.at(row, column),
                    )
            except Wrong as unfit:
                grid.fault(row, periods if by_row and unfit.args[0].startswith("时期：") else column, unfit)


def _aside_row(grid: Grid, row: int, name: str, figures: Sequence[int], skipped: list[str]) -> bool:
    """Whether a row is of no county: a note, the city level, a zone."""
    alone = [text for c in range(1, grid.sheet.shape[1] + 1) if (text := grid.text(row, c))]
    if not figures or (not name and len(alone) == 1 and _NOTE.match(alone[0])):
        if listed := name or next(iter(alone), ""):
            skipped.append(listed[:16])
        return True
    if name and ASIDE_ROW.fullmatch(flat(name)) and not _heads(grid, row, 1):
        skipped.append(name[:16])
        return True
    return False


def _row_meanings(
    grid: Grid, context: Context, columns: Mapping[int, Meaning], periods: int, first: int, around: Around
) -> Callable[[int, int], Meaning]:
    """Return how to find the meaning of a cell whose row says its period."""
    texts = {grid.text(r, periods) for r in range(first, grid.sheet.shape[0] + 1)}
    apart = any(said(text).apart for text in texts)
    made: dict[tuple[str, int], Meaning | Wrong] = {}

    def settle_one(row: int, column: int) -> Meaning:
        meaning, text = columns[column], grid.text(row, periods)
        if meaning.period:
            raise Wrong(
                "表头和时期列都写了时期",
                "both the header and the column of periods say a period",
                "只留一处",
                "keep one of them",
            )
        cell = grid.sheet.cells.get((row, periods))
        own, says = read_own(text, bool(cell and cell.month))
        if not text:
            raise Wrong("时期：这一行没有写时期", "the row names no period", "写上时期", "write its period")
        if own is None and (says.rest or says.unclear or not says.dated):
            raise Wrong(
                f"时期：认不出“{text[:20]}”",
                f"the period {text[:20]!r} cannot be read",
                "写作 2024、2025Q3 或 2025-08",
                "write 2024, 2025Q3 or 2025-08",
            )
        if apart and says.quarter:
            says = replace(says, single=text)
        stock = meaning.indicator.kind in ("level", "share", "date")
        settled = settle(says, Place(text, grid.at(row, periods), "row", says), around.places, context.caller, stock)
        sound_period(settled.period, meaning.indicator, context.today)
        status = meaning.status or around.status(meaning.indicator.id, settled.period or "")[0]
        return replace(meaning, period=settled.period, status=status)

    def find(row: int, column: int) -> Meaning:
        key = grid.text(row, periods), column
        if key not in made:
            try:
                made[key] = settle_one(row, column)
            except Wrong as wrong:
                made[key] = wrong
        one = made[key]
        if isinstance(one, Wrong):
            raise one
        return one

    return find
