"""Files into rows: the corpus, random tables, the difference, the command line."""

from __future__ import annotations

import io
import subprocess
import sys
import weakref
from datetime import date
from decimal import Decimal
from pathlib import Path

import import_corpus
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from import_corpus import (
    HOSTILE,
    MESSY,
    File,
    counties,
    csv,
    full_table,
    full_value,
    parts_of,
    plain,
    several_sheets,
    xlsx,
    zipped,
)
from openpyxl import load_workbook
from shipped import PLAN

from geodata.names import known_counties
from targets.importing import command, compare, read_file, template_csv, template_xlsx
from targets.indicators import FAMILIES, FAMILY, convert, shipped_indicators
from targets.intake.sheets import read_workbook
from targets.observations import Store, open_store

TODAY = date(2026, 1, 31)


@pytest.fixture
def store(tmp_path) -> Store:
    return open_store(folder=tmp_path)


def read(file: File):
    return read_file(file.make(), file.name, today=TODAY, **file.options)


def test_the_corpus_is_large_enough():
    assert len(MESSY) + len(HOSTILE) >= 25
    names = [file.name for file in (*MESSY, *HOSTILE)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("file", MESSY, ids=lambda file: file.name)
def test_a_messy_file_gives_the_listed_outcome(file):
    reading = read(file)
    said = [(fault.cell, fault.zh + fault.mend_zh) for fault in reading.faults]
    assert [cell for cell, _ in said] == [cell for cell, _ in file.faults], said
    for (_, zh), (_, part) in zip(said, file.faults, strict=True):
        assert part in zh, zh
    if not file.faults:
        assert {row.key: row.value for row in reading.rows} == pytest.approx(file.rows, rel=1e-15)
        assert len(reading.rows) == len(file.rows)
        assert reading.ok
    assert file.remark in " ".join(map(str, reading.remarks))
    assert not reading.refused


@pytest.mark.parametrize("file", HOSTILE, ids=lambda file: file.name)
def test_a_hostile_file_is_refused_with_one_sentence(file):
    reading = read(file)
    assert reading.refused
    assert not reading.rows
    (fault,) = reading.faults
    assert file.refused in fault.zh
    assert fault.en
    assert "\n" not in str(fault)


def test_hostile_files_take_little_memory():
    """All of them, one after another in a process of its own, take less than 400 MB above what a sound file takes."""
    code = """
import resource, sys
sys.path[:0] = sys.argv[1:3]
from import_corpus import HOSTILE, plain
from targets.importing import read_file
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
made = [(file.make(), file.name) for file in HOSTILE]
read_file(plain(), "a.xlsx")
before = peak()
for data, name in made:
    assert read_file(data, name).refused, name
print(peak() - before)
"""
    here = Path(__file__)
    done = subprocess.run(
        [sys.executable, "-c", code, str(here.parents[2]), str(here.parent)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 400 * 1024


def test_a_book_is_refused_whole_for_its_last_sheet():
    parts = parts_of(several_sheets())
    last = max(name for name in parts if name.startswith("xl/worksheets/sheet"))
    parts[last] = parts[last][:-20]
    reading = read_file(zipped(parts), "a.xlsx", today=TODAY)
    assert reading.refused and not reading.rows and len(reading.faults) == 1


def test_a_sheet_that_was_read_is_let_go():
    sheets = read_workbook(several_sheets())
    first = weakref.ref(next(sheets))
    assert next(sheets).cells and first() is None


def test_added_indicators_are_read_first_wherever_their_sheet_stands():
    sheets = [sheet.name for sheet in read_workbook(several_sheets())]
    assert [sheet.name for sheet in read_workbook(several_sheets(), sheets[-1:])] == [sheets[-1], *sheets[:-1]]


def test_spaces_within_a_per_cent_are_read_as_in_any_number():
    reading = read_file(
        csv("2025年三季度,", "县区,地区生产总值增速（%）", "瓜州县,1 234.5", "玉门市,5.2"), "a.csv", today=TODAY
    )
    assert [row.value for row in reading.rows] == [1234.5, 5.2] and not reading.faults


def test_every_fault_and_refusal_is_said_in_both_languages():
    for file in (*MESSY, *HOSTILE):
        for fault in read(file).faults:
            assert any("一" <= c <= "龥" for c in fault.zh)
            assert fault.en
            assert bool(fault.mend_zh) == bool(fault.mend_en)


def test_the_full_table_reads_completely(store):
    reading = read_file(
        full_table(), "三季度.xlsx", indicators=store.indicators(), citation="表", status="初步", today=TODAY
    )
    assert reading.ok
    assert not reading.remarks
    ids = ("gdp", "gdp_growth", "budget_revenue", "income_urban")
    expected = {
        (adcode, id, "2025Q3"): full_value(n, column)
        for n, adcode in enumerate(counties())
        for column, id in enumerate(ids)
    }
    assert len(expected) == 86 * 4
    assert {row.key: row.value for row in reading.rows} == expected
    difference = compare(reading, store)
    assert difference.counts == {"new": 344, "changed": 0, "restated": 0, "unchanged": 0}
    assert not [flag for flag in difference.flags if flag.kind != "range"]
    store.accept(difference, "甲")
    assert (store.coverage(set(counties()))["2025Q3"] == 86).all()
    assert set(store.observations()["status"]) == {"初步"}
    assert set(store.observations()["source"]) == {"表"}


# Random tables, written in every way and read back

PLACES = st.lists(st.sampled_from(counties()), min_size=1, max_size=10, unique=True)
NUMERIC = [i for i in shipped_indicators().values() if i.places == "area" and i.kind != "date"]
CHOSEN = st.lists(st.sampled_from(NUMERIC), min_size=1, max_size=4, unique_by=lambda i: i.id)
PERIODS = {
    "2024": ("2024年", "2024年全年", "2024"),
    "2025Q3": ("2025年三季度", "2025年1—9月", "2025Q3"),
    "2025-08": ("2025年1-8月", "2025-08"),
}
FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@st.composite
def numbers(draw, indicator):
    """A number that may be of this indicator, with at most 13 digits.

    Per cents are none that look like shares of one or like an index, which are refused.
    """
    if indicator.unit == "%":
        share = draw(st.decimals(1, 69, places=draw(st.integers(0, 4)), allow_nan=False, allow_infinity=False))
        return -share if indicator.kind == "growth" and draw(st.booleans()) else share
    return draw(st.decimals(0, 10**9, places=draw(st.integers(0, 4)), allow_nan=False, allow_infinity=False))


@st.composite
def written(draw, value, text):
    """A cell that says `value`, as a number or as text."""
    plain_text, grouped = f"{value:f}", f"{value:,f}"
    ways = [plain_text, grouped, grouped.translate(FULL_WIDTH), f" {plain_text} ", plain_text.translate(FULL_WIDTH)]
    if not text:
        ways += [float(value), float(value)] + ([int(value)] if value == value.to_integral_value() else [])
    return draw(st.sampled_from(ways))


@st.composite
def place_names(draw, adcode):
    county = known_counties()[adcode]
    return draw(
        st.sampled_from(
            [county.name, county.name_short, county.prefecture + county.name, " ".join(county.name), "　" + county.name]
        )
    )


@st.composite
def tables(draw):
    """A table as rows of cells, its file's bytes and name, and what is in it."""
    text = draw(st.booleans())
    places, chosen = draw(PLACES), draw(CHOSEN)
    periods = draw(st.lists(st.sampled_from(sorted(PERIODS)), min_size=1, max_size=2, unique=True))
    expected: dict[tuple[str, str, str], float] = {}
    units = {i.id: draw(st.sampled_from(sorted(FAMILIES[FAMILY[i.unit]]))) for i in chosen}
    cells: dict[tuple[str, str, str], object] = {}
    for key in ((p, i, t) for p in places for i in chosen for t in periods):
        place, indicator, period = key
        if draw(st.integers(0, 9)) == 0:
            cells[place, indicator.id, period] = draw(st.sampled_from(["", "—", "…", "-", " / "]))
            continue
        value = draw(numbers(indicator))
        cells[place, indicator.id, period] = draw(written(value, text))
        exact = convert(value, units[indicator.id], indicator.unit)
        assert exact is not None
        expected[place, indicator.id, period] = float(exact)
    if draw(st.booleans()):
        rows = [["县代码", "县名", "指标", "时期", "数值", "单位"]]
        for (place, id, period), cell in cells.items():
            name = draw(st.sampled_from([id, shipped_indicators()[id].zh, *shipped_indicators()[id].aliases]))
            by_code = draw(st.booleans())
            rows.append(
                [place if by_code else "", "" if by_code else draw(place_names(place)), name,
                 draw(st.sampled_from(PERIODS[period])), cell, units[id]]
            )  # fmt: skip
    else:
        rows = wide(draw, places, chosen, periods, units, cells)
    if text:
        delimiter = draw(st.sampled_from([",", "\t"]))
        lines = [delimiter.join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) for row in rows]
        encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
        return csv(*lines, encoding=encoding), "表.csv" if delimiter == "," else "表.tsv", expected
    return xlsx([[None if cell == "" else cell for cell in row] for row in rows]), "表.xlsx", expected


def wide(draw, places, chosen, periods, units, cells):
    one = len(periods) == 1
    # Outside a column of periods 2025-08 may be the single month.
    said = draw(st.sampled_from([text for text in PERIODS[periods[0]] if text != "2025-08"]))
    rows = [["县区主要经济指标 " + said if one else "县区主要经济指标"]]
    keys = [(i, t) for i in chosen for t in periods]
    headings = []
    for indicator, period in keys:
        # 年末 in a heading says a period, which must be the column's own.
        name = draw(st.sampled_from([n for n in (indicator.zh, *indicator.aliases) if "年末" not in n]))
        heading = f"{name}（{units[indicator.id]}）"
        headings.append(heading if one else f"{draw(st.sampled_from(PERIODS[period][:1]))}{heading}")
    rows.append([draw(st.sampled_from(["县区", "县（市、区）", "地 区", "县名"])), *headings])
    for place in places:
        rows.append([draw(place_names(place)), *(cells[place, i.id, t] for i, t in keys)])
    if draw(st.booleans()):
        rows.insert(
            draw(st.integers(2, len(rows))), [draw(st.sampled_from(["合计", "全市合计", "小 计"])), *(1 for _ in keys)]
        )
    if draw(st.booleans()):
        rows.append([draw(st.sampled_from(["注：数据为初步核算数。", "说明：部分数据尚未核定"]))])
    return rows


@settings(max_examples=120)
@given(tables())
def test_what_is_written_is_read_back_exactly(made):
    data, name, expected = made
    reading = read_file(data, name, today=TODAY)
    if not expected:
        assert not reading.rows
        return
    assert not reading.faults, list(map(str, reading.faults))
    assert {row.key: row.value for row in reading.rows} == expected


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([".csv", ".tsv", ".xlsx"]))
def test_any_bytes_give_a_reading(data, ending):
    reading = read_file(data, "a" + ending, today=TODAY)
    assert reading.faults or reading.rows


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.text(max_size=12), st.sampled_from(["城关区", "GDP（亿元）", "2024年", "合计", "5.5", "县区"])
            ),
            max_size=5,
        ),
        max_size=8,
    )
)
def test_any_text_gives_a_reading(rows):
    """Whatever stands in a table, the reader answers; and every row has a county, an indicator and a period."""
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    reading = read_file(csv(*lines, encoding="utf-8").replace(b"\0", b"") or b" ", "a.csv", today=TODAY)
    assert all(row.place and row.indicator in shipped_indicators() and row.period for row in reading.rows)


