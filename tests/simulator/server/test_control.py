"""The endpoints below `/_simulator`: what programs in other processes declare, move and ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from knock_sdk import APIConnectionError, Knock, NotFoundError, RateLimitError
from knock_sdk.testing import Simulator
from knock_sdk.testing.server import control
from tests.simulator.support.pair import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator


class Desk:
    """Asks the endpoints, without a key."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url + control.PATH, trust_env=False)

    def get(self, path: str, **query: str) -> Any:
        return self.http.get(path, params=query).raise_for_status().json()

    def post(self, path: str, **body: Any) -> Any:
        return self.http.post(path, json=body).raise_for_status().json()

    def refused(self, path: str, **body: Any) -> tuple[str, list[str]]:
        """Post in vain; return the message, and the fields that are wrong."""
        answer = self.http.post(path, json=body)
        assert answer.status_code == 422
        problem = answer.json()
        assert (problem["code"], problem["status"]) == ("invalid_params", 422)
        return problem["message"], [error["field"] for error in problem.get("errors", ())]


@pytest.fixture
def desk(url: str) -> Iterator[Desk]:
    made = Desk(url)
    with made.http:
        yield made


def test_a_workflow_is_declared_time_passes_and_messages_are_asked_for(desk: Desk, client: Knock) -> None:
    assert desk.post("/workflow", key="welcome", channels=["in_app_feed", "email"], delay=3600) == {"result": None}
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "email": "ana@example.com"}, "ben"])
    assert desk.get("/messages") == {"items": []}
    assert desk.post("/advance", hours=1, minutes=1) == {"result": None}
    (feed, email) = desk.get("/messages", to="ana")["items"]
    assert (feed["__typename"], feed["recipient"], email["status"]) == ("Message", "ana", "delivered")
    assert desk.get("/messages", channel="email")["items"] == [email]
    assert desk.get("/messages", workflow="other") == {"items": []}
    assert desk.get("/messages", to="ana", status="delivered", tenant="acme") == {"items": []}
    skips = desk.get("/skips", to="ben")["items"]
    assert {skip["reason"] for skip in skips} == {"not_identified"}
    assert "ana@example.com" not in desk.get("/summary")["result"]
    assert "welcome" in desk.get("/summary")["result"]


def test_messages_to_an_object(desk: Desk, client: Knock) -> None:
    client.objects.set("rooms", "lobby", name="Lobby")
    client.workflows.trigger("welcome", recipients=[{"id": "lobby", "collection": "rooms"}])
    assert len(desk.get("/messages", to="lobby", collection="rooms")["items"]) == 1
    assert desk.get("/messages", to="lobby")["items"] == []


def test_a_workflow_as_the_cli_pulls_it(desk: Desk, client: Knock) -> None:
    template = {"subject": "Hello {{ recipient.name }}", "text_body": "Hi"}
    step = {"ref": "email_1", "type": "channel", "channel_key": "ses", "channel_type": "email", "template": template}
    assert desk.post("/workflow_file", key="welcome", name="Welcome", steps=[step]) == {"result": ["welcome"]}
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "Ana", "email": "ana@example.com"}])
    (message,) = desk.get("/messages", channel="ses")["items"]
    assert client.messages.get_content(message["id"]).data.model_dump()["subject_line"] == "Hello Ana"
    said, _ = desk.refused("/workflow_file", key="other", steps=[{"type": "http_fetch", "ref": "fetch_1"}])
    assert said.startswith("other: steps.0 (fetch_1): ")
    assert desk.refused("/workflow_file", steps=[])[1] == ["key"]


def test_channels_have_ids(desk: Desk, client: Knock) -> None:
    push = desk.post("/channel", key="apns", type="push", provider="push_apns")["result"]
    assert (push["key"], push["type"], push["provider"]) == ("apns", "push", "push_apns")
    client.users.set_channel_data("ana", push["id"], data={"tokens": ["t"]})
    assert desk.post("/channel", key="apns")["result"]["id"] == push["id"]
    assert "is not a channel type" in desk.refused("/channel", key="pigeon", type="pigeon")[0]


