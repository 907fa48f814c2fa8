"""Random tables in random layouts: what is read is what was written, or nothing; never another number.

A truth (place, indicator, period: value) is written in a layout that is drawn: one or two rows of header, merged or
blank to the right; units in header, corner, line, title or format; the period in header, corner, title, tab, file name
or a column; counties in rows or in columns; blocks beside each other; ranks, constant prices, targets, single months
beside; zones, totals, footnotes and their marks. A layout may also be spoiled: then a key may be missing, but none may
have another value.
"""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from import_corpus import counties, csv, xlsx
from openpyxl import Workbook

from geodata.names import known_counties
from targets.importing import read_file
from targets.indicators import FAMILIES, FAMILY, convert, shipped_indicators

TODAY = date(2026, 11, 30)
EXAMPLES = int(os.environ.get("ATLAS_EXAMPLES", "150"))
KNOWN = shipped_indicators()
AMOUNTS = ("gdp", "va1", "va2", "va3", "fai", "budget_revenue", "retail")
WHOLE = {
    "2025Q1": ("2025年一季度", "2025年1—3月", "2025年1-3月"),
    "2025Q2": ("2025年上半年", "2025年1—6月"),
    "2025Q3": ("2025年前三季度", "2025年三季度", "2025年1—9月", "2025年1至9月"),
    "2025-08": ("2025年1—8月", "2025年1-8月"),
    "2025": ("2025年", "2025年全年", "2025年1—12月"),
    "2024": ("2024年", "2024年度"),
}
PARTS = {"2025Q1": "一季度", "2025Q2": "上半年", "2025Q3": "前三季度", "2025-08": "1—8月", "2025": "全年"}
GROWTH = ("增速（%）", "同比增长（%）", "比上年增长（%）", "比上年增减（%）", "±%", "增长率(%)")
SPOILS = (
    "", "", "", "no unit", "no period", "constant prices", "target title", "target tab", "single month", "yearbook",
    "document", "index", "quarters", "growth of nothing", "other year in tab", "expected note", "single title",
    "constant title", "base year", "parts of counties", "row target", "row expected", "fractions", "note of a part",
    "second table", "note of another unit",
)  # fmt: skip


