"""Engines that connect clients to a simulator in the same process, without sockets.

Nothing waits. A response that is delayed beyond the time limit of an attempt is a timeout immediately. Waiting before a
retry advances the simulated clock, by whole seconds: `Retry-After` is respected, while the short random waits after
other faults do not move the clock, so that tests see the same times in every run. Waiting for a rate limit advances it
by just as long as that takes.
"""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from anyio.lowlevel import checkpoint

from .._core.outcome import Failure, Oversized, Response
from .http.exchange import ConnectionDropped, HTTPRequest

if TYPE_CHECKING:
    from datetime import datetime

    from .._core.deadline import Deadline
    from .._core.rate_limits.line import Line
    from .._core.requests.encode import Outgoing
    from .environment import Environment

API_KEY = "sk_test_simulator"
"""The key of clients that are given none."""


_lines: WeakKeyDictionary[Environment, dict[str, Line]] = WeakKeyDictionary()
"""The lines of requests that wait for a simulator's time, by simulator; all of its clients share them."""
_arriving: WeakKeyDictionary[Environment, bool] = WeakKeyDictionary()
"""Simulators whose time a task has just waited for, in order to send a request at that moment."""


class _Clock:
    """The simulated clock, as clients read it."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.lines = _lines.setdefault(environment, {})

    def monotonic(self) -> float:
        """Return the simulated time, in seconds."""
        return self._environment.now.timestamp()

    time = monotonic


class SimulatorClock(_Clock):
    """The simulated clock of `Knock` clients."""

    def pause(self, seconds: float) -> None:
        """Wait between two attempts, by whole seconds."""
        self.sleep(int(seconds))

    def sleep(self, seconds: float) -> None:
        """Wait for a moment."""
        self._environment.advance_to(_moment_after(self._environment, seconds))


class AsyncSimulatorClock(_Clock):
    """The simulated clock of `AsyncKnock` clients."""

    async def pause(self, seconds: float) -> None:
        """Wait between two attempts, by whole seconds; tasks that begin at the same time wait together."""
        moment = _moment_after(self._environment, int(seconds))
        await checkpoint()
        self._environment.advance_to(moment)

    async def sleep(self, seconds: float) -> None:
        """Wait for a moment; the request that the task then sends arrives at this moment."""
        moment = _moment_after(self._environment, seconds)
        await checkpoint()
        self._environment.advance_to(moment)
        _arriving[self._environment] = True


class SimulatorEngine:
    """The engine of `Knock` clients."""

    def __init__(self, environment: Environment) -> None:
        """Connect to an environment."""
        self._environment = environment
        self.clock = SimulatorClock(environment)

    def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        """Return the simulator's response, or raise `Failure`."""
        return _exchange(self._environment, outgoing, deadline)

    def close(self) -> None:
        """Do nothing: the simulator outlives its clients."""


class AsyncSimulatorEngine:
    """The engine of `AsyncKnock` clients."""

    def __init__(self, environment: Environment) -> None:
        """Connect to an environment."""
        self._environment = environment
        self.clock = AsyncSimulatorClock(environment)

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        """Return the simulator's response, or raise `Failure`, after a checkpoint that lets other tasks run."""
        if not _arriving.pop(self._environment, False):
            await checkpoint()
        return _exchange(self._environment, outgoing, deadline)

    async def close(self) -> None:
        """Do nothing: the simulator outlives its clients."""


def _exchange(environment: Environment, outgoing: Outgoing, deadline: Deadline) -> Response:
    limit = deadline.for_attempt(outgoing.attempt_timeout)
    request = HTTPRequest(outgoing.operation.method, outgoing.target, outgoing.headers, outgoing.body)
    try:
        reply = environment.handle(request)
    except ConnectionDropped as dropped:
        _check_time(dropped.delay, limit)
        raise Failure(str(dropped), sent=dropped.sent) from None
    _check_time(reply.delay, limit)
    response = Response(reply.status, list(reply.headers), reply.body)
    if len(response.body) > outgoing.max_response_size:
        raise Oversized(response._replace(body=b""))
    return response


def _check_time(delay: float, deadline: Deadline) -> None:
    if delay and delay >= deadline.left():
        raise Failure("the simulated delay exceeds the time limit of the attempt", sent=True, timed_out=True)


def _moment_after(environment: Environment, seconds: float) -> datetime:
    return environment.now + timedelta(microseconds=ceil(seconds * 1_000_000))
