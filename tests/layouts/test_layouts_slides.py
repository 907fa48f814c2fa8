"""The slides, re-opened: shapes, fills, charts, tables and notes against the shipped files; a faultless package."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from days import DURING
from lxml import etree
from meeting_files import (
    BAND_OF,
    BANDS,
    CENSUS,
    COUNTIES,
    HELD,
    JIAYUGUAN,
    OPENED,
    PLANNED,
    PREFECTURES,
    cites,
    latest,
    levels,
    lower,
    measured,
    standing,
    standing_of,
    states,
)
from openpyxl import load_workbook
from plan_files import by_option, rows
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from pypdf import PdfReader

from geodata.outlines import path_rings
from layouts.facts.atlas import open_atlas
from layouts.facts.deck import Deck, Scene
from layouts.facts.ready_deck import ready_deck
from layouts.facts.view import LANGUAGES, View
from layouts.files.pptx import slides
from layouts.parts import colours, styles
from layouts.parts.slide_parts import Table, high, width, wrap
from targets import progress
from targets.observations import open_store

NOW = datetime(2026, 3, 5, 9, 7)
INCH = 914_400
# The map's classes and the colours of the table that they have.
YEAR_VARIABLES = {"2022": "r6", "2023": "r4", "2024": "r3", "2025": "r1"}
BAND_VARIABLES = {"B1": "r6", "B2": "r5", "B3": "r4", "B4": "r3", "B5": "r2", "B6": "r1", None: "unlisted"}
WANTED = ("WIND", "CSP")
SPOTS = {row[key] for row in rows("parks") for key in ("name", "name_en")}
NAMESPACES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
# The order in which the standard (ISO 29500-1) wants children; PowerPoint repairs, or refuses, what stands otherwise.
_FILLS = ["noFill", "solidFill", "gradFill", "blipFill", "pattFill", "grpFill"]
_RUN = ["ln", *_FILLS, "effectLst", "highlight", "latin", "ea", "cs", "sym", "hlinkClick", "hlinkMouseOver", "extLst"]
ORDERS = {
    "a:rPr": _RUN,
    "a:endParaRPr": _RUN,
    "a:defRPr": _RUN,
    "a:pPr": ["lnSpc", "spcBef", "spcAft", "buClr", "buSzPct", "buFont", "buNone", "buChar", "tabLst", "defRPr"],
    "p:spPr": ["xfrm", "custGeom", "prstGeom", *_FILLS, "ln", "effectLst", "extLst"],
    "a:ln": [*_FILLS, "prstDash", "round", "bevel", "miter", "headEnd", "tailEnd"],
    "a:tcPr": ["lnL", "lnR", "lnT", "lnB", "lnTlToBr", "lnBlToTr", *_FILLS],
    "a:custGeom": ["avLst", "gdLst", "ahLst", "cxnLst", "rect", "pathLst"],
    "p:sp": ["nvSpPr", "spPr", "style", "txBody", "extLst"],
    "p:graphicFrame": ["nvGraphicFramePr", "xfrm", "graphic"],
    "a:p": ["pPr", "r", "br", "fld", "endParaRPr"],
    "a:tbl": ["tblPr", "tblGrid", "tr"],
}
SCENES = {
    "band": ("目标", "/", "parks=1", "备注一\n第二行 <&>", ("620922",)),
    "filter": ("风电且光热", "/", "layer=energy&energy=WIND,CSP&energy_op=all", "", ()),
    "road": ("高速公路", "/", "layer=road&road=2022,2023,2024,2025", "", ()),
    "standing": ("进度图", "/", "layer=progress", "", ()),
    "people": ("人口", "/", "layer=population&map=tile", "", ()),
    "panels": ("新能源", "/", "layer=energy&map=panels", "", ()),
    "progress": ("进度与落后", "/progress", "period=2025Q3", "", ()),
    "prefecture": ("酒泉市", "/prefecture/620900", "", "", ()),
    "alone": ("嘉峪关市", "/prefecture/620200", "", "", ()),
    "county": ("玉门市", "/county/620981", "", "", ()),
    "overlap": ("交叉", "/overlap", "", "", ()),
    "compare": ("比较", "/compare", "compare=620981,620922,620102", "", ()),
    "lost": ("没有的县", "/county/999999", "", "", ()),
}


@pytest.fixture(scope="module")
def stands(atlas, tmp_path_factory):
    store = open_store(None, atlas.published.observations, tmp_path_factory.mktemp("slides"))
    yield standing_of(atlas, store)
    store.close()


def scene(atlas, key: str) -> Scene:
    title, path, query, note, ringed = SCENES[key]
    view, ignored = atlas.read(query)
    assert not ignored
    return Scene(title, path, view, note, ringed)


@pytest.fixture(scope="module")
def files(atlas, stands):
    """The deck of all kinds of scenes as a file, by language."""
    deck = Deck("季度观摩", tuple(scene(atlas, key) for key in SCENES), "2025Q3")
    return {lang: slides(deck, atlas, stands, lang, NOW) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def shown(files):
    return {lang: Presentation(io.BytesIO(content)) for lang, content in files.items()}


def of(presentation, key: str):
    """Return the slides of a scene: from the one with its title to the next scene's."""
    firsts = [one[0] for one in SCENES.values()]
    title, found = SCENES[key][0], []
    for one in presentation.slides:
        text = one.shapes.title.text_frame.text
        if text in firsts and (text == title or found):
            if found:
                break
            found.append(one)
        elif found:
            found.append(one)
    return found


