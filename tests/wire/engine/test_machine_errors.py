"""Errors of the machine: whatever the system, TLS or Python raises comes out as one of this package's errors."""

from __future__ import annotations

import errno
import os
import re
import ssl
import sys
import traceback
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from knock_sdk import APIConnectionError, AsyncKnock, ConfigurationError, KnockError, OutcomeUnknownError
from tests.support.certificates import make_server_context
from tests.support.server import Server, respond

from ..caller import KEY, USER

if TYPE_CHECKING:
    from pathlib import Path

    from ..caller import Caller

SOCKET = "knock_sdk._core.sockets._QuietSocket"
STEPS = {
    "look-up": "socket.getaddrinfo",
    "socket": f"{SOCKET}.__init__",
    "non-blocking": f"{SOCKET}.setblocking",
    "option": f"{SOCKET}.setsockopt",
    "connect": f"{SOCKET}.connect_ex",
    "result of connect": f"{SOCKET}.getsockopt",
    "readiness": "knock_sdk._core.sockets.select.poll",
    "context": "knock_sdk._core.tls.ssl.create_default_context",
    "wrap": "ssl.SSLContext.wrap_socket",
    "handshake": "ssl.SSLSocket.do_handshake",
}
"""What is called until a request can be sent."""
WAITS = {
    "sync": {"wait": "knock_sdk._sync._concurrency.select.poll"},
    "asyncio": {
        "wait": "knock_sdk._async._concurrency.anyio.wait_writable",
        "watch": "asyncio.selector_events.BaseSelectorEventLoop.add_reader",
    },
    "trio": {"wait": "knock_sdk._async._concurrency.anyio.wait_writable"},
}
ERRORS: list[tuple[Exception, str]] = [
    (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), os.strerror(errno.EMFILE)),
    (OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS)), os.strerror(errno.ENOBUFS)),
    (OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH)), os.strerror(errno.ENETUNREACH)),
    (PermissionError(errno.EACCES, os.strerror(errno.EACCES)), os.strerror(errno.EACCES)),
    (TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)), os.strerror(errno.ETIMEDOUT)),
    (OSError("no number"), "OSError"),
    (ssl.SSLError(1, "[SSL: INTERNAL_ERROR] internal error"), "TLS|SSL"),
    (UnicodeError("label empty or too long"), "not a valid host name"),
    (RuntimeError("can't start new thread"), "can't start new thread"),
    (ImportError("No module named '_ssl'"), "No module named '_ssl'"),
    (ValueError("filedescriptor out of range in select()"), "filedescriptor out of range"),
]
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

    def fail(*_: Any, **__: Any) -> Any:
        calls.append(target)
        raise error

    monkeypatch.setattr(target, fail)
    return calls


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    authority = trustme.CA()
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.setattr("knock_sdk._core.tls._contexts", {})
    with Server(respond(json=USER, connection="close"), tls=make_server_context(authority)) as made:
        yield made


@pytest.mark.parametrize("raised_there", ERRORS, ids=IDS)
def test_an_error_before_the_request_is_sent(
    caller: Caller,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    waits: list[float],
    raised_there: tuple[Exception, str],
) -> None:
    """Whichever call raises it: nothing is sent, and the client works as soon as the call does."""
    error, text = raised_there
    client = caller.client(server.url, max_connections=1)
    for step, target in (STEPS | WAITS[caller.kind]).items():
        waits.clear()
        with monkeypatch.context() as patched:
            patched.setattr("knock_sdk._core.tls._contexts", {})
            calls = raise_from(patched, target, error)
            raised = create(caller, client)
        assert calls, f"{step} was not reached"
        assert server.requests == []
        assert re.search(text, str(raised)) or step == "context", step
        if isinstance(raised, APIConnectionError):
            assert type(raised) is APIConnectionError, step
            assert not raised.sent, step
            assert raised.attempts == len(waits) + 1
        else:
            assert (type(raised), step) == (ConfigurationError, "context")
        assert caller(client.users.get, "u1").response_info.attempts == 1, step
        server.requests.clear()


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
    sent = step == "recv"
    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, max_connections=1)
        assert caller(client.users.get, "u1").id == "u1"
        with monkeypatch.context() as patched:
            calls = raise_from(patched, f"{SOCKET}.{step}", error)
            raised = create(caller, client)
        assert calls
        assert isinstance(raised, OutcomeUnknownError if sent else APIConnectionError)
        assert raised.sent == sent
        server.wait_for(lambda server: server.open == 0)
        assert [received.method for received in server.requests] == ["GET", "POST"][: 1 + sent]
        assert caller(client.users.get, "u1").response_info.attempts == 1


@pytest.mark.parametrize("module", ["ssl", "certifi", "h11"])
def test_a_module_that_is_missing(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, waits: list[float], module: str
) -> None:
    """A Python without TLS, or an installation that has lost a dependency."""
    with Server(respond(100) if module == "h11" else respond(json=USER)) as server:
        client = caller.client(server.url if module == "h11" else f"https://127.0.0.1:{server.port}")
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        monkeypatch.setattr("knock_sdk._core.tls._contexts", {})
        if module == "ssl":
            monkeypatch.delitem(sys.modules, "knock_sdk._core.tls", raising=False)
            monkeypatch.delattr("knock_sdk._core.tls", raising=False)
        monkeypatch.setitem(sys.modules, module, None)
        raised = create(caller, client)
        assert module in str(raised)
        assert len(server.requests) == (module == "h11")
        assert waits == []


def test_an_asynchronous_client_outside_of_an_event_loop() -> None:
    call = AsyncKnock(api_key=KEY).users.get("u1")
    with pytest.raises(ConfigurationError, match="works in asyncio and trio only"):
        call.send(None)
    call.close()
