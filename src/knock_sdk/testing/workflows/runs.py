"""A trigger becomes runs, one for each recipient, and a run takes its workflow's steps, waiting where it must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ..expressions.liquid import TemplateError
from ..expressions.step_conditions import hold
from ..recipients import profiles, subscriptions
from ..state.records import Reference, Run, Trigger
from ..state.steps import Batch, Delay, Send
from . import batching, cancellation, channel_step, run_history, step_settings, throttling
from .run_context import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..state.json_objects import JSON
    from ..state.records import SkipReason
    from ..state.steps import PlannedStep
    from ..state.world import World

RESUME = "resume_run"
"""The clock's action: go on with a run whose delay is over."""

Move: TypeAlias = Literal["next", "pause", "end"]

_TRIES = 3


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


def start(
    world: World, trigger: Trigger, data: JSON, targets: Iterable[Target], *, with_subscribers: bool = True
) -> list[Run]:
    """Run a workflow for each recipient, until it is done or waits.

    Args:
        world: where.
        trigger: what set the runs off.
        data: its data.
        targets: who it names.
        with_subscribers: whether subscribers of the objects among them are reached too, as a trigger call does.
    """
    named = list(targets)
    runs = [
        _begin(world, trigger, target.reference, {**data, **target.data} if target.data else data) for target in named
    ]
    if with_subscribers:
        found = subscriptions.reached(world, [target.reference for target in named], trigger.actor)
        runs.extend(_begin(world, trigger, each.reference, data, each.subscription) for each in found)
    return runs


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


def _begin(world: World, trigger: Trigger, recipient: Reference, data: JSON, subscription: JSON | None = None) -> Run:
    now = world.clock.now
    run = Run(
        id=world.ids.uuid(),
        serial=world.ids.serial(),
        trigger=trigger,
        recipient=recipient,
        sent=data,
        data=data,
        status="processing",
        inserted_at=now,
        updated_at=now,
        subscription=subscription,
    )
    world.runs[run.id] = run
    world.of(run_history.RunOrder).rows.add(run.serial, run)
    run_history.record(world, run, run_history.STARTED)
    scope = _scope(world, run)
    if scope is None:
        _finish(world, run)
    elif not hold(trigger.workflow.conditions, scope.conditions):
        _end(world, run, "trigger_conditions", "trigger")
    elif not throttling.may_begin(world, run):
        _end(world, run, "trigger_frequency", trigger.workflow.frequency)
    else:
        _take_steps(world, run, scope)
    return run


def _go_on(world: World, run: Run) -> None:
    """Go on after a wait; the workflow and the recipient may have changed, or be gone."""
    run.status = "processing"
    current = world.workflows.get(run.trigger.workflow.key)
    if current is not None and not current.active:
        _end(world, run, "workflow_inactive", current.key)
        return
    scope = _scope(world, run)
    if scope is None:
        _finish(world, run)
    else:
        _take_steps(world, run, scope)


def _scope(world: World, run: Run) -> Scope | None:
    """Return the scope of a run; nothing can be sent to who is not known, and an id alone creates nobody."""
    recipient = profiles.find(world, run.recipient)
    if recipient is None:
        run_history.skip(world, run, None, "not_identified", "recipient")
        return None
    return Scope(world, run, recipient)


def _take_steps(world: World, run: Run, scope: Scope) -> None:
    steps = run.trigger.workflow.steps
    while run.position < len(steps):
        planned = steps[run.position]
        run.position += 1
        if planned.conditions and not _meets(world, run, planned, scope):
            continue
        move = _take(world, run, planned, scope)
        if move == "pause":
            run.status = "paused"
            cancellation.allow(world, run)
            return
        if move == "end":
            return
    _finish(world, run)


def _meets(world: World, run: Run, planned: PlannedStep, scope: Scope) -> bool:
    if hold(planned.conditions, {**scope.conditions, **scope.refs()}):
        return True
    run_history.record(world, run, run_history.STEP_SKIPPED, planned, {"reason": "conditions"})
    if isinstance(planned.step, Send):
        run_history.skip(world, run, world.channel(planned.step.channel), "conditions", planned.ref)
    return False


def _take(world: World, run: Run, planned: PlannedStep, scope: Scope) -> Move:
    """Take a step; what a function step does not find makes it pass over, with an error in the run's history."""
    step = planned.step
    try:
        if isinstance(step, Send):
            channel_step.take(world, run, planned, step, scope)
        elif isinstance(step, Delay):
            return _delay(world, run, planned, step, scope)
        elif isinstance(step, Batch):
            return _batch(world, run, planned, step, scope)
        elif throttling.may_go_on(world, run, planned, step, scope):
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


def _delay(world: World, run: Run, planned: PlannedStep, step: Delay, scope: Scope) -> Move:
    if run.trigger.skip_delay:
        run_history.record(world, run, run_history.STEP_SKIPPED, planned, {"reason": "skip_delay"})
        return "next"
    end = step_settings.moment(scope, step.wait, step.until)
    if end is None:
        raise step_settings.UnresolvedError(f"{step.until} is no time to wait for")
    run_history.record(world, run, run_history.STEP_PAUSED, planned)
    world.clock.call_in(end - world.clock.now, RESUME, run.id)
    return "pause"


def _batch(world: World, run: Run, planned: PlannedStep, step: Batch, scope: Scope) -> Move:
    entered = batching.enter(world, run, planned, step, scope)
    if entered.move == "end":
        run_history.record(world, run, run_history.STEP_DONE, planned)
        run.status = "completed"
    if entered.full is not None:
        close_batch(world, entered.full)
        # It may have been this run that the batch waited for; then it has gone on already.
        return "end"
    return entered.move


def _end(world: World, run: Run, reason: SkipReason, detail: str) -> None:
    """Finish a run before its last step."""
    run_history.skip(world, run, None, reason, detail)
    _finish(world, run)


def _finish(world: World, run: Run) -> None:
    run.status = "completed"
    run_history.record(world, run, run_history.COMPLETED)
    cancellation.forbid(world, run)
