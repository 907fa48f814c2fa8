"""The indicators a figure may be of, and the units it may be written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from targets.checks import COUNT, TEXT, Field, read_table

# Only full-width forms and the many dashes: Unicode's own folding would also make 131.7① into 131.71.
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " ", 0xFEFF: None, 0x200B: None}
_FOLD |= dict.fromkeys(map(ord, "−–‒﹣"), "-") | {ord("～"): "~", ord("〜"): "~"}

FILE = Path(__file__).with_name("indicators.csv")
NUMBER = Field(r"-?\d+(\.\d+)?", "数字", "a number", "Float64")
KINDS = ("cumulative", "level", "growth", "share", "date")
# What a user may write for the words that are kept; the first of each is how the page says it.
WRITTEN: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {
        "cumulative": ("累计", "累计数", "年初以来累计", "流量"),
        "level": ("时点", "时点数", "水平", "存量", "期末"),
        "growth": ("增速", "增长率", "同比"),
        "share": ("比重", "占比", "比率"),
        "date": ("日期",),
    },
    "adds_up": {
        "sum": ("相加", "可相加", "可加", "合计", "加总", "是"),
        "none": ("不相加", "不可加", "不加", "否", "无"),
    },
    "places": {"area": ("县市", "县区", "县", "地区"), "park": ("园区", "开发区")},
}

# How many of the family's smallest unit each is. Figures of one family convert into each other exactly.
FAMILIES: dict[str, dict[str, Decimal]] = {
    "money": {
        "元": Decimal(1), "千元": Decimal(10) ** 3, "万元": Decimal(10) ** 4, "百万元": Decimal(10) ** 6,
        "千万元": Decimal(10) ** 7, "亿元": Decimal(10) ** 8, "万亿元": Decimal(10) ** 12,
    },
    "people": {"人": Decimal(1), "千人": Decimal(10) ** 3, "万人": Decimal(10) ** 4},
    "power": {
        "千瓦": Decimal(1), "兆瓦": Decimal(10) ** 3, "万千瓦": Decimal(10) ** 4, "吉瓦": Decimal(10) ** 6,
        "亿千瓦": Decimal(10) ** 8,
    },
    "length": {"公里": Decimal(1)},
    "cattle": {"头": Decimal(1), "万头": Decimal(10) ** 4},
    "sheep": {"只": Decimal(1), "万只": Decimal(10) ** 4},
    "count": {"个": Decimal(1)},
    "percent": {"%": Decimal(1)},
    "date": {"日期": Decimal(1)},
}  # fmt: skip
FAMILY = {unit: family for family, units in FAMILIES.items() for unit in units}
SYNONYMS = {
    "亿": "亿元", "万": "万元", "元/人": "元", "元人民币": "元", "亿元人民币": "亿元", "万元人民币": "万元",
    "MW": "兆瓦", "GW": "吉瓦", "百分比": "%", "年月日": "日期", "万KW": "万千瓦", "万kW": "万千瓦",
    "KW": "千瓦", "kW": "千瓦", "人民币亿元": "亿元", "人民币万元": "万元",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    Attributes
    ----------
    id, zh, en : str
    aliases : tuple of str
        Other Chinese names that a table may have in its header.
    unit : str
        The unit in which values are kept; what is imported in another unit of the same family is converted exactly.
    kind : str
        ``cumulative`` (a flow: a quarter's value runs from January), ``level`` (at the end of the period), ``growth``
        (per cent over the same period of the year before; never a level), ``share`` (per cent of a whole), or ``date``
        (a day as the number YYYYMMDD, ``00`` where month or day are not known; the road's name is in the note).
    adds_up : str
        ``sum`` when the province's value is that of its counties together, else ``none``.
    decimals : int
        How many to show.
    low, high : float
        What is plausible for one county or park; a value outside is flagged, not refused.
    places : str
        ``area``: place is the adcode of a county, prefecture or the province. ``park``: place is the id of a park in
        ``plan/parks.csv`` (P01…P12), since a park is in no one county, or in part of one.
    """

    id: str
    zh: str
    en: str
    aliases: tuple[str, ...]
    unit: str
    kind: str
    adds_up: str = "none"
    decimals: int = 2
    low: float = 0.0
    high: float = 1e12
    places: str = "area"

    def __post_init__(self) -> None:
        wrong = [
            name
            for name, sound in (
                ("id", re.fullmatch(r"[a-z][a-z0-9_]{1,39}", self.id)),
                ("zh", 0 < len(self.zh) <= 60),
                ("en", len(self.en) <= 100),
                ("unit", 0 < len(self.unit) <= 12),
                ("kind", self.kind in KINDS),
                ("unit", self.kind not in ("growth", "share") or self.unit == "%"),
                ("adds_up", self.adds_up in ("sum", "none")),
                ("decimals", 0 <= self.decimals <= 6),
                ("low", self.low <= self.high),
                ("places", self.places in ("area", "park")),
            )
            if not sound
        ]
        if wrong:
            raise ValueError(
                f"指标“{self.id}”的{'、'.join(wrong)}不合要求 / "
                f"Indicator {self.id!r}: {', '.join(wrong)} not as it must be"
            )

    def record(self) -> dict[str, Any]:
        """Return the attributes, with the aliases as one text."""
        return asdict(self) | {"aliases": "|".join(self.aliases)}


