"""What GDAL may read at all: the forms that are offered, so that a boundary file fetches nothing."""

import geodata  # noqa: F401  (sets what GDAL leaves out, before it is loaded)


def test_only_the_forms_that_are_offered_are_read():
    import pyogrio

    assert set(pyogrio.list_drivers()) == {"ESRI Shapefile", "GPKG", "GeoJSON", "OpenFileGDB"}
