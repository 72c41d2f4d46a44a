"""`http_client=` with timeouts, cancelled calls and many tasks."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from knock_sdk import (
    APITimeoutError,
    AsyncKnock,
)
from tests.support.server import Server, after, drip, hang, message, respond

from .caller import KEY, USER

if TYPE_CHECKING:
    from .caller import Caller


class TestTime:
    @pytest.mark.parametrize("name", ["hang", "slow body"])
    def test_a_call_ends_at_its_timeout(self, caller: Caller, name: str) -> None:
        reply = hang if name == "hang" else drip(message(json=USER), at_once=60)
        with Server(reply) as server:
            client = caller.client(server.url, http_client=caller.httpx(), timeout=0.3)
            started = time.monotonic()
            with pytest.raises(APITimeoutError) as caught:
                caller(client.users.get, "u1")
            assert 0.28 <= time.monotonic() - started <= 1.3
            assert caught.value.sent
            server.wait_for(lambda server: server.open == 0)

    @pytest.mark.parametrize("backend", ["asyncio", "trio"])
    def test_an_async_call_ends_at_its_timeout_within_a_head(self, backend: str) -> None:
        """A task can be cancelled between two bytes of a head; a thread inside the given client cannot."""

        async def main() -> None:
            async with httpx.AsyncClient() as given:
                client = AsyncKnock(api_key=KEY, base_url=server.url, http_client=given, timeout=0.3)
                with pytest.raises(APITimeoutError):
                    await client.users.get("u1")

        with Server(drip(message(json=USER))) as server:
            started = time.monotonic()
            anyio.run(main, backend=backend)
            assert time.monotonic() - started <= 1.3


class TestTasks:
    @pytest.mark.parametrize("connections", [5, 100])
    @pytest.mark.parametrize("backend", ["asyncio", "trio"])
    def test_cancelled_tasks_leak_no_slots(self, backend: str, connections: int) -> None:
        """httpx's pool keeps its slots, whether it is smaller or larger than our own limit."""
        chance = random.Random(3)

        async def main() -> None:
            async def one(seconds: float) -> None:
                with anyio.move_on_after(seconds):
                    await client.users.get("u1")

            async with httpx.AsyncClient(limits=httpx.Limits(max_connections=connections)) as given:
                client = AsyncKnock(api_key=KEY, base_url=server.url, http_client=given, max_connections=10)
                async with anyio.create_task_group() as group:
                    for _ in range(500):
                        group.start_soon(one, chance.uniform(0, 0.4))
                for _ in range(20):
                    assert (await client.users.get("u1", timeout=5)).id == "u1"

        with Server(after(0.003, respond(json=USER))) as server:
            anyio.run(main, backend=backend)

    def test_a_cancelled_call_ends_at_once(self) -> None:
        async def main() -> None:
            async with httpx.AsyncClient() as given:
                client = AsyncKnock(api_key=KEY, base_url=server.url, http_client=given, attempt_timeout=1)
                started = time.monotonic()
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(client.users.get("u1"), 0.1)
                assert time.monotonic() - started < 0.8
                assert (await client.users.get("u1")).id == "u1"

        with Server(hang, respond(json=USER)) as server:
            asyncio.run(main())

    def test_a_thousand_concurrent_calls_succeed(self) -> None:
        async def main() -> None:
            async with httpx.AsyncClient() as given:
                client = AsyncKnock(api_key=KEY, base_url=server.url, http_client=given)
                calls = [client.workflows.trigger("flow", recipients=["u1"]) for _ in range(1000)]
                assert len(await asyncio.gather(*calls)) == 1000

        with Server(respond(json={"workflow_run_id": "r1"})) as server:
            started = time.monotonic()
            asyncio.run(main())
            assert time.monotonic() - started < 20
            assert len(server.requests) == 1000
