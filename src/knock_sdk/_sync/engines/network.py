# Derived from src/knock_sdk/_async/engines/network.py by `python -m codegen`; do not edit.
"""Sockets for the connection library: limits shared by many reads, bytes counted, closing without waiting.

A stream owns a plain non-blocking socket. So a deadline can apply to any number of small reads, it is known whether a
byte of a request was sent, and connections of a parent process can be closed.
"""

from __future__ import annotations

import os
import select
import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpcore
from typing_extensions import override

from ..._core.deadline import Deadline, seconds_left
from ..._core.secret import SecretBytes
from .._concurrency import resolve, sleep, wait_readable, wait_writable

if TYPE_CHECKING:
    from collections.abc import Iterable


NEXT_ADDRESS = 2.0
"""Seconds after which the next address of a host is tried."""

TOGETHER = 65536
"""Maximum number of bytes of a body that are sent together with the head."""

BROKEN_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""TLS errors that say nothing about certificate or version: the connection ended."""


class CertificateError(httpcore.ConnectError):
    """The server's certificate, or its TLS version, is refused: another attempt would end the same."""


class Stream(httpcore.NetworkStream):
    """One connection, plain or TLS."""

    def __init__(self, sock: socket.socket) -> None:
        """Take over a connected, non-blocking socket."""
        self._sock = sock
        self._head: SecretBytes | None = None
        self._reading = True
        self.written = 0
        self.received = 0

    @override
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return the bytes that are there, at least one; none at the end."""
        self._reading = True
        if self._head is not None:
            self.write(b"", timeout)
        while True:
            # Checked first: a server that never makes the reader wait must not outlast the deadline either.
            if seconds_left(timeout) == 0:
                raise httpcore.ReadTimeout("no complete answer in time")
            try:
                data = self._sock.recv(max_bytes)
            except (BlockingIOError, ssl.SSLWantReadError):
                ready = wait_readable(self._sock, seconds_left(timeout))
            except ssl.SSLWantWriteError:
                ready = wait_writable(self._sock, seconds_left(timeout))
            except OSError as error:
                raise httpcore.ReadError(describe(error)) from error
            else:
                self.received += len(data)
                return data
            if not ready:
                raise httpcore.ReadTimeout("no answer in time")

    @override
    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all bytes; the first ones, the head of a request, are held back and sent together with the body."""
        if self._reading:
            self._reading, self._head = False, SecretBytes(buffer)  # the key is in it
            return
        if self._head is not None:
            head, self._head = self._head, None
            if len(buffer) <= TOGETHER:
                buffer = SecretBytes(head + buffer)
            else:
                self._send(head, timeout)
        self._send(buffer, timeout)

    def _send(self, buffer: bytes, timeout: float | None) -> None:
        """Send bytes; ignore a broken connection: the server may have responded before, or the read fails."""
        view = memoryview(buffer)
        while view:
            try:
                count = self._sock.send(view)
            except (BlockingIOError, ssl.SSLWantWriteError):
                ready = wait_writable(self._sock, seconds_left(timeout))
            except ssl.SSLWantReadError:
                ready = wait_readable(self._sock, seconds_left(timeout))
            except OSError:
                return
            else:
                self.written += count
                view = view[count:]
                continue
            if not ready:
                raise httpcore.WriteTimeout("the server took no bytes in time")

    @override
    def close(self) -> None:
        """Close the socket."""
        self.abandon()

    def abandon(self) -> None:
        """Close the socket without waiting for anything, in whatever process this runs."""
        self._sock.close()

    def interrupt(self) -> None:
        """End the reads and writes that wait here; the waiting callers close the socket."""
        with suppress(OSError):
            # Not the method of a TLS socket, which would take the TLS away under a reader in another thread.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    @override
    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        """Return the same connection with TLS on it."""
        try:
            # Wrapping detaches the plain socket, which then holds nothing to close.
            self._sock = wrapped = ssl_context.wrap_socket(
                self._sock, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            while True:
                try:
                    wrapped.do_handshake()
                except ssl.SSLWantReadError:
                    ready = wait_readable(wrapped, seconds_left(timeout))
                except ssl.SSLWantWriteError:
                    ready = wait_writable(wrapped, seconds_left(timeout))
                else:
                    return self
                if not ready:
                    raise httpcore.ConnectTimeout("the TLS handshake took too long")
        except OSError as error:
            self.abandon()
            refused = isinstance(error, ssl.SSLError) and not isinstance(error, BROKEN_OFF)
            raise (CertificateError if refused else httpcore.ConnectError)(describe(error)) from error
        except BaseException:
            self.abandon()
            raise

    @override
    def get_extra_info(self, info: str) -> Any:
        """Return what the connection library asks for."""
        if info == "is_readable":
            return is_readable(self._sock)
        if info == "socket":
            return self._sock
        if info == "ssl_object":
            return self._sock if isinstance(self._sock, ssl.SSLSocket) else None
        return None


class Backend(httpcore.NetworkBackend):
    """Makes one connection, and has a reference to its stream."""

    def __init__(self) -> None:
        """Start without a connection."""
        self.stream: Stream | None = None

    @property
    def written(self) -> int:
        """Bytes that were handed to the network."""
        return self.stream.written if self.stream is not None else 0

    @property
    def received(self) -> int:
        """Bytes that came from the network."""
        return self.stream.received if self.stream is not None else 0

    def abandon(self) -> None:
        """Close the connection without waiting for anything."""
        if self.stream is not None:
            self.stream.abandon()

    def interrupt(self) -> None:
        """End the reads and writes that wait on the connection."""
        if self.stream is not None:
            self.stream.interrupt()

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        """Connect to the first address that accepts."""
        try:
            addresses = resolve(host, port, seconds_left(timeout))
        except OSError as error:
            raise httpcore.ConnectError(f"cannot look up {host}: {describe(error)}") from error
        if addresses is None:
            raise httpcore.ConnectTimeout(f"looking up {host} took too long")
        deadline = timeout if isinstance(timeout, Deadline) else Deadline.after(timeout)
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for place, (family, kind, protocol, _, address) in enumerate(addresses, start=1):
            # An address that never responds must leave time for the others.
            limit = deadline if place == len(addresses) else min(deadline, Deadline.after(NEXT_ADDRESS))
            try:
                self.stream = self._connect(family, kind, protocol, address, limit)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return self.stream
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def _connect(self, family: int, kind: int, protocol: int, address: Any, limit: Deadline) -> Stream:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                sock.connect(address)
            except BlockingIOError:
                if not wait_writable(sock, seconds_left(limit)):
                    raise httpcore.ConnectTimeout("no connection in time") from None
            if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(code, "")
        except OSError as error:
            sock.close()
            raise httpcore.ConnectError(f"cannot connect: {describe(error)}") from error
        except BaseException:
            sock.close()
            raise
        return Stream(sock)

    @override
    def sleep(self, seconds: float) -> None:
        """Wait."""
        sleep(seconds)


def is_readable(sock: socket.socket) -> bool:
    """Return whether an idle connection has bytes or its end to read: either means that it cannot be used."""
    if sock.fileno() < 0:
        return True
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    try:
        return poll_now(sock)
    except (OSError, ValueError):
        return True


def poll_now(sock: socket.socket) -> bool:
    """Return whether a read would return at once."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([sock], [], [], 0)[0])  # pragma: no cover (Windows has no poll)


def describe(error: OSError) -> str:
    """Return what went wrong, in the system's words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or type(error).__name__}"
    return error.strerror or (os.strerror(error.errno) if error.errno else type(error).__name__)
