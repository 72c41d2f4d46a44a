"""Calls in large numbers, from threads or tasks, and one at a time through either kind of client."""

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
    """Make one call for each number; return the results and exceptions by number."""

    def make(number: int) -> Any:
        try:
            return call(number)
        except Exception as error:  # noqa: BLE001 (the row checks it)
            return error

    with ThreadPoolExecutor(threads) as pool:
        return dict(zip(numbers, pool.map(make, numbers), strict=True))


async def in_tasks(call: Callable[[int], Awaitable[Any]], numbers: Sequence[int], tasks: int = TASKS) -> dict[int, Any]:
    """Do the same with tasks of one event loop."""
    outcomes: dict[int, Any] = {}
    remaining = iter(numbers)

    async def work() -> None:
        for number in remaining:
            try:
                outcomes[number] = await call(number)
            except Exception as error:  # noqa: BLE001 (as above)
                outcomes[number] = error

    await asyncio.gather(*[work() for _ in range(tasks)])
    return outcomes


def errors(outcomes: dict[int, Any]) -> dict[int, Exception]:
    """Return the outcomes that are exceptions."""
    return {number: outcome for number, outcome in outcomes.items() if isinstance(outcome, Exception)}


@contextmanager
def sync_caller(subject: Subject, url: str) -> Iterator[tuple[Any, Callable[[Any], Any]]]:
    """Provide a client, and a function that turns the result of its methods into a value: here, the identity."""
    with subject.client(url) as client:
        yield client, lambda value: value


@contextmanager
def async_caller(subject: Subject, url: str) -> Iterator[tuple[Any, Callable[[Any], Any]]]:
    """Do the same with an asynchronous client; the function awaits the result in one event loop."""
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
