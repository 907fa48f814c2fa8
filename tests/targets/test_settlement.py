"""The yearly settlement, recounted: by a program written apart from it, on full tables and on random small ones."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pandas as pd
import pytest
from days import TODAY
from hypothesis import given, settings
from hypothesis import strategies as st
from settlement_files import COUNTIES, OF_TYPE, OVERALL, PLAN, TYPES, YEAR, filed_types, filled, values

from targets.evidence import JUDGES, settle
from targets.indicators import shipped_indicators
from targets.settlement import forms
from targets.settlement.account import NO_PREVIOUS, NO_TYPES, Account, account_of
from targets.settlement.points import Figures
from targets.settlement.ranks import IN, OPEN, SHARED, UNDECIDED, Board, turned
from targets.settlement.records import Records, Scheme, SchemeRow, Setting
from targets.settlement.sway import Trial, calls
from targets.today import known_by

UNITS = {one.id: one.unit for one in shipped_indicators().values()}
MINUS = "地区生产总值", "一般公共预算收入"


ID = {one.zh: one.id for one in shipped_indicators().values()}


def account(store, year: int = YEAR, tried=None, records=None, without=(), statuses=None) -> Account:
    """Return a year's account, as if some of the year's figures were missing, or of another status."""
    seen = store.observations()
    for (place, name), status in {**dict.fromkeys(without), **(statuses or {})}.items():
        mine = (seen["place"] == place) & (seen["indicator"] == ID[name]) & (seen["period"] == str(YEAR))
        seen = seen[~mine] if status is None else seen.assign(status=seen["status"].mask(mine, status))
    figures = Figures(settle(known_by(seen.reset_index(drop=True), TODAY)), UNITS, tried)
    found = account_of(year, records or store.records(), figures, PLAN)
    assert found is not None
    return found


def decided(store, **settings_) -> Records:
    """Return what is in force with other decisions; None for none."""
    records = store.records()
    made = Records(records.held)
    made.__dict__["schemes"] = {
        year: Scheme(
            year,
            one.batch,
            one.rows,
            {id: replace(held, value=settings_.get(id, held.value)) for id, held in one.settings.items()
             if settings_.get(id, "") is not None},
        )
        for year, one in records.schemes.items()
    }  # fmt: skip
    return made


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return filled(tmp_path_factory.mktemp("full"))


# ---- the whole of one year recounted by hand ------------------------------------------------------------------------


def number(text: str) -> Fraction:
    return Fraction(text)


def by_hand(lines, places, year: int) -> dict[str, Fraction]:
    """Score counties as the scheme's lines say, from the tables as they were written."""
    now, before = values(year), values(year - 1)
    scores = dict.fromkeys(places, Fraction(0))
    for name, weight, direction, form, per, _, zero, full, _ in lines:
        taken = {}
        for place in places:
            value = number(now[place, name])
            if form == "占另一指标":
                value = value / number(now[place, per]) * 100
            elif form == "比上年增长":
                value = value / number(before[place, name]) * 100 - 100
            taken[place] = value
        least, most = min(taken.values()), max(taken.values())
        for place, value in taken.items():
            if zero:
                part = min(max((value - number(zero)) / (number(full) - number(zero)), 0), 1)
            else:
                part = (value - least) / (most - least)
                part = 1 - part if direction == "越低越好" else part
            scores[place] += number(weight) * part
    return scores


def places_of(scores: dict[str, Fraction]) -> dict[str, int]:
    return {place: 1 + sum(other > score for other in scores.values()) for place, score in scores.items()}


