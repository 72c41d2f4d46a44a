"""What travels between a client, the application and its rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from pydantic_core import from_json
from typing_extensions import override

from .query import Query, parse_query

if TYPE_CHECKING:
    from .._core.operation import Operation
    from .world import World

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


class ReceivedRequest:
    """A request that the simulator received, and the status that it answered with.

    Attributes:
        method: the verb.
        target: path and query, as they came.
        headers: the headers, names in lower case.
        body: the body's bytes.
        operation: the id of the operation in the contract, such as `triggerWorkflow`; None if there is none.
        status: the status of the answer.
        request_id: the answer's `x-request-id`.
    """

    __slots__ = ("body", "headers", "method", "operation", "request_id", "status", "target")

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    operation: str | None
    status: int
    request_id: str

    def __init__(self, request: HTTPRequest, operation: str | None, status: int, request_id: str) -> None:
        """Keep a request and what became of it."""
        self.method = request.method
        self.target = request.target
        self.headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in request.headers}
        self.body = request.body
        self.operation = operation
        self.status = status
        self.request_id = request_id

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
        return f"<ReceivedRequest {self.method} {self.target} → {self.status}>"


class Call(NamedTuple):
    """What a room is asked to do: a request whose path, key and body have been found right."""

    operation: Operation
    request_id: str
    path: Mapping[str, str]
    query: Query
    body: Any
    """The body as JSON; an empty object if none came."""
    headers: Mapping[str, str]
    """The headers that rooms care for, names in lower case."""
    world: World


class Reply(NamedTuple):
    """What a room answers."""

    body: Any = None
    """What becomes JSON; None for no body, with which goes status 204."""
    status: int = 200
    headers: Mapping[str, str] = {}


NO_CONTENT = Reply(status=204)
