"""What holds for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("atlas", deadline=None)  # no test asserts a time
settings.load_profile("atlas")


@pytest.fixture(scope="session")
def plan():
    from shipped import PLAN

    return PLAN
