"""What a meeting costs: key to painted scene beside a static page that swaps the same scenes, load, slides, memory."""

from __future__ import annotations

import html
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

from playwright.sync_api import CDPSession, Page

from benchmarks.table import p95

if TYPE_CHECKING:
    from benchmarks.run import Contender

STYLES = [Path(__file__).parents[1] / "assets" / name for name in ("style.css", "standing.css", "meeting.css")]
MEMORY_CHANGES = 500
REST = 350  # ms between keys: a scene's colours have glided, and the next is prepared
FULL = {"rounds": 3, "load": 5, "changes": MEMORY_CHANGES}
QUICK = {"rounds": 1, "load": 2, "changes": 100}
# The floor: every scene ready in memory, and a key puts the next in place of the last.
SWAP = """<!DOCTYPE html><html {attributes}><head><meta charset="utf-8"><link rel="stylesheet" href="style.css"></head>
<body data-scenes="{n}"><main id="room"></main>{templates}<script>
const scenes = [...document.querySelectorAll("template")].map((one) => one.content.firstElementChild);
const room = document.getElementById("room");
let at = 0;
room.replaceChildren(scenes[0]);
addEventListener("keydown", () => room.replaceChildren(scenes[(at = (at + 1) % scenes.length)]));
</script></body></html>"""


def section(atlas: Contender, times: dict[str, int], say: Callable[[str], None]) -> str:
    """Take all measures of the ready deck and return the section of the report."""
    meeting = replace(atlas, name="meeting", probe="meeting.js", found={}, page=None, url=f"{atlas.url}meeting/ready")
    say("meeting: load of the ready deck")
    for _ in range(times["load"]):
        page, _, wire = meeting.fresh_page(meeting.url)
        meeting.note("first", page.evaluate("bench.first"))
        page.wait_for_function("() => window.Plotly")
        meeting.note("whole", page.evaluate("performance.now()"))
        page.wait_for_load_state("networkidle")
        meeting.note("weight", wire.total())
        page.context.close()
    meeting.open(meeting.url)
    page, session = meeting.page, meeting.session
    assert page and session
    page.wait_for_function("() => window.Plotly")
    with tempfile.TemporaryDirectory() as folder:
        say("meeting: key to painted scene, beside a static page")
        floor = replace(meeting, name="static", found={}, page=None, url=static_page(page, Path(folder)))
        floor.open(floor.url)
        scenes = page.evaluate("Atlas.meeting.scenes.length")
        for number in range(times["rounds"] * scenes):
            # From the last scene the clicker goes no further, and the static page begins again.
            key = "Home" if (number + 1) % scenes == 0 else "PageDown"
            for contender in (meeting, floor):
                press(contender, key)
        assert floor.page
        floor.page.context.close()
    say(f"meeting: memory after {times['changes']} scene changes")
    grown = growth(page, session, scenes, times["changes"])
    page.context.close()
    say("meeting: slides of the ready deck")
    return report(meeting, floor, grown, slides(atlas.url), times, scenes)


def press(contender: Contender, key: str) -> None:
    """Press a key, keep the time until its scene was presented, and let the page rest."""
    assert contender.page
    contender.page.evaluate("bench.arm()")
    contender.page.keyboard.press(key)
    contender.note("scene", contender.page.evaluate("bench.painted"))
    contender.page.wait_for_timeout(REST)


def static_page(page: Page, folder: Path) -> str:
    """Write the app's own scenes, as they stand on its stage, into a page that only swaps them; return its address."""
    parts = []
    scenes = page.evaluate("Atlas.meeting.scenes.length")
    for number in range(scenes):
        page.evaluate("number => Atlas.meeting.show(number)", number)
        page.wait_for_timeout(400)
        parts.append(
            page.evaluate(
                """() => {
                  const scene = document.createElement("section");
                  const stage = document.getElementById(Atlas.page === "map" ? "stage" : "sheet").cloneNode(true);
                  const room = document.createElement("div");
                  room.id = "page";
                  room.append(stage);
                  scene.append(document.getElementById("scene-title").cloneNode(true), room);
                  return scene.outerHTML;
                }"""
            )
        )
    page.evaluate("Atlas.meeting.show(0)")
    names = page.evaluate("[...document.documentElement.attributes].map(({ name, value }) => [name, value])")
    attributes = " ".join(f'{name}="{html.escape(value)}"' for name, value in names)
    templates = "".join(f"<template>{part}</template>" for part in parts)
    (folder / "style.css").write_text("\n".join(style.read_text("utf-8") for style in STYLES), encoding="utf-8")
    path = folder / "floor.html"
    path.write_text(SWAP.format(attributes=attributes, n=scenes, templates=templates), encoding="utf-8")
    return path.as_uri()


def growth(page: Page, session: CDPSession, scenes: int, changes: int) -> dict[str, tuple[float, float]]:
    """Return JavaScript heap and DOM nodes before and after scene changes, each after garbage is collected."""
    session.send("Performance.enable")

    def show(count: int) -> None:
        for number in range(count):
            page.keyboard.press("Home" if number % scenes == scenes - 1 else "PageDown")
            page.wait_for_timeout(30)

    def read() -> dict[str, float]:
        page.wait_for_timeout(1500)
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
        given = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return {name: given[name] for name in ("JSHeapUsedSize", "Nodes")}

    page.keyboard.press("Home")
    show(2 * scenes)  # every scene has been built, and stays
    before = read()
    show(changes)
    after = read()
    return {name: (before[name], after[name]) for name in before}


def slides(url: str) -> str:
    """Return what the ready deck's slides cost, or why they are not to be had."""
    begun = time.monotonic()
    try:
        with urlopen(f"{url}export/meeting.pptx", timeout=300) as answer:
            size = len(answer.read())
    except (HTTPError, OSError) as error:
        return f"not measured ({error})"
    return f"{time.monotonic() - begun:.1f} s, {size / 1e6:.2f} MB"


def report(
    meeting: Contender,
    floor: Contender,
    grown: dict[str, tuple[float, float]],
    deck: str,
    times: dict[str, int],
    scenes: int,
) -> str:
    """Write the section."""
    own, static = meeting.found["scene"], floor.found["scene"]
    heap, nodes = grown["JSHeapUsedSize"], grown["Nodes"]
    load = meeting.found
    return f"""
## A meeting: the ready deck of {scenes} scenes

| | atlas | static page |
|---|---:|---:|
| key → painted scene, ms | {median(own):.1f} ({p95(own):.1f}) | {median(static):.1f} ({p95(static):.1f}) |
| first scene painted, ms | {median(load["first"]):,.0f} ({p95(load["first"]):,.0f}) | |
| the whole deck and its charts here, ms | {median(load["whole"]):,.0f} ({p95(load["whole"]):,.0f}) | |
| bytes of all that, KB | {median(load["weight"]) / 1000:,.0f} | |
| PPTX of the deck | {deck} | |
| JavaScript heap before and after {times["changes"]} scene changes, MB | {heap[0] / 1e6:.1f} → {heap[1] / 1e6:.1f} | |
| DOM nodes | {nodes[0]:,.0f} → {nodes[1]:,.0f} | |

Atlas ÷ static page, medians: {median(own) / median(static):.2f}. The static page puts ready-made copies of the same
scenes in place of each other: the floor of any page that shows them. {times["rounds"] * scenes} keys each, in turn.
"""
