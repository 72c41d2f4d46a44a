"""Closing a client: calls that wait end at once, say what was sent, and send nothing any more."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError, OutcomeUnknownError
from tests.support.listener import Listener
from tests.support.server import SECONDS, Server, hang, respond, until

from ..caller import USER
from ..replies import echo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..caller import Caller

HOST = "http://api.knock.example"
SOON = 10.0
"""Seconds in which calls end that would wait for three times as long."""


@contextmanager
def swallowing() -> Iterator[Any]:
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


@contextmanager
def soon() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < SOON


def closed_when(caller: Caller, client: Any, condition: Callable[[], bool], *calls: Callable[[], Any]) -> list[Any]:
    """Make calls, and close the client a moment after a condition has come true; return the errors of the calls."""
    with soon():
        *errors, closed = caller.together([*calls, caller.when(condition, client.close)])
    assert closed is None
    assert all("the client was closed meanwhile" in str(error) for error in errors), errors
    return errors


def a_write_waits(client: Any) -> bool:
    """Return whether a write waits for its record."""
    return any(_waits(locks) for locks in list(client._transport.record_locks._values.values()))


def _waits(locks: Any) -> bool:
    if hasattr(locks, "_limiter"):
        return any(wait is not None for _, wait in list(locks._limiter._line.values()))
    return any(lock._waiting for lock, _ in list(locks._locks.values()))


class TestBetweenAttempts:
    @pytest.mark.parametrize(("status", "sent"), [(429, False), (503, True)])
    def test_the_wait_ends_and_no_attempt_follows(self, caller: Caller, status: int, sent: bool) -> None:
        with Server(respond(status, retry_after="30")) as server:
            client = caller.client(server.url)
            get = partial(client.users.get, "u1")
            (error,) = closed_when(caller, client, lambda: bool(server.requests), get)
            assert type(error) is APIConnectionError
            assert (error.sent, error.attempts) == (sent, 1)
            time.sleep(0.1)
            assert len(server.requests) == 1

    def test_clients_of_with_options_end_too(self, caller: Caller) -> None:
        with Server(respond(429, retry_after="30")) as server:
            client = caller.client(server.url)
            get = partial(client.with_options(branch="b").users.get, "u1")
            (error,) = closed_when(caller, client, lambda: bool(server.requests), get)
            assert not error.sent

    def test_a_given_http_client_sends_no_further_attempt(self, caller: Caller) -> None:
        with Server(respond(429, retry_after="30")) as server:
            client = caller.client(server.url, http_client=caller.httpx())
            get = partial(client.users.get, "u1")
            (error,) = closed_when(caller, client, lambda: bool(server.requests), get)
            assert (error.sent, error.attempts, len(server.requests)) == (False, 1, 1)

    def test_its_tokens_go_back_to_the_budget(self, caller: Caller) -> None:
        with Server(respond(429, retry_after="30")) as server:
            client = caller.client(server.url)
            closed_when(caller, client, lambda: bool(server.requests), partial(client.users.get, "u1"))
            assert client._transport.budget.tokens == client._transport.budget.CAPACITY

    def test_the_client_can_be_used_again(self, caller: Caller) -> None:
        with Server(respond(429, retry_after="30"), respond(429, retry_after="0"), respond(json=USER)) as server:
            client = caller.client(server.url)
            closed_when(caller, client, lambda: bool(server.requests), partial(client.users.get, "u1"))
            assert caller(client.users.get, "u1").response_info.attempts == 2


class TestConnecting:
    @pytest.fixture
    def look_ups(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
        """Make look-ups wait for the end of the test; the list gets the hosts."""
        hosts: list[Any] = []
        ended = threading.Event()
        original = socket.getaddrinfo

        def look_up(host: Any, *args: Any, **named: Any) -> Any:
            if "knock.example" not in str(host):
                return original(host, *args, **named)
            if (named.get("flags") or (*args, 0)[4 if len(args) > 4 else -1]) & socket.AI_NUMERICHOST:
                raise socket.gaierror(socket.EAI_NONAME, "not a literal address")
            hosts.append(host)
            ended.wait(SECONDS)
            raise socket.gaierror(socket.EAI_NONAME, "nobody is there")

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        yield hosts
        ended.set()

    def test_a_look_up_ends(self, caller: Caller, look_ups: list[Any]) -> None:
        client = caller.client(HOST, allow_http=True)
        (error,) = closed_when(caller, client, lambda: bool(look_ups), partial(client.users.get, "u1"))
        assert (type(error), error.sent, len(look_ups)) == (APIConnectionError, False, 1)

    @pytest.mark.parametrize("max_connections", [1, 9])
    def test_an_attempt_to_connect_ends_and_so_do_those_that_wait_for_it(
        self, caller: Caller, max_connections: int
    ) -> None:
        with swallowing() as (host, port):
            client = caller.client(f"http://{host}:{port}", max_connections=max_connections)
            create = partial(client.schedules.create, recipients=["u1"], workflow="flow")
            errors = closed_when(caller, client, lambda: True, *[create] * 5)
            assert [(type(error), error.sent) for error in errors] == [(APIConnectionError, False)] * 5

    def test_a_handshake_ends(self, caller: Caller) -> None:
        with Listener(lambda connection: [None for _ in iter(lambda: connection.recv(1024), b"")]) as listener:
            client = caller.client(listener.url)
            create = partial(client.schedules.create, recipients=["u1"], workflow="flow")
            (error,) = closed_when(caller, client, lambda: listener.accepted > 0, create)
            assert (type(error), error.sent) == (APIConnectionError, False)


class TestInLine:
    def test_a_write_that_waits_for_its_record_ends(self, caller: Caller) -> None:
        with Server(hang) as server:
            client = caller.client(server.url)
            update = partial(client.users.update, "u1", name="Ian")
            errors = closed_when(caller, client, lambda: bool(server.requests), *[update] * 4)
            assert sorted((error.sent, error.attempts) for error in errors) == [(False, 0)] * 3 + [(True, 1)]
            time.sleep(0.1)
            assert len(server.requests) == 1

    def test_a_write_waits_no_longer_for_one_that_a_given_http_client_sends(self, caller: Caller) -> None:
        """The one that is being sent goes on to its end."""
        ends: list[Any] = []
        with Server(until(lambda: len(ends) > 0, respond(json=USER))) as server:
            client = caller.client(server.url, http_client=caller.httpx())
            update = partial(client.users.update, "u1", name="Ian")
            arrived = lambda: bool(server.requests)  # noqa: E731
            waits = lambda: a_write_waits(client)  # noqa: E731
            first, second, closed = caller.together(
                [update, caller.when(arrived, update, ends), caller.when(waits, client.close)]
            )
            assert (first.id, closed) == ("u1", None)
            assert (second.sent, second.attempts, len(server.requests)) == (False, 0, 1)

    def test_a_call_that_waits_for_a_connection_ends(self, caller: Caller) -> None:
        with Server(hang) as server:
            client = caller.client(server.url, max_connections=1)
            create = partial(client.schedules.create, recipients=["u1"], workflow="flow")
            errors = closed_when(caller, client, lambda: bool(server.requests), *[create] * 5)
            assert sorted((error.sent, type(error) is OutcomeUnknownError) for error in errors) == [
                *[(False, False)] * 4,
                (True, True),
            ]
            assert len(server.requests) == 1


@pytest.mark.parametrize("before", [True, False])
def test_a_client_that_is_closed_as_an_attempt_begins_sends_nothing(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    """The attempt would else make a new pool, since the client can be used again."""
    half = "_sync" if caller.kind == "sync" else "_async"
    original = import_module(f"knock_sdk.{half}.per_loop").PerLoop.get

    def close() -> None:
        closing = client.close()
        if caller.kind != "sync":
            with suppress(StopIteration):  # it does not wait
                closing.send(None)

    def get(self: Any) -> Any:
        if before:
            close()
        found = original(self)
        if not before:
            close()
        return found

    with Server.by(echo) as server:
        client = caller.client(server.url)
        assert caller(client.users.get, "u1").id == "u1"
        with monkeypatch.context() as patched:
            patched.setattr(f"knock_sdk.{half}.per_loop.PerLoop.get", get)
            with pytest.raises(APIConnectionError, match="the client was closed meanwhile") as caught:
                caller(client.users.get, "u2")
        assert (caught.value.sent, caught.value.attempts) == (False, 0)
        assert caller(client.users.get, "u3").id == "u3"
        assert [each.path[-2:] for each in server.requests] == ["u1", "u3"]
