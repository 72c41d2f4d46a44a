"""Trigger frequency and throttles: whether a run may begin or continue, given earlier runs of its recipient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..runtime import run_ends, run_history, step_settings

if TYPE_CHECKING:
    from datetime import datetime

    from ...state.records import Reference, Run
    from ...state.steps.steps import PlannedStep, Throttle
    from ...state.world import World
    from ..runtime.run_context import RunContext
    from ..runtime.run_ends import Move

_LONGEST_KEY = 64


class Passed:
    """The runs that trigger frequencies and throttles have let through."""

    def __init__(self) -> None:
        """Start without runs."""
        self.once: set[tuple[str, Reference, str | None]] = set()
        """Workflow key, recipient and tenant of the runs that may not be repeated."""
        self.throttles: dict[tuple[Any, ...], tuple[datetime, int]] = {}
        """End of the current window and number of runs let through, by throttle."""


def may_begin(world: World, run: Run) -> bool:
    """Return whether the workflow's trigger frequency lets a run begin; if so, record it."""
    workflow, tenant = run.trigger.workflow, run.trigger.tenant
    if workflow.frequency == "every_trigger":
        return True
    passed = world.of(Passed).once
    key = (workflow.key, run.recipient, tenant if workflow.frequency == "once_per_recipient_per_tenant" else None)
    if key in passed:
        return False
    passed.add(key)
    return True


def take(world: World, run: Run, planned: PlannedStep, step: Throttle, context: RunContext) -> Move:
    """Let a run continue, or end it.

    Raises:
        UnresolvedError: The key or the window cannot be resolved.
    """
    if not _may_continue(world, run, planned, step, context):
        run_ends.end_early(world, run, "throttled", planned.ref)
        return "end"
    run_history.record(world, run, run_history.STEP_DONE, planned)
    return "next"


def _may_continue(world: World, run: Run, planned: PlannedStep, step: Throttle, context: RunContext) -> bool:
    """Return whether a throttle lets a run continue; if so, count it."""
    throttles, now = world.of(Passed).throttles, world.clock.now
    own = step_settings.resolve_key(context, step.key)
    if len(quote(own)) >= _LONGEST_KEY:
        raise step_settings.UnresolvedError(f"the key {own} is too long: it takes less than {_LONGEST_KEY} characters")
    key = (run.recipient, run.workflow.key, planned.ref, own)
    end, count = throttles.get(key, (now, 0))
    if end <= now:
        end, count = step_settings.require_end(context, step.window, step.until), 0
    if count >= step.limit:
        return False
    throttles[key] = (end, count + 1)
    return True
