"""Writes to one record are sent one after another: the retry of an earlier one must not undo a later one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from knock_sdk import APITimeoutError, AsyncKnock
from tests.support.server import SECONDS, Server, after, hang, respond, until

from .caller import KEY, USER

if TYPE_CHECKING:
    from tests.support.server import Received, Reply

    from .caller import Caller


def test_a_later_write_waits_for_the_retry_of_an_earlier_one(caller: Caller) -> None:
    """The first write fails and waits; the second, made meanwhile, must be sent after its retry."""
    with Server(after(0.2, respond(503, retry_after_ms="300")), respond(json=USER)) as server:
        client = caller.client(server.url)
        caller.together(
            [
                lambda: client.users.update("u1", name="old"),
                caller.when(lambda: len(server.requests) == 1, lambda: client.users.update("u1", name="new")),
            ]
        )
        assert [request.json["name"] for request in server.requests] == ["old", "old", "new"]


def test_clients_made_by_with_options_share_the_order(caller: Caller) -> None:
    with Server(after(0.2, respond(503, retry_after_ms="300")), respond(json=USER)) as server:
        client = caller.client(server.url)
        other = client.with_options(timeout=20)
        caller.together(
            [
                lambda: client.users.update("u1", name="old"),
                caller.when(lambda: len(server.requests) == 1, lambda: other.users.update("u1", name="new")),
            ]
        )
        assert [request.json["name"] for request in server.requests] == ["old", "old", "new"]


def test_writes_with_different_queries_share_the_order(caller: Caller) -> None:
    with Server(
        after(0.2, respond(503, retry_after_ms="300")), respond(json={"__typename": "Tenant", "id": "t1"})
    ) as server:
        client = caller.client(server.url)
        new = caller.when(
            lambda: len(server.requests) == 1,
            lambda: client.tenants.set("t1", name="new", resolve_full_preference_settings=True),
        )
        caller.together([lambda: client.tenants.set("t1", name="old"), new])
        assert [request.json["name"] for request in server.requests] == ["old", "old", "new"]


def test_other_records_and_reads_do_not_wait(caller: Caller) -> None:
    def slow_writes_to_u1(received: Received) -> Reply:
        slow = received.method == "PUT" and received.path == "/v1/users/u1"
        return until(lambda: len(server.requests) == 3, respond(json=USER)) if slow else respond(json=USER)

    with Server.by(slow_writes_to_u1) as server:
        client = caller.client(server.url, timeout=SECONDS)
        results = caller.together(
            [
                lambda: client.users.update("u1", name="slow"),
                caller.when(lambda: len(server.requests) >= 1, lambda: client.users.update("u2", name="quick")),
                caller.when(lambda: len(server.requests) >= 1, lambda: client.users.get("u1")),
            ]
        )
        assert [result.id for result in results] == ["u1"] * 3
        assert sorted(request.target for request in server.requests[1:]) == ["/v1/users/u1", "/v1/users/u2"]


def test_waiting_for_another_write_counts_towards_the_timeout(caller: Caller) -> None:
    ended: list[object] = []
    with Server(until(lambda: bool(ended), respond(json=USER)), hang) as server:
        client = caller.client(server.url, max_retries=0)
        quick = client.with_options(timeout=0.3)
        first, second = caller.together(
            [
                lambda: client.users.update("u1", name="old"),
                caller.when(lambda: len(server.requests) == 1, lambda: quick.users.update("u1", name="new"), ended),
            ]
        )
        assert first.id == "u1"
        assert type(second) is APITimeoutError
        assert (second.sent, second.attempts) == (False, 0)
        assert len(server.requests) == 1
        # The next write need not wait.
        with pytest.raises(APITimeoutError) as caught:
            caller(quick.users.update, "u1", name="newer")
        assert caught.value.attempts == 1


def test_a_cancelled_write_does_not_block_the_next_one() -> None:
    async def main(url: str) -> None:
        async with AsyncKnock(api_key=KEY, base_url=url) as client:
            first = asyncio.create_task(client.users.update("u1", name="first"))
            while not server.requests:  # noqa: ASYNC110 (the server is another thread)
                await asyncio.sleep(0.01)
            waiting = asyncio.create_task(client.users.update("u1", name="cancelled"))
            await asyncio.sleep(0.05)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            left.append(waiting)
            await first
            await client.users.update("u1", name="last")

    left: list[object] = []
    with Server(until(lambda: bool(left), respond(json=USER)), respond(json=USER)) as server:
        asyncio.run(main(server.url))
        assert [request.json["name"] for request in server.requests] == ["first", "last"]
