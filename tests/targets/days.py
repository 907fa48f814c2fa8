"""The days on which the tests let the atlas speak, so that none depends on the clock."""

from __future__ import annotations

from datetime import date

TODAY = date(2026, 11, 30)  # after the plan's term
DURING = date(2024, 6, 30)  # while it runs
