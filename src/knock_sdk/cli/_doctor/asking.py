"""One harmless request, with the time until its response begins: on a connection, or as the client sends it."""

from __future__ import annotations

from time import monotonic, time
from typing import TYPE_CHECKING, NamedTuple

from ..._core.outcome import Failure, Oversized, ProtocolError
from ..._core.requests.config import VERSION
from ..._core.secret import SecretBytes
from ..._core.wire.http1 import ResponseReader, request_head

if TYPE_CHECKING:
    from ..._core.deadline import Deadline
    from ..._core.outcome import Response
    from ..._core.secret import Secret
    from ..._core.wire.proxies import Proxy
    from ..._core.wire.url import Origin
    from ..._sync.client import Knock
    from ..._sync.engines.stream import Stream

NOBODY = "knock-sdk-doctor"
"""Id of a user who need not exist."""
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
    except Oversized as oversized:
        response = oversized.response
    seconds = monotonic() - started
    return Answer(response, first, seconds, clock + seconds / 2, reader.reusable)


def ask_through_client(client: Knock, key: Secret, deadline: Deadline) -> Answer:
    """Do the same by whatever the client sends requests with; raise `Failure` if there is no response."""
    from ..._core.requests import operations as op
    from ..._core.requests.encode import encode
    from ..._core.requests.request import Request

    transport = client._transport  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    if is_public(key):
        request: Request[object] = Request(op.GET_USER, object, path=(NOBODY,), options={})
    else:
        request = Request(op.LIST_USERS, object, query={"page_size": 1}, options={})
    outgoing = encode(request, transport.config, transport.lifetimes.present)
    started, clock = monotonic(), time()
    try:
        response = transport.engine.exchange(outgoing, deadline)
    except Oversized as oversized:
        response = oversized.response
    seconds = monotonic() - started
    return Answer(response, seconds, seconds, clock + seconds / 2, reusable=True)


def head_of(origin: Origin, proxy: Proxy | None, key: Secret | None, branch: str | None) -> bytes:
    """Return the head of a request that reads, as the client sends it; without a key, it is refused."""
    headers = [
        (b"host", origin.authority.encode("ascii")),
        (b"accept", b"application/json"),
        (b"accept-encoding", b"gzip"),
        (b"user-agent", f"knock-sdk/{VERSION} doctor".encode("ascii")),
    ]
    if key is not None:
        headers.append((b"authorization", SecretBytes(b"Bearer " + key.reveal().encode("ascii"))))
    if branch is not None:
        headers.append((b"x-knock-branch", branch.encode("ascii")))
    path = f"/v1/users/{NOBODY}" if key is not None and is_public(key) else "/v1/users?page_size=1"
    target = f"{origin.prefix}{path}"
    if proxy is not None and proxy.scheme == "http" and origin.scheme == "http":
        headers += proxy.headers
        target = f"http://{origin.authority}{target}"
    return request_head("GET", target, headers)


def is_public(key: Secret) -> bool:
    """Return whether a key is public: then it may not list users, but read one."""
    return key.reveal().startswith("pk_")