def variable(name: str) -> str:
    """Return a colour of the light theme as a slide has it."""
    return styles.COLOURS[name][0].removeprefix("#").upper()


def named(group, name: str):
    (found,) = (shape for shape in group if shape.name == name)
    return found


def counties_of(slide, name: str = "地图") -> dict[str, tuple[str, object]]:
    """Return each county's group and shape by adcode."""
    found: dict[str, tuple[str, object]] = {}
    for part in named(slide.shapes, name).shapes:
        if part.shape_type == MSO_SHAPE_TYPE.GROUP:
            for shape in part.shapes:
                assert shape.name[:6] not in found
                found[shape.name[:6]] = (part.name, shape)
    return found


def filled(shape) -> str:
    """Return a solid fill's colour, or the name of a pattern."""
    for part in shape._element.spPr:
        if part.tag == qn("a:solidFill"):
            return part[0].get("val")
        if part.tag == qn("a:pattFill"):
            return f"{part.get('prst')} {part.find(qn('a:fgClr'))[0].get('val')}"
    raise AssertionError(shape.name)


def charts(slides_):
    return [shape.chart for slide in slides_ for shape in slide.shapes if shape.has_chart]


def tables(slides_) -> list[list[list[str]]]:
    return [
        [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
        for slide in slides_
        for shape in slide.shapes
        if shape.has_table
    ]


# ---- maps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_map_has_87_counties_by_name_and_prefecture_in_the_colours_of_their_bands(shown, lang):
    (slide,) = of(shown[lang], "band")
    found = counties_of(slide, "地图" if lang == "zh" else "Map")
    assert set(found) == {*COUNTIES, JIAYUGUAN}
    name = "name" if lang == "zh" else "name_en"
    for adcode, (group, shape) in found.items():
        assert shape.shape_type == MSO_SHAPE_TYPE.FREEFORM
        row = COUNTIES.get(adcode) or PREFECTURES[adcode]
        assert shape.name == f"{adcode} {row[name]}"
        assert group.startswith(row.get("prefecture_code", adcode))
        if adcode != JIAYUGUAN:
            assert filled(shape) == variable(BAND_VARIABLES[BAND_OF.get(adcode)])
    assert filled(found[JIAYUGUAN][1]).startswith("pct10")
    count = Counter(BAND_OF.get(adcode, "none") for adcode in COUNTIES)
    legend = [shape.text_frame.text for shape in named(slide.shapes, "图例" if lang == "zh" else "Legend").shapes]
    for id, n in count.items():
        label = BANDS[id]["zh_short" if lang == "zh" else "en_short"] if id in BANDS else "未列入"
        label = label if lang == "zh" or id in BANDS else "Not listed"
        # swatch, name, number
        assert legend[legend.index(label) + 1] == str(n) or legend[
            legend.index(label, legend.index(label) + 1) + 1
        ] == str(n)


def test_every_county_has_all_its_rings_in_their_true_shape_and_place(atlas, shown):
    (slide,) = of(shown["zh"], "band")
    scales = set()
    for adcode, (_, shape) in counties_of(slide).items():
        rings = path_rings(atlas.shapes.paths[adcode])
        (path,) = shape._element.iter(qn("a:path"))
        assert len(path.findall(qn("a:moveTo"))) == len(path.findall(qn("a:close"))) == len(rings)
        x0, y0 = min(x for r in rings for x, _ in r), min(y for r in rings for _, y in r)
        points = [(int(p.get("x")) + x0, int(p.get("y")) + y0) for p in path.iter(qn("a:pt"))]
        assert points == [point for ring in rings for point in ring]
        scales.add(round(shape.width / int(path.get("w"))))
        scales.add(round(shape.height / int(path.get("h"))))
    assert max(scales) - min(scales) <= 1  # one scale for all, in both directions


def test_what_the_filter_leaves_out_is_pale_and_what_is_highlighted_has_a_ring(shown):
    (slide,) = of(shown["zh"], "filter")
    both = {adcode for adcode, ids in HELD.items() if set(WANTED) <= ids}
    assert both
    for adcode, (_, shape) in counties_of(slide).items():
        if adcode != JIAYUGUAN:
            assert filled(shape) == variable("r4" if adcode in both else "unmatched"), adcode
    (slide,) = of(shown["zh"], "band")
    ring = named(named(slide.shapes, "地图").shapes, "突出 620922 瓜州县")
    assert ring._element.spPr.find(qn("a:noFill")) is not None
    assert ring.line.color.rgb.__str__() == variable("ink"), "red is for who is short, and for what is picked"
    borders = named(named(slide.shapes, "地图").shapes, "市州界")
    county = counties_of(slide)["620922"][1]
    assert borders.line.width > 2 * county.line.width


def test_roads_without_a_record_are_hatched_and_states_have_patterns(atlas, shown):
    (slide,) = of(shown["zh"], "road")
    for adcode, (_, shape) in counties_of(slide).items():
        if adcode in OPENED:
            year = next(id for id in HELD[adcode] if id.isdecimal() and len(id) == 4)
            colour = variable(YEAR_VARIABLES[year])
            expected = f"wdUpDiag {colour}" if OPENED[adcode]["status"] == "unknown" else colour
            assert filled(shape) == expected, adcode
    (slide,) = of(shown["zh"], "standing")
    found = counties_of(slide)
    # Each state has its own fill, as on the screen.
    patterns = {state: colours.county_fill(atlas, state) for state in set(states().values())}
    assert len(set(patterns.values())) == len(patterns) == 3
    assert filled(found["620602"][1]) == variable("r3")
    patterns = {
        state: f"{styles.HATCHES[fill.hatch].slide} {fill.line}" if fill.hatch else fill.ground
        for state, fill in patterns.items()
    }
    for adcode, state in states().items():
        assert filled(found[adcode][1]) == patterns[state], adcode


def test_tiles_are_squares_and_panels_small_maps_of_each_kind(atlas, shown):
    (slide,) = of(shown["zh"], "people")
    found = counties_of(slide)
    assert set(found) == {*COUNTIES, JIAYUGUAN}
    classes = {0: "r1", 100_000: "r2", 200_000: "r3", 300_000: "r4", 400_000: "r5", 600_000: "r6"}
    for adcode, (_, shape) in found.items():
        assert abs(shape.width - shape.height) <= 1
        if adcode != JIAYUGUAN:
            people = int(CENSUS[adcode]["population"])
            assert filled(shape) == variable(classes[max(least for least in classes if people >= least)])
    (slide,) = of(shown["zh"], "panels")
    held = by_option()
    for id in atlas.plan.option_ids["energy"]:
        name = atlas.plan.option(id).zh_short
        counties = counties_of(slide, f"{id} {name}")
        assert set(counties) == {*COUNTIES, JIAYUGUAN}
        assert {a for a, (_, shape) in counties.items() if filled(shape) == variable("r5")} == held[id]
        assert f"{name}　{len(held[id])}个" in [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_the_inset_shows_the_core_larger_in_the_same_colours_and_within_its_frame(atlas, shown):
    for key in ("band", "filter", "road", "standing"):
        (slide,) = of(shown["zh"], key)
        whole = {adcode: shape for adcode, (_, shape) in counties_of(slide).items()}
        inset = named(slide.shapes, "局部放大")
        frame = named(inset.shapes, "框")
        found = {shape.name[:6]: shape for shape in inset.shapes if shape.name[:6] in whole}
        # The five districts of Lanzhou's valley and all of Linxia's counties, and what lies between.
        core = {"620102", "620103", "620104", "620105", "620111", *(a for a in COUNTIES if a.startswith("6229"))}
        assert core <= set(found)
        for adcode, shape in found.items():
            assert filled(shape) == filled(whole[adcode])
            assert frame.left - 2 <= shape.left <= shape.left + shape.width <= frame.left + frame.width + 2
            assert frame.top - 2 <= shape.top <= shape.top + shape.height <= frame.top + frame.height + 2
        assert found["620102"].width > 1.9 * whole["620102"].width
        if key != "band":
            continue
        # It stands on free ground: over no county.
        x0, y0 = frame.left, frame.top
        for shape in whole.values():
            for x, y in corners(shape):
                assert not (x > x0 and y > y0 and x < x0 + frame.width and y < y0 + frame.height), shape.name


def corners(shape) -> list[tuple[float, float]]:
    """Return the points of a freeform on the slide."""
    (path,) = shape._element.iter(qn("a:path"))
    across, down = shape.width / int(path.get("w")), shape.height / int(path.get("h"))
    return [(shape.left + int(p.get("x")) * across, shape.top + int(p.get("y")) * down) for p in path.iter(qn("a:pt"))]


def test_the_parks_stand_as_diamonds_on_the_layer_of_bands_alone(shown):
    parks = [row["name"] for row in rows("parks")]
    assert len(parks) == 12
    for key in ("band", "filter", "road", "standing", "people"):
        (slide,) = of(shown["zh"], key)
        drawn = [group for group in slide.shapes if group.name == "百亿级园区"]
        if key != "band":
            assert not drawn
            continue
        assert [shape.name for shape in drawn[0].shapes] == parks
        assert {shape._element.xpath(".//a:prstGeom/@prst")[0] for shape in drawn[0].shapes} == {"diamond"}
        legend = [shape.text_frame.text for shape in named(slide.shapes, "图例").shapes]
        assert any("园区" in text and "12" in text for text in legend)


def test_names_on_the_map_touch_neither_one_another_nor_a_park(shown):
    for lang in LANGUAGES:
        for slide in shown[lang].slides:
            boxes = []
            for group in slide.shapes:
                if group.name in ("标注", "Labels", "百亿级园区", "10-bn-yuan parks"):
                    shapes = [s for s in group.shapes if not re.match("到.*的线|Line to", s.name)]
                    boxes += [(s.name, s.left, s.top, s.left + s.width, s.top + s.height) for s in shapes]
            for at, (name, *a) in enumerate(boxes):
                for other, *b in boxes[at + 1 :]:
                    if name in SPOTS and other in SPOTS:
                        continue  # parks of one county stand side by side
                    assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]), (name, other)


