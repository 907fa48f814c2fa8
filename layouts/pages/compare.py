"""The compare page: up to six counties side by side, one table and one figure.

What is said of a county is one `Column`, independent of the others, so that the browser keeps the columns it has, sets
them side by side in any order, and asks only for those it lacks (``/export/compare.json``). The files to take away are
written from the same columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from dash import html

from layouts.facts.atlas import Atlas, Standing
from layouts.facts.county import gdp_apart, newest_leads, road_import, say_figure, say_value, source_of
from layouts.facts.view import MOST_COMPARED, View
from layouts.pages.data import indicator_name
from layouts.parts import figures
from layouts.parts.county_map import source_lines
from layouts.parts.markup import chart
from layouts.parts.provenance import source_lines as panel
from layouts.parts.provenance import spoken_property
from layouts.words import word
from targets import evidence, likeness, outcomes, progress, speech
from targets.overlap import roles
from targets.provenance import Source, of_census, of_option, of_park

GROUPS = ("plan", "people", "gdp", "other")
PLAN_ROWS = ("band", "cluster", "energy", "road", "opened", "parks")
PEOPLE_ROWS = ("population", "urban")
GDP_ROWS = ("gdp", "attainment", "gap", "growth", "state", "apart")
# Shown by rows of their own.
APART = (progress.GDP, "road_opened")
SMALLEST_SET = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One datum of a cell.

    Attributes
    ----------
    text : str
    small : str
        What stands behind it in small: the year of a figure that was worked out, a road's name.
    source : Source or None
        Where it stands; its mark is `label`.
    period : str
        When an observed or worked-out figure is of, so that unlike years in a row are told.
    kind : str
        ``none`` (nothing published), ``quiet``, ``strong``, or a state of the progress layer.
    """

    text: str
    small: str = ""
    source: Source | None = None
    period: str = ""
    kind: str = ""

    @property
    def label(self) -> str:
        """The mark's text, as of `layouts.parts.provenance.source_mark`."""
        if self.source is None:
            return ""
        return self.source.label

    def said(self, lang: str) -> str:
        """Return the datum as plain text, with its clause, or its year and kind of source."""
        behind = [part for part in (self.small, self.label) if part]
        if not behind:
            return self.text
        return f"{self.text}（{'，'.join(behind)}）" if lang == "zh" else f"{self.text} ({', '.join(behind)})"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    key, group, head : str
    note : str
        How its figures came about, where that is not plain.
    blank : str
        What stands in the cell of a county that has nothing here.
    role : str
        The id of the cluster or energy kind that it is of.
    source : Source or None
        Of all its figures alike.
    """

    key: str
    group: str
    head: str
    note: str = ""
    blank: str = "—"
    role: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """What is said of one county: its cells by row, and what the figure draws."""

    adcode: str
    name: str
    prefecture: str
    prefecture_code: str
    is_county: bool
    cells: dict[str, tuple[Line, ...]]
    drawn: dict[str, Any] = field(default_factory=dict)


# ---- the columns ----------------------------------------------------------------------------------------------------


# By indicator, each place's latest figure, as of `targets.evidence.latest`.
Latest = Mapping[str, Mapping[Any, Mapping[Any, Any]]]


def latest_figures(standing: Standing, adcodes: Sequence[str], view: View) -> Latest:
    """Return the latest figure of some counties in each indicator, up to the view's period."""
    mine = standing.observations[standing.observations["place"].isin(list(adcodes))]
    return {
        str(id): evidence.latest(rows, str(id), view.period, full_year=False).to_dict("index")
        for id, rows in mine.groupby("indicator", sort=False)
    }


