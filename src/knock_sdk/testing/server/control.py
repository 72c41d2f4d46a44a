"""What programs in other processes ask of the simulator: below a path that the API does not have, JSON in and out."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import ConfigDict, ValidationError
from pydantic_core import from_json, to_json
from starlette.responses import Response
from starlette.routing import Mount, Route
from typing_extensions import override

from ..base import BaseSimulator
from ..declarations.workflow_files import FILE
from ..http.errors import FieldProblem, Problem, invalid_field, invalid_params
from ..state.clock import iso
from ..state.records import Channel
from .control_inputs import Input, input_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pydantic_core import ErrorDetails
    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

    from ..http.exchange import ReceivedRequest

    Work = Callable[[BaseSimulator, Any], object]

PATH = "/_simulator"
CALLS = (
    BaseSimulator.advance,
    BaseSimulator.advance_to,
    BaseSimulator.audience,
    BaseSimulator.channel,
    BaseSimulator.clear_faults,
    BaseSimulator.click,
    BaseSimulator.delivery,
    BaseSimulator.drop,
    BaseSimulator.fail,
    BaseSimulator.fail_bulk_operations,
    BaseSimulator.feed_settings,
    BaseSimulator.guide,
    BaseSimulator.guide_group,
    BaseSimulator.limit_batch,
    BaseSimulator.malform,
    BaseSimulator.ms_teams,
    BaseSimulator.preference_center,
    BaseSimulator.set_variables,
    BaseSimulator.slack,
    BaseSimulator.slow,
    BaseSimulator.workflow,
)
"""The methods that can be called, each by a POST to its name."""


class Endpoint(NamedTuple):
    """One thing that can be asked."""

    verb: str
    path: str
    """Below `PATH`."""
    takes: type[Input]
    work: Work


class RateLimits(Input):
    """Whether rate limits are enforced."""

    enforced: bool


class TimeZone(Input):
    """The account's time zone."""

    name: str


class WorkflowFile(Input):
    """The content of a `workflow.json`."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")

    key: str


class SkipQuery(Input):
    """What `Simulator.skips` takes; an object is named by its id in `to` and its collection."""

    to: str | None = None
    collection: str | None = None
    channel: str | None = None
    workflow: str | None = None

    @override
    def given(self) -> dict[str, Any]:
        """Return what was given, the recipient as one value."""
        found = super().given()
        collection = found.pop("collection", None)
        return found if collection is None else {**found, "to": {"id": self.to, "collection": collection}}


class MessageQuery(SkipQuery):
    """What `Simulator.messages` takes, likewise."""

    tenant: str | None = None
    status: str | None = None


def _summary(simulator: BaseSimulator, _: Input) -> object:
    return {"result": simulator.summary()}


def _state(simulator: BaseSimulator, _: Input) -> object:
    requests = simulator.requests
    return {"now": iso(simulator.now), "requests": len(requests), "rate_limits": simulator.rate_limits}


def _messages(simulator: BaseSimulator, query: MessageQuery) -> object:
    found = simulator.messages(**query.given())
    return {"items": [message.model_dump(mode="json", by_alias=True, exclude_unset=True) for message in found]}


def _skips(simulator: BaseSimulator, query: SkipQuery) -> object:
    return {"items": [skip._asdict() for skip in simulator.skips(**query.given())]}


def _requests(simulator: BaseSimulator, _: Input) -> object:
    return {"items": [_request(received) for received in simulator.requests]}


def _request(received: ReceivedRequest) -> dict[str, object]:
    # The headers stay out: they hold the key.
    return {
        "method": received.method,
        "target": received.target,
        "body": received.body.decode("utf-8", "replace"),
        "operation": received.operation,
        "status": received.status,
        "fault": received.fault,
        "replayed": received.replayed,
        "request_id": received.request_id,
    }


def _rate_limits(simulator: BaseSimulator, given: RateLimits) -> object:
    simulator.rate_limits = given.enforced
    return {"result": None}


def _account_timezone(simulator: BaseSimulator, given: TimeZone) -> object:
    simulator.account_timezone = given.name
    return {"result": None}


def _workflow_file(simulator: BaseSimulator, given: WorkflowFile) -> object:
    with TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        file.write_bytes(to_json(given))
        try:
            return {"result": simulator.load_workflows(file)}
        except ValueError as error:
            raise ValueError(str(error).replace(str(file), given.key)) from error


def _calling(method: Callable[..., object]) -> Work:
    def call(simulator: BaseSimulator, given: Input) -> object:
        result = method(simulator, **given.given())
        return {"result": result if isinstance(result, str | Channel) else None}

    return call


_ENDPOINTS: Sequence[Endpoint] = (
    Endpoint("GET", "/", Input, _state),
    Endpoint("GET", "/messages", MessageQuery, _messages),
    Endpoint("GET", "/requests", Input, _requests),
    Endpoint("GET", "/skips", SkipQuery, _skips),
    Endpoint("GET", "/summary", Input, _summary),
    Endpoint("POST", "/account_timezone", TimeZone, _account_timezone),
    Endpoint("POST", "/rate_limits", RateLimits, _rate_limits),
    Endpoint("POST", "/workflow_file", WorkflowFile, _workflow_file),
    *(Endpoint("POST", f"/{method.__name__}", input_of(method, without="steps"), _calling(method)) for method in CALLS),
)


def endpoints(simulator: BaseSimulator) -> list[Endpoint]:
    """Return all endpoints; a reset leads back to how the simulator is now."""
    beginning = simulator.snapshot()

    def reset(_: BaseSimulator, __: Input) -> object:
        simulator.restore(beginning)
        return {"result": None}

    return [*_ENDPOINTS, Endpoint("POST", "/reset", Input, reset)]


def routes(simulator: BaseSimulator) -> list[BaseRoute]:
    """Return the routes of all endpoints; what is below their path and none of them is answered here too."""
    return [
        *(
            Route(path, _carrying_out(simulator, endpoint), methods=[endpoint.verb])
            for endpoint in endpoints(simulator)
            for path in sorted({PATH + endpoint.path, (PATH + endpoint.path).removesuffix("/")})
        ),
        Mount(PATH, app=_not_found),
    ]


def _carrying_out(simulator: BaseSimulator, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def carry_out(request: Request) -> Response:
        try:
            answer = endpoint.work(simulator, endpoint.takes.model_validate(await _given(request)))
        except ValidationError as error:
            return _refusal(invalid_params([_field(details) for details in error.errors()]))
        except Problem as problem:
            return _refusal(problem)
        except (LookupError, TypeError, ValueError) as error:  # what the simulator says of arguments
            return _refusal(Problem("invalid_params", str(error)))
        return _json(answer)

    return carry_out


async def _given(request: Request) -> Any:
    """Return the query of a GET, or the body of a POST, which may be left out."""
    if request.method != "POST":
        return dict(request.query_params)
    try:
        return from_json(await request.body() or b"{}", allow_inf_nan=False)
    except ValueError:
        raise invalid_field("body", "format", "is not JSON") from None


def _field(details: ErrorDetails) -> FieldProblem:
    return FieldProblem(".".join(map(str, details["loc"])) or "body", details["type"], details["msg"])


def _refusal(problem: Problem) -> Response:
    return _json(problem.body(), problem.status)


def _json(content: object, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer what is no endpoint."""
    problem = Problem("not_found", f"There is nothing at {scope['path']}: docs/simulator.md names what there is.")
    await _refusal(problem)(scope, receive, send)
