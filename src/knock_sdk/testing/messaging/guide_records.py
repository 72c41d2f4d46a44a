"""What is stored of guides: those that are declared, and each user's history with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from ..state.json_objects import JSON
    from ..state.records import Channel, Message
    from ..state.steps.condition_types import Alternatives

GROUP = "default"
"""Key of the group that all guides are in."""

SEMVER = "0.0.1"
"""Version of all guides and their message types."""


class Step(NamedTuple):
    """A step of a guide: its reference and content."""

    ref: str
    content: JSON


@dataclass(frozen=True)
class Guide:
    """A declared guide."""

    id: str
    key: str
    type: str
    channel: Channel
    steps: tuple[Step, ...]
    active: bool
    audience: str | None
    conditions: Alternatives
    url_patterns: tuple[JSON, ...]
    url_rules: tuple[JSON, ...]
    bypass_group_limit: bool
    inserted_at: datetime
    updated_at: datetime
    strict_tenancy: bool = False


@dataclass
class Progress:
    """A user's engagement with a guide."""

    steps: dict[str, Message] = field(default_factory=dict[str, "Message"])
    """The messages of steps, by reference; steps without engagement are absent."""
    finished: bool = False
    """Whether the user archived the guide as a whole, including the steps that are left."""


@dataclass
class History:
    """A user's engagement with guides, in one tenant or without one."""

    progress: dict[str, Progress] = field(default_factory=dict[str, Progress])
    """By guide key."""
    last_archived_at: datetime | None = None
    """Time at which a guide was last archived, not counting those archived as `unthrottled`."""


class Guides:
    """Declared guides, and the histories of users."""

    def __init__(self) -> None:
        """Start without guides."""
        self.declared: dict[str, Guide] = {}
        self.order: list[str] = []
        """Keys of the guides in display order."""
        self.display_interval: int | None = None
        """Seconds between the end of one guide and the next."""
        self.changed_at: datetime | None = None
        self.histories: dict[str, dict[str | None, History]] = {}
        """By user id, then by tenant."""

    def declare(self, guide: Guide, position: int | None) -> None:
        """Add or replace a guide. Without a position, a new one comes last and a replaced one stays where it was."""
        self.declared[guide.key] = guide
        if position is not None and guide.key in self.order:
            self.order.remove(guide.key)
        if guide.key not in self.order:
            self.order.insert(len(self.order) if position is None else position, guide.key)
        self.changed_at = guide.updated_at

    def of_channel(self, channel: Channel) -> list[Guide]:
        """Return the guides of a channel in display order."""
        listed = (self.declared[key] for key in self.order)
        return [guide for guide in listed if guide.channel.id == channel.id]

    def history(self, user_id: str, tenant: str | None) -> History:
        """Return a user's history for reading: if there is none, an empty one that is not stored."""
        return self.histories.get(user_id, {}).get(tenant) or History()

    def ensure_history(self, user_id: str, tenant: str | None) -> History:
        """Return a user's history for changing, creating it if there is none."""
        return self.histories.setdefault(user_id, {}).setdefault(tenant, History())