# ---- charts and tables ----------------------------------------------------------------------------------------------


def test_the_charts_hold_the_observed_values_and_lower_bounds(shown):
    drawn: dict[str, tuple[float, float]] = {}
    for chart in charts(of(shown["zh"], "progress")):
        (plot,) = chart.plots
        if [series.name for series in plot.series] != ["观测值（亿元）", "下限（亿元）"]:
            continue
        observed, bounds = plot.series
        for label, value, bound in zip(plot.categories, observed.values, bounds.values, strict=True):
            assert str(label) not in drawn
            drawn[str(label)] = (value, bound)
        book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))  # what "edit data" opens
        cells = list(book.active.iter_rows(values_only=True, min_row=2))
        assert [row[1] for row in cells] == list(observed.values)
    # The period is a quarter of 2025: the latest full year before it, every digit of it.
    names = {"reached": "已达到", "target_year_unknown": "目标年数未得"}
    expected = {}
    for adcode, state in measured(2025).items():
        year, value, row = levels(2025)[adcode]
        label = f"{COUNTIES[adcode]['name_short']} {year}年（{row['status']}） {names[state]}"
        expected[label] = (value, float(lower(adcode) or 0))
    assert drawn == expected


def chart_of(presentation, title: str):
    """Return the one chart of the slide whose title has these words, and the title."""
    (slide,) = (s for s in of(presentation, "progress") if title in s.shapes.title.text_frame.text)
    (chart,) = charts([slide])
    return chart, slide.shapes.title.text_frame.text


