"""What a client sends through in place of connections: the simulator answers at once, in the same process.

Nothing waits. An answer that takes longer than the attempt may is a time-out at once. A client that waits before it
tries again does so in simulated time, by whole seconds: that is what `Retry-After` asks for, while the short random
waits after other faults leave the clock where it is, so that a test sees the same times whenever it runs.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from anyio.lowlevel import checkpoint

from .._core.outcome import Failure, Oversized, Response
from .http.exchange import ConnectionDropped, HTTPRequest

if TYPE_CHECKING:
    from datetime import datetime

    from .._core.deadline import Deadline
    from .._core.encode import Outgoing
    from .environment import Environment


class SimulatorEngine:
    """Sends for `Knock`."""

    def __init__(self, environment: Environment) -> None:
        """Take what answers requests."""
        self._environment = environment

    def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        """Return the simulator's answer, or raise `Failure`."""
        return _exchange(self._environment, outgoing, deadline)

    def sleep(self, seconds: float) -> None:
        """Wait between two attempts."""
        self._environment.advance_to(_moment_after(self._environment, seconds))

    def close(self) -> None:
        """Do nothing: the simulator outlives its clients."""


class AsyncSimulatorEngine:
    """Sends for `AsyncKnock`."""

    def __init__(self, environment: Environment) -> None:
        """Take what answers requests."""
        self._environment = environment

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        """Return the simulator's answer, or raise `Failure`, after giving other tasks their turn as waiting would."""
        await checkpoint()
        return _exchange(self._environment, outgoing, deadline)

    async def sleep(self, seconds: float) -> None:
        """Wait between two attempts; tasks that start to wait at the same time wait together."""
        moment = _moment_after(self._environment, seconds)
        await checkpoint()
        self._environment.advance_to(moment)

    async def close(self) -> None:
        """Do nothing: the simulator outlives its clients."""


def _exchange(environment: Environment, outgoing: Outgoing, deadline: Deadline) -> Response:
    request = HTTPRequest(outgoing.operation.method, outgoing.target, outgoing.headers, outgoing.body)
    try:
        reply = environment.handle(request)
    except ConnectionDropped as dropped:
        _check_time(dropped.delay, deadline)
        raise Failure(str(dropped), sent=dropped.sent) from None
    _check_time(reply.delay, deadline)
    response = Response(reply.status, list(reply.headers), reply.body)
    if len(response.body) > outgoing.max_response_size:
        raise Oversized(response._replace(body=b""))
    return response


def _check_time(delay: float, deadline: Deadline) -> None:
    if delay and delay >= deadline.left():
        raise Failure("the simulator was told to be slower than this", sent=True, timed_out=True)


def _moment_after(environment: Environment, seconds: float) -> datetime:
    return environment.now + timedelta(seconds=int(seconds))
