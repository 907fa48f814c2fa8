"""The county page in the browser: opened by link and by press, its marks, its keys, its sheet of paper."""

from __future__ import annotations

import io
import re
from unicodedata import normalize

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pypdf import PdfReader
from shipped import PLAN
from test_browser_axe import PHONE, RULES
from watched import settle

from layouts.words import word

# The county of most roles, one of none, one of four parts, and the city that is no county.
SHEETS = {"620702": "甘州区", "621228": "两当县", "620721": "肃南裕固族自治县", "620200": "嘉峪关市"}
A4 = (595, 842)


@pytest.fixture
def county(visit):
    """Return a function that opens a county's page by its address."""

    def opened(code: str, query: str = "", **options):
        page = visit.blank(**options)
        page.goto(f"{visit.server.url}/county/{code}?{query}")
        page.locator("#sheet .sheet h2").wait_for()
        return settle(page)

    return opened


def test_the_page_is_there_before_python_is_asked(visit):
    answer = visit.blank().request.get(f"{visit.server.url}/county/620702")
    assert answer.status == 200
    assert "甘州区" in re.search(r'id="first-sheet".*?</h2>', answer.text(), re.S)[0]


@pytest.mark.parametrize("code", ["620999", "玉门", "123"])
def test_an_unknown_code_is_answered_404_with_a_page_that_helps(visit, code):
    page = visit.blank()
    visit.allow("404")
    answer = page.goto(f"{visit.server.url}/county/{code}")
    assert answer.status == 404
    expect(page.locator("#sheet h2")).to_have_text(word("county_missing", "zh", code=code))
    assert page.locator("#sheet a.county-link").count() >= 14
    if code == "玉门":
        page.locator("#sheet a.county-link", has_text="玉门市").click()
        expect(page.locator("#sheet h2")).to_contain_text("玉门市")


def test_next_and_back_by_keyboard_ask_once_and_keep_what_was_read(county):
    page = county("620702", "cluster=C1")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/fragment/" in request.url else None)
    page.locator("#sheet a[rel=next]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet h2")).to_contain_text("肃南裕固族自治县")
    page.evaluate("() => Atlas.atRest()")
    assert page.url.endswith("/county/620721?cluster=C1"), "the filter stays in the address"
    assert len(asked) == 1
    page.go_back()
    expect(page.locator("#sheet h2")).to_contain_text("甘州区")
    assert len(asked) == 1, "a page that was read is not asked for again"
    expect(page).to_have_title(re.compile("^甘州区 · "))


def test_every_mark_opens_where_its_datum_stands_and_gives_the_focus_back(county):
    page = county("621221")  # 成县: a figure, a band, roles
    marks = page.locator("#sheet .source-mark")
    assert marks.count() >= 6
    for number in range(marks.count()):
        mark = marks.nth(number)
        mark.focus()
        page.keyboard.press("Enter")
        panel = page.locator("#provenance")
        expect(panel).to_be_visible()
        assert panel.locator("dd").count() >= 1, mark.inner_text()
        box = panel.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 1366 and box["y"] >= 0 and box["y"] + box["height"] <= 768
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(mark).to_be_focused()
    wind = page.locator("#sheet .card-roles .source-mark").first
    wind.click()
    option = PLAN.option(page.locator("#sheet .card-roles .badge-mark").first.get_attribute("data-role"))
    expect(page.locator("#provenance")).to_contain_text("、".join(option.departments))
    expect(page.locator("#provenance")).to_contain_text(option.clause_zh)


def test_the_locator_shows_the_county(county):
    page = county("620721")
    expect(page.locator("#sheet .small-map svg")).to_be_visible()
    page.locator("#sheet [data-pick]").first.click()
    expect(page.locator("#county-map")).to_be_visible()
    page.evaluate("() => Atlas.atRest()")
    assert "county=620721" in page.url and "/county/" not in page.url


@pytest.mark.parametrize(("lang", "more"), [("zh", ()), ("en", ("620402", "620922", "621023"))])
def test_it_prints_on_one_sheet_of_a4_as_text(county, lang, more):
    page = None
    for code in (*SHEETS, *more):
        if page is None:
            page = county(code, f"lang={lang}")
        else:
            page.evaluate("(path) => Atlas.go(path)", f"/county/{code}")
            expect(page.locator("#sheet .sheet")).to_contain_text(word("county_code", lang, code=code))
        page.wait_for_timeout(300)  # the bullet is drawn after the page
        pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
        assert len(pdf.pages) == 1, code
        box = pdf.pages[0].mediabox
        assert (round(box.width), round(box.height)) == A4, code
        text = normalize("NFKC", pdf.pages[0].extract_text())  # a font may map 甘 to the radical of that shape
        assert SHEETS.get(code, "")[:2] in text, "the name is text, in Chinese"
        assert word("county_code", lang, code=code) in text


@pytest.mark.parametrize(
    ("query", "options"),
    [("", {}), ("theme=dark&lang=en", {}), ("", PHONE), ("theme=dark", {"size": (1920, 1080)})],
)
def test_the_page_is_accessible_and_fits(county, query, options):
    page = county("620702", query, **options)
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.getElementById('sheet').scrollWidth <= document.getElementById('sheet').clientWidth")


def test_a_press_on_the_language_asks_for_the_page_once(county):
    page = county("620702")
    asked = []
    page.on("request", lambda request: asked.append(request) if "/fragment/page/" in request.url else None)
    page.locator('[data-action="language"]').click()
    expect(page.locator("#sheet h2")).to_contain_text("Ganzhou District")
    settle(page)
    assert len(asked) == 1
