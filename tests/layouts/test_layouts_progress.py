"""The progress and data pages: their charts, tables and texts against sums made by hand from the files."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from copy import copy
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from dash.development.base_component import Component
from import_corpus import counties, full_table, xlsx
from plan_files import PUBLISHED, rows
from plotly.io import from_json

from layouts import data_page, figures, progress_page
from layouts.view import View
from layouts.wording import word
from targets import outcomes, progress
from targets.importing import compare
from targets.observations import Store, open_store
from targets.reading import read_file
from targets.selection import empty_sentence

YEAR = 2024
BOTH = [(lang, theme) for lang in ("zh", "en") for theme in ("light", "dark")]
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
# What a missing value leaves when it is written as it is, and what no official reads.
RAW = re.compile(r"\bnan\b|<NA>|\bNaT\b|\bNone\b(?! of\b)|\binf\b|\d[eE][+-]\d|\[\]|\{\}|-0\.0\b")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


# ---- by hand ------------------------------------------------------------------


@cache
def stated() -> dict[str, Decimal]:
    """Return the GDP of each county in the full table, in 亿元."""
    return {adcode: Decimal(300_000 + 12_345 * n) / 10_000 for n, adcode in enumerate(counties())}


@cache
def bounds() -> dict[str, tuple[Decimal, Decimal | None]]:
    """Return lower and upper bound of each county listed in 专栏一."""
    bands = {r["id"]: r for r in rows("bands")}
    found = {}
    for row in rows("band_counties"):
        band = bands[row["band"]]
        found[row["adcode"]] = Decimal(band["lower"]), Decimal(band["upper"]) if band["upper"] else None
    return found


@cache
def published_levels() -> dict[str, tuple[int, Decimal]]:
    """Return year and GDP (亿元) of the latest full year of each county, as published, up to 2025."""
    found: dict[str, tuple[int, Decimal]] = {}
    for row in rows("county_observations", PUBLISHED):
        if row["indicator"] != "gdp" or not row["period"].isdecimal() or int(row["period"]) > 2025:
            continue
        value = Decimal(row["value"]) / {"亿元": 1, "万元": 10_000}[row["unit"]]
        found[row["adcode"]] = max(found.get(row["adcode"], (0, value)), (int(row["period"]), value))
    return found


@cache
def floors() -> set[str]:
    """Return the counties that are only reported as having passed their lower bound, later than any figure."""
    return {
        row["adcode"]
        for row in rows("county_floors", PUBLISHED)
        if row["adcode"] in bounds()
        and Decimal(row["at_least"]) >= bounds()[row["adcode"]][0]
        and int(row["period"]) > published_levels().get(row["adcode"], (0,))[0]
    }


def levels(which: str) -> dict[str, tuple[int, Decimal]]:
    """Return year and GDP of every county with a bar."""
    if which == "full":
        return {adcode: (YEAR, stated()[adcode]) for adcode in bounds()}
    return {a: level for a, level in published_levels().items() if a in bounds() and a not in floors()}


def rounded(value: Decimal, places: int = 1) -> str:
    """Round as a reader with a pencil does."""
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def state(adcode: str, year: int, value: Decimal) -> str:
    """Return the state by the rule on the page: 7 % a year in nominal terms to the end of 2025."""
    lower = bounds()[adcode][0]
    if value >= lower:
        return "reached"
    return "on_pace" if year < 2025 and lower <= value * Decimal("1.07") ** (2025 - year) else "behind"


def in_order(known: dict[str, tuple[int, Decimal]]) -> list[str]:
    """Return the counties with the widest gap first; those that have reached it by their surplus, least first."""
    return sorted(known, key=lambda a: (-max(bounds()[a][0] - known[a][1], Decimal(0)), known[a][1] - bounds()[a][0]))


def rung(value: Decimal) -> str:
    for band in rows("bands"):
        if value >= Decimal(band["lower"]) and (not band["upper"] or value < Decimal(band["upper"])):
            return band["id"]
    return "below" if value < min(Decimal(band["lower"]) for band in rows("bands")) else "gap"


# ---- what is looked at --------------------------------------------------------


@pytest.fixture(scope="module")
def filled(atlas, tmp_path_factory) -> Iterator[Store]:
    """Return a store with the full table of 2024 in it."""
    store = open_store(None, atlas.published.observations, tmp_path_factory.mktemp("full"))
    reading = read_file(full_table(f"{YEAR}年"), "全表.xlsx", citation="测试表")
    assert reading.ok and len(reading.rows) == 4 * 86
    store.accept(compare(reading, store), "测试")
    yield store
    store.close()


@pytest.fixture(scope="module")
def frames(atlas, filled) -> dict[str, pd.DataFrame]:
    return {"published": atlas.published.observations, "full": filled.observations()}


@pytest.fixture(scope="module")
def assessed(atlas, frames) -> dict[str, pd.DataFrame]:
    found = {}
    for which, frame in frames.items():
        rows = progress.assess(atlas.counties, frame, plan=atlas.plan)
        found[which] = rows.assign(adcode=rows.index).sort_values(["gap", "surplus"], ascending=[False, True])
    return found


READ = ("children", "title", "placeholder", "aria-label", "figure", "options", "label")
CHART = ("text", "title", "name", "hovertext", "ticktext", "x", "y", "data", "layout", "xaxis", "yaxis", "annotations")
CHART += ("categoryarray",)


def leaves(node: Any) -> Iterator[str]:
    """Yield every text of a component: what is read, spoken or pointed at, and the texts of charts."""
    if isinstance(node, Component):
        for name in READ:
            yield from leaves(getattr(node, name, None))
        for heads, cells in tables(node, inside=False):
            yield from leaves([heads, cells])
        if drawn := getattr(node, "data-figure", None):
            yield from leaves(json.loads(drawn))
    elif isinstance(node, go.Figure):
        # Without what plotly's own template says.
        yield from leaves({"data": [t.to_plotly_json() for t in node.data], "layout": node.layout.to_plotly_json()})
    elif isinstance(node, dict):
        for key in (*READ, *CHART):
            yield from leaves(node.get(key))
    elif isinstance(node, list | tuple):
        for child in node:
            yield from leaves(child)
    elif node is not None and not isinstance(node, bool):
        yield str(node)


def text_of(node: Any) -> str:
    return "".join(leaves(node))


def find(node: Any, kind: str, **properties: str) -> list[Any]:
    """Return the components of a kind, such as ``Table``, in the order of the page."""
    nodes = node if isinstance(node, list | tuple) else [node]
    found = []
    for one in nodes:
        if isinstance(one, Component):
            if type(one).__name__ == kind and all(getattr(one, k, None) == v for k, v in properties.items()):
                found.append(one)
            found += find(getattr(one, "children", None), kind, **properties)
        elif isinstance(one, list | tuple):
            found += find(one, kind, **properties)
    return found


def tables(node: Any, inside: bool = True) -> list[tuple[list[str], list[list[str]]]]:
    """Return heading and cells, as texts, of each table of a page; the cells travel as data."""
    rooms = find(node, "Div") if inside else [node]
    found = []
    for room in rooms:
        if given := getattr(room, "data-table", None):
            given = json.loads(given)
            rows = [[cell["text"] if isinstance(cell, dict) else cell for cell in row] for row in given["rows"]]
            assert all(len(row) == len(given["heads"]) for row in rows)
            found.append((given["heads"], rows))
    return found


def twin_of(page: Any, graph: str) -> tuple[list[str], list[list[str]]]:
    """Return heading and cells of the table that is a chart's twin."""
    section = next(s for s in find(page, "Section") if find(s, "Div", id=graph))
    (twin,) = tables(section)
    return twin


