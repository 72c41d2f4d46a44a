"""The inbox: messages appear as they are made, and filters and searches are in the address."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser import scene
from tests.browser.conftest import KEY
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.browser.chromium import Windows

EXAMPLES = ROOT / "examples"


def rows(page: Page) -> Locator:
    return page.locator("#messages tbody tr")


def stays(page: Page) -> None:
    """Remember that this document is the one that is open."""
    page.evaluate("window.opened = 'once'")


def stayed(page: Page) -> bool:
    return page.evaluate("window.opened") == "once"


def test_a_message_appears_without_a_reload(page: Page, url: str, client: Knock) -> None:
    page.goto(url)
    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()
    stays(page)
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "Ana Reyes"}], data={"plan": "pro"})
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text(["Ana Reyes"])
    expect(page.get_by_text("1 message", exact=True)).to_be_visible()
    client.workflows.trigger("goodbye", recipients=["ana"])
    expect(rows(page)).to_contain_text(["goodbye", "welcome"])  # the newest first
    assert stayed(page)


def test_a_status_changes_without_a_reload(page: Page, url: str, client: Knock, sim: Simulator) -> None:
    sim.workflow("receipt", channels=["email"])
    client.workflows.trigger("receipt", recipients=[{"id": "ana", "email": "ana@lumen.example"}])
    page.goto(url)
    stays(page)
    expect(rows(page)).to_contain_text(["queued"])
    sim.advance(minutes=1)
    expect(rows(page)).to_contain_text(["delivered"])
    client.messages.mark_as_read(sim.messages()[0].id)
    expect(rows(page)).to_contain_text(["read"])
    assert stayed(page)


def test_the_quickstart_is_seen_while_it_runs(page: Page, url: str, sim: Simulator) -> None:
    """The program as it stands, with the server's address in its environment; workflows are declared as it says."""
    from tests.browser.quickstart import declare_workflows

    sim.advance_to(datetime.now(timezone.utc))  # it looks for messages of the last day
    declare_workflows(sim)
    page.goto(url)
    stays(page)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KNOCK_")}
    program = [sys.executable, str(EXAMPLES / "quickstart.py")]
    environment = {**kept, "KNOCK_API_KEY": KEY, "KNOCK_BASE_URL": url}
    events = len(json.loads((EXAMPLES / "data" / "events.json").read_text(encoding="utf-8")))
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as day:
        expect(rows(page)).to_have_count(50)  # a page of the inbox
        while [each.operation for each in sim.requests].count("triggerWorkflow") < events:
            assert day.poll() is None, day.communicate()  # the program still runs: afterwards it waits for deliveries
            page.wait_for_timeout(50)
        expect(page.locator("#count")).to_have_text(f"{len(sim.messages())} messages")
        sim.advance(minutes=1)
        expect(rows(page).first).to_contain_text("delivered")
        out, err = day.communicate(timeout=60)
    assert day.returncode == 0, err
    assert f"became {len(sim.messages())} messages: {len(sim.messages())} delivered" in out
    assert stayed(page)


def test_filters_and_search_are_in_the_address(windows: Windows, url: str, client: Knock, sim: Simulator) -> None:
    scene.fill(sim, client)
    page = windows.open(url)
    expect(rows(page)).to_have_count(len(sim.messages()))
    page.get_by_label("Recipient").fill("ben")
    page.get_by_label("Channel").select_option("postmark")
    page.get_by_role("button", name="Filter").click()
    expect(rows(page)).to_have_count(1)
    asked = parse_qs(urlsplit(page.url).query)
    assert (asked["recipient"], asked["channel"]) == (["ben"], ["postmark"])

    other = windows.open(page.url)  # somebody with whom the address was shared
    expect(rows(other)).to_have_count(1)
    assert other.get_by_label("Recipient").input_value() == "ben"
    other.get_by_role("link", name="Clear").click()
    expect(rows(other)).to_have_count(len(sim.messages()))

    other.get_by_label("Search").fill("trial ends")
    other.keyboard.press("Enter")
    expect(rows(other)).to_contain_text(["Your trial ends soon."])
    for query, count in (("tenant=acme", 11), ("workflow=plan-ends", 1), ("status=queued", 9), ("q=%3Cscript%3E", 0)):
        other.goto(f"{url}/?{query}")
        expect(rows(other)).to_have_count(count)


def test_only_what_matches_the_filter_appears(page: Page, url: str, client: Knock) -> None:
    page.goto(f"{url}/?recipient=ana")
    stays(page)
    client.workflows.trigger("welcome", recipients=[{"id": "ben", "name": "Ben"}])
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "Ana"}])
    expect(rows(page)).to_contain_text(["Ana"])
    assert stayed(page)


def test_who_reads_is_not_disturbed_and_loses_nothing(page: Page, url: str, client: Knock) -> None:
    people = [{"id": f"user-{number}", "name": f"User {number}"} for number in range(60)]
    client.workflows.trigger("welcome", recipients=people)
    page.goto(url)
    expect(rows(page)).to_have_count(50)
    page.get_by_role("link", name="Older").click()
    expect(rows(page)).to_have_count(10)
    stays(page)
    client.workflows.trigger("late", recipients=["user-1", "user-2"])
    notice = page.get_by_role("link", name="2 new messages")
    expect(notice).to_be_visible()
    assert rows(page).count() == 10
    assert stayed(page)
    notice.click()
    expect(rows(page)).to_have_count(50)
    for number in (0, 1):
        expect(rows(page).nth(number)).to_contain_text("late")
    expect(page.locator("#count")).to_have_text("62 messages")


def test_two_tabs_show_the_same(windows: Windows, url: str, client: Knock, sim: Simulator) -> None:
    first = windows.open(url)
    second = first.context.new_page()
    second.goto(url)
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "Ana"}])
    for tab in (first, second):
        expect(rows(tab)).to_have_count(1)
    client.messages.archive(sim.messages()[0].id)
    for tab in (first, second):
        expect(rows(tab)).to_contain_text(["archived"])


@pytest.mark.parametrize("text", ["<script>document.title='run'</script>", "<img src=x onerror=alert(1)>", "{{ 7*7 }}"])
def test_names_and_data_are_shown_as_text(page: Page, url: str, client: Knock, text: str) -> None:
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": text}], data={"comment": text})
    page.goto(url)
    expect(rows(page)).to_have_count(1)
    assert text in rows(page).inner_text()
    assert page.locator("main script, main img").count() == 0
    page.locator("#messages .row-link").click()
    expect(page.locator("main")).to_contain_text(text)
