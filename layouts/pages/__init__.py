"""The pages, one a file; its `PAGE` says all that others need to know of it."""

from importlib import import_module

from layouts.facts.pages import PAGES

# In the order of the navigation; last the pages of one place.
FILES = (
    "map",
    "progress",
    "overlap",
    "compare",
    "settlement",
    "plan",
    "meeting",
    "data",
    "county",
    "prefecture",
)
PAGES |= {page.id: page for page in (import_module(f"{__name__}.{file}").PAGE for file in FILES)}
