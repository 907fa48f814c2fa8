"""An importing process for the tests, started and killed by them: ``python importer.py URL NAME COUNT [hang]``.

It stores COUNT batches of 200 values that only it has (periods by NAME), and prints each batch's id. With ``hang`` it
stops for ever in the midst of the first one's transaction.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import event

from geodata.names import known_counties
from targets.observations import Change, Difference, Row, StaleDifference, Store, open_store

ROWS = 160


def difference(store: Store, name: int, batch: int) -> Difference:
    """Return 160 values of one importer: 80 counties, two indicators, a year of its own."""
    rows = [
        Row(place, indicator, str(1900 + name), float(batch), "亿元")
        for place in sorted(known_counties())[: ROWS // 2]
        for indicator in ("gdp", "va1")
    ]
    shown = {
        row[:3]: row[3:]
        for row in store.observations()[["place", "indicator", "period", "value", "status", "source"]].itertuples(
            index=False, name=None
        )
    }
    changes = []
    for row in rows:
        old = shown.get(row.key)
        changes.append(Change(row, "changed", *old) if old else Change(row, "new"))
    return Difference(f"{name}.xlsx", f"{name:032}{batch:032}", tuple(changes), store.last())


def store_batches(url: str, name: int, count: int) -> list[int]:
    """Store batches, looking again whenever the store has changed; return their ids."""
    store, made = open_store(url), []
    while len(made) < count:
        try:
            made.append(store.accept(difference(store, name, len(made)), f"importer {name}"))
            print(made[-1], flush=True)
        except StaleDifference:
            continue
    store.close()
    return made


def hang(url: str) -> None:
    """Begin to store a batch, and stop within the transaction when its rows are written."""
    store = open_store(url)

    @event.listens_for(store._engine, "after_cursor_execute")
    def stop(connection, cursor, statement, *rest):
        if statement.startswith("INSERT INTO observations"):
            print("inside", flush=True)
            time.sleep(3600)

    store.accept(difference(store, 50, 0), "killed")


if __name__ == "__main__":
    if sys.argv[4:] == ["hang"]:
        hang(sys.argv[1])
    else:
        store_batches(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
