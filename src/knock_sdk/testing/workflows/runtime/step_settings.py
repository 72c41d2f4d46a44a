"""Settings of function steps: the ends of waits, and keys, declared or looked up in the context of a run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from ...._core.type_guards import is_array, is_object
from ...expressions.conditions.conditions import look_up
from ...expressions.liquid import liquid
from ...state.clock import parse_moment
from . import recurrence, time_zones

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ...state.json_objects import JSON
    from .run_context import RunContext

UNITS: Mapping[str, timedelta] = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
    "months": timedelta(days=30),  # how long a month is, is not documented: a guess
}

_FREQUENCIES = ("hourly", "daily", "weekly", "monthly")


class UnresolvedError(Exception):
    """A setting of a step is missing from the context of a run, or invalid there."""


def parse_duration(value: object) -> timedelta | None:
    """Return the duration in an object such as `{"unit": "minutes", "value": 5}`; None if it is invalid."""
    if not is_object(value):
        return None
    unit, count = UNITS.get(str(value.get("unit"))), value.get("value")
    if unit is None or isinstance(count, bool) or not isinstance(count, int | float) or count < 0:
        return None
    try:
        return unit * count
    except OverflowError:
        return None


def find_end(context: RunContext, wait: timedelta | None, until: str | None) -> datetime | None:
    """Return the end of a wait; None if it is missing from the context, invalid, not in the future or after year 9999.

    Args:
        context: the context of the run.
        wait: duration of the wait or, with `until`, a duration to add to it.
        until: path of a time, a duration or a window rule in the context.
    """
    try:
        return _find_end(context, wait, until)
    except OverflowError:
        return None


def _find_end(context: RunContext, wait: timedelta | None, until: str | None) -> datetime | None:
    now = context.world.clock.now
    if until is None:
        return None if wait is None else now + wait
    value = _find(context, until)
    length = parse_duration(value)
    if is_object(value) and "frequency" in value:
        base = _find_occurrence(context, value)
    else:
        base = parse_moment(value) if length is None else now + length
    end = None if base is None else base + (wait or timedelta())
    return end if end is not None and end > now else None


def require_end(context: RunContext, wait: timedelta | None, until: str | None) -> datetime:
    """Return the end of a wait, as `find_end` does.

    Raises:
        UnresolvedError: It is missing from the context, invalid or not in the future.
    """
    end = find_end(context, wait, until)
    if end is None:
        raise UnresolvedError(f"{until or 'the wait'} does not lead to a time in the future")
    return end


def _find_occurrence(context: RunContext, rule: JSON) -> datetime | None:
    """Return the next occurrence of a window rule such as `{"frequency": "daily", "hours": 9}`; None if invalid."""
    given = rule.get("days")
    days = list(recurrence.GROUPS.get(given, (given,))) if isinstance(given, str) else given
    valid = (
        rule["frequency"] in _FREQUENCIES
        and (days is None or (is_array(days) and all(day in recurrence.DAYS for day in days)))
        and _within(rule.get("hours"), range(24))
        and _within(rule.get("minutes"), range(0, 60, 5))
        and _within(rule.get("day_of_month"), range(1, 32))
        and _within(rule.get("interval"), range(1, 1000))
    )
    if not valid:
        return None
    now = context.world.clock.now
    zone = time_zones.find_for(context.world, context.recipient)
    return recurrence.next_occurrence([{**rule, "days": days}], zone, now, now)


def _within(value: Any, allowed: range) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value in allowed)


def resolve_key(context: RunContext, path: str | None) -> str:
    """Return the value of a key, given as a path or a template, for a run; an empty string if there is no key.

    Raises:
        UnresolvedError: The context has no value at the path.
    """
    if not path:
        return ""
    if liquid.is_template(path):
        return liquid.render(path, context.template)
    value = _find(context, path)
    if value is None or (isinstance(value, str) and not value):
        raise UnresolvedError(f"{path} is missing")
    return to_json(value).decode("utf-8")


def _find(context: RunContext, path: str) -> Any:
    """Return the value at a path; a path that does not begin with a name of the context is looked up in the data."""
    prefix, dot, _ = path.partition(".")
    if dot and prefix in context.conditions:
        return look_up(path, context.conditions)
    return look_up(path, context.lead.trigger_data)
