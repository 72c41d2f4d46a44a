"""Requests that take long to write: a response that comes before their end counts, and so does the deadline."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError, APITimeoutError, AuthenticationError, OutcomeUnknownError
from tests.support.listener import Listener
from tests.support.server import SECONDS, message

from ..running import ends_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..caller import Caller
    from ..proxied import Certified

LARGE = {"text": "x" * 9_000_000}


def read_head(connection: socket.socket) -> int:
    """Read a request up to the end of its head, and perhaps the start of its body; return how many bytes follow."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(1024)
    head, _, body = read.partition(b"\r\n\r\n")
    return int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]) - len(body)


@pytest.fixture
def done() -> Iterator[threading.Event]:
    """Provide an event that is set at the end of the test: until then the server keeps its connection."""
    event = threading.Event()
    yield event
    event.set()


def reply_to_head(done: threading.Event, *responses: bytes) -> Callable[[socket.socket], None]:
    """Respond to the head of a request, and read no further."""

    def talk(connection: socket.socket) -> None:
        read_head(connection)
        for response in responses:
            connection.sendall(response)
        done.wait(SECONDS)

    return talk


def url_of(listener: Listener) -> str:
    return listener.url.replace("https", "http")


def trigger(caller: Caller, listener: Listener, **options: Any) -> Any:
    client = caller.client(url_of(listener), max_retries=0, **options)
    return caller(client.workflows.trigger, "flow", recipients=["u1"], data=LARGE)


def test_an_early_error_ends_the_writing(caller: Caller, done: threading.Event) -> None:
    refusal = message(401, json={"message": "no such key"}, connection="close")
    with Listener(reply_to_head(done, refusal)) as listener:
        with pytest.raises(AuthenticationError, match="no such key"):
            trigger(caller, listener, attempt_timeout=20)
        done.set()


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
def test_an_early_error_is_read_although_the_server_resets_the_connection(
    caller: Caller, certified: Certified, *, secure: bool
) -> None:
    """It closes the connection without reading the rest, as servers do. What has arrived can still be read."""
    context = certified("127.0.0.1")
    refusal = message(401, json={"message": "no such key"}, connection="close")

    def talk(connection: socket.socket) -> None:
        # Without it, the system itself may keep a response back, and drop it when it resets the connection.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with context.wrap_socket(connection, server_side=True) if secure else connection as used:
            read_head(used)
            used.sendall(refusal)

    with Listener(talk) as listener:
        client = caller.client(listener.url if secure else url_of(listener), max_retries=0)
        for _ in range(8):
            with pytest.raises(AuthenticationError, match="no such key"):
                caller(client.workflows.trigger, "flow", recipients=["u1"], data=LARGE)
    assert listener.accepted == 8


def test_an_early_success_ends_the_writing_and_the_connection(caller: Caller, done: threading.Event) -> None:
    """What was not written would be read as the start of the next request."""
    success = message(json={"workflow_run_id": "r1"})
    with Listener(reply_to_head(done, success)) as listener:
        client = caller.client(url_of(listener))
        data = {"recipients": ["u1"], "data": LARGE}
        assert caller(client.workflows.trigger, "flow", **data).workflow_run_id == "r1"
        done.set()
        assert caller(client.workflows.trigger, "flow", **data).workflow_run_id == "r1"
        assert listener.accepted == 2


def test_an_informational_response_does_not_end_the_writing(caller: Caller) -> None:
    def talk(connection: socket.socket) -> None:
        left = read_head(connection)
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n")
        while left:
            received = len(connection.recv(1_000_000))
            assert received
            left -= received
        connection.sendall(message(json={"workflow_run_id": "r1"}))

    with Listener(talk) as listener:
        assert trigger(caller, listener).workflow_run_id == "r1"


def test_a_response_that_follows_a_part_of_the_body_is_read_to_its_end(caller: Caller, done: threading.Event) -> None:
    refusal = message(401, json={"message": "no such key " + "y" * 300_000})
    with Listener(reply_to_head(done, refusal[:50], refusal[50:60], refusal[60:])) as listener:
        with pytest.raises(AuthenticationError, match="no such key yyy"):
            trigger(caller, listener, attempt_timeout=20)
        done.set()


def test_a_server_that_ends_the_connection_meanwhile_is_reported(caller: Caller) -> None:
    def talk(connection: socket.socket) -> None:
        read_head(connection)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1024)

    with Listener(talk) as listener:
        with pytest.raises(APIConnectionError, match="closed the connection without a response, before") as caught:
            trigger(caller, listener)
        assert caught.value.sent


def test_a_server_that_reads_nothing_times_out(caller: Caller, done: threading.Event) -> None:
    with Listener(reply_to_head(done)) as listener:
        with ends_after(0.3), pytest.raises(APITimeoutError) as caught:
            trigger(caller, listener, timeout=0.3)
        assert caught.value.sent
        client = caller.client(url_of(listener), timeout=0.3)
        done.set()
        with pytest.raises(OutcomeUnknownError):
            caller(client.schedules.create, recipients=["u1"], workflow="flow", data=LARGE)
