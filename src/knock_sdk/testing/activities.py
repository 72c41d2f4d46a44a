"""Activities as the API shows them: the triggers behind a message or an item of a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import recipients
from .clock import iso
from .records import Recipient

if TYPE_CHECKING:
    from .records import Reference, Run
    from .values import JSON
    from .world import World


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
    found = recipients.find(world, reference)
    return recipients.render(found or Recipient(reference, 0, {}, run.inserted_at))
