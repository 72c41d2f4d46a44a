"""Functions that run code in an event loop or in a forked process, or check how long it takes."""

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
    """Check that the block takes at least `seconds`, and less than `HANG`, however busy the machine is."""
    started = time.monotonic()
    yield
    elapsed = time.monotonic() - started
    assert seconds - 0.02 <= elapsed < HANG


async def cancel_as_requests_arrive(server: Server, cancels: list[Callable[[], object]], each: int = 20) -> None:
    """Cancel `each` more calls, in random order, for every request that arrives."""
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
