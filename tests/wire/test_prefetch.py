"""`prefetch`: following pages are fetched in the background while items are consumed."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from typing import TYPE_CHECKING

import anyio
import pytest

from knock_sdk import (
    APIConnectionError,
    AsyncKnock,
    InternalServerError,
    InvalidArgumentError,
    Knock,
)
from tests.support.server import SECONDS, Server, after, respond

from .caller import KEY
from .replies import ALL, ids, listing, page

if TYPE_CHECKING:
    from .caller import Caller


@pytest.mark.parametrize("ahead", [1, 2, 9])
def test_prefetch_yields_the_same_items(caller: Caller, ahead: int) -> None:
    with Server.by(listing(3)) as server:
        first = caller(caller.client(server.url).users.list)
        assert ids(caller.iterate(lambda: first.prefetch(ahead))) == ALL
        assert len(server.requests) == 3


@pytest.mark.parametrize("ahead", [1, 3])
def test_pages_are_fetched_before_they_are_needed(caller: Caller, ahead: int) -> None:
    with Server.by(listing(99)) as server:
        items = caller(caller.client(server.url).users.list).prefetch(ahead)
        step = items.__next__ if caller.kind == "sync" else items.__anext__
        for consumed in (1, 2):
            assert caller(step).id == f"{consumed}.0"
            server.wait_for(lambda server, expected=consumed + ahead: len(server.requests) == expected)
            time.sleep(0.05)
            assert len(server.requests) == consumed + ahead  # and no further
            assert caller(step).id == f"{consumed}.1"


def test_an_error_is_raised_where_its_page_is_needed(caller: Caller, waits: list[float]) -> None:
    with Server(page(1, 9), page(2, 9), *[respond(503)] * 3, page(3, 3)) as server:
        items = caller(caller.client(server.url).users.list).prefetch(5)
        step = items.__next__ if caller.kind == "sync" else items.__anext__
        assert [caller(step).id for _ in range(4)] == ALL[:4]
        with pytest.raises(InternalServerError):
            caller(step)
        assert [caller(step).id for _ in range(2)] == ALL[4:]
        with pytest.raises(StopIteration if caller.kind == "sync" else StopAsyncIteration):
            caller(step)
    assert len(waits) == 2


def test_zero_pages_are_rejected(caller: Caller) -> None:
    with Server.by(listing(3)) as server:
        first = caller(caller.client(server.url).users.list)
        with pytest.raises(InvalidArgumentError, match="pages"):
            first.prefetch(0)


def test_without_a_thread_pages_are_fetched_by_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with Server.by(listing(3)) as server, Knock(api_key=KEY, base_url=server.url) as client:
        first = client.users.list().take(1)
        assert len(list(first)) == 1
        monkeypatch.setattr("knock_sdk._sync._concurrency.threading.Thread.start", start)
        assert ids(client.users.list().prefetch(2)) == ALL


def test_leaving_the_loop_leaves_no_thread() -> None:
    with Server.by(listing(99)) as server, Knock(api_key=KEY, base_url=server.url) as client:
        before = threading.active_count()
        for user in client.users.list().prefetch(3):
            assert user.id == "1.0"
            break
        limit = time.monotonic() + SECONDS
        while threading.active_count() > before and time.monotonic() < limit:
            time.sleep(0.01)
        assert threading.active_count() == before
        assert len(server.requests) == 4


def test_leaving_the_loop_leaves_no_task() -> None:
    async def main() -> None:
        async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
            async for user in client.users.list().prefetch(3):
                assert user.id == "1.0"
                break
            gc.collect()
            limit = time.monotonic() + SECONDS
            while len(asyncio.all_tasks()) > 1 and time.monotonic() < limit:  # noqa: ASYNC110 (there is no event for it)
                await asyncio.sleep(0.01)
            assert len(asyncio.all_tasks()) == 1
            assert len(server.requests) == 4

    with Server.by(listing(99)) as server:
        asyncio.run(main())


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_client_and_the_event_loop_can_end_during_a_prefetch(backend: str) -> None:
    """Requests in progress at that time cause no warning."""

    async def main() -> None:
        async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
            async for _ in client.users.list().prefetch(3):
                break

    with Server.by(lambda received: after(0.05, listing(99)(received))) as server:
        anyio.run(main, backend=backend)
        server.wait_for(lambda server: server.open == 0)
    gc.collect()


def test_nothing_is_fetched_ahead_for_a_closed_client(caller: Caller) -> None:
    """The page that was on its way is missing; whoever goes on iterating uses the client again."""
    with Server.by(lambda received: after(0.05, listing(6)(received))) as server:
        client = caller.client(server.url)
        items = caller(client.users.list).prefetch(9)
        step = items.__next__ if caller.kind == "sync" else items.__anext__
        assert caller(step).id == "1.0"
        server.wait_for(lambda server: len(server.requests) == 3)
        caller(client.close)
        taken = len(server.requests)
        time.sleep(0.3)
        assert len(server.requests) == taken < 6
        assert [caller(step).id for _ in range(3)] == ["1.1", "2.0", "2.1"]
        with pytest.raises(APIConnectionError, match="the client was closed meanwhile"):
            caller(step)
        assert [caller(step).id for _ in range(8)] == [f"{page}.{index}" for page in (3, 4, 5, 6) for index in (0, 1)]
