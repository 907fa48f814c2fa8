"""docs/adding.md: each change that it shows is made, and what it adds is found wherever such things are shown."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from adding import ROOT, change, changed, register_file, register_layer, register_page
from meeting_files import standing
from plan_files import PUBLISHED, rows
from pptx import Presentation
from pptx.oxml.ns import qn

from layouts.facts.deck import Deck, Scene, read_deck, write_deck
from layouts.facts.exports import FILES as FILES_OF_ATLAS
from layouts.facts.exports import MEDIA, PLACES, Wanted
from layouts.facts.layers import LAYERS, LegendClass
from layouts.facts.pages import PAGES, Asked, read_page
from layouts.facts.scene import scenes_of
from layouts.facts.sources import source_lines
from layouts.facts.view import View
from layouts.files.pptx import slides
from layouts.pages import map as map_page
from layouts.pages import prefecture, progress
from layouts.parts import styles
from layouts.parts.county_map import browser_data, scaffold
from layouts.parts.markup import write
from layouts.parts.palette import commands

LAYER, PAGE, EXPORT = "图层 · A layer", "页面 · A page", "导出 · An export"
FILES = {
    LAYER: ["layouts/facts/layers.py", "layouts/parts/styles.py"],
    PAGE: ["layouts/pages/__init__.py", "layouts/pages/awards.py", "layouts/words/awards.csv"],
    EXPORT: ["layouts/files/__init__.py", "layouts/files/awards.py"],
}
HEADS = (("代码", "Code"), ("县", "County"), ("年份", "Year"), ("获评", "Award"), ("来源", "Source"))
NAMES = {"strong": "十强县", "advanced": "先进县", "progress": "进步县", "none": "未查到获评"}
FILLS = {"strong": "0D3853", "advanced": "3C7797", "progress": "pct30 3C7797 on C3D9E6", "none": "F4EEE1"}


@pytest.fixture(scope="module")
def awarded() -> dict[str, str]:
    """The latest award of each county, read from the file itself."""
    held: dict[str, tuple[str, str]] = {row["adcode"]: ("", "none") for row in rows("counties")}
    for row in rows("evaluation_awards", PUBLISHED):
        held[row["adcode"]] = max(held[row["adcode"]], (row["year"], row["award"]))
    return {adcode: award for adcode, (_, award) in held.items()} | {"620200": "na"}


@pytest.fixture
def added(atlas, monkeypatch):
    """The atlas as it is made when the program has the layer."""
    assert register_layer(monkeypatch, LAYER) == ["award"]
    return replace(atlas)


@pytest.mark.parametrize("section", FILES)
def test_the_change_is_of_these_files_and_takes_nothing_away(tmp_path, section):
    hunks = change(section)
    assert list(hunks) == FILES[section]
    for file, places in hunks.items():
        for before, after in places:
            lines = iter(after.splitlines())
            assert all(line in lines for line in before.splitlines()), "every line that was there is there, in order"
        (tmp_path / Path(file).name).write_text(changed(file, places), encoding="utf-8")
    config = ("--config", str(ROOT / "pyproject.toml"))
    for command in (("check", *config), ("format", "--check", *config)):
        done = subprocess.run([sys.executable, "-m", "ruff", *command, str(tmp_path)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_an_address_names_it(added):
    view, ignored = added.read("layer=award&band=B3")
    assert (view.layer, ignored, view.query()) == ("award", (), "layer=award&band=B3")
    view, ignored = added.read("layer=awards")
    assert (view.layer, ignored) == ("band", ("layer=awards",))


def test_it_is_on_the_map_with_its_fills(added, awarded):
    text = scaffold(added, View(layer="award"))
    assert dict(re.findall(r'class="county"[^>]* data-adcode="(\d+)"[^>]* data-class="(\w+)"', text)) == awarded
    assert set(awarded.values()) == {"strong", "advanced", "progress", "none", "na"}
    assert 'data-layer="award"' in text and '<pattern id="hatch-risen"' in text
    sheet = styles.sheet(added)
    assert re.search(r'path:is\(\.county, \.copy\)\[data-class="strong"\][^{]*\{ fill: var\(--r6\)', sheet)
    assert 'path:is(.county, .copy)[data-class="progress"] { fill: var(--hatch-risen, url(#hatch-risen)); }' in sheet
    assert '.hatch[data-style="risen"] .hatch-line { fill: var(--r4); }' in sheet
    (rule,) = re.findall(r".*--on-ink.*", sheet)
    assert '[data-class="strong"]' in rule and '[data-class="progress"]' not in rule
    assert styles.version(added) != f"{0:08x}"


def test_the_browser_gets_it_as_data(added, awarded):
    data = browser_data(added)
    layer = data["layers"]["award"]
    assert layer["name"] == {"zh": "县域评价", "en": "Awards"}
    assert [[row["zh"] for row in rows] for rows in layer["rows"]] == [list(NAMES.values())]
    assert dict(zip(awarded, data["classes"]["award"], strict=False)).keys() == awarded.keys()
    assert dict(zip((c["adcode"] for c in data["counties"]), data["classes"]["award"], strict=True)) == awarded
    assert "award" in data["choices"]["layer"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_has_its_button_its_source_and_its_place_in_the_palette(added, lang):
    name, source = ("县域评价", "获评") if lang == "zh" else ("Awards", "Awards: ")
    tools = map_page.tools(added, lang).children[0].children
    assert [one.children for one in tools if getattr(one, "data-choice") == "layer=award"] == [name]
    turn = write(prefecture.page(added, standing(added, None), View(lang=lang), "620900"))
    assert re.search(rf'data-choice="layer=award"[^>]*>{name}<', turn)
    assert any(line.startswith(source) for line in source_lines(added, lang))
    (row,) = (row for row in commands(added) if row[:2] == ["layer", "award"])
    assert row[2:] == ["县域评价", "Awards", "xian yu ping jia", "十强县|evaluation|shi qiang xian"]


def test_a_scene_shows_it_on_screen_on_a_slide_and_in_the_annex(added, awarded):
    scenes = (
        Scene("获评", "/", View(layer="award"), "", ()),
        Scene("获评分图", "/", View(layer="award", form="panels"), "", ()),
        Scene("酒泉市", "/prefecture/620900", View(layer="award"), "", ()),
    )
    deck = Deck("季度观摩", scenes, None)
    assert read_deck(write_deck(deck), added.known) == deck
    known = standing(added, None)
    first, *_ = scenes_of(deck, added, lambda view: known, "zh")
    amount = {id: list(awarded.values()).count(id) for id in NAMES}
    assert {row.label: row.count for row in first.legend} == {NAMES[id]: n for id, n in amount.items()}
    assert first.findings == ["“先进县”的最多（86个县中12个）"]
    listed = {fact.adcode: fact.shown for fact in first.facts if fact.adcode}
    assert listed == {adcode: NAMES[award] for adcode, award in awarded.items() if award != "na"}
    content = slides(deck, added, lambda view: known, "zh", datetime(2026, 3, 5, 9, 7))
    whole, panels, turn, *_ = Presentation(io.BytesIO(content)).slides
    filled = {}
    for shape in whole.element.iter(qn("p:sp")):
        name = shape.find(f".//{qn('p:cNvPr')}").get("name")
        if name[:6] in awarded:
            filled[name[:6]] = fill_of(shape)
    assert {adcode: fill for adcode, fill in filled.items() if adcode != "620200"} == {
        adcode: FILLS[award] for adcode, award in awarded.items() if award != "na"
    }
    said = ["".join(t.text for t in p.iter(qn("a:t"))) for p in whole.element.iter(qn("a:p"))]
    for id, n in amount.items():
        assert said[said.index(NAMES[id]) + 1] == str(n)
    assert any("获评：兰州新闻网" in text for text in said)
    assert f"{NAMES['strong']}　{amount['strong']}个" in [s.text_frame.text for s in panels.shapes if s.has_text_frame]
    assert "县域评价" in ["".join(t.text for t in p.iter(qn("a:t"))) for p in turn.element.iter(qn("a:p"))]


def fill_of(shape) -> str:
    """Return a shape's colour, or its pattern with the colours of lines and ground."""
    for part in shape.find(qn("p:spPr")):
        if part.tag == qn("a:solidFill"):
            return part[0].get("val")
        if part.tag == qn("a:pattFill"):
            line, ground = (part.find(qn(name))[0].get("val") for name in ("a:fgClr", "a:bgClr"))
            return f"{part.get('prst')} {line} on {ground}"
    raise AssertionError(shape)


