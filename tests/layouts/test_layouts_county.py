"""The page of each county against the plan's and the published files, in both languages."""

from __future__ import annotations

import re
from functools import cache

import pytest
from atlas_oracle import JIAYUGUAN, LANGUAGES, clause, holds, rows, table
from page_text import Element, PageText
from plan_files import PUBLISHED

from layouts import county_page
from layouts.atlas import Standing
from layouts.markup import write
from layouts.view import View
from layouts.wording import word
from targets import progress
from targets.importing import compare
from targets.observations import open_store
from targets.reading import read_file

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


def standing_of(atlas, store) -> Standing:
    observations = store.observations()
    assessment = progress.assess(atlas.counties, observations, plan=atlas.plan)
    return Standing(observations, store.batches(), store.indicators(), assessment)


@pytest.fixture(scope="module")
def page_of(atlas, store):
    """Return a function that writes a county's page."""
    standing = standing_of(atlas, store)

    @cache
    def read(code: str, lang: str = "zh") -> PageText:
        return PageText(write(county_page.page(atlas, standing, View(lang=lang), code)), lang)

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
        text = found[word("card_band", lang)].text
        if band:
            assert table("bands", "id")[band["band"]]["zh_short" if lang == "zh" else "en_short"] in text
        else:
            assert word("card_band_none", lang) in text


def test_the_road_is_the_plans_and_what_became_of_it(page_of):
    planned, opened = table("expressways", "adcode"), table("expressways_opened", "adcode", published=True)
    for code in ADCODES:
        text = facts(page_of(code))[word("card_road", "zh")].text
        if code not in planned:
            assert word("card_road_none", "zh") in text
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
        shown = f"{float(row['value']):,.10f}".rstrip("0").rstrip(".")
        assert any(shown in text and row["period"][:4] in text for text in values), row
        assert any(row["source_title"] in source.values() for source in cited(page)), row


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
    assert text.count(word("shared_duty", "zh")) == 1 and "牵头" not in text


def test_jiayuguan_is_no_county_and_says_so(page_of):
    page = page_of(JIAYUGUAN)
    assert word("card_not_county", "zh") in page.elements[0].text + "".join(text for _, text in page.said)
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
    observed = [row for row in rows("county_observations", PUBLISHED) if row["indicator"] == "gdp"]
    measured = {row["adcode"] for row in observed if row["period"].isdecimal()}
    opened = table("expressways_opened", "adcode", published=True)
    for code in ADCODES:
        text = page_of(code).find("section", "county-unknowns")[0].text
        assert (word("county_unknown_gdp", "zh") in text) == (code not in measured), code
        assert (word("county_unknown_road", "zh") in text) == (opened.get(code, {}).get("status") == "unknown"), code
        assert (word("county_unknown_band", "zh") in text) == (code not in table("band_counties", "adcode")), code


def test_an_imported_value_is_shown_with_its_batch(atlas, tmp_path):
    store = open_store(None, atlas.published.observations, tmp_path)
    lines = "县名,指标,时期,数值,单位,状态,来源\r\n甘州区,地区生产总值,2025,312.5,亿元,初步,测试来源\r\n"
    reading = read_file(lines.encode("utf-8-sig"), "甘州.csv", citation="")
    assert reading.ok, reading.faults
    store.accept(compare(reading, store), "李")
    page = PageText(write(county_page.page(atlas, standing_of(atlas, store), View(), "620702")), "zh")
    store.close()
    text = page.find("section", "county-observed")[0].text
    assert "312.5亿元" in text and "测试来源" in text
    batches = [source[word("source_batch", "zh")] for source in cited(page) if word("source_batch", "zh") in source]
    assert batches and all("第1批：甘州.csv，李" in batch for batch in batches)
    assert page.find("p", "county-state")[0].text.strip() == progress.STATES["reached"][0]
