"""Words for steps: what each of them is called, and what it does in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .....state.steps.function_steps import (
    Agent,
    Fetch,
    Guide,
    TriggerWorkflow,
    UpdateAudience,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
    Wait,
)
from .....state.steps.steps import Batch, Branch, Cohort, Delay, Send, Throttle
from ...times import duration

if TYPE_CHECKING:
    from datetime import timedelta

    from .....state.steps.steps import PlannedStep
    from .....state.world import World

_TITLES = {
    "ai_agent": "AI agent",
    "batch": "Batch",
    "branch": "Branch",
    "delay": "Delay",
    "http_fetch": "HTTP fetch",
    "in_app_guide": "In-app guide",
    "random_cohort": "Random cohort",
    "throttle": "Throttle",
    "trigger_workflow": "Trigger workflow",
    "update_audience": "Update audience",
    "update_data": "Update data",
    "update_object": "Update object",
    "update_tenant": "Update tenant",
    "update_user": "Update user",
    "wait_for_event": "Wait for event",
}
CHANNEL_TITLES = {
    "chat": "Chat",
    "email": "Email",
    "http": "Webhook",
    "in_app_feed": "In-app feed",
    "in_app_guide": "In-app guide",
    "push": "Push",
    "sms": "SMS",
}
_LONGEST = 200


def channel_type_of(world: World, planned: PlannedStep) -> str:
    """Return the channel type of a step; empty if it sends nothing."""
    return world.channels.type_of(planned.step.channel) if isinstance(planned.step, Send) else ""


def title_of(world: World, planned: PlannedStep) -> str:
    """Return what a step is called."""
    channel_type = channel_type_of(world, planned)
    if channel_type:
        return CHANNEL_TITLES.get(channel_type, channel_type)
    return _TITLES.get(planned.type, planned.type.replace("_", " ").capitalize())


def summary_of(planned: PlannedStep) -> str:
    """Return what a step does, in one line; empty if its title says so."""
    return _summarize(planned)[:_LONGEST]


def _summarize(planned: PlannedStep) -> str:
    step = planned.step
    match step:
        case Send():
            return f"through {step.channel}"
        case Delay():
            return _for(step.wait, step.until)
        case Batch():
            by = f", by {step.key}" if step.key else ""
            return f"collects {_for(step.window, step.until)}{by}"
        case Throttle():
            return f"{step.limit} at most, {_for(step.window, step.until)}"
        case Branch():
            return f"{len(step.arms)} ways"
        case Cohort():
            return ", ".join(f"{arm.name} {arm.percentage:g}%" for arm in step.arms)
        case Wait():
            return f"{' '.join(step.event.values())}, {duration(step.timeout)} at most"
        case _:
            return _summarize_function(planned)


def _summarize_function(planned: PlannedStep) -> str:
    match step := planned.step:
        case Fetch():
            return f"{step.method.upper()} {step.url}"
        case UpdateUser():
            return step.user or "the recipient"
        case UpdateObject():
            return f"{step.collection}/{step.id}"
        case UpdateTenant():
            return step.tenant or "the tenant of the run"
        case UpdateAudience():
            return f"{step.action} {step.audience}"
        case TriggerWorkflow():
            return step.workflow
        case Agent():
            return step.model
        case Guide():
            return step.guide
        case _:
            return ""


def _for(length: timedelta | None, until: str | None) -> str:
    if until is None:
        return f"for {duration(length)}" if length is not None else ""
    if length is None:
        return f"until {until}"
    return f"until {duration(abs(length))} {'before' if length.days < 0 else 'after'} {until}"