def columns(
    atlas: Atlas,
    standing: Standing,
    adcodes: Sequence[str],
    view: View,
    latest: Latest | None = None,
    *,
    apart: bool = False,
) -> list[Column]:
    """Return what is said of each county, in the order given.

    Parameters
    ----------
    atlas : Atlas
    standing : Standing
        With the assessment of the view's period.
    adcodes : sequence of str
        Of the 87; 嘉峪关市 has the cells that a place without counties can have.
    view : View
        For language and period.
    latest : mapping, optional
        `latest_figures` of these counties and perhaps others.
    apart : bool
        Whether to add the row of what does not judge, which is on the page and its files and on no slide.
    """
    if not adcodes:
        return []
    lang = view.lang
    latest = latest_figures(standing, adcodes, view) if latest is None else latest
    planned = atlas.counties.loc[list(adcodes), "road_year"].notna().any()
    roads = standing.roads(atlas).counties if planned else pd.DataFrame()
    found = []
    for adcode in adcodes:
        county = atlas.counties.loc[adcode]
        rows = standing.assessment[standing.assessment.index == adcode]
        row = dict(rows.iloc[0]) if len(rows) else None
        cells = _plan_cells(atlas, standing, county, roads, lang)
        cells |= _people_cells(county, lang)
        cells |= _gdp_cells(atlas, standing, adcode, row, latest, lang, apart)
        if row is not None and apart:
            cells |= _apart_cells(atlas, standing, adcode, row, lang)
        for id, places in latest.items():
            if id not in APART and adcode in places:
                cells[id] = (_observed(atlas, standing, adcode, id, places[adcode], lang),)
        found.append(
            Column(
                adcode=adcode,
                name=str(county["name_short" if lang == "zh" else "name_en_short"]),
                prefecture=str(county["prefecture_short" if lang == "zh" else "prefecture_en"]),
                prefecture_code=str(county["prefecture_code"]),
                is_county=bool(county["is_county"]),
                cells=cells,
                drawn=_drawn(county, row, cells["gdp"], lang),
            )
        )
    return found


def _plan_cells(
    atlas: Atlas, standing: Standing, county: pd.Series, roads: pd.DataFrame, lang: str
) -> dict[str, tuple[Line, ...]]:
    """Return the cells of what the plan says, and of what became of the road."""
    adcode, zh = str(county.name), lang == "zh"
    parks = atlas.plan.parks
    hosted = parks[parks["adcode" if county["is_county"] else "prefecture_code"] == adcode]
    cells: dict[str, tuple[Line, ...]] = {
        "parks": tuple(
            Line(
                str(park["name"] if zh else park["name_en"]),
                small=word(f"compare_host_{park['host_basis']}", lang),
                source=of_park(atlas.plan, str(park["id"]), lang),
            )
            for park in hosted.to_dict("records")
        )
        or (Line(word("compare_none", lang), kind="quiet"),)
    }
    if not county["is_county"]:
        return cells | {"band": (Line(word("js_not_county", lang)),)}
    band = atlas.plan.option(county["band"] or atlas.plan.no_band)
    cells["band"] = (
        _listed(
            atlas,
            band.id,
            adcode if county["band"] else None,
            band.zh_short if zh else band.en_short,
            lang,
            "strong" if county["band"] else "quiet",
        ),
    )
    for key, column in (("cluster", "clusters"), ("energy", "energy")):
        held = county[column]
        text = word("compare_roles", lang, n=len(held)) if held else word("compare_roles_none", lang)
        cells[key] = (Line(text, kind="" if held else "quiet"),)
        cells |= {id: (_listed(atlas, id, adcode, word("compare_listed", lang), lang),) for id in held}
    if pd.isna(county["road_year"]):
        cells["road"] = (Line(word("compare_road_none", lang, atlas.plan), kind="quiet"),)
        return cells
    year = str(county["road_year"])
    cells["road"] = (_listed(atlas, year, adcode, f"{year}年" if zh else year, lang),)
    road = roads.loc[adcode]
    if road["outcome"] == "unknown":
        cells["opened"] = (Line(word("card_road_unknown", lang), kind="none"),)
    else:
        outcome = outcomes.OUTCOMES[str(road["outcome"])][0 if zh else 1]
        when = str(road["when"])
        batch, imported = road_import(standing, road["batch"], lang)
        source = Source(
            what=str(road["road" if zh else "road_en"] or when),
            source=str(road["source"]),
            url=str(road["source_url"]),
            period=when,
            status=outcome,
            note=str(road["note" if zh else "note_en"]),
            batch=batch,
            imported=imported,
        )
        cells["opened"] = (Line(source.what, source=source),)
    return cells


