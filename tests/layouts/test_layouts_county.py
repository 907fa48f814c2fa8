"""The page of each county against the plan's and the published files, in both languages."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from atlas_oracle import JIAYUGUAN, LANGUAGES, clause, holds, rows, table
from days import DURING, TODAY
from page_text import Element, PageText
from plan_files import PUBLISHED
from shipped import PLAN

from layouts.facts.atlas import Standing
from layouts.facts.view import View
from layouts.pages import county as county_page
from layouts.parts.markup import write
from layouts.words import word
from targets import progress
from targets.evidence import settle
from targets.importing import compare
from targets.intake import read_file
from targets.observations import open_store
from targets.published import cite
from targets.today import known_by

CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
RAW = re.compile(r"\b(None|nan|NaN|NaT|<NA>|Decimal|Series)\b|\{[a-z_]+\}")
ADCODES = list(table("counties", "adcode"))
LISTS = (("cluster", "cluster_counties", "clusters"), ("energy", "energy_counties", "energy"))


@pytest.fixture(scope="module")
def store(atlas, tmp_path_factory):
    """Return a store into which nothing was imported."""
    opened = open_store(None, atlas.published.observations, tmp_path_factory.mktemp("county"))
    yield opened
    opened.close()


def standing_of(atlas, store, today: date = TODAY, period: str | None = None) -> Standing:
    rules = atlas.rules_of(today)
    observations = settle(known_by(store.observations(), today))
    assessment = progress.assess(atlas.counties, observations, period, rules, atlas.plan)
    return Standing(observations, store.batches(), store.indicators(), assessment, rules, period)


@pytest.fixture(scope="module")
def page_of(atlas, store):
    """Return a function that writes a county's page."""
    on = {today: standing_of(atlas, store, today) for today in (TODAY, DURING)}

    @cache
    def read(code: str, lang: str = "zh", today: date = TODAY) -> PageText:
        return PageText(write(county_page.page(atlas, on[today], View(lang=lang), code)), lang)

    return read


def facts(page: PageText) -> dict[str, Element]:
    """Return the facts of a county's page by their heading."""
    return {section.inside[0].text: section for section in page.find("section", "county-fact")}


def cited(page: PageText) -> list[dict[str, str]]:
    """Return the lines of each source mark that carries its own, by heading."""
    sources = [mark.source for mark in page.find("button", "source-mark")]
    return [{line[0]: line[1] for line in source["lines"]} for source in sources if isinstance(source, dict)]


