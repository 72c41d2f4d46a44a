"""Runs: a trigger starts one for each recipient, and each takes its workflow's steps, waiting where it must."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ..expressions.conditions.step_conditions import hold, observe
from ..expressions.liquid.liquid import TemplateError
from ..recipients import profiles, subscriptions
from ..state.records import Reference, Run, Trigger
from ..state.steps.function_steps import (
    Agent,
    Fetch,
    Guide,
    TriggerWorkflow,
    UpdateAudience,
    UpdateData,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
    Wait,
)
from ..state.steps.steps import Batch, Branch, Cohort, Delay, Send, Throttle
from .runtime import cancellation, run_history, step_settings
from .runtime.rendering import StepError
from .runtime.run_context import RunContext
from .runtime.run_ends import Move, cancel, end_early, fail, finish
from .steps import (
    agent_step,
    batching,
    branching,
    channel_step,
    delaying,
    fetch_step,
    throttling,
    trigger_step,
    update_steps,
    waiting,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, Literal

    from ..state.json_objects import JSON
    from ..state.records import TriggerSource, Workflow
    from ..state.signals import Signal
    from ..state.steps.steps import PlannedStep
    from ..state.world import World
    from .steps.trigger_step import Target

CLOSE_BATCH = "close_batch"
"""The clock's action: close a batch whose window has ended, and continue its run."""


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
    depth: int = 0,
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
        depth: number of workflows that triggered one another before it.
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
        depth=depth,
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


def time_out(world: World, subject: str) -> None:
    """End a wait for an event that did not happen in time."""
    ended = waiting.time_out(world, subject)
    if ended is not None:
        _end_wait(world, ended, None)


def deliver_signals(world: World) -> None:
    """Continue the runs that waited for something that has happened."""
    while world.signals:
        happened, world.signals = world.signals, []
        for signal in happened:
            for each in waiting.candidates(world, signal):
                if _is_awaited(world, each, signal):
                    waiting.stop(world, each.run)
                    _end_wait(world, each, signal)


def _is_awaited(world: World, each: waiting.Waiting, signal: Signal) -> bool:
    """Return whether a run waits for a signal; one whose recipient was deleted ends when its time is over."""
    recipient = profiles.find(world, each.run.recipient)
    return recipient is not None and waiting.matches(world, each, signal, RunContext(world, each.run, recipient))


def _end_wait(world: World, ended: waiting.Waiting, signal: Signal | None) -> None:
    """Continue or halt a run after its wait, with the event that ended it or with none."""
    run, planned, step = ended.run, ended.planned, ended.planned.step
    outcome: Literal["on_match", "on_timeout"] = "on_timeout" if signal is None else "on_match"
    if getattr(step, outcome) == "halt":
        cancel(world, run, "halted", f"{planned.ref}: {outcome}")
        return
    payload = {} if signal is None else signal.payload
    run.refs = {**run.refs, planned.ref: {"matched": signal is not None, "signal_variables": payload}}
    run_history.record(world, run, run_history.STEP_DONE, planned, {"matched": signal is not None})
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
    world.of(run_history.RunOrder).add(run)
    run_history.record(world, run, run_history.STARTED)
    context = _build_context(world, run)
    try:
        conditions = trigger.workflow.conditions
        may_run = context is not None and (not conditions or hold(conditions, context.conditions))
    except TemplateError as error:
        fail(world, run, None, error)
        return
    if context is None:
        finish(world, run)
    elif not may_run:
        found: JSON = {"conditions": observe(trigger.workflow.conditions, context.conditions)}
        end_early(world, run, "trigger_conditions", "trigger", found)
    elif not throttling.may_begin(world, run):
        end_early(world, run, "trigger_frequency", trigger.workflow.frequency)
    else:
        _take_steps(world, run, context)


