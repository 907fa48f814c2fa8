"""The compare page says of each county what the CSV files say, and the files to take away say what the page does."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime

import pandas as pd
import pytest
from atlas_oracle import LANGUAGES
from days import DURING, TODAY
from openpyxl import load_workbook
from plan_files import PUBLISHED, rows
from shipped import PLAN

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.view import View
from layouts.files import compare as compare_file
from layouts.pages import compare as compare_page
from layouts.parts import figures
from layouts.parts.markup import write
from targets import progress
from targets.evidence import settle
from targets.indicators import shipped_indicators
from targets.published import cite
from targets.today import known_by

NOW = datetime(2026, 3, 5, 9, 7)
SIX = ("620922", "620981", "621122", "622925", "620702", "620200")
EVERY = f"compare={','.join(SIX)}"


def rows_of(name: str, published: bool = False) -> list[dict[str, str]]:
    return rows(name, PUBLISHED) if published else rows(name)


def standing_on(atlas: Atlas, today: date, observations: pd.DataFrame | None = None) -> Standing:
    published = atlas.published.observations if observations is None else observations
    known, rules = settle(known_by(published, today)), atlas.rules_of(today)
    assessment = progress.assess(atlas.counties, known, None, rules, atlas.plan)
    return Standing(known, known.head(0), shipped_indicators(), assessment, rules)


@pytest.fixture(scope="module")
def standing(atlas: Atlas) -> Standing:
    return standing_on(atlas, TODAY)


def carried(atlas, standing, view) -> dict:
    """Return the data that a page carries, as the browser reads them."""
    html = write(compare_page.page(atlas, standing, view))
    text = html.partition('data-compare-page="')[2].partition('"')[0]
    for code, sign in (("&quot;", '"'), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(code, sign)
    return json.loads(text)


def test_every_county_holds_the_roles_that_the_plan_lists(atlas, standing, view_of):
    listed: dict[str, set[str]] = {}
    for name, column in (("cluster_counties", "cluster"), ("energy_counties", "energy")):
        for row in rows_of(name):
            listed.setdefault(row["adcode"], set()).add(row[column])
    bands = {row["adcode"]: row["band"] for row in rows_of("band_counties")}
    short = {row["id"]: row["zh_short"] for row in rows_of("bands")}
    roads = {row["adcode"]: row["year"] for row in rows_of("expressways")}
    ids = {id for held in listed.values() for id in held}
    everyone = [row["adcode"] for row in rows_of("counties")]
    for column in compare_page.columns(atlas, standing, everyone, view_of("")):
        assert {key for key in column.cells if key in ids} == listed.get(column.adcode, set()), column.name
        assert column.cells["band"][0].text == short.get(bands.get(column.adcode, ""), "未列入"), column.name
        expected = f"{roads[column.adcode]}年" if column.adcode in roads else "不在专栏五名单"
        assert column.cells["road"][0].text == expected, column.name
        assert ("opened" in column.cells) == (column.adcode in roads), column.name


def test_every_figure_is_the_latest_in_the_published_file_with_its_year_and_kind(atlas, standing, view_of):
    latest: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows_of("county_observations", True):
        key = (row["adcode"], row["indicator"])
        # 瓜州's two contradict each other; what is only passed has a line of its own.
        if is_lead(row) or key == ("620922", "gdp") or (row["indicator"] == "gdp" and row["comparator"] == "at_least"):
            continue
        whole = row["indicator"] != "gdp" or row["period"].isdecimal()
        if whole and (key not in latest or latest[key]["period"] < row["period"]):
            latest[key] = row
    people = {row["adcode"]: row for row in rows_of("census2020", True)}
    everyone = [row["adcode"] for row in rows_of("counties")]
    seen = 0
    for column in compare_page.columns(atlas, standing, everyone, view_of("")):
        census = people[column.adcode]
        assert column.cells["population"][0].text == f"{round(int(census['population']) / 1e4 + 1e-9, 1)}万人"
        share = int(census["urban_population"]) / int(census["population"]) * 100
        assert abs(float(column.cells["urban"][0].text.rstrip("%")) - share) <= 0.05
        for (adcode, indicator), row in latest.items():
            if adcode != column.adcode:
                continue
            (line, *_) = column.cells[indicator]
            assert line.period == row["period"], (column.name, indicator)
            assert line.source.status == row["status"]
            assert line.source.source == cite(row["publisher"], row["title"], row["date"])
            assert line.text == row["printed"]
            when = f"截至{row['as_of']}" if row["as_of"] else row["period"][:4]
            assert line.label.startswith(GRADES[row["status"]]) and when in line.label
            seen += 1
        if (column.adcode, "gdp") not in latest:
            text = column.cells["gdp"][0].text
            assert text in ("暂无公开数据", "没有可判断的数") or re.match("至少|突破|累计", text), column.name
            assert "attainment" not in column.cells
    assert seen == len(latest) > 60


def said_in(column, keys=("attainment", "gap", "growth", "state")) -> dict[str, list[str]]:
    return {key: [line.said("zh") for line in column.cells.get(key, ())] for key in keys}


def test_after_the_term_the_rows_say_what_was_reached_and_no_pace(atlas, standing, view_of):
    """甘州 314.7 in 2025 against 300; 肃北 30.7 in 2024 against 50; 陇西 passed 128.03; 瓜州's two contradict."""
    guazhou, yumen, longxi, _, ganzhou, _ = compare_page.columns(atlas, standing, SIX, view_of(EVERY))
    (subei,) = compare_page.columns(atlas, standing, ["620923"], view_of(""))
    assert said_in(ganzhou) == {
        "attainment": ["104.9%（2025年）"],
        "gap": ["已达下限，超出14.7亿元（2025年）"],
        "growth": [],
        "state": ["2025年已达到"],
    }
    assert said_in(subei) == {
        "attainment": ["61.4%（2024年）"],
        "gap": ["19.3亿元（2024年）"],
        "growth": [],
        "state": ["目标年数未得"],
    }
    assert said_in(guazhou)["state"] == said_in(yumen)["state"] == ["无数"]
    assert [line.said("zh") for line in longxi.cells["gdp"]] == [
        "87.36亿元（初步 2021年）",
        "突破128.03亿元（报告、报道 2025年）",
    ]
    assert said_in(longxi)["state"] == ["2023年已达到"]
    assert "attainment" not in longxi.cells, "an older figure says nothing of what was reached since"


