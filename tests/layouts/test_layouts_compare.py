"""The compare page says of each county what the CSV files say, and the files to take away say what the page does."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from atlas_oracle import LANGUAGES
from openpyxl import load_workbook

from layouts import compare_page, documents, figures
from layouts.atlas import Atlas, Standing
from layouts.markup import write
from targets import progress
from targets.indicators import shipped_indicators

NOW = datetime(2026, 3, 5, 9, 7)
SIX = ("620922", "620981", "621122", "622925", "620702", "620200")
EVERY = f"compare={','.join(SIX)}"


def rows_of(name: str, published: bool = False) -> list[dict[str, str]]:
    folder = "published" if published else "plan"
    path = Path(compare_page.__file__).parents[1] / "targets" / folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def standing(atlas: Atlas) -> Standing:
    observations = atlas.published.observations
    return Standing(
        observations=observations,
        batches=observations.head(0),
        indicators=shipped_indicators(),
        assessment=progress.assess(atlas.counties, observations, plan=atlas.plan),
    )


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
            assert line.source.source == row["source_title"]
            if row["unit"] == "亿元" and indicator == "gdp":
                assert abs(float(line.text.removesuffix("亿元")) - float(row["value"])) <= 0.0501
            elif row["unit"] != "日期":
                assert float(line.text.replace(",", "").removesuffix(row["unit"])) == float(row["value"])
            seen += 1
        if (column.adcode, "gdp") not in latest:
            assert column.cells["gdp"][0].text in ("暂无公开数据",) or column.cells["gdp"][0].text.startswith("报道")
            assert "attainment" not in column.cells
    assert seen == len(latest) > 60


def test_what_is_worked_out_is_worked_out_from_the_files(atlas, standing, view_of):
    """瓜州县 200.2 in 2024 against 200; 玉门市 278.3 in 2024 against 300; 陇西县 only reported as reached since."""
    guazhou, yumen, longxi, *_ = compare_page.columns(atlas, standing, SIX, view_of(EVERY))
    said = {key: yumen.cells[key][0].said("zh") for key in ("attainment", "gap", "growth", "state")}
    lower = {row["id"]: int(row["lower"]) for row in rows_of("bands")}["B3"]
    value = next(
        float(row["value"])
        for row in rows_of("county_observations", True)
        if (row["adcode"], row["indicator"], row["period"]) == ("620981", "gdp", "2024")
    )
    assert said["attainment"] == f"{value / lower * 100:.1f}%（2024年）"
    assert said["gap"] == f"{lower - value:.1f}亿元（2024年）"
    assert said["growth"] == f"每年{(lower / value - 1) * 100:.1f}%，还有1年（2024年）"
    assert said["state"] == "落后"
    assert guazhou.cells["gap"][0].text == "已达下限，超出0.2亿元"
    assert [line.period for line in longxi.cells["gdp"]] == ["2021", "2023"]
    assert "attainment" not in longxi.cells, "an older figure says nothing of what was reached since"


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
    text = documents.compare_csv(atlas, standing, view, NOW)
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
    assert "http" in gdp[7]
    assert "2026-03-05 09:07" in notes[-1]
    book = load_workbook(io.BytesIO(documents.compare_xlsx(atlas, standing, view, NOW)))
    sheet = [["" if c is None else c for c in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert sheet == body
    assert [list(row) for row in book.worksheets[1].iter_rows(values_only=True)] == notes


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "＝1", "-1"])
def test_no_text_becomes_a_formula(renamed, standing, view_of, text):
    atlas = renamed("620922", name_short=text, prefecture_short=text)
    view = view_of("compare=620922,620981")
    taken = documents.compare_csv(atlas, standing, view, NOW).decode("utf-8-sig")
    heads, prefectures, *_ = csv.reader(io.StringIO(taken))
    assert heads[1] == prefectures[1] == f"'{text}"
    sheet = load_workbook(io.BytesIO(documents.compare_xlsx(atlas, standing, view, NOW))).worksheets[0]
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
    said = documents.compare_csv(atlas, standing, view, NOW).decode("utf-8-sig")
    assert ("没有选" if lang == "zh" else "No county is chosen") in said


def test_the_figure_has_one_scale_and_counts_what_it_draws(atlas, standing, view_of):
    drawn = [column.drawn for column in compare_page.columns(atlas, standing, SIX, view_of(EVERY))]
    figure = figures.compare(drawn, lang="zh", theme="light")
    band, top, observed, lower, words, people = figure.data
    names = ["瓜州县", "玉门市", "陇西县", "和政县", "甘州区", "嘉峪关市"]
    assert list(figure.layout.yaxis.categoryarray) == names[::-1]
    assert list(observed.y) == names[:4], "no bar without a figure"
    assert [f"{value:.1f}" for value in observed.x] == ["200.2", "278.3", "87.4", "34.2"]
    assert dict(zip(lower.y, lower.x, strict=True)) == {"瓜州县": 200, "玉门市": 300, "陇西县": 100, "甘州区": 300}
    assert [b + x for b, x in zip(band.base, band.x, strict=True)] == [300, 500, 200, 500]
    assert top.y is None, "none of them is in the open top band"
    assert [text.startswith("暂无公开数据") for text in words.text] == [False] * 4 + [True] * 2
    assert len(people.y) == 6
    assert {trace.xaxis for trace in (band, observed, lower)} <= {None, "x"}, "one axis for every amount"
    assert figure.layout.title.text == (
        "所选5个县（市、区）中，4个有全年地区生产总值（2021—2024年，各县年份不同），其中1个已达本档下限；另1个只见报道已达到"
    )
    chengguan = compare_page.columns(atlas, standing, ["620102"], view_of(""))[0].drawn
    assert figures.compare([chengguan], lang="zh", theme="light").data[1].base == (1400,)
    assert figures.compare(drawn[5:], lang="en", theme="dark").layout.title.text.startswith("Jiayuguan has no counties")
