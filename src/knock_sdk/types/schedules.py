# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model

from .recipients import Recipient
from .shared import PageInfo

ScheduleFrequency: TypeAlias = Literal["daily", "weekly", "monthly", "hourly"]
"""Unit of repetition of a schedule."""


Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
"""A day of the week."""


WeekdayGroup: TypeAlias = Literal["weekdays", "weekends"]
"""Several days of the week: Monday to Friday, or Saturday and Sunday."""


class ScheduleRepeatRule(Model):
    """A rule for when a schedule repeats, evaluated in the recipient's time zone, else the account's, else UTC."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `ScheduleRepeat`; not needed in a request."""

    day_of_month: int | None = None
    """Day of the month to run on, for `monthly`; null otherwise."""

    days: list[Weekday | str] | WeekdayGroup | str | None = None
    """Days of the week to run on, `mon` to `sun`, or `weekdays` or `weekends`, or null to name none."""

    frequency: ScheduleFrequency | str
    """Unit of repetition: `hourly`, `daily`, `weekly` or `monthly`."""

    hours: int | None = None
    """Hour of the day to run at, 0 to 23; null means 0."""

    interval: int | None = None
    """Number of units between two runs: 2 with `weekly` means every other week. Default 1."""

    minutes: int | None = None
    """Minute of the hour to run at, a multiple of 5; null means 0."""


class Schedule(Model):
    """A plan that triggers a workflow for one recipient, once or repeatedly."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `Schedule`."""

    actor: Recipient | None = None
    """Actor of the runs, a user or an object, or null if there is none."""

    data: dict[str, Any] | None = None
    """Values passed to each run of the workflow, or null if there are none."""

    id: str
    """Id of the schedule."""

    inserted_at: AwareDatetime
    """When the schedule was created."""

    last_occurrence_at: AwareDatetime | None = None
    """When the schedule last ran, or null if it has not yet."""

    next_occurrence_at: AwareDatetime | None = None
    """When the schedule will run next, or null if it will not run again."""

    recipient: Recipient
    """User or object that the workflow runs for; an object's subscribers are not included."""

    repeats: list[ScheduleRepeatRule]
    """Rules by which the schedule repeats, empty for one that runs once."""

    tenant: str | None = None
    """Id of the tenant that the runs belong to, or null if there is none."""

    updated_at: AwareDatetime
    """When the schedule last changed."""

    workflow: str
    """Key of the workflow that is triggered."""


SchedulesResponse: TypeAlias = list[Schedule]
"""The schedules that a call created, changed or deleted, one per recipient."""


class ListSchedulesResponse(Model):
    """One page of schedules."""

    entries: list[Schedule]
    """Schedules on this page."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
