"""What is taken away is exactly what is on the screen."""

from __future__ import annotations

import base64
import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from plan_files import facts
from playwright.sync_api import Page, expect
from readings import accessible_names, choose, go, read, says, shown
from shipped import PLAN

from targets.selection import sentence

SVG = "{http://www.w3.org/2000/svg}"
QUERIES = ("", "cluster=C1,C4&cluster_op=all", "layer=energy&energy=WIND&not=PSH&lang=en", "band=B1&energy=WIND")
# Decodes a picture where the product cannot help it: on an empty page, by the browser's own reader.
DECODE = """async (data) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height), pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const { data: bytes } = pen.getImageData(0, 0, picture.width, picture.height);
  const seen = {};
  for (let at = 0; at < bytes.length; at += 4 * 7) {
    const colour = `rgb(${bytes[at]}, ${bytes[at + 1]}, ${bytes[at + 2]})`;
    seen[colour] = (seen[colour] || 0) + 1;
  }
  return { width: picture.width, height: picture.height, seen };
}"""


def take(page: Page, kind: str) -> Path:
    """Press an entry of the export menu and return the file that comes."""
    page.locator("#take button.dropdown-toggle").click()
    with page.expect_download() as download:
        page.locator(f"#take-{kind}").click()
    return Path(download.value.path())


def spoken(page: Page, query: str) -> str:
    """Return the sentence of the view, once the page shows it."""
    view = read(query)
    said = sentence(view.filter, shown(page)["count"], PLAN, view.lang)
    says(page, said)
    return said


@pytest.mark.parametrize("query", QUERIES)
def test_the_csv_holds_exactly_the_filtered_counties(page, query):
    go(page, query)
    said = spoken(page, query)
    with take(page, "csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    code = "adcode" if "lang=en" in query else "行政区划代码"
    assert [row[code] for row in table if row[code]] == shown(page)["list"]
    column = "filter" if "lang=en" in query else "筛选条件"
    assert table and all(row[column].startswith(said) for row in table)
    assert shown(page)["query"] == query, "the page stays where it was"
    expect(page.locator("#county-map")).to_be_visible()


@pytest.mark.parametrize("query", QUERIES[:3])
def test_the_workbook_holds_exactly_the_filtered_counties(page, query):
    go(page, query)
    said = spoken(page, query)
    book = load_workbook(io.BytesIO(take(page, "xlsx").read_bytes()))
    table = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [row[0] for row in table] == shown(page)["list"]
    notes = [cell for row in book.worksheets[1].iter_rows(values_only=True) for cell in row]
    assert said in notes
    assert any("2022" in str(note) and "2025" in str(note) for note in notes), "the plan as source"


def test_a_press_is_in_the_next_file(page):
    choose(page, "C5")
    choose(page, "620900")
    with take(page, "csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["行政区划代码"] for row in csv.DictReader(file)}
    assert found == {adcode for adcode, ids in facts().items() if {"C5", "620900"} <= ids}


def texts(sheet: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()).strip() for text in sheet.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    "query",
    ["", "layer=cluster&cluster=C1&county=620922", "layer=road&map=tile&theme=dark", "layer=progress&lang=en"],
)
def test_the_svg_is_a_whole_picture(page, query):
    go(page, query)
    said = spoken(page, query)
    names = accessible_names(page)
    legend = page.locator("#legend .legend-label").all_text_contents()
    title = page.locator("#map-title").text_content()
    sources = page.locator("#sources span").all_text_contents()
    fills = page.evaluate(
        "() => Object.fromEntries(Atlas.map.paths.map((path) => [path.dataset.adcode, getComputedStyle(path).fill]))"
    )
    sheet = ElementTree.fromstring(take(page, "svg").read_bytes())
    assert sheet.tag == f"{SVG}svg"
    ids = [one.get("id") for one in sheet.iter() if one.get("id")]
    assert len(ids) == len(set(ids)), "an id names one thing"
    drawn = [path for path in sheet.iter(f"{SVG}path") if path.get("data-adcode") and path.get("id")]
    assert len(drawn) == 87
    shapes = {path.get("data-adcode"): path for path in drawn}
    for adcode, name in names.items():
        assert shapes[adcode].findtext(f"{SVG}title") == name
        assert len(shapes[adcode].get("d")) > 20
        if not fills[adcode].startswith("url"):
            assert shapes[adcode].get("fill") == fills[adcode]
    hatches = page.locator("#legend .swatch").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one).getPropertyValue('--hatch').trim()).filter(Boolean)"
    )
    assert {f"url(#small-hatch-{name})" for name in hatches} <= {one.get("fill") for one in sheet.iter(f"{SVG}rect")}
    assert len(hatches) > ("layer=" in query and "cluster" not in query)
    written = texts(sheet)
    for expected in (title, said, *legend):
        assert expected.strip() in written, expected
    assert " · ".join(sources) in written
    assert any("审图号" in text or "approval" in text for text in written)
    for one in sheet.iter():
        assert one.get("href", "#").startswith("#")
        for paint in (one.get("fill", ""), one.get("stroke", "")):
            if paint.startswith("url("):
                assert paint.removeprefix("url(").strip('#)"') in ids, paint


