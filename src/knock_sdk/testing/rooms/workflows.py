"""Workflows: triggered and cancelled, also in the older spellings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_object
from .. import cancellation, idempotency, parties, recipients, runs, subscriptions
from ..errors import Problem, refused
from ..exchange import NO_CONTENT, Reply
from ..records import Trigger
from ..values import part

if TYPE_CHECKING:
    from ..exchange import Call
    from ..records import Reference, Workflow
    from ..values import JSON
    from ..world import World


def trigger(call: Call) -> Reply:
    """Run a workflow; the runs are done, or wait, before the answer is given, where the API's go on after it."""
    if (kept := idempotency.replay(call)) is not None:
        return kept
    answer = {"workflow_run_id": _trigger(call.world, call.path["key"], call.body)}
    idempotency.keep(call, answer)
    return Reply(answer)


def notify(call: Call) -> Reply:
    """Run a workflow that the body names."""
    return Reply({"result_id": _trigger(call.world, call.body["name"], call.body)})


def cancel(call: Call) -> Reply:
    """Cancel runs that wait; the API does so after it has answered."""
    return _cancel(call.world, call.path["key"], call.body)


def cancel_notify(call: Call) -> Reply:
    """Cancel runs that wait, of a workflow that the body names."""
    return _cancel(call.world, call.body["name"], call.body)


def _cancel(world: World, key: str, body: JSON) -> Reply:
    _existing(world, key)
    named: list[Reference] | None = None
    if body.get("recipients") is not None:
        named = [recipients.reference_of(value) for value in body["recipients"]]
        named.extend(each.reference for each in subscriptions.reached(world, tuple(named), None))
    cancellation.cancel(world, key, body["cancellation_key"], None if named is None else frozenset(named))
    return NO_CONTENT


def _trigger(world: World, key: str, body: JSON) -> str:
    workflow = _existing(world, key)
    if not workflow.active:
        raise Problem("workflow_inactive", f"The workflow {key!r} is not active.")
    _check_data(workflow, part(body, "data"))
    named = [(f"recipients.{index}", value) for index, value in enumerate(body["recipients"])]
    who = parties.settle(world, named, actor=body.get("actor"), tenant=body.get("tenant"))
    settings = part(body, "settings")
    started = Trigger(
        id=world.ids.uuid(),
        workflow=workflow,
        actor=who.actor,
        tenant=who.tenant,
        cancellation_key=body.get("cancellation_key"),
        sandbox=settings.get("sandbox_mode") is True,
        inserted_at=world.clock.now,
        skip_delay=settings.get("skip_delay") is True,
    )
    runs.start(world, started, part(body, "data"), runs.unique(map(_target, body["recipients"])))
    return started.id


def _existing(world: World, key: str) -> Workflow:
    workflow = world.find_workflow(key)
    if workflow is None:
        raise Problem("workflow_missing", f"The workflow {key!r} does not exist, or is not committed.")
    return workflow


def _check_data(workflow: Workflow, data: JSON) -> None:
    if workflow.data_schema is not None:
        from ..trigger_data import problems

        if found := problems(workflow.data_schema, data):
            raise refused(found)


def _target(recipient: Any) -> runs.Target:
    own = part(recipient, recipients.TRIGGER_DATA) if is_object(recipient) else {}
    return runs.Target(recipients.reference_of(recipient), own)


HANDLERS = {
    "cancelNotify": cancel_notify,
    "cancelWorkflow": cancel,
    "notify": notify,
    "triggerWorkflow": trigger,
}
