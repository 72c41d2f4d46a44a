"""The channel step: what must be right for a message to be made, in the order in which Knock looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import contents, delivery, journal, messages
from .clock import iso
from .resolution import refusal

if TYPE_CHECKING:
    from .records import Run
    from .scope import Scope
    from .steps import PlannedStep, Send
    from .world import World


def take(world: World, run: Run, planned: PlannedStep, step: Send, scope: Scope) -> None:
    """Make a message, unless the recipient cannot be reached or does not want it.

    Raises:
        TemplateError: The template cannot be rendered with this data.
    """
    workflow, channel, recipient = run.trigger.workflow, world.channel(step.channel), scope.recipient
    if lacking := contents.missing_address(recipient, channel, scope.tenant):
        journal.skip(world, run, channel, "no_address", lacking)
        journal.record(world, run, journal.STEP_SKIPPED, planned, {"reason": "no_address", "detail": lacking})
        return
    if place := refusal(scope.preferences, workflow, channel, scope.conditions):
        journal.skip(world, run, channel, "preferences", place)
        journal.record(world, run, journal.STEP_SKIPPED, planned, {"reason": "preferences", "detail": place})
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
        snapshot=contents.snapshot(recipient),
        contents=contents.contents(scope, channel, step.template, seen),
    )
    journal.record(world, run, journal.STEP_DONE, planned, {"message_id": message.id})
    delivery.start(world, message)
