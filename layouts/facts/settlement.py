"""What the yearly settlement says: lists, ranks, readings, settings, official results, each said once.

Without an imported scheme there is no account, and nothing here is worked out: what was published stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from layouts.words import word
from targets import evidence, outcomes
from targets.grades import ABOUT, COMPARATORS
from targets.provenance import Source, say_batch
from targets.settlement import forms
from targets.settlement.account import (
    ADVANCED,
    PROGRESS,
    STRONG,
    Account,
    AwardList,
    Candidates,
    Listed,
    account_of,
)
from targets.settlement.points import MISSING, Contribution, Figures, Input, Key
from targets.settlement.ranks import IN, OPEN, OUT, Pair, Rank
from targets.settlement.sway import Call, Trial, calls
from targets.speech import Speech, exact

if TYPE_CHECKING:
    from layouts.facts.atlas import Atlas, Standing

CODE = re.compile(r"(20\d\d)(?:-(talks|calls))?")
AWARDS = (STRONG, ADVANCED, PROGRESS)
TALK = "talk"
# Bounds of the classes of ranks that the map shows: to which place each goes.
RANK_CLASSES = (10, 30, 60)
FOG = "rank_fog"


# ---- which years ----------------------------------------------------------------------------------------------------


def years(atlas: Atlas, standing: Standing) -> list[int]:
    """Return the years of which a scheme or a list is known, the latest first."""
    known = {*standing.records.schemes, *standing.records.types}
    known |= {one.year for one in standing.records.official if one.adcode in atlas.counties.index}
    awards = atlas.published.evaluation_awards
    known |= {int(year) for year in awards.loc[awards["adcode"].isin(atlas.counties.index), "year"]}
    return sorted((year for year in known if _has_ended(standing, year)), reverse=True)


def _has_ended(standing: Standing, year: int) -> bool:
    """Return whether a year is over on the day on which the atlas speaks."""
    return year < standing.rules.today.year


def latest(atlas: Atlas, standing: Standing) -> int | None:
    """Return the year that is shown where none is asked for: of the latest scheme, else the latest list."""
    schemes = [year for year in standing.records.schemes if _has_ended(standing, year)]
    return max(schemes) if schemes else next(iter(years(atlas, standing)), None)


def read_code(code: str) -> tuple[int, str] | None:
    """Return the year and the part of the page that an address names; None where it names none."""
    found = CODE.fullmatch(code)
    return (int(found[1]), found[2] or "") if found else None


def account(atlas: Atlas, standing: Standing, year: int) -> Account | None:
    """Return a year's account, made once; None without a scheme."""

    def make() -> Account | None:
        return account_of(year, standing.records, Figures(standing.observations, _units(standing)), atlas.plan)

    if year not in standing.records.schemes or not _has_ended(standing, year):
        return None
    made: Account | None = standing.once(f"settlement {year}", make)
    return made


def tried(atlas: Atlas, standing: Standing, year: int, key: Key, value: Decimal) -> Trial | None:
    """Return what would come of another figure; nothing of it is kept."""
    before = account(atlas, standing, year)
    if before is None:
        return None
    figures = Figures(standing.observations, _units(standing), {key: Fraction(value)})
    after = account_of(year, standing.records, figures, atlas.plan)
    return None if after is None else Trial(key, Fraction(value), before, after)


def to_ask(standing: Standing, account: Account) -> list[Call]:
    """Return the figures that would decide most, found once."""
    made: list[Call] = standing.once(f"settlement calls {account.year}", lambda: calls(account))
    return made


def _units(standing: Standing) -> dict[str, str]:
    return {id: one.unit for id, one in standing.indicators.items()}


# ---- how it is said -------------------------------------------------------------------------------------------------


def award_name(id: str, lang: str) -> str:
    """Return the name of a list."""
    return forms.say_choice("award", id, lang)


def award_title(id: str, lang: str) -> str:
    """Return the name of a list as it stands over its counties."""
    return Speech.of(lang).capital(word(f"settle_list_{id}", lang))


def type_name(atlas: Atlas, type: str, lang: str) -> str:
    """Return a type's name."""
    return Speech.of(lang).pick(type, forms.types_of(atlas.plan).get(type, type))


