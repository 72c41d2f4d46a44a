"""The engine over aiohttp: the tests of the default engine, and cases that only aiohttp has."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncKnock,
    ResponseTooLargeError,
)
from tests.support.certificates import make_server_context
from tests.support.listener import Listener, respond_with
from tests.support.server import Server, after, flood, hang, hang_up, head, message, reset, respond

from . import test_deadline, test_engine, test_lifetime, test_responses, test_retries, test_tls
from .caller import KEY, USER, Caller
from .libraries import LibraryCaller, inherit_tests
from .running import asyncio_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import trustme

    from tests.support.server import Exchange, Received, Reply

pytestmark = pytest.mark.filterwarnings(
    # Python 3.10 warns of every TLS connection that the server has interrupted.
    *["ignore:unclosed transport <asyncio.sslproto:ResourceWarning"] * (sys.version_info < (3, 11))
)

NAMED: Any = {"api_key": KEY, "http_client": "aiohttp"}


authority, trusted = test_tls.authority, test_tls.trusted


@pytest.fixture
def caller() -> Iterator[Caller]:
    with LibraryCaller("asyncio", "aiohttp") as made:
        yield made


globals().update(
    inherit_tests(
        test_responses,
        test_deadline,
        test_engine,
        test_lifetime,
        test_retries,
        test_tls,
        exclude=frozenset(
            {
                # These use internals of the default engine, or make their clients themselves.
                "TestTasks",
                "test_the_next_address_is_tried_if_one_does_not_respond",
                "test_close_ends_a_call_in_progress",
                "test_the_next_address_is_tried_if_one_refuses",
                "test_plain_http_is_rejected_unless_allowed",
                "test_a_tls_read_can_require_a_write_and_a_write_a_read",
                # These have a counterpart for aiohttp below.
                "TestSize",
                "test_a_handshake_that_hangs_times_out",
            }
        ),
    )
)


class TestSize(test_responses.TestSize):
    def test_a_gzip_bomb_is_rejected(self, caller: Caller) -> None:
        """The body has arrived completely before it is decompressed, so that the connection can be reused."""
        bomb = gzip.compress(bytes(50_000_000))
        with Server(respond(body=bomb, content_encoding="gzip"), respond(json=USER)) as server:
            client = caller.client(server.url)
            with pytest.raises(ResponseTooLargeError) as caught:
                caller(client.users.get, "u1")
            assert caught.value.attempts == 1
            assert caller(client.users.get, "u1").id == "u1"
            assert server.accepted == 1


def test_a_handshake_that_hangs_times_out(caller: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = caller.client(f"https://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3)
        with pytest.raises(APITimeoutError, match="no connection in time") as caught:
            caller(client.users.get, "u1")
    assert not caught.value.sent


class TestRequests:
    @pytest.mark.parametrize("method", ["get", "put", "delete", "post"])
    @pytest.mark.parametrize("reused", [True, False], ids=["kept connection", "new connection"])
    @pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
    def test_aiohttp_does_not_retry_by_itself(self, caller: Caller, method: str, end: Reply, *, reused: bool) -> None:
        """aiohttp retries idempotent methods by default."""
        with Server(*[respond(json=USER)] * reused, end, respond(json=USER)) as server:
            client = caller.client(server.url, max_retries=0)
            if reused:
                caller(client.users.get, "u1")
            with pytest.raises(APIConnectionError) as caught:
                caller(getattr(client, method), "/v1/x")
            assert caught.value.sent
            assert len(server.requests) == 1 + reused

    def test_the_first_retry_after_a_stale_connection_is_immediate(self, caller: Caller, waits: list[float]) -> None:
        """A stale connection says nothing about the server's health; a failure on a new one does."""
        with Server(respond(json=USER), reset, reset, respond(json=USER)) as server:
            client = caller.client(server.url)
            caller(client.users.get, "u1")
            assert caller(client.users.get, "u1").response_info.attempts == 3
            assert waits[0] == 0 < waits[1]
            assert len(server.requests) == 4

    def test_a_connection_closed_while_the_loop_was_busy_is_not_reused(self) -> None:
        """The event loop was busy and has not read the end of the connection yet."""

        async def main() -> None:
            async with AsyncKnock(base_url=server.url, **NAMED) as client:
                for _ in range(3):
                    await client.schedules.create(recipients=["u1"], workflow="flow")
                    server.close_idle()  # which blocks the event loop

        with Server(respond(json=[])) as server:
            asyncio_run(main)
            assert len(server.requests) == server.accepted == 3

    def test_no_time_left_is_not_taken_for_no_limit(self, caller: Caller) -> None:
        """aiohttp takes a timeout of zero for no limit."""
        with Server() as server:
            with pytest.raises(APITimeoutError) as caught:
                caller(caller.client(server.url, attempt_timeout=1e-9, max_retries=0).users.get, "u1")
            assert not caught.value.sent
            assert server.accepted == 0

    def test_a_long_response_header_is_accepted(self, caller: Caller) -> None:
        with Server(respond(json=USER, x_long="x" * 60_000)) as server:
            assert caller(caller.client(server.url).users.get, "u1").id == "u1"

    def test_a_large_body_is_sent_without_a_warning(self, caller: Caller) -> None:
        """aiohttp warns of bodies above a megabyte that are given as bytes."""
        with Server(respond(json={})) as server:
            client = caller.client(server.url)
            for size in (1024 * 1024, 1024 * 1024 + 1, 5_000_000):
                caller(client.put, "/v1/x", body="x" * size)
            assert [len(received.json) for received in server.requests] == [1_048_576, 1_048_577, 5_000_000]
            assert server.accepted == 1

    def test_a_header_that_is_not_utf_8_is_rejected(self, caller: Caller) -> None:
        """Other libraries send any byte; aiohttp would send another one."""
        with Server(respond(json=USER)) as server:
            client = caller.client(server.url)
            with pytest.raises(APIConnectionError, match="not UTF-8") as caught:
                caller(client.users.get, "u1", extra_headers={"x-name": "caf\xe9"})
            assert (caught.value.sent, caught.value.attempts, server.accepted) == (False, 1, 0)
            caller(client.users.get, "u1", extra_headers={"x-name": "café".encode().decode("latin-1")})
            assert server.requests[0].headers["x-name"].encode("latin-1").decode() == "café"

    def test_a_response_before_the_end_of_the_request_is_returned(self, caller: Caller) -> None:
        """A server may reject a body that it has not read to its end."""
        rejection = message(413, json={"message": "too much"})

        def talk(connection: socket.socket) -> None:
            connection.recv(65_536)
            connection.sendall(rejection)
            time.sleep(0.2)

        with Listener(talk) as listener:
            client = caller.client(listener.url.replace("https", "http"), timeout=5)
            with pytest.raises(APIStatusError, match="too much") as caught:
                caller(client.schedules.create, recipients=["u1"], workflow="flow", data={"x": "y" * 5_000_000})
            assert caught.value.status_code == 413

    def test_cookies_are_not_sent_back(self, caller: Caller) -> None:
        with Server(respond(json=USER, set_cookie="a=b")) as server:
            client = caller.client(f"http://localhost:{server.port}")  # aiohttp stores no cookies for an IP address
            for _ in range(2):
                caller(client.users.get, "u1")
            assert ["cookie" in received.headers for received in server.requests] == [False, False]

    def test_credentials_in_netrc_are_not_used(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n", "ascii")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        with Server(respond(json=USER)) as server:
            caller(caller.client(server.url).users.get, "u1")
            assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "first",
    [
        message(json=USER),
        head(200, {"transfer-encoding": "chunked"}, length=None) + b"2\r\n{}\r\n0\r\n\r\n",
        message(204),
    ],
    ids=["with its length", "in chunks", "without a body"],
)
@pytest.mark.parametrize(
    "stray", [message(json={**USER, "id": "stray"}), b"HTTP/1.1 200 OK\r\n"], ids=["whole", "part"]
)
@pytest.mark.parametrize("pause", [0, 0.01])
def test_a_stray_response_is_not_returned(caller: Caller, first: bytes, stray: bytes, pause: float) -> None:
    """aiohttp keeps data that arrives on an idle connection for the next request."""

    strays: list[bytes] = []

    async def send_both(exchange: Exchange) -> None:
        await exchange.send(first + stray if not pause else first)
        await asyncio.sleep(pause)
        await exchange.send(b"" if not pause else stray)
        strays.append(stray)

    def pick(received: Received) -> Reply:
        return send_both if received.method == "DELETE" else respond(json=USER)

    with Server.by(pick) as server:
        client = caller.client(server.url, max_retries=0)
        for number in range(5):
            caller(client.users.delete, "u1")
            server.wait_for(lambda _, due=number + 1: len(strays) == due)
            time.sleep(pause)
            assert caller(client.users.get, "u1").id == "u1"