@st.composite
def laid_out(draw):
    """Return a file's bytes and name, the truth, and whether everything that it says can be read."""
    places = draw(st.lists(st.sampled_from(counties()), min_size=1, max_size=5, unique=True))
    chosen = draw(st.lists(st.sampled_from(AMOUNTS), min_size=1, max_size=3, unique=True))
    period = draw(st.sampled_from(sorted(WHOLE)))
    with_growth = draw(st.booleans())
    spoil = draw(st.sampled_from(SPOILS))
    if spoil == "fractions" and len(places) == 1:  # 0.5 alone may be half a per cent
        spoil = ""
    text_file = draw(st.booleans())
    columns = [(id, form) for id in chosen for form in (("level", "growth") if with_growth else ("level",))]
    units = {id: draw(st.sampled_from(("亿元", "万元"))) for id in chosen}
    unit_in = draw(st.sampled_from(("header", "header", "line", "corner", "title", "format")))
    if unit_in in ("line", "corner", "title", "format"):
        units = dict.fromkeys(chosen, draw(st.sampled_from(("亿元", "万元"))))
    if unit_in == "format" and text_file:
        unit_in = "header"
    truth: dict[tuple[str, str, str], float] = {}
    grid: dict[tuple[str, str, str], Decimal] = {}
    for place in places:
        for id, form in columns:
            growth = form == "growth"
            number = draw(st.integers(11, 690) if growth else st.integers(1_000, 9_999_999))
            value = Decimal(number) / (10 if growth else draw(st.sampled_from((1, 10, 100))))
            value = -value if growth and draw(st.booleans()) else value
            grid[place, id, form] = value
            name = f"{id}_growth" if growth else id
            unit, into = ("%", "%") if growth else (units[id], KNOWN[id].unit)
            exact = convert(value, unit, into)
            assert exact is not None
            truth[place, name, period] = float(exact)

    period_in = draw(st.sampled_from(("title", "title", "header", "tab", "narrowed", "column", "file", "corner")))
    if period_in == "corner" and unit_in == "corner":
        period_in = "title"
    if text_file and period_in in ("tab", "narrowed"):
        period_in = "title"
    if period == "2024" and period_in == "narrowed":
        period_in = "title"
    said = draw(st.sampled_from(WHOLE[period]))
    year = period[:4] + "年"
    title = {"title": f"{said}各县区主要经济指标", "narrowed": f"{year}各县区主要经济指标"}.get(
        period_in, "各县区主要指标"
    )
    tab = {"tab": said, "narrowed": PARTS.get(period, "")}.get(period_in, "") or "Sheet1"
    name = {"file": f"{said}"}.get(period_in, "表")
    before = said if period_in == "header" else ""
    if spoil == "no period":
        title, tab, before, name = "各县区主要指标", "Sheet1", "", "表"
        period_in = "title" if period_in in ("column", "corner") else period_in
    if unit_in == "title" and spoil != "no unit":
        title = f"{title}（单位：{units[chosen[0]]}）"

    names = {id: draw(st.sampled_from((KNOWN[id].zh, *KNOWN[id].aliases[:2]))) for id in chosen}
    two_rows = draw(st.booleans()) and with_growth
    merged: list[str] = []
    place_head = draw(st.sampled_from(("县区", "县（市、区）", "地区")))
    lead = [place_head]
    if unit_in == "corner":
        lead = [f"单位：{units[chosen[0]]}"]
    if period_in == "corner":
        lead = [said]
    if period_in == "column":
        lead.append(draw(st.sampled_from(("年份", "时期", "报告期"))))
    unit_of = {id: f"（{units[id]}）" if unit_in == "header" and spoil != "no unit" else "" for id in chosen}
    constant = "（不变价）" if spoil == "constant prices" else ""
    head: list[str] = list(lead)
    under: list[str] = ["" for _ in lead]
    keys: list[tuple[str, str] | None] = []
    aside = draw(st.sampled_from(("", "", "位次", "占比（%）", "上年同期", "目标")))
    mark = draw(st.sampled_from(("", "", "", "①", "*", "[1]", "注1")))
    rates = ("比2020年增长（%）",) if spoil == "base year" else GROWTH
    for id in chosen:
        if two_rows:
            head += [f"{before}{names[id]}{constant}{mark}", ""]
            under += [
                f"{draw(st.sampled_from(('总量', '绝对值', '绝对量')))}{unit_of[id]}",
                draw(st.sampled_from(rates)),
            ]
            keys += [(id, "level"), (id, "growth")]
            if draw(st.booleans()) and not text_file:
                merged.append(f"{_letter(len(head) - 2)}ROW:{_letter(len(head) - 1)}ROW")
        else:
            head.append(f"{before}{names[id]}{constant}{mark}{unit_of[id]}")
            keys.append((id, "level"))
            if aside and draw(st.booleans()):
                head.append(aside)
                keys.append(None)
            if with_growth:
                own = draw(st.booleans()) or keys[-1] is None
                rate = draw(st.sampled_from(rates[:2]))
                head.append(f"{before if own else ''}{KNOWN[id].zh if own else ''}{rate}")
                keys.append((id, "growth"))
    if spoil == "growth of nothing":
        head.append("利润总额（亿元）")
        head.append("增速（%）")
        keys += [None, None]
        if two_rows:
            under += ["", ""]
    if spoil == "single month":
        head.append(f"9月{names[chosen[0]]}（亿元）")
        keys.append(None)
        if two_rows:
            under.append("")
    if spoil == "quarters":
        for quarter in ("一季度", "二季度"):
            head.append(f"{quarter}{KNOWN['retail' if 'retail' not in chosen else 'gdp'].zh}（亿元）")
            keys.append(None)
            if two_rows:
                under.append("")
    title = {
        "target title": f"{title}目标任务",
        "single title": f"{title}（当月）",
        "constant title": f"{title}（按2020年不变价）",
        "index": f"{title}（上年=100）",
    }.get(spoil, title)
    if spoil == "target tab":
        tab = "目标任务"
    rows: list[list[object]] = []
    beside_column = {
        "parts of counties": ("企业名称", "甲公司"),
        "row target": ("类型", "目标值"),
        "row expected": ("备注", "预计数"),
    }.get(spoil)
    if beside_column:
        head.append(beside_column[0])
        keys.append(None)
        if two_rows:
            under.append("")
    if draw(st.booleans()) or title != "各县区主要指标":
        rows.append([title])
    if spoil == "yearbook":
        rows.append(["资料来源：甘肃发展年鉴2023"])
    if spoil == "document":
        rows.append(["甘统字〔2023〕12号"])
    if unit_in == "line" and spoil != "no unit":
        rows.append([f"单位：{units[chosen[0]]}" + ("、%" if with_growth else "")])
    top = len(rows) + 1
    if spoil == "other year in tab" and not text_file and period_in not in ("tab", "narrowed"):
        tab = "2019年"
    plain_aside = (
        [draw(st.sampled_from(("市本级", "高新区", "合计", "兰州新区", "经开区")))] if draw(st.booleans()) else []
    )
    name_mark = draw(st.sampled_from(("", "", "", "①", "*", "[1]", "¹")))
    lines: list[list[object]] = []
    for place in [*places, *plain_aside]:
        row: list[object] = [f"{known_counties()[place].name}{name_mark}" if place in known_counties() else place]
        if period_in == "column":
            row.append(said)
        for n, key in enumerate(keys):
            value = grid.get((place, *key)) if key else None
            if value is not None and spoil == "fractions" and key and key[1] == "growth":
                row.append(f"{value / 100:f}" if text_file else float(value / 100))
            elif value is None:
                last = beside_column and n == len(keys) - 1
                row.append(beside_column[1] if last and beside_column else n + 3)
            else:
                row.append(f"{value:f}" if text_file or draw(st.integers(0, 4)) == 0 else float(value))
        lines.append(row)
    table: list[list[object]] = [list(head), *([list(under)] if two_rows else []), *lines]
    width = max(map(len, table))
    table = [[*row, *[""] * (width - len(row))] for row in table]
    of_column: list[tuple[str, str] | None] = [*([None] * len(lead)), *keys]
    turned = draw(st.integers(0, 4)) == 0
    if turned:
        table = [list(column) for column in zip(*table, strict=True)]
        merged = []
    elif len(lines) > 1 and spoil != "fractions" and draw(st.integers(0, 3)) == 0:  # two blocks beside each other
        heads, half = 1 + two_rows, (len(lines) + 1) // 2
        gap = [""] * draw(st.integers(0, 1))
        right = [*table[:heads], *table[heads + half :], [""] * width]
        table = [[*a, *gap, *b] for a, b in zip(table[: heads + half], right, strict=False)]
        of_column = [*of_column, *([None] * len(gap)), *of_column]
    rows += table
    if spoil == "second table":
        other = next(a for a in counties() if a not in places)
        rows.append(["2019年固定资产投资"])
        rows.append([known_counties()[other].name, *[7.5] * (width - 1)])
    if spoil == "expected note":
        rows.append(["注：本表为预计数。"])
    elif spoil == "note of a part":
        rows.append(["注：本表为1—5月累计数。"])
    elif spoil == "note of another unit":
        rows.append(["注：表中单位为千元。"])
    elif draw(st.booleans()):
        rows.append(
            [
                draw(
                    st.sampled_from(
                        ("注：本表数据为初步核算数。", "注：增速按可比价格计算。", "资料来源：甘肃省统计局")
                    )
                )
            ]
        )
    # What keeps every part of the meaning said: then nothing may be missing either.
    whole = not spoil
    if text_file:
        delimiter = draw(st.sampled_from((",", "\t", ";", "|")))
        texts = [delimiter.join(str(cell) for cell in row) for row in rows]
        encoding = draw(st.sampled_from(("utf-8-sig", "utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be")))
        return csv(*texts, encoding=encoding), f"{name}.csv", truth, spoil, whole
    boxes = [box.replace("ROW", str(top)) for box in merged]

    def change(book: Workbook) -> None:
        sheet = book.active
        for line in sheet.iter_rows(min_row=top, max_row=top + len(table) - 1):
            for cell in line:
                n = cell.row - top if turned else cell.column - 1
                key = of_column[n] if n < len(of_column) else None
                if spoil == "fractions" or not isinstance(cell.value, int | float) or key is None:
                    continue
                if key[1] == "growth":
                    way = cell.row % 3
                    if way == 1:
                        cell.number_format = r"0.0\%"
                    elif way == 2:
                        cell.number_format = "0.0%"
                        cell.value = float(Decimal(repr(cell.value)) / 100)
                elif unit_in == "format":
                    cell.number_format = f'#,##0.00"{units[key[0]]}"'

    return xlsx(rows, merged=boxes, title=tab, change=change), f"{name}.xlsx", truth, spoil, whole


