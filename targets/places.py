"""Whose row it is: counties, prefectures, the province and parks, by code or by any usual writing of their names.

The names are those of a plan (`Places`). The reader of files is told once of which (`reading_for`); its steps ask the
functions here, which then answer for that plan.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property

from geodata.names import TRADITIONAL, read_code, speaking_of
from targets.indicators import half_width
from targets.keeping import LONGEST_KEPT, MOST_KEPT, kept
from targets.plan import Plan, load_plan
from targets.speech import Speech

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


@kept
def plain_place(text: str) -> str:
    """Return a place's name as it is compared: no spaces, numbering or footnote marks."""
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    plain = _AFTER.sub("", _BEFORE.sub("", re.sub(r"\s", "", half_width(seen)))).translate(_FOLD)
    return unicodedata.normalize("NFKC", plain)  # after the footnote marks: ¹ would become a digit; ⽟ becomes 玉


class Places:
    """The places that a plan knows, and how they are written."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.region = plan, plan.region
        self._read: dict[str, str | None] = {}

    @cached_property
    def areas(self) -> Mapping[str, str]:
        """The names of the counties, the prefectures and the province, by adcode."""
        counties = {a: one.name for a, one in self.region.counties.items() if a not in self.region.alone}
        prefectures = self.plan.prefectures
        named = dict(zip(prefectures["adcode"], prefectures["name"], strict=True))
        return {self.region.code: self.region.name} | named | counties

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """The counties of each prefecture; of the province all, and the prefectures that have none."""
        found: dict[str, tuple[str, ...]] = {}
        for a, county in self.region.counties.items():
            found[self.region.code] = (*found.get(self.region.code, ()), a)
            if a not in self.region.alone:
                found[county.prefecture_code] = (*found.get(county.prefecture_code, ()), a)
        return found

    @cached_property
    def parks(self) -> Mapping[str, str]:
        """The names of the plan's parks by id."""
        return dict(zip(self.plan.parks["id"], self.plan.parks["name"], strict=True))

    @cached_property
    def apart(self) -> Mapping[str, str]:
        """The names of the areas that are counted apart and are no counties, by code."""
        return {code: one.name for code, one in self.region.apart.items()}

    def park_of(self, area: str) -> str | None:
        """Return the park that is such an area under another id, where the plan has one of its name."""
        return next((id for id, name in self.parks.items() if name == self.apart[area]), None)

    def is_county(self, place: str) -> bool:
        """Whether a place is a county, or a prefecture that has none."""
        return place in self.region.counties

    def name(self, place: str) -> str:
        """Return the full Chinese name of a place."""
        return self.areas.get(place) or self.parks.get(place) or self.apart.get(place) or place

    def names(self, lang: str) -> dict[str, str]:
        """Return the names of all places by code or id, short ones where a place has one."""
        ours, speech = self.plan, Speech.of(lang)
        named = {self.region.code: speech.pick(self.region.name, self.region.name_en)}
        for table in (ours.prefectures, ours.counties):
            named |= dict(zip(table["adcode"], table[speech.pick("name_short", "name_en_short")], strict=True))
        return named | dict(zip(ours.parks["id"], ours.parks[speech.column("name")], strict=True))

    @cached_property
    def old_names(self) -> Mapping[str, tuple[str, str]]:
        """Names that counties had before: the county of today, and the year it ended.

        A short form (安西) is there only where no county or prefecture is called so today.
        """
        today = [name for one in self.region.counties.values() for name in (one.name, one.prefecture)]
        taken = {name[:-1] for name in today}
        found: dict[str, tuple[str, str]] = {}
        for name, former in self.region.former_names.items():
            short = [name[:-1]] if name[:-1] not in taken else []
            found |= dict.fromkeys([name, *short], (former.adcode, former.until))
        return found

    @cached_property
    def written(self) -> Mapping[str, set[str]]:
        """Every writing of a name, with the places it may mean."""
        found: dict[str, set[str]] = {}
        region = self.region
        wide = ("", region.name, region.short)

        def add(place: str, *names: str) -> None:
            for name in names:
                found.setdefault(name.lower(), set()).add(place)

        stems: dict[str, list[str]] = {}
        for row in self.plan.prefectures.to_dict("records"):
            code, name, short = row["adcode"], row["name"], row["name_short"]
            stems[code] = [name, short, short[:-1]]
            add(code, *(before + n for n in stems[code] for before in wide))
        for a, county in region.counties.items():
            if a in region.alone:
                continue
            names = {county.name, county.name_short}
            if len(county.name_short) > 2:
                names.add(county.name_short[:-1])
            for before in ("", *stems[county.prefecture_code]):
                for joint in {"", "-", "/", "·"} if before else {""}:
                    add(a, *(w + before + joint + n for n in names for w in wide))
        for code, former in region.former.items():
            # A name that a place has today (武威市), or one under its prefecture, means the county there.
            if code in region.same_ground and former.adcode not in region.alone:
                add(former.adcode, *(before + former.name for before in stems[former.adcode[:4] + "00"]))
        for name, (a, _) in self.old_names.items():
            add(a, name)
        add(region.code, region.name, region.short, "全区" if region.name.endswith("自治区") else "全省")
        for park, name in self.parks.items():
            add(park, park, name, name.removeprefix(region.short))
        for code, name in self.apart.items():
            found[name.lower()] = {code}  # as a row of counties; as a park where the indicator is of parks
        return found

    def read(self, text: str) -> str | None:
        """Return the place a text names; see `read_place`."""
        if (known := self._read.get(text, "")) != "":
            return known
        if len(self._read) > MOST_KEPT:
            self._read = {}
        found = self._place(text)
        if len(text) <= LONGEST_KEPT:
            self._read[text] = found
        return found

    def _place(self, text: str) -> str | None:
        plain = plain_place(text)
        with speaking_of(self.region):
            code = read_code(plain)
        if code is not None:
            return code if code in self.areas or code in self.apart else None
        if found := self.written.get(plain.lower()):
            return next(iter(found)) if len(found) == 1 else None
        return TOTAL if _TOTAL.fullmatch(plain) else None

    def meant(self, text: str) -> list[str]:
        """Return the full names that an unknown or ambiguous text may mean."""
        plain = plain_place(text)
        if found := self.written.get(plain.lower()):
            return sorted(map(self.name, found))
        full = {self.name(place) for place in (*self.areas, *self.parks)}
        return difflib.get_close_matches(plain, sorted(full), n=2, cutoff=0.6)


