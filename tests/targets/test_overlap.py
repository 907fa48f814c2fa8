"""Combinations of roles and bands, held against the files, and the filters that lead to them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_files import facts, named, rows
from shipped import PLAN

from targets.overlap import Combination, combinations, role_sets, roles, roles_and_bands
from targets.selection import Filter, members, select, sentence

FACTS = facts()
IDS = [r["id"] for name in ("clusters", "energy") for r in rows(name)]
BANDS = [*(r["id"] for r in rows("bands")), "none"]
BAND = {a: next(id for id in BANDS if id in held) for a, held in FACTS.items()}
HELD = {a: tuple(id for id in IDS if id in held) for a, held in FACTS.items()}
SHORT = {r["id"]: r["zh_short"] for name in ("clusters", "energy") for r in rows(name)}
HALF_WIDTH = re.compile(r"[,;:!?()\"]|\.(?!\d)")

both_ways = pytest.mark.parametrize("with_bands", [False, True])


def grouped(with_bands: bool) -> dict[tuple[str, ...], list[str]]:
    """Return the counties of each exact combination, from the files."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for adcode in sorted(FACTS):
        found[(BAND[adcode], *HELD[adcode]) if with_bands else HELD[adcode]].append(adcode)
    return found


@st.composite
def small(draw):
    """Draw a few counties that hold anything at all, beside 嘉峪关市, and what they hold."""
    codes = draw(st.lists(st.sampled_from(sorted(FACTS)), min_size=0, max_size=9, unique=True))
    held = {a: draw(st.sets(st.sampled_from(IDS), max_size=5)) for a in codes}
    return {a: ({id for id in IDS if id in ids}, draw(st.sampled_from(BANDS))) for a, ids in held.items()}


def table(counties, drawn) -> pd.DataFrame:
    """Return the shipped counties, with what was drawn in place of the plan."""
    made = pd.DataFrame(counties.drop(columns="geometry")).loc[[*drawn, "620200"]]
    held = [*drawn.values(), (set(), "none")]
    return made.assign(
        clusters=pd.Series([tuple(id for id in IDS[:5] if id in s) for s, _ in held], made.index, dtype=object),
        energy=pd.Series([tuple(id for id in IDS[5:] if id in s) for s, _ in held], made.index, dtype=object),
        band=pd.Series([None if b == "none" else b for _, b in held], made.index, dtype=object),
    )


# --- the sets


def test_the_sets_are_the_clusters_and_the_energy_kinds():
    assert list(role_sets(PLAN)) == IDS
    assert len(role_sets(PLAN)) == 11


def test_roles_are_those_of_the_files(counties, plan):
    found = roles(counties, plan)
    assert found == HELD
    assert list(found) == sorted(FACTS)


# --- the combinations


@both_ways
def test_combinations_are_those_of_the_files(counties, plan, with_bands):
    found = combinations(counties, plan, with_bands=with_bands)
    assert {c.sets: list(c.adcodes) for c in found} == grouped(with_bands)
    for c in found:
        expected = Counter(BAND[a] for a in c.adcodes)
        assert list(c.bands.items()) == [(id, expected[id]) for id in BANDS if expected[id]]


def test_how_many_there_are(counties, plan):
    """44 counts the empty combination and leaves bands out."""
    found, banded = combinations(counties, plan), combinations(counties, plan, with_bands=True)
    assert len(found) == len(grouped(False)) == 44
    assert sum(bool(c.sets) for c in found) == 43
    assert len(next(c for c in found if not c.sets).adcodes) == 17
    assert len(banded) == len(grouped(True)) == 57
    assert sum(len(c.sets) > 1 for c in banded) == 53


@both_ways
def test_the_order_is_size_then_degree_then_plan(counties, plan, with_bands):
    found = combinations(counties, plan, with_bands=with_bands)
    place = {id: n for n, id in enumerate([*BANDS, *IDS])}
    keys = [(-len(c.adcodes), len(c.sets), [place[id] for id in c.sets]) for c in found]
    assert keys == sorted(keys)
    assert all(list(c.sets) == sorted(c.sets, key=place.__getitem__) for c in found)


