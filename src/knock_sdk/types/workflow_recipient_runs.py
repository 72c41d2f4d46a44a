# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of answers: workflow recipient runs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from knock_sdk._core.model import Model

from .shared import PageInfo, RecipientReference


class WorkflowRecipientRunEvent(Model):
    """Something that happened while a workflow ran for a recipient."""

    typename: Annotated[str, Field(alias="__typename")]
    """Name of the record's kind, as Knock calls it."""

    attempt: int | None = None
    """Which try this was; it goes up by one with each retry."""

    data: dict[str, Any] | None = None
    """Details, whose shape depends on the event; null if there are none."""

    event: str
    """Name of what happened."""

    id: str
    """Id of the event."""

    inserted_at: AwareDatetime
    """When the event was recorded."""

    status: Literal["ok", "error"] | str
    """Whether it went well: `ok` or `error`."""

    step_ref: str | None = None
    """Reference of the workflow step that it happened in, or null if it concerns the whole run."""

    step_type: str | None = None
    """Type of that step, or null if it concerns the whole run."""


class WorkflowRecipientRunTriggerSource(Model):
    """What set a workflow run off."""

    audience_key: str | None = None
    """Key of the audience that set the run off, or null for other sources."""

    cancellation_key: str | None = None
    """Cancellation key given with an API trigger, or null if there was none."""

    schedule_id: str | None = None
    """Id of the schedule that came due, or null for other sources."""

    type: Literal["api", "audience", "schedule", "broadcast", "workflow_step", "integration", "rehearsal"] | str
    """Kind of source, such as `api` for a trigger call or `schedule` for a schedule."""


class WorkflowRecipientRun(Model):
    """One run of a workflow for one recipient."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `WorkflowRecipientRun`."""

    actor: RecipientReference | None = None
    """Who or what caused the run: a user id, or the id and collection of an object; null if nobody was named."""

    error_count: int | None = None
    """How many errors the run has met so far."""

    id: str
    """Id of the run."""

    inserted_at: AwareDatetime
    """When the run was created."""

    recipient: RecipientReference
    """Who the run is for: a user id, or the id and collection of an object."""

    status: Literal["queued", "processing", "paused", "completed", "cancelled"] | str
    """State of the run; `paused` means waiting in a batch, delay or similar step, the only state that a cancellation
    stops.
    """

    tenant: str | None = None
    """Id of the tenant that the run belongs to, or null if there is none."""

    trigger_source: WorkflowRecipientRunTriggerSource
    """What set the run off."""

    updated_at: AwareDatetime
    """When the run last changed."""

    workflow: str
    """Key of the workflow that ran."""

    workflow_run_id: str
    """Id that the trigger call returned, shared by the runs of all its recipients."""


class WorkflowRecipientRunDetail(WorkflowRecipientRun):
    """A run of a workflow for one recipient, together with everything that happened in it."""

    events: list[WorkflowRecipientRunEvent]
    """What happened in the run, step by step."""


class ListWorkflowRecipientRunsResponse(Model):
    """One page of workflow runs, each for a single recipient."""

    items: list[WorkflowRecipientRun]
    """Runs on this page, without their events."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""
