"""Conditions of workflows and steps: alternatives, and tests on the status of messages of earlier steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeGuard

from ..._core.type_guards import is_array, is_object
from .conditions import OPERATORS, holds

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.records import Message
    from ..state.steps import Alternatives, Conditions


REFS = "refs"
"""Context key for the statuses of messages of earlier steps, by step reference."""

_STATUS_PREFIX = "$message."
SKIPPED = "skipped"
# Message statuses in ascending order; those in one tuple are equal.
_RANKS = {
    status: rank
    for rank, statuses in enumerate(
        [
            (SKIPPED,),
            ("undelivered",),
            ("bounced",),
            ("delivery_attempted",),
            ("queued",),
            ("not_sent",),
            ("sent",),
            ("delivered",),
            ("seen",),
            ("read",),
            ("interacted", "link_clicked"),
            ("archived",),
        ]
    )
    for status in statuses
}


def parse_conditions(conditions: Conditions, at: str) -> Alternatives:
    """Check declared conditions and normalize them to alternatives.

    Raises:
        TypeError, ValueError: They are malformed; the message begins with the path of the error, below `at`.
    """
    if isinstance(conditions, Mapping):
        if not conditions:
            return ()
        if len(conditions) != 1 or not conditions.keys() <= {"all", "any"}:
            raise ValueError(f"{at}: conditions must be a list, or an object with `all` or `any`")
        kind, listed = next(iter(conditions.items()))
        if kind == "any":
            return tuple(
                _parse_list(each.get("all", [each]), f"{at}.any.{index}")
                for index, each in enumerate(_check_list(listed, at))
            )
        conditions = listed
    return (_parse_list(conditions, at),) if _check_list(conditions, at) else ()


def _check_list(value: object, at: str) -> Sequence[Any]:
    if not _is_list(value):
        raise TypeError(f"{at}: conditions must be a list")
    return value


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _parse_list(listed: object, at: str) -> tuple[JSON, ...]:
    return tuple(_parse_condition(each, f"{at}.{index}") for index, each in enumerate(_check_list(listed, at)))


def _parse_condition(value: object, at: str) -> JSON:
    if not isinstance(value, Mapping):
        raise TypeError(f"{at}: a condition must be an object with `variable`, `operator` and `argument`")
    condition: JSON = {"argument": None, **value}
    if not isinstance(condition.get("variable"), str):
        raise TypeError(f"{at}: `variable` must be a string")
    if condition.get("operator") not in OPERATORS:
        raise ValueError(f"{at}: `operator` is not one of {', '.join(OPERATORS)}")
    return condition


def hold(alternatives: Alternatives, context: Mapping[str, Any]) -> bool:
    """Return whether all conditions of at least one alternative are true, or there are no alternatives."""
    return not alternatives or any(all(_holds(each, context) for each in listed) for listed in alternatives)


def status_of(message: Message | None) -> JSON:
    """Return the statuses of a step's message, as conditions see them; without a message, the step was skipped."""
    if message is None:
        return {"delivery_status": SKIPPED, "engagement_status": [], "status": SKIPPED}
    statuses = [message.status, *message.engagement]
    return {
        "delivery_status": message.status,
        "engagement_status": list(message.engagement),
        "status": max(statuses, key=_RANKS.__getitem__),
    }


def _holds(condition: JSON, context: Mapping[str, Any]) -> bool:
    argument = condition["argument"]
    if isinstance(argument, str) and argument.startswith(_STATUS_PREFIX):
        return _status_holds(condition, argument.removeprefix(_STATUS_PREFIX), context)
    return holds([condition], context)


def _status_holds(condition: JSON, expected: str, context: Mapping[str, Any]) -> bool:
    """Return whether the status of a message matches; a status that does not exist never matches."""
    _, _, path = condition["variable"].partition(".")
    ref, _, kind = path.partition(".")
    refs = context.get(REFS)
    message = refs.get(ref) if is_object(refs) else None
    value = (message or status_of(None)).get(kind)
    operator = condition["operator"]
    if is_array(value):
        wanted, _, unwanted = expected.partition("_not_")
        found = wanted in value and (not unwanted or unwanted not in value)
        return found if operator == "contains" else not found
    if not isinstance(value, str) or expected not in _RANKS:
        return False
    return holds([{**condition, "variable": "rank", "argument": _RANKS[expected]}], {"rank": _RANKS[value]})
