"""A press while a file is made, and what many ask for at once, of a real server."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from served import Server, figures

PRESS = {"view.data": "cluster=C1"}
PATIENCE = 180  # seconds, on a machine that is busy with others


def timed(server: Server) -> float:
    begun = time.monotonic()
    assert server.press(PRESS).status == 200
    return time.monotonic() - begun


def test_presses_go_on_while_a_file_is_made(shared):
    """Each is answered long before the file is there; the file comes whole, and the second time it is there at once."""
    timed(shared)  # what is done once only
    with ThreadPoolExecutor(1) as thread:
        begun = time.monotonic()
        file = thread.submit(shared.ask, "/export/meeting.pptx", within=PATIENCE)
        took, seen = [], set()
        while not file.done():
            took.append(timed(shared))
            seen.add(shared.ask("/export/job/pptx").json["state"])
        made = time.monotonic() - begun
    answer = file.result()
    assert answer.status == 200 and answer.body[:2] == b"PK"
    assert len(took) >= 5 and "making" in seen
    assert median(took) < made / 5
    begun = time.monotonic()
    assert shared.ask("/export/meeting.pptx").body == answer.body
    assert time.monotonic() - begun < made / 2


def test_many_who_open_the_meeting_after_an_import_are_all_answered(shared):
    """All show the new figure, whichever process answers."""
    assert shared.load(figures(140.5)).status == 200
    with ThreadPoolExecutor(16) as threads:
        paths = ["/county/620922", "/progress", "/meeting/ready", "/meeting/ready?lang=en"] * 4
        answers = list(threads.map(lambda path: shared.ask(path, within=PATIENCE), paths))
    assert {answer.status for answer in answers} == {200}
    assert all("140.5" in answer.text for answer in answers[::4])


def test_what_is_exported_after_an_import_is_of_it(shared):
    assert "state" in shared.ask("/export/job/xlsx").json
    before = shared.ask("/export/meeting.xlsx", within=PATIENCE).body
    assert shared.load(figures(161.5)).status == 200
    after = shared.ask("/export/meeting.xlsx", within=PATIENCE).body
    assert before[:2] == after[:2] == b"PK" and before != after