def test_guides_are_declared(desk: Desk, client: Knock) -> None:
    guide = desk.post("/guide", key="tour", content={"title": "Welcome"})["result"]
    channel = desk.post("/channel", key="in_app_guide")["result"]["id"]
    client.users.update("ana")
    assert [entry.id for entry in client.users.guides.get_channel("ana", channel).entries] == [guide]


def test_faults_are_declared_and_ended(desk: Desk, client: Knock) -> None:
    client.users.update("ana")
    desk.post("/fail", operation="users.get", status=429, retry_after=3, next=None)
    with pytest.raises(RateLimitError) as caught:
        client.users.get("ana")
    assert caught.value.retry_after == 3
    desk.post("/clear_faults")
    assert client.users.get("ana").id == "ana"
    desk.post("/drop", when="after")
    with pytest.raises(APIConnectionError):
        client.users.delete("ana")
    with pytest.raises(NotFoundError):
        client.users.get("ana")
    said, _ = desk.refused("/fail", operation="users.gte")
    assert "'users.get'" in said
    assert desk.refused("/fail", operation=5)[1] == ["operation"]
    assert desk.refused("/fail", status="high")[1] == ["status"]
    assert "when" in desk.refused("/drop", when="never")[0]


def test_rate_limits_are_switched(desk: Desk, client: Knock) -> None:
    desk.post("/rate_limits", enforced=True)
    assert desk.get("/")["rate_limits"] is True
    client.users.bulk.delete(user_ids=["ana"])
    with pytest.raises(RateLimitError):
        client.users.bulk.delete(user_ids=["ana"])
    desk.post("/rate_limits", enforced=False)
    client.users.bulk.delete(user_ids=["ana"])


def test_a_reset_leads_back_to_the_beginning(sim: Simulator, desk: Desk, client: Knock) -> None:
    desk.post("/reset")
    client.users.update("ana")
    desk.post("/advance", hours=5)
    desk.post("/fail", next=None)
    desk.post("/reset")
    assert client.users.list().items == []
    assert desk.get("/") == {"now": "2026-01-05T09:00:00Z", "requests": 1, "rate_limits": False}
    assert len(sim.requests) == 1


def test_what_was_declared_before_the_start_outlives_a_reset() -> None:
    sim = Simulator()
    sim.workflow("welcome")
    with sim.serve() as url, Knock(api_key=KEY, base_url=url) as client:
        desk = Desk(url)
        with desk.http:
            desk.post("/workflow", key="other")
            desk.post("/reset")
            client.workflows.trigger("welcome", recipients=["ana"])
            with pytest.raises(NotFoundError, match="workflow_missing"):
                client.workflows.trigger("other", recipients=["ana"])


def test_requests_are_told_without_keys(desk: Desk, client: Knock) -> None:
    client.users.update("ana", name="Ana")
    told = desk.http.get("/requests")
    (request,) = told.json()["items"]
    assert (request["method"], request["target"], request["status"]) == ("PUT", "/v1/users/ana", 200)
    assert (request["operation"], request["body"]) == ("identifyUser", '{"name":"Ana"}')
    assert KEY not in told.text
    assert desk.get("/")["requests"] == 1


def test_a_moment_can_be_named(sim: Simulator, desk: Desk) -> None:
    desk.post("/advance_to", moment="2026-02-01T00:00:00Z")
    assert desk.get("/")["now"] == "2026-02-01T00:00:00Z"
    assert desk.refused("/advance", seconds=-1)[0] == "time cannot go backwards: the total duration is negative"
    assert desk.refused("/advance_to", moment="soon")[1] == ["moment"]


def test_what_makes_no_sense_is_refused(sim: Simulator, desk: Desk) -> None:
    assert desk.refused("/advance", hour=1)[1] == ["hour"]
    assert desk.http.post("/advance", content=b"{").status_code == 422
    assert desk.http.post("/advance", content=b"[]").status_code == 422
    assert desk.http.get("/messages", params={"whose": "ana"}).status_code == 422
    assert desk.http.get("/advance").status_code == 404
    assert desk.http.post("/no_such").json()["code"] == "not_found"
    assert desk.http.get("").json() == desk.get("/")
    assert sim.requests == []
