"""The plan that the tests speak of: the shipped one, loaded in one place."""

from __future__ import annotations

from targets.plan import load_plan

PLAN = load_plan()
