"""The ready deck: a quarterly meeting's scenes made from the plan and what the store holds.

No number is typed in: titles and notes are counted from the data of the moment, by the same functions as the pages.
All scenes are of one period, so that going from one to the next asks the server for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from layouts.facts import settlement
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.deck import Deck, Scene
from layouts.facts.prefecture import SECOND, TURN, basis, finding, listing, told
from layouts.facts.province import target_value
from layouts.facts.sources import data_lines
from layouts.facts.titles import call_title, measured_title, standing_title
from layouts.facts.view import View
from layouts.words import said_of_some, word
from targets import evidence, outcomes, overlap, progress
from targets.provenance import cite_source, of_option, of_park
from targets.published import cite
from targets.selection import Filter, empty_sentence
from targets.speech import Speech, is_whole

# More names than these are counted in a title, not named.
NAMED, TIED = 4, 2
NAMED_SHORT = 2  # the same where each name has its gap beside it
EACH = {"deck_most": "deck_most_each", "deck_largest": "deck_largest_each"}


def ready_deck(atlas: Atlas, standing: Standing, period: str | None, lang: str) -> Deck:
    """Make the scenes of a meeting.

    Parameters
    ----------
    atlas : Atlas
    standing : Standing
        Its assessment must be of `period`.
    period : str, optional
        ``2025``, ``2025Q3`` or ``2025-09``; by default each county's latest full year.
    lang : str
        Of titles and notes. The views name no language: they are shown in that of the presentation.

    Returns
    -------
    Deck
        The province, bands, clusters together and one by one, new energy, roads year by year; how the counties stand,
        after the plan's term whom to call for the target year's figure, and who is short, if anyone; each prefecture,
        sources and limits.
    """
    made = _Scenes(atlas, standing, period, lang)
    scenes = (
        made.province(),
        made.bands(),
        made.together("cluster"),
        *(made.group(Speech.of(lang).pick(atlas.plan.option(id).zh, atlas.plan.option(id).en), (id,), "cluster")
          for id in atlas.plan.option_ids["cluster"]),
        made.together("energy"),
        *made.energy(),
        *made.roads(),
        made.progress(),
        *made.call(),
        *made.short(),
        *made.charts(),
        *made.settlement(),
        *(scene for code in atlas.plan.option_ids["prefecture"] for scene in made.prefecture(code)),
        made.limits(),
    )  # fmt: skip
    title = (
        word("deck_name_period", lang, atlas.plan, when=Speech.of(lang).period(period))
        if period
        else word("deck_name", lang, atlas.plan)
    )
    return Deck(title, scenes, period)


@dataclass(frozen=True)
class _Scenes:
    """Makes the scenes; see `ready_deck`."""

    atlas: Atlas
    standing: Standing
    period: str | None
    lang: str

    # ---- parts of speech

    @property
    def speech(self) -> Speech:
        return Speech.of(self.lang)

    def word(self, key: str, **values: object) -> str:
        return word(key, self.lang, self.atlas.plan, **values)

    def joined(self, parts: Iterable[str]) -> str:
        return self.speech.list(parts)

    def bare(self, sentence: str) -> str:
        """Return a sentence as a title: without the stop at its end."""
        return sentence.strip().removesuffix("。").removesuffix(".")

    def view(self, layer: str = "band", form: str = "true", chosen: Filter | None = None) -> View:
        return View(layer=layer, form=form, filter=chosen or Filter(), period=self.period)

    def note(self, say: Sequence[str], sources: Sequence[str], unknown: Sequence[str] = ()) -> str:
        """Return what to say, the sources and what is not known, each under its heading."""
        parts = (("deck_say", say), ("deck_sources", sources), ("deck_unknown", unknown))
        said = [
            "\n".join([self.word(key), *(" ".join(line.split()) for line in dict.fromkeys(lines) if line)])
            for key, lines in parts
            if any(lines)
        ]
        return "\n\n".join(said)

    def name(self, adcode: str) -> str:
        return str(self.atlas.counties.at[adcode, self.speech.pick("name_short", "name_en")])

    def option(self, id: str) -> str:
        option = self.atlas.plan.option(id)
        return self.speech.pick(option.zh_short, option.en_short)

    def by_prefecture(self, adcodes: Iterable[str]) -> list[str]:
        """Return one line a prefecture with the names of these counties in it."""
        held = set(adcodes)
        lines = []
        for code in self.atlas.plan.option_ids["prefecture"]:
            if mine := sorted(self.atlas.members[code] & held):
                names = self.joined(self.name(adcode) for adcode in mine)
                lines.append(self.word("deck_in_prefecture", name=self.option(code), n=len(mine), names=names))
        return lines

    def most(self, sizes: dict[str, int], key: str) -> str:
        """Return the words that name the largest and its number; none where more share the first place."""
        top = max(sizes.values(), default=0)
        first = [id for id, n in sizes.items() if n == top]
        if not len(first) <= TIED < len(sizes):
            return ""
        key = key if len(first) == 1 else EACH[key]
        return word(key, self.lang, most=self.joined(map(self.option, first)), top=top)

    def clauses(self, ids: Iterable[str]) -> list[str]:
        """Return where options stand in the plan, with the plan's verb and who answers for them."""
        found: dict[tuple[str, ...], list[str]] = {}
        for id in ids:
            source = of_option(self.atlas.plan, id, None, self.lang)
            found.setdefault((source.task, self.joined(source.departments)), []).append(source.clause)
        lines = [self.speech.clauses(filter(None, (self.joined(held), *who))) for who, held in found.items()]
        return [*lines, *([self.word("shared_duty")] if any(named for _, named in found) else [])]

    def mended(self, ids: Iterable[str]) -> list[str]:
        """Return the names that the plan prints otherwise, with the reason."""
        said = []
        for id in ids:
            for adcode in sorted(self.atlas.members[id]):
                source = of_option(self.atlas.plan, id, adcode, self.lang)
                if source.printed:
                    said.append(
                        self.word("deck_printed", clause=source.clause, printed=source.printed, name=self.name(adcode))
                    )
        return said

    def targets(self, ids: Iterable[str]) -> tuple[list[str], list[str]]:
        """Return provincial targets with what is known of each, and the sources of that."""
        said, sources = [], []
        for row in self.provincial.loc[list(ids)].to_dict("records"):
            known = row[f"known_{self.lang}"] or self.word("unknown_yet")
            about = row[self.speech.column("indicator")]
            said.append(self.word("deck_target", about=about, value=target_value(row, self.lang), known=known))
            sources.append(str(row["known_source"]))
        return said, sources

    # ---- what is known, found once

    @cached_property
    def everyone(self) -> pd.DataFrame:
        return self.standing.assessment

    @cached_property
    def together_held(self) -> overlap.RolesAndBands:
        return overlap.roles_and_bands(self.atlas.counties, self.atlas.plan)

    @cached_property
    def roads_known(self) -> outcomes.Roads:
        return self.standing.roads(self.atlas)

    @cached_property
    def provincial(self) -> pd.DataFrame:
        return outcomes.provincial(
            self.atlas.plan,
            self.standing.observations,
            self.atlas.counties,
            self.atlas.published,
            self.standing.rules,
        )

    @cached_property
    def headline(self) -> list[str]:
        return progress.headline(
            self.everyone,
            self.standing.observations,
            self.lang,
            self.standing.rules,
            self.atlas.plan,
            period=self.period,
        )

    @cached_property
    def part(self) -> progress.PartYear | None:
        return progress.part_year(self.everyone, self.standing.observations, self.atlas.plan, self.period)

    def state(self, state: str) -> list[str]:
        """Return the adcodes of the counties in a state."""
        return [str(adcode) for adcode in self.everyone.index[self.everyone["state"] == state]]

    def cited(self, rows: pd.DataFrame) -> list[str]:
        """Return the sources of these counties' figures; those of the very same sources are one line."""
        held: dict[str, list[str]] = {}
        for adcode, row in rows.iterrows():
            if sources := progress.cited(row, self.lang, self.atlas.published.notes_en, self.standing.batches):
                held.setdefault(self.speech.clauses(sources), []).append(self.name(str(adcode)))
        return [self.speech.named(self.first(names), sources) for sources, names in held.items()]

    def first(self, names: Sequence[str]) -> str:
        """Return names, of many the first and how many they are."""
        if len(names) <= NAMED:
            return self.joined(names)
        return self.word("deck_first", names=self.joined(names[: NAMED - 1]), n=len(names))

    def batches(self, indicators: Sequence[str] = ()) -> list[str]:
        """Return the imports that a figure now shown comes from; a lead is not shown in a meeting."""
        known = evidence.settled(self.standing.observations)
        known = known[known["indicator"].isin(indicators)] if indicators else known
        shown = known.loc[known["standing"].isin([evidence.JUDGES, evidence.CONTRADICTED]), "batch"]
        return self.standing.imports(shown, self.lang)

    def road_sources(self, rows: pd.DataFrame) -> list[str]:
        """Return where openings are known from."""
        return [cite_source(row, self.lang, self.standing.batches) for _, row in rows.iterrows()]

    # ---- the scenes

    def province(self) -> Scene:
        held = self.together_held
        title = self.word(
            "deck_province",
            n=len(self.everyone),
            listed=len(held.both) + len(held.band_only),
            roles=len(held.both) + len(held.roles_only),
            year=self.standing.rules.target_year,
        ) + said_of_some([("deck_province_none", len(held.neither))], self.lang)
        note = self.note(held.sentences(self.lang), data_lines(self.atlas, self.lang), [self.word("card_not_county")])
        return Scene(title, "/", self.view(), note)

    def bands(self) -> Scene:
        sizes = {id: len(self.atlas.members[id]) for id in self.atlas.plan.option_ids["band"]}
        without = sizes.pop(self.atlas.plan.no_band)
        title = self.word("deck_bands", n=sum(sizes.values()), bands=len(sizes))
        title += said_of_some([("deck_bands_none", without)], self.lang)
        title += self.most(sizes, "deck_largest")
        held = self.joined(self.word("turn_band_n", band=self.option(id), n=n) for id, n in sizes.items())
        said, sources = self.targets(self.atlas.plan.groups["band"].targets)
        note = self.note(
            [self.word("turn_bands", bands=held), *said],
            [*self.clauses(sizes), *sources, *self.batches([progress.GDP])],
            [self.word("card_no_departments"), self.word("card_band_read")],
        )
        return Scene(title, "/", self.view("band", "panels"), note)

    def together(self, group: str) -> Scene:
        """Return the scene of all clusters, or all energy kinds, as panels."""
        plan = self.atlas.plan
        sizes = {id: len(self.atlas.members[id]) for id in plan.option_ids[group]}
        counties = len(frozenset[str]().union(*(self.atlas.members[id] for id in sizes)))
        key = "deck_clusters" if group == "cluster" else "deck_energy"
        title = word(key, self.lang, kinds=len(sizes), n=counties, listed=sum(sizes.values()))
        title += self.most(sizes, "deck_largest")
        said = [self.word("deck_size", name=self.option(id), n=n) for id, n in sizes.items()]
        more, sources = self.targets(plan.groups[group].targets)
        note = self.note([self.joined(said), *more], [*self.clauses(sizes), *sources], self.unmeasured(sizes))
        return Scene(title, "/", self.view(group, "panels"), note)

    def unmeasured(self, ids: Iterable[str]) -> list[str]:
        """Say that the plan gives these counties no amount."""
        boxes = dict.fromkeys(self.atlas.plan.option(id).box for id in ids)
        return [self.word("deck_no_amount", box=self.atlas.plan.boxes.name([box], self.lang)) for box in boxes]

    def group(self, name: str, ids: tuple[str, ...], group: str) -> Scene:
        """Return the scene of one cluster, one energy kind, or several kinds of one sort."""
        counties = frozenset[str]().union(*(self.atlas.members[id] for id in ids))
        sizes = {code: len(self.atlas.members[code] & counties) for code in self.atlas.plan.option_ids["prefecture"]}
        sizes = {code: n for code, n in sizes.items() if n}
        title = self.word("deck_group", name=name, n=len(counties), k=len(sizes)) + self.most(sizes, "deck_most")
        said = [self.word("deck_size", name=self.option(id), n=len(self.atlas.members[id])) for id in ids]
        listed = len(counties) - len(counties & self.atlas.members[self.atlas.plan.no_band])
        note = self.note(
            [
                *([self.joined(said)] if len(ids) > 1 else []),
                *self.by_prefecture(counties),
                self.word("deck_with_target", n=listed, year=self.standing.rules.target_year) if listed else "",
            ],
            [*self.clauses(ids), *self.mended(ids)],
            self.unmeasured(ids),
        )
        chosen = Filter(cluster=ids) if group == "cluster" else Filter(energy=ids)
        return Scene(title, "/", self.view(group, chosen=chosen), note)

    def energy(self) -> list[Scene]:
        """Return one scene a category of energy kinds: those that the plan lists under one, together."""
        scenes = []
        rows = self.atlas.plan.energy.set_index("id")
        for ids in self.atlas.plan.kinds.values():
            first = self.atlas.plan.option(ids[0])
            name = self.speech.pick(first.zh, first.en)
            if len(ids) > 1:
                category = str(rows.at[ids[0], self.speech.pick("category_zh", "category_en")])
                name = self.word("deck_kinds", name=category, k=len(ids))
            scenes.append(self.group(name, ids, "energy"))
        return scenes

    def roads(self) -> list[Scene]:
        """Return one scene a year, each with the counties of the years before it; those that are new are ringed."""
        known, years = self.roads_known.counties, self.atlas.plan.option_ids["road"]
        scenes = []
        for n, year in enumerate(years, start=1):
            rows = known[known["planned_year"] <= int(year)]
            new = rows[rows["planned_year"] == int(year)]
            silent = rows[rows["outcome"] == outcomes.UNKNOWN]
            opened = len(rows) - len(silent)
            more = said_of_some([("deck_roads_opened", opened)], self.lang)
            title = self.word("deck_roads", year=year, n=len(rows), more=more)
            if len(late := rows[rows["outcome"] == outcomes.LATE]):
                places = self.atlas.counties.loc[late.index]
                names = self.joined(self.speech.short(row) for _, row in places.iterrows())
                title += self.word("deck_roads_late", n=len(late), names=names)
            if len(silent):
                title += self.word("deck_roads_silent", n=len(silent))
            if len(new) < len(rows):
                title += self.word("deck_roads_ringed")
            said = [self.word("deck_roads_new", year=year, n=len(new)), *(self.road(row) for _, row in new.iterrows())]
            if n == len(years):
                said += self.roads_known.sentences(self.lang)
            sources = [*self.clauses([year]), *self.road_sources(new)]
            names = self.joined(self.name(str(adcode)) for adcode in silent.index)
            unknown = [self.word("turn_unknown_road", names=names, n=len(silent))] if len(silent) else []
            view = self.view("road", chosen=Filter(road=tuple(years[:n])))
            scenes.append(Scene(title, "/", view, self.note(said, sources, unknown), tuple(map(str, new.index))))
        return scenes

    def road(self, row: pd.Series) -> str:
        name = row[self.speech.pick("name_short", "name_en")]
        outcome = self.speech.pick(*outcomes.OUTCOMES[row["outcome"]])
        if row["outcome"] == outcomes.UNKNOWN:
            return self.word("deck_road_silent", name=name, outcome=outcome)
        said = self.word("deck_road", name=name, date=outcomes.say_when(row["when"], self.lang), outcome=outcome)
        road = row[self.speech.column("road")]
        return self.speech.named(said, road) if road else said

    def progress(self) -> Scene:
        """Return how all counties stand, on the map; after the term with since when, and how far off those were."""
        rules = self.standing.rules
        title = standing_title(self.everyone, rules, self.lang)
        known = self.everyone[self.everyone["observed"].notna()]
        given = zip(known["status"], known["origin"], strict=True)
        kinds = [self.speech.status(str(status), origin) for status, origin in given]
        counted = self.joined(self.word("deck_size", name=kind, n=n) for kind, n in Counter(kinds).most_common())
        sources = [self.word("deck_statuses", counted=counted)] if counted else []
        said, unknown = self.headline, self.contradicted()
        if rules.closed:
            then = self.everyone[self.everyone["state"] == progress.UNKNOWN].sort_values("gap", kind="stable")
            said = [*said, *self.reached(), *(progress.sentence(row, self.lang, rules) for _, row in then.iterrows())]
            sources += self.cited(self.everyone[self.everyone["state"].isin([progress.REACHED, progress.UNKNOWN])])
        elif missing := self.state(progress.NO_FIGURE):
            unknown = [self.word("deck_no_year", n=len(missing)), *self.by_prefecture(missing), *unknown]
        sources += [line for line in self.batches([progress.GDP]) if not any(line in one for one in sources)]
        return Scene(title, "/", self.view("progress"), self.note(said, sources, unknown))

    def reached(self) -> list[str]:
        """Return who has reached the lower bound, by the year since when."""
        rows = self.everyone[self.everyone["state"] == progress.REACHED].sort_values("reached_year", kind="stable")
        found: dict[str, list[str]] = {}
        for adcode, row in rows.iterrows():
            when = progress.say_reached(row, self.standing.rules, self.lang)
            found.setdefault(when, []).append(self.name(str(adcode)))
        return [self.word("deck_reached_when", when=when, names=self.joined(names)) for when, names in found.items()]

    def contradicted(self) -> list[str]:
        """Return the GDP figures of which not both can be right, a line a county."""
        rows = evidence.contradictions(self.standing.observations)
        rows = rows[(rows["indicator"] == progress.GDP) & rows["place"].isin(self.everyone.index)]
        lines = []
        for adcode, mine in rows.groupby("place"):
            figures = []
            for row in mine.to_dict("records"):
                when = self.speech.period(row["period"])
                how = self.speech.status(row["status"], row["origin"])
                value, *cells = (row[key] for key in ("value", "unit", "comparator", "printed", "origin"))
                unit, comparator, printed, origin = map(str, cells)
                amount = self.speech.printed(value, unit, comparator, printed, origin)
                figures.append(self.word("amount_of", when=when, amount=amount) + self.speech.brackets(how))
            said = self.joined(figures)
            lines.append(self.word("deck_contradicted", name=self.name(str(adcode)), figures=said))
        return lines

    def call(self) -> list[Scene]:
        """Return, after the term, whom to call: who has no full figure of the target year, by prefecture."""
        rules = self.standing.rules
        missing = progress.missing(self.everyone)
        if not rules.closed or missing.empty:
            return []
        title = call_title(len(missing), rules, self.lang)
        said = [title, *self.by_prefecture(map(str, missing.index))]
        if earlier := int((missing["state"] == progress.REACHED).sum()):
            said.append(self.word("deck_call_reached", n=earlier))
        return [Scene(title, "/progress", self.view(), self.note(said, [self.word("source_plan")], self.no_part()))]

    def short(self) -> list[Scene]:
        """Return who is behind, or after the term has not reached the bound, ringed on the map; nothing for nobody."""
        rules = self.standing.rules
        listed = progress.behind(self.everyone, self.lang, rules=rules)
        if not listed:
            return []
        adcodes = tuple(adcode for adcode, _ in listed)
        most = NAMED_SHORT if rules.closed else NAMED
        keys = ("deck_short", "deck_short_first") if rules.closed else ("deck_behind", "deck_behind_first")
        names = self.joined(self.with_gap(adcode) if rules.closed else self.name(adcode) for adcode in adcodes[:most])
        title = word(keys[len(adcodes) > most], self.lang, n=len(adcodes), names=names)
        missing = self.state(progress.NO_FIGURE)
        unknown = [self.word("deck_behind_unknown", n=len(missing))] if missing and not rules.closed else []
        note = self.note([text for _, text in listed], self.cited(self.everyone.loc[list(adcodes)]), unknown)
        return [Scene(title, "/", self.view("progress"), note, adcodes)]

    def with_gap(self, adcode: str) -> str:
        """Return a county's name with what it is short of its lower bound."""
        gap = progress.say_distance(dict(self.everyone.loc[adcode]), self.lang)
        return self.word("deck_short_by", name=self.name(adcode), gap=gap)

    def charts(self) -> list[Scene]:
        """Return the page of progress; a part of the year that was asked for stands first there, as in the title.

        After the term that page is shown already, by whom to call, unless a part of a year was asked for and is known.
        """
        asked = self.part is not None and self.period is not None
        if self.standing.rules.closed and not asked and self.call():
            return []
        measured = self.everyone[self.everyone["attainment"].notna()]
        title = measured_title(self.everyone, self.lang)
        if measured.empty:
            title = self.word("deck_charts_none", n=len(self.everyone))
        said = [title]
        sources = self.cited(measured)
        if self.part is not None and self.period:
            when, n = self.speech.span(self.part.period), len(self.part.counties)
            title = self.word("deck_quarter", when=when, n=n, total=len(self.everyone))
            # Of nobody nothing is said.
            slower = int((self.part.counties["apart"] < 0).sum())
            title += self.word("deck_quarter_slower", n=slower) if slower else ""
            said.insert(0, self.part.sentence(self.everyone.index, len(self.everyone), self.lang))
            if self.part.province is not None:
                rate = cite_source(self.part.province, self.lang, self.standing.batches)
                sources = [self.word("deck_province_rate", source=rate), *sources]
            batches = pd.concat([self.part.counties[f"{what}_batch"] for what in ("level", "growth", "industry")])
            sources += self.standing.imports(batches, self.lang)
        return [Scene(title, "/progress", self.view(), self.note(said, sources, self.no_part()))]

    def settlement(self) -> list[Scene]:
        """Return the latest year's lists, its talks by each reading, and whom to ask; nothing without a scheme."""
        year = settlement.latest(self.atlas, self.standing)
        account = None if year is None else settlement.account(self.atlas, self.standing, year)
        if account is None:
            return []
        first, *more = settlement.findings(self.atlas, account, self.lang)
        stamp = self.word("deck_settle_note")
        told: tuple[tuple[str, str, list[str]], ...] = (
            ("", first, more),
            ("-talks", settlement.talks_title(account, self.lang), []),
            ("-calls", settlement.calls_title(self.standing, account, self.lang), []),
        )
        sources = [*account.scheme.documents, settlement.sources(account, self.standing, self.lang)]
        return [
            Scene(title, f"/settlement/{account.year}{part}", self.view(), self.note([stamp, *said], sources))
            for part, title, said in told
        ]

    def no_part(self) -> list[str]:
        """Say that nothing is known of the part of a year that was asked for."""
        if self.part is not None or not self.period or is_whole(self.period):
            return []
        return [self.word("deck_no_part", when=self.speech.span(self.period))]

    def prefecture(self, code: str) -> list[Scene]:
        """Return a prefecture's turn: who is short and by how much; then what the plan lists there."""
        option = self.atlas.plan.option(code)
        name = self.speech.pick(option.zh, option.en)
        mine = self.everyone[self.everyone["prefecture_code"] == code].sort_index()
        path = f"/prefecture/{code}"
        if mine.empty:
            # No counties, so nothing to count.
            note = self.note(
                [empty_sentence(Filter(prefecture=(code,)), self.atlas.members, self.atlas.plan, self.lang)],
                [of_park(self.atlas.plan, str(id), self.lang).clause for id in self.parks(code).index],
                [self.word("card_not_county")],
            )
            return [Scene(self.word("deck_no_counties", name=name), path, self.view(), note)]
        roads = self.roads_known.counties
        roads = roads[roads.index.isin(mine.index)]
        sentences = [progress.sentence(row, self.lang, self.standing.rules) for _, row in mine.iterrows()]
        silent = roads[roads["outcome"] == outcomes.UNKNOWN]
        unknown = []
        if len(silent):
            names = self.joined(self.name(str(adcode)) for adcode in silent.index)
            unknown.append(self.word("turn_unknown_road", names=names, n=len(silent)))
        if len(parks := self.parks(code)):
            blind = parks[parks["observed"].isna()]
            names = self.joined(str(park) for park in blind[self.speech.column("name")])
            unknown += [self.word("turn_unknown_park", names=names, n=len(blind))] if len(blind) else []
        unknown.append(self.word("turn_unknown_rank"))
        found = finding(self.atlas, self.standing, mine, self.lang)
        bands, roles, driven = listing(self.atlas, mine, roads, self.lang)
        three = told(self.atlas, self.standing, mine, self.lang)
        rests = basis(self.standing, mine, self.lang)
        first = self.note([*three, rests, *sentences], [self.word("source_plan"), *self.cited(mine)])
        second = self.note([roles, bands, driven], [self.word("source_plan"), *self.road_sources(roads)], unknown)
        return [
            Scene(self.speech.named(name, found), path, self.view(TURN[0]), first),
            Scene(self.speech.named(name, self.bare(roles)), path, self.view(SECOND), second),
        ]

    @cached_property
    def all_parks(self) -> pd.DataFrame:
        return self.standing.parks(self.atlas)

    def parks(self, code: str) -> pd.DataFrame:
        return self.all_parks[self.all_parks["prefecture_code"] == code]

    def limits(self) -> Scene:
        """Return what the figures rest on and what is missing, over equal tiles, where no large county hides a small.

        The data page is no scene: it is for work at a desk, and only what a meeting sees belongs on its screen.
        """
        speech, silent = self.speech, self.roads_known.unknown
        rules = self.standing.rules
        missing = self.state(progress.NO_FIGURE)
        if rules.closed:
            missing = list(progress.missing(self.everyone).index)
        blind = self.all_parks[self.all_parks["observed"].isna()]
        counted = (
            ("deck_limits_end" if rules.closed else "deck_limits_year", len(missing)),
            ("deck_limits_roads", len(silent)),
            ("deck_limits_parks", len(blind)),
        )
        lacking = [word(key, self.lang, n=n, year=rules.target_year) for key, n in counted if n]
        title = self.word("deck_limits")
        if lacking:
            title = speech.named(title, speech.join(lacking))
        sources = [
            *data_lines(self.atlas, self.lang),
            *(
                cite(row["publisher"] or row["producer"], row["title"], row["date"])
                + speech.pick("", f": {row['note_en']}")
                for row in self.atlas.sources.to_dict("records")
            ),
            self.word("deck_mended", n=len(self.atlas.plan.corrections)),
            *self.batches(),
        ]
        unknown = [self.word("turn_unknown_rank")]
        if missing and not rules.closed:
            unknown.append(self.word("deck_behind_unknown", n=len(missing)))
        if silent:
            names = self.joined(map(self.name, silent))
            unknown.append(self.word("turn_unknown_road", names=names, n=len(silent)))
        if len(blind):
            names = self.joined(str(park) for park in blind[speech.column("name")])
            unknown.append(self.word("turn_unknown_park", names=names, n=len(blind)))
        note = self.note(rules.sentences(self.lang), sources, unknown)
        # A square of a tile map is too narrow for an English name that the back row could read.
        return Scene(title, "/", self.view("progress", speech.pick("tile", "true")), note)