PLAIN = plain()  # made once: a workbook holds the time it was made


@settings(max_examples=40)
@given(st.data())
def test_a_workbook_with_any_byte_changed_gives_a_reading(data):
    good = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    reading = read_file(bytes(good), "a.xlsx", today=TODAY)
    assert reading.faults or all(row.period for row in reading.rows)


# The difference


def reading_of(*lines: str, name: str = "a.csv", **options: str):
    return read_file(csv(*lines), name, today=TODAY, **options)


def accept(store: Store, *lines: str) -> int:
    return store.accept(compare(reading_of(*lines), store), "甲")


def test_a_difference_says_new_changed_restated_unchanged(store):
    head = "县名,指标,时期,数值,单位,状态,来源"
    accept(
        store,
        head,
        "瓜州县,GDP,2023,131.7,亿元,初步,甲",
        "玉门市,GDP,2023,200,亿元,初步,甲",
        "敦煌市,GDP,2023,90,亿元,初步,甲",
    )
    second = reading_of(
        head,
        "瓜州县,GDP,2023,1317000,万元,初步,甲",
        "玉门市,GDP,2023,200,亿元,核定,甲",
        "敦煌市,GDP,2023,91,亿元,初步,甲",
        "城关区,GDP,2023,1300,亿元,,",
    )
    difference = compare(second, store)
    assert [change.kind for change in difference.changes] == ["unchanged", "restated", "changed", "new"]
    frame = difference.frame().set_index("place")
    assert frame.loc["620982", ["old", "new"]].tolist() == [90, 91]
    assert frame.loc["620982", "share"] == pytest.approx(1 / 90)
    assert difference.token == compare(second, store).token
    assert store.last() == 1
    store.accept(difference, "甲")
    assert compare(second, store).empty
    assert compare(second, store).repeat_of == 2


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ("瓜州县,GDP,2023,300,亿元", "share", "+128%"),
        ("瓜州县,GDP,2023,60,亿元", "share", "-54%"),
        ("瓜州县,GDP,2023,1317000,亿元", "unit", "万元与亿元之误"),
        ("瓜州县,GDP,2023,131.7,万元", "unit", "万元与亿元之误"),
        ("瓜州县,GDP,2024,1400000,亿元", "unit", "相差约一万倍"),
        ("瓜州县,GDP,2024,180,亿元", "jump", "较2023年的131.7+37%"),
        ("瓜州县,GDP,2021,80,亿元", "jump", "较2023年的131.7-39%"),
        ("玉门市,GDP,2024,0.3,亿元", "range", "不合常理"),
        ("玉门市,GDP增速,2024,250,%", "range", "不合常理"),
        ("酒泉市,GDP,2023,9999,亿元", "sum", "合计"),
    ],
)
def test_odd_values_are_flagged(store, line, kind, said):
    head = "县名,指标,时期,数值,单位"
    places = [known_counties()[a].name for a in counties() if a.startswith("6209")]
    accept(store, head, *(f"{name},GDP,2023,131.7,亿元" for name in places))
    flags = compare(reading_of(head, line), store).flags
    assert [flag.kind for flag in flags] == [kind]
    assert said in flags[0].zh


