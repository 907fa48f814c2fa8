"""Regions: the counties of a province, and how their codes and names are read.

A region is a file like ``gansu.toml``. What a function here reads, it reads as of the region of which is spoken
(`region`): the shipped one, unless a reader was told of another (`speaking_of`).
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

SHIPPED = Path(__file__).with_name("gansu.toml")
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


@dataclass(frozen=True, slots=True)
class Merge:
    """What is no county in some boundary files: its name there, and the county that it is merged into."""

    name: str
    into: str


@dataclass(frozen=True, slots=True)
class Apart:
    """An area counted apart that is no county: its names, and the counties that its ground belongs to."""

    name: str
    name_en: str
    within: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Region:
    """A province whose counties are known.

    Attributes
    ----------
    code, name, name_en : str
        Of the province, as 620000, 甘肃省, Gansu.
    counties : mapping of str to County
        By adcode, in the order of the code. A prefecture without counties stands among them under its own code.
    shapes : Path
        The shipped boundaries, against which a user's own are checked.
    tiles : Path or None
        The equal-tile map; without one the tiles are laid out by where the counties lie.
    former : mapping of str to Former
        Codes that counties had before, by code.
    inset : tuple of str
        Codes of the counties and prefectures that the map shows once more and larger; none where none needs it.
    inset_name, inset_name_en : str
        How that part is called.
    projection : str
        An equal-area one for the map, as PROJ writes it; without one it is fitted to the ground.
    same_ground : mapping of str to str
        Other codes for the same ground.
    merges : mapping of str to Merge
        By the code in such files.
    apart : mapping of str to Apart
        By code.
    """

    code: str
    name: str
    name_en: str
    counties: Mapping[str, County]
    shapes: Path
    tiles: Path | None = None
    former: Mapping[str, Former] = field(default_factory=dict)
    inset: tuple[str, ...] = ()
    inset_name: str = ""
    inset_name_en: str = ""
    projection: str = ""
    same_ground: Mapping[str, str] = field(default_factory=dict)
    merges: Mapping[str, Merge] = field(default_factory=dict)
    apart: Mapping[str, Apart] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """The first two digits of the province's codes."""
        return self.code[:2]

    @property
    def slug(self) -> str:
        """The province in a file's name."""
        return re.sub(r"[^a-z0-9]+", "-", self.name_en.lower())

    @cached_property
    def short(self) -> str:
        """The province without its class: 甘肃, 宁夏."""
        return re.sub(r"(?:壮族|回族|维吾尔)?自治区$|[省市]$", "", self.name)

    @cached_property
    def alone(self) -> frozenset[str]:
        """The prefectures without counties, which stand among the counties under their own codes."""
        return frozenset(code for code, county in self.counties.items() if code == county.prefecture_code)

    @cached_property
    def prefectures(self) -> Mapping[str, str]:
        """The names of the prefectures, by code."""
        return {county.prefecture_code: county.prefecture for county in self.counties.values()}

    @cached_property
    def former_names(self) -> Mapping[str, Former]:
        """The names that counties had before, by name; without those that a place has today (武威市)."""
        taken = {county.name for county in self.counties.values()} | set(self.prefectures.values())
        rows = sorted(self.former.values(), key=lambda row: row.until)
        return {row.name: row for row in rows if row.name not in taken}

    @cached_property
    def writings(self) -> Mapping[str, str]:
        """The writings of the province and its prefectures that no county has too, with the code meant."""
        counties = {county.name for code, county in self.counties.items() if code not in self.alone}
        counties |= {name[:-1] for name in counties if name[-1] in "县市区"}
        found = {self.name: self.code, self.short: self.code}
        for code, name in self.prefectures.items():
            for stem in _stems(name) - counties:
                found |= {before + stem: code for before in ("", self.short, self.name)}
        return found

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """The counties by every certain writing of their names."""
        names: dict[str, str] = {}
        pairs = [(name, former.adcode) for name, former in self.former_names.items()]
        pairs += [(name, c.adcode) for c in self.counties.values() for name in (c.name, c.name_short)]
        for name, adcode in pairs:
            stems = _stems(self.prefectures[self.counties[adcode].prefecture_code])
            for before in ("", self.short, self.name):
                for stem in ("", *stems):
                    names[before + stem + name] = adcode
        return names

    @cached_property
    def by_part(self) -> Mapping[str, tuple[str, ...]]:
        """Names without 县, 区 or 市, and the counties that each may mean."""
        found: dict[str, set[str]] = {}
        for name, adcode in self.by_name.items():
            former = any(name.endswith(old) for old in self.former_names)
            if len(name) > 1 and name[-1] in "县区市" and not former:
                found.setdefault(name[:-1], set()).add(adcode)
        return {name: tuple(sorted(adcodes)) for name, adcodes in found.items()}


