"""After the import of a full table of 2025 (made-up figures): what is said adds up, cites its batch, names nobody."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from full_year import FILE, GAOTAI, LOWER, STATUS, filled, made_up, put
from meeting_files import standing_of
from openpyxl import load_workbook
from page_text import Element, PageText
from pptx import Presentation

from layouts.facts import county as county_facts
from layouts.facts import titles
from layouts.facts.deck import Deck
from layouts.facts.ready_deck import ready_deck
from layouts.facts.scene import scenes_of
from layouts.facts.view import LANGUAGES, View
from layouts.files.annex import annex
from layouts.files.compare import compare_csv
from layouts.files.pptx import slides
from layouts.files.progress import progress_csv
from layouts.pages import compare, county, prefecture, progress
from layouts.parts import figures
from layouts.parts.card import county_card
from layouts.parts.markup import write
from layouts.words import said_of_some
from targets import outcomes
from targets.importing import say_flags
from targets.indicators import shipped_indicators
from targets.intake.report import Remark, grouped
from targets.observations import Flag
from targets.overlap import roles_and_bands
from targets.progress import NO_TARGET, PartYear, headline, say_distance, sentence
from targets.speech import Speech, exact

FIGURES = {adcode: Decimal(shown).normalize() for adcode, shown in made_up().items()}
CITED = f"导入：{FILE}，第1批，"
# A count of nobody, in Chinese or English.
NOBODY = re.compile(
    r"(?<![\d.,，、—–-])0个(?!百分)|\b(?<![\d.,–-])0 (?:counties|are|have|has|reached|not reached|known|of)\b"
)
GAP = re.compile(r"差([\d.]+)亿元")


BLOCKS = {"p", "li", "h2", "h3", "h4", "dt", "dd", "summary", "td", "th"}
CARRIED = ("data-figure", "data-table", "data-compare-page")


def texts(parts, lang: str) -> list[str]:
    """Return what a page says, block by block, with what its charts and tables carry; hidden parts say nothing."""
    page = PageText(write(parts), lang)

    def within(element: Element):
        yield element
        for one in element.inside:
            yield from within(one)

    hidden = {id(one) for element in page.elements if "hidden" in element.attributes for one in within(element)}
    shown = [element for element in page.elements if id(element) not in hidden]
    said = [element.text for element in shown if element.tag in BLOCKS]
    return [*said, *(element.attributes[name] for element in shown for name in CARRIED if name in element.attributes)]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = filled(tmp_path_factory.mktemp("full"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def stands(atlas, store):
    return standing_of(atlas, store)


@pytest.fixture(scope="module")
def standing(stands):
    return stands(View())


@pytest.fixture(scope="module")
def decks(atlas, standing):
    return {lang: ready_deck(atlas, standing, None, lang) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def pages(atlas, standing):
    """Return what the pages say, by language and name, hidden parts left out."""
    found = {}
    for lang in LANGUAGES:
        view = View(lang=lang, compare=(GAOTAI, "620922"))
        found[lang, "progress"] = progress.page(atlas, standing, view)
        found[lang, "county"] = county.page(atlas, standing, view, GAOTAI)
        found[lang, "compare"] = compare.page(atlas, standing, view)
        found[lang, "card"] = [county_card(atlas, GAOTAI, lang, standing, standing.roads(atlas))]
        for code in atlas.plan.option_ids["prefecture"]:
            found[lang, code] = prefecture.page(atlas, standing, view, code)
    return {key: texts(page, key[0]) for key, page in found.items()}


def short_by(adcode: str) -> Decimal:
    return abs(LOWER[adcode] - FIGURES[adcode])


# ---- every digit ----------------------------------------------------------------------------------------------------


def test_figure_bound_and_distance_add_up_everywhere(atlas, standing, pages, decks):
    assert short_by(GAOTAI) == Decimal("0.05")
    for adcode in LOWER:
        row = standing.assessment.loc[adcode]
        amount, gap = f"{FIGURES[adcode]:f}亿元", f"{short_by(adcode).normalize():f}亿元"
        assert amount in sentence(row, "zh", standing.rules) and gap in sentence(row, "zh", standing.rules)
        assert say_distance(row, "zh") == gap
        assert exact(say_distance(row, "en").split()[0]) * 10 == short_by(adcode)
    for name in ("county", "card", "progress", "compare", "620700"):
        said = " ".join(pages["zh", name])
        assert "49.95亿元" in said and "0.05亿元" in said, name
        assert "0.005 bn yuan" in " ".join(pages["en", name]), name
    short = next(scene for scene in decks["zh"].scenes if scene.title.startswith("未达到"))
    named = {adcode: standing.assessment.at[adcode, "name_short"] for adcode in short.highlight}
    lines = [line for line in short.note.splitlines() if GAP.search(line)]
    gaps = {line.partition("：")[0]: Decimal(GAP.search(line)[1]) for line in lines}
    assert gaps == {named[adcode]: short_by(adcode) for adcode in named}


def test_charts_and_tables_keep_every_digit(atlas, standing):
    row = standing.assessment.loc[GAOTAI]
    bar = figures.county_bullet(row, lang="zh").data[-1]
    assert bar.hovertext == ("49.95亿元",) and ".1f" not in bar.hovertemplate
    lead = {
        "value": 49.95,
        "unit": "亿元",
        "comparator": "eq",
        "printed": "49.95",
        "origin": "import",
        "indicator": "gdp",
    }
    assert county_facts.say_figure(lead, standing, "zh") == "49.95亿元"
    part = {"level": 20.125, "level_comparator": "eq", "level_printed": "20.125", "level_origin": "import"}
    assert Speech.of("zh").number(part["level"]) == "20.125"


def test_files_keep_every_digit_and_cite_the_batch(atlas, standing, stands, decks):
    view = View(compare=(GAOTAI,))
    text = compare_csv(atlas, standing, view, atlas.now).decode("utf-8-sig")
    assert "49.95亿元" in text and "0.05亿元" in text and CITED.removeprefix("导入：").split("，")[0] in text
    assert "49.95" in progress_csv(atlas, standing, view).decode("utf-8-sig")
    told = ("未达到", "收官", "张掖市：5个有目标")  # its second scene has no such figure
    scenes = tuple(one for one in decks["zh"].scenes if one.title.startswith(told))
    deck = Deck("测试", scenes)
    book = load_workbook(io.BytesIO(annex(deck, atlas, stands, "zh", atlas.now)))
    for sheet in book.worksheets[1:]:
        cells = [tuple(str(cell) for cell in row if cell is not None) for row in sheet.iter_rows(values_only=True)]
        assert any("0.05亿元" in cell for row in cells for cell in row), sheet.title
        mine = next(row for row in cells if "49.95亿元" in row)
        assert any(FILE in cell and "第1批" in cell for cell in mine) and f"导入（{STATUS}）" in mine
    shown = Presentation(io.BytesIO(slides(deck, atlas, stands, "zh", atlas.now)))
    for slide in shown.slides:
        said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert any(CITED in text for text in said), said[0]
    assert CITED in shown.slides[0].notes_slide.notes_text_frame.text


def test_a_park_is_short_by_the_decimals_of_its_figure(atlas, standing):
    park = atlas.plan.parks.iloc[0]
    own = {"place": park["id"], "indicator": outcomes.PARK, "period": "2025", "value": 499.95, "unit": "亿元"}
    cells = dict.fromkeys(standing.observations.columns, "") | own | {"comparator": "eq", "printed": "499.95"}
    cells |= {"origin": "import", "grade": "report", "status": "未注明", "standing": "judges", "batch": 1}
    cells |= {"year": 2025, "month": 12}
    frame = pd.DataFrame([cells])[list(standing.observations.columns)].astype(standing.observations.dtypes.to_dict())
    found = outcomes.parks(atlas.plan, frame.drop(columns="standing"), standing.rules).loc[park["id"]]
    assert Speech.of("zh").money(found["gap"]) == f"{Decimal(int(park['target_yi'])) - Decimal('499.95')}亿元"
    assert (found["batch"], found["origin"]) == (1, "import")


# ---- one year, and nobody -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_speaks_of_differing_years(pages, decks, lang):
    words = (
        ("年份不同", "各县最近年份", "各用最近")
        if lang == "zh"
        else ("years differ", "latest year (", "each by its latest")
    )
    every = [text for (spoken, _), said in pages.items() if spoken == lang for text in said]
    every += [text for scene in decks[lang].scenes for text in (scene.title, *scene.note.splitlines())]
    assert [text for text in every if any(one in text for one in words)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_counted_of_nobody(pages, decks, lang):
    found = [(name, text) for (spoken, name), said in pages.items() if spoken == lang for text in said]
    found += [(scene.title, text) for scene in decks[lang].scenes for text in (scene.title, *scene.note.splitlines())]
    assert [one for one in found if NOBODY.search(one[1])] == []


def test_sentences_leave_out_nobody(atlas, standing):
    assert said_of_some([("difference_new", 0), ("difference_changed", 0)], "zh") == ""
    bare = standing.assessment[standing.assessment["state"] == NO_TARGET].assign(observed=pd.NA)
    said = headline(bare, standing.observations, "zh", standing.rules, atlas.plan, chosen=True)
    assert said == ["所选的18个县都未列入专栏一，没有下限可比。"]
    few = roles_and_bands(atlas.counties.loc[[GAOTAI]], atlas.plan).sentences("zh")
    assert few[1] == "1个两方面都列入。"
    empty = standing.assessment.iloc[:0].assign(level=[], growth=[])
    assert not NOBODY.search(PartYear("2025Q3", empty, None).sentence([], 3))
    roads = standing.roads(atlas)
    unknown = roads.counties.assign(outcome=outcomes.UNKNOWN)
    assert (
        outcomes.Roads(unknown, roads.steps, roads.totals.iloc[:0], atlas.plan).sentences()[0]
        == "专栏五计划15个县通高速。"
    )
    assert titles.roads_title(15, 0, atlas.plan, "zh") == "专栏五15个县都未查到通车记录"


# ---- where imported figures come from --------------------------------------------------------------------------------


def test_every_scene_with_imported_figures_cites_its_batch(atlas, stands, decks):
    scenes = scenes_of(decks["zh"], atlas, stands, "zh")
    using = [facts for facts in scenes if facts.imports]
    assert {facts.page for facts in using} == {"map", "progress", "prefecture"}
    for facts in using:
        assert facts.imports == [next(iter(facts.imports))] and facts.imports[0].startswith(CITED)
        assert CITED in facts.scene.note, facts.scene.title
        assert any(line.startswith(CITED) for line in facts.cited())
    assert CITED in decks["zh"].scenes[1].note, "the counts by band are of imported figures too"
    line = next(line for line in using[0].scene.note.splitlines() if CITED in line)
    assert "等35个县：" in line and f"（{STATUS}）" in line, "equal sources are one line"


def test_imported_figures_are_called_imported(tmp_path, atlas):
    """Even where who imported them calls them a bulletin's, or says nothing."""
    store = filled(tmp_path, status="公报")
    some = {adcode: f"{FIGURES[adcode] + 1:f}" for adcode in list(LOWER)[:3]}
    put(store, some, "补.xlsx", "未注明")
    standing = standing_of(atlas, store)(View())
    row = standing.assessment.loc[GAOTAI]
    assert "49.95亿元（导入，公报）" in sentence(row, "zh", standing.rules)
    assert "4.995 bn yuan in 2025 (imported, bulletin)" in sentence(row, "en", standing.rules)
    said = headline(standing.assessment, standing.observations, "zh", standing.rules, atlas.plan)[1]
    assert said == "均用2025年全年数；65个用导入数（公报）；3个用导入数（未注明）。"
    assert standing.assessed_from([GAOTAI], "zh")[0] is False
    published, imports = standing.assessed_from(list(standing.assessment.index), "zh")
    assert standing.assessed_from(list(standing.assessment.index), "zh", judging=True) == (False, imports)
    assert not published and [line.split("，")[:2] for line in imports] == [
        [f"导入：{FILE}", "第1批"],
        ["导入：补.xlsx", "第2批"],
    ]
    deck = ready_deck(atlas, standing, None, "zh")
    closing = next(scene for scene in deck.scenes if scene.title.startswith("收官"))
    assert "导入（公报）" in closing.note and not re.search(r"：公报 \d|出自报告", closing.note)
    store.close()


