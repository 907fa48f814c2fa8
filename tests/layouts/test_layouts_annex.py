"""The annex, re-opened: one sheet a scene, each figure with its source as the shipped files have them, no formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from datetime import datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any

import pytest
from meeting_files import (
    BAND_OF,
    BANDS,
    CENSUS,
    COUNTIES,
    HELD,
    OPENED,
    PLANNED,
    cites,
    latest,
    levels,
    measured,
    standing,
    standing_of,
    states,
)
from openpyxl import load_workbook
from plan_files import rows as rows_of
from shipped import PLAN

from layouts.facts.deck import Deck, Scene
from layouts.facts.ready_deck import ready_deck
from layouts.facts.view import LANGUAGES
from layouts.files.annex import annex, sheet_names
from layouts.words import word
from targets.observations import open_store

NOW = datetime(2026, 3, 5, 9, 7)
SCENES = (
    ("目标", "/", "", "说明"),
    ("目标", "/", "layer=energy&energy=WIND,CSP&energy_op=all", ""),
    ("高速公路[2022/2025]: 一个很长很长很长很长很长很长很长很长的标题", "/", "layer=road", ""),
    ("人口", "/", "layer=population", ""),
    ("进度", "/progress", "", ""),
    ("酒泉", "/prefecture/620900", "", ""),
    ("玉门's", "/county/620981", "", ""),
    ("交叉", "/overlap", "", ""),
    ("三县", "/compare", "compare=620981,620922,620102", ""),
    ("=1+1", "/county/999999", "", ""),
)


@pytest.fixture(scope="module")
def stands(atlas, tmp_path_factory):
    store = open_store(None, atlas.published.observations, tmp_path_factory.mktemp("annex"))
    yield standing_of(atlas, store)
    store.close()


def deck_of(atlas) -> Deck:
    return Deck("季度观摩", tuple(Scene(t, path, atlas.read(query)[0], note) for t, path, query, note in SCENES))


@pytest.fixture(scope="module")
def books(atlas, stands):
    files = {lang: annex(deck_of(atlas), atlas, stands, lang, NOW) for lang in LANGUAGES}
    return {lang: load_workbook(io.BytesIO(content)) for lang, content in files.items()}


def figures(sheet, lang: str = "zh") -> list[dict[str, Any]]:
    """Return the rows below the heads, by the heads' words in Chinese."""
    keys = ("annex_code", "annex_place", "annex_item", "annex_shown", "annex_value", "annex_unit", "source_clause")
    keys += ("source_comparator", "source_printed", "source_task", "source_departments", "source_source")
    keys += ("source_period", "source_status", "source_note", "source_batch", "source_url")
    rows = list(sheet.iter_rows(values_only=True))
    heads = tuple(word(key, lang, PLAN) for key in keys)
    at = rows.index(heads)
    # Below them, after an empty row, the note.
    mine = list(takewhile(any, rows[at + 1 :]))
    return [dict(zip((word(key, "zh", PLAN) for key in keys), row, strict=True)) for row in mine]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_contents_name_every_scene_and_lead_to_its_sheet_and_back(books, lang):
    book = books[lang]
    contents, *scenes = book.worksheets
    assert contents.title == word("annex_contents", lang)
    assert len(scenes) == len(SCENES)
    for number, (sheet, (title, *_)) in enumerate(zip(scenes, SCENES, strict=True), start=1):
        row = contents[number + 3]
        assert [cell.value for cell in row[:3]] == [number, title, sheet.title]
        assert row[3].value == len(figures(sheet, lang))
        assert row[2].hyperlink.location == "'{}'!A1".format(sheet.title.replace("'", "''"))
        assert sheet["A1"].hyperlink.location == f"'{contents.title}'!A1"
        assert sheet["A2"].value == title
    said = [cell.value for column in contents.iter_cols() for cell in column if cell.value]
    assert any("2026-03-05 09:07" in str(text) for text in said)
    assert any(("截至" if lang == "zh" else "As of ") in str(text) for text in said)
    assert not any("未设置" in str(text) or "No map approval" in str(text) for text in said)
    assert any("天地图" in str(text) or "Tianditu" in str(text) for text in said)


def test_the_names_of_the_sheets_are_such_as_excel_takes(books):
    given = ["x" * 50, "X" * 50, "a[b]:*?/\\c", "", "'", "目录", "\x07", "\ud83d\ude00" * 20]
    for names in ([sheet.title for sheet in books["zh"]], ["目录", *sheet_names(given, "目录")]):
        assert len({name.casefold() for name in names}) == len(names)
        for name in names:
            assert 0 < len(name) <= 31
            assert not re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", name)


