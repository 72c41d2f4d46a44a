"""Iterating a list while its items are processed."""

from __future__ import annotations

import asyncio
import time
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tests.support.subjects import SUBJECTS

from ..bodies import PAGE_SIZE
from ..measure import event_loop, interleave
from ..row import OURS, Goal, Row
from ..server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable

    from ..row import Effort, Samples

DELAY = WORK = 0.02
"""Seconds that the server takes for a page, and that processing its items takes."""
AHEAD, WITHOUT = "prefetch(1)", "without"


def prefetch_sync(effort: Effort) -> Samples:
    """Iterate 10,000 users, 50 on a page: `page.prefetch(1)` and `page`, with `time.sleep` as work."""
    total = _total(effort)
    with Server() as server, SUBJECTS[OURS]().client(server.with_list(total, DELAY)) as client:

        def process(users: Iterable[Any]) -> None:
            count = 0
            for _ in users:
                count += 1
                if count % PAGE_SIZE == 0:
                    time.sleep(WORK)
            assert count == total

        def ahead() -> float:
            started = perf_counter()
            process(client.users.list(page_size=PAGE_SIZE).prefetch(1))
            return perf_counter() - started

        def without() -> float:
            started = perf_counter()
            process(client.users.list(page_size=PAGE_SIZE))
            return perf_counter() - started

        client.users.list(page_size=PAGE_SIZE).take(PAGE_SIZE + 1)
        return interleave(effort, {AHEAD: ahead, WITHOUT: without}, effort.of(3, 2), warm_up=0)


def prefetch_async(effort: Effort) -> Samples:
    """Do the same with `async for`, and `asyncio.sleep` as work."""
    total = _total(effort)
    with Server() as server, event_loop() as loop:
        client = SUBJECTS[OURS]().async_client(server.with_list(total, DELAY))

        async def process(users: AsyncIterable[Any]) -> None:
            count = 0
            async for _ in users:
                count += 1
                if count % PAGE_SIZE == 0:
                    await asyncio.sleep(WORK)
            assert count == total

        async def ahead() -> float:
            started = perf_counter()
            await process((await client.users.list(page_size=PAGE_SIZE)).prefetch(1))
            return perf_counter() - started

        async def without() -> float:
            started = perf_counter()
            await process(client.users.list(page_size=PAGE_SIZE))
            return perf_counter() - started

        async def first() -> None:
            await loop.stack.enter_async_context(client)
            await (await client.users.list(page_size=PAGE_SIZE)).take(PAGE_SIZE + 1)

        loop.run(first())
        samplers = {AHEAD: lambda: loop.run(ahead()), WITHOUT: lambda: loop.run(without())}
        return interleave(effort, samplers, effort.of(3, 2), warm_up=0)


def _total(effort: Effort) -> int:
    return effort.of(10_000, 1_000)


ROWS = tuple(
    Row(
        f"prefetch-{half}",
        f"prefetching a list with 20 ms of work per page, {half}",
        measure,
        (Goal(AHEAD, WITHOUT, 0.55),),
        base=WITHOUT,
    )
    for half, measure in (("sync", prefetch_sync), ("async", prefetch_async))
)
