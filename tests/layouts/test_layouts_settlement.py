"""The settlement page: without a scheme nothing is worked out; with one, page, scenes, files and map say the same."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from openpyxl import load_workbook
from page_text import PageText
from plan_files import PUBLISHED, rows
from pptx import Presentation
from settlement_files import COUNTIES, DOCUMENT, YEAR, filled

from callbacks.standings import Standings
from layouts.facts import settlement as facts
from layouts.facts.atlas import Standing
from layouts.facts.deck import Deck, Scene
from layouts.facts.layers import LAYERS
from layouts.facts.pages import PAGES, Asked
from layouts.facts.ready_deck import ready_deck
from layouts.facts.scene import scenes_of
from layouts.facts.view import View
from layouts.files.annex import annex
from layouts.files.pptx import slides
from layouts.files.settlement import settlement_xlsx
from layouts.pages import compare, settlement
from layouts.parts.markup import write
from targets.decks import DeckStore
from targets.observations import open_store
from targets.settlement.account import ADVANCED, PROGRESS, STRONG
from targets.settlement.ranks import IN, OPEN
from targets.settlement.records import Records

NOW = datetime(2026, 11, 30)
STAMPS = {"zh": "测算，非评定", "en": "An estimate, no award"}
# What only an account says: none of it may be said without a scheme.
COMPUTED = re.compile(r"测算|分不出|名次因此|试算|estimated|contend|What if")
BLIND = [(COUNTIES[at], "地区生产总值增速") for at in (4, 30, 61)]


@pytest.fixture(scope="module")
def bare(atlas, tmp_path_factory) -> Standings:
    store = open_store(published=atlas.published.observations, folder=tmp_path_factory.mktemp("bare"))
    return Standings(atlas, store)


@pytest.fixture(scope="module")
def full(atlas, tmp_path_factory) -> Standings:
    return Standings(atlas, filled(tmp_path_factory.mktemp("full"), without=BLIND))


def page(standings: Standings, path: str, code: str = "", lang: str = "zh") -> str:
    asked = Asked(standings.atlas, View(lang=lang), code, standings.of, DeckStore(standings.store))
    markup = PAGES[path].markup
    assert markup
    return write(markup(asked))


def rows_of(html: str) -> list[tuple[str, str]]:
    """Return the counties of the lists with how they are on them, in the page's order."""
    found = []
    for element in PageText(html, "zh").elements:
        if "settle-row" in element.classes and "is-published" not in element.classes:
            found.append((element.attributes["data-adcode"], next(iter(element.classes & {"is-in", "is-open"}))))
    return found


# ---- without a scheme -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_a_scheme_no_page_works_anything_out(bare, lang):
    codes = {"county": ["620922"], "prefecture": ["620900"], "settlement": ["", "2021", "2025", "2021-talks"]}
    for id, one in PAGES.items():
        for code in codes.get(id, [""]) if one.markup else []:
            html = page(bare, id, code, lang)
            assert not COMPUTED.search(re.sub(r"data-source=\"[^\"]*\"", "", html)), (id, code)
            assert STAMPS[lang] not in html
    standing = bare.of(None)
    deck = ready_deck(bare.atlas, standing, None, lang)
    assert not [scene for scene in deck.scenes if scene.path.startswith("/settlement")]
    book = load_workbook(io.BytesIO(settlement_xlsx(bare.atlas, standing, 2021, lang)))
    assert len(book.sheetnames) == 2
    assert all(facts.account(bare.atlas, standing, year) is None for year in range(2020, 2027))
    legend = {one.id for one in LAYERS["settlement"].legend(bare.atlas, standing, View())}
    assert not [id for id in legend if id.startswith("rank")]


def test_the_published_lists_of_a_year_stand_with_their_sources(bare):
    awards = rows("evaluation_awards", PUBLISHED)
    assert facts.years(bare.atlas, bare.of(None)) == sorted({int(row["year"]) for row in awards}, reverse=True)
    for year in {row["year"] for row in awards}:
        html = page(bare, "settlement", year)
        wanted = sorted(row["adcode"] for row in awards if row["year"] == year)
        found = [e for e in PageText(html, "zh").elements if "is-published" in e.classes]
        assert sorted(element.attributes["data-adcode"] for element in found) == wanted
        assert all(any(inside.tag == "button" for inside in element.inside) for element in found)
    classes = LAYERS["settlement"].of_counties(bare.atlas, bare.of("2021"), View(period="2021"))
    strong = {r["adcode"] for r in awards if (r["year"], r["award"]) == ("2021", "strong")}
    advanced = {r["adcode"] for r in awards if (r["year"], r["award"]) == ("2021", "advanced")}
    assert {a for a, name in classes.items() if name == "won_strong"} == strong
    assert {a for a, name in classes.items() if name == "won_advanced"} == advanced - strong


