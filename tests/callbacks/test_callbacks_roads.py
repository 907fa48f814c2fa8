"""What the store knows of roads and quarters, as it travels to the map, the card and the exports."""

from __future__ import annotations

import csv
import io

import pytest
from days import TODAY
from plan_files import PUBLISHED, rows

from callbacks.pages import progress_data
from callbacks.standings import Standings
from layouts.facts.atlas import open_atlas
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
    assert progress_data(Standings(atlas, store), None, "zh")["roads"] == known
    assert known[ZHENYUAN] is None
    take(store, "县名,指标,数值,备注\r\n镇原县,通车日期,2024-12-20,G8513\r\n", "")
    assert progress_data(Standings(atlas, store), None, "zh")["roads"] == known | {ZHENYUAN: 2024}


def test_the_hover_says_the_quarter_and_what_another_year_has(atlas, store):
    take(store, "县名,指标,数值\r\n武都区,地区生产总值（亿元）,120.5\r\n武都区,地区生产总值增速（%）,5.5\r\n", "2025Q3")

    def said(period):
        data = progress_data(Standings(atlas, store), period, "zh")
        return dict(zip(atlas.counties.index, data["said"], strict=True))

    # 武都's own of 2021 are expected figures, which the map does not say.
    assert said("2025Q3")[WUDU] == "2025年前三季度累计120.5亿元（导入，未注明）；2025年前三季度增速5.5%（导入，未注明）"
    assert said("2023")["620702"] == "2025年314.7亿元，报告"
    assert said("2023")["620502"] == "", "of 秦州 only leads are known"


def test_the_hover_says_how_far_a_figure_may_be_relied_on(atlas, store):
    said = dict(zip(atlas.counties.index, progress_data(Standings(atlas, store), None, "zh")["said"], strict=True))
    assert said["620702"] == "2025年 314.7亿元，报告、报道"
    assert said["622925"] == "2022年 341881万元，初步"
    assert said["621122"] == "2021年 87.36亿元，初步；2025年突破128.03亿元（报道）"
    assert said["620922"].startswith("互相矛盾、待核")
    assert said["620981"] == "", "of 玉门 only leads are known"
    english = dict(zip(atlas.counties.index, progress_data(Standings(atlas, store), None, "en")["said"], strict=True))
    assert english["622925"] == "3.41881 bn yuan, 2022, preliminary"
    assert english["620922"].startswith("contradicting, to be verified")


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
