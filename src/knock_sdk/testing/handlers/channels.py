"""Channels: marking or deleting the messages of a channel in bulk, by filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..background import bulk_operations
from ..http.bulk_filters import recipient_ids
from ..http.calls import Reply
from ..http.query import Query
from ..messaging import message_filters, messages
from ..state.clock import parse_moment
from .lookup import channel_of

if TYPE_CHECKING:
    from ..http.calls import Call
    from ..messaging.message_filters import MessageTest
    from ..state.json_objects import JSON
    from ..state.records import Channel, Message

DELETE = "delete"
_OTHER_SPELLINGS = {"archive": "archived", "unarchive": "unarchived"}


def update_messages(call: Call) -> Reply:
    """Set or clear an engagement status of messages, or delete them, as a bulk operation."""
    world = call.world
    channel = channel_of(world, call.path["channel_id"])
    action = call.path["action"]
    action = _OTHER_SPELLINGS.get(action, action)
    test = _filter(call.body, channel)
    ordered = (message for _, message in world.message_order.iterate())
    found = [message for message in ordered if test(message) and (call.may_change is None or call.may_change(message))]

    def work(message: Message) -> None:
        if action == DELETE:
            messages.delete(world, message)
        else:
            messages.apply_action(world, message, action)

    return Reply(bulk_operations.run(world, f"messages.{action}", found, work, lambda message: {"id": message.id}))


def _filter(body: JSON, channel: Channel) -> MessageTest:
    """Return the test that a message passes all filters in the body."""
    tests: list[MessageTest] = [
        lambda message: message.channel.id == channel.id,
        *message_filters.archived(body.get("archived"), "include"),
        *message_filters.has_tenant(body.get("has_tenant")),
        *message_filters.trigger_data(Query(body).json_object("trigger_data")),
    ]
    if (delivery := body.get("delivery_status")) is not None:
        tests.append(lambda message: message.status == delivery)
    if (engagement := body.get("engagement_status")) is not None:
        tests.append(message_filters.engagement_status(engagement))
    if (newer := parse_moment(body.get("newer_than"))) is not None:
        tests.append(message_filters.inserted_at("gt", newer))
    if (older := parse_moment(body.get("older_than"))) is not None:
        tests.append(message_filters.inserted_at("lt", older))
    if (names := recipient_ids(body)) is not None:
        tests.append(lambda message: message.recipient.id in names)
    if (tenants := body.get("tenants")) is not None:
        tests.append(lambda message: message.run.trigger.tenant in tenants)
    if (workflows := body.get("workflows")) is not None:
        tests.append(lambda message: message.run.trigger.workflow.key in workflows)
    return message_filters.all_of(tests)


HANDLERS = {"bulkUpdateMessagesForChannel": update_messages}
