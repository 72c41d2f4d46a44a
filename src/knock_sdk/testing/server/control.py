"""Control endpoints, with which programs in other processes use a simulator: below `/_simulator`, in JSON."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import ConfigDict, ValidationError
from pydantic_core import from_json, to_json
from starlette.responses import Response
from starlette.routing import Mount, Route
from typing_extensions import override

from ...workflows._files import FILE
from ..base import BaseSimulator
from ..http.errors import FieldProblem, Problem, invalid_field, invalid_params
from ..state.clock import iso
from ..state.records import Channel, ChannelGroup
from .control_inputs import Input, input_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from pydantic_core import ErrorDetails
    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

    from ..http.exchange import ReceivedRequest
    from ..state.webhooks import WebhookDelivery

    Call = Callable[[BaseSimulator, Any], object]

PATH = "/_simulator"
METHODS = (
    BaseSimulator.advance,
    BaseSimulator.advance_to,
    BaseSimulator.agent,
    BaseSimulator.audience,
    BaseSimulator.channel,
    BaseSimulator.channel_group,
    BaseSimulator.clear_faults,
    BaseSimulator.click,
    BaseSimulator.cohort,
    BaseSimulator.delivery,
    BaseSimulator.drop,
    BaseSimulator.event,
    BaseSimulator.fail,
    BaseSimulator.fail_bulk_operations,
    BaseSimulator.feed_settings,
    BaseSimulator.guide,
    BaseSimulator.guide_group,
    BaseSimulator.http,
    BaseSimulator.layout,
    BaseSimulator.limit_batch,
    BaseSimulator.malform,
    BaseSimulator.ms_teams,
    BaseSimulator.partial,
    BaseSimulator.preference_center,
    BaseSimulator.remove_webhook,
    BaseSimulator.set_variables,
    BaseSimulator.slack,
    BaseSimulator.slow,
    BaseSimulator.translation,
    BaseSimulator.webhook,
    BaseSimulator.workflow,
)
"""Methods that can be called, each by a POST to its name."""


class Endpoint(NamedTuple):
    """A control endpoint."""

    verb: str
    path: str
    """Path below `PATH`."""
    input: type[Input]
    call: Call


class RateLimits(Input):
    """Input of `POST /_simulator/rate_limits`."""

    enforced: bool


class TimeZone(Input):
    """Input of `POST /_simulator/account_timezone`."""

    name: str


class WorkflowFile(Input):
    """Input of `POST /_simulator/workflow_file`: the content of a `workflow.json`."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")

    key: str


class RecipientQuery(Input):
    """A recipient in a query; an object is given by its id in `to` and by `collection`."""

    to: str | None = None
    collection: str | None = None

    @override
    def arguments(self) -> dict[str, Any]:
        """Return the fields that the request contains, with the recipient as one value."""
        arguments = super().arguments()
        collection = arguments.pop("collection", None)
        return arguments if collection is None else {**arguments, "to": {"id": self.to, "collection": collection}}


class WaitingQuery(RecipientQuery):
    """Arguments of `Simulator.waiting`, with an object as in `RecipientQuery`."""

    workflow: str | None = None


class SkipQuery(WaitingQuery):
    """Arguments of `Simulator.skips`, with an object as in `RecipientQuery`."""

    channel: str | None = None


class MessageQuery(SkipQuery):
    """Arguments of `Simulator.messages`, with an object as in `RecipientQuery`."""

    tenant: str | None = None
    status: str | None = None


def _get_summary(simulator: BaseSimulator, _: Input) -> object:
    return {"result": simulator.summary()}


def _get_state(simulator: BaseSimulator, _: Input) -> object:
    requests = simulator.requests
    return {"now": iso(simulator.now), "requests": len(requests), "rate_limits": simulator.rate_limits}


def _list_messages(simulator: BaseSimulator, query: MessageQuery) -> object:
    messages = simulator.messages(**query.arguments())
    return {"items": [message.model_dump(mode="json", by_alias=True, exclude_unset=True) for message in messages]}


def _list_skips(simulator: BaseSimulator, query: SkipQuery) -> object:
    return {"items": [skip._asdict() for skip in simulator.skips(**query.arguments())]}


def _list_fetches(simulator: BaseSimulator, _: Input) -> object:
    return {"items": [vars(fetch) for fetch in simulator.fetches]}


def _list_webhook_deliveries(simulator: BaseSimulator, _: Input) -> object:
    return {"items": [{**vars(each), "attempts": _render_attempts(each)} for each in simulator.webhook_deliveries]}


def _render_attempts(delivery: WebhookDelivery) -> list[dict[str, object]]:
    return [{**attempt._asdict(), "at": iso(attempt.at)} for attempt in delivery.attempts]


def _list_waiting(simulator: BaseSimulator, query: WaitingQuery) -> object:
    return {"items": [{**each._asdict(), "until": iso(each.until)} for each in simulator.waiting(**query.arguments())]}


