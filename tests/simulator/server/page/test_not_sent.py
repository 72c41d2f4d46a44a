"""The list of what was not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Site

MANY = 120


def test_skips_are_listed_newest_first_with_reasons_in_words(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("welcome", channels=["email", "sms"])
    client.users.update("ana", name="Ana Reyes")
    client.users.update("ben", email="ben@x.example")
    client.users.set_preferences("ben", "default", channel_types={"email": False})
    client.workflows.trigger("welcome", recipients=["ana", "ben"])
    page = site.get("/not-sent")
    rows = [row.text for row in page.all("tr")[1:]]
    assert [row.split()[1] for row in rows] == ["ben", "ben", "Ana", "Ana"]
    assert "No address The recipient has no phone_number." in rows[0]
    assert "Preferences Preferences block it: the setting channel_types.email." in rows[1]
    runs = {run.recipient: run.id for run in client.workflow_recipient_runs.list()}
    assert {link.attributes["href"] for link in page.all("a", class_="strong")} == {
        f"/runs/{each}" for each in runs.values()
    }
    assert len(site.get("/not-sent", reason="preferences").all("tr")) == 2
    assert len(site.get("/not-sent", recipient="ana", workflow="welcome").all("tr")) == 3
    assert "Nothing matches" in site.get("/not-sent", workflow="other").text


def test_without_skips_the_list_says_so(site: Site) -> None:
    assert "Everything was sent" in site.get("/not-sent").text


def test_pages_of_the_list_can_be_walked_in_both_directions(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("welcome", channels=["sms"])
    for number in range(0, MANY, 40):
        client.workflows.trigger(
            "welcome", recipients=[{"id": f"u{each}", "plan": "x"} for each in range(number, number + 40)]
        )
    seen: list[str] = []
    page = site.get("/not-sent")
    while True:
        seen += [row.text.split()[1] for row in page.all("tr")[1:]]
        if not (following := page.all("a", rel="next")):
            break
        page = site.get(following[0].attributes["href"])
    assert len(set(seen)) == MANY == len(seen)
    before = page.one("a", rel="prev").attributes["href"]
    assert len(site.get(before).all("tr")) == 51