def test_endless_headers_are_a_connection_error(caller: Caller) -> None:
    endless = flood(b"HTTP/1.1 200 OK\r\n", b"x-a: b\r\n" * 1000)
    with Server(endless) as server, pytest.raises(APIConnectionError, match="broke the HTTP protocol"):
        caller(caller.client(server.url, timeout=5, max_retries=0).users.get, "u1")


class TestAddresses:
    """A host name with several addresses, some of which refuse connections."""

    def resolve_to(self, monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int]) -> None:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        found = [(*kind, address) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    def test_the_next_address_is_tried(self, caller: Caller, monkeypatch: pytest.MonkeyPatch, refusing: str) -> None:
        with Server(respond(json=USER)) as server:
            closed = int(refusing.rpartition(":")[2])
            self.resolve_to(monkeypatch, ("127.0.0.1", closed), ("127.0.0.1", server.port))
            assert caller(caller.client("http://localhost").users.get, "u1").id == "u1"

    def test_an_error_is_raised_if_all_addresses_refuse(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, refusing: str
    ) -> None:
        closed = int(refusing.rpartition(":")[2])
        self.resolve_to(monkeypatch, ("127.0.0.1", closed), ("127.0.0.2", closed))
        with pytest.raises(APIConnectionError, match="cannot connect") as caught:
            caller(caller.client("http://localhost", max_retries=0).users.get, "u1")
        assert not caught.value.sent


class TestTLS:
    def test_a_call_that_times_out_closes_its_connection_at_once(self, caller: Caller, trusted: trustme.CA) -> None:
        """A server that does not respond does not close its side of the TLS connection either."""
        with Server(hang, tls=make_server_context(trusted)) as server:
            with pytest.raises(APITimeoutError):
                caller(caller.client(server.url, timeout=0.2).users.get, "u1")
            server.wait_for(lambda server: server.open == 0)

    @pytest.mark.parametrize("alert", [b"\x15\x03\x03\x00\x02\x01\x00", b"\x16\x03\x03\x00\x7a"], ids=["end", "part"])
    def test_an_interrupted_handshake_is_retried(self, caller: Caller, waits: list[float], alert: bytes) -> None:
        with Listener(respond_with(alert)) as listener:
            with pytest.raises(APIConnectionError) as caught:
                caller(caller.client(listener.url).schedules.create, recipients=["u1"], workflow="flow")
            assert caught.value.attempts == listener.accepted == 3
        assert not caught.value.sent
        assert len(waits) == 2

    def test_close_closes_every_connection(self, caller: Caller, trusted: trustme.CA) -> None:
        with Server(after(0.02, respond(json=USER)), tls=make_server_context(trusted)) as server:
            client = caller.client(server.url)
            caller.together([lambda: client.users.get("u1")] * 5)
            caller(client.close)
            server.wait_for(lambda server: server.open == 0)


class TestSecrets:
    def test_the_traceback_of_a_cancelled_call_shows_no_secret(self) -> None:
        """The traceback passes through aiohttp, whose local variables contain the headers."""

        async def main(url: str) -> str:
            async with AsyncKnock(base_url=url, user_token="t.o.canary", **NAMED) as client:
                with pytest.raises(asyncio.TimeoutError) as caught:
                    await asyncio.wait_for(client.put("/v1/x", body="x" * 20_000_000), 0.2)
            return "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())

        with socket.create_server(("127.0.0.1", 0)) as deaf:
            shown = asyncio.run(main(f"http://127.0.0.1:{deaf.getsockname()[1]}"))
        assert "real_timeout = " in shown
        assert f"Bearer {KEY}" not in shown
        assert "t.o.canary" not in shown.replace('user_token="t.o.canary"', "")

    def test_error_messages_contain_no_id(self, caller: Caller) -> None:
        """Messages of aiohttp contain the whole URL."""

        def talk(connection: socket.socket) -> None:
            connection.recv(65_536)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        with Listener(talk) as listener:
            client = caller.client(listener.url.replace("https", "http"), max_retries=0)
            with pytest.raises(APIConnectionError) as caught:
                caller(client.users.update, "canary-id", name="x" * 20_000_000)
            assert "canary-id" not in str(caught.value)
            assert caught.value.sent
