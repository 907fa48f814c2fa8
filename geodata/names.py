"""The 87 known counties, and how their codes and names are read.

They are the 86 county-level units, and 嘉峪关市, a prefecture-level city that has none below it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

NAMES = Path(__file__).with_name("names.csv")
SHAPEFILE = Path(__file__).with_name("gansu_counties.shp")
TILES = Path(__file__).with_name("tiles.csv")
FORMER = Path(__file__).with_name("old_codes.csv")
PROVINCE, PROVINCE_NAME = "620000", "甘肃省"

# Polygons that are not counties in 天地图's data, and the county each is merged into (grounds in NOTICE.md).
MERGES = {"629700": "620725", "629800": "622922", "629900": "622925"}
# Their names, as they stand in such files.
MERGED_NAMES = {"山丹马场": "629700", "莲花山": "629800", "太子山": "629900"}
# Other codes for the same ground: 嘉峪关市's statistical one; 华亭县's before it became 华亭市 in 2018. They
# are read as the county's own everywhere, other former codes only where the place bears them out.
SAME_GROUND = {"620201": "620200", "620824": "620881"}
# Radicals that PDF and OCR put for characters of our names, and that NFKC leaves as they are.
_RADICALS = str.maketrans("⺠⻄⻔⻨⻢⻓⻘⻩⻰", "民西门麦马长青黄龙")
# The traditional and other forms of our names' characters, as tables and maps from Hong Kong and Taiwan have them.
TRADITIONAL: Mapping[str, str] = dict(
    zip(
        "東兩臨樂鄉會蘭關関涼區華臯縣場寧甯廣莊慶張當環積紅肅禮蓮薩轄遠靜馬麥門陽隴鎮銀裏裡臺澤嶺靈瑪涇峯",
        "东两临乐乡会兰关关凉区华皋县场宁宁广庄庆张当环积红肃礼莲萨辖远静马麦门阳陇镇银里里台泽岭灵玛泾峰",
        strict=True,
    )
)
_SIMPLIFIED = str.maketrans(dict(TRADITIONAL))

# 620102, 156620102 (with the country's number), 620102000 and 620102000000 (with empty town and village), 620102.0
_CODE = re.compile(r"(?:156)?(\d{6})(?:0{3}|0{6})?(?:\.0+)?")
_HOLE = re.compile(r"[?\ufffd□]")  # what is left of a character that an encoding lacked
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?(?:0?[58]|11|14)")


@dataclass(frozen=True, slots=True)
class County:
    """One county: six-digit `adcode`, official and short name, code and name of its prefecture."""

    adcode: str
    name: str
    name_short: str
    prefecture_code: str
    prefecture: str


@dataclass(frozen=True, slots=True)
class Former:
    """A code or name that was: the county on its ground today, the year it ended ('' = still in use), the source."""

    code: str
    name: str
    until: str
    adcode: str
    source: str


@cache
def known_counties() -> Mapping[str, County]:
    """Return the 87 known counties by adcode, in the order of the code."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = [County(*row) for row in list(csv.reader(file))[1:]]
    return MappingProxyType({county.adcode: county for county in sorted(rows, key=lambda county: county.adcode)})


@cache
def former_codes() -> Mapping[str, Former]:
    """Return the codes that counties had before, and 嘉峪关市's statistical one, by code."""
    with FORMER.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row[0]: Former(*row) for row in list(csv.reader(file))[1:]})


@cache
def former_names() -> Mapping[str, Former]:
    """Return the names that counties had before, by name; without those that are a prefecture's today (武威市)."""
    taken = {county.name for county in known_counties().values()}
    taken |= {county.prefecture for county in known_counties().values()}
    rows = sorted(former_codes().values(), key=lambda row: row.until)
    return MappingProxyType({row.name: row for row in rows if row.name not in taken})


def current_code(code: str | None) -> str | None:
    """Return the county that a six-digit code means today, or None.

    Examples
    --------
    >>> [current_code(code) for code in ("620102", "622621", "540102")]
    ['620102', '621202', None]
    """
    if code in known_counties():
        return code
    former = former_codes().get(code or "")
    return former.adcode if former else None


def read_code(value: object) -> str | None:
    """Read any usual writing of an administrative code as six digits, or None if it is no such code.

    Examples
    --------
    >>> [read_code(value) for value in (620102, 620102.0, " 156620102", "620102000000", "620201", "兰州", None)]
    ['620102', '620102', '620102', '620102', '620200', None, None]
    >>> [read_code(value) for value in ("6.20102E+05", "6.20102E+11", "'620102", "620,102")]
    ['620102', '620102', '620102', '620102']
    """
    text = re.sub(r"(?<=\d),(?=\d{3})|['’‘\"]", "", plain_text(value))
    if _SCIENTIFIC.fullmatch(text):
        text = str(int(Decimal(text)))
    found = _CODE.fullmatch(text)
    return SAME_GROUND.get(found[1], found[1]) if found else None


