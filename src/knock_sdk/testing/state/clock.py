"""The simulator's time: it stands still until it is moved."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from datetime import timedelta

START = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
"""When the clock starts unless told otherwise: a Monday morning."""

Bound: TypeAlias = Literal["gt", "gte", "lt", "lte"]
"""A limit on times: after or before a moment, with or without the moment itself."""

_DATE_FIRST = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = TypeAdapter(datetime)


class Due(NamedTuple):
    """Something that happens by itself at a given time; plain data, so that the state can be copied."""

    at: datetime
    order: int
    action: str
    subject: str


class Clock:
    """The present moment, and what is due after it."""

    def __init__(self, now: datetime) -> None:
        """Start at an aware moment."""
        self.now: datetime = now
        self._due: list[Due] = []
        self._order = 0

    def call_in(self, wait: timedelta, action: str, subject: str) -> None:
        """Have an action done to a subject when so much time has passed."""
        self._order += 1
        heappush(self._due, Due(self.now + wait, self._order, action, subject))

    def next_due(self, until: datetime) -> Due | None:
        """Move to the first thing that is due by then and return it; with none left, move all the way."""
        if self._due and self._due[0].at <= until:
            due = heappop(self._due)
            self.now = max(self.now, due.at)
            return due
        self.now = max(self.now, until)
        return None


def iso(moment: datetime | None) -> str | None:
    """Write a moment as the API does."""
    return None if moment is None else moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def parse_moment(text: object) -> datetime | None:
    """Read an ISO 8601 date or time, taken as UTC where it does not say; None if it is neither."""
    if isinstance(text, str) and _DATE_FIRST.match(text):
        try:
            moment = _MOMENT.validate_python(text)
        except ValidationError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return None
