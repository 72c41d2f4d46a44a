"""Closing a client: calls that wait end at once, say what was sent, and send nothing any more."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from knock_sdk import APIConnectionError, AsyncKnock, OutcomeUnknownError
from tests.support.listener import Listener
from tests.support.server import SECONDS, Server, hang, respond, until

from ..caller import KEY, USER
from ..replies import echo
from .test_addresses import HOST, swallowing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..caller import Caller

SOON = 10.0
"""Seconds in which calls end that would wait for three times as long."""


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


def waiting_for_records(client: Any) -> int:
    """Return how many calls wait for their turn to write."""
    return sum(_waiting_in(locks) for locks in list(client._transport.record_locks._values.values()))


def waiting_for_slots(client: Any) -> int:
    """Return how many calls wait for a connection."""
    return sum(_waiting_in(pool.limiter) for pool in list(client._transport.engine._pools._values.values()))


def connecting(client: Any) -> int:
    """Return how many connections are being opened."""
    return sum(len(pool._connector.opening) for pool in list(client._transport.engine._pools._values.values()))


def _waiting_in(found: Any) -> int:
    if hasattr(found, "_limiter"):  # of threads: one limiter for all records
        return _waiting_in(found._limiter)
    if hasattr(found, "_locks"):  # of tasks: one for each
        return sum(_waiting_in(limiter) for limiter, _ in list(found._locks.values()))
    if hasattr(found, "_line"):
        return sum(wait is not None for _, wait in list(found._line.values()))
    return len(found._waiting)


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
            most = min(max_connections, 5)
            errors = closed_when(
                caller,
                client,
                lambda: connecting(client) == most and waiting_for_slots(client) == 5 - most,
                *[create] * 5,
            )
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
            errors = closed_when(
                caller, client, lambda: bool(server.requests) and waiting_for_records(client) == 3, *[update] * 4
            )
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
            waits = lambda: waiting_for_records(client) == 1  # noqa: E731
            first, second, closed = caller.together(
                [update, caller.when(arrived, update, ends), caller.when(waits, client.close)]
            )
            assert (first.id, closed) == ("u1", None)
            assert (second.sent, second.attempts, len(server.requests)) == (False, 0, 1)

    def test_a_call_that_waits_for_a_connection_ends(self, caller: Caller) -> None:
        with Server(hang) as server:
            client = caller.client(server.url, max_connections=1)
            create = partial(client.schedules.create, recipients=["u1"], workflow="flow")
            errors = closed_when(
                caller, client, lambda: bool(server.requests) and waiting_for_slots(client) == 4, *[create] * 5
            )
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


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_calls_of_other_event_loops_end_too(backend: str) -> None:
    with Server.by(
        lambda received: hang if received.path.endswith("hang") else respond(429, retry_after="30")
    ) as server:
        client = AsyncKnock(api_key=KEY, base_url=server.url)
        errors: list[Any] = []

        async def main() -> None:
            async with anyio.create_task_group() as group:
                for call in (partial(client.users.get, "wait"), partial(client.users.get, "hang")):
                    group.start_soon(attempt, call)

        async def attempt(call: Callable[[], Any]) -> None:
            try:
                await call()
            except APIConnectionError as error:
                errors.append(error)

        thread = threading.Thread(target=lambda: anyio.run(main, backend=backend))
        thread.start()
        server.wait_for(lambda server: len(server.requests) == 2)
        time.sleep(0.1)
        with soon():
            asyncio.run(client.close())
            thread.join(SECONDS)
        assert sorted(error.sent for error in errors) == [False, True]
        assert all("the client was closed meanwhile" in str(error) for error in errors)
        assert len(server.requests) == 2
