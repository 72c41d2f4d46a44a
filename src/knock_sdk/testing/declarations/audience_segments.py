"""Segments of dynamic audiences, in Python and in files."""

# ruff: noqa: TC003 - annotations of public types can be evaluated
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from typing_extensions import Required, TypedDict

from ..._core.type_guards import is_mapping
from ..expressions.conditions.step_conditions import parse_conditions
from ..recipients import audiences, profiles
from ..state.arguments import is_list
from ..state.names import did_you_mean
from ..state.steps.function_steps import UpdateAudience
from ..workflows import audience_triggers

if TYPE_CHECKING:
    from collections.abc import Container

    from ..state.steps.condition_types import Alternatives
    from ..state.steps.steps import PlannedStep
    from ..state.world import World

_FIELDS = ("property", "operator", "argument")
_KINDS = ("static", "dynamic")
_ROOT = "recipient."
_SET_BY_KNOCK = ("created_at", "updated_at")


class AudienceCondition(TypedDict, total=False):
    """A condition on a property of users."""

    property: Required[str]
    """Path of the property, such as `plan` or `address.city`."""
    operator: Required[str]
    """An operator of conditions."""
    argument: object
    """What the property is compared with."""


class AudienceSegment(TypedDict):
    """A segment of a dynamic audience."""

    conditions: Sequence[AudienceCondition]
    """Conditions that must all hold."""


def parse(segments: object, at: str) -> Alternatives:
    """Return the conditions of segments, one alternative for each.

    Raises:
        TypeError, ValueError: They are malformed; the message begins with `at`.
    """
    if not is_list(segments):
        raise TypeError(f"{at}: segments: takes a list of objects with `conditions`")
    if not segments:
        raise ValueError(f"{at}: segments: takes one segment at least")
    return tuple(_parse_segment(each, f"{at}: segments.{index}") for index, each in enumerate(segments))


def parse_file(content: Mapping[str, object], at: str) -> Alternatives | None:
    """Return the conditions of the segments in an `audience.json`; None if the audience is static.

    Raises:
        TypeError, ValueError: It is malformed; the message begins with `at`.
    """
    kind = content.get("type", _KINDS[0])
    if kind not in _KINDS:
        raise ValueError(f"{at}: type: {kind!r} is not one of {', '.join(_KINDS)}{did_you_mean(kind, _KINDS)}")
    return None if kind == "static" else parse(content.get("segments"), at)


def declare(world: World, key: str, workflows: tuple[str, ...] | None, segments: Alternatives | None) -> None:
    """Create or change an audience, and find the members of a dynamic one.

    Its workflows, which stay as they are if none are given, are not triggered for them: a guess.

    Raises:
        ValueError: A workflow has a step that adds to the audience.
    """
    for workflow in workflows or ():
        declared = world.workflows.get(workflow)
        for planned in () if declared is None else declared.steps:
            check_loop(planned, workflow, {key})
    audiences.create(world, key)
    audience = audiences.existing(world, key)
    workflows = audience.workflows if workflows is None else workflows
    audience.workflows = ()
    if segments is not None:
        audiences.make_dynamic(world, key, segments)
        for _, user in world.collections[None].iterate():
            audiences.refresh(world, user.reference, profiles.context_of(user))
    audience.workflows = workflows
    audience_triggers.settle(world)


def check_loop(planned: PlannedStep, workflow: str, triggering: Container[str]) -> None:
    """Check that a step does not add to an audience that triggers its workflow.

    Args:
        planned: the step.
        workflow: key of its workflow.
        triggering: keys of the audiences that trigger it.

    Raises:
        ValueError: The step does.
    """
    step = planned.step
    if isinstance(step, UpdateAudience) and step.action == "add" and step.audience in triggering:
        raise ValueError(
            f"workflow {workflow}, step {planned.ref}: the audience {step.audience!r} triggers the workflow, which may "
            "not add to it"
        )


def _parse_segment(segment: object, at: str) -> tuple[dict[str, object], ...]:
    if not is_mapping(segment) or not is_list(conditions := segment.get("conditions")):
        raise TypeError(f"{at}: must be an object with `conditions`, a list")
    for name in sorted(map(str, segment.keys() - {"conditions"})):
        raise ValueError(f"{at}: a segment has no field {name!r}{did_you_mean(name, ['conditions'])}")
    if not conditions:
        raise ValueError(f"{at}.conditions: takes one condition at least")
    translated = [_translate(each, f"{at}.conditions.{index}") for index, each in enumerate(conditions)]
    (parsed,) = parse_conditions(translated, f"{at}.conditions", about_messages=False)
    return parsed


def _translate(condition: object, at: str) -> Mapping[str, object]:
    """Return a condition with the path of a variable in place of the property."""
    if not is_mapping(condition):
        raise TypeError(f"{at}: a condition must be an object with `property`, `operator` and `argument`")
    for name in sorted(map(str, condition.keys() - set(_FIELDS))):
        raise ValueError(f"{at}: a condition has no field {name!r}{did_you_mean(name, _FIELDS)}")
    given: object = condition.get("property")
    if not isinstance(given, str) or not given:
        raise TypeError(f"{at}: `property` is missing: the path of a property of users, such as 'plan'")
    path = given.removeprefix(_ROOT)
    if path in _SET_BY_KNOCK:
        raise ValueError(f"{at}: `property` {given!r} cannot be used: Knock sets it")
    argument = condition.get("argument")
    return {"variable": _ROOT + path, "operator": condition.get("operator"), "argument": argument}