def decimals(value: Fraction | int, digits: int = 2) -> str:
    """Return a number rounded half up.

    Examples
    --------
    >>> decimals(Fraction(2, 3)), decimals(Fraction(-1, 200)), decimals(7, 0)
    ('0.67', '-0.01', '7')
    """
    exactly = Fraction(value)
    made = Decimal(exactly.numerator) / Decimal(exactly.denominator)
    return f"{made.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}"


def say_rank(rank: Rank, lang: str) -> str:
    """Return a rank: one place, or from the best to the worst."""
    if rank.is_sure:
        return word("rank_one", lang, n=rank.best)
    return word("rank_span", lang, best=rank.best, worst=rank.worst)


def say_places(rank: Rank) -> str:
    """Return a rank as bare numbers, as a table has it."""
    return str(rank.best) if rank.is_sure else f"{rank.best}–{rank.worst}"


def say_pair(pair: Pair, digits: int = 2) -> str:
    """Return a score, or from the least to the greatest."""
    low, high = (decimals(end, digits) for end in pair)
    return low if pair[0] == pair[1] else f"{low}–{high}"


def say_measure(award: AwardList, one: Listed, account: Account, lang: str, bare: bool = False) -> str:
    """Return what a list is ordered by: points, or places gained; `bare`, without what they are."""
    by_score = award.id != PROGRESS or account.scheme.value("progress") == "score"
    said = say_pair(one.measure) if award.id != PROGRESS else _signed(one.measure, 2 if by_score else 0, lang)
    return said if bare else word("settle_points" if by_score else "settle_gained", lang, n=said)


def _signed(pair: Pair, digits: int, lang: str) -> str:
    low, high = (f"{'+' if end > 0 else ''}{decimals(end, digits)}".replace("-", "−") for end in pair)
    return low if pair[0] == pair[1] else word("settle_from_to", lang, low=low, high=high)


def say_want(want: str, lang: str) -> str:
    """Say what something cannot be made without: a decision, or what is not there."""
    asked = forms.asked().get(want)
    if asked is not None:
        return word("settle_want_setting", lang, what=Speech.of(lang).pick(asked.zh, asked.en))
    return word(f"settle_want_{want}", lang)


def say_wants(wants: Sequence[str], lang: str) -> str:
    """Say all that is wanting."""
    speech = Speech.of(lang)
    return speech.sentence(speech.capital(speech.clauses(say_want(want, lang) for want in dict.fromkeys(wants))))


def say_figure_key(atlas: Atlas, standing: Standing, key: Key, lang: str) -> str:
    """Name a figure: whose, of what, of which year."""
    one = standing.indicators[key[1]]
    speech = Speech.of(lang)
    what = speech.pick(one.zh, one.en)
    place = atlas.places.names(lang).get(key[0], key[0])
    return word("settle_figure", lang, place=place, what=what, year=key[2])


# ---- the findings ---------------------------------------------------------------------------------------------------


def title(atlas: Atlas, account: Account, lang: str) -> str:
    """Return the finding on the strong counties: who is on the list, or for how many it cannot be told."""
    strong, year = account.lists[STRONG], account.year
    if strong.wants:
        return word("settle_title_wants", lang, year=year)
    sure, open_ones = len(strong.of(IN)), len(strong.of(OPEN))
    if strong.is_sure:
        if sure > strong.places:
            return word("settle_title_tied", lang, year=year, n=sure, places=strong.places)
        first = [one for one in strong.listed if one.rank == Rank(1, 1)]
        if first:
            return word("settle_title_first", lang, year=year, n=sure, name=name(atlas, first[0].place, lang))
        return word("settle_title_sure", lang, year=year, n=sure)
    left = max(strong.places - sure, 0)
    return word("settle_title_open", lang, year=year, n=sure, left=left, m=open_ones)


def findings(atlas: Atlas, account: Account, lang: str) -> list[str]:
    """Return what the account says in sentences: the title, then the other lists, then on what it rests."""
    said = [title(atlas, account, lang)]
    for id in (ADVANCED, PROGRESS):
        award = account.lists[id]
        if award.wants:
            said.append(Speech.of(lang).named(award_title(id, lang), say_wants(award.wants, lang)))
        else:
            key = "settle_list_sure" if award.is_sure else "settle_list_open"
            about = {"n": len(award.of(IN)), "name": award_title(id, lang)}
            more = {} if award.is_sure else {"m": len(award.of(OPEN))}
            said.append(word(key, lang, **about, **more))
    return [*said, rests(account, lang)]


