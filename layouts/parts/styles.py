"""The one table of colours and fills: of it the style sheet's rules for classes, the charts and the slides are made.

A class of a layer (`layouts.facts.layers`) names a row of `STYLES`, which names rows of `COLOURS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any
from zlib import crc32

from layouts.facts.atlas import Atlas
from layouts.facts.layers import LAYERS, NA, RAMP, Layer, LegendClass
from layouts.facts.pages import PAGES, Page
from layouts.facts.view import View
from targets.plan import Plan
from targets.selection import Filter

THEMES = ("light", "dark")
# Name: in the light theme, in the dark one.
COLOURS: dict[str, tuple[str, str]] = {
    # The page.
    "paper": ("#fbfaf6", "#10171d"),
    "panel": ("#ffffff", "#172129"),
    "ink": ("#1b2733", "#e8edf0"),
    "quiet": ("#4b5964", "#a9b5be"),
    "line": ("#d9d5ca", "#2d3943"),
    "edge": ("#3f4c56", "#c3cdd3"),
    "accent": ("#b23a1e", "#f08a6b"),
    "accent-ink": ("#ffffff", "#1a0e09"),
    "hover": ("#f1ede3", "#202c35"),
    "chip": ("#f4f1e9", "#1e2932"),
    "control": ("#7f8a92", "#66737d"),
    "bar": ("#437fa4", "#6fa9c8"),
    # The map: six steps by lightness, then what is beside them.
    "r1": ("#c3d9e6", "#1f4052"),
    "r2": ("#97bed3", "#2a5a74"),
    "r3": ("#6a9fbd", "#38748f"),
    "r4": ("#3c7797", "#66a2c2"),
    "r5": ("#225a7e", "#9bc8de"),
    "r6": ("#0d3853", "#daeef8"),
    "short": ("#b23a1e", "#f08a6b"),  # as the accent: red is for who is short, and for what is picked
    "unlisted": ("#f4eee1", "#25231f"),
    "unmatched": ("#f8f6f0", "#141c23"),
    "unmatched-edge": ("#b9bfc2", "#46525b"),
    "map-ink": ("#1b2733", "#eef3f6"),
    "strong-ink": ("#ffffff", "#0b1822"),
    "strong-edge": ("#d9e1e6", "#1c2c36"),
    "border": ("#26323c", "#e4ebef"),
    "border-halo": ("#f2f5f6", "#0d151b"),
    "shared": ("#ebf2f7", "#1c3442"),  # a row of the comparison that all have: r1 thinned over the panel
    # The marks of the roles, told apart by their signs: red is for the picked and the short alone.
    "slate": ("#46566b", "#b9c6d8"),
    "teal": ("#0e6e6b", "#74d2c9"),
}


@dataclass(frozen=True, slots=True)
class Hatch:
    """A pattern of lines or dots, as each place draws it.

    Attributes
    ----------
    size, turn : int
        Of the square that the map repeats, in map units and degrees.
    shape : str
        What stands in the square, as SVG.
    swatch : str
        The same as a CSS background, with ``{line}`` and ``{ground}``.
    slide, chart : str
        The nearest preset of PowerPoint and of Plotly.
    """

    size: int
    turn: int
    shape: str
    swatch: str
    slide: str
    chart: str = ""


def _stripes(turn: int, line: str, step: str) -> str:
    return f"repeating-linear-gradient({turn}deg, {{line}} 0 {line}, {{ground}} {line} {step})"


def _bar(wide: int, high: int) -> str:
    return f'<rect width="{wide}" height="{high}" class="hatch-line"/>'


def _dot(middle: int, radius: int) -> str:
    return f'<circle cx="{middle}" cy="{middle}" r="{radius}" class="hatch-line"/>'


def _specks(inner: str, outer: str, step: str) -> str:
    return f"radial-gradient({{line}} {inner}, {{ground}} {outer}) 0 0 / {step} {step}"


HATCHES: dict[str, Hatch] = {
    "rising": Hatch(90, 45, _bar(42, 90), _stripes(45, "3px", "6px"), "wdUpDiag", "/"),
    "falling": Hatch(100, -45, _bar(44, 100), _stripes(-45, "3px", "6px"), "wdDnDiag", "/"),
    "level": Hatch(110, 90, _bar(26, 110), _stripes(0, "1.5px", "6px"), "ltHorz", "-"),
    "fine": Hatch(110, 45, _bar(22, 110), _stripes(45, "1.5px", "6px"), "ltUpDiag"),
    "dots": Hatch(100, 0, _dot(50, 17), _specks("1.6px", "1.9px", "6px"), "pct30", "."),
    "specks": Hatch(70, 0, _dot(35, 11), _specks("1.1px", "1.4px", "5px"), "pct10"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """How the counties of a class are filled: a colour, or a hatch of `line` on `ground`; `chart` is a bar's colour."""

    ground: str
    hatch: str = ""
    line: str = ""
    chart: str = ""


