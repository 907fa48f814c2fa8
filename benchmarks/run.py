"""Measure this app beside a plain ECharts page and a usual Dash choropleth, in one interleaved run (``make bench``)."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, Playwright, sync_playwright
from playwright.sync_api import Error as BrowserError

from benchmarks import load, meeting, store
from benchmarks.shapes import clusters, matching
from benchmarks.table import table
from benchmarks.wire import COMMANDS, Wire, cpu_seconds, far_away, server

HERE = Path(__file__).parent
LATEST = HERE / "latest.md"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWPORT = {"width": 1366, "height": 768}
OPTIONS = ("C1", "C2")  # pressed in turn: include, exclude, off, so that each of the six presses changes the picture
DELAY = 40  # ms of network delay, there and back
THROTTLE = 4  # times slower processor
HEADERS = {"Accept-Encoding": "gzip, deflate"}  # what a browser offers to a plain http address of an office network
WARM_UP = 5
FULL = {"click": 30, "delayed": 30, "throttled": 8, "first": 12, "answered": 5}
QUICK = {"click": 8, "delayed": 8, "throttled": 4, "first": 4, "answered": 2}


# --- what is run -----------------------------------------------------------------------------------------------------


@dataclass
class Contender:
    """One contender: its server, its page for clicks, and what was measured, by name of the measure."""

    name: str
    url: str
    pid: int
    browser: Browser
    probe: str = "probe.js"
    found: dict[str, list[float]] = field(default_factory=dict)
    page: Page | None = None
    session: CDPSession | None = None
    wire: Wire | None = None
    presses: int = 0
    states: dict[str, int] = field(default_factory=dict)

    def note(self, measure: str, value: float) -> None:
        """Keep one measured value."""
        self.found.setdefault(measure, []).append(value)

    def fresh_page(self, url: str, press: bool = False) -> tuple[Page, CDPSession, Wire]:
        """Open the contender in a new browser context, which has nothing cached."""
        context = self.browser.new_context(viewport=VIEWPORT, extra_http_headers=HEADERS)
        context.set_default_timeout(20_000)
        setting = f"window.benchContender = {self.name!r}; window.benchPress = {str(press).lower()};\n"
        scripts = [(HERE / name).read_text(encoding="utf-8") for name in ("presented.js", self.probe)]
        context.add_init_script(setting + "".join(scripts))
        page = context.new_page()
        session = context.new_cdp_session(page)
        wire = Wire(session)
        page.goto(url, wait_until="commit")
        return page, session, wire

    def first_map(self, press: bool = False) -> None:
        """Measure a load with a cold cache, to the first map or to the first map that a press has changed."""
        page, _, wire = self.fresh_page(self.url, press)
        if press:
            self.note("answered", page.evaluate("bench.answered"))
        else:
            self.note("first", page.evaluate("bench.first"))
            painted = (page.evaluate("performance.timeOrigin") + self.found["first"][-1]) / 1000
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(200)
            self.note("weight", wire.total(painted))
            self.note("weight_all", wire.total())
        page.context.close()

    def open(self, url: str) -> None:
        """Open the page for clicks, in place of the one before, and wait until it is at rest."""
        if self.page:
            self.page.context.close()
        self.presses, self.states = 0, dict.fromkeys(clusters(), 0)
        self.page, self.session, self.wire = self.fresh_page(url)
        self.page.evaluate("bench.first")
        self.page.wait_for_load_state("networkidle")

    def click(self, measure: str | None, rest_ms: int) -> None:
        """Press the next option, measure to the painted map (or headline), then let the page come to rest.

        The press is a bare mouse click: ``Locator.click`` has the page lay itself out meanwhile, to see what is hit.
        """
        option = OPTIONS[self.presses % 2]
        self.presses += 1
        self.states[option] = (self.states[option] + 1) % 3
        self.page.evaluate("count => bench.arm(count)", len(matching(self.states)))
        control = self.page.locator(f'[data-option="{option}"]:visible').first
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        ms = self.page.evaluate("bench.painted")
        if measure:
            self.note(measure, ms)
        self.page.wait_for_timeout(rest_ms)
        for _ in range(250):  # 5 s at most
            if not self.wire.under_way:
                break
            self.page.wait_for_timeout(20)


# --- what is measured ------------------------------------------------------------------------------------------------


def measure(contenders: list[Contender], times: dict[str, int], say: Callable[[str], None]) -> None:
    """Take all measures, the contenders in turn within each round."""

    def rounds(count: int, act: Callable[[Contender], None]) -> None:
        for _ in range(count):
            for contender in contenders:
                try:
                    act(contender)
                except BrowserError as error:
                    raise SystemExit(f"{contender.name}: {error}") from error

    say("first map, cold cache")
    rounds(1, lambda c: (c.first_map(), c.found.clear()))  # what a server does only once is not the page's
    rounds(times["first"], lambda c: c.first_map())
    say("first map that answers a press")
    rounds(times["answered"], lambda c: c.first_map(press=True))

    say("click to painted map")
    rounds(1, lambda c: c.open(c.url))
    rounds(1, check_picture)
    rounds(WARM_UP, lambda c: c.click(None, 200))
    before = [(cpu_seconds(c.pid), c.wire.total()) for c in contenders]
    rounds(times["click"], lambda c: c.click("click", 250))
    for contender, (cpu, count) in zip(contenders, before, strict=True):
        contender.note("cpu", (cpu_seconds(contender.pid) - cpu) * 1000 / times["click"])
        contender.note("bytes", (contender.wire.total() - count) / times["click"])

    say(f"the same with {DELAY} ms of network delay")
    with ExitStack() as stack:
        rounds(1, lambda c: c.open(stack.enter_context(far_away(c.url, DELAY / 2000))))
        rounds(1, check_delay)
        rounds(3, lambda c: c.click(None, 250))
        rounds(times["delayed"], lambda c: c.click("delayed", 250))

    say(f"the same with the processor {THROTTLE} times slower")
    rounds(1, lambda c: c.open(c.url))
    rounds(1, lambda c: c.session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE}))
    rounds(1, lambda c: c.click(None, 600))
    rounds(times["throttled"], lambda c: c.click("throttled", 600))


def check_picture(contender: Contender) -> None:
    """Make sure that a press changes the map's pixels, not only what the page says of itself."""
    element = contender.page.evaluate_handle("bench.map()").as_element()
    before = element.screenshot()
    contender.click(None, 300)
    if before == element.screenshot():
        raise SystemExit(f"{contender.name}: a press left the picture as it was")


