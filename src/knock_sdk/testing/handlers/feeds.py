"""In-app feeds: listing a user's items with counts, and reading the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.calls import Reply
from ..http.paging import encode_cursor, page
from ..messaging import feeds, message_filters
from ..messaging.feed_filters import STATUSES, FeedFilter, feed_test
from ..recipients import profiles
from ..state.channels import FEED
from ..state.records import Reference
from ..state.rows import OrderedRows
from ..state.settings import Variables
from ..workflows.steps.message_contents import render_blocks_in
from .lookup import channel_of, check_type

if TYPE_CHECKING:
    from ..http.calls import Call
    from ..state.json_objects import JSON
    from ..state.records import Channel, Message

_MODES = ("compact", "rich")


def list_items(call: Call) -> Reply:
    """Return a page of a user's feed, newest first; it is empty for a user that does not exist."""
    world, user = call.world, Reference(call.path["user_id"])
    test = feed_test(_channel(call), _filter(call))
    excluded = feeds.parse_excluded(call.query.text("exclude"))
    compact = call.query.text("mode", _MODES) == "compact"
    exists = profiles.find(world, user) is not None
    rows: OrderedRows[Message] = world.messages_of.get(user, OrderedRows()) if exists else OrderedRows()
    locale = call.query.text("locale")

    def render(message: Message) -> JSON:
        blocks = None if locale is None else render_blocks_in(world, message, locale)
        item = feeds.render(world, message, compact=compact, blocks=blocks)
        return {"__cursor": encode_cursor(message.serial), **item}

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
    return check_type(channel_of(call.world, call.path["id"]), FEED)


def _filter(call: Call) -> FeedFilter:
    """Return the filter in the query."""
    query = call.query
    return FeedFilter(
        archived=query.text("archived", message_filters.ARCHIVED),
        status=query.text("status", STATUSES),
        source=query.text("source"),
        tenant=query.text("tenant"),
        has_tenant=query.flag("has_tenant"),
        workflow_categories=query.texts("workflow_categories"),
        trigger_data=query.json_object("trigger_data"),
        inserted_at=query.moments("inserted_at"),
    )


HANDLERS = {
    "getUserInAppFeedSettings": get_settings,
    "listUserInAppFeedItems": list_items,
}
