"""Send windows: when a message may be sent, in the recipient's time zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, get_args

from ...state.steps.steps import Day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from ...state.steps.steps import SendWindow

_DAYS: tuple[Day, ...] = get_args(Day)
_WEEK = 7


def parse_time(text: str) -> time:
    """Return the time of a day that a text such as `09:00` or `09:00:00` gives.

    Raises:
        ValueError: It gives none.
    """
    try:
        hours, minutes, *seconds = map(int, text.split(":"))
        return time(hours, minutes, sum(seconds))
    except (AttributeError, TypeError, ValueError):
        raise ValueError(f"{text!r} is not a time such as '09:00'") from None


def find_opening(windows: Sequence[SendWindow], zone: tzinfo, now: datetime) -> datetime | None:
    """Return when the next window opens; None if one is open, or if there are none.

    A window is open from its start until just before its end: a guess.
    """
    by_day = {window.day: window for window in windows}
    today = now.astimezone(zone).date()
    for distance in range(_WEEK + 1) if windows else ():
        date = today + timedelta(days=distance)
        window = by_day.get(_DAYS[date.weekday()])
        if window is None:
            continue
        opens = datetime.combine(date, parse_time(window.start), zone).astimezone(timezone.utc)
        if distance or now < opens:
            return opens
        if window.until is None:
            return None
        if now < datetime.combine(date, parse_time(window.until), zone).astimezone(timezone.utc):
            return None
    return None
