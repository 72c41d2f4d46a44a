"""Repeat rules: the moments that they mean, read on the clock of a time zone.

A time that a clock skips when it is put forward is taken as much later, and of one that it shows twice when it is put
back the first counts, so that a day has its occurrence once, whatever the clocks do. Hours are different: each that
passes counts, the one that is shown twice as well.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from ..state.json_objects import JSON

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_QUARTER = timedelta(minutes=15)
_MONTHS = 12

_MOST_PERIODS = 400 * _MONTHS
"""How far a rule is followed that may never be met, such as every seventh day if it is a Tuesday: the calendar is the
same again after 400 years."""


class Rule(NamedTuple):
    """A repeat rule."""

    frequency: str
    interval: int
    days: frozenset[int] | None
    """Days of the week, Monday being 0; None for any."""
    day_of_month: int | None
    at: time


def rule_of(repeat: JSON) -> Rule:
    """Return a rule from what a request says of it."""
    days = repeat.get("days")
    return Rule(
        frequency=repeat["frequency"],
        interval=repeat.get("interval") or 1,
        days=frozenset(map(DAYS.index, days)) if days else None,
        day_of_month=repeat.get("day_of_month"),
        at=time(repeat.get("hours") or 0, repeat.get("minutes") or 0),
    )


def next_occurrence(repeats: Iterable[JSON], zone: tzinfo, start: datetime, after: datetime) -> datetime | None:
    """Return the first moment that any of some rules means, in UTC; None if there is none.

    Args:
        repeats: the rules.
        zone: on whose clock they are read.
        start: the earliest moment; intervals are counted from its hour, day, week or month.
        after: a moment that the occurrence comes after.
    """
    found = [_next(rule_of(repeat), zone, start, after) for repeat in repeats]
    return min((moment for moment in found if moment is not None), default=None)


def _next(rule: Rule, zone: tzinfo, start: datetime, after: datetime) -> datetime | None:
    try:
        anchor, floor = start.astimezone(zone), max(start, after).astimezone(zone)
        moments = _hours(rule, zone, anchor, floor) if rule.frequency == "hourly" else _daily(rule, zone, anchor, floor)
        return next((moment for moment in moments if moment >= start and moment > after), None)
    except OverflowError:
        return None  # the calendar ends with the year 9999


def _hours(rule: Rule, zone: tzinfo, anchor: datetime, floor: datetime) -> Iterator[datetime]:
    """Go through the hours in which an hourly rule is met, from about a moment on, and the moments in them."""
    base = anchor.replace(minute=rule.at.minute, second=0, microsecond=0).astimezone(timezone.utc)
    hour = (floor - base) // _HOUR // rule.interval * rule.interval
    for period in range(_MOST_PERIODS):
        begin = base + _HOUR * (hour + period * rule.interval)
        # Where clocks are changed by less than an hour, the minute of the rule comes later in this one.
        for moment in (begin + _QUARTER * quarter for quarter in range(4)):
            shown = moment.astimezone(zone)
            if shown.minute == rule.at.minute and (rule.days is None or shown.weekday() in rule.days):
                yield moment


def _daily(rule: Rule, zone: tzinfo, anchor: datetime, floor: datetime) -> Iterator[datetime]:
    """Go through the days on which a rule is met, from about a moment on, and return its time on each."""
    # A day that a clock skipped has its occurrence on the next one.
    first = floor.date() - _DAY
    dates = {"daily": _each_day, "weekly": _each_week, "monthly": _each_month}[rule.frequency]
    for day in dates(rule, anchor.date(), first):
        yield datetime.combine(day, rule.at, tzinfo=zone).astimezone(timezone.utc)


def _each_day(rule: Rule, anchor: date, first: date) -> Iterator[date]:
    ahead = (first - anchor).days // rule.interval * rule.interval
    for period in range(_MOST_PERIODS):
        day = anchor + _DAY * (ahead + period * rule.interval)
        if rule.days is None or day.weekday() in rule.days:
            yield day


def _each_week(rule: Rule, anchor: date, first: date) -> Iterator[date]:
    monday = anchor - _DAY * anchor.weekday()
    ahead = (first - monday).days // 7 // rule.interval * rule.interval
    for period in range(_MOST_PERIODS):
        begin = monday + 7 * _DAY * (ahead + period * rule.interval)
        for weekday in sorted(rule.days or {anchor.weekday()}):
            yield begin + _DAY * weekday


def _each_month(rule: Rule, anchor: date, first: date) -> Iterator[date]:
    start = _month_number(anchor)
    ahead = (_month_number(first) - start) // rule.interval * rule.interval
    for period in range(_MOST_PERIODS):
        year, month = divmod(start + ahead + period * rule.interval, _MONTHS)
        if year > date.max.year:
            return
        for day in _days_of_month(rule, anchor, year, month + 1):
            if rule.days is None or day.weekday() in rule.days:
                yield day


def _days_of_month(rule: Rule, anchor: date, year: int, month: int) -> list[date]:
    """Return the days of a month that a rule may mean: one, or all if it names days of the week alone."""
    length = monthrange(year, month)[1]
    if rule.day_of_month is None and rule.days is not None:
        return [date(year, month, day) for day in range(1, length + 1)]
    # A month that is too short has the occurrence on its last day; whether the API leaves it out is not documented.
    return [date(year, month, min(rule.day_of_month or anchor.day, length))]


def _month_number(day: date) -> int:
    return day.year * _MONTHS + day.month - 1
