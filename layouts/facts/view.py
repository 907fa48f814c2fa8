"""The one value that travels: a view of the atlas, and its text form, the query of an address."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import parse_qsl, quote

from layouts.facts.layers import LAYERS
from targets.periods import canonical
from targets.plan import GROUPS
from targets.selection import Filter, Op

MOST_COMPARED = 6
FORMS = ("true", "tile", "panels")
LANGUAGES = ("zh", "en")
THEMES = ("light", "dark")
PERIOD = re.compile(r"(19|20)[0-9]{2}(Q[1-4]|-(0[1-9]|1[0-2]))?")
CHOICES: Mapping[str, Collection[str]] = {
    "layer": LAYERS,
    "map": FORMS,
    "lang": LANGUAGES,
    "theme": THEMES,
    "cluster_op": ("any", "all"),
    "energy_op": ("any", "all"),
    "parks": ("1",),
}


@dataclass(frozen=True)
class Known:
    """The values that an address may name: option ids by group, in the plan's order, and the adcodes.

    `is_period` says whether anything is known of a period that is written as one. It is asked only of addresses that
    name a period, so that no other has to wait for the store.
    """

    options: Mapping[str, tuple[str, ...]]
    adcodes: Collection[str]
    is_period: Callable[[str], bool] = lambda period: True

    @property
    def every_option(self) -> tuple[str, ...]:
        """All option ids, group after group."""
        return tuple(option for group in GROUPS for option in self.options[group])


@dataclass(frozen=True)
class View:
    """A view of the atlas: all that an address holds.

    Attributes
    ----------
    layer, form, lang, theme : str
        One of `layouts.facts.layers.LAYERS`, `FORMS`, `LANGUAGES`, `THEMES`.
    filter : Filter
        Which counties match.
    county : str or None
        Adcode of the picked county.
    period : str or None
        ``2023``, ``2025Q3`` or ``2025-09``.
    compare : tuple of str
        Adcodes of the counties set side by side, in the order chosen, at most `MOST_COMPARED`.
    parks : bool
        Whether the parks are marked, on a layer that may mark them.
    """

    layer: str = "band"
    filter: Filter = field(default_factory=Filter)
    county: str | None = None
    form: str = "true"
    period: str | None = None
    lang: str = "zh"
    theme: str = "light"
    compare: tuple[str, ...] = ()
    parks: bool = False

    def query(self) -> str:
        """Return the query text (no ``?``) that reads back as this view; empty for the default view."""
        chosen = self.filter
        pairs = [
            ("layer", self.layer, "band"),
            ("band", ",".join(chosen.band), ""),
            ("cluster", ",".join(chosen.cluster), ""),
            ("cluster_op", chosen.cluster_op, "any"),
            ("energy", ",".join(chosen.energy), ""),
            ("energy_op", chosen.energy_op, "any"),
            ("road", ",".join(chosen.road), ""),
            ("prefecture", ",".join(chosen.prefecture), ""),
            ("not", ",".join(chosen.exclude), ""),
            ("county", self.county or "", ""),
            ("compare", ",".join(self.compare), ""),
            ("map", self.form, "true"),
            ("parks", "1" if self.parks else "", ""),
            ("period", self.period or "", ""),
            ("lang", self.lang, "zh"),
            ("theme", self.theme, "light"),
        ]
        return "&".join(f"{key}={quote(value, safe=',')}" for key, value, default in pairs if value != default)


def read_view(query: str, known: Known) -> tuple[View, tuple[str, ...]]:
    """Read a view from the query of an address.

    Parameters
    ----------
    query : str
        With or without the leading ``?``.
    known : Known
        The option ids, adcodes and periods that exist.

    Returns
    -------
    view : View
    ignored : tuple of str
        What was not understood, as ``key=value``, in the order of the query. Never an error: an address from an
        older note still opens.
    """
    found: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    ignored: list[str] = []
    for key, value in parse_qsl(query.lstrip("?"), keep_blank_values=True):
        if key in found or key in lists:
            ignored.append(f"{key}={value}")
        elif key in GROUPS or key == "not":
            order = known.every_option if key == "not" else known.options[key]
            given = [part for part in value.split(",") if part]
            ignored += [f"{key}={part}" for part in given if part not in order]
            lists[key] = tuple(option for option in order if option in given)
        elif key == "compare":
            given = list(dict.fromkeys(part for part in value.split(",") if part))
            lists[key] = tuple([part for part in given if part in known.adcodes][:MOST_COMPARED])
            # Known counties beyond the most that stand side by side: the compare page itself says so.
            ignored += [f"{key}={part}" for part in given if part not in known.adcodes]
        elif key == "period" and PERIOD.fullmatch(value) and known.is_period(canonical(value)):
            found[key] = canonical(value)  # an older note may say 2025-09 for 2025Q3
        elif value in CHOICES.get(key, ()) or (key == "county" and value in known.adcodes):
            found[key] = value
        else:
            ignored.append(f"{key}={value}")
    chosen = Filter.of(
        known.options,
        **{group: lists.get(group, ()) for group in GROUPS},
        exclude=lists.get("not", ()),
        cluster_op=cast(Op, found.get("cluster_op", "any")),
        energy_op=cast(Op, found.get("energy_op", "any")),
    )
    view = View(
        layer=found.get("layer", "band"),
        filter=chosen,
        county=found.get("county"),
        form=found.get("map", "true"),
        period=found.get("period"),
        lang=found.get("lang", "zh"),
        theme=found.get("theme", "light"),
        compare=lists.get("compare", ()),
        parks="parks" in found,
    )
    return view, tuple(ignored)
