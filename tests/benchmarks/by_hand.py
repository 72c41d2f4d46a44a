"""The baselines of the clients: httpx used by hand, and the same bytes over a bare socket.

Both send the request of this client, which is intercepted: its method, path, headers and body are reused.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from knock_sdk._core.outcome import Response
from tests.support.subjects import SUBJECTS

from .bodies import TRIGGERED

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from typing_extensions import Self

    from knock_sdk._core.deadline import Deadline
    from knock_sdk._core.requests.encode import Outgoing

WORKFLOW = "comment-created"
RECIPIENTS = ["jhammond", "esattler"]
DATA = {"comment": "Spared no expense.", "project": {"id": "isla-nublar", "name": "Isla Nublar"}, "priority": 2}
BODY = {"data": DATA, "recipients": RECIPIENTS}
"""The body of a trigger."""
_PER_CALL = {b"host", b"content-length", b"content-type", b"idempotency-key"}
_CHUNK = 1 << 16


class Canned:
    """Sends the same response to every request, in place of an engine, and stores the last request."""

    def __init__(self, body: bytes = TRIGGERED) -> None:
        headers = [(b"content-type", b"application/json; charset=utf-8"), (b"x-request-id", b"GHx7Qk2vN1fXy2IAAB3i")]
        self._response = Response(200, headers, body)

    def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        self.outgoing = outgoing
        return self._response

    def close(self) -> None:
        """Do nothing."""


def trigger(client: Any) -> Any:
    """Trigger through this client or the vendor's, which has the same method."""
    return client.workflows.trigger(WORKFLOW, recipients=RECIPIENTS, data=DATA)


def post(client: Any, url: str) -> Any:
    """Trigger through an httpx client, sync or async."""
    return client.post(url, json=BODY, headers={"idempotency-key": str(uuid4())})


def request_of(url: str, call: Callable[[Any], object], body: bytes = TRIGGERED) -> Outgoing:
    """Return the request that this client sends for a call whose response has the given body."""
    canned = Canned(body)
    with SUBJECTS["knock-sdk"]().client(url, http_client=canned) as client:
        call(client)
    return canned.outgoing


def common_headers(request: Outgoing) -> dict[str, str]:
    """Return the headers of a request that are the same for every call."""
    return {name.decode(): value.decode() for name, value in request.headers if name not in _PER_CALL}


def with_headers(client: Any, request: Outgoing) -> Any:
    """Make an httpx client send the headers of a request, and none of its own."""
    headers = common_headers(request)
    for name in set(client.headers) - set(headers):
        del client.headers[name]
    client.headers.update(headers)
    return client


def raw(request: Outgoing) -> bytes:
    """Return the bytes of a request as they are sent."""
    first = f"{request.operation.method} {request.target} HTTP/1.1".encode()
    lines = [first, *(b"%b: %b" % header for header in request.headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + request.body


class BareSocket:
    """A connection that sends the same bytes repeatedly, and reads as many as the first response had."""

    def __init__(self, url: str, request: Outgoing, *, blocking: bool = True) -> None:
        address = urlsplit(url)
        assert address.port is not None
        self._socket = socket.create_connection(("127.0.0.1", address.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if address.scheme == "https":
            self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=address.hostname)
        self._request = raw(request)
        self._socket.sendall(self._request)
        self._size = self._read_first_response()
        self._socket.setblocking(blocking)

    def _read_first_response(self) -> int:
        read = b""
        while b"\r\n\r\n" not in read:
            read += self._socket.recv(_CHUNK)
        head, _, body = read.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        while len(body) < length:
            body += self._socket.recv(_CHUNK)
        return len(head) + 4 + length

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def call(self) -> bytes:
        """Send the request, and read the response to its end."""
        self._socket.sendall(self._request)
        chunks = []
        left = self._size
        while left:
            chunks.append(self._socket.recv(_CHUNK))
            left -= len(chunks[-1])
        return b"".join(chunks)

    async def call_async(self, loop: asyncio.AbstractEventLoop) -> bytes:
        """Do the same in an event loop; the socket must not block."""
        await loop.sock_sendall(self._socket, self._request)
        chunks = []
        left = self._size
        while left:
            chunks.append(await loop.sock_recv(self._socket, _CHUNK))
            left -= len(chunks[-1])
        return b"".join(chunks)
