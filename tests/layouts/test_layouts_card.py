"""The county card of each of the 87 polygons, line by line against the plan's files, in both languages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from atlas_oracle import JIAYUGUAN, LANGUAGES, clause, export_row, holds, rows, said_in, table, ten_thousands
from dash.development.base_component import Component

from layouts.card import county_card
from layouts.wording import word

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


def sections(card: Component) -> dict[str, Component]:
    """Return the card's facts by their heading, without the heading."""
    found = [node for node in card.children if getattr(node, "className", None) == "card-fact"]
    named = {text(section.children[0]): section.children[1] for section in found}
    assert len(named) == len(found)
    return named


def items(body: Component) -> list[str]:
    """Return the lines of a fact's list."""
    return [text(item) for item in body.children[0].children]


def departments(task: str, lang: str) -> str:
    """Return a task's departments as its card names them."""
    names = [row["department"] for row in rows("task_departments") if row["task"] == task]
    return (
        "、".join(names)
        if lang == "zh"
        else "; ".join(table("departments", "department")[n]["department_en"] for n in names)
    )


@pytest.fixture(scope="session")
def cards(atlas) -> dict[tuple[str, str], Component]:
    return {(adcode, lang): county_card(atlas, adcode, lang) for adcode in ADCODES for lang in LANGUAGES}


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
    assert wrong == {}


def test_the_band_is_the_plans_with_its_clause_and_no_department(cards, lang):
    wrong, heading = {}, word("card_band", lang)
    for adcode in ADCODES[:-1]:
        row, body = export_row(adcode, lang), sections(cards[adcode, lang])[heading]
        listed = table("band_counties", "adcode").get(adcode)
        first = row["band"] if listed else word("card_band_none", lang)
        where = clause("一", listed["item"], lang) if listed else ("专栏一" if lang == "zh" else "Box 1")
        parts = texts(body)
        told = (parts[0], parts[1], word("card_no_departments", lang) in parts, word("card_band_read", lang) in parts)
        if told != (first, where, bool(listed), bool(listed)):
            wrong[adcode] = told
    assert wrong == {}


@pytest.mark.parametrize(("column", "file", "options"), LISTS)
def test_clusters_and_energy_are_the_plans_with_clause_mark_and_departments(cards, lang, column, file, options):
    expected, got, heading = {}, {}, word(f"card_{column}", lang)
    task = {"cluster": "2", "energy": "3"}[column]
    for adcode in ADCODES[:-1]:
        lines = []
        for row in holds(adcode, file, column, options):
            option = table(options, "id")[row[column]]
            misprint = row["printed"].replace(" ", "") != table("counties", "adcode")[adcode]["name_short"]
            correction = said_in(lang, row, "correction") if misprint else ""
            lines.append(f"{option['mark']}{option[lang]}{clause(row['box'], row['item'], lang)}{correction}")
        expected[adcode] = (lines, departments(task, lang)) if lines else None
        body = sections(cards[adcode, lang]).get(heading)
        got[adcode] = (items(body), texts(body)[-1]) if body is not None else None
    assert sum(len(lines[0]) for lines in expected.values() if lines) == len(rows(file))
    assert differing(expected, got) == {}


def test_the_road_is_the_plans_and_what_became_of_it(cards, lang):
    expected, got, heading = {}, {}, word("card_road", lang)
    for adcode in ADCODES[:-1]:
        plan, report = (
            table("expressways", "adcode").get(adcode),
            table("expressways_opened", "adcode", True).get(adcode),
        )
        if plan is None:
            expected[adcode] = [word("card_road_none", lang)]
        else:
            expected[adcode] = [word("card_road_planned", lang, year=plan["year"])]
            if report["status"] == "opened":
                date = report["opening_date"] if report["date_precision"] == "day" else report["actual_year"]
                date += "年" if lang == "zh" and report["date_precision"] != "day" else ""
                expected[adcode].append(word("card_road_opened", lang, date=date, road=said_in(lang, report, "road")))
            else:
                expected[adcode].append(word("card_road_unknown", lang))
            where, colon = clause(plan["box"], plan["item"], lang), "：" if lang == "zh" else ": "
            expected[adcode] += [where, word("card_clause", lang) + colon, where]
            expected[adcode] += [word("card_departments", lang) + colon, departments("12", lang)]
            if report["status"] == "opened":
                expected[adcode].append(
                    f"{report['source_title']}{'；' if lang == 'zh' else '; '}{said_in(lang, report, 'note')}"
                )
        got[adcode] = texts(sections(cards[adcode, lang])[heading])
    assert differing(expected, got) == {}


def test_parks_stand_at_their_host_with_target_and_comparator(cards, lang):
    expected, got, heading = {}, {}, word("card_parks", lang)
    for adcode in ADCODES:
        at = "prefecture_code" if adcode == JIAYUGUAN else "adcode"
        expected[adcode] = []
        for park in (park for park in rows("parks") if park[at] == adcode):
            is_floor = park["comparator"] == "达到…以上"
            assert is_floor == (park["is_aspirational"] == "no")
            amount = f"{'≥' if is_floor else {'zh': '力争', 'en': 'strive for'}[lang]} {park['target_yi']} "
            unit = "亿元" if lang == "zh" else "× 100 m yuan"
            target = f"{'目标' if lang == 'zh' else 'target:'} {amount}{unit} · {clause('四', park['item'], lang)}"
            expected[adcode].append(said_in(lang, park, "name") + target + said_in(lang, park, "basis"))
        body = sections(cards[adcode, lang]).get(heading)
        got[adcode] = items(body) if body is not None else []
        if body is not None:
            assert texts(body)[-1] == departments("5", lang)
    assert differing(expected, got) == {}
    shown = [line for lines in got.values() for line in lines]
    # 兰州新区 (P01) lies in no one county, so no card has it.
    assert len(shown) == len(rows("parks")) - 1
    assert not any("兰州新区" in line or "Lanzhou New Area" in line for line in shown)


