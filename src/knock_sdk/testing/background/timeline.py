"""The timeline: advancing the clock and calling due actions in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messaging import delivery
from ..workflows import audience_triggers, runs, schedules
from ..workflows.runtime import run_ends
from ..workflows.steps import waiting
from . import bulk_operations, cascades, webhook_attempts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ..state.world import World

ACTIONS: Mapping[str, Callable[[World, str], None]] = {
    bulk_operations.PROGRESS: bulk_operations.progress,
    cascades.DELETE_MESSAGES: cascades.delete_messages,
    delivery.NEXT_STATUS: delivery.advance,
    runs.CLOSE_BATCH: runs.close_batch,
    delivery.OPEN_WINDOW: delivery.open_window,
    run_ends.RESUME: runs.resume,
    schedules.OCCUR: schedules.run_due,
    waiting.TIME_OUT: runs.time_out,
    webhook_attempts.RETRY: webhook_attempts.retry,
}
"""Functions by the name of the action; each takes the state and the subject of the action."""


def advance(world: World, until: datetime) -> None:
    """Advance the clock, calling in order the actions that fall due, including those that they schedule."""
    while advance_once(world, until):
        pass


def advance_once(world: World, until: datetime) -> bool:
    """Advance the clock to the next action and call it; return False, at `until`, if there was none."""
    before = world.clock.now
    due = world.clock.advance_to_next(until)
    if world.clock.now != before:
        world.note("clock")
    if due is None:
        return False
    ACTIONS[due.action](world, due.subject)
    if world.signals or world.entered:
        audience_triggers.settle(world)
    return True
