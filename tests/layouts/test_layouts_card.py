"""The county card of each of the 87 polygons, line by line against the plan's files, in both languages."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from atlas_oracle import JIAYUGUAN, LANGUAGES, clause, export_row, holds, rows, said_in, table, ten_thousands
from dash.development.base_component import Component
from days import TODAY
from page_text import PageText
from plan_files import PUBLISHED
from shipped import PLAN

from layouts.facts.atlas import Standing
from layouts.parts.card import county_card
from layouts.parts.markup import write
from layouts.parts.provenance import shared_sources
from layouts.words import word
from targets import outcomes, progress
from targets.evidence import settle
from targets.importing import compare
from targets.intake import read_file
from targets.observations import open_store
from targets.published import cite
from targets.speech import Speech
from targets.today import known_by

ADCODES = [*table("counties", "adcode"), JIAYUGUAN]
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
LISTS = (("cluster", "cluster_counties", "clusters"), ("energy", "energy_counties", "energy"))


def texts(node: Any, without: str = "") -> list[str]:
    """Return the texts of a component tree in order, leaving out nodes of the classes named in ``without``."""
    if node is None:
        return []
    if isinstance(node, list | tuple):
        return [text for child in node for text in texts(child, without)]
    if not isinstance(node, Component):
        return [str(node)]
    if getattr(node, "className", None) in without.split():
        return []
    return texts(getattr(node, "children", None), without)


def text(node: Any, without: str = "") -> str:
    return "".join(texts(node, without))


def sections(card: Component) -> dict[str, list[Any]]:
    """Return the card's facts by their heading, without the heading."""
    found = [node for node in card.children if getattr(node, "className", None) == "card-fact"]
    named = {text(section.children[0]): section.children[1:] for section in found}
    assert len(named) == len(found)
    return named


def nodes(node: Any, cls: str) -> list[Component]:
    """Return the components of a class in a tree."""
    if isinstance(node, list | tuple):
        return [found for child in node for found in nodes(child, cls)]
    if not isinstance(node, Component):
        return []
    own = [node] if cls in (getattr(node, "className", None) or "").split() else []
    return own + nodes(getattr(node, "children", None), cls)


def items(body: list[Any]) -> list[str]:
    """Return the lines of a fact's list."""
    return [text(item) for item in body[0].children]


def departments(task: str, lang: str) -> str:
    """Return a task's departments as a mark's panel names them."""
    names = [row["department"] for row in rows("task_departments") if row["task"] == task]
    return (
        "、".join(names)
        if lang == "zh"
        else "; ".join(table("departments", "department")[n]["department_en"] for n in names)
    )


def standing_of(atlas, store) -> Standing:
    rules = atlas.rules_of(TODAY)
    known = settle(known_by(store.observations(), TODAY))
    assessment = progress.assess(atlas.counties, known, None, rules, atlas.plan)
    return Standing(known, store.batches(), store.indicators(), assessment, rules)


@pytest.fixture(scope="session")
def standing(atlas, tmp_path_factory) -> Standing:
    """Return what a store holds into which nothing was imported."""
    store = open_store(None, atlas.published.observations, tmp_path_factory.mktemp("card"))
    held = standing_of(atlas, store)
    store.close()
    return held


@pytest.fixture(scope="session")
def cards(atlas, standing) -> dict[tuple[str, str], Component]:
    roads = outcomes.roads(atlas.counties, standing.observations, atlas.published, PLAN)
    return {
        (adcode, lang): county_card(atlas, adcode, lang, standing, roads) for adcode in ADCODES for lang in LANGUAGES
    }


@pytest.fixture(scope="session")
def marked(atlas):
    """Return a function from a card or a part of it to what its marks' panels show, each by heading."""
    shared = shared_sources(atlas.plan)

    def read(part: Any, lang: str) -> list[dict[str, str]]:
        found = []
        for mark in nodes(part, "source-mark"):
            given = getattr(mark, "data-source")
            source = json.loads(given) if given.startswith("{") else shared[lang][given]
            found.append({"title": source["title"]} | {heading: said for heading, said, *_ in source["lines"]})
        return found

    return read


