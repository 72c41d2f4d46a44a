# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: resource events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model

from .workflow_recipient_runs import WorkflowRecipientRun


class CommitEventData(Model):
    """Details of a commit."""

    commit_id: str | None = None
    """Id of the commit."""


class EmailLayoutFooterLink(Model):
    """A link in the footer of an email layout."""

    text: str
    """Text of the link."""

    url: str
    """URL of the link."""


class Partial(Model):
    """A partial as Knock's management API describes it."""

    content: str | None = None
    """Content of the partial."""

    description: str | None = None
    """Notes on the partial; null for none."""

    environment: str | None = None
    """Slug of the environment."""

    icon_name: str | None = None
    """Name of its icon in the visual editor; null for none."""

    input_schema: list[dict[str, Any]] | None = None
    """Fields that the partial takes in the visual editor."""

    inserted_at: AwareDatetime | None = None
    """When the partial was created."""

    key: str
    """Key of the partial."""

    name: str | None = None
    """Name of the partial."""

    type: Literal["html", "json", "markdown", "text"] | str | None = None
    """Kind of content."""

    updated_at: AwareDatetime | None = None
    """When the partial last changed."""

    valid: bool | None = None
    """Whether the partial is valid."""

    visual_block_enabled: bool | None = None
    """Whether the partial is a block in the visual editor."""


class PartialCommitted(Model):
    """A partial was committed to the environment."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Partial
    """The partial."""

    event_data: CommitEventData | None = None
    """The commit."""

    type: Literal["partial.committed"]
    """Type of the event, `partial.committed`."""


class PartialUpdated(Model):
    """A partial was changed in the environment."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Partial
    """The partial."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["partial.updated"]
    """Type of the event, `partial.updated`."""


class SourceEventActionCommitted(Model):
    """An action on a source's event was committed to the environment."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: dict[str, Any]
    """The action on a source's event."""

    event_data: CommitEventData | None = None
    """The commit."""

    type: Literal["source_event_action.committed"]
    """Type of the event, `source_event_action.committed`."""


class SourceEventActionUpdated(Model):
    """An action on a source's event was changed in the environment."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: dict[str, Any]
    """The action on a source's event."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["source_event_action.updated"]
    """Type of the event, `source_event_action.updated`."""


class Translation(Model):
    """A translation as Knock's management API describes it."""

    content: str | None = None
    """The texts, as JSON or in the PO format."""

    format: Literal["json", "po"] | str | None = None
    """Format of `content`."""

    inserted_at: AwareDatetime | None = None
    """When the translation was created."""

    locale_code: str
    """Locale, such as `en` or `pt-BR`."""

    namespace: str | None = None
    """Namespace of the texts; null for none."""

    updated_at: AwareDatetime | None = None
    """When the translation last changed."""


class TranslationCommitted(Model):
    """A translation was committed to the environment."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Translation
    """The translation."""

    event_data: CommitEventData | None = None
    """The commit."""

    type: Literal["translation.committed"]
    """Type of the event, `translation.committed`."""


class TranslationUpdated(Model):
    """A translation was changed in the environment."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Translation
    """The translation."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["translation.updated"]
    """Type of the event, `translation.updated`."""


class WorkflowDefinition(Model):
    """A workflow as Knock's management API describes it."""

    active: bool | None = None
    """Whether the workflow can be triggered in the environment."""

    categories: list[str] | None = None
    """Categories of the workflow."""

    conditions: dict[str, Any] | None = None
    """Conditions under which the workflow runs; null for none."""

    created_at: AwareDatetime | None = None
    """When the workflow was created."""

    deleted_at: AwareDatetime | None = None
    """When the workflow was deleted; null if it was not."""

    description: str | None = None
    """Notes on the workflow; null for none."""

    environment: str | None = None
    """Slug of the environment."""

    key: str
    """Key of the workflow."""

    name: str | None = None
    """Name of the workflow."""

    settings: dict[str, Any] | None = None
    """Settings of the workflow."""

    sha: str | None = None
    """Hash of the workflow's content."""

    steps: list[dict[str, Any]] | None = None
    """Steps of the workflow."""

    trigger_data_json_schema: dict[str, Any] | None = None
    """JSON schema of the data that triggers must have; null for none."""

    trigger_frequency: Literal["every_trigger", "once_per_recipient", "once_per_recipient_per_tenant"] | str | None = (
        None
    )
    """How often the workflow may run for a recipient."""

    updated_at: AwareDatetime | None = None
    """When the workflow last changed."""

    valid: bool | None = None
    """Whether the workflow and its steps are valid."""


class WorkflowUpdated(Model):
    """A workflow was changed in the environment."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: WorkflowDefinition
    """The workflow."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["workflow.updated"]
    """Type of the event, `workflow.updated`."""


class EmailLayout(Model):
    """An email layout as Knock's management API describes it."""

    created_at: AwareDatetime | None = None
    """When the layout was created."""

    environment: str | None = None
    """Slug of the environment."""

    footer_links: list[EmailLayoutFooterLink] | None = None
    """Links in the footer."""

    html_layout: str | None = None
    """The layout as HTML, or as MJML."""

    key: str
    """Key of the layout."""

    name: str | None = None
    """Name of the layout."""

    sha: str | None = None
    """Hash of the layout's content."""

    text_layout: str | None = None
    """The layout as plain text."""

    updated_at: AwareDatetime | None = None
    """When the layout last changed."""


class EmailLayoutCommitted(Model):
    """An email layout was committed to the environment."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: EmailLayout
    """The email layout."""

    event_data: CommitEventData | None = None
    """The commit."""

    type: Literal["email_layout.committed"]
    """Type of the event, `email_layout.committed`."""


class EmailLayoutUpdated(Model):
    """An email layout was changed in the environment."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: EmailLayout
    """The email layout."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["email_layout.updated"]
    """Type of the event, `email_layout.updated`."""


class WorkflowCommitted(Model):
    """A workflow was committed to the environment."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: WorkflowDefinition
    """The workflow."""

    event_data: CommitEventData | None = None
    """The commit."""

    type: Literal["workflow.committed"]
    """Type of the event, `workflow.committed`."""


class WorkflowRecipientRunCompleted(Model):
    """A workflow's run for a recipient ended."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: WorkflowRecipientRun
    """The run, as it was then."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["workflow_recipient_run.completed"]
    """Type of the event, `workflow_recipient_run.completed`."""


class WorkflowRecipientRunError(Model):
    """A workflow's run for a recipient met an error; the run may go on, and end, after it."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: WorkflowRecipientRun
    """The run, as it was then."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["workflow_recipient_run.error"]
    """Type of the event, `workflow_recipient_run.error`."""


class WorkflowRecipientRunStarted(Model):
    """A workflow began to run for a recipient."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: WorkflowRecipientRun
    """The run, as it was then."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["workflow_recipient_run.started"]
    """Type of the event, `workflow_recipient_run.started`."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
