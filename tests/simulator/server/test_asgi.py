"""The simulator as an ASGI application, under servers that can do less than the one that it brings."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from knock_sdk.testing.server.app import app
from tests.simulator.support.pair import SECRET

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


class Scripted:
    """The other side of an ASGI application: what it receives, and what it sends."""

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


def test_under_a_server_that_can_do_less(sim: Simulator) -> None:
    whole = {"type": "http.request", "body": b"", "more_body": False}
    asked = Scripted(whole)
    asyncio.run(app(sim)(scope(), asked.receive, asked.send))
    assert [message.get("status") for message in asked.sent] == [404, None]
    assert sim.requests[0].target == "/v1/users/%C3%A4"

    sim.drop()
    dropped = Scripted(whole)
    asyncio.run(app(sim)(scope(), dropped.receive, dropped.send))
    (head,) = dropped.sent  # it is never finished, at which a server closes the connection
    assert head["headers"] == [(b"content-length", b"1")]

    socketed = Scripted({"type": "websocket.connect"})
    asyncio.run(app(sim)(scope("websocket"), socketed.receive, socketed.send))
    assert [message["type"] for message in socketed.sent] == ["websocket.close"]
    assert len(sim.requests) == 2


def test_a_body_that_never_comes_is_no_request(sim: Simulator) -> None:
    left = Scripted({"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"})
    asyncio.run(app(sim)(scope(), left.receive, left.send))
    assert (left.sent, sim.requests) == ([], [])