STYLES: dict[str, Style] = {
    **{f"r{step}": Style(f"r{step}") for step in range(1, RAMP + 1)},
    "unlisted": Style("unlisted"),
    # The year of a road of whose opening there is no record.
    **{f"unopened-r{step}": Style("panel", "rising", f"r{step}") for step in range(1, RAMP + 1)},
    "pace": Style("r1", "dots", "r4", chart="r2"),
    "short": Style("short"),
    "unknown": Style("panel", "level", "r3", chart="r1"),
    "blank": Style("panel", "fine", "unmatched-edge"),
    NA: Style("panel", "specks", "control"),
}


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2 of a colour like ``#6a9fbd``."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG 2.2 counts it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def is_strong(style: Style, theme: str = "light") -> bool:
    """Return whether the ink that reads best on a style's ground is that of strong fills."""
    ground, strong, plain = (COLOURS[name][THEMES.index(theme)] for name in (style.ground, "strong-ink", "map-ink"))
    return contrast(strong, ground) > contrast(plain, ground)


def chart_colour(name: str, theme: str) -> str:
    """Return the colour of the bars of a style in a chart."""
    style = STYLES[name]
    return COLOURS[style.chart or style.line or style.ground][THEMES.index(theme)]


def chart_pattern(name: str) -> str:
    """Return the pattern of the bars of a style in a chart, as Plotly names it."""
    hatch = STYLES[name].hatch
    return HATCHES[hatch].chart if hatch else ""


# The colour of a group's marks.
MARKS: dict[str, str] = {"cluster": "slate", "energy": "teal"}


def mark_colours(plan: Plan) -> dict[str, str]:
    """Return the colour, a row of `COLOURS`, of the mark of each option that has one, by the option's id."""
    return {id: colour for group, colour in MARKS.items() for id in plan.option_ids[group]}


# ---- the classes of all layers --------------------------------------------------------------------------------------


def legends(layer: Layer, atlas: Atlas) -> list[list[LegendClass]]:
    """Return a layer's legend by how many of its options are chosen; a single one where that changes nothing."""
    ids = atlas.plan.option_ids[layer.group] if layer.counts else ()
    chosen: list[dict[str, Any]] = [{layer.group: ids[:n]} if n else {} for n in range(len(ids) + 1)]
    return [layer.legend(atlas, None, View(filter=Filter(**given))) for given in chosen]


@lru_cache(maxsize=8)
def class_styles(atlas: Atlas) -> dict[tuple[str, bool], str]:
    """Return the style of each class of any layer, and whether it is that of roads without a record of opening.

    Raises
    ------
    ValueError
        Where two layers give one class two styles, or a class names a style that is not in the table.
    """
    found: dict[tuple[str, bool], str] = {(NA, False): NA}
    for layer in LAYERS.values():
        for one in chain.from_iterable(legends(layer, atlas)):
            for key, style in (((one.id, False), one.style), ((one.id, True), one.unopened)):
                if not style:
                    continue
                if style not in STYLES:
                    raise ValueError(f"layer {layer.id}: class {one.id} names the style {style!r}, which is no row")
                if found.setdefault(key, style) != style:
                    raise ValueError(f"layer {layer.id}: class {one.id} is {style!r}, but {found[key]!r} elsewhere")
    return found


def patterns(atlas: Atlas) -> str:
    """Write the hatches that classes wear as SVG patterns."""
    drawn = []
    for name in dict.fromkeys(class_styles(atlas).values()):
        if hatch := HATCHES.get(STYLES[name].hatch):
            turn = f' patternTransform="rotate({hatch.turn})"' if hatch.turn else ""
            drawn.append(
                f'<pattern id="hatch-{name}" class="hatch" data-style="{name}" width="{hatch.size}"'
                f' height="{hatch.size}" patternUnits="userSpaceOnUse"{turn}>'
                f'<rect width="{hatch.size}" height="{hatch.size}" class="hatch-ground"/>'
                f"{hatch.shape}</pattern>"
            )
    return "".join(drawn)


# ---- the style sheet ------------------------------------------------------------------------------------------------

