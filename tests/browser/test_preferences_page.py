"""The preferences page of the examples in Chromium: what a user switches off is not sent any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.chromium import require
from tests.examples.programs import FOLDER, KEY, run, running, wait_for_port
from tests.support.redis_server import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator

APP = ["-m", "flask", "--app", "preferences_page.app"]


@pytest.fixture
def link(url: str, tmp_path: Path) -> Iterator[str]:
    """The link to Ellie's page, while the page is served."""
    port = free_port()
    settings = {
        "KNOCK_API_KEY": KEY,
        "KNOCK_BASE_URL": url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "only for this test",
    }
    printed = run(*APP, "link", "ellie", **settings)
    assert printed.returncode == 0, printed.stderr
    log = tmp_path / "log"
    with running([*APP, "run", "--port", str(port)], log, FOLDER, **settings) as server:
        wait_for_port(port, server, log)
        yield printed.stdout.strip()


@pytest.fixture
def box(page: Page, link: str) -> Callable[[str], Locator]:
    """Opens the page; returns what finds a checkbox by its name."""
    page.goto(link)
    return lambda name: page.get_by_role("checkbox", name=name, exact=True)


def test_what_is_switched_off_is_not_sent(
    page: Page, box: Callable[[str], Locator], sim: Simulator, client: Knock
) -> None:
    sim.workflow("mention", channels=["in_app_feed", "email", "sms"], categories=["direct"])
    client.users.update("ellie", email="ellie@example.com", phone_number="+12025550100")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(9)
    box("Mentions: Email").uncheck()
    box("News about the product").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Your choices are saved.")
    expect(box("Mentions: Email")).not_to_be_checked()
    expect(box("Mentions: Text message")).to_be_checked()
    client.workflows.trigger("mention", recipients=["ellie"])
    assert [message.channel.type for message in sim.messages(to="ellie")] == ["in_app_feed", "sms"]
    assert client.users.get_preferences("ellie", "default").commercial_subscribed is False


def test_what_is_switched_on_again_is_sent(
    page: Page, box: Callable[[str], Locator], sim: Simulator, client: Knock
) -> None:
    sim.workflow("invoice", channels=["email"], categories=["billing"])
    client.users.update("ellie", email="ellie@example.com")
    client.users.set_preferences("ellie", "default", categories={"billing": False})
    page.reload()
    expect(box("Bills: Email")).not_to_be_checked()
    box("Bills: Email").check()
    page.get_by_role("button", name="Save").click()
    expect(box("Bills: Email")).to_be_checked()
    expect(box("Bills: Text message")).not_to_be_checked()
    client.workflows.trigger("invoice", recipients=["ellie"])
    sim.assert_sent(to="ellie", channel="email")


def test_everybody_can_use_the_page(page: Page, link: str) -> None:
    require(axe.skip_reason())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(link)
        assert axe.find_violations(page) == []
