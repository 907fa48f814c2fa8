"""What offices write and leave out: growth beside its amount, a status in a note, periods that have not ended."""

from __future__ import annotations

from datetime import date

import pytest
from import_corpus import csv, xlsx
from openpyxl import Workbook
from shipped import PLAN

from targets.importing import compare, read_file
from targets.intake import Reading
from targets.observations import open_store
from targets.periods import ends

TODAY = date(2026, 11, 22)


def reading_of(*lines: str, today: date = TODAY, **options: str) -> Reading:
    return read_file(csv(*lines), "表.csv", today=today, **options)


def said(reading: Reading) -> list[tuple[str, str]]:
    return [(fault.cell, fault.zh + fault.mend_zh) for fault in reading.faults]


# ---- growth beside its amount ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["增速（%）", "增长率(%)", "同比（%）", "同比增长%", "比上年增长（%）", "±%"])
def test_bare_growth_is_that_of_the_amount_at_its_left(heading):
    reading = reading_of(
        "2024年县区主要指标",
        f"县区,地区生产总值（亿元）,{heading},固定资产投资（亿元）,{heading}",
        "瓜州县,131.7,7,20.5,-3.2",
    )
    assert not reading.faults, said(reading)
    assert {row.key[1:]: row.value for row in reading.rows} == {
        ("gdp", "2024"): 131.7, ("gdp_growth", "2024"): 7, ("fai", "2024"): 20.5, ("fai_growth", "2024"): -3.2,
    }  # fmt: skip
    (remark,) = (one for one in reading.remarks if "左边" in one.zh)
    assert "C2" in remark.zh and "E2" in remark.zh and "地区生产总值增速" in remark.zh and remark.en


def test_bare_growth_is_of_its_amounts_period():
    reading = reading_of("县区,2023年GDP（亿元）,增速（%）,2024年GDP（亿元）,增速（%）", "瓜州县,131.7,7,140,6.5")
    found = {row.key[1:]: row.value for row in reading.rows}
    assert found == {
        ("gdp", "2023"): 131.7, ("gdp_growth", "2023"): 7, ("gdp", "2024"): 140, ("gdp_growth", "2024"): 6.5,
    }  # fmt: skip


def test_bare_growth_is_of_the_period_of_an_amount_that_is_refused():
    reading = reading_of("2019年县区指标", "县区,2024年地区生产总值,增速（%）", "瓜州县,131.7,7")
    assert [cell for cell, _ in said(reading)] == ["B2"]  # without a unit
    assert [row.key[1:] for row in reading.rows] == [("gdp_growth", "2024")]
    (column,) = (one for one in reading.columns if one.verdict == "read")
    assert [one.cell for one in column.evidence if one.part == "period"] == ["B2"]


@pytest.mark.parametrize(
    "heads",
    [
        "地区生产总值（亿元）,9月社会消费品零售总额（亿元）,增速（%）",
        "地区生产总值（亿元）,其中：9月（亿元）,增速（%）",
    ],
)
def test_bare_growth_behind_a_single_month_is_of_that_month_and_not_read(heads):
    reading = reading_of("2025年1—9月各县区主要指标", f"县区,{heads}", "瓜州县,131.7,20.5,7", "玉门市,231.7,30.5,8")
    assert not reading.faults, said(reading)
    assert {row.key[1:] for row in reading.rows} == {("gdp", "2025Q3")}
    assert any("C2" in remark.zh and "D2" in remark.zh for remark in reading.remarks)


def test_a_figure_beneath_an_indicators_name_is_no_code_though_it_could_be_one():
    reading = reading_of("2024年县区指标", "县区,地区生产总值（万元）", "瓜州县,620000")
    assert {row.key: row.value for row in reading.rows} == {("620922", "gdp", "2024"): 62.0}


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ("县区,年末常住人口（万人）,增速（%）", "C2"),  # an amount without a growth indicator
        ("县区,增速（%）,地区生产总值（亿元）", "B2"),  # nothing at its left
        ("县区,城镇化率（%）,增速（%）", "C2"),  # no amount
    ],
)
def test_bare_growth_of_nothing_stays_an_error(line, cell):
    reading = reading_of("2024年", line, "瓜州县,12,7")
    assert [where for where, _ in said(reading)] == [cell]
    assert not any("左边" in one.zh for one in reading.remarks)


def test_a_title_does_not_take_the_growth_from_its_neighbour():
    reading = reading_of("2024年各县地区生产总值", "县区,固定资产投资（亿元）,增速（%）", "瓜州县,20.5,-3.2")
    assert {row.indicator for row in reading.rows} == {"fai", "fai_growth"}


