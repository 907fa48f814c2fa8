"""The map on slides, its counties as shapes in groups: whole, in part, as tiles, as panels; and its legend."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import shapely

from layouts.facts.layers import NA, say
from layouts.parts.colours import Fill, colour, county_fill
from layouts.parts.county_map import accessible_name, park_marks
from layouts.parts.slide import BODY, FOOT_TOP, GAP, MARGIN, ROOM, SMALL, TEXT, SceneSlides
from layouts.parts.slide_parts import (
    Box,
    Numbers,
    cut_out,
    fill_xml,
    freeform,
    group,
    high,
    leader,
    line_xml,
    outline,
    paragraphs,
    plain,
    polygon,
    put,
    width,
    words,
)
from layouts.parts.styles import mark_colours
from layouts.words import word

LEGEND_WIDE = 3.8
LABEL_LEADING = 1.2
WITHIN = 0.84  # part of a name that must lie inside its county: no halo parts it from a border
WITHIN_STRONG = 0.92
WITHIN_INSET = 0.55  # the same in the inset, which is there for the names
NAMED_MOST = 30  # counties that match: of more, lines to all their names could not be followed
SMALL_COUNTY = 420  # map units: a county this small gets a dot on a small map

Bounds = tuple[float, float, float, float]
Place = Callable[[float, float], tuple[float, float]]


def _fit(
    scene: SceneSlides, room: Box, bounds: tuple[float, float, float, float]
) -> Callable[[float, float], tuple[float, float]]:
    """Return how a point of the map comes onto the slide: bounds in the middle of the room, as large as can be."""
    x0, y0, x1, y1 = bounds
    scale = min(room.wide / (x1 - x0), room.high / (y1 - y0))
    left = room.x + (room.wide - (x1 - x0) * scale) / 2
    upper = room.y + (room.high - (y1 - y0) * scale) / 2
    return lambda x, y: (left + (x - x0) * scale, upper + (y - y0) * scale)


def _fill(scene: SceneSlides, adcode: str) -> Fill:
    facts = scene.facts
    return county_fill(
        scene.atlas,
        facts.classes[adcode],
        matched=adcode in facts.kept,
        unknown_road=adcode in facts.unknown_roads,
    )


def _about(scene: SceneSlides, adcode: str) -> str:
    """Return what a screen reader says of a county."""
    facts = scene.facts
    state = facts.class_names.get(facts.classes[adcode], "") if facts.layer.of_store else ""
    key = (adcode, scene.lang, state)
    if key not in scene.names:
        scene.names[key] = accessible_name(facts.counties[adcode], scene.atlas, scene.lang, state)
    return scene.names[key]


def _edge(scene: SceneSlides, fill: Fill, adcode: str) -> str:
    pale = adcode not in scene.facts.kept and scene.facts.classes[adcode] != "na"
    return line_xml(colour("unmatched-edge" if pale else "strong-edge" if fill.is_strong else "edge"), 0.75)


def draw_map(
    scene: SceneSlides,
    room: Box,
    adcodes: list[str],
    *,
    coarse: bool = False,
    fill: Callable[[str], Fill] | None = None,
    name: str = "",
    labels: bool = True,
    rings: Sequence[str] = (),
    size: float = SMALL,
    more: Mapping[str, str] | None = None,
) -> None:
    """Draw counties, in one group a prefecture, all in one group; then borders, rings and labels."""
    shapes, facts = scene.shapes, scene.facts
    paths, scale = (shapes.coarse, shapes.coarse_scale) if coarse else (shapes.paths, 1)
    boxes = [outline(paths[adcode])[:4] for adcode in adcodes]
    x0, y0 = (scale * min(box[at] for box in boxes) for at in (0, 1))
    x1, y1 = (scale * max(box[at] for box in boxes) for at in (2, 3))
    whole = len(adcodes) == len(scene.atlas.counties) and not coarse
    if whole:
        # The frame of the screen's map, with room for the inset.
        x0, y0, x1, y1 = 0, 0, shapes.width, shapes.height
    place = _fit(scene, room, (x0, y0, x1, y1))

    def put_at(box: Bounds) -> Box:
        left, upper = place(box[0] * scale, box[1] * scale)
        right, lower = place(box[2] * scale, box[3] * scale)
        return Box(left, upper, right - left, lower - upper)

    def county(number: int, adcode: str) -> str:
        *box, path = outline(paths[adcode])
        how = (fill or partial(_fill, scene))(adcode)
        edge = _edge(scene, how, adcode) if fill is None else line_xml(colour("unmatched-edge"), 0.5)
        said = f"{adcode} {facts.name(adcode)}"
        about = _about(scene, adcode) if fill is None else ""
        return freeform(number, said, put_at(tuple(box)), path, fill_xml(how), edge, about)  # type: ignore[arg-type]

    def line(number: int, called: str, data: str) -> str:
        *box, path = outline(data, False)
        around = put_at((box[0], box[1], box[2], box[3]))
        return freeform(number, called, around, path, fill_xml(None), line_xml(colour("border"), 1.75))

    def write(number: Numbers) -> str:
        own_number = number()
        parts = []
        for code in dict.fromkeys(scene.atlas.counties.loc[adcodes, "prefecture_code"]):
            mine = [a for a in adcodes if facts.counties[a].prefecture_code == code]
            own = number()
            inner = [outline(paths[a])[:4] for a in mine]
            around = put_at(
                (
                    min(b[0] for b in inner),
                    min(b[1] for b in inner),
                    max(b[2] for b in inner),
                    max(b[3] for b in inner),
                )
            )
            option = scene.atlas.plan.option(code)
            called = f"{code} {scene.speech.pick(option.zh, option.en)}"
            parts.append(group(own, called, around, [county(number(), a) for a in mine]))
        if whole:
            for key, lines in (("slide_borders", shapes.borders), ("slide_outline", shapes.outline)):
                parts.append(line(number(), word(key, scene.lang), lines))
        for adcode in dict.fromkeys(rings):
            if adcode in adcodes:
                *box, path = outline(paths[adcode])
                # Red is for who is short and for what is picked; what a scene points out is framed in ink.
                ink = "ink" if adcode in facts.scene.highlight else "accent"
                ring = line_xml(colour(ink), 3 if not coarse else 2)
                called = word("slide_ring", scene.lang, name=f"{adcode} {facts.name(adcode)}")
                parts.append(freeform(number(), called, put_at(tuple(box)), path, fill_xml(None), ring))  # type: ignore[arg-type]
        corner, opposite = place(x0, y0), place(x1, y1)
        around = Box(*corner, opposite[0] - corner[0], opposite[1] - corner[1])
        return group(own_number, name or word("slide_map", scene.lang), around, parts, facts.scene.title)

    if not rings and not coarse:
        rings = [*facts.scene.highlight, *([scene.view.county] if scene.view.county else [])]
    put(scene.slide, write)
    if not labels:
        return
    if not whole:
        _labels(scene, adcodes, place, rings, size=size, more=more, around=room)
        return
    # What the inset shows larger is named there.
    left, upper, right, lower = shapes.inset
    outside = [a for a in adcodes if not (left < shapes.labels[a][0] < right and upper < shapes.labels[a][1] < lower)]
    # Under a filter every county that matches is named, beside its place where it must be.
    around = room if len(facts.kept) <= NAMED_MOST else None
    x, y, wide, tall = scene.atlas.inset_at
    inset = (*place(x, y), *place(x + wide, y + tall))
    _labels(scene, outside, place, rings, [*_parks(scene, place), inset], around=around)
    _inset(scene, place, rings)


def _inset(scene: SceneSlides, place: Place, rings: Sequence[str]) -> None:
    """Draw the core of Lanzhou and Linxia larger, in the free corner, as on the screen."""
    shapes, facts, lang = scene.shapes, scene.facts, scene.lang
    x, y, wide, tall = scene.atlas.inset_at
    x0, y0, x1, _ = shapes.inset
    scale = wide / (x1 - x0)

    def inside(u: float, v: float) -> tuple[float, float]:
        return place(x + (u - x0) * scale, y + (v - y0) * scale)

    def put_at(box: Bounds) -> Box:
        (left, upper), (right, lower) = inside(box[0], box[1]), inside(box[2], box[3])
        return Box(left, upper, right - left, lower - upper)

    frame = put_at(shapes.inset)
    title = word("js_inset", lang, scene.atlas.plan)
    head = Box(frame.x, frame.y - SMALL * LABEL_LEADING / 72, frame.wide, SMALL * LABEL_LEADING / 72)

    def write(number: Numbers) -> str:
        own_number = number()
        said = paragraphs(title, SMALL, ink=colour("quiet"), lang=lang, bold=True)
        parts = [
            words(number(), title, head, said, wraps=False),
            plain(number(), word("slide_inset_ground", lang), frame, fill_xml(colour("paper")), line_xml(None)),
        ]
        for adcode in shapes.inset_adcodes:
            if cut := cut_out(shapes.paths[adcode], shapes.inset):
                fill = _fill(scene, adcode)
                called = f"{adcode} {facts.name(adcode)}"
                edge, about = _edge(scene, fill, adcode), _about(scene, adcode)
                parts.append(freeform(number(), called, put_at(cut[:4]), cut[4], fill_xml(fill), edge, about))
        if cut := cut_out(shapes.borders, shapes.inset, False):
            called = word("slide_borders", lang)
            edge = line_xml(colour("border"), 1.75)
            parts.append(freeform(number(), called, put_at(cut[:4]), cut[4], fill_xml(None), edge))
        for adcode in dict.fromkeys(rings):
            if adcode in shapes.inset_adcodes and (cut := cut_out(shapes.paths[adcode], shapes.inset)):
                called = word("slide_ring", lang, name=f"{adcode} {facts.name(adcode)}")
                edge = line_xml(colour("ink" if adcode in facts.scene.highlight else "accent"), 3)
                parts.append(freeform(number(), called, put_at(cut[:4]), cut[4], fill_xml(None), edge))
        edge = line_xml(colour("control"), 1)
        parts.append(plain(number(), word("slide_inset_frame", lang), frame, fill_xml(None), edge))
        around = Box(frame.x, head.y, frame.wide, frame.high + head.high)
        return group(own_number, word("slide_inset", lang), around, parts, title)

    put(scene.slide, write)
    around = frame if len(facts.kept) <= NAMED_MOST else None
    _labels(scene, shapes.inset_adcodes, inside, rings, within=frame, around=around)


def _parks(scene: SceneSlides, place: Place) -> list[Bounds]:
    """Mark the parks as the screen does, on the layers that show them; return where."""
    if not (scene.facts.layer.parks and scene.view.parks):
        return []
    marks, half = park_marks(scene.atlas), 0.065
    spots = []
    for mark in marks:
        x, y = place(*mark["at"])
        upper = y - SMALL * 1.05 / 72
        spots.append((x - half, upper - half, x + half, upper + half))

    def write(number: Numbers) -> str:
        own_number, parts = number(), []
        for mark, spot in zip(marks, spots, strict=True):
            edge, box = line_xml(colour("panel"), 0.75), Box(spot[0], spot[1], 2 * half, 2 * half)
            parts.append(plain(number(), mark[scene.lang], box, fill_xml(colour("accent")), edge, kind="diamond"))
        x0, y0 = min(s[0] for s in spots), min(s[1] for s in spots)
        x1, y1 = max(s[2] for s in spots), max(s[3] for s in spots)
        return group(own_number, word("card_parks", scene.lang), Box(x0, y0, x1 - x0, y1 - y0), parts)

    put(scene.slide, write)
    return spots


def _labels(
    scene: SceneSlides,
    adcodes: Sequence[str],
    place: Place,
    first: Sequence[str] = (),
    taken: Sequence[Bounds] = (),
    within: Box | None = None,
    *,
    size: float = SMALL,
    more: Mapping[str, str] | None = None,
    around: Box | None = None,
) -> None:
    """Name the counties where the names fit without touching one another, the ringed and the roomiest first.

    Parameters
    ----------
    scene, adcodes, place
    first : sequence of str
        Those that are named whatever lies there.
    taken : sequence of bounds
        Where nothing is named.
    within : Box, optional
        Outside which nothing is named.
    size : float
        Of type, in points.
    more : mapping of str to str, optional
        A second line under the names of some.
    around : Box, optional
        Where a name may stand beside its county, with a line to it; then every county that matches is named.
    """
    facts, at, more = scene.facts, scene.shapes.labels, more or {}
    order = sorted(adcodes, key=lambda a: (a not in first, a not in facts.kept, -at[a][2]))
    if len(facts.kept) < int(scene.atlas.counties["is_county"].sum()):  # under a filter only what it leaves is named
        order = [adcode for adcode in order if adcode in facts.kept or adcode in first]
    held = list(taken)
    found: list[tuple[str, str, Box]] = []
    led: list[tuple[str, str, Box]] = []  # beside their county
    # From inches on the slide back to map units.
    x0, y0 = place(0, 0)
    unit = place(1_000, 0)[0] - x0

    def roomy(adcode: str, box: Bounds) -> bool:
        corners = [1_000 * (side - zero) / unit for side, zero in zip(box, (x0, y0, x0, y0), strict=True)]
        ground = shapely.box(*corners)
        inside = shapely.intersection(polygon(scene.shapes.paths[adcode]), ground)
        # Light letters cannot be read beside a dark county.
        least = WITHIN_STRONG if _fill(scene, adcode).is_strong else WITHIN_INSET if within else WITHIN
        return bool(shapely.area(inside) >= least * shapely.area(ground))

    def free(box: Bounds, room: Box | None) -> bool:
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in held):
            return False
        return not room or (
            room.x < box[0] and box[2] < room.x + room.wide and room.y < box[1] and box[3] < room.y + room.high
        )

    def texts(adcode: str) -> list[str]:
        below = f"\n{more[adcode]}" if adcode in more else ""
        return [text + below for text in dict.fromkeys((facts.short(adcode), _stem(scene, adcode)))]

    def boxed(text: str, x: float, y: float) -> Bounds:
        wide = max(width(line, size) for line in text.split("\n"))
        tall = size * LABEL_LEADING / 72 * (text.count("\n") + 1)
        return (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)

    def keep(kept: list[tuple[str, str, Box]], adcode: str, text: str, box: Bounds) -> None:
        held.append(box)
        kept.append((adcode, text, Box(box[0], box[1], box[2] - box[0], box[3] - box[1])))

    left = []
    for adcode in order:
        x, y = place(*at[adcode][:2])
        for text in texts(adcode):
            box = boxed(text, x, y)
            if free(box, within) and (
                (adcode in first and not around) or roomy(adcode, (box[0], box[1] + 0.03, box[2], box[3] - 0.03))
            ):
                keep(found, adcode, text, box)
                break
        else:
            left.append(adcode)
    if around:
        spots = {adcode: place(*at[adcode][:2]) for adcode in left}
        for adcode in (a for a in left if a in facts.kept):
            x, y = spots[adcode]
            text = texts(adcode)[-1]
            own = boxed(text, 0, 0)
            # Round the county, nearest first, clear of the dots that other lines lead to.
            for ring, turn in itertools.product(range(1, 9), range(16)):
                angle, away = turn * math.pi / 8, ring * size * 0.9 / 72
                middle = x + math.cos(angle) * (own[2] + away), y + math.sin(angle) * (own[3] + away)
                box = boxed(text, *middle)
                over = any(
                    box[0] < u < box[2] and box[1] < v < box[3] for other, (u, v) in spots.items() if other != adcode
                )
                if free(box, around) and not over:
                    keep(led, adcode, text, box)
                    break

    def label(number: int, adcode: str, text: str, box: Box, beside: bool) -> str:
        strong = _fill(scene, adcode).is_strong and not beside
        pale = adcode not in facts.kept
        ink = colour("strong-ink" if strong else "quiet" if pale else "map-ink")
        said = paragraphs(text, size, ink=ink, lang=scene.lang, align="ctr", leading=LABEL_LEADING)
        called = word("slide_label", scene.lang, name=facts.short(adcode))
        return words(number, called, box, said, anchor="ctr", wraps=False)

    def write(number: Numbers) -> str:
        whole, parts = number(), []
        for adcode, text, box in found:
            parts.append(label(number(), adcode, text, box, False))
        for adcode, text, box in led:
            x, y = place(*at[adcode][:2])
            end = min(box.x + box.wide, max(box.x, x)), min(box.y + box.high, max(box.y, y))
            called = word("slide_leader", scene.lang, name=facts.short(adcode))
            parts.append(leader(number(), called, (x, y), end, line_xml(colour("ink"), 0.75)))
            dot = Box(x - 0.03, y - 0.03, 0.06, 0.06)
            parts.append(plain(number(), called, dot, fill_xml(colour("ink")), line_xml(None), kind="ellipse"))
            parts.append(plain(number(), called, box, fill_xml(colour("paper")), line_xml(None)))
            parts.append(label(number(), adcode, text, box, True))
        every = [b for _, _, b in (*found, *led)]
        x0, y0 = min(b.x for b in every), min(b.y for b in every)
        x1, y1 = max(b.x + b.wide for b in every), max(b.y + b.high for b in every)
        return group(whole, word("slide_labels", scene.lang), Box(x0, y0, x1 - x0, y1 - y0), parts)

    if found or led:
        put(scene.slide, write)


def _stem(scene: SceneSlides, adcode: str) -> str:
    """Return 瓜州 for 瓜州县; the name as it is where that would be one character, or two counties'."""
    if scene.lang != "zh":
        return scene.facts.short(adcode)
    stems = [str(county.name_short)[:-1] for county in scene.facts.counties.values()]
    stem = scene.facts.short(adcode)[:-1]
    return stem if len(stem) > 1 and stems.count(stem) == 1 else scene.facts.short(adcode)