def test_the_states_and_the_ladder_count_the_counties_of_the_files(shown):
    slide = of(shown["zh"], "progress")[0]
    (chart,) = charts([slide])
    said = dict(zip(chart.plots[0].categories, chart.plots[0].series[0].values, strict=True))
    assert sum(said.values()) == len(COUNTIES)
    n = Counter(states(2025).values())
    names = {"已达到": "reached", "未达到": "not_reached", "目标年数未得": "target_year_unknown", "无数": "no_figure"}
    some = {name: n[state] for name, state in names.items() if n[state]}  # of nobody nothing is said
    assert said == {"未列入": len(COUNTIES) - len(BAND_OF), **some}
    chart, title = chart_of(shown["zh"], "专栏一列")
    listed, observed = chart.plots[0].series
    rungs = list(chart.plots[0].categories)
    assert dict(zip(rungs, listed.values, strict=True)) == {
        **{band["zh_short"]: n for band in BANDS.values() if (n := list(BAND_OF.values()).count(band["id"]))},
        "不足50亿元": 0,
    }
    bands = sorted((int(band["lower"]), band["zh_short"]) for band in BANDS.values())
    expected = Counter(
        next((name for least, name in reversed(bands) if value >= least), "不足50亿元")
        for _, value in latest().values()
    )
    assert {name: n for name, n in zip(rungs, observed.values, strict=True) if n} == expected
    over = sum(value >= 100 for _, value in latest().values())
    assert f"{len(latest())}个县中有{over}个达到" in title


def test_the_roads_are_summed_up_by_year_and_end_with_the_last_record(shown):
    chart, _ = chart_of(shown["zh"], "专栏五")
    planned, opened = chart.plots[0].series
    years = [int(year) for year in chart.plots[0].categories]
    when = [int(row["year"]) for row in PLANNED.values()]
    assert list(planned.values) == [sum(year <= one for year in when) for one in years]
    known = [int(row["opening_date"][:4]) for row in OPENED.values() if row["status"] == "opened"]
    for year, value in zip(years, opened.values, strict=True):
        assert value == (sum(one <= year for one in known) if year <= max(known) else None)


def test_the_provincial_targets_and_the_parks_are_tables_as_the_plan_has_them(shown):
    found = tables(of(shown["zh"], "progress"))
    targets = [row for table in found if table[0][0] == "目标" for row in table[1:]]
    plan = {row["indicator"]: row for row in rows("provincial_targets")}
    names = [row[0].partition("\n")[0] for row in targets]
    assert set(names) < set(plan) and len(targets) == len(set(names))
    for name, (whole, value, deadline, *_) in zip(names, targets, strict=True):
        assert whole == "\n".join(part for part in (name, plan[name]["note"]) if part)
        assert f"{float(plan[name]['value']):g}" in value
        assert plan[name]["unit"] in value
        assert deadline == plan[name]["deadline"]
    # The others are counted, and named in the annex.
    assert len(targets) > 5 and all(row[4] and row[4] != "暂无可比的公开数据" for row in targets)
    said = next(
        slide.shapes.title.text_frame.text
        for slide in of(shown["zh"], "progress")
        if "全省目标" in slide.shapes.title.text_frame.text
    )
    assert f"全省目标{len(plan)}项，{len(targets)}项" in said.replace(" ", "")
    parks = [row for table in found if table[0][0] == "园区" for row in table[1:]]
    assert [row[0] for row in parks] == [row["name"] for row in rows("parks")]
    for row, park in zip(parks, rows("parks"), strict=True):
        assert f"{int(park['target_yi'])}亿元" in row[1]
        assert (row[2], row[5]) == ("暂无公开数据", f"专栏{park['box']}·{park['item']}")


def test_whom_to_call_is_a_table_by_prefecture(ready):
    deck, content = ready["zh"]
    found = [
        slide
        for slide in Presentation(io.BytesIO(content)).slides
        if "该找谁要数" in slide.shapes.title.text_frame.text
    ]
    assert found[0].shapes.title.text_frame.text in [one.title for one in deck.scenes]
    rows = [row for table in tables(found) for row in table[1:]]
    # 甘州区's full year 2025 is known, whatever the period of the meeting.
    expected = {
        row["name_short"]: [
            COUNTIES[a]["name_short"]
            for a in sorted(set(BAND_OF) - {"620702"})
            if COUNTIES[a]["prefecture_code"] == code
        ]
        for code, row in PREFECTURES.items()
    }
    assert [(name, int(n), names.split("、")) for name, n, names in rows] == [
        (name, len(mine), mine) for name, mine in expected.items() if mine
    ]