def test_one_indicators_order_is_of_the_figures_that_judge_and_counts_the_rest(bare):
    standing = bare.of(None)
    found = facts.ordered(standing, 2023, "gdp", COUNTIES)
    assert list(found["value"]) == sorted(found["value"], reverse=True)
    for row in found.to_dict("records"):
        assert row["rank"] == 1 + sum(found["value"] > row["value"])  # ties share a place
    html = write(settlement.order(bare.atlas, standing, 2023, "gdp", "zh"))
    assert f"{len(found)}个县有数，{86 - len(found)}个县没有" in html
    assert "没有任何县的全年数" in write(settlement.order(bare.atlas, standing, 2023, "nothing", "zh"))


# ---- with one -------------------------------------------------------------------------------------------------------


def test_the_page_lists_whom_the_account_does_sure_ones_first(full):
    account = facts.account(full.atlas, full.of(None), YEAR)
    assert account is not None
    html = page(full, "settlement")
    wanted = [
        (one.place, f"is-{one.status}") for id in (STRONG, ADVANCED, PROGRESS) for one in account.lists[id].listed
    ]
    assert sorted(rows_of(html)) == sorted(wanted)
    assert facts.title(full.atlas, account, "zh") in html
    assert account.lists[STRONG].of(OPEN) and "分不出" in facts.title(full.atlas, account, "zh")
    assert all(said in html for said in ("2021年", "三种读法", "试算", DOCUMENT))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_place_that_shows_an_account_says_what_it_is_not(full, lang):
    standing, stamp = full.of(None), STAMPS[lang]
    for code in ("2025", "2025-talks", "2025-calls"):
        assert stamp in page(full, "settlement", code, lang)
    assert stamp in page(full, "county", COUNTIES[0], lang)
    assert stamp in page(full, "prefecture", "620900", lang)
    deck = ready_deck(full.atlas, standing, None, lang)
    mine = [scene for scene in deck.scenes if scene.path.startswith("/settlement")]
    assert [scene.path.removeprefix("/settlement/2025") for scene in mine] == ["", "-talks", "-calls"]
    chosen = Deck("", tuple(mine))
    shown = Presentation(io.BytesIO(slides(chosen, full.atlas, lambda _: standing, lang, NOW)))
    assert all(any(stamp in s.text_frame.text for s in one.shapes if s.has_text_frame) for one in shown.slides)
    book = load_workbook(io.BytesIO(annex(chosen, full.atlas, lambda _: standing, lang, NOW)))
    for sheet in book.worksheets[1:]:
        assert any(stamp in str(cell.value) for row in sheet.iter_rows() for cell in row)
    own = load_workbook(io.BytesIO(settlement_xlsx(full.atlas, standing, YEAR, lang)))
    assert all(stamp in str(sheet["A1"].value) for sheet in own.worksheets[:6])


def test_no_slide_runs_into_its_foot(full):
    standing = full.of(None)
    mine = [s for s in ready_deck(full.atlas, standing, None, "zh").scenes if s.path.startswith("/settlement")]
    shown = Presentation(io.BytesIO(slides(Deck("", tuple(mine)), full.atlas, lambda _: standing, "zh", NOW)))
    for one in shown.slides:
        foot = min(s.top for s in one.shapes if s.has_text_frame and s.text_frame.text.startswith("截至"))
        tables = [s for s in one.shapes if s.has_table]
        assert tables and all(s.top + s.height <= foot for s in tables)


def test_the_workbook_holds_every_rank_and_every_input(full):
    standing = full.of(None)
    account = facts.account(full.atlas, standing, YEAR)
    assert account is not None and account.overall is not None
    book = load_workbook(io.BytesIO(settlement_xlsx(full.atlas, standing, YEAR, "zh")))
    ranks = [row for row in book["名次"].iter_rows(min_row=3, values_only=True) if not row[2]]
    assert [(row[3], row[4]) for row in ranks] == [
        (account.overall.ranks[place].best, account.overall.ranks[place].worst) for place in account.overall.order
    ]
    points = list(book["得分构成"].iter_rows(min_row=3, values_only=True))
    parts = sum(map(len, account.overall.parts.values())) + sum(
        len(held) for ranking in account.types.values() for held in ranking.parts.values()
    )
    assert len(points) == parts
    assert sum("没有可用的数" in str(row[6]) for row in points) == len(BLIND)


