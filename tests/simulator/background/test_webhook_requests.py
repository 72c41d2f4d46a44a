"""Tests of webhooks in threads, servers and event loops, and of requests to URLs."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest
import trio

from knock_sdk import webhooks
from knock_sdk.testing import Simulator, webhook_sender
from knock_sdk.testing.asgi import app
from tests.simulator.support.webhook_inbox import SECRET, START, Inbox, outcomes, seconds
from tests.simulator.support.webhook_server import listen
from tests.support.listener import Listener

KEY = {"authorization": "Bearer sk_test"}


def test_a_failed_assertion_in_a_server_ends_the_test(sim: Simulator) -> None:
    def check(_: bytes, __: dict[str, str]) -> None:
        raise AssertionError("not as it should be")

    sim.webhook(check, ["message.delivered"])
    with sim.serve() as url:
        body = {"recipients": [{"id": "ana"}]}
        httpx.post(f"{url}/v1/workflows/w/trigger", json=body, headers=KEY).raise_for_status()
        with pytest.raises(AssertionError, match="not as it should be"):
            sim.wait_for_webhooks()


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