def _listed(atlas: Atlas, id: str, adcode: str | None, text: str, lang: str, kind: str = "") -> Line:
    """Return the line of an option that a county holds; how the plan prints the county may be its own."""
    source = of_option(atlas.plan, id, adcode, lang)
    return Line(text, small=source.correction, source=source, kind=kind)


def _people_cells(county: pd.Series, lang: str) -> dict[str, tuple[Line, ...]]:
    if pd.isna(county["population"]):
        return {key: (Line(word("no_public_data", lang), kind="none"),) for key in PEOPLE_ROWS}
    people, urban = int(county["population"]), int(county["urban_population"])
    total = f"{people / 10_000:.1f}万人" if lang == "zh" else f"{people:,}"
    return {
        "population": (Line(total, kind="strong"),),
        "urban": (Line(speech.percent(speech.say_percent(urban / people), lang)),),
    }


def _gdp_cells(
    atlas: Atlas,
    standing: Standing,
    adcode: str,
    row: dict[Any, Any] | None,
    latest: Latest,
    lang: str,
    apart: bool,
) -> dict[str, tuple[Line, ...]]:
    """Return the latest GDP against the band: what was observed, and what follows from it."""
    none = Line(word("no_public_data", lang), kind="none")
    if row is None:
        known = latest.get(progress.GDP, {}).get(adcode)
        return {"gdp": (_observed(atlas, standing, adcode, progress.GDP, known, lang) if known else none,)}

    def cited(what: str, indicator: str, text: str, kind: str = "") -> Line:
        given = {name: row[f"{what}{name}"] for name in progress.CITED} | {"place": adcode, "indicator": indicator}
        source = source_of(atlas, standing, given, text, lang)
        return Line(text, source=source, period=str(given["period"]), kind=kind)

    lines = []
    if not pd.isna(row["observed"]):
        lines.append(cited("", progress.GDP, progress.say_figure(row, lang), "strong"))
    if not pd.isna(row["floor"]):
        lines.append(cited("floor_", progress.GDP, progress.say_figure(row, lang, "floor_", "floor")))
    if not pd.isna(row["part_year"]):
        amount = progress.say_figure(row, lang, "part_year_", "part_year")
        lines.append(cited("part_year_", progress.GDP, word("compare_part_year", lang, amount=amount), "quiet"))
    rules, state = standing.rules, str(row["state"])
    since = progress.say_reached(row, rules, lang) if rules.closed else ""
    cells: dict[str, tuple[Line, ...]] = {
        "gdp": tuple(lines) or (none,),
        "state": (Line(since or rules.name(state, lang), kind=state),),
    }
    why = progress.say_reason(row["absent"], atlas.plan, lang) if row["absent"] else ""
    if not lines and why:
        bare = row["absent"] == "no_figure"
        # Where no lead is shown, none is hinted at.
        has_any = not bare or (apart and any(gdp_apart(standing, adcode)))
        cells["gdp"] = (
            Line(word("none_judges", lang) if has_any else none.text, small="" if bare else why, kind="none"),
        )
    if pd.isna(row["attainment"]):
        return cells
    when = speech.say_period(str(row["period"]), lang)
    period = str(row["period"])

    def worked_out(text: str) -> tuple[Line, ...]:
        return (Line(text, small=when, period=period),)

    cells["attainment"] = worked_out(speech.percent(speech.say_share(row["observed"], row["lower"]), lang))
    distance = progress.say_distance(row, lang)
    cells["gap"] = worked_out(distance if row["gap"] else word("compare_surplus", lang, amount=distance))
    if rules.closed:
        return cells
    if not pd.isna(row["required_growth"]):
        percent = speech.say_percent(row["required_growth"], rules.pace, 0)
        cells["growth"] = worked_out(
            word("compare_growth", lang, percent=percent, years=speech.say_years(row["years_left"], lang))
        )
    elif row["reason"] == "before_plan":
        cells["growth"] = (Line(progress.say_reason("before_plan", atlas.plan, lang), kind="quiet"),)
    else:
        reached = state == progress.REACHED
        cells["growth"] = (Line(word("compare_growth_no" if reached else "compare_growth_over", lang), kind="quiet"),)
    return cells


