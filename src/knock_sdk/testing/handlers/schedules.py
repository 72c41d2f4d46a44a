"""Schedules: made, changed, deleted and listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_object
from ..background import bulk_operations
from ..http.calls import Reply
from ..http.errors import FieldProblem, Problem, invalid_field, invalid_params, not_found
from ..http.paging import page
from ..recipients import inline
from ..state.clock import parse_moment
from ..workflows import schedules
from ..workflows.schedules import Plan, Schedules
from . import lookup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..http.calls import Call
    from ..state.json_objects import JSON
    from ..state.rows import OrderedRows
    from ..state.world import World
    from ..workflows.schedules import Schedule

_MINUTES = 5
"""What the minutes of a rule are a multiple of."""


def create(call: Call) -> Reply:
    """Make a schedule for each recipient; whoever is described is stored first."""
    named = [(f"recipients.{index}", value) for index, value in enumerate(call.body["recipients"])]
    return _shown(call, _create(call.world, call.body, named))


def create_in_bulk(call: Call) -> Reply:
    """Make schedules, each of a plan of its own."""

    def work(row: JSON) -> None:
        if "recipient" not in row:
            # The contract does not require one, but a schedule has one.
            raise invalid_field("recipient", "required", "is missing")
        _create(call.world, row, [("recipient", row["recipient"])])

    name = "schedules.create_schedules"
    return Reply(bulk_operations.run(call.world, name, call.body["schedules"], work, _identity))


def update(call: Call) -> Reply:
    """Give schedules the same new values; what is left out stays as it is."""
    world, body = call.world, call.body
    found = [_existing(world, name) for name in dict.fromkeys(body["schedule_ids"])]
    _check_rules(body)
    plans = [_changed(schedule.plan, body) for schedule in found]
    who = inline.identify(world, (), actor=body.get("actor"), tenant=body.get("tenant"))
    now = world.clock.now
    for schedule, plan in zip(found, plans, strict=True):
        schedule.plan = replace(
            plan,
            actor=who.actor if "actor" in body else plan.actor,
            tenant=who.tenant if "tenant" in body else plan.tenant,
        )
        schedule.updated_at = now
        if body.get("repeats"):
            schedule.counted_from = now
        if not body.keys().isdisjoint(("ending_at", "repeats", "scheduled_at")):
            schedules.plan_next(world, schedule)
    return _shown(call, found)


def delete(call: Call) -> Reply:
    """Delete schedules and return them; one that does not exist is as gone as it can be."""
    everything = call.world.of(Schedules)
    names = dict.fromkeys(call.body["schedule_ids"])
    found = [everything.by_id[name] for name in names if name in everything.by_id]
    for schedule in found:
        everything.remove(schedule)
    return _shown(call, found)


def list_for_workflow(call: Call) -> Reply:
    """Return a page of a workflow's schedules, in the order in which they were made."""
    return _page(call, call.world.of(Schedules).of_workflow(call.query.text("workflow") or ""))


def list_for_recipient(call: Call) -> Reply:
    """Return a page of a recipient's schedules, in the order in which they were made."""
    return _page(call, call.world.of(Schedules).of_recipient(lookup.in_path(call)))


def _create(world: World, body: JSON, named: Sequence[tuple[str, Any]]) -> list[Schedule]:
    key: str = body["workflow"]
    if world.find_workflow(key) is None:
        raise Problem("workflow_missing", f"The workflow {key!r} does not exist, or is not committed.")
    _check_rules(body)
    plan = _changed(Plan(key), body)
    who = inline.identify(world, named, actor=body.get("actor"), tenant=body.get("tenant"))
    plan = replace(plan, actor=who.actor, tenant=who.tenant)
    return [schedules.create(world, plan, recipient) for recipient in who.recipients]


def _changed(plan: Plan, body: JSON) -> Plan:
    """Return a plan with the values that a request gives for it; without rules and time, it never runs."""
    if "data" in body:
        plan = replace(plan, data=body["data"])
    if "ending_at" in body:
        plan = replace(plan, ending_at=parse_moment(body["ending_at"]))
    if "scheduled_at" in body:
        plan = replace(plan, scheduled_at=parse_moment(body["scheduled_at"]))
        if plan.scheduled_at is not None:
            plan = replace(plan, repeats=())  # a time alone makes it run once
    if "repeats" in body:
        plan = replace(plan, repeats=tuple(body["repeats"]))
    return plan


def _check_rules(body: JSON) -> None:
    problems = [
        FieldProblem(f"repeats.{index}.minutes", "number", f"must be a multiple of {_MINUTES}")
        for index, rule in enumerate(body.get("repeats", ()))
        if (rule.get("minutes") or 0) % _MINUTES
    ]
    if problems:
        raise invalid_params(problems)


def _existing(world: World, name: str) -> Schedule:
    schedule = world.of(Schedules).by_id.get(name)
    if schedule is None:
        raise not_found("schedule", name)
    return schedule


def _shown(call: Call, found: Sequence[Schedule]) -> Reply:
    return Reply([schedules.render(call.world, schedule) for schedule in found])


def _page(call: Call, rows: OrderedRows[Schedule]) -> Reply:
    query = call.query
    tenant, workflow, wanted = query.text("tenant"), query.text("workflow"), set(query.references("recipients"))

    def matches(schedule: Schedule) -> bool:
        return (
            (tenant is None or schedule.plan.tenant == tenant)
            and (workflow is None or schedule.plan.workflow == workflow)
            and (not wanted or schedule.recipient in wanted)
        )

    def render(schedule: Schedule) -> JSON:
        return schedules.render(call.world, schedule)

    return Reply(page(call, rows, render, key="entries", where=matches))


def _identity(row: JSON) -> JSON:
    """Return what the list of errors shows of a row: its recipient or, without one, its workflow."""
    recipient = row.get("recipient", row["workflow"])
    return (
        {"id": recipient["id"], "collection": recipient.get("collection")}
        if is_object(recipient)
        else {"id": recipient}
    )


HANDLERS = {
    "bulkCreateSchedules": create_in_bulk,
    "createSchedules": create,
    "deleteSchedules": delete,
    "listObjectSchedules": list_for_recipient,
    "listSchedules": list_for_workflow,
    "listUserSchedules": list_for_recipient,
    "updateSchedules": update,
}
