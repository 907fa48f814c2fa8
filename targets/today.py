"""What day it is, in China, and what is known on a day."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pandas as pd

from targets.periods import FORM, ends
from targets.published import Published

CHINA = timezone(timedelta(hours=8))  # without summer time since 1991: no time zone data is needed
DATE_UNIT = "日期"  # of indicators whose value is itself a day, YYYYMMDD


def now_in_china() -> datetime:
    """Return the machine's time as clocks in China show it, without a zone."""
    return datetime.now(CHINA).replace(tzinfo=None)


def read_day(text: str) -> date:
    """Return the day that a text names.

    Raises
    ------
    ValueError
        With a sentence, when it is not written as 2026-11-30 or there is no such day.

    Examples
    --------
    >>> read_day("2024-06-30")
    datetime.date(2024, 6, 30)
    """
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"应是写成 2026-11-30 的一天\uff0c现为 {text!r} / must be a day written as 2026-11-30, not {text!r}"
        ) from None


def known_by(observations: pd.DataFrame, today: date) -> pd.DataFrame:
    """Return the observations that can be known on a day.

    Parameters
    ----------
    observations : DataFrame
        As of `targets.observations.Store.observations`.
    today : date

    Returns
    -------
    DataFrame
        The rows whose period has ended; of those whose value is itself a day, the ones whose day has come, since a
        road may open within a year that has not ended.
    """
    ended = observations["period"].isin(_ended(observations["period"].unique(), today))
    is_day = observations["unit"] == DATE_UNIT
    come = observations["value"] <= today.year * 10000 + today.month * 100 + today.day
    known = ended.where(~is_day, come)
    return observations if known.all() else observations[known].reset_index(drop=True)


def periods_known(known: pd.DataFrame, today: date) -> frozenset[str]:
    """Return the periods, ended by a day, of which anything is among the observations known by then."""
    return _ended(known["period"].unique(), today)


def periods_since(year: int, today: date) -> frozenset[str]:
    """Return the years and quarters from a year on that have ended by a day: what a meeting may be held for.

    Examples
    --------
    >>> sorted(periods_since(2025, date(2026, 5, 1)))
    ['2025', '2025Q1', '2025Q2', '2025Q3', '2026Q1']
    """
    return _ended([f"{y}{part}" for y in range(year, today.year + 1) for part in ("", "Q1", "Q2", "Q3")], today)


def _ended(periods: Collection[str], today: date) -> frozenset[str]:
    return frozenset(period for period in periods if FORM.fullmatch(period) and ends(period) <= today)


def published_by(published: Published, today: date) -> Published:
    """Return what was published without the roads, counts and awards of days that are still to come.

    The figures are left as they are: `known_by` takes away those of periods that have not ended.
    """
    day = today.isoformat()
    roads, totals, awards = published.expressways_opened, published.connected_totals, published.evaluation_awards
    opened = _end(roads["opening_date"].fillna(""))
    ahead = (roads["status"] == "opened") & (opened > day)
    left = roads.copy()
    left.loc[ahead, "status"] = "unknown"
    left.loc[ahead, "actual_year"] = pd.NA
    left.loc[ahead, ["opening_date", "date_precision", "source", "url", "note", "note_en"]] = ""
    return replace(
        published,
        expressways_opened=left,
        connected_totals=totals[_end(totals["as_of"]) <= day].reset_index(drop=True),
        evaluation_awards=awards[awards["year"] < today.year].reset_index(drop=True),
    )


def _end(days: pd.Series) -> pd.Series:
    """Return days as text, of a year the last: of what happened in it nobody is sure before its end."""
    return days.map(lambda text: f"{text}-12-31" if len(text) == 4 else text)