def test_the_bands_the_roads_and_the_census_are_the_files_own(books):
    _, bands, chosen, roads, people, *_ = books["zh"].worksheets
    rows = [row for row in figures(bands) if row["代码"]]
    assert [row["代码"] for row in rows if row["代码"] in COUNTIES] == sorted(COUNTIES)
    for row in rows:
        if row["代码"] in COUNTIES:
            band = BANDS.get(BAND_OF.get(row["代码"], ""))
            assert row["页面所示"] == (band["zh_short"] if band else "未列入")
            assert row["数值"] == (int(band["lower"]) if band else None)
            assert row["方案位置"] == (f"专栏{band['box']}·{band['item']}" if band else "专栏一")
            assert row["方案用语"] == (band["comparator"] if band else None)
    counted = {row["项目"]: row["数值"] for row in figures(bands) if not row["代码"]}
    assert counted["符合筛选"] == len(COUNTIES)
    for id, n in Counter(BAND_OF.values()).items():
        assert counted[BANDS[id]["zh_short"]] == n

    (wind, csp) = ({row["代码"] for row in figures(chosen) if row["项目"] == name} for name in ("风电", "光热"))
    assert wind == {adcode for adcode, ids in HELD.items() if "WIND" in ids}
    assert csp == {adcode for adcode, ids in HELD.items() if "CSP" in ids}
    assert next(row["数值"] for row in figures(chosen) if row["项目"] == "符合筛选") == len(wind & csp)

    planned = [row for row in figures(roads) if row["项目"] == "计划通高速"]
    assert {row["方案位置"] for row in planned} == {"专栏五·高速公路"}  # also of who is not in the list
    years = {row["代码"]: row for row in planned if row["页面所示"] != "不在专栏五名单"}
    assert set(years) == set(OPENED)
    for adcode, row in years.items():
        assert row["页面所示"] == f"{PLANNED[adcode]['year']}年"
    outcomes = {row["代码"]: row for row in figures(roads) if row["项目"] == "通车结果"}
    for adcode, record in OPENED.items():
        assert bool(outcomes[adcode]["来源"]) == (record["status"] == "opened")
        if record["status"] == "opened":
            assert cites(outcomes[adcode]["来源"], record)
            # Of a day that is not sure only the year is said.
            sure = record["date_precision"] == "day"
            assert outcomes[adcode]["时期"] == (record["opening_date"] if sure else record["actual_year"])

    found = {row["代码"]: row for row in figures(people) if row["代码"]}
    for adcode in COUNTIES:
        assert found[adcode]["数值"] == int(CENSUS[adcode]["population"])
        assert (found[adcode]["单位"], found[adcode]["时期"]) == ("人", "2020年11月1日")
        assert "人口普查" in found[adcode]["来源"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_observed_figure_has_value_title_year_and_status(books, lang):
    sheet = books[lang].worksheets[5]
    item = word("compare_row_gdp", lang)
    found = {(row["代码"], row["数值"]): row for row in figures(sheet, lang) if row["项目"] == item and row["数值"]}
    for adcode in measured():
        year, value, record = levels()[adcode]
        row = found[adcode, value if lang == "zh" else float(Decimal(str(value)) / 10)]
        assert cites(row["来源"], record)
        assert row["网址"] == (record["url"] or None)
        assert str(year) in row["时期"]
        assert row["性质"] if lang == "en" else row["性质"] == record["status"]
        assert row["单位"] == ("亿元" if lang == "zh" else "bn yuan")
        assert lang == "en" or row["页面所示"] == record["printed"]
    counted = {row["项目"]: row["数值"] for row in figures(sheet, lang) if not row["代码"]}
    n = Counter(states().values())
    names = {
        "reached": ("已达到", "reached"),
        "not_reached": ("未达到", "not reached"),
        "target_year_unknown": ("目标年数未得", "target year not known"),
        "no_figure": ("无数", "no figure"),
    }
    told = {state: counted.get(said[0 if lang == "zh" else 1]) for state, said in names.items()}
    assert told == {state: n[state] or None for state in names}, "of nobody nothing is said"
    assert word("compare_row_growth", lang) not in {row["项目"] for row in figures(sheet, lang)}


def test_the_whole_provinces_figures_are_those_of_the_files(books):
    found = figures(books["zh"].worksheets[5])
    counted = {row["项目"]: row["数值"] for row in found if not row["地区"]}
    for id, n in Counter(BAND_OF.values()).items():
        assert counted[f"方案所列（{len(BAND_OF)}个县）：{BANDS[id]['zh_short']}"] == n
    seen = [n for item, n in counted.items() if item.startswith("各县最近年份")]
    assert sum(seen) == len(latest())
    planned = Counter(row["year"] for row in PLANNED.values())
    assert counted["计划累计：2025"] == sum(planned.values()) == len(OPENED)
    assert counted["计划累计：2022"] == planned["2022"]
    targets = {row["地区"]: row for row in found if row["项目"] == "目标值"}
    for row in rows_of("provincial_targets"):
        one = targets[row["indicator"]]
        # A threshold, a size class, a duration or a rule is no number to be reached.
        goal = (None, None) if row["said"] else (float(row["value"]), row["unit"])
        assert (one["数值"], one["单位"]) == goal
        assert row["said"] in one["页面所示"] and one["说明"] == (row["note"] or None)
    for row in rows_of("parks"):
        assert targets[row["name"]]["数值"] == int(row["target_yi"])
        assert targets[row["name"]]["方案位置"] == f"专栏{row['box']}·{row['item']}"
    known = [row for row in found if row["项目"] == "已知情况" and row["数值"] is not None]
    assert known
    assert all(row["来源"] and row["时期"] for row in known)


def test_the_note_stands_below_the_figures_a_row_a_line(books):
    rows = [row[0] for row in books["zh"].worksheets[1].iter_rows(values_only=True)]
    assert rows[-3:] == [None, "讲稿：", "说明"]


def test_a_prefecture_a_county_and_a_comparison_hold_their_counties(books):
    *_, prefecture, county, overlap, compare, lost = books["zh"].worksheets
    inside = {adcode for adcode, row in COUNTIES.items() if row["prefecture_code"] == "620900"}
    assert {row["代码"] for row in figures(prefecture)} == inside
    assert {row["代码"] for row in figures(county)} == {"620981"}
    assert list(dict.fromkeys(row["代码"] for row in figures(compare))) == ["620981", "620922", "620102"]
    held = Counter(frozenset(id for id in ids if re.fullmatch(r"C\d|PV\d|WIND|CSP|PSH", id)) for ids in HELD.values())
    assert [row["数值"] for row in figures(overlap)] == sorted(held.values(), reverse=True)
    assert figures(lost) == []


def test_nothing_in_it_is_a_formula_or_leads_outside(renamed, stands):
    text = '=HYPERLINK("http://x","y")'
    atlas = renamed("620922", name=text, name_short=text)
    deck = Deck(
        "=1+1", (Scene(text, "/", atlas.read("")[0], "@SUM(A1)"), Scene("+1\x01", "/overlap", atlas.read("")[0]))
    )
    content = annex(deck, atlas, stands, "zh", NOW)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            if name.endswith((".xml", ".rels")):
                part = file.read(name).decode()
                assert not re.search(r"<f[ >/]|externalLink|TargetMode=\"External\"", part), name
    book = load_workbook(io.BytesIO(content))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert book.worksheets[1]["A2"].value == text
    assert book.worksheets[1]["A2"].quotePrefix
    assert any(row["地区"] == text for row in figures(book.worksheets[1]))


def texts(content: bytes) -> list[str]:
    """Return all parts of a workbook that hold cells or their text."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return [file.read(name).decode() for name in sorted(file.namelist()) if name.startswith("xl/")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_annex_of_the_ready_deck_has_a_sheet_with_figures_for_every_scene(atlas, stands, lang):
    deck = ready_deck(atlas, stands(atlas.read("")[0]), None, lang)
    content = annex(deck, atlas, stands, lang, NOW)
    assert not re.search("落后|进度内|需年均|[Bb]ehind|[Oo]n pace|% a year for", "\n".join(texts(content)))
    if lang == "zh":
        # As if no lead had ever been found.
        bare = standing(atlas, None, leads=False)
        assert texts(annex(deck, atlas, lambda _: bare, lang, NOW)) == texts(content)
    assert len(content) < 1_500_000
    book = load_workbook(io.BytesIO(content), read_only=True)
    assert len(book.sheetnames) == len(deck.scenes) + 1
    rows = list(book.worksheets[0].iter_rows(values_only=True))[3 : len(deck.scenes) + 3]
    assert all(row[3] > 0 for row in rows)
