"""Refusals of requests and sockets that may not use the server."""

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
    problem = Problem("authorization", message)
    await Response(to_json(problem.body()), problem.status, media_type="application/json")(scope, receive, send)
