"""How long steps wait, and the keys by which they tell runs apart: given, or found in the scope of a run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from ..._core.type_guards import is_array, is_object
from ..expressions import liquid
from ..expressions.conditions import look_up
from ..state.clock import parse_moment
from . import recurrence, time_zones

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..state.json_objects import JSON
    from .run_context import RunContext

UNITS: Mapping[str, timedelta] = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
}

_FREQUENCIES = ("hourly", "daily", "weekly", "monthly")
_DAYS = {"weekdays": recurrence.DAYS[:5], "weekends": recurrence.DAYS[5:]}


class UnresolvedError(Exception):
    """What a step goes by is missing from the scope of a run, or makes no sense."""


def duration(value: object) -> timedelta | None:
    """Return the time that an object such as `{"unit": "minutes", "value": 5}` means; None if it is none."""
    if not is_object(value):
        return None
    unit, count = UNITS.get(str(value.get("unit"))), value.get("value")
    if unit is None or isinstance(count, bool) or not isinstance(count, int | float) or count < 0:
        return None
    return unit * count


def moment(context: RunContext, wait: timedelta | None, until: str | None) -> datetime | None:
    """Return when a wait of a run is over; None if that is not found, makes no sense or has passed already.

    Args:
        context: the context of the run.
        wait: how long; with `until`, how long after that.
        until: where the scope holds a time, a duration or a window rule.
    """
    now = context.world.clock.now
    if until is None:
        return None if wait is None else now + wait
    value = _find(context, until)
    length = duration(value)
    if is_object(value) and "frequency" in value:
        base = _by_rule(context, value)
    else:
        base = parse_moment(value) if length is None else now + length
    end = None if base is None else base + (wait or timedelta())
    return end if end is not None and end > now else None


def _by_rule(context: RunContext, rule: JSON) -> datetime | None:
    """Return the next moment of a window rule such as `{"frequency": "daily", "hours": 9}`, in the recipient's zone."""
    named = rule.get("days")
    days = list(_DAYS.get(named, (named,))) if isinstance(named, str) else named
    fits = (
        rule["frequency"] in _FREQUENCIES
        and (days is None or (is_array(days) and all(day in recurrence.DAYS for day in days)))
        and _within(rule.get("hours"), range(24))
        and _within(rule.get("minutes"), range(0, 60, 5))
        and _within(rule.get("day_of_month"), range(1, 32))
        and _within(rule.get("interval"), range(1, 1000))
    )
    if not fits:
        return None
    now = context.world.clock.now
    zone = time_zones.of_recipient(context.world, context.recipient)
    return recurrence.next_occurrence([{**rule, "days": days}], zone, now, now)


def _within(value: Any, allowed: range) -> bool:
    return value is None or (isinstance(value, int) and value in allowed)


def key(context: RunContext, path: str | None) -> str:
    """Return what a key comes to for a run; an empty string if there is no key.

    Raises:
        UnresolvedError: What the key names is missing.
    """
    if path is None:
        return ""
    if liquid.is_template(path):
        return liquid.render(path, context.template)
    value = _find(context, path)
    if value is None or (isinstance(value, str) and not value):
        raise UnresolvedError(f"{path} is missing")
    return to_json(value).decode("utf-8")


def _find(context: RunContext, path: str) -> Any:
    """Look a path up; without the name of a part of the scope before it, it means the data."""
    prefix, dot, _ = path.partition(".")
    if dot and prefix in context.conditions:
        return look_up(path, context.conditions)
    return look_up(path, context.lead.trigger_data)
