"""What the simulator remembers: plain records without behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from .values import JSON

TENANTS = "$tenants"
"""The collection whose objects are the tenants."""


class Reference(NamedTuple):
    """Names a recipient: a user by its id, an object by its collection besides."""

    id: str
    collection: str | None = None

    def json(self) -> str | dict[str, str]:
        """Return the reference as the API writes it."""
        return self.id if self.collection is None else {"id": self.id, "collection": self.collection}


@dataclass
class Recipient:
    """A user or an object; a tenant is an object of a collection of its own."""

    reference: Reference
    serial: int
    properties: JSON
    updated_at: datetime
    created_at: str | None = None
    preferences: dict[str, JSON] = field(default_factory=dict[str, Any])
    """Preference sets by their id."""
    channel_data: dict[str, JSON] = field(default_factory=dict[str, Any])
    """Channel data by the channel's id."""


@dataclass(frozen=True)
class Channel:
    """A configured channel, through which workflows send messages.

    Attributes:
        id: its UUID, which preference sets and channel data name it by.
        key: its key, by which workflows name it here.
        type: kind of channel, such as `email`.
        provider: the service behind it, such as `email_sendgrid`.
        name: its name for people.
        created_at: when it was declared.
    """

    id: str
    key: str
    type: str
    provider: str
    name: str
    created_at: datetime


@dataclass(frozen=True)
class Workflow:
    """A declared workflow: its steps are channels, given by their keys and taken in order."""

    key: str
    name: str
    version_id: str
    channels: tuple[str, ...]
    categories: tuple[str, ...] = ()
    active: bool = True
    commercial: bool = False
    override_preferences: bool = False


@dataclass
class Trigger:
    """One trigger call, shared by the runs of all its recipients."""

    id: str
    workflow: Workflow
    actor: Reference | None
    tenant: str | None
    cancellation_key: str | None
    sandbox: bool
    inserted_at: datetime


RunStatus: TypeAlias = Literal["queued", "processing", "paused", "completed", "cancelled"]


@dataclass
class Run:
    """One run of a workflow for one recipient."""

    id: str
    serial: int
    trigger: Trigger
    recipient: Reference
    data: JSON
    status: RunStatus
    updated_at: datetime


@dataclass
class MessageEvent:
    """One entry of a message's history."""

    id: str
    serial: int
    type: str
    inserted_at: datetime
    data: JSON | None = None


@dataclass
class Message:
    """What a step of a run sent to its recipient."""

    id: str
    serial: int
    run: Run
    channel: Channel
    step_ref: str
    recipient: Reference
    snapshot: JSON
    """How the recipient could be reached when the message was made."""
    contents: JSON | None
    """What was rendered; None for kinds of channel that have no contents in the API."""
    status: str
    inserted_at: datetime
    updated_at: datetime
    engagement: dict[str, datetime] = field(default_factory=dict[str, Any])
    """When each engagement status was last set, for those that are."""
    events: list[MessageEvent] = field(default_factory=list[MessageEvent])


class Skip(NamedTuple):
    """A message that was not made.

    Attributes:
        to: who would have got it: a user id, or the id and collection of an object.
        workflow: key of the workflow.
        channel: key of the channel, None if the whole run was skipped.
        reason: `preferences`, `no_address` or `not_identified`.
        detail: the preference entry or the missing property, such as `categories.billing` or `email`.
        workflow_run_id: id that the trigger call returned.
    """

    to: str | dict[str, str]
    workflow: str
    channel: str | None
    reason: Literal["preferences", "no_address", "not_identified"]
    detail: str
    workflow_run_id: str


@dataclass
class BulkOperation:
    """A job over many rows."""

    id: str
    name: str
    total: int
    inserted_at: datetime
    status: Literal["queued", "processing", "completed", "failed"] = "queued"
    processed: int = 0
    error_items: list[JSON] = field(default_factory=list[Any])
    completed_at: datetime | None = None


class StoredReply(NamedTuple):
    """The answer to a request with an idempotency key."""

    digest: bytes
    """What tells the request's parameters from others."""
    request_id: str
    body: JSON
    at: datetime
