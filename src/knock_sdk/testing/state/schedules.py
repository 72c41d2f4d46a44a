"""Records of schedules, and their tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .rows import OrderedRows

if TYPE_CHECKING:
    from datetime import datetime

    from .json_objects import JSON
    from .records import Reference


@dataclass(frozen=True)
class Plan:
    """The action and times of a schedule; the schedules that one request creates share a plan."""

    workflow: str
    actor: Reference | None = None
    tenant: str | None = None
    data: JSON | None = None
    repeats: tuple[JSON, ...] = ()
    scheduled_at: datetime | None = None
    """Time of the occurrence or, with repeat rules, of the earliest one."""
    ending_at: datetime | None = None
    """Latest time of an occurrence."""


@dataclass
class Schedule:
    """A plan for a recipient, with its last and next occurrences."""

    id: str
    serial: int
    recipient: Reference
    plan: Plan
    inserted_at: datetime
    updated_at: datetime
    counted_from: datetime
    """Moment from which the intervals of the rules are counted if the plan has no `scheduled_at`."""
    last_occurrence_at: datetime | None = None
    next_occurrence_at: datetime | None = None
    version: int = 0
    """Number of times that an occurrence was planned; due actions of earlier versions are ignored."""


class Schedules:
    """All schedules, by id, workflow and recipient."""

    def __init__(self) -> None:
        """Start without schedules."""
        self.by_id: dict[str, Schedule] = {}
        self._of_workflow: dict[str, OrderedRows[Schedule]] = {}
        self._of_recipient: dict[Reference, OrderedRows[Schedule]] = {}

    def of_workflow(self, key: str) -> OrderedRows[Schedule]:
        """Return the schedules that trigger a workflow."""
        return self._of_workflow.get(key) or OrderedRows()

    def of_recipient(self, reference: Reference) -> OrderedRows[Schedule]:
        """Return the schedules of a recipient."""
        return self._of_recipient.get(reference) or OrderedRows()

    def add(self, schedule: Schedule) -> None:
        """Add a schedule."""
        self.by_id[schedule.id] = schedule
        self._of_workflow.setdefault(schedule.plan.workflow, OrderedRows()).add(schedule.serial, schedule)
        self._of_recipient.setdefault(schedule.recipient, OrderedRows()).add(schedule.serial, schedule)

    def remove(self, schedule: Schedule) -> None:
        """Remove a schedule; its due action is ignored."""
        del self.by_id[schedule.id]
        self._of_workflow[schedule.plan.workflow].remove(schedule.serial)
        remaining = self._of_recipient[schedule.recipient]
        remaining.remove(schedule.serial)
        if not remaining:
            del self._of_recipient[schedule.recipient]
