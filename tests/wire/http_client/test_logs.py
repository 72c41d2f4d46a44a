"""`http_client=` and logs: httpx and what it is built on log what servers and proxies send, and are sent."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from knock_sdk import APIConnectionError
from tests.support.listener import Listener
from tests.support.server import Server

from ..caller import KEY, USER

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.support.server import Exchange

    from ..caller import Caller

OTHER_KEY = "sk_test_canary_2718281828459045"
TOKEN = "token.canary.1618033988"


async def echo(exchange: Exchange) -> None:
    """Repeat key and token in a head."""
    headers = exchange.received.headers
    repeated = f"{headers['authorization']} {headers.get('x-knock-user-token')}"
    await exchange.send(f"HTTP/1.1 200 {repeated}\r\nx-a: {repeated}\r\ncontent-length: 2\r\n\r\n[]".encode())


@pytest.mark.parametrize("choice", ["given", "httpx"])
@pytest.mark.parametrize("place", ["derived client", "one call"])
def test_keys_and_tokens_of_each_call_are_redacted(
    caller: Caller, caplog: pytest.LogCaptureFixture, choice: str, place: str
) -> None:
    """Derived clients share the HTTP client, and have other secrets."""
    caplog.set_level(logging.DEBUG)
    with Server(echo) as server:
        client = caller.client(server.url, http_client=caller.httpx() if choice == "given" else "httpx")
        if place == "derived client":
            caller(client.with_options(api_key=OTHER_KEY, user_token=TOKEN).get, "/v1/x")
        else:
            headers = {"Authorization": f"Bearer {OTHER_KEY}", "X-Knock-User-Token": TOKEN}
            caller(client.get, "/v1/x", extra_headers=headers)
        sent = server.requests[0].headers
        assert (sent["authorization"], sent["x-knock-user-token"]) == (f"Bearer {OTHER_KEY}", TOKEN)
    assert "200 Bearer [redacted] [redacted]" in caplog.text
    assert OTHER_KEY not in caplog.text
    assert TOKEN not in caplog.text


def test_an_empty_credential_does_not_spoil_the_log(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with Server(echo) as server:
        client = caller.client(server.url, http_client=caller.httpx())
        caller(client.get, "/v1/x", extra_headers={"X-Knock-User-Token": ""})
    assert "HTTP Request: GET" in caplog.text


@pytest.mark.parametrize("name", ["hpack.hpack", "hpack.table"])
def test_headers_of_http2_are_not_logged(caller: Caller, caplog: pytest.LogCaptureFixture, name: str) -> None:
    """They are logged compressed too, so that a key in them cannot be found; outside of calls nothing is changed."""
    caplog.set_level(logging.DEBUG)
    log: Callable[..., None] = logging.getLogger(name).debug

    def handler(request: httpx.Request) -> httpx.Response:
        log("Encoded header block to %s", request.headers.raw)
        return httpx.Response(200, json=USER)

    client = caller.client("https://api.knock.example", http_client=caller.httpx(httpx.MockTransport(handler)))
    assert caller(client.users.get, "u1").id == "u1"
    assert "Encoded" not in caplog.text
    log("Encoded mine")
    assert "Encoded mine" in caplog.text


@pytest.mark.parametrize("choice", ["given", "httpx"])
def test_the_login_of_a_socks_proxy_is_not_logged(
    caller: Caller,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    waits: list[float],
    choice: str,
) -> None:
    def refuse(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"\x05\x02")
        received.append(connection.recv(100))
        connection.sendall(b"\x01\x01")

    received: list[bytes] = []
    caplog.set_level(logging.DEBUG)
    with Listener(refuse) as proxy:
        url = proxy.url.replace("https://", "socks5://somebody:hunter2)x@")
        monkeypatch.setenv("ALL_PROXY", url)
        given: Any = caller.httpx(proxy=url) if choice == "given" else "httpx"
        client = caller.client("https://api.knock.example", http_client=given)
        with pytest.raises(APIConnectionError, match="the proxy refused to connect") as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
    assert (caught.value.sent, caught.value.attempts, len(waits)) == (False, 3, 2)
    assert b"hunter2" in received[0]
    assert "setup_socks5_connection.started" in caplog.text
    for part in ("somebody", "hunter2", KEY):
        assert part not in caplog.text
