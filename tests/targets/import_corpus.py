"""Messy and hostile files, each made here from stated content, and what must come of it.

A figure's value is in the indicator's own unit. `full_table` is a complete table of the 86 counties from
stated numbers, which are no real ones; other tests may use it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook, load_workbook
from shipped import PLAN

from geodata.names import known_counties

FULL_PERIOD = "2025Q3"
FULL_HEADER = (
    "地区生产总值（万元）",
    "地区生产总值增速（%）",
    "一般公共预算收入（亿元）",
    "城镇居民人均可支配收入（元）",
)


@dataclass(frozen=True)
class File:
    """One file: its name, how it is made, and the outcome.

    `rows` are all the values that must be read; `faults` the cells that must be listed, each with a part of what is
    said; `refused` a part of the one sentence; `remark` a part of some remark. `options` go to `read_file`.
    """

    name: str
    make: Callable[[], bytes]
    rows: dict[tuple[str, str, str], float] = field(default_factory=dict)
    faults: tuple[tuple[str, str], ...] = ()
    refused: str = ""
    remark: str = ""
    options: dict[str, str] = field(default_factory=dict)


def counties() -> list[str]:
    """Return the adcodes of the 86 counties."""
    return [adcode for adcode in known_counties() if adcode != "620200"]


def full_value(n: int, column: int) -> float:
    """Return the stated value of the n-th county (from 0) in its canonical unit: GDP, growth, revenue, income."""
    return ((300_000 + 12_345 * n) / 10_000, (n % 25 - 5) / 2, (1_000 + 37 * n) / 1_000, float(21_000 + 111 * n))[
        column
    ]


def full_table(period: str = "2025年三季度") -> bytes:
    """Return a workbook as an office would send it, with all 86 counties; of the third quarter of 2025 unless said.

    County n (from 0, by code) has a GDP of 300000 + 12345 n 万元, growth of (n mod 25 − 5) / 2 %, a revenue of
    1 + 0.037 n 亿元 and an urban income of 21000 + 111 n 元.
    """
    rows: list[Sequence[Any]] = [[f"县区主要经济指标（{period}）"], ["县区", *FULL_HEADER]]
    for n, adcode in enumerate(counties()):
        values = (300_000 + 12_345 * n, (n % 25 - 5) / 2, (1_000 + 37 * n) / 1_000, 21_000 + 111 * n)
        rows.append([known_counties()[adcode].name, *values])
    return xlsx(rows, merged=["A1:E1"])


def xlsx(
    rows: Iterable[Sequence[Any]],
    merged: Sequence[str] = (),
    title: str = "Sheet1",
    change: Callable[[Workbook], None] | None = None,
) -> bytes:
    """Return a workbook of one sheet; `change` may add to it."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for box in merged:
        sheet.merge_cells(box)
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv(*lines: str, encoding: str = "utf-8-sig") -> bytes:
    """Return lines as a file."""
    return "\r\n".join(lines).encode(encoding)


def zipped(parts: dict[str, bytes | str]) -> bytes:
    """Return a zip of parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parts_of(data: bytes) -> dict[str, bytes | str]:
    """Return the parts of a workbook, to change some."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(**parts: bytes | str) -> bytes:
    """Return a sound workbook with parts changed or added; in their names ``/`` is ``__`` and ``.`` is ``_dot_``."""
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    return zipped(parts_of(plain()) | named)


def plain(value: Any = 131.7) -> bytes:
    """Return a sound workbook of one value."""
    return xlsx([["2023年"], ["县区", "地区生产总值（亿元）"], ["瓜州县", value]])


GUAZHOU = ("620922", "gdp", "2023")
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>{}</worksheet>'


def sheet_xml(rows: str, after: str = "") -> bytes:
    """Return a workbook whose sheet is this XML."""
    return changed(xl__worksheets__sheet1_dot_xml=SHEET.format(rows, after))


