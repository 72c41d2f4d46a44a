"""Operators of conditions: each a test on the value of a variable and on the argument."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from ...._core.type_guards import is_array
from ...state.clock import parse_moment
from ...state.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime


class _Missing(str):
    __slots__ = ()


MISSING = _Missing()
"""A value that is not there: an empty string, except to `exists`."""


class Argument(NamedTuple):
    """What a variable is compared with.

    Attributes:
        value: the value, decoded if it was given as JSON text.
        text: the text as it was given, or None for a value that is no text.
        now: the moment of evaluation.
    """

    value: Any
    text: str | None
    now: datetime


AUDIENCE_OPERATORS = ("is_audience_member", "is_not_audience_member")
"""Operators on the audiences of the recipient, whatever the variable is."""

_RELATIVE = re.compile(r"\s*(\d{1,9}) (minute|hour|day|week)s? (from now|ago)\s*")


def decode(text: str) -> Any:
    """Return a text that is JSON as what it means, any other as it is."""
    try:
        return parse_json(text)
    except ValueError:
        return text


def _are_same(left: Any, right: Any) -> bool:
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _is_equal(value: Any, argument: Argument) -> bool:
    if isinstance(value, str):
        # Text may be compared with what it stands for: values often arrive as text.
        return value in (argument.text, argument.value) or _are_same(decode(value), argument.value)
    return _are_same(value, argument.value)


def _to_number(value: Any) -> float | None:
    literal = decode(value) if isinstance(value, str) else value
    return literal if isinstance(literal, int | float) and not isinstance(literal, bool) else None


def _compare(value: Any, argument: Argument) -> int | None:
    """Compare two numbers or two texts: return -1, 0 or 1, or None if they are not comparable."""
    left, right = _to_number(value), _to_number(argument.value)
    if left is not None and right is not None:
        return (left > right) - (left < right)
    if isinstance(value, str) and value and argument.text:
        return (value > argument.text) - (value < argument.text)
    return None


def _contains(value: Any, argument: Argument) -> bool:
    """Test for a common item of two lists, for an item of either one, or for a part of a text."""
    if is_array(argument.value):
        values: list[Any] = value if is_array(value) else [value]
        return value is not MISSING and any(_is_item(item, values) for item in argument.value)
    if isinstance(value, str):
        return bool(value) and bool(argument.text) and str(argument.text) in value
    return is_array(value) and any(_is_equal(item, argument) for item in value)


def _is_item(item: Any, values: list[Any]) -> bool:
    return any(_are_same(item, each) for each in values)


def _contains_all(value: Any, argument: Argument) -> bool:
    if not is_array(value):
        return False
    wanted = argument.value if is_array(argument.value) else [argument.value]
    return all(_is_item(item, value) or (item == argument.value and _contains(value, argument)) for item in wanted)


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [])


def _exists(value: Any) -> bool:
    return value is not MISSING and value is not None


def _ends(argument: Argument) -> tuple[Argument, Argument] | None:
    """Return the two ends of a range, given as a list, its JSON, or two values separated by a comma."""
    ends = argument.value if is_array(argument.value) else str(argument.text or "").split(",")
    if len(ends) != 2:
        return None
    low, high = (to_argument(end.strip() if isinstance(end, str) else end, argument.now) for end in ends)
    return low, high


def to_argument(value: Any, now: datetime) -> Argument:
    """Return a value of a file, of a request or of data as an argument."""
    return Argument(decode(value), value, now) if isinstance(value, str) else Argument(value, None, now)


def _is_between(value: Any, argument: Argument) -> bool:
    if (ends := _ends(argument)) is None:
        return False
    to_start, to_end = _compare(value, ends[0]), _compare(value, ends[1])
    return to_start is not None and to_end is not None and to_start >= 0 >= to_end


def _is_moment_between(value: Any, argument: Argument) -> bool:
    moment, ends = parse_moment(value), _ends(argument)
    if moment is None or ends is None:
        return False
    # Relative times are not supported here.
    low, high = (parse_moment(end.text) for end in ends)
    return low is not None and high is not None and low <= moment <= high


def _moment_of(argument: Argument) -> datetime | None:
    """Return the moment that an argument names, absolutely or relative to now."""
    if (found := _RELATIVE.fullmatch(argument.text or "")) is None:
        return parse_moment(argument.text)
    try:
        distance = timedelta(**{f"{found[2]}s": int(found[1])})
        return argument.now + distance if found[3] == "from now" else argument.now - distance
    except OverflowError:
        return None


def _by_moments(test: Callable[[datetime, datetime], bool]) -> Callable[[Any, Argument], bool]:
    def compare(value: Any, argument: Argument) -> bool:
        left, right = parse_moment(value), _moment_of(argument)
        return left is not None and right is not None and test(left, right)

    return compare


def _is_before_now(value: Any, argument: Argument) -> bool:
    moment = parse_moment(value)
    return moment is not None and moment < argument.now


def _is_on_or_after_now(value: Any, argument: Argument) -> bool:
    moment = parse_moment(value)
    return moment is not None and moment >= argument.now


def _is_member(audiences: Any, argument: Argument) -> bool:
    return argument.text is not None and argument.text in audiences


def _negate(test: Callable[[Any, Argument], bool]) -> Callable[[Any, Argument], bool]:
    return lambda value, argument: not test(value, argument)


OPERATORS: Mapping[str, Callable[[Any, Argument], bool]] = {
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
    "exists": lambda value, _: _exists(value),
    "not_exists": lambda value, _: not _exists(value),
    "is_timestamp": lambda value, _: parse_moment(value) is not None,
    "is_not_timestamp": lambda value, _: parse_moment(value) is None,
    "is_timestamp_on_or_after": _by_moments(lambda a, b: a >= b),
    "is_timestamp_before": _by_moments(lambda a, b: a < b),
    "is_timestamp_on_or_after_date": _by_moments(lambda a, b: a.date() >= b.date()),
    "is_timestamp_before_date": _by_moments(lambda a, b: a.date() < b.date()),
    "is_timestamp_on_or_after_now": _is_on_or_after_now,
    "is_timestamp_before_now": _is_before_now,
    "is_timestamp_between": _is_moment_between,
    "is_between": _is_between,
    "is_audience_member": _is_member,
    "is_not_audience_member": _negate(_is_member),
}
"""The operators, as tests on the value of a variable and the argument."""