def test_while_the_term_runs_what_is_worked_out_is_worked_out_from_the_files(atlas):
    """瓜州 131.7 in 2023 against 200: 68.3 short, (200 ÷ 131.7)^(1/2) − 1 = 23.23 % a year."""
    guazhou, yumen, longxi, *_ = compare_page.columns(atlas, standing_on(atlas, DURING), SIX, View())
    assert said_in(guazhou) == {
        "attainment": ["65.9%（2023年）"],
        "gap": ["68.3亿元（2023年）"],
        "growth": ["每年23.2%，还有2年（2023年）"],
        "state": ["落后"],
    }
    assert said_in(yumen)["state"] == ["没有可判断的数"], "an expected figure does not judge"
    assert [line.text for line in longxi.cells["gdp"]] == ["87.36亿元", "至少100亿元"]
    assert said_in(longxi)["state"] == ["已达下限"]


def test_what_does_not_judge_has_a_row_of_its_own_and_enters_nothing(atlas, standing, view_of):
    everyone = [row["adcode"] for row in rows_of("counties")]
    view = view_of("")
    full = {one.adcode: one for one in compare_page.columns(atlas, standing, everyone, view, apart=True)}
    said = {name: [line.said("zh") for line in full[code].cells.get("apart", ())] for name, code in NAMED.items()}
    assert said == {
        "瓜州": ["131.7亿元（互相矛盾、待核，初步 2023年）", "突破200.2亿元（互相矛盾、待核，报告、报道 2024年）"],
        "玉门": ["278.3亿元（待核，线索（百科） 2024年）"],
        "陇西": [],  # its lead is of 2020, older than what judges
        "甘州": [],
    }
    assert not [line for one in full.values() for line in one.cells.get("apart", ()) if line.period]
    # Without the row, what is said is what is said where no lead is known.
    published = atlas.published.observations
    bare = standing_on(atlas, TODAY, published[published["grade"] != "lead"].reset_index(drop=True))
    for without in compare_page.columns(atlas, bare, everyone, view):
        column = full[without.adcode]
        assert column.drawn | {"said": ""} == without.drawn | {"said": ""}
        for key, lines in column.cells.items():
            if key == "gdp" and lines[0].kind == "none":
                continue  # nothing is public, or nothing that judges
            assert key == "apart" or lines == without.cells[key], (column.name, key)
    slides = compare_page.columns(atlas, standing, everyone, view)
    assert not [one for one in slides if "apart" in one.cells]


