"""Errors of the server itself, in the API's format, and refusals of requests and sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_json
from starlette.responses import Response

from ..http.errors import Problem

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


async def refuse(scope: Scope, receive: Receive, send: Send, message: str) -> None:
    """Respond with 403 and an error in the API's format; a socket is refused with 403 too."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    await error_response(Problem("authorization", message))(scope, receive, send)


def error_response(problem: Problem) -> Response:
    """Return the response for an error that the server itself has found."""
    return Response(to_json(problem.body()), problem.status, media_type="application/json")