def draw_tiles(scene: SceneSlides, room: Box) -> None:
    """Draw the equal-tile map: one square a county."""
    tiles, facts = scene.atlas.tiles, scene.facts
    columns, rows = (1 + max(tile[at] for tile in tiles.values()) for at in (0, 1))
    cell = min(room.wide / columns, room.high / rows)
    left, upper = room.x + (room.wide - columns * cell) / 2, room.y + (room.high - rows * cell) / 2
    rings = [*facts.scene.highlight, *([scene.view.county] if scene.view.county else [])]

    def square(number: int, adcode: str) -> str:
        column, row = tiles[adcode]
        fill = _fill(scene, adcode)
        text = _stem(scene, adcode)
        if width(text, SMALL) > cell * 0.98:
            # Three characters on two lines; a long English name stays in the shape's own name.
            text = scene.speech.pick(f"{text[:2]}\n{text[2:]}", "")
        ink = colour("strong-ink" if fill.is_strong else "map-ink")
        said = paragraphs(text, SMALL, ink=ink, lang=scene.lang, align="ctr", leading=1.0) if text else ""
        edge = line_xml(colour("accent"), 3) if adcode in rings else _edge(scene, fill, adcode)
        box = Box(left + column * cell + 0.02, upper + row * cell + 0.02, cell - 0.04, cell - 0.04)
        called = f"{adcode} {facts.name(adcode)}"
        return plain(number, called, box, fill_xml(fill), edge, said, descr=_about(scene, adcode))

    def write(number: Numbers) -> str:
        whole, parts = number(), []
        counties = scene.atlas.counties
        for code in dict.fromkeys(counties["prefecture_code"]):
            mine = [str(a) for a in counties.index[counties["prefecture_code"] == code]]
            at = [tiles[adcode] for adcode in mine]
            x0, y0 = min(c for c, _ in at), min(r for _, r in at)
            x1, y1 = max(c for c, _ in at) + 1, max(r for _, r in at) + 1
            box = Box(left + x0 * cell, upper + y0 * cell, (x1 - x0) * cell, (y1 - y0) * cell)
            option = scene.atlas.plan.option(code)
            called = f"{code} {scene.speech.pick(option.zh, option.en)}"
            parts.append(group(number(), called, box, [square(number(), adcode) for adcode in mine]))
        box = Box(left, upper, columns * cell, rows * cell)
        return group(whole, word("slide_map", scene.lang), box, parts, facts.scene.title)

    put(scene.slide, write)


