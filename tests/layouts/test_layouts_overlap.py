"""The overlap page as Python sends it, held against the files."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from html import unescape

import pytest
from plan_files import by_option, facts, rows
from shipped import PLAN

from layouts.facts.view import View
from layouts.pages import overlap as overlap_page
from layouts.parts.markup import write
from layouts.words import word
from targets.selection import members, select

SETS = [row["id"] for name in ("clusters", "energy") for row in rows(name)]
BANDS = [*(row["id"] for row in rows("bands")), "none"]
FACTS = facts()
HELD = {adcode: tuple(id for id in SETS if id in held) for adcode, held in FACTS.items()}
BAND = {adcode: next(id for id in BANDS if id in held) for adcode, held in FACTS.items()}
both = pytest.mark.parametrize("lang", ["zh", "en"])


def grouped(banded: bool) -> dict[tuple[str, ...], list[str]]:
    """Return the counties of each exact combination, from the files."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for adcode in sorted(FACTS):
        found[(BAND[adcode], *HELD[adcode]) if banded else HELD[adcode]].append(adcode)
    return found


def written(atlas, lang: str = "zh") -> str:
    return write(overlap_page.page(atlas, View(lang=lang)))


def sent(html: str, name: str):
    """Return the data of one of the page's tables."""
    return json.loads(unescape(re.search(rf'data-{name}="([^"]*)"', html)[1]))


def held(html: str) -> dict[str, tuple[str, int]]:
    """Return the presses of the findings: label and number by query."""
    pattern = r'data-held="([^"]*)"[^>]*><span class="chip-name">([^<]*)</span><strong>(\d+)</strong>'
    return {unescape(query): (label, int(n)) for query, label, n in re.findall(pattern, html)}


@pytest.mark.parametrize(("name", "amount"), [("plain", 44), ("banded", 57)])
def test_each_combination_has_its_counties_bands_and_filter(atlas, name, amount):
    found = sent(written(atlas), "upset")[name]
    expected = grouped(name == "banded")
    assert len(found) == len(expected) == amount
    assert {tuple(one["sets"]): one["counties"] for one in found} == expected
    assert [len(one["counties"]) for one in found] == sorted(map(len, expected.values()), reverse=True)
    for one in found:
        count = Counter(BAND[adcode] for adcode in one["counties"])
        assert list(one["bands"].items()) == [(id, count[id]) for id in BANDS if count[id]]
        view, ignored = atlas.read(one["query"])
        assert ignored == ()
        assert view == View(filter=view.filter), "the filter, and nothing else of the view"
        assert list(select(view.filter, members(atlas.counties, PLAN))) == one["counties"]


@both
def test_findings_lead_to_the_counties_that_they_count(atlas, lang):
    html = written(atlas, lang)
    roles = {a for a in FACTS if HELD[a]}
    banded = {a for a in FACTS if BAND[a] != "none"}
    biomedicine = {a for a in FACTS if HELD[a] == ("C2",)}
    most = max(FACTS, key=lambda a: len(HELD[a]))
    expected = [set(FACTS) - roles, banded - roles, set(FACTS) - roles - banded, biomedicine, {most}]
    presses = held(html)
    assert [n for _, n in presses.values()] == [len(one) for one in expected] == [17, 10, 7, 10, 1]
    for query, one in zip(presses, expected, strict=True):
        assert set(select(atlas.read(query)[0].filter, members(atlas.counties, PLAN))) == one
    # What no filter says is a list of names: a filter joins its groups by "and" only.
    lists = re.findall(r"<details><summary>.*?<strong>(\d+)</strong></summary>(.*?)</details>", html)
    assert [(int(n), re.findall(r'data-adcode="(\d+)"', names)) for n, names in lists] == [
        (11, sorted(roles - banded)),
        (58, sorted(roles & banded)),
    ]
    for number in ("86", "69", "17", "11", "10", "58", "7", "44", "57", "49"):
        assert re.search(rf"(?<!\d){number}(?!\d)", "".join(re.findall(r'<p class="f\w+">(.*?)</p>', html))), number


@both
def test_the_matrix_carries_each_source_once(atlas, lang):
    found = sent(written(atlas, lang), "matrix")
    assert list(found["sets"]) == SETS
    named = {row["id"]: row for name in ("clusters", "energy") for row in rows(name)}
    departments = defaultdict(list)
    for row in rows("task_departments"):
        departments[row["task"]].append(row["department"])
    for id, given in found["sets"].items():
        assert given["title"] == named[id]["zh" if lang == "zh" else "en"]
        texts = [text for _, text, *_ in given["lines"]]
        assert named[id]["comparator"] in texts
        if lang == "zh":
            assert texts[0] == f"专栏{named[id]['box']}·{named[id]['item']}"
            named_there = "、".join(departments["2" if id.startswith("C") and id != "CSP" else "3"])
            assert texts[-2:] == [named_there, word("shared_duty", lang, PLAN)]
    # The one county that a list has under another name.
    assert {id: list(one) for id, one in found["counties"].items()} == {"C2": ["621223"]}
    assert "岩昌县" in [text for _, text, *_ in found["counties"]["C2"]["621223"]["lines"]]


def test_the_sizes_of_the_sets_are_those_of_the_files(atlas):
    found = sent(written(atlas), "upset")["plain"]
    sizes = {id: sum(len(one["counties"]) for one in found if id in one["sets"]) for id in SETS}
    assert sizes == {id: len(by_option()[id]) for id in SETS}


def test_the_page_is_small(atlas):
    assert len(written(atlas).encode()) < 64 * 1024
