"""Schedules: creating, updating, deleting and listing them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_object
from ..background import bulk_operations
from ..http.calls import Reply
from ..http.errors import FieldProblem, invalid_field, invalid_params, not_found
from ..http.paging import page
from ..recipients import inline
from ..state.clock import parse_moment
from ..state.json_objects import object_at
from ..state.schedules import Plan, Schedules
from ..workflows import schedules
from . import lookup
from .trigger_data import check_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..http.calls import Call
    from ..state.json_objects import JSON
    from ..state.rows import OrderedRows
    from ..state.schedules import Schedule
    from ..state.world import World

_MINUTES = 5
"""The minutes of a rule must be a multiple of this."""


def create(call: Call) -> Reply:
    """Create a schedule for each recipient; recipients with properties are stored first."""
    recipients = [(f"recipients.{index}", value) for index, value in enumerate(call.body["recipients"])]
    return _render_all(call, _create(call.world, call.body, recipients))


def create_in_bulk(call: Call) -> Reply:
    """Create schedules, each with its own plan."""

    def work(row: JSON) -> None:
        if "recipient" not in row:
            # The contract does not require it, but a schedule must have one.
            raise invalid_field("recipient", "required", "is missing")
        _create(call.world, row, [("recipient", row["recipient"])])

    name = "schedules.create_schedules"
    return Reply(bulk_operations.run(call.world, name, call.body["schedules"], work, _identity))


def update(call: Call) -> Reply:
    """Update schedules with the same values; fields that are left out do not change."""
    world, body = call.world, call.body
    found = [_existing(world, each) for each in dict.fromkeys(body["schedule_ids"])]
    _check_rules(body)
    plans = [_update_plan(schedule.plan, body) for schedule in found]
    parties = inline.identify(world, (), actor=body.get("actor"), tenant=body.get("tenant"))
    now = world.clock.now
    for schedule, plan in zip(found, plans, strict=True):
        schedule.plan = replace(
            plan,
            actor=parties.actor if "actor" in body else plan.actor,
            tenant=parties.tenant if "tenant" in body else plan.tenant,
        )
        schedule.updated_at = now
        if body.get("repeats"):
            schedule.counted_from = now
        if not body.keys().isdisjoint(("ending_at", "repeats", "scheduled_at")):
            schedules.plan_next(world, schedule)
    return _render_all(call, found)


def delete(call: Call) -> Reply:
    """Delete schedules and return them; those that do not exist are ignored."""
    all_schedules = call.world.of(Schedules)
    ids = dict.fromkeys(call.body["schedule_ids"])
    found = [all_schedules.by_id[each] for each in ids if each in all_schedules.by_id]
    for schedule in found:
        all_schedules.remove(schedule)
    return _render_all(call, found)


def list_for_workflow(call: Call) -> Reply:
    """Return a page of a workflow's schedules, oldest first."""
    return _page(call, call.world.of(Schedules).of_workflow(call.query.text("workflow") or ""))


def list_for_recipient(call: Call) -> Reply:
    """Return a page of a recipient's schedules, oldest first."""
    return _page(call, call.world.of(Schedules).of_recipient(lookup.reference_in_path(call)))


def _create(world: World, body: JSON, recipients: Sequence[tuple[str, Any]]) -> list[Schedule]:
    key: str = body["workflow"]
    workflow = lookup.workflow_of(world, key)
    _check_rules(body)
    # That the data of a schedule is validated when it is created, as that of a trigger is, is a guess.
    check_data(workflow, object_at(body, "data"))
    plan = _update_plan(Plan(key), body)
    parties = inline.identify(world, recipients, actor=body.get("actor"), tenant=body.get("tenant"))
    plan = replace(plan, actor=parties.actor, tenant=parties.tenant)
    return [schedules.create(world, plan, recipient) for recipient in parties.recipients]


def _update_plan(plan: Plan, body: JSON) -> Plan:
    """Return a plan with the values in a request's body; a plan without rules and time never occurs."""
    if "data" in body:
        plan = replace(plan, data=body["data"])
    if "ending_at" in body:
        plan = replace(plan, ending_at=parse_moment(body["ending_at"]))
    if "scheduled_at" in body:
        plan = replace(plan, scheduled_at=parse_moment(body["scheduled_at"]))
        if plan.scheduled_at is not None:
            plan = replace(plan, repeats=())  # a time without rules means one occurrence
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


def _existing(world: World, schedule_id: str) -> Schedule:
    schedule = world.of(Schedules).by_id.get(schedule_id)
    if schedule is None:
        raise not_found("schedule", schedule_id)
    return schedule


def _render_all(call: Call, found: Sequence[Schedule]) -> Reply:
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
