"""Whatever the product shows, it shows of another plan too: other ids, other years, another province."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from html import unescape

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from callbacks.standings import Standings
from geodata.outlines import path_rings
from layouts.facts.ready_deck import ready_deck
from layouts.files.annex import annex
from layouts.files.pptx import slides
from layouts.parts.colours import county_fill
from layouts.parts.styles import sheet
from targets.importing import compare, read_file
from targets.selection import Filter, select, sentence

LANGUAGES = ("zh", "en")
# What only the shipped plan, or only its province, is called.
OTHERS = {
    "renamed": r"2025年(?:GDP|地区生产总值)?目标|方案（2022|Plan \(2022|(?:[Tt]arget|band) (?:for )?2025",
    "ningxia": r"甘肃|Gansu|专栏|\bBox(?:es)? \d|嘉峪关|Jiayuguan|兰州|Lanzhou|临夏|2022—2025|86个|86 counties|强县域",
}
BRAND = re.compile(r"陇原县图")


def text_of(page: bytes) -> str:
    """Return a page as it is read: its own scripts and data left aside."""
    text = re.sub(r"<script.*?</script>|<style.*?</style>", " ", page.decode("utf-8"), flags=re.S)
    return BRAND.sub("", unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_stands_and_speaks_of_this_plan(opened, lang):
    plan = opened.plan
    named = "name" if lang == "zh" else "name_en"
    some = ",".join(plan.option_ids["cluster"][:2])
    layers = ("band", "cluster", "energy", "road", "progress", "population")
    pages = ["/", "/progress", "/overlap", "/plan", "/meeting", "/meeting/ready", "/compare"]
    pages += [f"/?layer={layer}" for layer in layers]
    pages.append(f"/?layer=cluster&cluster={some}&cluster_op=all&map=tile")
    for page in pages:
        said = text_of(opened.get(page, lang))
        assert not (found := re.findall(OTHERS[opened.name], said)), (page, set(found))
        assert "{" not in said, page
    counties = opened.rows("counties")
    for row in counties[:: max(1, len(counties) // 20)]:
        said = text_of(opened.get(f"/county/{row['adcode']}", lang))
        assert row[named] in said
        assert not (found := re.findall(OTHERS[opened.name], said)), (row["adcode"], set(found))
    for row in opened.rows("prefectures"):
        said = text_of(opened.get(f"/prefecture/{row['adcode']}", lang))
        assert row[named] in said
        assert not re.findall(OTHERS[opened.name], said), row["adcode"]
    assert opened.get("/data", lang)


def test_the_map_has_every_county_in_a_class_that_is_painted(opened):
    held = opened.held()
    bands = {row["id"] for row in opened.rows("bands")} | {"rest"}
    page = opened.get("/").decode("utf-8")
    drawn = dict(re.findall(r'class="county"[^>]*?data-adcode="(\d+)"[^>]*?data-class="(\w+)"', page))
    drawn |= {a: c for c, a in re.findall(r'class="county"[^>]*?data-class="(\w+)"[^>]*?data-adcode="(\d+)"', page)}
    assert {a: c for a, c in drawn.items() if a in held} == {a: next(iter(ids & bands)) for a, ids in held.items()}
    assert {c for a, c in drawn.items() if a not in held} <= {"na"}
    years = {row["year"] for row in opened.rows("expressways")}
    atlas = opened.app.atlas
    own = sheet(atlas)
    ranks = [row["id"] for row in opened.rows("bands")]
    fills = [county_fill(atlas, id).ground for id in ranks]
    assert len({*fills, county_fill(atlas, "rest").ground}) == len(ranks) + 1, "each band has a colour of its own"
    for id in [*ranks, "rest", *years]:
        assert f'path:is(.county, .copy)[data-class="{id}"]' in own, id
    for row in (*opened.rows("clusters"), *opened.rows("energy")):
        assert f'[data-role="{row["id"]}"]' in own


def test_the_inset_covers_no_land(opened):
    atlas = opened.app.atlas
    x, y, width, height = atlas.inset_at
    assert 0 <= x < x + width <= atlas.shapes.width and 0 <= y < y + height <= atlas.shapes.height
    points = [point for path in atlas.shapes.paths.values() for ring in path_rings(path) for point in ring]
    assert not [point for point in points if x <= point[0] <= x + width and y <= point[1] <= y + height]


def test_filters_leave_the_counties_that_the_files_say(opened):
    held, atlas = opened.held(), opened.app.atlas
    for group, ids in atlas.known.options.items():
        for id in ids:
            view, ignored = atlas.read(f"{group}={id}")
            assert not ignored
            left = sorted(a for a, has in held.items() if id in has)
            assert list(atlas.select(view.filter)) == left
            rows = list(
                csv.DictReader(io.StringIO(opened.get(f"/export/counties.csv?{group}={id}").decode("utf-8-sig")))
            )
            assert [row["行政区划代码"] for row in rows] == (left or [""]), id
            assert sentence(view.filter, len(left), atlas.plan, "en")
    first, second = atlas.known.options["cluster"][:2]
    both = Filter.of(atlas.known.options, cluster=(second, first), cluster_op="all")
    assert both.cluster == (first, second)
    assert set(select(both, atlas.members)) == {a for a, has in held.items() if {first, second} <= has}
    _, ignored = atlas.read("band=B1&cluster=C1&energy=PV1&road=2022&not=none")
    assert ignored == ("band=B1", "cluster=C1", "energy=PV1", "road=2022", "not=none")


def test_figures_are_read_by_this_plans_places_and_assessed_by_its_bands(opened):
    atlas, store = opened.app.atlas, opened.app.store
    bounds = {row["id"]: int(row["lower"]) for row in opened.rows("bands")}
    listed = {row["adcode"]: bounds[row["band"]] for row in opened.rows("band_counties")}
    names = {row["adcode"]: row["name"] for row in opened.rows("counties")}
    prefecture = {row["adcode"]: row["name"] for row in opened.rows("prefectures")}
    of = {row["adcode"]: row["prefecture_code"] for row in opened.rows("counties")}
    lines = ["县区,2027年地区生产总值（亿元）"]
    given = {adcode: lower * (1.5 if n % 2 else 0.999) for n, (adcode, lower) in enumerate(listed.items())}
    lines += [f"{prefecture[of[a]]}{names[a]},{value:.3f}" for a, value in given.items()]
    data = "\n".join(lines).encode("utf-8")
    reading = read_file(data, "测试.csv", status="核定", today=atlas.today, plan=atlas.plan)
    assert not reading.faults and {row.place for row in reading.rows} == set(given)
    store.accept(compare(reading, store, plan=atlas.plan), "测试")
    standing = Standings(atlas, store).of(None)
    states = standing.assessment["state"].to_dict()
    assert set(states) == set(names)
    assert {a for a, state in states.items() if state == "reached"} == {a for a in given if given[a] >= listed[a]}
    assert {a for a, state in states.items() if state == "no_target"} == set(names) - set(listed)
    assert set(states.values()) <= {"reached", "on_pace", "behind", "no_target"}
    unlisted = len(names) - len(listed)
    said = " ".join(standing.rules.sentences("zh"))
    assert f"{atlas.plan.box('band')}未列的{unlisted}个县没有下限" in said and str(atlas.plan.term.target_year) in said
    if opened.name == "ningxia":
        assert "方案在400亿元与500亿元之间未列档次" in said and "5%是本图自定的参数" in said
        other = read_file(data, "测试.csv", status="核定", today=atlas.today)
        assert not other.ok and not other.rows, "another plan's reader knows none of them"
    for page in ("/progress", "/export/progress.csv", "/export/observations.csv", "/data"):
        assert opened.get(page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_deck_its_slides_and_its_annex_are_made(opened, lang):
    atlas, store, plan = opened.app.atlas, opened.app.store, opened.plan

    def standing(view):
        return Standings(atlas, store).of(view.period)

    deck = ready_deck(atlas, Standings(atlas, store).of(None), None, lang)
    kinds = len({row["category"] for row in opened.rows("energy")})
    years = len({row["year"] for row in opened.rows("expressways")})
    fixed = len(opened.rows("clusters")) + kinds + years + len(opened.rows("prefectures"))
    assert len(deck.scenes) >= fixed + 5
    said = " ".join(f"{scene.title} {scene.note}" for scene in deck.scenes)
    assert not (found := re.findall(OTHERS[opened.name], BRAND.sub("", said))), set(found)
    if opened.name == "renamed" and lang == "en":
        return  # the same slides as in Chinese, and the small plan's are made in both
    shown = Presentation(io.BytesIO(slides(deck, atlas, standing, lang, datetime(2028, 6, 30))))
    assert len(shown.slides) >= len(deck.scenes)
    texts = [shape.text_frame.text for slide in shown.slides for shape in slide.shapes if shape.has_text_frame]
    assert not (found := re.findall(OTHERS[opened.name], BRAND.sub("", " ".join(texts)))), set(found)
    names = {element.get("name") for element in shown.slides[0].element.iter() if element.tag.endswith("}cNvPr")}
    counties = {row["adcode"] for row in opened.rows("counties")}
    assert counties <= {name[:6] for name in names}, "a shape for each county"
    book = load_workbook(io.BytesIO(annex(deck, atlas, standing, lang, datetime(2028, 6, 30))))
    assert len(book.worksheets) > len(deck.scenes) / 2
    assert (
        load_workbook(io.BytesIO(opened.get("/export/counties.xlsx", lang))).worksheets[0].max_row
        == len(plan.counties) + 1
    )


def test_templates_list_this_plans_counties(opened):
    lines = opened.get("/template/observations.csv").decode("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[0] for line in lines] == sorted(row["adcode"] for row in opened.rows("counties"))
    book = load_workbook(io.BytesIO(opened.get("/template/observations.xlsx")))
    assert book["宽表"].max_row == 2 + len(lines)


def test_an_old_address_is_told_what_this_plan_does_not_know(opened):
    assert opened.get("/?band=B1&county=110101")
    assert opened.app.atlas.read("band=B1&county=110101")[1] == ("band=B1", "county=110101")
    assert opened.app.server.test_client().get("/county/110101").status_code == 404


def test_every_row_of_the_test_plan_says_that_it_is_test_data(opened):
    if opened.name != "ningxia":
        return
    texts = [opened.plan.term.title, opened.plan.term.title_en, opened.plan.term.action, opened.plan.term.action_en]
    for name, columns in {
        "bands": ("zh", "en"), "clusters": ("zh", "en"), "energy": ("zh", "en"), "parks": ("name", "name_en"),
        "projects": ("name", "name_en"), "provincial_targets": ("indicator", "indicator_en"),
        "qualitative_targets": ("target", "target_en"), "tasks": ("title", "title_en"),
        "measures": ("title", "title_en"), "duties": ("duty", "duty_en"),
        "rules": ("zh", "en"), "departments": ("department", "department_en"),
    }.items():  # fmt: skip
        texts += [row[column] for row in opened.rows(name) for column in columns]
    assert [text for text in texts if not re.search("测试|[Tt]est", text)] == []