def rests(account: Account, lang: str) -> str:
    """Say by which document, of how many counties, and how many figures are missing or may still change."""
    speech = Speech.of(lang)
    documents = speech.list(speech.pick(f"《{one}》", one) for one in account.scheme.documents)
    if account.overall is None:
        return word("settle_rests_wants", lang, documents=documents)
    states: dict[Key, str] = {}
    for parts in account.overall.parts.values():
        states |= {one.key: one.state for part in parts for one in part.taken.inputs if not one.span.is_point}
    missing = sum(state == MISSING for state in states.values())
    said = word("settle_rests", lang, documents=documents, n=len(account.overall.scores))
    if states:
        said += word("settle_rests_open", lang, missing=missing, unsettled=len(states) - missing)
    if account.overall.out:
        said += word("settle_rests_out", lang, n=len(account.overall.out))
    return said


def sources(account: Account, standing: Standing, lang: str) -> str:
    """Say with which imports the scheme, the types and the figures came."""
    speech, records = Speech.of(lang), standing.records
    held = [account.scheme.batch, records.batch("types", account.year)]
    scheme = speech.list(standing.imports([batch for batch in held if batch], lang))
    batches = {
        one.figure["batch"]
        for ranking in (account.overall, *account.types.values())
        for parts in (ranking.parts.values() if ranking else ())
        for part in parts
        for one in part.taken.inputs
        if one.figure is not None
    }
    figures = standing.imports(batches, lang)
    if not figures:
        return word("settle_sources_scheme", lang, scheme=scheme)
    return word("settle_sources", lang, scheme=scheme, figures=speech.list(figures))


def say_fund(account: Account, lang: str) -> str:
    """Say how the fund for the progress counties is shared, as it was decided; nothing before it began."""
    award = account.awards[PROGRESS]
    if account.year < int(award.get("fund_from", 9999)):
        return ""
    speech, how, held = Speech.of(lang), account.scheme.value("fund"), account.lists[PROGRESS]
    yi = int(award["fund_yi_per_year"])
    fund = speech.money(yi)
    if not how:
        return word("settle_fund_open", lang, fund=fund)
    n = len(held.of(IN))
    if how == "equal" and held.is_sure and n:
        share = Fraction(yi * 10_000, n)
        about = "" if Fraction(decimals(share)) == share else speech.pick(*COMPARATORS[ABOUT])
        each = about + speech.amount(Decimal(decimals(share)), "万元")
        return word("settle_fund_equal", lang, fund=fund, n=n, each=each)
    return word("settle_fund_document", lang, fund=fund) if how != "equal" else ""


def names(atlas: Atlas, places: Sequence[str], lang: str) -> str:
    """Return counties' names, one after another."""
    return Speech.of(lang).list(name(atlas, place, lang) for place in places)


def name(atlas: Atlas, place: str, lang: str) -> str:
    """Return a county's short name."""
    return str(atlas.counties.at[place, Speech.of(lang).pick("name_short", "name_en_short")])


def prefecture(atlas: Atlas, place: str, lang: str) -> str:
    """Return the short name of its prefecture."""
    return atlas.option_name(str(atlas.counties.at[place, "prefecture_code"]), lang)


def talks_title(account: Account, lang: str) -> str:
    """Return the finding on the warning talks: how many would be called in by each reading."""
    if account.previous is None or account.previous.overall is None:
        return word("settle_talks_none", lang, year=account.year, before=account.year - 1)
    if any(group.wants for reading in account.talks for group in reading.groups):
        return word("settle_talks_part", lang, year=account.year)
    counted = [len({place for group in reading.groups for place, _, _ in group.found}) for reading in account.talks]
    return word("settle_talks_title", lang, year=account.year, counts=Speech.of(lang).list(map(str, counted)))


def say_group(atlas: Atlas, group: Candidates, lang: str) -> str:
    """Return the name of a group, with of how many years running."""
    found = next(one for one in atlas.plan.evaluation["warning_talk"]["groups"] if one["id"] == group.group)
    return str(found[lang]) + Speech.of(lang).brackets(say_running(group, lang))


