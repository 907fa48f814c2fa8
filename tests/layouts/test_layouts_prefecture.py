"""The page of each prefecture against the plan's and the published files, in both languages."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pytest
from days import DURING, TODAY
from import_corpus import xlsx
from page_text import Element, PageText
from plan_files import PUBLISHED, facts, rows
from shipped import PLAN

from layouts.facts.atlas import Standing
from layouts.facts.layers import LAYERS
from layouts.facts.view import LANGUAGES, View
from layouts.pages import prefecture as prefecture_page
from layouts.parts.markup import write
from layouts.words import word
from targets import progress
from targets.evidence import settle
from targets.importing import compare
from targets.intake import read_file
from targets.observations import open_store
from targets.today import known_by

CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
RAW = re.compile(r"\b(None|nan|NaN|NaT|<NA>|Decimal|Series)\b|\{[a-z_]+\}")
PREFECTURES = {row["adcode"]: row for row in rows("prefectures")}
COUNTIES = {row["adcode"]: row for row in rows("counties")}
BANDS = {row["id"]: row for row in rows("bands")}
HELD = facts()
ALONE = "620200"
FULL = [code for code in PREFECTURES if code != ALONE]
EVERYWHERE = pytest.mark.parametrize(("code", "lang"), [(code, lang) for code in PREFECTURES for lang in LANGUAGES])
DAYS = pytest.mark.parametrize("today", [TODAY, DURING], ids=str)


@pytest.fixture
def store(atlas, tmp_path):
    """Return a store into which nothing was imported."""
    opened = open_store(None, atlas.published.observations, tmp_path)
    yield opened
    opened.close()


def standing_of(atlas, store, period: str | None = None, today: date = TODAY) -> Standing:
    rules = atlas.rules_of(today)
    observations = settle(known_by(store.observations(), today))
    assessment = progress.assess(atlas.counties, observations, period, rules, atlas.plan)
    return Standing(observations, store.batches(), store.indicators(), assessment, rules, period)


@pytest.fixture(scope="module")
def page_of(atlas, tmp_path_factory):
    """Return a function that writes a prefecture's page."""
    opened = open_store(None, atlas.published.observations, tmp_path_factory.mktemp("prefecture"))
    on = {today: standing_of(atlas, opened, today=today) for today in (TODAY, DURING)}
    opened.close()

    @cache
    def read(code: str, lang: str = "zh", today: date = TODAY) -> PageText:
        return PageText(write(prefecture_page.page(atlas, on[today], View(lang=lang), code)), lang)

    return read


def inside(code: str) -> list[str]:
    return sorted(adcode for adcode, row in COUNTIES.items() if row["prefecture_code"] == code)


def band_of(adcode: str) -> dict[str, str] | None:
    return next((BANDS[id] for id in HELD[adcode] if id in BANDS), None)


def roles_of(adcode: str) -> set[str]:
    return {id for id in HELD[adcode] if re.fullmatch(r"C\d|PV\d|WIND|CSP|PSH", id)}


LEAD_KINDS = ("百科", "简介", "网文", "预计", "目标")


@cache
def judging(today: date) -> dict[str, dict[int, dict[str, str]]]:
    """Return each county's full-year GDP figures that may judge on a day, from the file alone, by year."""
    found: dict[str, dict[int, dict[str, str]]] = {}
    for row in rows("county_observations", PUBLISHED):
        if row["indicator"] != "gdp" or not row["period"].isdecimal() or int(row["period"]) >= today.year:
            continue
        if row["status"] not in LEAD_KINDS and row["comparator"] != "expected":
            found.setdefault(row["adcode"], {})[int(row["period"])] = row
    # 131.7 in 2023 and more than 200.2 in 2024 cannot both be right.
    if len(found["620922"]) == 2:
        del found["620922"]
    return found


def latest(adcode: str, today: date, passed: bool) -> tuple[int, Decimal] | None:
    """Return a county's latest figure, or the latest amount only reported as passed: year and 亿元."""
    mine = judging(today).get(adcode, {}).items()
    years = [year for year, row in mine if (row["comparator"] == "at_least") == passed]
    return (max(years), Decimal(judging(today)[adcode][max(years)]["value"])) if years else None


