"""Fixtures: one Chromium for the tests of this folder, and for each test windows, a simulator and its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knock_sdk import Knock
from knock_sdk.testing import Simulator
from tests.browser.chromium import PATIENCE, Windows, require, skip_reason, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

KEY = "sk_test_browser"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for each process. It ends with the tests of this folder, since others need their thread's event loop."""
    require(skip_reason())
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    with start() as started:
        yield started


@pytest.fixture
def windows(browser: Browser, url: str) -> Iterator[Windows]:
    """Opens pages, and closes them before the server ends; a problem in one of them fails the test."""
    made = Windows(browser)
    yield made
    made.close()
    assert made.problems == []


@pytest.fixture
def page(windows: Windows) -> Page:
    """An empty page."""
    return windows.open()


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    """The address at which the simulator is served."""
    with sim.serve() as address:
        yield address


@pytest.fixture
def client(url: str) -> Iterator[Knock]:
    """A client that reaches the simulator through the server."""
    with Knock(api_key=KEY, base_url=url, max_retries=0) as made:
        yield made