def test_the_svg_of_panels(page):
    go(page, "layer=cluster&map=panels")
    titles = page.locator("#panels .panel-title").evaluate_all("(all) => all.map((one) => one.lastChild.textContent)")
    sheet = ElementTree.fromstring(take(page, "svg").read_bytes())
    written = " ".join(texts(sheet))
    assert len(titles) == 5 and all(title in written for title in titles)
    assert sum(1 for _ in sheet.iter(f"{SVG}path")) >= 5 * 87


@pytest.mark.parametrize("query", ["", "layer=energy&energy=WIND,CSP&map=tile&theme=dark", "layer=cluster&map=panels"])
def test_the_png_is_twice_as_large_and_painted(visit, page, query):
    go(page, query)
    size = ElementTree.fromstring(take(page, "svg").read_bytes())
    picture = take(page, "png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    colours = page.evaluate(
        """() => [...new Set([...document.querySelectorAll("path.county, #panels .small-county")]
          .filter((path) => path.checkVisibility()).map((path) => getComputedStyle(path).fill)
          .filter((fill) => fill.startsWith("rgb(")))]"""
    )
    found = visit.blank().evaluate(DECODE, base64.b64encode(picture).decode())
    assert (found["width"], found["height"]) == (2 * float(size.get("width")), 2 * float(size.get("height")))
    assert found["width"] >= 2400
    assert len(colours) >= (2 if "panels" in query else 3)
    assert len(found["seen"]) > 30
    for colour in colours:
        assert found["seen"].get(colour, 0) > 20, colour


def test_a_zoomed_map_is_taken_as_it_stands(page):
    page.emulate_media(reduced_motion="reduce")
    page.locator("#zoom-to").select_option("620900")
    sheet = ElementTree.fromstring(take(page, "svg").read_bytes())
    transforms = [
        group.get("transform") for group in sheet.iter(f"{SVG}g") if "scale(" in (group.get("transform") or "")
    ]
    assert transforms == [page.locator("#zoom").get_attribute("transform")] * 2  # the counties, and the lines over them


def test_the_address_is_copied(page):
    go(page, "layer=road&road=2023")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#take button.dropdown-toggle").click()
    page.locator("#take-link").click()
    expect(page.locator("#notice")).to_contain_text("已复制")
    page.evaluate("() => Atlas.atRest()")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.context.clear_permissions()


def test_print_is_asked_of_the_browser(visit):
    page = visit()
    page.locator("#take button.dropdown-toggle").click()
    page.locator("#take-print").click()
    assert page.evaluate("printed") == 1
