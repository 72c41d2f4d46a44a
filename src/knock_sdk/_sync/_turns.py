# Derived from src/knock_sdk/_async/_turns.py by `python -m codegen`; do not edit.
"""Turns: requests wait in the line of their rate limit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from .._core.lifetime import closed
from .._core.outcome import no_turn
from .._core.rate_limits.limits import Later
from .._core.rate_limits.turn import Turn
from ._concurrency import sleep
from ._threads import in_thread

if TYPE_CHECKING:
    from .._core.deadline import Deadline
    from .._core.lifetime import Lifetime
    from .._core.rate_limits.clock import Clock
    from .._core.rate_limits.limits import RateLimit
    from .._core.rate_limits.line import Line


class Waiting(NamedTuple):
    """A request that waits in a line.

    Attributes:
        limits: the rate limit.
        scope: what is counted together.
        line: the line.
        clock: the clock that the wait goes by.
        own: the same if it is one of the engine's own, which waits by itself; otherwise None.
        lifetime: the lifetime of the client, with which the wait ends.
        deadline: the end of the call.
    """

    limits: RateLimit
    scope: str
    line: Line
    clock: Clock
    own: Any
    lifetime: Lifetime
    deadline: Deadline

    def take_turn(self) -> Turn:
        """Wait until the limit allows the request; raise `Failure` if it does not in time."""
        line = self.line
        slot = self._reserve()
        used = again = False
        try:
            # Asked again after each wait, since a refusal may have stopped the line meanwhile.
            while True:
                now = self.clock.monotonic()
                if not again and line.is_stale(slot, now):  # the program was busy: others may have the slots of now
                    again = True
                    slot = self._reserve()
                elif (wait := line.use(slot, now)) > 0:
                    self._wait(wait)
                else:
                    used = True
                    return Turn(line, slot, self.clock, now, -wait)
        finally:
            if not used:
                line.give_back(slot)

    def _reserve(self) -> float:
        while True:
            reserve = partial(self.limits.reserve, self.scope, self.line, self.clock, self.deadline.left())
            apart = self.limits.blocking and self.own is None
            slot = in_thread(reserve, self._give_back, self.deadline) if apart else reserve()
            if slot is None:
                raise no_turn()
            if not isinstance(slot, Later):
                return slot
            self._wait(slot.wait)

    def _give_back(self, slot: float | Later | None) -> None:
        """Give back a slot whose request left while it was reserved."""
        if isinstance(slot, float):
            self.line.give_back(slot)

    def _wait(self, seconds: float) -> None:
        if seconds > self.deadline.left():
            raise no_turn()
        if self.own is None:
            sleep(seconds, self.lifetime)
        else:
            self.own.sleep(seconds)
        if self.lifetime.over:
            raise closed()
