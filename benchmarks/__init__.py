"""Side-by-side measurement: this app, a plain ECharts page, a usual Dash choropleth (``python -m benchmarks.run``)."""