@pytest.fixture(params=LANGUAGES)
def lang(request) -> str:
    return request.param


def differing(expected: dict[str, Any], got: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (want, got[name]) for name, want in expected.items() if want != got[name]}


def test_every_card_is_headed_by_its_county_prefecture_and_code(cards, lang):
    wrong = {}
    for adcode in ADCODES:
        named = table("counties", "adcode").get(adcode) or table("prefectures", "adcode")[adcode]
        prefecture = table("prefectures", "adcode")[named.get("prefecture_code", adcode)]
        zh = lang == "zh"
        want = [named["name" if zh else "name_en"], prefecture["name" if zh else "name_en_short"], " · ", adcode, "×"]
        if (got := texts(cards[adcode, lang].children[0])) != want:
            wrong[adcode] = (want, got)
        written = PageText(write(cards[adcode, lang]), lang)
        county, up = (f"/county/{adcode}", f"/prefecture/{named.get('prefecture_code', adcode)}")
        links = [(link.text, link.attributes["href"]) for link in written.find("a")]
        if links != [(want[0], county), (want[1], up), (word("card_page", lang), county)]:
            wrong[adcode] = links
        assert all(link.attributes["data-page"] == link.attributes["href"] for link in written.find("a"))
        assert [one.attributes["data-compare"] for one in written.elements if "data-compare" in one.attributes] == [
            adcode
        ]
        assert not written.find("details"), "there is one way to say where a datum stands"
    assert wrong == {}


def test_the_band_is_the_plans_with_its_clause_and_no_department(cards, marked, lang):
    wrong, heading = {}, word("card_band", lang, PLAN)
    for adcode in ADCODES[:-1]:
        row, body = export_row(adcode, lang), sections(cards[adcode, lang])[heading]
        listed = table("band_counties", "adcode").get(adcode)
        first = row["band"] if listed else word("card_band_none", lang, PLAN)
        where = clause("一", listed["item"], lang) if listed else ("专栏一" if lang == "zh" else "Box 1")
        parts, (source,) = texts(body), marked(body, lang)
        told = (parts[0], source[word("source_clause", lang)], source.get(word("source_comparator", lang), ""))
        want = (first, where, listed["comparator"] if listed else "")
        unnamed = source.get(word("source_note", lang), "")
        assert unnamed == (word("card_no_departments", lang, PLAN) if listed else "")
        if told != want or parts[1:] != [" ", where]:
            wrong[adcode] = (told, parts)
    assert wrong == {}


@pytest.mark.parametrize(("column", "file", "options"), LISTS)
def test_clusters_and_energy_are_the_plans_with_clause_mark_and_departments(cards, marked, lang, column, file, options):
    expected, got, heading = {}, {}, word(f"card_{column}", lang, PLAN)
    task = {"cluster": "2", "energy": "3"}[column]
    for adcode in ADCODES[:-1]:
        lines = []
        for row in holds(adcode, file, column, options):
            option = table(options, "id")[row[column]]
            misprint = row["printed"].replace(" ", "") != table("counties", "adcode")[adcode]["name_short"]
            correction = said_in(lang, row, "correction") if misprint else ""
            where = clause(row["box"], row["item"], lang)
            source = {"title": option[lang], "clause": where, "comparator": row["comparator"]}
            source |= {"departments": departments(task, lang)}
            source |= {"printed": row["printed"], "correction": correction} if correction else {}
            lines.append((f"{option['mark']}{option[lang]} {where}{correction}", source))
        expected[adcode] = lines or None
        body = sections(cards[adcode, lang]).get(heading)
        if body is not None:
            keys = {word(f"source_{key}", lang, PLAN): key for key in ("clause", "comparator", "printed", "correction")}
            keys |= {word("source_departments", lang): "departments", "title": "title"}
            found = [{keys[k]: v for k, v in one.items() if k in keys} for one in marked(body, lang)]
            assert all(one[word("source_task", lang)] for one in marked(body, lang))
            got[adcode] = list(zip(items(body), found, strict=True))
        else:
            got[adcode] = None
    assert sum(len(lines) for lines in expected.values() if lines) == len(rows(file))
    assert differing(expected, got) == {}


