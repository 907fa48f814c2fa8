"""What a contender costs outside the page: its server process and its bytes on the wire."""

from __future__ import annotations

import asyncio
import math
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import CDPSession

ROOT = Path(__file__).parent.parent
COMMANDS = {
    "atlas": ["app.py"],
    "echarts": ["-m", "benchmarks.echarts"],
    "naive": ["-m", "benchmarks.naive"],
}
GUNICORN = ["-m", "gunicorn", "--workers", "2", "--threads", "4", "app:server()"]  # the rest is in gunicorn.conf.py
START_SECONDS = 60


@contextmanager
def server(name: str, log: Path, data: Path) -> Iterator[tuple[str, int]]:
    """Run a contender's server, or the atlas by ``gunicorn``, on a free loopback port for as long as the block lasts.

    The atlas keeps its figures in the folder `data`, and takes no other setting from the environment.

    Yields
    ------
    url, pid : str, int
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    where = ["--bind", f"127.0.0.1:{port}"] if name == "gunicorn" else ["--port", str(port)]
    command = [sys.executable, *(GUNICORN if name == "gunicorn" else COMMANDS[name]), *where]
    settings = {key: value for key, value in os.environ.items() if not key.startswith("ATLAS_")}
    settings["ATLAS_DATA_FOLDER"] = str(data)
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=output, stderr=subprocess.STDOUT)
    try:
        if not _answers(url, process):
            raise SystemExit(f"{name}: no answer from {' '.join(command)}\n{log.read_text(errors='replace')[-2000:]}")
        yield url, process.pid
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()


def _answers(url: str, process: subprocess.Popen) -> bool:
    """Wait until the server answers, ends, or has had its time."""
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


@contextmanager
def far_away(url: str, seconds: float) -> Iterator[str]:
    """Give a second address for a server, `seconds` away each way: a loopback relay that holds every packet that long.

    DevTools' own latency is no delay but a minimum: an answer that takes longer anyway is not held at all.
    """
    near = url.rstrip("/").rsplit(":", 1)[1]
    loop = asyncio.new_event_loop()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            loop.call_later(seconds, writer.write, data)
        loop.call_later(seconds, writer.close)

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", int(near))
        with suppress(asyncio.CancelledError):
            await asyncio.gather(carry(reader, server_writer), carry(server_reader, writer), return_exceptions=True)

    async def end() -> None:
        relay.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    relay = asyncio.run_coroutine_threadsafe(asyncio.start_server(meet, "127.0.0.1", 0), loop).result()
    try:
        yield f"http://127.0.0.1:{relay.sockets[0].getsockname()[1]}/"
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process, with all its threads and its children, has used."""
    ticks = 0
    waiting = [pid]
    while waiting:
        process = Path(f"/proc/{waiting.pop()}")
        ticks += sum(map(int, (process / "stat").read_text().rsplit(")", 1)[1].split()[11:15]))
        for children in process.glob("task/*/children"):
            waiting += map(int, children.read_text().split())
    return ticks / os.sysconf("SC_CLK_TCK")


class Wire:
    """Count a page's bytes on the wire, both ways, heads and bodies, as the browser's DevTools report them.

    Attributes
    ----------
    under_way : dict of str to float
        Bytes received so far, by request not yet ended.
    """

    def __init__(self, session: CDPSession) -> None:
        self.under_way: dict[str, float] = {}
        self._counted: list[tuple[float, float]] = []  # DevTools time in seconds, bytes
        self._offset = math.nan  # DevTools time minus wall time
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.requestWillBeSentExtraInfo", self._sent_heads)
        session.on("Network.responseReceived", lambda e: self._received(e, e["response"]["encodedDataLength"]))
        session.on("Network.dataReceived", lambda e: self._received(e, e["encodedDataLength"]))
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.loadingFailed", lambda e: self.under_way.pop(e["requestId"], None))
        session.send("Network.enable", {"maxPostDataSize": 1 << 20})

    def total(self, until: float | None = None) -> float:
        """Return the bytes counted, up to a wall-clock time (seconds) if one is given."""
        end = math.inf if until is None else until + self._offset
        return sum(count for when, count in self._counted if when <= end)

    def _sent(self, event: dict) -> None:
        request = event["request"]
        if request["url"].startswith("data:"):
            return
        self._offset = event["timestamp"] - event["wallTime"]
        self.under_way[event["requestId"]] = 0
        line = f"{request['method']} /{request['url'].split('/', 3)[-1]} HTTP/1.1\r\n\r\n"
        self._counted.append((event["timestamp"], len(line) + len(request.get("postData", "").encode())))

    def _sent_heads(self, event: dict) -> None:  # an event without a time of its own
        heads = sum(len(name) + len(value) + 4 for name, value in event["headers"].items())
        self._counted.append((self._counted[-1][0] if self._counted else 0.0, heads))

    def _received(self, event: dict, count: float) -> None:
        if event["requestId"] in self.under_way:
            self.under_way[event["requestId"]] += count
            self._counted.append((event["timestamp"], count))

    def _finished(self, event: dict) -> None:
        rest = event["encodedDataLength"] - self.under_way.get(event["requestId"], math.inf)
        if rest > 0:  # what the events before have not told
            self._received(event, rest)
        self.under_way.pop(event["requestId"], None)
