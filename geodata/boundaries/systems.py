"""Coordinates whose CRS is missing or wrong: the system, or the order of axes, by which they would lie in Gansu."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Proj, Transformer
from pyproj.exceptions import ProjError

from geodata.boundaries.place import province, reference
from geodata.names import region

NEAR = 0.1  # degrees: how far, in the middle, a county may lie from where it is
FEW = 5  # counties that must be known, for their place to tell

Fit = tuple[str, str]
Onto = Callable[..., Any]


def fitting(bounds: np.ndarray, counties: list[str | None], crs: CRS | None) -> Fit:
    """Say by which system the coordinates lie where their counties are, in Chinese and English; '' if by none tried.

    Parameters
    ----------
    bounds : ndarray
        Box of each row's shape as the file has it (minx, miny, maxx, maxy).
    counties : list of str or None
        The county that each row's table says.
    crs : CRS or None
        What the file says of its CRS.
    """
    rows = [row for row, adcode in enumerate(counties) if adcode and np.isfinite(bounds[row]).all()]
    if len(rows) < FEW:
        return _whole(bounds)
    middles = (bounds[rows, :2] + bounds[rows, 2:]) / 2
    grounds = shapely.bounds([reference()[str(counties[row])] for row in rows])
    wanted = (grounds[:, :2] + grounds[:, 2:]) / 2
    best, least = ("", ""), NEAR
    for words, onto in _tried(middles, crs):
        try:
            there = np.column_stack(onto(*middles.T)) if onto else middles
            turned = np.column_stack(onto(*middles.T[::-1])) if onto else middles[:, ::-1]
        except ProjError:
            continue
        for found, swapped in ((there, False), (turned, True)):
            off = float(np.median(np.abs(found - wanted).max(axis=1)))
            if off < least:
                best, least = _said(words, swapped, onto), off
    return best


def _whole(bounds: np.ndarray) -> Fit:
    """Tell degrees alone, where no county is known."""
    known = bounds[np.isfinite(bounds).all(axis=1)]
    west, south, east, north = province()
    low, high = np.floor((west, south)), np.ceil((east, north))
    if len(known) and (known[:, :2] >= low).all() and (known[:, 2:] <= high).all():
        return _said(("像是经纬度(如 EPSG:4490)", "these look like degrees (such as EPSG:4490)"), False, None)
    return "", ""


def _tried(middles: np.ndarray, crs: CRS | None) -> Iterator[tuple[Fit, Onto | None]]:
    """Give the systems that such coordinates come in, each with its words; plain PROJ, since CRSs take long to load."""
    ours = region()
    yield ("像是经纬度(如 EPSG:4490)", "these look like degrees (such as EPSG:4490)"), None
    if np.abs(middles).max() <= 180:
        return
    if crs is not None and crs.is_projected:
        own = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        yield (f"按它自己的坐标系正好在{ours.short}", f"by its own CRS it lies in {ours.name_en}"), own.transform
    gauss = "+proj=tmerc +ellps=GRS80 +lon_0={} +x_0={}"
    tried = [(4534 + (m - 75) // 3, f"CGCS2000,中央经线 {m}°", gauss.format(m, 500_000)) for m in range(87, 118, 3)]
    for zone in {int(value // 1_000_000) for value in middles[0]}:
        if zone in range(25, 46):
            tried += [(4513 + zone - 25, f"3 度带带号 {zone}", gauss.format(3 * zone, zone * 1_000_000 + 500_000))]
        if zone in range(13, 24):
            tried += [(4491 + zone - 13, f"6 度带带号 {zone}", gauss.format(6 * zone - 3, zone * 1_000_000 + 500_000))]
    tried += [(3857, "Web 墨卡托", "+proj=webmerc +datum=WGS84")]
    tried += [(32600 + zone, f"UTM {zone}N", f"+proj=utm +zone={zone} +datum=WGS84") for zone in range(45, 51)]
    for code, name, projection in tried:
        fits = f"按 EPSG:{code}({name})正好在{ours.short}", f"by EPSG:{code} it lies in {ours.name_en}"
        yield fits, partial(Proj(projection), inverse=True)


def _said(words: Fit, swapped: bool, onto: Onto | None) -> Fit:
    chinese, english = words
    if swapped and onto is None:
        return ",经纬度颠倒了", "; longitude and latitude are swapped"
    if swapped:
        return f",x、y 颠倒了,换过来{chinese}", f"; x and y are swapped, the other way round {english}"
    return f",{chinese}", f"; {english}"
