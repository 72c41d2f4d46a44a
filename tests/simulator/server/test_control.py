"""The control endpoints below `/_simulator`: declarations, time and queries from other processes."""

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


class ControlClient:
    """A client of the control endpoints, without an API key."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url + control.PATH, trust_env=False)

    def get(self, path: str, **query: str) -> Any:
        return self.http.get(path, params=query).raise_for_status().json()

    def post(self, path: str, **body: Any) -> Any:
        return self.http.post(path, json=body).raise_for_status().json()

    def post_invalid(self, path: str, **body: Any) -> tuple[str, list[str]]:
        """Post an invalid body; return the error's message and fields."""
        response = self.http.post(path, json=body)
        assert response.status_code == 422
        problem = response.json()
        assert (problem["code"], problem["status"]) == ("invalid_params", 422)
        return problem["message"], [error["field"] for error in problem.get("errors", ())]


@pytest.fixture
def controls(url: str) -> Iterator[ControlClient]:
    made = ControlClient(url)
    with made.http:
        yield made


def test_a_declared_workflow_sends_after_its_delay_and_messages_can_be_filtered(
    controls: ControlClient, client: Knock
) -> None:
    assert controls.post("/workflow", key="welcome", channels=["in_app_feed", "email"], delay=3600) == {"result": None}
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "email": "ana@example.com"}, "ben"])
    assert controls.get("/messages") == {"items": []}
    (waiting,) = controls.get("/waiting", to="ana")["items"]
    assert waiting.pop("workflow_run_id")
    assert waiting == {"to": "ana", "workflow": "welcome", "step": "delay_1", "until": "2026-01-05T10:00:00Z"}
    assert controls.post("/advance", hours=1, minutes=1) == {"result": None}
    (feed, email) = controls.get("/messages", to="ana")["items"]
    assert (feed["__typename"], feed["recipient"], email["status"]) == ("Message", "ana", "delivered")
    assert controls.get("/messages", channel="email")["items"] == [email]
    refused = controls.http.get("/messages", params={"workflow": "welcom"})
    assert refused.status_code == 422
    assert "did you mean 'welcome'?" in refused.json()["message"]
    assert controls.get("/messages", to="ana", status="delivered", tenant="acme") == {"items": []}
    skips = controls.get("/skips", to="ben")["items"]
    assert {skip["reason"] for skip in skips} == {"not_identified"}
    assert "ana@example.com" not in controls.get("/summary")["result"]
    assert "welcome" in controls.get("/summary")["result"]


def test_messages_can_be_filtered_by_object(controls: ControlClient, client: Knock) -> None:
    client.objects.set("rooms", "lobby", name="Lobby")
    client.workflows.trigger("welcome", recipients=[{"id": "lobby", "collection": "rooms"}])
    assert len(controls.get("/messages", to="lobby", collection="rooms")["items"]) == 1
    assert controls.get("/messages", to="lobby")["items"] == []


def test_a_workflow_file_is_loaded(controls: ControlClient, client: Knock) -> None:
    template = {"subject": "Hello {{ recipient.name }}", "text_body": "Hi"}
    step = {"ref": "email_1", "type": "channel", "channel_key": "ses", "channel_type": "email", "template": template}
    assert controls.post("/workflow_file", key="welcome", name="Welcome", steps=[step]) == {"result": ["welcome"]}
    client.workflows.trigger("welcome", recipients=[{"id": "ana", "name": "Ana", "email": "ana@example.com"}])
    (message,) = controls.get("/messages", channel="ses")["items"]
    assert client.messages.get_content(message["id"]).data.model_dump()["subject_line"] == "Hello Ana"
    error_message, _ = controls.post_invalid(
        "/workflow_file", key="other", steps=[{"type": "http_fech", "ref": "fetch_1"}]
    )
    assert error_message.startswith("other: steps.0 (fetch_1): ")
    assert controls.post_invalid("/workflow_file", steps=[])[1] == ["key"]


