"""Audience triggers: workflows that run when a user enters an audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..recipients import audiences, profiles
from . import runs
from .steps.trigger_step import Target

if TYPE_CHECKING:
    from ..state.records import Reference
    from ..state.world import World


def enter(world: World, key: str, user: Reference, tenant: str | None) -> None:
    """Add a user to an audience; trigger its workflows if the membership is new and the user has been identified.

    Raises:
        Problem: The audience does not exist.
    """
    if not audiences.add(world, key, user, tenant) or profiles.find(world, user) is None:
        return
    for workflow_key in audiences.existing(world, key).workflows:
        workflow = world.find_workflow(workflow_key)
        if workflow is not None and workflow.active:
            target = Target(user, {})
            runs.trigger(world, workflow, {}, [target], tenant=tenant, source="audience", audience_key=key)
