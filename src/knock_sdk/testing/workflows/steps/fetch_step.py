"""The HTTP fetch step: its request, and what becomes of the declared response. Nothing is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from ...._core.type_guards import is_object
from ...state.outside import FetchRequest, FetchResponse, Outside
from ..runtime import outside_world, run_ends, run_history
from ..runtime.rendering import StepError, render_json, render_object, render_text
from ..runtime.run_ends import MOST_ATTEMPTS, RESUME, Move

if TYPE_CHECKING:
    from ...state.json_objects import JSON
    from ...state.records import Run
    from ...state.steps.function_steps import Fetch
    from ...state.steps.steps import PlannedStep
    from ...state.world import World
    from ..runtime.run_context import RunContext

_SUCCESS = (200, 201, 204)
_SERVER_ERROR = 500
_WAITS = (timedelta(seconds=30), timedelta(seconds=60))
_WITH_BODY = ("post", "put")


def take(world: World, run: Run, planned: PlannedStep, step: Fetch, context: RunContext) -> Move:
    """Ask for the response and merge it into the data; after a failure that may pass, try again later.

    Raises:
        TemplateError, StepError: The request cannot be rendered, or it failed for good.
    """
    attempt = 1 + sum(event.failed and event.step is not None and event.step.ref == planned.ref for event in run.events)
    request = _render_request(run, planned, step, context, attempt)
    world.of(Outside).fetches.append(request)
    answer = outside_world.ask(world, run, planned, "http", request)
    response = answer if isinstance(answer, FetchResponse) else FetchResponse(answer)
    if response.status is None or response.status >= _SERVER_ERROR:
        problem = "timed out" if response.status is None else f"got the status {response.status}"
        return _retry(world, run, planned, attempt, f"{request.method.upper()} {request.url} {problem}")
    if response.status not in _SUCCESS:
        raise StepError(f"{request.method.upper()} {request.url} got the status {response.status}")
    if response.body is not None:
        run.data = _merge(run.data, response.body, step.response_path)
    run_history.record(world, run, run_history.STEP_DONE, planned, {"status": response.status})
    return "next"


def _retry(world: World, run: Run, planned: PlannedStep, attempt: int, problem: str) -> Move:
    """Record a failure and wait before the next attempt; after the last one, the run ends."""
    run_history.record(world, run, run_history.STEP_FAILED, planned, {"message": problem}, failed=True, attempt=attempt)
    if attempt == MOST_ATTEMPTS:
        run_ends.end_early(world, run, "error", f"{planned.ref}: {problem}")
        return "end"
    run.position = next(index for index, each in enumerate(run.workflow.steps) if each.ref == planned.ref)
    world.clock.call_in(_WAITS[attempt - 1], RESUME, run.id)
    return "pause"


def _render_request(run: Run, planned: PlannedStep, step: Fetch, context: RunContext, attempt: int) -> FetchRequest:
    values = context.template
    url = render_text(step.url, values).strip()
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise StepError(f"url renders to {url!r}, which is no URL")
    query: JSON = {**dict(parse_qsl(parts.query)), **_render_pairs(step.query, values, "query")}
    body = None
    if step.body is not None and step.method in _WITH_BODY:
        body = render_json(step.body, values, "body")
    return FetchRequest(
        workflow=run.workflow.key,
        ref=planned.ref,
        method=step.method,
        url=parts._replace(query="", fragment="").geturl(),
        query=query,
        headers=_render_pairs(step.headers, values, "headers"),
        body=body,
        attempt=attempt,
    )


def _render_pairs(source: Any, values: dict[str, Any], field: str) -> JSON:
    return {} if not source else render_object(source, values, field)


def _merge(data: JSON, body: object, path: str | None) -> JSON:
    """Return the data with a response: its fields, or the whole of it at a path."""
    if path is None:
        if not is_object(body):
            # What the API does with such a response is not documented.
            raise StepError("the response is no JSON object; response_path says where in the data to put it")
        return {**data, **body}
    name, _, rest = path.partition(".")
    inner = data.get(name)
    return {**data, name: _merge(inner if is_object(inner) else {}, body, rest) if rest else body}
