"""Exceptions that a signal's handler raises inside a call of the sync client: they leave nothing behind.

Celery's soft time limit and Ctrl-C are such. A place in the pool, the order of a record's writes, and a connection must
each be free again, wherever the exception strikes.
"""

from __future__ import annotations

import random
import signal
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import Knock
from tests.support.interrupts import interrupt
from tests.support.server import Server, after, respond

from ..caller import KEY, USER

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

CALLS: dict[str, Callable[[Knock], Any]] = {
    "get": lambda client: client.users.get("u1"),
    "put": lambda client: client.users.update("u1", name="x"),
    "trigger": lambda client: client.workflows.trigger("flow", recipients=["u1"], data={"text": "x" * 100_000}),
}


class Strike(BaseException):
    """What the handler raises."""


def strike_at(number: int, call: Callable[[], object], within: str = "knock_sdk") -> str | None:
    """Raise Strike before the n-th line of some files that a call executes; return where, None if it has no more."""
    lines = 0
    place: str | None = None

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal lines, place
        if within not in frame.f_code.co_filename:
            return None
        if event == "line":
            lines += 1
            if lines == number:
                sys.settrace(None)
                place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
                raise Strike
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    except Strike:
        pass
    finally:
        sys.settrace(before)
    return place


def assert_at_rest(client: Knock, place: str | None) -> None:
    """Check that nothing is taken, and that no connection is open but the idle ones."""
    engine: Any = client._transport.engine
    (pool,) = engine._pools._values.values()
    assert not pool.limiter._line, place
    assert set(pool.connections()) == set(pool._idle), place
    assert not client._transport.record_locks.get()._limiter._line, place


@pytest.mark.parametrize("connected", [False, True], ids=["new connection", "kept connection"])
@pytest.mark.parametrize("name", CALLS)
def test_no_line_of_a_call_leaves_anything_behind(name: str, *, connected: bool) -> None:
    """The client has one connection, so that a second call would wait for ever for what the first one took."""
    call = CALLS[name]
    with Server.by(
        lambda received: respond(json={"workflow_run_id": "r1"} if "flow" in received.path else USER)
    ) as server:
        number, place = 0, ""
        while place is not None:
            number += 1
            with Knock(api_key=KEY, base_url=server.url, max_connections=1, timeout=5) as client:
                if connected:
                    call(client)
                place = strike_at(number, partial(call, client))
                if connected:
                    assert_at_rest(client, place)
                call(client)
                assert_at_rest(client, place)
        assert number > 250
        server.wait_for(lambda server: server.open == 0)


@pytest.mark.usefixtures("waits")
def test_no_line_of_a_retried_call_leaves_anything_behind() -> None:
    with Server.by(lambda received: respond(503 if received.number % 2 else 200, json=USER)) as server:
        number, place = 0, ""
        while place is not None:
            number += 1
            with Knock(api_key=KEY, base_url=server.url, max_connections=1, timeout=5) as client:
                place = strike_at(number, partial(client.users.update, "u1", name="x"))
                for _ in range(2):
                    assert client.users.get("u1").id == "u1"
                assert_at_rest(client, place)


@pytest.mark.parametrize("name", ["get", "put"])
def test_no_line_of_a_call_that_waits_leaves_anything_behind(name: str) -> None:
    """It waits for the only connection, or for an earlier write to the same record."""
    call = CALLS[name]
    with Server.by(lambda _: after(0.08, respond(json=USER))) as server:
        number, place = 0, ""
        while place is not None:
            number += 1
            with Knock(api_key=KEY, base_url=server.url, max_connections=1) as client:
                first = threading.Thread(target=call, args=(client,))
                first.start()
                time.sleep(0.005)
                place = strike_at(number, partial(call, client), "_sync/_concurrency.py")
                first.join()
                call(client)
                assert_at_rest(client, place)
        assert number > 30


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a timer that raises a signal")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_interrupts_at_random_leave_nothing_behind() -> None:
    """`python -m tests.faults` does this a hundred thousand times.

    An exception that strikes in a finaliser or in the callback of a weak reference is printed and lost, which no code
    can change: then the call goes on.
    """
    with Server(respond(json={"workflow_run_id": "r1"})) as server:
        with Knock(api_key=KEY, base_url=server.url, max_connections=2, timeout=5) as client:
            outcome = interrupt(client, 2_000, random.Random(1))
            assert outcome.interrupted == 2_000
            assert outcome.failed == []
            assert_at_rest(client, None)
            assert client.workflows.trigger("flow", recipients=["u1"]).workflow_run_id == "r1"
        server.wait_for(lambda server: server.open == 0)
