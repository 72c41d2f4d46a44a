"""The channel step: the checks before a message is made, in Knock's order, and the contents of the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..expressions import templates
from ..messaging import delivery, messages
from ..recipients import channel_data
from ..recipients.preference_evaluation import blocking_setting
from ..state.clock import iso
from . import channel_groups, run_history, send_windows, time_zones

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..state.json_objects import JSON
    from ..state.records import Channel, Recipient, Run
    from ..state.steps import PlannedStep, Send
    from ..state.world import World
    from .run_context import RunContext

SENDER = "Knock simulator <simulator@knock.invalid>"

# The property that holds the address, by channel type. Chat and push use channel data; other types need no address.
_ADDRESS_PROPERTIES = {"email": "email", "sms": "phone_number"}
_DEVICE_IDENTIFIERS = ("token", "target_arn", "player_id")


def take(world: World, run: Run, planned: PlannedStep, step: Send, context: RunContext) -> None:
    """Make a message on the channel, or on each that the rules of the channel group choose.

    Raises:
        TemplateError: The template cannot be rendered with this data.
    """
    group = world.channels.groups.get(step.channel)
    if group is None:
        _send(world, run, planned, step, context, channel=world.channels.get(step.channel))
        return
    chosen = channel_groups.choose(world, group, context)
    if not chosen:
        run_history.skip_step(world, run, planned, "conditions", f"channel group {group.key}")
    for channel in chosen:
        _send(world, run, planned, step, context, channel=channel)


def _send(world: World, run: Run, planned: PlannedStep, step: Send, context: RunContext, *, channel: Channel) -> None:
    """Make a message, unless the recipient lacks an address or the preferences block it."""
    workflow, recipient = run.workflow, context.recipient
    if missing := _missing_address(recipient, channel, context.tenant):
        run_history.skip_message(world, run, planned, channel, "no_address", detail=missing)
        return
    if setting := blocking_setting(context.preferences, workflow, channel, context.preference_conditions):
        run_history.skip_message(world, run, planned, channel, "preferences", detail=setting)
        return
    message_id = world.ids.ksuid(world.clock.now)
    now = iso(world.clock.now)
    current_message = {"id": message_id, "inserted_at": now, "updated_at": now}
    message = messages.create(
        world,
        run,
        channel,
        planned.ref,
        message_id=message_id,
        snapshot=_snapshot(recipient),
        contents=render_contents(context, channel, step.template, current_message),
    )
    run_history.record(world, run, run_history.STEP_DONE, planned, {"message_id": message.id})
    opens_at = None
    if step.windows:
        opens_at = send_windows.find_opening(step.windows, time_zones.find_for(world, recipient), world.clock.now)
    delivery.start(world, message, opens_at)


def _missing_address(recipient: Recipient, channel: Channel, tenant: Recipient | None) -> str | None:
    """Return the property, or `channel_data`, that a recipient lacks on a channel; None if it has an address."""
    name = _ADDRESS_PROPERTIES.get(channel.type)
    if name is not None and not recipient.properties.get(name):
        return name
    if channel.type in channel_data.KINDS and not channel_data.destinations(recipient, tenant, channel):
        return "channel_data"
    return None


def _snapshot(recipient: Recipient) -> JSON:
    """Return the recipient's identity and email address at this moment, which messages store."""
    user_id = recipient.reference.id if recipient.reference.collection is None else None
    return {"email": recipient.properties.get("email"), "name": recipient.properties.get("name"), "user_id": user_id}


def render_contents(
    context: RunContext, channel: Channel, template: Mapping[str, object] | None, message: Mapping[str, object]
) -> JSON | None:
    """Return the contents of a message; None for webhooks, whose messages have no contents in the API.

    Args:
        context: the context of the run.
        channel: the channel of the message.
        template: the template of the step; without one, the data is shown.
        message: fields of the message that the template can read.

    Raises:
        TemplateError: The template cannot be rendered with this data.
    """
    kind, recipient = channel.type, context.recipient
    if kind == "http":
        return None
    if template is None:
        rendered = templates.render_data(kind, context.run.trigger.workflow.name, context.run.data)
    else:
        rendered = templates.render(kind, template, {**context.template, "current_message": message})
    if kind == "in_app_feed":
        return {"__typename": "MessageInAppFeedContent", **rendered}
    if kind == "email":
        addresses = {"bcc": None, "cc": None, "from": SENDER, "reply_to": None, "to": recipient.properties["email"]}
        return {"__typename": "MessageEmailContent", **rendered, **addresses}
    if kind == "sms":
        return {"__typename": "MessageSmsContent", **rendered, "to": recipient.properties["phone_number"]}
    destination = channel_data.destinations(recipient, context.tenant, channel)[0]
    if kind == "chat":
        return {"__typename": "MessageChatContent", **rendered, "connection": destination, "metadata": None}
    token = next(destination[name] for name in _DEVICE_IDENTIFIERS if name in destination)
    return {"__typename": "MessagePushContent", **rendered, "data": None, "token": token}
