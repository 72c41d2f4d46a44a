"""Rules of repetition in plain words: `--every '2 weeks' --days mon,wed --at 09:00`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

import typer

from ..._core.type_guards import is_array
from ...types.schedules import Weekday, WeekdayGroup
from .._inputs import read_json

if TYPE_CHECKING:
    from ...params import ScheduleRepeatRule

_DAYS: tuple[str, ...] = get_args(Weekday)
_GROUPS: tuple[str, ...] = get_args(WeekdayGroup)
_FREQUENCIES = {"hour": "hourly", "day": "daily", "week": "weekly", "month": "monthly"}
_EVERY = re.compile(r"(?:([0-9]{1,6})\s+)?([a-z]+?)s?", re.IGNORECASE | re.ASCII)
_TIME = re.compile(r"([0-9]{1,2})?:([0-9]{2})", re.ASCII)


def read_repeats(
    every: str | None, days: str | None, day_of_month: int | None, at: str | None, as_json: str | None
) -> list[ScheduleRepeatRule] | None:
    """Return the rules that options say; None if there are none.

    Args:
        every: `day`, `2 weeks`, `hour`, `month`, or `weekday`, `weekend`, `monday` and so on.
        days: days of the week with commas between, `weekdays`, or `weekends`.
        day_of_month: day of the month.
        at: the time of the day, `09:00`; for each hour, `:30`.
        as_json: rules as the API has them, which exclude the others.

    Raises:
        BadParameter: They do not fit together, or one is malformed.
    """
    if as_json is not None:
        if any(given is not None for given in (every, days, day_of_month, at)):
            raise typer.BadParameter(
                "It takes the place of --every, --days, --day-of-month and --at.", param_hint="--repeats"
            )
        value = read_json(as_json, "--repeats")
        rules: list[ScheduleRepeatRule] = value if is_array(value) else [value]
        return rules
    if every is None and days is None and day_of_month is None:
        if at is not None:
            raise typer.BadParameter("It needs --every, --days or --day-of-month.", param_hint="--at")
        return None
    rule: Any = {} if every is None else _read_every(every)
    if days is not None:
        if "days" in rule:
            raise typer.BadParameter(f"--every {every} names the days already.", param_hint="--days")
        rule["days"] = _read_days(days)
    if day_of_month is not None:
        rule["day_of_month"] = day_of_month
    rule.setdefault("frequency", "weekly" if days is not None else "monthly")
    if at is not None:
        rule |= _read_time(at, hourly=rule["frequency"] == "hourly")
    return [rule]


def _read_every(text: str) -> dict[str, Any]:
    found = _EVERY.fullmatch(text.strip())
    unit, interval = (found[2].lower(), int(found[1] or 1)) if found else ("", 0)
    if frequency := _FREQUENCIES.get(unit):
        if interval == 0:
            raise typer.BadParameter(f"{text!r} never comes.", param_hint="--every")
        return {"frequency": frequency} if interval == 1 else {"frequency": frequency, "interval": interval}
    if interval == 1 and f"{unit}s" in _GROUPS:
        return {"frequency": "weekly", "days": f"{unit}s"}
    if interval == 1 and (day := _find_day(unit)):
        return {"frequency": "weekly", "days": [day]}
    raise typer.BadParameter(
        f"{text!r} is not a time such as day, '2 weeks', hour, month, weekday or monday.", param_hint="--every"
    )


def _read_days(text: str) -> list[str] | str:
    if text.strip().lower() in _GROUPS:
        return text.strip().lower()
    found: list[str] = []
    for each in text.split(","):
        day = _find_day(each.strip().lower())
        if day is None:
            raise typer.BadParameter(
                f"{each.strip()!r} is no day of the week: {', '.join(_DAYS)}, weekdays or weekends.",
                param_hint="--days",
            )
        found.append(day)
    return list(dict.fromkeys(found))


def _find_day(text: str) -> str | None:
    """Return the name that the API has for a day, given by its first letters."""
    whole = {"mon": "monday", "tue": "tuesday", "wed": "wednesday", "thu": "thursday", "fri": "friday"}
    whole |= {"sat": "saturday", "sun": "sunday"}
    return next((day for day in _DAYS if len(text) >= 3 and whole[day].startswith(text)), None)


def _read_time(text: str, *, hourly: bool) -> dict[str, int]:
    found = _TIME.fullmatch(text.strip())
    if found is None or int(found[1] or 0) > 23 or int(found[2]) > 59 or (found[1] is None) != hourly:
        expected = "a minute such as :30" if hourly else "a time such as 09:00"
        raise typer.BadParameter(f"{text!r} is not {expected}.", param_hint="--at")
    if int(found[2]) % 5:
        raise typer.BadParameter(f"{text!r}: the minutes must be a multiple of 5.", param_hint="--at")
    return {"minutes": int(found[2])} if hourly else {"hours": int(found[1]), "minutes": int(found[2])}
