"""What was not sent, and why."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - a NamedTuple's annotations can be evaluated
from typing import TYPE_CHECKING, NamedTuple

from ....workflows.runtime.run_history import RunOrder
from ...state_access import locked
from ..lists import newest_first
from ..message_rows import workflows_in
from ..page_routes import page_route
from ..rendering import render
from .drawings.reasons import REASONS, explain
from .listed import Listed
from .names import is_named, name_of, reference_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ....state.records import Reference, Run, Skip
    from ....state.rows import OrderedRows
    from ....state.world import World
    from ...environments import Environments
    from ..page_request import PageRequest

FILTERS = ("recipient", "workflow", "reason")


class SkipRow(NamedTuple):
    """What the list shows of a message that was not made."""

    at: datetime | None
    """When its run began."""
    recipient: Reference
    name: str
    workflow: str
    channel: str | None
    reason: str
    text: str
    run: str | None
    """Id of the run; None if there is none."""


def routes(environments: Environments) -> list[BaseRoute]:
    """Return the route of the list."""
    return [page_route(environments, "/not-sent", _show_skips)]


def _show_skips(page: PageRequest) -> Response:
    filters = {name: page.query(name) for name in FILTERS}
    with locked(page.simulator) as world:
        total, workflows = len(world.skips), workflows_in(world)
    found = newest_first(page, _rows_in, _row_of, _test_for(filters))
    return render(
        page,
        "state/skips.html",
        found=found,
        filters=filters,
        filtered=any(filters.values()),
        total=total,
        workflows=workflows,
        reasons=REASONS,
    )


def _rows_in(world: World) -> OrderedRows[Skip]:
    return Listed(world.skips)


def _row_of(world: World, skip: Skip) -> SkipRow:
    reference = reference_in(skip.to)
    run = run_of(world, skip)
    return SkipRow(
        at=None if run is None else run.inserted_at,
        recipient=reference,
        name=name_of(world, reference),
        workflow=skip.workflow,
        channel=skip.channel,
        reason=skip.reason,
        text=explain(skip.reason, skip.detail),
        run=None if run is None else run.id,
    )


def run_of(world: World, skip: Skip) -> Run | None:
    """Return the run that made no message; None if it has not begun."""
    shared = world.of(RunOrder).of_trigger(skip.workflow_run_id)
    for run in shared:
        if run.recipient.json() == skip.to:
            return run
    return shared[0] if len(shared) == 1 else None  # its recipient was merged into another


def _test_for(filters: dict[str, str]) -> Callable[[Skip], bool] | None:
    recipient, workflow, reason = (filters[name] for name in FILTERS)
    if not (recipient or workflow or reason):
        return None
    return lambda skip: (
        (not reason or skip.reason == reason)
        and (not workflow or skip.workflow == workflow)
        and (not recipient or is_named(reference_in(skip.to), recipient))
    )
