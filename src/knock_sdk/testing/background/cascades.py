"""Deleting and merging recipients, with all records that depend on them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic_core import from_json, to_json

from ..messaging import guide_engagement, messages
from ..recipients import audiences, profiles, subscriptions
from ..state.json_objects import merge as merge_values
from ..state.records import Reference
from ..workflows import schedules
from ..workflows.runtime import run_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..state.records import Recipient
    from ..state.world import World

DELETE_MESSAGES = "delete_messages"
"""The clock's action: delete the messages of a recipient that was deleted."""

ON_DELETE: tuple[Callable[[World, Reference], None], ...] = (
    audiences.delete_for,
    guide_engagement.delete_for,
    schedules.delete_for,
    subscriptions.delete_for,
)
"""Functions to call before a recipient is deleted."""

ON_MERGE: tuple[Callable[[World, Reference, Reference], None], ...] = (guide_engagement.transfer,)
"""Functions to call before a user is merged, with that user and the one that remains."""

# A deletion takes the API up to ten minutes. Messages can be read for that long; all else is deleted at once.
_MESSAGES_STAY = timedelta(minutes=10)

_MERGED_HISTORY = timedelta(days=30)


def delete(world: World, reference: Reference) -> None:
    """Delete a recipient, if it exists, with its preferences, channel data and dependent records."""
    if profiles.find(world, reference) is None:
        return
    for prepare in ON_DELETE:
        prepare(world, reference)
    profiles.remove(world, reference)
    if world.messages_of.get(reference):
        until_now = to_json([*reference, world.ids.serial()]).decode("utf-8")
        world.clock.call_in(_MESSAGES_STAY, DELETE_MESSAGES, until_now)


def delete_messages(world: World, subject: str) -> None:
    """Delete the messages that a recipient got before it was deleted; it may have been created again since."""
    name, collection, until = from_json(subject)
    for serial, message in list(world.messages_of[Reference(name, collection)].iterate()):
        if serial < until:
            messages.delete(world, message)


def merge(world: World, old: Recipient, new: Recipient) -> None:
    """Merge a user into another, whose own values take precedence, and delete it.

    Properties, preference sets, channel data, and messages and activities of the last 30 days are transferred;
    subscriptions, schedules and audience memberships are not. Runs that wait end when they would continue.
    """
    now = world.clock.now
    new.properties = merge_values(old.properties, new.properties)
    new.created_at = new.created_at or old.created_at
    new.preferences = {**old.preferences, **new.preferences}
    new.channel_data = {**old.channel_data, **new.channel_data}
    new.updated_at = now
    for _, message in list(world.messages_of[old.reference].iterate()):
        if now - message.inserted_at <= _MERGED_HISTORY:
            messages.transfer(world, message, new.reference)
    for _, run in world.of(run_history.RunOrder).rows.iterate(backward=True):
        if now - run.inserted_at > _MERGED_HISTORY:
            break
        if run.recipient == old.reference and run.status != "paused":
            run.recipient = new.reference
        if run.trigger.actor == old.reference:
            run.trigger.actor = new.reference
    for prepare in ON_MERGE:
        prepare(world, old.reference, new.reference)
    delete(world, old.reference)
    profiles.signal_update(world, new)