def held_by(code: str) -> list[tuple[str, dict[str, str]]]:
    return [(row[column], row) for column, file, options in LISTS for row in holds(code, file, column, options)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_whole(page_of, lang):
    for code in (*ADCODES, JIAYUGUAN):
        page = page_of(code, lang)
        assert not [text for _, text in page.said if RAW.search(text)], code
        if lang == "en":
            left = [text for spoken, text in page.said if spoken == "en" and CJK.search(text)]
            assert not [text for text in left if len(text) > 1 and not text.startswith("http")], (code, left)
        own = table("prefectures" if code == JIAYUGUAN else "counties", "adcode")[code]
        assert page.find("h2")[0].text.startswith(own["name" if lang == "zh" else "name_en"].removesuffix(" City"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_roles_and_band_are_the_plans_each_with_its_clause(page_of, lang):
    for code in ADCODES:
        found = facts(page_of(code, lang))
        held = held_by(code)
        fact = found[word("county_roles", lang)]
        marks = [one for item in fact.inside[1].inside for one in item.inside if "badge-mark" in one.classes]
        assert [one.attributes["data-role"] for one in marks] == [id for id, _ in held], code
        for id, row in held:
            assert clause(row["box"], row["item"], lang) in fact.text, (code, id)
        band = table("band_counties", "adcode").get(code)
        text = found[word("card_band", lang, PLAN)].text
        if band:
            assert table("bands", "id")[band["band"]]["zh_short" if lang == "zh" else "en_short"] in text
        else:
            assert word("card_band_none", lang, PLAN) in text


def test_the_road_is_the_plans_and_what_became_of_it(page_of):
    planned, opened = table("expressways", "adcode"), table("expressways_opened", "adcode", published=True)
    for code in ADCODES:
        text = facts(page_of(code))[word("card_road", "zh")].text
        if code not in planned:
            assert word("card_road_none", "zh", PLAN) in text
            continue
        assert planned[code]["year"] in text
        if opened[code]["status"] == "opened":
            assert opened[code]["actual_year"] in text and opened[code]["road"] in text
        else:
            assert word("card_road_unknown", "zh") in text


def test_every_published_value_of_a_county_is_on_its_page_with_its_source(page_of):
    for row in rows("county_observations", PUBLISHED):
        page = page_of(row["adcode"])
        values = [one.text for one in page.find("ul", "county-values")]
        # Digit for digit as printed; a class of counties (百亿元县域) by its threshold.
        shown = row["printed"] if re.search(r"\d", row["printed"]) else f"至少{row['value']}{row['unit']}"
        when = f"截至{row['as_of']}" if row["as_of"] else row["period"][:4]
        assert any(shown in text and when in text for text in values), row
        source = cite(row["publisher"], row["title"], row["date"])
        found = [one for one in cited(page) if source in one.values() and shown in one.get("title", shown)]
        assert any((one.get(word("source_url", "zh")) or "") == row["url"] for one in found), row


@pytest.mark.parametrize("lang", LANGUAGES)
def test_awards_stand_on_the_county_s_page(page_of, lang):
    awards = rows("evaluation_awards", PUBLISHED)
    title = word("county_awards", lang)
    for code in ADCODES:
        mine = [row for row in awards if row["adcode"] == code]
        found = facts(page_of(code, lang))
        assert (title in found) == bool(mine), code
        if mine:
            assert len([one for one in found[title].inside[1].inside if one.tag == "li"]) == len(mine)
            assert all(row["year"] in found[title].text for row in mine)


def test_parks_say_whether_their_host_is_named_or_inferred(page_of):
    for park in rows("parks"):
        if not park["adcode"]:
            continue
        text = facts(page_of(park["adcode"]))[word("card_parks", "zh")].text
        assert park["name"] in text and park["target_yi"] in text and park["basis"] in text
        bases = {other["host_basis"] for other in rows("parks") if other["adcode"] == park["adcode"]}
        assert (word("county_host_inferred", "zh") in text) == ("inferred" in bases)


def test_the_counties_like_it_are_those_of_its_band_and_its_roles(page_of):
    bands: dict[str, list[str]] = {}
    for row in rows("band_counties"):
        bands.setdefault(row["band"], []).append(row["adcode"])
    for code in ADCODES:
        page = page_of(code)
        band = table("band_counties", "adcode").get(code, {}).get("band", "")
        others = [other for other in bands.get(band, []) if other != code]
        same = [one.attributes["data-counties"] for one in page.find("span", "names")]
        assert same == ([",".join(others)] if others else []), code
        mine = {id for id, _ in held_by(code)}
        for items in page.find("ul", "county-alike"):
            for item in (one for one in items.inside if one.tag == "li"):
                (link,) = (one for one in item.inside if "county-link" in one.classes)
                theirs = {id for id, _ in held_by(link.attributes["data-adcode"])}
                (ratio,) = (one.text for one in item.inside if one.tag == "small")
                assert ratio == f"{len(mine & theirs)}/{len(mine | theirs)}"


def test_next_leads_through_all_places_by_prefecture(page_of):
    order = sorted([*ADCODES, JIAYUGUAN])
    at, seen = order[0], []
    while at:
        seen.append(at)
        links = {one.attributes.get("rel"): one.attributes["href"] for one in page_of(at).find("a", "quiet-button")}
        if len(seen) > 1:
            assert links["prev"] == f"/county/{seen[-2]}"
        at = links.get("next", "").removeprefix("/county/")
    assert seen == order


def test_departments_stand_behind_each_role_and_what_the_plan_says_of_all(page_of):
    page = page_of("620702")
    text = next(one.text for one in page.find("section", "county-tasks"))
    for task in ("2", "3", "5"):
        names = [row["department"] for row in rows("task_departments") if row["task"] == task]
        assert "、".join(names) in text
    assert text.count(word("shared_duty", "zh", PLAN)) == 1 and "牵头" not in text


def test_jiayuguan_is_no_county_and_says_so(page_of):
    page = page_of(JIAYUGUAN)
    assert word("card_not_county", "zh", PLAN) in page.elements[0].text + "".join(text for _, text in page.said)
    assert page.find("a", href="/prefecture/620200")
    assert not page.find("ul", "county-values")


@pytest.mark.parametrize(
    ("code", "links"),
    [
        ("玉门", ["/county/620981"]),
        ("瓜州县", ["/county/620922"]),
        ("620999", [f"/county/{code}" for code in ADCODES if code.startswith("6209")]),
        ("北京", []),
        ("<script>", []),
        ("6", []),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unknown_code_gets_a_page_that_helps(page_of, code, links, lang):
    page = page_of(code, lang)
    assert code in page.find("h2")[0].text
    found = [one.attributes["href"] for one in page.find("a", "county-link")]
    assert [href for href in found if href.startswith("/county/")] == links
    assert [href for href in found if href.startswith("/prefecture/")] == [
        f"/prefecture/{c}" for c in table("prefectures", "adcode")
    ]
    assert not page.find("script")


def test_what_is_not_known_is_said(page_of):
    measured = {row["adcode"] for row in judging() if row["comparator"] != "at_least"}
    opened = table("expressways_opened", "adcode", published=True)
    for code in ADCODES:
        text = page_of(code).find("section", "county-unknowns")[0].text
        assert (word("county_unknown_gdp", "zh") in text) == (code not in measured), code
        assert (word("county_unknown_road", "zh", PLAN) in text) == (opened.get(code, {}).get("status") == "unknown"), (
            code
        )
        assert (word("county_unknown_band", "zh", PLAN) in text) == (code not in table("band_counties", "adcode")), code


def test_an_imported_value_is_shown_with_its_batch(atlas, tmp_path):
    store = open_store(None, atlas.published.observations, tmp_path)
    lines = "县名,指标,时期,数值,单位,状态,来源\r\n甘州区,地区生产总值,2025,312.5,亿元,初步,测试来源\r\n"
    reading = read_file(lines.encode("utf-8-sig"), "甘州.csv", citation="", today=TODAY)
    assert reading.ok, reading.faults
    store.accept(compare(reading, store), "李")
    page = PageText(write(county_page.page(atlas, standing_of(atlas, store), View(), "620702")), "zh")
    store.close()
    text = page.find("section", "county-observed")[0].text
    assert "312.5亿元" in text and "测试来源" in text
    batches = [source[word("source_batch", "zh")] for source in cited(page) if word("source_batch", "zh") in source]
    assert batches and all("第1批：甘州.csv，李" in batch for batch in batches)
    marks = [mark.text for mark in page.find("section", "county-observed")[0].inside[2].inside[0].inside[1].inside]
    assert marks == ["导入（初步）"], "an import is called one, with the status that it was given"
    assert page.find("p", "county-state")[0].text.strip() == "2025年已达到"


# ---- what judges, and what stands apart -----------------------------------------------------------------------------

LEAD_KINDS = ("百科", "简介", "网文", "预计", "目标")


def is_lead(row: dict[str, str]) -> bool:
    return row["status"] in LEAD_KINDS or row["comparator"] == "expected" or not row["publisher"]


@cache
def judging(before: int = 2026) -> tuple[dict[str, str], ...]:
    """Return the full-year GDP figures that may judge, of years before one; 瓜州 has two that cannot both be right."""
    found = [row for row in rows("county_observations", PUBLISHED) if row["indicator"] == "gdp" and not is_lead(row)]
    found = [row for row in found if row["period"].isdecimal() and int(row["period"]) < before]
    both = [row for row in found if row["adcode"] == "620922"]
    # 131.7 in 2023 and more than 200.2 in 2024: 52 % in a year.
    assert len(both) < 2 or Decimal("200.2") / Decimal("131.7") > Decimal("1.3")
    return tuple(row for row in found if row not in both or len(both) < 2)


def blocks(page: PageText) -> list[Element]:
    """Return what stands apart beside a county's latest figure."""
    (now,) = page.find("div", "county-now")
    return [one for section in now.inside for one in section.inside if "apart" in one.classes]


@pytest.mark.parametrize(("today", "before"), [(TODAY, 2026), (DURING, 2024)])
def test_every_lead_stands_apart_marked_with_its_kind_and_value_and_judges_nothing(page_of, today, before):
    leads = [row for row in rows("county_observations", PUBLISHED) if is_lead(row)]
    leads = [row for row in leads if int(row["period"][:4]) < before]
    assert len(leads) > 30
    for row in leads:
        page = page_of(row["adcode"], "zh", today)
        (table_block,) = page.find("section", "county-observed")[0].inside[-1:]
        assert "apart" in table_block.classes and "线索、待核" in table_block.text
        assert row["printed"] in table_block.text and f"线索（{row['status']}）" in table_block.text
        if row["indicator"] == "gdp":
            assert [one for one in blocks(page) if row["printed"] in one.text and "线索、待核" in one.text], row
        # A figure of a better grade may print the same digits.
        firm = {one["printed"] for one in rows("county_observations", PUBLISHED) if not is_lead(one)}
        if row["printed"] not in firm:
            said = "".join(one.text for cls in ("county-state", "county-said") for one in page.find("p", cls))
            charts = "".join(one.attributes["data-figure"] for one in page.find("div", "chart"))
            assert row["printed"] not in said and f'"{row["value"]}"' not in charts, row


@pytest.mark.parametrize(
    ("code", "today", "said"),
    [
        # 144.4 against 100; 278.3 of 2024 against 300 leaves 2025 unknown; 76.88 of 2020 changes nothing.
        ("620121", TODAY, ["若经证实：已达到"]),
        ("620981", TODAY, ["若经证实：目标年数未得"] * 2),
        ("621122", TODAY, ["若经证实，仍为：已达到"]),
        # 300 ÷ 255 in three years is 5.6 % a year; 154.22 is of 2021, before the plan.
        ("620981", DURING, ["若经证实：进度内"]),
        ("621202", DURING, ["若经证实，仍为：没有可判断的数"] * 2),
        ("620924", TODAY, []),
    ],
)
def test_a_lead_says_what_it_would_say_if_confirmed(page_of, code, today, said):
    text = "".join(one.text for one in blocks(page_of(code, "zh", today)))
    assert re.findall(r"若经证实(?:：|，仍为：)(?:已达到|目标年数未得|进度内|没有可判断的数)", text) == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_that_contradict_each_other_stand_both_with_both_sources(page_of, lang):
    page = page_of("620922", lang)
    (block,) = blocks(page)
    items = [item for part in block.inside for item in part.inside if item.tag == "li"]
    shown = ["131.7亿元", "突破200.2亿元"] if lang == "zh" else ["13.17 bn yuan", "at least 20.02 bn yuan"]
    assert word("contradicted", lang) in block.text
    assert [figure in item.text for figure, item in zip(shown, items, strict=True)] == [True, True]
    marks = [one for item in items for one in item.inside if "source-mark" in one.classes]
    assert [one.text for one in marks] == (["初步", "报告、报道"] if lang == "zh" else ["preliminary", "report"])
    sources = [{line[0]: line[1] for line in mark.source["lines"]}[word("source_source", lang)] for mark in marks]
    assert sources == ["瓜州县（统计公报）《2023年瓜州县国民经济和社会发展统计公报》，2024", "中国甘肃网，2025-09-20"]
    assert page.find("p", "county-state")[0].text == ("无数" if lang == "zh" else "no figure")
    tagged = [one for one in page.find("ul", "county-values") if word("contradicted", lang) in one.text]
    assert len(tagged) == 2


def test_while_only_one_of_them_is_known_it_judges(page_of):
    page = page_of("620922", "zh", DURING)
    assert not blocks(page)
    assert page.find("p", "county-state")[0].text == "落后"  # (200 ÷ 131.7)^(1/2) − 1 is 23.2 %
    assert "需年均名义增长23.2%（2年）" in page.find("p", "county-said")[0].text


@pytest.mark.parametrize(
    ("code", "today", "state"),
    [
        ("620702", TODAY, "2025年已达到"),
        ("621122", TODAY, "2023年已达到"),  # 新增百亿元县域 in 2023, 突破128.03 in 2025
        ("620923", TODAY, "目标年数未得"),
        ("620982", TODAY, "无数"),
        ("622925", TODAY, "未列入"),
        ("621122", DURING, "已达下限"),
        ("620702", DURING, "没有可判断的数"),
    ],
)
def test_the_state_follows_the_day(page_of, code, today, state):
    page = page_of(code, "zh", today)
    assert page.find("p", "county-state")[0].text == state
    text = page.find("div", "county-now")[0].text
    closed = today == TODAY and state != "未列入"
    assert (word("county_rule_closed", "zh", year=2025) in text) == closed
    assert closed is False or not re.search(r"需年均|进度|落后", text)


def test_the_pace_is_said_to_be_this_atlas_s_own(page_of):
    (now,) = page_of("620922", "zh", DURING).find("div", "county-now")
    assert word("county_rule_running", "zh", pace="7") in now.text


def test_stocks_are_of_a_day_and_averages_of_their_years(page_of):
    lines = [item.text for one in page_of("620922").find("ul", "county-values") for item in one.inside]
    assert [line for line in lines if "1792万千瓦" in line][0].startswith("截至2025-09-20")
    assert [line for line in lines if "13.22万人" in line][0].startswith("截至2023-12-31")
    (line,) = [item.text for one in page_of("620103").find("ul", "county-values") for item in one.inside]
    assert line.startswith("2021—2025年年均") and "4.5%" in line
    english = page_of("620103", "en").find("ul", "county-values")[0].text
    assert "2021–2025, yearly average" in english


@pytest.mark.parametrize("today", [TODAY, DURING])
def test_taking_all_leads_away_leaves_state_sentence_and_charts(atlas, page_of, tmp_path, today):
    published = atlas.published.observations
    store = open_store(None, published[published["grade"] != "lead"].reset_index(drop=True), tmp_path)
    standing = standing_of(atlas, store, today)
    store.close()
    for code in sorted({row["adcode"] for row in rows("county_observations", PUBLISHED) if is_lead(row)}):
        bare = PageText(write(county_page.page(atlas, standing, View(), code)), "zh")
        full = page_of(code, "zh", today)
        for cls in ("county-state", "county-said", "chart"):
            one, other = ([(e.text, e.attributes.get("data-figure")) for e in p.find("", cls)] for p in (bare, full))
            assert one == other, (code, cls)
        assert not bare.find("div", "apart") or code == "620922"


def test_an_import_without_a_status_says_so(atlas, tmp_path):
    store = open_store(None, atlas.published.observations, tmp_path)
    lines = "县名,2025年GDP（万元）\r\n玉门市,3011234\r\n"
    reading = read_file(lines.encode("utf-8-sig"), "玉门.csv", today=TODAY)
    assert reading.ok, reading.faults
    store.accept(compare(reading, store), "李")
    page = PageText(write(county_page.page(atlas, standing_of(atlas, store), View(), "620981")), "zh")
    store.close()
    assert page.find("p", "county-state")[0].text == "2025年已达到"
    (fact,) = [
        section for section in page.find("section", "county-fact") if section.inside[0].text == "最新地区生产总值"
    ]
    mark = next(one for part in fact.inside for one in part.inside if "source-mark" in one.classes)
    assert mark.text == "导入（未注明） 2025年"
    panel = {line[0]: line[1] for line in mark.source["lines"]}
    assert panel["等级"] == "导入（未注明）" and panel["导入批次"].startswith("第1批：玉门.csv，李")
    assert "报道" not in "".join(panel.values()) and "公报" not in "".join(panel.values())
