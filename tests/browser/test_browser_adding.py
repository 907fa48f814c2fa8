"""The program with the changes that docs/adding.md shows, in a browser: what they add is there in every way."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from adding import ROOT, change, changed
from atlas_server import AtlasServer
from plan_files import PUBLISHED, rows
from playwright.sync_api import expect
from readings import choose

LAYER, PAGE, EXPORT = "图层 · A layer", "页面 · A page", "导出 · An export"
COPIED = ("app.py", "commands.py", "serving.py", "callbacks", "layouts")
LEFT = ("targets", "geodata", "assets")
R6, R1, R4 = "rgb(13, 56, 83)", "rgb(195, 217, 230)", "rgb(60, 119, 151)"
DARK_R6 = "rgb(218, 238, 248)"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("changed")
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    for name in LEFT:
        (root / name).symlink_to(ROOT / name)
    for section in (LAYER, PAGE, EXPORT):
        for file, hunks in change(section).items():
            (root / file).write_text(changed(file, hunks), encoding="utf-8")
    running = AtlasServer("--data-folder", str(tmp_path_factory.mktemp("data")), root=Path(root)).wait()
    yield running.url
    said = running.stop()
    assert "Traceback" not in said, said


def test_the_layer_is_painted_named_pressed_and_found(visit, address):
    page = visit("", on=address)
    page.locator('#tools [data-choice="layer=award"]').click()
    expect(page.locator("#map-title")).to_have_text("“先进县”的最多（86个县中12个）")
    page.evaluate("() => Atlas.atRest()")
    assert "layer=award" in page.url
    held: dict[str, tuple[str, str]] = {}
    for row in rows("evaluation_awards", PUBLISHED):
        held[row["adcode"]] = max(held.get(row["adcode"], ("", "")), (row["year"], row["award"]))
    award = {row["adcode"]: held.get(row["adcode"], ("", "none"))[1] for row in rows("counties")}
    painted = page.locator("path.county").evaluate_all(
        "(all) => Object.fromEntries(all.map((one) => [one.dataset.adcode, one.dataset.class]))"
    )
    assert painted == award | {"620200": "na"}
    first = {kind: next(adcode for adcode, one in award.items() if one == kind) for kind in ("strong", "progress")}
    expect(page.locator(f"#c{first['strong']}")).to_have_css("fill", R6)
    expect(page.locator(f"#c{first['progress']}")).to_have_css("fill", 'url("#hatch-risen")')
    expect(page.locator("#hatch-risen .hatch-ground")).to_have_css("fill", R1)
    expect(page.locator("#hatch-risen .hatch-line")).to_have_css("fill", R4)
    legend = page.locator("#legend .legend-scale .legend-row").all_inner_texts()
    count = [list(award.values()).count(kind) for kind in ("strong", "advanced", "progress", "none")]
    names = ("十强县", "先进县", "进步县", "未查到获评")
    assert [text.split("\n") for text in legend] == [[name, str(n)] for name, n in zip(names, count, strict=True)]
    expect(page.locator("#legend .swatch[data-class=strong]")).to_have_css("background-color", R6)
    expect(page.locator("#sources")).to_contain_text("获评：兰州新闻网")
    page.locator('#tools [data-choice="map=panels"]').click()
    assert page.locator("#panels .panel-title").all_inner_texts() == list(names)
    page.locator("#theme-toggle").click()
    page.locator('#tools [data-choice="map=true"]').click()
    expect(page.locator(f"#c{first['strong']}")).to_have_css("fill", DARK_R6)
    page.keyboard.press("Control+k")
    page.locator("#palette-field").fill("shiqiang")
    expect(page.locator("#palette .autocomplete__option").first).to_contain_text("县域评价")


def test_the_layer_is_on_a_prefectures_map(visit, address):
    page = visit.blank(on=address)
    page.goto(f"{address}/prefecture/620900?layer=award")
    county = page.locator('.turn-second .small-map a[data-for="620902"]')
    expect(county).to_have_attribute("aria-label", "肃州区，酒泉市，300–500亿元；十强县")
    expect(page.locator(".turn-second .small-legend")).to_contain_text("十强县")


def test_the_page_is_opened_filtered_found_and_kept_as_a_scene(visit, address):
    page = visit("", on=address)
    page.locator('#pages [data-page="/awards"]').click()
    heading = page.locator("#sheet h2")
    expect(heading).to_have_text("获评")
    page.evaluate("() => Atlas.atRest()")
    assert page.url == f"{address}/awards"
    expect(page.locator('#pages [data-page="/awards"]')).to_have_attribute("aria-current", "page")
    awards, band = rows("evaluation_awards", PUBLISHED), {row["adcode"]: row["band"] for row in rows("band_counties")}
    shown = page.locator("#sheet tbody tr:visible")
    expect(shown).to_have_count(len(awards))
    choose(page, "B3")
    expect(shown).to_have_count(sum(band.get(row["adcode"]) == "B3" for row in awards))
    page.keyboard.press("s")
    expect(page.locator("dialog[open] code")).to_have_text("/awards?band=B3")
    page.keyboard.press("Escape")
    page.goto(f"{address}/awards?lang=en")
    expect(heading).to_have_text("Awards")
    page.goto(address)
    page.keyboard.press("Control+k")
    page.locator("#palette-field").fill("huoping")
    page.keyboard.press("Enter")
    expect(heading).to_have_text("获评")


def test_the_export_is_taken_from_the_menu_the_page_and_the_palette(visit, address):
    page = visit("band=B3", on=address)
    band = {row["adcode"]: row["band"] for row in rows("band_counties")}
    wanted = sorted(row["adcode"] for row in rows("evaluation_awards", PUBLISHED) if band.get(row["adcode"]) == "B3")

    def taken(act) -> None:
        with page.expect_download() as download:
            act()
        assert download.value.suggested_filename == "gansu-awards.csv"
        with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
            assert sorted(row["代码"] for row in csv.DictReader(file)) == wanted

    page.locator("#take button.dropdown-toggle").click()
    taken(page.locator("#take-awards").click)
    page.keyboard.press("Control+k")
    page.locator("#palette-field").fill("huopingcsv")
    expect(page.locator("#palette .autocomplete__option").first).to_contain_text("获评 CSV")
    taken(lambda: page.keyboard.press("Enter"))
    page.locator('#pages [data-page="/progress"]').click()
    taken(page.locator('#sheet [data-carry="/export/awards.csv"]').click)
