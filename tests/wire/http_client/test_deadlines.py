"""`http_client=` and deadlines: a thread cannot be interrupted inside httpx, so each step is held to what is left."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from knock_sdk import APITimeoutError, Knock
from tests.support.listener import Listener
from tests.support.server import Server, after, respond

from ..caller import KEY, USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..caller import Caller

HOST = "https://api.knock.example"
"""A host that does not exist, so that only a proxy can respond."""


def test_nothing_is_sent_over_a_connection_that_comes_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up takes its time, or each of several addresses; the client's only connection is not lost by it."""
    connect = socket.create_connection

    def connect_late(*args: Any, **named: Any) -> socket.socket:
        time.sleep(0.3)
        return connect(*args, **named)

    limits = httpx.Limits(max_connections=1)
    with Server(respond(json=USER)) as server, httpx.Client(limits=limits) as given:
        client = Knock(api_key=KEY, base_url=server.url, http_client=given)
        with monkeypatch.context() as patched:
            patched.setattr(socket, "create_connection", connect_late)
            with pytest.raises(APITimeoutError, match="no connection in time") as caught:
                client.with_options(timeout=0.2).schedules.create(recipients=["u1"], workflow="flow")
        assert (caught.value.sent, caught.value.attempts) == (False, 1)
        server.wait_for(lambda server: server.accepted == 1 and server.open == 0)
        assert server.requests == []
        assert client.users.get("u1").id == "u1"


def test_steps_together_take_no_longer_than_the_call(caller: Caller) -> None:
    """The proxy connects late, and then TLS gets no response; each on its own would be in time."""
    with Server(after(1.5, respond())) as proxy:
        client = caller.client(HOST, http_client=caller.httpx(proxy=proxy.url), timeout=2)
        started = time.monotonic()
        with pytest.raises(APITimeoutError, match="no connection in time") as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
        assert 1.9 < time.monotonic() - started < 3.3
        assert len(proxy.requests) == 1
    assert (caught.value.sent, caught.value.attempts) == (False, 1)


class TestSocks:
    """httpcore talks to SOCKS proxies without a time limit."""

    @pytest.fixture(params=["given", "httpx"])
    def name(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.mark.parametrize("greeting", [b"", b"\x05\x00"], ids=["", "after a greeting"])
    def test_a_proxy_that_says_nothing_gets_no_longer_than_the_attempt(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, waits: list[float], name: str, greeting: bytes
    ) -> None:
        def talk(connection: socket.socket) -> None:
            connection.settimeout(10)  # less than for ever, if the client waits too long
            connection.recv(100)
            connection.sendall(greeting)
            while connection.recv(100):
                pass

        with Listener(talk) as proxy:
            given: Any = self._through(caller, monkeypatch, proxy, name)
            client = caller.client(HOST, http_client=given, attempt_timeout=0.4)
            started = time.monotonic()
            with pytest.raises(APITimeoutError, match="no connection in time") as caught:
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
            assert time.monotonic() - started < 9
            assert (caught.value.sent, caught.value.attempts, len(waits)) == (False, 3, 2)

    def test_a_proxy_that_breaks_the_protocol_is_named(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, waits: list[float], name: str
    ) -> None:
        def talk(connection: socket.socket) -> None:
            connection.recv(100)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        with Listener(talk) as proxy:
            given: Any = self._through(caller, monkeypatch, proxy, name)
            with pytest.raises(Exception, match="the proxy broke the SOCKS protocol") as caught:
                caller(caller.client(HOST, http_client=given).schedules.create, recipients=["u1"], workflow="flow")
            assert (getattr(caught.value, "sent", None), len(waits)) == (False, 2)

    def test_the_limit_ends_with_the_handshake(self, caller: Caller) -> None:
        """A later call over the same connection takes as long as it likes."""
        replies: Iterator[float] = iter([0, 0.6])

        def talk(connection: socket.socket) -> None:
            connection.recv(100)
            connection.sendall(b"\x05\x00")
            connection.recv(100)
            connection.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            for seconds in replies:
                connection.recv(65_536)
                time.sleep(seconds)
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]")

        with Listener(talk) as proxy:
            given = caller.httpx(proxy=proxy.url.replace("https", "socks5"), timeout=None)
            options = {"http_client": given, "allow_http": True, "attempt_timeout": None, "max_retries": 0}
            client = caller.client("http://api.knock.example", **options)
            assert caller(client.get, "/v1/x", timeout=0.3) == []
            assert caller(client.get, "/v1/x", timeout=None) == []
            assert proxy.accepted == 1

    def _through(self, caller: Caller, monkeypatch: pytest.MonkeyPatch, proxy: Listener, name: str) -> Any:
        url = proxy.url.replace("https", "socks5")
        monkeypatch.setenv("ALL_PROXY", url)
        return caller.httpx(proxy=url) if name == "given" else "httpx"
