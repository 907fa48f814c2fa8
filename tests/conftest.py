"""What holds for every test."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("atlas", deadline=None)  # no test asserts a time
settings.load_profile("atlas")

# Files that take longest, the longest first: those that come last should be short, so that both workers end together.
HEAVY = (
    *("browser_progress", "server_carry", "server_store", "browser_meeting", "browser_address", "server_load"),
    *("browser_prefecture", "server_gate", "browser_sizes", "browser_words", "callbacks_pages", "browser_palette"),
    *("browser_overlap", "browser_wire", "browser_data", "browser_plan", "browser_axe", "browser_forms"),
    *("browser_county", "observations", "layouts_progress", "layouts_slides", "browser_import", "browser_press"),
    *("layouts_ready_deck", "browser_lost_server", "callbacks_import", "browser_compare", "browser_key"),
    *(
        "layouts_county",
        "callbacks_hosts",
        "browser_keys",
        "browser_headline",
        "layouts_annex",
        "importing",
        "progress",
    ),
    *("layouts_quarter", "boundary_kinds", "layouts_prefecture", "callbacks_once", "callbacks_today"),
    *("browser_settlement", "layouts_settlement"),
)
ORDER = {f"test_{name}": number for number, name in enumerate(HEAVY)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    items.sort(key=lambda item: ORDER.get(Path(item.path).stem, len(ORDER)))


@pytest.fixture(scope="session")
def plan():
    from shipped import PLAN

    return PLAN
