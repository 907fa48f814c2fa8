"""What stands a crowd: connections that say nothing stop nobody, and an end lets requests end (Load 6)."""

from __future__ import annotations

import signal
import socket
import threading
import time


def test_silent_connections_stop_nobody(shared):
    """More than waitress' own limit of 100; gunicorn, which a proxy shields from them, stands more than its workers."""
    n = 150 if shared.kind == "waitress" else 12
    silent = [socket.create_connection(("127.0.0.1", shared.port), timeout=10) for _ in range(n)]
    begun = time.monotonic()
    try:
        for path in ("/healthz", "/", "/assets/view.js"):
            assert shared.ask(path, within=20).status == 200
    finally:
        for line in silent:
            line.close()
    assert time.monotonic() - begun < 20


def test_a_stop_lets_requests_end(shared):
    """The last of this file: its server is gone afterwards."""
    answers = []
    asking = threading.Thread(target=lambda: answers.append(shared.ask("/export/meeting.xlsx", within=60)))
    asking.start()
    time.sleep(0.4)
    assert not answers, "the request takes its time"
    shared._process.send_signal(signal.SIGTERM)
    asking.join(60)
    assert answers and answers[0].status == 200 and answers[0].body[:2] == b"PK"
    assert shared._process.wait(30) == 0
