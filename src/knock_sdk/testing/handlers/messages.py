"""Messages: reading and listing them, and changing their engagement, one by one and in batches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..http.calls import Reply
from ..http.errors import invalid_field, not_found
from ..http.paging import page
from ..messaging import activities, delivery_logs, message_filters, messages
from ..state.rows import OrderedRows
from . import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..http.calls import Call
    from ..messaging.message_filters import MessageTest
    from ..messaging.messages import Undoable
    from ..state.records import Message, MessageEvent, Run

_ENGAGEMENT_FILTERS = (*messages.ENGAGEMENT, "unseen", "unread", "unarchived")


def list_page(call: Call) -> Reply:
    """Return a page of all messages, newest first."""
    world = call.world
    return Reply(page(call, world.message_order, messages.render, key="items", where=_filter(call), newest_first=True))


def list_for_recipient(call: Call) -> Reply:
    """Return a page of a recipient's messages, newest first; empty for one that does not exist."""
    found = call.world.messages_of.get(lookup.reference_in_path(call), OrderedRows())
    return Reply(page(call, found, messages.render, key="items", where=_filter(call), newest_first=True))


def get(call: Call) -> Reply:
    """Return a message."""
    return Reply(messages.render(_existing(call)))


def get_contents(call: Call) -> Reply:
    """Return the rendered contents of a message."""
    message = _existing(call)
    if message.contents is None:
        raise not_found("content of the message", message.id)
    return Reply(messages.render_contents(message))


def list_events(call: Call) -> Reply:
    """Return a page of a message's events, oldest first."""
    message = _existing(call)
    events: OrderedRows[MessageEvent] = OrderedRows()
    for event in message.events:
        events.add(event.serial, event)
    return Reply(page(call, events, partial(messages.render_event, message), key="items"))


def list_activities(call: Call) -> Reply:
    """Return a page of the activities behind a message, oldest first."""
    message = _existing(call)
    found: OrderedRows[Run] = OrderedRows()
    for run in activities.rendered_activities(message.run, message.closed_batch):
        found.add(run.serial, run)
    test = message_filters.data_test(call.query.json_object("trigger_data"))

    def where(run: Run) -> bool:
        return test is None or test(run.trigger_data)

    return Reply(page(call, found, partial(activities.render, call.world), key="items", where=where))


def list_delivery_logs(call: Call) -> Reply:
    """Return a page of the calls to the message's provider, oldest first."""
    message = _existing(call)
    return Reply(
        page(call, delivery_logs.provider_events(message), partial(delivery_logs.render, message), key="items")
    )


def mark(call: Call, *, status: Undoable) -> Reply:
    """Set an engagement status."""
    message = _existing(call)
    messages.engage(call.world, message, status)
    return Reply(messages.render(message))


def unmark(call: Call, *, status: Undoable) -> Reply:
    """Clear an engagement status."""
    message = _existing(call)
    messages.disengage(call.world, message, status)
    return Reply(messages.render(message))


def interact(call: Call) -> Reply:
    """Record that the recipient interacted with a message."""
    message = _existing(call)
    messages.engage(call.world, message, "interacted", call.body.get("metadata"))
    return Reply(messages.render(message))


def _existing(call: Call) -> Message:
    message = call.world.messages.get(call.path["message_id"])
    if message is None:
        raise not_found("message", call.path["message_id"])
    return message


def _filter(call: Call) -> MessageTest:
    """Return the test that a message passes all filters in the query."""
    query = call.query
    tests: list[MessageTest] = []
    if (tenant := query.text("tenant")) is not None:
        tests.append(lambda message: message.run.trigger.tenant == tenant)
    if (channel := query.text("channel_id")) is not None:
        tests.append(lambda message: message.channel.id == channel)
    if statuses := query.texts("status", messages.DELIVERY):
        tests.append(lambda message: message.status in statuses)
    tests.extend(map(message_filters.engagement_status, query.texts("engagement_status", _ENGAGEMENT_FILTERS)))
    if ids := query.texts("message_ids"):
        tests.append(lambda message: message.id in ids)
    tests.extend(message_filters.workflow_categories(query.texts("workflow_categories")))
    if (source := query.text("source")) is not None:
        tests.append(lambda message: message.run.trigger.workflow.key == source)
    if (trigger_id := query.text("workflow_run_id")) is not None:
        tests.append(lambda message: message.run.trigger.id == trigger_id)
    if (run_id := query.text("workflow_recipient_run_id")) is not None:
        tests.append(lambda message: message.run.id == run_id)
    tests.extend(message_filters.trigger_data(query.json_object("trigger_data")))
    tests.extend(message_filters.inserted_at(bound, moment) for bound, moment in query.moments("inserted_at").items())
    return message_filters.all_of(tests)


def batch_change(call: Call, *, action: str) -> Reply:
    """Set or clear an engagement status of messages, except those over the rate limit."""
    metadata = call.body.get("metadata")
    found = _find_all(call, call.body["message_ids"])
    for message in found:
        if message.id not in call.rate_limited:
            messages.apply_action(call.world, message, action, metadata)
    return Reply([messages.render(message) for message in found])


def batch_get_contents(call: Call) -> Reply:
    """Return the rendered contents of messages; those of webhooks have none."""
    ids = call.query.texts("message_ids")
    if not ids:
        raise invalid_field("message_ids", "required", "is missing")
    found = _find_all(call, ids)
    return Reply([messages.render_contents(message) for message in found if message.contents is not None])


def _find_all(call: Call, ids: Iterable[str]) -> list[Message]:
    """Return the messages with the ids, without those that do not exist."""
    return [call.world.messages[each] for each in dict.fromkeys(ids) if each in call.world.messages]


HANDLERS: dict[str, Callable[[Call], Reply]] = {
    "archiveMessage": partial(mark, status="archived"),
    "batchGetMessageContents": batch_get_contents,
    "batchMarkMessagesAsArchived": partial(batch_change, action="archived"),
    "batchMarkMessagesAsInteracted": partial(batch_change, action="interacted"),
    "batchMarkMessagesAsRead": partial(batch_change, action="read"),
    "batchMarkMessagesAsSeen": partial(batch_change, action="seen"),
    "batchMarkMessagesAsUnarchived": partial(batch_change, action="unarchived"),
    "batchMarkMessagesAsUnread": partial(batch_change, action="unread"),
    "batchMarkMessagesAsUnseen": partial(batch_change, action="unseen"),
    "getMessage": get,
    "getMessageContents": get_contents,
    "listMessageActivities": list_activities,
    "listMessageDeliveryLogs": list_delivery_logs,
    "listMessageEvents": list_events,
    "listMessages": list_page,
    "listMessagesForObject": list_for_recipient,
    "listMessagesForUser": list_for_recipient,
    "markMessageInteracted": interact,
    "markMessageRead": partial(mark, status="read"),
    "markMessageSeen": partial(mark, status="seen"),
    "markMessageUnread": partial(unmark, status="read"),
    "markMessageUnreadAlias": partial(unmark, status="read"),
    "markMessageUnseen": partial(unmark, status="seen"),
    "markMessageUnseenAlias": partial(unmark, status="seen"),
    "unarchiveMessage": partial(unmark, status="archived"),
    "unarchiveMessageAlias": partial(unmark, status="archived"),
}
