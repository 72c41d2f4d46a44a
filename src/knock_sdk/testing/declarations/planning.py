"""Planned steps of a workflow: the declared steps, validated and with their references."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from ..expressions import liquid, templates
from ..expressions.step_conditions import parse_conditions
from ..state.arguments import check_duration, check_type
from ..state.steps import Batch, Delay, PlannedStep, Send, Throttle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..state.steps import Step
    from ..state.world import World

_GUIDE_CHANNEL = "in_app_guide"
_LONGEST_DELAY = timedelta(days=365)
_LONGEST_THROTTLE = timedelta(days=31)
_MAX_ACTIVITIES = range(2, 1001)
_RENDER_LIMIT = range(1, 101)


def plan(world: World, workflow: str, steps: Sequence[Step]) -> tuple[PlannedStep, ...]:
    """Validate declared steps and return the steps of the workflow.

    Raises:
        TypeError: A step, or a duration in it, has another type.
        ValueError: A step is invalid; the message names the workflow and the step.
    """
    counts: Counter[str] = Counter()
    planned: dict[str, PlannedStep] = {}
    for step in steps:
        check_type(f"workflow {workflow}", step, (Send, Delay, Batch, Throttle), "steps such as Send('email')")
        kind = "channel" if isinstance(step, Send) else type(step).__name__.lower()
        name = world.channels.get(step.channel).type if isinstance(step, Send) else kind
        counts[name] += 1
        ref = step.ref or f"{name}_{counts[name]}"
        at = f"workflow {workflow}, step {ref}"
        if ref in planned:
            raise ValueError(f"{at}: two steps have this reference; give each its own ref")
        if name == _GUIDE_CHANNEL:
            raise ValueError(f"{at}: a channel of type {_GUIDE_CHANNEL} is for guides, not for workflows")
        for field in ("wait", "window", "sliding_limit"):
            check_duration(f"{at}: {field}", getattr(step, field, None))
        if problem := _find_problem(step):
            raise ValueError(f"{at}: {problem}")
        if isinstance(step, Send) and step.template is not None:
            templates.check(name, step.template, at)
        if isinstance(step, Batch | Throttle) and step.key is not None:
            liquid.check_if_template(step.key, f"{at}.key")
        planned[ref] = PlannedStep(step, ref, kind, parse_conditions(step.conditions, at))
    return tuple(planned.values())


def _find_problem(step: Step) -> str | None:
    """Return the first problem with the durations and numbers of a step, or None."""
    if isinstance(step, Send):
        return None
    name, length = ("wait", step.wait) if isinstance(step, Delay) else ("window", step.window)
    problems = {
        f"{name} or until is missing": length is None and step.until is None,
        "window: takes more than 0": not isinstance(step, Delay) and length is not None and length <= timedelta(),
    }
    if isinstance(step, Delay):
        problems["wait: takes at most 365 days"] = length is not None and length > _LONGEST_DELAY
    elif isinstance(step, Throttle):
        problems["window: takes at most 31 days"] = length is not None and length > _LONGEST_THROTTLE
        problems["limit: takes at least 1"] = step.limit < 1
    else:
        activities = step.max_activities
        problems["sliding_limit: needs sliding=True"] = step.sliding_limit is not None and not step.sliding
        problems["max_activities: takes 2 to 1,000"] = activities is not None and activities not in _MAX_ACTIVITIES
        problems["render_limit: takes 1 to 100"] = step.render_limit not in _RENDER_LIMIT
    return next((problem for problem, found in problems.items() if found), None)