def three_levels() -> bytes:
    return xlsx(
        [
            ["甘肃省县区主要经济指标完成情况表（2025年前三季度）"],
            ["单位：亿元、%"],
            ["市州", "县（市、区）", "地区生产总值", None, "第一产业增加值", None, "一般公共预算收入", None, "备注"],
            [None, None, "总量", "同比增长", "绝对值", "增速", "完成", "±%", None],
            ["兰州市", "小计", 2000, 5.1, 60, 5, 150, 3, None],
            [None, "城 关 区", "1,234.56", 5.2, 1.2, "—", 40.123, "-3.2", "快报"],
            [None, "七里河", 600, "6.1%", "…", 4, "／", 0, None],
            ["临夏州", "临夏县", 60.5, 7, 12, 6, 3.1, 8, None],
            ["注：1.本表为初步核算数。2.增速按可比价计算。"],
            ["资料来源：甘肃省统计局快报"],
        ],
        merged=["A1:I1", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "G3:H3", "I3:I4", "A5:A7"],
    )


def two_years() -> bytes:
    return xlsx(
        [
            ["各县区地区生产总值及其增速"],
            ["县区", "2023年", None, "2024年", None],
            [None, "总量（万元）", "增速（%）", "总量（亿元）", "增速（%）"],
            ["瓜州县", 1317000, 7, 200.2, 9.1],
            ["玉门市", 2000000, 6, 210, -0.5],
        ],
        merged=["A1:E1", "A2:A3", "B2:C2", "D2:E2"],
    )


def several_sheets() -> bytes:
    def more(book: Workbook) -> None:
        second = book.create_sheet("2024年")
        for row in (["县区", "GDP（亿元）"], ["瓜州县", 200.2]):
            second.append(row)
        notes = book.create_sheet("说明")
        notes.append(["县区", "GDP（亿元）2020年"])
        notes.append(["瓜州县", 999])
        secret = book.create_sheet("旧")
        secret.append(["县区", "GDP（亿元）2019年"])
        secret.append(["瓜州县", 998])
        secret.sheet_state = "hidden"

    return xlsx([["县区", "GDP（亿元）"], ["瓜州县", 131.7]], title="2023年", change=more)


def hidden_rows() -> bytes:
    def hide(book: Workbook) -> None:
        book.active.row_dimensions[4].hidden = True
        book.active.column_dimensions["C"].hidden = True

    rows = [["2023年"], ["县区", "GDP（亿元）", "GDP增速（%）"], ["瓜州县", 131.7, 7], ["玉门市", 200, 6]]
    return xlsx(rows, change=hide)


def formatted(value: float, number_format: str, header: str) -> bytes:
    def change(book: Workbook) -> None:
        book.active["B3"].number_format = number_format

    return xlsx([["2023年"], ["县区", header], ["瓜州县", value]], change=change)


def locked() -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    return head + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)


def bomb() -> bytes:
    """50 MB of one letter in a 49 KB zip."""
    return changed(xl__media__big_dot_xml=b"<a>" + b"0" * 50_000_000 + b"</a>")


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>'
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a9;</t></si></sst>'
    return changed(xl__sharedStrings_dot_xml=text + strings)


def million_rows() -> bytes:
    return sheet_xml("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 1_000_001)))


def million_styles() -> bytes:
    styles = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>{}</cellXfs></styleSheet>'
    return changed(xl__styles_dot_xml=styles.format("".join(f'<xf numFmtId="{n}"/>' for n in range(1_000_000))))


def million_merges() -> bytes:
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 1_000_000))
    return sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>', f"<mergeCells>{merges}</mergeCells>")


def million_columns() -> bytes:
    """Hide the same columns a million times."""
    columns = "<cols>" + '<col min="1" max="16384" hidden="1"/>' * 1_000_000 + "</cols>"
    return sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>', columns)


def far_cell() -> bytes:
    rows = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return sheet_xml(rows)


def false_size() -> bytes:
    """Return a sound table that claims to reach to the last cell, with empty cells far below."""
    parts = parts_of(plain())
    name = "xl/worksheets/sheet1.xml"
    text = parts[name].decode() if isinstance(parts[name], bytes) else str(parts[name])  # type: ignore[union-attr]
    text = text.replace('<dimension ref="A1:B3"', '<dimension ref="A1:XFD1048576"').replace(
        "</sheetData>", '<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>'
    )
    assert "XFD1048576" in text
    return zipped(parts | {name: text})


def turned() -> bytes:
    return xlsx(
        [
            ["2023年主要指标"],
            ["指标", "瓜州县", "玉门市", "敦煌市", "合计"],
            ["地区生产总值（亿元）", 131.7, 200, "—", 331.7],
            ["地区生产总值增速（%）", 7, "=1+1", 5, None],
            ["注：初步数"],
        ]
    )  # fmt: skip


