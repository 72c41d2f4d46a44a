"""Work in threads, which waits for other programs.

`_sync/_threads.py` is the counterpart for threads; both define the same names.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

from .._core.deadline import seconds_left

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._core.deadline import Deadline

T = TypeVar("T")

_threads: RunVar[anyio.CapacityLimiter] = RunVar("_knock_sdk_threads")
"""Limits the threads of `in_thread`, by event loop: those of the application are not taken up."""
_THREADS = 8


async def in_thread(work: Callable[[], T], unwanted: Callable[[T], object], deadline: Deadline) -> T | None:
    """Do work that waits for another program, in a thread: the event loop goes on meanwhile.

    Args:
        work: does it.
        unwanted: gets the result if the caller has left before: because it was cancelled, or at the deadline.
        deadline: the end of the wait.

    Returns:
        The result, or None at the deadline.
    """
    results: list[T] = []
    stages: list[str] = []

    def give_up() -> None:
        stages.append("left")
        with suppress(IndexError):  # there is none yet: the thread will see that the caller has left
            unwanted(results.pop())

    def run() -> None:
        stages.append("begun")
        results.append(work())
        if "left" in stages:
            give_up()

    limiter = _threads.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(_THREADS)
        _threads.set(limiter)
    try:
        with anyio.move_on_after(seconds_left(deadline)):
            await anyio.to_thread.run_sync(run, abandon_on_cancel=True, limiter=limiter)
            return results.pop()
    except RuntimeError:
        if stages:
            raise
        return work()  # no thread can be started
    except BaseException:
        give_up()
        raise
    give_up()
    return None