@both_ways
def test_each_county_is_in_one(counties, plan, with_bands):
    found = combinations(counties, plan, with_bands=with_bands)
    assert sorted(a for c in found for a in c.adcodes) == sorted(FACTS)
    assert sum(n for c in found for n in c.bands.values()) == 86


@both_ways
def test_a_filter_leaves_exactly_its_counties(counties, plan, members, with_bands):
    found = combinations(counties, plan, with_bands=with_bands)
    assert all(select(c.filter(plan), members) == c.adcodes for c in found)
    assert len({c.filter for c in found}) == len(found)


@given(small(), st.booleans())
def test_whatever_the_counties_hold(counties, drawn, with_bands):
    """The same holds of any memberships: filters are exact, and the combinations are a partition."""
    made = table(counties, drawn)
    having = members(made, PLAN)
    found = combinations(made, PLAN, with_bands=with_bands)
    assert sorted(a for c in found for a in c.adcodes) == sorted(drawn)
    assert len({c.sets for c in found}) == len(found)
    for c in found:
        assert select(c.filter(PLAN), having) == c.adcodes
        for a in c.adcodes:
            held, band = drawn[a]
            assert set(c.sets) == (held | {band} if with_bands else held)


@given(st.sets(st.sampled_from(IDS)), st.none() | st.sampled_from(BANDS))
def test_a_combination_that_none_holds_has_a_filter_too(members, ids, band):
    sets = (*([band] if band else []), *(id for id in IDS if id in ids))
    want = [a for a in sorted(FACTS) if set(HELD[a]) == ids and band in (None, BAND[a])]
    assert list(select(Combination(sets, (), {}).filter(PLAN), members)) == want


def test_the_filter_of_a_press():
    made = Combination(("B5", "C3", "C5", "WIND"), (), {})
    assert made.filter(PLAN) == Filter(
        band=("B5",),
        cluster=("C3", "C5"),
        energy=("WIND",),
        cluster_op="all",
        exclude=tuple(id for id in IDS if id not in ("C3", "C5", "WIND")),
    )
    assert Combination((), (), {}).filter(PLAN) == Filter(exclude=tuple(IDS))
    assert "风电" in sentence(made.filter(PLAN), 0, PLAN)


def test_a_combination_is_a_value(counties, plan):
    found = combinations(counties, plan)
    assert len(set(found)) == len(found)
    assert found == combinations(counties, plan)
    assert replace(found[0], bands={}) != found[0]


# --- roles and bands


def test_who_has_a_role_and_who_has_a_band(counties):
    found = roles_and_bands(counties, PLAN)
    for name, role, band in (
        ("roles_only", True, False),
        ("band_only", False, True),
        ("both", True, True),
        ("neither", False, False),
    ):
        want = [a for a in sorted(FACTS) if bool(HELD[a]) == role and (BAND[a] != "none") == band]
        assert list(getattr(found, name)) == want
    assert [len(x) for x in (found.roles_only, found.band_only, found.both, found.neither)] == [11, 10, 58, 7]
    assert {*named("两当县", "广河县", "和政县", "舟曲县")} < set(found.neither)
    assert list(found.several) == [a for a in sorted(FACTS) if len(HELD[a]) > 1]


def test_who_has_the_most(counties):
    found, most = roles_and_bands(counties, PLAN), max(map(len, HELD.values()))
    assert set(found.most) == {a for a in FACTS if len(HELD[a]) == most} == named("甘州区")
    assert found.most_sets == HELD[found.most[0]]
    assert len(found.most_sets) == most == 7
    sizes = {sets: len(adcodes) for sets, adcodes in grouped(False).items() if sets}
    assert {c.sets for c in found.largest} == {s for s, n in sizes.items() if n == max(sizes.values())} == {("C2",)}


