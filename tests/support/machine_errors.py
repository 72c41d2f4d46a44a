"""Errors of the machine, and the calls of the system and of Python that may raise them where a connection is made."""

from __future__ import annotations

import errno
import os
import ssl
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SOCKET = "knock_sdk._core.wire.sockets._QuietSocket"
STEPS = {
    "look-up": "socket.getaddrinfo",
    "socket": f"{SOCKET}.__init__",
    "non-blocking": f"{SOCKET}.setblocking",
    "option": f"{SOCKET}.setsockopt",
    "connect": f"{SOCKET}.connect_ex",
    "result of connect": f"{SOCKET}.getsockopt",
    "readiness": "knock_sdk._core.wire.sockets.select.poll",
    "context": "knock_sdk._core.wire.tls.ssl.create_default_context",
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
"""What is called besides, to wait, by the kind of client."""


def of_the_system(number: int, kind: type[OSError] = OSError) -> tuple[Exception, str]:
    """Return an error of the system, and its text."""
    return kind(number, os.strerror(number)), os.strerror(number)


ERRORS: list[tuple[Exception, str]] = [
    of_the_system(errno.EMFILE),
    of_the_system(errno.ENOBUFS),
    of_the_system(errno.ENETUNREACH),
    of_the_system(errno.EACCES, PermissionError),
    of_the_system(errno.ETIMEDOUT, TimeoutError),
    (OSError("no number"), "OSError"),
    (ssl.SSLError(1, "[SSL: INTERNAL_ERROR] internal error"), "TLS|SSL"),
    (UnicodeError("label empty or too long"), "not a valid host name"),
    (RuntimeError("can't start new thread"), "can't start new thread"),
    (ImportError("No module named '_ssl'"), "No module named '_ssl'"),
    (ValueError("filedescriptor out of range in select()"), "filedescriptor out of range"),
]
"""Each with an expression for what an error of the client says of it."""


def raising(target: str, error: Exception, calls: list[str]) -> Callable[..., Any]:
    """Return what to put in place of a function: it raises the error for clients, and adds the call to a list."""
    original: Callable[..., Any] = resolve_name(target)

    def fail(*arguments: Any, **named: Any) -> Any:
        # A server in another thread uses the same functions.
        if named.get("server_side") or getattr(next(iter(arguments), None), "server_side", False):
            return original(*arguments, **named)
        calls.append(target)
        raise error

    return fail
