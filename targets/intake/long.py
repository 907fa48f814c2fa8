"""Our own template, and any table with a row for each value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from targets.indicators import Indicator, half_width, plain_name
from targets.intake.around import Around, At, index_wrong, read_around
from targets.intake.columns import PERIOD_HEAD, SPLITS, against, look_like_rates, split_up, two_periods
from targets.intake.grid import (
    ASIDE_ROW,
    LONGEST,
    Context,
    Found,
    Grid,
    Meaning,
    place_of,
    row_of,
    sound_base,
    sound_period,
)
from targets.intake.report import Column, Evidence, Wrong
from targets.intake.rows import beside, texts_beside
from targets.intake.sheets import Sheet
from targets.intake.shown import Cell
from targets.intake.spans import Place, read_own, said, settle
from targets.intake.tokens import (
    READ_STATUSES,
    STATUS_WORDS,
    aside,
    flat,
    head_of,
    is_index,
    no_marks,
    unit_of,
    unknown,
)
from targets.intake.values import no_data
from targets.observations import Row
from targets.places import TOTAL, apart, here

FIELDS = {
    "code": "县代码|代码|行政区划代码|区划代码|地区代码|adcode|code",
    "name": "县名|县|县区|县市区|县(区)|县(市)|县(市、区)|区县|地区|名称|区划名称|place|county|name",
    "indicator": "指标|指标名称|统计指标|项目|indicator",
    "period": "时期|期间|年份|年度|报告期|period",
    "value": "数值|值|指标值|数据|value",
    "unit": "单位|计量单位|unit",
    "status": "状态|数据状态|status",
    "source": "来源|数据来源|资料来源|source",
    "source_url": "来源网址|网址|链接|source_url|url",
    "note": "备注|note|notes",
}
_FIELD = {plain_name(name): field for field, names in FIELDS.items() for name in names.split("|")}


def long_header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Return the row of the headings and the column of each field; None when it is no such table."""
    for row in range(1, min(sheet.shape[0], 20) + 1):
        found: dict[str, int] = {}
        for column in range(1, min(sheet.shape[1], 40) + 1):
            cell = sheet.cells.get((row, column))
            if cell is None or cell.number is not None:
                continue
            heading = plain_name(re.sub(r"[/|].*", "", cell.text[:300]))
            if heading in _FIELD:
                found.setdefault(_FIELD[heading], column)
        if {"indicator", "value"} <= found.keys() and found.keys() & {"code", "name"}:
            return row, found
    return None


