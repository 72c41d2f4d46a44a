"""A message, opened: drawn as its receiver sees it, harmless, and with what the receiver can do."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from knock_sdk.testing import Send
from tests.browser import scene, web_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.browser.chromium import Windows
    from tests.browser.web_server import WebServer

SHOWN = {
    "twilio": ["Lumen: incident 1993, Sign-in is slow. Reply ACK to acknowledge.", "+15550100"],
    "fcm": ["Incident 1993", "Sign-in is slow: accounts is affected."],
    "slack": ["Incident 1993", "Sign-in is slow", "accounts is affected.", "Declared by Cleo Lind", "Acknowledge"],
    "ms_teams": ["Incident 1993", "Sign-in is slow", "Service", "accounts", "Open incident"],
    "discord": ["Incident 1993", "Sign-in is slow"],
    "status-page": ["POST", "https://status.lumen.example/incidents", '"number": 1993', "application/json"],
    "in-app": ["Open incident", "Mute", "Unread"],
    "postmark": ["ana@lumen.example", "Incident 1993: Sign-in is slow"],
}
"""What the drawing of a message shows, by channel."""
HOSTILE = """<html><head><base href="{site}/base/"><link rel="stylesheet" href="{site}/style.css">
<meta http-equiv="refresh" content="0; url={site}/refresh">
<link rel="preconnect" href="{site}"><link rel="prefetch" href="{site}/prefetch"></head>
<body onload="new Image().src='{site}/onload'" background="{site}/background.png">
<p>Spared no expense.</p>
<script>new Image().src = "{site}/script"; document.body.append("the script ran"); top.location = "{site}/top";</script>
<img alt="" src="{site}/image.png" onerror="document.body.append('the handler ran')" srcset="{site}/set.png 2x">
<p style="background: url({site}/style.png)">Styled</p><style>@import "{site}/import.css"; @font-face {{font-family: x;
src: url({site}/font.woff)}} h2 {{font-family: x}}</style><h2>In its own font</h2>
<svg><image href="{site}/svg.png"/><script>parent.postMessage("svg", "*")</script></svg>
<video src="{site}/video.mp4" poster="{site}/poster.png" autoplay></video>
<audio src="{site}/audio.mp3" autoplay></audio>
<object data="{site}/object"></object><embed src="{site}/embed"><iframe src="{site}/frame"></iframe>
<iframe srcdoc="<script>parent.parent.postMessage('frame', '*')</script>"></iframe>
<a id="link" href="{site}/link" ping="{site}/ping">Open</a> <a id="inside" target="_top" href="{site}/inside">Top</a>
<form action="{site}/form"><button id="button">Send</button></form></body></html>"""


@pytest.fixture
def filled(sim: Simulator, client: Knock) -> Simulator:
    scene.fill(sim, client)
    sim.advance(minutes=1)
    return sim


@pytest.fixture
def site() -> Iterator[WebServer]:
    """A site that must not hear of an email."""
    with web_server.serve() as server:
        yield server


def drawing(page: Page) -> Locator:
    return page.get_by_label("As its receiver sees it", exact=True)


def open_from_inbox(page: Page, url: str, channel: str) -> None:
    page.goto(f"{url}/?recipient=ana&workflow=incident&channel={channel}")
    page.locator("#messages .row-link").click()


@pytest.mark.parametrize("channel", SHOWN)
def test_each_kind_of_message_is_drawn(page: Page, url: str, filled: Simulator, channel: str) -> None:
    open_from_inbox(page, url, channel)
    for text in SHOWN[channel]:
        expect(drawing(page)).to_contain_text(text)
    expect(page.locator("main")).to_contain_text("Ana Reyes")
    expect(page.locator("#timeline")).to_contain_text("created")


def test_an_email_is_rendered(page: Page, url: str, filled: Simulator) -> None:
    open_from_inbox(page, url, "postmark")
    email = page.frame_locator("iframe")
    expect(email.get_by_role("heading", name="Sign-in is slow")).to_be_visible()
    expect(email.get_by_text("Cleo Lind has declared incident 1993.")).to_be_visible()
    button = email.get_by_role("link", name="Open the incident")
    assert button.evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(30, 80, 200)"
    page.get_by_text("Text", exact=True).click()
    expect(page.get_by_label("The email as text")).to_contain_text("Cleo Lind has declared incident 1993.")


def test_an_email_can_be_downloaded(page: Page, url: str, filled: Simulator) -> None:
    open_from_inbox(page, url, "postmark")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download .eml").click()
    assert download.value.suggested_filename.endswith(".eml")
    parsed = message_from_bytes(Path(download.value.path()).read_bytes(), policy=policy.default)
    assert (parsed["subject"], parsed["to"]) == ("Incident 1993: Sign-in is slow", "ana@lumen.example")
    body = parsed.get_body(("html",))
    assert body is not None
    assert "Cleo Lind has declared incident 1993." in body.get_content()


def test_an_in_app_message_is_rendered(page: Page, url: str, filled: Simulator) -> None:
    open_from_inbox(page, url, "in-app")
    text = page.frame_locator("iframe").first.locator("body")
    expect(text).to_contain_text("Cleo Lind has declared incident Sign-in is slow.")
    expect(text.locator("strong")).to_have_text("Cleo Lind")


def test_a_hostile_email_runs_nothing_and_fetches_nothing(
    windows: Windows, url: str, client: Knock, sim: Simulator, site: WebServer
) -> None:
    windows.expect_problem("sandbox|Content Security Policy|violates|Unsafe attempt|blocked")
    sim.workflow("w", steps=[Send("email", {"subject": "Hi", "html_body": HOSTILE.format(site=site.url)})])
    client.workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@lumen.example"}])
    page = windows.open()
    page.add_init_script("window.heard = []; addEventListener('message', event => heard.push(event.data))")
    page.goto(f"{url}/messages/{sim.messages()[0].id}")
    address = page.url
    email = page.frame_locator("iframe")
    expect(email.get_by_text("Spared no expense.")).to_be_visible()
    for name in ("link", "inside", "button"):
        email.locator(f"#{name}").click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # for what must not come
    assert "ran" not in email.locator("body").inner_text().replace("Styled", "").split()
    assert "the script ran" not in email.locator("body").inner_text()
    assert page.evaluate("window.heard") == []
    assert (page.url, len(page.context.pages)) == (address, 1)
    expect(email.get_by_text("Spared no expense.")).to_be_visible()
    assert site.paths == []


def test_a_hostile_email_is_harmless_in_a_tab_of_its_own(
    windows: Windows, url: str, client: Knock, sim: Simulator, site: WebServer
) -> None:
    windows.expect_problem("sandbox|Content Security Policy|violates|Unsafe attempt|blocked")
    sim.workflow("w", steps=[Send("email", {"subject": "Hi", "html_body": HOSTILE.format(site=site.url)})])
    client.workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@lumen.example"}])
    page = windows.open(f"{url}/messages/{sim.messages()[0].id}/html")
    expect(page.get_by_text("Spared no expense.")).to_be_visible()
    page.wait_for_timeout(500)  # for what must not come
    assert "the script ran" not in page.locator("body").inner_text()
    assert site.paths == []


def test_what_the_receiver_does_is_recorded(page: Page, url: str, filled: Simulator, client: Knock) -> None:
    open_from_inbox(page, url, "postmark")
    message_id = scene.by_channel(filled)["postmark"]
    for button, status in (("Mark as read", "read"), ("Archive", "archived"), ("Interact", "interacted")):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator("#state")).to_contain_text(status)
        expect(page.locator("#timeline")).to_contain_text(status)
        assert status in client.messages.get(message_id).engagement_statuses
    page.get_by_role("button", name="Mark as unread").click()
    expect(page.locator("#state")).not_to_contain_text("read")
    assert "read" not in client.messages.get(message_id).engagement_statuses
    page.get_by_role("button", name="Bounce").click()
    expect(page.locator("#state")).to_contain_text("bounced")
    assert client.messages.get(message_id).status == "bounced"


def test_a_click_on_a_link_is_recorded(page: Page, url: str, filled: Simulator, client: Knock) -> None:
    open_from_inbox(page, url, "postmark")
    page.get_by_role("button", name="Record a click").first.click()
    expect(page.locator("#timeline")).to_contain_text("link clicked")
    events = [event.type for event in client.messages.list_events(scene.by_channel(filled)["postmark"])]
    assert "message.link_clicked" in events


def test_an_open_message_follows_what_happens(page: Page, url: str, filled: Simulator, client: Knock) -> None:
    message_id = scene.by_channel(filled)["in-app"]
    page.goto(f"{url}/messages/{message_id}")
    page.evaluate("window.opened = 'once'")
    page.get_by_text("Message, as the API returns it").click()
    client.messages.mark_as_seen(message_id)
    expect(page.locator("#state")).to_contain_text("seen")
    expect(page.get_by_label("Message as JSON")).to_contain_text('"seen_at": "2026')
    assert page.evaluate("window.opened") == "once"


def test_from_the_address_bar_to_a_button_with_the_keyboard(page: Page, url: str, filled: Simulator) -> None:
    page.goto(url)
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to content"
    page.keyboard.press("Enter")
    press_until(page, "Your trial ends soon.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Your trial ends soon.")).to_be_visible()
    press_until(page, "Mark as read")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_contain_text("read")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def press_until(page: Page, text: str) -> None:
    """Press the tab key until an element with a text has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page) == text:
            return
    pytest.fail(f"{text!r} is not reached with the keyboard")


def test_buttons_work_without_scripts(windows: Windows, url: str, filled: Simulator, client: Knock) -> None:
    message_id = scene.by_channel(filled)["twilio"]
    page = windows.open(f"{url}/messages/{message_id}", java_script_enabled=False)
    page.get_by_role("button", name="Mark as read").click()
    expect(page.locator("#state")).to_contain_text("read")
    assert client.messages.get(message_id).read_at is not None
