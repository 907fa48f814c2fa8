"""Which county each row is: by its code, by a former code, or by its name, where the shape bears it out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import shapely

from geodata.boundaries.attributes import Column, Layer
from geodata.boundaries.message import quote
from geodata.boundaries.place import homes, in_place, on_ground, reaches_over
from geodata.names import MERGED_NAMES, MERGES, PROVINCE, current_code, is_area, known_counties, plain, read_name


class How(Enum):
    """By what a row's county is known."""

    CODE = "code"
    FORMER = "former"
    NAME = "name"
    GUESSED = "guessed"
    NONE = "none"


@dataclass(frozen=True)
class Row:
    """One row: its number (from 1), shape, what the file says, where it lies, and the county it is.

    ``placed`` tells whether the shape is that county's; ``against`` that its code says otherwise; ``name`` is what
    stands for its name, and ``cut`` tells that this fills its column to the last byte.
    """

    number: int
    shape: shapely.Geometry
    said: str
    code: str | None
    home: str | None
    county: str | None
    how: How
    placed: bool
    against: bool = False
    name: str = ""
    cut: bool = False

    @property
    def misshapen(self) -> bool:
        """On its county's ground, but far larger or smaller."""
        return bool(self.county) and not self.placed and on_ground(str(self.county), self.shape, self.home)

    @property
    def astray(self) -> bool:
        """On other ground than its county's."""
        return bool(self.county) and not (self.placed or self.shape.is_empty or self.misshapen)

    @property
    def differs(self) -> bool:
        """Of a name that certainly is another county's."""
        return self.how in (How.CODE, How.FORMER) and self.placed and read_name(self.name) not in (None, self.county)

    @property
    def foreign(self) -> bool:
        """Of another province: by its code, or, without one, by its place."""
        if self.code:
            return not self.code.startswith(PROVINCE[:2]) and not (self.county and self.placed)
        return self.home is None and not self.shape.is_empty

    @property
    def above(self) -> bool:
        """A province or prefecture, by its code, or by its name and extent."""
        if self.county or self.code in MERGES:
            return False
        if self.code:
            return self.code.endswith("00")
        return is_area(self.name) and (self.shape.is_empty or reaches_over(self.shape))


def rows_of(layer: Layer, shapes: np.ndarray) -> list[Row]:
    """Match each row alone."""
    where = homes(shapes)
    coded = _borne_out(layer.coded, [[(one or "",) for one in column.counties] for column in layer.coded], where)
    spelt = _borne_out(layer.spelt, [column.names for column in layer.spelt], where)
    return [_row(number, shapes[number], coded, spelt, where[number]) for number in range(layer.size)]


def _borne_out(columns: list[Column], said: list[list[tuple[str, ...]]], where: list[str | None]) -> Column:
    """Take the column that the places bear out most, the first of several; a neighbour's name is none of a county's."""
    hits = [sum(home in each for home, each in zip(where, column, strict=True) if home) for column in said]
    return columns[int(np.argmax(hits))] if columns else Column("", [None] * len(where))


def _row(number: int, shape: shapely.Geometry, coded_by: Column, spelt_by: Column, home: str | None) -> Row:
    code, names, text = coded_by.codes[number], spelt_by.names[number], spelt_by.values[number]
    said = " ".join(dict.fromkeys(filter(None, (quote(coded_by.values[number]), quote(text)))))
    coded = current_code(code)
    name, cut = text if isinstance(text, str) else "", number in spelt_by.full
    row = Row(number + 1, shape, said, code, home, None, How.NONE, False, name=name, cut=cut)
    if code is None and (merged := next((c for name, c in MERGED_NAMES.items() if name in plain(text)), None)):
        return replace(row, code=merged)
    by_code = How.CODE if code in known_counties() else How.FORMER
    if coded and in_place(coded, shape, home):
        return replace(row, county=coded, how=by_code, placed=True)
    certain = read_name(text)
    by_name = How.NAME if certain else How.FORMER if is_area(text) else How.GUESSED
    if is_area(text) and reaches_over(shape):
        names = ()  # 武威市: the prefecture, not the county that was called so
    # A code that is not this county's is no ground to pass over its name, if the place bears the name out.
    if code not in MERGES and (here := [name for name in names if in_place(name, shape, home)]):
        # Of two names on the ground, 临夏县 or 临夏市, it is the one in which it lies.
        county = home if home in here else here[0]
        return replace(row, county=county, how=by_name, placed=True, against=code is not None)
    if coded:
        return replace(row, county=coded, how=by_code)
    if code is None and len(names) == 1 and not is_area(text):
        return replace(row, county=names[0], how=by_name)
    return row
