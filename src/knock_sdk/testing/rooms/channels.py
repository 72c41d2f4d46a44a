"""Channels: all messages of one that match some filters, marked or deleted in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import bulk, filters, messages
from ..channel_data import channel_of
from ..clock import parse_moment
from ..query import Query

if TYPE_CHECKING:
    from ..exchange import Call, Reply
    from ..filters import MessageTest
    from ..records import Channel, Message
    from ..values import JSON

DELETE = "delete"
_OTHER_SPELLINGS = {"archive": "archived", "unarchive": "unarchived"}


def update_messages(call: Call) -> Reply:
    """Set or clear an engagement status of messages, or delete them, as a bulk operation."""
    world = call.world
    channel = channel_of(world, call.path["channel_id"])
    action = call.path["action"]
    action = _OTHER_SPELLINGS.get(action, action)
    test = _filter(call.body, channel)
    found = [message for _, message in world.message_order.walk() if test(message)]

    def work(message: Message) -> None:
        if action == DELETE:
            messages.delete(world, message)
        else:
            messages.change(world, message, action)

    return bulk.run(world, f"messages.{action}", found, work, lambda message: {"id": message.id})


def _filter(body: JSON, channel: Channel) -> MessageTest:
    """Return the test that a message must pass for the body's filters, all of which must hold."""
    tests: list[MessageTest] = [
        lambda message: message.channel.id == channel.id,
        *filters.archived(body.get("archived"), "include"),
        *filters.has_tenant(body.get("has_tenant")),
        *filters.trigger_data(Query(body)),
    ]
    if (delivery := body.get("delivery_status")) is not None:
        tests.append(lambda message: message.status == delivery)
    if (engagement := body.get("engagement_status")) is not None:
        tests.append(filters.engagement(engagement))
    if (newer := parse_moment(body.get("newer_than"))) is not None:
        tests.append(filters.inserted("gt", newer))
    if (older := parse_moment(body.get("older_than"))) is not None:
        tests.append(filters.inserted("lt", older))
    # Knock's client for browsers calls the first of them `user_ids`.
    if (names := body.get("recipient_ids", body.get("user_ids"))) is not None:
        tests.append(lambda message: message.recipient.id in names)
    if (tenants := body.get("tenants")) is not None:
        tests.append(lambda message: message.run.trigger.tenant in tenants)
    if (workflows := body.get("workflows")) is not None:
        tests.append(lambda message: message.run.trigger.workflow.key in workflows)
    return filters.every(tests)


HANDLERS = {"bulkUpdateMessagesForChannel": update_messages}