# ---- a page ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def named() -> list[tuple[str, str, str]]:
    """Year, county and award of the yearly evaluation as the file has them, the latest first."""
    kept = [(row["year"], row["adcode"], row["award"]) for row in rows("evaluation_awards", PUBLISHED)]
    return sorted(kept, key=lambda row: (-int(row[0]), row[1]))


@pytest.fixture
def paged(atlas, monkeypatch):
    """The atlas as it is made when the program has the page."""
    assert register_page(monkeypatch, PAGE).id == "awards"
    return replace(atlas)


def test_a_page_has_its_address_its_link_and_its_place_in_the_palette(paged):
    assert read_page("/awards") == ("awards", "")
    assert [read_page(path) for path in ("/awards/", "/awards/1", "/award")] == [None] * 3
    for lang, name in (("zh", "获评"), ("en", "Awards")):
        assert f'<a href="/awards" data-page="/awards">{name}</a>' in write(map_page.masthead(paged, lang).children[1])
    (row,) = (row for row in commands(paged) if row[:2] == ["page", "/awards"])
    assert row[2:] == ["获评", "Awards", "huo ping", "评价|evaluation|ping jia"]


def test_the_browser_is_told_of_a_page_and_its_room(paged):
    assert browser_data(paged)["pages"]["awards"] == {"path": "/awards", "named": True, "sheet": True, "scene": True}
    sheet = styles.sheet(paged)
    (room,) = (line for line in sheet.splitlines() if "#first-sheet" in line)
    assert '[data-page="awards"]' in room and '[data-page="map"]' not in room
    (alone,) = (line for line in sheet.splitlines() if "--bar-line: 0px" in line)
    assert '[data-page="awards"]' not in alone and '[data-page="plan"]' in alone


