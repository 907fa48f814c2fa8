"""The map's scaffold and the browser's data: every county's class and match by the files, and no way to break out."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from atlas_oracle import JIAYUGUAN, LANGUAGES, QUERIES, held, rows, selected, table

from layouts.facts.sources import source_lines
from layouts.parts.county_map import browser_data, data_element, park_marks, scaffold

ADCODES = sorted([*held(), JIAYUGUAN])
EVIL = "<script>alert(1)</script>&\"'"
LAYERS = ("band", "cluster", "energy", "road", "population")


def drawn(atlas, view) -> ElementTree.Element:
    return ElementTree.fromstring(f"<page>{scaffold(atlas, view)}</page>")


def county_paths(page: ElementTree.Element) -> dict[str, ElementTree.Element]:
    paths = page.findall(".//g[@id='counties']/path")
    assert len(paths) == 87
    return {path.attrib["data-adcode"]: path for path in paths}


def expected_class(adcode: str, layer: str, query: dict[str, list[str]]) -> str:
    if adcode == JIAYUGUAN:
        return "na"
    ids = held()[adcode]
    if layer == "band":
        return next(iter(ids & {"B1", "B2", "B3", "B4", "B5", "B6", "none"}))
    if layer == "road":
        return next(iter(ids & {"2022", "2023", "2024", "2025"}), "none")
    if layer == "population":
        people = int(table("census2020", "adcode", True)[adcode]["population"])
        return f"P{1 + sum(people >= lower * 10_000 for lower in (10, 20, 30, 40, 60))}"
    options = query.get(layer) or {"cluster": ["C1", "C2", "C3", "C4", "C5"], "energy": [*table("energy", "id")]}[layer]
    return f"n{len(ids & set(options))}"


def test_the_scaffold_has_each_county_once_with_its_marks(atlas, view_of):
    page = drawn(atlas, view_of(""))
    paths = county_paths(page)
    assert list(paths) == ADCODES
    for adcode, path in paths.items():
        assert path.attrib["class"] == "county"
        assert path.attrib["id"] == f"c{adcode}"
        assert path.attrib["role"] == "button"
        assert re.match(r"[Mm]-?\d", path.attrib["d"])
    assert [path.attrib["tabindex"] for path in paths.values()].count("0") == 1
    ids = [node.attrib["id"] for node in page.iter() if "id" in node.attrib]
    assert len(ids) == len(set(ids))
    for use in page.iter("use"):
        assert use.attrib["href"].removeprefix("#") in ids
    assert page.find("./svg").attrib["id"] == "county-map"


@pytest.mark.parametrize("chosen", ["", "cluster=C1,C4&energy=WIND,PV1", "cluster=C2&energy=PSH&road=2024"])
@pytest.mark.parametrize("layer", LAYERS)
def test_each_county_has_the_class_the_files_give_it(atlas, view_of, layer, chosen):
    view = view_of(f"layer={layer}&{chosen}")
    query = {key: value.split(",") for key, _, value in (part.partition("=") for part in chosen.split("&"))}
    page = drawn(atlas, view)
    got = {adcode: path.attrib["data-class"] for adcode, path in county_paths(page).items()}
    assert got == {adcode: expected_class(adcode, layer, query) for adcode in ADCODES}
    assert page.find("./svg").attrib["data-layer"] == layer


@pytest.mark.parametrize("query", QUERIES)
def test_the_painted_match_is_the_selection(atlas, view_of, query):
    paths = county_paths(drawn(atlas, view_of(query)))
    assert {path.attrib["data-match"] for path in paths.values()} <= {"0", "1"}
    assert [adcode for adcode, path in paths.items() if path.attrib["data-match"] == "1"] == selected(query)


def test_roads_without_a_record_of_opening_are_marked(atlas, view_of):
    status = {row["adcode"]: row["status"] for row in rows_of_reports()}
    got = {a: path.attrib.get("data-road") for a, path in county_paths(drawn(atlas, view_of("layer=road"))).items()}
    assert got == {adcode: status.get(adcode) for adcode in ADCODES}
    assert list(got.values()).count("unknown") == 6


def rows_of_reports() -> list[dict[str, str]]:
    return list(table("expressways_opened", "adcode", True).values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_county_has_an_accessible_name_of_its_own(atlas, view_of, lang):
    paths = county_paths(drawn(atlas, view_of(f"lang={lang}")))
    names = {adcode: path.attrib["aria-label"] for adcode, path in paths.items()}
    assert len(set(names.values())) == 87
    for adcode, county in table("counties", "adcode").items():
        assert names[adcode].startswith(county["name_short" if lang == "zh" else "name_en"])
    assert ("1400" if lang == "zh" else "140 bn yuan") in names["620102"]
    if lang == "en":
        assert not re.search(r"[\u4e00-\u9fff]", "".join(names.values()))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_are_escaped(renamed, view_of, lang):
    atlas = renamed("620102", name=EVIL, name_short=EVIL, name_en=EVIL, name_en_short=EVIL, prefecture=EVIL)
    text = scaffold(atlas, view_of(f"lang={lang}"))
    assert "<script" not in text
    assert EVIL in county_paths(ElementTree.fromstring(f"<page>{text}</page>"))["620102"].attrib["aria-label"]


def test_no_text_can_end_the_data_element(renamed):
    atlas = replace(renamed("620102", name=EVIL, name_short=EVIL, name_en="<!--<script>"), approval=EVIL)
    element = data_element(browser_data(atlas))
    head, body, tail = re.fullmatch(r"(<script [^>]*>)(.*)(</script>)", element, re.S).groups()
    assert "<" not in body
    assert head == '<script id="atlas-data" type="application/json">'
    data = json.loads(body)
    assert data["counties"][0]["name"] == EVIL
    assert data["counties"][0]["name_en"] == "<!--<script>"
    assert data["sources"]["zh"][-1] == f"审图号：{EVIL}"


@pytest.fixture(scope="module")
def data(atlas) -> dict:
    """Return the browser's data as it comes out of its JSON."""
    return json.loads(data_element(browser_data(atlas)).split(">", 1)[1].removesuffix("</script>"))


