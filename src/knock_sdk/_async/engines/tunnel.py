"""Tunnels: what a proxy must agree to before a connection leads to the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.http1 import request_head
from ..._core.outcome import Failure
from ..._core.secret import SecretBytes
from .connection import AsyncConnection
from .stream import look_up

if TYPE_CHECKING:
    from ..._core.deadline import Deadline
    from ..._core.proxies import Proxy
    from ..._core.url import Origin
    from .stream import AsyncStream

_LARGEST = 64 * 1024


async def open_tunnel(stream: AsyncStream, proxy: Proxy, origin: Origin, deadline: Deadline) -> None:
    """Have a proxy connect to the origin; raise `Failure` if it does not."""
    try:
        if proxy.scheme == "http":
            await _connect(stream, proxy, origin, deadline)
        else:
            await _connect_by_socks(stream, proxy, origin, deadline)
    except Failure as failure:
        failure.sent = False  # nothing of the request itself
        raise


async def _connect(stream: AsyncStream, proxy: Proxy, origin: Origin, deadline: Deadline) -> None:
    place = f"[{origin.host}]:{origin.port}" if ":" in origin.host else f"{origin.host}:{origin.port}"
    headers = [(b"host", place.encode("ascii"))]
    if proxy.authorization is not None:
        headers.append((b"proxy-authorization", proxy.authorization))
    connection = AsyncConnection(stream)
    response = await connection.exchange("CONNECT", request_head("CONNECT", place, headers), b"", _LARGEST, deadline)
    if not 200 <= response.status < 300:
        problem = f"the proxy of {proxy.variable} refused to connect, with status {response.status}"
        raise Failure(problem, sent=False)
    if not connection.reusable:
        raise Failure(f"the proxy of {proxy.variable} broke the HTTP protocol", sent=False)


async def _connect_by_socks(stream: AsyncStream, proxy: Proxy, origin: Origin, deadline: Deadline) -> None:
    from socksio import ProtocolError, socks5

    connection = socks5.SOCKS5Connection()
    methods = [socks5.SOCKS5AuthMethod.NO_AUTH_REQUIRED]
    if proxy.username is not None:
        methods.append(socks5.SOCKS5AuthMethod.USERNAME_PASSWORD)
    host = origin.host
    if proxy.scheme == "socks5":
        host = (await look_up(host, origin.port, deadline))[0][4][0]

    async def ask(request: Any, size: int) -> Any:
        """Send a request and return the reply to it."""
        connection.send(request)
        stream.send(SecretBytes(connection.data_to_send()))
        reply = await _read(stream, size, deadline)
        if isinstance(request, socks5.SOCKS5CommandRequest):
            # The address in the reply is as long as its kind says.
            rest = {1: 10, 3: 7 + reply[4], 4: 22}.get(reply[3], size) - size
            reply += await _read(stream, rest, deadline)
        return connection.receive_data(reply)

    try:
        method = (await ask(socks5.SOCKS5AuthMethodsRequest(methods), 2)).method
        if method not in methods:
            raise Failure(f"the proxy of {proxy.variable} wants another way to log in", sent=False)
        if method == socks5.SOCKS5AuthMethod.USERNAME_PASSWORD:
            login = socks5.SOCKS5UsernamePasswordRequest(*proxy.credentials)
            if not (await ask(login, 2)).success:
                raise Failure(f"the proxy of {proxy.variable} refused the user name or the password", sent=False)
        place = socks5.SOCKS5CommandRequest.from_address(socks5.SOCKS5Command.CONNECT, (host, origin.port))
        code = (await ask(place, 5)).reply_code
    except ProtocolError:
        raise Failure(f"the proxy of {proxy.variable} broke the SOCKS protocol", sent=False) from None
    if code != socks5.SOCKS5ReplyCode.SUCCEEDED:
        reason = code.name.lower().replace("_", " ")
        raise Failure(f"the proxy of {proxy.variable} could not connect: {reason}", sent=False)


async def _read(stream: AsyncStream, size: int, deadline: Deadline) -> bytes:
    """Return this many bytes, which are the next message."""
    message = b""
    while len(message) < size:
        data = await stream.read(deadline, size - len(message))
        if not data:
            raise Failure("the proxy closed the connection", sent=False)
        message += data
    return message
