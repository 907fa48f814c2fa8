"""What the user's own figures cost: importing them, the progress page, and reading the store from many clients.

``python -m benchmarks.store`` measures only what needs neither a server nor a browser, the import.
"""

from __future__ import annotations

import io
import math
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from threading import Barrier
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from openpyxl import Workbook, load_workbook
from playwright.sync_api import Request

from benchmarks.shapes import NO_COUNTY
from benchmarks.table import Found, p95
from geodata.names import known_counties
from targets.importing import compare, read_file
from targets.indicators import shipped_indicators
from targets.observations import Store, open_store
from targets.published import load_published

if TYPE_CHECKING:
    from benchmarks.run import Contender

COLUMNS = 20
SMALL, LARGE = 86, 2_900  # rows of 20 values
PARTS = ("三季度", "上半年", "一季度", "全年")
PERIODS = [f"{year}年{part}" for year in range(2025, 2016, -1) for part in PARTS if (year, part) != (2025, "全年")]
CLIENTS = (1, 8, 32)
LEVEL_SECONDS = 8  # no request begins later, however slow the machine
STEPS = ("read", "compare", "accept")
FULL = {"import": 7, "large import": 3, "progress": 8, "press": 8, "requests": 160}
QUICK = {"import": 3, "large import": 1, "progress": 3, "press": 4, "requests": 64}


def section(
    atlas: Contender, progress: Contender, folder: Path, times: dict[str, int], say: Callable[[str], None]
) -> str:
    """Take all measures and return the section of the report.

    Parameters
    ----------
    atlas : Contender
        With its measures of the map, which those of the progress page are set against.
    progress : Contender
        The same server's progress page, not yet opened.
    folder : Path
        The server's data folder, which must be empty: 86 × 20 values are imported into it.
    times : dict of str to int
        Repeats, as `FULL`.
    """
    say(f"import of {SMALL:,} × {COLUMNS} and {LARGE:,} × {COLUMNS} values")
    imports = all_imports(times)
    import_steps(workbook(SMALL), SMALL, folder)

    say("progress page")
    progress.first_map()
    progress.found.clear()
    for _ in range(times["progress"]):
        progress.first_map()
    pieces: list[str] = []

    def keep(request: Request) -> None:
        if "/fragment/counted" in request.url:
            pieces.append(request.url.removeprefix(progress.url))

    progress.open(progress.url)
    progress.page.on("request", keep)
    progress.click(None, 400)
    for _ in range(times["press"]):
        progress.click("click", 400)
        progress.note("followed", progress.page.evaluate("bench.followed"))
    if not pieces:
        raise SystemExit("progress: a press has asked the server for no sentences")
    progress.page.context.close()
    progress.page = None

    say(f"store reads at {', '.join(map(str, CLIENTS))} clients")
    reads = {}
    for title, paths in (
        ("progress page's answer to a press", pieces),
        ("`/healthz`: the store alone", ["/healthz"]),
    ):
        ask(progress.url, paths, 8, 16)
        reads[title] = [ask(progress.url, paths, clients, times["requests"]) for clients in CLIENTS]
    return report(imports, atlas.found, progress.found, reads, times)


# --- importing -------------------------------------------------------------------------------------------------------


def all_imports(times: dict[str, int]) -> dict[int, Found]:
    """Return the ms of every step of importing the small and the large file, by their rows."""
    small, large = workbook(SMALL), workbook(LARGE)
    import_steps(small, SMALL)  # what a process does only once is not the file's
    return {SMALL: rounds(small, SMALL, times["import"]), LARGE: rounds(large, LARGE, times["large import"])}


