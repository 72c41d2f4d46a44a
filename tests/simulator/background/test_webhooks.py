"""Tests of the simulator's webhooks: what is sent when, and what follows from the response."""

from __future__ import annotations

import copy
import json
import logging
import threading
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from knock_sdk import webhooks
from knock_sdk.testing import Fetch, Send, Simulator, Wait
from tests.simulator.support.webhook_inbox import SECRET, START, Inbox, outcomes, seconds

HOUR = timedelta(hours=1)
MESSAGES = ["message.sent", "message.delivered", "message.bounced", "message.undelivered", "message.read"]


def test_events_are_sent_when_they_happen(knock: Any, sim: Simulator) -> None:
    inbox = Inbox(sim)
    assert sim.webhook(inbox, secret=SECRET) == SECRET
    sim.workflow("w", channels=["email"])
    knock.workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@x.example"}])
    started = ["workflow_recipient_run.started", "workflow_recipient_run.completed"]
    assert inbox.types == started
    sim.advance(hours=1)
    assert inbox.types == [*started, "message.sent", "message.delivered"]
    assert seconds(inbox.times) == [0, 0, 1, 5]
    created = [event.created_at for event in inbox.events]
    assert [each.replace(microsecond=0) for each in created] == inbox.times
    assert len(set(created)) == 4  # no two events have the same time
    assert sim.now == START + timedelta(hours=1)
    knock.messages.mark_as_interacted(inbox.events[-1].data.id, metadata={"button": "yes"})
    sim.click(inbox.events[-1].data.id, "https://x.example")
    assert inbox.types[4:] == ["message.interacted", "message.link_clicked"]
    assert [event.event_data for event in inbox.events[2:4]] == [None, None]
    assert inbox.events[4].event_data["button"] == "yes"
    assert inbox.events[5].event_data.url == "https://x.example"
    assert outcomes(sim) == [("delivered", 1)] * 6


def test_the_form_of_a_request(sim: Simulator) -> None:
    inbox = Inbox(sim)
    sim.webhook(inbox, ["message.delivered"], secret=SECRET)
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    [body], [headers] = inbox.bodies, inbox.headers
    event = json.loads(body)
    assert list(event) == ["__typename", "type", "created_at", "data", "event_data"]
    assert (event["__typename"], event["type"], event["event_data"]) == ("Event", "message.delivered", None)
    assert event["created_at"] == "2026-01-05T09:00:00.000000Z"
    stored = client.messages.get(sim.messages()[0].id)
    assert event["data"] == json.loads(stored.model_dump_json())
    assert headers["content-type"] == "application/json"
    assert headers["x-knock-event"] == "message.delivered"
    assert len(headers["x-knock-environment-id"]) == 36
    assert headers["x-knock-signature"].startswith("t=1767603600000,s=")