def test_every_list_of_a_full_year_is_that_of_a_recount(full):
    found = account(full)
    whole, then = by_hand(OVERALL, COUNTIES, YEAR), by_hand(OVERALL, COUNTIES, YEAR - 1)
    assert found.overall is not None
    assert {place: pair[0] for place, pair in found.overall.scores.items()} == whole
    assert all(low == high for low, high in found.overall.scores.values())
    ranks, old = places_of(whole), places_of(then)
    assert {place: (one.best, one.worst) for place, one in found.overall.ranks.items()} == {
        place: (rank, rank) for place, rank in ranks.items()
    }
    lists = found.lists
    assert {one.place for one in lists["strong"].listed} == {place for place, rank in ranks.items() if rank <= 10}
    filed, first_two, last = filed_types(), set(), set()
    for type in TYPES:
        mine = places_of(by_hand(OF_TYPE, [p for p in COUNTIES if type in filed[p]], YEAR))
        first_two |= {(type, place) for place, rank in mine.items() if rank <= 2}
        last |= {(type, place) for place, rank in mine.items() if rank == len(mine)}
    assert {(one.type, one.place) for one in lists["advanced"].listed} == first_two
    gained = {place: old[place] - ranks[place] for place in COUNTIES}
    best = places_of({place: Fraction(n) for place, n in gained.items()})
    assert {one.place for one in lists["progress"].listed} == {place for place, rank in best.items() if rank <= 10}
    assert all(one.status == IN for held in lists.values() for one in held.listed)
    # Warning talks, by the three readings.
    bottom = {place for place, rank in ranks.items() if rank > len(COUNTIES) - 3}
    bottom &= {place for place, rank in old.items() if rank > len(COUNTIES) - 3}
    fallen = places_of({place: Fraction(-n) for place, n in gained.items() if n < 0})
    falls = {place for place, rank in fallen.items() if rank <= 2}
    by_reading = {reading.id: {group.group: group for group in reading.groups} for reading in found.talks}
    assert list(by_reading) == ["overall", "rankings", "all"]
    for groups in by_reading.values():
        assert {place for place, _, _ in groups["overall_last"].found} == bottom
    assert {(type, place) for place, type, _ in by_reading["overall"]["type_last"].found} == last
    assert {place for place, _, _ in by_reading["overall"]["largest_fall"].found} == falls
    assert [group.years for group in next(r for r in found.talks if r.id == "all").groups] == [2, 2, 2]
    assert {p for p, _, _ in by_reading["all"]["largest_fall"].found} <= falls


def test_every_point_opens_to_the_figures_that_it_is_made_of(full):
    found = account(full).overall
    assert found is not None
    for place, parts in found.parts.items():
        assert sum((one.low for one in parts), Fraction(0)) == found.scores[place][0]
        for one in parts:
            for figure in one.taken.inputs:
                held, name = values(figure.key[2]), shipped_indicators()[figure.key[1]].zh
                assert figure.figure is not None
                assert Fraction(held[place, name]) == figure.span.low == figure.span.high


def test_what_is_missing_is_an_interval_and_the_list_says_who_may_be_on_it(full):
    sure = account(full)
    assert sure.overall is not None
    order = sure.overall.order
    blind = [order[8], order[9], order[11]]
    without = [(place, "地区生产总值增速") for place in blind]
    found = account(full, without=without)
    assert found.overall is not None
    for place in COUNTIES:
        low, high = found.overall.scores[place]
        assert (high - low == 20) == (place in blind)
        rank, true = found.overall.ranks[place], sure.overall.ranks[place]
        assert rank.best <= true.best <= true.worst <= rank.worst  # the true place is always in it
    strong = found.lists["strong"]
    assert not strong.is_sure
    assert {one.place for one in strong.of(IN)} <= set(order[:10]) <= {one.place for one in strong.listed}
    called = calls(found, None)
    assert {one.input.key for one in called} == {(place, "gdp_growth", YEAR) for place in blind}
    assert called[0].places > 0
    assert all(one.points == 20 for one in called)
    for call in called:  # recounted with the figure as low, and as high, as the scheme's points go
        low, high = (
            account(full, tried={call.input.key: Fraction(end)}, without=without).statuses() for end in (-2, 10)
        )
        assert call.places == sum(low.get(key) != high.get(key) for key in {*low, *high})
    # What if: the figure that it was.
    told = Fraction(values(YEAR)[blind[0], "地区生产总值增速"])
    key = (blind[0], "gdp_growth", YEAR)
    trial = Trial(key, told, found, account(full, tried={key: told}, without=without))
    assert trial.ranks[1] is not None and trial.ranks[0] is not None
    assert trial.ranks[0].best <= trial.ranks[1].best <= trial.ranks[1].worst <= trial.ranks[0].worst
    assert account(full, without=without).overall.scores == found.overall.scores  # nothing of it stays


