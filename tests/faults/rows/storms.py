"""Rows on a server that fails all requests: the number and the timing of the retries, and the recovery."""

from __future__ import annotations

import asyncio
import random
import statistics
import threading
import time
from typing import TYPE_CHECKING, Any

from tests.support.many import errors, in_tasks, in_threads
from tests.support.server import Server, respond

from ..row import Outcome, Row

if TYPE_CHECKING:
    from tests.support.server import Exchange, Received, Reply
    from tests.support.subjects import Subject

CALLS = 1000
USER = {"__typename": "User", "id": "u1", "updated_at": "2026-01-01T00:00:00Z"}
SOON = "20"
"""Value of `Retry-After-Ms`, which both clients obey, so that three attempts of 1,000 calls take seconds."""


def _dead_in_threads(subject: Subject, url: str) -> dict[int, Any]:
    with subject.client(url) as client:
        return in_threads(lambda number: client.users.get(f"u{number}"), range(CALLS))


def _dead_in_tasks(subject: Subject, url: str) -> dict[int, Any]:
    async def run() -> dict[int, Any]:
        async with subject.async_client(url) as client:
            return await in_tasks(lambda number: client.users.get(f"u{number}"), range(CALLS))

    return asyncio.run(run())


def dead(subject: Subject) -> Outcome:
    """Make 1,000 calls, sync and async, to a server that only responds with 503, or only with 429."""
    shown, held = [], True
    for status, most in ((503, 1040), (429, 1100)):
        counts = []
        for make in (_dead_in_threads, _dead_in_tasks):
            with Server(respond(status, json={}, retry_after_ms=SOON)) as server:
                ends = make(subject, server.url)
                counts.append(len(server.requests))
            held = held and all(isinstance(end, subject.error) for end in ends.values()) and counts[-1] <= most
        shown.append(f"{status}: {counts[0]:,} requests sync, {counts[1]:,} async")
    return Outcome("; ".join(shown), held)


class _Recovering:
    """Fails all requests until it is well; after that one in fifty, drawn by its number."""

    def __init__(self) -> None:
        self.well = False

    def reply(self, received: Received) -> Reply:
        stumbles = random.Random(received.number).random() < 0.02
        return respond(503, json={}, retry_after_ms=SOON) if stumbles or not self.well else respond(json=USER)


def recovered(subject: Subject) -> Outcome:
    """1,000 failed calls, two seconds of ordinary traffic or more, then 1,000 calls that count."""
    numbers, few = range(CALLS), range(50)
    least = 20

    def with_threads(seen: list[int]) -> None:
        recovering = _Recovering()
        with Server.by(recovering.reply) as server, subject.client(server.url) as client:
            seen.append(len(errors(in_threads(lambda number: client.users.get(f"u{number}"), numbers))))
            recovering.well = True
            rounds, end = 0, time.monotonic() + 2
            while time.monotonic() < end or rounds < least:
                rounds += 1
                in_threads(lambda number: client.users.get(f"u{number}"), few)
            seen.append(CALLS - len(errors(in_threads(lambda number: client.users.get(f"u{number}"), numbers))))

    async def with_tasks(seen: list[int]) -> None:
        recovering = _Recovering()
        with Server.by(recovering.reply) as server:
            async with subject.async_client(server.url) as client:
                seen.append(len(errors(await in_tasks(lambda number: client.users.get(f"u{number}"), numbers))))
                recovering.well = True
                rounds, end = 0, time.monotonic() + 2
                while time.monotonic() < end or rounds < least:
                    rounds += 1
                    await in_tasks(lambda number: client.users.get(f"u{number}"), few)
                seen.append(CALLS - len(errors(await in_tasks(lambda number: client.users.get(f"u{number}"), numbers))))

    sync: list[int] = []
    tasks: list[int] = []
    thread = threading.Thread(target=with_threads, args=(sync,))
    thread.start()
    asyncio.run(with_tasks(tasks))
    thread.join()
    (failed, right), (failed_async, right_async) = sync, tasks
    return Outcome(
        f"success {right / CALLS:.1%} sync, {right_async / CALLS:.1%} async, with 2 % of the responses still 503",
        held=failed == failed_async == CALLS and min(right, right_async) >= 0.99 * CALLS,
    )


STORM = 200
ONE_CLIENT = 100
"""Requests in flight of one client, of either kind."""


class _Together:
    """Fails the first requests of `count` calls at the same moment; later requests get another reply."""

    def __init__(self, status: int, count: int, then: Reply) -> None:
        self.again: list[float] = []
        self._first: set[str] = set()
        self._status = status
        self._count = count
        self._then = then
        self._all_arrived = asyncio.Event()

    def reply(self, received: Received) -> Reply:
        if received.path in self._first:
            self.again.append(received.at)
            return self._then
        self._first.add(received.path)
        if len(self._first) == self._count:
            self._all_arrived.set()
        return self._fail

    async def _fail(self, exchange: Exchange) -> None:
        await self._all_arrived.wait()
        await respond(self._status, json={})(exchange)


def _storm(subject: Subject, status: int, clients: int, then: Reply) -> list[float]:
    """Fail 200 calls of several clients at the same time; return the times of their retries."""
    together = _Together(status, min(STORM, clients * ONE_CLIENT), then)

    async def run(url: str) -> None:
        only_ours: dict[str, Any] = {"max_connections": ONE_CLIENT} if subject.ours else {}
        made = [subject.async_client(url, **only_ours) for _ in range(clients)]
        await in_tasks(lambda number: made[number % clients].users.get(f"u{number}"), range(STORM), tasks=STORM)
        for client in made:
            await client.close()

    with Server.by(together.reply) as server:
        asyncio.run(run(server.url))
    return together.again


def _worst(times: list[float], window: float = 0.1) -> int:
    """Return the largest number of times within one window."""
    ordered = sorted(times)
    return max((sum(start <= at < start + window for at in ordered) for start in ordered), default=0)


def jitter(subject: Subject) -> Outcome:
    """Fail 200 calls at the same moment, and count their retries within 100 ms.

    With 429 the calls belong to ten clients, so that no budget prevents a retry: only the spread is checked, in the
    median of three storms. With 503, which persists, they belong to one client, 100 at a time. Its waits are short, at
    first 50 ms, so that the budget must limit the retries: their number is checked, as a share of the 200.
    """
    storms = [_storm(subject, 429, clients=10, then=respond(json=USER)) for _ in range(3)]
    whole = all(len(again) == STORM for again in storms)
    share = statistics.median(_worst(again) for again in storms) / STORM
    broken = len(_storm(subject, 503, clients=1, then=respond(503, json={})))
    return Outcome(
        f"429, 10 clients: {share:.0%} of {STORM} retries; 503, 1 client: {broken} requests after {STORM} failures",
        held=whole and broken <= 0.2 * STORM,
        quick=share <= 0.2,
    )


ROWS: list[Row] = [
    Row(7, "Server dead, 1,000 calls", "≤ 1,040 requests (503), ≤ 1,100 (429)", dead),
    Row(8, "Server recovers after 1,000 failed calls", "≥ 99 % success from 2 s after", recovered),
    Row(9, "200 simultaneous failures", "≤ 20 % are retried within any 100 ms", jitter),
]
