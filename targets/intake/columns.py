"""What each column of figures means, every part of it with its evidence and none against."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from targets.indicators import FAMILY, Indicator, convert, half_width
from targets.intake.around import Around, index_wrong
from targets.intake.blocks import PLACE_WORD, Block, place_in
from targets.intake.grid import Context, Grid, Meaning, sound_base, sound_period
from targets.intake.report import Column, Evidence, Wrong
from targets.intake.shown import Cell
from targets.intake.spans import Place, Said, month_end, said, settle
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
from targets.places import TOTAL, apart, read_place

PERIOD_HEAD = re.compile(
    r"(?:统计|报告|数据)?(?:年份|年度|时期|报告期|期间|时间|年月|年|季度|季|月份|月|期别|日期|year|quarter|month|period)",
    re.I,
)
# Of what a county's figure is split up: no row of it is the county's.
SPLITS = re.compile(
    r"(?:所属|主要)?(?:企业|公司|项目|产业|行业|乡镇|乡|镇|街道|村|社区|品种|产品|门类)(?:名称|类别|分类|类型)?"
)
# Indicators whose published growth has the prices taken out.
_REAL = re.compile(r"(?:park_)?gdp|va\d|va_|industry")
_HALF = Decimal("0.5")


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
    fault_count = len(grid.found.faults)
    drafts, periods, ignored = _drafts(grid, context, block, header, first, last, place_columns)
    if len(grid.found.faults) > fault_count:
        return {}, periods
    found: dict[int, Meaning] = {}
    named: dict[int, tuple[Indicator, str] | None] = {}  # what each column names; None: nothing that can be read
    timed: dict[int, Place] = {}  # headers and what they say of time, for growth behind them that says nothing
    singles: list[tuple[Draft, Wrong]] = []
    beside: list[str] = []
    summed = {d.column for d in drafts if d.says.summed or (d.says.part or "").startswith(("Q", "Y"))}
    ragged = _ragged(grid, header, first, last, block, drafts, ignored)
    if ragged:
        return {}, periods
    spans = [d for d in drafts if not d.why]
    rates = [cell for d in spans if d.head.growth for cell in d.figures]
    among = [value for value, _ in _bare(rates)] if rates else None
    monthly = next((d.says.single for d in drafts if re.search("月", d.says.single)), "")
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
            if is_index(draft.path):
                raise index_wrong()
            if _part_of_left(draft, named, context):
                timed[draft.column] = Place(draft.path, grid.at(*draft.at), "header", draft.says)
                singles.append((draft, _a_single(draft)))
                continue
            indicator, head, why = _indicator(draft, grid, context, around, named, header, block)
            named[draft.column] = indicator, why
            header_place = Place(draft.path, grid.at(*draft.at), "header", _apart_siblings(draft, spans))
            if why != "left" or header_place.says.dated:
                timed[draft.column] = header_place
            elif timed and max(timed) not in found:  # of an amount that is a single month's, or refused
                header_place = timed[max(timed)]
            head_says = header_place.says
            if around.index and indicator.kind == "growth":
                raise index_wrong()
            against(indicator, head, draft.path, around)
            from_january = summed - {draft.column} or any(p.says.summed for p in around.places)
            if (head_says.single or head_says.bare) and from_january and indicator.kind not in ("level", "share"):
                singles.append((draft, _a_single(draft)))
                continue
            stock = indicator.kind in ("level", "share", "date")
            if head_says.day and not head_says.part:
                head_says = _of_a_day(head_says, stock)
            header_place = replace(header_place, says=head_says)
            when: str | None = ""
            period_why: tuple[Place, ...] = ()
            # 年末常住人口 is a name: beside a column of periods it says none of its own.
            if not periods or (head_says.dated and (head_says.year or head_says.part != "Y")):
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
                if monthly and head_says.summed and not stock and not any(p.says.part for p in period_why):
                    raise Wrong(
                        f"旁边是“{monthly}”\uff0c没有说明“{draft.path[:20]}”累计到哪个月",
                        f"beside {monthly!r}, up to which month {draft.path[:20]!r} runs is not said",
                        "在标题或表头写明\uff0c如 2025年1—9月",
                        "write it in the title or header, as 2025年1—9月",
                    )
            base = next((s.base for s in (head_says, *(p.says for p in around.places)) if s.base), None) or 0
            sound_base(base, when, indicator)
            formats = [cell.unit for cell in draft.figures if cell.unit]
            formats = list(dict.fromkeys(formats)) if len(formats) == len(draft.figures) else []
            unit, unit_how = unit_of(indicator, (), head.units, around.units, formats, context.known)
            noted = [u for u in around.noted_units if FAMILY.get(u) == FAMILY.get(unit)]
            if noted and unit not in noted and indicator.adds_up == "sum":
                raise Wrong(
                    f"表头的单位是{unit}\uff0c表注却是{'、'.join(noted)}",
                    f"the header is in {unit}, the note says {', '.join(noted)}",
                    "改正其一",
                    "correct one of them",
                )
            said_rate = all(cell.percent or "%" in cell.text for cell in draft.figures)
            if head.growth and head.loose and around.units and "%" not in around.units and not said_rate:
                raise Wrong(
                    f"没有说明“{draft.path[:20]}”是百分数还是数额",
                    f"whether {draft.path[:20]!r} is a rate or an amount is not said",
                    "在表头写（%）",
                    "write (%) in the header",
                )
            look_like_rates(indicator, unit, draft.figures, among)
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
            meaning = Meaning(indicator, when, unit, status, tuple(evidence), base)
            found[draft.column] = meaning
            if why == "left":
                beside.append(f"{grid.at(*draft.at)}“{draft.path[:20]}”→{indicator.zh}")
        except Wrong as wrong:
            named.setdefault(draft.column, None)
            grid.fault(*draft.at, wrong)
        _listed(grid, draft, meaning, context, "read" if meaning else "refused")
    for column in sorted(set(found) & {c + 1 for c in found}):
        _cut_in_two(grid, first, last, column, found)
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


def _part_of_left(draft: Draft, named: Mapping[int, tuple[Indicator, str] | None], context: Context) -> bool:
    """Whether a header says only a single month, as 其中：9月 beside an amount that is named."""
    left = named[max(named)] if named else None
    if left is None or left[1] != "header" or left[0].kind in ("level", "share"):
        return False
    only = not draft.head.name and not head_of(draft.wider, context.known).name
    return only and bool(draft.says.single or draft.says.bare)


def _a_single(draft: Draft) -> Wrong:
    word = draft.says.single or draft.path
    return Wrong(f"“{word[:20]}”是单月或单季数", f"{word[:20]!r} is a single month or quarter")


def _of_a_day(says: Said, stock: bool) -> Said:
    """Return what a header says that names a day: of what stands at the end of a month, that month."""
    assert says.day is not None
    year, month, day = says.day
    if stock and month_end(month, day):
        return replace(says, year=says.year or year, part=f"M{month:02}")
    said_day = f"{f'{year}年' if year else ''}{month}月{day}日"
    raise Wrong(
        f"表头写的是日期“{said_day}”\uff0c不知是哪一段时间的数",
        f"the header names a day, {said_day}: of what stretch of time are the figures?",
        "写作 2025年1—9月、2025年前三季度 或 2025年",
        "write 2025Q3, 2025-08 or 2025",
    )


def against(indicator: Indicator, head: Head, path: str, around: Around) -> None:
    """Raise when the header, title or notes say that a column is measured otherwise than the indicator is."""
    money = FAMILY.get(indicator.unit) == "money" and indicator.kind == "cumulative"
    fixed = next((cell for named, cell in around.constant if not named or indicator.id in named), "")
    if fixed and money and not re.search(r"现价|当年价", path):
        raise Wrong(
            f"{fixed} 写明按不变价或可比价\uff0c不是现价数",
            f"{fixed} says constant prices: these are no nominal amounts",
            "改用现价数\uff1b若只有增速按不变价\uff0c写明“增速按不变价计算”",
            "give nominal amounts; if only growth is at constant prices, say so of the growth",
        )
    if indicator.kind != "growth":
        return
    if head.real and not _REAL.match(indicator.id):
        raise Wrong(
            f"{indicator.zh}的实际增速扣除了价格\uff0c不是公布的名义增速",
            f"real growth is not the nominal one that is published for {indicator.en}",
            "改用名义增速\uff0c或删去此列",
            "give the nominal growth, or delete the column",
        )
    if where := next((cell for named, cell in around.scope if not named or indicator.id in named), ""):
        raise Wrong(
            f"{where} 写明增速是同口径或扣除某项的\uff0c与公布的增速口径不同",
            f"{where} says that growth is of another scope than the published one",
            "改用公布口径的增速\uff0c或删去此列",
            "give growth of the published scope, or delete the column",
        )


def _cut_in_two(grid: Grid, first: int, last: int, column: int, found: dict[int, Meaning]) -> None:
    """Refuse two columns of a text with commas that are one number each, cut at its comma: 1,317 as 1 and 317."""
    left = found[column - 1]
    if grid.sheet.delimiter != "," or FAMILY.get(left.indicator.unit) != "money":
        return
    pairs = [(a, b) for r in range(first, last + 1) if (a := grid.text(r, column - 1)) and (b := grid.text(r, column))]
    if len(pairs) < 2 or not all(re.fullmatch(r"\d{1,3}", a) and re.fullmatch(r"\d{3}", b) for a, b in pairs):
        return
    values = [convert(Decimal(a), left.unit, left.indicator.unit) for a, _ in pairs]
    if all(value is not None and value < left.indicator.low for value in values):
        a, b = pairs[0]
        grid.fault(first, column - 1, cut_wrong(a, b))
        for c in (column - 1, column):
            found.pop(c, None)


def cut_wrong(a: str, b: str) -> Wrong:
    """Return what is wrong with two cells that look like one number, cut at its comma."""
    return Wrong(
        f"“{a},{b}”像是被逗号分成两格的 {a}{b}",
        f"'{a},{b}' looks like {a}{b} cut in two by its comma",
        "去掉千分位逗号\uff0c或给带逗号的数加引号",
        "take the commas out of the numbers, or quote them",
    )


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
    own_columns = {c for c in range(block.first, block.last + 1) if c not in place_columns}
    by_column: dict[int, list[Cell]] = {c: [] for c in own_columns}
    of_places: dict[int, list[Cell]] = {
        c: [] for c in own_columns
    }  # but totals and zones, which may be of another kind
    nobody = (None, TOTAL, *apart())
    aside_rows = {
        r
        for r in range(first, last + 1)
        if all(place_in(text) in nobody for c in (block.names, block.codes) if (text := grid.text(r, c)))
    }
    for (r, c), cell in grid.sheet.cells.items():
        if c in own_columns and first <= r <= last and (cell.number is not None or not no_data(cell)):
            by_column[c].append(cell)
            if r not in aside_rows:
                of_places[c].append(cell)
    for column in sorted(own_columns):
        if not (filled := by_column[column]):
            continue
        own = [(r, spread.get((r, column), "")) for r in header]
        pieces = tuple(text for n, (_, text) in enumerate(own) if text and text != (own[n - 1][1] if n else ""))
        figures = tuple(
            c for c in of_places[column] or filled if c.number is not None or c.trouble or re.search(r"\d", c.text)
        )
        path = "".join(pieces)
        at = (next((r for r in reversed(header) if grid.text(r, column)), header[-1] if header else first), column)
        if _is_period_column(path, filled):
            if periods:
                grid.fault(*at, two_periods(path))
            periods = periods or column
            continue
        if SPLITS.fullmatch(flat(path)) and not figures:
            grid.fault(*at, split_up(path))
        why = aside(path) if pieces else ""
        head = head_of(pieces, context.known)
        names_none = context.known.named(head.name, head.growth) is None  # 620000 beneath a name is a figure
        if pieces and not why and (not figures or (names_none and _placing(path, filled))):
            why = "place"
        wider = tuple(_filled(grid, own, column, block))
        says = _when(pieces)
        if not says.dated and pieces and wider != pieces and (over := _when(wider)).dated:
            says = over  # 2024年 stands over the column at the left and over this one
        draft = Draft(column, at, path, pieces, wider, figures, why, head, says)
        (ignored if why == "place" else drafts).append(draft)
    return drafts, periods, ignored


def two_periods(text: str) -> Wrong:
    """Return what is wrong with a second column that says when."""
    return Wrong(
        f"时期分写在几列里\uff1a“{text[:20]}”",
        f"the period stands in several columns: {text[:20]!r}",
        "合成一列\uff0c如 2025Q3\uff0c从年初累计",
        "write it in one column, as 2025Q3, running from January",
    )


def split_up(text: str) -> Wrong:
    """Return what is wrong with rows that are of parts of a county."""
    return Wrong(
        f"“{text[:20]}”一列说明各行只是县的一部分\uff0c不是全县的数",
        f"{text[:20]!r} says that each row is of a part of the county, not of the whole",
        "只留全县的行\uff0c删去这一列",
        "keep the rows of whole counties, and delete the column",
    )


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
    if PERIOD_HEAD.fullmatch(plain):
        return True
    return not plain and all(re.fullmatch(r"(?:19|20)\d\d年?", cell.text.strip()) for cell in filled)


def _apart_siblings(draft: Draft, drafts: Sequence[Draft]) -> Said:
    """Return what a header says of time, as a single quarter where those beside it are: 一季度 beside 二季度."""
    says = draft.says
    if not says.quarter and says.part not in ("Q1", "Q2", "Q3"):
        return says
    others = [d for d in drafts if d is not draft and d.head == draft.head]
    if says.apart and says.quarter and any(d.says.quarter for d in others):
        return replace(says, single=says.single or draft.path)
    if any(d.says.apart for d in others) and (says.quarter or says.part in ("Q1", "Q2", "Q3")):
        return replace(says, single=says.single or draft.path)
    # 一季度 and 三季度, and nothing beside them that surely runs from January: each may be single.
    other = any(d.says.quarter and d.says.part != says.part for d in others)
    if says.quarter and other and all(d.says.quarter for d in others):
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
    if head.name == "增加值" and len(draft.pieces) == 1 and (title := title_indicator(around.title, known, False)):
        indicator = known.named(title.zh.removesuffix("增加值") + "增加值", head.growth)
        if indicator:  # under the title 第一产业
            return indicator, head, "title"
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


def look_like_rates(
    indicator: Indicator, unit: str, figures: Sequence[Cell], beside: Sequence[Decimal] | None = None
) -> None:
    """Refuse a column of per cent that looks like shares of one, like a hundred times itself, or like an index.

    `beside` are all growth rates of the table that show no %: alone 0.5 may be half a per cent, among others below 1
    hardly.
    """
    if unit != "%":
        return
    most = 2 * max(abs(indicator.low), abs(indicator.high))
    huge = next((c for c in figures if c.percent and c.number is not None and abs(c.number) > most), None)
    if huge is not None and indicator.kind in ("growth", "share"):
        raise Wrong(
            f"单元格显示为 {huge.text}\uff0c不合常理",
            f"the cell is shown as {huge.text}, which cannot be",
            "百分号格式会乘以100\uff1a5.7% 应存作 0.057\uff0c或写 5.7 并用常规格式",
            "a per cent format multiplies by 100: hold 0.057 for 5.7%, or 5.7 with the format General",
        )
    numbers = _bare(figures)
    if not numbers:
        return
    values = [value for value, _ in numbers]
    among = beside if indicator.kind == "growth" and beside is not None else values
    digits = [len(text.partition(".")[2]) for _, text in numbers]
    fine = [n > 2 and v != 0 and abs(v) < _HALF for v, n in zip(values, digits, strict=True)]
    if (
        (len(values) > 1 and all(abs(v) < 1 for v in values) and any(values))
        or (len(among) > 1 and all(abs(v) < 1 for v in among) and any(values))
        or 0 < max(map(abs, values)) < Decimal("0.1")
        or sum(fine) * 2 >= len(fine)
        or (any(fine) and all(n < 3 for n, one in zip(digits, fine, strict=True) if not one))
        or (indicator.kind == "share" and indicator.low > 1 and any(0 < v < 1 for v in values))
    ):
        shown = next((t for (_, t), one in zip(numbers, fine, strict=True) if one), numbers[0][1])
        raise Wrong(
            f"百分数小于1\uff0c像是少乘了100\uff1a{shown}",
            f"the per cents look like shares of one: {shown}",
            "5.7% 写作 5.7 或 5.7%\uff08带百分号\uff09",
            "write 5.7 per cent as 5.7 or 5.7%",
        )
    if indicator.kind == "growth" and all(70 <= v <= 150 for v in values) and len(values) == len(figures):
        raise Wrong(
            f"增速都在70—150之间\uff0c像是以上年为100的指数\uff1a{numbers[0][1]}",
            f"all growth rates are between 70 and 150, as an index is: {numbers[0][1]}",
            "指数减去100\uff1b若确是增速\uff0c写作 105.7%\uff08带百分号\uff09",
            "take 100 from an index; if it is growth, write it with a %: 105.7%",
        )


def _bare(cells: Sequence[Cell]) -> list[tuple[Decimal, str]]:
    """Return the numbers of cells that show no %, each with its text."""
    found: list[tuple[Decimal, str]] = []
    for cell in cells:
        if cell.percent:
            continue
        if cell.number is not None:
            found.append((cell.number, cell.text))
        elif is_number(text := half_width(cell.text).strip()) and "," not in text:
            found.append((Decimal(text.replace(" ", "")), text))
    return found


def _spread(grid: Grid, header: range) -> dict[tuple[int, int], str]:
    """Return the header's texts, those of merged cells over all they cover."""
    width = grid.sheet.shape[1]
    found = {(r, c): grid.text(r, c) for r in header for c in range(1, width + 1) if (r, c) in grid.sheet.cells}
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
                grid.fault(first, draft.column - 1, cut_wrong(a, b))
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
