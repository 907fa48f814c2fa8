"""The counties like one, held against the files."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_files import facts, named, rows
from shipped import PLAN

from targets.likeness import MOST, Alike, by_roles, rule, same_band

FACTS = facts()
IDS = [r["id"] for name in ("clusters", "energy") for r in rows(name)]
HELD = {a: held & set(IDS) for a, held in FACTS.items()}
PINYIN = {r["adcode"]: r["pinyin"] for r in rows("counties")}
# Read as printed: by the number of the band, then of the place in it.
BANDS: dict[str, list[str]] = {}
for r in sorted(rows("band_counties"), key=lambda r: (r["band"], int(r["order"]))):
    BANDS.setdefault(r["band"], []).append(r["adcode"])

codes = st.sampled_from(sorted(FACTS))


def likeness(one: str, other: str) -> Fraction:
    """Return the Jaccard similarity of two counties, from the files."""
    either = HELD[one] | HELD[other]
    return Fraction(len(HELD[one] & HELD[other]), len(either)) if either else Fraction(0)


def code(name: str) -> str:
    return named(name).pop()


# --- the same band


@pytest.mark.parametrize("adcode", sorted(FACTS))
def test_same_band(counties, adcode):
    band = next((band for band, listed in BANDS.items() if adcode in listed), None)
    want = [a for a in BANDS[band] if a != adcode] if band else []
    assert list(same_band(counties, adcode, PLAN)) == want


def test_the_unlisted_are_not_a_band(counties):
    unlisted = [a for a, held in FACTS.items() if "none" in held]
    assert len(unlisted) == 18
    assert all(same_band(counties, a, PLAN) == () for a in unlisted)
    # The one county of the top band has no other beside it.
    assert same_band(counties, code("城关区"), PLAN) == ()
    assert same_band(counties, code("七里河区"), PLAN) == (code("西固区"),)


# --- by roles


@pytest.mark.parametrize("adcode", sorted(FACTS))
def test_by_roles_is_the_oracle(counties, plan, adcode):
    others = [a for a in FACTS if a != adcode and likeness(adcode, a)]
    others.sort(key=lambda a: (-likeness(adcode, a), PINYIN[a], a))
    found = by_roles(counties, adcode, plan)
    assert [like.adcode for like in found] == others[:MOST]
    assert [like.adcode for like in by_roles(counties, adcode, plan, most=86)] == others
    for like in found:
        assert list(like.shared) == [id for id in IDS if id in HELD[adcode] & HELD[like.adcode]]
        assert like.union == len(HELD[adcode] | HELD[like.adcode])
        assert like.jaccard == likeness(adcode, like.adcode)


@given(codes, codes)
def test_likeness_is_mutual(counties, one, other):
    plan = PLAN

    def seen(a: str, b: str) -> Alike | None:
        return next((like for like in by_roles(counties, a, plan, most=86) if like.adcode == b), None)

    there, back = seen(one, other), seen(other, one)
    if one == other or there is None:
        assert there is None and back is None
        assert one == other or not HELD[one] & HELD[other]
    else:
        assert back is not None
        assert (there.shared, there.union, there.jaccard) == (back.shared, back.union, back.jaccard)
        assert 0 < there.jaccard <= 1
        assert (there.jaccard == 1) == (HELD[one] == HELD[other])


@given(codes, st.integers(0, 90))
def test_fewer_are_the_first_of_more(counties, adcode, most):
    plan = PLAN
    every = by_roles(counties, adcode, plan, most=86)
    assert by_roles(counties, adcode, plan, most=most) == every[:most]
    assert [like.jaccard for like in every] == sorted((like.jaccard for like in every), reverse=True)


def test_the_order_of_the_rows_does_not_matter(counties, plan):
    turned = counties.iloc[::-1]
    for adcode in FACTS:
        assert by_roles(turned, adcode, plan) == by_roles(counties, adcode, plan)
        assert same_band(turned, adcode, PLAN) == same_band(counties, adcode, PLAN)


def test_a_stated_example(counties, plan):
    first, second, *_ = by_roles(counties, code("甘州区"), plan)
    assert first == Alike(code("凉州区"), ("C1", "C2", "PV2", "WIND", "PSH"), 8)
    assert second == Alike(code("白银区"), ("C2", "C3", "C4", "WIND"), 7)
    assert (first.jaccard, second.jaccard) == (Fraction(5, 8), Fraction(4, 7))


def test_without_roles_none_is_alike(counties, plan):
    bare = [a for a, held in HELD.items() if not held]
    assert len(bare) == 17
    assert all(by_roles(counties, a, plan, most=86) == () for a in bare)


# --- what is no county


def test_jiayuguan_is_like_none(counties, plan):
    assert same_band(counties, "620200", PLAN) == ()
    assert by_roles(counties, "620200", plan) == ()
    for adcode in FACTS:
        assert "620200" not in same_band(counties, adcode, PLAN)
        assert "620200" not in {like.adcode for like in by_roles(counties, adcode, plan, most=90)}


@pytest.mark.parametrize("wrong", ["999999", "", "甘州区", 620102])
def test_an_unknown_code_is_named(counties, plan, wrong):
    told = re.escape(f"{wrong!r} is not the code of a county; there are 86, as text, from 620102 to {max(FACTS)}")
    with pytest.raises(KeyError, match=told):
        same_band(counties, wrong, PLAN)
    with pytest.raises(KeyError, match=told):
        by_roles(counties, wrong, plan)


def test_fewer_than_none_is_refused(counties, plan):
    with pytest.raises(ValueError, match="most: -1"):
        by_roles(counties, "620102", plan, most=-1)


# --- the rule


@pytest.mark.parametrize("most", [MOST, 10])
def test_the_rule_says_its_numbers(most):
    zh, en = rule(PLAN, "zh", most), rule(PLAN, "en", most)
    assert f"{len(IDS)}类" in zh and f"至多{most}个" in zh
    assert f"the {len(IDS)} clusters and energy kinds" in en and f"{most} at most" in en
    assert "拼音" in zh and "pinyin" in en
    assert not re.search(r"[,;:.()]", zh)
    assert (rule(PLAN), rule(PLAN, "en")) == (rule(PLAN, "zh", MOST), rule(PLAN, "en", MOST))
