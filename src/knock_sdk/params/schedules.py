# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: schedules."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import Items, JSONModel, JSONObject

from .recipients import RecipientRequest
from .shared import RecipientReference
from .tenants import InlineTenantRequest


@with_config(extra="forbid")
class DeleteSchedulesRequest(TypedDict):
    """Request to delete schedules; runs that have already started continue."""

    schedule_ids: Items[str]
    """Ids of the schedules to delete, at most 100."""


ScheduleFrequency: TypeAlias = Literal["daily", "weekly", "monthly", "hourly"]
"""Unit of repetition of a schedule."""


Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
"""A day of the week."""


WeekdayGroup: TypeAlias = Literal["weekdays", "weekends"]
"""Several days of the week: Monday to Friday, or Saturday and Sunday."""


@with_config(extra="forbid")
class ScheduleRepeatRule(TypedDict):
    """A rule for when a schedule repeats, evaluated in the recipient's time zone, else the account's, else UTC."""

    _typename: NotRequired[str]
    """Kind of the record, `ScheduleRepeat`; not needed in a request."""

    day_of_month: NotRequired[int | None]
    """Day of the month to run on, for `monthly`; null otherwise."""

    days: NotRequired[Items[Weekday] | WeekdayGroup | None]
    """Days of the week to run on, `mon` to `sun`, or `weekdays` or `weekends`, or null to name none."""

    frequency: ScheduleFrequency
    """Unit of repetition: `hourly`, `daily`, `weekly` or `monthly`."""

    hours: NotRequired[int | None]
    """Hour of the day to run at, 0 to 23; null means 0."""

    interval: NotRequired[int]
    """Number of units between two runs: 2 with `weekly` means every other week. Default 1."""

    minutes: NotRequired[int | None]
    """Minute of the hour to run at, a multiple of 5; null means 0."""


@with_config(extra="forbid")
class UpdateSchedulesRequest(TypedDict):
    """Request to update several schedules with the same values."""

    actor: NotRequired[RecipientReference | None]
    """Actor of the runs, as a user id or an object reference."""

    data: NotRequired[JSONObject | None]
    """Values for each run of the workflow, at most 10 MB."""

    ending_at: NotRequired[datetime | str | None]
    """Time after which the schedules no longer run, in UTC; null for no end."""

    repeats: NotRequired[Items[ScheduleRepeatRule | JSONModel]]
    """Rules by which to repeat; without any, and with `scheduled_at` set, the schedules run once."""

    schedule_ids: Items[str]
    """Ids of the schedules to change, at most 100."""

    scheduled_at: NotRequired[datetime | str | None]
    """Time of the only run or, with `repeats`, start of the repetition, in UTC."""

    tenant: NotRequired[InlineTenantRequest | None]
    """Tenant that the runs belong to, as an id or with properties to store first."""


@with_config(extra="forbid")
class BulkCreateSchedule(TypedDict):
    """One schedule to create in a bulk request, for one recipient of one workflow."""

    actor: NotRequired[RecipientRequest | None]
    """User or object that performed the action, by reference or with properties to store; null for none."""

    data: NotRequired[JSONObject | None]
    """Data passed to each run of the workflow, at most 10 MB; null for none."""

    ending_at: NotRequired[datetime | str | None]
    """Time in UTC after which the schedule no longer fires; null for no end."""

    recipient: NotRequired[RecipientRequest]
    """The one user or object to run the workflow for; subscribers of an object are not included."""

    repeats: NotRequired[Items[ScheduleRepeatRule | JSONModel]]
    """Rules for when the schedule repeats; leave out for a single run at `scheduled_at`."""

    scheduled_at: NotRequired[datetime | str | None]
    """Time in UTC of the first or only run; null to let `repeats` alone decide."""

    tenant: NotRequired[InlineTenantRequest | None]
    """Tenant to run the workflow for, as an id or with properties to store; null for none."""

    workflow: str
    """Key of the workflow to run."""


@with_config(extra="forbid")
class BulkCreateSchedulesRequest(TypedDict):
    """Request to create many schedules in the background."""

    schedules: Items[BulkCreateSchedule | JSONModel]
    """Schedules to create, at most 1,000, each with its own recipient."""


@with_config(extra="forbid")
class CreateSchedulesRequest(TypedDict):
    """Request to create one schedule of a workflow for each of the recipients."""

    actor: NotRequired[RecipientRequest | None]
    """User or object that performed the action, by reference or with properties to store; null for none."""

    data: NotRequired[JSONObject | None]
    """Data passed to each run of the workflow, at most 10 MB; null for none."""

    ending_at: NotRequired[datetime | str | None]
    """Time in UTC after which the schedules no longer fire; null for no end."""

    recipients: Items[RecipientRequest]
    """Users and objects to make schedules for, at most 100; subscribers of an object are not included."""

    repeats: NotRequired[Items[ScheduleRepeatRule | JSONModel]]
    """Rules for when the schedules repeat; leave out for a single run at `scheduled_at`."""

    scheduled_at: NotRequired[datetime | str | None]
    """Time in UTC of the first or only run; null to let `repeats` alone decide."""

    tenant: NotRequired[InlineTenantRequest | None]
    """Tenant to run the workflow for, as an id or with properties to store; null for none."""

    workflow: str
    """Key of the workflow to run."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
