"""The page of each prefecture against the plan's and the published files, in both languages."""

from __future__ import annotations

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


def table_rows(page: PageText, look: str = "turn-rows") -> dict[str, list[Element]]:
    """Return the cells of one of the page's tables, by adcode."""
    (table,) = page.find("table", look)
    (body,) = (part for part in table.inside if part.tag == "tbody")
    return {row.inside[0].inside[0].attributes["data-adcode"]: row.inside for row in body.inside}


def gap_of(adcode: str, today: date) -> Decimal:
    level, band = latest(adcode, today, False), band_of(adcode)
    return max(int(band["lower"]) - level[1], Decimal(0)) if level and band else Decimal(0)


def short(adcodes: list[str], today: date) -> list[str]:
    """Return who is short, the widest gap first."""
    mine = [a for a in adcodes if state_of(a, today) in ("not_reached", "behind")]
    return sorted(mine, key=lambda a: (-gap_of(a, today), a))


def amount(value: Decimal) -> str:
    return f"{value.normalize():f}"


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


@DAYS
@pytest.mark.parametrize("code", FULL)
def test_the_finding_names_who_is_short_and_by_how_much(page_of, code, today):
    mine = inside(code)
    states = Counter(state_of(adcode, today) for adcode in mine)
    listed = len(mine) - states["no_target"]
    (zh,), (en,) = (page_of(code, lang, today).find("p", "finding") for lang in LANGUAGES)
    parts = [f"{listed}个有目标"]
    known = sum(is_known(adcode) for adcode in mine if band_of(adcode))
    if today == TODAY and known < listed:
        parts.append(f"2025年数{known}/{listed}")
    if today == DURING and states["no_figure"]:
        judged = listed - states["no_figure"]
        parts.append(f"{judged}个有数可比" if judged else "都没有全年数可比")
    parts += [f"{states['reached']}个达到"] if states["reached"] else []
    parts += [f"{states['on_pace']}个在进度内"] if states["on_pace"] else []
    behind = short(mine, today)
    assert len(behind) < 2, "of more the test of a full table tells"
    parts += [f"{COUNTIES[a]['name_short']}还差{amount(gap_of(a, today))}亿元" for a in behind]
    assert zh.text == "，".join(parts)
    assert re.findall(r"\d+", en.text)[0] == str(listed) and all(
        COUNTIES[a]["name_en_short"] in en.text for a in behind
    )


def only_passed(adcode: str, today: date = TODAY) -> bool:
    level, floor = latest(adcode, today, False), latest(adcode, today, True)
    return floor is not None and (level is None or floor[0] > level[0])


@pytest.mark.parametrize("code", FULL)
def test_one_line_says_on_what_the_figures_rest(page_of, code):
    """Year and source of what judges, and what does not: each county with a figure is named, unless all are alike."""
    said = "".join(line.text for line in page_of(code).find("p", "turn-basis"))
    known = [a for a in inside(code) if latest(a, TODAY, False)]
    cited = {(latest(a, TODAY, False)[0], judging(TODAY)[a][latest(a, TODAY, False)[0]]["title"]) for a in known}
    for year, title in cited if len(cited) <= 2 else ():
        assert f"{year}年全年数" in said and title in said
    for adcode in inside(code):
        if band_of(adcode) and only_passed(adcode) and state_of(adcode, TODAY) == "reached":
            assert COUNTIES[adcode]["name_short"] in said and "只见报道已达到" in said
    assert ("互相矛盾" in said) == ("620922" in inside(code))


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
def test_the_turns_table_has_each_county_who_is_short_first(page_of, code, today):
    cells = table_rows(page_of(code, "zh", today))
    assert sorted(cells) == inside(code) and len(cells) <= 9
    behind = short(inside(code), today)
    assert list(cells)[: len(behind)] == behind, "the widest gap first"
    for adcode, (name, lower, figure, bar, share, gap) in cells.items():
        assert name.text == COUNTIES[adcode]["name_short"]
        assert name.inside[0].attributes["href"] == f"/county/{adcode}"
        mine, found = band_of(adcode), state_of(adcode, today)
        assert lower.text == (f"{mine['lower']}亿元" if mine else "未列入" if today == TODAY else "未列入专栏一")
        level, marks = latest(adcode, today, False), [m for m in figure.inside if "source-mark" in m.classes]
        if only_passed(adcode, today) and found == "reached":
            assert f"{amount(latest(adcode, today, True)[1])}亿元" in figure.text and marks
            assert (share.text, gap.text) == ("—", "")
            continue
        if level is None:
            assert figure.text in ("暂无公开数据", word("turn_clash_cell", "zh")) and not marks
            assert (figure.text == word("turn_clash_cell", "zh")) == (adcode == "620922")
            assert share.text == "—"
            continue
        row = judging(today)[adcode][level[0]]
        assert figure.text.endswith(row["printed"]), "digit for digit"
        assert figure.text.startswith(f"{level[0]}年 ") == (level[0] != 2025)
        (mark,) = marks
        assert row["title"] in str(mark.source["lines"])
        if mine is None:
            assert share.text == "—" and not bar.inside
            continue
        percent = level[1] / int(mine["lower"]) * 100
        assert share.text == f"{percent.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
        (fill,) = [one for one in bar.inside[0].inside if "swatch" in one.classes]
        assert fill.attributes["data-class"] == found
        wide = float(re.search(r"width:([\d.]+)%", fill.attributes["style"])[1])
        assert wide == pytest.approx(min(float(percent), 130) / 130 * 100, abs=0.01)
        missing = gap_of(adcode, today)
        said = f"{amount(missing)}亿元" if missing else ""
        assert gap.text == (said if found in ("behind", "not_reached") or not missing else f"当时差{said}")