def say_running(group: Candidates, lang: str) -> str:
    """Say of how many years running a group is."""
    return word("settle_talk_running", lang, n=group.years) if group.years > 1 else word("settle_talk_year", lang)


def say_candidates(atlas: Atlas, group: Candidates, lang: str) -> str:
    """Return who is in a group, who may be, or what is wanting."""
    if group.wants:
        return say_wants(group.wants, lang)
    speech = Speech.of(lang)

    def said(status: str) -> str:
        return speech.list(
            name(atlas, place, lang) + speech.brackets(type_name(atlas, type, lang))
            for place, type, how in group.found
            if how == status
        )

    parts = [said(IN)] if said(IN) else []
    if perhaps := said(OPEN):
        parts.append(word("settle_perhaps", lang, names=perhaps))
    return speech.clauses(parts) if parts else word("settle_nobody", lang)


def calls_title(standing: Standing, account: Account, lang: str) -> str:
    """Return the finding on the figures that would decide most."""
    found = [one for one in to_ask(standing, account) if one.places]
    if not found:
        return word("settle_calls_none", lang, year=account.year)
    return word("settle_calls_title", lang, year=account.year, n=len(found), places=found[0].places)


def say_state(one: Input, standing: Standing, lang: str) -> str:
    """Say how far a figure is known: missing, or with which status."""
    if one.figure is None:
        return word("settle_missing", lang)
    speech = Speech.of(lang)
    value = speech.printed(*(one.figure[key] for key in ("value", "unit", "comparator", "printed", "origin")))
    return value + speech.brackets(speech.status(str(one.figure["status"]), str(one.figure["origin"])))


def say_status(how: str, lang: str) -> str:
    """Say whether a county is on a list."""
    return word({IN: "settle_in", OPEN: "settle_may", OUT: "settle_out"}[how], lang)


# ---- settings -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """A matter that the text leaves open: its question, what was decided (empty for nothing), and by what document."""

    id: str
    question: str
    value: str
    document: str


def decided(account: Account, standing: Standing, lang: str) -> list[Decided]:
    """Return how each open matter was decided, or that it was not."""
    speech, found = Speech.of(lang), []
    for id, asked in forms.asked().items():
        held = account.scheme.settings.get(id)
        said = ""
        if held is not None:
            said = forms.say_choice(id, held.value, lang)
            if id == "ties" and held.value in standing.indicators:
                one = standing.indicators[held.value]
                said = word("settle_ties_by", lang, what=speech.pick(one.zh, one.en))
            elif id == "firm":
                said = speech.list(speech.status(status) for status in held.value.split("、"))
            elif id == "room" and held.value.endswith("%"):
                said = word("settle_room", lang, n=held.value.removesuffix("%"))
        found.append(
            Decided(id, speech.pick(asked.question_zh, asked.question_en), said, held.document if held else "")
        )
    return found


# ---- what was published ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    """A county of an official list, as published in the press or imported from the document."""

    award: str
    type: str
    adcode: str
    rank: int | None
    rank_said: str
    source: Source
    is_imported: bool
    is_whole: bool


def results(atlas: Atlas, standing: Standing, year: int, lang: str) -> list[Result]:
    """Return the official results known of a year; an imported list takes the place of what the press told of it."""
    speech, found = Speech.of(lang), []
    imported = [one for one in standing.records.official if one.year == year and one.adcode in atlas.counties.index]
    for one in imported:
        batch = standing.records.batch("official", year, one.award)
        said = word("rank_one", lang, n=one.rank) if one.rank else ""
        source = Source(
            what=word("settle_result", lang, year=year, award=award_name(one.award, lang)),
            source=one.document,
            period=speech.period(str(year)),
            batch=say_batch(batch, standing.batches, lang) if batch else "",
        )
        found.append(Result(one.award, one.type, one.adcode, one.rank, said, source, True, True))
    held = {one.award for one in imported}
    awards = outcomes.awards(atlas.published, atlas.plan)
    for row in awards[(awards["year"] == year) & awards["adcode"].isin(atlas.counties.index)].to_dict("records"):
        if row["award"] in held:
            continue
        source = Source(
            what=row[lang],
            source=row["source"],
            url=row["url"],
            period=speech.period(str(year)),
            status=speech.status(row["status"]),
            note=row[speech.column("note")],
        )
        stated = row["rank_basis"] == "stated" and row["rank_in"] == "overall"
        rank = None if pd.isna(row["rank"]) else int(row["rank"])
        key = {"order": "settle_listed_at", "stated": "rank_one" if stated else "settle_rank_of_type"}
        said = word(key[row["rank_basis"]], lang, n=rank) if rank else ""
        whole = bool(row["list_complete"])
        found.append(Result(row["award"], row["category"], row["adcode"], rank, said, source, False, whole))
    order = {award: at for at, award in enumerate((*AWARDS, "overall", TALK))}
    return sorted(found, key=lambda one: (order[one.award], one.rank or 99, one.adcode))


