"""Messages: creating and rendering them, their delivery status and engagement."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ..recipients import preference_center, preferences, profiles
from ..state.channels import FEED, GUIDE
from ..state.clock import iso
from ..state.records import Message, MessageEvent
from ..state.signals import Signal
from ..state.webhooks import publish
from . import activities

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..state.json_objects import JSON
    from ..state.records import Channel, Recipient, Reference, Run
    from ..state.world import World

DELIVERY = ("queued", "sent", "delivered", "delivery_attempted", "undelivered", "not_sent", "bounced")
ENGAGEMENT = ("seen", "read", "interacted", "link_clicked", "archived")

Undoable: TypeAlias = Literal["seen", "read", "archived"]

_UNDOABLE: Mapping[str, Undoable] = {"archived": "archived", "read": "read", "seen": "seen"}
_SETTABLE: Mapping[str, Undoable | Literal["interacted"]] = {**_UNDOABLE, "interacted": "interacted"}

_APART = timedelta(milliseconds=1)
"""Time between two items of a feed, which may be ahead of the clock for it."""
_READ_BY_CLICK = ("chat", "sms")


def create(
    world: World,
    run: Run,
    channel: Channel,
    step_ref: str,
    *,
    message_id: str,
    snapshot: JSON,
    contents: JSON | None,
    call: JSON | None = None,
) -> Message:
    """Create a message, without starting its delivery.

    Args:
        world: the state.
        run: the run.
        channel: the channel.
        step_ref: reference of the step.
        message_id: id of the message.
        snapshot: the recipient at this moment.
        contents: the rendered contents.
        call: what the provider gets beside them.
    """
    now = _next_moment(world, run.recipient) if channel.type == FEED else world.clock.now
    message = Message(
        id=message_id,
        serial=world.ids.serial(),
        run=run,
        channel=channel,
        step_ref=step_ref,
        recipient=run.recipient,
        snapshot=snapshot,
        contents=contents,
        status="queued",
        inserted_at=now,
        updated_at=now,
        data=run.data,
        call=call or {},
        closed_batch=run.closed_batch,
    )
    run.messages.append(message)
    world.messages[message.id] = message
    world.message_order.add(message.serial, message)
    world.messages_of[message.recipient].add(message.serial, message)
    _record(world, message, "created")
    return message


def _next_moment(world: World, recipient: Reference) -> datetime:
    """Return the time at which an item enters a recipient's feed: now, or just after the latest one that is there.

    Knock's client for browsers sorts items by this time, and the clock may stand still.
    """
    now = world.clock.now
    for _, latest in world.messages_of[recipient].iterate(backward=True):
        if latest.channel.type == FEED:
            return max(now, latest.inserted_at + _APART)
    return now


def snapshot_of(recipient: Recipient) -> JSON:
    """Return the recipient's identity and email address at this moment, which messages store."""
    user_id = recipient.reference.id if recipient.reference.collection is None else None
    return {"email": recipient.properties.get("email"), "name": recipient.properties.get("name"), "user_id": user_id}


def source_type_of(message: Message) -> Literal["guide", "workflow"]:
    """Return what made a message: a workflow or, on channels of guides, a guide."""
    return "guide" if message.channel.type == GUIDE else "workflow"


def set_status(world: World, message: Message, status: str, data: JSON | None = None) -> None:
    """Move a message to a delivery status."""
    message.status = status
    _record(world, message, status, data)


def engage(
    world: World, message: Message, status: Undoable | Literal["interacted"], metadata: JSON | None = None
) -> None:
    """Set an engagement status, or update its time. A message that was interacted with also counts as read."""
    message.engagement[status] = world.clock.now
    if status == "interacted":
        message.engagement["read"] = world.clock.now
    _record(world, message, status, metadata)


def disengage(world: World, message: Message, status: Undoable) -> None:
    """Clear an engagement status, if it is set."""
    if message.engagement.pop(status, None) is not None:
        _record(world, message, f"un{status}")


def apply_action(world: World, message: Message, action: str, metadata: JSON | None = None) -> None:
    """Set the engagement status that an action names or, for `unseen`, `unread` and `unarchived`, clear it."""
    if action.startswith("un"):
        disengage(world, message, _UNDOABLE[action.removeprefix("un")])
    else:
        engage(world, message, _SETTABLE[action], metadata)


def delete(world: World, message: Message) -> None:
    """Delete a message; its delivery does not continue."""
    del world.messages[message.id]
    world.message_order.remove(message.serial)
    world.messages_of[message.recipient].remove(message.serial)
    world.note("message", message.id, "deleted")


