"""The trigger workflow step: what it triggers, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ...._core.type_guards import is_array, is_object
from ...http.errors import Problem
from ...recipients import inline, profiles
from ...state.json_objects import object_at
from ...state.json_text import parse_json
from ...state.names import did_you_mean
from ...validation.requests import check_value
from ..runtime import outside_world
from ..runtime.rendering import StepError, render_json, render_text
from .update_steps import describe

if TYPE_CHECKING:
    from ...state.json_objects import JSON
    from ...state.records import Reference, Run, Workflow
    from ...state.steps.function_steps import TriggerWorkflow
    from ...state.world import World
    from ..runtime.run_context import RunContext

MOST_DEPTH = 10
"""Workflows that trigger one another end here; what the API does is not documented."""


class Target(NamedTuple):
    """A recipient that a trigger names, with its own trigger data."""

    reference: Reference
    data: JSON


class Order(NamedTuple):
    """A trigger that a step asks for."""

    workflow: Workflow
    data: JSON
    targets: list[Target]
    actor: Reference | None
    tenant: str | None
    cancellation_key: str | None
    depth: int


def prepare(world: World, run: Run, step: TriggerWorkflow, context: RunContext) -> Order | None:
    """Return what the step triggers, with the recipients stored that it identifies; None if the workflow is inactive.

    Raises:
        TemplateError, StepError: It cannot be rendered, or is invalid.
    """
    trigger = run.trigger
    own = {**object_at(context.template, "workflow"), "cancellation_key": trigger.cancellation_key}
    values = {**context.template, "workflow": own}
    key = render_text(step.workflow, values).strip()
    workflow = world.find_workflow(key)
    if workflow is None:
        message = f"workflow: no workflow {key!r} is declared{did_you_mean(key, world.workflows)}"
        raise outside_world.missing(world, run, message)
    if not workflow.active:
        return None
    if trigger.depth >= MOST_DEPTH:
        raise StepError(f"workflows trigger one another more than {MOST_DEPTH} deep")
    body = _render_body(step, values)
    if problems := check_value("TriggerWorkflowRequest", body, ""):
        raise StepError(f"{problems[0].field} {problems[0].message}")
    check_data(workflow, body["data"])
    recipients = [(f"recipients.{index}", value) for index, value in enumerate(body["recipients"])]
    try:
        parties = inline.identify(world, recipients, actor=body.get("actor"), tenant=body.get("tenant"))
    except Problem as problem:
        raise StepError(describe(problem)) from problem
    targets = [target_of(value) for value in body["recipients"]]
    depth = trigger.depth + 1
    return Order(workflow, body["data"], targets, parties.actor, parties.tenant, body.get("cancellation_key"), depth)


def target_of(recipient: Any) -> Target:
    """Return a recipient in a request with its own trigger data."""
    own = object_at(recipient, profiles.TRIGGER_DATA) if is_object(recipient) else {}
    return Target(profiles.reference_of(recipient), own)


def check_data(workflow: Workflow, data: JSON) -> None:
    """Check data against the schema of the workflow that it is for.

    Raises:
        StepError: It does not match.
    """
    if workflow.data_schema is not None:
        from ...expressions.data_schema import find_problems

        if found := find_problems(workflow.data_schema, data):
            raise StepError(f"data is invalid for the workflow {workflow.key}: {found[0].field} {found[0].message}")


def _render_body(step: TriggerWorkflow, values: JSON) -> JSON:
    """Return the step as the body of a trigger."""
    recipients = _parse_recipient(render_text(step.recipients, values))
    listed = recipients if is_array(recipients) else [recipients]
    data: Any = render_json(step.data, values, "data") if step.data else {}
    body: JSON = {"recipients": [each for each in listed if each != ""], "data": data}
    if not body["recipients"]:
        raise StepError("recipients renders to nothing")
    for name, value in (
        ("actor", _parse_recipient(render_text(step.actor, values))),
        ("tenant", _parse_recipient(render_text(step.tenant, values))),
        ("cancellation_key", render_text(step.cancellation_key, values).strip()),
    ):
        if value != "":
            body[name] = value
    return body


def _parse_recipient(text: str) -> Any:
    """Return the recipients in a rendered text: JSON of an object, a list or a text, or else an id."""
    stripped = text.strip()
    if stripped[:1] in ("{", "[", '"'):
        try:
            return parse_json(stripped)
        except ValueError:
            return stripped
    return stripped
