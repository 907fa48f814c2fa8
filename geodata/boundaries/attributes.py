"""A layer's table: columns by position, each value decoded alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyogrio

from geodata.boundaries.message import Cause, Refused, cause, quote, said_by
from geodata.boundaries.sources import Source, check_counts, why_not
from geodata.boundaries.text import LATIN, decode_column
from geodata.names import current_code, known_counties, read_code, read_names

# Usual names of code columns, first the surest; they only decide between columns that name equally many counties. A
# shapefile cuts names at 10 bytes, so the beginning of one is as good.
CODE_COLUMNS = ("adcode", "区划码", "区划代码", "行政区划代码", "xzqdm", "gb", "pac", "code")
POLYGONAL = ("Polygon", "Surface", "Collection", "Unknown")  # geometry types of layers that may hold polygons


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its name, its values, and what each of them says as a code and as a name."""

    name: str
    values: list[Any]

    @cached_property
    def codes(self) -> list[str | None]:
        """Six-digit codes, of counties or not."""
        return [None if isinstance(value, bool) else read_code(value) for value in self.values]

    @cached_property
    def counties(self) -> list[str | None]:
        """The county that each code means today."""
        return [current_code(code) for code in self.codes]

    @cached_property
    def names(self) -> list[tuple[str, ...]]:
        """The counties that each name may mean."""
        read: dict[str, tuple[str, ...]] = {}
        texts = [value if isinstance(value, str) else "" for value in self.values]
        for text in texts:
            if text not in read:
                read[text] = read_names(text)
        return [read[text] for text in texts]

    @property
    def rank(self) -> int:
        """How usual the column's name is for codes."""
        name = self.name.lower()
        usual = [one == name or (len(name) > 1 and one.startswith(name)) for one in CODE_COLUMNS]
        return len(usual) - usual.index(True) if any(usual) else 0


@dataclass(frozen=True, eq=False)
class Layer:
    """One readable layer: where it is, its columns, how many rows, and the columns that tell the counties.

    The feature's own number (FID) counts as a column: some write the code there.
    """

    source: Source
    name: str
    columns: tuple[Column, ...]
    size: int

    @cached_property
    def code(self) -> Column | None:
        """The column that names most counties by code."""
        scored = [(len({*column.counties} - {None}), column.rank, column) for column in self.columns]
        return _best(scored)

    @cached_property
    def named(self) -> Column | None:
        """The column that names most counties by name."""
        scored = [(len({one for names in column.names for one in names}), 0, column) for column in self.columns]
        return _best(scored)

    @cached_property
    def found(self) -> int:
        """How many counties the layer names, one way or the other."""
        by_code = set(self.code.counties) - {None} if self.code else set()
        by_name = {names[0] for names in self.named.names if names} if self.named else set()
        return len(by_code | by_name)

    def said(self, row: int) -> str:
        """Quote what the file itself says of a row (from 0): code and name, without what is blank."""
        said = (quote(column.values[row]) for column in (self.code, self.named) if column)
        return " ".join(dict.fromkeys(filter(None, said)))


def _best(scored: list[tuple[int, int, Column]]) -> Column | None:
    best = max(scored, key=lambda one: one[:2], default=None)
    return best[2] if best and best[0] else None


def layers(sources: list[Source], reasons: list[Cause]) -> list[Layer]:
    """Read the polygon layers of all sources; what fails is a reason, and does not end the others."""
    read: list[Layer] = []
    for source in sources:
        try:
            kinds = pyogrio.list_layers(source.path)
        except Exception:
            reasons.append(why_not(source))
            continue
        others = set()
        for name, kind in kinds:
            if kind is None:
                continue
            if not any(word in kind for word in POLYGONAL):
                others.add(kind)
                continue
            try:
                check_counts(source)
                read.append(_layer(source, name))
            except Refused as error:
                reasons += error.causes
            except Exception as error:
                reasons.append(said_by(error))
        if others:
            reasons.append(cause("no_polygons", kinds=", ".join(sorted(others))))
        elif not len(kinds):
            reasons.append(why_not(source))
    return read


def _layer(source: Source, name: str) -> Layer:
    # Whatever the encoding, the bytes come through: names and values are decoded here, each alone.
    meta, fids, _, data = pyogrio.raw.read(
        source.path, layer=name, read_geometry=False, return_fids=True, encoding=LATIN, datetime_as_string=True
    )
    names = decode_column([str(field) for field in meta["fields"]])
    columns = [Column(quote(field), decode_column(_values(values))) for field, values in zip(names, data, strict=True)]
    return Layer(source, name, (*columns, Column("fid", fids.tolist())), len(fids))


def _values(values: Any) -> list[Any]:
    """Plain values, None for what is not there."""
    return [None if value is None or value != value else value for value in _plain(values)]


def _plain(values: Any) -> Iterator[Any]:
    for value in values.tolist():
        yield value if isinstance(value, str | int | float | None) else str(value)


def codes_of(layer: Layer) -> set[str]:
    """All six-digit codes of the layer's tables, of counties or not."""
    return {code for column in layer.columns[:-1] for code in column.codes if code} - set(known_counties())
