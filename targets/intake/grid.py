"""What the reader passes from step to step: a sheet seen from its rows, what is known, and what has been found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from targets.indicators import Indicator, convert
from targets.intake.report import Column, Evidence, Fault, Remark, Wrong
from targets.intake.sheets import Sheet, address
from targets.intake.shown import Cell
from targets.intake.tokens import Known
from targets.intake.values import day, number, possible
from targets.observations import Row
from targets.periods import FORM, begins, ends
from targets.places import areas, here, meant, name_of, old_name, read_place

LONGEST = 300  # of a heading or a name; the rest of a longer text says nothing more


@dataclass(frozen=True)
class Context:
    """What holds for the whole file."""

    known: Known
    caller: str
    citation: str
    cited: bool
    status: str
    today: date
    file: str
    parks: Mapping[str, str]


@dataclass
class Found:
    """What has been found so far, in the order of the file."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)  # what stood where nothing could be read
    empty: int = 0
    old_names: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Grid:
    """A sheet whose counties stand in rows: turned, when they stand in columns."""

    sheet: Sheet
    turned: bool
    found: Found

    def at(self, row: int, column: int) -> str:
        """Return the address that the file has for a place of the grid."""
        return address(column, row) if self.turned else address(row, column)

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell."""
        cell = self.sheet.cells.get((row, column))
        return cell.text[:LONGEST].strip() if cell else ""

    def fault(self, row: int, column: int, wrong: Wrong) -> None:
        """Note what is wrong with a cell."""
        cell = self.sheet.cells.get((row, column))
        value = cell.text if cell else ""
        value = value if len(value) <= 60 else value[:57] + "…"
        self.found.faults.append(Fault(self.sheet.name, self.at(row, column), value, *wrong.words))

    def remark(self, zh: str, en: str, cell: str = "") -> None:
        """Note something that the user should know."""
        self.found.remarks.append(Remark(self.sheet.name, zh, en, cell))


@dataclass(frozen=True)
class Meaning:
    """What the figures of a column are."""

    indicator: Indicator
    period: str | None
    unit: str
    status: str = ""
    evidence: tuple[Evidence, ...] = ()
    base: int = 0  # the year that growth is measured against, where it is said by number


def sound_period(period: str | None, indicator: Indicator, today: date) -> None:
    """Raise when a period is missing, or has not ended."""
    if period is None:
        if indicator.kind == "date":
            return
        raise Wrong(
            "没有说明时期",
            "no period is given",
            "在标题或表头写时期\uff0c如 2025年三季度\uff0c或在导入时选定",
            "write it in the title or header, as 2025Q3, or choose it on import",
        )
    if not FORM.fullmatch(period) or begins(period) > today:
        raise Wrong(f"时期 {period} 还没有到", f"the period {period} is still to come", "核对年份", "check the year")
    # A road may open within a year that has not ended; a year's product cannot be known before.
    if indicator.kind != "date" and (last := ends(period)) > today:
        raise Wrong(
            f"时期 {period} 到{last.year}年{last.month}月{last.day}日才结束\uff0c现在还不会有这个时期的数",
            f"the period {period} ends on {last.isoformat()}: its figures cannot be known yet",
            "若是年内累计数\uff0c写明季或月\uff0c如 2025Q3、2025-08\uff1b若是预计数\uff0c不要导入",
            "if they run to a quarter or month, say which, as 2025Q3 or 2025-08; do not import expected figures",
        )


def sound_base(base: int, period: str | None, indicator: Indicator) -> None:
    """Raise when growth is not over the year before."""
    if base and period and indicator.kind == "growth" and base != int(period[:4]) - 1:
        raise Wrong(
            f"这是比{base}年的增长\uff0c不是比上年",
            f"this is growth over {base}, not over the year before",
            "改用比上年的增速\uff0c或删去此列",
            "give the growth over the year before, or delete the column",
        )


def place_of(code: str, name: str, found: Found | None = None) -> str:
    """Return the place that code and name say alike."""
    by_code = read_place(code) if code else None
    named = read_place(name) if name else None
    if name and found is not None and (old := old_name(name)):
        found.old_names.setdefault(name.strip(), old)
    if code and by_code is None and read_place(name) != "total":
        raise Wrong(
            f"“{code[:20]}”不是{here().region.short}的县区代码",
            f"{code[:20]!r} is no code of a county of {here().region.name_en}",
            "核对代码",
            "check the code",
        )
    if name and named is None and not by_code:
        may = meant(name)
        raise Wrong(
            f"认不出“{name[:20]}”是哪个县",
            f"no county is known by the name {name[:20]!r}",
            f"是{'还是'.join(may)}\uff1f写全称或代码" if may else "写全称或代码",
            f"is it {' or '.join(may)}? Write its full name or code" if may else "write its full name or code",
        )
    if name and by_code and named is None and by_code not in [p for p in areas() if name_of(p) in meant(name)]:
        raise Wrong(
            f"代码是{name_of(by_code)}\uff0c县名却是“{name[:20]}”",
            f"the code is of {by_code}, the name {name[:20]!r}",
            "改正其一",
            "correct one of them",
        )
    if by_code and named and by_code != named:
        raise Wrong(
            f"代码是{name_of(by_code)}\uff0c县名却是{name[:20]}",
            f"the code is of {by_code}, the name of {named}",
            "改正其一",
            "correct one of them",
        )
    place = by_code or named
    if place is None:
        raise Wrong("这一行没有县名", "the row names no county", "写上县名或代码", "write its name or code")
    return place


def row_of(
    cell: Cell, place: str, meaning: Meaning, where: str, context: Context, source: str, extra: Mapping[str, str]
) -> Row:
    """Return one figure as a row, or raise what is wrong with it."""
    indicator = meaning.indicator
    if (indicator.places == "park") != (place in context.parks):
        raise Wrong(
            f"{indicator.zh}是{'园区' if indicator.places == 'park' else '县市'}的指标\uff0c不属于{name_of(place)}",
            f"{indicator.en} is not an indicator of {place}",
            "核对指标",
            "check the indicator",
        )
    period = meaning.period
    if indicator.kind == "date":
        value, unit = Decimal(day(cell)), indicator.unit
        if value > context.today.year * 10000 + context.today.month * 100 + context.today.day:
            raise Wrong(
                "这个日期还没有到",
                "the day is still to come",
                "只导入已通车的\uff0c核对日期",
                "import only what has opened; check the day",
            )
        period = period or str(value)[:4]
    else:
        value, unit = number(cell, meaning.unit)
    kept = indicator.unit
    converted = value if unit == kept else convert(value, unit, kept)
    if converted is None:
        raise Wrong(
            f"{indicator.zh}的单位不能是{unit}",
            f"{indicator.en} cannot be in {unit}",
            f"应为{kept}一类的单位",
            f"it must be {kept} or what converts to it",
        )
    possible(indicator, converted)
    assert period is not None
    printed = cell.text.strip()
    return Row(
        place,
        indicator.id,
        period,
        float(converted),
        kept,
        meaning.status or context.status,
        extra.get("source") or source,
        extra.get("source_url", ""),
        extra.get("note", ""),
        where,
        printed if unit in printed or unit == "日期" else f"{printed} {unit}",
    )


ASIDE_ROW = re.compile(
    r".*(?:市辖区|[市区县州]本级|本级|市直|州直|直属|高新(?:技术)?(?:产业)?(?:开发)?区|经开区|经济(?:技术)?(?:开发)?区|矿区|场区|"
    r"新区|开发区|示范区|园区|循环经济区|管委会|保护区|林区|林管?局|农垦|农场|兵团|基地|工业区|保税区|试验区|产业园|管理区).*"
)