def figure_of(page: Any, graph: str) -> go.Figure:
    """Return the figure that a chart carries."""
    (room,) = find(page, "Div", id=graph)
    return from_json(getattr(room, "data-figure"))


def left(node: Any, chosen: set[str]) -> Any:
    """Return a page as the browser leaves it after a press, which a browser test holds equal to this.

    In a part that follows the filter, what is of a county that does not match is gone, and so are the bars of one.
    """
    if isinstance(node, list | tuple):
        return [part for part in (left(one, chosen) for one in node) if part is not None]
    if not isinstance(node, Component):
        return node
    if getattr(node, "data-adcode", None) not in {None, *chosen}:
        return None
    node = copy(node)
    if given := getattr(node, "data-table", None):
        table = json.loads(given)
        rows = [row for row in table["rows"] if not isinstance(row[0], dict) or row[0]["county"] in chosen]
        setattr(node, "data-table", json.dumps(table | {"rows": rows}))
    if given := getattr(node, "data-figure", None):
        figure = json.loads(given)
        for trace in figure["data"]:
            if adcodes := trace.get("customdata"):
                for key, values in trace.items():
                    if isinstance(values, list):
                        trace[key] = [one for one, a in zip(values, adcodes, strict=True) if a in chosen]
        setattr(node, "data-figure", json.dumps(figure))
    if (children := getattr(node, "children", None)) is not None:
        node.children = left(children, chosen)
    return node


def adcodes(node: Any) -> list[str]:
    """Return whose parts these are, in the order of the page."""
    if isinstance(node, list | tuple):
        return [adcode for one in node for adcode in adcodes(one)]
    own = [getattr(node, "data-adcode")] if getattr(node, "data-adcode", None) else []
    return own + (adcodes(node.children) if isinstance(getattr(node, "children", None), Component | list) else [])


def bars(figure: go.Figure) -> dict[str, tuple[str, float, str]]:
    """Return name, length and kind of each county's bar, by adcode."""
    found: dict[str, tuple[str, float, str]] = {}
    for trace in figure.data:
        if trace.type == "bar" and trace.base is None:  # the band behind the bar starts at its lower bound
            for adcode, name, length in zip(trace.customdata, trace.y, trace.x, strict=True):
                assert adcode not in found, "one bar a county"
                found[str(adcode)] = name, length, trace.name
    return found


