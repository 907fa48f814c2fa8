"""Pressing: chips, switches, legend, charts, list; each held against the plan's own lists, read from the CSV files."""

from __future__ import annotations

import re

import pytest
from plan_files import PUBLISHED, by_option, facts, named, rows
from playwright.sync_api import Page, expect
from readings import OPTIONS, chip, choose, exclude, go, matching, query_of, read, says, shown, use
from shipped import PLAN
from watched import settle

from targets.selection import Filter, empty_sentence, select, sentence

HELD = by_option()
NAMES = {row["adcode"]: row["name_short"] for row in rows("counties")}
# Set before any script of the page: when its rooms stand around the map.
NOTE_READY = """
new MutationObserver((changes, observer) => {
  if (document.documentElement.classList.contains("is-starting") || !document.getElementById("map-stage")) return;
  window.readyAt = performance.now();
  window.countiesThen = document.querySelectorAll("#map-stage path.county").length;
  observer.disconnect();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["class"] });
"""


def is_shown(page: Page, chosen: Filter, counties: set[str], **more) -> None:
    """Hold everything on the page against a filter and the counties that it must leave."""
    found = shown(page)
    assert set(matching(page)) == counties
    assert set(found["list"]) == counties and len(found["list"]) == len(counties)
    assert found["count"] == len(counties)
    assert found["query"] == query_of(chosen, **more)
    says(page, sentence(chosen, len(counties), PLAN))
    expect(page.locator("#map-sentence")).to_have_text(sentence(chosen, len(counties), PLAN))


def test_the_map_is_painted_before_the_press_is_over(page):
    """In the very task of the press, before any frame and any answer."""
    painted = page.evaluate(
        """() => {
          document.querySelector('#rail [data-option="C2"]').click();
          return Atlas.map.paths.filter((path) => path.dataset.match === "1").map((path) => path.dataset.adcode);
        }"""
    )
    assert set(painted) == HELD["C2"]


def test_two_clusters_at_once(page):
    choose(page, "C1")
    choose(page, "C4")
    is_shown(page, Filter(cluster=("C1", "C4")), HELD["C1"] | HELD["C4"])
    use(page, '[data-choice="cluster_op=all"]')
    is_shown(page, Filter(cluster=("C1", "C4"), cluster_op="all"), named("崆峒区", "甘州区"))
    rows_shown = page.locator("#county-list .row-name").all_text_contents()
    assert rows_shown == ["甘州区", "崆峒区"]
    expect(page.locator("#filter-sentence")).to_contain_text("先进制造 且 化工及煤电")


def test_a_chip_takes_in_and_its_neighbour_excludes(page):
    everyone = set(facts())
    for option in ("WIND", "B4", "620900", "2023", "none"):
        group = next(group for group, ids in OPTIONS.items() if option in ids)
        expect(chip(page, option)).to_have_attribute("aria-pressed", "false")
        choose(page, option)
        expect(chip(page, option)).to_have_attribute("aria-pressed", "true")
        is_shown(page, Filter(**{group: (option,)}), HELD[option])
        choose(page, option)
        expect(chip(page, option)).to_have_attribute("aria-pressed", "false")
        exclude(page, option)
        expect(chip(page, option)).to_have_attribute("aria-pressed", "mixed")
        expect(page.locator(f'[data-exclude="{option}"]')).to_have_attribute("aria-pressed", "true")
        is_shown(page, Filter(exclude=(option,)), everyone - HELD[option])
        exclude(page, option)
        expect(chip(page, option)).to_have_attribute("aria-pressed", "false")
        is_shown(page, Filter(), everyone)


def test_the_example_of_the_screens(page):
    """风电 且 光热，非 抽水蓄能，目标 100–200 亿元."""
    for option in ("WIND", "CSP", "B5"):
        choose(page, option)
    use(page, '[data-choice="energy_op=all"]')
    exclude(page, "PSH")
    chosen = Filter(energy=("WIND", "CSP"), energy_op="all", exclude=("PSH",), band=("B5",))
    is_shown(page, chosen, (HELD["WIND"] & HELD["CSP"] & HELD["B5"]) - HELD["PSH"])


def test_pv_presses_its_three_kinds(page):
    pv = '[data-kinds="PV"]'
    use(page, pv)
    is_shown(page, Filter(energy=("PV1", "PV2", "PV3")), HELD["PV1"] | HELD["PV2"] | HELD["PV3"])
    use(page, pv)
    is_shown(page, Filter(), set(facts()))
    choose(page, "PV2")
    exclude(page, "PV3")
    use(page, pv)
    is_shown(page, Filter(energy=("PV1", "PV2", "PV3")), HELD["PV1"] | HELD["PV2"] | HELD["PV3"])


@pytest.mark.parametrize(("layer", "option"), [("band", "B4"), ("road", "2024"), ("cluster", "C5"), ("energy", "PSH")])
def test_a_class_of_the_legend_filters(page, layer, option):
    go(page, f"layer={layer}")
    group = next(group for group, ids in OPTIONS.items() if option in ids)
    row = page.locator(f'#legend [data-legend="{option}"]')
    row.click()
    is_shown(page, Filter(**{group: (option,)}), HELD[option], layer=layer)
    expect(row).to_have_attribute("aria-pressed", "true")
    expect(chip(page, option)).to_have_attribute("aria-pressed", "true")
    row.click()
    is_shown(page, Filter(), set(facts()), layer=layer)


