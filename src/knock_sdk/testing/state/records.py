"""Records of the state: plain data without behaviour."""

# ruff: noqa: TC001, TC003 - annotations of public methods can be evaluated
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from .ids import uuid_of
from .json_objects import JSON
from .steps.condition_types import Alternatives
from .steps.steps import PlannedStep

TENANTS = "$tenants"
"""The collection whose objects are the tenants."""


class Reference(NamedTuple):
    """A reference to a recipient: the id of a user, or the id and collection of an object."""

    id: str
    collection: str | None = None

    def json(self) -> str | dict[str, str]:
        """Return the reference as the API writes it."""
        return self.id if self.collection is None else {"id": self.id, "collection": self.collection}


@dataclass
class Recipient:
    """A user or an object; tenants are the objects of the collection `$tenants`."""

    reference: Reference
    serial: int
    properties: JSON
    updated_at: datetime
    created_at: str | None = None
    preferences: dict[str, JSON] = field(default_factory=dict[str, Any])
    """Preference sets by id."""
    channel_data: dict[str, JSON] = field(default_factory=dict[str, Any])
    """Channel data by channel id."""


@dataclass(frozen=True)
class Channel:
    """A configured channel, through which workflows send messages.

    Attributes:
        id: the UUID, which preference sets and channel data use.
        key: the key, which declared workflows use.
        type: the channel type, such as `email`.
        provider: the service that delivers the messages, such as `email_sendgrid`.
        name: the display name.
        created_at: the time of the declaration.
        conditions: the messages of steps are not made unless they hold, besides the conditions of the steps.
        sandbox: whether messages are made but not sent; the conditions then do not count.
        token_deregistration: whether the token of a push message that bounces is removed from the recipient.
    """

    id: str
    key: str
    type: str
    provider: str
    name: str
    created_at: datetime
    conditions: Alternatives = ()
    sandbox: bool = False
    token_deregistration: bool = True


TriggerSource: TypeAlias = Literal["api", "schedule", "audience", "integration", "workflow_step"]
TriggerFrequency: TypeAlias = Literal["every_trigger", "once_per_recipient", "once_per_recipient_per_tenant"]


class GroupRule(NamedTuple):
    """A rule of a channel group: when it chooses a channel."""

    channel: str
    """Key of the channel."""
    conditions: Alternatives = ()
    negated: bool = False
    """Whether the rule chooses its channel unless the conditions hold."""
    share: float | None = None
    """Percentage of the recipients for whom the condition holds, instead of conditions."""


@dataclass(frozen=True)
class ChannelGroup:
    """A group of channels of one type, of which rules choose those that a step sends to.

    Attributes:
        key: the key, which declared workflows use.
        type: the type of its channels, such as `push`.
        name: the display name.
        operator: whether the first rule that matches chooses (`any`), or every one (`all`).
        rules: the rules, in order.
    """

    key: str
    type: str
    name: str
    operator: Literal["any", "all"]
    rules: tuple[GroupRule, ...]


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
    """Trigger conditions, without which a recipient's run does not start."""
    frequency: TriggerFrequency = "every_trigger"
    data_schema: JSON | None = None
    """JSON schema of the trigger data."""


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
    depth: int = 0
    """Number of workflows that triggered one another before it."""


RunStatus: TypeAlias = Literal["queued", "processing", "paused", "completed", "cancelled"]


class RunEvent(NamedTuple):
    """One entry of a run's history."""

    event: str
    at: datetime
    step: PlannedStep | None = None
    data: JSON | None = None
    failed: bool = False
    attempt: int = 1
    found: JSON | None = None
    """What decided, as it was then: the values of conditions, or where a preference is set."""


