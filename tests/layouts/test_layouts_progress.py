"""The progress and data pages: their charts, tables and texts against sums made by hand from the files."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from dash.development.base_component import Component
from days import DURING, TODAY
from import_corpus import counties, full_table, xlsx
from openpyxl import load_workbook
from plan_files import PUBLISHED, rows
from progress_oracle import BEGIN, END, Account, bounds, leads, weighed
from shipped import PLAN

from layouts.facts import progress as progress_facts
from layouts.facts import province
from layouts.facts.atlas import Atlas, Standing, open_atlas
from layouts.facts.missing import missing_rows
from layouts.facts.progress import WIDEST
from layouts.facts.view import View
from layouts.pages import data as data_page
from layouts.pages import progress as progress_page
from layouts.parts import figures, province_rows
from layouts.parts.attainment import AXIS
from layouts.words import word
from targets import evidence, progress
from targets.importing import compare
from targets.indicators import shipped_indicators
from targets.intake import read_file
from targets.observations import Store, open_store
from targets.published import cite
from targets.selection import empty_sentence
from targets.template import missing_xlsx
from targets.today import known_by

# What is looked at: what is published, after the term and while it runs; and with a full table of the target year.
WHICH = ("closed", "running", "full")
DAYS = {"closed": TODAY, "running": DURING, "full": TODAY}
BOTH = [(lang, theme) for lang in ("zh", "en") for theme in ("light", "dark")]
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
# What a missing value leaves when it is written as it is, and what no official reads.
RAW = re.compile(r"\bnan\b|<NA>|\bNaT\b|\bNone\b(?! of\b)|\binf\b|\d[eE][+-]\d|\[\]|\{\}|-0\.0\b")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
STATES = {
    "closed": {
        "reached": ("已达到", "reached"),
        "not_reached": ("未达到", "not reached"),
        "target_year_unknown": ("目标年数未得", "target year not known"),
        "no_figure": ("无数", "no figure"),
        "no_target": ("未列入", "not listed"),
    },
    "running": {
        "reached": ("已达下限", "reached"),
        "on_pace": ("进度内", "on pace"),
        "behind": ("落后", "behind"),
        "no_figure": ("没有可判断的数", "no figure to judge by"),
        "no_target": ("未列入专栏一", "not listed in Box 1"),
    },
}
STATES["full"] = STATES["closed"]


# ---- by hand ------------------------------------------------------------------


@cache
def stated() -> dict[str, Decimal]:
    """Return the GDP of each county in the full table, in 亿元."""
    return {adcode: Decimal(300_000 + 12_345 * n) / 10_000 for n, adcode in enumerate(counties())}


@cache
def account(which: str) -> Account:
    return Account(DAYS[which], {END: stated()} if which == "full" else {})


def rounded(value: Decimal, places: int = 1) -> str:
    """Round as a reader with a pencil does."""
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def rung(value: Decimal) -> str:
    for band in rows("bands"):
        if value >= Decimal(band["lower"]) and (not band["upper"] or value < Decimal(band["upper"])):
            return band["id"]
    return "below" if value < min(Decimal(band["lower"]) for band in rows("bands")) else "gap"


def names(adcodes: list[str], lang: str) -> list[str]:
    known = {r["adcode"]: r["name_short" if lang == "zh" else "name_en"] for r in rows("counties")}
    return [known[adcode] for adcode in adcodes]


def short_name(adcode: str, lang: str) -> str:
    (row,) = [r for r in rows("counties") if r["adcode"] == adcode]
    return row["name_short" if lang == "zh" else "name_en_short"]


# ---- what is looked at --------------------------------------------------------


@dataclass(frozen=True)
class Looked:
    """An atlas of a day, what it holds then, and its pages."""

    atlas: Atlas
    standing: Standing
    made: dict[str, Any] = field(default_factory=dict)

    def view(self, query: str) -> View:
        view, ignored = self.atlas.read(query)
        assert ignored == ()
        return view

    def of(self, period: str | None) -> Looked:
        given = self.standing
        rows = progress.assess(self.atlas.counties, given.observations, period, given.rules, self.atlas.plan)
        return replace(
            self, made={}, standing=Standing(given.observations, given.batches, given.indicators, rows, given.rules)
        )

    def page(self, query: str = "") -> list[Any]:
        if query not in self.made:
            self.made[query] = progress_page.live(self.atlas, self.standing, self.view(query))
        return self.made[query]

    def said(self, query: str = "") -> dict[str, Any]:
        return progress_facts.counted(self.atlas, self.standing, self.view(query))

    def settled(self, lang: str) -> list[Any]:
        return province_rows.rows(self.atlas, self.standing, View(lang=lang))


def look(atlas: Atlas, observations: pd.DataFrame, batches: pd.DataFrame) -> Looked:
    known = evidence.settle(known_by(observations, atlas.today))
    assessment = progress.assess(atlas.counties, known, None, atlas.rules, atlas.plan)
    return Looked(atlas, Standing(known, batches, shipped_indicators(), assessment, atlas.rules))


@pytest.fixture(scope="module")
def filled(atlas, tmp_path_factory) -> Iterator[Store]:
    """Return a store with the full table of the target year in it."""
    store = open_store(None, atlas.published.observations, tmp_path_factory.mktemp("full"))
    reading = read_file(full_table(f"{END}年"), "全表.xlsx", citation="测试表")
    assert reading.ok and len(reading.rows) == 4 * 86
    store.accept(compare(reading, store), "测试")
    yield store
    store.close()


@pytest.fixture(scope="module")
def looked(atlas, filled) -> dict[str, Looked]:
    none = filled.batches().iloc[:0]
    during = open_atlas(today=DURING)
    return {
        "closed": look(atlas, atlas.published.observations, none),
        "running": look(during, during.published.observations, none),
        "full": look(atlas, filled.observations(), filled.batches()),
    }


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


def amount_of(text: str, lang: str) -> Decimal:
    """Return the amount of a figure that may have its year beside it, in 亿元."""
    return Decimal(NUMBER.findall(text)[-1]) if lang == "zh" else Decimal(NUMBER.findall(text)[0]) * 10


def lines_of(body: Any) -> list[str]:
    """Return whose lines a table's body has, in their order."""
    return [getattr(line, "data-adcode") for line in body.children]


