"""Side-by-side measurement of this app, a plain ECharts page and a usual Dash choropleth (``python -m benchmarks.run``)."""
