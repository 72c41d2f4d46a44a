"""What a client sends through in place of connections: the simulator answers at once, in the same process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio.lowlevel import checkpoint

from .._core.outcome import Answer
from .exchange import HTTPRequest, HTTPResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._core.deadline import Deadline
    from .._core.encode import Outgoing

    Handle = Callable[[HTTPRequest], HTTPResponse]


class SimulatorEngine:
    """Sends for `Knock`."""

    def __init__(self, handle: Handle) -> None:
        """Take what answers requests."""
        self._handle = handle

    def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Answer:  # noqa: ARG002 (nothing here takes time)
        """Return the simulator's answer."""
        return _exchange(self._handle, outgoing)

    def close(self) -> None:
        """Do nothing: the simulator outlives its clients."""


class AsyncSimulatorEngine:
    """Sends for `AsyncKnock`."""

    def __init__(self, handle: Handle) -> None:
        """Take what answers requests."""
        self._handle = handle

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Answer:  # noqa: ARG002 (as above)
        """Return the simulator's answer, after giving other tasks their turn as a connection would."""
        await checkpoint()
        return _exchange(self._handle, outgoing)

    async def close(self) -> None:
        """Do nothing: the simulator outlives its clients."""


def _exchange(handle: Handle, outgoing: Outgoing) -> Answer:
    response = handle(HTTPRequest(outgoing.operation.method, outgoing.target, outgoing.headers, outgoing.body))
    return Answer(response.status, list(response.headers), response.body)
