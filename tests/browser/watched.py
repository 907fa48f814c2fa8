"""What a page must never do: speak to another host, complain on the console, break its own content policy, fail."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Response, WebSocket

# The browser itself finds no other host than this one, so that nothing the page asks for can leave the machine. A
# playwright route would do the same, but switches the browser's cache off.
ONLY_THIS_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
INSIDE = ("data", "blob", "about", "chrome-error")
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
  console.error(`content policy: ${violatedDirective} refused ${blockedURI || "inline"} (${sourceFile})`));
"""
# Printing opens a dialog of the browser's own, in the way of all that comes after: pages only ask, and are counted.
COUNT_PRINTS = "window.printed = 0; window.print = () => { window.printed += 1; };"
SERIOUS = ("error", "warning", "assert")


class Watch:
    """Records what goes wrong in the pages of one browser context."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.origins = {origin}
        self._problems: list[str] = []
        self._allowed: list[re.Pattern[str]] = []
        context.add_init_script(REPORT_VIOLATIONS)
        context.add_init_script(COUNT_PRINTS)
        context.on("dialog", self._asks_aloud)
        context.on("request", self._asked)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)
        context.on("console", self._spoke)
        context.on("weberror", lambda raised: self._note(f"page error: {raised.error.message}\n{raised.error.stack}"))
        context.on("page", lambda page: page.on("websocket", self._connected))

    def problems(self) -> list[str]:
        """Return what was noted and not allowed, and forget it."""
        found = [said for said in self._problems if not any(pattern.search(said) for pattern in self._allowed)]
        self._problems.clear()
        self._allowed.clear()
        return found

    def allow(self, *patterns: str) -> None:
        """Let problems that match one of these pass, until the problems are next asked for."""
        self._allowed += [re.compile(pattern) for pattern in patterns]

    def _note(self, problem: str) -> None:
        self._problems.append(problem)

    def _is_outside(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme not in INSIDE and f"{parts.scheme}://{parts.netloc}" not in self.origins

    def _asked(self, request: Request) -> None:
        if self._is_outside(request.url):
            self._note(f"outside request: {request.method} {request.url}")

    def _failed(self, request: Request) -> None:
        # A request is aborted when its page is left, and a navigation when it turns out to be a download.
        if request.failure != "net::ERR_ABORTED":
            self._note(f"failed request: {request.url} ({request.failure})")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"answer {response.status}: {response.url}")

    def _spoke(self, message: ConsoleMessage) -> None:
        if message.type in SERIOUS:
            self._note(f"console {message.type}: {message.text}")

    def _asks_aloud(self, dialog: Dialog) -> None:
        self._note(f"dialog {dialog.type}: {dialog.message}")
        if dialog.type == "beforeunload":
            dialog.accept()  # the page is to be left
        else:
            dialog.dismiss()

    def _connected(self, socket: WebSocket) -> None:
        self._note(f"web socket: {socket.url}")


def settle(page: Page) -> Page:
    """Wait until the page's rooms stand around the map, in the language asked for, and Python has answered."""
    page.wait_for_function(
        """() => {
          const html = document.documentElement, page = document.getElementById("page");
          return !html.classList.contains("is-starting") && page
            && html.lang.slice(0, 2) === page.dataset.lang
            && document.getElementById("map-stage").contains(document.getElementById("county-map"))
            && document.getElementById("filter-sentence").textContent !== "";
        }"""
    )
    return page
