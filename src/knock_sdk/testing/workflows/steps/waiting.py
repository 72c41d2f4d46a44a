"""Waits for events: the runs that wait, and what happens that they wait for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...expressions.conditions.step_conditions import hold
from ...expressions.liquid.liquid import TemplateError
from ..runtime import run_history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ...state.json_objects import JSON
    from ...state.records import Reference, Run
    from ...state.signals import Signal
    from ...state.steps.function_steps import Wait
    from ...state.steps.steps import PlannedStep
    from ...state.world import World
    from ..runtime.run_context import RunContext
    from ..runtime.run_ends import Move

TIME_OUT = "wait_times_out"
"""The clock's action: end a wait for an event that did not happen."""

EVALUATED = "wait_conditions_evaluated"
"""Name of the event in the history of a run that waits, for an event that did not match."""


@dataclass
class Waiting:
    """A run that waits for an event."""

    run: Run
    planned: PlannedStep
    until: datetime


class Waits:
    """The runs that wait for events."""

    def __init__(self) -> None:
        """Start without runs."""
        self.by_run: dict[str, Waiting] = {}
        """By the run's id."""
        self.of_recipient: dict[Reference, dict[str, Waiting]] = {}
        """By recipient, then by the run's id."""


def start(world: World, run: Run, planned: PlannedStep, step: Wait, _: RunContext) -> Move:
    """Let a run wait."""
    until = world.clock.after(step.timeout)
    waits, waiting = world.of(Waits), Waiting(run, planned, until)
    waits.by_run[run.id] = waits.of_recipient.setdefault(run.recipient, {})[run.id] = waiting
    world.listening += 1
    run_history.record(world, run, run_history.STEP_PAUSED, planned)
    world.clock.call_in(step.timeout, TIME_OUT, run.id)
    return "pause"


def stop(world: World, run: Run) -> None:
    """End the wait of a run, if it waits."""
    waits = world.of(Waits)
    if waits.by_run.pop(run.id, None) is not None:
        world.listening -= 1
        of_recipient = waits.of_recipient[run.recipient]
        del of_recipient[run.id]
        if not of_recipient:
            del waits.of_recipient[run.recipient]


def time_out(world: World, run_id: str) -> Waiting | None:
    """End the wait of a run if its time is over; return it if the run still waits."""
    waiting = world.of(Waits).by_run.get(run_id)
    if waiting is None or waiting.until > world.clock.now:
        return None  # the action is that of an earlier wait, which ended with its event
    stop(world, waiting.run)
    return waiting if waiting.run.status == "paused" else None


def candidates(world: World, signal: Signal) -> Iterator[Waiting]:
    """Yield the waits for an event like this one, oldest first; those whose runs were cancelled end."""
    waits = world.of(Waits)
    found = waits.by_run if signal.recipient is None else waits.of_recipient.get(signal.recipient, {})
    for waiting in list(found.values()):
        if waiting.run.status != "paused":
            stop(world, waiting.run)
        elif _is_for(waiting, signal):
            yield waiting


def matches(world: World, waiting: Waiting, signal: Signal, context: RunContext) -> bool:
    """Return whether an event satisfies the conditions of a wait; if not, record that."""
    values: dict[str, Any] = {**context.conditions, **context.refs(), "event": signal.payload}
    try:
        if hold(waiting.planned.matching, values):
            return True
        problem = None
    except TemplateError as error:
        problem = str(error)
    data: JSON = {"matched": False} if problem is None else {"matched": False, "message": problem}
    run_history.record(world, waiting.run, EVALUATED, waiting.planned, data)
    return False


def _is_for(waiting: Waiting, signal: Signal) -> bool:
    step = waiting.planned.step
    expected: dict[str, str] = dict(getattr(step, "event", {}))
    return all(signal.event.get(name) == value for name, value in expected.items()) and signal.at <= waiting.until
