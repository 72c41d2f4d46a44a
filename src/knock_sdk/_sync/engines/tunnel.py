# Derived from src/knock_sdk/_async/engines/tunnel.py by `python -m codegen`; do not edit.
"""Tunnels: what a proxy must agree to before a connection leads to the API."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..._core.outcome import Failure
from ..._core.secret import SecretBytes
from ..._core.wire.http1 import request_head
from .connection import Connection
from .stream import look_up

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..._core.deadline import Deadline
    from ..._core.lifetime import Lifetime
    from ..._core.wire.proxies import Proxy
    from ..._core.wire.url import Origin
    from .stream import Stream

_LARGEST = 64 * 1024
_LOGIN = 2
_ADDRESS_SIZES = {1: 4, 4: 16}


@contextmanager
def naming(proxy: Proxy) -> Generator[None]:
    """Say in a failure which proxy it is about; nothing of the request itself was sent then."""
    try:
        yield
    except Failure as failure:
        failure.sent = False
        failure.problem = f"the proxy of {proxy.variable}: {failure.problem}"
        raise


def open_tunnel(stream: Stream, proxy: Proxy, origin: Origin, deadline: Deadline, lifetime: Lifetime) -> None:
    """Have a proxy connect to the origin; raise `Failure` if it does not."""
    host = origin.host
    if proxy.scheme == "socks5":
        host = (look_up(host, origin.port, deadline, lifetime))[0][4][0]
    with naming(proxy):
        if proxy.scheme == "http":
            _connect(stream, proxy, origin, deadline)
        else:
            _connect_by_socks(stream, proxy, host, origin.port, deadline)
        if stream.is_stale():  # what it said would be taken for the server's answer
            raise Failure("it closed the connection, or said more than that it has connected", sent=False)


def _connect(stream: Stream, proxy: Proxy, origin: Origin, deadline: Deadline) -> None:
    place = f"[{origin.host}]:{origin.port}" if ":" in origin.host else f"{origin.host}:{origin.port}"
    headers = [(b"Host", place.encode("ascii")), *proxy.headers]
    connection = Connection(stream)
    try:
        response = connection.exchange("CONNECT", request_head("CONNECT", place, headers), b"", _LARGEST, deadline)
    except Failure as failure:
        if failure.problem.startswith("the server "):
            failure.problem = f"it {failure.problem.removeprefix('the server ')}"
        raise
    if response.status == 407:
        raise _refused_login(proxy)
    if not 200 <= response.status < 300:
        raise Failure(f"it refused to connect, with status {response.status}", sent=False)
    if not connection.reusable:
        raise Failure("it broke the HTTP protocol", sent=False)


def _connect_by_socks(stream: Stream, proxy: Proxy, host: str, port: int, deadline: Deadline) -> None:
    from socksio import socks5

    def ask(message: bytes, version: int) -> int:
        """Send a message and return the result in the reply: 0 if all is well."""
        stream.send(SecretBytes(message))
        reply = _read(stream, 2, deadline)
        if reply[0] != version:
            raise Failure("it broke the SOCKS protocol", sent=False)
        return reply[1]

    methods = [socks5.SOCKS5AuthMethod.NO_AUTH_REQUIRED]
    if proxy.username is not None:
        methods.append(socks5.SOCKS5AuthMethod.USERNAME_PASSWORD)
    method = ask(socks5.SOCKS5AuthMethodsRequest(methods).dumps(), 5)
    if method == _LOGIN and proxy.username is not None:
        if ask(SecretBytes(socks5.SOCKS5UsernamePasswordRequest(*proxy.credentials).dumps()), 1):
            raise _refused_login(proxy)
    elif method:
        raise Failure("it wants another way to log in", sent=False, permanent=True)
    place = socks5.SOCKS5CommandRequest.from_address(socks5.SOCKS5Command.CONNECT, (host, port))
    if code := ask(place.dumps(), 5):
        # Said at once: some proxies leave out the rest of such a reply.
        raise Failure(f"it could not connect: {_reason(code)}", sent=False)
    _, kind = _read(stream, 2, deadline)
    size = (_read(stream, 1, deadline))[0] if kind == 3 else _ADDRESS_SIZES.get(kind)
    if size is None:
        raise Failure("it broke the SOCKS protocol", sent=False)
    _read(stream, size + 2, deadline)  # address and port that it connects from


def _refused_login(proxy: Proxy) -> Failure:
    wrong = "asks for a user name and password" if proxy.username is None else "refused the user name or the password"
    return Failure(f"it {wrong}", sent=False, permanent=True)


def _reason(code: int) -> str:
    from socksio import socks5

    try:
        return socks5.SOCKS5ReplyCode(bytes([code])).name.lower().replace("_", " ")
    except ValueError:
        return f"code {code}"


def _read(stream: Stream, size: int, deadline: Deadline) -> bytes:
    """Return this many bytes, which are the next message."""
    message = b""
    while len(message) < size:
        data = stream.read(deadline, size - len(message))
        if not data:
            raise Failure("it closed the connection", sent=False)
        message += data
    return message