def read_name(value: object) -> str | None:
    """Find the adcode of a county by its full or short name, alone or after its prefecture's; None if it is not known.

    Separators do not matter, nor does what cannot be seen, nor a code before or after the name.

    Examples
    --------
    >>> [read_name(value) for value in ("环　县", "張家川縣", "甘肃省/兰州市/城关区", "620102 城关区", "城关")]
    ['621022', '620525', '620102', '620102', None]
    """
    if _HOLE.search(plain_text(value)):
        return None
    return _by_name().get(re.sub(r"^\d{6,12}(?=\D)|(?<=\D)\d{6,12}$", "", plain(value)))


def read_names(value: object) -> tuple[str, ...]:
    """Find the counties that a text may mean, also by a part of it, without 县 or 区, or by the beginning of a name.

    For those who can tell from the place which is meant: nothing here is certain.

    Examples
    --------
    >>> [read_names(value) for value in ("城关", "临夏", "城关区(兰州市)", "积石山保安族东乡族撒", "兰州市", "武威市")]
    [('620102',), ('622901', '622921'), ('620102',), ('622927',), (), ('620602',)]
    >>> read_names("环"), read_names("康?县")
    (('621022',), ('621224', '622922'))
    """
    if found := read_name(value):
        return (found,)
    text = plain(value)
    if _HOLE.search(plain_text(value)):  # 康?县 is 康县 or 康乐县
        parts = re.split(_HOLE, re.sub(r"[^\w?\ufffd□]", "", plain_text(value)))
        pattern = re.compile(".?".join(map(re.escape, parts)))
        holds = len("".join(parts)) > 1
        return tuple(sorted({adcode for name, adcode in _by_name().items() if holds and pattern.fullmatch(name)}))
    if loose := _loose_names().get(text):
        return loose
    if not text or text in _areas():
        # 武威市 was a county before it was a prefecture.
        return tuple(row.adcode for row in former_codes().values() if row.name == text and row.until)
    parts = [part for part in re.split(r"[\W_]+", plain_text(value)) if part]
    if named := {adcode for part in parts if (adcode := _by_name().get(part))}:
        return tuple(sorted(named))
    starts = {adcode for name, adcode in _by_name().items() if len(text) > 2 and name.startswith(text)}
    return tuple(starts) if len(starts) == 1 else ()


def is_area(value: object) -> bool:
    """Tell whether a text names the province or one of its prefectures (嘉峪关市 apart, which is a county here).

    Examples
    --------
    >>> [is_area(value) for value in ("兰州市", "甘肃省临夏州", "嘉峪关市", "临夏县", "")]
    [True, True, False, False, False]
    """
    return plain(value) in _areas()


def plain(value: object) -> str:
    """Return a name as names are compared: letters and digits alone, in their usual form.

    Examples
    --------
    >>> plain("⽢肃省 / 兰州市 -　城关\u200b区")
    '甘肃省兰州市城关区'
    """
    return re.sub(r"[\W_]", "", plain_text(value)).removeprefix("中华人民共和国").removeprefix("中国")


def plain_text(value: object) -> str:
    """Full-width to half-width, radicals and traditional forms to characters, no spaces or unseen signs anywhere."""
    text = unicodedata.normalize("NFKC", str(value)).translate(_RADICALS).translate(_SIMPLIFIED)
    return "".join(sign for sign in text if unicodedata.category(sign)[0] not in "ZC" and not sign.isspace())


def _stems(prefecture: str) -> set[str]:
    """List the ways to write a prefecture: 临夏回族自治州, 临夏州 and 临夏; 陇南地区 before it was a city."""
    short = re.sub(r"(?:回族|藏族)?自治州$|[市州]$", "", prefecture)
    return {prefecture, short, short + "地区", short + ("州" if prefecture.endswith("州") else "市")}


@cache
def _areas() -> frozenset[str]:
    """List the writings of the province and its prefectures but 嘉峪关市, which no county is meant by."""
    stems = {stem for county in known_counties().values() for stem in _stems(county.prefecture)}
    wholes = stems - {county.name for county in known_counties().values()} - {"嘉峪关", "临夏"}
    return frozenset(
        {PROVINCE_NAME, "甘肃", *wholes, *(before + w for w in wholes for before in ("甘肃", PROVINCE_NAME))}
    )


@cache
def _by_name() -> dict[str, str]:
    names: dict[str, str] = {}
    prefectures = {county.prefecture_code: county.prefecture for county in known_counties().values()}
    pairs = [(name, former.adcode) for name, former in former_names().items()]
    pairs += [
        (name, county.adcode) for county in known_counties().values() for name in (county.name, county.name_short)
    ]
    for name, adcode in pairs:
        stems = _stems(prefectures[known_counties()[adcode].prefecture_code])
        for before in ("", "甘肃", PROVINCE_NAME):
            for stem in ("", *stems):
                names[before + stem + name] = adcode
    return names


@cache
def _loose_names() -> dict[str, tuple[str, ...]]:
    """Names without 县, 区 or 市, and the counties that each may mean."""
    found: dict[str, set[str]] = {}
    for name, adcode in _by_name().items():
        if len(name) > 1 and name[-1] in "县区市" and not any(name.endswith(former) for former in former_names()):
            found.setdefault(name[:-1], set()).add(adcode)
    return {name: tuple(sorted(adcodes)) for name, adcodes in found.items()}
