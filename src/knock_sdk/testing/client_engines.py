"""Engines that connect clients to a simulator in the same process, without sockets.

Nothing waits. A response that is delayed beyond the time limit of an attempt is a timeout immediately. Waiting before a
retry, or for a rate limit, advances the simulated clock (`client_clocks.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.outcome import Failure, Oversized, Response
from .client_clocks import AsyncSimulatorClock, SimulatorClock
from .http.exchange import ConnectionDropped, HTTPRequest

if TYPE_CHECKING:
    from .._core.deadline import Deadline
    from .._core.requests.encode import Outgoing
    from .environment import Environment

API_KEY = "sk_test_simulator"
"""The key of clients that are given none."""


class SimulatorEngine:
    """The engine of `Knock` clients."""

    def __init__(self, environment: Environment) -> None:
        """Connect to an environment."""
        self._environment = environment
        self.clock: SimulatorClock = SimulatorClock(environment)

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
        self.clock: AsyncSimulatorClock = AsyncSimulatorClock(environment)

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        """Return the simulator's response, or raise `Failure`, after a checkpoint that lets other tasks run."""
        await self.clock.arrive()
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
