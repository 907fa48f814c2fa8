"""What a chart finds, in words: the titles and texts that pages, slides and the ready deck share."""

from __future__ import annotations

import pandas as pd

from layouts.words import word
from targets import progress
from targets.plan import Plan
from targets.progress import MEASURED, REACHED, Ladder, classes
from targets.speech import Speech

LADDER_YEARS = 2  # of the years known of most counties, so many are drawn


def standing_title(assessment: pd.DataFrame, rules: progress.Rules, lang: str) -> str:
    """Say how the term ended; while it runs, how many counties with a target are in each state that any of them is in.

    Parameters
    ----------
    assessment : DataFrame
        Rows of `targets.progress.assess`, at least one of them with a target.
    rules : targets.progress.Rules
    lang : str
    """
    if rules.closed:
        return word("deck_closing", lang, said=progress.finding(assessment, lang, rules))
    n = {state: k for state, k in progress.counts(assessment, rules).items() if k and state != progress.NO_TARGET}
    states = [word("deck_state", lang, state=rules.name(state, lang), n=k) for state, k in n.items()]
    said = Speech.of(lang).join(states)
    title = word("deck_standing", lang, rules.plan, n=sum(n.values()), states=said)
    # The plan sets no pace of its own.
    paced = progress.ON_PACE in n or progress.BEHIND in n
    return title + (word("deck_pace", lang, pace=f"{rules.pace * 100:g}") if paced else "")


def call_title(missing: int, rules: progress.Rules, lang: str) -> str:
    """Say of how many counties the target year's full figure is not known."""
    return word("deck_call", lang, n=missing, year=rules.target_year)


def measured(assessment: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an assessment whose figure judges them and is measured against the lower bound."""
    return assessment[assessment["attainment"].notna() & assessment["state"].isin(MEASURED)]


def measured_title(rows: pd.DataFrame, lang: str) -> str:
    """Say how many counties have a full year to compare, and how many of them reached the bound, if any.

    Parameters
    ----------
    rows : DataFrame
        Of `targets.progress.assess`; those without a full year are left out.
    lang : str
    """
    rows = rows[rows["attainment"].notna()]
    reached = int((rows["state"] == REACHED).sum())
    return word("bullets_title" if reached else "slide_measured", lang, n=len(rows), reached=reached)


def ladder_title(rungs: Ladder, plan: Plan, lang: str) -> str:
    """Return the ladder's finding: how many counties the plan lists at 100亿元 or more, and how many are there."""
    names = classes(plan)
    high = list(names.index[(names["lower"] >= 100).fillna(False)])
    years = ladder_years(rungs)
    seen = (rungs.observed.loc[years[-1]] if years else rungs.latest).to_dict()
    when = word("ladder_year", lang, year=years[-1]) if years else word("ladder_latest", lang)
    listed, over = sum(int(rungs.listed.get(rung, 0)) for rung in high), sum(int(seen[rung]) for rung in high)
    n = sum(map(int, seen.values()))
    key = "ladder_title" if over else "ladder_title_nobody" if n else "ladder_title_blind"
    return word(key, lang, plan, listed=listed, when=when, n=n, over=over)


def ladder_text(rungs: Ladder, plan: Plan, lang: str) -> str:
    """Return what the ladder rests on, in as many words as what is known needs."""
    years, known = ladder_years(rungs), _known(rungs)
    every = int(rungs.listed.sum())
    if not known:
        return word("ladder_none", lang)
    said = []
    for year, n, _, _ in known:
        if year in years:
            key = "ladder_whole" if n == every else "ladder_part"
            said.append(word(key, lang, year=year, n=n, missing=every - n))
    n, listed = int(rungs.latest_known["counties"]), int(rungs.latest_known["with_target"])
    if years:
        n, listed = next((n, listed) for year, n, listed, _ in known if year == years[-1])
    else:
        first, last = int(rungs.latest_known["first"]), int(rungs.latest_known["last"])
        key = "ladder_text_one" if first == last else "ladder_text"
        said.append(word(key, lang, n=n, first=first, last=last))
    if n > listed:
        said.append(word("ladder_unlisted", lang, plan, n=n - listed))
    few = [word("ladder_few_year", lang, year=year, n=n) for year, n, _, _ in known if year not in years]
    if few:
        said.append(word("ladder_few", lang, years=Speech.of(lang).pick("、", "; ").join(few)))
    return Speech.of(lang).pick("", " ").join(said)


def ladder_label(rungs: Ladder, year: int, n: int, lang: str) -> str:
    """Name the bars of what is known of a year; with no year (0), of each county's latest, which may be of one year."""
    of = (rungs.known.loc[year] if year else rungs.latest_known).to_dict()
    outside = int(of["counties"]) - int(of["with_target"])
    more = word("ladder_outside", lang, n=outside) if outside else ""
    if not year and of["counties"] and of["first"] == of["last"]:
        year = int(of["first"])
    return word("ladder_observed_year" if year else "ladder_observed", lang, n=n, year=year, more=more)


def ladder_years(rungs: Ladder) -> list[int]:
    """Return the years that the ladder shows: the latest of which enough counties are known, oldest first."""
    return [year for year, _, _, few in _known(rungs) if not few][-LADDER_YEARS:]


def _known(rungs: Ladder) -> list[tuple[int, int, int, bool]]:
    """Return year, counties known, those of them listed, and whether they are few, by year."""
    rows = rungs.known.reset_index().to_dict("records")
    return [(int(r["year"]), int(r["counties"]), int(r["with_target"]), bool(r["few"])) for r in rows]


def roads_title(planned: int, opened: int, plan: Plan, lang: str) -> str:
    """Say of how many counties the expressway planned is known to have opened."""
    key = "roads_title_none" if not opened else "roads_title_all" if opened == planned else "roads_title"
    return word(key, lang, plan, opened=opened, planned=planned, unknown=planned - opened)
