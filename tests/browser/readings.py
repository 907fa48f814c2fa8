"""What a test reads off the page in one go, and the filters that it tries."""

from __future__ import annotations

from random import Random
from typing import Any

from playwright.sync_api import Page, expect

from layouts.view import Known, View, read_view
from targets.plan import load_plan
from targets.selection import Filter

OPTIONS = load_plan().option_ids
ADCODES = (*load_plan().counties["adcode"], "620200")
KNOWN = Known(options=OPTIONS, adcodes=frozenset(ADCODES))
# How often a random filter holds so many options of a group.
AMOUNTS, WEIGHTS = (0, 1, 2, 3, 5), (45, 25, 15, 10, 5)

# Everything that a filter changes on the page.
SHOWN = """() => ({
  query: location.search.slice(1),
  map: Object.fromEntries([...document.querySelectorAll("#county-map path.county")].map(
    (path) => [path.dataset.adcode, [path.dataset.match, path.dataset.class]])),
  list: [...document.querySelectorAll("#county-list [data-adcode]")].map((row) => row.dataset.adcode),
  count: parseInt(document.getElementById("match-count").textContent, 10),
  listCount: document.getElementById("list-count").textContent,
  chips: Object.fromEntries([...document.querySelectorAll("[data-option]")].map(
    (chip) => [chip.dataset.option, Number(chip.querySelector(".chip-count").textContent)])),
  pressed: Object.fromEntries([...document.querySelectorAll("[data-option]")].map(
    (chip) => [chip.dataset.option, chip.getAttribute("aria-pressed")])),
  legend: Object.fromEntries([...document.querySelectorAll("#legend [data-legend]")].map(
    (row) => [row.dataset.legend, Number(row.querySelector(".legend-count").textContent)])),
})"""


def shown(page: Page) -> dict[str, Any]:
    """Return what the page shows now: query, map, list, counts, chips, legend."""
    return page.evaluate(SHOWN)


def matching(page: Page) -> list[str]:
    """Return the adcodes painted as matching, in code order."""
    return sorted(adcode for adcode, (match, _) in shown(page)["map"].items() if match == "1")


def says(page: Page, text: str) -> None:
    """Wait until Python's sentence on the filter is this one."""
    expect(page.locator("#filter-sentence")).to_have_text(text)


def random_filters(chance: Random, amount: int) -> list[Filter]:
    """Return random filters over all groups, both switches, and exclusions of any option."""
    every = [option for ids in OPTIONS.values() for option in ids]

    def some(ids: Any) -> tuple[str, ...]:
        return tuple(chance.sample(list(ids), min(len(ids), chance.choices(AMOUNTS, WEIGHTS)[0])))

    return [
        Filter(
            **{group: some(ids) for group, ids in OPTIONS.items()},
            exclude=some(every),
            cluster_op=chance.choice(("any", "all")),
            energy_op=chance.choice(("any", "all")),
        )
        for _ in range(amount)
    ]


def query_of(chosen: Filter, **more: Any) -> str:
    """Return the query of the view with this filter."""
    return View(filter=chosen, **more).query()


def read(query: str) -> View:
    """Read a query as Python does."""
    return read_view(query, KNOWN)[0]
