"""What follows from a request or an action of the clock: runs that waited for it, and workflows of audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..recipients import audiences, profiles
from ..state.records import Skip
from . import runs
from .steps.trigger_step import MOST_DEPTH, Target

if TYPE_CHECKING:
    from ..state.records import Reference
    from ..state.world import World


def settle(world: World) -> None:
    """Continue the runs that waited for what has happened; trigger the workflows of audiences that users entered."""
    depth = 0
    while world.signals or world.entered:
        runs.deliver_signals(world)
        entered, world.entered = world.entered, []
        for key, user, tenant in entered:
            _trigger(world, key, user, tenant, depth)
        depth += 1


def _trigger(world: World, key: str, user: Reference, tenant: str | None, depth: int) -> None:
    """Trigger the workflows of an audience for a new member, unless the user has not been identified."""
    if profiles.find(world, user) is None:
        return
    for workflow_key in audiences.existing(world, key).workflows:
        workflow = world.find_workflow(workflow_key)
        if workflow is None or not workflow.active:
            continue
        if depth >= MOST_DEPTH:
            problem = f"audience {key}: workflows that trigger one another end at a depth of {MOST_DEPTH}"
            world.skips.append(Skip(user.json(), workflow_key, None, "error", problem, ""))
            continue
        target = Target(user, {})
        runs.trigger(world, workflow, {}, [target], tenant=tenant, source="audience", audience_key=key, depth=depth)
