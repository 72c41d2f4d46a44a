"""State of applications that tries to leave its place on the pages that show it: markup, and enormous values."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import Knock
from knock_sdk.testing import Arm, Branch, Delay, Send
from tests.simulator.server.page.test_hostile_content import own_scripts_only

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Site

BAD = "<script>alert(1)<b>\"'javascript:alert(2)"
HUGE = "x" * 500_000
ROOM = 1_500_000
"""Characters that a page may have, however large what it shows is."""


@pytest.fixture
def filled(sim: Simulator, client: Knock) -> None:
    """Fill the state with names that are markup."""
    conditions: Any = [{"variable": "data.value", "operator": "equal_to", "argument": BAD}]
    arms = [Arm([Send("email")], conditions, name=BAD), Arm([Send("in_app_feed")], name=f"{BAD}2")]
    steps: list[Any] = [Branch(arms, ref=BAD), Send("sms", conditions=conditions, ref=f"{BAD}3"), Delay(timedelta(1))]
    sim.workflow(BAD, steps=steps, name=BAD, categories=[BAD])
    client.users.update(BAD, name=BAD, email=BAD, properties={BAD: BAD})
    client.users.set_preferences(BAD, "default", categories={BAD: False})
    client.objects.set(BAD, BAD, name=BAD)
    client.objects.add_subscriptions(BAD, BAD, recipients=[BAD], properties={BAD: BAD})
    client.tenants.set(BAD, name=BAD)
    client.workflows.trigger(
        BAD,
        recipients=[BAD, {"id": "ghost"}],
        actor=BAD,
        tenant=BAD,
        cancellation_key=BAD,
        data={"value": BAD, BAD: BAD},
    )


def paths_of(sim: Simulator, client: Knock) -> list[str]:
    from urllib.parse import quote

    part = quote(BAD, safe="")
    runs = [f"/runs/{run.id}" for run in client.workflow_recipient_runs.list()]
    requests = [f"/requests/{request.request_id}" for request in sim.requests]
    lists = [
        "/runs",
        "/not-sent",
        "/users",
        "/objects",
        f"/objects/{part}",
        "/tenants",
        "/workflows",
        "/requests",
        "/clock",
    ]
    ones = [f"/users/{part}", f"/objects/{part}/{part}", f"/tenants/{part}", f"/workflows/{part}"]
    asked = [
        f"/users/{part}?workflow={part}&channel=email&tenant={part}",
        f"/users/{part}?workflow={part}&channel={part}",
    ]
    filtered = [f"{path}?q={part}&recipient={part}&workflow={part}&reason={part}&status={part}" for path in lists]
    return [*runs, *requests, *lists, *ones, *asked, *filtered, "/webhooks"]


@pytest.mark.usefixtures("filled")
def test_markup_is_text_on_every_page(site: Site, sim: Simulator, client: Knock) -> None:
    for path in paths_of(sim, client):
        page = site.get(path)
        assert own_scripts_only(page), path


@pytest.mark.usefixtures("filled")
def test_every_link_leads_to_a_page(site: Site, sim: Simulator, client: Knock) -> None:
    found: set[str] = set()
    for path in paths_of(sim, client):
        found |= {
            each.attributes["href"] for each in site.get(path).all("a") if each.attributes["href"].startswith("/")
        }
    missing = [href for href in sorted(found) if site.http.get(href).status_code not in (200, 303)]
    assert [href for href in missing if not href.startswith("/users/ghost")] == []


def test_enormous_values_are_cut(site: Site, sim: Simulator) -> None:
    condition: Any = [{"variable": "data.value", "operator": "not_equal_to", "argument": HUGE}]
    sim.workflow("welcome", steps=[Branch([Arm([Send("sms")], condition, name=HUGE), Arm(name="Else")])])
    with sim.client() as client:
        client.users.update("ana", name=HUGE[:200_000])
        client.workflows.trigger("welcome", recipients=["ana"], data={"value": HUGE})
        (run,) = client.workflow_recipient_runs.list()
    requests = [f"/requests/{request.request_id}" for request in sim.requests[:2]]
    for path in (
        f"/runs/{run.id}",
        "/runs",
        "/not-sent",
        "/users",
        "/users/ana",
        "/workflows/welcome",
        "/requests",
        *requests,
    ):
        assert len(site.get(path).response.text) < ROOM, path


def test_pages_stay_in_their_environment(site: Site, sim: Simulator) -> None:
    with Knock(api_key="sk_test@worker-1", base_url=str(site.http.base_url)) as client:
        client.users.update("ana", name="Ana")
        client.workflows.trigger("welcome", recipients=["ana"])
    assert sim.requests == []
    for path in (
        "/runs",
        "/users",
        "/users/ana",
        "/workflows",
        "/workflows/welcome",
        "/requests",
        "/clock",
        "/webhooks",
    ):
        page = site.get(path, environment="worker-1")
        hrefs = [each.attributes["href"] for each in page.all("a") if each.attributes["href"].startswith("/")]
        actions = [each.attributes["action"] for each in page.all("form", method="post")]
        assert all("environment=worker-1" in address for address in [*hrefs, *actions]), path
    query: dict[str, Any] = {"environment": "worker-1"}
    response = site.http.post("/workflows/welcome", params=query, data={"recipients": "ana"})
    assert response.headers["location"].endswith("?environment=worker-1")
    assert "2 messages" in site.get("/", **query).text
    assert site.http.post("/clock/reset", params=query).headers["location"] == "/clock?environment=worker-1"
    assert "0 messages" in site.get("/", **query).text
