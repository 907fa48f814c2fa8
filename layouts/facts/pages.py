"""The pages: each is one record, made in its own file under `layouts.pages`, and all that goes by page reads it here.

The order of `PAGES` is that of the navigation. docs/adding.md adds a page by an example.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from layouts.facts.layers import Pair

if TYPE_CHECKING:
    from layouts.facts.atlas import Atlas, Standing
    from layouts.facts.scene import Fact, SceneFacts
    from layouts.facts.view import Known, View
    from targets.decks import DeckStore

# A year, or a part of its page.
YEARS = frozenset(f"{year}{part}" for year in range(2000, 2100) for part in ("", "-talks", "-calls"))
CODED = re.compile(r"(/[^/]+)/([^/]{1,40})")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is made of when it is asked for.

    Attributes
    ----------
    atlas : Atlas
    view : View
    code : str
        What follows the page's path; empty where nothing does. It may be unknown.
    standing_of : callable
        From a period to the `Standing` of it, which is made only where a page wants it.
    decks : DeckStore
    who : str
        By what its reader may change things: ``here``, ``key``, or nothing.
    """

    atlas: Atlas
    view: View
    code: str
    standing_of: Callable[[str | None], Standing]
    decks: DeckStore
    who: str = ""

    @property
    def standing(self) -> Standing:
        """What the store holds, assessed for the view's period."""
        return self.standing_of(self.view.period)


def everyone(atlas: Atlas, view: View, code: str) -> Collection[str]:
    """Return the adcodes of all polygons."""
    return tuple(atlas.counties.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page.

    Attributes
    ----------
    id : str
        As ``html[data-page]`` has it.
    path : str
        Of its address.
    name : Pair or None
        In the navigation and the palette; None for a page of one place, whose address always ends in a code.
    also : str
        Other names by which the palette finds it, divided by ``|``.
    pinyin : mapping of str to str
        How the Chinese of `name` and `also` is read, syllable by syllable, where the palette does not know it already.
    code : str
        What may follow the path: ``county``, ``prefecture``, ``deck``, ``year`` (with a part of the page), or nothing.
    markup : callable or None
        What Python writes out as one text; None for a page that the browser and Dash make.
    lasting : bool
        Whether the text rests on figures alone: then it is made once for what the store holds.
    rail : bool
        Whether the filter stands beside it.
    counted : callable or None
        Its sentences that follow the filter, by the ``data-said`` of their place.
    about : callable
        The counties that it is about, of atlas, view and code.
    observed : bool
        Whether it shows their observed figures, so that a scene names where those come from.
    mapped : bool
        Whether it draws boundaries, so that a scene names where those come from.
    script : str
        Its own module under ``assets/js``, where it has one.
    seconds : int
        How long a scene of it is given at a meeting; 0 where that is not set.
    slide : callable or None
        Draws it on a `layouts.parts.slide.SceneSlides`; None for a page that is not for a meeting.
    findings, figures : callable
        What a scene of it says in sentences, the most important first, and what its sheet of the annex lists.
    """

    id: str
    path: str
    name: Pair | None = None
    also: str = ""
    pinyin: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    markup: Callable[[Asked], Any] | None = None
    lasting: bool = True
    rail: bool = False
    counted: Callable[[Atlas, Standing, View], dict[str, Any]] | None = None
    about: Callable[[Atlas, View, str], Collection[str]] = everyone
    observed: bool = False
    mapped: bool = False
    script: str = ""
    seconds: int = 0
    slide: Callable[[Any], None] | None = None
    findings: Callable[[SceneFacts], list[str]] = lambda facts: []
    figures: Callable[[SceneFacts], list[Fact]] = lambda facts: []

    def data(self) -> dict[str, Any]:
        """Return the page as the browser takes it."""
        marks = {
            "named": self.name is not None,
            "coded": bool(self.code),
            "sheet": self.markup is not None,
            "scene": self.slide is not None,
            "counted": self.counted is not None,
            "observed": self.observed,
            "mapped": self.mapped,
        }
        return {"path": self.path} | {key: True for key, is_so in marks.items() if is_so}

    def codes(self, known: Known) -> Collection[str] | None:
        """Return the codes that may follow the path; None where those are not of places."""
        places = {"county": known.adcodes, "prefecture": known.options.get("prefecture", ())}
        return YEARS if self.code == "year" else places.get(self.code)


PAGES: dict[str, Page] = {}


def named() -> dict[str, Pair]:
    """Return the names of the pages in the navigation, by path."""
    return {page.path: page.name for page in PAGES.values() if page.name}


def read_page(path: str) -> tuple[str, str] | None:
    """Read which page an address's path names.

    Returns
    -------
    id, code : str
        Such as ``("progress", "")`` or ``("county", "620922")``; the code is as given and may be unknown. None for a
        path that is no page.
    """
    for page in PAGES.values():
        if page.name and page.path == path:
            return page.id, ""
    found = CODED.fullmatch(path)
    for page in PAGES.values():
        if found and page.code and page.path == found[1]:
            return page.id, found[2]
    return None
