"""The plan page as Python sends it, held against the files; and what it asks of a place, on that place's page."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from page_text import Element, PageText
from plan_files import by_option, rows

from layouts.facts.view import View
from layouts.pages import plan as plan_page
from layouts.parts.duties import named_duties
from layouts.parts.markup import write
from layouts.words import word

both = pytest.mark.parametrize("lang", ["zh", "en"])
RAW = re.compile(r"\b(None|nan|NaN|<NA>)\b|\{[a-z_]+\}")
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]{2}")


@pytest.fixture(scope="module")
def pages(atlas) -> dict[str, PageText]:
    return {lang: PageText(write(plan_page.page(atlas, View(lang=lang))), lang) for lang in ("zh", "en")}


def of_kind(page: PageText, kind: str) -> list[Element]:
    return page.find("li", "plan-row", data_kind=kind)


def text_of(row: Element, cls: str) -> str:
    return "".join(one.text for one in row.inside if cls in one.classes)


@both
def test_every_row_has_its_clause_and_says_something(pages, lang):
    for row in pages[lang].find("li", "plan-row"):
        assert text_of(row, "plan-clause").strip(), row.text
        assert text_of(row, "plan-body").strip(), row.text
    assert not [text for _, text in pages[lang].said if RAW.search(text)]


def test_an_english_page_marks_what_is_chinese(pages):
    assert not [text for lang, text in pages["en"].said if lang == "en" and CJK.search(text)
                and not re.search("以上", text)]  # fmt: skip


@both
def test_all_of_the_plan_is_there(pages, lang):
    end = "" if lang == "zh" else "_en"
    page = pages[lang]
    for kind, file, column in (
        ("goal", "provincial_targets", f"indicator{end}"),
        ("aim", "qualitative_targets", f"target{end}"),
        ("date", "calendar", f"label{end}"),
        ("rule", "rules", lang),
    ):
        shown = Counter(text_of(row, "plan-body") for row in of_kind(page, kind))
        for row in rows(file):
            assert any(row[column] in text for text in shown), (kind, row)
        assert sum(shown.values()) == len(rows(file))
    tasks = [row.attributes["data-head"] for row in of_kind(page, "task")]
    assert tasks == [*map(str, range(1, 24)), "M1", "M2", "M3", "M4", "M5"]
    boxes = of_kind(page, "box")
    names = [row[f"name{end}"] for file in ("parks", "projects") for row in rows(file)]
    assert all(any(name in text_of(row, "plan-body") for row in boxes) for name in names)
    assert len(boxes) == 7 + 5 + 6 + 4 + len(names)
    assert len(of_kind(page, "duty")) == len({(row["task"], row["duty"]) for row in rows("duties")})


def test_a_task_lists_its_departments_and_none_is_said_to_lead(pages):
    for row in of_kind(pages["zh"], "task"):
        item = row.attributes["data-head"]
        file, column = ("measure_departments", "measure") if item.startswith("M") else ("task_departments", "task")
        names = [one["department"] for one in rows(file) if one[column] == item]
        assert "、".join(names) in text_of(row, "plan-side")
    assert "牵头单位" not in "".join(text for _, text in pages["zh"].said)


def test_the_heading_counts_what_the_files_hold(pages):
    targets = rows("provincial_targets")
    numbered = {row["task"] for row in targets if row["task"].isdecimal()}
    assert pages["zh"].find("h2")[0].text == word(
        "plan_counted", "zh", targets=len(targets), numbered=len(numbered), tasks=len(rows("tasks"))
    )
    bare = {row.attributes["data-head"] for row in of_kind(pages["zh"], "task") if "没有写明数" in row.text}
    assert bare == {row["task"] for row in rows("tasks")} - numbered
    named = [row for row in rows("duties") if row["basis"] != "none"]
    finding = pages["zh"].find("p", "plan-finding")[0].text
    for code, unit in (("adcode", "个县"), ("prefecture_code", "个市州")):
        assert f"{len({row[code] for row in named if row[code]})}{unit}" in finding
    kinds = [option.text for option in pages["zh"].find("option")]
    assert [int(text.split()[-1]) for text in kinds][0] == len(pages["zh"].find("li", "plan-row"))


def test_each_list_leads_to_the_map_that_shows_it(atlas, pages):
    held = by_option()
    lists = 0
    for row in of_kind(pages["zh"], "box"):
        links = [
            one for one in pages["zh"].find("a", "plan-to-map") if one in [x for y in row.inside for x in y.inside]
        ]
        for link in links:
            lists += 1
            assert link.attributes["href"] == f"/?{link.attributes['data-plan-map']}"
            view, ignored = atlas.read(link.attributes["data-plan-map"])
            assert ignored == ()
            (names,) = [x.attributes["data-counties"] for y in row.inside for x in y.inside if "names" in x.classes]
            assert set(atlas.select(view.filter)) == set(names.split(","))
            (id,) = [id for id in held if f"={id}" in link.attributes["data-plan-map"]]
            assert held[id] == set(names.split(","))
            assert f"{len(held[id])}个" in link.text
    assert lists == 22


def test_places_link_to_their_pages_and_inferred_ones_say_so(pages):
    short = {row["adcode"]: row["name_short"] for name in ("prefectures", "counties") for row in rows(name)}
    for row in rows("duties"):
        (shown,) = [one for one in of_kind(pages["zh"], "duty") if row["duty"] in one.text
                    and f"任务{row['task']}" in one.text.split(row["duty"])[0]]  # fmt: skip
        links = {link.text: link.attributes["href"] for one in shown.inside for p in one.inside for link in p.inside
                 if link.tag == "a"}  # fmt: skip
        if row["basis"] == "none":
            assert row["basis_note"] in shown.text and row["place"] in shown.text
            continue
        code = row["adcode"] or row["prefecture_code"]
        assert links[short[code]] == f"/{'county' if row['adcode'] else 'prefecture'}/{code}"
        assert row["basis_note"] in shown.text


@both
@pytest.mark.parametrize("code", ["620923", "620123", "620900", "620200", "623023"])
def test_a_place_s_page_says_what_it_is_named_for(atlas, lang, code):
    section = named_duties(atlas, code, lang)
    mine = [row for row in rows("duties") if code in (row["adcode"], row["prefecture_code"])]
    page = PageText(write(section), lang)
    items = page.find("li")
    for row in mine:
        assert any(row["duty" if lang == "zh" else "duty_en"] in item.text for item in items)
    assert len(page.find("button", "source-mark")) == len(items) >= len(mine)
    if any(row["basis"] == "inferred" for row in mine):
        assert word("plan_inferred", lang, note="")[:2] in page.elements[0].text


def test_a_place_that_the_text_does_not_name_has_no_section(atlas):
    """Of all counties, those alone whose prefecture is not named either."""
    named = {code for row in rows("duties") for code in (row["adcode"], row["prefecture_code"]) if code}
    for county in rows("counties"):
        has = named_duties(atlas, county["adcode"], "zh") is not None
        assert has == bool({county["adcode"], county["prefecture_code"]} & named), county
