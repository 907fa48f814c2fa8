"""The overlap page."""

from __future__ import annotations

from typing import Any

from dash import html

from layouts.atlas import Atlas
from layouts.view import View


def page(atlas: Atlas, view: View) -> list[Any]:
    """Return the whole page."""
    return [html.H2("…")]