def state_of(adcode: str, today: date) -> str:
    """Return a county's state, reckoned here: while the term runs, 7 % a year up to 2025."""
    band, level, floor = band_of(adcode), latest(adcode, today, False), latest(adcode, today, True)
    if band is None:
        return "no_target"
    lower = int(band["lower"])
    if floor and floor[1] >= lower and (level is None or floor[0] > level[0]):
        return "reached"
    over = today.year > 2025
    if level is None:
        return "target_year_unknown" if over and floor else "no_figure"
    year, value = level
    if value >= lower:
        return "reached"
    if over:
        return "not_reached" if year == 2025 else "target_year_unknown"
    if year < 2022:
        return "no_figure"
    return "on_pace" if year < 2025 and float(value) * 1.07 ** (2025 - year) >= lower else "behind"


def is_known(adcode: str) -> bool:
    """Return whether the full year 2025 itself is known."""
    level = latest(adcode, TODAY, False)
    return level is not None and level[0] == 2025


def table_rows(page: PageText) -> dict[str, list[Element]]:
    """Return the cells of the page's table, by adcode."""
    (table,) = page.find("table", "plain")
    (body,) = (part for part in table.inside if part.tag == "tbody")
    return {row.inside[0].inside[0].attributes["data-adcode"]: row.inside for row in body.inside}


@EVERYWHERE
def test_the_page_is_whole_and_says_each_text_in_its_language(page_of, code, lang):
    page = page_of(code, lang)
    for spoken, text in page.said:
        assert not RAW.search(text), text
        if lang == "en" and spoken == "en" and not text.startswith("http"):  # an address is in no language
            assert not CJK.search(text), text
    (heading,) = page.find("h2", "turn-name")
    assert heading.text == PREFECTURES[code]["name" if lang == "zh" else "name_en"]
    for element in page.elements:
        label = element.attributes.get("aria-label", "")
        assert element.text.strip() or label or element.tag not in ("button", "a"), element


@pytest.mark.parametrize("code", FULL)
def test_the_finding_counts_as_the_files_do_while_the_term_runs(page_of, code):
    mine = inside(code)
    states = Counter(state_of(adcode, DURING) for adcode in mine)
    listed = len(mine) - states["no_target"]
    judged = listed - states["no_figure"]
    (zh,), (en,) = (page_of(code, lang, DURING).find("p", "finding") for lang in LANGUAGES)
    numbers = [int(n) for n in re.findall(r"\d+", zh.text.split("其中")[0])]
    if judged:
        # A state in which no county is, is not spoken of.
        counts = [states[s] for s in ("reached", "on_pace", "behind", "no_figure") if states[s]]
        assert numbers == [len(mine), listed, judged, *counts]
        english = [int(n) for n in re.findall(r"(?<!Box )\b\d+", en.text)]
        assert english[: 3 + len(counts)] == [listed, len(mine), judged, *counts]
        for state, name in (("reached", "已达下限"), ("on_pace", "进度内"), ("behind", "落后")):
            assert (f"{name}{states[state]}个" in zh.text) == bool(states[state])
    else:
        assert numbers == [len(mine), listed]


@pytest.mark.parametrize("code", FULL)
def test_the_finding_counts_as_the_files_do_after_the_term(page_of, code):
    mine = inside(code)
    states = Counter(state_of(adcode, TODAY) for adcode in mine)
    listed = len(mine) - states["no_target"]
    known = sum(is_known(adcode) for adcode in mine if band_of(adcode))
    (zh,), (en,) = (page_of(code, lang).find("p", "finding") for lang in LANGUAGES)
    names = (("reached", "已达到"), ("not_reached", "未达到"), ("target_year_unknown", "目标年数未得"))
    told = "，".join(f"{name}{states[state]}个" for state, name in (*names, ("no_figure", "无数")) if states[state])
    start = f"截至2026-11-30，{len(mine)}个县（市、区）中{listed}个列入专栏一：{told}。"
    both = known and known < listed
    some = f"已知{known}个，未得{listed - known}个" if both else "都已知" if known else "都未得"
    assert zh.text.startswith(f"{start}2025年全年数{some}。")
    numbers = [int(n) for n in re.findall(r"(?<!Box )\b\d+", en.text.partition(", ")[2])]
    counts = [states[s] for s in ("reached", "not_reached", "target_year_unknown", "no_figure") if states[s]]
    assert numbers[: 2 + len(counts)] == [listed, len(mine), *counts]
    some = f"{known}, not of {listed - known}" if both else "all of them" if known else "none of them"
    assert f"known of {some}." in en.text
    floored = [a for a in mine if band_of(a) and state_of(a, TODAY) == "reached" and only_passed(a)]
    assert ("只见报道已达到" in zh.text) == bool(floored)


