"""The engine over aiohttp: what the other tests ask of the default engine, and what only aiohttp could get wrong."""

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
from tests.support.certificates import serving
from tests.support.listener import Listener, says
from tests.support.server import Server, after, answer, flood, hang, hang_up, head, message, reset

from . import test_answers, test_deadline, test_engine, test_lifetime, test_retries, test_tls
from .caller import KEY, USER, Caller
from .libraries import Over, again
from .running import asyncio_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import trustme

    from tests.support.server import Exchange, Received, Reply

pytestmark = pytest.mark.filterwarnings(
    # Python 3.10 says so of every TLS connection that its server has broken off.
    *["ignore:unclosed transport <asyncio.sslproto:ResourceWarning"] * (sys.version_info < (3, 11))
)

NAMED: Any = {"api_key": KEY, "http_client": "aiohttp"}


authority, trusted = test_tls.authority, test_tls.trusted


@pytest.fixture
def caller() -> Iterator[Caller]:
    with Over("asyncio", "aiohttp") as made:
        yield made


globals().update(
    again(
        test_answers,
        test_deadline,
        test_engine,
        test_lifetime,
        test_retries,
        test_tls,
        but=frozenset(
            {
                # They reach into the default engine, or make their clients themselves.
                "TestTasks",
                "test_address_that_swallows_everything",
                "test_close_while_a_call_is_under_way",
                "test_host_with_several_addresses",
                "test_no_key_in_the_clear",
                # Their words are not aiohttp's; see below.
                "TestSize",
                "test_handshake_that_hangs",
            }
        ),
    )
)


class TestSize(test_answers.TestSize):
    def test_bomb(self, caller: Caller) -> None:
        """It has arrived in one piece before it is looked at, so that its connection may stay."""
        bomb = gzip.compress(bytes(50_000_000))
        with Server(answer(body=bomb, content_encoding="gzip"), answer(json=USER)) as server:
            client = caller.client(server.url)
            with pytest.raises(ResponseTooLargeError) as caught:
                caller(client.users.get, "u1")
            assert caught.value.attempts == 1
            assert caller(client.users.get, "u1").id == "u1"
            assert server.accepted == 1


