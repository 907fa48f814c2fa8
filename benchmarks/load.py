"""What a crowd costs: cold browsers, viewers who press, exports beside presses, memory (``python -m benchmarks.load``).

Clients are threads with plain sockets, on the same machine as the server: they take from its processors, too.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.table import p95
from benchmarks.wire import server

ADDRESS = re.compile(r'(?:src|href)="(/(?:assets|_dash-component-suites)/[^"]+)"')
OUTPUTS = ("notice.children", "card.children")
EVERY = 5  # seconds between a viewer's presses
REST = 65  # seconds; after sixty the process of the files ends
PER_BROWSER = 6  # connections, as browsers open them
FULL = {"cold": (16, 60, 240), "viewers": (50, 500, 1000), "seconds": 30, "requests": 2000, "exports": 50}
QUICK = {"cold": (16,), "viewers": (20,), "seconds": 12, "requests": 200, "exports": 4}
Say = Callable[[str], None]


class Line:
    """One connection that is kept open."""

    def __init__(self, url: str, within: float = 120) -> None:
        self._line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=within)

    def ask(self, path: str, body: bytes | None = None) -> bytes:
        """Return an answer's body; raise OSError when it is none."""
        headers = {"Accept-Encoding": "br, gzip"} | ({"Content-Type": "application/json"} if body else {})
        self._line.request("POST" if body else "GET", path, body, headers)
        answer = self._line.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise OSError(f"{path}: {answer.status}")
        return content

    def close(self) -> None:
        """Close it."""
        self._line.close()


def press(number: int) -> bytes:
    """Return the body of a press that asks for another filter each time."""
    names = [dict(zip(("id", "property"), one.split("."), strict=True)) for one in OUTPUTS]
    query = f"cluster=C{number % 7 + 1}&band=B{number // 7 % 6 + 1}"
    value = [{"id": "view", "property": "data", "value": query}]
    return json.dumps(
        {"output": f"..{'...'.join(OUTPUTS)}..", "outputs": names, "inputs": value, "changedPropIds": ["view.data"]}
    ).encode()


