"""Pages that stay open: while many messages arrive, and while the server is restarted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from knock_sdk import Knock
from tests.browser import server
from tests.browser.conftest import KEY

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.chromium import Windows

PEOPLE = [{"id": f"user-{number}", "name": f"User {number}"} for number in range(100)]
TRIGGERS = 40


def test_many_messages_arrive_and_the_page_stays_small(page: Page, url: str, client: Knock) -> None:
    page.goto(url)
    for number in range(TRIGGERS):
        client.workflows.trigger("burst", recipients=PEOPLE, data={"number": number})
        page.wait_for_timeout(0)  # the browser's events are handled
    expect(page.locator("#count")).to_have_text(f"{TRIGGERS * len(PEOPLE):,} messages")
    assert page.locator("#messages tbody tr").count() == 50
    client.workflows.trigger("last", recipients=PEOPLE[:1])
    expect(page.locator("#messages tbody tr").first).to_contain_text("last")


def test_each_message_of_a_burst_is_found(page: Page, url: str, client: Knock) -> None:
    page.goto(url)
    for _ in range(2):
        client.workflows.trigger("burst", recipients=PEOPLE)
    expect(page.locator("#count")).to_have_text("200 messages")
    seen = set()
    while True:
        seen |= {row.get_attribute("id") for row in page.locator("#messages tbody tr").all()}
        older = page.get_by_role("link", name="Older")
        if not older.count():
            break
        older.click()
    assert len(seen) == 200


def test_a_page_goes_on_after_a_restart_of_the_server(windows: Windows, tmp_path: Path) -> None:
    windows.expect_problem("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|INCOMPLETE_CHUNKED")
    state = str(tmp_path / "knock.state")
    with server.run("--state", state) as first:
        page = windows.open(first.url)
        with Knock(api_key=KEY, base_url=first.url, max_retries=0) as client:
            client.workflows.trigger("before", recipients=PEOPLE[:1])
        expect(page.locator("#messages tbody tr")).to_have_count(1)
        page.evaluate("window.opened = 'once'")
        first.stop()
    expect(page.get_by_text("The server cannot be reached")).to_be_visible()
    with server.run("--state", state, port=first.port) as second:
        expect(page.get_by_text("The server cannot be reached")).to_be_hidden()
        with Knock(api_key=KEY, base_url=second.url, max_retries=0) as client:
            client.workflows.trigger("after", recipients=PEOPLE[:1])
        expect(page.locator("#messages tbody tr")).to_contain_text(["after", "before"])
        assert page.evaluate("window.opened") == "once"
        windows.close()
        second.stop()


def test_tabs_that_are_not_seen_leave_the_connections_to_others(windows: Windows, url: str, client: Knock) -> None:
    tabs = [windows.open(url)]
    tabs += [tabs[0].context.new_page() for _ in range(7)]  # browsers have six connections
    for tab in tabs:
        tab.goto(url)
        expect(tab.locator("#count")).to_have_text("0 messages")
        hide(tab, hidden=True)
    client.workflows.trigger("news", recipients=PEOPLE[:1])
    hide(tabs[0], hidden=False)
    expect(tabs[0].locator("#count")).to_have_text("1 message")


def hide(tab: Page, *, hidden: bool) -> None:
    """Tell a tab that it is in the background, or seen again, as a browser with windows does."""
    tab.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
        }""",
        hidden,
    )
