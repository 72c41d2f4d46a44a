"""The state of one simulated environment."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from .clock import Clock
from .ids import Ids, uuid_of
from .records import Channel, Workflow
from .rows import OrderedRows
from .steps import PlannedStep, Send

if TYPE_CHECKING:
    from datetime import datetime

    from .json_objects import JSON
    from .records import Message, Recipient, Reference, Run, Skip, StoredReply

P = TypeVar("P")

IN_APP_STEP = PlannedStep(Send("in_app_feed"), "in_app_feed_1", "channel")
"""The step of a workflow that was not declared."""

PROVIDERS = {
    "chat": "chat_slack",
    "email": "email_sendgrid",
    "http": "http_knock_webhook",
    "in_app_feed": "in_app_feed_knock",
    "in_app_guide": "in_app_guide_knock",
    "push": "push_fcm",
    "sms": "sms_twilio",
}
"""The kinds of channel, each with the provider that it has unless told otherwise."""


class World:
    """Everything that has been set, triggered and sent, and the clock."""

    def __init__(self, now: datetime, seed: int, *, any_workflow: bool | None) -> None:
        """Start empty."""
        self.clock: Clock = Clock(now)
        self.ids: Ids = Ids(seed)
        self.any_workflow = any_workflow
        self.default_preferences: JSON = {}
        self.channels: dict[str, Channel] = {}
        self.workflows: dict[str, Workflow] = {}
        self.assumed_workflows: dict[str, Workflow] = {}
        """Workflows that were triggered without having been declared, where that is allowed."""
        self.recipients: dict[Reference, Recipient] = {}
        self.collections: defaultdict[str | None, OrderedRows[Recipient]] = defaultdict(OrderedRows)
        """Recipients in order: the users under None, objects by their collection."""
        self.runs: dict[str, Run] = {}
        self.messages: dict[str, Message] = {}
        self.message_order: OrderedRows[Message] = OrderedRows()
        self.messages_of: defaultdict[Reference, OrderedRows[Message]] = defaultdict(OrderedRows)
        self.skips: list[Skip] = []
        self.replies: dict[str, StoredReply] = {}
        """Answers to triggers, by idempotency key."""
        self._parts: dict[type[Any], Any] = {}

    def of(self, kind: type[P]) -> P:
        """Return the part of the state that a room keeps for itself; it is made, empty, when it is first asked for."""
        part: P | None = self._parts.get(kind)
        if part is None:
            part = self._parts[kind] = kind()
        return part

    def put(self, part: object) -> None:
        """Replace a part of the state."""
        self._parts[type(part)] = part

    def channel(self, key: str) -> Channel:
        """Return a channel; that of a kind of channel need not be declared."""
        channel = self.channels.get(key)
        if channel is None:
            if key not in PROVIDERS:
                kinds = ", ".join(PROVIDERS)
                raise ValueError(f"no channel {key!r} is declared, and it is no kind of channel ({kinds})")
            channel = self.declare_channel(key, key)
        return channel

    def channel_by_id(self, channel_id: str) -> Channel | None:
        """Return the channel that has an id; that of a kind of channel need not be declared."""
        for channel in self.channels.values():
            if channel.id == channel_id:
                return channel
        undeclared = (key for key in PROVIDERS if key not in self.channels and uuid_of(f"channel {key}") == channel_id)
        key = next(undeclared, None)
        return None if key is None else self.channel(key)

    def declare_channel(
        self,
        key: str,
        kind: str,
        *,
        provider: str | None = None,
        name: str | None = None,
        channel_id: str | None = None,
    ) -> Channel:
        """Add a channel, or change it."""
        if kind not in PROVIDERS:
            raise ValueError(f"{kind!r} is no kind of channel: {', '.join(PROVIDERS)}")
        channel = self.channels[key] = Channel(
            id=channel_id or uuid_of(f"channel {key}"),
            key=key,
            type=kind,
            provider=provider or PROVIDERS[kind],
            name=name or key,
            created_at=self.clock.now,
        )
        return channel

    def find_workflow(self, key: str) -> Workflow | None:
        """Return a workflow by its key; one that is not declared has a single in-app step, if it may exist at all."""
        declared = self.workflows.get(key)
        allowed = not self.workflows if self.any_workflow is None else self.any_workflow
        if declared is not None or not allowed:
            return declared
        if key not in self.assumed_workflows:
            self.assumed_workflows[key] = Workflow(key, key, self.ids.uuid(), (IN_APP_STEP,))
        return self.assumed_workflows[key]
