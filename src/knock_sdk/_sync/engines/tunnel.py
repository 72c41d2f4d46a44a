# Derived from src/knock_sdk/_async/engines/tunnel.py by `python -m codegen`; do not edit.
"""Tunnels: what a proxy must agree to before a connection leads to the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.http1 import request_head
from ..._core.outcome import Failure
from ..._core.secret import SecretBytes
from .connection import Connection
from .stream import look_up

if TYPE_CHECKING:
    from ..._core.deadline import Deadline
    from ..._core.proxies import Proxy
    from ..._core.url import Origin
    from .stream import Stream

_LARGEST = 64 * 1024


def open_tunnel(stream: Stream, proxy: Proxy, origin: Origin, deadline: Deadline) -> None:
    """Have a proxy connect to the origin; raise `Failure` if it does not."""
    try:
        if proxy.scheme == "http":
            _connect(stream, proxy, origin, deadline)
        else:
            _connect_by_socks(stream, proxy, origin, deadline)
    except Failure as failure:
        failure.sent = False  # nothing of the request itself
        raise


def _connect(stream: Stream, proxy: Proxy, origin: Origin, deadline: Deadline) -> None:
    place = f"[{origin.host}]:{origin.port}" if ":" in origin.host else f"{origin.host}:{origin.port}"
    headers = [(b"host", place.encode("ascii"))]
    if proxy.authorization is not None:
        headers.append((b"proxy-authorization", proxy.authorization))
    connection = Connection(stream)
    response = connection.exchange("CONNECT", request_head("CONNECT", place, headers), b"", _LARGEST, deadline)
    if not 200 <= response.status < 300:
        problem = f"the proxy of {proxy.variable} refused to connect, with status {response.status}"
        raise Failure(problem, sent=False, permanent=response.status < 500)
    if not connection.reusable:
        raise Failure(f"the proxy of {proxy.variable} broke the HTTP protocol", sent=False)


def _connect_by_socks(stream: Stream, proxy: Proxy, origin: Origin, deadline: Deadline) -> None:
    from socksio import ProtocolError, socks5

    connection = socks5.SOCKS5Connection()
    methods = [socks5.SOCKS5AuthMethod.NO_AUTH_REQUIRED]
    if proxy.username is not None:
        methods.append(socks5.SOCKS5AuthMethod.USERNAME_PASSWORD)
    host = origin.host
    if proxy.scheme == "socks5":
        host = _address_of(host, origin.port, deadline)
    try:
        connection.send(socks5.SOCKS5AuthMethodsRequest(methods))
        stream.send(connection.data_to_send())
        chosen = connection.receive_data(_read(stream, 2, deadline)).method
        if chosen not in methods:
            raise Failure(f"the proxy of {proxy.variable} takes no user name and password", sent=False, permanent=True)
        if chosen == socks5.SOCKS5AuthMethod.USERNAME_PASSWORD:
            connection.send(socks5.SOCKS5UsernamePasswordRequest(*proxy.credentials))
            stream.send(SecretBytes(connection.data_to_send()))
            if not connection.receive_data(_read(stream, 2, deadline)).success:
                problem = f"the proxy of {proxy.variable} refused the user name or the password"
                raise Failure(problem, sent=False, permanent=True)
        connection.send(socks5.SOCKS5CommandRequest.from_address(socks5.SOCKS5Command.CONNECT, (host, origin.port)))
        stream.send(connection.data_to_send())
        reply = _read(stream, 5, deadline)
        size = {1: 10, 3: 7 + reply[4], 4: 22}.get(reply[3], 5)
        reply += _read(stream, size - 5, deadline)
        code = connection.receive_data(reply).reply_code
    except ProtocolError:
        raise Failure(f"the proxy of {proxy.variable} broke the SOCKS protocol", sent=False) from None
    if code != socks5.SOCKS5ReplyCode.SUCCEEDED:
        reason = code.name.lower().replace("_", " ")
        raise Failure(f"the proxy of {proxy.variable} could not connect: {reason}", sent=False)


def _read(stream: Stream, size: int, deadline: Deadline) -> bytes:
    """Return this many bytes, which are the next message."""
    message = b""
    while len(message) < size:
        data = stream.read(deadline, size - len(message))
        if not data:
            raise Failure("the proxy closed the connection", sent=False)
        message += data
    return message


def _address_of(host: str, port: int, deadline: Deadline) -> str:
    address: str = (look_up(host, port, deadline))[0][4][0]
    return address
