"""Engines that respond at once, in the same process, so that the cost of a call is the client's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knock_sdk._core.outcome import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from knock_sdk._core.deadline import Deadline
    from knock_sdk._core.requests.encode import Outgoing

HEADERS = [(b"content-type", b"application/json; charset=utf-8"), (b"x-request-id", b"F9a1b2c3")]


class InMemory:
    """Responds to a `Knock` client in place of an engine."""

    def __init__(self, respond: Callable[[str], bytes]) -> None:
        """`respond` returns the response body for a request target."""
        self._respond = respond

    def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        return Response(200, HEADERS, self._respond(outgoing.target))

    def close(self) -> None:
        """Do nothing."""


class AsyncInMemory:
    """Does the same for an `AsyncKnock` client."""

    def __init__(self, respond: Callable[[str], bytes]) -> None:
        """`respond` returns the response body for a request target."""
        self._respond = respond

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        return Response(200, HEADERS, self._respond(outgoing.target))

    async def close(self) -> None:
        """Do nothing."""