def follow_link(world: World, message: Message, url: str) -> None:
    """Record that the recipient followed a link in a message; SMS and chat messages then also count as read.

    The link that commercial emails end with unsubscribes the user from commercial messages.
    """
    user = world.recipients.get(message.recipient)
    if user is not None and url == preference_center.unsubscribe_link_for(user):
        present = user.preferences.get(preferences.DEFAULT, {})
        profiles.set_preferences(world, user, preferences.DEFAULT, {**present, "commercial_subscribed": False})
    message.engagement["link_clicked"] = world.clock.now
    if message.channel.type in _READ_BY_CLICK:
        message.engagement["read"] = world.clock.now
    _record(world, message, "link_clicked", {"url": url})


def transfer(world: World, message: Message, recipient: Reference) -> None:
    """Assign a message to another recipient."""
    world.messages_of[message.recipient].remove(message.serial)
    message.recipient = recipient
    world.messages_of[recipient].add(message.serial, message)
    world.note("message", message.id, "transferred")


def render(message: Message) -> JSON:
    """Return a message as the API shows it."""
    run, trigger, workflow = message.run, message.run.trigger, message.run.workflow
    actors = activities.actors_of(activities.rendered_activities(run, message.closed_batch))
    engagement = message.engagement
    source = source_type_of(message)
    of_workflow = source == "workflow"
    return {
        "__typename": "Message",
        "id": message.id,
        "actors": [actor.json() for actor in actors[: activities.MOST_ACTORS]],
        "archived_at": iso(engagement.get("archived")),
        "channel": _render_channel(message.channel),
        "channel_id": message.channel.id,
        "clicked_at": iso(engagement.get("link_clicked")),
        "data": message.data,
        "engagement_statuses": [status for status in ENGAGEMENT if status in engagement],
        "inserted_at": iso(message.inserted_at),
        "interacted_at": iso(engagement.get("interacted")),
        "link_clicked_at": iso(engagement.get("link_clicked")),
        "metadata": None,
        "read_at": iso(engagement.get("read")),
        "recipient": message.recipient.json(),
        "recipient_snapshot": message.snapshot,
        "scheduled_at": iso(message.scheduled_at),
        "seen_at": iso(engagement.get("seen")),
        "source": {
            "__typename": "NotificationSource",
            "categories": list(workflow.categories),
            "key": workflow.key,
            "step_ref": message.step_ref,
            "type": source,
            "version_id": workflow.version_id,
            "workflow_recipient_run_id": run.id if of_workflow else None,
            "workflow_run_id": trigger.id if of_workflow else None,
        },
        "status": message.status,
        "tenant": trigger.tenant,
        "updated_at": iso(message.updated_at),
        "workflow": workflow.key if of_workflow else None,
    }


def render_event(message: Message, event: MessageEvent) -> JSON:
    """Return an event of a message as the API shows it."""
    return {
        "__typename": "MessageEvent",
        "id": event.id,
        "data": event.data,
        "inserted_at": iso(event.inserted_at),
        "recipient": message.recipient.json(),
        "type": event.type,
    }


def render_contents(message: Message) -> JSON:
    """Return the rendered contents of a message as the API shows them."""
    return {
        "__typename": "MessageContent",
        "data": message.contents,
        "inserted_at": iso(message.inserted_at),
        "message_id": message.id,
    }


def _render_channel(channel: Channel) -> JSON:
    declared = iso(channel.created_at)
    return {
        "id": channel.id,
        "created_at": declared,
        "key": channel.key,
        "name": channel.name,
        "provider": channel.provider,
        "type": channel.type,
        "updated_at": declared,
    }


def _record(world: World, message: Message, status: str, data: Any = None) -> None:
    now = world.clock.now
    message.updated_at = max(now, message.inserted_at)
    message.events.append(MessageEvent(world.ids.ksuid(now), world.ids.serial(), f"message.{status}", now, data))
    world.note("message", message.id, status)
    if world.listening:
        _signal(world, message, status)
    if world.has_webhooks:
        publish(world, f"message.{status}", lambda: render(message), data)


def _signal(world: World, message: Message, status: str) -> None:
    trigger, channel, now = message.run.trigger, message.channel, world.clock.now
    source = {"type": source_type_of(message), "key": trigger.workflow.key}
    event: JSON = {
        "event_type": "message",
        "source_type": source["type"],
        "source_key": source["key"],
        "event_key": status,
    }
    payload: JSON = {
        "message_id": message.id,
        "event_type": f"message.{status}",
        "channel_id": channel.id,
        "channel_type": channel.type,
        "channel_provider": channel.provider,
        "tenant_id": trigger.tenant,
        "step_ref": message.step_ref,
        "recipient": message.recipient.json(),
        "inserted_at": iso(now),
        "source": source,
        "data": message.data,
    }
    world.signals.append(Signal(event, now, message.recipient, payload))
