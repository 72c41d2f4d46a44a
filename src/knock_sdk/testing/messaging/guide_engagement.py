"""Engagement with guides: the first one makes a message for the user and the step, as in Knock.

What happens to the message by other requests, such as `PUT /v1/messages/{message_id}/archived`, happens to the step.
Histories are stored per tenant, and separately without one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..state.ids import uuid_of
from ..state.records import Run, Trigger, Workflow
from . import messages
from .guide_records import Guides, Progress

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.records import Message, Recipient, Reference
    from ..state.world import World
    from .guide_records import Guide, History
    from .messages import Undoable


def engage(
    world: World, guide: Guide, user: Recipient, sent: JSON, status: Undoable | Literal["interacted"]
) -> History:
    """Record a user's engagement with a step; a repeated one updates the time. Return the user's history.

    Args:
        world: the state.
        guide: the guide.
        user: the user.
        sent: the body of the request, with `guide_step_ref`, `tenant`, `data` and `metadata`.
        status: what the user did.
    """
    step_ref: str = sent["guide_step_ref"]
    history = world.of(Guides).ensure_history(user.reference.id, sent.get("tenant"))
    steps = history.progress.setdefault(guide.key, Progress()).steps
    message = steps.get(step_ref)
    if message is None or message.id not in world.messages:
        message = steps[step_ref] = _create(world, guide, user, sent)
    messages.engage(world, message, status, sent.get("metadata"))
    return history


def unarchive(world: World, history: History, key: str) -> None:
    """Undo the archiving of a guide and of all its steps."""
    progress = history.progress.get(key)
    if progress is not None:
        progress.finished = False
        for message in progress.steps.values():
            messages.disengage(world, message, "archived")


def transfer(world: World, old: Reference, new: Reference) -> None:
    """Copy a user's histories to another, for the tenants in which the other has none."""
    histories = world.of(Guides).histories
    if old.id in histories:
        histories[new.id] = {**histories[old.id], **histories.get(new.id, {})}


def delete_for(world: World, reference: Reference) -> None:
    """Delete the histories of a user that is being deleted."""
    if reference.collection is None:
        world.of(Guides).histories.pop(reference.id, None)


def _create(world: World, guide: Guide, user: Recipient, sent: JSON) -> Message:
    """Create the message of a step, delivered; a run that is listed nowhere has its source, its tenant and its data."""
    now = world.clock.now
    data: JSON = sent.get("data") or {}
    message_id = world.ids.ksuid(now)
    run_id = uuid_of(f"run of guide message {message_id}")
    source = Workflow(guide.key, guide.key, uuid_of(f"version of guide {guide.id}"), ())
    trigger = Trigger(run_id, source, None, sent.get("tenant"), None, False, now)
    run = Run(run_id, world.ids.serial(), trigger, user.reference, data, data, "completed", now, now)
    snapshot = messages.snapshot_of(user)
    message = messages.create(
        world, run, guide.channel, sent["guide_step_ref"], message_id=message_id, snapshot=snapshot, contents=None
    )
    messages.set_status(world, message, "delivered")
    return message
