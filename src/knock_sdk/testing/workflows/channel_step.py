"""The channel step: what must be right for a message to be made, in the order in which Knock looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messaging import delivery, messages
from ..recipients.preference_evaluation import refusal
from ..state.clock import iso
from . import contents, run_history

if TYPE_CHECKING:
    from ..state.records import Run
    from ..state.steps import PlannedStep, Send
    from ..state.world import World
    from .run_context import Scope


def take(world: World, run: Run, planned: PlannedStep, step: Send, scope: Scope) -> None:
    """Make a message, unless the recipient cannot be reached or does not want it.

    Raises:
        TemplateError: The template cannot be rendered with this data.
    """
    workflow, channel, recipient = run.trigger.workflow, world.channel(step.channel), scope.recipient
    if lacking := contents.missing_address(recipient, channel, scope.tenant):
        run_history.skip(world, run, channel, "no_address", lacking)
        run_history.record(world, run, run_history.STEP_SKIPPED, planned, {"reason": "no_address", "detail": lacking})
        return
    if place := refusal(scope.preferences, workflow, channel, scope.conditions):
        run_history.skip(world, run, channel, "preferences", place)
        run_history.record(world, run, run_history.STEP_SKIPPED, planned, {"reason": "preferences", "detail": place})
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
    run_history.record(world, run, run_history.STEP_DONE, planned, {"message_id": message.id})
    delivery.start(world, message)
