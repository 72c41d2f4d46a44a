"""`http_client=` and writes to one record: a cancelled one is not sent after a newer one, and does not hold it up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from knock_sdk import APITimeoutError, AsyncKnock
from tests.support.server import Server, hang, respond

from ..caller import KEY, USER
from ..running import HANG

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.parametrize("backend", ["asyncio", "trio"])
HOST = "https://api.knock.example"


async def wait_for(condition: Callable[[], bool]) -> None:
    """Wait for something that happens in another thread or task."""
    with anyio.fail_after(HANG):
        while not condition():  # noqa: ASYNC110 (it may be another thread)
            await anyio.sleep(0.005)


async def cancelled(client: AsyncKnock, when: Callable[[], bool]) -> None:
    """Begin a write to a record, and cancel it when something has come true."""
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: client.users.update("u1", name="old"))
        await wait_for(when)
        group.cancel_scope.cancel()


def names(server: Server) -> list[str]:
    return [received.json["name"] for received in server.requests]


def test_what_was_not_sent_yet_is_never_sent(backend: str) -> None:
    """It was cancelled within a hook of the client; the newer write waits until it has come to nothing."""
    slow = 0

    async def hook(_: object) -> None:
        nonlocal slow
        slow += 1
        if slow == 1:
            await anyio.sleep(0.3)

    async def main() -> None:
        async with httpx.AsyncClient(event_hooks={"request": [hook]}) as given:
            client = AsyncKnock(api_key=KEY, base_url=server.url, http_client=given)
            await cancelled(client, lambda: slow == 1)
            assert (await client.users.update("u1", name="new")).id == "u1"
            await anyio.sleep(0.4)

    with Server(respond(json=USER)) as server:
        anyio.run(main, backend=backend)
        assert names(server) == ["new"]


def test_what_waits_for_the_pool_is_never_sent(backend: str) -> None:
    async def main() -> None:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1)) as given:
            client = AsyncKnock(api_key=KEY, base_url=server.url, http_client=given)
            held = await given.send(given.build_request("GET", server.url), stream=True)
            async with anyio.create_task_group() as group:
                group.start_soon(lambda: client.users.update("u1", name="old"))
                await anyio.sleep(0.1)
                group.cancel_scope.cancel()
            async with anyio.create_task_group() as group:
                group.start_soon(lambda: client.users.update("u1", name="new"))
                await anyio.sleep(0.1)
                await held.aclose()

    with Server(respond(json=USER)) as server:
        anyio.run(main, backend=backend)
        assert [json.loads(received.body or b"{}").get("name") for received in server.requests] == [None, "new"]


@pytest.mark.parametrize("own", [True, False], ids=["httpx", "given"])
def test_what_was_sent_ends_before_the_next_one_is(backend: str, *, own: bool) -> None:
    """Its connection is closed, as by the default engine, so that the next one need not wait for a response."""

    async def main() -> None:
        async with (
            httpx.AsyncClient() as given,
            AsyncKnock(api_key=KEY, base_url=server.url, http_client="httpx" if own else given) as client,
        ):
            await cancelled(client, lambda: len(server.requests) == 1)
            with anyio.fail_after(HANG):
                assert (await client.users.update("u1", name="new")).id == "u1"

    with Server(hang, respond(json=USER)) as server:
        anyio.run(main, backend=backend)
        assert names(server) == ["old", "new"]
        assert [received.connection for received in server.requests] == [1, 2]


def test_a_transport_that_tells_nothing_is_waited_for(backend: str) -> None:
    """It may have sent the request, or be about to."""
    seen: list[str] = []
    begun: list[object] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        begun.append(request)
        await anyio.sleep(0.3 if len(begun) == 1 else 0)
        seen.append(json.loads(request.content)["name"])
        return httpx.Response(200, json=USER)

    async def main() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as given:
            client = AsyncKnock(api_key=KEY, base_url=HOST, http_client=given)
            await cancelled(client, lambda: bool(begun))
            await client.users.update("u1", name="new")

    anyio.run(main, backend=backend)
    assert seen == ["old", "new"]


def test_a_newer_write_waits_no_longer_than_its_own_time(backend: str) -> None:
    begun: list[object] = []
    ended: list[object] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        begun.append(request)
        while not ended:  # noqa: ASYNC110 (it is a list that the test reads too)
            await anyio.sleep(0.01)
        return httpx.Response(200, json=USER)

    async def main() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as given:
            client = AsyncKnock(api_key=KEY, base_url=HOST, http_client=given)
            await cancelled(client, lambda: bool(begun))
            with pytest.raises(APITimeoutError, match="an earlier write to the same record") as caught:
                await client.users.update("u1", name="new", timeout=0.2)
            assert (caught.value.sent, len(begun)) == (False, 1)
            ended.append(None)
            assert (await client.users.update("u1", name="newest")).id == "u1"
            await wait_for(lambda: not client._transport.record_locks.get()._locks)

    anyio.run(main, backend=backend)
    assert len(begun) == 2
