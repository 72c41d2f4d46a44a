"""How pages look: in light and dark, on a phone, and to who cannot see them or use a mouse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

pytest.importorskip("playwright")

from knock_sdk import NotFoundError
from tests.browser import axe, scene
from tests.browser.chromium import require

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.browser.chromium import Windows


def _run(sim: Simulator, person: str) -> str:
    """Return the address of the page of someone's run."""
    runs = sim.client().workflow_recipient_runs.list(workflow="plan-ends")
    return next(f"/runs/{run.id}" for run in runs if run.recipient == person)


CHANNELS = ["in-app", "postmark", "twilio", "fcm", "slack", "ms_teams", "discord", "status-page"]
PAGES: dict[str, Callable[[Simulator], str]] = {
    "inbox": lambda sim: "/",
    "inbox, nothing found": lambda sim: "/?q=nothing",
    "not found": lambda sim: "/messages/none",
    **{f"message, {key}": lambda sim, key=key: f"/messages/{scene.by_channel(sim)[key]}" for key in CHANNELS},
    "run": lambda sim: _run(sim, "ana"),
    "run, a preference": lambda sim: _run(sim, "ben"),
    "runs": lambda sim: "/runs",
    "not sent": lambda sim: "/not-sent",
    "people": lambda sim: "/users",
    "person": lambda sim: "/users/ben",
    "objects": lambda sim: "/objects",
    "object": lambda sim: "/objects/projects/lumen",
    "tenants": lambda sim: "/tenants",
    "tenant": lambda sim: "/tenants/acme",
    "workflows": lambda sim: "/workflows",
    "workflow": lambda sim: "/workflows/incident",
    "requests": lambda sim: "/requests",
    "webhooks": lambda sim: "/webhooks",
    "clock": lambda sim: "/clock",
}
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture
def filled(sim: Simulator, client: Knock) -> Simulator:
    scene.fill(sim, client)
    sim.advance(minutes=1)
    return sim


def scrolls_sideways(page: Page) -> list[str]:
    """Return what is wider than the window, if the page as a whole can be scrolled sideways."""
    return page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll("body *")]
                .filter(element => element.getBoundingClientRect().right > width + 1)
                .map(element => element.outerHTML.slice(0, 120));
        }"""
    )


@pytest.mark.parametrize("name", PAGES)
def test_no_rule_of_accessibility_is_broken(windows: Windows, url: str, filled: Simulator, name: str) -> None:
    require(axe.skip_reason())
    windows.expect_problem("status of 404")
    page = windows.open(url + PAGES[name](filled), viewport=DESKTOP, reduced_motion="reduce")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe.find_violations(page) == []
    page.set_viewport_size(PHONE)
    assert scrolls_sideways(page) == []


def test_light_and_dark_differ(windows: Windows, url: str) -> None:
    brightness = {}
    for scheme in ("light", "dark"):
        page = windows.open(url, color_scheme=scheme)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness[scheme] = sum(int(part) for part in re.findall(r"\d+", colour)[:3])
    assert brightness["dark"] < 200
    assert brightness["light"] > 600


def test_labels_of_filters_stand_on_one_line(windows: Windows, url: str) -> None:
    page = windows.open(url, viewport=DESKTOP)
    labels = page.locator(".filters .field label").all()
    boxes = [label.bounding_box() for label in labels]
    assert len(boxes) == 6
    assert len({round(box["y"], 1) for box in boxes if box is not None}) == 1


def test_types_of_events_are_not_broken_within_a_word(
    windows: Windows, url: str, sim: Simulator, client: Knock
) -> None:
    sim.webhook("http://127.0.0.1:9/hooks/of/an/application", ["message.sent"], secret="test")
    sim.workflow("welcome", channels=["email"])
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "Ana", "email": "ana@lumen.example"}])
    sim.advance(minutes=1)
    page = windows.open(f"{url}/webhooks", viewport=DESKTOP)
    link = page.locator("#deliveries td a", has_text="message.sent").first
    assert link.evaluate("link => link.getClientRects().length") == 1


def test_names_of_operations_are_not_broken_within_a_word(windows: Windows, url: str, client: Knock) -> None:
    client.users.update("jhammond", name="John Hammond")
    client.users.set_preferences("jhammond", id="default", channel_types={"sms": False})
    with pytest.raises(NotFoundError):  # its long error takes room from the other columns
        client.users.get("a-user-of-whom-nobody-has-ever-heard-anything")
    page = windows.open(f"{url}/requests", viewport=DESKTOP)
    cell = page.locator("#list td", has_text=re.compile("^users.set_preferences$"))
    lines = "cell => { const all = new Range(); all.selectNodeContents(cell); return all.getClientRects().length; }"
    assert cell.evaluate(lines) == 1


def test_choices_are_not_cut_off(windows: Windows, url: str) -> None:
    page = windows.open(f"{url}/clock", viewport=DESKTOP)
    for select in page.locator("main select").all():
        room, wanted = select.evaluate(
            """select => {
                const room = select.offsetWidth;
                select.style.width = "max-content";
                return [room, select.offsetWidth];
            }"""
        )
        assert room >= wanted


@pytest.mark.parametrize("name", ["inbox", "message, postmark", "run", "person", "workflow", "clock"])
def test_pages_can_be_read_without_scripts(windows: Windows, url: str, filled: Simulator, name: str) -> None:
    windows.expect_problem("status of 404")
    page = windows.open(url + PAGES[name](filled), java_script_enabled=False)
    with_scripts = windows.open(url + PAGES[name](filled))
    assert page.locator("main").inner_text() == with_scripts.locator("main").inner_text()


def test_every_link_leads_to_a_page(url: str, filled: Simulator) -> None:
    """All links of this server that can be reached from the inbox, as a browser follows them."""
    with httpx.Client(base_url=url, headers={"accept": "text/html"}) as browser:
        waiting, seen = ["/"], {"/"}
        while waiting:
            address = waiting.pop()
            response = browser.get(address)
            assert response.status_code == 200, address
            if not response.headers["content-type"].startswith("text/html"):
                continue
            for link in re.findall(r'<a\b[^>]*?\bhref="(/[^"]*)"', response.text):
                found = link.replace("&amp;", "&").partition("#")[0]
                if found not in seen and len(seen) < 500:
                    seen.add(found)
                    waiting.append(found)
    assert len(seen) > 40