def test_what_is_not_final_moves_as_far_as_the_scheme_says(full):
    found = account(full, statuses={(COUNTIES[40], "地区生产总值"): "初步"}).overall
    assert found is not None
    low, high = found.scores[COUNTIES[40]]
    gdp, budget = (Fraction(values(2025)[COUNTIES[40], name]) for name in MINUS)
    ends = [40 * min(gdp * share / 400, 1) for share in (Fraction(97, 100), Fraction(103, 100))]
    shares = [Fraction(255, 10) * min(max((budget / gdp / share * 100 - 1) / 8, 0), 1) for share in
              (Fraction(103, 100), Fraction(97, 100))]  # fmt: skip
    sure = by_hand(OVERALL[1:2], COUNTIES, 2025)[COUNTIES[40]] + by_hand(OVERALL[3:], COUNTIES, 2025)[COUNTIES[40]]
    assert (low, high) == (sure + ends[0] + shares[0], sure + ends[1] + shares[1])


@pytest.mark.parametrize(
    ("left", "lists"),
    [
        ("作准的状态", {"strong", "advanced", "progress"}),
        ("未定的余地", {"strong", "advanced", "progress"}),
        ("分类排名的得分", {"advanced"}),
        ("填报两种类型的县", {"advanced"}),
        ("一县同上两榜", {"advanced", "progress"}),
        ("进步幅度", {"progress"}),
        ("下降幅度", set()),
        ("并列", set()),
        ("5亿元怎样分", set()),
    ],
)
def test_nothing_is_worked_out_by_what_nobody_decided(full, left, lists):
    """Each setting taken away: the lists that need it are not made, and say so."""

    id = next(one.id for one in forms.asked().values() if one.zh == left)
    bare = decided(full, **{id: None})
    found = account(full, records=bare)
    assert {name for name, held in found.lists.items() if held.wants} == lists
    assert all(id in held.wants for held in found.lists.values() if held.wants)
    falls = [group for reading in found.talks for group in reading.groups if group.group == "largest_fall"]
    assert any(id in group.wants for group in falls) == (left in ("作准的状态", "未定的余地", "下降幅度"))


def test_a_year_alone_has_no_progress_and_no_talks_and_without_types_there_is_no_advanced(full):
    held = full.records().held
    alone = Records({part: one for part, one in held.items() if part[1] == YEAR})
    found = account(full, records=alone)
    assert found.lists["progress"].wants == (NO_PREVIOUS,)
    assert all(group.wants == (NO_PREVIOUS,) for reading in found.talks for group in reading.groups)
    untyped = account(full, records=Records({part: one for part, one in held.items() if part[0] != "types"}))
    assert NO_TYPES in untyped.lists["advanced"].wants
    assert not untyped.lists["strong"].wants


def test_one_list_a_county_moves_the_next_up(full):
    both = account(full)
    held = {one.place for one in both.lists["strong"].listed}
    once = account(full, records=decided(full, two_lists="once"))
    assert {one.place for one in once.lists["strong"].listed} == held
    for name in ("advanced", "progress"):
        assert not held & {one.place for one in once.lists[name].listed}
    assert held & {one.place for one in both.lists["advanced"].listed}
    taken = [one.type for one in once.lists["advanced"].listed]
    assert all(taken.count(type) >= 2 for type in TYPES)


