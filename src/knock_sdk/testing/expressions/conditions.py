"""Conditions: tests on the data of a run, which preference sets and workflows carry."""

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


# A value that is not there counts as an empty string; only `exists` tells the two apart.
_MISSING = _Missing()

AUDIENCES = "$audiences"
"""The part of a scope that holds the keys of the audiences that the recipient is in."""

_OF_AUDIENCES = ("is_audience_member", "is_not_audience_member")


def holds(conditions: Sequence[JSON], scope: Mapping[str, Any]) -> bool:
    """Return whether every one of the conditions is true.

    Args:
        conditions: each with `variable`, `operator` and `argument`.
        scope: what variables are looked up in, by their first name: `data`, `recipient`, `actor` and so on.
    """
    return all(_holds(condition, scope) for condition in conditions)


def _holds(condition: JSON, scope: Mapping[str, Any]) -> bool:
    operator = condition["operator"]
    # Whatever the variable is, members are those who the scope is about.
    of_audiences = operator in _OF_AUDIENCES
    value = scope.get(AUDIENCES, ()) if of_audiences else look_up(condition["variable"], scope)
    return OPERATORS[operator](value, _argument(condition["argument"], scope))


def look_up(path: str, scope: Mapping[str, Any]) -> Any:
    """Return what a path such as `data.page.id` leads to; what counts as an empty string if it leads nowhere."""
    value: Any = scope
    for name in path.split("."):
        if not is_object(value) or name not in value:
            return _MISSING
        value = value[name]
    return value


def _argument(argument: Any, scope: Mapping[str, Any]) -> Any:
    if isinstance(argument, str):
        prefix, dot, _ = argument.partition(".")
        if dot and prefix in scope:
            return look_up(argument, scope)
    return argument


def _literal(value: Any) -> Any:
    """Read a string as the JSON literal that it may be; the API's own type of arguments is string."""
    if isinstance(value, str):
        try:
            return from_json(value, allow_inf_nan=False)
        except ValueError:
            return value
    return value


def _equal(value: Any, argument: Any) -> bool:
    if isinstance(value, str) and isinstance(argument, str):
        return value == argument
    left, right = _literal(value), _literal(argument)
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _number(value: Any) -> float | None:
    literal = _literal(value)
    return literal if isinstance(literal, int | float) and not isinstance(literal, bool) else None


def _order(value: Any, argument: Any) -> int | None:
    """Compare two numbers or two texts: -1, 0, 1, or None if they have no order."""
    left, right = _number(value), _number(argument)
    if left is not None and right is not None:
        return (left > right) - (left < right)
    if isinstance(value, str) and isinstance(argument, str) and value and argument:
        return (value > argument) - (value < argument)
    return None


def _contains(value: Any, argument: Any) -> bool:
    if isinstance(value, str):
        return isinstance(argument, str) and bool(value) and argument in value
    return is_array(value) and any(_equal(element, argument) for element in value)


def _list(argument: Any) -> list[Any]:
    literal = _literal(argument)
    return literal if is_array(literal) else [argument]


def _contains_all(value: Any, argument: Any) -> bool:
    return all(_contains(value, element) for element in _list(argument))


def _empty(value: Any) -> bool:
    return value is None or value in ("", [])


def _bounds(argument: Any) -> tuple[Any, Any] | None:
    """Return the two ends of a range: a list, its JSON, or both separated by a comma."""
    ends = _list(argument)
    if len(ends) == 1 and isinstance(ends[0], str):
        ends = [end.strip() for end in ends[0].split(",")]
    return (ends[0], ends[1]) if len(ends) == 2 else None


def _between(value: Any, argument: Any) -> bool:
    if (ends := _bounds(argument)) is None:
        return False
    from_low, to_high = _order(value, ends[0]), _order(value, ends[1])
    return from_low is not None and to_high is not None and from_low >= 0 >= to_high


def _moment_between(value: Any, argument: Any) -> bool:
    ends = _bounds(argument)
    return (
        ends is not None
        and _moments(value, ends[0], lambda a, b: a >= b)
        and _moments(value, ends[1], lambda a, b: a <= b)
    )


def _moments(value: Any, argument: Any, test: Callable[[datetime, datetime], bool]) -> bool:
    left, right = parse_moment(value), parse_moment(argument)
    return left is not None and right is not None and test(left, right)


def _member(audiences: Any, key: Any) -> bool:
    return isinstance(key, str) and key in audiences


def _no(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, argument: not test(value, argument)


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equal_to": _equal,
    "not_equal_to": _no(_equal),
    "greater_than": lambda value, argument: _order(value, argument) == 1,
    "less_than": lambda value, argument: _order(value, argument) == -1,
    "greater_than_or_equal_to": lambda value, argument: _order(value, argument) in (0, 1),
    "less_than_or_equal_to": lambda value, argument: _order(value, argument) in (0, -1),
    "contains": _contains,
    "not_contains": _no(_contains),
    "contains_all": _contains_all,
    "not_contains_all": _no(_contains_all),
    "empty": lambda value, _: _empty(value),
    "not_empty": lambda value, _: not _empty(value),
    "exists": lambda value, _: value is not _MISSING,
    "not_exists": lambda value, _: value is _MISSING,
    "is_timestamp": lambda value, _: parse_moment(value) is not None,
    "is_not_timestamp": lambda value, _: parse_moment(value) is None,
    "is_timestamp_on_or_after": lambda value, argument: _moments(value, argument, lambda a, b: a >= b),
    "is_timestamp_before": lambda value, argument: _moments(value, argument, lambda a, b: a < b),
    "is_timestamp_on_or_after_date": lambda value, argument: _moments(
        value, argument, lambda a, b: a.date() >= b.date()
    ),
    "is_timestamp_before_date": lambda value, argument: _moments(value, argument, lambda a, b: a.date() < b.date()),
    "is_timestamp_between": _moment_between,
    "is_between": _between,
    "is_audience_member": _member,
    "is_not_audience_member": _no(_member),
}
"""What each operator tests about a variable's value and the argument."""
