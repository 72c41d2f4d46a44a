"""Ways to run something: in an event loop, in a copy of the process, or with a look at the time that it takes."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import anyio
import trio

from tests.support.server import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.server import Server

HANG = 20.0
"""Seconds after which a call counts as hanging: less than what an attempt may take if nothing is said."""


def asyncio_run(main: Callable[[], Any]) -> Any:
    return asyncio.run(main())


def trio_run(main: Callable[[], Any]) -> Any:
    return trio.run(main)


@contextmanager
def ends_after(seconds: float) -> Iterator[None]:
    """Expect the block to take this long at least, and not to hang: a busy machine may add what it will."""
    started = time.monotonic()
    yield
    elapsed = time.monotonic() - started
    assert seconds - 0.02 <= elapsed < HANG


async def cancel_as_requests_arrive(server: Server, cancels: list[Callable[[], object]], each: int = 20) -> None:
    """Cancel some more for each request that has arrived, in no order: a slow machine makes as many requests."""
    random.Random(1).shuffle(cancels)
    cancelled = 0
    while cancelled < len(cancels):
        await anyio.sleep(0.001)
        due = each * len(server.requests)
        for cancel in cancels[cancelled:due]:
            cancel()
        cancelled = max(cancelled, due)


def fork(child: Callable[[], bool]) -> int:
    """Run `child` in a fork of this process, which exits with status 0 if it returns true."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            signal.alarm(int(SECONDS))
            status = 0 if child() else 2
        finally:
            os._exit(status)
    return pid
