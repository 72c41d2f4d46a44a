"""Actions that are due, in words."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - a NamedTuple's annotations can be evaluated
from typing import TYPE_CHECKING, NamedTuple

from ....background import bulk_operations, cascades, webhook_attempts
from ....messaging import delivery
from ....state.schedules import Schedules
from ....state.webhooks import Webhooks
from ....workflows import runs, schedules
from ....workflows.runtime import run_ends
from ....workflows.steps import waiting
from ....workflows.steps.batching import Batches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ....state.clock import Due
    from ....state.records import Run
    from ....state.world import World

    Describe = Callable[[World, str], "tuple[str, tuple[str, ...]]"]


class DueRow(NamedTuple):
    """What a page shows of an action that is due."""

    at: datetime
    text: str
    parts: tuple[str, ...]
    """Parts of the path of the page that it is about; empty without one."""


def row_of(world: World, due: Due) -> DueRow:
    """Return what a page shows of an action that is due."""
    describe = _WORDS.get(due.action)
    text, parts = (due.action.replace("_", " "), ()) if describe is None else describe(world, due.subject)
    return DueRow(due.at, text, parts)


def _of_run(text: str, run: Run) -> tuple[str, tuple[str, ...]]:
    return f"{text} in the run of {run.trigger.workflow.key} for {run.recipient.id}", ("runs", run.id)


def _resume(world: World, subject: str) -> tuple[str, tuple[str, ...]]:
    run = world.runs.get(subject)
    if run is None or run.status != "paused":
        return "A delay ends, of a run that does not wait any more", ()
    return _of_run("A wait ends", run)


def _time_out(world: World, subject: str) -> tuple[str, tuple[str, ...]]:
    waits = world.of(waiting.Waits).by_run.get(subject)
    if waits is None:
        return "The time for an event is over, which a run does not wait for any more", ()
    return _of_run(f"The time for the event of {waits.planned.ref} is over", waits.run)


def _close_batch(world: World, subject: str) -> tuple[str, tuple[str, ...]]:
    batch = world.of(Batches).by_id.get(subject)
    run = None if batch is None else batch.leader
    if batch is None:
        return "A batch closes, which has closed already", ()
    if run is None:
        return "A batch without activities closes", ()
    return _of_run(f"A batch of {len(batch.runs):,} closes", run)


def _of_message(text: str) -> Describe:
    def describe(world: World, subject: str) -> tuple[str, tuple[str, ...]]:
        message = world.messages.get(subject)
        if message is None:
            return f"{text}, of a message that was deleted", ()
        return f"{text}: {message.channel.key} message to {message.recipient.id}", ("messages", message.id)

    return describe


def _schedule(world: World, subject: str) -> tuple[str, tuple[str, ...]]:
    schedule_id, _, version = subject.partition(" ")
    found = world.of(Schedules).by_id.get(schedule_id)
    if found is None or str(found.version) != version:
        return "A schedule, which was changed or deleted", ()
    return f"The schedule of {found.plan.workflow} for {found.recipient.id}", ("workflows", found.plan.workflow)


def _webhook(world: World, subject: str) -> tuple[str, tuple[str, ...]]:
    found = world.of(Webhooks).deliveries.get(subject)
    if found is None or found.outcome != "pending":
        return "Another attempt at a webhook, which is not needed any more", ()
    return f"Another attempt to send {found.type} to a webhook", ("webhooks", "deliveries", subject)


_WORDS: Mapping[str, Describe] = {
    bulk_operations.PROGRESS: lambda _, subject: (f"The bulk operation {subject} goes on", ()),
    cascades.DELETE_MESSAGES: lambda _, __: ("Messages of a recipient that was deleted go", ()),
    delivery.NEXT_STATUS: _of_message("The next status"),
    delivery.OPEN_WINDOW: _of_message("A send window opens"),
    run_ends.RESUME: _resume,
    runs.CLOSE_BATCH: _close_batch,
    schedules.OCCUR: _schedule,
    waiting.TIME_OUT: _time_out,
    webhook_attempts.RETRY: _webhook,
}
