"""What an import is just doing, for the browser that waits for it: known to the process that does it, and no other."""

from __future__ import annotations

import re
from collections import OrderedDict
from threading import Lock

from flask import has_request_context, request

HEADER = "X-Atlas-Job"
KEPT = 64
_steps: OrderedDict[str, str] = OrderedDict()
_lock = Lock()


def begin(step: str) -> None:
    """Note that the request being answered has come to a step: ``read``, ``compare`` or ``store``."""
    job = request.headers.get(HEADER, "") if has_request_context() else ""
    if not re.fullmatch(r"[\w-]{1,40}", job, re.ASCII):
        return
    with _lock:
        _steps[job] = step
        while len(_steps) > KEPT:
            _steps.popitem(last=False)


def now(job: str) -> str:
    """Return the step a request has come to; empty when this process knows nothing of it."""
    with _lock:
        return _steps.get(job, "")