def test_the_findings_in_chinese(counties):
    some = sum(map(bool, HELD.values()))
    cell = Counter((bool(HELD[a]), BAND[a] != "none") for a in FACTS)
    most = max(HELD, key=lambda a: len(HELD[a]))
    name = next(r["name_short"] for r in rows("counties") if r["adcode"] == most)
    biomedicine = len(grouped(False)[("C2",)])
    assert roles_and_bands(counties, PLAN).sentences() == [
        f"专栏二、三共列{len(IDS)}类（{len(rows('clusters'))}个产业集群、{len(rows('energy'))}类新能源）：{len(FACTS)}"
        f"个县（市、区）中，{some}个至少列入一类，{len(FACTS) - some}个一类也未列入。",
        f"{cell[True, False]}个县（市、区）列入专栏二或专栏三而未列入专栏一，{cell[False, True]}个列入专栏一而未列入"
        f"专栏二、三，{cell[True, True]}个两方面都列入，{cell[False, False]}个三个专栏都未列入。",
        f"所列类别的不同组合共{len(grouped(False))}种（含一类也未列入），连同专栏一的档次（未列入自成一类）共"
        f"{len(grouped(True))}种。有类别的组合中，县数最多的是只列入{SHORT['C2']}的，共{biomedicine}个。",
        f"{sum(len(h) > 1 for h in HELD.values())}个县（市、区）列入两类及以上；最多的是{name}，{len(HELD[most])}类："
        f"{'、'.join(SHORT[id] for id in HELD[most])}。",
    ]


def test_the_findings_in_english(counties):
    assert roles_and_bands(counties, PLAN).sentences("en") == [
        "Boxes 2 and 3 list 11 roles (5 clusters, 6 new-energy kinds). Of 86 counties, 69 have at least one and 17 "
        "have none.",
        "11 counties have a role and no band (Box 1), 10 have a band and no role, 58 have both, 7 have neither.",
        "Different combinations of roles: 44, counting none at all as one; with the band, or the lack of one: 57. "
        "The largest with a role is biomedicine and nothing else: 10 counties.",
        "49 counties have more than one role; Ganzhou District has the most, 7: advanced manufacturing, biomedicine, "
        "non-ferrous metals & new materials, chemicals & coal power, PV + farming, wind, pumped storage.",
    ]


def test_both_languages_have_the_same_numbers(counties):
    found = roles_and_bands(counties, PLAN)
    assert [len(found.sentences(lang)) for lang in ("zh", "en")] == [4, 4]
    for zh, en in zip(found.sentences("zh"), found.sentences("en"), strict=True):
        # The boxes are numbers in one language only.
        en = re.sub(r"Box(?:es)? \d(?: and \d)?", "", en)
        assert Counter(re.findall(r"\d+", zh)) == Counter(re.findall(r"\d+", en))


@given(small())
def test_sentences_of_any_counties(counties, drawn):
    made = table(counties, drawn)
    found = roles_and_bands(made, PLAN)
    assert sorted([*found.roles_only, *found.band_only, *found.both, *found.neither]) == sorted(drawn)
    most = max((len(ids) for ids, _ in drawn.values()), default=0)
    assert set(found.most) == {a for a, (ids, _) in drawn.items() if ids and len(ids) == most}
    zh, en = found.sentences("zh"), found.sentences("en")
    assert len(zh) == len(en) == (4 if most else 3)
    assert all(s.endswith("。") and not HALF_WIDTH.search(s) for s in zh)
    assert all(s.endswith(".") and not re.search(r"[\u3000-\uffef]|\b1 (?:counties|have)\b", s) for s in en)
    assert not found.roles_only or f"{len(found.roles_only)}个" in zh[1]
    if len(found.most) in (2, 3):
        short = dict(zip(made.index, made["name_short"], strict=True))
        assert all(short[a] in zh[3] for a in found.most)


def test_ties_are_said(counties):
    few = pd.DataFrame(counties.drop(columns="geometry")).loc[sorted(named("平川区", "凉州区", "靖远县"))]
    found = roles_and_bands(few, PLAN)
    assert len(found.largest) == 3
    assert found.sentences()[2:] == [
        "所列类别的不同组合共3种，连同专栏一的档次（未列入自成一类）共3种。有类别的组合中，县数最多的3种，各1个。",
        "3个县（市、区）列入两类及以上；最多的是平川区、凉州区，各6类。",
    ]
    assert found.sentences("en")[2:] == [
        "Different combinations of roles: 3; with the band, or the lack of one: 3. "
        "The largest with a role are 3, of 1 county each.",
        "3 counties have more than one role; Pingchuan District and Liangzhou District have the most, 6 each.",
    ]
