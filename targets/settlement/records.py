"""What the settlement rests on besides figures, as it was imported: schemes, settings, types, official results.

Each is a record of a batch like any figure: accepted whole, never changed, undone by a new event. A later batch takes
the place of an earlier one for what it speaks of as a whole: a year's scheme, a year's types, a year's official list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, get_type_hints

import sqlalchemy as sa
from sqlalchemy.engine import Connection

OVERALL = ""  # in place of a type


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """One indicator of a scheme: what is taken of it, how it scores, and what it weighs.

    Attributes
    ----------
    year : int
    document : str
        Which says so.
    type : str
        Of which type's ranking it is; `OVERALL` of that of all counties.
    indicator, per : str
        Ids; `per` is the indicator that a `share` is of.
    weight : Decimal
        Of 100.
    direction : str
        ``up`` where more is better, or ``down``.
    form : str
        ``level``, ``growth`` (per cent on the year before), ``change`` (on the year before) or ``share`` (per cent).
    scoring : str
        ``standard``: from `zero_at` (no points) to `full_at` (all); ``spread``: from the least of all to the greatest.
    zero_at, full_at : Decimal or None
    missing : str
        What a county without the figure gets: ``unknown`` (an interval), ``zero`` points, or ``out`` of the ranking.
    cell : str
        Where it stood.
    """

    year: int
    document: str
    type: str
    indicator: str
    per: str
    weight: Decimal
    direction: str
    form: str
    scoring: str
    zero_at: Decimal | None
    full_at: Decimal | None
    missing: str
    cell: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What the plan's text leaves open, as somebody decided it for a year, and by which document."""

    year: int
    setting: str
    value: str
    document: str
    cell: str


@dataclass(frozen=True, slots=True)
class CountyType:
    """The one or two types that a county filed for a year."""

    year: int
    adcode: str
    type1: str
    type2: str
    document: str
    cell: str

    @property
    def types(self) -> tuple[str, ...]:
        """The one or two."""
        return tuple(filter(None, (self.type1, self.type2)))


@dataclass(frozen=True, slots=True)
class Official:
    """One county of an official list of a year, with its rank where the document says it."""

    year: int
    award: str
    type: str
    adcode: str
    rank: int | None
    document: str
    cell: str


Record = SchemeRow | Setting | CountyType | Official
_meta = sa.MetaData()


def _table(name: str, kind: type) -> sa.Table:
    """Return the table of a kind of record; its numbers are kept as they are written, digit for digit."""
    hints = get_type_hints(kind)
    whole = {int: False, int | None: True}
    columns = (
        sa.Column(one.name, sa.Integer, nullable=whole[hints[one.name]])
        if hints[one.name] in whole
        else sa.Column(one.name, sa.Text, nullable=False)
        for one in fields(kind)
    )
    key = (
        # By name: the batches' table is made where all tables come together.
        sa.Column("batch", sa.Integer, sa.ForeignKey("batches.id"), primary_key=True, autoincrement=False),
        sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
    )
    return sa.Table(name, _meta, *key, *columns)


TABLES: dict[type, sa.Table] = {
    SchemeRow: _table("schemes", SchemeRow),
    Setting: _table("scheme_settings", Setting),
    CountyType: _table("county_types", CountyType),
    Official: _table("official_results", Official),
}


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str) else "" if value is None else f"{value:f}"


def insert(connection: Connection, batch: int, records: Sequence[Record]) -> None:
    """Insert the records of a batch, in the order of their file."""
    for kind, table in TABLES.items():
        names = [one.name for one in fields(kind)]
        rows = [
            {"batch": batch, "row": at}
            | {n: v if (v := getattr(one, n)) is None and n == "rank" else _plain(v) for n in names}
            for at, one in enumerate(r for r in records if isinstance(r, kind))
        ]
        if rows:
            connection.execute(sa.insert(table), rows)