class RegionError(ValueError):
    """A region's file that cannot be read; the message says why, in Chinese and in English."""


@cache
def load_region(path: Path = SHIPPED, *, with_shapes: bool = True) -> Region:
    """Read a region from its file; its shapes need not be there yet with ``with_shapes=False``.

    Raises
    ------
    RegionError
        When it, or a file that it names, is not as it must be.

    Examples
    --------
    >>> region = load_region()
    >>> len(region.counties), region.short, sorted(region.alone)
    (87, '甘肃', ['620200'])
    """
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = [County(*row) for row in _rows(path.parent / held["counties"])]
        shapes, tiles = path.parent / held["shapes"], held.get("tiles")
        if with_shapes and not shapes.is_file():
            raise FileNotFoundError(shapes.name)
        made = Region(
            **{key: held[key] for key in ("code", "name", "name_en")},
            **{key: held.get(key, "") for key in ("inset_name", "inset_name_en", "projection")},
            counties={one.adcode: one for one in sorted(rows, key=lambda one: one.adcode)},
            shapes=shapes,
            tiles=path.parent / tiles if tiles else None,
            former={row[0]: Former(*row) for row in _rows(path.parent / held["former"])} if "former" in held else {},
            inset=tuple(held.get("inset", ())),
            same_ground=held.get("same_ground", {}),
            merges={code: Merge(**one) for code, one in held.get("merges", {}).items()},
            apart={
                code: Apart(one["name"], one["name_en"], tuple(one.get("within", ())))
                for code, one in held.get("apart", {}).items()
            },
        )
        if not rows or not re.fullmatch(r"[1-9]\d0000", made.code):
            raise ValueError(f"code = {made.code!r}, {len(rows)} counties")
        if strange := [code for code in made.counties if not re.fullmatch(made.prefix + r"\d{4}", code)]:
            raise ValueError(f"{held['counties']}: {', '.join(strange[:6])}")
        return made
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"{type(error).__name__}: {error}"
        raise RegionError(
            f"{path.name} 不是可读的地区文件\uff08{what}\uff09 / cannot be read as a region ({what})"
        ) from error


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file) if row][1:]


_spoken_of: ContextVar[Region | None] = ContextVar("region", default=None)


def region() -> Region:
    """Return the region of which is spoken: the shipped one, unless a reader was told of another."""
    return _spoken_of.get() or load_region()


@contextmanager
def speaking_of(other: Region | None) -> Iterator[None]:
    """Read codes and names as of another region while this lasts; None changes nothing."""
    token = _spoken_of.set(other or _spoken_of.get())
    try:
        yield
    finally:
        _spoken_of.reset(token)


def known_counties() -> Mapping[str, County]:
    """Return the counties of the region by adcode, in the order of the code."""
    return region().counties


def former_codes() -> Mapping[str, Former]:
    """Return the codes that the region's counties had before, by code."""
    return region().former


def former_names() -> Mapping[str, Former]:
    """Return the names that the region's counties had before, by name; see `Region.former_names`."""
    return region().former_names


def current_code(code: str | None) -> str | None:
    """Return the county that a six-digit code means today, or None.

    Examples
    --------
    >>> [current_code(code) for code in ("620102", "622621", "540102")]
    ['620102', '621202', None]
    """
    if code in known_counties():
        return code
    former = region().former.get(code or "")
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
    return region().same_ground.get(found[1], found[1]) if found else None


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
    return region().by_name.get(re.sub(r"^\d{6,12}(?=\D)|(?<=\D)\d{6,12}$", "", plain(value)))


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
        return tuple(sorted({adcode for name, adcode in region().by_name.items() if holds and pattern.fullmatch(name)}))
    if loose := region().by_part.get(text):
        return loose
    if not text or is_area(text):
        # 武威市 was a county before it was a prefecture.
        return tuple(row.adcode for row in former_codes().values() if row.name == text and row.until)
    parts = [part for part in re.split(r"[\W_]+", plain_text(value)) if part]
    if named := {adcode for part in parts if (adcode := region().by_name.get(part))}:
        return tuple(sorted(named))
    starts = {adcode for name, adcode in region().by_name.items() if len(text) > 2 and name.startswith(text)}
    return tuple(starts) if len(starts) == 1 else ()


def is_area(value: object) -> bool:
    """Tell whether a text names the province or a prefecture with counties (嘉峪关市 stands among the counties).

    Examples
    --------
    >>> [is_area(value) for value in ("兰州市", "甘肃省临夏州", "嘉峪关市", "临夏县", "")]
    [True, True, False, False, False]
    """
    meant = region().writings.get(plain(value))
    return meant is not None and meant not in region().alone


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
