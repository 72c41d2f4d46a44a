"""One request on a connection, with the time until its response begins."""

from __future__ import annotations

from time import monotonic, time
from typing import TYPE_CHECKING, NamedTuple

from ..._core.outcome import Failure, ProtocolError
from ..._core.secret import SecretBytes
from ..._core.wire.http1 import ResponseReader, request_head

if TYPE_CHECKING:
    from ..._core.deadline import Deadline
    from ..._core.outcome import Response
    from ..._core.secret import Secret
    from ..._core.wire.proxies import Proxy
    from ..._core.wire.url import Origin
    from ..._sync.engines.stream import Stream

_LARGEST = 1_000_000


class Answer(NamedTuple):
    """A response."""

    response: Response
    first_byte: float
    """Seconds until it began."""
    seconds: float
    """Seconds until it was complete."""
    moment: float
    """The time of this machine in the middle of them, in seconds since 1970."""
    reusable: bool
    """Whether another request may follow on the connection."""


def ask(stream: Stream, head: bytes, deadline: Deadline) -> Answer:
    """Send a request without a body, and return the response; raise `Failure` if there is none."""
    reader = ResponseReader("GET", _LARGEST)
    response: Response | None = None
    started, clock = monotonic(), time()
    first = 0.0
    if stream.send(head) != len(head):
        raise Failure("the connection broke", sent=True)
    try:
        while response is None:
            data = stream.read(deadline)
            first = first or monotonic() - started
            response = reader.feed(data) if data else reader.finish()
    except ProtocolError as error:
        raise Failure(f"the server {error.problem}", sent=True) from None
    seconds = monotonic() - started
    return Answer(response, first, seconds, clock + seconds / 2, reader.reusable)


def head_of(origin: Origin, proxy: Proxy | None, key: Secret, branch: str | None, path: str) -> bytes:
    """Return the head of a request, as the client sends it."""
    headers = [
        (b"host", origin.authority.encode("ascii")),
        (b"authorization", SecretBytes(b"Bearer " + key.reveal().encode("ascii"))),
        (b"accept", b"application/json"),
        (b"accept-encoding", b"gzip"),
        (b"user-agent", b"knock-sdk doctor"),
    ]
    if branch is not None:
        headers.append((b"x-knock-branch", branch.encode("ascii")))
    target = f"{origin.prefix}{path}"
    if proxy is not None and proxy.scheme == "http" and origin.scheme == "http":
        headers += proxy.headers
        target = f"http://{origin.authority}{target}"
    return request_head("GET", target, headers)
