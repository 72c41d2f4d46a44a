# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: workflow recipient runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model

from .shared import PageInfo, RecipientReference


class WorkflowRecipientRunEvent(Model):
    """An event in the run of a workflow for a recipient."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, as Knock names it."""

    attempt: int
    """Number of the attempt; it increases by one with each retry."""

    data: dict[str, Any] | None = None
    """Details, whose shape depends on the event; null if there are none."""

    event: str
    """Name of the event."""

    id: str
    """Id of the event."""

    inserted_at: AwareDatetime
    """When the event was recorded."""

    status: Literal["ok", "error"] | str
    """Status of the event: `ok` or `error`."""

    step_ref: str | None = None
    """Reference of the workflow step of the event, or null if it concerns the whole run."""

    step_type: str | None = None
    """Type of that step, or null if it concerns the whole run."""


WorkflowRecipientRunStatus: TypeAlias = Literal["queued", "processing", "paused", "completed", "cancelled"]
"""Status of a workflow run for one recipient."""


WorkflowRecipientRunTriggerType: TypeAlias = Literal[
    "api", "audience", "schedule", "broadcast", "workflow_step", "integration", "rehearsal"
]
"""What started a workflow run."""


class WorkflowRecipientRunTriggerSource(Model):
    """Source of a workflow run."""

    audience_key: str | None = None
    """Key of the audience that triggered the run, or null for other sources."""

    cancellation_key: str | None = None
    """Cancellation key given with an API trigger, or null if there was none."""

    schedule_id: str | None = None
    """Id of the schedule that triggered the run, or null for other sources."""

    type: WorkflowRecipientRunTriggerType | str
    """Kind of source, such as `api` for a trigger call or `schedule` for a schedule."""


class WorkflowRecipientRun(Model):
    """One run of a workflow for one recipient."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `WorkflowRecipientRun`."""

    actor: RecipientReference | None = None
    """Actor of the run: a user id, or the id and collection of an object; null if there is none."""

    error_count: int
    """Number of errors in the run so far."""

    id: str
    """Id of the run."""

    inserted_at: AwareDatetime
    """When the run was created."""

    recipient: RecipientReference
    """Recipient of the run: a user id, or the id and collection of an object."""

    status: WorkflowRecipientRunStatus | str
    """State of the run; `paused` means waiting in a batch, delay or similar step, the only state that a cancellation
    stops.
    """

    tenant: str | None = None
    """Id of the tenant that the run belongs to, or null if there is none."""

    trigger_source: WorkflowRecipientRunTriggerSource
    """Source of the run."""

    updated_at: AwareDatetime
    """When the run last changed."""

    workflow: str
    """Key of the workflow that ran."""

    workflow_run_id: str
    """Id that the trigger call returned, shared by the runs of all its recipients."""


class WorkflowRecipientRunDetail(WorkflowRecipientRun):
    """A run of a workflow for one recipient, together with the events of its steps."""

    events: list[WorkflowRecipientRunEvent]
    """Events of the run's steps."""


class ListWorkflowRecipientRunsResponse(Model):
    """One page of workflow runs, each for a single recipient."""

    items: list[WorkflowRecipientRun]
    """Runs on this page, without their events."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
