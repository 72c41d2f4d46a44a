"""Whether a run may begin or go on at all, by what its recipient had before: trigger frequency and throttles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import step_settings

if TYPE_CHECKING:
    from datetime import datetime

    from ..state.records import Reference, Run
    from ..state.steps import PlannedStep, Throttle
    from ..state.world import World
    from .run_context import RunContext


class Passed:
    """Who has passed which gate."""

    def __init__(self) -> None:
        """Start with nobody."""
        self.once: set[tuple[str, Reference, str | None]] = set()
        self.throttles: dict[tuple[Any, ...], tuple[datetime, int]] = {}
        """When the window of a throttle ends, and how many runs have come through."""


def may_begin(world: World, run: Run) -> bool:
    """Return whether the workflow's trigger frequency lets a run begin, and count it if so."""
    workflow, tenant = run.trigger.workflow, run.trigger.tenant
    if workflow.frequency == "every_trigger":
        return True
    passed = world.of(Passed).once
    pair = (workflow.key, run.recipient, tenant if workflow.frequency == "once_per_recipient_per_tenant" else None)
    if pair in passed:
        return False
    passed.add(pair)
    return True


def may_go_on(world: World, run: Run, planned: PlannedStep, step: Throttle, context: RunContext) -> bool:
    """Return whether a throttle lets a run go on, and count it if so.

    Raises:
        UnresolvedError: The key or the window is not there.
    """
    throttles, now = world.of(Passed).throttles, world.clock.now
    place = (run.recipient, run.trigger.workflow.key, planned.ref, step_settings.key(context, step.key))
    end, count = throttles.get(place, (now, 0))
    if end <= now:
        found = step_settings.moment(context, step.window, step.until)
        if found is None:
            raise step_settings.UnresolvedError(f"{step.until or 'the window'} is no time to wait for")
        end, count = found, 0
    if count >= step.limit:
        return False
    throttles[place] = (end, count + 1)
    return True
