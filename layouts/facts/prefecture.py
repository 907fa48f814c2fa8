"""What is found of one prefecture: the sentences of its page and of its scene."""

from __future__ import annotations

from typing import Any

import pandas as pd

from layouts.facts.atlas import Atlas, Standing
from layouts.words import said_of_some, word
from targets import progress
from targets.speech import Speech


def findings(atlas: Atlas, standing: Standing, mine: pd.DataFrame, roads: pd.DataFrame, lang: str) -> tuple[str, str]:
    """Return the finding, and what the plan lists of the prefecture's counties; every number is counted here.

    Parameters
    ----------
    atlas : Atlas
    mine : DataFrame
        The prefecture's rows of `targets.progress.assess`.
    roads : DataFrame
        Its rows of `targets.outcomes.Roads.counties`.
    lang : str
    """
    speech = Speech.of(lang)
    rules = standing.rules
    n = progress.counts(mine, rules)
    listed = len(mine) - n[progress.NO_TARGET]
    judged = listed - n[progress.NO_FIGURE]
    told = [
        word("turn_state", lang, state=rules.name(state, lang), n=n[state])
        for state in progress.MEASURED
        if n.get(state)
    ]
    missing = n[progress.NO_FIGURE]
    if rules.closed and listed:
        if missing:
            told.append(word("turn_state", lang, state=rules.name(progress.NO_FIGURE, lang), n=missing))
        unknown = len(progress.missing(mine))
        how = "turn_known_all" if not unknown else "turn_known_none" if unknown == listed else "turn_known"
        known = word(how, lang, year=rules.target_year, known=listed - unknown, missing=unknown)
        key = "turn_finding_closed"
        more: dict[str, Any] = {"today": rules.today.isoformat(), "known": known}
    else:
        key = "turn_finding" if judged else "turn_finding_blind" if listed else "turn_finding_bare"
        more = {"judged": judged, "rest": word("turn_rest", lang, n=missing) if missing else ""}
    finding = word(key, lang, atlas.plan, n=len(mine), listed=listed, states=speech.join(told), **more)
    # Counted as reached, but without a bar in the chart below.
    if floored := int((mine["reason"] == "floor").sum()):
        finding += speech.pick("", " ") + word("turn_finding_floor", lang, n=floored)

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
    listing = [
        word("turn_bands", lang, bands=bands),
        speech.sentence(speech.capital(listed_in)),
        word(driven, lang, atlas.plan, n=len(roads), opened=opened),
    ]
    return finding, speech.pick("", " ").join(listing)