def section(page: Any, key: str) -> Any:
    """Return the part whose heading says `key`."""
    for kind in ("Section", "Details", "Div"):
        for one in find(page, kind):
            held = one.children if isinstance(one.children, list) else []
            held = [held[0].children, *held] if kind == "Details" else held  # the heading of a row that opens
            if any(getattr(part, "data-said", None) == key for part in held):
                return one
    return None


def linked(node: Any) -> list[str]:
    """Return the codes of the counties that a part names as links."""
    return [getattr(link, "data-adcode") for link in find(node, "A") if getattr(link, "data-adcode", None)]


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_states_are_counted(looked, which, lang):
    page = looked[which].page(f"lang={lang}")
    n = Counter(s.state for s in account(which).standing.values()) + Counter(no_target=18)
    assert sum(n.values()) == 86 and set(n) <= set(STATES[which])
    shown = {}
    (listed,) = find(page, "Ul", className="states")
    for item in find(listed, "Li"):
        (number,) = find(item, "Strong")
        shown[getattr(item, "data-count").removeprefix("state_")] = int(number.children), item.hidden, text_of(item)
    at = 0 if lang == "zh" else 1
    assert shown == {s: (n[s], not n[s], f"{n[s]}{name[at]}") for s, name in STATES[which].items()}
    (bar,) = find(page, "Div", className="state-bar")
    parts = {getattr(part, "data-class"): (part.style["flexGrow"], part.hidden) for part in find(bar, "Span")}
    assert parts == {s: (str(n[s]), not n[s]) for s in STATES[which] if s != "no_target"}
    finding = text_of(find(page, "P", className="finding")[0])
    if which == "running":
        said = [f"{name[0]}{n[s]}个" if lang == "zh" else f"{n[s]} {name[1]}" for s, name in STATES[which].items()]
        for (state, _), text in zip(STATES[which].items(), said, strict=True):
            assert (text in finding) == (n[state] > 0 and state != "no_target"), finding
        assert ("本图自定的年均7%" if lang == "zh" else "7 % a year is this atlas's own") in finding
        return
    # The finding leads the page and is short: who met it and who did not, of how many the target year is known.
    known, to_call = account(which).standing.values(), account(which).to_call
    latest = sum(any(f is not None and f.year >= BEGIN for f in (s.level, s.floor)) for s in known)
    numbers = [n["reached"], *([n["not_reached"]] if n["not_reached"] else [])]
    of_all = [END, 68 - len(to_call), 68, latest] if to_call else [68]
    assert [int(number.rstrip(",")) for number in NUMBER.findall(finding)] == [*of_all, *numbers], finding


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whom_to_call(looked, lang):
    page = looked["closed"].page(f"lang={lang}")
    wanted = account("closed").to_call
    part = section(page, "call_title")
    assert linked(part) == wanted and len(wanted) == 67
    assert NUMBER.findall(text_of(find(part, "H2")))[0] == str(len(wanted))
    of = {row["adcode"]: row["prefecture_code"] for row in rows("counties")}
    prefectures = {row["adcode"]: row["name" if lang == "zh" else "name_en"] for row in rows("prefectures")}
    counted = Counter(of[adcode] for adcode in wanted)
    groups = {getattr(find(h, "Span")[0], "data-said")[5:]: h for h in find(part, "H3")}
    heads = {code: text_of(h) for code, h in groups.items()}
    assert list(heads) == sorted(counted)
    for code, text in heads.items():
        assert prefectures[code] in text and NUMBER.findall(text) == [str(counted[code])]
        (mine,) = [
            group for group in find(part, "Div") if isinstance(group.children, list) and groups[code] in group.children
        ]
        assert linked(mine) == [adcode for adcode in wanted if of[adcode] == code]
    (ways,) = find(page, "P", className="load")
    load, book = find(ways, "A")
    assert load.href == "/data" and str(END) in text_of(load), "one press to load what is missing"
    assert book.href == "/template/missing.xlsx" + ("?lang=en" if lang == "en" else "")


