"""The page around the map, as Dash components: masthead, filter, tools, list, charts, sources."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts.facts.atlas import Atlas
from layouts.facts.exports import offered
from layouts.facts.headline import headline
from layouts.facts.layers import LAYERS, say
from layouts.facts.pages import Page, named
from layouts.facts.scene import Fact, SceneFacts
from layouts.facts.sources import source_lines
from layouts.facts.view import FORMS, View
from layouts.parts.filter_bar import chosen, filter_bar
from layouts.parts.markup import page_link, segment
from layouts.parts.slide import FOOT_TOP, GAP, MARGIN, ROOM, TEXT, WIDE, SceneSlides
from layouts.parts.slide_map import LEGEND_WIDE, draw_legend, draw_map, draw_panels, draw_tiles
from layouts.parts.slide_parts import Box
from layouts.words import both, word
from targets.speech import Speech

# What the browser tells Python by, where the answer is Dash's: a press, the shell, charts, the forms of the data page.
STORES = ("view", "language", "charts-wanted", "spread-counts", "data-ask", "undo-ask", "changed")
SORTS = ("layer", "code", "band", "roles", "road", "population", "name")
ICONS = {"true": "◪", "tile": "▦", "panels": "⊞"}


def layout(atlas: Atlas) -> html.Div:
    """Return the whole page: the stores by which browser and Python speak, and the rooms in Chinese."""
    return html.Div(
        [
            *[dcc.Store(id=name) for name in STORES],
            html.Div(rooms(atlas, "zh"), id="page", **{"data-lang": "zh"}),
        ]
    )


def rooms(atlas: Atlas, lang: str) -> list[Any]:
    """Return the page's rooms in one language."""
    return [
        html.A(word("skip", lang), href="#map-stage", className="skip"),
        masthead(atlas, lang),
        filter_bar(atlas, lang),
        tools(atlas, lang),
        chosen(lang),
        html.Main([stage(lang), spread(lang), sources(atlas, lang)], id="middle"),
        side(lang),
        html.Main(id="sheet", className="page-room", tabIndex=-1),
        html.Div(id="notice", role="status"),
        html.Main(id="data-room", className="page-room"),
    ]


def masthead(atlas: Atlas, lang: str) -> html.Header:
    """Name, search, language, theme."""
    return html.Header(
        [
            html.Div(
                [
                    html.H1(word("brand", lang, atlas.plan)),
                    html.Span(word("brand_sub", lang, atlas.plan), className="brand-sub"),
                ],
                className="brand",
            ),
            html.Nav(
                [page_link(say(name, lang), path) for path, name in named().items()],
                id="pages",
                **{"aria-label": word("pages", lang)},
            ),
            html.Div(
                [
                    html.Label(word("search_label", lang), htmlFor="search-field", className="visually-hidden"),
                    html.Div(id="search"),
                ],
                className="search-room",
                role="search",
            ),
            html.Button(
                [
                    html.Span(word("palette", lang), className="visually-hidden"),
                    html.Kbd("Ctrl K", className="when-pc"),
                    html.Kbd("⌘K", className="when-mac"),
                ],
                type="button",
                id="palette-button",
                className="quiet-button",
                title=word("palette_tip", lang),
                **{"data-action": "palette", "aria-haspopup": "dialog", "aria-keyshortcuts": "Control+K Meta+K"},
            ),
            html.Button(
                word("filter", lang),
                type="button",
                className="quiet-button narrow-only",
                **{"data-action": "toggle-filter"},
            ),
            html.Button(
                word("other_language", lang),
                type="button",
                className="quiet-button",
                lang=Speech.of(lang).pick("en", "zh-CN"),
                **{"data-action": "language"},
            ),
            html.Button(
                [
                    html.Span(word("theme_dark", lang), className="when-light"),
                    html.Span(word("theme_light", lang), className="when-dark"),
                ],
                type="button",
                id="theme-toggle",
                className="quiet-button",
                **{"data-action": "theme"},
            ),
        ],
        id="masthead",
    )


