"""Times as pages show them: of the simulator's clock, in UTC."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta


def iso(moment: datetime) -> str:
    """Return a moment for the `datetime` attribute of `<time>`."""
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def full(moment: datetime) -> str:
    """Return a moment with date and time, such as `Mon 5 Jan 2026, 09:00:00 UTC`."""
    utc = moment.astimezone(timezone.utc)
    return f"{utc:%a} {utc.day} {utc:%b} {utc.year}, {utc:%H:%M:%S} UTC"


def short(moment: datetime, now: datetime) -> str:
    """Return a moment as a list shows it: the time, with the date unless it is the day of `now`."""
    utc, today = moment.astimezone(timezone.utc), now.astimezone(timezone.utc)
    if utc.date() == today.date():
        return f"{utc:%H:%M:%S}"
    date = f"{utc.day} {utc:%b}" if utc.year == today.year else f"{utc.day} {utc:%b} {utc.year}"
    return f"{date}, {utc:%H:%M}"


def duration(length: timedelta) -> str:
    """Return a length of time in its largest two units, such as `1 h 30 min`."""
    seconds = max(0, round(length.total_seconds()))
    if not seconds:
        return "0 s"
    parts: list[str] = []
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])
