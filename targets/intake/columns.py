"""What each column of figures means, every part of it with its evidence and none against."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from targets.indicators import Indicator, half_width
from targets.intake.around import Around, index_wrong
from targets.intake.blocks import PLACE_WORD, Block, place_in
from targets.intake.grid import Context, Grid, Meaning, sound_period
from targets.intake.report import Column, Evidence, Wrong
from targets.intake.shown import Cell
from targets.intake.spans import Place, Said, said, settle
from targets.intake.tokens import (
    BARE_ASIDE,
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
from targets.places import read_place

_PERIOD_HEAD = re.compile(
    r"(?:统计|报告|数据)?(?:年份|年度|时期|报告期|期间|时间|年月|年|季度|月份|期别|日期|year|period)", re.I
)


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
            if draft.why != "basis" and BARE_ASIDE.fullmatch(re.sub(r"\([^()]*\)", "", flat(draft.path))):
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
                raise index_wrong()
            head_says = _apart_siblings(draft, spans)
            from_january = summed - {draft.column} or any(p.says.summed for p in around.places)
            if (head_says.single or head_says.bare) and from_january and indicator.kind not in ("level", "share"):
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
                left = found.get(max((c for c in named if c < draft.column), default=0))
                if why == "left" and left and not head_says.dated and left.period:
                    settled = replace(settled, period=left.period)
                when, period_why = settled.period, settled.why
                if when and len(when) == 4 and around.narrower and not head_says.part:
                    raise Wrong(
                        f"表注写的是“{around.narrower.text[:30]}”（{around.narrower.cell}）\uff0c标题却是全年",
                        f"the note {around.narrower.text[:30]!r} speaks of a part of the year",
                        "在表头或标题写全时期\uff0c如 2025年前三季度",
                        "write the period in full in the header or title, as 2025Q3",
                    )
                sound_period(when, indicator, context.today)
            formats = [cell.unit for cell in draft.figures if cell.unit]
            formats = list(dict.fromkeys(formats)) if len(formats) == len(draft.figures) else []
            unit, unit_how = unit_of(indicator, (), head.units, around.units, formats, context.known)
            said_rate = all(cell.percent or "%" in cell.text for cell in draft.figures)
            if head.growth and head.loose and around.units and "%" not in around.units and not said_rate:
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
        says = _when(pieces)
        if not says.dated and pieces and wider != pieces and (over := _when(wider)).dated:
            says = over  # 2024年 stands over the column at the left and over this one
        draft = Draft(column, at, path, pieces, wider, figures, why, head_of(pieces, context.known), says)
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
    if unit != "%":
        return
    numbers: list[tuple[Decimal, str]] = []
    for cell in draft.figures:
        if cell.number is not None and not cell.percent:
            numbers.append((cell.number, cell.text))
        elif not cell.percent and is_number(text := half_width(cell.text)) and "," not in text:
            numbers.append((Decimal(text.replace(" ", "")), text))
    if not numbers:
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
    return bool(PLACE_WORD.fullmatch(flat(path))) or (len(texts) == len(cells) and all(map(read_place, texts)))


def _ragged(
    grid: Grid, header: range, first: int, last: int, block: Block, drafts: Sequence[Draft], ignored: Sequence[Draft]
) -> bool:
    """Note lines of a delimited text that have more fields than its header: thousands set apart by commas."""
    widths = grid.sheet.widths
    if not widths or grid.turned:
        return False
    widest = max((widths.get(r, 0) for r in header), default=0)
    long = [r for r in range(first, last + 1) if widths.get(r, 0) > widest and place_in(grid.text(r, block.names))]
    if header and widest and long:
        row = long[0]
        more = widths[row] - widest
        grid.fault(
            row,
            widest + 1,
            Wrong(
                f"这一行比表头多{more}格\uff08共{len(long)}行如此\uff09\uff0c是否千分位逗号没有加引号\uff1f",
                f"the row has {more} fields more than the header ({len(long)} rows): commas within numbers?",
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


def merged_figures(grid: Grid, first: int, columns: Mapping[int, Meaning]) -> None:
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
