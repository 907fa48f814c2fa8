"""The yardstick: a hand-written static ECharts page, its shapes in ECharts' own encoding, served from memory."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import shapely
from flask import Flask, Response
from flask_compress import Compress, DictCache
from waitress import serve

from benchmarks.shapes import COLOURS, NO_COUNTY, PALE, clusters, counties

HERE = Path(__file__).parent
UNIT = 100  # metres, as on the atlas's own map


def page() -> str:
    """Return the page with its data inlined: one request less before the map."""
    frame = counties()
    features = [_feature(adcode, shape) for adcode, shape in frame.geometry.items()]
    data = {
        "geojson": {"type": "FeatureCollection", "UTF8Encoding": True, "UTF8Scale": 1, "features": features},
        "bands": frame["band"].to_dict(),
        "clusters": clusters(),
        "colours": COLOURS,
        "pale": PALE,
        "noCounty": NO_COUNTY,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return (HERE / "echarts.html").read_text(encoding="utf-8").replace("/*DATA*/", text)


def make_app() -> Flask:
    """Serve page and library, each compressed once and kept."""
    app = Flask(__name__, static_folder=None)
    app.config.update(COMPRESS_CACHE_BACKEND=DictCache, COMPRESS_CACHE_KEY=lambda request: request.path)
    Compress(app)
    bodies = {
        "": (page().encode(), "text/html"),
        "echarts.min.js": ((HERE / "vendor" / "echarts.min.js").read_bytes(), "text/javascript"),
    }

    @app.get("/")
    @app.get("/<name>")
    def file(name: str = "") -> Response:
        body, mimetype = bodies.get(name, (b"", "text/plain"))
        return Response(body, 200 if name in bodies else 404, mimetype=mimetype)

    return app


def _feature(adcode: str, shape: shapely.Geometry) -> dict:
    polygons = [[_encode(ring) for ring in shapely.get_rings(part)] for part in shapely.get_parts(shape)]
    geometry = {
        "type": "MultiPolygon",
        "coordinates": [[text for text, _ in rings] for rings in polygons],
        "encodeOffsets": [[start for _, start in rings] for rings in polygons],
    }
    return {"type": "Feature", "properties": {"name": adcode}, "geometry": geometry}


def _encode(ring: shapely.LinearRing) -> tuple[str, list[int]]:
    """Write a ring as ECharts reads it: zigzag differences as characters, from a start point."""
    points = np.rint(shapely.get_coordinates(ring) / UNIT).astype(int)
    steps = np.diff(points, axis=0, prepend=points[:1]).ravel()
    return "".join(chr(64 + (int(step) << 1 ^ int(step) >> 31)) for step in steps), points[0].tolist()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    serve(make_app(), host="127.0.0.1", port=parser.parse_args().port, threads=8)
