"""Streams: a connection's bytes, over a non-blocking socket of our own.

So one deadline can apply to any number of small reads, it is known whether a byte of a request was sent, and
connections of a dead event loop or of a parent process can be closed.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..._core.deadline import seconds_left
from ..._core.lifetime import closed
from ..._core.outcome import Failure
from ..._core.wire.sockets import is_ready
from ..._core.wire.system_errors import describe, is_alert, is_permanent, is_refusal, is_system_error
from .._concurrency import resolve, wait_either, wait_readable

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from ..._core.deadline import Deadline
    from ..._core.lifetime import Lifetime

_SIZE = 65536


class AsyncStream:
    """One connection, plain or TLS.

    Attributes:
        sock: the socket itself.
        written: number of bytes that were handed to the network.
    """

    __slots__ = ("__weakref__", "_blocked", "sock", "written")

    def __init__(self, sock: socket.socket) -> None:
        """Take over a connected, non-blocking socket."""
        self.sock = sock
        self._blocked = _blocked_errors(sock)
        self.written = 0

    def send(self, data: bytes | memoryview) -> int | None:
        """Hand bytes to the network; return how many it took, or None if the connection is broken."""
        try:
            count = self.sock.send(data)
        except self._blocked:
            return 0
        except OSError as error:
            if not is_system_error(error):
                raise
            return None
        self.written += count
        return count

    def receive(self, most: int = _SIZE) -> bytes | None:
        """Return the bytes that are there, none at the end, or None if more must be waited for."""
        try:
            return self.sock.recv(most)
        except self._blocked:
            return None
        except OSError as error:
            if not is_system_error(error):
                raise
            problem, permanent = describe(error), is_alert(error)
        raise Failure(problem, sent=True, permanent=permanent)

    async def read(self, deadline: Deadline, most: int = _SIZE) -> bytes:
        """Wait for bytes, and return those that are there; none at the end."""
        while True:
            left = seconds_left(deadline)
            # Checked first: a server that never makes the reader wait must not outlast the deadline either.
            if left == 0 or not await wait_readable(self.sock, left):
                raise timeout()
            data = self.receive(most)
            if data is not None:
                return data

    async def wait_either(self, deadline: Deadline) -> None:
        """Wait until there are bytes to read, or the network takes more."""
        left = seconds_left(deadline)
        if left == 0 or not await wait_either(self.sock, left):
            raise timeout()

    async def start_tls(self, context: ssl.SSLContext, host: str, deadline: Deadline) -> None:
        """Begin TLS on the connection."""
        import ssl

        try:
            # Wrapping detaches the plain socket, which then holds nothing to close.
            self.sock = wrapped = context.wrap_socket(self.sock, server_hostname=host, do_handshake_on_connect=False)
            self._blocked = _blocked_errors(wrapped)
            while True:
                try:
                    wrapped.do_handshake()
                except ssl.SSLWantReadError:
                    left = seconds_left(deadline)
                    if left == 0 or not await wait_readable(wrapped, left):
                        raise timeout("the TLS handshake took too long") from None
                except ssl.SSLWantWriteError:
                    await self.wait_either(deadline)
                else:
                    return
        except (OSError, ValueError) as error:  # ValueError: the socket was closed meanwhile
            if not is_system_error(error):
                raise
            problem, permanent = describe(error), is_refusal(error)
        raise Failure(problem, sent=False, permanent=permanent)

    def is_stale(self) -> bool:
        """Return whether an idle connection has bytes or its end to read: either means that it cannot be used."""
        return self.sock.fileno() < 0 or is_ready(self.sock)

    def interrupt(self) -> None:
        """End the reads and writes that wait here; the waiting callers close the connection."""
        with suppress(OSError):
            # Not the method of a TLS socket, which would take the TLS away under a reader in another thread.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket without waiting for anything, in whatever loop or process this runs."""
        try:
            self.sock.close()
        except OSError as error:  # it is closed all the same
            if not is_system_error(error):
                raise

    def detach(self) -> socket.socket:
        """Return the socket, which this stream then no longer owns."""
        sock = self.sock
        del self.sock
        return sock

    def __del__(self) -> None:
        """Close the socket of a connection that nothing refers to, such as that of an interrupted call."""
        if hasattr(self, "sock"):
            self.close()


async def look_up(host: str, port: int, deadline: Deadline, lifetime: Lifetime) -> Sequence[Any]:
    """Return the addresses of a host, at least one, as `getaddrinfo` does; raise `Failure` if there is none."""
    try:
        found = await resolve(host, port, seconds_left(deadline), lifetime)
    except Exception as error:
        if not is_system_error(error):
            raise
        problem, permanent = describe(error), is_permanent(error)
        raise Failure(f"cannot look up {host}: {problem}", sent=False, permanent=permanent) from None
    if lifetime.over:
        raise closed()
    if found is None:
        raise Failure(f"looking up {host} took too long", sent=False, timed_out=True)
    if not found:
        raise Failure(f"{host} has no address", sent=False)
    return found


def _blocked_errors(sock: socket.socket) -> tuple[type[OSError], ...]:
    """Return what a socket raises where it would have to wait."""
    if not hasattr(sock, "do_handshake"):
        return (BlockingIOError,)
    import ssl  # loaded for a plain socket by nobody

    return (ssl.SSLWantReadError, ssl.SSLWantWriteError)


def timeout(problem: str = "no complete answer in time") -> Failure:
    """Return the failure of a wait that has reached its deadline."""
    return Failure(problem, sent=True, timed_out=True)