# ---- a status in the note below -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "status"),
    [
        ("注：本表数据为初步核算数。", "初步"),
        ("注：地区生产总值为初步核算数，最终数以年报核实数为准", "初步"),
        ("注：GDP为快报数", "初步"),
        ("备注：以上为最终核实数", "核定"),
        ("注：2024年为快报数", "初步"),
        ("注：2023年为初步核算数", "未注明"),  # of another year
        ("注：固定资产投资为初步数据", "未注明"),  # of another indicator
        ("注：2022年为初步核算数，2023年为最终核实数", "未注明"),
        ("注：增速按可比价格计算", "未注明"),
    ],
)
def test_a_note_below_says_the_status(note, status):
    reading = reading_of("2024年", "县区,地区生产总值（亿元）", "瓜州县,131.7", note)
    assert not reading.faults, said(reading)
    assert [row.status for row in reading.rows] == [status]
    assert status == "未注明" or any("状态记为" + status in one.zh for one in reading.remarks)


def test_a_header_knows_better_than_the_note_and_the_note_better_than_the_caller():
    lines = (
        "2024年",
        "县区,地区生产总值（亿元）（核定数）,固定资产投资（亿元）",
        "瓜州县,131.7,5",
        "注：均为初步核算数",
    )
    assert [row.status for row in reading_of(*lines, status="核定").rows] == ["核定", "初步"]
    assert [row.status for row in reading_of(*lines[:3], status="初步").rows] == ["核定", "初步"]


# ---- periods that have not ended ------------------------------------------------------------------------------------


def test_the_end_of_a_period():
    assert [ends(p).isoformat() for p in ("2024", "2025Q1", "2025Q2", "2025Q3", "2024-02", "2025-12")] == [
        "2024-12-31", "2025-03-31", "2025-06-30", "2025-09-30", "2024-02-29", "2025-12-31",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("period", "first"),
    [("2026", date(2026, 12, 31)), ("2026Q3", date(2026, 9, 30)), ("2026-11", date(2026, 11, 30))],
)
def test_a_figure_is_of_a_period_that_has_ended(period, first):
    lines = ("县区,地区生产总值（亿元）", "瓜州县,131.7")
    early = reading_of(*lines, period=period, today=date.fromordinal(first.toordinal() - 1))
    ((_, zh),) = said(early)
    assert f"{first.year}年{first.month}月{first.day}日才结束" in zh
    assert reading_of(*lines, period=period, today=first).ok


def test_a_road_may_open_within_the_year_but_not_tomorrow():
    lines = "县名,指标,时期,数值,备注"
    assert reading_of(lines, "文县,通车日期,2026,2026-11-22,G8513").ok
    assert [cell for cell, _ in said(reading_of(lines, "文县,通车日期,2026,2026-11-23,G8513"))] == ["D2"]


# ---- rows twice -----------------------------------------------------------------------------------------------------


def test_a_row_twice_is_stored_once_and_said():
    reading = reading_of("2024年", "县区,GDP（亿元）", "瓜州县,131.7", "玉门市,200", "瓜州县,131.7")
    assert len(reading.rows) == 2 and not reading.faults
    assert any("重复" in one.zh and "B5" in one.zh for one in reading.remarks)
    other = reading_of(
        "县名,指标,时期,数值,单位,状态", "瓜州县,GDP,2024,131.7,亿元,初步", "瓜州县,GDP,2024,131.7,亿元,核定"
    )
    assert [row.status for row in other.rows] == ["初步"]
    assert any("状态或来源不同" in one.zh for one in other.remarks)


# ---- new indicators -------------------------------------------------------------------------------------------------

ROW = {"代号": "tea_output", "名称": "茶叶产值", "单位": "亿元", "类别": "累计", "汇总": "相加", "小数位": 1}


def with_indicator(**more: object) -> Reading:
    def add(book: Workbook) -> None:
        row = ROW | more
        sheet = book.create_sheet("新增指标")
        sheet.append(list(row))
        sheet.append(list(row.values()))

    return read_file(
        xlsx([["2024年"], ["县区", "茶叶产值（亿元）"], ["文县", 3.25]], change=add), "a.xlsx", today=TODAY
    )


@pytest.mark.parametrize(
    ("word", "kind"),
    [("累计", "cumulative"), ("时点", "level"), ("水平", "level"), ("level", "level"), ("Cumulative", "cumulative")],
)
def test_kinds_are_read_in_chinese(word, kind):
    reading = with_indicator(类别=word)
    assert not reading.faults, said(reading)
    (made,) = reading.indicators
    assert (made.id, made.kind, made.adds_up, made.decimals, made.places) == ("tea_output", kind, "sum", 1, "area")
    assert [(row.key, row.value) for row in reading.rows] == [(("621222", "tea_output", "2024"), 3.25)]


