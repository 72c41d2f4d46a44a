"""Sockets: what can be asked of them without waiting."""

from __future__ import annotations

import errno
import os
import select
import socket
from typing import Any

_UNDER_WAY = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK})


class _QuietSocket(socket.socket):
    """A socket that is closed without a warning if nothing refers to it, because its call was interrupted."""

    def __del__(self) -> None:
        if (descriptor := self.detach()) >= 0:
            socket.close(descriptor)


def is_ready(sock: socket.socket, *, to_write: bool = False) -> bool:
    """Return whether a read would return at once, or a write, which is so too if an attempt to connect has ended."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock, select.POLLOUT if to_write else select.POLLIN)
        return bool(poll.poll(0))
    writers = [sock] if to_write else []  # pragma: no cover (Windows has no poll)
    return any(select.select([] if to_write else [sock], writers, writers, 0))  # pragma: no cover


def begin_to_connect(found: Any) -> socket.socket:
    """Return a socket that connects to an element of `getaddrinfo`'s list; raise OSError if it cannot even begin."""
    family, kind, protocol, _, address = found
    sock = _QuietSocket(family, kind, protocol)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if (code := sock.connect_ex(address)) not in _UNDER_WAY:
            raise OSError(code, os.strerror(code))
    except BaseException:
        sock.close()
        raise
    return sock


def connect_error(sock: socket.socket) -> OSError | None:
    """Return what an attempt to connect ended with; None if the socket is connected."""
    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return OSError(code, os.strerror(code)) if code else None
