"""Connecting to a host with several addresses: one that works is found soon, and nothing is written too late."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError, APITimeoutError
from knock_sdk._core.wire.addresses import in_order
from tests.support.server import Server, respond

from ..caller import USER
from ..running import ends_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..caller import Caller

HOST = "http://api.knock.example"
KIND = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
KIND_6 = (socket.AF_INET6, socket.SOCK_STREAM, 0, "")


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Provide the list of addresses that every host has."""
    addresses: list[Any] = []
    original = socket.getaddrinfo

    def look_up(host: Any, *args: Any, **named: Any) -> Any:
        if host in ("api.knock.example", b"api.knock.example"):
            if named.get("flags", 0) & socket.AI_NUMERICHOST:
                raise socket.gaierror(socket.EAI_NONAME, "not a literal address")
            return list(addresses)
        return original(host, *args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return addresses


@contextmanager
def swallowing() -> Iterator[tuple[str, int]]:
    """Listen at an address whose queue is full, so that attempts to connect get no response."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()


def client_of(caller: Caller, **options: Any) -> Any:
    return caller.client(HOST, allow_http=True, **options)


def test_the_next_address_is_tried_if_one_refuses(caller: Caller, resolved: list[Any]) -> None:
    with socket.socket() as closed, Server(respond(json=USER)) as server:
        closed.bind(("127.0.0.1", 0))
        resolved[:] = [(*KIND, closed.getsockname()), (*KIND, ("127.0.0.1", server.port))]
        assert caller(client_of(caller).users.get, "u1").id == "u1"


def test_the_next_address_is_tried_beside_one_that_does_not_respond(caller: Caller, resolved: list[Any]) -> None:
    """Nor is it tried first the next time."""
    with swallowing() as silent, Server(respond(json=USER, connection="close")) as server:
        resolved[:] = [(*KIND, silent), (*KIND, ("127.0.0.1", server.port))]
        client = client_of(caller)
        seconds = []
        for _ in range(3):
            started = time.monotonic()
            assert caller(client.users.get, "u1").response_info.attempts == 1
            seconds.append(time.monotonic() - started)
        assert seconds[0] > 0.2
        assert min(seconds[1:]) < 0.2
        assert server.accepted == 3


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_address_of_a_family_that_the_system_lacks_is_skipped(
    caller: Caller, resolved: list[Any], monkeypatch: pytest.MonkeyPatch, order: tuple[int, int]
) -> None:
    original = socket.socket.__init__

    def without_ipv6(self: socket.socket, family: int = -1, *args: Any, **named: Any) -> None:
        if family == socket.AF_INET6:
            raise OSError(97, "Address family not supported by protocol")
        original(self, family, *args, **named)

    with Server(respond(json=USER)) as server:
        found = [(*KIND_6, ("::1", server.port, 0, 0)), (*KIND, ("127.0.0.1", server.port))]
        resolved[:] = [found[index] for index in order]
        client = client_of(caller)
        monkeypatch.setattr(socket.socket, "__init__", without_ipv6)
        assert caller(client.users.get, "u1").response_info.attempts == 1


def test_a_host_without_a_usable_address_is_a_connection_error(
    caller: Caller, resolved: list[Any], monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    def fail(*_: Any) -> Any:
        raise OSError(97, "Address family not supported by protocol")

    resolved[:] = [(*KIND_6, ("::1", 1, 0, 0))]
    client = client_of(caller)
    with monkeypatch.context() as patched:
        for half in ("_sync", "_async"):
            patched.setattr(f"knock_sdk.{half}.engines.connector.begin_to_connect", fail)
        with pytest.raises(APIConnectionError, match="Address family not supported") as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
    assert (caught.value.sent, caught.value.attempts, len(waits)) == (False, 3, 2)


def test_nothing_is_written_after_the_deadline(caller: Caller, resolved: list[Any]) -> None:
    """The second address could still be reached when the time of the call is over."""
    with swallowing() as silent, Server(respond(json=[])) as server:
        resolved[:] = [(*KIND, silent), (*KIND, silent), (*KIND, ("127.0.0.1", server.port))]
        client = client_of(caller, timeout=0.15)
        with ends_after(0.15), pytest.raises(APITimeoutError) as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
        assert not caught.value.sent
        assert server.requests == []


def test_an_attempt_that_connects_to_nobody_was_not_sent(
    caller: Caller, resolved: list[Any], waits: list[float]
) -> None:
    with swallowing() as silent:
        resolved[:] = [(*KIND, silent)]
        client = client_of(caller, attempt_timeout=0.15)
        with pytest.raises(APITimeoutError) as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
    assert (caught.value.sent, caught.value.attempts, len(waits)) == (False, 3, 2)


def test_a_host_without_addresses_is_a_connection_error(caller: Caller, resolved: list[Any]) -> None:
    resolved[:] = []
    with pytest.raises(APIConnectionError, match="has no address") as caught:
        caller(client_of(caller, max_retries=0).users.get, "u1")
    assert not caught.value.sent


class TestWithoutThreads:
    """Where no thread can be started, such as while the interpreter ends."""

    def test_a_name_is_looked_up_in_the_thread_of_the_caller(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Server(respond(json=USER)) as server:
            client = caller.client(f"http://localhost:{server.port}")
            original = threading.Thread.start
            failed = []

            def start(thread: threading.Thread) -> None:
                if "knock" in thread.name or "asyncio" in thread.name or "Trio" in thread.name:
                    failed.append(thread.name)
                    raise RuntimeError("can't start new thread")
                original(thread)

            monkeypatch.setattr(threading.Thread, "start", start)
            if caller.kind == "trio":
                pytest.skip("trio starts its threads without the threading module")
            assert caller(client.users.get, "u1").id == "u1"
            assert len(failed) == 1

    def test_a_literal_address_needs_no_thread(self, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: Any) -> Any:
            raise AssertionError("a thread was asked for")

        with Server(respond(json=USER)) as server:
            client = caller.client(server.url)
            monkeypatch.setattr("knock_sdk._sync._concurrency.threading.Thread", fail)
            monkeypatch.setattr("knock_sdk._async._concurrency.anyio.getaddrinfo", fail)
            assert caller(client.users.get, "u1").id == "u1"


@pytest.mark.parametrize("error", [UnicodeError("label empty or too long"), OSError(5, "Input/output error")])
def test_any_failure_of_a_look_up_reaches_the_caller(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def look_up(*_: Any, **named: Any) -> Any:
        raise socket.gaierror(8, "x") if named.get("flags") else error

    client = caller.client(HOST, allow_http=True, max_retries=0)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(APIConnectionError, match=r"cannot look up api\.knock\.example") as caught:
        caller(client.users.get, "u1")
    assert not caught.value.sent


class TestOrder:
    A, B, C = ((socket.AF_INET6, 1, 6, "", (name, 443, 0, 0)) for name in ("a", "b", "c"))
    X, Y = ((socket.AF_INET, 1, 6, "", (name, 443)) for name in ("x", "y"))

    def test_families_take_turns(self) -> None:
        assert in_order([self.A, self.B, self.C, self.X, self.Y], None) == [self.A, self.X, self.B, self.Y, self.C]
        assert in_order([self.X, self.Y, self.A], None) == [self.X, self.A, self.Y]

    def test_the_one_that_worked_last_comes_first(self) -> None:
        assert in_order([self.A, self.B, self.X], self.X) == [self.X, self.A, self.B]
        assert in_order([self.A, self.B], self.X) == [self.A, self.B]

    def test_each_is_tried_once(self) -> None:
        assert in_order([self.A, self.A, self.X], None) == [self.A, self.X]
