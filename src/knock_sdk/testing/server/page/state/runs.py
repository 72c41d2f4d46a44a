"""Runs: a list of them, and one with the steps that it has taken, those that it has skipped, and why."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - a NamedTuple's annotations can be evaluated
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ....workflows.runtime.run_history import RunOrder
from ...state_access import locked
from ..lists import Slice, cut, newest_first
from ..message_rows import workflows_in
from ..page_routes import not_found, page_route, redirect
from ..rendering import render
from .drawings.picture import picture_of_run
from .drawings.reasons import explain, with_results
from .names import is_named, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ....state.records import Reference, Run
    from ....state.rows import OrderedRows
    from ....state.world import World
    from ...environments import Environments
    from ..page_request import PageRequest

FILTERS = ("recipient", "workflow", "status", "trigger")
STATUSES = ("queued", "processing", "paused", "completed", "cancelled")
_MOST_ACTIVITIES = 20
"""Activities of a batch, and runs of a trigger, that a page shows."""


class RunRow(NamedTuple):
    """What lists show of a run."""

    id: str
    at: datetime
    recipient: Reference
    name: str
    """The name of the recipient; empty without one."""
    workflow: str
    tenant: str | None
    status: str
    messages: int
    why: str
    """Why it ended early; empty if it did not."""


class Facts(NamedTuple):
    """What a page says of a run besides its steps."""

    id: str
    trigger_id: str
    workflow: str
    recipient: Reference
    actor: Reference | None
    tenant: str | None
    cancellation_key: str | None
    source: str
    schedule_id: str | None
    audience_key: str | None
    sandbox: bool
    status: str
    inserted_at: datetime
    updated_at: datetime
    trigger_data: object
    data: object | None
    """The data as it is now, if steps or a batch have changed it."""


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the routes of the pages of runs."""
    return [page_route(environments, "/runs", _show_runs), page_route(environments, "/runs/{id}", _show_run)]


def row_of(world: World, run: Run) -> RunRow:
    """Return what lists show of a run."""
    trigger, end = run.trigger, run.early_end
    return RunRow(
        run.id,
        run.inserted_at,
        run.recipient,
        name_of(world, run.recipient),
        trigger.workflow.key,
        trigger.tenant,
        run.status,
        len(run.messages),
        "" if end is None else explain(end.reason, end.detail),
    )


def _show_runs(page: PageRequest) -> Response:
    filters = {name: page.query(name) for name in FILTERS}
    with locked(page.simulator) as world:
        workflows, order = workflows_in(world), world.of(RunOrder)
        total = len(order.rows)
        of_trigger = cut(page, order.of_trigger(filters["trigger"]))
        rows = [row_of(world, run) for run in of_trigger.items]
        shown = Slice(rows, of_trigger.before, of_trigger.after, of_trigger.start, of_trigger.total)
    found = shown if filters["trigger"] else newest_first(page, _rows_in, row_of, _test_for(filters))
    return render(
        page,
        "state/runs.html",
        found=found,
        filters=filters,
        filtered=any(filters.values()),
        workflows=workflows,
        total=total,
        statuses=STATUSES,
    )


def _rows_in(world: World) -> OrderedRows[Run]:
    return world.of(RunOrder).rows


def _test_for(filters: dict[str, str]) -> Callable[[Run], bool] | None:
    recipient, workflow, status = filters["recipient"], filters["workflow"], filters["status"]
    if not (recipient or workflow or status):
        return None
    return lambda run: (
        (not recipient or is_named(run.recipient, recipient))
        and (not workflow or run.trigger.workflow.key == workflow)
        and (not status or run.status == status)
    )


def _show_run(page: PageRequest) -> Response:
    run_id = page.ids["id"]
    with locked(page.simulator) as world:
        run = world.runs.get(run_id)
        if run is None and len(world.of(RunOrder).of_trigger(run_id)):
            # The id that a trigger returns is not that of a run.
            return redirect(page.to("runs", trigger=run_id))
        if run is None:
            raise not_found("There is no such run", f"No run has the id {run_id}.")
        shared = world.of(RunOrder).of_trigger(run.trigger.id)
        batch = run.batch or run.closed_batch
        activities = batch.runs if batch is not None else []
        end = run.early_end
        return render(
            page,
            "state/run.html",
            run=_facts_of(run),
            drawn=picture_of_run(world, run),
            end=None if end is None else explain(end.reason, end.detail),
            end_conditions=_conditions_of_end(run),
            recipient_name=name_of(world, run.recipient),
            shared=_rows_of(world, [each for each in shared[: _MOST_ACTIVITIES + 1] if each is not run]),
            shared_total=len(shared) - 1,
            batch=batch,
            leader=None if batch is None or batch.leader is None else batch.leader.id,
            activities=_rows_of(world, activities),
            activities_data=[each.trigger_data for each in islice(activities, _MOST_ACTIVITIES)],
            activities_total=len(activities),
        )


def _rows_of(world: World, runs: Sequence[Run]) -> list[RunRow]:
    return [row_of(world, run) for run in islice(runs, _MOST_ACTIVITIES)]


def _facts_of(run: Run) -> Facts:
    trigger = run.trigger
    return Facts(
        id=run.id,
        trigger_id=trigger.id,
        workflow=trigger.workflow.key,
        recipient=run.recipient,
        actor=trigger.actor,
        tenant=trigger.tenant,
        cancellation_key=trigger.cancellation_key,
        source=trigger.source.replace("_", " "),
        schedule_id=trigger.schedule_id,
        audience_key=trigger.audience_key,
        sandbox=trigger.sandbox,
        status=run.status,
        inserted_at=run.inserted_at,
        updated_at=run.updated_at,
        trigger_data=run.trigger_data,
        data=None if run.data is run.trigger_data or run.data == run.trigger_data else run.data,
    )


def _conditions_of_end(run: Run) -> object:
    """Return the conditions of the trigger with what they found, if they ended the run."""
    if run.early_end is None or run.early_end.reason != "trigger_conditions":
        return []
    found = run.events[-1].found or {}
    return with_results(run.trigger.workflow.conditions, found.get("conditions"))
