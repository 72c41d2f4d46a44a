"""Chromium, started so that it reaches this machine only, and what went wrong in its pages."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

REQUIRED = "BROWSER_TESTS_REQUIRED"
"""Name of the variable with which tests fail that would be skipped."""
LOOPBACK = "127.0.0.1"
FOREIGN = "foreign.example"
"""A name that leads to this machine, with which a page counts as one of the web."""
ARGUMENTS = [
    f"--host-resolver-rules=MAP {FOREIGN} {LOOPBACK} , MAP * ~NOTFOUND , EXCLUDE {LOOPBACK}",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]
PATIENCE = 20_000
"""Milliseconds after which Playwright gives up: far longer than anything takes on a busy machine."""


def find_chromium() -> str | None:
    """Return the path of Chromium on this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def skip_reason() -> str | None:
    """Return why the tests cannot run on this machine; None if they can."""
    if find_spec("playwright") is None:
        return "playwright is not installed: pip install -e '.[dev]'"
    if find_chromium() is None:
        return "chromium is not installed: apt-get install chromium"
    return None


def require(reason: str | None) -> None:
    """Skip the test if there is a reason to; fail instead where browser tests are required."""
    if reason is not None:
        (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(reason)


@contextmanager
def start() -> Iterator[Browser]:
    """Start Chromium and Playwright's driver while a `with` block runs.

    Playwright keeps an event loop running in this thread for as long, so `asyncio.run` fails within the block.
    """
    from playwright.sync_api import sync_playwright

    # Chromium cannot make its sandbox for root.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=[*ARGUMENTS, *as_root])
        try:
            yield browser
        finally:
            browser.close()


class Windows:
    """Opens pages, each in a context of its own, and collects what goes wrong in them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._expected: list[str] = []
        self._problems: list[str] = []

    def open(self, url: str | None = None, **options: Any) -> Page:
        """Open a page in a fresh context, with Playwright's options for contexts."""
        context = self._browser.new_context(**{"locale": "en-GB", "timezone_id": "UTC", **options})
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("console", self._hear_console)
        context.on("weberror", self._hear_error)
        context.on("request", self._hear_request)
        page = context.new_page()
        if url is not None:
            page.goto(url)
        return page

    def expect_problem(self, pattern: str) -> None:
        """Leave out problems in which a regular expression is found."""
        self._expected.append(pattern)

    @property
    def problems(self) -> list[str]:
        """Errors in consoles and scripts, and requests to other hosts, without expected ones."""
        return [text for text in self._problems if not any(re.search(each, text) for each in self._expected)]

    @property
    def all_problems(self) -> list[str]:
        """All of them."""
        return list(self._problems)

    def close(self) -> None:
        """Close all pages, after all that they have said was heard."""
        from playwright.sync_api import Error

        for context in self._contexts:
            for page in context.pages:
                with suppress(Error):  # it is just leaving for another page
                    page.evaluate("0")
            context.close()
        self._contexts.clear()

    def _hear_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._problems.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _hear_error(self, error: WebError) -> None:
        self._problems.append(f"page error: {error.error}")

    def _hear_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.hostname != LOOPBACK:
            self._problems.append(f"request to another host: {request.url}")
