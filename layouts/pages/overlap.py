"""The overlap page: which roles the counties hold together, and the matrix for looking one county up.

Python finds the combinations and the filter that leaves each of them; the browser draws both tables from that and from
the counties it knows, so that sorting, the threshold and the filter cost no request.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from dash import html

from layouts.facts.atlas import Atlas
from layouts.facts.overlap import say_sets
from layouts.facts.pages import Page
from layouts.facts.scene import Fact, SceneFacts
from layouts.facts.view import View
from layouts.parts.colours import Fill, colour
from layouts.parts.markup import choice, county_link
from layouts.parts.provenance import source_lines
from layouts.parts.slide import FOOT_TOP, ROOM, TEXT, SceneSlides
from layouts.parts.slide_charts import CHART_ROWS, bars, paint
from layouts.parts.slide_parts import Table
from layouts.words import both, word
from targets import provenance
from targets.overlap import Combination, RolesAndBands, role_sets, roles_and_bands
from targets.plan import Plan
from targets.selection import Filter
from targets.speech import Speech

THRESHOLDS = (1, 2, 3, 5, 10)


def page(atlas: Atlas, view: View) -> list[Any]:
    """Return the whole page; what it says is of all counties, whatever the filter."""
    lang = view.lang
    found = roles_and_bands(atlas.counties, atlas.plan)
    sets = role_sets(atlas.plan)
    counties = int(atlas.counties["is_county"].sum())
    return [
        html.Div(
            [
                html.H2(word("overlap_title", lang)),
                findings(atlas, found, lang),
                html.Section(
                    [
                        html.H2(word("upset_title", lang, n=len(found.combinations))),
                        html.P(word("upset_how", lang, atlas.plan), className="quiet"),
                        upset_controls(found, lang),
                        html.Div(
                            className="overlap-room upset-room",
                            **{
                                "data-upset": compact(
                                    {
                                        "plain": sent(found.combinations, atlas.plan),
                                        "banded": sent(found.with_bands, atlas.plan),
                                    }
                                ),
                                "aria-label": word("upset_title", lang, n=len(found.combinations)),
                            },
                        ),
                    ]
                ),
                html.Section(
                    [
                        html.H2(word("matrix_title", lang, n=counties, sets=len(sets))),
                        html.P(word("matrix_how", lang), className="quiet"),
                        html.Div(
                            [
                                html.P(className="matrix-shown", role="status"),
                                html.Button(
                                    word("matrix_all", lang),
                                    type="button",
                                    className="chip matrix-all",
                                    hidden=True,
                                    **{"data-overlap": "all=1", "aria-pressed": "false"},
                                ),
                            ],
                            className="overlap-controls",
                        ),
                        html.Div(
                            className="overlap-room matrix-room",
                            **{
                                "data-matrix": compact(sources(atlas, lang)),
                                "aria-label": word("matrix_title", lang, n=counties, sets=len(sets)),
                            },
                        ),
                    ],
                    className="matrix-section",
                ),
            ],
            className="overlap",
        )
    ]


def findings(atlas: Atlas, found: RolesAndBands, lang: str) -> html.Div:
    """Return the findings, each with what leads to the counties that it names."""
    none = Filter(exclude=role_sets(atlas.plan))
    bands = tuple(id for id in atlas.plan.option_ids["band"] if id != atlas.plan.no_band)
    name = Speech.of(lang).pick("name_short", "name_en")
    ways: list[list[tuple[str, Collection[str], Filter | None]]] = [
        [(word("held_no_role", lang), (*found.band_only, *found.neither), none)],
        [
            (word("held_roles_only", lang), found.roles_only, None),
            (word("held_band_only", lang), found.band_only, Filter(band=bands, exclude=none.exclude)),
            (word("held_both", lang), found.both, None),
            (
                word("held_neither", lang, atlas.plan),
                found.neither,
                Filter(band=(atlas.plan.no_band,), exclude=none.exclude),
            ),
        ],
        [
            (word("held_only", lang, what=say_sets(one.sets, atlas.plan, lang)), one.adcodes, one.filter(atlas.plan))
            for one in found.largest
            if len(found.largest) == 1
        ],
        [
            (word("held_like", lang, name=atlas.counties.at[one.adcodes[0], name]), one.adcodes, one.filter(atlas.plan))
            for one in found.combinations
            if found.most_sets and len(found.most) == 1 and one.sets == found.most_sets
        ],
    ]
    return html.Div(
        [
            html.Div(
                [
                    html.P(text, className="finding" if number == 0 else "found"),
                    html.Div([told(atlas, *way, lang) for way in ways[number] if way[1]], className="overlap-ways"),
                ]
            )
            for number, text in enumerate(found.sentences(lang))
        ],
        className="overlap-findings",
    )


def told(atlas: Atlas, text: str, adcodes: Collection[str], chosen: Filter | None, lang: str) -> Any:
    """Return a button that sets the filter of these counties, or their names where no filter says just them."""
    label = [html.Span(text, className="chip-name"), html.Strong(len(adcodes))]
    if chosen is not None and set(atlas.select(chosen)) == set(adcodes):
        more = {"data-held": View(filter=chosen).query(), "aria-pressed": "false"}
        return html.Button(label, type="button", className="chip", **more)
    name = Speech.of(lang).pick("name_short", "name_en")
    names = [county_link(adcode, atlas.counties.at[adcode, name]) for adcode in adcodes]
    return html.Details([html.Summary(label), html.P(names, className="names")])


def upset_controls(found: RolesAndBands, lang: str) -> html.Div:
    """Return the order, the threshold, the switch to bands, what is shown, and the way to the map."""

    def segments(key: str, names: dict[str, str], chosen: str, label: str) -> html.Div:
        return html.Div(
            [
                html.Button(
                    text,
                    type="button",
                    className="segment",
                    **{"data-overlap": f"{key}={value}", "aria-pressed": str(value == chosen).lower()},
                )
                for value, text in names.items()
            ],
            className="segments",
            role="group",
            **{"aria-label": label},
        )

    return html.Div(
        [
            segments(
                "banded",
                {
                    "": word("upset_plain", lang, n=len(found.combinations)),
                    "1": word("upset_banded", lang, n=len(found.with_bands)),
                },
                "",
                word("upset_what", lang),
            ),
            segments(
                "order",
                {key: word(f"upset_by_{key}", lang) for key in ("size", "degree", "fewest")},
                "size",
                word("sort", lang),
            ),
            html.Label(
                [
                    word("upset_least", lang),
                    " ",
                    choice("upset-least", {str(n): str(n) for n in THRESHOLDS}, "1"),
                ],
                className="behind-sort",
            ),
            html.Div(
                [
                    html.P(className="upset-shown", role="status"),
                    html.Button(
                        word("clear", lang),
                        type="button",
                        className="quiet-button overlap-clear",
                        **{"data-action": "clear"},
                    ),
                    html.A(word("on_the_map", lang), href="/", className="overlap-map", **{"data-page": "/"}),
                ],
                className="overlap-status",
            ),
        ],
        className="overlap-controls",
    )


def sent(found: tuple[Combination, ...], plan: Plan) -> list[dict[str, Any]]:
    """Return combinations as the browser takes them, each with the query of the filter that leaves exactly it."""
    return [
        {
            "sets": list(one.sets),
            "query": View(filter=one.filter(plan)).query(),
            "counties": list(one.adcodes),
            "bands": dict(one.bands),
        }
        for one in found
    ]


def sources(atlas: Atlas, lang: str) -> dict[str, Any]:
    """Return where each of the sets stands, once; and anew for the counties whose name the print has otherwise."""
    plan = atlas.plan
    general = {id: source_lines(provenance.of_option(plan, id, lang=lang), lang) for id in role_sets(plan)}
    special: dict[str, dict[str, Any]] = {}
    for id, given in general.items():
        name, column = provenance.LISTS[plan.option(id).group]
        rows = getattr(plan, name)
        for adcode in rows["adcode"][(rows[column] == id) & (rows["correction"] != "")]:
            lines = source_lines(provenance.of_option(plan, id, adcode, lang), lang)
            if lines != given:
                special.setdefault(id, {})[adcode] = lines
    return {"sets": general, "counties": special}


def compact(data: Any) -> str:
    """Write data as JSON without spaces."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


