"""The simulator as an ASGI application, under servers without the extensions of the bundled one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from knock_sdk.testing.server.app import app
from tests.simulator.support.pair import SECRET

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


class Scripted:
    """The server side of an ASGI application: delivers given messages, and records those that are sent."""

    def __init__(self, *received: dict[str, Any]) -> None:
        self._received = list(received)
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> Any:
        return self._received.pop(0)

    async def send(self, message: Any) -> None:
        self.sent.append(message)


def scope(kind: str = "http", **further: object) -> dict[str, Any]:
    return {
        "type": kind,
        "method": "GET",
        "path": "/v1/users/ä",
        "query_string": b"",
        "headers": [(b"authorization", SECRET.encode())],
        **further,
    }


def test_a_server_without_extensions_can_respond_drop_and_close(sim: Simulator) -> None:
    whole = {"type": "http.request", "body": b"", "more_body": False}
    responding = Scripted(whole)
    asyncio.run(app(sim)(scope(), responding.receive, responding.send))
    assert [message.get("status") for message in responding.sent] == [404, None]
    assert sim.requests[0].target == "/v1/users/%C3%A4"

    sim.drop()
    dropped = Scripted(whole)
    asyncio.run(app(sim)(scope(), dropped.receive, dropped.send))
    (head,) = dropped.sent  # the response is never finished, so the server closes the connection
    assert head["headers"] == [(b"content-length", b"1")]

    websocket = Scripted({"type": "websocket.connect"})
    asyncio.run(app(sim)(scope("websocket"), websocket.receive, websocket.send))
    assert [message["type"] for message in websocket.sent] == ["websocket.close"]
    assert len(sim.requests) == 2


def test_a_disconnect_before_the_end_of_the_body_is_not_recorded(sim: Simulator) -> None:
    disconnected = Scripted({"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"})
    asyncio.run(app(sim)(scope(), disconnected.receive, disconnected.send))
    assert (disconnected.sent, sim.requests) == ([], [])
