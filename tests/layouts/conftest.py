"""The atlas as the pages are drawn from it, and a way to put other text into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from days import TODAY

from layouts.facts.atlas import Atlas, open_atlas
from layouts.facts.view import View


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return open_atlas(today=TODAY)


@pytest.fixture
def view_of(atlas: Atlas) -> Callable[[str], View]:
    """Return a function that reads a view and holds that nothing of the query was ignored."""

    def read(query: str) -> View:
        view, ignored = atlas.read(query)
        assert ignored == ()
        return view

    return read


@pytest.fixture
def renamed(atlas: Atlas) -> Callable[..., Atlas]:
    """Return a function that copies the atlas with another text in some columns of one county."""

    def rename(adcode: str, **texts: str) -> Atlas:
        counties = atlas.counties.copy()
        for column, text in texts.items():
            counties.loc[adcode, column] = text
        return replace(atlas, counties=counties)

    return rename