def draw_panels(scene: SceneSlides) -> None:
    """Draw one small map a class, each with its name and number of counties."""
    facts = scene.facts
    panels = facts.panels
    columns = 2 if len(panels) <= 4 else 3 if len(panels) <= 6 else 4
    rows = -(-len(panels) // columns)
    wide, tall = ROOM / columns, (FOOT_TOP - GAP - scene.top) / rows
    head = BODY * LABEL_LEADING / 72 + 0.03
    held_fill, pale, light = Fill(colour("r5")), Fill(colour("unmatched")), Fill(colour("r1"))
    upper = scene.top
    for at, (id, title, held) in enumerate(panels):
        x, y = MARGIN + at % columns * wide, upper + at // columns * tall
        within = sum(adcode in facts.kept for adcode in held)
        shown = str(len(held)) if within == len(held) else f"{within}/{len(held)}"
        text = word("slide_panel", scene.lang, name=title, n=shown)
        said = paragraphs(text, BODY, ink=colour("ink"), lang=scene.lang, bold=True)
        room = Box(x, y, wide - 0.15, head)
        put(scene.slide, _words_at(text, room, said))
        inside = set(held)

        def fill(adcode: str, inside: set[str] = inside) -> Fill:
            if adcode not in inside:
                return pale
            return held_fill if adcode in facts.kept else light

        room = Box(x, y + head, wide - 0.15, tall - head - 0.08)
        draw_map(
            scene, room, list(scene.atlas.counties.index), coarse=True, fill=fill, name=f"{id} {title}", labels=False
        )
        _dots(scene, room, [a for a in held if a in facts.kept], id)


def _dots(scene: SceneSlides, room: Box, held: list[str], id: str) -> None:
    """Put a dot on each county that would be too small to see."""
    shapes = scene.shapes
    boxes = [outline(path)[:4] for path in shapes.coarse.values()]
    scale = shapes.coarse_scale
    bounds = (
        min(b[0] for b in boxes) * scale,
        min(b[1] for b in boxes) * scale,
        max(b[2] for b in boxes) * scale,
        max(b[3] for b in boxes) * scale,
    )
    place = _fit(scene, room, bounds)
    small = [
        a
        for a in held
        if max(shapes.bounds[a][2] - shapes.bounds[a][0], shapes.bounds[a][3] - shapes.bounds[a][1]) <= SMALL_COUNTY
    ]
    if not small:
        return

    def write(number: Numbers) -> str:
        whole, parts, spots = number(), [], []
        for adcode in small:
            x, y = place(*shapes.labels[adcode][:2])
            box = Box(x - 0.05, y - 0.05, 0.1, 0.1)
            spots.append(box)
            called = word("slide_dot", scene.lang, name=f"{adcode} {scene.facts.name(adcode)}")
            edge = line_xml(colour("panel"), 0.5)
            parts.append(plain(number(), called, box, fill_xml(colour("r5")), edge, kind="ellipse"))
        x0, y0 = min(b.x for b in spots), min(b.y for b in spots)
        x1, y1 = max(b.x for b in spots) + 0.1, max(b.y for b in spots) + 0.1
        return group(whole, word("slide_dots", scene.lang, id=id), Box(x0, y0, x1 - x0, y1 - y0), parts)

    put(scene.slide, write)


def draw_legend(scene: SceneSlides, x: float, y: float) -> None:
    """Draw the legend: swatch, name and number of counties of each class, then what else needs a word."""
    facts, lang, layer, atlas = scene.facts, scene.lang, scene.facts.layer, scene.atlas
    # What the filter asks for, every county that it leaves has.
    is_chosen = bool(getattr(scene.view.filter, layer.group, ()))
    rows: list[tuple[Fill | str | None, str, str]] = [
        (county_fill(atlas, row.id), row.label, str(row.count))
        for row in facts.legend
        if not (is_chosen and row.outside)
    ]
    marks = []
    if layer.counts:
        for id in atlas.plan.option_ids[layer.group]:
            n = sum(adcode in facts.kept for adcode in scene.atlas.members[id])
            marks.append((id, facts.option(id), str(n)))
    notes = [
        (county_fill(atlas, note.cls, unknown_road=note.unopened), say(note.names, lang)) for note in layer.notes(atlas)
    ]
    parks = word("js_legend_parks", lang, n=len(scene.atlas.plan.parks))
    if layer.parks and scene.view.parks and scene.view.form == "true":
        notes.append((Fill(colour("accent")), parks))
    if len(facts.matched) < int(scene.atlas.counties["is_county"].sum()):
        notes.append((Fill(colour("unmatched")), word("js_legend_unmatched", lang)))
    if not atlas.counties["is_county"].all():
        notes.append((county_fill(atlas, NA), word("js_legend_na", lang, atlas.plan)))
    head = f"{say(layer.name, lang)} {say(layer.unit, lang)}".strip()
    label_room = LEGEND_WIDE - 0.5 - 0.55

    def write(number: Numbers) -> str:
        whole, parts, top = number(), [], y

        def text(said: str, box: Box, size: float = TEXT, bold: bool = False, align: str = "l") -> None:
            body = paragraphs(said, size, ink=colour("ink"), lang=lang, bold=bold, align=align)
            parts.append(words(number(), said, box, body))

        text(head, Box(x, top, LEGEND_WIDE, high(head, LEGEND_WIDE, TEXT, True)), bold=True)
        top += high(head, LEGEND_WIDE, TEXT, True) + 0.08
        lines: list[tuple[Any, str, str, str]] = [(fill, label, n, "swatch") for fill, label, n in rows]
        lines += [(None, word("slide_legend_roles", lang), "", "head")] if marks else []
        lines += [(id, label, n, "mark") for id, label, n in marks]
        lines += [(None, "", "", "gap")]
        lines += [(fill, label, "", "park" if label == parks else "swatch") for fill, label in notes]
        for what, label, n, kind in lines:
            if kind == "gap":
                top += 0.1
                continue
            if kind == "head":
                top += 0.1
                tall = high(label, LEGEND_WIDE, TEXT, True)
                text(label, Box(x, top, LEGEND_WIDE, tall), bold=True)
                top += tall + 0.07
                continue
            size = TEXT if n else SMALL
            room = label_room if n else LEGEND_WIDE - 0.5
            tall = high(label, room, size)
            box = Box(x, top + 0.02, 0.36, 0.21)
            if kind == "mark":
                option = scene.atlas.plan.option(what)
                said = paragraphs(option.mark, SMALL, ink=colour("panel"), lang="zh", bold=True, align="ctr")
                square = Box(x + 0.06, top + 0.01, 0.23, 0.23)
                parts.append(
                    plain(
                        number(),
                        what,
                        square,
                        fill_xml(colour(mark_colours(scene.atlas.plan)[what])),
                        line_xml(None),
                        said,
                    )
                )
            elif kind == "park":
                spot = Box(x + 0.1, top + 0.03, 0.16, 0.16)
                parts.append(plain(number(), label, spot, fill_xml(what), line_xml(None), kind="diamond"))
            else:
                parts.append(plain(number(), label, box, fill_xml(what), line_xml(colour("control"), 0.75)))
            text(label, Box(x + 0.5, top, room, tall), size)
            if n:
                text(n, Box(x + LEGEND_WIDE - 0.5, top, 0.5, tall), align="r")
            top += tall + 0.07
        return group(whole, word("js_legend", lang), Box(x, y, LEGEND_WIDE, top - y), parts)

    put(scene.slide, write)


def draw_swatches(
    scene: SceneSlides, rows: Sequence[tuple[Fill, str]], x: float, y: float, wide: float, line: float
) -> None:
    """Draw a small map's legend: what its colours are of, then each class."""
    lang = scene.lang

    def write(number: Numbers) -> str:
        own_number, top = number(), y + line + 0.05
        head = say(scene.facts.layer.name, lang)
        said = paragraphs(head, SMALL, ink=colour("ink"), lang=lang, bold=True)
        parts = [words(number(), head, Box(x, y, wide, line), said)]
        for fill, label in rows:
            edge = line_xml(colour("control"), 0.75)
            parts.append(plain(number(), label, Box(x, top + 0.02, 0.32, 0.17), fill_xml(fill), edge))
            said = paragraphs(label, SMALL, ink=colour("ink"), lang=lang)
            parts.append(words(number(), label, Box(x + 0.42, top, wide - 0.42, line), said))
            top += line
        return group(own_number, word("js_legend", lang), Box(x, y, wide, top - y), parts)

    put(scene.slide, write)


def classes_inside(scene: SceneSlides) -> list[tuple[Fill, str]]:
    """Return the legend of the counties that the scene is about: only the classes that they are in."""
    facts = scene.facts
    there = {facts.classes[adcode] for adcode in facts.inside}
    rows = [(county_fill(scene.atlas, row.id), row.label) for row in facts.legend if row.id in there]
    na = [(county_fill(scene.atlas, NA), word("js_legend_na", scene.lang, scene.atlas.plan))] if NA in there else []
    return [*rows, *na]


def _words_at(name: str, room: Box, said: str) -> Callable[[Numbers], str]:
    """Return what writes a text box."""
    return lambda number: words(number(), name, room, said)
