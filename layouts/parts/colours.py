"""The light theme's colours, read from the style sheet, so that a file to take away shows what the screen shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STYLE = Path(__file__).parents[2] / "assets" / "style.css"
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS = re.compile(r'path:is\(\.county, \.copy\)((?:\[data-(?:class|road)="\w+"\])+)\s*(?=,|$)')
_FILL = re.compile(r"(?<![\w-])fill:\s*(?:var\(--([\w-]+)\)|url\(#hatch-([\w-]+)\))")
_HATCH = re.compile(r'\.hatch\[data-(?:state|year)="(\w+)"\] \.hatch-(ground|line)$')


@dataclass(frozen=True, slots=True)
class Fill:
    """How a county of one class is filled: one colour, or a pattern of `line` on `ground`.

    Attributes
    ----------
    ground, line : str
        Colours as ``RRGGBB``; `line` is empty for a plain fill.
    pattern : str
        The style sheet's name of the pattern, or empty.
    """

    ground: str
    line: str = ""
    pattern: str = ""

    @property
    def is_strong(self) -> bool:
        """Whether it is so dark that text and lines on it must be light."""
        parts = [int(self.ground[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return not self.pattern and 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.25


@cache
def _rules() -> tuple[tuple[str, str], ...]:
    text = re.sub(r"/\*.*?\*/", "", STYLE.read_text(encoding="utf-8"), flags=re.S)
    return tuple((" ".join(selector.split()), body) for selector, body in _RULE.findall(text))


@cache
def variables() -> dict[str, str]:
    """Return the light theme's colour variables by name, each as ``RRGGBB``."""
    body = next(body for selector, body in _rules() if selector == ":root")
    return {name: colour.upper() for name, colour in re.findall(r"--([\w-]+):\s*#([0-9a-fA-F]{6})\b", body)}


def colour(name: str) -> str:
    """Return one colour variable as ``RRGGBB``."""
    return variables()[name]


@cache
def _fills() -> dict[tuple[str, bool], Fill]:
    """Return the fill of every legend class, and whether it is that of a road without a record of opening."""
    hatched: dict[str, dict[str, str]] = {}
    found: dict[tuple[str, bool], tuple[str, str]] = {}
    for selector, body in _rules():
        fill = _FILL.search(body)
        if fill is None:
            continue
        for part in selector.split(", ."):
            if given := _HATCH.match(part if part.startswith(".") else f".{part}"):
                hatched.setdefault(given[1], {})[given[2]] = colour(fill[1])
        for attributes in _CLASS.findall(selector):
            names = dict(re.findall(r'data-(\w+)="(\w+)"', attributes))
            if "class" in names:
                found[names["class"], names.get("road") == "unknown"] = (fill[1], fill[2])
    fills = {}
    for key, (plain, pattern) in found.items():
        if plain:
            fills[key] = Fill(colour(plain))
        else:
            own = hatched.get(pattern, {})
            fills[key] = Fill(own.get("ground", colour("panel")), own.get("line", colour("control")), pattern)
    return fills


def county_fill(name: str, *, matched: bool = True, unknown_road: bool = False) -> Fill:
    """Return how the map fills a county of one legend class.

    Parameters
    ----------
    name : str
        As of `layouts.facts.atlas.Atlas.county_classes`, or a state of the progress layer.
    matched : bool
        Whether the filter leaves the county; what it leaves out is pale. 嘉峪关市 (``na``) looks alike always.
    unknown_road : bool
        Whether no opening of its road is on record.
    """
    fills = _fills()
    if name != "na" and not matched:
        return Fill(colour("unmatched"))
    return fills.get((name, unknown_road)) or fills.get((name, False)) or Fill(colour("unlisted"))
