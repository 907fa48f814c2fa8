"""一年一结账: the yearly ranking and its lists, computed only by a scheme that was imported.

Step by step, none reaching back: `records` (what was imported, and its tables) → `forms` (the workbooks' columns and
words, and the templates) → `points` (figures to points, each as wide as what is known) → `ranks` (ranks as intervals,
and who is on a list) → `account` (a year's account) → `sway` (what if, and which figures would decide most).
`targets.intake.settlement` reads the workbooks. No weight, type, value or reading is made up anywhere here.
"""
