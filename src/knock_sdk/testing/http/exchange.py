"""What travels between a client, the application and its rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote, urlsplit

from pydantic_core import from_json
from typing_extensions import override

from .query import parse_query

Headers = Sequence[tuple[bytes, bytes]]


class HTTPRequest(NamedTuple):
    """A request as it arrives."""

    method: str
    target: str
    """Path and query."""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return a header's value, by its name in lower case."""
        wanted = name.encode("ascii")
        for key, value in self.headers:
            if key.lower() == wanted:
                return value.decode("latin-1").strip()
        return None


class HTTPResponse(NamedTuple):
    """An answer as it leaves."""

    status: int
    headers: Headers
    body: bytes
    delay: float = 0.0
    """Seconds that it takes: simulated time has passed already, and a server really waits."""

    def late(self, delay: float) -> HTTPResponse:
        """Return the same, after some seconds."""
        return self._replace(delay=delay)


class ConnectionDropped(Exception):  # noqa: N818 (it is what a test asked for, not a failure of the simulator)
    """The connection ends without an answer.

    Attributes:
        sent: whether anything of the request arrived.
        delay: seconds until it ends, as in `HTTPResponse`.
    """

    def __init__(self, *, sent: bool, delay: float = 0.0) -> None:
        """Say how far the request got."""
        super().__init__("the simulator drops the connection, as it was told to")
        self.sent = sent
        self.delay = delay

    def late(self, delay: float) -> ConnectionDropped:
        """Return the same, after some seconds."""
        return ConnectionDropped(sent=self.sent, delay=delay)


Outcome: TypeAlias = "HTTPResponse | ConnectionDropped"


class ReceivedRequest:
    """A request that the simulator received, and the status that it answered with.

    Attributes:
        method: the verb.
        target: path and query, as they came.
        body: the body's bytes.
        operation: the id of the operation in the contract, such as `triggerWorkflow`; None if there is none.
        status: the status of the answer; None if there was no answer, or is none yet.
        fault: the faults that it met, such as `fail` or `slow, drop`; None if none.
        carried_out: whether it was carried out, also if the answer was lost on the way.
        replayed: whether the answer was that of an earlier request with the same idempotency key.
        request_id: the answer's `x-request-id`.
    """

    __slots__ = (
        "_headers",
        "body",
        "carried_out",
        "fault",
        "method",
        "operation",
        "replayed",
        "request_id",
        "status",
        "target",
    )

    method: str
    target: str
    body: bytes
    operation: str | None
    status: int | None
    fault: str | None
    carried_out: bool
    replayed: bool
    request_id: str

    def __init__(self, request: HTTPRequest, request_id: str) -> None:
        """Keep a request; what becomes of it is yet to be noted."""
        self.method = request.method
        self.target = request.target
        self._headers = request.headers
        self.body = request.body
        self.operation = None
        self.status = None
        self.fault = None
        self.carried_out = False
        self.replayed = False
        self.request_id = request_id

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, names in lower case."""
        return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._headers}

    @property
    def path(self) -> str:
        """The path with ids decoded, without the query."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> Mapping[str, Any]:
        """The query: text, lists and mappings, as the names with brackets have it."""
        return parse_query(urlsplit(self.target).query)

    @property
    def json(self) -> Any:
        """The body read as JSON; None if there was none."""
        return from_json(self.body) if self.body else None

    @override
    def __repr__(self) -> str:
        # Headers and body stay out: they hold the key and people's data.
        status = self.status or "no answer"
        fault = f" ({self.fault})" if self.fault else ""
        return f"<ReceivedRequest {self.method} {self.target} → {status}{fault}>"
