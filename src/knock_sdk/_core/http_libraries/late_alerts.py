"""Alerts of TLS that a broken connection has left unread.

In TLS 1.3 a server refuses a client's certificate when the handshake seems over, and closes the connection. What is
written then is answered by a reset, at which the streams of event loops break without a look at what came before it:
the reason.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

from ..wire.foreign_errors import names_of

_MOST = 65_536


class LateAlert:
    """Reads what a connection's stream has not, through a copy of its socket."""

    __slots__ = ("_incoming", "_socket", "_tls")

    def __init__(self, stream: Any) -> None:
        """Copy the socket of a stream of httpcore; do nothing for one over threads, which reads to the end itself."""
        inner = getattr(stream, "_stream", None)
        # The buffers that anyio and trio keep between socket and TLS; neither offers them.
        self._incoming: Any = getattr(inner, "_read_bio", None) or getattr(inner, "_incoming", None)
        self._tls: Any = None
        self._socket: socket.socket | None = None
        if self._incoming is not None:
            with suppress(OSError, ValueError, AttributeError):  # closed already, or no socket of the system
                self._tls = stream.get_extra_info("ssl_object")
                descriptor = stream.get_extra_info("socket").fileno()
                self._socket = socket.fromfd(descriptor, socket.AF_INET, socket.SOCK_STREAM)

    def read(self) -> OSError | None:
        """Return the error that the unread bytes stand for, if there is one."""
        if self._socket is None:
            return None
        try:
            self._incoming.write(self._socket.recv(_MOST))  # it does not wait: the copy shares that with the original
            self._tls.read(1)
        except Exception as error:  # noqa: BLE001 (any other says that there is nothing to read)
            return error if isinstance(error, OSError) and "SSLError" in names_of(error) else None
        return None

    def close(self) -> None:
        """Close the copy."""
        if self._socket is not None:
            self._socket.close()
