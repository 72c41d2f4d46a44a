"""Runs: a trigger starts one for each recipient, and each takes its workflow's steps, waiting where it must."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ..expressions.liquid import TemplateError
from ..expressions.step_conditions import hold
from ..recipients import profiles, subscriptions
from ..state.records import Reference, Run, Trigger
from ..state.steps import Batch, Delay, Send
from . import batching, cancellation, channel_step, run_history, step_settings, throttling
from .run_context import RunContext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..state.json_objects import JSON
    from ..state.records import SkipReason, TriggerSource, Workflow
    from ..state.steps import PlannedStep
    from ..state.world import World

RESUME = "resume_run"
"""The clock's action: continue a run whose delay is over."""

CLOSE_BATCH = "close_batch"
"""The clock's action: close a batch whose window has ended, and continue its run."""

Move: TypeAlias = Literal["next", "pause", "end"]

_RENDER_ATTEMPTS = 3


class Target(NamedTuple):
    """A recipient that a trigger names, with its own trigger data."""

    reference: Reference
    data: JSON


def trigger(
    world: World,
    workflow: Workflow,
    data: JSON,
    targets: Iterable[Target],
    *,
    actor: Reference | None = None,
    tenant: str | None = None,
    cancellation_key: str | None = None,
    sandbox: bool = False,
    skip_delay: bool = False,
    source: TriggerSource = "api",
    schedule_id: str | None = None,
    audience_key: str | None = None,
) -> Trigger:
    """Run a workflow for each recipient, until the run ends or waits.

    A trigger also reaches the subscribers of the objects that it names, except if a schedule is its source.

    Args:
        world: the state.
        workflow: the workflow.
        data: data of the trigger.
        targets: recipients that the trigger names.
        actor: reference to the actor.
        tenant: id of the tenant.
        cancellation_key: key by which waiting runs can be cancelled.
        sandbox: whether messages are made but not sent.
        skip_delay: whether delay steps are skipped.
        source: kind of the trigger.
        schedule_id: id of the schedule that triggered it.
        audience_key: key of the audience that triggered it.
    """
    started = Trigger(
        id=world.ids.uuid(),
        workflow=workflow,
        actor=actor,
        tenant=tenant,
        cancellation_key=cancellation_key,
        sandbox=sandbox,
        inserted_at=world.clock.now,
        skip_delay=skip_delay,
        source=source,
        schedule_id=schedule_id,
        audience_key=audience_key,
    )
    named = _merge_repeated(targets)
    for reference, own in named.items():
        _begin(world, started, reference, {**data, **own} if own else data)
    if source != "schedule":
        for each in subscriptions.reach(world, list(named), actor):
            _begin(world, started, each.reference, data, each.subscription)
    return started


def resume(world: World, run_id: str) -> None:
    """Continue a run whose delay is over, unless it has been cancelled."""
    run = world.runs[run_id]
    if run.status == "paused":
        _continue(world, run)


def close_batch(world: World, batch_id: str) -> None:
    """Close a batch whose window has ended, and continue its run."""
    run = batching.close(world, batch_id)
    if run is not None:
        _continue(world, run)


def _merge_repeated(targets: Iterable[Target]) -> dict[Reference, JSON]:
    """Return the data of each recipient, in order; if a recipient is repeated, its data is merged."""
    found: dict[Reference, JSON] = {}
    for target in targets:
        found.setdefault(target.reference, {}).update(target.data)
    return found


def _begin(world: World, trigger: Trigger, recipient: Reference, data: JSON, subscription: JSON | None = None) -> None:
    now = world.clock.now
    run = Run(
        id=world.ids.uuid(),
        serial=world.ids.serial(),
        trigger=trigger,
        recipient=recipient,
        trigger_data=data,
        data=data,
        status="processing",
        inserted_at=now,
        updated_at=now,
        subscription=subscription,
    )
    world.runs[run.id] = run
    world.of(run_history.RunOrder).rows.add(run.serial, run)
    run_history.record(world, run, run_history.STARTED)
    context = _build_context(world, run)
    try:
        conditions = trigger.workflow.conditions
        may_run = context is not None and (not conditions or hold(conditions, context.conditions))
    except TemplateError as error:
        _fail(world, run, None, error)
        return
    if context is None:
        _finish(world, run)
    elif not may_run:
        _end_early(world, run, "trigger_conditions", "trigger")
    elif not throttling.may_begin(world, run):
        _end_early(world, run, "trigger_frequency", trigger.workflow.frequency)
    else:
        _take_steps(world, run, context)


