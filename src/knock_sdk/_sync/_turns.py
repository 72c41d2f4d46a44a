# Derived from src/knock_sdk/_async/_turns.py by `python -m codegen`; do not edit.
"""Turns: requests wait in the line of their rate limit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from .._core.lifetime import closed
from .._core.outcome import no_turn
from .._core.rate_limits.limits import Later
from .._core.rate_limits.turn import Turn
from ._concurrency import in_thread, sleep

if TYPE_CHECKING:
    from .._core.deadline import Deadline
    from .._core.lifetime import Lifetime
    from .._core.rate_limits.clock import Clock
    from .._core.rate_limits.limits import RateLimit
    from .._core.rate_limits.line import Line
    from .._core.requests.encode import Outgoing


def take_turn(  # noqa: PLR0917 (each is of another type)
    limits: RateLimit, owner: str, clock: Clock, own: Any, outgoing: Outgoing, deadline: Deadline
) -> Turn | None:
    """Wait until a rate limit allows a request; raise `Failure` if it does not in time.

    Args:
        limits: the rate limit.
        owner: what stands for the key and the user.
        clock: the clock that the wait goes by.
        own: the same if it is one of the engine's own, which waits by itself; otherwise None.
        outgoing: the request.
        deadline: the end of the call.

    Returns:
        The turn, or None if no limit is known for the request.
    """
    found = limits.line_of(clock, owner, outgoing)
    if found is None:
        return None
    scope, line = found
    while True:
        reserve = partial(limits.reserve, scope, line, clock, deadline.left())
        apart = limits.blocking and own is None
        slot = in_thread(reserve, partial(_give_back, line), deadline) if apart else reserve()
        if not isinstance(slot, Later):
            break
        _wait(own, slot.wait, outgoing.lifetime, deadline)
    if slot is None:
        raise no_turn()
    used = False
    try:
        # Asked again after each wait, since a refusal may have stopped the line meanwhile.
        while (wait := line.use(slot, now := clock.monotonic())) > 0:
            _wait(own, wait, outgoing.lifetime, deadline)
        used = True
        return Turn(line, slot, clock, now, -wait)
    finally:
        if not used:
            line.give_back(slot)


def _wait(own: Any, seconds: float, lifetime: Lifetime, deadline: Deadline) -> None:
    if seconds > deadline.left():
        raise no_turn()
    if own is None:
        sleep(seconds, lifetime)
    else:
        own.sleep(seconds)
    if lifetime.over:
        raise closed()


def _give_back(line: Line, slot: float | Later | None) -> None:
    """Give back a slot whose request left while it was reserved."""
    if isinstance(slot, float):
        line.give_back(slot)
