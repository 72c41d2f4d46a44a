"""The history of runs: their events, and the messages that were not made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...state.clock import iso
from ...state.ids import uuid_of
from ...state.records import RunEvent, Skip
from ...state.rows import OrderedRows
from ...state.signals import Signal
from ...state.steps.steps import Send
from ...state.webhooks import publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...state.json_objects import JSON
    from ...state.records import Channel, Run, SkipReason
    from ...state.steps.steps import PlannedStep
    from ...state.world import World

# The API does not document the names of these events: guesses. Those of whole runs are the names of its webhooks.
STARTED = "workflow_recipient_run.started"
COMPLETED = "workflow_recipient_run.completed"
CANCELLED = "workflow_recipient_run.cancelled"
FAILED = "workflow_recipient_run.error"
STEP_DONE = "step.executed"
STEP_SKIPPED = "step.skipped"
STEP_PAUSED = "step.paused"
STEP_FAILED = "step.failed"


_SIGNALS = {STARTED: "started", COMPLETED: "completed"}


class RunOrder:
    """All runs, oldest first."""

    def __init__(self) -> None:
        """Start empty."""
        self.rows: OrderedRows[Run] = OrderedRows()
        self._of_trigger: dict[str, list[Run]] = {}

    def add(self, run: Run) -> None:
        """Add a new run."""
        self.rows.add(run.serial, run)
        self._of_trigger.setdefault(run.trigger.id, []).append(run)

    def of_trigger(self, trigger_id: str) -> Sequence[Run]:
        """Return the runs of a trigger, oldest first."""
        return self._of_trigger.get(trigger_id, ())


def record(
    world: World,
    run: Run,
    event: str,
    step: PlannedStep | None = None,
    data: JSON | None = None,
    *,
    failed: bool = False,
    attempt: int = 1,
    found: JSON | None = None,
) -> None:
    """Add an event to a run's history."""
    run.updated_at = world.clock.now
    run.events.append(RunEvent(event, world.clock.now, step, data, failed, attempt, found))
    world.note("run", run.id, event)
    if world.listening and event in _SIGNALS:
        _signal(world, run, _SIGNALS[event])
    if world.has_webhooks and (failed or event in _SIGNALS):
        publish(world, FAILED if failed else event, lambda: render(run))


def _signal(world: World, run: Run, key: str) -> None:
    trigger, now = run.trigger, world.clock.now
    event: JSON = {"event_type": "workflow", "source_key": trigger.workflow.key, "event_key": key}
    payload: JSON = {
        "workflow_key": trigger.workflow.key,
        "workflow_run_id": trigger.id,
        "recipient": run.recipient.json(),
        "status": run.status,
        "tenant_id": trigger.tenant,
        "notify_data": run.trigger_data,
        "inserted_at": iso(now),
    }
    world.signals.append(Signal(event, now, run.recipient, payload))


def skip(world: World, run: Run, channel: Channel | None, reason: SkipReason, detail: str) -> None:
    """Record that a message was not made or, without a channel, that the run makes no further messages."""
    key = None if channel is None else channel.key
    made = Skip(run.recipient.json(), run.trigger.workflow.key, key, reason, detail, run.trigger.id)
    world.skips.append(made)
    if channel is None:
        run.early_end = made
    world.note("skip", run.id, reason)


def skip_step(
    world: World,
    run: Run,
    planned: PlannedStep,
    reason: SkipReason,
    detail: str | None = None,
    *,
    found: JSON | None = None,
) -> None:
    """Record that a step was skipped and, for a channel step, that its message was not made."""
    data = {"reason": reason} if detail is None else {"reason": reason, "detail": detail}
    record(world, run, STEP_SKIPPED, planned, data, found=found)
    if isinstance(planned.step, Send):
        _skip_channels(world, run, planned.step.channel, reason, detail or planned.ref)


def skip_message(
    world: World,
    run: Run,
    planned: PlannedStep,
    channel: Channel,
    reason: SkipReason,
    *,
    detail: str,
    found: JSON | None = None,
) -> None:
    """Record that the message of a channel step was not made on one channel."""
    record(world, run, STEP_SKIPPED, planned, {"reason": reason, "detail": detail}, found=found)
    skip(world, run, channel, reason, detail)


def _skip_channels(world: World, run: Run, key: str, reason: SkipReason, detail: str) -> None:
    """Record that a message was not made on a channel, or on any of a channel group."""
    group = world.channels.groups.get(key)
    for channel in [key] if group is None else [rule.channel for rule in group.rules]:
        skip(world, run, world.channels.get(channel), reason, detail)


def count_errors(run: Run) -> int:
    """Return the number of errors in a run's history."""
    return sum(event.failed for event in run.events)


def render(run: Run) -> JSON:
    """Return a run as the API shows it in lists."""
    trigger = run.trigger
    return {
        "__typename": "WorkflowRecipientRun",
        "id": run.id,
        "actor": trigger.actor.json() if trigger.actor else None,
        "error_count": count_errors(run),
        "inserted_at": iso(run.inserted_at),
        "recipient": run.recipient.json(),
        "status": run.status,
        "tenant": trigger.tenant,
        "trigger_source": {
            "audience_key": trigger.audience_key,
            "cancellation_key": trigger.cancellation_key,
            "schedule_id": trigger.schedule_id,
            "type": trigger.source,
        },
        "updated_at": iso(run.updated_at),
        "workflow": trigger.workflow.key,
        "workflow_run_id": trigger.id,
    }


def render_detail(run: Run) -> JSON:
    """Return a run with its events, as the API shows a single run."""
    return {**render(run), "events": [_render_event(run, index, event) for index, event in enumerate(run.events)]}


def _render_event(run: Run, index: int, event: RunEvent) -> JSON:
    return {
        "__typename": "WorkflowRecipientRunEvent",
        "id": uuid_of(f"event {index} of {run.id}"),
        "attempt": event.attempt,
        "data": event.data,
        "event": event.event,
        "inserted_at": iso(event.at),
        "status": "error" if event.failed else "ok",
        "step_ref": event.step.ref if event.step else None,
        "step_type": event.step.type if event.step else None,
    }
