"""Knock's own components for React, against a served simulator: feeds and guides are live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from knock_sdk.user_tokens import sign_user_token
from tests.browser import react_page
from tests.browser.chromium import PATIENCE, require
from tests.support.signing_keys import OTHER, PRIVATE, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.browser.chromium import Windows

STEP = 20


@pytest.fixture(scope="module")
def react(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page with the components."""
    require(react_page.skip_reason())
    folder = react_page.build(tmp_path_factory.mktemp("react"))
    with react_page.serve(folder) as served:
        yield served


@pytest.fixture
def address_of(react: str, sim: Simulator, url: str) -> Callable[..., str]:
    """Returns the address of a user's page."""
    channels = {"feed": sim.channel("in_app_feed").id, "guides": sim.channel("in_app_guide").id}
    return lambda **given: react_page.address(
        react, **{"host": url, "key": "pk_test", "user": "ana", **channels, **given}
    )


def open_and_wait(windows: Windows, address: str) -> Page:
    """Open a page, and wait until it has joined the feed and the guides."""
    joined: list[str] = []
    page = windows.open()
    watch_joins(page, joined)
    page.goto(address)
    wait_for_joins(page, joined)
    return page


def watch_joins(page: Page, joined: list[str]) -> None:
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda text: joined.append(str(text)) if "phx_reply" in str(text) else None
        ),
    )


