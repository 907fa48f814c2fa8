"""What is found of one prefecture: who is short and by how much, what that rests on, and what the plan lists there."""

from __future__ import annotations

from typing import Any

import pandas as pd

from layouts.facts.atlas import Atlas, Standing
from layouts.words import said_of_some, word
from targets import progress
from targets.progress import BEHIND, NO_FIGURE, NO_TARGET, NOT_REACHED, ON_PACE, REACHED, SHORT, UNKNOWN
from targets.provenance import cite_source, say_authority
from targets.speech import Speech, say_share

# The layers by which a prefecture's turn is shown; by any other it is what the plan lists there, the second scene.
TURN = ("progress", "band")
SECOND = "cluster"
NAMED = 2  # of who is short, so many are named in the title
SOURCES = 2  # more are counted under the table, not named
_ORDER = {NOT_REACHED: 0, BEHIND: 0, ON_PACE: 1, UNKNOWN: 2, NO_FIGURE: 3, REACHED: 4, NO_TARGET: 5}


def ordered(mine: pd.DataFrame) -> pd.DataFrame:
    """Return a prefecture's counties with who is short first, by the gap; then what is not known, reached, not listed.

    Parameters
    ----------
    mine : DataFrame
        The prefecture's rows of `targets.progress.assess`.
    """
    rows = mine.sort_index()
    keys = {"_at": rows["state"].map(_ORDER), "_gap": -rows["gap"].fillna(0)}
    by = ["_at", "_gap", "attainment"]
    return rows.assign(**keys).sort_values(by, kind="stable", na_position="last").drop(columns=list(keys))


def finding(atlas: Atlas, standing: Standing, mine: pd.DataFrame, lang: str) -> str:
    """Say who of a prefecture is short and by how much; every number is counted here. Without a stop at its end."""
    speech, rules = Speech.of(lang), standing.rules
    n = progress.counts(mine, rules)
    listed = len(mine) - n[NO_TARGET]
    if not listed:
        return word("turn_finding_bare", lang, atlas.plan, n=len(mine))
    said = [word("turn_listed", lang, n=listed)]
    known = listed - len(progress.missing(mine))
    if rules.closed and known < listed:
        said.append(word("finding_of_year", lang, year=rules.target_year, known=known, n=listed))
    if not rules.closed and n[NO_FIGURE]:
        judged = listed - n[NO_FIGURE]
        said.append(word("turn_judged" if judged else "turn_judged_none", lang, n=judged))
    said += [
        word(key, lang, n=n[state])
        for key, state in (("finding_reached", REACHED), ("turn_on_pace", ON_PACE))
        if n.get(state)
    ]
    short = ordered(mine[mine["state"].isin(SHORT)])
    if len(short) == 1:
        said.append(with_gap(short.iloc[0], lang, "turn_short_one"))
    elif len(short):
        said.append(word("finding_short" if rules.closed else "turn_behind", lang, n=len(short)))
        key = "turn_short_widest" if len(short) > NAMED else "turn_short_all"
        names = speech.list(with_gap(row, lang, "turn_gap") for _, row in short.head(NAMED).iterrows())
        return speech.join(said) + word(key, lang, names=names)
    return speech.join(said)


def with_gap(row: pd.Series, lang: str, key: str) -> str:
    """Return a county's name with what it is short of its lower bound."""
    return word(key, lang, name=Speech.of(lang).short(row), gap=progress.say_distance(row, lang))


def listing(atlas: Atlas, mine: pd.DataFrame, roads: pd.DataFrame, lang: str) -> tuple[str, str, str]:
    """Return what the plan lists of a prefecture's counties: the bands; clusters and new energy; and roads.

    Parameters
    ----------
    mine : DataFrame
    roads : DataFrame
        Its rows of `targets.outcomes.Roads.counties`.
    """
    speech = Speech.of(lang)
    held = mine["band"].where(mine["band"].notna(), atlas.plan.no_band).value_counts()
    bands = speech.list(
        word("turn_band_n", lang, band=atlas.option_name(id, lang), n=int(held[id]))
        for id in atlas.plan.option_ids["band"]
        if id in held
    )
    counties = atlas.counties.loc[mine.index]
    has_cluster, has_energy = (counties[column].map(bool) for column in ("clusters", "energy"))
    opened = int(roads["opened_year"].notna().sum())
    neither = ~has_cluster & ~has_energy
    held_by = (("turn_roles_cluster", has_cluster), ("turn_roles_energy", has_energy), ("turn_roles_none", neither))
    listed_in = said_of_some([(key, int(has.sum())) for key, has in held_by], lang)
    driven = "turn_roads" if opened else "turn_roads_silent" if len(roads) else "turn_roads_none"
    roles = speech.sentence(speech.capital(listed_in))
    return word("turn_bands", lang, bands=bands), roles, word(driven, lang, atlas.plan, n=len(roads), opened=opened)


