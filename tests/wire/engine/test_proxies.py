"""Proxies of the environment: requests go through them, and the client's guarantees hold."""

from __future__ import annotations

import asyncio
import gc
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import anyio
import pytest
import trustme

from knock_sdk import APIConnectionError, APIStatusError, AsyncKnock, Knock, OutcomeUnknownError
from tests.support.certificates import make_server_context
from tests.support.server import Server, after, hang_up, raw, respond

from ..caller import KEY, USER
from ..replies import echo
from ..running import asyncio_run, fork, trio_run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.server import Exchange, Reply

    from ..caller import Caller

HOST = "api.knock.example"
"""A host that does not exist, so that only a proxy can respond."""
PLAIN = f"http://{HOST}"
CONNECTED = raw(b"HTTP/1.1 200 OK\r\n\r\n")


def tunnel(port: int, agree: Reply = CONNECTED) -> Reply:
    """Return a reply that connects to a local port, whatever the requested host, agrees, and forwards bytes."""

    async def reply(exchange: Exchange) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            await agree(exchange)
            await asyncio.gather(_forward(exchange.reader, writer), _forward(reader, exchange.writer))
        finally:
            writer.close()

    return reply


async def _forward(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65_536):
        target.write(data)
        await target.drain()
    target.close()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_plain_http_requests_go_through_the_proxy(caller: Caller, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with Server.by(echo) as proxy:
        monkeypatch.setenv(name, proxy.url)
        client = caller.client(PLAIN, allow_http=True)
        for _ in range(3):
            assert caller(client.users.get, "u1").id == "u1"
        assert [received.target for received in proxy.requests] == [f"{PLAIN}/v1/users/u1"] * 3
        assert proxy.requests[0].headers["host"] == HOST
        assert proxy.requests[0].headers["authorization"] == f"Bearer {KEY}"
        assert proxy.accepted == 1


def test_tls_requests_go_through_a_tunnel(caller: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The proxy sees only the host name; the certificate is verified as without a proxy."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with Server.by(echo, tls=make_server_context(authority, HOST)) as server, Server(tunnel(server.port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        client = caller.client(f"https://{HOST}")
        for _ in range(3):
            assert caller(client.users.get, "u1").id == "u1"
        (connect,) = proxy.requests
        assert (connect.method, connect.target) == ("CONNECT", f"{HOST}:443")
        assert KEY not in str(connect)
        assert len(server.requests) == 3


def test_an_invalid_certificate_behind_a_tunnel_is_rejected(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(tls=make_server_context(trustme.CA(), HOST)) as server, Server(tunnel(server.port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(APIConnectionError, match="certificate is refused") as caught:
            caller(caller.client(f"https://{HOST}").users.get, "u1")
        assert caught.value.attempts == len(proxy.requests) == 1
        assert not caught.value.sent
        assert server.requests == []


def test_no_proxy_exempts_a_host(caller: Caller, monkeypatch: pytest.MonkeyPatch, refusing: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", refusing)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server.by(echo) as server:
        assert caller(caller.client(server.url).users.get, "u1").id == "u1"


def test_a_proxy_that_is_down_is_a_connection_error(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, refusing: str, waits: list[float]
) -> None:
    monkeypatch.setenv("ALL_PROXY", refusing)
    with pytest.raises(APIConnectionError) as caught:
        caller(caller.client(f"https://{HOST}").schedules.create, recipients=["u1"], workflow="flow")
    assert not caught.value.sent
    assert caught.value.attempts == 3
    assert len(waits) == 2


def test_an_unrepeatable_request_is_not_sent_again(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(hang_up) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with pytest.raises(OutcomeUnknownError):
            caller(caller.client(PLAIN, allow_http=True).users.merge, "u1", from_user_id="u2")
        assert len(proxy.requests) == 1


def test_cookies_are_not_sent_back_and_redirects_not_followed(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(respond(json=USER, set_cookie="a=b; Path=/"), respond(307, location="/v1/users/u2")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        client = caller.client(PLAIN, allow_http=True)
        caller(client.users.get, "u1")
        with pytest.raises(APIStatusError, match="redirects are not followed"):
            caller(client.users.get, "u1")
        assert ["cookie" in received.headers for received in proxy.requests] == [False, False]


def test_close_closes_every_connection(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server.by(echo) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        client = caller.client(PLAIN, allow_http=True)
        for _ in range(2):
            assert caller(client.users.get, "u1").id == "u1"
            caller(client.close)
            proxy.wait_for(lambda proxy: proxy.open == 0)
        assert proxy.accepted == 2


def test_concurrent_calls_use_at_most_max_connections(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are reused by the second round of calls."""
    with Server.by(lambda received: after(0.01, echo(received))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        client = caller.client(PLAIN, allow_http=True, max_connections=30)
        for _ in range(2):
            users = caller.together([lambda: client.users.get("u1")] * 90)
            assert [user.id for user in users] == ["u1"] * 90
        assert proxy.accepted <= 30


def test_concurrent_event_loops_can_use_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server.by(lambda received: after(0.002, echo(received))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        client = AsyncKnock(api_key=KEY, base_url=PLAIN, allow_http=True)

        async def main(name: str) -> None:
            for n in range(20):
                assert (await client.users.get(f"{name}{n}")).id == f"{name}{n}"
                await anyio.sleep(0.001)

        with ThreadPoolExecutor(2) as threads:
            for each in [threads.submit(anyio.run, main, name, backend=name) for name in ("asyncio", "trio")]:
                each.result()
        asyncio.run(client.close())
        proxy.wait_for(lambda proxy: proxy.open == 0)


def test_successive_event_loops_can_use_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server.by(echo) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        client = AsyncKnock(api_key=KEY, base_url=PLAIN, allow_http=True)

        async def main() -> None:
            assert (await client.users.get("u1")).id == "u1"
            await client.close()

        for run in (asyncio_run, asyncio_run, trio_run, asyncio_run):
            run(main)
        gc.collect()
        proxy.wait_for(lambda proxy: proxy.open == 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # the server is a thread
def test_a_child_opens_its_own_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server.by(echo) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with Knock(api_key=KEY, base_url=PLAIN, allow_http=True) as client:

            def get(name: str) -> bool:
                return all(client.users.get(f"{name}-{n}").id == f"{name}-{n}" for n in range(50))

            assert get("parent")
            child = fork(lambda: get("child"))
            assert get("parent")
            assert os.waitpid(child, 0)[1] == 0
        used: dict[int, set[str]] = {}
        for received in proxy.requests:
            used.setdefault(received.connection, set()).add(received.path.rpartition("/")[2].partition("-")[0])
        assert sorted(map(sorted, used.values())) == [["child"], ["parent"]]