def _continue(world: World, run: Run) -> None:
    """Continue after a wait; the workflow and the recipient may have been changed or deleted."""
    run.status = "processing"
    current = world.workflows.get(run.trigger.workflow.key)
    if current is not None and not current.active:
        end_early(world, run, "workflow_inactive", current.key)
        return
    context = _build_context(world, run)
    if context is None:
        finish(world, run)
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
    steps = run.workflow.steps
    while run.position < len(steps):
        planned = steps[run.position]
        run.position = len(steps) if planned.then is None else planned.then
        move = _take(world, run, planned, context)
        if move == "pause":
            run.status = "paused"
            cancellation.allow(world, run)
            return
        if move == "end":
            return
        if planned.type in _CHANGING:
            context = RunContext(world, run, context.recipient)
    finish(world, run)


_CHANGING = frozenset(
    {"ai_agent", "http_fetch", "update_audience", "update_data", "update_object", "update_tenant", "update_user"}
)
"""Types of the steps after which conditions and templates read other values."""


def _take(world: World, run: Run, planned: PlannedStep, context: RunContext) -> Move:
    """Take a step if its conditions hold.

    A function step whose settings cannot be resolved is passed over, with an error in the history.
    """
    try:
        if planned.conditions and not hold(planned.conditions, {**context.conditions, **context.refs()}):
            found: JSON = {"conditions": observe(planned.conditions, {**context.conditions, **context.refs()})}
            run_history.skip_step(world, run, planned, "conditions", found=found)
            return "next"
        return _STEPS[type(planned.step)](world, run, planned, planned.step, context) or "next"
    except step_settings.UnresolvedError as error:
        run_history.record(world, run, run_history.STEP_FAILED, planned, {"message": str(error)}, failed=True)
    except (StepError, TemplateError) as error:
        fail(world, run, planned, error)
        return "end"
    return "next"


def _trigger_other(world: World, run: Run, planned: PlannedStep, step: TriggerWorkflow, context: RunContext) -> None:
    order = trigger_step.prepare(world, run, step, context)
    if order is None:
        run_history.record(world, run, run_history.STEP_SKIPPED, planned, {"reason": "workflow_inactive"})
        return
    started = trigger(
        world,
        order.workflow,
        order.data,
        order.targets,
        actor=order.actor,
        tenant=order.tenant,
        cancellation_key=order.cancellation_key,
        sandbox=run.trigger.sandbox,
        source="workflow_step",
        depth=order.depth,
    )
    run_history.record(world, run, run_history.STEP_DONE, planned, {"workflow_run_id": started.id})


def _batch(world: World, run: Run, planned: PlannedStep, step: Batch, context: RunContext) -> Move:
    entered = batching.enter(world, run, planned, step, context)
    if entered.move == "end":
        run_history.record(world, run, run_history.STEP_DONE, planned)
        # Not finished as other runs are: its activity can still be cancelled.
        run.status = "completed"
        run_history.record(world, run, run_history.COMPLETED)
    wait = entered.batch.closes_at - world.clock.now
    if wait <= timedelta():
        close_batch(world, entered.batch.id)
        # If this run is the one that continues, it has done so already.
        return "end"
    if entered.moved:
        world.clock.call_in(wait, CLOSE_BATCH, entered.batch.id)
    return entered.move


_STEPS: Mapping[type[object], Callable[[World, Run, PlannedStep, Any, RunContext], Move | None]] = {
    Agent: agent_step.take,
    Batch: _batch,
    Branch: branching.take_branch,
    Cohort: branching.take_cohort,
    Delay: delaying.take,
    Fetch: fetch_step.take,
    Guide: update_steps.show_guide,
    Send: channel_step.take,
    Throttle: throttling.take,
    TriggerWorkflow: _trigger_other,
    UpdateAudience: update_steps.update_audience,
    UpdateData: update_steps.update_data,
    UpdateObject: update_steps.update_recipient,
    UpdateTenant: update_steps.update_recipient,
    UpdateUser: update_steps.update_recipient,
    Wait: waiting.start,
}
"""What each kind of step does; without a move, the run takes the next step."""