def template(lang: str = "zh") -> bytes:
    from targets.importing import template_xlsx

    book = load_workbook(io.BytesIO(template_xlsx(PLAN, lang)))
    long, wide, new = (book.worksheets[n] for n in range(3))
    long.append(
        ["620922", "瓜州县", "地区生产总值" if lang == "zh" else "gdp", "2023", 1317000, "万元", "公报", "2023年公报"]
    )
    long.append([620922, None, "va1", 2023, "24.5", "亿元", None, None, "http://x", "注"])
    long.append([None, "瓜州县", "生猪存栏", "2025-09", 3.5, "万头", "初步核算数"])
    wide["B1"] = "2025年三季度"
    wide["D3"], wide["E3"] = 1000.5, "6.5%"
    new.append(["pigs", "生猪存栏", "Pigs", "生猪", "万头", "level", "sum", 1, 0, 500, "area"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


TEMPLATE = {
    GUAZHOU: 131.7, ("620922", "va1", "2023"): 24.5, ("620922", "pigs", "2025Q3"): 3.5,
    ("620102", "gdp", "2025Q3"): 1000.5, ("620102", "gdp_growth", "2025Q3"): 6.5,
}  # fmt: skip
Q3 = "2025Q3"

MESSY = [
    File(
        "三层表头.xlsx",
        three_levels,
        {
            ("620102", "gdp", Q3): 1234.56,
            ("620102", "gdp_growth", Q3): 5.2,
            ("620102", "va1", Q3): 1.2,
            ("620102", "budget_revenue", Q3): 40.123,
            ("620102", "budget_revenue_growth", Q3): -3.2,
            ("620103", "gdp", Q3): 600,
            ("620103", "gdp_growth", Q3): 6.1,
            ("620103", "va1_growth", Q3): 4,
            ("620103", "budget_revenue_growth", Q3): 0,
            ("622921", "gdp", Q3): 60.5,
            ("622921", "gdp_growth", Q3): 7,
            ("622921", "va1", Q3): 12,
            ("622921", "va1_growth", Q3): 6,
            ("622921", "budget_revenue", Q3): 3.1,
            ("622921", "budget_revenue_growth", Q3): 8,
        },
        remark="小计",
    ),
    File(
        "两年.xlsx",
        two_years,
        {
            GUAZHOU: 131.7,
            ("620922", "gdp_growth", "2023"): 7,
            ("620922", "gdp", "2024"): 200.2,
            ("620922", "gdp_growth", "2024"): 9.1,
            ("620981", "gdp", "2023"): 200,
            ("620981", "gdp_growth", "2023"): 6,
            ("620981", "gdp", "2024"): 210,
            ("620981", "gdp_growth", "2024"): -0.5,
        },
    ),
    File("多表.xlsx", several_sheets, {GUAZHOU: 131.7, ("620922", "gdp", "2024"): 200.2}, remark="隐藏的工作表"),
    File(
        "隐藏行列.xlsx",
        hidden_rows,
        {
            GUAZHOU: 131.7,
            ("620922", "gdp_growth", "2023"): 7,
            ("620981", "gdp", "2023"): 200,
            ("620981", "gdp_growth", "2023"): 6,
        },
        remark="隐藏的行列也已读取：4、C",
    ),
    File("县在列.xlsx", lambda: turned(), faults=(("C4", "公式"),)),
    File("百分比格式.xlsx", lambda: formatted(0.065, "0.0%", "GDP增速"), {("620922", "gdp_growth", "2023"): 6.5}),
    File("普通格式.xlsx", lambda: formatted(6.5, "0.0", "GDP增速（%）"), {("620922", "gdp_growth", "2023"): 6.5}),
    File("缩放格式.xlsx", lambda: formatted(1317000, "0.00,", "GDP（亿元）"), faults=(("B3", "缩小显示"),)),
    File("百分比当总量.xlsx", lambda: formatted(0.065, "0%", "GDP（亿元）"), faults=(("B3", "百分数不能是亿元"),)),
    File("模板.xlsx", template, TEMPLATE),
    File("template.xlsx", lambda: template("en"), TEMPLATE),
    File(
        "gbk.csv",
        lambda: csv(
            "2023年县区经济,,",
            "县 区,地区生产总值（万元）,",
            ",总量,增速",
            '瓜州县,"1,317,000",７．０',
            encoding="gb18030",
        ),
        {GUAZHOU: 131.7, ("620922", "gdp_growth", "2023"): 7},
    ),
    File(
        "utf8.csv",
        lambda: csv(
            "县代码,县名,指标,时期,数值,单位,状态,来源",
            "620922,瓜州县,GDP,2023年,131.7,亿元,公报,公报",
            "620922,瓜州县,GDP增速,2023年,-3.2,,,",
            ",,,,,,,",
            "620981,玉门市,GDP,2023年,—,亿元,,",
        ),
        {GUAZHOU: 131.7, ("620922", "gdp_growth", "2023"): -3.2},
    ),
    File("utf16.csv", lambda: "县区\tGDP（亿元）2023年\r\n瓜州县\t131.7\r\n".encode("utf-16"), {GUAZHOU: 131.7}),
    File("tab.tsv", lambda: csv("县区\tGDP（亿元）2023年", "瓜州县\t131.7"), {GUAZHOU: 131.7}),
    File("分号.csv", lambda: csv("县区;GDP（亿元）2023年", "瓜州县;131.7"), {GUAZHOU: 131.7}),
    File("默认时期.csv", lambda: csv("县区,GDP（亿元）", "瓜州县,131.7"), {GUAZHOU: 131.7}, options={"period": "2023"}),
    File(
        "市州全省.csv",
        lambda: csv(
            "2023年,",
            "地区,GDP（亿元）",
            "全省,11863.8",
            "兰州市,3487.3",
            "兰州新区,400",
            "甘南州,250",
            "城关区,1300",
            "合计,15000",
            "市州平均,1",
        ),
        {
            ("620000", "gdp", "2023"): 11863.8,
            ("620100", "gdp", "2023"): 3487.3,
            ("623000", "gdp", "2023"): 250,
            ("620102", "gdp", "2023"): 1300,
        },
        remark="兰州新区",
    ),
    File(
        "各种写法.csv",
        lambda: csv(
            "2023年,",
            "县区,GDP（亿元）",
            "1.城关区,1",
            "甘肃省兰州市七里河区,2",
            "　西　固　区　,3",
            "兰州安宁,4",
            "其中：红古区*,5",
            "张家川回族自治县,6",
            "天祝县,7",
            "华亭县,8",
            "620121,9",
        ),
        {
            (place, "gdp", "2023"): n
            for n, place in enumerate(
                ("620102", "620103", "620104", "620105", "620111", "620525", "620623", "620881", "620121"), start=1
            )
        },
    ),
    File("单元格带单位.csv", lambda: csv("2023年,", "县区,GDP（亿元）", "瓜州县,1317000万元"), {GUAZHOU: 131.7}),
    File(
        "园区.csv",
        lambda: csv("2023年,", "园区,园区生产总值（亿元）", "兰州新区,400", "天水经济技术开发区,160", "P08,55.5"),
        {("P01", "park_gdp", "2023"): 400, ("P06", "park_gdp", "2023"): 160, ("P08", "park_gdp", "2023"): 55.5},
    ),
    File(
        "通车.csv",
        lambda: csv("县名,指标,数值,备注", "文县,通车日期,2022-12-31,G8513", "通渭县,通车时间,2023,S50"),
        {("621222", "road_opened", "2022"): 20221231, ("621121", "road_opened", "2023"): 20230000},
    ),
    File("假尺寸.xlsx", false_size, {GUAZHOU: 131.7}),
    File(
        "像公式的文字.csv",
        lambda: csv("县名,指标,时期,数值,单位,备注", "瓜州县,GDP,2023,131.7,亿元,=cmd|' /C calc'!A0"),
        {GUAZHOU: 131.7},
    ),
    File(
        "同值两次.csv",
        lambda: csv("县名,指标,时期,数值,单位", "瓜州县,GDP,2023,131.7,亿元", "瓜州县,GDP,2023,1317000,万元"),
        {GUAZHOU: 131.7},
    ),
    # What has to be mended by the user
    File(
        "两值.csv",
        lambda: csv("县名,指标,时期,数值,单位", "瓜州县,GDP,2023,131.7,亿元", "瓜州县,GDP,2023,131.8,亿元"),
        faults=(("D3", "另一个数值"),),
    ),
    File(
        "没有单位.csv",
        lambda: csv("2023年,", "县区,地区生产总值", "瓜州县,131.7"),
        faults=(("B2", "没有说明地区生产总值的单位"),),
    ),
    File("没有时期.csv", lambda: csv("县区,地区生产总值（亿元）", "瓜州县,131.7"), faults=(("B1", "没有说明时期"),)),
    File(
        "只有年份.csv",
        lambda: csv("2025年三季度,,", "县区,GDP（亿元）,2024年GDP（亿元）", "瓜州县,131.7,120"),
        faults=(("C2", "表头只写年份"),),
    ),
    File("未来.csv", lambda: csv("2052年,", "县区,GDP（亿元）", "瓜州县,131.7"), faults=(("B2", "还没有到"),)),
    File("单季.csv", lambda: csv("2025年三季度,", "县区,GDP当季（亿元）", "瓜州县,131.7"), faults=(("B2", "单季"),)),
    File(
        "目标.csv",
        lambda: csv("2025年目标任务分解表,", "县区,GDP（亿元）", "瓜州县,300"),
        faults=(("A1", "目标或计划"),),
    ),
    File(
        "生指标.csv",
        lambda: csv("2023年,,", "县区,地区生产总植（亿元）,GDP（亿元）", "瓜州县,131.7,131.7"),
        faults=(("B2", "不认识指标“地区生产总植”"),),
    ),
    File(
        "单位不对.csv",
        lambda: csv("2023年,,", "县区,GDP（%）,GDP增速（亿元）", "瓜州县,131.7,7"),
        faults=(("B2", "若是增速"), ("C2", "单位不能是亿元")),
    ),
    File(
        "坏格.xlsx",
        lambda: xlsx(
            [
                ["2023年"],
                ["县区", "GDP（亿元）"],
                ["瓜州县", "=A1"],
                ["玉门市", "约200"],
                ["敦煌市", "131.7①"],
                ["城关区", "1.3E+03"],
                ["永登县", "12,34"],
                ["文县", -5],
                ["成县", True],
                ["临夏", 3],
                ["白银", 3],
                ["某县", 3],
                ["康县", "#DIV/0!"],
            ]
        ),
        faults=(
            ("B3", "公式"),
            ("B4", "不是数字"),
            ("B5", "不是数字"),
            ("B6", "不是数字"),
            ("B7", "不是数字"),
            ("B8", "不可能是-5"),
            ("B9", "不是数字"),
            ("A10", "临夏"),
            ("A11", "白银"),
            ("A12", "某县"),
            ("B13", "错误值"),
        ),
    ),
    File(
        "首行县名错.csv",
        lambda: csv("2023年,", "县区,GDP（亿元）", "瓜洲镇,131.7", "玉门市,200"),
        faults=(("A3", "认不出“瓜洲镇”"),),
    ),
    File(
        "合并的数.xlsx",
        lambda: xlsx([["2023年"], ["县区", "GDP（亿元）"], ["瓜州县", 300], ["玉门市", None]], merged=["B3:B4"]),
        faults=(("B3", "合并单元格"),),
    ),
    File(
        "代码与县名.csv",
        lambda: csv(
            "县代码,县名,指标,时期,数值,单位", "620102,瓜州县,GDP,2023,131.7,亿元", "620999,某县,GDP,2023,1,亿元"
        ),
        faults=(("A2", "代码是城关区"), ("A3", "不是甘肃的县区代码")),
    ),
    File(
        "县与园区.csv", lambda: csv("2023年,", "县区,园区生产总值（亿元）", "瓜州县,55"), faults=(("B3", "园区的指标"),)
    ),
    File(
        "两栏.csv",
        lambda: csv(
            "2023年,,,",
            "县区,GDP（亿元）,县区,GDP（亿元）",
            "瓜州县,1,城关区,4",
            "玉门市,2,永登县,5",
            "敦煌市,3,榆中县,6",
        ),
        {
            (place, "gdp", "2023"): n
            for n, place in enumerate(("620922", "620981", "620982", "620102", "620121", "620123"), start=1)
        },
    ),
    File(
        "总单位.csv",
        lambda: csv("2023年,,", "单位：亿元,,", "县区,GDP,城镇居民人均可支配收入", "瓜州县,131.7,3.5"),
        faults=(("C3", "没有说明城镇居民人均可支配收入的单位"),),
    ),
    File(
        "两栏两县.csv",
        lambda: csv("2023年,,,", "县区,GDP（亿元）,县区,财政收入（亿元）", "瓜州县,1,城关区,4", "玉门市,2,永登县,5"),
        faults=(("D2", "不认识指标“财政收入”"),),
    ),
    File("注在后.csv", lambda: csv("2023年,", "县区,GDP（亿元）", "瓜州县,131.7", ",注：2023年数"), {GUAZHOU: 131.7}),
    File(
        "两表相叠.csv",
        lambda: csv("2023年,", "县区,GDP（亿元）", "瓜州县,131.7", "县区,财政收入（亿元）", "玉门市,10"),
        faults=(("A4", "又出现表头"),),
    ),
    File("无表.csv", lambda: csv("你好,世界", "1,2"), faults=(("", "没有读到任何数值"),)),
    File("无县名的行.csv", lambda: csv("2023年,", "县区,GDP（亿元）", "瓜州县,1", ",2"), faults=(("A4", "没有县名"),)),
]

HOSTILE = [
    File("bomb.xlsx", bomb, refused="解压后过大"),
    File("laughs.xlsx", laughs, refused="实体声明"),
    File("million.xlsx", million_rows, refused="表格过大"),
    File("styles.xlsx", million_styles, refused="表格过大"),
    File("merges.xlsx", million_merges, refused="表格过大"),
    File("columns.xlsx", million_columns, refused=""),
    File("far.xlsx", far_cell, refused="表格过大"),
    File("million.csv", lambda: b"a,1\n" * 1_000_000, refused="表格过大"),
    File("wide.csv", lambda: b"1," * 5_000 + b"\n", refused="表格过大"),
    File("big.csv", lambda: b"a" * (21 << 20), refused="20 MB"),
    File("long.csv", lambda: csv("县区,GDP", "瓜州县," + "1" * 100_000), refused="文字过长"),
    File("quote.csv", lambda: csv('县区,"GDP', "瓜州县,1"), refused="引号"),
    File("nul.csv", lambda: csv("县区,GDP\0", "瓜州县,1"), refused="零字节"),
    File("binary.csv", lambda: bytes(range(1, 256)) * 100, refused=""),
    File("macro.xlsm", plain, refused=".xlsm"),
    File("macro.xlsx", lambda: changed(xl__vbaProject_dot_bin=b"\xd0\xcf"), refused="宏"),
    File("links.xlsx", lambda: changed(xl__externalLinks__externalLink1_dot_xml="<externalLink/>"), refused="外部链接"),
    File("object.xlsx", lambda: changed(xl__embeddings__oleObject1_dot_bin=b"\xd0\xcf"), refused="嵌入对象"),
    File("locked.xlsx", locked, refused="密码"),
    File("old.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), refused="另存为 .xlsx"),
    File("report.pdf", lambda: b"%PDF-1.7 ...", refused="只收 .xlsx"),
    File("pdf.xlsx", lambda: b"%PDF-1.7 ...", refused="不是真正的 .xlsx"),
    File("picture.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), refused="PNG"),
    File("page.csv", lambda: b"<html><table><tr><td>1</td></tr></table></html>", refused="网页"),
    File(
        "letter.xlsx", lambda: zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), refused="Word"
    ),
    File("zip.xlsx", lambda: zipped({"a.txt": "hello"}), refused="压缩包"),
    File("cut.xlsx", lambda: plain()[:-200], refused="损坏"),
    File("torn.xlsx", lambda: sheet_xml('<row r="1"><c r="A1"><v>1</v>'), refused="损坏"),
    File("nodigits.xlsx", lambda: sheet_xml(f'<row r="1"><c r="A1"><v>{"9" * 9000}</v></c></row>'), refused="损坏"),
    File("empty.csv", lambda: b"", refused="空的"),
    File("noending", lambda: b"1,2", refused="只收 .xlsx"),
]