def test_the_data_of_an_event_is_that_of_its_time(sim: Simulator) -> None:
    inbox = Inbox(sim)
    sim.webhook(inbox, MESSAGES, secret=SECRET)
    sim.workflow("w", channels=["email"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@x.example"}])
    sim.advance(minutes=1)
    assert [event.data.status for event in inbox.events] == ["sent", "delivered"]


def test_a_webhook_gets_only_its_types(sim: Simulator) -> None:
    reads, all_, none = Inbox(sim), Inbox(sim), Inbox(sim)
    sim.webhook(reads, ["message.read", "message.unread"], secret=SECRET)
    sim.webhook(all_, secret=SECRET)
    sim.webhook(none, [], secret=SECRET)
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    message = sim.messages()[0].id
    client.messages.mark_as_read(message)
    client.messages.mark_as_unread(message)
    assert reads.types == ["message.read", "message.unread"]
    assert len(all_.types) == 5
    assert none.types == []


def test_failed_steps_are_errors_of_runs(sim: Simulator) -> None:
    inbox = Inbox(sim)
    sim.webhook(inbox, ["workflow_recipient_run.error"], secret=SECRET)
    sim.workflow("w", steps=[Fetch("https://x.example")])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    assert inbox.types == ["workflow_recipient_run.error"] * 3  # the step is tried three times
    assert inbox.events[0].data.workflow == "w"


@pytest.mark.parametrize("status", [300, 404, 500])
def test_eight_attempts_in_half_an_hour(sim: Simulator, status: int) -> None:
    inbox = Inbox(sim, *[status] * 9)
    sim.webhook(inbox, ["message.delivered"], secret=SECRET)
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    assert outcomes(sim) == [("pending", 1)]
    sim.advance(days=1)
    assert seconds(inbox.times) == [0, 15, 45, 105, 225, 465, 945, 1800]
    assert len(set(inbox.bodies)) == 1  # signed anew for each attempt
    assert len({headers["x-knock-signature"] for headers in inbox.headers}) == 8
    [delivery] = sim.webhook_deliveries
    assert (delivery.outcome, [each.status for each in delivery.attempts]) == ("dropped", [status] * 8)
    assert [each.at for each in delivery.attempts] == inbox.times
    assert "message.delivered  Inbox    8         → " in sim.summary()


@pytest.mark.parametrize("status", [200, 204, 299, None])
def test_a_success_ends_the_attempts(sim: Simulator, status: int | None) -> None:
    inbox = Inbox(sim, 503, status)
    sim.webhook(inbox, ["message.delivered"], secret=SECRET)
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    sim.advance(days=1)
    assert outcomes(sim) == [("delivered", 2)]
    assert "no webhook took" not in sim.summary()


def test_a_function_can_call_the_api(sim: Simulator) -> None:
    client = sim.client()
    received: list[tuple[str, str]] = []

    def handle(body: bytes, headers: dict[str, str]) -> None:
        event = webhooks.unwrap(body, headers, secret=SECRET)
        assert isinstance(event, webhooks.MessageDelivered | webhooks.MessageRead)
        received.append((event.type, str(event.data.recipient)))
        if event.type == "message.delivered":
            client.messages.mark_as_read(event.data.id)
            if event.data.recipient == "ana":
                client.workflows.trigger("w", recipients=[{"id": "ben"}])
                sim.advance(minutes=1)

    sim.webhook(handle, ["message.delivered", "message.read"], secret=SECRET)
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    delivered, read = "message.delivered", "message.read"
    assert received == [(delivered, "ana"), (read, "ana"), (delivered, "ben"), (read, "ben")]
    assert sim.now == START + timedelta(minutes=1)


def test_a_function_that_raises(sim: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: bytes, __: dict[str, str]) -> int:
        raise RuntimeError("no database")

    sim.webhook(fail, ["message.delivered"])
    with caplog.at_level(logging.WARNING, "knock_sdk.testing"):
        sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    [attempt] = sim.webhook_deliveries[0].attempts
    assert (attempt.status, attempt.error) == (None, "RuntimeError: no database")
    assert "no database" in caplog.text
    assert "RuntimeError: no database" in sim.summary()


def test_a_failed_assertion_ends_the_test(sim: Simulator, knock: Any) -> None:
    seen: list[str] = []

    def check(_: bytes, headers: dict[str, str]) -> None:
        seen.append(headers["x-knock-event"])
        assert headers["x-knock-event"] != "workflow_recipient_run.started", "not as it should be"

    sim.webhook(check)
    with pytest.raises(AssertionError, match="not as it should be"):
        knock.workflows.trigger("w", recipients=[{"id": "ana"}])
    assert len(seen) == 3  # the events behind it were sent too
    [started, *others] = sim.webhook_deliveries
    assert "not as it should be" in str(started.attempts[0].error)
    assert {each.outcome for each in others} == {"delivered"}
    with pytest.raises(AssertionError):  # at the next attempt too
        sim.advance(seconds=15)
    knock.users.get("ana")


def test_a_handler_that_causes_the_event_it_handles(sim: Simulator) -> None:
    client = sim.client()
    sim.webhook(lambda body, _: client.messages.mark_as_read(json.loads(body)["data"]["id"]) and None, ["message.read"])
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    client.messages.mark_as_read(sim.messages()[0].id)
    assert len(sim.webhook_deliveries) == 102
    assert sim.webhook_deliveries[-1].outcome == "dropped"
    assert "end at a depth of 100" in sim.summary()


def test_a_function_is_called_while_the_state_is_not_locked(sim: Simulator) -> None:
    """The answer to the fetch runs within a step, and the handler of `started` only after that."""
    client = sim.client()
    order: list[str] = []

    def answer(_: object) -> dict[str, int]:
        order.append("fetch")
        client.users.list()
        return {"a": 1}

    def handle(_: bytes, headers: dict[str, str]) -> None:
        order.append(headers["x-knock-event"])
        thread = threading.Thread(target=client.users.list)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()

    sim.http("http_fetch_1", answer)
    sim.workflow("w", steps=[Fetch("https://x.example"), Send("in_app_feed")])
    sim.webhook(handle)
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    assert order[:2] == ["fetch", "workflow_recipient_run.started"]
    assert len(order) == 4


def test_an_event_of_a_source_sends_what_follows(sim: Simulator) -> None:
    inbox = Inbox(sim)
    wait = Wait({"event_type": "integration_source", "integration_source_key": "shop", "event_key": "paid"}, HOUR)
    sim.workflow("w", steps=[wait, Send("in_app_feed")])
    sim.webhook(inbox, ["message.delivered"], secret=SECRET)
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    sim.event("paid", source="shop", user="ana")
    assert inbox.types == ["message.delivered"]


@pytest.mark.parametrize("result", ["ok", 99, 600, 2.5, [200]])
def test_a_function_that_returns_something_else(sim: Simulator, result: Any) -> None:
    sim.webhook(lambda _, __: result, ["message.delivered"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    [attempt] = sim.webhook_deliveries[0].attempts
    assert (
        attempt.error
        == f"the function returned {type(result).__name__}: it must return a status from 100 to 599, or None"
    )


def test_a_function_that_returns_a_coroutine(sim: Simulator) -> None:
    async def handle(_: bytes, __: dict[str, str]) -> int:
        return 200

    sim.webhook(partial(lambda function, *given: function(*given), handle), ["message.delivered"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    assert "returned a coroutine" in str(sim.webhook_deliveries[0].attempts[0].error)
    with pytest.raises(TypeError, match="target: takes a plain function, not a coroutine function"):
        sim.webhook(handle)  # type: ignore[arg-type]


def test_the_secret_is_generated(sim: Simulator) -> None:
    inbox: list[bytes] = []
    secret = sim.webhook(lambda body, headers: inbox.append(webhooks.verify(body, headers, secret=secret) or body))
    assert secret.startswith("whsec_")
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    assert len(inbox) == 3


def test_an_advance_that_a_failed_assertion_ended_does_not_count(sim: Simulator) -> None:
    def check(_: bytes, __: dict[str, str]) -> None:
        raise AssertionError("not as it should be")

    sim.webhook(check, ["message.sent"])
    sim.workflow("w", channels=["email"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@x.example"}])
    with pytest.raises(AssertionError):
        sim.advance(days=1)
    assert sim.now == START + timedelta(seconds=1)
    sim.remove_webhook(check)
    sim.advance(seconds=1)
    assert sim.now == START + timedelta(seconds=2)


def test_an_advance_within_an_advance_begins_now(sim: Simulator) -> None:
    times: list[datetime] = []

    def handle(_: bytes, __: dict[str, str]) -> None:
        sim.advance(minutes=1)
        times.append(sim.now)

    sim.webhook(handle, ["message.sent"])
    sim.workflow("w", channels=["email"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@x.example"}])
    sim.advance(hours=1)
    assert seconds(times) == [61]
    assert sim.now == START + HOUR


def test_a_copy_that_is_made_during_an_advance_goes_on_from_its_own_time(sim: Simulator) -> None:
    copies: list[Simulator] = []
    sim.webhook(lambda _, __: copies.append(copy.deepcopy(sim)), ["message.sent"])
    sim.workflow("w", channels=["email"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@x.example"}])
    sim.advance(hours=1)
    (copied,) = copies
    assert copied.now == START + timedelta(seconds=1)
    copied.advance(seconds=1)
    assert copied.now == START + timedelta(seconds=2)


def test_a_state_that_is_restored_during_an_advance_goes_on_from_its_own_time(sim: Simulator) -> None:
    before = sim.snapshot()

    def handle(_: bytes, __: dict[str, str]) -> None:
        sim.restore(before)
        other = threading.Thread(target=partial(sim.advance, seconds=1))
        other.start()
        other.join(10)

    sim.webhook(handle, ["message.sent"])
    sim.workflow("w", channels=["email"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@x.example"}])
    sim.advance(hours=1)
    assert sim.now == START + timedelta(seconds=1)
    sim.advance(seconds=1)
    assert sim.now == START + timedelta(seconds=2)


def test_an_advance_that_ends_early_leaves_that_of_another_thread(sim: Simulator) -> None:
    """The second one fails at once, while the first one waits in its attempt; the third one adds to the first."""
    entered, released = threading.Event(), threading.Event()

    def handle(body: bytes, _: dict[str, str]) -> None:
        if json.loads(body)["type"] == "message.sent":
            entered.set()
            released.wait(10)

    sim.webhook(handle, ["message.sent"])
    sim.workflow("w", channels=["email"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@x.example"}])
    threads = [threading.Thread(target=partial(sim.advance, hours=1))]
    threads[0].start()
    assert entered.wait(10)
    send_until = sim._send_until
    sim._send_until = fail  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        sim.advance(hours=1)
    sim._send_until = send_until  # type: ignore[method-assign]
    threads.append(threading.Thread(target=partial(sim.advance, hours=1)))
    threads[1].start()
    while len(sim._goals) < 2:
        time.sleep(0.001)
    released.set()
    for thread in threads:
        thread.join()
    assert sim.now == START + 2 * HOUR


def fail(_: datetime) -> None:
    raise KeyboardInterrupt