def read_long(sheet: Sheet, header: int, columns: dict[str, int], context: Context, found: Found) -> None:
    """Read a row for each value."""
    grid = Grid(sheet, False, found)
    rows = sorted({r for r, _ in sheet.cells if r > header})
    around = _around(grid, header, rows, columns, context)
    if around is None or _unread(grid, header, columns):
        return
    understood: dict[tuple[str, str], Meaning] = {}
    cells: dict[tuple[str, str], list[Cell]] = {}
    periods = {grid.text(r, columns.get("period", 0)) for r in rows}
    by_quarter = any(said(text).apart for text in periods)
    taken = set(columns.values()) - {columns.get("note", 0)}
    others = texts_beside(sheet, context, header + 1, range(1, sheet.shape[1] + 1), taken)
    left: list[str] = []
    made: list[tuple[int, tuple[str, str], Row]] = []
    for row in rows:
        value = sheet.cells.get((row, columns["value"]))
        place_column = columns.get("code", columns.get("name", 1))
        code, name = grid.text(row, columns.get("code", 0)), grid.text(row, columns.get("name", 0))
        try:
            place = place_of(code, name, found)
        except Wrong as wrong:
            if name and ASIDE_ROW.fullmatch(flat(name)):
                left.append(f"{grid.at(row, columns['name'])}“{name[:16]}”")
            elif value and not no_data(value):
                no_code = not grid.text(row, place_column)
                grid.fault(row, columns.get("name", place_column) if no_code else place_column, wrong)
            elif text := name or code:
                left.append(f"{grid.at(row, place_column)}“{text[:16]}”")
            continue
        if value is None or no_data(value):
            found.empty += value is not None
            continue
        where = columns["indicator"]
        try:
            heading = grid.text(row, where)
            unit = grid.text(row, columns.get("unit", 0))
            if (heading, unit) not in understood:
                understood[heading, unit] = _meaning(heading, unit, context, around)
            meaning = understood[heading, unit]
            if place in apart() and meaning.indicator.places == "park":
                place = here().park_of(place) or place
            if place == TOTAL or place in apart():
                left.append(f"{grid.at(row, place_column)}“{(name or code)[:16]}”")
                continue
            where = columns.get("period", where)
            cell = sheet.cells.get((row, columns.get("period", 0)))
            period = _period(grid, row, where, cell, heading, by_quarter, around, meaning.indicator, context)
            sound_period(period, meaning.indicator, context.today)
            sound_base(meaning.base, period, meaning.indicator)
            where = columns.get("status", where)
            given = _status(grid.text(row, columns.get("status", 0))) or meaning.status
            status = given or around.status(meaning.indicator.id, period or "")[0]
            where = columns["value"]
            extra = {n: grid.text(row, columns.get(n, 0)) for n in ("source", "source_url", "note")}
            at = f"{sheet.name}!{grid.at(row, where)}"
            meaning = replace(meaning, period=period, status=status)
            for text in others.get(row, ()):
                meaning = beside(text, meaning, context)
            cells.setdefault((heading, unit), []).append(value)
            made.append((row, (heading, unit), row_of(value, place, meaning, at, context, context.citation, extra)))
        except Wrong as wrong:
            grid.fault(row, where, wrong)
    refused: set[tuple[str, str]] = set()
    for key, figures in cells.items():
        try:
            look_like_rates(understood[key].indicator, understood[key].unit, figures)
        except Wrong as wrong:
            refused.add(key)
            grid.fault(next(row for row, one, _ in made if one == key), columns["value"], wrong)
    found.rows += [row for _, key, row in made if key not in refused]
    if left:
        listed = "、".join(left[:12]) + ("…" if len(left) > 12 else "")
        grid.remark(
            f"合计、市本级、开发区、说明等{len(left)}行未存\uff1a{listed}",
            f"{len(left)} rows of totals, zones or notes not stored: {listed}",
        )
    head = grid.at(header, columns["value"])
    for (heading, _), meaning in understood.items():
        why = (
            Evidence("indicator", meaning.indicator.zh, grid.at(header, columns["indicator"]), heading, "row"),
            Evidence("period", "", grid.at(header, columns["period"]) if "period" in columns else "", "",
                     "row" if "period" in columns else "caller"),
            *meaning.evidence,
        )  # fmt: skip
        text = f"{grid.text(header, columns['value'])} · {heading}"
        found.columns.append(
            Column(sheet.name, head, text, "read", meaning.indicator, "", meaning.unit, meaning.status, why)
        )


def _around(
    grid: Grid, header: int, rows: Sequence[int], columns: Mapping[str, int], context: Context
) -> Around | None:
    """Return what stands over and under the rows; None when it is against all of them."""
    cells = grid.sheet.cells
    # A row whose value is missing is still a row of the table: what stands in it is no note under the table.
    named = [columns[key] for key in ("indicator", "period") if key in columns]
    filled = [r for r in rows if (r, columns["value"]) in cells or (named and all((r, c) in cells for c in named))]
    last = max(filled, default=header)
    above = [key for key in sorted(cells) if key[0] < header]
    below = [key for key in sorted(cells) if key[0] > last]
    try:
        return read_around(grid, context, above, [], below)
    except At as at:
        grid.fault(*at.key, at.wrong)
        return None


def _unread(grid: Grid, header: int, columns: Mapping[str, int]) -> bool:
    """Note headings that say more of the values than is read: a second one of time, or of parts of a county."""
    wrong = False
    for column in range(1, grid.sheet.shape[1] + 1):
        text = grid.text(header, column)
        plain = re.sub(r"\([^()]*\)", "", flat(text))
        if not plain or column in columns.values():
            continue
        if PERIOD_HEAD.fullmatch(plain):
            grid.fault(header, column, two_periods(text))
            wrong = True
        elif SPLITS.fullmatch(plain):
            grid.fault(header, column, split_up(text))
            wrong = True
    return wrong


