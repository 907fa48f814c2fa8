"""The plan page in the browser: opened by address and by press, searched, led to the map, printed, on a phone."""

from __future__ import annotations

import io
import re
from unicodedata import normalize

import pytest
from axe_playwright_python.sync_playwright import Axe
from plan_files import rows
from playwright.sync_api import expect
from pypdf import PdfReader
from test_browser_axe import PHONE, RULES
from watched import settle

from layouts.words import word

A4 = (595, 842)
SHOWN = ".plan-row:not(.is-context):visible"


@pytest.fixture
def plan(visit):
    """Return a function that opens the page by its address."""

    def opened(query: str = "", **options):
        page = visit.blank(**options)
        page.goto(f"{visit.server.url}/plan?{query}")
        page.locator("#sheet #plan-search").wait_for()
        return settle(page)

    return opened


def test_it_opens_from_the_navigation_without_a_reload(page):
    page.evaluate("window.isSame = true")
    page.locator('#pages [data-page="/plan"]').click()
    expect(page.locator("#sheet h2")).to_contain_text("53")
    page.evaluate("() => Atlas.atRest()")
    assert page.evaluate("window.isSame") and page.url.endswith("/plan")
    expect(page.locator('#pages [aria-current="page"]')).to_have_text(word("nav_plan", "zh"))
    page.locator('[data-action="language"]').click()
    expect(page.locator("#sheet h2")).to_contain_text("numeric targets")
    page.go_back()
    page.go_back()
    expect(page.locator("#county-map")).to_be_visible()


@pytest.mark.parametrize(("lang", "typed"), [("zh", ("省水利厅", "玉门", "抽水蓄能")), ("en", ("gw", "yumen"))])
def test_what_is_typed_leaves_the_rows_that_hold_it(plan, lang, typed):
    page = plan(f"lang={lang}")
    all_rows = page.locator(".plan-row").count()
    left = page.locator(".plan-left")
    expect(left).to_have_text(word("js_plan_all", lang, n=all_rows))
    field = page.locator("#plan-search")
    for text in typed:
        field.fill(text)
        texts = page.locator(SHOWN).all_text_contents()
        assert texts and all(text in one.lower() for one in texts)
        every = [one.lower() for one in page.locator(".plan-row").all_text_contents()]
        assert len(texts) == sum(text in one for one in every)
        expect(left).to_have_text(word("js_plan_left", lang, what=text, n=all_rows, left=len(texts)))
    field.fill("没有这个词")
    assert page.locator(".plan-row:visible").count() == 0
    expect(page.locator(".plan-none")).to_be_visible()
    assert page.locator(".plan-part:visible").count() == 0
    field.fill("")
    assert page.locator(SHOWN).count() == all_rows
    expect(page.locator(".plan-none")).to_be_hidden()


def test_a_kind_alone_and_with_words_under_its_task(plan):
    page = plan()
    page.locator("#plan-kind").select_option("goal")
    assert page.locator(SHOWN).count() == len(rows("provincial_targets"))
    page.locator("#plan-search").fill("出栏")
    assert page.locator(SHOWN).count() == 2
    expect(page.locator(".is-context h4")).to_contain_text("构建现代农业产业体系")
    page.locator('[data-action="language"]').click()
    expect(page.locator("#plan-search")).to_have_value("出栏")
    expect(page.locator(".plan-none")).to_be_visible()


def test_a_list_leads_to_the_map_and_a_place_to_its_page(plan):
    page = plan("lang=en")
    page.locator('[data-plan-map$="cluster=C1"]').click()
    expect(page.locator("#match-count")).to_contain_text("9 ")
    assert page.evaluate("[Atlas.page, Atlas.view.layer, Atlas.view.cluster.join(), Atlas.view.lang].join()") == (
        "map,cluster,C1,en"
    )
    page.go_back()
    page.locator(".of-duty a[data-page='/county/620923']").click()
    expect(page.locator("#sheet h2")).to_contain_text("Subei")
    named = page.locator(".plan-named")
    expect(named).to_contain_text(next(row["duty_en"] for row in rows("duties") if row["place"] == "马鬃山"))
    named.locator(".source-mark").first.click()
    expect(page.locator("#provenance")).to_contain_text("Development and Reform Commission")


def test_it_prints_upright_as_text_with_the_rows_that_are_left(plan):
    page = plan("theme=dark&lang=en")  # a font may map a Chinese character to the radical of its shape

    def printed():
        pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
        assert {(round(one.mediabox.width), round(one.mediabox.height)) for one in pdf.pages} == {A4}
        return [re.sub(r"\s", "", normalize("NFKC", one.extract_text())) for one in pdf.pages]

    sheets = printed()
    whole = "".join(sheets)
    assert 6 <= len(sheets) <= 15
    for row in rows("tasks"):
        assert re.sub(r"\s", "", row["task"] + row["title_en"]) in whole
    ends = [re.sub(r"\s", "", row["task"] + row["title_en"]) for row in rows("tasks")]
    assert not [text[-30:] for text in sheets[:-1] if any(text.endswith(end) for end in ends)]
    page.locator("#plan-search").fill("pumped-storage")
    (sheet,) = printed()
    assert "Pumped-storagehydropower" in sheet and "pumped-storage:" in sheet and "desertification" not in sheet


@pytest.mark.parametrize(
    ("query", "options"),
    [("", {}), ("theme=dark&lang=en", {}), ("", PHONE), ("lang=en", PHONE), ("theme=dark", {"size": (1920, 1080)})],
)
def test_the_page_is_accessible_and_fits(plan, query, options):
    page = plan(query, **options)
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.getElementById('sheet').scrollWidth <= document.getElementById('sheet').clientWidth")
    # All seven pages stand in the masthead without scrolling it.
    assert page.evaluate(
        "(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.getElementById('pages'))"
    )