def tools(atlas: Atlas, lang: str) -> html.Div:
    """Return the bar over the map: layers, map forms, zoom to a prefecture, export."""
    prefectures = [{"label": word("zoom_all", lang, atlas.plan), "value": "all"}] + [
        {
            "label": Speech.of(lang).pick(atlas.plan.option(code).zh_short, atlas.plan.option(code).en_short),
            "value": code,
        }
        for code in atlas.plan.option_ids["prefecture"]
    ]
    forms = [
        segment(
            "map",
            form,
            [html.Span(ICONS[form], className="icon", **{"aria-hidden": "true"}), word(f"form_{form}", lang)],
            title=word(f"form_{form}_tip", lang),
        )
        for form in FORMS
    ]
    return html.Div(
        [
            html.Div(
                [segment("layer", layer.id, say(layer.name, lang)) for layer in LAYERS.values()],
                className="segments",
                role="group",
                **{"aria-label": word("layers", lang)},
            ),
            html.Div(forms, className="segments", role="group", **{"aria-label": word("forms", lang)}),
            html.Label(word("period", lang), htmlFor="period", className="visually-hidden"),
            dbc.Select(
                id="period",
                options=[{"label": word("period_latest", lang), "value": "latest"}],
                value="latest",
                size="sm",
            ),
            html.Label(word("zoom_to", lang), htmlFor="zoom-to", className="visually-hidden"),
            dbc.Select(id="zoom-to", options=prefectures, value="all", size="sm"),
            dbc.DropdownMenu(
                [
                    dbc.DropdownMenuItem(word(f"take_{kind}", lang), id=f"take-{kind}")
                    for kind in ("png", "svg", "print")
                ]
                + [dbc.DropdownMenuItem(divider=True)]
                + [dbc.DropdownMenuItem(say(file.name, lang), id=f"take-{file.id}") for file in offered("map")]
                + [dbc.DropdownMenuItem(divider=True), dbc.DropdownMenuItem(word("take_link", lang), id="take-link")],
                label=word("take", lang),
                id="take",
                size="sm",
                align_end=True,
                toggle_class_name="quiet-button",
                color="link",
            ),
        ],
        id="tools",
        role="region",
        **{"aria-label": word("forms", lang)},
    )


def stage(lang: str) -> html.Div:
    """Return the map's room; the map itself comes with the page and is moved in by the browser."""
    zoom = [("zoom-in", "+", "zoom_in"), ("zoom-out", "−", "zoom_out"), ("zoom-reset", "⤢", "zoom_reset")]
    return html.Div(
        [
            html.Div(
                [html.H2(id="map-title"), html.P(id="map-sentence")],
                id="map-heading",
            ),
            html.Div(id="legend", role="group"),
            html.Div(id="map-stage", tabIndex=-1),
            html.Div(id="panels", role="group", hidden=True, **{"aria-label": word("js_panels_label", lang)}),
            html.Div(
                [
                    html.Button(
                        sign,
                        type="button",
                        title=word(tip, lang),
                        **{"data-action": action, "aria-label": word(tip, lang)},
                    )
                    for action, sign, tip in zoom
                ],
                id="zoom-buttons",
            ),
            html.Div(id="hover-card", hidden=True, **{"aria-hidden": "true"}),
        ],
        id="stage",
    )


def spread(lang: str) -> html.Section:
    """Return the room of the spread charts; the charts come after the map."""
    return html.Section(
        [
            html.Button(
                [
                    html.Span(word("spread", lang)),
                    html.Small(word("spread_hint", lang)),
                    html.Span("▴", className="icon"),
                ],
                type="button",
                id="spread-toggle",
                **{"data-action": "toggle-spread"},
            ),
            html.Div(
                [
                    html.Div(html.P(word("spread_waiting", lang), className="quiet"), id="spread-room"),
                    html.Details(
                        [html.Summary(word("spread_table", lang)), html.Div(id="spread-tables", className="tables")],
                        id="spread-table",
                    ),
                ],
                id="spread-body",
            ),
        ],
        id="spread",
        **{"aria-label": word("spread", lang)},
    )


