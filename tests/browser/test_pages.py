"""The other pages: why something was sent or not, time, faults, triggers, environments."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from knock_sdk import InternalServerError, Knock
from tests.browser import scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from knock_sdk.testing import Simulator
    from tests.browser.chromium import Windows


@pytest.fixture
def filled(sim: Simulator, client: Knock) -> Simulator:
    scene.fill(sim, client)
    sim.advance(minutes=1)
    return sim


def open_run(page: Page, url: str, recipient: str) -> None:
    """Open a run as a person does: from the list of the runs of a workflow, by the name of its recipient."""
    page.goto(f"{url}/runs?workflow=plan-ends")
    row = page.locator("main tbody tr", has=page.get_by_role("link", name=recipient, exact=True))
    row.get_by_role("link", name="plan-ends").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run for")


def test_a_branch_is_explained(page: Page, url: str, filled: Simulator) -> None:
    open_run(page, url, "Ana Reyes")
    drawing = page.get_by_role("img", name="Drawing of plan-ends")
    for text in ("branch_1", "Tries it out", "Pays", "not reached", "waits"):
        expect(drawing).to_contain_text(text)
    steps = page.locator("ol.steps")
    expect(steps).to_contain_text("recipient.plan")
    expect(steps).to_contain_text('it was "free"')
    expect(steps.get_by_role("link", name="Message on in-app")).to_be_visible()


def test_a_preference_is_explained(page: Page, url: str, filled: Simulator) -> None:
    open_run(page, url, "Ben Okafor")
    expect(page.get_by_role("img", name="Drawing of plan-ends")).to_contain_text("skipped: preferences")
    expect(page.locator("ol.steps")).to_contain_text("workflows.plan-ends.channel_types.email")
    page.goto(f"{url}/not-sent?recipient=ben&workflow=plan-ends")
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody tr")).to_contain_text("workflows.plan-ends.channel_types.email")


def test_preferences_of_a_person_are_resolved(page: Page, url: str, filled: Simulator) -> None:
    page.goto(f"{url}/users")
    page.get_by_role("link", name="ben", exact=True).click()
    page.get_by_label("Workflow", exact=True).fill("plan-ends")
    page.get_by_label("Channel", exact=True).fill("postmark")
    page.get_by_role("button", name="Resolve").click()
    expect(page.locator("main")).to_contain_text("workflows.plan-ends.channel_types.email")


def test_the_clock_moves_on_the_page_when_somebody_else_moves_it(page: Page, url: str, sim: Simulator) -> None:
    page.goto(f"{url}/clock")
    expect(page.locator("#big-clock")).to_contain_text("09:00:00")
    sim.advance_to(sim.now + timedelta(hours=1))
    expect(page.locator("#big-clock")).to_contain_text("10:00:00")


def test_time_is_moved_and_a_delayed_message_appears(page: Page, url: str, filled: Simulator) -> None:
    before = len(filled.messages())
    inbox = page.context.new_page()
    inbox.goto(f"{url}/?workflow=plan-ends&recipient=ana")
    expect(inbox.locator("#messages tbody tr")).to_have_count(1)
    page.goto(f"{url}/clock")
    expect(page.locator("#due")).to_contain_text("plan-ends for ana")
    page.get_by_role("button", name="1 hour").click()
    expect(page.locator("#big-clock")).to_contain_text("10:01:00")
    expect(inbox.locator("#messages tbody tr")).to_contain_text(["Your plan has ended.", "Your trial ends soon."])
    assert len(filled.messages()) == before + 2


def test_the_clock_goes_to_the_next_event(page: Page, url: str, filled: Simulator) -> None:
    page.goto(f"{url}/clock")
    page.get_by_role("button", name="To the next event").click()
    expect(page.locator("#big-clock")).to_contain_text("10:00:00")
    assert filled.now.strftime("%H:%M") == "10:00"


def test_a_fault_is_declared_and_met_by_a_client(page: Page, url: str, client: Knock) -> None:
    page.goto(f"{url}/clock")
    page.get_by_label("Status, for fail").fill("500")
    page.get_by_label("Requests", exact=True).fill("1")
    page.get_by_label("Operation").fill("users.update")
    page.get_by_role("button", name="Declare").click()
    expect(page.locator("#faults")).to_contain_text("users.update")
    with pytest.raises(InternalServerError):
        client.users.update("ana", name="Ana")
    assert client.users.update("ana", name="Ana").name == "Ana"
    page.goto(f"{url}/requests?status=500")
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody tr")).to_contain_text("/v1/users/ana")


def test_a_workflow_is_triggered_with_its_form(windows: Windows, page: Page, url: str, filled: Simulator) -> None:
    windows.expect_problem("status of 422")  # of the first try
    page.goto(f"{url}/workflows")
    page.get_by_role("link", name="Incident declared").click()
    page.get_by_label("Recipients").fill("ana")
    page.get_by_label("Number").fill("many")
    page.get_by_label("Title").fill("Search is down")
    page.get_by_role("button", name="Trigger").click()
    expect(page.locator("main")).to_contain_text("number")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    assert len(filled.messages(workflow="incident")) == 11
    page.get_by_label("Number").fill("1994")
    page.get_by_role("button", name="Trigger").click()
    page.goto(f"{url}/?recipient=ana&channel=postmark")
    expect(page.locator("#messages tbody tr").first).to_contain_text("Incident 1994: Search is down")


def test_a_snapshot_is_taken_and_restored(page: Page, url: str, filled: Simulator, client: Knock) -> None:
    count = len(filled.messages())
    page.goto(f"{url}/clock")
    page.get_by_label("Name of a snapshot").fill("monday")
    page.get_by_role("button", name="Take").click()
    expect(page.locator("#snapshots")).to_contain_text("monday")
    client.workflows.trigger("plan-ends", recipients=["cleo"])
    assert len(filled.messages()) == count + 1
    page.get_by_text("Restore", exact=True).click()
    page.get_by_role("button", name="Restore monday").click()
    expect(page.locator("#snapshots")).to_contain_text("monday")
    assert len(filled.messages()) == count


def test_a_reset_empties_open_pages(page: Page, url: str, filled: Simulator) -> None:
    inbox = page.context.new_page()
    inbox.goto(url)
    expect(inbox.locator("#messages tbody tr").first).to_be_visible()
    page.goto(f"{url}/clock")
    page.get_by_text("Reset", exact=True).click()
    page.get_by_role("button", name="Reset the state").click()
    expect(inbox.get_by_role("heading", name="No messages yet")).to_be_visible()


def test_environments_do_not_meet(page: Page, url: str, client: Knock) -> None:
    page.goto(url)
    client.workflows.trigger("in-main", recipients=[{"id": "ana", "name": "Ana"}])
    with Knock(api_key="sk_test@worker-1", base_url=url, max_retries=0) as other:
        other.workflows.trigger("in-worker", recipients=[{"id": "ben", "name": "Ben"}])
    expect(page.locator("#messages tbody tr")).to_contain_text(["in-main"])
    page.reload()
    page.get_by_label("Environment").select_option("worker-1")
    page.get_by_role("button", name="Switch").click()
    expect(page.locator("#messages tbody tr")).to_contain_text(["in-worker"])
    with Knock(api_key="sk_test@worker-1", base_url=url, max_retries=0) as other:
        other.workflows.trigger("live", recipients=["ben"])
    expect(page.locator("#messages tbody tr")).to_contain_text(["live", "in-worker"])
    page.locator("#messages .row-link").first.click()
    page.get_by_role("button", name="Mark as read").click()
    expect(page.locator("#state")).to_contain_text("read")
    assert "environment=worker-1" in page.url


def test_a_secret_is_not_on_the_page_of_a_request(page: Page, url: str, client: Knock) -> None:
    client.users.update("ana", name="Ana")
    page.goto(f"{url}/requests")
    page.get_by_role("link", name="/v1/users/ana").click()
    expect(page.get_by_label("Body of the request")).to_contain_text('"Ana"')
    assert "sk_test_browser" not in page.content()
