"""The county map's scaffold: inline SVG painted for one view, and the data with which the browser repaints it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from geodata.outlines import path_data, path_rings
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.exports import FILES
from layouts.facts.layers import BAR_END, LAYERS, Layer, Pair, title
from layouts.facts.pages import PAGES
from layouts.facts.sources import source_lines
from layouts.facts.view import CHOICES, GROUPS, LANGUAGES, View
from layouts.parts.figures import config, dark_colours
from layouts.parts.palette import commands
from layouts.parts.provenance import shared_sources
from layouts.parts.styles import legends, patterns
from layouts.words import browser_words, word
from targets.progress import NO_TARGET
from targets.selection import Said
from targets.speech import Speech

PARK_STEP = 190  # map units between the marks of two parks of one county
PIECE = 150  # points of one drawn piece of a border line


def accessible_name(county: Any, atlas: Atlas, lang: str, state: str = "") -> str:
    """Name one county for the screen reader: name, prefecture, target band, and its state on a layer of the store's."""
    options = atlas.plan.options
    column = Speech.of(lang).pick("zh_short", "en_short")
    prefecture = str(options.at[county.prefecture_code, column])
    id = county.band or atlas.plan.no_band
    band = str(options.at[id, column]) if county.is_county else word("js_not_county", lang)
    name = Speech.of(lang).pick(county.name_short, county.name_en)
    said = (state,) if state and county.is_county else ()
    return Speech.of(lang).join((name, prefecture, band, *said))


def scaffold(
    atlas: Atlas,
    view: View,
    stored: Mapping[str, Mapping[str, Any]] | None = None,
    roads: Mapping[str, int | None] | None = None,
) -> str:
    """Write the county map as SVG text, painted for ``view``; all text in it is escaped.

    Parameters
    ----------
    atlas : Atlas
    view : View
    stored : mapping, optional
        The layers that rest on the store, as of `stored_layers`; needed when the view shows one.
    roads : mapping of str to int or None, optional
        The year of opening of each county planned for, by adcode; by default as published.
    """
    shapes = atlas.shapes
    matched = set(atlas.select(view.filter))
    classes, said = atlas.county_classes(view), {}
    if stored and view.layer in stored:
        classes = dict(zip(atlas.counties.index, stored[view.layer]["classes"], strict=True))
        said = {row["id"]: row[view.lang] for row in stored[view.layer]["rows"]}
    paths = []
    for number, county in enumerate(atlas.counties.itertuples()):
        adcode = county.Index
        name = accessible_name(county, atlas, view.lang, said.get(classes[adcode], ""))
        paths.append(
            f'<path class="county" id="c{adcode}" data-adcode="{adcode}" data-match="{int(adcode in matched)}"'
            f' data-class="{classes[adcode]}"{_road(county, roads)} tabindex="{0 if number == 0 else -1}" role="button"'
            f' aria-label="{escape(name)}" d="{shapes.paths[adcode]}"/>'
        )
    x, y, width, height = atlas.inset_at
    x0, y0, x1, y1 = shapes.inset
    rows = atlas.counties.loc[list(shapes.inset_adcodes)]
    copies = "".join(
        f'<path class="copy" data-for="{county.Index}" data-match="{int(county.Index in matched)}"'
        f' data-class="{classes[county.Index]}"{_road(county, roads)} d="{shapes.paths[county.Index]}"/>'
        for county in rows.itertuples()
    )
    label = escape(word("js_map_label", view.lang, atlas.plan))
    return (
        f'<svg id="county-map" viewBox="0 0 {shapes.width} {shapes.height}" role="application"'
        f' data-layer="{view.layer}" data-form="true" aria-label="{label}">'
        f'<defs>{patterns(atlas)}<clipPath id="inset-clip"><rect x="{x0}" y="{y0}" width="{x1 - x0}"'
        f' height="{y1 - y0}"/></clipPath></defs>'
        f'<g id="zoom"><g id="counties">{"".join(paths)}</g></g>'
        f'<g id="inset" aria-hidden="true"><rect id="inset-ground" x="{x}" y="{y}" width="{width}" height="{height}"/>'
        f'<svg id="inset-window" x="{x}" y="{y}" width="{width}" height="{height}"'
        f' viewBox="{x0} {y0} {x1 - x0} {y1 - y0}">'
        f'<g id="inset-shapes">{copies}<use href="#borders"/></g><g id="inset-labels"></g></svg>'
        f'<text id="inset-title"></text></g>'
        # What no press changes lies over what it paints anew, in two layers of the screen's (style.css).
        f'<g id="over"><g id="lines"><use id="border-halo" href="#borders"/>'
        f'<g id="borders">{_pieces(shapes.borders)}</g><g id="outline">{_pieces(shapes.outline)}</g>'
        f'<path id="tile-borders"/><g id="marks"></g><path id="leaders"/><g id="labels" aria-hidden="true"></g></g>'
        f'<g id="rings"><g id="highlight"></g><path id="picked-ring"/><path id="hover-ring"/></g></g></svg>'
    )


