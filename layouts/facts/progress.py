"""What the progress page finds: its stamp, and the sentences and numbers that follow the filter."""

from __future__ import annotations

from typing import Any

import pandas as pd

from layouts.facts import titles
from layouts.facts.atlas import Atlas, Standing
from layouts.facts.missing import to_call
from layouts.facts.view import View
from layouts.words import word
from targets import evidence, progress
from targets.selection import empty_sentence
from targets.speech import Speech, in_time

WIDEST = 5  # gaps that lead the page; all stand further below


def stamp(rules: progress.Rules, lang: str) -> str:
    """Say of which day the page is, and whether the plan's term is over."""
    return word("stamp_closed" if rules.closed else "stamp_running", lang, day=rules.today, year=rules.target_year)


def periods(observations: pd.DataFrame) -> list[str]:
    """Return the periods for which any county's GDP or its growth is known, newest first."""
    counties = observations[
        observations["indicator"].isin([progress.GDP, progress.GROWTH]) & (observations["place"].str[4:] != "00")
    ]
    return in_time(counties["period"])[::-1]


def counted(atlas: Atlas, standing: Standing, view: View) -> dict[str, Any]:
    """Return the page's sentences and numbers that depend on the filter, by the ``data-said`` of their place."""
    lang, rules = view.lang, standing.rules
    everyone, observations = standing.assessment, standing.observations
    chosen = atlas.select(view.filter)
    mine = everyone[everyone.index.isin(chosen)]
    n = mine["state"].value_counts()

    def title(key: str, amount: int) -> str:
        return word(key, lang, atlas.plan, n=amount, year=rules.target_year)

    said: dict[str, Any] = {
        "headline": progress.headline(
            mine, observations, lang, rules, atlas.plan, chosen=not view.filter.is_empty, period=view.period
        )
        if len(mine)
        else [empty_sentence(view.filter, atlas.members, atlas.plan, lang)],
        **{f"state_{state}": str(int(n.get(state, 0))) for state in rules.states},
        "short_title": short_title(int(mine["state"].isin(progress.SHORT).sum()), rules, lang),
        "dots_title": titles.measured_title(titles.measured(mine), lang),
        "floor_title": title("floor_title", int((mine["reason"] == "floor").sum())),
        "missing_title": title("missing_title", int(n.get(progress.NO_FIGURE, 0))),
        "bare_title": title("bare_title", int(n.get(progress.NO_TARGET, 0))),
    }
    clashing = counties_of(atlas, evidence.contradictions(observations))
    for key, rows in (("leads_title", counties_of(atlas, evidence.leads(observations))), ("clash_title", clashing)):
        rows = rows[rows["place"].isin(chosen)]
        said[key] = word(key, lang, n=len(rows), counties=word("n_counties", lang, n=rows["place"].nunique()))
    said |= {f"group_{code}": text for code, text in reached_by_prefecture(everyone, mine, lang).items()}
    if rules.closed:
        wanted = to_call(atlas, standing, view)
        of = wanted[wanted.index.isin(chosen)]["prefecture_code"].value_counts()
        said["call_title"] = title("call_title", int(of.sum()))
        said |= {f"call_{code}": str(int(of.get(code, 0))) for code in dict.fromkeys(wanted["prefecture_code"])}
    else:
        for reason in reasons(everyone):
            amount = int(((mine["state"] == progress.NO_FIGURE) & (mine["reason"] == reason)).sum())
            text = Speech.of(lang).capital(progress.say_reason(reason, atlas.plan, lang))
            said[f"missing_{reason}"] = word("missing_group", lang, reason=text, n=amount)
    return said | _quarter_said(atlas, everyone, observations, view, chosen, len(mine))


def short_title(n: int, rules: progress.Rules, lang: str) -> str:
    """Say how many counties are short, or behind, and that the widest gaps lead."""
    key = "widest_title" if n > WIDEST else "widest_all"
    return word(key if rules.closed else f"{key}_running", lang, n=n, most=WIDEST)


def reached_by_prefecture(everyone: pd.DataFrame, mine: pd.DataFrame, lang: str) -> dict[str, str]:
    """Return, for each prefecture with a county on the axis, how many of those that a filter leaves have reached."""
    rows = titles.measured(mine)
    found = {}
    for code in dict.fromkeys(titles.measured(everyone).sort_index()["prefecture_code"]):
        here = rows[rows["prefecture_code"] == code]
        reached = int((here["state"] == progress.REACHED).sum())
        key = "group_reached" if reached else "group_nobody"
        found[str(code)] = word(key, lang, n=len(here), reached=reached)
    return found


def _quarter_said(
    atlas: Atlas, everyone: pd.DataFrame, observations: pd.DataFrame, view: View, chosen: tuple[str, ...], n: int
) -> dict[str, str]:
    """Return what is said of the figures of one part of a year; nothing without any."""
    part = progress.part_year(everyone, observations, atlas.plan, view.period)
    if part is None:
        return {}
    when = Speech.of(view.lang).span(part.period)
    return {
        "quarter_title": word("quarter_title", view.lang, when=when, n=len(part.over(chosen))),
        "quarter_found": part.sentence(chosen, n, view.lang),
    }


def counties_of(atlas: Atlas, rows: pd.DataFrame) -> pd.DataFrame:
    """Return those of some figures that are a county's GDP."""
    real = atlas.counties.index[atlas.counties["is_county"]]
    return rows[(rows["indicator"] == progress.GDP) & rows["place"].isin(real)]


def reasons(everyone: pd.DataFrame) -> list[str]:
    """Return why counties with a target have no full-year figure, those of which nothing is known last."""
    found = set(everyone.loc[everyone["state"] == progress.NO_FIGURE, "reason"])
    order = [*(reason for reason in progress.REASONS if reason != "no_figure"), "no_figure"]
    return [reason for reason in order if reason in found]
