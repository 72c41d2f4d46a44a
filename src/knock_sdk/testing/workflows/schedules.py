"""Schedules: plans that trigger a workflow for one recipient, once or again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..recipients import profiles
from ..state.clock import iso
from ..state.rows import OrderedRows
from . import runs, time_zones
from .recurrence import next_occurrence

if TYPE_CHECKING:
    from datetime import datetime

    from ..state.json_objects import JSON
    from ..state.records import Reference
    from ..state.world import World

OCCUR = "schedule_occurs"
"""The clock's action: trigger the workflow of a schedule."""


@dataclass(frozen=True)
class Plan:
    """What a schedule does and when; one request may make several schedules of it."""

    workflow: str
    actor: Reference | None = None
    tenant: str | None = None
    data: JSON | None = None
    repeats: tuple[JSON, ...] = ()
    scheduled_at: datetime | None = None
    """When it runs or, if it repeats, from when on."""
    ending_at: datetime | None = None
    """When it runs last, if it repeats."""


@dataclass
class Schedule:
    """A plan for a recipient, and how far it has come."""

    id: str
    serial: int
    recipient: Reference
    plan: Plan
    inserted_at: datetime
    updated_at: datetime
    counted_from: datetime
    """Where the intervals of its rules begin if it has no `scheduled_at`."""
    last_occurrence_at: datetime | None = None
    next_occurrence_at: datetime | None = None
    version: int = 0
    """How often its next occurrence has been planned: what the clock still holds of earlier plans is void."""


class Schedules:
    """All schedules, to be found by id, by workflow and by recipient."""

    def __init__(self) -> None:
        """Start without any."""
        self.by_id: dict[str, Schedule] = {}
        self._of_workflow: dict[str, OrderedRows[Schedule]] = {}
        self._of_recipient: dict[Reference, OrderedRows[Schedule]] = {}

    def of_workflow(self, key: str) -> OrderedRows[Schedule]:
        """Return the schedules that trigger a workflow."""
        return self._of_workflow.get(key) or OrderedRows()

    def of_recipient(self, reference: Reference) -> OrderedRows[Schedule]:
        """Return the schedules that a recipient has."""
        return self._of_recipient.get(reference) or OrderedRows()

    def add(self, schedule: Schedule) -> None:
        """Add a schedule."""
        self.by_id[schedule.id] = schedule
        self._of_workflow.setdefault(schedule.plan.workflow, OrderedRows()).add(schedule.serial, schedule)
        self._of_recipient.setdefault(schedule.recipient, OrderedRows()).add(schedule.serial, schedule)

    def remove(self, schedule: Schedule) -> None:
        """Remove a schedule; what the clock holds of it is void."""
        del self.by_id[schedule.id]
        self._of_workflow[schedule.plan.workflow].remove(schedule.serial)
        mine = self._of_recipient[schedule.recipient]
        mine.remove(schedule.serial)
        if not mine:
            del self._of_recipient[schedule.recipient]


def create(world: World, plan: Plan, recipient: Reference) -> Schedule:
    """Make a schedule and plan its first occurrence."""
    now = world.clock.now
    schedule = Schedule(world.ids.uuid(), world.ids.serial(), recipient, plan, now, now, now)
    world.of(Schedules).add(schedule)
    plan_next(world, schedule)
    return schedule


def plan_next(world: World, schedule: Schedule) -> None:
    """Plan the next occurrence, in place of what was planned before."""
    schedule.version += 1
    schedule.next_occurrence_at = moment = _next(world, schedule)
    if moment is not None:
        world.clock.call_in(moment - world.clock.now, OCCUR, f"{schedule.id} {schedule.version}")


def run_due(world: World, subject: str) -> None:
    """Trigger the workflow of a schedule for its recipient alone, and plan the occurrence that follows."""
    schedule_id, _, version = subject.partition(" ")
    schedule = world.of(Schedules).by_id.get(schedule_id)
    if schedule is None or schedule.version != int(version):
        return
    now, plan = world.clock.now, schedule.plan
    schedule.last_occurrence_at = now
    workflow = world.find_workflow(plan.workflow)
    # A workflow that is not active, or gone, has no runs; what the API does with its schedules is not documented.
    if workflow is not None and workflow.active:
        runs.trigger(
            world,
            workflow,
            plan.data or {},
            [runs.Target(schedule.recipient, {})],
            actor=plan.actor,
            tenant=plan.tenant,
            source="schedule",
            schedule_id=schedule.id,
        )
    plan_next(world, schedule)


def delete_for(world: World, reference: Reference) -> None:
    """End the schedules of a recipient that is deleted."""
    everything = world.of(Schedules)
    for schedule in [schedule for _, schedule in everything.of_recipient(reference).iterate()]:
        everything.remove(schedule)


def render(world: World, schedule: Schedule) -> JSON:
    """Return a schedule as the API shows it."""
    plan, since = schedule.plan, schedule.inserted_at
    return {
        "__typename": "Schedule",
        "id": schedule.id,
        "actor": None if plan.actor is None else profiles.render_or_placeholder(world, plan.actor, since),
        "data": plan.data,
        "inserted_at": iso(schedule.inserted_at),
        "last_occurrence_at": iso(schedule.last_occurrence_at),
        "next_occurrence_at": iso(schedule.next_occurrence_at),
        "recipient": profiles.render_or_placeholder(world, schedule.recipient, since),
        "repeats": [_render_repeat(repeat) for repeat in plan.repeats],
        "tenant": plan.tenant,
        "updated_at": iso(schedule.updated_at),
        "workflow": plan.workflow,
    }


def _next(world: World, schedule: Schedule) -> datetime | None:
    plan, now, last = schedule.plan, world.clock.now, schedule.last_occurrence_at
    at = plan.scheduled_at
    if not plan.repeats:
        # A time that has passed is made up for; whether the API does so is not documented.
        return None if at is None or (last is not None and last >= at) else max(at, now)
    zone = time_zones.of_recipient(world, profiles.find(world, schedule.recipient))
    moment = next_occurrence(plan.repeats, zone, at or schedule.counted_from, now)
    return None if moment is None or (plan.ending_at is not None and moment > plan.ending_at) else moment


def _render_repeat(repeat: JSON) -> JSON:
    return {
        "__typename": "ScheduleRepeat",
        "day_of_month": repeat.get("day_of_month"),
        "days": repeat.get("days"),
        "frequency": repeat["frequency"],
        "hours": repeat.get("hours"),
        "interval": repeat.get("interval", 1),
        "minutes": repeat.get("minutes"),
    }
