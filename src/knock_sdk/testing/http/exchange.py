"""Requests and outcomes, as a client exchanges them with the simulator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime  # noqa: TC003 - annotations of public classes can be evaluated
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote, urlsplit

from pydantic_core import from_json
from typing_extensions import override

from .errors import Problem
from .query import parse_query

Headers = Sequence[tuple[bytes, bytes]]


class HTTPRequest(NamedTuple):
    """An HTTP request."""

    method: str
    target: str
    """Path and query."""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the value of a header, or None; the name is in lower case."""
        wanted = name.encode("ascii")
        for key, value in self.headers:
            if key.lower() == wanted:
                return value.decode("latin-1").strip()
        return None


class HTTPResponse(NamedTuple):
    """An HTTP response."""

    status: int
    headers: Headers
    body: bytes
    delay: float = 0.0
    """Seconds by which a server delays the response; the simulated clock has already advanced by them."""

    def late(self, delay: float) -> HTTPResponse:
        """Return the response with a delay in seconds."""
        return self._replace(delay=delay)


class ConnectionDropped(Exception):  # noqa: N818 (a declared fault; the simulator did not fail)
    """The connection closes without a response, because of a declared fault.

    Attributes:
        sent: whether any part of the request arrived.
        delay: seconds until the connection closes, as in `HTTPResponse`.
    """

    def __init__(self, *, sent: bool, delay: float = 0.0) -> None:
        """Create the outcome; see the attributes."""
        super().__init__("the simulator dropped the connection, as declared with drop()")
        self.sent = sent
        self.delay = delay

    def late(self, delay: float) -> ConnectionDropped:
        """Return the outcome with a delay in seconds."""
        return ConnectionDropped(sent=self.sent, delay=delay)


Outcome: TypeAlias = HTTPResponse | ConnectionDropped


class ReceivedRequest:
    """A request that the simulator received, and its outcome.

    Attributes:
        method: the HTTP verb.
        target: path and query, as received.
        body: the body as bytes.
        operation: id of the operation in the contract, such as `triggerWorkflow`; None if no operation matches.
        status: status of the response; None if the connection was dropped, or the request is still being handled.
        fault: names of the faults that matched the request, such as `fail` or `slow, drop`; None if none matched.
        at: time of the simulator's clock when it came.
        carried_out: whether the operation was carried out, even if a fault dropped the response.
        replayed: whether the response was the stored one of an earlier request with the same idempotency key.
        request_id: the `x-request-id` of the response.
        error: code and message of the error that the API responded with, such as `resource_missing: The user …`; None
            if the request succeeded, or a declared fault replaced the response.
        serials: serial numbers before and after it was handled; rows between them were made by the request.
    """

    __slots__ = (
        "_headers",
        "at",
        "body",
        "carried_out",
        "error",
        "fault",
        "method",
        "operation",
        "replayed",
        "request_id",
        "serials",
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
    error: str | None
    at: datetime
    serials: tuple[int, int]

    def __init__(self, request: HTTPRequest, request_id: str, at: datetime) -> None:
        """Record a request; its outcome is set later."""
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
        self.error = None
        self.at = at
        self.serials = (0, 0)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by name in lower case."""
        return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._headers}

    @property
    def path(self) -> str:
        """The path, percent-decoded, without the query."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> Mapping[str, Any]:
        """The query as text, lists and mappings, according to the brackets in the names.

        Raises:
            ValueError: The query is malformed.
        """
        try:
            return parse_query(urlsplit(self.target).query)
        except Problem as problem:
            raise ValueError(f"{self.method} {self.target}: {problem.summary()}") from None

    @property
    def json(self) -> Any:
        """The body, parsed as JSON; None if it is empty.

        Raises:
            ValueError: The body is not JSON.
        """
        try:
            return from_json(self.body) if self.body else None
        except ValueError as error:
            raise ValueError(f"{self.method} {self.target}: the body is not JSON: {error}") from None

    @override
    def __repr__(self) -> str:
        # Without headers and body, which contain the API key and personal data.
        status = self.status or "no response"
        fault = f" ({self.fault})" if self.fault else ""
        return f"<ReceivedRequest {self.method} {self.target} → {status}{fault}>"