# ---- ranks as intervals, on random boards ---------------------------------------------------------------------------

ENDS = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda pair: (min(pair), max(pair)))


@given(st.lists(ENDS, min_size=1, max_size=6), st.booleans())
@settings(max_examples=150)
def test_the_ends_of_a_rank_are_those_of_all_that_may_come_true(pairs, shared):
    """Recounted by trying every whole number that each score may be: not one place more, and not one less."""
    scores = {f"c{at}": pair for at, pair in enumerate(pairs)}
    seen: dict[str, set[int]] = {place: set() for place in scores}
    for values_ in product(*(range(low, high + 1) for low, high in pairs)):
        for place, value in zip(scores, values_, strict=True):
            ahead = sum(other > value for other in values_)
            seen[place].add(1 + ahead)
            if not shared:  # whoever ties may be put ahead
                seen[place].add(ahead + sum(other == value for other in values_))
    found = Board(scores, SHARED if shared else UNDECIDED).ranks()
    assert {place: (one.best, one.worst) for place, one in found.items()} == {
        place: (min(held), max(held)) for place, held in seen.items()
    }
    last = Board(turned(scores), SHARED).ranks()
    assert all(last[place].best == 1 for place in scores if all(scores[place][0] <= low for low, _ in pairs))


@given(st.lists(ENDS, min_size=2, max_size=5), ENDS, st.integers(0, 1), st.integers(0, 1))
@settings(max_examples=80)
def test_a_board_asked_with_another_score_or_without_some_is_one_made_so(pairs, other, gone, perhaps):
    scores = {f"c{at}": pair for at, pair in enumerate(pairs)}
    board, changed = Board(scores, SHARED), {"c0": (Fraction(other[0]) + Fraction(1, 3), Fraction(other[1]) + 1)}
    assert board.ranks(changed) == Board({**scores, **changed}, SHARED).ranks()
    off = ["c1"] if gone else []
    left = {place: pair for place, pair in scores.items() if place not in off}
    assert board.ranks(None, off) == Board(left, SHARED).ranks()
    if perhaps:  # as wide as with and without
        found, without = board.ranks(None, (), ["c0"]), Board({p: s for p, s in scores.items() if p != "c0"}, SHARED)
        whole = board.ranks()
        for place, rank in without.ranks().items():
            assert (found[place].best, found[place].worst) == (
                min(rank.best, whole[place].best), max(rank.worst, whole[place].worst)
            )  # fmt: skip


@given(st.lists(st.one_of(st.none(), st.integers(-5, 20)), min_size=2, max_size=5), st.sampled_from(["up", "down"]))
@settings(max_examples=100)
def test_points_from_the_least_to_the_greatest_hold_whatever_a_missing_value_turns_out_to_be(given_, direction):
    from targets.settlement.points import ANY, Span, _spread

    row = SchemeRow(2025, "", "", "gdp", "", Decimal(1), direction, "level", "spread", None, None, "unknown", "")
    spans = [ANY if value is None else Span(Fraction(value), Fraction(value)) for value in given_]
    found = [_spread(row, span, spans) for span in spans]
    for filled_in in product(*([value] if value is not None else [-9, 3, 40] for value in given_)):
        least, most = min(filled_in), max(filled_in)
        for (low, high), value in zip(found, filled_in, strict=True):
            part = Fraction(value - least, most - least) if most > least else Fraction(0)
            part = 1 - part if direction == "down" and most > least else part
            assert low <= part <= high
    if None not in given_ and len(set(given_)) > 1:
        assert all(low == high for low, high in found)
    assert not math.isnan(float(found[0][0]))


VALUE = st.one_of(st.none(), st.integers(0, 10))
ROW = st.tuples(st.integers(1, 5), st.booleans(), st.lists(VALUE, min_size=4, max_size=4))


