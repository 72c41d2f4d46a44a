"""Closing of clients, and many tasks: no connection is leaked, even when tasks are cancelled."""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import random
import zlib
from contextlib import suppress
from functools import partial
from typing import Any

import anyio
import pytest

from knock_sdk import APIConnectionError, AsyncKnock, Knock, OutcomeUnknownError
from tests.support.server import Server, after, hang, hang_up, message, raw, reset, respond

from ..caller import KEY, USER, Caller
from ..replies import echo, slow_or_echo
from ..running import asyncio_run, cancel_as_requests_arrive, trio_run

both_loops = pytest.mark.parametrize("backend", ["asyncio", "trio"])


def pool_of(client: AsyncKnock) -> Any:
    """Return the only pool of a client."""
    engine: Any = client._transport.engine
    (pool,) = engine._pools._values.values()
    return pool


def assert_at_rest(pool: Any, slots: int) -> None:
    """Check that every slot is free and every open connection idle."""
    assert pool.limiter.free == slots
    assert set(pool.connections()) == set(pool._idle)
    assert len(pool._idle) <= slots


class TestClosing:
    def test_close_closes_every_connection(self, caller: Caller) -> None:
        with Server(after(0.02, respond(json=USER))) as server:
            client = caller.client(server.url)
            caller.together([lambda: client.users.get("u1")] * 5)
            assert server.accepted > 1
            caller(client.close)
            server.wait_for(lambda server: server.open == 0)

    def test_a_context_manager_closes_its_client(self) -> None:
        with Server.by(echo) as server:
            with Knock(api_key=KEY, base_url=server.url) as client:
                assert client.users.get("a").id == "a"
            server.wait_for(lambda server: server.open == 0)

            async def main() -> None:
                async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                    assert (await client.users.get("b")).id == "b"

            for run in (asyncio_run, trio_run):
                run(main)
                server.wait_for(lambda server: server.open == 0)
            assert server.accepted == 3

    def test_a_closed_client_can_be_used_and_closed_again(self, caller: Caller) -> None:
        with Server.by(echo) as server:
            client = caller.client(server.url)
            for _ in range(2):
                assert caller(client.users.get, "u1").id == "u1"
                caller(client.close)
                caller(client.close)
                server.wait_for(lambda server: server.open == 0)
            assert server.accepted == 2

    def test_close_ends_calls_in_progress(self, caller: Caller) -> None:
        """The errors say whether the request may have been received; none is sent again."""
        with Server(hang) as server:
            client = caller.client(server.url, max_connections=2)
            *errors, closed = caller.together(
                [
                    lambda: client.users.get("u1"),
                    lambda: client.schedules.create(recipients=["u1"], workflow="flow"),
                    caller.when(lambda: len(server.requests) == 2, client.close),
                ]
            )
            assert closed is None
            assert [type(error) for error in errors] == [APIConnectionError, OutcomeUnknownError]
            assert all("the client was closed" in str(error) for error in errors)
            assert len(server.requests) == 2
            server.wait_for(lambda server: server.open == 0)

    def test_close_ends_a_queued_call(self, caller: Caller) -> None:
        with Server(hang) as server:
            client = caller.client(server.url, max_connections=1)
            get = partial(client.users.get, "u1")
            *errors, _ = caller.together([get, get, caller.when(lambda: bool(server.requests), client.close)])
            assert sorted(error.sent for error in errors) == [False, True]
            assert len(server.requests) == 1

    def test_close_during_decompression_leaves_no_connection_open(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The response has arrived completely, but its connection must not be pooled for a closed client."""
        closing: list[Any] = []

        def close_then_decompress(*args: Any, **named: Any) -> Any:
            if not closing:
                closing.append(client.close())
                if caller.kind != "sync":
                    # Runs until it first waits, if at all.
                    with suppress(StopIteration):
                        closing[0].send(None)
                    closing[0].close()
            return original(*args, **named)

        original = zlib.decompressobj
        packed = gzip.compress(json.dumps(USER).encode())
        with Server(respond(body=packed, content_encoding="gzip")) as server:
            client = caller.client(server.url)
            assert caller(client.users.get, "u1").id == "u1"
            monkeypatch.setattr(zlib, "decompressobj", close_then_decompress)
            result = caller.together([lambda: client.users.get("u1")])[0]
            assert closing
            assert isinstance(result, APIConnectionError) or result.id == "u1"
            gc.collect()
            server.wait_for(lambda server: server.open == 0)
            assert caller(client.users.get, "u1").id == "u1"
            assert server.accepted == 2

    def test_no_connection_stays_open_after_failures(self, caller: Caller) -> None:
        truncated = raw(message(json=USER)[:-5], then_close=True)
        stray = raw(message(json=USER) + message(json=USER))
        replies = [
            respond(json=USER),
            hang_up,
            reset,
            truncated,
            stray,
            hang,
            respond(503),
            respond(body=b"x" * 9000),
        ] * 4
        with Server(*replies) as server:
            client = caller.client(server.url, max_response_size=4096, attempt_timeout=0.1, max_retries=0)
            caller.together([lambda: client.users.get("u1")] * len(replies))
            caller(client.close)
            server.wait_for(lambda server: server.open == 0)
        gc.collect()


class TestTasks:
    def test_two_thousand_concurrent_calls_succeed(self) -> None:
        async def main() -> list[Any]:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                calls = [client.workflows.trigger("flow", recipients=[f"u{n}"]) for n in range(2000)]
                return await asyncio.gather(*calls)

        with Server(respond(json={"workflow_run_id": "r1"})) as server:
            done = asyncio_run(main)
            assert {run.workflow_run_id for run in done} == {"r1"}
            assert len({received.headers["idempotency-key"] for received in server.requests}) == 2000
            assert len(server.requests) == 2000
            assert server.accepted <= 100

    @both_loops
    def test_cancelled_tasks_leak_neither_slots_nor_connections(self, backend: str) -> None:
        """Tasks that are cancelled while they wait, connect, send or read cost neither places nor connections."""

        async def main() -> None:
            scopes = [anyio.CancelScope() for _ in range(1000)]

            async def one(scope: anyio.CancelScope) -> None:
                with scope:
                    await client.users.get("u1")

            async with AsyncKnock(api_key=KEY, base_url=server.url, max_connections=10) as client:
                async with anyio.create_task_group() as group:
                    for scope in scopes:
                        group.start_soon(one, scope)
                    group.start_soon(cancel_as_requests_arrive, server, [scope.cancel for scope in scopes])
                assert_at_rest(pool_of(client), 10)
                for n in range(20):
                    assert (await client.users.get(f"u{n}")).id == f"u{n}"
                assert_at_rest(pool_of(client), 10)
                server.wait_for(lambda server: server.open == len(pool_of(client)._idle))

        with Server.by(lambda received: after(0.003, echo(received))) as server:
            anyio.run(main, backend=backend)
            assert len(server.requests) > 40

    def test_tasks_cancelled_by_asyncio_leak_neither_slots_nor_connections(self) -> None:
        """`Task.cancel()` may come at any moment, also right after a wait has ended."""
        chance = random.Random(2)

        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url, max_connections=5) as client:
                loop = asyncio.get_running_loop()
                tasks = [loop.create_task(client.users.get("u1")) for _ in range(300)]
                for task in tasks:
                    loop.call_later(chance.uniform(0, 0.2), task.cancel)
                outcomes = await asyncio.gather(*tasks, return_exceptions=True)
                assert any(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
                assert_at_rest(pool_of(client), 5)
                assert (await client.users.get("u2")).id == "u2"

        with Server.by(lambda received: after(0.002, echo(received))) as server:
            asyncio_run(main)

    @both_loops
    def test_a_timeout_around_a_call_frees_its_slot(self, backend: str) -> None:
        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                with pytest.raises(TimeoutError):
                    with anyio.fail_after(0.1):
                        await client.users.get("slow")
                assert_at_rest(pool_of(client), 100)
                assert (await client.users.get("u1")).id == "u1"

        with Server.by(slow_or_echo) as server:
            anyio.run(main, backend=backend)

    def test_wait_for_around_a_call_frees_its_slot(self) -> None:
        async def main() -> None:
            async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(client.users.get("slow"), 0.1)
                assert_at_rest(pool_of(client), 100)
                assert (await client.users.get("u1")).id == "u1"

        with Server.by(slow_or_echo) as server:
            asyncio_run(main)
