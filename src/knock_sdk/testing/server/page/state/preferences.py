"""Preferences as they resolve for a recipient, a workflow, a channel and a tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ....._core.type_guards import is_array, is_object
from ....expressions.conditions.conditions import AUDIENCES
from ....expressions.conditions.step_conditions import observe
from ....expressions.liquid.variables import NOW
from ....recipients import audiences, preferences, profiles
from ....recipients.preference_evaluation import applying_paths, blocking_path
from ....recipients.preference_levels import find_level, levels_of, setting_at
from ....recipients.template_context import tenant_context, variables_for
from ....state.channels import PROVIDERS
from ....state.clock import iso
from ....state.records import TENANTS, Reference
from .drawings.reasons import to_text

if TYPE_CHECKING:
    from ....recipients.preference_evaluation import Path
    from ....state.records import Recipient
    from ....state.world import World


class Question(NamedTuple):
    """What is asked: keys of a workflow and a channel, and id of a tenant; empty for none."""

    workflow: str
    channel: str
    tenant: str


class Setting(NamedTuple):
    """A setting that applies, and where it is set."""

    path: str
    values: list[str]
    """Its value in each set, as JSON; empty where it is not set."""
    level: int | None
    """Number of the set that decides; None if none has it."""
    value: str
    """The value that counts; empty if there is none."""
    blocks: bool


class Answer(NamedTuple):
    """How preferences resolve."""

    problem: str
    """Why there is no answer; empty if there is one."""
    allowed: bool
    text: str
    levels: list[str]
    """The sets that apply; the first one that has a setting decides."""
    settings: list[Setting]
    has_conditions: bool
    """Whether conditions were evaluated, which then had no data of a trigger."""


def resolve(world: World, recipient: Recipient, question: Question) -> Answer | None:
    """Return how the preferences of a recipient resolve; None if nothing is asked."""
    if not (question.workflow or question.channel):
        return None
    if not (question.workflow and question.channel):
        return _fail("Choose both a workflow and a channel.")
    workflow = world.workflows.get(question.workflow) or world.assumed_workflows.get(question.workflow)
    if workflow is None:
        return _fail(f"There is no workflow {question.workflow!r}.")
    if question.channel not in world.channels.by_key and question.channel not in PROVIDERS:
        return _fail(f"There is no channel {question.channel!r}: take the key of a channel, or a channel type.")
    channel, tenant = world.channels.get(question.channel), question.tenant or None
    resolved = preferences.resolve_for_run(world, recipient, tenant)
    context = _context_of(world, recipient, tenant)
    blocking = blocking_path(resolved, workflow, channel, lambda: context)
    levels = levels_of(world, recipient, tenant)
    settings: list[Setting] = []
    for path in applying_paths(workflow, channel):
        level = find_level(world, recipient, tenant, path)
        number = next((n for n, each in enumerate(levels) if level is not None and each.name == level.name), None)
        value = setting_at(resolved, path)
        shown = [_show(setting_at(each.stored, path)) for each in levels]
        settings.append(Setting(".".join(path), shown, number, _show(value), path == blocking))
    return Answer(
        problem="",
        allowed=blocking is None,
        text=_say(blocking, resolved, context, overrides=workflow.override_preferences),
        levels=[_name(each.name, each.set_id) for each in levels],
        settings=settings,
        has_conditions=any("conditions" in each.value for each in settings),
    )


def _fail(problem: str) -> Answer:
    return Answer(problem, allowed=False, text="", levels=[], settings=[], has_conditions=False)


def _name(level: str, set_id: str | None) -> str:
    if level == "environment":
        return "Default of the environment"
    return f"Own set {set_id!r}" if level == "recipient" else f"Default of the tenant {set_id}"


def _say(blocking: Path | None, resolved: Any, context: dict[str, Any], *, overrides: bool) -> str:
    if overrides:
        return "The workflow ignores preferences."
    if blocking is None:
        return "No setting blocks a message."
    setting = setting_at(resolved, blocking)
    conditions = setting.get("conditions") if is_object(setting) else None
    if not is_array(conditions):
        return f"The setting {'.'.join(blocking)} blocks it."
    seen = observe((tuple(conditions),), context, templates=False)
    found = [value or "no value" for holds, value in seen if holds is False]
    return f"The conditions of {'.'.join(blocking)} do not hold; found: {', '.join(found)}."


def _show(value: Any) -> str:
    return "" if value is None else to_text(value)


def _context_of(world: World, recipient: Recipient, tenant: str | None) -> dict[str, Any]:
    """Return the values that conditions of preferences read, without the data of a trigger."""
    of_tenant = tenant_context(None if tenant is None else profiles.find(world, Reference(tenant, TENANTS)))
    return {
        AUDIENCES: audiences.keys_of(world, recipient.reference, tenant),
        NOW: iso(world.clock.now),
        "actor": {},
        "data": {},
        "recipient": profiles.context_of(recipient),
        "tenant": of_tenant,
        "vars": variables_for(world, recipient, of_tenant),
        "workflow": {},
    }