def _road(county: Any, roads: Mapping[str, int | None] | None) -> str:
    if roads is not None and county.Index in roads:
        return f' data-road="{"unknown" if roads[county.Index] is None else "opened"}"'
    return f' data-road="{county.road_status}"' if county.road_status in ("opened", "unknown") else ""


def _pieces(lines: str) -> str:
    """Write long lines as several paths: a browser draws a few short strokes far faster than one very long one."""
    pieces = []
    for line in path_rings(lines):
        for start in range(0, len(line) - 1, PIECE):
            pieces.append(f'<path d="{path_data([line[start : start + PIECE + 1]], close=False)}"/>')
    return "".join(pieces)


def layer_data(atlas: Atlas, layer: Layer) -> dict[str, Any]:
    """Return a layer as the browser takes it: its names, and its legend by how many of its options are chosen."""

    def named(pair: Pair) -> dict[str, str]:
        return dict(zip(("zh", "en"), pair, strict=True))

    rows = [[one.data() for one in legend] for legend in legends(layer, atlas)]
    notes = [{"class": note.cls, "unopened": note.unopened, **named(note.names)} for note in layer.notes(atlas)]
    return {
        "name": named(layer.name),
        "title": {lang: title(layer, atlas.plan, lang) for lang in LANGUAGES},
        "unit": named(layer.unit),
        "group": layer.group,
        "counts": layer.counts,
        "store": layer.of_store,
        "rising": layer.rising,
        "parks": layer.parks,
        "told": layer.told,
        "finding": layer.finding,
        "rows": [] if layer.of_store else rows,
        "notes": notes,
        "sources": [named(line) for line in layer.sources],
    }


def stored_layers(atlas: Atlas, standing: Standing, view: View) -> dict[str, Any]:
    """Return the layers that rest on the store: the legend of each, and the classes of the counties in code order."""
    return {
        layer.id: {
            "rows": [one.data() for one in layer.legend(atlas, standing, view)],
            "classes": list(layer.of_counties(atlas, standing, view).values()),
            "shares": _shares(atlas, standing, layer, view.lang),
        }
        for layer in LAYERS.values()
        if layer.of_store
    }


def _shares(atlas: Atlas, standing: Standing, layer: Layer, lang: str) -> list[tuple[float, str, float] | None]:
    """Return for each county the part of its bar, how it is said, and by what it is ranked, in code order."""
    if layer.shares is None:
        return []
    found = layer.shares(standing, lang)
    rows: list[tuple[float, str, float] | None] = []
    for adcode in atlas.counties.index:
        part, said = found.get(adcode, (None, ""))
        rows.append(None if part is None else (round(min(part / BAR_END, 1), 3), said, round(part, 6)))
    return rows


