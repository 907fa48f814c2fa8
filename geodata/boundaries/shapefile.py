"""What a shapefile's own parts say of themselves, before GDAL reads them: whole or cut off, deleted, too narrow."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np

from geodata.boundaries.message import refused

PARTS = (".shp", ".shx", ".dbf", ".prj", ".qpj", ".cpg")
_STAR, _BLANK = ord("*"), ord(" ")


class Table(NamedTuple):
    """A table as its bytes have it.

    ``widths`` is bytes by column; ``deleted`` the rows (from 0) marked so; ``stars`` what a number became that did
    not fit its column, by column and row.
    """

    widths: list[int]
    deleted: list[int]
    stars: dict[int, dict[int, str]]


def beside(path: Path) -> dict[str, Path]:
    """Find the parts of the shapefile that `path` is one of, by suffix; capitals do not matter."""
    files = [file for file in path.parent.iterdir() if file.stem.lower() == path.stem.lower() and file.is_file()]
    files.sort(key=lambda file: file.stem == path.stem)  # of two, the one of the very same name
    return {file.suffix.lower(): file for file in files if file.suffix.lower() in PARTS}


def check_whole(path: Path) -> None:
    """Refuse a shapefile that is cut off, or whose parts do not belong together.

    Raises
    ------
    Refused
        With the part and what was counted.
    """
    parts = beside(path)
    shp, shx, dbf = (parts[suffix] for suffix in (".shp", ".shx", ".dbf"))
    index = shx.read_bytes()
    _check_size(shx, 100 if len(index) < 100 else 2 * struct.unpack(">i", index[24:28])[0])
    records = np.frombuffer(index, ">i4", offset=100, count=(len(index) - 100) // 8 * 2).reshape(-1, 2).astype(np.int64)
    starts, lengths = 2 * records[:, 0], 2 * records[:, 1]
    _check_size(dbf, 32)
    rows, header, width = _counts(dbf)
    if rows != len(records):
        raise refused("counts_differ", rows=rows, shapes=len(records))
    _check_size(dbf, header + rows * width)
    _check_size(shp, int((starts + lengths).max(initial=92)) + 8)
    if len(records):
        bytes_ = np.memmap(shp, np.uint8, "r")
        said = bytes_[np.clip(starts, 0, None)[:, None] + np.arange(4, 8)].copy().view(">i4")[:, 0] * 2
        if len(wrong := np.flatnonzero(said != lengths)) > len(records) / 2:
            raise refused("shx_differs", n=len(wrong), row=int(wrong[0]) + 1)


def read_table(path: Path) -> Table:
    """Read what GDAL does not tell of a .dbf."""
    dbf = beside(path)[".dbf"]
    rows, header, width = _counts(dbf)
    with dbf.open("rb") as file:
        head = file.read(header)
    fields = [head[at : at + 32] for at in range(32, header - 31, 32) if head[at] != 0x0D]
    widths = [field[16] + (256 * field[17] if field[11:12] == b"C" else 0) for field in fields]
    table = np.memmap(dbf, np.uint8, "r", header, (rows, width)) if rows and width else np.zeros((0, 1), np.uint8)
    stars: dict[int, dict[int, str]] = {}
    for column, (field, start) in enumerate(zip(fields, np.cumsum([1, *widths]), strict=False)):
        values = table[:, start : start + widths[column]]
        if field[11:12] in b"NF" and len(values):
            full = (values == _STAR).any(axis=1) & ((values == _STAR) | (values == _BLANK)).all(axis=1)
            if full.any():
                stars[column] = {int(row): "*" * int((values[row] == _STAR).sum()) for row in np.flatnonzero(full)}
    return Table(widths, np.flatnonzero(table[:, 0] == _STAR).tolist(), stars)


def _counts(dbf: Path) -> tuple[int, int, int]:
    """Read the number of rows, the bytes of the header and the bytes of a row."""
    with dbf.open("rb") as file:
        rows, header, width = struct.unpack("<4xIHH", file.read(12))
    return rows, header, width


def _check_size(file: Path, should: int) -> None:
    if (size := file.stat().st_size) < should:
        raise refused("cut_off", part=file.suffix.lower(), should=f"{should:,}", size=f"{size:,}")
