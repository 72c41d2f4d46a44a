"""The state of one simulated environment."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from .changes import Change
from .channels import Channels
from .clock import Clock
from .ids import Ids
from .records import Workflow
from .rows import OrderedRows
from .steps.steps import PlannedStep, Send

if TYPE_CHECKING:
    from datetime import datetime

    from .changes import ChangeKind
    from .json_objects import JSON
    from .outside import Functions
    from .records import Message, Recipient, Reference, Run, Skip, StoredReply
    from .signals import Signal

P = TypeVar("P")

_NOT_SAVED = ("_functions", "changes")

IN_APP_STEP = PlannedStep(Send("in_app_feed"), "in_app_feed_1", "channel")
"""The only step of an undeclared workflow."""


class World:
    """The state: everything that was declared, stored, triggered and sent, and the clock."""

    has_webhooks: bool = False
    """Whether a webhook has been declared."""

    changes: list[Change] | None = None
    """Changes that nobody has been told of yet; None if nobody watches."""

    _functions: Functions | None = None

    def __init__(self, now: datetime, seed: int, *, any_workflow: bool | None) -> None:
        """Start with an empty state."""
        self.clock: Clock = Clock(now)
        self.ids: Ids = Ids(seed)
        self.any_workflow = any_workflow
        self.default_preferences: JSON = {}
        self.channels: Channels = Channels(self.clock)
        self.workflows: dict[str, Workflow] = {}
        self.assumed_workflows: dict[str, Workflow] = {}
        """Undeclared workflows that have been triggered, where that is allowed."""
        self.recipients: dict[Reference, Recipient] = {}
        self.collections: defaultdict[str | None, OrderedRows[Recipient]] = defaultdict(OrderedRows)
        """Recipients in order of creation, by collection; users have the key None."""
        self.runs: dict[str, Run] = {}
        self.messages: dict[str, Message] = {}
        self.message_order: OrderedRows[Message] = OrderedRows()
        self.messages_of: defaultdict[Reference, OrderedRows[Message]] = defaultdict(OrderedRows)
        self.skips: list[Skip] = []
        self.replies: dict[str, StoredReply] = {}
        """Stored replies to triggers, by idempotency key."""
        self.listening = 0
        """Number of runs that wait for an event."""
        self.signals: list[Signal] = []
        """What happened while runs wait, and has not been delivered to them yet."""
        self.entered: list[tuple[str, Reference, str | None]] = []
        """Audiences whose workflows must be triggered, each with the user who has entered and the tenant."""
        self._parts: dict[type[Any], Any] = {}

    @property
    def functions(self) -> Functions:
        """Functions that tests declared; they are not saved with the state."""
        if self._functions is None:
            self._functions = {}
        return self._functions

    @functions.setter
    def functions(self, functions: Functions) -> None:
        self._functions = functions

    def __getstate__(self) -> JSON:
        """Return the attributes to save."""
        return {name: value for name, value in vars(self).items() if name not in _NOT_SAVED}

    def note(self, kind: ChangeKind, subject: str = "", detail: str = "") -> None:
        """Note a change, if somebody watches."""
        if self.changes is not None:
            self.changes.append(Change(kind, subject, detail))

    def of(self, kind: type[P]) -> P:
        """Return the part of the state that has this class; it is created, empty, on first use."""
        part: P | None = self._parts.get(kind)
        if part is None:
            part = self._parts[kind] = kind()
        return part

    def put(self, part: object) -> None:
        """Replace the part of the state that has the class of `part`."""
        self._parts[type(part)] = part

    @property
    def allows_undeclared_workflows(self) -> bool:
        """Whether workflows that are not declared may be triggered."""
        return not self.workflows if self.any_workflow is None else self.any_workflow

    def find_workflow(self, key: str) -> Workflow | None:
        """Return a workflow by its key; an undeclared one has a single in-app step, or is None if it is not allowed."""
        declared = self.workflows.get(key)
        if declared is not None or not self.allows_undeclared_workflows:
            return declared
        if key not in self.assumed_workflows:
            self.assumed_workflows[key] = Workflow(key, key, self.ids.uuid(), (IN_APP_STEP,))
        return self.assumed_workflows[key]