SHAPE = "path:is(.county, .copy)"


@lru_cache(maxsize=8)
def sheet(atlas: Atlas) -> str:
    """Write the style sheet of colours, layers and the pages' rooms; the rest of the page's looks comes after it."""
    return "\n".join(_rules(atlas)) + "\n"


def version(atlas: Atlas) -> str:
    """Return what stands in the sheet's address, so that it may be cached for ever."""
    return f"{crc32(sheet(atlas).encode()):08x}"


def _rules(atlas: Atlas) -> Iterator[str]:
    light, dark = (" ".join(f"--{name}: {pair[at]};" for name, pair in COLOURS.items()) for at in (0, 1))
    yield f":root {{ {light} }}"
    yield f'@media screen {{ [data-theme="dark"] {{ {dark} }} }}'  # paper is white: the dark theme is for screens
    for id, colour in mark_colours(atlas.plan).items():
        yield f'[data-role="{id}"] {{ --mark: var(--{colour}); }}'
    styles = class_styles(atlas)
    plain: dict[str, list[str]] = {}
    for (cls, unopened), name in styles.items():
        if cls == NA:
            continue
        where = _where(cls, unopened)
        if STYLES[name].hatch:
            yield from _hatched(where, name)
        else:
            plain.setdefault(STYLES[name].ground, []).append(where)
    for colour, places in plain.items():
        yield f"{_each(places, SHAPE, '.swatch')} {{ fill: var(--{colour}); background: var(--{colour}); }}"
    for one in LAYERS["band"].legend(atlas, None, View()):  # on the overlap page
        ground = STYLES[one.style].ground
        yield f":is(.square, .dot > .is-held){_where(one.id)} {{ --band: var(--{ground}); }}"
    # What is filled dark, and what stands on it: light lines, and light ink where it is named.
    strong = [
        _where(cls, unopened) + (':not([data-road="unknown"])' if (cls, True) in styles and not unopened else "")
        for (cls, unopened), name in styles.items()
        if is_strong(STYLES[name])
    ]
    yield (
        f':is(path.county, path.copy, .label, #inset-labels text)[data-match="1"]:is({", ".join(strong)})'
        " { --on-edge: var(--strong-edge); --on-ink: var(--strong-ink); --on-halo: var(--strong-halo); }"
    )
    out = f'{SHAPE}[data-match="0"]'
    yield (
        f'{out}, {out}[data-road="unknown"][data-class] {{ fill: var(--unmatched); stroke: var(--unmatched-edge); }}'
    )
    yield from _hatched(_where(NA), NA)
    for name in dict.fromkeys(styles.values()):
        if STYLES[name].hatch:
            part = f'.hatch[data-style="{name}"] .hatch'
            yield f"{part}-ground {{ fill: var(--{STYLES[name].ground}); }}"
            yield f"{part}-line {{ fill: var(--{STYLES[name].line}); }}"
    # A period is chosen for what rests on the store.
    yield from (
        f'html[data-layer="{layer.id}"] #period {{ display: block; }}' for layer in LAYERS.values() if layer.of_store
    )
    yield from _rooms()


def _rooms() -> Iterator[str]:
    """Write which room a page takes, and whether the filter stands beside it."""

    def on(pages: Iterable[Page]) -> str:
        return "html:is({})".format(", ".join(f'[data-page="{page.id}"]' for page in pages))

    yield f"{on(page for page in PAGES.values() if page.markup)} :is(#sheet, #first-sheet) {{ display: block; }}"
    alone = on(page for page in PAGES.values() if not page.rail)
    yield f"{alone} {{ --bar-line: 0px; }}"
    yield f"{alone} :is(#rail, #chosen-line) {{ display: none; }}"


def _where(cls: str, unopened: bool = False) -> str:
    return ('[data-road="unknown"]' if unopened else "") + f'[data-class="{cls}"]'


def _each(places: Iterable[str], *elements: str) -> str:
    return ", ".join(f"{element}{place}" for place in places for element in elements)


def _hatched(where: str, name: str) -> Iterator[str]:
    style = STYLES[name]
    swatch = HATCHES[style.hatch].swatch.format(line=f"var(--{style.line})", ground=f"var(--{style.ground})")
    # A map of another scale has hatches of its own, as wide on the screen.
    yield f"{SHAPE}{where} {{ fill: var(--hatch-{name}, url(#hatch-{name})); }}"
    yield f".swatch{where} {{ --hatch: {name}; background: {swatch}; }}"
