"""In-app feeds: listing a user's items with counts, and reading the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.calls import Reply
from ..http.errors import Problem
from ..http.paging import page
from ..messaging import feeds, message_filters
from ..recipients import profiles
from ..state.records import Reference
from ..state.rows import OrderedRows
from ..state.settings import Variables
from ..workflows.steps.message_contents import render_blocks_in
from .lookup import channel_of

if TYPE_CHECKING:
    from ..http.calls import Call
    from ..messaging.message_filters import MessageTest
    from ..state.json_objects import JSON
    from ..state.records import Channel, Message

_STATUSES = ("unread", "read", "unseen", "seen", "all")
_MODES = ("compact", "rich")
# Messages in sandbox mode are not sent, and so not in feeds either: a guess.
_IN_FEEDS = "delivered"


def list_items(call: Call) -> Reply:
    """Return a page of a user's feed, newest first; it is empty for a user that does not exist."""
    world, user = call.world, Reference(call.path["user_id"])
    test = _filter(call, _channel(call))
    excluded = feeds.parse_excluded(call.query.text("exclude"))
    compact = call.query.text("mode", _MODES) == "compact"
    exists = profiles.find(world, user) is not None
    rows: OrderedRows[Message] = world.messages_of.get(user, OrderedRows()) if exists else OrderedRows()
    locale = call.query.text("locale")

    def render(message: Message) -> JSON:
        blocks = None if locale is None else render_blocks_in(world, message, locale)
        return feeds.render(world, message, compact=compact, blocks=blocks)

    body: Any = page(call, rows, render, key="entries", where=test, newest_first=True)
    body["meta"] = feeds.render_meta(message for _, message in rows.iterate() if test(message))
    body["vars"] = world.of(Variables).values
    for path in excluded:
        body = feeds.exclude(body, path)
    return Reply(body)


def get_settings(call: Call) -> Reply:
    """Return the settings of a feed."""
    _channel(call)
    return Reply({"features": {"branding_required": call.world.of(feeds.FeedSettings).branding_required}})


def _channel(call: Call) -> Channel:
    channel = channel_of(call.world, call.path["id"])
    if channel.type != "in_app_feed":
        raise Problem("channel_invalid", f"The channel {channel.id!r} is of type {channel.type}, not in_app_feed.")
    return channel


def _filter(call: Call, channel: Channel) -> MessageTest:
    """Return the test that a message is in the feed and passes all filters in the query."""
    query = call.query
    tests: list[MessageTest] = [
        lambda message: message.channel.id == channel.id and message.status == _IN_FEEDS,
        *message_filters.archived(query.text("archived", message_filters.ARCHIVED), "exclude"),
        *message_filters.has_tenant(query.flag("has_tenant")),
        *message_filters.workflow_categories(query.texts("workflow_categories")),
        *message_filters.trigger_data(query.json_object("trigger_data")),
        *(message_filters.inserted_at(bound, moment) for bound, moment in query.moments("inserted_at").items()),
    ]
    if (status := query.text("status", _STATUSES)) is not None and status != "all":
        tests.append(message_filters.engagement_status(status))
    if (source := query.text("source")) is not None:
        tests.append(lambda message: message.run.trigger.workflow.key == source)
    if (tenant := query.text("tenant")) is not None:
        tests.append(lambda message: message.run.trigger.tenant in (tenant, None))
    return message_filters.all_of(tests)


HANDLERS = {
    "getUserInAppFeedSettings": get_settings,
    "listUserInAppFeedItems": list_items,
}
