"""Boundaries and names of places; and, before GDAL is loaded, what it may read at all.

A boundary file must not fetch anything, nor read another file: GDAL looks into a file and not at its ending, and some
of its drivers follow addresses. So only the drivers of the forms that are offered are loaded.
"""

import os

# Every driver of the pinned GDAL but ESRI Shapefile, GPKG, GeoJSON and OpenFileGDB; it takes the list from the
# environment only, when it is loaded. A test holds it against what GDAL then offers.
NOT_READ = (
    "ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CSV", "CSW", "Carto", "DGN", "DXF", "EDIGEO", "EEDA",
    "ESRIJSON", "Elasticsearch", "FlatGeobuf", "GDALG", "GML", "GPSBabel", "GPX", "GTFS", "GeoJSONSeq", "GeoRSS",
    "HTTP", "Idrisi", "JML", "JSONFG", "KML", "LIBKML", "LVBAG", "MBTiles", "MEM", "MVT", "MapInfo File", "MapML",
    "MiraMonVector", "NGW", "OAPIF", "ODS", "OGCAPI", "OGR_GMT", "OGR_PDS", "OGR_VRT", "OSM", "PCIDSK",
    "PDF", "PDS4", "PGDUMP", "PLSCENES", "PMTiles", "S57", "SQLite", "SXF", "Selafin", "TopoJSON", "VDV", "VFK",
    "VICAR", "WAsP", "WFS", "XLSX",
)  # fmt: skip
os.environ["OGR_SKIP"] = ",".join(NOT_READ)
# pyogrio has GDAL register its drivers more than once, and each time but the first it complains of those left out.
os.environ.setdefault("CPL_LOG", os.devnull)