def test_people_are_the_census(cards, lang):
    expected, got = {}, {}
    for adcode in ADCODES:
        census = table("census2020", "adcode", True)[adcode]
        if lang == "zh":
            total, urban = (ten_thousands(census[column]) for column in ("population", "urban_population"))
            expected[adcode] = f"常住 {total} 万人，其中城镇 {urban} 万人"
        else:
            total, urban = (f"{int(census[column]):,}" for column in ("population", "urban_population"))
            expected[adcode] = f"{total} residents, of whom {urban} urban"
        body = sections(cards[adcode, lang])[word("card_population", lang)]
        got[adcode] = texts(body)[0]
        assert word("source_census", lang) in texts(body)
    assert differing(expected, got) == {}


def test_no_card_has_more_than_the_facts_it_should(cards, lang):
    always = [word(f"card_{key}", lang) for key in ("band", "road", "population", "gdp")]
    for adcode in ADCODES[:-1]:
        sometimes = [
            *(word(f"card_{column}", lang) for column, file, options in LISTS if holds(adcode, file, column, options)),
            *([word("card_parks", lang)] if any(park["adcode"] == adcode for park in rows("parks")) else []),
        ]
        assert sorted(sections(cards[adcode, lang])) == sorted(always + sometimes), adcode


def test_no_card_says_nothing_in_a_programmers_way(cards):
    bad = re.compile(r"\b(None|nan|NaN|NaT|null|undefined|True|False)\b|<NA>|\{\w*\}|\[\]|\(\)|[；;]\s*$")
    assert {
        key: found for key, card in cards.items() if (found := [part for part in texts(card) if bad.search(part)])
    } == {}


def test_an_english_card_is_english(cards):
    """Chinese stands only in marks, in the titles of Chinese sources, and where a misprint is quoted."""
    titles = sorted({row["source_title"] for row in rows_of_reports() if row["source_title"]}, key=len, reverse=True)
    wrong = {}
    for adcode in ADCODES:
        for part in texts(cards[adcode, "en"], without="badge-mark card-correction"):
            for title in titles:
                part = part.replace(title, "")
            if CJK.search(part):
                wrong[adcode] = part
    assert wrong == {}


def rows_of_reports() -> list[dict[str, str]]:
    return list(table("expressways_opened", "adcode", True).values())


def test_a_county_in_no_box_says_so(cards, lang):
    unlisted = {a for a in ADCODES[:-1] if not (r := export_row(a, lang))["clauses"] and not r["road"]}
    assert table("counties", "name")["两当县"]["adcode"] in unlisted
    say = word("card_no_box", lang)
    assert {adcode for adcode in ADCODES if say in texts(cards[adcode, lang])} == unlisted


def test_jiayuguan_is_no_county_but_has_its_park_and_its_people(cards, lang):
    said = texts(cards[JIAYUGUAN, lang])
    assert word("card_not_county", lang) in said
    assert set(sections(cards[JIAYUGUAN, lang])) == {word("card_parks", lang), word("card_population", lang)}


def test_a_correction_to_the_print_is_shown_where_another_name_was_printed(cards, lang):
    corrected = {
        adcode: found for adcode in ADCODES if (found := [text(node) for node in corrections_in(cards[adcode, lang])])
    }
    (row,) = (row for row in rows("cluster_counties") if row["printed"] == "岩昌县")
    assert corrected == {row["adcode"]: [said_in(lang, row, "correction")]}
    assert table("counties", "adcode")[row["adcode"]]["name"] == "宕昌县"


def corrections_in(node: Any) -> list[Component]:
    if not isinstance(node, Component):
        return []
    if getattr(node, "className", None) == "card-correction":
        return [node]
    children = getattr(node, "children", None) or []
    return [
        found for child in (children if isinstance(children, list) else [children]) for found in corrections_in(child)
    ]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (
            "城关区",
            ["≥1400亿元", "专栏一·1", "制先进制造产业集群专栏二·1", "目标 力争 450 亿元 · 专栏四·4", "常住 148.4 万人"],
        ),
        (
            "甘州区",
            [
                "300–500亿元",
                "制先进制造产业集群专栏二·1",
                "化化工及煤电产业集群专栏二·4",
                "目标 力争 160 亿元 · 专栏四·5",
            ],
        ),
        ("金川区", ["目标 力争 450 亿元 · 专栏四·3"]),
        ("白银区", ["目标 力争 120 亿元 · 专栏四·7", "目标 ≥ 100 亿元 · 专栏四·11"]),
        ("通渭县", ["计划2022年实现通高速", "2023年通车：S50通渭至定西高速", "比专栏五晚1年"]),
        ("清水县", ["计划2023年实现通高速", "2023年通车：S25庄天高速庄浪至社棠段", "日期存疑"]),
        ("灵台县", ["计划2024年实现通高速", "2023-12-25通车：", "比专栏五早1年"]),
        ("玛曲县", ["计划2025年实现通高速", "未查到通车记录"]),
        ("两当县", ["未列入专栏一"]),
    ],
)
def test_some_cards_as_an_official_would_check_them(cards, name, parts):
    said = text(cards[table("counties", "name")[name]["adcode"], "zh"])
    assert [part for part in parts if part not in said] == []