@pytest.mark.parametrize(
    ("more", "cell", "told"),
    [
        ({"小数位": "一位"}, "F2", "0—6"),
        ({"小数位": 9}, "F2", "0—6"),
        ({"类别": "大概"}, "D2", "累计、时点、增速、比重、日期"),
        ({"类别": ""}, "D2", "累计、时点、增速、比重、日期"),
        ({"类别": "增速"}, "D2", "%"),
        ({"汇总": "也许"}, "E2", "相加、不相加"),
        ({"代号": "茶叶"}, "A2", "小写字母"),
        ({"单位": ""}, "C2", "亿元"),
        ({"名称": "GDP"}, "B2", "已被使用"),
        ({"合理下限": "很少"}, "G2", "写一个数"),
        ({"合理下限": 5, "合理上限": 2}, "H2", "上限小于下限"),
    ],
)
def test_what_is_wrong_with_a_new_indicator_names_what_may_stand_there(more, cell, told):
    assert any(where == cell and told in zh for where, zh in said(with_indicator(**more)))
    assert not [zh for _, zh in said(with_indicator(**more)) if "invalid" in zh or "literal" in zh]


# ---- a status that goes back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "flagged"),
    [("核定", "初步", True), ("公报", "初步", True), ("核定", "未注明", True), ("初步", "核定", False),
     ("公报", "核定", False), ("公报", "未注明", False)],
)  # fmt: skip
def test_a_status_that_goes_back_is_flagged(tmp_path, old, new, flagged):
    store = open_store(folder=tmp_path)

    def difference(status: str, value: str):
        line = f"瓜州县,GDP,2024,{value},亿元,{status}"
        return compare(reading_of("县名,指标,时期,数值,单位,状态", line), store)

    store.accept(difference(old, "131.7"), "甲")
    for value in ("131.7", "132.5"):
        flags = [flag.zh for flag in difference(new, value).flags if flag.kind == "status"]
        assert bool(flags) == flagged
        assert not flagged or (old in flags[0] and new in flags[0])


# ---- what the store keeps beside the counties, and of each batch -----------------------------------------------------


def test_a_batchs_rows_and_what_is_no_county(tmp_path):
    store = open_store(folder=tmp_path)
    store.accept(
        compare(reading_of("2024年", "县区,GDP（亿元）", "瓜州县,131.7", "酒泉市,900", "甘肃省,13000"), store), "甲"
    )
    store.accept(compare(reading_of("2024年", "县区,GDP（亿元）", "酒泉市,950"), store), "甲")
    assert list(store.batch_rows(1)["printed"]) == ["13000 亿元", "900 亿元", "131.7 亿元"]
    assert list(store.batch_rows(1)["cell"]) == ["CSV!B5", "CSV!B4", "CSV!B3"]
    store.undo(1, "乙")
    assert len(store.batch_rows(1)) == 3 and store.batch_rows(3).empty and store.batch_rows(99).empty

    def beside(as_of: int | None) -> dict[str, float]:
        frame = store.beside_counties(set(PLAN.counties["adcode"]), as_of)
        return dict(zip(frame["place"], frame["value"], strict=True))

    assert beside(0) == {}
    assert beside(1) == {"620000": 13000, "620900": 900}
    assert beside(2) == {"620000": 13000, "620900": 950}
    assert beside(None) == beside(3) == {"620900": 950}


@pytest.mark.parametrize("head", ["县", "县（区）", "县市区", "地区", "县（市、区）", "区县"])
def test_a_long_table_may_head_its_only_place_column_as_offices_do(head):
    found = reading_of(f"{head},指标,时期,数值,单位", "瓜州县,地区生产总值,2024,131.7,亿元")
    assert not found.faults and [(row.place, row.indicator, row.period) for row in found.rows] == [
        ("620922", "gdp", "2024")
    ]


def test_a_last_row_without_a_value_is_no_note_under_the_table():
    """Its period speaks of a part of the year, and of its own row alone."""
    lines = [
        "县代码,县名,指标,时期,数值,单位",
        "620921,金塔县,gdp,2024年,101,亿元",
        "620921,金塔县,gdp,2025年1-8月,,亿元",
    ]
    found = read_file("\n".join(lines).encode(), "表.csv", citation="甲")
    assert not found.faults
    assert [(row.period, row.value) for row in found.rows] == [("2024", 101.0)]
