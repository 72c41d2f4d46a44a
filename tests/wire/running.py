"""Functions that run code in an event loop or in a forked process."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Any

import trio

from tests.support.server import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable


def asyncio_run(main: Callable[[], Any]) -> Any:
    return asyncio.run(main())


def trio_run(main: Callable[[], Any]) -> Any:
    return trio.run(main)


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
