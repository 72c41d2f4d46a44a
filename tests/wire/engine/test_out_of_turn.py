"""Servers that speak out of turn: before a request, or after their response."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError
from tests.support.listener import Listener
from tests.support.server import Server, message, raw, respond

from ..caller import USER
from .test_lifetime import pool_of

if TYPE_CHECKING:
    import socket

    from ..caller import Caller
    from ..proxied import Certified

STRAY = message(json={**USER, "id": "stray"})


@pytest.fixture
def slow_to_write(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the server time to speak first: pause when a connection is there, with TLS or without."""
    half = "_sync" if caller.kind == "sync" else "_async"
    name = "Stream" if caller.kind == "sync" else "AsyncStream"
    stream: Any = f"knock_sdk.{half}.engines.connector.{name}.is_stale"

    def is_stale(self: Any) -> Any:
        time.sleep(0.25)
        return original(self)

    connector = __import__(f"knock_sdk.{half}.engines.connector", fromlist=[name])
    original = getattr(connector, name).is_stale
    monkeypatch.setattr(stream, is_stale)


class Early:
    """Says something as soon as it is connected to, on the first connections; then it serves."""

    def __init__(self, *first: bytes, tls: Any = None) -> None:
        self.requests: list[bytes] = []
        self._first = list(first)
        self._tls = tls

    def __call__(self, connection: socket.socket) -> None:
        connection.settimeout(20)
        if self._tls is not None:
            connection = self._tls.wrap_socket(connection, server_side=True)
        with connection:
            early = self._first.pop(0) if self._first else None
            if early is not None:
                connection.sendall(early)
                if not early:
                    return
            while received := connection.recv(65_536):
                self.requests.append(received)
                connection.sendall(message(json=[]))


@pytest.mark.usefixtures("slow_to_write")
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
class TestBeforeARequest:
    @pytest.mark.parametrize("early", [STRAY, b"H", b"\r\n", b""], ids=["response", "byte", "line", "end"])
    def test_the_request_goes_out_on_another_connection(
        self, caller: Caller, certified: Certified, waits: list[float], early: bytes, secure: bool
    ) -> None:
        """It was not sent, so that one that must not be repeated may be."""
        server = Early(early, tls=certified("127.0.0.1") if secure else None)
        with Listener(server) as listener:
            client = caller.client(listener.url if secure else listener.url.replace("https", "http"))
            assert caller(client.schedules.create, recipients=["u1"], workflow="flow") == []
            caller(client.close)
        assert (listener.accepted, len(waits)) == (2, 1)
        assert [request[:5] for request in server.requests] == [b"POST "]

    @pytest.mark.parametrize("early", [STRAY, b""], ids=["response", "end"])
    def test_nothing_was_sent_if_no_connection_is_better(
        self, caller: Caller, certified: Certified, waits: list[float], early: bytes, secure: bool
    ) -> None:
        problem = "sent something before it got a request" if early else "closed the connection"
        server = Early(*[early] * 3, tls=certified("127.0.0.1") if secure else None)
        with Listener(server) as listener:
            client = caller.client(listener.url if secure else listener.url.replace("https", "http"))
            with pytest.raises(APIConnectionError, match=f"the server {problem}") as caught:
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
            caller(client.close)
        assert (caught.value.sent, caught.value.attempts, len(waits), server.requests) == (False, 3, 2, [])
        assert "stray" not in str(caught.value)


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
class TestWhileIdle:
    @pytest.fixture
    def caller(self) -> Any:
        """Make calls in asyncio alone, whose event loop watches idle connections."""
        from ..caller import Caller

        with Caller("asyncio") as made:
            yield made

    def test_a_flood_ends_the_connection(self, caller: Caller, certified: Certified, secure: bool) -> None:
        sent = []

        async def flooding(exchange: Any) -> None:
            await exchange.send(message(json=USER))
            for _ in range(2_000):
                await exchange.send(b"x" * 65_536)
                sent.append(65_536)
                await asyncio.sleep(0)  # without it, asyncio would not notice the end of a TLS connection

        with Server(flooding, respond(json=USER), tls=certified("127.0.0.1") if secure else None) as server:
            client = caller.client(server.url)
            caller(client.users.get, "u1")
            server.wait_for(lambda server: server.open == 0)
            assert sum(sent) < 100_000_000
            assert caller(client.users.get, "u1").response_info.attempts == 1
            assert server.accepted == 2

    def test_its_end_closes_the_socket(self, caller: Caller, certified: Certified, secure: bool) -> None:
        reply = raw(message(json=USER), then_close=True)
        with Server(reply, respond(json=USER), tls=certified("127.0.0.1") if secure else None) as server:
            client = caller.client(server.url)
            caller(client.users.get, "u1")
            (connection,) = pool_of(client).connections()
            server.wait_for(lambda _: connection.stream.sock.fileno() < 0)
            caller(client.users.get, "u1")
            assert server.accepted == 2
