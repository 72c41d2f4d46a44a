"""Calls of a sync client that a signal's handler interrupts by an exception, at random moments."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

LONGEST = 500e-6
"""Seconds after which a call is interrupted at the latest: somewhat more than it takes."""


class Interrupted(BaseException):
    """What the handler raises."""


class Outcomes(NamedTuple):
    """What became of the calls.

    Attributes:
        completed: number of calls that returned first.
        interrupted: number of calls that were interrupted.
        failed: errors of calls that were not.
    """

    completed: int
    interrupted: int
    failed: list[Exception]


def interrupt(client: Any, times: int, chance: random.Random) -> Outcomes:
    """Trigger until so many calls have been interrupted; it must be called in the main thread."""
    completed = interrupted = 0
    failed: list[Exception] = []
    client.workflows.trigger("flow", recipients=["u1"])  # so that no import is interrupted
    with _handler() as armed:
        while interrupted < times:
            try:
                armed.append(True)
                signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-6, LONGEST))
                client.workflows.trigger("flow", recipients=["u1"])
                armed.clear()
                completed += 1
            except Interrupted:
                interrupted += 1
            except Exception as error:  # noqa: BLE001 (the caller judges it)
                failed.append(error)
            armed.clear()
    return Outcomes(completed, interrupted, failed)


@contextmanager
def _handler() -> Iterator[list[bool]]:
    """Raise Interrupted when the timer's signal comes, once each time that an element is in the list."""
    armed: list[bool] = []

    def raise_once(*_: object) -> None:
        if armed:
            armed.clear()
            raise Interrupted

    before = signal.signal(signal.SIGALRM, raise_once)
    try:
        yield armed
    finally:
        armed.clear()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
