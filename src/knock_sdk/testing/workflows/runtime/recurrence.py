"""Repeat rules: their occurrences, on the clock of a time zone.

Each day has its occurrence once: a local time that a clock change skips occurs later by the length of the change, and
of one that occurs twice the first counts. Hourly rules count the hours that pass instead, so that an hour which the
clock repeats counts twice.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from ...state.json_objects import JSON

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GROUPS: dict[str, tuple[str, ...]] = {"weekdays": DAYS[:5], "weekends": DAYS[5:]}

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_QUARTER = timedelta(minutes=15)
_MONTHS = 12

_MOST_PERIODS = 400 * _MONTHS
"""Number of periods after which the search ends for a rule that may never occur, such as every seventh day if it is a
Tuesday: the calendar repeats every 400 years."""


class Rule(NamedTuple):
    """A repeat rule."""

    frequency: str
    interval: int
    days: frozenset[int] | None
    """Days of the week, Monday being 0; None for any."""
    day_of_month: int | None
    at: time


def parse_rule(repeat: JSON) -> Rule:
    """Return the rule that an object in a request describes."""
    days = repeat.get("days")
    if isinstance(days, str):
        days = GROUPS[days]
    return Rule(
        frequency=repeat["frequency"],
        interval=repeat.get("interval") or 1,
        days=frozenset(map(DAYS.index, days)) if days else None,
        day_of_month=repeat.get("day_of_month"),
        at=time(repeat.get("hours") or 0, repeat.get("minutes") or 0),
    )


def next_occurrence(repeats: Iterable[JSON], zone: tzinfo, start: datetime, after: datetime) -> datetime | None:
    """Return the next occurrence of any of the rules, in UTC; None if there is none.

    Args:
        repeats: the rules.
        zone: the time zone in which they are read.
        start: the earliest moment; intervals are counted from its hour, day, week or month.
        after: the moment after which the occurrence must be.
    """
    found = [_find_next(parse_rule(repeat), zone, start, after) for repeat in repeats]
    return min((moment for moment in found if moment is not None), default=None)


def _find_next(rule: Rule, zone: tzinfo, start: datetime, after: datetime) -> datetime | None:
    try:
        anchor, floor = start.astimezone(zone), max(start, after).astimezone(zone)
        search = _each_hour if rule.frequency == "hourly" else _each_date
        moments = search(rule, zone, anchor, floor)
        return next((moment for moment in moments if moment >= start and moment > after), None)
    except OverflowError:
        return None  # the calendar ends with the year 9999


def _each_hour(rule: Rule, zone: tzinfo, anchor: datetime, floor: datetime) -> Iterator[datetime]:
    """Yield the occurrences of an hourly rule, from shortly before a moment on."""
    base = anchor.replace(minute=rule.at.minute, second=0, microsecond=0).astimezone(timezone.utc)
    hour = (floor - base) // _HOUR // rule.interval * rule.interval
    for period in range(_MOST_PERIODS):
        begin = base + _HOUR * (hour + period * rule.interval)
        # After a clock change of less than an hour, the minute of the rule comes later in this hour.
        for moment in (begin + _QUARTER * quarter for quarter in range(4)):
            shown = moment.astimezone(zone)
            if shown.minute == rule.at.minute and (rule.days is None or shown.weekday() in rule.days):
                yield moment


def _each_date(rule: Rule, zone: tzinfo, anchor: datetime, floor: datetime) -> Iterator[datetime]:
    """Yield the occurrences of a daily, weekly or monthly rule, from shortly before a moment on."""
    # The occurrence of a day that a clock change skipped falls on the next day.
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
    """Return the days of a month that a rule may mean: one, or all if it has days of the week alone."""
    length = monthrange(year, month)[1]
    if rule.day_of_month is None and rule.days is not None:
        return [date(year, month, day) for day in range(1, length + 1)]
    # In a month that is too short, the last day counts; whether the API leaves it out is not documented.
    return [date(year, month, min(rule.day_of_month or anchor.day, length))]


def _month_number(day: date) -> int:
    return day.year * _MONTHS + day.month - 1