def browser_data(atlas: Atlas) -> dict[str, Any]:
    """Collect what the browser needs to filter, paint and list without the server.

    Returns
    -------
    dict
        ``counties``: one row per polygon in code order; ``options``: id → group, names, mark and the row numbers of
        the counties that hold it, as `targets.selection.members` found them; ``layers``: as of `layer_data`;
        ``classes``: by layer, those of the layers that neither the filter nor the store changes; ``parks`` and
        ``coarse``: what is drawn beside the shapes; ``frame``, ``words``, ``choices`` and more.
    """
    shapes = atlas.shapes
    order = list(atlas.counties.index)
    rows = []
    for county in atlas.counties.itertuples():
        adcode = county.Index
        opened = None if county.road_status != "opened" else int(county.road_opened_year)
        rows.append(
            {
                "adcode": adcode,
                "zh": county.name_short,
                "name": county.name,
                "en": county.name_en_short,
                "name_en": county.name_en,
                "seek": f"{county.pinyin} {county.initials}",
                "prefecture": county.prefecture_code,
                "county": bool(county.is_county),
                "band": county.band,
                "clusters": list(county.clusters),
                "energy": list(county.energy),
                "road": None if pd.isna(county.road_year) else str(county.road_year),
                "opened": opened,
                "roadless": county.road_status == "unknown",
                "people": None if pd.isna(county.population) else int(county.population),
                "label": shapes.labels[adcode],
                "box": shapes.bounds[adcode],
                "near": [order.index(other) for other in shapes.neighbours[adcode]],
                "tile": atlas.tiles[adcode],
            }
        )
    options = {}
    for option in map(atlas.plan.option, atlas.plan.options.index):
        options[option.id] = {
            "group": option.group,
            "zh": option.zh_short,
            "en": option.en_short,
            "mark": option.mark,
            "held": sorted(order.index(adcode) for adcode in atlas.members[option.id]),
        }
    return {
        "counties": rows,
        "options": options,
        "place": atlas.plan.region.slug,
        "unlisted": atlas.plan.no_band,
        "no_target": NO_TARGET,
        "kinds": {kind: list(ids) for kind, ids in atlas.plan.kinds.items()},
        "groups": {group: list(atlas.known.options[group]) for group in GROUPS},
        "choices": {key: list(values) for key, values in CHOICES.items()},
        "layers": {layer.id: layer_data(atlas, layer) for layer in LAYERS.values()},
        "classes": {
            layer.id: list(atlas.county_classes(View(layer=layer.id)).values())
            for layer in LAYERS.values()
            if not (layer.counts or layer.of_store)
        },
        "pages": {page.id: page.data() for page in PAGES.values()},
        "files": {file.id: file.data() for file in FILES.values() if file.name[0]},
        "palette": commands(atlas),
        "plot": {lang: config(lang) for lang in ("zh", "en")},
        "dark": dark_colours(),
        "sources_of": shared_sources(atlas.plan),
        "parks": park_marks(atlas),
        "coarse": [shapes.coarse[adcode] for adcode in order],
        "coarse_scale": shapes.coarse_scale,
        "frame": {
            "width": shapes.width,
            "height": shapes.height,
            "inset": shapes.inset,
            "inset_at": atlas.inset_at,
            "west": min(box[0] for box in shapes.bounds.values()),
        },
        "prefecture_box": {code: list(box) for code, box in shapes.prefecture_bounds.items()},
        "filter": {lang: Said.of(atlas.plan, lang).data() for lang in LANGUAGES},
        "sources": {lang: source_lines(atlas, lang) for lang in ("zh", "en")},
        "words": {lang: browser_words(lang, atlas.plan) for lang in ("zh", "en")},
    }


def park_marks(atlas: Atlas) -> list[dict[str, Any]]:
    """Place each park: at its host county's label point, else at its prefecture's, for no source has coordinates."""
    shapes = atlas.shapes
    marks: list[dict[str, Any]] = []
    for park in atlas.plan.parks.to_dict("records"):
        at_prefecture = shapes.prefecture_labels[park["prefecture_code"]]
        x, y, _ = shapes.labels.get(park["adcode"], at_prefecture)
        while any(mark["at"] == [x, y] for mark in marks):
            x += PARK_STEP
        marks.append({"at": [x, y], "zh": park["name"], "en": park["name_en"]})
    return marks


def data_element(data: dict[str, Any], id: str = "atlas-data") -> str:
    """Write the data as a JSON script element; ``<`` is escaped so that no text can end the element early."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script id="{id}" type="application/json">{text}</script>'
