"""The steps that write: to the data of the run, to users, objects and tenants, and to the audience of a guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...http.errors import Problem
from ...messaging import guides
from ...messaging.guide_records import Guides
from ...recipients import audiences, profiles
from ...state.names import did_you_mean
from ...state.records import TENANTS, Reference
from ...state.steps.function_steps import UpdateObject, UpdateTenant, UpdateUser
from ...validation.requests import check_value
from ..runtime import outside_world, run_history
from ..runtime.rendering import StepError, render_object, render_text

if TYPE_CHECKING:
    from ...state.records import Run
    from ...state.steps.function_steps import Guide, UpdateAudience, UpdateData
    from ...state.steps.steps import PlannedStep
    from ...state.world import World
    from ..runtime.run_context import RunContext

_USERS = "$users"
_SCHEMAS = {None: "IdentifyUserRequest", TENANTS: "SetTenantRequest"}


def update_data(world: World, run: Run, planned: PlannedStep, step: UpdateData, context: RunContext) -> None:
    """Merge an object into the data of the run; unlike in templates, a variable that is missing is an error.

    Raises:
        TemplateError, StepError: It cannot be rendered.
    """
    run.data = {**run.data, **render_object(step.data, context.template, "data", strict=True)}
    run_history.record(world, run, run_history.STEP_DONE, planned)


def update_recipient(
    world: World,
    run: Run,
    planned: PlannedStep,
    step: UpdateUser | UpdateObject | UpdateTenant,
    context: RunContext,
) -> None:
    """Create or update a user, an object or a tenant.

    Raises:
        TemplateError, StepError: It cannot be rendered, or is invalid.
    """
    reference = _find_reference(run, step, context)
    sent = render_object(step.properties, context.template, "properties")
    if "channel_data" in sent:
        raise StepError("properties: channel data cannot be set by a step")
    problems = check_value(_SCHEMAS.get(reference.collection, "SetObjectRequest"), sent, "properties")
    if problems:
        raise StepError(f"{problems[0].field} {problems[0].message}")
    try:
        profiles.identify(world, reference, sent, "properties")
    except Problem as problem:
        raise StepError(describe(problem)) from problem
    run_history.record(world, run, run_history.STEP_DONE, planned)


def show_guide(world: World, run: Run, planned: PlannedStep, step: Guide, _: RunContext) -> None:
    """Add the recipient to the audience behind a guide.

    Raises:
        StepError: There is no such guide.
    """
    declared = world.of(Guides).declared
    if step.guide not in declared:
        near = did_you_mean(step.guide, declared)
        message = f"no guide {step.guide!r} is declared: call sim.guide({step.guide!r}, …){near}"
        raise outside_world.missing(world, run, message)
    if run.recipient.collection is not None:
        raise StepError("guides are shown to users, not to objects")
    key = guides.audience_of(step.guide)
    audiences.create(world, key)
    audiences.add(world, key, run.recipient, run.trigger.tenant)
    run_history.record(world, run, run_history.STEP_DONE, planned)


def update_audience(world: World, run: Run, planned: PlannedStep, step: UpdateAudience, _: RunContext) -> None:
    """Add the recipient to a static audience, or remove it, for the tenant of the run.

    Raises:
        StepError: There is no such audience, it is dynamic, or the recipient is an object.
    """
    known = world.of(audiences.Audiences).by_key
    if step.audience not in known:
        near = did_you_mean(step.audience, known)
        message = f"no audience {step.audience!r} is declared: call sim.audience({step.audience!r}){near}"
        raise outside_world.missing(world, run, message)
    if run.recipient.collection is not None:
        raise StepError("audiences have users as members, not objects")
    change = audiences.add if step.action == "add" else audiences.remove
    try:
        change(world, step.audience, run.recipient, run.trigger.tenant)
    except Problem as problem:
        raise StepError(describe(problem)) from problem
    run_history.record(world, run, run_history.STEP_DONE, planned)


def describe(problem: Problem) -> str:
    """Return the message of an error of the API or, where it has some, of its first field."""
    return f"{problem.errors[0].field} {problem.errors[0].message}" if problem.errors else problem.message


def _find_reference(run: Run, step: UpdateUser | UpdateObject | UpdateTenant, context: RunContext) -> Reference:
    if isinstance(step, UpdateObject):
        reference = Reference(_render_id(step.id, context, "id"), _render_id(step.collection, context, "collection"))
        return Reference(reference.id) if reference.collection == _USERS else reference
    if isinstance(step, UpdateUser):
        if step.user is not None:
            return Reference(_render_id(step.user, context, "user"))
        if run.recipient.collection is not None:
            # What the API does with it is not documented.
            raise StepError("the recipient of the run is an object, not a user")
        return run.recipient
    if step.tenant is not None:
        return Reference(_render_id(step.tenant, context, "tenant"), TENANTS)
    if run.trigger.tenant is None:
        # What the API does without one is not documented.
        raise StepError("the run has no tenant")
    return Reference(run.trigger.tenant, TENANTS)


def _render_id(source: str, context: RunContext, field: str) -> str:
    rendered = render_text(source, context.template).strip()
    if not rendered:
        raise StepError(f"{field} renders to nothing")
    return rendered
