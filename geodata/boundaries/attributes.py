"""A layer's table: columns by position, each value decoded alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyogrio

from geodata.boundaries.message import Cause, Refused, cause, quote, said_by
from geodata.boundaries.shapefile import Table, check_whole, read_table
from geodata.boundaries.sources import JSON, Source, why_not
from geodata.boundaries.text import LATIN, decode_column
from geodata.names import MERGES, PROVINCE, current_code, known_counties, read_code, read_names

# Usual names of code columns, first the surest; they only decide between columns that name equally many counties. A
# shapefile cuts names at 10 bytes, so the beginning of one is as good.
CODE_COLUMNS = ("adcode", "区划码", "区划代码", "行政区划代码", "xzqdm", "gb", "pac", "code")
POLYGONAL = ("Polygon", "Surface", "Collection", "Unknown")  # geometry types of layers that may hold polygons


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its name, its values, and what each of them says as a code and as a name."""

    name: str
    values: list[Any]
    width: int = 0  # bytes, where the form has such a thing
    full: frozenset[int] = frozenset()  # the rows (from 0) whose text fills that width

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


class Packed(NamedTuple):
    """Shapes as WKB, and what the file says of their CRS."""

    shapes: np.ndarray
    crs: str | None


@dataclass(frozen=True, eq=False)
class Layer:
    """One readable layer: where it is, its columns, how many rows, and the columns that tell the counties.

    The feature's own number (FID) counts as a column: some write the code there.
    """

    source: Source
    name: str
    columns: tuple[Column, ...]
    size: int
    deleted: tuple[int, ...] = ()  # rows (from 0) that the table has, but marked as deleted
    packed: Packed | None = None  # the shapes, where they came along

    @cached_property
    def coded(self) -> list[Column]:
        """The columns that name counties by code, the one that names most first; none that holds their prefectures."""
        return _ranked((len({*one.counties} - {None}), one.rank, one) for one in self.columns if not _of_above(one))

    @cached_property
    def spelt(self) -> list[Column]:
        """The columns that name counties by name, the one that names most first."""
        return _ranked((len({each for names in one.names for each in names}), 0, one) for one in self.columns)

    @property
    def shown(self) -> str:
        """The name to call it by: the file's, and the layer's where that says more."""
        name = self.source.name
        same = self.name in (self.source.path.stem, name.rpartition(".")[0])
        return name if same else f"{name}:{self.name}"

    @property
    def code(self) -> Column | None:
        """The column that names most counties by code."""
        return next(iter(self.coded), None)

    @property
    def named(self) -> Column | None:
        """The column that names most counties by name."""
        return next(iter(self.spelt), None)

    @property
    def guessed(self) -> list[str | None]:
        """The county that each row's code or name says, whatever its place; None where several may be meant."""
        codes = self.code.counties if self.code else [None] * self.size
        names = self.named.names if self.named else [()] * self.size
        return [code or (those[0] if len(those) == 1 else None) for code, those in zip(codes, names, strict=True)]

    @cached_property
    def found(self) -> int:
        """How many counties the layer names, one way or the other."""
        by_code = set(self.code.counties) - {None} if self.code else set()
        by_name = {names[0] for names in self.named.names if names} if self.named else set()
        return len(by_code | by_name)


def _ranked(scored: Iterable[tuple[int, int, Column]]) -> list[Column]:
    found = sorted((one for one in scored if one[0]), key=lambda one: one[:2], reverse=True)
    return [column for _, _, column in found]


def _of_above(column: Column) -> bool:
    """Tell whether a column of codes says the prefecture of each row, and not the county."""
    ours = [code for code in column.codes if code and code.startswith(PROVINCE[:2])]
    above = [code for code in ours if code.endswith("00") and code not in MERGES]
    return len(above) > len(ours) / 2 and len(set(above)) < len(above) / 2


def layers(sources: list[Source], reasons: list[Cause]) -> list[Layer]:
    """Read the polygon layers of all sources; what fails is a reason, and does not end the others."""
    read: list[Layer] = []
    for source in sources:
        if source.path.suffix.lower() in JSON:
            read += _of_json(source, reasons)
            continue
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


def _of_json(source: Source, reasons: list[Cause]) -> list[Layer]:
    """Read a GeoJSON at once, shapes and all: reading it in parts would parse it each time."""
    try:
        meta, fids, shapes, data = pyogrio.raw.read(
            source.path, return_fids=True, encoding=LATIN, datetime_as_string=True
        )
    except Exception:
        reasons.append(why_not(source))
        return []
    kind = meta["geometry_type"]
    if len(fids) and kind and not any(word in kind for word in POLYGONAL):
        reasons.append(cause("no_polygons", kinds=kind))
        return []
    packed = None if shapes is None else Packed(shapes, meta["crs"])
    return [_told(source, source.path.stem, meta, fids, data, packed=packed)]


def _layer(source: Source, name: str) -> Layer:
    table = None
    if source.path.suffix.lower() == ".shp":
        check_whole(source.path)
        table = read_table(source.path)
    meta, fids, _, data = pyogrio.raw.read(
        source.path, layer=name, read_geometry=False, return_fids=True, encoding=LATIN, datetime_as_string=True
    )
    return _told(source, name, meta, fids, data, table)


def _told(
    source: Source, name: str, meta: Any, fids: Any, data: Any, table: Table | None = None, packed: Packed | None = None
) -> Layer:
    """Decode a table; whatever the encoding, the bytes came through, and names and values are decoded each alone."""
    rows = fids.tolist()
    known = table if table and len(table.widths) == len(data) else None
    deleted = tuple(table.deleted) if table else ()
    read: list[Layer] = []
    for other in ("gb18030", "big5"):  # Big5 only where the usual two say nothing
        columns = tuple(_columns(meta["fields"], data, rows, known, other))
        read.append(Layer(source, name, (*columns, Column("fid", rows)), len(rows), deleted, packed))
        if read[-1].found:
            return read[-1]
    return read[0]


def _columns(fields: Any, data: Any, rows: list[int], table: Table | None, other: str) -> Iterator[Column]:
    for number, (field, raw) in enumerate(zip(decode_column([*map(str, fields)], other), data, strict=True)):
        values = _values(raw)
        width = table.widths[number] if table else 0
        full = (row for row, value in enumerate(values) if width and isinstance(value, str) and len(value) == width)
        if stars := table.stars.get(number) if table else None:
            values = [stars.get(row, value) for row, value in zip(rows, values, strict=True)]
        yield Column(quote(field), decode_column(values, other), width, frozenset(full))


def _values(values: Any) -> list[Any]:
    """Plain values, None for what is not there."""
    return [None if value is None or value != value else value for value in _plain(values)]


def _plain(values: Any) -> Iterator[Any]:
    for value in values.tolist():
        yield value if isinstance(value, str | int | float | None) else str(value)


def codes_of(layer: Layer) -> set[str]:
    """All six-digit codes of the layer's tables, of counties or not."""
    return {code for column in layer.columns[:-1] for code in column.codes if code} - set(known_counties())