def _letter(index: int) -> str:
    return chr(ord("A") + index)


@settings(max_examples=EXAMPLES, deadline=None)
@given(laid_out())
def test_never_another_number(made):
    data, name, truth, spoil, _ = made
    reading = read_file(data, name, today=TODAY)
    got = {row.key: row.value for row in reading.rows}
    if spoil == "note of a part":  # which narrows a year that is said by itself
        truth = truth | {(place, id, f"{period[:4]}-05"): value for (place, id, period), value in truth.items()}
    for key, value in got.items():
        assert truth.get(key) is not None, (spoil, key, value, [str(fault) for fault in reading.faults])
        assert abs(truth[key] - value) <= 1e-9 * abs(value), (spoil, key, value, truth[key])
    if spoil in ("expected note", "row expected"):
        assert {row.status for row in reading.rows} <= {"预计"}
    if spoil in ("row target", "parts of counties"):
        assert not got
    if spoil == "base year":
        assert not {key for key in got if key[1].endswith("_growth")}
    if spoil == "note of a part":
        assert not {key for key in got if key[2] in ("2024", "2025")}
    if spoil in ("constant title", "note of another unit"):
        assert not {key for key in got if not key[1].endswith("_growth")}
    if spoil == "target title" or (spoil == "target tab" and name.endswith(".xlsx")):
        assert not got
    if spoil == "constant prices":
        assert not {key for key in got if not key[1].endswith("_growth")}
    if spoil == "no period":
        assert not got
    # Nothing disappears without a word.
    missing = set() if spoil == "note of a part" else set(truth) - set(got)
    assert not missing or reading.faults or reading.remarks, missing


@settings(max_examples=EXAMPLES, deadline=None)
@given(laid_out())
def test_what_is_said_in_full_is_read_in_full(made):
    data, name, truth, _, whole = made
    if not whole:
        return
    reading = read_file(data, name, today=TODAY)
    if reading.faults:
        assert all(fault.mend_zh and fault.mend_en for fault in reading.faults)
        return
    assert {row.key: row.value for row in reading.rows} == truth, [str(one) for one in reading.remarks]


def test_units_and_families_are_those_of_the_strategy():
    assert {FAMILY[KNOWN[id].unit] for id in AMOUNTS} == {"money"} and "万元" in FAMILIES["money"]
