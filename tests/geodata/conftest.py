import numpy as np
import pytest
import shapely

from geodata.boundaries import read_boundaries
from geodata.outlines import draw


@pytest.fixture(scope="session")
def shipped():
    return read_boundaries()


@pytest.fixture(scope="session")
def shapes(shipped):
    return draw(shipped)


def _halved(shape, times):
    """The same shape with every edge cut in two, some times over; shared edges stay equal."""

    def ring(points):
        points = shapely.get_coordinates(points)
        for _ in range(times):
            between = (points[:-1] + points[1:]) / 2
            points = np.insert(points, np.arange(1, len(points)), between, axis=0)
        return points

    polygons = [[ring(one) for one in shapely.get_rings(part)] for part in shapely.get_parts(shape)]
    return shapely.MultiPolygon([(first, rest) for first, *rest in polygons])


@pytest.fixture(scope="session")
def halved():
    return _halved
