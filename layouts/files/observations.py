"""Every observation with its source: all that is known, what was known after an event, or one batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from layouts.facts.exports import File, Unavailable, Wanted
from layouts.parts.workbook import csv_of
from layouts.words import word
from targets.published import OBSERVATION_COLUMNS
from targets.speech import Speech
from targets.today import known_by


def observations_csv(
    observations: pd.DataFrame,
    names: Mapping[str, str],
    lang: str,
    places: Mapping[str, str],
    columns: Sequence[str] = OBSERVATION_COLUMNS,
) -> bytes:
    """Return observations with their sources as CSV, UTF-8 with a byte-order mark.

    Parameters
    ----------
    observations : DataFrame
        As of `targets.observations.Store.observations`.
    names : mapping of str to str
        Names of the indicators by id.
    lang : str
    places : mapping of str to str
        Names of the places by code.
    columns : sequence of str
        Place, indicator, then what else is wanted.
    """
    table = [[columns[0], word("head_place", lang), columns[1], word("head_indicator", lang), *columns[2:]]]
    for row in observations.to_dict("records"):
        cells = ["" if pd.isna(row[column]) else row[column] for column in columns]
        place, indicator = places.get(row["place"], ""), names.get(row["indicator"], "")
        table.append([cells[0], place, cells[1], indicator, *cells[2:]])
    return csv_of(table)


def _event(wanted: Wanted, key: str) -> int | None:
    """Return the number of an event that the address names; refuse what is none."""
    text = wanted.given.get(key)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Unavailable("", 400)
    return int(text)


def _write(wanted: Wanted) -> bytes:
    atlas, store, lang = wanted.atlas, wanted.store, wanted.view.lang
    as_of, batch = _event(wanted, "as_of"), _event(wanted, "batch")
    asked, last = as_of if batch is None else batch, store.last()
    if asked is not None and asked > last >= 0:
        raise Unavailable(word("event_missing", lang, event=asked, last=last), 404)
    names = {id: Speech.of(lang).pick(one.zh, one.en) for id, one in store.indicators(asked).items()}
    if batch is None:
        rows = known_by(store.observations(as_of), atlas.today)
        return observations_csv(rows, names, lang, atlas.places.names(lang))
    rows = store.batch_rows(batch)
    return observations_csv(rows, names, lang, atlas.places.names(lang), list(rows.columns))


def _called(wanted: Wanted) -> str:
    as_of, batch = _event(wanted, "as_of"), _event(wanted, "batch")
    of = "" if as_of is None else f"-as-of-{as_of}"
    return f"{wanted.atlas.plan.region.slug}-observations" + (of if batch is None else f"-batch-{batch}")


FILES = (File(id="observations", path="/export/observations.csv", write=_write, called=_called),)
