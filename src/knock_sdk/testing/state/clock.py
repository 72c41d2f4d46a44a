"""Simulated time: a clock that moves only when advanced, and ISO 8601 timestamps."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from heapq import heappop, heappush, nsmallest
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from datetime import timedelta

START = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
"""Default time at which the clock starts: a Monday morning."""

LAST = datetime.max.replace(tzinfo=timezone.utc)
"""The latest time that there is."""

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

Bound: TypeAlias = Literal["gt", "gte", "lt", "lte"]
"""A comparison with a moment, as the API's time filters name it."""

_DATE_FIRST = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = TypeAdapter(datetime)


class Due(NamedTuple):
    """An action scheduled for a time. The action is a name, not a function, so that the state can be saved."""

    at: datetime
    order: int
    action: str
    subject: str


class Clock:
    """The simulated time, and the actions that are scheduled."""

    def __init__(self, now: datetime) -> None:
        """Start at an aware moment."""
        self.now: datetime = now
        self._due: list[Due] = []
        self._order = 0

    def after(self, wait: timedelta) -> datetime:
        """Return the time when `wait` has passed, or the end of the year 9999 if it is later."""
        try:
            return self.now + wait
        except OverflowError:
            return LAST

    def call_in(self, wait: timedelta, action: str, subject: str) -> None:
        """Schedule an action on a subject for when `wait` has passed."""
        self._order += 1
        heappush(self._due, Due(self.after(wait), self._order, action, subject))

    def scheduled(self) -> list[Due]:
        """Return the actions that are scheduled, in order."""
        return sorted(self._due)

    def next(self, count: int) -> list[Due]:
        """Return the actions that are due next, in order."""
        return nsmallest(count, self._due)

    def find(self, subject: str) -> Due | None:
        """Return the next action on a subject, or None."""
        return min((due for due in self._due if due.subject == subject), default=None)

    @property
    def waiting(self) -> int:
        """Number of actions that are scheduled."""
        return len(self._due)

    @property
    def next_due(self) -> datetime | None:
        """The time of the next action that is scheduled; None if there is none."""
        return self._due[0].at if self._due else None

    def advance_to_next(self, until: datetime) -> Due | None:
        """Advance to the next action due by `until` and return it; without one, advance to `until` and return None."""
        if self._due and self._due[0].at <= until:
            due = heappop(self._due)
            self.now = max(self.now, due.at)
            return due
        self.now = max(self.now, until)
        return None


def iso(moment: datetime | None) -> str | None:
    """Format a moment as the API does."""
    if moment is None:
        return None
    utc = moment if moment.tzinfo is timezone.utc else moment.astimezone(timezone.utc)
    return utc.isoformat()[:-6] + "Z"


def parse_moment(text: object) -> datetime | None:
    """Parse an ISO 8601 date or time, in UTC unless it has an offset; return None for anything else."""
    if isinstance(text, str) and _DATE_FIRST.match(text):
        try:
            moment = _MOMENT.validate_python(text)
        except ValidationError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return None
