"""The channel step: whether a message is made, checked in the order in which Knock does, and its contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..expressions import templates
from ..messaging import delivery, messages
from ..recipients import channel_data
from ..recipients.preference_evaluation import blocking_setting
from ..state.clock import iso
from . import run_history

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..state.json_objects import JSON
    from ..state.records import Channel, Recipient, Run
    from ..state.steps import PlannedStep, Send
    from ..state.world import World
    from .run_context import RunContext

SENDER = "Knock simulator <simulator@knock.invalid>"

# The property in which a kind of channel finds the address; chat and push find it in channel data, others need none.
_PROPERTIES = {"email": "email", "sms": "phone_number"}
_NAMES = ("token", "target_arn", "player_id")


def take(world: World, run: Run, planned: PlannedStep, step: Send, context: RunContext) -> None:
    """Make a message, unless the recipient cannot be reached or does not want it.

    Raises:
        TemplateError: The template cannot be rendered with this data.
    """
    workflow, channel, recipient = run.trigger.workflow, world.channels.get(step.channel), context.recipient
    if lacking := _missing_address(recipient, channel, context.tenant):
        run_history.skip_step(world, run, planned, "no_address", lacking)
        return
    if place := blocking_setting(context.preferences, workflow, channel, context.conditions):
        run_history.skip_step(world, run, planned, "preferences", place)
        return
    message_id = world.ids.ksuid(world.clock.now)
    now = iso(world.clock.now)
    seen = {"id": message_id, "inserted_at": now, "updated_at": now}
    message = messages.create(
        world,
        run,
        channel,
        planned.ref,
        message_id=message_id,
        snapshot=_snapshot(recipient),
        contents=render_contents(context, channel, step.template, seen),
    )
    run_history.record(world, run, run_history.STEP_DONE, planned, {"message_id": message.id})
    delivery.start(world, message)


def _missing_address(recipient: Recipient, channel: Channel, tenant: Recipient | None) -> str | None:
    """Return what a recipient lacks to be reached on a channel; None if nothing."""
    name = _PROPERTIES.get(channel.type)
    if name is not None and not recipient.properties.get(name):
        return name
    if channel.type in channel_data.KINDS and not channel_data.destinations(recipient, tenant, channel):
        return "channel_data"
    return None


def _snapshot(recipient: Recipient) -> JSON:
    """Return how a recipient can be reached at this moment, as messages keep it."""
    user_id = recipient.reference.id if recipient.reference.collection is None else None
    return {"email": recipient.properties.get("email"), "name": recipient.properties.get("name"), "user_id": user_id}


def render_contents(
    context: RunContext, channel: Channel, template: Mapping[str, object] | None, message: Mapping[str, object]
) -> JSON | None:
    """Return what is rendered for a recipient; None for webhooks, whose messages have no contents in the API.

    Args:
        context: the context of the run.
        channel: where the message goes.
        template: the template of the step; without one, the data is shown.
        message: what the template sees of the message itself.

    Raises:
        TemplateError: The template cannot be rendered with this data.
    """
    kind, recipient = channel.type, context.recipient
    if kind == "http":
        return None
    if template is None:
        said = templates.render_data(kind, context.run.trigger.workflow.name, context.run.data)
    else:
        said = templates.render(kind, template, {**context.template, "current_message": message})
    if kind == "in_app_feed":
        return {"__typename": "MessageInAppFeedContent", **said}
    if kind == "email":
        addresses = {"bcc": None, "cc": None, "from": SENDER, "reply_to": None, "to": recipient.properties["email"]}
        return {"__typename": "MessageEmailContent", **said, **addresses}
    if kind == "sms":
        return {"__typename": "MessageSmsContent", **said, "to": recipient.properties["phone_number"]}
    place = channel_data.destinations(recipient, context.tenant, channel)[0]
    if kind == "chat":
        return {"__typename": "MessageChatContent", **said, "connection": place, "metadata": None}
    token = next(place[name] for name in _NAMES if name in place)
    return {"__typename": "MessagePushContent", **said, "data": None, "token": token}