def test_the_browser_has_every_options_counties(data):
    order = [county["adcode"] for county in data["counties"]]
    assert order == ADCODES
    groups = {option: group for group, options in data["groups"].items() for option in options}
    assert groups.keys() == data["options"].keys()
    for option, entry in data["options"].items():
        assert [order[number] for number in entry["held"]] == [a for a in ADCODES if option in held().get(a, ())], (
            option
        )
        assert entry["group"] == groups[option]
    stated = {row["id"]: int(row["n"]) for name in ("bands", "clusters", "energy") for row in rows(name)}
    assert {option: len(data["options"][option]["held"]) for option in stated} == stated


def test_the_browsers_counties_are_those_of_the_files(data):
    for county in data["counties"]:
        adcode = county["adcode"]
        named = table("counties", "adcode").get(adcode) or table("prefectures", "adcode")[adcode]
        ids = held().get(adcode, set())
        report = table("expressways_opened", "adcode", True).get(adcode, {})
        assert (county["name"], county["zh"], county["name_en"]) == (
            named["name"],
            named["name_short"],
            named["name_en"],
        )
        assert county["county"] == (adcode != JIAYUGUAN)
        assert county["band"] == next(iter(ids & {f"B{n}" for n in range(1, 7)}), None)
        assert county["clusters"] == [option for option in table("clusters", "id") if option in ids]
        assert county["energy"] == [option for option in table("energy", "id") if option in ids]
        assert county["road"] == next(iter(ids & {"2022", "2023", "2024", "2025"}), None)
        assert county["opened"] == (int(report["actual_year"]) if report.get("actual_year") else None)
        assert county["roadless"] == (report.get("status") == "unknown")
        assert county["people"] == int(table("census2020", "adcode", True)[adcode]["population"])


def test_the_browsers_fixed_classes_are_the_scaffolds(data):
    for layer in ("band", "road", "population"):
        assert data["classes"][layer] == [expected_class(adcode, layer, {}) for adcode in ADCODES]


def test_each_park_has_a_mark_at_its_host_inside_the_map(atlas, data):
    marks = park_marks(atlas)
    assert [mark["zh"] for mark in marks] == [park["name"] for park in rows("parks")]
    assert [mark["en"] for mark in marks] == [park["name_en"] for park in rows("parks")]
    assert len(marks) == len(data["parks"]) == 12
    for mark, park in zip(marks, rows("parks"), strict=True):
        x, y = mark["at"]
        assert 0 < x < data["frame"]["width"]
        assert 0 < y < data["frame"]["height"]
        if park["adcode"]:
            left, top, right, bottom = data["counties"][ADCODES.index(park["adcode"])]["box"]
            assert left <= x <= right
            assert top <= y <= bottom


def test_parks_of_one_host_stand_apart(atlas):
    """白银区 hosts two parks; on one spot one would hide the other and the map would show eleven."""
    spots = [tuple(mark["at"]) for mark in park_marks(atlas)]
    assert sorted(spots) == sorted(set(spots))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_source_lines_name_plan_census_boundaries_and_approval(atlas, lang):
    plan, census, boundaries, approval = source_lines(atlas, lang)
    assert "2022" in plan
    assert "2020" in census
    assert boundaries == ("边界：天地图" if lang == "zh" else "Boundaries: Tianditu")
    assert approval == (
        "审图号：未设置，仅供内部使用" if lang == "zh" else "No map approval number set: for internal use"
    )
    own = replace(atlas, approval="GS(2026)0001号", boundaries_name="自备.shp")
    assert source_lines(own, lang)[3].endswith("GS(2026)0001号")
    assert "自备.shp" in source_lines(own, lang)[2]