def test_sound_values_are_not_flagged(store):
    head = "县名,指标,时期,数值,单位"
    places = [known_counties()[a].name for a in counties() if a.startswith("6209")]
    accept(store, head, *(f"{name},GDP,2023,131.7,亿元" for name in places))
    sound = reading_of(
        head,
        "瓜州县,GDP,2023,140,亿元",
        f"酒泉市,GDP,2023,{131.7 * (len(places) - 1) + 140},亿元",
        "瓜州县,GDP增速,2023,-3,%",
        "玉门市,GDP,2024,165,亿元",
        "敦煌市,GDP,2015,40,亿元",
    )
    assert compare(sound, store).flags == ()


def test_a_file_with_faults_is_not_compared(store):
    with pytest.raises(ValueError, match="还有错误"):
        compare(reading_of("县区,GDP", "瓜州县,1"), store)


def test_wrong_options_are_the_callers_mistake():
    with pytest.raises(ValueError, match="时期"):
        read_file(b"1", "a.csv", period="明年")
    with pytest.raises(ValueError, match="状态"):
        read_file(b"1", "a.csv", status="大概")


def test_where_and_what_was_printed_is_kept(store):
    accept(store, "2023年,", "县区,GDP（万元）", "瓜州县,１３１７０００")
    row = store.history("620922", "gdp").iloc[0]
    assert (row["cell"], row["printed"], row["value"]) == ("CSV!B3", "１３１７０００ 万元", 131.7)