# ---- bullets ------------------------------------------------------------------


@pytest.mark.parametrize("which", ["published", "full"])
@pytest.mark.parametrize(("lang", "theme"), BOTH)
def test_a_bar_is_as_long_as_the_share_reached(assessed, which, lang, theme):
    figure = figures.bullets(assessed[which], lang=lang, theme=theme)
    known = levels(which)
    drawn = bars(figure)
    assert set(drawn) == set(known), "a bar for each county with a level and a bound, and for no other"
    for adcode, (year, value) in known.items():
        name, length, kind = drawn[adcode]
        assert length == pytest.approx(float(value / bounds()[adcode][0] * 100), rel=1e-12), adcode
        assert kind == progress.STATES[state(adcode, year, value)][0 if lang == "zh" else 1], adcode
        lower = bounds()[adcode][0] / (1 if lang == "zh" else 10)
        assert name.endswith(f"≥{lower.normalize():f}"), adcode
    assert len({name for name, _, _ in drawn.values()}) == len(drawn), "no two counties on one line"


@pytest.mark.parametrize("which", ["published", "full"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_widest_gap_stands_on_top(assessed, which, lang):
    figure = figures.bullets(assessed[which], lang=lang, theme="light")
    named = {name: adcode for adcode, (name, _, _) in bars(figure).items()}
    # A category axis counts from the bottom.
    assert [named[name] for name in reversed(figure.layout.yaxis.categoryarray)] == in_order(levels(which))


@pytest.mark.parametrize("which", ["published", "full"])
@pytest.mark.parametrize(("lang", "theme"), BOTH)
def test_the_band_is_a_grey_box_from_its_lower_to_its_upper_bound(assessed, which, lang, theme):
    figure = figures.bullets(assessed[which], lang=lang, theme=theme)
    named = {name: adcode for adcode, (name, _, _) in bars(figure).items()}
    box = figure.data[0]
    assert box.base == 100
    assert [named[name] for name in box.y] == list(box.customdata)
    assert {named[name] for name in box.y} == set(levels(which))
    for name, width in zip(box.y, box.x, strict=True):
        lower, upper = bounds()[named[name]]
        if upper is None:
            assert width > 0
        else:
            assert width == pytest.approx(float((upper / lower - 1) * 100), rel=1e-12), name
    # The bounds themselves: one line at 100 % through all rows, behind no clipped axis.
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(100, 100)]
    assert figure.layout.xaxis.range[0] == 0
    assert figure.layout.xaxis.range[1] > max(length for _, length, _ in bars(figure).values())
    assert figure.layout.barmode == "overlay"


@pytest.mark.parametrize("which", ["published", "full"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_of_a_bar_is_its_figure_its_year_and_its_share(assessed, which, lang):
    figure = figures.bullets(assessed[which], lang=lang, theme="light")
    named = {name: adcode for adcode, (name, _, _) in bars(figure).items()}
    known = levels(which)
    texts = next(trace for trace in figure.data if trace.type == "scatter" and trace.mode == "text")
    said = {named[name]: text for name, text in zip(texts.y, texts.text, strict=True)}
    assert [named[name] for name in texts.y] == list(texts.customdata)
    for trace in figure.data[1:-1]:
        for adcode, hover in zip(trace.customdata, trace.hovertext, strict=True):
            assert hover == said[adcode], "pointing at a bar says what stands beside it"
    assert set(said) == set(known)
    for adcode, (year, value) in known.items():
        share = rounded(value / bounds()[adcode][0] * 100)
        amount = rounded(value) if lang == "zh" else rounded(value / 10, 2)
        assert NUMBER.findall(said[adcode]) == [amount, str(year), share], said[adcode]
        assert ("亿元" if lang == "zh" else "bn yuan") in said[adcode]


@pytest.mark.parametrize("which", ["published", "full"])
@pytest.mark.parametrize(("lang", "theme"), BOTH)
def test_the_title_says_how_many_have_reached_their_bound(assessed, which, lang, theme):
    title = figures.bullets(assessed[which], lang=lang, theme=theme).layout.title.text
    known = levels(which)
    reached = sum(value >= bounds()[adcode][0] for adcode, (_, value) in known.items())
    assert NUMBER.findall(title) == [str(len(known)), str(reached)]


def test_no_bars_without_rows(assessed):
    figure = figures.bullets(assessed["full"].iloc[:0], lang="zh", theme="light")
    assert bars(figure) == {}


@pytest.fixture
def one(atlas):
    """Return a function that assesses all when one county, listed for 100 to 200, has one figure of one year."""
    adcode = next(a for a, (lower, upper) in sorted(bounds().items()) if (lower, upper) == (100, 200))

    def made(value: float, year: int = 2024) -> tuple[pd.DataFrame, pd.DataFrame, dict[Any, Any]]:
        row = ["公报" if c == "status" else "亿元" if c == "unit" else "" for c in atlas.published.observations.columns]
        frame = pd.DataFrame([row], columns=list(atlas.published.observations.columns), dtype=object)
        frame = frame.assign(place=adcode, indicator="gdp", period=str(year), value=value, origin="import", batch=1)
        frame = frame.astype(atlas.published.observations.dtypes.to_dict())
        assessment = progress.assess(atlas.counties, frame, plan=atlas.plan)
        return frame, assessment, assessment.loc[adcode].to_dict() | {"adcode": adcode}

    return made


# (what stands in the file, amount and share in the label and in the table, gap): halves go up as by hand, and what is
# short of 100 does not read as 100, nor a gap as none.
NEAR = [
    (100.25, "100.3", "100.3%", "0"),
    (120.35, "120.4", "120.4%", "0"),
    (98.65, "98.7", "98.7%", "1.4"),
    (99.96, "99.96", "99.96%", "0.04"),
    (99.999, "99.999", "99.999%", "0.001"),
]


@pytest.mark.parametrize(("value", "amount", "share", "gap"), NEAR)
def test_label_and_table_say_the_number_that_the_sentence_says(atlas, one, value, amount, share, gap):
    frame, assessment, row = one(value)
    sentence = progress.sentence(row)
    assert f"{amount}亿元" in sentence, "the sentence keeps short apart from reached"
    assert f"{amount}亿元" in figures.bullet_text(row, "zh")
    assert share in figures.bullet_text(row, "zh")
    page = progress_page.live(atlas, frame, View(), assessment)
    _, (cells,) = twin_of(page, "bullets-graph")
    assert (cells[2], cells[5]) == (amount, share)
    if value >= 100:
        assert cells[6] == gap
    else:
        assert Decimal(cells[6]) > 0, "a county behind by a little is behind by something"


# ---- the ladder and the roads -------------------------------------------------


@pytest.mark.parametrize("which", ["published", "full"])
@pytest.mark.parametrize(("lang", "theme"), BOTH)
def test_the_ladder_counts_what_is_listed_and_what_is_known(atlas, frames, which, lang, theme):
    known = {a: v for a, (_, v) in published_levels().items()} if which == "published" else stated()
    listed = Counter(row["band"] for row in rows("band_counties"))
    seen = Counter(rung(value) for value in known.values())
    rungs = progress.ladder(atlas.counties, frames[which], plan=atlas.plan)
    figure = figures.ladder(rungs, lang=lang, theme=theme)
    wanted = [id for id in progress.classes(atlas.plan).index if listed[id] or seen[id]]
    first, second = figure.data
    assert list(first.y) == [listed[id] for id in wanted] and sum(first.y) == 68
    assert list(second.y) == [seen[id] for id in wanted] and sum(second.y) == len(known)
    assert list(map(int, first.text)) == list(first.y) and list(map(int, second.text)) == list(second.y)
    bands = {row["id"]: row["zh_short" if lang == "zh" else "en_short"] for row in rows("bands")}
    labels = [label.replace("<br>", "") for label in first.x]
    assert [labels[n] for n, id in enumerate(wanted) if id in bands] == [bands[id] for id in wanted if id in bands]
    assert len(set(labels)) == len(wanted)
    assert str(len(known)) in NUMBER.findall(figure.layout.title.text)
    assert str(len(known)) in NUMBER.findall(second.name)
    assert figure.layout.yaxis.range[1] > max(*first.y, *second.y)


@pytest.mark.parametrize("which", ["published", "full"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_ladders_twin_has_the_same_counts_year_by_year(atlas, frames, which, lang):
    page = progress_page.settled(atlas, frames[which], View(lang=lang))
    heads, table = twin_of(page, "ladder-graph")
    by_year: dict[str, dict[str, Decimal]] = {}
    for row in rows("county_observations", PUBLISHED):
        if row["indicator"] == "gdp" and row["period"].isdecimal():
            value = Decimal(row["value"]) / {"亿元": 1, "万元": 10_000}[row["unit"]]
            by_year.setdefault(row["period"], {})[row["adcode"]] = value
    if which == "full":
        by_year[str(YEAR)] = dict(stated())
    latest = {a: v for a, (_, v) in published_levels().items()} if which == "published" else stated()
    assert heads[2:-1] == sorted(by_year)
    classes = list(progress.classes(atlas.plan).index)
    columns = [by_year[year] for year in sorted(by_year)] + [latest]
    for id, cells in zip(classes, table, strict=False):
        assert cells[1] == str(sum(row["band"] == id for row in rows("band_counties")))
        assert cells[2:] == [str(sum(rung(v) == id for v in column.values())) for column in columns], id
    assert table[-1][1:] == ["68", *[str(len(column)) for column in columns]]
    assert len(table) == len(classes) + 1


@pytest.mark.parametrize(("lang", "theme"), BOTH)
def test_the_roads_go_up_by_the_years_of_the_plan_and_of_the_openings(atlas, frames, lang, theme):
    steps = outcomes.roads(atlas.counties, frames["published"], atlas.published).steps
    figure = figures.roads(steps, lang=lang, theme=theme)
    planned, opened = figure.data
    # The line of those opened ends with the last record, of 2023: what is not known is not drawn as level.
    assert list(planned.x) == ["2022", "2023", "2024", "2025"] and list(opened.x) == ["2022", "2023"]
    assert list(planned.y) == [2, 7, 11, 15] and list(opened.y) == [1, 9]
    assert list(map(int, planned.text)) == [2, 7, 11, 15] and list(map(int, opened.text)) == [1, 9]
    assert planned.line.shape == opened.line.shape == "hv"
    roads = rows("expressways")
    known = [r for r in rows("expressways_opened", PUBLISHED) if r["status"] == "opened"]
    numbers = sorted(map(int, NUMBER.findall(figure.layout.title.text)), reverse=True)
    assert numbers[:2] == [len(roads), len(known)] == [15, 9]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_roads_twin_has_the_15_counties_and_what_is_known_of_them(atlas, frames, lang):
    _, table = twin_of(progress_page.settled(atlas, frames["published"], View(lang=lang)), "roads-graph")
    name = {r["adcode"]: r["name_short" if lang == "zh" else "name_en"] for r in rows("counties")}
    known = {r["adcode"]: r for r in rows("expressways_opened", PUBLISHED)}
    assert {cells[0] for cells in table} == {name[r["adcode"]] for r in rows("expressways")}
    for row in rows("expressways"):
        cells = next(cells for cells in table if cells[0] == name[row["adcode"]])
        mine = known[row["adcode"]]
        assert cells[1] == row["year"]
        assert cells[2][:4] == (mine["actual_year"] or "—")
        assert cells[5] == (mine["source_title"] or "—")


@pytest.mark.parametrize(("lang", "theme"), BOTH)
def test_no_chart_asks_for_anything_from_outside(atlas, frames, assessed, lang, theme):
    rungs = progress.ladder(atlas.counties, frames["full"], plan=atlas.plan)
    steps = outcomes.roads(atlas.counties, frames["full"], atlas.published).steps
    for figure in (
        figures.bullets(assessed["full"], lang=lang, theme=theme),
        figures.ladder(rungs, lang=lang, theme=theme),
        figures.roads(steps, lang=lang, theme=theme),
    ):
        assert "http" not in figure.to_json()
        assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)", "the page's own paper shows through"


# ---- whole pages --------------------------------------------------------------

PREFECTURES = [f"prefecture={r['adcode']}" for r in rows("prefectures")[::3] if int(r["n"])]
BANDS = [f"band={r['id']}" for r in rows("bands")] + ["band=none"]
EMPTY = "band=B1&energy=WIND"
FILTERS = ["", *PREFECTURES, *BANDS, EMPTY]
PERIODS = ["2022", "2024", "2025Q3"]
CASES = [(query, "") for query in FILTERS] + [
    (query, period) for period in PERIODS for query in ("", "band=B4", "band=none", "prefecture=620400", EMPTY)
]


def cited(frame: pd.DataFrame, atlas) -> set[str]:
    """Return the titles of sources, which stay as they are printed."""
    tables = (atlas.published.expressways_opened, atlas.published.connected_totals, atlas.published.evaluation_awards)
    titles = set(frame["source"]) | {title for table in tables for title in table["source_title"]}
    return {str(title) for title in titles if isinstance(title, str) and title}


def without(text: str, parts: set[str]) -> str:
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "§")
    return text


@pytest.mark.parametrize("which", ["published", "full"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_whole_for_every_filter_and_period(atlas, frames, which, lang):
    sources = cited(frames[which], atlas)
    cases = [case for case in CASES if case[0] not in PREFECTURES or (lang, which) == ("zh", "published") or case[1]]
    cases = cases if which == "published" else [case for case in cases if not case[0] or case[1]]

    @cache
    def assess(period: str) -> pd.DataFrame:
        return progress.assess(atlas.counties, frames[which], period or None, plan=atlas.plan)

    for query, period in cases:
        view, ignored = atlas.read("&".join(filter(None, [query, period and f"period={period}", f"lang={lang}"])))
        assert ignored == ()
        assessment = assess(period)
        whole = progress_page.live(atlas, frames[which], view, assessment)
        chosen = set(atlas.select(view.filter))
        page = left(whole, chosen)
        where = f"{query} {period}"
        texts = list(leaves(whole))
        assert not [text for text in texts if RAW.search(text)], where
        (states,) = find(page, "Ul", className="states")
        numbers = [int(text_of(strong)) for strong in find(states, "Strong")]
        assert sum(numbers) == len(chosen), where
        if lang == "en":
            left_over = [text for text in texts if CHINESE.search(without(text, sources))]
            assert not left_over, (where, left_over[:5])
        # Every county that has no bar and no bound is named, and travels whatever the filter.
        for looked_at, whose in ((page, chosen), (whole, set(assessment.index))):
            named = {link.children for p in find(looked_at, "P", className="names") for link in find(p, "A")}
            apart = assessment[assessment.index.isin(whose) & assessment["state"].isin(["no_data", "no_target"])]
            assert named == set(apart["name_short" if lang == "zh" else "name_en"]), where
        behind = [row for row in find(page, "Ol", id="behind-list") for row in find(row, "Li")]
        assert len(behind) == numbers[2], where
        every = [row for row in find(whole, "Ol", id="behind-list") for row in find(row, "Li")]
        assert len(every) == int((assessment["state"] == "behind").sum()), where


def words_of(said: str | list[str]) -> str:
    return said if isinstance(said, str) else "".join(said)


@pytest.mark.parametrize("which", ["published", "full"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_counted_is_what_is_left_on_the_page(atlas, frames, which, lang):
    """The counts come from Python, the rows are left out by the browser: here both stand for the same counties.

    They are counted before there is a language: in English, every third filter proves its words.
    """
    assessment = progress.assess(atlas.counties, frames[which], plan=atlas.plan)
    for query in FILTERS if lang == "zh" else [*FILTERS[::3], EMPTY]:
        view, _ = atlas.read(f"{query}&lang={lang}")
        whole = progress_page.live(atlas, frames[which], view, assessment)
        said = progress_page.counted(atlas, frames[which], view, assessment)
        chosen = set(atlas.select(view.filter))
        page = left(whole, chosen)
        sections = {
            getattr(h, "data-said", None): s for s in find(page, "Section") for h in find(s, "H2") if h in s.children
        }
        n = {key: [int(number) for number in NUMBER.findall(said[key])] for key in said if key.endswith("_title")}
        drawn, (_, table) = bars(figure_of(page, "bullets-graph")), twin_of(page, "bullets-graph")
        measured = [a for a in in_order(levels(which)) if a in chosen]
        assert set(drawn) == set(measured) and len(table) == len(measured)
        reached = [a for a in measured if levels(which)[a][1] >= bounds()[a][0]]
        assert n["bullets_title"] == [len(measured), len(reached)], query
        apart = floors() & chosen if which == "published" else set()
        assert set(adcodes(sections["floor_title"])) == apart and n["floor_title"] == [len(apart)], query
        behind = adcodes(sections["behind_title"])
        assert n["behind_title"] == [len(behind)] and set(behind) <= set(measured) - set(reached), query
        for key, state in (("missing_title", "no_data"), ("bare_title", "no_target")):
            links = adcodes(find(sections[key], "P", className="names"))
            assert n[key][0] == len(links), (query, key)
            assert set(links) == {adcode for adcode in chosen if assessment.at[adcode, "state"] == state}
        counts = Counter(assessment.loc[sorted(chosen), "state"])
        assert [said[f"state_{state}"] for state in progress.STATES] == [str(counts[s]) for s in progress.STATES]
        mine = assessment[assessment.index.isin(chosen)]
        if not chosen:
            assert said["headline"] == [empty_sentence(view.filter, atlas.members, lang)]
            continue
        assert said["headline"] == progress.headline(
            mine, frames[which], lang, plan=atlas.plan, chosen=not view.filter.is_empty
        )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("query", ["", "prefecture=620400", "band=B4", EMPTY])
def test_the_first_page_of_a_filter_says_its_own_counts(atlas, frames, lang, query):
    """Sentences, heads and the chart's title are those of the filter before the browser has asked for anything."""
    view, _ = atlas.read(f"{query}&lang={lang}")
    assessment = progress.assess(atlas.counties, frames["full"], plan=atlas.plan)
    page = progress_page.live(atlas, frames["full"], view, assessment)
    said = progress_page.counted(atlas, frames["full"], view, assessment)
    placed: dict[str, list[str]] = {}
    for kind in ("Div", "H2", "H3", "P", "Strong"):
        for node in find(page, kind):
            if key := getattr(node, "data-said", None):
                placed.setdefault(key, []).append(text_of(node))
    assert placed == {key: [words_of(text)] for key, text in said.items() if key != "bullets_title"}
    assert figure_of(page, "bullets-graph").layout.title.text == said["bullets_title"]
    (room,) = find(page, "Div", id="bullets-graph")
    assert getattr(room, "aria-label") == said["bullets_title"], "and so is its name for who does not see it"


def test_a_part_without_a_county_says_so_and_one_with_some_does_not(atlas, frames):
    """The browser hides one of the two: both stand in one part that follows the filter and holds counties."""
    assessment = progress.assess(atlas.counties, frames["published"], plan=atlas.plan)
    page = progress_page.live(atlas, frames["published"], View(), assessment)
    sections = find(page, "Section")
    assert [section.className for section in sections] == ["follows"] * 6
    nothing = {}
    for section in sections:
        whens = [getattr(node, "data-when", None) for kind in ("Div", "P", "Section") for node in find([section], kind)]
        assert "some" in whens
        nothing |= {text_of(p): section for p in find(section, "P") if getattr(p, "data-when", None) == "none"}
    assert set(nothing) == {word("bullets_none", "zh"), word("behind_none", "zh")}
    assert len(set(map(id, nothing.values()))) == 2, "one sentence a part"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("which", ["published", "full"])
def test_the_orders_that_travel_are_pythons(atlas, frames, which, lang):
    assessment = progress.assess(atlas.counties, frames[which], plan=atlas.plan)
    page = progress_page.live(atlas, frames[which], View(lang=lang), assessment)
    (listed,) = find(page, "Ol", id="behind-list")
    orders = json.loads(getattr(listed, "data-orders"))
    (choice,) = find(page, "Select", id="behind-sort")
    assert list(orders) == [option.value for option in choice.children] == list(progress_page.BEHIND_ORDERS)
    for by, order in orders.items():
        assert order == [adcode for adcode, _ in progress.behind(assessment, lang, by)]
    assert adcodes(listed) == orders["gap"]
    texts = dict(progress.behind(assessment, lang, "gap"))
    for item in listed.children:
        adcode = getattr(item, "data-adcode")
        assert text_of(find(item, "Span")) == texts[adcode]
        assert [b.to_plotly_json()["props"].get("data-pick") for b in find(item, "Button")] == [None, adcode]


def test_a_county_is_a_link_to_its_page(atlas, frames):
    assessment = progress.assess(atlas.counties, frames["published"], plan=atlas.plan)
    page = progress_page.live(atlas, frames["published"], View(), assessment)
    links = [link for p in find(page, "P", className="names") for link in find(p, "A")]
    assert links
    for link in links:
        adcode = getattr(link, "data-adcode")
        assert link.href == getattr(link, "data-page") == f"/county/{adcode}"
        assert link.children == atlas.counties.at[adcode, "name_short"]
    room = [room for room in find(page, "Div") if getattr(room, "data-table", None)][0]
    firsts = [row[0] for row in json.loads(getattr(room, "data-table"))["rows"]]
    assert [one["county"] for one in firsts] == in_order(levels("published"))
    assert [one["text"] for one in firsts] == [atlas.counties.at[one["county"], "name_short"] for one in firsts]


COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\([^)]*\)|\bhsla?\([^)]*\)")


def colours(node: Any, under: str = "") -> Iterator[str]:
    """Yield each colour of a figure: whatever stands under a key of one, and whatever looks like one elsewhere."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from colours(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from colours(value, under)
    elif isinstance(node, str):
        yield from [node] if "color" in under else COLOUR.findall(node)


@pytest.mark.parametrize("which", ["published", "full"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_dark_chart_is_the_light_one_with_other_colours(atlas, frames, assessed, which, lang):
    """The browser turns one into the other by `dark_colours`, as is done here, so that a theme costs no request."""
    dark = figures.dark_colours()
    assert len(set(dark.values())) == len(dark), "two colours that differ in one theme differ in the other"
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for pair in dark.items() for colour in pair)
    rungs = progress.ladder(atlas.counties, frames[which], plan=atlas.plan)
    steps = outcomes.roads(atlas.counties, frames[which], atlas.published).steps
    seen = set()
    for draw in (
        lambda theme: figures.bullets(assessed[which], lang=lang, theme=theme),
        lambda theme: figures.ladder(rungs, lang=lang, theme=theme),
        lambda theme: figures.roads(steps, lang=lang, theme=theme),
    ):
        drawn = json.loads(draw("light").to_json())
        drawn["layout"].pop("template")  # as `layouts.markup.chart` does
        mine = {colour for colour in colours(drawn) if colour != "rgba(0,0,0,0)"}
        assert mine and mine <= set(dark), sorted(mine - set(dark))
        seen |= mine
        light, other = (json.dumps(json.loads(draw(theme).to_json())) for theme in ("light", "dark"))
        assert re.sub("|".join(dark), lambda found: dark[found[0]], light) == other
    assert seen == set(dark), "none is there for nothing"


@pytest.mark.parametrize("which", ["published", "full"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_part_for_the_whole_province_is_whole(atlas, frames, which, lang):
    page = progress_page.settled(atlas, frames[which], View(lang=lang))
    texts = list(leaves(page))
    assert not [text for text in texts if RAW.search(text)]
    if lang == "en":
        sources = cited(frames[which], atlas)
        left = [text for text in texts if CHINESE.search(without(text, sources))]
        assert not left, left


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_target_of_a_box_says_where_it_stands(atlas, frames, lang):
    page = progress_page.settled(atlas, frames["published"], View(lang=lang))
    table = next(cells for _, cells in tables(page) if len(cells) == len(rows("provincial_targets")))
    end = "" if lang == "zh" else "_en"
    for row in rows("provincial_targets"):
        note = row[f"note{end}"]
        mine = (f"{row[f'indicator{end}']}\n{note}" if note else row[f"indicator{end}"], row[f"deadline{end}"])
        cells = next(cells for cells in table if (cells[0], cells[2]) == mine)
        assert cells[3].strip(), row["id"]
        if lang == "zh":
            # The box and its item; else the task; else the section of the plan.
            places = [row["item"]] if row["box"] else [row["task"], row["section"]]
            assert any(place and place in cells[3] for place in places), row["id"]
        if row["said"]:
            assert cells[1] == row[f"said{end}"], row["id"]
            continue
        times = {"亿": "0.1", "万": "10000"}.get(row["unit"][:1], "1") if lang == "en" else "1"
        amount = Decimal(row["value"]) * Decimal(times)
        # 10,000 kW, head, sheep or t: English counts them in GW and in millions.
        amount *= {"千": Decimal("1e-6")}.get(row["unit"][1:2], Decimal(1)) if lang == "en" else 1
        amount *= Decimal("1e-6") if lang == "en" and row["unit"] in ("万头", "万只", "万吨") else 1
        said = f"{amount.normalize():,f}" if lang == "en" else f"{amount.normalize():f}"
        said += f"–{row['upper']}" if row["upper"] else ""
        assert f"{said} " in f"{cells[1]} ", row["id"]
        assert lang == "zh" or not CHINESE.search(cells[1]), row["id"]
        assert ("力争" if lang == "zh" else "strive") in cells[1] or row["is_aspirational"] == "no", row["id"]


@pytest.mark.parametrize(
    ("id", "zh", "en"),
    [
        ("G01", "力争 ≥ 10 个", "strive for ≥ 10"),
        ("G04", "力争累计提高 8 个百分点", "strive for 8 percentage points"),
        ("T03b", "> 8000 万千瓦", "> 80 GW"),
        ("T11", "力争建成 4.5 万个", "strive for 45,000"),
        ("T14a", "≥ 300 万头", "≥ 3 million head"),
        ("T14b", "≥ 2700 万只", "≥ 27 million sheep"),
        ("T14f", "≥ 156 万吨", "≥ 1.56 million t"),
        ("T13c", "全面消除56人以上大班额", "no class of 56 pupils or more left"),
        ("T04", "打造千亿级集群", "build a cluster of the 100-bn-yuan class"),
        ("M4d", "每年纳入预算安排 5 亿元/年", "0.5 bn yuan a year"),
    ],
)
def test_a_target_says_what_is_asked(atlas, id, zh, en):
    row = atlas.plan.provincial_targets.set_index("id", drop=False).loc[id].to_dict()
    assert [progress_page.target_value(row, lang) for lang in ("zh", "en")] == [zh, en]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("allowed", [True, False])
def test_the_data_page_is_whole(atlas, filled, lang, allowed):
    page = data_page.page(atlas, filled, lang, allowed)
    texts = list(leaves(page))
    assert not [text for text in texts if RAW.search(text)]
    if lang == "en":
        # Titles, producers, notes that quote the print and what was printed stay, and so do a user's own texts.
        kept = cited(filled.observations(), atlas) | cited(atlas.published.observations, atlas)
        kept |= {t for column in ("title", "producer", "note_en") for t in atlas.published.sources[column]}
        quoted = ("printed", "corrected", "reason_en", "affects_en")
        kept |= {t for column in quoted for t in atlas.plan.corrections[column]}
        kept |= {"全表.xlsx", "测试"}
        left = [text for text in texts if CHINESE.search(without(text, {k for k in kept if k}))]
        assert not left, left
    assert bool(find(page, "Upload")) == allowed
    assert any('"undo":' in getattr(room, "data-table", "") for room in find(page, "Div")) == allowed


def test_coverage_is_what_the_store_holds(atlas, filled):
    ((heads, table),) = tables(data_page.coverage(filled, "zh"))
    found = {cells[0]: cells[1:] for cells in table}
    for name in ("地区生产总值", "地区生产总值增速"):
        assert found[name][heads.index(str(YEAR)) - 1] == "86"
    published = Counter(row["period"] for row in rows("county_observations", PUBLISHED) if row["indicator"] == "gdp")
    for period, amount in published.items():
        if period != str(YEAR):
            assert found["地区生产总值"][heads.index(period) - 1] == str(amount)


# What a file says must stand in the difference as it is, whatever its length.
EXACT = [
    ("地区生产总值（亿元）", "134.9345", "134.9345"),
    ("地区生产总值（亿元）", "1317.123456", "1,317.123456"),
    ("城镇居民人均可支配收入（元）", "1234567", "1,234,567"),
    ("地区生产总值（亿元）", "13.5", "13.5"),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("header", "value", "said"), EXACT)
def test_the_difference_shows_what_the_file_says(filled, header, value, said, lang):
    reading = read_file(xlsx([["2023年"], ["县区", header], ["城关区", value]]), "a.xlsx", citation="x")
    assert reading.ok, reading.faults
    page = data_page.reading_report(reading, filled, lang)
    ((_, (cells,)),) = tables(page)
    assert cells[4].split(" ")[0] == said
    if lang == "en":
        assert not CHINESE.search(" ".join(cells)), cells


def test_an_opening_shows_as_its_date(filled):
    lines = "县名,指标,数值,备注\r\n文县,通车日期,2022-12-31,G8513\r\n"
    reading = read_file(lines.encode("utf-8-sig"), "a.csv", citation="x")
    assert reading.ok
    ((_, (cells,)),) = tables(data_page.reading_report(reading, filled, "zh"))
    assert re.sub(r"\D", "", cells[4]) == "20221231", cells
