"""The files to take away: each is one record, made under `layouts.files`, and all that offers or serves files reads it.

docs/adding.md adds an export by an example.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from layouts.facts.layers import Pair

if TYPE_CHECKING:
    from layouts.facts.atlas import Atlas, Standing
    from layouts.facts.view import View
    from targets.observations import Store

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "yaml": "application/yaml; charset=utf-8",
}


# Where a file may be offered: on pages that have room for it (`layouts.parts.markup.takes`), and in the palette.
PLACES = ("palette", "map", "progress", "compare", "plan", "county", "prefecture", "settlement")


class Unavailable(LookupError):
    """There is no such file: the message says why, as the answer does, with its status `code`."""

    def __init__(self, said: str, code: int) -> None:
        super().__init__(said)
        self.code = code


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file is made of when it is asked for.

    Attributes
    ----------
    atlas : Atlas
    view : View
        The address's query.
    standing_of : callable
        From a period to the `Standing` of it, which is made only where a file wants it.
    store : Store
    given : mapping of str to str
        The query as it stands, for what is not of a view.
    """

    atlas: Atlas
    view: View
    standing_of: Callable[[str | None], Standing]
    store: Store
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def standing(self) -> Standing:
        """What the store holds, assessed for the view's period."""
        return self.standing_of(self.view.period)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to take away.

    Attributes
    ----------
    id : str
        As the page names the press that takes it: ``take-`` and the id.
    path : str
        Its address, which takes the query of a view; it ends in the kind of file.
    write : callable
        Its content, of a `Wanted`; of a deck where it is `of_deck`: ``(deck, atlas, standing_of, lang, now, told)``.
    name : Pair
        On the button or in the menu that offers it.
    offered : tuple of str
        Where: some of `PLACES`.
    also : str
        Other names by which the palette finds it, divided by ``|``.
    pinyin : mapping of str to str
        How the Chinese of `name` and `also` is read, where the palette does not know it already.
    of_deck : bool
        Whether it is of a deck, which the page of decks offers.
    slow : bool
        Whether it is made in the queue of `callbacks.exports`, and the page says how far it is.
    called : callable or None
        What the file is called, without its kind; by default the region and the last part of the path.
    """

    id: str
    path: str
    write: Callable[..., bytes]
    name: Pair = ("", "")
    offered: tuple[str, ...] = ()
    also: str = ""
    pinyin: Mapping[str, str] = field(default_factory=dict)
    of_deck: bool = False
    slow: bool = False
    called: Callable[[Wanted], str] | None = None

    @property
    def kind(self) -> str:
        """The ending of its name, a key of `MEDIA`."""
        return self.path.rpartition(".")[2]

    def file_name(self, wanted: Wanted) -> str:
        """Return the name under which it is saved."""
        stem = self.path.rpartition("/")[2].rpartition(".")[0]
        called = self.called(wanted) if self.called else f"{wanted.atlas.plan.region.slug}-{stem}"
        return f"{called}.{self.kind}"

    def data(self) -> dict[str, Any]:
        """Return the file as the browser takes it."""
        marks = {key: True for key, is_so in (("deck", self.of_deck), ("slow", self.slow)) if is_so}
        return {"path": self.path, "zh": self.name[0], "en": self.name[1]} | marks


FILES: dict[str, File] = {}


def offered(place: str) -> list[File]:
    """Return the files that a place offers."""
    return [file for file in FILES.values() if place in file.offered]
