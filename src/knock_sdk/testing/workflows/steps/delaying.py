"""Delays: runs that wait for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..runtime import run_history, step_settings
from ..runtime.run_ends import RESUME, Move

if TYPE_CHECKING:
    from ...state.records import Run
    from ...state.steps.steps import Delay, PlannedStep
    from ...state.world import World
    from ..runtime.run_context import RunContext


def take(world: World, run: Run, planned: PlannedStep, step: Delay, context: RunContext) -> Move:
    """Let a run wait, unless its trigger skips delays.

    Raises:
        UnresolvedError: The end cannot be resolved.
    """
    if run.trigger.skip_delay:
        run_history.record(world, run, run_history.STEP_SKIPPED, planned, {"reason": "skip_delay"})
        return "next"
    end = step_settings.require_end(context, step.wait, step.until)
    run_history.record(world, run, run_history.STEP_PAUSED, planned)
    world.clock.call_in(end - world.clock.now, RESUME, run.id)
    return "pause"