def test_a_county_says_its_rank_its_points_and_where_each_figure_stands(full):
    account = facts.account(full.atlas, full.of(None), YEAR)
    assert account is not None and account.overall is not None
    blind, sure = BLIND[0][0], COUNTIES[1]
    html = page(full, "county", sure)
    assert facts.say_rank(account.overall.ranks[sure], "zh") in html
    table = html.partition("settle-county-part")[2].partition("</section>")[0]
    made_of = [*account.overall.parts[sure], *(p for one in account.types.values() for p in one.parts.get(sure, ()))]
    assert table.count("data-source=") == sum(len(part.taken.inputs) for part in made_of)
    assert "没有可用的数" in page(full, "county", blind).partition("settle-county-part")[2].partition("</section>")[0]
    assert facts.say_rank(account.overall.ranks[sure], "zh") in str(
        compare.data(full.atlas, full.of(None), (sure,), View(compare=(sure,)), ())
    )


def test_the_map_shows_fog_where_an_interval_reaches_over_a_class(full):
    account = facts.account(full.atlas, full.of(None), YEAR)
    assert account is not None and account.overall is not None
    found = LAYERS["settlement"].of_counties(full.atlas, full.of(None), View())
    for place, rank in account.overall.ranks.items():
        held = {sum(one > bound for bound in facts.RANK_CLASSES) for one in range(rank.best, rank.worst + 1)}
        assert found[place] == (facts.FOG if len(held) > 1 else f"rank_{held.pop()}")
    assert facts.FOG in found.values()


def test_what_was_published_is_set_beside_and_no_difference_is_hidden(atlas, tmp_path):
    """2021 with a made-up scheme: the published lists of that year are whole."""
    standings = Standings(atlas, filled(tmp_path, (2021,)))
    standing = standings.of(None)
    account = facts.account(atlas, standing, 2021)
    assert account is not None
    held = facts.beside(atlas, standing, account, "zh")
    awards = rows("evaluation_awards", PUBLISHED)
    official = {r["adcode"] for r in awards if (r["year"], r["award"]) == ("2021", "strong")}
    computed = {one.place for one in account.lists[STRONG].of(IN)}
    verdicts = {row.adcode: row.verdict for row in held[STRONG]}
    assert set(verdicts) == official | computed
    assert {a for a, verdict in verdicts.items() if verdict == "only_official"} == official - computed
    assert {a for a, verdict in verdicts.items() if verdict == "only_computed"} == computed - official
    html = page(standings, "settlement", "2021")
    assert f"一致{len(official & computed)}个" in html and "不作解释" in html


def as_decided(standing, **settings) -> Standing:
    """Return a standing whose schemes were decided otherwise; None for what nobody decided."""
    records = Records(standing.records.held)
    records.__dict__["schemes"] = {
        year: replace(one, settings={k: v for k, v in one.settings.items() if settings.get(k, "") is not None})
        for year, one in standing.records.schemes.items()
    }
    return replace(standing, records=records)


def test_what_nobody_decided_is_named_on_the_page(full):
    html = write(settlement.page(full.atlas, as_decided(full.of(None), two_lists=None, ties=None), View(), ""))
    assert html.count("没有定</span>") == 2
    assert "口径“一县同上两榜”没有定" in html


def test_a_year_that_has_not_ended_is_not_settled(atlas, full):
    before = Standings(replace(atlas, fixed_today=date(2025, 6, 30)), full.store)
    assert facts.account(before.atlas, before.of(None), 2025) is None
    assert facts.latest(before.atlas, before.of(None)) == 2024
    assert "没有导入2025年的评价办法" in page(before, "settlement", "2025")


def test_the_fund_is_shared_as_was_decided_and_not_otherwise(full):
    account = facts.account(full.atlas, full.of(None), YEAR)
    assert account is not None and not account.lists[PROGRESS].is_sure
    assert facts.say_fund(account, "zh") == ""  # ten or more: nobody knows yet
    sure = facts.account(full.atlas, full.of(None), YEAR - 1)  # of that year every figure is there
    assert sure is not None and sure.lists[PROGRESS].is_sure
    n = len(sure.lists[PROGRESS].listed)
    each = {10: "5,000", 15: "约3,333.33"}[n]  # where many tie for the tenth place
    assert facts.say_fund(sure, "zh") == f"5亿元平均分给{n}个进步县，每县{each}万元。"
    bare = facts.account(full.atlas, as_decided(full.of(None), fund=None), YEAR - 1)
    assert bare is not None and facts.say_fund(bare, "zh") == "5亿元怎样分没有定。"


def test_a_year_that_is_none_has_a_page_that_helps(full):
    assert "没有这个年度" in page(full, "settlement", "二〇二五")
    assert "没有查到公布的名单" in page(full, "settlement", "2019")
    (only,) = scenes_of(Deck("", (Scene("", "/settlement/2019", View()),)), full.atlas, lambda _: full.of(None), "zh")
    assert only.findings[0].startswith("2019年")
