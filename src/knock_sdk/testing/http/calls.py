"""Calls and replies: requests and responses, as handlers take and return them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from .exchange import HTTPResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from ..._core.requests.operation import Operation
    from ..state.records import Message
    from ..state.world import World
    from .query import Query


class Call(NamedTuple):
    """A request for a handler, after its path, API key, query and body have been checked."""

    operation: Operation
    request_id: str
    path: Mapping[str, str]
    query: Query
    body: Any
    """The body, parsed as JSON; an empty object if the request had no body."""
    headers: Mapping[str, str]
    """The headers that handlers read, by name in lower case."""
    world: World
    rate_limited: Collection[str] = ()
    """Ids of the messages of a batch that must not be changed; the response shows them like the others."""
    may_change: Callable[[Message], bool] | None = None
    """Whether a bulk operation may change a message; set if a user token limits it, and None otherwise."""


class Reply(NamedTuple):
    """The result of a handler."""

    body: Any = None
    """The JSON value of the body; None for no body, with status 204."""
    status: int = 200
    headers: Mapping[str, str] = {}


NO_CONTENT = Reply(status=204)


def respond(reply: Reply, request_id: str) -> HTTPResponse:
    """Return the response for a reply."""
    headers = [(b"x-request-id", request_id.encode("ascii"))]
    headers.extend((name.encode("ascii"), value.encode("latin-1")) for name, value in reply.headers.items())
    body = b""
    if reply.body is not None:
        body = to_json(reply.body)
        headers.append((b"content-type", b"application/json; charset=utf-8"))
        headers.append((b"content-length", b"%d" % len(body)))
    return HTTPResponse(reply.status, headers, body)
