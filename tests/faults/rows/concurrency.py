"""Rows on many concurrent calls, and on callers that leave."""

from __future__ import annotations

import asyncio
import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import anyio
import httpx

from tests.support.echo_server import EchoServer
from tests.support.server import Server, after, respond

from ..row import Outcome, Row

if TYPE_CHECKING:
    from tests.support.server import Exchange, Received, Reply
    from tests.support.subjects import Subject

CONNECTIONS = 10
CALLERS = 40
"""Concurrent callers, four for each connection."""


def gather(subject: Subject) -> Outcome:
    """Make thousands of triggers in one gather, at the rate that the API allows."""
    count = 5000 if subject.ours else 1000
    settings = {"rate_limit": "tiers"} if subject.ours else {}

    async def main(url: str) -> tuple[float, int]:
        async with subject.async_client(url, **settings) as client:
            started = time.monotonic()
            runs = await asyncio.gather(
                *(client.workflows.trigger(f"flow-{n}", recipients=["u1"]) for n in range(count)),
                return_exceptions=True,
            )
            seconds = time.monotonic() - started
        return seconds, sum(getattr(run, "workflow_run_id", None) != f"flow-{n}" for n, run in enumerate(runs))

    with EchoServer() as server:
        seconds, failures = asyncio.run(main(server.url))
        seen = server.counts()
    return Outcome(
        f"{count:,} in {seconds:.1f} s ({count / seconds:,.0f}/s), {seen.connections} connections, {failures} failures",
        held=count == 5000 and seen.connections <= 100 and seen.requests == count and not failures,
        quick=seconds <= 6.5,
    )


def threads(subject: Subject) -> Outcome:
    """Make 10,000 calls from many threads with one client."""
    count = 10_000
    with EchoServer() as server, subject.client(server.url) as client, ThreadPoolExecutor(32) as pool:

        def fails(n: int) -> bool:
            try:
                run = client.workflows.trigger(f"flow-{n}", recipients=["u1"])
            except subject.error:
                return True
            return bool(run.workflow_run_id != f"flow-{n}")

        started = time.monotonic()
        errors = sum(pool.map(fails, range(count)))
        rate = count / (time.monotonic() - started)
        seen = server.counts()
    return Outcome(
        f"{rate:,.0f}/s, {seen.connections} connections, {errors} errors",
        held=seen.connections <= 32 and seen.requests == count and not errors,
        quick=rate >= 800,
    )


class After(NamedTuple):
    """State of a client after a storm: the callers that left, the calls served, and the usable slots."""

    left: int
    served: int
    slots: int


def callers_that_leave(subject: Subject) -> Outcome:
    """Let callers wait for one of few connections and leave, because they are cancelled or time out."""
    ends: dict[str, After] = {}
    with Server.by(Meeting().pick) as server:
        ends["asyncio"] = asyncio.run(storm_of_tasks(subject, server.url, enough=3000))
    with Server.by(Meeting().pick) as server:
        ends["trio"] = anyio.run(storm_of_scopes, subject, server.url, 1000, backend="trio")
    with Server.by(Meeting().pick) as server:
        ends["threads"] = storm_of_threads(subject, server.url, enough=1000)
    parts = [f"{way}: {end.served}/20, {CONNECTIONS - end.slots} slots lost" for way, end in ends.items()]
    return Outcome(
        f"{sum(end.left for end in ends.values()):,} left; then {'; '.join(parts)}",
        held=all(end.served == 20 and end.slots == CONNECTIONS for end in ends.values()),
    )


class Meeting:
    """Replies to users after a delay, and to those of a meeting once all slots are used: never, if one was lost."""

    def __init__(self) -> None:
        self._present = 0
        self._full = asyncio.Event()

    def pick(self, received: Received) -> Reply:
        """Pick the reply to a request."""
        if "meeting" in received.path:
            return self._wait_for_all
        return after(0.003, respond(json={"id": "u1"}))

    async def _wait_for_all(self, exchange: Exchange) -> None:
        self._present += 1
        if self._present == CONNECTIONS:
            self._full.set()
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._full.wait(), 2)
        most = self._present
        await asyncio.sleep(0.05)  # until the others have counted too
        self._present -= 1
        await respond(json={"id": "u1", "present": most})(exchange)