def _continue(world: World, run: Run) -> None:
    """Continue after a wait; the workflow and the recipient may have been changed or deleted."""
    run.status = "processing"
    current = world.workflows.get(run.trigger.workflow.key)
    if current is not None and not current.active:
        _end_early(world, run, "workflow_inactive", current.key)
        return
    context = _build_context(world, run)
    if context is None:
        _finish(world, run)
    else:
        _take_steps(world, run, context)


def _build_context(world: World, run: Run) -> RunContext | None:
    """Return the context of a run; if its recipient has not been identified, record that and return None."""
    recipient = profiles.find(world, run.recipient)
    if recipient is None:
        run_history.skip(world, run, None, "not_identified", "recipient")
        return None
    return RunContext(world, run, recipient)


def _take_steps(world: World, run: Run, context: RunContext) -> None:
    steps = run.trigger.workflow.steps
    while run.position < len(steps):
        planned = steps[run.position]
        run.position += 1
        move = _take(world, run, planned, context)
        if move == "pause":
            run.status = "paused"
            cancellation.allow(world, run)
            return
        if move == "end":
            return
    _finish(world, run)


def _take(world: World, run: Run, planned: PlannedStep, context: RunContext) -> Move:
    """Take a step if its conditions hold.

    A function step whose settings cannot be resolved is passed over, with an error in the history.
    """
    step = planned.step
    try:
        if planned.conditions and not hold(planned.conditions, {**context.conditions, **context.refs()}):
            run_history.skip_step(world, run, planned, "conditions")
        elif isinstance(step, Send):
            channel_step.take(world, run, planned, step, context)
        elif isinstance(step, Delay):
            return _delay(world, run, planned, step, context)
        elif isinstance(step, Batch):
            return _batch(world, run, planned, step, context)
        elif throttling.may_continue(world, run, planned, step, context):
            run_history.record(world, run, run_history.STEP_DONE, planned)
        else:
            _end_early(world, run, "throttled", planned.ref)
            return "end"
    except step_settings.UnresolvedError as error:
        run_history.record(world, run, run_history.STEP_FAILED, planned, {"message": str(error)}, failed=True)
    except TemplateError as error:
        _fail(world, run, planned, error)
        return "end"
    return "next"


def _fail(world: World, run: Run, planned: PlannedStep | None, error: TemplateError) -> None:
    """Finish a run whose step, or whose trigger's conditions, failed in every attempt."""
    step = planned.step if planned is not None else None
    channel = world.channels.get(step.channel) if isinstance(step, Send) else None
    ref = planned.ref if planned is not None else "trigger"
    data = {"message": error.problem}
    if error.field:
        data["field"] = error.field
    for attempt in range(1, _RENDER_ATTEMPTS + 1):
        run_history.record(world, run, run_history.STEP_FAILED, planned, data, failed=True, attempt=attempt)
    at = f"{ref}.{error.field}" if error.field else ref
    run_history.skip(world, run, channel, "error", f"{at}: {error.problem}")
    _finish(world, run)


def _delay(world: World, run: Run, planned: PlannedStep, step: Delay, context: RunContext) -> Move:
    if run.trigger.skip_delay:
        run_history.record(world, run, run_history.STEP_SKIPPED, planned, {"reason": "skip_delay"})
        return "next"
    end = step_settings.require_end(context, step.wait, step.until)
    run_history.record(world, run, run_history.STEP_PAUSED, planned)
    world.clock.call_in(end - world.clock.now, RESUME, run.id)
    return "pause"


def _batch(world: World, run: Run, planned: PlannedStep, step: Batch, context: RunContext) -> Move:
    entered = batching.enter(world, run, planned, step, context)
    if entered.move == "end":
        run_history.record(world, run, run_history.STEP_DONE, planned)
        run.status = "completed"
    wait = entered.batch.closes_at - world.clock.now
    if wait <= timedelta():
        close_batch(world, entered.batch.id)
        # If this run is the one that continues, it has done so already.
        return "end"
    if entered.moved:
        world.clock.call_in(wait, CLOSE_BATCH, entered.batch.id)
    return entered.move


def _end_early(world: World, run: Run, reason: SkipReason, detail: str) -> None:
    """Finish a run before its last step."""
    run_history.skip(world, run, None, reason, detail)
    _finish(world, run)


def _finish(world: World, run: Run) -> None:
    run.status = "completed"
    run_history.record(world, run, run_history.COMPLETED)
    cancellation.forbid(world, run)
