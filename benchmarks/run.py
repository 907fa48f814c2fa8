"""Measure this app beside a plain ECharts page and a usual Dash choropleth, in one interleaved run (``make bench``)."""

from __future__ import annotations

import argparse
import math
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from benchmarks.shapes import clusters, matching

HERE = Path(__file__).parent
LATEST = HERE / "latest.md"
COMMANDS = {
    "atlas": ["app.py"],
    "echarts": ["-m", "benchmarks.echarts"],
    "naive": ["-m", "benchmarks.naive"],
}
FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync".split()
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VIEWPORT = {"width": 1366, "height": 768}
OPTIONS = ("C1", "C2")  # pressed in turn: include, exclude, off, so that each of the six presses changes the picture
DELAY = 40  # ms of network delay a request
THROTTLE = 4  # times slower processor
HEADERS = {"Accept-Encoding": "gzip, deflate"}  # what a browser offers to a plain http address of an office network
WARM_UP = 5
FULL = {"click": 30, "delayed": 30, "throttled": 12, "first": 15, "answered": 8}
QUICK = {"click": 8, "delayed": 8, "throttled": 4, "first": 4, "answered": 2}


# --- what is run -----------------------------------------------------------------------------------------------------


@contextmanager
def server(name: str, log: Path) -> Iterator[tuple[str, int]]:
    """Run a contender's server on a free loopback port for as long as the block lasts; gives its address and pid."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as output:
        command = [sys.executable, *COMMANDS[name], "--port", str(port)]
        process = subprocess.Popen(command, cwd=HERE.parent, stdout=output, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(url, timeout=10).close()
                break
            except OSError:
                if process.poll() is not None:
                    break
                time.sleep(0.1)
        else:
            process.kill()
        if process.poll() is not None:
            raise SystemExit(f"{name}: its server did not start ({' '.join(command)}):\n{log.read_text()[-2000:]}")
        yield url, process.pid
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process, all its threads and its children have used."""
    ticks = 0
    waiting = [pid]
    while waiting:
        root = Path(f"/proc/{waiting.pop()}")
        ticks += sum(map(int, (root / "stat").read_text().rsplit(")", 1)[1].split()[11:15]))
        waiting += [child for tasks in root.glob("task/*/children") for child in tasks.read_text().split()]
    return ticks / os.sysconf("SC_CLK_TCK")


class Wire:
    """Count a page's bytes on the wire, both ways, heads and bodies, as the browser's DevTools report them."""

    def __init__(self, session: CDPSession) -> None:
        self.counted: list[tuple[float, float]] = []  # (DevTools time in seconds, bytes)
        self.under_way: dict[str, float] = {}  # received so far, by request
        self.clock_offset = math.nan  # DevTools time minus wall time
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.requestWillBeSentExtraInfo", self._sent_heads)
        session.on("Network.responseReceived", lambda e: self._received(e, e["response"]["encodedDataLength"]))
        session.on("Network.dataReceived", lambda e: self._received(e, e["encodedDataLength"]))
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.loadingFailed", lambda e: self.under_way.pop(e["requestId"], None))
        session.send("Network.enable", {"maxPostDataSize": 1 << 20})

    def total(self, until_wall: float = math.inf) -> float:
        """Return the bytes counted, up to a wall-clock time in seconds if one is given."""
        return sum(count for when, count in self.counted if when <= until_wall + self.clock_offset or until_wall == math.inf)

    def _sent(self, event: dict) -> None:
        request = event["request"]
        if request["url"].startswith("data:"):
            return
        self.clock_offset = event["timestamp"] - event["wallTime"]
        self.under_way[event["requestId"]] = 0
        line = f"{request['method']} {request['url'].split('/', 3)[-1]} HTTP/1.1  "
        self.counted.append((event["timestamp"], len(line) + 3 + len(request.get("postData", "").encode())))

    def _sent_heads(self, event: dict) -> None:
        heads = sum(len(name) + len(value) + 4 for name, value in event["headers"].items())
        self.counted.append((self.counted[-1][0] if self.counted else 0.0, heads))

    def _received(self, event: dict, count: float) -> None:
        if event["requestId"] in self.under_way:
            self.under_way[event["requestId"]] += count
            self.counted.append((event["timestamp"], count))

    def _finished(self, event: dict) -> None:
        rest = event["encodedDataLength"] - self.under_way.get(event["requestId"], math.inf)
        if rest > 0:
            self._received(event, rest)
        self.under_way.pop(event["requestId"], None)


