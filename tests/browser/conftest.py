"""One server and one browser for all of tests/browser, and pages that fail their test when one of them misbehaves."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import chromium
import pytest
from atlas_server import AtlasServer
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright
from readings import LOOK, put_back, random_filters
from shipped import PLAN
from watched import ONLY_THIS_HOST, Watch, settle

from targets.counties import load_counties
from targets.selection import Filter, members

DESK = (1366, 768)
PATIENCE = 20_000  # ms; how long to wait for what must come, on a busy machine
expect.set_options(timeout=PATIENCE)
# What a test may hang on a page that navigating away does not take off.
HOOKS = ("on", "once", "add_init_script", "expose_function")


class Visits:
    """Opens pages of the atlas, all watched; contexts with the same options are shared, and so is their cache.

    A page that a test is done with goes blank and waits for the next of its context: an address opened in a warm
    process costs half of one in a new process.
    """

    def __init__(self, browser: Browser, server: AtlasServer) -> None:
        self.server = server
        self._browser = browser
        self._contexts: dict[str, tuple[Any, Watch]] = {}
        self._pages: list[Page] = []
        self._waiting: dict[Any, Page] = {}  # by context
        self._hooked: set[Page] = set()
        self._sessions: list[Any] = []
        self._home: Page | None = None
        self._looked = ""

    def __call__(
        self, query: str = "", *, size: tuple[int, int] = DESK, ready: bool = True, on: str = "", **options: Any
    ) -> Page:
        """Open the atlas at a query, in a window of the given size.

        ``on`` is the address of another server than the session's; ``options`` are those of a browser context.
        """
        page = self.blank(size=size, on=on, **options)
        page.goto(f"{on or self.server.url}/{'?' + query if query else ''}")
        return settle(page) if ready else page

    def blank(self, *, size: tuple[int, int] = DESK, on: str = "", **options: Any) -> Page:
        """Return a watched page that has not been anywhere."""
        context, watch = self._context(options)
        if on:
            watch.origins.add(on)
        page = self._waiting.pop(context, None)
        if page is None:
            page = context.new_page()
            for name in HOOKS:
                setattr(page, name, self._noting(page, getattr(page, name)))
        else:
            page.bring_to_front()
            page.emulate_media(media="null", reduced_motion="null")
            page.set_default_timeout(PATIENCE)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        self._pages.append(page)
        return page

    def allow(self, *patterns: str) -> None:
        """Let problems that match one of these pass, in this test only."""
        for _, watch in self._contexts.values():
            watch.allow(*patterns)

    def leave(self) -> list[str]:
        """Take the pages of a test away and return what went wrong in them; the home page stays for the next."""
        for session in self._sessions:
            with suppress(Error):  # the test has detached it, or closed its page
                session.detach()
        self._sessions.clear()
        for page in self._pages:
            if not page.is_closed():
                page.evaluate("0")  # everything reported before this has arrived once it answers
                if page is not self._home:
                    self._put_by(page)
        for context, _ in self._contexts.values():  # windows that a test opened and has left
            for page in set(context.pages) - {self._home, self._waiting.get(context)}:
                page.close()
        self._pages.clear()
        return self.problems()

    def problems(self) -> list[str]:
        """Return what went wrong since this was last asked, but for what is allowed."""
        return [problem for _, watch in self._contexts.values() for problem in watch.problems()]

    def home(self) -> Page:
        """Return the atlas at its default view: the page of the test before, put back, if it looks untouched then."""
        if self._home and not self._home.is_closed():
            self._home.bring_to_front()
            self._pages.append(self._home)
            put_back(self._home, DESK)
            if self._home.evaluate(LOOK) == self._looked:
                return self._home
            self._put_by(self._home)
        self._home = self()
        put_back(self._home, DESK)
        self._looked = self._home.evaluate(LOOK)
        return self._home

    def close(self) -> None:
        """Close the contexts."""
        for context, _ in self._contexts.values():
            context.close()

    def _put_by(self, page: Page) -> None:
        """Blank a page for the next test, unless something was hung on it or one is waiting already."""
        if page in self._hooked or page.context in self._waiting or not page.url.startswith("http"):
            self._hooked.discard(page)
            page.close()
            return
        page.evaluate("sessionStorage.clear()")
        page.goto("about:blank")
        page.unroute_all()
        self._waiting[page.context] = page

    def _noting(self, page: Page, hang: Any) -> Any:
        def note(*given: Any, **more: Any) -> Any:
            self._hooked.add(page)
            return hang(*given, **more)

        return note

    def _listening(self, context: Any) -> Any:
        listen = context.new_cdp_session

        def note(page: Any) -> Any:
            self._sessions.append(listen(page))
            return self._sessions[-1]

        return note

    def _context(self, options: dict[str, Any]) -> tuple[Any, Watch]:
        key = repr(sorted(options.items()))
        if key not in self._contexts:
            context = self._browser.new_context(**{"locale": "zh-CN", **options})
            context.set_default_timeout(PATIENCE)
            context.new_cdp_session = self._listening(context)
            self._contexts[key] = context, Watch(context, self.server.url)
        return self._contexts[key]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AtlasServer]:
    """Serve an atlas into which nothing was imported."""
    running = AtlasServer("--data-folder", str(tmp_path_factory.mktemp("bare"))).wait()
    yield running
    said = running.stop()
    assert "Traceback" not in said, f"the server raised:\n{said}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.fail("No Chromium on this machine: run python tests/browser/chromium.py, which installs one.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*chromium.FLAGS, ONLY_THIS_HOST])
        yield running
        running.close()


@pytest.fixture(scope="session")
def visits(browser: Browser, server: AtlasServer) -> Iterator[Visits]:
    opened = Visits(browser, server)
    yield opened
    opened.close()


@pytest.fixture
def visit(visits: Visits) -> Iterator[Visits]:
    """Return what opens pages; the test fails at its end when anything went wrong in one of them."""
    yield visits
    problems = visits.leave()
    assert not problems, "\n".join(["in the page:", *problems])


@pytest.fixture
def page(visit: Visits) -> Page:
    """Return the atlas at its default view."""
    return visit.home()


@pytest.fixture(scope="session")
def held() -> dict[str, frozenset[str]]:
    """Return the adcodes that hold each option, as Python finds them."""
    return members(load_counties(PLAN), PLAN)


@pytest.fixture(scope="session")
def filters() -> list[Filter]:
    return random_filters(random.Random(20250), 300)
