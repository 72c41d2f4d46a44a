"""Time limits: `timeout` bounds a call whatever the server does, and `attempt_timeout` one attempt."""

from __future__ import annotations

import json
import socket
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APITimeoutError, OutcomeUnknownError, RateLimitError
from tests.support.server import SECONDS, Server, after, drip, flood, hang, head, message, respond, until

from .caller import USER
from .running import ends_after

if TYPE_CHECKING:
    from tests.support.server import Received, Reply

    from .caller import Caller

LIMIT = 0.4
LONG = message(json={**USER, "name": "x" * 600}, x_long="x" * 600)
"""A response whose head, and whose body, take longer than the limit if they arrive in small chunks."""
CHUNKED = head(200, {"transfer-encoding": "chunked"}, length=None)

SLOW = {
    "hang": hang,
    "slow head": drip(LONG),
    "slow body": drip(LONG, at_once=LONG.index(b"\r\n\r\n") + 5),
    "slow chunks": drip(CHUNKED + b"1\r\n \r\n" * 1000, at_once=len(CHUNKED)),
    "endless 100 continue": flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "endless small chunks": flood(CHUNKED, b"1\r\n \r\n"),
}


@pytest.mark.parametrize("reply", SLOW.values(), ids=SLOW)
def test_an_incomplete_response_times_out(caller: Caller, reply: Reply) -> None:
    with Server(reply) as server:
        client = caller.client(server.url, timeout=LIMIT)
        with ends_after(LIMIT), pytest.raises(APITimeoutError) as caught:
            caller(client.users.get, "u1")
        assert caught.value.sent
        assert caught.value.attempts == len(server.requests) == 1
        server.wait_for(lambda server: server.open == 0)


def test_a_call_can_have_its_own_timeout(caller: Caller) -> None:
    with Server(hang) as server:
        client = caller.client(server.url)
        with ends_after(LIMIT), pytest.raises(APITimeoutError):
            caller(client.users.get, "u1", timeout=LIMIT)


def test_a_timeout_of_an_unrepeatable_request_is_an_unknown_outcome(caller: Caller) -> None:
    with Server(hang) as server:
        with ends_after(LIMIT), pytest.raises(OutcomeUnknownError):
            caller(caller.client(server.url, timeout=LIMIT).schedules.create, recipients=["u1"], workflow="flow")
        assert len(server.requests) == 1


def test_a_server_that_reads_nothing_times_out(caller: Caller) -> None:
    """The server neither reads nor closes, so that sending stops in the middle of the body."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        client = caller.client(f"http://127.0.0.1:{deaf.getsockname()[1]}", timeout=LIMIT)
        with ends_after(LIMIT), pytest.raises(APITimeoutError) as caught:
            caller(client.put, "/v1/x", body="x" * 20_000_000)
        assert caught.value.sent


def test_timeouts_can_be_disabled(caller: Caller) -> None:
    with Server(after(0.2, respond(json=USER))) as server:
        client = caller.client(server.url, timeout=None, attempt_timeout=None)
        assert caller(client.users.get, "u1").id == "u1"


def test_the_longest_timeout_is_accepted(caller: Caller) -> None:
    """The functions of the operating system accept it."""
    with Server(after(0.05, respond(json=USER))) as server:
        client = caller.client(server.url, timeout=1e6, attempt_timeout=1e6)
        assert caller(client.users.get, "u1").id == "u1"


def test_an_attempt_that_times_out_is_retried(caller: Caller) -> None:
    """An attempt that takes too long is given up, and the next one may succeed."""
    with Server(hang, hang, respond(json=USER)) as server:
        client = caller.client(server.url, attempt_timeout=0.2, max_retries=9)
        with ends_after(0.4):
            # More if the machine is so busy that an attempt is over before the server has read its request.
            assert caller(client.users.get, "u1").response_info.attempts >= 3


def test_the_timeout_covers_all_attempts(caller: Caller) -> None:
    with Server(hang) as server:
        client = caller.client(server.url, timeout=1.0, attempt_timeout=0.2, max_retries=9)
        with ends_after(0.8), pytest.raises(APITimeoutError) as caught:
            caller(client.users.get, "u1")
        # An attempt may end before the server has read its request: the last one, or any on a busy machine.
        assert caught.value.attempts >= 2
        assert 1 <= len(server.requests) <= caught.value.attempts


def test_waiting_for_a_connection_counts_towards_the_timeout(caller: Caller) -> None:
    """Time in the queue counts; a request that never left it was not sent."""
    ended: list[object] = []
    with Server(until(lambda: len(ended) == 2, respond(json=USER))) as server:
        client = caller.client(server.url, max_connections=1, max_retries=0)
        holding = partial(client.users.get, "u1")
        waiting = caller.when(lambda: bool(server.requests), partial(client.users.get, "u2", timeout=LIMIT), ended)
        held, *errors = caller.together([holding, waiting, waiting])
        assert held.id == "u1"
        assert [type(error) for error in errors] == [APITimeoutError] * 2
        assert [error.sent for error in errors] == [False, False]
        assert len(server.requests) == 1


def test_a_slow_name_lookup_times_out(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lookup cannot be cancelled; the call ends nevertheless, and nothing is sent after the lookup."""
    started, finish = threading.Event(), threading.Event()
    original = socket.getaddrinfo

    def slow(host: Any, *args: Any, **named: Any) -> Any:
        # Before it starts a thread, trio checks whether the name is an address.
        numeric = named.get("flags", [*args, 0, 0, 0, 0, 0][4]) & socket.AI_NUMERICHOST
        if host in ("slow.example", b"slow.example") and not numeric:
            started.set()
            finish.wait(SECONDS)
            host = "127.0.0.1"
        return original(host, *args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with Server(respond(json=USER)) as server:
        try:
            client = caller.client(f"http://slow.example:{server.port}", allow_http=True)
            with pytest.raises(APITimeoutError) as caught:
                caller(client.users.get, "u1", timeout=LIMIT)
            assert not caught.value.sent
        finally:
            finish.set()
        assert caller(client.users.get, "u1").id == "u1"
        assert started.is_set()
        assert server.accepted == len(server.requests) == 1


def test_a_retry_after_beyond_the_deadline_is_raised_at_once(caller: Caller, waits: list[float]) -> None:
    with Server(respond(429, retry_after="50")) as server:
        with pytest.raises(RateLimitError) as caught:
            caller(caller.client(server.url, timeout=40).users.get, "u1")
        assert caught.value.retry_after == 50
        assert len(server.requests) == 1
        assert waits == []


def test_a_slow_response_within_the_timeout_is_returned(caller: Caller) -> None:
    with Server(drip(message(json=USER), every=0.0)) as server:
        client = caller.client(server.url, timeout=10)
        assert json.loads(caller(client.users.get, "u1").model_dump_json(exclude_unset=True))["id"] == "u1"


def test_a_timeout_closes_only_its_own_connection(caller: Caller) -> None:
    def pick(received: Received) -> Reply:
        return hang if received.path.endswith("/slow") else respond(json=USER)

    with Server.by(pick) as server:
        client = caller.client(server.url)
        caller(client.users.get, "u1")
        results = caller.together([lambda: client.users.get("slow", timeout=LIMIT), lambda: client.users.get("u1")])
        assert isinstance(results[0], APITimeoutError)
        assert caller(client.users.get, "u1").id == "u1"
        server.wait_for(lambda server: server.open == 1)
        assert server.accepted == 2
