"""One fixture: a server process on a free port with a data folder of its own, stopped at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from served import KINDS, Serve, Server, serving


@pytest.fixture
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Return a function that starts a server for one test; see `served.Server`."""
    yield from serving(lambda: tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module", params=KINDS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server of each kind that a file's tests ask one after another."""
    for start in serving(lambda: tmp_path_factory.mktemp("data")):
        ahead = request.module.__name__ == "test_server_load"
        yield start(request.param, ahead=ahead, allowed_host="atlas.example,图.example")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Name each kind of server in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def named(shared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return one that believes a proxy on this machine, beside each of the others."""
    for start in serving(lambda: tmp_path_factory.mktemp("data")):
        yield start(shared.kind, behind_proxy="127.0.0.1", allowed_host="atlas.example")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that keeps little, with a key from the environment."""
    for start in serving(lambda: tmp_path_factory.mktemp("data")):
        yield start(most_decks="3", most_deck_bytes="500000", key="一把由环境变量给的钥匙-2026")
