"""The 87 known counties, and how their codes and names are read.

They are the 86 county-level units, and 嘉峪关市, a prefecture-level city that has none below it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

NAMES = Path(__file__).with_name("names.csv")
SHAPEFILE = Path(__file__).with_name("gansu_counties.shp")
TILES = Path(__file__).with_name("tiles.csv")
PROVINCE, PROVINCE_NAME = "620000", "甘肃省"

# Polygons that are not counties in 天地图's data, and the county each is merged into (grounds in NOTICE.md).
MERGES = {"629700": "620725", "629800": "622922", "629900": "622925"}
# Codes for the same ground under another number: 嘉峪关市's statistical code; 华亭县 before it became 华亭市 in 2018.
SAME_GROUND = {"620201": "620200", "620824": "620881"}
SAME_GROUND_NAMES = {"华亭县": "620881"}

# 620102, 156620102 (with the country's number), 620102000 and 620102000000 (with empty town and village), 620102.0
_CODE = re.compile(r"(?:156)?(\d{6})(?:0{3}|0{6})?(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class County:
    """One county: six-digit `adcode`, official and short name, code and name of its prefecture."""

    adcode: str
    name: str
    name_short: str
    prefecture_code: str
    prefecture: str


@cache
def known_counties() -> Mapping[str, County]:
    """Return the 87 known counties by adcode, in the order of the code."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = [County(*row) for row in list(csv.reader(file))[1:]]
    return MappingProxyType({county.adcode: county for county in sorted(rows, key=lambda county: county.adcode)})


def read_code(value: object) -> str | None:
    """Read any usual writing of an administrative code as six digits, or None if it is no such code.

    Examples
    --------
    >>> [read_code(value) for value in (620102, 620102.0, " 156620102", "620102000000", "620201", "兰州", None)]
    ['620102', '620102', '620102', '620102', '620200', None, None]
    """
    found = _CODE.fullmatch(_plain(value))
    return SAME_GROUND.get(found[1], found[1]) if found else None


def read_name(value: object) -> str | None:
    """Find the adcode of a county by its full or short name, alone or after its prefecture's; None if it is not known.

    Examples
    --------
    >>> [read_name(value) for value in ("环　县", "张家川县", "甘肃省兰州市城关区", "城关")]
    ['621022', '620525', '620102', None]
    """
    return _by_name().get(_plain(value))


@cache
def _by_name() -> dict[str, str]:
    names = dict(SAME_GROUND_NAMES)
    for county in known_counties().values():
        for name in {county.name, county.name_short}:
            for before in ("", county.prefecture, PROVINCE_NAME, PROVINCE_NAME + county.prefecture):
                names[before + name] = county.adcode
    return names


def _plain(value: object) -> str:
    """Full-width to half-width, and no spaces anywhere."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value)))