def test_the_outside_world_is_declared(controls: ControlClient, client: Knock) -> None:
    rule = {
        "channel": "email",
        "type": "if",
        "condition": {"variable": "data.mail", "operator": "equal_to", "argument": "y"},
    }
    group = controls.post("/channel_group", key="mails", channels=[rule])["result"]
    assert (group["type"], group["operator"]) == ("email", "any")
    cohorts = [{"name": name, "percentage": 50, "steps": []} for name in ("A", "B")]
    cohorts[1]["steps"] = [
        {"type": "channel", "ref": "mail", "channel_group_key": "mails", "template": {"subject": "x", "html_body": "x"}}
    ]
    event = {"event_type": "integration_source", "integration_source_key": "shop", "event_key": "paid"}
    steps = [
        {"type": "http_fetch", "ref": "get", "settings": {"method": "get", "url": "https://x.example"}},
        {
            "type": "ai_agent",
            "ref": "ask",
            "settings": {"model": "x:y", "request_prompt": "x", "response_type": "text"},
        },
        {
            "type": "wait_for_event",
            "ref": "wait",
            "settings": {"event": event, "expires_after": {"unit": "days", "value": 1}},
        },
        {"type": "random_cohort", "ref": "test", "cohort_branches": cohorts},
    ]
    controls.post("/workflow_file", key="w", name="W", steps=steps)
    controls.post("/http", step="get", answer={"mail": "y"}, status=201)
    controls.post("/agent", step="ask", answer="Hello")
    controls.post("/cohort", step="test", name="B", to="ana")
    client.workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@example.com"}])
    assert controls.get("/messages") == {"items": []}
    controls.post("/event", key="paid", source="shop", user="ana", data={"n": 1})
    (message,) = controls.get("/messages")["items"]
    assert message["data"] == {"mail": "y", "ask": {"text": "Hello"}}
    (fetch,) = controls.get("/fetches")["items"]
    assert (fetch["method"], fetch["url"], fetch["attempt"]) == ("get", "https://x.example", 1)
    assert controls.post_invalid("/event", key="paid")[1] == ["source"]


def test_a_redeclared_channel_has_the_same_id(controls: ControlClient, client: Knock) -> None:
    push = controls.post("/channel", key="apns", type="push", provider="push_apns")["result"]
    assert (push["key"], push["type"], push["provider"]) == ("apns", "push", "push_apns")
    client.users.set_channel_data("ana", push["id"], data={"tokens": ["t"]})
    assert controls.post("/channel", key="apns")["result"]["id"] == push["id"]
    assert "is not a channel type" in controls.post_invalid("/channel", key="pigeon", type="pigeon")[0]


def test_a_guide_has_several_steps(controls: ControlClient, client: Knock) -> None:
    controls.post("/guide", key="tour", steps={"one": {"title": "A"}, "two": {"title": "B"}})
    channel = controls.post("/channel", key="in_app_guide")["result"]["id"]
    client.users.update("ana")
    (guide,) = client.users.guides.get_channel("ana", channel).entries
    assert [(step.ref, step.content) for step in guide.steps] == [("one", {"title": "A"}), ("two", {"title": "B"})]


def test_dynamic_audiences_and_channels_with_settings_are_declared(controls: ControlClient, client: Knock) -> None:
    condition = {"property": "plan", "operator": "equal_to", "argument": "pro"}
    assert controls.post("/audience", key="pro", segments=[{"conditions": [condition]}]) == {"result": None}
    client.users.update("ana", properties={"plan": "pro"})
    assert [member.user_id for member in client.audiences.list_members("pro").entries] == ["ana"]
    message, _ = controls.post_invalid("/audience", key="pro", segments=[{"conditions": []}])
    assert "takes one condition at least" in message
    controls.post("/channel", key="email", sandbox=True, conditions=[{"variable": "data.x", "operator": "exists"}])
    message, _ = controls.post_invalid("/channel", key="in_app_feed", sandbox=True)
    assert "no sandbox mode" in message
    controls.post("/channel", key="sms", conditions=[{"variable": "data.x", "operator": "exists"}])
    message, _ = controls.post_invalid("/channel", key="sms", conditions=[{"variable": "data.x", "operator": "is"}])
    assert "`operator` is not one of" in message
    controls.post("/workflow", key="w", channels=["email", "sms"])
    person = {"id": "dora", "email": "d@x.example", "phone_number": "+15550100"}
    client.workflows.trigger("w", recipients=[person])
    client.workflows.trigger("w", recipients=[person], data={"x": 1})
    assert [message["status"] for message in controls.get("/messages")["items"]] == ["not_sent", "not_sent", "queued"]


def test_a_channel_that_keeps_its_tokens_is_declared(controls: ControlClient, client: Knock) -> None:
    kept = controls.post("/channel", key="apns", type="push", token_deregistration=False)["result"]["id"]
    removed = controls.post("/channel", key="fcm", type="push")["result"]["id"]
    for channel in (kept, removed):
        client.users.set_channel_data("ana", channel, data={"tokens": ["a"]})
    controls.post("/workflow", key="w", channels=["apns", "fcm"])
    controls.post("/delivery", channel="push", outcome="bounced")
    client.workflows.trigger("w", recipients=["ana"])
    controls.post("/advance", minutes=1)
    stored = [client.users.get_channel_data("ana", channel).model_dump()["data"] for channel in (kept, removed)]
    assert [each["tokens"] for each in stored] == [["a"], []]


