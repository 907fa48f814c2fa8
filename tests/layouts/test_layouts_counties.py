"""CSV and XLSX hold exactly the selected counties, each cell as the plan's files say, and no formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime
from typing import Any

import pytest
from atlas_oracle import EMPTY, LANGUAGES, QUERIES, export_row, selected, table
from openpyxl import load_workbook
from shipped import PLAN

from layouts.files.counties import COLUMNS, counties_csv, counties_xlsx
from layouts.words import word
from targets.cells import harmless
from targets.selection import sentence

NOW = datetime(2026, 3, 5, 9, 7)
NUMBERS = {"lower", "upper", "road", "opened", "population", "urban"}
FACTS = [column for column in COLUMNS if column not in ("filter", "sources")]
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    '=HYPERLINK("http://x","y")',
)


def csv_rows(content: bytes, lang: str) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    header, *body = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    assert header == [word(f"column_{column}", lang) for column in COLUMNS]
    return [dict(zip(COLUMNS, row, strict=True)) for row in body]


def sheets(content: bytes) -> list[list[list[Any]]]:
    """Return each sheet's cells; the first sheet is the table."""
    book = load_workbook(io.BytesIO(content))
    return [
        [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in book
    ]


def xlsx_rows(content: bytes, lang: str) -> list[dict[str, Any]]:
    header, *body = sheets(content)[0]
    assert header == [word(f"column_{column}", lang) for column in COLUMNS]
    return [dict(zip(COLUMNS, row, strict=True)) for row in body]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("query", [query for query in QUERIES if query not in EMPTY])
def test_both_files_hold_exactly_the_selected_counties_cell_by_cell(atlas, view_of, query, lang):
    view = view_of(f"{query}&lang={lang}")
    expected = [export_row(adcode, lang) for adcode in selected(query)]
    assert expected
    as_text = [{column: str(row[column]) for column in FACTS} for row in expected]
    got = csv_rows(counties_csv(atlas, view), lang)
    assert [{column: row[column] for column in FACTS} for row in got] == as_text
    got = xlsx_rows(counties_xlsx(atlas, view, NOW), lang)
    assert [{column: row[column] for column in FACTS} for row in got] == expected
    assert all(type(row[column]) is int for row in got for column in NUMBERS if row[column] != "")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("query", QUERIES)
def test_every_row_carries_the_sentence_and_the_sources(atlas, view_of, query, lang):
    view = view_of(f"{query}&lang={lang}")
    amount = len(selected(query))
    said = sentence(view.filter, amount, PLAN, lang)
    assert re.findall(r"\d+", said)[-1] == str(amount)
    plan = "《甘肃省强县域行动实施方案（2022—2025年）》" if lang == "zh" else "Strong-County Action Plan (2022–2025)"
    census = "2020中国人口普查分县资料" if lang == "zh" else "2020 census"
    for rows in (
        csv_rows(counties_csv(atlas, view), lang),
        xlsx_rows(counties_xlsx(atlas, view, NOW), lang),
    ):
        assert len(rows) == max(1, amount)
        for row in rows:
            assert row["filter"].startswith(said)
            assert plan in row["sources"]
            assert census in row["sources"]
            assert ("天地图" if lang == "zh" else "Tianditu") in row["sources"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("query", EMPTY)
def test_nothing_found_is_one_row_that_says_what_to_loosen(atlas, view_of, query, lang):
    view = view_of(f"{query}&lang={lang}")
    (row,) = csv_rows(counties_csv(atlas, view), lang)
    assert {row[column] for column in FACTS} == {""}
    assert len(row["filter"]) > len(sentence(view.filter, 0, PLAN, lang)) + 10
    assert xlsx_rows(counties_xlsx(atlas, view, NOW), lang) == [row]


@pytest.mark.parametrize(
    ("name", "lang", "cells"),
    [
        (
            "城关区",
            "zh",
            {"band": "≥1400亿元", "lower": 1400, "upper": "", "parks": "兰州高新技术产业开发区（所在县为推断）"},
        ),
        ("城关区", "en", {"band": "≥140 bn yuan", "lower": 140, "upper": "", "population": 1484016}),
        ("宕昌县", "zh", {"adcode": "621223", "prefecture": "陇南市"}),
        ("两当县", "zh", {"band": "未列入", "lower": "", "upper": "", "clusters": "", "energy": "", "clauses": ""}),
        ("两当县", "en", {"band": "Not listed", "lower": "", "upper": "", "clauses": ""}),
        ("通渭县", "zh", {"road": 2022, "opened": 2023, "road_name": "S50通渭至定西高速"}),
        ("卓尼县", "zh", {"road": 2024, "opened": ""}),
        ("玉门市", "zh", {"parks": "甘肃玉门经济开发区"}),
        ("玉门市", "en", {"parks": "Gansu Yumen Economic Development Zone"}),
        ("白银区", "zh", {"parks": "白银高新技术产业开发区（所在县为推断）、甘肃白银西区经济开发区（所在县为推断）"}),
    ],
)
def test_some_counties_as_printed(atlas, view_of, name, lang, cells):
    view = view_of(f"lang={lang}")
    adcode = table("counties", "name")[name]["adcode"]
    (row,) = (row for row in xlsx_rows(counties_xlsx(atlas, view, NOW), lang) if row["adcode"] == adcode)
    assert {column: row[column] for column in cells} == cells


def test_a_misprinted_name_is_exported_corrected_and_under_its_cluster(atlas, view_of):
    rows = csv_rows(counties_csv(atlas, view_of("cluster=C2")), "zh")
    assert "岩昌县" not in counties_csv(atlas, view_of("")).decode()
    (row,) = (row for row in rows if row["name"] == "宕昌县")
    assert "生物医药" in row["clusters"].split("、")
    assert "生物医药：专栏二·2" in row["clauses"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_opening_in_the_table_names_its_source(atlas, view_of, lang):
    """The plan has no openings: who reported one must be in the file that repeats it."""
    view = view_of(f"road=2022,2023,2024,2025&lang={lang}")
    notes = " ".join(str(cell) for row in sheets(counties_xlsx(atlas, view, NOW))[1] for cell in row)
    reports = table("expressways_opened", "adcode", True)
    unsourced = [
        row["name"]
        for row in csv_rows(counties_csv(atlas, view), lang)
        if row["opened"] and reports[row["adcode"]]["publisher"] not in row["sources"] + row["clauses"] + notes
    ]
    assert not unsourced


def test_csv_lines_end_as_spreadsheets_expect(atlas, view_of):
    text = counties_csv(atlas, view_of("")).decode("utf-8-sig")
    assert text.count("\r\n") == 87
    assert not re.search(r"[^\r]\n|\r[^\n]", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_notes_sheet_says_filter_address_sources_reading_and_time(atlas, view_of, lang):
    query = f"cluster=C1,C4&cluster_op=all{'&lang=en' if lang == 'en' else ''}"
    view = view_of(query)
    notes = sheets(counties_xlsx(atlas, view, NOW))[1]
    said = [text for _, text in notes]
    assert sentence(view.filter, 2, PLAN, lang) in said
    assert query in said
    assert "2026-03-05 09:07" in said
    assert word("card_band_read", lang, PLAN) in said
    assert [label for label, _ in notes].count(word("notes_sources", lang)) == 4


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(renamed, view_of, text):
    atlas = renamed("620102", name=text, name_en=text, road=text, prefecture=text)
    view = view_of("band=B1")
    (row,) = csv_rows(counties_csv(atlas, view), "zh")
    for column in ("name", "name_other", "prefecture", "road_name"):
        assert row[column] == f"'{text}"
    assert (row["lower"], row["population"]) == ("1400", "1484016")

    content = counties_xlsx(atlas, view, NOW)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        xml = [file.read(name).decode() for name in file.namelist() if name.endswith(".xml")]
    assert not [part for part in xml if re.search(r"<f[ >/]|externalLink|<hyperlink", part)]
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    for column, cell in zip(COLUMNS, sheet[2], strict=True):
        if cell.value is not None:
            assert cell.data_type in (("n",) if column in NUMBERS else ("s", "inlineStr")), column
    name = sheet[2][COLUMNS.index("name")]
    assert str(name.value).strip() == text.strip()
    assert name.quotePrefix


def test_a_number_that_is_not_there_is_an_empty_cell_and_not_empty_text(atlas, view_of):
    """Excel counts a cell of empty text as filled, and arithmetic on it as #VALUE!."""
    sheet = load_workbook(io.BytesIO(counties_xlsx(atlas, view_of(""), NOW))).worksheets[0]
    columns = [COLUMNS.index(column) for column in sorted(NUMBERS)]
    assert {row[column].data_type for row in sheet.iter_rows(min_row=2) for column in columns} == {"n"}


@pytest.mark.parametrize("value", [0, 1400, -3, 2.5, None])
def test_numbers_stay_numbers(value):
    assert harmless(value) is value
