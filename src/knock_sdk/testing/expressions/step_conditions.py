"""Conditions of workflows and their steps: alternatives, and tests on what became of earlier messages."""

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
"""The part of the scope that knows the messages of earlier steps."""

_CASE = "$message."
SKIPPED = "skipped"
# From the least that can have become of a message to the most; those on one line are equal.
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


def alternatives(conditions: Conditions, at: str) -> Alternatives:
    """Return declared conditions in one form.

    Raises:
        TypeError, ValueError: They are malformed; `at` says where they stand.
    """
    if isinstance(conditions, Mapping):
        if not conditions:
            return ()
        if len(conditions) != 1 or not conditions.keys() <= {"all", "any"}:
            raise ValueError(f"{at}: conditions are a list, or an object with `all` or `any`")
        kind, listed = next(iter(conditions.items()))
        if kind == "any":
            return tuple(
                _all_of(each.get("all", [each]), f"{at}.any.{index}") for index, each in enumerate(_listed(listed, at))
            )
        conditions = listed
    return (_all_of(conditions, at),) if _listed(conditions, at) else ()


def _listed(value: object, at: str) -> Sequence[Any]:
    if not _is_list(value):
        raise TypeError(f"{at}: conditions stand in a list")
    return value


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _all_of(listed: object, at: str) -> tuple[JSON, ...]:
    return tuple(_condition(each, f"{at}.{index}") for index, each in enumerate(_listed(listed, at)))


def _condition(value: object, at: str) -> JSON:
    if not isinstance(value, Mapping):
        raise TypeError(f"{at}: a condition is an object with `variable`, `operator` and `argument`")
    condition: JSON = {"argument": None, **value}
    if not isinstance(condition.get("variable"), str):
        raise TypeError(f"{at}: `variable` is missing")
    if condition.get("operator") not in OPERATORS:
        raise ValueError(f"{at}: `operator` is none of {', '.join(OPERATORS)}")
    return condition


def hold(listed: Alternatives, scope: Mapping[str, Any]) -> bool:
    """Return whether conditions are true."""
    return not listed or any(all(_holds(condition, scope) for condition in each) for each in listed)


def status_of(message: Message | None) -> JSON:
    """Return what conditions see of a step's message; None if the step made none."""
    if message is None:
        return {"delivery_status": SKIPPED, "engagement_status": [], "status": SKIPPED}
    reached = [message.status, *message.engagement]
    return {
        "delivery_status": message.status,
        "engagement_status": list(message.engagement),
        "status": max(reached, key=_RANKS.__getitem__),
    }


def _holds(condition: JSON, scope: Mapping[str, Any]) -> bool:
    argument = condition["argument"]
    if isinstance(argument, str) and argument.startswith(_CASE):
        return _case_holds(condition, argument.removeprefix(_CASE), scope)
    return holds([condition], scope)


def _case_holds(condition: JSON, case: str, scope: Mapping[str, Any]) -> bool:
    """Test what became of a message; a case that no message can be in is never true."""
    _, _, path = condition["variable"].partition(".")
    ref, _, kind = path.partition(".")
    refs = scope.get(REFS)
    message = refs.get(ref) if is_object(refs) else None
    value = (message or status_of(None)).get(kind)
    operator = condition["operator"]
    if is_array(value):
        wanted, _, lacking = case.partition("_not_")
        found = wanted in value and (not lacking or lacking not in value)
        return found if operator == "contains" else not found
    if not isinstance(value, str) or case not in _RANKS:
        return False
    return holds([{**condition, "variable": "rank", "argument": _RANKS[case]}], {"rank": _RANKS[value]})
