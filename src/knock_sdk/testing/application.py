"""The API as a function from requests to responses: routing, checks and faults, then the handler."""

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
from .http.fault_plan import NO_FAULTS, NO_MATCH
from .http.faults import BATCHES
from .http.idempotency import HEADER as IDEMPOTENCY_KEY
from .http.public_access import authorize
from .http.query import Query
from .http.router import Router
from .validation.requests import check
from .workflows import audience_triggers

if TYPE_CHECKING:
    from .http.exchange import HTTPRequest, Outcome
    from .http.fault_plan import FaultPlan, MatchedFaults
    from .http.router import Route
    from .state.world import World

_ROUTER = Router()


def handle(world: World, request: HTTPRequest, plan: FaultPlan = NO_FAULTS) -> tuple[Outcome, ReceivedRequest]:
    """Handle a request, which may change the state; return its outcome and the record of it."""
    received = ReceivedRequest(request, world.ids.uuid(), world.clock.now)
    matched = NO_MATCH
    path, _, query = request.target.partition("?")
    try:
        route = _ROUTER.find(request.method, path)
        received.operation = route.operation.name
        matched = plan.match(received)
        outcome = matched.replacement(received)
        if outcome is None:
            reply = _run_handler(_check_call(world, request, received, route, query), matched)
            received.carried_out = True
            if world.signals or world.entered:
                audience_triggers.settle(world)
            received.replayed = idempotency.REPLAYED in reply.headers
            outcome = matched.transform_response(respond(reply, received.request_id))
    except Problem as problem:
        received.error = problem.summary()
        outcome = matched.transform_response(
            respond(Reply(problem.body(), problem.status, problem.headers), received.request_id)
        )
    if isinstance(outcome, HTTPResponse):
        received.status = outcome.status
    if matched is not NO_MATCH:
        received.fault = matched.names
        timeline.advance(world, world.clock.after(timedelta(seconds=matched.delay)))
        outcome = outcome.late(matched.delay)
    return outcome, received


def _check_call(world: World, request: HTTPRequest, received: ReceivedRequest, route: Route, query: str) -> Call:
    """Check the key, token, rate limit, query and body of a request, and return the call for its handler."""
    operation = route.operation
    token = check_key(world, request, operation)
    user_id = None if token is None else token.user_id
    rate_limits.check_rate(world, request, operation, route.path, user_id)
    valid = check(request, route, query)
    key = request.header(IDEMPOTENCY_KEY)
    headers = {} if key is None else {IDEMPOTENCY_KEY: key}
    call = Call(operation, received.request_id, route.path, Query(valid.query), valid.body, headers, world)
    return call if token is None else authorize(token, call)


def _run_handler(call: Call, matched: MatchedFaults) -> Reply:
    handler = HANDLERS[call.operation.name]
    if call.operation.name not in BATCHES:
        return handler(call)
    ids: list[str] = list(dict.fromkeys(call.body["message_ids"]))
    limited = matched.rate_limited(ids) | rate_limits.limit_changes(call.world, call.operation, ids)
    reply = handler(call._replace(rate_limited=limited))
    if not limited:
        return reply
    skipped = ",".join(message_id for message_id in ids if message_id in limited)
    return reply._replace(headers={**reply.headers, rate_limits.LIMITED_IDS: skipped})
