"""The API as a function from a request to an answer: route, key, body, room."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .background import timeline
from .handlers import HANDLERS
from .http import idempotency, rate_limits
from .http.authentication import check_key
from .http.calls import Call, Reply, respond
from .http.errors import Problem
from .http.exchange import HTTPResponse, ReceivedRequest
from .http.fault_plan import NO_FAULTS, NOTHING
from .http.faults import BATCHES
from .http.idempotency import HEADER as IDEMPOTENCY_KEY
from .http.query import Query
from .http.router import Router
from .validation.requests import check

if TYPE_CHECKING:
    from .http.exchange import HTTPRequest, Outcome
    from .http.fault_plan import FaultPlan, Met
    from .http.router import Route
    from .state.world import World

_ROUTER = Router()


def handle(world: World, request: HTTPRequest, plan: FaultPlan = NO_FAULTS) -> tuple[Outcome, ReceivedRequest]:
    """Answer a request, changing the world as it asks; return the answer and what is to be remembered of it."""
    received = ReceivedRequest(request, world.ids.uuid())
    met = NOTHING
    path, _, query = request.target.partition("?")
    try:
        route = _ROUTER.find(request.method, path)
        received.operation = route.operation.name
        met = plan.meet(received)
        outcome = met.instead(received)
        if outcome is None:
            reply = _answer(_call(world, request, received, route, query), met)
            received.carried_out = True
            received.replayed = idempotency.REPLAYED in reply.headers
            outcome = met.spoil(respond(reply, received.request_id))
    except Problem as problem:
        outcome = met.spoil(respond(Reply(problem.body(), problem.status, problem.headers), received.request_id))
    if isinstance(outcome, HTTPResponse):
        received.status = outcome.status
    if met is not NOTHING:
        received.fault = met.names
        timeline.advance(world, world.clock.now + timedelta(seconds=met.delay))
        outcome = outcome.late(met.delay)
    return outcome, received


def _call(world: World, request: HTTPRequest, received: ReceivedRequest, route: Route, query: str) -> Call:
    """Return what a request asks for, once it has been found right."""
    operation = route.operation
    check_key(request, operation)
    rate_limits.check_rate(world, request, operation, route.path)
    checked = check(request, route, query)
    key = request.header(IDEMPOTENCY_KEY)
    headers = {} if key is None else {IDEMPOTENCY_KEY: key}
    return Call(operation, received.request_id, route.path, Query(checked.query), checked.body, headers, world)


def _answer(call: Call, met: Met) -> Reply:
    room = HANDLERS[call.operation.name]
    if call.operation.name not in BATCHES:
        return room(call)
    ids: list[str] = list(dict.fromkeys(call.body["message_ids"]))
    limited = met.rate_limited(ids) | rate_limits.changed_too_often(call.world, call.operation, ids)
    reply = room(call._replace(rate_limited=limited))
    if not limited:
        return reply
    named = ",".join(name for name in ids if name in limited)
    return reply._replace(headers={**reply.headers, rate_limits.LIMITED_IDS: named})
