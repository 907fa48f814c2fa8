"""What a press sends: one small message, and never the outlines again."""

from __future__ import annotations

from plan_files import by_option
from playwright.sync_api import Page, Request, expect
from readings import says, shown

from targets.selection import Filter, sentence

HELD = by_option()
MOST = 3 * 1024  # bytes there and back, headers and all


class Line:
    """Listens to what a page sends from now on."""

    def __init__(self, page: Page) -> None:
        self.sent: list[Request] = []
        page.on("request", self.sent.append)

    def bytes(self, request: Request) -> int:
        request.response().finished()
        return sum(request.sizes().values())


def test_one_press_is_one_small_message(page):
    line = Line(page)
    presses = [
        ('#rail [data-option="C1"]', Filter(cluster=("C1",))),
        ('#rail [data-option="B4"]', Filter(cluster=("C1",), band=("B4",))),
        ('#legend [data-legend="B5"]', Filter(cluster=("C1",), band=("B4", "B5"))),
        ('[data-choice="cluster_op=all"]', Filter(cluster=("C1",), band=("B4", "B5"), cluster_op="all")),
        ("#clear", Filter()),
    ]
    for number, (press, chosen) in enumerate(presses, start=1):
        left = HELD["C1"] if chosen.cluster else set().union(*HELD.values())
        left = left & set().union(*(HELD[band] for band in chosen.band)) if chosen.band else left
        page.locator(press).first.click()
        with_counts = sentence(chosen, len(left))
        says(page, with_counts)
        page.wait_for_function(
            "(n) => performance.getEntriesByType('resource').filter((one) => one.name.includes('_dash-update')).length >= n", arg=number
        )
        assert len(line.sent) == number, [request.url for request in line.sent]
        request = line.sent[-1]
        assert (request.method, request.url.rsplit("/", 1)[1]) == ("POST", "_dash-update-component")
        assert line.bytes(request) <= MOST, press
    # A message that came late would be counted with the last press, which asked for its own and no more.
    page.locator('#county-list [data-adcode="620922"]').click()
    expect(page.locator("#card h2")).to_have_text("瓜州县")
    assert len(line.sent) == len(presses) + 1
    outlines = page.evaluate("() => Atlas.map.paths.map((path) => path.getAttribute('d').slice(0, 24))")
    for request in line.sent:
        said = request.response().text()
        assert not any(outline in said for outline in outlines)
        assert len(said) < 20_000


def test_a_card_is_a_small_message_too(page):
    line = Line(page)
    for adcode, name in (("620922", "瓜州县"), ("620702", "甘州区"), ("621223", "宕昌县")):
        page.locator(f'#county-list [data-adcode="{adcode}"]').click()
        expect(page.locator("#card h2")).to_have_text(name)
    assert len(line.sent) == 3
    assert max(line.bytes(request) for request in line.sent) <= MOST


def test_moving_about_asks_the_server_nothing(page):
    page.emulate_media(reduced_motion="reduce")
    line = Line(page)
    for press in ('[data-choice="map=tile"]', '[data-choice="map=true"]', '[data-choice="layer=road"]', '[data-action="zoom-in"]',
                  '[data-choice="map=panels"]', '[data-choice="map=true"]', '[data-action="zoom-reset"]', "#theme-toggle"):  # fmt: skip
        page.locator(press).click()
    page.locator("#zoom-to").select_option("620900")
    page.locator("#sort").select_option("band")
    page.locator("#c620922").hover()
    expect(page.locator("#hover-card")).to_be_visible()
    page.keyboard.press("Tab")
    page.locator('#rail [data-option="C2"]').click()
    says(page, sentence(Filter(cluster=("C2",)), len(HELD["C2"])))
    assert [request.method for request in line.sent] == ["POST"], [request.url for request in line.sent]


def test_quick_presses_end_in_the_last_view(page):
    """Ten presses faster than the server answers: the words end up with the last."""
    page.evaluate("() => { for (const id of ['C1','C2','C3','C4','C5','B3','B4','B5','C1','C1']) Atlas.press(id); }")
    query = shown(page)["query"]
    assert query == "band=B3,B4,B5&cluster=C2,C3,C4,C5"
    chosen = Filter(band=("B3", "B4", "B5"), cluster=("C2", "C3", "C4", "C5"))
    left = (HELD["B3"] | HELD["B4"] | HELD["B5"]) & (HELD["C2"] | HELD["C3"] | HELD["C4"] | HELD["C5"])
    says(page, sentence(chosen, len(left)))


def test_the_page_before_the_map_is_light(visit):
    """Contract of the work item: at most 600 KB over the wire before the map is painted."""
    page = visit.blank(accept_downloads=False)  # a context of its own, with a cold cache
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[tuple[str, float]] = []
    names: dict[str, str] = {}
    session.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
    session.on("Network.loadingFinished", lambda event: received.append((names[event["requestId"]], event["encodedDataLength"])))
    page.goto(visit.server.url)
    page.wait_for_function("() => window.Plotly")
    before = [size for url, size in received if "plotly" not in url]
    assert len(before) > 8
    assert sum(before) <= 600 * 1024