def workbook(rows: int) -> bytes:
    """Return a file of `rows` × 20 plausible values: a sheet for each period, 86 counties a sheet.

    Only Gansu's places are read, so that 2,900 rows are 33 whole sheets and one of 62 counties.
    """
    indicators = [one for one in shipped_indicators().values() if one.kind != "date"][:COLUMNS]
    middles = [math.sqrt(one.low * one.high) if one.low > 0 else 5.0 for one in indicators]
    names = [county.name for adcode, county in known_counties().items() if adcode != NO_COUNTY]
    book = Workbook(write_only=True)
    for first, period in zip(range(0, rows, len(names)), PERIODS, strict=False):
        sheet = book.create_sheet(period)
        sheet.append([f"县区主要经济指标（{period}）"])
        sheet.append(["县区", *(f"{one.zh}（{one.unit}）" for one in indicators)])
        for number, name in enumerate(names[: rows - first]):
            share = 0.5 + number / 50 + first / 20_000
            sheet.append([name, *(round(middle * share, 2) for middle in middles)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rounds(data: bytes, rows: int, count: int) -> Found:
    """Return the ms of every step, by step; each round has a store of its own."""
    taken = [import_steps(data, rows) for _ in range(count)]
    return {step: [one[step] for one in taken] for step in taken[0]}


def import_steps(data: bytes, rows: int, folder: Path | None = None) -> dict[str, float]:
    """Import a file into the empty store of `folder`, or of a temporary one; return the ms of every step."""
    if folder is None:
        with tempfile.TemporaryDirectory() as made:
            return import_steps(data, rows, Path(made))
    published = load_published().observations
    found: dict[str, float] = {}

    def timed(step: str, act: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        result = act()
        found[step] = (time.perf_counter() - begun) * 1000
        return result

    store = open_store(None, published, folder)
    timed("floor", lambda: bare_read(data))
    reading = timed("read", lambda: read_file(data, "figures.xlsx", indicators=store.indicators()))
    if reading.faults or len(reading.rows) != rows * COLUMNS:
        raise SystemExit(f"{len(reading.rows)} values were read, not {rows * COLUMNS}: {reading.faults[:1]}")
    difference = timed("compare", lambda: compare(reading, store))
    timed("accept", lambda: store.accept(difference, "bench"))
    found["import"] = sum(found[step] for step in STEPS)
    fresh: Store = open_store(None, published, folder)
    timed("cold", fresh.observations)
    timed("warm", fresh.observations)
    return found


def bare_read(data: bytes) -> int:
    """Do the least that any import must: have openpyxl read every cell. Return how many there are."""
    book = load_workbook(io.BytesIO(data), read_only=True)
    try:
        return sum(len(row) for sheet in book for row in sheet.iter_rows(values_only=True))
    finally:
        book.close()


# --- many clients ----------------------------------------------------------------------------------------------------


def ask(url: str, paths: Sequence[str], clients: int, count: int) -> tuple[float, list[float]]:
    """Ask the server `count` times at most, each client on one connection, one request after another.

    Returns
    -------
    rate, ms : float, list of float
        Requests a second, and how long each took.
    """
    address = urlsplit(url)
    begun: list[float] = []
    barrier = Barrier(clients, action=lambda: begun.append(time.perf_counter()))
    headers = {"Accept-Encoding": "gzip, deflate"}

    def client(number: int) -> list[float]:
        taken = []
        connection = HTTPConnection(address.hostname, address.port, timeout=30)
        connection.connect()
        barrier.wait(30)
        for turn in range(number, count, clients):
            path = paths[turn % len(paths)]
            before = time.perf_counter()
            if before > begun[0] + LEVEL_SECONDS:
                break
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            taken.append((time.perf_counter() - before) * 1000)
            if answer.status != 200:
                raise SystemExit(f"{path}: answer {answer.status}")
        connection.close()
        return taken

    with ThreadPoolExecutor(clients) as pool:
        taken = [ms for part in pool.map(client, range(clients)) for ms in part]
    return len(taken) / (time.perf_counter() - begun[0]), taken


# --- what is told ----------------------------------------------------------------------------------------------------


def report(
    imports: dict[int, Found],
    on_map: Found,
    on_progress: Found,
    reads: dict[str, list[tuple[float, list[float]]]],
    times: dict[str, int],
) -> str:
    """Write the section."""
    pages = [
        ["progress page, ms", "progress", "map", "progress ÷ map"],
        *(
            [title, said(on_progress[key]), said(on_map[of_map]), ratio(on_progress[key], on_map[of_map])]
            for title, key, of_map in (
                ("cold: charts and tables, first map", "first", "first"),
                ("warm: press → rows and bars, map", "followed", "click"),
                ("warm: press → headline too, map", "click", "click"),
            )
        ),
    ]
    clients = [
        [
            "store reads",
            "clients",
            "requests",
            "requests/s",
            "latency, ms",
            "requests/s ÷ 1 client",
            "latency ÷ 1 client",
        ],
        *(
            [title, f"{count}", f"{len(taken)}", f"{rate:,.1f}", said(taken)]
            + [f"{rate / levels[0][0]:.2f}", ratio(taken, levels[0][1])]
            for title, levels in reads.items()
            for count, (rate, taken) in zip(CLIENTS, levels, strict=True)
        ),
    ]
    memory = [
        ["`Store.observations()`, ms", "cold", "warm"],
        *([f"{rows:,} × {COLUMNS} values", said(found["cold"], 1), said(found["warm"], 1)]
          for rows, found in imports.items()),
    ]  # fmt: skip
    tables = "\n\n".join(map(markdown, (import_table(imports), pages, clients, memory)))
    repeats = ", ".join(f"{name} {count}" for name, count in times.items())
    return f"""## Own figures

{tables}

- Each import goes into an empty SQLite store. 2,900 × 20 is one file of 34 sheets, a period each, 86 counties a sheet
  (62 on the last). *Bare*: openpyxl reads every cell of the same file, read-only, and nothing else.
- The progress page and the reads by clients: the server's store holds 86 × 20 values. *Cold*: a new browser context,
  from navigation until the bullet chart, its table and those beneath are presented. *Warm*: from a trusted press on a
  filter until the rows and bars that it leaves are presented, which the browser does alone, and until the new headline
  is too, which the server says. The map's figures are those of the first table.
- Clients send what the page sent, each on one connection; waitress answers with 8 threads.
- Repeats: {repeats} (at most, at each number of clients, in {LEVEL_SECONDS} s)
"""


def import_table(imports: dict[int, Found]) -> list[list[str]]:
    """Return what every step of importing takes, each ratio from one run, in the first row the head."""
    ratios = [*STEPS, "import"]
    return [
        ["import, ms", *STEPS, "together", "bare openpyxl read", *(f"{step} ÷ bare" for step in (*STEPS, "together"))],
        *(
            [f"{rows:,} × {COLUMNS} values", *(said(found[step]) for step in (*STEPS, "import", "floor"))]
            + [ratio(found[step], found["floor"]) for step in ratios]
            for rows, found in imports.items()
        ),
    ]


def said(values: Sequence[float], digits: int = 0) -> str:
    """Write the median and the p95."""
    digits = digits or int(median(values) < 100)
    tail = f" ({p95(list(values)):,.{digits}f})" if len(values) > 1 else ""
    return f"{median(values):,.{digits}f}{tail}"


def ratio(values: Sequence[float], others: Sequence[float]) -> str:
    """Write how many times the other median the one is."""
    return f"{median(values) / median(others):.2f}"


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Write a table; the first row is the head."""
    rule = ["---", *["---:"] * (len(rows[0]) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (rows[0], rule, *rows[1:]))


if __name__ == "__main__":
    print(markdown(import_table(all_imports(FULL))))
