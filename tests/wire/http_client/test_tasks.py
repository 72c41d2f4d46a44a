"""`http_client=` with timeouts, cancelled calls and many tasks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from knock_sdk import (
    APITimeoutError,
    AsyncKnock,
)
from tests.support.server import SECONDS, Server, after, drip, hang, respond

from ..caller import KEY, USER
from ..running import HANG, cancel_as_requests_arrive, ends_after
from ..test_deadline import LONG

if TYPE_CHECKING:
    from ..caller import Caller


class TestTime:
    @pytest.mark.parametrize("name", ["hang", "slow body"])
    def test_a_call_ends_at_its_timeout(self, caller: Caller, name: str) -> None:
        reply = hang if name == "hang" else drip(LONG, at_once=LONG.index(b"\r\n\r\n") + 5)
        with Server(reply) as server:
            client = caller.client(server.url, http_client=caller.httpx(), timeout=1.0)
            with ends_after(1.0), pytest.raises(APITimeoutError) as caught:
                caller(client.users.get, "u1")
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

        with Server(drip(LONG)) as server, ends_after(0.3):
            anyio.run(main, backend=backend)


class TestTasks:
    @pytest.mark.parametrize("connections", [5, 100])
    @pytest.mark.parametrize("backend", ["asyncio", "trio"])
    def test_cancelled_tasks_leak_no_slots(self, backend: str, connections: int) -> None:
        """The pool of httpx keeps its places, whether it is smaller or larger than our own limit."""

        async def main() -> None:
            scopes = [anyio.CancelScope() for _ in range(500)]

            async def one(scope: anyio.CancelScope) -> None:
                with scope:
                    await client.users.get("u1")

            async with httpx.AsyncClient(limits=httpx.Limits(max_connections=connections)) as given:
                client = AsyncKnock(api_key=KEY, base_url=server.url, http_client=given, max_connections=10)
                async with anyio.create_task_group() as group:
                    for scope in scopes:
                        group.start_soon(one, scope)
                    group.start_soon(cancel_as_requests_arrive, server, [scope.cancel for scope in scopes])
                for _ in range(20):
                    assert (await client.users.get("u1", timeout=SECONDS)).id == "u1"

        with Server(after(0.003, respond(json=USER))) as server:
            anyio.run(main, backend=backend)

    def test_a_cancelled_call_ends_at_once(self) -> None:
        async def main() -> None:
            async with httpx.AsyncClient() as given:
                client = AsyncKnock(api_key=KEY, base_url=server.url, http_client=given)
                call = asyncio.ensure_future(client.users.get("u1"))
                while not server.requests:  # noqa: ASYNC110 (the server is another thread)
                    await asyncio.sleep(0.01)
                call.cancel()
                done, _ = await asyncio.wait([call], timeout=HANG)
                assert done == {call}
                assert call.cancelled()
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
            asyncio.run(main())
            assert len(server.requests) == 1000


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_what_is_no_exception_reaches_the_caller(backend: str) -> None:
    """Such as `pytest.fail` in a mock: the attempt runs in a task of its own."""

    class Ended(BaseException):
        pass

    def handler(_: httpx.Request) -> httpx.Response:
        raise Ended

    async def main() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as given:
            client = AsyncKnock(api_key=KEY, base_url="https://api.knock.example", http_client=given)
            with pytest.raises(Ended):
                await client.users.get("u1")

    anyio.run(main, backend=backend)