def only_passed(adcode: str) -> bool:
    level, floor = latest(adcode, TODAY, False), latest(adcode, TODAY, True)
    return floor is not None and (level is None or floor[0] > level[0])


@pytest.mark.parametrize("code", FULL)
def test_what_the_plan_lists_is_counted_as_the_files_do(page_of, code):
    mine = inside(code)
    (more,) = page_of(code).find("p", "turn-more")
    bands, roles, roads = re.fullmatch(r"目标档次：(.*?)。(列入.*?)。(专栏五.*)。", more.text).groups()
    names = {band["id"]: band["zh_short"] for band in BANDS.values()} | {"none": "未列入"}
    expected = Counter(next(id for id in HELD[adcode] if id in names) for adcode in mine)
    assert bands == "、".join(f"{names[id]} {expected[id]}个" for id in names if expected[id])
    clusters = {row["adcode"] for row in rows("cluster_counties")}
    energy = {row["adcode"] for row in rows("energy_counties")}
    neither = sum(adcode not in clusters | energy for adcode in mine)
    reckoned = [len(clusters & set(mine)), len(energy & set(mine)), neither]
    assert [int(n) for n in re.findall(r"\d+", roles)] == [n for n in reckoned if n]
    planned = [row["adcode"] for row in rows("expressways") if row["adcode"] in mine]
    opened = [
        row for row in rows("expressways_opened", PUBLISHED) if row["adcode"] in planned and row["status"] == "opened"
    ]
    assert [int(n) for n in re.findall(r"\d+", roads)] == [n for n in (len(planned), len(opened)) if n]


@DAYS
@pytest.mark.parametrize("code", FULL)
def test_the_table_has_each_county_with_what_the_files_say(page_of, code, today):
    cells = table_rows(page_of(code, "zh", today))
    assert list(cells) == inside(code)
    census = {row["adcode"]: row for row in rows("census2020", PUBLISHED)}
    roads = {row["adcode"]: row for row in rows("expressways_opened", PUBLISHED)}
    planned = {row["adcode"]: row["year"] for row in rows("expressways")}
    words = {"reached": "已达下限", "on_pace": "进度内", "behind": "落后"}
    words |= {"no_target": "未列入专栏一", "no_figure": "没有可判断的数"}
    if today == TODAY:
        words = {
            "not_reached": "未达到",
            "target_year_unknown": "目标年数未得",
            "no_figure": "无数",
            "no_target": "未列入",
        }
    for adcode, (name, band, roles, road, people, newest, share, state) in cells.items():
        assert name.text == COUNTIES[adcode]["name_short"]
        assert name.inside[0].attributes["href"] == f"/county/{adcode}"
        mine, found = band_of(adcode), state_of(adcode, today)
        assert band.text.startswith(mine["zh_short"] if mine else "未列入")
        badges = [one for mark in roles.inside for one in mark.inside if "badge-mark" in one.classes]
        assert {one.attributes["data-role"] for one in badges} == roles_of(adcode)
        if adcode in roads:
            record = roads[adcode]
            assert road.text.startswith(f"计划{planned[adcode]}年")
            assert (record["actual_year"] in road.text) if record["status"] == "opened" else "未查到" in road.text
        else:
            assert road.text == "—"
        assert people.text == f"{int(census[adcode]['population']) / 10_000:.1f}"
        assert state.inside[0].attributes["data-class"] == found
        if found == "reached" and today == TODAY:
            assert state.text == f"{first_reached(adcode)}年已达到"
        else:
            assert state.text == words[found]
        level = latest(adcode, today, False)
        if level is None:
            assert share.text == "—"
            continue
        row = judging(today)[adcode][level[0]]
        assert newest.text.startswith(row["printed"]), "digit for digit"
        grade = {"公报": "公报", "初步": "初步"}.get(row["status"], "报告、报道")
        marks = [one for one in newest.inside if "source-mark" in one.classes]
        assert marks[0].text == f"{level[0]}年 {grade}"
        floor = latest(adcode, today, True)
        if mine is None or (found == "reached" and floor and floor[0] > level[0]):
            assert share.text == "—"
        else:
            percent = level[1] / int(mine["lower"]) * 100
            assert share.text == f"{percent.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def first_reached(adcode: str) -> int:
    """Return the first year of the unbroken run of figures that cover the bound."""
    mine, lower = judging(TODAY)[adcode], int(band_of(adcode)["lower"])
    short = [year for year, row in mine.items() if Decimal(row["value"]) < lower]
    return min(year for year in mine if year > max(short, default=0))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_does_not_judge_stands_in_the_table_marked(page_of, lang):
    newest = {adcode: cells[5] for adcode, cells in table_rows(page_of("620900", lang)).items()}
    zh = lang == "zh"
    guazhou, yumen, subei = (newest[adcode].text for adcode in ("620922", "620981", "620923"))
    for shown in (
        ("131.7亿元 2023年 初步", "突破200.2亿元 2024年 报告、报道") if zh else ("13.17 bn yuan", "at least 20.02")
    ):
        assert shown in guazhou
    assert guazhou.count(word("contradicted", lang)) == 2
    assert word("none_judges", lang) in guazhou and word("none_judges", lang) in yumen
    kind = "线索（百科）" if zh else "lead (encyclopedia entry)"
    assert ("278.3亿元" if zh else "27.83 bn yuan") in yumen and kind in yumen
    assert yumen.count(word("to_verify", lang)) == 1
    assert ("255" if zh else "25.5") not in yumen, "of leads only the latest"
    # 肃北's lead is of the year that a report judges.
    assert word("to_verify", lang) not in subei


