"""What the page sends: whether a press is one at all, and whether it would change anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

DEEPEST = 64  # levels of a press; the page sends some ten
DECKS = "/decks"


def is_press(body: Any, known: Mapping[str, Any]) -> TypeGuard[dict[str, Any]]:
    """Return whether a body is a press on one of our own pages: its output, inputs and state as they were declared.

    Parameters
    ----------
    body : any
        As JSON gives it.
    known : mapping
        Dash's callbacks, by output.
    """
    if not isinstance(body, dict) or not isinstance(body.get("output"), str) or is_deep(body):
        return False
    made = known.get(body["output"])
    if made is None:
        return False
    output: str = body["output"]
    outputs = [_name(one) for one in (output[2:-2].split("...") if output.startswith("..") else [output])]
    given = body.get("outputs")
    return (
        _parts([given] if isinstance(given, dict) else given) == outputs
        and isinstance(given, list if output.startswith("..") else dict)
        and _parts(body.get("inputs")) == [(one["id"], one["property"]) for one in made["inputs"]]
        and _parts(body.get("state", [])) == [(one["id"], one["property"]) for one in made["state"]]
        and isinstance(body.get("changedPropIds", []), list)
        and set(map(repr, body.get("changedPropIds", [])))
        <= {repr(f"{one['id']}.{one['property']}") for one in made["inputs"]}
    )


def changes(body: Mapping[str, Any]) -> str:
    """Return what a press would change: ``import`` (reading a file for it as well), ``undo``, or nothing."""
    if "import-room." not in body["output"]:
        return ""
    return "undo" if body["inputs"][0]["id"] == "undo-ask" else "import"


def language(given: Any) -> str:
    """Return the language that a page sent; anything else is taken for Chinese.

    Examples
    --------
    >>> language("en"), language({"a": 1}), language(None)
    ('en', 'zh', 'zh')
    """
    return "en" if given == "en" else "zh"


def _name(text: str) -> tuple[str, str]:
    id, _, name = text.rpartition(".")
    return id, name.partition("@")[0]  # what follows tells apart two callbacks with the same output


def _parts(given: Any) -> list[tuple[str, str]] | None:
    """Return the names of inputs, states or outputs; None where they are none."""
    if not isinstance(given, list):
        return None
    found = []
    for one in given:
        if not isinstance(one, dict) or not isinstance(one.get("id"), str) or not isinstance(one.get("property"), str):
            return None
        found.append((one["id"], one["property"].partition("@")[0]))
    return found


def is_deep(value: Any, levels: int = DEEPEST) -> bool:
    """Return whether a value as JSON gives it has more levels than any of ours."""
    if not levels:
        return True
    if isinstance(value, dict):
        return any(is_deep(one, levels - 1) for one in value.values())
    return isinstance(value, list) and any(is_deep(one, levels - 1) for one in value)
