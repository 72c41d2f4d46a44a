"""Activities as the API shows them: the triggers behind a message or an item of a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..recipients import profiles
from ..state.clock import iso
from ..state.records import Recipient

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.records import Reference, Run, RunBatch
    from ..state.world import World


def render(world: World, run: Run) -> JSON:
    """Return an activity as the API shows it."""
    actor = run.trigger.actor
    at = iso(run.inserted_at)
    return {
        "__typename": "Activity",
        "id": run.activity_id,
        "actor": _recipient(world, actor, run) if actor else None,
        "data": run.sent,
        "inserted_at": at,
        "recipient": _recipient(world, run.recipient, run),
        "updated_at": at,
    }


def _recipient(world: World, reference: Reference, run: Run) -> JSON:
    """Return a recipient; of one that has been deleted, what identified it."""
    found = profiles.find(world, reference)
    return profiles.render(found or Recipient(reference, 0, {}, run.inserted_at))


def activities_of(run: Run, gathered: RunBatch | None) -> list[Run]:
    """Return the activities that a run or a message of it tells of, oldest first: its own, or those of a batch."""
    return [run] if gathered is None else gathered.runs


def actors_of(activities: list[Run]) -> list[Reference]:
    """Return who acted in some activities, each once, in order."""
    return list(dict.fromkeys(run.trigger.actor for run in activities if run.trigger.actor is not None))
