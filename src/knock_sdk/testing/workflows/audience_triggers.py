"""What follows when a user enters an audience: the workflows that are set off by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..recipients import audiences, profiles
from ..state.records import Trigger
from . import runs

if TYPE_CHECKING:
    from ..state.records import Reference
    from ..state.world import World


def enter(world: World, key: str, user: Reference, tenant: str | None) -> None:
    """Put a user into an audience; one that is new there, and has been identified, sets its workflows off.

    Raises:
        Problem: There is no such audience.
    """
    if not audiences.add(world, key, user, tenant) or profiles.find(world, user) is None:
        return
    for workflow_key in audiences.existing(world, key).workflows:
        workflow = world.find_workflow(workflow_key)
        if workflow is not None and workflow.active:
            trigger = Trigger(
                id=world.ids.uuid(),
                workflow=workflow,
                actor=None,
                tenant=tenant,
                cancellation_key=None,
                sandbox=False,
                inserted_at=world.clock.now,
                source="audience",
                audience_key=key,
            )
            runs.start(world, trigger, {}, [runs.Target(user, {})])
