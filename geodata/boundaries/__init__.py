"""Read and check county boundaries: the shipped shapefile, or any file that a user puts in its place.

A path leads to sources (`sources`), a source to layers with their tables (`attributes`), a layer to shapes (`shapes`);
each row is matched with a county (`match`), and what was measured becomes the 87 counties or one message (`check`).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.boundaries import check
from geodata.boundaries.attributes import Layer, layers
from geodata.boundaries.match import rows_of
from geodata.boundaries.message import BoundaryError, Cause, Refused, cause, notice, said_by, surest
from geodata.boundaries.shapes import CRS, MANY, Say, read_shapes
from geodata.boundaries.sources import found
from geodata.names import SHAPEFILE, known_counties

__all__ = ["CRS", "BoundaryError", "read_boundaries"]

MAX_UNPACKED = 1 << 30  # bytes: a whole country's counties stay far below this
LARGE = 20_000_000  # bytes from which on reading takes seconds
MAX_VERTICES = MANY


def read_boundaries(path: str | Path | None = None, say: Say | None = None) -> gpd.GeoDataFrame:
    """Read the boundaries of the 87 counties.

    Parameters
    ----------
    path : str or Path, optional
        A shapefile, GeoPackage, GeoJSON, TopoJSON or file geodatabase (``.gdb``), or one in a ``.zip``, in any CRS and
        encoding; counties are found by a column of codes (620102, 620102.0, 156620102, 620102000000, also former ones
        such as 622621), or by a column of names. Default: the shipped shapefile.
    say : callable, optional
        Is told what is being done while it takes long, in one line.

    Returns
    -------
    geopandas.GeoDataFrame
        87 rows sorted by adcode, EPSG:4326, valid two-dimensional polygons; columns ``adcode``, ``name``,
        ``name_short``, ``prefecture_code``, ``prefecture`` (all str) and ``geometry``. ``attrs["notices"]`` (list of
        str) says what was left out or mended. More than a million vertices are simplified first, to 60 m.

    Raises
    ------
    BoundaryError
        If the file is not to be read, has no CRS, or does not hold each county once and in its place.

    Examples
    --------
    >>> counties = read_boundaries()
    >>> len(counties), counties.adcode[0], counties.name_short[0]
    (87, '620102', '城关区')
    """
    path = SHAPEFILE if path is None else Path(path)
    with _told(path), found(path, MAX_UNPACKED) as (sources, reasons):
        size = path.stat().st_size
        if say and size > LARGE:
            say(f"正在读取 {path.name}({size / 1e6:.0f} MB)… / reading {path.name} ({size / 1e6:.0f} MB)…")
        shapes, notices = _counties(path, layers(sources, reasons), reasons, say)
    known = pd.DataFrame([asdict(county) for county in known_counties().values()])
    counties = gpd.GeoDataFrame(known, geometry=shapes, crs=CRS)
    counties.attrs["notices"] = notices
    return counties


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn anything that goes wrong with a user's file, in whatever library, into one message with its cause."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks: what matters is said in our own words
            yield
    except BoundaryError:
        raise
    except Refused as error:
        raise BoundaryError(path, *error.causes) from error
    except Exception as error:
        raise BoundaryError(path, said_by(error)) from error


def _counties(path: Path, read: list[Layer], reasons: list[Cause], say: Say | None) -> tuple[np.ndarray, list[str]]:
    """Take the layer that names most counties; where it fails, the next that names as many."""
    if not read:
        raise BoundaryError(path, surest(reasons or [cause("unreadable")]))
    read = sorted(read, key=lambda layer: layer.found, reverse=True)
    if not read[0].found or check.is_above(read[0]):
        whys = [check.why_nothing_found(layer) for layer in read]
        raise BoundaryError(path, surest([*whys, *(one for one in reasons if one.id != "no_polygons")]))
    equal = [layer for layer in read if layer.found == read[0].found]
    failed: Refused | None = None
    for layer in equal:
        try:
            shapes, notices = _of_layer(layer, say)
        except Refused as error:
            failed = failed or error
            continue
        if len(equal) > 1:
            notices.insert(0, notice("layers", n=len(equal), name=layer.shown))
        return shapes, notices
    others = [one for one in reasons if one.id not in ("no_polygons", "unreadable")]
    raise BoundaryError(path, *(failed.causes if failed else ()), *others)


def _of_layer(layer: Layer, say: Say | None) -> tuple[np.ndarray, list[str]]:
    shapes = read_shapes(layer, MAX_VERTICES, say)
    notices = list(shapes.notices)
    rows = rows_of(layer, shapes.shapes)
    check.check_place(layer, rows, shapes)
    rows = check.merged(check.chosen(rows, shapes.broken, notices), notices)
    counties = check.counties_of(rows, layer)
    return counties, notices + check.say_shift(counties)