def basis(standing: Standing, mine: pd.DataFrame, lang: str) -> str:
    """Say in one line on what the figures of a prefecture rest: year, source and status, and what does not judge."""
    speech, rules = Speech.of(lang), standing.rules
    levels = mine[mine["observed"].notna()]
    groups: dict[tuple[str, str], list[pd.Series]] = {}
    for _, row in levels.iterrows():
        cite = cite_source(row, lang, standing.batches) or say_authority(row, lang)
        groups.setdefault((str(row["period"]), cite), []).append(row)
    said = []
    if len(groups) <= SOURCES:
        for (period, cite), rows in groups.items():
            names = "" if len(rows) == len(mine) else speech.brackets(speech.list(map(speech.short, rows)))
            said.append(speech.join([word("turn_of_year", lang, when=speech.period(period)), cite]) + names)
    else:
        kinds: dict[tuple[str, str], int] = {}
        for row in (row for rows in groups.values() for row in rows):
            kind = speech.period(str(row["period"])), say_authority(row, lang)
            kinds[kind] = kinds.get(kind, 0) + 1
        said.append(
            speech.list(word("turn_kind", lang, when=when, kind=kind, n=n) for (when, kind), n in kinds.items())
        )
    missing = progress.missing(mine) if rules.closed else mine.iloc[:0]
    if len(missing) == int(mine["lower"].notna().sum()):  # the title says that of none it is known
        missing = missing.iloc[:0]
    for key, some in (
        ("turn_floors", mine[mine["reason"] == "floor"]),
        ("turn_clashing", mine[(mine["absent"] == "contradicted")]),
        ("turn_missing_year", missing),
    ):
        if len(some):
            names = speech.list(speech.short(row) for _, row in some.iterrows())
            said.append(word(key, lang, names=names, n=len(some), year=rules.target_year))
    return speech.sentence(speech.clauses(said)) if said else ""


def told(atlas: Atlas, standing: Standing, mine: pd.DataFrame, lang: str) -> list[str]:
    """Return the three sentences of a presenter: the result, what to ask about, and what comes next.

    What to ask about follows from the figures alone; no reason is supposed.
    """
    speech, rules = Speech.of(lang), standing.rules
    short = ordered(mine[mine["state"].isin(SHORT)])
    missing = progress.missing(mine)
    clashing = mine[mine["absent"] == "contradicted"]
    reached = mine[(mine["state"] == REACHED) & mine["surplus"].notna()].sort_values("surplus", ascending=False)

    def names(rows: pd.DataFrame) -> str:
        said = speech.list(speech.short(row) for _, row in rows.head(NAMED).iterrows())
        return said if len(rows) <= NAMED else word("deck_first", lang, names=said, n=len(rows))

    ask, then = "turn_ask_none", "turn_next_none"
    about: dict[str, Any] = {"year": rules.target_year}
    if len(short):
        ask, then = "turn_ask_short", "turn_next_short"
        first = short.iloc[0]
        share = speech.percent(say_share(first["observed"], first["lower"]))
        about |= {"name": speech.short(first), "gap": progress.say_distance(first, lang), "share": share}
        about |= {"names": names(short)}
    elif len(missing) and rules.closed:
        ask, then = "turn_ask_missing", "turn_next_missing"
        about |= {"names": names(missing), "n": len(missing)}
    elif len(blind := mine[mine["state"] == NO_FIGURE]):
        ask, about = "turn_ask_blind", about | {"names": names(blind)}
    elif len(reached):
        ask, first = "turn_ask_reached", reached.iloc[0]
        about |= {"name": speech.short(first), "surplus": progress.say_distance(first, lang)}
    if len(clashing):
        then = "turn_next_clashing"
        about |= {"clashing": names(clashing)}
    result = word("turn_result", lang, finding=finding(atlas, standing, mine, lang))
    return [result, word(ask, lang, **about), word(then, lang, **about)]