def together(count: int, act: Callable[[int], None]) -> None:
    """Let so many threads act, and wait for all."""
    threads = [threading.Thread(target=act, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def assets(url: str) -> list[str]:
    """Return what a page has its browser load."""
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
    line.request("GET", "/")
    found = ADDRESS.findall(line.getresponse().read().decode())
    line.close()
    return list(dict.fromkeys(one.replace("&amp;", "&") for one in found))


def cold(url: str, count: int) -> tuple[list[float], int]:
    """Return the seconds until browsers, which come within ten, have all of a first view; and how many have not."""
    files, took, lost = assets(url), [], []

    def browser(number: int) -> None:
        time.sleep(10 * number / count)
        begun = time.monotonic()
        try:
            first = Line(url)
            first.ask("/")
            waiting = iter(files)
            faults: list[Exception] = []

            def more(at: int) -> None:
                line = first if at == 0 else Line(url)
                try:
                    while (path := next_of(waiting)) is not None:
                        line.ask(path)
                except (OSError, http.client.HTTPException) as error:
                    faults.append(error)
                finally:
                    line.close()

            together(PER_BROWSER, more)
            if faults:
                raise faults[0]
            took.append(time.monotonic() - begun)
        except (OSError, http.client.HTTPException) as error:
            lost.append(error)

    lock = threading.Lock()

    def next_of(waiting: Iterator[str]) -> str | None:
        with lock:
            return next(waiting, None)

    together(count, browser)
    return took, len(lost)


def viewers(url: str, count: int, seconds: float, until: Callable[[], bool] | None = None) -> tuple[list[float], int]:
    """Return the seconds that presses took of viewers who press every few seconds, and how many got no answer."""
    took, lost, end = [], [], time.monotonic() + seconds

    def viewer(number: int) -> None:
        line = Line(url)
        time.sleep(EVERY * number / count)
        at = number
        while time.monotonic() < end or (until and not until()):
            begun = time.monotonic()
            try:
                line.ask("/_dash-update-component", press(at))
                took.append(time.monotonic() - begun)
            except (OSError, http.client.HTTPException) as error:
                lost.append(error)
                line.close()
                line = Line(url)
            at += count
            time.sleep(max(0.0, EVERY - (time.monotonic() - begun)))
        line.close()

    together(count, viewer)
    return took, len(lost)


def family(pid: int) -> list[int]:
    """Return a process and all that come from it."""
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}").glob("task/*/children"):
            found += [int(child) for child in children.read_text().split() if int(child) not in found]
    return found


def memory(pid: int) -> float:
    """Return the MB that a server holds, with all its processes; what they share counts once."""
    total = 0
    for one in family(pid):
        try:
            said = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:  # it has just ended
            continue
        total += int(re.search(r"^Pss:\s+(\d+)", said, re.M)[1])
    return total / 1024


def exports(url: str, count: int) -> float:
    """Have files made, each another, and return the seconds that all took."""
    line, begun = Line(url, 600), time.monotonic()
    for number in range(count):
        kind, lang = ("pptx", "xlsx")[number % 2], ("zh", "en")[number // 2 % 2]
        line.ask(f"/export/meeting.{kind}?lang={lang}&period={2021 + number // 4 % 5}Q{number // 20 % 4 + 1}")
    line.close()
    return time.monotonic() - begun


def measured(kind: str, times: dict, say: Say) -> list[tuple[str, str]]:
    """Measure one kind of server; return names and values."""
    rows = []
    with (
        tempfile.TemporaryDirectory() as folder,
        server(kind, Path(folder) / "log", Path(folder) / "data") as (url, pid),
    ):
        line = Line(url)
        for path in ("/", "/progress", "/meeting/ready"):
            line.ask(path)
        line.ask("/_dash-update-component", press(0))
        idle = [timed(line, number) for number in range(40)]
        rows.append(("a press, one viewer, ms", figure(idle)))
        for count in times["viewers"]:
            say(f"{kind}: {count} viewers who press every {EVERY} s")
            took, lost = viewers(url, count, times["seconds"])
            rows.append((f"a press, {count} viewers, ms", figure(took, idle, lost)))
        for count in times["cold"]:
            say(f"{kind}: {count} cold browsers in 10 s")
            took, lost = cold(url, count)
            rows.append((f"a cold browser of {count}, ms", figure(took, None, lost)))
        say(f"{kind}: memory after {times['requests']} requests")
        before = memory(pid)
        together(8, lambda at: ask_many(url, at, times["requests"] // 8))
        rows.append((f"memory before and after {times['requests']} requests, MB", grown(before, memory(pid))))
        say(f"{kind}: {times['exports']} exports beside presses")
        before, done = memory(pid), threading.Event()
        seconds: list[float] = []

        def make() -> None:
            try:
                seconds.append(exports(url, times["exports"]))
            finally:
                done.set()

        thread = threading.Thread(target=make)
        thread.start()
        took, lost = viewers(url, 10, 0, done.is_set)
        thread.join()
        rows.append((f"a press beside {times['exports']} exports, ms", figure(took, idle, lost)))
        rows.append(("an export, s", f"{seconds[0] / times['exports']:.1f}" if seconds else "failed"))
        rows.append(("memory before and after them, MB", grown(before, memory(pid))))
        say(f"{kind}: a minute of rest")
        time.sleep(REST)
        rows.append(("… and a minute later, MB", grown(before, memory(pid))))
        line.close()
    return rows


def timed(line: Line, number: int) -> float:
    """Return the seconds that a press takes."""
    begun = time.monotonic()
    line.ask("/_dash-update-component", press(number))
    return time.monotonic() - begun


def ask_many(url: str, at: int, count: int) -> None:
    """Ask for pages and presses in turn."""
    line = Line(url)
    for number in range(count):
        if number % 4:
            line.ask("/_dash-update-component", press(number * 8 + at))
        else:
            line.ask(("/", "/progress", "/county/620922", "/overlap")[number // 4 % 4])
    line.close()


def figure(took: list[float], idle: list[float] | None = None, lost: int = 0) -> str:
    """Write median and p95, how often the idle p95 that is, and how many got nothing."""
    if not took:
        return f"none of {lost}"
    found = sorted(took)
    text = f"{found[len(found) // 2] * 1000:,.0f} ({p95(found) * 1000:,.0f})"
    text += f", {p95(found) / p95(idle):.1f} × idle" if idle else ""
    return text + (f", {lost} lost" if lost else "")


def grown(before: float, after: float) -> str:
    """Write what it was and is."""
    return f"{before:,.0f} → {after:,.0f} ({after / before:.2f} ×)"


def section(times: dict, say: Say, kinds: tuple[str, ...] = ("atlas", "gunicorn")) -> str:
    """Take all measures and return the section of the report."""
    found = {kind: dict(measured(kind, times, say)) for kind in kinds}
    names = list(dict.fromkeys(name for rows in found.values() for name in rows))
    heads = {"atlas": "waitress", "gunicorn": "gunicorn, 2 × 4 gthread"}
    lines = [f"| | {' | '.join(heads[kind] for kind in kinds)} |", f"|---|{'---:|' * len(kinds)}"]
    lines += [f"| {name} | {' | '.join(found[kind].get(name, '') for kind in kinds)} |" for name in names]
    return f"""
## A crowd

{chr(10).join(lines)}

Medians (p95). Clients and server share {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end. Memory is
of all the server's processes; that of the files' own process goes with it when it has been idle for a minute.
"""


def main() -> None:
    """Print the section alone."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and smaller crowds")
    parser.add_argument("--only", choices=("atlas", "gunicorn"), help="one server (atlas: waitress)")
    given = parser.parse_args()
    kinds = (given.only,) if given.only else ("atlas", "gunicorn")
    print(section(QUICK if given.quick else FULL, lambda text: print(text, file=sys.stderr, flush=True), kinds))


if __name__ == "__main__":
    main()
