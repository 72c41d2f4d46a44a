"""A trigger becomes runs, one for each recipient, and their steps become messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from . import contents, delivery, messages, preferences, recipients
from .records import TENANTS, Reference, Run, Skip, Trigger
from .resolution import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .records import Channel, Recipient
    from .values import JSON
    from .world import World


class Target(NamedTuple):
    """Who a trigger names, with the data that is meant for it alone."""

    reference: Reference
    data: JSON


def unique(targets: Iterable[Target]) -> list[Target]:
    """Return each recipient once, in order; data of its own that comes with a repetition is added."""
    found: dict[Reference, JSON] = {}
    for target in targets:
        found.setdefault(target.reference, {}).update(target.data)
    return [Target(reference, data) for reference, data in found.items()]


def start(world: World, trigger: Trigger, data: JSON, targets: Iterable[Target]) -> None:
    """Run a workflow for each recipient, until it is done."""
    for target in targets:
        run = Run(
            id=world.ids.uuid(),
            serial=world.ids.serial(),
            trigger=trigger,
            recipient=target.reference,
            data={**data, **target.data} if target.data else data,
            status="processing",
            updated_at=world.clock.now,
        )
        world.runs[run.id] = run
        _carry_out(world, run)
        run.status = "completed"


def _carry_out(world: World, run: Run) -> None:
    recipient = recipients.find(world, run.recipient)
    if recipient is None:
        # A recipient given by id alone is not created by it, and nothing can be sent to who is not known.
        _skip(world, run, None, "not_identified", "recipient")
        return
    wanted = preferences.for_run(world, recipient, run.trigger.tenant)
    scope = _scope(world, run, recipient)
    counts: dict[str, int] = {}
    for channel in map(world.channel, run.trigger.workflow.channels):
        counts[channel.type] = counts.get(channel.type, 0) + 1
        step_ref = f"{channel.type}_{counts[channel.type]}"
        _channel_step(world, run, channel, step_ref, recipient=recipient, wanted=wanted, scope=scope)


def _channel_step(
    world: World, run: Run, channel: Channel, step_ref: str, *, recipient: Recipient, wanted: JSON, scope: JSON
) -> None:
    """Make a message, unless the recipient cannot be reached or does not want it; then the next step is taken."""
    workflow = run.trigger.workflow
    if lacking := contents.missing_address(recipient, channel):
        _skip(world, run, channel, "no_address", lacking)
    elif place := refusal(wanted, workflow, channel, scope):
        _skip(world, run, channel, "preferences", place)
    else:
        message = messages.create(
            world,
            run,
            channel,
            step_ref,
            snapshot=contents.snapshot(recipient),
            contents=contents.contents(recipient, channel, workflow.name, run.data),
        )
        delivery.start(world, message)


def _scope(world: World, run: Run, recipient: Recipient) -> dict[str, Any]:
    """Return what conditions can look at."""
    trigger, workflow = run.trigger, run.trigger.workflow
    tenant = recipients.find(world, Reference(trigger.tenant, TENANTS)) if trigger.tenant else None
    actor = recipients.find(world, trigger.actor) if trigger.actor else None
    return {
        "actor": recipients.scope_of(actor),
        "data": run.data,
        "recipient": recipients.scope_of(recipient),
        "run": {"total_activities": 1, "total_actors": 1 if actor else 0},
        "tenant": recipients.scope_of(tenant),
        "workflow": {"id": workflow.key, "name": workflow.name, "categories": list(workflow.categories)},
    }


def _skip(
    world: World,
    run: Run,
    channel: Channel | None,
    reason: Literal["preferences", "no_address", "not_identified"],
    detail: str,
) -> None:
    key = None if channel is None else channel.key
    world.skips.append(Skip(run.recipient.json(), run.trigger.workflow.key, key, reason, detail, run.trigger.id))
