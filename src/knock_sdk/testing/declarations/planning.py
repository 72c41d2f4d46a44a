"""From steps as they are declared to the steps of a workflow: named, checked and in order."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from ..expressions import liquid, templates
from ..expressions.step_conditions import parse_conditions
from ..state.steps import Batch, Delay, PlannedStep, Send, Throttle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..state.steps import Step
    from ..state.world import World

_OF_GUIDES = "in_app_guide"
_LONGEST_DELAY = timedelta(days=365)
_LONGEST_THROTTLE = timedelta(days=31)
_ACTIVITIES = range(2, 1001)
_RENDERED = range(1, 101)


def plan(world: World, workflow: str, steps: Sequence[Step]) -> tuple[PlannedStep, ...]:
    """Return the steps of a workflow.

    Raises:
        ValueError: One of them makes no sense; the message names the workflow and the step.
    """
    counts: Counter[str] = Counter()
    planned: dict[str, PlannedStep] = {}
    for step in steps:
        kind = "channel" if isinstance(step, Send) else type(step).__name__.lower()
        name = world.channels.get(step.channel).type if isinstance(step, Send) else kind
        counts[name] += 1
        ref = step.ref or f"{name}_{counts[name]}"
        at = f"workflow {workflow}, step {ref}"
        if ref in planned:
            raise ValueError(f"{at}: two steps have this reference")
        if name == _OF_GUIDES:
            raise ValueError(f"{at}: a channel of type {_OF_GUIDES} is for guides, not for workflows")
        if problem := _problem(step):
            raise ValueError(f"{at}: {problem}")
        if isinstance(step, Send) and step.template is not None:
            templates.check(name, step.template, at)
        if isinstance(step, Batch | Throttle) and step.key is not None:
            liquid.check_if_template(step.key, f"{at}.key")
        planned[ref] = PlannedStep(step, ref, kind, parse_conditions(step.conditions, at))
    return tuple(planned.values())


def _problem(step: Step) -> str | None:
    """Return what is wrong with the figures of a step."""
    if isinstance(step, Send):
        return None
    length = step.wait if isinstance(step, Delay) else step.window
    wrong = {
        "how long it takes is missing": length is None and step.until is None,
        "the window must be longer than nothing": not isinstance(step, Delay)
        and length is not None
        and length <= timedelta(),
    }
    if isinstance(step, Delay):
        wrong["waits for more than 365 days"] = length is not None and length > _LONGEST_DELAY
    elif isinstance(step, Throttle):
        wrong["the window is longer than 31 days"] = length is not None and length > _LONGEST_THROTTLE
        wrong["the limit must be at least 1"] = step.limit < 1
    else:
        most = step.max_activities
        wrong["sliding_limit is for windows that slide"] = step.sliding_limit is not None and not step.sliding
        wrong["max_activities must be from 2 to 1,000"] = most is not None and most not in _ACTIVITIES
        wrong["render_limit must be from 1 to 100"] = step.render_limit not in _RENDERED
    return next((problem for problem, is_so in wrong.items() if is_so), None)
