"""Messages: read, listed, and marked as seen, read, interacted with or archived."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from .. import messages
from ..errors import missing, refused_field
from ..exchange import Reply
from ..paging import page
from ..records import Reference
from ..series import Series

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..exchange import Call
    from ..messages import Undoable
    from ..query import Bound
    from ..records import Message, MessageEvent

_ENGAGEMENT_FILTERS = (*messages.ENGAGEMENT, "unseen", "unread", "unarchived")
_LONGEST_TRIGGER_DATA = 256


def list_page(call: Call) -> Reply:
    """Return a page of all messages, newest first."""
    world = call.world
    return Reply(page(call, world.message_order, messages.render, key="items", where=_filter(call), newest_first=True))


def list_for_user(call: Call) -> Reply:
    """Return a page of a user's messages, newest first; empty for a user that does not exist."""
    found = call.world.messages_of.get(Reference(call.path["user_id"]), Series())
    return Reply(page(call, found, messages.render, key="items", where=_filter(call), newest_first=True))


def get(call: Call) -> Reply:
    """Return a message."""
    return Reply(messages.render(_existing(call)))


def get_contents(call: Call) -> Reply:
    """Return what was rendered for a message."""
    message = _existing(call)
    if message.contents is None:
        raise missing("content of the message", message.id)
    return Reply(messages.render_contents(message))


def list_events(call: Call) -> Reply:
    """Return a page of what happened to a message, in order."""
    message = _existing(call)
    events: Series[MessageEvent] = Series()
    for event in message.events:
        events.add(event.serial, event)
    return Reply(page(call, events, partial(messages.render_event, message), key="items"))


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
    """Record that the recipient acted on a message."""
    message = _existing(call)
    messages.engage(call.world, message, "interacted", call.body.get("metadata"))
    return Reply(messages.render(message))


def _existing(call: Call) -> Message:
    message = call.world.messages.get(call.path["message_id"])
    if message is None:
        raise missing("message", call.path["message_id"])
    return message


def _filter(call: Call) -> Callable[[Message], bool]:
    """Return the test that a message must pass for the query's filters, all of which must hold."""
    query = call.query
    tests: list[Callable[[Message], bool]] = []
    if (tenant := query.text("tenant")) is not None:
        tests.append(lambda message: message.run.trigger.tenant == tenant)
    if (channel := query.text("channel_id")) is not None:
        tests.append(lambda message: message.channel.id == channel)
    if statuses := query.texts("status", messages.DELIVERY):
        tests.append(lambda message: message.status in statuses)
    tests.extend(_engagement_test(status) for status in query.texts("engagement_status", _ENGAGEMENT_FILTERS))
    if ids := query.texts("message_ids"):
        tests.append(lambda message: message.id in ids)
    if categories := set(query.texts("workflow_categories")):
        tests.append(lambda message: not categories.isdisjoint(message.run.trigger.workflow.categories))
    if (source := query.text("source")) is not None:
        tests.append(lambda message: message.run.trigger.workflow.key == source)
    if (trigger_id := query.text("workflow_run_id")) is not None:
        tests.append(lambda message: message.run.trigger.id == trigger_id)
    if (run_id := query.text("workflow_recipient_run_id")) is not None:
        tests.append(lambda message: message.run.id == run_id)
    tests.extend(_trigger_data_tests(call))
    tests.extend(_inserted_test(bound, moment) for bound, moment in query.moments("inserted_at").items())
    return lambda message: all(test(message) for test in tests)


def _engagement_test(status: str) -> Callable[[Message], bool]:
    if status.startswith("un"):
        return lambda message: status[2:] not in message.engagement
    return lambda message: status in message.engagement


def _inserted_test(bound: Bound, moment: datetime) -> Callable[[Message], bool]:
    if bound == "gt":
        return lambda message: message.inserted_at > moment
    if bound == "gte":
        return lambda message: message.inserted_at >= moment
    if bound == "lt":
        return lambda message: message.inserted_at < moment
    return lambda message: message.inserted_at <= moment


def _trigger_data_tests(call: Call) -> list[Callable[[Message], bool]]:
    wanted = call.query.json_object("trigger_data") or {}
    for name, value in wanted.items():
        if isinstance(value, list | dict) or len(str(value)) > _LONGEST_TRIGGER_DATA:
            problem = f"takes text of up to {_LONGEST_TRIGGER_DATA} characters, numbers and the like"
            raise refused_field(f"trigger_data.{name}", "type", problem)
    return [
        lambda message: all(
            name in message.run.data
            and message.run.data[name] == value
            and isinstance(message.run.data[name], bool) == isinstance(value, bool)
            for name, value in wanted.items()
        )
    ]


HANDLERS: dict[str, Callable[[Call], Reply]] = {
    "archiveMessage": partial(mark, status="archived"),
    "getMessage": get,
    "getMessageContents": get_contents,
    "listMessageEvents": list_events,
    "listMessages": list_page,
    "listMessagesForUser": list_for_user,
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
