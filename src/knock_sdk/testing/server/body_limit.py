"""A limit to the bodies of requests: each is read into memory, and the simulator remembers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_json
from starlette.datastructures import Headers
from starlette.responses import Response

from ..http.errors import error_body

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 32 * 1024 * 1024
"""Bytes: the API documents that the data of a trigger has 10 MB at most."""
_TOO_LARGE = 413


class BodyTooLargeError(Exception):
    """The body of a request is larger than the limit."""


class BodyLimit:
    """Raises `BodyTooLargeError` in the application that reads too large a body."""

    def __init__(self, inner: ASGIApp) -> None:
        """Serve an application."""
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a socket."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdecimal() and int(length[:20]) > LARGEST_BODY:
            await refuse_body()(scope, receive, send)
            return
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > LARGEST_BODY:
                raise BodyTooLargeError
            return message

        await self._inner(scope, receive_within_limit, send)


async def handle_too_large(_: Request, error: Exception) -> Response:
    """Return the response for a `BodyTooLargeError`."""
    del error
    return refuse_body()


def refuse_body() -> Response:
    """Return the response to a request whose body is too large."""
    message = f"The simulator's server takes {LARGEST_BODY // 1024 // 1024} MB of a request."
    content = to_json(error_body(_TOO_LARGE, "request_too_large", message))
    return Response(content, _TOO_LARGE, {"connection": "close"}, media_type="application/json")
