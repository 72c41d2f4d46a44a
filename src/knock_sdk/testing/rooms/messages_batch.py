"""Messages in batches: marked, unmarked and read. Ids that do not exist are left out of the answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from .. import messages
from ..errors import refused_field
from ..exchange import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..exchange import Call
    from ..messages import Undoable
    from ..records import Message


def mark(call: Call, *, status: Undoable) -> Reply:
    """Set an engagement status."""
    found = _found(call, call.body["message_ids"])
    for message in found:
        messages.engage(call.world, message, status)
    return Reply([messages.render(message) for message in found])


def unmark(call: Call, *, status: Undoable) -> Reply:
    """Clear an engagement status."""
    found = _found(call, call.body["message_ids"])
    for message in found:
        messages.disengage(call.world, message, status)
    return Reply([messages.render(message) for message in found])


def interact(call: Call) -> Reply:
    """Record that the recipients acted on messages."""
    found = _found(call, call.body["message_ids"])
    for message in found:
        messages.engage(call.world, message, "interacted", call.body.get("metadata"))
    return Reply([messages.render(message) for message in found])


def get_contents(call: Call) -> Reply:
    """Return what was rendered for messages; those of webhooks have none."""
    ids = call.query.texts("message_ids")
    if not ids:
        raise refused_field("message_ids", "required", "is missing")
    return Reply([messages.render_contents(message) for message in _found(call, ids) if message.contents is not None])


def _found(call: Call, ids: Iterable[str]) -> list[Message]:
    return [call.world.messages[name] for name in dict.fromkeys(ids) if name in call.world.messages]


HANDLERS: dict[str, Callable[[Call], Reply]] = {
    "batchGetMessageContents": get_contents,
    "batchMarkMessagesAsArchived": partial(mark, status="archived"),
    "batchMarkMessagesAsInteracted": interact,
    "batchMarkMessagesAsRead": partial(mark, status="read"),
    "batchMarkMessagesAsSeen": partial(mark, status="seen"),
    "batchMarkMessagesAsUnarchived": partial(unmark, status="archived"),
    "batchMarkMessagesAsUnread": partial(unmark, status="read"),
    "batchMarkMessagesAsUnseen": partial(unmark, status="seen"),
}
