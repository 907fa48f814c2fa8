"""The large figures: they count the states they name, and the first is the others together."""

from __future__ import annotations

from layouts.parts.large import FIGURES, large, rows
from layouts.parts.markup import write
from targets import progress


def test_every_state_with_a_target_is_in_the_first_figure_and_in_one_more():
    first, *others = FIGURES.values()
    assert 2 <= len(FIGURES) <= 4
    assert sorted(first) == sorted(state for held in others for state in held)
    assert set(first) == set(progress.STATES) - {progress.NO_TARGET}


def test_the_figures_count_the_published_counties(atlas):
    assessed = progress.assess(atlas.counties, atlas.published.observations, None, atlas.rules, atlas.plan)["state"]
    for lang in ("zh", "en"):
        counted = {id: n for id, n, _ in rows(assessed, lang)}
        assert counted["listed"] == 68 == sum(counted.values()) - 68
        assert all(label for _, _, label in rows(assessed, lang))


def test_other_states_than_todays_can_be_counted():
    figures = {"listed": ("a", "b"), "reached": ("a",)}
    assert [(id, n) for id, n, _ in rows(["a", "b", "a", "c"], "zh", figures)] == [("listed", 3), ("reached", 2)]


def test_the_markup_has_a_place_for_each_number():
    text = write(large([("listed", 68, "<县>"), ("reached", 0, "已达")]))
    assert '<dd data-said="large_listed">68</dd>' in text and '<dd data-said="large_reached">0</dd>' in text
    assert "&lt;县&gt;" in text