NAMED = {"瓜州": "620922", "玉门": "620981", "陇西": "621122", "甘州": "620702"}
GRADES = {"公报": "公报", "初步": "初步", "报告": "报告、报道", "报道": "报告、报道"}


def is_lead(row: dict[str, str]) -> bool:
    return row["status"] not in GRADES or row["comparator"] == "expected"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_city_without_counties_says_so_and_has_its_census_and_park(atlas, standing, view_of, lang):
    (column,) = compare_page.columns(atlas, standing, ["620200"], view_of(f"lang={lang}"))
    assert not column.is_county
    assert column.cells["band"][0].text.startswith("地级市" if lang == "zh" else "Prefecture-level city")
    assert set(column.cells) == {"band", "parks", "population", "urban", "gdp"}
    assert column.cells["parks"][0].source.clause.endswith("10")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_column_added_later_is_the_one_that_comes_with_the_page(atlas, standing, view_of, lang):
    whole = carried(atlas, standing, view_of(f"{EVERY}&lang={lang}"))
    view = view_of(f"lang={lang}")
    gathered = carried(atlas, standing, view)
    assert gathered["columns"] == {}
    for number, adcode in enumerate(SIX):
        more = compare_page.data(atlas, standing, [adcode], view, SIX[:number])
        assert list(more["columns"]) == [adcode]
        assert not {row[1] for row in more["rows"]} & {row[1] for row in gathered["rows"]}
        gathered["rows"] += more["rows"]
        gathered["columns"] |= more["columns"]
    assert gathered["columns"] == whole["columns"]
    assert sorted(gathered["rows"]) == sorted(whole["rows"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_files_hold_the_page_s_table_cell_by_cell(atlas, standing, view_of, lang):
    view = view_of(f"{EVERY}&lang={lang}")
    page = carried(atlas, standing, view)
    text = compare_file.compare_csv(atlas, standing, view, NOW)
    assert text.startswith(b"\xef\xbb\xbf")
    taken = list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), strict=True))
    body, notes = taken[: taken.index([])], taken[taken.index([]) + 1 :]
    assert body[0][1:7] == [page["columns"][adcode]["name"] for adcode in SIX]
    assert body[2][1:7] == list(SIX)
    opened, closed, comma, apart = ("（", "）", "，", "；") if lang == "zh" else (" (", ")", ", ", "; ")

    def cell(adcode: str, row: list) -> str:
        lines = page["columns"][adcode]["cells"].get(row[1])
        if not lines:
            return row[5]
        behind = [comma.join(part for part in (line.get("n"), line.get("m")) if part) for line in lines]
        pairs = zip(lines, behind, strict=True)
        return apart.join(line["t"] + (f"{opened}{more}{closed}" if more else "") for line, more in pairs)

    rows = [row for row in sorted(page["rows"]) if any(row[1] in page["columns"][a]["cells"] for a in SIX)]
    assert [line[0] for line in body[3:]] == [row[3] for row in rows]
    for line, row in zip(body[3:], rows, strict=True):
        assert line[1:7] == [cell(adcode, row) for adcode in SIX]
    gdp = next(line for line in body if line[0] == next(row[3] for row in rows if row[1] == "gdp"))
    assert "http" in gdp[11] and "张掖市甘州区人民政府《政府工作报告" in gdp[11]
    assert gdp[7] == "", "what contradicts itself is cited in a row of its own"
    assert "2026-03-05 09:07" in notes[-1]
    book = load_workbook(io.BytesIO(compare_file.compare_xlsx(atlas, standing, view, NOW)))
    sheet = [["" if c is None else c for c in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert sheet == body
    assert [list(row) for row in book.worksheets[1].iter_rows(values_only=True)] == notes


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "＝1", "-1"])
def test_no_text_becomes_a_formula(renamed, standing, view_of, text):
    atlas = renamed("620922", name_short=text, prefecture_short=text)
    view = view_of("compare=620922,620981")
    taken = compare_file.compare_csv(atlas, standing, view, NOW).decode("utf-8-sig")
    heads, prefectures, *_ = csv.reader(io.StringIO(taken))
    assert heads[1] == prefectures[1] == f"'{text}"
    sheet = load_workbook(io.BytesIO(compare_file.compare_xlsx(atlas, standing, view, NOW))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} <= {"s", "inlineStr"}
    assert sheet["B1"].quotePrefix


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_chosen_is_a_page_and_a_file_that_say_so(atlas, standing, view_of, lang):
    view = view_of(f"county=620922&lang={lang}")
    page = carried(atlas, standing, view)
    alike = page["sets"][0]
    assert alike[2].split(",")[0] == page["picked"] == "620922"
    assert all(2 <= len(adcodes.split(",")) <= 6 for _, _, adcodes, _ in page["sets"])
    assert {len(adcodes.split(",")) for kind, _, adcodes, _ in page["sets"] if kind == "band"} == {2, 5}
    said = compare_file.compare_csv(atlas, standing, view, NOW).decode("utf-8-sig")
    assert ("没有选" if lang == "zh" else "No county is chosen") in said