def test_who_is_behind_or_has_not_reached_is_a_table_with_its_numbers(atlas):
    """By hand: 瓜州县's 131.7 of 2023 is 65.9 % of 200 and needs (200 / 131.7)^(1/2) - 1 a year; after, no growth."""
    during = open_atlas(today=DURING)
    view, _ = atlas.read("")
    deck = Deck("会", (Scene("进度", "/progress", view),))
    shown = Presentation(io.BytesIO(slides(deck, during, lambda _: standing(during, None), "zh", NOW)))
    (table,) = (t for t in tables(shown.slides) if t[0][:2] == ["县市区", "下限"])
    assert [slide for slide in shown.slides if slide.shapes.title.text_frame.text == "谁落后：1个县"]
    ((*row, source),) = table[1:]
    assert row == ["瓜州县", "200亿元", "131.7亿元", "2023", "初步", "65.9%", "68.3亿元", "23.2%"]
    assert cites(
        source, {"publisher": "瓜州县（统计公报）", "title": "2023年瓜州县国民经济和社会发展统计公报", "date": "2024"}
    )
    cites_batch = "导入：三季度.xlsx，第1批，2025-10-20（核定），来源：统计局"
    figures = [("620102", "gdp", "2025", 1385.4, "亿元"), ("620103", "gdp", "2025", 499.95, "亿元")]
    for lang, title in (("zh", "未达到：2个县"), ("en", "Not reached: 2 counties")):
        shown = Presentation(io.BytesIO(slides(deck, atlas, lambda _: standing(atlas, None, *figures), lang, NOW)))
        assert title in [slide.shapes.title.text_frame.text for slide in shown.slides]
        assert not PACE.search("\n".join(every_text(shown)))
        head = "下限" if lang == "zh" else "Lower bound"
        (table,) = (t for t in tables(shown.slides) if t[0][1].replace("\n", " ") == head)
        first, second = table[1:]
        if lang == "zh":
            assert first == [
                "城关区",
                "1400亿元",
                "1385.4亿元",
                "2025",
                "导入（核定）",
                "99.0%",
                "14.6亿元",
                cites_batch,
            ]
            assert second == [
                "七里河区",
                "500亿元",
                "499.95亿元",
                "2025",
                "导入（核定）",
                "99.99%",
                "0.05亿元",
                cites_batch,
            ]
        else:
            assert first[1:4] == ["140 bn yuan", "138.54 bn yuan", "2025"]
            assert (first[-2], second[-2]) == ("1.46 bn yuan", "0.005 bn yuan")


def test_a_prefecture_has_its_map_and_a_row_a_county(shown):
    found = of(shown["zh"], "prefecture")
    inside = {adcode for adcode, row in COUNTIES.items() if row["prefecture_code"] == "620900"}
    assert set(counties_of(found[0])) == inside
    # One table, as on the stage. Here of none the target year is known, and 金塔 has passed its bound.
    (table,) = tables(found)
    heads = ["县市区", "下限", "全年地区生产总值", "与下限相比", "达成度", "状态"]
    assert ["".join(head.split()) for head in table[0]] == heads
    rows = {row[0]: row for row in table[1:]}
    assert set(rows) == {COUNTIES[adcode]["name_short"] for adcode in inside}
    for adcode in inside:
        _, lower, figure, _, share, state = rows[COUNTIES[adcode]["name_short"]]
        assert lower == (f"{BANDS[BAND_OF[adcode]]['lower']}亿元" if adcode in BAND_OF else "—")
        if adcode in levels() and adcode in measured():
            year = levels()[adcode][0]
            assert figure == f"{year}年 {levels()[adcode][2]['printed']}"
            assert share.endswith("%")
        elif adcode not in levels():
            assert "%" not in share
        assert state == progress.CLOSED[states().get(adcode, "no_target")][0]
    assert filled(counties_of(found[0])["620921"][1]) == variable("r3"), "the map is of who has reached the bound"
    bars = named(found[0].shapes, "与下限相比")
    assert [shape.name.split()[0] for shape in bars.shapes] == ["肃北县", "与下限相比"], (
        "a bar each, and the bound's line"
    )
    (alone,) = of(shown["zh"], "alone")
    assert set(counties_of(alone)) == {JIAYUGUAN}
    assert "不设县" in " ".join(shape.text_frame.text for shape in alone.shapes if shape.has_text_frame)


def test_a_county_the_overlap_and_a_comparison_are_tables_and_charts(shown):
    facts = {row[0]: row for table in tables(of(shown["zh"], "county")) for row in table[1:]}
    assert facts["2025年目标档次"][1] == BANDS[BAND_OF["620981"]]["zh_short"]
    assert facts["2025年目标档次"][2].startswith("专栏一·")
    assert facts["常住人口"][1] == f"{int(CENSUS['620981']['population']) / 10_000:.1f}万人"
    held = Counter(
        tuple(sorted(id for id in ids if re.fullmatch(r"C\d|PV\d|WIND|CSP|PSH", id))) for ids in HELD.values()
    )
    rows = [row for table in tables(of(shown["zh"], "overlap")) for row in table[1:]]
    assert sorted((int(row[1]) for row in rows), reverse=True) == sorted(held.values(), reverse=True)
    assert [len(row[2].split("、")) for row in rows] == [int(row[1]) for row in rows]
    (chart,) = charts(of(shown["zh"], "overlap"))
    assert list(chart.plots[0].series[0].values) == [float(row[1]) for row in rows[: len(chart.plots[0].categories)]]
    compared = [row for table in tables(of(shown["zh"], "compare")) for row in table]
    assert compared[0][1:] == ["玉门市", "瓜州县", "城关区"]