def results_title(atlas: Atlas, standing: Standing, year: int, lang: str) -> str:
    """Return the finding of a year without a scheme: what was published of it."""
    held = results(atlas, standing, year, lang)
    counted = [
        say_published(award, [one for one in held if one.award == award], lang)
        for award in dict.fromkeys(one.award for one in held)
    ]
    if not counted:
        return word("settle_published_none", lang, year=year)
    return word("settle_published", lang, year=year, said=Speech.of(lang).join(counted))


def say_published(award: str, held: Sequence[Result], lang: str) -> str:
    """Say how many counties of a list are known: the whole, or those that were found."""
    key = "settle_published_whole" if all(one.is_whole for one in held) else "settle_published_part"
    return word(key, lang, name=word(f"settle_list_{award}", lang), n=len(held))


@dataclass(frozen=True, slots=True)
class Beside:
    """A county as worked out and as published: on which list, with its rank, and whether both say the same."""

    award: str
    type: str
    adcode: str
    computed: str  # a status of `ranks`
    rank: Rank | None
    official: bool
    official_rank: str

    @property
    def verdict(self) -> str:
        """``same``, ``open`` where the account cannot tell, ``only_computed`` or ``only_official``."""
        if self.computed == OPEN:
            return "open"
        if (self.computed == IN) == self.official:
            return "same"
        return "only_computed" if self.computed == IN else "only_official"


def beside(atlas: Atlas, standing: Standing, account: Account, lang: str) -> dict[str, list[Beside]]:
    """Return for each list that is both worked out and published who is on which; of part of a list only its counties.

    A difference is shown, and none is explained.
    """
    found: dict[str, list[Beside]] = {}
    held = results(atlas, standing, account.year, lang)
    for id in AWARDS:
        award, mine = account.lists[id], [one for one in held if one.award == id]
        if award.wants or not mine:
            continue
        whole = all(one.is_whole for one in mine)
        computed = {(one.type, one.place): one for one in award.listed}
        rows, seen = [], set()
        for one in mine:
            # A published advanced county may be told without its type: then any type will do.
            keys = [key for key in computed if key[1] == one.adcode and (not one.type or key[0] == one.type)]
            listed = computed[keys[0]] if keys else None
            seen |= set(keys)
            status, rank = (listed.status, listed.rank) if listed else (OUT, _rank_of(account, id, one))
            rows.append(Beside(id, one.type, one.adcode, status, rank, True, one.rank_said))
        if whole:
            rows += [
                Beside(id, type, place, one.status, one.rank, False, "")
                for (type, place), one in computed.items()
                if (type, place) not in seen
            ]
        found[id] = rows
    return found


def _rank_of(account: Account, award: str, one: Result) -> Rank | None:
    ranking = account.types.get(one.type) if award == ADVANCED else account.overall
    return ranking.ranks.get(one.adcode) if ranking and award != PROGRESS else None


def say_beside(id: str, rows: Sequence[Beside], lang: str) -> str:
    """Return the finding on one list: how many agree, and how many do not."""
    counts = dict.fromkeys(("same", "only_computed", "only_official", "open"), 0)
    for row in rows:
        counts[row.verdict] += 1
    about = {key: n for key, n in counts.items() if key != "open"}
    return word("settle_beside", lang, name=award_title(id, lang), open=counts["open"], **about)


# ---- order by one indicator -----------------------------------------------------------------------------------------


def ordered(standing: Standing, year: int, indicator: str, places: Sequence[str]) -> pd.DataFrame:
    """Return the figures of a year that judge, the greatest first; `place` is of the rank that ties share."""
    rows = standing.observations
    rows = rows[(rows["indicator"] == indicator) & (rows["period"] == str(year)) & rows["place"].isin(list(places))]
    rows = rows[rows["standing"] == evidence.JUDGES]
    value = rows["value"].map(exact)
    rank = [1 + sum(other > one for other in value) for one in value]
    return rows.assign(rank=rank).sort_values(["rank", "place"], kind="stable")