@dataclass(eq=False)
class Run:
    """One run of a workflow for one recipient; also what the API calls an activity."""

    id: str
    serial: int
    trigger: Trigger
    recipient: Reference
    trigger_data: JSON
    """Trigger data, with the recipient's own `$trigger_data` merged in."""
    data: JSON
    """Current data of the run: after a batch, the data of all its activities."""
    status: RunStatus
    inserted_at: datetime
    updated_at: datetime
    subscription: JSON | None = None
    """Properties of the subscription through which the trigger reached the recipient."""
    position: int = 0
    """Index of the next step."""
    batch: RunBatch | None = None
    """The open batch that the run is in."""
    closed_batch: RunBatch | None = None
    """The closed batch with which the run continued."""
    events: list[RunEvent] = field(default_factory=list[RunEvent])
    messages: list[Message] = field(default_factory=list[Any], repr=False)
    refs: dict[str, JSON] = field(default_factory=dict[str, Any])
    """Outcomes of the waits for events, by step reference."""
    later_version: Workflow | None = None
    """The version with which it continued after a batch, if that is not the one that was triggered."""
    early_end: Skip | None = None
    """Why it ended before its last step."""

    @property
    def workflow(self) -> Workflow:
        """The workflow, in the version that the run takes its steps from."""
        return self.later_version or self.trigger.workflow

    @property
    def activity_id(self) -> str:
        """The id of the run as an activity."""
        return uuid_of(f"activity {self.id}")


@dataclass(eq=False)
class RunBatch:
    """Runs of one recipient in the window of a batch step; when the window closes, one of them continues."""

    id: str
    key: tuple[Any, ...]
    """Key by which runs are divided into batches."""
    order: Literal["asc", "desc"]
    render_limit: int
    opened_at: datetime
    closes_at: datetime
    leader: Run | None
    """The run that continues, even if its own activity has been cancelled."""
    step_ref: str | None = None
    """Reference of its step, with which the run continues in the latest version; None if it keeps its own."""
    runs: list[Run] = field(default_factory=list[Run], repr=False)
    """The activities, oldest first."""

    @property
    def visible_runs(self) -> list[Run]:
        """The activities that templates and responses show, oldest first."""
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
    """A message that a channel step of a run created for its recipient."""

    id: str
    serial: int
    run: Run
    channel: Channel
    step_ref: str
    recipient: Reference
    snapshot: JSON
    """Email, name and user id of the recipient when the message was created."""
    contents: JSON | None
    """Rendered contents; None for channel types that have no contents in the API."""
    status: str
    inserted_at: datetime
    updated_at: datetime
    data: JSON
    """Data of the run when the message was created."""
    call: JSON = field(default_factory=dict[str, Any])
    """What the provider gets beside the contents: attachments, and what the step overrides."""
    closed_batch: RunBatch | None = None
    """The batch whose activities the message shows; None if it shows only that of the run."""
    scheduled_at: datetime | None = None
    """Time of the next delivery attempt, if one has failed."""
    engagement: dict[str, datetime] = field(default_factory=dict[str, Any])
    """Time at which each engagement status was last set; statuses that are not set are absent."""
    events: list[MessageEvent] = field(default_factory=list[MessageEvent])


SkipReason: TypeAlias = Literal[
    "cancelled",
    "conditions",
    "error",
    "halted",
    "no_address",
    "not_identified",
    "preferences",
    "throttled",
    "trigger_conditions",
    "trigger_frequency",
    "workflow_inactive",
]


class Skip(NamedTuple):
    """A message that was not created, and why.

    Attributes:
        to: the recipient: a user id, or the id and collection of an object.
        workflow: key of the workflow.
        channel: key of the channel; None if the run ended before any further message.
        reason: category of the reason, such as a preference or a missing address.
        detail: the preference entry, missing property or step that was decisive, such as `categories.billing`, `email`
            or `delay_1`.
        workflow_run_id: id that the trigger call returned.
    """

    to: str | dict[str, str]
    workflow: str
    channel: str | None
    reason: SkipReason
    detail: str
    workflow_run_id: str


class StoredReply(NamedTuple):
    """The reply to a request with an idempotency key, as stored."""

    digest: bytes
    """Digest of the request's parameters."""
    request_id: str
    body: JSON
    at: datetime
