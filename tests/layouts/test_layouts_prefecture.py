"""The page of each prefecture against the plan's and the published files, in both languages."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache

import pytest
from import_corpus import xlsx
from page_text import Element, PageText
from plan_files import PUBLISHED, facts, rows

from layouts import prefecture_page
from layouts.atlas import Standing
from layouts.markup import write
from layouts.view import LANGUAGES, LAYERS, View
from layouts.wording import word
from targets import progress
from targets.importing import compare
from targets.observations import open_store
from targets.reading import read_file

CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
RAW = re.compile(r"\b(None|nan|NaN|NaT|<NA>|Decimal|Series)\b|\{[a-z_]+\}")
PREFECTURES = {row["adcode"]: row for row in rows("prefectures")}
COUNTIES = {row["adcode"]: row for row in rows("counties")}
BANDS = {row["id"]: row for row in rows("bands")}
HELD = facts()
ALONE = "620200"
FULL = [code for code in PREFECTURES if code != ALONE]
EVERYWHERE = pytest.mark.parametrize(("code", "lang"), [(code, lang) for code in PREFECTURES for lang in LANGUAGES])


@pytest.fixture
def store(atlas, tmp_path):
    """Return a store into which nothing was imported."""
    opened = open_store(None, atlas.published.observations, tmp_path)
    yield opened
    opened.close()


def standing_of(atlas, store, period: str | None = None) -> Standing:
    observations = store.observations()
    assessment = progress.assess(atlas.counties, observations, period, plan=atlas.plan)
    return Standing(observations, store.batches(), store.indicators(), assessment)


@pytest.fixture(scope="module")
def page_of(atlas, tmp_path_factory):
    """Return a function that writes a prefecture's page."""
    opened = open_store(None, atlas.published.observations, tmp_path_factory.mktemp("prefecture"))
    standing = standing_of(atlas, opened)
    opened.close()

    @cache
    def read(code: str, lang: str = "zh") -> PageText:
        return PageText(write(prefecture_page.page(atlas, standing, View(lang=lang), code)), lang)

    return read


def inside(code: str) -> list[str]:
    return sorted(adcode for adcode, row in COUNTIES.items() if row["prefecture_code"] == code)


def band_of(adcode: str) -> dict[str, str] | None:
    return next((BANDS[id] for id in HELD[adcode] if id in BANDS), None)


def roles_of(adcode: str) -> set[str]:
    return {id for id in HELD[adcode] if re.fullmatch(r"C\d|PV\d|WIND|CSP|PSH", id)}


@cache
def levels() -> dict[str, tuple[int, float]]:
    """Return each county's latest full-year GDP, from the file alone: year and 亿元."""
    found: dict[str, tuple[int, float]] = {}
    for row in rows("county_observations", PUBLISHED):
        if row["indicator"] == "gdp" and len(row["period"]) == 4 and row["value"]:
            found[row["adcode"]] = max(found.get(row["adcode"], (0, 0.0)), (int(row["period"]), float(row["value"])))
    return found


def state_of(adcode: str) -> str:
    """Return a county's state, reckoned here: 7 % a year up to 2025."""
    band, level = band_of(adcode), levels().get(adcode)
    if band is None:
        return "no_target"
    lower = int(band["lower"])
    for row in rows("county_floors", PUBLISHED):
        later = level is None or int(row["period"]) > level[0]
        if row["adcode"] == adcode and later and float(row["at_least"]) >= lower:
            return "reached"
    if level is None:
        return "no_data"
    year, value = level
    if value >= lower:
        return "reached"
    return "on_pace" if year < 2025 and value * 1.07 ** (2025 - year) >= lower else "behind"


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
def test_the_finding_counts_as_the_files_do(page_of, code):
    mine = inside(code)
    states = Counter(map(state_of, mine))
    listed = len(mine) - states["no_target"]
    judged = listed - states["no_data"]
    (zh,), (en,) = (page_of(code, lang).find("p", "finding") for lang in LANGUAGES)
    numbers = [int(n) for n in re.findall(r"\d+", zh.text.split("其中")[0])]
    if judged:
        # A state in which no county is, is not spoken of.
        counts = [states[s] for s in ("reached", "on_pace", "behind", "no_data") if states[s]]
        assert numbers == [len(mine), listed, judged, *counts]
        english = [int(n) for n in re.findall(r"(?<!Box )\b\d+", en.text)]
        assert english[: 3 + len(counts)] == [listed, len(mine), judged, *counts]
        for state, name in (("reached", "已达下限"), ("on_pace", "进度内"), ("behind", "落后")):
            assert (f"{name}{states[state]}个" in zh.text) == bool(states[state])
    else:
        assert numbers == [len(mine), listed]

    (more,) = page_of(code).find("p", "turn-more")
    bands, roles, roads = re.fullmatch(r"目标档次：(.*?)。(列入.*?)。(专栏五.*)。", more.text).groups()
    names = {band["id"]: band["zh_short"] for band in BANDS.values()} | {"none": "未列入"}
    expected = Counter(next(id for id in HELD[adcode] if id in names) for adcode in mine)
    assert bands == "、".join(f"{names[id]} {expected[id]}个" for id in names if expected[id])
    clusters = {row["adcode"] for row in rows("cluster_counties")}
    energy = {row["adcode"] for row in rows("energy_counties")}
    neither = sum(adcode not in clusters | energy for adcode in mine)
    reckoned = [len(clusters & set(mine)), len(energy & set(mine)), neither]
    assert [int(n) for n in re.findall(r"\d+", roles)] == reckoned
    planned = [row["adcode"] for row in rows("expressways") if row["adcode"] in mine]
    opened = [
        row for row in rows("expressways_opened", PUBLISHED) if row["adcode"] in planned and row["status"] == "opened"
    ]
    assert [int(n) for n in re.findall(r"\d+", roads)] == ([len(planned), len(opened)] if planned else [])