def measured(standing: Standing, year: int, places: Sequence[str]) -> dict[str, int]:
    """Return the indicators of which the year is known, with of how many counties, the most first."""
    rows = standing.observations
    rows = rows[(rows["period"] == str(year)) & rows["place"].isin(list(places))]
    rows = rows[(rows["standing"] == evidence.JUDGES) & rows["indicator"].isin(list(standing.indicators))]
    counted = rows.groupby("indicator")["place"].nunique()
    return {str(id): int(n) for id, n in sorted(counted.items(), key=lambda one: (-one[1], str(one[0])))}


# ---- one county -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """What one indicator adds to a county's score, with the figures that it is made of."""

    part: Contribution
    what: str
    taken: str
    points: str
    weight: str


def points(standing: Standing, parts: Sequence[Contribution], lang: str) -> list[Point]:
    """Return what a county's score is made of, indicator by indicator."""
    speech, found = Speech.of(lang), []
    for part in parts:
        row, one = part.row, standing.indicators[part.row.indicator]
        what = speech.pick(one.zh, one.en)
        if row.form != "level":
            per = standing.indicators[row.per or row.indicator]
            how = word(f"settle_taken_{row.form}", lang, what=speech.pick(per.zh, per.en))
            what += speech.brackets(how)
        found.append(
            Point(part, what, say_span(part, one.unit, lang), say_pair((part.low, part.high)), f"{row.weight:f}")
        )
    return found


def say_span(part: Contribution, unit: str, lang: str) -> str:
    """Return what was taken of a county: one value, or all that it may be."""
    span = part.taken.span
    if span.low is None and span.high is None:
        return word("settle_unknown", lang)
    of = "%" if part.row.form in ("growth", "share") else unit

    def say(end: Fraction) -> str:
        return Speech.of(lang).amount(Decimal(decimals(end, 4)), of)

    if span.is_point and span.low is not None:
        return say(span.low)
    ends = [("≥ ", span.low), ("≤ ", span.high)]
    if span.low is None or span.high is None:
        return "".join(mark + say(end) for mark, end in ends if end is not None)
    return f"{say(span.low)} … {say(span.high)}"


def moved_since(account: Account, place: str) -> tuple[int, int] | None:
    """Return how many places a county gained since the year before, from least to most; None where that is unknown."""
    before, now = account.previous and account.previous.overall, account.overall
    if not before or not now or place not in before.ranks or place not in now.ranks:
        return None
    one, other = before.ranks[place], now.ranks[place]
    return one.best - other.worst, one.worst - other.best


def say_moved(account: Account, place: str, lang: str) -> str:
    """Say how many places a county gained or lost since the year before."""
    found = moved_since(account, place)
    return "—" if found is None else _signed(found, 0, lang)


# ---- the map's layer ------------------------------------------------------------------------------------------------


def rank_class(rank: Rank) -> str:
    """Return the class of a rank on the map; fog where the interval reaches over a bound."""
    best, worst = (sum(place > bound for bound in RANK_CLASSES) for place in (rank.best, rank.worst))
    return f"rank_{best}" if best == worst else FOG


def layer_year(atlas: Atlas, standing: Standing, period: str | None) -> int | None:
    """Return the year that the map's layer is of: the view's, where anything is known of it, else the latest."""
    if period and period.isdecimal() and int(period) in years(atlas, standing):
        return int(period)
    return latest(atlas, standing)


def classes(atlas: Atlas, standing: Standing, year: int | None) -> dict[str, str]:
    """Return each county's class: that of its rank, or without a scheme that of the list it is on."""
    found: dict[str, str] = {}
    if year is None:
        return found
    if (made := account(atlas, standing, year)) is not None:
        ranks: Mapping[str, Rank] = made.overall.ranks if made.overall else {}
        return {place: rank_class(rank) for place, rank in ranks.items()}
    for one in results(atlas, standing, year, "zh"):
        if one.award in AWARDS:
            found.setdefault(one.adcode, f"won_{one.award}")  # the first list that it is on
    return found
