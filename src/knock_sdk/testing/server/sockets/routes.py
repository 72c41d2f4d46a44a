"""Routes of the sockets: which upgrades are accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import WebSocketRoute

from ...http.authentication import is_public_key
from ..aborting import DROP
from .connection import Connection
from .hub import Hubs

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.websockets import WebSocket

    from ..environments import Environments
    from .hub import Hub

PATH = "/ws/v1/websocket"
PROTOCOL = "2."
"""What the versions of Phoenix's serializer begin with that frames have here."""
_REFUSED = 1008
"""Before a socket is accepted, any code refuses it with 403."""


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of the sockets."""
    hubs = Hubs()

    async def serve(socket: WebSocket) -> None:
        key, version = socket.query_params.get("api_key", ""), socket.query_params.get("vsn", "")
        if not is_public_key(key) or not version.startswith(PROTOCOL):
            await socket.close(_REFUSED)
            return

        def hub_for_join() -> Hub:
            return hubs.of(environments.get_for_key(key))

        try:
            environments.get_for_key(key)
        except ValueError:
            await socket.close(_REFUSED)
            return
        await socket.accept()
        drop = socket.scope.get("state", {}).get(DROP)
        try:
            await Connection(socket, hub_for_join, socket.query_params.get("user_token"), drop).run()
        finally:
            hubs.drop_empty()

    # The second path is what Knock's client for browsers asks for where the host that it was given ends with a slash.
    return [WebSocketRoute(path, serve) for path in (PATH, f"/{PATH}")]
