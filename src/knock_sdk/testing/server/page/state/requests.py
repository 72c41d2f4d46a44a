"""Requests that the environment has received."""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from pydantic_core import from_json

from ....http.operation_names import find_operations, method_of
from ....workflows.runtime.run_history import RunOrder
from ...state_access import locked
from ..lists import newest_first
from ..message_rows import row_of as message_row_of
from ..page_routes import not_found, page_route
from ..redaction import HIDDEN, is_secret
from ..rendering import render
from .listed import Listed
from .runs import row_of as run_row_of
from .targets import hide_secrets

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ....http.exchange import ReceivedRequest
    from ....state.rows import OrderedRows
    from ....state.world import World
    from ...environments import Environments
    from ..page_request import PageRequest

FILTERS = ("status", "operation", "q")
STATUSES = ("2xx", "3xx", "4xx", "5xx", "none")
_MOST = 20
"""Runs and messages of a request that its page shows."""
_MOST_SEARCHED = 100_000
"""Bytes of a body in which a search looks."""


class RequestRow(NamedTuple):
    """What the list shows of a request."""

    id: str
    at: datetime
    method: str
    target: str
    operation: str | None
    status: int | None
    fault: str | None
    error: str | None
    replayed: bool


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of the pages of requests."""
    return [page_route(environments, "/requests", _show_requests), page_route(environments, "/requests/{id}", _show)]


def _show_requests(page: PageRequest) -> Response:
    filters = {name: page.query(name) for name in FILTERS}
    received = page.simulator.requests
    rows: OrderedRows[ReceivedRequest] = Listed(received)
    found = newest_first(page, lambda _: rows, _row_of, _test_for(filters))
    return render(
        page,
        "state/requests.html",
        found=found,
        filters=filters,
        filtered=any(filters.values()),
        total=len(received),
        statuses=STATUSES,
    )


def _row_of(_: World, request: ReceivedRequest) -> RequestRow:
    return RequestRow(
        id=request.request_id,
        at=request.at,
        method=request.method,
        target=hide_secrets(request.target),
        operation=None if request.operation is None else method_of(request.operation),
        status=request.status,
        fault=request.fault,
        error=request.error,
        replayed=request.replayed,
    )


def _test_for(filters: dict[str, str]) -> Callable[[ReceivedRequest], bool] | None:
    status, operation, search = (filters[name] for name in FILTERS)
    if not (status or operation or search):
        return None
    wanted, as_bytes = search.casefold(), search.encode()
    operations = _operations_named(operation)

    def passes(request: ReceivedRequest) -> bool:
        return (
            (not status or _has_status(request, status))
            and (not operation or request.operation in operations)
            and (
                not search
                or wanted in unquote(hide_secrets(request.target)).casefold()
                or wanted in (request.error or "").casefold()
                or wanted == request.request_id
                or as_bytes in request.body[:_MOST_SEARCHED]
            )
        )

    return passes


def _operations_named(name: str) -> frozenset[str]:
    """Return the ids of the operations that a filter means; of none if there is no such name."""
    try:
        return find_operations(name)
    except ValueError:
        return frozenset()


def _has_status(request: ReceivedRequest, wanted: str) -> bool:
    if request.status is None:
        return wanted == "none"
    return wanted in (f"{request.status // 100}xx", str(request.status))


def _show(page: PageRequest) -> Response:
    wanted = page.ids["id"]
    request = next((each for each in reversed(page.simulator.requests) if each.request_id == wanted), None)
    if request is None:
        raise not_found("There is no such request", f"No request has the id {wanted}.")
    before, after = request.serials
    with locked(page.simulator) as world:
        made = world.of(RunOrder).rows.iterate(before)
        runs = [run_row_of(world, run) for _, run in islice(takewhile(lambda pair: pair[0] <= after, made), _MOST + 1)]
        rows = world.message_order.iterate(before)
        messages = [
            message_row_of(world, message)
            for _, message in islice(takewhile(lambda pair: pair[0] <= after, rows), _MOST + 1)
        ]
    headers = [(name, HIDDEN if _is_hidden(name) else value) for name, value in sorted(request.headers.items())]
    return render(
        page,
        "state/request.html",
        request=request,
        row=_row_of(world, request),
        headers=headers,
        body=_json_of(request),
        text=request.body.decode("utf-8", "replace"),
        runs=runs[:_MOST],
        messages=messages[:_MOST],
        more=len(runs) > _MOST or len(messages) > _MOST,
        workflow=_workflow_of(request),
    )


def _is_hidden(name: str) -> bool:
    """Return whether a header may hold a secret: those that are known to, and all whose name says so."""
    return is_secret(name) or any(word in name for word in ("auth", "cookie", "key", "secret", "token", "signature"))


def _json_of(request: ReceivedRequest) -> Any:
    try:
        return from_json(request.body) if request.body else None
    except ValueError:
        return None


def _workflow_of(request: ReceivedRequest) -> str | None:
    """Return the key of the workflow that a request triggers or cancels."""
    parts = request.target.partition("?")[0].split("/")
    known = request.operation in ("triggerWorkflow", "cancelWorkflow") and len(parts) > 3
    return unquote(parts[3]) if known else None
