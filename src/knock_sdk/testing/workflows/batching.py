"""Batches: what is triggered for a recipient while a window is open becomes one run.

A batch belongs to a recipient, a version of a workflow, a tenant (a guess: Knock does not say) and a key. The run that
opens it goes on when the window closes, with the activities of all; those of the others are done once they have joined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..state.records import RunBatch
from . import cancellation, run_history, step_settings

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.records import Run
    from ..state.steps import Batch, PlannedStep
    from ..state.world import World
    from .run_context import Scope

CLOSE = "close_batch"
"""The clock's action: close a batch whose window has ended."""

_LONGEST_TEXT = 256


class Batches:
    """The open batches, by what their runs share and by their ids."""

    def __init__(self) -> None:
        """Start without any."""
        self.open: dict[tuple[Any, ...], RunBatch] = {}
        self.by_id: dict[str, RunBatch] = {}


class Entered(NamedTuple):
    """What becomes of a run that has come to a batch step."""

    move: Literal["next", "pause", "end"]
    full: str | None = None
    """Id of the batch, if it is to be closed now."""


def enter(world: World, run: Run, planned: PlannedStep, step: Batch, scope: Scope) -> Entered:
    """Take a run into the open batch, or open one.

    Raises:
        UnresolvedError: The key or the window is not there.
    """
    batches = world.of(Batches)
    place = (run.recipient, run.trigger.workflow.version_id, run.trigger.tenant, step_settings.key(scope, step.key))
    batch = batches.open.get(place)
    if batch is None:
        entered = _open(world, run, step, scope, place)
        if entered.move == "pause":
            run_history.record(world, run, run_history.STEP_PAUSED, planned)
        return entered
    batch.runs.append(run)
    run.batch = batch
    cancellation.allow(world, run)
    full = step.max_activities is not None and len(batch.runs) >= step.max_activities
    if full:
        batch.closes_at = world.clock.now
    elif step.sliding:
        _extend(world, batch, step, scope)
    move: Literal["pause", "end"] = "end"
    if batch.carrier is None:
        batch.carrier, move = run, "pause"
    return Entered(move, batch.id if batch.closes_at <= world.clock.now else None)


def close(world: World, batch_id: str) -> Run | None:
    """Close a batch if its time has come; return the run that goes on, or None."""
    batches = world.of(Batches)
    batch = batches.by_id.get(batch_id)
    if batch is None or batch.closes_at > world.clock.now:
        return None  # it has been closed before its time, or its window was extended
    del batches.open[batch.place], batches.by_id[batch_id]
    carrier = batch.carrier
    for run in batch.runs:
        run.batch = None
        if run is not carrier:
            cancellation.forbid(world, run)
    if carrier is None:
        return None
    carrier.batch = None
    if not batch.runs:
        carrier.status = "cancelled"
        cancellation.forbid(world, carrier)
        return None
    carrier.gathered = batch
    carrier.data = _combined(batch.rendered())
    return carrier


def _open(world: World, run: Run, step: Batch, scope: Scope, place: tuple[Any, ...]) -> Entered:
    end = step_settings.moment(scope, step.window, step.until)
    if end is None:
        raise step_settings.UnresolvedError(f"{step.until or 'the window'} is no time to wait for")
    now = world.clock.now
    batch = RunBatch(
        id=world.ids.uuid(),
        place=place,
        order=step.order,
        render_limit=step.render_limit,
        opened_at=now,
        closes_at=end,
        carrier=None if step.flush_leading else run,
    )
    batches = world.of(Batches)
    batches.open[place] = batches.by_id[batch.id] = batch
    world.clock.call_in(end - now, CLOSE, batch.id)
    if step.flush_leading:
        return Entered("next")
    batch.runs.append(run)
    run.batch = batch
    return Entered("pause")


def _extend(world: World, batch: RunBatch, step: Batch, scope: Scope) -> None:
    end = step_settings.moment(scope, step.window, step.until)
    if end is None:
        return
    if step.sliding_limit is not None:
        end = min(end, batch.opened_at + step.sliding_limit)
    batch.closes_at = end
    if end > world.clock.now:
        world.clock.call_in(end - world.clock.now, CLOSE, batch.id)


def _combined(activities: list[Run]) -> JSON:
    """Return the data of activities as one flat object, in which later ones win, as the API does."""
    data: JSON = {}
    for run in activities:
        for name, value in run.sent.items():
            if not isinstance(value, list | dict):
                data[name] = value[:_LONGEST_TEXT] if isinstance(value, str) else value
    return data