def test_handshake_that_hangs(caller: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = caller.client(f"https://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3)
        with pytest.raises(APITimeoutError, match="no connection in time") as caught:
            caller(client.users.get, "u1")
    assert not caught.value.sent


class TestRequests:
    @pytest.mark.parametrize("method", ["get", "put", "delete", "post"])
    @pytest.mark.parametrize("kept", [True, False], ids=["kept connection", "new connection"])
    @pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
    def test_the_library_sends_nothing_again(self, caller: Caller, method: str, end: Reply, *, kept: bool) -> None:
        """It would for methods that it takes for safe, whether or not that was asked for."""
        with Server(*[answer(json=USER)] * kept, end, answer(json=USER)) as server:
            client = caller.client(server.url, max_retries=0)
            if kept:
                caller(client.users.get, "u1")
            with pytest.raises(APIConnectionError) as caught:
                caller(getattr(client, method), "/v1/x")
            assert caught.value.sent
            assert len(server.requests) == 1 + kept

    def test_repeating_on_a_kept_connection_waits_for_nothing(self, caller: Caller, waits: list[float]) -> None:
        """It says nothing about the server's health; a failure on a new one does."""
        with Server(answer(json=USER), reset, reset, answer(json=USER)) as server:
            client = caller.client(server.url)
            caller(client.users.get, "u1")
            assert caller(client.users.get, "u1").response_info.attempts == 3
            assert waits[0] == 0 < waits[1]
            assert len(server.requests) == 4

    def test_kept_connection_whose_end_nobody_has_seen(self) -> None:
        """The event loop was busy; what it has not read yet counts all the same."""

        async def main() -> None:
            async with AsyncKnock(base_url=server.url, **NAMED) as client:
                for _ in range(3):
                    await client.schedules.create(recipients=["u1"], workflow="flow")
                    server.close_idle()  # which keeps the event loop waiting

        with Server(answer(json=[])) as server:
            asyncio_run(main)
            assert len(server.requests) == server.accepted == 3

    def test_no_time_at_all(self, caller: Caller) -> None:
        """To the library none means no limit."""
        with Server() as server:
            with pytest.raises(APITimeoutError) as caught:
                caller(caller.client(server.url, attempt_timeout=1e-9, max_retries=0).users.get, "u1")
            assert not caught.value.sent
            assert server.accepted == 0

    def test_long_header_of_an_answer(self, caller: Caller) -> None:
        with Server(answer(json=USER, x_long="x" * 60_000)) as server:
            assert caller(caller.client(server.url).users.get, "u1").id == "u1"

    def test_large_body(self, caller: Caller) -> None:
        """The library warns of bytes beyond a megabyte."""
        with Server(answer(json={})) as server:
            client = caller.client(server.url)
            for size in (1024 * 1024, 1024 * 1024 + 1, 5_000_000):
                caller(client.put, "/v1/x", body="x" * size)
            assert [len(received.json) for received in server.requests] == [1_048_576, 1_048_577, 5_000_000]
            assert server.accepted == 1

    def test_header_that_is_not_utf_8(self, caller: Caller) -> None:
        """Others send any byte; this library would send another one."""
        with Server(answer(json=USER)) as server:
            client = caller.client(server.url)
            with pytest.raises(APIConnectionError, match="not UTF-8") as caught:
                caller(client.users.get, "u1", extra_headers={"x-name": "caf\xe9"})
            assert (caught.value.sent, caught.value.attempts, server.accepted) == (False, 1, 0)
            caller(client.users.get, "u1", extra_headers={"x-name": "café".encode().decode("latin-1")})
            assert server.requests[0].headers["x-name"].encode("latin-1").decode() == "café"

    def test_answer_before_the_whole_request(self, caller: Caller) -> None:
        """A server may refuse a body that it has not read to its end."""
        refusal = message(413, json={"message": "too much"})

        def talk(visitor: socket.socket) -> None:
            visitor.recv(65_536)
            visitor.sendall(refusal)
            time.sleep(0.2)

        with Listener(talk) as listener:
            client = caller.client(listener.url.replace("https", "http"), timeout=5)
            with pytest.raises(APIStatusError, match="too much") as caught:
                caller(client.schedules.create, recipients=["u1"], workflow="flow", data={"x": "y" * 5_000_000})
            assert caught.value.status_code == 413

    def test_no_cookies(self, caller: Caller) -> None:
        with Server(answer(json=USER, set_cookie="a=b")) as server:
            client = caller.client(f"http://localhost:{server.port}")  # no cookies are kept for an address
            for _ in range(2):
                caller(client.users.get, "u1")
            assert ["cookie" in received.headers for received in server.requests] == [False, False]

    def test_credentials_of_the_machine_are_not_read(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n", "ascii")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        with Server(answer(json=USER)) as server:
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
def test_stray_answer(caller: Caller, first: bytes, stray: bytes, pause: float) -> None:
    """The library keeps what comes on an idle connection for the next request."""

    strays: list[bytes] = []

    async def glued(exchange: Exchange) -> None:
        await exchange.send(first + stray if not pause else first)
        await asyncio.sleep(pause)
        await exchange.send(b"" if not pause else stray)
        strays.append(stray)

    def pick(received: Received) -> Reply:
        return glued if received.method == "DELETE" else answer(json=USER)

    with Server.by(pick) as server:
        client = caller.client(server.url, max_retries=0)
        for number in range(5):
            caller(client.users.delete, "u1")
            server.wait_for(lambda _, due=number + 1: len(strays) == due)
            time.sleep(pause)
            assert caller(client.users.get, "u1").id == "u1"


def test_headers_without_end(caller: Caller) -> None:
    endless = flood(b"HTTP/1.1 200 OK\r\n", b"x-a: b\r\n" * 1000)
    with Server(endless) as server, pytest.raises(APIConnectionError, match="broke the HTTP protocol"):
        caller(caller.client(server.url, timeout=5, max_retries=0).users.get, "u1")


class TestAddresses:
    """A name may have several; one that is of no use costs little."""

    def resolve(self, monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int]) -> None:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        found = [(*kind, address) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    def test_one_refuses(self, caller: Caller, monkeypatch: pytest.MonkeyPatch, refusing: str) -> None:
        with Server(answer(json=USER)) as server:
            closed = int(refusing.rpartition(":")[2])
            self.resolve(monkeypatch, ("127.0.0.1", closed), ("127.0.0.1", server.port))
            assert caller(caller.client("http://localhost").users.get, "u1").id == "u1"

    def test_all_refuse(self, caller: Caller, monkeypatch: pytest.MonkeyPatch, refusing: str) -> None:
        closed = int(refusing.rpartition(":")[2])
        self.resolve(monkeypatch, ("127.0.0.1", closed), ("127.0.0.2", closed))
        with pytest.raises(APIConnectionError, match="cannot connect") as caught:
            caller(caller.client("http://localhost", max_retries=0).users.get, "u1")
        assert not caught.value.sent


class TestTLS:
    def test_a_broken_off_call_closes_its_connection_at_once(self, caller: Caller, trusted: trustme.CA) -> None:
        """A server that does not answer does not say farewell either."""
        with Server(hang, tls=serving(trusted)) as server:
            with pytest.raises(APITimeoutError):
                caller(caller.client(server.url, timeout=0.2).users.get, "u1")
            server.wait_for(lambda server: server.open == 0)

    @pytest.mark.parametrize("alert", [b"\x15\x03\x03\x00\x02\x01\x00", b"\x16\x03\x03\x00\x7a"], ids=["end", "part"])
    def test_handshake_that_is_broken_off(self, caller: Caller, waits: list[float], alert: bytes) -> None:
        with Listener(says(alert)) as listener:
            with pytest.raises(APIConnectionError) as caught:
                caller(caller.client(listener.url).schedules.create, recipients=["u1"], workflow="flow")
            assert caught.value.attempts == listener.accepted == 3
        assert not caught.value.sent
        assert len(waits) == 2

    def test_close(self, caller: Caller, trusted: trustme.CA) -> None:
        with Server(after(0.02, answer(json=USER)), tls=serving(trusted)) as server:
            client = caller.client(server.url)
            caller.together([lambda: client.users.get("u1")] * 5)
            caller(client.close)
            server.wait_for(lambda server: server.open == 0)


class TestSecrets:
    def test_cancelled_call(self) -> None:
        """Its traceback goes through the library, whose variables hold the headers."""

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

    def test_messages_hold_no_id(self, caller: Caller) -> None:
        """The library's own tell the whole URL."""

        def talk(visitor: socket.socket) -> None:
            visitor.recv(65_536)
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        with Listener(talk) as listener:
            client = caller.client(listener.url.replace("https", "http"), max_retries=0)
            with pytest.raises(APIConnectionError) as caught:
                caller(client.users.update, "canary-id", name="x" * 20_000_000)
            assert "canary-id" not in str(caught.value)
            assert caught.value.sent
