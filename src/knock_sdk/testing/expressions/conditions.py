"""Conditions of preference sets and workflows: tests on variables of a context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from ..._core.type_guards import is_array, is_object
from ..state.clock import parse_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from ..state.json_objects import JSON


class _Missing(str):
    __slots__ = ()


# A missing value behaves like an empty string; only `exists` and `not_exists` distinguish the two.
_MISSING = _Missing()

AUDIENCES = "$audiences"
"""Context key for the keys of the audiences that the recipient is a member of."""

_AUDIENCE_OPERATORS = ("is_audience_member", "is_not_audience_member")


def holds(conditions: Sequence[JSON], context: Mapping[str, Any]) -> bool:
    """Return whether all conditions are true.

    Args:
        conditions: each with `variable`, `operator` and `argument`.
        context: the values of variables, by the first name of their path: `data`, `recipient`, `actor` and so on.
    """
    return all(_holds(condition, context) for condition in conditions)


def _holds(condition: JSON, context: Mapping[str, Any]) -> bool:
    operator = condition["operator"]
    # Membership is always that of the recipient, whatever the variable is.
    of_recipient = operator in _AUDIENCE_OPERATORS
    value = context.get(AUDIENCES, ()) if of_recipient else look_up(condition["variable"], context)
    return OPERATORS[operator](value, _resolve_argument(condition["argument"], context))


def look_up(path: str, context: Mapping[str, Any]) -> Any:
    """Return the value at a path such as `data.page.id`, or a special empty string if there is none."""
    value: Any = context
    for name in path.split("."):
        if not is_object(value) or name not in value:
            return _MISSING
        value = value[name]
    return value


def _resolve_argument(argument: Any, context: Mapping[str, Any]) -> Any:
    if isinstance(argument, str):
        prefix, dot, _ = argument.partition(".")
        if dot and prefix in context:
            return look_up(argument, context)
    return argument


def _parse_literal(value: Any) -> Any:
    """Parse a string that is JSON; return other values unchanged. The API declares arguments as strings."""
    if isinstance(value, str):
        try:
            return from_json(value, allow_inf_nan=False)
        except ValueError:
            return value
    return value


def _is_equal(value: Any, argument: Any) -> bool:
    if isinstance(value, str) and isinstance(argument, str):
        return value == argument
    left, right = _parse_literal(value), _parse_literal(argument)
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _to_number(value: Any) -> float | None:
    literal = _parse_literal(value)
    return literal if isinstance(literal, int | float) and not isinstance(literal, bool) else None


def _compare(value: Any, argument: Any) -> int | None:
    """Compare two numbers or two strings: return -1, 0 or 1, or None if they are not comparable."""
    left, right = _to_number(value), _to_number(argument)
    if left is not None and right is not None:
        return (left > right) - (left < right)
    if isinstance(value, str) and isinstance(argument, str) and value and argument:
        return (value > argument) - (value < argument)
    return None


def _contains(value: Any, argument: Any) -> bool:
    if isinstance(value, str):
        return isinstance(argument, str) and bool(value) and argument in value
    return is_array(value) and any(_is_equal(element, argument) for element in value)


def _to_list(argument: Any) -> list[Any]:
    literal = _parse_literal(argument)
    return literal if is_array(literal) else [argument]


def _contains_all(value: Any, argument: Any) -> bool:
    return all(_contains(value, element) for element in _to_list(argument))


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [])


def _parse_range(argument: Any) -> tuple[Any, Any] | None:
    """Return the two ends of a range, given as a list, its JSON, or two values separated by a comma."""
    ends = _to_list(argument)
    if len(ends) == 1 and isinstance(ends[0], str):
        ends = [end.strip() for end in ends[0].split(",")]
    return (ends[0], ends[1]) if len(ends) == 2 else None


def _is_between(value: Any, argument: Any) -> bool:
    if (ends := _parse_range(argument)) is None:
        return False
    to_start, to_end = _compare(value, ends[0]), _compare(value, ends[1])
    return to_start is not None and to_end is not None and to_start >= 0 >= to_end


def _is_moment_between(value: Any, argument: Any) -> bool:
    ends = _parse_range(argument)
    return (
        ends is not None
        and _compare_moments(value, ends[0], lambda a, b: a >= b)
        and _compare_moments(value, ends[1], lambda a, b: a <= b)
    )


def _compare_moments(value: Any, argument: Any, test: Callable[[datetime, datetime], bool]) -> bool:
    left, right = parse_moment(value), parse_moment(argument)
    return left is not None and right is not None and test(left, right)


def _is_member(audiences: Any, key: Any) -> bool:
    return isinstance(key, str) and key in audiences


def _negate(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, argument: not test(value, argument)


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equal_to": _is_equal,
    "not_equal_to": _negate(_is_equal),
    "greater_than": lambda value, argument: _compare(value, argument) == 1,
    "less_than": lambda value, argument: _compare(value, argument) == -1,
    "greater_than_or_equal_to": lambda value, argument: _compare(value, argument) in (0, 1),
    "less_than_or_equal_to": lambda value, argument: _compare(value, argument) in (0, -1),
    "contains": _contains,
    "not_contains": _negate(_contains),
    "contains_all": _contains_all,
    "not_contains_all": _negate(_contains_all),
    "empty": lambda value, _: _is_empty(value),
    "not_empty": lambda value, _: not _is_empty(value),
    "exists": lambda value, _: value is not _MISSING,
    "not_exists": lambda value, _: value is _MISSING,
    "is_timestamp": lambda value, _: parse_moment(value) is not None,
    "is_not_timestamp": lambda value, _: parse_moment(value) is None,
    "is_timestamp_on_or_after": lambda value, argument: _compare_moments(value, argument, lambda a, b: a >= b),
    "is_timestamp_before": lambda value, argument: _compare_moments(value, argument, lambda a, b: a < b),
    "is_timestamp_on_or_after_date": lambda value, argument: _compare_moments(
        value, argument, lambda a, b: a.date() >= b.date()
    ),
    "is_timestamp_before_date": lambda value, argument: _compare_moments(
        value, argument, lambda a, b: a.date() < b.date()
    ),
    "is_timestamp_between": _is_moment_between,
    "is_between": _is_between,
    "is_audience_member": _is_member,
    "is_not_audience_member": _negate(_is_member),
}
"""Operators, as tests on the value of a variable and the argument."""
