"""The pages of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knock_sdk import KnockError
from knock_sdk.testing import HTTPRequest
from tests.simulator.support.pair import KEY, SECRET

if TYPE_CHECKING:
    from knock_sdk import Knock
    from knock_sdk.testing import Simulator
    from tests.simulator.server.page.conftest import Page, Site


def listed(page: Page) -> list[str]:
    return [each.text for each in page.all("a", class_="strong")]


def test_requests_are_listed_newest_first_and_filtered(site: Site, sim: Simulator, client: Knock) -> None:
    client.users.update("ana", name="Ana Reyes")
    with pytest.raises(KnockError):
        client.users.get("ghost")
    sim.drop("users.get")
    with pytest.raises(KnockError):
        client.users.get("ana")
    assert listed(site.get("/requests")) == ["GET /v1/users/ana", "GET /v1/users/ghost", "PUT /v1/users/ana"]
    text = site.get("/requests").text
    assert "404 resource_missing" in text
    assert "no response drop" in text
    assert listed(site.get("/requests", status="2xx")) == ["PUT /v1/users/ana"]
    assert listed(site.get("/requests", status="404")) == ["GET /v1/users/ghost"]
    assert listed(site.get("/requests", status="none")) == ["GET /v1/users/ana"]
    assert listed(site.get("/requests", operation="identifyUser", q="Reyes")) == ["PUT /v1/users/ana"]
    assert "users.get" in text  # named as the client's methods are
    assert "getUser" not in text
    assert len(listed(site.get("/requests", operation="users.get"))) == 2
    assert "No request matches" in site.get("/requests", operation="users.gett").text
    assert "No request matches" in site.get("/requests", q="nothing").text


def test_without_requests_the_list_says_how_to_send_one(site: Site) -> None:
    assert "Point your application at http://127.0.0.1" in site.get("/requests").text
    assert "There is no such request" in site.get("/requests/none", 404).text


def test_one_request_shows_its_body_and_what_it_has_made_and_no_key(site: Site, sim: Simulator, client: Knock) -> None:
    sim.workflow("welcome", channels=["in_app_feed"])
    client.users.update("ana", name="Ana")
    client.workflows.trigger("welcome", recipients=["ana"], data={"amount": 5})
    client.users.get("ana")
    (message,) = sim.messages()
    page = site.get(f"/requests/{sim.requests[1].request_id}")
    hrefs = [each.attributes["href"] for each in page.all("a")]
    (run,) = client.workflow_recipient_runs.list()
    assert {f"/messages/{message.id}", f"/runs/{run.id}", "/workflows/welcome"} <= set(hrefs)
    assert '"amount": 5' in page.text
    assert "workflows.trigger" in page.text
    assert "authorization (hidden)" in page.text
    assert KEY not in page.response.text
    assert "Made by the request" not in site.get(f"/requests/{sim.requests[2].request_id}").text


def test_tokens_and_bodies_that_are_no_json_are_shown_without_harm(site: Site, sim: Simulator) -> None:
    headers = [(b"authorization", SECRET.encode()), (b"x-knock-user-token", b"secret-1"), (b"x-other-key", b"secret-2")]
    target = "/v1/users/<b>?token=secret-3&a=1"
    sim.handle(HTTPRequest("PUT", target, [*headers, (b"x-shown", b"<b>")], b"<b>\xff not json"))
    sim.handle(HTTPRequest("PUT", "/v1/users/ana", headers, b'{"api_key": "secret-4", "name": "Ana"}'))
    for request in sim.requests:
        page = site.get(f"/requests/{request.request_id}")
        assert "secret-" not in page.response.text
        assert page.all("b") == []
    assert "<b>\ufffd not json" in site.get(f"/requests/{sim.requests[0].request_id}").text
    assert "secret-" not in site.get("/requests").response.text
