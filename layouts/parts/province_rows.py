"""What is of the whole province, as rows that open: the plan's own counts, roads, provincial targets, parks, rules."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from layouts.facts import titles
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.province import KNOWN_FIRST, target_name, target_value, where
from layouts.facts.view import View
from layouts.parts.attainment import bar
from layouts.parts.markup import county_cell, county_link, table
from layouts.parts.provenance import in_chinese
from layouts.words import said_of_some, word
from targets import outcomes, progress
from targets.progress import NO_FIGURE, REACHED
from targets.provenance import cite_source
from targets.speech import Speech


def drawer(title: Any, *parts: Any, **more: Any) -> html.Details:
    """Return a part of the page that opens on a press; a title that is no text is the heading itself."""
    heading = html.H2(title) if isinstance(title, str) else title
    return html.Details([html.Summary(heading), *parts], **{"className": "drawer", **more})


def aggregates(atlas: Atlas, standing: Standing, lang: str) -> list[html.P]:
    """Say of the plan's own counts what it asks, what it lists, and what is known."""
    asked = atlas.plan.provincial_targets.set_index("id")
    found = outcomes.aggregates(atlas.plan, atlas.counties, standing.assessment)
    total = len(standing.assessment)
    return [
        html.P(
            word(
                "aggregate",
                lang,
                atlas.plan,
                what=asked.at[id, Speech.of(lang).column("indicator")],
                total=total,
                asked=int(row["asked"]),
                listed=int(row["listed"]),
                known=said_of_some(
                    [("aggregate_known", int(row["known"])), ("aggregate_unknown", int(row["unknown"]))], lang
                )
                or word("aggregate_nobody", lang),
            )
        )
        for id, row in found.iterrows()
    ]


def rows(atlas: Atlas, standing: Standing, view: View) -> list[Any]:
    """Return the rows that open, in the order in which they are asked for."""
    lang = view.lang
    speech = Speech.of(lang)
    observations, rules = standing.observations, standing.rules
    rungs = progress.ladder(atlas.counties, observations, rules, atlas.plan)
    steps = outcomes.roads(atlas.counties, observations, atlas.published, atlas.plan)
    targets = outcomes.provincial(atlas.plan, observations, atlas.counties, atlas.published, rules)
    targets = targets.assign(_known=targets["basis"].map(KNOWN_FIRST)).sort_values("_known", kind="stable")
    parks = standing.parks(atlas)
    end = speech.column("")
    return [
        drawer(
            titles.ladder_title(rungs, atlas.plan, lang),
            *aggregates(atlas, standing, lang),
            ladder(rungs, atlas, lang),
            html.P(titles.ladder_text(rungs, atlas.plan, lang), className="quiet"),
        ),
        drawer(
            titles.roads_title(len(steps.counties), int(steps.steps["opened_total"].iloc[-1]), atlas.plan, lang),
            roads(steps, lang),
            *[html.P(text) for text in steps.sentences(lang)],
            table(
                [word(f"head_{key}", lang) for key in ("county", "planned", "opened", "outcome", "road", "source")],
                [
                    (
                        county_cell(str(adcode), speech.pick(row["name_short"], row["name_en"])),
                        str(row["planned_year"]),
                        row["when"] or "—",
                        speech.pick(*outcomes.OUTCOMES[row["outcome"]]),
                        row[speech.column("road")],
                        in_chinese(cite_source(row, lang, standing.batches) or "—", lang),
                    )
                    for adcode, row in steps.counties.iterrows()
                ],
            ),
        ),
        drawer(
            word("targets_title", lang, n=len(targets)),
            html.P(word("targets_text", lang), className="quiet"),
            table(
                [word(f"head_{key}", lang) for key in ("target", "value", "deadline", "clause", "known_of", "source")],
                [
                    (
                        target_name(row, lang),
                        target_value(row, lang),
                        row[f"deadline{end}"],
                        where(row, lang),
                        row[f"known_{lang}"] or word("unknown_yet", lang),
                        in_chinese(row["known_source"] or "—", lang),
                    )
                    for row in targets.to_dict("records")
                ],
            ),
        ),
        drawer(
            word("projects_title", lang),
            html.P(word("projects_text", lang), className="quiet"),
            html.Dl(
                [
                    part
                    for group in outcomes.projects(atlas.plan, lang)
                    for part in (
                        html.Dt(
                            [
                                word(f"kind_{group.kind}", lang),
                                " · ",
                                html.Strong(group.verb),
                                html.Small(f" {group.clause}"),
                            ]
                        ),
                        html.Dd(
                            speech.pick("、", "; ").join(f"{name}" for _, name, _ in group.items)
                            + (word("and_others", lang) if group.is_open else "")
                        ),
                    )
                ],
                className="projects",
            ),
        ),
        drawer(
            word("parks_title", lang, n=len(parks)),
            html.P(word("parks_text", lang), className="quiet"),
            table(
                [word(f"head_{key}", lang) for key in ("park", "value", "park_observed", "year", "park_gap", "clause")],
                [
                    (
                        row[speech.column("name")],
                        f"{word('strive', lang) if row['is_aspirational'] else row['symbol']} "
                        + speech.money(row["target_yi"]),
                        word("no_public_data", lang) if pd.isna(row["observed"]) else speech.money(row["observed"]),
                        "—" if pd.isna(row["year"]) else str(row["year"]),
                        "—" if pd.isna(row["gap"]) else speech.money(row["gap"]),
                        atlas.plan.clause(row["box"], row["item"], lang),
                    )
                    for row in parks.to_dict("records")
                ],
            ),
        ),
        drawer(
            word("rules_title", lang),
            html.Ol([html.Li(text) for text in rules.sentences(lang)]),
            className="drawer rules",
        ),
    ]


