"""The large figures that lead the map and the progress page: how many counties have a target, and how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from dash import html

from layouts.words import word
from targets.progress import MEASURED, NO_FIGURE, ON_PACE, REACHED, SHORT, UNKNOWN

# Which states of a county each figure counts, on either side of the term's end; the browser counts by the same.
FIGURES: Mapping[str, tuple[str, ...]] = {
    "listed": (*MEASURED, NO_FIGURE),
    "reached": (REACHED,),
    "short": (ON_PACE, *SHORT),
    "unknown": (UNKNOWN, NO_FIGURE),
}
Row = tuple[str, int, str]


def rows(states: Iterable[str], lang: str, figures: Mapping[str, tuple[str, ...]] = FIGURES) -> list[Row]:
    """Return what each figure is called and comes to among counties in these states: id, number, label.

    Examples
    --------
    >>> rows(["reached", "behind", "reached", "no_target"], "en")[:2]
    [('listed', 3, 'With target'), ('reached', 2, 'Reached')]
    """
    held = Counter(states)
    return [(id, sum(held[one] for one in counted), word(f"js_large_{id}", lang)) for id, counted in figures.items()]


def large(given: Iterable[Row]) -> html.Dl:
    """Return figures and their labels, large; a number has a ``data-said`` place, so that it can follow the filter.

    A figure of nobody is hidden, as long as it is of nobody.
    """
    return html.Dl(
        [
            html.Div(
                [html.Dt(label), html.Dd(str(n), **{"data-said": f"large_{id}"})],
                hidden=not int(n),
                **{"data-large": id, "data-count": f"large_{id}"},
            )
            for id, n, label in given
        ],
        className="large",
    )
