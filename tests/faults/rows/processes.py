"""The row on one client in several event loops, and in several processes: 19."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Protocol

from typing_extensions import override

from tests.support.echo_server import EchoServer

from ..row import Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.subjects import Subject

CALLS = 200
PATIENCE = 15
"""Seconds after which a child gives up, because another process may have read its responses."""


class Calls(Protocol):
    """Makes calls in the name of a process; closes the client after the last ones."""

    def __call__(self, name: str, *, last: bool = False) -> list[str | None]: ...


def places(subject: Subject) -> Outcome:
    """Use a client in successive event loops, and another in a process that is then call_in_forks."""
    with EchoServer(delay=0.001) as server:
        noise, seconds, lost = three_loops(subject, server.url)
        sync_wrong, sync_failed = call_in_forks(sync_calls(subject, server.url))
        async_wrong, async_failed = call_in_forks(async_calls(subject, server.url))
    wrong, failed = sync_wrong + async_wrong, sync_failed + async_failed
    return Outcome(
        f"3 loops: {len(noise)} warnings, {lost} of 60 calls lost, {seconds:.1f} s; "
        f"fork: {sync_wrong} and {async_wrong} wrong replies of 2 × {3 * CALLS} (sync, async), {failed} failed",
        held=not (noise or lost or wrong or failed),
    )


def three_loops(subject: Subject, url: str) -> tuple[list[str], float, int]:
    """Return the warnings, the seconds, and the number of calls with no response or a wrong one."""
    noise = Noise()
    client = subject.async_client(url)
    ids: list[str] = []

    async def main(*, last: bool) -> None:
        results = await asyncio.gather(*(client.users.get(f"u{n}") for n in range(20)), return_exceptions=True)
        ids.extend(getattr(result, "id", "") for result in results)
        if last:
            await client.close()

    started = time.monotonic()
    with noise:
        for turn in range(3):
            asyncio.run(main(last=turn == 2))
            gc.collect()
    lost = sum(name != f"u{n % 20}" for n, name in enumerate(ids))
    return noise.messages, time.monotonic() - started, lost


class Noise(logging.Handler):
    """Collects log messages and exceptions in finalisers: warnings are errors here, but these cannot be caught."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def __enter__(self) -> None:
        sys.unraisablehook = lambda unraisable: self.messages.append(repr(unraisable.exc_value))
        logging.getLogger().addHandler(self)

    def __exit__(self, *_: object) -> None:
        sys.unraisablehook = sys.__unraisablehook__
        logging.getLogger().removeHandler(self)

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def sync_calls(subject: Subject, url: str) -> Calls:
    """Return a function that makes calls, with one client for all processes, and returns the ids received."""
    client = subject.client(url, timeout=2, max_retries=0)

    def calls(name: str, *, last: bool = False) -> list[str | None]:
        ids: list[str | None] = []
        for n in range(CALLS):
            try:
                ids.append(client.users.get(f"{name}-{n}").id)
            except subject.error:
                ids.append(None)
        if last:
            client.close()
        return ids

    return calls


def async_calls(subject: Subject, url: str) -> Calls:
    """Return a function that does the same in its own event loop."""
    client = subject.async_client(url, timeout=2, max_retries=0)

    async def main(name: str, *, last: bool) -> list[str | None]:
        ids: list[str | None] = []
        for n in range(CALLS):
            try:
                ids.append((await client.users.get(f"{name}-{n}")).id)
            except subject.error:
                ids.append(None)
        if last:
            await client.close()
        return ids

    return lambda name, last=False: asyncio.run(main(name, last=last))


def call_in_forks(calls: Calls) -> tuple[int, int]:
    """Make calls, fork twice, and make calls in all three processes; return the wrong replies and the failures."""
    calls("before")
    children = [start_child(lambda name=name: count_wrong(name, calls(name, last=True))) for name in ("one", "two")]
    counts = [count_wrong("parent", calls("parent", last=True)), *(finish_child(*child) for child in children)]
    return sum(wrong for wrong, _ in counts), sum(failed for _, failed in counts)


def count_wrong(name: str, ids: list[str | None]) -> tuple[int, int]:
    """Return the number of ids that are not the caller's, and of calls that failed."""
    failed = ids.count(None)
    return sum(each != f"{name}-{n}" for n, each in enumerate(ids)) - failed, failed


def start_child(work: Callable[[], tuple[int, int]]) -> tuple[int, int]:
    """Run `work` in a fork of this process; return its id, and the descriptor from which its result is read."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            signal.alarm(PATIENCE)
            os.write(writing, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    return child, reading


def finish_child(child: int, reading: int) -> tuple[int, int]:
    """Wait for a child and return its result; if it gave up, its calls have failed."""
    with os.fdopen(reading, "rb") as pipe:
        result = pipe.read()
    os.waitpid(child, 0)
    wrong, failed = json.loads(result) if result else (0, CALLS)
    return wrong, failed


ROWS: list[Row] = [
    Row(19, "3 event loops; fork after use, 3 × 200 calls", "0 warnings; 0 wrong replies", places),
]