@dataclass
class Contender:
    """One contender: its server, its page for clicks, and what was measured, by name of the measure."""

    name: str
    url: str
    pid: int
    browser: Browser
    found: dict[str, list[float]] = field(default_factory=dict)
    page: Page | None = None
    session: CDPSession | None = None
    wire: Wire | None = None
    presses: int = 0
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(clusters(), 0))

    def note(self, measure: str, value: float) -> None:
        """Keep one measured value."""
        self.found.setdefault(measure, []).append(value)

    def fresh_page(self, press: bool = False) -> tuple[BrowserContext, Page, CDPSession, Wire]:
        """Open the contender in a new browser context, which has nothing cached."""
        context = self.browser.new_context(viewport=VIEWPORT, reduced_motion="reduce", extra_http_headers=HEADERS)
        context.set_default_timeout(20_000)
        setting = f"window.benchContender = {self.name!r}; window.benchPress = {str(press).lower()};\n"
        context.add_init_script(setting + (HERE / "probe.js").read_text(encoding="utf-8"))
        page = context.new_page()
        session = context.new_cdp_session(page)
        wire = Wire(session)
        page.goto(self.url, wait_until="commit")
        return context, page, session, wire

    def first_map(self, press: bool = False) -> None:
        """Measure a load with a cold cache, to the first map or to the first map that a press has changed."""
        context, page, _, wire = self.fresh_page(press)
        if press:
            self.note("answered", page.evaluate("bench.answered"))
        else:
            self.note("first", page.evaluate("bench.first"))
            painted = (page.evaluate("performance.timeOrigin") + self.found["first"][-1]) / 1000
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(200)
            self.note("weight", wire.total(painted))
            self.note("weight_all", wire.total())
        context.close()

    def open(self) -> None:
        """Open the page for clicks and wait until it is at rest."""
        _, self.page, self.session, self.wire = self.fresh_page()
        self.page.evaluate("bench.first")
        self.page.wait_for_load_state("networkidle")

    def click(self, measure: str | None, rest_ms: int) -> None:
        """Press the next option, measure to the painted map, then let the page come to rest."""
        option = OPTIONS[self.presses % 2]
        self.presses += 1
        self.states[option] = (self.states[option] + 1) % 3
        self.page.evaluate("count => bench.arm(count)", len(matching(self.states)))
        self.page.locator(f'[data-option="{option}"]').first.click()
        ms = self.page.evaluate("bench.painted")
        if measure:
            self.note(measure, ms)
        self.page.wait_for_timeout(rest_ms)
        while self.wire.under_way:
            self.page.wait_for_timeout(20)


# --- what is measured ------------------------------------------------------------------------------------------------


def measure(contenders: list[Contender], times: dict[str, int], say: Callable[[str], None]) -> None:
    """Take all measures, the contenders in turn within each round."""

    def rounds(count: int, act: Callable[[Contender], None]) -> None:
        for _ in range(count):
            for contender in contenders:
                act(contender)

    say("first map, cold cache")
    rounds(1, lambda c: c.fresh_page()[0].close())  # the servers' own first answer is not the page's
    rounds(times["first"], lambda c: c.first_map())
    say("first map that answers a press")
    rounds(times["answered"], lambda c: c.first_map(press=True))

    say("click to painted map")
    rounds(1, lambda c: c.open())
    rounds(1, check_picture)
    rounds(WARM_UP, lambda c: c.click(None, 200))
    before = [(cpu_seconds(c.pid), c.wire.total()) for c in contenders]
    rounds(times["click"], lambda c: c.click("click", 250))
    for contender, (cpu, count) in zip(contenders, before, strict=True):
        contender.note("cpu", (cpu_seconds(contender.pid) - cpu) * 1000 / times["click"])
        contender.note("bytes", (contender.wire.total() - count) / times["click"])

    say(f"the same with {DELAY} ms of network delay")
    rounds(1, lambda c: delay(c, DELAY))
    rounds(1, lambda c: c.click(None, 200))
    rounds(times["delayed"], lambda c: c.click("delayed", 250))
    rounds(1, lambda c: delay(c, 0))

    say(f"the same with the processor {THROTTLE} times slower")
    rounds(1, lambda c: c.session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE}))
    rounds(1, lambda c: c.click(None, 600))
    rounds(times["throttled"], lambda c: c.click("throttled", 600))


def check_picture(contender: Contender) -> None:
    """Make sure that a press changes pixels, not only what the page says of itself."""
    before = contender.page.screenshot()
    contender.click(None, 300)
    after = contender.page.screenshot()
    if before == after:
        raise SystemExit(f"{contender.name}: a press left the picture as it was")


def delay(contender: Contender, ms: int) -> None:
    """Delay every request of the page, and make sure that it holds for the page's own requests."""
    speed = {"offline": False, "latency": ms, "downloadThroughput": -1, "uploadThroughput": -1}
    contender.session.send("Network.emulateNetworkConditions", speed)
    took = contender.page.evaluate(
        "async () => { const t = performance.now(); await fetch('/nothing-here', { cache: 'no-store' }); return performance.now() - t }"
    )
    if took < ms:
        raise SystemExit(f"{contender.name}: a request took {took:.0f} ms in spite of a delay of {ms} ms")


