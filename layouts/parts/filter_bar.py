"""The filter over the map: a slim bar whose groups open as drawers of chips, and what is chosen, always in sight."""

from __future__ import annotations

from typing import Any

from dash import html

from layouts.facts.atlas import Atlas
from layouts.parts.markup import segment
from layouts.words import word
from targets.selection import WHOLE
from targets.speech import Speech

# In the order of the bar.
GROUPS = ("prefecture", "band", "cluster", "energy", "road")


def filter_bar(atlas: Atlas, lang: str) -> html.Nav:
    """Return the bar of drawers."""
    close = html.Button(
        word("filter_close", lang),
        type="button",
        className="btn btn-primary narrow-only",
        **{"data-action": "toggle-filter"},
    )
    return html.Nav(
        [*(drawer(atlas, group, lang) for group in GROUPS), close], id="rail", **{"aria-label": word("filter", lang)}
    )


def chosen(lang: str) -> html.Div:
    """Return the line of what is chosen: how many counties match, the filter as one sentence, its chips, a button."""
    return html.Div(
        [
            html.Strong(id="match-count", **{"aria-live": "polite"}),
            html.P(id="filter-sentence"),
            html.Ul(id="chosen", **{"aria-label": word("chosen", lang)}),
            html.Button(
                word("clear", lang), type="button", id="clear", className="quiet-button", **{"data-action": "clear"}
            ),
        ],
        id="chosen-line",
        role="region",
        **{"aria-label": word("chosen", lang)},
    )


def drawer(atlas: Atlas, group: str, lang: str) -> html.Details:
    """Return one group: how many of the matching counties are in any of its lists, and inside its chips."""
    plan = atlas.plan
    options = plan.option_ids[group]
    above: list[Any] = []
    if group in WHOLE:
        above.append(html.Div([whole(group, state, lang) for state in ("include", "exclude")], className="wholes"))
    if group == "energy":
        # A category of several kinds is pressed as one.
        above += [nest(atlas, kind, held, lang) for kind, held in plan.kinds.items() if len(held) > 1]
        options = tuple(held[0] for held in plan.kinds.values() if len(held) == 1)
    head = html.Div([html.H2(word(f"group_{group}", lang, plan)), *operator(group, lang)], className="group-head")
    chips = html.Div([chip(atlas, option, lang) for option in options], className="chips")
    return html.Details(
        [
            html.Summary(
                [
                    html.Span(word(f"drawer_{group}", lang)),
                    html.Span(className="drawer-count", **{"data-group": group}),
                ]
            ),
            html.Section([head, *above, chips], className=f"group group-{group}"),
        ],
        className="filter-drawer",
        **{"data-drawer": group},
    )


def chip(atlas: Atlas, option: str, lang: str) -> html.Div:
    """Return one option: a press takes it in, and beside it one that excludes it.

    How many counties it would leave is filled in by the browser.
    """
    row = atlas.plan.option(option)
    name = Speech.of(lang).pick(row.zh_short, row.en_short)
    mark = (
        [html.Span(row.mark, className="badge-mark", **{"data-role": option, "aria-hidden": "true"})]
        if row.mark
        else []
    )
    full = Speech.of(lang).pick(row.zh, row.en)
    clause = Speech.of(lang).pick(row.clause_zh, row.clause_en)
    said = word("exclude_option", lang, name=name)
    return html.Div(
        [
            html.Button(
                [*mark, html.Span(name, className="chip-name"), html.Span(className="chip-count")],
                type="button",
                className="chip",
                title=f"{full} · {clause}" if clause else full,
                **{"data-option": option, "aria-pressed": "false"},
            ),
            html.Button(
                word("exclude", lang),
                type="button",
                className="chip-not",
                title=said,
                **{"data-exclude": option, "aria-pressed": "false", "aria-label": said},
            ),
        ],
        className="chip-pair",
    )


def whole(group: str, state: str, lang: str) -> html.Button:
    """Return what is chosen of a group as a whole: any of its lists, or none of them."""
    return html.Button(
        [html.Span(word(f"js_whole_{state}_{group}", lang), className="chip-name"), html.Span(className="chip-count")],
        type="button",
        className="chip",
        **{"data-whole": group, "data-state": state, "aria-pressed": "false"},
    )


def nest(atlas: Atlas, kind: str, held: tuple[str, ...], lang: str) -> html.Div:
    """Return the chips of a category of energy kinds under one that presses them all."""
    table = atlas.plan.energy
    name = str(table.loc[table["category"] == kind, Speech.of(lang).pick("category_zh", "category_en")].iloc[0])
    head = {"data-action": "kinds", "data-kinds": kind}
    return html.Div(
        [
            html.Button(name, type="button", className="nest-head", **head),
            html.Div([chip(atlas, option, lang) for option in held], className="chips"),
        ],
        className="nest",
        role="group",
        **{"aria-label": name},
    )


def operator(group: str, lang: str) -> list[Any]:
    """Return the any/all switch of a group in which a county may hold several options."""
    if group not in WHOLE:
        return []
    return [
        html.Div(
            [
                segment(f"{group}_op", value, word(value, lang), title=word("op_label", lang))
                for value in ("any", "all")
            ],
            className="segments segments-small",
            role="group",
            **{"aria-label": word("op_label", lang)},
        )
    ]