@pytest.mark.parametrize("code", FULL)
def test_the_table_has_each_county_with_what_the_files_say(page_of, code):
    cells = table_rows(page_of(code))
    assert list(cells) == inside(code)
    census = {row["adcode"]: row for row in rows("census2020", PUBLISHED)}
    roads = {row["adcode"]: row for row in rows("expressways_opened", PUBLISHED)}
    words = {"reached": "已达下限", "on_pace": "进度内", "behind": "落后", "no_target": "未列入专栏一"}
    for adcode, (name, band, roles, road, people, latest, share, state) in cells.items():
        assert name.text == COUNTIES[adcode]["name_short"]
        assert name.inside[0].attributes["href"] == f"/county/{adcode}"
        mine = band_of(adcode)
        assert band.text.startswith(mine["zh_short"] if mine else "未列入")
        badges = [one for mark in roles.inside for one in mark.inside if "badge-mark" in one.classes]
        assert {one.attributes["data-role"] for one in badges} == roles_of(adcode)
        if adcode in roads:
            record = roads[adcode]
            assert road.text.startswith(f"计划{record['planned_year']}年")
            assert (
                (f"{record['opening_date'][:4]}" in road.text)
                if record["status"] == "opened"
                else "未查到" in road.text
            )
        else:
            assert road.text == "—"
        assert people.text == f"{int(census[adcode]['population']) / 10_000:.1f}"
        assert state.inside[0].attributes["data-class"] == state_of(adcode)
        assert state.text == words.get(state_of(adcode), progress.STATES["no_data"][0])
        if adcode in levels():
            year, value = levels()[adcode]
            assert float(re.match(r"[\d.]+(?=亿元)", latest.text)[0]) == pytest.approx(value, abs=0.0501)
            assert f"{year}年" in latest.text
            assert (share.text == "—") == (mine is None or not share.text.endswith("%"))
            if share.text != "—":
                assert float(share.text[:-1]) == pytest.approx(value / int(mine["lower"]) * 100, abs=0.06)
        else:
            assert share.text == "—"


@EVERYWHERE
def test_every_county_datum_has_a_mark_that_says_where_it_stands(page_of, code, lang):
    if code == ALONE:
        return
    for adcode, (_, band, roles, road, _, latest, *_) in table_rows(page_of(code, lang)).items():

        def marks(cell: Element) -> int:
            return sum("source-mark" in part.classes for part in cell.inside)

        assert marks(band) == 1
        assert marks(roles) == len(roles_of(adcode))
        assert marks(road) == 0 if road.text == "—" else marks(road) in (1, 2)
        assert (marks(latest) > 0) or word("no_public_data", lang) in latest.text


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
    measured = [a for a in inside(code) if band_of(a) and a in levels()]
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
    assert page.find("p", "finding")[0].text == word("card_not_county", lang)
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
    difference = compare(read_file(given, "酒泉.xlsx", indicators=store.indicators()), store)
    store.accept(difference, "李四", "")
    page = PageText(
        write(prefecture_page.page(atlas, standing_of(atlas, store, "2025Q3"), View(period="2025Q3"), "620900")), "zh"
    )
    assert page.find("h2", "turn-name")[0].text == "酒泉市2025年前三季度"
    latest = table_rows(page)["620902"][5]
    assert "388.8亿元" in latest.text
    assert "251.5亿元" in latest.text
    cited = [dict(line[:2] for line in mark.source["lines"]) for mark in latest.inside if "source-mark" in mark.classes]
    assert {one["时期"] for one in cited} == {"2024年", "2025年前三季度"}
    assert all("酒泉.xlsx" in one["导入批次"] and "李四" in one["导入批次"] for one in cited)