def test_the_source_under_a_table_is_the_source():
    (row,) = reading_of("2023年,", "县区,GDP（亿元）", "瓜州县,131.7", "资料来源：瓜州县统计局,").rows
    assert row.source == "瓜州县统计局"
    (row,) = reading_of("2023年,", "县区,GDP（亿元）", "瓜州县,131.7", name="甲.csv").rows
    assert row.source == "导入文件：甲.csv"


# Templates


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_template_has_the_counties_and_no_values(lang):
    data = template_xlsx(PLAN, lang)
    book = load_workbook(io.BytesIO(data))
    wide = book.worksheets[1]
    assert [wide.cell(row, 1).value for row in range(3, 89)] == counties()
    assert wide.max_row == 88
    assert len(book.worksheets[0].data_validations.dataValidation) == 3
    reading = read_file(data, "a.xlsx", today=TODAY)
    assert not reading.rows
    assert [fault.zh for fault in reading.faults] == ["没有读到任何数值"]
    assert read_file(template_csv(PLAN, lang), "a.csv", today=TODAY).rows == ()


def test_a_filled_csv_template_is_read():
    lines = template_csv(PLAN, period="2023").decode("utf-8-sig").splitlines()
    cells = lines[1].split(",")
    cells[4] = "1300"
    (row,) = read_file(csv(lines[0], ",".join(cells), *lines[2:]), "a.csv", today=TODAY).rows
    assert (row.key, row.value) == (("620102", "gdp", "2023"), 1300)


