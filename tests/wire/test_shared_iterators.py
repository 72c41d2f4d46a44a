"""Iterators over lists that several threads or tasks share, or that a child of `fork` goes on with."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import AsyncKnock, Knock
from tests.support.server import SECONDS, Server, after, until

from .caller import KEY
from .replies import ids, listing
from .running import fork

if TYPE_CHECKING:
    from collections.abc import Callable

    from .caller import Caller

PAGES = 12
ITEMS = sorted(f"{page}.{index}" for page in range(1, PAGES + 1) for index in (0, 1))
OF_ITEMS = {
    "items": lambda page: page.__aiter__() if hasattr(page, "__aiter__") else iter(page),
    "prefetched": lambda page: page.prefetch(2),
}


def drain_of(caller: Caller, iterator: Any) -> Callable[[], Any]:
    """Return a function for `together` that takes what an iterator still gives."""

    async def take_async() -> list[Any]:
        return [item async for item in iterator]

    return (lambda: list(iterator)) if caller.kind == "sync" else take_async


@pytest.mark.parametrize("kind", OF_ITEMS)
def test_each_item_goes_to_one_consumer(caller: Caller, kind: str) -> None:
    with Server.by(lambda received: after(0.01, listing(PAGES)(received))) as server:
        iterator = OF_ITEMS[kind](caller(caller.client(server.url).users.list))
        results = caller.together([drain_of(caller, iterator)] * 5)
        assert all(isinstance(result, list) for result in results), results
        assert sorted(item.id for result in results for item in result) == ITEMS
        assert len(server.requests) == PAGES


@pytest.mark.parametrize("from_start", [True, False])
def test_each_page_goes_to_one_consumer(caller: Caller, from_start: bool) -> None:
    with Server.by(lambda received: after(0.01, listing(PAGES)(received))) as server:
        client = caller.client(server.url)
        if from_start and caller.kind != "sync":
            iterator = client.users.list().pages()
        else:
            iterator = caller(client.users.list).pages()
        results = caller.together([drain_of(caller, iterator)] * 5)
        assert all(isinstance(result, list) for result in results), results
        assert sorted(item.id for result in results for page in result for item in page.items) == ITEMS
        assert len(server.requests) == PAGES


def test_a_cancelled_consumer_leaves_its_page_to_the_others() -> None:
    async def main() -> None:
        async with AsyncKnock(api_key=KEY, base_url=server.url) as client:
            iterator = aiter(client.users.list())

            async def take() -> list[Any]:
                return [item async for item in iterator]

            first, second = asyncio.create_task(take()), asyncio.create_task(take())
            while not server.requests:  # noqa: ASYNC110 (there is no event for it)
                await asyncio.sleep(0.005)
            first.cancel()
            assert sorted(ids(await second)) == ITEMS

    with Server.by(lambda received: after(0.02, listing(PAGES)(received))) as server:
        asyncio.run(main())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # the server is a thread
class TestFork:
    """The child has only the thread that forked, and goes on by itself."""

    def test_a_child_goes_on_while_its_parent_fetches_ahead(self) -> None:
        released = threading.Event()
        pick = listing(PAGES)

        def slow(received: Any) -> Any:
            # The parent's second page is on its way when it forks.
            return until(released.is_set, pick(received)) if received.query.get("after") == "c2" else pick(received)

        with Server.by(slow) as server, Knock(api_key=KEY, base_url=server.url) as client:
            iterator = client.users.list().prefetch(2)
            assert next(iterator).id == "1.0"
            server.wait_for(lambda server: len(server.requests) == 2)
            child = fork(lambda: ["1.0", *ids(list(iterator))] == sorted(ITEMS, key=_position))
            server.wait_for(lambda server: len(server.requests) == 3)
            released.set()
            assert ["1.0", *ids(list(iterator))] == sorted(ITEMS, key=_position)
            assert os.waitpid(child, 0)[1] == 0

    def test_a_child_goes_on_at_any_moment(self) -> None:
        with Server.by(lambda received: after(0.001, listing(40)(received))) as server:
            expected = [f"{page}.{index}" for page in range(1, 41) for index in (0, 1)]
            for round_ in range(20):
                with Knock(api_key=KEY, base_url=server.url) as client:
                    iterator = client.users.list().prefetch(3)
                    taken = [next(iterator).id for _ in range(4 + round_)]
                    time.sleep(0.0003 * round_)
                    child = fork(lambda taken=taken, iterator=iterator: taken + ids(list(iterator)) == expected)
                    assert os.waitpid(child, 0)[1] == 0

    def test_a_child_of_a_thread_that_waits_for_a_page_goes_on(self) -> None:
        """Another thread takes the next page while this one forks."""
        released = threading.Event()
        pick = listing(3)

        def slow(received: Any) -> Any:
            return until(released.is_set, pick(received)) if received.query.get("after") == "c2" else pick(received)

        with Server.by(slow) as server, Knock(api_key=KEY, base_url=server.url) as client:
            iterator = iter(client.users.list())
            assert [next(iterator).id, next(iterator).id] == ["1.0", "1.1"]
            rest: list[Any] = []
            other = threading.Thread(target=lambda: rest.extend(iterator))
            other.start()
            server.wait_for(lambda server: len(server.requests) == 2)
            child = fork(lambda: ids(list(iterator)) == ["2.0", "2.1", "3.0", "3.1"])
            server.wait_for(lambda server: len(server.requests) == 3)
            released.set()
            other.join(SECONDS)
            assert ids(rest) == ["2.0", "2.1", "3.0", "3.1"]
            assert os.waitpid(child, 0)[1] == 0


def test_an_iterator_goes_on_in_another_event_loop() -> None:
    """The task that fetched ahead ended with its loop, or never ends in one that was not closed properly."""

    async def some(iterator: Any, count: int) -> list[str]:
        found = []
        while len(found) < count:
            try:
                found.append((await anext(iterator)).id)
            except StopAsyncIteration:
                break
        return found

    with Server.by(lambda received: after(0.02, listing(PAGES)(received))) as server:
        client = AsyncKnock(api_key=KEY, base_url=server.url)
        iterator = client.users.list().prefetch(3)
        taken = asyncio.run(some(iterator, 1))
        taken += asyncio.run(some(iterator, 999))
        assert taken == sorted(ITEMS, key=_position)
        asyncio.run(client.close())


def _position(name: str) -> tuple[int, ...]:
    return tuple(map(int, name.split(".")))
