"""Everything the pages are drawn from, made once at start: the counties, the plan, the drawn shapes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

import geopandas as gpd
import pandas as pd

from geodata.boundaries import read_boundaries
from geodata.outlines import MapShapes, draw, path_rings
from geodata.tiles import read_tiles
from layouts.facts.layers import LAYERS
from layouts.facts.view import Known, View, read_view
from layouts.words import word
from targets import outcomes
from targets.counties import join
from targets.indicators import Indicator
from targets.places import Places, places_of
from targets.plan import Plan, load_plan
from targets.progress import CITES, Rules, confirmed
from targets.provenance import cite_batch
from targets.published import Published, load_published
from targets.selection import Filter, empty_sentence, members, select, sentence
from targets.settlement.records import Records
from targets.speech import Speech
from targets.today import now_in_china, published_by

INSET_SCALES = (3.4, 3.2, 3.0, 2.8, 2.6, 2.4, 2.2, 2.0)
INSET_GAP = 300  # map units between the inset and the land: room for its title
INSET_MARGIN = 30


@dataclass(frozen=True, eq=False)
class Atlas:
    """The start-up state, read-only.

    Attributes
    ----------
    counties : geopandas.GeoDataFrame
        One row per polygon, indexed by adcode: the counties, and the prefectures that have none.
    plan : Plan
        The plan's boxes.
    published : Published
        Published figures, with their sources.
    shapes : MapShapes
        The polygons as SVG path data.
    tiles : dict of str to (int, int)
        Column and row of each county's square, by adcode.
    boundaries_name : str or None
        File name of the user's own boundaries, if any.
    approval : str
        Map approval number (审图号), empty when none is set.
    notices : tuple of str
        What the boundary reader has to say.
    fixed_today : date or None
        The day on which the atlas speaks, when one is set; see `today`.
    office : str
        The office that convenes the meetings, empty when none is set.
    """

    counties: gpd.GeoDataFrame
    plan: Plan
    published: Published
    shapes: MapShapes
    tiles: Mapping[str, tuple[int, int]]
    boundaries_name: str | None = None
    approval: str = ""
    notices: tuple[str, ...] = ()
    fixed_today: date | None = None
    office: str = ""

    @property
    def now(self) -> datetime:
        """The moment that a file is given as that of its making: on a day that was set, its beginning."""
        return datetime.combine(self.fixed_today, time()) if self.fixed_today else now_in_china()

    @property
    def rules(self) -> Rules:
        """How counties are assessed today."""
        return self.rules_of(self.today)

    def rules_of(self, today: date) -> Rules:
        """Return how counties are assessed on a day."""
        return Rules(today, self.plan)

    @property
    def today(self) -> date:
        """The day on which the atlas speaks: the one that was set, else the machine's at each call, in China."""
        return self.fixed_today or now_in_china().date()

    @cached_property
    def members(self) -> dict[str, frozenset[str]]:
        """The adcodes that hold each option, by option id."""
        return members(self.counties, self.plan)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """Where the published figures of the plan's places come from: rows of `Published.sources`."""
        known = self.published.sources
        files = self.published.files_of(self.counties.index, self.plan.region.code)
        return known[known["file"].isin(files)]

    @property
    def places(self) -> Places:
        """The places that the plan knows, and how they are written."""
        return places_of(self.plan)

    @cached_property
    def inset_at(self) -> tuple[int, int, int, int]:
        """Place and size of the inset in the south-west corner: x, y, width, height in map units."""
        return inset_frame(self.shapes)

    @cached_property
    def known(self) -> Known:
        """What an address may name; of periods, any that is written as one."""
        return Known(options=self.plan.option_ids, adcodes=frozenset(self.counties.index))

    def read(self, query: str, is_period: Callable[[str], bool] | None = None) -> tuple[View, tuple[str, ...]]:
        """Read a view from an address's query; see `layouts.facts.view.read_view`.

        Parameters
        ----------
        query : str
        is_period : callable, optional
            Whether anything is known of a period; by default any is taken that is written as one. What an address
            asks for is read with `callbacks.standings.Standings.read`, which knows the store's.
        """
        return read_view(query, replace(self.known, is_period=is_period) if is_period else self.known)

    def select(self, chosen: Filter) -> tuple[str, ...]:
        """Return the adcodes of the counties that match, in code order."""
        return select(chosen, self.members)

    def option_name(self, id: str, lang: str) -> str:
        """Return an option's short name."""
        option = self.plan.option(id)
        return Speech.of(lang).pick(option.zh_short, option.en_short)

    def filter_sentence(self, view: View) -> str:
        """Return the filter's sentence, or what to loosen when nothing matches."""
        matched = self.select(view.filter)
        said = sentence(view.filter, len(matched), self.plan, view.lang)
        return said if matched else f"{said} {empty_sentence(view.filter, self.members, self.plan, view.lang)}"

    def county_classes(self, view: View, standing: Standing | None = None) -> dict[str, str]:
        """Return each county's legend class in the view's layer; see `layouts.facts.layers`."""
        return LAYERS[view.layer].of_counties(self, standing, view)

    def boundaries_source(self, lang: str) -> str:
        """Name where the boundaries come from."""
        if self.boundaries_name:
            return word("boundaries_own", lang, name=self.boundaries_name)
        return word("boundaries_shipped", lang)


