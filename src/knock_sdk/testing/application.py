"""The API as a function from a request to an answer: route, key, body, room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from .bodies import BODIES
from .errors import FieldProblem, Problem, refused, refused_field
from .exchange import Call, HTTPResponse, ReceivedRequest, Reply
from .idempotency import HEADER as IDEMPOTENCY_KEY
from .keys import check_key
from .limits import check_limits
from .query import Query, parse_query
from .rooms import HANDLERS
from .router import Route, Router

if TYPE_CHECKING:
    from .exchange import HTTPRequest
    from .world import World

_ROUTER = Router()


def handle(world: World, request: HTTPRequest) -> tuple[HTTPResponse, ReceivedRequest]:
    """Answer a request, changing the world as it asks; return the answer and what is to be remembered of it."""
    request_id = world.ids.uuid()
    operation: str | None = None
    try:
        path, _, query = request.target.partition("?")
        route = _ROUTER.find(request.method, path)
        operation = route.operation.name
        reply = _answer(world, request, route, query, request_id)
    except Problem as problem:
        reply = Reply(problem.body(), problem.status, problem.headers)
    headers = [(b"x-request-id", request_id.encode("ascii"))]
    headers.extend((name.encode("ascii"), value.encode("latin-1")) for name, value in reply.headers.items())
    body = b""
    if reply.body is not None:
        body = to_json(reply.body)
        headers.append((b"content-type", b"application/json; charset=utf-8"))
        headers.append((b"content-length", b"%d" % len(body)))
    return HTTPResponse(reply.status, headers, body), ReceivedRequest(request, operation, reply.status, request_id)


def _answer(world: World, request: HTTPRequest, route: Route, query: str, request_id: str) -> Reply:
    operation = route.operation
    check_key(request, operation)
    room = HANDLERS.get(operation.name)
    if room is None:
        raise Problem("not_simulated", f"The simulator does not have {operation.method} {operation.path} yet.")
    parameters = parse_query(query)
    body = _body(request, operation.name)
    key = request.header(IDEMPOTENCY_KEY)
    headers = {} if key is None else {IDEMPOTENCY_KEY: key}
    if problems := check_limits(operation, route.path, parameters, body, headers):
        raise refused(problems)
    return room(Call(operation, request_id, route.path, Query(parameters), body, headers, world))


def _body(request: HTTPRequest, operation: str) -> Any:
    """Return the body as JSON, checked; an empty object for operations that take none, or none that must be there."""
    shape = BODIES.get(operation)
    if shape is None:
        return {}
    try:
        body: Any = from_json(request.body or b"{}", allow_inf_nan=False)
    except ValueError:
        raise refused_field("body", "format", "is not JSON") from None
    problems: list[FieldProblem] = []
    shape(body, "", problems)
    if problems:
        raise refused(problems)
    return body