def test_clear_all_keeps_all_but_the_filter(page):
    go(page, "layer=energy&band=B5&cluster=C2,C3&cluster_op=all&prefecture=620900&not=WIND&county=620922&theme=dark")
    page.locator("#clear").click()
    is_shown(page, Filter(), set(facts()), layer="energy", county="620922", theme="dark")
    expect(page.locator("#clear")).to_be_disabled()
    assert set(shown(page)["pressed"].values()) == {"false"}


def test_an_empty_result_says_what_to_loosen(page, held):
    for option in ("B1", "WIND"):
        choose(page, option)
    chosen = Filter(band=("B1",), energy=("WIND",))
    assert select(chosen, held) == ()
    is_shown(page, chosen, set())
    expect(page.locator("#notice")).to_contain_text(empty_sentence(chosen, held, PLAN))
    expect(page.locator("#notice")).to_contain_text("去掉“风电")
    expect(page.locator("#county-list .nobody")).to_be_visible()
    assert page.locator("path.county").count() == 87
    choose(page, "WIND")
    expect(page.locator("#notice")).to_be_empty()
    choose(page, "B1")
    choose(page, "620200")
    expect(page.locator("#notice")).to_contain_text("嘉峪关市不设县")


# ---- the county card


def test_picking_from_the_list_opens_the_card(page):
    row = page.locator('#county-list [data-adcode="620922"]')
    row.click()
    assert shown(page)["query"] == "county=620922"
    expect(page.locator("#card h2")).to_have_text("瓜州县")
    expect(row).to_have_attribute("aria-current", "true")
    expect(page.locator("#c620922")).to_have_attribute("aria-pressed", "true")
    assert page.locator("#picked-ring").get_attribute("d") == page.locator("#c620922").get_attribute("d")
    page.locator('[data-adcode="620102"].row-pick').click()
    expect(page.locator("#card h2")).to_have_text("城关区")
    expect(page.locator("path.county[aria-pressed=true]")).to_have_count(1)
    expect(page.locator(".row-pick[aria-current=true]")).to_have_count(1)
    page.locator('[data-action="close-card"]').click()
    expect(page.locator("#card")).to_be_empty()
    assert shown(page)["query"] == ""


@pytest.mark.parametrize("name", ["瓜州县", "宕昌县", "通渭县", "玛曲县", "凉州区"])
def test_the_card_names_each_role_with_its_clause_and_departments(page, name):
    adcode = next(iter(named(name)))
    go(page, f"county={adcode}")
    expect(page.locator("#card h2")).to_have_text(name)
    said = page.locator("#card").evaluate("(card) => card.textContent")
    tables = {"一": "bands", "二": "clusters", "三": "energy"}
    for box, table in tables.items():
        for option in rows(table):
            clause = f"专栏{box}·{option['item']}"
            if adcode in HELD[option["id"]]:
                assert clause in said, (name, clause)
                assert (option["zh_short"] if box == "一" else option["zh"]) in said
    departments = {
        task: [row["department"] for row in rows("task_departments") if row["task"] == task] for task in "23"
    }
    held = facts()[adcode]
    for task, options in (("2", {"C1", "C2", "C3", "C4", "C5"}), ("3", {"PV1", "PV2", "PV3", "WIND", "CSP", "PSH"})):
        for option in held & options:
            mark = page.locator("#card .card-roles li", has=page.locator(f'[data-role="{option}"]')).locator(
                ".source-mark"
            )
            mark.click()
            expect(page.locator("#provenance")).to_contain_text("、".join(departments[task]))
            page.keyboard.press("Escape")
            expect(page.locator("#provenance")).to_be_hidden()
            assert page.locator("#card h2").is_visible(), "Escape closes the panel, and not the card"
    if held & {"2022", "2023", "2024", "2025"}:
        assert f"计划{next(iter(held & {'2022', '2023', '2024', '2025'}))}年" in said
    people = next(row for row in rows("census2020", PUBLISHED) if row["adcode"] == adcode)
    assert f"常住{int(people['population']) / 10000:.1f}万人" in said
    mark = page.locator("#card .source-mark").first
    mark.click()
    expect(page.locator("#provenance")).to_be_visible()
    page.emulate_media(media="print")
    assert mark.is_visible() and not page.locator("#provenance").is_visible(), "on paper the clause, and not its panel"


def test_jiayuguan_is_no_county(page):
    page.locator("#c620200").click()
    expect(page.locator("#card h2")).to_have_text("嘉峪关市")
    expect(page.locator("#card")).to_contain_text(
        "嘉峪关市是地级市，不设县（市、区），不是县域；方案的县域名单没有它。"
    )
    assert shown(page)["count"] == 86


# ---- the list


