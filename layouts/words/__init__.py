"""The words of the pages, Chinese and English: a catalogue a page or subject (`targets.catalogue`), and nothing else.

Names of counties, options and departments are data and come from ``targets``; what stands here is the interface's own
speech. A key that starts with ``js_`` is also sent to the browser. What a sentence says of the plan (its boxes, years
and places: `targets.plan.Plan.said`) stands in it as a field, and is filled in from the plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from targets import catalogue
from targets.speech import Speech

if TYPE_CHECKING:
    from targets.plan import Plan

catalogue.add(Path(__file__).parent)


def word(key: str, lang: str, plan: Plan | None = None, /, **values: object) -> str:
    """Return one piece of wording in ``lang``, as `Speech.word` does."""
    return Speech.of(lang).word(key, plan, **values)


def both(key: str, plan: Plan | None = None, /, **values: object) -> tuple[str, str]:
    """Return one piece of wording in Chinese and English."""
    return word(key, "zh", plan, **values), word(key, "en", plan, **values)


def said_of_some(counted: Iterable[tuple[str, int]], lang: str) -> str:
    """Return words with their counts, one after another; of nobody nothing is said.

    Examples
    --------
    >>> said_of_some([("difference_new", 3), ("difference_changed", 0), ("difference_unchanged", 2)], "zh")
    '新增3个，未变2个'
    """
    return Speech.of(lang).join(word(key, lang, n=n) for key, n in counted if n)


def browser_words(lang: str, plan: Plan) -> dict[str, Any]:
    """Return the words that the browser's scripts speak, without the ``js_`` of their keys.

    One that English says otherwise of one is ``{"many", "one", "count"}``: both forms, and the field that decides.
    """
    said = _Kept(plan.said[lang])
    found: dict[str, Any] = {}
    for key, phrase in catalogue.phrases().items():
        if key.startswith("js_"):
            many = phrase.text(lang, {}).format_map(said)
            one = phrase.text(lang, {phrase.count: 1}).format_map(said)
            found[key[3:]] = many if one == many else {"many": many, "one": one, "count": phrase.count}
    return found


class _Kept(dict[str, object]):
    """Fields of the plan; those that the browser fills in stay as they are."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
