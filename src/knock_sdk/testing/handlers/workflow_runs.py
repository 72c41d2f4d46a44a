"""Workflow recipient runs: what became of a trigger for each recipient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.calls import Reply
from ..http.errors import missing
from ..http.paging import page
from ..state.clock import parse_moment
from ..workflows import run_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..http.calls import Call
    from ..state.records import Run

_STATUSES = ("queued", "processing", "paused", "completed", "cancelled")


def list_page(call: Call) -> Reply:
    """Return a page of the runs, newest first."""
    rows = call.world.of(run_history.RunOrder).rows
    return Reply(page(call, rows, run_history.render, key="items", where=_filter(call), newest_first=True))


def get(call: Call) -> Reply:
    """Return a run with its events."""
    run = call.world.runs.get(call.path["id"])
    if run is None:
        raise missing("workflow recipient run", call.path["id"])
    return Reply(run_history.render_detail(run))


def _filter(call: Call) -> Callable[[Run], bool]:
    """Return the test that a run must pass for the query's filters, all of which must hold."""
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
        tests.append(lambda run: bool(run_history.errors_of(run)) == wanted)
    if (start := parse_moment(query.text("starting_at"))) is not None:
        tests.append(lambda run: run.inserted_at >= start)
    if (end := parse_moment(query.text("ending_at"))) is not None:
        tests.append(lambda run: run.inserted_at <= end)
    return lambda run: all(test(run) for test in tests)


HANDLERS = {"getWorkflowRecipientRun": get, "listWorkflowRecipientRuns": list_page}
