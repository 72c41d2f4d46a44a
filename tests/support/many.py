"""Making calls: many, from threads or from tasks, or one after another from either kind of client."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from .subjects import Subject

THREADS = 16
TASKS = 50


def in_threads(call: Callable[[int], Any], numbers: Sequence[int], threads: int = THREADS) -> dict[int, Any]:
    """Make one call for each number; return by number what it returned or raised."""

    def make(number: int) -> Any:
        try:
            return call(number)
        except Exception as error:  # noqa: BLE001 (the row judges what was raised)
            return error

    with ThreadPoolExecutor(threads) as pool:
        return dict(zip(numbers, pool.map(make, numbers), strict=True))


async def in_tasks(call: Callable[[int], Awaitable[Any]], numbers: Sequence[int], tasks: int = TASKS) -> dict[int, Any]:
    """Do the same, with so many tasks of one event loop."""
    ends: dict[int, Any] = {}
    waiting = iter(numbers)

    async def work() -> None:
        for number in waiting:
            try:
                ends[number] = await call(number)
            except Exception as error:  # noqa: BLE001 (as above)
                ends[number] = error

    await asyncio.gather(*[work() for _ in range(tasks)])
    return ends


def errors(ends: dict[int, Any]) -> dict[int, Exception]:
    """Return the ends that are exceptions."""
    return {number: end for number, end in ends.items() if isinstance(end, Exception)}


@contextmanager
def sync_caller(subject: Subject, url: str) -> Iterator[tuple[Any, Callable[[Any], Any]]]:
    """Give a client, and what makes a value of that which its methods return: here it is one already."""
    with subject.client(url) as client:
        yield client, lambda value: value


@contextmanager
def async_caller(subject: Subject, url: str) -> Iterator[tuple[Any, Callable[[Any], Any]]]:
    """Do the same with an asynchronous client, whose methods' results are awaited in one event loop."""
    loop = asyncio.new_event_loop()

    async def wait_for(value: Awaitable[Any]) -> Any:
        return await value

    client = subject.async_client(url)
    try:
        yield client, lambda value: loop.run_until_complete(wait_for(value))
    finally:
        loop.run_until_complete(client.close())
        loop.close()


CALLERS = {"sync": sync_caller, "async": async_caller}