def test_the_figure_has_one_scale_and_counts_what_it_draws(atlas, standing, view_of):
    drawn = [column.drawn for column in compare_page.columns(atlas, standing, SIX, view_of(EVERY), apart=True)]
    figure = figures.compare(drawn, PLAN, lang="zh", theme="light")
    band, top, observed, lower, words, people = figure.data
    names = ["瓜州县", "玉门市", "陇西县", "和政县", "甘州区", "嘉峪关市"]
    assert list(figure.layout.yaxis.categoryarray) == names[::-1]
    assert list(observed.y) == names[2:5], "no bar without a figure that judges"
    assert [f"{value:.1f}" for value in observed.x] == ["87.4", "34.2", "314.7"]
    assert dict(zip(lower.y, lower.x, strict=True)) == {"瓜州县": 200, "玉门市": 300, "陇西县": 100, "甘州区": 300}
    assert [b + x for b, x in zip(band.base, band.x, strict=True)] == [300, 500, 200, 500]
    assert top.y is None, "none of them is in the open top band"
    starts = [re.match("[^（ ]*", text)[0] for text in words.text]
    assert starts == ["没有可判断的数", "没有可判断的数", "87.36亿元", "341881万元", "314.7亿元", "暂无公开数据"]
    assert len(people.y) == 6
    assert {trace.xaxis for trace in (band, observed, lower)} <= {None, "x"}, "one axis for every amount"
    assert figure.layout.title.text == (
        "所选5个县（市、区）中，3个有全年地区生产总值（2021—2025年，各县年份不同），其中1个已达本档下限；另1个只见报道已达到"
    )
    chengguan = compare_page.columns(atlas, standing, ["620102"], view_of(""))[0].drawn
    assert figures.compare([chengguan], PLAN, lang="zh", theme="light").data[1].base == (1400,)
    assert figures.compare(drawn[5:], PLAN, lang="en", theme="dark").layout.title.text.startswith(
        "Jiayuguan has no counties"
    )