# The command line


def run(store: Store, path: Path, **options) -> tuple[int, str]:
    said: list[str] = []
    return command(str(path), out=said.append, store=store, **options), "\n".join(said)


def test_the_command_stores_only_when_told_and_only_without_errors(store, tmp_path):
    good, bad = tmp_path / "好.xlsx", tmp_path / "坏.csv"
    good.write_bytes(plain())
    bad.write_bytes(csv("2023年,", "县区,GDP（亿元）", "瓜州县,约131", "某县,5"))
    status, said = run(store, good)
    assert status == 0
    assert "1 个数值" in said
    assert "尚未存入" in said
    assert store.last() == 0
    status, said = run(store, bad, accept=True)
    assert status == 1
    assert "CSV!B3“约131”" in said
    assert "CSV!A4“某县”" in said
    assert store.last() == 0
    status, said = run(store, good, accept=True, who="甲", note="试", source="公报", status="公报")
    assert status == 0
    assert "已存入第 1 批" in said
    batch = store.batches().iloc[0]
    assert (batch["file"], batch["who"], batch["note"], batch["rows"]) == ("好.xlsx", "甲", "试", 1)
    assert store.observations().iloc[0]["source"] == "公报"
    status, said = run(store, good, accept=True, source="公报", status="公报")
    assert status == 0
    assert "已作为第 1 批存入过" in said
    assert "无需存入" in said
    status, said = run(store, tmp_path / "没有.xlsx", accept=True)
    assert status == 1
    assert "找不到文件" in said
    assert run(store, good, period="明年")[0] == 2


def test_the_indicators_of_the_table_are_sound():
    known = shipped_indicators()
    names = [name for i in known.values() for name in (i.id, i.zh, *i.aliases)]
    assert len(set(names)) == len(names)
    for indicator in known.values():
        assert indicator.unit in FAMILY
        assert (indicator.kind in ("growth", "share")) == (indicator.unit == "%")
        if indicator.kind == "growth":
            assert all(name.endswith("增速") for name in (indicator.zh, *indicator.aliases))


def test_conversion_is_exact():
    assert convert(Decimal("341881"), "万元", "亿元") == Decimal("34.1881")
    assert convert(Decimal("485"), "兆瓦", "万千瓦") == Decimal("48.5")
    assert convert(Decimal("1"), "元", "%") is None


def test_import_corpus_is_what_it_says():
    assert import_corpus.FULL_PERIOD == "2025Q3"
    assert len(import_corpus.bomb()) < 100_000


def test_a_row_of_totals_that_its_rows_do_not_make_is_remarked_on_with_both_numbers():
    """101 + 400 is 501; 60 + 70 is 130, not 135; all four are 631, not 700. A rate adds up to nothing."""
    table = [
        ["2024年", "地区生产总值（亿元）", "地区生产总值增速（%）"],
        *(["永昌县", 101, 5.1], ["金川区", 400, 6.2], ["小计", 501, None]),
        *(["高台县", 60, 7.1], ["临泽县", 70, 6], ["小 计", 135, None], ["合计", 700, 5.5]),
    ]
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in table]
    reading = read_file("\n".join(lines).encode(), "表.csv")
    assert not reading.faults and len(reading.rows) == 8
    said = [(one.cell.rpartition("!")[2], one.zh) for one in reading.remarks if "相加为" in one.zh]
    assert [cell for cell, _ in said] == ["B7", "B8"]
    assert "135亿元" in said[0][1] and "130亿元" in said[0][1] and "2行" in said[0][1]
    assert "700亿元" in said[1][1] and "631亿元" in said[1][1] and "4行" in said[1][1]