def sources(atlas: Atlas, lang: str) -> html.Footer:
    """Return the source line and the approval number under the map."""
    return html.Footer([html.Span(line) for line in source_lines(atlas, lang)], id="sources")


def side(lang: str) -> html.Aside:
    """Return the county card and the list of matching counties."""
    return html.Aside(
        [
            html.Div(id="card", role="region", **{"aria-label": word("card", lang), "aria-live": "polite"}),
            html.Div(
                [
                    html.H2([word("list", lang), " ", html.Span(id="list-count", className="list-count")]),
                    html.Label(word("sort", lang), htmlFor="sort"),
                    dbc.Select(
                        id="sort",
                        options=[{"label": word(f"sort_{key}", lang), "value": key} for key in SORTS],
                        value="layer",
                        size="sm",
                    ),
                ],
                className="list-head",
            ),
            html.Ol(id="county-list", **{"aria-label": word("list", lang)}),
        ],
        id="side",
        **{"aria-label": word("list", lang)},
    )


def store_banner(lang: str, id: str = "") -> str:
    """Return what stands over a page, as HTML, while the store does not answer."""
    attribute = f' id="{id}"' if id else ""
    return f'<p{attribute} class="store-banner" role="alert">{word("store_banner", lang)}</p>\n'


def too_old() -> str:
    """Return what a browser that is too old is told, as HTML, in both languages; `assets/floor.js` shows it."""
    tags = {"zh": "zh-CN", "en": "en"}
    said = " ".join(f'<span lang="{tag}">{word("too_old", lang)}</span>' for lang, tag in tags.items())
    return f'<p id="too-old" role="alert">{said}</p>\n'


def document_title(atlas: Atlas, view: View) -> str:
    """Return the browser tab's title."""
    return word("js_page_title", view.lang, atlas.plan)


# ---- its scene: what it says, what it lists, its slides -------------------------------------------------------------


def _findings(facts: SceneFacts) -> list[str]:
    said = [] if facts.view.filter.is_empty else [facts.atlas.filter_sentence(facts.view)]
    return [headline(facts.atlas, facts.view, facts.standing), *said]


def _legend_figures(facts: SceneFacts) -> list[Fact]:
    unit, all_of = word("slide_counties", facts.lang), word("slide_matched", facts.lang)
    counted = [Fact("", "", row.label, str(row.count), row.count, unit) for row in facts.legend]
    n = len(facts.matched)
    return [Fact("", "", all_of, str(n), n, unit), *counted]


def _layer_figures(facts: SceneFacts) -> list[Fact]:
    layer = facts.layer
    keys = [*layer.facts, *(facts.atlas.plan.option_ids[layer.group] if layer.counts else ())]
    if keys:
        return facts.lines(facts.inside, keys)
    item = say(layer.name, facts.lang)
    held = {adcode: facts.class_names.get(facts.classes[adcode]) for adcode in facts.inside}
    return [Fact(adcode, facts.name(adcode), item, label) for adcode, label in held.items() if label]


def slide(scene: SceneSlides) -> None:
    """Draw the page on slides."""
    scene.begin()
    said = scene.facts.findings
    scene.say(said[0], size=TEXT, ink="quiet")
    scene.top += 0.06
    if scene.view.form == "panels":
        draw_panels(scene)
        return
    room = Box(MARGIN, scene.top, ROOM - LEGEND_WIDE - 0.2, FOOT_TOP - GAP - scene.top)
    if scene.view.form == "tile":
        draw_tiles(scene, room)
    else:
        draw_map(scene, room, list(scene.atlas.counties.index))
    draw_legend(scene, WIDE - MARGIN - LEGEND_WIDE, scene.top)


PAGE = Page(
    id="map",
    path="/",
    name=both("nav_map"),
    also="首页|home",
    pinyin={"地图": "di tu", "首页": "shou ye"},
    rail=True,
    mapped=True,
    slide=slide,
    findings=_findings,
    figures=lambda facts: [*_legend_figures(facts), *_layer_figures(facts)],
)
