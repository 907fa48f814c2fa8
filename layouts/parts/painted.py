"""How the options of a plan are painted: the style sheet's classes, taken by another plan's ids in their order.

The style sheet knows the options of the shipped plan. Those of another take the place of one there: its bands spread
over the ramp, its clusters, kinds and years in turn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from layouts.parts.colours import STYLE
from targets.plan import Plan

UNLISTED = "none"
PAINTS: Mapping[str, tuple[str, ...]] = {
    "band": ("B1", "B2", "B3", "B4", "B5", "B6"),
    "cluster": ("C1", "C2", "C3", "C4", "C5"),
    "energy": ("PV1", "PV2", "PV3", "WIND", "CSP", "PSH"),
    "road": ("2022", "2023", "2024", "2025"),
}
RAMPS = ("band", "road")  # whose paints say more or less, so that few spread over all of them
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


@cache
def paints(plan: Plan) -> dict[str, str]:
    """Return for each option that is painted the one of the style sheet whose paint it has."""
    found = {plan.no_band: UNLISTED}
    for group, known in PAINTS.items():
        ids = [id for id in plan.option_ids[group] if id != plan.no_band]
        for n, id in enumerate(ids):
            found[id] = known[_spread(n, len(ids), len(known))] if group in RAMPS else known[n % len(known)]
    return found


def _spread(n: int, of: int, over: int) -> int:
    """Return the step that the n-th of some takes on a ramp."""
    return n if of == over or of == 1 else round(n * (over - 1) / (of - 1))


def paint_of(plan: Plan, id: str) -> str:
    """Return as what the style sheet knows a class: an option's paint, and anything else as itself."""
    return paints(plan).get(id, id)


@cache
def style(plan: Plan) -> str:
    """Return the rules by which the plan's own options are painted; empty where the style sheet has them all."""
    others = {id: paint for id, paint in paints(plan).items() if id != paint}
    if not others:
        return ""
    named = _named({*others.values()})
    rules = []
    text = re.sub(r"/\*.*?\*/", "", STYLE.read_text(encoding="utf-8"), flags=re.S)
    for selector, body in _RULE.findall(text):
        if not (found := set(named.findall(f"{selector}{body}"))):
            continue
        for id, paint in others.items():
            if paint in found:
                own = _named([paint])
                rules.append(f"{own.sub(id, ' '.join(selector.split()))}{{{own.sub(id, _kept(body))}}}")
    return "\n".join(rules)


def _named(ids: Sequence[str] | set[str]) -> re.Pattern[str]:
    """Return what finds an option in a selector, or in the name of its pattern."""
    each = "|".join(map(re.escape, sorted(ids)))
    return re.compile(
        rf'(?<=data-class=")(?:{each})(?=")|(?<=data-role=")(?:{each})(?=")|(?<=data-year=")(?:{each})(?=")|(?<=hatch-)(?:{each})\b'
    )


def _kept(body: str) -> str:
    return " ".join(body.split())
