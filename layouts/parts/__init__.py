"""What pages are set from: markup, marks, charts, the county map, colours."""