def _apart_cells(
    atlas: Atlas, standing: Standing, adcode: str, row: Mapping[Any, Any], lang: str
) -> dict[str, tuple[Line, ...]]:
    """Return the cell of the GDP figures that contradict each other, and of leads later than what judges.

    They have no period to be compared by and enter no other cell.
    """
    clashing, leads = gdp_apart(standing, adcode)
    lines = []
    for small, found in (("contradicted", clashing), ("to_verify", newest_leads(row, leads))):
        for one in found:
            text = say_figure(one, standing, lang)
            source = source_of(atlas, standing, one, text, lang)
            lines.append(Line(text, small=word(small, lang), source=source, kind="quiet"))
    return {"apart": tuple(lines)} if lines else {}


def _observed(atlas: Atlas, standing: Standing, adcode: str, id: str, row: Mapping[Any, Any], lang: str) -> Line:
    """Return an observed value with its year and source."""
    given = {**row, "place": adcode, "indicator": id}
    source = source_of(atlas, standing, given, say_value(given, standing, lang), lang)
    return Line(say_figure(given, standing, lang), source=source, period=str(row["period"]))


def _drawn(county: pd.Series, row: dict[Any, Any] | None, gdp: tuple[Line, ...], lang: str) -> dict[str, Any]:
    """Return what the figure draws of a county, and what its title counts."""

    def number(key: str) -> float | None:
        return None if row is None or pd.isna(row[key]) else float(row[key])

    has_level = number("observed") is not None
    return {
        "adcode": str(county.name),
        "name": str(county["name_short" if lang == "zh" else "name_en_short"]),
        "is_county": bool(county["is_county"]),
        "lower": number("lower"),
        "upper": number("upper"),
        "observed": number("observed"),
        "year": int(row["year"]) if row is not None and has_level else None,
        # What a later report says stands beside an older figure, and is counted apart from it.
        "reached": row is not None and row["state"] == progress.REACHED and row["reason"] != "floor",
        "floor": row is not None and row["reason"] == "floor",
        "said": "<br>".join(Line(line.text, source=line.source).said(lang) for line in gdp[:2]),
        "people": None if pd.isna(county["population"]) else int(county["population"]),
    }


# ---- the rows -------------------------------------------------------------------------------------------------------


