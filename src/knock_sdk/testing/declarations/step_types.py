"""The types of the fields of steps: each field must have the type that its class annotates."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from ..._core.type_guards import is_array, is_mapping
from ..state.arguments import is_list
from ..state.steps.steps import Arm, Branch, Cohort, CohortArm, SendWindow, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# These have errors of their own, which name the values or what is wrong inside.
_ELSEWHERE = frozenset(
    {
        *("action", "method", "on_match", "on_timeout", "order", "response_type", "version"),
        *("conditions", "matching", "sliding_limit", "template", "wait", "window"),
        *("arms", "steps", "windows"),
    }
)


def check(step: Step | Arm | CohortArm, at: str) -> None:
    """Check the fields of a step, of its arms, and of the steps in these.

    Raises:
        TypeError: One has another type; the message begins with `at`.
    """
    kind: Any = type(step)
    for name, (adapter, wanted) in _adapters(kind).items():
        value = getattr(step, name)
        try:
            adapter.validate_python(value)
        except ValidationError:
            raise TypeError(f"{at}: {name}: takes {wanted}, not {_describe(value)}") from None
    if isinstance(step, Branch | Cohort):
        arms: Sequence[Arm | CohortArm] = step.arms
        _check_members("arms", arms, Arm if isinstance(step, Branch) else CohortArm, at)
        for number, arm in enumerate(arms):
            check(arm, f"{at}, arm {number + 1}")
    elif isinstance(step, Arm | CohortArm):
        if not is_list(step.steps):
            raise TypeError(f"{at}: steps: takes a list of steps, not {_describe(step.steps)}")
        for inner in step.steps:
            if isinstance(inner, get_args(Step)):
                check(inner, f"{at}, {type(inner).__name__}")
    else:
        _check_members("windows", getattr(step, "windows", ()), SendWindow, at)


def _check_members(name: str, value: Any, kind: type[Any], at: str) -> None:
    wanted = f"a list of {kind.__name__}"
    if not is_list(value):
        raise TypeError(f"{at}: {name}: takes {wanted}, not {_describe(value)}")
    for member in value:
        if not isinstance(member, kind):
            raise TypeError(f"{at}: {name}: takes {wanted}, not of {type(member).__name__}")


def _describe(value: object) -> str:
    """Return the type of a value, and of its members where the type of the whole says too little."""
    members: Iterable[object] = value.values() if is_mapping(value) else value if is_array(value) else ()
    inside = ", ".join(dict.fromkeys(type(member).__name__ for member in members))
    return f"{type(value).__name__} of {inside}" if inside else type(value).__name__


@cache
def _adapters(kind: Any) -> Mapping[str, tuple[TypeAdapter[Any], str]]:
    """Return, for each field of a class, what checks its type, and the type as it is written."""
    hints, strict = get_type_hints(kind), ConfigDict(strict=True)
    return {
        field.name: (TypeAdapter(hints[field.name], config=strict), str(field.type))
        for field in fields(kind)
        if field.name not in _ELSEWHERE
    }