def test_a_page_is_written_shown_drawn_and_listed(paged, named):
    known = standing(paged, None)
    page = PAGES["awards"]
    text = write(page.markup(Asked(paged, View(), "", lambda period: known, None)))
    (table,) = re.findall(r'data-table="([^"]*)"', text)
    cells = json.loads(unescape(table))["rows"]
    assert [(year, first["county"], award) for first, year, award in cells] == [
        (year, adcode, NAMES[award]) for year, adcode, award in named
    ]
    chosen = paged.read("band=B3")[0]
    deck = read_deck('deck: 获评\nscenes: [{title: 获评, view: "/awards?band=B3"}]', paged.known)
    assert deck.scenes[0].view == chosen
    inside = set(paged.select(chosen.filter))
    wanted = [(adcode, year, NAMES[award]) for year, adcode, award in named if adcode in inside]
    (scene,) = scenes_of(deck, paged, lambda view: known, "zh")
    n = len({adcode for adcode, *_ in wanted})
    assert scene.findings == [f"{n}个县获评过"] and n
    assert [(fact.adcode, fact.item, fact.shown) for fact in scene.facts] == wanted
    drawn = Presentation(io.BytesIO(slides(deck, paged, lambda view: known, "zh", datetime(2026, 3, 5, 9, 7)))).slides
    tables = [shape.table for slide in drawn for shape in slide.shapes if shape.has_table]
    lines = [[cell.text for cell in row.cells] for table in tables for row in list(table.rows)[1:]]
    assert [line[1:] for line in lines] == [[year, award] for _, year, award in wanted]


def test_every_page_is_whole(atlas):
    for id, page in PAGES.items():
        assert page.id == id and re.fullmatch(r"[a-z]+", id) and re.fullmatch(r"/[a-z]*", page.path)
        assert page.name or page.code, "it can be opened"
        for zh, en in [page.name] if page.name else []:
            assert zh and en and not re.search(r"[\u3400-\u9fff]", en), (id, zh, en)
        assert page.code in ("", "county", "prefecture", "deck", "year")
        assert page.slide or not (page.observed or page.mapped), "what a scene cites is for a meeting"


# ---- an export ------------------------------------------------------------------------------------------------------


@pytest.fixture
def exported(atlas, monkeypatch):
    """The atlas as it is made when the program has the export, and the export."""
    return replace(atlas), register_file(monkeypatch, EXPORT)


def test_an_export_holds_what_the_view_selects_under_its_name(exported, named):
    atlas, file = exported
    for query, lang, of in (("", "zh", NAMES), ("prefecture=620900&lang=en", "en", None)):
        view = atlas.read(query)[0]
        wanted = Wanted(atlas, view, lambda period: None, None)
        head, *lines = csv.reader(io.StringIO(file.write(wanted).decode("utf-8-sig")))
        assert head == [pair[lang == "en"] for pair in HEADS]
        inside = set(atlas.select(view.filter))
        mine = [row for row in named if row[1] in inside]
        assert mine and [(line[2], line[0]) for line in lines] == [(year, adcode) for year, adcode, _ in mine]
        assert of is None or [line[3] for line in lines] == [of[award] for *_, award in mine]
        assert file.file_name(wanted) == "gansu-awards.csv" and MEDIA[file.kind].startswith("text/csv")


