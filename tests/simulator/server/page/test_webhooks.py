"""The pages of webhooks and their deliveries, and secure mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.simulator.server.page.conftest import Page
from tests.support.signing_keys import PUBLIC

if TYPE_CHECKING:
    from httpx import Response

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Site

CLOSED = "http://127.0.0.1:1/knock"
"""A URL at which nothing listens."""


def post(site: Site, path: str = "", **form: str) -> Response:
    return site.http.post(f"/webhooks{path}", data=form)


def test_a_webhook_is_added_listed_without_its_secret_and_removed(site: Site, sim: Simulator) -> None:
    assert "None: no events are sent." in site.get("/webhooks").text
    url = "http://user:hidden-1@127.0.0.1:1/knock?token=hidden-3&team=a"
    assert post(site, url=url, secret="hidden-2", **{"event:message.sent": "1"}).headers["location"] == "/webhooks"
    page = site.get("/webhooks")
    assert "http://…@127.0.0.1:1/knock?token=%28hidden%29&team=a" in page.text
    assert "1 type of events message.sent" in page.text
    assert "hidden-" not in page.response.text
    name = page.one("input", name="webhook").attributes["value"]
    assert post(site, "/remove", webhook=name).status_code == 303
    assert "None: no events are sent." in site.get("/webhooks").text
    assert post(site, "/remove", webhook=name).status_code == 404


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"url": ""}, "Give the URL to which events are sent"),
        ({"url": "ftp://x.example"}, "takes a URL that begins with http:// or https://"),
        ({"url": CLOSED, "event:nothing": "1"}, "no webhook gets 'nothing'"),
    ],
)
def test_bad_input_is_explained_at_its_field(site: Site, sim: Simulator, form: dict[str, str], problem: str) -> None:
    response = post(site, secret="hidden-1", **form)
    assert response.status_code == 422
    page = Page(response)
    assert problem in page.all("p", class_="problem")[-1].text
    assert page.one("input", name="url").attributes["value"] == form["url"]
    assert "hidden-1" not in response.text


def test_a_function_is_listed_and_removed_by_its_program_alone(site: Site, sim: Simulator, client: Knock) -> None:
    def receive(body: bytes, headers: dict[str, str]) -> None:
        """Take an event."""

    sim.webhook(receive, ["message.delivered"])
    page = site.get("/webhooks")
    assert "function" in page.text
    assert page.all("input", name="webhook") == []
    sim.workflow("welcome", channels=["in_app_feed"])
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "Ana"}])
    sim.advance(seconds=1)
    (delivery,) = sim.webhook_deliveries
    assert "message.delivered" in site.get("/webhooks", outcome="delivered").text
    assert "None with this outcome." in site.get("/webhooks", outcome="dropped").text
    page = site.get(f"/webhooks/deliveries/{delivery.id}")
    assert '"type": "message.delivered"' in page.text
    assert "200" in page.text


def test_attempts_that_failed_say_why(site: Site, sim: Simulator, client: Knock) -> None:
    sim.webhook(CLOSED, ["message.delivered"])
    sim.workflow("welcome", channels=["in_app_feed"])
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "Ana"}])
    sim.wait_for_webhooks()
    assert "pending" in site.get("/webhooks").text
    assert "no response" in site.get("/webhooks/deliveries/1").text
    assert "Another attempt to send message.delivered" in site.get("/clock").text
    assert "There is no such delivery" in site.get("/webhooks/deliveries/9", 404).text


def test_secure_mode_is_turned_on_and_off(site: Site, sim: Simulator) -> None:
    assert "Off. User tokens are not read." in site.get("/webhooks").text
    assert post(site, "/secure-mode", signing_key=PUBLIC).status_code == 303
    assert sim.signing_key is not None
    assert "On. Requests with a public key need a valid user token." in site.get("/webhooks").text
    assert post(site, "/secure-mode", off="1").status_code == 303
    assert sim.signing_key is None


@pytest.mark.parametrize("key", ["", "/etc/passwd", "-----BEGIN PRIVATE KEY-----hidden-1"])
def test_what_is_no_public_key_is_refused_and_not_shown(site: Site, sim: Simulator, key: str) -> None:
    response = post(site, "/secure-mode", signing_key=key)
    assert response.status_code == 422
    assert Page(response).all("p", class_="problem")[-1].attributes["id"] == "problem-signing_key"
    assert "hidden-1" not in response.text
    assert sim.signing_key is None