def test_guides_are_declared(controls: ControlClient, client: Knock) -> None:
    guide = controls.post("/guide", key="tour", content={"title": "Welcome"})["result"]
    channel = controls.post("/channel", key="in_app_guide")["result"]["id"]
    client.users.update("ana")
    assert [entry.id for entry in client.users.guides.get_channel("ana", channel).entries] == [guide]


def test_faults_are_declared_and_ended(controls: ControlClient, client: Knock) -> None:
    client.users.update("ana")
    controls.post("/fail", operation="users.get", status=429, retry_after=3, next=None)
    with pytest.raises(RateLimitError) as caught:
        client.users.get("ana")
    assert caught.value.retry_after == 3
    controls.post("/clear_faults")
    assert client.users.get("ana").id == "ana"
    controls.post("/drop", when="after")
    with pytest.raises(APIConnectionError):
        client.users.delete("ana")
    with pytest.raises(NotFoundError):
        client.users.get("ana")
    error_message, _ = controls.post_invalid("/fail", operation="users.gte")
    assert "'users.get'" in error_message
    assert controls.post_invalid("/fail", operation=5)[1] == ["operation"]
    assert controls.post_invalid("/fail", status="high")[1] == ["status"]
    assert "when" in controls.post_invalid("/drop", when="never")[0]


def test_rate_limits_are_switched_on_and_off(controls: ControlClient, client: Knock) -> None:
    controls.post("/rate_limits", enforced=True)
    assert controls.get("/")["rate_limits"] is True
    client.users.bulk.delete(user_ids=["ana"])
    with pytest.raises(RateLimitError):
        client.users.bulk.delete(user_ids=["ana"])
    controls.post("/rate_limits", enforced=False)
    client.users.bulk.delete(user_ids=["ana"])


def test_a_reset_restores_the_initial_state(sim: Simulator, controls: ControlClient, client: Knock) -> None:
    controls.post("/reset")
    client.users.update("ana")
    controls.post("/advance", hours=5)
    controls.post("/fail", next=None)
    controls.post("/reset")
    assert client.users.list().items == []
    assert controls.get("/") == {
        "now": "2026-01-05T09:00:00Z",
        "next_due": None,
        "requests": 1,
        "rate_limits": False,
    }
    assert len(sim.requests) == 1


def test_a_reset_keeps_the_declarations_made_before_serving() -> None:
    sim = Simulator()
    sim.workflow("welcome")
    with sim.serve() as url, Knock(api_key=KEY, base_url=url) as client:
        controls = ControlClient(url)
        with controls.http:
            controls.post("/workflow", key="other")
            controls.post("/reset")
            client.workflows.trigger("welcome", recipients=["ana"])
            with pytest.raises(NotFoundError, match="workflow_missing"):
                client.workflows.trigger("other", recipients=["ana"])


def test_requests_are_returned_without_keys(controls: ControlClient, client: Knock) -> None:
    client.users.update("ana", name="Ana")
    response = controls.http.get("/requests")
    (request,) = response.json()["items"]
    assert (request["method"], request["target"], request["status"]) == ("PUT", "/v1/users/ana", 200)
    assert (request["operation"], request["body"]) == ("identifyUser", '{"name":"Ana"}')
    assert KEY not in response.text
    assert controls.get("/")["requests"] == 1


def test_time_advances_to_a_moment(sim: Simulator, controls: ControlClient) -> None:
    controls.post("/advance_to", moment="2026-02-01T00:00:00Z")
    assert controls.get("/")["now"] == "2026-02-01T00:00:00Z"
    assert (
        controls.post_invalid("/advance", seconds=-1)[0] == "time cannot go backwards: the total duration is negative"
    )
    assert controls.post_invalid("/advance_to", moment="soon")[1] == ["moment"]


def test_invalid_control_requests_are_rejected(sim: Simulator, controls: ControlClient) -> None:
    assert controls.post_invalid("/advance", hour=1)[1] == ["hour"]
    for body in (b"{", b"[]"):
        posted = controls.http.post("/advance", content=body, headers={"content-type": "application/json"})
        assert posted.status_code == 422
    assert controls.http.get("/messages", params={"whose": "ana"}).status_code == 422
    assert controls.http.get("/advance").status_code == 404
    assert controls.http.post("/no_such").json()["code"] == "not_found"
    assert controls.http.get("").json() == controls.get("/")
    assert sim.requests == []
