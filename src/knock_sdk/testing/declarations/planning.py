"""Planned steps of a workflow: the declared steps, checked, with their references, in one list.

The steps of the arms of a branch follow the branch in the list, arm after arm; each step knows the index of the one
that follows it, and each arm that of its first step.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ..expressions import templates
from ..expressions.conditions.step_conditions import parse_conditions
from ..expressions.liquid import liquid
from ..recipients import audiences
from ..state.arguments import check_duration
from ..state.names import did_you_mean
from ..state.steps.function_steps import (
    Agent,
    Fetch,
    Guide,
    TriggerWorkflow,
    UpdateAudience,
    UpdateData,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
    Wait,
)
from ..state.steps.steps import Arm, Batch, Branch, Cohort, CohortArm, Delay, PlannedArm, PlannedStep, Send, Throttle
from . import step_limits, step_types
from .audience_segments import check_loop

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..state.steps.condition_types import Alternatives
    from ..state.steps.steps import Step
    from ..state.world import World

_GUIDE_CHANNEL = "in_app_guide"
_DEEPEST = 5

_TYPES: Mapping[type[object], str] = {
    Agent: "ai_agent",
    Batch: "batch",
    Branch: "branch",
    Cohort: "random_cohort",
    Delay: "delay",
    Fetch: "http_fetch",
    Guide: "channel",
    Send: "channel",
    Throttle: "throttle",
    TriggerWorkflow: "trigger_workflow",
    UpdateAudience: "update_audience",
    UpdateData: "update_data",
    UpdateObject: "update_object",
    UpdateTenant: "update_tenant",
    UpdateUser: "update_user",
    Wait: "wait_for_event",
}
"""Types of the steps, as the API names them."""


class _Exit(NamedTuple):
    """Where the steps of a list lead."""

    then: int | None
    depth: int


def plan(world: World, workflow: str, steps: Sequence[Step]) -> tuple[PlannedStep, ...]:
    """Check declared steps and return the steps of the workflow.

    Raises:
        TypeError, ValueError: A step is invalid; the message names the workflow and the step.
    """
    for step in steps:
        if type(step) in _TYPES:
            step_types.check(step, f"workflow {workflow}, {type(step).__name__}")
    planner = _Planner(world, workflow)
    planner.add(steps, _Exit(None, 0))
    planner.check_references()
    return tuple(planner.planned)


class _Planner:
    def __init__(self, world: World, workflow: str) -> None:
        self.planned: list[PlannedStep] = []
        self._world = world
        self._workflow = workflow
        self._counts: Counter[str] = Counter()
        self._refs: set[str] = set()
        self._triggering = audiences.triggering(world, workflow)

    def add(self, steps: Sequence[Step], leads: _Exit) -> None:
        """Plan the steps of a list, the last of which leads to where the list does."""
        index = len(self.planned)
        for number, step in enumerate(steps):
            following = index + _count(step)
            then = following if number + 1 < len(steps) else leads.then
            self._plan_step(step, _Exit(then, leads.depth))
            index = following

    def _plan_step(self, step: Step, leads: _Exit) -> None:
        kind = _TYPES.get(type(step))
        if kind is None:
            known = ", ".join(sorted(each.__name__ for each in _TYPES))
            problem = f"takes steps such as Send('email'), not {type(step).__name__}; steps are {known}"
            raise TypeError(f"workflow {self._workflow}: {problem}")
        name = self._name_of(step, kind)
        self._counts[name] += 1
        ref = step.ref or f"{name}_{self._counts[name]}"
        at = f"workflow {self._workflow}, step {ref}"
        if ref in self._refs:
            raise ValueError(f"{at}: two steps have this reference; give each its own ref")
        self._refs.add(ref)
        if name == _GUIDE_CHANNEL and isinstance(step, Send):
            raise ValueError(f"{at}: a channel of type {_GUIDE_CHANNEL} is for guides; the step for it is Guide")
        for field in ("wait", "window", "sliding_limit"):
            check_duration(f"{at}: {field}", getattr(step, field, None))
        step_limits.check(step, at)
        self._check_texts(step, name, at)
        index = len(self.planned)
        conditions = () if isinstance(step, Branch | Cohort) else parse_conditions(step.conditions, at)
        matching = parse_conditions(step.matching, f"{at}.matching") if isinstance(step, Wait) else ()
        planned = PlannedStep(step, ref, kind, conditions, leads.then, (), matching)
        check_loop(planned, self._workflow, self._triggering)
        self.planned.append(planned)
        if isinstance(step, Branch | Cohort):
            arms = tuple(self._plan_arms(step.arms, leads, at))
            self.planned[index] = self.planned[index]._replace(arms=arms)

    def _name_of(self, step: Step, kind: str) -> str:
        """Return what the reference of a step without one begins with."""
        if isinstance(step, Guide):
            return _GUIDE_CHANNEL
        return self._world.channels.type_of(step.channel) if isinstance(step, Send) else kind

    def _plan_arms(self, arms: Sequence[Arm | CohortArm], leads: _Exit, at: str) -> Iterator[PlannedArm]:
        if leads.depth == _DEEPEST:
            raise ValueError(f"{at}: branches nest at most {_DEEPEST} deep")
        for number, arm in enumerate(arms):
            then = None if arm.terminates else leads.then
            first = len(self.planned) if arm.steps else then
            name = arm.name or f"branch {number + 1}"
            here = f"{at}, {name}"
            if isinstance(arm, Arm):
                conditions = parse_conditions(arm.conditions, here)
                if bool(conditions) == (number + 1 == len(arms)):
                    problem = "the last arm is the default, and has no" if conditions else "an arm needs"
                    raise ValueError(f"{here}: {problem} conditions")
            else:
                conditions = ()
            yield PlannedArm(name, conditions, arm.percentage if isinstance(arm, CohortArm) else 0, first)
            self.add(arm.steps, _Exit(then, leads.depth + 1))

    def _check_texts(self, step: Step, name: str, at: str) -> None:
        """Check everything in a step that is written in Liquid."""
        if isinstance(step, Send):
            if step.template is not None:
                templates.check(name, step.template, at)
            if step.overrides is not None:
                templates.check_overrides(name, step.overrides, at)
            return
        for field, value in vars(step).items():
            if field not in _PLAIN:
                liquid.check_texts(value, f"{at}.{field}")

    def check_references(self) -> None:
        """Check that conditions name only steps that there are.

        Raises:
            ValueError: A condition names another one.
        """
        for planned in self.planned:
            at = f"workflow {self._workflow}, step {planned.ref}"
            for alternatives in (planned.conditions, planned.matching, *(arm.conditions for arm in planned.arms)):
                for path in _paths_of(alternatives):
                    ref = path.split(".")[1] if "." in path else ""
                    if ref not in self._refs:
                        near = did_you_mean(ref, self._refs)
                        raise ValueError(f"{at}: {path!r} in a condition: no step has the reference {ref!r}{near}")


_PLAIN = frozenset({"action", "arms", "audience", "conditions", "event", "matching", "ref", "response_schema"})
"""Fields without Liquid."""


def _count(step: Step) -> int:
    """Return the number of steps that a step and its arms hold."""
    arms: Sequence[Arm | CohortArm] = step.arms if isinstance(step, Branch | Cohort) else ()
    return 1 + sum(_count(inner) for arm in arms for inner in arm.steps)


def _paths_of(alternatives: Alternatives) -> Iterator[str]:
    """Return the paths of the messages and events of other steps that conditions name."""
    for condition in chain.from_iterable(alternatives):
        for value in (condition.get("variable"), condition["argument"]):
            if isinstance(value, str) and (value == "refs" or value.startswith("refs.")):
                yield value
