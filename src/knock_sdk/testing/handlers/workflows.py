"""Workflows: triggering and cancelling them, also by older operations, and reading their runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http import idempotency
from ..http.calls import NO_CONTENT, Reply
from ..http.errors import Problem, not_found
from ..http.paging import page
from ..recipients import inline, profiles, subscriptions
from ..state.clock import parse_moment
from ..state.json_objects import object_at
from ..workflows import runs
from ..workflows.runtime import cancellation, run_history
from ..workflows.steps import trigger_step
from .lookup import workflow_of
from .trigger_data import check_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..http.calls import Call
    from ..state.json_objects import JSON
    from ..state.records import Reference, Run
    from ..state.world import World

_STATUSES = ("queued", "processing", "paused", "completed", "cancelled")


def trigger(call: Call) -> Reply:
    """Trigger a workflow. The runs end, or wait, before the response; in the API they follow it."""
    if (stored := idempotency.replay(call)) is not None:
        return stored
    body = {"workflow_run_id": _trigger(call.world, call.path["key"], call.body)}
    idempotency.store(call, body)
    return Reply(body)


def notify(call: Call) -> Reply:
    """Trigger the workflow that the body names."""
    return Reply({"result_id": _trigger(call.world, call.body["name"], call.body)})


def cancel(call: Call) -> Reply:
    """Cancel waiting runs of a workflow; the API does so after its response."""
    return _cancel(call.world, call.path["key"], call.body)


def cancel_notify(call: Call) -> Reply:
    """Cancel waiting runs of the workflow that the body names."""
    return _cancel(call.world, call.body["name"], call.body)


def _cancel(world: World, key: str, body: JSON) -> Reply:
    workflow_of(world, key)
    recipients: list[Reference] | None = None
    if body.get("recipients") is not None:
        recipients = [profiles.reference_of(value) for value in body["recipients"]]
        recipients.extend(each.reference for each in subscriptions.reach(world, tuple(recipients), None))
    cancellation.cancel(world, key, body["cancellation_key"], None if recipients is None else frozenset(recipients))
    return NO_CONTENT


def _trigger(world: World, key: str, body: JSON) -> str:
    workflow = workflow_of(world, key)
    if not workflow.active:
        raise Problem("workflow_inactive", f"The workflow {key!r} is not active.")
    # Knock documents validation of `data`; that `$trigger_data` is not validated is a guess.
    check_data(workflow, object_at(body, "data"))
    recipients = [(f"recipients.{index}", value) for index, value in enumerate(body["recipients"])]
    parties = inline.identify(world, recipients, actor=body.get("actor"), tenant=body.get("tenant"))
    settings = object_at(body, "settings")
    return runs.trigger(
        world,
        workflow,
        object_at(body, "data"),
        map(trigger_step.target_of, body["recipients"]),
        actor=parties.actor,
        tenant=parties.tenant,
        cancellation_key=body.get("cancellation_key"),
        sandbox=settings.get("sandbox_mode") is True,
        skip_delay=settings.get("skip_delay") is True,
    ).id


def list_runs(call: Call) -> Reply:
    """Return a page of all runs, newest first."""
    rows = call.world.of(run_history.RunOrder).rows
    return Reply(page(call, rows, run_history.render, key="items", where=_run_filter(call), newest_first=True))


def get_run(call: Call) -> Reply:
    """Return a run with its events."""
    run = call.world.runs.get(call.path["id"])
    if run is None:
        raise not_found("workflow recipient run", call.path["id"])
    return Reply(run_history.render_detail(run))


def _run_filter(call: Call) -> Callable[[Run], bool]:
    """Return the test that a run passes all filters in the query."""
    query = call.query
    tests: list[Callable[[Run], bool]] = []
    if (workflow := query.text("workflow")) is not None:
        tests.append(lambda run: run.trigger.workflow.key == workflow)
    if statuses := query.texts("status", _STATUSES):
        tests.append(lambda run: run.status in statuses)
    if (tenant := query.text("tenant")) is not None:
        tests.append(lambda run: run.trigger.tenant == tenant)
    if (recipient := query.reference("recipient")) is not None:
        tests.append(lambda run: run.recipient == recipient)
    if "has_errors" in query.values:
        wanted = query.flag("has_errors")
        tests.append(lambda run: bool(run_history.count_errors(run)) == wanted)
    if (start := parse_moment(query.text("starting_at"))) is not None:
        tests.append(lambda run: run.inserted_at >= start)
    if (end := parse_moment(query.text("ending_at"))) is not None:
        tests.append(lambda run: run.inserted_at <= end)
    return lambda run: all(test(run) for test in tests)


HANDLERS = {
    "cancelNotify": cancel_notify,
    "cancelWorkflow": cancel,
    "getWorkflowRecipientRun": get_run,
    "listWorkflowRecipientRuns": list_runs,
    "notify": notify,
    "triggerWorkflow": trigger,
}