@dataclass(frozen=True, eq=False)
class Standing:
    """What the store holds at one moment, as the pages show it.

    Attributes
    ----------
    observations, batches : DataFrame
        Of `targets.observations.Store`.
    indicators : mapping of str to Indicator
    assessment : DataFrame
        `targets.progress.assess` of all counties for the view's period. The observations are settled
        (`targets.evidence.settle`).
    rules : targets.progress.Rules
        By which it was assessed, with the day of which all this is.
    period : str or None
        For which it was assessed.
    records : Records
        What the yearly settlement rests on besides figures.
    """

    observations: pd.DataFrame
    batches: pd.DataFrame
    indicators: Mapping[str, Indicator]
    assessment: pd.DataFrame
    rules: Rules
    period: str | None = None
    records: Records = field(default_factory=Records)
    _made: dict[str, Any] = field(default_factory=dict, init=False, repr=False)
    _lock: Any = field(default_factory=RLock, init=False, repr=False)

    def roads(self, atlas: Atlas) -> outcomes.Roads:
        """Return what became of the planned expressways, found once."""
        made: outcomes.Roads = self.once(
            "roads", lambda: outcomes.roads(atlas.counties, self.observations, atlas.published, atlas.plan)
        )
        return made

    def confirmed(self, atlas: Atlas, lead: Mapping[Any, Any]) -> str:
        """Return the state that a county would have if a lead were confirmed, found once."""
        made: str = self.once(
            f"confirmed {lead['place']} {lead['period']} {lead['printed']} {lead['source']}",
            lambda: confirmed(atlas.counties, self.observations, lead, self.period, self.rules, atlas.plan),
        )
        return made

    def parks(self, atlas: Atlas) -> pd.DataFrame:
        """Return the parks with what is known of them (`targets.outcomes.parks`), found once."""
        made: pd.DataFrame = self.once("parks", lambda: outcomes.parks(atlas.plan, self.observations, self.rules))
        return made

    def assessed_from(self, adcodes: Collection[str], lang: str, *, judging: bool = False) -> tuple[bool, list[str]]:
        """Return whether the figures by which some counties are assessed are published ones, and the imports of others.

        Parameters
        ----------
        adcodes : collection of str
        lang : str
        judging : bool
            Leave out what is only said beside: a part of a year, a growth rate, another period's figure.
        """
        kinds = ("", "floor_") if judging else tuple(CITES)
        rows = self.assessment[self.assessment.index.isin(list(adcodes))]
        origins = pd.concat([rows[f"{what}origin"] for what in kinds])
        batches = pd.concat([rows[f"{what}batch"] for what in kinds])
        return bool((origins == "published").any()), self.imports(batches, lang)

    def imports(self, batches: Iterable[Any], lang: str) -> list[str]:
        """Cite imports by their numbers, each once, in their order; what is no number is left out."""
        held = sorted({int(batch) for batch in batches if not pd.isna(batch)})
        return [cite_batch(batch, self.batches, lang) for batch in held]

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what `make` found when it was first asked for by this name."""
        with self._lock:  # one thread finds it, the others wait for what it found
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]


def inset_frame(shapes: MapShapes) -> tuple[int, int, int, int]:
    """Place the inset in the south-west corner, as large as the free ground there allows, else beside the land.

    Returns
    -------
    x, y, width, height : int
        In map units. `with_room` makes the map wide enough for one that stands beside the land.
    """
    x0, y0, x1, y1 = shapes.inset
    points = [point for path in shapes.paths.values() for ring in path_rings(path) for point in ring]
    for scale in INSET_SCALES:
        width, height = round((x1 - x0) * scale), round((y1 - y0) * scale)
        top = shapes.height - height
        if not any(x < width + INSET_GAP and y > top - INSET_MARGIN - INSET_GAP for x, y in points):
            return INSET_MARGIN, top - INSET_MARGIN, width, height
    east = max(x for x, y in points if y > top - INSET_MARGIN - INSET_GAP)
    return east + INSET_GAP, top - INSET_MARGIN, width, height


def with_room(shapes: MapShapes) -> MapShapes:
    """Return the shapes in a frame that holds the inset too."""
    x, _, width, _ = inset_frame(shapes)
    return replace(shapes, width=max(shapes.width, x + width + INSET_MARGIN))


def open_atlas(
    boundaries: str | Path | None = None,
    approval: str = "",
    today: date | None = None,
    office: str = "",
    say: Callable[[str], None] | None = None,
    plan: Plan | str | Path | None = None,
) -> Atlas:
    """Read the data, check them, join them and draw the map.

    Parameters
    ----------
    boundaries : str or Path, optional
        A user's own boundary file; the shipped one by default.
    approval : str
        Map approval number to print beside every map.
    today : date, optional
        The day on which the atlas speaks; by default the machine's, which may change while it runs.
    office : str
        The office that convenes the meetings.
    say : callable, optional
        Is told, in one line, what is being done with a large boundary file.
    plan : Plan or path, optional
        Another plan, or its folder; by default the shipped one.

    Raises
    ------
    geodata.boundaries.BoundaryError, targets.DataError
        With one message that lists every fault.
    """
    plan = plan if isinstance(plan, Plan) else load_plan(plan)
    polygons = read_boundaries(boundaries, say, plan.region)
    published = load_published()
    if today:
        published = published_by(published, today)
    shapes = with_room(draw(polygons, of=plan.region))
    return Atlas(
        counties=join(polygons, plan, published),
        plan=plan,
        published=published,
        shapes=shapes,
        tiles=read_tiles(shapes, plan.region),
        boundaries_name=Path(boundaries).name if boundaries else None,
        approval=approval,
        office=office,
        notices=(*polygons.attrs.get("notices", ()), *shapes.notices),
        fixed_today=today,
    )
