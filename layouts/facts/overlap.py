"""What clusters and energy kinds are called where they are held together."""

from __future__ import annotations

from targets.plan import Plan
from targets.selection import Filter, conditions
from targets.speech import Speech


def say_sets(sets: tuple[str, ...], plan: Plan, lang: str) -> str:
    """Return the names of roles as the filter's own sentence has them."""
    return Speech.of(lang).list(conditions(Filter().including(id, plan.option_ids), plan, lang)[0] for id in sets)
