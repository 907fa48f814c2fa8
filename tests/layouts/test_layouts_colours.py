"""The table of colours and fills, in both themes: legible, ordered by lightness, told apart in greyscale; its sheet."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from atlas_oracle import rows

import layouts
from layouts.facts.layers import LAYERS, STATE_STYLES, steps
from layouts.facts.view import View
from layouts.parts import styles
from layouts.parts.colours import county_fill
from layouts.parts.county_map import scaffold
from layouts.parts.figures import INK
from layouts.parts.styles import HATCHES, STYLES, THEMES, contrast, is_strong, luminance
from targets.progress import CLOSED, RUNNING, STATES

CSS = (Path(layouts.__file__).parents[1] / "assets" / "style.css").read_text(encoding="utf-8")
RAMP = [f"r{step}" for step in range(1, 7)]
YEARS = steps(4)[::-1]
MARKS = ("slate", "teal")  # of clusters, of energies
ROLES = ["C1", "C2", "C3", "C4", "C5", "PV1", "PV2", "PV3", "WIND", "CSP", "PSH"]
TEXT = [
    *((ink, ground) for ink in ("ink", "quiet") for ground in ("paper", "panel", "chip", "hover", "unmatched")),
    ("accent-ink", "accent"),
    *(("accent", ground) for ground in ("paper", "panel")),
    *(("paper", ground) for ground in ("ink", "quiet")),
    *(("map-ink", fill) for fill in ("r1", "r2", "r3", "unlisted")),
    *(("strong-ink", fill) for fill in ("r4", "r5", "r6")),
    *(("panel", mark) for mark in MARKS),
]


COLOURS = {theme: {name: pair[at] for name, pair in styles.COLOURS.items()} for at, theme in enumerate(THEMES)}


def shown(theme: str, one: str, other: str) -> float:
    return round(contrast(COLOURS[theme][one], COLOURS[theme][other]), 2)


def test_the_measure_is_wcags():
    assert round(contrast("#ffffff", "#000000"), 2) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def test_the_sheet_sets_every_colour_in_both_themes_and_the_style_sheet_none_of_them(atlas):
    light, dark = styles.sheet(atlas).splitlines()[:2]
    for line, selector, theme in ((light, ":root", "light"), (dark, '[data-theme="dark"]', "dark")):
        assert f"{selector} {{" in line
        assert dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", line)) == COLOURS[theme]
    assert "@media screen" in dark, "paper is white"
    assert not set(re.findall(r"--([\w-]+)\s*:", CSS)) & COLOURS["light"].keys()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_legible(theme, ink, ground):
    assert shown(theme, ink, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("steps", [RAMP, YEARS], ids=["ramp", "years"])
def test_steps_run_one_way_in_lightness_and_differ_in_greyscale(theme, steps):
    lights = [luminance(COLOURS[theme][step]) for step in steps]
    assert lights == sorted(lights, reverse=theme == "light")
    ratios = {pair: shown(theme, *pair) for pair in itertools.pairwise(steps)}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 1.25} == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("line", "second"), [("edge", "strong-edge"), ("border", "border-halo")])
def test_lines_part_neighbours_of_one_colour(theme, line, second):
    """Each fill needs a line at 3:1 (screens.md). No one colour has that on every step from r1 to r6.

    So a second line colour may stand beside it: ``--strong-edge`` round the counties that wear ``--strong-ink``,
    ``--border-halo`` along the prefecture borders.
    """
    lines = [name for name in (line, second) if name in COLOURS[theme]]
    best = {fill: max(shown(theme, name, fill) for name in lines) for fill in [*RAMP, "unlisted"]}
    assert {fill: ratio for fill, ratio in best.items() if ratio < 3} == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_controls_and_the_province_stand_out_from_the_ground(theme, ground):
    for line in ("edge", "border", "accent"):
        assert shown(theme, line, ground) >= 3


def fills_of(atlas, element: str) -> dict[str, str]:
    """Return the style with which the sheet fills each class of an element, `?` after that of unopened roads."""
    found = {}
    for line in styles.sheet(atlas).splitlines():
        selectors, _, body = line.partition(" { ")
        fill = re.search(r"fill: (?:var\(--hatch-[\w-]+, url\(#hatch-|var\(--)([\w-]+)|--hatch: ([\w-]+)", body)
        for road, name in re.findall(rf'{element}(\[data-road="unknown"\])?\[data-class="(\w+)"\]', selectors):
            if fill and "small-map" not in selectors:
                found[name + ("?" if road else "")] = fill[1] or fill[2]
    return found


def all_classes(atlas) -> set[str]:
    """Return every class that a county has in some view of some layer."""
    found = {f"n{n}" for n in range(5)} | set(STATES)
    for layer in LAYERS:
        found |= set(atlas.county_classes(View(layer=layer)).values())
    found |= {one.id for one in LAYERS["settlement"].legend(atlas, None, View())}  # with a scheme or without
    return found


def test_every_class_a_county_can_have_has_its_fill_on_the_map_in_the_legend_and_on_the_slides(atlas):
    classes = all_classes(atlas)
    drawn = set(re.findall(r'<pattern id="hatch-([\w-]+)"', scaffold(atlas, View())))
    for element in (r"path:is\(\.county, \.copy\)", "swatch"):
        found = fills_of(atlas, element)
        assert set(found) == classes | {f"{year}?" for year in atlas.plan.option_ids["road"]}
        for name, fill in found.items():
            slide = county_fill(atlas, name.strip("?"), unknown_road=name.endswith("?"))
            style = STYLES[fill]
            assert slide.ground == COLOURS["light"][style.ground][1:].upper()
            assert slide.hatch == style.hatch
            assert (fill in drawn) == bool(style.hatch)
    small = re.findall(
        r'path:is\(\.county, \.copy\)\S*\[data-class="(\w+)"\] \{ fill: var\(--hatch-([\w-]+), url', styles.sheet(atlas)
    )
    assert {hatch for _, hatch in small} == drawn


def test_every_row_of_the_table_is_whole():
    for name, style in STYLES.items():
        assert {style.ground, style.line or "ink", style.chart or "ink"} <= styles.COLOURS.keys(), name
        assert bool(style.hatch) == bool(style.line) and style.hatch in ("", *HATCHES), name
        # One sheet says for both themes whose ink is light.
        assert is_strong(style, "light") == is_strong(style, "dark"), name
    assert len({hatch.slide for hatch in HATCHES.values()}) == len(HATCHES)


# What covers of a pattern's square its lines or dots do: the lightness that a grey copy shows from afar.
COVER = {"dots": 0.09, "falling": 0.44, "level": 26 / 110, "fine": 0.2}


def grey(theme, state):
    """Return a state's lightness from afar."""
    style = STYLES[STATE_STYLES[state]]
    ground, line = (luminance(COLOURS[theme][part or style.ground]) for part in (style.ground, style.line))
    cover = COVER[style.hatch] if style.hatch else 0
    return ground * (1 - cover) + line * cover


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("states", [RUNNING, CLOSED], ids=["running", "closed"])
def test_no_two_states_of_a_day_are_told_apart_by_colour_alone(theme, states):
    """What is known is plain, in three steps of lightness: reached, short of it, not listed; the others have a pattern.

    Who is short was hatched, which is for what is not known alone now.
    """
    pattern = {state: STYLES[STATE_STYLES[state]].hatch for state in states}
    plain = [state for state in states if not pattern[state]]
    assert plain == ["reached", "behind" if "behind" in states else "not_reached", "no_target"]
    assert len({p for p in pattern.values() if p}) == len(states) - 3
    steps = sorted(grey(theme, state) for state in plain)
    assert all((light + 0.05) / (dark + 0.05) >= 2 for dark, light in itertools.pairwise(steps))
    # What counts most, reached or short of it, or not known, also differs in lightness.
    lights = [grey(theme, state) for state in states if state not in ("no_target", "no_figure")]
    ratios = [(max(pair) + 0.05) / (min(pair) + 0.05) for pair in itertools.combinations(lights, 2)]
    assert min(ratios) >= 1.15


