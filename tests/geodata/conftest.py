import pytest

from geodata.boundaries import read_boundaries
from geodata.outlines import draw


@pytest.fixture(scope="session")
def shipped():
    return read_boundaries()


@pytest.fixture(scope="session")
def shapes(shipped):
    return draw(shipped)