def ladder(rungs: progress.Ladder, atlas: Atlas, lang: str) -> html.Div:
    """Return how many counties stand in each class, listed and by year, as bars in a table, the latest years drawn."""
    names = progress.classes(atlas.plan)
    columns: list[tuple[Any, dict[Any, Any], str, int]] = [
        (word("head_listed", lang), rungs.listed.to_dict(), NO_FIGURE, int(rungs.listed[names.index].sum()))
    ]
    observed, known = rungs.observed.to_dict("index"), rungs.known.to_dict("index")
    drawn = titles.ladder_years(rungs)
    for year, counts in observed.items():
        columns.append((str(year), counts, REACHED if year in drawn else "", int(known[year]["counties"])))
    latest = rungs.latest.to_dict()
    columns.append((word("head_latest", lang), latest, "" if drawn else REACHED, int(rungs.latest_known["counties"])))
    most = max(1, *(int(counts.get(rung, 0)) for _, counts, state, _ in columns if state for rung in names.index))

    def cell(n: int, state: str) -> html.Td:
        if not state:
            return html.Td(str(n), className="number")
        return html.Td([bar(n / most, state), html.Span(str(n))], className="bar-count")

    body = [
        html.Tr(
            [
                html.Th(names.at[rung, Speech.of(lang).pick("zh", "en")], scope="row"),
                *(cell(int(counts.get(rung, 0)), state) for _, counts, state, _ in columns),
            ]
        )
        for rung in names.index
    ]
    total = [html.Td(str(n), className="" if state else "number") for _, _, state, n in columns]
    body.append(html.Tr([html.Th(word("head_known", lang), scope="row"), *total]))
    heads = [word("head_band", lang), *(name for name, *_ in columns)]
    return _in_room(html.Table([_heads(heads), html.Tbody(body)], className="plain ladder"), heads[0])


def roads(found: outcomes.Roads, lang: str) -> html.Div:
    """Return the roads as steps: planned and known opened, summed up by year, with the names that each year adds.

    What is known ends at the last year with a record: after it nothing is said, not that it stayed so.
    """
    steps, speech = found.steps, Speech.of(lang)
    most = max(1, *map(int, (*steps["planned_total"], *steps["opened_total"])))
    last = max((n for n, amount in enumerate(steps["opened"]) if amount), default=-1)
    body = []
    for at, (year, step) in enumerate(steps.iterrows()):
        mine = found.counties[found.counties["planned_year"].astype(int) == int(str(year))]
        names: list[Any] = []
        for adcode, row in mine.iterrows():
            how = speech.pick(*outcomes.OUTCOMES[row["outcome"]])
            names += [county_link(str(adcode), speech.pick(row["name_short"], row["name_en"])), html.Small(how), " "]
        opened = int(step["opened_total"])
        known = [bar(opened / most, REACHED), html.Span(str(opened))] if at <= last else ["—"]
        planned = int(step["planned_total"])
        body.append(
            html.Tr(
                [
                    html.Th(str(year), scope="row"),
                    html.Td([bar(planned / most, NO_FIGURE), html.Span(str(planned))], className="bar-count"),
                    html.Td(known, className="bar-count"),
                    html.Td(names, className="names"),
                ]
            )
        )
    heads = [word(key, lang) for key in ("head_year", "roads_planned", "roads_opened", "roads_named")]
    return _in_room(html.Table([_heads(heads), html.Tbody(body)], className="plain steps"), heads[0])


def _heads(texts: list[str]) -> html.Thead:
    return html.Thead(html.Tr([html.Th(text, scope="col") for text in texts]))


def _in_room(made: html.Table, label: str) -> html.Div:
    return html.Div(made, className="table-room", tabIndex=0, role="group", **{"aria-label": label})