def wait_for_joins(page: Page, joined: list[str]) -> None:
    """Wait until the feed and the guides have been joined."""
    wait_until(page, lambda: sum('"status":"ok"' in each for each in joined) >= 2)


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    for _ in range(PATIENCE // STEP):
        if condition():
            return
        page.wait_for_timeout(STEP)
    pytest.fail("the page has not joined")


def counts(page: Page) -> Locator:
    return page.get_by_test_id("counts")


def cells(page: Page) -> Locator:
    return page.locator(".rnf-notification-cell")


def test_a_message_appears_without_a_reload(windows: Windows, address_of: Callable[..., str], client: Knock) -> None:
    page = open_and_wait(windows, address_of())
    client.workflows.trigger("welcome", recipients=["ana"], data={"text": "first"})
    expect(cells(page)).to_have_count(1)
    expect(page.locator(".rnf-unseen-badge__count")).to_have_text("1")
    client.workflows.trigger("welcome", recipients=["ana", {"id": "ben"}])
    client.workflows.trigger("welcome", recipients=["ben"])
    expect(cells(page)).to_have_count(2)
    expect(counts(page)).to_have_text("total 2, unread 2, unseen 2")


def test_counts_fall_when_a_message_is_read(windows: Windows, address_of: Callable[..., str], client: Knock) -> None:
    page = open_and_wait(windows, address_of())
    for _ in range(2):
        client.workflows.trigger("welcome", recipients=["ana"])
    expect(counts(page)).to_have_text("total 2, unread 2, unseen 2")
    page.get_by_role("button", name="notification").first.click()
    expect(counts(page)).to_have_text("total 2, unread 2, unseen 0")
    cells(page).first.click()
    expect(counts(page)).to_have_text("total 2, unread 1, unseen 0")
    # A new message brings the counts of the server, which agree.
    client.workflows.trigger("welcome", recipients=["ana"])
    expect(counts(page)).to_have_text("total 3, unread 2, unseen 1")


def test_all_messages_can_be_archived(
    windows: Windows, address_of: Callable[..., str], client: Knock, sim: Simulator
) -> None:
    page = open_and_wait(windows, address_of())
    for _ in range(3):
        client.workflows.trigger("welcome", recipients=["ana"])
    expect(cells(page)).to_have_count(3)
    page.get_by_test_id("archive-all").click()
    expect(cells(page)).to_have_count(0)
    page.reload()
    expect(page.locator(".rnf-empty-feed")).to_be_visible()
    assert len(sim.messages(to="ana")) == 3
    client.workflows.trigger("welcome", recipients=["ana"])
    expect(counts(page)).to_have_text("total 1, unread 1, unseen 1")


def test_a_second_tab_gets_new_messages_too(windows: Windows, address_of: Callable[..., str], client: Knock) -> None:
    address = address_of(shared="yes")
    first = open_and_wait(windows, address)
    joined: list[str] = []
    second = first.context.new_page()
    watch_joins(second, joined)
    second.goto(address)
    wait_for_joins(second, joined)
    client.workflows.trigger("welcome", recipients=["ana"])
    for page in (first, second):
        expect(cells(page)).to_have_count(1)
    first.get_by_test_id("archive-all").click()
    for page in (first, second):
        expect(cells(page)).to_have_count(0)


def test_messages_of_a_burst_arrive_in_order(
    windows: Windows, address_of: Callable[..., str], client: Knock, sim: Simulator
) -> None:
    page = open_and_wait(windows, address_of())
    for number in range(5):
        client.workflows.trigger("welcome", recipients=["ana"], data={"number": number})
        expect(cells(page)).to_have_count(number + 1)
    assert [message.data["number"] for message in sim.messages(to="ana")] == list(range(5))
    texts = page.locator(".rnf-notification-cell__content").all_inner_texts()
    assert [next(int(each) for each in text if each.isdigit()) for text in texts] == [4, 3, 2, 1, 0]


def test_a_guide_appears_and_leaves(
    windows: Windows, address_of: Callable[..., str], client: Knock, sim: Simulator
) -> None:
    client.users.update("ana", name="Ana")
    page = open_and_wait(windows, address_of())
    banner = page.locator(".knock-guide-banner")
    content = {"title": "Hello", "body": "Welcome", "dismissible": True}
    sim.guide("hello", type="banner", content=content)
    expect(banner).to_contain_text("Welcome")
    sim.guide("hello", type="banner", content={**content, "body": "Welcome back"})
    expect(banner).to_contain_text("Welcome back")
    sim.guide("hello", type="banner", content=content, active=False)
    expect(banner).to_have_count(0)
    sim.guide("hello", type="banner", content=content)
    expect(banner).to_contain_text("Welcome")
    page.locator(".knock-guide-banner__close").click()
    expect(banner).to_have_count(0)
    page.reload()
    expect(page.locator(".rnf-empty-feed")).to_be_visible()
    expect(banner).to_have_count(0)


def test_a_page_joins_anew_after_a_reset(
    windows: Windows, address_of: Callable[..., str], client: Knock, sim: Simulator
) -> None:
    page = windows.open()
    joined: list[str] = []
    watch_joins(page, joined)
    page.goto(address_of())
    wait_for_joins(page, joined)
    snapshot = sim.snapshot()
    joined.clear()
    sim.restore(snapshot)
    wait_for_joins(page, joined)
    client.workflows.trigger("welcome", recipients=["ana"])
    expect(cells(page)).to_have_count(1)


def test_a_signed_token_is_needed_in_secure_mode(
    windows: Windows, address_of: Callable[..., str], client: Knock, sim: Simulator
) -> None:
    sim.signing_key = PUBLIC
    client.users.update("ana", name="Ana")
    page = open_and_wait(windows, address_of(token=_sign("ana", PRIVATE)))
    client.workflows.trigger("welcome", recipients=["ana"])
    expect(cells(page)).to_have_count(1)


@pytest.mark.parametrize("case", ["none", "another user's", "another key's"])
def test_a_page_without_a_valid_token_is_refused_in_secure_mode(
    windows: Windows, address_of: Callable[..., str], client: Knock, sim: Simulator, case: str
) -> None:
    windows.expect_problem("401|403|\\[Knock\\]|AxiosError|status code|Failed to|error")
    sim.signing_key = PUBLIC
    client.users.update("ana", name="Ana")
    tokens = {"another user's": _sign("ben", PRIVATE), "another key's": _sign("ana", OTHER)}
    page = windows.open()
    received: list[str] = []
    watch_joins(page, received)
    page.goto(address_of(**({"token": tokens[case]} if case in tokens else {})))
    wait_until(page, lambda: any('"unauthorized"' in each for each in received))
    client.workflows.trigger("welcome", recipients=["ana"])
    expect(cells(page)).to_have_count(0)
    assert not any('"status":"ok"' in each and "feeds:" in each for each in received)


def _sign(user: str, key: str) -> str:
    return sign_user_token(user, signing_key=key, expires_in=360_000_000)
