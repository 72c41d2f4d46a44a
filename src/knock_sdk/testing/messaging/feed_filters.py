"""Filters of feeds: which messages an in-app feed shows, as the list of items and sockets count them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import message_filters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ..state.clock import Bound
    from ..state.json_objects import JSON
    from ..state.records import Channel
    from .message_filters import MessageTest

STATUSES = ("unread", "read", "unseen", "seen", "all")
"""Values of the parameter `status`."""
# Messages in sandbox mode are not sent, and so not in feeds either: a guess.
_IN_FEEDS = "delivered"


@dataclass(frozen=True)
class FeedFilter:
    """What a request, or a client that joins a feed's topic, wants of a feed; None restricts nothing."""

    archived: str | None = None
    """`exclude` if it is None."""
    status: str | None = None
    source: str | None = None
    tenant: str | None = None
    """Messages without a tenant are shown in each."""
    has_tenant: bool | None = None
    workflow_categories: Sequence[str] = ()
    trigger_data: JSON | None = None
    inserted_at: Mapping[Bound, datetime] = field(default_factory=dict["Bound", "datetime"])


def feed_test(channel: Channel, wanted: FeedFilter) -> MessageTest:
    """Return the test that a message is in the feed of a channel and passes a filter; whose it is, is not tested.

    Raises:
        Problem: A value in `trigger_data` is a list or an object, or is too long.
    """
    tests: list[MessageTest] = [
        lambda message: message.channel.id == channel.id and message.status == _IN_FEEDS,
        *message_filters.archived(wanted.archived, "exclude"),
        *message_filters.has_tenant(wanted.has_tenant),
        *message_filters.workflow_categories(wanted.workflow_categories),
        *message_filters.trigger_data(wanted.trigger_data),
        *(message_filters.inserted_at(bound, moment) for bound, moment in wanted.inserted_at.items()),
    ]
    if (status := wanted.status) is not None and status != "all":
        tests.append(message_filters.engagement_status(status))
    if (source := wanted.source) is not None:
        tests.append(lambda message: message.run.trigger.workflow.key == source)
    if (tenant := wanted.tenant) is not None:
        tests.append(lambda message: message.run.trigger.tenant in (tenant, None))
    return message_filters.all_of(tests)
