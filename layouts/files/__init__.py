"""The files to take away, one format or subject a file; its `FILES` say all that others need to know of them."""

from importlib import import_module

from layouts.facts.exports import FILES

# In the order in which they are offered.
NAMES = (
    "counties",
    "compare",
    "progress",
    "observations",
    "settlement",
    "templates",
    "pptx",
    "annex",
    "deck",
)
FILES |= {file.id: file for name in NAMES for file in import_module(f"{__name__}.{name}").FILES}