def check_delay(contender: Contender) -> None:
    """Make sure that the delay holds for the page's own requests."""
    ms = contender.page.evaluate(
        """async () => {
            await fetch("/healthz");
            const begun = performance.now();
            await fetch("/healthz", { cache: "no-store" });
            return performance.now() - begun;
        }"""
    )
    if not DELAY <= ms < 4 * DELAY:
        raise SystemExit(f"{contender.name}: a request took {ms:.0f} ms with a delay of {DELAY} ms")


# --- what is told ----------------------------------------------------------------------------------------------------


def report(contenders: list[Contender], own_figures: str, version: str, times: dict[str, int], seconds: float) -> str:
    """Write the whole result."""
    repeats = ", ".join(f"{name} {count}" for name, count in times.items())
    machine = f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}, no GPU"
    return f"""# Benchmark

Medians (p95 in brackets) of one interleaved run; {", ".join(COMMANDS)} draw the same 87 shapes in the same bands.

{table({contender.name: contender.found for contender in contenders})}

- {datetime.now():%Y-%m-%d %H:%M}, {machine}, Chromium {version}, Python {platform.python_version()}
- {seconds:.0f} s; repeats: {repeats}; window {VIEWPORT["width"]}×{VIEWPORT["height"]}, gzip
- *Painted*: the frame with the new state has been presented (Element Timing, in steps of 4 ms), counted from
  the trusted click or from the start of navigation. Figures hold for this machine only; the ratios are what count.

{own_figures}"""


def find_chromium(playwright: Playwright) -> str:
    """Find a browser: ``CHROMIUM``, the system's, or Playwright's own."""
    on_path = next(filter(None, map(shutil.which, CHROMIUMS)), playwright.chromium.executable_path)
    found = os.environ.get("CHROMIUM", on_path)
    if not Path(found).exists():
        raise SystemExit(
            f"No Chromium found: neither {', '.join(CHROMIUMS)} on the path nor {found}.\n"
            "Install one (Debian: apt-get install chromium), or name one: CHROMIUM=/path/to/chromium make bench"
        )
    return found


def main() -> None:
    """Run, print the table and write it to ``benchmarks/latest.md`` (a quick or partial run is only printed)."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--only", default=",".join(COMMANDS), help="comma list of contenders (default: %(default)s)")
    arguments = parser.parse_args()
    names = arguments.only.split(",")
    if unknown := [name for name in names if name not in COMMANDS]:
        parser.error(f"no such contender: {', '.join(unknown)} (there are {', '.join(COMMANDS)})")
    times = QUICK if arguments.quick else FULL
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped then too

    def say(text: str) -> None:
        print(f"{time.monotonic() - begun:4.0f} s  {text}", file=sys.stderr, flush=True)

    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        executable = find_chromium(playwright)
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        say("starting the servers")
        servers = [(name, *stack.enter_context(server(name, logs / name, logs / "data"))) for name in names]
        browser = stack.enter_context(playwright.chromium.launch(executable_path=executable, args=FLAGS))
        contenders = [Contender(name, url, pid, browser) for name, url, pid in servers]
        measure(contenders, times, say)
        own_figures = ""
        for atlas in (one for one in contenders if one.name == "atlas"):
            progress = Contender("progress", f"{atlas.url}progress", atlas.pid, browser, "progress.js")
            own_times = store.QUICK if arguments.quick else store.FULL
            own_figures = meeting.section(atlas, meeting.QUICK if arguments.quick else meeting.FULL, say)
            own_figures += store.section(atlas, progress, logs / "data", own_times, say)
            own_figures += load.section(load.QUICK if arguments.quick else load.FULL, say)
        text = report(contenders, own_figures, browser.version, times, time.monotonic() - begun)
    print(text)
    if not arguments.quick and set(names) == set(COMMANDS):
        LATEST.write_text(text, encoding="utf-8")
        say(f"written to {LATEST}")


if __name__ == "__main__":
    main()