def test_the_road_is_the_plans_and_what_became_of_it(cards, marked, lang):
    expected, got, heading = {}, {}, word("card_road", lang)
    shared = ("title", *(word(f"source_{key}", lang, PLAN) for key in ("clause", "comparator", "departments")))
    for adcode in ADCODES[:-1]:
        plan, report = (
            table("expressways", "adcode").get(adcode),
            table("expressways_opened", "adcode", True).get(adcode),
        )
        body = sections(cards[adcode, lang])[heading]
        sources = marked(body, lang)
        got[adcode] = (texts(body), [*(tuple(one[key] for key in shared) for one in sources[:1]), *sources[1:]])
        if plan is None:
            expected[adcode] = ([word("card_road_none", lang, PLAN)], [])
            continue
        where = clause(plan["box"], plan["item"], lang)
        said, cited = [word("card_road_planned", lang, year=plan["year"]), " ", where], []
        if plan["printed"] != (short := table("counties", "adcode")[adcode]["name_short"]) and plan["correction"]:
            assert short.startswith(plan["printed"])
            correction = said_in(lang, plan, "correction")
            said.append(word("card_printed", lang, printed=plan["printed"], correction=correction))
        if report["status"] == "opened":
            date = report["opening_date"] if report["date_precision"] == "day" else report["actual_year"]
            late = int(report["actual_year"]) - int(plan["year"])
            outcome = outcomes.OUTCOMES["late" if late > 0 else "early" if late else "on_time"][lang == "en"]
            date += "年" if lang == "zh" and report["date_precision"] != "day" else ""
            opened = word("card_road_opened", lang, date=date, road=said_in(lang, report, "road"))
            said += [opened, f" · {outcome} ", word("card_source", lang)]
            own = {"source": cite(report["publisher"], report["title"], report["date"]), "url": report["url"]}
            own |= {"note": said_in(lang, report, "note")}
            cited = [
                {"title": opened} | {word(f"source_{key}", lang, PLAN): value for key, value in own.items() if value}
            ]
        else:
            said.append(word("card_road_unknown", lang))
        title = table_of_options(plan["year"], lang)
        expected[adcode] = (said, [(title, where, plan["comparator"], departments("12", lang)), *cited])
    assert sum(len(sources) == 2 for _, sources in expected.values()) == sum(
        row["status"] == "opened" for row in rows_of_reports()
    )
    assert differing(expected, got) == {}


def table_of_options(year: str, lang: str) -> str:
    """Name a road year as its panel is titled."""
    return f"计划{year}年通高速" if lang == "zh" else f"Expressway planned for {year}"


def test_parks_stand_at_their_host_with_target_and_comparator(cards, marked, lang):
    expected, got, heading = {}, {}, word("card_parks", lang)
    for adcode in ADCODES:
        at = "prefecture_code" if adcode == JIAYUGUAN else "adcode"
        expected[adcode] = []
        for park in (park for park in rows("parks") if park[at] == adcode):
            is_floor = park["comparator"] == "达到…以上"
            assert is_floor == (park["is_aspirational"] == "no")
            verb = "≥" if is_floor else {"zh": "力争", "en": "strive for"}[lang]
            yi = int(park["target_yi"])
            name, where, ground = (
                said_in(lang, park, "name"),
                clause("四", park["item"], lang),
                said_in(lang, park, "basis"),
            )
            target = f"目标：{verb}{yi}亿元" if lang == "zh" else f"target: {verb} {yi / 10:g} bn yuan"
            host = word("county_host_inferred", lang) if park["host_basis"] == "inferred" else ""
            source = (name, where, park["comparator"], departments("5", lang), ground)
            line = f"{name} {target} {where}{word('no_public_data', lang)}{host}{ground}"
            expected[adcode].append((line, source))
        body = sections(cards[adcode, lang]).get(heading)
        got[adcode] = []
        if body is not None:
            keys = [word(f"source_{key}", lang, PLAN) for key in ("clause", "comparator", "departments", "note")]
            sources = [(one["title"], *(one[key] for key in keys)) for one in marked(body, lang)]
            got[adcode] = list(zip(items(body), sources, strict=True))
    assert differing(expected, got) == {}
    shown = [line for lines in got.values() for line, _ in lines]
    # 兰州新区 (P01) lies in no one county, so no card has it.
    assert len(shown) == len(rows("parks")) - 1
    assert not any("兰州新区" in line or "Lanzhou New Area" in line for line in shown)


