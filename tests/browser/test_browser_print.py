"""The view on one sheet of A4, landscape."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from readings import go, read, says, shown
from shipped import PLAN

from targets.selection import sentence

PAGE = re.compile(rb"/Type\s*/Page(?!s)")
BOX = re.compile(rb"/MediaBox\s*\[\s*([\d. -]+?)\s*\]")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "cluster=C1,C4&county=620922",
        "map=tile&layer=road&theme=dark",
        "map=panels&layer=energy",
        "lang=en&layer=population&county=620102",
    ],
)
def test_one_sheet(page, tmp_path, query):
    go(page, query)
    view = read(query)
    said = sentence(view.filter, shown(page)["count"], PLAN, view.lang)
    says(page, said)
    title = page.locator("#map-title").text_content()
    made = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(PAGE.findall(made)) == 1
    width, height = [float(number) for number in BOX.search(made).group(1).split()][2:]
    assert (round(width), round(height)) == (842, 595), "A4, landscape, in points"
    if not shutil.which("pdftotext"):
        return
    file = tmp_path / "view.pdf"
    file.write_bytes(made)
    text = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True).stdout.decode()
    written = re.sub(r"\s+", "", text)
    wanted = [title, said, *page.locator("#sources span").all_text_contents()]
    if view.county:
        wanted.append(page.locator("#card h2").text_content())
    for expected in wanted:
        assert re.sub(r"\s+", "", expected) in written, expected


def test_print_leaves_out_the_controls_and_keeps_the_map(page):
    page.emulate_media(media="print")
    for gone in ("#rail", "#tools", "#zoom-buttons", "#spread", "#search-field", "#theme-toggle"):
        assert not page.locator(gone).is_visible(), gone
    for kept in ("#county-map", "#legend", "#sources", "#map-title", "#map-sentence", "#county-list"):
        assert page.locator(kept).is_visible(), kept


def test_a_dark_page_prints_on_white(page):
    go(page, "theme=dark")
    page.emulate_media(media="print")
    places = ["body", "#map-title", "#legend", "#county-list .row-name", "#labels text", "path.county[data-class=B6]"]
    look = """(places) => places.map((one) => {
      const style = getComputedStyle(document.querySelector(one));
      return [one, style.backgroundColor, style.color, style.fill];
    })"""
    dark = page.evaluate(look, places)
    page.evaluate("() => Atlas.change({ theme: 'light' })")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'light'")
    assert dark == page.evaluate(look, places)