def test_nobody_is_called_while_the_term_runs_or_when_all_is_known(looked):
    assert section(looked["running"].page(), "call_title") is None
    assert not find(looked["running"].page(), "P", className="load")
    assert account("full").to_call == [
        adcode for adcode in bounds() if any(f.year == END for f in account("full").clashing.get(adcode, ()))
    ]
    assert linked(section(looked["full"].page(), "call_title")) == account("full").to_call


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_is_short_and_by_how_much(looked, which, lang):
    page = looked[which].page(f"lang={lang}")
    short = {a: s for a, s in account(which).standing.items() if s.state in ("behind", "not_reached")}
    order = sorted(short, key=lambda a: (short[a].level.value - short[a].lower, a))
    assert bool(order) == (which != "closed")
    if not order:
        assert not find(page, "Tbody", id="behind-list"), "of nobody nothing is said"
        return
    (listed,) = find(page, "Tbody", id="behind-list")
    assert lines_of(listed) == order, "the widest gap first"
    assert [getattr(row, "data-beyond", False) for row in listed.children] == [at >= WIDEST for at in range(len(order))]
    most = short[order[0]].lower - short[order[0]].level.value
    for adcode, row in zip(order, listed.children, strict=True):
        name, bar, by, figure, share, *growth = row.children
        lower, level = short[adcode].lower, short[adcode].level
        assert text_of(name) == short_name(adcode, lang)
        assert Decimal(NUMBER.findall(text_of(by))[0]) * (1 if lang == "zh" else 10) == lower - level.value
        (fill,) = find(bar, "Span", className="swatch")
        assert float(fill.style["width"][:-1]) == pytest.approx(float((lower - level.value) / most * 100), abs=0.01)
        assert getattr(fill, "data-class") == short[adcode].state
        assert amount_of(text_of(figure), lang) == level.value
        assert find(figure, "Button", className="source-mark"), "every figure says where it stands"
        assert NUMBER.findall(text_of(share)) == [rounded(level.value / lower * 100)]
        assert bool(growth) == (which == "running"), "no required growth after the term"
        if growth and level.year < END:
            needs = (float(lower / level.value) ** (1 / (END - level.year)) - 1) * 100
            assert float(NUMBER.findall(text_of(growth))[0]) == pytest.approx(needs, abs=0.051)
    assert NUMBER.findall(looked[which].said(f"lang={lang}")["short_title"])[0] == str(len(order))


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_county_that_is_measured_is_a_dot_on_one_axis(looked, which, lang):
    """A row says in words what its dot draws: that is the chart's twin. By prefecture, the least attained first."""
    page, known = looked[which].page(f"lang={lang}"), account(which).standing
    of = {row["adcode"]: row["prefecture_code"] for row in rows("counties")}
    groups = [group for group in find(page, "Div") if "dots-group" in (getattr(group, "className", None) or "")]
    drawn = [a for group in groups for body in find(group, "Tbody") for a in lines_of(body)]
    order = sorted(account(which).drawn, key=lambda a: (of[a], known[a].level.value / known[a].lower, a))
    assert drawn == order, "each with a level that judges, and no other"
    assert len(groups) == len({of[a] for a in drawn})
    low, high = AXIS
    for row in [row for group in groups for body in find(group, "Tbody") for row in body.children]:
        adcode, (name, strip, share, figure, gap) = getattr(row, "data-adcode"), row.children
        level, lower = known[adcode].level, known[adcode].lower
        (mark,) = [one for one in find(strip, "Span") if "dot-mark" in one.className]
        percent = level.value / lower * 100
        at = (min(max(percent, Decimal(low)), Decimal(high)) - low) / (high - low) * 100
        assert float(mark.style["left"][:-1]) == pytest.approx(float(at), abs=0.01)
        assert ("is-under" in mark.className, "is-over" in mark.className) == (percent < low, percent > high)
        assert getattr(mark, "data-class") == known[adcode].state
        assert text_of(name) == short_name(adcode, lang) and NUMBER.findall(text_of(share)) == [rounded(percent)]
        assert amount_of(text_of(figure), lang) == level.value
        assert (str(level.year) in text_of(figure)) == (level.year != END), "the year, where it is not the target's"
        assert lang == "en" or level.imported or level.printed in text_of(figure), "as it was printed"
        assert find(figure, "Button", className="source-mark")
        short = max(lower - level.value, Decimal(0)) / (1 if lang == "zh" else 10)
        assert list(map(Decimal, NUMBER.findall(text_of(gap)))) == ([short] if short else [])
        assert ("is-short" in gap.className) == (known[adcode].state in ("behind", "not_reached")), (
            "red is for the short"
        )
    reached = sum(known[a].state == "reached" for a in drawn)
    numbers = [str(len(drawn)), *([str(reached)] if reached else [])]
    assert NUMBER.findall(looked[which].said(f"lang={lang}")["dots_title"]) == numbers


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_county_has_its_tile(looked, which, lang):
    """One square a county, none upon another, in its state, which its name says too."""
    (room,) = find(looked[which].page(f"lang={lang}"), "Div", className="tiles")
    known, at = account(which).standing, 0 if lang == "zh" else 1
    places = {(tile.style["gridColumn"], tile.style["gridRow"]) for tile in room.children}
    assert len(places) == len(room.children) == 87
    for tile in room.children:
        adcode, state = getattr(tile, "data-adcode"), getattr(tile, "data-class")
        assert tile.href == f"/county/{adcode}"
        if adcode == "620200":
            assert state == "na"
            continue
        assert state == (known[adcode].state if adcode in known else "no_target")
        assert getattr(tile, "aria-label").endswith(STATES[which][state][at])
        assert lang == "en" or text_of(tile) and names([adcode], lang)[0].startswith(text_of(tile)[:2])


