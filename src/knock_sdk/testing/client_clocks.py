"""The simulated clock, as clients read it, and wait for its moments.

A wait before a retry advances the clock by whole seconds: `Retry-After` is respected, while the short random waits
after other faults do not move it, so that tests see the same times in every run. Waiting for a rate limit advances it
by just as long as that takes. Tasks that wait at the same time go on in the order of their moments, whatever the order
in which the event loop runs them.
"""

from __future__ import annotations

from datetime import timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from math import ceil
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from anyio import Event
from anyio.lowlevel import RunVar, checkpoint

if TYPE_CHECKING:
    from datetime import datetime

    from .._core.rate_limits.line import Line
    from .environment import Environment

_lines: WeakKeyDictionary[Environment, dict[str, Line]] = WeakKeyDictionary()
"""The lines of requests that wait for a simulator's time, by simulator; all of its clients share them."""


class _Clock:
    """The simulated clock, as clients read it."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.lines: dict[str, Line] = _lines.setdefault(environment, {})

    def monotonic(self) -> float:
        """Return the simulated time, in seconds."""
        return self._environment.now.timestamp()

    time = monotonic

    def _after(self, seconds: float) -> datetime:
        return self._environment.now + timedelta(microseconds=ceil(seconds * 1_000_000))


class SimulatorClock(_Clock):
    """The simulated clock of `Knock` clients."""

    def pause(self, seconds: float) -> None:
        """Wait between two attempts, by whole seconds."""
        self.sleep(int(seconds))

    def sleep(self, seconds: float) -> None:
        """Wait for a moment."""
        self._environment.advance_to(self._after(seconds))


class AsyncSimulatorClock(_Clock):
    """The simulated clock of `AsyncKnock` clients."""

    async def pause(self, seconds: float) -> None:
        """Wait between two attempts, by whole seconds; tasks that begin at the same time wait together."""
        moment = self._after(int(seconds))
        if self.lines:
            await _queue_of(self._environment).wait(moment)
        else:
            await checkpoint()
        self._environment.advance_to(moment)

    async def sleep(self, seconds: float) -> None:
        """Wait for a moment; the request that the task then sends arrives at this moment."""
        moment = self._after(seconds)
        queue = _queue_of(self._environment)
        queue.arriving = False
        await queue.wait(moment)
        self._environment.advance_to(moment)
        queue.arriving = True

    async def arrive(self) -> None:
        """Let other tasks run before a request, unless its task has just waited for this moment."""
        if not self.lines:
            await checkpoint()
            return
        queue = _queue_of(self._environment)
        arriving, queue.arriving = queue.arriving, False
        if not arriving:
            await queue.wait(self._environment.now)


class _Place:
    """The place of a task in a queue."""

    def __init__(self, moment: datetime, number: int) -> None:
        self.key = (moment, number)  # of two with the same moment, the one that came first goes first
        self.woken = Event()

    def __lt__(self, other: _Place) -> bool:
        return self.key < other.key


class _Queue:
    """The tasks of one event loop that wait for moments of a simulator.

    Attributes:
        arriving: whether the task that runs has just waited for this moment.
    """

    def __init__(self) -> None:
        self.arriving = False
        self._places: list[_Place] = []
        self._numbers = count()

    async def wait(self, moment: datetime) -> None:
        """Wait until no task waits for an earlier moment."""
        place = _Place(moment, next(self._numbers))
        heappush(self._places, place)
        try:
            await checkpoint()  # those that begin at the same time come before it, or behind it
            while self._places[0] is not place:
                await place.woken.wait()
                place.woken = Event()
            heappop(self._places)
        except BaseException:
            self._places.remove(place)
            heapify(self._places)
            raise
        finally:
            self._wake()

    def _wake(self) -> None:
        """Have the next one go on, once the task that runs waits again."""
        if self._places:
            self._places[0].woken.set()


_queues: RunVar[WeakKeyDictionary[Environment, _Queue]] = RunVar("_knock_sdk_simulators")
"""The queues of each event loop, by simulator."""


def _queue_of(environment: Environment) -> _Queue:
    found = _queues.get(None)
    queues: WeakKeyDictionary[Environment, _Queue] = WeakKeyDictionary() if found is None else found
    if found is None:
        _queues.set(queues)
    return queues.setdefault(environment, _Queue())
