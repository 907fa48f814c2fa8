"""The settlement's workbooks: the templates say nothing, every fault is told with its cell, all is a batch."""

from __future__ import annotations

import io

import pytest
from days import TODAY
from openpyxl import load_workbook
from settlement_files import (
    COUNTIES,
    DECIDED,
    DOCUMENT,
    OF_TYPE,
    OVERALL,
    PLAN,
    TYPES,
    YEAR,
    read,
    scheme,
    take,
    types,
)

from targets.carry import backup, restore
from targets.importing import command, compare
from targets.indicators import shipped_indicators
from targets.observations import StaleDifference, StoreError, open_store
from targets.settlement import forms


@pytest.fixture
def store(tmp_path):
    return open_store(folder=tmp_path)


def cells(data: bytes) -> dict[str, list[list[object]]]:
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in
            load_workbook(io.BytesIO(data)).worksheets}  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_templates_hold_no_weight_no_type_and_no_decision(store, lang):
    blank = forms.scheme_xlsx(PLAN, lang, shipped_indicators())
    rows, settings = list(cells(blank).values())[:2]
    assert not any(any(row) for row in rows[1:])
    assert len(settings) == 1 + len(forms.asked())
    assert all((row[0], row[2], row[3]) == (None, None, None) for row in settings[1:])
    filed = list(cells(forms.types_xlsx(PLAN, lang)).values())[0]
    assert [row[1] for row in filed[1:]] == sorted(COUNTIES)
    assert all((row[0], *row[3:]) == (None,) * 4 for row in filed[1:])
    for data in (blank, forms.types_xlsx(PLAN, lang)):
        (fault,) = read(store, data, "空.xlsx").faults
        assert "没有填写" in fault.zh and fault.mend_en


def test_all_that_is_wrong_is_told_at_once_with_cell_and_mend(store):
    def spoil(book):
        sheet, settings = book["评价指标"], book["口径"]
        for cell, value in {
            "A2": 2027, "B3": None, "C4": "旅游型", "D5": "幸福指数", "E6": "四十", "F7": "大概", "G8": "增加值",
            "I9": "打分", "J2": 500, "L10": "估计", "H2": "地区生产总值",
        }.items():  # fmt: skip
            sheet[cell] = value
        settings["C2"], settings["C3"], settings["C7"] = "大致", "百分之五", "抽签"

    reading = read(store, scheme(change=spoil), "办法.xlsx")
    found = {f"{fault.sheet}!{fault.cell}" for fault in reading.faults}
    assert found == {
        *(f"评价指标!{cell}" for cell in ("A2", "B3", "C4", "D5", "E6", "F7", "G8", "I9", "K2", "L10", "H2")),
        *(f"口径!{cell}" for cell in ("C2", "C3", "C7")),
    }
    assert all(fault.zh and fault.en and fault.mend_zh and fault.mend_en for fault in reading.faults)
    assert not reading.records and not reading.ok


@pytest.mark.parametrize(
    ("overall", "of_type", "said"),
    [
        ([(line[0], "10", *line[2:]) for line in OVERALL], OF_TYPE, ["综合排名的权重合计是40，不是100"]),
        (OVERALL, OF_TYPE[:1], [f"{type}的权重合计是60，不是100" for type in TYPES]),
        ((), OF_TYPE, [f"{YEAR}年没有综合排名的指标（类型留空的行）"]),
        ((*OVERALL, OVERALL[0]), OF_TYPE, ["综合排名的权重合计是140，不是100", "与 评价指标!D2 重复"]),
    ],
)
def test_each_rankings_weights_make_a_hundred(store, overall, of_type, said):
    assert [one.zh for one in read(store, scheme(overall=overall, of_type=of_type), "办法.xlsx").faults] == said


