"""Rows about places: one client over several event loops, and in several processes."""

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
"""Seconds after which a child gives up: one whose answers another process reads would wait for ever."""


class Calls(Protocol):
    """Makes so many calls in the name of a process; closes the client after its last ones."""

    def __call__(self, name: str, *, last: bool = False) -> list[str | None]: ...


def places(subject: Subject) -> Outcome:
    """Use a client in event loops one after another, and one that the process then copies itself with."""
    with EchoServer(delay=0.001) as server:
        noise, seconds, lost = three_loops(subject, server.url)
        sync_wrong, sync_failed = forked(sync_calls(subject, server.url))
        async_wrong, async_failed = forked(async_calls(subject, server.url))
    wrong, failed = sync_wrong + async_wrong, sync_failed + async_failed
    return Outcome(
        f"3 loops: {len(noise)} warnings, {lost} of 60 calls lost, {seconds:.1f} s; "
        f"fork: {sync_wrong} and {async_wrong} wrong replies of 2 × {3 * CALLS} (sync, async), {failed} failed",
        held=not (noise or lost or wrong or failed),
    )


def three_loops(subject: Subject, url: str) -> tuple[list[str], float, int]:
    """Return what was complained about, how long it took, and how many calls had no or a wrong answer."""
    noise = Noise()
    client = subject.async_client(url)
    got: list[str] = []

    async def main(*, last: bool) -> None:
        results = await asyncio.gather(*(client.users.get(f"u{n}") for n in range(20)), return_exceptions=True)
        got.extend(getattr(result, "id", "") for result in results)
        if last:
            await client.close()

    started = time.monotonic()
    with noise:
        for turn in range(3):
            asyncio.run(main(last=turn == 2))
            gc.collect()
    lost = sum(name != f"u{n % 20}" for n, name in enumerate(got))
    return noise.heard, time.monotonic() - started, lost


class Noise(logging.Handler):
    """Hears what is logged and what finalisers fail with: warnings are errors here, but nobody catches those."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def __enter__(self) -> None:
        sys.unraisablehook = lambda unraisable: self.heard.append(repr(unraisable.exc_value))
        logging.getLogger().addHandler(self)

    def __exit__(self, *_: object) -> None:
        sys.unraisablehook = sys.__unraisablehook__
        logging.getLogger().removeHandler(self)

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


def sync_calls(subject: Subject, url: str) -> Calls:
    """Return a function that calls in turn, with one client for all processes, and returns the ids that came."""
    client = subject.client(url, timeout=2, max_retries=0)

    def calls(name: str, *, last: bool = False) -> list[str | None]:
        got: list[str | None] = []
        for n in range(CALLS):
            try:
                got.append(client.users.get(f"{name}-{n}").id)
            except subject.error:
                got.append(None)
        if last:
            client.close()
        return got

    return calls


def async_calls(subject: Subject, url: str) -> Calls:
    """Return a function that does the same in an event loop of its own."""
    client = subject.async_client(url, timeout=2, max_retries=0)

    async def main(name: str, *, last: bool) -> list[str | None]:
        got: list[str | None] = []
        for n in range(CALLS):
            try:
                got.append((await client.users.get(f"{name}-{n}")).id)
            except subject.error:
                got.append(None)
        if last:
            await client.close()
        return got

    return lambda name, last=False: asyncio.run(main(name, last=last))


def forked(calls: Calls) -> tuple[int, int]:
    """Call, fork twice, call in all three processes at once; return how many replies were another's, and failures."""
    calls("before")
    children = [start_child(lambda name=name: judge(name, calls(name, last=True))) for name in ("one", "two")]
    counts = [judge("parent", calls("parent", last=True)), *(finish_child(*child) for child in children)]
    return sum(wrong for wrong, _ in counts), sum(failed for _, failed in counts)


def judge(name: str, got: list[str | None]) -> tuple[int, int]:
    """Count the ids that are not the caller's, and the calls that failed."""
    failed = got.count(None)
    return sum(each != f"{name}-{n}" for n, each in enumerate(got)) - failed, failed


def start_child(work: Callable[[], tuple[int, int]]) -> tuple[int, int]:
    """Run something in a copy of this process; return its id, and where it writes its result."""
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
    """Wait for a child; the calls of one that gave up have failed."""
    with os.fdopen(reading, "rb") as pipe:
        result = pipe.read()
    os.waitpid(child, 0)
    wrong, failed = json.loads(result) if result else (0, CALLS)
    return wrong, failed


ROWS: list[Row] = [
    Row(19, "3 event loops; fork after use, 3 × 200 calls", "0 warnings; 0 wrong replies", places),
]