def rows(atlas: Atlas, standing: Standing, lang: str) -> list[Row]:
    """Return every row that a table may have, in order; those of `shown` are in it."""
    zh = lang == "zh"

    def heads(group: str, keys: Iterable[str]) -> list[Row]:
        return [Row(key, group, word(f"compare_row_{key}", lang, atlas.plan)) for key in keys]

    def listing(key: str) -> Source | None:
        """Return the list that says who is in and, by leaving them out, who is not."""
        if key in ("cluster", "energy", "road"):
            one = of_option(atlas.plan, atlas.plan.option_ids[key][0], None, lang)
        elif key == "parks":
            one = of_park(atlas.plan, str(atlas.plan.parks["id"].iloc[0]), lang)
        else:
            return None
        box = one.clause if key == "road" else one.clause.partition("·")[0]
        # Without what is of that one option or park alone.
        what = word(f"compare_row_{key}", lang, atlas.plan)
        return replace(one, what=what, clause=box, comparator="", gloss="", note="", key="")

    made = []
    for row in heads("plan", PLAN_ROWS):
        made.append(replace(row, source=listing(row.key)))
        for id in atlas.plan.option_ids.get(row.key, ()) if row.key in ("cluster", "energy") else ():
            option = atlas.plan.option(id)
            name = option.zh_short if zh else option.en_short
            made.append(Row(id, "plan", name, role=id, source=of_option(atlas.plan, id, None, lang)))
    census = atlas.published.sources.set_index("file").loc["census2020.csv"]
    source = of_census(
        word("compare_row_population", lang),
        f"{census['title']}，{census['publisher']}{census['date']}",
        lang,
        str(census["note"] if zh else census["note_en"]),
    )
    made += [Row(row.key, row.group, row.head, source=source) for row in heads("people", PEOPLE_ROWS)]
    for row in heads("gdp", GDP_ROWS):
        note = word("compare_worked_out", lang) if row.key in ("attainment", "gap", "growth") else ""
        note = word("compare_apart", lang) if row.key == "apart" else note
        blank = word("no_public_data", lang) if row.key == "gdp" else "—"
        made.append(Row(row.key, row.group, row.head, note=note, blank=blank))
    known = [*standing.indicators, *dict.fromkeys(standing.observations["indicator"])]
    blank = word("no_public_data", lang)
    made += [
        Row(str(id), "other", indicator_name(str(id), standing.indicators, lang), blank=blank)
        for id in dict.fromkeys(known)
        if id not in APART
    ]
    return made


def shown(made: Sequence[Row], chosen: Sequence[Column]) -> list[Row]:
    """Return the rows in which any of the chosen counties has something."""
    return [row for row in made if any(row.key in column.cells for column in chosen)]


# ---- what travels ---------------------------------------------------------------------------------------------------