def test_a_type_or_county_that_is_none_is_refused(store):
    def spoil(data: bytes) -> bytes:
        book = load_workbook(io.BytesIO(data))
        sheet = book["县类型"]
        sheet["D2"], sheet["E3"], sheet["C4"], sheet["B5"] = "旅游型", sheet["D3"].value, "不在表里的县", "620922"
        sheet["B4"] = None
        official = book["评定结果"]
        for at, row in enumerate(
            (
                (YEAR, "强县", None, None, "玉门市", 9, DOCUMENT),
                (YEAR, "强县", "工业主导型", None, "肃州区", "第二", DOCUMENT),
                (YEAR, "优秀县", None, None, "玉门市", None, None),
                (YEAR, "强县", None, None, "玉门市", 9, DOCUMENT),
            ),
            start=2,
        ):
            for column, value in enumerate(row, start=1):
                official.cell(at, column).value = value
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    found = {f"{fault.sheet}!{fault.cell}" for fault in read(store, spoil(types()), "类型.xlsx").faults}
    assert found == {
        *(f"县类型!{cell}" for cell in ("D2", "E3", "C4", "B5")),
        *(f"评定结果!{cell}" for cell in ("C3", "F3", "B4", "G4", "E5")),
    }


def test_a_scheme_is_rehearsed_accepted_replaced_and_undone(store):
    data = scheme((2024, 2025))
    reading = read(store, data, "办法.xlsx")
    difference = compare(reading, store, plan=PLAN)
    assert list(difference.record_changes.values()) == [True, True]
    assert not store.records().schemes  # a rehearsal stores nothing
    first = store.accept(difference, "test")
    held = store.records().schemes[2025]
    assert held.batch == first and len(held.rows) == len(OVERALL) + 5 * len(OF_TYPE)
    assert held.documents == (DOCUMENT,) and {one.zh for one in forms.asked().values()} == set(DECIDED)
    assert set(held.settings) == set(forms.asked())
    assert compare(read(store, data, "办法.xlsx"), store, plan=PLAN).empty
    with pytest.raises(StoreError):
        store.accept(compare(read(store, data, "办法.xlsx"), store, plan=PLAN), "test")
    other = read(store, scheme((2025,), decided=DECIDED | {"未定的余地": "不限"}), "改.xlsx")
    stale = compare(other, store, plan=PLAN)
    second = store.accept(compare(other, store, plan=PLAN), "test")
    with pytest.raises(StaleDifference):
        store.accept(stale, "test")
    assert store.records().schemes[2025].value("room") == "open"
    assert store.records().schemes[2024].batch == first  # a file is the whole of its own years only
    assert store.records(as_of=first).schemes[2025].value("room") == "3%"
    store.undo(second, "test")
    assert store.records().schemes[2025].batch == first
    assert len(store.batch_records(second)) == len(other.records)
    batches = store.batches().set_index("id")
    assert list(batches["rows"]) == [len(reading.records), len(other.records), 0]


def test_an_indicator_that_a_scheme_counts_cannot_be_undone_under_it(store):
    from targets.indicators import from_record

    own = from_record(
        shipped_indicators()["gdp"].record() | {"id": "tea", "zh": "茶叶产值", "en": "Tea", "aliases": ""}
    )
    made = store.add_indicators([own], "test")
    line = ("茶叶产值", "100", "越高越好", "本年数", "", "按全体最小和最大", "", "", "未知")
    take(store, scheme(overall=[line]), "办法.xlsx")
    with pytest.raises(StoreError, match="tea"):
        store.undo(made, "test")


def test_a_backup_carries_schemes_types_and_results(store, tmp_path):
    take(store, scheme(), "办法.xlsx")
    take(store, types(), "类型.xlsx")
    backup(store, tmp_path / "a.zip")
    (tmp_path / "other").mkdir()
    again = open_store(folder=tmp_path / "other")
    restore(tmp_path / "a.zip", again)
    assert again.records() == store.records()


def test_the_command_says_what_part_of_the_settlement_a_file_is(store, tmp_path):
    file = tmp_path / "办法.xlsx"
    file.write_bytes(scheme())
    said: list[str] = []
    assert command(str(file), True, store=store, today=TODAY, out=said.append, plan=PLAN) == 0
    (line,) = [one for one in said if f"{YEAR}年评价办法" in one]
    assert f"scheme of {YEAR}" in line
    assert store.records().schemes
