"""The channel step: the checks before a message is made, in Knock's order, and the contents of the message."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...._core.type_guards import is_array, is_object
from ...expressions.conditions.step_conditions import hold, observe
from ...messaging import delivery, messages
from ...recipients import channel_data
from ...recipients.preference_evaluation import blocking_path
from ...recipients.preference_levels import find_level, setting_at
from ...state.clock import iso
from ..runtime import run_history, time_zones
from . import channel_groups, message_contents, send_windows
from .message_contents import Target

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ...state.json_objects import JSON
    from ...state.records import Channel, Run
    from ...state.steps.steps import PlannedStep, Send
    from ...state.world import World
    from ..runtime.run_context import RunContext


def take(world: World, run: Run, planned: PlannedStep, step: Send, context: RunContext) -> None:
    """Make messages on the channel, or on each that the rules of the channel group choose.

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


class _Draft(NamedTuple):
    """A message that is rendered, and not made yet."""

    id: str
    target: Target
    rendered: message_contents.Rendered


def _send(world: World, run: Run, planned: PlannedStep, step: Send, context: RunContext, *, channel: Channel) -> None:
    """Make a message for each destination, unless there is none, or the channel's conditions or preferences forbid it.

    All are rendered before the first is made, so that a template that fails sends nothing.
    """
    if channel.conditions and not channel.sandbox and not hold(channel.conditions, context.conditions):
        found: JSON = {
            "stated": channel.conditions,
            "conditions": observe(channel.conditions, context.conditions),
        }
        detail = f"channel {channel.key}"
        run_history.skip_message(world, run, planned, channel, "conditions", detail=detail, found=found)
        return
    targets = _find_targets(context, channel, step)
    if not targets:
        missing = message_contents.ADDRESS_PROPERTIES.get(channel.type) or channel_data.needed_by(channel)
        run_history.skip_message(world, run, planned, channel, "no_address", detail=missing)
        return
    if path := blocking_path(context.preferences, run.workflow, channel, context.read_preference_conditions):
        found = _describe_preference(context, path)
        run_history.skip_message(world, run, planned, channel, "preferences", detail=".".join(path), found=found)
        return
    for draft in [_render(world, step, context, channel, target) for target in targets]:
        message = messages.create(
            world,
            run,
            channel,
            planned.ref,
            message_id=draft.id,
            snapshot=messages.snapshot_of(context.recipient),
            contents=draft.rendered.contents,
            call=draft.rendered.call,
        )
        run_history.record(world, run, run_history.STEP_DONE, planned, {"message_id": message.id})
        opens_at = _find_opening(world, step, context, draft.target) if step.windows else None
        delivery.start(world, message, opens_at)


def _describe_preference(context: RunContext, path: Sequence[str]) -> JSON:
    """Return which preference set has the setting that blocks a message, and the values that its conditions found."""
    level = find_level(context.world, context.recipient, context.run.trigger.tenant, path)
    found: JSON = {"level": None if level is None else level.name, "set": None if level is None else level.set_id}
    setting = setting_at(context.preferences, path)
    conditions = setting.get("conditions") if is_object(setting) else None
    if is_array(conditions):
        values = context.read_preference_conditions()
        found |= {"stated": conditions, "conditions": observe((tuple(conditions),), values, templates=False)}
    return found


def _render(world: World, step: Send, context: RunContext, channel: Channel, target: Target) -> _Draft:
    message_id, now = world.ids.ksuid(world.clock.now), iso(world.clock.now)
    current_message = {"id": message_id, "inserted_at": now, "updated_at": now}
    return _Draft(message_id, target, message_contents.render(context, channel, step, target, current_message))


def _find_opening(world: World, step: Send, context: RunContext, target: Target) -> datetime | None:
    """Return when the send window opens, in the zone of the device or of the recipient; None if it is open."""
    zone = time_zones.find_for(world, context.recipient, target.destination.get("timezone"))
    return send_windows.find_opening(step.windows, zone, world.clock.now)


def _find_targets(context: RunContext, channel: Channel, step: Send) -> list[Target]:
    """Return where to send messages: to each device or connection, or to one address; nowhere if there is none."""
    if channel.type in channel_data.KINDS:
        found = channel_data.destinations(context.recipient, context.tenant, channel)
        return [Target(None, each) for each in found]
    address = message_contents.find_address(context, channel, step)
    return [Target(address, {})] if address or channel.type not in message_contents.ADDRESS_PROPERTIES else []