@pytest.mark.parametrize("code", FULL)
def test_the_second_scene_lists_what_the_plan_does(page_of, code):
    cells = table_rows(page_of(code), "listed")
    assert list(cells) == inside(code)
    census = {row["adcode"]: row for row in rows("census2020", PUBLISHED)}
    roads = {row["adcode"]: row for row in rows("expressways_opened", PUBLISHED)}
    planned = {row["adcode"]: row["year"] for row in rows("expressways")}
    for adcode, (name, band, roles, road, people) in cells.items():
        assert name.text == COUNTIES[adcode]["name_short"]
        mine = band_of(adcode)
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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_does_not_judge_stands_apart_marked(page_of, lang):
    zh = lang == "zh"
    marked = [item for item in page_of("620900", lang).find("li") if any("to-verify" in c.classes for c in item.inside)]
    names = ("瓜州县", "玉门市", "肃北县") if zh else ("Guazhou", "Yumen", "Subei")
    of = {name: [item.text for item in marked if item.text.startswith(name)] for name in names}
    guazhou, yumen, subei = of.values()
    assert len(guazhou) == 2 and all(word("contradicted", lang) in text for text in guazhou)
    printed = ("131.7亿元 2023年 初步", "突破200.2亿元 2024年 报告、报道")
    for shown in printed if zh else ("13.17 bn yuan", "at least 20.02"):
        assert any(shown in text for text in guazhou)
    kind = "线索（百科）" if zh else "lead (encyclopedia entry)"
    (lead,) = yumen  # of leads only the latest
    assert ("278.3亿元" if zh else "27.83 bn yuan") in lead and kind in lead and word("to_verify", lang) in lead
    assert not subei, "its lead is of the year that a report judges"


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
    fell = [adcode for adcode in inside(code) if state_of(adcode, TODAY) == "not_reached"]
    said = word("turn_short_closed", "zh", n=len(fell))
    assert (said in text) == bool(fell), "nobody is not mentioned"


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


@EVERYWHERE
def test_every_county_datum_has_a_mark_that_says_where_it_stands(page_of, code, lang):
    if code == ALONE:
        return
    for adcode, (_, band, roles, road, _) in table_rows(page_of(code, lang), "listed").items():

        def marks(cell: Element) -> int:
            return sum("source-mark" in part.classes for part in cell.inside)

        assert marks(band) == 1
        assert marks(roles) == len(roles_of(adcode))
        assert marks(road) == 0 if road.text == "—" else marks(road) in (1, 2)


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
    newest = table_rows(page)["620902"][2]
    assert newest.text == "2024年 388.8亿元", "a part of a year is not compared with a full year's bound"
    cited = [dict(line[:2] for line in mark.source["lines"]) for mark in newest.inside if "source-mark" in mark.classes]
    assert {one["时期"] for one in cited} == {"2024年"}
    assert {one["等级"] for one in cited} == {"导入（未注明）"}
    assert all("酒泉.xlsx" in one["导入批次"] and "李四" in one["导入批次"] for one in cited)
