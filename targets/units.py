"""The units that figures are published in, and those that English says instead of 万 and 亿."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# unit: (the one that English pages say, what one of it is of that)
SAID_IN: Mapping[str, tuple[str, Decimal]] = {
    "亿元": ("bn yuan", Decimal("0.1")),
    "万元": ("m yuan", Decimal("0.01")),
    "元": ("yuan", Decimal(1)),
    "万人": ("thousand people", Decimal(10)),
    "人": ("people", Decimal(1)),
    "个": ("", Decimal(1)),
    "万千瓦": ("MW", Decimal(10)),
    "兆瓦": ("MW", Decimal(1)),
    "公里": ("km", Decimal(1)),
    "万头": ("head", Decimal(10_000)),
    "万只": ("head", Decimal(10_000)),
}


def in_unit(value: Any, unit: str, lang: str = "zh") -> tuple[float, str]:
    """Return a value as published in the unit that a language counts by.

    Examples
    --------
    >>> in_unit(153.2, "亿元", "en"), in_unit(11.83, "万人", "en"), in_unit(153.2, "亿元")
    ((15.32, 'bn yuan'), (118.3, 'thousand people'), (153.2, '亿元'))
    """
    said, times = (unit, Decimal(1)) if lang == "zh" else SAID_IN.get(unit, (unit, Decimal(1)))
    return float(Decimal(str(value)) * times), said
