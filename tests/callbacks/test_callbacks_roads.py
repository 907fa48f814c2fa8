"""What the store knows of roads and quarters, as it travels to the map, the card and the exports."""

from __future__ import annotations

import csv
import io

import pytest
from days import TODAY
from plan_files import PUBLISHED, rows

from callbacks.pages import progress_data
from layouts.atlas import open_atlas
from targets.importing import compare
from targets.intake import read_file
from targets.observations import open_store

ZHENYUAN, WUDU = "621027", "621202"


@pytest.fixture(scope="module")
def atlas():
    return open_atlas(today=TODAY)


@pytest.fixture(scope="module")
def store(atlas, tmp_path_factory):
    opened = open_store(None, atlas.published.observations, tmp_path_factory.mktemp("roads"))
    yield opened
    opened.close()


def take(store, text: str, period: str) -> None:
    reading = read_file(text.encode("utf-8-sig"), "a.csv", period=period, citation="市交通局")
    assert reading.ok, reading.faults
    store.accept(compare(reading, store), "测试")


def test_the_roads_of_the_store_travel_with_the_states(atlas, store):
    known = {
        r["adcode"]: int(r["actual_year"]) if r["actual_year"] else None for r in rows("expressways_opened", PUBLISHED)
    }
    assert progress_data(atlas, store, None, "zh")["roads"] == known
    assert known[ZHENYUAN] is None
    take(store, "县名,指标,数值,备注\r\n镇原县,通车日期,2024-12-20,G8513\r\n", "")
    assert progress_data(atlas, store, None, "zh")["roads"] == known | {ZHENYUAN: 2024}


def test_the_hover_says_the_quarter_and_what_another_year_has(atlas, store):
    take(store, "县名,指标,数值\r\n武都区,地区生产总值（亿元）,120.5\r\n武都区,地区生产总值增速（%）,5.5\r\n", "2025Q3")

    def said(period):
        data = progress_data(atlas, store, period, "zh")
        return dict(zip(atlas.counties.index, data["said"], strict=True))

    assert said("2025Q3")[WUDU].startswith("2021年 154.2亿元（预计）；2025年前三季度累计120.5亿元（")
    assert "2025年前三季度增速5.5%" in said("2025Q3")[WUDU]
    assert said("2023")["620502"] == "2024年285.4亿元，百科"


def test_an_export_has_what_was_imported(client, app):
    take(app.store, "县名,指标,数值,备注\r\n镇原县,通车日期,2024-12-20,G8513\r\n", "")
    table = csv.DictReader(io.StringIO(client.get("/export/counties.csv").data.decode("utf-8-sig")))
    (row,) = [row for row in table if row["行政区划代码"] == ZHENYUAN]
    assert (row["通车年份"], row["公路"]) == ("2024", "G8513")
    page = client.get("/?layer=road").text
    assert f'data-adcode="{ZHENYUAN}" data-match="1" data-class="2025" data-road="opened"' in page
    card = client.get("/progress").text
    assert "5个未查到通车记录" in card
    app.store.undo(1, "测试")
