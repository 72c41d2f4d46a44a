"""How far an attempt through httpx got, and its end in time, by the events of httpx's `trace` extension."""

from __future__ import annotations

import os
import socket
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..deadline import seconds_left
from ..type_guards import is_object
from .late_alerts import LateAlert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..deadline import Deadline

_SHORTEST = 0.001
"""Seconds that a step gets at the deadline: httpx takes 0 for a socket that never waits."""

_SENDING = frozenset({"connect_tcp.started", "connect_unix_socket.started", "send_request_headers.started"})
"""Steps to a request that nothing follows if they do not begin."""


class Progress:
    """Told by an HTTP client how far an attempt got; holds each of its steps to the deadline.

    A thread cannot be interrupted, and httpx limits each step on its own, so that all together may take several times
    as long as an attempt.

    Attributes:
        deadline: the end of the attempt.
        known: whether `sent` can be relied upon: mock transports and stand-ins may tell nothing.
        earlier: the exception that is being handled meanwhile, which is not one of the attempt.
        tunnel: the connection to a SOCKS proxy while both agree; httpcore does not close it if they do not.
    """

    __slots__ = (
        "_alert",
        "_heard",
        "_is_left",
        "_is_ours",
        "_is_within",
        "_sent",
        "deadline",
        "earlier",
        "known",
        "tunnel",
    )

    def __init__(self, deadline: Deadline, *, known: bool = False) -> None:
        """Start before anything happened.

        Args:
            deadline: the end of the attempt.
            known: whether the client tells every step, so that nothing has happened until it does.
        """
        self.known = known
        self.earlier = sys.exc_info()[1]
        self.tunnel: Any = None
        self.deadline = deadline
        self._is_left = False
        self._is_ours = False
        self._is_within = False
        self._alert: LateAlert | None = None
        self._heard = False
        self._sent = 0

    @property
    def sent(self) -> bool:
        """Whether a byte of the request may have been sent."""
        return self._sent > 0

    @property
    def doubtful(self) -> bool:
        """Whether TLS has begun in this attempt, and no response has."""
        return self._alert is not None and not self._heard

    def leave(self) -> bool:
        """Have nothing sent any more, as nobody waits for the response; return whether to cancel what goes on now.

        httpx's pool loses a place if it is cancelled while it waits for one, and HTTP/2 shares a connection.
        """
        self._is_left = True
        return self._is_within

    def late_alert(self) -> OSError | None:
        """Return the error of TLS that has arrived and that nothing has read, if there is one."""
        return None if self._alert is None or self._heard else self._alert.read()

    def close(self) -> None:
        """Release what was kept to look at the connection after its end."""
        if self._alert is not None:
            self._alert.close()

    def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Take in an event, such as `http11.send_request_headers.started`.

        Raises:
            TimeoutError: The deadline is over, or nobody waits any more, and nothing of the request, or of a request to
                a proxy, is written yet.
        """
        self.known = True
        step = event.partition(".")[2]
        self._is_within = step.endswith(".started") and not event.startswith("http2.")
        if step.endswith(".started"):
            if self._is_left and step in _SENDING:
                raise TimeoutError
            self._hold_to_deadline(step, info)
        if step == "send_request_headers.started":
            # A tunnel's CONNECT is a request too, with the extensions of ours.
            self._is_ours = getattr(info.get("request"), "method", None) != b"CONNECT"
            self._sent += self._is_ours
        elif step == "send_request_headers.failed":
            # Nothing is written of a head that is not valid.
            raised = type(info.get("exception")).__mro__
            self._sent -= self._is_ours and any(cls.__name__ == "ProtocolError" for cls in raised)
        elif step == "start_tls.complete":
            self.close()
            self._alert = LateAlert(info.get("return_value"))
        elif step == "receive_response_headers.complete":
            self._heard = self._is_ours
            if self._heard:
                self.close()
        elif step == "setup_socks5_connection.started":
            self.tunnel = info.get("stream")
        elif step == "setup_socks5_connection.complete":
            _limit_blocking(self.tunnel, 0)
            self.tunnel = None

    def _hold_to_deadline(self, step: str, info: Mapping[str, Any]) -> None:
        left = seconds_left(self.deadline)
        if left is None:
            return
        if not left and step == "send_request_headers.started":
            raise TimeoutError
        left = max(left, _SHORTEST)
        extensions: Any = getattr(info.get("request"), "extensions", None)
        for limits in (info, extensions.get("timeout") if is_object(extensions) else None):
            if is_object(limits):  # the client reads it for each step
                for name in limits.keys() & {"timeout", "connect", "read", "write"}:
                    own = limits[name]
                    limits[name] = left if own is None else min(own, left)
        if step == "setup_socks5_connection.started":
            _limit_blocking(info.get("stream"), left)


def _limit_blocking(stream: Any, seconds: float) -> None:
    """Limit reads and writes of a blocking socket; 0 is no limit. httpcore talks to SOCKS proxies without one."""
    sock: Any = stream.get_extra_info("socket") if hasattr(stream, "get_extra_info") else None
    whole, rest = divmod(round(seconds * 1_000_000), 1_000_000)
    limit = struct.pack("I", round(seconds * 1000)) if os.name == "nt" else struct.pack("ll", whole, rest)
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        with suppress(OSError, AttributeError):  # closed already, or no socket of the system
            sock.setsockopt(socket.SOL_SOCKET, option, limit)
