"""Calls and replies: requests and responses as handlers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from .exchange import HTTPResponse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..._core.operation import Operation
    from ..state.world import World
    from .query import Query


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
    rate_limited: Collection[str] = ()
    """Ids of a batch that are to be left as they are, and answered like the others."""


class Reply(NamedTuple):
    """What a room answers."""

    body: Any = None
    """What becomes JSON; None for no body, with which goes status 204."""
    status: int = 200
    headers: Mapping[str, str] = {}


NO_CONTENT = Reply(status=204)


def respond(reply: Reply, request_id: str) -> HTTPResponse:
    """Return an answer as it leaves."""
    headers = [(b"x-request-id", request_id.encode("ascii"))]
    headers.extend((name.encode("ascii"), value.encode("latin-1")) for name, value in reply.headers.items())
    body = b""
    if reply.body is not None:
        body = to_json(reply.body)
        headers.append((b"content-type", b"application/json; charset=utf-8"))
        headers.append((b"content-length", b"%d" % len(body)))
    return HTTPResponse(reply.status, headers, body)
