"""Schedules: plans that trigger a workflow for a recipient, once or repeatedly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..recipients import profiles
from ..state.clock import iso
from ..state.schedules import Plan, Schedule, Schedules
from . import runs
from .runtime import time_zones
from .runtime.recurrence import next_occurrence
from .steps.trigger_step import Target

if TYPE_CHECKING:
    from datetime import datetime

    from ..state.json_objects import JSON
    from ..state.records import Reference
    from ..state.world import World

OCCUR = "schedule_occurs"
"""The clock's action: trigger the workflow of a schedule."""


def create(world: World, plan: Plan, recipient: Reference) -> Schedule:
    """Create a schedule and plan its first occurrence."""
    now = world.clock.now
    schedule = Schedule(world.ids.uuid(), world.ids.serial(), recipient, plan, now, now, now)
    world.of(Schedules).add(schedule)
    plan_next(world, schedule)
    return schedule


def plan_next(world: World, schedule: Schedule) -> None:
    """Plan the next occurrence, replacing the one planned before."""
    schedule.version += 1
    schedule.next_occurrence_at = moment = _find_next(world, schedule)
    if moment is not None:
        world.clock.call_in(moment - world.clock.now, OCCUR, f"{schedule.id} {schedule.version}")


def run_due(world: World, subject: str) -> None:
    """Trigger the workflow of a schedule for its recipient alone, and plan the next occurrence."""
    schedule_id, _, version = subject.partition(" ")
    schedule = world.of(Schedules).by_id.get(schedule_id)
    if schedule is None or schedule.version != int(version):
        return
    now, plan = world.clock.now, schedule.plan
    schedule.last_occurrence_at = now
    plan_next(world, schedule)
    workflow = world.find_workflow(plan.workflow)
    # An inactive or deleted workflow is not run; what the API does with its schedules is not documented.
    if workflow is not None and workflow.active:
        runs.trigger(
            world,
            workflow,
            plan.data or {},
            [Target(schedule.recipient, {})],
            actor=plan.actor,
            tenant=plan.tenant,
            source="schedule",
            schedule_id=schedule.id,
        )


def delete_for(world: World, reference: Reference) -> None:
    """Delete the schedules of a recipient that is being deleted."""
    all_schedules = world.of(Schedules)
    for schedule in [schedule for _, schedule in all_schedules.of_recipient(reference).iterate()]:
        all_schedules.remove(schedule)


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


def _find_next(world: World, schedule: Schedule) -> datetime | None:
    plan, now, last = schedule.plan, world.clock.now, schedule.last_occurrence_at
    at = plan.scheduled_at
    if not plan.repeats:
        # A time that has passed occurs at once; whether the API does so is not documented.
        over = at is None or (last is not None and last >= at) or (plan.ending_at is not None and at > plan.ending_at)
        return None if over or at is None else max(at, now)
    zone = time_zones.find_for(world, profiles.find(world, schedule.recipient))
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
