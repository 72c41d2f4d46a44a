"""Tests of the simulator's webhooks: what is sent when, and what follows from the response."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import threading
import time
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import trio

from knock_sdk import webhooks
from knock_sdk.testing import Fetch, Send, Simulator, Wait, webhook_sender
from knock_sdk.testing.asgi import app
from knock_sdk.testing.state import webhooks as webhooks_of_state
from tests.simulator.support.webhook_server import listen
from tests.support.listener import Listener

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "a secret of ours"
KEY = {"authorization": "Bearer sk_test"}
HOUR = timedelta(hours=1)
START = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
MESSAGES = ["message.sent", "message.delivered", "message.bounced", "message.undelivered", "message.read"]


class Inbox:
    """A webhook that is a function: it keeps the events, each with the time, and returns the statuses in turn."""

    def __init__(self, sim: Simulator, *statuses: int | None) -> None:
        self.sim = sim
        self.statuses = list(statuses)
        self.events: list[Any] = []
        self.times: list[datetime] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []

    def __call__(self, body: bytes, headers: dict[str, str]) -> int | None:
        event = webhooks.unwrap(body, headers, secret=SECRET, tolerance=0)  # the simulated time is the current one
        assert webhooks.unwrap(body, headers, secret=SECRET, now=self.sim.now, tolerance=0) == event
        self.events.append(event)
        self.times.append(self.sim.now)
        self.headers.append(headers)
        self.bodies.append(body)
        return self.statuses.pop(0) if self.statuses else None

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]


def seconds(times: list[datetime]) -> list[float]:
    return [(each - START).total_seconds() for each in times]


def outcomes(sim: Simulator) -> list[tuple[str, int]]:
    return [(each.outcome, len(each.attempts)) for each in sim.webhook_deliveries]


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


def test_a_failed_assertion_in_a_server_ends_the_test(sim: Simulator) -> None:
    def check(_: bytes, __: dict[str, str]) -> None:
        raise AssertionError("not as it should be")

    sim.webhook(check, ["message.delivered"])
    with sim.serve() as url:
        body = {"recipients": [{"id": "ana"}]}
        httpx.post(f"{url}/v1/workflows/w/trigger", json=body, headers=KEY).raise_for_status()
        with pytest.raises(AssertionError, match="not as it should be"):
            sim.wait_for_webhooks()


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


def test_snapshots(sim: Simulator) -> None:
    inbox = Inbox(sim, 500)
    sim.webhook(inbox, ["message.delivered"], secret=SECRET)
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    snapshot = sim.snapshot()
    sim.advance(hours=1)
    assert outcomes(sim) == [("delivered", 2)]
    sim.restore(snapshot)
    assert outcomes(sim) == [("pending", 1)]
    sim.advance(hours=1)
    assert outcomes(sim) == [("delivered", 2)]


def test_a_reset_keeps_what_was_declared_before(sim: Simulator) -> None:
    inbox = Inbox(sim)
    sim.webhook(inbox, ["message.delivered"], secret=SECRET)
    for _ in range(2):
        sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
        assert outcomes(sim) == [("delivered", 1)]
        sim.reset()
        assert outcomes(sim) == []
    assert inbox.types == ["message.delivered"] * 2


def test_a_copy_sends_on_its_own(sim: Simulator) -> None:
    received: list[str] = []
    sim.webhook(lambda _, headers: received.append(headers["x-knock-event"]), ["message.delivered"])
    copied = copy.deepcopy(sim)
    copied.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    assert received == ["message.delivered"]
    assert (len(copied.webhook_deliveries), len(sim.webhook_deliveries)) == (1, 0)


def test_a_saved_state_has_no_functions(sim: Simulator, tmp_path: Any) -> None:
    sim.webhook(Inbox(sim, 500), ["message.delivered"], secret=SECRET)
    sim.webhook("http://127.0.0.1:9/hook", ["message.read"], secret=SECRET)
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    sim.save(tmp_path / "state")
    loaded = Simulator.load(tmp_path / "state")
    loaded.advance(seconds=15)
    [delivery] = loaded.webhook_deliveries
    assert "was not saved" in str(delivery.attempts[1].error)
    loaded.client().messages.mark_as_read(loaded.messages()[0].id)
    assert "ConnectError" in str(loaded.webhook_deliveries[1].attempts[0].error)


def test_requests_to_a_url(sim: Simulator, knock: Any) -> None:
    with listen(500, 302, 204) as (url, received):
        sim.webhook(url, ["message.delivered"], secret=SECRET)
        knock.workflows.trigger("w", recipients=[{"id": "ana"}])
        sim.advance(minutes=1)
    [delivery] = sim.webhook_deliveries
    assert [each.status for each in delivery.attempts] == [500, 302, 204]
    assert len(received) == 3  # no redirect was followed
    for body, headers in received:
        webhooks.verify(body, headers, secret=SECRET, tolerance=60)  # by the system's clock
        assert headers["x-knock-event"] == "message.delivered"


def test_declaring_a_url_again_replaces_it(sim: Simulator) -> None:
    with listen() as (url, received):
        sim.webhook(url, ["message.read"])
        sim.webhook(url, ["message.delivered"], secret=SECRET)
        client = sim.client()
        client.workflows.trigger("w", recipients=[{"id": "ana"}])
        client.messages.mark_as_read(sim.messages()[0].id)
    assert [headers["x-knock-event"] for _, headers in received] == ["message.delivered"]


def test_a_handler_behind_a_url_can_call_the_served_simulator(sim: Simulator) -> None:
    """Neither waits for the other, although the server of the simulator has one thread."""
    with sim.serve() as api:

        def handle(body: bytes, headers: dict[str, str]) -> None:
            event = webhooks.unwrap(body, headers, secret=SECRET)
            assert isinstance(event, webhooks.MessageDelivered)
            httpx.put(f"{api}/v1/messages/{event.data.id}/seen", headers=KEY).raise_for_status()

        with listen(handle=handle) as (url, _):
            sim.webhook(url, ["message.delivered"], secret=SECRET)
            trigger = {"recipients": [{"id": "ana"}]}
            httpx.post(f"{api}/v1/workflows/w/trigger", json=trigger, headers=KEY).raise_for_status()
            sim.wait_for_webhooks()
            assert outcomes(sim) == [("delivered", 1)]
        assert sim.messages()[0].seen_at is not None


def test_a_function_can_call_the_served_simulator(sim: Simulator) -> None:
    with sim.serve() as api:

        def handle(body: bytes, headers: dict[str, str]) -> int:
            event = webhooks.unwrap(body, headers, secret=SECRET)
            assert isinstance(event, webhooks.MessageDelivered)
            return httpx.put(f"{api}/v1/messages/{event.data.id}/seen", headers=KEY).status_code

        sim.webhook(handle, ["message.delivered"], secret=SECRET)
        httpx.post(f"{api}/v1/workflows/w/trigger", json={"recipients": [{"id": "ana"}]}, headers=KEY)
        sim.wait_for_webhooks()
        assert outcomes(sim) == [("delivered", 1)]
        assert sim.messages()[0].seen_at is not None


async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


def test_a_server_in_the_same_event_loop(sim: Simulator) -> None:
    async def main() -> None:
        server = await asyncio.start_server(respond, "127.0.0.1")
        async with server:
            sim.webhook(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", ["message.delivered"])
            await sim.async_client().workflows.trigger("w", recipients=[{"id": "ana"}])
            await asyncio.to_thread(sim.wait_for_webhooks)

    asyncio.run(main())
    assert outcomes(sim) == [("delivered", 1)]


def test_a_server_in_the_same_trio_run(sim: Simulator) -> None:
    async def handle(stream: trio.SocketStream) -> None:
        await stream.receive_some()
        await stream.send_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        await stream.aclose()

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            listeners = await nursery.start(partial(trio.serve_tcp, handle, 0, host="127.0.0.1"))
            sim.webhook(f"http://127.0.0.1:{listeners[0].socket.getsockname()[1]}", ["message.delivered"])
            await sim.async_client().workflows.trigger("w", recipients=[{"id": "ana"}])
            await trio.to_thread.run_sync(sim.wait_for_webhooks)
            nursery.cancel_scope.cancel()

    trio.run(main)
    assert outcomes(sim) == [("delivered", 1)]


def test_many_threads_lose_no_event(sim: Simulator) -> None:
    received: list[str] = []

    def handle(body: bytes, _: dict[str, str]) -> None:
        time.sleep(0)  # lets other threads go on
        received.append(json.loads(body)["data"]["id"])

    sim.webhook(handle, ["message.delivered"])

    def work(name: str) -> None:
        with sim.client() as client:
            for number in range(25):
                client.workflows.trigger("w", recipients=[{"id": f"{name}{number}"}])

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(received) == sorted(message.id for message in sim.messages())
    assert len(received) == 200


def test_a_snapshot_during_an_attempt_has_it(sim: Simulator) -> None:
    snapshots = []
    sim.webhook(lambda _, __: snapshots.append(sim.snapshot()), ["message.delivered"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    assert outcomes(sim) == [("delivered", 1)]
    sim.restore(snapshots[0])
    assert outcomes(sim) == [("pending", 0)]
    sim.advance(seconds=1)
    assert outcomes(sim) == [("delivered", 1)]
    assert len(snapshots) == 2


@pytest.mark.parametrize(("act", "left"), [(Simulator.reset, 0), (lambda sim: sim.restore(Simulator().snapshot()), 1)])
def test_a_function_can_replace_the_state(sim: Simulator, act: Callable[[Simulator], None], left: int) -> None:
    """After a reset the webhook is there, and resets again; the empty state has none."""
    sim.webhook(lambda _, __: act(sim), ["message.delivered"])
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    assert sim.webhook_deliveries == []
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    assert len(sim.messages()) == left


def test_a_reset_during_an_advance_ends_it(sim: Simulator) -> None:
    sim.webhook(lambda _, __: sim.reset(), ["message.delivered"])
    sim.workflow("w", channels=["email"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@x.example"}])
    sim.advance(hours=1)
    assert sim.now == START


def test_threads_that_advance_the_clock_lose_no_time(sim: Simulator) -> None:
    sim.webhook(lambda _, __: None)

    def work() -> None:
        for _ in range(50):
            sim.advance(seconds=1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sim.now == START + timedelta(seconds=400)


def test_the_clock_waits_for_an_attempt_in_another_thread(sim: Simulator) -> None:
    times: list[datetime] = []
    begun = threading.Event()

    def handle(_: bytes, __: dict[str, str]) -> None:
        begun.set()
        time.sleep(0.05)
        times.append(sim.now)

    sim.webhook(handle)
    sim.workflow("w", channels=["email"])
    with sim.serve() as url:
        body = {"recipients": [{"id": "ana", "email": "ana@x.example"}]}
        httpx.post(f"{url}/v1/workflows/w/trigger", json=body, headers=KEY).raise_for_status()
        begun.wait(10)
        sim.advance(minutes=1)
    assert seconds(times) == [0, 0, 1, 5]


def test_a_function_that_is_declared_again(sim: Simulator, tmp_path: Any) -> None:
    first, second = Inbox(sim, 500, 500), Inbox(sim)
    sim.webhook(first, ["message.delivered"], secret=SECRET)
    sim.webhook(first, ["message.delivered", "message.read"], secret=SECRET)
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    assert first.types == ["message.delivered"]
    sim.save(tmp_path / "state")
    loaded = Simulator.load(tmp_path / "state")
    second.sim = loaded
    loaded.webhook(second, secret=SECRET)  # it has the name of the one that was not saved, and takes its place
    loaded.advance(seconds=15)
    assert second.types == ["message.delivered"]
    assert outcomes(loaded) == [("delivered", 2)]


def test_a_webhook_that_is_removed(sim: Simulator) -> None:
    first, second = Inbox(sim, 500), Inbox(sim)
    for inbox in (first, second):
        sim.webhook(inbox, ["message.delivered"], secret=SECRET)
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    sim.remove_webhook(first)
    client.workflows.trigger("w", recipients=[{"id": "ben"}])
    third = Inbox(sim)
    sim.webhook(third, ["message.delivered"], secret=SECRET)
    sim.advance(hours=1)
    client.workflows.trigger("w", recipients=[{"id": "cleo"}])
    assert [len(inbox.events) for inbox in (first, second, third)] == [1, 3, 1]
    assert sim.webhook_deliveries[0].outcome == "dropped"


def test_a_webhook_that_removes_itself(sim: Simulator) -> None:
    def handle(_: bytes, __: dict[str, str]) -> int:
        sim.remove_webhook(handle)
        return 500

    sim.webhook(handle)
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    sim.advance(hours=1)
    assert {each.outcome for each in sim.webhook_deliveries} == {"dropped"}
    assert sum(len(each.attempts) for each in sim.webhook_deliveries) == 0


def test_urls_are_compared_in_their_usual_form(sim: Simulator) -> None:
    with listen() as (url, received):
        base = url.partition("/hook")[0]
        sim.webhook(base, ["message.delivered"])
        sim.webhook(f"{base}/", ["message.delivered"])
        sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    assert len(received) == 1


def test_a_url_that_does_not_respond(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_sender, "TIME_LIMIT", 0.05)
    released = threading.Event()
    with Listener(lambda _: released.wait(10)) as listener:
        sim.webhook(f"http://127.0.0.1:{listener.port}", ["message.delivered"])
        sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
        released.set()
    assert "ReadTimeout" in str(sim.webhook_deliveries[0].attempts[0].error)


def test_the_body_of_a_response_is_not_awaited(sim: Simulator) -> None:
    released = threading.Event()

    def talk(connection: Any) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nx")
        released.wait(10)

    with Listener(talk) as listener:
        sim.webhook(f"http://127.0.0.1:{listener.port}", ["message.delivered"])
        sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
        assert outcomes(sim) == [("delivered", 1)]
        released.set()


def test_waiting_has_a_limit(sim: Simulator) -> None:
    released = threading.Event()
    sim.webhook(lambda _, __: released.wait(10) and None, ["message.delivered"])
    with sim.serve() as url:
        httpx.post(f"{url}/v1/workflows/w/trigger", json={"recipients": [{"id": "ana"}]}, headers=KEY)
        with pytest.raises(TimeoutError, match=r"still being sent to webhooks after 0\.01 seconds"):
            sim.wait_for_webhooks(0.01)
        released.set()
        sim.wait_for_webhooks()


def test_requests_to_the_asgi_application_leave_the_task_as_it_was(sim: Simulator) -> None:
    inbox = Inbox(sim)
    sim.webhook(inbox, ["message.delivered"], secret=SECRET)

    async def main() -> None:
        transport = httpx.ASGITransport(app(sim))
        async with httpx.AsyncClient(transport=transport, base_url="http://x", headers=KEY) as client:
            await client.get("/v1/users")
        await sim.async_client().workflows.trigger("w", recipients=[{"id": "ana"}])
        assert inbox.types == ["message.delivered"]  # by this task, before the call returned

    asyncio.run(main())


def test_a_clock_before_1970_is_refused() -> None:
    with pytest.raises(ValueError, match="the clock is before 1970"):
        Simulator(now=datetime(1960, 1, 1, tzinfo=timezone.utc)).webhook(print)


def test_a_secret_does_not_show(sim: Simulator) -> None:
    sim.webhook(print, secret=SECRET)
    assert SECRET not in repr(vars(sim._world.of(webhooks_of_state.Webhooks)))


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
