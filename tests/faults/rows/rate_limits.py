"""Rows on rate limits that the client keeps by itself: 10 to 12."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from tests.support.environment import plain_environment
from tests.support.limited_server import LimitedServer
from tests.support.many import errors, in_tasks, in_threads
from tests.support.paths import ROOT
from tests.support.redis_server import PROGRAM, RedisServer

from ..row import Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.limited_server import Counts
    from tests.support.subjects import Subject

LIMIT = 60
PROCESSES = 4
EACH = 75
MOST = 63
"""Requests that may arrive within a second: 60, and what the way there may take."""
UNLIMITED = 10**9


def _update(client: Any) -> Callable[[int], Any]:
    return lambda number: client.users.update(f"u{number}", name="x")


def _identify(client: Any) -> Callable[[int], Any]:
    return lambda number: client.users.bulk.identify(users=[{"id": f"u{number}"}])


def _in_threads(subject: Subject, url: str, make: Callable[[Any], Callable[[int], Any]], count: int) -> int:
    with subject.client(url, **_settings(subject)) as client:
        return len(errors(in_threads(make(client), range(count))))


def _in_tasks(subject: Subject, url: str, make: Callable[[Any], Callable[[int], Any]], count: int) -> int:
    async def main() -> dict[int, Any]:
        async with subject.async_client(url, **_settings(subject)) as client:
            return await in_tasks(make(client), range(count), count)

    return len(errors(asyncio.run(main())))


def _settings(subject: Subject) -> dict[str, Any]:
    return {"rate_limit": "tiers"} if subject.ours else {}


def limits(subject: Subject) -> Outcome:
    """Send updates and bulk requests at their limits, by threads and by tasks."""
    shown, held, quick = [], True, True
    for name, run in (("threads", _in_threads), ("tasks", _in_tasks)):
        for what, make, count, limit, most in (
            ("updates", _update, 180, LIMIT, 3.3),
            ("bulk", _identify, 5, 1, 4.5),
        ):
            with LimitedServer(limit) as server:
                failed = run(subject, server.url, make, count)
                seen = server.counts()
            shown.append(f"{count} {what} by {name}: {seen.refused} 429s, {failed} failed, {seen.seconds:.2f} s")
            held = held and not failed and (not seen.refused or seen.was_busy)
            quick = quick and seen.seconds <= most and not seen.refused
    return Outcome("; ".join(shown), held, quick)


class _Hammers:
    """Processes that send updates together."""

    def __init__(self, url: str, redis: str, stack: ExitStack) -> None:
        command = [sys.executable, "-m", "tests.rate_limits.hammer", url, redis, str(EACH), str(1 / PROCESSES)]
        self._programs = [
            stack.enter_context(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=plain_environment(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(PROCESSES)
        ]
        for program in self._programs:
            assert program.stdout is not None
            program.stdout.readline()

    def start(self) -> None:
        for program in self._programs:
            assert program.stdin is not None
            program.stdin.write("\n")
            program.stdin.flush()

    def end(self) -> tuple[int, list[int]]:
        """Return the number of failed calls, and of warnings by process."""
        ends = [program.communicate()[0].split() for program in self._programs]
        return sum(int(failed) for failed, _ in ends), [int(warnings) for _, warnings in ends]


def processes(subject: Subject) -> Outcome:
    """Share a limit between processes, by Redis."""
    if not subject.ours:
        return Outcome("keeps no limit", held=False)
    if PROGRAM is None:
        return Outcome("redis-server is not installed", held=False)
    with RedisServer() as redis, LimitedServer(UNLIMITED) as server, ExitStack() as stack:
        hammers = _Hammers(server.url, redis.url, stack)
        hammers.start()
        failed, _ = hammers.end()
        seen = server.counts()
        calls = redis.calls("evalsha") / (PROCESSES * EACH)
    share = (PROCESSES * EACH - 1) / seen.seconds / LIMIT
    return Outcome(
        f"at most {seen.most_in(1.0)} in 1 s, {share:.1%} of the limit, {calls:.3f} calls of Redis for each grant,"
        f" {failed} failed, the server late by {seen.lag:.3f} s at most",
        # On a busy machine, slots that came too long ago are exchanged.
        held=not failed
        and len(seen.accepted) == PROCESSES * EACH
        and _is_kept(seen)
        and (calls <= 1.02 or seen.was_busy),
        quick=share >= 0.97 and seen.most_in(1.0) <= MOST and calls <= 1.02,
    )


def outage(subject: Subject) -> Outcome:
    """Kill Redis while processes share a limit, and start it again."""
    if not subject.ours:
        return Outcome("keeps no limit", held=False)
    if PROGRAM is None:
        return Outcome("redis-server is not installed", held=False)
    with RedisServer() as redis, LimitedServer(UNLIMITED) as server, ExitStack() as stack:
        hammers = _Hammers(server.url, redis.url, stack)
        hammers.start()
        time.sleep(1.5)
        redis.kill()
        time.sleep(1.5)
        redis.start()
        failed, warnings = hammers.end()
        seen = server.counts()
        again = redis.calls("evalsha")
    return Outcome(
        f"{failed} exceptions, at most {seen.most_in(1.0)} in 1 s, {'/'.join(map(str, warnings))} warnings by process,"
        f" {again} calls of Redis after its return, {PROCESSES * EACH} requests in {seen.seconds:.1f} s,"
        f" the server late by {seen.lag:.3f} s at most",
        held=not failed
        and len(seen.accepted) == PROCESSES * EACH
        and warnings == [1] * PROCESSES
        and again > 0
        and _is_kept(seen),
        quick=seen.most_in(1.0) <= MOST,
    )


def _is_kept(seen: Counts) -> bool:
    """Return whether the limit was kept; on a busy machine, requests may be read together that arrived one by one."""
    return seen.most_in(1.0) <= MOST or seen.was_busy


ROWS: list[Row] = [
    Row(10, "180 updates at 60/s; 5 bulk requests at 1/s", "0 429s, 0 failures; ≤ 3.3 s; ≤ 4.5 s", limits, alone=True),
    Row(
        11,
        "4 processes share 60/s by Redis",
        "≤ 63 in any second; ≥ 97 % of the limit; ≤ 1.02 calls of Redis for each grant",
        processes,
        alone=True,
    ),
    Row(12, "Redis killed midway", "0 exceptions; ≤ 63 in any second; 1 warning by process", outage, alone=True),
]