def test_what_is_published_beside_an_imported_figure_is_no_ground_of_the_judgement(tmp_path, atlas):
    store = filled(tmp_path, published=atlas.published.observations)
    standing = standing_of(atlas, store)(View())
    everyone = list(standing.assessment.index)
    (published, imports), judged = (standing.assessed_from(everyone, "zh", judging=alone) for alone in (False, True))
    assert published and judged == (False, imports) and len(imports) == 1
    store.close()


# ---- many equal flags ------------------------------------------------------------------------------------------------


def test_many_flags_of_one_kind_are_one_line():
    flags = [
        Flag("status", str(n), id, "2025", f"{n} {id}：状态由核定退为初步", f"{n} {id}: goes back")
        for id in ("gdp", "gdp_growth")
        for n in range(86)
    ]
    (line,) = say_flags(flags, shipped_indicators())
    assert line.startswith("172个数状态后退（地区生产总值 2025 86个、") and "如 0 gdp：" in line and "3 gdp" not in line
    (line,) = say_flags(flags, shipped_indicators(), "en")
    assert line.startswith("172 values go back in status (GDP 2025: 86, ")
    assert len(say_flags(flags[:4], shipped_indicators())) == 4


def test_many_equal_remarks_are_one():
    same = [Remark("表", "城市一级的行，未读", "a row of the city, not read", f"A{n}") for n in range(3, 20)]
    (one,) = grouped([*same])
    assert one.zh == "17处，如A3、A4、A5：城市一级的行，未读" and one.en.startswith("17 times, such as A3, A4, A5: ")
    assert grouped(same[:2]) == tuple(same[:2])


# ---- numbers in sentences --------------------------------------------------------------------------------------------


def test_counts_in_sentences_are_counted(atlas, standing):
    plan = replace(atlas.plan, parks=atlas.plan.parks.iloc[:3])
    own = replace(standing)  # which has made nothing yet
    assert "3个百亿级园区" in " ".join(texts(progress.page(replace(atlas, plan=plan), own, View()), "zh"))
