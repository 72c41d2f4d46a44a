"""Cancellation: stopping runs that wait, or whose activity waits in a batch, by their cancellation key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import run_history

if TYPE_CHECKING:
    from collections.abc import Collection

    from ...state.records import Reference, Run
    from ...state.world import World


class Cancellable:
    """The runs that can be cancelled, by workflow key and cancellation key."""

    def __init__(self) -> None:
        """Start without runs."""
        self.runs: dict[tuple[str, str], dict[str, Run]] = {}


def allow(world: World, run: Run) -> None:
    """Allow the cancellation of a run that has begun to wait, if its trigger has a cancellation key."""
    if (key := _key(run)) is not None:
        world.of(Cancellable).runs.setdefault(key, {})[run.id] = run


def forbid(world: World, run: Run) -> None:
    """Disallow the cancellation of a run, if it was allowed."""
    if (key := _key(run)) is not None:
        waiting = world.of(Cancellable).runs
        if key in waiting and waiting[key].pop(run.id, None) is not None and not waiting[key]:
            del waiting[key]


def cancel(world: World, workflow: str, key: str, recipients: Collection[Reference] | None) -> None:
    """Cancel the waiting runs of a workflow that have a cancellation key.

    Args:
        world: the state.
        workflow: key of the workflow.
        key: the cancellation key.
        recipients: recipients whose runs are cancelled; all if None.
    """
    for run in list(world.of(Cancellable).runs.get((workflow, key), {}).values()):
        if recipients is None or run.recipient in recipients:
            _cancel(world, run)


def _cancel(world: World, run: Run) -> None:
    batch = run.batch
    if batch is not None:
        if run not in batch.runs:
            return  # it was cancelled before, and remains only as the leader of the open batch
        batch.runs.remove(run)
    run_history.skip(world, run, None, "cancelled", run.trigger.cancellation_key or "")
    run_history.record(world, run, run_history.CANCELLED)
    if batch is not None and batch.leader is run:
        return
    run.batch = None
    run.status = "cancelled"
    forbid(world, run)


def _key(run: Run) -> tuple[str, str] | None:
    key = run.trigger.cancellation_key
    return None if key is None else (run.trigger.workflow.key, key)
