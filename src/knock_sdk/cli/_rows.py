"""What lists show of each kind of thing: the cells of a row, by the headings of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._console import Styled
from ._references import describe

if TYPE_CHECKING:
    from ..types import Message, Object, Schedule, ScheduleRepeatRule, Subscription, Tenant, User, WorkflowRecipientRun

_STYLES = {
    "delivered": "green",
    "sent": "green",
    "completed": "green",
    "queued": "yellow",
    "processing": "yellow",
    "paused": "yellow",
    "delivery_attempted": "yellow",
    "bounced": "red",
    "undelivered": "red",
    "not_sent": "dim",
    "cancelled": "dim",
}
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def status(name: str) -> Styled:
    """Return the status of a message or of a run, in its colour."""
    return Styled(name, _STYLES.get(name, ""))


def user(each: User) -> dict[str, object]:
    """Return the row of a user."""
    return {"id": each.id, "name": each.name, "email": each.email, "updated": each.updated_at}


def object_(each: Object) -> dict[str, object]:
    """Return the row of an object."""
    return {"id": each.id, "name": each.properties.get("name"), "updated": each.updated_at}


def tenant(each: Tenant) -> dict[str, object]:
    """Return the row of a tenant."""
    return {"id": each.id, "name": each.name}


def subscription(each: Subscription) -> dict[str, object]:
    """Return the row of a subscription."""
    return {
        "object": describe(each.object),
        "recipient": describe(each.recipient),
        "properties": each.properties,
        "since": each.inserted_at,
    }


def message(each: Message) -> dict[str, object]:
    """Return the row of a message."""
    return {
        "id": each.id,
        "made": each.inserted_at,
        "status": status(each.status),
        "channel": channel_of(each),
        "recipient": describe(each.recipient),
        "source": each.source.key,
    }


def channel_of(each: Message) -> str:
    """Return the key of a message's channel, or its type if it has none."""
    return each.channel.key or each.channel.type


def schedule(each: Schedule) -> dict[str, object]:
    """Return the row of a schedule."""
    return {
        "id": each.id,
        "workflow": each.workflow,
        "recipient": describe(each.recipient),
        "repeats": "; ".join(map(in_words, each.repeats)) or "once",
        "next": each.next_occurrence_at,
        "tenant": each.tenant,
    }


def run(each: WorkflowRecipientRun) -> dict[str, object]:
    """Return the row of the run of a workflow for a recipient."""
    return {
        "id": each.id,
        "begun": each.inserted_at,
        "status": status(each.status),
        "recipient": describe(each.recipient),
        "errors": each.error_count,
    }


def in_words(rule: ScheduleRepeatRule) -> str:
    """Return a rule of repetition in words, such as `every 2 weeks on mon, wed at 09:00`."""
    units = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}
    unit, interval = units.get(rule.frequency, rule.frequency), rule.interval or 1
    words = f"every {unit}" if interval == 1 else f"every {interval} {unit}s"
    if rule.day_of_month is not None:
        words += f" on day {rule.day_of_month}"
    if rule.days:
        days = rule.days if isinstance(rule.days, str) else ", ".join(sorted(rule.days, key=_place_in_week))
        words += f" on {days}"
    minutes = f"{rule.minutes or 0:02}"
    return (
        f"{words} at minute {minutes}" if rule.frequency == "hourly" else f"{words} at {rule.hours or 0:02}:{minutes}"
    )


def _place_in_week(day: str) -> int:
    return _WEEK.index(day) if day in _WEEK else len(_WEEK)