def few_connections(subject: Subject, kind: type[httpx.Client | httpx.AsyncClient]) -> dict[str, Any]:
    """Return the settings of a client with few connections."""
    if subject.ours:
        return {"max_connections": CONNECTIONS, "max_retries": 0}
    return {"http_client": kind(limits=httpx.Limits(max_connections=CONNECTIONS)), "max_retries": 0}


async def storm_of_tasks(subject: Subject, url: str, enough: int) -> After:
    """Cancel tasks, half of them directly and half by `wait_for`."""
    chance = random.Random(18)
    loop = asyncio.get_running_loop()
    left = 0
    async with subject.async_client(url, **few_connections(subject, httpx.AsyncClient)) as client:
        while left < enough:
            tasks = [asyncio.create_task(client.users.get("u1")) for _ in range(CALLERS // 2)]
            for task in tasks:
                loop.call_later(chance.uniform(0, 0.02), task.cancel)
            timed = [asyncio.wait_for(client.users.get("u1"), chance.uniform(0, 0.02)) for _ in range(CALLERS // 2)]
            results = await asyncio.gather(*tasks, *timed, return_exceptions=True)
            left += sum(isinstance(each, (asyncio.CancelledError, asyncio.TimeoutError)) for each in results)
        return await after_storm(subject, client, left)


async def storm_of_scopes(subject: Subject, url: str, enough: int) -> After:
    """Cancel calls by cancel scopes, as in trio."""
    chance = random.Random(18)
    left = 0

    async def one(client: Any, seconds: float) -> None:
        nonlocal left
        with anyio.move_on_after(seconds) as scope:
            await client.users.get("u1")
        left += scope.cancelled_caught

    async with subject.async_client(url, **few_connections(subject, httpx.AsyncClient)) as client:
        while left < enough:
            async with anyio.create_task_group() as group:
                for _ in range(CALLERS):
                    group.start_soon(one, client, chance.uniform(0, 0.02))
        return await after_storm(subject, client, left)


async def after_storm(subject: Subject, client: Any, left: int) -> After:
    """Count the calls that a client can still make, and its usable slots."""
    results: list[Any] = []

    async def get(name: str, seconds: float) -> None:
        with suppress(subject.error):
            results.append(await client.users.get(name, timeout=seconds))

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(get, "u1", 2)
    served = len(results)
    results.clear()
    async with anyio.create_task_group() as group:
        for n in range(CONNECTIONS):
            group.start_soon(get, f"meeting-{n}", 4)
    return After(left, served, max((result.present for result in results), default=0))


def storm_of_threads(subject: Subject, url: str, enough: int) -> After:
    """Let calls of threads time out, since a thread cannot be cancelled."""
    chance = random.Random(18)
    with (
        subject.client(url, **few_connections(subject, httpx.Client)) as client,
        ThreadPoolExecutor(CALLERS) as pool,
    ):

        def get(job: tuple[str, float]) -> Any:
            try:
                return client.users.get(job[0], timeout=job[1])
            except subject.error:
                return None

        left = 0
        while left < enough:
            left += list(pool.map(get, [("u1", chance.uniform(0.001, 0.02)) for _ in range(CALLERS)])).count(None)
        served = list(pool.map(get, [("u1", 2.0)] * 20))
        present = list(pool.map(get, [(f"meeting-{n}", 4.0) for n in range(CONNECTIONS)]))
    return After(left, 20 - served.count(None), max((each.present for each in present if each), default=0))


ROWS: list[Row] = [
    Row(13, "5,000 triggers in one `gather`, at 1,000/s", "≤ 6.5 s, ≤ 100 connections, 0 failures", gather, alone=True),
    Row(14, "32 threads, 10,000 calls", "0 errors, ≥ 1,600/s, ≤ 32 connections", threads, alone=True),
    Row(18, "5,000 callers leave under contention, then 20 calls", "20/20; 0 slots lost", callers_that_leave),
]
