"""What waits: runs that pause at a step, and schedules that have not occurred yet."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - annotations can be evaluated
from typing import TYPE_CHECKING, NamedTuple

from ..state.schedules import Schedules
from ..workflows.runtime.run_history import RunOrder

if TYPE_CHECKING:
    from ..state.clock import Due
    from ..state.records import Run
    from ..state.world import World
    from .criteria import MessageCriteria

SCHEDULE = "schedule"


class Waiting(NamedTuple):
    """A run that waits at a step of its workflow, or a schedule that waits for its next occurrence.

    Attributes:
        to: the recipient: a user id, or the id and collection of an object.
        workflow: key of the workflow.
        step: reference of the step at which the run waits, such as `delay_1`; `schedule` for a schedule.
        until: the time at which it continues; None if it waits for something else, such as an event.
        workflow_run_id: id that the trigger call returned; None for a schedule.
    """

    to: str | dict[str, str]
    workflow: str
    step: str
    until: datetime | None
    workflow_run_id: str | None


def list_waiting(world: World, wanted: MessageCriteria) -> list[Waiting]:
    """Return what waits and matches by recipient and workflow, in the order in which it continues."""
    due: dict[str, Due] = {}
    for action in world.clock.scheduled():
        due.setdefault(action.subject, action)
    found = [
        _describe(run, due)
        for _, run in world.of(RunOrder).rows.iterate()
        if run.status == "paused" and (run.batch is None or run.batch.runs)
    ]
    found += [
        Waiting(schedule.recipient.json(), schedule.plan.workflow, SCHEDULE, schedule.next_occurrence_at, None)
        for schedule in world.of(Schedules).by_id.values()
        if schedule.next_occurrence_at is not None
    ]
    matching = [each for each in found if wanted.matches_waiting(each.to, each.workflow)]
    return sorted(matching, key=lambda each: (each.until is None, each.until or world.clock.now))


def _describe(run: Run, due: dict[str, Due]) -> Waiting:
    if run.batch is not None:
        until: datetime | None = run.batch.closes_at
    else:
        action = due.get(run.id)
        until = None if action is None else action.at
    return Waiting(run.recipient.json(), run.trigger.workflow.key, _step_of(run), until, run.trigger.id)


def _step_of(run: Run) -> str:
    """Return the reference of the step that a run took last, at which it waits."""
    for event in reversed(run.events):
        if event.step is not None:
            return event.step.ref
    return run.trigger.workflow.steps[max(run.position - 1, 0)].ref  # it joined a batch that others had opened
