"""What most tutorials show: a callback that returns a new ``px.choropleth``, GeoJSON and all, on every press."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import plotly.express as px
import shapely
from dash import Dash, Input, Output, callback, dcc, html
from waitress import serve

from benchmarks.shapes import COLOURS, PALE, clusters, counties, matching

SCALE = [PALE, *COLOURS]


def make_app() -> Dash:
    """Build the app; the topojson that Plotly's geo asks a CDN for, though nothing of it shows, comes from here."""
    frame = counties().to_crs(4326)
    # A planar ring runs clockwise for d3-geo, or it would be the rest of the world.
    frame["geometry"] = shapely.orient_polygons(
        shapely.transform(frame.geometry.to_numpy(), lambda xy: xy.round(4)), exterior_cw=True
    )
    geojson = json.loads(frame[["geometry"]].to_json())
    table = frame[["band"]].reset_index()
    app = Dash(
        __name__, compress=True, assets_folder=str(Path(__file__).parent / "vendor"), assets_ignore=".*", title="naive"
    )
    buttons = [html.Button(name, id=name, **{"data-option": name}) for name in clusters()]
    app.layout = html.Div(
        [
            html.Div(buttons, style={"width": 320}),
            dcc.Graph(id="map", style={"width": 786, "height": 590}, config={"topojsonURL": app.get_asset_url("")}),
        ],
        style={"display": "flex"},
    )

    @callback(Output("map", "figure"), [Input(name, "n_clicks") for name in clusters()])
    def draw(*clicks: int | None):
        matched = matching({name: (n or 0) % 3 for name, n in zip(clusters(), clicks, strict=True)})
        shown = table["band"].add(1).where(table["adcode"].isin(matched), 0)
        figure = px.choropleth(
            table,
            geojson=geojson,
            locations="adcode",
            color=shown,
            color_continuous_scale=SCALE,
            range_color=(0, len(SCALE) - 1),
        )
        figure.update_geos(fitbounds="locations", visible=False)
        figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, coloraxis_showscale=False)
        return figure

    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    serve(make_app().server, host="127.0.0.1", port=parser.parse_args().port, threads=8)
