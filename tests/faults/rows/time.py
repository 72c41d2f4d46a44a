"""Rows on time: a slow server must not delay a call beyond the caller's deadline."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import anyio

from tests.support.server import Server, drip, hang, message, respond

from ..row import Outcome, Row

if TYPE_CHECKING:
    from tests.support.subjects import Subject

WAYS = ("threads", "asyncio", "trio")


class End(NamedTuple):
    """Duration and exception of a call."""

    seconds: float
    error: Exception | None


def slow_loris(subject: Subject) -> Outcome:
    """Send a response byte by byte, five per second: each byte comes in time, the last one too late."""
    deadline = 2.0
    response = message(json={"id": "u1", "name": "Jessie Hammond"})
    head = response.index(b"\r\n\r\n") + 4
    with Server(drip(response, every=0.2)) as header, Server(drip(response, every=0.2, at_once=head)) as body:
        ends = get_in_all_ways(subject, [header, body], timeout=deadline)
    times = [end.seconds for end in ends]
    errors = sum(end.error is not None for end in ends)
    return Outcome(
        f"{errors} of {len(ends)} calls end in an error, after {min(times):.2f} to {max(times):.2f} s",
        held=errors == len(ends) and deadline - 0.1 <= min(times),
        quick=max(times) <= deadline + 0.6,
    )


def hang_or_retry_after(subject: Subject) -> Outcome:
    """Call a server that never responds, and two that request longer waits than the client accepts."""
    deadline = 1.0
    with (
        Server(hang) as silent,
        Server(respond(429, retry_after="5")) as beyond,
        Server(respond(429, retry_after="3600")) as long,
    ):
        hung = get_in_all_ways(subject, [silent], timeout=deadline)
        asked = get_in_all_ways(subject, [beyond], timeout=deadline) + get_in_all_ways(subject, [long])
        requests = len(beyond.requests) + len(long.requests)
    reported = [getattr(end.error, "retry_after", None) for end in asked]
    slowest, slowest_asked = max(end.seconds for end in hung), max(end.seconds for end in asked)
    right = reported == [5.0] * len(WAYS) + [3600.0] * len(WAYS)
    return Outcome(
        f"hang: {slowest:.2f} s of {deadline:.0f}; Retry-After of 5 s (deadline {deadline:.0f} s) and of 1 h: "
        f"{requests} requests of {len(asked)} calls, {slowest_asked:.2f} s at most, "
        f"retry_after {'told' if right else 'not told'}",
        held=all(end.error is not None for end in hung) and requests == len(asked) and right,
        quick=slowest <= deadline + 0.5 and slowest_asked <= 0.5,
    )


def get_in_all_ways(subject: Subject, servers: list[Server], **settings: float) -> list[End]:
    """Make one call in each way to each server, all at once."""
    jobs = [(server.url, way) for server in servers for way in WAYS]
    for way in WAYS[1:]:
        anyio.run(anyio.sleep, 0, backend=way)  # imports take time, and those of trio fail in several threads at once
    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(lambda job: get(subject, *job, settings), jobs))


def get(subject: Subject, url: str, way: str, settings: dict[str, float]) -> End:
    """Make one call and measure its time."""
    if way != "threads":
        return anyio.run(get_async, subject, url, settings, backend=way)
    with subject.client(url, **settings) as client:
        started = time.monotonic()
        try:
            client.users.get("u1")
        except subject.error as error:
            return End(time.monotonic() - started, error)
        return End(time.monotonic() - started, None)


async def get_async(subject: Subject, url: str, settings: dict[str, float]) -> End:
    """Make one call in an event loop and measure its time."""
    async with subject.async_client(url, **settings) as client:
        started = time.monotonic()
        try:
            await client.users.get("u1")
        except subject.error as error:
            return End(time.monotonic() - started, error)
        return End(time.monotonic() - started, None)


ROWS: list[Row] = [
    Row(15, "Slow-loris in header and body, deadline 2 s", "error in ≤ 2.1 s, sync and async", slow_loris),
    Row(
        16,
        "Hang, or Retry-After beyond the deadline",
        "total ≤ deadline + 0.1 s; long Retry-After raises at once",
        hang_or_retry_after,
    ),
]