def _list_requests(simulator: BaseSimulator, _: Input) -> object:
    return {"items": [_render_request(received) for received in simulator.requests]}


def _render_request(received: ReceivedRequest) -> dict[str, object]:
    # Without the headers, which contain the API key.
    return {
        "method": received.method,
        "target": received.target,
        "body": received.body.decode("utf-8", "replace"),
        "operation": received.operation,
        "status": received.status,
        "error": received.error,
        "fault": received.fault,
        "replayed": received.replayed,
        "request_id": received.request_id,
    }


def _set_rate_limits(simulator: BaseSimulator, body: RateLimits) -> object:
    simulator.rate_limits = body.enforced
    return {"result": None}


def _set_account_timezone(simulator: BaseSimulator, body: TimeZone) -> object:
    simulator.account_timezone = body.name
    return {"result": None}


def _load_workflow_file(simulator: BaseSimulator, body: WorkflowFile) -> object:
    with TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        file.write_bytes(to_json(body))
        try:
            return {"result": simulator.load_workflows(file)}
        except ValueError as error:
            raise ValueError(str(error).replace(str(file), body.key)) from error


def _call_to(method: Callable[..., object]) -> Call:
    def call(simulator: BaseSimulator, body: Input) -> object:
        result = method(simulator, **body.arguments())
        return {"result": result if isinstance(result, str | Channel | ChannelGroup) else None}

    return call


_NOT_JSON: Mapping[Callable[..., object], str] = {BaseSimulator.workflow: "steps"}
"""The argument of a method that JSON cannot express."""

_ENDPOINTS: Sequence[Endpoint] = (
    Endpoint("GET", "/", Input, _get_state),
    Endpoint("GET", "/fetches", Input, _list_fetches),
    Endpoint("GET", "/messages", MessageQuery, _list_messages),
    Endpoint("GET", "/requests", Input, _list_requests),
    Endpoint("GET", "/skips", SkipQuery, _list_skips),
    Endpoint("GET", "/summary", Input, _get_summary),
    Endpoint("GET", "/waiting", WaitingQuery, _list_waiting),
    Endpoint("GET", "/webhook_deliveries", Input, _list_webhook_deliveries),
    Endpoint("POST", "/account_timezone", TimeZone, _set_account_timezone),
    Endpoint("POST", "/rate_limits", RateLimits, _set_rate_limits),
    Endpoint("POST", "/workflow_file", WorkflowFile, _load_workflow_file),
    *(
        Endpoint("POST", f"/{method.__name__}", input_of(method, without=_NOT_JSON.get(method, "")), _call_to(method))
        for method in METHODS
    ),
)


def endpoints(simulator: BaseSimulator) -> list[Endpoint]:
    """Return all endpoints; `reset` restores the state that the simulator has now."""
    initial = simulator.snapshot()

    def reset(_: BaseSimulator, __: Input) -> object:
        simulator.restore(initial)
        return {"result": None}

    return [*_ENDPOINTS, Endpoint("POST", "/reset", Input, reset)]


def routes(simulator: BaseSimulator) -> list[BaseRoute]:
    """Return the routes of all endpoints, and one that responds with 404 to other paths below `PATH`."""
    return [
        *(
            Route(path, _handler_for(simulator, endpoint), methods=[endpoint.verb])
            for endpoint in endpoints(simulator)
            for path in sorted({PATH + endpoint.path, (PATH + endpoint.path).removesuffix("/")})
        ),
        Mount(PATH, app=_not_found),
    ]


def _handler_for(simulator: BaseSimulator, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        try:
            content = endpoint.call(simulator, endpoint.input.model_validate(await _read_input(request)))
        except ValidationError as error:
            return _error_response(invalid_params([_field_problem(details) for details in error.errors()]))
        except Problem as problem:
            return _error_response(problem)
        except (LookupError, TypeError, ValueError) as error:  # raised by the simulator for its arguments
            return _error_response(Problem("invalid_params", str(error)))
        return _json_response(content)

    return handle


async def _read_input(request: Request) -> Any:
    """Return the query of a GET, or the body of a POST, which may be empty."""
    if request.method != "POST":
        return dict(request.query_params)
    try:
        return from_json(await request.body() or b"{}", allow_inf_nan=False)
    except ValueError:
        raise invalid_field("body", "format", "is not JSON") from None


def _field_problem(details: ErrorDetails) -> FieldProblem:
    return FieldProblem(".".join(map(str, details["loc"])) or "body", details["type"], details["msg"])


def _error_response(problem: Problem) -> Response:
    return _json_response(problem.body(), problem.status)


def _json_response(content: object, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Respond to a path that is not an endpoint."""
    problem = Problem("not_found", f"No control endpoint at {scope['path']}; see docs/simulator.md for the list.")
    await _error_response(problem)(scope, receive, send)
