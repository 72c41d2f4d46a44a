"""The ends of runs: after the last step, before it, and because a step failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ...expressions.liquid.rendering import TemplateError
from ...state.steps.steps import Send
from . import cancellation, run_history

if TYPE_CHECKING:
    from ...state.json_objects import JSON
    from ...state.records import Run, SkipReason
    from ...state.steps.steps import PlannedStep
    from ...state.world import World

RESUME = "resume_run"
"""The clock's action: continue a run whose delay, or wait before another attempt, is over."""

Move: TypeAlias = Literal["next", "pause", "end"]
"""What a run does after a step: take the next one, wait, or end."""

MOST_ATTEMPTS = 3


def finish(world: World, run: Run, found: JSON | None = None) -> None:
    """Finish a run."""
    run.status = "completed"
    run_history.record(world, run, run_history.COMPLETED, found=found)
    cancellation.forbid(world, run)


def end_early(world: World, run: Run, reason: SkipReason, detail: str, found: JSON | None = None) -> None:
    """Finish a run before its last step."""
    run_history.skip(world, run, None, reason, detail)
    finish(world, run, found)


def cancel(world: World, run: Run, reason: SkipReason, detail: str) -> None:
    """Cancel a run before its last step."""
    run_history.skip(world, run, None, reason, detail)
    run_history.record(world, run, run_history.CANCELLED)
    run.status = "cancelled"
    cancellation.forbid(world, run)


def fail(world: World, run: Run, planned: PlannedStep | None, error: Exception, attempts: int = MOST_ATTEMPTS) -> None:
    """Finish a run whose step, or whose trigger's conditions, failed in every attempt."""
    record_failures(world, run, planned, error, attempts)
    step = planned.step if planned is not None else None
    channel = world.channels.by_key.get(step.channel) if isinstance(step, Send) else None
    at = planned.ref if planned is not None else "trigger"
    if isinstance(error, TemplateError) and error.field:
        at += f".{error.field}"
    run_history.skip(world, run, channel, "error", f"{at}: {_problem_of(error)}")
    finish(world, run)


def record_failures(world: World, run: Run, planned: PlannedStep | None, error: Exception, attempts: int) -> None:
    """Record that a step failed in every attempt."""
    data = {"message": _problem_of(error)}
    if isinstance(error, TemplateError) and error.field:
        data["field"] = error.field
    for attempt in range(1, attempts + 1):
        run_history.record(world, run, run_history.STEP_FAILED, planned, data, failed=True, attempt=attempt)


def _problem_of(error: Exception) -> str:
    return error.problem if isinstance(error, TemplateError) else str(error)
