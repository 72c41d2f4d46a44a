"""Workflows: triggered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.narrow import is_object
from .. import idempotency, recipients, runs
from ..errors import Problem
from ..exchange import Reply
from ..records import TENANTS, Reference, Trigger
from ..values import part

if TYPE_CHECKING:
    from ..exchange import Call
    from ..records import Workflow
    from ..values import JSON
    from ..world import World


def trigger(call: Call) -> Reply:
    """Run a workflow; the runs are done before the answer is given, where the API's go on after it."""
    if (kept := idempotency.replay(call)) is not None:
        return kept
    world, body = call.world, call.body
    workflow = _runnable(world, call.path["key"])
    descriptions = _descriptions(body)
    for at, reference, description in descriptions:
        recipients.merged(world, reference, description, at)  # all are checked before any is stored
    actor = _actor(world, body.get("actor"))
    for at, reference, description in descriptions:
        recipients.identify(world, reference, description, at)
    started = Trigger(
        id=world.ids.uuid(),
        workflow=workflow,
        actor=actor,
        tenant=_tenant(world, body.get("tenant")),
        cancellation_key=body.get("cancellation_key"),
        sandbox=part(body, "settings").get("sandbox_mode") is True,
        inserted_at=world.clock.now,
    )
    runs.start(world, started, part(body, "data"), runs.unique(map(_target, body["recipients"])))
    answer = {"workflow_run_id": started.id}
    idempotency.keep(call, answer)
    return Reply(answer)


def _runnable(world: World, key: str) -> Workflow:
    workflow = world.find_workflow(key)
    if workflow is None:
        raise Problem("workflow_missing", f"The workflow {key!r} does not exist, or is not committed.")
    if not workflow.active:
        raise Problem("workflow_inactive", f"The workflow {key!r} is not active.")
    return workflow


def _descriptions(body: JSON) -> list[tuple[str, Reference, JSON]]:
    """Return whoever is to be stored first, each with its place in the body."""
    tenant, actor = body.get("tenant"), body.get("actor")
    found: list[tuple[str, Reference, JSON]] = []
    if is_object(tenant):
        found.append(("tenant", Reference(tenant["id"], TENANTS), tenant))
    named: list[tuple[str, Any]] = [("actor", actor)]
    named.extend((f"recipients.{index}", value) for index, value in enumerate(body["recipients"]))
    for at, value in named:
        if recipients.is_description(value):
            found.append((at, recipients.reference_of(value), value))
    return found


def _actor(world: World, actor: Any) -> Reference | None:
    """Return who acted; whoever is named without being described must exist already."""
    if actor is None:
        return None
    reference = recipients.reference_of(actor)
    if not recipients.is_description(actor) and recipients.find(world, reference) is None:
        raise Problem("actor_missing", f"The actor {reference.id!r} has not been identified.")
    return reference


def _tenant(world: World, tenant: Any) -> str | None:
    """Return the tenant's id; one that is unknown is created."""
    if tenant is None:
        return None
    name: str = tenant["id"] if is_object(tenant) else tenant
    recipients.ensure(world, Reference(name, TENANTS))
    return name


def _target(recipient: Any) -> runs.Target:
    own = part(recipient, recipients.TRIGGER_DATA) if is_object(recipient) else {}
    return runs.Target(recipients.reference_of(recipient), own)


HANDLERS = {"triggerWorkflow": trigger}