def test_people_are_the_census(cards, marked, lang):
    expected, got = {}, {}
    for adcode in ADCODES:
        census = table("census2020", "adcode", True)[adcode]
        if lang == "zh":
            total, urban = (ten_thousands(census[column]) for column in ("population", "urban_population"))
            expected[adcode] = f"常住{total}万人，其中城镇{urban}万人"
        else:
            total, urban = (f"{int(census[column]):,}" for column in ("population", "urban_population"))
            expected[adcode] = f"{total} residents, of whom {urban} urban"
        body = sections(cards[adcode, lang])[word("card_population", lang)]
        got[adcode] = texts(body)[0]
        (source,) = marked(body, lang)
        lines = {"source": word("source_census", lang), "status": "普查" if lang == "zh" else "census"}
        lines["period"] = "2020年11月1日" if lang == "zh" else "1 November 2020"
        assert source == {"title": got[adcode]} | {
            word(f"source_{key}", lang, PLAN): said for key, said in lines.items()
        }
    assert differing(expected, got) == {}


def is_lead(row: dict[str, str]) -> bool:
    return row["status"] in ("百科", "简介", "网文", "预计", "目标") or row["comparator"] == "expected"


def shown_as(row: dict[str, str], lang: str) -> str:
    """Say a published GDP or growth rate by hand: in Chinese as printed, in English in bn yuan or per cent."""
    if lang == "zh":
        return row["printed"] if re.search(r"\d", row["printed"]) else f"至少{row['value']}亿元"
    words = {"eq": "", "about": "about ", "at_least": "at least ", "expected": "expected "}[row["comparator"]]
    if row["unit"] == "%":
        return f"{words}{re.search(r'-?[0-9.]+', row['printed'])[0]} %"
    return f"{words}{(Decimal(row['value']) / 10).normalize():f} bn yuan"


GRADES = {"公报": ("公报", "bulletin"), "初步": ("初步", "preliminary")}
GRADES |= dict.fromkeys(("报告", "报道"), ("报告、报道", "report"))


def test_the_latest_figures_are_the_published_ones_each_with_its_source(cards, marked, lang):
    """Every mark of the sentence is a figure that may judge, called by its grade; the latest full year is there."""
    at = 0 if lang == "zh" else 1
    names = {"gdp": ("地区生产总值", "GDP"), "gdp_growth": ("地区生产总值增速", "GDP growth")}
    published = [row for row in rows("county_observations", PUBLISHED) if row["indicator"] in names]
    heading, seen = word("card_gdp", lang), 0
    for adcode in ADCODES[:-1]:
        mine = [row for row in published if row["adcode"] == adcode]
        body = sections(cards[adcode, lang])[heading]
        if not mine:
            assert texts(body) == [word("card_gdp_none", lang)]
            continue
        firm = [row for row in mine if not is_lead(row)]
        sources = marked(body[0], lang)
        for mark, source in zip(nodes(body[0], "source-mark"), sources, strict=True):
            titles = source["title"].split("；" if lang == "zh" else "; ")
            rows_of = [
                [r for r in firm if f"{names[r['indicator']][at]} {shown_as(r, lang)}" == said] for said in titles
            ]
            assert all(rows_of), (adcode, titles)
            row = rows_of[0][0]
            assert source[word("source_source", lang)] == cite(row["publisher"], row["title"], row["date"])
            assert source.get(word("source_url", lang), "") == row["url"]
            assert source.get(word("source_note", lang), "") == said_in(lang, row, "note")
            year = f"{row['period']}年" if lang == "zh" else row["period"]
            if row["period"].isdecimal():
                assert text(mark) == f"{GRADES[row['status']][at]} {year}"
        # 瓜州's two figures contradict each other.
        whole = [r["period"] for r in firm if r["indicator"] == "gdp" and r["period"].isdecimal()]
        if whole and adcode != "620922":
            year = f"{max(whole)}年" if lang == "zh" else max(whole)
            assert year in [source[word("source_period", lang)] for source in sources], adcode
            seen += 1
    assert seen == len(
        {r["adcode"] for r in published if r["indicator"] == "gdp" and r["period"].isdecimal() and not is_lead(r)}
        - {"620922"}
    )


