"""The channel step: the checks before a message is made, in Knock's order, and the contents of the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...messaging import delivery, messages
from ...recipients import channel_data
from ...recipients.preference_evaluation import blocking_setting
from ...state.clock import iso
from ..runtime import run_history, time_zones
from . import channel_groups, message_contents, send_windows

if TYPE_CHECKING:
    from ...state.json_objects import JSON
    from ...state.records import Channel, Recipient, Run
    from ...state.steps.steps import PlannedStep, Send
    from ...state.world import World
    from ..runtime.run_context import RunContext


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
    address = message_contents.find_address(context, channel, step)
    if missing := _missing_address(recipient, channel, context.tenant, address):
        run_history.skip_message(world, run, planned, channel, "no_address", detail=missing)
        return
    if setting := blocking_setting(context.preferences, workflow, channel, context.read_preference_conditions):
        run_history.skip_message(world, run, planned, channel, "preferences", detail=setting)
        return
    message_id = world.ids.ksuid(world.clock.now)
    now = iso(world.clock.now)
    current_message = {"id": message_id, "inserted_at": now, "updated_at": now}
    rendered = message_contents.render(context, channel, step, address, current_message)
    message = messages.create(
        world,
        run,
        channel,
        planned.ref,
        message_id=message_id,
        snapshot=_snapshot(recipient),
        contents=rendered.contents,
        call=rendered.call,
    )
    run_history.record(world, run, run_history.STEP_DONE, planned, {"message_id": message.id})
    opens_at = None
    if step.windows:
        opens_at = send_windows.find_opening(step.windows, time_zones.find_for(world, recipient), world.clock.now)
    delivery.start(world, message, opens_at)


def _missing_address(
    recipient: Recipient, channel: Channel, tenant: Recipient | None, address: str | None
) -> str | None:
    """Return the property, or `channel_data`, that a recipient lacks on a channel; None if it has an address."""
    name = message_contents.ADDRESS_PROPERTIES.get(channel.type)
    if name is not None and not address:
        return name
    if channel.type in channel_data.KINDS and not channel_data.destinations(recipient, tenant, channel):
        return "channel_data"
    return None


def _snapshot(recipient: Recipient) -> JSON:
    """Return the recipient's identity and email address at this moment, which messages store."""
    user_id = recipient.reference.id if recipient.reference.collection is None else None
    return {"email": recipient.properties.get("email"), "name": recipient.properties.get("name"), "user_id": user_id}