def from_record(record: Mapping[Any, Any]) -> Indicator:
    """Return the indicator that `record` was made of.

    Raises
    ------
    ValueError
        When a value is not as it must be.
    """
    given = {f.name: record[f.name] for f in fields(Indicator)}
    aliases = tuple(a.strip() for a in str(given["aliases"]).split("|") if a.strip())
    numbers = {name: float(given[name]) for name in ("low", "high")} | {"decimals": int(float(given["decimals"]))}
    return Indicator(**given | numbers | {"aliases": aliases})


@cache
def shipped_indicators() -> Mapping[str, Indicator]:
    """Return the indicators of ``indicators.csv`` by id, in the order of the file."""
    text = TEXT
    columns = {f.name: text for f in fields(Indicator)}
    columns |= {"id": text.key(), "aliases": text.optional(), "decimals": COUNT, "low": NUMBER, "high": NUMBER}
    table = read_table(FILE, columns)
    return MappingProxyType({row["id"]: from_record(row) for row in table.to_dict("records")})


def read_written(field: str, text: str) -> str | None:
    """Return the word that is kept for what a user wrote, in Chinese or English; None when it is not known.

    Examples
    --------
    >>> read_written("kind", "时点"), read_written("adds_up", "Sum"), read_written("kind", "大概")
    ('level', 'sum', None)
    """
    plain = plain_name(text)
    return next((kept for kept, said in WRITTEN[field].items() if plain in (kept, *said)), None)


def say_written(field: str, kept: str, lang: str) -> str:
    """Return how the page says a word that is kept."""
    return WRITTEN[field][kept][0] if lang == "zh" else kept


def half_width(text: str) -> str:
    """Return `text` with full-width letters, digits and marks as half-width ones.

    Examples
    --------
    >>> half_width("（２０２５年）"), half_width("131.7①")
    ('(2025年)', '131.7①')
    """
    return text.strip() if text.isascii() else text.translate(_FOLD).strip()


def read_unit(text: str) -> str | None:
    """Return the unit as it is kept, or None if it is not known.

    Examples
    --------
    >>> [read_unit(text) for text in ("（万元）", "％", "MW", "亿", "斤")]
    ['万元', '%', '兆瓦', '亿元', None]
    """
    plain = re.sub(r"[\s()]", "", half_width(text))
    plain = SYNONYMS.get(plain, plain)
    return plain if plain in FAMILY else None


def convert(value: Decimal, unit: str, into: str) -> Decimal | None:
    """Return `value` in another unit, exactly; None when the units are not of one family.

    Examples
    --------
    >>> convert(Decimal("341881"), "万元", "亿元")
    Decimal('34.1881')
    """
    if unit == into:
        return value
    family = FAMILY.get(unit)
    if family is None or family != FAMILY.get(into):
        return None
    return value * FAMILIES[family][unit] / FAMILIES[family][into]


def plain_name(text: str) -> str:
    """Return a name as it is compared: half-width, lower case, without spaces and marks."""
    return re.sub(r"[\s,、:;·*#\"'“”]", "", half_width(text)).lower()


def by_name(indicators: Iterable[Indicator]) -> dict[str, Indicator]:
    """Return the indicators by every name and alias they have."""
    found: dict[str, Indicator] = {}
    for indicator in indicators:
        for name in (indicator.id, indicator.zh, indicator.en, *indicator.aliases):
            found.setdefault(plain_name(name), indicator)
    return found
