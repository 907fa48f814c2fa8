"""The light theme's colours as files take them, so that a file to take away shows what the screen shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from layouts.facts.atlas import Atlas
from layouts.parts.styles import COLOURS, STYLES, class_styles, is_strong


@dataclass(frozen=True, slots=True)
class Fill:
    """How a county of one class is filled: one colour, or a hatch of `line` on `ground`.

    Attributes
    ----------
    ground, line : str
        Colours as ``RRGGBB``; `line` is empty for a plain fill.
    hatch : str
        A row of `layouts.parts.styles.HATCHES`, or empty.
    is_strong : bool
        Whether it is so dark that text and lines on it must be light.
    """

    ground: str
    line: str = ""
    hatch: str = ""
    is_strong: bool = False


def colour(name: str) -> str:
    """Return one colour as ``RRGGBB``."""
    return COLOURS[name][0][1:].upper()


@cache
def style_fill(name: str) -> Fill:
    """Return the fill of a row of `layouts.parts.styles.STYLES`."""
    style = STYLES[name]
    return Fill(colour(style.ground), colour(style.line) if style.line else "", style.hatch, is_strong(style))


def county_fill(atlas: Atlas, name: str, *, matched: bool = True, unknown_road: bool = False) -> Fill:
    """Return how the map fills a county of one legend class.

    Parameters
    ----------
    atlas : Atlas
    name : str
        A class of any layer.
    matched : bool
        Whether the filter leaves the county; what it leaves out is pale. 嘉峪关市 (``na``) looks alike always.
    unknown_road : bool
        Whether no opening of its road is on record.
    """
    if name != "na" and not matched:
        return Fill(colour("unmatched"))
    styles = class_styles(atlas)
    return style_fill(styles.get((name, unknown_road)) or styles.get((name, False), "unlisted"))