# --- what is told ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One line of the table: a measure, how to write it, and its goals."""

    measure: str
    title: str
    scale: float = 1
    digits: int = 0
    to_echarts: float | None = None
    to_naive: float | None = None
    at_most: float | None = None


ROWS = (
    Row("click", "click → painted map, ms", digits=1, to_echarts=1.0, to_naive=0.15),
    Row("delayed", f"the same, {DELAY} ms network delay", digits=1, to_echarts=1.0, to_naive=0.15),
    Row("throttled", f"the same, processor {THROTTLE}× slower", digits=1),
    Row("bytes", "bytes a click, both ways, KB", 1000, 2, at_most=3),
    Row("cpu", "server CPU a click, ms", digits=1),
    Row("first", "first map, cold cache, ms", to_echarts=1.3),
    Row("answered", "first map that answers a click, ms"),
    Row("weight", "bytes before that map is painted, KB", 1000, at_most=600),
    Row("weight_all", "bytes in all until the page is at rest, KB", 1000),
)


def p95(values: list[float]) -> float:
    """Return the smallest value that 95 in 100 of the values do not pass."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def table(contenders: list[Contender]) -> str:
    """Write medians (p95), ratios and goals as a Markdown table."""
    middle = {c.name: {key: statistics.median(values) for key, values in c.found.items()} for c in contenders}
    lines = [
        f"| | {' | '.join(middle)} | atlas ÷ echarts | atlas ÷ naive | goal | met |",
        f"|---|{'---:|' * (len(middle) + 2)}---|---|",
    ]
    for row in ROWS:
        cells = [row.title]
        for contender in contenders:
            values = [value / row.scale for value in contender.found[row.measure]]
            tail = f" ({p95(values):,.{row.digits}f})" if len(values) > 1 else ""
            cells.append(f"{statistics.median(values):,.{row.digits}f}{tail}")
        goals, met = [], []
        for rival, limit in (("echarts", row.to_echarts), ("naive", row.to_naive)):
            both = "atlas" in middle and rival in middle and middle[rival][row.measure] > 0
            ratio = middle["atlas"][row.measure] / middle[rival][row.measure] if both else math.nan
            cells.append(f"{ratio:.2f}" if both else "–")
            if limit:
                goals.append(f"≤ {limit} × {rival}")
                met.append(ratio <= limit if both else None)
        if row.at_most:
            goals.append(f"≤ {row.at_most:g} KB")
            met.append(middle["atlas"][row.measure] / row.scale <= row.at_most if "atlas" in middle else None)
        verdict = "" if not met else "not measured" if None in met else "yes" if all(met) else "**no**"
        lines.append(f"| {' | '.join([*cells, ', '.join(goals), verdict])} |")
    return "\n".join(lines)


def report(contenders: list[Contender], version: str, times: dict[str, int], seconds: float) -> str:
    """Write the whole result."""
    repeats = ", ".join(f"{name} {count}" for name, count in times.items())
    return f"""# Benchmark

Medians (p95 in brackets) of one interleaved run; {", ".join(COMMANDS)} draw the same 87 shapes in the same bands.

{table(contenders)}

Repeats: {repeats}. {datetime.now():%Y-%m-%d %H:%M}, {os.cpu_count()} cores ({platform.machine()}), Chromium {version},
Python {platform.python_version()}; {seconds:.0f} s. Viewport {VIEWPORT["width"]}×{VIEWPORT["height"]}, no GPU, gzip, animations off.
*Painted* is when the frame with the new state was presented (Element Timing), from the time stamp of the trusted click.
Absolute figures hold for this machine; the ratios are what count.
"""


def find_chromium(playwright) -> str:
    """Find a browser: ``CHROMIUM``, the system's, or Playwright's own."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), playwright.chromium.executable_path)
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

    def say(text: str) -> None:
        print(f"{time.monotonic() - begun:4.0f} s  {text}", file=sys.stderr, flush=True)

    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        executable = find_chromium(playwright)
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        say("starting the servers")
        servers = [(name, *stack.enter_context(server(name, logs / name))) for name in names]
        browser = stack.enter_context(playwright.chromium.launch(executable_path=executable, args=FLAGS))
        contenders = [Contender(name, url, pid, browser) for name, url, pid in servers]
        try:
            measure(contenders, times, say)
        except BrowserError as error:
            raise SystemExit(f"The browser reports: {error}") from error
        text = report(contenders, browser.version, times, time.monotonic() - begun)
    print(text)
    if not arguments.quick and set(names) == set(COMMANDS):
        LATEST.write_text(text, encoding="utf-8")
        say(f"written to {LATEST}")


if __name__ == "__main__":
    main()
