"""The browser of the tests: what it notices, and that it reaches this machine only."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.browser import axe, chromium
from tests.browser.chromium import Windows, require

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROBLEMS = {
    "<script>console.error('broken')</script>": "console error: broken",
    "<script>throw new TypeError('no such thing')</script>": "page error: no such thing",
    "<img alt='' src='http://example.com/a.png'>": "request to another host: http://example.com/a.png",
}


@pytest.fixture
def watched(browser: Browser) -> Windows:
    return Windows(browser)


@pytest.mark.parametrize("html", PROBLEMS)
def test_problems_are_noticed(watched: Windows, html: str) -> None:
    page = watched.open()
    page.set_content(html)
    page.wait_for_load_state("networkidle")
    watched.close()
    assert any(problem.startswith(PROBLEMS[html]) for problem in watched.problems)


def test_expected_problems_are_left_out(watched: Windows) -> None:
    watched.open().set_content("<script>console.error('one'); console.error('two')</script>")
    watched.close()
    watched.expect_problem("one")
    assert [problem.partition(" (")[0] for problem in watched.problems] == ["console error: two"]


def test_a_page_without_problems_has_none(watched: Windows) -> None:
    watched.open().set_content("<p>Nothing to see.</p>")
    watched.close()
    assert watched.problems == []


def test_a_name_leads_nowhere(watched: Windows) -> None:
    page = watched.open()
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://localhost.example/")
    watched.close()


def test_another_address_is_not_reached(watched: Windows) -> None:
    with socket.create_server(("127.0.0.2", 0)) as listening:
        listening.setblocking(False)
        port = listening.getsockname()[1]
        page = watched.open()
        with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
            page.goto(f"http://127.0.0.2:{port}/")
        watched.close()
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_tests_are_skipped_without_a_browser_and_fail_where_it_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "find_chromium", lambda: None)
    monkeypatch.delenv(chromium.REQUIRED, raising=False)
    reason = chromium.skip_reason()
    with pytest.raises(pytest.skip.Exception, match="chromium is not installed"):
        chromium.require(reason)
    monkeypatch.setenv(chromium.REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="chromium is not installed"):
        chromium.require(reason)
    chromium.require(None)


def test_axe_finds_what_is_wrong(watched: Windows) -> None:
    require(axe.skip_reason())
    page = watched.open()
    page.set_content("<html lang='en'><title>A page</title><main><h1>A page</h1><img src='data:,'></main>")
    found = [line.partition(":")[0] for line in axe.find_violations(page)]
    watched.close()
    assert found == ["image-alt"]