def test_every_lead_and_contradiction_stands_apart_on_the_card(cards, marked, lang):
    gdp = [row for row in rows("county_observations", PUBLISHED) if row["indicator"] == "gdp"]
    clashing = [row for row in gdp if row["adcode"] == "620922"]
    assert [row["value"] for row in clashing] == ["131.7", "200.2"]
    for adcode in ADCODES[:-1]:
        body = sections(cards[adcode, lang])[word("card_gdp", lang)]
        blocks = nodes(body, "apart")
        leads = [row for row in gdp if row["adcode"] == adcode and is_lead(row)]
        apart = (clashing if adcode == "620922" else []) + leads
        assert len(blocks) == bool(leads) + (adcode == "620922"), adcode
        assert "".join(text(body, "apart")).count("待核") == (lang == "zh" and adcode == "620922")
        said = text(blocks)
        for row in apart:
            assert shown_as(row, lang) in said, row
        assert len(nodes(blocks, "apart-figure")) == len(apart)
        sources = {one[word("source_source", lang)] for one in marked(blocks, lang)}
        assert sources == {cite(row["publisher"], row["title"], row["date"]) for row in apart}
        if leads:
            assert word("leads", lang) in said
            kinds = {row["status"] for row in leads}
            assert all(Speech.of(lang).status(kind) in said for kind in kinds)


def test_a_lead_says_what_it_would_say_if_confirmed(cards):
    """永登 144.4 in 2023 against 100; 玉门 278.3 in 2024 against 300; 阿克塞 has no bound to say anything by."""
    said = {code: text(sections(cards[code, "zh"])["最新地区生产总值"]) for code in ("620121", "620981", "620924")}
    assert "若经证实：已达到" in said["620121"]
    assert said["620981"].count("若经证实：目标年数未得") == 2
    assert "若经证实" not in said["620924"] and "线索、待核" in said["620924"]


def test_what_was_imported_names_its_batch(atlas, marked, tmp_path):
    store = open_store(None, atlas.published.observations, tmp_path)
    for lines, period in (
        ("县名,指标,时期,数值,单位,状态,来源\r\n镇原县,地区生产总值,2025,112.5,亿元,初步,测试来源\r\n", ""),
        ("县名,指标,数值,备注\r\n镇原县,通车日期,2024-12-20,G8513\r\n", ""),
    ):
        reading = read_file(
            lines.encode("utf-8-sig"),
            "镇原.csv",
            period=period,
            citation="市交通局" if "通车" in lines else "",
            today=TODAY,
        )
        assert reading.ok, reading.faults
        store.accept(compare(reading, store), "李")
    held = standing_of(atlas, store)
    store.close()
    roads = outcomes.roads(atlas.counties, held.observations, atlas.published, PLAN)
    card = county_card(atlas, "621027", "zh", held, roads)
    found = sections(card)
    assert "112.5亿元" in text(found[word("card_gdp", "zh")])
    first = marked(found[word("card_gdp", "zh")], "zh")[0]
    assert first["title"] == "地区生产总值 112.5亿元"
    assert first[word("source_source", "zh")] == "测试来源"
    assert first[word("source_batch", "zh")].startswith("第1批：镇原.csv，李，")
    opening = marked(found[word("card_road", "zh")], "zh")[1]
    assert opening["title"] == "2024-12-20通车：G8513"
    assert opening[word("source_source", "zh")] == "市交通局"
    assert opening[word("source_batch", "zh")].startswith("第2批：镇原.csv，李，")


def test_no_card_has_more_than_the_facts_it_should(cards, lang):
    always = [word(f"card_{key}", lang, PLAN) for key in ("band", "road", "population", "gdp")]
    for adcode in ADCODES[:-1]:
        sometimes = [
            *(
                word(f"card_{column}", lang, PLAN)
                for column, file, options in LISTS
                if holds(adcode, file, column, options)
            ),
            *([word("card_parks", lang)] if any(park["adcode"] == adcode for park in rows("parks")) else []),
        ]
        assert sorted(sections(cards[adcode, lang])) == sorted(always + sometimes), adcode


