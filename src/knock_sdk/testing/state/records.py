"""What the simulator remembers: plain records without behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from .ids import uuid_of

if TYPE_CHECKING:
    from datetime import datetime

    from .json_objects import JSON
    from .steps import Alternatives, PlannedStep

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


TriggerSource: TypeAlias = Literal["api", "schedule", "audience", "integration"]
TriggerFrequency: TypeAlias = Literal["every_trigger", "once_per_recipient", "once_per_recipient_per_tenant"]


@dataclass(frozen=True)
class Workflow:
    """A declared workflow, in one version."""

    key: str
    name: str
    version_id: str
    steps: tuple[PlannedStep, ...]
    categories: tuple[str, ...] = ()
    active: bool = True
    commercial: bool = False
    override_preferences: bool = False
    conditions: Alternatives = ()
    """Conditions on the trigger, which a recipient's run must meet to begin."""
    frequency: TriggerFrequency = "every_trigger"
    data_schema: JSON | None = None
    """JSON schema that the data of a trigger must satisfy."""


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
    skip_delay: bool = False
    source: TriggerSource = "api"
    schedule_id: str | None = None
    audience_key: str | None = None


RunStatus: TypeAlias = Literal["queued", "processing", "paused", "completed", "cancelled"]


class RunEvent(NamedTuple):
    """One entry of a run's history."""

    event: str
    at: datetime
    step: PlannedStep | None = None
    data: JSON | None = None
    failed: bool = False
    attempt: int = 1


@dataclass(eq=False)
class Run:
    """One run of a workflow for one recipient; it is also what the API calls an activity."""

    id: str
    serial: int
    trigger: Trigger
    recipient: Reference
    trigger_data: JSON
    """Trigger data, with the recipient's own `$trigger_data` merged in."""
    data: JSON
    """The data that the run has now: after a batch, that of all its activities."""
    status: RunStatus
    inserted_at: datetime
    updated_at: datetime
    subscription: JSON | None = None
    """Properties of the subscription through which the recipient was reached."""
    position: int = 0
    """Index of the next step."""
    batch: RunBatch | None = None
    """The open batch that the run is in."""
    closed_batch: RunBatch | None = None
    """The batch that the run went on with when it had closed."""
    events: list[RunEvent] = field(default_factory=list[RunEvent])
    messages: list[Message] = field(default_factory=list[Any], repr=False)

    @property
    def activity_id(self) -> str:
        """Id of the run as an activity."""
        return uuid_of(f"activity {self.id}")


@dataclass(eq=False)
class RunBatch:
    """Runs of one recipient that are gathered by a batch step; after it has closed, one of them goes on."""

    id: str
    key: tuple[Any, ...]
    """What only runs share that may be in the same batch."""
    order: Literal["asc", "desc"]
    render_limit: int
    opened_at: datetime
    closes_at: datetime
    leader: Run | None
    """The run that goes on, even if its own activity has been cancelled."""
    runs: list[Run] = field(default_factory=list[Run], repr=False)
    """The activities, oldest first."""

    def rendered(self) -> list[Run]:
        """Return the activities that templates and answers show, oldest first."""
        limit = self.render_limit
        return self.runs[:limit] if self.order == "asc" else self.runs[-limit:]


@dataclass
class MessageEvent:
    """One entry of a message's history."""

    id: str
    serial: int
    type: str
    inserted_at: datetime
    data: JSON | None = None


@dataclass(eq=False)
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
    data: JSON
    """The data of the run when the message was made."""
    closed_batch: RunBatch | None = None
    """The batch whose activities it tells of; None if it tells of the run's own alone."""
    scheduled_at: datetime | None = None
    """When the next attempt to deliver it is due, if an earlier one failed."""
    engagement: dict[str, datetime] = field(default_factory=dict[str, Any])
    """When each engagement status was last set, for those that are."""
    events: list[MessageEvent] = field(default_factory=list[MessageEvent])


SkipReason: TypeAlias = Literal[
    "cancelled",
    "conditions",
    "error",
    "no_address",
    "not_identified",
    "preferences",
    "throttled",
    "trigger_conditions",
    "trigger_frequency",
    "workflow_inactive",
]


class Skip(NamedTuple):
    """A message that was not made.

    Attributes:
        to: who would have got it: a user id, or the id and collection of an object.
        workflow: key of the workflow.
        channel: key of the channel, None if the run ended without a further message.
        reason: what kept it from being made; a preference, a missing address and so on.
        detail: what exactly: the preference entry, the missing property or the step, such as `categories.billing`,
            `email` or `delay_1`.
        workflow_run_id: id that the trigger call returned.
    """

    to: str | dict[str, str]
    workflow: str
    channel: str | None
    reason: SkipReason
    detail: str
    workflow_run_id: str


class StoredReply(NamedTuple):
    """The answer to a request with an idempotency key."""

    digest: bytes
    """What tells the request's parameters from others."""
    request_id: str
    body: JSON
    at: datetime