def sort_keys() -> dict[str, dict[str, tuple]]:
    bands = [*OPTIONS["band"]]
    people = {row["adcode"]: int(row["population"]) for row in rows("census2020", PUBLISHED)}
    roles = {option for group in ("cluster", "energy") for option in OPTIONS[group]}
    every = facts()
    return {
        "code": {adcode: (adcode,) for adcode in every},
        "band": {a: (min(bands.index(i) for i in ids if i in bands), a) for a, ids in every.items()},
        "roles": {a: (-len(ids & roles), a) for a, ids in every.items()},
        "road": {a: (min(ids & set(OPTIONS["road"]), default="9"), a) for a, ids in every.items()},
        "population": {a: (-people[a], a) for a in every},
        "name": {r["adcode"]: (r["pinyin"].replace("'", ""),) for r in rows("counties")},
    }


def test_the_list_sorts(page):
    for sort, key in sort_keys().items():
        page.locator("#sort").select_option(sort)
        found = [key[adcode] for adcode in shown(page)["list"]]
        assert found == sorted(found) and len(found) == 86, sort
    page.locator("#sort").select_option("population")
    choose(page, "C2")
    key = sort_keys()["population"]
    assert shown(page)["list"] == sorted(HELD["C2"], key=key.__getitem__)


# ---- the spread charts


def bars(page: Page) -> dict[str, int]:
    """Return the number written over each bar, by option."""
    return page.evaluate(
        """() => Object.fromEntries(document.querySelector("#spread-graph .js-plotly-plot").data.flatMap((trace) =>
          trace.customdata.map((option, i) => [option, trace.y[i]])))"""
    )


def spread_of(counties: set[str]) -> dict[str, int]:
    groups = ("band", "cluster", "energy", "prefecture")
    return {option: len(HELD.get(option, set()) & counties) for group in groups for option in OPTIONS[group]}


def open_spread(page: Page) -> None:
    page.locator("#spread-toggle").click()
    page.locator("#spread-graph .barlayer .point").first.wait_for()


def test_plotly_comes_after_the_map(visit):
    page = visit.blank()
    page.add_init_script(NOTE_READY)
    page.goto(visit.server.url)
    settle(page)
    assert page.evaluate("() => window.Plotly") is None, "nobody has opened a chart"
    page.locator("#spread-toggle").click()
    page.locator("#spread-graph .barlayer .point").first.wait_for()
    found = page.evaluate(
        """() => ({
          ready: window.readyAt, counties: window.countiesThen,
          painted: performance.getEntriesByType("paint")[0].startTime,
          plotly: performance.getEntriesByType("resource").filter((one) => one.name.includes("plotly"))
            .map((one) => one.startTime) })"""
    )
    assert found["counties"] == 87
    assert len(found["plotly"]) == 2, "the bundle and its locale"
    assert min(found["plotly"]) > found["ready"]
    assert min(found["plotly"]) > found["painted"]


def test_a_bar_presses_like_a_chip(page):
    open_spread(page)
    assert bars(page) == spread_of(set(facts()))
    for option in ("B4", "C4"):
        place = page.evaluate(
            """(option) => {
              const plot = document.querySelector("#spread-graph .js-plotly-plot");
              const trace = plot.data.findIndex((one) => one.customdata.includes(option));
              const point = plot.data[trace].customdata.indexOf(option);
              const layers = [...plot.querySelectorAll(".trace.bars")];
              const box = layers[trace].querySelectorAll(".point path")[point].getBoundingClientRect();
              return [box.left + box.width / 2, box.top + box.height / 2];
            }""",
            option,
        )
        page.mouse.move(*place)
        page.mouse.click(*place)
        expect(chip(page, option)).to_have_attribute("aria-pressed", "true")
    counties = HELD["B4"] & HELD["C4"]
    is_shown(page, Filter(band=("B4",), cluster=("C4",)), counties)
    page.wait_for_function("() => document.querySelector('#spread-graph .js-plotly-plot').data[0].y[0] === 0")
    assert bars(page) == spread_of(counties)
    written = page.locator("#spread-graph .bartext").all_text_contents()
    assert [int(text) for text in written] == list(spread_of(counties).values())


def test_the_charts_have_a_twin_in_words(page):
    page.locator("#spread-toggle").click()
    page.locator("#spread-table summary").click()
    page.locator("#spread-tables tr").first.wait_for()

    def table() -> dict[str, int]:
        return page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll("#spread-tables tr")].map((row) =>
              [row.querySelector("button").dataset.legend, Number(row.lastChild.textContent)]))"""
        )

    assert table() == spread_of(set(facts()))
    page.locator('#spread-tables [data-legend="C2"]').click()
    is_shown(page, Filter(cluster=("C2",)), HELD["C2"])
    assert table() == spread_of(HELD["C2"])
    assert re.search("产业集群", page.locator("#spread-tables").inner_text())


def test_the_address_reads_back_as_the_view(page):
    """What was pressed stands in the address, in the plan's order, whatever the order of presses."""
    for option in ("PSH", "C4", "620900", "B5", "C1", "B4"):
        choose(page, option)
    query = shown(page)["query"]
    assert query == "band=B4,B5&cluster=C1,C4&energy=PSH&prefecture=620900"
    assert read(query).query() == query