_places: ContextVar[Places | None] = ContextVar("places", default=None)
_made: dict[Plan, Places] = {}


def places_of(plan: Plan) -> Places:
    """Return the places of a plan, made once."""
    if plan not in _made:
        _made[plan] = Places(plan)
    return _made[plan]


@contextmanager
def reading_for(plan: Plan | None) -> Iterator[None]:
    """Read places as of a plan while this lasts; None changes nothing."""
    token = _places.set(places_of(plan) if plan else here())
    try:
        yield
    finally:
        _places.reset(token)


def here() -> Places:
    """Return the places of the plan that is being read for: the shipped one where no other was named."""
    return _places.get() or places_of(load_plan())


def old_name(text: str) -> tuple[str, str] | None:
    """Return the county of today that an old name means, and the year from which it is called so; else None.

    Examples
    --------
    >>> old_name("安西县"), old_name("瓜州县")
    (('瓜州县', '2006'), None)
    """
    found = here().old_names.get(plain_place(text))
    return (name_of(found[0]), found[1]) if found else None


def read_place(text: str) -> str | None:
    """Return the place a text names.

    Returns
    -------
    str or None
        The adcode of a county, prefecture or the province, of an area counted apart (兰州新区, which is none of these),
        a park's id, `TOTAL` for 合计 and the like, None when it is not known or may be two places (see `meant`).

    Examples
    --------
    >>> [read_place(text) for text in ("城　关", "其中：兰州市永登县", "临夏州", "临夏", "全省", "市州合计", "620102")]
    ['620102', '620121', '622900', None, '620000', 'total', '620102']
    """
    return here().read(text)


def meant(text: str) -> list[str]:
    """Return the full names that an unknown or ambiguous text may mean."""
    return here().meant(text)


def name_of(place: str) -> str:
    """Return the full Chinese name of a place."""
    return here().name(place)


def areas() -> Mapping[str, str]:
    """Return the names of the counties, the prefectures and the province, by adcode."""
    return here().areas


def members() -> Mapping[str, tuple[str, ...]]:
    """Return the counties of each prefecture, and of the province; see `Places.members`."""
    return here().members


def parks() -> Mapping[str, str]:
    """Return the names of the plan's parks by id."""
    return here().parks


def apart() -> Mapping[str, str]:
    """Return the names of the areas that are counted apart, by code."""
    return here().apart
