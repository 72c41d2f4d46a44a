"""A trigger becomes runs, one for each recipient, and a run takes its workflow's steps, waiting where it must."""

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

_TRIES = 3


class Target(NamedTuple):
    """A recipient that a trigger names, with data of its own."""

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
        actor: who caused it.
        tenant: id of the tenant.
        cancellation_key: key by which waiting runs can be cancelled.
        sandbox: whether messages are made but not sent.
        skip_delay: whether delay steps are skipped.
        source: what triggered it.
        schedule_id: id of the schedule that did.
        audience_key: key of the audience that did.
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
    """Go on with a run whose delay is over, unless it has been cancelled."""
    run = world.runs[run_id]
    if run.status == "paused":
        _go_on(world, run)


def close_batch(world: World, batch_id: str) -> None:
    """Close a batch whose window has ended, and go on with its run."""
    run = batching.close(world, batch_id)
    if run is not None:
        _go_on(world, run)


def _merge_repeated(targets: Iterable[Target]) -> dict[Reference, JSON]:
    """Return each recipient once, in order, with its data; data of a repetition is added to that of the first."""
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
    context = _scope(world, run)
    if context is None:
        _finish(world, run)
    elif not hold(trigger.workflow.conditions, context.conditions):
        _end(world, run, "trigger_conditions", "trigger")
    elif not throttling.may_begin(world, run):
        _end(world, run, "trigger_frequency", trigger.workflow.frequency)
    else:
        _take_steps(world, run, context)


def _go_on(world: World, run: Run) -> None:
    """Go on after a wait; the workflow and the recipient may have changed, or be gone."""
    run.status = "processing"
    current = world.workflows.get(run.trigger.workflow.key)
    if current is not None and not current.active:
        _end(world, run, "workflow_inactive", current.key)
        return
    context = _scope(world, run)
    if context is None:
        _finish(world, run)
    else:
        _take_steps(world, run, context)


def _scope(world: World, run: Run) -> RunContext | None:
    """Return the scope of a run; nothing can be sent to who is not known, and an id alone creates nobody."""
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
        if planned.conditions and not _meets(world, run, planned, context):
            continue
        move = _take(world, run, planned, context)
        if move == "pause":
            run.status = "paused"
            cancellation.allow(world, run)
            return
        if move == "end":
            return
    _finish(world, run)


def _meets(world: World, run: Run, planned: PlannedStep, context: RunContext) -> bool:
    if hold(planned.conditions, {**context.conditions, **context.refs()}):
        return True
    run_history.skip_step(world, run, planned, "conditions")
    return False


def _take(world: World, run: Run, planned: PlannedStep, context: RunContext) -> Move:
    """Take a step; what a function step does not find makes it pass over, with an error in the run's history."""
    step = planned.step
    try:
        if isinstance(step, Send):
            channel_step.take(world, run, planned, step, context)
        elif isinstance(step, Delay):
            return _delay(world, run, planned, step, context)
        elif isinstance(step, Batch):
            return _batch(world, run, planned, step, context)
        elif throttling.may_go_on(world, run, planned, step, context):
            run_history.record(world, run, run_history.STEP_DONE, planned)
        else:
            _end(world, run, "throttled", planned.ref)
            return "end"
    except step_settings.UnresolvedError as error:
        run_history.record(world, run, run_history.STEP_FAILED, planned, {"message": str(error)}, failed=True)
    except TemplateError as error:
        for attempt in range(1, _TRIES + 1):
            run_history.record(
                world, run, run_history.STEP_FAILED, planned, {"message": str(error)}, failed=True, attempt=attempt
            )
        _end(world, run, "error", planned.ref)
        return "end"
    return "next"


def _delay(world: World, run: Run, planned: PlannedStep, step: Delay, context: RunContext) -> Move:
    if run.trigger.skip_delay:
        run_history.record(world, run, run_history.STEP_SKIPPED, planned, {"reason": "skip_delay"})
        return "next"
    end = step_settings.moment(context, step.wait, step.until)
    if end is None:
        raise step_settings.UnresolvedError(f"{step.until} is not a time to wait for")
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


def _end(world: World, run: Run, reason: SkipReason, detail: str) -> None:
    """Finish a run before its last step."""
    run_history.skip(world, run, None, reason, detail)
    _finish(world, run)


def _finish(world: World, run: Run) -> None:
    run.status = "completed"
    run_history.record(world, run, run_history.COMPLETED)
    cancellation.forbid(world, run)