def observed(cells: dict[tuple[str, str], int | None]) -> pd.DataFrame:
    """Return final figures of 2025 as a standing has them."""
    rows = [
        {"place": place, "indicator": id, "period": "2025", "value": float(value), "unit": UNITS[id], "status": "核定",
         "comparator": "eq", "standing": JUDGES}
        for (place, id), value in cells.items()
        if value is not None
    ]  # fmt: skip
    columns = ["place", "indicator", "period", "value", "unit", "status", "comparator", "standing"]
    return pd.DataFrame(rows, columns=columns)


@given(st.lists(ROW, min_size=1, max_size=3), st.booleans(), st.sampled_from(["unknown", "zero", "out"]))
@settings(max_examples=80)
def test_a_random_years_ranks_are_those_of_every_way_it_may_turn_out(drawn, shared, missing):
    """Recounted apart: each figure that is missing is put at no points and at all, in every combination."""
    places, ids = COUNTIES[:4], ("gdp", "va1", "retail")
    rows_, cells = [], {}
    for (weight, up, given_), id in zip(drawn, ids, strict=False):
        ends = (Decimal(2), Decimal(8)) if up else (Decimal(8), Decimal(2))
        direction = "up" if up else "down"
        rows_.append(
            SchemeRow(2025, "", "", id, "", Decimal(weight), direction, "level", "standard", *ends, missing, "")
        )
        cells |= {(place, id): value for place, value in zip(places, given_, strict=True)}
    chosen = {"firm": "核定", "room": "open"} | ({"ties": "all"} if shared else {})
    scheme_ = Scheme(2025, 1, tuple(rows_), {k: Setting(2025, k, v, "", "") for k, v in chosen.items()})
    made = Account(2025, PLAN, scheme_, tuple(places), {}, Figures(observed(cells), UNITS), None).overall
    assert made is not None

    out = {place for (place, _), value in cells.items() if value is None and missing == "out"}
    assert set(made.out) == out and set(made.ranks) == set(places) - out
    ranked = [place for place in places if place not in out]
    unknown = [key for key, value in cells.items() if value is None and key[0] not in out]
    ways = [dict(zip(unknown, parts, strict=True)) for parts in product((0, 1), repeat=len(unknown))]
    seen: dict[str, set[int]] = {place: set() for place in ranked}
    for way in ways if missing == "unknown" else [dict.fromkeys(unknown, 0)]:
        scores = {}
        for place in ranked:
            scores[place] = Fraction(0)
            for (weight, up, _), id in zip(drawn, ids, strict=False):
                value = cells[place, id]
                part = way[place, id] if value is None else Fraction(value - 2 if up else 8 - value, 6)
                scores[place] += weight * min(max(Fraction(part), Fraction(0)), Fraction(1))
        for place in ranked:
            ahead = sum(score > scores[place] for score in scores.values())
            seen[place] |= (
                {1 + ahead} if shared else {1 + ahead, sum(s == scores[place] for s in scores.values()) + ahead}
            )
    assert {p: (r.best, r.worst) for p, r in made.ranks.items()} == {p: (min(n), max(n)) for p, n in seen.items()}


def test_a_tie_across_the_line_is_open_until_somebody_decides(full):
    scores = {f"c{at:02}": (Fraction(100 - at), Fraction(100 - at)) for at in range(12)}
    scores["c10"] = scores["c09"]
    ranks = Board(scores, UNDECIDED).ranks()
    assert (ranks["c09"].best, ranks["c09"].worst, ranks["c09"].within(10)) == (10, 11, OPEN)
    assert ranks["c09"].ties == ("c10",)
    assert [Board(scores, SHARED).ranks()[place].within(10) for place in ("c09", "c10")] == [IN, IN]
    second = {place: (at, at) for at, place in enumerate(scores)}
    decided = Board(scores, second).ranks()
    assert (decided["c10"].best, decided["c09"].best) == (10, 11)
