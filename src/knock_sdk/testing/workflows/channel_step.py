"""The channel step: the checks before a message is made, in Knock's order, and the contents of the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messaging import delivery, messages
from ..recipients import channel_data
from ..recipients.preference_evaluation import blocking_setting
from ..state.clock import iso
from . import message_contents, run_history

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.records import Channel, Recipient, Run
    from ..state.steps import PlannedStep, Send
    from ..state.world import World
    from .run_context import RunContext


def take(world: World, run: Run, planned: PlannedStep, step: Send, context: RunContext) -> None:
    """Make a message, unless the recipient lacks an address or the preferences block it.

    Raises:
        TemplateError: The template cannot be rendered with this data.
    """
    workflow, channel, recipient = run.trigger.workflow, world.channels.get(step.channel), context.recipient
    address = message_contents.find_address(context, channel, step)
    if missing := _missing_address(recipient, channel, context.tenant, address):
        run_history.skip_step(world, run, planned, "no_address", missing)
        return
    if setting := blocking_setting(context.preferences, workflow, channel, context.read_preference_conditions):
        run_history.skip_step(world, run, planned, "preferences", setting)
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
    delivery.start(world, message)


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
