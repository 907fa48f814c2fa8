"""Which county each row is: by its code, by a former code, or by its name, where the shape bears it out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import shapely

from geodata.boundaries.attributes import Layer
from geodata.boundaries.place import homes, in_place
from geodata.names import current_code, known_counties, plain, read_name, region


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

    ``placed`` tells whether the shape is on that county's ground; ``against`` that its code says otherwise.
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

    @property
    def foreign(self) -> bool:
        """Of another province: by its code, or, without one, by its place."""
        if self.code:
            return not self.code.startswith(region().prefix) and not (self.county and self.placed)
        return self.home is None and not self.shape.is_empty

    @property
    def above(self) -> bool:
        """A province or prefecture."""
        code = self.code or ""
        return self.county is None and code.endswith("00") and code not in region().merges


def rows_of(layer: Layer, shapes: np.ndarray) -> list[Row]:
    """Match each row alone."""
    nothing = [None] * layer.size
    codes = layer.code.codes if layer.code else nothing
    names = layer.named.names if layer.named else [()] * layer.size
    texts = layer.named.values if layer.named else nothing
    where = homes(shapes)
    return [
        _row(number, shapes[number], layer.said(number), codes[number], names[number], texts[number], where[number])
        for number in range(layer.size)
    ]


def _row(
    number: int,
    shape: shapely.Geometry,
    said: str,
    code: str | None,
    names: tuple[str, ...],
    text: object,
    home: str | None,
) -> Row:
    coded = current_code(code)
    row = Row(number + 1, shape, said, code, home, None, How.NONE, False)
    if code is None and (merged := next((c for c, one in region().merges.items() if one.name in plain(text)), None)):
        return replace(row, code=merged)
    by_code = How.CODE if code in known_counties() else How.FORMER
    if coded and in_place(coded, shape, home):
        return replace(row, county=coded, how=by_code, placed=True)
    certain = read_name(text)
    by_name = How.NAME if certain else How.GUESSED
    # A code that is not this county's is no ground to pass over its name, if the place bears the name out.
    if code not in region().merges and (here := [name for name in names if in_place(name, shape, home)]):
        # Of two names on the ground, 临夏县 or 临夏市, it is the one in which it lies.
        county = home if home in here else here[0]
        return replace(row, county=county, how=by_name, placed=True, against=code is not None)
    if coded:
        return replace(row, county=coded, how=by_code)
    if code is None and len(names) == 1:
        return replace(row, county=names[0], how=by_name)
    return row