@pytest.mark.parametrize("which", ["closed", "running"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_leads_and_contradictions_stand_apart(looked, which, lang):
    page, said = looked[which].page(f"lang={lang}"), looked[which].said(f"lang={lang}")
    wanted = leads(DAYS[which])
    n, whose = len(wanted), len({row["adcode"] for row in wanted})
    assert sorted(NUMBER.findall(said["leads_title"])) == sorted([str(n), str(whose)])
    ((heads, table),) = tables(section(page, "leads_title"))
    assert sorted(cells[0] for cells in table) == sorted(names([row["adcode"] for row in wanted], lang))
    if lang == "zh":
        assert sorted(cells[2] for cells in table) == sorted(row["printed"] for row in wanted)
    assert heads[4] == word("head_confirmed", lang)
    clash = account(which).clashing
    count = sum(map(len, clash.values()))
    assert sorted(NUMBER.findall(said["clash_title"])) == sorted([str(count), str(len(clash))])
    if not clash:
        assert section(page, "clash_title") is None
        return
    ((_, table),) = tables(section(page, "clash_title"))
    assert [cells[0] for cells in table] == names([a for a, given in clash.items() for _ in given], lang)
    if lang == "zh":
        assert [cells[2] for cells in table] == [
            f.printed for given in clash.values() for f in sorted(given, key=lambda f: f.year)
        ]


def test_a_confirmed_lead_says_the_state_it_would_give(looked):
    """秦州 is listed for 300, and 285.4 of 2024 tells nothing of 2025; 永登's 144.4 is past its bound."""
    ((_, table),) = tables(section(looked["closed"].page(), "leads_title"))
    would = {cells[0]: cells[4] for cells in table}
    assert bounds()["620502"][0] == 300 and would["秦州区"] == "目标年数未得"
    assert bounds()["620121"][0] <= 144 and would["永登县"] == "已达到"
    assert would["肃北县"] == "仍为“目标年数未得”", "another figure of the same year judges already"


@pytest.mark.parametrize("which", ["closed", "running"])
def test_without_the_leads_the_page_finds_the_same(looked, which):
    mine = looked[which]
    rows = mine.standing.observations
    left = rows[rows["standing"] != "lead"].drop(columns="standing")
    bare = look(mine.atlas, left, mine.standing.batches)
    assert len(left) < len(rows) and evidence.leads(bare.standing.observations).empty
    said, without = mine.said(), bare.said()
    assert {k: v for k, v in said.items() if k != "leads_title"} == {
        k: v for k, v in without.items() if k != "leads_title"
    }
    whole, shorter = mine.page(), bare.page()
    assert section(whole, "leads_title") is not None and section(shorter, "leads_title") is None
    kept = [part for part in whole if part is not section(whole, "leads_title")]
    assert [str(part) for part in kept] == [str(part) for part in shorter]
    assert [str(part) for part in mine.settled("zh")] == [str(part) for part in bare.settled("zh")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_plans_own_counts(looked, lang):
    """10个以上 and 30个以上（力争） beside 12 and 34 listed."""
    texts = list(map(text_of, find(looked["closed"].settled(lang), "P")))
    known = account("closed").standing
    listed = {300: 0, 100: 0}
    for lower, _ in bounds().values():
        listed[300 if lower >= 300 else 100] += lower >= 100
    assert listed == {300: 12, 100: 34}
    for asked, step in ((10, 300), (30, 100)):
        said = next(t for t in texts if (f"力争{asked}个以上" if lang == "zh" else f"strives for {asked} or more") in t)
        assert str(listed[step]) in NUMBER.findall(said)
    past = sum(s.level is not None and s.level.value >= 300 for s in known.values())
    assert str(past) in NUMBER.findall(next(t for t in texts if ("力争10个" if lang == "zh" else "for 10 or") in t))


@pytest.mark.parametrize(("which", "zh", "en"), [("closed", "收官", "closed"), ("running", "实施期内", "runs to")])
def test_the_stamp_is_of_the_day(looked, which, zh, en):
    mine = looked[which]
    for lang, words in (("zh", zh), ("en", en)):
        (stamp,) = find(progress_page.page(mine.atlas, mine.standing, View(lang=lang)), "P", className="stamp")
        assert DAYS[which].isoformat() in text_of(stamp) and words in text_of(stamp)


# ---- the workbook that asks ----------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("query", ["", "prefecture=620900"])
def test_the_workbook_asks_for_what_is_missing_and_is_read_back(looked, lang, query):
    mine = looked["closed"]
    view = mine.view(f"{query}&lang={lang}")
    wanted = [adcode for adcode in account("closed").to_call if not query or adcode.startswith("6209")]
    given = missing_rows(mine.atlas, mine.standing, view)
    content = missing_xlsx(given, str(END), lang)
    empty = read_file(content, "要数.xlsx", citation="")
    assert not empty.ok and [fault.en for fault in empty.faults] == ["no figure was found"]
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    assert [str(row[0].value) for row in sheet.iter_rows(min_row=2)] == wanted
    value = [cell.value for cell in sheet[1]].index("数值" if lang == "zh" else "value") + 1
    for n in range(len(wanted)):
        assert sheet.cell(n + 2, value).value is None and sheet.cell(n + 2, value).fill.fgColor.rgb == "00FFF7D6"
        assert sheet.cell(n + 2, 5).value == str(END) and sheet.cell(n + 2, 5).data_type == "s"
        sheet.cell(n + 2, value).value = 100 + n / 10
    assert any(sheet.cell(n + 2, 10).value for n in range(len(wanted))), "what is known stands by"
    file = io.BytesIO()
    book.save(file)
    reading = read_file(file.getvalue(), "要数.xlsx", citation="各县统计局")
    assert reading.ok, reading.faults
    assert [(r.place, r.indicator, r.period, r.value, r.unit) for r in reading.rows] == [
        (adcode, "gdp", str(END), 100 + n / 10, "亿元") for n, adcode in enumerate(wanted)
    ]


def test_whom_to_call_does_not_follow_the_period(looked):
    chosen = looked["closed"].of("2023")
    page = progress_page.live(chosen.atlas, chosen.standing, View(period="2023"))
    assert linked(section(page, "call_title")) == account("closed").to_call


# (what stands in the user's table, amount and share in the label and in the table, gap): halves go up as by hand, the
# gap is what the amount as said leaves, and what is short of 100 does not read as 100, nor a gap as none.
NEAR = [
    (100.25, "100.25", "100.3%", "0"),
    (120.35, "120.35", "120.4%", "0"),
    (98.65, "98.65", "98.7%", "1.35"),
    (99.96, "99.96", "99.96%", "0.04"),
    (99.999, "99.999", "99.999%", "0.001"),
]


@pytest.mark.parametrize(("value", "amount", "share", "gap"), NEAR)
def test_label_and_table_say_the_number_that_the_sentence_says(looked, value, amount, share, gap):
    mine = looked["full"]
    rows = mine.standing.observations.drop(columns="standing")
    adcode = next(a for a, (lower, upper) in sorted(bounds().items()) if (lower, upper) == (100, 200))
    own = (rows["place"] == adcode) & (rows["indicator"] == "gdp") & (rows["period"] == str(END))
    frame = rows[~((rows["place"] == adcode) & ~own)].copy()
    frame.loc[own, "value"] = value
    given = look(mine.atlas, frame, mine.standing.batches)
    row = given.standing.assessment.loc[adcode].to_dict() | {"adcode": adcode}
    assert f"{amount}亿元" in progress.sentence(row, "zh", given.standing.rules), (
        "the sentence keeps short apart from reached"
    )
    (cells,) = [
        [text_of(cell) for cell in line.children]
        for group in find(given.page(), "Table", className="plain dots")
        for line in find(group, "Tr")
        if getattr(line, "data-adcode", None) == adcode
    ]
    assert (cells[2], NUMBER.findall(cells[3])) == (share, [amount])
    assert cells[4] == ("" if gap == "0" else f"差{gap}亿元"), "a county short by a little is short by something"


# ---- the ladder and the roads -------------------------------------------------


def by_year(which: str) -> dict[int, dict[str, Decimal]]:
    """Return what judges of each year up to the target's, of all counties; what is only passed counts as its amount."""
    found: dict[int, dict[str, Decimal]] = {}
    for row in rows("counties"):
        for figure in weighed(account(which).figures(row["adcode"]))[0]:
            if figure.year <= END:
                found.setdefault(figure.year, {})[row["adcode"]] = figure.value
    return found


def newest(which: str) -> dict[str, Decimal]:
    return {adcode: value for _, table in sorted(by_year(which).items()) for adcode, value in table.items()}


def row_of(page: Any, table: str) -> Any:
    """Return the row that opens with a table of this look."""
    (row,) = [one for one in page if find(one, "Table", className=f"plain {table}")]
    return row


def cells_of(table: Any) -> list[list[str]]:
    return [[text_of(cell) for cell in line.children] for body in find(table, "Tbody") for line in body.children]


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_ladder_counts_what_is_listed_and_what_is_known(looked, which, lang):
    """Year by year, as numbers; as bars what the plan lists and the latest years of which most is known."""
    row = row_of(looked[which].settled(lang), "ladder")
    (table,) = find(row, "Table", className="plain ladder")
    heads = [text_of(head) for head in find(find(table, "Thead"), "Th")]
    years = by_year(which)
    assert heads[2:-1] == [str(year) for year in sorted(years)]
    known = progress.classes(looked[which].atlas.plan)
    columns = [years[year] for year in sorted(years)] + [newest(which)]
    body = cells_of(table)
    assert [cells[0] for cells in body[:-1]] == list(known[lang])
    for id, cells in zip(known.index, body, strict=False):
        assert cells[1] == str(sum(row["band"] == id for row in rows("band_counties")))
        assert cells[2:] == [str(sum(rung(v) == id for v in column.values())) for column in columns], id
    assert body[-1][1:] == ["68", *[str(len(column)) for column in columns]]
    drawn = [
        heads[at] for at, cell in enumerate(find(table, "Tr")[1].children) if find(cell, "Span", className="swatch")
    ]
    assert drawn == [heads[1], str(END) if which == "full" else heads[-1]]
    seen = by_year(which)[END] if which == "full" else newest(which)
    assert str(len(seen)) in NUMBER.findall(text_of(find(row, "H2")))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_roads_are_steps_with_their_names(looked, lang):
    row = row_of(looked["closed"].settled(lang), "steps")
    # What is known ends with the last record, of 2023: it is not said that nothing opened after.
    body = cells_of(find(row, "Table", className="plain steps"))
    assert [cells[:3] for cells in body] == [
        ["2022", "2", "1"], ["2023", "7", "9"], ["2024", "11", "—"], ["2025", "15", "—"]
    ]  # fmt: skip
    name = {r["adcode"]: r["name_short" if lang == "zh" else "name_en"] for r in rows("counties")}
    for cells in body:
        for road in rows("expressways"):
            assert (name[road["adcode"]] in cells[3]) == (road["year"] == cells[0])
    known = {r["adcode"]: r for r in rows("expressways_opened", PUBLISHED)}
    assert sorted(map(int, NUMBER.findall(text_of(find(row, "H2")))))[-2:] == [9, 15]
    ((_, table),) = tables(row)
    assert {cells[0] for cells in table} == {name[r["adcode"]] for r in rows("expressways")}
    for road in rows("expressways"):
        cells = next(cells for cells in table if cells[0] == name[road["adcode"]])
        mine = known[road["adcode"]]
        assert cells[1] == road["year"]
        assert cells[2][:4] == (mine["actual_year"] or "—")
        assert cells[5] == (cite(mine["publisher"], mine["title"], mine["date"]) or "—")


# ---- whole pages --------------------------------------------------------------

EMPTY = "band=B1&energy=WIND"
FILTERS = ["prefecture=620100", "prefecture=620900", "band=B4", "band=none", EMPTY]
PERIODS = {"closed": ["2022", "2023", "2025", "2025-06"], "running": ["2023", "2024Q1"], "full": ["2022"]}


def cited(frame: pd.DataFrame, atlas) -> set[str]:
    """Return the titles of sources, which stay as they are printed."""
    tables = (atlas.published.expressways_opened, atlas.published.connected_totals, atlas.published.evaluation_awards)
    titles = set(frame["source"]) | {title for table in tables for title in table["source"]}
    return {str(title) for title in titles if isinstance(title, str) and title}


def without(text: str, parts: set[str]) -> str:
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "§")
    return text


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_whole_for_every_period(looked, which, lang):
    mine = looked[which]
    sources = cited(mine.standing.observations, mine.atlas) | set(mine.standing.batches["file"].dropna())
    for period in (None, *PERIODS[which]):
        view = View(lang=lang, period=period)
        given = mine if period is None else mine.of(period)
        page = progress_page.page(given.atlas, given.standing, view)
        texts = list(leaves(page))
        assert not [text for text in texts if RAW.search(text)], period
        if lang == "en":
            left_over = [text for text in texts if CHINESE.search(without(text, sources))]
            assert not left_over, (period, left_over[:5])


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_counted_is_what_is_left_on_the_page(looked, which, lang):
    """The counts come from Python, the rows are left out by the browser: here both stand for the same counties."""
    mine = looked[which]
    everyone = mine.standing.assessment
    whole = mine.page(f"lang={lang}")
    for query in FILTERS if lang == "zh" else [FILTERS[0], EMPTY]:
        view = mine.view(f"{query}&lang={lang}")
        said = mine.said(f"{query}&lang={lang}")
        chosen = set(mine.atlas.select(view.filter))
        page = left(whole, chosen)
        n = {key: [int(number) for number in NUMBER.findall(said[key])] for key in said if key.endswith("_title")}
        drawn = [
            a
            for table in find(page, "Table", className="plain dots")
            for body in find(table, "Tbody")
            for a in lines_of(body)
        ]
        measured = [a for a in account(which).drawn if a in chosen]
        reached = [a for a in measured if account(which).standing[a].state == "reached"]
        assert sorted(drawn) == sorted(measured)
        assert n["dots_title"] == [len(measured), *([len(reached)] if reached else [])], query
        floors = [a for a, s in account(which).standing.items() if s.by_floor and a in chosen]
        assert adcodes(section(page, "floor_title")) == floors and n["floor_title"] == [len(floors)], query
        behind = [a for body in find(page, "Tbody", id="behind-list") for a in lines_of(body)]
        assert n["short_title"][0] == len(behind), query
        bare = [a for a in everyone.index if a in chosen and a not in bounds()]
        assert linked(section(page, "bare_title")) == bare and n["bare_title"][0] == len(bare)
        if which == "running":
            missing = {a for a, s in account(which).standing.items() if s.state == "no_figure" and a in chosen}
            assert set(linked(section(page, "missing_title"))) == missing and n["missing_title"][0] == len(missing)
        else:
            called = linked(section(page, "call_title"))
            assert called == [a for a in account(which).to_call if a in chosen] and n["call_title"][0] == len(called)
        for key in ("leads_title", "clash_title"):
            if (part := section(page, key)) is not None:
                ((_, table),) = tables(part)
                assert len(table) in n[key], (query, key)
        counts = Counter(everyone.loc[sorted(chosen), "state"])
        assert {s: said[f"state_{s}"] for s in STATES[which]} == {s: str(counts[s]) for s in STATES[which]}
        if not chosen:
            assert said["headline"] == [empty_sentence(view.filter, mine.atlas.members, PLAN, lang)]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("query", ["", "prefecture=620400", EMPTY])
@pytest.mark.parametrize("which", ["closed", "running"])
def test_the_first_page_of_a_filter_says_its_own_counts(looked, which, lang, query):
    """Sentences, heads and the chart's title are those of the filter before the browser has asked for anything."""
    page, said = (ask(f"{query}&lang={lang}") for ask in (looked[which].page, looked[which].said))
    placed: dict[str, list[str]] = {}
    for kind in ("Div", "H2", "H3", "P", "Span", "Strong", "Dd"):
        for node in find(page, kind):
            if key := getattr(node, "data-said", None):
                placed.setdefault(key, []).append(text_of(node))
    for key, texts in placed.items():
        assert texts == [said[key] if isinstance(said[key], str) else "".join(said[key])], key
    unseen = {key for key in set(said) - set(placed) if which == "running" or key != "missing_title"}
    nobody = {key for key in unseen if key.endswith("_title") and re.match("[^0-9]*0[^0-9]", said[key]) is not None}
    assert not unseen - nobody - {"clash_title"}, "every count has its place"


def test_a_part_without_a_county_says_so_and_one_with_some_does_not(looked):
    """The browser hides one of the two: both stand in one part that follows the filter and holds counties."""
    for which, words in (("closed", {"bullets_none"}), ("running", {"bullets_none"})):
        page = looked[which].page()
        nothing = {}
        for part in find(page, "Section"):
            assert "follows" in part.className.split()
            kinds = [node for kind in ("Div", "P", "Section") for node in find([part], kind)]
            assert "some" in [getattr(node, "data-when", None) for node in kinds]
            nothing |= {text_of(p): part for p in find(part, "P") if getattr(p, "data-when", None) == "none"}
        assert set(nothing) == {word(key, "zh", PLAN) for key in words}


def test_a_county_is_a_link_to_its_page(looked):
    page = looked["closed"].page()
    links = [link for p in find(page, "P", className="names") for link in find(p, "A")]
    assert links
    for link in links:
        adcode = getattr(link, "data-adcode")
        assert link.href == getattr(link, "data-page") == f"/county/{adcode}"
        assert link.children == looked["closed"].atlas.counties.at[adcode, "name_short"]


@pytest.mark.parametrize("which", WHICH)
def test_no_script_draws_the_page(looked, which):
    """Bars, tiles and dots are HTML: they are there before any script, in both themes and on paper."""
    mine = looked[which]
    page = progress_page.page(mine.atlas, mine.standing, View())
    assert not [room for room in find(page, "Div") if getattr(room, "data-figure", None)]


def test_the_dark_charts_are_the_light_ones_with_other_colours():
    dark = figures.dark_colours()
    assert len(set(dark.values())) == len(dark), "two colours that differ in one theme differ in the other"
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for pair in dark.items() for colour in pair)


def test_states_are_told_apart_without_colour(looked):
    """Every state that is measured has its own look; of what is not known yet it is a pattern."""
    assert set(figures.STATE_PATTERN) == set(progress.MEASURED)
    for which in ("closed", "running"):
        states = [state for state in STATES[which] if state in progress.MEASURED]
        for theme in ("light", "dark"):
            assert len({figures.STATE_FILL[theme][state] for state in states}) == len(states)


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_part_for_the_whole_province_is_whole(looked, which, lang):
    page = looked[which].settled(lang)
    texts = list(leaves(page))
    assert not [text for text in texts if RAW.search(text)]
    if lang == "en":
        sources = cited(looked[which].standing.observations, looked[which].atlas)
        left_over = [text for text in texts if CHINESE.search(without(text, sources))]
        assert not left_over, left_over
    drawers = find(page, "Details", className="drawer") + find(page, "Details", className="drawer rules")
    assert len(drawers) == 6 and not any(getattr(one, "open", False) for one in drawers)
    rules = find(drawers[-1], "Li")
    assert [text_of(one) for one in rules] == list(looked[which].atlas.rules.sentences(lang))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_target_of_a_box_says_where_it_stands(looked, lang):
    page = looked["closed"].settled(lang)
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
    assert [province.target_value(row, lang) for lang in ("zh", "en")] == [zh, en]


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
    ((heads, table),) = tables(data_page.coverage(atlas, filled, "zh"))
    found = {cells[0]: cells[1:] for cells in table}
    assert found["地区生产总值增速"][heads.index(str(END)) - 1] == "86"
    for year, known in by_year("full").items():
        assert found["地区生产总值"][heads.index(str(year)) - 1] == str(len(known)), "what contradicts is not counted"


# What a file says must stand in the difference as it is, whatever its length.
EXACT = [
    ("地区生产总值（亿元）", "134.9345", "134.9345"),
    ("地区生产总值（亿元）", "1317.123456", "1,317.123456"),
    ("城镇居民人均可支配收入（元）", "1234567", "1,234,567"),
    ("地区生产总值（亿元）", "13.5", "13.5"),
]


def difference(report):
    """Return the only row of the table that sets old beside new; how each column was read has one of its own."""
    how, ((_, (cells,)),) = [t for t in tables(report) if len(t[0]) != 8], [t for t in tables(report) if len(t[0]) == 8]
    assert len(how) == 1
    return cells


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("header", "value", "said"), EXACT)
def test_the_difference_shows_what_the_file_says(atlas, filled, header, value, said, lang):
    reading = read_file(xlsx([["2023年"], ["县区", header], ["城关区", value]]), "a.xlsx", citation="x")
    assert reading.ok, reading.faults
    cells = difference(data_page.reading_report(atlas, reading, filled, lang))
    assert cells[4].split(" ")[0] == said
    if lang == "en":
        assert not CHINESE.search(" ".join(cells)), cells


def test_an_opening_shows_as_its_date(atlas, filled):
    lines = "县名,指标,数值,备注\r\n文县,通车日期,2022-12-31,G8513\r\n"
    reading = read_file(lines.encode("utf-8-sig"), "a.csv", citation="x")
    assert reading.ok
    cells = difference(data_page.reading_report(atlas, reading, filled, "zh"))
    assert re.sub(r"\D", "", cells[4]) == "20221231", cells