# ---- its scene: what it says, what it lists, its slides -------------------------------------------------------------


def _figures(facts: SceneFacts) -> list[Fact]:
    found = []
    unit = word("slide_counties", facts.lang)
    plan = facts.atlas.plan
    for one in facts.overlap.combinations:
        what = facts.combination(one.sets)
        clauses = [provenance.of_option(plan, id, lang=facts.lang).clause for id in one.sets]
        source = provenance.Source(what=what, clause=facts.speech.clauses(clauses)) if clauses else None
        names = facts.speech.list(map(facts.short, one.adcodes))
        found.append(Fact("", names, what, str(len(one.adcodes)), len(one.adcodes), unit, source))
    return found


def slide(scene: SceneSlides) -> None:
    """Draw the page on slides."""
    facts, lang = scene.facts, scene.lang
    scene.begin()
    for at, text in enumerate(facts.findings):
        scene.say(text, size=TEXT, ink="quiet" if at else "ink", bold=not at)
    found = facts.overlap.combinations
    # Combinations that one county alone holds stand in the table.
    several = [one for one in found if len(one.adcodes) > 1][:CHART_ROWS]
    if several:
        if FOOT_TOP - scene.top < 1.2 + 0.2 * len(several):
            scene.begin()
        scene.say(word("slide_combinations", lang, n=len(several)), size=TEXT, bold=True)
        held = [(word("js_overlap_size", lang), [len(one.adcodes) for one in several])]
        chart = bars(scene, [facts.combination(one.sets) for one in several], held, legend=False)
        chart.plots[0].gap_width = 45
        paint(chart.plots[0].series[0].format, Fill(colour("r5")))
    scene.begin()
    between = scene.speech.pick("、", ", ")
    rows = tuple(
        (facts.combination(one.sets), str(len(one.adcodes)), between.join(map(facts.short, one.adcodes)))
        for one in found
    )
    heads = (word("slide_head_combination", lang), word("js_overlap_size", lang), word("js_overlap_names", lang))
    scene.table(Table.fitted(heads, rows, ROOM, {1}))


PAGE = Page(
    id="overlap",
    path="/overlap",
    name=both("nav_overlap"),
    also="矩阵|UpSet|matrix|intersections",
    pinyin={"交叉": "jiao cha", "矩阵": "ju zhen"},
    markup=lambda asked: page(asked.atlas, asked.view),
    rail=True,
    script="pages/overlap.js",
    slide=slide,
    findings=lambda facts: facts.overlap.sentences(facts.lang),
    figures=_figures,
)