def test_no_card_says_nothing_in_a_programmers_way(cards):
    bad = re.compile(r"\b(None|nan|NaN|NaT|null|undefined|True|False)\b|<NA>|\{\w*\}|\[\]|\(\)|[；;]\s*$")
    assert {
        key: found for key, card in cards.items() if (found := [part for part in texts(card) if bad.search(part)])
    } == {}


def test_an_english_card_is_english(cards):
    """Chinese stands only in marks, and where it says of itself that it is Chinese; so in what the marks carry."""
    wrong = {}
    for adcode in ADCODES:
        card = cards[adcode, "en"]
        badges = {text(node) for node in nodes(card, "badge-mark")}
        said = PageText(write(card), "en").said
        left = [part for spoken, part in said if spoken == "en" and CJK.search(part) and part not in badges]
        left = [part for part in left if not part.startswith("http")]  # an address is in no language
        if left:
            wrong[adcode] = left
    assert wrong == {}
    said = PageText(write(cards["620922", "en"]), "en").said
    assert any(spoken == "zh-CN" for spoken, _ in said), "titles of sources are Chinese"


def rows_of_reports() -> list[dict[str, str]]:
    return list(table("expressways_opened", "adcode", True).values())


def test_a_county_in_no_box_says_so(cards, lang):
    unlisted = {a for a in ADCODES[:-1] if not (r := export_row(a, lang))["clauses"] and not r["road"]}
    assert table("counties", "name")["两当县"]["adcode"] in unlisted
    say = word("card_no_box", lang, PLAN)
    assert {adcode for adcode in ADCODES if say in texts(cards[adcode, lang])} == unlisted


def test_jiayuguan_is_no_county_but_has_its_park_and_its_people(cards, lang):
    said = texts(cards[JIAYUGUAN, lang])
    assert word("card_not_county", lang, PLAN) in said
    assert set(sections(cards[JIAYUGUAN, lang])) == {word("card_parks", lang), word("card_population", lang)}


def test_a_correction_to_the_print_is_shown_where_another_name_was_printed(cards, lang):
    corrected = {
        adcode: found
        for adcode in ADCODES
        if (found := [text(node) for node in nodes(cards[adcode, lang], "card-correction")])
    }
    (row,) = (row for row in rows("cluster_counties") if row["printed"] == "岩昌县")
    assert corrected == {row["adcode"]: [said_in(lang, row, "correction")]}
    assert table("counties", "adcode")[row["adcode"]]["name"] == "宕昌县"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (
            "城关区",
            ["≥1400亿元", "专栏一·1", "制先进制造产业集群 专栏二·1", "目标：力争450亿元 专栏四·4", "常住148.4万人"],
        ),
        (
            "甘州区",
            [
                "300–500亿元",
                "制先进制造产业集群 专栏二·1",
                "化化工及煤电产业集群 专栏二·4",
                "目标：力争160亿元 专栏四·5",
            ],
        ),
        ("金川区", ["目标：力争450亿元 专栏四·3"]),
        ("白银区", ["目标：力争120亿元 专栏四·7", "目标：≥100亿元 专栏四·11"]),
        ("通渭县", ["计划2022年实现通高速", "2023年通车：S50通渭至定西高速", "晚于计划"]),
        ("清水县", ["计划2023年实现通高速", "2023年通车：S25庄天高速庄浪至社棠段", "只知2023年"]),
        ("灵台县", ["计划2024年实现通高速", "2023-12-25通车：", "早于计划"]),
        ("玛曲县", ["计划2025年实现通高速", "未查到通车记录"]),
        ("两当县", ["未列入专栏一"]),
    ],
)
def test_some_cards_as_an_official_would_check_them(cards, marked, name, parts):
    card = cards[table("counties", "name")[name]["adcode"], "zh"]
    said = text(card) + json.dumps(marked(card, "zh"), ensure_ascii=False)
    assert [part for part in parts if part not in said] == []