def _meaning(heading: str, unit: str, context: Context, around: Around) -> Meaning:
    known = context.known
    head = head_of([heading] if heading else [], known)
    if is_index(heading):
        raise index_wrong()
    indicator = known.named(head.name, head.growth)
    if indicator is None:
        raise unknown(head.name, head.growth, known)
    if aside(heading) and plain_name(no_marks(heading)) not in known.names:
        raise Wrong(
            f"“{heading[:30]}”不是{indicator.zh}的现价实际数",
            f"{heading[:30]!r} is no nominal outcome of {indicator.en}",
            "只导入现价的实际数",
            "import nominal outcomes only",
        )
    if around.index and indicator.kind == "growth":
        raise index_wrong()
    against(indicator, head, heading, around)
    unit, how = unit_of(indicator, [unit] if unit else [], head.units, around.units, [], known)
    base = said(heading).base or next((p.says.base for p in around.places if p.says.base), None) or 0
    return Meaning(indicator, None, unit, head.status, (Evidence("unit", unit, "", "", how),), base)


def _period(
    grid: Grid,
    row: int,
    column: int,
    cell: Cell | None,
    heading: str,
    apart: bool,
    around: Around,
    indicator: Indicator,
    context: Context,
) -> str | None:
    """Return the period of a row: its own, else that of its indicator's name, of the title, or of the import."""
    stock = indicator.kind in ("level", "share", "date")
    if cell is None:
        if context.caller:
            return context.caller
        place = Place(heading, grid.at(row, column), "row", said(heading))
        return settle(place.says, place, around.places, "", stock).period
    found = _own_period(cell.text[:LONGEST].strip(), cell.month, apart)
    # 2025 beneath a title of its third quarter: which of both?
    for place in around.places:
        says, at = place.says, place.cell or place.text
        narrower = says.part not in (None, "Y") and len(found) == 4 and says.year in (None, int(found[:4]))
        if narrower or says.single:
            raise Wrong(
                f"时期写的是 {found}\uff0c{at[:30]} 写的却是“{place.text[:30]}”",
                f"the period is {found}, but {at[:30]} says {place.text[:30]!r}",
                "改正其一\uff0c如 2025Q3",
                "correct one of them, as 2025Q3",
            )
    if len(found) == 4 and around.narrower:
        raise Wrong(
            f"表注写的是“{around.narrower.text[:30]}”\uff08{around.narrower.cell}\uff09\uff0c时期却是 {found}",
            f"the note {around.narrower.text[:30]!r} speaks of a part of the year, the period is {found}",
            "改正其一\uff0c如 2025Q3",
            "correct one of them, as 2025Q3",
        )
    return found


def _own_period(text: str, month: bool, apart: bool) -> str:
    found, says = read_own(text, month)
    if says.unclear:
        raise Wrong(says.unclear.zh, says.unclear.en, "一行一个时期", "give each row one period")
    if says.single or (apart and (says.quarter or re.search(r"[Qq][1-4]", text))):
        raise Wrong(
            f"只收从年初累计的数\uff0c不收单季、单月的数\uff1a“{text[:20]}”",
            f"values must run from January, not a single quarter or month: {text[:20]!r}",
            "季度数从年初累计\uff0c写作 2025Q2 或 上半年",
            "write 2025Q2 for January to June",
        )
    if not found or says.bare:
        raise Wrong(
            "认不出时期" if not found else f"没有说明“{text[:20]}”是单月数还是1月至该月的累计数",
            "the period cannot be read" if not found else f"is {text[:20]!r} a single month, or from January?",
            "写作 2024、2025Q3 或 2025-08",
            "write 2024, 2025Q3 or 2025-08",
        )
    return found


def _status(text: str) -> str:
    plain = half_width(text)
    plain = STATUS_WORDS.get(plain, plain)
    if plain and plain not in READ_STATUSES:
        raise Wrong(
            "认不出状态",
            "the status is not known",
            f"写{'、'.join(READ_STATUSES)}之一",
            f"write one of {', '.join(READ_STATUSES)}",
        )
    return plain