def of_batches(connection: Connection, batches: Collection[int] | None = None) -> dict[int, list[Record]]:
    """Return the records of some batches, or of all, by batch."""
    found: dict[int, list[Record]] = {}
    for kind, table in TABLES.items():
        hints = get_type_hints(kind)
        chosen = sa.select(table).order_by(table.c.batch, table.c.row)
        if batches is not None:
            chosen = chosen.where(table.c.batch.in_(batches))
        for row in connection.execute(chosen):
            given = dict(row._mapping)
            batch = given.pop("batch")
            del given["row"]
            for name, hint in hints.items():
                if hint in (Decimal, Decimal | None):
                    given[name] = Decimal(given[name]) if given[name] else None
            found.setdefault(batch, []).append(kind(**given))
    return found


@dataclass(frozen=True)
class Scheme:
    """A year's scheme in force: its rows, its settings, and the batch that it came with."""

    year: int
    batch: int
    rows: tuple[SchemeRow, ...]
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def of(self, type: str) -> tuple[SchemeRow, ...]:
        """Return the rows of one ranking."""
        return tuple(row for row in self.rows if row.type == type)

    def value(self, setting: str) -> str:
        """Return what was decided; empty where nothing was."""
        found = self.settings.get(setting)
        return found.value if found else ""

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The documents that it names."""
        named = [row.document for row in self.rows] + [one.document for one in self.settings.values()]
        return tuple(dict.fromkeys(filter(None, named)))


def subject(record: Record) -> tuple[str, int, str]:
    """Return what a record is part of, which a later batch takes the place of as a whole."""
    if isinstance(record, SchemeRow | Setting):
        return "scheme", record.year, ""
    return ("types", record.year, "") if isinstance(record, CountyType) else ("official", record.year, record.award)


@dataclass(frozen=True)
class Records:
    """What is in force, with the batch that each part came with."""

    held: Mapping[tuple[str, int, str], tuple[int, tuple[Record, ...]]] = field(default_factory=dict)

    @cached_property
    def schemes(self) -> dict[int, Scheme]:
        """The schemes by year."""
        found = {}
        for (kind, year, _), (batch, records) in self.held.items():
            rows = tuple(one for one in records if isinstance(one, SchemeRow))
            if kind == "scheme" and rows:
                settings = {one.setting: one for one in records if isinstance(one, Setting)}
                found[year] = Scheme(year, batch, rows, settings)
        return found

    @cached_property
    def types(self) -> dict[int, dict[str, CountyType]]:
        """The types by year and adcode."""
        return {
            year: {one.adcode: one for one in records if isinstance(one, CountyType)}
            for (kind, year, _), (_, records) in self.held.items()
            if kind == "types"
        }

    @cached_property
    def official(self) -> tuple[Official, ...]:
        """The official results of all years."""
        return tuple(one for _, records in self.held.values() for one in records if isinstance(one, Official))

    def batch(self, kind: str, year: int, of: str = "") -> int | None:
        """Return the batch that a part in force came with."""
        found = self.held.get((kind, year, of))
        return found[0] if found else None


def said(records: Iterable[Record]) -> set[Record]:
    """Return records as what they say, wherever in their file."""
    return {replace(record, cell="") for record in records}


def in_order(records: Iterable[Record]) -> list[Record]:
    """Return records without where they stood, those of a kind together, each kind in the order of what it says."""
    return sorted(said(records), key=lambda one: (list(TABLES).index(type(one)), repr(one)))


def in_force(batches: Mapping[int, Iterable[Record]], undone: Collection[int]) -> Records:
    """Return what is in force of the records of batches that are not undone."""
    held: dict[tuple[str, int, str], tuple[int, tuple[Record, ...]]] = {}
    for batch in sorted(set(batches) - set(undone)):
        parts: dict[tuple[str, int, str], list[Record]] = {}
        for record in batches[batch]:
            parts.setdefault(subject(record), []).append(record)
        held |= {part: (batch, tuple(records)) for part, records in parts.items()}
    return Records(held)
