"""Guides: the users who may see them, and how they are shown.

A guide belongs to an in-app guide channel. A user may see it unless it is inactive, the user has archived it, its
conditions do not hold, or the user is not in its target audience. The activation rules, which limit the pages that show
it, are only passed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from ..expressions.conditions.conditions import AUDIENCES
from ..expressions.conditions.step_conditions import hold
from ..expressions.liquid.liquid import TemplateError, render_texts
from ..expressions.liquid.variables import LOOKUP, NOW
from ..recipients import audiences, profiles
from ..recipients.template_context import WorldLookup, tenant_context, variables_for
from ..state.clock import iso
from ..state.records import TENANTS, Reference
from ..state.steps.function_steps import Guide as GuideStep
from . import messages
from .guide_records import GROUP, SEMVER, Guides, Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..state.json_objects import JSON
    from ..state.records import Message, Recipient
    from ..state.world import World
    from .guide_records import Guide, Step


class Ineligibility(NamedTuple):
    """The API's reason why a user may not see a guide, and a sentence that explains it."""

    reason: Literal["guide_not_active", "marked_as_archived", "target_conditions_not_met", "not_in_target_audience"]
    message: str


UNKNOWN_USER = Ineligibility("not_in_target_audience", "The user has not been identified.")


def show(world: World, guide: Guide, user: Recipient | None, tenant: str | None, data: JSON) -> JSON | Ineligibility:
    """Return a guide as the API shows it to a user, or the reason why the user may not see it.

    If several reasons apply, the first in the API's list of reasons is returned: a guess. A user that does not exist is
    not in any audience, and so may not see any guide: a guess.
    """
    if user is None:
        return UNKNOWN_USER
    progress = world.of(Guides).history(user.reference.id, tenant).progress.get(guide.key, Progress())
    if not guide.active:
        return Ineligibility("guide_not_active", "The guide is not active.")
    if _is_archived(guide, progress):
        return Ineligibility("marked_as_archived", "The user has archived the guide.")
    context = _context_of(world, user, tenant, data)
    try:
        targeted = hold(guide.conditions, context)
        shown = _render(guide, _render_steps(guide, progress, context))
    except TemplateError as error:
        # What the API does with a guide that cannot be rendered is not documented.
        return Ineligibility("target_conditions_not_met", f"The guide cannot be evaluated: {error}")
    if not targeted:
        return Ineligibility("target_conditions_not_met", "The target conditions of the guide are not met.")
    return _check_audiences(world, guide, user.reference, tenant) or shown


def preview(world: World, guide: Guide, user: Recipient, tenant: str | None, data: JSON) -> JSON | None:
    """Return a guide as it would be shown to a user who may not see it; None if it cannot be rendered."""
    progress = world.of(Guides).history(user.reference.id, tenant).progress.get(guide.key, Progress())
    try:
        return _render(guide, _render_steps(guide, progress, _context_of(world, user, tenant, data)))
    except TemplateError:
        return None


def _render_steps(guide: Guide, progress: Progress, context: JSON) -> list[JSON]:
    return [_render_step(guide, step, progress.steps.get(step.ref), context) for step in guide.steps]


def _check_audiences(world: World, guide: Guide, user: Reference, tenant: str | None) -> Ineligibility | None:
    """Check the target audience, and that behind the steps of workflows; that both count is a guess."""
    if guide.audience is not None and not _is_member(world, guide.audience, guide, user, tenant):
        return Ineligibility("not_in_target_audience", "The user is not in the target audience of the guide.")
    if _is_in_workflow(world, guide) and not _is_member(world, audience_of(guide.key), guide, user, tenant):
        return Ineligibility("not_in_target_audience", "No workflow has let the user see the guide.")
    return None


def audience_of(key: str) -> str:
    """Return the key of the audience to which steps of workflows add those who may see a guide."""
    return f"$guide:{key}"


def _is_in_workflow(world: World, guide: Guide) -> bool:
    """Return whether a step of a workflow lets users see a guide, so that nobody else does."""
    return any(
        isinstance(planned.step, GuideStep) and planned.step.guide == guide.key
        for workflow in world.workflows.values()
        for planned in workflow.steps
    )


def _is_member(world: World, audience: str, guide: Guide, user: Reference, tenant: str | None) -> bool:
    """Return whether a user is in an audience: for exactly this tenant, or, unless the guide is strict, for any."""
    if guide.strict_tenancy:
        return audiences.is_member(world, audience, user, tenant)
    return audiences.is_member_anywhere(world, audience, user)


def _render(guide: Guide, steps: list[JSON]) -> JSON:
    return {
        "__typename": "Guide",
        "activation_url_patterns": list(guide.url_patterns),
        "activation_url_rules": list(guide.url_rules),
        "active": guide.active,
        "bypass_global_group_limit": guide.bypass_group_limit,
        "channel_id": guide.channel.id,
        "dashboard_url": f"https://dashboard.knock.invalid/guides/{guide.key}",
        "id": guide.id,
        "inserted_at": iso(guide.inserted_at),
        "key": guide.key,
        "semver": SEMVER,
        "steps": steps,
        "type": guide.type,
        "updated_at": iso(guide.updated_at),
    }


def render_group(guides: Guides, shown: Sequence[Guide]) -> JSON:
    """Return the group of the given guides as the API shows it."""
    group: JSON = {
        "__typename": "GuideGroup",
        "display_sequence": [guide.key for guide in shown],
        "inserted_at": iso(min(guide.inserted_at for guide in shown)),
        "key": GROUP,
        "updated_at": iso(guides.changed_at),
    }
    if guides.display_interval is not None:
        group["display_interval"] = guides.display_interval
    return group


def _is_archived(guide: Guide, progress: Progress) -> bool:
    archived = {ref for ref, message in progress.steps.items() if "archived" in message.engagement}
    return progress.finished or all(step.ref in archived for step in guide.steps)


def _context_of(world: World, user: Recipient, tenant: str | None, data: JSON) -> JSON:
    """Return the values that the conditions and the content of a guide read."""
    found = tenant_context(profiles.find(world, Reference(tenant, TENANTS)) if tenant else None)
    return {
        AUDIENCES: audiences.keys_of(world, user.reference, tenant),
        LOOKUP: WorldLookup(world, user, tenant),
        NOW: iso(world.clock.now),
        "data": data,
        "recipient": profiles.context_of(user),
        "tenant": found,
        "vars": variables_for(world, user, found),
    }


def _render_step(guide: Guide, step: Step, message: Message | None, context: JSON) -> JSON:
    at = {} if message is None else message.engagement
    return {
        "content": render_texts(step.content, context, f"{step.ref}.content"),
        "message": {
            "id": None if message is None else message.id,
            **{f"{status}_at": iso(at.get(status)) for status in messages.ENGAGEMENT},
        },
        "ref": step.ref,
        "schema_key": guide.type,
        "schema_semver": SEMVER,
        "schema_variant_key": "default",
    }