@pytest.mark.parametrize("code", FULL)
def test_after_the_term_the_page_says_whom_to_call_and_no_pace(page_of, code):
    page = page_of(code)
    text = "".join(section.text for section in page.find("section"))
    assert not re.search(r"落后|进度内|需年均|所需年均", text)
    missing = [adcode for adcode in inside(code) if band_of(adcode) and not is_known(adcode)]
    titles = [one.text for one in page.find("h2") if one.text.startswith("要向谁要数")]
    if not missing:
        assert not titles
        return
    assert titles == [f"要向谁要数：{len(missing)}个县的2025年全年数未得"]
    (section,) = [one for one in page.find("section") if one.inside and any(p.text == titles[0] for p in one.inside)]
    called = [item.text.partition("：")[0] for item in section.inside[-1].inside]
    assert called == [COUNTIES[adcode]["name_short"] for adcode in missing]
    short = [adcode for adcode in inside(code) if state_of(adcode, TODAY) == "not_reached"]
    said = word("turn_short_closed", "zh", n=len(short)) if short else word("turn_short_nobody", "zh")
    assert said in text


@pytest.mark.parametrize("code", FULL)
def test_while_the_term_runs_the_page_says_who_is_behind(page_of, code):
    page = page_of(code, "zh", DURING)
    behind = [adcode for adcode in inside(code) if state_of(adcode, DURING) == "behind"]
    (section,) = [one for one in page.find("section") if one.inside and one.inside[0].text.startswith("谁落后")]
    assert section.inside[0].text == (f"谁落后：{len(behind)}个县" if behind else "谁落后：没有")
    assert not [one for one in page.find("h2") if "要数" in one.text]
    if behind:
        named = {item.text.partition("：")[0] for item in section.inside[1].inside}
        assert named == {COUNTIES[adcode]["name_short"] for adcode in behind}


@DAYS
def test_the_table_beside_the_bars_has_what_the_day_asks(page_of, today):
    """瓜州 on 2024-06-30: 131.7 of 200, 68.3 short, 23.2 % a year; 肃北 on 2026-11-30: 30.7 of 50, 19.3 short."""
    (twin,) = [one for one in page_of("620900", "zh", today).elements if "data-table" in one.attributes]
    data = json.loads(twin.attributes["data-table"])
    assert ("所需年均增速" in data["heads"]) == (today == DURING)
    texts = [[cell["text"] if isinstance(cell, dict) else cell for cell in row] for row in data["rows"]]
    if today == DURING:
        assert ["瓜州县", "200", "131.7亿元", "2023", "65.9%", "68.3亿元", "23.2%"] in texts
    else:
        assert texts == [["肃北县", "50", "30.7亿元", "2024", "61.4%", "19.3亿元"]]


@EVERYWHERE
def test_every_county_datum_has_a_mark_that_says_where_it_stands(page_of, code, lang):
    if code == ALONE:
        return
    for adcode, (_, band, roles, road, _, newest, *_) in table_rows(page_of(code, lang)).items():

        def marks(cell: Element) -> int:
            return sum("source-mark" in part.classes for part in cell.inside)

        assert marks(band) == 1
        assert marks(roles) == len(roles_of(adcode))
        assert marks(road) == 0 if road.text == "—" else marks(road) in (1, 2)
        assert (marks(newest) > 0) or word("no_public_data", lang) in newest.text


