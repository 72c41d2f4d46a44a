"""Batches: all triggers for a recipient while a window is open become one run.

A batch belongs to a recipient, a key and either a step of a workflow or, in the mode `pinned`, a version of it. The run
that opens it continues when the window closes, with the activities of all its runs; the other runs complete when they
join.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ...state.records import RunBatch
from ...state.steps.steps import Batch
from ..runtime import cancellation, run_history, step_settings

if TYPE_CHECKING:
    from ...state.json_objects import JSON
    from ...state.records import Run
    from ...state.steps.steps import PlannedStep
    from ...state.world import World
    from ..runtime.run_context import RunContext

_LONGEST_TEXT = 256


class Batches:
    """The open batches, by the key that their runs share and by id."""

    def __init__(self) -> None:
        """Start without batches."""
        self.open: dict[tuple[Any, ...], RunBatch] = {}
        self.by_id: dict[str, RunBatch] = {}


class BatchEntry(NamedTuple):
    """The outcome of a run's arrival at a batch step."""

    move: Literal["next", "pause", "end"]
    batch: RunBatch
    moved: bool = False
    """Whether the batch has a new closing time."""


def enter(world: World, run: Run, planned: PlannedStep, step: Batch, context: RunContext) -> BatchEntry:
    """Add a run to the open batch, or open one. The caller closes the batch when it is due.

    Raises:
        UnresolvedError: The key or the window cannot be resolved.
    """
    batches = world.of(Batches)
    pinned = step.version == "pinned"
    owner = (run.workflow.version_id,) if pinned else (run.workflow.key, planned.ref)
    key = (run.recipient, owner, step_settings.resolve_key(context, step.key))
    batch = batches.open.get(key)
    if batch is None:
        entered = _open(world, run, step, context, key=key, step_ref=None if pinned else planned.ref)
        if entered.move == "pause":
            run_history.record(world, run, run_history.STEP_PAUSED, planned)
        return entered
    batch.runs.append(run)
    run.batch = batch
    cancellation.allow(world, run)
    full = step.max_activities is not None and len(batch.runs) >= step.max_activities
    if full:
        batch.closes_at = world.clock.now
    moved = not full and step.sliding and _extend(batch, step, context)
    move: Literal["pause", "end"] = "end"
    if batch.leader is None:
        batch.leader, move = run, "pause"
        run_history.record(world, run, run_history.STEP_PAUSED, planned)
    return BatchEntry(move, batch, moved)


def close(world: World, batch_id: str) -> Run | None:
    """Close a batch if it is due; return the run that continues, or None."""
    batches = world.of(Batches)
    batch = batches.by_id.get(batch_id)
    if batch is None or batch.closes_at > world.clock.now:
        return None  # it was closed early, or its window was extended
    del batches.open[batch.key], batches.by_id[batch_id]
    leader = batch.leader
    for run in batch.runs:
        run.batch = None
        if run is not leader:
            cancellation.forbid(world, run)
    if leader is None:
        return None
    leader.batch = None
    if not batch.runs:
        leader.status = "cancelled"
        cancellation.forbid(world, leader)
        return None
    leader.closed_batch = batch
    _take_latest_version(world, leader, batch)
    leader.data = _combine_data(batch.visible_runs)
    return leader


def _take_latest_version(world: World, run: Run, batch: RunBatch) -> None:
    """Let a run continue with the declared version of the workflow, if that still has the step in the mode `latest`.

    Otherwise it continues with its own version: a guess.
    """
    latest = world.workflows.get(run.workflow.key)
    if batch.step_ref is None or latest is None or latest is run.workflow:
        return
    for planned in latest.steps:
        if planned.ref == batch.step_ref and isinstance(planned.step, Batch) and planned.step.version == "latest":
            run.later_version = latest
            run.position = len(latest.steps) if planned.then is None else planned.then


def _open(
    world: World, run: Run, step: Batch, context: RunContext, *, key: tuple[Any, ...], step_ref: str | None
) -> BatchEntry:
    end = step_settings.require_end(context, step.window, step.until)
    now = world.clock.now
    batch = RunBatch(
        id=world.ids.uuid(),
        key=key,
        order=step.order,
        render_limit=step.render_limit,
        opened_at=now,
        closes_at=end,
        leader=None if step.flush_leading else run,
        step_ref=step_ref,
    )
    batches = world.of(Batches)
    batches.open[key] = batches.by_id[batch.id] = batch
    if step.flush_leading:
        return BatchEntry("next", batch, moved=True)
    batch.runs.append(run)
    run.batch = batch
    return BatchEntry("pause", batch, moved=True)


def _extend(batch: RunBatch, step: Batch, context: RunContext) -> bool:
    """Restart the window, up to its limit; return whether the batch has a new closing time."""
    end = step_settings.find_end(context, step.window, step.until)
    if end is None:
        return False
    if step.sliding_limit is not None:
        end = min(end, batch.opened_at + step.sliding_limit)
    batch.closes_at = end
    return True


def _combine_data(activities: list[Run]) -> JSON:
    """Return the data of activities as one flat object, in which later activities win, as in the API."""
    data: JSON = {}
    for run in activities:
        for name, value in run.data.items():
            if not isinstance(value, list | dict):
                data[name] = value[:_LONGEST_TEXT] if isinstance(value, str) else value
    return data
