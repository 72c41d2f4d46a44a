"""Routes of the control endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import to_json
from starlette.responses import Response
from starlette.routing import Mount, Route

from ...http.errors import FieldProblem, Problem, invalid_field, invalid_params
from ...state.json_text import NumberTooLargeError, parse_json
from ..environments import MAIN
from ..guard import CONTROL
from ..refusal import error_response
from .actions import ACTIONS
from .endpoint import Selected
from .queries import QUERIES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pydantic_core import ErrorDetails
    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

    from ..environments import Environments
    from .endpoint import Endpoint

ENDPOINTS: Sequence[Endpoint] = (*QUERIES, *ACTIONS)
PATH = CONTROL
ENVIRONMENT = "environment"
"""Parameter of every query that chooses the environment; without it, the main one is meant."""


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of all endpoints, and one that responds with 404 to other paths below `PATH`."""
    return [
        *(
            Route(path, _handler_for(environments, endpoint), methods=[endpoint.verb])
            for endpoint in ENDPOINTS
            for path in sorted({PATH + endpoint.path, (PATH + endpoint.path).removesuffix("/")})
        ),
        Mount(PATH, app=_not_found),
    ]


def _handler_for(environments: Environments, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        try:
            name, given = await _read_input(request)
            content = endpoint.call(Selected(environments, name), endpoint.input.model_validate(given))
        except ValidationError as error:
            return error_response(invalid_params([_field_problem(details) for details in error.errors()]))
        except Problem as problem:
            return error_response(problem)
        except (LookupError, TypeError, ValueError) as error:  # raised by the simulator for its arguments
            return error_response(Problem("invalid_params", str(error)))
        return Response(to_json(content), media_type="application/json")

    return handle


async def _read_input(request: Request) -> tuple[str, Any]:
    """Return the name of the environment, and the query of a GET, or the body of a POST, which may be empty."""
    query = dict(request.query_params)
    name = query.pop(ENVIRONMENT, MAIN)
    if request.method != "POST":
        return name, query
    if query:
        raise invalid_field(next(iter(query)), "unknown", "is not a parameter: the arguments stand in the body")
    try:
        return name, parse_json(await request.body() or b"{}")
    except NumberTooLargeError:
        raise invalid_field("body", "format", "contains a number that is too large") from None
    except ValueError:
        raise invalid_field("body", "format", "is not JSON") from None


def _field_problem(details: ErrorDetails) -> FieldProblem:
    return FieldProblem(".".join(map(str, details["loc"])) or "body", details["type"], details["msg"])


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Respond to a path that is not an endpoint."""
    problem = Problem("not_found", f"No control endpoint at {scope['path']}; see docs/simulator.md for the list.")
    await error_response(problem)(scope, receive, send)
