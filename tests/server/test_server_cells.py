"""No name becomes a formula in what we write; headers keep imported figures where they belong (Doors 3)."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile

import pytest
from import_corpus import xlsx
from openpyxl import load_workbook
from served import Server, figures, run

EVIL = '=HYPERLINK("http://evil.example","点我")'
NEW_HEAD = ["代号", "名称", "英文名", "单位", "类别"]


STARTS = ("=1+1", "+1", "-1", "@SUM(1)", "＝1+1", "\t=1")


def test_an_indicator_whose_name_is_a_formula_is_refused(tmp_path):
    told = {"zh": "新产值", "en": "New output", "unit": "亿元"}
    wrong = [*((field, start) for field in ("zh", "en") for start in STARTS), ("unit", "=1+1")]

    def add(book) -> None:
        new = book.create_sheet("新增指标")
        new.append(NEW_HEAD)
        for n, (field, start) in enumerate(wrong):
            given = told | {field: start}
            new.append([f"evil{n}", given["zh"], given["en"], given["unit"], "累计"])
            for cell in new[n + 2]:
                cell.data_type = "s"  # text, whatever it begins with

    file = tmp_path / "表.xlsx"
    file.write_bytes(xlsx([["2024年"], ["县区", "地区生产总值（亿元）"], ["瓜州县", 140.5]], change=add))
    done = run("import", str(file), "--accept", "--data-folder", str(tmp_path / "data"))
    assert done.returncode == 1
    faults = [line for line in done.stdout.splitlines() if "新增指标" in line]
    assert len(faults) == len(wrong) and all("公式" in line for line in faults), done.stdout
    assert not (tmp_path / "data" / "atlas.sqlite").exists()


# What a spreadsheet may take for a formula, and characters that no workbook can hold.
EVERY_START = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "\x01=", "\x0b=")
COUNTIES = (
    "620702", "620981", "620982", "620921", "620923", "620924", "620721", "620722", "620723", "620724", "620725",
    "620102", "620103",
)  # fmt: skip


@pytest.fixture(scope="module")
def old_store(tmp_path_factory):
    """Give a server whose store took such names before they were refused."""
    tmp_path = tmp_path_factory.mktemp("old")
    file = tmp_path / "表.xlsx"
    file.write_bytes(figures())
    assert run("import", str(file), "--accept", "--data-folder", str(tmp_path / "data")).returncode == 0
    with sqlite3.connect(tmp_path / "data" / "atlas.sqlite") as store:
        store.execute(
            "INSERT INTO batches SELECT 2, kind, undoes, '旧.xlsx', sha256, time, '=1+1', '@SUM(1)', rows FROM batches"
        )
        store.execute(
            "INSERT INTO indicators (batch, id, zh, en, aliases, unit, kind, adds_up, places, decimals, low, high) "
            "VALUES (2, 'evil', ?, ?, '', '亿元', 'cumulative', 'none', 'area', 2, 0, 1e9)", (EVIL, "+1+1")
        )  # fmt: skip
        store.execute(
            "INSERT INTO observations (batch, place, indicator, period, value, unit, status, source, source_url, note, "
            "cell, printed) VALUES (2, '620922', 'evil', '2024', 1.5, '亿元', '核定', '=2+2', '', '@SUM(2)', 'A1', '1')"
        )
        # The page's own indicator, so that every file has them: names, sources and notes with each start.
        for n, start in enumerate(EVERY_START):
            store.execute(
                "INSERT INTO observations (batch, place, indicator, period, value, unit, status, source, source_url, "
                "note, cell, printed) VALUES (2, ?, 'gdp', '2024', 150.5, '亿元', '核定', ?, '', ?, 'A1', '150.5')",
                (COUNTIES[n], f"{start}1+1", f"{start}2+2"),
            )
            names = (f"evil{n}", f"{start}3", f"{start}4")
            store.execute(
                "INSERT INTO indicators (batch, id, zh, en, aliases, unit, kind, adds_up, places, decimals, low, high) "
                "VALUES (2, ?, ?, ?, '', '亿元', 'cumulative', 'none', 'area', 2, 0, 1e9)", names
            )  # fmt: skip
    store.close()
    server = Server("waitress", tmp_path / "data").wait()
    yield server
    server.stop()


def workbooks(answer):
    """Return the workbooks of a file: itself, or those behind the charts of slides."""
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        inside = [name for name in archive.namelist() if name.endswith(".xlsx")]
        return [io.BytesIO(archive.read(name)) for name in inside] or [io.BytesIO(answer.body)]


def test_no_workbook_holds_a_live_formula(old_store):
    chosen = ",".join(("620922", *COUNTIES[-5:]))
    scenes = [{"title": "=1+1", "view": f"/compare?compare={chosen}"}, {"title": "+1", "view": "/progress"}]
    scenes += [{"title": "@1", "view": f"/county/{COUNTIES[0]}"}]
    made = old_store.deck("create", deck={"deck": "=1+1", "scenes": scenes}, who="=1")
    assert "faults" not in made.json
    for path in (
        "/template/observations.xlsx", "/export/counties.xlsx", f"/export/compare.xlsx?compare={chosen}",
        "/template/missing.xlsx", "/export/meeting.xlsx?deck=d1", "/export/meeting.pptx?deck=d1",
    ):  # fmt: skip
        for lang in ("zh", "en") if "meeting" not in path else ("zh",):
            answer = old_store.ask(f"{path}{'&' if '?' in path else '?'}lang={lang}", within=300)
            assert answer.status == 200, (path, answer.text[:200])
            for book in workbooks(answer):
                for sheet in load_workbook(book):
                    for row in sheet.iter_rows():
                        for cell in row:
                            assert cell.data_type != "f", f"{path} {lang} {sheet.title}!{cell.coordinate}: {cell.value}"


def test_no_csv_holds_a_cell_that_a_spreadsheet_would_run(old_store):
    for path in (
        "/template/observations.csv?indicator=evil", "/template/observations.csv?indicator=evil&lang=en",
        "/export/observations.csv", "/export/observations.csv?batch=2&lang=en", "/export/progress.csv",
        "/export/counties.csv", "/export/compare.csv?compare=" + ",".join(COUNTIES[:6]),
        "/export/compare.csv?compare=" + ",".join(COUNTIES[7:]),
        *(f"/template/observations.csv?indicator=evil{n}" for n in range(len(EVERY_START))),
    ):  # fmt: skip
        answer = old_store.ask(path)
        assert answer.status == 200, path
        for row in csv.reader(io.StringIO(answer.text)):
            for cell in row:
                number = cell[:1] == "-" and cell[1:].replace(".", "", 1).isdecimal()
                assert number or cell[:1] not in {*"=+-@＝＋－＠\t\r\n"}, f"{path}: {cell}"


# ---- headers --------------------------------------------------------------------------------------------------------

PAGES = ("/", "/progress", "/county/620922", "/prefecture/620900", "/compare?compare=620922", "/data", "/meeting/ready")


def test_pages_with_imported_figures_are_kept_by_no_cache(shared):
    server = shared
    assert server.ask("/").headers["cache-control"] == "no-cache", "published figures are no secret"
    assert server.load(figures()).status == 200 and server.batches() == 1
    for path in PAGES:
        assert server.ask(path).headers["cache-control"] == "no-store", path
    answer = server.press({"data-ask.data": "zh"})
    assert answer.headers.get("cache-control") == "no-store", "what fills the page holds them too"


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/assets/icon.svg", "/export/counties.csv", "/assets/vendor/d3-zoom.js"]
)
def test_every_answer_shuts_what_it_does_not_need(shared, path):
    headers = shared.ask(path).headers
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    shown = headers["content-type"].split(";")[0] in ("text/html", "text/plain", "image/svg+xml")
    assert shown == (path in ("/", "/nothing", "/assets/icon.svg"))
    if shown:  # what a browser shows by itself, and so could do anything
        assert headers["cross-origin-opener-policy"] == "same-origin"
        for feature in ("camera", "microphone", "geolocation"):
            assert f"{feature}=()" in headers["permissions-policy"]


def test_robots_are_asked_to_stay_away(shared):
    answer = shared.ask("/robots.txt")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain")
    assert answer.text.split() == ["User-agent:", "*", "Disallow:", "/"]
