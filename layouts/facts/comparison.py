"""What is said of each county side by side: for the compare page, its files, and the scenes that show counties.

What is said of a county is one `Column`, independent of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from layouts.facts import settlement
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.county import (
    gdp_apart,
    indicator_name,
    newest_leads,
    road_import,
    say_figure,
    say_value,
    source_of,
)
from layouts.facts.view import View
from layouts.words import word
from targets import evidence, outcomes, progress
from targets.provenance import Source, of_census, of_option, of_park
from targets.speech import Speech, say_percent, say_share

PLAN_ROWS = ("band", "cluster", "energy", "road", "opened", "parks")
PEOPLE_ROWS = ("population", "urban")
SETTLED = "settled"
GDP_ROWS = ("gdp", "attainment", "gap", "growth", "state", "apart")
# Shown by rows of their own.
APART = (progress.GDP, "road_opened")


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
        speech = Speech.of(lang)
        return self.text + speech.brackets(speech.join(filter(None, (self.small, self.label))))


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
        cells |= _settled(atlas, standing, adcode, lang)
        if row is not None and apart:
            cells |= _apart_cells(atlas, standing, adcode, row, lang)
        for id, places in latest.items():
            if id not in APART and adcode in places:
                cells[id] = (_observed(atlas, standing, adcode, id, places[adcode], lang),)
        found.append(
            Column(
                adcode=adcode,
                name=str(county[Speech.of(lang).pick("name_short", "name_en_short")]),
                prefecture=str(county[Speech.of(lang).pick("prefecture_short", "prefecture_en")]),
                prefecture_code=str(county["prefecture_code"]),
                is_county=bool(county["is_county"]),
                cells=cells,
                drawn=_drawn(county, row, cells["gdp"], lang),
            )
        )
    return found


def _settled(atlas: Atlas, standing: Standing, adcode: str, lang: str) -> dict[str, tuple[Line, ...]]:
    """Return the cell of the latest account's rank; nothing without a scheme."""
    year = settlement.latest(atlas, standing)
    account = None if year is None else settlement.account(atlas, standing, year)
    if account is None or account.overall is None or adcode not in account.overall.ranks:
        return {}
    rank = settlement.say_rank(account.overall.ranks[adcode], lang)
    return {SETTLED: (Line(word("settle_compare", lang, year=account.year, rank=rank)),)}


def _plan_cells(
    atlas: Atlas, standing: Standing, county: pd.Series, roads: pd.DataFrame, lang: str
) -> dict[str, tuple[Line, ...]]:
    """Return the cells of what the plan says, and of what became of the road."""
    adcode, speech = str(county.name), Speech.of(lang)
    parks = atlas.plan.parks
    hosted = parks[parks["adcode" if county["is_county"] else "prefecture_code"] == adcode]
    cells: dict[str, tuple[Line, ...]] = {
        "parks": tuple(
            Line(
                str(park[speech.column("name")]),
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
            speech.pick(band.zh_short, band.en_short),
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
    cells["road"] = (_listed(atlas, year, adcode, speech.period(year), lang),)
    road = roads.loc[adcode]
    if road["outcome"] == "unknown":
        cells["opened"] = (Line(word("card_road_unknown", lang), kind="none"),)
    else:
        outcome = speech.pick(*outcomes.OUTCOMES[str(road["outcome"])])
        when = str(road["when"])
        batch, imported = road_import(standing, road["batch"], lang)
        source = Source(
            what=str(road[speech.column("road")] or when),
            source=str(road["source"]),
            url=str(road["source_url"]),
            period=when,
            status=outcome,
            note=str(road[speech.column("note")]),
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
    return {
        "population": (Line(Speech.of(lang).people(people), kind="strong"),),
        "urban": (Line(Speech.of(lang).percent(say_percent(urban / people))),),
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
    when = Speech.of(lang).period(str(row["period"]))
    period = str(row["period"])

    def worked_out(text: str) -> tuple[Line, ...]:
        return (Line(text, small=when, period=period),)

    cells["attainment"] = worked_out(Speech.of(lang).percent(say_share(row["observed"], row["lower"])))
    distance = progress.say_distance(row, lang)
    cells["gap"] = worked_out(distance if row["gap"] else word("compare_surplus", lang, amount=distance))
    if rules.closed:
        return cells
    if not pd.isna(row["required_growth"]):
        percent = say_percent(row["required_growth"], rules.pace, 0)
        cells["growth"] = worked_out(
            word("compare_growth", lang, percent=percent, years=word("n_years", lang, n=int(row["years_left"])))
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
        "name": str(county[Speech.of(lang).pick("name_short", "name_en_short")]),
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
    speech = Speech.of(lang)

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
            name = speech.pick(option.zh_short, option.en_short)
            made.append(Row(id, "plan", name, role=id, source=of_option(atlas.plan, id, None, lang)))
    census = atlas.published.sources.set_index("file").loc["census2020.csv"]
    source = of_census(
        word("compare_row_population", lang),
        f"{census['title']}，{census['publisher']}{census['date']}",
        lang,
        str(census[speech.column("note")]),
    )
    made += [Row(row.key, row.group, row.head, source=source) for row in heads("people", PEOPLE_ROWS)]
    for row in heads("gdp", GDP_ROWS):
        note = word("compare_worked_out", lang) if row.key in ("attainment", "gap", "growth") else ""
        note = word("compare_apart", lang) if row.key == "apart" else note
        blank = word("no_public_data", lang) if row.key == "gdp" else "—"
        made.append(Row(row.key, row.group, row.head, note=note, blank=blank))
    made += heads(SETTLED, [SETTLED] if standing.records.schemes else [])
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