def test_names_are_light_on_what_is_filled_dark_and_on_nothing_else(atlas):
    """The ink follows the fill that is drawn: a county with a road on record is no lighter on another layer."""
    sheet = styles.sheet(atlas)
    (rule,) = re.findall(r":is\(path\.county.*--on-edge.*", sheet)
    assert set(re.findall(r'\[data-class="(\w+)"\]', rule)) == {
        name for name in all_classes(atlas) if county_fill(atlas, name).is_strong
    }
    for year in ("2022", "2023"):
        assert f'[data-class="{year}"]:not([data-road="unknown"])' in rule
        assert county_fill(atlas, year).is_strong and not county_fill(atlas, year, unknown_road=True).is_strong
    assert (sheet + CSS).count("var(--strong-ink)") == 1 == (sheet + CSS).count("var(--strong-edge)")
    for theme in THEMES:
        for name, style in STYLES.items():
            if not style.hatch:
                ink = "strong-ink" if is_strong(style) else "map-ink"
                assert shown(theme, ink, style.ground) >= 4.5, (theme, name)


def test_every_mark_has_its_colour(atlas):
    assert [row["id"] for name in ("clusters", "energy") for row in rows(name)] == ROLES
    worn = re.findall(r'\[data-role="(\w+)"\] \{ --mark: var\(--(\w+)\)', styles.sheet(atlas))
    assert worn == [(role, "slate" if role.startswith("C") and role != "CSP" else "teal") for role in ROLES]
    assert set(MARKS) <= COLOURS["light"].keys()


def test_the_charts_wear_the_pages_colours():
    for theme in THEMES:
        ink, quiet, bar, line = INK[theme]
        assert (ink, quiet, line) == tuple(COLOURS[theme][name] for name in ("ink", "quiet", "line"))
        assert contrast(bar, COLOURS[theme]["panel"]) >= 3


def test_every_variable_that_is_used_is_set(atlas):
    text = styles.sheet(atlas) + CSS
    own = set(re.findall(r"--([\w-]+)\s*:", text))
    used = set(re.findall(r"var\(--([\w-]+)\)", text))
    assert sorted(used - own) == []