# ---- the deck as a whole --------------------------------------------------------------------------------------------


def test_each_scene_begins_a_slide_with_its_title_note_source_and_number(shown):
    presentation = shown["zh"]
    assert (presentation.slide_width, presentation.slide_height) == (round(13.333 * INCH), round(7.5 * INCH))
    titles = [slide.shapes.title.text_frame.text for slide in presentation.slides]
    firsts = [title for title, *_ in SCENES.values()]
    assert [title for title in titles if title in firsts] == firsts
    first = presentation.slides[0]
    assert first.notes_slide.notes_text_frame.text.endswith("备注一\n第二行 <&>")
    (progress,) = (s for s in of(presentation, "standing"))
    for adcode in measured():
        assert cites(progress.notes_slide.notes_text_frame.text, levels()[adcode][2])
    for slide in presentation.slides:
        assert slide.element.xpath(".//a:fld[@type='slidenum']")
        assert "甘肃省强县域行动实施方案" in named(slide.shapes, "来源").text_frame.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_slide_carries_the_day_and_the_missing_approval_is_told_to_the_presenter_once(shown, lang):
    day = "截至" if lang == "zh" else "As of "
    said = {"zh": "没有设置审图号", "en": "No map approval number"}[lang]
    told = []
    for number, slide in enumerate(shown[lang].slides):
        texts = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert re.search(rf"{day}\d{{4}}-\d\d-\d\d", texts)
        assert "审图号" not in texts and "approval" not in texts and "frykit" not in texts
        if slide.has_notes_slide and said in slide.notes_slide.notes_text_frame.text:
            told.append(number)
    assert told == [0]


