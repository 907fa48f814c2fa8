"""The algebra of filters, held against an oracle that reads the files, and the sentences that say it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_files import facts, rows
from shipped import PLAN

from targets.plan import GROUPS
from targets.selection import Filter, conditions, empty_sentence, loosen, option_counts, select, sentence

IDS = {
    "band": ["B1", "B2", "B3", "B4", "B5", "B6", "none"],
    "cluster": [r["id"] for r in rows("clusters")],
    "energy": [r["id"] for r in rows("energy")],
    "road": ["2022", "2023", "2024", "2025"],
    "prefecture": [r["adcode"] for r in rows("prefectures")],
}
ALL = [id for ids in IDS.values() for id in ids]
GROUP = {id: group for group, ids in IDS.items() for id in ids}
FACTS = facts()
OPTIONS = PLAN.option_ids
NAME = {r["adcode"]: r["name_short"] for r in rows("counties")}

few = {group: st.lists(st.sampled_from(ids), max_size=3) for group, ids in IDS.items()}
ops = st.sampled_from(["any", "all"])


@st.composite
def questions(draw):
    """Draw the arguments of a filter: not the filter itself, so that the oracle sees what was asked."""
    asked = {group: draw(st.one_of(st.just([]), few[group])) for group in IDS}
    asked["exclude"] = draw(st.lists(st.sampled_from(ALL), max_size=2))
    return asked | {"cluster_op": draw(ops), "energy_op": draw(ops)}


def oracle(asked) -> set[str]:
    """Return the counties that meet a question, county by county from the files."""
    left = set()
    for adcode, held in FACTS.items():
        good = not held & set(asked["exclude"])
        for group in IDS:
            hits = [id in held for id in asked[group]]
            if hits:
                good &= all(hits) if asked.get(f"{group}_op") == "all" else any(hits)
        if good:
            left.add(adcode)
    return left


def built(asked) -> Filter:
    return Filter.of(OPTIONS, **asked)


def names(adcodes) -> set[str]:
    return {NAME[a] for a in adcodes}


# --- the algebra


def test_members_are_those_of_the_files(members):
    assert list(members) == ALL
    for id in ALL:
        assert members[id] == {a for a, held in FACTS.items() if id in held}
    assert members["620200"] == frozenset()
    assert {id: len(m) for id, m in members.items()} == PLAN.options["n"].to_dict()


@given(questions())
def test_select_is_the_oracle(members, asked):
    found = select(built(asked), members)
    assert set(found) == oracle(asked)
    assert list(found) == sorted(found)


@given(questions(), st.randoms())
def test_order_and_repetition_do_not_matter(asked, random):
    shuffled = {k: random.sample(v, len(v)) + v[:1] if isinstance(v, list) else v for k, v in asked.items()}
    assert built(asked) == built(shuffled)
    assert hash(built(asked)) == hash(built(shuffled))


@given(questions())
def test_groups_combine_with_and(members, asked):
    whole = set(FACTS) - {a for id in asked["exclude"] for a in members[id]}
    for group in IDS:
        alone = {k: (v if k == group or k.endswith("_op") else []) for k, v in asked.items()}
        whole &= set(select(built(alone), members))
    assert set(select(built(asked), members)) == whole


@given(questions(), st.sampled_from(ALL))
def test_excluding_takes_away_exactly_its_members(members, asked, id):
    before = set(select(built(asked), members))
    after = set(select(built(asked | {"exclude": [*asked["exclude"], id]}), members))
    assert after == before - members[id]


@given(questions(), st.sampled_from(["cluster", "energy"]))
def test_all_is_within_any(members, asked, group):
    every, some = (set(select(built(asked | {f"{group}_op": op}), members)) for op in ("all", "any"))
    assert every <= some


@given(questions(), st.sampled_from(ALL))
def test_one_more_option_widens_any_and_narrows_all(members, asked, id):
    group = GROUP[id]
    if not asked[group]:
        return
    before = set(select(built(asked), members))
    after = set(select(built(asked | {group: [*asked[group], id]}), members))
    assert after <= before if asked.get(f"{group}_op") == "all" else after >= before


@given(questions())
def test_the_number_on_a_chip_is_what_a_press_leaves(members, asked):
    counts = option_counts(built(asked), members, OPTIONS)
    assert list(counts) == ALL
    for id, n in counts.items():
        pressed = asked | {
            GROUP[id]: [*asked[GROUP[id]], id],
            "exclude": [i for i in asked["exclude"] if i != id],
        }
        assert n == len(oracle(pressed))
    for group in IDS:
        for id in asked[group]:
            if id not in asked["exclude"]:
                assert counts[id] == len(select(built(asked), members))


@given(questions())
def test_loosening_gives_what_it_says(members, asked):
    filter = built(asked)
    now, ways = len(select(filter, members)), loosen(filter, members, OPTIONS)
    assert [n for _, n in ways] == sorted((n for _, n in ways), reverse=True)
    offered = dict(ways)
    for id in filter.chosen(OPTIONS):
        without = {k: [i for i in v if i != id] if isinstance(v, list) else v for k, v in asked.items()}
        n = len(oracle(without))
        assert offered.get(id) == (n if n > now else None)


@given(questions(), st.sampled_from(ALL))
def test_a_press_and_back(asked, id):
    off = built(asked).without(id, OPTIONS)
    assert id not in off.chosen(OPTIONS)
    assert off.including(id, OPTIONS).without(id, OPTIONS) == off
    assert off.excluding(id, OPTIONS).including(id, OPTIONS) == off.including(id, OPTIONS)
    assert off.excluding(id, OPTIONS).exclude.count(id) == 1


def test_nothing_asked_leaves_all(members):
    assert Filter().is_empty
    assert len(select(Filter(), members)) == 86
    assert not Filter(exclude=("B1",)).is_empty
    assert Filter(cluster_op="all").is_empty


def test_a_filter_keeps_the_order_of_the_plan():
    filter = Filter.of(OPTIONS, cluster=("C4", "C1", "C4"), exclude=("620100", "PSH", "none"))
    assert filter.cluster == ("C1", "C4")
    assert filter.exclude == ("none", "PSH", "620100")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"cluster": ("C9",)}, "'C9' not among C1, C2"),
        ({"band": ("C1",)}, "'C1' not among B1"),
        ({"exclude": ("X",)}, "'X'"),
        ({"band": "B1"}, "'B1'"),
        ({"energy_op": "some"}, "any, all"),
    ],
)
def test_what_is_no_option_is_refused(wrong, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        Filter.of(OPTIONS, **wrong)


# --- the stated examples


def test_both_manufacturing_and_chemicals(members):
    found = select(Filter(cluster=("C1", "C4"), cluster_op="all"), members)
    assert names(found) == {"崆峒区", "甘州区"}


def test_wind_and_csp_without_storage_in_the_fifth_band(members):
    found = select(Filter(energy=("WIND", "CSP"), energy_op="all", exclude=("PSH",), band=("B5",)), members)
    assert names(found) == {"金塔县", "民勤县"}


def test_the_unlisted_are_a_band(members):
    assert len(select(Filter(band=("none",)), members)) == 18
    assert len(select(Filter(exclude=("none",)), members)) == 68
    elsewhere = (*IDS["cluster"], *IDS["energy"], *IDS["road"])
    found = select(Filter(band=("none",), exclude=elsewhere), members)
    assert names(found) == {"两当县", "广河县", "和政县", "舟曲县"}


# --- the sentences

WIND_CSP = Filter(energy=("WIND", "CSP"), energy_op="all", exclude=("PSH",), band=("B5",))


@pytest.mark.parametrize(
    ("filter", "count", "zh", "en"),
    [
        (Filter(), 86, "全部 86 个县\uff08市、区\uff09", "All 86 counties"),
        (
            WIND_CSP,
            2,
            "风电 且 光热\uff0c非 抽水蓄能\uff0c目标 100–200 亿元 · 共 2 个县\uff08市、区\uff09",
            "Wind and CSP; not pumped storage; target 10–20 bn yuan · 2 counties",
        ),
        (Filter(band=("B1",)), 1, "目标 ≥1400 亿元 · 共 1 个县\uff08市、区\uff09", "Target ≥140 bn yuan · 1 county"),
        (Filter(prefecture=("620100",)), 8, "兰州市 · 共 8 个县\uff08市、区\uff09", "In Lanzhou · 8 counties"),
        (
            Filter.of(OPTIONS, road=("2022", "2023"), prefecture=("622900", "621100")),
            3,
            "定西市 或 临夏州\uff0c计划2022年 或 2023年通高速 · 共 3 个县\uff08市、区\uff09",
            "In Dingxi or Linxia; expressway planned for 2022 or 2023 · 3 counties",
        ),
        (
            Filter.of(OPTIONS, exclude=("none", "B6", "2025", "620900", "C3")),
            0,
            "非 酒泉市\uff0c非 有色冶金及新材料\uff0c目标不是 50–100 亿元\uff0c已列入专栏一\uff0c非 计划2025年通高速"
            " · 共 0 个县\uff08市、区\uff09",
            "Outside Jiuquan; not non-ferrous metals & new materials; target not 5–10 bn yuan; listed in Box 1; "
            "no expressway planned for 2025 · 0 counties",
        ),
        (
            Filter(cluster=("C1", "C2"), energy=("PV1",), energy_op="all"),
            0,
            "先进制造 或 生物医药\uff0c光伏治沙 · 共 0 个县\uff08市、区\uff09",
            "Advanced manufacturing or biomedicine; PV + sand control · 0 counties",
        ),
    ],
)
def test_sentences(filter, count, zh, en):
    assert sentence(filter, count, PLAN, "zh") == zh
    assert sentence(filter, count, PLAN, "en") == en


@given(questions(), st.sampled_from(["zh", "en"]))
def test_a_sentence_names_every_choice_and_every_operator(members, asked, lang):
    filter = built(asked)
    said = sentence(filter, len(select(filter, members)), PLAN, lang)
    plan = PLAN
    flat = said.replace(" ", "").casefold()
    for id in filter.chosen(OPTIONS):
        if id == "none":
            expect = {"none"}
            for word in ("未列入专栏一", "已列入专栏一", "listed in box 1"):
                if word.replace(" ", "") in flat:
                    expect = set()
            assert not expect
        else:
            short = plan.option(id).zh_short if lang == "zh" else plan.option(id).en_short
            assert short.replace(" ", "").casefold() in flat
    parts = conditions(filter, PLAN, lang)
    assert len(parts) == sum(bool(getattr(filter, g)) for g in GROUPS) + len(filter.exclude)
    either, both = (" 或 ", " 且 ") if lang == "zh" else (" or ", " and ")
    joints = {"any": 0, "all": 0}
    for group in GROUPS:
        joints[filter.op(group)] += max(len(getattr(filter, group)) - 1, 0)
    assert said.count(either) == joints["any"]
    assert said.count(both) == joints["all"]


@given(questions(), questions())
def test_different_filters_have_different_sentences(one, other):
    """What can be told apart by its result is told apart in words."""
    a, b = built(one), built(other)
    for lang in ("zh", "en"):
        if conditions(a, PLAN, lang) == conditions(b, PLAN, lang):
            assert oracle(one) == oracle(other)


@given(questions(), st.sampled_from(["zh", "en"]))
def test_an_empty_result_says_the_way_out(members, asked, lang):
    filter = built(asked)
    if select(filter, members):
        return
    said = empty_sentence(filter, members, PLAN, lang)
    if filter.prefecture == ("620200",) and "620200" not in filter.exclude:
        assert ("嘉峪关" if lang == "zh" else "Jiayuguan") in said
        return
    ways = loosen(filter, members, OPTIONS)
    if ways:
        assert str(ways[0][1]) in said
    else:
        # Either a whole group gives some, and the number is in the sentence, or all must go.
        clear = "清空" if lang == "zh" else "clear"
        assert clear in said or re.search(r"\d", said)


@pytest.mark.parametrize(
    ("filter", "zh", "en"),
    [
        (
            Filter(band=("B1",), exclude=("C2",)),
            "没有同时符合的县\uff08市、区\uff09。去掉“≥1400 亿元”可得 62 个\uff0c去掉“非 生物医药”可得 1 个。",
            "No county meets all of these. Without “≥140 bn yuan” there are 62; without “not biomedicine” there is 1.",
        ),
        (
            Filter(prefecture=("620100",), energy=("PSH",)),
            "没有同时符合的县\uff08市、区\uff09。去掉“兰州市”可得 10 个\uff0c去掉“抽水蓄能”可得 8 个。",
            "No county meets all of these. Without “Lanzhou” there are 10; without “Pumped storage” there are 8.",
        ),
        (
            Filter(prefecture=("620100", "623000"), energy=("CSP", "PSH")),
            "没有同时符合的县\uff08市、区\uff09。去掉“兰州市 或 甘南州”可得 19 个"
            "\uff0c去掉“光热 或 抽水蓄能”可得 16 个。",
            "No county meets all of these. Without “in Lanzhou or Gannan” there are 19; "
            "without “CSP or pumped storage” there are 16.",
        ),
        (
            Filter(band=("B1",), energy=("PSH",), prefecture=("623000",)),
            "没有同时符合的县\uff08市、区\uff09。只去掉其中一项仍没有\uff0c请清空筛选。",
            "No county meets all of these. Dropping any one of them still leaves none: clear the filter.",
        ),
    ],
)
def test_empty_sentences(members, filter, zh, en):
    assert select(filter, members) == ()
    assert empty_sentence(filter, members, PLAN, "zh") == zh
    assert empty_sentence(filter, members, PLAN, "en") == en


def test_jiayuguan_says_why_it_is_empty(members):
    said = empty_sentence(Filter(prefecture=("620200",)), members, PLAN)
    assert said.startswith("嘉峪关市不设县")
    assert "Jiayuguan has no county" in empty_sentence(
        Filter(prefecture=("620200",), band=("B1",)), members, PLAN, "en"
    )
