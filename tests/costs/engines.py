"""Engines that answer at once, in the same process: what is left of a call is the client's own part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knock_sdk._core.outcome import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from knock_sdk._core.deadline import Deadline
    from knock_sdk._core.encode import Outgoing

HEADERS = [(b"content-type", b"application/json; charset=utf-8"), (b"x-request-id", b"F9a1b2c3")]


class InMemory:
    """Takes the place of a `Knock` client's connections."""

    def __init__(self, answer: Callable[[str], bytes]) -> None:
        """Take what returns the body for a path and query."""
        self._answer = answer

    def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        return Response(200, HEADERS, self._answer(outgoing.target))

    def close(self) -> None:
        """There is nothing to close."""


class AsyncInMemory:
    """The same for `AsyncKnock`."""

    def __init__(self, answer: Callable[[str], bytes]) -> None:
        """Take what returns the body for a path and query."""
        self._answer = answer

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        return Response(200, HEADERS, self._answer(outgoing.target))

    async def close(self) -> None:
        """There is nothing to close."""
