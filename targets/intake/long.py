"""Our own template, and any table with a row for each value."""

from __future__ import annotations

import re
from dataclasses import replace

from targets.indicators import half_width, plain_name
from targets.intake.grid import Context, Found, Grid, Meaning, place_of, row_of, sound_period
from targets.intake.report import Column, Evidence, Wrong
from targets.intake.sheets import Sheet
from targets.intake.spans import read_own, said
from targets.intake.tokens import READ_STATUSES, STATUS_WORDS, head_of, unit_of, unknown
from targets.intake.values import no_data
from targets.places import TOTAL, name_of
from targets.published import LANZHOU_NEW_AREA

FIELDS = {
    "code": "县代码|代码|行政区划代码|区划代码|地区代码|adcode|code",
    "name": "县名|县|县区|县市区|县(区)|县(市)|县(市、区)|区县|地区|名称|区划名称|place|county|name",
    "indicator": "指标|指标名称|indicator",
    "period": "时期|期间|年份|报告期|period",
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
    understood: dict[tuple[str, str], Meaning] = {}
    periods = {grid.text(r, columns.get("period", 0)) for r in {r for r, _ in sheet.cells if r > header}}
    apart = any(said(text).apart for text in periods)
    for row in sorted({r for r, _ in sheet.cells if r > header}):
        value = sheet.cells.get((row, columns["value"]))
        place_column = columns.get("code", columns.get("name", 1))
        try:
            place = place_of(grid.text(row, columns.get("code", 0)), grid.text(row, columns.get("name", 0)), found)
        except Wrong as wrong:
            if value and not no_data(value):
                no_code = not grid.text(row, place_column)
                grid.fault(row, columns.get("name", place_column) if no_code else place_column, wrong)
            continue
        if value is None or no_data(value):
            found.empty += value is not None
            continue
        where = columns["indicator"]
        try:
            heading = grid.text(row, where)
            unit = grid.text(row, columns.get("unit", 0))
            if (heading, unit) not in understood:
                understood[heading, unit] = _meaning(heading, unit, context)
            meaning = understood[heading, unit]
            if place == LANZHOU_NEW_AREA and meaning.indicator.places == "park":
                place = "P01"
            if place in (TOTAL, LANZHOU_NEW_AREA):
                grid.remark(
                    f"第{row}行{name_of(place) if place != TOTAL else '合计'}未存",
                    f"row {row} is a total or no county: not stored",
                )
                continue
            where = columns.get("period", where)
            period = context.caller or None
            if text := grid.text(row, columns.get("period", 0)):
                period = _period(text, sheet.cells[row, columns["period"]].month, apart)
            sound_period(period, meaning.indicator, context.today)
            where = columns.get("status", where)
            status = _status(grid.text(row, columns.get("status", 0))) or meaning.status
            where = columns["value"]
            extra = {n: grid.text(row, columns.get(n, 0)) for n in ("source", "source_url", "note")}
            at = f"{sheet.name}!{grid.at(row, where)}"
            meaning = replace(meaning, period=period, status=status)
            found.rows.append(row_of(value, place, meaning, at, context, context.citation, extra))
        except Wrong as wrong:
            grid.fault(row, where, wrong)
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


def _meaning(heading: str, unit: str, context: Context) -> Meaning:
    known = context.known
    head = head_of([heading] if heading else [], known)
    indicator = known.named(head.name, head.growth)
    if indicator is None:
        raise unknown(head.name, head.growth, known)
    unit, how = unit_of(indicator, [unit] if unit else [], head.units, [], [], known)
    return Meaning(indicator, None, unit, head.status, (Evidence("unit", unit, "", "", how),))


def _period(text: str, month: bool, apart: bool) -> str:
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
