"""What a press sends: one small message, and never the outlines again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from plan_files import by_option, facts
from playwright.sync_api import Page, expect
from readings import NEXT_FRAME, choose, says, shown, use
from shipped import PLAN
from watched import settle

from targets.selection import Filter, sentence

HELD = by_option()
MOST = 3072  # bytes there and back, headers and all
UPDATE = "POST /_dash-update-component"
COUNTED = "GET /fragment/counted"


class Line:
    """Listens to what a page sends from now on, below the browser's cache."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)
        self._asked: dict[str, dict[str, Any]] = {}
        self._headers: dict[str, dict[str, str]] = {}
        self._received: dict[str, float] = {}
        self._session.on(
            "Network.requestWillBeSent", lambda event: self._asked.update({event["requestId"]: event["request"]})
        )
        self._session.on(
            "Network.requestWillBeSentExtraInfo",
            lambda event: self._headers.update({event["requestId"]: event["headers"]}),
        )
        self._session.on(
            "Network.loadingFinished",
            lambda event: self._received.update({event["requestId"]: event["encodedDataLength"]}),
        )
        self._session.send("Network.enable")

    def messages(self) -> list[tuple[str, int]]:
        """Return what went over the wire: method and address, and bytes there and back, headers and all.

        What the browser takes from its own cache (the icon, at each new address) is no message.
        """
        self._wait()
        return [
            (
                f"{asked['method']} {urlsplit(asked['url']).path}",
                self._sent(number, asked) + int(self._received.get(number, 0)),
            )
            for number, asked in self._asked.items()
            if self._received.get(number) != 0
        ]

    def loads(self) -> list[int]:
        """Return how many bytes each message carried: what was sent, and the whole answer with its headers."""
        self._wait()
        return [
            len(asked.get("postData", "").encode()) + int(self._received.get(number, 0))
            for number, asked in self._asked.items()
            if self._received.get(number) != 0
        ]

    def _wait(self) -> None:
        for _ in range(200):  # frames; an answer is read by the page a little before it is counted
            if set(self._asked) <= set(self._received):
                break
            self._page.evaluate(NEXT_FRAME)

    def body(self, number: int) -> str:
        """Return the text of the answer to one message."""
        wanted = [key for key in self._asked if self._received.get(key) != 0][number]
        return self._session.send("Network.getResponseBody", {"requestId": wanted})["body"]

    def _sent(self, number: str, asked: dict[str, Any]) -> int:
        headers = self._headers.get(number, asked["headers"])
        head = f"{asked['method']} {asked['url']} HTTP/1.1" + "".join(
            f"{key}: {value}\r\n" for key, value in headers.items()
        )
        return len(head.encode()) + len(asked.get("postData", "").encode())


def test_a_press_asks_nobody_but_for_a_county_that_is_picked(page):
    line = Line(page)
    presses = [
        ('#rail [data-option="C1"]', Filter(cluster=("C1",)), HELD["C1"]),
        ('#rail [data-option="C3"]', Filter(cluster=("C1", "C3")), HELD["C1"] | HELD["C3"]),
        (
            '#legend [data-legend="B4"]',
            Filter(cluster=("C1", "C3"), band=("B4",)),
            (HELD["C1"] | HELD["C3"]) & HELD["B4"],
        ),
        (
            '[data-choice="cluster_op=all"]',
            Filter(cluster=("C1", "C3"), band=("B4",), cluster_op="all"),
            HELD["C1"] & HELD["C3"] & HELD["B4"],
        ),
        ("#clear", Filter(), set(facts())),
    ]
    for press, chosen, left in presses:
        use(page, press)
        says(page, sentence(chosen, len(left), PLAN))
        shown(page)
        assert line.messages() == []
    page.locator('#county-list [data-adcode="620922"]').click()
    expect(page.locator("#card h2")).to_have_text("瓜州县")
    found = line.messages()
    assert [what for what, _ in found] == [UPDATE]
    assert 300 < found[0][1] <= MOST, "the answer has been counted"
    outlines = page.evaluate("() => Atlas.map.paths.map((path) => path.getAttribute('d').slice(0, 24))")
    said = line.body(0)
    assert "response" in said
    assert not any(outline in said for outline in outlines)


def test_a_card_is_a_small_message_too(page):
    line = Line(page)
    for adcode, name in (("620922", "瓜州县"), ("620702", "甘州区"), ("621223", "宕昌县")):
        page.locator(f'#county-list [data-adcode="{adcode}"]').click()
        expect(page.locator("#card h2")).to_have_text(name)
    assert [what for what, _ in line.messages()] == [UPDATE] * 3
    assert max(size for _, size in line.messages()) <= MOST, line.messages()


def test_moving_about_asks_the_server_nothing(page):
    page.emulate_media(reduced_motion="reduce")
    line = Line(page)
    for press in (
        '[data-choice="map=tile"]', '[data-choice="map=true"]', '[data-choice="layer=road"]',
        '[data-action="zoom-in"]', '[data-choice="map=panels"]', '[data-choice="map=true"]',
        '[data-action="zoom-reset"]', "#theme-toggle",
    ):  # fmt: skip
        use(page, press)
    page.locator("#zoom-to").select_option("620900")
    page.locator("#sort").select_option("band")
    page.locator("#c620922").hover()
    expect(page.locator("#hover-card")).to_be_visible()
    page.keyboard.press("Tab")
    choose(page, "C2")
    says(page, sentence(Filter(cluster=("C2",)), len(HELD["C2"]), PLAN))
    shown(page)
    assert line.messages() == []


def test_quick_presses_end_in_the_last_view(page):
    """Ten presses faster than the server answers: the words end up with the last."""
    page.evaluate("() => { for (const id of ['C1','C2','C3','C4','C5','B3','B4','B5','C1','C1']) Atlas.press(id); }")
    query = shown(page)["query"]
    assert query == "band=B3,B4,B5&cluster=C2,C3,C4,C5"
    chosen = Filter(band=("B3", "B4", "B5"), cluster=("C2", "C3", "C4", "C5"))
    left = (HELD["B3"] | HELD["B4"] | HELD["B5"]) & (HELD["C2"] | HELD["C3"] | HELD["C4"] | HELD["C5"])
    says(page, sentence(chosen, len(left), PLAN))


def test_the_page_before_the_map_is_light(visit):
    """At most 600 KB over the wire until all is at rest."""
    page = visit.blank(accept_downloads=False)  # a context of its own, with a cold cache
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[tuple[str, float]] = []
    names: dict[str, str] = {}
    session.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: received.append((names[event["requestId"]], event["encodedDataLength"])),
    )
    page.goto(visit.server.url)
    settle(page)
    page.wait_for_load_state("networkidle")
    assert len(received) > 8
    assert not [name for name in names.values() if "plotly" in name], "Plotly comes with the first chart"
    assert sum(size for _, size in received) <= 600 * 1024
