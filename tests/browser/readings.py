"""What a test reads off the page in one go, and the filters that it tries."""

from __future__ import annotations

from random import Random
from typing import Any

from days import TODAY
from playwright.sync_api import Locator, Page, expect
from shipped import PLAN
from watched import settle

from layouts.facts.view import Known, View, read_view
from targets.published import load_published
from targets.selection import Filter, sentence
from targets.today import known_by, periods_known, periods_since

OPTIONS = PLAN.option_ids
ADCODES = (*PLAN.counties["adcode"], "620200")
# What an address may name on the tests' day, where nothing was imported: periods with figures, and those of the term.
PERIODS = periods_known(known_by(load_published().observations, TODAY), TODAY)
PERIODS |= periods_since(PLAN.term.begin.year, TODAY)
KNOWN = Known(options=OPTIONS, adcodes=frozenset(ADCODES), is_period=PERIODS.__contains__)
# How often a random filter holds so many options of a group.
AMOUNTS, WEIGHTS = (0, 1, 2, 3, 5), (45, 25, 15, 10, 5)

# A press paints the map at once and the rest in the next frame: this waits for the rest.
NEXT_FRAME = """() => new Promise((done) => {
  const frame = (then) => requestAnimationFrame(() => setTimeout(then));
  frame(() => frame(() => (window.Atlas ? Atlas.atRest().then(done) : done())));
})"""
# Everything that a filter changes on the page.
SHOWN = (
    f"""async () => {{
  await ({NEXT_FRAME})();
  return ("""
    + """() => ({
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
}))();
}"""
)

# The whole document as text, its labels in order, without what comes later and stays: scripts, charts.
LOOK = """() => {
  const copy = document.documentElement.cloneNode(true);
  const later = "script, #spread-room, #spread-tables, #card, #hover-card, #hover-ring, #panels, [id^=plotly], style, "
    + "#search-field__assistiveHint, #js-plotly-tester";
  for (const node of copy.querySelectorAll(later)) node.remove();
  copy.querySelector("#search-field").removeAttribute("aria-describedby"); // and with it, its place among the others
  // A closed menu keeps the place where it last opened.
  for (const menu of copy.querySelectorAll(".dropdown-menu:not(.show)")) {
    for (const { name } of [...menu.attributes]) if (/popper|placement|style/.test(name)) menu.removeAttribute(name);
  }
  const labels = copy.querySelector("#labels");
  labels.replaceChildren(...[...labels.children].sort((a, b) => (a.outerHTML < b.outerHTML ? -1 : 1)));
  const fields = [...document.querySelectorAll("select, input")].map((field) => field.value);
  const text = copy.outerHTML.replace(/react-aria[\\w:-]+/g, "").replace(/ (class|d|style)=""/g, "");
  return `${text} ${fields} ${d3.zoomTransform(Atlas.map.svg)} ${document.getElementById("card").textContent}`;
}"""
# Undoes what a view's address does not hold.
PUT_BACK = """() => {
  Atlas.map.focusOn(0);
  document.activeElement?.blur();
  if (document.documentElement.classList.contains("spread-open")) document.getElementById("spread-toggle").click();
  document.getElementById("spread-table").open = false;
  document.documentElement.classList.remove("filter-open");
  const search = document.getElementById("search-field");
  if (search.value) {
    search.value = "";
    search.dispatchEvent(new Event("input", { bubbles: true }));
  }
  for (const [id, value] of [["sort", "code"], ["zoom-to", "all"]]) {
    const select = document.getElementById(id);
    if (select.value === value) continue;
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  Atlas.map.resetZoom(0);
  Atlas.map.leave();
  scrollTo(0, 0);
}"""
GO = """(query) => {
  history.pushState(null, "", query ? `/?${query}` : "/");
  dispatchEvent(new PopStateEvent("popstate"));
}"""


def go(page: Page, query: str) -> Page:
    """Take a page that is open to another view, by its address, without loading it again."""
    page.evaluate(GO, query)
    settle(page)
    view = read(query)
    left = len(page.evaluate("() => [...Atlas.matched].filter(Boolean)"))
    says(page, sentence(view.filter, left, PLAN, view.lang))
    if view.county:
        expect(page.locator("#card code")).to_have_text(view.county)
    else:
        expect(page.locator("#card")).to_be_empty()
    return page


def resize(page: Page, size: tuple[int, int]) -> None:
    """Give a page's window another size, and wait until the map has taken it up."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    at_rest(page)


def put_back(page: Page, size: tuple[int, int]) -> None:
    """Put a page back to the default view."""
    page.emulate_media(media="null", reduced_motion="null")
    resize(page, size)
    page.mouse.move(1, 1)
    page.evaluate(PUT_BACK)
    go(page, "")
    at_rest(page)


def at_rest(page: Page) -> None:
    """Wait until the map stands in its form, no zoom is under way, and the labels are laid."""
    page.wait_for_function(
        """() => {
          const { form, paths, svg } = Atlas.map;
          const square = /^M-?\\d+ -?\\d+h\\d+v\\d+h-\\d+z$/, gliding = /^M-?\\d+ -?\\d+L/;
          const arrived = (d) => (form === "tile" ? square.test(d) : !square.test(d) && !gliding.test(d));
          return !svg.__transition && paths.every((path) => arrived(path.getAttribute("d")));
        }"""
    )
    page.evaluate(NEXT_FRAME)


def shown(page: Page) -> dict[str, Any]:
    """Return what the page shows now: query, map, list, counts, chips, legend."""
    return page.evaluate(SHOWN)


def accessible_names(page: Page) -> dict[str, str]:
    """Return the counties' accessible names by adcode."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("path.county")].map(
          (path) => [path.dataset.adcode, path.getAttribute("aria-label")]))"""
    )


DRAWER = "(one, open) => { const drawer = one.closest('.filter-drawer'); if (drawer) drawer.open = open; }"


def use(page: Page, selector: str) -> None:
    """Press the first control of a selector, in whatever drawer it lies; the drawer is shut again."""
    one = page.locator(selector).first
    one.evaluate(DRAWER, True)
    one.click()
    page.evaluate("() => { for (const one of document.querySelectorAll('.filter-drawer')) one.open = false; }")


def chip(page: Page, option: str) -> Locator:
    """Return an option of the filter; it is in sight where its drawer is open."""
    return page.locator(f'#rail [data-option="{option}"]')


def choose(page: Page, option: str) -> None:
    """Press an option of the filter."""
    use(page, f'#rail [data-option="{option}"]')


def exclude(page: Page, option: str) -> None:
    """Press what excludes an option of the filter."""
    use(page, f'#rail [data-exclude="{option}"]')


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
        Filter.of(
            OPTIONS,
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