@pytest.mark.parametrize("code", list(PREFECTURES))
def test_parks_projects_and_awards_are_those_of_the_files(page_of, code):
    text = " ".join(element.text for element in page_of(code).find("ul", "turn-list"))
    for park in rows("parks"):
        assert (f"{park['name']}，目标" in text) == (park["prefecture_code"] == code)
    for project in rows("projects"):
        assert (f"{project['verb']}：{project['name']}" in text) == (project["prefecture_code"] == code)
    awarded = [row for row in rows("evaluation_awards", PUBLISHED) if row["adcode"] in inside(code)]
    said = [item for item in page_of(code).find("li") if re.search(r"\d{4}年度(十强|先进|进步)县", item.text)]
    assert len(said) == len(awarded)


@pytest.mark.parametrize("code", FULL)
def test_the_chart_is_of_this_prefecture_and_keeps_its_bars_under_any_filter(page_of, code):
    page = page_of(code)
    measured = [a for a in inside(code) if band_of(a) and latest(a, TODAY, False)]
    # A report of a later year than the figure stands in its place, and has no bar.
    charts = page.find("div", "chart")
    if not charts:
        assert word("turn_bullets_none", "zh") in " ".join(p.text for p in page.find("p", "nothing"))
        return
    figure = json.loads(charts[0].attributes["data-figure"])
    shown = {adcode for trace in figure["data"] for adcode in trace.get("customdata", [])}
    assert shown <= set(measured)
    assert figure["layout"]["title"]["text"].startswith(PREFECTURES[code]["name_short"])
    assert [int(n) for n in re.findall(r"\d+", figure["layout"]["title"]["text"])][0] == len(shown)
    assert "meta" not in figure["layout"]


def test_one_leads_to_the_next_in_the_order_of_codes(page_of):
    codes = sorted(PREFECTURES)
    for at, code in enumerate(codes):
        ways = {a.attributes["rel"]: a.attributes["href"] for a in page_of(code).find("a") if "rel" in a.attributes}
        near = {"prev": codes[at - 1] if at else None, "next": codes[at + 1] if at + 1 < len(codes) else None}
        assert ways == {rel: f"/prefecture/{other}" for rel, other in near.items() if other}
        (choice,) = page_of(code).find("select", id="turn-choice")
        assert [option.attributes["value"] for option in choice.inside] == codes
        layers = {b.attributes["data-choice"] for b in page_of(code).find("button", "segment")}
        assert layers == (set() if code == ALONE else {f"layer={layer}" for layer in LAYERS})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_jiayuguan_has_no_county_and_says_so(page_of, lang):
    page = page_of(ALONE, lang)
    assert not page.find("table")
    assert page.find("p", "finding")[0].text == word("card_not_county", lang, PLAN)
    (census,) = (row for row in rows("census2020", PUBLISHED) if row["adcode"] == ALONE)
    people = int(census["population"])
    assert (f"{people / 10_000:.1f}" if lang == "zh" else f"{people:,}") in page.find("p", "turn-people")[0].text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", ["629999", "620922", "<b>x</b>"])
def test_an_unknown_code_gets_a_page_that_helps(page_of, code, lang):
    page = page_of(code, lang)
    assert page.find("code")[0].text == code
    assert not page.find("b")
    assert [a.attributes["href"] for a in page.find("a", "county-link")] == [f"/prefecture/{c}" for c in PREFECTURES]


def test_a_period_is_named_and_an_import_shows_with_its_batch(atlas, store):
    given = xlsx([["县", "2024年GDP（亿元）", "2025年前三季度GDP（亿元）"], ["肃州区", "388.8", "251.5"]])
    difference = compare(read_file(given, "酒泉.xlsx", indicators=store.indicators(), today=TODAY), store)
    store.accept(difference, "李四", "")
    page = PageText(
        write(prefecture_page.page(atlas, standing_of(atlas, store, "2025Q3"), View(period="2025Q3"), "620900")), "zh"
    )
    assert page.find("h2", "turn-name")[0].text == "酒泉市2025年前三季度"
    newest = table_rows(page)["620902"][5]
    assert "388.8亿元" in newest.text
    assert "251.5亿元" in newest.text
    cited = [dict(line[:2] for line in mark.source["lines"]) for mark in newest.inside if "source-mark" in mark.classes]
    assert {one["时期"] for one in cited} == {"2024年", "2025年前三季度"}
    assert {one["等级"] for one in cited} == {"导入（未注明）"}
    assert all("酒泉.xlsx" in one["导入批次"] and "李四" in one["导入批次"] for one in cited)
