"""Errors of the machine: whatever the system, TLS or Python raises comes out as one of this package's errors."""

from __future__ import annotations

import errno
import os
import re
import sys
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError, AsyncKnock, ConfigurationError, KnockError, OutcomeUnknownError
from tests.support.listener import Listener
from tests.support.machine_errors import ERRORS, SOCKET, STEPS, WAITS, raising
from tests.support.server import Server, respond
from tests.support.tls_server import trusted_server

from ..caller import KEY, USER

if TYPE_CHECKING:
    from ..caller import Caller

IDS = [type(error).__name__ + str(getattr(error, "errno", None) or "") for error, _ in ERRORS]


def create(caller: Caller, client: Any) -> KnockError:
    """Create a schedule, a request that is not repeated once a byte of it was sent; return the error."""
    with pytest.raises(KnockError) as caught:
        caller(client.schedules.create, recipients=["u1"], workflow="flow")
    error = caught.value
    shown = "".join(traceback.format_exception(error))
    assert shown.count("Traceback") == 1, "an error of the machine is chained to it"
    assert KEY not in shown
    return error


def raise_from(monkeypatch: pytest.MonkeyPatch, target: str, error: Exception) -> list[str]:
    """Make a function raise an error; the list grows with each call."""
    calls: list[str] = []
    monkeypatch.setattr(target, raising(target, error, calls))
    return calls


@pytest.mark.parametrize(("error", "text"), ERRORS, ids=IDS)
def test_an_error_before_the_request_is_sent(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, waits: list[float], error: Exception, text: str
) -> None:
    """Whichever call raises it: nothing is sent, and the client works as soon as the call does."""
    with trusted_server() as (server, url):
        client = caller.client(url, max_connections=1)
        for step, target in (STEPS | WAITS[caller.kind]).items():
            waits.clear()
            server.requests = 0
            with monkeypatch.context() as patched, server.held():
                patched.setattr("knock_sdk._core.wire.tls._contexts", {})
                calls = raise_from(patched, target, error)
                raised = create(caller, client)
            assert calls, f"{step} was not reached"
            assert server.requests == 0, step
            if step == "context":
                assert type(raised) in (ConfigurationError, APIConnectionError)
            else:
                assert re.search(text, str(raised)), step
                assert type(raised) is APIConnectionError, step
                assert (raised.sent, raised.attempts) == (False, len(waits) + 1), step
            assert caller(client.users.get, "u1").response_info.attempts == 1, step


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), 3),
        (RuntimeError("can't start new thread"), 3),
        (UnicodeError("label empty or too long"), 1),
        (ImportError("No module named 'x'"), 1),
        (ValueError("embedded null character"), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_another_attempt_may_change_is_tried_again(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, waits: list[float], error: Exception, attempts: int
) -> None:
    client = caller.client("https://api.knock.example")
    raise_from(monkeypatch, "socket.getaddrinfo", error)
    raised = create(caller, client)
    assert isinstance(raised, APIConnectionError)
    assert "cannot look up api.knock.example" in str(raised)
    assert (raised.attempts, len(waits)) == (attempts, attempts - 1)


# A connection that breaks while it is written to is read to its end, so an `OSError` says nothing there.
USED = [("recv", error) for error, _ in ERRORS] + [("send", e) for e, _ in ERRORS if not isinstance(e, OSError)]


@pytest.mark.parametrize(("step", "error"), USED, ids=lambda value: getattr(value, "errno", None) or repr(value))
def test_an_error_while_a_connection_is_used(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, waits: list[float], step: str, error: Exception
) -> None:
    """First a new one, then one that was used before."""
    sent = step == "recv"
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, max_connections=1)
        for _ in range(2):
            server.requests.clear()
            with monkeypatch.context() as patched:
                calls = raise_from(patched, f"{SOCKET}.{step}", error)
                raised = create(caller, client)
            assert calls
            assert isinstance(raised, OutcomeUnknownError if sent else APIConnectionError)
            assert raised.sent == sent
            server.wait_for(lambda server: server.open == 0)
            assert len(server.requests) <= sent  # the connection may be reset before the server has read it
            assert caller(client.users.get, "u1").response_info.attempts == 1


@pytest.mark.parametrize("module", ["ssl", "certifi"])
def test_tls_without_a_module(caller: Caller, monkeypatch: pytest.MonkeyPatch, waits: list[float], module: str) -> None:
    """A Python without TLS, or an installation that has lost a dependency."""
    heard: list[bytes] = []
    with Listener(lambda connection: heard.append(connection.recv(1))) as server:
        client = caller.client(server.url)
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        monkeypatch.setattr("knock_sdk._core.wire.tls._contexts", {})
        if module == "ssl":
            monkeypatch.delitem(sys.modules, "knock_sdk._core.wire.tls", raising=False)
            monkeypatch.delattr("knock_sdk._core.wire.tls", raising=False)
        monkeypatch.setitem(sys.modules, module, None)
        raised = create(caller, client)
    assert module in str(raised)
    assert not getattr(raised, "sent", False)
    assert heard == [b""] * server.accepted
    assert waits == []


def test_a_response_that_is_left_to_a_missing_module(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(respond(100)) as server:
        client = caller.client(server.url)
        monkeypatch.delitem(sys.modules, "knock_sdk._core.wire.http1_odd", raising=False)
        monkeypatch.setitem(sys.modules, "h11", None)
        raised = create(caller, client)
        assert isinstance(raised, OutcomeUnknownError)
        assert "h11" in str(raised)
        assert len(server.requests) == 1


def test_an_asynchronous_client_outside_of_an_event_loop() -> None:
    call = AsyncKnock(api_key=KEY).users.get("u1")
    with pytest.raises(ConfigurationError, match="works in asyncio and trio only"):
        call.send(None)
    call.close()
