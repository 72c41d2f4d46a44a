"""Words for steps: what each of them is called, and what it does in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    from collections.abc import Callable, Mapping
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
    summarize = _SUMMARIES.get(type(planned.step))
    return "" if summarize is None else summarize(planned.step)[:_LONGEST]


def _for(length: timedelta | None, until: str | None) -> str:
    if until is None:
        return f"for {duration(length)}" if length is not None else ""
    if length is None:
        return f"until {until}"
    return f"until {duration(abs(length))} {'before' if length.days < 0 else 'after'} {until}"


def _summarize_batch(step: Batch) -> str:
    by = f", by {step.key}" if step.key else ""
    return f"collects {_for(step.window, step.until)}{by}"


_SUMMARIES: Mapping[type[object], Callable[[Any], str]] = {
    Agent: lambda step: step.model,
    Batch: _summarize_batch,
    Branch: lambda step: f"{len(step.arms)} ways",
    Cohort: lambda step: ", ".join(f"{arm.name} {arm.percentage:g}%" for arm in step.arms),
    Delay: lambda step: _for(step.wait, step.until),
    Fetch: lambda step: f"{step.method.upper()} {step.url}",
    Guide: lambda step: step.guide,
    Send: lambda step: f"through {step.channel}",
    Throttle: lambda step: f"{step.limit} at most, {_for(step.window, step.until)}",
    TriggerWorkflow: lambda step: step.workflow,
    UpdateAudience: lambda step: f"{step.action} {step.audience}",
    UpdateObject: lambda step: f"{step.collection}/{step.id}",
    UpdateTenant: lambda step: step.tenant or "the tenant of the run",
    UpdateUser: lambda step: step.user or "the recipient",
    Wait: lambda step: f"{' '.join(step.event.values())}, {duration(step.timeout)} at most",
}
"""What the steps of each class do, in one line."""
