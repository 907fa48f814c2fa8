"""From a phone to a projector: nothing scrolls that should not, nothing is cut off, and fingers reach everything."""

from __future__ import annotations

import pytest
from plan_files import by_option
from playwright.sync_api import Page, expect
from readings import chip, choose, go, matching, resize, shown

HELD = by_option()
PHONE = {"size": (390, 844), "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESKS = {"laptop": (1366, 768), "projector": (1920, 1080), "4K": (3840, 2160)}
OVERFLOW = """() => {
  const root = document.scrollingElement;
  return [root.scrollWidth - innerWidth, root.scrollHeight - innerHeight];
}"""
# Controls of a bar that lie outside of it, over one another, or under something else; and words cut off.
CLIPPED = """(bars) => {
  const wrong = [];
  const say = (node, what) => wrong.push(`${what}: ${node.id || node.textContent.trim().slice(0, 20)}`);
  for (const bar of bars.map((one) => document.querySelector(one))) {
    const room = bar.getBoundingClientRect();
    if (bar.scrollWidth > bar.clientWidth + 1 && getComputedStyle(bar).overflowX === "visible") say(bar, "too full");
    const unseen = ".autocomplete__hint, .visually-hidden, .dropdown-item";
    const controls = [...bar.querySelectorAll("button, select, input, h1, .brand-sub")].filter((one) =>
      one.checkVisibility() && one.getBoundingClientRect().width && !one.matches(unseen));
    const boxes = controls.map((one) => one.getBoundingClientRect());
    controls.forEach((control, i) => {
      const box = boxes[i];
      const isWithin = box.left >= room.left - 1 && box.right <= room.right + 1
        && box.top >= room.top - 1 && box.bottom <= room.bottom + 1;
      if (!isWithin) say(control, "outside its bar");
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (top !== control && !control.contains(top)) say(control, "covered");
      if (control.scrollWidth > control.clientWidth + 1) say(control, "words cut off");
      controls.forEach((other, k) => {
        const shared = [Math.min(box.right, boxes[k].right) - Math.max(box.left, boxes[k].left),
          Math.min(box.bottom, boxes[k].bottom) - Math.max(box.top, boxes[k].top)];
        if (k > i && !control.contains(other) && Math.min(...shared) > 1) say(control, `over ${other.textContent}`);
      });
    });
  }
  return wrong;
}"""
# Words that run out of their control, or into the number beside them; and a choice wider than its box.
CRAMPED = """() => {
  const wrong = [], pen = document.createElement("canvas").getContext("2d");
  const width = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getBoundingClientRect();
  };
  for (const chip of document.querySelectorAll("#rail .chip, .legend-row, .row-pick, .panel figcaption")) {
    if (!chip.checkVisibility()) continue;
    const room = chip.getBoundingClientRect();
    const parts = [...chip.children].filter((one) => one.textContent && one.checkVisibility()).map(width)
      .filter((box) => box.width);
    for (const part of parts) {
      if (part.right > room.right + 1 || part.left < room.left - 1) wrong.push(`runs out: ${chip.textContent}`);
    }
    for (const [i, a] of parts.entries()) for (const b of parts.slice(i + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 6) wrong.push(`runs together: ${chip.textContent}`);
    }
  }
  for (const select of document.querySelectorAll("select")) {
    if (!select.clientWidth) continue;
    const style = getComputedStyle(select);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const free = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    for (const { text } of select.options) {
      if (pen.measureText(text).width > free + 1) wrong.push(`cut off: ${text} in #${select.id}`);
    }
  }
  return [...new Set(wrong)];
}"""


# From a phone to a projector, and laptops whose system enlarges: 1366 at 125 %, 1920 at 200 %, and 4:3.
WIDTHS = [*((width, 768) for width in range(360, 1921, 40)), (1093, 614), (960, 540), (1024, 768), (1280, 960)]
# Heads and tools that lie over one another or outside their bar, and counties whose name would be under the legend.
CROWDED = """() => {
  const box = (one) => one.getBoundingClientRect(), legend = box(document.getElementById("legend")), wrong = [];
  const over = (a, b) => a.right > b.left + 1 && a.left < b.right - 1 && a.bottom > b.top + 1 && a.top < b.bottom - 1;
  const name = (one) => one.id || one.textContent.trim().slice(0, 12);
  const isDesk = innerWidth >= 900; // a phone's bars scroll
  const bars = "#masthead > *, #tools > *, .list-head > *, #zoom-buttons, #legend, #map-title";
  const parts = [...document.querySelectorAll(bars)].filter((one) => isDesk && box(one).width);
  for (const [i, a] of parts.entries()) {
    for (const b of parts.slice(i + 1)) if (over(box(a), box(b))) wrong.push(`${name(a)} over ${name(b)}`);
    if (box(a).right > box(a.parentElement).right + 1) wrong.push(`${name(a)} outside`);
  }
  if (document.scrollingElement.scrollWidth > innerWidth) wrong.push("scrolls");
  const map = box(Atlas.map.svg), { width, height } = Atlas.data.frame;
  const scale = Math.min(map.width / width, map.height / height);
  const at = [map.x + (map.width - scale * width) / 2, map.y + (map.height - scale * height) / 2];
  for (const { label, zh } of Atlas.counties) {
    const [left, top] = at.map((start, i) => start + scale * label[i]);
    const spot = { left, right: left, top, bottom: top };
    if (over(spot, legend)) wrong.push(`${zh} under the legend`);
  }
  return wrong;
}"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_at_every_width_all_stands_beside_the_other(visit, lang):
    page = visit(f"lang={lang}")
    found = {}
    for layer in ("band", "progress"):  # the most classes, the most tools
        page.evaluate("(layer) => Atlas.change({ layer })", layer)
        page.wait_for_function(
            "(layer) => document.querySelector('#legend .swatch').dataset.layer === layer", arg=layer
        )
        for size in WIDTHS[:: 1 if lang == "zh" else 2]:
            resize(page, size)
            if wrong := page.evaluate(CROWDED):
                found[layer, size] = wrong
    assert not found
    resize(page, (1024, 768))
    choose(page, "C1")
    assert set(matching(page)) == HELD["C1"]


@pytest.mark.parametrize("size", DESKS.values(), ids=DESKS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_desk_shows_everything_without_scrolling(page, size, lang):
    resize(page, size)
    wrong = {}
    for state in (
        "default",
        "layer=cluster&cluster=C1,C2,C3&energy=WIND&county=620922",
        "map=tile",
        "map=panels&layer=energy",
    ):
        go(page, f"{'' if state == 'default' else state}&lang={lang}".removeprefix("&"))
        assert page.evaluate(OVERFLOW) == [0, 0], state
        found = page.evaluate(CLIPPED, ["#masthead", "#tools"]) + page.evaluate(CRAMPED)
        if found:
            wrong[state] = found
    assert not wrong


@pytest.mark.parametrize("size", DESKS.values(), ids=DESKS)
def test_the_map_fills_its_room(page, size):
    resize(page, size)
    room = page.locator("#stage").bounding_box()
    drawn = page.locator("#counties").bounding_box()
    assert max(drawn["width"] / room["width"], drawn["height"] / room["height"]) > 0.8
    legend, inset = page.locator("#legend").bounding_box(), page.locator("#inset-ground").bounding_box()
    for box in (legend, inset):
        assert room["x"] <= box["x"] and box["x"] + box["width"] <= room["x"] + room["width"]
        assert room["y"] <= box["y"] and box["y"] + box["height"] <= room["y"] + room["height"]


def test_the_open_charts_leave_room_for_the_map(page):
    page.locator("#spread-toggle").click()
    page.locator("#spread-graph .barlayer .point").first.wait_for()
    assert page.evaluate(OVERFLOW) == [0, 0]
    assert page.locator("#county-map").bounding_box()["height"] > 250
    plot, room = page.locator("#spread-graph").bounding_box(), page.locator("#spread-body").bounding_box()
    assert plot["y"] + plot["height"] <= room["y"] + room["height"] + 1
    assert plot["x"] + plot["width"] <= room["x"] + room["width"] + 1


@pytest.mark.parametrize("size", DESKS.values(), ids=DESKS)
def test_the_names_under_the_bars_do_not_run_together(page, size):
    resize(page, size)
    if not page.locator("#spread-body").is_visible():
        page.locator("#spread-toggle").click()
    page.locator("#spread-graph .barlayer .point").first.wait_for()
    # The chart lays itself out anew some time after its window has changed.
    page.wait_for_function(
        """() => {
          const names = [...document.querySelectorAll("#spread-graph .xaxislayer-above text")];
          const boxes = names.map((name) => name.getBoundingClientRect());
          return names.length > 20 && !names.some((name, i) => names.slice(i + 1).some((other, k) => {
            const [a, b] = [boxes[i], boxes[i + 1 + k]];
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            return across > 1 && down > 3;
          }));
        }"""
    )


# ---- phone


@pytest.fixture
def phone(visit) -> Page:
    return visit(**PHONE)


def test_a_phone_never_scrolls_sideways(phone):
    wide = """() => [...document.querySelectorAll("body *")].filter((one) => {
          const box = one.getBoundingClientRect();
          const scrolls = one.closest("#tools, svg, .visually-hidden, #rail");
          return box.width && !scrolls && one.checkVisibility() && (box.right > innerWidth + 1 || box.left < -1);
        }).map((one) => `${one.tagName} ${one.id} ${one.className}`)"""
    wrong = {}
    for query in (
        "", "county=621223&layer=energy", "map=panels&layer=energy", "map=tile", "lang=en&county=620102",
        "lang=en&map=panels",
    ):  # fmt: skip
        go(phone, query)
        assert phone.evaluate("innerWidth") == 390
        assert phone.evaluate(OVERFLOW)[0] <= 0, query
        phone.evaluate("() => scrollTo(0, 0)")
        if found := phone.evaluate(wide) + phone.evaluate(CLIPPED, ["#masthead"]):
            wrong[query] = found
    assert not wrong


def test_a_phone_has_the_map_over_the_list(phone):
    stage, side = phone.locator("#stage").bounding_box(), phone.locator("#side").bounding_box()
    assert stage["y"] + stage["height"] <= side["y"] + 1
    shapes = phone.locator("#counties").bounding_box()
    assert shapes["width"] > 300 and shapes["y"] + shapes["height"] < 844, "the whole map is on the first screen"
    legend = phone.locator("#legend").bounding_box()
    assert legend["y"] > shapes["y"] + shapes["height"] - 2, "the legend lies under the map"


def test_a_phones_filter_opens_and_closes(phone):
    rail = phone.locator("#rail")
    expect(rail).to_be_hidden()
    phone.locator('#masthead [data-action="toggle-filter"]').tap()
    expect(rail).to_be_visible()
    phone.locator('[data-drawer="cluster"] > summary').tap()
    one = chip(phone, "C1")
    one.scroll_into_view_if_needed()
    one.tap()
    assert shown(phone)["count"] == len(HELD["C1"])
    assert phone.evaluate(OVERFLOW)[0] <= 0
    rail.locator('[data-action="toggle-filter"]').tap()
    expect(rail).to_be_hidden()
    assert set(matching(phone)) == HELD["C1"]
    expect(phone.locator("#county-map")).to_be_in_viewport()


def test_a_tap_picks(phone):
    phone.locator("#c620922").tap()
    expect(phone.locator("#card h2")).to_have_text("瓜州县")
    assert shown(phone)["query"] == "county=620922"
    expect(phone.locator("#hover-card")).to_be_hidden()
    phone.locator('#card [data-action="close-card"]').tap()
    phone.locator("#county-list .row-pick").nth(3).tap()
    expect(phone.locator("#card h2")).to_have_text("安宁区")


def test_two_fingers_zoom(phone):
    box = phone.locator("#county-map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = phone.context.new_cdp_session(phone)

    def touch(kind: str, apart: float) -> None:
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}] if kind != "touchEnd" else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 30)
    for apart in (45, 60, 75, 90):
        touch("touchMove", apart)
    touch("touchEnd", 0)
    session.detach()
    phone.wait_for_function("() => d3.zoomTransform(document.getElementById('county-map')).k > 2")
    assert shown(phone)["query"] == ""


def test_a_phone_scrolls_past_the_map(phone):
    """One finger on the whole map scrolls the page; only a zoomed map takes it."""
    assert phone.locator("#county-map").evaluate("(map) => getComputedStyle(map).touchAction") in (
        "pan-y",
        "auto",
        "manipulation",
    )
    last = phone.locator("#county-list .row-pick").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    expect(phone.locator("#county-map")).not_to_be_in_viewport()
