"""Activities: the triggers behind a message or a feed item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..recipients import profiles
from ..state.clock import iso

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.records import Reference, Run, RunBatch
    from ..state.world import World


MOST_ACTORS = 10
"""Maximum number of actors that a message or a feed item shows."""


def render(world: World, run: Run) -> JSON:
    """Return an activity as the API shows it."""
    actor = run.trigger.actor
    at = iso(run.inserted_at)
    return {
        "__typename": "Activity",
        "id": run.activity_id,
        "actor": profiles.render_or_placeholder(world, actor, run.inserted_at) if actor else None,
        "data": run.trigger_data,
        "inserted_at": at,
        "recipient": profiles.render_or_placeholder(world, run.recipient, run.inserted_at),
        "updated_at": at,
    }


def activities_of(run: Run, closed_batch: RunBatch | None) -> list[Run]:
    """Return the activities of a run or its messages, oldest first: its own or, after a batch, all of the batch."""
    return [run] if closed_batch is None else closed_batch.runs


def rendered_activities(run: Run, closed_batch: RunBatch | None) -> list[Run]:
    """Return the activities that templates and responses show: of a batch, those within its render limit."""
    return [run] if closed_batch is None else closed_batch.visible_runs


def actors_of(activities: list[Run]) -> list[Reference]:
    """Return the actors of activities, in order, without duplicates."""
    return list(dict.fromkeys(run.trigger.actor for run in activities if run.trigger.actor is not None))
