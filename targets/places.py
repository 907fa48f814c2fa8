"""Whose row it is: counties, prefectures, the province and parks, by code or by any usual writing of their names."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from geodata.names import PROVINCE, TRADITIONAL, former_names, known_counties, read_code
from targets.indicators import half_width
from targets.plan import JIAYUGUAN, load_plan
from targets.published import LANZHOU_NEW_AREA

TOTAL = "total"
_BEFORE = re.compile(
    r"^(?:其中[:,]?|[#*△▲●○·—-]+|\d{1,3}[、.)]|\(\d{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,3}(?=[\u4e00-\u9fff]{2}))+"
)
_AFTER = re.compile(r"(?:[*#†‡①-⑳¹²³⁰-⁹]|[(\[〔【]注?\d{0,2}[)\]〕】]|注\d{1,2}|\(原[^()]{2,12}\))+$")
# Places' names, and the words beside them, as they are written in Hong Kong, Macau and Taiwan.
TRADITIONAL_WORDS: Mapping[str, str] = {
    **TRADITIONAL,
    **dict(zip("劍維爾億萬產總值農業資額費", "剑维尔亿万产总值农业资额费", strict=True)),
}
_FOLD = str.maketrans(dict(TRADITIONAL_WORDS))
_TOTAL = re.compile(r".{0,12}(?:合计|总计|小计|平均|汇总|总和)(?:数|值)?|全[市州县区]|Total", re.I)


def plain_place(text: str) -> str:
    """Return a place's name as it is compared: no spaces, numbering or footnote marks."""
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    plain = _AFTER.sub("", _BEFORE.sub("", re.sub(r"\s", "", half_width(seen)))).translate(_FOLD)
    return unicodedata.normalize("NFKC", plain)  # after the footnote marks: ¹ would become a digit; ⽟ becomes 玉


@cache
def old_names() -> Mapping[str, tuple[str, str]]:
    """Return names that counties had before (`geodata/old_codes.csv`): the county of today, and the year it ended.

    A short form (安西) is there only where no county or prefecture is called so today.
    """
    today = [name for county in known_counties().values() for name in (county.name, county.prefecture)]
    taken = {name[:-1] for name in today}
    found: dict[str, tuple[str, str]] = {}
    for name, former in former_names().items():
        short = [name[:-1]] if name[:-1] not in taken else []
        found |= dict.fromkeys([name, *short], (former.adcode, former.until))
    return found


def old_name(text: str) -> tuple[str, str] | None:
    """Return the county of today that an old name means, and the year from which it is called so; else None.

    Examples
    --------
    >>> old_name("安西县"), old_name("瓜州县")
    (('瓜州县', '2006'), None)
    """
    found = old_names().get(plain_place(text))
    return (name_of(found[0]), found[1]) if found else None


@lru_cache(maxsize=8192)
def read_place(text: str) -> str | None:
    """Return the place a text names.

    Returns
    -------
    str or None
        The adcode of a county, prefecture or the province, 620171 (兰州新区, which is none of these), a park's id,
        `TOTAL` for 合计 and the like, None when it is not known or may be two places (see `meant`).

    Examples
    --------
    >>> [read_place(text) for text in ("城　关", "其中：兰州市永登县", "临夏州", "临夏", "全省", "市州合计", "620102")]
    ['620102', '620121', '622900', None, '620000', 'total', '620102']
    """
    plain = plain_place(text)
    if (code := read_code(plain)) is not None:
        return code if code in areas() or code == LANZHOU_NEW_AREA else None
    found = _names().get(plain.lower())
    if found:
        return next(iter(found)) if len(found) == 1 else None
    return TOTAL if _TOTAL.fullmatch(plain) else None


def meant(text: str) -> list[str]:
    """Return the full names that an unknown or ambiguous text may mean."""
    plain = plain_place(text)
    if found := _names().get(plain.lower()):
        return sorted(name_of(place) for place in found)
    full = {name_of(place) for place in (*areas(), *parks())}
    return difflib.get_close_matches(plain, sorted(full), n=2, cutoff=0.6)


def name_of(place: str) -> str:
    """Return the full Chinese name of a place."""
    return areas().get(place) or parks().get(place) or ("兰州新区" if place == LANZHOU_NEW_AREA else place)


@cache
def areas() -> Mapping[str, str]:
    """Return the names of the 86 counties, the 14 prefectures and the province, by adcode."""
    counties = {a: county.name for a, county in known_counties().items() if a != JIAYUGUAN}
    prefectures = load_plan().prefectures
    return {PROVINCE: "甘肃省"} | dict(zip(prefectures["adcode"], prefectures["name"], strict=True)) | counties


@cache
def members() -> Mapping[str, tuple[str, ...]]:
    """Return the counties of each prefecture; of the province all 86, and 嘉峪关市, which has none."""
    found: dict[str, tuple[str, ...]] = {}
    for a, county in known_counties().items():
        found[PROVINCE] = (*found.get(PROVINCE, ()), a)
        if a != JIAYUGUAN:
            found[county.prefecture_code] = (*found.get(county.prefecture_code, ()), a)
    return found


@cache
def parks() -> Mapping[str, str]:
    """Return the names of the plan's parks by id."""
    table = load_plan().parks
    return dict(zip(table["id"], table["name"], strict=True))


@cache
def _names() -> Mapping[str, set[str]]:
    """Return every writing of a name, with the places it may mean."""
    found: dict[str, set[str]] = {}

    def add(place: str, *names: str) -> None:
        for name in names:
            found.setdefault(name.lower(), set()).add(place)

    prefectures = load_plan().prefectures
    stems: dict[str, list[str]] = {}
    for code, name, short in zip(prefectures["adcode"], prefectures["name"], prefectures["name_short"], strict=True):
        stems[code] = [name, short, short[:-1]]
        add(code, *(before + n for n in stems[code] for before in ("", "甘肃省", "甘肃")))
    for a, county in known_counties().items():
        if a == JIAYUGUAN:
            continue
        names = {county.name, county.name_short}
        if len(county.name_short) > 2:
            names.add(county.name_short[:-1])
        for before in ("", *stems[county.prefecture_code]):
            for joint in {"", "-", "/", "·"} if before else {""}:
                add(a, *(wide + before + joint + n for n in names for wide in ("", "甘肃省", "甘肃")))
    add("620881", "平凉市华亭县")
    for name, (a, _) in old_names().items():
        add(a, name)
    add(PROVINCE, "甘肃省", "甘肃", "全省")
    for park, name in parks().items():
        add(park, park, name, name.removeprefix("甘肃"))
    found["兰州新区"] = {LANZHOU_NEW_AREA}  # as a row of counties; as a park where the indicator is of parks
    return found