def test_every_slide_carries_the_office_and_the_approval_number_that_are_set(atlas, stands):
    atlas = replace(atlas, office="某某办公室", approval="GS(2026)0001号")
    deck = Deck("例会", tuple(Scene("一景", path, View()) for path in ("/", "/progress", "/county/620922")))
    made = Presentation(io.BytesIO(slides(deck, atlas, stands, "zh", NOW)))
    for slide in made.slides:
        said = named(slide.shapes, "来源").text_frame.text
        assert "某某办公室" in said and "审图号：GS(2026)0001号" in said
        assert not slide.has_notes_slide or "没有设置审图号" not in slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_leaves_the_slide_and_every_text_fits_its_room(shown, lang):
    for number, slide in enumerate(shown[lang].slides, start=1):
        for shape in slide.shapes:
            assert shape.left >= 0, (number, shape.name)
            assert shape.top >= 0, (number, shape.name)
            assert shape.left + shape.width <= 13.334 * INCH, (number, shape.name)
            assert shape.top + shape.height <= 7.5 * INCH, (number, shape.name)
            if shape.has_text_frame and not shape.is_placeholder:
                sizes = [int(run.get("sz")) / 100 for run in shape._element.iter(qn("a:rPr"))]
                assert min(sizes) >= 12, (number, shape.name)
                text = shape.text_frame.text
                assert high(text, shape.width / INCH, sizes[0]) <= shape.height / INCH + 0.21, (number, shape.name)
        sizes = [int(run.get("sz")) / 100 for run in slide.shapes.title._element.iter(qn("a:rPr"))]
        assert min(sizes) >= 24
        bodies = [shape for shape in slide.shapes if shape.top < 6.8 * INCH and not shape.is_placeholder]
        below = max((shape.top + shape.height for shape in bodies), default=0)
        assert below <= 6.87 * INCH, number
        for shape in slide.shapes:
            if shape.has_table:
                (size,) = {int(run.get("sz")) / 100 for run in shape._element.iter(qn("a:rPr"))}
                assert size >= (
                    14 if lang == "zh" else 12
                )  # English is wider, and a table in two parts is harder to read
                for row in shape.table.rows:
                    for column, cell in zip(shape.table.columns, row.cells, strict=True):
                        need = high(cell.text_frame.text, column.width / INCH - 0.139, size)
                        assert need <= row.height / INCH, (number, cell.text_frame.text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_package_gives_no_reason_for_a_repair_prompt(files, lang):
    with zipfile.ZipFile(io.BytesIO(files[lang])) as package:
        assert package.testzip() is None
        names = package.namelist()
        assert len(names) == len(set(names))
        listed = package.read("[Content_Types].xml").decode()
        for name in names:
            if not name.endswith((".xml", ".rels")):
                continue
            tree = etree.fromstring(package.read(name))
            if name.startswith("ppt/") and name.endswith(".xml"):
                assert f'PartName="/{name}"' in listed, name
            if not re.match(r"ppt/(slides|notesSlides|slideLayouts|slideMasters)/[^/]+\.xml", name):
                continue
            ids = tree.xpath("//p:cNvPr/@id", namespaces=NAMESPACES)
            assert len(ids) == len(set(ids)), name
            folder, file = name.rsplit("/", 1)
            rels = etree.fromstring(package.read(f"{folder}/_rels/{file}.rels"))
            known = {rel.get("Id"): rel.get("Target") for rel in rels}
            for target in known.values():
                assert (Path("/" + folder) / target).resolve().as_posix()[1:] in names, (name, target)
            used = set(tree.xpath("//@r:id | //@r:embed", namespaces=NAMESPACES))
            assert used <= set(known), name
            for body in tree.xpath("//p:txBody | //a:txBody", namespaces=NAMESPACES):
                assert body.find("a:p", NAMESPACES) is not None
            for path in tree.xpath("//a:path[@w]", namespaces=NAMESPACES):
                assert int(path.get("w")) > 0 < int(path.get("h"))
                assert path[0].tag == qn("a:moveTo")
            for ext in tree.xpath("//a:xfrm/a:ext | //p:xfrm/a:ext", namespaces=NAMESPACES):
                assert int(ext.get("cx")) >= 0 <= int(ext.get("cy"))
            for tag, order in ORDERS.items():
                for element in tree.iter(qn(tag)):
                    at = [order.index(etree.QName(child).localname) for child in element]
                    assert at == sorted(at), (name, tag, [child.tag for child in element])
            for table in tree.xpath("//a:tbl", namespaces=NAMESPACES):
                columns = len(table.findall("a:tblGrid/a:gridCol", NAMESPACES))
                assert all(len(row.findall("a:tc", NAMESPACES)) == columns for row in table.findall("a:tr", NAMESPACES))
            if name.startswith("ppt/slides/"):
                for run in tree.xpath("//a:r/a:rPr", namespaces=NAMESPACES):
                    faces = {face.tag: face.get("typeface") for face in run if face.tag in (qn("a:latin"), qn("a:ea"))}
                    assert faces == {qn("a:latin"): "Microsoft YaHei", qn("a:ea"): "Microsoft YaHei"}
            if name.startswith("ppt/notesSlides/"):
                assert any("notesMaster" in target for target in known.values())
                assert any("/slides/" in target for target in known.values())
            for id in tree.xpath("//c:chart/@r:id", namespaces={**NAMESPACES, "c": CHART}):
                part = (Path("/" + folder) / known[id]).resolve().as_posix()[1:]
                chart = etree.fromstring(package.read(part))
                external = chart.find(f"{{{CHART}}}externalData").get(qn("r:id"))
                own = etree.fromstring(package.read(part.replace("charts/", "charts/_rels/") + ".rels"))
                (book,) = (rel.get("Target") for rel in own if rel.get("Id") == external)
                assert (Path("/ppt/charts") / book).resolve().as_posix()[1:] in names
                for tag in ("a:defRPr", "a:pPr"):
                    for element in chart.iter(qn(tag)):
                        at = [ORDERS[tag].index(etree.QName(child).localname) for child in element]
                        assert at == sorted(at), (part, tag)
                faces = chart.xpath("./c:txPr//a:defRPr/*/@typeface", namespaces={**NAMESPACES, "c": CHART})
                assert faces == ["Microsoft YaHei", "Microsoft YaHei"]
        assert {"docProps/core.xml", "docProps/app.xml", "ppt/notesMasters/notesMaster1.xml"} <= set(names)
        whole = etree.fromstring(package.read("ppt/presentation.xml"))
        parts = [etree.QName(child).localname for child in whole]
        assert parts[:5] == ["sldMasterIdLst", "notesMasterIdLst", "sldIdLst", "sldSz", "notesSz"]
        assert not [name for name in names if "thumbnail" in name]  # the template's, of no slide of this deck
        theme = package.read("ppt/theme/theme1.xml").decode()
        assert theme.count('<a:ea typeface="Microsoft YaHei"/>') == 2
        assert theme.count('<a:font script="Hans" typeface="Noto Sans CJK SC"/>') == 2


def test_names_and_notes_with_signs_of_xml_or_control_characters_do_no_harm(renamed, stands):
    atlas = renamed("620702", name='<a:x> & "瓜州"\x0b', name_short="=1+<&>\x01")
    view, _ = atlas.read("compare=620702,620981")
    deck = Deck("<&>\x02", (Scene("<&>\x0b", "/", view, "<&>\x03"), Scene("</a:t>", "/compare", view)))
    again = Presentation(io.BytesIO(slides(deck, atlas, stands, "zh", NOW)))
    first = again.slides[0]
    assert first.shapes.title.text_frame.text == "<&>"
    assert first.notes_slide.notes_text_frame.text.endswith("<&>")
    assert counties_of(first)["620702"][1].name == '620702 <a:x> & "瓜州"'
    assert tables([again.slides[-1]])[0][0][1] == "=1+<&>"
    (chart,) = charts(again.slides)
    assert list(chart.plots[0].categories)[0].startswith("'=1+<&> 20")
    book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    assert {cell.data_type for row in book.active["A2:A9"] for cell in row} <= {"s", "n"}


@pytest.fixture(scope="module")
def ready(atlas, stands):
    """The ready deck and its file, by language."""
    view, _ = atlas.read("period=2025Q3")
    decks = {lang: ready_deck(atlas, stands(view), "2025Q3", lang) for lang in LANGUAGES}
    return {lang: (deck, slides(deck, atlas, stands, lang, NOW)) for lang, deck in decks.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_ready_deck_is_small_and_soon_there(atlas, stands, ready, lang):
    deck, content = ready[lang]
    begun = time.process_time()
    slides(Deck(deck.title, deck.scenes[:12]), atlas, stands, lang, NOW)
    assert time.process_time() - begun < 4  # about 1 s on a machine with nothing else to do
    assert len(content) < 3_000_000
    assert {int(size) for size in sizes_of(content)} >= {1200, 1400, 2400}
    assert min(map(int, sizes_of(content))) >= 1200  # also within groups and tiles
    again = Presentation(io.BytesIO(content))
    titles = iter(slide.shapes.title.text_frame.text for slide in again.slides)
    assert all(one.title in titles for one in deck.scenes)  # in their order, with more slides between
    for slide in again.slides:
        for shape in slide.shapes:
            assert shape.top + shape.height <= 7.5 * INCH, (slide.shapes.title.text_frame.text, shape.name)


def every_text(presentation) -> list[str]:
    """Return all that a file says, on slides, in charts, in what a screen reader says, and in notes."""
    found = []
    for slide in presentation.slides:
        found += slide.element.xpath(".//a:t/text() | .//p:cNvPr/@descr | .//p:cNvPr/@name")
        found += [slide.notes_slide.notes_text_frame.text] if slide.has_notes_slide else []
        for chart in charts([slide]):
            (plot,) = chart.plots
            found += [*map(str, plot.categories), *(f"{one.name} {list(one.values)}" for one in plot.series)]
            found += chart._chartSpace.xpath(".//a:t/text()")
    return found


# What is said of a pace or of growth that is needed, and of who is behind: never after the term.
PACE = re.compile("落后|进度内|需年均|所需年均增速|[Bb]ehind|[Oo]n pace|% a year for|Required growth")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_after_the_term_no_slide_tells_a_pace(ready, lang):
    texts = every_text(Presentation(io.BytesIO(ready[lang][1])))
    assert len(texts) > 5_000
    assert [text for text in texts if PACE.search(text)] == []


def test_no_lead_enters_a_slide(atlas, ready):
    deck, content = ready["zh"]
    bare = standing(atlas, "2025Q3", leads=False)
    assert ready_deck(atlas, bare, "2025Q3", "zh") == deck
    shown, without = (
        every_text(Presentation(io.BytesIO(file))) for file in (content, slides(deck, atlas, lambda _: bare, "zh", NOW))
    )
    assert shown == without


def sizes_of(content: bytes) -> set[str]:
    """Return the sizes of all letters on the slides, in hundredths of a point."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        slides_ = [name for name in package.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
        return {size for name in slides_ for size in re.findall(r' sz="(\d+)"', package.read(name).decode())}


def test_libreoffice_opens_every_slide(files, tmp_path):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not on this machine")
    (tmp_path / "deck.pptx").write_bytes(files["zh"])
    # A profile of its own: an office that is open would take the work and say nothing.
    own = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, own, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "deck.pptx")]
    subprocess.run(command, check=True, timeout=300, capture_output=True)
    pages = PdfReader(tmp_path / "deck.pdf").pages
    deck = Presentation(io.BytesIO(files["zh"]))
    assert len(pages) == len(deck.slides)
    for page, slide in zip(pages, deck.slides, strict=True):
        pieces: list[tuple[float, str]] = []
        page.extract_text(visitor_text=lambda text, _, at, *__, into=pieces: into.append((at[5], bare(text))))
        said = "".join(text for _, text in pieces)
        assert bare(slide.shapes.title.text_frame.text) in said
        # Nothing has grown over the line of sources, with whatever fonts this machine has.
        source = bare(named(slide.shapes, "来源").text_frame.text)
        edge = page.mediabox.height * (1 - named(slide.shapes, "来源").top / (7.5 * INCH))
        below = [text for at, text in pieces if text and at < edge - 3]
        assert below
        assert all(text in source or text.isdecimal() for text in below), below


def bare(text: str) -> str:
    """Return a text without its gaps."""
    return re.sub(r"\s", "", text)


# ---- parts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "玉门市2024年278.3亿元，距下限还差21.7亿元。",
        "Yumen City: 27.83 bn yuan in 2024",
        "长" * 90,
        "最多（6个）的" * 9,
    ],
)
@pytest.mark.parametrize("room", [0.8, 2.0, 9.0])
def test_wrapped_lines_hold_the_whole_text_and_fit(text, room):
    lines = wrap(text, room, 14)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    # A closing mark may stand beyond the edge rather than begin a line.
    assert all(width(line.rstrip("，。；：、！？）》”’…％%,.;:!?)"), 14) <= room for line in lines)


def test_a_table_keeps_every_row_once_and_in_order():
    rows = tuple((str(n), "长" * (n % 40)) for n in range(60))
    table = Table(("号", "内容"), rows, (1.0, 3.0))
    pages = table.pages(2.0, 5.0)
    assert len(pages) > 3
    assert tuple(row for page in pages for row in page) == rows
    for page, room in zip(pages, (2.0, *[5.0] * len(pages)), strict=False):
        assert table.row_high(table.heads, True) + sum(map(table.row_high, page)) <= room + 1e-9


def test_the_fills_are_those_of_the_table(atlas):
    for band, name in BAND_VARIABLES.items():
        assert colours.county_fill(atlas, band or "none").ground == variable(name)
    assert colours.county_fill(atlas, "B1", matched=False).ground == variable("unmatched")
    assert colours.county_fill(atlas, "na", matched=False).hatch == "specks"
    assert colours.county_fill(atlas, "2023", unknown_road=True).line == variable(YEAR_VARIABLES["2023"])
    assert colours.county_fill(atlas, "2023").line == ""