def test_an_export_is_in_the_menus_on_the_page_in_the_palette_and_known_to_the_browser(exported):
    atlas, file = exported
    for lang, name in (("zh", "获评 CSV"), ("en", "Awards, CSV")):
        (menu,) = (part for part in map_page.tools(atlas, lang).children if getattr(part, "id", "") == "take")
        items = {getattr(one, "id", ""): one.children for one in menu.children}
        assert items["take-awards"] == name and "take-xlsx" in items
        page = write(progress.page(atlas, standing(atlas, None), atlas.read(f"band=B3&lang={lang}")[0]))
        (link,) = re.findall(r'<a [^>]*data-carry="/export/awards.csv"[^>]*>[^<]*</a>', page)
        query = "band=B3" if lang == "zh" else "band=B3&amp;lang=en"
        assert f'href="/export/awards.csv?{query}"' in link and link.endswith(f">{name}</a>")
    (row,) = (row for row in commands(atlas) if row[:2] == ["action", "take-awards"])
    assert row[2:4] == ["导出：获评 CSV", "Export: Awards, CSV"] and row[5] == "评价|evaluation|ping jia"
    assert browser_data(atlas)["files"]["awards"] == {
        "path": "/export/awards.csv",
        "zh": "获评 CSV",
        "en": "Awards, CSV",
    }


def test_every_place_has_room_for_an_export(exported, monkeypatch):
    atlas, file = exported
    monkeypatch.setitem(FILES_OF_ATLAS, file.id, replace(file, offered=PLACES))
    known, codes = standing(atlas, None), {"county": "620902", "prefecture": "620900", "settlement": "2021"}
    for place in set(PLACES) - {"map", "palette"}:
        code = codes.get(place, "")
        text = write(PAGES[place].markup(Asked(atlas, View(theme="dark"), code, lambda period: known, None)))
        (link,) = re.findall(r'<a [^>]*href="/export/awards.csv[^>]*>[^<]*</a>', text)
        key = {"settlement": "year"}.get(place, place)
        asked = f"{key}={code}&amp;theme=dark" if code else "theme=dark"
        assert f'href="/export/awards.csv?{asked}"' in link, place
        assert ("data-carry" in link) == (not code), "what is of one place is asked for as the page was"


def test_every_file_is_whole():
    assert len({file.path for file in FILES_OF_ATLAS.values()}) == len(FILES_OF_ATLAS)
    for id, file in FILES_OF_ATLAS.items():
        assert file.id == id and file.kind in MEDIA and re.fullmatch(r"/(export|template)/[a-z]+\.[a-z]+", file.path)
        assert set(file.offered) <= set(PLACES)
        assert all(file.name) or not (file.offered or file.of_deck)
        assert file.of_deck or not file.slow
    slow = [file.kind for file in FILES_OF_ATLAS.values() if file.slow]
    assert len(set(slow)) == len(slow), "the queue knows a file by its kind"


# ---- layers and classes ---------------------------------------------------------------------------------------------


def legend_of(*given):
    return lambda atlas, standing, view: [LegendClass(id, (id, id), style) for id, style in given]


@pytest.mark.parametrize(
    ("given", "fault"),
    [(("B1", "r2"), "class B1 is 'r2', but 'r6' elsewhere"), (("X1", "r7"), "class X1 names the style 'r7'")],
)
def test_a_class_with_two_fills_or_none_is_refused(atlas, monkeypatch, given, fault):
    monkeypatch.setitem(LAYERS, "wrong", replace(LAYERS["band"], id="wrong", legend=legend_of(given)))
    with pytest.raises(ValueError, match=f"layer wrong: {fault}"):
        styles.class_styles(replace(atlas))


def test_every_layer_is_whole(atlas):
    for id, layer in LAYERS.items():
        assert layer.id == id and re.fullmatch(r"[a-z]+", id)
        names = [layer.name, layer.title, *layer.sources, *(note.names for note in layer.notes(atlas))]
        names += [one.names for legend in styles.legends(layer, atlas) for one in legend]
        for zh, en in names:
            assert zh and en and not re.search(r"[\u3400-\u9fff]", en), (id, zh, en)
        found = set(atlas.county_classes(View(layer=id)).values())
        assert found <= {one.id for legend in styles.legends(layer, atlas) for one in legend} | {"na"}
        assert layer.told in ("", "class", "road", "people", "state")
        assert not layer.counts or layer.group in atlas.plan.option_ids