def data(
    atlas: Atlas, standing: Standing, adcodes: Sequence[str], view: View, have: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the columns of some counties as the browser keeps them, without what came with those it has.

    Parameters
    ----------
    adcodes : sequence of str
        The counties wanted.
    have : sequence of str
        Those whose columns the browser has, and with them their rows.

    Returns
    -------
    dict
        ``columns`` by adcode; ``rows``, those of further indicators (the others come with the page):
        ``[rank, key, group, head, note, blank, role, source]``.
    """
    made = {row.key: (rank, row) for rank, row in enumerate(rows(atlas, standing, view.lang))}
    latest = latest_figures(standing, (*adcodes, *have), view)
    new = columns(atlas, standing, [adcode for adcode in adcodes if adcode not in have], view, latest, apart=True)
    old_rows = {id for id, places in latest.items() if any(adcode in places for adcode in have)}
    new_rows = {key for column in new for key in column.cells if made[key][1].group == "other"} - old_rows
    return {
        "columns": {column.adcode: _column_data(column, view.lang) for column in new},
        "rows": [_row_data(*made[key], view.lang) for key in sorted(new_rows, key=lambda key: made[key][0])],
    }


def _row_data(rank: int, row: Row, lang: str) -> list[Any]:
    mark = (
        None if row.source is None else [Line("", source=row.source).label, row.source.key or panel(row.source, lang)]
    )
    return [rank, row.key, row.group, row.head, row.note, row.blank, row.role, mark]


def _column_data(column: Column, lang: str) -> dict[str, Any]:
    def line(one: Line) -> dict[str, Any]:
        made: dict[str, Any] = {"t": one.text, "n": one.small, "p": one.period, "k": one.kind, "m": one.label}
        if one.source is not None:
            made |= {"s": one.source.key or panel(one.source, lang), "f": one.source.source}
        return {key: value for key, value in made.items() if value}

    return {
        "name": column.name,
        "prefecture": [column.prefecture, column.prefecture_code],
        "cells": {key: [line(one) for one in lines] for key, lines in column.cells.items()},
        "facts": {key: column.drawn[key] for key in ("is_county", "year", "reached", "floor")},
        "points": figures.compare_points(column.drawn, lang=lang),
    }


def sets(atlas: Atlas, view: View) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return some sets that are natural to compare: kind, title, adcodes.

    The picked county, or the one with the most roles, with those most like it; the bands and the prefectures that are
    small enough to be compared whole.
    """
    lang, zh = view.lang, view.lang == "zh"
    names = atlas.counties["name_short" if zh else "name_en_short"]
    held = roles(atlas.counties, atlas.plan)
    picked = view.county if view.county and held.get(view.county) else max(sorted(held), key=lambda a: len(held[a]))
    alike = tuple(like.adcode for like in likeness.by_roles(atlas.counties, picked, atlas.plan, MOST_COMPARED - 1))
    found = [("alike", word("compare_set_alike", lang, name=names[picked], n=len(alike)), (picked, *alike))]
    for group in ("band", "prefecture"):
        for id in atlas.plan.option_ids[group]:
            inside = tuple(adcode for adcode in atlas.counties.index if adcode in atlas.members[id])
            option = atlas.plan.option(id)
            if id != atlas.plan.no_band and SMALLEST_SET <= len(inside) <= MOST_COMPARED:
                name = option.zh_short if zh else option.en_short
                found.append((group, word(f"compare_set_{group}", lang, name=name, n=len(inside)), inside))
    return found


# ---- the page -------------------------------------------------------------------------------------------------------


def page(atlas: Atlas, standing: Standing, view: View) -> list[Any]:
    """Return the whole page."""
    lang = view.lang
    given = data(atlas, standing, view.compare, view)
    fixed = [_row_data(rank, row, lang) for rank, row in enumerate(rows(atlas, standing, lang)) if row.group != "other"]
    given |= {
        "rows": fixed + given["rows"],
        "order": view.compare,
        "groups": {group: word(f"compare_group_{group}", lang) for group in GROUPS},
        **set_data(atlas, view),
        "tip": word("source_tip", lang),
    }
    chosen = columns(atlas, standing, view.compare, view, apart=True)
    figure = figures.compare([column.drawn for column in chosen], atlas.plan, lang=lang, theme="light")
    text = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    query = view.query()
    return [
        html.Div(
            [
                html.Div(
                    [html.H2(word("nav_compare", lang)), html.P(word("compare_intro", lang), className="quiet")],
                    className="compare-title",
                ),
                html.Div(
                    [
                        html.Label(word("compare_search", lang), htmlFor="compare-field"),
                        html.Div(id="compare-search", className="compare-search"),
                    ],
                    className="compare-add",
                    role="search",
                    **{"aria-label": word("compare_search", lang)},
                ),
                html.Div(
                    [
                        *[
                            html.A(
                                word(f"compare_take_{kind}", lang),
                                href=f"/export/compare.{kind}?{query}",
                                className="quiet-button",
                                **{"data-take": kind},
                            )
                            for kind in ("xlsx", "csv")
                        ],
                        html.Button(
                            word("compare_print", lang),
                            type="button",
                            className="quiet-button",
                            **{"data-action": "take-print"},
                        ),
                    ],
                    className="compare-take",
                    hidden=not view.compare,
                ),
            ],
            className="compare-head",
        ),
        html.Div(id="compare-table", **{"data-compare-page": text}),
        html.Div(
            [chart(figure, "compare-graph"), html.P(word("compare_figure_text", lang), className="quiet")],
            className="compare-figure",
            hidden=not view.compare,
        ),
        html.Div(
            [
                html.P(word("compare_rule_years", lang)),
                *[html.P(line, **spoken_property(line, lang)) for line in source_lines(atlas, lang)],
            ],
            className="compare-foot quiet",
        ),
    ]


def set_data(atlas: Atlas, view: View) -> dict[str, Any]:
    """Return the natural sets as the browser shows them, and the picked county that they are for."""
    names = atlas.counties["name_short" if view.lang == "zh" else "name_en_short"]
    between = "、" if view.lang == "zh" else ", "
    found = [
        [kind, title, ",".join(adcodes), between.join(names[list(adcodes)])]
        for kind, title, adcodes in sets(atlas, view)
    ]
    return {"sets": found, "picked": view.county or ""}
