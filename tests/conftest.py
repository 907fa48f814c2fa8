"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("atlas", deadline=None)  # no test asserts a time
settings.load_profile("atlas")
